"""Borders of the reader and of printed numbers: limits met exactly, three decimals, tiny figures, foreign signs."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dosing_app.core.quantities import (
    BLANKS,
    LONGEST_TEXT,
    MOST_DIGITS,
    NO_BREAK_SPACE,
    THOUSANDS_MARK,
    Field,
    OutsideLimits,
    Refused,
    exact_arithmetic,
    in_unit,
    magnitude,
    print_beyond,
    print_number,
    print_quantity,
    printable,
    quantity,
    read_quantity,
    registry,
    unit_words,
)

KILOGRAMS = Field("weight", "kg", Decimal(1), Decimal(20))
SLIPS = (("mark-right", Decimal("0.1")), ("by-a-thousand", Decimal(1000)))


def refused(text: str, accepts: Field = KILOGRAMS) -> Refused:
    with pytest.raises(Refused) as caught:
        read_quantity(text, accepts)
    return caught.value


# ---- the reader ----


def test_the_longest_text_is_looked_at_and_shown_whole() -> None:
    text = "6.42 kg" + "x" * (LONGEST_TEXT - 7)
    assert refused(text).reason == "unknown-unit"
    assert refused(text).seen == text
    assert refused(text + "x").reason == "too-long"
    assert refused(text + "x").seen == text[:40] + "…"


def test_a_refusal_says_what_it_is_of() -> None:
    found = Refused("reason", "seen", several=["a", "b"], one=1)
    assert found.texts == {"several": "a, b", "one": "1"}
    for told in ("reason", "seen", "several", "'a'"):  # where it ends as the last line of a traceback
        assert told in str(found)


def test_a_longer_text_than_any_quantity_is_refused_unread() -> None:
    blanks = " " * 75
    assert magnitude(read_quantity(f"6{blanks}kg", KILOGRAMS), "kg") == 6  # 78 signs
    assert magnitude(read_quantity(f"6.4{blanks}kg", KILOGRAMS), "kg") == Decimal("6.4")  # 80 signs
    found = refused(f"6.42{blanks}kg")
    assert (found.reason, found.texts) == ("too-long", {"longest": "80"})


def test_most_digits() -> None:
    assert magnitude(read_quantity("6." + "1" * (MOST_DIGITS - 1) + " kg", KILOGRAMS), "kg") > 6
    assert refused("6." + "1" * MOST_DIGITS + " kg").reason == "too-many-digits"


def test_three_decimals_are_asked_about_only_where_both_readings_could_be_meant() -> None:
    both = Field("weight", "g", Decimal("6.42"), Decimal(6420))
    assert refused("6.420 g", both).reason == "ambiguous"  # 6.42 and 6420 are both the very limits
    assert magnitude(read_quantity("6.42 g", both), "g") == Decimal("6.42")
    assert magnitude(read_quantity("6.419 kg", KILOGRAMS), "kg") == Decimal("6.419")
    only_small = Field("weight", "g", Decimal("6.42"), Decimal("6419.9"))
    assert magnitude(read_quantity("6.420 g", only_small), "g") == Decimal("6.42")
    only_large = Field("weight", "g", Decimal("6.43"), Decimal(6420))
    assert refused("6.420 g", only_large).reason == "outside"


def outside(text: str, slips: tuple[tuple[str, Decimal], ...] = SLIPS) -> list[tuple[str, str]]:
    found = refused(text, Field("weight", "g", Decimal(1000), Decimal(20_000), slips))
    assert isinstance(found, OutsideLimits)
    return [(slip, value) for slip, value in found.values["slips"]]


def test_a_mark_of_thousands_is_named_before_all_and_once() -> None:
    """6,420 g may be 6420 g; another slip that is a thousand too is not named beside it."""
    assert outside("6,420 g") == [(THOUSANDS_MARK, "6420")]
    assert outside("6.42 g") == [("by-a-thousand", "6420")]
    assert outside("123,456 g") == []
    several = (*SLIPS, ("by-five-hundred", Decimal(500)))
    assert outside("6,420 g", several) == [(THOUSANDS_MARK, "6420"), ("by-five-hundred", "3210")]


def test_only_slips_that_lie_within_the_limits_are_named() -> None:
    assert outside("64200 g") == [("mark-right", "6420")]
    assert outside("999999 g") == []


@pytest.mark.parametrize("mark", ["'", "\u2019", "\u066b", "\u00b7"])
def test_another_mark_between_digits_is_named_as_one(mark: str) -> None:
    assert refused(f"6{mark}42 kg").reason == "mark"
    assert refused(f"6{mark}4 kg").reason == "mark"
    assert refused(f"6{mark}kg").reason == "unknown-unit"  # no digit after it: no mark of a number


def test_a_foreign_letter_is_named_by_its_number() -> None:
    """A Cyrillic ka looks like a Latin one."""
    assert refused("6.42 \u043ag").values["unit"] == "\u043ag (U+043A)"
    assert refused("6.42 \u043a\u0433").values["unit"] == "\u043a\u0433 (U+043A, U+0433)"
    assert refused("6.42 xg").values["unit"] == "xg"
    assert refused("6.42 \u00b5x\u00b2").values["unit"] == "\u00b5x\u00b2"  # signs of our own units


@given(st.text(max_size=30))
def test_what_is_shown_does_nothing_on_a_terminal(text: str) -> None:
    shown = printable(text)
    assert all(sign.isprintable() or sign in BLANKS for sign in shown)
    if text.isprintable():
        assert shown == text


def test_blanks_stay_and_control_signs_are_written_out() -> None:
    assert printable(f"a{BLANKS}b") == f"a{BLANKS}b"
    assert printable("a\x1b[31m\x00") == "a\\x1b[31m\\x00"
    assert printable("\u202e") == "\\u202e"


# ---- the same in a unit ----


def test_a_quantity_in_its_own_unit_is_itself() -> None:
    weight = quantity(Decimal("6.42"), "kg")
    assert in_unit(weight, "kg") is weight
    grams = in_unit(weight, "g")
    assert (grams.magnitude, magnitude(grams, "kg")) == (6420, Decimal("6.42"))
    with pytest.raises(TypeError):
        in_unit(quantity(Decimal(1), "kg").to("g").magnitude, "kg")


def test_a_quantity_that_pint_made_keeps_every_digit() -> None:
    """Its unit is equal to ours and not the same object; nothing is converted, so nothing is rounded."""
    longer = registry.Quantity(Decimal("1.000000000000000000000000000001"), "mL")
    assert magnitude(longer, "mL") == Decimal("1.000000000000000000000000000001")
    assert in_unit(longer, "mL") is longer


# ---- printed ----


def test_arithmetic_has_28_digits() -> None:
    """A plan's check code is made of its exact figures: other digits would be another code for every plan issued."""
    with exact_arithmetic():
        assert str(Decimal(2) / 3) == "0." + 27 * "6" + "7"


