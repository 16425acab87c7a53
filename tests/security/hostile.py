"""Put one hostile file after another to every command that reads one, in one process of little memory.

`hostile.py FOLDER` prints a line of JSON for each: which command, which file, its status, what it said, how long it
took. A command that hangs or needs too much memory ends the process, and its line is missing.
"""

import contextlib
import io
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from dosing_app.cli import main
from dosing_app.reference.bundle import load_house
from dosing_app.store import backup, register  # noqa: F401 - loaded before the memory is measured
from dosing_app.store.order_file import load

SECONDS = 20  # for one file; the slowest takes a fraction, on a busy machine too
MEMORY = 1_000_000_000  # bytes above what the loaded program holds
ORDER = [
    *("--weight", "6.42 kg", "--length", "63.5 cm", "--born", "2026-06-20", "--measured", "2026-11-23"),
    *("--start", "2026-11-23T14:00", "--zone", "Europe/Amsterdam"),
]
LARGE = 100_000_000  # bytes


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(LARGE)


def _fill(text: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(text)


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


FILES: dict[str, Callable[[Path], None]] = {
    "nothing": lambda _path: None,
    "empty": _fill(b""),
    "nul": _fill(b"\x00" * 1000),
    "nul-in-text": _fill(b'schema = 1\nname = "a\x00b"\n'),
    "not-utf8": _fill(b'{"file": "caf\xe9"}'),
    "utf16": _fill('{"schema": 1}'.encode("utf-16")),
    "100-mb": _sparse,
    "100-mb-one-line": _fill(b'{"file": "' + b"x" * LARGE),
    "deep-lists": _fill(b"[" * 300_000),
    "deep-lists-closed": _fill(b"[" * 300_000 + b"]" * 300_000),
    "less-deep": _fill(b'{"a":' * 900 + b"1" + b"}" * 900),
    "less-deep-log": _fill(b"[" + b'{"a":' * 450 + b"1" + b"}" * 450 + b"]"),
    "deep-toml": _fill(b"schema = 1\na = " + b"[" * 300_000),
    "deep-keys": _fill(b"schema = 1\n" + b"a." * 20_000 + b"b = 1\n"),
    "huge-number": _fill(b"schema = 1\na = " + b"9" * 500_000),
    "huge-json-number": _fill(b'{"schema": ' + b"9" * 500_000 + b"}"),
    "huge-exponent": _fill(b'[{"at": "2026-11-23T13:00:00Z", "event": "rate-found", "rate_ml_per_h": 1e999999}]'),
    "endless-exponent": _fill(b"schema = 1\na = 1e999999999\n"),
    "many-lists": _fill(b"[" + b"[]," * 1_000_000 + b"[]]"),
    "folder": lambda path: path.mkdir(),
    "loop": _loop,
    "pipe": os.mkfifo,
    "zeros": lambda path: path.symlink_to("/dev/zero"),
}


def commands(plan: Path, log: Path, path: Path) -> dict[str, Callable[[], int]]:
    """What reads a file, by name."""

    def order() -> int:
        load(path)
        return 0

    site = ["--site", str(path)]
    return {
        "site": lambda: main(["plan", *ORDER, *site]),
        "product": lambda: main(["plan", *ORDER, "--product", str(path)]),
        "protocol": lambda: main(["plan", *ORDER, "--protocol", str(path)]),
        "issued": lambda: main(["export", "--plan", str(path), "--to", str(path.parent / "papers")]),
        "plan": lambda: main(["replan", "--plan", str(path), "--log", str(log)]),
        "log": lambda: main(["replan", "--plan", str(plan), "--log", str(path)]),
        "backup": lambda: main(["restore", str(path)]),
        "order": order,
    }


def held() -> int:
    """The address space that the process has now. [bytes]"""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()


def run(folder: Path) -> None:
    """Every command on every file."""
    plan, log = folder / "plan.json", folder / "log.json"
    with contextlib.redirect_stdout(io.StringIO()) as said:
        main(["plan", *ORDER, "--json"])
    plan.write_text(said.getvalue(), encoding="utf-8")
    log.write_text("[]", encoding="utf-8")
    load_house()
    limit = held() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for name, make in FILES.items():
        path = folder / f"{name}.json"
        make(path)
        for command, call in commands(plan, log, path).items():
            out, began = io.StringIO(), time.perf_counter()
            signal.alarm(SECONDS)  # ends the process
            try:
                with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                    status: object = call()
            except BaseException as error:  # noqa: BLE001 - whatever it is, it is the result
                status = f"{type(error).__name__}: {str(error)[:200]}"
            signal.alarm(0)
            took = time.perf_counter() - began
            print(json.dumps([command, name, status, out.getvalue()[:300], round(took, 2)]), flush=True)


if __name__ == "__main__":
    run(Path(sys.argv[1]))
