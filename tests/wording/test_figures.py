"""Figures as people read them: the display rules, and every shown number recomputed from those beside it."""

import ast
import math
import random
import re
from decimal import Decimal
from functools import cache

import pytest
from course_cases import BASE, house, plan_of, protocol_file

from dosing_app.core.findings import About
from dosing_app.course.calculate import calculate
from dosing_app.course.document import plan_of as document_plan
from dosing_app.course.order import read_order
from dosing_app.course.plan import Plan
from dosing_app.reference.bundle import load_house
from dosing_app.wording import figures
from dosing_app.wording.plan_text import confirmed_line, plan_text

NB = "\u00a0"
REASONS = {
    "reason_unit_closed": "on call",
    "reason_sodium": "weighed",
    "reason_preserved_infant": "no other",
    "reason_syringe_deviation": "seen",
    "reason_drug_volume_small": "seen",
}
WAYS = [
    ("eu", "24h"), ("eu", "48h"), ("eu", "72h"), ("eu", "96h"), ("eu", "96h@72,96h"), ("eu", "72h,96h"),
    ("us", "24h"), ("us", "48h"), ("us", "48h@24,24h"), ("us", "168h"),
]  # fmt: skip


@cache
def infants() -> list[Plan]:
    """300 random infants of 2.5 to 12 kg, all formulas that are written with their figures, all bag kinds."""
    chance = random.Random(20261122)
    plans = []
    for number in range(300):
        product, pattern = WAYS[number % len(WAYS)]
        plan = plan_of(
            "preserved_bags = true" + ("\ntwo_small_syringes = true" if number % 2 else ""),
            weight=f"{chance.randint(2500, 12000)} g",
            length=f"{chance.randint(450, 850)} mm",
            product=product,
            pattern=pattern,
            formula=chance.choice(["mosteller", "haycock", "gehan-george", "boyd"]),
            **REASONS,
        )
        plans.append(plan)
    return plans


def test_most_of_the_infants_have_a_plan() -> None:
    """A guard: the tests below look at those with bags alone."""
    assert sum(bool(plan.bags) for plan in infants()) > 200


def number_of(text: str) -> float:
    """The first number of a text."""
    match = re.match(r"[0-9]+(?:\.[0-9]+)?", re.sub(rf"(?<=[0-9]){NB}(?=[0-9])", "", text))
    assert match, text
    return float(match[0])


def worked(equation: str) -> float:
    """An equation as printed, worked by its printed figures alone."""
    text = re.sub(rf"(?<=[0-9]){NB}(?=[0-9])", "", equation).partition(", ")[0]
    text = re.sub(r"log ([0-9.]+)", r"LOG(\1)", text).replace("√", "SQRT")
    text = re.sub(rf"{NB}(?:micrograms?|mcg|kg|cm|mL|m²|h)\b[a-z² ]*", " ", text.replace("m²", "m² "))
    text = text.replace("×", "*").replace("÷", "/").replace("−", "-").replace("^", "**")
    return value_of(ast.parse(text.strip(), mode="eval").body)


def value_of(node: ast.expr) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return float(node.value)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return {"LOG": math.log10, "SQRT": math.sqrt}[node.func.id](value_of(node.args[0]))
    assert isinstance(node, ast.BinOp), ast.dump(node)
    left, right = value_of(node.left), value_of(node.right)
    return {
        ast.Add: lambda: left + right,
        ast.Sub: lambda: left - right,
        ast.Mult: lambda: left * right,
        ast.Div: lambda: left / right,
        ast.Pow: lambda: left**right,
    }[type(node.op)]()


def test_the_worker_works() -> None:
    """A guard of the oracle itself."""
    assert worked(f"√(4{NB}kg × 36{NB}cm ÷ 3600)") == pytest.approx(0.2)
    assert worked(f"15{NB}micrograms per m² per day × 0.2{NB}m²") == pytest.approx(3)
    assert worked("20 × (270 + 5.5) ÷ (12.5 × 240 − 20)") == pytest.approx(20 * 275.5 / 2980)
    assert worked("2 × 8^(1 − 0.5 × log 100)") == pytest.approx(2)


# The last place of each line of the working.
PLACES = [6, 4, 3, 4, None, 4]


def test_every_line_of_the_working_can_be_recomputed_from_its_own_figures() -> None:
    for plan in infants():
        lines = figures.working(plan)
        if not plan.bags:
            continue
        assert len(lines) == len(PLACES)
        for line, places in zip(lines, PLACES, strict=True):
            if places is None:
                continue
            found, shown = worked(line.equation), number_of(line.result)
            assert abs(found - shown) <= 1.000001 * 10**-places, (
                f"{line.name}: {line.equation} = {found}, not {line.result}"
            )


