"""The one object of Qt over the document. Its signal carries nothing: who hears it looks at texts and plan."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dosing_app.course.document import Document
    from dosing_app.course.options import Answer
    from dosing_app.course.order import Reading
    from dosing_app.course.plan import GrowthPicture, Plan
    from dosing_app.course.second_check import Check
    from dosing_app.reference.bundle import House

REST = 300  # ms without a change after which the hands rest
_CHOSEN = ("pattern", "sessions")  # what is chosen among the options, and changes none of them


class Editor(QObject):
    """Holds the document once it is loaded; until then, and where it cannot be, it holds the texts alone."""

    changed = Signal()
    declined = Signal()  # a plan was to be chosen by somebody whose role does not choose
    rested = Signal()  # the hands rest: what is too slow for every keystroke may be worked out now

    def __init__(self) -> None:
        """No document yet: the window is painted first."""
        super().__init__()
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.timeout.connect(self.rest)
        self._answer: tuple[object, Answer | None] | None = None  # with what it was found for
        self._document: Document | None = None
        self._texts: dict[str, str] = {}
        self._saved: dict[str, str] = {}
        self._house: House | None = None
        self._taken: Check | None = None  # as last taken, be it still to be held against a plan
        self._saved_check: Check | None = None
        self.path: Path | None = None
        self.site_path: Path | None = None  # of the settings in use; None: the defaults
        self.may_choose = True
        self.trouble = ""  # why there can be no result at all, such as a site file that is refused

    def begin(self, house: House) -> None:
        """Take up the document, with what was typed meanwhile."""
        from dosing_app.course.document import Document

        self._house = house
        self._document = Document(house, self._saved)
        self._document.change(self._texts)
        self._document.settle()
        self._document.take_check(self._taken)
        self._document.listen(self._hear)
        self._hear()

    def _hear(self) -> None:
        """Something changed: tell it, and wait anew until the hands rest."""
        if self._taken is not None and not self._searching and self.check is None:
            self._taken = None  # for good, as in the document
        self._resting.start(REST)
        self.changed.emit()

    def rest(self) -> None:
        """The hands rest: search for the plan of "auto"."""
        if self._document is None:
            return
        self._document.search()
        self._resting.stop()  # the search itself is no change by hand
        self.rested.emit()

    def rest_soon(self) -> None:
        """Say that the hands rest in the next turn of the event loop, unless they still move."""
        if not self._resting.isActive():
            self._resting.start(0)

    def use(self, house: House) -> None:
        """Work out everything anew with other settings of the site; what was typed stays, undo too."""
        if self._document is None:
            self.begin(house)
            return
        self._house = house
        self._answer = None  # its plans say what holds at the site: who approved what, what a vial costs
        self._document.use(house)

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

    @property
    def reading(self) -> Reading | None:
        """The order as read, with what it is calculated with; None while there is no document."""
        return self._document.state.reading if self._document else None

    @property
    def answer(self) -> Answer | None:
        """All options of the order, if they have been searched for; never those of other texts."""
        if self._answer is None or self._answer[0] != self._searched_for():
            return None
        return self._answer[1]

    @property
    def searched(self) -> bool:
        """Whether all options of the present texts are known, be it that there are none."""
        return self._answer is not None and self._answer[0] == self._searched_for()

    def search(self) -> None:
        """Search for all options; not on the way of a keystroke."""
        if self._document is not None and not self.searched:
            self._answer = (self._searched_for(), self._document.answer)

    def _searched_for(self) -> object:
        """What the options depend on: every text but those that are chosen among them, and the site."""
        texts = {name: text for name, text in self.texts.items() if name not in _CHOSEN}
        readable = self.reading is not None and self.reading.order is not None
        return texts, self._house and self._house.site.digest, readable

    @property
    def check(self) -> Check | None:
        """The second check of the present plan; None too while its sessions are searched for."""
        return self._document.check if self._document else None

    @property
    def taken_check(self) -> Check | None:
        """The record to be kept with the texts; whether it is one of their plan is seen when they are opened."""
        return self._taken

    def take_check(self, check: Check | None, *, saved: bool = False) -> None:
        """Take the record of a second check; one of another plan is gone with the next look at it."""
        self._taken = check
        self._saved_check = check if saved else None
        if self._document:
            self._document.take_check(check)

    @property
    def _searching(self) -> bool:
        return self.plan is not None and bool(self.plan.searching)

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
        """Whether something typed, or the second check, is not on disk."""
        if self._taken is not None and self._taken != self._saved_check:
            return True
        return self._document.changed if self._document else self._texts != self._saved

    def change(self, name: str, text: str) -> None:
        """Put a text to a field."""
        if self._document:
            self._document.change({name: text, **self._undone_by(name)})
        elif self._texts.get(name, "") != text:
            self._texts = {key: each for key, each in {**self._texts, name: text}.items() if each}
            self.changed.emit()

    def choose(self, pattern: str, sessions: str) -> None:
        """Put an option into the order, in one step of undo; two empty texts leave it to the search."""
        if not self.may_choose:
            self.declined.emit()
        elif self._document:
            self._document.settle()
            self._document.change({"pattern": pattern, "sessions": sessions})
            self._document.settle()

    def _undone_by(self, name: str) -> dict[str, str]:
        """What another text takes away (and undo brings back).

        A second reading confirms one first reading; sessions group the bags of one pattern.
        """
        if name == "pattern":
            return {"sessions": ""} if self.text("sessions") else {}
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
        self.take_check(order_file.load_check(path), saved=True)

    def save(self, path: Path) -> None:
        """Save the texts as typed, with the second check.

        Raises:
            OSError: the document stays changed then.
        """
        from dosing_app.store import order_file

        if self._taken is not None and self._document:
            self._document.search()  # whether the check is one of this plan must be known now
        order_file.save(path, self.texts, self._taken)
        self._saved_check = self._taken
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
