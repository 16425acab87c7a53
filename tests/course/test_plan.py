"""A plan as a whole: patterns, tiling, JSON both ways, the check code, and the second engine that doubts all of it."""

import ast
import json
import os
import subprocess
import sys
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from course_cases import (
    BASE,
    SIX,
    THREE,
    TWO_PHASES,
    changed,
    file_of,
    found,
    house,
    made_up_file,
    plan_and_reference,
    plan_of,
    product_file,
    protocol_file,
)
from hypothesis import given, settings
from hypothesis import strategies as st

import dosing_app.course.basis as basis_module
from dosing_app.core.findings import Tier
from dosing_app.core.quantities import Refused, magnitude, quantity
from dosing_app.course import proof
from dosing_app.course.check_code import check_code
from dosing_app.course.order import read_order
from dosing_app.course.pattern import Piece, read_pattern, tile
from dosing_app.course.plan import Plan
from dosing_app.reference.product import load_product
from dosing_app.wording.plan_text import plan_json

EU = load_product("eu")
ANSWERED = {"reason_unit_closed": "on call", "reason_sodium": "weighed", "reason_preserved_infant": "no other"}
ROUNDED = {"reason_syringe_deviation": "seen"}


# ---- patterns ----


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("96h", [("96h", 96, True)]),
        (" 96h ", [("96h", 96, True)]),
        ("72h,96h", [("72h", 72, True), ("96h", 96, True)]),
        ("72h, 96h", [("72h", 72, True), ("96h", 96, True)]),
        ("96h@72,96h", [("96h", 72, False), ("96h", 96, True)]),
        ("96h@72h", [("96h", 72, False)]),
        ("96h@96", [("96h", 96, True)]),
        ("24h@1", [("24h", 1, False)]),
    ],
)
def test_reads_patterns(text: str, pieces: list[tuple[str, int, bool]]) -> None:
    assert read_pattern(text, EU) == tuple(Piece(*piece) for piece in pieces)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "missing"),
        ("96", "no-such-kind"),
        ("97h", "no-such-kind"),
        ("168h", "no-such-kind"),
        ("96H", "no-such-kind"),
        ("96h,", "pattern-form"),
        (",96h", "pattern-form"),
        ("96h;72h", "pattern-form"),
        ("96h@", "pattern-form"),
        ("96h@0", "pattern-form"),
        ("96h@-1", "pattern-form"),
        ("96h@72.5", "pattern-form"),
        ("96h@072", "pattern-form"),
        ("96h@７2", "pattern-form"),
        ("96h@97", "early-take-down"),
        ("96h@999", "early-take-down"),
        ("96h," * 200 + "96h", "too-long"),
        ("96h\x00", "pattern-form"),
    ],
    ids=lambda value: value[:20],
)
def test_refuses_patterns(text: str, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        read_pattern(text, EU)
    assert caught.value.reason == reason


pieces = st.sampled_from(
    [Piece("24h", 24, True), Piece("48h", 48, True), Piece("72h", 72, True), Piece("96h", 96, True)]
) | st.builds(lambda hours: Piece("96h", hours, full=False), st.integers(1, 95))


@given(st.lists(pieces, min_size=1, max_size=4), st.lists(st.integers(1, 28), min_size=1, max_size=3))
def test_the_pattern_tiles_the_course(pattern: list[Piece], days: list[int]) -> None:
    stretches = tile(pattern, [each * 24 for each in days])
    ends = [sum(days[: index + 1]) * 24 for index in range(len(days))]
    assert stretches[0].start_h == 0
    assert stretches[-1].end_h == ends[-1]
    for number, (stretch, following) in enumerate(zip(stretches, [*stretches[1:], None], strict=True)):
        wanted = pattern[number % len(pattern)]
        assert stretch.piece.kind == wanted.kind
        assert 0 < stretch.piece.hours <= wanted.hours
        assert stretch.end_h <= ends[stretch.phase]
        if stretch.piece.hours < wanted.hours:  # taken down early only where its phase ends
            assert stretch.end_h == ends[stretch.phase]
            assert not stretch.piece.full
        if following:
            assert following.start_h == stretch.end_h


ZONES = ["Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Pacific/Chatham", "Africa/Casablanca", "UTC"]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.integers(0, 1439),
    st.sampled_from(["24h", "96h", "72h,96h", "96h@72,96h", "48h@7,96h"]),
)
def test_bags_tile_the_course_in_every_zone(zone: str, day: date, minute: int, pattern: str) -> None:
    start = f"{day}T{minute // 60:02}:{minute % 60:02}"
    plan = plan_of(
        zone=zone, start=start, born=f"{day.replace(day=1, year=day.year - 1)}", measured="", pattern=pattern
    )
    if found(plan, "dates"):
        return  # a wall time that does not exist, or comes twice
    assert plan.bags is not None
    assert plan.course is not None
    assert plan.bags[0].start == plan.course.start
    assert plan.bags[-1].end == plan.course.end
    assert (plan.course.end - plan.course.start).total("hours") == 672
    for before, bag in pairwise(plan.bags):
        assert before.end == bag.start
    for bag in plan.bags:
        assert (bag.end - bag.start).total("hours") == magnitude(bag.runs, "h")
        assert bag.prepared < bag.start <= bag.start_by
        assert bag.end <= bag.down_by
        assert bag.prepared.add(hours=2) <= bag.start


