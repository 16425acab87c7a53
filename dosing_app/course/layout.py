"""One plan: a pattern laid over the course, its sessions, and all that follows; worked again by the second engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from dosing_app.core.clock import MINUTES_PER_HOUR, clock_changes, instant_of
from dosing_app.core.findings import Tier, answered, finding
from dosing_app.core.quantities import exact_arithmetic, magnitude
from dosing_app.core.sessions import Wait, best_grouping, given_grouping, long_gaps, waits_if_lost
from dosing_app.course import proof
from dosing_app.course.bags import made_bag, make_bags, make_sessions, make_totals
from dosing_app.course.basis import Basis
from dosing_app.course.check_code import check_code
from dosing_app.course.kinds import Recipe
from dosing_app.course.pattern import Piece, pattern_text, tile
from dosing_app.course.plan import Area, Bag, ErrorBudget, LongGap, Plan
from dosing_app.course.plan_findings import plan_findings, recipe_findings
from dosing_app.course.times import local, planned_bags, rules_of, times_of
from dosing_app.reference.bundle import Reference
from dosing_app.reference.source import in_unit


@dataclass(frozen=True, slots=True)
class Choice:
    """A pattern, and how many bags each session makes; None for its best grouping."""

    pattern: tuple[Piece, ...]
    sessions: tuple[int, ...] | None = None


def lay_out(basis: Basis, choice: Choice) -> Plan:
    """The plan of a choice. Without bags where a finding refuses it."""
    order, reference = basis.order, basis.reference
    stretches = tile(choice.pattern, [phase.days * 24 for phase in reference.protocol.phases])
    used = dict.fromkeys((stretch.piece.kind, stretch.phase) for stretch in stretches)
    recipes = {key: basis.recipe(*key) for key in used}
    findings = [*basis.findings, *answered(recipe_findings(recipes, stretches), order.reasons)]
    known = {"pattern": pattern_text(choice.pattern)}
    if any(made.refused for made in recipes.values()):
        return basis.plan(known, findings, complete=False)

    # Which bags are made together, and when.
    of_bags = [recipes[stretch.piece.kind, stretch.phase] for stretch in stretches]
    planned, rules = planned_bags(stretches, of_bags, order, reference), rules_of(reference)
    if choice.sessions is None:
        visits = best_grouping(planned, basis.moments, rules)
    else:
        possible = given_grouping(planned, choice.sessions, basis.moments, rules)
        if possible is None:
            given = ",".join(str(count) for count in choice.sessions)
            findings.append(finding("no-plan", actual=given, reason="sessions", bag_count=str(len(planned))))
            return basis.plan(known, findings, complete=False)
        visits = possible

    # Every bag with its recipe and times, every session with its vials, and what the course amounts to.
    times = times_of(stretches, visits, order, reference)
    bags = make_bags(stretches, of_bags, times, basis.doses, order, reference)
    sessions = make_sessions(bags, reference)
    waits = waits_if_lost([made_bag(bag) for bag in bags], basis.moments, rules.lead)
    totals = make_totals(bags, sessions, of_bags, waits, order, reference)
    changes = clock_changes(order.start, bags[-1].end, order.zone)
    late = [bag.number for bag, when in zip(bags, times, strict=True) if not when.in_time]
    closed = [bag.number for bag, when in zip(bags, times, strict=True) if not when.unit_open]
    findings += answered(plan_findings(bags, sessions, totals, changes, closed, late, order, reference), order.reasons)
    laid = {
        **known,
        "bags": tuple(bags),
        "sessions": sessions,
        "totals": totals,
        "long_gaps": long_gaps_of(waits, order.zone, reference),
        "error_budget": error_budget_of(bags, of_bags, basis.known["bsa"], reference),
        "clock_changes": tuple(change.format_iso() for change in changes),
    }

    # The second engine works the printed recipe through the course; a disagreement takes the plan away.
    printed = Plan(complete=False, **{**basis.known, **laid}).as_json()
    if not late and (disagreements := proof.disagreements(printed, reference)):
        findings.append(finding("engines-disagree", actual="; ".join(disagreements[:3])))
    if any(each.tier is Tier.REFUSE for each in findings):
        return basis.plan(known, findings, complete=False)
    complete = not any(each.holds_back for each in findings)
    plan = basis.plan(laid, findings, complete=complete)
    printed |= {"complete": complete, "findings": [each.model_dump(mode="json") for each in plan.findings]}
    return plan.model_copy(update={"check_code": check_code(printed)})


def needs_reason(plan: Plan) -> bool:
    """Whether a finding about this plan, not about its order, wants a reason or refuses it."""
    return any(each.tier is not Tier.NOTE and each.about == "plan" for each in plan.findings)


def long_gaps_of(waits: Sequence[Wait] | None, zone: str, reference: Reference) -> tuple[LongGap, ...]:
    """When the loss of the running bag would stop the infusion for long."""
    limit = int(reference.limits.value("long_gap_h") * MINUTES_PER_HOUR)
    return tuple(
        LongGap(begin_local=local(instant_of(begin), zone), end_local=local(instant_of(end), zone))
        for begin, end in long_gaps(waits or (), limit)
    )


def error_budget_of(bags: Sequence[Bag], recipes: Sequence[Recipe], area: Area, reference: Reference) -> ErrorBudget:
    """How far the dose of the worst bag may be off, by what; each by itself, in percent of the dose."""
    with exact_arithmetic():
        half_marks = [magnitude(bag.graduation, "mL") / magnitude(bag.drug, "mL") * 50 for bag in bags]
        fills = [_fill_percent(made, reference) for made in recipes]
        own = magnitude(area.m2, "m^2")
        formulas = [abs(magnitude(other, "m^2") / own - 1) * 100 for other in area.others.values()]
    return ErrorBudget(
        graduation_percent=max(half_marks),
        fill_percent=max(fills),
        pump_percent=reference.limits.value("pump_error_percent"),
        formula_percent=max(formulas),
    )


def _fill_percent(made: Recipe, reference: Reference) -> Decimal:
    """A bag filled to the edge of its range holds the same drug in more or less fluid; one made up to a volume not."""
    assert made.total is not None
    assert made.diluent is not None
    if made.kind.final is not None:
        return Decimal(0)
    saline, total, filled = reference.product.saline, magnitude(made.total, "mL"), magnitude(made.diluent, "mL")
    edges = [total - filled + in_unit(each, "mL") for each in (saline.fill_from, saline.fill_to)]
    return max(abs(total / edge - 1) * 100 for edge in edges)
