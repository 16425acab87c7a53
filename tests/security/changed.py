"""Run commands of a copy of the program, each time with one data file changed: `changed.py COPY` prints JSON lines.

The program is imported once; each change is met by a child of its own, which has read no data before.
"""

import contextlib
import io
import json
import os
import sys
from pathlib import Path

ORDER = [
    *("--weight", "6.42 kg", "--length", "63.5 cm", "--born", "2026-06-20", "--measured", "2026-11-23"),
    *("--start", "2026-11-23T14:00", "--zone", "Europe/Amsterdam"),
]
PLAN = ["plan", *ORDER, "--json"]
TEACH = ["teach", "set", "--seed", "1", "--n", "1", "--to", "papers"]
EXPORT = ["export", *ORDER, "--to", "papers"]
# What meets the change first: a plan, for whatever table was changed.
READ_BY: dict[str, list[str]] = {
    "limits.toml": PLAN,
    "site.toml": PLAN,
    "infants.toml": PLAN,
    "products/eu.toml": PLAN,
    "products/us.toml": PLAN,
    "protocols/infant-course.toml": PLAN,
    "who/lfa_daily.csv": PLAN,
    "who/wfa_daily.csv": PLAN,
    "who/wfl.csv": PLAN,
    "papers/handling.toml": EXPORT,
    "teaching/kinetics.toml": TEACH,
    "teaching/lesson.toml": TEACH,
    "teaching/slips.toml": TEACH,
}


def answer(arguments: list[str]) -> tuple[object, str]:
    """Status and output of a command."""
    from dosing_app.cli import main

    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            status: object = main(arguments)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is the result
            status = f"{type(error).__name__}: {error}"
    return status, said.getvalue()


def in_a_child(name: str, arguments: list[str]) -> None:
    """Print what a command answers in a process of its own."""
    sys.stdout.flush()
    child = os.fork()
    if not child:
        status, said = answer(arguments)
        print(json.dumps([name, status, said]), flush=True)
        os._exit(0)
    os.waitpid(child, 0)


def run(copy: Path) -> None:
    """The whole copy first, then each change."""
    sys.path.insert(0, str(copy))
    import dosing_app.cli.commands
    import dosing_app.cli.export
    import dosing_app.cli.self_test
    import dosing_app.cli.teach  # noqa: F401 - in the parent, so that no child has to

    for name, arguments in {"plan": PLAN, "export": EXPORT, "teach": TEACH}.items():
        in_a_child(name, arguments)
    for name, arguments in READ_BY.items():
        path = copy / "resources" / name
        good = path.read_bytes()
        path.write_bytes(good + b"\n")  # it says the same as before
        in_a_child(name, arguments)
        path.write_bytes(good)
    path = copy / "resources" / "papers" / "label.typ"
    path.write_bytes(path.read_bytes() + b"\n")
    in_a_child("self-test", ["self-test"])


if __name__ == "__main__":
    run(Path(sys.argv[1]))
