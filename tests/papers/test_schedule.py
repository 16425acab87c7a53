"""The schedule and the downtime sheet: every number is the plan's, and one is a single page for any course."""

import re
from decimal import Decimal
from functools import cache
from itertools import pairwise

import pytest
from course_papers import ZONES, in_zone, issued, long_course, own_standing, under_way
from paper_cases import CASES, DRAFT, FINAL, case, changed, named, pages, places, printable, text

from dosing_app.core.quantities import magnitude
from dosing_app.course.plan import Bag, Plan
from dosing_app.course.replan import replan
from dosing_app.papers.changes import changes
from dosing_app.papers.downtime import downtime
from dosing_app.papers.pdf import draw
from dosing_app.papers.schedule import schedule
from dosing_app.papers.sheaf import draft_sheaf, final_sheaf, text_of
from dosing_app.reference.bundle import Reference
from dosing_app.wording.bedside_text import change_checks

STAMP = r"[A-Z][a-z]{2} \d{2}-[A-Z][a-z]{2}-\d{4} \d{2}:\d{2} \(UTC[+-]\d{2}:\d{2}\)"
BELOW_PAGE = 0.5


@cache
def drawn(name: str) -> tuple[bytes, bytes]:
    plan, reference = case(name)
    return draw(schedule(plan, FINAL, reference)), draw(downtime(plan, FINAL, reference))


def figure(value: Decimal) -> str:
    return f"{value.normalize():f}"


def stamp(bag: Bag, plan: Plan, moment: str) -> str:
    """By whenever itself, not by the wording of the program."""
    assert plan.order is not None
    at = getattr(bag, moment).to_tz(plan.order.zone)
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][at.date().day_of_week().value - 1]
    iso = at.format_iso()
    return f"{weekday} {at.day:02}-{months[at.month - 1]}-{at.year} {iso[11:16]} (UTC{iso[19:25]})"


def row_of(bag: Bag, found: str) -> str:
    """The text of a bag's row in the schedule."""
    return found.split(f"Connect bag {bag.number} of {bag.of} ")[1].split("Connect bag", maxsplit=1)[0]


@pytest.mark.parametrize("name", CASES)
def test_each_row_holds_the_plan_s_figures(name: str) -> None:
    plan, _reference = case(name)
    found = text(drawn(name)[0])
    for bag in plan.bags or ():
        row = row_of(bag, found)
        assert re.search(rf"\b{re.escape(figure(magnitude(bag.rate, 'mL/h')))} mL/hour\b", row)
        assert f" {figure(magnitude(bag.delivered, 'mL'))} mL " in row
        start_by, down_by = stamp(bag, plan, "start_by"), stamp(bag, plan, "down_by")
        assert row.index(start_by) < row.index(down_by) if start_by != down_by else row.count(start_by) == 2
        assert stamp(bag, plan, "start") in found
    assert stamp((plan.bags or ())[-1], plan, "end") in found


@pytest.mark.parametrize("name", CASES)
def test_the_downtime_sheet_holds_the_same_figures_on_one_page(name: str) -> None:
    plan, _reference = case(name)
    paper = drawn(name)[1]
    assert len(pages(paper)) == 1
    found = text(paper)
    for bag in plan.bags or ():
        row = found.split(f"Bag {bag.number} of {bag.of} ")[1].split(f"Bag {bag.number + 1} of")[0]
        assert f"{figure(magnitude(bag.rate, 'mL/h'))} mL/hour {figure(magnitude(bag.delivered, 'mL'))} mL" in row
        assert [stamp(bag, plan, part) for part in ("start", "start_by", "down_by")] == [
            each for each in re.findall(f"(?:by the old clock )?{STAMP}", row) if not each.startswith("by")
        ][:3]
    assert stamp((plan.bags or ())[-1], plan, "end") in found


@pytest.mark.parametrize("name", CASES)
def test_rates_stand_in_ml_per_hour_alone_and_no_volume_by_the_day(name: str) -> None:
    plan, _reference = case(name)
    rates = {figure(magnitude(bag.rate, "mL/h")) for bag in plan.bags or ()}
    for paper in drawn(name):
        found = text(paper)
        assert set(re.findall(r"([\d.]+) mL/hour", found)) == rates
        assert not re.findall(r"mL (?:per|a|in a|in) |per (?:24|day of)|/day|mL per kg", found)
        assert len(re.findall(r"per day", found)) == 1  # the daily dose in the head
        assert not re.findall(r"(?<![\d.])\d+\.\d*0(?![\d.])", found), "trailing zero"


@pytest.mark.parametrize("name", CASES)
def test_rate_changes_are_in_words(name: str) -> None:
    plan, _reference = case(name)
    bags = plan.bags or ()
    wanted = [
        f"RATE CHANGES: was {figure(magnitude(before.rate, 'mL/h'))}, now {figure(magnitude(bag.rate, 'mL/h'))} mL/hour"
        for before, bag in pairwise(bags)
        if before.rate != bag.rate
    ]
    for paper in drawn(name):
        assert re.findall(r"RATE CHANGES: was [\d.]+, now [\d.]+ mL/hour", text(paper)) == wanted
    assert wanted or name not in {"eu-rates", "eu-clock"}


