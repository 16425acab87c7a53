"""Issuing: what a plan still lacks, or the pharmacist's name and the first bag of the revision. It cannot be undone."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from dosing_app.course.issue import NotIssued, issue, lacks
from dosing_app.papers.standing import lack_words
from dosing_app.reference.approval import same_person
from dosing_app.store import issued
from dosing_app.store.enter import mirror
from dosing_app.ui import theme
from dosing_app.ui.buttons import Button
from dosing_app.ui.marks import Mark
from dosing_app.ui.quantity_edit import Choice, TextField
from dosing_app.ui.register_desk import Known
from dosing_app.ui.register_dialogs import grow
from dosing_app.ui.standings import now
from dosing_app.wording.figures import when
from dosing_app.wording.language import _
from dosing_app.wording.register_text import not_issued

if TYPE_CHECKING:
    from pathlib import Path

    from dosing_app.course.plan import Plan
    from dosing_app.ui.editor import Editor
    from dosing_app.ui.register_desk import RegisterDesk

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

    def __init__(self, editor: Editor, folder: Path, register: RegisterDesk, window: QWidget) -> None:
        """As the plan stands now.

        Args:
            editor: with the plan and its check.
            folder: in which issued plans are kept.
            register: on which the issued plan is put first of all: it knows the revisions of other stations.
            window: over which it stands; it waits, since the plan must not change meanwhile.
        """
        super().__init__(window)
        self._editor = editor
        self._folder = folder
        self._register = register
        self._known = Known()
        self._registered: Plan | None = None  # issued and on the register, while its file could not be written
        self.not_registered = ""  # why it is not on the register, where it was issued without
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
            label.setMinimumWidth(theme.line_px(_WIDTH, self))
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
            self._known = Known() if self._lacks else self._register.look_up(plan.order.case, plan.order.born)
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
        self.from_bag.show_text(str(max(self._known.hung, default=0) + 1))
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
        elif self._known.refused:
            said = self._known.refused
        elif self._is_another():
            said = _(
                "This computer keeps plans of case {case} of an infant with another birth date. A label stands for "
                "one infant: give this case another one, or correct the birth date."
            ).format(case=self._history.plans[0].order.case if self._history.plans[0].order else "")
        elif (reason := self._refused_by_bags()) is not None:
            said = not_issued(reason)
        elif not name:
            said = _("Still missing: the name of the issuing pharmacist.")
        elif same_person(name, check.checked_by):
            said = _("The person who checked cannot issue: nobody signs twice.")
        else:
            said = ""
        self.issue_button.setEnabled(not said)
        self._say(said or self._without_register())
        self._show_superseded()
        grow(self)

    def _say(self, sentence: str) -> None:
        self.status.setText(sentence)
        grow(self)

    def _without_register(self) -> str:
        """What issuing means while the register cannot be used."""
        if not self._known.trouble:
            return ""
        return _(
            "{why} Issued now, the plan is kept as a file alone; whether another station has issued a revision of this "
            "case is not known."
        ).format(why=self._known.trouble)

    def _is_another(self) -> bool:
        """Whether the label was another infant's."""
        plan = self._editor.plan
        born = plan.order.born if plan is not None and plan.order is not None else None
        return any(each.order is not None and each.order.born != born for each in self._history.plans)

    def _refused_by_bags(self) -> str | None:
        """Why no revision can begin with that bag."""
        try:
            self._issued(_NOBODY)
        except NotIssued as refused:
            return refused.reason
        return None

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
        return issue(
            plan, self._editor.check, name, now(), reading.reference, self._history.plans, from_bag, self._known.hung
        )

    # ---- issuing ----

    def issue(self) -> None:
        """Issue the plan, put it on the register and keep it, or say why not: then nothing has changed.

        The register is first: of two stations that issue at once it lets only one do so. A plan on it is kept as a
        file whenever that is possible.
        """
        plan = self._registered
        try:
            if plan is None:
                plan = self._issued(self.name.text())
                if not self._put(plan):
                    return
            self.path = self._kept(plan)
        except NotIssued:
            self._judge()
            return
        except issued.Exists:
            self._look_again()
            return
        except OSError as error:
            self._say_not_kept(error)
            return
        self.plan = plan
        self.issued_now.emit()
        self.accept()

    def _put(self, plan: Plan) -> bool:
        """Put an issued plan on the register. Raises `Exists`."""
        assert plan.order is not None
        assert plan.issue is not None
        path = self._folder / issued.file_name(plan.order.case, plan.issue.revision)
        if path.exists():
            raise issued.Exists(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        done = self._register.put(
            plan.order.case,
            plan.order.born,
            plan.issue.issued_by,
            (*self._history.plans, plan),
            dict(self._editor.texts),
            self._editor.check,
        )
        if done.refused and not done.unusable:
            self._look()
            self._say(done.refused)
            return False
        if done.refused:
            self.not_registered = _(
                "It is not on the register: {why} Put it there as soon as that is possible: File, Put on the register."
            ).format(why=done.refused)
        else:
            self._registered = plan
            self.name.setEnabled(False)
            self.from_bag.setEnabled(False)
        return True

    def _kept(self, plan: Plan) -> Path:
        """The file of an issued plan. Raises `Exists`, OSError."""
        assert plan.order is not None
        assert plan.issue is not None
        if self._registered is None:
            return issued.keep(plan, self._folder)
        path = self._folder / issued.file_name(plan.order.case, plan.issue.revision)
        if mirror([plan], self._folder):
            raise issued.Exists(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        return path

    def _look_again(self) -> None:
        self._look()
        self._say(_("Another revision of this case was issued meanwhile. Look again, then issue."))

    def _say_not_kept(self, error: OSError) -> None:
        why = error.strerror or error
        if self._registered is None:
            said = _("Not issued: {file} cannot be written ({why}). Nothing is lost, the second check stands.")
        else:
            said = _(
                "It is on the register, but {file} cannot be written ({why}), and no paper can be printed before. "
                "Make room, then issue again: it stays the same revision."
            )
        self._say(said.format(file=error.filename, why=why))

    def showEvent(self, event: QShowEvent) -> None:
        """With room for every line."""
        super().showEvent(event)
        grow(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is the fields' and the buttons' own."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            return
        super().keyPressEvent(event)
