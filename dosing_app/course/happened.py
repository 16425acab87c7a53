"""What the entries of a log have made of a course so far, and what follows: volumes, limits and doses of its bags."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from dosing_app.core.clock import MINUTES_PER_HOUR
from dosing_app.core.dose import daily_dose
from dosing_app.core.quantities import magnitude, quantity
from dosing_app.course.in_force import Planned, Revision
from dosing_app.course.log import Decision, Measured
from dosing_app.course.progress import Unusable
from dosing_app.reference.bundle import Reference

_MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR
DOSE_RATE = "microgram/m^2/day"
SAME_DOSE = Decimal("1e-9")  # doses that differ by less are one dose, written out to another digit


@dataclass(slots=True)
class Run:
    """One stretch in which a bag ran. Minutes since 1970; the end is open while it runs."""

    bag: int
    begin: int
    end: int | None = None


@dataclass(slots=True)
class Gap:
    """A stretch without infusion; "change" between two bags, "no-bag" after the last one. The end may be open."""

    begin: int
    reason: str
    end: int | None = None


@dataclass(frozen=True, slots=True)
class OfCourse:
    """What a log is gone through with."""

    revisions: Mapping[int, Revision]
    reference: Reference


@dataclass(slots=True)
class State:
    """What the entries so far have made of the course."""

    plan: Revision  # in force
    bags: dict[int, Planned]  # in force, by number
    shift: dict[int, int] = field(default_factory=dict)  # minutes by which a bag runs later than planned
    runs: list[Run] = field(default_factory=list)
    connected: int | None = None  # the bag that hangs
    stopped_since: int | None = None  # while it hangs and the pump stands
    prepared: dict[int, int] = field(default_factory=dict)
    ever_made: list[tuple[int, Planned]] = field(default_factory=list)
    out: dict[int, int] = field(default_factory=dict)
    hung: dict[int, int] = field(default_factory=dict)
    down: dict[int, int] = field(default_factory=dict)
    hung_before: frozenset[int] = frozenset()  # hung when the revision in force was issued
    lost: set[int] = field(default_factory=set)
    gone: list[Unusable] = field(default_factory=list)  # of earlier revisions
    rates: list[tuple[int, int, Decimal]] = field(default_factory=list)  # found: begin, end, mL/h; none overlap
    waived: int = 0
    comes_down: int = 0  # when the bag that hangs is to come down by the plan
    run_on: int = 0  # minutes for which it was decided to run on
    new_bag: bool = False
    restart: Decision | None = None
    restart_of: int = 0  # the revision in force when it was decided
    restarted: int | None = None  # when a bag first ran after it
    wants_restart: bool = False
    gaps: list[Gap] = field(default_factory=list)
    measured: Measured | None = None
    revision: int | None = None


# ---- what was infused ----


def stretches(state: State, now: int) -> Iterator[tuple[Planned, int, int, Decimal]]:
    """Every stretch of infusion until now at one rate: bag, begin, end, rate [mL/h]; none beyond an empty bag."""
    left: dict[int, Decimal] = {}  # what the bag can still give, in mL × minutes per hour: exact, whatever the rate
    for run in state.runs:
        bag = state.bags[run.bag]
        volume = left.get(run.bag, bag.holds * MINUTES_PER_HOUR)
        end = now if run.end is None else min(now, run.end)
        for begin, until, rate in _by_rate(run.begin, end, bag.rate, state.rates):
            stop = min(until, begin + int(volume // rate)) if rate else until
            volume -= rate * (stop - begin)
            if stop > begin:
                yield bag, begin, stop, rate
        left[run.bag] = volume


def _by_rate(
    begin: int, end: int, rate: Decimal, found: Sequence[tuple[int, int, Decimal]]
) -> Iterator[tuple[int, int, Decimal]]:
    """A stretch cut where the pump was found to run at another rate."""
    at = begin
    for first, last, other in sorted(each for each in found if each[0] < end and begin < each[1]):
        if at < first:
            yield at, first, rate
        yield max(at, first), min(end, last), other
        at = min(end, last)
    if at < end:
        yield at, end, rate


def infused(state: State, now: int) -> int:
    """Minutes in which something was infused."""
    return sum(end - begin for _bag, begin, end, rate in stretches(state, now) if rate)


def _infused_of(number: int, state: State, now: int) -> Decimal:
    """What one bag gave until now. [mL × minutes per hour]"""
    given = (rate * (end - begin) for bag, begin, end, rate in stretches(state, now) if bag.number == number)
    return sum(given, Decimal(0))


# ---- when the bag that hangs comes down ----


def down_by(planned: Planned, state: State) -> int:
    """The limit of a bag that was connected."""
    number = planned.number
    return planned.down_by(state.prepared[number], state.out.get(number), state.hung[number])


def take_down_at(state: State) -> int:
    """When the bag that hangs is to come down, never after its limit: later by what was decided to run on."""
    assert state.connected is not None
    return min(state.comes_down + state.run_on, down_by(state.bags[state.connected], state))


def change_after(planned: Planned, now: int, state: State) -> int:
    """When a bag that is connected now is to be changed: at its own time, or the next if it hangs in another's place.

    Later revisions do not touch it: their bags follow it.
    """
    own = planned.end + state.shift.get(planned.number, 0)
    if now < own and planned.end <= down_by(planned, state):
        return own
    ends = (each.end + state.shift.get(number, 0) for number, each in state.bags.items())
    return min((end for end in ends if end > now), default=down_by(planned, state))


def most_run_on(state: State, now: int, reference: Reference) -> int:
    """Minutes for which the bag that hangs could run on beyond its take-down: by its limit and by what it holds."""
    assert state.connected is not None
    planned = state.bags[state.connected]
    if state.wants_restart or made_for_other_dose(planned, state, now, reference):
        return 0
    empty = empty_at(planned, _infused_of(planned.number, state, now), now)
    return max(0, min(down_by(planned, state), empty) - take_down_at(state))


def empty_at(planned: Planned, given: Decimal, now: int) -> int:
    """The minute until which a bag that gave so much [mL × minutes per hour] can still give, running from now on."""
    return now + max(0, int((planned.holds * MINUTES_PER_HOUR - given) // planned.rate))


# ---- doses ----


def made_for_other_dose(planned: Planned, state: State, now: int, reference: Reference) -> bool:
    """Whether a bag holds another dose than the one that a prescriber restarted with, at the time when it is to run.

    A bag of a revision that was issued after the decision is what pharmacist and prescriber made of it.
    """
    restart = state.restart
    if restart is None or planned.revision > state.restart_of:
        return False
    runs_at = now if planned.number in state.hung else max(now, planned.begin + state.shift.get(planned.number, 0))
    begun = now if state.restarted is None else state.restarted
    wanted = daily_dose_of(dose_rate_at(restart, runs_at - begun), planned.area, reference)
    return abs(planned.daily_dose - wanted) > wanted * SAME_DOSE


def dose_rate_at(restart: Decision, minutes: int) -> Decimal:
    """The dose rate so many minutes after a bag first ran after a restart. [microgram/m²/day]"""
    then = restart.then
    if then is not None and minutes >= then.after_days * _MINUTES_PER_DAY:
        return magnitude(then.dose_rate, DOSE_RATE)
    assert restart.dose_rate is not None
    return magnitude(restart.dose_rate, DOSE_RATE)


def daily_dose_of(dose_rate: Decimal, area: Decimal, reference: Reference) -> Decimal:
    """The daily dose of a dose rate [microgram/m²/day] and an area [m²]; at most the cap. [microgram/day]"""
    dose, _capped = daily_dose(quantity(dose_rate, DOSE_RATE), quantity(area, "m^2"), reference.protocol.daily_cap)
    return magnitude(dose, "microgram/day")


def hours_words(minutes: int) -> str:
    """Minutes as "13 h" or "13 h 47 min"."""
    hours, rest = divmod(minutes, MINUTES_PER_HOUR)
    return f"{hours} h {rest} min" if rest else f"{hours} h"
