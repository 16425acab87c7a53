"""The trace from requirement to hazard to test is whole, and the check of it fails on what stands alone."""

import importlib.util
import re
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_spec = importlib.util.spec_from_file_location("trace_of_hazards", _ROOT / "packaging" / "trace.py")
assert _spec is not None
assert _spec.loader is not None
trace = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(trace)

PAGE = (_ROOT / "docs" / "hazards.md").read_text("utf-8")
TESTS = trace.tests_of(_ROOT / "tests")


def judged(page: str, tests: set[str] = TESTS) -> list[str]:
    return trace.wrong(*trace.read(page), tests)


def test_nothing_stands_alone() -> None:
    assert judged(PAGE) == []
    requirements, hazards = trace.read(PAGE)
    assert len(hazards) == len(re.findall(r"^### ", PAGE, re.MULTILINE))
    assert len(hazards) > len(requirements) > 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda page: page.replace("Requirements: R12\n", "Requirements: \n"), "H56 has no Requirements"),
        (lambda page: page + "- R99: Alone.\n", "R99 is named by no hazard"),
        (lambda page: page.replace("- Requirements: R13\n", "- Requirements: R98\n"), "R98, which is no requirement"),
        (lambda page: page.replace("::test_boundary", "::test_boundaries"), "test_boundaries, which does not exist"),
        (lambda page: page.replace("Severity: minor.", "Severity: none."), "has no Severity"),
        (lambda page: page.replace("### H02 ", "### H01 "), "H01 stands twice"),
    ],
)
def test_what_stands_alone_is_named(change, said) -> None:
    changed = change(PAGE)
    assert changed != PAGE
    assert any(said in sentence for sentence in judged(changed))


def test_a_test_that_goes_away_is_missed() -> None:
    _requirements, hazards = trace.read(PAGE)
    for test in {test for each in hazards for test in each.tests}:
        assert any(test in sentence for sentence in judged(PAGE, TESTS - {test}))
