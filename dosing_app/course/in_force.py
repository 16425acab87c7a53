"""Which bags are in force: those of the first revision, and those that each later one put in their place."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from dosing_app.core.clock import MINUTES_PER_HOUR, minutes_of
from dosing_app.core.quantities import exact_arithmetic, magnitude
from dosing_app.course.plan import Bag, Plan
from dosing_app.reference.bundle import Reference
from dosing_app.reference.product import BagKind
from dosing_app.reference.source import BadFile, in_unit

_KEPT = 16  # plans whose figures are kept at hand


@dataclass(frozen=True, slots=True)
class Planned:
    """A bag in force, with what a log is gone through with: minutes since 1970, mL, micrograms.

    Attributes:
        bag: as it was issued.
        revision: that made it; 0 of a plan that was not issued.
        begin: when it is to be connected.
        end: when it is to come down.
        rate: of the pump. [mL/h]
        holds: what it can give, total less primed. [mL]
        concentration: [microgram/mL]
        daily_dose: [microgram/day]
        area: body-surface area that the dose was worked out with. [m²]
        at_room: minutes at room temperature, infusion included.
        keeps: minutes in the refrigerator.
        infusion_included: whether these include the infusion.
        within: minutes of the site from preparation to connection; None for the product's own limit.
        least: minutes for which a bag that was taken out of the refrigerator too early is still worth hanging.
    """

    bag: Bag
    revision: int
    begin: int
    end: int
    rate: Decimal
    holds: Decimal
    concentration: Decimal
    daily_dose: Decimal
    area: Decimal
    at_room: int
    keeps: int
    infusion_included: bool
    within: int | None
    least: int

    @property
    def number(self) -> int:
        """Of the bag."""
        return self.bag.number

    @property
    def runs(self) -> int:
        """Minutes that it is planned to run."""
        return self.end - self.begin

    def start_by(self, prepared: int, out: int | None) -> int:
        """The latest minute at which it may be connected: to run its hours, or fewer once it is out too early."""
        latest = self.keeps - (self.runs if self.infusion_included else 0)
        latest = prepared + (latest if self.within is None else min(latest, self.within))
        return latest if out is None else min(latest, out + self.at_room - min(self.runs, self.least))

    def down_by(self, prepared: int, out: int | None, hung: int) -> int:
        """The latest minute at which it may still be running."""
        limit = min(hung, hung if out is None else out) + self.at_room
        return min(limit, prepared + self.keeps) if self.infusion_included else limit


@dataclass(frozen=True, slots=True)
class Revision:
    """A plan with its bags by number.

    Attributes:
        plan: as it was issued.
        number: of the revision; 0 of a plan that was not issued.
        issued: minute at which it was; None of one that was not.
        from_bag: the first bag that it stands for.
        kept: bags made under an earlier revision that it goes on with.
        superseded: bags of earlier revisions that it takes back: revision and number.
        bags: all of it.
        sessions: bags of each.
        minutes: that the course is to be infused.
    """

    plan: Plan
    number: int
    issued: int | None
    from_bag: int
    kept: frozenset[int]
    superseded: frozenset[tuple[int, int]]
    bags: Mapping[int, Planned]
    sessions: Mapping[int, tuple[int, ...]]
    minutes: int


_known: dict[tuple[int, int], tuple[Plan, Reference, Revision]] = {}


def revisions_of(plans: Sequence[Plan], reference: Reference) -> tuple[Revision, ...]:
    """The revisions of a course by their numbers; a plan that was not issued stands for itself.

    Args:
        plans: at least one, with bags.
        reference: product data and site.
    """
    assert plans
    return tuple(sorted((_revision(plan, reference) for plan in plans), key=lambda each: each.number))


def _revision(plan: Plan, reference: Reference) -> Revision:
    """A plan with its bags by number; worked out once for a plan, since a log is gone through many times."""
    key = (id(plan), id(reference))
    found = _known.get(key)
    if found is None:
        if len(_known) >= _KEPT:
            _known.pop(next(iter(_known)))
        found = _known[key] = (plan, reference, _worked_out(plan, reference))
    return found[2]


def _worked_out(plan: Plan, reference: Reference) -> Revision:
    assert plan.bags
    assert plan.sessions is not None
    assert plan.course is not None
    issue = plan.issue
    number = 0 if issue is None else issue.revision
    return Revision(
        plan=plan,
        number=number,
        issued=None if issue is None else minutes_of(issue.issued_at),
        from_bag=1 if issue is None else issue.from_bag,
        kept=frozenset(issue.kept or ()) if issue is not None else frozenset(),
        superseded=frozenset((each.revision, each.number) for each in issue.superseded) if issue else frozenset(),
        bags={bag.number: planned_of(bag, plan, number, reference) for bag in plan.bags},
        sessions={session.number: session.bags for session in plan.sessions},
        minutes=int(magnitude(plan.course.hours, "h")) * MINUTES_PER_HOUR,
    )


def kind_of(bag: Bag, plan: Plan, reference: Reference) -> BagKind:
    """The kind of a bag in the product data of today.

    Raises:
        BadFile: missing-key, where a file of product data no longer has the kind, or only lists it.
    """
    assert plan.order is not None
    name = bag.kind.partition("@")[0]
    kind = reference.product.kinds.get(name)
    if kind is None or kind.storage not in reference.product.storage:
        raise BadFile(plan.order.product, "missing-key", table="kind", key=name)
    return kind


def planned_of(bag: Bag, plan: Plan, revision: int, reference: Reference) -> Planned:
    """A bag of a plan with the limits of its kind and of the site. Raises `BadFile`, as `kind_of`."""
    assert plan.bsa is not None
    storage = reference.product.storage[kind_of(bag, plan, reference).storage]
    within = reference.site.start_within_h
    with exact_arithmetic():
        holds = magnitude(bag.total, "mL") - magnitude(bag.primed, "mL")
    return Planned(
        bag=bag,
        revision=revision,
        begin=minutes_of(bag.start),
        end=minutes_of(bag.end),
        rate=magnitude(bag.rate, "mL/h"),
        holds=holds,
        concentration=magnitude(bag.concentration, "microgram/mL"),
        daily_dose=magnitude(bag.daily_dose, "microgram/day"),
        area=magnitude(plan.bsa.m2, "m^2"),
        at_room=int(in_unit(storage.at_room, "h")) * MINUTES_PER_HOUR,
        keeps=int(in_unit(storage.refrigerated, "h")) * MINUTES_PER_HOUR,
        infusion_included=storage.infusion_included,
        within=None if within is None else int(within * MINUTES_PER_HOUR),
        least=max(1, int(reference.site.make_up_from_h * MINUTES_PER_HOUR)),
    )


def stands_in_until(own: Planned, at: int, bags: Iterable[Planned], hung: Mapping[int, int]) -> int | None:
    """When the time ends in which a bag stands in for an earlier one; None where it hangs in its own place.

    Args:
        own: the bag, connected then.
        at: when it is or was connected.
        bags: in force, with the times at which they are to run.
        hung: when bags were connected, by number.
    """
    passed = (each for each in bags if each.begin < own.begin and at < each.end)
    return min((each.end for each in passed if hung.get(each.number, at + 1) > at), default=None)


def bags_after(before: Mapping[int, Planned], revision: Revision, hung: Collection[int] = ()) -> dict[int, Planned]:
    """The bags in force once a revision is.

    Args:
        before: by number.
        revision: the next.
        hung: numbers of bags that were connected: they stay as they were.
    """
    after = {
        number: each
        for number, each in before.items()
        if number in hung
        or (number < revision.from_bag and (each.revision, number) not in revision.superseded)
        or (number in revision.kept and (each.revision, number) not in revision.superseded)
    }
    for number, own in revision.bags.items():
        if number in hung or number < revision.from_bag:
            continue
        # A kept bag is the one that was made, with the times at which it is now to run.
        kept = after.get(number)
        after[number] = own if kept is None else replace(own, revision=kept.revision, area=kept.area)
    return after
