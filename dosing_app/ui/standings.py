"""How far a plan of the window has come, as its papers state it. Light: asked for with every change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whenever import Instant

from dosing_app.course.issue import lacks
from dosing_app.papers.standing import NotPrintable, Standing, SupersededBag

if TYPE_CHECKING:
    from dosing_app.course.plan import Plan
    from dosing_app.course.second_check import Check
    from dosing_app.reference.bundle import Reference

_NOT_ISSUED = "not-issued"


def now() -> Instant:
    """This moment, in whole seconds: as papers and records write it."""
    return Instant.now().round("second", mode="floor")


def draft_standing(plan: Plan, check: Check | None, reference: Reference) -> Standing:
    """How far a plan has come that is not issued."""
    missing = (*lacks(plan, check, reference), _NOT_ISSUED)
    if check is None or "not-checked" in missing:
        return Standing(missing=missing)
    return Standing(missing=missing, entered_by=check.entered_by, checked_by=check.checked_by, checked_at=check.at)


def standing_of(plan: Plan, print_number: int) -> Standing:
    """How far an issued plan has come, by its own record."""
    issue = plan.issue
    if issue is None:
        raise NotPrintable("not issued")
    return Standing(
        revision=issue.revision,
        print_number=print_number,
        entered_by=issue.entered_by,
        checked_by=issue.checked_by,
        issued_by=issue.issued_by,
        checked_at=issue.checked_at,
        issued_at=issue.issued_at,
        approved_by=issue.approved_by,
        superseded=tuple(SupersededBag(each.revision, each.number, each.start) for each in issue.superseded),
    )
