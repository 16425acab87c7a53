"""A button of a dialog: heard by its own words, pressed by Enter where it has the focus and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton

if TYPE_CHECKING:
    from collections.abc import Callable


class Button(QPushButton):
    """Never the default of its dialog: Enter in a field moves on and presses nothing."""

    def __init__(self, text: str, act: Callable[[], object], name: str = "") -> None:
        """With the name by which it is heard, where that is not its text."""
        super().__init__(text)
        self.setAccessibleName(name or text.replace("&", "").removesuffix(" …"))
        self.setAutoDefault(False)
        self.clicked.connect(lambda _checked=False: act())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
            return
        super().keyPressEvent(event)
