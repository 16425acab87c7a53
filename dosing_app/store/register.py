"""The register: the courses of a site, and what was planned, issued and logged of each. Nothing in it is ever changed.

A file of SQLite on this computer, or a PostgreSQL server for several stations; the same for whoever uses it. It is
imported when it is first used: SQLAlchemy takes half a second.
"""

import json
import sqlite3
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Self

from pydantic import ValidationError
from sqlalchemy import Connection, Engine, func, insert, select, update
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from whenever import Instant

from dosing_app.course.issue import NotIssued, read_issued
from dosing_app.course.log import ImpossibleLog
from dosing_app.course.plan import Plan
from dosing_app.course.second_check import Check
from dosing_app.reference.bundle import House, Reference, load_reference
from dosing_app.store.chain import (
    COURSE,
    LOG,
    ORDER,
    PLAN,
    Fault,
    Record,
    Seal,
    Walk,
    canonical,
    course_faults,
    digest_of,
    label_in,
    whole_of,
)
from dosing_app.store.schema import Foreign, Newer, bring_up, put_aside, take_turn, upgrade
from dosing_app.store.status import UNCLEAR, Status, happened, status_of
from dosing_app.store.tables import (
    BadAddress,
    CourseRow,
    RecordRow,
    RegisterRow,
    address,
    make_engine,
    make_file,
    shown,
)

_LATE_AFTER_MIN = 15  # recorded so long after it happened, an entry is a late one
_LONGEST_NAME = 200
_PAGE = 50
_BATCH = 500


class RegisterError(Exception):
    """The register cannot be used so; `reason` and `values` say why.

    Reasons: bad-address, not-a-register, newer, damaged, busy, read-only, full, no-server, no-right, unavailable,
    no-folder; no-label, no-name, label-taken, no-course, other-case, revision, not-issued, no-time, not-empty.
    """

    def __init__(self, reason: str, **values: object) -> None:
        """With a code and what it is about."""
        super().__init__(reason, values)
        self.reason = reason
        self.values = {key: str(value) for key, value in values.items()}


class Tampered(Exception):
    """Something in the register is not as it was written."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Where."""
        super().__init__(*faults)
        self.faults = tuple(faults)


class Conflict(Exception):
    """Somebody else recorded something of this course meanwhile; nothing was written."""

    def __init__(self, head: str, added: Sequence[Record]) -> None:
        """With the course's end now, and what was added since the one that was expected."""
        super().__init__(head)
        self.head = head
        self.added = tuple(added)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a course's log.

    Attributes:
        index: its place in the log as it was written, from 0; a correction names it by that.
        event: as JSON has it.
        by: who says so.
        at: when it happened.
        recorded: when it was recorded, by that station's clock.
        late: recorded more than 15 minutes after.
        back_dated: something later was recorded before it.
        digest: of the course until here.
    """

    index: int
    event: Mapping[str, Any]
    by: str
    at: Instant
    recorded: Instant
    late: bool
    back_dated: bool
    digest: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A course as the list shows it.

    Attributes:
        id: of the course.
        number: grows with each course.
        label: of the case.
        status: one of `status.STATUSES`.
        due: the next change; None where none is due.
        revision: the latest that was issued; 0 before.
        created: when it was entered.
        changed: when something was last recorded.
        seal: how many records it has, and the digest of the last: what the next append expects.
    """

    id: str
    number: int
    label: str
    status: str
    due: Instant | None
    revision: int
    created: Instant
    changed: Instant
    seal: Seal

    @property
    def head(self) -> str:
        """What the next append expects."""
        return self.seal.head


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the list, newest first; `before` gives the next part, and is None after the last."""

    courses: tuple[Listed, ...]
    before: int | None
    total: int


@dataclass(frozen=True, slots=True)
class CourseRecord:
    """Everything that is recorded of a course.

    Attributes:
        listed: as the list shows it.
        texts: of the order, as typed.
        check: the record of the second check, if there is one.
        plans: the issued revisions, as they were issued.
        log: as it was written.
    """

    listed: Listed
    texts: Mapping[str, str]
    check: Check | None
    plans: tuple[Plan, ...]
    log: tuple[Entry, ...]

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The log as `course.replan` takes it, once it is in order (`status.happened`)."""
        return [dict(each.event) for each in self.log]


