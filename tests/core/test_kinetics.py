"""Concentrations of a drug infused at constant rates: the closed form, a numerical integration, the published level."""

import math
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dosing_app.core.kinetics import Flow, concentrations, distribution_volume, elimination, steady_state
from dosing_app.core.quantities import magnitude, quantity
from dosing_app.reference.teaching_data import load_kinetics

CLEARANCE = quantity(Decimal("0.89"), "L/h/m^2")
HALF_LIFE = quantity(Decimal("2.04"), "h")
DOSE_RATE = quantity(Decimal(15), "microgram/m^2/day")


def rate(per_hour: str) -> object:
    return quantity(Decimal(per_hour), "microgram/m^2/h")


def level(found: object) -> Decimal:
    return magnitude(found, "microgram/L")


def levels(flows: list[Flow], at: list[Decimal]) -> list[float]:
    return [float(level(each)) for each in concentrations(flows, at, CLEARANCE, HALF_LIFE)]


def test_the_published_steady_state_lies_beside_the_measured_one() -> None:
    """15 / 24 / 0.89 is 702 pg/mL; 706 ± 194 was measured in the infants of the trial (abstract, 2026)."""
    found = level(steady_state(DOSE_RATE, CLEARANCE)) * 1000
    assert round(found) == 702
    infants = load_kinetics().infants
    measured, spread = level(infants.measured_steady_state.quantity), level(infants.measured_spread.quantity)
    assert (measured * 1000, spread * 1000) == (706, 194)
    assert abs(found - measured * 1000) < spread * 1000


def test_the_volume_belongs_to_clearance_and_half_life() -> None:
    """2.62 L/m² by domain.md section 2, and not the 3.14 that a monograph prints beside the half-life."""
    volume = magnitude(distribution_volume(CLEARANCE, HALF_LIFE), "L/m^2")
    assert round(volume, 2) == Decimal("2.62")
    assert math.isclose(float(volume) * math.log(2) / 2.04, 0.89, rel_tol=1e-12)


def test_shipped_figures_bear_the_grades_of_the_fact_sheet() -> None:
    found = load_kinetics()
    assert (found.infants.clearance.grade, found.children.half_life.grade) == ("A", "B")


def test_a_half_life_of_minutes_is_one() -> None:
    assert math.isclose(float(elimination(quantity(Decimal("0.5"), "h"))), 2 * math.log(2), rel_tol=1e-12)


def test_a_flow_that_ends_at_once_brings_nothing() -> None:
    hour, moments = Flow(Decimal(2), Decimal(3), rate("1")), [Decimal(1), Decimal(3)]
    assert levels([Flow(Decimal(1), Decimal(1), rate("9")), hour], moments) == levels([hour], moments)


def test_one_infusion_follows_the_closed_form() -> None:
    pace, goal = math.log(2) / 2.04, 0.625 / 0.89
    hours = [Decimal(0), Decimal("0.5"), Decimal("2.04"), Decimal(7), Decimal(20), Decimal(23)]
    found = levels([Flow(Decimal(0), Decimal(20), rate("0.625"))], hours)
    wanted = [goal * (1 - math.exp(-pace * float(hour))) for hour in hours[:5]]
    wanted.append(wanted[4] * math.exp(-pace * 3))
    assert found == pytest.approx(wanted, rel=1e-12, abs=1e-15)
    assert found[2] == pytest.approx(goal / 2, rel=1e-12)  # half of the way in one half-life


def euler(flows: list[Flow], end: float, step: float) -> list[float]:
    """The same differential equation in small steps, with the standard library alone."""
    pace = math.log(2) / 2.04
    volume = 0.89 / pace
    now, found, course = 0.0, [0.0], [(float(f.start), float(f.end), float(f.rate.magnitude)) for f in flows]
    for count in range(round(end / step)):
        hour = count * step
        runs = next((r for start, stop, r in course if start <= hour + step / 2 < stop), 0.0)
        now += step * (runs / volume - pace * now)
        found.append(now)
    return found


def test_interruption_wrong_rate_and_bag_change_follow_a_numerical_integration() -> None:
    flows = [
        Flow(Decimal(0), Decimal(30), rate("0.6")),  # then four hours of nothing
        Flow(Decimal(34), Decimal(40), rate("0.65")),
        Flow(Decimal(40), Decimal(42), rate("14.4")),  # a day's volume in an hour
        Flow(Decimal("42.5"), Decimal(60), rate("0.65")),
    ]
    step = 0.001
    stepped = euler(flows, 72, step)
    hours = [Decimal(each) / 4 for each in range(4 * 72 + 1)]
    found = levels(flows, hours)
    for hour, exact in zip(hours, found, strict=True):
        assert exact == pytest.approx(stepped[round(float(hour) / step)], rel=2e-3, abs=1e-4)
    assert max(found) > 5  # what the wrong rate does is seen


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 40), st.integers(0, 30)), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_what_went_in_has_left_or_is_there(parts: list[tuple[int, int, int]]) -> None:
    """Drug in = CL × area under the curve + V × level; and moments asked for besides change nothing."""
    flows, at = [], 0
    for gap, length, tenths in parts:
        flows.append(Flow(Decimal(at + gap), Decimal(at + gap + length), rate(str(Decimal(tenths) / 10))))
        at += gap + length
    end = at + 5
    fine = [Decimal(each) / 20 for each in range(20 * end + 1)]
    found = levels(flows, fine)
    # exponentials between the points: Simpson's rule is exact to far beyond the tolerance
    area = sum((found[i] + 4 * found[i + 1] + found[i + 2]) / 60 for i in range(0, len(found) - 2, 2))
    given_ = sum(float(f.end - f.start) * float(f.rate.magnitude) for f in flows)
    volume = float(magnitude(distribution_volume(CLEARANCE, HALF_LIFE), "L/m^2"))
    assert 0.89 * area + volume * found[-1] == pytest.approx(given_, rel=1e-6, abs=1e-9)
    assert levels(flows, [Decimal(end)])[0] == pytest.approx(found[-1], rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(
    ("flows", "at"),
    [
        ([Flow(Decimal(0), Decimal(5), rate("1")), Flow(Decimal(4), Decimal(6), rate("1"))], [Decimal(1)]),
        ([Flow(Decimal(5), Decimal(4), rate("1"))], [Decimal(1)]),
        ([Flow(Decimal(0), Decimal(5), rate("-1"))], [Decimal(1)]),
        ([Flow(Decimal(0), Decimal(5), rate("1"))], [Decimal(2), Decimal(1)]),
        ([Flow(Decimal(0), Decimal(5), rate("1"))], [Decimal(2), Decimal(2)]),
    ],
)
def test_what_cannot_be_is_refused(flows: list[Flow], at: list[Decimal]) -> None:
    with pytest.raises(ValueError, match=r"flow|moments"):
        concentrations(flows, at, CLEARANCE, HALF_LIFE)


def test_pace_and_clearance_are_above_zero() -> None:
    with pytest.raises(ValueError, match="half-life"):
        elimination(quantity(Decimal(0), "h"))
    with pytest.raises(ValueError, match="clearance"):
        steady_state(DOSE_RATE, quantity(Decimal(0), "L/h/m^2"))


def test_nothing_before_the_first_flow_and_nothing_without_one() -> None:
    assert levels([Flow(Decimal(3), Decimal(4), rate("1"))], [Decimal(0), Decimal(2), Decimal(3)]) == [0, 0, 0]
    assert levels([], [Decimal(0), Decimal(9)]) == [0, 0]
