"""Nothing listens and nothing calls out: the kernel ends the program at its first internet socket, and it runs on."""

import json
import os
import platform
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

TRAP = Path(__file__).with_name("inet_trap.py")
PROGRAM = Path(sys.executable).with_name("dosing-app")
ORDER = [
    *("--weight", "6.42 kg", "--length", "63.5 cm", "--born", "2026-06-20", "--measured", "2026-11-23"),
    *("--start", "2026-11-23T14:00", "--zone", "Europe/Amsterdam"),
]
OPEN = "import socket, sys; socket.socket(getattr(socket, sys.argv[1])).close(); print('open')"

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in {"x86_64", "aarch64"}, reason="the trap is of Linux"
)


def trapped(program: Path | str, *arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: text for name, text in os.environ.items() if not name.startswith(("XDG_", "DBUS_", "DISPLAY"))}
    return subprocess.run(
        [sys.executable, str(TRAP), str(program), *arguments],
        env={**environment, "HOME": str(home), "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6"])
def test_the_trap_closes(family: str, tmp_path: Path) -> None:
    """A guard of the other tests."""
    done = trapped(sys.executable, "-c", OPEN, family, home=tmp_path)
    assert done.returncode == -signal.SIGSYS
    assert "open" not in done.stdout


def test_the_trap_lets_sockets_within_the_computer_pass(tmp_path: Path) -> None:
    assert hasattr(socket, "AF_UNIX")
    assert trapped(sys.executable, "-c", OPEN, "AF_UNIX", home=tmp_path).stdout == "open\n"


def test_the_trap_sees_what_is_not_python(tmp_path: Path) -> None:
    """Qt and the library of the server's protocol open their sockets without Python's knowing."""
    script = (
        "from PySide6.QtNetwork import QTcpServer\nfrom PySide6.QtCore import QCoreApplication\n"
        "app = QCoreApplication([])\nserver = QTcpServer()\nserver.listen()\nprint('listens')"
    )
    done = trapped(sys.executable, "-c", script, home=tmp_path)
    assert done.returncode == -signal.SIGSYS
    assert "listens" not in done.stdout


@pytest.mark.parametrize(
    ("command", "status"),
    [
        (["plan", *ORDER, "--json"], 0),
        (["export", *ORDER, "--to", "HOME/papers"], 0),
        (["teach", "set", "--seed", "1", "--n", "2", "--to", "HOME/papers"], 0),
        (["backup", "HOME/backup"], 3),  # there is no register yet
        (["self-test"], 0),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_no_command_asks_for_the_network(command: list[str], status: int, tmp_path: Path) -> None:
    given = [str(tmp_path / each.removeprefix("HOME/")) if each.startswith("HOME/") else each for each in command]
    done = trapped(PROGRAM, *given, home=tmp_path)
    assert done.returncode == status, done.stderr


def test_the_window_asks_for_no_network(tmp_path: Path) -> None:
    done = trapped(PROGRAM, "--exit-when-ready", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["usable_ms"] > 0
