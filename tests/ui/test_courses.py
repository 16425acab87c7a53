"""The register behind the window: lazily opened, renewed by the minute, two stations, clocks, full disks, tampering."""

import errno
import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import courses_cases as cases
import pytest
from courses_cases import START, Clock, entry
from PySide6.QtCore import Qt

from dosing_app.store import issued
from dosing_app.store.enter import course_of, enter, texts_of
from dosing_app.store.folders import register_file
from dosing_app.store.register import RegisterError, open_register
from dosing_app.ui.courses import Courses
from dosing_app.ui.editor import Editor
from dosing_app.ui.papers_desk import issued_folder

HOUSE = cases.approved_house()
PLAN = cases.issued_plan(HOUSE)
HUNG = [entry("prepared", -2, session=1), entry("hung", 0, bag=1)]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def course(clock) -> str:
    """A course on the register, its first bag connected; the id."""
    with open_register(register_file(), HOUSE, clock) as register:
        listed = enter(register, "A-17", PLAN.order.born, cases.example_texts(), "C. Third", None, [PLAN])
        return register.append(listed.id, HUNG, listed.head)[0].id


@pytest.fixture
def station(qapp, clock):
    """Makes stations that share the register."""
    made = []

    def make() -> Courses:
        editor = Editor()
        editor.begin(HOUSE)
        made.append(Courses(editor, clock))
        made[-1].editor = editor
        return made[-1]

    yield make
    for each in made:
        each.leave()
        each.close()


@pytest.fixture
def courses(station, course) -> Courses:
    found = station()
    found.open(course)
    assert found.trouble == ""
    return found


def note(hours: float = 0.5, text: str = "seen") -> dict:
    return entry("note", hours, text=text)


def events(courses: Courses) -> list[str]:
    return [each.event["event"] for each in courses.record.log]


def test_nothing_is_opened_before_it_is_used(station) -> None:
    courses = station()
    assert courses.now() == START.add(hours=1)
    courses.leave()
    assert not register_file().exists()
    assert courses.page().total == 0
    assert register_file().exists()


def test_the_window_starts_without_the_database() -> None:
    code = (
        "import sys; from dosing_app.ui import application; application.make_application();"
        "from dosing_app.ui.editor import Editor; from dosing_app.ui.main_window import MainWindow;"
        "e = Editor(); w = MainWindow(e); application.load(e, w, None);"
        "print('sqlalchemy' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


def test_an_open_course_stands_where_its_log_says(courses) -> None:
    assert courses.label == "A-17"
    assert courses.plans == (PLAN,)
    assert courses.rest.progress.running.bag.number == 1
    assert courses.rest.progress.infused_minutes == 60
    assert courses.clock_trouble() == ""
    courses.leave()
    assert (courses.record, courses.rest, courses.label, courses.plans) == (None, None, "", ())


def test_the_minute_renews_it_and_sleep_does_too(courses, clock, qtbot) -> None:
    heard = []
    courses.changed.connect(lambda: heard.append(courses.rest and courses.rest.progress.infused_minutes))
    clock.now = clock.now.add(seconds=30)
    qtbot.wait(1300)
    assert heard == []
    clock.now = clock.now.add(seconds=30)
    qtbot.waitUntil(lambda: bool(heard), timeout=3000)
    assert heard == [61]
    clock.now = clock.now.add(hours=9)  # the computer slept
    qtbot.waitUntil(lambda: len(heard) > 1, timeout=3000)
    assert heard[1:] == [601]
    courses.see(False)
    clock.now = clock.now.add(minutes=5)
    qtbot.wait(1300)
    assert len(heard) == 2
    courses.see(True)
    assert heard[2:] == [606]


def test_what_is_recorded_is_there_for_another_station(courses, station, course) -> None:
    assert courses.log([note()]) == ""
    assert events(courses) == ["prepared", "hung", "note"]
    other = station()
    other.open(course)
    assert events(other) == ["prepared", "hung", "note"]


def test_of_two_stations_one_is_told_what_the_other_recorded(courses, station, course) -> None:
    other = station()
    other.open(course)
    assert other.log([entry("interrupted", 0.75, reason="technical")]) == ""
    said = courses.log([note()])
    assert "N. One: infusion stopped" in said
    assert "Nothing of yours was recorded" in said
    assert events(courses) == ["prepared", "hung", "interrupted"]  # seen now
    assert courses.log([note()]) == ""
    assert events(courses)[-1] == "note"


def test_another_stations_entry_is_seen_at_the_minute(courses, station, course, clock, qtbot) -> None:
    other = station()
    other.open(course)
    assert other.log([note()]) == ""
    clock.now = clock.now.add(minutes=1)
    qtbot.waitUntil(lambda: len(events(courses)) == 3, timeout=3000)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([entry("hung", 0.5, bag=2)], "bag 2"),
        ([{**note(), "by": " "}], "name"),
        ([note(), entry("hung", 3, bag=9)], "later"),
        ([{**note(), "at": "soon"}], "no time"),
    ],
)
def test_what_cannot_be_recorded_is_said_and_nothing_is(courses, given, words) -> None:
    said = courses.log(given)
    assert words in said
    assert "{" not in said
    assert events(courses) == ["prepared", "hung"]


