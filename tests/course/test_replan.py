"""The log and the rest of a course: hours balance for every log, to the minute; what cannot be is refused."""

import json
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from course_cases import BASE, house
from hypothesis import given, settings
from hypothesis import strategies as st
from whenever import Instant

from dosing_app.core.clock import instant_of, minutes_of
from dosing_app.core.quantities import magnitude
from dosing_app.course.calculate import calculate
from dosing_app.course.log import ImpossibleLog
from dosing_app.course.order import read_order
from dosing_app.course.plan import Plan
from dosing_app.course.replan import Rest, replan, rest_json
from dosing_app.reference.bundle import Reference

SITE = 'start_within_h = "product"\nstart_within_basis = "validated"\n'
Entry = dict[str, Any]


@cache
def case(pattern: str = "72h,96h", product: str = "eu") -> tuple[Plan, Reference]:
    reading = read_order({**BASE, "pattern": pattern, "product": product}, house(SITE))
    assert reading.order is not None
    assert reading.reference is not None
    return calculate(reading.order, (), reading.reference), reading.reference


def rest_of(log: list[Entry], at: str, pattern: str = "72h,96h", product: str = "eu", **reasons: str) -> Rest:
    plan, reference = case(pattern, product)
    return replan([plan], log, Instant.parse_iso(at), reference, reasons)


def entry(at: str, event: str, **more: Any) -> Entry:
    return {"at": f"2026-{at}:00Z", "event": event, **more}


BEGIN = [entry("11-23T11:00", "prepared", session=1), entry("11-23T13:00", "hung", bag=1)]


# ---- hours ----


def hours(rest: Rest) -> tuple[str, str, str, str]:
    content = rest_json(rest)
    return tuple(content[name] for name in ("infused_h", "waived_h", "due_h", "over_h"))  # type: ignore[return-value]


def test_a_course_as_planned() -> None:
    rest = rest_of(BEGIN, "2026-11-24T13:00:00Z")
    assert hours(rest) == ("24", "0", "648", "0")
    plan, _ = case()
    assert [(bag.number, bag.start, bag.end) for bag in rest.bags] == [
        (bag.number, bag.start, bag.end) for bag in plan.bags[1:]
    ]
    assert rest.findings == ()
    running = rest.progress.running
    assert running is not None
    # 3.3 mL/hour for 24 of 72 h: 79.2 of 237.6 mL
    assert (running.ledger.infused, running.ledger.to_be_infused) == (Decimal("79.2"), Decimal("158.4"))
    ledger = running.ledger
    assert ledger.total == ledger.primed + ledger.infused + ledger.to_be_infused + ledger.discarded


def test_an_interruption_is_made_up_at_the_end_and_changes_keep_their_times() -> None:
    log = [
        *BEGIN,
        entry("11-24T02:00", "interrupted", reason="technical"),
        entry("11-24T07:30", "resumed", line_closed=True),
    ]
    rest = rest_of(log, "2026-11-25T13:00:00Z")
    assert hours(rest) == ("42.5", "0", "629.5", "0")
    assert [bag.end for bag in rest.bags[:-1]] == [bag.end for bag in case()[0].bags[1:]]
    assert (rest.bags[-1].kind, magnitude(rest.bags[-1].runs, "h")) == ("96h@5:30", Decimal("5.5"))
    assert [each.code for each in rest.findings] == ["interrupted-4h"]


def test_a_short_remainder_waits_for_a_decision() -> None:
    log = [
        *BEGIN,
        entry("11-24T02:00", "interrupted", reason="technical"),
        entry("11-24T05:00", "resumed", line_closed=True),
    ]
    rest = rest_of(log, "2026-11-25T13:00:00Z")
    assert [bag.number for bag in rest.bags] == [2, 3, 4, 5, 6, 7, 8]
    assert [(each.code, each.actual) for each in rest.findings] == [("still-due", "3 h")]
    waived = [*log, entry("11-25T12:00", "decision", what="waive", hours="3", prescriber="A. Prescriber")]
    rest = rest_of(waived, "2026-11-25T13:00:00Z")
    assert hours(rest) == ("45", "3", "624", "0")
    assert rest.findings == ()
    bag = [*log, entry("11-25T12:00", "decision", what="new-bag")]
    assert rest_of(bag, "2026-11-25T13:00:00Z").bags[-1].kind == "96h@3"


