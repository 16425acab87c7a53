"""The rest of a course: what is still to be infused, laid out from now on; the issued plan itself never changes.

Later changes keep their clock times. A bag that cannot be used is made anew; what an interruption cost is made up after
the last bag, unless it is so little that somebody must decide. Nothing is laid out while a prescriber has to decide.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from whenever import Instant

from dosing_app.core import recipe
from dosing_app.core.clock import MINUTES_PER_HOUR, instant_of, minutes_of
from dosing_app.core.dose import daily_dose
from dosing_app.core.findings import Finding, Tier, answered, finding
from dosing_app.core.quantities import Quantity, exact_arithmetic, magnitude, plain, quantity
from dosing_app.core.sessions import OpenMoments, PlannedBag, best_grouping
from dosing_app.course.bags import hours_of, make_sessions
from dosing_app.course.issue import differs
from dosing_app.course.kinds import Recipe, make_recipe
from dosing_app.course.log import read_log
from dosing_app.course.plan import Bag, Plan, Session
from dosing_app.course.replay import Course, Progress, replay
from dosing_app.course.times import drawn, local, rules_of, unit_moments
from dosing_app.reference.bundle import Reference

SCHEMA = "dosing-app/replan/1"


@dataclass(frozen=True, slots=True)
class Rest:
    """The rest of a course.

    Attributes:
        plan: as it was issued.
        progress: where the course stands.
        bags: still to come, in order; those of the issued plan keep their numbers.
        sessions: still to be held, with the bags that they make.
        findings: about the log and the rest.
    """

    plan: Plan
    progress: Progress
    bags: tuple[Bag, ...]
    sessions: tuple[Session, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """From one minute to another one bag is to run: a bag of the plan, or a new one of a kind."""

    begin: int
    end: int
    kind: str
    bag: int | None = None


def replan(
    plan: Plan, entries: Sequence[Mapping[str, Any]], at: Instant, reference: Reference, reasons: Mapping[str, str]
) -> Rest:
    """The rest of a course from its plan and its log.

    Args:
        plan: as it was issued.
        entries: the log as JSON has it.
        at: now.
        reference: product data and site of the plan.
        reasons: answers to findings, by code.

    Raises:
        ImpossibleLog: with the entry.
    """
    with exact_arithmetic():
        progress = replay(plan, read_log(entries, at), at, reference)
        course = Course(plan, reference)
        changed = differs(plan, reference)
        findings = [*([] if changed is None else [changed]), *_gap_findings(progress, reference)]
        moments = _from(_moments(course, progress, reference), minutes_of(at))
        stretches = [] if progress.wants_restart else list(_stretches(course, progress, moments, reference))
        planned = sum(each.end - each.begin for each in stretches) + _of_running(progress)
        findings += _still_due(progress, progress.due_minutes - planned)
        bags, sessions, refused = _laid_out(stretches, course, progress, moments, reference)
        return Rest(plan, progress, bags, sessions, tuple(answered([*findings, *refused], dict(reasons))))


def _of_running(progress: Progress) -> int:
    """Minutes that the connected bag will still run until its planned take-down."""
    if progress.running is None or progress.other_dose or progress.wants_restart:
        return 0
    left = minutes_of(progress.running.take_down) - minutes_of(progress.at)
    return max(0, min(left, progress.due_minutes))


def _stretches(course: Course, progress: Progress, moments: OpenMoments, reference: Reference) -> Iterator[_Stretch]:
    """What is to run when, after the bag that hangs now; each change of the plan that is still to come keeps its time.

    A bag that is not made yet cannot begin before the unit has had a session and its lead time.
    """
    now = minutes_of(progress.at)
    opens = moments.earliest(now)
    ready = None if opens is None else opens + rules_of(reference).lead
    at = now + _of_running(progress)
    left = progress.due_minutes - (at - now)
    if not progress.begun:
        at = max(at, minutes_of(course.bags[1].start))  # never before the ordered start
    made = set(progress.usable)
    gone = {each.number for each in progress.unusable} | ({progress.running.bag.number} if progress.running else set())
    for bag in course.bags.values():
        end = minutes_of(bag.end)
        while left > 0 and at < end:
            own = bag.number if bag.number not in gone else None
            if own is None and at == now and progress.begun:
                own = next(iter(sorted(made - gone)), None)  # a bag that is made already stands in for the lost one
            if own in made and at > course.start_by(course.bags[own], *_made(own, progress)):
                gone |= {own}  # by then it may not be connected any more
                continue
            if own not in made:
                if ready is None:
                    return
                at = max(at, ready)
                if at >= end:
                    break
            runs = _longest(course, bag) if own is None else course.runs(course.bags[own])
            until = min(end, at + runs, at + left)
            yield _Stretch(at, until, bag.kind if own is None else course.bags[own].kind, own)
            gone |= set() if own is None else {own}
            left -= until - at
            at = until
    last = course.bags[max(course.bags)]
    at = max(at, ready or at)
    made_up_from = int(reference.site.make_up_from_h * MINUTES_PER_HOUR)
    while left > 0 and (left >= made_up_from or progress.new_bag):
        until = at + min(left, _longest(course, last))
        yield _Stretch(at, until, last.kind)
        left -= until - at
        at = until


def _made(number: int, progress: Progress) -> tuple[int, int | None]:
    """When a bag was prepared and taken out of the refrigerator."""
    made = progress.made[number]
    return made.prepared, made.out


def _longest(course: Course, bag: Bag) -> int:
    """Minutes of a whole bag of a bag's kind."""
    kind = course.reference.product.kinds[bag.kind.partition("@")[0]]
    return kind.hours * MINUTES_PER_HOUR


