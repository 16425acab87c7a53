"""Spot the error: what was planted stands where it is said, and some worksheets have no error."""

import re
from collections import Counter
from decimal import Decimal

import pytest
from teaching_cases import house, house_with

from dosing_app.teaching import spot as spot_module
from dosing_app.teaching.spot import NONE, PLANTED, Worksheet, mark_spot, source_of, worksheet, worksheets


def texts(sheet: Worksheet) -> dict[str, str]:
    return {line.key: line.text.replace("\u00a0", " ") for line in sheet.lines}


@pytest.mark.parametrize("planted", PLANTED)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_what_was_planted_is_wrong_where_it_is_said(planted: str, seed: int) -> None:
    sheet = worksheet(seed, planted, house())
    assert sheet.planted == planted
    assert texts(sheet)[sheet.at] != sheet.right.replace("\u00a0", " ")
    assert mark_spot(sheet, sheet.at).passed
    others = {line.key for line in sheet.lines} - {sheet.at, *sheet.also}
    assert not any(mark_spot(sheet, key).passed for key in (*others, NONE))
    assert all(mark_spot(sheet, key).passed for key in sheet.also)
    assert sheet.why


def test_the_page_prints_its_own_figure() -> None:
    found = texts(worksheet(3, "page-area", house()))
    assert (found["weight"], found["length"], found["bsa"]) == ("5 kg", "50 cm", "0.372 m²")
    assert worksheet(3, "page-area", house()).right.startswith("0.2635")  # √(5 × 50 ÷ 3600), by hand 0.26352


def test_the_other_errors_are_those_of_their_reports() -> None:
    hourly = worksheet(3, "day-as-hour", house())
    right, wrong = (float(text.split()[0].removesuffix("mL/hour")) for text in (
        hourly.right.replace("\u00a0", " "), texts(hourly)["rate"]))  # fmt: skip
    assert wrong == pytest.approx(24 * right)
    assert "28.8" in hourly.why
    assert texts(worksheet(3, "clamped", house()))["bsa"] == "0.3 m²"
    assert texts(worksheet(3, "clamped", house()))["dose"].startswith("4.5 ")
    assert texts(worksheet(3, "other-region", house()))["rate"] == "1.8 mL/hour"
    comma = worksheet(3, "comma-dropped", house())
    digits = comma.right.split("\u00a0")[0].replace(".", "").lstrip("0")
    assert texts(comma)["drug"].split()[0] == digits
    assert "," in texts(worksheet(3, "stale", house()))["weight"]


def test_some_worksheets_have_no_error_and_most_have() -> None:
    counts: Counter[str] = Counter()
    for seed in range(12):
        found = worksheets(seed, 4, house())
        assert sum(sheet.planted == NONE for sheet in found) == 1
        counts.update(sheet.planted for sheet in found)
    assert set(counts) == {*PLANTED, NONE}


def test_what_is_planted_is_drawn_where_it_is_not_chosen() -> None:
    planted = [worksheet(seed, house=house()).planted for seed in range(24)]
    assert NONE in planted
    assert len(set(planted)) > 3


def test_a_weight_that_cannot_be_read_has_both_marks_between_its_digits() -> None:
    """A weight of one decimal has no room for them: another infant is drawn."""
    for seed in range(40):
        weight = texts(worksheet(seed, "stale", house()))["weight"]
        assert re.fullmatch(r"\d+\.\d,\d+ kg", weight)


def test_no_worksheet_is_of_a_bag_that_the_site_cannot_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    home = house_with(syringes={Decimal(60): Decimal("0.2")})
    for seed in range(6):
        drug = texts(worksheet(seed, NONE, home))["drug"].split()[0]
        assert Decimal(drug) % Decimal("0.2") == 0
    monkeypatch.setattr(spot_module, "_TRIES", 3)
    with pytest.raises(ValueError, match="no such case"):  # a bag may be connected within an hour, and not before two
        worksheet(1, NONE, house_with(start_within_h=Decimal(1)))


def test_an_error_of_a_report_says_where_it_comes_from() -> None:
    for planted in PLANTED:
        said = source_of(worksheet(3, planted, house()))
        assert ("grade" in said) == (planted in {"page-area", "day-as-hour", "clamped"})
    assert source_of(worksheet(3, NONE, house())) == ""


def test_a_worksheet_without_an_error_is_marked_so() -> None:
    sheet = worksheet(9, NONE, house())
    assert mark_spot(sheet, NONE).passed
    assert not any(mark_spot(sheet, line.key).passed for line in sheet.lines)


def test_the_same_seed_gives_the_same_worksheets() -> None:
    assert worksheets(7, 4, house()) == worksheets(7, 4, house())
    with pytest.raises(ValueError, match="seed"):
        worksheet(-1)
    with pytest.raises(KeyError):
        worksheet(1, "none-such", house())
