"""The bags and sessions still to come: those that are planned at their times, and new ones for what they leave."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from dosing_app.core import recipe
from dosing_app.core.clock import MINUTES_PER_HOUR, instant_of, minutes_of
from dosing_app.core.findings import Finding, Tier, finding
from dosing_app.core.quantities import quantity
from dosing_app.core.sessions import OpenMoments, PlannedBag, best_grouping
from dosing_app.course.bags import hours_of, make_sessions
from dosing_app.course.happened import SAME_DOSE, daily_dose_of, dose_rate_at
from dosing_app.course.in_force import Planned, stands_in_until
from dosing_app.course.kinds import Recipe, make_recipe, primed
from dosing_app.course.plan import Bag, Session
from dosing_app.course.progress import Progress, is_in_force
from dosing_app.course.times import drawn, local, rules_of, unit_moments
from dosing_app.reference.bundle import Reference


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one minute to another one bag is to run: a bag of the plan, or a new one of a kind."""

    begin: int
    end: int
    kind: str
    dose: Decimal  # [microgram/day]
    bag: int | None = None


def of_running(progress: Progress) -> int:
    """Minutes that the connected bag will still run until its planned take-down."""
    if progress.running is None or progress.running.other_dose or progress.wants_restart:
        return 0
    left = minutes_of(progress.running.take_down) - minutes_of(progress.at)
    return max(0, min(left, progress.due_minutes))


def stretches_of(
    progress: Progress, moments: OpenMoments, reference: Reference
) -> tuple[list[Stretch], tuple[int, ...]]:
    """What is to run when, after the bag that hangs now; and the prepared bags that cannot wait until their time.

    Each change that is still to come keeps its time, but no bag runs longer than its hours: where one comes down
    earlier, the next that may be connected then begins at once. A bag that is not made yet cannot begin before the unit
    has had a session and its lead time. No bag runs across the step of a restart.
    """
    if progress.wants_restart:
        return [], ()
    cannot_wait: set[int] = set()
    stretches = list(_stretches(progress, moments, reference, cannot_wait))
    return stretches, tuple(sorted(cannot_wait))


def _stretches(  # noqa: C901, PLR0915 - one bag after another, each rule once
    progress: Progress, moments: OpenMoments, reference: Reference, cannot_wait: set[int]
) -> Iterator[Stretch]:
    now, bags = minutes_of(progress.at), _by_time(progress)
    ready = earliest(progress, moments, reference)
    made_up_from = int(reference.site.make_up_from_h * MINUTES_PER_HOUR)
    at = now + of_running(progress)
    left = progress.due_minutes - (at - now)
    follows = at > now  # something runs until then
    if not progress.begun:
        at = max(at, bags[0].begin)  # never before the ordered start
    made = set(progress.usable)
    gone = {each.number for each in progress.unusable if is_in_force(each, progress)}
    gone |= {progress.running.bag.number} if progress.running else set()
    doses = _Doses(progress, reference)
    in_own_place = _in_own_place(progress)
    # A bag that hung earlier, in another's place, leaves its own time to be filled; a revision has filled it already.
    for bag in (each for each in bags if each.number not in progress.hung_before):
        over = bag.number in in_own_place  # its hours are: what is left of its time is nobody's
        while left > 0 and at < bag.end:
            own = bag.number if bag.number not in gone else None
            if over and (follows or _stand_in(made - gone, at, progress, doses) is not None):
                break  # the next begins at once
            if own in made and not doses.fits(progress.planned[own], at):
                own = None
            if own not in made and progress.begun and (ready is None or at < ready):
                own = _stand_in(made - gone, at, progress, doses) or own
            if own in made and at > progress.planned[own].start_by(*_made(own, progress)):
                gone |= {own}  # by then it may not be connected any more
                cannot_wait |= {own} if at != minutes_of(progress.bags[own].start) else set()
                continue
            if own not in made:
                if ready is None:
                    return
                at = max(at, ready)
                # No new bag of its own accord for so little of a change's time: it stays due.
                if at >= bag.end or (progress.begun and at > bag.begin and bag.end - at < made_up_from):
                    break
            runs = _longest(bag.bag, reference) if own is None else progress.planned[own].runs
            like = bag if own is None else progress.planned[own]
            until = min([bag.end, at + runs, at + left, *doses.steps_after(at)])
            if own in made:
                until = min(until, like.down_by(*_made(own, progress), at))
            doses.runs_from(at)
            yield Stretch(at, until, like.bag.kind, doses.of(like, at, made=own in made), own)
            gone |= set() if own is None else {own}
            over = own == bag.number and until not in doses.steps_after(at)
            follows = True
            left -= until - at
            at = until
    last, decided = bags[-1], progress.new_bag
    at = max(at, ready or at)
    while left > 0 and ready is not None and (left >= made_up_from or decided):
        most = min(left, decided or left, _longest(last.bag, reference))
        until = min([at + most, *doses.steps_after(at)])
        doses.runs_from(at)
        yield Stretch(at, until, last.bag.kind, doses.of(last, at, made=False))
        decided = max(0, decided - (until - at))
        left -= until - at
        at = until


