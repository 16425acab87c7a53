"""Issuing: a checked plan becomes a numbered revision, frozen as it is; what it lacks until then."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from whenever import Instant as PointInTime

from dosing_app.core.findings import Finding, finding
from dosing_app.core.quantities import BLANKS, Refused
from dosing_app.course.calculate import calculate
from dosing_app.course.check_code import check_code
from dosing_app.course.in_force import kind_of
from dosing_app.course.kinds import make_recipe
from dosing_app.course.plan import SCHEMA, Bag, Issue, Plan, Superseded
from dosing_app.course.second_check import Check, digest, holds
from dosing_app.reference.approval import same_person
from dosing_app.reference.bundle import House, Reference, load_reference
from dosing_app.reference.site import approval_of

# Figures in which an issued plan and its recomputation are compared; findings and versions may be worded anew.
_COMPARED = ("bsa", "daily_dose", "course", "bags", "sessions", "totals")


class NotIssued(ValueError):
    """A plan that cannot be issued, or a file that holds no issued plan; `reason` says why."""

    def __init__(self, reason: str) -> None:
        """With a code.

        lacks, no-name, checker-issues, unknown-bag, hung-already, other-bags-before; wants-reason, nothing-to-come;
        no-issue, not-a-plan, changed.
        """
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
    hung: Collection[int] = (),
) -> Plan:
    """The plan as the next revision of its case, frozen with everyone who stands for it.

    Args:
        plan: complete and checked.
        check: of this very plan.
        issued_by: a pharmacist; not the one who checked, since nobody signs twice in a chain.
        at: now.
        reference: what the plan was calculated with.
        earlier: the issued revisions of the same case.
        from_bag: the first bag that this revision stands for; those before are the earlier revision's,
            and this plan must have the same.
        hung: numbers of the bags that were connected; none of them is from `from_bag` on.

    Raises:
        NotIssued: lacks, no-name, checker-issues, unknown-bag, hung-already, other-bags-before.
    """
    name = issued_by.strip(BLANKS)
    approval = approval_of(reference.site, reference.product)
    if lacks(plan, check, reference) or check is None or approval is None or not plan.bags:
        raise NotIssued("lacks")
    if not name:
        raise NotIssued("no-name")
    if same_person(name, check.checked_by):
        raise NotIssued("checker-issues")
    if from_bag not in {bag.number for bag in plan.bags}:
        raise NotIssued("unknown-bag")
    if any(number >= from_bag for number in hung):
        raise NotIssued("hung-already")
    standing = standing_bags(earlier)
    before = {bag.number: _place(bag) for bag in plan.bags if bag.number < from_bag}
    if before != {number: _place(bag) for number, (_revision, bag) in standing.items() if number < from_bag}:
        raise NotIssued("other-bags-before")
    gone = {number: each for number, each in standing.items() if number >= from_bag}
    record: dict[str, Any] = {
        "revision": next_revision(earlier),
        "from_bag": from_bag,
        "entered_by": check.entered_by,
        "checked_by": check.checked_by,
        "checked_at": check.at,
        "issued_by": name,
        "issued_at": at,
        "approved_by": approval.by,
        "superseded": superseded_of(gone),
    }
    return sealed(plan, record)


def sealed(plan: Plan, record: Mapping[str, Any]) -> Plan:
    """A plan with the record of its issue, and a checksum over all of it."""
    unsealed = plan.model_copy(update={"issue": Issue(**record, digest="")})
    return plan.model_copy(update={"issue": Issue(**record, digest=_seal(unsealed))})


def next_revision(earlier: Sequence[Plan]) -> int:
    """The number of the next revision."""
    return max((each.issue.revision for each in earlier if each.issue is not None), default=0) + 1


def superseded_of(gone: Mapping[int, tuple[int, Bag]]) -> tuple[Superseded, ...]:
    """The record of bags that a revision takes back, from each with the revision that made it."""
    found = [Superseded(revision=revision, number=number, start=bag.start) for number, (revision, bag) in gone.items()]
    return tuple(sorted(found, key=lambda each: (each.revision, each.number)))


def _place(bag: Bag) -> tuple[Any, ...]:
    """What must be the same for two bags to be taken one for the other."""
    return bag.start, bag.end, bag.kind, bag.rate


def standing_bags(plans: Sequence[Plan]) -> dict[int, tuple[int, Bag]]:
    """The bags in force after all revisions, by number, each with the revision that made it."""
    found: dict[int, tuple[int, Bag]] = {}
    for plan in sorted((each for each in plans if each.issue and each.bags), key=_revision):
        issue = plan.issue
        assert issue is not None
        gone = {(each.revision, each.number) for each in issue.superseded}
        kept = issue.kept or ()
        found = {
            number: each
            for number, each in found.items()
            if (number < issue.from_bag or number in kept) and (each[0], number) not in gone
        }
        for bag in plan.bags or ():
            if bag.number >= issue.from_bag:
                found[bag.number] = (found[bag.number][0] if bag.number in found else issue.revision, bag)
    return found


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
    if not plan.bags or not plan.sessions or plan.order is None or plan.course is None or plan.versions is None:
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


def reference_of(plan: Plan, house: House) -> Reference:
    """What a plan with bags is worked on with today.

    Raises:
        BadFile: of the product data or protocol; also where the product data no longer has a bag's kind.
    """
    assert plan.order is not None
    reference = load_reference(house, plan.order.product, plan.order.protocol)
    for bag in plan.bags or ():
        kind_of(bag, plan, reference)
    return reference


def differs(issued: Plan, reference: Reference) -> Finding | None:
    """The finding `issued-differs` if today's program and data come to other figures; the issued plan stands."""
    assert issued.order is not None
    if issued.issue is not None and issued.issue.kept is not None:
        changed = _recipes_that_differ(issued, reference)
        return finding("issued-differs", actual=", ".join(changed)) if changed else None
    try:
        again = calculate(issued.order, (), reference).as_json()
    except Refused:  # the pattern names a bag kind that today's product data does not have
        return finding("issued-differs", actual="bags")
    then = issued.as_json()
    changed = [name for name in _COMPARED if again.get(name) != then.get(name)]
    return finding("issued-differs", actual=", ".join(changed)) if changed else None


def _recipes_that_differ(issued: Plan, reference: Reference) -> list[str]:
    """Of a revision of the rest, which no order leads to by itself: its bags, made again of kind and dose."""
    assert issued.order is not None
    assert issued.issue is not None
    changed = []
    for bag in issued.bags or ():
        kind = reference.product.kinds.get(bag.kind.partition("@")[0])
        if bag.number in (issued.issue.kept or ()):
            continue
        made = None if kind is None else make_recipe(kind, bag.daily_dose, issued.order, reference)
        if made is None or (made.exact, made.measured, made.total) != (bag.drug_exact, bag.drug, bag.total):
            changed.append(f"bag {bag.number}")
    return changed
