"""The entries of a log, one by one: what each does to a course, and why it cannot have happened."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from dosing_app.core.clock import MINUTES_PER_HOUR, minutes_of
from dosing_app.core.quantities import magnitude, plain
from dosing_app.course.happened import (
    DOSE_RATE,
    OfCourse,
    Run,
    State,
    change_after,
    hours_words,
    infused,
    made_for_other_dose,
    most_run_on,
    runs_for_other_dose,
)
from dosing_app.course.in_force import Revision, bags_after
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
from dosing_app.course.progress import Unusable
from dosing_app.reference.bundle import Reference
from dosing_app.reference.product import load_product
from dosing_app.reference.source import in_unit, shipped

_REASONS_OF_CARE = {"adverse-event", "unknown"}  # after which a prescriber decides how it goes on
_HOURS_PER_DAY = 24
_WRITTEN_WITHIN = Decimal("0.01")  # minutes: what the digits of a fraction of an hour may leave


class _Cannot(Exception):
    """An entry that cannot have happened after those before it."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = {key: str(value) for key, value in values.items()}


def apply_entry(happened: Happened, course: OfCourse, state: State) -> None:
    """One entry."""
    event = happened.event
    number = getattr(event, "bag", None)
    try:
        if isinstance(number, int) and number not in state.bags:
            raise _Cannot("unknown-bag", bag=number)
        handler = _HANDLERS.get(type(event))
        if handler is not None:
            handler(event, minutes_of(event.at), course, state)
    except _Cannot as cannot:
        raise ImpossibleLog(happened.index, cannot.reason, **cannot.values) from cannot


def _issued(event: Issued, _now: int, course: OfCourse, state: State) -> None:
    own = state.plan.number
    if own:
        revision = course.revisions.get(event.revision)
        if revision is None or event.revision < own:
            raise _Cannot("other-revision", revision=event.revision, own=own)
        if event.revision > own:
            put_in_force(revision, state)
    state.revision = event.revision


def put_in_force(revision: Revision, state: State) -> None:
    """A later revision's bags stand for the earlier one's; bags that hung stay as they were."""
    before, after = state.bags, bags_after(state.bags, revision, state.hung)
    for number, each in before.items():
        now = after.get(number)
        if number in state.hung or (now is not None and now.revision == each.revision):
            if now is not each:
                state.shift.pop(number, None)  # it has new times
            continue
        if number in state.lost:
            state.gone.append(Unusable(number, "lost", each.revision))
        elif number in state.prepared:
            state.gone.append(Unusable(number, "superseded", each.revision))
        state.lost.discard(number)
        for of_bag in (state.prepared, state.out, state.shift):
            of_bag.pop(number, None)
    state.plan, state.bags, state.revision, state.new_bag = revision, after, revision.number, 0
    state.hung_before = frozenset(state.hung)


def _made(event: Prepared, now: int, _course: OfCourse, state: State) -> None:
    if event.session is not None and event.session not in state.plan.sessions:
        raise _Cannot("unknown-session", session=event.session)
    bags = state.plan.sessions[event.session] if event.session is not None else (event.bag or 0,)
    # In a session of this revision, bags that an earlier one made are there already.
    to_make = [bag for bag in bags if not (bag in state.prepared and state.bags[bag].revision != state.plan.number)]
    for bag in to_make or bags:
        if bag not in state.bags:
            raise _Cannot("unknown-bag", bag=bag)
        if bag in state.prepared:
            raise _Cannot("prepared-twice", bag=bag)
        state.prepared[bag] = now
        state.ever_made.append((now, state.bags[bag]))


def _taken_out(event: OutOfFridge, now: int, _course: OfCourse, state: State) -> None:
    if event.bag not in state.prepared:
        raise _Cannot("never-prepared", bag=event.bag)
    state.out.setdefault(event.bag, now)  # once out it does not go back