def search_key(label: str) -> str:
    """A label as it is searched: capitals and blanks make no other case."""
    return " ".join(label.split()).casefold()


def open_register(
    where: Path | str, house: House, clock: Callable[[], Instant] = Instant.now, *, sound: bool = True
) -> "Register":
    """The register of a file or a server, made where there is none and renewed where it is of an older program.

    Args:
        where: the path of a file, or postgresql://….
        house: the settings of the site.
        clock: what time it is.
        sound: False to open also one whose end is not what it says, to put it aside.

    Raises:
        RegisterError: bad-address, not-a-register, newer, damaged, busy, read-only, full, no-server, no-right,
            unavailable, no-folder.
        Tampered: its end is not what it says.
    """
    try:
        url = address(where)
    except BadAddress as error:
        raise RegisterError("bad-address") from error
    file = where if isinstance(where, Path) else None
    if file is not None:
        try:
            make_file(file)
        except OSError as error:
            raise RegisterError("no-folder", where=file, why=error.strerror or error) from error
        with suppress(OSError):  # another's file: whether it may be used shows at once
            file.chmod(0o600)
    register = Register(make_engine(url), shown(url), file, house, clock)
    try:
        with said(register.where):
            bring_up(register.engine, file)
        if sound:
            register.seal()
    except BaseException as error:
        register.close()
        if isinstance(error, OSError):  # of one that is to be renewed no copy could be kept
            raise RegisterError("no-folder", where=register.where, why=error.strerror or error) from error
        raise
    return register


