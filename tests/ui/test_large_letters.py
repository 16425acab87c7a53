"""The window in the letters that a person has chosen: it keeps to its screen, and nothing is cut off at a side."""

import keys
import pytest
import scenes
import settling
from courses_cases import entry
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QScrollArea, QTabBar, QWidget
from test_keyboard import HUNG, MADE, Bed
from test_window_languages import FOREIGN

from dosing_app.teaching.picture_task import TASKS
from dosing_app.ui import theme
from dosing_app.ui.reflow import Beside, DownScroll
from dosing_app.wording.language import speak

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)  # the screen nobody sees

WIDTH, HEIGHT = 1280, 800
STOOD = (entry("interrupted", 20, reason="technical"), entry("resumed", 26, line_closed=True))
TEACH = ("demonstrate", "practise", "spot", "drug")
SIZES = [("en", 1.0), ("en", 1.25), ("en", 1.5), ("en", 2.0), *((each, 2.0) for each in FOREIGN)]


@pytest.fixture(params=SIZES, ids=lambda each: f"{each[0]} {each[1]:.0%}")
def letters(request, monkeypatch, qapp):
    """A language and a size of letters."""
    language, scale = request.param
    speak(language)
    monkeypatch.setattr(theme._Look, "scale", scale)
    before = qapp.font()
    qapp.setFont(theme.font())
    yield scale
    qapp.setFont(before)
    speak("en")


def cut(window, but=()) -> list[tuple[str, str]]:
    """What is cut off at a side, or only comes into sight by scrolling sideways."""
    areas = [each for each in window.findChildren(QScrollArea) if each.isVisible()]
    found = [("sideways", each.accessibleName()) for each in areas if each.horizontalScrollBar().maximum() > 0]
    for kind in (QLabel, QAbstractButton, QLineEdit, QComboBox, QTabBar):
        for part in window.findChildren(kind):
            if part in but or not part.isVisible() or part.window() is not window or not part.width():
                continue
            around = part.parentWidget()
            while around is not None:
                left = part.mapTo(around, QPoint(0, 0)).x()
                if left < 0 or left + part.width() > around.width():
                    found.append(("cut", keys.plain(getattr(part, "text", str)() or part.accessibleName())))
                    break
                around = None if around is window else around.parentWidget()
    return found


def look_at(window, name: str, *others, but=()) -> None:
    settling.settle(window, *others)
    assert (window.width(), window.height()) == (WIDTH, HEIGHT), name
    assert cut(window, but) == [], name
    assert settling.clipped(window, but=but) == [], name


def test_a_part_that_goes_away_leaves_its_room_to_the_others(qtbot):
    """The share of each stays its own: the second had none, and the third has all that is left."""
    whole, parts = QWidget(), [QLabel("part") for _part in range(3)]
    whole.setLayout(Beside(*parts, shares=(1, 0, 1), spacing=0))
    qtbot.addWidget(whole)
    whole.resize(600, 100)
    whole.show()
    settling.settle(whole)
    assert parts[0].width() == parts[2].width() > parts[1].width()
    parts[0].setParent(None)
    settling.settle(whole)
    assert parts[2].width() == 600 - parts[1].width()
    assert parts[1].width() == parts[1].sizeHint().width()


@pytest.fixture
def bed(another, letters):
    made = Bed(another(), 30, MADE, HUNG, *STOOD, entry("lost", 29, bag=2))
    yield made
    made.window.courses.leave()
    made.window.courses.close()


def test_a_course_keeps_to_the_screen(bed, letters):
    window = bed.window
    window.go("administer")
    look_at(window, "list")
    window._workspaces["administer"].list.open()
    look_at(window, "board")
    if letters <= 1.5:
        assert bed.page.schedule.horizontalScrollBar().maximum() == 0
    assert bed.page.board.visibleRegion().boundingRect().top() == 0  # the rate is seen first
    bed.page.tabs.setCurrentIndex(1)
    look_at(window, "log")
    assert letters > 1.5 or bed.page.log.horizontalScrollBar().maximum() == 0
    for event in ("hung", "measured", "decision", "note"):
        bed.page.open_event(event)
        look_at(window, event)
    bed.page._ask_issue()
    look_at(window, "issue")


def test_an_order_and_its_plan_keep_to_the_screen(another, letters):
    desk = another(order=scenes.EXAMPLE)
    desk.editor.rest()
    for name in ("order", "prepare"):
        desk.window.go(name)
        look_at(desk.window, name, desk.editor, but=[desk.window.order.findings._titles])  # meant to be shortened


@pytest.mark.parametrize(
    "letters",
    [("en", 2.0), *((each, size) for each in FOREIGN for size in (1.25, 1.5, 2.0))],
    ids=lambda each: f"{each[0]} {each[1]:.0%}",
    indirect=True,
)
def test_the_second_check_keeps_to_the_screen(another, letters):
    check = scenes.second(another)
    settling.settle(check)
    assert (check.width(), check.height()) == (WIDTH, HEIGHT)
    assert cut(check) == []
    assert settling.clipped(check) == []
    for button in (check.compare_button, check.close_button):
        assert button.visibleRegion().boundingRect().size() == button.size()
    check.reject()


