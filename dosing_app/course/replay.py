"""From an issued plan and the log: what was infused, what is still due, which bag runs, and which bags may be used."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

from whenever import Instant

from dosing_app.core.clock import MINUTES_PER_HOUR, instant_of, minutes_of
from dosing_app.core.quantities import exact_arithmetic, magnitude, plain
from dosing_app.course.log import (
    Decision,
    Happened,
    Hung,
    ImpossibleLog,
    Interrupted,
    Issued,
    Lost,
    Measured,
    OutOfFridge,
    Prepared,
    RateFound,
    Resumed,
    Stopped,
)
from dosing_app.course.plan import Bag, Plan
from dosing_app.reference.bundle import Reference
from dosing_app.reference.source import in_unit

_REASONS_OF_CARE = {"adverse-event", "unknown"}  # after which a prescriber decides how it goes on


@dataclass(slots=True)
class _Run:
    """One stretch in which a bag ran. Minutes since 1970; the end is open while it runs."""

    bag: int
    begin: int
    end: int | None = None


@dataclass(slots=True)
class _Gap:
    """A stretch without infusion; "change" between two bags, "no-bag" after the last one. The end may be open."""

    begin: int
    reason: str
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """Where every millilitre of the running bag is: total = primed + infused + still to be infused + discarded. [mL]"""

    total: Decimal
    primed: Decimal
    infused: Decimal
    to_be_infused: Decimal
    discarded: Decimal
    in_bag: Decimal  # total less primed and infused


@dataclass(frozen=True, slots=True)
class Running:
    """The bag that is connected."""

    bag: Bag
    connected: Instant
    take_down: Instant  # when it is to come down, never after its limit
    down_by: Instant  # its limit, from what really happened
    interrupted_since: Instant | None
    ledger: Ledger


@dataclass(frozen=True, slots=True)
class Unusable:
    """A bag that must not be connected, and why: lost, used, past-limit, out-of-refrigerator, other-dose."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Made:
    """When a bag was really prepared, and when it was taken out of the refrigerator, if it was; in minutes."""

    prepared: int
    out: int | None


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a course stands at a moment. Minutes of infusion; infused + waived + due = course + over."""

    at: Instant
    course_minutes: int
    infused_minutes: int
    waived_minutes: int
    given_micrograms: Decimal
    running: Running | None
    usable: tuple[int, ...]
    unusable: tuple[Unusable, ...]
    made: dict[int, Made]
    gaps: tuple[tuple[Instant, Instant | None, str], ...]  # begin, end (open while it lasts), reason
    restart: Decision | None
    wants_restart: bool
    other_dose: bool  # the prescriber restarts at another dose rate than that of the plan
    begun: bool  # whether a bag was ever hung
    late: tuple[int, ...]  # bags that were connected or ran beyond a limit
    new_bag: bool
    measured: Measured | None
    revision: int | None

    @property
    def due_minutes(self) -> int:
        """Still to be infused."""
        return max(0, self.course_minutes - self.infused_minutes - self.waived_minutes)

    @property
    def over_minutes(self) -> int:
        """Infused beyond the course."""
        return max(0, self.infused_minutes + self.waived_minutes - self.course_minutes)


@dataclass(slots=True)
class _State:
    """What the entries so far have made of the course."""

    runs: list[_Run] = field(default_factory=list)
    connected: int | None = None  # the bag that hangs
    stopped_since: int | None = None  # while it hangs and the pump stands
    prepared: dict[int, int] = field(default_factory=dict)
    out: dict[int, int] = field(default_factory=dict)
    hung: dict[int, int] = field(default_factory=dict)
    lost: set[int] = field(default_factory=set)
    rates: list[RateFound] = field(default_factory=list)
    waived: int = 0
    run_on: int = 0
    new_bag: bool = False
    restart: Decision | None = None
    wants_restart: bool = False
    gaps: list[_Gap] = field(default_factory=list)
    measured: Measured | None = None
    revision: int | None = None


class Course:
    """An issued plan with its bags by number, ready to be gone through with a log."""

    def __init__(self, plan: Plan, reference: Reference) -> None:
        """Keep the plan; it must have bags."""
        assert plan.bags
        assert plan.sessions is not None
        assert plan.course is not None
        self.plan = plan
        self.reference = reference
        self.bags = {bag.number: bag for bag in plan.bags}
        self.sessions = {session.number: session.bags for session in plan.sessions}
        self.minutes = int(magnitude(plan.course.hours, "h")) * MINUTES_PER_HOUR

    def at_room(self, bag: Bag) -> int:
        """Minutes that a bag keeps at room temperature, infusion included."""
        kind = self.reference.product.kinds[bag.kind.partition("@")[0]]
        return int(in_unit(self.reference.product.storage[kind.storage].at_room, "h")) * MINUTES_PER_HOUR

    def keeps(self, bag: Bag) -> tuple[int, bool]:
        """Minutes that a bag keeps in the refrigerator, and whether that includes the infusion."""
        kind = self.reference.product.kinds[bag.kind.partition("@")[0]]
        storage = self.reference.product.storage[kind.storage]
        return int(in_unit(storage.refrigerated, "h")) * MINUTES_PER_HOUR, storage.infusion_included

    def runs(self, bag: Bag) -> int:
        """Minutes that a bag is planned to run."""
        return minutes_of(bag.end) - minutes_of(bag.start)

    def start_by(self, bag: Bag, prepared: int, out: int | None) -> int:
        """The latest minute at which a bag may be connected and still run its hours."""
        kept, included = self.keeps(bag)
        within = self.reference.site.start_within_h
        latest = kept - (self.runs(bag) if included else 0)
        latest = prepared + (latest if within is None else min(latest, int(within * MINUTES_PER_HOUR)))
        return latest if out is None else min(latest, out + self.at_room(bag) - self.runs(bag))

    def down_by(self, bag: Bag, prepared: int, out: int | None, hung: int) -> int:
        """The latest minute at which a bag may still be running."""
        kept, included = self.keeps(bag)
        limit = min(hung, hung if out is None else out) + self.at_room(bag)
        return min(limit, prepared + kept) if included else limit


def replay(plan: Plan, log: Sequence[Happened], at: Instant, reference: Reference) -> Progress:
    """Where the course stands at a moment.

    Args:
        plan: as it was issued.
        log: in order, corrections put in their place.
        at: now; no entry is later.
        reference: product data and site of the plan.

    Raises:
        ImpossibleLog: unknown-bag, unknown-session, prepared-twice, never-prepared, two-bags, used-twice, is-lost,
            not-running, runs-already, waives-too-much, no-prescriber, not-read.
    """
    course, state = Course(plan, reference), _State()
    for each in log:
        _apply(each, course, state)
    return _progress(course, state, minutes_of(at))


class _Cannot(Exception):
    """An entry that cannot have happened after those before it."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = {key: str(value) for key, value in values.items()}


