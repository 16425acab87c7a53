"""When the aseptic unit is open, and which session makes which bag. Times are whole minutes since 1970, UTC."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

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


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for every session of the unit.

    Attributes:
        lead: minutes from the start of a session to the earliest connection.
        most_bags: in one session.
        vial: usable volume of one vial, as a whole number of any small unit.
        shared: whether one vial may serve several bags of a session.
    """

    lead: int
    most_bags: int
    vial: int
    shared: bool


def vials_opened(drawn: int, rules: Rules) -> int:
    """Whole vials for a drawn volume, in the unit of `Rules.vial`."""
    return -(-drawn // rules.vial)


@dataclass(frozen=True, slots=True)
class PlannedBag:
    """A bag whose session is sought.

    Attributes:
        start: minute of its connection.
        drawn: what it takes from the vials, in the unit of `Rules.vial`.
        wait: minutes from the start of its session to the latest connection.
    """

    start: int
    drawn: int
    wait: int


@dataclass(frozen=True, slots=True)
class Visit:
    """One session: its first minute, how many of the next bags are made in it, and whether the unit is open then."""

    at: int
    bags: int
    is_open: bool = True


def best_grouping(bags: Sequence[PlannedBag], moments: OpenMoments, rules: Rules) -> list[Visit]:
    """The sessions of given bags: fewest vials, then fewest sessions, then shortest storage.

    A bag that no open moment can serve gets a session of its own at its connection less the lead time.

    Source: cli.md, `plan --json`.
    """
    best: list[tuple[tuple[int, int, int], list[Visit]]] = [((0, 0, 0), [])]  # for the last bags, none at first
    for index in range(len(bags) - 1, -1, -1):
        candidates = [
            (_added(_cost(bags[index : index + visit.bags], visit, rules), best[visit.bags - 1][0]), visit)
            for visit in _visits(bags[index:], moments, rules)
        ]
        cost, visit = min(candidates, key=lambda each: each[0])
        best.insert(0, (cost, [visit, *best[visit.bags - 1][1]]))
    return best[0][1]


def given_grouping(
    bags: Sequence[PlannedBag], counts: Sequence[int], moments: OpenMoments, rules: Rules
) -> list[Visit] | None:
    """The sessions of given bags with so many bags in each; None where that cannot be held, or is another number."""
    if sum(counts) != len(bags):
        return None
    visits = []
    for count in counts:
        possible = [each for each in _visits(bags, moments, rules) if each.bags == count and each.is_open]
        if not possible:
            return None
        visits += possible
        bags = bags[count:]
    return visits


def _visits(bags: Sequence[PlannedBag], moments: OpenMoments, rules: Rules) -> list[Visit]:
    """Every session that begins with the first of these bags, or the one outside opening hours if there is none."""
    wanted = bags[0].start - rules.lead
    prepared = moments.latest(wanted)
    visits = []
    if prepared is not None:
        for count, bag in enumerate(bags[: rules.most_bags], 1):
            if bag.start - prepared > bag.wait:
                break
            visits.append(Visit(prepared, count))
    return visits or [Visit(wanted, 1, is_open=prepared == wanted)]


def _cost(bags: Sequence[PlannedBag], visit: Visit, rules: Rules) -> tuple[int, int, int]:
    """Vials, one session, and storage of a session's bags."""
    drawn = [bag.drawn for bag in bags]
    vials = sum(vials_opened(each, rules) for each in ([sum(drawn)] if rules.shared else drawn))
    return vials, 1, sum(bag.start - visit.at for bag in bags)


def _added(one: tuple[int, int, int], other: tuple[int, int, int]) -> tuple[int, int, int]:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


@dataclass(frozen=True, slots=True)
class MadeBag:
    """A bag with its session: minutes of connection, take-down, session and latest connection."""

    start: int
    end: int
    prepared: int
    start_by: int


@dataclass(frozen=True, slots=True)
class Wait:
    """If the running bag were lost in any minute from `begin` up to `end`, excluded: when another could run.

    Attributes:
        ready: for a loss in the first of these minutes.
        moving: whether `ready` moves on with the loss, because the unit is open meanwhile; else it stands.
    """

    begin: int
    end: int
    ready: int
    moving: bool

    @property
    def longest(self) -> int:
        """Minutes without a bag if it is lost at the worst of these minutes, the first."""
        return self.ready - self.begin

    def at_least(self, minutes: int) -> tuple[int, int] | None:
        """The part of these minutes, its end excluded, in which the wait is so long or longer; None if in none."""
        if self.longest < minutes:
            return None
        return self.begin, self.end if self.moving else min(self.end, self.ready - minutes + 1)


def waits_if_lost(
    bags: Sequence[MadeBag], moments: OpenMoments, lead: int, spares: Sequence[MadeBag] = ()
) -> list[Wait] | None:
    """Over every minute of the course, if the running bag were lost then: when another could run.

    Another is the next bag if it is already prepared and, connected then, may run for its hours; or a spare bag in the
    same way; else one made at the earliest open moment from then on, ready after the lead time. None if no open moment
    follows within the days looked at.

    Args:
        bags: in order.
        moments: when the unit is open.
        lead: minutes from the start of a session to the earliest connection.
        spares: prepared besides; their start and end say nothing.

    Source: cli.md, `worst_gap_if_lost_h`.
    """
    openings = [edge for first, last in zip(moments.firsts, moments.lasts, strict=True) for edge in (first, last + 1)]
    waits = []
    for index, bag in enumerate(bags):
        prepared = [*bags[index + 1 : index + 2], *spares]
        between = openings[bisect_right(openings, bag.start) : bisect_left(openings, bag.end)]
        edges = {bag.start, bag.end, *between}
        for each in prepared:
            changes = (each.prepared, each.prepared + lead, each.start_by + 1)
            edges |= {edge for edge in changes if bag.start < edge < bag.end}
        for begin, end in pairwise(sorted(edges)):  # between two edges nothing changes but the time that passes
            usable = [
                max(begin, each.prepared + lead)
                for each in prepared
                if each.prepared <= begin and max(begin, each.prepared + lead) <= each.start_by
            ]
            opened = moments.earliest(begin)
            if usable:
                waits.append(Wait(begin, end, min(usable), moving=begin in usable))
            elif opened is not None:
                waits.append(Wait(begin, end, opened + lead, moving=opened == begin))
            else:
                return None
    return waits


def worst_gap(waits: Sequence[Wait]) -> int:
    """The longest of the waits in minutes, rounded up to a quarter of an hour."""
    return -(-max(wait.longest for wait in waits) // QUARTER) * QUARTER


def long_gaps(waits: Sequence[Wait], minutes: int) -> list[tuple[int, int]]:
    """The stretches of the course, ends excluded, in which a lost bag would leave a gap so long or longer."""
    stretches: list[tuple[int, int]] = []
    for part in (wait.at_least(minutes) for wait in waits):
        if part is not None and stretches and stretches[-1][1] == part[0]:
            stretches[-1] = (stretches[-1][0], part[1])
        elif part is not None:
            stretches.append(part)
    return stretches


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
