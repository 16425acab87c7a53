"""The changes of a course as a ward goes through them: one bag down, the next one up, the last one down.

Schedule, downtime sheet and calendar show the same changes in the same words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from whenever import Instant

from dosing_app.core.quantities import magnitude, print_number
from dosing_app.course.plan import Plan
from dosing_app.course.replan import Rest
from dosing_app.course.schedule import Row, planned_rows, rows_of
from dosing_app.papers.label import hanging_words
from dosing_app.reference.bundle import Reference
from dosing_app.wording import figures
from dosing_app.wording.bedside_text import state_name
from dosing_app.wording.language import _
from dosing_app.wording.units import print_quantity


@dataclass(frozen=True, slots=True)
class Change:
    """What is planned at one moment.

    Attributes:
        at: the moment.
        down: the bag that comes down, if one does.
        up: the bag that goes up, if one does.
        day: of the course, at the bed; the first is day 1.
        clocks: the moment by the wall clock; by the old one too, where it was changed while the bag before ran.
        down_by: the latest moment at which the bag that goes up may still run.
    """

    at: Instant
    down: Row | None
    up: Row | None
    day: int
    clocks: tuple[str, ...]
    down_by: Instant | None


def changes(plan: Plan, rest: Rest | None, reference: Reference) -> tuple[Change, ...]:
    """The changes of the bags that run, in order.

    A take-down without a connection stands where nothing follows it, so at the end of the course.

    Args:
        plan: with bags; a revision holds those of the revision before, from its first bag on its own.
        rest: what has happened since; then the bags of the whole course, and those laid out anew.
        reference: the site's hours.
    """
    assert plan.order is not None
    zone, found, before = plan.order.zone, [], None
    for row in rows_for(plan, rest, reference):
        if not row.infuses:
            continue
        if before is not None and _end(before, rest) < row.bag.start:
            found.append(_change(_end(before, rest), before, None, zone, rest))
            before = None
        found.append(_change(row.bag.start, before, row, zone, rest))
        before = row
    if before is not None:
        found.append(_change(_end(before, rest), before, None, zone, rest))
    return tuple(found)


def rows_for(plan: Plan, rest: Rest | None, reference: Reference) -> tuple[Row, ...]:
    """The rows of a plan, or those of a course with what happened."""
    return planned_rows(plan, reference) if rest is None else rows_of(rest, reference)


def _end(row: Row, rest: Rest | None) -> Instant:
    """When a bag is to come down: the one that hangs as it was decided since."""
    running = None if rest is None else rest.progress.running
    return running.take_down if running is not None and running.bag.number == row.bag.number else row.bag.end


def _change(at: Instant, down: Row | None, up: Row | None, zone: str, rest: Rest | None) -> Change:
    row = up or down
    assert row is not None
    moved = int(at.to_tz(zone).date().since(row.begins.to_tz(zone).date(), total="days"))
    since = at if down is None else down.bag.start
    running = None if rest is None else rest.progress.running
    hangs = running is not None and up is not None and running.bag.number == up.bag.number
    return Change(
        at=at,
        down=down,
        up=up,
        day=row.day + moved,
        clocks=tuple(clocks(at, zone, since)),
        down_by=None if up is None else running.down_by if running is not None and hangs else up.bag.down_by,
    )


def clocks(moment: Instant, zone: str, since: Instant) -> list[str]:
    """A moment by the wall clock, in a second line by the old one where it was changed since."""
    now, *old = figures.both_clocks(moment, zone, since)
    return [now, *(_("by the old clock {when}").format(when=each) for each in old)]


def down_by_words(planned: Sequence[Change], reference: Reference) -> str:
    """For which connection "Take down by" holds, and what holds for an earlier one."""
    hours = list(dict.fromkeys(hanging_words(each.up.bag, reference) for each in planned if each.up is not None))
    if len(hours) == 1:
        return _(
            "“Take down by” holds for the planned connection. Take the bag down by then, or by {hours} after it "
            "was really connected, whichever is earlier."
        ).format(hours=hours[0])
    return _(
        "“Take down by” holds for the planned connection. Take the bag down by then, or by as many hours after it "
        "was really connected as its label says, whichever is earlier."
    )


def day_words(change: Change) -> str:
    """Print "Day 8"."""
    return _("Day {number}").format(number=change.day)


def rate_words(row: Row) -> str:
    """The rate, the one that a pump shows."""
    return print_quantity(row.bag.rate, "mL/h")


def rate_change_words(row: Row) -> str:
    """Print "RATE CHANGES: was 3.3, now 2.5 mL/hour"; empty where it does not."""
    if row.rate_before is None:
        return ""
    return _("RATE CHANGES: was {before}, now {now}").format(
        before=print_number(magnitude(row.rate_before, "mL/h")), now=rate_words(row)
    )


def off_hours_words(row: Row | None) -> str:
    """The mark of a change off hours; empty where there is none."""
    return _("OFF HOURS") if row is not None and row.off_hours else ""


def course_lines(plan: Plan, planned: Sequence[Change]) -> list[str]:
    """From when to when the course runs, by its days and by their dates, and for which bags a later revision stands."""
    assert plan.order is not None
    assert plan.course is not None
    if not planned:
        return []
    start, last = plan.course.start, planned[-1]
    end = figures.both_clocks(last.at, plan.order.zone, start)
    lines = [
        _("{hours} of infusion: day 1 begins {start}, and it ends on day {day}, {end}.").format(
            hours=print_quantity(plan.course.hours, "h"),
            start=figures.when_with_offset(plan.course.start_local),
            day=last.day,
            end=end[0],
        )
    ]
    if plan.issue is not None and plan.issue.from_bag > 1:
        lines.append(
            _("This revision stands for the bags from {number} on; those before are as they were.").format(
                number=plan.issue.from_bag
            )
        )
    return lines


def not_to_be_connected(rows: Iterable[Row]) -> list[str]:
    """Bags that must not be connected, each with why."""
    return [
        _("Do not connect bag {number}: {why}.").format(number=row.bag.number, why=state_name(row.state))
        for row in rows
        if not row.infuses
    ]
