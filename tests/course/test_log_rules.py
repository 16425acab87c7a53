"""What happened at the bed and was not as it should be: it is recorded, told and counted, never refused or lost."""

from decimal import Decimal
from typing import Any

import pytest
from log_cases import entry_of, full_dose, issued_case
from whenever import Instant

from dosing_app.core.clock import minutes_of
from dosing_app.core.findings import Finding, Tier
from dosing_app.core.quantities import magnitude
from dosing_app.course.closing import closing
from dosing_app.course.log import ImpossibleLog
from dosing_app.course.pump import RATE, pump_field
from dosing_app.course.replan import Rest, replan
from dosing_app.course.schedule import rows_of
from dosing_app.wording.sentences import sentence

Entry = dict[str, Any]


def at(hours: float) -> Instant:
    plan = issued_case()[0]
    assert plan.course
    return plan.course.start.add(minutes=round(hours * 60))


def e(hours: float, event: str, /, **more: Any) -> Entry:
    return entry_of(issued_case()[0], hours, event, **more)


def rest_at(hours: float, *log: Entry) -> Rest:
    plan, reference = issued_case()
    return replan([plan], log, at(hours), reference, {})


def found_rate(begin: float, end: float, rate: str) -> Entry:
    return e(end, "rate-found", rate_ml_per_h=rate, **{"from": at(begin).format_iso(), "to": at(end).format_iso()})


def told(rest: Rest, code: str) -> list[Finding]:
    return [each for each in rest.findings if each.code == code]


def gaps(rest: Rest) -> list[tuple[float, float | None, str]]:
    """In hours of the course."""
    zero = minutes_of(at(0))
    return [
        ((minutes_of(begin) - zero) / 60, None if end is None else (minutes_of(end) - zero) / 60, reason)
        for begin, end, reason in rest.progress.gaps
    ]


BEGIN = (e(-2, "prepared", session=1), e(0, "hung", bag=1))
ADVERSE = e(10, "interrupted", reason="adverse-event")
FIVE = {"what": "restart", "dose_rate": "5", "prescriber": "P. Prescriber"}
CARE = ("adverse-event", "unknown")

# ---- what was not infused ----


@pytest.mark.parametrize(
    ("log", "now", "expected"),
    [
        # A stop, a take-down and a connection are one stretch without infusion.
        (
            [e(10, "interrupted", reason="technical"), e(13, "stopped", bag=1), e(15, "hung", bag=2)],
            16,
            [(10, 15, "technical")],
        ),
        # A run of no minute does not split it, and the worst reason stands for all of it.
        (
            [
                e(10, "interrupted", reason="technical"),
                e(13, "resumed", line_closed=True),
                e(13, "interrupted", reason="procedure"),
                e(15, "resumed", line_closed=True),
            ],
            16,
            [(10, 15, "technical")],
        ),
        ([found_rate(5, 15, "0")], 16, [(5, 15, "pump-at-0")]),
        ([found_rate(5, 15, "0"), e(15, "interrupted", reason="technical")], 17, [(5, None, "technical")]),
        ([e(20, "stopped", bag=1)], 25, [(20, None, "no-bag")]),
        ([e(20, "stopped", bag=1), e(26, "hung", bag=2)], 27, [(20, 26, "change")]),
        ([e(20, "stopped", bag=1)], 20, []),
        (
            [e(10, "interrupted", reason="technical"), e(11, "interrupted", reason="unknown")],
            12,
            [(10, None, "unknown")],
        ),
        (
            [e(10, "interrupted", reason="unknown"), e(11, "interrupted", reason="technical")],
            12,
            [(10, None, "unknown")],
        ),
    ],
)
def test_a_gap_is_what_was_not_infused(log: list[Entry], now: float, expected: list[tuple[float, float, str]]) -> None:
    rest = rest_at(now, *BEGIN, *log)
    assert gaps(rest) == expected
    long = [(begin, now if end is None else end) for begin, end, _ in expected]
    assert len(told(rest, "interrupted-4h")) == sum(end - begin >= 4 for begin, end in long)


def test_an_empty_bag_is_a_gap() -> None:
    """10 mL/hour instead of 3.3: about 277 mL last for less than 28 of 60 h."""
    rest = rest_at(60, *BEGIN, found_rate(0, 60, "10"))
    (begin, end, reason), *others = gaps(rest)
    assert (27 < begin < 28, end, reason, others) == (True, None, "empty", [])
    assert told(rest, "interrupted-4h")