def _apply(happened: Happened, course: Course, state: _State) -> None:
    """One entry."""
    event = happened.event
    number = getattr(event, "bag", None)
    try:
        if isinstance(number, int) and number not in course.bags:
            raise _Cannot("unknown-bag", bag=number)
        handler = _HANDLERS.get(type(event))
        if handler is not None:
            handler(event, minutes_of(event.at), course, state)
    except _Cannot as cannot:
        raise ImpossibleLog(happened.index, cannot.reason, **cannot.values) from cannot


def _issued(event: Issued, _now: int, course: Course, state: _State) -> None:
    own = course.plan.issue.revision if course.plan.issue else None
    if own is not None and event.revision != own:
        raise _Cannot("other-revision", revision=event.revision, own=own)
    state.revision = event.revision


def _made(event: Prepared, now: int, course: Course, state: _State) -> None:
    if event.session is not None and event.session not in course.sessions:
        raise _Cannot("unknown-session", session=event.session)
    for bag in course.sessions[event.session] if event.session is not None else (event.bag or 0,):
        if bag in state.prepared:
            raise _Cannot("prepared-twice", bag=bag)
        state.prepared[bag] = now


def _taken_out(event: OutOfFridge, now: int, _course: Course, state: _State) -> None:
    if event.bag not in state.prepared:
        raise _Cannot("never-prepared", bag=event.bag)
    state.out.setdefault(event.bag, now)  # once out it does not go back


