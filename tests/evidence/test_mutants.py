"""The slips that `make mutants` puts into the code: each changes it, can be run, is explained only where it stands."""

import hashlib
import json
import tomllib
from pathlib import Path

import pytest
from mutants import mutants

_HERE = Path(__file__).parent
_PACKAGE = _HERE.parents[1] / "dosing_app"
RESULTS = json.loads((_HERE / "mutants.json").read_text("utf-8"))
EXPLAINED = tomllib.loads((_HERE / "explained.toml").read_text("utf-8"))

CODE = '''
"""Text."""
LIMIT: int = 3

def first(values: list[int], *, strict: bool = False) -> int | None:
    """Text with 7."""
    assert values[0] > 1
    if not values or len(values) <= LIMIT and strict:
        raise ValueError("7")
    return min(values) - 1
'''


def test_the_slips_of_a_function(tmp_path: Path) -> None:
    path = tmp_path / "code.py"
    path.write_text(CODE, encoding="utf-8")
    found = {mutant.name for mutant in mutants(path)[1]}
    for slip in (
        "(module): 3 -> 4",
        "first: False -> True",
        "first: not values -> values",
        "first: len(values) <= LIMIT and strict -> len(values) <= LIMIT or strict",
        "first: len(values) <= LIMIT and strict -> strict",
        "first: len(values) <= LIMIT -> len(values) < LIMIT",
        "first: len(values) <= LIMIT -> len(values) > LIMIT",
        "first: raise ValueError('7') -> pass",
        "first: return min(values) - 1 -> return None",
        "first: min(values) - 1 -> min(values) + 1",
        "first: min -> max",
        "first: 1 -> 2",
        "first: '7' -> '8'",
    ):
        assert slip in found, slip
    assert not [name for name in found if "values[0]" in name or "int | None" in name or "Text" in name]


@pytest.mark.parametrize("module", ["core/recipe", "core/clock", "course/log", "course/proof"])
def test_every_slip_can_be_run_and_has_a_name_of_its_own(module: str) -> None:
    path = _PACKAGE / f"{module}.py"
    found = mutants(path)[1]
    assert len({mutant.name for mutant in found}) == len(found)
    plain = compile(path.read_text("utf-8"), str(path), "exec")
    for number in range(0, len(found), 7):
        tree, slips = mutants(path)
        slips[number].put()
        assert compile(tree, str(path), "exec") != plain, slips[number].name


def test_an_explanation_stands_for_a_slip_that_there_is() -> None:
    assert set(EXPLAINED) <= set(RESULTS)
    for module, reasons in EXPLAINED.items():
        slips = {mutant.name for mutant in mutants(_PACKAGE / f"{module}.py")[1]}
        assert set(reasons) <= slips, module
        assert all(len(reason) > 10 for reason in reasons.values())


def test_figures_kept_add_up() -> None:
    for module, found in RESULTS.items():
        assert (_PACKAGE / f"{module}.py").exists()
        assert found["noticed"] + len(found["survived"]) == found["slips"] > 0
        assert found["tests failing unchanged"] == []


@pytest.mark.parametrize("module", sorted(RESULTS))
def test_figures_kept_are_those_of_the_module_as_it_is(module: str) -> None:
    source = hashlib.sha256((_PACKAGE / f"{module}.py").read_bytes()).hexdigest()
    assert source.startswith(RESULTS[module]["source"]), f"run `make mutants`: {module} was changed since"
