"""The rooms: who may know whom, shown by importing them with the others taken away."""

import ast
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import dosing_app

PACKAGE = Path(dosing_app.__file__).parent
# From the bottom up, as pyproject.toml has them; a room may know those before it.
BELOW: dict[str, set[str]] = {
    "core": set(),
    "reference": {"core"},
    "course": {"core", "reference"},
    "store": {"core", "reference", "course"},
    "wording": {"core", "reference", "course"},
    "teaching": {"core", "reference", "course", "wording"},
    "papers": {"core", "reference", "course", "wording", "teaching"},
}
WITHOUT_QT = [*BELOW, "cli"]

BLOCKER = """
import importlib, importlib.abc, sys

class Blocker(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        for blocked in BLOCKED:
            if name == blocked or name.startswith(blocked + "."):
                raise ImportError(f"{name} is not for this room")
        return None

BLOCKED = sys.argv[1].split(",")
sys.meta_path.insert(0, Blocker())
for name in sys.argv[2].split(","):
    importlib.import_module(name)
if len(sys.argv) > 3:
    print(",".join(sorted(sys.modules)))
"""


def modules(room: str) -> list[str]:
    """Every module of a room; none where it is not built yet."""
    folder = PACKAGE / room
    if not folder.is_dir():
        return []
    return [f"dosing_app.{room}", *(info.name for info in pkgutil.walk_packages([str(folder)], f"dosing_app.{room}."))]


def importing(names: list[str], blocked: list[str], *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", BLOCKER, ",".join(blocked), ",".join(names), *more],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_blocker_blocks() -> None:
    """A guard of the other tests."""
    done = importing(["dosing_app.course.calculate"], ["dosing_app.reference"])
    assert done.returncode != 0
    assert "is not for this room" in done.stderr


def test_every_room_has_its_place() -> None:
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert rooms <= {*BELOW, "cli", "ui"}


def test_everything_below_the_window_runs_without_qt() -> None:
    names = [name for room in WITHOUT_QT for name in modules(room)]
    assert len(names) > 30
    done = importing(names, ["PySide6", "shiboken6", "dosing_app.ui"])
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("room", [room for room in BELOW if modules(room)])
def test_a_room_stands_on_the_rooms_below_it_alone(room: str) -> None:
    blocked = [f"dosing_app.{other}" for other in {*BELOW, "ui", "cli"} - BELOW[room] - {room}]
    done = importing(modules(room), [*blocked, "PySide6"])
    assert done.returncode == 0, done.stderr


def test_each_module_can_be_imported_first() -> None:
    """No module leans on another having been imported before: no circles. One process, forked for each."""
    names = [name for room in BELOW for name in modules(room)]
    script = (
        "import importlib, os, sys\nfailed = []\n"
        "for name in sys.argv[1].split(','):\n"
        "    child = os.fork()\n"
        "    if child == 0:\n"
        "        try:\n            importlib.import_module(name)\n        except BaseException as error:\n"
        "            print(name, error)\n            sys.stdout.flush()\n            os._exit(1)\n        os._exit(0)\n"
        "    failed.append(os.waitpid(child, 0)[1])\n"
        "sys.exit(any(failed))"
    )
    warm = "import pint, pydantic, whenever\n"  # what they share is imported once
    done = subprocess.run(
        [sys.executable, "-c", warm + script, ",".join(names)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "absent"),
    [
        ("dosing_app", ["pint", "pydantic", "PySide6", "whenever", "holidays", "argparse"]),
        ("dosing_app.cli", ["pint", "pydantic", "PySide6", "whenever", "holidays"]),
        ("dosing_app.cli.window", ["pint", "pydantic", "PySide6", "whenever", "holidays"]),
        ("dosing_app.wording.language", ["pint", "pydantic", "PySide6"]),
        ("dosing_app.cli.commands", ["PySide6", "holidays"]),
    ],
)
def test_what_starts_the_program_is_light(name: str, absent: list[str]) -> None:
    """Painted before the heavy imports: design.md, decisions."""
    done = importing([name], ["nothing"], "list")
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.strip().split(","))
    assert name in loaded
    assert not loaded & set(absent)


@pytest.mark.parametrize("room", ["wording", "teaching", "papers", "ui", "cli"])
def test_units_are_put_in_words_by_wording_alone(room: str) -> None:
    """The core's own words are English, as they are typed; what people read comes from `wording.units`."""
    found = []
    for path in (PACKAGE / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "dosing_app.core.quantities":
                found += [(path.name, each.name) for each in node.names]
    assert found
    assert [each for each in found if each[1] in {"print_quantity", "unit_words"}] == []
