"""What the bed needs to know now: which bag runs, until when, what comes next; and what a bag's code says.

The program sees no infant, no pump and no bag: it says what the log and the plan say, and a person looks. Readings of
the pump are judged in `course.pump`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from whenever import Instant

from dosing_app.core.clock import instant_of, minutes_of
from dosing_app.core.quantities import Quantity, magnitude
from dosing_app.course.plan import Bag, Issue, Plan
from dosing_app.course.progress import Ledger, Progress, is_in_force
from dosing_app.course.replan import Rest

NOT_BEGUN, RUNNING, INTERRUPTED, NO_BAG, RESTART, FINISHED = (
    *("not-begun", "running", "interrupted", "no-bag", "restart", "finished"),
)
STATES = (NOT_BEGUN, RUNNING, INTERRUPTED, NO_BAG, RESTART, FINISHED)
THIS_BAG, NOT_YET, OTHER_BAG, RUNS = "this-bag", "not-yet", "other-bag", "running"
# Why the bag that hangs is to be taken down now, whatever the pump shows.
OTHER_DOSE, BEYOND_LIMIT, COURSE_OVER = "other-dose", "beyond-limit", "course-over"
OTHER_CASE, SUPERSEDED, UNKNOWN, DRAFT = "other-case", "superseded", "unknown-code", "draft"
NOT_PREPARED, NOT_NEEDED, PAST_LIMIT = "not-prepared", "not-needed", "past-limit"
# Every answer to a bag's code; those of the last line are reasons of `progress.Unusable`.
CODES = (
    *(THIS_BAG, NOT_YET, OTHER_BAG, RUNS, OTHER_CASE, SUPERSEDED, UNKNOWN, DRAFT, NOT_PREPARED, NOT_NEEDED),
    *(PAST_LIMIT, "used", "lost", "out-of-refrigerator", "other-dose"),
)
# Why a code is not known: not of either form, no revision of the case has it, or no such bag is in that revision.
FORM, NO_REVISION, NO_PLACE = "form", "no-revision", "no-place"
_BLANK = r"[ \t\u00a0\u202f]"
# What a scanner types; some put the name of the symbology before it.
_SCANNED = re.compile(r"(?:\]D[0-9])?BIP1;([0-9]{1,3})/([0-9]{1,3});([0-9]{1,4});([0-9A-Z]{8});(.*)", re.IGNORECASE)
# What a person types from the label: "5/8 KXCX 6489".
_TYPED = re.compile(
    rf"(?:BAG{_BLANK}*)?([0-9]{{1,3}}){_BLANK}*(?:/|OF){_BLANK}*([0-9]{{1,3}})[,;]?{_BLANK}+"
    rf"([0-9A-Z]{{4}}){_BLANK}?([0-9A-Z]{{4}})",
    re.IGNORECASE,
)
_LONGEST = 200  # signs; no code is longer


# ---- the board ----


@dataclass(frozen=True, slots=True)
class Board:
    """Where a course stands at the bed.

    Attributes:
        state: one of `STATES`.
        at: now.
        bag: that hangs; None where none does.
        connected: when it was.
        next: the bag to connect next; None where none is laid out.
        next_prepared: whether it is made already.
        next_draft: whether it is of a re-planned rest that is not issued yet.
        change_due: when the bag that hangs is to come down; where none hangs, when the next is to be connected.
        minutes_left: until then; below zero it is overdue.
        rate_from: of the bag that hangs, or hung last. [mL/h]
        rate_to: of the next bag, where it is another. [mL/h]
        ledger: of the bag that hangs, whole.
        interrupted_since: while it hangs and the pump stands.
        without_bag_since: while none hangs and the course has begun.
        down_by: the latest moment at which the bag that hangs may be running.
        past_down_by: whether that is over.
        why_down: why the bag that hangs is to be taken down now (`why_down`); empty where it may run.
        last_change: whether no bag follows and nothing more is due: the line is disconnected without flushing.
        undecided_minutes: still due, and nothing is laid out for them.
    """

    state: str
    at: Instant
    bag: Bag | None
    connected: Instant | None
    next: Bag | None
    next_prepared: bool
    next_draft: bool
    change_due: Instant | None
    minutes_left: int | None
    rate_from: Quantity | None
    rate_to: Quantity | None
    ledger: Ledger | None
    interrupted_since: Instant | None
    without_bag_since: Instant | None
    down_by: Instant | None
    past_down_by: bool
    why_down: str
    last_change: bool
    infused_minutes: int
    waived_minutes: int
    due_minutes: int
    over_minutes: int
    undecided_minutes: int

    @property
    def overdue(self) -> bool:
        """Whether the change should have been made."""
        return self.minutes_left is not None and self.minutes_left < 0


def board_of(rest: Rest) -> Board:
    """What the board at the bed shows.

    Args:
        rest: where the course stands now.
    """
    progress, running = rest.progress, rest.progress.running
    following = rest.bags[0] if rest.bags else None
    state = _state(progress)
    due = None
    if running is not None and state != RESTART:
        due = running.take_down
    elif following is not None and running is None:
        due = following.start
    rate_from, undecided = _latest_rate(progress), _undecided(rest)
    changes = following is not None and rate_from is not None and _differ(following.rate, rate_from)
    return Board(
        state=state,
        at=progress.at,
        bag=None if running is None else running.bag,
        connected=None if running is None else running.connected,
        next=following,
        next_prepared=following is not None and following.number in progress.usable,
        next_draft=following is not None and following.number not in progress.bags,
        change_due=due,
        minutes_left=None if due is None else minutes_of(due) - minutes_of(progress.at),
        rate_from=rate_from,
        rate_to=following.rate if following is not None and changes else None,
        ledger=None if running is None else running.ledger,
        interrupted_since=None if running is None else running.interrupted_since,
        without_bag_since=_without_bag(progress) if state in {NO_BAG, RESTART} else None,
        down_by=None if running is None else running.down_by,
        past_down_by=running is not None and progress.at > running.down_by,
        why_down=why_down(progress),
        last_change=running is not None and following is None and state != RESTART and not undecided,
        infused_minutes=progress.infused_minutes,
        waived_minutes=progress.waived_minutes,
        due_minutes=progress.due_minutes,
        over_minutes=progress.over_minutes,
        undecided_minutes=undecided,
    )


def why_down(progress: Progress) -> str:
    """Why the bag that hangs is to be taken down now; empty where it may run, and where none hangs.

    It was made for another dose, it is past its limit, or nothing is due any more.
    """
    running = progress.running
    if running is None:
        return ""
    if running.other_dose:
        return OTHER_DOSE
    if progress.at > running.down_by:
        return BEYOND_LIMIT
    return "" if progress.due_minutes else COURSE_OVER


def _state(progress: Progress) -> str:
    """A prescriber's decision comes before everything; then what hangs, then what is due."""
    if progress.wants_restart:
        return RESTART
    if progress.running is not None:
        return RUNNING if progress.running.interrupted_since is None else INTERRUPTED
    if not progress.due_minutes:
        return FINISHED
    return NO_BAG if progress.begun else NOT_BEGUN


