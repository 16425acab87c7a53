"""For those who see little, use no mouse, or hear the window: every workspace and dialog, measured from its picture."""

import measured
import pytest
import scenes
import settling
from keys import SHIFT, heard
from measured import SHAPE, Picture
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QTableWidget,
    QWidget,
)

from dosing_app.ui import theme
from dosing_app.ui.drug_curve import DrugCurve

ALL = scenes.WORKSPACES | scenes.DIALOGS
TARGET = 24  # px, WCAG 2.2, 2.5.8
_TALL = 2400  # so that nothing of a page is out of sight
_MOST_TABS = 200
INPUTS = (QLineEdit, QComboBox, QPlainTextEdit, QAbstractButton, QAbstractItemView)
OUTLINED = (QLineEdit, QComboBox, QPlainTextEdit, QPushButton)


@pytest.fixture
def look(request, monkeypatch, qapp):
    """Light or dark; the application has its colours back afterwards."""
    before = qapp.palette()
    monkeypatch.setattr(theme._Look, "colours", request.param)
    yield request.param
    qapp.setPalette(before)


both_looks = pytest.mark.parametrize("look", [theme.LIGHT, theme.DARK], ids=["light", "dark"], indirect=True)
light = pytest.mark.parametrize("look", [theme.LIGHT], ids=["light"], indirect=True)


@pytest.fixture
def recorder(monkeypatch):
    """Notes where the window writes by hand."""
    return measured.record(monkeypatch)


@pytest.fixture
def opened(another):
    """Opens a scene: at rest, a workspace tall enough to be seen as a whole."""
    closing = []

    def show(scene: str) -> QWidget:
        top = ALL[scene](another)
        closing.append(getattr(top, "close_course", lambda: None))
        if scene in scenes.WORKSPACES:
            top.resize(top.width(), _TALL)
        settling.settle(top, *([top._editor] if hasattr(top, "_editor") else []))
        top.activateWindow()
        QTest.qWaitForWindowActive(top, 5000)
        return top

    yield show
    for close in closing:
        close()


def parts(top: QWidget, kinds) -> list[QWidget]:
    """Parts of a window that can be seen and used; the field inside a list belongs to the list."""
    return [
        each
        for each in top.findChildren(QWidget)
        if isinstance(each, kinds)
        and each.isVisible()
        and each.isEnabled()
        and each.window() is top
        and not isinstance(each.parent(), (QComboBox, QAbstractItemView))
    ]


# ---- every window ----


def thin_outlines(top: QWidget) -> dict[str, float]:
    """Fields and buttons whose outline does not stand out; a word or its weight tells of those that have none."""
    picture = Picture(top)
    found = {
        heard(widget): measured.outline(picture, widget, top)
        for widget in parts(top, OUTLINED)
        if not (isinstance(widget, QPushButton) and (widget.isFlat() or widget.property("tone")))
        and widget.visibleRegion().boundingRect() == widget.rect()
    }
    return {name: contrast for name, contrast in found.items() if contrast < SHAPE}


def shows_focus(top: QWidget, widget: QWidget) -> bool:
    """Whether at least a line along two of its sides changes by 3:1 when a widget gets the focus."""
    area = widget.parent()
    while area is not None:
        if isinstance(area, QScrollArea):
            area.ensureWidgetVisible(widget)
        area = area.parent()
    if (focus := QApplication.focusWidget()) is not None:
        focus.clearFocus()
    part = QRect(widget.mapTo(top, QPoint(0, 0)), widget.size()).adjusted(-4, -4, 4, 4)
    without = Picture(top, part)
    widget.setFocus(Qt.FocusReason.OtherFocusReason)  # Tab would select a text: an empty field shows its frame alone
    with_focus = Picture(top, part)
    seen = widget.visibleRegion().boundingRect().size()
    return with_focus.difference(without, SHAPE) >= seen.width() + seen.height() - 16


def small_targets(top: QWidget) -> dict[str, object]:
    """What is pressed and is smaller than a finger or an unsteady hand needs; scroll bars have their keys."""
    found: dict[str, object] = {
        heard(each): each.size().toTuple()
        for each in parts(top, (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit))
        if min(each.size().toTuple()) < TARGET
    }
    for table in parts(top, QTableWidget):
        chosen = table.selectionMode() != QAbstractItemView.SelectionMode.NoSelection
        if chosen and table.rowCount() and table.rowHeight(0) < TARGET:
            found[heard(table)] = table.rowHeight(0)
    return found


def not_reached(top: QWidget) -> set[str]:
    """What Tab does not come to on its way round; a way that does not come round is said as such."""
    measured.focusable(top)[0].setFocus(Qt.FocusReason.TabFocusReason)
    seen = [QApplication.focusWidget()]
    for _step in range(_MOST_TABS):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        if QApplication.focusWidget() is seen[0]:
            break
        seen.append(QApplication.focusWidget())
    else:
        return {f"caught at {heard(seen[-1])}"}
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab, SHIFT)
    if QApplication.focusWidget() is not seen[-1]:
        return {f"not back to {heard(seen[-1])}"}
    return {heard(each) for each in measured.focusable(top) if each not in seen}


