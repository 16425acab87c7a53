"""What an infant receives besides the drug, on the worst day, against a sliding day of every hour."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from dosing_app.core.exposure import UNITS, Content, content, worst_day
from dosing_app.core.quantities import magnitude, quantity

PARTS = {
    "sodium": "mmol/mL",
    "chloride": "mmol/mL",
    "lysine": "mg/mL",
    "polysorbate": "mg/mL",
    "benzyl_alcohol": "mg/mL",
}


def held(level: int) -> Content:
    """Five constituents that differ, so that none can stand for another."""
    return Content(
        *(quantity(Decimal(level * place), unit) for place, unit in zip((1, 2, 3, 5, 7), PARTS.values(), strict=True))
    )


@given(
    st.lists(st.tuples(st.integers(1, 60), st.integers(1, 100), st.integers(0, 9)), min_size=1, max_size=6),
    st.integers(1, 20),
)
def test_worst_day_against_a_sliding_day(bags: list[tuple[int, int, int]], weight: int) -> None:
    stretches, at, flows = [], 0, []
    for runs, rate, level in bags:
        stretches.append((Decimal(at), Decimal(at + runs), quantity(Decimal(rate), "mL/h"), held(level)))
        flows += [(rate, level)] * runs
        at += runs
    days = [flows[begin : begin + 24] for begin in range(max(1, len(flows) - 23))]
    found = worst_day(stretches, quantity(Decimal(weight), "kg"))
    most = max(sum(rate for rate, _ in day) for day in days)
    assert abs(Fraction(magnitude(found.fluid, "mL/kg/day")) * weight - most) < Fraction(1, 10**20)
    for place, name in zip((1, 2, 3, 5, 7), PARTS, strict=True):
        wanted = Fraction(max(sum(rate * level * place for rate, level in day) for day in days), weight)
        got = Fraction(magnitude(getattr(found, name), UNITS[name]))
        assert abs(got - wanted) <= wanted / 10**20, name


def test_upper_figures_of_the_fact_sheet() -> None:
    """domain.md section 3: a 24 h bag in a 4 kg infant: 60 mL/kg/day, 9 mmol/kg/day sodium, 273 mg/kg/day lysine.

    Of the chloride, 1.5 mmol/kg/day come with the lysine.
    """
    made = content(
        quantity(Decimal("5.5"), "mL"),
        quantity(Decimal(276), "mL"),
        quantity(Decimal("0.154"), "mmol/mL"),
        quantity(Decimal("228.38"), "mg/mL"),
        quantity(Decimal(1), "mg/mL"),
        quantity(Decimal("182.648"), "mg/mmol"),
        quantity(Decimal(0), "mg/mL"),
    )
    day = worst_day([(Decimal(0), Decimal(24), quantity(Decimal(10), "mL/h"), made)], quantity(Decimal(4), "kg"))
    assert magnitude(day.fluid, "mL/kg/day") == 60
    assert round(magnitude(day.sodium, "mmol/kg/day")) == 9
    assert round(magnitude(day.lysine, "mg/kg/day")) == 273
    extra = magnitude(day.chloride, "mmol/kg/day") - magnitude(day.sodium, "mmol/kg/day")
    assert round(extra, 1) == Decimal("1.5")
    assert magnitude(day.benzyl_alcohol, "mg/kg/day") == 0


@given(*(st.decimals("0.1", 400, places=2) for _ in range(5)), st.decimals(1, 20, places=2))
def test_what_a_bag_holds_is_what_went_into_it(
    stabiliser: Decimal, others: Decimal, saline: Decimal, lysine: Decimal, polysorbate: Decimal, mass: Decimal
) -> None:
    """Per millilitre times the whole volume; each molecule of lysine hydrochloride brings one chloride."""
    total = stabiliser + others
    made = content(
        quantity(stabiliser, "mL"),
        quantity(total, "mL"),
        quantity(saline, "mmol/mL"),
        quantity(lysine, "mg/mL"),
        quantity(polysorbate, "mg/mL"),
        quantity(mass, "mg/mmol"),
        quantity(Decimal(9), "mg/mL"),
    )
    found = {name: Fraction(magnitude(getattr(made, name), unit)) * Fraction(total) for name, unit in PARTS.items()}
    salts = Fraction(saline) * Fraction(total)
    wanted = {
        "sodium": salts,
        "chloride": salts + Fraction(lysine) * Fraction(stabiliser) / Fraction(mass),
        "lysine": Fraction(lysine) * Fraction(stabiliser),
        "polysorbate": Fraction(polysorbate) * Fraction(stabiliser),
        "benzyl_alcohol": 9 * Fraction(total),
    }
    for name, each in wanted.items():
        assert abs(found[name] - each) <= each / 10**25, name
