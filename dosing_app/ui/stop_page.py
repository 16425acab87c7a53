"""What stands in the window, alone, when the program's own data is not what was shipped."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from dosing_app.ui import theme
from dosing_app.ui.buttons import Button
from dosing_app.ui.marks import Mark
from dosing_app.wording.language import _

_WIDTH, _MARK = 720, 32


class StopPage(QWidget):
    """Why nothing is calculated, what to do, and one button: to close."""

    def __init__(self, why: str) -> None:
        """The sentence that names the file."""
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(48), theme.px(48), theme.px(48), theme.px(48))
        column.setSpacing(theme.px(16))
        head = QHBoxLayout()
        head.setSpacing(theme.px(16))
        title = QLabel(_("The program is stopped"))
        title.setFont(theme.font(theme.ANSWER, bold=True))
        title.setWordWrap(True)
        mark = Mark("refuse")
        mark.setFixedSize(theme.px(_MARK), theme.px(_MARK))
        head.addWidget(mark, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(title, 1)
        column.addLayout(head)
        reason = QLabel(why)
        theme.tone(reason, "refuse")
        column.addWidget(reason)
        said = [
            _("It shows no dose, no bag and no time: they might be wrong."),
            _("1. Go by the printed worksheets, labels, schedule and downtime sheet; a pharmacist calculates by hand."),
            _("2. Have the program installed again. After that, “dosing-app self-test” says whether it is whole."),
            _("What was typed is kept, and comes back at the next start."),
        ]
        labels = [QLabel(each) for each in said]
        for label in labels:
            column.addWidget(label)
        for label in (reason, *labels):
            label.setFont(theme.font(theme.FIELD))
            label.setWordWrap(True)
            label.setMaximumWidth(theme.px(_WIDTH))
            label.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        self.button = Button(_("&Close the program"), lambda: self.window().close())
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
