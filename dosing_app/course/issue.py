"""Issuing: a checked plan becomes a numbered revision, frozen as it is; what it lacks until then."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from whenever import Instant as PointInTime

from dosing_app.core.findings import Finding, finding
from dosing_app.core.quantities import BLANKS
from dosing_app.course.calculate import calculate
from dosing_app.course.check_code import check_code
from dosing_app.course.plan import SCHEMA, Issue, Plan, Superseded
from dosing_app.course.second_check import Check, digest, holds
from dosing_app.reference.approval import same_person
from dosing_app.reference.bundle import Reference
from dosing_app.reference.site import approval_of

# Figures in which an issued plan and its recomputation are compared; findings and versions may be worded anew.
_COMPARED = ("bsa", "daily_dose", "course", "bags", "sessions", "totals")


class NotIssued(ValueError):
    """A plan that cannot be issued, or a file that holds no issued plan; `reason` says why."""

    def __init__(self, reason: str) -> None:
        """With a code: lacks, no-name, checker-issues, no-issue, changed."""
        super().__init__(reason)
        self.reason = reason


def lacks(plan: Plan, check: Check | None, reference: Reference) -> tuple[str, ...]:
    """What a plan still wants before it can be issued, as codes; empty if nothing."""
    codes = {each.code for each in plan.findings}
    wants = {
        "incomplete": not plan.complete,
        "prescription-not-compared": "prescription-not-compared" in codes,
        "product-not-approved": approval_of(reference.site, reference.product) is None,
        "start-within-names": reference.site.start_within_names_missing,
        "not-checked": not holds(check, plan),
    }
    return tuple(code for code, wanted in wants.items() if wanted)


def issue(
    plan: Plan,
    check: Check | None,
    issued_by: str,
    at: PointInTime,
    reference: Reference,
    earlier: Sequence[Plan] = (),
    from_bag: int = 1,
) -> Plan:
    """The plan as the next revision of its case, frozen with everyone who stands for it.

    Args:
        plan: complete and checked.
        check: of this very plan.
        issued_by: a pharmacist; not the one who checked, since nobody signs twice in a chain.
        at: now.
        reference: what the plan was calculated with.
        earlier: the issued revisions of the same case.
        from_bag: the first bag that this revision stands for; those before are the earlier revision's.

    Raises:
        NotIssued: lacks, no-name, checker-issues.
    """
    name = issued_by.strip(BLANKS)
    approval = approval_of(reference.site, reference.product)
    if lacks(plan, check, reference) or check is None or approval is None or not plan.bags:
        raise NotIssued("lacks")
    if not name:
        raise NotIssued("no-name")
    if same_person(name, check.checked_by):
        raise NotIssued("checker-issues")
    revisions = [each.issue.revision for each in earlier if each.issue is not None]
    begin = plan.bags[from_bag - 1].start
    record: dict[str, Any] = {
        "revision": max(revisions, default=0) + 1,
        "from_bag": from_bag,
        "entered_by": check.entered_by,
        "checked_by": check.checked_by,
        "checked_at": check.at,
        "issued_by": name,
        "issued_at": at,
        "approved_by": approval.by,
        "superseded": tuple(_superseded(earlier, begin)),
    }
    unsealed = plan.model_copy(update={"issue": Issue(**record, digest="")})
    return plan.model_copy(update={"issue": Issue(**record, digest=_seal(unsealed))})


def _superseded(earlier: Sequence[Plan], begin: PointInTime) -> list[Superseded]:
    """Bags that would still be connected from a moment on, each of the revision that stands for it until now."""
    found: list[Superseded] = []
    until: PointInTime | None = None  # from here on a later revision stands for the bags
    for plan in sorted((each for each in earlier if each.issue and each.bags), key=_revision, reverse=True):
        assert plan.issue is not None
        assert plan.bags is not None
        own = plan.bags[plan.issue.from_bag - 1].start
        found += [
            Superseded(revision=plan.issue.revision, number=bag.number, start=bag.start)
            for bag in plan.bags
            if bag.start >= max(own, begin) and (until is None or bag.start < until)
        ]
        until = own if until is None else min(until, own)
    return sorted(found, key=lambda each: (each.revision, each.number))


def _revision(plan: Plan) -> int:
    return plan.issue.revision if plan.issue else 0


def _seal(plan: Plan) -> str:
    """The checksum of a whole issued plan, its own left out."""
    content = plan.as_json()
    content["issue"] = {key: each for key, each in content["issue"].items() if key != "digest"}
    return digest(content)


def read_plan(content: Mapping[str, Any]) -> Plan:
    """A plan with bags from its JSON, issued or not.

    Raises:
        NotIssued: not-a-plan; of an issued plan also changed.
    """
    try:
        plan = Plan.model_validate_json(json.dumps(content))
    except ValidationError as error:
        raise NotIssued("not-a-plan") from error
    if not plan.bags or not plan.sessions or plan.order is None or plan.course is None:
        raise NotIssued("not-a-plan")
    printed = plan.as_json()
    whole = plan.complete and plan.schema_name == SCHEMA and plan.check_code == check_code(printed)
    if not whole or (plan.issue is not None and plan.issue.digest != _seal(plan)):
        raise NotIssued("changed")
    return plan


def read_issued(content: Mapping[str, Any]) -> Plan:
    """An issued plan from its JSON, as it was issued.

    Raises:
        NotIssued: no-issue, changed.
        pydantic.ValidationError: it is no plan.
    """
    plan = Plan.model_validate_json(json.dumps(content))  # JSON's own strictness: texts for tiers
    if plan.issue is None or not plan.bags or plan.order is None:
        raise NotIssued("no-issue")
    if plan.issue.digest != _seal(plan):
        raise NotIssued("changed")
    return plan


def differs(issued: Plan, reference: Reference) -> Finding | None:
    """The finding `issued-differs` if today's program and data come to other figures; the issued plan stands."""
    assert issued.order is not None
    again = calculate(issued.order, (), reference).as_json()
    then = issued.as_json()
    changed = [name for name in _COMPARED if again.get(name) != then.get(name)]
    return finding("issued-differs", actual=", ".join(changed)) if changed else None
