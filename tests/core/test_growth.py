"""Growth against WHO's published values, other people's programs, and its own inverse."""

import json
from array import array
from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whenever import Date

from dosing_app.core.bsa import OFFERED, mosteller
from dosing_app.core.findings import Tier
from dosing_app.core.growth import (
    SEXES,
    Bounds,
    Correction,
    GrowthAge,
    Index,
    Score,
    Sex,
    Table,
    Tables,
    distance,
    expected_areas,
    first_day_beyond,
    growth_age,
    judge,
    row_at,
    scores,
    value_at,
    z_score,
)
from dosing_app.core.quantities import exact_arithmetic
from dosing_app.reference.growth_tables import load_growth_tables

ORACLE = json.loads((Path(__file__).parent / "growth_oracle.json").read_text(encoding="utf-8"))
TABLES = load_growth_tables()
DAYS_PER_MONTH = Decimal("30.4375")
CORRECTION = Correction(below=37 * 7, due=40 * 7, until=24)
THREE, FIVE, SIX = Decimal(3), Decimal(5), Decimal(6)
FLAGS = {
    Index.WEIGHT_FOR_AGE: Bounds(-SIX, FIVE, THREE),
    Index.LENGTH_FOR_AGE: Bounds(-SIX, SIX, THREE),
    Index.WEIGHT_FOR_LENGTH: Bounds(-FIVE, FIVE, THREE),
}
MONTH_OLD = GrowthAge(30)

sexes = st.sampled_from(SEXES)
z_scores = st.decimals(-6, 6, places=3)
ages = st.integers(0, 730)
lengths = st.decimals(45, 110, places=3)
places = st.one_of(
    st.tuples(st.sampled_from([Index.WEIGHT_FOR_AGE, Index.LENGTH_FOR_AGE]), ages),
    st.tuples(st.just(Index.WEIGHT_FOR_LENGTH), lengths),
)


def z_of(index: Index, value: Decimal, at: Decimal | int, sex: Sex) -> Decimal:
    z = z_score(index, value, at, sex, TABLES)
    assert z is not None
    return z


def value_of(index: Index, z: Decimal, at: Decimal | int, sex: Sex) -> Decimal:
    value = value_at(index, z, at, sex, TABLES)
    assert value is not None
    return value


def place(index: Index, at: str) -> Decimal | int:
    return Decimal(at) if index is Index.WEIGHT_FOR_LENGTH else int(at)


def name(case: dict[str, Any]) -> str:
    return f"{case['index']}, {case['sex']} {case['at']}: {case.get('value', '')}"


# ---- outside truth ----


def test_worked_boy_of_six_months_and_4_5_kg() -> None:
    """The restricted rule gives -4.72; without it -5.00 (domain.md section 6)."""
    found = z_of(Index.WEIGHT_FOR_AGE, Decimal("4.5"), 183, "male")
    assert round(found, 2) == Decimal("-4.72")
    row = row_at(Index.WEIGHT_FOR_AGE, 183, "male", TABLES)
    assert row is not None
    plain = ((Decimal("4.5") / row.median) ** row.power - 1) / (row.power * row.spread)
    assert round(plain, 2) == Decimal("-5.00")


@pytest.mark.parametrize("case", ORACLE["published"], ids=name)
def test_published_sd_values_to_their_rounding(case: dict[str, Any]) -> None:
    """A month falls between two days, so that its value, rounded, lies between theirs."""
    index, half = Index(case["index"]), Decimal("0.05")
    if index is Index.WEIGHT_FOR_LENGTH:
        around: set[Decimal | int] = {Decimal(case["at"])}
    else:
        day = int(case["at"]) * DAYS_PER_MONTH
        around = {int(day.to_integral_value(rounding)) for rounding in (ROUND_FLOOR, ROUND_CEILING)}
    for z, published in zip(range(-3, 4), case["sd"], strict=True):
        values = [value_of(index, Decimal(z), at, case["sex"]) for at in around]
        assert min(values) - half <= Decimal(published) <= max(values) + half


@pytest.mark.parametrize("case", ORACLE["cases"], ids=name)
def test_two_other_programs(case: dict[str, Any]) -> None:
    index = Index(case["index"])
    found = z_of(index, Decimal(case["value"]), place(index, case["at"]), case["sex"])
    assert abs(found - Decimal(case["anthro"])) < Decimal("1e-8")
    if case.get("pygrowup2"):
        # it rounds to two decimals before it looks whether 3 is passed
        assert abs(found - Decimal(case["pygrowup2"])) <= Decimal("0.0055")


