"""Bag patterns and sessions by brute force: every pattern, every grouping, straight from the contract.

A second author's reading of the command line's contract (`options`, `plan`, the site file) and of the written-out
limits of the domain, with the standard library alone. It is the definition, not a search: nothing is left out but what
a limit forbids, so it only fits short courses.

A site is a dict with the keys of the site file; its `closed` holds the public holidays too. All moments are UTC and
whole minutes: a course or a site that needs seconds is refused. Durations are elapsed time; open moments and change
hours are read off the wall clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache, lru_cache
from itertools import pairwise
from math import ceil
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SATURDAY = 5


@dataclass(frozen=True)
class Piece:
    """A bag kind as it is run: `96h@72` is made as 96 h and runs 72 h."""

    name: str
    runs_h: int | Fraction
    rate: str  # mL/h
    made_ml: Fraction  # drug volume, max(exact, rounded)
    refrigerated_h: int
    room_h: int
    infusion_included: bool  # the refrigerated hours include the infusion
    preserved: bool = False


@dataclass(frozen=True, eq=False)  # compared by identity, so that open moments are remembered for each course
class Course:
    """All that the search may know."""

    start: datetime
    hours: int | Fraction
    bed_zone: str
    unit_zone: str
    pieces: tuple[Piece, ...]
    site: dict[str, Any]
    usable_ml: Fraction  # of one vial

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.start.second or self.start.microsecond:
            raise ValueError(f"{self.start}: an instant of whole minutes is wanted")


class Bag(NamedTuple):
    """A piece and the moment at which it is connected."""

    piece: Piece
    connect: datetime

    @property
    def end(self) -> datetime:
        return self.connect + hours(self.piece.runs_h)


class Session(NamedTuple):
    """The moment of the first puncture, and the bags made then."""

    at: datetime
    bags: tuple[Bag, ...]


class Counts(NamedTuple):
    """The five counts; smaller is better."""

    vials: int
    sessions: int
    off_hours_changes: int
    changes: int
    rate_changes: int


class Best(NamedTuple):
    """The best grouping of a pattern: its figures, every grouping that has them, the numbers of unit-closed bags."""

    vials: int
    sessions: int
    storage_minutes: int
    groupings: list[tuple[Session, ...]]
    unit_closed: list[int]


# --- the clock -------------------------------------------------------------------------------------------------------


@cache
def hours(value: Any) -> timedelta:
    """Hours, from a number or its text, as exact elapsed time."""
    minutes = Fraction(str(value)) * 60
    if minutes.denominator != 1:
        raise ValueError(f"{value} h: whole minutes are wanted")
    return timedelta(minutes=int(minutes))


@cache
def window(text: str) -> tuple[timedelta, timedelta]:
    """`08:00-17:30`, since midnight."""
    first, last = (clock.split(":") for clock in text.split("-"))
    return timedelta(hours=int(first[0]), minutes=int(first[1])), timedelta(hours=int(last[0]), minutes=int(last[1]))


def since_midnight(wall: datetime) -> timedelta:
    return timedelta(hours=wall.hour, minutes=wall.minute)


def is_open(course: Course, moment: datetime) -> bool:
    """May a session start then? From opening to closing less `session_h`, both inclusive, at the unit's wall clock."""
    wall = moment.astimezone(ZoneInfo(course.unit_zone))
    text = course.site["preparation_hours"].get(DAYS[wall.weekday()])
    if text is None or wall.date().isoformat() in course.site["closed"]:
        return False
    opening, closing = window(text)
    return opening <= since_midnight(wall) <= closing - hours(course.site["session_h"])


@lru_cache(maxsize=100_000)
def latest_open(course: Course, limit: datetime) -> datetime | None:
    """The latest open moment not later than `limit`; None if any such is older than a bag can get."""
    moment = limit
    while not is_open(course, moment):
        moment -= MINUTE
        if limit - moment > hours(max(piece.refrigerated_h for piece in course.pieces)):
            return None
    return moment


def is_off_hours(course: Course, moment: datetime) -> bool:
    """At the bed's wall clock: outside `change_hours` (end exclusive), or on a weekend that is not wanted."""
    wall = moment.astimezone(ZoneInfo(course.bed_zone))
    first, end = window(course.site["change_hours"])
    weekend = wall.weekday() >= SATURDAY and course.site["weekend_changes"] == "off-hours"
    return weekend or not first <= since_midnight(wall) < end


# --- the limits of a bag ---------------------------------------------------------------------------------------------


