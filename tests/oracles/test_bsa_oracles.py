"""Body-surface area against programs and tables that nobody in this project wrote.

health-bsa 0.1.1 (PyPI, MIT) covers Du Bois, Mosteller, Haycock, Gehan and George, Fujimoto; asked for 15 decimals it
does not round. No outside package was found for Boyd, Takahira, Schlich and Shuter: those are written here a second
time from the published equations, and Boyd is also compared with its form in grams and with published values.
"""

import json
import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from health_bsa import BSA

from dosing_app.core.bsa import body_surface_area
from dosing_app.core.quantities import quantity

ROWS = json.loads((Path(__file__).parent / "bsa_published.json").read_text(encoding="utf-8"))["cases"]
NAMES = {  # how the published rows call the formulas
    "boyd_weight_only": "bnfc",
    "boyd_weight_and_length": "boyd",
    "boyd_wh": "boyd",
    "gehan_george": "gehan-george",
    "dubois": "du-bois",
    "mosteller (as labelled by the page)": "mosteller",
}
PACKAGE = {
    "mosteller": "Mosteller",
    "haycock": "Haycock",
    "gehan-george": "GehanGeorge",
    "du-bois": "DuBois",
    "fujimoto": "Fujimoto",
}
# Weight in kg, length in cm.
EQUATIONS: dict[str, Callable[[float, float], float]] = {
    # Boyd E. The growth of the surface area of the human body. University of Minnesota Press 1935.
    "boyd": lambda w, h: 0.03330 * w ** (0.6157 - 0.0188 * math.log10(w)) * h**0.3,
    # Boyd 1935, by weight alone, in grams.
    "bnfc": lambda w, h: 4.688e-4 * (1000 * w) ** (0.8168 - 0.0154 * math.log10(1000 * w)),
    # Takahira H. Rep Imp Gov Inst Nutr (Tokyo) 1925;1:61-95.
    "takahira": lambda w, h: 0.007241 * w**0.425 * h**0.725,
    # Schlich E, Schumm M, Schlich M. Ernährungs Umschau 2010;57:178-183. Public code is known to swap the two.
    "schlich-female": lambda w, h: 0.000975482 * w**0.46 * h**1.08,
    "schlich-male": lambda w, h: 0.000579479 * w**0.38 * h**1.24,
    # Shuter B, Aslani A. Eur J Appl Physiol 2000;82:250-254.
    "shuter": lambda w, h: 0.00949 * w**0.441 * h**0.655,
}
GRID = [(Decimal(w) / 2, Decimal(h) / 2) for w in range(2, 41) for h in range(70, 201, 5)]


def area(formula: str, weight_kg: Decimal, length_cm: Decimal) -> Decimal:
    """The program's answer, m²."""
    magnitude = body_surface_area(formula, quantity(weight_kg, "kg"), quantity(length_cm, "cm")).to("m^2").magnitude
    assert isinstance(magnitude, Decimal)
    return magnitude


def off(found: Decimal, expected: float) -> float:
    return abs(float(found) / expected - 1)


def decimals(row: dict[str, Any]) -> int:
    """As many decimals as the source printed."""
    printed = row["published_decimals"]
    return -int(Decimal(str(row["bsa_m2"])).as_tuple().exponent) if printed is None else int(printed)


def as_printed(row: dict[str, Any]) -> tuple[Decimal, Decimal]:
    """The program's area rounded as the source rounds, and what the source printed."""
    formula = NAMES.get(row["formula"], row["formula"])
    # The formula by weight does not look at the length.
    length = Decimal(str(row["length_cm"])) if row["length_cm"] is not None else Decimal(60)
    step = Decimal(1).scaleb(-decimals(row))
    found = area(formula, Decimal(str(row["weight_kg"])), length).quantize(step, rounding=ROUND_HALF_UP)
    return found, Decimal(str(row["bsa_m2"])).quantize(step)


def test_package_does_not_round_at_15_decimals() -> None:
    """A guard of the oracle itself: two decimals are its default and would hide a wrong formula."""
    assert len(repr(BSA(6.42, 63.5, "Mosteller", 15))) > 14
    assert BSA(6.42, 63.5, "Mosteller") == 0.34


@pytest.mark.parametrize("formula", PACKAGE)
def test_agrees_with_health_bsa(formula: str) -> None:
    for weight, length in GRID:
        expected = BSA(float(weight), float(length), PACKAGE[formula], 15)
        found = area(formula, weight, length)
        assert off(found, expected) < 1e-9, f"{formula}: {weight} kg, {length} cm: {found}, health-bsa {expected}"


@pytest.mark.parametrize("formula", EQUATIONS)
def test_agrees_with_published_equation(formula: str) -> None:
    for weight, length in GRID:
        expected = EQUATIONS[formula](float(weight), float(length))
        found = area(formula, weight, length)
        assert off(found, expected) < 1e-9, f"{formula}: {weight} kg, {length} cm: {found}, equation {expected}"


def test_boyd_agrees_with_its_form_in_grams() -> None:
    """0.0003207 L^0.3 Wg^(0.7285 - 0.0188 log10 Wg): the same curve, its constants rounded apart by 1 in 10,000."""
    for weight, length in GRID:
        grams = 1000 * float(weight)
        expected = 0.0003207 * float(length) ** 0.3 * grams ** (0.7285 - 0.0188 * math.log10(grams))
        assert off(area("boyd", weight, length), expected) < 3e-4, f"{weight} kg, {length} cm"


def test_weight_alone_decides_bnfc() -> None:
    for weight in (Decimal("2.5"), Decimal("6.42"), Decimal(15)):
        assert len({area("bnfc", weight, length) for length in (Decimal(35), Decimal("63.5"), Decimal(100))}) == 1


@pytest.mark.parametrize(
    "row", [r for r in ROWS if r["kind"] == "reference" and r["weight_kg"] <= 15], ids=lambda r: str(r["id"])
)
def test_reproduces_published_row(row: dict[str, Any]) -> None:
    found, printed = as_printed(row)
    assert found == printed, f"{row['id']}: {found}, {row['source']} printed {printed}"


@pytest.mark.parametrize(
    "row",
    [r for r in ROWS if r["kind"] == "reference" and r["weight_kg"] > 15 and r["length_cm"]],
    ids=lambda r: str(r["id"]),
)
def test_reproduces_published_adult_with_length(row: dict[str, Any]) -> None:
    """The only published values with a length; the formula function knows no upper limit of weight."""
    found, printed = as_printed(row)
    assert found == printed, f"{row['id']}: {found}, {row['source']} printed {printed}"


@pytest.mark.parametrize("row", [r for r in ROWS if r["kind"] == "known_bad"], ids=lambda r: str(r["id"]))
def test_does_not_reproduce_known_wrong_row(row: dict[str, Any]) -> None:
    found, printed = as_printed(row)
    assert found != printed, f"{row['id']}: {found} is a wrong number published by {row['source']}"


def test_there_are_rows_of_each_kind() -> None:
    kinds = [r["kind"] for r in ROWS if r["kind"] == "known_bad" or r["weight_kg"] <= 15]
    assert kinds.count("reference") >= 12
    assert kinds.count("known_bad") >= 8
