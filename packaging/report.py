"""`make report`: docs/verification.md, from what was measured. Only the known anomalies are written by hand.

First the tests run with coverage (`--kept` takes the coverage of last time instead). Then the vectors are compared
afresh; the slips (`make mutants`) and the figures of the long commands are those kept in tests/evidence.
"""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dosing_app

ROOT = Path(__file__).resolve().parents[1]
EVIDENCE = ROOT / "tests" / "evidence"
PAGE = ROOT / "docs" / "verification.md"
COVERAGE, ANOMALIES = EVIDENCE / "coverage.json", EVIDENCE / "anomalies.md"
# The tests of the window call the rooms below it, but do not count: what is below is held by tests below.
LEFT_OUT = ("ui", "ui_at", "packaging", "bench")
SCORED = ("core", "course/calculate", "course/options", "course/proof", "course/log")
LONG = {
    "shield": "slips of typing in simulated infants, and random texts to every reader",
    "front": "options of random infants, and against brute force by another author",
    "kill": "programs killed while they write to the register",
    "logs": "random logs of courses, each balanced to the minute",
    "mistakes": "named mistakes of learners, recognised",
}
MOST_LINES = 45  # of a command's figures; the rest stands in the file


# ---- coverage ----


def measure_coverage() -> None:
    """Run the tests, in this process and in those that they start, and keep what was reached."""
    with tempfile.TemporaryDirectory(prefix="coverage-") as name:
        settings = str(EVIDENCE / "coverage.ini")
        environment = {
            **os.environ,
            "COVERAGE_DATA": f"{name}/data",
            "COVERAGE_PROCESS_START": settings,
            "PYTHONPATH": str(EVIDENCE / "inherited"),
        }
        ignored = [f"--ignore={ROOT / 'tests' / each}" for each in LEFT_OUT]
        tests = subprocess.run([sys.executable, "-m", "pytest", "-q", *ignored], cwd=ROOT, env=environment, check=False)
        del environment["COVERAGE_PROCESS_START"]
        write_coverage(settings, environment, name, failed=tests.returncode != 0)


def write_coverage(settings: str, environment: dict[str, str], folder: str, *, failed: bool) -> None:
    """From the data of all processes to a small file: per module how much there is and what no test reaches."""
    tool = [sys.executable, "-m", "coverage"]
    subprocess.run([*tool, "combine", "-q", f"--rcfile={settings}"], cwd=ROOT, env=environment, check=True)
    report = [*tool, "json", "-q", f"--rcfile={settings}", "-o", f"{folder}/all.json"]
    subprocess.run(report, cwd=ROOT, env=environment, check=True)
    found = json.loads(Path(folder, "all.json").read_text("utf-8"))["files"]
    modules = {
        path.removeprefix("dosing_app/"): {
            "statements": each["summary"]["num_statements"],
            "branches": each["summary"]["num_branches"],
            "missing": each["missing_lines"],
            "missing branches": [way for way in each["missing_branches"] if way[0] not in each["missing_lines"]],
            "partial": each["summary"]["missing_branches"],
        }
        for path, each in sorted(found.items())
        if path.startswith("dosing_app/")
    }
    kept = {"tests failed": failed, "modules": modules}
    COVERAGE.write_text(json.dumps(kept, separators=(",", ":")).replace('},"', '},\n"') + "\n", encoding="utf-8")


def coverage_part() -> list[str]:
    """Rooms, then the modules that are not whole, with their lines."""
    kept = json.loads(COVERAGE.read_text("utf-8"))
    modules: dict[str, dict[str, Any]] = kept["modules"]
    rooms: dict[str, list[dict[str, Any]]] = {}
    for path, each in modules.items():
        rooms.setdefault(path.partition("/")[0] if "/" in path else "start", []).append(each)
    lines = ["`make report` itself. Statements and branches below the window that the tests below it run.", ""]
    if kept["tests failed"]:
        lines += ["**Some tests failed in this run.**", ""]
    rows = [(f"`{room}`", *_shares(each)) for room, each in sorted(rooms.items())]
    rows.append(("all", *_shares(list(modules.values()))))
    lines += table(("room", "modules", "statements", "reached", "branches", "taken"), rows)
    rows = [
        (f"`{path}`", _ranges(each["missing"]) or "–", ", ".join(_way(way) for way in each["missing branches"]) or "–")
        for path, each in modules.items()
        if each["missing"] or each["partial"]
    ]
    lines += ["", f"{len(modules) - len(rows)} of {len(modules)} modules are reached whole."]
    if rows:
        lines += ["", "Not reached in the others:", "", *table(("module", "lines", "branches from line to line"), rows)]
    return lines


