"""The courses of the register: searched, by status, that first whose change is due first; a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHideEvent,
    QIcon,
    QKeyEvent,
    QPainter,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dosing_app.ui import theme
from dosing_app.ui.buttons import Button
from dosing_app.ui.figure_table import lines_of, narrowed
from dosing_app.ui.marks import SIZE, Mark, draw_mark
from dosing_app.ui.quantity_edit import Choice, TextField
from dosing_app.ui.reflow import Flow
from dosing_app.ui.unbroken import DayCells, unbroken
from dosing_app.wording.language import _, n_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dosing_app.store.register import Listed
    from dosing_app.ui.courses import Courses

_SECOND = 1000  # ms
_WIDTHS = (200, 150, 330, 90, 250)  # of the columns; the last has what is left
_MARKED, _GAP = (1, 2), 12  # columns with a mark; room beside a text and its mark
_ROW = 30
_UNDER_WAY = ("running", "interrupted")
_SEARCH_WIDTH = 260


class _Table(QTableWidget):
    """Rows of courses; Tab leaves the table, Enter opens."""

    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Courses"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(theme.font(theme.FIELD))
        self.setWordWrap(False)
        self.setItemDelegate(DayCells(self))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.px(_ROW))
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setFont(theme.font())
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the chosen course."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered.emit()
            return
        super().keyPressEvent(event)


class CourseList(QWidget):
    """Shows a part of the register. `opened` is emitted when a course was opened from it."""

    opened = Signal()

    def __init__(self, courses: Courses) -> None:
        """Nothing is read before it is seen."""
        super().__init__()
        self._courses = courses
        self.courses: list[Listed] = []
        self._headers: Sequence[str] = ()
        self._before: int | None = None
        self._total = 0
        self._minute = courses.now()
        self.search = TextField(_("Search a case"))
        self.status = Choice(_("Status"))
        self.table = _Table()
        self.trouble, self.empty, self.count = QLabel(), QLabel(), QLabel()
        self.open_button = Button(_("&Open the course"), self.open)
        self.order_button = Button(_("Open its or&der"), self.open_order)
        self.more = Button(_("&More"), self._show_more, _("Show more courses"))
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(_SECOND)
        self._timer.timeout.connect(self._tick)
        self.search.edited.connect(self.renew)
        self.status.edited.connect(self.renew)
        self.table.entered.connect(self.open)
        self.table.cellDoubleClicked.connect(lambda _row, _column: self.open())
        self.table.itemSelectionChanged.connect(self._allow)
        courses.changed.connect(self._follow)

    # ---- layout ----

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(8))
        outer.setSpacing(theme.px(8))
        title = QLabel(_("Courses"))
        title.setFont(theme.font(theme.HEADING, bold=True))
        outer.addWidget(title)
        outer.addLayout(self._make_filter())
        outer.addWidget(self._make_trouble())
        self.empty.setWordWrap(True)
        self.empty.setFont(theme.font(theme.FIELD))
        outer.addWidget(self.empty)
        outer.addWidget(self.table, 1)
        foot = Flow(spacing=8)
        theme.tone(self.count, "quiet")
        foot.add(self.count, self.more)
        foot.push()
        foot.add(self.order_button, self.open_button)
        outer.addLayout(foot)
        self._below = QWidget()
        outer.addWidget(self._below, 1)

    def _make_filter(self) -> Flow:
        from dosing_app.wording.register_text import status_words

        line = Flow(spacing=24)
        self.search.setFixedWidth(theme.px(_SEARCH_WIDTH))
        statuses = ("planned", "checked", "running", "interrupted", "finished", "unclear")
        offered = [(_("all"), ""), (_("under way"), " ".join(_UNDER_WAY))]
        self.status.offer([*offered, *((status_words(each), each) for each in statuses)])
        self.status.setCurrentIndex(0)
        for text, field in ((_("&Search"), self.search), (_("Stat&us"), self.status)):
            label = QLabel(text)
            label.setBuddy(field)
            both = QWidget()
            pair = QHBoxLayout(both)
            pair.setContentsMargins(0, 0, 0, 0)
            pair.setSpacing(theme.px(8))
            pair.addWidget(label)
            pair.addWidget(field)
            line.add(both)
        return line

    def _make_trouble(self) -> QWidget:
        self.trouble.setWordWrap(True)
        theme.tone(self.trouble, "justify")
        self._trouble_line = QWidget()
        line = QHBoxLayout(self._trouble_line)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(6))
        line.addWidget(Mark("justify"), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.trouble, 1)
        self._trouble_line.hide()
        return self._trouble_line

    # ---- what is shown ----

    def renew(self) -> None:
        """Read the list anew, as many courses as are shown; the chosen one stays chosen."""
        wanted, chosen = len(self.courses), self.chosen
        self._read(None)
        while self._before is not None and len(self.courses) < wanted:
            self._read(self._before)
        self._show(chosen.id if chosen is not None else "")

    def _read(self, before: int | None) -> None:
        statuses = self.status.document_text().split()
        page = self._courses.page(self.search.text(), statuses, before)
        self.courses = [*(self.courses if before is not None else []), *page.courses]
        self._before, self._total = page.before, page.total

    def _show_more(self) -> None:
        """The next part, below."""
        chosen = self.chosen
        if self._before is not None:
            self._read(self._before)
        self._show(chosen.id if chosen is not None else "")
        if not self.more.isVisible():
            self.table.setFocus()

    def _show(self, chosen: str) -> None:
        self._minute = self._courses.now()
        self.trouble.setText(self._courses.trouble)
        self._trouble_line.setVisible(bool(self._courses.trouble))
        self._show_rows()
        filtered = bool(self.search.text().strip() or self.status.document_text())
        self.empty.setText(
            _("No course is like that.")
            if filtered
            else _("There is no course yet. Issue a plan in Prepare; it appears here.")
        )
        nothing = not self.courses
        self.empty.setVisible(nothing and not self._courses.trouble)
        self.table.setVisible(not nothing)
        self._below.setVisible(nothing)
        self.count.setText(
            n_("{shown} of {total} course", "{shown} of {total} courses", self._total).format(
                shown=len(self.courses), total=self._total
            )
            if self._before is not None
            else n_("{total} course", "{total} courses", self._total).format(total=self._total)
        )
        self.count.setVisible(not nothing)
        self.more.setVisible(self._before is not None)
        row = next((at for at, each in enumerate(self.courses) if each.id == chosen), 0)
        if self.courses and self.table.currentRow() != row:
            self.table.setCurrentCell(row, 0)
        self._allow()

    def _show_rows(self) -> None:
        from dosing_app.wording import register_text as words
        from dosing_app.wording.figures import when

        zone = self._courses.site_zone()
        headers = (
            *(_("Case"), _("Status"), _("Next change due, {zone}").format(zone=zone)),
            *(_("Revision"), _("Last recorded")),
        )
        table = self.table
        table.setColumnCount(len(headers))
        table.setRowCount(len(self.courses))
        icons = {status: _icon(status) for status in {each.status for each in self.courses}}
        late = _icon("late")
        for row, each in enumerate(self.courses):
            cells = (
                each.label,
                words.status_words(each.status),
                words.due_words(each.due, self._minute, zone),
                str(each.revision or ""),
                when(each.changed.to_tz(zone).format_iso()),
            )
            for column, text in enumerate(cells):
                item = table.item(row, column) or QTableWidgetItem()
                if item.tableWidget() is None:
                    table.setItem(row, column, item)
                item.setText(text)
            table.item(row, 1).setIcon(icons[each.status])
            table.item(row, 2).setIcon(late if each.due is not None and each.due < self._minute else QIcon())
        self._fit(headers)
        table.horizontalHeader().setSectionResizeMode(len(headers) - 1, QHeaderView.ResizeMode.Stretch)

    def _fit(self, headers: Sequence[str]) -> None:
        """Columns and headers as wide as there is room: in large letters texts are broken between words."""
        self._headers, table = headers, self.table
        metrics, gap = QFontMetricsF(table.font()), theme.px(_GAP)
        heads = QFontMetricsF(table.horizontalHeader().font())
        roomy, columns = [], []  # widths for a wide page; of a narrow one what a line takes, and the longest word
        for column, (header, wanted) in enumerate(zip(headers, _WIDTHS, strict=True)):
            cells = [table.item(row, column).text() for row in range(table.rowCount())]
            words = " ".join(unbroken(each, time_below=True) for each in cells).split(" ")
            word = max(map(metrics.horizontalAdvance, words), default=0.0)
            word = max(word, *map(heads.horizontalAdvance, header.split(" ")))
            mark = theme.px(SIZE) if column in _MARKED else 0
            line = max(map(metrics.horizontalAdvance, cells), default=0.0)
            columns.append((max(line, word) + mark + gap, word + mark + gap))
            roomy.append(max(theme.px(wanted), word + mark + gap))
        room = table.viewport().width()
        widths = roomy if sum(roomy) <= room else narrowed(columns, room)
        broken = any(width < line for width, (line, _word) in zip(widths, columns, strict=True))
        table.setHorizontalHeaderLabels(
            [
                "\n".join(lines_of(header.split(" "), heads, width - gap))
                for header, width in zip(headers, widths, strict=True)
            ]
        )
        for column, width in enumerate(widths[:-1]):
            table.setColumnWidth(column, int(width))
        table.setWordWrap(broken)
        if broken:
            table.resizeRowsToContents()
        else:
            for row in range(table.rowCount()):
                table.setRowHeight(row, theme.px(_ROW))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width: other lines."""
        super().resizeEvent(event)
        if self._headers:
            self._fit(self._headers)

    @property
    def chosen(self) -> Listed | None:
        """The course that is chosen."""
        row = self.table.currentRow()
        return self.courses[row] if 0 <= row < len(self.courses) else None

    def _allow(self) -> None:
        self.open_button.setVisible(bool(self.courses))
        self.open_button.setEnabled(self.chosen is not None)
        self.order_button.setVisible(self._courses.may_enter and bool(self.courses))
        self.order_button.setEnabled(self.chosen is not None)

    # ---- opening ----

    def open(self) -> None:
        """Open the chosen course, or say why not."""
        chosen = self.chosen
        if chosen is None:
            return
        self._courses.open(chosen.id)
        if self._courses.record is None:
            why = self._courses.trouble
            self._courses.leave()
            self.trouble.setText(why)
            self._trouble_line.setVisible(True)
            return
        self.opened.emit()

    def open_order(self) -> None:
        """Open the order of the chosen course in the editor."""
        if self.chosen is not None:
            self._courses.order_asked.emit(self.chosen.id)

    # ---- time and look ----

    def _tick(self) -> None:
        if self._courses.now() == self._minute:
            return
        if self._courses.waits:
            self._minute = self._courses.now()
            self._show_rows()
        else:
            self.renew()

    def _follow(self) -> None:
        """Another register, or something recorded: only what is seen is read."""
        if self.isVisible() and self._courses.record is None:
            self.renew()

    def showEvent(self, event: QShowEvent) -> None:
        """Read it, and keep the time."""
        super().showEvent(event)
        self.renew()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Do no work."""
        super().hideEvent(event)
        self._timer.stop()

    def changeEvent(self, event: QEvent) -> None:
        """Other colours: the marks are drawn anew."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.isVisible():
            self._show_rows()


