"""Where a course stands at a moment: what `course.replay` finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from whenever import Instant

from dosing_app.course.in_force import Planned
from dosing_app.course.log import Decision, Measured
from dosing_app.course.plan import Bag, Plan


@dataclass(frozen=True, slots=True)
class Ledger:
    """Where every millilitre of the running bag is: total = primed + infused + still to be infused + discarded. [mL]"""

    total: Decimal
    primed: Decimal
    infused: Decimal
    to_be_infused: Decimal
    discarded: Decimal
    in_bag: Decimal  # total less primed and infused


@dataclass(frozen=True, slots=True)
class Running:
    """The bag that is connected."""

    bag: Bag
    connected: Instant
    take_down: Instant  # when it is to come down, never after its limit
    down_by: Instant  # its limit, from what really happened
    interrupted_since: Instant | None
    ledger: Ledger
    other_dose: bool = False  # made for another dose than the one that a prescriber restarted with


@dataclass(frozen=True, slots=True)
class Unusable:
    """A bag that must not be connected, and why, by the revision that made it; 0 of a plan that was not issued.

    Reasons: lost, used, past-limit, out-of-refrigerator, other-dose, superseded.
    """

    number: int
    reason: str
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Made:
    """When a bag was really prepared, and when it was taken out of the refrigerator, if it was; in minutes."""

    prepared: int
    out: int | None


@dataclass(frozen=True, slots=True)
class Given:
    """What one bag gave until now."""

    volume: Decimal  # [mL]
    micrograms: Decimal
    rates: tuple[Decimal, ...]  # at which it ran, each once, as they followed [mL/h]


@dataclass(frozen=True, slots=True)
class WrongRate:
    """A stretch in which the pump was found to run at another rate than the bag's."""

    bag: int
    begin: Instant  # of the stretch that was entered
    minutes: int  # of it in which the bag ran
    found: Decimal  # [mL/h]
    planned: Decimal  # [mL/h]
    given: Decimal  # [microgram]
    would_give: Decimal  # at the planned rate [microgram]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a course stands at a moment. Minutes of infusion; infused + waived + due = course + over."""

    at: Instant
    plan: Plan  # in force now
    bags: Mapping[int, Bag]  # in force now, by number; those that hung as they were made
    planned: Mapping[int, Planned]  # the same, with the times at which they are to run by now
    course_minutes: int
    infused_minutes: int
    waived_minutes: int
    given_micrograms: Decimal
    running: Running | None
    usable: tuple[int, ...]
    unusable: tuple[Unusable, ...]
    made: Mapping[int, Made]
    ever_made: tuple[tuple[Instant, Planned], ...]  # every bag of every revision, with its session's first puncture
    gaps: tuple[tuple[Instant, Instant | None, str], ...]  # not infused: begin, end (open while it lasts), reason
    restart: Decision | None
    wants_restart: bool
    cause: str  # why a prescriber decides, or did last: adverse-event or unknown
    restart_of: int  # the revision in force when that was decided
    restarted: Instant | None  # when the first bag ran after the restart
    ran_other_dose: tuple[int, ...]  # bags that ran though made for another dose than a prescriber restarted with
    wrong_rates: tuple[WrongRate, ...]
    opened: tuple[tuple[Instant, int], ...]  # when the infusion went on though the line was opened, and the bag
    other_dose: bool  # bags in force were made for another dose than the one that a prescriber restarted with
    begun: bool  # whether a bag was ever hung
    late: tuple[int, ...]  # bags that were connected or ran beyond a limit
    new_bag: int  # minutes for which a new bag was decided, whatever the site makes up
    measured: Measured | None
    revision: int | None
    hung: Mapping[int, Instant]  # when each bag was connected
    hung_before: frozenset[int]  # connected before the revision in force was issued
    down: Mapping[int, Instant]  # when it was taken down
    given: Mapping[int, Given]  # by each bag that ran
    runs_on: int  # minutes for which the bag that hangs could run on beyond its take-down, by limit and volume

    @property
    def due_minutes(self) -> int:
        """Still to be infused."""
        return max(0, self.course_minutes - self.infused_minutes - self.waived_minutes)

    @property
    def over_minutes(self) -> int:
        """Infused beyond the course."""
        return max(0, self.infused_minutes + self.waived_minutes - self.course_minutes)


def is_in_force(each: Unusable, progress: Progress) -> bool:
    """Whether it is a bag in force: a bag of an earlier revision may have had its number."""
    return each.number in progress.planned and progress.planned[each.number].revision == each.revision
