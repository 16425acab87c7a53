"""The register: the same suite on a file and on a server. What is recorded stays, and what is not as it was shows."""

import errno
import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import ordered
import postgres
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule
from whenever import Date, Instant

from dosing_app.cli import main
from dosing_app.course.calculate import calculate
from dosing_app.course.issue import issue
from dosing_app.course.log import ImpossibleLog
from dosing_app.course.order import read_order
from dosing_app.course.plan import Plan
from dosing_app.course.second_check import CHECKED, second_check
from dosing_app.reference.approval import Approval
from dosing_app.reference.bundle import load_house
from dosing_app.reference.product import load_product
from dosing_app.reference.source import shipped
from dosing_app.store import register as register_module
from dosing_app.store import schema, tables
from dosing_app.store.backup import BadBackup, backup, check, restore
from dosing_app.store.chain import Record, Seal, digest_of, whole_of
from dosing_app.store.folders import register_file
from dosing_app.store.register import Conflict, Register, RegisterError, Tampered, open_register
from dosing_app.store.status import happened
from dosing_app.store.tables import Base, make_engine
from dosing_app.wording import register_text

TEXTS = {
    **ordered.ORDER,
    "pattern": "96h",
    "reason:unit-closed": "weekend",
    "reason:syringe-deviation": "seen",
}
TRAP = Path(__file__).parents[1] / "security" / "inet_trap.py"
START = Instant.from_utc(2026, 11, 23, 13)
BY = "N. One"


def house():
    approval = Approval(
        product="eu", checksum=load_product("eu").checksum, by=["P. One", "Q. Two"], on=Date(2026, 11, 1)
    )
    found = load_house()
    return replace(found, site=found.site.model_copy(update={"approval": (approval,)}))


HOUSE = house()


def issued_plan(earlier: tuple[Plan, ...] = (), **changed: str) -> Plan:
    texts = {**TEXTS, **changed}
    reading = read_order(texts, HOUSE)
    assert reading.order is not None, reading.findings
    assert reading.reference is not None
    plan = calculate(reading.order, (), reading.reference)
    second = {name: texts[name] for name in CHECKED}
    outcome = second_check(texts, second, plan, HOUSE, ("A. First", "B. Second"), START.subtract(hours=20))
    return issue(plan, outcome.check, "C. Third", START.subtract(hours=19), reading.reference, earlier)


FIRST = issued_plan()
SECOND = issued_plan((FIRST,))
CHECK = {"entered_by": "A", "checked_by": "B", "at": START, "of": "x"}


class Clock:
    """What time it is."""

    def __init__(self) -> None:
        self.now = START.add(hours=1)

    def __call__(self) -> Instant:
        return self.now


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Iterator[str]:
    reason = postgres.available()
    if reason:
        loud = f"*** THE REGISTER WAS NOT TESTED ON A SERVER: {reason} ***"
        plugins = request.config.pluginmanager
        with plugins.getplugin("capturemanager").global_and_fixture_disabled():
            plugins.getplugin("terminalreporter").write_line(f"\n{loud}", red=True, bold=True)
        pytest.skip(loud)
    with postgres.server() as address:
        yield address