@pytest.mark.parametrize("name", CASES)
def test_off_hours_is_a_word_at_the_plan_s_changes(name: str) -> None:
    plan, _reference = case(name)
    assert plan.totals is not None
    for paper in drawn(name):
        assert text(paper).count("OFF HOURS") == plan.totals.off_hours_changes
    (off,) = [each for each in plan.findings if each.code == "off-hours"] or [None]
    assert (off is None) is (plan.totals.off_hours_changes == 0)


def test_days_are_numbered_both_ways() -> None:
    plan, reference = printable(case="A-17", start="2026-11-23T11:00")
    found = text(draw(schedule(plan, FINAL, reference)))
    assert (
        "672 h of infusion: day 1 begins Mon 23-Nov-2026 11:00 (UTC+01:00), "
        "and it ends on day 29, Mon 21-Dec-2026 11:00 (UTC+01:00)." in found
    )
    assert [int(day) for day in re.findall(r"Day (\d+)", found)] == [1, 5, 9, 13, 17, 21, 25, 29]
    assert [each.day for each in changes(plan, None, reference)] == [1, 5, 9, 13, 17, 21, 25, 29]


@pytest.mark.parametrize("zone", ZONES)
def test_both_wall_clocks_stand_where_the_clock_changes(zone: str) -> None:
    plan, reference = in_zone(zone)
    for paper in (draw(schedule(plan, FINAL, reference)), draw(downtime(plan, FINAL, reference))):
        found = text(paper)
        old = re.findall(f"by the old clock ({STAMP})", found)
        assert bool(old) is (zone != "Asia/Kathmandu")
        offsets = {each[-7:-1] for each in re.findall(STAMP, found)}
        assert offsets >= {bag.start_local[19:25] for bag in plan.bags or ()}
        for each in old:
            assert each in found


def test_the_ends_of_a_bag_across_the_change_by_both_clocks() -> None:
    plan, _reference = case("eu-clock")
    found = text(drawn("eu-clock")[0])
    assert "Mon 29-Mar-2027 15:00 (UTC+02:00) Day 15 by the old clock Mon 29-Mar-2027 14:00 (UTC+01:00)" in found
    assert (plan.bags or ())[4].start.format_iso() == "2027-03-29T13:00:00Z"


def test_signatures_and_checks() -> None:
    found = text(drawn("eu-early")[0])
    for words in ("Really at", "Rate read back", "First name", "Second name", *change_checks(last=False)):
        assert words in found
    for words in change_checks(last=True):
        assert words in found


@pytest.mark.parametrize("name", CASES)
def test_the_header_row_stands_on_each_page_with_rows_and_nothing_lies_beyond(name: str) -> None:
    paper = drawn(name)[0]
    for page in pages(paper):
        if "Connect bag" in page or "Take down bag" in page:
            assert "Do not connect after" in " ".join(page.split())
    for both in drawn(name):
        for (width, height), boxes in places(both):
            assert (width > height) is (both is paper)
            for left, bottom, right, top in boxes:
                assert min(left, bottom) >= -BELOW_PAGE
                assert right <= width + BELOW_PAGE
                assert top <= height + BELOW_PAGE


# ---- the downtime sheet ----


