"""What the program keeps by itself is its owner's alone: files 0600 in folders 0700, whatever the user's own umask."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("dosing-app")
ORDER = [
    *("--weight", "6.42 kg", "--length", "63.5 cm", "--born", "2026-06-20", "--measured", "2026-11-23"),
    *("--start", "2026-11-23T14:00", "--zone", "Europe/Amsterdam"),
]
# The installed program, with a hand that types, saves settings and a register, and then closes the window.
HANDS = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QTimer
from dosing_app import cli
from dosing_app.reference.bundle import load_house
from dosing_app.store import site_file
from dosing_app.store.register import open_register
from dosing_app.store.folders import register_file
from dosing_app.ui import application, main_window, recovery

def use(window):
    QTimer.singleShot(2500, QCoreApplication.quit)  # after the draft has been written
    window.order.form.inputs["weight"].setText("6.5")
    house = load_house()
    where = recovery.own_site_file()
    file = site_file.open_site(where)
    site_file.save(file, {**file.texts, "name": "A hospital"}, house.limits)
    open_register(register_file(), house).close()
    recovery.CrashHandler(window.editor, window.blank, window.notify)(ValueError, ValueError("of the test"), None)

def when_ready(self):
    complete_soon(self)
    QTimer.singleShot(0, lambda: use(self))

complete_soon = main_window.MainWindow.complete_soon
main_window.MainWindow.complete_soon = when_ready
cli.main_entry()
"""

pytestmark = pytest.mark.skipif(os.name != "posix", reason="rights of files are of POSIX")


def run(home: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {name: text for name, text in os.environ.items() if not name.startswith("XDG_")}
    return subprocess.run(
        command,
        env={**environment, "HOME": str(home), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        umask=0,  # the most careless user
    )


def open_to_others(folder: Path) -> dict[str, str]:
    """Every file and folder below that others may read, write or enter, with its rights."""
    rights = {path.relative_to(folder).as_posix(): stat.S_IMODE(path.lstat().st_mode) for path in folder.rglob("*")}
    return {name: oct(mode) for name, mode in rights.items() if mode & 0o077}


def test_what_the_window_keeps(tmp_path: Path) -> None:
    done = run(tmp_path, sys.executable, "-c", HANDS)
    kept = {path.suffix: path for path in tmp_path.rglob("*") if path.is_file()}
    assert {".toml", ".sqlite3", ".json", ".conf"} <= set(kept), f"{sorted(kept)}\n{done.stdout}{done.stderr}"
    assert any("recovered" in path.name for path in tmp_path.rglob("*.json"))
    assert any(path.parent.name == "drafts" for path in tmp_path.rglob("*.json"))
    assert open_to_others(tmp_path) == {}


def test_what_a_command_writes(tmp_path: Path) -> None:
    done = run(tmp_path, str(PROGRAM), "export", *ORDER, "--to", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert list((tmp_path / "out").iterdir())
    assert open_to_others(tmp_path) == {}
