"""The rows of the schedule: as planned, and with what happened."""

import pytest
from bedside_cases import ZONES, case, entry, issued, later, log_until, rest_at
from hypothesis import given, settings
from hypothesis import strategies as st

from dosing_app.core.clock import minutes_of
from dosing_app.core.quantities import magnitude
from dosing_app.course.bags import off_hours_bags
from dosing_app.course.plan import Bag, Superseded
from dosing_app.course.replan import replan
from dosing_app.course.schedule import STATES, Row, planned_rows, rows_of

PATTERNS = ["72h,96h", "96h", "48h", "24h", "96h@72,96h"]


def mL_per_h(row: Row) -> object:
    return magnitude(row.bag.rate, "mL/h")


def are_in_order(rows: tuple[Row, ...]) -> None:
    """What holds for every schedule."""
    assert [row.begins for row in rows] == sorted(row.begins for row in rows)
    assert all(row.state in STATES for row in rows)
    rate = None
    for row in rows:
        if not row.infuses:
            assert (row.rate_before, row.off_hours) == (None, False)
            continue
        assert (row.rate_before is not None) == (rate is not None and rate != mL_per_h(row))
        assert row.rate_before is None or magnitude(row.rate_before, "mL/h") == rate
        rate = mL_per_h(row)


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("zone", list(ZONES))
def test_rows_of_a_plan(pattern: str, zone: str) -> None:
    plan, reference = case(pattern, "eu", zone)
    assert plan.bags
    assert plan.order is not None
    rows = planned_rows(plan, reference)
    are_in_order(rows)
    assert [row.bag for row in rows] == list(plan.bags)
    assert {row.state for row in rows} == {"planned"}
    assert tuple(row.bag.number for row in rows if row.off_hours) == off_hours_bags(plan.bags, plan.order, reference)
    assert tuple(row.bag.rate_changed for row in rows) == tuple(row.rate_before is not None for row in rows)
    # The wall clock counts the days, whatever it does: 28 days on, the course ends on day 29.
    days = [str(row.bag.start_local)[:10] for row in rows]
    assert rows[0].day == 1
    assert [row.day == 1 for row in rows] == [day == days[0] for day in days]
    assert [row.day for row in rows] == sorted(row.day for row in rows)
    end = plan.bags[-1].end.to_tz(zone).date().since(plan.bags[0].start.to_tz(zone).date(), total="days")
    assert int(end) + 1 == 29


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(PATTERNS), st.integers(-600, 672 * 60 + 600), st.integers(1, 400))
def test_rows_with_what_happened(pattern: str, minute: int, stop: int) -> None:
    plan, reference = case(pattern)
    assert plan.bags
    at = later(plan.bags[0].start, minute)
    running: list[Bag] = [bag for bag in plan.bags if bag.start <= at < bag.end]
    extra = []
    if running and minutes_of(at) - stop > minutes_of(running[0].start):
        extra = [entry(later(at, -stop), "interrupted", reason="technical")]
    rest = rest_at(at, extra, pattern)
    rows = rows_of(rest, reference)
    are_in_order(rows)
    hung = [row for row in rows if row.connected is not None]
    assert [(row.bag.number, row.connected) for row in hung] == [
        (bag.number, bag.start) for bag in plan.bags if bag.start <= at
    ]
    assert [(row.state, row.down) for row in hung if row.bag not in running] == [
        ("done", bag.end) for bag in plan.bags if bag.end <= at
    ]
    assert [row.state for row in hung if row.bag in running] == (["interrupted" if extra else "running"] * len(running))
    coming = [row for row in rows if row.state in {"planned", "prepared"}]
    assert [row.bag for row in coming] == list(rest.bags)
    assert [row.new for row in coming] == [bag.number > len(plan.bags or ()) for bag in rest.bags]
    usable = set(rest.progress.usable)
    assert {row.bag.number for row in coming if row.state == "prepared"} <= usable
    # No bag that was prepared is missing from the sheet.
    assert {row.bag.number for row in rows} >= set(rest.progress.made)


def test_lost_and_superseded_bags_stand_in_the_schedule_with_their_reason() -> None:
    plan, reference = case()
    assert plan.bags
    change = plan.bags[1].start
    log = log_until(plan, later(change, -1))
    rows = rows_of(rest_at(change, log=[*log, entry(later(change, -1), "lost", bag=2)]), reference)
    lost = [row for row in rows if row.state == "lost"]
    assert [(row.bag.number, row.infuses, row.connected) for row in lost] == [(2, False, None)]
    assert [row.new for row in rows if row.state == "planned"].count(True) >= 1  # it is made anew
    gone = tuple(Superseded(revision=1, number=bag.number, start=bag.start) for bag in plan.bags[1:])
    second = issued(plan, revision=2, from_bag=2, superseded=gone, issued_at=later(change, -60))
    rows = rows_of(replan([plan, second], log, change, reference, {}), reference)
    are_in_order(rows)
    by_state = {state: [row.bag.number for row in rows if row.state == state] for state in STATES}
    assert by_state["superseded"] == [2]  # it was made; the others never were
    assert by_state["running"] == [1]
    assert 2 in by_state["planned"]


def test_the_day_on_which_a_bag_was_really_connected() -> None:
    """Connected fifteen hours late, after midnight: the day is that of the connection."""
    plan, reference = case("72h,96h", "eu", "Asia/Kathmandu")
    assert plan.bags
    second = plan.bags[1]
    late = later(second.start, 15 * 60)  # 09:15 at the bed is 00:15 of the next day
    log = log_until(plan, later(second.start, -1))
    log += [entry(second.start, "stopped", bag=1), entry(late, "hung", bag=2)]
    rows = rows_of(rest_at(later(late, 5), zone="Asia/Kathmandu", log=log), reference)
    planned = planned_rows(plan, reference)
    assert (planned[1].day, rows[1].day, rows[1].connected) == (4, 5, late)


def test_a_prepared_bag_that_nothing_is_due_for_is_not_left_out() -> None:
    plan, reference = case()
    assert plan.bags
    change = plan.bags[1].start
    waived = entry(later(change, -10), "decision", what="waive", hours="600", prescriber="A. Prescriber")
    log = [*log_until(plan, later(change, -11)), waived]
    rows = rows_of(rest_at(later(change, -5), log=log), reference)
    assert [(row.bag.number, row.state) for row in rows] == [(1, "running"), (2, "not-needed")]
    are_in_order(rows)


def test_a_plan_without_bags_has_no_rows() -> None:
    plan, reference = case()
    assert planned_rows(plan.model_copy(update={"bags": ()}), reference) == ()
