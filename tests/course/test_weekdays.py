"""The weekdays on which the 3-day/4-day patterns may start, against the published list and a calendar of its own."""

import dataclasses
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dosing_app.course.order import read_order
from dosing_app.course.pattern import read_pattern
from dosing_app.course.weekdays import starting_weekdays
from dosing_app.reference.bundle import load_house

HOUSE = load_house()
MON, TUE, THU, FRI = 1, 2, 4, 5


def weekdays(pattern, start, zone="Europe/Amsterdam", house=HOUSE):
    texts = {"weight": "6.42 kg", "length": "63.5 cm", "born": "2026-06-20", "start": start, "zone": zone}
    reading = read_order({**texts, "product": "eu"}, house)
    assert reading.order is not None, reading.findings
    pieces = read_pattern(pattern, reading.reference.product)
    return starting_weekdays(pieces, reading.order, reading.reference)


# NHS regimen names, domain.md section 8
@pytest.mark.parametrize(("pattern", "published"), [("72h,96h", (MON, TUE, FRI)), ("96h,72h", (MON, THU, FRI))])
@pytest.mark.parametrize("day", range(22, 29))
def test_the_published_weekdays(pattern, published, day):
    assert weekdays(pattern, f"2026-11-{day}T14:00") == published


def test_off_hours_of_the_day_count_too():
    assert weekdays("72h,96h", "2026-11-23T19:00") == ()  # change hours end at 19:00
    assert weekdays("72h,96h", "2026-11-23T18:59") == (MON, TUE, FRI)


def test_a_clock_change_moves_the_wall_clock():
    """A change at 18:30 is one at 19:30 after the clock went forward in the course, so no weekday is left."""
    assert weekdays("72h,96h", "2026-03-10T18:30") == ()


def test_a_site_that_wants_weekends_may_start_any_day():
    wanted = HOUSE.site.model_copy(update={"weekend_changes": "wanted"})
    assert weekdays("72h,96h", "2026-11-23T14:00", house=dataclasses.replace(HOUSE, site=wanted)) == (
        1,
        2,
        3,
        4,
        5,
        6,
        7,
    )


@settings(max_examples=40, deadline=None)
@given(
    day=st.dates(dt.date(2026, 7, 1), dt.date(2027, 1, 31)),
    parts=st.lists(st.sampled_from([24, 48, 72, 96]), min_size=1, max_size=4),
)
def test_equal_to_a_calendar_of_days(day, parts):
    """At noon in a zone without clock changes every change is a whole number of days after the start."""
    expected = []
    for weekday in range(1, 8):
        at, changes, index = 0, [], 0
        while at < 672:
            if at:
                changes.append(at)
            at += parts[index % len(parts)]
            index += 1
        if all((weekday - 1 + change // 24) % 7 < 5 for change in changes):
            expected.append(weekday)
    pattern = ",".join(f"{hours}h" for hours in parts)
    assert weekdays(pattern, f"{day}T12:00", zone="UTC") == tuple(expected)