def _differ(one: Quantity, other: Quantity) -> bool:
    return magnitude(one, "mL/h") != magnitude(other, "mL/h")


def _latest_rate(progress: Progress) -> Quantity | None:
    """Of the bag that hangs, or hung last."""
    if not progress.hung:
        return None
    rate: Quantity = progress.bags[max(progress.hung, key=lambda number: progress.hung[number])].rate
    return rate


def _without_bag(progress: Progress) -> Instant | None:
    return max(progress.down.values(), default=None) if progress.running is None else None


def _undecided(rest: Rest) -> int:
    """Minutes still due for which neither the bag that hangs nor one still to come is laid out."""
    running, now = rest.progress.running, minutes_of(rest.progress.at)
    laid_out = sum(minutes_of(bag.end) - minutes_of(bag.start) for bag in rest.bags)
    if running is not None and not running.other_dose and not rest.progress.wants_restart:
        laid_out += max(0, minutes_of(running.take_down) - now)
    return max(0, rest.progress.due_minutes - laid_out)


# ---- a bag's code ----


@dataclass(frozen=True, slots=True)
class CodeAnswer:
    """What a bag's code says.

    Attributes:
        code: one of `CODES`.
        case: label of the course.
        other: the case of the code, where it is another; empty where it is not known.
        number: of the bag; 0 where it is not known.
        revision: that made the bag.
        due: number of the bag that is to be connected next, where it is another.
        moment: not before, or not after.
        why: of an unknown code.
    """

    code: str
    case: str
    other: str = ""
    number: int = 0
    revision: int = 0
    due: int | None = None
    moment: Instant | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Read:
    number: int
    of: int
    revision: int | None
    check_code: str
    case: str | None


