"""What one bag kind takes for a dose, and what it brings along."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from dosing_app.core import recipe
from dosing_app.core.clock import age
from dosing_app.core.dose import deviation_percent
from dosing_app.core.exposure import Content, content, worst_day
from dosing_app.core.findings import Finding, Tier, finding
from dosing_app.core.quantities import (
    Quantity,
    exact_arithmetic,
    magnitude,
    plain,
    print_beyond,
    print_number,
    quantity,
)
from dosing_app.course.order import Order
from dosing_app.course.plan import KindRow
from dosing_app.course.suspects import gestation_days
from dosing_app.reference.bundle import Reference
from dosing_app.reference.product import BagKind
from dosing_app.reference.site import band_of, has_bands
from dosing_app.reference.source import in_unit

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Recipe:
    """A bag of one kind for one daily dose, or the findings why there is none."""

    kind: BagKind
    findings: tuple[Finding, ...]
    to_deliver: Quantity | None = None
    exact: Quantity | None = None
    graduation: Quantity | None = None
    measured: Quantity | None = None
    diluent: Quantity | None = None
    total: Quantity | None = None
    concentration: Quantity | None = None
    dose_delivered: Quantity | None = None
    deviation: Decimal = field(default=_NOTHING)
    held: Content | None = None

    @property
    def refused(self) -> bool:
        """Whether it cannot be made or must not be."""
        return any(each.tier is Tier.REFUSE for each in self.findings)


def make_recipe(kind: BagKind, dose: Quantity, order: Order, reference: Reference) -> Recipe:
    """The recipe of a bag kind for a daily dose, with everything the kind must be marked with."""
    findings = list(_refusals_of_kind(kind, order, reference))
    if not kind.plannable:
        return Recipe(kind, tuple(findings))
    limits, site, vial = reference.limits, reference.site, reference.product.vial
    strength = vial.strength.quantity
    amount = recipe.to_deliver(dose, kind.duration.quantity)
    small = quantity(limits.value("two_small_syringes_up_to_ml"), "mL") if site.two_small_syringes else None
    try:
        if kind.final is None:
            exact = recipe.drug_volume_additive(amount, kind.base, kind.delivered, strength)
        else:
            exact = recipe.drug_volume_made_up(amount, kind.final.quantity, kind.delivered, strength)
        graduation = recipe.graduation(exact, site.syringes, small)
    except (recipe.Unreachable, recipe.NoSyringe):
        findings.append(finding("ledger", kind=kind.name, reason="unreachable"))
        return Recipe(kind, tuple(findings))
    measured = recipe.measured(exact, graduation)
    assert kind.diluent is not None
    assert kind.stabiliser is not None
    with exact_arithmetic():
        total = kind.final.quantity if kind.final is not None else kind.base + measured
    bag = recipe.concentration(measured, total, strength)
    delivered = recipe.dose_delivered(bag, kind.rate.quantity)
    deviation = deviation_percent(delivered, dose)
    findings += _volume_findings(kind, exact, deviation, reference)
    if any(each.tier is Tier.REFUSE for each in findings):  # a refused kind asks for no reasons besides
        findings = [each for each in findings if each.tier is not Tier.JUSTIFY]
    left = recipe.discarded_volume(total, kind.delivered, primed(reference))
    if magnitude(kind.base, "mL") + magnitude(measured, "mL") > magnitude(total, "mL"):
        findings.append(finding("ledger", kind=kind.name, reason="overfull"))
    if magnitude(left, "mL") < 0:
        missing = print_number(-magnitude(left, "mL"), 1)
        findings.append(finding("ledger", actual=f"{missing} mL", kind=kind.name, reason="short", missing=missing))
    stabiliser, saline = reference.product.stabiliser, reference.product.saline
    held = content(
        kind.stabiliser.quantity,
        total,
        saline.sodium.quantity,
        stabiliser.lysine.quantity,
        stabiliser.polysorbate.quantity,
        stabiliser.lysine_molar_mass.quantity,
        kind.benzyl_alcohol_in_bag,
    )
    return Recipe(
        kind,
        tuple(findings),
        amount,
        exact,
        graduation,
        measured,
        kind.diluent.quantity,
        total,
        bag,
        delivered,
        deviation,
        held,
    )


def primed(reference: Reference) -> Quantity:
    """The volume that primes a new line: the site's, else the assumed one. [mL]"""
    own = reference.site.prime_ml
    return quantity(reference.limits.value("prime_ml") if own is None else own, "mL")


