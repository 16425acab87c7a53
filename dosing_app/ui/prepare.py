"""The workspace Prepare: the bags of the plan, the chosen one large with its recipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from dosing_app.ui import theme
from dosing_app.ui.figure_table import FigureTable
from dosing_app.ui.timeline import Timeline
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from dosing_app.course.plan import Bag, Plan


_WIDE, _MIDDLE = 1140, 700  # room for four blocks beside each other, for two
_TABLE_HEIGHT = 180  # header and a few rows; the rest scrolls


class _Block(QWidget):
    """A small heading over lines of a name and a text."""

    def __init__(self, title: str, size: int, lines: int) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(16))
        grid.setVerticalSpacing(theme.px(2))
        heading = QLabel(title)
        heading.setFont(theme.font(bold=True))
        grid.addWidget(heading, 0, 0, 1, 2)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(lines + 1, 1)
        self._labels = [(QLabel(), QLabel()) for _line in range(lines)]
        for row, (name, text) in enumerate(self._labels, 1):
            theme.tone(name, "quiet")
            for column, label in enumerate((name, text)):
                label.setFont(theme.font(size))
                grid.addWidget(label, row, column)

    def show_lines(self, lines: list[tuple[str, str]]) -> None:
        """Show these; an empty list takes all away."""
        for (name, text), shown in zip(self._labels, lines or [("", "")] * len(self._labels), strict=True):
            name.setText(shown[0])
            text.setText(shown[1])


class Prepare(QWidget):
    """The workspace."""

    def __init__(self) -> None:
        """Nothing to prepare yet."""
        super().__init__()
        self._plan: Plan | None = None
        page = QWidget()
        theme.tone(page, "page")
        scroll = QScrollArea()
        scroll.setWidget(page)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)
        column = QVBoxLayout(page)
        column.setContentsMargins(theme.px(16), theme.px(8), theme.px(16), theme.px(8))
        column.setSpacing(theme.px(8))
        self.waiting = QLabel()
        self.waiting.setFont(theme.font(theme.HEADING))
        self.waiting.setWordWrap(True)
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(self.waiting)
        self._body = QWidget()
        column.addWidget(self._body, 1)
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(theme.px(12))

        body.addLayout(self._make_top())
        self.timeline = Timeline()
        self.timeline.picked.connect(lambda: self.choose(self.timeline.picked_number))
        body.addWidget(self.timeline)
        self.totals = QLabel()
        self.totals.setWordWrap(True)
        theme.tone(self.totals, "quiet")
        body.addWidget(self.totals)
        self.bags = FigureTable(_("Bags"), choosable=True)
        self.bags.itemSelectionChanged.connect(self._show_chosen)
        self.bags.setMinimumHeight(theme.px(_TABLE_HEIGHT))
        body.addWidget(self.bags, 1)
        self.blank("")

    def _make_top(self) -> QGridLayout:
        """The chosen bag: rate large, recipe, times, volumes."""
        self.heading = QLabel()
        self.heading.setFont(theme.font(theme.HEADING))
        self.rate = QLabel()
        self.rate.setFont(theme.font(theme.ANSWER, bold=True))
        self.changes = QLabel()
        self.changes.setFont(theme.font(theme.FIELD, bold=True))
        answer = QWidget()
        lines = QVBoxLayout(answer)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(theme.px(2))
        for label in (self.heading, self.rate, self.changes):
            lines.addWidget(label)
        self.recipe = _Block(_("Recipe, in order of addition"), theme.HEADING, 3)
        self.times = _Block(_("Times"), theme.FIELD, 5)
        self.ledger = _Block(_("Volumes"), theme.FIELD, 4)
        self._blocks = (answer, self.recipe, self.times, self.ledger)
        self._top = QGridLayout()
        self._top.setHorizontalSpacing(theme.px(40))
        self._top.setVerticalSpacing(theme.px(12))
        self._top.setColumnStretch(len(self._blocks), 1)
        self._across = 0
        self._set_blocks(len(self._blocks))
        return self._top

    def _set_blocks(self, across: int) -> None:
        """The four blocks in one row, two or four."""
        if across == self._across:
            return
        self._across = across
        for at, block in enumerate(self._blocks):
            self._top.addWidget(
                block, at // across, at % across, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
            )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the row of blocks where it has no room."""
        super().resizeEvent(event)
        self._set_blocks(4 if self.width() >= theme.px(_WIDE) else 2 if self.width() >= theme.px(_MIDDLE) else 1)

    def show_plan(self, plan: Plan) -> None:
        """Show the bags, or the sentence where they stood."""
        from dosing_app.wording import figures

        if not plan.bags:
            self.blank(figures.waiting(plan))
            return
        chosen = max(0, self.bags.currentRow())
        self._plan = plan
        self.waiting.setText("")
        self.waiting.hide()
        self.bags.blockSignals(True)
        self.bags.show_table(figures.bag_table(plan), _("At connection"))
        self.bags.selectRow(min(chosen, len(plan.bags) - 1))
        self.bags.blockSignals(False)
        self.timeline.show_plan(plan)
        self.totals.setText("     ".join(f"{name}:\u00a0{text}" for name, text in figures.totals(plan)))
        self._show_chosen()
        self._body.show()

    def blank(self, sentence: str) -> None:
        """Take every figure away and say why."""
        self._plan = None
        self._body.hide()
        self.bags.blockSignals(True)
        self.bags.show_table(None)
        self.bags.blockSignals(False)
        self.timeline.show_plan(None)
        for label in (self.heading, self.rate, self.changes, self.totals):
            label.setText("")
        for block in (self.recipe, self.times, self.ledger):
            block.show_lines([])
        self.waiting.setText(sentence)
        self.waiting.show()

    def choose(self, number: int) -> None:
        """Choose a bag by its number."""
        self.bags.selectRow(number - 1)
        self.bags.setFocus()

    def _show_chosen(self) -> None:
        """The chosen bag large."""
        plan, row = self._plan, self.bags.currentRow()
        if plan is None or not plan.bags or not 0 <= row < len(plan.bags):
            return
        from dosing_app.core.quantities import print_quantity
        from dosing_app.wording.figures import ledger, when

        bag = plan.bags[row]
        zone = plan.order.zone if plan.order else "UTC"
        self.heading.setText(_("Bag {number} of {of}, {kind}").format(number=bag.number, of=bag.of, kind=bag.kind))
        self.rate.setText(print_quantity(bag.rate, "mL/h"))
        self.changes.setText(_change_of_rate(plan.bags, row))
        self.recipe.show_lines(
            [
                (_("Saline"), print_quantity(bag.diluent, "mL")),
                (_("Stabiliser"), print_quantity(bag.stabiliser, "mL")),
                (_("Drug"), print_quantity(bag.drug, "mL")),
            ]
        )
        self.times.show_lines(
            [
                (_("Prepare"), when(bag.prepared_local)),
                (_("Connect"), when(bag.start_local)),
                (_("Do not connect after"), when(bag.start_by.to_tz(zone).format_iso())),
                (_("Take down"), when(bag.end_local)),
                (_("Take down by"), when(bag.down_by.to_tz(zone).format_iso())),
            ]
        )
        self.ledger.show_lines(ledger(bag))
        self.timeline.choose(bag.number)


def _change_of_rate(bags: tuple[Bag, ...], row: int) -> str:
    """What the nurse must know when the rate is not that of the bag before."""
    from dosing_app.core.quantities import print_quantity

    if not bags[row].rate_changed:
        return ""
    before, now = (print_quantity(bag.rate, "mL/h") for bag in (bags[row - 1], bags[row]))
    return _("RATE CHANGES: was {before}, now {now}").format(before=before, now=now)
