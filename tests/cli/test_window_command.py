"""`dosing-app` without a command: the window where there is a display, else a word about it, or files in its place."""

import ctypes
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dosing_app.cli import window

DISPLAYS = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")


def program(*args: object, **env: str) -> subprocess.CompletedProcess[str]:
    """Start it without any display but the one that is given."""
    bare = {name: text for name, text in os.environ.items() if name not in DISPLAYS}
    return subprocess.run(
        [sys.executable, "-m", "dosing_app", *map(str, args)],
        capture_output=True,
        text=True,
        env={**bare, **env},
        timeout=120,
        check=False,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have a display always")
@pytest.mark.parametrize("display", [{}, {"DISPLAY": ":4711"}])
def test_without_a_display_the_window_is_not_opened(display: dict[str, str]) -> None:
    done = program(**display)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "There is no display, so no window can be opened. Use `dosing-app plan`.\n"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have a display always")
def test_without_a_display_plan_and_pictures_can_be_written_instead(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "out"
    done = program("--no-display-to", folder)
    assert done.returncode == 0, done.stderr
    files = {path.name: path for path in folder.iterdir()}
    assert done.stdout.startswith("There is no display: plan.json, plan.txt, ")
    assert done.stdout.endswith(f" were written to {folder}/.\n")
    assert all(name in done.stdout for name in files)
    assert json.loads(files["plan.json"].read_text(encoding="utf-8"))["complete"] is True
    pictures = [path for name, path in files.items() if name.endswith(".png")]
    assert pictures
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in pictures)


@pytest.mark.parametrize("display", [{}, {"QT_QPA_PLATFORM": "offscreen"}])
def test_the_times_of_its_start_are_printed_with_and_without_a_display(display: dict[str, str]) -> None:
    done = program("--exit-when-ready", **display)
    assert done.returncode == 0, done.stderr
    times = json.loads(done.stdout)
    assert 0 < times["painted_ms"] <= times["usable_ms"]


def test_an_order_file_that_is_not_there_is_named() -> None:
    done = program("no-such-order.json", QT_QPA_PLATFORM="offscreen")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "There is no order file no-such-order.json, and no command of that name.\n"


def test_what_counts_as_a_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in DISPLAYS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert not window.has_display()
    for name, text in (("QT_QPA_PLATFORM", "offscreen"), ("WAYLAND_DISPLAY", "wayland-0")):
        with monkeypatch.context() as given:
            given.setenv(name, text)
            assert window.has_display()
    for platform in ("win32", "darwin"):
        with monkeypatch.context() as given:
            given.setattr(sys, "platform", platform)
            assert window.has_display()


def test_without_the_library_of_displays_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Qt would end the whole program."""

    def missing(_name: str) -> None:
        raise OSError("libxcb.so.1: cannot open shared object file")

    for name in DISPLAYS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(ctypes, "CDLL", missing)
    assert not window.has_display()
