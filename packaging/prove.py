"""Prove an installed program where it is installed: its self-test, one plan with an outside value, and its window."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

WEIGHT_KG, LENGTH_CM = Decimal("6.42"), Decimal("63.5")
RATE = Decimal(15)  # micrograms per m² per day, as the protocol that is shipped
DIGITS = 11
ORDER = [
    *("--weight", f"{WEIGHT_KG} kg"),
    *("--length", f"{LENGTH_CM} cm"),
    *("--born", "2026-06-20"),
    *("--measured", "2026-11-23"),
    *("--start", "2026-11-23T14:00"),
    *("--zone", "Europe/Amsterdam"),
    *("--product", "eu"),
]


def prove(program: Sequence[str], environment: Mapping[str, str] | None = None, there: Path | None = None) -> None:
    """Run the checks; ends everything with what was seen where one fails.

    Args:
        program: the installed program, with what comes before it where it runs elsewhere.
        environment: what the program sees of it; by default nothing of this project, and a folder of its own.
        there: where that folder (HOME) lies as seen from here, where the program runs in another tree.
    """
    with tempfile.TemporaryDirectory() as home:
        given = {"PATH": "/usr/bin:/bin", "HOME": home, "LC_ALL": "C.UTF-8"}
        if sys.platform in {"win32", "darwin"}:
            given = {name: text for name, text in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL"))}
        seen = {**given, "QT_QPA_PLATFORM": "offscreen", **(environment or {})}
        print(_output(program, ["self-test"], seen, Path(home)).rstrip())
        _check_plan(json.loads(_output(program, ["plan", *ORDER, "--json"], seen, Path(home))))
        _check_files(program, seen, there or Path(home))
        began = time.perf_counter()
        times = json.loads(_output(program, ["--exit-when-ready"], seen, Path(home)))
        took = round((time.perf_counter() - began) * 1000)
        print(f"window offscreen: usable after {times['usable_ms']} ms, the whole process {took} ms", flush=True)


def _check_plan(plan: Mapping[str, object]) -> None:
    """The daily dose against the equation itself: 15 × √(weight × length ÷ 3600), digit by digit."""
    area = (WEIGHT_KG * LENGTH_CM / 3600).sqrt()
    expected = str(area * RATE)[:DIGITS]
    found = plan["daily_dose"]["micrograms"] if plan.get("complete") else "no plan"  # type: ignore[index]
    if not str(found).startswith(expected):
        sys.exit(f"the daily dose is {found}, expected {expected}…")
    bags = plan["bags"]
    print(f"plan: {expected}… micrograms per day, {len(bags)} bags", flush=True)  # type: ignore[arg-type]


def _check_files(program: Sequence[str], environment: Mapping[str, str], there: Path) -> None:
    """The papers and files of a plan, for a site whose public holidays are closed; the holidays are a library's."""
    (there / "site.toml").write_text('schema = 1\ncountry = "NL"\n', encoding="utf-8")
    home = Path(environment["HOME"])
    arguments = ["export", *ORDER, "--site", str(home / "site.toml"), "--to", str(home / "papers")]
    _output(program, arguments, environment, Path("/"))
    made = sorted(each.name for each in (there / "papers").iterdir())
    if "labels.pdf" not in made:
        sys.exit(f"only {', '.join(made)} were made")
    print(f"papers: {', '.join(made)}", flush=True)


def _output(program: Sequence[str], arguments: Sequence[str], environment: Mapping[str, str], where: Path) -> str:
    done = subprocess.run(
        [*program, *arguments],
        cwd=where,
        env=dict(environment),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    if done.returncode:
        command = " ".join([*program, *arguments])
        sys.exit(f"{command}\n{done.stdout}{done.stderr}\nended with {done.returncode}")
    return done.stdout
