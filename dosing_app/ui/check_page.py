"""What a second checker sees: nothing of the first entry, and the one thing that there is to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from dosing_app.ui import theme
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from dosing_app.course.plan import Plan

_WIDTH = 560


class CheckPage(QWidget):
    """A workspace without results."""

    asked = Signal()

    def __init__(self) -> None:
        """No state yet."""
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(48), theme.px(32), theme.px(48), theme.px(32))
        column.setSpacing(theme.px(12))
        title = QLabel(_("Second check"))
        title.setFont(theme.font(theme.HEADING, bold=True))
        column.addWidget(title)
        told = QLabel(
            _("The order is typed again from the chart and the scale, without seeing the first entry. Open it first.")
        )
        self.state = QLabel()
        for label in (told, self.state):
            label.setWordWrap(True)
            label.setMaximumWidth(theme.px(_WIDTH))
            column.addWidget(label)
        self.button = QPushButton(_("Second &check …"))
        self.button.setAccessibleName(_("Second check"))
        self.button.setMaximumWidth(theme.px(160))
        self.button.clicked.connect(self.asked)
        column.addWidget(self.button)
        column.addStretch(1)

    def show_plan(self, plan: Plan) -> None:
        """Nothing of it is shown."""

    def blank(self, sentence: str) -> None:
        """There is no result here to take away."""