def _hang(event: Hung, now: int, _course: Course, state: _State) -> None:
    if state.connected is not None:
        raise _Cannot("two-bags", bag=event.bag, other=state.connected)
    if event.bag not in state.prepared:
        raise _Cannot("never-prepared", bag=event.bag)
    if event.bag in state.hung:
        raise _Cannot("used-twice", bag=event.bag)
    if event.bag in state.lost:
        raise _Cannot("is-lost", bag=event.bag)
    if state.wants_restart:
        raise _Cannot("no-restart", bag=event.bag)
    if state.gaps and state.gaps[-1].end is None:
        state.gaps[-1].end = now
    elif state.runs and (before := state.runs[-1].end) is not None and before < now:
        state.gaps.append(_Gap(before, "change", now))
    state.connected, state.hung[event.bag] = event.bag, now
    state.runs.append(_Run(event.bag, now))


def _stop(event: Stopped, now: int, _course: Course, state: _State) -> None:
    if state.connected != event.bag:
        raise _Cannot("not-running", bag=event.bag)
    _take_down(state, now)


def _take_down(state: _State, now: int) -> None:
    """The bag that hangs comes down, whether it ran or stood still."""
    if state.stopped_since is None:
        state.runs[-1].end = now
    state.connected, state.stopped_since = None, None


def _interrupt(event: Interrupted, now: int, _course: Course, state: _State) -> None:
    if state.connected is None or state.stopped_since is not None:
        raise _Cannot("not-running", bag=state.connected or "")
    state.runs[-1].end = now
    state.stopped_since = now
    state.gaps.append(_Gap(now, event.reason))
    state.wants_restart = state.wants_restart or event.reason in _REASONS_OF_CARE


def _resume(_event: Resumed, now: int, course: Course, state: _State) -> None:
    if state.connected is None or state.stopped_since is None:
        raise _Cannot("runs-already", bag=state.connected or "")
    if state.wants_restart:
        raise _Cannot("no-restart", bag=state.connected)
    if _made_for_other_dose(course, state):
        raise _Cannot("other-dose", bag=state.connected)
    state.stopped_since = None
    state.gaps[-1].end = now
    state.runs.append(_Run(state.connected, now))


def _lose(event: Lost, now: int, _course: Course, state: _State) -> None:
    if event.bag in state.lost:
        raise _Cannot("is-lost", bag=event.bag)
    state.lost.add(event.bag)
    if state.connected == event.bag:
        _take_down(state, now)


def _find_rate(event: RateFound, _now: int, _course: Course, state: _State) -> None:
    state.rates.append(event)


def _measure(event: Measured, _now: int, course: Course, state: _State) -> None:
    limits = course.reference.limits
    weight = magnitude(event.weight, "kg")
    if not limits.value("weight_lowest_kg") <= weight <= limits.value("weight_highest_kg"):
        raise _Cannot("not-read", why="weight_kg")
    state.measured = event


def _decide(event: Decision, now: int, course: Course, state: _State) -> None:
    with exact_arithmetic():
        minutes = Decimal(0) if event.hours is None else event.hours * MINUTES_PER_HOUR
    if minutes < 0 or minutes % 1 or (event.what in {"waive", "run-on"} and not minutes):
        raise _Cannot("not-read", why="hours")
    if event.what in {"waive", "restart"} and not event.prescriber.strip():
        raise _Cannot("no-prescriber")
    if event.what == "waive":
        if minutes > course.minutes - _infused(course, state, now) - state.waived:
            raise _Cannot("waives-too-much", hours=event.hours)
        state.waived += int(minutes)
    elif event.what == "run-on":
        state.run_on += int(minutes)
    elif event.what == "new-bag":
        state.new_bag = True
    else:
        if event.dose_rate is None:
            raise _Cannot("no-prescriber")
        if not any(gap.reason in _REASONS_OF_CARE for gap in state.gaps):
            raise _Cannot("nothing-to-restart")
        rate = magnitude(event.dose_rate, "microgram/m^2/day")
        if (
            not 0
            < rate
            <= max(magnitude(phase.dose_rate, "microgram/m^2/day") for phase in course.reference.protocol.phases)
        ):
            raise _Cannot("dose-above", rate=plain(rate))
        state.restart, state.wants_restart = event, False


