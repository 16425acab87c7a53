"""Area, dose and what goes into a bag: every microgram and every millilitre is accounted for, in exact fractions."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pint
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dosing_app.core import recipe
from dosing_app.core.bsa import OFFERED, TEACHING_ONLY, body_surface_area
from dosing_app.core.dose import daily_dose, deviation_percent
from dosing_app.core.quantities import magnitude, quantity

CLOSE = Fraction(1, 10**25)  # relative; the program carries 34 digits


def dec(low: str, high: str, places: int = 3) -> st.SearchStrategy[Decimal]:
    step = Decimal(1).scaleb(-places)
    return st.integers(int(Decimal(low) / step), int(Decimal(high) / step)).map(lambda n: n * step)


weights, lengths = dec("1", "20"), dec("35", "100", 1)


def q(number: Decimal | str, unit: str):
    return quantity(Decimal(number), unit)


def fraction(value, unit: str) -> Fraction:
    return Fraction(magnitude(value, unit))


def close(found: Fraction, wanted: Fraction) -> bool:
    return abs(found - wanted) <= CLOSE * abs(wanted)


# ---- body-surface area ----


@given(weights, lengths)
def test_mosteller_by_its_square(weight: Decimal, length: Decimal) -> None:
    area = fraction(body_surface_area("mosteller", q(weight, "kg"), q(length, "cm")), "m^2")
    assert close(area * area * 3600, Fraction(weight) * Fraction(length))


@given(weights, lengths, st.sampled_from([*OFFERED, *TEACHING_ONLY]))
def test_area_does_not_depend_on_the_units_or_the_callers_context(weight: Decimal, length: Decimal, name: str) -> None:
    area = magnitude(body_surface_area(name, q(weight, "kg"), q(length, "cm")), "m^2")
    assert magnitude(body_surface_area(name, q(weight * 1000, "g"), q(length * 10, "mm")), "m^2") == area
    with localcontext() as context:
        context.prec = 4
        assert magnitude(body_surface_area(name, q(weight, "kg"), q(length, "cm")), "m^2") == area
    assert len(area.normalize().as_tuple().digits) >= 12 or area == area.quantize(Decimal("0.000001"))


@given(weights, weights, lengths, st.sampled_from([*OFFERED]))
def test_more_weight_is_more_area(one: Decimal, other: Decimal, length: Decimal, name: str) -> None:
    assume(one < other)
    areas = [magnitude(body_surface_area(name, q(w, "kg"), q(length, "cm")), "m^2") for w in (one, other)]
    assert areas[0] < areas[1]


def test_formulas_made_for_adults_are_not_offered() -> None:
    assert list(OFFERED) == ["mosteller", "haycock", "gehan-george", "boyd", "bnfc"]  # domain.md section 5
    assert not set(OFFERED) & set(TEACHING_ONLY)


@pytest.mark.parametrize(("weight", "length"), [("0", "60"), ("-6", "60"), ("6", "0"), ("-6", "-60")])
def test_nothing_has_an_area_without_weight_and_length(weight: str, length: str) -> None:
    with pytest.raises(ValueError, match="above zero"):
        body_surface_area("mosteller", q(weight, "kg"), q(length, "cm"))


def test_whatever_is_above_zero_has_an_area() -> None:
    """√(0.36 × 0.25 / 3600) = 0.005; which infants are taken is not for the formula to say."""
    assert magnitude(body_surface_area("mosteller", q("0.36", "kg"), q("0.25", "cm")), "m^2") == Decimal("0.005")


def test_area_guards_its_arguments() -> None:
    with pytest.raises(pint.DimensionalityError):
        body_surface_area("mosteller", q("63.5", "cm"), q("6.42", "kg"))
    with pytest.raises(TypeError):
        body_surface_area("mosteller", 6.42, q("63.5", "cm"))
    with pytest.raises(KeyError):
        body_surface_area("mosteler", q("6.42", "kg"), q("63.5", "cm"))


# ---- dose ----


@given(dec("0.1", "100"), dec("0.05", "3", 6), dec("0.1", "100"))
def test_daily_dose_is_the_product_or_the_cap(rate: Decimal, area: Decimal, cap: Decimal) -> None:
    dose, capped = daily_dose(q(rate, "microgram/m^2/day"), q(area, "m^2"), q(cap, "microgram/day"))
    product = Fraction(rate) * Fraction(area)
    assert fraction(dose, "microgram/day") == min(product, Fraction(cap))
    assert capped == (product > Fraction(cap))


def test_a_dose_at_the_cap_is_not_capped() -> None:
    cap = q("28", "microgram/day")
    assert not daily_dose(q("14", "microgram/m^2/day"), q("2", "m^2"), cap)[1]
    assert daily_dose(q("14", "microgram/m^2/day"), q("2.0000001", "m^2"), cap)[1]


@pytest.mark.parametrize(("found", "wanted", "percent"), [("5.25", "5", "5"), ("4.75", "5", "-5"), ("5", "5", "0")])
def test_deviation(found: str, wanted: str, percent: str) -> None:
    assert deviation_percent(q(found, "microgram/day"), q(wanted, "microgram/day")) == Decimal(percent)


# ---- drug volume ----


@given(
    amount=dec("1", "400"),
    base=dec("50", "500", 1),
    delivered=dec("50", "500", 1),
    strength=dec("1", "50", 1),
)
def test_drug_in_is_drug_out_of_an_additive_bag(
    amount: Decimal, base: Decimal, delivered: Decimal, strength: Decimal
) -> None:
    """D / v = C V / (S + I + V): the delivered part of the bag holds exactly the amount."""
    assume(strength * delivered > amount * Decimal("1.01"))
    volume = fraction(
        recipe.drug_volume_additive(
            q(amount, "microgram"), q(base, "mL"), q(delivered, "mL"), q(strength, "microgram/mL")
        ),
        "mL",
    )
    held = Fraction(strength) * volume / (Fraction(base) + volume) * Fraction(delivered)
    assert close(held, Fraction(amount))


@given(amount=dec("1", "400"), final=dec("50", "500", 1), delivered=dec("50", "500", 1), strength=dec("1", "50", 1))
def test_drug_in_is_drug_out_of_a_made_up_bag(
    amount: Decimal, final: Decimal, delivered: Decimal, strength: Decimal
) -> None:
    volume = fraction(
        recipe.drug_volume_made_up(
            q(amount, "microgram"), q(final, "mL"), q(delivered, "mL"), q(strength, "microgram/mL")
        ),
        "mL",
    )
    assert close(Fraction(strength) * volume / Fraction(final) * Fraction(delivered), Fraction(amount))


@pytest.mark.parametrize(("amount", "printed"), [("28", "2.5956"), ("9", "0.8290")])
def test_published_check_values(amount: str, printed: str) -> None:
    """domain.md section 4: S = 270, I = 5.5, v = 240, 24 h."""
    volume = recipe.drug_volume_additive(
        q(amount, "microgram"), q("275.5", "mL"), q("240", "mL"), q("12.5", "microgram/mL")
    )
    assert magnitude(volume, "mL").quantize(Decimal("0.0001")) == Decimal(printed)


@pytest.mark.parametrize("amount", ["3000", "3001", "99999"])
def test_a_dose_beyond_the_pure_drug_is_unreachable(amount: str) -> None:
    """C v = 3000 micrograms is what 240 mL of undiluted drug would hold."""
    with pytest.raises(recipe.Unreachable):
        recipe.drug_volume_additive(q(amount, "microgram"), q("275.5", "mL"), q("240", "mL"), q("12.5", "microgram/mL"))


def test_a_bag_of_almost_pure_drug_is_still_reachable() -> None:
    """Half a microgram below what undiluted drug would hold: V = 2999.5 × 275.5 / 0.5."""
    volume = recipe.drug_volume_additive(
        q("2999.5", "microgram"), q("275.5", "mL"), q("240", "mL"), q("12.5", "microgram/mL")
    )
    assert fraction(volume, "mL") == Fraction("2999.5") * Fraction("275.5") * 2


@given(exact=dec("0.01", "60", 5), step=st.sampled_from(["0.01", "0.1", "0.2", "1"]), strength=dec("1", "50", 1))
def test_what_the_syringe_measures_is_the_nearest_mark_and_the_bag_holds_it(
    exact: Decimal, step: str, strength: Decimal
) -> None:
    drug = recipe.measured(q(exact, "mL"), q(step, "mL"))
    marks = fraction(drug, "mL") / Fraction(step)
    assert marks.denominator == 1
    assert abs(fraction(drug, "mL") - Fraction(exact)) * 2 <= Fraction(step)
    held = recipe.held(drug, q(strength, "microgram/mL"))
    assert fraction(held, "microgram") == fraction(drug, "mL") * Fraction(strength)


@given(dose=dec("0.5", "28"), hours=st.sampled_from([24, 48, 72, 96, 168]))
def test_amount_of_a_bag(dose: Decimal, hours: int) -> None:
    found = recipe.to_deliver(q(dose, "microgram/day"), q(hours, "h"))
    assert close(fraction(found, "microgram"), Fraction(dose) * hours / 24)


@given(dose=dec("1", "28"), drug=dec("0.2", "10", 2), rate=dec("0.6", "10", 1), hours=st.sampled_from([24, 48, 96]))
def test_dose_delivered_is_what_flows_in_a_day(dose: Decimal, drug: Decimal, rate: Decimal, hours: int) -> None:
    """What the concentration and the rate bring over the bag's hours, a day of it; and the ledger adds up."""
    total = Decimal("275.5") + drug
    strength = q("12.5", "microgram/mL")
    bag = recipe.concentration(q(drug, "mL"), q(total, "mL"), strength)
    delivered = recipe.delivered_volume(q(rate, "mL/h"), q(hours, "h"))
    given_ = Fraction("12.5") * Fraction(drug) * Fraction(rate) * hours / Fraction(total)
    assert close(fraction(recipe.dose_delivered(bag, q(rate, "mL/h")), "microgram/day") * hours / 24, given_)
    primed = q("5", "mL")
    discarded = recipe.discarded_volume(q(total, "mL"), delivered, primed)
    parts = [fraction(volume, "mL") for volume in (primed, delivered, discarded)]
    assert sum(parts) == Fraction(total)


