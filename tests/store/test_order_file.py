"""Order files: nothing typed is lost, a failed save leaves the old file whole, and a bad file is refused by name."""

import errno
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whenever import Instant

from dosing_app.course.order import FIELDS
from dosing_app.course.second_check import Check
from dosing_app.reference.folder import resources_folder
from dosing_app.reference.source import BadFile, shipped
from dosing_app.store.order_file import LARGEST_FILE, load, load_check, save, sync_folder, write_whole

any_text = st.text(st.characters(exclude_categories=[])) | st.sampled_from(
    ["\ud800", "\udfff\ud800", "a\x00b", "\u2028", "\r\n", '"\\']
)
any_texts = st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=20).map(lambda code: f"reason:{code}"), any_text)
OLD = {"weight": "6.42 kg", "case": "old"}
NEW = {"weight": "6.5 kg", "case": "new"}


@settings(max_examples=200, deadline=None)
@given(any_texts)
def test_what_was_typed_comes_back(texts: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "order.json"
        save(path, texts)
        assert load(path) == texts


@pytest.mark.parametrize("character", ["9", "é", "\U0001f476", "\x00", '"', "\ud800"])
def test_a_megabyte_in_a_field_comes_back(character: str, tmp_path: Path) -> None:
    texts = {"weight": character * 1_000_000, "case": "A"}
    save(tmp_path / "order.json", texts)
    assert load(tmp_path / "order.json") == texts


def test_a_megabyte_in_every_field_comes_back(tmp_path: Path) -> None:
    texts = dict.fromkeys(FIELDS, "9" * 1_000_000)
    save(tmp_path / "order.json", texts)
    assert load(tmp_path / "order.json") == texts


@pytest.mark.parametrize(
    "texts", [dict.fromkeys(FIELDS[:5], "\x00" * 1_000_000), {"case": "9" * 21_000_000}], ids=["nul", "digits"]
)
def test_what_was_saved_can_be_opened(texts: dict[str, str], tmp_path: Path) -> None:
    """Undo, recovery and saving lose nothing: either the save fails and says so, or the file is read back."""
    path = tmp_path / "order.json"
    try:
        save(path, texts)
    except (OSError, ValueError):
        assert not path.exists()
    else:
        assert load(path) == texts


@pytest.mark.parametrize(
    "name", ["order.json", "Bestellung Ünïcödé ☃.json", "x" * 250, ".hidden", "a b\tc.json", "-rf"]
)
def test_any_name_of_a_file(name: str, tmp_path: Path) -> None:
    save(tmp_path / name, OLD)
    save(tmp_path / name, NEW)
    assert load(tmp_path / name) == NEW
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_the_file_is_plain_json_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "order.json"
    save(path, {"case": "é"})
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "file": "dosing-app/order",
        "schema": 1,
        "texts": {"case": "é"},
    }
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_shipped_orders_are_read() -> None:
    assert set(shipped("orders")) >= {"example"}
    for path in shipped("orders").values():
        assert load(path)["weight"]


def test_a_link_keeps_pointing_at_the_file(tmp_path: Path) -> None:
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    save(real, OLD)
    link.symlink_to(real)
    save(link, NEW)
    assert link.is_symlink()
    assert load(real) == NEW


def test_the_record_of_the_second_check_comes_back_with_the_order(tmp_path: Path) -> None:
    path = tmp_path / "order.json"
    check = Check(entered_by="A. Jansen", checked_by="B. Smit", at=Instant.from_utc(2026, 11, 22, 10), of="x")
    save(path, OLD, check)
    assert (load(path), load_check(path)) == (OLD, check)
    save(path, NEW)
    assert (load(path), load_check(path)) == (NEW, None)


@pytest.mark.parametrize("kept", ["[]", "{}", '{"check": null}', '{"check": {"entered_by": "A. Jansen"}}'])
def test_a_check_that_cannot_be_read_is_none(kept: str, tmp_path: Path) -> None:
    """The order has to be checked again then."""
    path = tmp_path / "order.json"
    path.write_text(kept, encoding="utf-8")
    assert load_check(path) is None


def test_what_could_not_be_opened_again_is_not_saved(tmp_path: Path) -> None:
    path = tmp_path / "order.json"
    save(path, OLD)
    with pytest.raises(OSError, match=os.strerror(errno.EFBIG)) as caught:
        save(path, {"case": "9" * LARGEST_FILE})
    assert caught.value.filename == str(path)
    assert load(path) == OLD


