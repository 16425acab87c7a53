"""The list of courses by real keys: found, filtered, opened, paged; as quick with ten thousand as with a hundred."""

import courses_cases as cases
import pytest
from courses_cases import START, Clock, entry
from PySide6.QtCore import Qt
from sqlalchemy import insert

from dosing_app.course.second_check import Check
from dosing_app.store.enter import enter
from dosing_app.store.folders import register_file
from dosing_app.store.register import Register, open_register
from dosing_app.store.tables import CourseRow
from dosing_app.ui import theme
from dosing_app.ui.course_list import CourseList
from dosing_app.ui.courses import Courses
from dosing_app.ui.editor import Editor

HOUSE = cases.approved_house()
PLAN = cases.issued_plan(HOUSE)
TEXTS = cases.example_texts()
KEY = Qt.Key


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def register(clock):
    with open_register(register_file(), HOUSE, clock) as found:
        yield found


@pytest.fixture
def shown(qtbot, clock):
    """The list, seen."""
    editor = Editor()
    editor.begin(HOUSE)
    courses = Courses(editor, clock)
    found = CourseList(courses)
    found.kept = (editor, courses)
    theme.dress(found)
    qtbot.addWidget(found)

    def show() -> CourseList:
        found.show()
        qtbot.waitExposed(found)
        found.activateWindow()
        return found

    yield show
    courses.leave()
    courses.close()


def running(register: Register, label: str = "A-17") -> str:
    """A course whose first bag hangs."""
    plan = PLAN.model_copy()
    listed = enter(register, label, plan.order.born, TEXTS, "C. Third", None, [plan] if label == "A-17" else [])
    if label == "A-17":
        log = [entry("prepared", -2, session=1), entry("hung", 0, bag=1)]
        listed, _added = register.append(listed.id, log, listed.head)
    return listed.id


def checked(register: Register, label: str) -> None:
    check = Check(entered_by="A", checked_by="B", at=START, of="x")
    register.add_course(label, TEXTS, "N", check)


def labels(found: CourseList) -> list[str]:
    return [found.table.item(row, 0).text() for row in range(found.table.rowCount())]


def cell(found: CourseList, row: int, column: int) -> str:
    return found.table.item(row, column).text()


def test_an_empty_list_says_what_to_do(shown) -> None:
    found = shown()
    assert found.empty.isVisible()
    assert "Issue a plan in Prepare" in found.empty.text()
    assert not found.table.isVisible()
    assert not found.open_button.isVisible()
    assert not found.more.isVisible()


def test_each_course_says_how_far_it_is_and_what_is_due(register, shown, clock) -> None:
    running(register)
    register.add_course("B-18", TEXTS, "N")
    checked(register, "C-19")
    found = shown()
    assert labels(found) == ["A-17", "C-19", "B-18"]  # what is due first, then the newest
    assert [cell(found, row, 1) for row in range(3)] == ["running", "checked", "planned"]
    assert cell(found, 0, 2) == "Thu 26-Nov-2026 14:00, in 71 h 0 min"
    assert [cell(found, row, 3) for row in range(3)] == ["1", "", ""]
    assert cell(found, 0, 4) == "Mon 23-Nov-2026 15:00"
    shapes = {found.table.item(row, 1).icon().pixmap(14).toImage().constBits().tobytes() for row in range(3)}
    assert len(shapes) == 3
    clock.now = START.add(hours=72)
    found.renew()
    assert cell(found, 0, 2).endswith(", in 0 h 0 min")
    assert found.table.item(0, 2).icon().isNull()
    clock.now = clock.now.add(minutes=1)
    found.renew()
    assert cell(found, 0, 2) == "overdue since Thu 26-Nov-2026 14:00"
    assert not found.table.item(0, 2).icon().isNull()


def test_time_goes_on_and_other_stations_entries_come(register, shown, clock, qtbot) -> None:
    running(register)
    found = shown()
    clock.now = clock.now.add(minutes=1)
    register.add_course("B-18", TEXTS, "N")
    qtbot.waitUntil(lambda: labels(found) == ["A-17", "B-18"], timeout=3000)
    assert cell(found, 0, 2).endswith("in 70 h 59 min")


def test_a_case_is_found_by_typing_and_opened_by_enter(register, shown, qtbot) -> None:
    course = running(register)
    for label in ("B-18", "C-19"):
        register.add_course(label, TEXTS, "N")
    found = shown()
    opened = []
    found.opened.connect(lambda: opened.append(found.kept[1].record.listed.id))
    qtbot.keyClicks(found.search, "a-1")
    assert labels(found) == ["A-17"]
    qtbot.keyClicks(found.search, "9")
    assert labels(found) == []
    assert found.empty.text() == "No course is like that."
    qtbot.keyClick(found.search, KEY.Key_Backspace)
    found.table.setFocus()
    qtbot.keyClick(found.table, KEY.Key_Return)
    assert opened == [course]