# ---- syringes and vials ----

SYRINGES = {
    Decimal(1): Decimal("0.01"),
    Decimal(3): Decimal("0.1"),
    Decimal(10): Decimal("0.2"),
    Decimal(60): Decimal(1),
}


@pytest.mark.parametrize(
    ("volume", "step", "two_small"),
    [
        ("0.3", "0.01", "0.01"),
        ("0.999999", "0.01", "0.01"),
        ("1", "0.1", "0.01"),  # "0.1 mL from 1 mL"
        ("2", "0.1", "0.01"),  # "0.01 mL up to 2 mL"
        ("2.000001", "0.1", "0.1"),
        ("2.999999", "0.1", "0.1"),
        ("3", "0.2", "0.2"),
        ("9.999999", "0.2", "0.2"),
        ("10", "1", "1"),
        ("59.9", "1", "1"),
    ],
)
def test_graduation(volume: str, step: str, two_small: str) -> None:
    """domain.md section 4."""
    assert magnitude(recipe.graduation(q(volume, "mL"), SYRINGES), "mL") == Decimal(step)
    assert magnitude(recipe.graduation(q(volume, "mL"), SYRINGES, q("2", "mL")), "mL") == Decimal(two_small)


def test_no_syringe_for_the_largest_volume() -> None:
    for volume in ("60", "61"):
        with pytest.raises(recipe.NoSyringe):
            recipe.graduation(q(volume, "mL"), SYRINGES)