def _hang(event: Hung, now: int, _course: OfCourse, state: State) -> None:
    if state.connected is not None:
        raise _Cannot("two-bags", bag=event.bag, other=state.connected)
    if event.bag not in state.prepared:
        raise _Cannot("never-prepared", bag=event.bag)
    if event.bag in state.hung:
        raise _Cannot("used-twice", bag=event.bag)
    if event.bag in state.lost:
        raise _Cannot("is-lost", bag=event.bag)
    state.connected, state.hung[event.bag] = event.bag, now
    state.comes_down, state.run_on = change_after(state.bags[event.bag], now, state), 0
    _run(event.bag, now, state)


def _run(bag: int, now: int, state: State) -> None:
    """The pump runs from now on."""
    state.runs.append(Run(bag, now))
    if state.restart is not None and state.restarted is None:
        state.restarted = now


def _run_ends(now: int, course: OfCourse, state: State) -> None:
    """The pump stands from now on."""
    state.runs[-1].end = now
    if runs_for_other_dose(state, now, course.reference):
        state.other_dose.add(state.runs[-1].bag)


def _stop(event: Stopped, now: int, course: OfCourse, state: State) -> None:
    if state.connected != event.bag:
        raise _Cannot("not-running", bag=event.bag)
    _take_down(now, course, state)


def _take_down(now: int, course: OfCourse, state: State) -> None:
    """The bag that hangs comes down, whether it ran or stood still."""
    if state.stopped_since is None:
        _run_ends(now, course, state)
    assert state.connected is not None
    state.down[state.connected] = now
    state.connected, state.stopped_since = None, None


def _interrupt(event: Interrupted, now: int, course: OfCourse, state: State) -> None:
    """The pump stands; or a reason that was noticed late, while it stands or no bag hangs: it only makes it worse."""
    if state.connected is None and not (state.runs and infused(state, now) + state.waived < state.plan.minutes):
        raise _Cannot("not-running", bag="")
    if state.connected is not None and state.stopped_since is None:
        _run_ends(now, course, state)
        state.stopped_since = now
    state.stops.append((now, event.reason))
    if event.reason in _REASONS_OF_CARE:
        if not (state.wants_restart and state.cause == "adverse-event"):
            state.cause = event.reason
        state.wants_restart = True


def _resume(event: Resumed, now: int, _course: OfCourse, state: State) -> None:
    if state.connected is None or state.stopped_since is None:
        raise _Cannot("runs-already", bag=state.connected or "")
    if event.sliding:
        _slide(state, now - state.stopped_since)
    if not event.line_closed:
        state.opened.append((now, state.connected))
    state.stopped_since = None
    _run(state.connected, now, state)


def _slide(state: State, minutes: int) -> None:
    """The bag that hangs comes down so much later, and all that were not connected yet run so much later."""
    state.comes_down += minutes
    for number in state.bags:
        if number not in state.hung:
            state.shift[number] = state.shift.get(number, 0) + minutes


def _lose(event: Lost, now: int, course: OfCourse, state: State) -> None:
    if event.bag in state.lost:
        raise _Cannot("is-lost", bag=event.bag)
    state.lost.add(event.bag)
    if state.connected == event.bag:
        _take_down(now, course, state)


def _find_rate(event: RateFound, _now: int, course: OfCourse, state: State) -> None:
    begin, end = minutes_of(event.begin), minutes_of(event.end)
    if magnitude(event.rate, "mL/h") > highest_rate(course.reference):
        raise _Cannot("not-read", why="rate_ml_per_h")
    if any(begin < last and first < end for first, last, _rate in state.rates):
        raise _Cannot("rates-overlap")
    state.rates.append((begin, end, magnitude(event.rate, "mL/h")))


def highest_rate(reference: Reference) -> Decimal:
    """The highest rate that a pump can have been found at: that of the fastest bag, a day's volume in an hour. [mL/h]

    Source: that error is known from practice, domain.md section 8.
    """
    products = [reference.product, *(load_product(name) for name in shipped("products"))]
    return max(in_unit(kind.rate, "mL/h") for product in products for kind in product.kind) * _HOURS_PER_DAY