def start_by(course: Course, piece: Piece, prepared: datetime) -> datetime:
    """Latest connection of a bag whose session started at `prepared`."""
    limit = hours(piece.refrigerated_h)
    if piece.infusion_included:
        limit -= hours(piece.runs_h)
    if course.site["start_within_h"] != "product":
        limit = min(limit, hours(course.site["start_within_h"]))
    return prepared + limit


def down_by(piece: Piece, prepared: datetime, connect: datetime) -> datetime:
    """Latest moment at which the bag may still be running."""
    warm = connect + hours(piece.room_h)
    return min(warm, prepared + hours(piece.refrigerated_h)) if piece.infusion_included else warm


def keeps_limits(course: Course, piece: Piece, prepared: datetime, connect: datetime) -> bool:
    """May a bag of that session be connected then, and run its hours?"""
    end = connect + hours(piece.runs_h)
    return connect <= start_by(course, piece, prepared) and end <= down_by(piece, prepared, connect)


# --- patterns, groupings, counts -------------------------------------------------------------------------------------


def patterns(course: Course, left: int | Fraction) -> Iterator[tuple[Piece, ...]]:
    """Every sequence of pieces that fills the hours left exactly."""
    if left == 0:
        yield ()
    for piece in course.pieces:
        if piece.runs_h <= left:
            for rest in patterns(course, left - piece.runs_h):
                yield (piece, *rest)


def hang(course: Course, pattern: tuple[Piece, ...]) -> tuple[Bag, ...]:
    """The pieces one after the other, without a gap, in elapsed time."""
    bags, at = [], course.start.astimezone(UTC)
    for piece in pattern:
        bags.append(Bag(piece, at))
        at = bags[-1].end
    return tuple(bags)


def prepare(course: Course, bags: tuple[Bag, ...]) -> Session | None:
    """The session that makes these bags, or None if that breaks a limit."""
    at = latest_open(course, bags[0].connect - hours(course.site["lead_time_h"]))
    if at is None or len(bags) > course.site["max_bags_per_session"]:
        return None
    kept = all(keeps_limits(course, bag.piece, at, bag.connect) for bag in bags)
    return Session(at, bags) if kept else None


def groupings(course: Course, bags: tuple[Bag, ...], *, even_closed: bool = False) -> Iterator[tuple[Session, ...]]:
    """Every way to make the bags in sessions of consecutive ones that keep the limits.

    With `even_closed`, a bag that no open moment can serve is made alone, its lead time before its connection. (An
    earlier moment never serves a bag that the latest one cannot: all limits count from the session's start.)
    """
    if not bags:
        yield ()
        return
    first = [session for size in range(1, len(bags) + 1) if (session := prepare(course, bags[:size]))]
    if even_closed and prepare(course, bags[:1]) is None:
        first = [Session(bags[0].connect - hours(course.site["lead_time_h"]), bags[:1])]
    for session in first:
        for rest in groupings(course, bags[len(session.bags) :], even_closed=even_closed):
            yield (session, *rest)


def vials(course: Course, session: Session) -> int:
    """Vials opened in a session: shared by its bags, or each bag's own."""
    parts = [bag.piece.made_ml / course.usable_ml for bag in session.bags]
    return ceil(sum(parts)) if course.site["share_vials"] else sum(ceil(part) for part in parts)


def counts(course: Course, sessions: tuple[Session, ...]) -> Counts:
    """The five counts of a plan. The start is no change."""
    bags = [bag for session in sessions for bag in session.bags]
    return Counts(
        vials=sum(vials(course, session) for session in sessions),
        sessions=len(sessions),
        off_hours_changes=sum(is_off_hours(course, bag.connect) for bag in bags[1:]),
        changes=len(bags) - 1,
        rate_changes=sum(Fraction(one.piece.rate) != Fraction(two.piece.rate) for one, two in pairwise(bags)),
    )


