"""How far a course has come, by its latest issued plan and its log: worked out by `course.replay`, never typed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from whenever import Instant

from dosing_app.course.log import Happened, ImpossibleLog, read_log
from dosing_app.course.plan import Plan
from dosing_app.course.replay import Progress, replay
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
    plan: Plan | None,
    entries: Sequence[Mapping[str, Any]],
    until: Instant,
    references: References,
    *,
    checked: bool,
    revisions: Sequence[int] = (),
) -> Status:
    """The status of a course.

    It depends on the log alone and not on the hour: a bag that hangs is running until somebody enters something else.

    Args:
        plan: the latest issued; None before.
        entries: the log as it was written, late entries at its end.
        until: no entry is of a later moment.
        references: product data and site of a plan; raises `BadFile`.
        checked: whether a second person has checked the order.
        revisions: that were issued.
    """
    if plan is None:
        return Status(CHECKED if checked else PLANNED)
    try:
        log, last = happened(entries, until, plan, revisions)
        progress = replay(plan, log, last, references(plan))
    except ImpossibleLog as impossible:
        return Status(UNCLEAR, impossible=impossible)
    except BadFile:
        return Status(UNCLEAR)
    return Status(*_named(plan, log, progress))


def _named(plan: Plan, log: Sequence[Happened], progress: Progress) -> tuple[str, str]:
    """Status and next change."""
    bags = plan.bags or ()
    hung = {each.event.bag for each in log if each.event.event == "hung"}
    if progress.running is not None:
        change = progress.running.take_down.format_iso()
        return INTERRUPTED if progress.running.interrupted_since else RUNNING, change
    if hung and not progress.due_minutes:
        return FINISHED, ""
    gone = hung | {each.number for each in progress.unusable}
    waiting = [] if progress.wants_restart else [bag.start.format_iso() for bag in bags if bag.number not in gone]
    return INTERRUPTED if hung else CHECKED, waiting[0] if waiting else ""


def happened(
    entries: Sequence[Mapping[str, Any]], until: Instant, plan: Plan | None, revisions: Sequence[int] = ()
) -> tuple[list[Happened], Instant]:
    """A log as it was written, read in the order in which things happened; and the moment of the last of them.

    A back-dated entry is put where it belongs. That an earlier revision was issued does not concern this plan.

    Raises:
        ImpossibleLog: with the entry's place in the log as it was written.
    """
    own = plan.issue.revision if plan is not None and plan.issue is not None else None
    other = {
        place
        for place, entry in enumerate(entries)
        if entry.get("event") == "issued" and entry.get("revision") != own and entry.get("revision") in revisions
    }
    kept = [
        place
        for place, entry in enumerate(entries)
        if place not in other and not (entry.get("event") == _CORRECTS and entry.get("index") in other)
    ]
    places = sorted(kept, key=lambda place: _moment(entries[place], until))  # of one moment, as they were written
    position = {place: index for index, place in enumerate(places)}
    ordered = [_pointed(entries[place], position) for place in places]
    try:
        log = read_log(ordered, until)
    except ImpossibleLog as error:
        raise ImpossibleLog(places[error.index] if places else 0, error.reason, **error.values) from error
    log = [Happened(places[each.index], each.event, corrected=each.corrected) for each in log]
    last = max((_moment(each, until) for each in ordered), default=Instant.from_timestamp(0))
    return log, last


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
