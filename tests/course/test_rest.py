"""The rest of a course: remainders, resuming, restarts, new weights; its revisions, and how a course closes."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from course_cases import product_file
from log_cases import LONG, entry_of, full_dose, issued_case
from whenever import Instant

from dosing_app.core.findings import CATALOGUE, Tier
from dosing_app.core.quantities import magnitude
from dosing_app.course.closing import NotFinished, closing
from dosing_app.course.happened import daily_dose_of
from dosing_app.course.issue import NotIssued, differs, issue, read_issued
from dosing_app.course.log import ImpossibleLog
from dosing_app.course.plan import Plan
from dosing_app.course.replan import Rest, replan, rest_json
from dosing_app.course.revise import revision_of
from dosing_app.course.second_check import Check, fingerprint
from dosing_app.papers.sheaf import final_sheaf, superseded_bags
from dosing_app.reference.bundle import Reference
from dosing_app.reference.product import load_product
from dosing_app.wording.rest_text import way_words
from dosing_app.wording.sentences import sentence

REASONS = {code: "seen" for code, line in CATALOGUE.items() if line.tier is Tier.JUSTIFY}
Entry = dict[str, Any]


def at(plan: Plan, hours: float) -> Instant:
    assert plan.course
    return plan.course.start.add(minutes=round(hours * 60))


def rest_at(hours: float, *log: Entry, case: tuple[Plan, Reference] | None = None, **more: Any) -> Rest:
    plan, reference = case or issued_case()
    return replan(more.pop("plans", [plan]), log, at(plan, hours), reference, REASONS, **more)


def e(hours: float, event: str, /, **more: Any) -> Entry:
    return entry_of(issued_case()[0], hours, event, **more)


BEGIN = (e(-2, "prepared", session=1), e(0, "hung", bag=1))


def through(plan: Plan, last: float = 0) -> list[Entry]:
    """A course exactly as planned; the last bag comes down so many hours late."""
    assert plan.bags
    assert plan.sessions
    log = [(session.at, {"event": "prepared", "session": session.number}) for session in plan.sessions]
    for bag in plan.bags:
        log.append((bag.start, {"event": "hung", "bag": bag.number}))
        log.append(
            (
                bag.end if bag.number < len(plan.bags) else bag.end.add(minutes=round(last * 60)),
                {"event": "stopped", "bag": bag.number},
            )
        )
    order = {"stopped": 0, "prepared": 1, "hung": 2}
    return [
        {"at": moment.format_iso(), "by": "N. Nurse", **each}
        for moment, each in sorted(log, key=lambda one: (one[0], order[one[1]["event"]]))
    ]


# ---- remainders ----


def test_a_short_remainder_has_three_ways_with_their_figures() -> None:
    rest = rest_at(48, *BEGIN, e(20, "interrupted", reason="technical"), e(23, "resumed", line_closed=True))
    ways = {way.what: way for way in rest.ways}
    assert (ways["waive"].minutes, ways["waive"].end) == (180, None)
    last = rest.bags[-1]
    # 96 h is all that the product keeps at room temperature: the last bag has no hour to run on.
    assert (ways["run-on"].minutes, ways["run-on"].why_not) == (0, "limit")
    new = ways["new-bag"]
    assert (new.minutes, new.begin, new.end) == (180, last.end, last.end.add(hours=3))
    assert rest_json(rest)["ways"][0]["hours"] == "3"


def test_the_last_bag_runs_on_by_its_volume_and_its_limit() -> None:
    """3.3 mL/hour for 72 h of a bag of about 277 mL: about 9 h more, less than the 24 h to its limit."""
    case = issued_case("96h,72h")
    stop = (e(20, "interrupted", reason="technical"), e(22, "resumed", line_closed=True))
    rest = rest_at(48, *BEGIN, *stop, case=case)
    way = next(way for way in rest.ways if way.what == "run-on")
    last = rest.bags[-1]
    assert last.kind == "72h"
    assert (way.minutes, way.whole, way.now, way.begin) == (120, True, False, last.end)
    assert rest_at(48, *BEGIN, *stop, e(40, "decision", what="waive", hours="2", prescriber="P"), case=case).ways == ()


def test_an_impossible_run_on_is_refused_with_what_is_possible() -> None:
    plan = issued_case()[0]
    assert plan.bags
    bag = plan.bags[0]
    spare = magnitude(bag.total, "mL") - magnitude(bag.primed, "mL") - magnitude(bag.delivered, "mL")
    most = int(spare / magnitude(bag.rate, "mL/h") * 60)
    assert rest_at(1, *BEGIN).progress.runs_on == most
    for hours, possible in ((Decimal(most) / 60, True), (Decimal(most + 1) / 60, False)):
        if hours * 60 % 1:
            continue
        log = (*BEGIN, e(1, "decision", what="run-on", hours=str(hours), prescriber="P"))
        if possible:
            running = rest_at(1, *log).progress.running
            assert running is not None
            assert running.ledger.to_be_infused <= running.ledger.in_bag
    with pytest.raises(ImpossibleLog) as caught:
        rest_at(1, *BEGIN, e(1, "decision", what="run-on", hours="20", prescriber="P"))
    assert caught.value.reason == "runs-on-too-long"
    assert caught.value.values["most"] == f"{most // 60} h {most % 60} min"
    with pytest.raises(ImpossibleLog, match="not-running"):
        rest_at(1, BEGIN[0], e(1, "decision", what="run-on", hours="2", prescriber="P"))


def test_hours_are_written_to_the_minute() -> None:
    """47 minutes are no finite fraction of an hour."""
    for hours, minutes in (("3.7833", 227), ("3.78333333333333", 227), ("0.5", 30)):
        waived = e(5, "decision", what="waive", hours=hours, prescriber="P")
        assert rest_at(5, *BEGIN, waived).progress.waived_minutes == minutes
    for hours in ("3.78", "0.0001", "-0.0001"):
        with pytest.raises(ImpossibleLog, match="not-read"):
            rest_at(5, *BEGIN, e(5, "decision", what="waive", hours=hours, prescriber="P"))


def test_rates_found_for_the_same_time_are_refused() -> None:
    plan = issued_case()[0]
    found = {"rate_ml_per_h": "5", "from": at(plan, 1).format_iso(), "to": at(plan, 5).format_iso()}
    other = {**found, "from": at(plan, 4).format_iso(), "to": at(plan, 6).format_iso()}
    log = (*BEGIN, e(6, "rate-found", **found), e(7, "rate-found", **other))
    with pytest.raises(ImpossibleLog, match="rates-overlap"):
        rest_at(8, *log)
    right = {**e(8, "corrects", index=2), "replacement": {"event": "rate-found", **found, "to": other["from"]}}
    assert rest_at(8, *log[:3], right, log[3] | {"at": right["at"]}).progress.infused_minutes == 480


def test_more_than_the_course_is_told() -> None:
    case = issued_case("96h,72h")
    for late, tier in ((0.5, Tier.NOTE), (5, Tier.JUSTIFY)):
        rest = rest_at(700, *through(case[0], late), case=case)
        over = [each for each in rest.findings if each.code == "over"]
        assert [(each.tier, rest.progress.over_minutes) for each in over] == [(tier, round(late * 60))]
        assert "more were infused" in sentence(over[0])
    assert not rest_at(700, *through(case[0]), case=case).findings


# ---- resuming ----


def test_resuming_is_a_subtraction_and_never_full_again() -> None:
    log = (*BEGIN, e(20, "interrupted", reason="technical"))
    resume = rest_at(26, *log).resume
    assert resume is not None
    assert (resume.delivered, resume.infused, resume.left) == (Decimal("237.6"), Decimal(66), Decimal("171.6"))
    assert (resume.stopped_minutes, resume.allowed, resume.whole_allowed) == (360, True, True)
    plan = issued_case()[0]
    assert (resume.take_down, resume.sliding_take_down) == (at(plan, 72), at(plan, 78))
    assert (resume.to_be_infused, resume.sliding_to_be_infused) == (Decimal("151.8"), Decimal("171.6"))
    late = rest_at(95, *log).resume
    assert late is not None
    assert (late.allowed, late.whole_allowed, late.to_be_infused) == (True, False, 0)
    assert rest_at(97, *log).resume.allowed is False  # type: ignore[union-attr]
    assert rest_at(26, *BEGIN, e(20, "interrupted", reason="unknown")).resume is None


def test_later_changes_slide_where_that_was_chosen_and_recorded() -> None:
    stop = (*BEGIN, e(20, "interrupted", reason="technical"))
    kept = rest_at(26, *stop, e(26, "resumed", line_closed=True))
    slid = rest_at(26, *stop, e(26, "resumed", line_closed=True, sliding=True))
    running = slid.progress.running
    assert running is not None
    assert running.take_down == at(slid.plan, 78)
    assert running.ledger.to_be_infused == Decimal("171.6")
    assert [bag.start.subtract(hours=6) for bag in slid.bags] == [bag.start for bag in kept.bags[:-1]]
    assert [bag.kind for bag in kept.bags[-1:]] == ["96h@6"]
    assert slid.bags[-1].end == kept.bags[-1].end  # the stop is made up within the course, without another bag
    shown = rest_at(26, *stop, sliding=True)  # what it would be, before it is recorded
    assert [bag.start for bag in shown.bags] == [bag.start for bag in slid.bags]
    assert rest_at(26, *stop).progress.running.interrupted_since is not None  # type: ignore[union-attr]


def test_a_prepared_bag_that_cannot_wait_so_long_is_replaced_and_told() -> None:
    case = issued_case("24h", "us", more="")  # 24 h from preparation to connection
    log = (
        entry_of(case[0], -2, "prepared", session=1),
        entry_of(case[0], 0, "hung", bag=1),
        entry_of(case[0], 20, "prepared", bag=2),
        entry_of(case[0], 20, "interrupted", reason="technical"),
        entry_of(case[0], 42, "resumed", line_closed=True, sliding=True),
    )
    rest = rest_at(42, *log, case=case)
    assert [each.bags for each in rest.findings if each.code == "cannot-wait"] == [(2,)]
    assert 2 not in [bag.number for bag in rest.bags]


# ---- restarts ----


def test_a_restart_has_its_step_only_where_it_was_prescribed() -> None:
    stop = (*BEGIN, e(10, "interrupted", reason="adverse-event"), e(10, "stopped", bag=1))
    five = {"what": "restart", "dose_rate": "5", "prescriber": "P. Prescriber"}
    plan, reference = issued_case()
    third = daily_dose_of(Decimal(5), magnitude(plan.bsa.m2, "m^2"), reference)  # type: ignore[union-attr]

    rest = rest_at(30, *stop, e(30, "decision", **five))
    assert {magnitude(bag.daily_dose, "microgram/day") for bag in rest.bags} == {third}
    told = [each for each in rest.findings if each.code == "restart-dose"]
    assert [(each.tier, each.actual) for each in told] == [(Tier.NOTE, "5")]
    assert "5, then 15 after 7 days" in sentence(told[0])

    rest = rest_at(30, *stop, e(30, "decision", **five, then={"after_days": 7, "dose_rate": "15"}))
    assert "restart-dose" not in [each.code for each in rest.findings]
    step = rest.bags[0].start.add(hours=7 * 24)
    assert any(bag.end == step for bag in rest.bags)
    for bag in rest.bags:
        assert bag.end <= step or bag.start >= step
        assert magnitude(bag.daily_dose, "microgram/day") == (third if bag.end <= step else full_dose(plan))


def test_before_the_decision_the_published_way_is_told_and_not_entered() -> None:
    rest = rest_at(12, *BEGIN, e(10, "interrupted", reason="unknown"))
    told = next(each for each in rest.findings if each.code == "restart-dose")
    assert (told.tier, told.values["first"], told.values["then"], told.values["days"]) == (Tier.JUSTIFY, "5", "15", "7")
    assert "blincytohcp.com" in told.source
    assert rest.bags == ()


@pytest.mark.parametrize("then", [{"after_days": 7}, {"after_days": 0, "dose_rate": "15"}, {"dose_rate": "15"}, "15"])
def test_a_step_that_cannot_be_read_is_refused(then: Any) -> None:
    log = (*BEGIN, e(10, "interrupted", reason="unknown"))
    with pytest.raises(ImpossibleLog, match="not-read"):
        rest_at(12, *log, e(11, "decision", what="restart", dose_rate="5", prescriber="P", then=then))


def test_a_restart_above_the_published_first_dose_is_noted() -> None:
    log = (*BEGIN, e(10, "interrupted", reason="unknown"))
    rest = rest_at(11, *log, e(11, "decision", what="restart", dose_rate="15", prescriber="P"))
    told = [each for each in rest.findings if each.code == "restart-dose"]
    assert [(each.tier, each.actual) for each in told] == [(Tier.NOTE, "15")]
    assert "more than the published first dose" in sentence(told[0])


# ---- no bag beyond its hours ----


@pytest.mark.parametrize("early", [1 / 12, 1, 5, 12])
def test_a_bag_that_was_connected_early_comes_down_after_its_hours_and_the_next_follows(early: float) -> None:
    """72 h at 3.3 mL/hour are 237.6 mL, whenever it was connected."""
    plan = issued_case()[0]
    rest = rest_at(-early, e(-early - 2, "prepared", session=1), e(-early, "hung", bag=1))
    running = rest.progress.running
    assert running is not None
    assert (running.take_down, running.ledger.to_be_infused) == (at(plan, 72 - early), Decimal("237.6"))
    assert [bag.number for bag in rest.bags] == [2, 3, 4, 5, 6, 7, 8]
    assert all(one.end == other.start for one, other in zip(rest.bags, rest.bags[1:], strict=False))
    assert rest.bags[0].start == running.take_down
    log = (e(-early - 2, "prepared", session=1), e(-early, "hung", bag=1))
    log += (e(72 - early, "stopped", bag=1), e(72 - early, "hung", bag=2))
    second = rest_at(72 - early, *log).progress.running
    assert second is not None
    assert second.take_down == at(plan, 168 - early)


def test_a_bag_in_a_lost_bags_place_runs_no_longer_than_its_own_hours() -> None:
    case = issued_case("96h,72h")
    rest = rest_at(81, *BEGIN[:1], e(0, "hung", bag=1), e(80, "lost", bag=1), e(80, "hung", bag=2), case=case)
    running = rest.progress.running
    assert running is not None
    assert (running.take_down, running.ledger.to_be_infused) == (at(case[0], 152), Decimal("234.3"))


def test_a_bag_out_of_the_refrigerator_early_runs_shorter_and_is_not_replaced() -> None:
    case = issued_case("96h")
    rest = rest_at(95, *BEGIN, e(94, "out-of-fridge", bag=2), case=case)
    bag = rest.bags[0]
    assert (bag.number, bag.start, bag.end) == (2, at(case[0], 96), at(case[0], 190))
    told = {each.code: each for each in rest.findings}
    assert (told["shortened"].bags, told["shortened"].actual) == ((2,), "2 h")
    assert not {"cannot-wait", "past-limit"} & set(told)
    log = (*BEGIN, e(94, "out-of-fridge", bag=2), e(96, "stopped", bag=1), e(96, "hung", bag=2))
    down = rest_at(190, *log, e(190, "stopped", bag=2), case=case)
    assert "past-limit" not in {each.code for each in down.findings}


def test_a_stop_of_four_hours_that_is_to_come_is_asked_about() -> None:
    """Changes on Friday evening; the unit opens on Monday."""
    case = issued_case("96h", start="2026-11-23T18:00")
    log = [entry_of(case[0], *each[:2], **each[2]) for each in (
        (-10, "prepared", {"session": 1}), (0, "hung", {"bag": 1}), (95, "lost", {"bag": 2}),
    )]  # fmt: skip
    rest = rest_at(95, *log, case=case)
    told = [each for each in rest.findings if each.code == "interrupted-4h"]
    assert [(each.tier, each.actual) for each in told] == [(Tier.JUSTIFY, "64 h")]
    assert "will stand still" in sentence(told[0])


def test_the_bag_that_hangs_comes_down_when_nothing_is_due_any_more() -> None:
    plan = issued_case()[0]
    log = [each for each in through(plan) if each["at"] < at(plan, 672).format_iso()]
    waived = e(664, "decision", what="waive", hours="8", prescriber="P")
    running = rest_at(664, *log, waived).progress.running
    assert running is not None
    assert (running.take_down, running.ledger.to_be_infused) == (at(plan, 664), 0)


def test_a_new_bag_has_the_hours_that_were_decided() -> None:
    log = (*BEGIN, e(20, "interrupted", reason="technical"), e(23, "resumed", line_closed=True))
    rest = rest_at(30, *log, e(30, "decision", what="new-bag", hours="2"))
    assert rest.bags[-1].kind == "96h@2"
    assert [each.actual for each in rest.findings if each.code == "still-due"] == ["1 h"]
    for hours, reason in (("0", "not-read"), ("700", "waives-too-much")):
        with pytest.raises(ImpossibleLog, match=reason):
            rest_at(30, *log, e(30, "decision", what="new-bag", hours=hours))


def test_a_bag_of_another_dose_by_the_time_it_would_run_is_not_laid_out() -> None:
    """Lowered to 5 after a week; the bag before runs on past that moment, so that a bag of 15 is of no use any more."""
    case = issued_case("96h,72h")
    lower = {"what": "restart", "prescriber": "P", "dose_rate": "15", "then": {"after_days": 7, "dose_rate": "5"}}
    log = [*BEGIN, e(1, "interrupted", reason="adverse-event"), e(2, "decision", **lower)]
    log += [e(2, "resumed", line_closed=True), e(96, "stopped", bag=1), e(96, "hung", bag=2)]
    as_planned = rest_at(166, *log, case=case)  # made before bag 2 comes down at 168 h, lowered from 170 h on
    assert (as_planned.bags[0].number, as_planned.bags[0].end) == (3, at(case[0], 170))
    rest = rest_at(166, *log, e(166, "decision", what="run-on", hours="3", prescriber="P"), case=case)
    first = rest.bags[0]
    assert first.number not in rest.progress.made
    assert first.start == at(case[0], 171)
    assert abs(magnitude(first.daily_dose, "microgram/day") * 3 - full_dose(case[0])) < Decimal("1e-9")
    assert 3 in rest.progress.usable, "it is not wasted yet: a prescriber may raise the dose again"


def test_a_dose_too_small_for_any_syringe_leaves_no_bag_and_says_why() -> None:
    restart = e(12, "decision", what="restart", dose_rate="0.4", prescriber="P")
    rest = rest_at(20, *BEGIN, e(10, "interrupted", reason="adverse-event"), e(11, "stopped", bag=1), restart)
    assert (rest.bags, rest.sessions) == ((), ())
    small = [each for each in rest.findings if each.code == "drug-volume-small"]
    assert {each.tier for each in small} == {Tier.REFUSE}
    assert {each.values["kind"] for each in small} == {"72h", "96h"}
    assert [each.actual for each in rest.findings if each.code == "still-due"] == ["662 h"]
    # And none is promised by deciding on a new one: only a prescriber can help, by a waiver or another dose.
    assert [way_words(way, "Europe/Amsterdam") for way in rest.ways][1:] == [
        "Running on is not possible: no bag hangs or is to come.",
        "A new bag is not possible: none can be made for this dose.",
    ]
    decided = e(20, "decision", what="new-bag", hours="24")
    log = (*BEGIN, e(10, "interrupted", reason="adverse-event"), e(11, "stopped", bag=1), restart, decided)
    assert rest_at(20, *log).bags == ()


def test_the_next_bag_that_may_still_be_connected_stands_in_for_a_lost_one() -> None:
    """Over a weekend: bag 5 is out since 40 h and may be hung until 132 h, bag 3 comes down at 144 h."""
    case = issued_case("48h")
    log = [e(-2, "prepared", session=1), *(e(-1, "prepared", bag=number) for number in range(3, 7))]
    log += [e(0, "hung", bag=1), e(40, "out-of-fridge", bag=5), e(48, "stopped", bag=1), e(48, "hung", bag=2)]
    log += [e(96, "stopped", bag=2), e(96, "hung", bag=3), e(97, "lost", bag=4)]
    rest = rest_at(99, *log, case=case)
    assert rest.progress.usable == (5, 6)
    assert (rest.bags[0].number, rest.bags[0].start, rest.bags[0].session) == (6, at(case[0], 144), 0)
    cool = [each for each in log if each["event"] != "out-of-fridge"]
    assert rest_at(99, *cool, case=case).bags[0].number == 5


def test_nothing_is_laid_out_where_the_unit_opens_no_more() -> None:
    first = Instant.from_utc(2026, 11, 24, 12)
    days = ", ".join(f'"{first.add(hours=24 * day).format_iso()[:10]}"' for day in range(120))
    case = issued_case(more=f"{LONG}closed = [{days}]\n")
    rest = rest_at(73, *BEGIN, e(72, "stopped", bag=1), case=case)
    assert rest.bags == ()
    assert [each.actual for each in rest.findings if each.code == "still-due"] == ["600 h"]
    assert {way.what: way.why_not for way in rest.ways} == {"waive": "", "run-on": "no-bag", "new-bag": "no-session"}


def test_a_bag_that_was_taken_out_when_it_is_due_runs_its_whole_time() -> None:
    """96 h is all that it keeps at room temperature, and just what it is to run."""
    case = issued_case("96h")
    log = [*BEGIN, e(96, "out-of-fridge", bag=2), e(96, "stopped", bag=1)]
    rest = rest_at(96, *log, case=case)
    assert (rest.bags[0].number, rest.bags[0].end) == (2, at(case[0], 192))
    assert rest.bags[0].end == rest.bags[0].down_by
    assert not [each for each in rest.findings if each.code == "shortened"]
    an_hour_before = [*BEGIN, e(95, "out-of-fridge", bag=2), e(96, "stopped", bag=1)]
    told = [each for each in rest_at(96, *an_hour_before, case=case).findings if each.code == "shortened"]
    assert [(each.actual, each.bags) for each in told] == [("1 h", (2,))]


def test_nothing_is_resumed_that_runs() -> None:
    stop = e(10, "interrupted", reason="technical")
    assert rest_json(rest_at(-1, BEGIN[0]))["running_bag"] is None
    stands = rest_json(rest_at(11, *BEGIN, stop))["resume"]
    assert (stands["bag"], stands["infused_ml"]) == (1, "33")  # ten hours at 3.3 mL/hour
    assert "resume" not in rest_json(rest_at(10, *BEGIN))
    assert rest_at(12, *BEGIN, stop, e(11, "resumed", line_closed=True)).resume is None
    for hours in (10, 12):  # asked as if it were resumed with later changes moved, there is nothing to move
        plain = rest_at(hours, *BEGIN)
        assert rest_at(hours, *BEGIN, sliding=True).bags == plain.bags


def test_a_session_to_be_held_as_planned_keeps_its_number() -> None:
    rest = rest_at(30, *BEGIN)
    planned = {session.number: (session.at, session.bags) for session in rest.plan.sessions or ()}
    assert rest.sessions
    assert all(planned.get(each.number) in {None, (each.at, each.bags)} for each in rest.sessions)
    as_planned = [each for each in rest.sessions if (each.at, each.bags) in planned.values()]
    assert all(each.number in planned for each in as_planned)
    assert as_planned


# ---- a new weight ----


def test_a_new_weight_changes_nothing_and_says_what_it_would_give() -> None:
    plain, weighed = rest_at(48, *BEGIN), rest_at(48, *BEGIN, e(40, "measured", weight_kg="6.6", length_cm="64"))
    assert plain.new_weight is None
    assert weighed.bags == plain.bags
    new = weighed.new_weight
    assert new is not None
    # Mosteller: the square root of 6.6 · 64 / 3600 is 0.342540 m², 15 times that 5.13809 micrograms a day.
    assert abs(new.area - Decimal("0.342539535")) < Decimal("1e-8")
    assert abs(new.would_give - Decimal("5.138093")) < Decimal("1e-5")
    assert new.ordered == full_dose(plain.plan)
    assert abs(new.percent - Decimal("1.790")) < Decimal("0.01")
    assert new.tell is False
    lost = rest_at(48, *BEGIN, e(40, "measured", weight_kg="6.0")).new_weight
    assert lost is not None
    assert (lost.tell, lost.length_measured) == (True, False)  # 6.5 % less
    assert rest_json(weighed)["new_weight"]["tell"] is False
    # A move in weight-for-age is judged within 28 days; after 29 the new weight is told by its loss alone.
    stop = e(20, "interrupted", reason="technical")
    for hours, moved in ((680, True), (700, False)):
        late = rest_at(700, *BEGIN, stop, e(hours, "measured", weight_kg="7.5")).new_weight
        assert late is not None
        assert ((late.z_moved is not None), late.tell) == (moved, moved)


# ---- revisions ----


def test_the_rest_becomes_a_revision_that_the_next_rest_follows_from() -> None:
    plan, reference = issued_case()
    log = [e(-190, "issued", revision=1), *BEGIN]
    log += [e(20, "interrupted", reason="technical"), e(26, "resumed", line_closed=True), e(27, "lost", bag=2)]
    rest = rest_at(30, *log)
    now = at(plan, 30)
    second = revision_of(rest, "C. Third", "B. Second", now, reference, [plan])
    assert second.issue is not None
    assert read_issued(json.loads(json.dumps(second.as_json()))) == second
    assert (second.issue.revision, second.issue.kept) == (2, (1,))
    assert {(each.revision, each.number) for each in second.issue.superseded} == {(1, n) for n in range(2, 9)}
    assert [bag.number for bag in second.bags or ()][:2] == [1, rest.bags[0].number]

    following = rest_at(30, *log, e(30, "issued", revision=2), plans=[plan, second])
    assert [(bag.number, bag.start, bag.end) for bag in following.bags] == [
        (bag.number, bag.start, bag.end) for bag in rest.bags
    ]
    assert not any(each.holds_back or each.code == "issued-differs" for each in following.findings)
    # The reason that the revision was issued with stands for the same stop, and for no other.
    again = replan([plan, second], [*log, e(30, "issued", revision=2)], now, reference, {})
    assert [each.reason for each in again.findings if each.code == "interrupted-4h"] == ["seen"]
    # Without its entry in the log a revision holds from when it was issued, and not before.
    assert rest_at(30, *log, plans=[plan, second]).plan is second
    assert rest_at(29, *log, plans=[plan, second]).plan is plan
    waived = e(31, "decision", what="waive", hours="2", prescriber="P")
    assert (
        rest_at(31, *log, waived, plans=[plan, second]).bags
        == rest_at(31, *log, e(30, "issued", revision=2), waived, plans=[plan, second]).bags
    )
    with pytest.raises(ImpossibleLog, match="other-revision"):
        rest_at(31, *log, e(30, "issued", revision=2), e(31, "issued", revision=1), plans=[plan, second])


def test_no_paper_is_made_again_for_a_bag_that_is_made() -> None:
    plan, reference = issued_case()
    rest = rest_at(30, *BEGIN, e(20, "interrupted", reason="technical"), e(26, "resumed", line_closed=True))
    second = revision_of(rest, "C. Third", "B. Second", at(plan, 30), reference, [plan])
    made_anew = {bag.number for bag in rest.bags if bag.session}
    assert second.issue is not None
    assert set(second.issue.kept or ()) == {bag.number for bag in second.bags or ()} - made_anew
    assert superseded_bags(plan, [second]) == {bag.number for bag in plan.bags or ()} - set(second.issue.kept or ())
    sheets = {paper.key for paper in final_sheaf(second, [], reference).papers if paper.key.startswith("worksheet")}
    assert sheets == {f"worksheet-session-{session.number}" for session in rest.sessions}


def test_a_superseded_bag_is_unusable_and_its_number_is_the_new_bag() -> None:
    plan, reference = issued_case()
    earlier = [*BEGIN, e(5, "interrupted", reason="adverse-event"), e(5, "stopped", bag=1)]
    earlier.append(e(6, "decision", what="restart", dose_rate="5", prescriber="P. Prescriber"))
    rest = rest_at(6, *earlier)
    second = revision_of(rest, "C. Third", "B. Second", at(plan, 6), reference, [plan])
    log = [*earlier, e(6, "issued", revision=2)]
    progress = rest_at(6, *log, plans=[plan, second]).progress
    assert ("superseded", 1) in {(each.reason, each.revision) for each in progress.unusable}
    assert progress.usable == ()
    with pytest.raises(ImpossibleLog, match="never-prepared"):
        rest_at(7, *log, e(7, "hung", bag=rest.bags[0].number), plans=[plan, second])
    assert second.daily_dose is not None
    assert magnitude(second.daily_dose.dose_rate, "microgram/m^2/day") == 5
    # The bags of the revision are of the dose that was prescribed.
    session = next(each for each in second.sessions or () if rest.bags[0].number in each.bags)
    go_on = [*log, e(20, "prepared", session=session.number), e(30, "hung", bag=rest.bags[0].number)]
    assert rest_at(31, *go_on, plans=[plan, second]).progress.running.other_dose is False  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("names", "reason"),
    [(("C. Third", "c. third"), "checker-issues"), (("", "B"), "no-name"), (("C", " "), "no-name")],
)
def test_two_names_stand_for_a_revision(names: tuple[str, str], reason: str) -> None:
    plan, reference = issued_case()
    rest = rest_at(30, *BEGIN)
    with pytest.raises(NotIssued, match=reason):
        revision_of(rest, *names, at(plan, 30), reference, [plan])


def test_what_wants_a_reason_is_not_issued() -> None:
    plan, reference = issued_case()
    log = [*BEGIN, e(20, "interrupted", reason="technical"), e(26, "resumed", line_closed=True)]
    rest = replan([plan], log, at(plan, 30), reference, {})
    with pytest.raises(NotIssued, match="wants-reason"):
        revision_of(rest, "C", "B", at(plan, 30), reference, [plan])
    done = rest_at(700, *through(plan))
    with pytest.raises(NotIssued, match="nothing-to-come"):
        revision_of(done, "C", "B", at(plan, 700), reference, [plan])
    rest = rest_at(30, *log)
    for earlier in ([], [plan.model_copy(update={"issue": None})]):
        with pytest.raises(NotIssued, match="no-issue"):
            revision_of(rest, "C", "B", at(plan, 30), reference, earlier)
    nobody = replace(reference, site=reference.site.model_copy(update={"approval": ()}))
    with pytest.raises(NotIssued, match="lacks"):
        revision_of(rest, "C", "B", at(plan, 30), nobody, [plan])


def test_a_revision_of_the_rest_differs_by_the_bags_that_would_be_made_otherwise_today() -> None:
    plan, reference = issued_case()
    rest = rest_at(30, *BEGIN, e(20, "interrupted", reason="technical"), e(26, "resumed", line_closed=True))
    second = revision_of(rest, "C. Third", "B. Second", at(plan, 30), reference, [plan])
    assert differs(second, reference) is None
    slower = load_product(product_file("eu", ('"3.3 mL/h"', '"3.2 mL/h"')))
    found = differs(second, replace(reference, product=slower))
    assert found is not None
    assert second.issue is not None
    anew = [bag for bag in second.bags or () if bag.number not in (second.issue.kept or ())]
    assert found.actual == ", ".join(f"bag {bag.number}" for bag in anew if bag.kind.startswith("72h"))
    assert "72h" in {bag.kind[:3] for bag in second.bags or () if bag.number in (second.issue.kept or ())}


def test_a_new_plan_from_a_bag_on_has_the_same_bags_before_it() -> None:
    first, reference = issued_case()
    other = issued_case("96h,72h")[0].model_copy(update={"issue": None})
    same = first.model_copy(update={"issue": None})
    now = at(first, 10)

    def issued(plan: Plan, from_bag: int, hung: tuple[int, ...] = ()) -> Plan:
        check = Check(entered_by="A", checked_by="B. Second", at=now, of=fingerprint(plan))
        return issue(plan, check, "C. Third", now, reference, [first], from_bag, hung)

    assert issued(same, 3, (1, 2)).issue.revision == 2  # type: ignore[union-attr]
    assert issued(other, 1).issue.revision == 2  # type: ignore[union-attr]
    for plan, from_bag, hung, reason in (
        (other, 2, (1,), "other-bags-before"),
        (same, 2, (1, 2), "hung-already"),
        (same, 30, (), "unknown-bag"),
    ):
        with pytest.raises(NotIssued, match=reason):
            issued(plan, from_bag, hung)


# ---- closing ----


def test_a_course_closes_with_its_figures_when_nothing_is_due() -> None:
    plan, reference = issued_case("72h,96h", more=LONG)
    log = through(plan)
    rest = rest_at(673, *log)
    found = closing(rest, reference)
    assert (found.infused_minutes, found.waived_minutes, found.over_minutes) == (672 * 60, 0, 0)
    assert plan.totals
    assert (found.vials, found.bags, found.sessions) == (plan.totals.vials, plan.totals.bags, plan.totals.sessions)
    assert abs(found.given_micrograms / 28 / full_dose(plan) - 1) < Decimal("0.025")
    assert found.destroyed == ()
    assert {"A. First", "B. Second", "C. Third", "N. Nurse"} == set(found.names)
    for hours, cut, reason in ((-1, 0, "not-begun"), (672, len(log) - 1, "bag-hangs"), (100, 3, "still-due")):
        with pytest.raises(NotFinished, match=reason):
            closing(
                rest_at(hours, *[each for each in log[:cut] if each["at"] <= at(plan, hours).format_iso()]), reference
            )


def test_bags_that_were_made_and_not_used_are_told_when_it_closes() -> None:
    plan, reference = issued_case()
    log = [each for each in through(plan) if each.get("bag") != 8]
    waived = e(601, "decision", what="waive", hours="96", prescriber="P. Prescriber")
    found = closing(rest_at(601, *log, waived), reference)
    assert [(each.number, each.reason) for each in found.destroyed] == [(8, "not-needed")]
    assert found.waived_minutes == 96 * 60
    assert "P. Prescriber" in found.names
