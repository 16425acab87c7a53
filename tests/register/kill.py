"""`make kill`: programs killed at random moments while they write to the register, until 1,000 writes are acknowledged.

For a file and for a server. Each killed program had told of every write that had ended; all of them must be found, the
chain must be whole, and no more than one write for each kill may be there that nobody was told of. Then a list of
10,000 courses against one of 100, and what a check, a backup and a restore of it take. Status 1 if anything is lost,
or if the long list takes more than twice the time.
"""

import argparse
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "store"))

import postgres
import test_register as cases

from dosing_app.store.backup import backup, restore
from dosing_app.store.register import Register, open_register

MOST = 2.0  # times what the list of 100 takes: the limit of the issue


def killed(where: Path | str, writes: int, draw: random.Random) -> bool:
    """Kill writers until so many writes are acknowledged; whether all are there."""
    acknowledged: list[str] = []
    kills = 0
    while len(acknowledged) < writes:
        with open_register(where, cases.HOUSE) as register:  # also the one who finds what the killed one left
            course = register.add_course("A-17", cases.TEXTS, cases.BY)
        process = subprocess.Popen(
            [sys.executable, "-c", cases.WRITER, str(where), course.id, str(kills)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(draw.uniform(0, 0.1))
        process.send_signal(signal.SIGKILL)
        acknowledged += process.stdout.read().split()
        process.stdout.close()
        process.wait()
        kills += 1
    with open_register(where, cases.HOUSE) as register:
        kept = register.courses(limit=writes * 10).courses
        found = [each.event["text"] for course in kept for each in register.course(course.id).log]
        faults = register.verify()
    lost = len(set(acknowledged) - set(found))
    untold = len(found) - len(acknowledged)
    print(f"  {kills} kills, {len(acknowledged)} acknowledged, {lost} lost, {untold} untold, {len(faults)} faults")
    return not lost and not faults and len(kept) == kills and 0 <= untold <= kills and len(found) == len(set(found))


def fill(register: Register, courses: int) -> None:
    """Courses, every tenth with an issued plan and a log."""
    for number in range(courses):
        planned = number % 10 == 0
        course = register.add_course("A-17" if planned else f"B-{number}", cases.TEXTS, cases.BY)
        if planned:
            course = register.add_plan(course.id, cases.FIRST.as_json(), cases.BY, course.head)
            log = [cases.entry("prepared", -2, session=1), cases.entry("hung", 0, bag=1)]
            register.append(course.id, log, course.head)


def listed(register: Register) -> float:
    """Milliseconds of the first page, the middle one of many."""
    taken = []
    for _ in range(60):
        before = time.perf_counter()
        register.courses()
        taken.append((time.perf_counter() - before) * 1000)
    return statistics.median(taken)


def timed(work: object) -> float:
    """Seconds of a call."""
    assert callable(work)
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


def long_list(few: Path | str, many: Path | str, courses: int, folder: Path) -> bool:
    """The list of many courses against that of 100."""
    with open_register(few, cases.HOUSE, cases.Clock()) as register:
        fill(register, 100)
        short = listed(register)
    if few == many:
        many = postgres.fresh(str(few).rpartition("/")[0])
    with open_register(many, cases.HOUSE, cases.Clock()) as register:
        seconds = timed(lambda: fill(register, courses))
        long = listed(register)
        search = timed(lambda: register.courses("b-9")) * 1000
        verify = timed(register.verify)
        write = timed(lambda: backup(register, folder / "backup"))
        back = timed(lambda: restore(folder / "backup", many, cases.HOUSE, cases.Clock()))
    size = (folder / "backup").stat().st_size / 1e6
    print(
        f"  list of 100: {short:.2f} ms, of {courses}: {long:.2f} ms, ratio {long / short:.2f}; search {search:.1f} ms"
    )
    print(f"  filled {seconds:.0f} s, checked {verify:.1f} s, backup {write:.1f} s ({size:.0f} MB), back {back:.1f} s")
    return long <= MOST * short


@contextmanager
def places(folder: Path) -> Iterator[dict[str, tuple[Path | str, Path | str]]]:
    """A file and, where there is one, a server: two places each."""
    files = {"file": (folder / "few.sqlite3", folder / "many.sqlite3")}
    if reason := postgres.available():
        print(f"*** NOT ON A SERVER: {reason} ***")
        yield dict(files)
        return
    with postgres.server() as address:
        yield {**files, "server": (f"{address}/postgres", f"{address}/postgres")}


def main() -> int:
    """Run both on each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writes", type=int, default=1000)
    parser.add_argument("--courses", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    good = True
    with tempfile.TemporaryDirectory(prefix="register-") as name, places(Path(name)) as found:
        for kind, (few, many) in found.items():
            print(f"{kind}: killed while writing (seed {options.seed})", flush=True)
            place = Path(name) / "killed.sqlite3" if isinstance(few, Path) else few
            good &= killed(place, options.writes, random.Random(options.seed))
            if isinstance(few, str):
                postgres.fresh(few.rpartition("/")[0])
            print(f"{kind}: the list", flush=True)
            good &= long_list(few, many, options.courses, Path(name))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
