"""Elapsed time for the drug, wall clock for people. An hour of infusion is always sixty minutes."""

import re
from decimal import Decimal

from whenever import (
    Date,
    Instant,
    PlainDateTime,
    RepeatedTime,
    SkippedTime,
    TimeZoneNotFoundError,
    ZonedDateTime,
)

from dosing_app.core.quantities import BLANKS, LONGEST_TEXT, Quantity, Refused, exact_arithmetic, magnitude

# English, Dutch and German: what the program writes in any of its languages can be typed in every one of them.
_MONTHS = (
    ("jan",),
    ("feb",),
    ("mar", "mrt", "mär"),
    ("apr",),
    ("may", "mei", "mai"),
    ("jun",),
    ("jul",),
    ("aug",),
    ("sep",),
    ("oct", "okt"),
    ("nov",),
    ("dec", "dez"),
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_WEEKDAYS = (
    ("mon", "ma", "mo"),
    ("tue", "di"),
    ("wed", "wo", "mi"),
    ("thu", "do"),
    ("fri", "vr", "fr"),
    ("sat", "za", "sa"),
    ("sun", "zo", "so"),
)
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_NAMED_DATE = re.compile(
    r"(?:(?P<weekday>[A-Za-z]{2,3})[, ] ?)?(?P<day>[0-9]{1,2})-(?P<month>[A-Za-zÄä]{3})-(?P<year>[0-9]{4})"
)
_POINT_DATE = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_TIME = re.compile(r"([0-9]{2}):([0-9]{2})")
_OFFSET = re.compile(r"([+-])([0-9]{2}):([0-9]{2})$")
_ZONE = re.compile(
    r"UTC|Etc/UTC|"
    r"(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Europe|Indian|Mexico|Pacific|US)"
    r"(?:/[A-Z][A-Za-z_-]{1,29}){1,2}"
)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MINUTES_PER_HOUR = 60
FIRST_YEAR, LAST_YEAR = 2000, 2199  # a year of two digits, or with a digit too many, is a slip


def read_date(text: str, *, typed: bool = False) -> Date:
    """A calendar date: "2026-11-23"; where a person types it also "23-Nov-2026" and "23.11.2026".

    The month's name may be that of any language of the program. A weekday may stand before it and must then be the
    right one.

    Raises:
        Refused: missing, too-long, date-form, year, no-such-date, weekday.
    """
    seen = text.strip(BLANKS)
    if not seen:
        raise Refused("missing", seen)
    if len(seen) > LONGEST_TEXT:
        raise Refused("too-long", seen, longest=LONGEST_TEXT)
    weekday = None
    if match := _ISO_DATE.fullmatch(seen):
        year, month, day = map(int, match.groups())
    elif typed and (match := _POINT_DATE.fullmatch(seen)):
        day, month, year = map(int, match.groups())
    elif typed and (match := _NAMED_DATE.fullmatch(seen)):
        if match["month"].lower() not in _MONTH:
            raise Refused("date-form", seen)
        day, month, year = int(match["day"]), _MONTH[match["month"].lower()], int(match["year"])
        weekday = match["weekday"]
    else:
        raise Refused("date-form", seen)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused("year", seen, first=FIRST_YEAR, last=LAST_YEAR)
    try:
        date = Date(year, month, day)
    except ValueError as error:
        raise Refused("no-such-date", seen) from error
    actual = date.day_of_week().value - 1
    if weekday is not None and weekday.lower() not in _WEEKDAYS[actual]:
        raise Refused("weekday", seen, actual=WEEKDAYS[actual])
    return date


def read_instant(text: str, zone: str, *, typed: bool = False) -> Instant:
    """The instant of a wall clock in a zone: "2026-11-23T14:00", with "+hh:mm" where that time comes twice.

    Where a person types it, a date of `read_date` and a blank before the time are read as well.

    Raises:
        Refused: missing, too-long, start-form, no-such-time, offset, zone, skipped, repeated, and those of `read_date`.
    """
    seen = text.strip(BLANKS)
    if not seen:
        raise Refused("missing", seen)
    if len(seen) > LONGEST_TEXT:
        raise Refused("too-long", seen, longest=LONGEST_TEXT)
    check_zone(zone)
    offset_match = _OFFSET.search(seen)
    wall = seen[: offset_match.start()].rstrip(BLANKS) if offset_match else seen
    date_text, time_text = wall[:-6], wall[-6:]
    time_match = _TIME.fullmatch(time_text[1:])
    joined = time_text[:1] == "T" or (typed and time_text[:1] in BLANKS)
    if not time_match or not joined:
        raise Refused("start-form", seen)
    date = read_date(date_text, typed=typed)
    hour, minute = map(int, time_match.groups())
    try:
        plain_time = PlainDateTime(date.year, date.month, date.day, hour, minute)
    except ValueError as error:
        raise Refused("no-such-time", seen) from error
    return _resolve(plain_time, zone, offset_match, seen)


def _resolve(wall: PlainDateTime, zone: str, offset_match: re.Match[str] | None, seen: str) -> Instant:
    """The one instant at which the zone's clock shows a wall time, or the refusal that says why there is not one."""
    try:
        found = wall.assume_tz(zone, disambiguation="raise")
    except SkippedTime as error:
        before = wall.assume_tz(zone, disambiguation="earlier")
        after = wall.assume_tz(zone, disambiguation="later")
        raise Refused("skipped", seen, zone=zone, earlier=_wall(before), later=_wall(after)) from error
    except RepeatedTime as error:
        both = [wall.assume_tz(zone, disambiguation=which) for which in ("earlier", "later")]
        offsets = [offset_text(each) for each in both]
        if offset_match is None:
            raise Refused("repeated", seen, zone=zone, offsets=offsets) from error
        if offset_match.group() not in offsets:
            raise Refused("offset", seen, zone=zone, offsets=offsets) from error
        return both[offsets.index(offset_match.group())].to_instant()
    if offset_match is not None and offset_match.group() != offset_text(found):
        raise Refused("offset", seen, zone=zone, offsets=[offset_text(found)])
    return found.to_instant()


def check_zone(zone: str) -> str:
    """The zone's name, if it is that of a region in the time-zone data.

    Names such as "localtime" or "posixrules" mean another zone on another machine, and "EST" has no summer time.

    Raises:
        Refused: zone.
    """
    if not _ZONE.fullmatch(zone):
        raise Refused("zone", zone)
    try:
        Instant.from_timestamp(0).to_tz(zone)
    except (TimeZoneNotFoundError, ValueError, OSError) as error:
        raise Refused("zone", zone) from error
    return zone


def later(instant: Instant, duration: Quantity) -> Instant:
    """The instant after so much elapsed time, whatever the wall clock does meanwhile. [duration: h]"""
    return after_hours(instant, magnitude(duration, "h"))


def after_hours(instant: Instant, hours: Decimal) -> Instant:
    """As `later`, for hours that are a bare number already."""
    with exact_arithmetic():
        return instant.add(minutes=int(hours * MINUTES_PER_HOUR))


def minutes_of(instant: Instant) -> int:
    """Whole minutes since 1970 in UTC: the clock on which sessions are searched."""
    return instant.timestamp() // MINUTES_PER_HOUR


def instant_of(minutes: int) -> Instant:
    """The instant of whole minutes since 1970."""
    return Instant.from_timestamp(minutes * MINUTES_PER_HOUR)


def offset_text(moment: ZonedDateTime) -> str:
    """The UTC offset as "+01:00"."""
    minutes = int(moment.offset.total("minutes"))
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _wall(moment: ZonedDateTime) -> str:
    return moment.to_plain().format_iso(unit="minute")


def clock_changes(start: Instant, end: Instant, zone: str) -> list[ZonedDateTime]:
    """Every moment after the start and before the end at which the zone's offset from UTC changes."""
    changes = []
    moment = start.to_tz(zone)
    while (following := moment.next_transition()) is not None and following.to_instant() < end:
        if following.offset != moment.offset:  # a change of the zone's name alone moves no clock
            changes.append(following)
        moment = following
    return changes


def age(born: Date, on: Date) -> tuple[int, int]:
    """Age in completed calendar months and in days; both below zero before birth."""
    days = int(on.since(born, total="days"))
    months = int(on.since(born, in_units=["months", "days"])["months"]) if days >= 0 else -1
    return months, days
