"""What the bed is told: the exact sentences, and that every state, verdict and answer has one."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from bedside_cases import ZONES, case, later, log_until, rest_at
from hypothesis import given, settings
from hypothesis import strategies as st
from whenever import Instant

from dosing_app.core.quantities import Refused, quantity, read_quantity
from dosing_app.course import bedside, schedule
from dosing_app.course.bedside import CODES, UNKNOWN, Board, CodeAnswer, board_of
from dosing_app.course.pump import (
    DOES_NOT_FIT,
    EXPLANATIONS,
    INFUSED,
    RATE,
    READINGS,
    Explanation,
    pump_field,
    read_pump,
)
from dosing_app.course.replan import replan
from dosing_app.wording import bedside_text as text

ZONE = "Europe/Amsterdam"
# Words that no sentence at the bed may hold: of blame, of the program's inside, or of another alphabet of units.
UNWANTED = re.compile(r"impossible|invalid|wrong|error|None|\{|\}|µg|\bml\b|per day|(?<!\w)-\d")
TRAILING_ZERO = re.compile(r"\d\.\d*0(?!\d)|(?<![\d.])\.\d")


def board_at(minutes: int, bag: int = 2, **more: object) -> Board:
    """The board so many minutes after the planned start of a bag."""
    plan, _ = case(zone=str(more.get("zone", "")))
    assert plan.bags
    return board_of(rest_at(later(plan.bags[bag - 1].start, minutes), **more))  # type: ignore[arg-type]


def is_well_said(sentence: str) -> None:
    """The display rules that hold for every sentence."""
    assert sentence.strip()
    assert not UNWANTED.search(sentence), sentence
    assert not TRAILING_ZERO.search(re.sub(r"\d\d:\d\d", "", sentence)), sentence
    assert "  " not in sentence


def plain(words: str) -> str:
    return words.replace("\u00a0", " ")


# ---- the board ----


def test_the_board_in_words() -> None:
    board = board_at(30 * 60 + 20)
    assert text.bag_words(board) == "Bag 2 of 8"
    assert plain(text.rate_words(board)) == "RATE 2.5 mL/hour"
    assert plain(text.rate_change_words(board)) == "RATE WILL CHANGE from 2.5 to 3.3 mL/hour"
    assert [plain(each) for each in text.change_words(board, ZONE)] == [
        "Next change Mon 30-Nov-2026 14:00, in 65 h 40 min"
    ]
    assert {name: plain(value) for name, value in text.ledger_lines(board)} == {
        "Bag in all": "277.4 mL",
        "primed": "0 mL",
        "infused": "75.8 mL",
        "still to be infused": "164.2 mL",
        "to be discarded": "37.4 mL",
        "in the bag now": "201.6 mL",
    }


def test_before_at_and_after_a_change() -> None:
    assert [plain(each) for each in text.change_words(board_at(-90, bag=1), ZONE)] == [
        "First bag not before Mon 23-Nov-2026 14:00, in 1 h 30 min"
    ]
    plan, _ = case()
    assert plan.bags
    change = plan.bags[1].start
    log = log_until(plan, later(change, -1))
    assert text.change_words(board_of(rest_at(change, log=log)), ZONE) == ["Due now, Thu 26-Nov-2026 14:00"]
    late = board_of(rest_at(later(change, 25), log=log))
    assert [plain(each) for each in text.change_words(late, ZONE)] == ["Overdue since Thu 26-Nov-2026 14:00, by 25 min"]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 7), st.integers(0, 70 * 60))
def test_the_ledger_that_is_shown_adds_up(number: int, minutes: int) -> None:
    lines = text.ledger_lines(board_at(minutes, bag=number + 1))
    values = [Decimal(plain(value).removesuffix(" mL")) for _, value in lines]
    total, primed, infused, due, discarded, in_bag = values
    assert total == primed + infused + due + discarded
    assert in_bag == total - primed - infused
    assert min(values) >= 0


@pytest.mark.parametrize("zone", list(ZONES))
def test_both_clocks_where_the_clock_is_changed_before_the_next_change(zone: str) -> None:
    plan, _ = case(zone=zone)
    assert plan.bags
    changed = 0
    for bag in plan.bags:
        lines = text.change_words(board_at(60, bag=bag.number, zone=zone), zone)
        both = bag.start.to_tz(zone).offset != bag.end.to_tz(zone).offset
        assert len(lines) == (2 if both else 1)
        wall = bag.end.to_tz(zone)
        assert f"{wall.hour:02}:{wall.minute:02}" in lines[0]
        if both:
            changed += 1
            old = bag.end.to_fixed_offset(bag.start.to_tz(zone).offset)
            assert "by the old clock" in lines[1]
            assert f"{old.hour:02}:{old.minute:02}" in lines[1]
    assert changed == (0 if zone == "Asia/Kathmandu" else 1)


def test_every_state_has_its_words() -> None:
    board = board_at(60)
    assert len({text.board_state(replace(board, state=state)) for state in bedside.STATES}) == len(bedside.STATES)
    assert len({text.state_name(state) for state in schedule.STATES}) == len(schedule.STATES)


# ---- readings ----


def read(what: str, value: str, minutes: int) -> list[str]:
    plan, reference = case()
    assert plan.bags
    rest = rest_at(later(plan.bags[1].start, minutes))
    typed = quantity(Decimal(value), "mL/h" if what == RATE else "mL")
    return [plain(each) for each in text.reading_words(read_pump(what, typed, rest, reference), ZONE)]


def test_verdicts_in_words() -> None:
    assert read(INFUSED, "75", 1820) == ["Fits: by the log 75.8 mL, give or take 4.9 mL."]
    assert read(RATE, "2.5", 1820) == ["Fits: the bag's rate is 2.5 mL/hour."]
    found = read(INFUSED, "54.6", 1820)
    assert found[0] == "Does not fit: 54.6 mL was read. By the log 75.8 mL, give or take 4.9 mL."
    assert found[1] == (
        "It may be the rate of a 96 h bag of other product data (United States, 35 microgram vial): 1.8 mL/hour."
    )
    assert found[2] == "It may be that the pump stood still since Fri 27-Nov-2026 11:50, or as long before."
    assert found[-1] == "Read it again with a second person. If it still does not fit, call the pharmacy."
    assert read(INFUSED, "0.8", 20)[0] == (
        "Cannot tell yet: look again at Thu 26-Nov-2026 15:45, when about 4.4 mL is expected."
    )
    assert "a volume per day, typed as per hour: 60 mL/hour" in read(RATE, "60", 1820)[1]
    assert read(RATE, "7", 1820)[1] == "No mistake that is known here explains it."


def test_a_pump_that_runs_while_it_stands_by_the_log_in_words() -> None:
    plan, reference = case()
    assert plan.bags
    begin = later(plan.bags[1].start, 1200)
    rest = rest_at(later(begin, 120), [{"at": begin.format_iso(), "event": "interrupted", "reason": "technical"}])
    said = [
        [plain(each) for each in text.reading_words(read_pump(RATE, quantity(rate, "mL/h"), rest, reference), ZONE)]
        for rate in (Decimal("2.5"), Decimal(0))
    ]
    assert said[0][:2] == [
        "Does not fit: 2.5 mL/hour was read. The log says that the pump stands since Fri 27-Nov-2026 10:00.",
        "It may be that the pump ran on after Fri 27-Nov-2026 10:00, when it was recorded to stand still.",
    ]
    assert said[1] == ["Fits: the log says that the pump stands since Fri 27-Nov-2026 10:00."]


def test_a_bag_that_is_to_come_down_in_words() -> None:
    plan, reference = case()
    assert plan.bags
    rest = rest_at(later(plan.bags[0].start, 25 * 60))
    known = read_pump(RATE, plan.bags[0].rate, rest, reference)
    for why in (bedside.OTHER_DOSE, bedside.BEYOND_LIMIT, bedside.COURSE_OVER):
        said = text.reading_words(replace(known, verdict=DOES_NOT_FIT, why_down=why), ZONE)
        assert [plain(each) for each in said] == [
            f"Does not fit, whatever the pump shows. Take the bag down: {text.why_down_words(why)}.",
            "The bag's rate is 3.3 mL/hour.",
        ]
        is_well_said(said[0])
    other = read_pump(RATE, quantity(Decimal(33), "mL/h"), rest, reference)
    said = text.reading_words(replace(other, why_down=bedside.OTHER_DOSE), ZONE)
    assert "made for another dose" in said[0]
    assert "one place too far right" in said[2]


def test_every_explanation_is_a_sentence() -> None:
    plan, _ = case()
    assert plan.bags
    rate, moment = plan.bags[0].rate, plan.bags[0].start
    said = {
        text.explanation_words(Explanation(each, rate, moment, 3, "United States", 96), ZONE) for each in EXPLANATIONS
    }
    assert len(said) == len(EXPLANATIONS)
    for each in said:
        is_well_said(each.replace("a volume per day", "a volume"))
        assert each.endswith(".")


@pytest.mark.parametrize("what", READINGS)
@pytest.mark.parametrize(
    "typed", ["", "7", "x", "-3 mL", "1e3 mL", "3 lb", "3 cc", "9000 mL", "9000 mL/h", "3 kg", "1 2 mL"]
)
def test_a_reading_that_cannot_be_read_says_what_is(what: str, typed: str) -> None:
    plan, reference = case()
    assert plan.bags
    field = pump_field(what, rest_at(later(plan.bags[1].start, 60)), reference)
    with pytest.raises(Refused) as caught:
        read_quantity(typed, field)
    sentence = text.reading_refused(caught.value, field)
    assert sentence.startswith(text.reading_label(what))
    is_well_said(sentence.replace(typed, "x") if typed else sentence)
    read_quantity(text.reading_accepted(what).removeprefix("Write it as ").rstrip("."), field)


# ---- codes ----


def test_the_sentences_of_a_code() -> None:
    moment = Instant.from_utc(2026, 12, 6, 13)
    known = CodeAnswer("", "A-17", "B-2", 5, 1, 6, moment)
    say = {code: text.code_words(replace(known, code=code), ZONE) for code in CODES}
    assert say["this-bag"] == "This is bag 5 of case A-17, due now. Check wristband and pump before connecting."
    assert say["not-yet"] == "This is bag 5 of case A-17: not before Sun 06-Dec-2026 14:00."
    assert say["other-bag"] == "This is bag 5, not 6. Bag 6 of case A-17 comes next."
    assert say["past-limit"].startswith("Do not connect: past Sun 06-Dec-2026 14:00.")
    assert say["superseded"].startswith("Do not connect: superseded.")
    assert say["other-case"] == "Do not connect: another case, B-2. Open here is case A-17."
    assert len(set(say.values())) == len(CODES)
    for code, sentence in say.items():
        is_well_said(sentence)
        assert sentence.startswith("Do not connect") != (
            code in {"this-bag", "not-yet", "other-bag", "running", UNKNOWN}
        )


def test_an_unknown_code_says_what_is_accepted() -> None:
    for why in (bedside.FORM, bedside.NO_REVISION, bedside.NO_PLACE):
        is_well_said(text.code_words(CodeAnswer(UNKNOWN, "A-17", number=5, why=why), ZONE))
    assert text.code_example() in text.code_words(CodeAnswer(UNKNOWN, "A-17", why=bedside.FORM), ZONE)
    sentence = text.code_words(CodeAnswer("other-case", "A-17", other="\u202e\x1b[31m{x}"), ZONE)
    assert "\x1b" not in sentence
    assert "\u202e" not in sentence


# ---- checks ----


@pytest.mark.parametrize("last", [False, True])
def test_the_checks_of_a_change(last: bool) -> None:
    lines = text.change_checks(last=last)
    assert len(set(lines)) == len(lines) <= 11
    for each in (*lines, text.checks_source()):
        is_well_said(each)
    whole = " ".join(lines).lower()
    wanted = ["identified twice", "do not flush"]
    wanted += (
        ["disconnect", "discarded", "draw back"]
        if last
        else ["own lumen", "filter", "primed with the drug", "air removed", "read back", "locked", "refrigerator"]
    )
    for each in wanted:
        assert each in whole, each


# ---- where nothing is to be said ----


def test_where_no_bag_hangs_nothing_is_said_of_it() -> None:
    """An hour after the last change of the course: nothing hangs, and nothing follows."""
    plan, _ = case()
    assert plan.bags
    board = board_of(rest_at(later(plan.bags[-1].end, 60)))
    assert board.state == bedside.FINISHED
    assert (text.bag_words(board), text.rate_words(board), text.rate_change_words(board)) == ("", "", "")
    assert text.change_words(board, ZONE) == text.ledger_lines(board) == []


def test_a_rate_that_stays_is_said_to_stay() -> None:
    plan, reference = case("96h")
    assert plan.bags
    at = later(plan.bags[0].start, 60)
    board = board_of(replan([plan], log_until(plan, at), at, reference, {}))
    assert plain(text.rate_change_words(board)) == "The rate stays 2.5 mL/hour"


def test_what_cannot_be_told_from_a_volume_is_looked_up_as_a_rate() -> None:
    """At the end of a bag no later moment of it tells two readings apart."""
    plan, reference = case()
    assert plan.bags
    early = read_pump(INFUSED, quantity(Decimal("0.8"), "mL"), rest_at(later(plan.bags[1].start, 20)), reference)
    assert early.look_again is not None
    said = text.reading_words(replace(early, look_again=None), ZONE)
    assert plain(said[0]).startswith("Cannot tell from this. Read the rate on the pump's screen. By the log 0.8 mL, ")
