"""A table of orders as lines of comma-separated text, read one line at a time: nothing grows with its length."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from dosing_app.core.findings import CATALOGUE
from dosing_app.core.quantities import BLANKS
from dosing_app.course.order import FIELDS, REASON

LONGEST_LINE = 100_000  # bytes; the longest order with every reason is a third of it
SITE, ONE_REASON = "site", "reason"
_MARK = b"\xef\xbb\xbf"  # that some programs put before UTF-8


class BadTable(Exception):
    """A file that is no table of orders; `reason` and `values` say why."""

    def __init__(self, reason: str, **values: str) -> None:
        """Code: empty, not-utf8, too-long, quotes, line-ends, separator, no-name, unknown, twice, also-option."""
        super().__init__(reason, values)
        self.reason = reason
        self.values = values


class _BadRow(Exception):
    def __init__(self, reason: str, **values: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values


@dataclass(frozen=True, slots=True)
class Row:
    """One order of a table.

    Attributes:
        number: its place among the orders, from 1 on.
        case: what stands in the column `case`; None without that column, or where the cells cannot be told apart.
        texts: of the order, as `read_order` takes them; empty where there is trouble.
        site: what stands in the column `site`.
        trouble: why the cells cannot be told apart; empty where they can. A code: not-utf8, too-long, quotes,
            line-ends, columns, reason-form, reason-twice.
        values: of the trouble.
    """

    number: int
    case: str | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    site: str = ""
    trouble: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


class OrderTable:
    """The orders of a file. The first line names the columns; every later line that is not empty is one order."""

    def __init__(self, file: BinaryIO, common: Mapping[str, str] | None = None) -> None:
        """Read the names of the columns.

        Args:
            file: at its beginning; comma-separated UTF-8.
            common: texts that hold for every order, as `read_order` takes them, and `site`; no column may say the same.

        Raises:
            BadTable: the first line does not name columns, each known and once.
        """
        self._file = file
        self._common = {name: text for name, text in (common or {}).items() if text}
        self.read = 0  # bytes, for whoever shows how far it is
        try:
            self.columns = self._header()
        except _BadRow as bad:
            raise BadTable(bad.reason, **bad.values) from bad

    def __iter__(self) -> Iterator[Row]:
        """Every order, those with trouble too."""
        number = 0
        while raw := self._line():
            if raw in {b"\n", b"\r\n", b"\r"}:
                continue
            number += 1
            try:
                yield self._row(number, _cells(raw))
            except _BadRow as bad:
                yield Row(number, trouble=bad.reason, values=bad.values)

    def _line(self) -> bytes:
        """The next line with its end; of one that is too long, one byte more than may be."""
        raw = self._file.readline(LONGEST_LINE + 1)
        self.read += len(raw)
        rest = raw
        while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):
            rest = self._file.readline(LONGEST_LINE + 1)
            self.read += len(rest)
        return raw

    def _header(self) -> tuple[str, ...]:
        raw = self._line().removeprefix(_MARK)
        if not raw.strip():
            raise BadTable("empty")
        columns = tuple(each.strip(BLANKS) for each in _cells(raw))
        if len(columns) == 1 and (mark := next((each for each in ";\t|" if each in columns[0]), "")):
            raise BadTable("separator", mark={"\t": "Tab"}.get(mark, mark))
        if "" in columns:
            raise BadTable("no-name", place=str(columns.index("") + 1))
        known = {*FIELDS, SITE, ONE_REASON, *(REASON + code for code in CATALOGUE)}
        checks = {
            "unknown": [name for name in columns if name not in known],
            "twice": [name for name in columns if columns.count(name) > 1],
            "also-option": [
                name for name in columns if name in self._common or (name == ONE_REASON and self._common_reasons)
            ],
        }
        for reason, names in checks.items():
            if names:
                raise BadTable(reason, names=", ".join(dict.fromkeys(names)))
        return columns

    @property
    def _common_reasons(self) -> bool:
        return any(name.startswith(REASON) for name in self._common)

    def _row(self, number: int, cells: list[str]) -> Row:
        if len(cells) != len(self.columns):
            raise _BadRow("columns", found=str(len(cells)), wanted=str(len(self.columns)))
        named = dict(zip(self.columns, cells, strict=True))
        case = named.get("case")
        texts = {**self._common, **{name: text for name, text in named.items() if text.strip(BLANKS)}}
        site, reason = texts.pop(SITE, ""), texts.pop(ONE_REASON, "")
        if reason:
            code, mark, text = reason.partition("=")
            code = code.strip(BLANKS)
            if not mark or not code:
                return Row(number, case, trouble="reason-form", values={"seen": reason})
            if REASON + code in texts:
                return Row(number, case, trouble="reason-twice", values={"code": code})
            texts[REASON + code] = text
        return Row(number, case, texts, site)


def _cells(raw: bytes) -> list[str]:
    """The cells of one line. A quoted cell holds commas, and quotes doubled; never the end of a line."""
    if len(raw) > LONGEST_LINE:
        raise _BadRow("too-long", longest=str(LONGEST_LINE))
    try:
        line = raw.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError as error:
        raise _BadRow("not-utf8", position=str(error.start)) from error
    if "\r" in line:
        raise _BadRow("line-ends")
    try:
        return next(csv.reader([line], strict=True))
    except csv.Error as error:
        raise _BadRow("quotes") from error
