"""The command line, and the one place where things are wired."""

import time

_started = time.perf_counter()  # before anything else is imported: the window reports its start from here

import os  # noqa: E402
import sys  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from itertools import pairwise  # noqa: E402

COMMANDS = ("plan", "options", "replan", "export", "batch", "teach", "findings", "backup", "restore", "self-test")
OK, UNREADABLE, REFUSED = 0, 2, 3  # exit status (cli.md)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program with the given arguments; its exit status."""
    given = _command_first(list(sys.argv[1:] if arguments is None else arguments))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a stream may have been put in its place
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    _speak(given)
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
        where = f"{error.filename}: " if error.filename else ""
        print(f"dosing-app: {where}{error.strerror or error}", file=sys.stderr)
        return UNREADABLE
    except KeyboardInterrupt:
        return 130


def _command_first(given: list[str]) -> list[str]:
    """The language may stand before the command as well."""
    before = 2 if given[:1] == ["--language"] else len([each for each in given[:1] if each.startswith("--language=")])
    if given[before : before + 1] and given[before] in COMMANDS:
        return [given[before], *given[:before], *given[before + 1 :]]
    return given


def _speak(given: Sequence[str]) -> None:
    """Choose the language before any sentence is made: the call's, else the person's, else the computer's.

    A language that is not the program's is refused later, by the parser of the command.
    """
    from dosing_app.store.language_file import kept_language
    from dosing_app.wording.language import LANGUAGES, of_system, speak

    asked = [kept_language()]
    for each, following in pairwise([*given, ""]):
        name, mark, value = each.partition("=")
        if name == "--language":
            asked.append(value if mark else following)
    known = [code for code in asked if code in LANGUAGES]
    speak(known[-1] if known else of_system())


def main_entry() -> None:
    """Where the installed program begins."""
    os.umask(0o077)  # whatever it writes is its owner's alone, the settings and folders that Qt makes too
    sys.exit(main())
