"""The command line, and the one place where things are wired."""

import time

_started = time.perf_counter()  # before anything else is imported: the window reports its start from here

import os  # noqa: E402
import sys  # noqa: E402
from collections.abc import Sequence  # noqa: E402

COMMANDS = ("plan", "findings", "self-test")
OK, UNREADABLE, REFUSED = 0, 2, 3  # exit status (cli.md)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program with the given arguments; its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a stream may have been put in its place
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        if given and given[0] in COMMANDS:
            from dosing_app.cli import commands

            return commands.run(given[0], given[1:])
        from dosing_app.cli import window

        return window.run(given, _started)
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        return 130


def main_entry() -> None:
    """Where the installed program begins."""
    sys.exit(main())