def test_a_clock_that_was_set_back_is_said_and_never_followed(courses, clock) -> None:
    assert courses.log([note(1)]) == ""
    clock.now = START.subtract(hours=20)
    courses.renew()
    assert courses.now() == START.add(hours=1)
    said = courses.clock_trouble()
    assert "Sun 22-Nov-2026 18:00" in said
    assert "Mon 23-Nov-2026 15:00" in said
    assert courses.rest.progress.infused_minutes == 60
    clock.now = START.add(minutes=59, seconds=30)  # another station's clock may be a little ahead
    assert courses.clock_trouble() == ""
    assert courses.now() == START.add(hours=1)


def test_the_zone_of_the_computer_changes_nothing(courses, monkeypatch) -> None:
    import time

    before = courses.rest
    for zone in ("Pacific/Kiritimati", "America/Los_Angeles"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        courses.renew()
        assert courses.rest == before
    monkeypatch.undo()
    time.tzset()


def tamper(statement: str) -> None:
    with closing(sqlite3.connect(register_file())) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
        connection.commit()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records SET content = replace(content, '\"hung\"', '\"lost\"') WHERE kind = 'log'",
        "DELETE FROM records WHERE number = (SELECT max(number) FROM records)",
    ],
)
def test_of_a_register_that_was_tampered_with_nothing_is_shown(courses, course, station, statement) -> None:
    tamper(statement)
    courses.renew()
    assert "not as it was written" in courses.trouble
    assert (courses.record, courses.rest, courses.plans, courses.label) == (None, None, (), "")
    assert "not as it was written" in courses.log([note()])
    fresh = station()
    fresh.open(course)
    assert "not as it was written" in fresh.trouble
    assert fresh.record is None


def test_entries_that_are_gone_are_said_until_the_course_is_left(courses, clock, tmp_path) -> None:
    from dosing_app.store.backup import backup, restore

    with open_register(register_file(), HOUSE, clock) as register:
        backup(register, tmp_path / "before.backup")
    assert courses.log([note()]) == ""
    courses.close()
    restore(tmp_path / "before.backup", register_file(), HOUSE, clock)
    courses.renew()
    assert "restored" in courses.trouble
    courses.renew()
    assert "restored" in courses.trouble
    assert courses.rest is not None


def test_a_full_disk_is_said_and_nothing_is_lost(courses) -> None:
    """SQLite's own limit of pages stands for the disk."""
    from sqlalchemy import event

    register = courses._register
    register.engine.dispose()
    event.listen(
        register.engine, "connect", lambda connection, _record: connection.execute("PRAGMA max_page_count = 1")
    )
    said = courses.log([note(text="x" * 100_000)])
    assert "no room" in said
    assert events(courses) == ["prepared", "hung"]
    courses.close()
    assert courses.log([note(text="x" * 100_000)]) == ""
    assert events(courses)[-1] == "note"


