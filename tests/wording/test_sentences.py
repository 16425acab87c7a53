"""Every code and every reason has its sentence, which fills with the values that are really passed."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from boundary_cases import ROWS
from course_cases import BASE, SIX, house, keys, made_up_file, plan_of

import dosing_app.wording
from dosing_app.core.findings import CATALOGUE, Finding, finding
from dosing_app.core.quantities import Refused
from dosing_app.course.document import plan_of as document_plan
from dosing_app.course.order import FIELDS, read_order
from dosing_app.reference.bundle import load_house
from dosing_app.reference.source import BadFile
from dosing_app.wording import figures
from dosing_app.wording.sentences import (
    _SENTENCES,
    accepted,
    bad_file_sentence,
    code_meaning,
    field_label,
    finding_title,
    formula_name,
    refusal,
    sentence,
    slip_denials,
    slip_name,
)

PACKAGE = Path(dosing_app.wording.__file__).parents[1]
BELOW = [path for room in ("core", "reference", "course", "store") for path in sorted((PACKAGE / room).glob("*.py"))]


def check_text(text: str) -> None:
    """What no sentence may hold."""
    assert text.strip() == text
    assert text
    assert "{" not in text
    assert "None" not in text
    assert "  " not in text
    assert text[-1] in ".:?"
    bare = re.sub(r"“[^”]*”", "", text)  # what a person typed is shown as typed
    assert not re.search(r"µg|μg|\bug\b|\bcc\b", bare)
    assert not re.search(r"(?<![0-9])\.[0-9]", bare), f"a bare decimal point: {text}"
    assert not re.search(r"[0-9]\.[0-9]*0(?![0-9])", re.sub(r"6\.10 kg@", "", bare)), f"a trailing zero: {text}"
    assert not re.search(r"impossible|invalid", bare, re.IGNORECASE), text


# ---- findings ----


def test_every_code_has_title_meaning_and_sentence() -> None:
    for code in CATALOGUE:
        title, meaning = finding_title(finding(code)), code_meaning(code)
        assert 0 < len(title) <= 30
        assert title == title.strip()
        check_text(meaning)
    assert len({code_meaning(code) for code in CATALOGUE}) == len(CATALOGUE)


def raised() -> Iterator[Finding]:
    """Every finding that the boundary cases raise, in the plan and in its table of kinds."""
    for _, _, site, texts in ROWS:
        plan = plan_of(site, **texts)
        yield from plan.findings
        for row in plan.kinds or ():
            yield from row.marks


def test_every_finding_that_is_raised_has_a_sentence() -> None:
    said: dict[str, set[str]] = {}
    for each in raised():
        text = sentence(each)
        check_text(text)
        said.setdefault(each.code, set()).add(text)
    assert len(said) >= 29
    # a sentence says what was found: another value, another sentence
    for code in ("envelope", "prescription-differs", "measurement-age", "syringe-deviation", "sodium", "unreadable"):
        assert len(said[code]) > 1, code


def test_engines_disagree() -> None:
    check_text(sentence(finding("engines-disagree", actual="daily dose")))


@pytest.mark.parametrize(
    ("code", "texts", "parts"),
    [
        ("envelope", {"weight": "6420 kg"}, ["6420 kg", "1 to 20 kg", "6.42 kg", "grams"]),
        ("envelope", {"weight": "12.8 kg", "length": "6.35 m"}, ["6.35 m", "35 to 100 cm"]),
        ("envelope", {"weight": "63.5 kg", "length": "6.42 cm"}, ["swapped"]),
        ("unreadable", {"weight": "14 lb"}, ["pounds", "6.42 kg"]),
        ("unreadable", {"weight": "6.42 KG"}, ["“KG”", "write kg"]),
        ("unreadable", {"weight": "6 42 kg"}, ["“6 42 kg”", "6.42 kg or 6420 g"]),
        ("unreadable", {"weight": ""}, ["Weight is missing"]),
        ("dates", {"start": "2026-03-29T02:30", "measured": ""}, ["Europe/Amsterdam", "01:30", "03:30"]),
        ("dates", {"start": "2026-10-25T02:30", "measured": ""}, ["twice", "+02:00, +01:00"]),
        ("prescription-differs", {**SIX, "prescribed": "6.7 mcg/day"}, ["6.7", "11.7", "10 %"]),
        ("below-minimum-weight", {"product": "us", "pattern": "168h", "weight": "5.3 kg"}, ["5.3 kg", "5.4 kg"]),
    ],
)  # fmt: skip
def test_a_sentence_says_what_was_seen_and_what_is_accepted(code: str, texts: dict[str, str], parts: list[str]) -> None:
    said = " ".join(sentence(each) for each in plan_of(**texts).findings if each.code == code).replace("\u00a0", " ")
    for part in parts:
        assert part in said


# ---- refusals ----


def calls(names: set[str]) -> Iterator[tuple[str, set[str]]]:
    """Literal reasons of the calls of those names, with the names of the values passed."""
    for path in BELOW:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                values = {keyword.arg for keyword in node.keywords if keyword.arg}
                literals = [
                    arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
                ]
                if literals:
                    yield literals[0], values
            # a reason that is chosen first and passed later
            if isinstance(node, ast.FunctionDef) and node.name.startswith("_why") and "Refused" in names:
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Return) and isinstance(inner.value, ast.Constant) and inner.value.value:
                        yield str(inner.value.value), set()


REFUSALS = sorted({(reason, tuple(sorted(values))) for reason, values in calls({"Refused"})})
FILES = sorted({(reason, tuple(sorted(values))) for reason, values in calls({"BadFile", "wrong"})})


def test_reasons_are_found_in_the_code() -> None:
    """A guard of the collector."""
    reasons = {reason for reason, _ in REFUSALS}
    assert {
        "missing",
        "exponent",
        "skipped",
        "repeated",
        "zone",
        "early-take-down",
        "gestation-range",
        "ambiguous",
    } <= reasons
    assert len(reasons) >= 30
    assert {"no-file", "newer", "too-deep", "contradiction", "twice", "no-source", "not-an-order"} <= {
        r for r, _ in FILES
    }


@pytest.mark.parametrize(("reason", "names"), REFUSALS, ids=lambda value: value if isinstance(value, str) else "")
def test_every_refusal_fills_with_the_values_passed(reason: str, names: tuple[str, ...]) -> None:
    for field in FIELDS:
        check_text(refusal(field, reason, "6.42", {**dict.fromkeys(names, "7"), "field": field, "reason": reason}))


@pytest.mark.parametrize(("reason", "names"), FILES, ids=lambda value: value if isinstance(value, str) else "")
def test_every_refused_file_fills_with_the_values_passed(reason: str, names: tuple[str, ...]) -> None:
    values = {name: "7" for name in names if name not in {"table", "key"}}
    told = bad_file_sentence(BadFile("file.toml", reason, table="vial", key="water", **values))
    check_text(told.replace("file.toml", "X"))
    assert "file.toml" in told


def test_a_refused_file_is_named_with_table_and_key() -> None:
    told = bad_file_sentence(BadFile("/x/site.toml", "unknown-key", table="pump", key="colour"))
    assert "/x/site.toml" in told
    assert "[pump] colour" in told


FIELD_SAMPLES = {
    "weight": [
        "6",
        "6 lb",
        "6e3 g",
        "٦ kg",
        "+6 kg",
        ".5 kg",
        "6 4 kg",
        "6 KG",
        "6 cm",
        "6 flux",
        "9" * 13 + " kg",
        "x" * 99,
        "x",
    ],
    "born": ["x", "2026-02-30", "1026-01-01", "9" * 99],
    "start": ["x", "2026-11-23T25:00", "2026-03-29T02:30", "2026-10-25T02:30", "2026-11-23T14:00+05:00", "9" * 99],
    "zone": ["Mars/Olympus"],
    "pattern": ["x;y", "97h", "96h@97", "9" * 999],
    "gestation": ["x", "50w0d"],
    "previous-weight": ["6 kg", "6@x", "6 kg@x", "61 kg@2026-11-15"],
    "sex": ["F"],
    "formula": ["adult"],
    "product": ["uk", "./none.toml", "./none\x00.toml"],
    "protocol": ["uk", "./none.toml"],
    "case": ["x" * 99, "\x00"],
    "reason:age": ["\x00", "x" * 2001],
}


@pytest.mark.parametrize(("field", "text"), [(field, text) for field, texts in FIELD_SAMPLES.items() for text in texts])
def test_every_refused_text_is_told_with_its_own_values(field: str, text: str) -> None:
    reading = read_order(
        {field: text, "zone": "Europe/Amsterdam", **({"zone": text} if field == "zone" else {})}, house()
    )
    labels = {"file" if field in {"product", "protocol"} else field}
    own = [each for each in reading.findings if each.values.get("field") in labels]
    assert own
    for each in own:
        told = sentence(each)
        check_text(told)
        assert len(told) < 700


def test_a_text_that_can_be_read_in_two_ways_is_asked_about() -> None:
    told = refusal("weight", "ambiguous", "1.234 mL", {"number": "1.234", "unit": "mL"}).replace("\u00a0", " ")
    assert "1.234 mL" in told
    assert "1234 mL" in told.replace(" 234", "234")


def test_names() -> None:
    for field in FIELDS:
        assert field_label(field)[0].isupper()
        assert accepted(field) == accepted(field).strip()
    assert field_label("reason:age") == "age"
    for name in ("mosteller", "haycock", "gehan-george", "boyd", "bnfc"):
        assert formula_name(name) != name
    source = "".join(path.read_text(encoding="utf-8") for path in BELOW)
    for slip in set(re.findall(r'\("([a-z-]+)", (?:Decimal|_KILO|_CENTI)', source)):
        assert slip_name(slip).endswith("?")


def test_no_sentence_calls_a_person_impossible_or_invalid() -> None:
    for path in (PACKAGE / "wording").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                left = node.value.replace("impossible-log", "").replace("impossible log", "")
                assert not re.search(r"\b(impossible|invalid|abnormal|wrong infant)\b", left, re.IGNORECASE), node.value


# ---- echoes beside the fields ----


@pytest.mark.parametrize(
    ("field", "text", "echo"),
    [
        ("weight", "6.42 kg", "6.42 kg = 6 420 g"),
        ("weight", "6,42kg", "6.42 kg = 6 420 g"),
        ("length", "635 mm", "63.5 cm = 635 mm"),
        ("born", "20.6.2026", "Sat 20-Jun-2026"),
        ("start", "23-Nov-2026 14:00", "Mon 23-Nov-2026 14:00 (UTC+01:00)"),
        ("start", "2026-07-01T14:00", "Wed 01-Jul-2026 14:00 (UTC+02:00)"),
        ("prescribed", "5.05 mcg/day", "5.05 micrograms per day"),
        ("previous-weight", "6.10 kg@2026-11-15", "6 100 g, Sun 15-Nov-2026"),
    ],
)
def test_a_value_is_echoed_in_other_words(field: str, text: str, echo: str) -> None:
    found = figures.echo(field, text, house())
    assert (found.text.replace("\u00a0", " "), found.ok) == (echo, True)


@pytest.mark.parametrize("field", FIELDS)
def test_no_echo_is_a_crash(field: str) -> None:
    for text in ("", " ", "x", "\x00", "9" * 1_000_000, "6.42 kg@", "2026-13-01"):
        echo = figures.echo(field, text, house())
        assert isinstance(echo.text, str)
        assert len(echo.text) < 700


def test_the_refusal_of_the_reader_is_the_one_that_is_said() -> None:
    with pytest.raises(Refused) as caught:
        raise Refused("sign", "-6 kg")
    assert "“-6 kg”" in refusal("weight", caught.value.reason, caught.value.seen, {})


def test_a_limit_that_is_reached_is_said_once() -> None:
    source = {"source": "x"}
    for code, limit in (("gap-7d", "7\u00a0days"), ("interrupted-4h", "4\u00a0h")):
        assert sentence(finding(code, actual=limit, limit=limit, values=source)).count(limit) == 1
    assert "for 8\u00a0days, more than 7\u00a0days" in sentence(
        finding("gap-7d", actual="8\u00a0days", limit="7\u00a0days")
    )


def test_one_hour_is_still_due() -> None:
    assert sentence(finding("still-due", actual="1\u00a0h")).startswith("1\u00a0h is still due")


# ---- what growth, dates and limits say; ordinary settings, growth asked about ----


def of_growth(code: str, **changes: str) -> list[str]:
    """The sentences of a code for the ordinary infant with these texts changed."""
    plan = document_plan(read_order({**BASE, **keys(changes)}, load_house()))
    return [plain(sentence(each)) for each in plan.findings if each.code == code]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_every_code_has_a_sentence_of_its_own() -> None:
    """Two are told as what was read: a value, or a file."""
    assert {*_SENTENCES, "unreadable", "data-checksum"} == set(CATALOGUE)


def test_swapped_fields_are_asked_about_where_growth_cannot_tell() -> None:
    """Thirteen months old: 6.42 kg and 63.5 cm would be small, and within the limits of each field."""
    weight, length = of_growth("envelope", born="2025-10-25", measured="", weight="63.5 kg", length="6.42 cm")
    assert "Each number would fit the other field: were weight and length swapped?" in weight
    assert "64.2 cm would be within them: was the decimal mark one place too far left?" in length


def test_beyond_the_limits_of_who_the_infant_is_named_and_a_second_reading_asked_for() -> None:
    """12.8 lb are 5.806 kg; born ten weeks early, 64 days old: six days before term."""
    (said,) = of_growth("who-limits", weight="12.8 kg")
    assert said.startswith(
        "12.8 kg and 63.5 cm, 156 days, female: weight for age +5.3, weight for length +7.4 standard"
    )
    assert "5.806 kg would be ordinary for this age: was it typed in pounds?" in said
    assert "Refused on a single reading: measure again." in said
    assert "gestation." not in said.replace("sex and gestation as they are.", "")
    (small,) = of_growth("who-limits", weight="2.5 kg", gestation="")
    assert "If the infant was born early, give the gestation." in small
    (early,) = of_growth("who-limits", weight="3 kg", gestation="30w0d", born="2026-09-20")
    assert early.startswith("3 kg and 63.5 cm, −6 days by corrected age, female: weight for length −7.8 standard")
    (agrees,) = of_growth("who-limits", weight="12.8 kg", second_weight="12.8 kg", second_length="63.5 cm")
    assert agrees.endswith("was it typed in pounds? Check the measurement, and give the reason.")
    differs, _first = of_growth("who-limits", weight="12.8 kg", second_weight="6 kg", second_length="63.5 cm")
    assert differs == "The second reading differs from the first by more than 2 %, 1 cm. Measure again."


def test_a_length_without_a_row_is_said() -> None:
    (said,) = of_growth("index-not-available", length="44.5 cm", weight="2.5 kg", born="2026-11-01")
    assert said == (
        "The WHO tables have no row for weight for length (2.5 kg and 44.5 cm, 22 days, female). A second reading of "
        "weight and length is needed. Check the measurement, and give the reason."
    )


@pytest.mark.parametrize(
    ("previous", "born", "said"),
    [
        ("8.1 kg@2026-11-15", "2026-06-20", "in 8 days weight for age moved by −2.02, more than 0.67."),
        ("6.8 kg@2026-11-15", "2025-12-20", "in 8 days the infant lost 5.6 %, more than 5 %."),  # 0.38 of 6.8 kg
    ],
)
def test_a_weight_that_moved_is_told_with_both(previous: str, born: str, said: str) -> None:
    (found,) = of_growth("weight-change", previous_weight=previous, born=born)
    assert found.startswith(f"From {previous.partition(' ')[0]} kg to 6.42 kg {said}")
    assert found.endswith("Check both weights, and give the reason.")


def test_every_slip_can_be_denied_by_name() -> None:
    names = (
        *("thousands-mark", "mark-right", "mark-left", "mark-two-right", "mark-two-left", "grams-as-kg"),
        *("kg-as-grams", "pounds-as-kg", "inches-as-cm", "metres-as-cm", "swapped", "transposed"),
        *("pounds-and-inches", "day-month-swapped", "year-off-by-one"),
    )
    slips = "; ".join(f"{name} weight 5.2 - -" for name in (*names, *names))
    denied = slip_denials(finding("who-limits", values={"slips": slips}))
    assert len(denied) == len(set(denied)) == len(names)
    assert all(each.endswith(".") and " no" in f" {each.lower()}" for each in denied)
    assert all(slip_name(name).endswith("?") for name in names)


def test_parts_that_come_to_more_than_the_final_volume() -> None:
    """By hand: 6 ÷ 240 × 276 ÷ 12.5 = 0.552 mL of drug, with 270 mL of saline and 5.5 mL of stabiliser: 276.05."""
    plan = plan_of(product=made_up_file("276 mL"), pattern="24h", **SIX)
    assert [sentence(each) for row in plan.kinds or () for each in row.marks if each.code == "ledger"] == [
        "The parts of a 24h bag come to more than its final volume."
    ]


# ---- no plan ----


def test_why_there_is_no_plan_and_what_would_help() -> None:
    assert "every bag kind is refused" in sentence(finding("no-plan", values={"reason": "kinds"}))
    hours = sentence(finding("no-plan", values={"reason": "hours", "kinds": "72h, 96h"}))
    assert hours == "There is no plan: bags of 72h, 96h do not fill the course without a rest."
    wednesdays = 'closed = ["2026-11-23"]\n[preparation_hours]\nwed = "08:00-17:30"\n'
    (closed,) = (sentence(each) for each in plan_of(wednesdays, pattern="").findings if each.code == "no-plan")
    assert plain(closed) == (  # Wednesday at 16, the last moment for 1.5 h, to Monday at 14: 118 hours
        "No session can serve the bag of Mon 23-Nov-2026 14:00: the last session before it is Wed 18-Nov-2026 16:00, "
        "the next Wed 25-Nov-2026 08:00, 24 h limit. A plan exists if bags may be connected within 118 h of "
        "preparation."
    )
    values = {"reason": "closed", "last": "", "first": "", "within_h": "", "start": "2026-11-24T08:00:00+01:00"}
    start = sentence(finding("no-plan", actual="2026-11-23T14:00:00+01:00", values=values))
    assert start == (
        "No session can serve the bag of Mon 23-Nov-2026 14:00: the last session before it is –, the next –, limit of "
        "the product. A plan exists if the course starts Tue 24-Nov-2026 08:00."
    )
    neither = sentence(finding("no-plan", actual="2026-11-23T14:00:00+01:00", values={**values, "start": ""}))
    assert neither.endswith("Neither a longer limit nor a start within the next week helps: look at the opening hours.")


# ---- what happened ----


def test_the_dose_after_a_restart_in_its_three_stages() -> None:
    way = {"first": "5", "then": "15", "days": "7"}
    published = "The published way is 5, then 15 after 7 days."
    before = sentence(finding("restart-dose", values=way))
    assert before.endswith("The published way is 5 micrograms per m² per day, then 15 after 7 days.")
    assert before.startswith("After an adverse event or an unknown reason nothing is planned until a prescriber's dose")
    kept = sentence(finding("restart-dose", actual="5", values=way))
    assert kept == (
        "The course goes on at 5 micrograms per m² per day to its end: no later step was prescribed. " + published
    )
    above = sentence(finding("restart-dose", actual="15", values={**way, "above": "yes"}))
    assert above == (
        "The course goes on at 15 micrograms per m² per day, more than the published first dose after a restart. "
        + published
    )


def test_a_pause_that_is_planned_is_told_from_one_that_was() -> None:
    planned = sentence(finding("interrupted-4h", actual="6 h", limit="4 h", values={"cause": "planned"}))
    assert planned.startswith("The infusion will stand still for 6 h: no bag can be connected by then. From 4 h on: ")
    was = sentence(finding("interrupted-4h", actual="6 h", limit="4 h"))
    assert was.startswith("The infusion stood still for 6 h, 4 h or more: premedicate and restart under supervision.")


def test_another_rate_and_an_opened_line_are_told_with_what_was_given() -> None:
    """By hand: 0.0856 micrograms per mL; ten hours at 10 instead of 2.5 mL/hour are 100 and 25 mL."""
    values = {
        "begin_local": "2026-11-24T14:00:00+01:00",
        "hours": "10 h",
        "given": "8.5616",
        "would_give": "2.1404",
    }
    said = sentence(finding("wrong-rate", actual="10", limit="2.5", bags=(1,), values=values))
    assert said == (
        "From Tue 24-Nov-2026 14:00 the pump ran bag 1 for 10 h at 10 mL/hour instead of 2.5 mL/hour: 8.562 micrograms "
        "instead of 2.14. Give the reason, and what was done."
    )
    opened = sentence(finding("line-opened", bags=(1,), values={"begin_local": "2026-11-24T14:00:00+01:00"}))
    assert opened.startswith(
        "On Tue 24-Nov-2026 14:00 bag 1 went on though the line was opened: it is no longer sure to"
    )


def test_what_comes_out_differently_is_named() -> None:
    said = sentence(finding("issued-differs", actual="daily_dose, bags, something-newer"))
    assert "comes out differently in: the daily dose, the bags, something-newer. It stands as it was issued" in said
