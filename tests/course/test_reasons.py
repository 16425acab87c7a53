"""Reasons in the log: a note answers what was so when it was written, and nothing that came after."""

from typing import Any

import pytest
from course_cases import BASE, house
from hypothesis import given
from hypothesis import strategies as st
from whenever import Instant

from dosing_app.core.findings import CATALOGUE
from dosing_app.course.calculate import calculate
from dosing_app.course.log import read_log
from dosing_app.course.order import read_order
from dosing_app.course.reasons import read_note, reason_note, with_reasons
from dosing_app.course.replan import Rest, rest_of

START = Instant.from_utc(2026, 11, 23, 13)
Entry = dict[str, Any]


def entry(hours: float, event: str, **more: Any) -> Entry:
    return {"at": START.add(minutes=round(hours * 60)).format_iso(), "event": event, **more}


STOPPED = [
    entry(-2, "prepared", session=1),
    entry(0, "hung", bag=1),
    entry(10, "interrupted", reason="technical"),
    entry(15, "resumed", line_closed=True),
]


def answered(log: list[Entry], hours: float) -> Rest:
    site = 'start_within_h = "product"\nstart_within_basis = "validated"\n'
    reading = read_order({**BASE, "pattern": "72h,96h"}, house(site))
    assert reading.order is not None
    assert reading.reference is not None
    plan = calculate(reading.order, (), reading.reference)
    read = read_log(log)
    return with_reasons(rest_of((plan,), read, START.add(minutes=round(hours * 60)), reading.reference, {}), read)


def reasons(rest: Rest) -> list[tuple[str, str]]:
    return [(each.code, each.reason) for each in rest.findings if each.tier == "justify"]


@given(st.sampled_from(sorted(CATALOGUE)), st.text().map(str.strip))
def test_a_note_that_names_its_finding_is_read_back(code: str, text: str) -> None:
    assert read_note(reason_note(code, text)) == (code, text)


@pytest.mark.parametrize("text", ["seen", "reason", "a reason gap-7d: x", "Reason gap-7d: x", "reason Gap: x"])
def test_any_other_note_is_a_note(text: str) -> None:
    assert read_note(text) == ("", text)


def test_a_reason_answers_its_finding_and_no_other_stop_after_it() -> None:
    given_reason = entry(16, "note", text=reason_note("interrupted-4h", "the pump was changed"))
    assert reasons(answered(STOPPED, 20)) == [("interrupted-4h", "")]
    assert reasons(answered([*STOPPED, given_reason], 20)) == [("interrupted-4h", "the pump was changed")]
    again = [entry(30, "interrupted", reason="technical"), entry(35, "resumed", line_closed=True)]
    found = reasons(answered([*STOPPED, given_reason, *again], 40))
    assert found == [("interrupted-4h", ""), ("interrupted-4h", "")]


def test_a_reason_for_a_bag_of_another_dose_answers_no_bag_that_was_hung_after_it() -> None:
    five = {"what": "restart", "dose_rate": "5", "prescriber": "P. Prescriber"}
    log = [*STOPPED[:2], entry(10, "interrupted", reason="adverse-event"), entry(10, "stopped", bag=1)]
    log += [entry(11, "decision", **five), entry(12, "hung", bag=2)]
    told = entry(13, "note", text=reason_note("other-dose", "there was no other bag"))
    early = entry(11, "note", text=reason_note("other-dose", "too early"))
    assert ("other-dose", "there was no other bag") in reasons(answered([*log, told], 14))
    assert ("other-dose", "") in reasons(answered([*log[:-1], early, log[-1]], 14))
    next_one = [entry(14, "stopped", bag=2), entry(14, "prepared", bag=3), entry(15, "hung", bag=3)]
    assert ("other-dose", "") in reasons(answered([*log, told, *next_one], 16))


def test_a_reason_for_what_has_no_moment_of_its_own_stands_whenever_it_was_written() -> None:
    """Whether a prescriber must decide is no event: it follows from the stop."""
    stop = entry(10, "interrupted", reason="adverse-event")
    note = entry(5, "note", text=reason_note("restart-dose", "decided by telephone"))
    assert ("restart-dose", "decided by telephone") in reasons(answered([*STOPPED[:2], note, stop], 12))


def test_a_reason_from_before_the_stop_answers_nothing() -> None:
    early = entry(5, "note", text=reason_note("interrupted-4h", "too early"))
    assert reasons(answered([*STOPPED[:2], early, *STOPPED[2:]], 20)) == [("interrupted-4h", "")]
