"""Which papers a plan has as it stands: drafts, or the final ones of an issued revision, each composed when asked.

The one list of papers: the window offers it, and the command line writes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from dosing_app.papers.downtime import downtime
from dosing_app.papers.label import labels
from dosing_app.papers.recall import recall
from dosing_app.papers.schedule import schedule
from dosing_app.papers.standing import Standing, draft_standing, lack_words, standing_of
from dosing_app.papers.vial_order import vial_order
from dosing_app.papers.worksheet import worksheet
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from dosing_app.course.plan import Plan
    from dosing_app.course.second_check import Check
    from dosing_app.papers.pdf import Document
    from dosing_app.reference.bundle import Reference

# Of a composed paper's content: what is no text of it.
_NO_TEXT = {"code", "code_words", "role", "sheet", "made", "patient_box", "page", "place", "places"}


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper, to be composed with the number of its print.

    Attributes:
        key: under which its prints are counted, and the name of its file.
        title: as it is chosen.
        plan: whose it is.
        compose: makes it; raises `NotPrintable`.
    """

    key: str
    title: str
    plan: Plan
    compose: Callable[[int], Document]


@dataclass(frozen=True, slots=True)
class Sheaf:
    """The papers of a plan.

    Attributes:
        plan: whose they are.
        draft: whether they carry the mark and are not counted.
        state: how far the plan has come, and what it lacks.
        papers: in the order in which they are offered; empty where there are none.
        refused: sentences why some, or all, are not offered.
    """

    plan: Plan | None
    draft: bool
    state: str
    papers: tuple[Paper, ...] = ()
    refused: tuple[str, ...] = field(default=())

    def paper(self, key: str) -> Paper | None:
        """The one with that key, or else the first whose key begins so."""
        exact = (each for each in self.papers if each.key == key)
        alike = (each for each in self.papers if each.key.startswith(key))
        return next(exact, None) or next(alike, None)


def nothing(why: str) -> Sheaf:
    """No papers, and the sentence why."""
    return Sheaf(None, draft=True, state="", refused=(why,))


def draft_sheaf(plan: Plan, check: Check | None, reference: Reference) -> Sheaf:
    """Drafts of a plan: they say what is lacking until it is issued."""
    standing = draft_standing(plan, check, reference)
    words = ", ".join(lack_words(code) for code in standing.missing)
    if not plan.bags:
        return nothing(_("There is no plan to print."))
    papers = tuple(papers_with(plan, lambda _print: standing, reference))
    return Sheaf(plan, draft=True, state=_("Draft: {lacks}").format(lacks=words), papers=papers)


def papers_with(
    plan: Plan,
    standing: Callable[[int], Standing],
    reference: Reference,
    gone: Collection[int] = (),
    *,
    newest: bool = True,
) -> Iterator[Paper]:
    """Every paper of a plan but the recalls, in the order in which they are offered.

    Args:
        plan: with bags; of an issued revision its own bags have papers.
        standing: of a print by its number.
        reference: with the product data of the plan.
        gone: numbers of bags that a later revision stands in for: papers that are about them are left out.
        newest: whether no later revision is there: only the newest says what is changed when.
    """
    own = _to_make(plan, gone)
    for session in plan.sessions or ():
        if set(session.bags) & set(own) and not set(session.bags) & set(gone):
            yield Paper(
                f"worksheet-session-{session.number}",
                _("Worksheet, session {number}").format(number=session.number),
                plan,
                partial(_composed, partial(worksheet, session), plan, standing, reference),
            )
    if own:
        of_own = partial(labels, numbers=own)
        yield Paper("labels", _("Labels"), plan, partial(_composed, of_own, plan, standing, reference))
    whole: list[tuple[str, str, Callable[..., Document], bool]] = [
        ("vial-order", _("Vial order"), vial_order, not gone),
        ("schedule", _("Schedule of bag changes"), schedule, newest),
        ("downtime", _("Downtime sheet"), downtime, newest),
    ]
    for key, title, compose, stands in whole:
        if stands:
            yield Paper(key, title, plan, partial(_composed, compose, plan, standing, reference))


def _composed(
    compose: Callable[..., Document],
    plan: Plan,
    standing: Callable[[int], Standing],
    reference: Reference,
    print_number: int,
) -> Document:
    return compose(plan, standing(print_number), reference)


