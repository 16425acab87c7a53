"""What a person has typed, and what follows from it. The texts are the state; order and plan are derived.

So undo, saving and recovery lose nothing, not even what cannot be read.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from types import MappingProxyType

from dosing_app.course.calculate import calculate
from dosing_app.course.growth import growth_pictures
from dosing_app.course.options import Answer, find_answer
from dosing_app.course.order import Reading, read_order
from dosing_app.course.plan import GrowthPicture, Plan
from dosing_app.course.second_check import Check, holds
from dosing_app.reference.bundle import House

Texts = Mapping[str, str]


def plan_of(reading: Reading, *, search: bool = True) -> Plan:
    """The whole plan of what was read; the findings alone where there is no order."""
    if reading.order is None or reading.reference is None:
        return Plan(complete=False, findings=reading.findings)
    return calculate(reading.order, (), reading.reference, search=search)


class State:
    """The texts at one moment; reading and plan are worked out once, when they are first asked for."""

    def __init__(self, texts: Texts, house: House) -> None:
        """Keep the texts that say something; an empty text is no text."""
        self.texts: Texts = MappingProxyType({name: text for name, text in texts.items() if text})
        self._house = house
        self._found: Plan | None = None

    @cached_property
    def reading(self) -> Reading:
        """The order, or the findings why there is none."""
        return read_order(self.texts, self._house, typed=True)

    @property
    def plan(self) -> Plan:
        """The plan; without results where the order cannot be read or is refused.

        With the pattern "auto" it has no bags until `search`: that is too slow for every keystroke.
        """
        return self._found or self._at_once

    @cached_property
    def _at_once(self) -> Plan:
        return plan_of(self.reading, search=False)

    def search(self) -> None:
        """Search for the plan of "auto"."""
        self._found = plan_of(self.reading)

    @cached_property
    def answer(self) -> Answer | None:
        """All options of the order; None where it cannot be read."""
        if self.reading.order is None or self.reading.reference is None:
            return None
        return find_answer(self.reading.order, self.reading.reference)


class Document:
    """The texts as typed, with undo and redo. Listeners are told that something changed and then look."""

    def __init__(self, house: House, texts: Texts | None = None) -> None:
        """Begin with the given texts, saved."""
        self._house = house
        self._state = State(texts or {}, house)
        self._steps: list[Texts] = [self._state.texts]
        self._at = 0
        self._field: str | None = None  # the field whose keystrokes are still one step
        self._saved: Texts = self._state.texts
        self._listeners: list[Callable[[], None]] = []
        self._check: Check | None = None

    @property
    def state(self) -> State:
        """The present texts with what follows from them."""
        return self._state

    @property
    def texts(self) -> Texts:
        """As typed."""
        return self.state.texts

    @property
    def plan(self) -> Plan:
        """What follows from the texts."""
        return self.state.plan

    @property
    def changed(self) -> bool:
        """Whether the texts differ from those last saved or opened."""
        return self.texts != self._saved

    @property
    def check(self) -> Check | None:
        """The second check of the present plan; any change of what was checked takes it away for good."""
        return self._check if holds(self._check, self.plan) else None

    def take_check(self, check: Check | None) -> None:
        """Keep the record of a second check."""
        self._check = check
        self._tell()

    def search(self) -> None:
        """Search for the plan of "auto", when the hands rest."""
        if self.plan.searching:
            self._state.search()
            self._tell()

    @property
    def answer(self) -> Answer | None:
        """All options of the order; searched for when first asked."""
        return self._state.answer

    def growth_pictures(self) -> list[GrowthPicture]:
        """The infant on the WHO curves, also where the order is refused; none where it cannot be read."""
        reading = self.state.reading
        if reading.order is None or reading.reference is None:
            return []
        return growth_pictures(reading.order, reading.reference)

    def listen(self, listener: Callable[[], None]) -> None:
        """Call the listener after every change."""
        self._listeners.append(listener)

    def change(self, changes: Texts) -> None:
        """Put new texts to some fields. Keystrokes in one field are one step of undo until `settle`."""
        texts = {**self.texts, **changes}
        new = State(texts, self._house)
        if new.texts == self.texts:
            return
        field = next(iter(changes)) if len(changes) == 1 else None
        if field is None or field != self._field:
            self._at += 1
        self._steps[self._at :] = [new.texts]
        self._state = new
        self._field = field
        self._tell()

    def use(self, house: House) -> None:
        """Work out everything anew with other settings; texts, undo and listeners stay."""
        self._house = house
        self._state = State(self.texts, house)
        self._tell()

    def settle(self) -> None:
        """The next keystroke begins a new step of undo: called when a field is left."""
        self._field = None

    def replace(self, texts: Texts, *, saved: bool = True) -> None:
        """Begin anew with other texts, as after opening a file."""
        self._state = State(texts, self._house)
        self._steps = [self._state.texts]
        self._at = 0
        self._field = None
        self._saved = self.texts if saved else {}
        self._tell()

    def mark_saved(self) -> None:
        """The present texts are on disk."""
        self._saved = self.texts
        self._tell()

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier step."""
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        """Whether a step was undone."""
        return self._at + 1 < len(self._steps)

    def undo(self) -> None:
        """Back to the step before."""
        if self.can_undo:
            self._move(-1)

    def redo(self) -> None:
        """Forward to the step that was undone."""
        if self.can_redo:
            self._move(1)

    def _move(self, step: int) -> None:
        self._at += step
        self._state = State(self._steps[self._at], self._house)
        self._field = None
        self._tell()

    def _tell(self) -> None:
        if self._check is not None and not self.plan.searching and not holds(self._check, self.plan):
            self._check = None
        for listener in list(self._listeners):
            listener()