def _icon(status: str) -> QIcon:
    """The mark of a status, in other colours where its row is chosen."""
    icon = QIcon(status_picture(status, "text"))
    icon.addPixmap(status_picture(status, "on_blue"), QIcon.Mode.Selected)
    return icon


def status_picture(status: str, colour: str) -> QPixmap:
    """The mark of a status, by its shape: a ring, a half disc, an arrow, two bars, a square, a triangle."""
    size, sharp = theme.px(SIZE), 2
    picture = QPixmap(size * sharp, size * sharp)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRectF(0, 0, size * sharp, size * sharp)
    if status in {"unclear", "late"}:
        draw_mark(painter, "justify", box, "amber" if colour == "text" else colour)
    else:
        _draw_status(painter, status, box, theme.colour(colour))
    painter.end()
    picture.setDevicePixelRatio(sharp)
    return picture


def _draw_status(painter: QPainter, status: str, box: QRectF, colour: QColor) -> None:
    width = box.width() / 9
    inner = box.adjusted(width, width, -width, -width)
    painter.setPen(QPen(colour, width))
    if status in {"planned", "checked"}:
        painter.drawEllipse(inner)
        if status == "checked":
            painter.setBrush(colour)
            painter.drawPie(inner, 90 * 16, 180 * 16)  # sixteenths of a degree
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    if status == "running":
        right = QPointF(inner.right(), inner.center().y())
        painter.drawPolygon(QPolygonF([inner.topLeft(), right, inner.bottomLeft()]))
    elif status == "interrupted":
        bar = inner.width() / 3
        painter.drawRect(QRectF(inner.left(), inner.top(), bar, inner.height()))
        painter.drawRect(QRectF(inner.right() - bar, inner.top(), bar, inner.height()))
    else:
        painter.drawRect(inner)