# ---- balance ----


@settings(max_examples=40, deadline=None)
@given(
    st.integers(2500, 12000),
    st.integers(450, 850),
    st.sampled_from(
        [("eu", "24h"), ("eu", "72h,96h"), ("eu", "96h@72,96h"), ("us", "48h"), ("us", "48h@24,24h"), ("us", "168h")]
    ),
)
def test_drug_in_is_drug_out(grams: int, millimetres: int, way: tuple[str, str]) -> None:
    """What is drawn is infused, primed or discarded; and the infused part is the dose within the syringe's mark."""
    plan = plan_of(
        "preserved_bags = true",
        weight=f"{grams} g",
        length=f"{millimetres} mm",
        product=way[0],
        pattern=way[1],
        **ANSWERED,
    )
    if plan.bags is None:
        assert any(str(each.tier) == "refuse" for each in plan.findings)
        return
    content = json.loads(json.dumps(plan.as_json()))
    dose = Fraction(content["daily_dose"]["micrograms"])
    for bag in content["bags"]:
        drug, total = Fraction(bag["drug_ml"]), Fraction(bag["total_ml"])
        parts = [Fraction(bag[key]) for key in ("primed_ml", "delivered_ml", "discarded_ml")]
        assert sum(parts) == total
        assert min(parts) >= 0
        per_ml = Fraction("12.5") * drug / total
        assert abs(Fraction(bag["concentration_ug_per_ml"]) / per_ml - 1) < Fraction(1, 10**20)
        rate = Fraction(bag["rate_ml_per_h"])
        assert Fraction(bag["delivered_ml"]) == rate * Fraction(bag["runs_h"])
        daily = per_ml * rate * 24
        assert abs(Fraction(bag["delivered_ug_per_day"]) / daily - 1) < Fraction(1, 10**20)
        assert abs(Fraction(bag["deviation_percent"]) - (daily / dose - 1) * 100) < Fraction(1, 10**15)
        assert abs(drug - Fraction(bag["drug_ml_exact"])) <= Fraction(bag["graduation_ml"]) / 2
    sessions, totals = content["sessions"], content["totals"]
    assert [number for session in sessions for number in session["bags"]] == [bag["number"] for bag in content["bags"]]
    drawn = sum(Fraction(bag["drug_ml"]) for bag in content["bags"])
    assert drawn == Fraction(totals["drug_drawn_ml"]) == sum(Fraction(each["drawn_ml"]) for each in sessions)
    for session in sessions:
        assert Fraction(session["drawn_ml"]) + Fraction(session["unused_ml"]) == session["vials"] * Fraction("2.8")
    assert totals["vials"] == sum(session["vials"] for session in sessions) >= totals["vials_floor"]
    assert totals["bags"] == len(content["bags"]) == totals["changes"] + 1
    assert totals["sessions"] == len(sessions)
    rates = [bag["rate_ml_per_h"] for bag in content["bags"]]
    assert totals["rate_changes"] == sum(a != b for a, b in pairwise(rates))
    assert [bag["rate_changed"] for bag in content["bags"]] == [
        False,
        *(a != b for a, b in pairwise(rates)),
    ]


def test_only_the_first_bag_primes_the_line() -> None:
    plan = plan_of("prime_ml = 7.5")
    assert plan.bags is not None
    assert [magnitude(bag.primed, "mL") for bag in plan.bags] == [Decimal("7.5")] + [0] * 6


