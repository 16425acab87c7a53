"""The command line, and the one place where things are wired."""

import time

_started = time.perf_counter()  # before anything else is imported: the window reports its start from here

import errno  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
from collections.abc import Sequence  # noqa: E402

COMMANDS = ("plan", "options", "replan", "export", "teach", "findings", "backup", "restore", "self-test")
OK, UNREADABLE, REFUSED = 0, 2, 3  # exit status (cli.md)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program with the given arguments; its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a stream may have been put in its place
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        if given and given[0] in COMMANDS and sys.stdout is None:
            return UNREADABLE  # there is nowhere to answer to
        if given and given[0] in COMMANDS:
            from dosing_app.cli import commands

            status = commands.run(given[0], given[1:])
            sys.stdout.flush()  # a full disk is to be noticed here
            return status
        from dosing_app.cli import window

        return window.run(given, _started)
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print(f"dosing-app: {error.strerror}", file=sys.stderr)
        return UNREADABLE
    except KeyboardInterrupt:
        return 130


def main_entry() -> None:
    """Where the installed program begins."""
    sys.exit(main())
