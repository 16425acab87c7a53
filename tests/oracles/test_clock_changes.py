"""Every clock change of five years in zones of both hemispheres, found by zoneinfo: not the program's time library."""

import contextlib
import io
import json
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from dosing_app.cli import main

FIRST, LAST = datetime(2026, 11, 22, tzinfo=UTC), datetime(2031, 11, 22, tzinfo=UTC)
COURSE = timedelta(hours=672)
CHANGING = [
    "Africa/Cairo",
    "Africa/Casablanca",  # standard time only in Ramadan
    "America/New_York",
    "America/Santiago",
    "America/St_Johns",  # -03:30
    "Asia/Gaza",  # up to four changes a year
    "Australia/Adelaide",  # +09:30
    "Australia/Lord_Howe",  # half an hour
    "Australia/Sydney",
    "Europe/Amsterdam",
    "Europe/London",
    "Pacific/Auckland",
    "Pacific/Chatham",  # +12:45
]
STEADY = ["America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Kiritimati", "UTC"]


class Change(NamedTuple):
    """One clock change: its instant, and the offsets before and after."""

    at: datetime
    before: timedelta
    after: timedelta


def offset(at: datetime, zone: str) -> timedelta:
    found = at.astimezone(ZoneInfo(zone)).utcoffset()
    assert found is not None
    return found