def _laid_out(
    stretches: Sequence[_Stretch],
    course: Course,
    progress: Progress,
    moments: OpenMoments,
    reference: Reference,
) -> tuple[tuple[Bag, ...], tuple[Session, ...], list[Finding]]:
    """The bags still to come with their sessions: those of the plan as they are, the others anew."""
    if not stretches:
        return (), (), []
    order = course.plan.order
    assert order is not None
    rules = rules_of(reference)
    recipes = {each.kind: _recipe(each.kind, course, progress, reference) for each in stretches}
    judged = [each for made in recipes.values() for each in made.findings if each.tier is not Tier.NOTE]
    if any(each.tier is Tier.REFUSE for each in judged):
        return (), (), judged
    to_make = [each for each in stretches if each.bag is None or each.bag not in progress.made]
    planned = [PlannedBag(each.begin, drawn(recipes[each.kind]), _wait(each, course)) for each in to_make]
    visits = best_grouping(planned, moments, rules) if planned else []
    # Sessions still to be held have numbers of their own, so that none is taken for one of the issued plan.
    first = max(course.sessions) + 1
    sessions = [(number, visit) for number, visit in enumerate(visits, first) for _bag in range(visit.bags)]
    session_of = {id(each): session for each, session in zip(to_make, sessions, strict=True)}
    following = max(course.bags) + 1
    bags: list[Bag] = []
    rate = None if progress.running is None else progress.running.bag.rate
    for each in stretches:
        number, visit = session_of.get(id(each), (0, None))
        prepared, out = (visit.at, None) if visit is not None else _made(each.bag or 0, progress)
        shown = each.bag if each.bag is not None else following
        following += each.bag is None
        bag = _bag(each, shown, (prepared, out), number, recipes[each.kind], course, reference)
        bags.append(bag.model_copy(update={"rate_changed": rate is not None and bag.rate != rate}))
        rate = bag.rate
    closed = tuple(bags[index].number for index, each in enumerate(stretches) if _is_closed(session_of.get(id(each))))
    late = tuple(bag.number for bag in bags if bag.session and bag.prepared < progress.at)
    of = max([*course.bags, *(bag.number for bag in bags)])
    bags = [bag.model_copy(update={"of": of}) for bag in bags]
    findings = judged + (
        [finding("unit-closed", actual=str(len(closed)), source="site", bags=closed)] if closed else []
    )
    findings += [finding("no-plan", reason="limits", bags=late)] if late else []
    return tuple(bags), make_sessions([bag for bag in bags if bag.session], reference), findings


def _is_closed(session: Any) -> bool:
    return session is not None and not session[1].is_open


