"""The workspace Teach: demonstrate, practise, spot the error, picture of the drug. Kept apart from care."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from dosing_app.course.plan import Plan
    from dosing_app.ui.editor import Editor


class Teach(QWidget):
    """Everything here carries TRAINING."""

    def __init__(self, editor: Editor) -> None:
        """Nothing is worked out before it is seen."""
        super().__init__()
        self._editor = editor

    def show_plan(self, plan: Plan) -> None:
        """Nothing of the order is shown here, unless a copy is asked for."""

    def blank(self, sentence: str) -> None:
        """There is no result of the order here."""
