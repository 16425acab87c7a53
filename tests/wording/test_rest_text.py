"""What a nurse reads before she records: the subtraction holds, and every way has its figures."""

from dataclasses import replace
from decimal import Decimal

import pytest
from bedside_cases import case, entry, later, log_until, rest_at
from hypothesis import given
from hypothesis import strategies as st
from whenever import Instant

from dosing_app.course.closing import Closing, Destroyed
from dosing_app.course.log import read_log
from dosing_app.course.ways import NewWeight, Resume, Way
from dosing_app.wording import rest_text
from dosing_app.wording.log_text import decision_words, event_words, names_of, reason_words, span
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


def test_what_is_offered_is_what_a_log_can_hold() -> None:
    """In the words of cli.md; every one is read as an entry."""
    assert list(reason_words()) == ["technical", "procedure", "adverse-event", "unknown"]
    assert list(decision_words()) == ["waive", "run-on", "new-bag", "restart"]
    stops = [{"at": AT.format_iso(), "event": "interrupted", "reason": reason} for reason in reason_words()]
    decisions = [{"at": AT.format_iso(), "event": "decision", "what": what} for what in decision_words()]
    assert len(read_log([*stops, *decisions])) == 8
    words = [*reason_words().values(), *decision_words().values()]
    assert len(set(words)) == 8


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
        ({"event": "corrects", "index": 4, "replacement": {"event": "hung", "bag": 2}},
         "Entry 4 put right: Bag 2 was connected"),
        ({"event": "issued", "revision": 2}, "Revision 2 was issued"),
        ({"event": "interrupted", "reason": "technical"}, "The pump stood: technical (pump, line, alarm)"),
        ({"event": "resumed", "line_closed": True}, "The pump ran on, the line had stayed closed"),
        ({"event": "resumed", "line_closed": False, "sliding": True},
         "The pump ran on, the line had been open; later changes move by the stop"),
        ({"event": "measured", "weight_kg": "6.80", "length_cm": "64.0"}, "Weighed 6.8 kg, measured 64 cm"),
        ({"event": "measured", "weight_kg": "6.80"}, "Weighed 6.8 kg"),
        ({"event": "decision", "what": "run-on", "hours": "1.5"}, "Decided: the bag runs on for 1 h 30 min"),
        ({"event": "decision", "what": "new-bag"}, "Decided: a new bag is made"),
        ({"event": "decision", "what": "restart", "dose_rate": "5", "prescriber": "D. One"},
         "Decided by D. One: restart at 5 micrograms per m² per day"),
        ({"event": "decision", "what": "restart", "dose_rate": "5", "prescriber": "D. One",
          "then": {"after_days": 7, "dose_rate": "15"}},
         "Decided by D. One: restart at 5 micrograms per m² per day, after 7 days 15 micrograms per m² per day"),
        ({"event": "decision", "what": "something-newer"}, "something-newer"),
        ({"event": "note", "text": "reason something-newer: pump"}, "Reason, something-newer: pump"),
        # a log of another program may hold anything: it is shown as it stands
        ({"event": "measured", "weight_kg": "six"}, "Weighed six kg"),
        ({"event": "decision", "what": "waive", "hours": "two", "prescriber": "D. One"},
         "Decided by D. One: two are waived"),
        ({"event": "rate-found", "rate_ml_per_h": None, "from": "soon", "to": None},
         "The pump had run at  mL/hour from soon to "),
    ],
)  # fmt: skip
def test_an_entry_is_one_sentence(event: dict, said: str) -> None:
    assert plain([event_words(event, ZONE)]) == said


# ---- what an entry does ----


def follows(at: Instant, extra: list[dict], log: list[dict] | None = None) -> list[str]:
    """What is said of entries at a moment of an ordinary course, by default as planned until then."""
    before, after = rest_at(at, log=log), rest_at(at, extra, log=log)
    return [each.replace("\u00a0", " ") for each in rest_text.follows(before, after, ZONE)]


PLAN = case()[0]
assert PLAN.bags is not None
HOUR_OF_BAG_2 = later(PLAN.bags[1].start, 60)
STOPPED_FOR_HARM = [
    *log_until(PLAN, HOUR_OF_BAG_2),
    entry(HOUR_OF_BAG_2, "interrupted", reason="adverse-event"),
]


def test_a_bag_that_is_connected_tells_rate_limit_and_what_is_still_to_be_infused() -> None:
    """By hand: 72 × 3.3 = 237.6 mL; the first bag came up to 24 hours before its limit of 96."""
    first = [each for each in log_until(PLAN, PLAN.bags[0].start) if each["event"] == "prepared"]
    assert follows(PLAN.bags[0].start, [entry(PLAN.bags[0].start, "hung", bag=1)], first) == [
        (
            "Bag 1 runs at 3.3 mL/hour. Take it down Thu 26-Nov-2026 14:00, by Fri 27-Nov-2026 14:00 at the latest.\n"
            "Still to be infused: 237.6 mL."
        )
    ]


