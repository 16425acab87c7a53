"""`make bench`: start, memory, keystroke, plan, tables of orders and register, each as a ratio to a baseline.

The baseline is measured in the same run.

Absolute times are of this machine and this hour; the ratios are what the limits are set on. Nothing is asserted: the
last column says which limit of the issue holds.
"""

import compileall
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from exchange import batches, registers

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAM = [str(Path(sys.executable).with_name("dosing-app"))]
STARTS = 12
KEYS = 120
FRONTS = 30
INDICES = (("weight", "age"), ("length", "age"), ("weight", "length"))
ENVIRONMENT = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}


def started(command: list[str]) -> tuple[float, float, float]:
    """One whole process: painted [ms by itself], wall time [ms], peak memory [MB]."""
    before = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = (time.perf_counter() - before) * 1000
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return json.loads(output)["painted_ms"], wall, usage.ru_maxrss / 1024


def starts() -> list[tuple[str, str, str]]:
    """The program against the empty window, taken in turn so that both meet the same noise."""
    empty = [sys.executable, str(HERE / "empty_window.py")]
    ours = [*PROGRAM, "--exit-when-ready"]
    started(empty), started(ours)  # the first of each fills the disk cache
    pairs = [(started(empty), started(ours)) for _ in range(STARTS)]
    rows = []
    for index, (name, unit, limit) in enumerate(
        [("painted", "ms", 1.6), ("usable, whole process", "ms", 3.0), ("peak memory", "MB", 2.0)]
    ):
        base = statistics.median(pair[0][index] for pair in pairs)
        own = statistics.median(pair[1][index] for pair in pairs)
        ratio = statistics.median(pair[1][index] / pair[0][index] for pair in pairs)
        rows.append(
            (
                name,
                f"{own:.0f} {unit} against {base:.0f} {unit}",
                f"{ratio:.2f} × (limit {limit} ×) {held(ratio <= limit)}",
            )
        )
    return rows


def held(holds: bool) -> str:
    """The last word of a row."""
    return "holds" if holds else "MISSED"


def kernel() -> float:
    """A fixed piece of decimal arithmetic. [ms]"""
    before = time.perf_counter()
    total = Decimal(0)
    for number in range(1, 20_000):
        total += Decimal(number).sqrt()
    return (time.perf_counter() - before) * 1000


def times(action: Callable[[], object], count: int) -> list[float]:
    """So many runs of an action. [ms], sorted"""
    found = []
    for _ in range(count):
        before = time.perf_counter()
        action()
        found.append((time.perf_counter() - before) * 1000)
    return sorted(found)


def plans(base: float) -> list[tuple[str, str, str]]:
    """`calculate` alone, for the courses with the most and the fewest bags."""
    from dosing_app.course.calculate import calculate
    from dosing_app.course.order import read_order
    from dosing_app.reference.bundle import load_house

    house = load_house()
    rows = []
    for pattern in ("24h", "96h"):
        texts = {
            "weight": "6.42 kg",
            "length": "63.5 cm",
            "born": "2026-06-20",
            "measured": "2026-11-23",
            "start": "2026-11-23T14:00",
            "pattern": pattern,
        }
        reading = read_order(texts, house)
        found = times(lambda reading=reading: calculate(reading.order, (), reading.reference), 60)
        median = statistics.median(found)
        bags = len(calculate(reading.order, (), reading.reference).bags)
        verdict = f"(limit 10 ms) {held(median <= 10)}" if bags == 28 else ""
        rows.append((f"calculate, {bags} bags", f"{median:.1f} ms", f"{median / base:.2f} × the kernel {verdict}"))
    return rows


def fronts(base: float) -> list[tuple[str, str, str]]:
    """The whole front of a course, for each product data and the longest limit; infants, weekdays and hours differ."""
    from dosing_app.course.basis import make_basis
    from dosing_app.course.options import find_options
    from dosing_app.course.order import read_order
    from dosing_app.reference.bundle import load_house

    site = Path(__file__).with_name("product-limit.toml")
    house = load_house(site)
    rows = []
    for product in ("eu", "us"):
        found = []
        for number in range(FRONTS):
            texts = {
                "weight": f"{Decimal(3) + Decimal(number) / 5} kg",
                "length": f"{50 + number} cm",
                "born": "2026-06-20",
                "measured": "2026-11-23",
                "start": f"2026-11-{23 + number % 7}T{10 + number % 9}:00",
                "product": product,
                **{f"reason:{index}-for-{of}": "a measurement of time" for index, of in INDICES},
            }
            reading = read_order(texts, house)
            basis = make_basis(reading.order, reading.reference)
            if not basis.held_back:
                found += times(lambda basis=basis: find_options(basis), 3)
        found.sort()
        p95 = found[int(len(found) * 0.95)]
        rows.append(
            (
                f"whole front, {product}, p95",
                f"{p95:.0f} ms (median {statistics.median(found):.0f}, {len(found)} runs)",
                f"{p95 / base:.2f} × the kernel (limit 100 ms) {held(p95 <= 100)}",
            )
        )
    return rows