def storage(sessions: tuple[Session, ...]) -> int:
    """Total storage, from each session's start to the connection of its bags. [min]"""
    return sum((bag.connect - session.at) // MINUTE for session in sessions for bag in session.bags)


def front(course: Course, *, preserved: bool = False) -> list[tuple[Counts, int]]:
    """The complete Pareto front: the counts in order, each with the shortest total storage that reaches them. [min]

    With `preserved`, the second front, of the plans with at least one preserved bag; empty where the site allows none.
    """
    if preserved and not course.site["preserved_bags"]:
        return []
    shortest: dict[Counts, int] = {}
    for pattern in patterns(course, course.hours):
        if any(piece.preserved for piece in pattern) == preserved:
            for sessions in groupings(course, hang(course, pattern)):
                reached = counts(course, sessions)
                shortest[reached] = min(storage(sessions), shortest.get(reached, storage(sessions)))
    return sorted(
        (one, stored)
        for one, stored in shortest.items()
        if not any(other != one and all(a <= b for a, b in zip(other, one, strict=True)) for other in shortest)
    )


def best_grouping(course: Course, pattern: tuple[Piece, ...]) -> Best:
    """An explicit pattern's fewest vials, then fewest sessions, then shortest storage."""
    bags = hang(course, pattern)
    reached: dict[tuple[int, int, int], list[tuple[Session, ...]]] = {}
    for sessions in groupings(course, bags, even_closed=True):
        key = (sum(vials(course, session) for session in sessions), len(sessions), storage(sessions))
        reached.setdefault(key, []).append(sessions)
    closed = [number for number, bag in enumerate(bags, 1) if prepare(course, (bag,)) is None]
    return Best(*min(reached), reached[min(reached)], closed)


def worst_gap(course: Course, sessions: tuple[Session, ...], *, to_planned_end: bool = False) -> Fraction:
    """Hours without a bag if the running one is lost at the worst minute of the course, up to a quarter of an hour.

    The next bag counts from the start of its session on, and runs at the earliest when its lead time is over. It must
    reach its take-down time: its hours run after that connection or, `to_planned_end`, the planned moment.
    """
    bags = [(bag, session.at) for session in sessions for bag in session.bags]
    lead = hours(course.site["lead_time_h"])
    minute = end = bags[-1][0].end
    while not is_open(course, minute):
        minute += MINUTE
        if minute - end > timedelta(days=366):
            raise ValueError("the unit never opens")
    opening, worst = minute, timedelta(0)
    minute = end - MINUTE
    while minute >= bags[0][0].connect:
        opening = minute if is_open(course, minute) else opening  # the earliest open moment from this minute on
        again = opening + lead
        following = next(((bag, at) for bag, at in bags if bag.connect > minute), None)
        if following and following[1] <= minute:
            (piece, connect), at = following
            soonest = max(minute, at + lead)
            lasts = not to_planned_end or connect + hours(piece.runs_h) <= down_by(piece, at, soonest)
            again = soonest if lasts and keeps_limits(course, piece, at, soonest) else again
        worst = max(worst, again - minute)
        minute -= MINUTE
    return Fraction(ceil(worst / (15 * MINUTE)), 4)


# --- a plan of the program, checked ----------------------------------------------------------------------------------


def broken_limits(plan: dict[str, Any], site: dict[str, Any], product: dict[str, Any]) -> list[str]:
    """What is wrong in a `plan --json`; empty if nothing is.

    Args:
        plan: schema `dosing-app/plan/1`.
        site: every key of the site file that bears on sessions.
        product: `{"usable_ml": "2.8", "kinds": {"96h": {"runs_h": 96, "rate_ml_per_h": "2.5", "refrigerated_h": 240,
            "room_h": 96, "infusion_included": False}, …}}`
    """
    numbers = [number for session in plan["sessions"] for number in session["bags"]]
    if numbers != list(range(1, len(plan["bags"]) + 1)) or not all(session["bags"] for session in plan["sessions"]):
        return [f"sessions hold the bags {numbers}, not each once and in order"]
    bags = tuple(Bag(as_piece(bag, product), instant(bag["start_utc"])) for bag in plan["bags"])
    course = Course(
        start=instant(plan["course"]["start_utc"]),
        hours=Fraction(plan["course"]["course_h"]),
        bed_zone=plan["order"]["zone"],
        unit_zone=site["zone"],
        pieces=tuple(bag.piece for bag in bags),
        site=site,
        usable_ml=Fraction(product["usable_ml"]),
    )
    sessions = tuple(
        Session(instant(session["at_utc"]), tuple(bags[number - 1] for number in session["bags"]))
        for session in plan["sessions"]
    )
    return [
        *tiling_faults(plan, course, bags),
        *bag_faults(plan, course, sessions, product),
        *session_faults(plan, course, sessions),
        *total_faults(plan["totals"], course, sessions),
    ]


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def as_piece(bag: dict[str, Any], product: dict[str, Any]) -> Piece:
    kind = product["kinds"][bag["kind"].partition("@")[0]]
    made = max(Fraction(bag["drug_ml_exact"]), Fraction(bag["drug_ml"]))
    limits = (kind["refrigerated_h"], kind["room_h"], kind["infusion_included"])
    return Piece(bag["kind"], Fraction(bag["runs_h"]), bag["rate_ml_per_h"], made, *limits)


def differs(what: str, seen: Any, wanted: Any) -> list[str]:
    return [] if seen == wanted else [f"{what}: {seen}, not {wanted}"]


def tiling_faults(plan: dict[str, Any], course: Course, bags: tuple[Bag, ...]) -> Iterator[str]:
    """The bags fill the course from its start to its end, without gap or overlap."""
    yield from differs("end of the course", instant(plan["course"]["end_utc"]), course.start + hours(course.hours))
    due = course.start
    for number, (bag, row) in enumerate(zip(bags, plan["bags"], strict=True), 1):
        yield from differs(f"number of bag {number}", (row["number"], row["of"]), (number, len(bags)))
        yield from differs(f"start of bag {number}", bag.connect, due)
        yield from differs(f"end of bag {number}", instant(row["end_utc"]), bag.end)
        due = bag.end
    yield from differs("end of the last bag", due, course.start + hours(course.hours))


def bag_faults(
    plan: dict[str, Any], course: Course, sessions: tuple[Session, ...], product: dict[str, Any]
) -> Iterator[str]:
    """Each bag: its kind's rate and hours, its session, its lead time, its start-by and down-by."""
    placed = [(place, session.at, bag) for place, session in enumerate(sessions, 1) for bag in session.bags]
    rate_before = None
    for row, (place, at, bag) in zip(plan["bags"], placed, strict=True):
        name, kind = f"of bag {row['number']}", product["kinds"][row["kind"].partition("@")[0]]
        rate = Fraction(bag.piece.rate)
        latest, down = start_by(course, bag.piece, at), down_by(bag.piece, at, bag.connect)
        yield from differs(f"rate {name}", rate, Fraction(kind["rate_ml_per_h"]))
        yield from differs(f"rate_changed {name}", row["rate_changed"], rate_before not in {None, rate})
        yield from differs(f"runs its kind's hours or less {name}", bag.piece.runs_h <= kind["runs_h"], wanted=True)
        yield from differs(f"session {name}", row["session"], place)
        yield from differs(f"prepared {name}", instant(row["prepared_utc"]), at)
        yield from differs(f"start-by {name}", instant(row["start_by_utc"]), latest)
        yield from differs(f"down-by {name}", instant(row["down_by_utc"]), down)
        yield from differs(f"connected by its start-by {name}", bag.connect <= latest, wanted=True)
        yield from differs(f"down by its down-by {name}", bag.end <= down, wanted=True)
        kept = bag.connect >= at + hours(course.site["lead_time_h"])
        yield from differs(f"lead time kept {name}", kept, wanted=True)
        rate_before = rate


def session_faults(plan: dict[str, Any], course: Course, sessions: tuple[Session, ...]) -> Iterator[str]:
    """Each session: at its open moment, not too many bags, its vials; `unit-closed` if and only if one needs it."""
    closed = False
    for number, (session, row) in enumerate(zip(sessions, plan["sessions"], strict=True), 1):
        name = f"of session {number}"
        limit = session.bags[0].connect - hours(course.site["lead_time_h"])
        wanted = latest_open(course, limit)
        if any(prepare(course, (bag,)) is None for bag in session.bags):
            closed, wanted = True, limit
            yield from differs(f"bags, one of which no open moment serves, {name}", len(session.bags), 1)
        opened, drawn = vials(course, session), sum(Fraction(plan["bags"][n - 1]["drug_ml"]) for n in row["bags"])
        yield from differs(f"number {name}", row["number"], number)
        yield from differs(f"start {name}", session.at, wanted)
        most = course.site["max_bags_per_session"]
        yield from differs(f"at most {most} bags {name}", len(session.bags) <= most, wanted=True)
        yield from differs(f"vials {name}", row["vials"], opened)
        yield from differs(f"drawn {name}", Fraction(row["drawn_ml"]), drawn)
        yield from differs(f"unused {name}", Fraction(row["unused_ml"]), opened * course.usable_ml - drawn)
    found = "unit-closed" in {finding["code"] for finding in plan["findings"]}
    yield from differs("finding unit-closed", found, closed)


def total_faults(totals: dict[str, Any], course: Course, sessions: tuple[Session, ...]) -> Iterator[str]:
    """The counts, each from its definition."""
    reached, made = counts(course, sessions), [bag.piece.made_ml for session in sessions for bag in session.bags]
    wanted = {"bags": len(made), "vials_floor": ceil(sum(made) / course.usable_ml), **reached._asdict()}
    if "changes" not in totals:  # a key of `options`; in a plan the number of bags says it
        del wanted["changes"]
    for key, value in wanted.items():
        yield from differs(f"total {key}", totals[key], value)
    yield from differs(
        "total worst_gap_if_lost_h", Fraction(totals["worst_gap_if_lost_h"]), worst_gap(course, sessions)
    )