def read_bag_code(text: str, rest: Rest, label: str, plans: Sequence[Plan], at: Instant) -> CodeAnswer:
    """Whether the bag with this code is the one to connect now.

    A bag is due from the planned time of its change on: before that the running bag is not to come down, so the answer
    is "not before"; nobody is to be told that a change a few minutes early is due. With no bag connected it is due as
    soon as the rest of the course says so.

    Args:
        text: as scanned, "BIP1;5/8;2;KXCX6489;A-17", or as typed from the label, "5/8 KXCX 6489".
        rest: where the course stands.
        label: case of the course that is open.
        plans: its issued revisions.
        at: now.
    """
    read = _read(text)
    if read is None:
        return CodeAnswer(UNKNOWN, label, why=FORM)
    if read.case is not None and _folded(read.case) != _folded(label):
        return CodeAnswer(OTHER_CASE, label, other=" ".join(read.case.split()), number=read.number)
    plan = _plan_of(read, plans)
    if plan is None:  # a code typed without its case belongs to another case, or holds a slip
        scanned = read.case is not None
        return CodeAnswer(UNKNOWN if scanned else OTHER_CASE, label, number=read.number, why=NO_REVISION)
    if not any((bag.number, bag.of) == (read.number, read.of) for bag in plan.bags or ()):
        return CodeAnswer(UNKNOWN, label, number=read.number, why=NO_PLACE)
    if plan.issue is None:
        return CodeAnswer(DRAFT, label, number=read.number)
    known = CodeAnswer(THIS_BAG, label, number=read.number, revision=plan.issue.revision)
    code = _not_usable(read.number, plan.issue, rest.progress)
    return _in_turn(known, rest, at) if code is None else replace(known, code=code)


def _read(text: str) -> _Read | None:
    """The parts of a code in either form; None where it is in neither."""
    seen = text.strip().strip("\u00a0\u202f")
    if len(seen) > _LONGEST:
        return None
    if match := _SCANNED.fullmatch(seen):
        number, of, revision, code, case = match.groups()
        return _Read(int(number), int(of), int(revision), code.upper(), case)
    if match := _TYPED.fullmatch(seen):
        number, of, first, second = match.groups()
        return _Read(int(number), int(of), None, (first + second).upper(), None)
    return None


def _folded(label: str) -> str:
    """A label without what a scanner may change: case of letters, and blanks."""
    return " ".join(label.split()).casefold()


def _plan_of(read: _Read, plans: Sequence[Plan]) -> Plan | None:
    """The revision of a code; the latest where only the check code is known."""

    def revision(plan: Plan) -> int:
        return plan.issue.revision if plan.issue else 0

    for plan in sorted(plans, key=revision, reverse=True):
        same = read.revision is None or plan.issue is None or plan.issue.revision == read.revision
        if same and plan.check_code == read.check_code:
            return plan
    return None


def _not_usable(number: int, issue: Issue, progress: Progress) -> str | None:
    """Why a bag of a revision cannot be connected at all; limits of time apart."""
    planned = progress.planned.get(number)
    if planned is None or (planned.revision != issue.revision and number not in (issue.kept or ())):
        return SUPERSEDED
    if progress.running is not None and progress.running.bag.number == number:
        return RUNS
    reasons = [each.reason for each in progress.unusable if each.number == number and is_in_force(each, progress)]
    if reasons and reasons[0] != PAST_LIMIT:
        return reasons[0]
    return None if number in progress.made else NOT_PREPARED


def _in_turn(known: CodeAnswer, rest: Rest, at: Instant) -> CodeAnswer:
    """Whether a usable bag is within its limit, the next one, and due."""
    progress = rest.progress
    made = progress.made[known.number]
    start_by = instant_of(progress.planned[known.number].start_by(made.prepared, made.out))
    if at > start_by:
        return replace(known, code=PAST_LIMIT, moment=start_by)
    if not rest.bags:
        return replace(known, code=NOT_NEEDED)
    following = rest.bags[0]
    if following.number != known.number:
        return replace(known, code=OTHER_BAG, due=following.number)
    due = following.start if progress.running is None else progress.running.take_down
    return replace(known, code=NOT_YET, moment=due) if at < due else known
