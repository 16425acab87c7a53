"""A spare bag in a session: what it costs in vials, and what it saves if a bag is lost."""

from collections.abc import Sequence
from dataclasses import dataclass

from dosing_app.core.clock import minutes_of
from dosing_app.core.quantities import Quantity, exact_arithmetic, magnitude
from dosing_app.core.recipe import vials
from dosing_app.core.sessions import MadeBag, OpenMoments, waits_if_lost, worst_gap
from dosing_app.course.bags import drawn_from, hours_of, made_bag
from dosing_app.course.plan import Bag, Plan
from dosing_app.course.times import rules_of
from dosing_app.reference.bundle import Reference


@dataclass(frozen=True, slots=True)
class Spare:
    """One more bag, like the longest of its session.

    Attributes:
        session: the session in which it is made.
        kind: of the bag.
        vials: opened besides.
        worst_gap: of the course with it; None where a lost bag could not be replaced within the days looked at. [h]
    """

    session: int
    kind: str
    vials: int
    worst_gap: Quantity | None


def spare_bags(plan: Plan, moments: OpenMoments, reference: Reference) -> list[Spare]:
    """A spare bag in each session that has room for one more."""
    rules = rules_of(reference)
    bags = plan.bags or ()
    made = [made_bag(bag) for bag in bags]
    spares = []
    for session in plan.sessions or ():
        own = [bag for bag in bags if bag.number in session.bags]
        if len(own) >= rules.most_bags:
            continue
        like = max(own, key=lambda bag: magnitude(bag.runs, "h"))
        start_by = minutes_of(like.start_by)
        waits = waits_if_lost(made, moments, rules.lead, [MadeBag(0, 0, minutes_of(session.at), start_by)])
        opened = _vials([*own, like], reference)
        gap = None if waits is None else hours_of(worst_gap(waits))
        spares.append(Spare(session.number, like.kind, opened - session.vials, gap))
    return spares


def _vials(bags: Sequence[Bag], reference: Reference) -> int:
    taken = [drawn_from(bag) for bag in bags]
    with exact_arithmetic():
        return vials(taken, reference.product.vial.usable.quantity, shared=reference.site.share_vials)
