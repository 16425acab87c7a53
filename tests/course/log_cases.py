"""Issued plans for the tests of logs: one infant, many patterns, sites and zones; made once each."""

from functools import cache
from typing import Any

from course_cases import BASE, house
from whenever import Instant

from dosing_app.core.quantities import magnitude
from dosing_app.course.calculate import calculate
from dosing_app.course.issue import issue
from dosing_app.course.order import read_order
from dosing_app.course.plan import Plan
from dosing_app.course.second_check import Check, fingerprint
from dosing_app.reference.bundle import Reference
from dosing_app.reference.product import load_product

NAMES = ("A. First", "B. Second")
LONG = 'start_within_h = "product"\nstart_within_basis = "validated"\nstart_within_by = ["C. Third", "D. Fourth"]\n'


def site_of(product: str, more: str = LONG) -> str:
    """A site that has approved the product and chosen the formula."""
    checksum = load_product(product).checksum
    approval = f'[[approval]]\nproduct = "{product}"\nchecksum = "{checksum}"\nby = ["C. Third", "D. Fourth"]\n'
    return f'formula = "mosteller"\n{more}{approval}on = "2026-01-05"\n'


@cache
def issued_case(
    pattern: str = "72h,96h",
    product: str = "eu",
    zone: str = "Europe/Amsterdam",
    start: str = "2026-11-23T14:00",
    more: str = LONG,
) -> tuple[Plan, Reference]:
    """A plan as it was issued, the first of its case, and what it was made with."""
    texts = {**BASE, "case": "A-17", "formula": "mosteller", "prescribed": "5.05 microgram/day", "measured": ""}
    texts |= {"pattern": pattern, "product": product, "zone": zone, "start": start}
    texts |= {
        f"reason:{code}": "seen"
        for code in ("unit-closed", "syringe-deviation", "sodium", "age", "formula", "preserved-infant")
    }
    reading = read_order(texts, house(site_of(product, more)))
    assert reading.order is not None, reading.findings
    assert reading.reference is not None
    plan = calculate(reading.order, (), reading.reference)
    assert plan.complete, plan.findings
    at = reading.order.start.subtract(hours=200)
    return issue(plan, _check(plan, at), "C. Third", at, reading.reference), reading.reference


def _check(plan: Plan, at: Instant) -> Check:
    return Check(entered_by=NAMES[0], checked_by=NAMES[1], at=at, of=fingerprint(plan))


def entry_of(plan: Plan, hours: float, event: str, /, **more: Any) -> dict[str, Any]:
    """An entry so many hours after the start of the course."""
    assert plan.course is not None
    at = plan.course.start.add(minutes=round(hours * 60))
    return {"at": at.format_iso(), "event": event, "by": "N. Nurse", **more}


def full_dose(plan: Plan) -> Any:
    """The daily dose of a plan. [microgram/day]"""
    assert plan.daily_dose is not None
    return magnitude(plan.daily_dose.micrograms, "microgram/day")