@both_looks
@pytest.mark.parametrize("scene", ALL)
def test_every_window_can_be_read_and_used(opened, recorder, scene, look):
    top = opened(scene)
    assert measured.pale(top, recorder) == []
    assert len(measured.texts(top, recorder)) > 3
    assert thin_outlines(top) == {}
    assert [type(each).__name__ for each in parts(top, INPUTS) if not heard(each)] == []
    assert small_targets(top) == {}
    wanted = measured.focusable(top)
    assert wanted
    assert [heard(widget) for widget in wanted if not shows_focus(top, widget)] == []
    assert not_reached(top) == set()


@both_looks
@pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)  # the screen that nobody sees
def test_menus_stand_out(opened, recorder, look):
    window = opened("order_with_findings")
    for menu in window._menus:
        menu.popup(QPoint(0, 0))
        settling.settle(menu)
        menu.setActiveAction(menu.actions()[0])
        assert measured.texts(menu, recorder), menu.title()
        assert measured.pale(menu, recorder) == []
        menu.hide()


@pytest.mark.parametrize("name", ["text", "quiet", "blue"])
@light
def test_a_pale_text_is_found(opened, recorder, monkeypatch, look, name):
    monkeypatch.setattr(theme._Look, "colours", {**look, name: "#8d949c"})  # 2.8 : 1 on the window's ground
    found = {text for text, _contrast in measured.pale(opened("order"), recorder)}
    written = {"text": "Infant", "quiet": "Sat 20-Jun-2026", "blue": "Term"}
    drawn = {"text": "23", "quiet": "Mon", "blue": "Today"}  # in the timeline
    assert {written[name], drawn[name]} <= found


@light
def test_what_cannot_be_used_is_found(opened, monkeypatch, look):
    monkeypatch.setattr(theme, "_SHEET", theme._SHEET.replace("QLineEdit:focus,", "QFrame:focus,"))
    monkeypatch.setattr(theme._Look, "colours", {**look, "line": "#b0b6bd"})
    top = opened("order")
    form = top.order.form
    assert not shows_focus(top, form.inputs["weight"])
    assert {"Weight, kg", "Product data", "Measured on: today"} <= set(thin_outlines(top))
    form.inputs["case"].setFixedWidth(20)
    form.inputs["length"].setAccessibleName("")
    form._lines["length"].label.setBuddy(None)
    form.inputs["born"].setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    assert set(small_targets(top)) == {"Case"}
    assert [each for each in parts(top, INPUTS) if not heard(each)] == [form.inputs["length"]]
    form.inputs["born"].setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    top.order.results.layout().addWidget(QPlainTextEdit())  # it takes Tab for a letter
    settling.settle(top, top._editor)
    assert not_reached(top) == {"caught at "}


@light
def test_what_assistive_technology_toggles_is_shown(opened, look):
    window = opened("order")
    window._rail_buttons["prepare"].toggle()
    assert window.workspace == "prepare"
    for scene in ("site", "product"):
        dialog = opened(scene)
        rail = dialog._rail if scene == "site" else dialog.views
        rail.buttons()[-1].toggle()
        assert dialog.stack.currentIndex() == len(rail.buttons()) - 1


# ---- a picture never stands alone ----


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_timeline_and_picture_of_the_options_have_tables(opened):
    window = opened("prepare")
    prepare, plan = window.prepare, window._editor.plan
    table = prepare.bags
    assert table.isVisible()
    assert table.rowCount() == len(prepare.timeline._picture.blocks) == len(plan.bags)
    assert prepare.sessions.rowCount() == len(prepare.timeline._picture.sessions)
    assert plain(prepare.timeline.accessibleDescription()).startswith(f"{len(plan.bags)} bags from")
    options = prepare.options
    assert options.picture.isVisible()
    assert options.table.rowCount() == len(options.picture._points) > 1
    for row, point in enumerate(options.picture._points):
        cells = [options.table.item(row, column).text() for column in range(3)]
        assert cells == [str(row + 1), str(point.vials), str(point.sessions)]


def test_the_timeline_of_the_order_says_where_its_table_is(opened):
    window = opened("order")
    said = window.order.timeline.accessibleDescription()
    assert "The table in Prepare lists them." in said


def test_growth_charts_say_their_scores(opened):
    window = opened("order")
    said = window.order.growth.accessibleDescription()
    assert all(name in said for name in ("weight for age", "length for age", "weight for length"))
    assert [label for label in window.order.results.findChildren(QLabel) if said in label.text() and label.isVisible()]


def test_a_growth_chart_in_place_of_results_says_them_too(another):
    desk = another(order=scenes.EXAMPLE)
    desk.type("weight", "14.15")
    settling.settle(desk.window, desk.editor)
    chart = desk.window.order.results.growth
    assert chart.isVisible()
    said = chart.accessibleDescription()
    assert said.startswith("weight for age above the line +5, length for age between the lines −1 and 0, ")
    desk.type("weight", "1.5")
    settling.settle(desk.window, desk.editor)
    assert chart.accessibleDescription().startswith("weight for age below the line −6, ")


def test_the_curve_has_a_table(opened):
    window = opened("drug")
    (curve,) = window.findChildren(DrugCurve)
    assert curve.accessibleName()
    assert curve.accessibleDescription()
    tables = [each for each in window.findChildren(QTableWidget) if each.isVisible() and each.rowCount()]
    assert [each for each in tables if "Concentration" in heard(each)]