_HANDLERS: dict[type, Callable[[Any, int, Course, _State], None]] = {
    Issued: _issued,
    Prepared: _made,
    OutOfFridge: _taken_out,
    Hung: _hang,
    Stopped: _stop,
    Interrupted: _interrupt,
    Resumed: _resume,
    Lost: _lose,
    RateFound: _find_rate,
    Measured: _measure,
    Decision: _decide,
}


def _stretches(course: Course, state: _State, now: int) -> Iterator[tuple[Bag, int, int, Decimal]]:
    """Every stretch of infusion until now at one rate: bag, begin, end, rate [mL/h]; none beyond an empty bag."""
    left: dict[int, Decimal] = {}
    for run in state.runs:
        bag = course.bags[run.bag]
        volume = left.setdefault(run.bag, magnitude(bag.total, "mL") - magnitude(bag.primed, "mL"))
        end = min(now, run.end) if run.end is not None else now
        for begin, until, rate in _by_rate(run.begin, end, magnitude(bag.rate, "mL/h"), state.rates):
            with exact_arithmetic():
                empty = begin + int(volume / rate * MINUTES_PER_HOUR) if rate else until
                stop = max(begin, min(until, empty))
                volume -= rate * (stop - begin) / MINUTES_PER_HOUR
            if stop > begin:
                yield bag, begin, stop, rate
        left[run.bag] = volume


def _by_rate(begin: int, end: int, rate: Decimal, found: Sequence[RateFound]) -> Iterator[tuple[int, int, Decimal]]:
    """A stretch cut where the pump was found to run at another rate; the latest entry holds."""
    edges = {begin, end}
    for each in found:
        edges |= {edge for edge in (minutes_of(each.begin), minutes_of(each.end)) if begin < edge < end}
    ordered = sorted(edges)
    for first, last in pairwise(ordered):
        other = [each for each in found if minutes_of(each.begin) <= first and last <= minutes_of(each.end)]
        yield first, last, magnitude(other[-1].rate, "mL/h") if other else rate


def _infused(course: Course, state: _State, now: int) -> int:
    return sum(end - begin for _bag, begin, end, rate in _stretches(course, state, now) if rate)


def _progress(course: Course, state: _State, now: int) -> Progress:
    given, infused = Decimal(0), 0
    volume: dict[int, Decimal] = {}
    with exact_arithmetic():
        for bag, begin, end, rate in _stretches(course, state, now):
            amount = rate * (end - begin) / MINUTES_PER_HOUR
            volume[bag.number] = volume.get(bag.number, Decimal(0)) + amount
            given += amount * magnitude(bag.concentration, "microgram/mL")
            infused += end - begin if rate else 0
    usable, unusable = _prepared_bags(course, state, now)
    gaps = list(state.gaps)
    if state.connected is None and state.runs and not (gaps and gaps[-1].end is None):
        stopped = state.runs[-1].end
        if stopped is not None and stopped < now and infused + state.waived < course.minutes:
            gaps.append(_Gap(stopped, "no-bag"))
    return Progress(
        at=instant_of(now),
        course_minutes=course.minutes,
        infused_minutes=infused,
        waived_minutes=state.waived,
        given_micrograms=given,
        running=_running(course, state, now, volume),
        usable=usable,
        unusable=unusable,
        made={number: Made(moment, state.out.get(number)) for number, moment in sorted(state.prepared.items())},
        gaps=tuple(
            (instant_of(gap.begin), None if gap.end is None else instant_of(gap.end), gap.reason) for gap in gaps
        ),
        restart=state.restart,
        wants_restart=state.wants_restart,
        other_dose=_made_for_other_dose(course, state),
        begun=bool(state.runs),
        late=tuple(sorted(_late(course, state, now))),
        new_bag=state.new_bag,
        measured=state.measured,
        revision=state.revision,
    )


