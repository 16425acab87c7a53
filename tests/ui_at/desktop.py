"""A desktop of the tests' own: a screen that nobody sees, a bus, and what a screen reader reads with.

The program runs in it as a user starts it. Another process asks it through the system's accessibility bus: it gets
the answers that a screen reader gets, and nothing else.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGES = ("at-spi2-core", "dbus-daemon", "dbus-session-bus-common", "python3-pyatspi", "xvfb")
READER = Path(__file__).with_name("reader.py")
_DEBIAN_PYTHON = Path("/usr/bin/python3")  # the package is for the system's own Python
_LONGEST = 120  # s, of the whole session: a reader that hangs is ended


def _missing() -> str:
    """What is not there; "" if all is."""
    for program in ("Xvfb", "dbus-run-session"):
        if shutil.which(program) is None:
            return program
    if not _DEBIAN_PYTHON.exists():
        return str(_DEBIAN_PYTHON)
    done = subprocess.run([_DEBIAN_PYTHON, "-c", "import pyatspi"], capture_output=True, check=False, env={})
    if done.returncode:
        return "pyatspi"
    service = Path("/usr/share/dbus-1/services/org.a11y.Bus.service")
    return "" if service.exists() else str(service)


def _as_root() -> list[str] | None:
    """What goes before a command that changes the system: nothing for root, sudo where it asks nothing; else None."""
    if os.name != "posix":
        return None
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n", "--preserve-env=DEBIAN_FRONTEND"]
    free = shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return sudo if free and free.returncode == 0 else None


def available() -> str:
    """Why there is no such desktop; "" if there is one. Debian's packages are installed where that is possible."""
    if not _missing():
        return ""
    as_root = _as_root()
    if as_root is not None and shutil.which("apt-get"):
        with tempfile.TemporaryFile() as nowhere:
            environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            for words in (["update"], ["-y", "install", "--no-install-recommends", *PACKAGES]):
                command = [*as_root, "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", *words]
                subprocess.run(command, stdout=nowhere, stderr=nowhere, stdin=nowhere, check=False, env=environment)
    if found := _missing():
        return f"{found} is not installed (Debian: apt-get install {' '.join(PACKAGES)})"
    return ""


@contextmanager
def _screen(folder: Path) -> Iterator[str]:
    """A screen in memory; the number is the first free one."""
    numbers, given = os.pipe()
    with (folder / "screen.log").open("wb") as log:
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(given), "-screen", "0", "1280x900x24", "-noreset", "-nolisten", "tcp"],
            pass_fds=[given],
            stdout=log,
            stderr=log,
        )
    os.close(given)
    try:
        with os.fdopen(numbers) as told:
            number = told.readline().strip()  # written when the screen is ready; the end of file if it never is
        assert number, (folder / "screen.log").read_text(errors="replace")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def read(*arguments: str, task: str = "order", furnish: Callable[[Path], object] | None = None) -> dict:
    """Start the program on such a desktop, let the reader use it, and return what was read and heard.

    Args:
        arguments: of the program.
        task: one of `TASKS` of the reader.
        furnish: puts into the person's home what is there before.
    """
    folder = Path(tempfile.mkdtemp(prefix="dosing-at-"))  # short: sockets with long names are refused
    home, runtime = folder / "home", folder / "run"
    home.mkdir()
    runtime.mkdir(mode=0o700)
    if furnish is not None:
        furnish(home)
    program = Path(sys.executable).with_name("dosing-app")
    try:
        with _screen(folder) as display:
            environment = {
                "PATH": os.environ["PATH"],
                "HOME": str(home),
                "XDG_RUNTIME_DIR": str(runtime),
                "DISPLAY": display,
                "LANG": "C.UTF-8",
                "LANGUAGE": "en",
                "QT_QPA_PLATFORM": "xcb",
                "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
                "GSETTINGS_BACKEND": "memory",  # nothing of the person's desktop
            }
            answer = folder / "answer.json"
            reader = [str(_DEBIAN_PYTHON), str(READER), str(answer), task, str(program), *arguments]
            with (folder / "log").open("wb") as log:
                session = subprocess.Popen(
                    ["dbus-run-session", "--", *reader],
                    env=environment,
                    stdout=log,
                    stderr=log,
                    cwd=home,
                    start_new_session=True,
                )
                try:
                    code = session.wait(timeout=_LONGEST)
                except subprocess.TimeoutExpired:
                    code = None
                finally:
                    _end(session)
            said = (folder / "log").read_text(errors="replace")
            assert code == 0, f"no answer within {_LONGEST} s\n{said}" if code is None else said
            return json.loads(answer.read_text())
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _end(session: subprocess.Popen) -> None:
    """All that runs in the session: the bus and its services stay behind otherwise."""
    try:
        os.killpg(session.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    finally:
        session.wait()
