"""The campaign of mistakes in small, and its answers worked apart from the program."""

from collections import Counter

import mistake_oracle
from teaching_cases import exercise

from dosing_app.teaching.exercise import KINDS
from dosing_app.teaching.mistakes import NAMES, ROUNDED_EARLY, Verdict, mark
from tests.teaching.mistake_campaign import campaign


def test_each_mistake_is_recognised_on_some_exercises() -> None:
    found = campaign(wanted=3, limit=300)
    assert {name for name in (*NAMES, ROUNDED_EARLY) if found.met[name] < 3} == set()
    assert all(found.share(name) == 100 for name in NAMES)
    assert found.called_right == 0


def test_mistakes_worked_apart_from_the_program_are_recognised() -> None:
    met: Counter[str] = Counter()
    missed: list[object] = []
    for kind in KINDS[:6]:
        for seed in range(40 if kind == "rate" else 14):
            for ask in exercise(seed, kind).asks:
                for name, value in mistake_oracle.slips(ask):
                    if abs(value - float(ask.value)) < 2.5 * float(ask.tolerance):
                        continue  # not to be told from the right answer
                    found = mark(ask, f"{value:.6f} {ask.unit}")
                    met[name] += 1
                    if name not in found.names or found.verdict is Verdict.RIGHT:
                        missed.append((kind, seed, name, value, found))
    assert missed == []
    assert len(met) == 13
    assert min(met.values()) >= 3
