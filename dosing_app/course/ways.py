"""What may be decided about the rest: hours still due, how an interrupted bag could go on, what a new weight gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from whenever import Instant

from dosing_app.core.bsa import body_surface_area
from dosing_app.core.clock import MINUTES_PER_HOUR, instant_of, minutes_of
from dosing_app.core.dose import daily_dose
from dosing_app.core.quantities import exact_arithmetic, magnitude
from dosing_app.course.growth import growth_day, weight_moves
from dosing_app.course.order import PreviousWeight
from dosing_app.course.plan import Bag
from dosing_app.course.progress import Progress
from dosing_app.reference.bundle import Reference

WAIVE, RUN_ON, NEW_BAG = "waive", "run-on", "new-bag"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to deal with what is still due and no bag is laid out for: its figures, never its choice.

    Attributes:
        what: as the log's `decision` names it.
        minutes: of the remainder that it takes.
        begin: when it would begin; None of a waiver.
        end: when the infusion would end by it; None of a waiver.
        whole: whether it takes all of the remainder.
        now: whether it can be decided now; running on is decided while the last bag hangs.
        why_not: why it takes nothing: no-bag (none hangs or is to come), limit, volume, no-session, refused (none can
            be made for its dose); "" where it does.
    """

    what: str
    minutes: int
    begin: Instant | None
    end: Instant | None
    whole: bool
    now: bool
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Resume:
    """What resuming the interrupted bag now would mean. Volumes in mL.

    Attributes:
        bag: its number.
        since: when it was interrupted.
        stopped_minutes: so long ago.
        delivered: what it was to give when it was planned.
        infused: what it gave.
        left: delivered less infused: never the full volume again.
        take_down: when it would come down, later changes keeping their times.
        to_be_infused: until then.
        sliding_take_down: when it would come down, later changes moved by the stop.
        sliding_to_be_infused: until then.
        down_by: its limit.
        allowed: whether it may run at all, by its limit and its time.
        whole_allowed: whether it may run until all that is left is infused.
    """

    bag: int
    since: Instant
    stopped_minutes: int
    delivered: Decimal
    infused: Decimal
    left: Decimal
    take_down: Instant
    to_be_infused: Decimal
    sliding_take_down: Instant
    sliding_to_be_infused: Decimal
    down_by: Instant
    allowed: bool
    whole_allowed: bool


@dataclass(frozen=True, slots=True)
class NewWeight:
    """What the last re-weighing would give; it changes nothing.

    Attributes:
        at: when the infant was weighed.
        weight: [kg]
        length: measured with it, else that of the order. [cm]
        length_measured: whether it was.
        area: body-surface area by the formula of the order. [m²]
        would_give: daily dose of that area at the ordered dose rate. [microgram/day]
        ordered: the daily dose that is ordered. [microgram/day]
        percent: how far the one lies from the other.
        z_moved: by how much weight-for-age moved since the order's weight; None where the tables have no row, or the
            weights are too far apart in time.
        tell: whether the prescriber is to be told: more than growth explains, or a loss.
    """

    at: Instant
    weight: Decimal
    length: Decimal
    length_measured: bool
    area: Decimal
    would_give: Decimal
    ordered: Decimal
    percent: Decimal
    z_moved: Decimal | None
    tell: bool


def ways_of(
    progress: Progress, left: int, bags: Sequence[Bag], ready: int | None, *, can_be_made: bool
) -> tuple[Way, ...]:
    """The ways to deal with a remainder; none where nothing is left or a prescriber comes first.

    Args:
        progress: where the course stands.
        left: minutes that are due and that no bag is laid out for.
        bags: still to come.
        ready: the earliest minute at which a new bag could be connected; None if the unit opens no more.
        can_be_made: whether no finding refuses every bag that would be laid out.
    """
    if left <= 0 or progress.wants_restart or not progress.begun:
        return ()
    waive = Way(WAIVE, left, None, None, whole=True, now=True)
    return waive, _run_on(progress, left, bags), _new_bag(progress, left, bags, ready, can_be_made=can_be_made)