def test_nothing_is_planned_after_an_adverse_event_until_a_prescriber_decides() -> None:
    log = [*BEGIN, entry("11-24T02:00", "interrupted", reason="adverse-event")]
    rest = rest_of(log, "2026-11-24T08:00:00Z")
    assert rest.bags == ()
    assert "restart-dose" in [each.code for each in rest.findings]
    assert [each.reason for each in rest.progress.unusable] == ["other-dose"] * len(rest.progress.unusable)
    resumed = rest_of([*log, entry("11-24T07:00", "resumed", line_closed=True)], "2026-11-24T08:00:00Z")
    assert resumed.bags == ()  # it happened; what follows still waits
    assert "restart-dose" in [each.code for each in resumed.findings]
    restart = [*log, entry("11-24T07:00", "decision", what="restart", dose_rate="5", prescriber="A. Prescriber")]
    rest = rest_of(restart, "2026-11-24T08:00:00Z")
    full = case()[0].daily_dose
    assert full is not None
    for bag in rest.bags:
        third = magnitude(full.micrograms, "microgram/day") / 3
        assert abs(magnitude(bag.daily_dose, "microgram/day") - third) < Decimal("1e-20")


def test_a_pump_that_ran_at_the_other_rate() -> None:
    """A day at 10 mL/hour instead of 3.3: by then the bag was empty; hours stop where the volume ends."""
    log = [
        *BEGIN,
        {
            **entry("11-25T13:00", "rate-found", rate_ml_per_h="10"),
            "from": "2026-11-23T13:00:00Z",
            "to": "2026-11-25T13:00:00Z",
        },
    ]
    rest = rest_of(log, "2026-11-25T13:00:00Z")
    running = rest.progress.running
    assert running is not None
    assert running.ledger.in_bag < Decimal("0.2")
    plan = case()[0]
    assert plan.bags is not None
    held = magnitude(plan.bags[0].total, "mL") - magnitude(plan.bags[0].primed, "mL")
    assert abs(Decimal(rest.progress.infused_minutes) / 60 - held / 10) < Decimal("0.02")


def test_a_course_that_has_not_begun_begins_when_it_was_ordered() -> None:
    for log in ([], [entry("11-23T09:00", "issued", revision=1)], BEGIN[:1]):
        rest = rest_of(log, "2026-11-23T11:00:00Z")
        assert [(bag.number, bag.start) for bag in rest.bags] == [
            (bag.number, bag.start) for bag in case()[0].bags or ()
        ]


def test_running_on_moves_the_bag_that_hangs_and_the_next() -> None:
    log = [*BEGIN, entry("11-24T10:00", "decision", what="run-on", hours="10", prescriber="A")]
    rest = rest_of(log, "2026-11-24T13:00:00Z")
    running = rest.progress.running
    assert running is not None
    assert running.take_down.format_iso() == "2026-11-26T23:00:00Z"
    assert rest.bags[0].start == running.take_down


def test_what_the_pump_is_set_to_ends_at_the_take_down() -> None:
    """Hung three hours late: 69 hours at 3.3 mL/hour are left, not 72."""
    log = [BEGIN[0], entry("11-23T16:00", "hung", bag=1)]
    running = rest_of(log, "2026-11-23T16:00:00Z").progress.running
    assert running is not None
    assert running.ledger.to_be_infused == Decimal("227.7")


def test_a_bag_made_for_another_dose_runs_no_more() -> None:
    log = [
        *BEGIN,
        entry("11-24T10:00", "interrupted", reason="adverse-event"),
        entry("11-24T12:00", "decision", what="restart", dose_rate="5", prescriber="A"),
    ]
    rest = rest_of(log, "2026-11-24T12:30:00Z")
    running = rest.progress.running
    assert running is not None
    assert running.take_down == rest.progress.at
    assert running.ledger.to_be_infused == 0


def test_a_bag_beyond_its_limit_is_said() -> None:
    log = [*BEGIN, entry("11-29T13:00", "stopped", bag=1)]
    assert "past-limit" in [each.code for each in rest_of(log, "2026-11-29T13:00:00Z").findings]


# ---- any log ----


@st.composite
def logs(draw: st.DrawFn) -> tuple[list[Entry], int]:
    """A log that can have happened: bags made, hung, stopped, lost, the pump still or not; and the moment after it."""
    plan, _ = case()
    assert plan.bags is not None
    assert plan.sessions is not None
    now = minutes_of(plan.bags[0].start) - 300
    log: list[Entry] = []
    made: set[int] = set()
    used: set[int] = set()
    connected: int | None = None
    still = False

    def add(event: str, **more: Any) -> None:
        log.append({"at": instant_of(now).format_iso(), "event": event, **more})

    for _ in range(draw(st.integers(0, 25))):
        now += draw(st.sampled_from([0, 1, 59, 60, 240, 1440, 2880, 4320]))
        can = ["note"]
        fresh = [each for each in plan.sessions if not set(each.bags) & made]
        can += ["prepared"] if fresh else []
        free = sorted(made - used)
        if connected is None:
            can += ["hung"] * 3 if free else []
        else:
            can += ["resumed"] * 2 if still else ["interrupted"]
            can += ["stopped", "stopped", "lost"]
        action = draw(st.sampled_from(can))
        if action == "prepared":
            made |= set(fresh[0].bags)
            add("prepared", session=fresh[0].number)
        elif action == "hung":
            connected, still = draw(st.sampled_from(free)), False
            used.add(connected)
            add("hung", bag=connected)
        elif action in {"stopped", "lost"}:
            add(action, bag=connected)
            connected = None
        elif action == "interrupted":
            still = True
            add("interrupted", reason=draw(st.sampled_from(["technical", "procedure"])))
        elif action == "resumed":
            still = False
            add("resumed", line_closed=draw(st.booleans()))
        else:
            add("note", text="a remark")
    return log, now + draw(st.sampled_from([0, 1, 600, 10_000]))


