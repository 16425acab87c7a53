"""One pure function: an order, what happened and the reference go in; a complete, explained plan comes out.

Read it top to bottom: it is the calculation as one would tell it.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from dosing_app import __version__
from dosing_app.core.bsa import OFFERED, body_surface_area
from dosing_app.core.clock import clock_changes
from dosing_app.core.dose import daily_dose
from dosing_app.core.findings import About, Finding, Tier, answered, finding
from dosing_app.core.quantities import exact_arithmetic, magnitude, quantity
from dosing_app.course import proof
from dosing_app.course.bags import (
    local,
    make_bags,
    make_sessions,
    make_totals,
    unit_moments,
)
from dosing_app.course.check_code import check_code
from dosing_app.course.growth import course_growth, growth_findings
from dosing_app.course.kinds import kind_row, make_recipe
from dosing_app.course.order import Order
from dosing_app.course.pattern import AUTO, read_pattern, tile
from dosing_app.course.plan import Area, Course, DailyDose, Plan, Versions
from dosing_app.course.plan_findings import plan_findings, recipe_findings
from dosing_app.course.questions import order_findings, prescription_finding
from dosing_app.reference.bundle import Reference


def calculate(order: Order, log: Sequence[object], reference: Reference) -> Plan:
    """The whole plan of an order.

    Args:
        order: what was prescribed and measured.
        log: what happened so far; nothing yet, since no course is kept before there is a register.
        reference: product data, protocol, site settings and limits.
    """
    assert not log
    with exact_arithmetic():
        return _calculate(order, reference)


def _calculate(order: Order, reference: Reference) -> Plan:
    protocol = reference.protocol
    versions = Versions(
        program=__version__,
        product_data=f"{reference.product.name} {reference.product.version} {reference.product.checksum[:12]}",
        site=reference.site.digest,
    )

    # The order itself: what must be asked, and body-surface area and dose, which are needed to ask it.
    area = _area(order)
    doses = [daily_dose(phase.dose_rate, area.m2, protocol.daily_cap) for phase in protocol.phases]
    findings = list(order_findings(order, reference))
    if not any(each.tier is Tier.REFUSE for each in findings):  # an age that cannot be judges no growth
        findings += growth_findings(order, reference)
    if (compared := prescription_finding(order, doses[0][0], reference)) is not None:
        findings.append(compared)
    findings = answered(findings, order.reasons)
    if any(each.holds_back for each in findings):
        return Plan(complete=False, order=order, findings=_with_unused_reasons(findings, order), versions=versions)

    # What every bag kind would take and bring, so that people can choose.
    offered = {kind.name: make_recipe(kind, doses[0][0], order, reference) for kind in reference.product.kind}
    rows = tuple(kind_row(made, order) for made in offered.values())
    pattern_text = reference.product.stand_in_pattern if order.pattern == AUTO else order.pattern
    known: dict[str, Any] = {
        "order": order,
        "micrograms": reference.site.micrograms,
        "pattern": pattern_text,
        "growth": course_growth(order, reference),
        "bsa": area,
        "daily_dose": DailyDose(
            dose_rate=protocol.phases[0].dose_rate, micrograms=doses[0][0], capped=doses[0][1], cap=protocol.daily_cap
        ),
        "course": _course(order, protocol.course_hours),
        "kinds": rows,
        "versions": versions,
    }

    # The pattern laid over the course, and a recipe for each kind and phase in it.
    stretches = tile(read_pattern(pattern_text, reference.product), [phase.days * 24 for phase in protocol.phases])
    recipes = {
        (kind, phase): offered[kind]
        if phase == 0
        else make_recipe(reference.product.kinds[kind], doses[phase][0], order, reference)
        for kind, phase in dict.fromkeys((stretch.piece.kind, stretch.phase) for stretch in stretches)
    }
    findings += answered(recipe_findings(recipes, stretches), order.reasons)
    if any(made.refused for made in recipes.values()):
        return Plan(complete=False, **known, findings=_with_unused_reasons(findings, order))

    # Bags, their sessions, and what the course amounts to.
    moments = unit_moments(order, protocol.course_hours, reference)
    bags, closed, late = make_bags(stretches, recipes, [dose for dose, _ in doses], moments, order, reference)
    sessions = make_sessions(bags, reference)
    totals = make_totals(bags, sessions, recipes, stretches, moments, order, reference)
    changes = clock_changes(order.start, bags[-1].end, order.zone)
    own = plan_findings(bags, sessions, totals, changes, closed, late, order, reference)
    findings += answered(own, order.reasons)
    known |= {
        "bags": tuple(bags),
        "sessions": sessions,
        "totals": totals,
        "clock_changes": tuple(change.format_iso() for change in changes),
    }

    # The second engine works the printed recipe through the course; a disagreement takes the plan away.
    printed = Plan(complete=False, **known).as_json()
    if not late and (disagreements := proof.disagreements(printed, reference)):
        findings.append(finding("engines-disagree", actual="; ".join(disagreements[:3])))
    if any(each.tier is Tier.REFUSE for each in findings):
        known = {key: value for key, value in known.items() if key not in {"bags", "sessions", "totals"}}
        return Plan(complete=False, **known, findings=_with_unused_reasons(findings, order))
    complete = not any(each.holds_back for each in findings)
    final = _with_unused_reasons(findings, order)
    printed |= {"complete": complete, "findings": [each.model_dump(mode="json") for each in final]}
    return Plan(complete=complete, **known, findings=final, check_code=check_code(printed))


def _area(order: Order) -> Area:
    """BSA by every offered formula, the order's first."""
    areas = {name: body_surface_area(name, order.weight, order.length) for name in OFFERED}
    sizes = [magnitude(each, "m^2") for each in areas.values()]
    own = areas.pop(order.formula)
    return Area(formula=order.formula, m2=own, others=areas, spread_percent=(max(sizes) / min(sizes) - 1) * 100)


def _course(order: Order, hours: int) -> Course:
    """From the first connection to the last take-down, in elapsed time."""
    end = order.start.add(hours=hours)
    return Course(
        start=order.start,
        end=end,
        start_local=local(order.start, order.zone),
        end_local=local(end, order.zone),
        hours=quantity(Decimal(hours), "h"),
    )


def _with_unused_reasons(findings: list[Finding], order: Order) -> tuple[Finding, ...]:
    """The findings, with a note for every reason that answers none of them; the reason itself is kept in the order."""
    asked = {each.code for each in findings if each.tier is Tier.JUSTIFY}
    unused = [finding("reason-unused", actual=code) for code in order.reasons if code not in asked]
    tiers = list(Tier)
    return tuple(sorted([*findings, *unused], key=lambda each: (tiers.index(each.tier), each.about is About.PLAN)))
