"""The growth check as an order meets it: tiers, second reading, slips, trend, growth within the course."""

from decimal import Decimal
from functools import lru_cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosing_app.core.findings import Tier
from dosing_app.course.calculate import calculate
from dosing_app.course.growth import growth_pictures
from dosing_app.course.order import read_order
from dosing_app.course.plan import Plan
from dosing_app.reference.bundle import House, load_house
from dosing_app.wording.sentences import sentence, slip_denials

BASE = {
    "weight": "6.42 kg",
    "length": "63.5 cm",
    "born": "2026-06-20",
    "sex": "female",
    "gestation": "term",
    "measured": "2026-11-23",
    "start": "2026-11-23T14:00",
    "zone": "Europe/Amsterdam",
    "product": "eu",
}
RESULTS = ("bsa", "daily_dose", "bags", "sessions", "totals", "check_code")


@lru_cache(1)
def house() -> House:
    return load_house()


def plan_of(**texts: str) -> Plan:
    reading = read_order({**BASE, **{name.replace("_", "-"): text for name, text in texts.items()}}, house())
    assert reading.order is not None, reading.findings
    assert reading.reference is not None
    return calculate(reading.order, (), reading.reference)


def codes(plan: Plan, *, notes: bool = False) -> dict[str, Tier]:
    return {each.code: each.tier for each in plan.findings if notes or each.tier is not Tier.NOTE}


def the(plan: Plan, code: str):
    return next(each for each in plan.findings if each.code == code)


def test_an_ordinary_infant_is_asked_nothing() -> None:
    plan = plan_of()
    assert plan.complete
    assert codes(plan) == {}


def test_a_weight_in_pounds_is_refused_and_named() -> None:
    plan = plan_of(weight="14.15 kg")
    assert codes(plan)["who-limits"] is Tier.REFUSE
    assert not any(key in plan.as_json() for key in RESULTS)
    said = sentence(the(plan, "who-limits"))
    assert "6.418 kg would be ordinary" in said
    assert "typed in pounds?" in said
    assert "the hospital's own calculation is not affected" in said
    assert "impossible" not in said


def test_the_second_reading_opens_the_way_and_no_other_thing_does() -> None:
    beyond = {"weight": "13 kg"}
    reason = {"reason:who-limits": "Beckwith-Wiedemann; confirmed by one nurse and another"}
    assert not plan_of(**beyond, **reason).complete
    assert codes(plan_of(**beyond, **reason))["who-limits"] is Tier.REFUSE
    agreed = {**beyond, "second-weight": "13.2 kg", "second-length": "64.5 cm"}
    assert codes(plan_of(**agreed))["who-limits"] is Tier.JUSTIFY
    assert not plan_of(**agreed).complete
    plan = plan_of(**agreed, **reason)
    assert plan.complete
    assert the(plan, "who-limits").reason.endswith("another")


@pytest.mark.parametrize(
    ("second_weight", "second_length", "agrees"),
    [
        ("13.26 kg", "63.5 cm", True),
        ("13.27 kg", "63.5 cm", False),
        ("12.74 kg", "63.5 cm", True),
        ("12.73 kg", "63.5 cm", False),
        ("13 kg", "64.5 cm", True),
        ("13 kg", "64.6 cm", False),
        ("13 kg", "62.4 cm", False),
    ],
)
def test_two_per_cent_and_one_centimetre(second_weight: str, second_length: str, *, agrees: bool) -> None:
    plan = plan_of(weight="13 kg", second_weight=second_weight, second_length=second_length)
    tiers = {each.tier for each in plan.findings if each.code == "who-limits"}
    assert (Tier.REFUSE not in tiers) is agrees


def test_a_second_reading_that_differs_refuses_an_ordinary_infant_too() -> None:
    plan = plan_of(second_weight="4.62 kg", second_length="63.5 cm")
    assert codes(plan) == {"who-limits": Tier.REFUSE}
    assert "Measure again" in sentence(the(plan, "who-limits"))


def test_beyond_three_asks_for_a_reason_by_its_own_code() -> None:
    plan = plan_of(weight="9.6 kg")
    assert codes(plan) == {"weight-for-length": Tier.JUSTIFY}
    assert not any(key in plan.as_json() for key in RESULTS)
    assert plan_of(weight="9.6 kg", **{"reason:weight-for-length": "oedema excluded"}).complete


