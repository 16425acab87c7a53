"""How far the program lies from figures that were made outside of it: counts and the largest deviation of each set."""

import contextlib
import importlib.util
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from dosing_app.cli import main
from dosing_app.core.growth import GrowthAge, Index, scores, value_at, z_score
from dosing_app.reference.growth_tables import load_growth_tables

TESTS = Path(__file__).resolve().parents[1]
HALF = Decimal("0.05")  # of the last decimal of a published value


@dataclass(frozen=True)
class Row:
    """One set of figures."""

    what: str
    count: int
    beyond: int  # how many lie further off than is allowed
    largest: str  # deviation
    allowed: str


def _module(path: str) -> ModuleType:
    """A module of the tests, by its file."""
    place = TESTS / path
    sys.path.insert(0, str(place.parent))
    spec = importlib.util.spec_from_file_location(f"evidence_{place.stem}", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _row(what: str, off: list[Decimal], allowed: Decimal, unit: str = "") -> Row:
    largest = max(off, default=Decimal(0))
    beyond = sum(each > allowed for each in off)
    shown = "0" if largest == 0 else f"{largest:.2g}"
    return Row(what, len(off), beyond, f"{_plain(shown)}{unit}", f"{_plain(f'{allowed:.2g}')}{unit}")


def _plain(text: str) -> str:
    mantissa, _, power = text.lower().partition("e")
    return f"{mantissa} × 10^{int(power)}" if power else mantissa


# ---- worked cases ----


def worked() -> list[Row]:
    """The worked cases: what the command line prints, figure by figure."""
    cases = _module("worked/test_worked.py")
    exact: list[Decimal] = []
    digits: list[Decimal] = []
    texts: list[Decimal] = []
    for name in cases.CASES:
        plan = _printed(cases, name)
        for where, figure in _figures(cases.CASES[name], plan):
            if figure["path"] is None or figure["match"] == "spread":
                continue
            found, wanted = cases.look_up(where, figure["path"]), figure["value"]
            if figure["match"] == "text":
                texts.append(Decimal(found != wanted))
                continue
            off = abs(Decimal(found) - Decimal(wanted))
            (exact if figure["match"] == "exact" else digits).append(off / abs(Decimal(wanted) or 1))
    title = f"worked cases ({len(cases.CASES)}): "
    return [
        _row(title + "decimals that must be equal", exact, Decimal(0)),
        _row(title + "long decimals, relative", digits, Decimal("1e-11")),
        _row(title + "words and counts", texts, Decimal(0)),
    ]


def _printed(cases: ModuleType, name: str) -> dict[str, Any]:
    args = list(cases.CASES[name]["args"])
    if "--site" in args:
        at = args.index("--site") + 1
        args[at] = str(TESTS / "worked" / args[at])
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        main(args)
    return dict(json.loads(said.getvalue()))


def _figures(case: dict[str, Any], plan: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each figure with where it stands in what was printed."""
    for figure in (*case["bsa"], *case["dose"], *case["exposure"]):
        yield plan, figure
    for recipe in case["recipes"].values():
        for number in recipe["bags"]:
            for figure in recipe["figures"]:
                yield plan["bags"][number - 1], figure
    for bag, row in zip(plan["bags"], case["volumes"], strict=True):
        for key in ("delivered_ml", "primed_ml", "discarded_ml"):
            yield bag, {"path": key, "match": "exact", "value": row[key]}
    for group in (case["times"], case["sessions"]):
        for figure in group["totals"]:
            yield plan, figure


# ---- body-surface area ----


def areas() -> list[Row]:
    """Published rows, another package, and the published equations in floating point."""
    bsa = _module("oracles/test_bsa_oracles.py")
    off = []
    for row in bsa.ROWS:
        if row["kind"] == "reference" and row["weight_kg"] <= 15:
            found, printed = bsa.as_printed(row)
            off.append(abs(found - printed))
    rows = [_row("body-surface area: published rows, rounded as printed", off, Decimal(0), " m²")]
    for what, formulas, expected in (
        ("health-bsa 0.1.1", bsa.PACKAGE, lambda f, w, h: bsa.BSA(w, h, bsa.PACKAGE[f], 15)),
        ("published equations, written a second time", bsa.EQUATIONS, lambda f, w, h: bsa.EQUATIONS[f](w, h)),
    ):
        off = [
            Decimal(bsa.off(bsa.area(formula, w, h), expected(formula, float(w), float(h))))
            for formula in formulas
            for w, h in bsa.GRID
        ]
        title = f"body-surface area: {what}, {len(formulas)} formulas on a grid, relative"
        rows.append(_row(title, off, Decimal("1e-9")))
    return rows


# ---- growth ----


@cache
def _growth() -> tuple[ModuleType, dict[str, Any]]:
    tests = _module("core/test_growth.py")
    return tests, tests.ORACLE


def growth() -> list[Row]:
    """WHO's published values, two other programs, and WHO's survey."""
    tests, oracle = _growth()
    tables = load_growth_tables()
    published, other, second, survey = [], [], [], []
    for case in oracle["published"]:
        index = Index(case["index"])
        at = Decimal(case["at"])
        around: set[Decimal | int] = {at}
        if index is not Index.WEIGHT_FOR_LENGTH:
            day = at * tests.DAYS_PER_MONTH
            around = {int(day.to_integral_value(rounding)) for rounding in (ROUND_FLOOR, ROUND_CEILING)}
        for z, printed in zip(range(-3, 4), case["sd"], strict=True):
            values = [value_at(index, Decimal(z), each, case["sex"], tables) or Decimal(0) for each in around]
            published.append(max(min(values) - Decimal(printed), Decimal(printed) - max(values), Decimal(0)))
    for case in oracle["cases"]:
        index = Index(case["index"])
        place = tests.place(index, case["at"])
        found = z_score(index, Decimal(case["value"]), place, case["sex"], tables) or Decimal(0)
        other.append(abs(found - Decimal(case["anthro"])))
        if case.get("pygrowup2"):
            second.append(abs(found - Decimal(case["pygrowup2"])))
    for child in oracle["survey"]:
        every = scores(
            Decimal(child["weight"]), Decimal(child["length"]), GrowthAge(child["days"]), child["sex"], tables
        )
        survey += [abs((score.z or Decimal(0)) - Decimal(child[score.index])) for score in every]
    return [
        _row("WHO tables: published values at −3 to +3 SD, beyond the two nearest days", published, HALF, " kg or cm"),
        _row("z-scores: anthro 1.1.1", other, Decimal("1e-8"), " SD"),
        _row("z-scores: pygrowup2 1.0.0, which rounds to two decimals", second, Decimal("0.0055"), " SD"),
        _row("z-scores: WHO's survey, two decimals", survey, Decimal("0.005"), " SD"),
    ]


def every() -> list[Row]:
    """All sets."""
    return [*worked(), *areas(), *growth()]