def test_a_register_that_cannot_be_reached_any_more_leaves_what_was_read(courses, clock, monkeypatch, qtbot) -> None:
    def away(_course: str) -> None:
        raise RegisterError("no-server", where="postgresql://ward/register", why="connection refused")

    monkeypatch.setattr(courses._register, "course", away)
    courses.renew()
    assert "cannot be reached" in courses.trouble
    assert "read before" in courses.trouble
    assert courses.rest.progress.infused_minutes == 60
    clock.now = clock.now.add(minutes=1)
    qtbot.waitUntil(lambda: courses.rest.progress.infused_minutes == 61, timeout=3000)
    assert "cannot be reached" in courses.trouble
    monkeypatch.undo()
    courses.renew()
    assert courses.trouble == ""


def test_a_place_that_is_no_register_is_said(station) -> None:
    register_file().parent.mkdir(parents=True)
    register_file().write_bytes(b"something else entirely, and long enough to be read as a file" * 50)
    courses = station()
    assert courses.page().courses == ()
    assert "is not a register" in courses.trouble


def test_other_settings_open_it_anew(courses, course, tmp_path) -> None:
    from dataclasses import replace

    house = replace(HOUSE, site=HOUSE.site.model_copy(update={"name": "Elsewhere"}))
    courses.editor.use(house)
    assert courses.record.listed.id == course
    assert courses.reference.site.name == "Elsewhere"
    away = replace(HOUSE, site=HOUSE.site.model_copy(update={"register_url": "postgresql://127.0.0.1:1/none"}))
    courses.editor.use(away)
    assert courses.record is None
    assert courses.page().courses == ()
    assert "cannot be reached" in courses.trouble
    courses.editor.use(HOUSE)
    assert courses.page().total == 1
    assert courses.trouble == ""


def test_the_rest_becomes_the_next_revision(courses, clock) -> None:
    clock.now = START.add(hours=2)
    assert courses.log([entry("lost", 2, bag=1)]) == ""
    assert "nobody signs twice" in courses.issue_rest("C. Third", "c. third")
    asked = {each.code: "seen" for each in courses.rest.findings if each.holds_back}
    said = courses.issue_rest("C. Third", "D. Fourth", asked)
    assert said == ""
    assert [plan.issue.revision for plan in courses.plans] == [1, 2]
    assert courses.rest.plan.issue.revision == 2


# ---- the window ----


@pytest.fixture
def ready(desk):
    """The example, its product data approved, checked."""
    from test_issue import check, use_site

    use_site(desk)
    check(desk)
    return desk


def statuses(desk) -> list[tuple[str, str, int]]:
    return [(each.label, each.status, each.revision) for each in desk.window.courses.page().courses]


def test_issuing_puts_the_course_on_the_register(ready) -> None:
    from test_issue import issue

    issue(ready)
    assert statuses(ready) == [("A-17", "checked", 1)]
    found = ready.window.courses.page().courses[0]
    ready.window.courses.open(found.id)
    assert ready.window.courses.record.texts == ready.editor.texts
    assert ready.window.courses.record.check == ready.editor.check
    assert ready.window.courses.plans == issued.history("A-17", issued_folder()).plans


def test_a_register_that_cannot_be_used_is_said_and_offered_again(ready) -> None:
    from test_issue import issue

    register_file().parent.mkdir(parents=True, exist_ok=True)
    register_file().write_bytes(b"something else entirely, and long enough to be read as a file" * 50)
    issue(ready)
    said = ready.window.notice.text()
    assert "Issued as revision 1" in said
    assert "not on the register" in said
    register_file().unlink()
    ready.window.register.ask_put()
    dialog = put_dialog(ready)
    ready.qtbot.keyClicks(dialog.name, "C. Third")
    ready.qtbot.mouseClick(dialog.put_button, Qt.MouseButton.LeftButton)
    assert statuses(ready) == [("A-17", "checked", 1)]


