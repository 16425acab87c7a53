"""A PostgreSQL server of the tests' own: a fresh data folder, loopback only, gone when the tests end."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_DEBIAN = Path("/usr/lib/postgresql")


def program(name: str) -> Path | None:
    """A program of the server: Debian keeps them out of the path."""
    found = sorted(_DEBIAN.glob(f"*/bin/{name}"))
    if found:
        return found[-1]
    other = shutil.which(name)
    return Path(other) if other else None


def available() -> str:
    """Why there is no server; "" if there is one. Debian's package is installed where that is possible."""
    if program("initdb") is None and os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get"):
        with tempfile.TemporaryFile() as nowhere:
            environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            for words in (["update"], ["-y", "install", "--no-install-recommends", "postgresql"]):
                command = ["apt-get", "-qq", *words]
                subprocess.run(command, stdout=nowhere, stderr=nowhere, stdin=nowhere, check=False, env=environment)
    if program("initdb") is None or program("pg_ctl") is None:
        return "PostgreSQL is not installed (Debian: apt-get install postgresql)"
    return ""


def _as_postgres() -> list[str]:
    """The server does not run as root."""
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


@contextmanager
def server() -> Iterator[str]:
    """A running server; the address of its first database, without the database's name."""
    folder = Path(tempfile.mkdtemp(prefix="register-tests-"))
    data, user = folder / "data", "postgres"
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=on"
    try:
        _run("initdb", "-D", str(data), "-U", user, "-A", "trust", "--no-locale", "-E", "UTF8", "--no-sync")
        _run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
        yield f"postgresql://{user}@127.0.0.1:{port}"
    finally:
        if (data / "postmaster.pid").exists():
            _run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _run(name: str, *arguments: str) -> None:
    path = program(name)
    assert path is not None
    # not a pipe: the server keeps what it is given open
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(
            [*_as_postgres(), str(path), *arguments], stdout=said, stderr=said, cwd="/", check=False, timeout=120
        )
        said.seek(0)
        assert done.returncode == 0, said.read().decode(errors="replace")


def fresh(address: str) -> str:
    """The address of an empty database on a server; what the test before left there is gone. A new one takes longer."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        for (name,) in connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'dosing%'").fetchall():
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))
    return f"{address}/postgres"