def kind_row(made: Recipe, area: Quantity, order: Order, reference: Reference) -> KindRow:
    """A bag kind in the table of kinds: a whole day of it, per kilogram; beside it the label's own volume.

    Args:
        made: its recipe.
        area: body-surface area. [m²]
        order: of the infant.
        reference: the site may have entered the label's table.
    """
    kind, site, product = made.kind, reference.site, reference.product
    band = band_of(site, product.name, kind.name, magnitude(area, "m^2"))
    row = {
        "label_row": (band is not None) if has_bands(site, product.name) else None,
        "label_drug": None if band is None else quantity(band.drug_ml, "mL"),
        "kind": kind.name,
        "duration": kind.duration.quantity,
        "rate": kind.rate.quantity,
        "preservative": kind.preservative,
        "plannable": kind.plannable,
        "why_not": kind.why_unavailable,
        "marks": made.findings,
    }
    if made.held is None:
        return KindRow(**row)
    day = worst_day([(_NOTHING, Decimal(24), kind.rate.quantity, made.held)], order.weight)
    return KindRow(
        **row,
        drug_exact=made.exact,
        drug=made.measured,
        deviation_percent=made.deviation,
        fluid=day.fluid,
        sodium=day.sodium,
        chloride=day.chloride,
        lysine=day.lysine,
        polysorbate=day.polysorbate,
        benzyl_alcohol=day.benzyl_alcohol,
    )


def _refusals_of_kind(kind: BagKind, order: Order, reference: Reference) -> Iterator[Finding]:
    """What speaks against a kind whatever the dose: composition, weight, preservative, pump step."""
    if not kind.plannable:
        yield finding("composition-unknown", kind=kind.name, why=kind.why_unavailable)
    if kind.minimum_weight is not None:
        lowest, weight = in_unit(kind.minimum_weight, "kg"), magnitude(order.weight, "kg")
        if weight < lowest:
            yield finding(
                "below-minimum-weight",
                actual=f"{plain(weight)} kg",
                limit=f"{plain(lowest)} kg",
                source=kind.minimum_weight.source,
                kind=kind.name,
            )
    if kind.preservative:
        yield from _preserved(kind, order, reference)
    rate, step = in_unit(kind.rate, "mL/h"), reference.site.pump.step_ml_per_h
    with exact_arithmetic():
        on_a_step = rate % step == 0
    if not on_a_step:
        yield finding(
            "rate-not-a-step", actual=f"{plain(rate)} mL/h", limit=f"{plain(step)} mL/h", source="site", kind=kind.name
        )


def _preserved(kind: BagKind, order: Order, reference: Reference) -> Iterator[Finding]:
    """Benzyl alcohol: off unless the site turned it on, refused for the youngest, else always justified."""
    limits = reference.limits
    weeks = limits.value("preserved_refuse_below_weeks_post_menstrual")
    months = limits.value("preserved_refuse_below_months_gestation_unknown")
    born_to_start = order.start.to_tz(order.zone).date()
    months_old, days_old = age(order.born, born_to_start)
    reason = "allowed"
    if not reference.site.preserved_bags:
        reason = "site"
    elif order.gestation is None:
        reason = "gestation-unknown" if months_old < months else "allowed"
    elif gestation_days(order.gestation, limits) + days_old < weeks * 7:
        reason = "too-young"
    limit = {"gestation-unknown": f"{months} months", "too-young": f"{weeks} weeks"}.get(reason, "")
    with exact_arithmetic():
        per_day = magnitude(kind.benzyl_alcohol_in_bag, "mg/mL") * in_unit(kind.rate, "mL/h") * 24
        per_kg = per_day / magnitude(order.weight, "kg")
    yield finding(
        "preserved-infant",
        Tier.JUSTIFY if reason == "allowed" else Tier.REFUSE,
        actual=f"{print_number(per_kg, 1)} mg/kg/day" if kind.plannable else "",
        limit=limit,
        source=limits.shown("preserved_refuse_below_weeks_post_menstrual"),
        kind=kind.name,
        reason=reason,
    )


def _volume_findings(kind: BagKind, exact: Quantity, deviation: Decimal, reference: Reference) -> Iterator[Finding]:
    """Too little drug to measure, or too far off after rounding to the syringe."""
    limits = reference.limits
    volume = magnitude(exact, "mL")
    refuse_below, justify_below = (
        limits.value("drug_volume_refuse_below_ml"),
        limits.value("drug_volume_justify_below_ml"),
    )
    if volume < justify_below:
        refused = volume < refuse_below
        yield finding(
            "drug-volume-small",
            Tier.REFUSE if refused else Tier.JUSTIFY,
            actual=f"{print_beyond(volume, refuse_below if refused else justify_below, 3)} mL",
            limit=f"{plain(refuse_below if refused else justify_below)} mL",
            source=limits.shown("drug_volume_justify_below_ml"),
            kind=kind.name,
        )
    reach = limits.value("two_small_syringes_up_to_ml")
    would_help = min(reference.site.syringes) < volume <= reach and not reference.site.two_small_syringes
    levels = (
        (limits.value("deviation_refuse_percent"), Tier.REFUSE),
        (limits.value("deviation_justify_percent"), Tier.JUSTIFY),
        (limits.value("deviation_note_percent"), Tier.NOTE),
    )
    for limit, tier in levels:
        if abs(deviation) > limit:
            yield finding(
                "syringe-deviation",
                tier,
                actual=f"{print_beyond(deviation, limit, 2)} %",
                limit=f"{plain(limit)} %",
                source=limits.shown("deviation_refuse_percent"),
                kind=kind.name,
                two_small="would help" if would_help else "",
            )
            return