def test_the_measured_volume_is_the_nearest_mark_and_each_line_leads_to_the_next() -> None:
    for plan in infants():
        if not plan.bags:
            continue
        area, dose, amount, volume, measured, delivered = figures.working(plan)
        step = number_of(measured.equation.split("of ")[1])
        marks = number_of(measured.result) / step
        assert abs(marks - round(marks)) < 1e-6
        assert abs(number_of(measured.result) - number_of(volume.result)) <= step / 2 + 1e-4
        assert area.result in dose.equation
        assert dose.result in amount.equation
        assert amount.result.split(NB)[0] in volume.equation
        assert f"× {measured.result.split(NB)[0]} ÷" in delivered.equation
        percent = re.search(r"\(([+−])([0-9.]+)\u00a0%\)", delivered.result)
        assert percent
        off = (number_of(delivered.result) / number_of(dose.result) - 1) * 100
        signed = float(percent[2]) * (-1 if percent[1] == "−" else 1)
        assert abs(off - signed) <= 0.1


def test_the_area_by_weight_alone_can_be_recomputed_too() -> None:
    """domain.md section 9, rule 3: every shown number from the shown numbers beside it."""
    line = figures.working(plan_of(formula="bnfc"))[0]
    assert re.search(r"[0-9]", line.equation), f"{line.result} stands beside “{line.equation}”"


def test_the_other_areas_and_their_differences() -> None:
    for plan in infants()[:60]:
        own, *others = figures.areas(plan)
        assert len(others) == 4
        for line in others:
            percent = float(line.difference.replace("−", "-").split(NB)[0])
            off = (number_of(line.value) / number_of(own.value) - 1) * 100
            assert abs(off - percent) <= 0.1


def test_the_ledger_is_whole() -> None:
    for plan in infants():
        for bag in plan.bags or ():
            total, *parts = (number_of(text) for _, text in figures.ledger(bag))
            assert len(parts) == 3
            assert abs(sum(parts) - total) <= 0.1 + 1e-9


def test_the_dose_is_explained() -> None:
    plan = plan_of(**REASONS)
    assert figures.dose(plan) == f"5.05{NB}micrograms per day"
    assert figures.dose_explained(plan) == f"15{NB}micrograms per m² per day × 0.3365{NB}m²"
    capped = plan_of("[thresholds]\nage_justify_above_months = 20", weight="20 kg", length="100 cm", protocol=rate_60())
    assert "capped at 28" in figures.dose_explained(capped)
    assert figures.dose(plan_of('micrograms = "mcg"', **REASONS)) == f"5.05{NB}mcg per day"


def rate_60() -> str:
    return protocol_file('dose_rate = "60 microgram/m^2/day"\ncourse_days = 28\n')


def page(plan: Plan) -> str:
    """All that people read of a plan, less its findings, which quote what was typed."""
    return plan_text(plan.model_copy(update={"findings": ()}))


@pytest.mark.parametrize("number", range(0, 300, 6))
def test_the_display_rules(number: int) -> None:
    text = page(infants()[number])
    numbers = re.sub(r"[0-9]{2}-[A-Z][a-z]{2}-[0-9]{4} [0-9:]{5}", "", text)
    assert not re.search(r"[0-9]\.[0-9]*0(?![0-9])", numbers), "a trailing zero"
    assert not re.search(r"(?<![0-9])\.[0-9]", numbers), "no leading zero"
    assert not re.search(r"[0-9]\.(?![0-9])\S", numbers), "a bare decimal point"
    assert not re.search(r"µg|μg|\bug\b|\bcc\b|\bml\b|\bML\b|/day|/d\b", text)
    assert not re.search(r"mL(/kg)? ?(/|per|a|in) ?(day|24)", text), "a volume per day"
    assert not re.search(r"[0-9](kg|cm|mL|h|micrograms|mcg)\b", re.sub(r"\b[0-9]+h(@[0-9]+)?\b", "", text)), (
        "no space before the unit"
    )
    left = re.sub(r"Check code.*|[A-Z][a-z]{2}-[0-9]{4}|÷ 3600", "", text)
    assert not re.search(r"(?<![0-9.])[0-9]{4,}", left), "thousands are grouped"


