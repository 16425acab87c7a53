"""`keep.py NAME COMMAND…`: run a command, show what it prints, and keep that for the report; its status is passed on.

Kept in tests/evidence/figures/NAME.txt with the day and the versions; `make report` quotes it. A run that was
broken off keeps nothing.
"""

import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import dosing_app

FIGURES = Path(__file__).parents[1] / "tests" / "evidence" / "figures"


def main() -> int:
    """Run it."""
    name, *command = sys.argv[1:]
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    day = datetime.now(UTC).strftime("%a %d-%b-%Y")
    head = f"make {name}, {day}, version {dosing_app.__version__}, Python {platform.python_version()}: "
    head += "status 0\n" if process.returncode == 0 else f"FAILED with status {process.returncode}\n"
    FIGURES.mkdir(exist_ok=True)
    (FIGURES / f"{name}.txt").write_text(head + "\n" + "".join(lines), encoding="utf-8")
    return process.returncode


if __name__ == "__main__":
    sys.exit(main())
