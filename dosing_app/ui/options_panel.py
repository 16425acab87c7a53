"""The options of a course: table and picture beside each other, and which one is the order's plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from dosing_app.ui import theme
from dosing_app.ui.options_picture import OptionsPicture, Point
from dosing_app.ui.options_table import OptionsTable
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from dosing_app.course.options import Answer, Option
    from dosing_app.course.plan import Plan


class OptionsPanel(QWidget):
    """Shows an answer. Counts stand at once; the plans are laid out one by one in turns of the event loop."""

    selected = Signal()
    taken = Signal()

    def __init__(self) -> None:
        """No options yet."""
        super().__init__()
        self._answer: Answer | None = None
        self._plans: list[Plan | None] = []
        self._present: int | None = None
        self.index: int | None = None  # of the selected option
        heading = QLabel(_("Options"))
        heading.setFont(theme.font(theme.HEADING))
        self.aside = QLabel()
        self.aside.setWordWrap(True)
        theme.tone(self.aside, "quiet")
        self.sentence = QLabel()
        self.sentence.setFont(theme.font(theme.HEADING))
        self.sentence.setWordWrap(True)
        self.table = OptionsTable()
        self.picture = OptionsPicture()
        self._both = QWidget()
        self.present = QLabel()
        self.present.setFont(theme.font(bold=True))
        self.present.setWordWrap(True)
        top = QHBoxLayout()
        top.setSpacing(theme.px(12))
        top.addWidget(heading)
        top.addWidget(self.aside, 1)
        both = QHBoxLayout(self._both)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(theme.px(8))
        both.addWidget(self.table, 1, Qt.AlignmentFlag.AlignTop)
        both.addWidget(self.picture)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        column.addLayout(top)
        for widget in (self.sentence, self._both, self.present):
            column.addWidget(widget)
        self._laying = QTimer(self)
        self._laying.setSingleShot(True)
        self._laying.setInterval(0)
        self._laying.timeout.connect(self._lay_next)
        self.table.itemSelectionChanged.connect(lambda: self._select(self.table.currentRow()))
        self.picture.picked.connect(lambda: self._select(self.picture.chosen))
        self.table.taken.connect(self.taken)
        self.picture.taken.connect(self.taken)
        self.clear("")

    @property
    def options(self) -> list[Option]:
        """Those that are shown."""
        return self._answer.options if self._answer else []

    def plan(self, index: int) -> Plan:
        """The plan of an option, laid out now if it was not yet."""
        assert self._answer is not None
        plan = self._plans[index]
        if plan is None:
            plan = self._plans[index] = self._answer.plan(index)
        return plan

    def clear(self, sentence: str) -> None:
        """Take all options away and say why."""
        self._answer = None
        self._plans = []
        self._present = self.index = None
        self._laying.stop()
        self.table.blockSignals(True)
        self.table.show_options(None, 0)
        self.table.blockSignals(False)
        self.picture.show_points([], -1)
        self._both.hide()
        self.aside.setText("")
        self.present.setText("")
        self.present.hide()
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))

    def show_answer(self, answer: Answer, plan: Plan) -> None:
        """Show the options beside the order's plan; the same ones again keep rows, selection and focus."""
        from dosing_app.wording import options_words as words

        before, followed = self._answer, self.index == self._present
        present = words.present_option(plan, answer.options)
        if answer is not before:
            self.clear("")
            self._answer = answer
            self._plans = [None] * len(answer.options)
            self.index = present
            points = [
                Point(option.counts.vials, option.counts.sessions, option.preserved, words.option_said(index, option))
                for index, option in enumerate(answer.options)
            ]
            self.picture.show_points(points, -1)
            self.picture.setVisible(len(points) > 1)
            self.sentence.hide()
            self._both.show()
            self.aside.setText(_aside(answer))
            self._laying.start()
        elif followed:
            self.index = present
        self._present = present
        self.present.setText(words.present_words(plan, answer.options))
        self.present.setVisible(bool(self.present.text()))
        self._show_rows()
        self._mark_selected()

    def select(self, index: int | None) -> None:
        """Select an option, or none, without telling."""
        self.index = index
        self._mark_selected()

    def _select(self, index: int) -> None:
        """Selected by hand."""
        if 0 <= index < len(self.options) and index != self.index:
            self.select(index)
            self.selected.emit()

    def _mark_selected(self) -> None:
        index = -1 if self.index is None else self.index
        self.table.blockSignals(True)
        if index < 0:
            self.table.clearSelection()
            self.table.setCurrentCell(-1, -1)
        elif self.table.currentRow() != index:
            left = self.table.horizontalScrollBar().value()
            self.table.selectRow(index)
            self.table.horizontalScrollBar().setValue(left)
        self.table.blockSignals(False)
        self.picture.choose(index)
        self.table.viewport().update()

    def _show_rows(self) -> None:
        from dosing_app.ui.timeline import picture_of
        from dosing_app.wording import options_words as words

        for row, plan in enumerate(self._plans):
            if plan is not None and plan.bags and row not in self.table.pictures:
                self.table.draw_course(row, picture_of(plan))
        self.table.blockSignals(True)
        self.table.show_options(words.option_table(self.options, self._plans), words.COURSE_COLUMN)
        self.table.blockSignals(False)

    def _lay_next(self) -> None:
        """Lay out one more plan, and come back for the next."""
        missing = [index for index, plan in enumerate(self._plans) if plan is None]
        if not missing:
            return
        self.plan(missing[0])
        self._show_rows()
        if len(missing) > 1:
            self._laying.start()


def _aside(answer: Answer) -> str:
    """What the table holds, in one line."""
    words = [_("fewest vials first; for every plan not listed, one that is has no larger count")]
    words.append(_("exposure per kg on the worst day"))
    if any(option.preserved for option in answer.options):
        words.append(_("preserved ones stand after the others"))
    return "; ".join(words)
