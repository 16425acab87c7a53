"""When the aseptic unit is open, and which session makes which bag. Times are whole minutes since 1970, UTC."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from whenever import Date, Time

from dosing_app.core.clock import minutes_of

QUARTER = 15  # minutes, to which the worst gap is rounded up


@dataclass(frozen=True, slots=True)
class OpenMoments:
    """The moments at which a session may start, as closed intervals of minutes in ascending order."""

    firsts: tuple[int, ...]
    lasts: tuple[int, ...]

    def latest(self, not_later_than: int) -> int | None:
        """The latest open minute not later than the given one."""
        at = bisect_right(self.firsts, not_later_than) - 1
        return min(self.lasts[at], not_later_than) if at >= 0 else None

    def earliest(self, not_before: int) -> int | None:
        """The earliest open minute not before the given one."""
        at = bisect_left(self.lasts, not_before)
        return max(self.firsts[at], not_before) if at < len(self.lasts) else None


def open_moments(
    hours: Mapping[int, tuple[Time, Time]],
    closed: Collection[Date],
    zone: str,
    session_minutes: int,
    first: Date,
    last: Date,
) -> OpenMoments:
    """From opening to closing less the length of a session, both inclusive, by the unit's wall clock.

    Args:
        hours: opening and closing per weekday, 1 is Monday; a missing day is closed.
        closed: days on which the unit is closed.
        zone: of the preparation unit.
        session_minutes: a session must end by closing.
        first: the first day looked at.
        last: the last one, included.

    Source: cli.md, `options --json`.
    """
    firsts, lasts = [], []
    day = first
    while day <= last:
        opening_hours = hours.get(day.day_of_week().value)
        if opening_hours is not None and day not in closed:
            opens, closes = (
                minutes_of(day.at(time).assume_tz(zone, disambiguation="compatible").to_instant())
                for time in opening_hours
            )
            if closes - session_minutes >= opens:
                firsts.append(opens)
                lasts.append(closes - session_minutes)
        day = day.add(days=1)
    return OpenMoments(tuple(firsts), tuple(lasts))


def worst_gap(
    bags: Sequence[tuple[int, int, int, int]],
    moments: OpenMoments,
    lead: int,
) -> int | None:
    """Over every minute of the course, if the running bag were lost then: minutes until another could run; the worst.

    Another is the next bag if it is already prepared and, connected then, may run for its hours, else one made at the
    earliest open moment from then on, ready after the lead time. Rounded up to a quarter of an hour. None if no open
    moment follows within the days looked at.

    Args:
        bags: per bag in order: start, end, start of its session, latest connection.
        moments: when the unit is open.
        lead: from the start of a session to the earliest connection.

    The gap only shrinks while time runs towards the next opening, so only the minutes at which it can jump up are
    looked at: the start of a bag, and the minute after the last open moment of a day.

    Source: cli.md, `worst_gap_if_lost_h`.
    """
    worst = 0
    for index, (start, end, _, _) in enumerate(bags):
        following = bags[index + 1] if index + 1 < len(bags) else None
        closings = (last + 1 for last in moments.lasts if start < last + 1 < end)
        for minute in (start, *closings):
            if following is not None and following[2] <= minute <= following[3]:
                gap = max(0, following[2] + lead - minute)
            else:
                opened = moments.earliest(minute)
                if opened is None:
                    return None
                gap = opened + lead - minute
            worst = max(worst, gap)
    return -(-worst // QUARTER) * QUARTER


def off_hours(wall_minutes: Iterable[tuple[int, int]], first: int, end: int, *, weekends_off: bool) -> list[int]:
    """Which of the changes fall off hours, by index.

    Args:
        wall_minutes: per change: weekday (1 is Monday) and minutes since midnight at the bed's wall clock.
        first: where the site's change hours begin, in minutes since midnight.
        end: where they end, itself excluded.
        weekends_off: whether Saturday and Sunday are off hours altogether.
    """
    return [
        index
        for index, (weekday, minute) in enumerate(wall_minutes)
        if not first <= minute < end or (weekends_off and weekday in {6, 7})
    ]