@pytest.fixture(params=["file", "server"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """An empty place for a register."""
    if request.param == "file":
        return tmp_path / "register.sqlite3"
    return postgres.fresh(request.getfixturevalue("server"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def register(where: Path | str, clock: Clock) -> Iterator[Register]:
    with open_register(where, HOUSE, clock) as found:
        yield found


def note(text: str = "seen", at: Instant = START) -> dict[str, Any]:
    return {"at": at.format_iso(), "event": "note", "text": text, "by": BY}


def entry(event: str, hours: float = 0, **values: Any) -> dict[str, Any]:
    return {"at": START.add(minutes=int(hours * 60)).format_iso(), "event": event, "by": BY, **values}


def tamper(register: Register, *statements: str) -> None:
    """As somebody would who may write the database: the triggers taken away first."""
    with register.engine.connect().execution_options(writes=True) as connection, connection.begin():
        postgresql = connection.dialect.name == "postgresql"
        for table in ("records", "courses", "register"):
            if postgresql:
                connection.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        if not postgresql:
            for name in connection.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars():
                connection.execute(sa.text(f"DROP TRIGGER {name}"))
        for statement in statements:
            connection.execute(sa.text(statement))


def reasons(register: Register, known: Seal | None = None) -> list[tuple[str, str, int]]:
    return [(each.reason, each.course, each.place) for each in register.verify(known)]


# ---- recording and reading ----


def test_a_course_comes_back_as_it_was_recorded(register: Register) -> None:
    texts = {**TEXTS, "case": "\ud800\x00é", "weight": ""}
    new = register.add_course(" A-17 ", texts, BY)
    assert (new.label, new.status, new.due) == ("A-17", "planned", None)
    found = register.course(new.id)
    assert found.texts == texts
    assert (found.plans, found.log, found.check) == ((), (), None)
    assert register.verify() == ()


def test_the_way_of_a_course(register: Register, clock: Clock) -> None:
    """Planned, checked, running, interrupted, running, finished: by the log and not by the hour."""
    from dosing_app.course.second_check import Check

    course = register.add_course("A-17", TEXTS, BY)
    course = register.change_order(course.id, {**TEXTS, "weight": "6.420 kg"}, BY, course.head, Check(**CHECK))
    assert course.status == "checked"
    course = register.add_plan(course.id, FIRST.as_json(), BY, course.head)
    assert (course.status, course.due, course.revision) == ("checked", START, 1)
    clock.now = START.add(hours=40 * 24)
    course, _ = register.append(course.id, [entry("prepared", -2, session=1), entry("hung", 0, bag=1)], course.head)
    assert (course.status, course.due) == ("running", START.add(hours=96))
    course, _ = register.append(course.id, [entry("interrupted", 10, reason="technical")], course.head)
    assert (course.status, course.due) == ("interrupted", START.add(hours=96))
    course, _ = register.append(course.id, [entry("resumed", 11, line_closed=True)], course.head)
    assert course.status == "running"
    course, _ = register.append(course.id, [entry("stopped", 96, bag=1)], course.head)
    assert (course.status, course.due) == ("interrupted", START.add(hours=96))  # bag 2 is due
    course, _ = register.append(
        course.id, [{**entry("decision", 97, what="waive", prescriber="N. Two"), "hours": "577"}], course.head
    )
    assert (course.status, course.due) == ("finished", None)
    found = register.course(course.id)
    assert found.plans == (FIRST,)
    assert found.texts["weight"] == "6.420 kg"
    assert [each.event["event"] for each in found.log][:2] == ["prepared", "hung"]
    assert found.entries[1] == entry("hung", 0, bag=1)
    assert register.verify() == ()


def test_late_and_back_dated_entries_are_marked_and_put_where_they_belong(register: Register, clock: Clock) -> None:
    course = register.add_course("A-17", TEXTS, BY)
    course = register.add_plan(course.id, FIRST.as_json(), BY, course.head)
    clock.now = START.add(minutes=15)
    course, [hung] = register.append(course.id, [note()], course.head)
    assert not hung.late
    clock.now = START.add(minutes=16)
    course, [late] = register.append(course.id, [note()], course.head)
    assert (late.late, late.back_dated) == (True, False)
    course, added = register.append(course.id, [entry("hung", 0, bag=1), entry("prepared", -2, session=1)], course.head)
    assert [(each.index, each.late, each.back_dated) for each in added] == [(2, True, False), (3, True, True)]
    assert course.status == "running"
    correction = entry("corrects", 0.25, index=2, replacement=None)
    course, _ = register.append(course.id, [correction], course.head)  # by the place in the log as it was written
    assert (course.status, course.due) == ("checked", START)
    assert register.verify() == ()


def test_an_impossible_entry_is_refused_by_its_place_and_nothing_is_written(register: Register) -> None:
    course = register.add_course("A-17", TEXTS, BY)
    course = register.add_plan(course.id, FIRST.as_json(), BY, course.head)
    course, _ = register.append(course.id, [note()], course.head)
    for bad in (
        entry("hung", 0, bag=1),
        entry("note", 2, text="in the future"),
        entry("nonsense", 0),
        {**note(), "at": "2026-11-23T13:00:30Z"},
    ):
        with pytest.raises(ImpossibleLog) as refused:
            register.append(course.id, [note(), bad], course.head)
        assert refused.value.index == 2
    assert register.course(course.id).listed == course


def test_a_back_dated_entry_that_makes_the_log_impossible_is_refused(register: Register) -> None:
    course = register.add_course("A-17", TEXTS, BY)
    course = register.add_plan(course.id, FIRST.as_json(), BY, course.head)
    log = [entry("prepared", -2, session=1), entry("hung", 0.5, bag=1)]
    course, _ = register.append(course.id, log, course.head)
    with pytest.raises(ImpossibleLog):
        register.append(course.id, [entry("hung", 0, bag=2)], course.head)


def test_nothing_is_appended_and_nothing_is_recorded(register: Register) -> None:
    course = register.add_course("A-17", TEXTS, BY)
    assert register.append(course.id, [], course.head) == (course, ())
    assert register.verify() == ()


def test_a_log_that_did_not_fit_the_plan_before_can_be_gone_on_with(register: Register) -> None:
    """What was issued and what happened are both kept; only a person can say which of them is wrong."""
    course = register.add_course("A-17", TEXTS, BY)
    course, _ = register.append(course.id, [entry("hung", 0, bag=9)], course.head)
    course = register.add_plan(course.id, FIRST.as_json(), BY, course.head)
    assert (course.status, course.due, register_text.status_words(course.status)) == (
        "unclear",
        None,
        "to be looked at",
    )
    course, _ = register.append(course.id, [note("the pharmacy was called", START.add(hours=1))], course.head)
    assert course.status == "unclear"
    course, _ = register.append(course.id, [entry("corrects", 1, index=0, replacement=None)], course.head)
    assert (course.status, course.due) == ("checked", START)


def test_a_course_whose_product_data_are_gone_is_to_be_looked_at(tmp_path: Path) -> None:
    product = tmp_path / "own.toml"
    shutil.copy(shipped("products")["eu"], product)
    with open_register(tmp_path / "r.sqlite3", HOUSE, Clock()) as register:
        course = register.add_course("A-17", TEXTS, BY)
        plan = issued_plan(product=str(product))
        course = register.add_plan(course.id, plan.as_json(), BY, course.head)
        assert course.status == "checked"
    product.unlink()
    with open_register(tmp_path / "r.sqlite3", HOUSE, Clock()) as register:
        course, _ = register.append(course.id, [note()], course.head)  # what happened is kept all the same
        assert (course.status, course.due) == ("unclear", None)
        assert register.course(course.id).plans == (plan,)


def test_an_entry_of_no_time_is_named_by_its_place_in_the_log_as_it_was_written() -> None:
    entries = [note(at=START.add(hours=1)), {**note(), "at": "soon"}, note()]
    with pytest.raises(ImpossibleLog) as refused:
        happened(entries, START.add(hours=2))
    assert (refused.value.index, refused.value.reason) == (1, "not-read")


def test_a_clock_that_was_set_back_stops_nobody(register: Register, clock: Clock) -> None:
    course = register.add_course("A-17", TEXTS, BY)
    course, _ = register.append(course.id, [note(at=START.add(hours=1))], course.head)
    clock.now = START.subtract(hours=24)
    course, [new] = register.append(course.id, [note(at=START.add(hours=1))], course.head)
    assert not new.late
    assert register.verify() == ()


def test_numbers_keep_their_digits(register: Register) -> None:
    from decimal import Decimal

    course = register.add_course("A-17", TEXTS, BY)
    course, _ = register.append(
        course.id, [entry("measured", 0, weight_kg=Decimal("6.80")), entry("measured", 0, weight_kg=6.1)], course.head
    )
    assert [each.event["weight_kg"] for each in register.course(course.id).log] == ["6.80", "6.1"]


def test_a_plan_is_kept_as_issued_or_refused(register: Register) -> None:
    course = register.add_course("a-17", TEXTS, BY)
    other = register.add_course("B-18", TEXTS, BY)
    forged = FIRST.as_json()
    forged["bags"][0]["drug_ml"] = "1.8"
    refused = [
        (course, forged, "not-issued"),
        (course, {**FIRST.as_json(), "issue": None}, "not-issued"),
        (course, {}, "not-issued"),
        (other, FIRST.as_json(), "other-case"),
    ]
    for into, content, reason in refused:
        with pytest.raises(RegisterError) as error:
            register.add_plan(into.id, content, BY, into.head)
        assert error.value.reason == reason
    course = register.add_plan(course.id, SECOND.as_json(), BY, course.head)
    with pytest.raises(RegisterError) as error:
        register.add_plan(course.id, FIRST.as_json(), BY, course.head)
    assert error.value.reason == "revision"
    assert register.course(course.id).plans == (SECOND,)


def test_the_log_goes_on_under_a_new_revision(register: Register) -> None:
    course = register.add_course("A-17", TEXTS, BY)
    course = register.add_plan(course.id, FIRST.as_json(), BY, course.head)
    log = [entry("issued", -3, revision=1), entry("prepared", -2, session=1), entry("hung", 0, bag=1)]
    course, _ = register.append(course.id, log, course.head)
    course = register.add_plan(course.id, SECOND.as_json(), BY, course.head)
    assert (course.status, course.revision) == ("running", 2)
    course, _ = register.append(course.id, [entry("issued", 0.5, revision=2)], course.head)
    with pytest.raises(ImpossibleLog):
        register.append(course.id, [entry("issued", 0.5, revision=3)], course.head)


@pytest.mark.parametrize("text", ["", "  ", "a\nb\x00", "\ud800", "x" * 201, None])
def test_names_and_labels_are_lines_that_say_something(text: Any, tmp_path: Path) -> None:
    with open_register(tmp_path / "r.sqlite3", HOUSE, Clock()) as register:
        course = register.add_course("A-17", TEXTS, BY)
        for call in (
            lambda: register.add_course(text, TEXTS, BY),
            lambda: register.add_course("A-17", TEXTS, text),
            lambda: register.append(course.id, [{**note(), "by": text}], course.head),
        ):
            with pytest.raises(RegisterError) as error:
                call()
            assert error.value.reason in {"no-name", "no-label"}
        with pytest.raises(RegisterError) as error:
            register.append(course.id, [{**note(), "at": text}], course.head)
        assert error.value.reason == "no-time"
        assert register.seal().count == 1


def test_an_unknown_course(register: Register) -> None:
    for call in (lambda: register.course("x"), lambda: register.append("x", [note()], "")):
        with pytest.raises(RegisterError) as error:
            call()
        assert error.value.reason == "no-course"


# ---- the list ----


def test_the_list_is_searched_filtered_and_paged(register: Register) -> None:
    labels = ["A-1", "a-2", "100%", "A_3", "Ärzte", "B-1"]
    for label in labels:
        register.add_course(label, TEXTS, BY)

    def listed(*given: Any, **more: Any) -> list[str]:
        return [each.label for each in register.courses(*given, **more).courses]

    assert listed() == labels[::-1]
    assert listed("a-") == ["a-2", "A-1"]
    assert listed("%") == ["100%"]
    assert listed("_") == ["A_3"]
    assert listed("ÄRZ") == ["Ärzte"]
    assert listed(statuses=["checked"]) == []
    assert len(listed(statuses=["planned", "checked"])) == 6
    seen, before = [], None
    while True:
        page = register.courses(before=before, limit=4)
        assert page.total == 6
        seen += [each.label for each in page.courses]
        before = page.before
        if before is None:
            break
    assert seen == labels[::-1]


def test_the_list_begins_with_what_is_due_first(register: Register) -> None:
    """Then those of which nothing is due, the newest first; of one moment likewise. The same on pages of any length."""
    starts = {"A-1": "2026-11-25T14:00", "B-2": "2026-11-24T14:00", "C-3": "", "D-4": "2026-11-24T14:00", "E-5": ""}
    for label, start in starts.items():
        course = register.add_course(label, TEXTS, BY)
        if start:
            register.add_plan(course.id, issued_plan(case=label, start=start).as_json(), BY, course.head)
    for limit in (1, 2, 3, 4, 5, 9):
        pages = [register.courses(by_due=True, limit=limit)]
        while (before := pages[-1].before) is not None:
            pages.append(register.courses(by_due=True, limit=limit, before=before))
        assert [[each.label for each in page.courses] for page in pages] == [
            ["D-4", "B-2", "A-1", "E-5", "C-3"][first : first + limit] for first in range(0, 5, limit)
        ]
        assert {page.total for page in pages} == {5}
    due = [each.due for each in register.courses(by_due=True).courses]
    assert due == [START.add(hours=24), START.add(hours=24), START.add(hours=48), None, None]
    found = register.courses(statuses=["planned"], by_due=True).courses
    assert [each.label for each in found] == ["E-5", "C-3"]


def test_the_courses_of_a_label_are_found_whatever_its_capitals_and_blanks(register: Register) -> None:
    first, second = register.add_course("Ward 1 A", TEXTS, BY), register.add_course("ward 1 a", TEXTS, BY)
    register.add_course("Ward 1 AB", TEXTS, BY)
    assert [each.id for each in register.labelled(" WARD  1 a")] == [second.id, first.id]
    assert register.labelled("Ward") == ()
    with pytest.raises(RegisterError) as error:
        register.add_course(" WARD 1 A", TEXTS, BY, alone=True)
    assert error.value.reason == "label-taken"
    assert "Look again" in register_text.refused("label-taken", error.value.values)
    assert register.courses().total == 3


# ---- nothing is changed, and what is shows ----


COPY = (
    "INTO records SELECT {number}, course, place, kind, who, at, recorded, content, digest, whole FROM records "
    "WHERE number = 1"
)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records SET who = 'another'",
        "UPDATE records SET content = content",
        "DELETE FROM records",
        "DELETE FROM records WHERE number = 2",
        "DELETE FROM courses",
        "DELETE FROM register",
        "TRUNCATE records CASCADE",
        f"INSERT OR REPLACE {COPY.format(number=2)}",
        f"INSERT OR REPLACE {COPY.format(number=9)}",
    ],
)
def test_the_database_itself_refuses(register: Register, statement: str) -> None:
    other = "REPLACE" if register.engine.dialect.name == "postgresql" else "TRUNCATE"
    if other in statement:
        return  # words that this database does not have
    course = register.add_course("A-17", TEXTS, BY)
    register.append(course.id, [note()], course.head)
    with register.engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="stays"):
        connection.execute(sa.text(statement))
    assert register.verify() == ()


def filled(register: Register) -> tuple[Any, Any]:
    one, two = register.add_course("A-17", TEXTS, BY), register.add_course("B-18", TEXTS, BY)
    one = register.add_plan(one.id, FIRST.as_json(), BY, one.head)
    one, _ = register.append(one.id, [note("a"), note("b")], one.head)  # records 4 and 5
    two, _ = register.append(two.id, [note("c")], two.head)
    return one, two


LAST = "(SELECT max(number) FROM records)"
KINDS = [
    (["UPDATE records SET content = '{}' WHERE number = 4"], ("changed", "A-17", 3)),
    (["UPDATE records SET who = 'X' WHERE number = 4"], ("changed", "A-17", 3)),
    (["UPDATE records SET at = '2026-11-23T12:59:00Z' WHERE number = 4"], ("changed", "A-17", 3)),
    (["UPDATE records SET recorded = '2026-11-23T12:59:00Z' WHERE number = 4"], ("changed", "A-17", 3)),
    (["UPDATE records SET kind = 'plan' WHERE number = 4"], ("changed", "A-17", 3)),
    (["UPDATE records SET digest = 'x' WHERE number = 4"], ("changed", "A-17", 3)),
    (["UPDATE records SET whole = 'x' WHERE number = 4"], ("changed", "A-17", 3)),
    (["UPDATE records SET content = 'nonsense' WHERE number = 1"], ("changed", "", 1)),
    (["DELETE FROM records WHERE number = 4"], ("missing", "A-17", 4)),
    (["DELETE FROM records WHERE number = 6"], ("cut", "B-18", 1)),
    (["DELETE FROM records WHERE number = 6"], ("cut", "", 0)),
    (["DELETE FROM records WHERE number > 4"], ("cut", "A-17", 3)),
    (["UPDATE records SET number = 99 WHERE number = 6"], ("missing", "B-18", 2)),
    (["UPDATE courses SET count = count - 1 WHERE label = 'A-17'"], ("longer", "A-17", 4)),
    (["UPDATE courses SET head = 'x' WHERE label = 'A-17'"], ("head", "A-17", 4)),
    (["UPDATE register SET head = 'x'"], ("head", "", 0)),
    (["UPDATE register SET count = 5"], ("longer", "", 0)),
    (["UPDATE courses SET status = 'finished' WHERE label = 'A-17'"], ("derived", "A-17", 0)),
    (["UPDATE courses SET due = '' WHERE label = 'A-17'"], ("derived", "A-17", 0)),
    (["UPDATE courses SET revision = 7 WHERE label = 'A-17'"], ("derived", "A-17", 0)),
    (["UPDATE courses SET label = 'Z-1' WHERE label = 'A-17'"], ("derived", "Z-1", 0)),
    (["UPDATE courses SET key = 'z' WHERE label = 'A-17'"], ("derived", "A-17", 0)),
]


@pytest.mark.parametrize(("statements", "fault"), KINDS)
def test_every_kind_of_tampering_is_found_and_named(
    register: Register, statements: list[str], fault: tuple[str, str, int]
) -> None:
    filled(register)
    assert register.verify() == ()
    tamper(register, *statements)
    found = register.verify()
    named = [(each.reason, each.course, each.place) for each in found]
    assert any(each == fault or (not fault[1] and each[::2] == fault[::2]) for each in named), named
    assert all(register_text.fault(*each).strip() for each in named)


def test_a_register_cut_and_closed_again_with_care_shows_by_an_earlier_end(register: Register) -> None:
    filled(register)
    known = register.seal()
    assert register.verify(known) == ()
    tamper(
        register,
        "DELETE FROM records WHERE number = 6",
        "UPDATE register SET count = 5, head = (SELECT whole FROM records WHERE number = 5)",
        "UPDATE courses SET count = 1, changed = created, head = (SELECT digest FROM records WHERE number = 2) "
        "WHERE label = 'B-18'",
    )
    assert register.verify() == ()  # nothing inside can tell
    assert [each.reason for each in register.verify(known)] == ["other-register"]


def test_a_tampered_course_is_neither_shown_nor_added_to(register: Register, where: Path | str) -> None:
    one, two = filled(register)
    tamper(register, "UPDATE records SET content = '{}' WHERE number = 4")
    with pytest.raises(Tampered) as error:
        register.course(one.id)
    assert (error.value.faults[0].course, error.value.faults[0].place) == ("A-17", 3)
    with pytest.raises(Tampered):
        register.append(one.id, [note()], one.head)
    assert register.course(two.id).listed == two  # the others go on
    tamper(register, "DELETE FROM records WHERE number = 4")
    with pytest.raises(Tampered) as error:
        register.course(one.id)
    assert [(each.reason, each.place) for each in error.value.faults] == [("missing", 4)]
    tamper(register, "DELETE FROM records WHERE number = 6")
    with pytest.raises(Tampered), open_register(where, HOUSE):
        pass


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("DELETE FROM records WHERE number > 4", ("cut", "A-17", 3)),
        ("UPDATE courses SET head = 'x' WHERE label = 'A-17'", ("head", "A-17", 4)),
        ("UPDATE courses SET label = 'Z-1', key = 'z-1' WHERE label = 'A-17'", ("derived", "Z-1", 0)),
    ],
)
def test_a_course_that_is_not_what_the_list_says_is_not_shown(
    register: Register, statement: str, fault: tuple[str, str, int]
) -> None:
    one, _two = filled(register)
    tamper(register, statement)
    with pytest.raises(Tampered) as error:
        register.course(one.id)
    assert [(each.reason, each.course, each.place) for each in error.value.faults] == [fault]


