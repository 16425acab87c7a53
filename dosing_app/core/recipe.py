"""What goes into a bag, what the syringe can measure, and where every millilitre of the bag ends."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, Decimal

from dosing_app.core.quantities import Quantity, exact_arithmetic, magnitude, quantity, round_to_graduation


class Unreachable(Exception):
    """The dose cannot be reached in this bag at any volume of drug."""


class NoSyringe(Exception):
    """No syringe of the site measures this volume."""


def to_deliver(dose: Quantity, duration: Quantity) -> Quantity:
    """D = daily dose × duration: the micrograms that a bag delivers. [microgram]

    Args:
        dose: [microgram/day]
        duration: the bag kind's own, also for an early take-down: the recipe stays the same. [h]
    """
    with exact_arithmetic():
        return quantity(magnitude(dose, "microgram/day") * magnitude(duration, "h") / 24, "microgram")


def drug_volume_additive(amount: Quantity, base: Quantity, delivered: Quantity, strength: Quantity) -> Quantity:
    """Reconstituted drug to add so that the delivered volume holds the amount. [mL]

    V = D (S + I) / (C v − D): the drug itself counts in the final volume.

    Args:
        amount: D, what the infant receives from this bag. [microgram]
        base: S + I, diluent and stabiliser. [mL]
        delivered: v = pump rate × duration. [mL]
        strength: C, of the reconstituted drug. [microgram/mL]

    Raises:
        Unreachable: C v is not above D.

    Source: domain.md section 4 [D].
    """
    d = magnitude(amount, "microgram")
    with exact_arithmetic():
        room = magnitude(strength, "microgram/mL") * magnitude(delivered, "mL") - d
        if room <= 0:
            raise Unreachable
        return quantity(d * magnitude(base, "mL") / room, "mL")


def drug_volume_made_up(amount: Quantity, final: Quantity, delivered: Quantity, strength: Quantity) -> Quantity:
    """Reconstituted drug in a bag made up to a final volume T. [mL]   V = (D / v) T / C

    Args:
        amount: D. [microgram]
        final: T. [mL]
        delivered: v. [mL]
        strength: C. [microgram/mL]

    Source: domain.md section 4 [D].
    """
    with exact_arithmetic():
        per_ml = magnitude(amount, "microgram") / magnitude(delivered, "mL")
        return quantity(per_ml * magnitude(final, "mL") / magnitude(strength, "microgram/mL"), "mL")


def graduation(
    exact: Quantity, syringes: Mapping[Decimal, Decimal], small_syringe_up_to: Quantity | None = None
) -> Quantity:
    """The graduation of the syringe that measures a volume. [mL]

    Args:
        exact: the volume before rounding. [mL]
        syringes: below this volume: this graduation, both in mL.
        small_syringe_up_to: where the site allows two of its smallest syringes, the volume they reach together. [mL]

    Raises:
        NoSyringe: the volume is beyond the largest.

    Source: domain.md section 4 [J], a site setting.
    """
    volume = magnitude(exact, "mL")
    bounds = sorted(syringes)
    if small_syringe_up_to is not None and volume <= magnitude(small_syringe_up_to, "mL"):
        return quantity(syringes[bounds[0]], "mL")
    for bound in bounds:
        if volume < bound:
            return quantity(syringes[bound], "mL")
    raise NoSyringe


def measured(exact: Quantity, step: Quantity) -> Quantity:
    """The volume that the syringe measures: rounded once, here. [mL]"""
    return round_to_graduation(exact, step)


def held(drug: Quantity, strength: Quantity) -> Quantity:
    """What a bag holds by the measured volume of drug: C V. [microgram]"""
    with exact_arithmetic():
        return quantity(magnitude(strength, "microgram/mL") * magnitude(drug, "mL"), "microgram")


def concentration(drug: Quantity, total: Quantity, strength: Quantity) -> Quantity:
    """Of the finished bag: C V / total. [microgram/mL]"""
    with exact_arithmetic():
        held = magnitude(strength, "microgram/mL") * magnitude(drug, "mL")
        return quantity(held / magnitude(total, "mL"), "microgram/mL")


def dose_delivered(bag_concentration: Quantity, rate: Quantity) -> Quantity:
    """Concentration × pump rate × 24 h: what the infant really receives in a day. [microgram/day]"""
    with exact_arithmetic():
        per_hour = magnitude(bag_concentration, "microgram/mL") * magnitude(rate, "mL/h")
        return quantity(per_hour * 24, "microgram/day")


def delivered_volume(rate: Quantity, runs: Quantity) -> Quantity:
    """Pump rate × hours run. [mL]"""
    with exact_arithmetic():
        return quantity(magnitude(rate, "mL/h") * magnitude(runs, "h"), "mL")


def discarded_volume(total: Quantity, delivered: Quantity, primed: Quantity) -> Quantity:
    """The last part of the ledger: total − delivered − primed; below zero if the bag cannot last. [mL]"""
    with exact_arithmetic():
        return quantity(magnitude(total, "mL") - magnitude(delivered, "mL") - magnitude(primed, "mL"), "mL")


def vials(volumes: Sequence[Quantity], usable: Quantity, *, shared: bool) -> int:
    """Vials opened in a session for the given drug volumes, one a bag.

    ceil(Σ volume / usable), or the sum of each bag's own ceil where vials are not shared.
    """
    per_vial = magnitude(usable, "mL")
    amounts = [magnitude(volume, "mL") for volume in volumes]
    with exact_arithmetic():
        parts = [sum(amounts, Decimal(0))] if shared else amounts
        return sum(int((part / per_vial).to_integral_value(rounding=ROUND_CEILING)) for part in parts)
