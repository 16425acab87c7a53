"""`make front`: the search over many random infants, sites and starts; and against brute force on more short courses.

Printed: the share of options whose vials are at the floor, the sizes of the fronts, the time of a front, and how many
short courses agree with brute force. A disagreement, a broken limit or fewer vials than the floor ends with status 1.
"""

import argparse
import random
import statistics
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from typing import Any

from dosing_app.course.options import find_options
from tests.course import test_front as cases
from tests.oracles import brute_options as brute

ZONES = ("Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
REASONS = {
    f"reason:{code}": "a campaign"
    for code in (
        *("weight-for-age", "length-for-age", "weight-for-length", "index-not-available"),
        *("age", "measurement-age", "weight-change"),
    )
}


def random_case(number: int) -> tuple[str, dict[str, str]]:
    """A site and an order."""
    draw = random.Random(number)
    limit = draw.choice(['"product"', '"product"', "24", "48", "96"])
    site = (
        f'start_within_h = {limit}\nstart_within_basis = "a campaign"\nlead_time_h = {draw.choice([2, 3, 6])}\n'
        f"max_bags_per_session = {draw.randint(1, 6)}\nshare_vials = {draw.choice(['true', 'true', 'false'])}\n"
        f'zone = "{draw.choice(ZONES)}"\nweekend_changes = "{draw.choice(["off-hours", "wanted"])}"\n'
        f"preserved_bags = {draw.choice(['true', 'false'])}\n[preparation_hours]\n{draw.choice(cases.WEEKS)}\n"
    )
    day = datetime.fromordinal(datetime(2026, 10, 1, tzinfo=UTC).toordinal() + draw.randint(0, 200))
    texts = {
        "weight": f"{draw.uniform(2.6, 11.5):.2f} kg",
        "length": f"{draw.uniform(47, 82):.1f} cm",
        "start": f"{day:%Y-%m-%d}T{draw.randint(0, 23):02}:{draw.choice([0, 15, 30]):02}",
        "measured": f"{day:%Y-%m-%d}",
        "born": f"{datetime.fromordinal(day.toordinal() - draw.randint(30, 380)):%Y-%m-%d}",
        "zone": draw.choice(ZONES),
        "product": draw.choice(["eu", "us"]),
    }
    return site, {**texts, **REASONS}


def whole_course(number: int) -> dict[str, Any] | None:
    """The front of one random infant: what is printed of it; None where the clock skips the start."""
    site, texts = random_case(number)
    try:
        answer, _ = cases.answer_of(site, **texts)
    except AssertionError:
        return None
    before = time.perf_counter()
    find_options(answer._basis)
    took = (time.perf_counter() - before) * 1000
    plans = [answer.plan(index) for index in answer.listed]
    totals = [plan.totals for plan in plans if plan.totals is not None]
    return {
        "options": len(answer.options),
        "unlisted": len(answer.options) - len(answer.listed),
        "at_floor": sum(each.vials == each.vials_floor for each in totals),
        "below_floor": sum(each.vials < each.vials_floor for each in totals),
        "first_at_floor": bool(totals) and totals[0].vials == totals[0].vials_floor,
        "ms": took,
        "why": next((each.values["reason"] for each in answer.findings if each.code == "no-plan"), ""),
    }


def short_course(number: int) -> tuple[bool, int] | None:
    """Whether the fronts of a short course are those of brute force, and how many points they have."""
    site, texts = random_case(number)
    days = random.Random(number).randint(2, 7)
    try:
        answer, reference = cases.answer_of(site, protocol=cases.short_course(days), **texts)
    except AssertionError:
        return None
    if answer._basis.held_back:
        return None
    start = datetime.fromtimestamp(answer.order.start.timestamp(), UTC)
    course = cases.brute_course(answer, reference, start, days * 24)
    agree, points = True, 0
    for preserved in (False, True):
        expected = [(tuple(counts), stored) for counts, stored in brute.front(course, preserved=preserved)]
        found = [
            (tuple(option.counts), cases.storage_of(answer, index))
            for index, option in enumerate(answer.options)
            if option.preserved is preserved
        ]
        points += len(found)
        agree = agree and found == expected
    return agree, points


def main() -> int:
    """Print the figures; 1 if anything disagrees."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--infants", type=int, default=1000)
    parser.add_argument("--short", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    begin = given.seed * 1_000_000
    with ProcessPoolExecutor(2) as pool:
        numbers = range(begin, begin + given.infants)
        whole = [each for each in pool.map(whole_course, numbers, chunksize=20) if each is not None]
        numbers = range(begin, begin + given.short)
        short = [each for each in pool.map(short_course, numbers, chunksize=20) if each is not None]
    with_plan = [each for each in whole if each["options"]]
    options = sum(each["options"] for each in whole)
    took = sorted(each["ms"] for each in whole)
    print(f"{len(whole)} courses of 28 days: {len(with_plan)} with a plan, {options} options")
    print(f"no plan, by reason: {dict(Counter(each['why'] for each in whole if each['why']))}")
    sizes = sorted(each["options"] for each in with_plan)
    print(f"options of a course: median {statistics.median(sizes)}, most {sizes[-1]}")
    print(f"options at the vials floor: {sum(each['at_floor'] for each in whole) / max(1, options):.1%}")
    first = sum(each["first_at_floor"] for each in with_plan)
    print(f"first option at the floor: {first / max(1, len(with_plan)):.1%}")
    print(f"front: median {statistics.median(took):.0f} ms, p95 {took[int(len(took) * 0.95)]:.0f} ms")
    wrong = sum(not agree for agree, _ in short)
    print(f"{len(short)} short courses against brute force: {wrong} disagree; {sum(p for _, p in short)} points")
    below = sum(each["below_floor"] for each in whole)
    unlisted = sum(each["unlisted"] for each in whole)
    print(f"below the floor: {below}; options on which the engines disagree: {unlisted}")
    return 1 if wrong or below or unlisted else 0


if __name__ == "__main__":
    sys.exit(main())
