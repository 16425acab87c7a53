"""The calendar, read back by its library and by a reader of its own: the plan's instants, and one identity for each."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import icalendar
import pytest
from course_papers import ZONES, in_zone, issued, own_standing
from paper_cases import DRAFT, case, named
from whenever import Instant

from dosing_app.course.plan import Plan, Superseded
from dosing_app.papers.calendar import calendar, course_identity
from dosing_app.papers.standing import NotPrintable
from dosing_app.reference.bundle import Reference

ESCAPED = re.compile(r"\\(.)")


def made(plan: Plan, reference: Reference) -> bytes:
    return calendar(plan, own_standing(plan), reference)


def lines_of(data: bytes) -> list[tuple[str, str]]:
    """RFC 5545 section 3.1, by itself: lines end with CR LF, one that begins with a blank goes on; name and value."""
    text = data.decode()
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.endswith("\r\n")
    lines = [line for line in re.sub("\r\n[ \t]", "", text).split("\r\n") if line]
    pairs = [line.partition(":")[::2] for line in lines]
    return [(name, ESCAPED.sub(lambda sign: "\n" if sign[1] in "nN" else sign[1], value)) for name, value in pairs]


def parts(data: bytes, kind: str) -> list[dict[str, str]]:
    """The components of a kind, by that reader; parameters are not used by our files."""
    found: list[dict[str, str]] = []
    inside = False
    for name, value in lines_of(data):
        if (name, value) == ("BEGIN", kind):
            inside = True
            found.append({})
        elif (name, value) == ("END", kind):
            inside = False
        elif inside:
            assert name not in found[-1]
            found[-1][name] = value
    return found


def clock(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def utc(text: str) -> Instant:
    return Instant.from_timestamp(int(clock(text).timestamp()))


def wanted(plan: Plan) -> list[Instant]:
    bags = plan.bags or ()
    return [*(bag.start for bag in bags), bags[-1].end]


@pytest.mark.parametrize("zone", ZONES)
def test_both_readers_find_the_plan_s_instants(zone: str) -> None:
    plan, reference = in_zone(zone)
    data = made(issued(plan), reference)
    assert [utc(event["DTSTART"]) for event in parts(data, "VEVENT")] == wanted(plan)
    by_library = [event.decoded("dtstart") for event in icalendar.Calendar.from_ical(data).walk("VEVENT")]
    assert [Instant.from_timestamp(int(at.timestamp())) for at in by_library] == wanted(plan)
    assert all(at.utcoffset() == timedelta(0) for at in by_library)


@pytest.mark.parametrize("zone", ZONES)
def test_the_zone_data_leads_from_utc_to_the_wall_clock_of_the_text(zone: str) -> None:
    plan, reference = in_zone(zone)
    data = made(issued(plan), reference)
    assert dict(lines_of(data))["X-WR-TIMEZONE"] == zone
    changes = sorted(
        (clock(f"{each['DTSTART']}Z") - offset(each["TZOFFSETFROM"]), offset(each["TZOFFSETTO"]))
        for kind in ("STANDARD", "DAYLIGHT")
        for each in parts(data, kind)
    )
    assert len(changes) - 1 == len(plan.clock_changes or ())
    assert (len(changes) > 1) is (zone != "Asia/Kathmandu")
    events = parts(data, "VEVENT")
    for event, moment in zip(events, wanted(plan), strict=True):
        at = clock(event["DTSTART"])
        off = [each for since, each in changes if since <= at][-1]
        assert (at + off).replace(tzinfo=None) == moment.to_tz(zone).to_plain().to_stdlib()
        assert f"{at + off:%d-%b-%Y %H:%M} (UTC{moment.to_tz(zone).format_iso()[19:25]})" in event["DESCRIPTION"]


def offset(text: str) -> timedelta:
    sign = -1 if text.startswith("-") else 1
    return sign * timedelta(hours=int(text[1:3]), minutes=int(text[3:5]))


def test_the_library_takes_the_zone_data() -> None:
    plan, reference = in_zone("Australia/Lord_Howe")
    (zone,) = icalendar.Calendar.from_ical(made(issued(plan), reference)).walk("VTIMEZONE")
    assert len(list(zone.walk())) == 3
    assert zone.to_tz() is not None


def test_each_entry_says_bag_rate_volume_and_limits() -> None:
    plan, reference = case("eu-rates")
    events = parts(made(issued(plan), reference), "VEVENT")
    for number, (event, bag) in enumerate(zip(events, plan.bags or (), strict=False), 1):
        rate = f"{bag.rate.magnitude.normalize():f} mL/hour"
        assert event["SUMMARY"] == f"C: blinatumomab, connect bag {number} of 8, RATE {rate}"
        said = event["DESCRIPTION"].split("\n")
        assert f"RATE {rate}" in said
        assert (f"Take down bag {number - 1}." in said) is (number > 1)
        assert any(line.startswith("RATE CHANGES: was ") and line.endswith(rate) for line in said) is bag.rate_changed
        volume = f"{bag.delivered.magnitude.normalize():f} mL"
        assert f"To be infused {volume}, the rest is discarded." in said
        for words in ("Do not connect after", "Take down by"):
            assert any(line.startswith(words) for line in said)
    assert events[-1]["SUMMARY"] == "C: blinatumomab, take down bag 8"
    assert "RATE" not in events[-1]["SUMMARY"]
    text = made(issued(plan), reference).decode()
    assert "VALARM" not in text
    assert not re.search(r"per day|mL in", text)


def test_a_second_import_renews_and_makes_nothing_twice() -> None:
    plan, reference = in_zone("Europe/Amsterdam")
    first, second = issued(plan), issued(plan, revision=2)
    assert made(first, reference) == made(Plan.model_validate_json(first.model_dump_json()), reference)
    before, after = (parts(made(each, reference), "VEVENT") for each in (first, second))
    assert [each["UID"] for each in before] == [each["UID"] for each in after]
    assert len({each["UID"] for each in before}) == len(before)
    assert {each["SEQUENCE"] for each in before} == {"1"}
    assert {each["SEQUENCE"] for each in after} == {"2"}
    assert dict(lines_of(made(first, reference)))["METHOD"] == "PUBLISH"


def test_a_later_revision_cancels_what_it_has_no_bag_for() -> None:
    """Seven bags of 28 are renewed, the others cancelled under the identities that they had."""
    many, reference = in_zone("Europe/Amsterdam", "24h")
    few, _reference = in_zone("Europe/Amsterdam", "96h")
    gone = tuple(Superseded(revision=1, number=bag.number, start=bag.start) for bag in many.bags or ())
    old = {each["UID"]: each for each in parts(made(issued(many), reference), "VEVENT")}
    new = {each["UID"]: each for each in parts(made(issued(few, 2, 1, gone), reference), "VEVENT")}
    assert set(old) == set(new)
    statuses = {uid: each["STATUS"] for uid, each in new.items()}
    assert sorted(statuses.values()) == ["CANCELLED"] * 21 + ["CONFIRMED"] * 8
    for uid, status in statuses.items():
        assert new[uid]["SEQUENCE"] == "2"
        if status == "CANCELLED":
            assert new[uid]["DTSTART"] == old[uid]["DTSTART"]
            assert new[uid]["SUMMARY"].startswith("A-17: CANCELLED")
    confirmed = [each for each in new.values() if each["STATUS"] == "CONFIRMED"]
    assert [utc(each["DTSTART"]) for each in confirmed] == wanted(few)


def test_identities_tell_cases_apart_and_do_not_name_them() -> None:
    plan, reference = in_zone("Europe/Amsterdam")
    assert course_identity(named(plan, "A-17")) == course_identity(named(plan, " a-17"))
    others = [course_identity(named(plan, name)) for name in ("A-17", "A-18", "A 17", "")]
    assert len(set(others)) == len(others)
    assert all("A-17" not in event["UID"] for event in parts(made(issued(plan), reference), "VEVENT"))


@pytest.mark.parametrize("label", ["A;B,C\\D:E", "Łódź é", "BEGIN:VEVENT", "x" * 60])
def test_a_label_is_read_back_as_it_is_and_nothing_else_of_the_infant_leaves(label: str) -> None:
    plan, reference = in_zone("Europe/Amsterdam")
    data = made(issued(named(plan, label)), reference)
    assert all(event["SUMMARY"].startswith(f"{label}: ") for event in parts(data, "VEVENT"))
    by_library: Any = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert all(str(event["SUMMARY"]).startswith(f"{label}: ") for event in by_library)
    text = data.decode().replace("\r\n ", "")
    assert plan.order is not None
    assert plan.order.born.format_iso() not in text
    assert "born" not in text
    assert "Person" not in text


def test_entries_follow_each_other_and_hold_nobody_s_time() -> None:
    plan, reference = in_zone("Africa/Casablanca")
    events = parts(made(issued(plan), reference), "VEVENT")
    assert all(first["DTSTART"] < second["DTSTART"] for first, second in pairwise(events))
    assert {event["TRANSP"] for event in events} == {"TRANSPARENT"}
    assert all(set(event) & {"DTEND", "DURATION"} == set() for event in events)


def test_a_draft_has_no_calendar() -> None:
    plan, reference = in_zone("Europe/Amsterdam")
    with pytest.raises(NotPrintable, match="draft"):
        calendar(plan, DRAFT, reference)
