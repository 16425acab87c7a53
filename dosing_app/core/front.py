"""Every way to cover a course with bags and sessions, searched exactly: the complete Pareto front over five counts.

The five counts are vials, sessions, off-hours changes, changes and rate changes; smaller is better in each. Times are
whole minutes, positions in the course are hours from its start.

The search goes through the positions in time. At each it knows, per last pump rate, all ways to get there of which no
other is as good in every count; from each it adds one session with one to so many bags. What comes after depends on
position and last pump rate alone, so a way that is beaten there is beaten for good: nothing else is ever left out.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from dosing_app.core.clock import MINUTES_PER_HOUR
from dosing_app.core.sessions import Rules, vials_opened

# The five counts of a way stand in one integer, so that they are added and compared at once. Each has a guard bit above
# it: b − a borrows from a guard exactly where a count of a is larger than that of b. The room is for far more than any
# course counts: the longest has 56 days, the shortest bag runs for an hour and takes not a thousand vials.
_WIDTH = 24
_LARGEST = 2 ** (_WIDTH - 1) - 1
_GUARDS = sum(1 << (_WIDTH * place + _WIDTH - 1) for place in range(5))
_VIAL, _SESSION, _OFF_HOURS, _CHANGE, _RATE_CHANGE = (1 << (_WIDTH * place) for place in (4, 3, 2, 1, 0))


class Counts(NamedTuple):
    """What a way costs; the order is that of the sorting, fewest vials first."""

    vials: int
    sessions: int
    off_hours_changes: int
    changes: int
    rate_changes: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One bag kind for its full duration, or one of its early take-downs.

    Attributes:
        hours: how long it runs.
        rate: a number that is the same for the same pump rate.
        drawn: what it takes from the vials in each phase, in the unit of `Rules.vial`; None where it must not be made.
        wait: minutes from the start of its session to the latest connection.
        preserved: whether it holds a preservative.
    """

    hours: int
    rate: int
    drawn: tuple[int | None, ...]
    wait: int
    preserved: bool


@dataclass(frozen=True, slots=True)
class Way:
    """One point of the front.

    Attributes:
        counts: its five counts.
        storage: minutes between session and connection, over all bags: the least with which these counts are reached.
        sessions: per session its choices in order, by their index.
        preserved: whether any of them is preserved.
    """

    counts: Counts
    storage: int
    sessions: tuple[tuple[int, ...], ...]
    preserved: bool


@dataclass(frozen=True, slots=True)
class CourseHours:
    """A course as the search sees it.

    Attributes:
        start: minute of the first connection.
        phases: hours of each phase; no bag runs from one into the next.
        session_at: per position the minute of the session whose first bag is connected there; None where there is none.
        off_hours: the positions at which a change is off hours.
    """

    start: int
    phases: tuple[int, ...]
    session_at: Mapping[int, int | None]
    off_hours: Collection[int]

    @property
    def hours(self) -> int:
        """Of the whole course."""
        return sum(self.phases)


class _Step(NamedTuple):
    """How a way came to where it is: the way before, by state and counts, and the session added."""

    storage: int
    at: int
    state: tuple[int, bool]
    counts: int
    session: tuple[int, ...]


_Ways = dict[int, _Step]  # by counts
_Ends = tuple[
    int, int, int, bool
]  # of a session: hours to its end, first and last pump rate, whether a bag of it is preserved
_Made = dict[int, tuple[int, tuple[int, ...]]]  # sessions by their counts: storage, and choices in order
_NO_RATE = -1
_BEGIN = (_NO_RATE, False)


