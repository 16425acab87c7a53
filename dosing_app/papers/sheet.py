"""What every paper carries: whose it is, how far it has come, what it lacks, and what it was made with."""

from typing import Any

from whenever import Instant

from dosing_app.course.plan import Plan
from dosing_app.papers.standing import (
    Standing,
    confirmed_words,
    lacks,
    people_words,
    state_words,
)
from dosing_app.reference.bundle import Reference
from dosing_app.wording import figures
from dosing_app.wording.language import _
from dosing_app.wording.sentences import formula_name
from dosing_app.wording.units import print_quantity

# Grades that a paper marks, and what they mean. Figures of the others were read in their source or follow from it.
MARKED = ("R", "C", "J")


def made_at(plan: Plan, standing: Standing) -> Instant:
    """The date in the file: of issuing, else the start of the course."""
    assert plan.course is not None
    return standing.issued_at or plan.course.start


def identifiers(plan: Plan) -> str:
    """Two identifiers in one line; empty without a case, so that the paper shows a box for the patient label."""
    assert plan.order is not None
    if not plan.order.case:
        return ""
    return _("{case}, born {born}").format(case=plan.order.case, born=figures.date_words(plan.order.born.format_iso()))


def heading(title: str, plan: Plan, standing: Standing, reference: Reference) -> dict[str, Any]:
    """The head of a sheet."""
    return {
        "title": title,
        "site": reference.site.name,
        "state": state_words(standing),
        "draft": standing.draft,
        "identifiers": identifiers(plan),
        "patient_box": _("Patient label"),
        "figures": _measures(plan),
        "lacks": lacks(plan, standing),
        "confirmed": confirmed_words(plan),
        "people": people_words(standing, reference.site.zone),
    }


def _measures(plan: Plan) -> list[list[str]]:
    """Weight, length, BSA and dose, each with its name."""
    order = plan.order
    assert order is not None
    assert plan.bsa is not None
    return [
        [_("Weight"), print_quantity(order.weight, "kg")],
        [_("Length"), print_quantity(order.length, "cm")],
        [_("BSA, {formula}").format(formula=formula_name(plan.bsa.formula)), figures.area(plan)],
        [_("Daily dose"), figures.dose(plan)],
    ]


def versions_line(plan: Plan, standing: Standing) -> str:
    """Program and product data; of an issued plan the check code too."""
    assert plan.versions is not None
    if standing.draft:
        return _("Program {program}, product data {data}").format(
            program=plan.versions.program, data=plan.versions.product_data
        )
    return _("Program {program}, product data {data}, check code {code}").format(
        program=plan.versions.program, data=plan.versions.product_data, code=figures.spelled_code(plan)
    )


def plain_words() -> str:
    """What the program is not, and how its papers write numbers: once on every paper."""
    return _(
        "Made by a program that is not a registered medical device: for planning and as an arithmetic check beside the "
        "approved product information. The pharmacist's own calculation stays primary. Papers use the decimal point."
    )


def short_plain_words() -> str:
    """The same in the room that a label has."""
    return _(
        "Not a registered medical device: the pharmacist's own calculation stays primary. Papers use the decimal point."
    )


def foot(plan: Plan, standing: Standing) -> dict[str, str]:
    """The foot of every page of a sheet."""
    return {
        "versions": versions_line(plan, standing),
        "plain": plain_words(),
        "page": _("Page {number} of {total}"),
    }


def graded(text: str, grade: str) -> dict[str, str]:
    """A figure with the mark of its grade, where it has one to show."""
    return {"text": text, "grade": grade if grade in MARKED else ""}


def grade_legend() -> str:
    """What the marks mean, in one line."""
    return _(
        "Marks: R recalled from the published label, not read again; C hospital page, abstract or public code; "
        "J judgement, no source."
    )
