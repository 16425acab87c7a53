"""The concentration of a drug that is infused at rates constant over stretches and leaves at one steady pace.

One compartment: dC/dt = R / V - k C. Between two changes of the rate the solution is exact,
C(t) = C∞ + (C0 - C∞) e^(-k t) with C∞ = R / CL, so nothing is stepped and nothing adds up. A picture for teaching:
no dose is worked out from it.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from dosing_app.core.quantities import Quantity, exact_arithmetic, magnitude, quantity

_NOTHING = Decimal(0)
_TWO = Decimal(2)
_HOURS_PER_DAY = 24


@dataclass(frozen=True, slots=True)
class Flow:
    """The drug runs in at one rate from `start` to `end`, in hours from the start of the course."""

    start: Decimal
    end: Decimal
    rate: Quantity  # [microgram/m²/h]


def elimination(half_life: Quantity) -> Decimal:
    """The pace of elimination, k = ln 2 / half-life. [per hour]

    Args:
        half_life: [h]

    Raises:
        ValueError: not above zero.
    """
    hours = magnitude(half_life, "h")
    if hours <= 0:
        msg = "a half-life is above zero"
        raise ValueError(msg)
    with exact_arithmetic():
        return _TWO.ln() / hours


def distribution_volume(clearance: Quantity, half_life: Quantity) -> Quantity:
    """V = CL / k: the volume that belongs to this clearance and this half-life, derived and not measured. [L/m²]

    Args:
        clearance: CL. [L/h/m²]
        half_life: [h]

    Raises:
        ValueError: clearance or half-life is not above zero.

    Source: domain.md section 2 [D].
    """
    cleared = _clearance(clearance)
    with exact_arithmetic():
        return quantity(cleared / elimination(half_life), "L/m^2")


def steady_state(dose_rate: Quantity, clearance: Quantity) -> Quantity:
    """C∞ = dose rate / 24 / CL: where the concentration settles. [microgram/L]

    Args:
        dose_rate: [microgram/m²/day]
        clearance: CL. [L/h/m²]

    Raises:
        ValueError: the clearance is not above zero.

    Source: domain.md section 2, 15 / 24 / 0.89 [D].
    """
    cleared = _clearance(clearance)
    with exact_arithmetic():
        return quantity(magnitude(dose_rate, "microgram/m^2/day") / _HOURS_PER_DAY / cleared, "microgram/L")


def concentrations(
    flows: Sequence[Flow], at: Sequence[Decimal], clearance: Quantity, half_life: Quantity
) -> list[Quantity]:
    """The concentration at each of some moments, none of the drug being there before the first flow. [microgram/L]

    Args:
        flows: in order of time, none over another; between them nothing runs.
        at: hours from the start of the course, rising.
        clearance: CL. [L/h/m²]
        half_life: [h]

    Raises:
        ValueError: flows or moments out of order, a flow that ends before it starts, a rate below zero; clearance or
            half-life not above zero.
    """
    _check_order(flows, at)
    cleared, pace = _clearance(clearance), elimination(half_life)
    decays: dict[Decimal, Decimal] = {}  # most steps are of one length
    found, level, now = [], _NOTHING, min([flow.start for flow in flows[:1]] + list(at[:1]), default=_NOTHING)
    with exact_arithmetic():
        # what a rate settles at, and until when it runs
        stretches = [(flow.start, flow.end, magnitude(flow.rate, "microgram/m^2/h") / cleared) for flow in flows]
        turns = sorted({edge for start, end, _ in stretches for edge in (start, end)} | set(at))
        wanted = set(at)
        for turn in turns:
            passed = turn - now
            if passed > 0:
                settled = next((goal for start, end, goal in stretches if start <= now < end), _NOTHING)
                if passed not in decays:
                    decays[passed] = (-pace * passed).exp()
                level = settled + (level - settled) * decays[passed]
                now = turn
            if turn in wanted:
                found.append(quantity(level, "microgram/L"))
    return found


def _check_order(flows: Sequence[Flow], at: Sequence[Decimal]) -> None:
    if any(flow.end < flow.start or magnitude(flow.rate, "microgram/m^2/h") < 0 for flow in flows):
        msg = "a flow ends after it starts, and runs into the body"
        raise ValueError(msg)
    if any(later.start < earlier.end for earlier, later in itertools.pairwise(flows)):
        msg = "flows follow one another"
        raise ValueError(msg)
    if any(later <= earlier for earlier, later in itertools.pairwise(at)):
        msg = "moments rise"
        raise ValueError(msg)


def _clearance(clearance: Quantity) -> Decimal:
    cleared = magnitude(clearance, "L/h/m^2")
    if cleared <= 0:
        msg = "a clearance is above zero"
        raise ValueError(msg)
    return cleared
