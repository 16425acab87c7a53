"""A table of figures, each column aligned on its decimal mark by layout; no digit is added."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
)

from dosing_app.ui import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from dosing_app.wording.figures import Table

# A sign, digits in groups, perhaps a mark and decimals, perhaps a unit: what stands before the mark is aligned.
_FIGURE = re.compile(r"([+\-−]?\d[\d\u00a0]*)((?:\.\d+)?(?:\u00a0\D.*)?)")
_NOTHING = {"–", "…"}  # no figure, or not yet
_MARKS_AT = 5  # beside the rate, which they are about
_GAP = 4  # beside the text of a cell
_HALVINGS = 24  # until a width is known to less than a pixel
_TARGET = 24  # the least height of a row that is pressed
_Index = QModelIndex | QPersistentModelIndex


class _Aligned(QStyledItemDelegate):
    """Draws a cell with its decimal mark where the column has it."""

    def __init__(self, table: FigureTable) -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Text, and the ground of a chosen row; nothing of the style, which would cost a tenth of a millisecond."""
        chosen = self._table.is_chosen(index.row())
        if chosen:
            painter.fillRect(option.rect, theme.colour("blue"))
        painter.setPen(theme.colour("on_blue" if chosen else "text"))
        painter.setFont(option.font)
        text = index.data()
        box = QRectF(option.rect)
        box.setLeft(box.left() + self._table.offset(index.column(), text))
        lines = self._table.broken(index.column(), text)
        flag = Qt.TextFlag.TextSingleLine if lines == text else Qt.TextFlag.TextDontClip
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | flag, lines)


