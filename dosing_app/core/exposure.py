"""What an infant receives besides the drug. Upper figures: the whole delivered volume counts as saline."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from dosing_app.core.quantities import Quantity, exact_arithmetic, magnitude, quantity


@dataclass(frozen=True, slots=True)
class Content:
    """What one millilitre of a prepared bag holds."""

    sodium: Quantity  # [mmol/mL]
    chloride: Quantity  # [mmol/mL]
    lysine: Quantity  # as lysine hydrochloride [mg/mL]
    polysorbate: Quantity  # [mg/mL]
    benzyl_alcohol: Quantity  # [mg/mL]


@dataclass(frozen=True, slots=True)
class Exposure:
    """Per kilogram of the infant and day of infusion."""

    fluid: Quantity  # [mL/kg/day]
    sodium: Quantity  # [mmol/kg/day]
    chloride: Quantity  # [mmol/kg/day]
    lysine: Quantity  # [mg/kg/day]
    polysorbate: Quantity  # [mg/kg/day]
    benzyl_alcohol: Quantity  # [mg/kg/day]


UNITS = {
    "fluid": "mL/kg/day",
    "sodium": "mmol/kg/day",
    "chloride": "mmol/kg/day",
    "lysine": "mg/kg/day",
    "polysorbate": "mg/kg/day",
    "benzyl_alcohol": "mg/kg/day",
}


def content(
    stabiliser: Quantity,
    total: Quantity,
    saline_sodium: Quantity,
    stabiliser_lysine: Quantity,
    stabiliser_polysorbate: Quantity,
    lysine_molar_mass: Quantity,
    benzyl_alcohol: Quantity,
) -> Content:
    """What one millilitre of a bag holds.

    Args:
        stabiliser: volume in the bag. [mL]
        total: volume of the bag with the drug. [mL]
        saline_sodium: sodium, and as much chloride, of the diluent; counted for the whole volume. [mmol/mL]
        stabiliser_lysine: lysine hydrochloride in the stabiliser; each molecule brings one chloride. [mg/mL]
        stabiliser_polysorbate: [mg/mL]
        lysine_molar_mass: of the hydrochloride. [mg/mmol]
        benzyl_alcohol: in the finished bag. [mg/mL]

    Source: domain.md section 3 [D].
    """
    with exact_arithmetic():
        share = magnitude(stabiliser, "mL") / magnitude(total, "mL")
        lysine = magnitude(stabiliser_lysine, "mg/mL") * share
        sodium = magnitude(saline_sodium, "mmol/mL")
        return Content(
            sodium=saline_sodium,
            chloride=quantity(sodium + lysine / magnitude(lysine_molar_mass, "mg/mmol"), "mmol/mL"),
            lysine=quantity(lysine, "mg/mL"),
            polysorbate=quantity(magnitude(stabiliser_polysorbate, "mg/mL") * share, "mg/mL"),
            benzyl_alcohol=benzyl_alcohol,
        )


def worst_day(stretches: Sequence[tuple[Decimal, Decimal, Quantity, Content]], weight: Quantity) -> Exposure:
    """The largest exposure in any 24 hours of the course, each constituent by itself.

    Args:
        stretches: per bag: start and end in hours from the start of the course, pump rate [mL/h], content.
        weight: body weight. [kg]

    A sum over a sliding day of stepwise constant flows is largest with an edge of the day at a bag change, so only
    those days are looked at.
    """
    flows: list[tuple[Decimal, Decimal, list[Decimal]]] = []
    for start, end, rate, held in stretches:
        flow = _flow(magnitude(rate, "mL/h"), held)
        alike = bool(flows) and flows[-1][1:] == (start, flow)  # like the bag before: one longer stretch
        flows.append((flows.pop()[0] if alike else start, end, flow))
    edges = {edge for start, end, _ in flows for edge in (start, end)}
    kilograms = magnitude(weight, "kg")
    most = [Decimal(0)] * 6
    with exact_arithmetic():
        for edge in edges:
            for day_start in (edge, edge - 24):
                day = [Decimal(0)] * 6
                for start, end, flow in flows:
                    hours = min(end, day_start + 24) - max(start, day_start)
                    if hours > 0:
                        day = [sum_ + hours * part for sum_, part in zip(day, flow, strict=True)]
                most = [max(pair) for pair in zip(most, day, strict=True)]
        per_kg = [value / kilograms for value in most]
    return Exposure(*(quantity(value, unit) for value, unit in zip(per_kg, UNITS.values(), strict=True)))


def _flow(rate: Decimal, held: Content) -> list[Decimal]:
    """Per hour, in the order of `Exposure`: mL, mmol, mmol, mg, mg, mg."""
    with exact_arithmetic():
        return [
            rate,
            rate * magnitude(held.sodium, "mmol/mL"),
            rate * magnitude(held.chloride, "mmol/mL"),
            rate * magnitude(held.lysine, "mg/mL"),
            rate * magnitude(held.polysorbate, "mg/mL"),
            rate * magnitude(held.benzyl_alcohol, "mg/mL"),
        ]