def test_the_same_plan_from_kilograms_and_grams() -> None:
    plans = [
        plan_of(weight=weight, length=length, **ANSWERED)
        for weight, length in (
            ("6.42 kg", "63.5 cm"),
            ("6420 g", "635 mm"),
            ("6,420 kg", "0.635 m"),
            ("6420000mg", " 63,50 cm "),
        )
    ]
    assert plans[0].check_code
    assert all(plan == plans[0] for plan in plans)


# ---- JSON both ways ----

WAYS = [
    {},
    {"product": "us", "pattern": "48h"},
    {
        "pattern": "72h,96h",
        "formula": "boyd",
        "prescribed": "5.05 microgram/day",
        "previous_weight": "6.1 kg@2026-11-15",
    },
    {"second_weight": "6.43 kg", "second_length": "63.6 cm", "case": "A-17 Ünïcödé ☃"},
    {"weight": "6.42"},
    {"born": "2025-10-22"},
    {"product": "us", "pattern": "72h"},
    {"protocol": protocol_file(TWO_PHASES)},
]


@pytest.mark.parametrize("texts", WAYS, ids=lambda texts: ",".join(texts)[:40] or "plain")
def test_json_both_ways(texts: dict[str, str]) -> None:
    plan = plan_of(**texts)
    for content in (plan.as_json(), plan_json(plan)):
        again = Plan.model_validate_json(json.dumps(content))
        assert again == plan
        assert again.as_json() == plan.as_json()


def test_numbers_are_decimal_strings_and_instants_utc() -> None:
    content = plan_of().as_json()
    numbers = numbers_of(content)
    assert len(numbers) > 100
    for path, value in numbers:
        assert isinstance(value, str), path
        digits = value.replace(".", "").replace("-", "").lstrip("0")
        assert "e" not in value.lower(), path
        assert len(digits) >= 12 or Fraction(value) * 10**12 % 1 == 0, f"{path} is neither exact nor of 12 digits"
    for path, value in walk(content):
        if path.endswith("_utc"):
            assert value.endswith("Z"), path
        if path.endswith("_local"):
            assert value.endswith("[Europe/Amsterdam]"), path
            assert "+01:00" in value, path


UNITS = ("_ml", "_kg", "_cm", "m2", "_h", "micrograms", "_per_day", "_per_ml", "_per_h", "_percent", "_exact")


def numbers_of(content: Any) -> list[tuple[str, Any]]:
    return [
        (path, value)
        for path, value in walk(content)
        if path.endswith(UNITS) and not path.startswith("findings") and path != "micrograms"
    ]


def walk(content: Any, path: str = ""):
    if isinstance(content, dict):
        for key, value in content.items():
            yield from walk(value, f"{path}.{key}".strip("."))
    elif isinstance(content, list):
        for index, value in enumerate(content):
            yield from walk(value, f"{path}[{index}]")
    else:
        yield path, content


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("bsa", "m2"), 0.3365),
        (("bsa", "m2"), "NaN"),
        (("bsa", "m2"), "3e-1"),
        (("bsa", "m2"), "0,3365"),
        (("bsa", "m2"), " 0.3365"),
        (("bsa", "m2"), "٠.٣"),
        (("bags", 0, "number"), "1"),
        (("bags", 0, "number"), 1.0),
        (("bags", 0, "unheard_of"), 1),
        (("bags", 0, "start_utc"), "2026-11-23T14:00"),
        (("complete",), "true"),
        (("complete",), None),
        (("findings", 0, "tier"), "green"),
    ],
)
def test_a_plan_that_is_not_one_is_not_read(path: tuple[Any, ...], value: object) -> None:
    content = plan_of().as_json()
    at = content
    for part in path[:-1]:
        at = at[part]
    at[path[-1]] = value
    with pytest.raises(ValueError, match=r".+"):
        Plan.model_validate_json(json.dumps(content))


# ---- check code ----


def code_of(site: str = "", **texts: str) -> str:
    code = plan_of(site, **{**ANSWERED, **texts}).check_code
    assert code
    return code


