"""Issuing: what a plan still lacks, or the pharmacist's name and the first bag of the revision. It cannot be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from dosing_app.course.issue import NotIssued, issue, lacks
from dosing_app.papers.standing import lack_words
from dosing_app.reference.approval import same_person
from dosing_app.store import issued
from dosing_app.ui import theme
from dosing_app.ui.buttons import Button
from dosing_app.ui.marks import Mark
from dosing_app.ui.quantity_edit import Choice, TextField
from dosing_app.ui.standings import now
from dosing_app.wording.figures import when
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from pathlib import Path

    from dosing_app.course.plan import Plan
    from dosing_app.ui.editor import Editor

_WIDTH, _FIELD_WIDTH = 640, 320
_NOBODY = "-"  # stands for the name while it is not typed, to see what a revision would supersede


def what_to_do(code: str) -> str:
    """How a lack is made good."""
    return {
        "incomplete": _("Write the reasons that are asked for below the order."),
        "prescription-not-compared": _("Enter the prescriber's daily dose."),
        "product-not-approved": _("Two people approve it: File, Product data."),
        "start-within-names": _("Two people stand for it: File, Site settings."),
        "not-checked": _("Another person makes it: Papers, Second check."),
    }[code]


class IssueDialog(QDialog):
    """Issues the plan of the editor into a folder."""

    issued_now = Signal()

    def __init__(self, editor: Editor, folder: Path, window: QWidget) -> None:
        """As the plan stands now.

        Args:
            editor: with the plan and its check.
            folder: in which issued plans are kept.
            window: over which it stands; it waits, since the plan must not change meanwhile.
        """
        super().__init__(window)
        self._editor = editor
        self._folder = folder
        self.plan: Plan | None = None  # as issued
        self.path: Path | None = None
        self.setWindowTitle(_("Issue"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.name = TextField(_("Issuing pharmacist"))
        self.from_bag = Choice(_("From bag"))
        self.lacking, self.told, self.superseded, self.status = (QLabel() for _label in range(4))
        self._rows: list[QWidget] = []
        self._lay_out()
        self._look()
        self.name.edited.connect(self._judge)
        self.from_bag.edited.connect(self._judge)

    # ---- layout ----

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.px(24), theme.px(16), theme.px(24), theme.px(16))
        outer.setSpacing(theme.px(10))
        title = QLabel(_("Issue the plan"))
        title.setFont(theme.font(theme.HEADING, bold=True))
        outer.addWidget(title)
        for label in (self.told, self.lacking, self.superseded, self.status):
            label.setWordWrap(True)
            label.setMinimumWidth(theme.px(_WIDTH))
        outer.addWidget(self.told)
        self._missing = QGridLayout()
        self._missing.setHorizontalSpacing(theme.px(8))
        self._missing.setVerticalSpacing(theme.px(6))
        self._missing.setColumnStretch(2, 1)
        outer.addLayout(self._missing)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(10))
        grid.setVerticalSpacing(theme.px(8))
        grid.setColumnStretch(2, 1)
        for row, (text, field) in enumerate(((_("Issued by"), self.name), (_("From bag"), self.from_bag))):
            label = QLabel(text)
            label.setBuddy(field)
            field.setFixedWidth(theme.px(_FIELD_WIDTH))
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
            self._rows += [label, field]
        outer.addLayout(grid)
        outer.addWidget(self.superseded)
        self.status.setMinimumHeight(theme.px(20))
        outer.addWidget(self.status)
        outer.addStretch(1)
        buttons = QDialogButtonBox()
        self.issue_button = Button(_("&Issue"), self.issue)
        self.close_button = Button(_("&Cancel"), self.reject)
        buttons.addButton(self.issue_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.close_button, QDialogButtonBox.ButtonRole.RejectRole)
        outer.addWidget(buttons)

    # ---- what is shown ----

    def _look(self) -> None:
        """What the plan lacks; else the revisions before it."""
        plan, reading = self._editor.plan, self._editor.reading
        self._history = issued.History()
        if plan is None or reading is None or reading.reference is None or not plan.bags:
            self._show_lacks(("incomplete",))
            return
        self._lacks = lacks(plan, self._editor.check, reading.reference)
        if plan.order is not None:
            self._history = issued.history(plan.order.case, self._folder)
        self._show_lacks(self._lacks)
        if not self._lacks:
            self._show_history(plan)
        self._judge()

    def _show_lacks(self, codes: tuple[str, ...]) -> None:
        self._lacks = codes
        for row, code in enumerate(codes):
            words = QLabel(lack_words(code))
            words.setFont(theme.font(bold=True))
            todo = QLabel(what_to_do(code))
            todo.setWordWrap(True)
            for column, widget in enumerate((Mark("justify"), words, todo)):
                self._missing.addWidget(widget, row, column)
        for widget in self._rows:
            widget.setVisible(not codes)
        self.issue_button.setVisible(not codes)
        if codes:
            self.told.setText(_("This plan cannot be issued yet; until then its papers are drafts."))
            self.close_button.setText(_("&Close"))
            self.close_button.setAccessibleName(_("Close"))
            self.superseded.hide()
            self.close_button.setFocus()

    def _show_history(self, plan: Plan) -> None:
        revisions = self._history.revisions
        number = revisions[-1].number + 1 if revisions else 1
        self.told.setText(
            _(
                "It becomes revision {number} of case {case}, frozen as it is, and its final papers can be printed. "
                "This cannot be undone. Typed names prove nothing; the signature on paper remains the record."
            ).format(number=number, case=plan.order.case if plan.order else "")
        )
        self.from_bag.offer(
            [
                (_("bag {number}, {when}").format(number=bag.number, when=when(bag.start_local)), str(bag.number))
                for bag in plan.bags or ()
            ]
        )
        self.from_bag.show_text("1")
        for widget in self._rows[2:]:
            widget.setVisible(bool(revisions))
        self.name.setFocus()

    def _judge(self) -> None:
        """Whether it can be issued; what stands against it is said."""
        check = self._editor.check
        if self._lacks or check is None:
            return
        name = self.name.text().strip()
        unreadable = self._history.unreadable
        if unreadable:
            said = _("{file} should hold a revision of this case and cannot be read. Have it looked at first.").format(
                file=unreadable[0]
            )
        elif not name:
            said = _("Still missing: the name of the issuing pharmacist.")
        elif same_person(name, check.checked_by):
            said = _("The person who checked cannot issue: nobody signs twice.")
        else:
            said = ""
        self.issue_button.setEnabled(not said)
        self.status.setText(said)
        self._show_superseded()

    def _show_superseded(self) -> None:
        """The bags of the revision before that this one takes back."""
        try:
            trial = self._issued(_NOBODY)
        except NotIssued:
            self.superseded.setText("")
            return
        assert trial.issue is not None
        zone = trial.order.zone if trial.order else "UTC"
        bags = [
            _("bag {number}, {when}").format(number=each.number, when=when(each.start.to_tz(zone).format_iso()))
            for each in trial.issue.superseded
        ]
        self.superseded.setVisible(bool(self._history.revisions))
        if not bags:
            self.superseded.setText(_("No bag of an earlier revision is superseded."))
            return
        said = _("Superseded, to be recalled and destroyed, of revision {number}:").format(
            number=trial.issue.superseded[0].revision
        )
        self.superseded.setText("\n".join([said, *bags]))

    def _issued(self, name: str) -> Plan:
        """The plan as it would be issued. Raises `NotIssued`."""
        plan, reading = self._editor.plan, self._editor.reading
        if plan is None or reading is None or reading.reference is None:
            raise NotIssued("lacks")
        from_bag = int(self.from_bag.document_text() or "1") if self._history.revisions else 1
        return issue(plan, self._editor.check, name, now(), reading.reference, self._history.plans, from_bag)

    # ---- issuing ----

    def issue(self) -> None:
        """Issue and keep the plan, or say why not: then nothing has changed."""
        try:
            plan = self._issued(self.name.text())
            self.path = issued.keep(plan, self._folder)
        except NotIssued:
            self._judge()
            return
        except issued.Exists:
            self._look()
            self.status.setText(_("Another revision of this case was issued meanwhile. Look again, then issue."))
            return
        except OSError as error:
            self.status.setText(
                _("Not issued: {file} cannot be written ({why}). Nothing is lost, the second check stands.").format(
                    file=error.filename, why=error.strerror or error
                )
            )
            return
        self.plan = plan
        self.issued_now.emit()
        self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is the fields' and the buttons' own."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            return
        super().keyPressEvent(event)