@cache
def changes(zone: str) -> list[Change]:
    """All changes of the five years: by days, then halved down to the minute."""
    found = []
    day = FIRST
    while day < LAST:
        low, high = day, day + timedelta(days=1)
        before, after = offset(low, zone), offset(high, zone)
        if before != after:
            while high - low > timedelta(minutes=1):
                middle = low + timedelta(minutes=(high - low) // timedelta(minutes=2))
                low, high = (middle, high) if offset(middle, zone) == before else (low, middle)
            found.append(Change(high, before, after))
        day += timedelta(days=1)
    return found


def offset_text(delta: timedelta) -> str:
    minutes = delta // timedelta(minutes=1)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def plan(start: str, zone: str, *, pattern: str = "72h,96h") -> tuple[int, dict[str, Any]]:
    """What the program prints for an infant of five months, weighed and measured on the day of the start."""
    day = datetime.fromisoformat(start[:10])
    month = day.month - 5
    born = day.replace(year=day.year - (month < 1), month=month + 12 * (month < 1), day=min(day.day, 28))
    out = io.StringIO()
    args = ["plan", "--weight", "6.42 kg", "--length", "63.5 cm", "--sex", "female", "--gestation", "term"]
    args += ["--born", f"{born:%Y-%m-%d}", "--measured", start[:10], "--start", start, "--zone", zone]
    args += ["--product", "eu", "--pattern", pattern, "--reason", "unit-closed=On-call session agreed", "--json"]
    with contextlib.redirect_stdout(out):
        status = main(args)
    return status, json.loads(out.getvalue())


def instant(text: str) -> datetime:
    assert text.endswith("Z"), f"{text} is not UTC with Z"
    return datetime.fromisoformat(text)


def check_course(start: datetime, zone: str, printed: tuple[int, dict[str, Any]], label: str) -> None:
    """The course lasts 672 h, its bags tile it, and each wall clock is zoneinfo's."""
    status, found = printed
    assert status in (0, 3), f"{label}: exit {status}: {found.get('findings')}"
    assert "bags" in found, f"{label}: no bags: {found.get('findings')}"
    course, bags = found["course"], found["bags"]
    assert instant(course["start_utc"]) == start, f"{label}: course starts {course['start_utc']}, expected {start}"
    assert instant(course["end_utc"]) - start == COURSE, f"{label}: course ends {course['end_utc']}"
    edge = start
    for bag in bags:
        place = f"{label}: bag {bag['number']}"
        assert instant(bag["start_utc"]) == edge, f"{place} starts {bag['start_utc']}, expected {edge}"
        hours = timedelta(hours=float(bag["runs_h"]))
        edge += hours
        assert instant(bag["end_utc"]) == edge, f"{place} ends {bag['end_utc']}, expected {edge}"
        local = re.sub(r"\[.*\]$", "", bag["start_local"])
        expected = instant(bag["start_utc"]).astimezone(ZoneInfo(zone))
        told = datetime.fromisoformat(local)
        assert told.utcoffset() == expected.utcoffset(), (
            f"{place}: {bag['start_local']}, expected {expected.isoformat()}"
        )
        assert told.replace(tzinfo=None) == expected.replace(tzinfo=None), f"{place}: {bag['start_local']}"
        if "[" in bag["start_local"]:
            assert bag["start_local"].endswith(f"[{zone}]"), f"{place}: {bag['start_local']}"
    assert edge == start + COURSE, f"{label}: bags end {edge}"


def codes(found: dict[str, Any]) -> set[str]:
    return {finding["code"] for finding in found["findings"]}


def wall(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


def test_changes_are_found() -> None:
    """The oracle itself: known changes, and enough of both kinds."""
    amsterdam = [change.at for change in changes("Europe/Amsterdam")]
    assert datetime(2027, 3, 28, 1, tzinfo=UTC) in amsterdam
    assert len(amsterdam) == 10
    assert {abs(c.after - c.before) for c in changes("Australia/Lord_Howe")} == {timedelta(minutes=30)}
    every = [change for zone in CHANGING for change in changes(zone)]
    assert all(changes(zone) for zone in CHANGING)
    assert len(every) >= 130
    assert sum(c.after > c.before for c in every) >= 60
    assert sum(c.after < c.before for c in every) >= 60
    assert not any(changes(zone) for zone in STEADY)


@pytest.mark.parametrize("zone", CHANGING)
def test_change_ten_days_into_the_course(zone: str) -> None:
    for change in changes(zone):
        day = change.at.astimezone(ZoneInfo(zone)).date() - timedelta(days=10)
        text = f"{day}T14:00"
        start = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        label = f"{zone}, change at {change.at}, start {text}"
        printed = plan(text, zone)
        check_course(start, zone, printed, label)
        assert "clock-change" in codes(printed[1]), f"{label}: the note clock-change is missing"


@pytest.mark.parametrize("zone", CHANGING)
def test_change_at_a_bag_change(zone: str) -> None:
    """The second bag is connected at the very instant of the change."""
    for change in changes(zone):
        start = change.at - timedelta(hours=96)
        label = f"{zone}, change at {change.at}, second bag there"
        printed = plan(wall(start, zone), zone, pattern="96h")
        check_course(start, zone, printed, label)
        assert instant(printed[1]["bags"][1]["start_utc"]) == change.at, label
        assert "clock-change" in codes(printed[1]), f"{label}: the note clock-change is missing"


@pytest.mark.parametrize("zone", CHANGING)
def test_change_in_the_last_hour(zone: str) -> None:
    for change in changes(zone):
        start = change.at - COURSE + timedelta(minutes=30)
        if any(start - timedelta(hours=3) < other.at < start + timedelta(hours=3) for other in changes(zone)):
            continue  # Ramadan: another change just there, its wall clock may be doubled
        label = f"{zone}, change at {change.at}, half an hour before the end"
        printed = plan(wall(start, zone), zone)
        check_course(start, zone, printed, label)
        assert "clock-change" in codes(printed[1]), f"{label}: the note clock-change is missing"


@pytest.mark.parametrize("zone", CHANGING)
def test_start_in_a_gap_is_refused(zone: str) -> None:
    for change in changes(zone):
        gap = change.after - change.before
        if gap <= timedelta(0):
            continue
        text = f"{(change.at + change.before + gap / 2).replace(tzinfo=None):%Y-%m-%dT%H:%M}"
        status, found = plan(text, zone)
        label = f"{zone}, {text} does not exist"
        assert status in (2, 3), f"{label}: exit {status}"
        assert "bags" not in found, f"{label}: {sorted(found)}"
        assert found["findings"], f"{label}: refused without a finding"


@pytest.mark.parametrize("zone", CHANGING)
def test_start_in_a_doubled_hour_wants_an_offset(zone: str) -> None:
    for change in changes(zone):
        doubled = change.before - change.after
        if doubled <= timedelta(0):
            continue
        local = (change.at + change.after + doubled / 2).replace(tzinfo=None)
        text = f"{local:%Y-%m-%dT%H:%M}"
        label = f"{zone}, {text} exists twice"
        status, found = plan(text, zone)
        assert status in (2, 3), f"{label}: exit {status}"
        assert "bags" not in found, f"{label}: {sorted(found)}"
        assert found["findings"], f"{label}: refused without a finding"
        starts = []
        for delta in (change.before, change.after):
            printed = plan(text + offset_text(delta), zone)
            start = local.replace(tzinfo=UTC) - delta
            check_course(start, zone, printed, f"{label}, {offset_text(delta)}")
            starts.append(instant(printed[1]["course"]["start_utc"]))
        assert starts[1] - starts[0] == doubled, f"{label}: {starts}"


@pytest.mark.parametrize("zone", STEADY)
def test_no_change_no_note(zone: str) -> None:
    text = "2027-03-20T14:00"
    start = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    printed = plan(text, zone)
    check_course(start, zone, printed, zone)
    assert "clock-change" not in codes(printed[1]), f"{zone}: no change falls into the course"