def test_no_row_wants_a_second_reading_and_a_reason() -> None:
    early = {
        "weight": "2.2 kg",
        "length": "44 cm",
        "born": "2026-10-10",
        "gestation": "33w0d",
        "reason:drug-volume-small": "x",
        "reason:syringe-deviation": "x",
    }
    reason = {"reason:index-not-available": "born at 33 weeks"}
    assert codes(plan_of(**early))["index-not-available"] is Tier.JUSTIFY
    assert not plan_of(**early, **reason).complete
    second = {"second-weight": "2.21 kg", "second-length": "44.2 cm"}
    assert not plan_of(**early, **second).complete
    answered = plan_of(**early, **second, **reason)
    assert the(answered, "index-not-available").reason
    assert answered.bags is not None


def test_unknown_sex_is_refused_only_if_both_tables_refuse() -> None:
    # length for age −6 lies at 50.0 cm for a girl of this age and at 52.2 cm for a boy (WHO tables)
    texts = {"length": "51 cm", "weight": "3.6 kg"}
    girl, boy, unknown = (codes(plan_of(**texts, sex=sex)) for sex in ("female", "male", ""))
    assert "who-limits" in boy
    if "who-limits" not in girl:
        assert "who-limits" not in unknown
        assert Tier.JUSTIFY in unknown.values()


def test_where_the_sex_is_not_known_too_short_is_not_explained_by_shorter_still() -> None:
    # 108 days old: beyond −3 for a boy, within it for a girl, and so are 55.6 cm and 4.58 kg, which explain nothing
    infant = {"born": "2026-08-14", "measured": "2026-11-30", "start": "2026-12-01T14:00", "sex": ""}
    short = the(plan_of(**infant, weight="4.85 kg", length="56.5 cm"), "length-for-age")
    assert short.values["slips"] == ""
    light = the(plan_of(**infant, weight="4.60 kg", length="61.5 cm"), "weight-for-age")
    assert light.values["slips"].split("; ")[0] == "transposed weight 6.4 61.5 2026-08-14"  # nearer than what was typed


def test_the_sex_for_which_a_weight_is_beyond_is_named() -> None:
    """At five months three deviations below lie at 5.3 kg for boys and at 4.8 kg for girls (WHO tables)."""
    found = the(plan_of(weight="5.1 kg", length="60 cm", sex=""), "weight-for-age")
    assert found.tier is Tier.JUSTIFY
    assert "male" in found.actual
    assert "female" not in found.actual


def test_a_weight_from_before_the_date_of_birth_that_was_due_is_compared_by_its_loss_alone() -> None:
    """Nine weeks early: on 20 October, two weeks before the date that was due, no table has a row."""
    infant = {"weight": "3.4 kg", "length": "50 cm", "born": "2026-09-01", "gestation": "31w0d"}
    assert "weight-change" not in codes(plan_of(**infant, previous_weight="2.0 kg@2026-10-30"))
    assert "weight-change" in codes(plan_of(**infant, previous_weight="3.7 kg@2026-10-30"))  # 8 % less


def test_unknown_gestation_is_asked_before_a_refusal_for_smallness() -> None:
    small = plan_of(weight="2.2 kg", length="48 cm", gestation="")
    assert codes(small)["who-limits"] is Tier.REFUSE
    assert "give the gestation" in sentence(the(small, "who-limits"))
    assert "give the gestation" not in sentence(the(plan_of(weight="2.2 kg", length="48 cm"), "who-limits"))


def test_correction_for_gestation_moves_the_age() -> None:
    texts = {"weight": "4.1 kg", "length": "53 cm", "born": "2026-09-20", "measured": "2026-11-23"}
    term = {each.index: each.z for each in plan_of(**texts).growth.indices}
    early = {each.index: each.z for each in plan_of(**texts, gestation="31w0d").growth.indices}
    assert early["weight-for-age"] > term["weight-for-age"] + 3
    assert early["weight-for-length"] == term["weight-for-length"]