@pytest.mark.parametrize("child", ORACLE["survey"], ids=str)
def test_who_survey(child: dict[str, Any]) -> None:
    weight, length = Decimal(child["weight"]), Decimal(child["length"])
    found = scores(weight, length, GrowthAge(child["days"]), child["sex"], TABLES)
    for score in found:
        assert score.z is not None
        assert abs(score.z - Decimal(child[score.index])) <= Decimal("0.005")


def test_the_oracle_covers_what_it_is_for() -> None:
    cases = ORACLE["cases"]
    assert len(cases) >= 300
    assert sum(case["rows"] == "between" for case in cases) >= 50
    for index in (Index.WEIGHT_FOR_AGE, Index.WEIGHT_FOR_LENGTH):
        for sex in SEXES:
            z = [Decimal(case["anthro"]) for case in cases if (case["index"], case["sex"]) == (index, sex)]
            assert sum(each > 3 for each in z) >= 10
            assert sum(each < -3 for each in z) >= 10


# ---- properties ----


@given(places, z_scores, sexes)
def test_value_and_z_are_inverse(at: tuple[Index, Decimal | int], z: Decimal, sex: Sex) -> None:
    index, where = at
    assert abs(z_of(index, value_of(index, z, where, sex), where, sex) - z) < Decimal("1e-24")


@given(places, z_scores, z_scores, sexes)
def test_more_weight_or_length_is_a_higher_z(
    at: tuple[Index, Decimal | int], one: Decimal, other: Decimal, sex: Sex
) -> None:
    index, where = at
    low, high = sorted((one, other))
    assert (value_of(index, low, where, sex) < value_of(index, high, where, sex)) == (low < high)


@given(places, sexes, st.sampled_from([-3, 3]))
def test_no_jump_where_the_restricted_rule_begins(at: tuple[Index, Decimal | int], sex: Sex, edge: int) -> None:
    index, where = at
    tiny = Decimal("1e-9")
    values = [value_of(index, edge + step, where, sex) for step in (-tiny, Decimal(0), tiny)]
    assert values[0] < values[1] < values[2]
    assert values[2] - values[0] < Decimal("1e-7")


@given(lengths, sexes)
def test_between_two_lengths_lies_between_their_rows(length: Decimal, sex: Sex) -> None:
    found = row_at(Index.WEIGHT_FOR_LENGTH, length, sex, TABLES)
    low = row_at(Index.WEIGHT_FOR_LENGTH, length.quantize(Decimal("0.1"), ROUND_FLOOR), sex, TABLES)
    high = row_at(Index.WEIGHT_FOR_LENGTH, length.quantize(Decimal("0.1"), ROUND_CEILING), sex, TABLES)
    assert found is not None
    assert low is not None
    assert high is not None
    for mine, below, above in zip(found, low, high, strict=True):
        assert min(below, above) <= mine <= max(below, above)
    assert (found.median - low.median) * Decimal("0.1") == (high.median - low.median) * (
        length - length.quantize(Decimal("0.1"), ROUND_FLOOR)
    )


def test_sexes_are_not_exchanged() -> None:
    """A boy's median is above a girl's at every age and length but for the shortest lengths."""
    for at in (0, 30, 183, 365, 730):
        for index in (Index.WEIGHT_FOR_AGE, Index.LENGTH_FOR_AGE):
            assert value_of(index, Decimal(0), at, "male") > value_of(index, Decimal(0), at, "female")
    assert value_of(Index.WEIGHT_FOR_AGE, Decimal(0), 0, "male") == Decimal("3.3464")
    assert value_of(Index.WEIGHT_FOR_AGE, Decimal(0), 0, "female") == Decimal("3.2322")


def test_a_caller_s_context_changes_nothing() -> None:
    arguments = (Index.WEIGHT_FOR_LENGTH, Decimal("6.123"), Decimal("61.234"), "male", TABLES)
    expected = z_score(*arguments)  # type: ignore[arg-type]
    with localcontext(prec=3):
        assert z_score(*arguments) == expected  # type: ignore[arg-type]


def a_standard(power: int = 0, weight_days: int = 1, length_days: int = 1) -> Tables:
    """A boy's M 10 and S 0.1 on so many days from birth on, with one L for all."""

    def table(days: int) -> Table:
        columns = [memoryview(array("h", [each] * days)) for each in (power, 100, 10)]
        return Table(0, *columns, power_places=0, median_places=1, spread_places=2)

    return {(Index.WEIGHT_FOR_AGE, "male"): table(weight_days), (Index.LENGTH_FOR_AGE, "male"): table(length_days)}


