"""`dosing-app self-test`: 0 where all holds, and 1 for whatever is wrong, which is named while the other checks run."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dosing_app.cli import main, self_test
from dosing_app.papers import code
from dosing_app.store.chain import Fault
from dosing_app.store.register import Register
from dosing_app.ui import application

CHECKS = (
    "data files",
    "fixed cases, to the last digit",
    "window, offscreen",
    "a paper, printed and read back",
    "register",
)


def test_an_installation_that_is_whole() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dosing_app", "self-test"], capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")
    *said, last = done.stdout.splitlines()
    assert [line.partition(":")[0] for line in said] == list(CHECKS)
    assert "WRONG" not in done.stdout
    assert last == "This installation is whole."


@pytest.fixture
def wrong(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Run one check alone, the others taken to hold; what is said of it."""

    def run(check: str) -> str:
        for name in ("_data", "_fixed_cases", "_window", "_paper", "_register"):
            if name != check:
                monkeypatch.setattr(self_test, name, lambda: "not looked at")
        assert main(["self-test"]) == 1
        said = capsys.readouterr().out
        assert said.endswith("This installation must not be used.\n")
        assert said.count("not looked at") == len(CHECKS) - 1
        (line,) = (each for each in said.splitlines() if "WRONG" in each)
        return line

    return run


def test_a_file_that_is_not_the_one_that_was_shipped(wrong, changed_table: str) -> None:
    said = wrong("_data")
    assert said.startswith("data files: WRONG: BadFile: ")
    assert changed_table in said


def test_a_figure_that_comes_out_otherwise(wrong, monkeypatch: pytest.MonkeyPatch) -> None:
    real = self_test.plan_of_texts
    monkeypatch.setattr(self_test, "plan_of_texts", lambda texts, house: real({**texts, "length": "63.6 cm"}, house))
    said = wrong("_fixed_cases")
    assert "WRONG: _Wrong: " in said
    assert " is " in said
    assert ", expected " in said


@pytest.mark.parametrize("empty", [True, False])
def test_a_window_that_paints_nothing(wrong, empty: bool, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = tmp_path / "picture.png"
    picture.touch()
    monkeypatch.setattr(application, "save_pictures", lambda _order, _folder: [picture] if empty else [])
    assert wrong("_window") == "window, offscreen: WRONG: _Wrong: no picture"


def test_a_label_whose_code_is_not_read_back(wrong, monkeypatch: pytest.MonkeyPatch) -> None:
    real = code.read_codes
    monkeypatch.setattr(code, "read_codes", lambda *page: real(*page)[1:])
    assert "was read, [" in wrong("_paper")


def test_a_register_whose_chain_does_not_hold(wrong, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Register, "verify", lambda _register: (Fault("cut"), Fault("head")))
    assert wrong("_register") == "register: WRONG: _Wrong: cut, head"


def test_what_is_wrong_with_a_data_file_is_a_sentence(wrong, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    order = tmp_path / "order.json"
    order.write_text("{", encoding="utf-8")
    monkeypatch.setattr(self_test, "shipped", lambda kind: {"order": order} if kind == "orders" else {})
    assert f"{order} cannot be read: " in wrong("_data")
