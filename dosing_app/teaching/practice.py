"""A learner's round of exercises from one seed: which exercise comes next, what was answered, and how it went.

Holds no name: a result is a seed, a question and what became of it.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from dosing_app.reference.bundle import House
from dosing_app.teaching.exercise import FULL, LEVELS, Draw, Exercise, class_set, make_exercise
from dosing_app.teaching.mistakes import Mark, Verdict
from dosing_app.wording.language import _, spoken

A_SET = "set"  # the class set of this seed, as it is printed
IN_TURN = "in-turn"  # the first worked, the second with help, then alone
SET_SIZE = 12
COLUMNS = (
    *("training", "seed", "exercise", "question", "kind", "level", "step"),
    *("attempt", "hints", "verdict", "mistake"),
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One marked answer. What was typed is not kept: it could hold anything."""

    seed: int
    exercise: int
    question: int
    kind: str
    level: str
    step: str
    attempt: int
    hints: int
    verdict: Verdict
    mistakes: tuple[str, ...]

    @property
    def counts(self) -> bool:
        """Whether it is the first answer that could be read, which alone is scored."""
        return self.attempt == 1


def exercise_at(seed: int, number: int, kind: str, level: str, house: House) -> Exercise | None:
    """An exercise of a round; None beyond the end of a class set.

    Args:
        seed: of the round, from 0 on.
        number: from 1.
        kind: of `exercise.KINDS`, or `A_SET`, whose levels are its own.
        level: of `exercise.LEVELS`, or `IN_TURN`.
        house: the site's settings.

    Raises:
        ValueError: a seed below zero. KeyError: no such kind or level.
    """
    if kind == A_SET:
        whole = _set(seed, house.site.digest, house)
        return whole[number - 1] if number <= len(whole) else None
    draw = Draw(seed)
    own = [draw.seed() for _number in range(number)][-1]
    if level == IN_TURN:
        level = LEVELS[number - 1] if number <= len(LEVELS) else FULL
    return make_exercise(own, kind, level, house, number=number)


_kept: dict[tuple[int, str, str], tuple[Exercise, ...]] = {}


def _set(seed: int, site: str, house: House) -> tuple[Exercise, ...]:
    """The class set of a seed: made once, and only the last one kept."""
    if (seed, site, spoken()) not in _kept:
        _kept.clear()
        _kept[seed, site, spoken()] = class_set(seed, SET_SIZE, house)
    return _kept[seed, site, spoken()]


def attempt_of(exercise: Exercise, seed: int, place: int, mark: Mark, before: Sequence[Attempt], hints: int) -> Attempt:
    """What is kept of a marked answer.

    Args:
        exercise: that it belongs to.
        seed: of the round.
        place: of the question in the exercise, from 0.
        mark: how it was marked.
        before: what was kept so far.
        hints: how many were shown.
    """
    earlier = [
        each
        for each in before
        if (each.seed, each.exercise, each.question, each.kind, each.level)
        == (seed, exercise.number, place + 1, exercise.kind, exercise.level)
    ]
    read = [each for each in earlier if each.verdict is not Verdict.UNREAD]
    return Attempt(
        seed=seed,
        exercise=exercise.number,
        question=place + 1,
        kind=exercise.kind,
        level=exercise.level,
        step=exercise.asks[place].step,
        attempt=0 if mark.verdict is Verdict.UNREAD else len(read) + 1,
        hints=hints,
        verdict=mark.verdict,
        mistakes=mark.names,
    )


def score(attempts: Sequence[Attempt]) -> str:
    """How the first answers went, in one line."""
    first = [each for each in attempts if each.counts]
    if not first:
        return _("No answer yet.")
    right = sum(each.verdict in {Verdict.RIGHT, Verdict.FOLLOWS} for each in first)
    early = sum(each.verdict is Verdict.EARLY for each in first)
    said = _("Right at the first try: {right} of {total}.").format(right=right, total=len(first))
    if early:
        said += " " + _("Rounded too early: {early}.").format(early=early)
    return said


def results(attempts: Sequence[Attempt]) -> str:
    """A table of a round: no names, no answers, one line for each marked answer."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for each in attempts:
        table.writerow(
            [
                _("TRAINING"),
                each.seed,
                each.exercise,
                each.question,
                each.kind,
                each.level,
                each.step,
                each.attempt or "",
                each.hints,
                each.verdict.value,
                " ".join(each.mistakes),
            ]
        )
    return written.getvalue()


def verdict_words(verdict: Verdict) -> str:
    """A verdict in words."""
    return {
        Verdict.RIGHT: _("Right"),
        Verdict.EARLY: _("Right, but rounded too early"),
        Verdict.FOLLOWS: _("Right, with your own earlier figure"),
        Verdict.MISTAKE: _("A known slip"),
        Verdict.OTHER_UNIT: _("The right amount in another unit"),
        Verdict.WRONG: _("Not right"),
        Verdict.UNREAD: _("Not read"),
    }[verdict]