class Register:
    """An open register. Made by `open_register`; `close` lets go of it."""

    def __init__(
        self, engine: Engine, where: str, file: Path | None, house: House, clock: Callable[[], Instant]
    ) -> None:
        """Wire it up."""
        self.engine, self.where, self.file = engine, where, file
        self._clock = clock

        @cache
        def references(product: str, protocol: str) -> Reference:
            return load_reference(house, product, protocol)

        self._references = references

    def close(self) -> None:
        """Let go of the file or the server."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    # ---- reading ----

    def seal(self) -> Seal:
        """How many records there are, and the digest of the last. Raises `Tampered` where the end is another."""
        with self._reading() as connection:
            return _end_of(connection)

    def courses(
        self,
        search: str = "",
        statuses: Iterable[str] = (),
        before: int | None = None,
        limit: int = _PAGE,
        *,
        by_due: bool = False,
    ) -> Page:
        """A part of the list of courses, newest first.

        Args:
            search: part of a label, in any capitals.
            statuses: those that are wanted; all if none is named.
            before: of the page before.
            limit: the most courses.
            by_due: those first of which a change is due, the one that is due first before all.
        """
        wanted = []
        if key := search_key(search):
            wanted.append(CourseRow.key.contains(key, autoescape=True))
        if names := tuple(statuses):
            wanted.append(CourseRow.status.in_(names))
        with self._reading() as connection:
            total = connection.execute(select(func.count()).select_from(CourseRow).where(*wanted)).scalar_one()
            rows = (_by_due if by_due else _newest)(connection, wanted, before, limit + 1)
        found = tuple(_listed(row) for row in rows[:limit])
        return Page(found, found[-1].number if len(rows) > limit else None, total)

    def labelled(self, label: str) -> tuple[Listed, ...]:
        """The courses of a case, the newest first; capitals and blanks make no other case."""
        with self._reading() as connection:
            return tuple(map(_listed, _newest(connection, [CourseRow.key == search_key(label)], None, _PAGE)))

    def course(self, course: str) -> CourseRecord:
        """Everything of a course, its chain gone through.

        Raises:
            RegisterError: no-course.
            Tampered: something of it is not as it was written.
        """
        with self._reading() as connection:
            listed = _row_of(connection, course)
            records = _sound(connection, listed)
        texts, check = _order_of(records)
        return CourseRecord(listed, texts, check, _plans_of(records), log_of(records))

    def verify(self, known: Seal | None = None) -> tuple[Fault, ...]:
        """Go through every record. Empty if all is as it was written.

        Args:
            known: an earlier end, noted elsewhere: shows also a register that was cut and closed again with care.
        """
        with self._reading() as connection:
            walk = Walk()
            seen = known is None or known.count == 0
            for record in _records(connection):
                walk.take(record)
                seen = seen or (known is not None and Seal(record.number, record.whole) == known)
            rows = {row.id: row for row in connection.execute(select(CourseRow.__table__))}
            register = connection.execute(select(RegisterRow.count, RegisterRow.head)).one()
            walk.ends(Seal(*register), {course: _listed(row).seal for course, row in rows.items()})
            if not seen:
                walk.faults.append(Fault("other-register"))
            faulty = {fault.course for fault in walk.faults}
            for course, records in _by_course(connection):
                if walk.label(course) not in faulty and course in rows:
                    walk.faults += self._derived_faults(rows[course], records)
            return tuple(walk.faults)

    def _derived_faults(self, row: Any, records: Sequence[Record]) -> list[Fault]:
        """What the list says of a course and its records do not; and plans that are not as they were issued."""
        faults = [
            Fault("plan", row.label, each.place) for each in records if each.kind == PLAN and not _is_issued(each)
        ]
        if not faults:
            derived = self._derived(records)
            if derived != {name: getattr(row, name) for name in derived}:
                faults.append(Fault("derived", row.label))
        return faults

    @contextmanager
    def snapshot(self) -> Iterator[tuple[str, Seal, Iterator[Record]]]:
        """Who the register is, its end, and every record, all of one moment."""
        with self._reading() as connection:
            identity, count, head = connection.execute(
                select(RegisterRow.identity, RegisterRow.count, RegisterRow.head)
            ).one()
            yield str(identity), Seal(count, head), _records(connection)

    # ---- recording ----

    def add_course(
        self, label: str, texts: Mapping[str, str], by: str, check: Check | None = None, *, alone: bool = False
    ) -> Listed:
        """A new course with its order as typed.

        Args:
            label: of the case; no name is needed.
            texts: of the order.
            by: who enters it.
            check: the record of the second check, if there is one.
            alone: refuse it where there is a course of that label already.

        Raises:
            RegisterError: no-label, no-name, label-taken.
            Tampered: the register's end is not what it says.
        """
        label = _line(label, "no-label")
        course, content = uuid.uuid4().hex, {"label": label, **_order(texts, check)}
        with self._writing() as connection:
            now = self._clock().format_iso()
            end = _end_of(connection)
            if alone and _newest(connection, [CourseRow.key == search_key(label)], None, 1):
                raise RegisterError("label-taken", label=label)
            connection.execute(
                insert(CourseRow).values(
                    id=course,
                    number=end.count + 1,
                    label=label,
                    key=search_key(label),
                    status=UNCLEAR,
                    due="",
                    revision=0,
                    created=now,
                    changed=now,
                    count=0,
                    head="",
                )
            )
            return self._record(connection, course, [], [(COURSE, _line(by, "no-name"), now, content)])

    def change_order(
        self, course: str, texts: Mapping[str, str], by: str, expected: str, check: Check | None = None
    ) -> Listed:
        """The order of a course as it is typed now; the earlier texts stay recorded.

        Raises:
            Conflict, RegisterError, Tampered: as `append`.
        """
        with self._writing() as connection:
            records = self._expected(connection, course, expected)
            now = self._clock().format_iso()
            return self._record(connection, course, records, [(ORDER, _line(by, "no-name"), now, _order(texts, check))])

    def add_plan(self, course: str, content: Mapping[str, Any], by: str, expected: str) -> Listed:
        """An issued plan, kept as it is.

        It is kept even where the log does not fit it, since it was issued; the course is unclear then.

        Args:
            course: its id.
            content: the plan's JSON.
            by: who records it.
            expected: the digest of the course that the caller has seen last.

        Raises:
            RegisterError: not-issued, other-case, revision; no-course, no-name.
            Conflict, Tampered: as `append`.
        """
        try:
            plan = read_issued(content)
        except (NotIssued, ValidationError) as error:
            raise RegisterError("not-issued") from error
        assert plan.issue is not None
        assert plan.order is not None
        with self._writing() as connection:
            records = self._expected(connection, course, expected)
            listed = _row_of(connection, course)
            if search_key(plan.order.case) != search_key(listed.label):
                raise RegisterError("other-case", case=plan.order.case, label=listed.label)
            if plan.issue.revision <= listed.revision:
                raise RegisterError("revision", revision=plan.issue.revision, latest=listed.revision)
            issued = plan.issue.issued_at.format_iso()
            return self._record(connection, course, records, [(PLAN, _line(by, "no-name"), issued, dict(content))])

    def append(
        self, course: str, entries: Sequence[Mapping[str, Any]], expected: str
    ) -> tuple[Listed, tuple[Entry, ...]]:
        """Entries of the log, all of them or none; the course now, and the entries with their marks.

        Args:
            course: its id.
            entries: as JSON has them, each with who ("by") and when ("at").
            expected: the digest of the course that the caller has seen last.

        Raises:
            Conflict: something else was recorded meanwhile.
            ImpossibleLog: an entry that cannot have happened, by its place in the whole log.
            RegisterError: no-course, no-name, no-time.
            Tampered: the course or the register's end is not as it was written.
        """
        given = [_exact(each) for each in entries]
        new = [(LOG, _line(each.get("by"), "no-name"), _moment(each), each) for each in given]
        with self._writing() as connection:
            records = self._expected(connection, course, expected)
            self._check_log(records, given)
            listed = self._record(connection, course, records, new)
            added = log_of(_records_of(connection, course))[len(log_of(records)) :]
        return listed, added

    def _check_log(self, records: Sequence[Record], given: Sequence[Mapping[str, Any]]) -> None:
        """Refuse entries that make of a possible log an impossible one."""
        before = [dict(each.event) for each in log_of(records)]
        until, plans = _latest(records, self._clock()), _plans_of(records)
        happened([*before, *given], until)
        now = status_of(plans, [*before, *given], until, self._reference_of, checked=False)
        if now.impossible is not None:
            then = status_of(plans, before, until, self._reference_of, checked=False)
            if then.impossible is None:  # else the log did not fit before either, and what happened must be kept
                raise now.impossible

    def _expected(self, connection: Connection, course: str, expected: str) -> list[Record]:
        """The sound records of a course, if its end is the one that the caller has seen."""
        _end_of(connection)
        listed = _row_of(connection, course)
        records = _sound(connection, listed)
        if listed.head != expected:
            seen = next((each.place for each in records if each.digest == expected), 0)
            raise Conflict(listed.head, records[seen:])
        return records

    def _record(
        self,
        connection: Connection,
        course: str,
        records: Sequence[Record],
        new: Iterable[tuple[str, str, str, Mapping[str, Any]]],
    ) -> Listed:
        """Add records (kind, who, at, content) to a course and bring its row up to date."""
        end, now = _end_of(connection), self._clock().format_iso()
        written = list(records)
        for kind, who, at, content in new:
            head = written[-1].digest if written else ""
            bare = Record(end.count + 1, course, len(written) + 1, kind, who, at, now, canonical(content))
            digest = digest_of(bare, head)
            whole = whole_of(bare, digest, end.head)
            written.append(Record(**{**asdict(bare), "digest": digest, "whole": whole}))
            end = Seal(bare.number, whole)
        _insert(connection, written[len(records) :])
        self._renew(connection, course, written)
        connection.execute(update(RegisterRow).values(count=end.count, head=end.head))
        return _row_of(connection, course)

    def _renew(self, connection: Connection, course: str, records: Sequence[Record]) -> None:
        """The row of a course by its records."""
        last = records[-1]
        connection.execute(
            update(CourseRow)
            .where(CourseRow.id == course)
            .values(**self._derived(records), count=last.place, head=last.digest)
        )

    def _derived(self, records: Sequence[Record]) -> dict[str, Any]:
        """What the list says of a course, worked out from its records."""
        label = label_in(records[0].content)
        status = self._status(records)
        return {
            "number": records[0].number,
            "label": label,
            "key": search_key(label),
            "status": status.name,
            "due": status.due,
            "revision": max(_revisions_of(records), default=0),
            "created": records[0].recorded,
            "changed": records[-1].recorded,
        }

    def _status(self, records: Sequence[Record]) -> Status:
        _texts, check = _order_of(records)
        return status_of(
            _plans_of(records),
            [dict(each.event) for each in log_of(records)],
            _latest(records),
            self._reference_of,
            checked=check is not None,
        )

    def _reference_of(self, plan: Plan) -> Reference:
        assert plan.order is not None
        return self._references(plan.order.product, plan.order.protocol)

    # ---- restoring ----

    def replace_by(self, identity: str, seal: Seal, records: Iterable[Record], *, keep: bool = True) -> str:
        """Put the register aside and make it anew of records, all or nothing; where the old one is kept.

        Args:
            identity: whose records they are.
            seal: their end.
            records: in their order.
            keep: False where there was no register before.

        Raises:
            Tampered: the records are not as they were written.
            OSError: the old one could not be kept.
        """
        with self._writing() as connection:
            stamp = self._clock().format_iso(unit="second").replace("-", "").replace(":", "")
            kept = put_aside(connection, self.file, stamp, keep=keep)
            upgrade(connection)
            walk = Walk()
            for batch in _batches(records):
                for record in batch:
                    walk.take(record)
                _insert_courses(connection, batch)
                _insert(connection, batch)
            if not walk.faults and walk.whole != seal:
                walk.ends(seal, walk.courses)
            if walk.faults:
                raise Tampered(walk.faults)
            connection.execute(update(RegisterRow).values(identity=identity, count=seal.count, head=seal.head))
            for course, found in _by_course(connection):
                self._renew(connection, course, found)
            return kept

    # ---- transactions ----

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """One moment of the register."""
        with said(self.where), self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")  # noqa: PLW2901 - the same
            with connection.begin():
                yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """All or nothing, and nobody else meanwhile."""
        with said(self.where), self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            take_turn(connection)
            yield connection


# ---- rows ----


def _listed(row: Any) -> Listed:
    return Listed(
        id=row.id,
        number=row.number,
        label=row.label,
        status=row.status,
        due=Instant.parse_iso(row.due) if row.due else None,
        revision=row.revision,
        created=Instant.parse_iso(row.created),
        changed=Instant.parse_iso(row.changed),
        seal=Seal(row.count, row.head),
    )


def _row_of(connection: Connection, course: str) -> Listed:
    row = connection.execute(select(CourseRow.__table__).where(CourseRow.id == course)).first()
    if row is None:
        raise RegisterError("no-course")
    return _listed(row)


def _end_of(connection: Connection) -> Seal:
    """The register's end, as it says and as the last record has it. Raises `Tampered`."""
    row = connection.execute(select(RegisterRow.count, RegisterRow.head)).first()
    last = connection.execute(
        select(RecordRow.number, RecordRow.whole).order_by(RecordRow.number.desc()).limit(1)
    ).first()
    said_end, found = Seal(*row) if row else None, Seal(*last) if last else Seal()
    if said_end is None or said_end != found:
        raise Tampered([Fault("cut" if said_end is None or found.count < said_end.count else "head")])
    return said_end