def put_dialog(desk):
    from dosing_app.ui.register_dialogs import PutDialog

    dialog = next(each for each in desk.window.findChildren(PutDialog) if each.isVisible())
    dialog.name.clear()
    return dialog


def test_an_issued_file_is_put_on_the_register_from_its_dialog(ready, tmp_path) -> None:
    path = issued.keep(PLAN, tmp_path)
    dialog = ready.window.desk.open_issued(path)
    ready.qtbot.keyClick(dialog.buttons["register"], Qt.Key.Key_Return)
    put = put_dialog(ready)
    ready.qtbot.keyClicks(put.name, "D. Fourth")
    ready.qtbot.keyClick(put.put_button, Qt.Key.Key_Return)
    assert statuses(ready) == [("A-17", "checked", 1)]
    with open_register(register_file(), HOUSE) as register:
        record = course_of(register, "A-17")
    assert record.plans == (PLAN,)
    assert record.texts == texts_of(PLAN.order)
    dialog.close()


def test_an_issued_plan_that_another_infant_has_the_label_of_is_refused(ready) -> None:
    from test_issue import ask_issue

    with open_register(register_file(), HOUSE) as register:
        other = {**cases.example_texts(), "born": "2026-05-01"}
        enter(register, "A-17", PLAN.order.born.subtract(days=50), other, "N")
    dialog = ask_issue(ready)
    ready.qtbot.keyClicks(dialog.name, "C. Third")
    assert "A label stands for one infant" in dialog.status.text()
    assert not dialog.issue_button.isEnabled()
    dialog.reject()


def test_a_new_revision_begins_after_what_has_hung(ready) -> None:
    from test_issue import ask_issue, check, issue

    issue(ready)
    courses = ready.window.courses
    courses.open(courses.page().courses[0].id)
    bags = courses.plans[0].bags
    courses._clock = lambda: bags[1].start.add(hours=1)  # as that clock will say
    log = [
        *({"event": "prepared", "bag": bag.number, "at": bag.prepared.format_iso(), "by": "N"} for bag in bags[:2]),
        {"event": "hung", "bag": 1, "at": bags[0].start.format_iso(), "by": "N"},
        {"event": "stopped", "bag": 1, "at": bags[1].start.format_iso(), "by": "N"},
        {"event": "hung", "bag": 2, "at": bags[1].start.format_iso(), "by": "N"},
    ]
    courses.close()
    assert courses.log(log) == ""
    ready.editor.change("weight", "6.5 kg")
    ready.editor.rest()
    check(ready, weight="6.5")
    dialog = ask_issue(ready)
    ready.qtbot.keyClicks(dialog.name, "C. Third")
    assert dialog.from_bag.document_text() == "3"
    assert dialog.issue_button.isEnabled()
    ready.qtbot.keyClick(dialog.from_bag, Qt.Key.Key_Up)
    assert "has hung already" in dialog.status.text()
    assert not dialog.issue_button.isEnabled()
    ready.qtbot.keyClick(dialog.from_bag, Qt.Key.Key_Down)
    ready.qtbot.mouseClick(dialog.issue_button, Qt.MouseButton.LeftButton)
    assert statuses(ready) == [("A-17", "running", 2)]
    assert courses.rest.progress.running.bag.number == 2


def test_a_revision_of_another_station_is_known_before_the_next_is_issued(ready) -> None:
    from test_issue import ask_issue

    with open_register(register_file(), HOUSE) as register:
        enter(register, "A-17", PLAN.order.born, cases.example_texts(), "N", None, [PLAN])
    dialog = ask_issue(ready)
    assert "revision 2" in dialog.told.text()
    assert issued.history("A-17", issued_folder()).plans == (PLAN,)
    dialog.reject()