@pytest.mark.parametrize("name", ["", "W" * 60, '#read("x") *a* \\ "q"'])
def test_28_bags_with_a_clock_change_stand_on_one_page_with_room_to_write(name: str) -> None:
    plan, reference = long_course()
    paper = draw(downtime(named(plan, name), FINAL, reference))
    assert len(pages(paper)) == 1
    found = text(paper)
    assert "do not fit" not in found
    assert all(f"Bag {number} of 28 " in found for number in range(1, 29))
    ((_size, boxes),) = places(paper)
    small = sorted(box[3] - box[1] for box in boxes)[len(boxes) // 2]
    assert small > 2.5  # half of the signs at least as high as an x of 5.5 pt


def test_one_bag_and_far_too_many_are_on_one_page_too() -> None:
    plan, reference = case("us-made-up")
    single = changed(plan, lambda content: content.update(bags=content["bags"][:1], sessions=content["sessions"][:1]))
    assert len(pages(draw(downtime(single, FINAL, reference)))) == 1
    many, reference = printable(case="A-17", pattern="24h@12", weight="8.6 kg", length="71 cm")
    paper = draw(downtime(many, FINAL, reference))
    assert len(pages(paper)) == 1
    found = text(paper)
    (first,) = re.findall(r"Bag (\d+) of 56 and what comes after it do not fit here", found)
    assert f"Bag {int(first) - 1} of 56 " in found
    assert int(first) > 28


def test_what_to_do_at_a_stop_and_whom_to_call() -> None:
    plan, reference = case("eu-early")
    found = text(drawn("eu-early")[1])
    assert "Pharmacy, on call 020 111 22 33" in found
    assert reference.limits.shown("long_gap_h") in found
    assert "4 h or more: do not resume before the prescriber has decided" in found
    assert "For technical stops it is judgement" in found
    for words in ("Line opened", "never with the full volume again", "planned", "at most still to be infused"):
        assert words in found
    for words in ("When the program runs again", "marked as entered late", "Infused by the pump", "Second name"):
        assert words in found
    longer = reference.site.model_copy(update={"make_up_from_h": Decimal(6), "phone": ""})
    other = Reference(**{**{name: getattr(reference, name) for name in reference.__slots__}, "site": longer})
    found = text(draw(downtime(plan, FINAL, other)))
    assert "less than 6 h are not" in found
    assert "Pharmacy, on call" in found


# ---- drafts, revisions, what happened ----


def test_a_draft_says_so_on_each_page() -> None:
    plan, reference = long_course()
    for document in (schedule(plan, DRAFT, reference), downtime(plan, DRAFT, reference)):
        for page in pages(draw(document)):
            assert "DRAFT" in page
            assert "Revision" not in page
            assert plan.check_code is not None
            assert plan.check_code not in "".join(page.split())


def test_a_later_revision_shows_the_whole_course_and_its_first_bag() -> None:
    plan, reference = case("eu-early")
    later = issued(plan, revision=2, from_bag=4)
    for compose in (schedule, downtime):
        found = text(draw(compose(later, own_standing(later), reference)))
        assert "This revision stands for the bags from 4 on" in found
        assert "1 of 8" in found
        assert "8 of 8" in found


def test_bags_that_may_hang_for_different_times_have_them_on_their_labels() -> None:
    """A 7-day bag may hang for 168 h, one of 48 h for 48 h: the sheet names neither for both."""
    plan, reference = printable("preserved_bags = true", product="us", pattern="168h,48h")
    for compose in (schedule, downtime):
        found = text(draw(compose(plan, FINAL, reference)))
        assert "by as many hours after it was really connected as its label says" in found
    alike, reference = case("us-48h")
    assert "or by 48 h after it was really connected" in text(draw(schedule(alike, FINAL, reference)))


def test_a_course_that_was_waived_before_it_began_has_no_changes() -> None:
    plan, reference = case("eu-early")
    assert plan.bags
    assert plan.sessions
    log = [
        {"at": plan.sessions[0].at.format_iso(), "event": "prepared", "session": 1},
        {"at": plan.sessions[0].at.add(hours=1).format_iso(), "event": "decision", "what": "waive", "hours": "672"},
    ]
    log[1]["prescriber"] = "P. Prescriber"
    rest = replan([plan], log, plan.bags[0].start, reference, {})
    assert changes(plan, rest, reference) == ()
    for compose in (schedule, downtime):
        found = text(draw(compose(plan, FINAL, reference, rest)))
        assert "Do not connect bag 1: not needed" in found
        assert "Connect bag" not in found
        assert "day 1 begins" not in found


def test_only_the_newest_revision_has_a_schedule() -> None:
    plan, reference = case("eu-early")
    first, second = issued(plan), issued(plan, revision=2, from_bag=8)
    for key in ("schedule", "downtime"):
        assert final_sheaf(first, (), reference).paper(key) is not None
        assert final_sheaf(first, (second,), reference).paper(key) is None
        assert final_sheaf(second, (), reference).paper(key) is not None
    assert any("later revision" in words for words in final_sheaf(first, (second,), reference).refused)


def test_planned_and_actual_stand_side_by_side() -> None:
    plan, reference, rest = under_way()
    found = text(draw(schedule(plan, FINAL, reference, rest)))
    assert "connected Mon 15-Mar-2027 14:05 (UTC+01:00)" in found
    assert "down Thu 18-Mar-2027 14:02 (UTC+01:00) connected Thu 18-Mar-2027 14:09 (UTC+01:00)" in found
    assert "Do not connect bag 3: lost." in found
    assert "Mon 22-Mar-2027 14:00 (UTC+01:00) Day 8 Take down bag 2 Mon 22-Mar-2027 14:30" in found  # nothing hangs
    assert "Mon 22-Mar-2027 14:09" in found  # 96 h after it really was connected
    new = [bag for bag in rest.bags if bag.number > 8]
    assert found.count("not issued yet: a draft") == len(new) > 0
    for bag in rest.bags:
        assert f"{figure(magnitude(bag.delivered, 'mL'))} mL" in row_of(bag, found)


def test_a_downtime_sheet_under_way_begins_with_the_bag_that_hangs() -> None:
    plan, reference, rest = under_way()
    paper = draw(downtime(plan, FINAL, reference, rest))
    assert len(pages(paper)) == 1
    found = text(paper)
    assert "Bag 1 of 8 " not in found
    assert "Bag 2 of 8 " in found
    assert "Do not connect bag 3: lost." in found


def test_the_window_offers_both_and_reads_them_aloud() -> None:
    plan, reference = case("eu-early")
    final = issued(plan)
    for sheaf in (draft_sheaf(plan, None, reference), final_sheaf(final, (), reference)):
        for key in ("schedule", "downtime"):
            paper = sheaf.paper(key)
            assert paper is not None
            spoken = text_of(paper.compose(1))
            assert "2.5\u00a0mL/hour" in spoken
            assert "False" not in spoken
