"""The document: the texts are the state; whatever is changed, undone and redone, what follows is computed afresh."""

from decimal import Decimal
from typing import Any

from course_cases import BASE, house
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from dosing_app.course.document import Document, State
from dosing_app.course.plan import Plan
from dosing_app.reference.bundle import load_house

HOUSE = house()


def document(**texts: str) -> Document:
    return Document(HOUSE, {**BASE, **texts})


def test_undo_and_redo() -> None:
    doc = document()
    before = doc.plan
    doc.change({"weight": "6.5 kg"})
    changed = doc.plan
    assert changed != before
    assert doc.can_undo
    assert not doc.can_redo
    doc.undo()
    assert doc.plan == before
    assert doc.can_redo
    doc.redo()
    assert doc.plan == changed
    doc.undo()
    doc.change({"length": "64 cm"})
    assert not doc.can_redo, "a change ends what could be redone"
    doc.redo()
    assert doc.texts["length"] == "64 cm"


def test_undo_and_redo_at_the_ends_do_nothing() -> None:
    doc = document()
    told: list[int] = []
    doc.listen(lambda: told.append(1))
    doc.undo()
    doc.redo()
    assert told == []
    assert dict(doc.texts) == BASE


def test_keystrokes_in_one_field_are_one_step() -> None:
    doc = document(weight="")
    for text in ("6", "6.", "6.4", "6.42", "6.42 kg"):
        doc.change({"weight": text})
    doc.change({"length": "64 cm"})
    doc.undo()
    assert doc.texts["weight"] == "6.42 kg"
    doc.undo()
    assert "weight" not in doc.texts
    assert not doc.can_undo


def test_a_field_that_was_left_begins_a_new_step() -> None:
    doc = document()
    doc.change({"weight": "7 kg"})
    doc.settle()
    doc.change({"weight": "8 kg"})
    doc.undo()
    assert doc.texts["weight"] == "7 kg"


def test_keystrokes_after_an_undo_are_a_step_of_their_own() -> None:
    doc = document()
    doc.change({"weight": "7 kg"})
    doc.settle()
    doc.change({"weight": "8 kg"})
    doc.undo()
    doc.change({"weight": "9 kg"})
    doc.undo()
    assert doc.texts["weight"] == "7 kg"


def test_several_fields_at_once_are_one_step() -> None:
    doc = document()
    doc.change({"weight": "7 kg", "length": "66 cm"})
    doc.change({"weight": "8 kg", "length": "67 cm"})
    doc.undo()
    assert (doc.texts["weight"], doc.texts["length"]) == ("7 kg", "66 cm")


def test_what_cannot_be_read_is_kept() -> None:
    doc = document()
    doc.change({"weight": "6 42 kg\x00☃"})
    assert doc.texts["weight"] == "6 42 kg\x00☃"
    assert doc.plan.bags is None
    doc.undo()
    assert doc.plan.bags


def test_a_change_to_the_same_text_is_no_change() -> None:
    doc = document()
    told: list[int] = []
    doc.listen(lambda: told.append(1))
    doc.change({"weight": BASE["weight"]})
    doc.change({})
    doc.change({"case": ""})
    assert told == []
    assert not doc.can_undo
    assert not doc.changed


def test_every_listener_hears_of_each_change_once_and_sees_the_new_plan() -> None:
    doc = document()
    heard: list[Plan] = []
    doc.listen(lambda: heard.append(doc.plan))
    doc.listen(lambda: heard.append(doc.plan))
    doc.change({"weight": "7 kg"})
    doc.undo()
    doc.redo()
    doc.replace({**BASE, "weight": "8 kg"})
    assert len(heard) == 8
    assert heard[0] is heard[1]
    for index, weight in enumerate(("7 kg", BASE["weight"], "7 kg", "8 kg")):
        assert heard[2 * index] == State({**BASE, "weight": weight}, HOUSE).plan


def test_the_plan_of_auto_is_searched_when_it_is_asked_for_and_told() -> None:
    doc = document(pattern="auto")
    told: list[Any] = []
    doc.listen(lambda: told.append(doc.plan.bags))
    assert doc.plan.searching
    assert doc.plan.bags is None
    assert doc.plan.daily_dose is not None, "the dose is there at once"
    doc.search()
    assert not doc.plan.searching
    assert doc.plan.bags
    assert told == [doc.plan.bags]
    doc.search()
    assert len(told) == 1, "it was found already"
    answer = doc.answer
    assert answer is not None
    assert doc.answer is answer
    assert doc.plan.totals is not None
    assert doc.plan.totals.vials == answer.options[0].counts.vials


