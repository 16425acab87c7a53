"""Exercises: the same set from the same seed everywhere, right answers that are the plan's, hints that hold none."""

import math
import os
import re
import subprocess
import sys
from decimal import Decimal

import pytest
from teaching_cases import exercise, house, house_with
from whenever import Instant

from dosing_app.core.quantities import magnitude, print_number
from dosing_app.course.plan import Plan
from dosing_app.teaching.chain import STEPS, TIME
from dosing_app.teaching.exercise import (
    FADED,
    FULL,
    KINDS,
    LEVELS,
    WHOLE,
    WORKED,
    Draw,
    Exercise,
    class_set,
    digest,
    make_exercise,
)
from dosing_app.wording.language import _

PRINT_DIGEST = """
import random
random.seed(123)
from dosing_app.teaching.exercise import class_set, digest
print(digest(class_set(7, 12)))
"""


def test_the_same_seed_gives_the_same_set_in_every_process() -> None:
    found = set()
    for hash_seed, zone, language in (("0", "UTC", "C"), ("1", "Asia/Tokyo", "de_DE.UTF-8"), ("4711", "UTC", "C")):
        env = {**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": zone, "LC_ALL": language}
        done = subprocess.run([sys.executable, "-c", PRINT_DIGEST], env=env, capture_output=True, text=True, check=True)
        found.add(done.stdout.strip())
    assert found == {digest(class_set(7, 12, house()))}


def test_another_seed_gives_another_set_and_a_longer_set_begins_alike() -> None:
    twelve, again = class_set(7, 12, house()), class_set(8, 12, house())
    assert digest(twelve) != digest(again)
    assert [each.seed for each in class_set(7, 14, house())][:12] == [each.seed for each in twelve]


def test_the_generator_neither_moves_nor_follows_another() -> None:
    import random

    random.seed(1)
    before = random.getstate()
    drawn = [Draw(5).below(1000) for _ in range(3)]
    assert random.getstate() == before
    assert drawn[0] == drawn[1] == drawn[2]
    with pytest.raises(ValueError, match="seed"):
        Draw(-1)


def test_a_set_goes_from_worked_to_helped_to_alone_and_covers_every_kind() -> None:
    found = class_set(3, 19, house())
    assert [each.number for each in found] == list(range(1, 20))
    order = [LEVELS.index(each.level) for each in found]
    assert order == sorted(order)
    assert {each.kind for each in found} == set(KINDS)
    assert {each.level for each in found} == set(LEVELS)
    assert [each.level for each in class_set(3, 1, house())] == [FADED]
    with pytest.raises(ValueError, match="at least one"):
        class_set(3, 0, house())


@pytest.mark.parametrize("kind", KINDS)
def test_levels_show_less_and_ask_more(kind: str) -> None:
    worked, faded, full = (exercise(11, kind, level) for level in LEVELS)
    assert not worked.asks
    assert worked.shown
    assert not worked.answers
    assert len(faded.shown) + len(faded.answers) == len(worked.shown)
    assert not full.shown
    assert [ask.step for ask in full.asks][-1:] == [full.answers[-1].name]
    if kind == WHOLE:
        assert [ask.step for ask in full.asks] == list(STEPS)
        assert [ask.step for ask in faded.asks] == [step.name for step in faded.answers]
        assert faded.shown


def answer_texts(found: Exercise) -> list[str]:
    """Every right answer as it may stand in a text."""
    texts = []
    for ask in found.asks:
        value = ask.value
        if isinstance(value, Decimal) and value not in {1, 2, 3}:
            texts += [print_number(value, places, grouped=False) for places in range(2, 7)]
    return [text for text in texts if len(text) > 2]


@pytest.mark.parametrize("kind", KINDS)
def test_hints_and_questions_do_not_hold_the_answer(kind: str) -> None:
    for seed in range(25):
        found = exercise(seed, kind)
        for ask in found.asks:
            assert len(ask.hints) >= 2
            assert len(set(ask.hints)) == len(ask.hints)
            for text in answer_texts(found):
                for hint in (*ask.hints, ask.question):
                    assert not re.search(rf"(?<![\d.]){re.escape(text)}(?![\d.]*\d)", hint), (seed, text, hint)


def test_the_whole_task_does_not_give_away_its_answers() -> None:
    """The measured volume stood among the given figures once, as what the session draws."""
    for seed in range(40):
        found = exercise(seed, WHOLE)
        given = " ".join(text.replace("\u00a0", " ") for _name, text in found.given if "^" not in text)
        for ask in found.asks:
            if ask.step in {"bsa", "dose", "amount", "drug-volume"}:
                for places in (2, 3, 4):
                    shown = print_number(ask.value, places, grouped=False)
                    there = re.search(rf"(?<![\d.]){re.escape(shown)}(?!\d)", given)
                    assert len(shown) < 4 or not there, (seed, ask.step, shown)
        assert _("bags made together take") not in dict(found.given)


def test_a_unit_that_makes_one_bag_a_session_has_every_kind_of_exercise() -> None:
    """Vials are shared by two bags at least, as if they were made together; by hand, all volumes ÷ 2.8 mL."""
    home = house_with(max_bags_per_session=1)
    for seed in range(3):
        (ask,) = make_exercise(seed, "vials", FULL, home).asks
        assert ask.chain is not None
        volumes = [magnitude(each, "mL") for each in ask.chain.drawn]
        assert len(volumes) == 2
        assert ask.value == math.ceil(sum(volumes) / Decimal("2.8"))
    assert {each.kind for each in class_set(7, 10, home)} == set(KINDS)


def test_nobody_is_asked_about_a_bag_that_the_site_cannot_measure() -> None:
    """Marks of 0.2 mL are too coarse for many an infant, for whom there is no plan: another one is drawn."""
    home = house_with(syringes={Decimal(60): Decimal("0.2")})
    for seed in range(6):
        asks = {ask.step: ask for ask in make_exercise(seed, WHOLE, FULL, home).asks}
        exact, measured = asks["drug-volume"].value, asks["measured"].value
        assert measured % Decimal("0.2") == 0
        assert abs(measured - exact) / exact <= Decimal("0.051")  # more is refused


def test_times_are_instants_and_volumes_quantities_of_the_unit() -> None:
    for seed in range(10):
        for ask in exercise(seed, WHOLE).asks:
            if ask.step == TIME:
                assert isinstance(ask.right, Instant)
            elif ask.unit:
                assert magnitude(ask.right, ask.unit) > 0
                assert ask.tolerance > 0


def test_an_exercise_holds_no_order_and_no_plan() -> None:
    """Nothing of training can be kept, issued or exported as care."""

    def inside(value: object, depth: int = 0) -> None:
        assert not isinstance(value, Plan)
        assert type(value).__name__ not in {"Order", "Bag", "Session", "Reading"}
        if depth > 6:
            return
        if isinstance(value, (tuple, list)):
            for each in value:
                inside(each, depth + 1)
        elif hasattr(value, "__dataclass_fields__"):
            for name in value.__dataclass_fields__:
                inside(getattr(value, name), depth + 1)

    for kind in KINDS:
        inside(exercise(5, kind, WORKED))
        inside(exercise(5, kind, FULL))


def test_what_no_kind_reveals_is_said() -> None:
    with pytest.raises(ValueError, match="no such case"):
        make_exercise(1, "convert", FULL, house(), wanting="volume-reset")
    with pytest.raises(KeyError):
        make_exercise(1, "convert", "half", house())
