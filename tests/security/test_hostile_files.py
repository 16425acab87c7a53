"""A hostile file is refused with its reason by every command that reads one: in time, in little memory, unharmed.

What each reader says of each fault is tested beside it (tests/reference, tests/store); here it is that none of them
hangs, fills the memory or falls over.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hostile import FILES, SECONDS, commands

from dosing_app.reference.source import BadFile, read_toml
from dosing_app.store.backup import BadBackup, read_header

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="pipes, loops and limits of memory are of Linux")
REFUSED = {2, 3}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], tuple[object, str, float]]:
    """What every command answered to every file: status, what it said, seconds."""
    folder = tmp_path_factory.mktemp("hostile")
    environment = {name: text for name, text in os.environ.items() if not name.startswith("XDG_")}
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("hostile.py")), str(folder)],
        env={**environment, "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=SECONDS * 20,
        check=False,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, f"after {rows[-1:]}: {done.returncode} {done.stderr[-2000:]}"
    return {(command, file): (status, said, took) for command, file, status, said, took in rows}


def test_every_command_met_every_file(answers) -> None:
    """A guard of the other tests."""
    assert set(answers) == {(command, file) for command in commands(Path(), Path(), Path()) for file in FILES}


@pytest.mark.parametrize("file", FILES)
def test_it_is_refused_with_its_reason(file: str, answers) -> None:
    for command in commands(Path(), Path(), Path()):
        status, said, _took = answers[command, file]
        if command == "order":  # the reader alone: the window says it
            assert str(status).startswith("BadFile: "), (command, status)
            continue
        assert status in REFUSED, (command, status, said)
        assert said.strip(), command
        assert "Traceback" not in said


def test_a_log_is_refused_for_itself_and_not_for_its_plan(answers) -> None:
    """A guard: the plan beside the hostile logs is a whole one."""
    assert answers["log", "huge-exponent"][0] == 3
    assert "Entry 0" in answers["log", "huge-exponent"][1]


def test_a_backup_that_is_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    FILES["pipe"](path)
    with pytest.raises(BadBackup) as caught:
        read_header(path)
    assert caught.value.reason == "not-a-backup"


@pytest.mark.parametrize("line", ["{key} = 1", "[{key}]", "[[{key}]]", "a = {{ {key} = 1 }}"])
def test_a_key_of_thousands_of_parts_is_refused_unread(line: str, tmp_path: Path) -> None:
    path = tmp_path / "file.toml"
    path.write_text("schema = 1\n" + line.format(key=".".join("a" * 20_000)) + "\n", encoding="utf-8")
    with pytest.raises(BadFile) as caught:
        read_toml(path)
    assert caught.value.reason == "too-deep"
