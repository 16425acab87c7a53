"""Picture tasks: right answers are right, slips are named, the picture in words does not tell the answer."""

from decimal import Decimal

import pytest
from teaching_cases import house, house_with, typed

from dosing_app.core.quantities import magnitude, print_number
from dosing_app.teaching import exercise as exercise_module
from dosing_app.teaching import picture_task as picture_module
from dosing_app.teaching.mistakes import Verdict, claims
from dosing_app.teaching.picture_task import (
    DUE,
    FROM_TAKEN_OUT,
    LEFT_OUT,
    PUMP,
    RESTART,
    SYRINGE,
    TASKS,
    PictureTask,
    mark_choice,
    mark_numbers,
    picture_task,
    picture_tasks,
    slip_words,
    task_name,
)

SEEDS = range(24)


def tasks(kind: str) -> list[PictureTask]:
    return [picture_task(seed, kind, house()) for seed in SEEDS]


@pytest.mark.parametrize("kind", TASKS)
def test_right_answers_are_right(kind: str) -> None:
    for task in tasks(kind):
        marks = mark_numbers(task, [typed(ask, ask.value) for ask in task.asks])
        assert {mark.verdict for mark in marks} == {Verdict.RIGHT}
        commas = [typed(ask, ask.value).replace(".", ",") for ask in task.asks]
        assert {mark.verdict for mark in mark_numbers(task, commas)} == {Verdict.RIGHT}
        assert task_name(kind) == task.title
        if task.choices:
            assert mark_choice(task, task.right)[0]
            assert not any(mark_choice(task, each.key)[0] for each in task.choices if each.key != task.right)


@pytest.mark.parametrize("kind", [SYRINGE, LEFT_OUT])
def test_slips_of_a_picture_are_named(kind: str) -> None:
    named: set[str] = set()
    for task in tasks(kind):
        (ask,) = task.asks
        for claim in task.slips:
            (mark,) = mark_numbers(task, [typed(ask, claim.value)])
            assert mark.verdict is Verdict.MISTAKE
            assert claim.name in mark.names
            assert slip_words(claim) in mark.sentence
            named.add(claim.name)
    assert len(named) >= 3


def test_a_reading_that_no_slip_gives_and_one_that_is_not_read() -> None:
    task = picture_task(1, SYRINGE, house())
    off = task.asks[0].value + task.syringe.mark
    assert mark_numbers(task, [typed(task.asks[0], off)])[0].verdict is Verdict.WRONG
    assert mark_numbers(task, ["half"])[0].verdict is Verdict.UNREAD
    assert mark_numbers(task, [print_number(off)])[0].verdict is Verdict.UNREAD  # without its unit


def test_the_stopper_stands_on_a_mark_of_a_syringe_that_holds_it() -> None:
    for task in tasks(SYRINGE):
        drawn = task.syringe
        assert drawn.at % drawn.mark == 0
        assert drawn.at + drawn.stopper <= drawn.holds
        answer = print_number(drawn.at)
        apart = drawn.mark * drawn.between
        if drawn.at % apart:  # on a numbered mark the number is the answer
            assert f"number {answer}," not in drawn.said
            assert f" {answer} mL" not in drawn.said


def test_one_syringe_is_drawn_where_a_site_takes_two_small_ones_for_more() -> None:
    home = house_with(two_small_syringes=True)
    for seed in range(12):
        drawn = picture_task(seed, SYRINGE, home).syringe
        assert drawn is not None
        assert drawn.at < drawn.holds
        assert home.site.syringes[drawn.holds] == drawn.mark


def test_no_picture_is_of_a_bag_that_the_site_cannot_measure() -> None:
    home = house_with(syringes={Decimal(60): Decimal("0.2")})
    for seed in range(6):
        drawn = picture_task(seed, SYRINGE, home).syringe
        assert drawn is not None
        assert drawn.mark == Decimal("0.2")
        assert picture_task(seed, LEFT_OUT, home).bag is not None


@pytest.mark.parametrize("kind", TASKS)
def test_a_site_at_which_nothing_can_be_planned_has_no_picture(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bag may be connected within an hour, and not before two."""
    home = house_with(start_within_h=Decimal(1))
    for module in (picture_module, exercise_module):
        monkeypatch.setattr(module, "_TRIES", 3)
    with pytest.raises(ValueError, match="no such case"):
        picture_task(1, kind, home)


def test_what_the_bag_holds_is_not_what_is_set() -> None:
    """By hand: 2.5 mL per hour for 96 h, 137 of 240 mL infused: 103 are due, whatever the bag still holds."""
    for kind in (PUMP, RESTART):
        seen = False
        for task in tasks(kind):
            for ask in task.asks:
                for claim in claims(ask):
                    if claim.name != "bag-content":
                        continue
                    texts = [typed(each, each.value) for each in task.asks]
                    texts[task.asks.index(ask)] = typed(ask, claim.value)
                    mark = mark_numbers(task, texts)[task.asks.index(ask)]
                    assert "bag-content" in mark.names
                    seen = True
        assert seen


def test_after_an_alarm_what_is_due_is_rate_times_hours_left_and_less_than_what_is_left() -> None:
    for task in tasks(RESTART):
        (ask,) = task.asks
        chain = ask.chain
        left = magnitude(chain.runs, "h") - magnitude(chain.infused, "h")
        due = magnitude(chain.delivers, "mL") / magnitude(chain.duration, "h") * left
        assert ask.value == pytest.approx(due)
        assert ask.value < task.bag.left < task.bag.total
        assert task.right == DUE


def test_a_bag_left_out_runs_no_longer_than_its_hours_at_room_temperature_leave() -> None:
    """EU 96 h bag, three hours outside: 93 h. A bag with room to spare runs its own time."""
    for task in tasks(LEFT_OUT):
        given = {name: text.replace("\u00a0", " ") for name, text in task.given}
        out = Decimal(given["taken out"].split()[0])
        room, runs = (Decimal(given[name].split()[0]) for name in ("keeps at room temperature", "is to run for"))
        assert task.asks[0].value == min(runs, room - out)
        assert "grade" in task.source
        assert task.right == FROM_TAKEN_OUT


def test_the_right_choice_stands_nowhere_in_particular() -> None:
    for kind in (RESTART, LEFT_OUT):
        places = {[choice.key for choice in task.choices].index(task.right) for task in tasks(kind)}
        assert places == {0, 1, 2, 3}


def test_the_same_seed_gives_the_same_tasks() -> None:
    assert picture_tasks(7, 4, house()) == picture_tasks(7, 4, house())
    assert [task.kind for task in picture_tasks(7, 4, house())] == list(TASKS)
    with pytest.raises(ValueError, match="seed"):
        picture_task(-1, SYRINGE)
    with pytest.raises(KeyError):
        picture_task(1, "none-such", house())