def _running(course: Course, state: _State, now: int, volume: dict[int, Decimal]) -> Running | None:
    if state.connected is None:
        return None
    bag = course.bags[state.connected]
    hung = state.hung[bag.number]
    down_by = course.down_by(bag, state.prepared[bag.number], state.out.get(bag.number), hung)
    take_down = now if _made_for_other_dose(course, state) else _take_down_at(course, state, bag, hung, down_by)
    infused = volume.get(bag.number, Decimal(0))
    total, primed = magnitude(bag.total, "mL"), magnitude(bag.primed, "mL")
    with exact_arithmetic():
        in_bag = total - primed - infused
        # What the pump is to be set to: its rate for the time that is left, never the volume that the bag began with.
        left = magnitude(bag.rate, "mL/h") * max(0, take_down - now) / MINUTES_PER_HOUR
        due = max(Decimal(0), min(in_bag, left))
        ledger = Ledger(total, primed, infused, due, in_bag - due, in_bag)
    return Running(
        bag=bag,
        connected=instant_of(hung),
        take_down=instant_of(take_down),
        down_by=instant_of(down_by),
        interrupted_since=None if state.stopped_since is None else instant_of(state.stopped_since),
        ledger=ledger,
    )


def _take_down_at(course: Course, state: _State, bag: Bag, hung: int, down_by: int) -> int:
    """When the bag that hangs is to come down, never after its limit.

    At its own planned time, or at the next planned change if it hangs in another bag's place; later by what was
    decided to run on.
    """
    own = minutes_of(bag.end)
    if not hung < own <= down_by:
        own = min((end for each in course.bags.values() if (end := minutes_of(each.end)) > hung), default=down_by)
    return min(own + state.run_on, down_by)


def _late(course: Course, state: _State, now: int) -> set[int]:
    """Bags that were connected after their start-by, or ran beyond their down-by."""
    late = set()
    for number, hung in state.hung.items():
        bag, prepared, out = course.bags[number], state.prepared[number], state.out.get(number)
        ended = max((run.end if run.end is not None else now) for run in state.runs if run.bag == number)
        in_time = hung <= course.start_by(bag, prepared, out)
        if not in_time or ended > course.down_by(bag, prepared, out, hung):
            late.add(number)
    return late


def _prepared_bags(course: Course, state: _State, now: int) -> tuple[tuple[int, ...], tuple[Unusable, ...]]:
    """Which of the bags that were made may still be connected, and why the others may not."""
    usable, unusable = [], []
    for number in sorted(state.prepared):
        bag, prepared, out = course.bags[number], state.prepared[number], state.out.get(number)
        if number == state.connected:
            continue
        if number in state.hung:
            unusable.append(Unusable(number, "used"))
        elif number in state.lost:
            unusable.append(Unusable(number, "lost"))
        elif state.wants_restart or _made_for_other_dose(course, state):
            unusable.append(Unusable(number, "other-dose"))
        elif now > course.start_by(bag, prepared, None):
            unusable.append(Unusable(number, "past-limit"))
        elif now > course.start_by(bag, prepared, out):
            unusable.append(Unusable(number, "out-of-refrigerator"))
        else:
            usable.append(number)
    lost = [Unusable(number, "lost") for number in sorted(state.lost) if number not in state.prepared]
    return tuple(usable), tuple(sorted([*unusable, *lost], key=lambda each: each.number))


def _made_for_other_dose(course: Course, state: _State) -> bool:
    """Whether the prescriber restarts at another dose rate than that of the plan."""
    if state.restart is None or state.restart.dose_rate is None:
        return False
    assert course.plan.daily_dose is not None
    return magnitude(state.restart.dose_rate, "microgram/m^2/day") != magnitude(
        course.plan.daily_dose.dose_rate, "microgram/m^2/day"
    )
