"""Freeze the program into one folder, and prove it from another place than it was built in."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import licences
import make_wheel
from prove import prove
from workshop import BUILD, DIST, EXECUTABLE, HERE, NAME, debian, epoch, run, runtime, said, site_packages, tools

FROZEN = DIST / NAME


def build() -> Path:
    """The folder, from the wheel and its locked dependencies."""
    make_wheel.build()
    make_wheel.installed()
    environment = {
        **os.environ,
        "PYTHONPATH": str(site_packages(tools())),  # PyInstaller; what it freezes comes first
        "PYTHONHASHSEED": "0",  # the order of names in what is compiled
        "SOURCE_DATE_EPOCH": epoch(),
    }
    where = ("--distpath", DIST, "--workpath", BUILD / "pyinstaller")
    log = run(
        *(runtime(), "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *where, HERE / "dosing-app.spec"),
        env=environment,
        cwd=BUILD,  # not where the sources are: a module of theirs would go along
    )
    print(log, end="")
    if sys.platform == "linux":
        debian("binutils", "patchelf")
        _without_traces(FROZEN)
    licences.gather(FROZEN / "licences")
    return FROZEN


def _without_traces(folder: Path) -> None:
    """Take the places of this machine out of Python's own libraries, where it was built by hand, and what debugs them.

    What a maker shipped in a wheel looks beside itself ($ORIGIN) and stays as it is.
    """
    for path in folder.rglob("*.so*"):
        if path.is_symlink() or "/" not in run("patchelf", "--print-rpath", path).replace("$ORIGIN/", ""):
            continue
        run("strip", "--strip-unneeded", path)
        run("patchelf", "--remove-rpath", path)


def main() -> None:
    """Build, move away, prove."""
    said(build())
    with tempfile.TemporaryDirectory() as elsewhere:
        moved = Path(shutil.copytree(FROZEN, Path(elsewhere) / "moved", symlinks=True))
        prove([str(moved / EXECUTABLE)])


if __name__ == "__main__":
    main()