def test_the_check_code_follows_all_that_a_dose_or_a_time_depends_on() -> None:
    variants: list[tuple[str, dict[str, str]]] = [
        ("", {}),
        ("", {"weight": "6.43 kg"}),
        ("", {"weight": "6.4200001 kg"}),
        ("", {"length": "63.6 cm"}),
        ("", {"born": "2026-06-21"}),
        ("", {"sex": "male"}),
        ("", {"gestation": "39w0d"}),
        ("", {"measured": "2026-11-22"}),
        ("", {"start": "2026-11-23T14:01"}),
        ("", {"start": "2026-11-23T13:00", "zone": "Europe/London"}),  # the same instant on another clock
        ("", {"product": product_file("eu", ('version = "2026-11-22"', 'version = "2026-11-23"'))}),
        ("", {"product": "us", "pattern": "48h"}),
        ("", {"formula": "haycock"}),
        ("", {"pattern": "72h"}),
        ("", {"pattern": "96h@72,96h"}),
        ("", {"pattern": "72h,96h"}),
        ("", {"prescribed": "5.05 microgram/day"}),
        ("", {"prescribed": "5.06 microgram/day"}),
        ("", {"protocol": protocol_file(TWO_PHASES)}),
        ("", {"protocol": protocol_file('dose_rate = "15.0001 microgram/m^2/day"\ncourse_days = 28\n')}),
        ("prime_ml = 6", {}),
        ("share_vials = false", {}),
        ("lead_time_h = 3", {}),
        ("two_small_syringes = true", {}),
        ('micrograms = "mcg"', {}),
        ("[thresholds]\nsodium_note_mmol_per_kg_per_day = 2", {}),
        ('closed = ["2026-11-27"]', {}),
    ]
    codes = [code_of(site, **texts) for site, texts in variants]
    assert len(set(codes)) == len(codes), [variants[i] for i, code in enumerate(codes) if codes.count(code) > 1]


def test_the_check_code_does_not_follow_names_and_free_text() -> None:
    plain_code = code_of()
    assert code_of(case="A-17") == plain_code
    assert code_of(reason_unit_closed="another reason, by another person") == plain_code
    assert code_of('name = "Example hospital"') == plain_code
    assert code_of(weight="6420 g") == plain_code
    assert code_of(product=" eu ") == plain_code


def test_the_check_code_can_be_read_aloud() -> None:
    code = code_of()
    assert len(code) == 8
    assert not set(code) & set("01OIlB8S5ZQDEGPTV") - set("58"), "signs that look or sound alike"


def test_the_check_code_stands_for_the_printed_plan() -> None:
    plan = plan_of(**ANSWERED)
    assert check_code(plan.as_json()) == check_code(plan_json(plan)) == plan.check_code


# ---- the second engine ----

PROVED: list[tuple[str, dict[str, str]]] = [
    ("", {}),
    ("", {"pattern": "72h,96h"}),
    ("two_small_syringes = true", {"product": "us", "pattern": "48h,24h"}),
    ("preserved_bags = true", {"product": "us", "pattern": "168h"}),
    (
        "share_vials = false",
        {"protocol": protocol_file(TWO_PHASES), "pattern": "96h", "weight": "9 kg", "length": "74 cm"},
    ),
    ("", {"formula": "boyd"}),
    ("", {"formula": "bnfc", "pattern": "24h"}),
    ('start_within_h = "product"\nstart_within_basis = "validated"', {"pattern": "96h"}),
]


def proved(site: str, texts: dict[str, str]) -> tuple[dict[str, Any], Any]:
    plan, reference = plan_and_reference(site, **{**ANSWERED, **texts})
    assert plan.bags, [each.code for each in plan.findings]
    return plan.as_json(), reference


@pytest.mark.parametrize(("site", "texts"), PROVED)
def test_the_second_engine_agrees(site: str, texts: dict[str, str]) -> None:
    content, reference = proved(site, texts)
    assert proof.disagreements(content, reference) == []


def other(path: str, value: Any) -> Any:
    """The value, a little off: a thousandth of a figure, an hour of a time, one of a count."""
    if path.endswith("_utc"):
        hour = (int(value[11:13]) + 1) % 24
        return f"{value[:11]}{hour:02}{value[13:]}"
    if isinstance(value, int):
        return value + 1
    if path.endswith("runs_h"):
        return str(int(value) - 1)
    number = Decimal(value)
    return format(number * Decimal("1.001") if number else Decimal("0.01"), "f")


# What the second engine answers for: every figure of the dose, the recipes, the ledger, the times and the vials.
BAG = [
    "number",
    "of",
    "start_utc",
    "end_utc",
    "runs_h",
    "rate_ml_per_h",
    "delivered_ml",
    "diluent_ml",
    "stabiliser_ml",
    "drug_ml_exact",
    "drug_ml",
    "total_ml",
    "primed_ml",
    "discarded_ml",
    "prepared_utc",
    "start_by_utc",
    "down_by_utc",
]
COVERED = [
    "order.weight_kg",
    "order.length_cm",
    "bsa.m2",
    *(f"bsa.others.{name}" for name in ("haycock", "gehan-george", "boyd", "bnfc")),
    "daily_dose.micrograms",
    "course.start_utc",
    "course.end_utc",
    *(f"bags[{index}].{key}" for index in (0, 3, 6) for key in BAG),
    *(f"sessions[{index}].{key}" for index in (0, 3) for key in ("vials", "bags[0]")),
    "totals.vials",
    "totals.vials_floor",
]