@pytest.mark.parametrize(
    ("number", "places", "expected"),
    [
        ("0", 2, "0"),
        ("0.00", 2, "0"),
        ("0.004", 2, "0.004"),  # a zero would say that there is none
        ("-0.0049", 2, "-0.005"),
        ("0.00051", 2, "0.0005"),
        ("0.5", 0, "1"),
        ("0.4", 0, "0.4"),
        ("1.25", 1, "1.3"),
        ("-1.25", 1, "-1.3"),
    ],
)
def test_a_figure_that_would_round_to_nothing_keeps_its_first_digit(number: str, places: int, expected: str) -> None:
    assert print_number(Decimal(number), places) == expected


def test_thousands_are_grouped_unless_it_is_said() -> None:
    for number in ("1234567", "-1234567.25", "999", "1000"):
        grouped, bare = print_number(Decimal(number)), print_number(Decimal(number), grouped=False)
        assert bare == number
        assert grouped.replace(NO_BREAK_SPACE, "") == number
        assert (NO_BREAK_SPACE in grouped) is (abs(Decimal(number)) >= 1000)
    assert print_quantity(quantity(Decimal(1234), "mL"), "mL") == f"1{NO_BREAK_SPACE}234{NO_BREAK_SPACE}mL"
    assert print_quantity(quantity(Decimal(1234), "mL"), "mL", grouped=False) == f"1234{NO_BREAK_SPACE}mL"


@pytest.mark.parametrize(
    ("number", "limit", "places", "expected"),
    [
        ("3.2", "3", 1, "3.2"),
        ("3.04", "3", 1, "3.04"),
        ("3.0004", "3", 1, "3.0004"),
        ("3.0412", "3", 1, "3.04"),  # and no decimal more than that
        ("3.000000000000001", "3", 1, "3.000000000000001"),
        ("3.0000000000000001", "3", 1, "3"),  # 15 decimals are the most
        ("-3.004", "-3", 1, "-3.004"),
        ("-3.004", "3", 1, "-3.004"),
        ("2.996", "3", 2, "2.996"),
        ("1234.5", "1235", 0, "1\u00a0234.5"),
    ],
)
def test_beyond_a_limit_is_seen_to_be(number: str, limit: str, places: int, expected: str) -> None:
    assert print_beyond(Decimal(number), Decimal(limit), places) == expected


@given(st.decimals(-50, 50, places=5), st.integers(-40, 40), st.integers(0, 2))
def test_a_printed_figure_never_lies_on_the_limit_it_passed(number: Decimal, limit: int, places: int) -> None:
    assume(abs(number) != abs(limit))
    shown = Decimal(print_beyond(number, Decimal(limit), places))
    assert abs(shown) != abs(limit)
    assert abs(shown - number) <= abs(print_error(places, number))


def print_error(places: int, number: Decimal) -> Decimal:
    """Half of the last decimal asked for; or of the first digit of a figure that is smaller still."""
    return max(Decimal(1).scaleb(-places), Decimal(1).scaleb(number.adjusted())) / 2 if number else Decimal(0)


def test_a_limit_that_is_met_ends_the_search_for_decimals() -> None:
    """What lies on the limit is never beyond it, however many decimals are tried."""
    assert print_beyond(Decimal(3), Decimal(3), 1) == "3"


@pytest.mark.parametrize(
    ("unit", "one", "expected"),
    [
        ("mL/h", False, "mL/hour"),
        ("microgram/h", False, "micrograms per hour"),
        ("mL/day", False, "mL per day"),
        ("mL/kg/day", False, "mL per kg per day"),
        ("microgram", False, "micrograms"),
        ("microgram", True, "microgram"),
        ("day", True, "day"),
        ("h", True, "h"),
    ],
)
def test_units_in_words(unit: str, one: bool, expected: str) -> None:
    assert unit_words(unit, one=one) == expected
    if not one:
        assert unit_words(unit) == expected