class FigureTable(QTableWidget):
    """A read-only table; its rows can be chosen where `choosable`, its cells are broken into lines where it `wraps`."""

    def __init__(self, name: str, *, choosable: bool, wraps: bool = False) -> None:
        """An empty table with a name for those who hear it."""
        super().__init__()
        self._choosable, self._wraps = choosable, wraps
        self.setAccessibleName(name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setItemDelegate(_Aligned(self))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        header = self.horizontalHeader()
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(1)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        if choosable:
            self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        else:
            self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._shown: list[list[str]] = []
        self._metrics = QFontMetricsF(self.font())
        self._breaks: dict[tuple[int, str], str] = {}  # texts of a column that are wider than it, in lines
        self._leads: list[float] = []  # room before the decimal mark of each column; 0 where it holds words

    def is_chosen(self, row: int) -> bool:
        """Whether a row is the chosen one."""
        return self._choosable and row == self.currentRow()

    def offset(self, column: int, text: str) -> float:
        """How far from the left of its cell a text begins."""
        lead = self._leads[column] if column < len(self._leads) else 0.0
        if not lead:
            return theme.px(_GAP)
        match = _FIGURE.fullmatch(text)
        before = match[1] if match else text
        return theme.px(_GAP) + lead - self._metrics.horizontalAdvance(before)

    def broken(self, column: int, text: str) -> str:
        """A text as its cell shows it."""
        return self._breaks.get((column, text), text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width: lines are broken elsewhere."""
        super().resizeEvent(event)
        if self._wraps and self._shown:
            self._fit(self._shown[0], self._shown[1:])

    def show_table(self, table: Table | None, marks_header: str = "") -> None:
        """Show a table, its marks after the rate where that has a header; None empties it."""
        headers = list(table.headers) if table else []
        rows = [list(row) for row in table.rows] if table else []
        if table and marks_header and any(table.marks):
            headers.insert(_MARKS_AT, marks_header)
            rows = [[*row[:_MARKS_AT], mark, *row[_MARKS_AT:]] for row, mark in zip(rows, table.marks, strict=True)]
        if [headers, *rows] == self._shown:
            return
        self._shown = [headers, *rows]
        leads = self._leads
        self.setRowCount(len(rows))
        self.setColumnCount(len(headers))
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                item = self.item(row, column)
                if item is None:
                    self.setItem(row, column, QTableWidgetItem(text))
                elif item.text() != text:
                    item.setText(text)
        self._fit(headers, rows)
        if self._leads != leads:
            self.scheduleDelayedItemsLayout()  # else Qt paints only the cells whose text is new

    def _fit(self, headers: list[str], rows: list[list[str]]) -> None:
        """Widths by what stands in each column, headers broken between words."""
        self._metrics = metrics = QFontMetricsF(self.font())
        gap = theme.px(_GAP)
        self._leads, self._breaks = [], {}
        columns: list[tuple[float, float]] = []  # width wanted, and the least
        for column, header in enumerate(headers):
            cells = [row[column] for row in rows]
            figures = [match for cell in cells if (match := _FIGURE.fullmatch(cell))]
            numeric = bool(figures) and all(cell in _NOTHING or _FIGURE.fullmatch(cell) for cell in cells)
            lead = max((metrics.horizontalAdvance(each[1]) for each in figures), default=0.0) if numeric else 0.0
            tail = max((metrics.horizontalAdvance(each[2]) for each in figures), default=0.0) if numeric else 0.0
            body = lead + tail if numeric else max(map(metrics.horizontalAdvance, cells), default=0.0)
            words = header.split(" ")
            longest = max(map(metrics.horizontalAdvance, words), default=0.0)
            least = body
            if self._wraps and not numeric:
                least = max(map(metrics.horizontalAdvance, " ".join(cells).split(" ")), default=0.0)
            columns.append((max(body, longest), max(least, longest)))
            self._leads.append(lead)
        room = self.viewport().width() - (2 * gap + 0.5) * len(headers) if self._wraps else None  # each is rounded
        widths = narrowed(columns, room)
        tallest = 1
        for column, (header, width) in enumerate(zip(headers, widths, strict=True)):
            lines = lines_of(header.split(" "), metrics, width)
            tallest = max(tallest, len(lines))
            item = self.horizontalHeaderItem(column)
            if item is None:
                item = QTableWidgetItem()
                self.setHorizontalHeaderItem(column, item)
            item.setText("\n".join(lines))
            item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
            self.setColumnWidth(column, round(width + 2 * gap))
        self.horizontalHeader().setFixedHeight(round(tallest * metrics.lineSpacing() + theme.px(8)))
        least_height = theme.px(_TARGET) if self._choosable else 0
        for row, cells in enumerate(rows):
            most = max((self._break(column, text, widths[column]) for column, text in enumerate(cells)), default=1)
            text_height = metrics.height() + (most - 1) * metrics.lineSpacing()
            self.setRowHeight(row, max(round(text_height + theme.px(6)), least_height))
        if self._wraps:
            self.updateGeometry()

    def _break(self, column: int, text: str, width: float) -> int:
        """Break a text that is wider than its column; how many lines it has."""
        if not self._wraps or self._leads[column] or self._metrics.horizontalAdvance(text) <= width:
            return 1
        lines = lines_of(text.split(" "), self._metrics, width)
        self._breaks[column, text] = "\n".join(lines)
        return len(lines)

    def whole_height(self) -> int:
        """The height at which every row is seen."""
        return self.horizontalHeader().height() + sum(map(self.rowHeight, range(self.rowCount()))) + theme.px(4)

    def whole_width(self) -> int:
        """The width at which every column is seen."""
        return sum(map(self.columnWidth, range(self.columnCount()))) + theme.px(4)


def lead_of(text: str, metrics: QFontMetricsF) -> float:
    """How wide a figure is before its decimal mark; 0 for words. [px]"""
    match = _FIGURE.fullmatch(text)
    return metrics.horizontalAdvance(match[1]) if match else 0.0


def narrowed(columns: Sequence[tuple[float, float]], room: float | None) -> list[float]:
    """Widths of columns that fit into a room as far as they can: the widest give first, so that short texts stay whole.

    Args:
        columns: of each the width that it wants, and its least.
        room: None for as much as they want.
    """
    if room is None or sum(wanted for wanted, _least in columns) <= room:
        return [wanted for wanted, _least in columns]
    # No column is wider than the widest of these widths at which all have room, or than its least.
    low, high = 0.0, max((wanted for wanted, _least in columns), default=0.0)
    for _halving in range(_HALVINGS):
        middle = (low + high) / 2
        if sum(max(least, min(wanted, middle)) for wanted, least in columns) > room:
            high = middle
        else:
            low = middle
    return [max(least, min(wanted, low)) for wanted, least in columns]


def lines_of(words: list[str], metrics: QFontMetricsF, width: float) -> list[str]:
    """Words set into lines of a width."""
    lines: list[str] = []
    for word in words:
        if lines and metrics.horizontalAdvance(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