def tampered(content: dict[str, Any], path: str) -> dict[str, Any]:
    return changed(content, (path, lambda value: other(path, value)))


@pytest.mark.parametrize("path", COVERED)
def test_a_tampered_figure_is_caught(path: str) -> None:
    content, reference = proved("", {"pattern": "96h"})
    assert proof.disagreements(content, reference) == []
    assert proof.disagreements(tampered(content, path), reference), f"{path} may be anything"


@pytest.mark.parametrize("path", ["bags[0].made_up_to_ml", "bags[1].drug_ml", "bags[2].total_ml", "bags[3].diluent_ml"])
def test_a_tampered_made_up_bag_is_caught(path: str) -> None:
    content, reference = proved("preserved_bags = true", {"product": "us", "pattern": "168h"})
    assert proof.disagreements(tampered(content, path), reference)


@pytest.mark.parametrize("formula", ["mosteller", "haycock", "gehan-george", "boyd", "bnfc"])
def test_the_last_digits_of_an_area_are_seen(formula: str) -> None:
    content, reference = proved("", {"formula": formula})
    content["bsa"]["m2"] = format(Decimal(content["bsa"]["m2"]) * (1 + Decimal("1e-15")), "f")
    assert any(formula in trouble for trouble in proof.disagreements(content, reference))


@pytest.mark.parametrize("part", ["bags", "sessions"])
@pytest.mark.parametrize("how", ["drop-first", "drop-last", "double", "swap"])
def test_a_missing_or_doubled_bag_or_session_is_caught(part: str, how: str) -> None:
    content, reference = proved("", {})
    rows = content[part]
    content[part] = {
        "drop-first": rows[1:],
        "drop-last": rows[:-1],
        "double": [*rows, rows[-1]],
        "swap": [rows[1], rows[0], *rows[2:]],
    }[how]
    assert proof.disagreements(content, reference)


@pytest.mark.parametrize("key", ["start_utc", "end_utc", "prepared_utc", "start_by_utc", "down_by_utc"])
def test_an_instant_between_two_minutes_is_caught(key: str) -> None:
    """Nothing at a bed happens by the second: such an instant is none of the plan's."""
    content, reference = proved("", {})
    content["bags"][2][key] = content["bags"][2][key].replace(":00Z", ":30Z")
    assert proof.disagreements(content, reference)


def test_the_bag_before_is_the_one_that_hangs_before_whatever_their_numbers() -> None:
    plan, _ = plan_and_reference("", **ANSWERED, pattern="72h,96h")
    assert plan.bags
    one, two, three = plan.bags[:3]
    assert (plan.bag_before(one), plan.bag_before(three)) == (None, two)
    ninth = two.model_copy(update={"number": 9})  # a bag that a revision put in the place of the second
    revised = plan.model_copy(update={"bags": (one, ninth, three)})
    assert (revised.bag_before(ninth), revised.bag_before(three)) == (one, ninth)


def test_a_bag_that_holds_more_than_it_is_made_up_to_is_refused() -> None:
    """270 and 5.5 mL leave 1.5 mL of 277; at 2.5 mL/h the drug of a 24 h bag for 5.05 micrograms is 1.86 mL."""
    texts = {**ANSWERED, "pattern": "24h"}
    plan, _ = plan_and_reference("", **texts, product=made_up_file("277 mL", "2.5 mL/h"))
    found = [each for each in plan.findings if each.code == "ledger"]
    assert [(each.tier, each.values["reason"]) for each in found] == [(Tier.REFUSE, "overfull")]
    assert plan.bags is None
    assert plan_and_reference("", **texts, product=made_up_file("278 mL", "2.5 mL/h"))[0].bags


def test_the_upper_of_two_marks_is_caught() -> None:
    """0.4 mL lies midway between the marks 0.384 and 0.416 of a syringe by 0.032 mL: the lower one is right."""
    site = '[syringes]\n"1" = "0.032"\n"60" = "1"'
    plan, reference = plan_and_reference(
        site, **{**THREE, **ANSWERED, **ROUNDED, "pattern": "24h", "product": made_up_file("400 mL")}
    )
    assert plan.bags, [each.code for each in plan.findings]
    assert {magnitude(bag.drug, "mL") for bag in plan.bags} == {Decimal("0.384")}
    content = plan.as_json()
    assert reference is not None
    assert proof.disagreements(content, reference) == []
    for bag in content["bags"]:
        bag["drug_ml"] = "0.416"
    assert any("drug volume" in trouble for trouble in proof.disagreements(content, reference))


