"""`python -m tests.teaching.mistake_campaign`: each named mistake, generated as an answer on a thousand exercises.

Printed: on how many of them it was recognised by its name, and which mistakes gave the same answer and were named
together. Less than 98 % of any of them ends with status 1. It takes some minutes.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from dosing_app.teaching.ask import Ask
from dosing_app.teaching.exercise import KINDS, make_exercise
from dosing_app.teaching.mistakes import NAMES, ROUNDED_EARLY, Verdict, claims, mark
from tests.teaching.teaching_cases import house, typed

WANTED, ENOUGH = 1000, 98  # exercises for each mistake; percent
_MOST = 40_000  # exercises altogether


@dataclass
class Outcome:
    """How often each mistake was met and recognised, and which were named together."""

    met: Counter[str] = field(default_factory=Counter)
    recognised: Counter[str] = field(default_factory=Counter)
    together: Counter[tuple[str, ...]] = field(default_factory=Counter)
    called_right: int = 0
    exercises: int = 0

    def share(self, name: str) -> float:
        """Percent of a mistake's exercises on which it was named."""
        return 100 * self.recognised[name] / self.met[name] if self.met[name] else 0.0


def asks(limit: int) -> Iterator[tuple[int, Ask]]:
    """Questions of every kind in turn, from seeds that count up; of the whole task every step."""
    for seed in range(limit):
        for ask in make_exercise(seed, KINDS[seed % len(KINDS)], house=house()).asks:
            yield seed, ask


def campaign(wanted: int = WANTED, limit: int = _MOST) -> Outcome:
    """Answer with what each mistake gives, until every mistake was met on so many exercises."""
    found, last = Outcome(), -1
    names = {*NAMES, ROUNDED_EARLY}
    for seed, ask in asks(limit):
        if seed != last:
            found.exercises, last = found.exercises + 1, seed
            if all(found.met[name] >= wanted for name in names):
                break
        for name, claim in {claim.name: claim for claim in claims(ask)}.items():
            if found.met[name] >= wanted:
                continue
            found.met[name] += 1
            marked = mark(ask, typed(ask, claim.value))
            found.recognised[name] += name in marked.names
            found.called_right += marked.verdict in {Verdict.RIGHT, Verdict.FOLLOWS}
            if len(marked.names) > 1:
                found.together[tuple(sorted(marked.names))] += 1
    return found


def main() -> int:
    """Run, print, and say whether it was enough."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wanted", type=int, default=WANTED)
    wanted = parser.parse_args().wanted
    found = campaign(wanted)
    names = (*NAMES, ROUNDED_EARLY)
    print(f"{found.exercises} exercises")
    for name in names:
        print(f"  {name:26} {found.recognised[name]:5} of {found.met[name]:5}  {found.share(name):.1f} %")
    print("named together, since they give the same answer:")
    for pair, count in found.together.most_common():
        print(f"  {count:5}  {' + '.join(pair)}")
    short = [name for name in names if found.met[name] < wanted or found.share(name) < ENOUGH]
    print("short:", ", ".join(short) or "none", "- called right:", found.called_right)
    return int(bool(short) or bool(found.called_right))


if __name__ == "__main__":
    sys.exit(main())