def _in_own_place(progress: Progress) -> set[int]:
    """Bags that were connected in their own place, early or late; not those that stood in for an earlier one."""
    hung = {number: minutes_of(moment) for number, moment in progress.hung.items()}
    bags = progress.planned
    return {number for number, at in hung.items() if stands_in_until(bags[number], at, bags.values(), hung) is None}


def _stand_in(made: Collection[int], at: int, progress: Progress, doses: "_Doses") -> int | None:
    """A bag that is made already, before another can be: of the dose of that time and within its limit."""
    for number in sorted(made):
        planned = progress.planned[number]
        if doses.fits(planned, at) and at <= planned.start_by(*_made(number, progress)):
            return number
    return None


def earliest(progress: Progress, moments: OpenMoments, reference: Reference) -> int | None:
    """The earliest minute at which a bag that is not made yet could be connected; None if the unit opens no more."""
    opens = moments.earliest(minutes_of(progress.at))
    return None if opens is None else opens + rules_of(reference).lead


def _by_time(progress: Progress) -> list[Planned]:
    """The bags in force in the order in which they are to run."""
    return sorted(progress.planned.values(), key=lambda each: (each.begin, each.number))


class _Doses:
    """The dose that a bag is to have: its own, or that of a prescriber's restart at its time."""

    def __init__(self, progress: Progress, reference: Reference) -> None:
        """Of a course; a restart that nothing ran after yet counts from the first bag that is asked about."""
        self._restart, self._reference = progress.restart, reference
        self._begin = None if progress.restarted is None else minutes_of(progress.restarted)
        self._decided_in = progress.restart_of

    def steps_after(self, at: int) -> list[int]:
        """The moment at which a restart's dose changes, if it is still to come."""
        if self._restart is None or self._restart.then is None:
            return []
        step = self._begun(at) + self._restart.then.after_days * 24 * MINUTES_PER_HOUR
        return [step] if step > at else []

    def _begun(self, at: int) -> int:
        return at if self._begin is None else self._begin

    def runs_from(self, at: int) -> None:
        """A bag runs then, the first after the restart or a later one."""
        self._begin = self._begun(at)

    def fits(self, made: Planned, at: int) -> bool:
        """Whether a bag that is made already has the dose of that time."""
        wanted = self.of(made, at, made=False)
        return abs(made.daily_dose - wanted) <= wanted * SAME_DOSE

    def of(self, like: Planned, at: int, *, made: bool) -> Decimal:
        """The daily dose of a bag that begins then. [microgram/day]"""
        if self._restart is None or made or like.revision > self._decided_in:
            return like.daily_dose
        return daily_dose_of(dose_rate_at(self._restart, at - self._begun(at)), like.area, self._reference)


def _made(number: int, progress: Progress) -> tuple[int, int | None]:
    """When a bag was prepared and taken out of the refrigerator."""
    made = progress.made[number]
    return made.prepared, made.out


