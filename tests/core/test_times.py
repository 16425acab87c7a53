"""Clock, storage limits, open moments and the worst gap, each against a slow walk over every minute."""

from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from whenever import Date, Instant, Time

from dosing_app.core.clock import (
    age,
    check_zone,
    clock_changes,
    instant_of,
    later,
    minutes_of,
    offset_text,
    read_date,
    read_instant,
)
from dosing_app.core.quantities import Refused, quantity
from dosing_app.core.sessions import MadeBag, OpenMoments, long_gaps, off_hours, open_moments, waits_if_lost, worst_gap
from dosing_app.core.stability import down_by, start_by

ZONES = ["Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "UTC"]


def hours(number: int | str | Decimal):
    return quantity(Decimal(number), "h")


def instant(text: str) -> Instant:
    return Instant.parse_iso(text)


def reason(text: str, zone: str | None = None, *, typed: bool = False) -> str:
    read = read_date if zone is None else partial(read_instant, zone=zone)
    with pytest.raises(Refused) as caught:
        read(text, typed=typed)
    return caught.value.reason


# ---- dates ----


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        ("2026-11-23", False, "2026-11-23"),
        (" 2026-11-23\u00a0", False, "2026-11-23"),
        ("2028-02-29", False, "2028-02-29"),
        ("2000-01-01", False, "2000-01-01"),
        ("2026-11-23", True, "2026-11-23"),
        ("23-Nov-2026", True, "2026-11-23"),
        ("23-NOV-2026", True, "2026-11-23"),
        ("3-Nov-2026", True, "2026-11-03"),
        ("Mon 23-Nov-2026", True, "2026-11-23"),
        ("23.11.2026", True, "2026-11-23"),
        ("3.4.2026", True, "2026-04-03"),  # the point form puts the day first
    ],
)
def test_reads_dates(text: str, typed: bool, expected: str) -> None:
    assert read_date(text, typed=typed).format_iso() == expected


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        ("", False, "missing"),
        ("  ", True, "missing"),
        ("23-Nov-2026", False, "date-form"),  # the window alone reads these
        ("23.11.2026", False, "date-form"),
        ("11/23/2026", True, "date-form"),
        ("23/11/2026", True, "date-form"),
        ("23-11-2026", True, "date-form"),
        ("2026-11-3", True, "date-form"),
        ("20261123", True, "date-form"),
        ("2026-11-23T00:00", False, "date-form"),
        ("23-Out-2026", True, "date-form"),
        ("23-Nov-26", True, "date-form"),
        ("２０26-11-23", True, "date-form"),
        ("2026-11-\u0662\u0663", True, "date-form"),
        ("2026-11-23\n", True, "date-form"),
        ("2026-02-29", False, "no-such-date"),
        ("2026-13-01", False, "no-such-date"),
        ("2026-00-10", False, "no-such-date"),
        ("31.4.2026", True, "no-such-date"),
        ("0026-11-23", False, "year"),
        ("1999-12-31", False, "year"),
        ("2200-01-01", False, "year"),
        ("Tue 23-Nov-2026", True, "weekday"),
        ("di 23-nov-2026", True, "weekday"),
        ("Mi 23-Nov-2026", True, "weekday"),
        ("2" * 1_000_000, True, "too-long"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_refuses_dates(text: str, typed: bool, expected: str) -> None:
    assert reason(text, typed=typed) == expected


@given(st.dates(date(2000, 1, 1), date(2199, 12, 31)))
def test_every_form_of_a_date_is_the_same_day(day: date) -> None:
    names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    forms = [f"{day:%Y-%m-%d}", f"{day.day}-{names[day.month - 1]}-{day.year}", f"{day.day}.{day.month}.{day.year}"]
    names = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
    weekdays = ["ma", "di", "wo", "do", "vr", "za", "zo"]
    forms += [f"{weekdays[day.weekday()]} {day.day}-{names[day.month - 1]}-{day.year}"]
    names = ["Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"]
    weekdays = ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"]
    forms += [f"{weekdays[day.weekday()]} {day.day}-{names[day.month - 1]}-{day.year}"]
    assert {read_date(form, typed=True).format_iso() for form in forms} == {day.isoformat()}


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 900))
def test_age_in_calendar_months_and_days(born: date, days: int) -> None:
    on = born + timedelta(days=days)
    months, found = age(Date(born.year, born.month, born.day), Date(on.year, on.month, on.day))
    whole = (on.year - born.year) * 12 + on.month - born.month
    last = (on + timedelta(days=1)).month != on.month  # the 31st has no day of its own in a shorter month
    if on.day >= born.day:
        assert months == whole
    elif last:
        assert months in {whole, whole - 1}
    else:
        assert months == whole - 1
    assert found == days


