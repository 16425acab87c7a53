"""`dosing-app batch`: a table of orders answered line by line, however long it is."""

import os
import signal
import stat
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Event
from typing import BinaryIO

from dosing_app.cli import OK, UNREADABLE
from dosing_app.course.order_table import SITE, BadTable, OrderTable, Row
from dosing_app.reference.bundle import House, load_house
from dosing_app.reference.source import BadFile
from dosing_app.wording.batch_text import answer_line, refusal_line, table_refusal
from dosing_app.wording.language import _
from dosing_app.wording.sentences import bad_file_sentence

_INTERRUPTED = 130
_BAR = 30  # signs
_EVERY = 0.1  # s between two looks of the bar
_CLEAR = "\r\x1b[K"


class _Unread(Exception):
    """The table cannot be read, or not to its end; a sentence."""


def batch_file(path: Path, common: Mapping[str, str]) -> int:
    """Print one line of JSON for each order of a table; 0 if every one was answered.

    Args:
        path: the table.
        common: texts that hold for every order, and `site`, the path of its settings.
    """

    @lru_cache(8)
    def house_of(name: str) -> House:
        return load_house(Path(name) if name else None)

    try:
        house_of(common.get(SITE, ""))  # a call with a bad one is refused before the first order
        with _opened(path) as file:
            with _reading(path):
                table = OrderTable(file, common)
            with _progress(file, table) as show, _interruptible() as interrupted:
                count = 0
                for row in _read(path, table):
                    line = answer_line(row, house_of)
                    show(count, writes=True)
                    print(line, flush=True)  # whole, whatever happens next
                    count = row.number
                    show(count)
                    if interrupted.is_set():
                        break
            if interrupted.is_set():
                print(_("Stopped. Orders answered: {count}.").format(count=count), file=sys.stderr)
                return _INTERRUPTED
    except BadFile as error:
        return _refused(bad_file_sentence(error))
    except BadTable as error:
        return _refused(table_refusal(str(path), error))
    except _Unread as error:
        return _refused(str(error))
    return OK


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise _Unread(_("{file} cannot be read: {why}.").format(file=path, why=why)) from error


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """What goes wrong while reading is told from what goes wrong while writing."""
    try:
        yield
    except OSError as error:
        raise _Unread(_("{file} cannot be read: {why}.").format(file=path, why=error.strerror)) from error


def _read(path: Path, table: OrderTable) -> Iterator[Row]:
    """The orders."""
    rows = iter(table)
    while True:
        with _reading(path):
            row = next(rows, None)
        if row is None:
            return
        yield row


def _refused(sentence: str) -> int:
    """Answer that there are no answers; to the person too, since the output mostly goes to a file."""
    print(refusal_line(sentence), flush=True)
    print(sentence, file=sys.stderr)
    return UNREADABLE


@contextmanager
def _interruptible() -> Iterator[Event]:
    """Set by the first Ctrl-C, so that no line is cut; the second one ends the program at once."""
    asked = Event()
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:  # whoever started it wants no interruption, or handles it
        yield asked
        return

    def ask(_number: int, _frame: object) -> None:
        asked.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, ask)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _progress(file: BinaryIO, table: OrderTable) -> Iterator[Callable[..., None]]:
    """Shows on a terminal how far the table has been read; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield lambda _count, *, writes=False: None  # noqa: ARG005 - nothing to show
        return
    status = os.fstat(file.fileno())
    size = status.st_size if stat.S_ISREG(status.st_mode) else 0
    shares_terminal = sys.stdout.isatty()  # then the bar makes way for each line
    last = 0.0

    def show(count: int, *, writes: bool = False) -> None:
        nonlocal last
        if writes:
            sys.stderr.write(_CLEAR if shares_terminal else "")
            sys.stderr.flush()
        elif time.monotonic() - last >= _EVERY:
            last = time.monotonic()
            sys.stderr.write(_CLEAR + _bar(table.read, size, count))
            sys.stderr.flush()

    try:
        yield show
    finally:
        sys.stderr.write(_CLEAR)
        sys.stderr.flush()


def _bar(read: int, size: int, count: int) -> str:
    """The bar, or only how many orders were answered where nobody knows how many there are."""
    said = _("orders answered: {count}").format(count=count)
    if not size:
        return said
    done = min(read, size) * _BAR // size
    return f"[{'#' * done}{'.' * (_BAR - done)}] {min(read, size) * 100 // size} %  {said}"
