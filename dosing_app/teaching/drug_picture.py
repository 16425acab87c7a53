"""The picture of the drug: what concentration is to be expected over a course, with what a trainer draws into it.

A teaching picture and never advice: medians of two publications, one compartment, nobody's own figures.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dosing_app.core.kinetics import Flow, concentrations, distribution_volume, steady_state
from dosing_app.core.quantities import NO_BREAK_SPACE, Quantity, exact_arithmetic, magnitude, print_number, quantity
from dosing_app.course.plan import Bag, Plan
from dosing_app.reference.teaching_data import Kinetics, load_kinetics
from dosing_app.wording.language import _, data_words
from dosing_app.wording.units import print_quantity

PICOGRAMS_PER_ML = 1000  # in a microgram per litre
_STEP = Decimal("0.5")  # hours between two points of the curve


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a trainer draws in: from one hour of the course to another, the pump stands still or runs at another rate.

    A bag change that takes its time is a standstill, and so is an interruption.
    """

    start: Decimal
    end: Decimal
    rate: Quantity | None = None  # None: stands still [mL/h]


@dataclass(frozen=True, slots=True)
class Picture:
    """The curve, hours across and pg/mL upwards, and the words that stand beside it."""

    points: tuple[tuple[Decimal, Decimal], ...]
    steady: Decimal
    measured: Decimal
    spread: Decimal
    words: tuple[str, ...]


def drug_picture(plan: Plan, drawn: Sequence[Drawn] = (), kinetics: Kinetics | None = None) -> Picture:
    """The expected concentration over the course of a plan.

    Args:
        plan: with bags.
        drawn: in order, none over another.
        kinetics: the shipped figures where none are given.

    Raises:
        ValueError: the plan has no bags, or what is drawn in overlaps or runs backwards.
    """
    if plan.bags is None or plan.bsa is None or plan.course is None or plan.daily_dose is None:
        raise ValueError("a plan without bags has no picture")
    kinetics = kinetics or load_kinetics()
    clearance, half_life = kinetics.infants.clearance.quantity, kinetics.children.half_life.quantity
    flows = list(_flows(plan.bags, plan.bsa.m2, drawn))
    end = magnitude(plan.course.hours, "h") + 24
    with exact_arithmetic():
        grid = {_STEP * place for place in range(int(end / _STEP) + 1)}
    at = sorted(grid | {edge for flow in flows for edge in (flow.start, flow.end)})
    levels = concentrations(flows, at, clearance, half_life)
    steady = _picograms(steady_state(plan.daily_dose.dose_rate, clearance))
    measured, spread = kinetics.infants.measured_steady_state, kinetics.infants.measured_spread
    return Picture(
        points=tuple((hour, _picograms(level)) for hour, level in zip(at, levels, strict=True)),
        steady=steady,
        measured=_picograms(measured.quantity),
        spread=_picograms(spread.quantity),
        words=_words(plan, kinetics, steady),
    )


def _words(plan: Plan, kinetics: Kinetics, steady: Decimal) -> tuple[str, ...]:
    """What the picture is, what it comes to, and where its figures come from."""
    assert plan.daily_dose is not None
    infants, children = kinetics.infants, kinetics.children
    volume = distribution_volume(infants.clearance.quantity, children.half_life.quantity)
    per_ml = f"{NO_BREAK_SPACE}{_('pg per mL')}"
    return (
        _("A teaching picture, never advice: medians of publications, not this infant."),
        _("Steady state {steady}: {rate} ÷ 24 ÷ {clearance}.").format(
            steady=print_number(steady, 0) + per_ml,
            rate=print_quantity(plan.daily_dose.dose_rate, "microgram/m^2/day"),
            clearance=print_quantity(infants.clearance.quantity, "L/h/m^2"),
        ),
        _("Measured in infants: {measured} ± {spread} ({source}, grade {grade}).").format(
            measured=print_number(_picograms(infants.measured_steady_state.quantity)),
            spread=print_number(_picograms(infants.measured_spread.quantity)) + per_ml,
            source=data_words(infants.measured_steady_state.source),
            grade=infants.measured_steady_state.grade,
        ),
        _("Clearance: {source}, grade {grade}; between infants {lowest} to {highest}.").format(
            source=data_words(infants.clearance.source),
            grade=infants.clearance.grade,
            lowest=print_number(magnitude(infants.clearance_lowest.quantity, "L/h/m^2")),
            highest=print_quantity(infants.clearance_highest.quantity, "L/h/m^2"),
        ),
        _("Half-life {half_life} in children: {source}, grade {grade}.").format(
            half_life=print_quantity(children.half_life.quantity, "h"),
            source=data_words(children.half_life.source),
            grade=children.half_life.grade,
        ),
        _("Volume {volume}, derived from these two; the {printed} printed beside the half-life do not agree.").format(
            volume=print_quantity(volume, "L/m^2", 2),
            printed=print_quantity(children.printed_volume.quantity, "L/m^2"),
        ),
    )


def _flows(bags: Sequence[Bag], area: Quantity, drawn: Sequence[Drawn]) -> Iterator[Flow]:
    """Each bag's drug per m² and hour, cut where something is drawn in."""
    if any(each.end <= each.start for each in drawn):
        raise ValueError("what is drawn in ends after it starts")
    if any(later.start < earlier.end for earlier, later in itertools.pairwise(drawn)):
        raise ValueError("what is drawn in follows one another")
    at = Decimal(0)
    for bag in bags:
        end = at + magnitude(bag.runs, "h")
        while at < end:
            now = next((each for each in drawn if each.start <= at < each.end), None)
            later = [each.start for each in drawn if at < each.start < end]
            until = min(end, now.end) if now is not None else min([end, *later])
            rate = bag.rate if now is None else now.rate
            if rate is not None:
                yield Flow(at, until, _per_area(bag, rate, area))
            at = until


def _per_area(bag: Bag, rate: Quantity, area: Quantity) -> Quantity:
    with exact_arithmetic():
        per_hour = magnitude(bag.concentration, "microgram/mL") * magnitude(rate, "mL/h")
        return quantity(per_hour / magnitude(area, "m^2"), "microgram/m^2/h")


def _picograms(level: Quantity) -> Decimal:
    with exact_arithmetic():
        return magnitude(level, "microgram/L") * PICOGRAMS_PER_ML