def walked(log: list[Entry], until: int) -> int:
    """Minutes of infusion by walking every minute, a bag no longer than its volume lasts."""
    plan, _ = case()
    assert plan.bags is not None
    lasts = {
        bag.number: (magnitude(bag.total, "mL") - magnitude(bag.primed, "mL")) / magnitude(bag.rate, "mL/h") * 60
        for bag in plan.bags
    }
    ran = dict.fromkeys(lasts, 0)
    moments = [minutes_of(Instant.parse_iso(each["at"])) for each in log]
    bag, runs, at = None, False, 0
    for minute in range(moments[0] if moments else until, until):
        while at < len(log) and moments[at] <= minute:
            each = log[at]
            if each["event"] == "hung":
                bag, runs = each["bag"], True
            elif each["event"] in {"stopped", "lost"}:
                bag, runs = None, False
            elif each["event"] in {"interrupted", "resumed"}:
                runs = each["event"] == "resumed"
            at += 1
        if bag is not None and runs and ran[bag] + 1 <= lasts[bag]:
            ran[bag] += 1
    return sum(ran.values())


@settings(max_examples=150, deadline=None)
@given(logs())
def test_hours_balance_for_every_log(drawn: tuple[list[Entry], int]) -> None:
    log, until = drawn
    plan, reference = case()
    rest = replan([plan], log, instant_of(until), reference, {})
    progress = rest.progress
    assert progress.infused_minutes == walked(log, until)
    assert (
        progress.infused_minutes + progress.waived_minutes + progress.due_minutes
        == progress.course_minutes + progress.over_minutes
    )
    # Bags to come follow each other, in limits, and never cover more than what is due.
    at = until
    for bag in rest.bags:
        assert minutes_of(bag.start) >= at
        at = minutes_of(bag.end)
        assert bag.start <= bag.start_by
        assert bag.end <= bag.down_by
        assert bag.number not in {each.number for each in progress.unusable}
    laid = sum(minutes_of(bag.end) - minutes_of(bag.start) for bag in rest.bags)
    still = [each for each in rest.findings if each.code == "still-due"]
    hangs = progress.running
    if hangs is not None:
        assert hangs.take_down <= hangs.down_by
        assert not rest.bags or rest.bags[0].start >= min(hangs.take_down, hangs.down_by)
    running = (
        0
        if hangs is None
        else max(0, min(minutes_of(min(hangs.take_down, hangs.down_by)) - until, progress.due_minutes))
    )
    left = progress.due_minutes - laid - running
    assert left >= 0
    assert bool(left) == bool(still)
    numbers = [bag.number for bag in rest.bags]
    assert len(numbers) == len(set(numbers))
    assert json.loads(json.dumps(rest_json(rest)))["due_h"] is not None


@settings(max_examples=40, deadline=None)
@given(logs(), st.data())
def test_a_correction_is_as_if_it_had_been_written_so(drawn: tuple[list[Entry], int], data: st.DataObject) -> None:
    """A wrong time, put right by a later entry, gives what the right time gives."""
    log, until = drawn
    if not log:
        return
    index = data.draw(st.integers(0, len(log) - 1))
    wrong = [dict(each) for each in log]
    wrong[index] = {"at": log[index]["at"], "event": "note", "text": "mistyped"}
    last = instant_of(until).format_iso()
    corrected = [*wrong, {"at": last, "event": "corrects", "index": index, "replacement": log[index]}]
    plan, reference = case()
    right = rest_json(replan([plan], log, instant_of(until), reference, {}))
    assert rest_json(replan([plan], corrected, instant_of(until), reference, {})) == right
    never = [*log, {"at": last, "event": "note", "text": "x"}]
    erased = [*never, {"at": last, "event": "corrects", "index": len(log), "replacement": None}]
    assert rest_json(replan([plan], erased, instant_of(until), reference, {})) == right


# ---- what cannot have happened ----


