"""Each finding at its boundary: exactly at the limit and just beyond, with its tier, and what it withholds."""

import pytest
from boundary_cases import MOSTELLER, ROWS, SEVEN, thick
from course_cases import found, plan_of, protocol_file, tiers

from dosing_app.core.findings import CATALOGUE

RESULTS = {"bsa", "daily_dose", "bags", "sessions", "totals", "check_code"}


@pytest.mark.parametrize(
    ("code", "tier", "site", "texts"), ROWS, ids=[f"{number}-{row[0]}-{row[1]}" for number, row in enumerate(ROWS)]
)
def test_boundary(code: str, tier: str | None, site: str, texts: dict[str, str]) -> None:
    plan = plan_of(site, **texts)
    assert {str(each.tier) for each in found(plan, code)} == ({tier} if tier else set()), tiers(plan)
    for each in found(plan, code):
        assert each.about == CATALOGUE[code].about
    if tier is None:
        assert plan.order is not None, "an order that was not read raises nothing else"


def test_every_code_of_this_stage_is_raised_and_not_raised() -> None:
    """Growth, logs and label tables come later; `engines-disagree` is raised by the tests of the proof."""
    later = {
        "who-limits", "data-checksum", "weight-for-age", "length-for-age", "weight-for-length", "index-not-available",
        "weight-change", "impossible-log", "interrupted-4h", "gap-7d", "restart-dose", "issued-differs", "past-limit",
        "outside-label-table", "still-due", "engines-disagree", "over", "cannot-wait", "shortened",
        "other-dose", "wrong-rate", "line-opened",
    }  # fmt: skip
    assert {row[0] for row in ROWS if row[1]} == set(CATALOGUE) - later
    assert {row[0] for row in ROWS if not row[1]} >= set(CATALOGUE) - later - {"product-not-approved", "unit-closed"}


@pytest.mark.parametrize(
    ("texts", "first"),
    [
        ({"start": "2026-11-28T16:00"}, False),  # made on Friday at 16:00, 24 h before
        ({"start": "2026-11-28T16:01"}, True),
    ],
)
def test_the_first_bag_and_the_closed_unit(texts: dict[str, str], first: bool) -> None:
    closed = found(plan_of(**texts, measured="2026-11-27"), "unit-closed")
    assert (1 in {number for each in closed for number in each.bags}) == first


# ---- what a finding withholds ----

ORDER_REFUSED = [
    {"weight": "6.42"},
    {"weight": "64.2 kg"},
    {"weight": "63.5 kg", "length": "6.42 cm"},
    {"born": "2024-11-22"},
    {"born": "2026-11-24", "measured": ""},
    {"prescribed": "9 microgram/day"},
    {"start": "2026-03-29T02:30", "measured": ""},
    {"product": "uk"},
    {"length": ""},
    {"born": ""},
    {"start": ""},
]
ORDER_UNANSWERED = [
    {"born": "2025-10-22"},
    {"measured": "2026-11-15"},
    {"prescribed": "5.35 microgram/day"},
    {"born": "2025-10-22", "reason_age": "  "},
    {"born": "2025-10-22", "reason_measurement_age": "wrong code"},
    {"formula": "haycock"},
]


@pytest.mark.parametrize("texts", [*ORDER_REFUSED, *ORDER_UNANSWERED], ids=repr)
def test_no_result_beside_an_order_that_is_refused_or_unanswered(texts: dict[str, str]) -> None:
    """cli.md: none of the keys bsa, daily_dose, bags, sessions, totals, check_code."""
    plan = plan_of(MOSTELLER, **texts)
    assert not plan.complete
    content = plan.as_json()
    assert content["complete"] is False
    assert not RESULTS & set(content)
    assert not {"kinds", "course", "pattern"} & set(content), "derived figures must go as well"
    assert any(each.holds_back for each in plan.findings)


