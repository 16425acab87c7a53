"""The second engine: right plans of many kinds agree, and one wrong figure in any of them is named.

Each figure is wrong by just more than the engine allows, and by just less. What it allows is read here from outside:
a relative 10⁻²⁰ of a figure that was divided or rooted, nothing of one that is exact, and never a minute of a time.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from boundary_cases import PRESERVED, SEVEN, syringe, thick
from course_cases import (
    SIX,
    THREE,
    TWO_PHASES,
    changed,
    file_of,
    made_up_file,
    plan_and_reference,
    product_file,
    protocol_file,
)

from dosing_app.course import proof
from dosing_app.reference.bundle import Reference

Content = dict[str, Any]


def capped_file(micrograms: str) -> str:
    """The path of the ordinary protocol with another cap."""
    head = f'schema = 1\nname = "test"\ndaily_cap = "{micrograms} microgram/day"\nsource = "test"\ngrade = "J"\n'
    return str(file_of(head + 'dose_rate = "15 microgram/m^2/day"\ncourse_days = 28\n', f"capped-{micrograms}"))


ALONE = "max_bags_per_session = 1"
BY_PRODUCT = 'start_within_h = "product"\nstart_within_basis = "validated"'
LATE_PHASE = "\n".join(
    f'[[phase]]\ndays = {days}\ndose_rate = "{rate} microgram/m^2/day"' for days, rate in ((24, 10), (4, 15))
)
# Names of right plans: site lines, texts of the order.
RIGHT: dict[str, tuple[str, dict[str, str]]] = {
    "one kind": ("", {}),
    "two kinds": ("", {"pattern": "72h,96h"}),
    "early take-down": ("", {"pattern": "96h@72,96h"}),
    "american, two small syringes": ("two_small_syringes = true", {"product": "us", "pattern": "48h@24,48h,24h"}),
    "american, long storage": (f"{ALONE}\n{BY_PRODUCT}", {"product": "us", "pattern": "48h@24,48h"}),
    "long storage": (f"{ALONE}\n{BY_PRODUCT}", {}),
    "preserved": (PRESERVED, SEVEN),
    "preserved, long storage": (f"{ALONE}\n{BY_PRODUCT}\n{PRESERVED}", SEVEN),
    "sessions of several bags": (BY_PRODUCT, {"product": "us", "pattern": "48h@24,48h"}),
    "vials not shared": (
        f"{BY_PRODUCT}\nshare_vials = false",
        {"product": "us", "pattern": "48h@24,48h"},
    ),
    "more than a vial by the exact volume": ("", {"weight": "12 kg", "length": "78 cm"}),
    "two phases": ("", {**SIX, "protocol": protocol_file(TWO_PHASES), "pattern": "48h"}),
    "a late phase": ("", {**SIX, "protocol": protocol_file(LATE_PHASE), "pattern": "24h"}),
    "clock change": ("", {"start": "2026-10-12T14:00", "measured": "2026-10-12", "born": "2026-05-20"}),
    "leap year": ("", {"start": "2028-02-14T14:00", "measured": "2028-02-14", "born": "2027-09-20"}),
    "capped": ("", {**SIX, "protocol": capped_file("5")}),
    "at the cap": ("", {**THREE, "protocol": capped_file("3"), "pattern": "24h"}),
    "more than two small syringes hold": ("two_small_syringes = true", SIX),
    "midway between two marks": (syringe("0.024"), thick("294.2")),
    "made up, midway": (syringe("0.032"), {**THREE, "pattern": "24h", "product": made_up_file("400 mL")}),
    "at the bound of a syringe": ("", {**SIX, "pattern": "24h", "product": made_up_file("500 mL")}),
    "at the bound of two small syringes": (
        "two_small_syringes = true",
        {**SIX, "pattern": "24h", "product": made_up_file("500 mL", "5 mL/h")},
    ),
    "another strength": (
        "",
        {
            "product": product_file(
                "eu",
                ('strength = { value = "12.5', 'strength = { value = "12'),
                ('value = "38.5 microgram"', 'value = "36 microgram"'),
            )
        },
    ),
    "haycock": ("", {"formula": "haycock"}),
    "gehan-george": ("", {"formula": "gehan-george"}),
    "boyd": ("", {"formula": "boyd"}),
    "bnfc": ("", {"formula": "bnfc"}),
    "the lightest": ("", {"weight": "1 kg", "length": "45 cm"}),
    "the heaviest": ("", {"weight": "20 kg", "length": "100 cm"}),
}
REASONS = ("unit-closed", "sodium", "preserved-infant", "syringe-deviation", "drug-volume-small", "formula")
every_right_plan = pytest.mark.parametrize("name", RIGHT)


@cache
def right(name: str) -> tuple[Content, Reference]:
    """A right plan as JSON, and what it was calculated with. Not to be changed in its place."""
    site, texts = RIGHT[name]
    plan, reference = plan_and_reference(site, **{f"reason:{each}": "seen" for each in REASONS}, **texts)
    assert plan.bags, [each.code for each in plan.findings]
    assert reference is not None
    return plan.as_json(), reference


def wrong(name: str, *changes: tuple[str, object]) -> list[str]:
    """What the second engine says of a right plan with these places changed."""
    content, reference = right(name)
    return proof.disagreements(changed(content, *changes), reference)


def times(factor: str) -> Callable[[str], str]:
    """A figure times a factor, all digits kept."""
    return lambda text: exactly(text, lambda number: number * Decimal(factor))


def plus(amount: str) -> Callable[[str], str]:
    """A figure and an amount, all digits kept."""
    return lambda text: exactly(text, lambda number: number + Decimal(amount))


def exactly(text: str, work: Callable[[Decimal], Decimal]) -> str:
    with localcontext(prec=90):
        return format(work(Decimal(text)), "f")


def later(minutes: int) -> Callable[[str], str]:
    """An instant so many minutes later."""
    return lambda text: f"{datetime.fromisoformat(text) + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:00Z}"


@every_right_plan
def test_the_second_engine_agrees_with_a_right_plan(name: str) -> None:
    content, reference = right(name)
    assert proof.disagreements(content, reference) == []


# ---- area and dose ----

JUST_WITHIN = ("1.0000000000000000000099", "0.9999999999999999999901")
JUST_BEYOND = ("1.0000000000000000000101", "0.9999999999999999999899")
SQUARE_WITHIN = ("1.0000000000000000000049", "0.9999999999999999999951")  # Mosteller is compared by its square
SQUARE_BEYOND = ("1.0000000000000000000051", "0.9999999999999999999949")


@pytest.mark.parametrize("name", ["one kind", "the lightest", "the heaviest", "haycock", "boyd"])
def test_an_area_is_held_to_twenty_digits(name: str) -> None:
    """Those beside the one of the order, on which the whole plan hangs."""
    others = right(name)[0]["bsa"]["others"]
    assert len(others) == 4
    for formula in others:
        within, beyond = (SQUARE_WITHIN, SQUARE_BEYOND) if formula == "mosteller" else (JUST_WITHIN, JUST_BEYOND)
        place = f"bsa.others.{formula}"
        for factor in within:
            assert wrong(name, (place, times(factor))) == [], formula
        for factor in beyond:
            (trouble,) = wrong(name, (place, times(factor)))
            assert trouble.startswith(f"BSA {formula} 0.")


def test_an_area_below_zero_is_none() -> None:
    content, _ = right("haycock")
    area = content["bsa"]["others"]["mosteller"]
    assert wrong("haycock", ("bsa.others.mosteller", f"-{area}")) == [f"BSA mosteller -{area}"]


def test_weight_and_length_belong_to_the_area() -> None:
    for place in ("order.weight_kg", "order.length_cm"):
        assert len(wrong("one kind", (place, times("1.0000000000000000001")))) >= 4, place


def test_a_figure_just_as_far_off_as_is_allowed_passes() -> None:
    """3 micrograms: a relative 10⁻²⁰ of them is 3 × 10⁻²⁰, to the last digit."""
    place = "daily_dose.micrograms"
    assert wrong("made up, midway", (place, "3.00000000000000000003")) == []
    assert wrong("made up, midway", (place, "2.99999999999999999997")) == []
    assert wrong("made up, midway", (place, "3.0000000000000000000301")) == ["daily dose"]
    assert wrong("made up, midway", (place, "2.9999999999999999999699")) == ["daily dose"]


@every_right_plan
def test_the_daily_dose_is_dose_rate_times_area_at_most_the_cap(name: str) -> None:
    for factor in JUST_WITHIN:
        assert wrong(name, ("daily_dose.micrograms", times(factor))) == []
    for factor in JUST_BEYOND:
        assert wrong(name, ("daily_dose.micrograms", times(factor))) == ["daily dose"]
    assert wrong(name, ("daily_dose.dose_rate_ug_per_m2_per_day", plus("1e-30"))) == ["dose rate"]
    assert wrong(name, ("daily_dose.cap_micrograms", plus("-1e-30"))) == ["cap"]
    assert wrong(name, ("daily_dose.capped", lambda capped: not capped)) == ["cap"]


def test_only_a_dose_above_the_cap_is_capped() -> None:
    assert right("at the cap")[0]["daily_dose"]["capped"] is False
    assert right("capped")[0]["daily_dose"]["capped"] is True


# ---- recipes ----

# Figures of a bag that may be off by a relative 10⁻²⁰, and what is said beyond.
CLOSE = {
    "drug_ml_exact": "exact drug volume",
    "concentration_ug_per_ml": "concentration",
    "delivered_ug_per_day": "dose per day",
    "daily_dose_micrograms": "ordered dose",
    "to_deliver_micrograms": "drug to deliver",
}
# Their exact volumes fill their vials to the last drop, or lie where the marks of the syringe change.
ON_A_BOUND = {
    "midway between two marks",
    "made up, midway",
    "at the bound of a syringe",
    "at the bound of two small syringes",
}
# Figures of a bag that are exact, and all that is said of the bag if they are not.
EXACT = {
    "strength_ug_per_ml": {"strength"},
    "graduation_ml": {"graduation"},
    "held_micrograms": {"content"},
    "rate_ml_per_h": {"rate", "delivered volume"},
    "total_ml": {"total"},
    "delivered_ml": {"delivered volume", "ledger"},
    "primed_ml": {"ledger"},
    "discarded_ml": {"ledger"},
}


def bags_to_change(name: str) -> tuple[int, int]:
    """The first bag and the last, which is often like another before it."""
    return (0, len(right(name)[0]["bags"]) - 1)


@every_right_plan
def test_a_wrong_figure_of_a_recipe_is_named_in_every_bag(name: str) -> None:
    close = {key: fact for key, fact in CLOSE.items() if key != "drug_ml_exact" or name not in ON_A_BOUND}
    ways = zip(bags_to_change(name), JUST_WITHIN, JUST_BEYOND, ("1e-30", "-1e-30"), strict=True)
    for index, within, beyond, little in ways:
        bag = f"bags[{index}]"
        assert wrong(name, *((f"{bag}.{key}", times(within)) for key in close)) == []
        for key, fact in close.items():
            assert wrong(name, (f"{bag}.{key}", times(beyond))) == [f"bag {index + 1}: {fact}"], key
        for key, facts in EXACT.items():
            said = wrong(name, (f"{bag}.{key}", plus(little)))
            assert {each for each in said if ":" in each} == {f"bag {index + 1}: {fact}" for fact in facts}, key


@pytest.mark.parametrize("name", ["two kinds", "preserved", "made up, midway"])
@pytest.mark.parametrize("key", ["diluent_ml", "stabiliser_ml"])
def test_a_wrong_ingredient_is_named(name: str, key: str) -> None:
    fact = key.removesuffix("_ml")
    for index in bags_to_change(name):
        for amount in ("1e-30", "-1e-30"):
            said = wrong(name, (f"bags[{index}].{key}", plus(amount)))
            volume_too = [] if "made_up_to_ml" in right(name)[0]["bags"][0] else ["total", "ledger"]
            assert said == [f"bag {index + 1}: {each}" for each in (fact, *volume_too)]


def test_the_volume_to_make_up_to_is_that_of_the_kind() -> None:
    """110 mL; a total that agrees with a wrong one does not make it right."""
    for index in bags_to_change("preserved"):
        bag = f"bags[{index}]."
        more = (f"{bag}made_up_to_ml", "110.1"), (f"{bag}total_ml", "110.1"), (f"{bag}discarded_ml", plus("0.1"))
        assert f"bag {index + 1}: volume to make up to" in wrong("preserved", *more)
    content, reference = right("preserved")
    less = changed(content)
    del less["bags"][1]["made_up_to_ml"]
    assert "bag 2: volume to make up to" in proof.disagreements(less, reference)
    total = right("one kind")[0]["bags"][2]["total_ml"]
    assert wrong("one kind", ("bags[2].made_up_to_ml", total)) == ["bag 3: volume to make up to"]


def test_the_deviation_is_held_to_eighteen_decimals_of_a_percent() -> None:
    """2.88 of 3 micrograms are −4 %, to the last digit."""
    content, _ = right("made up, midway")
    assert content["bags"][4]["deviation_percent"] == "-4"
    place = "bags[4].deviation_percent"
    for amount in ("1e-18", "-1e-18"):
        assert wrong("made up, midway", (place, plus(amount))) == []
    for amount in ("1.005e-18", "-1.005e-18"):
        assert wrong("made up, midway", (place, plus(amount))) == ["bag 5: deviation"]
    assert wrong("made up, midway", (place, "4")) == ["bag 5: deviation"]


def test_what_is_discarded_may_be_nothing_but_not_less() -> None:
    """More primes the line, so that the ledger still adds up."""
    left = right("one kind")[0]["bags"][3]["discarded_ml"]
    assert wrong("one kind", ("bags[3].primed_ml", left), ("bags[3].discarded_ml", "0")) == []
    more = exactly(left, lambda volume: volume + Decimal("1e-9"))
    said = wrong("one kind", ("bags[3].primed_ml", more), ("bags[3].discarded_ml", "-0.000000001"))
    assert said == ["bag 4: ledger"]


def test_a_drug_volume_is_on_a_mark_of_the_syringe() -> None:
    for amount in ("1e-30", "-1e-30", "0.01", "-0.01"):
        assert "bag 3: drug volume" in wrong("one kind", ("bags[2].drug_ml", plus(amount)))


@pytest.mark.parametrize("name", ["one kind", "two kinds", "capped", "at the cap", "preserved", "two phases"])
def test_a_drug_volume_one_mark_off_is_caught(name: str) -> None:
    for index in bags_to_change(name):
        mark = right(name)[0]["bags"][index]["graduation_ml"]
        for sign in ("", "-"):
            said = wrong(name, (f"bags[{index}].drug_ml", plus(f"{sign}{mark}")))
            assert f"bag {index + 1}: drug volume" in said
            assert f"bag {index + 1}: content" in said


@pytest.mark.parametrize(
    ("name", "lower", "upper", "beyond"),
    [("midway between two marks", "0.288", "0.312", "0.264"), ("made up, midway", "0.384", "0.416", "0.352")],
)
def test_of_two_marks_the_lower(name: str, lower: str, upper: str, beyond: str) -> None:
    content, _ = right(name)
    assert content["bags"][4]["drug_ml"] == lower
    for volume in (upper, beyond):
        assert "bag 5: drug volume" in wrong(name, ("bags[4].drug_ml", volume))


def test_marks_at_the_bound_of_a_syringe() -> None:
    """From 1 mL on the marks lie 0.1 mL apart; two small syringes hold 2 mL, by 0.01 mL."""
    one, two = (
        right("at the bound of a syringe")[0]["bags"][3],
        right("at the bound of two small syringes")[0]["bags"][3],
    )
    assert (one["drug_ml_exact"], one["graduation_ml"]) == ("1", "0.1")
    assert (two["drug_ml_exact"], two["graduation_ml"]) == ("2", "0.01")


# ---- hours and times ----


def early(index: int, hours: int) -> tuple[tuple[str, object], ...]:
    """A bag of 96 h, 2.5 mL/h, that is to run so many hours: all of its own figures but its times."""
    bag = f"bags[{index}]."
    return (
        (f"{bag}kind", f"96h@{hours}"),
        (f"{bag}runs_h", str(hours)),
        (f"{bag}delivered_ml", plus(str((hours - 96) * 2.5))),
        (f"{bag}discarded_ml", plus(str((96 - hours) * 2.5))),
    )


def test_a_bag_runs_the_hours_of_its_kind() -> None:
    """Also when its times agree with the wrong hours; and never longer: that would infuse the overfill."""
    assert wrong("early take-down", ("bags[0].kind", "96h")) == ["bag 1: hours"]
    assert wrong("early take-down", ("bags[1].kind", "96h@72")) == ["bag 2: hours"]
    shorter = (*early(6, 95), ("bags[6].end_utc", later(-60)))
    assert wrong("one kind", *shorter) == ["the bags do not cover the course"]
    assert "bag 7: hours" in wrong("one kind", *shorter, ("bags[6].kind", "96h"))
    assert "bag 7: hours" in wrong("one kind", *early(6, 97), ("bags[6].end_utc", later(60)))


def test_the_course_begins_as_ordered() -> None:
    for minutes in (1, -1):
        said = wrong("one kind", ("order.start_utc", later(minutes)))
        assert said == ["the course does not begin as ordered"]


def test_the_first_bag_begins_the_course() -> None:
    said = wrong("one kind", ("order.start_utc", later(-60)), ("course.start_utc", later(-60)))
    assert said == ["bag 1 does not follow the one before", "the bags do not cover the course"]


def test_a_bag_has_its_number_among_all() -> None:
    for index in (0, 3, 6):
        assert wrong("one kind", (f"bags[{index}].of", 8)) == [f"bag {index + 1} does not follow the one before"]
    assert "bag 2 does not follow the one before" in wrong("one kind", ("bags[1].number", 9))


def test_a_gap_between_two_bags_is_named() -> None:
    late = (*early(2, 95), ("bags[2].start_utc", later(60)), ("bags[2].down_by_utc", later(60)))
    assert wrong("one kind", *late) == ["bag 3 does not follow the one before"]


def test_a_bag_runs_from_its_start_to_its_end() -> None:
    """The change from the second to the third bag is a minute later or earlier than their hours say."""
    for minutes in (1, -1):
        moved = [
            ("bags[1].end_utc", later(minutes)),
            ("bags[2].start_utc", later(minutes)),
            ("bags[2].down_by_utc", later(minutes)),
        ]
        said = wrong("one kind", *moved)
        assert said[:2] == ["bag 2 does not run its hours", "bag 3 does not run its hours"]
        assert said[2:] == [f"bag {2 if minutes > 0 else 3}: outside its limits"]  # which runs 96 h and a minute


def test_the_course_has_its_hours_and_ends_with_the_last_bag() -> None:
    for place, change in (
        ("course.course_h", plus("1e-30")),
        ("course.course_h", plus("-1e-30")),
        ("course.end_utc", later(1)),
        ("course.end_utc", later(-1)),
    ):
        assert wrong("one kind", (place, change)) == ["the bags do not cover the course"]
    shorter = (*early(6, 95), ("bags[6].end_utc", later(-60)), ("course.end_utc", later(-60)))
    assert wrong("one kind", *shorter) == ["the bags do not cover the course"]


def test_a_time_that_cannot_be_read_is_named() -> None:
    """Times are whole minutes in UTC."""
    for text in ("2026-11-23T13:00:01Z", "2026-11-23T14:00:00+01:00", "2026-11-23", ""):
        said = wrong("one kind", ("bags[0].start_utc", text))
        assert said[:2] == ["bag 1 does not follow the one before", "bag 1 does not run its hours"], text
        assert wrong("one kind", ("course.start_utc", text)), text


def test_bags_change_phase_exactly_where_the_phases_meet() -> None:
    """7 days of 48 h bags end with one of 24 h; 24 days of 24 h bags are 24."""
    doses = [bag["daily_dose_micrograms"] for bag in right("two phases")[0]["bags"]]
    assert doses == ["2"] * 4 + ["6"] * 11
    doses = [bag["daily_dose_micrograms"] for bag in right("a late phase")[0]["bags"]]
    assert doses == ["4"] * 24 + ["6"] * 4
    for index, dose in ((23, "6"), (24, "4")):
        said = wrong("a late phase", (f"bags[{index}].daily_dose_micrograms", dose))
        assert said == [f"bag {index + 1}: ordered dose"]


# ---- limits ----

DAY, HOURS = 24 * 60, 60


@pytest.mark.parametrize(
    ("name", "index", "before", "start_by", "down_by", "allowed"),
    [
        # the site lets a bag wait 24 h; at room temperature it keeps 96 h from its connection
        ("one kind", 3, 24 * HOURS, 0, 0, True),
        ("one kind", 3, 24 * HOURS + 1, -1, 0, False),
        # the unit makes a bag 2 h before
        ("one kind", 3, 2 * HOURS, 22 * HOURS, 0, True),
        ("one kind", 3, 2 * HOURS - 1, 22 * HOURS + 1, 0, False),
        # refrigerated for 10 days before the connection
        ("long storage", 3, 10 * DAY, 0, 0, True),
        ("long storage", 3, 10 * DAY + 1, -1, 0, False),
        # American: 8 days with the infusion, 48 h of them at room temperature. A bag of 48 h
        ("american, long storage", 3, 6 * DAY, 0, 0, True),
        ("american, long storage", 3, 6 * DAY + 1, -1, -1, False),
        # a bag of 48 h taken down after 24 h: it could run on until 48 h or 8 days are over
        ("american, long storage", 2, 7 * DAY, 0, 0, True),
        ("american, long storage", 2, 7 * DAY + 1, -1, -1, False),
        ("american, long storage", 2, 6 * DAY + 6 * HOURS, 18 * HOURS, 18 * HOURS, True),
        ("american, long storage", 2, 5 * DAY, 2 * DAY, 24 * HOURS, True),
        # a bag of 7 days: 14 days with the infusion, 7 of them at room temperature
        ("preserved, long storage", 2, 7 * DAY, 0, 0, True),
        ("preserved, long storage", 2, 7 * DAY + 1, -1, -1, False),
    ],
)
def test_a_bag_at_its_limit_and_a_minute_beyond(
    name: str, index: int, before: int, start_by: int, down_by: int, allowed: bool
) -> None:
    """Prepared so many minutes before its start; the latest start and the latest take-down, from start and end."""
    content, reference = right(name)
    bag = content["bags"][index]
    session = bag["session"] - 1
    assert content["sessions"][session]["bags"] == [index + 1]
    moved = changed(
        content,
        (f"bags[{index}].prepared_utc", later(-before)(bag["start_utc"])),
        (f"sessions[{session}].at_utc", later(-before)(bag["start_utc"])),
        (f"bags[{index}].start_by_utc", later(start_by)(bag["start_utc"])),
        (f"bags[{index}].down_by_utc", later(down_by)(bag["end_utc"])),
    )
    assert proof.disagreements(moved, reference) == ([] if allowed else [f"bag {index + 1}: outside its limits"])


@pytest.mark.parametrize("name", ["one kind", "long storage", "american, long storage", "preserved"])
@pytest.mark.parametrize("key", ["start_by_utc", "down_by_utc"])
@pytest.mark.parametrize("minutes", [1, -1])
def test_a_limit_a_minute_off_is_named(name: str, key: str, minutes: int) -> None:
    for index in bags_to_change(name):
        assert wrong(name, (f"bags[{index}].{key}", later(minutes))) == [f"bag {index + 1}: limits"]


def test_a_bag_that_runs_past_its_limit_is_named() -> None:
    """An hour longer than 96 h at room temperature, and so an hour past the end of the course."""
    said = wrong("one kind", ("bags[6].end_utc", later(1)))
    assert said == ["bag 7 does not run its hours", "the bags do not cover the course", "bag 7: outside its limits"]


# ---- the dose over the course ----

OVER = "dose over the course"


def test_the_course_may_be_off_by_half_a_mark_and_no_more() -> None:
    """0.3 mL in 299.7 mL are 3 micrograms a day to the last digit; the marks 0.288 and 0.312 mL are half a mark off.

    A larger area wants more: within the tolerance the lower mark may still stand for it, beyond it may not.
    """
    name = "midway between two marks"
    upper = [(f"bags[{index}].drug_ml", "0.312") for index in range(len(right(name)[0]["bags"]))]
    assert OVER not in wrong(name, *upper)
    assert OVER not in wrong(name, ("bsa.m2", "0.200000000000000000002"))
    assert OVER in wrong(name, ("bsa.m2", "0.20000000000000000000201"))
    assert OVER not in wrong(name, ("bsa.m2", "0.199999999999999999998"), *upper)
    assert OVER in wrong(name, ("bsa.m2", "0.19999999999999999999799"), *upper)


def test_the_course_is_weighed_by_the_hours_of_its_bags() -> None:
    """Three bags of 72 h and four of 96 h, the first a mark too much and the others a mark too little or right."""
    content, _ = right("two kinds")
    assert OVER not in wrong("two kinds", ("bags[0].drug_ml", plus("0.1")))
    assert OVER in wrong("two kinds", *((f"bags[{i}].drug_ml", plus("0.1")) for i in range(len(content["bags"]))))
    assert OVER in wrong("two kinds", *((f"bags[{i}].drug_ml", plus("-0.1")) for i in range(len(content["bags"]))))


# ---- vials ----


def test_vials_of_a_session_hold_what_its_bags_take() -> None:
    """2.8 mL a vial; more of exact and measured volume counts: 2.84 mL take two vials, though 2.8 mL are drawn."""
    content, _ = right("more than a vial by the exact volume")
    assert [session["vials"] for session in content["sessions"]] == [2] * 7
    assert content["bags"][0]["drug_ml"] == "2.8"
    for name in ("one kind", "sessions of several bags", "vials not shared", "more than a vial by the exact volume"):
        for amount in (1, -1):
            more = (
                ("sessions[1].vials", plus_count(amount)),
                ("sessions[1].unused_ml", plus(str(amount * 2.8))),
                ("totals.vials", plus_count(amount)),
                ("totals.unused_ml", plus(str(amount * 2.8))),
            )
            assert wrong(name, *more) == ["vials of session 2"]


def plus_count(amount: int) -> Callable[[int], int]:
    return lambda count: count + amount


def test_vials_are_shared_only_where_the_site_shares_them() -> None:
    """Three bags of 0.93 mL: 2.79 mL fit into one vial, or each has its own."""
    shared, apart = right("sessions of several bags")[0], right("vials not shared")[0]
    assert shared["sessions"][0]["bags"] == apart["sessions"][0]["bags"] == [1, 2, 3]
    assert shared["sessions"][0]["vials"] == 1
    assert apart["sessions"][0]["vials"] == 3
    assert shared["totals"]["vials_floor"] == apart["totals"]["vials_floor"]


@pytest.mark.parametrize("name", ["one kind", "sessions of several bags", "vials not shared"])
def test_volumes_of_a_session_add_up(name: str) -> None:
    for key in ("drawn_ml", "unused_ml"):
        for amount in ("1e-30", "-1e-30"):
            assert wrong(name, (f"sessions[2].{key}", plus(amount))) == ["volumes of session 3"]


def test_a_session_and_its_bags_name_each_other() -> None:
    name = "sessions of several bags"
    said = ["bags of session 1"]
    assert wrong(name, ("bags[1].session", 2)) == said
    assert wrong(name, *((f"bags[{index}].session", 2) for index in (0, 1, 2))) == said
    minute = (("bags[1].prepared_utc", later(-1)), ("bags[1].start_by_utc", later(-1)))
    assert wrong(name, *minute) == said
    assert wrong(name, ("sessions[0].at_utc", later(1))) == said
    assert wrong(name, ("sessions[0].number", 9)) == ["bags of session 9"]


def test_every_bag_is_in_exactly_one_session() -> None:
    for place, numbers in (
        ("sessions[0].bags", [1, 2]),
        ("sessions[0].bags", [1, 2, 3, 3]),
        ("sessions[0].bags", [2, 1, 3]),
        ("sessions[0].bags", [1, 2, 3, 4]),
    ):
        assert wrong("sessions of several bags", (place, numbers)) == ["a bag is not in exactly one session"]


@every_right_plan
def test_the_totals_add_up(name: str) -> None:
    for amount in (1, -1):
        for key in ("bags", "sessions", "changes", "rate_changes"):
            assert wrong(name, (f"totals.{key}", plus_count(amount))) == [f"number of {key}"]
        assert wrong(name, ("totals.vials_floor", plus_count(amount))) == ["fewest possible vials"]
        said = wrong(name, ("totals.vials", plus_count(amount)), ("totals.unused_ml", plus(str(amount * 2.8))))
        assert said == ["vials of the course"]
        tiny = f"{amount}e-30"
        assert wrong(name, ("totals.unused_ml", plus(tiny))) == ["drug unused"]
        drawn = wrong(name, ("totals.drug_drawn_ml", plus(tiny)), ("totals.unused_ml", plus(f"{-amount}e-30")))
        assert drawn == ["drug drawn"]


# ---- its own arithmetic, against figures from outside ----

# Published to fifty digits and more: OEIS A002162, A002392, A001113, A068985.
LN_2 = "0.69314718055994530941723212145817656807550013436025"
LN_10 = "2.30258509299404568401799145468436420760110148862877"
E = "2.71828182845904523536028747135266249775724709369996"
ONE_BY_E = "0.36787944117144232159552377016146086744581113103177"
LIMIT = Fraction(1, 10**40)


def logarithm(value: Fraction) -> Fraction:
    return Fraction(proof._ln(value), proof._SCALE)


def test_logarithms_to_forty_digits() -> None:
    assert abs(logarithm(Fraction(2)) - Fraction(LN_2)) < LIMIT
    assert abs(logarithm(Fraction(10)) - Fraction(LN_10)) < LIMIT
    assert abs(Fraction(proof._LN2, proof._SCALE) - Fraction(LN_2)) < LIMIT
    assert abs(Fraction(proof._LN10, proof._SCALE) - Fraction(LN_10)) < LIMIT
    for text in ("1", "1.01", "1.49", "1.5", "1.51", "3", "5.4", "6.42", "20", "35", "63.5", "100", "1000", "6420.001"):
        with localcontext(prec=60):
            outside = Fraction(Decimal(text).ln())
        assert abs(logarithm(Fraction(text)) - outside) < LIMIT, text


def test_exponentials_to_forty_digits() -> None:
    assert abs(proof._exp(proof._SCALE) - Fraction(E)) < LIMIT
    assert abs(proof._exp(-proof._SCALE) - Fraction(ONE_BY_E)) < LIMIT
    assert abs(proof._exp(0) - 1) < LIMIT
    for text in ("0.1", "0.5", "-0.5", "-2.5", "3", "7.25"):
        with localcontext(prec=60):
            outside = Fraction(Decimal(text).exp())
        found = proof._exp(int(Fraction(text) * proof._SCALE))
        assert abs(found / outside - 1) < LIMIT, text


def test_days_are_counted_as_the_calendar_has_them() -> None:
    """Each day of two years around each turn of four, of a hundred and of four hundred years; each hour and minute."""
    for first in (2023, 2027, 1899, 1999, 2099, 2399):
        begin = datetime(first, 1, 1, tzinfo=UTC)
        for day in range(3 * 365):
            moment = begin + timedelta(days=day, hours=day % 24, minutes=day % 60)
            wanted = (moment.toordinal() + 306) * DAY + moment.hour * HOURS + moment.minute  # day 1 is 1 January 1
            assert proof._minute(f"{moment:%Y-%m-%dT%H:%M:00Z}") == wanted, moment