def test_power_zero_is_the_logarithm() -> None:
    value = value_at(Index.WEIGHT_FOR_AGE, Decimal(2), 0, "male", a_standard())
    assert value is not None
    assert round(value, 6) == Decimal("12.214028")  # 10 e^0.2
    found = z_score(Index.WEIGHT_FOR_AGE, value, 0, "male", a_standard())
    assert found is not None
    assert round(found, 20) == 2


@pytest.mark.parametrize(
    ("index", "value", "z"),
    [
        # with L 0: 10 e^0.4 is 4 by the method itself, and by the restricted rule
        # 3 + (e^0.4 - e^0.3) / (e^0.3 - e^0.2) = 3 + e^0.1; likewise below
        (Index.LENGTH_FOR_AGE, "14.918247", "4"),
        (Index.WEIGHT_FOR_AGE, "14.918247", "4.105171"),
        (Index.LENGTH_FOR_AGE, "6.703200", "-4"),
        (Index.WEIGHT_FOR_AGE, "6.703200", "-3.904837"),
        (Index.WEIGHT_FOR_AGE, "14.783149", "4"),  # 10 (2 e^0.3 - e^0.2)
        (Index.WEIGHT_FOR_AGE, "6.629057", "-4"),
    ],
)
def test_the_restricted_rule_is_for_weight_and_not_for_length(index: Index, value: str, z: str) -> None:
    """WHO's lengths for age have L 1, where both ways are one; another standard's may not."""
    found, measured = (
        z_score(index, Decimal(value), 0, "male", a_standard()),
        value_at(index, Decimal(z), 0, "male", a_standard()),
    )
    assert found is not None
    assert measured is not None
    assert abs(found - Decimal(z)) < Decimal("0.000002")
    assert abs(measured - Decimal(value)) < Decimal("0.00001")


# ---- rows that do not exist ----


@pytest.mark.parametrize(
    ("index", "at", "available"),
    [
        (Index.WEIGHT_FOR_AGE, -1, False),
        (Index.WEIGHT_FOR_AGE, 0, True),
        (Index.WEIGHT_FOR_AGE, 730, True),
        (Index.WEIGHT_FOR_AGE, 731, False),
        (Index.LENGTH_FOR_AGE, -30, False),
        (Index.LENGTH_FOR_AGE, 0, True),
        (Index.LENGTH_FOR_AGE, 731, False),
        (Index.WEIGHT_FOR_LENGTH, Decimal("44.9"), False),
        (Index.WEIGHT_FOR_LENGTH, Decimal("44.99999"), False),
        (Index.WEIGHT_FOR_LENGTH, Decimal(45), True),
        (Index.WEIGHT_FOR_LENGTH, Decimal("109.99"), True),
        (Index.WEIGHT_FOR_LENGTH, Decimal("110.0"), True),
        (Index.WEIGHT_FOR_LENGTH, Decimal("110.00001"), False),
        (Index.WEIGHT_FOR_LENGTH, Decimal("0.5"), False),
    ],
)
@pytest.mark.parametrize("sex", SEXES)
def test_never_the_nearest_row(index: Index, at: Decimal | int, sex: Sex, available: bool) -> None:
    assert (row_at(index, at, sex, TABLES) is not None) == available
    assert (z_score(index, Decimal(5), at, sex, TABLES) is not None) == available
    assert (value_at(index, Decimal(0), at, sex, TABLES) is not None) == available


@pytest.mark.parametrize("wrong", [5.0, 5, "5", None, True])
def test_only_exact_decimals(wrong: Any) -> None:
    with pytest.raises(TypeError):
        z_score(Index.WEIGHT_FOR_AGE, wrong, 30, "male", TABLES)
    with pytest.raises(TypeError):
        value_at(Index.WEIGHT_FOR_AGE, wrong, 30, "male", TABLES)
    with pytest.raises(TypeError):
        row_at(Index.WEIGHT_FOR_LENGTH, wrong, "male", TABLES)


@pytest.mark.parametrize("wrong", ["0", "-1", "NaN", "Infinity"])
def test_only_finite_measurements_above_zero(wrong: str) -> None:
    with pytest.raises(ValueError, match="finite and above zero"):
        z_score(Index.LENGTH_FOR_AGE, Decimal(wrong), 30, "male", TABLES)