def test_it_is_filtered_by_status(register, shown, qtbot) -> None:
    running(register)
    register.add_course("B-18", TEXTS, "N")
    checked(register, "C-19")
    found = shown()
    seen = {}
    for _each in range(found.status.count()):
        seen[found.status.currentText()] = labels(found)
        qtbot.keyClick(found.status, KEY.Key_Down)
    assert seen == {
        "all": ["A-17", "C-19", "B-18"],
        "under way": ["A-17"],
        "planned": ["B-18"],
        "checked": ["C-19"],
        "running": ["A-17"],
        "interrupted": [],
        "finished": [],
        "to be looked at": [],
    }


def test_a_double_click_and_the_button_open(register, shown, qtbot) -> None:
    register.add_course("A-17", TEXTS, "N")
    register.add_course("B-18", TEXTS, "N")
    found = shown()
    opened = []
    found.opened.connect(lambda: opened.append(found.kept[1].label))
    place = found.table.visualItemRect(found.table.item(1, 0)).center()
    qtbot.mouseClick(found.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(found.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.keyClick(found.open_button, KEY.Key_Return)
    assert opened == ["A-17", "A-17"]


def test_an_order_is_offered_to_a_pharmacist_alone(register, shown, qtbot) -> None:
    course = register.add_course("A-17", TEXTS, "N").id
    found = shown()
    courses = found.kept[1]
    asked = []
    courses.order_asked.connect(asked.append)
    qtbot.keyClick(found.order_button, KEY.Key_Return)
    assert asked == [course]
    courses.may_enter = False
    found.renew()
    assert not found.order_button.isVisible()
    assert found.open_button.isVisible()


def test_a_page_at_a_time_the_chosen_course_stays_chosen(register, shown, clock, qtbot) -> None:
    running(register)
    for number in range(60):
        register.add_course(f"D-{number}", TEXTS, "N")
    found = shown()
    assert len(labels(found)) == 50
    assert found.count.text() == "50 of 61 courses"
    assert labels(found)[:2] == ["A-17", "D-59"]
    found.table.setFocus()
    qtbot.keyClick(found.table, KEY.Key_Down)
    qtbot.keyClick(found.more, KEY.Key_Return)
    assert labels(found) == ["A-17", *(f"D-{number}" for number in reversed(range(60)))]
    assert not found.more.isVisible()
    register.add_course("E-1", TEXTS, "N")
    clock.now = clock.now.add(minutes=1)
    qtbot.waitUntil(lambda: len(labels(found)) == 62, timeout=3000)
    assert found.chosen.label == "D-59"


def test_why_it_cannot_be_read_is_said(shown) -> None:
    register_file().parent.mkdir(parents=True)
    register_file().write_bytes(b"something else entirely, and long enough to be read as a file" * 50)
    found = shown()
    assert "is not a register" in found.trouble.text()
    assert found.trouble.isVisible()
    assert not found.empty.isVisible()


def test_a_course_that_was_tampered_with_is_not_opened(register, shown, qtbot) -> None:
    from test_courses import tamper

    running(register)
    found = shown()
    opened = []
    found.opened.connect(lambda: opened.append(1))
    tamper("UPDATE records SET content = replace(content, '\"hung\"', '\"lost\"') WHERE kind = 'log'")
    qtbot.keyClick(found.open_button, KEY.Key_Return)
    assert opened == []
    assert "not as it was written" in found.trouble.text()


def fill(register: Register, count: int) -> None:
    """Rows of courses as the list reads them; a third of them due."""
    rows = [
        {
            "id": f"{number:032x}",
            "number": number,
            "label": f"F-{number}",
            "key": f"f-{number}",
            "status": ("running", "planned", "finished")[number % 3],
            "due": START.add(minutes=number * 7919 % 40_000).format_iso() if number % 3 == 0 else "",
            "revision": 1,
            "created": START.format_iso(),
            "changed": START.format_iso(),
            "count": 1,
            "head": "",
        }
        for number in range(1, count + 1)
    ]
    with register.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(insert(CourseRow), rows)


@pytest.mark.parametrize("by_due", [True, False])
def test_pages_give_every_course_once_in_order(register, by_due) -> None:
    fill(register, 500)
    seen, before = [], None
    while True:
        page = register.courses("f-", ("running", "finished"), before, 37, by_due=by_due)
        seen += page.courses
        before = page.before
        if before is None:
            break
    assert page.total == len(seen) == len({each.id for each in seen}) == 333
    latest = START.add(hours=100_000)
    key = (lambda each: (each.due or latest, -each.number)) if by_due else (lambda each: -each.number)
    assert seen == sorted(seen, key=key)
