"""What `bench.py` measures of the table of orders and of the register: that neither grows dear with its length."""

import csv
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
ORDERS = (100, 1_000, 10_000)
COURSES = (100, 10_000)
NAMES = ("case", "weight", "length", "born", "sex", "gestation", "measured", "start", "product")
# One order in ten is one of these: too few cells, a weight out of all limits, an empty one, bytes of no text.
BAD: tuple[dict[str, str] | None, ...] = (None, {"weight": "64.2 kg"}, {"weight": ""}, {"start": "9" * 5000})
Rows = list[tuple[str, str, str]]


class Run(NamedTuple):
    """One whole process: seconds that it kept a core busy, lines, peak memory [MB]."""

    seconds: float
    lines: int
    memory: float


def write_orders(path: Path, count: int) -> None:
    """A table of orders of girls about five months old: weights, lengths, weekdays, hours and product data differ."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(NAMES)
        for number in range(count):
            order = {
                "case": f"A-{number}",
                "weight": f"{6 + number % 17 / 10:.1f} kg",
                "length": f"{62 + number % 13 / 4} cm",
                "born": "2026-06-20",
                "sex": "female",
                "gestation": "term",
                "measured": "2026-11-23",
                "start": f"2026-11-{23 + number % 5}T{10 + number % 7}:00",
                "product": "us" if number % 3 == 0 else "eu",
            }
            bad = BAD[number // 10 % len(BAD)] if number % 10 == 9 else {}
            writer.writerow(["too short"] if bad is None else [{**order, **bad}[name] for name in NAMES])


def answered(path: Path) -> Run:
    """The table answered by the program, as a script calls it."""
    command = [str(Path(sys.executable).with_name("dosing-app")), "batch", str(path), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    lines = sum(1 for _line in process.stdout)
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return Run(usage.ru_utime + usage.ru_stime, lines, usage.ru_maxrss / 1024)


def batches(base: float) -> Rows:
    """The cost of one order, and the memory, in tables of three lengths; the start of the program taken off."""
    rows: Rows = []
    first: tuple[float, float] | None = None
    with tempfile.TemporaryDirectory(prefix="batch-") as folder:
        path = Path(folder) / "orders.csv"
        write_orders(path, 0)
        start = min(answered(path).seconds for _turn in range(3))
        for count in ORDERS:
            write_orders(path, count)
            run = min(answered(path) for _turn in range(3 if count == ORDERS[0] else 1))
            if run.lines != count:
                raise SystemExit(f"{run.lines} answers to {count} orders")
            each = (run.seconds - start) / count * 1000
            dearer, larger = (each / first[0], run.memory / first[1]) if first else (1.0, 1.0)
            first = first or (each, run.memory)
            verdict = f"{each / base:.2f} × the kernel; {dearer:.2f} × the first, memory {larger:.2f} × (limit 1.2 ×)"
            rows.append(
                (
                    f"batch of {count:,} orders, each",
                    f"{each:.1f} ms ({run.memory:.0f} MB)",
                    f"{verdict} {'holds' if max(dearer, larger) <= 1.2 else 'MISSED'}",
                )
            )
    return rows


def registers(base: float) -> Rows:
    """The first page of the list of courses, of a short register and of a long one in a file."""
    for room in (".", "register", "store"):
        sys.path.insert(0, str(HERE.parent / room))
    import test_register as cases
    from kill import MOST, fill, listed

    from dosing_app.store.register import open_register

    found = []
    with tempfile.TemporaryDirectory(prefix="register-") as folder:
        for count in COURSES:
            with open_register(Path(folder) / f"{count}.sqlite3", cases.HOUSE, cases.Clock()) as register:
                fill(register, count)
                found.append(listed(register))
    ratio = found[1] / found[0]
    return [
        (f"list of {COURSES[0]:,} courses", f"{found[0]:.2f} ms", f"{found[0] / base:.2f} × the kernel"),
        (
            f"list of {COURSES[1]:,} courses",
            f"{found[1]:.2f} ms",
            f"{ratio:.2f} × the short one (limit {MOST:.0f} ×) {'holds' if ratio <= MOST else 'MISSED'}",
        ),
    ]