def test_once_nothing_is_due_there_is_no_gap() -> None:
    waived = e(30, "decision", what="waive", hours="652", prescriber="P. Prescriber")
    assert gaps(rest_at(60, *BEGIN, e(20, "stopped", bag=1), waived)) == [(20, 30, "no-bag")]
    early = e(10, "decision", what="waive", hours="652", prescriber="P. Prescriber")
    assert gaps(rest_at(60, *BEGIN, early, e(20, "stopped", bag=1))) == []


# ---- another rate ----


def test_another_rate_wants_a_reason_with_what_was_given() -> None:
    rest = rest_at(12, *BEGIN, found_rate(2, 10, "6.6"))
    one = told(rest, "wrong-rate")
    assert [(each.tier, each.actual, each.limit, each.values["hours"]) for each in one] == [
        (Tier.JUSTIFY, "6.6", "3.3", "8 h")
    ]
    given, would = (Decimal(one[0].values[name]) for name in ("given", "would_give"))
    assert abs(given / would - 2) < Decimal("1e-20")
    concentration = magnitude(rest.progress.bags[1].concentration, "microgram/mL")
    assert abs(would - Decimal("26.4") * concentration) < Decimal("1e-20")
    assert "6.6 mL/hour instead of 3.3 mL/hour" in sentence(one[0])
    assert not told(rest_at(12, *BEGIN, found_rate(2, 10, "3.3")), "wrong-rate")
    stopped = (*BEGIN, e(2, "stopped", bag=1))
    assert not told(rest_at(12, *stopped, found_rate(2, 10, "6.6")), "wrong-rate")  # nothing ran


def test_a_bag_gives_no_more_than_it_holds_and_all_of_it() -> None:
    bag = (issued_case()[0].bags or ())[0]
    holds = magnitude(bag.total, "mL") - magnitude(bag.primed, "mL")
    rest = rest_at(60, *BEGIN, found_rate(0, 5, "79.1"), found_rate(5, 50, "0.1"))
    given = rest.progress.given[1]
    assert given.volume == holds
    assert abs(given.micrograms - holds * magnitude(bag.concentration, "microgram/mL")) < Decimal("1e-20")
    # What is left of an empty bag does not run on at a lower rate.
    assert rest.progress.infused_minutes == int(holds / Decimal("79.1") * 60)


def test_a_rate_that_no_pump_field_takes_is_not_read() -> None:
    plan, reference = issued_case()
    highest = pump_field(RATE, rest_at(1, *BEGIN), reference).upper
    assert highest is not None
    assert replan([plan], [*BEGIN, found_rate(2, 3, str(highest))], at(3), reference, {})
    for rate in (highest + Decimal("0.1"), Decimal("1e9")):
        with pytest.raises(ImpossibleLog, match="not-read") as caught:
            rest_at(3, *BEGIN, found_rate(2, 3, str(rate)))
        assert caught.value.values == {"why": "rate_ml_per_h"}


# ---- adverse events, and what was done without a prescriber ----


@pytest.mark.parametrize("reason", ["technical", "procedure", *CARE])
def test_a_reason_that_is_noticed_late_counts(reason: str) -> None:
    rest = rest_at(25, *BEGIN, e(20, "stopped", bag=1), e(22, "interrupted", reason=reason))
    assert gaps(rest) == [(20, None, reason)]
    asked = told(rest, "restart-dose")
    assert [each.values["reason"] for each in asked] == ([reason] if reason in CARE else [])
    assert (rest.bags == ()) == (reason in CARE)
    later = rest_at(25, *BEGIN, e(20, "interrupted", reason="technical"), e(22, "interrupted", reason=reason))
    assert later.progress.wants_restart == (reason in CARE)


def test_nothing_is_interrupted_before_the_course_begins_or_once_nothing_is_due() -> None:
    waived = e(21, "decision", what="waive", hours="652", prescriber="P. Prescriber")
    for log in ([BEGIN[0]], [*BEGIN, e(20, "stopped", bag=1), waived]):
        with pytest.raises(ImpossibleLog, match="not-running"):
            rest_at(25, *log, e(22, "interrupted", reason="unknown"))


