"""How far a course has come, by its issued plans and its log: worked out by `course.replay`, never typed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from whenever import Instant

from dosing_app.core.clock import instant_of
from dosing_app.course.log import Happened, ImpossibleLog, read_log
from dosing_app.course.plan import Plan
from dosing_app.course.progress import Progress, is_in_force
from dosing_app.course.replay import replay
from dosing_app.reference.bundle import Reference
from dosing_app.reference.source import BadFile

PLANNED, CHECKED, RUNNING, INTERRUPTED, FINISHED = "planned", "checked", "running", "interrupted", "finished"
UNCLEAR = "unclear"  # the log does not fit the plan, or the plan's product data are not here: a person has to look
STATUSES = (PLANNED, CHECKED, RUNNING, INTERRUPTED, FINISHED, UNCLEAR)
_CORRECTS = "corrects"

References = Callable[[Plan], Reference]


@dataclass(frozen=True, slots=True)
class Status:
    """How far a course has come.

    Attributes:
        name: one of `STATUSES`.
        due: the next change; "" where none is due.
        impossible: the entry that cannot have happened, where one is.
    """

    name: str
    due: str = ""
    impossible: ImpossibleLog | None = None


def status_of(
    plans: Sequence[Plan],
    entries: Sequence[Mapping[str, Any]],
    until: Instant,
    references: References,
    *,
    checked: bool,
) -> Status:
    """The status of a course.

    It depends on plans and log alone and not on the hour: a bag that hangs is running until somebody enters something
    else.

    Args:
        plans: the issued revisions; none before.
        entries: the log as it was written, late entries at its end.
        until: no entry is of a later moment.
        references: product data and site of a plan; raises `BadFile`.
        checked: whether a second person has checked the order.
    """
    if not plans:
        return Status(CHECKED if checked else PLANNED)
    try:
        log, last = happened(entries, until)
        # A revision holds from when it was issued, even where nothing was logged since.
        issued = [plan.issue.issued_at for plan in plans if plan.issue is not None]
        progress = replay(plans, log, max([last, *issued]), references(plans[-1]))
    except ImpossibleLog as impossible:
        return Status(UNCLEAR, impossible=impossible)
    except BadFile:
        return Status(UNCLEAR)
    return Status(*_named(progress))


def _named(progress: Progress) -> tuple[str, str]:
    """Status and next change."""
    if progress.running is not None:
        change = progress.running.take_down.format_iso()
        return INTERRUPTED if progress.running.interrupted_since else RUNNING, change
    if progress.hung and not progress.due_minutes:
        return FINISHED, ""
    gone = set(progress.hung) | {each.number for each in progress.unusable if is_in_force(each, progress)}
    waiting = [each.begin for each in progress.planned.values() if each.number not in gone]
    due = instant_of(min(waiting)).format_iso() if waiting and not progress.wants_restart else ""
    return INTERRUPTED if progress.hung else CHECKED, due


def happened(entries: Sequence[Mapping[str, Any]], until: Instant) -> tuple[list[Happened], Instant]:
    """A log as it was written, read in the order in which things happened; and the moment of the last of them.

    A back-dated entry is put where it belongs.

    Raises:
        ImpossibleLog: with the entry's place in the log as it was written.
    """
    ordered, places = in_order(entries, until)
    try:
        log = read_log(ordered, until)
    except ImpossibleLog as error:
        raise ImpossibleLog(places[error.index] if places else 0, error.reason, **error.values) from error
    log = [Happened(places[each.index], each.event, corrected=each.corrected) for each in log]
    last = max((_moment(each, until) for each in ordered), default=Instant.from_timestamp(0))
    return log, last


def in_order(entries: Sequence[Mapping[str, Any]], until: Instant) -> tuple[list[Mapping[str, Any]], list[int]]:
    """A log as it was written, in the order in which things happened; and the place of each entry as it was written.

    Args:
        entries: late ones at the end.
        until: an entry whose moment cannot be read stands there, to be refused when the log is read.
    """
    places = sorted(range(len(entries)), key=lambda place: _moment(entries[place], until))  # of one moment, as written
    position = {place: index for index, place in enumerate(places)}
    return [_pointed(entries[place], position) for place in places], places


def _moment(entry: Mapping[str, Any], until: Instant) -> Instant:
    """When an entry says that it happened; one that cannot be read comes last, to be refused there."""
    try:
        return Instant.parse_iso(str(entry.get("at")))
    except ValueError:
        return until


def _pointed(entry: Mapping[str, Any], position: Mapping[int, int]) -> Mapping[str, Any]:
    """A correction, pointing to where its entry is in the order of things."""
    index = entry.get("index")
    if entry.get("event") != _CORRECTS or type(index) is not int or index not in position:
        return entry
    return {**entry, "index": position[index]}
