"""The calculation as a learner works it, one quantity after another, all of it by the functions of `core`.

Right answers come from a plan (`course.calculate`); the chain exists so that a slip can be put into one of its
figures and worked on to any later step, and so that a learner's own earlier figure can be carried on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dosing_app.core import recipe
from dosing_app.core.bsa import body_surface_area
from dosing_app.core.dose import daily_dose
from dosing_app.core.quantities import Quantity, exact_arithmetic, magnitude, quantity
from dosing_app.course.plan import Bag, Plan
from dosing_app.reference.bundle import Reference
from dosing_app.reference.product import BagKind, Product
from dosing_app.reference.source import in_unit
from dosing_app.reference.teaching_data import load_slips

AREA, DOSE, AMOUNT, EXACT = "bsa", "dose", "amount", "drug-volume"
MEASURED, RATE, VOLUME, TIME, VIALS = "measured", "rate", "volume", "change-time", "vials"
CONVERT = "convert"
# In the order in which they are worked.
STEPS = (AREA, DOSE, AMOUNT, EXACT, MEASURED, VIALS, RATE, VOLUME, TIME)
UNITS = {
    AREA: "m^2",
    DOSE: "microgram/day",
    AMOUNT: "microgram",
    EXACT: "mL",
    MEASURED: "mL",
    RATE: "mL/h",
    VOLUME: "mL",
}
_NOTHING = quantity(Decimal(0), "mL")


@dataclass(frozen=True, slots=True)
class Chain:
    """Every figure that the steps need. What is given in an exercise takes the place of what would be worked out."""

    weight: Quantity
    length: Quantity
    formula: str
    dose_rate: Quantity
    cap: Quantity
    duration: Quantity  # full, of the bag kind
    runs: Quantity
    delivers: Quantity  # by the full bag
    previous_rate: Quantity | None  # of the bag before
    diluent: Quantity
    stabiliser: Quantity
    strength: Quantity
    usable: Quantity  # of a vial
    held_by_vial: Quantity  # all that is in a reconstituted vial
    syringes: Mapping[Decimal, Decimal]
    small_up_to: Quantity | None
    primed: Quantity
    drawn: tuple[Quantity, ...]  # by the bags of the session, this one among them
    shared: bool
    infused: Quantity  # hours that the bag has run before an alarm; 0 where there was none [h]
    as_sold: Quantity  # the saline bag without its overfill
    vial_against_other: Decimal  # what the other region's vial is labelled with, in parts of this one's
    other_rate: Quantity | None  # of the kind with this name in the other region, where it is another
    area: Quantity | None = None
    daily: Quantity | None = None
    amount: Quantity | None = None
    exact: Quantity | None = None
    rate: Quantity | None = None


def chain_of(plan: Plan, bag: Bag, reference: Reference, other: Product) -> Chain:
    """The chain of one bag of a plan whose bags are made by adding to a filled bag.

    Args:
        plan: with bags.
        bag: of the plan.
        reference: what the plan was calculated with.
        other: product data of the other region, with which this one's may be mistaken.
    """
    order, kind = plan.order, reference.product.kinds[bag.kind.partition("@")[0]]
    assert order is not None
    assert plan.bags is not None
    assert plan.sessions is not None
    assert plan.daily_dose is not None
    assert kind.final is None, "a chain is worked for a bag that is filled and added to"
    vial, site, limits = reference.product.vial, reference.site, reference.limits
    small = quantity(limits.value("two_small_syringes_up_to_ml"), "mL") if site.two_small_syringes else None
    before = plan.bag_before(bag)
    own = next(each for each in plan.sessions if bag.number in each.bags).bags
    return Chain(
        weight=order.weight,
        length=order.length,
        formula=order.formula,
        dose_rate=plan.daily_dose.dose_rate,
        cap=plan.daily_dose.cap,
        duration=kind.duration.quantity,
        runs=bag.runs,
        delivers=kind.delivered,
        previous_rate=before.rate if before is not None and bag.rate_changed else None,
        diluent=bag.diluent,
        stabiliser=bag.stabiliser,
        strength=bag.strength,
        usable=vial.usable.quantity,
        held_by_vial=vial.reconstituted.quantity,
        syringes=site.syringes,
        small_up_to=small,
        primed=bag.primed,
        drawn=tuple(
            max(each.drug_exact, each.drug, key=lambda volume: magnitude(volume, "mL"))
            for each in plan.bags
            if each.number in own
        ),
        shared=site.share_vials,
        infused=quantity(Decimal(0), "h"),
        as_sold=load_slips().saline_bag_as_sold.quantity,
        vial_against_other=_against(other, reference),
        other_rate=_other_rate(kind, other),
    )


def _against(other: Product, reference: Reference) -> Decimal:
    with exact_arithmetic():
        labelled = in_unit(reference.product.vial.labelled, "microgram")
        return in_unit(other.vial.labelled, "microgram") / labelled


def _other_rate(kind: BagKind, other: Product) -> Quantity | None:
    same = other.kinds.get(kind.name)
    if same is None or in_unit(same.rate, "mL/h") == in_unit(kind.rate, "mL/h"):
        return None
    rate: Quantity = same.rate.quantity
    return rate


def area_of(chain: Chain) -> Quantity:
    """Body-surface area. [m²]"""
    return chain.area if chain.area is not None else body_surface_area(chain.formula, chain.weight, chain.length)


def dose_of(chain: Chain) -> Quantity:
    """Daily dose. [microgram/day]"""
    if chain.daily is not None:
        return chain.daily
    return daily_dose(chain.dose_rate, area_of(chain), chain.cap)[0]


def amount_of(chain: Chain) -> Quantity:
    """What the bag is to deliver over its full duration. [microgram]"""
    return chain.amount if chain.amount is not None else recipe.to_deliver(dose_of(chain), chain.duration)


def exact_of(chain: Chain) -> Quantity:
    """Drug volume before rounding. [mL] Raises `recipe.Unreachable`."""
    if chain.exact is not None:
        return chain.exact
    with exact_arithmetic():
        base = quantity(magnitude(chain.diluent, "mL") + magnitude(chain.stabiliser, "mL"), "mL")
    return recipe.drug_volume_additive(amount_of(chain), base, chain.delivers, chain.strength)


def measured_of(chain: Chain) -> Quantity:
    """Drug volume by the syringe. [mL] Raises `recipe.Unreachable`, `recipe.NoSyringe`."""
    exact = exact_of(chain)
    return recipe.measured(exact, recipe.graduation(exact, chain.syringes, chain.small_up_to))


def rate_of(chain: Chain) -> Quantity:
    """What the pump is set to: delivered volume over full duration. [mL/h]"""
    if chain.rate is not None:
        return chain.rate
    with exact_arithmetic():
        return quantity(magnitude(chain.delivers, "mL") / magnitude(chain.duration, "h"), "mL/h")


def volume_of(chain: Chain) -> Quantity:
    """Still to be infused: rate × hours that are left to run. [mL]"""
    with exact_arithmetic():
        left = quantity(magnitude(chain.runs, "h") - magnitude(chain.infused, "h"), "h")
    return recipe.delivered_volume(rate_of(chain), left)


def left_in_bag(chain: Chain) -> Quantity:
    """What the bag still holds: total less priming and what was infused. [mL]"""
    infused = recipe.delivered_volume(rate_of(chain), chain.infused)
    with exact_arithmetic():
        total = sum(magnitude(each, "mL") for each in (chain.diluent, chain.stabiliser, measured_of(chain)))
    primed = chain.primed if magnitude(chain.infused, "h") else _NOTHING
    return recipe.discarded_volume(quantity(total, "mL"), infused, primed)


def vials_of(chain: Chain) -> int:
    """Vials that the session opens."""
    return recipe.vials(chain.drawn, chain.usable, shared=chain.shared)


WORK: dict[str, Callable[[Chain], Any]] = {
    AREA: area_of,
    DOSE: dose_of,
    AMOUNT: amount_of,
    EXACT: exact_of,
    MEASURED: measured_of,
    RATE: rate_of,
    VOLUME: volume_of,
    VIALS: vials_of,
}
# Where a learner's own figure for a step takes the place of the worked one.
CARRIED = {AREA: "area", DOSE: "daily", AMOUNT: "amount", EXACT: "exact", RATE: "rate"}
