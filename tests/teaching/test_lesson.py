"""A lesson: worked by the real engine, without identity, and refused where an order would be."""

import pytest
from teaching_cases import house, plan_of

from dosing_app.course.calculate import calculate
from dosing_app.course.order import read_order
from dosing_app.teaching.derivation import changed_steps
from dosing_app.teaching.lesson import beginning, copy_of, lesson_of, read_age

IDENTITY = {
    "case": "A-17 Jansen",
    "prescribed": "5.05 microgram/day",
    "second-weight": "6.42 kg",
    "previous-weight": "6.10 kg@2027-02-20",
    "reason:unit-closed": "Dr Smith agreed",
}


def test_it_begins_with_an_infant_that_has_every_step() -> None:
    lesson = lesson_of(beginning(), house())
    assert lesson.refused == ()
    assert len(lesson.steps(2)) == 11
    assert lesson.plan.order is not None
    assert lesson.plan.order.case == ""


def test_a_copy_holds_no_identity() -> None:
    plan, _reference = plan_of(**IDENTITY)
    found = copy_of(plan)
    assert set(found) == set(beginning())
    shown = " ".join(found.values())
    for word in ("Jansen", "A-17", "Smith", "2026-10-20", "5.05", "6.10"):
        assert word not in shown
    assert found["start"] == beginning()["start"]  # not the course's own, which would tell whose it is
    assert (found["weight"], found["length"], found["age"]) == ("6.42 kg", "63.5 cm", "132 days")
    assert found["pattern"] == plan.pattern


def test_a_copy_is_worked_as_its_order_is() -> None:
    plan, _reference = plan_of(**IDENTITY)
    lesson = lesson_of(copy_of(plan), house())
    assert lesson.plan.bsa == plan.bsa
    assert [bag.drug for bag in lesson.plan.bags or ()] == [bag.drug for bag in plan.bags or ()]
    with pytest.raises(ValueError, match="no order"):
        copy_of(plan.model_copy(update={"order": None}))


def test_names_and_reasons_in_its_texts_reach_nothing() -> None:
    lesson = lesson_of({**beginning(), **IDENTITY}, house())
    assert lesson.plan.order is not None
    assert "Jansen" not in lesson.plan.model_dump_json()
    assert "Smith" not in lesson.plan.model_dump_json()


def test_a_reason_is_not_asked_for_but_said() -> None:
    """In care a start on a day when the unit is closed, or a measure far from the curves, needs a written reason."""
    texts = {**beginning(), "weight": "4.6 kg"}
    lesson = lesson_of(texts, house())
    assert lesson.bags
    assert any("standard deviations" in each for each in lesson.asked)
    order = {name: text for name, text in texts.items() if name != "age"} | {"born": "2026-09-26"}
    reading = read_order(order, house(), typed=True)
    plan = calculate(reading.order, (), reading.reference)
    assert not plan.complete  # an order wants the reason


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"weight": "4 kg"}, "beyond −5"),
        ({"weight": "14 lb"}, "pounds"),
        ({"weight": ""}, "Weight is missing"),
        ({"age": "five months"}, "Age"),
        ({"start": "tomorrow"}, "Start"),
        ({"pattern": "auto"}, "written out"),
        ({"product": "us"}, "cannot be planned"),
    ],
)
def test_what_an_order_refuses_is_refused_here(changes: dict[str, str], said: str) -> None:
    lesson = lesson_of({**beginning(), **changes}, house())
    assert any(said in each for each in lesson.refused), lesson.refused
    assert lesson.bags == 0


def test_a_lesson_shows_its_steps_as_far_as_there_are_results() -> None:
    assert lesson_of({**beginning(), "weight": ""}, house()).steps(1) == ()
    without_bags = lesson_of({**beginning(), "pattern": "auto"}, house())
    assert [step.name for step in without_bags.steps(3)] == ["infant", "bsa", "dose"]


def test_a_changed_input_changes_the_steps_that_follow() -> None:
    before = lesson_of(beginning(), house()).steps(2)
    after = lesson_of({**beginning(), "weight": "6.9 kg"}, house()).steps(2)
    assert {"infant", "bsa", "dose", "drug-volume"} <= set(changed_steps(before, after))
    assert "rate" not in changed_steps(before, after)


def test_ages_are_whole_days() -> None:
    assert read_age(" 156 days ") == read_age("156") == 156
    for text in ("", "156.5 days", "-3", "5 months", "1566"):
        with pytest.raises(ValueError, match="Age"):
            read_age(text)