def _to_make(plan: Plan, gone: Collection[int]) -> list[int]:
    """The bags that a plan stands for less those that an earlier revision made: their labels stand."""
    kept = plan.issue.kept or () if plan.issue is not None else ()
    return [number for number in own_bags(plan, gone) if number not in kept]


def own_bags(plan: Plan, gone: Collection[int] = ()) -> list[int]:
    """The numbers of the bags that a plan stands for: of an issued revision those from its first on, less the gone."""
    first = 1 if plan.issue is None else plan.issue.from_bag
    return [bag.number for bag in plan.bags or () if bag.number >= first and bag.number not in gone]


def superseded_bags(plan: Plan, later: Sequence[Plan]) -> set[int]:
    """The numbers of an issued plan's bags that later revisions of its case stand in for."""
    assert plan.issue is not None
    taken_back = [each for revision in later if revision.issue for each in revision.issue.superseded]
    return {each.number for each in taken_back if each.revision == plan.issue.revision}


def final_sheaf(plan: Plan, later: Sequence[Plan], reference: Reference) -> Sheaf:
    """The final papers of an issued plan: of the bags that are its own and that no later revision stands in for.

    Args:
        plan: an issued one.
        later: the revisions of its case after it.
        reference: with the product data of the plan.
    """
    assert plan.issue is not None
    number = plan.issue.revision
    state = _("Revision {number}").format(number=number)
    if plan.versions is None or reference.product.checksum[:12] not in plan.versions.product_data:
        why = _("This plan was made with other product data than this program has now: its papers cannot be made here.")
        return Sheaf(plan, draft=False, state=state, refused=(why,))
    gone = superseded_bags(plan, later)
    own = set(_to_make(plan, gone))
    refused = [
        _("No worksheet of session {session}: superseded in it are bags {bags}.").format(
            session=session.number, bags=", ".join(map(str, sorted(gone & set(session.bags))))
        )
        for session in plan.sessions or ()
        if own & set(session.bags) and gone & set(session.bags)
    ]
    papers = list(papers_with(plan, partial(standing_of, plan), reference, gone, newest=not later))
    papers += _recalls([plan, *later], reference)
    if gone:
        refused.insert(0, _superseded_words(gone, later))
    elif later:
        refused.insert(0, _("There is a later revision: the schedule is printed from that one."))
    return Sheaf(plan, draft=False, state=state, papers=tuple(papers), refused=tuple(refused))


def _superseded_words(gone: set[int], later: Sequence[Plan]) -> str:
    newest = max(each.issue.revision for each in later if each.issue)
    return _("Superseded by revision {number}: bags {bags}. They are to be recalled.").format(
        number=newest, bags=", ".join(map(str, sorted(gone)))
    )


def _recalls(plans: Sequence[Plan], reference: Reference) -> Iterator[Paper]:
    """The list of the bags that each revision takes back from the one before."""
    for plan in plans:
        if plan.issue is None or not plan.issue.superseded:
            continue
        yield Paper(
            f"recall-revision-{plan.issue.revision}",
            _("Recall by revision {number}").format(number=plan.issue.revision),
            plan,
            partial(_recall_of, plan, reference),
        )


def _recall_of(plan: Plan, reference: Reference, print_number: int) -> Document:
    return recall(plan, standing_of(plan, print_number), reference)


def text_of(document: Document) -> str:
    """All that is read on a composed paper, line by line, for those who hear it."""
    lines = list(_lines(document.content))
    return "\n".join(lines if document.title in lines else [document.title, *lines])


def _lines(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from [value] if value.strip() else []
    elif isinstance(value, dict) and "text" in value:  # a line with its name, or a figure with its grade
        whole = " ".join(str(value[part]) for part in ("name", "text", "grade") if value.get(part))
        yield from [whole] if whole else []
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _lines(each) if key not in _NO_TEXT else ()
    elif isinstance(value, (list, tuple)):
        parts = [list(_lines(each)) for each in value]
        if all(isinstance(each, str) for each in value):  # the cells of a row
            yield from ["   ".join(line for part in parts for line in part)] if any(parts) else []
            return
        for part in parts:
            yield from part
