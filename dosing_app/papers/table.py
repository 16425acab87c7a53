"""Bags and sessions as tables for a spreadsheet: the plan's own figures, to the last digit, and nothing else.

CSV: UTF-8 with a byte order mark, by which a spreadsheet knows the signs; commas, decimal points, lines end as RFC 4180
has it. XLSX: a column is numbers where a spreadsheet keeps every digit of it, else text. Times are texts in both.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from whenever import Instant

from dosing_app.core.quantities import plain
from dosing_app.course.plan import Plan
from dosing_app.papers.sheet import made_at
from dosing_app.papers.standing import Standing, state_words
from dosing_app.wording.language import _

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
# With these a spreadsheet begins a formula; the apostrophe is in the list so that it can be taken away again.
_BEGINS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠'")  # noqa: RUF001 - the wide signs are read as formulas too
_HEAD = ("state", "case", "check_code")  # of every row; texts, even where they look like numbers
_LONGEST_COLUMN = 28
# The first date that an archive, which an XLSX file is, can bear: none, so that the same plan gives the same file.
_FIRST_DATE = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of texts under the names of the plan's JSON, which carry the units. What is absent is an empty text."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables_of(plan: Plan, standing: Standing) -> dict[str, bytes]:
    """The tables of a plan by the names of their files; the same bytes for the same plan."""
    bags, sessions = bag_sheet(plan, standing), session_sheet(plan, standing)
    return {
        "bags.csv": csv_of(bags),
        "sessions.csv": csv_of(sessions),
        "bags-and-sessions.xlsx": xlsx_of((bags, sessions), made_at(plan, standing)),
    }


def bag_sheet(plan: Plan, standing: Standing) -> Sheet:
    """Every bag of the plan."""
    content = [bag.model_dump(mode="json", by_alias=True) for bag in plan.bags or ()]
    return _sheet(_("Bags"), content, plan, standing)


def session_sheet(plan: Plan, standing: Standing) -> Sheet:
    """Every session of the plan."""
    content = [session.model_dump(mode="json", by_alias=True) for session in plan.sessions or ()]
    return _sheet(_("Sessions"), content, plan, standing)


def _sheet(title: str, content: Sequence[Mapping[str, Any]], plan: Plan, standing: Standing) -> Sheet:
    """Each row says how far the plan has come, whose it is, and by its check code which plan it is."""
    assert plan.order is not None
    head = (state_words(standing), plan.order.case, "" if standing.draft else plan.check_code or "")
    columns = tuple(content[0]) if content else ()
    rows = tuple((*head, *(_text(row[name]) for name in columns)) for row in content)
    return Sheet(title, (*_HEAD, *columns), rows)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return " ".join(map(str, value))
    return str(value)


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula: with an apostrophe before it where it would be; numbers stay."""
    return f"'{text}" if text.lstrip(" ").startswith(_BEGINS_A_FORMULA) and not _NUMBER.fullmatch(text) else text


def csv_of(sheet: Sheet) -> bytes:
    """The sheet as CSV."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\r\n")
    for row in (sheet.columns, *sheet.rows):
        table.writerow([guarded(text) for text in row])
    return written.getvalue().encode("utf-8-sig")


def xlsx_of(sheets: Iterable[Sheet], made: Instant) -> bytes:
    """The sheets as a workbook, dated as the plan is."""
    from openpyxl import Workbook, styles, utils  # type: ignore[import-untyped]  # it brings no types

    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = ""
    book.properties.created = datetime.fromtimestamp(made.timestamp(), UTC).replace(tzinfo=None)
    for sheet in sheets:
        page = book.create_sheet(sheet.title)
        page.freeze_panes = "D2"
        _text_cells(page, 1, sheet.columns)
        for cell in page[1]:
            cell.font = styles.Font(bold=True)
        numbers = {
            place for place in range(len(_HEAD), len(sheet.columns)) if _keeps_digits(row[place] for row in sheet.rows)
        }
        for line, row in enumerate(sheet.rows, 2):
            _text_cells(page, line, row)
            for place in numbers:
                page.cell(line, place + 1).value = Decimal(row[place]) if row[place] else None
        for place, name in enumerate(sheet.columns):
            width = max(len(name), *(len(row[place]) for row in sheet.rows)) if sheet.rows else len(name)
            page.column_dimensions[utils.get_column_letter(place + 1)].width = min(width + 2, _LONGEST_COLUMN)
    written = io.BytesIO()
    book.save(written)
    return _undated(written.getvalue(), made)


def _text_cells(page: Any, line: int, texts: Sequence[str]) -> None:
    """Texts as texts: the library would take one that begins with "=" for a formula."""
    for place, text in enumerate(texts, 1):
        cell = page.cell(line, place)
        cell.value = text or None
        if text:
            cell.data_type = "s"
            cell.quotePrefix = True  # stays a text where a person edits it


def _keeps_digits(texts: Iterable[str]) -> bool:
    """Whether every one is a number that a spreadsheet gives back as it is written, by its binary numbers."""
    given = [text for text in texts if text]
    return bool(given) and all(_NUMBER.fullmatch(text) and plain(Decimal(repr(float(text)))) == text for text in given)


def _undated(book: bytes, made: Instant) -> bytes:
    """The same workbook without the time at which it was written."""
    stamp = made.format_iso(unit="second").encode()
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as given, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as undated:
        for entry in given.infolist():
            data = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", given.read(entry))
            undated.writestr(zipfile.ZipInfo(entry.filename, _FIRST_DATE), data, zipfile.ZIP_DEFLATED)
    return written.getvalue()