@pytest.mark.parametrize(
    ("volumes", "shared", "single"),
    [
        (["2.8"], 1, 1),
        (["2.8000001"], 2, 2),
        (["1.4", "1.4"], 1, 2),
        (["1.4", "1.4000001"], 2, 2),
        (["0.46"] * 28, 5, 28),
        (["2.9", "2.9"], 3, 4),
        ([], 0, 0),
    ],
)
def test_vials(volumes: list[str], shared: int, single: int) -> None:
    """ceil(Σ / 2.8 mL) of a session, or the sum of each bag's own."""
    parts = [q(volume, "mL") for volume in volumes]
    assert recipe.vials(parts, q("2.8", "mL"), shared=True) == shared
    assert recipe.vials(parts, q("2.8", "mL"), shared=False) == single


@given(st.lists(dec("0.2", "6", 2), min_size=1, max_size=28))
def test_vials_hold_what_is_drawn_and_no_fewer_would(volumes: list[Decimal]) -> None:
    parts = [q(volume, "mL") for volume in volumes]
    shared, single = (recipe.vials(parts, q("2.8", "mL"), shared=each) for each in (True, False))
    assert (shared - 1) * Fraction("2.8") < sum(map(Fraction, volumes)) <= shared * Fraction("2.8")
    assert shared <= single