def test_the_page_shows_every_bag_and_what_is_missing() -> None:
    plan = plan_of()
    text = plan_text(plan)
    assert "NOT COMPLETE" in text
    assert plan.bags is not None
    for bag in plan.bags:
        assert re.search(rf"^{bag.number} +{bag.kind} ", text, re.MULTILINE)
    done = plan_of(**REASONS)
    assert done.check_code
    assert f"{done.check_code[:4]} {done.check_code[4:]}" in plan_text(done)
    assert "Reason: on call" in plan_text(done)
    assert "Not a registered medical device" in plan_text(done)


@pytest.mark.parametrize(
    "texts", [{"weight": "6.42"}, {"weight": "64 kg"}, {"born": "2025-10-22"}, {"prescribed": "9 microgram/day"}]
)
def test_no_figure_of_a_result_beside_a_refused_order(texts: dict[str, str]) -> None:
    plan = plan_of(**texts)
    assert figures.dose(plan) == ""
    assert figures.dose_explained(plan) == ""
    assert figures.case_strip(plan) == []
    assert figures.working(plan) == []
    assert figures.areas(plan) == []
    assert figures.totals(plan) == []
    assert figures.kind_table(plan).rows == []
    assert figures.bag_table(plan).rows == []
    assert figures.waiting(plan)
    assert "m²" not in page(plan)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"weight": ""}, "Waiting for a weight that can be used."),
        ({"weight": "", "length": "x"}, "Waiting for a weight and a length that can be used."),
        ({"weight": "", "length": "x", "start": ""}, "Waiting for a weight, a length and a start that can be used."),
        ({"born": "2025-10-22"}, "Waiting for a written reason: see below."),
        ({"born": "2020-10-22"}, "Refused: see below."),
        ({}, ""),
    ],
)
def test_one_sentence_stands_where_the_results_stood(texts: dict[str, str], said: str) -> None:
    assert figures.waiting(plan_of(**texts)) == said


def test_tables_are_rectangles() -> None:
    for plan in infants()[:20]:
        for table in (figures.kind_table(plan), figures.bag_table(plan)):
            assert {len(row) for row in table.rows} <= {len(table.headers)}
            assert len(table.marks) == len(table.rows)
            assert all(cell for row in table.rows for cell in row)


def test_kinds_that_cannot_be_planned_are_listed_with_the_reason() -> None:
    table = figures.kind_table(plan_of(product="us", pattern="48h"))
    marks = {row[0].split(" ")[0]: mark for row, mark in zip(table.rows, table.marks, strict=True)}
    assert set(marks) == {"24h", "48h", "72h", "96h", "168h"}
    assert "composition not available" in marks["72h"]
    assert "benzyl alcohol" in marks["168h"]
    assert all("preserved" in row[0] for row in table.rows if row[0].startswith(("72h", "96h", "168h")))


def test_times_are_shown_with_weekday_and_offset() -> None:
    assert figures.when("2026-11-23T14:00:00+01:00[Europe/Amsterdam]") == "Mon 23-Nov-2026 14:00"
    assert (
        figures.when_with_offset("2026-11-23T14:00:00+01:00[Europe/Amsterdam]") == "Mon 23-Nov-2026 14:00 (UTC+01:00)"
    )
    assert figures.date_words("2027-02-01") == "Mon 01-Feb-2027"


def test_findings_about_the_plan_name_their_bags() -> None:
    for plan in infants()[:40]:
        for each in plan.findings:
            if each.code in {"off-hours", "rate-change", "no-storage-slack", "unit-closed", "no-vial-slack"}:
                assert each.about is About.PLAN
                assert each.bags


# ---- where there is less, or more, to be said ----


def test_what_is_still_being_searched_keeps_its_place() -> None:
    reading = read_order(BASE, house())
    assert reading.order is not None
    assert reading.reference is not None
    plan = calculate(reading.order.model_copy(update={"pattern": "auto"}), (), reading.reference, search=False)
    assert plan.searching
    assert figures.waiting(plan) == "Searching for sessions …"
    lines = figures.working(plan)
    assert [line.name for line in lines[2:]] == ["Drug delivered by a …h bag", "Drug volume", "Measured", "Delivered"]
    assert {line.equation + line.result for line in lines[2:]} == {""}
    assert lines[1].result.startswith("5.0477")


def test_nothing_stands_where_there_is_no_result() -> None:
    refused = plan_of(weight="64 kg")
    assert figures.growth_lines(refused) == figures.areas(refused) == figures.working(refused) == []
    assert figures.totals(refused) == figures.case_strip(refused) == []
    assert figures.dose(refused) == figures.dose_explained(refused) == figures.area(refused) == ""
    assert figures.spelled_code(refused) == ""


