"""What must be asked about an order before anything is computed for it: dates, age, measuring day, formula, dose."""

from collections.abc import Iterator
from decimal import Decimal

from whenever import Date

from dosing_app.core.clock import age
from dosing_app.core.dose import deviation_percent
from dosing_app.core.findings import Finding, Tier, finding
from dosing_app.core.quantities import Quantity, magnitude, plain, print_beyond, print_number
from dosing_app.course.order import Order
from dosing_app.reference.bundle import Reference
from dosing_app.reference.site import approval_of

_NINETY_DAYS = 90


def order_findings(order: Order, reference: Reference) -> Iterator[Finding]:
    """Every finding about the order that needs no result."""
    start = order.start.to_tz(order.zone).date()
    impossible = list(_impossible_dates(order, start))
    yield from impossible
    if not impossible:
        yield from _age(order, start, reference)
        yield from _measured(order, start, reference)
    if order.gestation is None:
        yield finding("gestation-unknown")
    site_formula = reference.site.formula
    if not site_formula:
        yield finding("formula-not-chosen", actual=order.formula)
    elif order.formula != site_formula:
        yield finding("formula", actual=order.formula, limit=site_formula, source="site")
    if approval_of(reference.site, reference.product) is None:
        yield finding("product-not-approved", actual=reference.product.name)


def _impossible_dates(order: Order, start: Date) -> Iterator[Finding]:
    """Dates that cannot all be true."""
    before = [
        ("born-after-start", order.born > start, order.born, start),
        ("measured-after-start", order.measured is not None and order.measured > start, order.measured, start),
        (
            "measured-before-birth",
            order.measured is not None and order.measured < order.born,
            order.measured,
            order.born,
        ),
    ]
    if order.previous is not None:
        day = order.previous.measured
        last = order.measured or start
        before += [
            ("previous-before-birth", day < order.born, day, order.born),
            ("previous-after-measured", day > last, day, last),
        ]
    for reason, wrong, seen, other in before:
        if wrong and seen is not None:
            yield finding("dates", actual=seen.format_iso(), limit=other.format_iso(), reason=reason)


def _age(order: Order, start: Date, reference: Reference) -> Iterator[Finding]:
    """Outside the ages that the program is for, or at their edge."""
    limits = reference.limits
    _, days = age(order.born, start)
    beyond = int(limits.value("age_refuse_above_months"))
    if start > order.born.add(months=beyond):
        yield finding(
            "age-scope",
            actual=_age_words(order.born, start),
            limit=f"{beyond} months",
            source=limits.shown("age_refuse_above_months"),
        )
        return
    youngest = limits.value("age_justify_below_days")
    oldest = int(limits.value("age_justify_above_months"))
    if days < youngest:
        yield finding(
            "age",
            actual=f"{days} days",
            limit=f"{plain(youngest)} days",
            source=limits.shown("age_justify_below_days"),
            side="below",
        )
    elif start > order.born.add(months=oldest):
        yield finding(
            "age",
            actual=_age_words(order.born, start),
            limit=f"{oldest} months",
            source=limits.shown("age_justify_above_months"),
            side="above",
        )


def _age_words(born: Date, day: Date) -> str:
    """Age as "13 months 2 days"."""
    parts = day.since(born, in_units=["months", "days"])
    return f"{int(parts['months'])} months {int(parts['days'])} days"


def _measured(order: Order, start: Date, reference: Reference) -> Iterator[Finding]:
    """The day of weighing and measuring: asked, never assumed; a stale one wants a reason."""
    if order.measured is None:
        yield finding("measured-unknown")
        return
    _, days_old = age(order.born, start)
    young = days_old < _NINETY_DAYS
    name = "measurement_age_days_below_90_days" if young else "measurement_age_days"
    limit = reference.limits.value(name)
    _, days = age(order.measured, start)
    if days > limit:
        yield finding(
            "measurement-age", actual=f"{days} days", limit=f"{plain(limit)} days", source=reference.limits.shown(name)
        )


def prescription_finding(order: Order, dose: Quantity, reference: Reference) -> Finding | None:
    """The prescriber's daily dose against the computed one; None where they agree."""
    if order.prescribed is None:
        return finding("prescription-not-compared")
    limits = reference.limits
    off: Decimal = abs(deviation_percent(order.prescribed, dose))
    levels = (
        (limits.value("prescription_refuse_percent"), Tier.REFUSE),
        (limits.value("prescription_justify_percent"), Tier.JUSTIFY),
        (limits.value("prescription_note_percent"), Tier.NOTE),
    )
    for limit, tier in levels:
        if off > limit:
            # The computed dose stands in the result, and only there: nothing of it leaks out of a refusal.
            return finding(
                "prescription-differs",
                tier,
                actual=f"{print_beyond(off, limit, 1)} %",
                limit=f"{plain(limit)} %",
                source=limits.shown("prescription_refuse_percent"),
                prescribed=print_number(magnitude(order.prescribed, "microgram/day")),
            )
    return None