def _shares(modules: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    statements, branches = (sum(each[key] for each in modules) for key in ("statements", "branches"))
    missing, partial = sum(len(each["missing"]) for each in modules), sum(each["partial"] for each in modules)
    share = [percent(total - less, total) for total, less in ((statements, missing), (branches, partial))]
    return str(len(modules)), str(statements), share[0], str(branches), share[1]


def _way(way: Sequence[int]) -> str:
    return f"{way[0]} → {way[1] if way[1] > 0 else 'end'}"


def _ranges(lines: Sequence[int]) -> str:
    """3, 4, 5, 9 as "3–5, 9"."""
    parts: list[list[int]] = []
    for line in lines:
        if parts and line == parts[-1][1] + 1:
            parts[-1][1] = line
        else:
            parts.append([line, line])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in parts)


# ---- slips ----


def slips_part() -> list[str]:
    """The score of each module, and each survivor with its reason or without."""
    results = json.loads((EVIDENCE / "mutants.json").read_text("utf-8"))
    reasons = tomllib.loads((EVIDENCE / "explained.toml").read_text("utf-8"))
    rows, gaps, known = [], [], []
    for module, each in results.items():
        why = reasons.get(module, {})
        left = [slip for slip in each["survived"] if slip["slip"] not in why]
        seen = each["slips"] - (len(each["survived"]) - len(left))
        rows.append(
            (
                f"`{module}`" + ("" if _current(module, each) else " (changed since)"),
                str(each["slips"]),
                str(each["noticed"]),
                percent(each["noticed"], each["slips"]),
                str(len(each["survived"]) - len(left)),
                str(len(left)),
                percent(each["noticed"], seen),
            )
        )
        gaps += [f"- `{module}` line {slip['line']}, `{slip['slip']}`" for slip in left]
        known += [
            f"- `{module}`, `{slip['slip']}`: {why[slip['slip']]}." for slip in each["survived"] if slip not in left
        ]
    everything = sorted(path.relative_to(ROOT / "dosing_app").as_posix()[:-3] for path in modules_to_score())
    absent = [module for module in everything if module not in results]
    lines = [
        (
            "`make mutants`. One small slip at a time is put into the code (a comparison, a bound, an operator, a "
            "number, a condition, a result, a statement); a test has to fail. Left alone: annotations, decorators, "
            "asserts, words."
        ),
        "",
        *table(("module", "slips", "noticed", "score", "explained", "gaps", "score without the explained"), rows),
        "",
    ]
    if absent:
        lines += [f"**Not measured yet:** {', '.join(f'`{each}`' for each in absent)}.", ""]
    if gaps:
        lines += ["Gaps: slips that no test of theirs notices.", "", *gaps, ""]
    if known:
        lines += ["Explained: slips that nobody can see.", "", *known, ""]
    return lines[:-1]


def modules_to_score() -> list[Path]:
    """The modules whose score is asked for."""
    found: list[Path] = []
    for each in SCORED:
        place = ROOT / "dosing_app" / each
        found += [path for path in place.glob("*.py") if path.name != "__init__.py"] if place.is_dir() else []
        found += [] if place.is_dir() else [place.with_suffix(".py")]
    return found


def _current(module: str, found: dict[str, Any]) -> bool:
    import hashlib

    return hashlib.sha256((ROOT / "dosing_app" / f"{module}.py").read_bytes()).hexdigest()[:16] == found["source"]


# ---- the other parts ----


def vectors_part() -> list[str]:
    """Every set of outside figures."""
    sys.path.insert(0, str(EVIDENCE))
    import vectors

    rows = [
        (each.what, str(each.count), each.largest, each.allowed, str(each.beyond) if each.beyond else "none")
        for each in vectors.every()
    ]
    lines = [
        "Worked out, published or computed by others; compared afresh by `make report`, and held in every test run.",
        "",
        *table(("figures", "count", "largest deviation", "allowed", "beyond it"), rows),
        "",
        (
            "Where each comes from: `tests/worked/README.md`, `tests/oracles/bsa_published.json`, "
            "`tests/core/growth_oracle.json`."
        ),
    ]
    if any(each[-1] != "none" for each in rows):
        lines += ["", "**Some figures lie beyond what is allowed.**"]
    return lines


