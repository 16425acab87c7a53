"""Order files: the texts as typed, in JSON with a schema number, written whole or not at all."""

import errno
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from dosing_app.course.order import FIELDS, REASON
from dosing_app.course.second_check import Check
from dosing_app.reference.source import BadFile, check_schema, read_bytes

SCHEMA = 1
_NAME = "dosing-app/order"
LARGEST_FILE = 64_000_000  # bytes: room for a megabyte in every field, and no more


def save(path: Path, texts: Mapping[str, str], check: Check | None = None) -> None:
    """Write an order file beside its old version and put it in its place when it is whole and on disk.

    Args:
        path: of the file.
        texts: as typed.
        check: the record of the second check, if there is one.

    Raises:
        OSError: it could not be written; the old file is as it was.
    """
    content: dict[str, Any] = {"file": _NAME, "schema": SCHEMA, "texts": dict(texts)}
    if check is not None:
        content["check"] = check.model_dump(mode="json")
    data = (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "surrogatepass")
    if len(data) > LARGEST_FILE:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    write_whole(path, data)


def write_whole(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Write, sync, rename: whatever happens, the path holds the old file or the new one. Readable by its owner only.

    Args:
        path: the file.
        data: all of it.
        mode: who else may read it, where others may.

    Raises:
        OSError: it could not be written.
    """
    path = path.resolve()  # a link keeps pointing at the file
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode != 0o600:  # noqa: PLR2004 - what a temporary file has anyway
            Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """A new name in a folder must survive a power cut as well. Raises `OSError`."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def load_check(path: Path) -> Check | None:
    """The record of the second check in an order file; None without one, or with one that cannot be read.

    Whether it is one of the present plan is for `course.second_check.holds` to say.

    Raises:
        BadFile: as `load`.
    """
    content = read_json(path)
    try:
        return Check.model_validate(content.get("check")) if isinstance(content, dict) else None
    except ValidationError:
        return None


def load(path: Path) -> dict[str, str]:
    """The texts of an order file, exactly as they were typed.

    Raises:
        BadFile: no-file, not-a-file, unreadable-file, empty, too-large, not-utf8, syntax, too-deep, newer, no-schema,
            not-an-order, unknown-key, wrong-value, twice.
    """
    content = read_json(path)
    if not isinstance(content, dict) or content.get("file") != _NAME:
        raise BadFile(path, "not-an-order")
    check_schema(path, content.get("schema"))
    for key in content:
        if key not in {"file", "schema", "texts", "check"}:
            raise BadFile(path, "unknown-key", key=key[:40])
    texts = content.get("texts")
    if not isinstance(texts, dict):
        raise BadFile(path, "wrong-value", key="texts", accepted="a table of texts")
    for key, text in texts.items():
        if key not in FIELDS and not key.startswith(REASON):
            raise BadFile(path, "unknown-key", table="texts", key=key[:40])
        if not isinstance(text, str):
            raise BadFile(path, "wrong-value", table="texts", key=key, found=str(text)[:40], accepted="a text")
    return texts


def read_json(path: Path) -> Any:
    """The JSON of a file, each key once and no number that JSON does not know; a byte-order mark is passed over."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise BadFile(path, "twice", key=key[:40])
            found[key] = value
        return found

    raw = read_bytes(path, LARGEST_FILE)
    try:
        text = raw.decode("utf-8", "surrogatepass").removeprefix("\ufeff")
        return json.loads(text, object_pairs_hook=once)
    except UnicodeDecodeError as error:
        raise BadFile(path, "not-utf8", position=error.start) from error
    except RecursionError as error:
        raise BadFile(path, "too-deep") from error
    except json.JSONDecodeError as error:
        problem = f"{error.msg} (line {error.lineno}, column {error.colno})"
        raise BadFile(path, "syntax", problem=problem) from error
    except ValueError as error:  # a number of thousands of digits
        raise BadFile(path, "too-many-digits") from error