@pytest.mark.parametrize(
    ("previous", "asked"),
    [
        ("6.30 kg@2026-11-16", False),
        ("6.77 kg@2026-11-16", True),  # −5.2 %
        ("6.75 kg@2026-11-16", False),  # −4.9 %
        ("5.40 kg@2026-11-10", True),  # more than a centile band in two weeks
        ("5.40 kg@2026-10-01", False),  # the same in eight weeks
    ],
)
def test_trend(previous: str, *, asked: bool) -> None:
    assert ("weight-change" in codes(plan_of(previous_weight=previous))) is asked


@pytest.mark.parametrize(
    ("weight", "previous", "slips"),
    [
        ("5.62 kg", "6.50 kg@2026-11-16", ["transposed weight 6.52 63.5 2026-06-20"]),
        ("6.42 kg", "8.10 kg@2026-11-16", []),  # 6.24 kg would be ordinary too, and a larger loss still
    ],
)
def test_a_weight_that_moved_is_explained_by_one_nearer_to_the_weight_before(weight, previous, slips) -> None:
    moved = the(plan_of(weight=weight, previous_weight=previous), "weight-change")
    assert [each for each in moved.values["slips"].split("; ") if each] == slips


def test_growth_within_the_course() -> None:
    # domain.md section 7: medians grow 14 % in 28 days from day 30 and 3 % from day 180
    young = plan_of(weight="4.5 kg", length="54.7 cm", sex="male", born="2026-10-24")
    old = plan_of(weight="7.9 kg", length="67.6 cm", sex="male", born="2026-05-27")
    rises = [float(plan.growth.area_at_day_28.magnitude / plan.bsa.m2.magnitude) for plan in (young, old)]
    assert rises[0] == pytest.approx(1.14, abs=0.012)
    assert rises[1] == pytest.approx(1.03, abs=0.006)
    assert young.growth.first_date is not None
    assert young.growth.first_date < young.growth.second_date
    assert old.growth.first_date is None


def test_the_picture_shows_the_infant_also_where_it_is_refused() -> None:
    reading = read_order({**BASE, "weight": "14.15 kg", "previous-weight": "6.3 kg@2026-11-10"}, house())
    pictures = growth_pictures(reading.order, reading.reference)
    assert [picture.index for picture in pictures] == ["weight-for-age", "length-for-age", "weight-for-length"]
    assert pictures[0].points == ((Decimal(143), Decimal("6.3")), (Decimal(156), Decimal("14.15")))
    assert list(pictures[0].curves) == ["-6", "-3", "-2", "-1", "0", "1", "2", "3", "5"]
    for picture in pictures:
        for lower, upper in zip(list(picture.curves.values()), list(picture.curves.values())[1:], strict=False):
            assert all(a[1] < b[1] for a, b in zip(lower, upper, strict=False))


def test_the_curves_stand_still_while_one_types_and_end_where_the_tables_end() -> None:
    def pictures(weight: str, born: str):
        reading = read_order({**BASE, "weight": weight, "born": born}, house())
        return growth_pictures(reading.order, reading.reference)

    six, seven = pictures("6 kg", "2026-06-20"), pictures("7 kg", "2026-06-20")
    for before, after in zip(six, seven, strict=True):
        assert before.curves == after.curves
        assert (before.points == after.points) is (before.index == "length-for-age")
    old = pictures("12 kg", "2024-11-28")  # 725 days
    assert old[0].points == ((Decimal(725), Decimal(12)),)
    assert all(650 < max(day for day, _weight in curve) <= 730 for curve in old[0].curves.values())


def test_each_suspected_slip_can_be_denied() -> None:
    found = the(plan_of(weight="14.15 kg"), "who-limits")
    assert slip_denials(found) == ["The weight was not typed in pounds."]


@given(st.decimals(min_value=1, max_value=20, places=2), st.decimals(min_value=35, max_value=100, places=1))
def test_any_weight_and_length_within_the_envelope_ends_in_one_of_the_tiers(weight: Decimal, length: Decimal) -> None:
    plan = plan_of(weight=f"{weight} kg", length=f"{length} cm")
    growth = {
        code for code in codes(plan) if code in {"who-limits", "weight-for-age", "length-for-age", "weight-for-length"}
    }
    beyond = [each for each in (plan.growth.indices if plan.growth else ()) if each.z is not None and abs(each.z) > 3]
    if plan.growth:
        assert not beyond or growth
    else:
        assert growth | set(codes(plan))
    for each in plan.findings:
        assert "{" not in sentence(each)
