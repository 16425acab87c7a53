"""The one object of Qt over the document. Its signal carries nothing: who hears it looks at texts and plan."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dosing_app.course.document import Document
    from dosing_app.course.plan import GrowthPicture, Plan
    from dosing_app.reference.bundle import House


class Editor(QObject):
    """Holds the document once it is loaded; until then, and where it cannot be, it holds the texts alone."""

    changed = Signal()

    def __init__(self) -> None:
        """No document yet: the window is painted first."""
        super().__init__()
        self._document: Document | None = None
        self._texts: dict[str, str] = {}
        self._saved: dict[str, str] = {}
        self._house: House | None = None
        self.path: Path | None = None
        self.trouble = ""  # why there can be no result at all, such as a site file that is refused

    def begin(self, house: House) -> None:
        """Take up the document, with what was typed meanwhile."""
        from dosing_app.course.document import Document

        self._house = house
        self._document = Document(house, self._saved)
        self._document.change(self._texts)
        self._document.settle()
        self._document.listen(self.changed.emit)
        self.changed.emit()

    def fail(self, trouble: str) -> None:
        """There can be no document: say why where the results would stand."""
        self.trouble = trouble
        self.changed.emit()

    @property
    def house(self) -> House | None:
        """Site and limits; None while there is no document."""
        return self._house

    @property
    def plan(self) -> Plan | None:
        """What follows from the texts; None while there is no document."""
        return self._document.plan if self._document else None

    def growth_pictures(self) -> list[GrowthPicture]:
        """The infant on the WHO curves; none where weight, length or dates cannot be read."""
        return self._document.growth_pictures() if self._document else []

    @property
    def texts(self) -> Mapping[str, str]:
        """As typed."""
        return self._document.texts if self._document else MappingProxyType(self._texts)

    def text(self, name: str) -> str:
        """One field as typed."""
        return self.texts.get(name, "")

    @property
    def modified(self) -> bool:
        """Whether something typed is not on disk."""
        return self._document.changed if self._document else self._texts != self._saved

    def change(self, name: str, text: str) -> None:
        """Put a text to a field."""
        if self._document:
            self._document.change({name: text, **self._unconfirmed(name)})
        elif self._texts.get(name, "") != text:
            self._texts = {key: each for key, each in {**self._texts, name: text}.items() if each}
            self.changed.emit()

    def _unconfirmed(self, name: str) -> dict[str, str]:
        """A second reading confirms one first reading; where that is changed, it goes (and comes back by undo)."""
        if name not in {"weight", "length"}:
            return {}
        return {each: "" for each in ("second-weight", "second-length", "reason:who-limits") if self.text(each)}

    def settle(self) -> None:
        """A field is left."""
        if self._document:
            self._document.settle()

    def replace(self, texts: Mapping[str, str], path: Path | None, *, saved: bool) -> None:
        """Begin anew with other texts."""
        self.path = path
        if self._document:
            self._document.replace(texts, saved=saved)
            return
        self._texts = {name: text for name, text in texts.items() if text}
        self._saved = dict(self._texts) if saved else {}
        self.changed.emit()

    def open(self, path: Path) -> None:
        """Open an order file.

        Raises:
            BadFile: nothing is changed then.
        """
        from dosing_app.store import order_file

        self.replace(order_file.load(path), path, saved=True)

    def save(self, path: Path) -> None:
        """Save the texts as typed.

        Raises:
            OSError: the document stays changed then.
        """
        from dosing_app.store import order_file

        order_file.save(path, self.texts)
        self.path = path
        if self._document:
            self._document.mark_saved()
        else:
            self._saved = dict(self._texts)
            self.changed.emit()

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier step."""
        return self._document is not None and self._document.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether a step was undone."""
        return self._document is not None and self._document.can_redo

    def undo(self) -> None:
        """Back to the step before."""
        if self._document:
            self._document.undo()

    def redo(self) -> None:
        """Forward again."""
        if self._document:
            self._document.redo()