def figures_part() -> list[str]:
    """What the long commands printed last."""
    lines: list[str] = []
    for name, what in LONG.items():
        path = EVIDENCE / "figures" / f"{name}.txt"
        lines += [f"### `make {name}`: {what}", ""]
        if not path.exists():
            elsewhere = " Figures of an earlier run: `docs/shield.md`." if name == "shield" else ""
            lines += [f"**Not measured yet.**{elsewhere}", ""]
            continue
        head, _, said = path.read_text("utf-8").partition("\n")
        shown = said.strip().splitlines()
        lines += [head + ".", "", "```text", *shown[:MOST_LINES], "```", ""]
        if len(shown) > MOST_LINES:
            lines += [f"{len(shown) - MOST_LINES} more lines in `{path.relative_to(ROOT)}`.", ""]
    return lines[:-1]


def tolerances_part() -> list[str]:
    """What counts as equal, where it is decided."""
    from dosing_app.core.quantities import ARITHMETIC
    from dosing_app.course import proof

    return table(
        ("comparison", "tolerance", "why"),
        [
            ("arithmetic of the program", f"{ARITHMETIC.prec} digits", "decimal; rounded once, at the syringe"),
            (
                "second engine, in exact fractions",
                f"{float(proof._TOLERANCE):.0e} relative".replace("e-", " × 10^−"),  # noqa: SLF001 - quoted
                "coarser than the digits carried, far finer than a mark of any syringe",
            ),
            ("worked cases", "12 significant digits", "those that have no end; all others are equal"),
            ("other programs for body-surface area", "1 × 10^−9 relative", "they compute in floating point"),
            ("z-scores of anthro", "1 × 10^−8 SD", "floating point, ten decimals kept"),
            ("values printed by others", "half of their last decimal", "they were rounded for printing"),
        ],
    )


def versions_part() -> list[str]:
    """The program, what it runs on and its data."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = [re.split(r"[\[<>=! ]", each)[0] for each in project["dependencies"]]
    rows = [("Blinatumomab Infusion Planner", dosing_app.__version__), ("Python", platform.python_version())]
    rows += [(name, version(name)) for name in sorted(names, key=str.lower)]
    data = (ROOT / "resources" / "CHECKSUMS.sha256").read_text("utf-8").splitlines()
    picked = [line.split() for line in data if re.search(r"(products|protocols|who)/|limits\.toml", line)]
    rows += [(f"`{name.lstrip('*')}`", f"`{digest[:16]}`") for digest, name in picked]
    return table(("what", "version, or start of its SHA-256"), rows)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table of Markdown."""
    return [
        f"| {' | '.join(head)} |",
        f"|{' --- |' * len(head)}",
        *(f"| {' | '.join(each.replace('|', chr(92) + '|') for each in row)} |" for row in rows),
    ]


def percent(part: int, whole: int) -> str:
    """One decimal, never rounded up to a hundred."""
    return "–" if whole == 0 else f"{int(1000 * part / whole) / 10:g} %"


def page() -> str:
    """The whole page."""
    parts = {
        "Figures made by others": vectors_part(),
        "What counts as equal": tolerances_part(),
        "What the tests reach": coverage_part(),
        "What the tests notice": slips_part(),
        "Long runs": figures_part(),
        "Known anomalies": ANOMALIES.read_text("utf-8").strip().splitlines(),
        "Versions and data": versions_part(),
    }
    lines = [
        "# Verification report",
        "",
        (
            "Made by `make report`; do not edit. What could harm, and which test stands against it: `hazards.md`. "
            "Nothing here shows that the program is safe at a bed: no users were watched, and nobody outside has "
            "checked it."
        ),
    ]
    for title, part in parts.items():
        lines += ["", f"## {title}", "", *part]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure, then write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kept", action="store_true", help="take the coverage of last time")
    if not parser.parse_args().kept:
        measure_coverage()
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