def test_age_before_birth_is_below_zero() -> None:
    months, days = age(Date(2026, 11, 23), Date(2026, 11, 22))
    assert months < 0
    assert days == -1


# ---- instants ----


@given(
    st.builds(
        datetime.combine,
        st.dates(date(2024, 1, 1), date(2032, 1, 1)),
        st.builds(clock_time, st.integers(0, 23), st.integers(0, 59)),
    ),
    st.sampled_from(ZONES),
)
def test_a_wall_clock_that_stands_once_is_that_instant(wall: datetime, zone: str) -> None:
    """Zoneinfo is the judge, not the program's time library."""
    both = [wall.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC) for fold in (0, 1)]
    assume(both[0] == both[1])
    assume(both[0].astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall)
    expected = both[0]
    assert read_instant(f"{wall:%Y-%m-%dT%H:%M}", zone).timestamp() == expected.timestamp()
    assert read_instant(f"{wall:%d.%m.%Y %H:%M}", zone, typed=True).timestamp() == expected.timestamp()
    offset = expected.astimezone(ZoneInfo(zone)).strftime("%z")
    with_offset = f"{wall:%Y-%m-%dT%H:%M}{offset[:3]}:{offset[3:5]}"
    assert read_instant(with_offset, zone).timestamp() == expected.timestamp()


AMSTERDAM = "Europe/Amsterdam"


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        ("", False, "missing"),
        ("2026-11-23", False, "start-form"),
        ("2026-11-23 14:00", False, "start-form"),  # the contract has a T
        ("2026-11-23T14", False, "start-form"),
        ("2026-11-23T14:00:00", False, "start-form"),
        ("2026-11-23T14:00Z", False, "start-form"),
        ("2026-11-23T2:00", False, "start-form"),
        ("2026-11-23T２0:00", False, "start-form"),
        ("2026-11-23T24:00", False, "no-such-time"),
        ("2026-11-23T14:60", False, "no-such-time"),
        ("2026-11-31T14:00", False, "no-such-date"),
        ("26-11-23T14:00", False, "date-form"),
        ("1026-11-23T14:00", False, "year"),
        ("Tue 23-Nov-2026 14:00", True, "weekday"),
        ("2026-11-23T14:00+02:00", False, "offset"),
        ("2026-03-29T02:30", False, "skipped"),
        ("2026-03-29T02:30+01:00", False, "skipped"),
        ("2026-10-25T02:30", False, "repeated"),
        ("2026-10-25T02:30+03:00", False, "offset"),
        ("2026-10-25T02:30" + " " * 100 + "x", False, "too-long"),
    ],
)
def test_refuses_starts(text: str, typed: bool, expected: str) -> None:
    assert reason(text, AMSTERDAM, typed=typed) == expected


def test_a_doubled_time_is_read_with_either_offset() -> None:
    assert read_instant("2026-10-25T02:30+02:00", AMSTERDAM) == instant("2026-10-25T00:30:00Z")
    assert read_instant("2026-10-25T02:30+01:00", AMSTERDAM) == instant("2026-10-25T01:30:00Z")
    with pytest.raises(Refused) as caught:
        read_instant("2026-10-25T02:30", AMSTERDAM)
    assert caught.value.values["offsets"] == ["+02:00", "+01:00"]


@pytest.mark.parametrize(
    "zone", ["Europe/Atlantis", "", "CEST", "../etc/passwd", "/etc/passwd", "x" * 100_000, "a\x00b", "\ud800"]
)
def test_refuses_zones(zone: str) -> None:
    with pytest.raises(Refused) as caught:
        check_zone(zone)
    assert caught.value.reason == "zone"


@given(st.text(max_size=40) | st.text("0123456789-T:+ .NovM", max_size=25), st.booleans())
def test_any_text_is_a_start_or_refused(text: str, typed: bool) -> None:
    for zone in (AMSTERDAM, "UTC"):
        try:
            read_instant(text, zone, typed=typed)
        except Refused as refused:
            assert refused.reason  # noqa: PT017 - a text may be read as well


@given(st.integers(0, 10**6), st.integers(0, 3000))
def test_elapsed_hours_are_sixty_minutes(minute: int, quarter_hours: int) -> None:
    start = instant_of(minute + 29_000_000)
    end = later(start, hours(Decimal(quarter_hours) / 4))
    assert minutes_of(end) - minutes_of(start) == quarter_hours * 15
    assert minutes_of(start) == minute + 29_000_000


@pytest.mark.parametrize("zone", ZONES)
def test_clock_changes_against_a_walk(zone: str) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    steps = [start + timedelta(minutes=30 * step) for step in range(48 * 365)]
    offsets = [at.astimezone(ZoneInfo(zone)).utcoffset() for at in steps]
    walked = [steps[i].timestamp() for i in range(1, len(steps)) if offsets[i] != offsets[i - 1]]
    found = clock_changes(instant("2026-01-01T00:00:00Z"), instant("2026-12-31T23:30:00Z"), zone)
    assert [change.to_instant().timestamp() for change in found] == walked


