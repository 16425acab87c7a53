"""The trace from requirement to hazard to test: read from docs/hazards.md, refused where something stands alone.

Prints it as a table, then what is wrong, and returns 1 if anything is.
"""

import ast
import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "hazards.md"


@dataclass(frozen=True)
class Hazard:
    """A hazard of the page, with what it names."""

    name: str
    title: str
    requirements: tuple[str, ...]
    tests: tuple[str, ...]
    lacks: tuple[str, ...]  # parts that every hazard has


def read(text: str) -> tuple[dict[str, str], list[Hazard]]:
    """Requirements and hazards of the page."""
    requirements = dict(re.findall(r"^- (R\d\d): (.+)$", text, re.MULTILINE))
    hazards = []
    for part in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
        head, *lines = part.splitlines()
        name, _, title = head.partition(" ")
        rows = dict(re.findall(r"^- (\w[\w ]*): (.+)$", "\n".join(lines), re.MULTILINE))
        lacks = [key for key in ("Cause", "Effect", "Control", "Requirements", "Tests") if not rows.get(key)]
        if not re.search(r"Severity: (fatal|serious|moderate|minor)\.$", rows.get("Effect", "")):
            lacks.append("Severity")
        hazards.append(
            Hazard(
                name,
                title,
                tuple(re.findall(r"R\d\d", rows.get("Requirements", ""))),
                tuple(each.strip() for each in rows.get("Tests", "").split(",") if each.strip()),
                tuple(lacks),
            )
        )
    return requirements, hazards


def tests_of(folder: Path) -> set[str]:
    """Every test of a folder as "core/test_dose.py::test_name"."""
    found = set()
    for path in sorted(folder.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found.add(f"{path.relative_to(folder).as_posix()}::{node.name}")
            elif isinstance(node, ast.Assign):  # a state machine of hypothesis becomes a test by its TestCase
                found |= {
                    f"{path.relative_to(folder).as_posix()}::{target.id}"
                    for target in node.targets
                    if isinstance(target, ast.Name) and target.id.startswith("Test")
                }
    return found


def wrong(requirements: dict[str, str], hazards: list[Hazard], tests: set[str]) -> list[str]:
    """What stands alone or does not exist, as sentences."""
    said = [f"{each.name} has no {part}." for each in hazards for part in each.lacks]
    names = [each.name for each in hazards]
    said += [f"{name} stands twice." for name in sorted({name for name in names if names.count(name) > 1})]
    said += [
        f"{each.name} names {unknown}, which is no requirement of the page."
        for each in hazards
        for unknown in each.requirements
        if unknown not in requirements
    ]
    said += [
        f"{each.name} names the test {test}, which does not exist."
        for each in hazards
        for test in each.tests
        if test not in tests
    ]
    met = {requirement for each in hazards for requirement in each.requirements}
    said += [f"{requirement} is named by no hazard." for requirement in sorted(set(requirements) - met)]
    return said


def table(requirements: dict[str, str], hazards: list[Hazard]) -> str:
    """The trace, requirement by requirement."""
    lines = []
    for requirement, words in requirements.items():
        lines.append(f"{requirement}  {words}")
        for each in hazards:
            if requirement in each.requirements:
                lines.append(f"     {each.name}  {each.title}")
                lines += [f"          {test}" for test in each.tests]
    return "\n".join(lines)


def main() -> int:
    """Print the trace, or what is wrong with it."""
    requirements, hazards = read(PAGE.read_text("utf-8"))
    said = wrong(requirements, hazards, tests_of(ROOT / "tests"))
    print(table(requirements, hazards))
    for sentence in said:
        print(sentence, file=sys.stderr)
    print(
        f"{len(requirements)} requirements, {len(hazards)} hazards, {len({t for h in hazards for t in h.tests})} tests."
    )
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
