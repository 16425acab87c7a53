"""From an issued plan and the log: what was infused, what is still due, which bag runs, and which bags may be used."""

from collections.abc import Sequence
from decimal import Decimal

from whenever import Instant

from dosing_app.core.clock import MINUTES_PER_HOUR, instant_of, minutes_of
from dosing_app.core.quantities import exact_arithmetic, magnitude
from dosing_app.course.entries import apply_entry, put_in_force
from dosing_app.course.happened import (
    OfCourse,
    State,
    down_by,
    empty_at,
    gaps_of,
    made_for_other_dose,
    most_run_on,
    moved,
    runs_for_other_dose,
    stretches,
    take_down_at,
    wrong_rates_of,
)
from dosing_app.course.in_force import Planned, Revision, revisions_of
from dosing_app.course.log import Happened, Issued
from dosing_app.course.plan import Plan
from dosing_app.course.progress import Given, Ledger, Made, Progress, Running, Unusable
from dosing_app.reference.bundle import Reference


def replay(plans: Sequence[Plan], log: Sequence[Happened], at: Instant, reference: Reference) -> Progress:
    """Where the course stands at a moment.

    Args:
        plans: the issued revisions of the course, or one plan that was not issued. The first is in force from the
            beginning, each later one from its entry `issued` on; without such an entry, from when it was issued.
        log: in order, corrections put in their place.
        at: now; no entry is later.
        reference: product data and site of the plans.

    Raises:
        ImpossibleLog: other-revision, unknown-bag, unknown-session, prepared-twice, never-prepared, two-bags,
            used-twice, is-lost, not-running, runs-already, rates-overlap, waives-too-much, runs-on-too-long,
            no-prescriber, nothing-to-restart, dose-above, not-read.
    """
    now, revisions = minutes_of(at), revisions_of(plans, reference)
    course = OfCourse({each.number: each for each in revisions}, reference)
    state = State(plan=revisions[0], bags=dict(revisions[0].bags))
    silent = _issued_silently(revisions, log)
    with exact_arithmetic():
        for each in log:
            while silent and silent[0][0] < minutes_of(each.event.at):
                put_in_force(silent.pop(0)[1], state)
            apply_entry(each, course, state)
        for begin, revision in silent:
            if begin <= now:
                put_in_force(revision, state)
        return _progress(course, state, now)


def _issued_silently(revisions: Sequence[Revision], log: Sequence[Happened]) -> list[tuple[int, Revision]]:
    """Later revisions of which the log does not say that they were issued, with the moment from which they hold."""
    said = {each.event.revision: minutes_of(each.event.at) for each in log if isinstance(each.event, Issued)}
    latest, silent = 0, []
    for revision in revisions:
        latest = max(latest, said.get(revision.number, revision.issued or 0))
        if revision is not revisions[0] and revision.number not in said:
            silent.append((latest, revision))
    return silent


def _progress(course: OfCourse, state: State, now: int) -> Progress:
    reference = course.reference
    given, infused = Decimal(0), 0
    volume: dict[int, Decimal] = {}
    rates: dict[int, list[Decimal]] = {}
    ran = list(stretches(state, now))
    for bag, begin, end, rate, amount in ran:
        volume[bag.number] = volume.get(bag.number, Decimal(0)) + amount
        rates.setdefault(bag.number, []).append(rate)
        given += amount * bag.concentration
        infused += end - begin if rate else 0
    usable, unusable = _prepared_bags(state, now, reference)
    gaps = gaps_of(state, ran, now, due=infused + state.waived < state.plan.minutes)
    runs = state.connected is not None and state.stopped_since is None
    hangs_for_other = {state.runs[-1].bag} if runs and runs_for_other_dose(state, now, reference) else set()
    return Progress(
        at=instant_of(now),
        plan=state.plan.plan,
        bags={number: each.bag for number, each in sorted(state.bags.items())},
        planned={number: _shifted(each, state) for number, each in sorted(state.bags.items())},
        course_minutes=state.plan.minutes,
        infused_minutes=infused,
        waived_minutes=state.waived,
        given_micrograms=given / MINUTES_PER_HOUR,
        running=_running(state, now, volume, now + state.plan.minutes - infused - state.waived, reference),
        usable=usable,
        unusable=unusable,
        made={number: Made(moment, state.out.get(number)) for number, moment in sorted(state.prepared.items())},
        ever_made=tuple((instant_of(moment), each) for moment, each in state.ever_made),
        gaps=tuple(
            (instant_of(gap.begin), None if gap.end is None else instant_of(gap.end), gap.reason) for gap in gaps
        ),
        restart=state.restart,
        wants_restart=state.wants_restart,
        cause=state.cause,
        ran_other_dose=tuple(sorted(state.other_dose | hangs_for_other)),
        wrong_rates=wrong_rates_of(state, ran, now),
        opened=tuple((instant_of(moment), bag) for moment, bag in state.opened),
        restart_of=state.restart_of,
        restarted=None if state.restarted is None else instant_of(state.restarted),
        other_dose=any(
            made_for_other_dose(each, state, now, reference)
            for number, each in state.bags.items()
            if number == state.connected or number not in state.hung
        ),
        begun=bool(state.runs),
        late=tuple(sorted(_late(state, now))),
        new_bag=state.new_bag,
        measured=state.measured,
        revision=state.revision,
        hung={number: instant_of(moment) for number, moment in state.hung.items()},
        hung_before=state.hung_before,
        down={number: instant_of(moment) for number, moment in state.down.items()},
        given={
            number: Given(
                amount / MINUTES_PER_HOUR,
                amount * state.bags[number].concentration / MINUTES_PER_HOUR,
                tuple(dict.fromkeys(rates[number])),
            )
            for number, amount in volume.items()
        },
        runs_on=0 if state.connected is None else most_run_on(state, now, reference),
    )