def search(course: CourseHours, choices: Sequence[Choice], rules: Rules) -> list[Way]:
    """The complete front of the plans without a preserved bag, then that of the plans with one; each in order.

    Where several plans share the five counts, the one with the shortest total storage stands for them.

    Source: cli.md, `options --json`.
    """
    if not choices:
        return []
    sessions_from = lru_cache(None)(lambda place: _sessions_from(place, choices, rules))
    ways: dict[int, dict[tuple[int, bool], _Ways]] = {0: {_BEGIN: {0: _Step(0, 0, _BEGIN, 0, ())}}}
    for at in range(course.hours):
        if at not in ways:
            continue
        here = ways[at] = _unbeaten_between(ways[at])
        for (runs, first, last, preserved), added in sessions_from(_place(at, course, choices)).items():
            if at + runs > course.hours:
                continue
            _go_on(at, here, (first, last, preserved), added, ways.setdefault(at + runs, {}))
    return [way for preserved in (False, True) for way in _front(ways, course.hours, preserved=preserved)]


def _go_on(
    at: int,
    here: Mapping[tuple[int, bool], _Ways],
    session: tuple[int, int, bool],
    added: _Made,
    there: dict[tuple[int, bool], _Ways],
) -> None:
    """Each way to a position, with each of some sessions after it: kept where they end, by their counts."""
    first, last, preserved = session
    for state, ways in here.items():
        other_rate = _RATE_CHANGE if state[0] not in (_NO_RATE, first) else 0
        kept = there.setdefault((last, preserved or state[1]), {})
        for cost, (stored, bags) in added.items():
            for counts, step in ways.items():
                total, storage = counts + cost + other_rate, step.storage + stored
                known = kept.get(total)
                if known is None or storage < known.storage:
                    kept[total] = _Step(storage, at, state, counts, bags)


def reached(course: CourseHours, choices: Sequence[Choice], rules: Rules) -> set[int]:
    """Every position at which some way arrives with a session's last bag; the end among them if there is a plan."""
    positions, waiting = {0}, [0]
    while waiting:
        at = waiting.pop()
        if at < course.hours:
            ends = _sessions_from(_place(at, course, choices), choices, rules)
            new = {at + runs for runs, *_rates in ends if at + runs <= course.hours} - positions
            positions |= new
            waiting += new
    return positions


class _Place(NamedTuple):
    """All that the sessions from a position depend on. Most weeks are alike, so few places differ.

    Attributes:
        waited: minutes from the session to the connection of its first bag.
        begins: whether the course begins here, so that the first connection is no change.
        off_hours: positions from here at which a change is off hours, as far as a bag may be connected.
        phases: per phase from here: its number, and where it ends from here; the last one as if it went on.
    """

    waited: int
    begins: bool
    off_hours: tuple[int, ...]
    phases: tuple[tuple[int, int], ...]


def _place(at: int, course: CourseHours, choices: Sequence[Choice]) -> _Place | None:
    """What the sessions from a position depend on; None where there is none."""
    prepared = course.session_at[at]
    if prepared is None:
        return None
    furthest = max(choice.wait for choice in choices) // MINUTES_PER_HOUR
    reach = furthest + max(choice.hours for choice in choices)
    phases, end = [], 0
    for phase, hours in enumerate(course.phases):
        begin, end = end, end + hours
        if end > at and begin <= at + furthest:
            phases.append((phase, end - at if phase + 1 < len(course.phases) else reach))
    off_hours = tuple(sorted(each - at for each in course.off_hours if 0 <= each - at <= furthest))
    return _Place(course.start + at * MINUTES_PER_HOUR - prepared, at == 0, off_hours, tuple(phases))


