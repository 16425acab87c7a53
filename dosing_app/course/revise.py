"""The rest of a course becomes the next issued revision: what hung and is kept as it was made, the others anew."""

from collections.abc import Sequence
from typing import Any

from whenever import Instant

from dosing_app import __version__
from dosing_app.core.clock import clock_changes
from dosing_app.core.dose import daily_dose
from dosing_app.core.findings import Finding, Tier, answered
from dosing_app.core.quantities import BLANKS, exact_arithmetic
from dosing_app.core.sessions import waits_if_lost
from dosing_app.course.bags import made_bag, make_sessions, make_totals
from dosing_app.course.check_code import check_code
from dosing_app.course.issue import NotIssued, next_revision, sealed, standing_bags, superseded_of
from dosing_app.course.kinds import make_recipe
from dosing_app.course.layout import error_budget_of, long_gaps_of
from dosing_app.course.plan import Bag, DailyDose, Plan, Versions
from dosing_app.course.plan_findings import plan_findings
from dosing_app.course.replan import Rest
from dosing_app.course.rest_bags import from_now, moments_of
from dosing_app.course.times import local, rules_of
from dosing_app.reference.approval import same_person
from dosing_app.reference.bundle import Reference
from dosing_app.reference.site import approval_of


def revision_of(
    rest: Rest, issued_by: str, checked_by: str, at: Instant, reference: Reference, earlier: Sequence[Plan]
) -> Plan:
    """The rest of a course as its next issued revision, frozen with everyone who stands for it.

    Args:
        rest: as it was laid out, with the reasons that its findings want.
        issued_by: a pharmacist.
        checked_by: another person.
        at: now.
        reference: what the rest was laid out with.
        earlier: the issued revisions of the course.

    Raises:
        NotIssued: no-issue, nothing-to-come, wants-reason, no-name, checker-issues, lacks.
    """
    name, checker = issued_by.strip(BLANKS), checked_by.strip(BLANKS)
    approval = approval_of(reference.site, reference.product)
    if not earlier or any(plan.issue is None for plan in earlier):
        raise NotIssued("no-issue")
    if not rest.bags:
        raise NotIssued("nothing-to-come")
    if not name or not checker:
        raise NotIssued("no-name")
    if same_person(name, checker):
        raise NotIssued("checker-issues")
    if approval is None:
        raise NotIssued("lacks")
    plan = _plan_of(rest, reference)
    if any(each.holds_back for each in plan.findings):
        raise NotIssued("wants-reason")
    progress = rest.progress
    to_come = {bag.number for bag in rest.bags}
    kept = set(progress.hung) | (to_come & set(progress.made))
    gone = {number: each for number, each in standing_bags(earlier).items() if number not in kept}
    record = {
        "revision": next_revision(earlier),
        "from_bag": min(to_come),
        "entered_by": name,
        "checked_by": checker,
        "checked_at": at,
        "issued_by": name,
        "issued_at": at,
        "approved_by": approval.by,
        "superseded": superseded_of(gone),
        "kept": tuple(sorted(kept)),
    }
    return sealed(plan, record)


def _plan_of(rest: Rest, reference: Reference) -> Plan:
    """The whole course with its rest, not issued yet."""
    before, order = rest.plan, rest.plan.order
    assert order is not None
    assert before.course is not None
    assert before.bsa is not None
    with exact_arithmetic():
        bags = _bags(rest)
        sessions = make_sessions(bags, reference)
        recipes = [make_recipe(_kind(bag, reference), bag.daily_dose, order, reference) for bag in bags]
        moments = from_now(moments_of(rest.progress, reference), 0)
        waits = waits_if_lost([made_bag(bag) for bag in rest.bags], moments, rules_of(reference).lead)
        totals = make_totals(bags, sessions, recipes, waits, order, reference)
        changes = clock_changes(order.start, bags[-1].end, order.zone)
        reasons = {**order.reasons, **{each.code: each.reason for each in rest.findings if each.reason}}
        of_bags = plan_findings(bags, sessions, totals, changes, [], [], order, reference)
        findings = _in_order([*rest.findings, *_not_there(answered(of_bags, reasons), rest.findings)])
        made: dict[str, Any] = {
            "complete": True,
            "pattern": ",".join(bag.kind for bag in bags),
            "daily_dose": _daily_dose(rest, reference),
            "course": before.course.model_copy(
                update={"end": bags[-1].end, "end_local": local(bags[-1].end, order.zone)}
            ),
            "bags": tuple(bags),
            "sessions": sessions,
            "totals": totals,
            "long_gaps": long_gaps_of(waits, order.zone, reference),
            "error_budget": error_budget_of(bags, recipes, before.bsa, reference),
            "clock_changes": tuple(change.format_iso() for change in changes),
            "findings": findings,
            "versions": Versions(
                program=__version__,
                product_data=f"{reference.product.name} {reference.product.version} {reference.product.checksum[:12]}",
                site=reference.site.digest,
            ),
            "issue": None,
            "check_code": None,
        }
        plan = before.model_copy(update=made)
        return plan.model_copy(update={"check_code": check_code(plan.as_json())})


def _bags(rest: Rest) -> list[Bag]:
    """Those that hung as they were made, and those to come, in the order of their times."""
    progress = rest.progress
    dated = [(moment, progress.bags[number]) for number, moment in progress.hung.items()]
    for bag in rest.bags:
        own = bag
        if not bag.session:  # it is made already: its session and its label stand
            made = progress.bags[bag.number]
            own = bag.model_copy(update={"session": made.session, "of": made.of})
        dated.append((bag.start, own))
    bags: list[Bag] = []
    for _moment, bag in sorted(dated, key=lambda each: (each[0], each[1].number)):
        if bag.number in progress.hung:
            bags.append(bag)
            continue
        changed = bool(bags) and bags[-1].rate != bag.rate
        bags.append(bag.model_copy(update={"rate_changed": changed}))
    return bags


def _kind(bag: Bag, reference: Reference) -> Any:
    return reference.product.kinds[bag.kind.partition("@")[0]]


def _daily_dose(rest: Rest, reference: Reference) -> DailyDose:
    """The dose in force: that of the plan, or of a prescriber's restart that the bags to come are the first of."""
    plan, restart = rest.plan, rest.progress.restart
    assert plan.daily_dose is not None
    assert plan.bsa is not None
    own = plan.issue.revision if plan.issue is not None else 0
    if restart is None or restart.dose_rate is None or own > rest.progress.restart_of:
        return plan.daily_dose
    dose, capped = daily_dose(restart.dose_rate, plan.bsa.m2, reference.protocol.daily_cap)
    return plan.daily_dose.model_copy(update={"dose_rate": restart.dose_rate, "micrograms": dose, "capped": capped})


def _not_there(found: Sequence[Finding], there: Sequence[Finding]) -> list[Finding]:
    """Findings of codes that are not there yet."""
    codes = {each.code for each in there}
    return [each for each in found if each.code not in codes]


def _in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The gravest first."""
    tiers = list(Tier)
    return tuple(sorted(findings, key=lambda each: tiers.index(each.tier)))