@pytest.mark.parametrize(
    "log",
    [
        [e(11, "resumed", line_closed=True)],
        [e(11, "stopped", bag=1), e(12, "hung", bag=2)],
    ],
)
def test_what_was_done_without_a_decision_is_recorded_and_waits_for_it(log: list[Entry]) -> None:
    rest = rest_at(20, *BEGIN, ADVERSE, *log)
    assert rest.progress.running is not None
    assert rest.progress.infused_minutes > 10 * 60
    assert [each.tier for each in told(rest, "restart-dose")] == [Tier.JUSTIFY]
    assert rest.bags == ()
    # The decision lets it go on from then: the same dose where it was hung for that, another is taken down.
    kept = rest_at(20, *BEGIN, ADVERSE, *log, e(20, "decision", **FIVE | {"dose_rate": "15"}))
    assert kept.progress.restarted == at(20)
    assert kept.bags
    assert not told(kept, "other-dose")
    other = rest_at(21, *BEGIN, ADVERSE, *log, e(20, "decision", **FIVE))
    assert [each.bags for each in told(other, "other-dose")] == [(rest.progress.running.bag.number,)]


def test_a_technical_stop_that_is_corrected_to_an_adverse_event_is_taken() -> None:
    log = [*BEGIN, e(10, "interrupted", reason="technical"), e(12, "resumed", line_closed=True)]
    right = e(20, "corrects", index=2, replacement={"event": "interrupted", "reason": "adverse-event", "by": "N"})
    rest = rest_at(21, *log, right)
    assert rest.progress.wants_restart
    assert gaps(rest) == [(10, 12, "adverse-event")]
    assert rest.progress.infused_minutes == 19 * 60


def test_a_bag_of_another_dose_is_recorded_and_told() -> None:
    stop = (*BEGIN, ADVERSE, e(11, "stopped", bag=1), e(12, "decision", **FIVE))
    assert not told(rest_at(13, *stop), "other-dose")
    hung = (*stop, e(13, "hung", bag=2))
    for log in (hung, (*hung, e(14, "stopped", bag=2))):  # and it stays told
        asked = told(rest_at(14, *log), "other-dose")
        assert [(each.tier, each.bags) for each in asked] == [(Tier.JUSTIFY, (2,))]
        assert "bag 2" in sentence(asked[0])
    resumed = (*BEGIN, ADVERSE, e(12, "decision", **FIVE), e(13, "resumed", line_closed=True))
    assert [each.bags for each in told(rest_at(14, *resumed), "other-dose")] == [(1,)]
    same = (*BEGIN, ADVERSE, e(12, "decision", **FIVE | {"dose_rate": "15"}), e(13, "resumed", line_closed=True))
    assert not told(rest_at(14, *same), "other-dose")
    assert full_dose(issued_case()[0]) > 0


def test_a_bag_ran_for_another_dose_only_while_another_was_decided() -> None:
    """Taken down in the minute of the decision it did not; until the next decision, which is for its dose, it did."""
    went_on = (*BEGIN, ADVERSE, e(11, "resumed", line_closed=True), e(12, "decision", **FIVE))
    assert not told(rest_at(14, *went_on, e(12, "stopped", bag=1)), "other-dose")
    assert [each.bags for each in told(rest_at(14, *went_on, e(13, "stopped", bag=1)), "other-dose")] == [(1,)]
    again = e(13, "decision", **FIVE | {"dose_rate": "15"})
    assert [each.bags for each in told(rest_at(14, *went_on, again), "other-dose")] == [(1,)]
    assert not told(rest_at(14, *went_on[:-1], again), "other-dose")


# ---- the line, and lost bags ----


def test_a_line_that_was_opened_wants_a_reason() -> None:
    stop = (*BEGIN, e(10, "interrupted", reason="technical"))
    opened = told(rest_at(12, *stop, e(11, "resumed", line_closed=False)), "line-opened")
    assert [(each.tier, each.bags, each.source) for each in opened] == [(Tier.JUSTIFY, (1,), "judgement, no source")]
    assert "bag 1" in sentence(opened[0])
    assert not told(rest_at(12, *stop, e(11, "resumed", line_closed=True)), "line-opened")


def test_a_bag_that_was_lost_while_it_ran_is_lost_and_not_used() -> None:
    rest = rest_at(12, *BEGIN, e(10, "lost", bag=1))
    assert [each.reason for each in rest.progress.unusable if each.number == 1] == ["lost"]
    _plan, reference = issued_case()
    assert [row.bag.number for row in rows_of(rest, reference)].count(1) == 1
    waived = e(12, "decision", what="waive", hours="662", prescriber="P. Prescriber")
    destroyed = closing(rest_at(12, *BEGIN, e(10, "lost", bag=1), waived), reference).destroyed
    assert (1, "lost") in {(each.number, each.reason) for each in destroyed}
