"""Two questions about the register: who puts a case on it, and whether a backup is to replace it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from dosing_app.ui import theme
from dosing_app.ui.buttons import Button
from dosing_app.ui.marks import Mark
from dosing_app.ui.quantity_edit import TextField
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from collections.abc import Callable

_WIDTH, _FIELD_WIDTH = 560, 320


def grow(dialog: QDialog) -> None:
    """Make room for a sentence that became longer; a dialog never shrinks under a hand that aims at a button."""
    layout = dialog.layout()
    if dialog.isVisible() and layout is not None:
        needed = layout.totalHeightForWidth(dialog.width())
        if needed > dialog.height():
            dialog.resize(dialog.width(), needed)


class _Question(QDialog):
    """A title, what it is about, and two buttons; the window waits."""

    def __init__(self, title: str, told: str, window: QWidget) -> None:
        super().__init__(window)
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.outer = QVBoxLayout(self)
        self.outer.setContentsMargins(theme.px(24), theme.px(16), theme.px(24), theme.px(16))
        self.outer.setSpacing(theme.px(10))
        head = QLabel(title)
        head.setFont(theme.font(theme.HEADING, bold=True))
        self.told = self.sentence(told)
        self.outer.insertWidget(0, head)

    def sentence(self, text: str) -> QLabel:
        """A sentence below the others."""
        label = QLabel(text)
        label.setWordWrap(True)
        label.setFixedWidth(theme.px(_WIDTH))
        self.outer.addWidget(label)
        return label

    def foot(self, yes: Button, no: Button) -> None:
        """The two buttons."""
        buttons = QDialogButtonBox()
        buttons.addButton(yes, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(no, QDialogButtonBox.ButtonRole.RejectRole)
        self.outer.addWidget(buttons)

    def showEvent(self, event: QShowEvent) -> None:
        """With room for every line."""
        super().showEvent(event)
        grow(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is the fields' and the buttons' own."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            return
        super().keyPressEvent(event)


class PutDialog(_Question):
    """Asks who puts a case on the register, and does it; what is refused is said, and the name stays."""

    def __init__(self, told: str, put: Callable[[str], str], window: QWidget, name: str = "") -> None:
        """With what is to be put, and how.

        Args:
            told: what will be recorded.
            put: records it under a name; "" if that was done, else the sentence why not.
            window: over which it stands.
            name: that probably is theirs.
        """
        super().__init__(_("Put on the register"), told, window)
        self._put = put
        words = QLabel(_("&Recorded by"))
        self.name = TextField(_("Recorded by"))
        self.name.setFixedWidth(theme.px(_FIELD_WIDTH))
        self.name.show_text(name)
        words.setBuddy(self.name)
        self.outer.addWidget(words)
        self.outer.addWidget(self.name)
        self.status = self.sentence("")
        self.status.setMinimumHeight(theme.px(20))
        self.put_button = Button(_("&Put on the register"), self.put)
        self.foot(self.put_button, Button(_("&Cancel"), self.reject))
        self.name.edited.connect(self._judge)
        self._judge()
        self.name.setFocus()

    def _judge(self) -> None:
        named = bool(self.name.text().strip())
        self.put_button.setEnabled(named)
        self.status.setText("" if named else _("Still missing: the name of the person who records this."))

    def put(self) -> None:
        """Do it, or say why not."""
        refused = self._put(self.name.text())
        self.status.setText(refused)
        grow(self)
        if not refused:
            self.accept()


class RestoreDialog(_Question):
    """Asks once more before a backup replaces the register."""

    def __init__(self, told: str, window: QWidget) -> None:
        """With what will be replaced by what."""
        super().__init__(_("Restore the register"), told, window)
        theme.tone(self.told, "justify")
        line = QHBoxLayout()
        line.setSpacing(theme.px(8))
        line.addWidget(Mark("justify"), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.told)
        self.outer.addLayout(line)
        self.restore_button = Button(_("&Restore"), self.accept)
        self.cancel_button = Button(_("&Cancel"), self.reject)
        self.foot(self.restore_button, self.cancel_button)
        self.cancel_button.setFocus()