def test_a_change_of_the_rate_comes_first() -> None:
    at = PLAN.bags[1].start
    before = [each for each in log_until(PLAN, at) if each != entry(at, "hung", bag=2)]
    said = follows(at, [entry(at, "hung", bag=2)], before)
    assert said[0].splitlines() == [
        "RATE CHANGES: was 3.3, now 2.5 mL/hour.",
        "Bag 2 runs at 2.5 mL/hour. Take it down Mon 30-Nov-2026 14:00, by Mon 30-Nov-2026 14:00 at the latest.",
        "Still to be infused: 240 mL.",
    ]


def test_what_ends_or_holds_up_an_infusion_is_told() -> None:
    at = HOUR_OF_BAG_2
    assert follows(at, [entry(at, "note", text="seen")]) == []
    assert follows(at, [entry(at, "lost", bag=2)])[0] == "No bag is connected then."
    assert follows(at, [entry(at, "interrupted", reason="technical")]) == [
        "Bag 2 stays connected and the pump stands. Take it down by Mon 30-Nov-2026 14:00 at the latest."
    ]
    waived = entry(at, "decision", what="waive", hours="10", prescriber="D. One")
    assert follows(at, [waived]) == ["Still due: 589 h of 672 h."]  # 672 - 72 - 1 - 10
    weighed = follows(at, [entry(at, "measured", weight_kg="7.9")])
    assert weighed == [  # √(7.9 × 63.5 ÷ 3600) = 0.37329 m²; × 15
        (
            "7.9 kg on Thu 26-Nov-2026 15:00 would give 5.6 micrograms per day; the ordered dose is unchanged, 5.05 "
            "micrograms per day. Tell the prescriber."
        )
    ]


def test_after_harm_nothing_runs_before_a_prescriber_has_decided() -> None:
    at = later(HOUR_OF_BAG_2, 60)
    resumed = entry(at, "resumed", line_closed=True)
    said = follows(at, [resumed], STOPPED_FOR_HARM)
    assert said[0].startswith("Not before a prescriber has decided the dose rate: Decision.")
    assert said[1].startswith("Bag 2 runs at 2.5 mL/hour.")
    decided = [*STOPPED_FOR_HARM, entry(at, "decision", what="restart", dose_rate="5", prescriber="D. One")]
    said = follows(at, [resumed], decided)
    assert said[0] == "Bag 2 was made for another dose: take it down."
    assert not any("Not before" in each for each in said)


def test_a_limit_that_comes_before_all_is_infused_is_said() -> None:
    said = plain(resume_words(replace(RESUME, whole_allowed=False), ZONE, sliding=False))
    assert said.endswith("Its limit, Fri 27-Nov-2026 12:00, comes before all of it is infused.")
    assert "pharmacy and the physician" in rest_text.open_line_words()


# ---- how it ended ----


def test_a_finished_course_comes_to_its_figures() -> None:
    ended = Closing(
        case="A-17",
        begun=AT,
        ended=AT.add(hours=672),
        course_minutes=672 * 60,
        infused_minutes=671 * 60,
        waived_minutes=2 * 60,
        over_minutes=60,
        given_micrograms=Decimal("141.22"),
        bags=8,
        sessions=3,
        vials=8,
        destroyed=(
            *(Destroyed(number, 1, reason) for number, reason in enumerate(("lost", "past-limit", "superseded"), 3)),
            Destroyed(6, 2, "something-newer"),
        ),
        names=("N. One; N. Two", "N. One", "D. One"),
    )
    lines = {name: text.replace("\u00a0", " ") for name, text in rest_text.closing_lines(ended, "micrograms", ZONE)}
    assert lines == {
        "From, to": "Tue 24-Nov-2026 14:00 – Tue 22-Dec-2026 14:00",
        "Infused": "671 h",
        "Waived": "2 h",
        "Over": "1 h",
        "Given": "141.2 micrograms",
        "Bags connected": "8",
        "Sessions, vials": "3, 8",
        "Bags to be destroyed": "bag 3 of revision 1: lost; bag 4 of revision 1: past its limit; "
        "bag 5 of revision 1: superseded; bag 6 of revision 2: something-newer",
        "Names": "N. One, N. Two, D. One",
    }
    whole = dict(rest_text.closing_lines(replace(ended, over_minutes=0, destroyed=()), "mcg", ZONE))
    assert "Over" not in whole
    assert (whole["Bags to be destroyed"], whole["Given"]) == ("none", "141.2\u00a0mcg")
