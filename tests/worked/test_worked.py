"""Worked cases: what the program prints against figures worked outside it. The case files are never regenerated."""

import json
import re
from datetime import UTC, datetime
from decimal import Context, Decimal
from pathlib import Path
from typing import Any

import pytest

from dosing_app.cli import main

HERE = Path(__file__).parent
CASES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(HERE.glob("*.json"))}
TIERS = ["note", "justify", "refuse"]
TWELVE = Context(prec=12)
_printed: dict[str, tuple[int, dict[str, Any]]] = {}


@pytest.fixture(params=CASES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def plan(name: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What the program printed for the case; it is asked once for each case."""
    if name not in _printed:
        args = list(CASES[name]["args"])
        if "--site" in args:
            at = args.index("--site") + 1
            args[at] = str(HERE / args[at])
        capsys.readouterr()
        status = main(args)
        _printed[name] = (status, json.loads(capsys.readouterr().out))
    status, printed = _printed[name]
    assert status == CASES[name]["exit_status"], f"{name}: exit status {status}: {printed.get('findings')}"
    return printed


def agree_to_12(found: Decimal, expected: Decimal) -> bool:
    """Equal when rounded to 12 significant digits, one unit of the twelfth allowed for the second rounding."""
    a, b = TWELVE.plus(found), TWELVE.plus(expected)
    return abs(a - b) <= Decimal(1).scaleb(b.adjusted() - 11)


def look_up(where: dict[str, Any], path: str) -> Any:
    """The value at a dotted path; a last part `lysine*` is the one key that starts so."""
    found: Any = where
    for part in path.split("."):
        keys = [k for k in found if k.startswith(part[:-1])] if part.endswith("*") else [k for k in found if k == part]
        assert len(keys) == 1, f"{path}: {len(keys)} keys, among {sorted(found)}"
        found = found[keys[0]]
    return found


def check(case: str, where: dict[str, Any], figure: dict[str, Any], place: str = "") -> None:
    """One figure of the case; those without a path are steps of the working and are not printed by the program."""
    if figure["path"] is None:
        return
    label = f"{case}: {place}{figure['path']} ({figure['how']})"
    found, expected = look_up(where, figure["path"]), figure["value"]
    if figure["match"] == "text":
        same = type(found) is type(expected) and found == expected
    else:
        assert isinstance(found, str), f"{label}: not a decimal string: {found!r}"
        compare = {"exact": Decimal.__eq__, "digits": agree_to_12}[figure["match"]]
        same = compare(Decimal(found), Decimal(expected))
    assert same, f"{label}: {found}, expected {expected}"


def instant(text: str) -> datetime:
    assert text.endswith("Z"), f"{text} is not UTC with Z"
    return datetime.fromisoformat(text).astimezone(UTC)


def wall(text: str) -> tuple[str, str, str | None]:
    """Wall clock to the minute, offset, zone."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)(?::00(?:\.0+)?)?([+-]\d\d:\d\d|Z)(?:\[(.+)\])?", text)
    assert match, f"{text} is not a local time with its offset"
    return match[1], match[2].replace("Z", "+00:00"), match[3]


def test_there_are_cases() -> None:
    """At least ten infants for each product."""
    for product in ("eu", "us"):
        assert len({n.split("-")[0] for n in CASES if f"kg-{product}-" in n}) >= 10


def test_bsa(name: str, plan: dict[str, Any]) -> None:
    for figure in CASES[name]["bsa"]:
        check(name, plan, figure)
    spread = next(f for f in CASES[name]["bsa"] if f["match"] == "spread")
    every = {plan["bsa"]["formula"]: plan["bsa"]["m2"]} | plan["bsa"]["others"]
    values = [Decimal(every[f]) for f in ("mosteller", "haycock", "gehan-george", "boyd", "bnfc")]
    found = (max(values) - min(values)) / Decimal(plan["bsa"]["m2"]) * 100
    # A difference of figures of 12 digits keeps about ten of them.
    assert abs(found / Decimal(spread["value"]) - 1) < Decimal("1e-9"), f"{name}: spread {found} ({spread['how']})"


def test_dose(name: str, plan: dict[str, Any]) -> None:
    for figure in CASES[name]["dose"]:
        check(name, plan, figure)


def test_recipes(name: str, plan: dict[str, Any]) -> None:
    case = CASES[name]
    assert {b["kind"] for b in plan["bags"]} == set(case["recipes"]), f"{name}: kinds"
    for kind, recipe in case["recipes"].items():
        assert [b["number"] for b in plan["bags"] if b["kind"] == kind] == recipe["bags"], (
            f"{name}: which bags are {kind}"
        )
        for number in recipe["bags"]:
            for figure in recipe["figures"]:
                check(name, plan["bags"][number - 1], figure, f"bag {number}, {kind}: ")


def test_volumes(name: str, plan: dict[str, Any]) -> None:
    """Primed, delivered, discarded: with the total they make the ledger of each bag."""
    assert len(plan["bags"]) == len(CASES[name]["volumes"]), f"{name}: number of bags"
    for bag, row in zip(plan["bags"], CASES[name]["volumes"], strict=True):
        for key in ("delivered_ml", "primed_ml", "discarded_ml"):
            check(
                name, bag, {"path": key, "match": "exact", "value": row[key], "how": row["how"]}, f"bag {row['bag']}: "
            )
        parts = sum(Decimal(bag[key]) for key in ("delivered_ml", "primed_ml", "discarded_ml"))
        assert parts == Decimal(bag["total_ml"]), f"{name}: ledger of bag {row['bag']}"


def test_times(name: str, plan: dict[str, Any]) -> None:
    times = CASES[name]["times"]
    for key in ("start_utc", "end_utc"):
        assert instant(plan["course"][key]) == instant(times["course"][key]), (
            f"{name}: course.{key} ({times['course']['how']})"
        )
    assert Decimal(plan["course"]["course_h"]) == Decimal(times["course"]["course_h"]), f"{name}: course hours"
    assert len(plan["bags"]) == len(times["bags"]), f"{name}: number of bags"
    for bag, row in zip(plan["bags"], times["bags"], strict=True):
        label = f"{name}: bag {row['bag']} ({row['how']})"
        assert (bag["number"], bag["of"]) == (row["bag"], len(times["bags"])), f"{label}: n of N"
        assert bag["kind"] == row["kind"], f"{label}: kind {bag['kind']}"
        assert Decimal(bag["runs_h"]) == Decimal(row["runs_h"]), f"{label}: runs {bag['runs_h']}"
        assert bag["rate_changed"] is row["rate_changed"], f"{label}: rate_changed"
        for key in ("start_utc", "end_utc"):
            assert instant(bag[key]) == instant(row[key]), f"{label}: {key} {bag[key]}, expected {row[key]}"
        for key in ("start_local", "end_local"):
            if key == "end_local" and key not in bag:  # not promised by the contract
                continue
            found, expected = wall(bag[key]), wall(row[key])
            told = f"{label}: {key} {bag[key]}, expected {row[key]}"
            assert found[:2] == expected[:2], told
            assert found[2] in (None, expected[2]), told
    for figure in times["totals"]:
        check(name, plan, figure)


def test_sessions(name: str, plan: dict[str, Any]) -> None:
    case = CASES[name]["sessions"]
    for bag, row in zip(plan["bags"], case["bags"], strict=True):
        for key in ("prepared_utc", "start_by_utc", "down_by_utc"):
            assert instant(bag[key]) == instant(row[key]), (
                f"{name}: bag {row['bag']}: {key} {bag[key]}, expected {row[key]} ({row['how']})"
            )
    assert len(plan["sessions"]) == len(case["sessions"]), f"{name}: number of sessions"
    for number, (session, row) in enumerate(zip(plan["sessions"], case["sessions"], strict=True), 1):
        label = f"{name}: session {number} ({row['how']})"
        assert session["number"] == number, f"{label}: numbered {session['number']}"
        assert session["bags"] == row["bags"], f"{label}: bags {session['bags']}"
        assert all(plan["bags"][n - 1]["session"] == number for n in row["bags"]), (
            f"{label}: a bag names another session"
        )
        assert instant(session["at_utc"]) == instant(row["at_utc"]), (
            f"{label}: {session['at_utc']}, expected {row['at_utc']}"
        )
        assert session["vials"] == row["vials"], f"{label}: {session['vials']} vials"
        for key in ("drawn_ml", "unused_ml"):
            assert Decimal(session[key]) == Decimal(row[key]), f"{label}: {key} {session[key]}, expected {row[key]}"
    for figure in case["totals"]:
        check(name, plan, figure)


def test_exposure(name: str, plan: dict[str, Any]) -> None:
    for figure in CASES[name]["exposure"]:
        check(name, plan, figure)


def test_findings(name: str, plan: dict[str, Any]) -> None:
    """The codes, each with its severest tier; every justify has its reason and no reason is spare."""
    expected, left_out = CASES[name]["findings"]["expected"], CASES[name]["findings"]["left_out"]
    found: dict[str, str] = {}
    for finding in plan["findings"]:
        code, tier = finding["code"], finding["tier"]
        if code not in left_out and (code not in found or TIERS.index(tier) > TIERS.index(found[code])):
            found[code] = tier
    assert found == expected, f"{name}: findings {found}, expected {expected}"
    assert plan["complete"] is True, f"{name}: every reason was given, yet the plan is not complete"
