"""Spot the error, and picture tasks: a worksheet with one planted error or none, a syringe, a pump, a bag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QListWidget, QWidget

from dosing_app.ui import theme
from dosing_app.ui.announce import announce
from dosing_app.ui.buttons import Button
from dosing_app.ui.practise import FIRST_SEED, AnswerField, read_seed
from dosing_app.ui.quantity_edit import Choice
from dosing_app.ui.reflow import Beside, Flow
from dosing_app.ui.teaching_drawings import BagDrawing, PumpDrawing, SyringeDrawing
from dosing_app.ui.teaching_parts import Pairs, column, fill, label, scrolled
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from dosing_app.reference.bundle import House
    from dosing_app.teaching.picture_task import PictureTask
    from dosing_app.teaching.spot import Worksheet

WORKSHEET = "worksheet"
_FIRST_KEYS = {Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Space, Qt.Key.Key_Home, Qt.Key.Key_End}


class _List(QListWidget):
    """Lines to choose from by arrow keys; Enter marks."""

    def __init__(self, name: str, enter: Callable[[], object]) -> None:
        super().__init__()
        self._enter = enter
        self.setAccessibleName(name)
        theme.tone(self, "training")
        self.setFont(theme.font(theme.FIELD))
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter marks the chosen line."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._enter()
            return
        if self.chosen < 0 and event.key() in _FIRST_KEYS:
            # nothing is chosen yet: Qt would begin at a row that it does not show as chosen
            row = self.count() - 1 if event.key() == Qt.Key.Key_End else 0
            self.setCurrentRow(row)
            self.item(row).setSelected(True)
            return
        super().keyPressEvent(event)

    @property
    def chosen(self) -> int:
        """The row that is chosen; -1 for none, wherever the focus stands."""
        rows = [self.row(item) for item in self.selectedItems()]
        return rows[0] if rows else -1

    def show_lines(self, lines: list[str]) -> None:
        """Show these, none of them chosen, without a scroll bar."""
        self.blockSignals(True)
        self.clear()
        self.addItems(lines)
        self.setCurrentRow(-1)
        self.blockSignals(False)
        rows = sum(self.sizeHintForRow(row) for row in range(self.count()))
        self.setFixedHeight(rows + theme.px(8))


class SpotPage(QWidget):
    """One worksheet or one picture at a time, from a seed."""

    def __init__(self, house: Callable[[], House]) -> None:
        """Nothing is drawn before it is seen."""
        super().__init__()
        self._house = house
        self._number = 0
        self._seed = -1
        self._kind = ""
        self._right = self._done = 0
        self._scored = False
        self.sheet: Worksheet | None = None
        self.task: PictureTask | None = None
        self._hints = 0
        self._lay_out()

    # ---- layout ----

    def _lay_out(self) -> None:
        whole = column(spacing=8, margins=(16, 8, 16, 8))
        self.setLayout(whole)
        whole.addLayout(self._make_head())
        inner = QWidget()
        body = column(spacing=8, margins=(0, 8, 8, 8))
        inner.setLayout(body)
        self.title, self.given = label(size=theme.HEADING, bold=True), Pairs(_("Given"))
        self.syringe, self.pump, self.bag = SyringeDrawing(), PumpDrawing(), BagDrawing()
        self.question = label(size=theme.FIELD, bold=True)
        self.lines = _List(_("Lines"), self.mark_it)
        self.asked = [label(size=theme.FIELD) for _place in range(2)]
        self.fields = [AnswerField(_("First number"), self._enter), AnswerField(_("Second number"), self.mark_it)]
        for picture in (self.syringe, self.pump, self.bag):
            picture.hide()  # each stands there for its own tasks alone
        beside = Beside(self.given, self.pump, self.bag, shares=(1, 1, 1), spacing=8)  # pictures that are not wide
        for widget in (self.given, self.pump, self.bag):
            beside.setAlignment(widget, Qt.AlignmentFlag.AlignTop)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(16))
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        for row, (words, field) in enumerate(zip(self.asked, self.fields, strict=True)):
            grid.addWidget(words, row, 0)
            grid.addWidget(field, row, 1)
            field.textChanged.connect(self._show_display)
        self.exact = label(tone="quiet")
        body.addWidget(self.title)
        body.addLayout(beside)
        for each in (self.syringe, self.question, self.lines):
            body.addWidget(each)
        body.addLayout(grid)
        body.addWidget(self.exact)
        body.addLayout(self._make_buttons())
        self.verdict, self.sentence = label(size=theme.HEADING, bold=True, tone="training"), label(size=theme.FIELD)
        self.hints, self.source = label(size=theme.FIELD), label(tone="quiet")
        for each in (self.verdict, self.sentence, self.hints, self.source):
            body.addWidget(each)
        body.addStretch(1)
        self._scroll = scrolled(inner, _("Task"))
        inner.setMaximumWidth(theme.px(820))
        whole.addWidget(self._scroll, 1)
        self.score = label(tone="quiet")
        whole.addWidget(self.score)

    def _make_head(self) -> Flow:
        head = Flow(spacing=8)
        self.seed = AnswerField(_("Seed"), self.begin)
        self.seed.setText(FIRST_SEED)
        self.seed.setFixedWidth(theme.px(110))
        self.kinds = Choice(_("Task"))
        self.kinds.setMinimumContentsLength(18)
        self.start = Button(_("&Begin"), self.begin)
        self.trouble = label(tone="justify")
        for text, widget in ((_("Seed"), self.seed), (_("Task"), self.kinds)):
            head.add(QLabel(text), widget)
        head.add(self.start)
        head.add(self.trouble, grow=True)
        return head

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        self.check = Button(_("&Mark"), self.mark_it)
        self.hint = Button(_("H&int"), self.show_hint)
        self.next = Button(_("&Next"), self.go_on)
        for button in (self.check, self.hint, self.next):
            row.addWidget(button)
        row.addStretch(1)
        return row

    # ---- tasks ----

    def begin(self) -> None:
        """From the first task of a seed."""
        seed = read_seed(self.seed.text())
        self.trouble.setText("" if seed is not None else _("A seed is a whole number of at most 12 digits, such as 7."))
        if seed is None:
            return
        self._seed, self._kind = seed, self.kinds.document_text()
        self._number = self._right = self._done = 0
        self.go_on()

    def go_on(self) -> None:
        """The next task of the seed."""
        from dosing_app.teaching.exercise import Draw
        from dosing_app.teaching.picture_task import picture_task
        from dosing_app.teaching.spot import worksheet

        self._number += 1
        draw = Draw(self._seed)
        own = [draw.seed() for _number in range(self._number)][-1]
        self.sheet = worksheet(own, house=self._house()) if self._kind == WORKSHEET else None
        self.task = picture_task(own, self._kind, self._house()) if self._kind != WORKSHEET else None
        self._hints, self._scored = 0, False
        self._show()

    def _show(self) -> None:
        sheet, task = self.sheet, self.task
        title = _("One line may be wrong, or none. Which?") if sheet else task.title if task else ""
        self.title.setText(_("{number}. {title}").format(number=self._number, title=title))
        self.given.show_pairs(task.given if task else [])
        self.given.setVisible(task is not None)
        self.syringe.show_syringe(task.syringe if task else None)
        self.bag.show_bag(task.bag if task else None)
        self.question.setText(task.question if task else "")
        self.question.setVisible(bool(self.question.text()))
        lines = [choice.text for choice in task.choices] if task else []
        if sheet:
            lines = [*(f"{line.name}: {line.text}" for line in sheet.lines), _("No error")]
        self.lines.show_lines(lines)
        self.lines.setVisible(bool(lines))
        self._show_asks()
        self.hint.setVisible(task is not None)
        self.hint.setEnabled(True)
        for widget in (self.verdict, self.sentence, self.hints, self.source):
            widget.clear()
            widget.hide()
        self._show_score()
        self._scroll.verticalScrollBar().setValue(0)
        (self.lines if lines else self.fields[0]).setFocus()

    def _show_asks(self) -> None:
        from dosing_app.teaching.ask import tolerance_words
        from dosing_app.teaching.picture_task import PUMP
        from dosing_app.wording.units import unit_words

        asks = self.task.asks if self.task else ()
        for place, (words, field) in enumerate(zip(self.asked, self.fields, strict=True)):
            ask = asks[place] if place < len(asks) else None
            field.blockSignals(True)
            field.clear()
            field.blockSignals(False)
            words.setText(ask.question if ask else "")
            field.setAccessibleName(ask.question if ask else "–")
            # on a pump the unit stands on the display
            field.unit = unit_words(ask.unit) if ask and self.task and self.task.kind == PUMP else ""
            for widget in (words, field):
                widget.setVisible(ask is not None)
        self.exact.setText(" ".join(dict.fromkeys(tolerance_words(ask) for ask in asks)))
        self.exact.setVisible(bool(asks))
        self._show_display()

    def _show_display(self) -> None:
        """The pump shows what is typed."""
        from dosing_app.teaching.picture_task import PUMP

        task = self.task
        if task is None or task.kind != PUMP:
            self.pump.show_lines(())
            return
        names = (_("RATE"), _("VOLUME TO BE INFUSED"))
        texts = [field.document_text() or "–" for field in self.fields]
        self.pump.show_lines(list(zip(names, texts, strict=True)))

    # ---- marking ----

    def _enter(self) -> None:
        """From the first of two numbers to the second, while that is empty; else mark."""
        if self.fields[1].isVisible() and not self.fields[1].text():
            self.fields[1].setFocus()
        else:
            self.mark_it()

    def mark_it(self) -> None:
        """Mark the chosen line or the typed numbers."""
        if self.sheet is not None:
            self._mark_sheet()
        elif self.task is not None:
            self._mark_task()

    def _mark_sheet(self) -> None:
        from dosing_app.teaching.spot import NONE, mark_spot, source_of

        assert self.sheet is not None
        row = self.lines.chosen
        if row < 0:
            self._say(_("Choose a line first, or “No error”."), "", "")
            return
        keys = [*(line.key for line in self.sheet.lines), NONE]
        found = mark_spot(self.sheet, keys[row])
        source = source_of(self.sheet) if found.passed else ""
        said = found.sentence.removeprefix(_("Right. {why}").partition("{")[0])
        if found.passed and self.sheet.right:
            said += " " + _("There should stand {right}.").format(right=self.sheet.right)
        self._say(_("Right") if found.passed else _("Not right"), said, source)
        self._count(found.passed)

    def _mark_task(self) -> None:
        from dosing_app.teaching.picture_task import mark_choice, mark_numbers
        from dosing_app.teaching.practice import verdict_words

        task = self.task
        assert task is not None
        said, passed = [], True
        if task.choices:
            row = self.lines.chosen
            if row < 0:
                self._say(_("Choose a line first."), "", "")
                return
            passed, why = mark_choice(task, task.choices[row].key)
            said.append(_("What is done: {why}").format(why=why))
        marks = mark_numbers(task, [field.document_text() for field in self.fields[: len(task.asks)]])
        for ask, mark in zip(task.asks, marks, strict=True):
            verdict = verdict_words(mark.verdict)
            more = "" if mark.sentence.rstrip(".") == verdict else f" {mark.sentence}"
            said.append(f"{ask.question} {verdict}.{more}")
        passed = passed and all(mark.passed for mark in marks)
        self._say(_("Right") if passed else _("Not right yet"), "\n".join(said), task.source if passed else "")
        self._count(passed)

    def _say(self, verdict: str, sentence: str, source: str) -> None:
        self.verdict.setText(verdict)
        self.sentence.setText(sentence)
        self.source.setText(_("Source: {source}").format(source=source) if source else "")
        for widget in (self.verdict, self.sentence, self.source):
            widget.setVisible(bool(widget.text()))
        announce(self, f"{verdict}. {sentence}".strip())
        self.lines.setAccessibleDescription(f"{verdict}. {sentence}")
        for field in self.fields:
            field.setAccessibleDescription(f"{verdict}. {sentence}")

    def _count(self, passed: bool) -> None:
        """The first try counts."""
        if not self._scored:
            self._scored = True
            self._done += 1
            self._right += passed
        self._show_score()

    def _show_score(self) -> None:
        said = _("Right at the first try: {right} of {total}.").format(right=self._right, total=self._done)
        self.score.setText(said if self._done else _("No answer yet."))

    def show_hint(self) -> None:
        """One more hint; none of them holds the answer."""
        if self.task is None:
            return
        own = {ask.question for ask in self.task.asks}
        hints = list(dict.fromkeys(hint for ask in self.task.asks for hint in ask.hints if hint not in own))
        self._hints = min(self._hints + 1, len(hints))
        self.hints.setText("\n".join(_("Hint: {hint}").format(hint=each) for each in hints[: self._hints]))
        self.hints.show()
        self.hint.setEnabled(self._hints < len(hints))

    # ---- events ----

    def showEvent(self, event: QShowEvent) -> None:
        """Begin when first seen."""
        super().showEvent(event)
        if self._seed < 0:
            from dosing_app.teaching.picture_task import TASKS, task_name

            fill(self.kinds, [(_("Spot the error"), WORKSHEET), *((task_name(kind), kind) for kind in TASKS)])
            self.begin()