def _longest(bag: Bag, reference: Reference) -> int:
    """Minutes of a whole bag of a bag's kind."""
    return reference.product.kinds[bag.kind.partition("@")[0]].hours * MINUTES_PER_HOUR


def laid_out(
    stretches: Sequence[Stretch], progress: Progress, moments: OpenMoments, reference: Reference
) -> tuple[tuple[Bag, ...], tuple[Session, ...], list[Finding]]:
    """The bags still to come with their sessions: those of the plan as they are, the others anew."""
    if not stretches:
        return (), (), []
    order = progress.plan.order
    assert order is not None
    rules = rules_of(reference)
    recipes = {
        (each.kind, each.dose): make_recipe(
            reference.product.kinds[each.kind.partition("@")[0]], quantity(each.dose, "microgram/day"), order, reference
        )
        for each in stretches
    }
    judged = [each for made in recipes.values() for each in made.findings if each.tier is not Tier.NOTE]
    if any(each.tier is Tier.REFUSE for each in judged):
        return (), (), judged
    to_make = [each for each in stretches if each.bag is None or each.bag not in progress.made]
    planned = [
        PlannedBag(each.begin, drawn(recipes[each.kind, each.dose]), _as_planned(each, progress).start_by(0, None))
        for each in to_make
    ]
    visits = best_grouping(planned, moments, rules) if planned else []
    # Sessions still to be held have numbers of their own, so that none is taken for one of an issued plan.
    first = _last_session(progress) + 1
    sessions = [(number, visit) for number, visit in enumerate(visits, first) for _bag in range(visit.bags)]
    session_of = {id(each): session for each, session in zip(to_make, sessions, strict=True)}
    following = max(progress.bags) + 1
    bags: list[Bag] = []
    rate = None if progress.running is None else progress.running.bag.rate
    for each in stretches:
        number, visit = session_of.get(id(each), (0, None))
        prepared, out = (visit.at, None) if visit is not None else _made(each.bag or 0, progress)
        shown = each.bag if each.bag is not None else following
        following += each.bag is None
        recipe_of = recipes[each.kind, each.dose]
        bag = _bag(each, shown, (prepared, out), number, recipe_of, progress, reference)
        bags.append(bag.model_copy(update={"rate_changed": rate is not None and bag.rate != rate}))
        rate = bag.rate
    closed = tuple(bags[index].number for index, each in enumerate(stretches) if _is_closed(session_of.get(id(each))))
    late = tuple(bag.number for bag in bags if bag.session and bag.prepared < progress.at)
    of = max([*progress.bags, *(bag.number for bag in bags)])
    bags = [bag.model_copy(update={"of": of}) for bag in bags]
    findings = judged + (
        [finding("unit-closed", actual=str(len(closed)), source="site", bags=closed)] if closed else []
    )
    findings += [finding("no-plan", reason="limits", bags=late)] if late else []
    bags = _with_planned_sessions(bags, progress)
    return tuple(bags), make_sessions([bag for bag in bags if bag.session], reference), findings


def _with_planned_sessions(bags: Sequence[Bag], progress: Progress) -> list[Bag]:
    """A session that is to be held as it is planned, for the very same bags, keeps its number."""
    planned = {session.bags: session for session in progress.plan.sessions or ()}
    numbers: dict[int, int] = {}
    for new in dict.fromkeys(bag.session for bag in bags if bag.session):
        of_session = [bag for bag in bags if bag.session == new]
        own = planned.get(tuple(bag.number for bag in of_session))
        if own is not None and all(_is_as_planned(bag, progress.bags[bag.number]) for bag in of_session):
            numbers[new] = own.number
    return [bag.model_copy(update={"session": numbers.get(bag.session, bag.session)}) for bag in bags]


def _is_as_planned(bag: Bag, planned: Bag) -> bool:
    same = (bag.kind, bag.start, bag.end, bag.prepared) == (
        *(planned.kind, planned.start, planned.end, planned.prepared),
    )
    return same and bag.daily_dose == planned.daily_dose


def _last_session(progress: Progress) -> int:
    """The highest number of a session until now."""
    numbers = [session.number for session in progress.plan.sessions or ()]
    return max([*numbers, *(bag.session for bag in progress.bags.values())])