def test_where_a_folder_cannot_be_opened_it_is_not_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows opens no folder, and writes the name of a file with the file."""

    def refused(*_given: object) -> int:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(os, "open", refused)
    with pytest.raises(PermissionError):
        sync_folder(tmp_path)
    monkeypatch.setattr(os, "name", "nt")
    sync_folder(tmp_path)


# ---- a save that fails ----


@pytest.mark.parametrize("step", ["tempfile.mkstemp", "os.fdopen", "os.fsync", "pathlib.Path.replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES, errno.EDQUOT])
def test_a_failure_at_any_step_leaves_the_old_file(
    step: str, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "order.json"
    save(path, OLD)

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(step, fail)
    with pytest.raises(OSError, match=os.strerror(number)):
        save(path, NEW)
    monkeypatch.undo()
    assert load(path) == OLD
    assert [each.name for each in tmp_path.iterdir()] == ["order.json"], "a temporary file was left"


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, MemoryError, SystemExit])
def test_an_interruption_leaves_the_old_file(
    interruption: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "order.json"
    save(path, OLD)

    def stop(_: int) -> None:
        raise interruption

    monkeypatch.setattr("os.fsync", stop)
    with pytest.raises(interruption):
        save(path, NEW)
    monkeypatch.undo()
    assert load(path) == OLD
    assert len(list(tmp_path.iterdir())) == 1


def test_the_data_is_on_disk_before_it_takes_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sync of the file, rename, sync of the folder, in that order."""
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def seen_fsync(handle: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else f"file of {os.fstat(handle).st_size}")
        fsync(handle)

    def seen_replace(self: Path, target: Path) -> Path:
        done.append("rename")
        return replace(self, target)

    monkeypatch.setattr("os.fsync", seen_fsync)
    monkeypatch.setattr(Path, "replace", seen_replace)
    write_whole(tmp_path / "order.json", b"12345")
    assert done == ["file of 5", "rename", "folder"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk to write to")
def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The write itself fails, as the system makes it fail."""
    path = tmp_path / "order.json"
    save(path, OLD)
    fdopen = os.fdopen

    def on_a_full_disk(handle: int, mode: str):
        full = os.open("/dev/full", os.O_WRONLY)
        os.dup2(full, handle)
        os.close(full)
        return fdopen(handle, mode)

    monkeypatch.setattr("os.fdopen", on_a_full_disk)
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        save(path, NEW)
    monkeypatch.undo()
    assert load(path) == OLD
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    path = tmp_path / "order.json"
    save(path, OLD)
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OSError, match="denied"):
            save(path, NEW)
        assert load(path) == OLD
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize("where", ["missing/order.json", "file.json/order.json", "."])
def test_a_place_where_no_file_can_be(where: str, tmp_path: Path) -> None:
    (tmp_path / "file.json").write_text("x")
    with pytest.raises(OSError, match=r".+"):
        save(tmp_path / where, NEW)
    assert (tmp_path / "file.json").read_text() == "x"


WRITER = """
import sys
import time
from pathlib import Path
from dosing_app.store.order_file import save
path = Path(sys.argv[1])
print("ready", flush=True)
number = 0
while True:
    save(path, {"case": str(number), "weight": str(number) * 20000})
    number += 1
"""


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_a_killed_writer_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "order.json"
    save(path, {"case": "-1", "weight": ""})
    kills, written = 20, set()
    for attempt in range(kills):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(0.003 * attempt)
            writer.send_signal(signal.SIGKILL)
        texts = load(path)
        number = texts["case"]
        written.add(number)
        assert texts["weight"] == ("" if number == "-1" else number * 20000)
    assert len(written) > 2, "the writer was never killed while it wrote"


# ---- bad files ----

HEAD = '"file": "dosing-app/order", "schema": 1'


@pytest.mark.parametrize(
    ("content", "reason", "table", "key"),
    [
        ("", "empty", "", ""),
        (" \n", "empty", "", ""),
        (b"\xff\xfe{\x00", "not-utf8", "", ""),
        ('{"file": "dosing-app/order", "case": "caf\u00e9"}'.encode("latin-1"), "not-utf8", "", ""),
        ("{", "syntax", "", ""),
        (f'{{{HEAD}, "texts": {{"weight": "6.42', "syntax", "", ""),
        (f'{{{HEAD}, "texts": {{}}}} trailing', "syntax", "", ""),
        (f"{{{HEAD}, 'texts': {{}}}}", "syntax", "", ""),
        ("\x00" * 100, "syntax", "", ""),
        ("[" * 200_000, "too-deep", "", ""),
        ('{"a":' * 200_000, "too-deep", "", ""),
        ("9" * 10_000, "too-many-digits", "", ""),
        ("[]", "not-an-order", "", ""),
        ("null", "not-an-order", "", ""),
        ("{}", "not-an-order", "", ""),
        ('"dosing-app/order"', "not-an-order", "", ""),
        ('{"file": "another", "schema": 1, "texts": {}}', "not-an-order", "", ""),
        ('{"file": "dosing-app/order", "texts": {}}', "no-schema", "", "schema"),
        ('{"file": "dosing-app/order", "schema": "1", "texts": {}}', "no-schema", "", "schema"),
        ('{"file": "dosing-app/order", "schema": true, "texts": {}}', "no-schema", "", "schema"),
        ('{"file": "dosing-app/order", "schema": 1.0, "texts": {}}', "no-schema", "", "schema"),
        ('{"file": "dosing-app/order", "schema": 2, "log": [], "texts": {}}', "newer", "", "schema"),
        ('{"file": "dosing-app/order", "schema": 0, "texts": {}}', "wrong-value", "", "schema"),
        (f"{{{HEAD}}}", "wrong-value", "", "texts"),
        (f'{{{HEAD}, "texts": []}}', "wrong-value", "", "texts"),
        (f'{{{HEAD}, "texts": null}}', "wrong-value", "", "texts"),
        (f'{{{HEAD}, "texts": {{}}, "log": []}}', "unknown-key", "", "log"),
        (f'{{{HEAD}, "texts": {{"height": "63.5 cm"}}}}', "unknown-key", "texts", "height"),
        (f'{{{HEAD}, "texts": {{"weight": 6.42}}}}', "wrong-value", "texts", "weight"),
        (f'{{{HEAD}, "texts": {{"weight": null}}}}', "wrong-value", "texts", "weight"),
        (f'{{{HEAD}, "texts": {{"weight": NaN}}}}', "wrong-value", None, None),
        (f'{{{HEAD}, "texts": {{"weight": -Infinity}}}}', "wrong-value", None, None),
        (f'{{{HEAD}, "texts": {{"weight": {{"kg": "6.42"}}}}}}', "wrong-value", "texts", "weight"),
        (f'{{{HEAD}, "texts": {{"weight": "6.42 kg", "weight": "64.2 kg"}}}}', "twice", None, "weight"),
        (f'{{{HEAD}, "texts": {{}}, "texts": {{}}}}', "twice", "", "texts"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_bad_file_is_refused(
    content: str | bytes, reason: str, table: str | None, key: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "order.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BadFile) as caught:
        load(path)
    assert (caught.value.file, caught.value.reason) == (str(path), reason)
    assert table is None or caught.value.table == table
    assert key is None or caught.value.key == key


def test_nan_is_refused_with_its_key(tmp_path: Path) -> None:
    """Issue: the message names file, table and key."""
    path = tmp_path / "order.json"
    path.write_text(f'{{{HEAD}, "texts": {{"weight": NaN}}}}')
    with pytest.raises(BadFile) as caught:
        load(path)
    assert caught.value.key == "weight"


def test_what_is_no_file(tmp_path: Path) -> None:
    for path, reason in (
        (tmp_path / "none.json", "no-file"),
        (tmp_path, "not-a-file"),
        (Path("/dev/null"), "not-a-file"),
    ):
        with pytest.raises(BadFile) as caught:
            load(path)
        assert caught.value.reason == reason
    for text in ("x" * 5000, "a\x00b"):
        with pytest.raises(BadFile):
            load(tmp_path / text)


def test_a_file_of_100_mb_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "order.json"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    monkeypatch.setattr(Path, "read_bytes", lambda _path: pytest.fail("it is read"))
    with pytest.raises(BadFile) as caught:
        load(path)
    assert caught.value.reason == "too-large"
    assert len(FIELDS) * 1_000_000 < LARGEST_FILE


EXAMPLE = (resources_folder() / "orders" / "example.json").read_text(encoding="utf-8")


@settings(max_examples=80, deadline=None)
@given(st.integers(0, len(EXAMPLE.rstrip()) - 1))
def test_a_truncated_file_is_refused(cut: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "order.json"
        path.write_text(EXAMPLE[:cut], encoding="utf-8")
        with pytest.raises(BadFile) as caught:
            load(path)
        assert caught.value.reason in {"empty", "syntax"}


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_content_is_refused_by_name(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "order.json"
        path.write_bytes(content)
        with pytest.raises(BadFile):
            load(path)