@pytest.mark.parametrize("wrong", [Decimal(30), 30.0, True, None])
def test_an_age_is_in_whole_days(wrong: Any) -> None:
    with pytest.raises(TypeError, match="whole days"):
        row_at(Index.WEIGHT_FOR_AGE, wrong, "male", TABLES)


@pytest.mark.parametrize("index", [Index.WEIGHT_FOR_AGE, Index.LENGTH_FOR_AGE])
def test_no_value_is_made_up_below_zero(index: Index) -> None:
    with pytest.raises(ValueError, match="above zero"):
        value_at(index, Decimal(-40), 30, "male", TABLES)


def test_a_z_that_no_measurement_reaches_has_no_value() -> None:
    """With L -1 and S 0.1, x = 10 / (1 - 0.1 z) grows without end towards z = 10."""
    standard = a_standard(power=-1)
    assert value_at(Index.LENGTH_FOR_AGE, Decimal(9), 0, "male", standard) == 100
    for z in ("10", "11"):
        with pytest.raises(ValueError, match="no measurement"):
            value_at(Index.LENGTH_FOR_AGE, Decimal(z), 0, "male", standard)


# ---- age ----


@pytest.mark.parametrize(
    ("born", "measured", "gestation", "days", "early"),
    [
        ("2026-05-01", "2026-06-01", None, 31, 0),
        ("2026-05-01", "2026-06-01", 280, 31, 0),
        ("2026-05-01", "2026-06-01", 259, 31, 0),  # 37 weeks: not early
        ("2026-05-01", "2026-06-01", 258, 9, 22),  # 36 weeks and 6 days
        ("2026-05-01", "2026-06-01", 196, -53, 84),  # 28 weeks: before the due date
        ("2026-05-01", "2026-05-01", None, 0, 0),
        ("2024-05-01", "2026-04-30", 196, 645, 84),  # the last day of correction
        ("2024-05-01", "2026-05-01", 196, 730, 0),  # 24 calendar months
        ("2024-02-29", "2026-02-27", 196, 645, 84),
        ("2024-02-29", "2026-02-28", 196, 730, 0),
        ("2026-06-02", "2026-06-01", None, -1, 0),
    ],
)
def test_corrected_age(born: str, measured: str, gestation: int | None, days: int, early: int) -> None:
    found = growth_age(Date.parse_iso(born), Date.parse_iso(measured), gestation, CORRECTION)
    assert found == GrowthAge(days, early)
    assert found.corrected == (early > 0)


def test_one_day_early_is_a_corrected_age_too() -> None:
    """By a rule that corrects the age of every child born before the due date."""
    found = growth_age(Date(2026, 5, 1), Date(2026, 6, 1), 279, Correction(below=280, due=280, until=24))
    assert found == GrowthAge(30, 1)
    assert found.corrected


# ---- judging ----


def verdict_tiers(found: Iterable[Score]) -> dict[Index, Tier | None]:
    return {verdict.index: verdict.tier for verdict in judge(tuple(found), FLAGS)}


def score(index: Index, sex: Sex, z: str | None) -> Score:
    return Score(index, sex, MONTH_OLD, None if z is None else Decimal(z))


def three(sex: Sex, *z: str | None) -> list[Score]:
    return [score(index, sex, each) for index, each in zip(Index, z, strict=True)]


REFUSE, JUSTIFY = Tier.REFUSE, Tier.JUSTIFY


@pytest.mark.parametrize(
    ("z", "tiers"),
    [
        (("0", "0", "0"), (None, None, None)),
        (("3", "-3", "3"), (None, None, None)),
        (("3.001", "-3.001", "-3.001"), (JUSTIFY, JUSTIFY, JUSTIFY)),
        (("-6", "6", "5"), (JUSTIFY, JUSTIFY, JUSTIFY)),
        (("5", "-6", "-5"), (JUSTIFY, JUSTIFY, JUSTIFY)),
        (("5.001", "0", "0"), (REFUSE, None, None)),
        (("-6.001", "0", "0"), (REFUSE, None, None)),
        (("-5.5", "0", "0"), (JUSTIFY, None, None)),
        (("0", "6.001", "0"), (None, REFUSE, None)),
        (("0", "-6.001", "-4"), (None, REFUSE, JUSTIFY)),
        (("0", "0", "5.001"), (None, None, REFUSE)),
        (("0", "0", "-5.001"), (None, None, REFUSE)),
        ((None, None, "0"), (JUSTIFY, JUSTIFY, None)),
        ((None, None, None), (JUSTIFY, JUSTIFY, JUSTIFY)),
        (("5.001", "0", None), (REFUSE, None, JUSTIFY)),
    ],
)
def test_tiers(z: tuple[str | None, ...], tiers: tuple[Tier | None, ...]) -> None:
    for sex in SEXES:
        assert tuple(verdict_tiers(three(sex, *z)).values()) == tiers