def test_a_disk_that_is_full_for_the_file_alone_keeps_the_revision(ready, monkeypatch) -> None:
    from test_issue import ask_issue

    dialog = ask_issue(ready)
    ready.qtbot.keyClicks(dialog.name, "C. Third")

    def fails(*_given: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fails)
        ready.qtbot.mouseClick(dialog.issue_button, Qt.MouseButton.LeftButton)
    assert "on the register" in dialog.status.text()
    assert statuses(ready) == [("A-17", "checked", 1)]
    ready.qtbot.mouseClick(dialog.issue_button, Qt.MouseButton.LeftButton)
    assert statuses(ready) == [("A-17", "checked", 1)]
    assert ready.window.state.text() == "Issued as revision 1"


def test_a_planned_order_goes_onto_the_register_and_comes_back(desk) -> None:
    desk.window.activateWindow()
    desk.qtbot.waitUntil(desk.window.isActiveWindow)
    desk.qtbot.keyClick(desk.window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    dialog = put_dialog(desk)
    assert not dialog.put_button.isEnabled()
    desk.qtbot.keyClicks(dialog.name, "C. Third")
    desk.qtbot.keyClick(dialog.put_button, Qt.Key.Key_Return)
    assert statuses(desk) == [("A-17", "planned", 0)]
    texts = dict(desk.editor.texts)
    desk.window.new()
    assert not desk.editor.texts
    desk.window.courses.order_asked.emit(desk.window.courses.page().courses[0].id)
    assert desk.editor.texts == texts
    assert desk.window.workspace == "order"


def test_backup_and_restore_from_the_menu(desk, tmp_path) -> None:
    from dosing_app.ui.register_dialogs import RestoreDialog

    with open_register(register_file(), HOUSE) as register:
        register.add_course("A-17", {}, "N")
        path = tmp_path / "a.backup"
        assert "1 record" in desk.window.register.backup(path)
        register.add_course("B-18", {}, "N")
    for cancelled in (True, False):
        desk.window.register.confirm_restore(path)
        dialog = next(each for each in desk.window.findChildren(RestoreDialog) if each.isVisible())
        assert "cannot be undone" in dialog.told.text()
        button = dialog.cancel_button if cancelled else dialog.restore_button
        desk.qtbot.keyClick(button, Qt.Key.Key_Return)
        assert desk.window.courses.page().total == (2 if cancelled else 1)
    assert "before-restore" in desk.window.notice.text()
    path.write_text("no backup")
    desk.window.register.confirm_restore(path)
    assert "Not restored" in desk.window.notice.text()


@pytest.mark.parametrize(("role", "offered"), [("pharmacist", 4), ("technician", 0), ("nurse", 0), ("trainer", 0)])
def test_only_a_pharmacist_puts_takes_and_restores(desk, role, offered) -> None:
    desk.window.choose_role(role)
    menu = desk.window.menuBar().actions()[0].menu()
    names = [each.text() for each in menu.actions() if each.isVisible()]
    assert sum("register" in name.replace("&", "") for name in names) == offered


def test_a_technician_chooses_no_option(desk) -> None:
    desk.window.go("prepare")
    desk.qtbot.waitUntil(desk.window.prepare.choose_option.isVisible)
    desk.window.choose_role("technician")
    assert not desk.window.prepare.choose_option.isVisible()
    desk.window.choose_role("pharmacist")
    desk.window.go("prepare")
    desk.qtbot.waitUntil(desk.window.prepare.choose_option.isVisible)


def test_papers_of_another_role_are_closed(desk) -> None:
    from dosing_app.ui.paper_preview import PaperPreview

    desk.window.desk.show_papers("labels")
    assert [each for each in desk.window.findChildren(PaperPreview) if each.isVisible()]
    desk.window.choose_role("nurse")
    assert not [each for each in desk.window.findChildren(PaperPreview) if each.isVisible()]
