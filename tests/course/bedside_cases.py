"""Courses at the bed for the tests: everything as planned until a moment, with what a test adds."""

from functools import cache
from typing import Any

from course_cases import BASE, house
from whenever import Instant

from dosing_app.core.clock import instant_of, minutes_of
from dosing_app.course.calculate import calculate
from dosing_app.course.order import read_order
from dosing_app.course.plan import Issue, Plan
from dosing_app.course.replan import Rest, replan
from dosing_app.reference.bundle import Reference

SITE = 'start_within_h = "product"\nstart_within_basis = "validated"\n'
# Zones with a change of the clock within the course, and one with an odd offset and none; each with its start.
ZONES = {
    "Europe/Amsterdam": "2027-03-15T14:00",
    "Australia/Lord_Howe": "2026-09-21T11:00",
    "Africa/Casablanca": "2027-02-01T10:00",
    "Asia/Kathmandu": "2026-11-23T09:15",
}
Entry = dict[str, Any]


def issued(plan: Plan, revision: int = 1, from_bag: int = 1, **more: Any) -> Plan:
    """The plan as if it had been issued; who stands for it does not matter here."""
    at = plan.bags[0].start.subtract(hours=240) if plan.bags else Instant.from_timestamp(0)
    record = {
        "revision": revision,
        "from_bag": from_bag,
        "entered_by": "A",
        "checked_by": "B",
        "checked_at": at,
        "issued_by": "C",
        "issued_at": at,
        "approved_by": ("D", "E"),
        "digest": "",
    }
    return plan.model_copy(update={"issue": Issue(**{**record, **more})})


@cache
def case(pattern: str = "72h,96h", product: str = "eu", zone: str = "", label: str = "A-17") -> tuple[Plan, Reference]:
    """An issued plan of the ordinary infant; in a zone with its own start."""
    start = ZONES.get(zone, BASE["start"])
    texts = {**BASE, "case": label, "pattern": pattern, "product": product, "start": start, "measured": start[:10]}
    reading = read_order({**texts, "zone": zone or BASE["zone"]}, house(SITE))
    assert reading.order is not None, reading.findings
    assert reading.reference is not None
    return issued(calculate(reading.order, (), reading.reference)), reading.reference


def entry(at: Instant, event: str, **more: Any) -> Entry:
    """An entry of the log."""
    return {"at": at.format_iso(), "event": event, **more}


def log_until(plan: Plan, at: Instant) -> list[Entry]:
    """Everything as planned: sessions held, bags connected and taken down on the minute."""
    found = [entry(session.at, "prepared", session=session.number) for session in plan.sessions or ()]
    for bag in plan.bags or ():
        found += [entry(bag.start, "hung", bag=bag.number), entry(bag.end, "stopped", bag=bag.number)]
    order = {"prepared": 0, "stopped": 1, "hung": 2}
    found.sort(key=lambda each: (Instant.parse_iso(each["at"]), order[each["event"]]))
    return [each for each in found if Instant.parse_iso(each["at"]) <= at]


def later(moment: Instant, minutes: int) -> Instant:
    """So many minutes after."""
    return instant_of(minutes_of(moment) + minutes)


def rest_at(
    at: Instant,
    extra: list[Entry] | None = None,
    pattern: str = "72h,96h",
    product: str = "eu",
    zone: str = "",
    log: list[Entry] | None = None,
) -> Rest:
    """Where the course stands at a moment, with further entries in their places."""
    plan, reference = case(pattern, product, zone)
    entries = [*(log_until(plan, at) if log is None else log), *(extra or [])]
    entries.sort(key=lambda each: Instant.parse_iso(each["at"]))
    return replan([plan], entries, at, reference, {})
