"""How far a plan has come, as its papers print it: a draft with what it lacks, or a numbered revision."""

from dataclasses import dataclass

from whenever import Instant

from dosing_app.course.issue import lacks as lacks_of
from dosing_app.course.plan import Plan
from dosing_app.course.second_check import Check
from dosing_app.reference.bundle import Reference
from dosing_app.wording.figures import when_with_offset
from dosing_app.wording.language import _
from dosing_app.wording.plan_text import confirmed_line

# Why a plan can only be printed as a draft.
LACKS = (
    "not-checked",
    "product-not-approved",
    "prescription-not-compared",
    "not-issued",
    "incomplete",
    "start-within-names",
)
# Findings that every paper states, whether it is a draft or not.
_STATED = ("product-not-approved", "prescription-not-compared", "formula-not-chosen")


_LONGEST_CONFIRMED = 120  # signs of a reason that a label has room for


class NotPrintable(ValueError):
    """A plan or a standing that no paper can be made of; the call is wrong, not what a person typed."""


@dataclass(frozen=True, slots=True)
class SupersededBag:
    """A bag of an older revision that is to be found and destroyed."""

    revision: int
    number: int
    start: Instant


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a plan has come.

    Args:
        revision: the number of the issued revision; None for a draft.
        print_number: 1 for the first print, 2 and more for reprints.
        missing: codes of `LACKS` that keep it a draft.
        entered_by: who entered the order.
        checked_by: who made the blind second check.
        issued_by: who issued the revision.
        checked_at: when it was checked.
        issued_at: when it was issued.
        approved_by: who approved the product data here.
        superseded: bags of older revisions that are to be recalled.

    Raises:
        NotPrintable: a print number below 1, a lack that is not known, or a revision that lacks something.
    """

    revision: int | None = None
    print_number: int = 1
    missing: tuple[str, ...] = ()
    entered_by: str = ""
    checked_by: str = ""
    issued_by: str = ""
    checked_at: Instant | None = None
    issued_at: Instant | None = None
    approved_by: tuple[str, ...] = ()
    superseded: tuple[SupersededBag, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what contradicts itself."""
        if self.print_number < 1:
            raise NotPrintable("a print has a number from 1 on")
        if unknown := set(self.missing) - set(LACKS):
            raise NotPrintable(f"not known as a lack: {', '.join(sorted(unknown))}")
        if self.revision is not None and (self.revision < 1 or self.missing):
            raise NotPrintable("an issued revision has a number from 1 on and lacks nothing")

    @property
    def draft(self) -> bool:
        """Whether papers carry the mark and no code."""
        return self.revision is None


def draft_standing(plan: Plan, check: Check | None, reference: Reference) -> Standing:
    """How far a plan has come that is not issued."""
    missing = (*lacks_of(plan, check, reference), "not-issued")
    if check is None or "not-checked" in missing:
        return Standing(missing=missing)
    return Standing(missing=missing, entered_by=check.entered_by, checked_by=check.checked_by, checked_at=check.at)


def standing_of(plan: Plan, print_number: int) -> Standing:
    """How far an issued plan has come, by its own record."""
    issue = plan.issue
    assert issue is not None
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


def check_printable(plan: Plan, standing: Standing, reference: Reference) -> None:
    """Refuse to print a plan without bags, an incomplete one as final, or one made with other product data.

    Raises:
        NotPrintable: with the reason.
    """
    if not plan.bags or not plan.sessions or plan.order is None or plan.versions is None or plan.course is None:
        raise NotPrintable("a plan without bags has no papers")
    if not standing.draft and not plan.complete:
        raise NotPrintable("a plan that is not complete has no final papers")
    if reference.product.checksum[:12] not in plan.versions.product_data:
        raise NotPrintable("the plan was made with other product data")


def lack_words(code: str) -> str:
    """A lack in words."""
    return {
        "not-checked": _("No second check"),
        "product-not-approved": _("Product data not approved here"),
        "prescription-not-compared": _("Prescription not compared"),
        "not-issued": _("Not issued"),
        "incomplete": _("A reason is missing"),
        "formula-not-chosen": _("Formula not chosen by this site"),
        "start-within-names": _("The longer limit until connection has not been approved by two people"),
    }[code]


def lacks(plan: Plan, standing: Standing) -> list[str]:
    """What every paper says is lacking, each once: of the standing, then of the plan's findings."""
    codes = list(standing.missing)
    if standing.draft:
        codes += [] if "not-issued" in codes else ["not-issued"]
        codes += [] if plan.complete or "incomplete" in codes else ["incomplete"]
    codes += [found.code for found in plan.findings if found.code in _STATED]
    return [lack_words(code) for code in dict.fromkeys(codes)]


def state_words(standing: Standing) -> str:
    """The revision and the print; of a draft only that it is one."""
    if standing.draft:
        return _("DRAFT")
    revision = _("Revision {number}").format(number=standing.revision)
    if standing.print_number == 1:
        return _("{revision}, print 1").format(revision=revision)
    return _("{revision}, REPRINT {number}").format(revision=revision, number=standing.print_number)


def confirmed_words(plan: Plan) -> str:
    """What every paper says about a measurement beyond the WHO limits, with the names; empty where there is none."""
    return confirmed_line(plan, _LONGEST_CONFIRMED)


def people_words(standing: Standing, zone: str) -> list[str]:
    """Who stands for the plan, with the wall clock of the unit."""

    def at(moment: Instant | None) -> str:
        return "" if moment is None else f", {when_with_offset(moment.to_tz(zone).format_iso())}"

    lines = []
    if standing.entered_by:
        lines.append(_("Entered by {name}").format(name=standing.entered_by))
    if standing.checked_by:
        lines.append(_("Second check by {name}").format(name=standing.checked_by) + at(standing.checked_at))
    if standing.approved_by:
        *others, last = standing.approved_by
        names = _("{first} and {last}").format(first=", ".join(others), last=last) if others else last
        lines.append(_("Product data approved by {names}").format(names=names))
    if standing.issued_by:
        lines.append(_("Issued by {name}").format(name=standing.issued_by) + at(standing.issued_at))
    return lines
