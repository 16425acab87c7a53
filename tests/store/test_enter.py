"""A case comes onto the register: found by its label or made, renewed, never another infant's; and kept as files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from test_register import FIRST, HOUSE, SECOND, TEXTS, Clock, issued_plan

from dosing_app.course.order import read_order
from dosing_app.store import issued
from dosing_app.store.enter import born_of, course_of, enter, mirror, texts_of
from dosing_app.store.register import Register, RegisterError, open_register
from dosing_app.wording import register_text

assert FIRST.order is not None
BORN = FIRST.order.born
OTHER = issued_plan(gestation="39w0d")  # another plan as revision 1


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "register.sqlite3"


@pytest.fixture
def register(place: Path) -> Iterator[Register]:
    with open_register(place, HOUSE, Clock()) as found:
        yield found


def test_an_order_that_was_read_is_read_again_from_its_texts() -> None:
    for plan in (FIRST, issued_plan(**{"previous-weight": "6.1 kg@2026-11-16"})):
        assert plan.order is not None
        assert read_order(texts_of(plan.order), HOUSE).order == plan.order


def test_a_case_is_entered_once_and_brought_up_to_date(register: Register) -> None:
    first = enter(register, "A-17", BORN, TEXTS, "N")
    again = enter(register, " a-17 ", BORN, TEXTS, "N")
    assert again == first
    other = enter(register, "A-17", BORN, {**TEXTS, "gestation": "39w0d"}, "N", None, [FIRST])
    assert (other.id, other.revision) == (first.id, 1)
    assert register.course(first.id).texts["gestation"] == "39w0d"
    assert register.courses().total == 1
    assert enter(register, "A-17", BORN, None, "N", None, [FIRST]) == other
    with pytest.raises(RegisterError, match="other-plan") as error:
        enter(register, "A-17", BORN, None, "N", None, [OTHER])
    assert "revision 1 of case A-17" in register_text.refused("other-plan", error.value.values)


def test_a_case_of_which_only_plans_are_known_is_entered_by_the_latest(register: Register) -> None:
    listed = enter(register, "A-17", BORN, None, "N", None, [SECOND, FIRST])
    found = register.course(listed.id)
    assert found.plans == (FIRST, SECOND)
    assert read_order(found.texts, HOUSE).order == SECOND.order


def test_a_label_of_another_infant_is_refused(register: Register) -> None:
    before = enter(register, "A-17", BORN, TEXTS, "N")
    with pytest.raises(RegisterError, match="label-reused") as error:
        enter(register, "A-17", BORN.add(days=1), TEXTS, "N")
    said = register_text.refused("label-reused", error.value.values)
    assert "born on 2026-06-20; this one was born on 2026-06-21" in said
    found = course_of(register, "A-17")
    assert found is not None
    assert found.listed == before
    enter(register, "A-17", BORN, None, "N", None, [FIRST])
    with pytest.raises(RegisterError, match="label-reused"):  # by the issued plan now
        enter(register, "A-17", BORN.add(days=1), None, "N", None, [FIRST])


def test_an_order_without_a_birth_date_that_can_be_read_stands_in_nobodys_way(register: Register) -> None:
    """The label was put on the register before the birth date was typed; the first readable one holds from then on."""
    enter(register, "A-17", BORN, {**TEXTS, "born": "20-6"}, "N")
    found = course_of(register, "A-17")
    assert found is not None
    assert born_of(found) is None
    enter(register, "A-17", BORN, TEXTS, "N")
    found = course_of(register, "A-17")
    assert found is not None
    assert born_of(found) == BORN


def test_of_two_stations_that_enter_a_case_at_once_one_course_is_made(
    register: Register, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other station is quicker after ours has found no course of that label."""
    labelled = register.labelled

    def then_another_is_quicker(label: str) -> object:
        found = labelled(label)
        monkeypatch.undo()
        with open_register(place, HOUSE, Clock()) as other:
            enter(other, label, BORN, {**TEXTS, "weight": "6.4 kg"}, "O")
        return found

    monkeypatch.setattr(register, "labelled", then_another_is_quicker)
    listed = enter(register, "A-17", BORN, TEXTS, "N", None, [FIRST])
    assert register.courses().total == 1
    found = register.course(listed.id)
    assert (found.texts, found.plans) == (TEXTS, (FIRST,))
    assert register.verify() == ()


def test_who_enters_a_case_has_a_name(register: Register) -> None:
    with pytest.raises(RegisterError, match="no-name"):
        enter(register, "A-17", BORN, TEXTS, " ")
    assert register.courses().total == 0


def test_what_the_register_has_is_kept_as_files(tmp_path: Path) -> None:
    assert mirror([FIRST], tmp_path) == ()
    assert issued.history("A-17", tmp_path).plans == (FIRST,)
    assert mirror([FIRST], tmp_path) == ()
    assert mirror([OTHER], tmp_path) == (1,)
    assert issued.history("A-17", tmp_path).plans == (FIRST,)


@pytest.mark.parametrize("content", ["", "{", "{}", "[]"])
def test_a_file_that_is_no_plan_any_more_is_named_and_left(content: str, tmp_path: Path) -> None:
    path = tmp_path / issued.file_name("A-17", 1)
    path.write_text(content, encoding="utf-8")
    assert mirror([FIRST, SECOND], tmp_path) == (1,)
    assert path.read_text(encoding="utf-8") == content
    assert issued.open_issued(tmp_path / issued.file_name("A-17", 2)) == SECOND
