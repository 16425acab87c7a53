"""What a nurse reads before she records: the subtraction holds, and every way has its figures."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whenever import Instant

from dosing_app.course.ways import NewWeight, Resume, Way
from dosing_app.wording.log_text import event_words, names_of, span
from dosing_app.wording.rest_text import new_weight_words, resume_words, way_words

AT = Instant.from_utc(2026, 11, 24, 13)
ZONE = "Europe/Amsterdam"
RESUME = Resume(
    bag=1,
    since=AT.subtract(hours=6),
    stopped_minutes=360,
    delivered=Decimal("237.6"),
    infused=Decimal(66),
    left=Decimal("171.6"),
    take_down=AT.add(hours=46),
    to_be_infused=Decimal("151.8"),
    sliding_take_down=AT.add(hours=52),
    sliding_to_be_infused=Decimal("171.6"),
    down_by=AT.add(hours=70),
    allowed=True,
    whole_allowed=True,
)


RUN_ON = (
    "Run the last bag on: 1 h 30 min, until Tue 24-Nov-2026 15:30. That is not all of it. "
    "It is decided while the last bag hangs."
)


def plain(lines: list[str]) -> str:
    return "\n".join(lines).replace("\u00a0", " ")


def test_what_is_left_is_a_subtraction() -> None:
    said = plain(resume_words(RESUME, ZONE, sliding=False))
    assert said.startswith("237.6 mL to be infused − 66 mL infused = 171.6 mL left, never the whole bag again.")
    assert "Set the pump to 151.8 mL until the take-down, Thu 26-Nov-2026 12:00." in said
    assert "Set the pump to 171.6 mL" in plain(resume_words(RESUME, ZONE, sliding=True))


def test_a_bag_past_its_limit_is_not_set_going() -> None:
    said = plain(resume_words(replace(RESUME, allowed=False, down_by=AT.subtract(hours=1)), ZONE, sliding=False))
    assert "It may not run any more: its limit was Tue 24-Nov-2026 13:00. Take it down." in said
    assert "Set the pump" not in said


@pytest.mark.parametrize(
    ("way", "said"),
    [
        (Way("waive", 180, None, None, whole=True, now=True), "Waive: 3 h, decided by a prescriber."),
        (
            Way("run-on", 90, AT, AT.add(minutes=90), whole=False, now=False),
            RUN_ON,
        ),
        (
            Way("run-on", 0, None, None, whole=False, now=False, why_not="volume"),
            "Running on is not possible: it does not hold more.",
        ),
        (
            Way("new-bag", 60, AT, AT.add(hours=1), whole=True, now=True),
            "A new bag: 1 h, from Tue 24-Nov-2026 14:00 to Tue 24-Nov-2026 15:00.",
        ),
        (
            Way("new-bag", 0, None, None, whole=False, now=False, why_not="no-session"),
            "A new bag is not possible: the unit does not open any more.",
        ),
    ],
)
def test_every_way_has_its_figures_or_says_why_not(way: Way, said: str) -> None:
    assert plain([way_words(way, ZONE)]) == said


@pytest.mark.parametrize("tell", [True, False])
def test_a_new_weight_changes_nothing(tell: bool) -> None:
    new = NewWeight(
        at=AT,
        weight=Decimal("7.9"),
        length=Decimal(65),
        length_measured=True,
        area=Decimal("0.378"),
        would_give=Decimal("5.6649"),
        ordered=Decimal("5.0477"),
        percent=Decimal("12.2"),
        z_moved=None,
        tell=tell,
    )
    said = plain([new_weight_words(new, "micrograms", ZONE)])
    assert "would give 5.66 micrograms per day; the ordered dose is unchanged, 5.05 micrograms per day." in said
    assert ("Tell the prescriber." in said) is tell


@given(st.integers(0, 60 * 24 * 40))
def test_a_span_can_be_read_back(minutes: int) -> None:
    parts = span(minutes).replace("\u00a0", " ").split(" ")
    units = {"h": 60, "min": 1}
    assert sum(int(number) * units[unit] for number, unit in zip(parts[::2], parts[1::2], strict=True)) == minutes


def test_two_names_are_two_people() -> None:
    assert names_of("N. One; N. Two") == ["N. One", "N. Two"]
    assert names_of("N. One") == ["N. One"]
    assert names_of("") == []


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({"event": "prepared", "session": 2}, "Session 2 was held"),
        ({"event": "prepared", "bag": 2}, "Bag 2 was made"),
        ({"event": "decision", "what": "waive", "hours": "3.3333333333333333333333", "prescriber": "D. One"},
         "Decided by D. One: 3 h 20 min are waived"),
        ({"event": "corrects", "index": 4, "replacement": None}, "Entry 4 did not happen"),
        ({"event": "corrects", "index": 4, "replacement": {"event": "hung", "bag": 2, "at": "2026-11-24T13:00:00Z"}},
         "Entry 4 put right: Tue 24-Nov-2026 14:00, Bag 2 was connected"),
        ({"event": "note", "text": "reason interrupted-4h: pump"}, "Reason, interrupted 4 h or more: pump"),
        ({"event": "note", "text": "{bag} seen"}, "Note: {bag} seen"),
        ({"event": "rate-found", "rate_ml_per_h": "10.0", "from": "2026-11-24T13:00:00Z", "to": "2026-11-24T14:00:00Z"},
         "The pump had run at 10 mL/hour from Tue 24-Nov-2026 14:00 to Tue 24-Nov-2026 15:00"),
        ({"event": "something-newer"}, "something-newer"),
    ],
)  # fmt: skip
def test_an_entry_is_one_sentence(event: dict, said: str) -> None:
    assert plain([event_words(event, ZONE)]) == said
