"""Practise: one question at a time, answered in own words of quantity, marked at once, with hints and the working."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from dosing_app.ui import theme
from dosing_app.ui.announce import announce
from dosing_app.ui.buttons import Button
from dosing_app.ui.quantity_edit import Choice, TextField
from dosing_app.ui.reflow import Beside, Flow
from dosing_app.ui.teaching_parts import Pairs, StepCard, column, fill, fill_page, label, scrolled
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dosing_app.reference.bundle import House
    from dosing_app.teaching.ask import Ask
    from dosing_app.teaching.derivation import Step
    from dosing_app.teaching.exercise import Exercise
    from dosing_app.teaching.mistakes import Mark
    from dosing_app.teaching.practice import Attempt

FIRST_SEED = "7"
_LONGEST_SEED = 12


def read_seed(text: str) -> int | None:
    """A seed as typed; None where it is none."""
    seen = text.strip()
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) <= _LONGEST_SEED else None


class AnswerField(TextField):
    """A field whose Enter marks what stands in it."""

    def __init__(self, name: str, enter: Callable[[], object], unit: str = "") -> None:
        """With what Enter does."""
        super().__init__(name, unit)
        self._enter = enter

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter marks; it moves on to nowhere."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._enter()
            return
        super().keyPressEvent(event)


class Practise(QWidget):
    """A round of exercises from a seed."""

    def __init__(self, house: Callable[[], House]) -> None:
        """Nothing is drawn before it is seen."""
        super().__init__()
        self._house = house
        self.attempts: list[Attempt] = []
        self.exercise: Exercise | None = None
        self._seed = 0
        self._round: list[Attempt] = []  # of the present round, whose score is shown
        self._kind = self._level = ""
        self._place = self._hints = self._shown = 0
        self._texts: list[str] = []  # the last answer to each question so far
        self.mark: Mark | None = None
        self._marked = ""  # the text that was marked
        self._lay_out()

    # ---- layout ----

    def _lay_out(self) -> None:
        whole = column(spacing=8)
        whole.addLayout(self._make_head())
        self.score = label(tone="quiet")
        self.title = label(size=theme.FIELD, bold=True)
        self.given = Pairs(_("Given"))
        left = QWidget()
        lines = column(spacing=8, margins=(0, 8, 8, 8))
        left.setLayout(lines)
        for widget in (self.title, self.given):
            lines.addWidget(widget)
        lines.addStretch(1)
        given = scrolled(left, _("Given"))
        whole.addLayout(Beside(given, self._make_question(), shares=(4, 5), spacing=24), 1)
        foot = Flow(spacing=8)
        self.keep = Button(_("Results as &CSV …"), self._ask_save)
        foot.add(self.score, grow=True)
        foot.add(self.keep)
        whole.addLayout(foot)
        fill_page(self, whole, _("Practise"))

    def _make_head(self) -> Flow:
        head = Flow(spacing=8)
        self.seed = AnswerField(_("Seed"), self.begin)
        self.seed.setText(FIRST_SEED)
        self.seed.setFixedWidth(theme.px(110))
        self.kinds, self.levels = Choice(_("Exercises")), Choice(_("Level"))
        self.kinds.show_whole()
        self.levels.show_whole()
        self.start = Button(_("&Begin"), self.begin)
        self.trouble = label(tone="justify")
        for text, widget in ((_("Seed"), self.seed), (_("Exercises"), self.kinds), (_("Level"), self.levels)):
            head.add(QLabel(text), widget)
        head.add(self.start)
        head.add(self.trouble, grow=True)
        self.kinds.edited.connect(self._level_or_not)
        return head

    def _make_question(self) -> QVBoxLayout:
        right = column(spacing=8, margins=(0, 8, 0, 0))
        self.number, self.question = label(tone="quiet"), label(size=theme.HEADING, bold=True)
        self.help, self.exact = label(size=theme.FIELD), label(tone="quiet")
        self.answer = AnswerField(_("Answer"), self.enter)
        self.answer.textChanged.connect(self._typed)
        self.check = Button(_("&Mark"), self.mark_it)
        self.hint = Button(_("H&int"), self.show_hint)
        self.solve = Button(_("Show the &working"), self.show_working)
        self.next = Button(_("&Next"), self.go_on)
        line, buttons = QHBoxLayout(), QHBoxLayout()
        line.addWidget(self.answer, 1)
        line.addWidget(self.check)
        for widget in (self.hint, self.solve, self.next):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        self.verdict, self.sentence = label(size=theme.HEADING, bold=True, tone="training"), label(size=theme.FIELD)
        self.hints = label(size=theme.FIELD)
        self.card = StepCard()
        for words in (self.number, self.question, self.help, self.exact):
            right.addWidget(words)
        right.addLayout(line)
        right.addLayout(buttons)
        for said in (self.verdict, self.sentence, self.hints):
            right.addWidget(said)
        right.addWidget(self.card, 1)
        right.addStretch(0)
        return right

    def _offer(self) -> None:
        from dosing_app.teaching.exercise import KINDS, LEVELS, kind_name, level_name
        from dosing_app.teaching.practice import A_SET, IN_TURN, SET_SIZE

        whole = _("Class set of {number}").format(number=SET_SIZE)
        fill(self.kinds, [(whole, A_SET), *((kind_name(kind), kind) for kind in KINDS)])
        turn = _("worked, helped, alone")
        fill(self.levels, [(turn, IN_TURN), *((level_name(level), level) for level in LEVELS)])

    def _level_or_not(self) -> None:
        """A class set has its own levels."""
        from dosing_app.teaching.practice import A_SET

        self.levels.setEnabled(self.kinds.document_text() != A_SET)

    # ---- a round ----

    def begin(self) -> None:
        """A round from the seed, kind and level that are chosen; what was marked before stays among the results."""
        seed = read_seed(self.seed.text())
        self.trouble.setText("" if seed is not None else _("A seed is a whole number of at most 12 digits, such as 7."))
        if seed is None:
            return
        self._seed, self._kind, self._level = seed, self.kinds.document_text(), self.levels.document_text()
        self._round = []
        self._take(1)

    def _take(self, number: int) -> None:
        from dosing_app.teaching.practice import exercise_at

        self.exercise = exercise_at(self._seed, number, self._kind, self._level, self._house())
        self._place = self._shown = 0
        self._texts = []
        self._show_exercise()

    def _show_exercise(self) -> None:
        from dosing_app.teaching.exercise import kind_name, level_name

        made = self.exercise
        if made is None:
            self.title.setText(_("This was the last exercise of the set."))
            self.given.show_pairs([])
        else:
            words = (_("Exercise {number}").format(number=made.number), kind_name(made.kind), level_name(made.level))
            self.title.setText(" · ".join((*words, made.title)))
            self.given.show_pairs(made.given)
        self._show_question()

    @property
    def ask(self) -> Ask | None:
        """The present question; None in a worked example and after the last."""
        if self.exercise is None or self._place >= len(self.exercise.asks):
            return None
        return self.exercise.asks[self._place]

    def _show_question(self) -> None:
        from dosing_app.teaching.ask import tolerance_words
        from dosing_app.teaching.exercise import FADED

        self._hints, self.mark, self._marked = 0, None, ""
        ask, made = self.ask, self.exercise
        worked: Sequence[Step] = made.shown if made is not None and ask is None else ()
        several = made is not None and len(made.asks) > 1
        place = _("Question {number} of {total}").format(
            number=self._place + 1, total=len(made.asks) if made is not None else 0
        )
        self.number.setText(place if several and ask else "")
        self.question.setText(ask.question if ask else _("A worked example: go through its steps.") if worked else "")
        helped = ask is not None and made is not None and made.level == FADED
        self.help.setText(ask.equation if ask and helped else "")
        self.exact.setText(tolerance_words(ask) if ask else "")
        self.answer.blockSignals(True)
        self.answer.clear()
        self.answer.blockSignals(False)
        for widget in (self.answer, self.check, self.hint, self.solve):
            widget.setVisible(ask is not None)
        self.hint.setEnabled(True)
        self._name_next(_("&Next step") if len(worked) > 1 else _("&Next"))
        self.next.setVisible(made is not None)
        self.next.setEnabled(True)
        for each in (self.number, self.help, self.verdict, self.sentence, self.hints):
            each.setVisible(each in {self.number, self.help} and bool(each.text()))
        self._show_step(worked[0] if worked else None, 0, len(worked))
        self._show_score()
        (self.answer if ask else self.card if worked else self.start).setFocus()

    def _name_next(self, text: str) -> None:
        """What the button does now, seen and heard alike."""
        self.next.setText(text)
        self.next.setAccessibleName(text.replace("&", ""))

    def _show_step(self, step: Step | None, at: int, total: int) -> None:
        self._shown = at
        self.card.setVisible(step is not None)
        where = _("Step {number} of {total}").format(number=at + 1, total=total) if total > 1 else ""
        self.card.show_step(step, where)

    def _show_score(self) -> None:
        from dosing_app.teaching.practice import score

        self.score.setText(score(self._round))
        self.keep.setEnabled(bool(self.attempts))

    # ---- an answer ----

    def _typed(self) -> None:
        """A mark belongs to the text that was marked: another text, and it is gone."""
        if self.mark is not None and self.answer.text() != self._marked:
            self.mark = None
            self.verdict.hide()
            self.sentence.hide()

    def enter(self) -> None:
        """Enter marks; once more, after a right answer, it goes on."""
        if self.mark is not None and self.mark.passed and self.answer.text() == self._marked:
            self.go_on()
        else:
            self.mark_it()

    def mark_it(self) -> None:
        """Mark what stands in the field."""
        from dosing_app.teaching.mistakes import mark_all
        from dosing_app.teaching.practice import attempt_of, verdict_words

        if self.ask is None or self.exercise is None:
            return
        self._marked = self.answer.text()
        texts = [*self._texts[: self._place], self._marked]
        self.mark = mark_all(self.exercise.asks[: self._place + 1], texts)[-1]
        kept = attempt_of(self.exercise, self._seed, self._place, self.mark, self._round, self._hints)
        self._round.append(kept)
        self.attempts.append(kept)
        self.verdict.setText(verdict_words(self.mark.verdict))
        said = self.mark.sentence if self.mark.sentence.rstrip(".") != self.verdict.text() else ""
        self.sentence.setText(said)
        self.verdict.show()
        self.sentence.setVisible(bool(said))
        heard = f"{self.verdict.text()}. {said}".strip()
        self.answer.setAccessibleDescription(heard)
        announce(self, heard)
        self._show_score()

    def show_hint(self) -> None:
        """One more hint; none of them holds the answer."""
        if self.ask is None:
            return
        # the first says the question again, and where help is given its equation stands above
        shown = (self.question.text(), self.help.text() or self.question.text())
        hints = [each for each in self.ask.hints if not any(text in each for text in shown)]
        self._hints = min(self._hints + 1, len(hints))
        self.hints.setText("\n".join(_("Hint: {hint}").format(hint=each) for each in hints[: self._hints]))
        self.hints.show()
        self.hint.setEnabled(self._hints < len(hints))

    def show_working(self) -> None:
        """The derivation of the present question, after which its answer no longer counts as found alone."""
        if self.exercise is None or self.ask is None:
            return
        self._hints = len(self.ask.hints) + 1
        steps = self._working()
        self._show_step(steps[0], 0, len(steps))
        self.card.setFocus()

    def _working(self) -> Sequence[Step]:
        """The steps that answer the present question, or that are shown worked."""
        if self.exercise is None:
            return ()
        if self.ask is None:
            return self.exercise.shown
        several = len(self.exercise.asks) > 1
        return self.exercise.answers[self._place : self._place + 1] if several else self.exercise.answers

    def go_on(self) -> None:
        """The next step of what is worked, the next question, the next exercise."""
        if self.exercise is None:
            return
        if self.ask is None and self._shown + 1 < len(self.exercise.shown):
            self.turn(1)
            return
        if self.ask is not None:
            self._texts = [*self._texts[: self._place], self.answer.text()]
            self._place += 1
            if self.ask is not None:
                self._show_question()
                return
        self._take(self.exercise.number + 1)

    def turn(self, by: int) -> None:
        """Go through the steps that are shown."""
        steps = self._working()
        if self.card.isVisible() and 0 <= self._shown + by < len(steps):
            self._show_step(steps[self._shown + by], self._shown + by, len(steps))
            if self.ask is None and self._shown + 1 == len(steps):
                self._name_next(_("&Next"))

    # ---- results ----

    def _ask_save(self) -> None:
        from dosing_app.ui.where import ask_where

        if path := ask_where(self, _("Results"), Path.home() / "training-results.csv", _("Tables (*.csv)"), "csv"):
            self.save_to(path)

    def save_to(self, path: Path) -> None:
        """Write the results, or say why not."""
        from dosing_app.store.order_file import write_whole
        from dosing_app.teaching.practice import results

        try:
            write_whole(path, results(self.attempts).encode())
        except OSError as error:
            said = _("{file} cannot be written ({why}). Nothing is lost.")
            self.score.setText(said.format(file=path, why=error.strerror or error))
            return
        self.score.setText(_("Saved in {file}.").format(file=path))

    # ---- events ----

    def showEvent(self, event: QShowEvent) -> None:
        """Begin when first seen."""
        super().showEvent(event)
        if not self._kind:
            self._offer()
            self._level_or_not()
            self.begin()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Right and Left, Page Down and Page Up, Space and Backspace go through the steps that are shown."""
        key = Qt.Key(event.key())
        if key in {Qt.Key.Key_Right, Qt.Key.Key_PageDown, Qt.Key.Key_Space}:
            self.turn(1)
        elif key in {Qt.Key.Key_Left, Qt.Key.Key_PageUp, Qt.Key.Key_Backspace}:
            self.turn(-1)
        else:
            super().keyPressEvent(event)
