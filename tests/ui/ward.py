"""A course at the bed: a register of its own, a clock that the test moves, and the page with its keys."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import ordered
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from whenever import Date, Instant

from dosing_app.course.calculate import calculate
from dosing_app.course.issue import issue
from dosing_app.course.order import read_order
from dosing_app.course.replan import replan
from dosing_app.course.second_check import CHECKED, second_check
from dosing_app.reference.approval import Approval
from dosing_app.reference.bundle import load_house, load_reference
from dosing_app.reference.product import load_product
from dosing_app.store.folders import register_file
from dosing_app.store.register import open_register
from dosing_app.ui import theme
from dosing_app.ui.course_page import CoursePage
from dosing_app.ui.courses import Courses
from dosing_app.ui.quantity_edit import Choice
from dosing_app.ui.roles import ROLES

TEXTS = {
    **ordered.ORDER,
    "pattern": "72h,96h",
    "reason:unit-closed": "weekend",
    "reason:syringe-deviation": "seen",
    "reason:drug-volume-small": "seen",
    "reason:sodium": "seen",
}
_CLICK = 130  # ms: a button that is pressed by its key shows it for 100
START = Instant.from_utc(2026, 11, 23, 13)  # 14:00 at the bed


@cache
def house():
    """A site that has approved its product data and keeps bags as long as the product does."""
    approval = Approval(
        product="eu", checksum=load_product("eu").checksum, by=["P. One", "Q. Two"], on=Date(2026, 11, 1)
    )
    found = load_house()
    more = {"approval": (approval,), "start_within_h": None, "start_within_basis": "validated"}
    return replace(found, site=found.site.model_copy(update=more))


@cache
def issued_plan(*changed: tuple[str, str]):
    """The issued plan of a case."""
    texts = {**TEXTS, **dict(changed)}
    reading = read_order(texts, house())
    assert reading.order is not None, reading.findings
    assert reading.reference is not None
    plan = calculate(reading.order, (), reading.reference)
    second = {name: texts[name] for name in CHECKED}
    start = reading.order.start
    outcome = second_check(texts, second, plan, house(), ("A. First", "B. Second"), start.subtract(hours=80))
    assert outcome.check is not None
    return issue(plan, outcome.check, "C. Third", start.subtract(hours=79), reading.reference, ())


class _Settings(QObject):
    """Stands for the editor: the settings of the site."""

    changed = Signal()
    trouble = ""

    def __init__(self) -> None:
        super().__init__()
        self.house = house()


class Clock:
    """What time it is."""

    def __init__(self, now: Instant) -> None:
        self.now = now

    def __call__(self) -> Instant:
        return self.now


@cache
def _register(changed: tuple[tuple[str, str], ...]) -> tuple[str, Instant, bytes]:
    """A register with one course: the id of that, its start, and the file."""
    plan = issued_plan(*changed)
    start = plan.order.start
    with TemporaryDirectory() as folder:
        file = Path(folder) / "register.sqlite3"
        with open_register(file, house(), Clock(start.subtract(hours=78))) as register:
            listed = register.add_course(plan.order.case, {**TEXTS, **dict(changed)}, "A. First")
            register.add_plan(listed.id, plan.as_json(), "C. Third", listed.head)
        return listed.id, start, file.read_bytes()


def put_register(**changed: str) -> tuple[str, Instant]:
    """A register with one course where the program looks for it: the id of that, and its start."""
    course, start, whole = _register(tuple(sorted(changed.items())))
    register_file().parent.mkdir(parents=True, exist_ok=True)
    register_file().write_bytes(whole)
    return course, start


@cache
def reference():
    """Product data and site of the plan."""
    order = issued_plan().order
    return load_reference(house(), order.product, order.protocol)


def rest_at(hours: float, *entries: dict):
    """Where the course stands so many hours after its start."""
    return replan((issued_plan(),), entries, START.add(minutes=round(hours * 60)), reference(), {})


class Ward:
    """The page of one course, with what a test presses and reads."""

    def __init__(self, qtbot, role: str = "nurse", **changed: str) -> None:
        self.qtbot = qtbot
        self.id, self.start = put_register(**changed)
        self.clock = Clock(self.start.subtract(hours=78))
        self.settings = _Settings()
        self.courses = Courses(self.settings, self.clock)
        self.role = role
        self.page = CoursePage(self.courses, lambda: ROLES[self.role], [])
        theme.dress(self.page)
        qtbot.addWidget(self.page)
        self.courses.changed.connect(self.page.renew)
        self.page.resize(1170, 736)
        self.page.show()
        self.page.activateWindow()
        qtbot.waitUntil(self.page.isActiveWindow)
        self.courses.open(self.id)

    def close(self) -> None:
        self.courses.leave()
        self.courses.close()

    # ---- time ----

    def at(self, hours: float) -> None:
        """So many hours after the start; the window hears of it as it does each minute."""
        self.clock.now = self.start.add(minutes=round(hours * 60))
        self.courses.renew()

    def until(self, moment: Instant) -> None:
        """That moment, or now if it is over."""
        self.clock.now = max(self.clock.now, moment)
        self.courses.renew()

    # ---- keys ----

    @property
    def focus(self):
        return QApplication.focusWidget()

    def keys(self, text: str) -> None:
        assert self.focus is not None, "nothing has the focus"
        QTest.keyClicks(self.focus, text)

    def key(self, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        assert self.focus is not None, "nothing has the focus"
        QTest.keyClick(self.focus, key, modifier)

    def press(self, letter: str) -> None:
        """Alt and a letter."""
        QTest.keyClick(self.focus or self.page, getattr(Qt.Key, f"Key_{letter}"), Qt.KeyboardModifier.AltModifier)
        self.qtbot.wait(_CLICK)

    def fill(self, **typed: str) -> None:
        """Go through the fields of the open event with Tab, typing; a choice is made with Home and Down."""
        panel = self.page.below.currentWidget()
        for _step in range(30):
            name = next((name for name, field in panel._fields.items() if self._holds(field)), None)
            if name in typed:
                self._answer(panel.field(name), typed.pop(name))
            if not typed:
                return
            self.key(Qt.Key.Key_Tab)
        raise AssertionError(f"not reached with Tab: {typed}")

    def _answer(self, field, text: str) -> None:
        if isinstance(field, Choice) and not field.isEditable():
            self.key(Qt.Key.Key_Home)
            for _row in range(field.count()):
                if field.document_text() == text:
                    return
                self.key(Qt.Key.Key_Down)
            raise AssertionError(f"not offered: {text}")
        self.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.keys(text)

    def _holds(self, field) -> bool:
        return self.focus is field or field.isAncestorOf(self.focus)

    def record(self) -> None:
        """Tab to the button and press it."""
        panel = self.page.below.currentWidget()
        for _step in range(12):
            if self.focus is panel.record:
                self.key(Qt.Key.Key_Return)
                return
            self.key(Qt.Key.Key_Tab)
        raise AssertionError("the button was not reached with Tab")

    def enter(self, letter: str, **typed: str) -> None:
        """One event, by keys alone."""
        self.press(letter)
        self.fill(**typed)
        self.record()

    @property
    def panel(self):
        """The event that is open."""
        return self.page.below.currentWidget()

    # ---- what is read ----

    @property
    def rest(self):
        return self.courses.rest

    def schedule_of(self, number: int) -> str:
        """How far a bag is, in the schedule."""
        return next(row.state for row in self.page.schedule.rows if row.bag.number == number)

    @property
    def log(self) -> list[dict]:
        return [dict(each.event) for each in self.courses.record.log]
