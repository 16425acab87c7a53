"""Backup and restore of a register: one file of JSON lines, the chain included, the same for a file and for a server.

The first line says whose register it is, how many records follow and the digest of the last; each further line is one
record. What was backed up from a file can be restored to a server, and the other way round.
"""

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from whenever import Instant

from dosing_app.reference.bundle import House
from dosing_app.store.chain import Record, Seal, Walk
from dosing_app.store.order_file import sync_folder
from dosing_app.store.register import Register, RegisterError, Tampered, open_register

SCHEMA = 1
_NAME = "dosing-app/register"
_LONGEST_LINE = 400_000_000  # bytes: the largest order file, each of its signs escaped
_FIELDS = {each.name: each.type for each in fields(Record)}


class BadBackup(Exception):
    """A file that is no backup of a register; `reason` says why: not-a-backup, newer, cut, unreadable."""

    def __init__(self, path: Path, reason: str, **values: object) -> None:
        """Which file, and what is wrong with it."""
        super().__init__(str(path), reason)
        self.path = path
        self.reason = reason
        self.values = {key: str(value) for key, value in values.items()}


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a backup: the register's identity, its end, and when it was written."""

    identity: str
    seal: Seal
    written: str


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did.

    Attributes:
        header: of the backup.
        kept: where the old register is; "" where there was none.
        missing: records of the old one that the backup does not have; None where the old one could not be read.
        where: the register.
    """

    header: Header
    kept: str
    missing: int | None
    where: str


def backup(register: Register, path: Path, clock: Callable[[], Instant] = Instant.now) -> Header:
    """Write the whole register of one moment into a file, read it back, and only then give it its name.

    Raises:
        Tampered: the register is not as it was written; nothing is left under the name.
        BadBackup: not-a-backup, where the name belongs to a file of another kind.
        RegisterError: the register cannot be read.
        OSError: the file cannot be written.
    """
    if path.exists() and not _is_ours(path):
        raise BadBackup(path, "not-a-backup")
    path = path.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)  # readable by its owner only
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file, register.snapshot() as (identity, seal, records):
            header = Header(identity, seal, clock().format_iso(unit="second"))
            file.writelines(_lines(header, records))
            file.flush()
            os.fsync(file.fileno())
        check(beside)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
    return header


def _lines(header: Header, records: Iterable[Record]) -> Iterator[bytes]:
    first = {
        "file": _NAME,
        "schema": SCHEMA,
        "register": header.identity,
        "count": header.seal.count,
        "head": header.seal.head,
        "written": header.written,
    }
    yield _line(first)
    for each in records:
        yield _line(asdict(each))


def _line(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=True) + "\n").encode("ascii")


def check(path: Path) -> Header:
    """Go through a whole backup.

    Raises:
        BadBackup: not-a-backup, newer, cut, unreadable.
        Tampered: a record is not as it was written.
        OSError: it cannot be read.
    """
    header, walk = read_header(path), Walk()
    for each in read_records(path):
        walk.take(each)
    if not walk.faults and walk.whole != header.seal:
        raise BadBackup(path, "cut", found=walk.whole.count, count=header.seal.count)
    if walk.faults:
        raise Tampered(walk.faults)
    return header


def read_header(path: Path) -> Header:
    """Whose backup a file is. Raises `BadBackup`, OSError."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise BadBackup(path, "not-a-backup")  # a pipe would be waited for without end
    with path.open("rb") as file:
        content = _content(path, file.readline(10_000))
    if content.get("file") != _NAME or type(content.get("schema")) is not int:
        raise BadBackup(path, "not-a-backup")
    if content["schema"] > SCHEMA:
        raise BadBackup(path, "newer", found=content["schema"], known=SCHEMA)
    identity, count, head, written = (content.get(name) for name in ("register", "count", "head", "written"))
    if not (isinstance(identity, str) and type(count) is int and isinstance(head, str) and isinstance(written, str)):
        raise BadBackup(path, "not-a-backup")
    return Header(identity, Seal(count, head), written)


def read_records(path: Path) -> Iterator[Record]:
    """The records of a backup, a line at a time. Raises `BadBackup`, OSError."""
    with path.open("rb") as file:
        file.readline(_LONGEST_LINE)
        for number, line in enumerate(iter(lambda: file.readline(_LONGEST_LINE), b""), 2):
            content = _content(path, line)
            if set(content) != set(_FIELDS) or any(type(content[name]) is not kind for name, kind in _FIELDS.items()):
                raise BadBackup(path, "unreadable", line=number)
            yield Record(**content)


def _content(path: Path, line: bytes) -> dict[str, Any]:
    try:
        content = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadBackup(path, "not-a-backup") from error
    if not isinstance(content, dict):
        raise BadBackup(path, "not-a-backup")
    return content


def _is_ours(path: Path) -> bool:
    try:
        read_header(path)
    except BadBackup as error:
        return error.reason == "newer"
    return True


def restore(path: Path, where: Path | str, house: House, clock: Callable[[], Instant] = Instant.now) -> Restored:
    """Make the register what a backup holds; the old one is kept beside it. All or nothing.

    The backup is gone through before anything is touched, and again while it is written. Other programs that use the
    register wait meanwhile and then see the restored one: what they record next is compared with its end.

    Args:
        path: of the backup.
        where: the register: a file, or postgresql://….
        house: the settings of the site.
        clock: what time it is.

    Raises:
        BadBackup, Tampered: the file is no whole backup.
        RegisterError: the register cannot be written.
        OSError: the old register cannot be kept.
    """
    header = check(path)
    existed = not isinstance(where, Path) or (where.exists() and where.stat().st_size > 0)
    try:
        with open_register(where, house, clock, sound=False) as register:
            missing = _missing(register, path)
            kept = register.replace_by(header.identity, header.seal, read_records(path), keep=existed)
            return Restored(header, kept, missing, register.where)
    except RegisterError as error:
        if error.reason not in {"damaged", "not-a-register"} or not isinstance(where, Path):
            raise
    kept = _move_aside(where, clock())  # it cannot even be copied
    with open_register(where, house, clock) as register:
        register.replace_by(header.identity, header.seal, read_records(path), keep=False)
        return Restored(header, kept, None, register.where)


def _missing(register: Register, path: Path) -> int | None:
    """How many records the register has that are not in the backup; None where it cannot be read."""
    there = {each.digest for each in read_records(path)}
    try:
        with register.snapshot() as (_identity, _seal, records):
            return sum(each.digest not in there for each in records)
    except RegisterError:
        return None


def _move_aside(file: Path, now: Instant) -> str:
    """Give a file that cannot be read, and what SQLite keeps beside it, another name."""
    stamp = now.format_iso(unit="second").replace("-", "").replace(":", "")
    kept = file.with_name(f"{file.stem}.unreadable-{stamp}{file.suffix}")
    for ending in ("-wal", "-shm", ""):
        beside = file.with_name(file.name + ending)
        if beside.exists():
            beside.rename(kept.with_name(kept.name + ending))
    return str(kept)
