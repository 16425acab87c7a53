"""The borders of dates, zones and clock changes: what lies exactly on a limit, and what only looks like one."""

import pytest
from whenever import Date, Instant

from dosing_app.core.clock import age, check_zone, clock_changes, read_date, read_instant
from dosing_app.core.quantities import LONGEST_TEXT, Refused

AMSTERDAM = "Europe/Amsterdam"


def refusal(text: str, zone: str = "", *, typed: bool = True) -> Refused:
    with pytest.raises(Refused) as caught:
        read_instant(text, zone, typed=typed) if zone else read_date(text, typed=typed)
    return caught.value


def test_what_only_a_person_types_is_not_read_from_a_file() -> None:
    for text, zone in (("23-Nov-2026", ""), ("23-Nov-2026 14:00", AMSTERDAM), ("2026-11-23 14:00", AMSTERDAM)):
        assert (read_instant(text, zone, typed=True) if zone else read_date(text, typed=True)) is not None
        with pytest.raises(Refused):
            read_instant(text, zone) if zone else read_date(text)


@pytest.mark.parametrize(("zone", "form"), [("", "date-form"), (AMSTERDAM, "start-form")])
def test_the_longest_text_is_still_looked_at(zone: str, form: str) -> None:
    assert refusal("x" * LONGEST_TEXT, zone).reason == form
    assert refusal("x" * (LONGEST_TEXT + 1), zone).reason == "too-long"


@pytest.mark.parametrize("sign", ["x", "t", "-", "_", "0"])
def test_only_a_blank_or_t_joins_date_and_time(sign: str) -> None:
    assert refusal(f"2026-11-23{sign}14:00", AMSTERDAM).reason == "start-form"


@pytest.mark.parametrize("zone", ["EST", "CET", "Etc/GMT+1", "GMT", "Zulu", "EST5EDT", "Japan"])
def test_names_that_are_no_region_are_refused_though_the_data_has_them(zone: str) -> None:
    assert Instant.from_timestamp(0).to_tz(zone) is not None
    with pytest.raises(Refused) as caught:
        check_zone(zone)
    assert caught.value.reason == "zone"
    assert refusal("2026-11-23T14:00", zone).reason == "zone"


def test_a_skipped_time_names_the_clock_before_and_after() -> None:
    """Amsterdam goes from 02:00 to 03:00 on 28 March 2027."""
    values = refusal("2027-03-28T02:30", AMSTERDAM).values
    assert (values["earlier"], values["later"]) == ("2027-03-28T01:30", "2027-03-28T03:30")


def test_a_clock_that_changes_as_the_course_ends_does_not_change_within_it() -> None:
    change = Instant.parse_iso("2027-03-28T01:00:00Z")
    start = change.subtract(hours=96)
    assert clock_changes(start, change, AMSTERDAM) == []
    assert [each.to_instant() for each in clock_changes(start, change.add(minutes=1), AMSTERDAM)] == [change]
    assert clock_changes(change, change.add(hours=96), AMSTERDAM) == []


def test_age_on_the_day_of_birth_and_the_day_before() -> None:
    born = Date(2026, 6, 20)
    assert age(born, born) == (0, 0)
    assert age(born, born.subtract(days=1))[1] == -1
    assert age(born, born.subtract(days=1))[0] < 0