@pytest.mark.parametrize(
    ("boy", "girl", "tiers"),
    [
        (("5.1", "0", "0"), ("5.1", "0", "0"), (REFUSE, None, None)),
        (("5.1", "0", "0"), ("4.9", "0", "0"), (JUSTIFY, None, None)),  # refused only for a boy
        (("0", "0", "0"), ("3.1", "0", "0"), (JUSTIFY, None, None)),
        (("5.1", "0", "0"), ("0", "0", "5.1"), (REFUSE, None, REFUSE)),  # refused whichever sex it is
        (("5.1", "0", "3.1"), ("2", "0", "0"), (JUSTIFY, None, JUSTIFY)),
        ((None, None, "0"), (None, None, "0"), (JUSTIFY, JUSTIFY, None)),
    ],
)
def test_sex_not_known(
    boy: tuple[str | None, ...], girl: tuple[str | None, ...], tiers: tuple[Tier | None, ...]
) -> None:
    assert tuple(verdict_tiers(three("male", *boy) + three("female", *girl)).values()) == tiers


@pytest.mark.parametrize("order", [1, -1])
def test_not_available_for_either_sex_wants_a_reason(order: int) -> None:
    """Where the sex is not known: justify if either table does (cli.md)."""
    by_boys, by_girls = three("male", "0", "0", "0"), three("female", "0", None, "0")
    weight_for_age, length_for_age, weight_for_length = judge((by_boys + by_girls)[::order], FLAGS)
    assert (length_for_age.tier, length_for_age.available) == (JUSTIFY, False)
    for other in (weight_for_age, weight_for_length):
        assert (other.tier, other.available) == (None, True)


def test_verdicts_carry_what_a_message_needs() -> None:
    found = scores(Decimal("12.8"), Decimal(62), GrowthAge(94, 10), None, TABLES)
    assert [(each.index, each.sex) for each in found] == [(index, sex) for sex in SEXES for index in Index]
    weight_for_age, length_for_age, _ = judge(found, FLAGS)
    assert weight_for_age.tier is Tier.REFUSE
    assert weight_for_age.bounds == (FIVE, FIVE)
    assert weight_for_age.available
    assert {each.sex for each in weight_for_age.scores} == set(SEXES)
    assert all(each.age.corrected for each in weight_for_age.scores)
    assert length_for_age.tier is None
    assert length_for_age.bounds == (None, None)


def test_bounds_have_the_side_that_was_passed() -> None:
    low = judge(three("male", "-3.5", "-7", None), FLAGS)
    assert [each.bounds for each in low] == [(-THREE,), (-SIX,), (None,)]
    assert [each.available for each in low] == [True, True, False]
    for z, limit in (("5", THREE), ("5.001", FIVE), ("-6", -THREE), ("-6.001", -SIX), ("3", None), ("-3", None)):
        assert judge(three("male", z, "0", "0"), FLAGS)[0].bounds == (limit,)


@given(st.decimals(1, 20, places=2), st.decimals(35, 100, places=1), ages)
def test_sex_not_known_refuses_exactly_what_both_refuse(weight: Decimal, length: Decimal, days: int) -> None:
    def refused(sex: Sex | None) -> bool:
        return Tier.REFUSE in verdict_tiers(scores(weight, length, GrowthAge(days), sex, TABLES)).values()

    assert refused(None) == all(refused(sex) for sex in SEXES)


@pytest.mark.parametrize(
    ("z", "age", "expected"),
    [
        (("1", "-2", "0.5"), GrowthAge(30), "5.25"),
        (("3", "0", "0"), GrowthAge(30), "9"),
        (("3.01", "0", "0"), GrowthAge(30), None),
        (("0", "0", None), GrowthAge(30), None),  # length below the rows: not ordinary
        ((None, None, "1"), GrowthAge(-1, 30), "1"),  # before the due date weight-for-length alone can say
        ((None, None, "-3.1"), GrowthAge(-1, 30), None),
        ((None, None, None), GrowthAge(-1, 30), None),
        ((None, None, "1"), GrowthAge(-30, 30), "1"),  # on the day of birth
        ((None, None, "0"), GrowthAge(-31, 30), None),  # measured before birth
        ((None, None, "0"), GrowthAge(0, 30), None),  # from the due date on there are rows
        ((None, None, "0"), GrowthAge(-1), None),
        ((None, None, "0"), GrowthAge(731), None),
    ],
)
def test_how_far_from_ordinary(z: tuple[str | None, ...], age: GrowthAge, expected: str | None) -> None:
    found = [Score(each.index, each.sex, age, each.z) for each in three("male", *z)]
    assert distance(found, THREE) == (None if expected is None else Decimal(expected))