def _record_of(row: Any) -> Record:
    return Record(*row)


def _newest(connection: Connection, wanted: Sequence[Any], before: int | None, limit: int) -> list[Any]:
    """Rows of courses, the newest first, from the end of a page on."""
    page = [] if before is None else [CourseRow.number < before]
    found = select(CourseRow.__table__).where(*wanted, *page).order_by(CourseRow.number.desc()).limit(limit)
    return list(connection.execute(found))


def _by_due(connection: Connection, wanted: Sequence[Any], before: int | None, limit: int) -> list[Any]:
    """Those of which a change is due, the first one first, from the end of a page on; then the others."""
    last = ""  # the due change of the course at the end of the page before
    if before is not None:
        last = connection.execute(select(CourseRow.due).where(CourseRow.number == before)).scalar() or ""
    rows: list[Any] = []
    if before is None or last:
        page = [(CourseRow.due > last) | ((CourseRow.due == last) & (CourseRow.number < before))] if last else []
        due = select(CourseRow.__table__).where(*wanted, CourseRow.due != "", *page)
        rows = list(connection.execute(due.order_by(CourseRow.due, CourseRow.number.desc()).limit(limit)))
    if len(rows) < limit:
        undue = [*wanted, CourseRow.due == ""]
        rows += _newest(connection, undue, None if last else before, limit - len(rows))
    return rows


