"""Product data as those read them who approve them: every figure with unit, grade and source, and what changes."""

from course_cases import house, product_file

from dosing_app.course.product_change import REFUSED, Change, Comparison, compare
from dosing_app.reference.product import load_product
from dosing_app.reference.product_entries import entries
from dosing_app.wording import product_text
from dosing_app.wording.figures import Table


def rows(table: Table) -> list[list[str]]:
    return [[cell.replace("\u00a0", " ") for cell in row] for row in table.rows]


def test_every_figure_of_the_shipped_products_stands_there_with_its_grade_and_source() -> None:
    for name in ("eu", "us"):
        product = load_product(name)
        found = rows(product_text.figure_table(product))
        assert len(found) == len(entries(product))
        for row in found:
            part, figure, value, grade, source = row
            assert part
            assert not figure.endswith(("_h", "_ml"))
            assert "_" not in part + figure + value
            assert grade == "–" or grade[0] in "ABCRDJ"
            assert (grade == "–") == (source == "–") or figure == "why it cannot be planned"


def test_figures_as_the_domain_has_them() -> None:
    """Domain.md section 3, by hand."""
    eu, us = (rows(product_text.figure_table(load_product(name))) for name in ("eu", "us"))
    read, recalled = "B: manufacturer’s page or label copy, read", "R: recalled from the label, not re-read"
    assert ["vial", "drug as labelled", "38.5 micrograms", read] in [row[:4] for row in eu]
    assert ["vial", "drug as labelled", "35 micrograms", read] in [row[:4] for row in us]
    assert ["bag 96h", "pump rate", "2.5 mL/hour", recalled] in [row[:4] for row in eu]
    assert ["bag 96h", "pump rate", "1.8 mL/hour", read] in [row[:4] for row in us]
    assert ["bag 168h", "made up to", "110 mL", recalled] in [row[:4] for row in us]
    assert ["storage, preservative-free", "2–8 °C limit includes the infusion", "yes", "–", "–"] in us
    assert ["bag 96h", "composition", "not available", "–", "–"] in us
    why = "The composition of the preserved 96 hour bag is not available to this program, only its rate."
    assert ["bag 96h", "why it cannot be planned", "–", "–", why] in us
    assert product_text.grade_words("Z") == "Z"


def test_a_changed_rate_and_what_follows_for_the_infants() -> None:
    """A lower rate delivers less of the bag, so that more drug goes into it, for each of the three infants."""
    changed = load_product(product_file("eu", ('"3.3 mL/h"', '"3.2 mL/h"')))
    found = compare(load_product("eu"), changed, house())
    assert rows(product_text.figure_changes(found)) == [["bag 72h", "pump rate", "3.3 mL/hour", "3.2 mL/hour"]]
    table = product_text.infant_changes(found)
    assert [header.replace("\u00a0", " ") for header in table.headers] == [
        *("Bag", "Figure", "3.3 kg infant", "6.4 kg infant", "9.4 kg infant"),
    ]
    by_figure = {row[1]: row[2:] for row in rows(table)}
    assert by_figure["pump rate"] == ["3.3 → 3.2 mL/hour"] * 3
    assert by_figure["drug, measured"] == ["0.91 → 0.93 mL", "1.4 → 1.5 mL", "–"]
    assert {row[0] for row in rows(table)} == {"bag 72h"}


def test_a_kind_that_can_be_planned_no_more_says_why() -> None:
    found = compare(load_product("eu"), load_product("us"), house())
    changes = rows(product_text.figure_changes(found))
    assert ["bag 96h", "planned early take-down", "72 h", "–"] in changes
    assert ["bag 72h", "stabiliser", "5.5 mL", "–"] in changes
    assert ["bag 168h", "minimum weight", "–", "5.4 kg"] in changes
    planned = {row[0]: row[2:] for row in rows(product_text.infant_changes(found)) if row[1] == "can be planned"}
    assert planned["bag 96h"] == [
        "yes → below minimum weight, composition not available, benzyl alcohol",
        *["yes → composition not available, benzyl alcohol"] * 2,
    ]


def test_two_figures_are_shown_with_as_many_decimals_as_tell_them_apart() -> None:
    def shown(key: str, before: str, after: str, kind: str = "96h") -> list[str]:
        compared = Comparison((), (Change("6.4 kg", kind, key, before, after),))
        return rows(product_text.infant_changes(compared))[0]

    assert shown("drug_ml_exact", "1.86673", "1.86674")[2] == "1.86673 → 1.86674 mL"
    assert shown("drug_ml_exact", "1.8667", "1.9")[2] == "1.8667 → 1.9 mL"
    assert shown("drug_ml_exact", "1.8667000000001", "1.8667")[2] == "1.8667 → 1.8667 mL"  # further on than is shown
    assert shown("drug_ml", "", "1.9")[2] == "– → 1.9 mL"
    assert shown("vials", "5", "6", kind="") == ["every bag", "vials in the course", "5 → 6"]
    assert shown(REFUSED, "sodium", "")[1:] == ["can be planned", "sodium → yes"]
