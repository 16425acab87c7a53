"""Tables: every digit of the plan comes back, nothing is a formula, and the same plan gives the same file."""

import csv
import io
import time
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from course_papers import in_zone, issued, own_standing
from paper_cases import CASES, DRAFT, FINAL, case, named

from dosing_app.course.plan import Plan
from dosing_app.papers.table import guarded, tables_of

FORMULAS = [
    "=cmd()|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "＝1+1",
    "'=1",
    "  =1",
    '=HYPERLINK("x")',
    "a\nb,c",
]


def rows(table: bytes) -> list[dict[str, str]]:
    """As a program reads it, without the apostrophe that guards."""
    assert table.startswith(b"\xef\xbb\xbf")
    read = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline="")))
    return [{name: text.removeprefix("'") for name, text in row.items()} for row in read]


def sheets(book: bytes) -> dict[str, list[list[Any]]]:
    return {page.title: [list(row) for row in page.iter_rows()] for page in openpyxl.load_workbook(io.BytesIO(book))}


def content(plan: Plan, part: str) -> list[dict[str, Any]]:
    return plan.as_json()[part]


def as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


@pytest.mark.parametrize("name", CASES)
def test_every_figure_of_the_plan_stands_in_the_csv_to_the_last_digit(name: str) -> None:
    plan = case(name)[0]
    made = tables_of(plan, FINAL)
    for part in ("bags", "sessions"):
        wanted = content(plan, part)
        found = rows(made[f"{part}.csv"])
        assert len(found) == len(wanted)
        for row, figures in zip(found, wanted, strict=True):
            assert {key: row[key] for key in figures} == {key: as_text(value) for key, value in figures.items()}
            assert not any(text for key, text in row.items() if key not in {*figures, "state", "case", "check_code"})
            assert row["state"] == "Revision 2, print 1"
            assert row["check_code"] == plan.check_code


@pytest.mark.parametrize("name", CASES)
def test_the_workbook_gives_back_the_plan_s_decimals(name: str) -> None:
    plan = case(name)[0]
    made = sheets(tables_of(plan, FINAL)["bags-and-sessions.xlsx"])
    kinds = set()
    for page, part in (("Bags", "bags"), ("Sessions", "sessions")):
        heads = [cell.value for cell in made[page][0]]
        for line, figures in zip(made[page][1:], content(plan, part), strict=True):
            read = dict(zip(heads, line, strict=True))
            for key, figure in figures.items():
                cell = read[key]
                kinds.add((key, cell.data_type))
                if cell.data_type == "n":
                    assert Decimal(repr(cell.value)) == Decimal(as_text(figure))
                else:
                    assert (cell.data_type, cell.value) == ("s", as_text(figure))
    assert {("rate_ml_per_h", "n"), ("delivered_ml", "n"), ("number", "n"), ("start_utc", "s")} <= kinds
    assert ("concentration_ug_per_ml", "s") in kinds or name.startswith("us-made")  # more digits than are kept


def test_a_column_is_one_kind_throughout() -> None:
    for name in CASES:
        for lines in sheets(tables_of(case(name)[0], FINAL)["bags-and-sessions.xlsx"]).values():
            for column in zip(*lines[1:], strict=True):
                assert len({cell.data_type for cell in column if cell.value is not None}) <= 1


@pytest.mark.parametrize("label", FORMULAS)
def test_a_label_is_never_a_formula(label: str) -> None:
    plan = named(case("eu-early")[0], label)
    made = tables_of(plan, FINAL)
    for part in ("bags", "sessions"):
        raw = list(csv.reader(io.StringIO(made[f"{part}.csv"].decode("utf-8-sig"), newline="")))[1][1]
        assert not raw.lstrip(" ").startswith(tuple("=+-@\t\r＝＋－＠"))
        assert rows(made[f"{part}.csv"])[0]["case"] == label
    for lines in sheets(made["bags-and-sessions.xlsx"]).values():
        cell = lines[1][1]
        assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", label, True)


@pytest.mark.parametrize("label", ["0017", "1E5", "12.50"])
def test_a_label_that_looks_like_a_number_stays_as_it_is(label: str) -> None:
    made = tables_of(named(case("eu-early")[0], label), FINAL)
    assert rows(made["bags.csv"])[0]["case"] == label
    assert sheets(made["bags-and-sessions.xlsx"])["Bags"][1][1].value == label


def test_a_number_below_zero_is_a_number() -> None:
    assert guarded("-0.84") == "-0.84"
    assert any(
        row["deviation_percent"].startswith("-") for row in rows(tables_of(case("eu-clock")[0], FINAL)["bags.csv"])
    )


def test_each_row_of_a_draft_says_so_and_has_no_code() -> None:
    made = tables_of(case("eu-early")[0], DRAFT)
    for row in rows(made["bags.csv"]) + rows(made["sessions.csv"]):
        assert (row["state"], row["check_code"]) == ("DRAFT", "")
    for lines in sheets(made["bags-and-sessions.xlsx"]).values():
        assert {line[0].value for line in lines[1:]} == {"DRAFT"}


def test_the_same_plan_gives_the_same_files(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = issued(in_zone("Europe/Amsterdam")[0])
    first = tables_of(plan, own_standing(plan))
    monkeypatch.setattr(time, "localtime", lambda *_given: time.struct_time((2030, 1, 2, 3, 4, 6, 0, 2, 0)))
    time.sleep(1.1)  # the library writes the second at which it saves
    again = Plan.model_validate_json(plan.model_dump_json())
    assert tables_of(again, own_standing(again)) == first
