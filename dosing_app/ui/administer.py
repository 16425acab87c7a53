"""The workspace Administer: the list of courses, or the one that is open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from dosing_app.ui.course_list import CourseList
from dosing_app.ui.course_page import CoursePage
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from dosing_app.course.plan import Plan
    from dosing_app.papers.sheaf import Sheaf
    from dosing_app.ui.courses import Courses
    from dosing_app.ui.main_window import MainWindow

# What a role that prints no final papers may still take to the bed.
_OF_THE_WARD = ("schedule", "downtime")


class Administer(QWidget):
    """The list of courses first; one that is opened takes its place."""

    def __init__(self, courses: Courses, window: MainWindow) -> None:
        """Show the list."""
        super().__init__()
        self._courses = courses
        self._window = window
        self._stale = True
        self._opened = False
        names: list[str] = []  # typed in this session; never stored
        self.list = CourseList(courses)
        self.page = CoursePage(courses, lambda: window.role, names)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.list)
        self.stack.addWidget(self.page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.stack)
        self.page.left.connect(self._leave)
        self.page.paper_asked.connect(self.show_papers)
        courses.changed.connect(self._renew)

    def show_plan(self, plan: Plan) -> None:
        """Nothing of the order is shown here."""

    def blank(self, sentence: str) -> None:
        """There is no result of the order here."""

    def showEvent(self, event: QShowEvent) -> None:
        """Show what is now."""
        super().showEvent(event)
        if self._stale:
            self._renew()

    def _renew(self) -> None:
        """The course, its state, the minute or the role is another. While nobody looks, nothing is drawn."""
        self._stale = not self.isVisible()
        if self._stale:
            return
        if self._courses.record is not None:
            self._opened = True
        elif not self._courses.trouble:  # it was left; one that cannot be read stays, and says why
            self._opened = False
        shown = self.page if self._opened else self.list
        if self.stack.currentWidget() is not shown:
            self.stack.setCurrentWidget(shown)
        if self._opened:
            self.page.renew()

    def _leave(self) -> None:
        """Back to the list."""
        self.page.close_panel()
        self._opened = False
        self._courses.leave()
        self.list.table.setFocus()

    # ---- papers ----

    def show_papers(self, key: str) -> None:
        """A paper of the revision in force. A nurse prints schedule and downtime sheet, never labels."""
        from dosing_app.ui.paper_preview import PaperPreview
        from dosing_app.ui.papers_desk import issued_folder

        issues = self._window.role.issues
        preview = PaperPreview(
            lambda: self._sheaf(key, whole=issues),
            issued_folder(),
            self._window,
            may_print=issues or key in _OF_THE_WARD,
        )
        preview.show_paper(key)
        preview.show()
        preview.activateWindow()

    def _sheaf(self, key: str, *, whole: bool) -> Sheaf:
        """The papers of the revision in force; for a nurse the one that was asked for."""
        from dosing_app.papers.sheaf import final_sheaf, nothing

        rest, reference = self._courses.rest, self._courses.reference
        if rest is None or reference is None:
            return nothing(self._courses.trouble or _("There is no plan to print."))
        sheaf = final_sheaf(rest.plan, (), reference)
        if whole:
            return sheaf
        return replace(sheaf, papers=tuple(each for each in sheaf.papers if each.key == key))