@pytest.mark.parametrize("letters", [("en", 2.0), *((each, 2.0) for each in FOREIGN)], ids=str, indirect=True)
@pytest.mark.parametrize("scene", ["product", "issue_lacking", "issue", "batch", "put_on_register", "papers"])
def test_a_dialog_fits_the_screen(another, letters, scene, monkeypatch):
    """The screen of the tests is narrower than this one: what a dialog may not do without is looked at."""
    monkeypatch.setattr(theme, "line_px", lambda length, _widget: min(theme.px(length), WIDTH - theme.px(64)))
    dialog = scenes.DIALOGS[scene](another)
    settling.settle(dialog)
    least = dialog.minimumSizeHint()
    assert least.width() <= WIDTH
    assert least.height() <= HEIGHT
    dialog.reject()


@pytest.mark.parametrize("letters", [("en", 1.0), *((each, 1.0) for each in FOREIGN)], ids=str, indirect=True)
def test_rate_change_and_schedule_of_a_running_bag_are_seen_at_once(another, letters):
    bed = Bed(another(), 18, MADE, HUNG)
    bed.window.go("administer")
    bed.window._workspaces["administer"].list.open()
    settling.settle(bed.window)
    page = bed.page
    assert page.findChild(DownScroll).verticalScrollBar().maximum() == 0
    assert page.schedule.verticalScrollBar().maximum() == 0
    beside = page.board.rate.geometry()
    assert (
        page.board.change.mapTo(page.board, QPoint(0, 0)).x() > page.board.rate.mapTo(page.board, beside.topRight()).x()
    )
    bed.window.courses.leave()
    bed.window.courses.close()


def test_teaching_keeps_to_the_screen(another, letters):
    window = another().window
    window.go("teach")
    teach = window._workspaces["teach"]
    for name in TEACH:
        teach.go(name)
        look_at(window, name)
    spot = teach._pages["spot"]
    for kind in TASKS:
        spot._seed, spot._kind, spot._number = 7, kind, 0
        spot.go_on()
        look_at(window, kind)
    teach.go("demonstrate")
    page = teach._pages["demonstrate"]
    for _size in range(3 if letters <= 1.5 else 1):  # for a projector
        page.enlarge(1)
    page.step(4)
    look_at(window, "demonstrate enlarged")


@pytest.mark.parametrize("letters", [("en", 2.0)], ids=["200%"], indirect=True)
def test_a_page_that_scrolls_does_so_by_keys(bed, letters):
    bed.open()
    board = bed.page.board
    assert bed.focus is bed.page.findChild(DownScroll)
    assert board.visibleRegion().boundingRect().top() == 0
    for _page in range(9):
        bed.press(keys.KEY.Key_PageDown)
    assert bed.page.schedule.visibleRegion().boundingRect().height() > 100
    bed.press(keys.KEY.Key_Home)
    assert board.visibleRegion().boundingRect().top() == 0
    bed.type("1/8")  # a scan reaches its field from here too
    assert bed.page.line.code.text() == "1/8"
    bed.see()
    bed.enter_event("N", {"Note": "seen", "Entered by": "N. One"})


@pytest.mark.parametrize("letters", [("en", 2.0)], ids=["200%"], indirect=True)
def test_a_button_at_the_edge_does_not_move_away_while_it_is_pressed(bed, letters):
    bed.open()
    scroll = bed.page.findChild(DownScroll)
    button = bed.page.events["note"]
    top = button.mapTo(scroll.widget(), QPoint(0, 0)).y()
    scroll.verticalScrollBar().setValue(top - scroll.viewport().height() + 20)
    before = scroll.verticalScrollBar().value()
    QTest.mousePress(button, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert button.hasFocus()
    assert scroll.verticalScrollBar().value() == before
    QTest.mouseRelease(button, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert bed.page.below.currentIndex() > 0


@pytest.mark.parametrize("letters", [("en", 1.0), ("en", 2.0)], ids=["100%", "200%"], indirect=True)
@pytest.mark.parametrize("scene", scenes.WORKSPACES | scenes.DIALOGS)
def test_the_focus_is_in_sight_wherever_tab_goes(another, letters, scene):
    top = (scenes.WORKSPACES | scenes.DIALOGS)[scene](another)
    settling.settle(top)
    top.activateWindow()
    QTest.qWaitForWindowActive(top, 5000)
    hands = keys.Keys(None, top)
    for key, modifier in ((keys.KEY.Key_Tab, keys.NONE), (keys.KEY.Key_Backtab, keys.SHIFT)):
        seen = []
        while hands.focus not in seen:
            hands.see()
            seen.append(hands.focus)
            hands.press(key, modifier)
        assert seen
    getattr(top, "close_course", lambda: None)()
