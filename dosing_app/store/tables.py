"""The tables of the register, and the engine of a file or of a server."""

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.schema import conv

SCHEMA = "dosing_register"  # on a server: ours alone, so that a restore can put it aside whole
_BUSY_MS = 20_000  # how long one program waits for another's write, which takes milliseconds


class Base(DeclarativeBase):
    """The register's tables."""

    metadata = MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_name)s"})


class RegisterRow(Base):
    """The one row about the register itself: who it is, and the end of its chain."""

    __tablename__ = "register"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    identity: Mapped[str] = mapped_column(String(32))
    count: Mapped[int] = mapped_column(Integer)
    head: Mapped[str] = mapped_column(String(64))


class CourseRow(Base):
    """A course: the end of its chain, and what is derived from its records so that a list is quick."""

    __tablename__ = "courses"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, unique=True)  # of its first record: the newest is the largest
    label: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)  # the label as it is searched
    status: Mapped[str] = mapped_column(String(16))
    due: Mapped[str] = mapped_column(String(40))  # the next change; "" where none is due
    revision: Mapped[int] = mapped_column(Integer)  # the latest issued; 0 before
    created: Mapped[str] = mapped_column(String(40))
    changed: Mapped[str] = mapped_column(String(40))
    count: Mapped[int] = mapped_column(Integer)
    head: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        Index(conv("ix_courses_status"), "status", "number"),
        Index(conv("ix_courses_key"), "key"),
        Index(conv("ix_courses_due"), "due", "number"),
    )


class RecordRow(Base):
    """One record; never changed and never removed, which the database itself refuses."""

    __tablename__ = "records"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    course: Mapped[str] = mapped_column(ForeignKey("courses.id"))
    place: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(16))
    who: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(String(40))
    recorded: Mapped[str] = mapped_column(String(40))
    content: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    whole: Mapped[str] = mapped_column(String(64))

    __table_args__ = (UniqueConstraint("course", "place", name="uq_records_course"),)


class BadAddress(ValueError):
    """A text that names neither a file nor a server of ours."""


def address(where: Path | str) -> URL:
    """The address of a register: a file by its path, a server by postgresql://….

    Raises:
        BadAddress: it names neither.
    """
    if isinstance(where, Path):
        return URL.create("sqlite", database=str(where))
    try:
        url = make_url(where)
    except ArgumentError as error:
        raise BadAddress(where) from error
    if url.get_backend_name() != "postgresql" or not url.database:
        raise BadAddress(where)
    return url.set(drivername="postgresql+psycopg")


def shown(url: URL) -> str:
    """An address as a person may see it: without its password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.set(drivername="postgresql", password=None).render_as_string(hide_password=True)


def make_engine(url: URL) -> Engine:
    """The engine of a register. Every write transaction takes the lock at its begin, every read sees one moment."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": _BUSY_MS / 1000})
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begins)
        return engine
    options = f"-c search_path={SCHEMA} -c synchronous_commit=on -c timezone=UTC -c lock_timeout={_BUSY_MS}"
    return create_engine(url, connect_args={"options": options, "connect_timeout": 10}, pool_pre_ping=True)


def _sqlite_connected(connection: sqlite3.Connection, _record: Any) -> None:
    """Durable at every commit, readers beside a writer, and begin as we say it."""
    connection.isolation_level = None  # Python's own begins come too late
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    _keep_a_journal(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _keep_a_journal(connection: sqlite3.Connection) -> None:
    """Write-ahead logging. Several that open a new file at once take turns: SQLite itself does not wait here."""
    give_up = time.monotonic() + _BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.01)
        else:
            return


def _sqlite_begins(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def make_file(path: Path) -> None:
    """An empty file for its owner's eyes alone, where there is none; what SQLite puts beside it is made alike."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return
