"""The rules by which a slip is offered, with z-scores written down instead of measured: each border by itself."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from whenever import Date

from dosing_app.core.growth import GrowthAge, Index, Score, Sex
from dosing_app.core.slips import Scored, Typed, date_slips, measurement_slips, suspected_slips

BORN, MEANT = Date(2026, 8, 3), Date(2026, 3, 8)  # day and month swapped
ORDINARY, NEARLY = Decimal(3), Decimal(4)
AGE = GrowthAge(92)
Z = tuple[str | None, str | None, str | None]  # weight and length for age, weight for length


def three(z: Z, sex: Sex = "female", age: GrowthAge = AGE) -> tuple[Score, ...]:
    return tuple(
        Score(index, sex, age, None if each is None else Decimal(each)) for index, each in zip(Index, z, strict=True)
    )


def asked_about_the_date(as_typed: Sequence[Score], otherwise: Sequence[Score] | None = None) -> bool:
    """Whether the day of birth is asked about, where another day would be ordinary."""
    other = three(("0", "0", "0")) if otherwise is None else otherwise

    def score(weight: Decimal, length: Decimal, born: Date) -> Sequence[Score]:
        assert (weight, length) == (Decimal(8), Decimal(69))
        return as_typed if born == BORN else other

    found = date_slips(Typed(Decimal(8), Decimal(69), BORN), score, ORDINARY)
    assert {slip.born for slip in found} <= {MEANT, BORN.replace(year=2025), BORN.replace(year=2027)}
    return bool(found)


@pytest.mark.parametrize(
    ("z", "asked"),
    [
        (("3.01", "3.01", "0"), True),
        (("-3.01", "-3.01", "0"), True),
        (("3", "3.01", "0"), False),  # the border itself is ordinary
        (("3.01", "3", "0"), False),
        (("-3", "-3.01", "0"), False),
        (("3.01", "-3.01", "0"), False),  # on either side
        (("3.01", "3.01", "3"), True),
        (("3.01", "3.01", "-3"), True),
        (("3.01", "3.01", "3.01"), False),  # weight and length do not bear each other out
        (("3.01", "3.01", "-3.01"), False),
        (("3.01", "3.01", None), False),
        (("3.01", None, "0"), True),
        (("0", None, "0"), False),
        ((None, None, "0"), True),  # born after the day of measuring
        ((None, None, None), False),
    ],
)
def test_the_date_is_asked_about_where_both_are_beyond_on_one_side(z: Z, asked: bool) -> None:
    assert asked_about_the_date(three(z)) is asked


@pytest.mark.parametrize(
    ("age", "asked"),
    [
        (GrowthAge(-1, 30), False),  # before the due date no measurement has an age in the tables
        (GrowthAge(-30, 30), False),  # the day of birth itself
        (GrowthAge(-31, 30), True),  # measured before birth
        (GrowthAge(-1), True),
        (GrowthAge(0, 30), True),
        (GrowthAge(731), True),
    ],
)
def test_before_the_due_date_a_missing_age_is_no_slip(age: GrowthAge, asked: bool) -> None:
    assert asked_about_the_date(three((None, None, "0"), age=age)) is asked


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("points", ["male", "female"])
def test_where_the_sex_is_not_known_either_may_point_to_it(points: Sex, order: int) -> None:
    """And the scores of the other sex are not mixed in, in whatever order they come."""
    yes, no = ("3.5", "3.5", "0"), ("0", "0", None)
    both = [three(yes if sex == points else no, sex) for sex in ("male", "female")][::order]
    assert asked_about_the_date([*both[0], *both[1]])
    assert not asked_about_the_date([*three(no, "male"), *three(no, "female")])


@pytest.mark.parametrize("z", [("3.01", "0", "0"), ("0", "0", None), (None, None, "0")])
def test_another_date_is_offered_only_where_all_is_ordinary_and_in_the_tables(z: Z) -> None:
    typed = three(("3.5", "3.5", "0"))
    assert asked_about_the_date(typed)
    assert not asked_about_the_date(typed, three(z))
    assert not asked_about_the_date(typed, three((None, None, "0"), age=GrowthAge(-1, 30)))


def accepting(values: set[tuple[str, str]], z: str = "0") -> Scored:
    """Ordinary for these weights and lengths alone."""
    wanted = {(Decimal(weight), Decimal(length)) for weight, length in values}
    return lambda weight, length, _born: three((z, z, z)) if (weight, length) in wanted else ()


def names(weight: str, length: str, score: Scored) -> list[tuple[str, str, str]]:
    typed = Typed(Decimal(weight), Decimal(length), BORN, f"{weight} kg", f"{length} cm")
    found = measurement_slips(typed, score, ORDINARY)
    return [(slip.name, f"{slip.weight.normalize():f}", f"{slip.length.normalize():f}") for slip in found]


def test_pounds_and_inches_are_those_of_1959_to_the_last_digit() -> None:
    """1 lb = 0.45359237 kg, 1 in = 2.54 cm, both exact (Federal Register 24:5348)."""
    score = accepting({("4.5359237", "70"), ("10", "177.8"), ("4.5359237", "177.8")})
    assert names("10", "70", score) == [
        ("pounds-as-kg", "4.5359237", "70"),
        ("inches-as-cm", "10", "177.8"),
        ("pounds-and-inches", "4.5359237", "177.8"),
    ]


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("mark-right", "0.1"),
        ("mark-left", "10"),
        ("mark-two-right", "0.01"),
        ("mark-two-left", "100"),
        ("grams-as-kg", "0.001"),
        ("kg-as-grams", "1000"),
    ],
)
def test_marks_and_thousands_are_powers_of_ten(name: str, factor: str) -> None:
    meant = Decimal("5.8") * Decimal(factor)
    assert [each[0] for each in names("5.8", "59.8", accepting({(str(meant), "59.8")}))] == [name]


def test_what_was_typed_is_not_offered_nor_a_value_twice_and_the_others_still_are() -> None:
    """55 with its digits exchanged is 55, and so are 55 kg and 55 cm swapped."""
    assert names("55", "55", lambda *_: three(("0", "0", "0")))
    found = names("55", "55", lambda *_: three(("0", "0", "0")))
    assert ("55", "55") not in {each[1:] for each in found}
    assert len({each[1:] for each in found}) == len(found)
    assert {"mark-right", "pounds-and-inches", "inches-as-cm"} <= {each[0] for each in found}


@pytest.mark.parametrize(("squares", "first"), [("1.7", "transposed"), ("1.8", "pounds-as-kg")])
def test_transposed_digits_count_as_nine_on_the_scale_of_z_squared(squares: str, first: str) -> None:
    """Three indices at 1.7 are 8.67, at 1.8 are 9.72: a unit is named first only below 9."""
    transposed, pounds = (Decimal(21), Decimal(60)), (Decimal(12) * Decimal("0.45359237"), Decimal(60))

    def score(weight: Decimal, length: Decimal, _born: Date) -> Sequence[Score]:
        z = {transposed: "0", pounds: squares}.get((weight, length))
        return () if z is None else three((z, z, z))

    found = names("12", "60", score)
    assert {each[0] for each in found} == {"transposed", "pounds-as-kg"}
    assert (found[0][0] == "pounds-as-kg") is (first == "transposed")


@pytest.mark.parametrize(("z", "offered"), [("3", ["transposed"]), ("3.5", []), ("4.01", [])])
def test_transposed_digits_are_never_offered_for_what_is_only_nearly_ordinary(z: str, offered: list[str]) -> None:
    typed = Typed(Decimal(12), Decimal(60), BORN, "12 kg", "60 cm")
    found = suspected_slips(typed, accepting({("21", "60")}, z), ORDINARY, NEARLY)
    assert [slip.name for slip in found] == offered


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("10.5 kg", {"1.5", "15.0"}),  # 01.5, and across the mark
        ("05.8 kg", {"8.5"}),  # a leading zero stays; 08.5
        ("5.08 kg", {"0.58", "5.80"}),  # a zero that does not lead is a digit like any other
        ("50 kg", {"5"}),
        ("0.5 kg", set()),  # 5.0 would move the leading zero
    ],
)
def test_a_zero_that_leads_stays_and_any_other_is_a_digit(text: str, others: set[str]) -> None:
    value = Decimal(text.removesuffix(" kg"))
    swapped = {Decimal(each) for each in others}
    typed = Typed(value, Decimal(60), BORN, text, "60 cm")
    found = measurement_slips(typed, lambda *_: three(("0", "0", "0")), ORDINARY)
    weights = {slip.weight for slip in found if slip.name == "transposed" and slip.fields == ("weight",)}
    factors = {value * Decimal(factor) for factor in ("0.1", "10", "0.01", "100", "0.001", "1000", "0.45359237")}
    assert weights == swapped - factors  # what a mark explains bears the name of the mark