def test_growth_is_told_for_both_sexes_where_it_is_not_known_and_as_far_as_the_tables_go() -> None:
    both = figures.growth_lines(plan_of(sex=""))[0]
    assert both.startswith("weight for age (male) −1.5, length for age (male) −1.2, ")
    assert "weight for age (female) −0.7" in both
    newborn = figures.growth_lines(
        plan_of(
            **{"weight": "3 kg", "length": "44 cm", "second-weight": "3 kg", "second-length": "44 cm"},
            reason_index_not_available="read twice",
        )
    )
    assert "weight for length not available" in newborn[0]
    young = figures.growth_lines(plan_of(weight="4.2 kg", length="54 cm", born="2026-10-20"))
    assert young[1].startswith("BSA expected at day 28: ")
    assert re.fullmatch(r"dose 5 % low from [A-Z][a-z]{2} \d\d-[A-Z][a-z]{2}-2026", young[2])
    plan = plan_of()
    assert plan.growth is not None
    short = plan.model_copy(update={"growth": plan.growth.model_copy(update={"area_at_day_28": None})})
    assert not any("day 28" in line for line in figures.growth_lines(short))


def test_the_labels_own_volume_stands_beside_ours_where_the_site_entered_it() -> None:
    """By hand: 1.8668 mL exact; the label's row of 1.9 mL is 1.8 % more."""
    band = (
        '[[band]]\nproduct = "eu"\nkind = "96h"\nfrom_m2 = 0.3\nto_m2 = 0.35\ndrug_ml = 1.9\n'
        'by = ["A. Jansen", "B. Smit"]\n'
    )
    table = figures.kind_table(plan_of(band))
    at = table.headers.index("Label, mL")
    cells = {row[0]: row[at].replace(NB, " ") for row in table.rows}
    assert cells["96h"] == "1.9 (+1.8 %)"
    assert cells["24h"] == "no row for this BSA"
    other = figures.kind_table(plan_of(band.replace('"eu"', '"us"').replace('"96h"', '"48h"'), product="us"))
    assert {row[0]: row[other.headers.index("Label, mL")] for row in other.rows}["96h preserved"] == "–"
    assert "Label, mL" not in figures.kind_table(plan_of()).headers


def test_an_echo_says_why_nothing_is_echoed() -> None:
    def said(field: str, text: str, *more: str) -> tuple[str, bool]:
        found = figures.echo(field, text, house(), *more)
        return found.text.replace(NB, " "), found.ok

    assert said("weight", "64 kg") == ("1 to 20 kg are read here", False)
    assert said("weight", " ") == ("", False)
    assert said("pattern", "72h,96h") == ("", True)
    assert said("pattern", "72h", "", "none.toml") == ("", False)  # what is wrong with the file is said at the file
    assert said("pattern", "97h")[0].startswith("Pattern: “97h” is not a bag kind of this product data.")


def test_a_number_by_itself() -> None:
    assert figures.number(Decimal("1234.50"), 2) == f"1{NB}234.5"
    assert figures.number(Decimal("0.10")) == "0.1"


def test_an_early_take_down_is_told_in_the_name_of_the_kind() -> None:
    plan = plan_of(pattern="96h@72,96h")
    assert [figures.kind_words(bag, plan).replace(NB, " ") for bag in (plan.bags or ())[:2]] == [
        "96 h bag, taken down after 72 h",
        "96 h bag",
    ]


# ---- the page ----


def test_a_measurement_beyond_the_limits_stands_on_the_page_with_both_names() -> None:
    texts = {**BASE, "weight": "12.8 kg", "second-weight": "12.8 kg", "second-length": "63.5 cm"}
    texts |= {"reason:who-limits": "seen by A. Jansen and B. Smit", "reason:unit-closed": "on call"}
    plan = document_plan(read_order(texts, load_house()))
    line = "MEASUREMENT OUTSIDE WHO LIMITS: seen by A. Jansen and B. Smit"
    assert confirmed_line(plan) == line
    assert line in plan_text(plan).splitlines()
    assert confirmed_line(plan_of()) == ""
    assert "MEASUREMENT" not in plan_text(plan_of())


def test_a_plan_that_is_complete_has_its_code_on_the_page_in_two_groups() -> None:
    plan = plan_of(reason_unit_closed="on call")
    assert plan.complete
    assert plan.check_code is not None
    assert f"Check code {plan.check_code[:4]} {plan.check_code[4:]}" in plan_text(plan)
    assert "NOT COMPLETE" not in plan_text(plan)
    assert "Check code" not in plan_text(plan_of())
