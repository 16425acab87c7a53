"""What the entries of a log have made of a course so far, and what follows: volumes, limits and doses of its bags."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from dosing_app.core.clock import MINUTES_PER_HOUR, instant_of, minutes_of
from dosing_app.core.dose import daily_dose
from dosing_app.core.quantities import magnitude, quantity
from dosing_app.course.in_force import Planned, Revision, stands_in_until
from dosing_app.course.log import Decision, Measured
from dosing_app.course.progress import Unusable, WrongRate
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


class Ran(NamedTuple):
    """A stretch in which a bag ran at one rate, in whole minutes, and what it gave: all, if it became empty."""

    bag: Planned
    begin: int
    end: int
    rate: Decimal  # [mL/h]
    amount: Decimal  # [mL × minutes per hour]


class Gap(NamedTuple):
    """A stretch without infusion. The end is open while it lasts.

    The reason is the worst that was entered for it, else what it was: pump-at-0 (found), empty (the bag), change
    (between two bags) or no-bag (after the last one).
    """

    begin: int
    end: int | None
    reason: str


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
    new_bag: int = 0  # minutes for which a new bag was decided
    restart: Decision | None = None
    restart_of: int = 0  # the revision in force when it was decided
    restarted: int | None = None  # when a bag first ran after it
    wants_restart: bool = False
    cause: str = ""  # why it does
    stops: list[tuple[int, str]] = field(default_factory=list)  # entered: when, and why
    waived_at: int = 0  # when last
    other_dose: set[int] = field(default_factory=set)  # bags that ran though made for another dose than decided
    opened: list[tuple[int, int]] = field(default_factory=list)  # resumed though the line was opened: when, bag
    measured: Measured | None = None
    revision: int | None = None


# ---- what was infused ----


def stretches(state: State, now: int) -> Iterator[Ran]:
    """Every stretch until now in which a bag ran at one rate; none beyond an empty bag."""
    left: dict[int, Decimal] = {}  # what the bag can still give, in mL × minutes per hour: exact, whatever the rate
    for run in state.runs:
        bag = state.bags[run.bag]
        volume = left.get(run.bag, bag.holds * MINUTES_PER_HOUR)
        end = now if run.end is None else min(now, run.end)
        for begin, until, rate in _by_rate(run.begin, end, bag.rate, state.rates):
            stop = min(until, begin + int(volume // rate)) if rate else until
            amount = min(volume, rate * (until - begin))  # what does not last a minute is given too
            volume -= amount
            if stop > begin or amount:
                yield Ran(bag, begin, stop, rate, amount)
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
    return sum(each.end - each.begin for each in stretches(state, now) if each.rate)


def _infused_of(number: int, state: State, now: int) -> Decimal:
    """What one bag gave until now. [mL × minutes per hour]"""
    return sum((each.amount for each in stretches(state, now) if each.bag.number == number), Decimal(0))


# ---- what was not infused ----

_BETTER_TO_WORSE = ("procedure", "technical", "unknown", "adverse-event")


def gaps_of(state: State, ran: Sequence[Ran], now: int, *, due: bool) -> tuple[Gap, ...]:
    """From the first connection on, every minute without infusion; once nothing is due, none.

    Args:
        state: all entries.
        ran: the stretches until now.
        now: minutes since 1970.
        due: whether something is still due.
    """
    if not state.runs:
        return ()
    at, found = state.runs[0].begin, []
    for begin, end in sorted((each.begin, each.end) for each in ran if each.rate and each.end > each.begin):
        if at < begin:
            found.append(Gap(at, begin, _reason_of(at, begin, state, ran, "change")))
        at = max(at, end)
    until = now if due else min(now, max(at, state.waived_at))
    if at < until:
        open_end = due and not _pump_runs(state, ran)
        found.append(Gap(at, None if open_end else until, _reason_of(at, until, state, ran, "no-bag")))
    return tuple(found)


def _reason_of(begin: int, end: int, state: State, ran: Sequence[Ran], otherwise: str) -> str:
    """The worst that was entered for a stretch without infusion, else what it was."""
    entered = [_BETTER_TO_WORSE.index(reason) for at, reason in state.stops if begin <= at <= end]
    if entered:
        return _BETTER_TO_WORSE[max(entered)]
    if any(not each.rate and each.begin < end and begin < each.end for each in ran):
        return "pump-at-0"
    if any(run.begin < end and (run.end is None or begin < run.end) for run in state.runs):
        return "empty"
    return otherwise


def _pump_runs(state: State, ran: Sequence[Ran]) -> bool:
    """Whether something is infused from now on: a bag hangs, the pump does not stand, and the bag is not empty."""
    if state.connected is None or state.stopped_since is not None:
        return False
    given = sum((each.amount for each in ran if each.bag.number == state.connected), Decimal(0))
    return given < state.bags[state.connected].holds * MINUTES_PER_HOUR


def wrong_rates_of(state: State, ran: Sequence[Ran], now: int) -> tuple[WrongRate, ...]:
    """Where the pump was found to run at another rate than the bag's, with what was given and what was planned."""
    found = []
    for begin, end, rate in sorted(state.rates):
        minutes: dict[int, int] = {}
        for run in state.runs:
            both = min(end, now if run.end is None else run.end) - max(begin, run.begin)
            minutes[run.bag] = minutes.get(run.bag, 0) + max(0, both)
        for number, ran_minutes in minutes.items():
            bag = state.bags[number]
            if not ran_minutes or rate == bag.rate:
                continue
            mine = (each for each in ran if each.bag is bag and begin <= each.begin and each.end <= end)
            given = sum((each.amount for each in mine if each.rate == rate), Decimal(0))
            found.append(
                WrongRate(
                    number,
                    instant_of(begin),
                    ran_minutes,
                    rate,
                    bag.rate,
                    given * bag.concentration / MINUTES_PER_HOUR,
                    bag.rate * ran_minutes * bag.concentration / MINUTES_PER_HOUR,
                )
            )
    return tuple(found)


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
    """When a bag that is connected now is to be changed: at the planned change, and never after its planned hours.

    The planned change is its own, or that of the bag in whose place it hangs. Later revisions do not touch it: their
    bags follow it.
    """
    places = [moved(each, state.shift.get(number, 0)) for number, each in state.bags.items()]
    own = moved(planned, state.shift.get(planned.number, 0))
    change = stands_in_until(own, now, places, state.hung)
    if change is None:
        change = own.end if now < own.end else min((each.end for each in places if each.end > now), default=own.end)
    return min(change, now + own.runs) if change > now else now + own.runs


def moved(each: Planned, minutes: int) -> Planned:
    """A bag that is to run so much later than planned."""
    return replace(each, begin=each.begin + minutes, end=each.end + minutes) if minutes else each


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


def runs_for_other_dose(state: State, now: int, reference: Reference) -> bool:
    """Whether the run that is the last one until now began, or went on, after a decision for another dose."""
    if state.restart is None:
        return False
    run, decided = state.runs[-1], minutes_of(state.restart.at)
    if run.begin < decided and now <= decided and run.end is not None:
        return False  # it was taken down when that was decided
    return made_for_other_dose(state.bags[run.bag], state, max(run.begin, decided), reference)


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