def test_a_zone_that_changes_its_name_alone_changes_no_clock() -> None:
    """Resolute went from CDT to EST in October 2006 and back in March: five hours behind UTC, until CST in November."""
    found = clock_changes(instant("2006-10-15T00:00:00Z"), instant("2007-11-30T00:00:00Z"), "America/Resolute")
    assert [each.to_instant() for each in found] == [instant("2007-11-04T07:00:00Z")]


def test_offset_text() -> None:
    texts = {
        zone: offset_text(instant("2026-07-01T00:00:00Z").to_tz(zone))
        for zone in ("UTC", "Asia/Kathmandu", "America/St_Johns")
    }
    assert texts == {"UTC": "+00:00", "Asia/Kathmandu": "+05:45", "America/St_Johns": "-02:30"}


# ---- storage, by domain.md section 3 "The limits, written out" ----

PREPARED = instant("2026-11-23T08:00:00Z")
EU = {"refrigerated": hours(240), "infusion_included": False}
US = {"refrigerated": hours(192), "infusion_included": True}
SEVEN_DAYS = {"refrigerated": hours(336), "infusion_included": True}


@pytest.mark.parametrize(
    ("product", "runs", "within", "expected"),
    [
        (EU, 96, 24, 24),
        (EU, 96, 240, 240),
        (EU, 24, 336, 240),
        (EU, 72, None, 240),
        (US, 48, 24, 24),
        (US, 48, None, 144),
        (US, 24, None, 168),
        (US, 48, 144, 144),
        (US, 48, 145, 144),
        (US, 24, 150, 150),
        (SEVEN_DAYS, 168, 24, 24),
        (SEVEN_DAYS, 168, None, 168),
        (SEVEN_DAYS, 96, None, 240),
    ],
)
def test_start_by(product: dict, runs: int, within: int | None, expected: int) -> None:
    found = start_by(PREPARED, hours(runs), start_within=None if within is None else hours(within), **product)
    assert found == PREPARED.add(hours=expected)


@pytest.mark.parametrize(
    ("product", "room", "connected", "expected"),
    [
        (EU, 96, 2, 98),
        (EU, 96, 240, 336),  # connection + 96 h, whenever it was prepared
        (US, 48, 2, 50),
        (US, 48, 144, 192),
        (US, 48, 150, 192),  # the earlier of prepared + 192 h and connection + 48 h
        (SEVEN_DAYS, 168, 2, 170),
        (SEVEN_DAYS, 168, 168, 336),
        (SEVEN_DAYS, 168, 200, 336),
    ],
)
def test_down_by(product: dict, room: int, connected: int, expected: int) -> None:
    found = down_by(PREPARED, PREPARED.add(hours=connected), hours(room), **product)
    assert found == PREPARED.add(hours=expected)


# ---- open moments ----

WEEK = {day: (Time(8, 0), Time(17, 30)) for day in range(1, 6)}


def is_open(minute: int, zone: str, week: dict, closed: set[date], session_minutes: int) -> bool:
    """By the sentence in cli.md: from opening to closing less the session, both inclusive, at the wall clock."""
    wall = datetime.fromtimestamp(minute * 60, ZoneInfo(zone))
    if wall.date() in closed or wall.isoweekday() not in week:
        return False
    opens, closes = ((at.hour * 60 + at.minute) for at in week[wall.isoweekday()])
    return opens <= wall.hour * 60 + wall.minute <= closes - session_minutes


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe"]),
    st.sampled_from([date(2026, 3, 27), date(2026, 10, 23), date(2026, 11, 23), date(2026, 4, 3)]),
    st.dictionaries(st.integers(1, 7), st.sampled_from([(8, 17), (6, 20), (12, 13), (9, 10)]), min_size=1),
    st.sets(st.integers(0, 6), max_size=2),
    st.sampled_from([15, 60, 90]),
    st.lists(st.integers(0, 7 * 1440), min_size=1, max_size=5),
)
def test_latest_and_earliest_open_moment_against_a_walk(
    zone: str, first: date, given_week: dict, closed_days: set[int], session: int, asked: list[int]
) -> None:
    week = {day: (Time(opens, 30), Time(closes, 45)) for day, (opens, closes) in given_week.items()}
    closed = {first + timedelta(days=each) for each in closed_days}
    last = first + timedelta(days=6)
    moments = open_moments(
        week,
        [Date(day.year, day.month, day.day) for day in closed],
        zone,
        session,
        Date(first.year, first.month, first.day),
        Date(last.year, last.month, last.day),
    )
    begin = int(datetime.combine(first, datetime.min.time(), ZoneInfo(zone)).timestamp()) // 60
    end = int(datetime.combine(last + timedelta(days=1), datetime.min.time(), ZoneInfo(zone)).timestamp()) // 60
    walk = [minute for minute in range(begin, end) if is_open(minute, zone, week, closed, session)]
    for offset in asked:
        minute = begin + offset
        assert moments.latest(minute) == max((each for each in walk if each <= minute), default=None)
        assert moments.earliest(minute) == min((each for each in walk if each >= minute), default=None)