def _measure(event: Measured, _now: int, course: OfCourse, state: State) -> None:
    limits = course.reference.limits
    for name, value, unit in (("weight", event.weight, "kg"), ("length", event.length, "cm")):
        lowest, highest = limits.value(f"{name}_lowest_{unit}"), limits.value(f"{name}_highest_{unit}")
        if value is not None and not lowest <= magnitude(value, unit) <= highest:
            raise _Cannot("not-read", why=f"{name}_{unit}")
    state.measured = event


def _decide(event: Decision, now: int, course: OfCourse, state: State) -> None:
    minutes = _whole_minutes(Decimal(0) if event.hours is None else event.hours)
    if minutes is None or (not minutes and (event.what in {"waive", "run-on"} or event.hours is not None)):
        raise _Cannot("not-read", why="hours")
    if event.what in {"waive", "restart"} and not event.prescriber.strip():
        raise _Cannot("no-prescriber", what=event.what)
    if event.what == "waive":
        if minutes > state.plan.minutes - infused(state, now) - state.waived:
            raise _Cannot("waives-too-much", hours=event.hours)
        state.waived += minutes
        state.waived_at = now
    elif event.what == "run-on":
        _let_run_on(minutes, now, course, state)
    elif event.what == "new-bag":
        still = max(0, state.plan.minutes - infused(state, now) - state.waived)
        if event.hours is not None and minutes > still:
            raise _Cannot("waives-too-much", hours=event.hours)
        state.new_bag = still if event.hours is None else minutes
    else:
        _restart(event, now, course, state)


def _whole_minutes(hours: Decimal) -> int | None:
    """Hours as minutes: 3 h 47 min are written as 3.7833 h or with more digits; None if they are no whole minutes."""
    minutes = hours * MINUTES_PER_HOUR
    whole = minutes.to_integral_value()
    return int(whole) if minutes >= 0 and abs(minutes - whole) < _WRITTEN_WITHIN else None


def _let_run_on(minutes: int, now: int, course: OfCourse, state: State) -> None:
    """The bag that hangs comes down later: within its limit, and within what it holds."""
    if state.connected is None:
        raise _Cannot("not-running", bag="")
    if minutes > (most := most_run_on(state, now, course.reference)):
        hours = plain(Decimal(minutes) / MINUTES_PER_HOUR)
        raise _Cannot("runs-on-too-long", hours=hours, most=hours_words(most), bag=state.connected)
    state.run_on += minutes


def _restart(event: Decision, now: int, course: OfCourse, state: State) -> None:
    """A prescriber lets the course go on, at a dose rate up to that of the protocol."""
    if event.dose_rate is None:
        raise _Cannot("no-prescriber")
    if not any(reason in _REASONS_OF_CARE for _at, reason in state.stops):
        raise _Cannot("nothing-to-restart")
    highest = max(magnitude(phase.dose_rate, DOSE_RATE) for phase in course.reference.protocol.phases)
    for rate in (event.dose_rate, *([event.then.dose_rate] if event.then else [])):
        if not 0 < magnitude(rate, DOSE_RATE) <= highest:
            raise _Cannot("dose-above", rate=plain(magnitude(rate, DOSE_RATE)))
    runs = state.connected if state.stopped_since is None else None
    if runs is not None and runs_for_other_dose(state, now, course.reference):
        state.other_dose.add(runs)  # until now
    state.restart, state.restart_of = event, state.plan.number
    state.restarted, state.wants_restart = None, False
    if runs is not None and not made_for_other_dose(state.bags[runs], state, now, course.reference):
        state.restarted = now  # the bag that was running by then goes on


_HANDLERS: dict[type, Callable[[Any, int, OfCourse, State], None]] = {
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