def _is_closed(session: Any) -> bool:
    return session is not None and not session[1].is_open


def moments_of(progress: Progress, reference: Reference) -> OpenMoments:
    """The unit's open moments until long after the course, however late it has become."""
    order = progress.plan.order
    assert order is not None
    elapsed = max(0, minutes_of(progress.at) - minutes_of(order.start)) // MINUTES_PER_HOUR
    return unit_moments(order, progress.course_minutes // MINUTES_PER_HOUR + elapsed, reference)


def from_now(moments: OpenMoments, now: int) -> OpenMoments:
    """The open moments from now on."""
    pairs = [(max(first, now), last) for first, last in zip(moments.firsts, moments.lasts, strict=True) if last >= now]
    return OpenMoments(tuple(first for first, _ in pairs), tuple(last for _, last in pairs))


def _as_planned(stretch: Stretch, progress: Progress) -> Planned:
    """A bag of the plan of the same kind, at the times of a stretch."""
    name = stretch.kind.partition("@")[0]
    like = next(each for each in progress.planned.values() if each.bag.kind.partition("@")[0] == name)
    if stretch.bag is not None:
        like = progress.planned[stretch.bag]
    return replace(like, begin=stretch.begin, end=stretch.end)


def _bag(
    stretch: Stretch,
    number: int,
    made_at: tuple[int, int | None],
    session: int,
    made: Recipe,
    progress: Progress,
    reference: Reference,
) -> Bag:
    """One bag still to come; one that is made already is as it was made, with the times at which it is to run."""
    order = progress.plan.order
    assert order is not None
    planned = _as_planned(stretch, progress)
    prepared, out = made_at
    start_by = planned.start_by(prepared, out)
    down_by = planned.down_by(prepared, out, stretch.begin)
    whole = stretch.end - stretch.begin == made.kind.hours * MINUTES_PER_HOUR
    runs = hours_of(stretch.end - stretch.begin)
    delivered = recipe.delivered_volume(made.kind.rate.quantity, runs)
    times: dict[str, Any] = {
        "number": number,
        "kind": made.kind.name if whole else f"{made.kind.name}@{_clock(stretch.end - stretch.begin)}",
        "start": instant_of(stretch.begin),
        "end": instant_of(stretch.end),
        "start_local": local(instant_of(stretch.begin), order.zone),
        "end_local": local(instant_of(stretch.end), order.zone),
        "runs": runs,
        "delivered": delivered,
        "prepared": instant_of(prepared),
        "prepared_local": local(instant_of(prepared), reference.site.zone),
        "start_by": instant_of(start_by),
        "down_by": instant_of(down_by),
        "slack": hours_of(min(start_by - stretch.begin, down_by - stretch.end)),
        "session": session,
    }
    if not session:
        bag = planned.bag
        discarded = recipe.discarded_volume(bag.total, delivered, bag.primed)
        return bag.model_copy(update={**times, "discarded": discarded})
    assert made.total is not None
    assert made.measured is not None
    nothing = quantity(Decimal(0), "mL")
    primes = primed(reference) if not progress.begun and stretch.begin == _by_time(progress)[0].begin else nothing
    return planned.bag.model_copy(
        update={
            **times,
            "daily_dose": quantity(stretch.dose, "microgram/day"),
            "to_deliver": made.to_deliver,
            "drug_exact": made.exact,
            "drug": made.measured,
            "graduation": made.graduation,
            "total": made.total,
            "primed": primes,
            "discarded": recipe.discarded_volume(made.total, delivered, primes),
            "held": recipe.held(made.measured, reference.product.vial.strength.quantity),
            "concentration": made.concentration,
            "dose_delivered": made.dose_delivered,
            "deviation_percent": made.deviation,
        }
    )


def _clock(minutes: int) -> str:
    """Minutes as "13" hours, or "13:47" with minutes."""
    hours, rest = divmod(minutes, MINUTES_PER_HOUR)
    return f"{hours}:{rest:02}" if rest else str(hours)
