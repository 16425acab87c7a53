"""The answers to a table of orders: one line of JSON for each, also for one that cannot be read."""

import json
from collections.abc import Callable
from typing import Any

from dosing_app.core.findings import finding
from dosing_app.core.quantities import printable
from dosing_app.course.document import plan_of
from dosing_app.course.order import Reading, bad_file, read_order
from dosing_app.course.order_table import BadTable, Row
from dosing_app.course.plan import Plan
from dosing_app.reference.bundle import House
from dosing_app.reference.source import BadFile
from dosing_app.wording.language import _
from dosing_app.wording.plan_text import plan_json

_MOST_SHOWN = 60  # characters of what was seen


def answer_line(row: Row, house_of: Callable[[str], House]) -> str:
    """The plan of an order, or its findings, as one line of JSON with the number of the row and its case.

    Args:
        row: an order of a table.
        house_of: the settings of a site by the path of its file, "" for none. Raises `BadFile`.
    """
    own = {"row": row.number} if row.case is None else {"row": row.number, "case": row.case}
    return _line({**own, **plan_json(_plan(row, house_of))})


def refusal_line(sentence: str) -> str:
    """What is answered where a whole table is refused: one line of JSON with the finding."""
    found = finding("unreadable", actual=sentence.rstrip("."), field="call", reason="call")
    plan = Plan(complete=False, findings=(found,))
    return _line(plan_json(plan))


def _line(content: dict[str, Any]) -> str:
    """In ASCII: other signs may end a line for whoever reads it."""
    return json.dumps(content, separators=(",", ":"))


def _plan(row: Row, house_of: Callable[[str], House]) -> Plan:
    if row.trouble:
        found = finding("unreadable", actual=_trouble(row).rstrip("."), field="row", reason="row")
        return Plan(complete=False, findings=(found,))
    try:
        return plan_of(read_order(row.texts, house_of(row.site)))
    except BadFile as error:
        return plan_of(Reading(None, None, (bad_file(error),)))


def _trouble(row: Row) -> str:
    """Why the cells of a row cannot be told apart."""
    values = {**row.values, "seen": printable(row.values.get("seen", ""))[:_MOST_SHOWN]}
    return {
        "columns": _("It has {found} cells, and the first line names {wanted} columns."),
        "reason-form": _("A reason is written as CODE=text, not “{seen}”."),
        "reason-twice": _("The reason for {code} stands in two columns."),
        **_line_troubles(),
    }[row.trouble].format(**values)


def _line_troubles() -> dict[str, str]:
    """What may be wrong with any line of a table."""
    return {
        "not-utf8": _("It is not text in UTF-8 (byte {position})."),
        "too-long": _("It is longer than {longest} bytes."),
        "quotes": _("Its quotes do not close. A cell with a comma stands in quotes, on one line."),
        "line-ends": _("A line ends with a line feed, with or without a carriage return before it."),
    }


def table_refusal(file: str, bad: BadTable) -> str:
    """Why a file is no table of orders, and what to do."""
    if bad.reason in _line_troubles():
        trouble = _line_troubles()[bad.reason].format(**bad.values)
        return _("The first line of {file} cannot be read. {trouble}").format(file=file, trouble=trouble)
    return {
        "empty": _("{file} has no first line that names the columns."),
        "separator": _("The columns of {file} are set apart by “{mark}”. Save it with commas between them."),
        "no-name": _("Column {place} of {file} has no name."),
        "unknown": _(
            "{file} has columns that are not known: {names}. Columns are named as the long options of dosing-app plan, "
            "without dashes."
        ),
        "twice": _("{file} has columns of the same name: {names}."),
        "also-option": _("{file} has columns that the call sets for every order: {names}. Leave out one of the two."),
    }[bad.reason].format(file=file, **{name: printable(text)[:400] for name, text in bad.values.items()})