def _sessions_from(place: _Place | None, choices: Sequence[Choice], rules: Rules) -> dict[_Ends, _Made]:
    """Every session whose first bag is connected at a place, less those that another one beats.

    By end from here, first and last pump rate and preservative: counts to storage and choices. A change of rate at the
    first connection is left to the caller, who knows the bag before.
    """
    found: dict[_Ends, _Made] = {}
    if place is None:
        return found

    def extend(
        at: int, bags: tuple[int, ...], before: _Ends, drawn: int, own_vials: int, cost: int, stored: int
    ) -> None:
        """Add each bag that may follow, and then each that may follow that."""
        phase, phase_end = next((each for each in place.phases if at < each[1]), (0, 0))
        waited = place.waited + at * MINUTES_PER_HOUR
        cost += (0 if at == 0 and place.begins else _CHANGE) + (_OFF_HOURS if at in place.off_hours else 0)
        stored += waited
        _, first, last, preserved = before
        more = len(bags) + 1 < rules.most_bags
        for index, choice in enumerate(choices):
            taken, end = choice.drawn[phase], at + choice.hours
            if taken is None or waited > choice.wait or end > phase_end:
                continue
            separately = own_vials + vials_opened(taken, rules)
            opened = vials_opened(drawn + taken, rules) if rules.shared else separately
            now = cost if last in (_NO_RATE, choice.rate) else cost + _RATE_CHANGE
            session = (*bags, index)
            ends = (end, choice.rate if first == _NO_RATE else first, choice.rate, preserved or choice.preserved)
            known = found.setdefault(ends, {})
            total = now + _VIAL * opened + _SESSION
            if total not in known or stored < known[total][0]:
                known[total] = (stored, session)
            if more:
                extend(end, session, ends, drawn + taken, separately, now, stored)

    extend(0, (), (0, _NO_RATE, _NO_RATE, False), 0, 0, 0, 0)
    return {ends: {counts: known[counts] for counts in _unbeaten(known)} for ends, known in found.items()}


def _unbeaten(counts: Collection[int]) -> list[int]:
    """Those that no other one equals or beats in all five counts, in ascending order."""
    kept: list[int] = []
    for each in sorted(counts):  # whatever beats it is smaller, so it comes before
        guarded = each | _GUARDS
        if not any((guarded - other) & _GUARDS == _GUARDS for other in kept):
            kept.append(each)
    return kept


def _unbeaten_between(states: Mapping[tuple[int, bool], _Ways]) -> dict[tuple[int, bool], _Ways]:
    """The unbeaten ways of each state, also less those that a way of another last pump rate beats.

    Another last rate costs at most one change of rate more, whatever comes next. The two fronts stay apart.
    """
    own = {state: {counts: ways[counts] for counts in _unbeaten(ways)} for state, ways in states.items()}
    kept = {}
    for state, ways in own.items():
        others = sorted(
            (counts + _RATE_CHANGE, step.storage)
            for other, theirs in own.items()
            if other != state and other[1] == state[1]
            for counts, step in theirs.items()
        )
        kept[state] = {counts: step for counts, step in ways.items() if not _beaten(counts, step.storage, others)}
    return kept


def _beaten(counts: int, storage: int, others: Sequence[tuple[int, int]]) -> bool:
    """Whether one of the others is as good in all counts and better in one; or equal, and stored more briefly."""
    guarded = counts | _GUARDS
    for other, other_storage in others:
        if other > counts:
            return False
        if (guarded - other) & _GUARDS == _GUARDS and (other != counts or other_storage < storage):
            return True
    return False


def _front(ways: Mapping[int, Mapping[tuple[int, bool], _Ways]], end: int, *, preserved: bool) -> Iterator[Way]:
    """The ways that reached the end, unbeaten among all last pump rates, each traced back to its sessions."""
    best: dict[int, _Step] = {}
    for state, reached in ways.get(end, {}).items():
        if state[1] is preserved:
            for counts, step in reached.items():
                if counts not in best or step.storage < best[counts].storage:
                    best[counts] = step
    for counts in _unbeaten(best):
        sessions, step = [], best[counts]
        while step.session:
            sessions.append(step.session)
            step = ways[step.at][step.state][step.counts]
        yield Way(_counts(counts), best[counts].storage, tuple(reversed(sessions)), preserved)


def _counts(packed: int) -> Counts:
    return Counts(*(packed >> (_WIDTH * place) & _LARGEST for place in (4, 3, 2, 1, 0)))
