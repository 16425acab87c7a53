"""The changes of an issued plan as calendar entries that a second import renews.

Times are UTC: a local time that comes twice in a night would be two moments. The zone's own clock stands in each entry
as text, and its data beside the entries. No alarm is set: an old file would ring for a bag that was superseded.
Nothing but the case's label says whose they are.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from whenever import Instant, ZonedDateTime

from dosing_app.core.clock import clock_changes
from dosing_app.core.quantities import NO_BREAK_SPACE
from dosing_app.course.plan import Plan
from dosing_app.course.schedule import Row
from dosing_app.papers.changes import Change, changes, clocks, off_hours_words, rate_change_words, rate_words
from dosing_app.papers.sheet import versions_line
from dosing_app.papers.standing import NotPrintable, Standing, check_printable
from dosing_app.reference.bundle import Reference
from dosing_app.wording.language import _
from dosing_app.wording.units import print_quantity


def calendar(plan: Plan, standing: Standing, reference: Reference) -> bytes:
    """The calendar of an issued revision's own bags; the same bytes for the same plan.

    An entry keeps its identity from revision to revision, so that a later file renews it; what is no longer planned
    is cancelled by the later file.

    Args:
        plan: issued.
        standing: its own.
        reference: what it was calculated with.

    Raises:
        NotPrintable: a draft has no calendar; or see `check_printable`.
    """
    check_printable(plan, standing, reference)
    if standing.draft or plan.issue is None or plan.order is None:
        raise NotPrintable("a draft has no calendar")
    from icalendar import Calendar

    planned = changes(plan, None, reference)
    made = Calendar()
    made.add("prodid", "-//dosing-app//Blinatumomab Infusion Planner//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-timezone", plan.order.zone)
    made.add_component(_zone(planned[0].at, planned[-1].at, plan.order.zone))
    for change in planned:
        made.add_component(_event(change, plan, standing, last=change is planned[-1]))
    for number, at in _cancelled(plan):
        made.add_component(_cancelled_event(number, at, plan))
    return bytes(made.to_ical())


def course_identity(plan: Plan) -> str:
    """The same for all revisions of a case, and its label cannot be read from it; by the start where it has none."""
    assert plan.order is not None
    case = " ".join(plan.order.case.split()).casefold()
    return hashlib.sha256((case or plan.order.start.format_iso()).encode()).hexdigest()[:32]


def _event(change: Change, plan: Plan, standing: Standing, *, last: bool) -> Any:
    sign = "end" if last else f"down-{_number(change.down)}" if change.up is None else f"bag-{_number(change.up)}"
    event = _blank(sign, change.at, plan)
    event.add("status", "CONFIRMED")
    event.add("summary", _summary(change, plan))
    event.add("description", "\n".join(_lines(change, plan, standing)).replace(NO_BREAK_SPACE, " "))
    return event


def _cancelled_event(number: int, at: Instant, plan: Plan) -> Any:
    event = _blank(f"bag-{number}", at, plan)
    event.add("status", "CANCELLED")
    event.add("summary", _of_case(_("CANCELLED: bag {number} is superseded").format(number=number), plan))
    event.add("description", _("Do not connect it. It is to be destroyed."))
    return event


def _blank(sign: str, at: Instant, plan: Plan) -> Any:
    """A moment without length that blocks nobody's time."""
    from icalendar import Event

    assert plan.issue is not None
    event = Event()
    event.add("uid", f"{course_identity(plan)}-{sign}@dosing-app")
    event.add("sequence", plan.issue.revision)
    event.add("dtstamp", _utc(plan.issue.issued_at))
    event.add("dtstart", _utc(at))
    event.add("transp", "TRANSPARENT")
    return event


def _cancelled(plan: Plan) -> Iterator[tuple[int, Instant]]:
    """Bags of older revisions whose number no bag of this one has."""
    assert plan.issue is not None
    kept = {bag.number for bag in plan.bags or ()}
    gone = {each.number: each.start for each in plan.issue.superseded if each.number not in kept}
    yield from sorted(gone.items())


def _utc(moment: Instant) -> datetime:
    return datetime.fromtimestamp(moment.timestamp(), UTC)


def _number(row: Row | None) -> int:
    assert row is not None
    return row.bag.number


def _of_case(text: str, plan: Plan) -> str:
    assert plan.order is not None
    return f"{plan.order.case}: {text}" if plan.order.case else text


def _summary(change: Change, plan: Plan) -> str:
    if change.up is None:
        text = _("blinatumomab, take down bag {number}").format(number=_number(change.down))
    else:
        text = _("blinatumomab, connect bag {number} of {of}, RATE {rate}").format(
            number=change.up.bag.number, of=change.up.bag.of, rate=rate_words(change.up)
        )
    return _of_case(text, plan).replace(NO_BREAK_SPACE, " ")


def _lines(change: Change, plan: Plan, standing: Standing) -> Iterator[str]:
    yield from change.clocks
    if change.down is not None:
        yield _("Take down bag {number}.").format(number=change.down.bag.number)
    if change.up is not None:
        yield from _of_bag(change.up, plan)
    yield _(
        "Revision {number}. This entry does not renew itself: the label of the bag and the newest schedule count."
    ).format(number=standing.revision)
    yield versions_line(plan, standing)


def _of_bag(row: Row, plan: Plan) -> Iterator[str]:
    assert plan.order is not None
    bag, zone = row.bag, plan.order.zone
    yield _("Connect bag {number} of {of}.").format(number=bag.number, of=bag.of)
    yield _("RATE {rate}").format(rate=rate_words(row))
    yield from filter(None, (rate_change_words(row), off_hours_words(row)))
    yield _("To be infused {volume}, the rest is discarded.").format(volume=print_quantity(bag.delivered, "mL"))
    start_by, down_by = (clocks(moment, zone, bag.start) for moment in (bag.start_by, bag.down_by))
    yield _("Do not connect after {when}").format(when=", ".join(start_by))
    yield _("Take down by {when}").format(when=", ".join(down_by))


def _zone(first: Instant, last: Instant, zone: str) -> Any:
    """The zone's clock from a day before the first entry to a day after the last: each change of it by itself."""
    from icalendar import Timezone

    begin, end = first.add(hours=-24).to_tz(zone), last.add(hours=24)
    made = Timezone()
    made.add("tzid", zone)
    made.add_component(_observance(begin.to_instant(), begin, begin))
    before = begin
    for change in clock_changes(begin.to_instant(), end, zone):
        made.add_component(_observance(change.to_instant(), before, change))
        before = change
    return made


def _observance(at: Instant, before: ZonedDateTime, after: ZonedDateTime) -> Any:
    """From a moment on the clock is off UTC by so much; the moment is told by the clock before."""
    from icalendar import TimezoneDaylight, TimezoneStandard

    old, new = (timedelta(seconds=each.offset.total("seconds")) for each in (before, after))
    made: Any = TimezoneDaylight() if new > old else TimezoneStandard()
    made.add("dtstart", (_utc(at) + old).replace(tzinfo=None))
    made.add("tzoffsetfrom", old)
    made.add("tzoffsetto", new)
    made.add("tzname", f"UTC{after.format_iso()[19:25]}")
    return made
