"""The schedule of a course, row by row: what is planned, what really happened, and what is still to come."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from whenever import Instant

from dosing_app.core.quantities import Quantity, magnitude
from dosing_app.course.order import Order
from dosing_app.course.plan import Bag, Plan
from dosing_app.course.progress import Unusable, is_in_force
from dosing_app.course.replan import Rest
from dosing_app.course.times import off_hours_among
from dosing_app.reference.bundle import Reference

PLANNED, PREPARED, RUNNING, INTERRUPTED, DONE = "planned", "prepared", "running", "interrupted", "done"
NOT_NEEDED = "not-needed"  # prepared and usable, but nothing is due for it any more
# Every state that a row can have; the last five say that the bag is not to be connected.
STATES = (
    *(PLANNED, PREPARED, RUNNING, INTERRUPTED, DONE),
    *("lost", "superseded", "past-limit", "other-dose", NOT_NEEDED),
)
_INFUSED = {PLANNED, PREPARED, RUNNING, INTERRUPTED, DONE}
# Taken out too early, a bag is past the limit of its time at room temperature.
_STATE_OF_REASON = {"out-of-refrigerator": "past-limit"}


@dataclass(frozen=True, slots=True)
class Row:
    """One bag of the schedule.

    Attributes:
        bag: as planned, or as laid out anew.
        state: one of `STATES`.
        connected: when it really was connected.
        down: when it really came down.
        off_hours: whether its change falls off hours; never of the first bag, nor of one that is not connected.
        rate_before: the rate of the bag before, where this bag's is another. [mL/h]
        day: calendar day of the course at the bed on which it is connected; the first is day 1.
        new: laid out anew and not issued yet: a draft.
    """

    bag: Bag
    state: str
    connected: Instant | None = None
    down: Instant | None = None
    off_hours: bool = False
    rate_before: Quantity | None = None
    day: int = 1
    new: bool = False

    @property
    def begins(self) -> Instant:
        """When it was connected; as long as it was not, when it is to be."""
        return self.connected or self.bag.start

    @property
    def infuses(self) -> bool:
        """Whether it ran, runs or is to run; the others must not be connected."""
        return self.state in _INFUSED


def planned_rows(plan: Plan, reference: Reference) -> tuple[Row, ...]:
    """The rows of a plan before anything happened.

    Args:
        plan: with bags.
        reference: the site's hours.
    """
    assert plan.order is not None
    return _finished([Row(bag, PLANNED) for bag in plan.bags or ()], plan.order, reference)


def rows_of(rest: Rest, reference: Reference) -> tuple[Row, ...]:
    """The rows of a course with what happened, then the bags still to come, in the order of their times.

    Args:
        rest: where the course stands.
        reference: the site's hours.
    """
    assert rest.plan.order is not None
    rows = [*_hung(rest), *_not_to_be_connected(rest), *_to_come(rest)]
    return _finished(sorted(rows, key=lambda row: (row.begins, row.bag.number)), rest.plan.order, reference)


def _unusable_bag(each: Unusable, rest: Rest) -> Bag:
    """A bag as its own revision made it."""
    if is_in_force(each, rest.progress):
        return rest.progress.bags[each.number]
    own = next(plan for plan in rest.plans if plan.issue is not None and plan.issue.revision == each.revision)
    return next(bag for bag in own.bags or () if bag.number == each.number)


def _hung(rest: Rest) -> Iterator[Row]:
    """Bags that hang or hung, with their real times."""
    progress, bags = rest.progress, rest.progress.bags
    for number, connected in progress.hung.items():
        down = progress.down.get(number)
        state = DONE if down is not None else RUNNING
        if progress.running is not None and progress.running.bag.number == number:
            state = RUNNING if progress.running.interrupted_since is None else INTERRUPTED
        yield Row(bags[number], state, connected, down)


def _not_to_be_connected(rest: Rest) -> Iterator[Row]:
    """Bags that were made or lost and are not to be connected, each with its reason."""
    progress, bags = rest.progress, rest.progress.bags
    for each in progress.unusable:
        if each.number in progress.hung and is_in_force(each, progress):
            continue  # it has its row, with the times at which it ran
        yield Row(_unusable_bag(each, rest), _STATE_OF_REASON.get(each.reason, each.reason))
    coming = {bag.number for bag in rest.bags}
    for number in progress.usable:
        if number not in coming:
            yield Row(bags[number], NOT_NEEDED)


def _to_come(rest: Rest) -> Iterator[Row]:
    """Bags still to come; one with a number that no issued plan has is a draft."""
    made, bags = set(rest.progress.usable), rest.progress.bags
    for bag in rest.bags:
        yield Row(bag, PREPARED if bag.number in made else PLANNED, new=bag.number not in bags)


def _finished(rows: Sequence[Row], order: Order, reference: Reference) -> tuple[Row, ...]:
    """The rows with the day of the course, the mark for off hours and the rate before."""
    infused = [row for row in rows if row.infuses]
    if not rows:
        return ()
    first = (infused or list(rows))[0].begins.to_tz(order.zone).date()
    moments = [row.begins for row in infused[1:]]
    off = {id(infused[1:][index]) for index in off_hours_among(moments, order, reference)}
    finished, rate = [], None
    for row in rows:
        day = int(row.begins.to_tz(order.zone).date().since(first, total="days")) + 1
        before = None
        if row.infuses:
            own = magnitude(row.bag.rate, "mL/h")
            before = rate if rate is not None and magnitude(rate, "mL/h") != own else None
            rate = row.bag.rate
        finished.append(replace(row, off_hours=id(row) in off, rate_before=before, day=day))
    return tuple(finished)