def test_nothing_is_searched_for_a_typed_pattern_or_an_order_that_cannot_be_read() -> None:
    typed, unread = document(), document(weight="6 pounds")
    for doc in (typed, unread):
        told: list[int] = []
        doc.listen(lambda told=told: told.append(1))
        doc.search()
        assert told == []
    assert typed.answer is not None
    assert unread.answer is None
    assert unread.growth_pictures() == []
    pictures = Document(load_house(), BASE).growth_pictures()
    assert pictures[0].points == ((Decimal(156), Decimal("6.42")),)


def test_saved_and_changed() -> None:
    doc = document()
    assert not doc.changed
    doc.change({"weight": "7 kg"})
    assert doc.changed
    doc.mark_saved()
    assert not doc.changed
    doc.undo()
    assert doc.changed
    doc.replace({"weight": "8 kg"}, saved=False)
    assert doc.changed
    doc.replace({"weight": "8 kg"})
    assert not doc.changed
    assert not doc.can_undo


def test_texts_of_a_state_cannot_be_changed_from_outside() -> None:
    given_ = dict(BASE)
    doc = Document(HOUSE, given_)
    given_["weight"] = "9 kg"
    assert doc.texts["weight"] == BASE["weight"]
    try:
        doc.texts["weight"] = "9 kg"  # type: ignore[index]
    except TypeError:
        return
    raise AssertionError("the texts could be changed behind the document's back")


FIELDS = st.sampled_from(["weight", "length", "start", "pattern", "case"])
TEXTS: dict[str, list[str]] = {
    "weight": ["6", "6.4", "6.42 kg", "64.2 kg", "7 kg", ""],
    "length": ["63.5 cm", "635 mm", "63", "cm"],
    "start": ["2026-11-23T14:00", "2026-11-24T10:00", "23-Nov-2026 14:00", "soon"],
    "pattern": ["96h", "72h,96h", "96", "auto", ""],
    "case": ["A", "AB", "", "\x00"],
}


class Person(RuleBasedStateMachine):
    """Types, leaves fields, undoes, redoes and opens files; a list of the texts is the model."""

    @initialize()
    def begin(self) -> None:
        self.document = Document(HOUSE, BASE)
        self.told = 0
        self.expected_told = 0
        self.document.listen(self._hear)
        self.steps: list[dict[str, str]] = [dict(BASE)]
        self.at = 0
        self.field: str | None = None

    def _hear(self) -> None:
        self.told += 1

    @rule(field=FIELDS, data=st.data())
    def type_into(self, field: str, data: st.DataObject) -> None:
        text = data.draw(st.sampled_from(TEXTS[field]))
        self.document.change({field: text})
        new = {name: value for name, value in {**self.steps[self.at], field: text}.items() if value}
        if new == self.steps[self.at]:
            return
        self.steps = self.steps[: self.at + 1]
        if self.field == field:
            self.steps[self.at] = new
        else:
            self.steps.append(new)
            self.at += 1
        self.field = field
        self.expected_told += 1

    @rule()
    def leave(self) -> None:
        self.document.settle()
        self.field = None

    @rule()
    def undo(self) -> None:
        self.document.undo()
        if self.at > 0:
            self.at -= 1
            self.field = None
            self.expected_told += 1

    @rule()
    def redo(self) -> None:
        self.document.redo()
        if self.at + 1 < len(self.steps):
            self.at += 1
            self.field = None
            self.expected_told += 1

    @precondition(lambda self: len(self.steps) > 4)
    @rule(weight=st.sampled_from(TEXTS["weight"][:5]))
    def open_file(self, weight: str) -> None:
        self.document.replace({**BASE, "weight": weight})
        self.steps, self.at, self.field = [{**BASE, "weight": weight}], 0, None
        self.expected_told += 1

    @invariant()
    def is_what_it_would_be_afresh(self) -> None:
        if not hasattr(self, "document"):
            return
        expected: dict[str, Any] = self.steps[self.at]
        assert dict(self.document.texts) == expected
        assert (self.document.can_undo, self.document.can_redo) == (self.at > 0, self.at + 1 < len(self.steps))
        assert self.told == self.expected_told
        assert self.document.plan == plan_afresh(tuple(sorted(expected.items())))


_afresh: dict[tuple[tuple[str, str], ...], Plan] = {}


def plan_afresh(texts: tuple[tuple[str, str], ...]) -> Plan:
    """Of a document that never held anything else; kept, since the same texts come back often."""
    if texts not in _afresh:
        _afresh[texts] = Document(HOUSE, dict(texts)).plan
    return _afresh[texts]


TestPerson = Person.TestCase
TestPerson.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
