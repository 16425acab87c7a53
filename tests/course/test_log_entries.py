"""One entry of a log, judged by itself: what it must name, when it can have happened, what puts it right."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whenever import Instant

from dosing_app.core.quantities import magnitude
from dosing_app.course.log import ImpossibleLog, read_log

AT = "2026-11-23T13:00:00Z"
LATER = "2026-11-23T15:00:00Z"
AFTER_THAT = "2026-11-23T17:00:00Z"
RATE = {"event": "rate-found", "from": AT, "to": LATER, "rate_ml_per_h": "2.5"}
RESTART = {"event": "decision", "what": "restart", "dose_rate": "5", "then": {"after_days": 7, "dose_rate": "15"}}


def entry(event: str = "note", at: str = AT, **more: Any) -> dict[str, Any]:
    return {"at": at, "event": event, "by": "N. Nurse", **({"text": "seen"} if event == "note" else {}), **more}


def refused(*entries: Any, until: str | None = None) -> tuple[int, str, str]:
    """Place, reason and what of it."""
    with pytest.raises(ImpossibleLog) as caught:
        read_log(entries, None if until is None else Instant.parse_iso(until))
    assert f"entry {caught.value.index}: {caught.value.reason}" in str(caught.value)
    return caught.value.index, caught.value.reason, caught.value.values.get("why", "")


def texts(log: list[Any]) -> list[str]:
    return [each.event.text for each in log]


# ---- when ----


def test_ten_thousand_entries_are_read_and_one_more_is_not() -> None:
    many = [entry() for _ in range(10_000)]
    assert len(read_log(many)) == 10_000
    assert refused(*many, entry()) == (10_000, "not-read", "more than 10000 entries")


@pytest.mark.parametrize("thing", [None, 1, "hung", [], (("at", AT),)])
def test_an_entry_is_a_table(thing: Any) -> None:
    assert refused(entry(), thing) == (1, "not-read", "an entry is a table")


@pytest.mark.parametrize("at", [None, "", "yesterday", "2026-11-23T13:00:00", "2026-02-30T13:00:00Z", 1700000000])
def test_a_moment_that_is_none(at: Any) -> None:
    assert refused(entry(at=at)) == (0, "not-read", "at")


def test_years_and_minutes() -> None:
    for year in (1999, 2200):
        assert refused(entry(at=f"{year}-06-15T12:00:00Z")) == (0, "not-read", "at: the year")
    for year in (2000, 2199):
        assert len(read_log([entry(at=f"{year}-06-15T12:00:00Z")])) == 1
    assert refused(entry(at="2026-11-23T13:00:01Z")) == (0, "not-read", "at: whole minutes")


def test_in_the_order_in_which_it_was_written_and_nothing_to_come() -> None:
    assert refused(entry(at=LATER), entry(at=AT))[:2] == (1, "order")
    assert texts(read_log([entry(text="a"), entry(text="b")])) == ["a", "b"]
    assert len(read_log([entry()], Instant.parse_iso(AT))) == 1
    assert refused(entry(), entry(at=LATER), until=AT)[:2] == (1, "future")


# ---- what ----


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"event": "danced"}, "event"),
        ({"event": "hung"}, "bag"),
        ({"event": "hung", "bag": 1, "colour": "red"}, "colour"),
        ({"event": "issued", "revision": 0}, "revision"),
        ({"event": "prepared"}, "session or bag"),
        ({"event": "prepared", "session": 1, "bag": 1}, "session or bag"),
        ({**RATE, "to": AT}, "from and to"),  # no time at all
        ({**RATE, "from": LATER, "to": AT}, "from and to"),
        ({**RATE, "to": AFTER_THAT}, "from and to"),  # it ends after it was found
        ({**RATE, "rate_ml_per_h": "-0.1"}, "rate_ml_per_h"),
        ({**RESTART, "what": "run-on"}, "then"),
        ({**RESTART, "then": {"after_days": 0, "dose_rate": "15"}}, "after_days"),
        ({**RESTART, "then": {"after_days": 61, "dose_rate": "15"}}, "after_days"),
    ],
)
def test_what_an_entry_must_be(wrong: dict[str, Any], why: str) -> None:
    assert refused(entry(at=AT), {"at": LATER, "by": "N. Nurse", **wrong}) == (1, "not-read", why)


@pytest.mark.parametrize(
    "right",
    [
        {"event": "issued", "revision": 1},
        {"event": "prepared", "session": 1},
        {"event": "prepared", "bag": 1},
        RATE,
        {**RATE, "rate_ml_per_h": "0"},  # the pump stood still
        {**RESTART, "then": {"after_days": 1, "dose_rate": "15"}},
        {**RESTART, "then": {"after_days": 60, "dose_rate": "15"}},
        {**RESTART, "then": None},
    ],
)
def test_what_an_entry_may_be(right: dict[str, Any]) -> None:
    assert len(read_log([{"at": LATER, "by": "N. Nurse", **right}])) == 1


@given(st.decimals(0, 20, places=2))
def test_a_quantity_is_the_same_as_text_and_as_number(rate: Decimal) -> None:
    found = [read_log([{"at": LATER, **RATE, "rate_ml_per_h": given}])[0].event for given in (str(rate), rate)]
    assert [magnitude(each.rate, "mL/h") for each in found] == [rate, rate]  # type: ignore[union-attr]


def test_whole_numbers_count_and_truths_do_not() -> None:
    restart = {"at": LATER, **RESTART, "dose_rate": 5, "then": {"after_days": 7, "dose_rate": 15}}
    event = read_log([restart])[0].event
    assert magnitude(event.then.dose_rate, "microgram/m^2/day") == 15  # type: ignore[union-attr]
    assert magnitude(event.dose_rate, "microgram/m^2/day") == 5  # type: ignore[union-attr]
    assert refused({"at": LATER, **RATE, "rate_ml_per_h": True}) == (0, "not-read", "rate_ml_per_h")


def test_a_binary_fraction_is_no_quantity_and_nothing_stays_nothing() -> None:
    """2.3 as a binary fraction is not 2.3."""
    assert refused({"at": LATER, **RATE, "rate_ml_per_h": 2.3}) == (0, "not-read", "rate_ml_per_h")
    waived = {"at": LATER, "event": "decision", "what": "waive", "hours": None, "prescriber": "A. First"}
    assert read_log([waived])[0].event.hours is None  # type: ignore[union-attr]


def test_later_changes_keep_their_clock_times_unless_it_is_said() -> None:
    assert read_log([entry("resumed", line_closed=True)])[0].event.sliding is False  # type: ignore[union-attr]


# ---- put right ----


def correction(index: Any, at: str = LATER, **more: Any) -> dict[str, Any]:
    return {"at": at, "by": "N. Nurse", "event": "corrects", "index": index, **more}


def test_a_correction_stands_in_the_place_of_what_it_puts_right() -> None:
    log = read_log([entry(text="a"), entry(text="b"), correction(0, replacement={"event": "note", "text": "A"})])
    assert texts(log) == ["A", "b"]
    assert [(each.index, each.corrected) for each in log] == [(0, True), (1, False)]
    assert log[0].event.at == Instant.parse_iso(AT)  # its own time, since the correction names none


def test_a_correction_may_move_an_entry_but_not_beyond_itself() -> None:
    moved = correction(0, AFTER_THAT, replacement={"event": "note", "text": "A", "at": AFTER_THAT})
    assert texts(read_log([entry(text="a"), entry(at=LATER, text="b"), moved])) == ["b", "A"]
    beyond = correction(0, LATER, replacement={"event": "note", "text": "A", "at": AFTER_THAT})
    assert refused(entry(), beyond)[:2] == (1, "future")


def test_what_never_happened_is_gone_and_cannot_be_put_right_again() -> None:
    gone = correction(0, replacement=None)
    assert read_log([entry(), gone]) == []
    assert refused(entry(), gone, gone)[:2] == (2, "corrects")


@pytest.mark.parametrize(
    "wrong",
    [
        correction(1, replacement=None),  # itself
        correction(-1, replacement=None),
        correction("0", replacement=None),
        correction(None, replacement=None),
        correction(False, replacement=None),  # it equals 0, and is none
        correction(0),  # without saying what stands in its place
        correction(0, replacement=None, colour="red"),
        correction(0, replacement="hung"),
        correction(0, replacement={"event": "corrects", "index": 0, "replacement": None}),
    ],
)
def test_a_correction_that_is_none(wrong: dict[str, Any]) -> None:
    assert refused(entry(), wrong)[:2] == (1, "corrects")