def test_ordinary_for_either_sex_is_ordinary() -> None:
    assert distance(three("male", "4", "0", "0") + three("female", "2", "0", "0"), THREE) == 4
    assert distance(three("male", "3", "0", "0") + three("female", "2", "0", "0"), THREE) == 4  # of the nearer
    assert distance([], THREE) is None


# ---- growth within a course ----


@pytest.mark.parametrize(("day", "percent"), [(30, "14"), (60, "9"), (90, "6.5"), (180, "3")])
def test_growth_of_the_medians_within_a_course(day: int, percent: str) -> None:
    """The figures of domain.md section 7, which are rounded and for both sexes."""
    for sex in SEXES:
        weight = value_of(Index.WEIGHT_FOR_AGE, Decimal(0), day, sex)
        length = value_of(Index.LENGTH_FOR_AGE, Decimal(0), day, sex)
        areas = expected_areas(weight, length, GrowthAge(day), sex, TABLES, mosteller, 28)
        assert len(areas) == 29
        assert abs((areas[28] / areas[0] - 1) * 100 - Decimal(percent)) < 1
        on_the_day = [value_of(index, Decimal(0), day + 28, sex) for index in list(Index)[:2]]
        assert abs(areas[28] - mosteller(*on_the_day)) < Decimal("1e-20")


@pytest.mark.parametrize("formula", OFFERED)
def test_today_s_area_is_that_of_the_measurements(formula: str) -> None:
    weight, length = Decimal("5.35"), Decimal("58.5")
    areas = expected_areas(weight, length, GrowthAge(77), "female", TABLES, OFFERED[formula], 28)
    with exact_arithmetic():  # the digits that the program itself works with
        assert areas[0] == OFFERED[formula](weight, length)
    assert list(areas) == sorted(areas)


def test_expected_growth_keeps_the_infant_s_own_z() -> None:
    seen: list[tuple[Decimal, Decimal]] = []

    def remember(weight: Decimal, length: Decimal) -> Decimal:
        seen.append((weight, length))
        return weight

    expected_areas(Decimal("3.9"), Decimal("55.1"), GrowthAge(80), "male", TABLES, remember, 28)
    (first_weight, first_length), *_, (last_weight, last_length) = seen
    for index, first, last in (
        (Index.WEIGHT_FOR_AGE, first_weight, last_weight),
        (Index.LENGTH_FOR_AGE, first_length, last_length),
    ):
        assert abs(z_of(index, first, 80, "male") - z_of(index, last, 108, "male")) < Decimal("1e-20")


def test_expected_growth_ends_with_the_tables() -> None:
    areas = expected_areas(Decimal(12), Decimal(87), GrowthAge(720), "male", TABLES, mosteller, 28)
    assert len(areas) == 11
    before_due = expected_areas(Decimal("1.8"), Decimal(43), GrowthAge(-9, 60), "male", TABLES, mosteller, 28)
    assert len(before_due) == 1


@pytest.mark.parametrize(("weight_days", "length_days"), [(41, 99), (99, 41)])
@pytest.mark.parametrize(("age", "areas"), [(30, 11), (40, 1), (41, 1), (50, 1)])  # the last common row is day 40
def test_expected_growth_ends_with_the_shorter_table(weight_days: int, length_days: int, age: int, areas: int) -> None:
    standard = a_standard(weight_days=weight_days, length_days=length_days)
    ten = Decimal(10)
    assert expected_areas(ten, ten, GrowthAge(age), "male", standard, mosteller, 28) == (mosteller(ten, ten),) * areas


def test_day_on_which_the_dose_would_differ() -> None:
    areas = tuple(Decimal(each) for each in ("1", "0.97", "1.04", "1.05", "1.0999", "1.1"))
    assert first_day_beyond(areas, FIVE) == 3
    assert first_day_beyond(areas, Decimal(10)) == 5
    assert first_day_beyond(areas, THREE) == 1  # less is a difference too
    assert first_day_beyond(areas, Decimal(11)) is None