def _run_on(progress: Progress, left: int, bags: Sequence[Bag]) -> Way:
    """The last bag runs on, within its limit and what it holds."""
    if bags:
        last = bags[-1]
        begin, rate = minutes_of(last.end), magnitude(last.rate, "mL/h")
        spare = magnitude(last.total, "mL") - magnitude(last.primed, "mL") - magnitude(last.delivered, "mL")
        by_limit, by_volume = minutes_of(last.down_by) - begin, int(spare * MINUTES_PER_HOUR // rate)
        most, why_not = max(0, min(by_limit, by_volume)), "limit" if by_limit <= 0 else "volume"
    elif progress.running is not None:
        begin = minutes_of(progress.running.take_down)
        most = progress.runs_on
        why_not = "limit" if begin >= minutes_of(progress.running.down_by) else "volume"
    else:
        begin, most, why_not = 0, 0, "no-bag"
    if not most:
        return Way(RUN_ON, 0, None, None, whole=False, now=False, why_not=why_not)
    minutes = min(left, most)
    return Way(RUN_ON, minutes, instant_of(begin), instant_of(begin + minutes), whole=minutes == left, now=not bags)


def _new_bag(progress: Progress, left: int, bags: Sequence[Bag], ready: int | None, *, can_be_made: bool) -> Way:
    """A new bag follows the last one, once it can be made."""
    if ready is None or not can_be_made:
        why_not = "no-session" if can_be_made else "refused"
        return Way(NEW_BAG, 0, None, None, whole=False, now=False, why_not=why_not)
    ends = bags[-1].end if bags else progress.running.take_down if progress.running else progress.at
    begin = max(ready, minutes_of(ends))
    return Way(NEW_BAG, left, instant_of(begin), instant_of(begin + left), whole=True, now=True)


def may_resume(progress: Progress) -> bool:
    """Whether a bag hangs, stands still, and may go on without a prescriber's word."""
    running = progress.running
    if running is None or running.interrupted_since is None:
        return False
    return not progress.wants_restart and not running.other_dose


def resume_of(progress: Progress) -> Resume | None:
    """What resuming now would mean; None where nothing stands still or a prescriber comes first."""
    running = progress.running
    if running is None or running.interrupted_since is None or not may_resume(progress):
        return None
    now, down_by = minutes_of(progress.at), minutes_of(running.down_by)
    stopped = now - minutes_of(running.interrupted_since)
    rate = magnitude(running.bag.rate, "mL/h")
    delivered, ledger = magnitude(running.bag.delivered, "mL"), running.ledger
    take_down = minutes_of(running.take_down)
    slid = min(take_down + stopped, down_by)
    sliding = min(ledger.in_bag, rate * max(0, slid - now) / MINUTES_PER_HOUR)
    left = max(Decimal(0), delivered - ledger.infused)
    return Resume(
        bag=running.bag.number,
        since=running.interrupted_since,
        stopped_minutes=stopped,
        delivered=delivered,
        infused=ledger.infused,
        left=left,
        take_down=running.take_down,
        to_be_infused=ledger.to_be_infused,
        sliding_take_down=instant_of(slid),
        sliding_to_be_infused=sliding,
        down_by=running.down_by,
        allowed=now < down_by,
        whole_allowed=left <= rate * max(0, down_by - now) / MINUTES_PER_HOUR,
    )


def new_weight_of(progress: Progress, reference: Reference) -> NewWeight | None:
    """What the last re-weighing would give beside the unchanged ordered dose. Source: domain.md section 7 [J]."""
    measured, plan = progress.measured, progress.plan
    order, ordered = plan.order, plan.daily_dose
    if measured is None or order is None or ordered is None:
        return None
    length = order.length if measured.length is None else measured.length
    area = body_surface_area(order.formula, measured.weight, length)
    dose, _capped = daily_dose(ordered.dose_rate, area, ordered.cap)
    before, now = magnitude(order.weight, "kg"), magnitude(measured.weight, "kg")
    then, day = growth_day(order), measured.at.to_tz(order.zone).date()
    apart = int(day.since(then, total="days"))
    moves: list[Decimal] = []
    if 0 <= apart <= reference.limits.value("weight_change_within_days"):
        earlier = order.model_copy(update={"previous": PreviousWeight(weight=order.weight, measured=then)})
        moves = weight_moves(earlier, before, now, day, reference)
    with exact_arithmetic():
        lost = (before - now) / before * 100
        percent = (magnitude(dose, "microgram/day") / magnitude(ordered.micrograms, "microgram/day") - 1) * 100
    moved = max(moves, key=abs, default=None)
    beyond = moved is not None and abs(moved) > reference.limits.value("weight_change_z")
    return NewWeight(
        at=measured.at,
        weight=now,
        length=magnitude(length, "cm"),
        length_measured=measured.length is not None,
        area=magnitude(area, "m^2"),
        would_give=magnitude(dose, "microgram/day"),
        ordered=magnitude(ordered.micrograms, "microgram/day"),
        percent=percent,
        z_moved=moved,
        tell=beyond or lost > reference.limits.value("weight_loss_percent"),
    )
