"""The daily dose."""

from decimal import Decimal

from dosing_app.core.quantities import Quantity, exact_arithmetic, magnitude, quantity


def daily_dose(dose_rate: Quantity, area: Quantity, cap: Quantity) -> tuple[Quantity, bool]:
    """Dose rate × BSA, at most the cap; never rounded. [microgram/day], and whether the cap was reached.

    Args:
        dose_rate: [microgram/m²/day]
        area: body-surface area. [m²]
        cap: [microgram/day]

    Source: domain.md section 1 and 2 [A, B].
    """
    limit = magnitude(cap, "microgram/day")
    with exact_arithmetic():
        dose = magnitude(dose_rate, "microgram/m^2/day") * magnitude(area, "m^2")
    if dose > limit:
        return quantity(limit, "microgram/day"), True
    return quantity(dose, "microgram/day"), False


def deviation_percent(found: Quantity, wanted: Quantity) -> Decimal:
    """How far one daily dose lies from another, in per cent of the other; signed."""
    target = magnitude(wanted, "microgram/day")
    with exact_arithmetic():
        return (magnitude(found, "microgram/day") / target - 1) * 100
