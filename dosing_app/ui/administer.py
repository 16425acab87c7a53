"""The workspace Administer: which bag runs, what comes next, and what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from dosing_app.course.plan import Plan
    from dosing_app.ui.courses import Courses
    from dosing_app.ui.main_window import MainWindow


class Administer(QWidget):
    """The list of courses, or the one that is open."""

    def __init__(self, courses: Courses, window: MainWindow) -> None:
        """Show the list."""
        super().__init__()
        self._courses = courses
        self._window = window

    def show_plan(self, plan: Plan) -> None:
        """Nothing of the order is shown here."""

    def blank(self, sentence: str) -> None:
        """There is no result of the order here."""
