"""Issued plans and courses under way, to print."""

from functools import cache
from typing import Any

from log_cases import issued_case
from paper_cases import FINAL, case, printable
from whenever import Instant

from dosing_app.course.plan import Issue, Plan, Superseded
from dosing_app.course.replan import Rest, replan
from dosing_app.course.revise import revision_of
from dosing_app.papers.standing import Standing, standing_of
from dosing_app.reference.bundle import Reference

# Zones whose clock changes within the course, or never stands at a whole hour; each start is a working day at the bed.
ZONES = {
    "Europe/Amsterdam": "2027-03-15T14:00",
    "Australia/Lord_Howe": "2027-03-15T14:00",
    "Asia/Kathmandu": "2027-03-15T14:00",
    "Africa/Casablanca": "2027-01-25T14:00",
}


@cache
def in_zone(zone: str, pattern: str = "72h,96h") -> tuple[Plan, Reference]:
    """A plan in a zone, the unit in the same one."""
    start = ZONES[zone]
    return printable(f'zone = "{zone}"', case="A-17", pattern=pattern, zone=zone, start=start, measured=start[:10])


@cache
def long_course() -> tuple[Plan, Reference]:
    """28 bags of 24 hours with a clock change, no case, and a phone."""
    return printable(
        'phone = "020 111 22 33"\nname = "University children\'s hospital, haematology and oncology"',
        pattern="24h",
        weight="8.6 kg",
        length="71 cm",
        start="2027-03-15T14:00",
        measured="2027-03-15",
    )


def issued(plan: Plan, revision: int = 1, from_bag: int = 1, superseded: tuple[Superseded, ...] = ()) -> Plan:
    """The plan as if it were issued."""
    assert FINAL.checked_at is not None
    assert FINAL.issued_at is not None
    record = Issue(
        revision=revision,
        from_bag=from_bag,
        entered_by=FINAL.entered_by,
        checked_by=FINAL.checked_by,
        checked_at=FINAL.checked_at,
        issued_by=FINAL.issued_by,
        issued_at=FINAL.issued_at,
        approved_by=FINAL.approved_by,
        superseded=superseded,
        digest="",
    )
    return plan.model_copy(update={"issue": record})


def own_standing(plan: Plan) -> Standing:
    """The standing of an issued plan."""
    return standing_of(plan, 1)


def under_way() -> tuple[Plan, Reference, Rest]:
    """The first bag ran, the second hangs since nine minutes after its time, the third is lost."""
    plan, reference = case("eu-clock")
    log: list[dict[str, Any]] = [
        {"at": "2027-03-15T11:00:00Z", "event": "prepared", "session": 1},
        {"at": "2027-03-15T13:05:00Z", "event": "hung", "bag": 1},
        {"at": "2027-03-18T11:00:00Z", "event": "prepared", "session": 2},
        {"at": "2027-03-18T13:02:00Z", "event": "stopped", "bag": 1},
        {"at": "2027-03-18T13:09:00Z", "event": "hung", "bag": 2},
        {"at": "2027-03-22T11:00:00Z", "event": "prepared", "session": 3},
        {"at": "2027-03-22T11:10:00Z", "event": "lost", "bag": 3},
    ]
    log = [{**each, "by": "First Person"} for each in log]
    return plan, reference, replan([plan], log, Instant.from_utc(2027, 3, 22, 11, 30), reference, {})


@cache
def revised(pattern: str, lost: int) -> tuple[Plan, Reference]:
    """The revision after a bag was lost while the first one ran."""
    plan, reference = issued_case(pattern)
    start = (plan.bags or ())[0].start
    log: list[dict[str, Any]] = [
        {"at": start.subtract(hours=2).format_iso(), "event": "prepared", "session": 1},
        {"at": start.format_iso(), "event": "hung", "bag": 1},
        {"at": start.add(hours=5).format_iso(), "event": "lost", "bag": lost},
    ]
    at = start.add(hours=6)
    rest = replan([plan], [{**each, "by": "First Person"} for each in log], at, reference, {})
    asked = {each.code: "Talked over" for each in rest.findings if each.holds_back}
    rest = replan([plan], [{**each, "by": "First Person"} for each in log], at, reference, asked)
    return revision_of(rest, "Third Person", "Second Person", at, reference, [plan]), reference