def _records(connection: Connection) -> Iterator[Record]:
    """Every record by its number, a few at a time."""
    found = connection.execution_options(yield_per=_BATCH).execute(
        select(RecordRow.__table__).order_by(RecordRow.number)
    )
    return map(_record_of, found)


def _by_course(connection: Connection) -> Iterator[tuple[str, list[Record]]]:
    """The records of each course."""
    for course in connection.execute(select(CourseRow.id).order_by(CourseRow.number)).scalars().all():
        if records := _records_of(connection, course):
            yield course, records


def _records_of(connection: Connection, course: str) -> list[Record]:
    found = connection.execute(select(RecordRow.__table__).where(RecordRow.course == course).order_by(RecordRow.place))
    return [_record_of(row) for row in found]


def _sound(connection: Connection, listed: Listed) -> list[Record]:
    """The records of a course. Raises `Tampered`."""
    records = _records_of(connection, listed.id)
    faults = course_faults(records, listed.seal, listed.label)
    if not faults and label_in(records[0].content) != listed.label:
        faults = [Fault("derived", listed.label)]
    if faults:
        raise Tampered(faults)
    return records


def _insert(connection: Connection, records: Sequence[Record]) -> None:
    if records:
        connection.execute(insert(RecordRow), [asdict(each) for each in records])