@pytest.mark.parametrize(
    ("log", "index", "reason"),
    [
        ([*BEGIN, entry("11-23T12:00", "note", text="x")], 2, "order"),
        ([*BEGIN, entry("12-30T12:00", "note", text="x")], 2, "future"),
        ([entry("11-23T13:00", "hung", bag=1)], 0, "never-prepared"),
        ([*BEGIN, entry("11-23T14:00", "hung", bag=2)], 2, "two-bags"),
        ([*BEGIN, entry("11-23T14:00", "stopped", bag=2)], 2, "not-running"),
        ([*BEGIN, entry("11-23T14:00", "resumed", line_closed=True)], 2, "runs-already"),
        ([*BEGIN, entry("11-23T14:00", "stopped", bag=1), entry("11-23T15:00", "hung", bag=1)], 3, "used-twice"),
        ([*BEGIN, entry("11-23T14:00", "hung", bag=9)], 2, "unknown-bag"),
        (
            [
                *BEGIN,
                entry("11-23T14:00", "lost", bag=2),
                entry("11-23T15:00", "stopped", bag=1),
                entry("11-23T15:00", "hung", bag=2),
            ],
            4,
            "is-lost",
        ),
        (
            [
                *BEGIN,
                entry("11-23T14:00", "interrupted", reason="unknown"),
                entry("11-23T15:00", "decision", what="restart", prescriber="A"),
            ],
            3,
            "no-prescriber",
        ),
        ([entry("11-23T11:00", "prepared", session=9)], 0, "unknown-session"),
        ([*BEGIN, entry("11-23T14:00", "prepared", bag=1)], 2, "prepared-twice"),
        ([entry("11-23T10:00", "interrupted", reason="technical")], 0, "not-running"),
        ([*BEGIN, entry("11-23T14:00", "decision", what="waive", hours="700", prescriber="A")], 2, "waives-too-much"),
        ([*BEGIN, entry("11-23T14:00", "decision", what="restart", dose_rate="5")], 2, "no-prescriber"),
        ([*BEGIN, entry("11-23T14:00", "decision", what="waive", hours="nan", prescriber="A")], 2, "not-read"),
        ([*BEGIN, entry("11-23T14:00", "decision", what="waive", hours="-1", prescriber="A")], 2, "not-read"),
        ([*BEGIN, entry("11-23T14:00", "decision", what="waive", hours="1")], 2, "no-prescriber"),
        (
            [*BEGIN, entry("11-23T14:00", "decision", what="restart", dose_rate="5", prescriber="A")],
            2,
            "nothing-to-restart",
        ),
        (
            [
                *BEGIN,
                entry("11-23T14:00", "interrupted", reason="unknown"),
                entry("11-23T15:00", "decision", what="restart", dose_rate="30", prescriber="A"),
            ],
            3,
            "dose-above",
        ),
        ([*BEGIN, entry("11-23T14:00", "measured", weight_kg="64.2")], 2, "not-read"),
        *(
            ([*BEGIN, entry("11-23T14:00", "measured", weight_kg="6.6", length_cm=length)], 2, "not-read")
            for length in ("-1", "0", "1", "34.9", "100.1")
        ),
        ([{"at": "9999-12-31T23:59:00Z", "event": "note", "text": "x"}], 0, "not-read"),
        ([*BEGIN, entry("11-23T14:00", "corrects", index=5, replacement=None)], 2, "corrects"),
        ([*BEGIN, entry("11-23T14:00", "dance")], 2, "not-read"),
        ([*BEGIN, entry("11-23T14:00", "hung", bag="2")], 2, "not-read"),
        ([*BEGIN, entry("11-23T14:00", "hung", bag=True)], 2, "not-read"),
        ([*BEGIN, {"event": "note", "text": "x"}], 2, "not-read"),
        ([*BEGIN, "hung"], 2, "not-read"),
        ([{"at": "2026-11-23T11:00:30Z", "event": "note", "text": "x"}], 0, "not-read"),
    ],
)
def test_what_cannot_have_happened_is_refused_by_entry(log: list[Entry], index: int, reason: str) -> None:
    with pytest.raises(ImpossibleLog) as caught:
        rest_of(log, "2026-12-01T00:00:00Z")
    assert (caught.value.index, caught.value.reason) == (index, reason)


def test_a_session_of_a_bag_that_the_plan_does_not_have_cannot_have_been_held() -> None:
    """A file that somebody put together: its first session is to make bag 99."""
    plan, reference = case()
    assert plan.sessions
    first = plan.sessions[0].model_copy(update={"bags": (1, 99)})
    other = plan.model_copy(update={"sessions": (first, *plan.sessions[1:])})
    with pytest.raises(ImpossibleLog, match="unknown-bag") as caught:
        replan([other], BEGIN, Instant.parse_iso("2026-11-23T14:00:00Z"), reference, {})
    assert (caught.value.index, caught.value.values) == (0, {"bag": "99"})
