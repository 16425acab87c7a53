"""A round of exercises: which comes next, what is kept of an answer, and no names."""

import csv
import hashlib
import io
from decimal import Decimal

from teaching_cases import house, typed
from whenever import Instant

from dosing_app.core.quantities import print_number
from dosing_app.teaching.exercise import FADED, FULL, WORKED, Exercise, class_set
from dosing_app.teaching.mistakes import Verdict, mark
from dosing_app.teaching.practice import (
    A_SET,
    COLUMNS,
    IN_TURN,
    SET_SIZE,
    Attempt,
    attempt_of,
    exercise_at,
    results,
    score,
    verdict_words,
)

# What the class set 7 of 12 shows and holds right, whatever its sentences say; the same on every machine.
DIGEST_7 = "1a559b30f012b904be2bfc6961ee0f84e2e41ca3b902adcf2556de10f35c80de"


def figures_of(exercise: Exercise) -> str:
    """The texts of an exercise that hold its figures."""
    rights = []
    for ask in exercise.asks:
        value = ask.value
        rights.append(value.format_iso() if isinstance(value, Instant) else print_number(Decimal(value), 6))
    texts = [text.replace("\u00a0", " ") for _name, text in exercise.given if any(map(str.isdigit, text))]
    return "|".join([exercise.kind, exercise.level, *texts, *rights])


def test_the_class_set_of_a_seed_is_this_one() -> None:
    shown = "\n".join(map(figures_of, class_set(7, SET_SIZE, house())))
    assert hashlib.sha256(shown.encode()).hexdigest() == DIGEST_7, shown


def test_a_class_set_is_the_one_on_paper_and_ends() -> None:
    on_paper = class_set(7, SET_SIZE, house())
    assert [exercise_at(7, number, A_SET, IN_TURN, house()) for number in range(1, SET_SIZE + 1)] == list(on_paper)
    assert exercise_at(7, SET_SIZE + 1, A_SET, IN_TURN, house()) is None


def test_a_round_is_worked_then_helped_then_alone_and_the_same_again() -> None:
    made = [exercise_at(3, number, "dose", IN_TURN, house()) for number in range(1, 6)]
    assert [each.level for each in made if each] == [WORKED, FADED, FULL, FULL, FULL]
    assert made == [exercise_at(3, number, "dose", IN_TURN, house()) for number in range(1, 6)]
    assert len({each.seed for each in made if each}) == 5


def attempts(texts: list[str]) -> list[Attempt]:
    made = exercise_at(3, 1, "dose", FULL, house())
    assert made is not None
    kept: list[Attempt] = []
    for text in texts:
        kept.append(attempt_of(made, 3, 0, mark(made.asks[0], text), kept, hints=1))
    return kept


def test_the_first_answer_that_can_be_read_is_scored() -> None:
    made = exercise_at(3, 1, "dose", FULL, house())
    assert made is not None
    right = typed(made.asks[0], made.asks[0].value)
    assert score([]) == "No answer yet."
    assert score(attempts([right])) == "Right at the first try: 1 of 1."
    assert score(attempts(["five", right])) == "Right at the first try: 1 of 1."
    assert score(attempts(["5000 micrograms per day", right])) == "Right at the first try: 0 of 1."


def test_an_answer_that_was_rounded_too_early_is_counted_apart() -> None:
    made = exercise_at(3, 1, "dose", FULL, house())
    assert made is not None
    early = typed(made.asks[0], round(made.asks[0].value, 1))
    assert score(attempts([early])) == "Right at the first try: 0 of 1. Rounded too early: 1."
    assert score(attempts(["five", early, early])) == "Right at the first try: 0 of 1. Rounded too early: 1."


def test_results_hold_no_name_and_no_typed_text() -> None:
    kept = attempts(["Anna Jansen", "=cmd()", "0.5 micrograms per day"])
    rows = list(csv.DictReader(io.StringIO(results(kept))))
    assert tuple(rows[0]) == COLUMNS
    assert [row["verdict"] for row in rows] == ["unread", "unread", kept[2].verdict.value]
    assert all(row["training"] == "TRAINING" for row in rows)
    assert [row["attempt"] for row in rows] == ["", "", "1"]
    for word in ("Anna", "Jansen", "=cmd", "0.5"):
        assert word not in results(kept)
    assert not any("name" in column or "learner" in column for column in COLUMNS)


def test_every_verdict_has_words() -> None:
    assert len({verdict_words(each) for each in Verdict}) == len(Verdict)