def test_a_disagreement_takes_the_plan_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first engine is given a wrong factor: no figure of the plan is shown."""
    right = basis_module.body_surface_area
    monkeypatch.setattr(
        basis_module,
        "body_surface_area",
        lambda *a: quantity(magnitude(right(*a), "m^2") * Decimal("1.000001"), "m^2"),
    )
    plan = plan_of()
    assert [str(each.tier) for each in found(plan, "engines-disagree")] == ["refuse"]
    assert not plan.complete
    assert not {"bags", "sessions", "totals", "check_code"} & set(plan.as_json())


def test_the_second_engine_imports_nothing_of_the_first() -> None:
    source = ast.parse(Path(proof.__file__).read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(source):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    assert not any(
        name.startswith(("dosing_app.core", "dosing_app.course", "math", "decimal", "whenever")) for name in names
    )
    assert not any(isinstance(node, ast.Constant) and isinstance(node.value, float) for node in ast.walk(source))


# ---- phases ----


def test_two_phases_have_two_doses() -> None:
    content, reference = proved("", {**SIX, "protocol": protocol_file(TWO_PHASES), "pattern": "96h"})
    doses = {bag["kind"] + bag["daily_dose_micrograms"]: bag for bag in content["bags"]}
    assert [(bag["kind"], bag["daily_dose_micrograms"]) for bag in content["bags"]][:3] == [
        ("96h", "2"),
        ("96h@72", "2"),
        ("96h", "6"),
    ]
    assert set(doses) == {"96h2", "96h@722", "96h6", "96h@246"}
    assert proof.disagreements(content, reference) == []
    for index in (0, 1, 2, len(content["bags"]) - 1):
        assert proof.disagreements(tampered(content, f"bags[{index}].drug_ml"), reference)
    content["bags"][2]["drug_ml"] = content["bags"][0]["drug_ml"]  # the first phase's recipe in the second
    assert proof.disagreements(content, reference)


def test_phases_change_the_dose_exactly_where_they_meet() -> None:
    plan = plan_of(**SIX, protocol=protocol_file(TWO_PHASES), pattern="48h", **ANSWERED)
    assert plan.bags is not None
    assert [magnitude(bag.daily_dose, "microgram/day") for bag in plan.bags] == [2] * 4 + [6] * 11


# ---- the order ----


def test_an_order_keeps_every_digit_that_was_typed() -> None:
    reading = read_order({**BASE, "weight": "6.42000000001 kg"}, house())
    assert reading.order is not None
    assert magnitude(reading.order.weight, "kg") == Decimal("6.42000000001")


def test_an_empty_zone_and_product_are_the_sites() -> None:
    plan = plan_of('zone = "America/New_York"\nproduct = "us"', zone="", product="", pattern="")
    assert plan.order is not None
    assert (plan.order.zone, plan.order.product, plan.order.pattern) == ("America/New_York", "us", "auto")
    assert {bag.kind for bag in plan.bags or ()} <= {"24h", "48h", "48h@24"}


def test_the_plan_depends_on_nothing_around_the_program() -> None:
    """The same plan in another working directory, decimal context, locale and time zone of the computer."""
    args = [arg for name, text in {**BASE, "reason": "unit-closed=on call"}.items() for arg in (f"--{name}", text)]
    script = "import sys\nfrom dosing_app.cli import main\nsys.exit(main(sys.argv[1:]))"
    around = "import decimal, os\nos.chdir('/')\ndecimal.getcontext().prec = 3\n"
    printed = [
        subprocess.run(
            [sys.executable, "-c", before + script, "plan", *args, "--json"],
            capture_output=True,
            check=True,
            env={**os.environ, **env},
        ).stdout
        for before, env in (
            ("", {}),
            (around, {"TZ": "Asia/Kathmandu", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "7"}),
        )
    ]
    assert json.loads(printed[0])["check_code"]
    assert printed[0] == printed[1]


def test_files_of_the_tests_are_kept_apart() -> None:
    """A guard of the helper: the same text is the same file, another text another."""
    assert file_of("a = 1", "x") == file_of("a = 1", "x") != file_of("a = 2", "x")
