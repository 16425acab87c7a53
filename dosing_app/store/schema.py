"""Bringing the tables of a register to what this program knows, with a copy kept first."""

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from dosing_app.store.order_file import sync_folder
from dosing_app.store.tables import SCHEMA

HEAD = "0001"  # the latest of migrations/versions: so that Alembic is imported only where there is something to do
MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 5_048_211_672  # any number: two programs that open a new register at once take turns by it


class Newer(Exception):
    """The register was made by a newer program; its schema is the argument."""


class Foreign(Exception):
    """A database, but not a register of this program."""


def bring_up(engine: Engine, file: Path | None, *, head: str = HEAD, migrations: Path = MIGRATIONS) -> Path | None:
    """Make or renew the tables, all or nothing. Returns the copy of a file that was made before, None if none was.

    Args:
        engine: of the register.
        file: where it is one.
        head: the schema that this program knows.
        migrations: Alembic's folder.

    Raises:
        Newer: its schema is none that this program knows.
        Foreign: it holds other tables.
        OSError: the copy could not be written.
    """
    with engine.connect() as connection:
        if _schema_of(connection) == head:
            return None
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        take_turn(connection)
        found = _schema_of(connection)  # another program may have been first
        if found == head:
            return None
        if found and found not in _known(migrations):
            raise Newer(found)
        kept = None
        if found and file is not None:
            kept = file.with_name(f"{file.stem}.before-{head}{file.suffix}")
            copy_file(file, kept)
        upgrade(connection, head=head, migrations=migrations)
        return kept


def take_turn(connection: Connection) -> None:
    """Wait until no other program writes; on a file the begin of the transaction has done so already.

    The first statement of every write: what tables are called is looked up after it, even if a restore was first.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def put_aside(connection: Connection, file: Path | None, stamp: str, *, keep: bool) -> str:
    """Keep the register as it is and leave the transaction with none; where it is kept, "" if it is not to be.

    Raises:
        OSError: the copy of a file could not be written.
    """
    if file is None:
        kept = f"{SCHEMA}_{stamp.lower()}"
        connection.execute(text(f'ALTER SCHEMA "{SCHEMA}" RENAME TO "{kept}"'))
        return kept
    beside = file.with_name(f"{file.stem}.before-restore-{stamp}{file.suffix}")
    if keep:
        copy_file(file, beside)
    for table in ("records", "courses", "register", "alembic_version"):
        connection.execute(text(f"DROP TABLE IF EXISTS {table}"))
    return str(beside) if keep else ""


def _schema_of(connection: Connection) -> str:
    """The schema of a register; "" of an empty database."""
    tables = inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        if tables:
            raise Foreign
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _known(migrations: Path) -> set[str]:
    from alembic.script import ScriptDirectory

    return {each.revision for each in ScriptDirectory(str(migrations)).walk_revisions()}


def upgrade(connection: Connection, *, head: str = HEAD, migrations: Path = MIGRATIONS) -> None:
    """Make or renew the tables in a transaction that was begun."""
    from alembic import command
    from alembic.config import Config

    if connection.dialect.name == "postgresql":
        connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{SCHEMA}"'))
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, head)


def copy_file(file: Path, to: Path) -> None:
    """A whole copy of a SQLite file as it stands at one moment, on disk before it has its name.

    Raises:
        OSError: it could not be written.
        sqlite3.Error: the file cannot be read.
    """
    handle, name = tempfile.mkstemp(prefix=f".{to.name[:40]}.", dir=to.parent)
    os.close(handle)
    beside = Path(name)
    try:
        reading = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
        with closing(reading) as source, closing(sqlite3.connect(beside)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
        with beside.open("rb+") as written:
            os.fsync(written.fileno())
        beside.replace(to)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(to.parent)
