"""What follows from an order before any pattern is chosen: questions, body-surface area, dose, and every recipe."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from dosing_app import __version__
from dosing_app.core.bsa import OFFERED, body_surface_area
from dosing_app.core.dose import daily_dose
from dosing_app.core.findings import About, Finding, Tier, answered, finding
from dosing_app.core.quantities import Quantity, magnitude, quantity
from dosing_app.core.sessions import OpenMoments
from dosing_app.course.growth import course_growth, growth_findings
from dosing_app.course.kinds import Recipe, kind_row, make_recipe
from dosing_app.course.order import Order
from dosing_app.course.plan import Area, Course, DailyDose, Plan, Versions
from dosing_app.course.questions import order_findings, prescription_finding
from dosing_app.course.times import local, unit_moments
from dosing_app.reference.bundle import Reference


@dataclass(frozen=True, slots=True)
class Basis:
    """An order with all that holds for each of its plans.

    Attributes:
        findings: about the order, with the reasons given.
        held_back: whether one of them leaves no result; then the rest is empty.
        doses: daily dose per phase. [microgram/day]
        known: the fields of a plan that no pattern changes.
        moments: when the unit is open around the course.
    """

    order: Order
    reference: Reference
    findings: list[Finding]
    held_back: bool
    doses: tuple[Quantity, ...] = ()
    known: Mapping[str, Any] = field(default_factory=dict)
    moments: OpenMoments = field(default_factory=lambda: OpenMoments((), ()))
    _recipes: dict[tuple[str, int], Recipe] = field(default_factory=dict)

    def recipe(self, kind: str, phase: int) -> Recipe:
        """The recipe of a bag kind in a phase of the protocol, made when it is first asked for."""
        if (kind, phase) not in self._recipes:
            made = make_recipe(self.reference.product.kinds[kind], self.doses[phase], self.order, self.reference)
            self._recipes[kind, phase] = made
        return self._recipes[kind, phase]

    def plan(self, more: Mapping[str, Any], findings: list[Finding], **last: Any) -> Plan:
        """A plan of what is known, what a pattern adds, and the findings, the gravest first."""
        return Plan(**{**self.known, **more, "findings": in_order(findings, self.order), **last})


def make_basis(order: Order, reference: Reference) -> Basis:
    """What must be asked about the order, and, if nothing holds it back, dose and recipes."""
    protocol = reference.protocol
    area = _area(order)
    doses = [daily_dose(phase.dose_rate, area.m2, protocol.daily_cap) for phase in protocol.phases]
    findings = list(order_findings(order, reference))
    if not any(each.tier is Tier.REFUSE for each in findings):  # an age that cannot be judges no growth
        findings += growth_findings(order, reference)
    if (compared := prescription_finding(order, doses[0][0], reference)) is not None:
        findings.append(compared)
    findings = answered(findings, order.reasons)
    versions = Versions(
        program=__version__,
        product_data=f"{reference.product.name} {reference.product.version} {reference.product.checksum[:12]}",
        site=reference.site.digest,
    )
    known: dict[str, Any] = {"order": order, "versions": versions}
    if any(each.holds_back for each in findings):
        return Basis(order, reference, findings, held_back=True, known=known)
    known |= {
        "micrograms": reference.site.micrograms,
        "growth": course_growth(order, reference),
        "bsa": area,
        "daily_dose": DailyDose(
            dose_rate=protocol.phases[0].dose_rate, micrograms=doses[0][0], capped=doses[0][1], cap=protocol.daily_cap
        ),
        "course": _course(order, protocol.course_hours),
    }
    basis = Basis(
        order,
        reference,
        findings,
        held_back=False,
        doses=tuple(dose for dose, _ in doses),
        known=known,
        moments=unit_moments(order, protocol.course_hours, reference),
    )
    known["kinds"] = tuple(
        kind_row(basis.recipe(kind.name, 0), area.m2, order, reference) for kind in reference.product.kind
    )
    return basis


def in_order(findings: list[Finding], order: Order) -> tuple[Finding, ...]:
    """The gravest first, with a note for every reason that answers none of them; the reason itself is kept."""
    asked = {each.code for each in findings if each.tier is Tier.JUSTIFY}
    unused = [finding("reason-unused", actual=code) for code in order.reasons if code not in asked]
    tiers = list(Tier)
    return tuple(sorted([*findings, *unused], key=lambda each: (tiers.index(each.tier), each.about is About.PLAN)))


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
