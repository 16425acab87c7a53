"""Issued plans as files, one for each revision of a case: written once, whole, never over another. Prints are counted.

A file until a register keeps them. Whoever may read the folder sees cases and birth dates: it is its owner's alone.
"""

import errno
import hashlib
import json
import os
import re
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from whenever import Instant

from dosing_app.course.issue import NotIssued, read_issued
from dosing_app.course.plan import Plan
from dosing_app.reference.source import BadFile
from dosing_app.store.order_file import read_json, sync_folder

_LONGEST_NAME = 120  # signs of a case in a file's name; a longer one is shortened and told apart by its checksum
_KEPT = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
_REVISION = "-revision-"
_SUFFIX = ".json"
_PRINTS = ".prints"
EVERY_PAPER = "export"  # all papers of a plan, printed together


@dataclass(frozen=True, slots=True)
class Revision:
    """An issued plan with its file."""

    path: Path
    plan: Plan

    @property
    def number(self) -> int:
        """Of the revision."""
        return self.plan.issue.revision if self.plan.issue else 0


@dataclass(frozen=True, slots=True)
class History:
    """The revisions of a case in their order, and files that should hold one and cannot be read."""

    revisions: tuple[Revision, ...] = ()
    unreadable: tuple[Path, ...] = ()

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The issued plans."""
        return tuple(each.plan for each in self.revisions)

    def later(self, plan: Plan) -> tuple[Plan, ...]:
        """The revisions after a plan's own."""
        number = plan.issue.revision if plan.issue else 0
        return tuple(each.plan for each in self.revisions if each.number > number)


class Exists(OSError):
    """There is a file of that revision already, and it stays as it is."""


def file_name(case: str, revision: int) -> str:
    """The name of a revision's file: no two cases share one on any system, and no sign of a case leads elsewhere.

    Cases that the second check takes for one are one here: capitals and blanks make no other case.
    """
    return f"{_safe(case)}{_REVISION}{revision}{_SUFFIX}"


def _safe(case: str) -> str:
    """A case as part of a file's name: other signs as _ and two digits for each byte, so none can be mistaken."""
    key = _key(case)
    name = "".join(
        sign if sign in _KEPT else "".join(f"_{byte:02x}" for byte in sign.encode("utf-8", "surrogatepass"))
        for sign in key
    )
    if len(name) <= _LONGEST_NAME:
        return name
    checksum = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{name[:40]}~{checksum}"  # "~" stands in no other name


def _key(case: str) -> str:
    return " ".join(case.split()).casefold()


def keep(plan: Plan, folder: Path) -> Path:
    """Write an issued plan into the folder, which is made where it is not there. Returns its file.

    It appears under its name when it is whole and on disk, and only if nothing stands there.

    Raises:
        NotIssued: no-issue.
        Exists: a file of that revision of the case stands there.
        OSError: it could not be written; nothing is left under its name.
    """
    if plan.issue is None or plan.order is None:
        raise NotIssued("no-issue")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / file_name(plan.order.case, plan.issue.revision)
    data = (json.dumps(plan.as_json(), ensure_ascii=False, indent=1) + "\n").encode("utf-8", "surrogatepass")
    handle, name = tempfile.mkstemp(prefix=".issuing.", dir=folder)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _place(beside, path, data)
    except FileExistsError as error:
        raise Exists(error.errno, error.strerror, str(path)) from error
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error  # the name that a person knows
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(folder)
    return path


def _place(beside: Path, path: Path, data: bytes) -> None:
    """Give a written file its name, which fails if the name is taken."""
    try:
        os.link(beside, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links: the name is taken first, then filled
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def open_issued(path: Path) -> Plan:
    """An issued plan from its file, as it was issued.

    Raises:
        BadFile: the file cannot be read as JSON.
        NotIssued: not-a-plan, no-issue, changed.
    """
    content = read_json(path)
    if not isinstance(content, dict):
        raise NotIssued("not-a-plan")
    try:
        return read_issued(content)
    except ValidationError as error:
        raise NotIssued("not-a-plan") from error


def history(case: str, folder: Path) -> History:
    """Every revision of a case; a file that cannot be read, or is another's, is named and never passed over."""
    revisions, unreadable = [], []
    pattern = re.compile(re.escape(_safe(case) + _REVISION) + r"([1-9][0-9]{0,5})" + re.escape(_SUFFIX))
    for path in sorted(folder.glob(f"*{_SUFFIX}")):
        match = pattern.fullmatch(path.name)
        if match is None:
            continue
        try:
            plan = open_issued(path)
        except (BadFile, NotIssued, OSError):
            unreadable.append(path)
            continue
        assert plan.issue is not None
        assert plan.order is not None
        if plan.issue.revision != int(match[1]) or _key(plan.order.case) != _key(case):
            unreadable.append(path)
            continue
        revisions.append(Revision(path, plan))
    return History(tuple(sorted(revisions, key=lambda each: each.number)), tuple(unreadable))


# ---- prints ----


def next_print(plan: Plan, paper: str, folder: Path) -> int:
    """The number that the next print of a paper will have: 1 for the first.

    Raises:
        OSError: the count cannot be read.
    """
    prints = _Prints()
    for each in _counted(_count_file(plan, folder)):
        prints.add(str(each.get("paper")))
    return prints.add(paper)


def count_print(plan: Plan, paper: str, folder: Path) -> int:
    """Count a print of a paper, before it is printed, and return its number; it stays counted if the printer fails.

    One line is added for each, so that two windows that print at once have two numbers.

    Raises:
        OSError: it could not be counted: then nothing may be printed.
    """
    path = _count_file(plan, folder)
    sign = uuid.uuid4().hex
    line = json.dumps({"paper": paper, "at": Instant.now().format_iso(), "print": sign})
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "ab") as file:
            file.write(f"\n{line}\n".encode())  # a line of its own, even after one that was cut short
            file.flush()
            os.fsync(file.fileno())
        sync_folder(folder)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    prints = _Prints()
    for each in _counted(path):
        number = prints.add(str(each.get("paper")))
        if each.get("print") == sign:
            return number
    raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))  # what was just written is not there


def _count_file(plan: Plan, folder: Path) -> Path:
    if plan.issue is None or plan.order is None:
        raise NotIssued("no-issue")
    return folder / (file_name(plan.order.case, plan.issue.revision).removesuffix(_SUFFIX) + _PRINTS)


class _Prints:
    """The numbers of prints in their order: no paper has a number twice, be it printed alone or with all others."""

    def __init__(self) -> None:
        self._alone: dict[str, int] = {}
        self._together = 0

    def add(self, paper: str) -> int:
        """The number of one more print."""
        if paper == EVERY_PAPER:
            self._together = max([self._together, *self._alone.values()]) + 1
            self._alone = {}
            return self._together
        self._alone[paper] = self._alone.get(paper, self._together) + 1
        return self._alone[paper]


def _counted(path: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        with suppress(ValueError):  # cut short when the program was killed, before anything was printed
            found = json.loads(line)
            if isinstance(found, dict):
                yield found
