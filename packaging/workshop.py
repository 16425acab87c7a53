"""What the packaging scripts share: folders, calls of other programs, and two environments from the locks.

`build/tools` builds; `build/runtime` holds what the program runs with and nothing else, so that what is frozen and
listed is what is shipped. Both are made anew when their lock changes.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
DIST = ROOT / "dist"
HERE = ROOT / "packaging"
NAME = "dosing-app"
VERSION: str = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
WINDOWS = sys.platform == "win32"
_LONGEST = 500  # characters of a command that are shown
EXECUTABLE = f"{NAME}.exe" if WINDOWS else NAME


def run(*command: object, cwd: Path = ROOT, env: dict[str, str] | None = None) -> str:
    """Another program's output; it is shown, and everything ends, where that program fails."""
    texts = [str(each) for each in command]
    done = subprocess.run(texts, cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        command = " ".join(texts)
        sys.exit(f"{command[:_LONGEST]}\n{done.stdout}{done.stderr}\nended with {done.returncode}")
    return done.stdout


def debian(*packages: str) -> None:
    """Have Debian packages: as root they are installed where they are missing, else the exact command is printed."""
    missing = [each for each in packages if not _here(each)]
    if not missing:
        return
    command = ["apt-get", "-y", "install", "--no-install-recommends", *missing]
    if os.geteuid():
        sys.exit(f"as root (with sudo, say) run  {' '.join(command)}  and then the same command again")
    print(f"installing {' '.join(missing)}", flush=True)
    run("apt-get", "-qq", "update")
    run(*command, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


def _here(package: str) -> bool:
    asked = ["dpkg-query", "--show", "--showformat", "${db:Status-Status}\n", package]
    return "installed" in subprocess.run(asked, capture_output=True, text=True, check=False).stdout.splitlines()


def epoch() -> str:
    """The time of the last commit, which every file in a package bears: the same bytes for the same sources."""
    return os.environ.get("SOURCE_DATE_EPOCH") or run("git", "log", "-1", "--format=%ct").strip()


def tools() -> Path:
    """The Python of the environment that builds."""
    return _environment(BUILD / "tools", HERE / "requirements-package.txt")


def runtime() -> Path:
    """The Python of the environment that holds what the program runs with."""
    return _environment(BUILD / "runtime", HERE / "requirements.txt")


def install(python: Path, *what: object) -> None:
    """Install into an environment that has no pip of its own, so that none is shipped or listed."""
    run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-warn-script-location", *what)


def site_packages(python: Path) -> Path:
    """Where the packages of an environment lie."""
    return Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())


def _environment(folder: Path, lock: Path) -> Path:
    python = folder / ("Scripts/python.exe" if WINDOWS else "bin/python")
    stamp = folder / "lock"
    wanted = f"{folder} {sys.version} {hashlib.sha256(lock.read_bytes()).hexdigest()}"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    print(f"installing {lock.name} into {folder.relative_to(ROOT)}", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    install(python, "--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", lock)
    run(sys.executable, "-m", "pip", "--python", python, "check")  # that the lock is whole
    stamp.write_text(wanted, encoding="utf-8")
    return python


def size(path: Path) -> str:
    """Of a file, or of all files in a folder. [MB]"""
    files = path.rglob("*") if path.is_dir() else [path]
    total = sum(each.stat().st_size for each in files if each.is_file() and not each.is_symlink())
    return f"{total / 1e6:.1f} MB"


def said(path: Path) -> None:
    """Say what was built."""
    print(f"{path.relative_to(ROOT)}: {size(path)}", flush=True)
