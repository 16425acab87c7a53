"""Papers on the disk: whole or not at all."""

import errno
import os
import resource
from pathlib import Path
from types import SimpleNamespace

import pytest
from paper_cases import FINAL, RECALL, case

from dosing_app.papers import files
from dosing_app.papers.files import papers_of, write

PAPERS = {"a.pdf": b"a" * 5000, "b.pdf": b"b" * 5000, "plan.json": b"{}\n"}


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_papers_are_written_whole_and_replace_older_ones(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    assert write(PAPERS, folder) == [folder / name for name in PAPERS]
    assert content(folder) == PAPERS
    write({"a.pdf": b"newer"}, folder)
    assert content(folder) == {**PAPERS, "a.pdf": b"newer"}


@pytest.mark.parametrize("fails_at", [1, 2, 3])
def test_a_full_disk_leaves_the_folder_as_it_was(
    fails_at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.pdf").write_bytes(b"old")
    calls = []

    def full(handle: int) -> None:
        calls.append(handle)
        if len(calls) == fails_at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space") as caught:
        write(PAPERS, tmp_path)
    assert caught.value.filename == str(tmp_path / list(PAPERS)[fails_at - 1])
    assert content(tmp_path) == {"a.pdf": b"old"}


def test_a_file_that_the_system_cuts_off_leaves_nothing(tmp_path: Path) -> None:
    """The system itself refuses to write more than so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        with pytest.raises(OSError, match="too large") as caught:
            write({"plan.json": b"{}\n", "a.pdf": b"a" * 5000}, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.filename == str(tmp_path / "a.pdf")
    assert content(tmp_path) == {}


def test_only_a_revision_that_takes_bags_back_has_a_recall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "draw", lambda document: document.title.encode())
    plan, reference = case("eu-96h")
    final, recalling = papers_of(plan, FINAL, reference), papers_of(plan, RECALL, reference)
    assert set(recalling) - set(final) == {"recall.pdf"}
    assert b"Recall" in recalling["recall.pdf"]


def test_where_no_folder_can_be_opened_the_papers_are_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows refuses to open a folder."""

    def refuse(path: Path, flags: int) -> int:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(files, "os", SimpleNamespace(**{**vars(os), "open": refuse}))
    with pytest.raises(PermissionError):
        write(PAPERS, tmp_path / "here")
    monkeypatch.setattr(files, "os", SimpleNamespace(**{**vars(os), "open": refuse, "name": "nt"}))
    assert write(PAPERS, tmp_path / "there") == [tmp_path / "there" / name for name in PAPERS]
    assert content(tmp_path / "there") == PAPERS


def test_what_is_in_the_way_is_named_and_stays(tmp_path: Path) -> None:
    (tmp_path / "b.pdf").mkdir()
    with pytest.raises(OSError, match=r"b\.pdf"):
        write(PAPERS, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"a.pdf", "b.pdf"}
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match="file"):
        write(PAPERS, tmp_path / "file")