def test_a_course_without_any_record_shows(register: Register) -> None:
    """By its id: its label stood in its first record."""
    _one, two = filled(register)
    tamper(register, "DELETE FROM records WHERE course = (SELECT id FROM courses WHERE label = 'B-18')")
    assert ("cut", two.id, 0) in reasons(register)
    with pytest.raises(Tampered):
        register.course(two.id)


# ---- several stations ----


def test_a_second_station_is_told_what_was_added_meanwhile(register: Register, where: Path | str, clock: Clock) -> None:
    course = register.add_course("A-17", TEXTS, BY)
    with open_register(where, HOUSE, clock) as other:
        theirs, _ = other.append(course.id, [note("theirs")], course.head)
        for call in (
            lambda: register.append(course.id, [note("ours")], course.head),
            lambda: register.change_order(course.id, TEXTS, BY, course.head),
            lambda: register.add_plan(course.id, FIRST.as_json(), BY, course.head),
        ):
            with pytest.raises(Conflict) as conflict:
                call()
            assert conflict.value.head == theirs.head
            assert [json.loads(each.content)["text"] for each in conflict.value.added] == ["theirs"]
        register.append(course.id, [note("ours")], conflict.value.head)
        assert [each.event["text"] for each in other.course(course.id).log] == ["theirs", "ours"]


