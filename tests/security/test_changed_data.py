"""A shipped table that was changed, be it by a blank line, is refused by name when it is read, and gives no figure."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from changed import PLAN, READ_BY

import dosing_app
from dosing_app.reference.folder import resources_folder
from dosing_app.reference.limits import load_limits
from dosing_app.reference.source import CHECKSUMS, BadFile, checksums, read_checksums, read_toml

pytestmark = pytest.mark.skipif(os.name != "posix", reason="children are forked")
SCRIPT = Path(__file__).with_name("changed.py")


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[object, str]]:
    """Status and output by the file that was changed."""
    copy = tmp_path_factory.mktemp("copy")
    shutil.copytree(Path(dosing_app.__file__).parent, copy / "dosing_app")
    shutil.copytree(resources_folder(), copy / "resources")
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(copy)], cwd=copy, capture_output=True, text=True, timeout=300, check=True
    )
    return {name: (status, said) for name, status, said in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("command", ["plan", "export", "teach"])
def test_the_copy_is_whole(command: str, answers) -> None:
    """A guard of the other tests."""
    assert answers[command][0] == 0, answers[command]


@pytest.mark.parametrize("file", READ_BY)
def test_a_changed_file_is_refused_by_name(file: str, answers) -> None:
    status, said = answers[file]
    assert status in {2, 3}, said
    assert file in said
    assert "is not the file that was shipped" in said


@pytest.mark.parametrize("file", [file for file, command in READ_BY.items() if command[: len(PLAN)] == PLAN])
def test_no_figure_is_given(file: str, answers) -> None:
    status, said = answers[file]
    plan = json.loads(said)
    assert (status, plan["complete"]) == (3, False)
    assert [each["code"] for each in plan["findings"]] == ["data-checksum"]
    assert not plan.keys() & {"bsa", "daily_dose", "bags", "sessions", "totals", "check_code"}


def test_the_self_test_sees_what_no_command_reads_as_data(answers) -> None:
    status, said = answers["self-test"]
    assert status == 1
    assert "label.typ" in said


def test_every_file_that_is_read_as_data_is_listed() -> None:
    folder = resources_folder()
    kinds = {".toml", ".csv", ".typ"}
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix in kinds}
    assert files <= set(checksums())
    assert {file for file in files if not file.endswith(".typ")} == set(READ_BY), "each is tested above"


@pytest.mark.parametrize(
    ("listed", "reason", "key"), [("other.toml", "missing-key", "more.toml"), ("more.toml", "checksum", "")]
)
def test_a_file_that_somebody_put_among_the_shipped_ones_is_refused(
    listed: str, reason: str, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / CHECKSUMS).write_text(f"{'0' * 64}  {listed}\n", encoding="ascii")
    path = tmp_path / "more.toml"
    path.write_text("schema = 1\n", encoding="utf-8")
    monkeypatch.setattr("dosing_app.reference.source.resources_folder", lambda: tmp_path)
    checksums.cache_clear()
    try:
        with pytest.raises(BadFile) as caught:
            read_toml(path)
    finally:
        monkeypatch.undo()
        checksums.cache_clear()
    assert (caught.value.reason, caught.value.key) == (reason, key)
    assert load_limits()


def test_a_file_of_the_site_is_not_asked_for_a_checksum(tmp_path: Path) -> None:
    """It has its approval by checksum instead."""
    path = tmp_path / "eu.toml"
    path.write_bytes((resources_folder() / "products" / "eu.toml").read_bytes() + b"\n")
    assert read_toml(path)


@pytest.mark.parametrize("line", ["not a checksum", "é", f"{'0' * 63}  a.toml", f"{'0' * 64} a.toml"])
def test_a_list_that_cannot_be_read(line: str, tmp_path: Path) -> None:
    path = tmp_path / CHECKSUMS
    path.write_text(f"{'0' * 64}  a.toml\n{line}\n", encoding="utf-8")
    with pytest.raises(BadFile) as caught:
        read_checksums(path)
    assert (caught.value.reason, caught.value.table) == ("wrong-value", "line 2")