def paper_rows(base: float) -> list[tuple[str, str, str]]:
    """One worksheet and all labels of a course with 28 bags, from the plan to the bytes of the PDF."""
    from dosing_app.course.document import plan_of
    from dosing_app.course.order import read_order
    from dosing_app.papers.label import labels
    from dosing_app.papers.pdf import draw
    from dosing_app.papers.standing import Standing
    from dosing_app.papers.worksheet import worksheet
    from dosing_app.reference.bundle import load_house

    texts = {
        "weight": "6.42 kg",
        "length": "63.5 cm",
        "born": "2026-06-20",
        "measured": "2026-11-23",
        "start": "2026-11-23T14:00",
        "pattern": "24h",
    }
    reading = read_order(texts, load_house(Path(__file__).with_name("product-limit.toml")))
    plan, standing = plan_of(reading), Standing(missing=("not-checked",))

    def papers() -> None:
        draw(worksheet(plan.sessions[0], plan, standing, reading.reference))
        draw(labels(plan, standing, reading.reference))

    papers()  # the first reads fonts and templates
    found = times(papers, 5)
    median = statistics.median(found)
    verdict = f"{median / base:.1f} × the kernel (limit 1000 ms) {held(median <= 1000)}"
    return [(f"a worksheet and {len(plan.bags)} labels", f"{median:.0f} ms", verdict)]


def keystrokes(base: float) -> list[tuple[str, str, str]]:
    """From the dose to the whole window; and from a key pressed in the weight field to results painted."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from dosing_app.ui import theme
    from dosing_app.ui.application import load_dose, make_application
    from dosing_app.ui.editor import Editor
    from dosing_app.ui.main_window import MainWindow

    application = make_application()
    editor = Editor()
    window = MainWindow(editor)
    theme.dress(application)
    load_dose(editor, window, None, lambda: editor.open(ROOT / "resources" / "orders" / "example.json"))
    window.resize(1280, 800)
    window.show()
    application.processEvents()
    before = time.perf_counter()
    window.complete()
    application.processEvents()
    rest = (time.perf_counter() - before) * 1000
    field = window.order.form.inputs["weight"]
    field.setFocus()
    field.deselect()
    found = []
    for number in range(KEYS):
        key = Qt.Key.Key_Backspace if number % 2 else Qt.Key.Key_5
        before = time.perf_counter()
        QTest.keyClick(field, key)
        application.processEvents()
        found.append((time.perf_counter() - before) * 1000)
    window.close()
    found.sort()
    p95 = found[int(len(found) * 0.95)]
    return [
        ("the rest of the window, after the dose", f"{rest:.0f} ms", f"{rest / base:.2f} × the kernel"),
        (
            "key to repainted results, p95",
            f"{p95:.1f} ms (median {statistics.median(found):.1f})",
            f"{p95 / base:.2f} × the kernel (limit 16 ms) {held(p95 <= 16)}",
        ),
    ]


def main() -> None:
    """Print the table."""
    compileall.compile_dir(ROOT / "dosing_app", quiet=1)  # as an installed program is: no start compiles it anew
    base = statistics.median(times(kernel, 9))
    rows = [
        ("kernel: 20 000 square roots", f"{base:.1f} ms", "1.00 ×"),
        *starts(),
        *batches(base),  # while this process is small: a child's peak memory begins with its parent's
        *plans(base),
        *fronts(base),
        *paper_rows(base),
        *keystrokes(base),
        *registers(base),
    ]
    width = max(len(row[0]) for row in rows)
    middle = max(len(row[1]) for row in rows)
    for name, figure, ratio in rows:
        print(f"{name:<{width}}  {figure:<{middle}}  {ratio}")

    import peers

    peers.main()


if __name__ == "__main__":
    main()
