"""The re-planned rest becomes the next revision: who issues it, who checked it. A pharmacist's, and not undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout

from dosing_app.ui import theme
from dosing_app.ui.buttons import Button
from dosing_app.ui.marks import Mark
from dosing_app.ui.quantity_edit import Choice
from dosing_app.ui.unbroken import Sentence
from dosing_app.wording.language import _
from dosing_app.wording.log_text import at_bed

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from dosing_app.ui.courses import Courses


class RestIssue(QFrame):
    """Two names and a button. Not modal."""

    recorded = Signal(str)
    closed = Signal()

    def __init__(self, courses: Courses, names: list[str]) -> None:
        """As the rest stands now.

        Args:
            courses: with the open course.
            names: that were typed before in this session; those that are typed here are added.
        """
        super().__init__()
        self._courses, self._names = courses, names
        theme.tone(self, "strip")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.px(16), theme.px(8), theme.px(16), theme.px(8))
        outer.setSpacing(theme.px(8))
        title = QLabel(_("Issue the re-planned rest as the next revision"))
        title.setFont(theme.font(theme.FIELD, bold=True))
        outer.addWidget(title)
        self.new = Sentence()
        self.new.setFont(theme.font(theme.FIELD))
        outer.addWidget(self.new)
        grid = QGridLayout()
        grid.setColumnStretch(2, 1)
        self.issued_by = Choice(_("Issued by"), editable=True)
        self.checked_by = Choice(_("Checked by"), editable=True)
        for row, (text, field) in enumerate(((_("Issued by"), self.issued_by), (_("Checked by"), self.checked_by))):
            label = QLabel(text)
            label.setFont(theme.font(theme.FIELD))
            label.setBuddy(field)
            field.setFixedWidth(theme.px(300))
            field.offer([(name, name) for name in names])
            field.edited.connect(lambda: self._refuse(""))
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        outer.addLayout(grid)
        self.refused = QLabel()
        self.refused.setWordWrap(True)
        self.refused.setFont(theme.font(theme.FIELD))
        theme.tone(self.refused, "refuse")
        self._ring = Mark("refuse")
        line = QHBoxLayout()
        line.addWidget(self._ring)
        line.addWidget(self.refused, 1)
        outer.addLayout(line)
        buttons = QHBoxLayout()
        self.issue = Button(_("Issue"), self._issue)
        for button in (self.issue, Button(_("Close"), self.closed.emit, _("Close without issuing"))):
            button.setFont(theme.font(theme.FIELD))
            button.setMinimumHeight(theme.px(36))  # as those of the events
            buttons.addWidget(button)
        buttons.addStretch(1)
        outer.addLayout(buttons)
        outer.addStretch(1)
        self._refuse("")
        self.renew()

    def begin(self) -> None:
        """Put the focus where a person begins."""
        self.issued_by.setFocus()

    def renew(self) -> None:
        """Say which bags are new, as the rest stands now."""
        rest = self._courses.rest
        if rest is None or rest.plan.order is None:
            self.new.setText("")
            return
        zone, known = rest.plan.order.zone, rest.progress.bags
        said = [
            _("bag {number}, {when}").format(number=bag.number, when=at_bed(bag.start, zone))
            for bag in rest.bags
            if bag.number not in known
        ]
        self.new.setText(_("New: {bags}.").format(bags="; ".join(said)) if said else "")

    def _refuse(self, sentence: str) -> None:
        self.refused.setText(sentence)
        self.refused.setVisible(bool(sentence))
        self._ring.setVisible(bool(sentence))

    def _issue(self) -> None:
        issuer, checker = (" ".join(each.document_text().split()) for each in (self.issued_by, self.checked_by))
        if not issuer or not checker:
            self._refuse(_("Two names are needed: who issues it, and who checked it."))
            (self.checked_by if issuer else self.issued_by).setFocus()
            return
        if sentence := self._courses.issue_rest(issuer, checker):
            self._refuse(sentence)
            return
        self._names += [name for name in (issuer, checker) if name not in self._names]
        self.recorded.emit(_("The rest was issued as the next revision."))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)
