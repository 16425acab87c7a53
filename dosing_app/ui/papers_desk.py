"""Second check, issuing and papers of the window's order: what its menus and buttons open, and how far the plan is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from dosing_app.ui.recovery import data_folder
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from dosing_app.course.plan import Plan
    from dosing_app.papers.sheaf import Sheaf
    from dosing_app.papers.standing import Standing
    from dosing_app.store.issued import Revision
    from dosing_app.ui.editor import Editor
    from dosing_app.ui.issued_dialog import IssuedDialog
    from dosing_app.ui.main_window import MainWindow
    from dosing_app.ui.paper_preview import PaperPreview

# What the menu and the workspace Prepare offer, and the papers among it.
ACTIONS = ("worksheet", "labels", "vial-order", "second-check", "issue")
PAPERS = ACTIONS[:3]


def issued_folder() -> Path:
    """Where this program keeps issued plans until a register does."""
    return data_folder() / "issued"


class PapersDesk(QObject):
    """Opens the dialogs over the window. `changed` is emitted when it is found out that the plan is an issued one."""

    changed = Signal()

    def __init__(self, editor: Editor, window: MainWindow) -> None:
        """Nothing is looked up before the hands rest."""
        super().__init__(window)
        self._editor = editor
        self._window = window
        self._issued: tuple[Plan, Revision, int] | None = None  # the plan looked up, its revision, the newest number
        editor.rested.connect(self.look)

    # ---- how far the plan is ----

    def look(self) -> None:
        """Look up whether the present plan is one that was issued."""
        plan = self._editor.plan
        found = None
        known = self._window.role.register and plan is not None and plan.complete
        if known and plan is not None and plan.bags and plan.order is not None:
            from dosing_app.course.second_check import fingerprint
            from dosing_app.store.issued import history

            revisions = history(plan.order.case, issued_folder()).revisions
            mark = fingerprint(plan) if revisions else ""
            same = [each for each in revisions if fingerprint(each.plan) == mark]
            found = (plan, same[-1], revisions[-1].number) if same else None
        if found != self._issued:
            self._issued = found
            self.changed.emit()

    @property
    def revision(self) -> Revision | None:
        """The issued revision that the present plan is, as far as it has been looked up."""
        if self._issued is None or self._issued[0] is not self._editor.plan:
            return None
        return self._issued[1]

    def standing(self) -> Standing | None:
        """How far the plan is, as its label prints it; None where there is no plan."""
        from dosing_app.papers.standing import draft_standing, standing_of

        plan, reading, revision = self._editor.plan, self._editor.reading, self.revision
        if plan is None or not plan.bags or reading is None or reading.reference is None:
            return None
        if revision is not None:
            return standing_of(revision.plan, 1)
        return draft_standing(plan, self._editor.check, reading.reference)

    def state(self) -> tuple[str, tuple[str, ...]]:
        """How far the plan is, and what it still lacks, in words."""
        plan, check, reading = self._editor.plan, self._editor.check, self._editor.reading
        revision = self.revision
        if revision is not None and self._issued is not None:
            newest = self._issued[2]
            said = _("Issued as revision {number}").format(number=revision.number)
            if newest > revision.number:
                return said, (_("superseded by revision {number}").format(number=newest),)
            return said, ()
        said = _("Draft, checked by {name}").format(name=check.checked_by) if check else _("Draft, not checked")
        if plan is None or plan.daily_dose is None or reading is None or reading.reference is None:
            return said, ()
        from dosing_app.course.issue import lacks
        from dosing_app.papers.standing import lack_words

        said_already = {"not-checked"} | ({"incomplete"} if not plan.bags else set())
        words = [lack_words(code) for code in lacks(plan, check, reading.reference) if code not in said_already]
        if check is not None:
            words.append(lack_words("not-issued"))
        return said, tuple(words)

    def close_others(self) -> None:
        """Another role was chosen: what was opened for the one before is closed."""
        from PySide6.QtWidgets import QDialog

        from dosing_app.ui.issued_dialog import IssuedDialog
        from dosing_app.ui.paper_preview import PaperPreview
        from dosing_app.ui.product_dialog import ProductDialog
        from dosing_app.ui.site_dialog import SiteDialog

        role = self._window.role
        stays = {IssuedDialog: role.register, PaperPreview: False, ProductDialog: role.enters, SiteDialog: role.enters}
        for dialog in self._window.findChildren(QDialog):
            if not stays.get(type(dialog), True):
                dialog.close()

    # ---- what is asked for ----

    def ask(self, action: str) -> None:
        """One of `ACTIONS`."""
        if action in PAPERS:
            self.show_papers(action)
        elif action == "second-check":
            self.second_check()
        else:
            self.issue()

    def second_check(self) -> None:
        """The blind second check."""
        from dosing_app.ui.second_check import show_second_check

        show_second_check(self._editor, self._window)

    def issue(self) -> None:
        """Issue the plan, or say what it lacks."""
        from dosing_app.ui.issue_dialog import IssueDialog

        self._editor.rest()
        if (revision := self.revision) is not None:
            self._window.notify(_("This plan is issued already, as revision {number}.").format(number=revision.number))
            return
        dialog = IssueDialog(self._editor, issued_folder(), self._window.register, self._window)

        def done() -> None:
            self.look()
            number = dialog.plan.issue.revision if dialog.plan and dialog.plan.issue else ""
            said = _("Issued as revision {number}, kept in {file}.").format(number=number, file=dialog.path)
            self._window.notify(f"{said} {dialog.not_registered}".strip())

        dialog.issued_now.connect(done)
        dialog.open()

    def show_papers(self, key: str) -> PaperPreview:
        """The papers of the present plan, one of them first."""
        from dosing_app.ui.paper_preview import PaperPreview

        self._editor.rest()
        plan = self._editor.plan
        if self._window.role.register and plan is not None and plan.complete and plan.order is not None:
            self._fetch(plan.order.case)
            self.look()
        dialog = next(
            (each for each in self._window.findChildren(PaperPreview) if each.objectName() == "present"), None
        )
        if dialog is None:
            dialog = PaperPreview(self._sheaf, issued_folder(), self._window, may_print=self._window.role.issues)
            dialog.setObjectName("present")
            self._editor.changed.connect(dialog.wait)
            self._editor.rested.connect(dialog.renew)
            self.changed.connect(dialog.renew)
        else:
            dialog.renew()
        dialog.show_paper(key)
        dialog.show()
        dialog.activateWindow()
        return dialog

    def _fetch(self, case: str) -> None:
        """Learn of revisions that other stations have issued: papers of a superseded one say so."""
        if trouble := self._window.register.fetch(case):
            self._window.notify(
                _("Whether another station has issued a later revision is not known here. {why}").format(why=trouble)
            )

    def _sheaf(self) -> Sheaf:
        """The papers of the present plan: final if it was issued, else drafts."""
        from dosing_app.course.issue import NotIssued
        from dosing_app.papers.sheaf import draft_sheaf, final_sheaf, nothing
        from dosing_app.store.issued import history

        plan, reading = self._editor.plan, self._editor.reading
        if plan is None or reading is None or reading.reference is None or not plan.bags:
            return nothing(_("There is no plan to print."))
        revision = self.revision
        if revision is None:
            return draft_sheaf(plan, self._editor.check, reading.reference)
        try:
            assert revision.plan.order is not None
            later = history(revision.plan.order.case, issued_folder()).later(revision.plan)
        except NotIssued:
            later = ()
        return final_sheaf(revision.plan, later, reading.reference)

    # ---- issued plans ----

    def ask_open_issued(self) -> None:
        """Let the person choose an issued plan."""
        from PySide6.QtWidgets import QFileDialog

        folder = issued_folder()
        start = str(folder if folder.is_dir() else Path.home())
        chosen, _filter = QFileDialog.getOpenFileName(
            self._window, _("Open issued plan"), start, _("Issued plans (*.json)")
        )
        if chosen:
            self.open_issued(Path(chosen))

    def open_issued(self, path: Path) -> IssuedDialog | None:
        """Show an issued plan, or say why not."""
        from dosing_app.course.issue import NotIssued
        from dosing_app.reference.source import BadFile
        from dosing_app.store.issued import open_issued
        from dosing_app.ui.issued_dialog import IssuedDialog
        from dosing_app.ui.paper_preview import PaperPreview
        from dosing_app.wording.sentences import bad_file_sentence

        house = self._editor.house
        if house is None:
            self._window.notify(self._editor.trouble)
            return None
        try:
            plan = open_issued(path)
        except BadFile as error:
            self._window.notify(_("Not opened. {why}").format(why=bad_file_sentence(error)))
            return None
        except NotIssued as error:
            self._window.notify(_("Not opened. {why}").format(why=_not_issued_words(error.reason, path)))
            return None
        assert plan.order is not None
        self._fetch(plan.order.case)
        dialog = IssuedDialog(plan, house, issued_folder(), self._window, may_put=self._window.role.enters)

        def papers() -> None:
            preview = PaperPreview(dialog.sheaf, issued_folder(), self._window, may_print=self._window.role.issues)
            dialog.destroyed.connect(preview.close)  # it asks the dialog for its papers
            preview.show_paper(dialog.asked)
            preview.show()

        dialog.papers_asked.connect(papers)
        dialog.register_asked.connect(lambda: self._window.register.ask_put_plan(plan))
        dialog.show()
        dialog.activateWindow()
        return dialog


def _not_issued_words(reason: str, path: Path) -> str:
    return {
        "changed": _("{file} is not as it was issued: something in it was changed afterwards. Look for the original."),
        "no-issue": _("{file} holds a plan that was never issued."),
    }.get(reason, _("{file} holds no issued plan.")).format(file=path.name)
