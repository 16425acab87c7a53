"""The downtime sheet: one page by which a course goes on when no computer runs, and which is entered afterwards."""

from collections.abc import Sequence
from typing import Any

from dosing_app.core.quantities import NO_BREAK_SPACE, plain
from dosing_app.course.plan import Plan
from dosing_app.course.replan import Rest
from dosing_app.course.schedule import DONE
from dosing_app.papers.changes import (
    Change,
    changes,
    clocks,
    course_lines,
    down_by_words,
    not_to_be_connected,
    off_hours_words,
    rate_change_words,
    rate_words,
    rows_for,
)
from dosing_app.papers.handling import load_handling
from dosing_app.papers.pdf import Document
from dosing_app.papers.sheet import foot, heading, made_at
from dosing_app.papers.standing import Standing, check_printable
from dosing_app.reference.bundle import Reference
from dosing_app.wording.language import _, data_words
from dosing_app.wording.units import print_quantity


def downtime(plan: Plan, standing: Standing, reference: Reference, rest: Rest | None = None) -> Document:
    """The downtime sheet of a plan: always one page.

    Args:
        plan: with bags.
        standing: how far it has come.
        reference: what it was calculated with: limits with their sources, the phone of the site.
        rest: what has happened since; then only what hangs and what is still to come is shown.

    Raises:
        NotPrintable: see `check_printable`.
    """
    check_printable(plan, standing, reference)
    planned = changes(plan, rest, reference)
    to_come = [each for each in planned if each.up is None or each.up.state != DONE]
    title = _("Downtime sheet")
    content = {
        "head": heading(title, plan, standing, reference),
        "course": [*course_lines(plan, planned), *not_to_be_connected(rows_for(plan, rest, reference))],
        "phones": [
            [_("Pharmacy, on call"), reference.site.phone],
            [_("Prescriber, on call"), ""],
            [_("Ward"), reference.site.wards[0] if len(reference.site.wards) == 1 else ""],
        ],
        "columns": [
            _("Connect"),
            _("At"),
            _("Rate"),
            _("To be infused"),
            _("Do not connect after"),
            _("Take down by"),
            _("Done"),
        ],
        "rows": [_row(change, plan) for change in to_come],
        "more": _("{first} and what comes after it do not fit here: keep the schedule beside this sheet."),
        "limits_heading": _("Limits"),
        "limits": _limits(planned, reference),
        "stop_heading": _("If the infusion stops"),
        "stop": _at_a_stop(reference),
        "form": _form(),
        "log_heading": _("What happened"),
        "log": [
            _("Date, time"),
            _("Bag"),
            _("Connected, stopped and why, resumed, taken down, lost"),
            _("Infused by the pump, mL"),
            _("Rate on the pump"),
            _("First name"),
            _("Second name"),
        ],
        "after_heading": _("Afterwards"),
        "after": _(
            "When the program runs again: open the case under Administer and enter each line in its order, with the "
            "time at which it happened; it will be marked as entered late. This sheet with its signatures stays the "
            "record. A newer revision replaces it."
        ),
        "foot": foot(plan, standing),
    }
    return Document("downtime", title, made_at(plan, standing), content)


def _row(change: Change, plan: Plan) -> dict[str, Any]:
    """The texts of one change, each in as few lines as it has."""
    assert plan.order is not None
    zone, up = plan.order.zone, change.up
    if up is None or change.down_by is None:
        assert change.down is not None
        what = _("Take down bag {number}").format(number=change.down.bag.number)
        return {"what": what, "marks": [], "at": list(change.clocks)}
    marks = (off_hours_words(up), rate_change_words(up), _("not issued yet: a draft") if up.new else "")
    return {
        "what": _("Bag {number} of {of}").format(number=up.bag.number, of=up.bag.of),
        "marks": [mark for mark in marks if mark],
        "at": list(change.clocks),
        "rate": rate_words(up),
        "volume": print_quantity(up.bag.delivered, "mL"),
        "start_by": clocks(up.bag.start_by, zone, up.bag.start),
        "down_by": clocks(change.down_by, zone, up.bag.start),
    }


def _limits(planned: Sequence[Change], reference: Reference) -> list[str]:
    handling = load_handling()
    return [
        _(
            "By the clock the bag before comes down and the next is connected, not when it is empty: the rest of a bag "
            "is discarded, never infused."
        ),
        _("The rate is the one on the bag's label. Two people read it back from the pump's screen."),
        _("{cold} until connected; once out, do not put back. Do not flush. Do not shake.").format(
            cold=handling.refrigerator.text
        ),
        down_by_words(planned, reference),
        _("Beyond “Do not connect after” or “Take down by”: call the pharmacy."),
        _("A bag that leaks, fell or is missing: call the pharmacy."),
    ]


def _at_a_stop(reference: Reference) -> list[str]:
    """What is known about stops: the rule of the label with its source, and what is judgement."""
    limits = reference.limits
    long = f"{plain(limits.value('long_gap_h'))}{NO_BREAK_SPACE}h"
    rule = limits.long_gap_h
    source = f"{data_words(rule.source)} [{rule.grade}]"
    made_up = f"{plain(reference.site.make_up_from_h)}{NO_BREAK_SPACE}h"
    return [
        _("Write down the time and the volume that the pump shows as infused."),
        _("Line opened, or nobody knows: do not resume, call the pharmacy (judgement, no source)."),
        _("Adverse event, or reason unknown: do not resume. The prescriber decides the dose rate."),
        _(
            "{hours} or more: do not resume before the prescriber has decided. Source: {source}. For technical stops "
            "it is judgement."
        ).format(hours=long, source=source),
        _("Else resume the same bag at the same rate, never with the full volume again:"),
        _(
            "It comes down at its time all the same, and later changes keep theirs. How missing hours are made up is "
            "decided by the pharmacy; less than {hours} are not, unless it is so decided (judgement, no source)."
        ).format(hours=made_up),
    ]


def _form() -> dict[str, str]:
    """To be filled in by hand."""
    return {
        "bag": _("Bag"),
        "planned": _("planned"),
        "infused": _("infused by the pump"),
        "left": _("at most still to be infused"),
        "unit": "mL",
    }