def test_clients_that_race_lose_nothing_and_overwrite_nothing(where: Path | str, clock: Clock) -> None:
    with open_register(where, HOUSE, clock) as first:
        course = first.add_course("A-17", TEXTS, BY)
    written: list[str] = []
    failed: list[BaseException] = []
    conflicts = [0]

    def station(name: str) -> None:
        try:
            with open_register(where, HOUSE, clock) as mine:
                head = course.head
                for number in range(15):
                    while True:
                        try:
                            listed, _ = mine.append(course.id, [note(f"{name}{number}")], head)
                        except Conflict as conflict:
                            conflicts[0] += 1
                            head = conflict.head
                        else:
                            written.append(f"{name}{number}")
                            head = listed.head
                            break
        except BaseException as error:  # noqa: BLE001 - shown by the test
            failed.append(error)

    threads = [threading.Thread(target=station, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    with open_register(where, HOUSE, clock) as last:
        texts = [each.event["text"] for each in last.course(course.id).log]
        assert sorted(texts) == sorted(written)
        assert len(texts) == 45
        assert [each for each in texts if each[0] == "a"] == [f"a{number}" for number in range(15)]
        assert last.verify() == ()
    assert conflicts[0]


def test_two_that_open_a_new_register_at_once(where: Path | str) -> None:
    failed: list[BaseException] = []

    def opened() -> None:
        try:
            with open_register(where, HOUSE) as mine:
                mine.add_course("A-17", TEXTS, BY)
        except BaseException as error:  # noqa: BLE001 - shown by the test
            failed.append(error)

    threads = [threading.Thread(target=opened) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    with open_register(where, HOUSE) as found:
        assert found.courses().total == 3
        assert found.verify() == ()


# ---- against a plain list ----


class Played(RuleBasedStateMachine):
    """Two stations on one register; a plain list of what was recorded."""

    courses = Bundle("courses")
    place: Callable[[], Path | str]

    @initialize()
    def begin(self) -> None:
        self.where = type(self).place()
        self.clock = Clock()
        self.stations = [open_register(self.where, HOUSE, self.clock) for _ in range(2)]
        self.known: dict[str, tuple[str, list[str]]] = {}
        self.heads: dict[tuple[int, str], str] = {}
        self.seals: list[Seal] = []

    @rule(target=courses, label=st.sampled_from(["A-17", "b", "C 3"]), station=st.sampled_from([0, 1]))
    def add(self, label: str, station: int) -> str:
        new = self.stations[station].add_course(label, TEXTS, BY)
        self.known[new.id] = (label, [])
        self.heads |= {(each, new.id): new.head for each in (0, 1)}
        return new.id

    @rule(course=courses, station=st.sampled_from([0, 1]), texts=st.lists(st.text(max_size=9), min_size=1, max_size=3))
    def append(self, course: str, station: int, texts: list[str]) -> None:
        mine = self.stations[station]
        behind = self.heads[station, course] != mine.course(course).listed.head
        try:
            new, added = mine.append(course, [note(each) for each in texts], self.heads[station, course])
        except Conflict as conflict:
            assert behind
            log = self.known[course][1]
            theirs = [json.loads(each.content)["text"] for each in conflict.added]
            assert theirs
            assert log[len(log) - len(theirs) :] == theirs
            self.heads[station, course] = conflict.head
        else:
            assert not behind
            assert [each.event["text"] for each in added] == texts
            self.known[course][1].extend(texts)
            self.heads[station, course] = new.head

    @rule(minutes=st.integers(-30, 30))
    def pass_time(self, minutes: int) -> None:
        self.clock.now = max(START, self.clock.now.add(minutes=minutes))

    @precondition(lambda self: self.known)
    @rule(station=st.sampled_from([0, 1]))
    def open_again(self, station: int) -> None:
        self.stations[station].close()
        self.stations[station] = open_register(self.where, HOUSE, self.clock)

    @invariant()
    def equals_the_list(self) -> None:
        if not hasattr(self, "stations"):
            return
        for mine in self.stations:
            listed = mine.courses(limit=1000).courses
            assert [each.label for each in listed] == [label for label, _ in self.known.values()][::-1]
            for each in listed:
                assert [one.event["text"] for one in mine.course(each.id).log] == self.known[each.id][1]
        self.seals.append(self.stations[0].seal())
        assert self.stations[1].verify(self.seals[len(self.seals) // 2]) == ()

    def teardown(self) -> None:
        for each in getattr(self, "stations", ()):
            each.close()


def test_it_equals_a_plain_list(request: pytest.FixtureRequest, where: Path | str, tmp_path: Path) -> None:
    def place() -> Path | str:
        if isinstance(where, Path):
            return tmp_path / f"{uuid.uuid4().hex}.sqlite3"
        return postgres.fresh(where.rpartition("/")[0])

    machine = type("Machine", (Played,), {"place": staticmethod(place)})
    case = machine.TestCase
    case.settings = settings(
        max_examples=12 if isinstance(where, Path) else 6,
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    case().runTest()


# ---- killed ----

WRITER = """
import sys
from pathlib import Path
from whenever import Instant
from dosing_app.reference.bundle import load_house
from dosing_app.store.register import open_register
where, course, name = sys.argv[1:4]
where = where if where.startswith("postgresql:") else Path(where)
with open_register(where, load_house()) as register:
    head = register.course(course).listed.head
    print("ready", flush=True)
    number = 0
    while True:
        entry = {"at": "2026-01-01T13:00:00Z", "event": "note", "text": f"{name}-{number}", "by": "N. One"}
        listed, _ = register.append(course, [entry], head)
        head = listed.head
        print(entry["text"], flush=True)
        number += 1
"""


def test_killed_while_it_writes_nothing_acknowledged_is_lost(where: Path | str) -> None:
    with open_register(where, HOUSE) as register:
        course = register.add_course("A-17", TEXTS, BY)
    acknowledged: list[str] = []
    for number in range(2):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(where), course.id, str(number)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.15 + 0.1 * number)
        process.send_signal(signal.SIGKILL)
        acknowledged += process.stdout.read().split()
        process.stdout.close()
        process.wait()
    assert acknowledged
    with open_register(where, HOUSE) as register:
        found = [each.event["text"] for each in register.course(course.id).log]
        assert [each for each in acknowledged if each not in found] == []
        assert len(found) <= len(acknowledged) + 2  # one of each may have been written and not told
        assert register.verify() == ()


# ---- backup and restore ----


def test_a_backup_restores_what_was_and_keeps_what_is(
    register: Register, where: Path | str, tmp_path: Path, clock: Clock
) -> None:
    one, _two = filled(register)
    then = register.course(one.id)
    path = tmp_path / "backup.jsonl"
    header = backup(register, path)
    assert check(path) == header
    assert header.seal == register.seal()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    now, _ = register.append(one.id, [note("after the backup")], one.head)
    done = restore(path, where, HOUSE, clock)
    assert done.missing == 1
    assert register.course(one.id) == then  # one that was open all the time sees it
    assert register.verify(header.seal) == ()
    with pytest.raises(Conflict):  # and overwrites nothing
        register.append(one.id, [note()], now.head)
    with pytest.raises(sa.exc.DBAPIError, match="stays"), register.engine.connect() as connection:
        connection.execute(sa.text("DELETE FROM records"))
    if isinstance(where, Path):
        with open_register(Path(done.kept), HOUSE, clock) as kept:
            assert kept.course(one.id).log[-1].event["text"] == "after the backup"
            assert kept.verify() == ()
    else:
        kept = sa.table("records", schema=done.kept)
        with register.engine.connect() as connection:
            assert connection.execute(sa.select(sa.func.count()).select_from(kept)).scalar() == 7


def test_a_backup_goes_from_a_file_to_a_server_and_back(server: str, tmp_path: Path) -> None:
    file = tmp_path / "r.sqlite3"
    with open_register(file, HOUSE, Clock()) as register:
        filled(register)
        backup(register, tmp_path / "1", Clock())
    address = postgres.fresh(server)
    restore(tmp_path / "1", address, HOUSE)
    with open_register(address, HOUSE, Clock()) as register:
        backup(register, tmp_path / "2", Clock())
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


@pytest.mark.parametrize("number", [0, 1, 3, -1])
@pytest.mark.parametrize("change", ["drop", "alter", "cut", "twice"])
def test_no_damaged_backup_is_restored(number: int, change: str, tmp_path: Path) -> None:
    path = tmp_path / "backup.jsonl"
    with open_register(tmp_path / "r.sqlite3", HOUSE, Clock()) as register:
        filled(register)
        backup(register, path)
        lines = path.read_bytes().splitlines(keepends=True)
        if change == "drop":
            del lines[number]
        elif change == "alter":
            lines[number] = lines[number].replace(b"a", b"b", 1) if number else lines[number].replace(b'"head"', b'"h"')
        elif change == "twice":
            lines.insert(number, lines[number])
        else:
            lines[number] = lines[number][:20]
            del lines[number + 1 if number >= 0 else len(lines) :]
        path.write_bytes(b"".join(lines))
        before = register.seal()
        with pytest.raises((BadBackup, Tampered)):
            restore(path, tmp_path / "r.sqlite3", HOUSE)
        assert register.seal() == before
        assert register.verify() == ()


def sealed(records: Iterable[Record]) -> list[Record]:
    """Records with the digests that belong to what they say now: as a forger would make them, with care."""
    heads: dict[str, str] = {}
    found: list[Record] = []
    for each in records:
        digest = digest_of(each, heads.get(each.course, ""))
        heads[each.course] = digest
        found.append(replace(each, digest=digest, whole=whole_of(each, digest, found[-1].whole if found else "")))
    return found


def test_a_plan_that_was_changed_under_a_chain_forged_with_care_shows_by_its_own_digest(
    register: Register, clock: Clock
) -> None:
    filled(register)
    with register.snapshot() as (identity, _seal, records):
        kept = list(records)
    assert sealed(kept) == kept
    at = next(index for index, each in enumerate(kept) if each.kind == "plan")
    content, rate = kept[at].content, '"rate_ml_per_h":"2.5"'
    assert rate in content
    forged = sealed(
        [*kept[:at], replace(kept[at], content=content.replace(rate, rate.replace("2.5", "25"), 1)), *kept[at + 1 :]],
    )
    register.replace_by(identity, Seal(len(forged), forged[-1].whole), forged)
    assert reasons(register) == [("plan", "A-17", 2)]
    assert "holds a plan that is not as it was issued" in register_text.fault("plan", "A-17", 2)


@pytest.mark.parametrize(("change", "reason"), [("cut", "cut"), ("alter", "changed"), ("more", "longer")])
def test_a_backup_that_changes_while_it_is_restored_changes_nothing(
    register: Register, change: str, reason: str
) -> None:
    """It was gone through before; what is written then is gone through again."""
    filled(register)
    with register.snapshot() as (identity, seal, records):
        kept = list(records)
    before = register.seal()
    if change == "cut":
        del kept[-1]
    elif change == "alter":
        kept[-1] = replace(kept[-1], who="another")
    else:
        seal = Seal(seal.count - 1, kept[-2].whole)
    with pytest.raises(Tampered) as error:
        register.replace_by(identity, seal, kept)
    assert error.value.faults[0].reason == reason
    assert register.seal() == before
    assert register.verify() == ()


def test_a_long_log_is_backed_up_and_restored_whole(register: Register, where: Path | str, tmp_path: Path) -> None:
    """More records than are read or written at a time."""
    course = register.add_course("A-17", TEXTS, BY)
    course, _ = register.append(course.id, [note(str(number)) for number in range(1100)], course.head)
    backup(register, tmp_path / "backup")
    register.append(course.id, [note("later")], course.head)
    assert restore(tmp_path / "backup", where, HOUSE).missing == 1
    assert [each.event["text"] for each in register.course(course.id).log] == [str(number) for number in range(1100)]
    assert register.verify() == ()


HEADER = {"file": "dosing-app/register", "schema": 1, "register": "x", "count": 0, "head": "", "written": ""}


@pytest.mark.parametrize(
    ("header", "reason", "words"),
    [
        ([], "not-a-backup", "is not a backup of a register"),
        ({**HEADER, "file": "dosing-app/order"}, "not-a-backup", "is not a backup"),
        ({**HEADER, "schema": "1"}, "not-a-backup", "is not a backup"),
        ({**HEADER, "count": "0"}, "not-a-backup", "is not a backup"),
        ({**HEADER, "head": None}, "not-a-backup", "is not a backup"),
        ({**HEADER, "schema": 2}, "newer", "newer version of this program (schema 2, this one knows 1)"),
        ({**HEADER, "count": 1}, "cut", "holds 0 of 1 records"),
    ],
)
def test_what_is_no_backup_of_ours_is_refused_in_words(header: Any, reason: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "b"
    path.write_text(json.dumps(header) + "\n", encoding="utf-8")
    with pytest.raises(BadBackup) as error:
        check(path)
    assert error.value.reason == reason
    assert words in register_text.backup_refused(str(error.value.path), reason, error.value.values)


@pytest.mark.skipif(os.name != "posix", reason="a pipe with a name is of these systems")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadBackup) as error:
        check(tmp_path / "pipe")
    assert error.value.reason == "not-a-backup"


def test_a_backup_of_a_newer_program_is_written_over_as_one_of_ours(tmp_path: Path) -> None:
    """Its name is that of a backup: nothing of another kind is lost."""
    path = tmp_path / "b"
    path.write_text(json.dumps({**HEADER, "schema": 2}) + "\n", encoding="utf-8")
    with open_register(tmp_path / "r.sqlite3", HOUSE, Clock()) as register:
        filled(register)
        assert backup(register, path).seal.count == 6
    assert check(path).seal.count == 6


def test_a_register_of_a_newer_program_is_not_put_aside(register: Register, where: Path | str, tmp_path: Path) -> None:
    filled(register)
    backup(register, tmp_path / "b")
    schema.bring_up(register.engine, None, head="9999", migrations=newer_program(tmp_path))
    with pytest.raises(RegisterError) as error:
        restore(tmp_path / "b", where, HOUSE)
    assert error.value.reason == "newer"
    assert register.courses().total == 2


def test_a_tampered_register_is_not_backed_up_but_can_be_restored(
    register: Register, where: Path | str, tmp_path: Path
) -> None:
    filled(register)
    good = tmp_path / "good"
    backup(register, good)
    for statement in ("UPDATE records SET content = '{}' WHERE number = 4", "DELETE FROM records WHERE number = 6"):
        tamper(register, statement)
        with pytest.raises((Tampered, BadBackup)):
            backup(register, tmp_path / "bad")
        assert not (tmp_path / "bad").exists()
    restore(good, where, HOUSE)
    assert register.verify() == ()


def test_a_backup_takes_no_other_files_name(tmp_path: Path) -> None:
    path = tmp_path / "order.json"
    path.write_text("{}", encoding="utf-8")
    with open_register(tmp_path / "r.sqlite3", HOUSE) as register:
        with pytest.raises(BadBackup):
            backup(register, path)
        assert path.read_text(encoding="utf-8") == "{}"
        backup(register, tmp_path / "b")
        register.add_course("A-17", TEXTS, BY)
        assert backup(register, tmp_path / "b").seal.count == 1


@pytest.mark.parametrize("damage", ["nonsense", "middle", "end"])
def test_a_file_that_cannot_be_read_is_put_aside_and_restored(damage: str, tmp_path: Path) -> None:
    file, path = tmp_path / "r.sqlite3", tmp_path / "backup"
    with open_register(file, HOUSE, Clock()) as register:
        filled(register)
        backup(register, path)
    whole = file.read_bytes()
    damaged = {
        "nonsense": b"nonsense" * 4000,
        "middle": whole[:4096] + b"\xff" * 8192 + whole[12288:],
        "end": whole[:-8192] + b"\xff" * 8192,
    }
    file.write_bytes(damaged[damage])
    with pytest.raises(RegisterError) as error:  # noqa: SIM117 - what raises is one call
        with open_register(file, HOUSE) as register:
            register.verify()
    assert error.value.reason in {"damaged", "not-a-register"}
    done = restore(path, file, HOUSE, Clock())
    assert done.missing is None  # nobody can tell
    assert Path(done.kept).read_bytes()[-8192:] == damaged[damage][-8192:]
    with open_register(file, HOUSE, Clock()) as register:
        assert register.verify() == ()
        assert register.courses().total == 2


def test_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    path = tmp_path / "backup"
    assert main(["backup", str(path)]) == 3
    assert "no register" in capsys.readouterr().err
    with open_register(register_file(), HOUSE, Clock()) as register:
        one, _ = filled(register)
        assert main(["backup", str(path)]) == 0
        assert "6 records" in capsys.readouterr().out
        register.append(one.id, [note()], one.head)
        assert main(["restore", str(path)]) == 0
        said = capsys.readouterr().out
        assert "before-restore" in said
        assert "1 record of it is not in the backup" in said
        assert register.seal().count == 6
        tamper(register, "UPDATE records SET content = '{}' WHERE number = 4")
        assert main(["backup", str(path)]) == 3
        assert "Case A-17: record 3 was changed" in capsys.readouterr().err
    assert main(["restore", str(tmp_path / "nothing")]) == 2
    assert "nothing" in capsys.readouterr().err
    path.write_text("{}", encoding="utf-8")
    assert main(["restore", str(path)]) == 2
    assert main(["backup"]) == 2
    site = tmp_path / "site.toml"
    site.write_text("schema = 1\ncolour = 1\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["backup", str(tmp_path / "b"), "--site", str(site)]) == 2
    assert "colour" in capsys.readouterr().err


def test_the_site_names_the_server(where: Path | str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if isinstance(where, Path):
        return
    with open_register(where, HOUSE, Clock()) as register:
        filled(register)
    site = tmp_path / "site.toml"
    site.write_text(f'schema = 1\nregister = "{where}"\n', encoding="utf-8")
    assert main(["backup", str(tmp_path / "b"), "--site", str(site)]) == 0
    assert "6 records of postgresql://" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform != "linux", reason="the trap is of Linux")
def test_nothing_but_the_server_of_the_site_is_called(server: str, tmp_path: Path) -> None:
    """By the socket within the computer the server is reached, while every internet socket ends the program."""
    address = postgres.fresh(server)
    with open_register(address, HOUSE, Clock()) as register:
        filled(register)
        with register.engine.connect() as connection:
            folder, port = (
                connection.exec_driver_sql(f"SHOW {name}").scalar() for name in ("unix_socket_directories", "port")
            )

    def backed_up(where: str) -> subprocess.CompletedProcess[str]:
        site = tmp_path / "site.toml"
        site.write_text(f'schema = 1\nregister = "{where}"\n', encoding="utf-8")
        command = [sys.executable, TRAP, Path(sys.executable).with_name("dosing-app"), "backup", tmp_path / "b"]
        return subprocess.run([*command, "--site", site], capture_output=True, text=True, timeout=120, check=False)

    assert backed_up(address).returncode == -signal.SIGSYS  # a guard: the trap is there
    done = backed_up(f"postgresql://postgres@localhost/postgres?host={folder}&port={port}")
    assert done.returncode == 0, done.stderr
    assert "6 records of postgresql://" in done.stdout


# ---- files, servers, schemas ----


def test_a_file_is_its_owners_alone_and_durable(tmp_path: Path) -> None:
    file = tmp_path / "new" / "r.sqlite3"
    old = os.umask(0)
    try:
        with open_register(file, HOUSE) as register:
            register.add_course("A-17", TEXTS, BY)
            modes = {stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()}
            with register.engine.connect() as connection:
                said = [
                    connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                    for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
                ]
    finally:
        os.umask(old)
    assert modes == {0o600}
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert said == ["wal", 2, 1, 20_000]


def test_what_is_no_register_is_refused_in_words_and_left_alone(tmp_path: Path) -> None:
    nonsense, other = tmp_path / "a", tmp_path / "b"
    nonsense.write_bytes(b"nonsense" * 1000)
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE patients (name TEXT)")
    for path in (nonsense, other):
        before = path.read_bytes()
        with pytest.raises(RegisterError) as error:
            open_register(path, HOUSE)
        assert error.value.reason == "not-a-register"
        assert str(path) in register_text.refused(error.value.reason, error.value.values)
        if path == nonsense:
            assert path.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    path = tmp_path / "file" / "r.sqlite3"
    with pytest.raises(RegisterError) as error:
        open_register(path, HOUSE)
    assert error.value.reason == "no-folder"
    assert f"{path} cannot be opened: " in register_text.refused("no-folder", error.value.values)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "x"


def test_a_new_file_that_another_program_holds_is_waited_for_and_then_said_to_be_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "r.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.2, other.rollback)
        release.start()
        with open_register(path, HOUSE) as register:
            assert register.courses().total == 0
        release.join()
    monkeypatch.setattr(tables, "_BUSY_MS", 50)
    path = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(RegisterError) as error:
            open_register(path, HOUSE)
    assert error.value.reason == "busy"
    assert "being written by another program" in register_text.refused("busy", error.value.values)


@pytest.mark.parametrize(
    ("options", "reason", "words"),
    [("", "no-right", "may not be used by this user"), ("READ ONLY", "read-only", "may not be written from here")],
)
def test_a_user_of_the_server_without_the_right_is_told_so(server: str, options: str, reason: str, words: str) -> None:
    import psycopg

    address = postgres.fresh(server)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS ward")
        connection.execute("CREATE ROLE ward LOGIN")
        if options:
            connection.execute("ALTER ROLE ward SET default_transaction_read_only = on")
    with pytest.raises(RegisterError) as error:
        open_register(address.replace("postgres@", "ward@"), HOUSE)
    assert error.value.reason == reason
    assert words in register_text.refused(reason, error.value.values)


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RegisterError) as error:
        open_register("postgresql://nobody:secret@127.0.0.1:1/none", HOUSE)
    assert error.value.reason == "no-server"
    assert "secret" not in register_text.refused(error.value.reason, error.value.values)
    for address in ("sqlite:///x", "mysql://h/d", "nonsense", "postgresql://h"):
        with pytest.raises(RegisterError) as error:
            open_register(address, HOUSE)
        assert error.value.reason == "bad-address"


def test_a_full_disk_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    with open_register(tmp_path / "r.sqlite3", HOUSE, Clock()) as register:
        course = register.add_course("A-17", TEXTS, BY)

        def small(connection: Any, _record: Any) -> None:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages}")

        register.engine.dispose()
        sa.event.listen(register.engine, "connect", small)
        with pytest.raises(RegisterError) as error:
            register.append(course.id, [note("x" * 100_000)], course.head)
        assert error.value.reason == "full"
        assert register.course(course.id).log == ()
        assert register.verify() == ()


def test_the_tables_are_those_of_the_program(register: Register) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with register.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_the_latest_schema_is_named() -> None:
    from alembic.script import ScriptDirectory

    assert ScriptDirectory(str(schema.MIGRATIONS)).get_current_head() == schema.HEAD


def newer_program(folder: Path, body: str = "op.add_column('courses', sa.Column('ward', sa.Text()))") -> Path:
    """Migrations with one more."""
    migrations = folder / "migrations"
    shutil.copytree(schema.MIGRATIONS, migrations)
    (migrations / "versions" / "r9999_ward.py").write_text(
        f"import sqlalchemy as sa\nfrom alembic import op\nrevision = '9999'\ndown_revision = '{schema.HEAD}'\n"
        f"def upgrade():\n    {body}\n",
        encoding="utf-8",
    )
    return migrations


def test_a_newer_schema_is_refused_and_an_older_file_copied_before_it_is_renewed(
    register: Register, where: Path | str, tmp_path: Path
) -> None:
    filled(register)
    file = where if isinstance(where, Path) else None
    kept = schema.bring_up(register.engine, file, head="9999", migrations=newer_program(tmp_path))
    if file is not None:
        assert kept is not None
        with open_register(kept, HOUSE) as before:
            assert before.verify() == ()
    with pytest.raises(RegisterError) as error:
        open_register(where, HOUSE)
    assert error.value.reason == "newer"
    assert "newer version" in register_text.refused("newer", error.value.values)


def test_without_room_for_the_copy_an_older_register_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, migrations = tmp_path / "r.sqlite3", newer_program(tmp_path)
    with open_register(path, HOUSE) as register:
        filled(register)
    bring_up = schema.bring_up

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(
        register_module, "bring_up", lambda engine, file: bring_up(engine, file, head="9999", migrations=migrations)
    )
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RegisterError) as error:
        open_register(path, HOUSE)
    said = register_text.refused(error.value.reason, error.value.values)
    assert said == f"{path} cannot be opened: No space left on device."
    monkeypatch.undo()
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["r.sqlite3"]
    with open_register(path, HOUSE) as again:
        assert again.verify() == ()


def test_a_migration_that_fails_changes_nothing(register: Register, where: Path | str, tmp_path: Path) -> None:
    filled(register)
    broken = newer_program(tmp_path, "op.drop_table('records'); op.execute('nonsense')")
    with pytest.raises(sa.exc.DBAPIError):
        schema.bring_up(register.engine, None, head="9999", migrations=broken)
    with open_register(where, HOUSE) as again:
        assert again.verify() == ()


def test_the_folders_are_those_of_the_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dosing_app.store.folders import config_folder, data_folder
    from dosing_app.ui import recovery

    for given in (str(tmp_path), "", "relative"):
        monkeypatch.setenv("XDG_DATA_HOME", given)
        monkeypatch.setenv("XDG_CONFIG_HOME", given)
        assert data_folder() == recovery.data_folder()
        assert config_folder() / "site.toml" == recovery.own_site_file()


@pytest.mark.parametrize(
    ("platform", "data", "config"),
    [
        ("win32", "AppData/Local", "AppData/Local"),
        ("darwin", "Library/Application Support", "Library/Preferences"),
        ("linux", ".local/share", ".config"),
    ],
)
def test_the_folders_are_those_that_qt_names_on_each_system(
    platform: str, data: str, config: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GenericDataLocation and GenericConfigLocation, as the documentation of QStandardPaths lists them."""
    from dosing_app.store.folders import config_folder, data_folder

    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", platform)
    ours = "blinatumomab-infusion-planner"
    assert data_folder() == tmp_path / data / ours
    assert config_folder() == tmp_path / config / ours
    assert register_file() == tmp_path / data / ours / "register.sqlite3"
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "elsewhere"))
    assert data_folder().is_relative_to(tmp_path / ("elsewhere" if platform == "win32" else data))


@pytest.mark.parametrize("name", ["dosing_app.cli.commands", "dosing_app.cli.window", "dosing_app.ui.application"])
def test_nothing_imports_it_at_the_start(name: str) -> None:
    code = f"import sys, {name}; sys.exit(any(each in sys.modules for each in ('sqlalchemy', 'alembic', 'psycopg')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_current_register_opens_without_alembic(tmp_path: Path) -> None:
    open_register(tmp_path / "r.sqlite3", HOUSE).close()
    code = (
        "import sys, pathlib\nfrom dosing_app.reference.bundle import load_house\n"
        "from dosing_app.store.register import open_register\n"
        f"open_register(pathlib.Path({str(tmp_path / 'r.sqlite3')!r}), load_house()).close()\n"
        "sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_reason_has_its_sentence() -> None:
    import re

    from dosing_app.store import register as module

    source = Path(module.__file__).read_text(encoding="utf-8")
    for reason in set(re.findall(r'RegisterError\(\s*"([a-z-]+)"', source)) | set(module._SQLITE.values()):
        assert register_text.refused(reason, {"case": "", "label": "", "revision": "", "latest": "", "seen": ""})


def test_no_password_is_shown() -> None:
    from dosing_app.store.tables import address, shown

    url = address("postgresql://u:secret@h/d")
    assert "secret" not in shown(url)
    make_engine(url).dispose()