def test_a_day_shorter_than_a_session_is_closed() -> None:
    moments = open_moments({1: (Time(8, 0), Time(9, 0))}, [], "UTC", 61, Date(2026, 11, 23), Date(2026, 11, 23))
    assert moments.latest(10**9) is None
    assert moments.earliest(0) is None


# ---- the worst gap ----


def gaps_walked(bags: list[tuple[int, int, int, int]], is_open_at: set[int], lead: int) -> dict[int, int] | None:
    """The gap of every minute of the course, by the sentence in cli.md.

    A bag that is prepared but still within its lead time can run when that is over.
    """
    gaps = {}
    for index, (start, end, _, _) in enumerate(bags):
        for minute in range(start, end):
            following = bags[index + 1] if index + 1 < len(bags) else None
            if following and following[2] <= minute <= following[3]:
                gap = max(0, following[2] + lead - minute)
            else:
                opened = next((each for each in range(minute, max(is_open_at) + 1) if each in is_open_at), None)
                if opened is None:
                    return None
                gap = opened + lead - minute
            gaps[minute] = gap
    return gaps


@st.composite
def small_courses(draw: st.DrawFn):
    """Bags of some ten minutes each, sessions before them, and a unit that opens now and then."""
    lead = draw(st.integers(0, 12))
    at, bags = 100, []
    for _ in range(draw(st.integers(1, 5))):
        runs = draw(st.integers(5, 40))
        prepared = at - lead - draw(st.integers(0, 60))
        bags.append((at, at + runs, prepared, at + draw(st.integers(0, 50))))
        at += runs
    firsts, lasts, moment = [], [], draw(st.integers(0, 30))
    while moment < at + 60:
        length = draw(st.integers(0, 20))
        firsts.append(moment)
        lasts.append(moment + length)
        moment += length + draw(st.integers(2, 60))
    return bags, OpenMoments(tuple(firsts), tuple(lasts)), lead


@settings(max_examples=300)
@given(small_courses())
def test_worst_gap_against_a_walk(course) -> None:
    bags, moments, lead = course
    opened = {
        minute for first, last in zip(moments.firsts, moments.lasts, strict=True) for minute in range(first, last + 1)
    }
    waits = waits_if_lost([MadeBag(*bag) for bag in bags], moments, lead)
    gaps = gaps_walked(bags, opened, lead)
    assert (waits is None) == (gaps is None)
    if waits is None or gaps is None:
        return
    assert worst_gap(waits) == (max(gaps.values()) + 14) // 15 * 15
    for limit in (1, 10, 30):
        inside = {minute for begin, end in long_gaps(waits, limit) for minute in range(begin, end)}
        assert inside == {minute for minute, gap in gaps.items() if gap >= limit}


@given(small_courses(), st.integers(0, 120), st.integers(0, 80))
def test_a_spare_bag_never_lengthens_a_gap(course, prepared, keeps) -> None:
    """And while it may be connected, and is out of its lead time, there is none."""
    bags, moments, lead = course
    made = [MadeBag(*bag) for bag in bags]
    spare = MadeBag(0, 0, prepared, prepared + lead + keeps)
    without, waits = waits_if_lost(made, moments, lead), waits_if_lost(made, moments, lead, [spare])
    if waits is None or without is None:
        assert without is None or waits is not None
        return
    assert worst_gap(waits) <= worst_gap(without)
    covered = range(prepared + lead, prepared + lead + keeps + 1)
    assert not [minute for begin, end in long_gaps(waits, 1) for minute in range(begin, end) if minute in covered]


def test_no_open_moment_follows() -> None:
    assert waits_if_lost([MadeBag(0, 100, -10, 20)], OpenMoments((0,), (50,)), 5) is None


def test_off_hours() -> None:
    """`change_hours` with its end exclusive; the weekend where the site says so."""
    walls = [(1, 419), (1, 420), (1, 1139), (1, 1140), (6, 600), (7, 600)]
    assert off_hours(walls, 420, 1140, weekends_off=True) == [0, 3, 4, 5]
    assert off_hours(walls, 420, 1140, weekends_off=False) == [0, 3]
