"""Random logs over many plans: each must balance to the minute, or be refused at the entry that cannot have happened.

`python tests/course/log_campaign.py`: 100,000 logs; takes some minutes. Status 1 if one does not fit.
"""

import argparse
import sys
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent))

from log_cases import LONG, issued_case
from log_ward import STEPS, Ward, some_entry

PATTERNS = {
    "eu": ("96h", "72h,96h", "96h,72h", "96h@72,96h", "96h@72", "72h", "48h", "48h,96h", "24h"),
    "us": ("48h", "48h@24,48h", "24h", "24h,48h"),
}
# Zones with the days on which a course there meets a change of the clock, or none.
PLACES = (
    ("Europe/Amsterdam", ("2026-10-12T14:00", "2027-03-08T22:15", "2026-11-23T08:00")),
    ("America/New_York", ("2026-10-19T10:00", "2027-02-22T16:30")),
    ("Australia/Lord_Howe", ("2026-09-14T09:00", "2027-03-22T09:30")),
    ("Asia/Kathmandu", ("2026-11-23T14:15",)),
    ("Africa/Casablanca", ("2027-01-25T11:00", "2027-02-22T03:30")),
)


@dataclass
class Found:
    """What came of many logs."""

    logs: int = 0
    entries: int = 0
    revisions: int = 0
    corrected: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)

    def add(self, other: "Found") -> None:
        self.logs += other.logs
        self.entries += other.entries
        self.revisions += other.revisions
        self.corrected += other.corrected
        self.refused += other.refused
        self.violations += other.violations


@cache
def combinations(plans: int) -> tuple[tuple[str, ...], ...]:
    """Pattern, product, zone, start, site of so many plans."""
    every = [
        (pattern, product, zone, start, more)
        for product, patterns in PATTERNS.items()
        for pattern in patterns
        for zone, starts in PLACES
        for start in starts
        for more in (LONG, "")
    ]
    return tuple(Random(0).sample(every, min(plans, len(every))))


def one_log(seed: int, plans: int, found: Found) -> None:
    """A log, its refused entries among it; checked where an entry is refused, and at its end."""
    random = Random(seed)
    ward = Ward(*issued_case(*random.choice(combinations(plans))))
    for _entry in range(random.randrange(1, 40)):
        ward.now += random.choice(STEPS)
        if random.random() < 0.001:
            found.revisions += ward.issue_rest()
            continue
        entry = some_entry(ward, random)
        if ward.refusal(entry) is None:  # this account takes it: whether the program does is seen at the end
            ward.take(entry)
        elif random.random() < 0.5 and (reason := ward.attempt(entry)) is not None:
            found.refused[reason] += 1
    ward.now += random.choice((0, 1, 600, 10_000))
    progress = ward.progress()
    ward.check(progress)
    ward.check_afresh(progress)
    if ward.log and random.random() < 0.1:
        ward.check_corrected(progress, random.randrange(len(ward.log)))
        found.corrected += 1
    if random.random() < 0.02:
        ward.check_rest(ward.rest())
    found.entries += len(ward.log)
    found.logs += 1


def part(seeds: Sequence[int], plans: int) -> Found:
    found = Found()
    for seed in seeds:
        try:
            one_log(seed, plans, found)
        except Exception:  # noqa: BLE001 - whatever it is, it is told with its seed
            found.violations.append(f"seed {seed}: {traceback.format_exc(limit=-3)}")
    return found


def campaign(seeds: Sequence[int], plans: int, jobs: int) -> Found:
    """Random logs of these seeds over so many plans."""
    if jobs == 1:
        return part(seeds, plans)
    found, size = Found(), 1000
    with ProcessPoolExecutor(jobs) as pool:
        parts = [seeds[at : at + size] for at in range(0, len(seeds), size)]
        for each in pool.map(part, parts, [plans] * len(parts)):
            found.add(each)
    return found


def main() -> int:
    """Run it and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--logs", type=int, default=100_000)
    parser.add_argument("--plans", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    begin = time.monotonic()
    found = campaign(range(options.seed, options.seed + options.logs), options.plans, options.jobs)
    took = time.monotonic() - begin
    print(
        f"{found.logs} logs over {options.plans} plans: {found.entries} entries, each balanced to the minute at its end"
    )
    print(f"{found.revisions} revisions issued on the way, {found.corrected} logs with an entry put right later")
    print(f"{sum(found.refused.values())} entries refused, each by its place and for the reason expected:")
    for reason, count in found.refused.most_common():
        print(f"  {reason:20} {count}")
    print(f"{took:.0f} s, {took / max(1, found.logs) * 1000 * options.jobs:.1f} ms of a processor for a log")
    print(f"{len(found.violations)} violations")
    for each in found.violations[:5]:
        print(each)
    return 1 if found.violations or found.logs != options.logs else 0


if __name__ == "__main__":
    sys.exit(main())