def _insert_courses(connection: Connection, records: Sequence[Record]) -> None:
    """Bare rows for courses that begin here; they are renewed when all is there."""
    rows = [
        {
            "id": each.course,
            "number": each.number,
            "label": "",
            "key": "",
            "status": UNCLEAR,
            "due": "",
            "revision": 0,
            "created": each.recorded,
            "changed": each.recorded,
            "count": 0,
            "head": "",
        }
        for each in records
        if each.kind == COURSE
    ]
    if rows:
        connection.execute(insert(CourseRow), rows)


def _batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    for _number, batch in groupby(enumerate(records), lambda pair: pair[0] // _BATCH):
        yield [record for _index, record in batch]


# ---- what records say ----


def log_of(records: Sequence[Record]) -> tuple[Entry, ...]:
    """The log of a course, each entry with its marks."""
    entries: list[Entry] = []
    latest: Instant | None = None
    for record in records:
        if record.kind != LOG:
            continue
        at, recorded = Instant.parse_iso(record.at), Instant.parse_iso(record.recorded)
        late = recorded > at.add(minutes=_LATE_AFTER_MIN)
        back_dated = latest is not None and at < latest
        entries.append(
            Entry(len(entries), json.loads(record.content), record.who, at, recorded, late, back_dated, record.digest)
        )
        latest = at if latest is None else max(latest, at)
    return tuple(entries)


def _order_of(records: Sequence[Record]) -> tuple[dict[str, str], Check | None]:
    last = [each for each in records if each.kind in {COURSE, ORDER}][-1]
    content = json.loads(last.content)
    check = content["check"]
    return content["texts"], None if check is None else Check.model_validate(check)


def _plans_of(records: Sequence[Record]) -> tuple[Plan, ...]:
    """The issued plans; their digests are the register's chain here, their own are verified when they come in."""
    return tuple(Plan.model_validate_json(each.content) for each in records if each.kind == PLAN)


def _revisions_of(records: Sequence[Record]) -> tuple[int, ...]:
    return tuple(json.loads(each.content)["issue"]["revision"] for each in records if each.kind == PLAN)


def _is_issued(record: Record) -> bool:
    try:
        read_issued(json.loads(record.content))
    except (NotIssued, ValidationError, ValueError):
        return False
    return True


def _latest(records: Sequence[Record], now: Instant | None = None) -> Instant:
    """The latest moment at which something was recorded: a clock that was set back makes no entry impossible."""
    moments = [Instant.parse_iso(each.recorded) for each in records]
    return max(moments if now is None else [*moments, now])


# ---- what comes in ----


def _order(texts: Mapping[str, str], check: Check | None) -> dict[str, Any]:
    return {"texts": dict(texts), "check": None if check is None else check.model_dump(mode="json")}


def _line(text: object, reason: str) -> str:
    """One printable line that says something."""
    line = " ".join(text.split()) if isinstance(text, str) else ""
    if not line or not line.isprintable() or len(line) > _LONGEST_NAME:
        raise RegisterError(reason, longest=_LONGEST_NAME)
    return line


def _moment(entry: Mapping[str, Any]) -> str:
    try:
        return Instant.parse_iso(str(entry.get("at"))).format_iso()
    except ValueError as error:
        raise RegisterError("no-time", seen=str(entry.get("at"))[:40]) from error


def _exact(value: Any) -> Any:
    """JSON with every number that has decimals as the text of its digits: a database must not round it."""
    if isinstance(value, Mapping):
        return {str(key): _exact(each) for key, each in value.items()}
    if isinstance(value, float):
        value = Decimal(repr(value))
    return f"{value:f}" if isinstance(value, Decimal) else value


# ---- what a database says ----

_SQLITE = {
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
    sqlite3.SQLITE_READONLY: "read-only",
    sqlite3.SQLITE_PERM: "no-right",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "not-a-register",
    sqlite3.SQLITE_CANTOPEN: "no-folder",
}
_POSTGRESQL = {"53100": "full", "55P03": "busy", "42501": "no-right", "25006": "read-only"}


@contextmanager
def said(where: str) -> Iterator[None]:
    """What a database refuses, with a reason of ours."""
    try:
        yield
    except Newer as error:
        raise RegisterError("newer", where=where, found=error.args[0]) from error
    except Foreign as error:
        raise RegisterError("not-a-register", where=where) from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise RegisterError(_reason(error), where=where, why=_why(error)) from error


def _reason(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # the low byte is the code, the rest its variety
        return _SQLITE.get(code, "unavailable")
    state = getattr(cause, "sqlstate", None)
    if state is None and isinstance(error, DBAPIError):
        return "no-server"
    return _POSTGRESQL.get(str(state), "unavailable")


def _why(error: Exception) -> str:
    """The first line of what the database says: a server's never holds the password."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    lines = str(cause).strip().splitlines()
    return lines[0] if lines else type(cause).__name__


__all__ = ["Conflict", "ImpossibleLog", "Register", "RegisterError", "Seal", "Tampered", "open_register"]