def _moments(course: Course, progress: Progress, reference: Reference) -> OpenMoments:
    """The unit's open moments until long after the course, however late it has become."""
    assert course.plan.order is not None
    elapsed = max(0, minutes_of(progress.at) - minutes_of(course.plan.order.start)) // MINUTES_PER_HOUR
    return unit_moments(course.plan.order, course.minutes // MINUTES_PER_HOUR + elapsed, reference)


def _from(moments: OpenMoments, now: int) -> OpenMoments:
    """The open moments from now on."""
    pairs = [(max(first, now), last) for first, last in zip(moments.firsts, moments.lasts, strict=True) if last >= now]
    return OpenMoments(tuple(first for first, _ in pairs), tuple(last for _, last in pairs))


def _wait(stretch: _Stretch, course: Course) -> int:
    """Minutes from the session to the latest connection."""
    like = _like(stretch, course)
    return course.start_by(
        like.model_copy(update={"end": like.start.add(minutes=stretch.end - stretch.begin)}), 0, None
    )


def _like(stretch: _Stretch, course: Course) -> Bag:
    """A bag of the plan of the same kind."""
    name = stretch.kind.partition("@")[0]
    return next(bag for bag in course.bags.values() if bag.kind.partition("@")[0] == name)


def _recipe(kind: str, course: Course, progress: Progress, reference: Reference) -> Recipe:
    """The recipe of a kind at the dose in force: the plan's, or that of the prescriber's restart."""
    plan = course.plan
    assert plan.order is not None
    assert plan.bsa is not None
    assert plan.daily_dose is not None
    dose: Quantity = plan.daily_dose.micrograms
    if progress.restart is not None and progress.restart.dose_rate is not None:
        dose, _capped = daily_dose(progress.restart.dose_rate, plan.bsa.m2, reference.protocol.daily_cap)
    return make_recipe(reference.product.kinds[kind.partition("@")[0]], dose, plan.order, reference)


def _bag(
    stretch: _Stretch,
    number: int,
    made_at: tuple[int, int | None],
    session: int,
    made: Recipe,
    course: Course,
    reference: Reference,
) -> Bag:
    """One bag still to come."""
    order = course.plan.order
    assert order is not None
    assert made.total is not None
    assert made.measured is not None
    whole = stretch.end - stretch.begin == made.kind.hours * MINUTES_PER_HOUR
    runs = hours_of(stretch.end - stretch.begin)
    delivered = recipe.delivered_volume(made.kind.rate.quantity, runs)
    nothing = quantity(Decimal(0), "mL")
    like = _like(stretch, course).model_copy(
        update={"start": instant_of(stretch.begin), "end": instant_of(stretch.end)}
    )
    prepared, out = made_at
    start_by = course.start_by(like, prepared, out)
    down_by = course.down_by(like, prepared, out, stretch.begin)
    slack = min(start_by - stretch.begin, down_by - stretch.end)
    return like.model_copy(
        update={
            "number": number,
            "kind": made.kind.name if whole else f"{made.kind.name}@{_clock(stretch.end - stretch.begin)}",
            "start_local": local(like.start, order.zone),
            "end_local": local(like.end, order.zone),
            "runs": runs,
            "daily_dose": quantity(
                magnitude(made.to_deliver, "microgram") * 24 / made.kind.hours
                if made.to_deliver is not None
                else Decimal(0),
                "microgram/day",
            ),
            "to_deliver": made.to_deliver,
            "delivered": delivered,
            "drug_exact": made.exact,
            "drug": made.measured,
            "graduation": made.graduation,
            "total": made.total,
            "primed": nothing,
            "discarded": recipe.discarded_volume(made.total, delivered, nothing),
            "held": recipe.held(made.measured, reference.product.vial.strength.quantity),
            "concentration": made.concentration,
            "dose_delivered": made.dose_delivered,
            "deviation_percent": made.deviation,
            "prepared": instant_of(prepared),
            "prepared_local": local(instant_of(prepared), reference.site.zone),
            "start_by": instant_of(start_by),
            "down_by": instant_of(down_by),
            "slack": hours_of(slack),
            "session": session,
        }
    )


def _gap_findings(progress: Progress, reference: Reference) -> Iterator[Finding]:
    """Stops of four hours or more, gaps of more than seven days, and a restart that nobody has decided."""
    long = int(reference.limits.value("long_gap_h") * MINUTES_PER_HOUR)
    weeks = int(reference.limits.value("new_cycle_after_days") * 24 * MINUTES_PER_HOUR)
    source = reference.limits.shown("long_gap_h")
    for begin, end, reason in progress.gaps:
        minutes = minutes_of(end or progress.at) - minutes_of(begin)
        if minutes >= long:
            yield finding(
                "interrupted-4h",
                actual=_hours_words(minutes),
                limit=f"{plain(reference.limits.value('long_gap_h'))} h",
                source=source,
                begin=begin.format_iso(),
                cause=reason,
            )
        if minutes > weeks:
            yield finding(
                "gap-7d",
                actual=f"{minutes // (24 * MINUTES_PER_HOUR)} days",
                limit=f"{plain(reference.limits.value('new_cycle_after_days'))} days",
                source=reference.limits.shown("new_cycle_after_days"),
                begin=begin.format_iso(),
            )
    if progress.late:
        yield finding("past-limit", actual=str(len(progress.late)), bags=progress.late)
    if progress.wants_restart:
        yield finding("restart-dose", source=source, reason=progress.gaps[-1][2] if progress.gaps else "")


def _clock(minutes: int) -> str:
    """Minutes as "13" hours, or "13:47" with minutes."""
    hours, rest = divmod(minutes, MINUTES_PER_HOUR)
    return f"{hours}:{rest:02}" if rest else str(hours)


def _hours_words(minutes: int) -> str:
    """Minutes as "13 h" or "13 h 47 min"."""
    hours, rest = divmod(minutes, MINUTES_PER_HOUR)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def _still_due(progress: Progress, minutes: int) -> list[Finding]:
    """What no bag is laid out for."""
    if minutes <= 0 or progress.wants_restart:
        return []
    return [finding("still-due", actual=_hours_words(minutes))]


def rest_json(rest: Rest) -> dict[str, Any]:
    """`dosing-app replan --json` (cli.md)."""
    progress = rest.progress
    issued = rest.plan.as_json()
    content: dict[str, Any] = {
        "schema": SCHEMA,
        "complete": not any(each.holds_back for each in rest.findings),
        **{key: issued[key] for key in ("order", "bsa", "daily_dose", "course", "versions") if key in issued},
        "at_utc": progress.at.format_iso(),
        "infused_h": _hours(progress.infused_minutes),
        "waived_h": _hours(progress.waived_minutes),
        "due_h": _hours(progress.due_minutes),
        "over_h": _hours(progress.over_minutes),
        "given_micrograms": plain(progress.given_micrograms),
        "running_bag": _running_json(progress),
        "usable_bags": list(progress.usable),
        "unusable_bags": [{"bag": each.number, "reason": each.reason} for each in progress.unusable],
        "bags": [bag.model_dump(mode="json", by_alias=True) for bag in rest.bags],
        "sessions": [session.model_dump(mode="json", by_alias=True) for session in rest.sessions],
        "findings": [each.model_dump(mode="json") for each in rest.findings],
    }
    return content


def _hours(minutes: int) -> str:
    return plain(magnitude(hours_of(minutes), "h"))


def _running_json(progress: Progress) -> dict[str, Any] | None:
    if progress.running is None:
        return None
    running = progress.running
    return {
        "bag": running.bag.number,
        "kind": running.bag.kind,
        "rate_ml_per_h": plain(magnitude(running.bag.rate, "mL/h")),
        "connected_utc": running.connected.format_iso(),
        "take_down_utc": running.take_down.format_iso(),
        "down_by_utc": running.down_by.format_iso(),
        "interrupted_since_utc": running.interrupted_since.format_iso() if running.interrupted_since else None,
        "total_ml": plain(running.ledger.total),
        "primed_ml": plain(running.ledger.primed),
        "infused_ml": plain(running.ledger.infused),
        "to_be_infused_ml": plain(running.ledger.to_be_infused),
        "discarded_ml": plain(running.ledger.discarded),
        "in_bag_ml": plain(running.ledger.in_bag),
    }
