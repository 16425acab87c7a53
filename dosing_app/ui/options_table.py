"""The table of options, with a small picture of the course in each row; Enter takes the option of the row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from dosing_app.ui import theme
from dosing_app.ui.figure_table import FigureTable
from dosing_app.ui.timeline import Picture, paint_strip
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from dosing_app.wording.figures import Table

_STRIP = 120  # width of the picture of a course: four for each day
_MOST_ROWS = 9  # seen at once; the rest scrolls

_Index = QModelIndex | QPersistentModelIndex


class _Strips(QStyledItemDelegate):
    """Draws the course of a row."""

    def __init__(self, table: OptionsTable) -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Ground of a chosen row, and the course where it is laid out."""
        chosen = self._table.is_chosen(index.row())
        if chosen:
            painter.fillRect(option.rect, theme.colour("blue"))
        picture = self._table.pictures.get(index.row())
        if picture is not None:
            box = QRectF(option.rect).adjusted(theme.px(4), 2, -theme.px(4), -2)
            ink = theme.colour("on_blue" if chosen else "text")
            paint_strip(painter, box, picture, ink, None if chosen else theme.colour("shade"))


class OptionsTable(FigureTable):
    """The options in rows, fewest vials first."""

    taken = Signal()  # Enter, or a double click: the option of the current row is chosen

    def __init__(self) -> None:
        """No options yet."""
        super().__init__(_("Options, fewest vials first"), choosable=True)
        self.pictures: dict[int, Picture] = {}
        self.cellDoubleClicked.connect(lambda _row, _column: self.taken.emit())

    def show_options(self, table: Table | None, column: int) -> None:
        """Show the options; the pictures are given to `pictures`. None takes all away.

        Args:
            table: of the options.
            column: where the picture of the course stands.
        """
        if table is None:
            self.pictures.clear()
        self.show_table(table)
        if table is not None:
            if not isinstance(self.itemDelegateForColumn(column), _Strips):
                self.setItemDelegateForColumn(column, _Strips(self))
            self.setColumnWidth(column, theme.px(_STRIP))
        rows = min(self.rowCount(), _MOST_ROWS)
        height = self.horizontalHeader().height() + rows * (self.rowHeight(0) if rows else 0)
        bar = self.horizontalScrollBar()
        self.setFixedHeight(height + bar.sizeHint().height() + theme.px(4))

    def draw_course(self, row: int, picture: Picture) -> None:
        """Give a row its picture."""
        self.pictures[row] = picture
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes the option."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.taken.emit()
            return
        super().keyPressEvent(event)
