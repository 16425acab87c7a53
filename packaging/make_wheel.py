"""Build the wheel with its resources, and prove it in an environment of its own, with the sources out of the way."""

import shutil
import subprocess
import sys
from pathlib import Path

from prove import prove
from workshop import BUILD, DIST, EXECUTABLE, ROOT, VERSION, epoch, install, run, runtime, said, site_packages, tools

WHEEL = DIST / f"dosing_app-{VERSION}-py3-none-any.whl"


def build() -> Path:
    """The wheel, from a copy of what it is made of: what lies about in the tree stays out."""
    source = BUILD / "wheel"
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    for name in ("dosing_app", "resources"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    run(tools(), "-m", "hatchling", "build", "-t", "wheel", "-d", DIST, cwd=source, env={"SOURCE_DATE_EPOCH": epoch()})
    shutil.rmtree(source)
    return WHEEL


def installed() -> Path:
    """The program as the wheel installs it beside its locked dependencies."""
    python = runtime()
    install(python, "--no-deps", "--no-index", "--force-reinstall", WHEEL)
    return python.with_name(EXECUTABLE)


def away_from_sources(program: Path) -> None:
    """End everything where the installed program would read a file of this tree."""
    ask = "import dosing_app.reference.folder as f; print(f.__file__); print(f.resources_folder())"
    done = subprocess.run(
        [program.with_name("python"), "-I", "-c", ask], cwd="/", capture_output=True, text=True, check=True
    )
    inside = site_packages(program.with_name("python"))
    for line in done.stdout.splitlines():
        if not Path(line).is_relative_to(inside):
            sys.exit(f"the installed program reads {line}")


def main() -> None:
    """Build, install, prove."""
    said(build())
    program = installed()
    away_from_sources(program)
    prove([str(program)])


if __name__ == "__main__":
    main()
