"""Other programs on the same eight infants and the same nine bad inputs, beside ours; writes docs/peers.md.

They are installed, at fixed versions, into a folder that goes away again. Where that cannot be done, a loud line says
so and the page stays as it is.
"""

import json
import subprocess
import sys
import tempfile
import venv
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from dosing_app import __version__
from dosing_app.core.quantities import magnitude, print_number
from dosing_app.course.document import plan_of
from dosing_app.course.order import read_order
from dosing_app.reference.bundle import load_house
from dosing_app.wording.sentences import sentence

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[1] / "docs" / "peers.md"
DAYS_PER_YEAR = 365.25
PEERS = ("clincalc", "health-bsa", "drugdose")
LONGEST = 90  # signs of what was said


class Case(NamedTuple):
    """One infant: what a person types, and the same as numbers for a library."""

    name: str
    born: str
    sex: str
    age_days: int
    weight: str
    length: str


# Ordinary infants of one to eleven months on the day of the start, about the medians of the WHO.
INFANTS = (
    Case("girl, 1 month", "2026-10-23", "female", 31, "4.2 kg", "53.7 cm"),
    Case("boy, 2 months", "2026-09-23", "male", 61, "5.6 kg", "58.4 cm"),
    Case("girl, 3 months", "2026-08-23", "female", 92, "5.85 kg", "59.8 cm"),
    Case("boy, 4 months", "2026-07-23", "male", 123, "7.0 kg", "63.9 cm"),
    Case("girl, 5 months", "2026-06-20", "female", 156, "6.42 kg", "63.5 cm"),
    Case("boy, 7 months", "2026-04-23", "male", 214, "8.3 kg", "69.2 cm"),
    Case("girl, 9 months", "2026-02-23", "female", 273, "8.2 kg", "70.1 cm"),
    Case("boy, 11 months", "2025-12-23", "male", 335, "9.4 kg", "74.5 cm"),
)
# The girl of five months, typed wrongly.
_GIRL = INFANTS[4]
BAD = tuple(
    _GIRL._replace(name=name, weight=weight, length=length)
    for name, weight, length in (
        ("decimal mark one place to the right", "64.2 kg", "63.5 cm"),
        ("decimal mark one place to the left", "0.642 kg", "63.5 cm"),
        ("pounds typed as kilograms", "14.15 kg", "63.5 cm"),
        ("grams typed as kilograms", "6420 kg", "63.5 cm"),
        ("inches typed as centimetres", "6.42 kg", "25 cm"),
        ("weight and length swapped", "63.5 kg", "6.42 cm"),
        ("a negative weight", "-6.42 kg", "63.5 cm"),
        ("no number", "nan kg", "63.5 cm"),
        ("no weight", "", "63.5 cm"),
    )
)


def ours(case: Case) -> dict[str, Any]:
    """What this program answers."""
    texts = {
        "weight": case.weight,
        "length": case.length,
        "born": case.born,
        "sex": case.sex,
        "gestation": "term",
        "measured": "2026-11-23",
        "start": "2026-11-23T14:00",
    }
    plan = plan_of(read_order(texts, load_house()))
    if plan.bsa is None or plan.daily_dose is None:
        found = plan.findings[0]
        return {"kind": "refused" if found.tier == "refuse" else "asks for a reason", "said": sentence(found)}
    return {
        "kind": "number",
        "area": magnitude(plan.bsa.m2, "m^2"),
        "dose": magnitude(plan.daily_dose.micrograms, "microgram/day"),
    }


def number(text: str) -> float | None:
    """What a library is called with."""
    first = text.partition(" ")[0]
    return float(first) if first else None


def peers() -> dict[str, Any] | str:
    """The versions and answers of the peers; or why they could not be installed."""
    given = [
        {"weight": number(each.weight), "length": number(each.length), "age_years": each.age_days / DAYS_PER_YEAR}
        for each in (*INFANTS, *BAD)
    ]
    with tempfile.TemporaryDirectory(prefix="peers-") as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / ("Scripts" if sys.platform == "win32" else "bin") / "python")
        pins = str(HERE / "peers.txt")
        install = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
        done = subprocess.run([*install, "-r", pins], capture_output=True, text=True, check=False)
        if done.returncode:
            return (done.stderr.strip().splitlines() or ["the installer gave no reason"])[-1]
        answers = subprocess.run(
            [python, str(HERE / "peer_answers.py")], input=json.dumps(given), capture_output=True, text=True, check=True
        )
    found = json.loads(answers.stdout)
    assert isinstance(found, dict)
    return found


def cell(answer: dict[str, Any], exact: Decimal | None = None) -> str:
    """An answer in few words; a body-surface area with what its rounding does to the dose."""
    if "area" in answer:
        return f"{print_number(answer['area'], 4)} m², {print_number(answer['dose'], 2)} micrograms per day"
    said = " ".join(str(answer["said"]).split()).replace("|", "/")
    if answer["kind"] == "number":
        if exact is None:
            return f"**computed {said}**"
        off = (Decimal(said.split()[0]) / exact - 1) * 100
        return f"{said}, dose {'+' if off >= 0 else '−'}{print_number(abs(off), 1)} %"
    short = said if len(said) <= LONGEST else said[: LONGEST - 1].rstrip() + "…"
    return short if answer["kind"] == "none" else f"{answer['kind']}: {short}"


def table(heads: list[str], rows: list[list[str]]) -> list[str]:
    """A table of Markdown."""
    return [f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rows)]


_ABOUT = (
    "Made by `make bench`. The peers are those of the package index that work out a body-surface area or an infusion "
    "and could be installed. They are general libraries that leave it to their caller to check what goes in, and none "
    "plans a course of bags. Two give a body-surface area, rounded to two decimals; the third does not know the drug."
)
_ABOUT_BAD = (
    f"The {_GIRL.name.replace(', ', ' of ')} ({_GIRL.weight}, {_GIRL.length}), typed wrongly; a library gets the "
    "numbers alone. In bold: a number came back as if nothing were wrong."
)


def page(found: dict[str, Any]) -> str:
    """The whole page."""
    answers = found["answers"]
    heads = [f"this program {__version__}", *(f"{name} {found['versions'][name]}" for name in PEERS)]
    own = [ours(each) for each in (*INFANTS, *BAD)]
    rows = []
    for index, case in enumerate((*INFANTS, *BAD)):
        exact = own[index].get("area") if index < len(INFANTS) else None
        cells = [cell(own[index]), *(cell(answers[name][index], exact) for name in PEERS)]
        rows.append([case.name, f"{case.weight or '(empty)'}, {case.length}", *cells])
    return "\n".join(
        [
            "# Peers on the same cases",
            "",
            _ABOUT,
            "",
            "## Eight infants",
            "",
            "Mosteller in each. The percentage is what the rounding of the area does to the dose.",
            "",
            *table(["infant", "typed", *heads], rows[: len(INFANTS)]),
            "",
            "## Nine bad inputs",
            "",
            _ABOUT_BAD,
            "",
            *table(["slip", "typed", *heads], rows[len(INFANTS) :]),
            "",
        ]
    )


def main() -> int:
    """Write the page and print it."""
    found = peers()
    if isinstance(found, str):
        print(f"*** THE PEERS COULD NOT BE INSTALLED, NOTHING WAS COMPARED: {found} ***")
        return 0
    text = page(found)
    PAGE.write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