@pytest.mark.parametrize("texts", ORDER_UNANSWERED[:3], ids=repr)
def test_an_answered_question_lets_the_plan_through(texts: dict[str, str]) -> None:
    code = next(each.code for each in plan_of(MOSTELLER, **texts).findings if each.holds_back)
    plan = plan_of(MOSTELLER, **texts, **{f"reason_{code}": "seen by the pharmacist"}, reason_unit_closed="on call")
    assert plan.complete, tiers(plan)
    assert set(plan.as_json()) >= RESULTS
    assert found(plan, code)[0].reason == "seen by the pharmacist"


def test_an_unanswered_question_about_the_plan_leaves_its_figures() -> None:
    """cli.md: a plan-level justify without its reason leaves the figures visible and sets `complete` to false."""
    plan = plan_of(start="2026-11-23T09:59")
    assert not plan.complete
    assert RESULTS - {"check_code"} <= set(plan.as_json())
    assert plan_of(start="2026-11-23T09:59", reason_unit_closed="on call").complete


@pytest.mark.parametrize(
    ("site", "texts"),
    [
        ("", SEVEN),
        ('[pump]\nstep_ml_per_h = "0.5"', {"pattern": "72h"}),
        ("", {"product": "us", "pattern": "72h"}),
        ("start_within_h = 1.9", {}),
        ("prime_ml = 5", thick("239.25")),
    ],
)
def test_a_refused_plan_is_removed(site: str, texts: dict[str, str]) -> None:
    plan = plan_of(site, **texts)
    assert not plan.complete
    assert not {"bags", "sessions", "totals", "check_code"} & set(plan.as_json())


def test_a_reason_that_answers_nothing_is_kept_and_noted() -> None:
    plan = plan_of(reason_age="kept", reason_no_such_code="kept too")
    assert {each.actual for each in found(plan, "reason-unused")} == {"age", "no-such-code"}
    assert plan.order is not None
    assert plan.order.reasons == {"age": "kept", "no-such-code": "kept too"}


def test_swapped_fields_and_the_slip_are_named() -> None:
    swapped = plan_of(weight="63.5 kg", length="6.42 cm")
    assert {each.values.get("swapped") for each in found(swapped, "envelope")} == {"yes"}
    assert "swapped" not in found(plan_of(weight="642 kg"), "envelope")[0].values
    for texts, slip, number in (
        ({"weight": "6420 kg"}, "grams-as-kg", "6.42"),
        ({"weight": "28.3 kg"}, "pounds-as-kg", "12.836664071"),
        ({"length": "25 cm"}, "inches-as-cm", "63.5"),
        ({"length": "0.635 cm"}, "metres-as-cm", "63.5"),
    ):
        slips = found(plan_of(**texts), "envelope")[0].values["slips"].split("; ")
        assert any(each.startswith(slip) and number in each.split(" ") for each in slips), slips


def test_every_unreadable_field_is_told_at_once() -> None:
    plan = plan_of(weight="6", length="", born="yesterday", start="now")
    assert {each.values["field"] for each in found(plan, "unreadable")} == {"weight", "length", "born", "start"}


def test_fields_of_a_megabyte_are_refused() -> None:
    for name in (
        "weight",
        "born",
        "start",
        "zone",
        "pattern",
        "product",
        "protocol",
        "case",
        "sex",
        "previous_weight",
        "reason_age",
    ):
        plan = plan_of(**{name: "9" * 1_000_000})
        assert tiers(plan) == {"unreadable": "refuse"}, name
        assert max(len(value) for each in plan.findings for value in [each.actual, *each.values.values()]) < 500, name


def test_a_site_protocol_of_14_days() -> None:
    path = protocol_file('dose_rate = "15 microgram/m^2/day"\ncourse_days = 14\n')
    plan = plan_of(protocol=path, pattern="96h")
    assert plan.bags is not None
    assert [str(bag.kind) for bag in plan.bags] == ["96h", "96h", "96h", "96h@48"]
