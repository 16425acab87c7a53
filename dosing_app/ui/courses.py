"""The register as the window sees it: the course that is open, and where it stands now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from dosing_app.ui.editor import Editor


class Courses(QObject):
    """Opens the register when it is first used."""

    changed = Signal()  # the course that is open, its state, or the minute

    def __init__(self, editor: Editor) -> None:
        """Nothing is opened yet."""
        super().__init__()
        self._editor = editor
