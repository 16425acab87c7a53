"""The vials to order for a course, session by session, and what the plan's papers must say beside it."""

from collections.abc import Callable

from dosing_app.core.findings import Finding, Tier
from dosing_app.core.quantities import magnitude, print_number
from dosing_app.course.plan import Plan, Session
from dosing_app.papers.pdf import Document
from dosing_app.papers.sheet import MARKED, foot, grade_legend, graded, heading, made_at
from dosing_app.papers.standing import Standing, check_printable
from dosing_app.reference.bundle import Reference
from dosing_app.reference.source import Figure
from dosing_app.wording import figures
from dosing_app.wording.language import _, data_words, n_
from dosing_app.wording.sentences import finding_title, sentence
from dosing_app.wording.units import print_quantity

# Stated at the head of every paper already.
_IN_THE_HEAD = {"product-not-approved", "prescription-not-compared", "formula-not-chosen"}


def vial_order(plan: Plan, standing: Standing, reference: Reference) -> Document:
    """Vials per session with its date, what is drawn and what stays unused; then the notes and reasons of the plan.

    Raises:
        NotPrintable: see `check_printable`.
    """
    check_printable(plan, standing, reference)
    assert plan.totals is not None
    title = _("Vial order")
    content = {
        "head": heading(title, plan, standing, reference),
        "product": product_words(plan, reference),
        "facts": [
            [_("Product data"), graded(data_words(reference.product.title), "")],
            [_("Usable volume of a vial"), _figure(reference.product.vial.usable, "mL")],
        ],
        "columns": [
            _("Session"),
            _("Prepared"),
            _("Bags"),
            _("Vials"),
            _("Drawn, mL"),
            _("Unused, mL"),
            _("Ordered by"),
        ],
        "rows": [_row(session) for session in plan.sessions or ()],
        "total": [
            _("Course"),
            n_("{number} session", "{number} sessions", plan.totals.sessions).format(number=plan.totals.sessions),
            str(plan.totals.bags),
            str(plan.totals.vials),
            print_number(magnitude(plan.totals.drug_drawn, "mL")),
            print_number(magnitude(plan.totals.unused, "mL")),
        ],
        "unused": _("Unused: what stays in the vials of a session, of their usable volume."),
        "notes_heading": _("Notes and reasons"),
        "notes": notes(plan),
        "legend": grade_legend() if reference.product.vial.usable.grade in MARKED else "",
        "foot": foot(plan, standing),
    }
    return Document("vial-order", title, made_at(plan, standing), content)


def product_words(plan: Plan, reference: Reference) -> str:
    """The drug and its vial."""
    vial = reference.product.vial
    return _("blinatumomab, vial of {mass}").format(
        mass=print_quantity(vial.labelled.quantity, "microgram", micrograms=plan.micrograms)
    )


def _figure(figure: Figure, unit: str) -> dict[str, str]:
    return graded(print_quantity(figure.quantity, unit), figure.grade)


def _row(session: Session) -> list[str]:
    return [
        str(session.number),
        figures.when_with_offset(session.at_local),
        ", ".join(str(number) for number in session.bags),
        str(session.vials),
        print_number(magnitude(session.drawn, "mL")),
        print_number(magnitude(session.unused, "mL")),
    ]


def notes(plan: Plan, wanted: Callable[[Finding], bool] = lambda _found: True) -> list[list[str]]:
    """What is noted about the plan, and every written reason with what it answers: of the findings that are wanted."""
    return [_note(found) for found in plan.findings if found.code not in _IN_THE_HEAD and wanted(found)]


def _note(found: Finding) -> list[str]:
    """A note is a sentence; a question that was answered stands by its title, since it asks no more."""
    if found.tier is Tier.NOTE:
        return [sentence(found), ""]
    title = finding_title(found)
    title = title[:1].upper() + title[1:]
    if found.bags:
        numbers = ", ".join(str(number) for number in found.bags)
        title = _("{title} (bags {numbers})").format(title=title, numbers=numbers)
    reason = _("Reason: {reason}").format(reason=found.reason) if found.reason else _("A reason is missing.")
    return [title, reason]