def _shifted(each: Planned, state: State) -> Planned:
    """A bag with the times at which it is to run by now."""
    return moved(each, state.shift.get(each.number, 0))


def _running(
    state: State, now: int, volume: dict[int, Decimal], all_infused: int, reference: Reference
) -> Running | None:
    """The bag that hangs; it comes down when nothing is due any more, if not before."""
    if state.connected is None:
        return None
    planned = state.bags[state.connected]
    hung, limit = state.hung[planned.number], down_by(planned, state)
    other = made_for_other_dose(planned, state, now, reference)
    given = volume.get(planned.number, Decimal(0))
    infused = given / MINUTES_PER_HOUR
    in_bag = planned.holds - infused
    take_down = now if other else min(take_down_at(state), empty_at(planned, given, now), max(hung, all_infused))
    # What the pump is to be set to: its rate for the time that is left, never the volume that the bag began with.
    left = planned.rate * max(0, take_down - now) / MINUTES_PER_HOUR
    due = max(Decimal(0), min(in_bag, left))
    total, primed = magnitude(planned.bag.total, "mL"), magnitude(planned.bag.primed, "mL")
    return Running(
        bag=planned.bag,
        connected=instant_of(hung),
        take_down=instant_of(take_down),
        down_by=instant_of(limit),
        interrupted_since=None if state.stopped_since is None else instant_of(state.stopped_since),
        ledger=Ledger(total, primed, infused, due, in_bag - due, in_bag),
        other_dose=other,
    )


def _late(state: State, now: int) -> set[int]:
    """Bags that were connected after their start-by, or ran beyond their down-by."""
    ended = {run.bag: now if run.end is None else run.end for run in state.runs}  # the last run of each
    return {
        number
        for number, hung in state.hung.items()
        if hung > state.bags[number].start_by(state.prepared[number], state.out.get(number))
        or ended[number] > down_by(state.bags[number], state)
    }


def _prepared_bags(state: State, now: int, reference: Reference) -> tuple[tuple[int, ...], tuple[Unusable, ...]]:
    """Which of the bags that were made may still be connected, and why the others may not."""
    usable, unusable = [], list(state.gone)
    for number in sorted(state.prepared):
        planned, prepared, out = state.bags[number], state.prepared[number], state.out.get(number)
        reason = ""
        if number == state.connected:
            continue
        if number in state.lost:
            reason = "lost"
        elif number in state.hung:
            reason = "used"
        elif state.wants_restart or made_for_other_dose(planned, state, now, reference):
            reason = "other-dose"
        elif now > planned.start_by(prepared, None):
            reason = "past-limit"
        elif now > planned.start_by(prepared, out):
            reason = "out-of-refrigerator"
        if reason:
            unusable.append(Unusable(number, reason, planned.revision))
        else:
            usable.append(number)
    lost = (number for number in state.lost if number not in state.prepared)
    unusable += [Unusable(number, "lost", state.bags[number].revision) for number in lost]
    return tuple(usable), tuple(sorted(unusable, key=lambda each: (each.number, each.revision)))


__all__ = ["Ledger", "Made", "Progress", "Running", "Unusable", "replay"]
