"""The schedule of bag changes for the ward: what is planned, with room for what really happened and who did it."""

from itertools import chain
from typing import Any

from dosing_app.course.plan import Plan
from dosing_app.course.replan import Rest
from dosing_app.papers.changes import (
    Change,
    changes,
    clocks,
    course_lines,
    day_words,
    down_by_words,
    not_to_be_connected,
    off_hours_words,
    rate_change_words,
    rate_words,
    rows_for,
)
from dosing_app.papers.pdf import Document
from dosing_app.papers.sheet import foot, heading, made_at
from dosing_app.papers.standing import Standing, check_printable
from dosing_app.papers.vial_order import notes
from dosing_app.reference.bundle import Reference
from dosing_app.wording import figures
from dosing_app.wording.bedside_text import change_checks, checks_source, state_name
from dosing_app.wording.language import _
from dosing_app.wording.units import print_quantity

# Findings about a plan that the person at the bed needs to read.
_FOR_THE_WARD = {"clock-change", "no-storage-slack", "preserved-infant"}


def schedule(plan: Plan, standing: Standing, reference: Reference, rest: Rest | None = None) -> Document:
    """The schedule of a plan: the whole course, whichever revision.

    Args:
        plan: with bags.
        standing: how far it has come.
        reference: what it was calculated with.
        rest: what has happened since and what is still to come; None for the plan alone.

    Raises:
        NotPrintable: see `check_printable`.
    """
    check_printable(plan, standing, reference)
    planned = changes(plan, rest, reference)
    title = _("Schedule of bag changes")
    content = {
        "head": heading(title, plan, standing, reference),
        "happened": rest is not None,
        "course": course_lines(plan, planned),
        "notes": [[down_by_words(planned, reference), ""], *notes(plan, lambda found: found.code in _FOR_THE_WARD)],
        "columns": [
            _("Planned"),
            _("Change"),
            _("Rate"),
            _("To be infused"),
            _("Do not connect after"),
            _("Take down by"),
            _("Really at"),
            _("Rate read back"),
            _("First name"),
            _("Second name"),
        ],
        "rows": [_row(change, plan, happened=rest is not None) for change in planned],
        "refused": not_to_be_connected(rows_for(plan, rest, reference)),
        "checks": [
            {"heading": _("At each change, two people"), "lines": change_checks(last=False)},
            {"heading": _("At the end of the course"), "lines": change_checks(last=True)},
        ],
        "checks_source": checks_source(),
        "foot": foot(plan, standing),
    }
    return Document("schedule", title, made_at(plan, standing), content)


def _row(change: Change, plan: Plan, *, happened: bool) -> dict[str, Any]:
    """The texts of one change, by its columns."""
    assert plan.order is not None
    zone, up, down = plan.order.zone, change.up, change.down
    texts: dict[str, Any] = {
        "when": list(change.clocks),
        "day": day_words(change),
        "off": off_hours_words(up),
        "down": "" if down is None else _("Take down bag {number}").format(number=down.bag.number),
        "really": list(_really(change, zone)),
    }
    if up is None or change.down_by is None:
        return texts
    return texts | {
        "up": _("Connect bag {number} of {of}").format(number=up.bag.number, of=up.bag.of),
        "kind": figures.kind_words(up.bag, plan),
        "state": state_name(up.state) if happened else "",
        "new": _("not issued yet: a draft") if up.new else "",
        "rate": rate_words(up),
        "rate_change": rate_change_words(up),
        "volume": print_quantity(up.bag.delivered, "mL"),
        "start_by": clocks(up.bag.start_by, zone, up.bag.start),
        "down_by": clocks(change.down_by, zone, up.bag.start),
    }


def _really(change: Change, zone: str) -> chain[str]:
    """When the bags really came down and went up."""
    down = None if change.down is None else change.down.down
    up = None if change.up is None else change.up.connected
    return chain(
        [] if down is None else [_("down {when}").format(when=figures.when_with_offset(down.to_tz(zone).format_iso()))],
        []
        if up is None
        else [_("connected {when}").format(when=figures.when_with_offset(up.to_tz(zone).format_iso()))],
    )
