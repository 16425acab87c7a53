"""What is typed at the bed: a bag's code, and what the pump shows; each answered in one sentence at every keystroke."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from dosing_app.core.quantities import Refused, read_quantity
from dosing_app.course import bedside, pump
from dosing_app.ui import theme
from dosing_app.ui.announce import announce
from dosing_app.ui.marks import Mark
from dosing_app.ui.quantity_edit import Choice, TextField, compose
from dosing_app.ui.reflow import Beside, Flow
from dosing_app.ui.unbroken import Sentence
from dosing_app.wording.bedside_text import code_words, reading_label, reading_refused, reading_words
from dosing_app.wording.language import _
from dosing_app.wording.log_text import at_bed

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent
    from whenever import Instant

    from dosing_app.ui.courses import Courses

_RATE = pump.READINGS[-1]
_ANSWER_WIDTH = 240  # the least, beside a field
_KEPT_MIN = 2  # minutes for which a reading counts as one of now
_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class CodeField(TextField):
    """Takes a bag's code from keys or a scanner: Enter asks, the focus stays, and the next code replaces it."""

    scanned = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter asks."""
        if event.key() in _ENTER:
            event.accept()
            self.selectAll()
            self.scanned.emit()
            return
        super().keyPressEvent(event)


class BedsideLine(QWidget):
    """Both lines with their answers. An answer goes when its text changes, and is worked out anew every minute."""

    def __init__(self, courses: Courses) -> None:
        """Nothing typed."""
        super().__init__()
        self._courses = courses
        self._asked: Instant | None = None  # when the code was asked about
        self._typed: Instant | None = None  # when the reading was typed last
        self.code = CodeField(_("Bag code, typed or scanned"))
        self.code.setPlaceholderText(_("scan, or type 5/8 KXCX 6489"))
        self.what = Choice(_("What was read"))
        for each in pump.READINGS:
            self.what.addItem(reading_label(each), each)
        self.reading = TextField(_("What the pump shows"))
        self.unit = QLabel()
        self.answer, self.verdict = Sentence(), Sentence()
        self.answer_mark, self.verdict_mark = Mark(), Mark()
        self._lay_out()
        self.code.edited.connect(self._code_edited)
        self.code.scanned.connect(self._ask)
        self.what.edited.connect(self._reading_edited)
        self.reading.edited.connect(self._reading_edited)
        self._show_unit()

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.px(16), theme.px(6), theme.px(16), theme.px(2))
        whole.setSpacing(theme.px(6))
        name = QLabel(_("Code of the bag"))
        name.setFont(theme.font(theme.FIELD))
        name.setBuddy(self.code)
        self.code.setFixedWidth(theme.px(250))
        self.reading.setFixedWidth(theme.px(110))
        self.unit.setFixedWidth(theme.px(132))
        name.setFixedWidth(theme.px(240))
        self.what.show_whole(least=240)
        self.unit.setFont(theme.font(theme.FIELD))
        asked, read = Flow(spacing=8), Flow(spacing=8)
        asked.add(name, self.code)
        typed = QWidget()  # a figure and its unit stay together
        both = QHBoxLayout(typed)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(theme.px(8))
        both.addWidget(self.reading)
        both.addWidget(self.unit)
        read.add(self.what, typed)
        size = theme.px(theme.HEADING * 3 // 4)
        for fields, mark, label in ((asked, self.answer_mark, self.answer), (read, self.verdict_mark, self.verdict)):
            mark.setFixedSize(QSize(size, size))
            label.setFont(theme.font(theme.HEADING, bold=True) if fields is asked else theme.font(theme.FIELD))
            label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            label.setMinimumWidth(theme.px(_ANSWER_WIDTH))
            said = QHBoxLayout()
            said.setSpacing(theme.px(8))
            said.addWidget(mark)
            said.addWidget(label, 1)
            whole.addLayout(Beside(fields, said, shares=(0, 1), spacing=8))
        self._say_answer("", "")
        self._say_verdict("", "")

    # ---- what changes ----

    def renew(self) -> None:
        """The course or the minute is another."""
        if self._asked is not None:
            self._show_answer()
        self._show_verdict()

    def clear(self) -> None:
        """Another course: what was typed is about no bag of it."""
        self.code.clear()
        self.reading.clear()

    def _code_edited(self) -> None:
        self._asked = None
        self._say_answer("", "")

    def _ask(self) -> None:
        self._asked = self._courses.now() if self.code.text().strip() else None
        self._show_answer()

    def _reading_edited(self) -> None:
        self._show_unit()
        self._typed = self._courses.now()
        self._show_verdict()

    def _show_unit(self) -> None:
        self.unit.setText(_("mL/hour") if self.what.document_text() == _RATE else "mL")

    # ---- the bag's code ----

    def _show_answer(self) -> None:
        courses = self._courses
        if self._asked is None or courses.rest is None or courses.reference is None or courses.trouble:
            self._say_answer("" if self._asked is None else courses.trouble, "")
            return
        found = bedside.read_bag_code(self.code.text(), courses.rest, courses.label, courses.plans, courses.now())
        assert courses.rest.plan.order is not None
        # a ring for every bag that must not be connected now, and none for the one that is due
        self._say_answer(code_words(found, courses.rest.plan.order.zone), "" if _harmless(found.code) else "refuse")

    def _say_answer(self, sentence: str, tier: str) -> None:
        if sentence != self.answer.text():
            announce(self, sentence)
        self.answer.setText(sentence)
        self.answer_mark.show_tier(tier)
        self.answer_mark.setVisible(bool(tier))
        self.answer.setVisible(bool(sentence))

    # ---- what the pump shows ----

    def _show_verdict(self) -> None:
        courses, text = self._courses, self.reading.text()
        rest, reference = courses.rest, courses.reference
        if not text.strip() or rest is None or reference is None or courses.trouble:
            self._say_verdict("", "")
            return
        if rest.progress.running is None:
            self._say_verdict(_("No bag is connected."), "")
            return
        now = courses.now()
        assert rest.plan.order is not None
        zone = rest.plan.order.zone
        if self._typed is not None and (now - self._typed).total("minutes") > _KEPT_MIN:
            self._say_verdict(
                _("Read at {when}. Look again, and type it anew.").format(when=at_bed(self._typed, zone)), ""
            )
            return
        what = self.what.document_text()
        accepts = pump.pump_field(what, rest, reference)
        try:
            typed = read_quantity(compose(text, accepts.unit), accepts)
        except Refused as refused:
            self._say_verdict(reading_refused(refused, accepts), "")
            return
        found = pump.read_pump(what, typed, rest, reference)
        tier = {pump.FITS: "", pump.DOES_NOT_FIT: "refuse"}.get(found.verdict, "justify")
        self._say_verdict(" ".join(reading_words(found, zone)), tier)

    def _say_verdict(self, sentence: str, tier: str) -> None:
        self.verdict.setText(sentence)
        self.verdict_mark.show_tier(tier)
        self.verdict_mark.setVisible(bool(tier))
        self.verdict.setVisible(bool(sentence))


def _harmless(code: str) -> bool:
    """Whether nothing speaks against what was asked about."""
    return code in {bedside.THIS_BAG, bedside.RUNS}
