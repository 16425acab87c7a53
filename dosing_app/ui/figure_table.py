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
    from dosing_app.wording.figures import Table

# A sign, digits in groups, perhaps a mark and decimals, perhaps a unit: what stands before the mark is aligned.
_FIGURE = re.compile(r"([+\-−]?\d[\d\u00a0]*)((?:\.\d+)?(?:\u00a0\D.*)?)")
_NOTHING = {"–", "…"}  # no figure, or not yet
_MARKS_AT = 5  # beside the rate, which they are about
_GAP = 4  # beside the text of a cell
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
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)


class FigureTable(QTableWidget):
    """A read-only table; its rows can be chosen where `choosable`."""

    def __init__(self, name: str, *, choosable: bool) -> None:
        """An empty table with a name for those who hear it."""
        super().__init__()
        self._choosable = choosable
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
        self._leads = []
        tallest = 1
        for column, header in enumerate(headers):
            cells = [row[column] for row in rows]
            figures = [match for cell in cells if (match := _FIGURE.fullmatch(cell))]
            numeric = bool(figures) and all(cell in _NOTHING or _FIGURE.fullmatch(cell) for cell in cells)
            lead = max((metrics.horizontalAdvance(each[1]) for each in figures), default=0.0) if numeric else 0.0
            tail = max((metrics.horizontalAdvance(each[2]) for each in figures), default=0.0) if numeric else 0.0
            body = lead + tail if numeric else max(map(metrics.horizontalAdvance, cells), default=0.0)
            words = header.split(" ")
            width = max(body, *map(metrics.horizontalAdvance, words), 0.0)
            self._leads.append(lead)
            lines = _lines(words, metrics, width)
            tallest = max(tallest, len(lines))
            item = self.horizontalHeaderItem(column)
            if item is None:
                item = QTableWidgetItem()
                self.setHorizontalHeaderItem(column, item)
            item.setText("\n".join(lines))
            item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
            self.setColumnWidth(column, round(width + 2 * gap))
        self.horizontalHeader().setFixedHeight(round(tallest * metrics.lineSpacing() + theme.px(8)))
        height = max(round(metrics.height() + theme.px(6)), theme.px(_TARGET) if self._choosable else 0)
        for row in range(len(rows)):
            self.setRowHeight(row, height)

    def whole_height(self) -> int:
        """The height at which every row is seen."""
        return self.horizontalHeader().height() + sum(map(self.rowHeight, range(self.rowCount()))) + theme.px(4)

    def whole_width(self) -> int:
        """The width at which every column is seen."""
        return sum(map(self.columnWidth, range(self.columnCount()))) + theme.px(4)


def _lines(words: list[str], metrics: QFontMetricsF, width: float) -> list[str]:
    """Words set into lines of a width."""
    lines: list[str] = []
    for word in words:
        if lines and metrics.horizontalAdvance(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
