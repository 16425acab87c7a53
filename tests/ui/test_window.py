"""The window as a whole: names for those who hear it, room for every text, keys, light and dark, its start."""

import json
import os
import re
import subprocess
import sys
from itertools import pairwise

import pytest
import settling
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QFontMetricsF, QRawFont
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
)

from dosing_app.reference.folder import resources_folder
from dosing_app.ui import application, theme
from dosing_app.ui.editor import Editor
from dosing_app.ui.main_window import MainWindow

EXAMPLE = resources_folder() / "orders" / "example.json"

ORDERS = sorted((resources_folder() / "orders").glob("*.json"))
INPUTS = (QLineEdit, QComboBox, QAbstractButton, QAbstractItemView)
_PARTS = ("QComboBox", "QMenu", "QTool", "QTableCorner")  # Qt's own parts, heard as what they belong to


def inner(widget):
    """Parts of a widget that are heard as the widget itself."""
    names = [each.metaObject().className() for each in (widget, widget.parent(), widget.window())]
    return isinstance(widget.parent(), (QComboBox, QAbstractItemView)) or any(n.startswith(_PARTS) for n in names)


def test_every_input_and_button_has_a_name(desk):
    desk.type("measured", "2026-11-03")  # a finding with a line for its reason
    found = [widget for kind in INPUTS for widget in desk.window.findChildren(kind)]
    assert len(found) > 20
    assert [widget for widget in found if not widget.accessibleName() and not inner(widget)] == []


def test_no_result_hides_its_value_behind_a_name(desk):
    results = desk.window.order.results
    assert all(not label.accessibleName() for label in results.findChildren(QLabel))


def test_no_spin_box_holds_a_clinical_figure(desk):
    assert desk.window.findChildren(QAbstractSpinBox) == []


def at_rest(desk):
    """What is clipped once nothing moves any more; the line of titles alone may be cut off."""
    settling.settle(desk.window, desk.editor)
    return settling.clipped(desk.window, but=[desk.window.order.findings._titles])


@pytest.mark.parametrize("order", ORDERS, ids=lambda path: path.stem)
@pytest.mark.parametrize("width", [1280, 900, 640])
def test_nothing_is_clipped(another, order, width):
    desk = another(order=order)
    desk.window.resize(width, 800)
    for name in ("order", "prepare"):
        desk.window.go(name)
        assert at_rest(desk) == []
        assert desk.window.width() == width


@pytest.mark.parametrize("kind", [QLabel, QPushButton])
@pytest.mark.parametrize("cut", ["setFixedHeight", "setFixedWidth"])
def test_a_text_that_is_clipped_late_is_found(desk, kind, cut):
    planted = kind("planted")
    if kind is QLabel and cut == "setFixedHeight":
        planted.setWordWrap(True)
    desk.window.order.results.layout().addWidget(planted)
    assert at_rest(desk) == []

    def clip(rounds=3):
        if rounds:
            QTimer.singleShot(0, planted, lambda: clip(rounds - 1))
        else:
            getattr(planted, cut)(5)

    clip()
    assert [text for text, _size, _wanted in at_rest(desk)] == ["planted"]


def test_an_ordinary_case_does_not_scroll(desk):
    settling.settle(desk.window, desk.editor)
    scroll = desk.window.order._scroll
    assert scroll.verticalScrollBar().maximum() == 0
    assert scroll.horizontalScrollBar().maximum() == 0
    desk.window.go("prepare")
    settling.settle(desk.window, desk.editor)
    assert desk.window.prepare.bags.horizontalScrollBar().maximum() == 0
    assert desk.window.prepare.bags.verticalScrollBar().maximum() == 0


@pytest.mark.parametrize("scale", [1.5, 2.0])
def test_nothing_is_clipped_with_a_larger_font(another, monkeypatch, qapp, scale):
    monkeypatch.setattr(theme._Look, "scale", scale)
    before = qapp.font()
    qapp.setFont(theme.font())
    try:
        for order in ORDERS[:2]:
            desk = another(order=order)
            for name in ("order", "prepare"):
                desk.window.go(name)
                assert at_rest(desk) == []
    finally:
        qapp.setFont(before)


def test_tab_goes_down_the_form_in_its_order(desk):
    form = desk.window.order.form
    form.more.click()
    seen = []
    widget = form.inputs["case"]
    while widget not in seen:
        seen.append(widget)
        widget = widget.nextInFocusChain()
        while not (widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus):
            widget = widget.nextInFocusChain()
    tops = [each.mapTo(form, each.rect().center()).y() for each in seen if form.isAncestorOf(each)]
    assert all(later >= earlier - 6 for earlier, later in pairwise(tops))


@pytest.mark.parametrize("name", ["order", "prepare"])
def test_workspaces_by_key(desk, name):
    desk.window.go("order" if name == "prepare" else "prepare")
    key = {"order": Qt.Key.Key_1, "prepare": Qt.Key.Key_2}[name]
    desk.qtbot.keyClick(desk.window, key, Qt.KeyboardModifier.ControlModifier)
    assert desk.window.workspace == name


def listed(menu):
    """What a menu offers when it is opened."""
    menu.aboutToShow.emit()
    return {action.text(): action for action in menu.actions()}


def test_the_file_menu_opens_examples_recent_files_and_drafts(kept, tmp_path):
    window = kept.window
    assert [action.isEnabled() for action in listed(window._unsaved).values()] == [False]
    listed(window._examples)["small-infant"].trigger()
    assert kept.editor.text("case") == "B-02"
    assert kept.editor.path is None  # an example is not written over
    window.save_to(tmp_path / "a & b.json")
    listed(window._examples)["example"].trigger()
    assert kept.editor.text("case") == "A-17"
    kept.type("case", "Z-1")
    (recent,) = listed(window._recent).values()
    recent.trigger()
    assert kept.editor.text("case") == "B-02"
    (draft,) = listed(window._unsaved).values()
    draft.trigger()
    assert kept.editor.text("case") == "Z-1"


def test_views_and_rail_show_the_same_workspace(desk):
    window = desk.window
    window._views["prepare"].trigger()
    assert window.workspace == "prepare"
    desk.qtbot.mouseClick(window._rail_buttons["order"], Qt.MouseButton.LeftButton)
    assert window.workspace == "order"
    assert window._views["order"].isChecked()


def luminance(colour):
    def part(value):
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    colour = QColor(colour)
    return 0.2126 * part(colour.redF()) + 0.7152 * part(colour.greenF()) + 0.0722 * part(colour.blueF())


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_every_text_stands_out(colours):
    for text in ("text", "quiet", "blue", "amber", "red"):
        for ground in ("window", "surface"):
            assert contrast(colours[text], colours[ground]) >= 4.5
    for text in ("text", "quiet", "blue"):
        assert contrast(colours[text], colours["shade"]) >= 4.5 or text == "blue"
    assert contrast(colours["text"], colours["chosen"]) >= 4.5
    assert contrast(colours["on_blue"], colours["blue"]) >= 4.5
    for ground in ("window", "surface"):
        assert contrast(colours["line"], colours[ground]) >= 3


def test_the_window_turns_dark_with_the_system(desk, qapp, monkeypatch):
    def turned():
        theme._Look.colours = theme.DARK  # what the invisible platform cannot say
        return True

    monkeypatch.setattr(theme._Look, "colours", theme.LIGHT)
    with monkeypatch.context() as patch:
        patch.setattr(theme, "follow_system", turned)
        desk.window._follow_system()
    assert qapp.palette().window().color() == QColor(theme.DARK["window"])
    assert theme.DARK["blue"] in desk.window.styleSheet()
    assert desk.dose


@pytest.mark.parametrize("bold", [False, True])
def test_the_font_holds_every_character_and_even_digits(qapp, bold):
    font = theme.font(bold=bold)
    raw = QRawFont.fromFont(font)
    assert raw.familyName() == theme.FAMILY
    texts = "0123456789 µ²×√÷−–…·°%\u00a0“”’±+=/()@,.:;"
    assert [character for character in texts if not raw.supportsCharacter(ord(character))] == []
    metrics = QFontMetricsF(font)
    assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_decimal_marks_stand_below_each_other(desk):
    table = desk.window.order.results.working.kinds
    metrics = QFontMetricsF(table.font())
    for column in range(1, table.columnCount()):
        marks = set()
        for row in range(table.rowCount()):
            text = table.item(row, column).text()
            before = text.replace("\u00a0%", "").partition(".")[0]
            marks.add(round(table.offset(column, text) + metrics.horizontalAdvance(before)))
        assert len(marks) == 1


def test_a_refused_site_file_is_said_where_the_results_stand(qtbot, tmp_path):
    site = tmp_path / "site.toml"
    site.write_text('schema = 1\nformla = "mosteller"\n')
    editor = Editor()
    window = MainWindow(editor)
    qtbot.addWidget(window)
    application.load(editor, window, site, lambda: window.open(EXAMPLE))
    window.show()
    assert "formla" in window.order.results.waiting.text()
    assert not window.order.results.dose.text()
    assert window.order.form.inputs["weight"].text() == "6.42"
    qtbot.keyClicks(window.order.form.inputs["case"], "x")
    assert editor.text("case").endswith("x")
    assert not window.order.results.dose.text()


@pytest.mark.parametrize("scale", ["1", "2"])
def test_the_program_opens_says_its_times_and_leaves_nothing(tmp_path, scale):
    environment = {
        **os.environ,
        "QT_SCALE_FACTOR": scale,
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "dosing_app", "--exit-when-ready"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    times = json.loads(done.stdout)
    assert 0 < times["painted_ms"] < times["usable_ms"]
    assert list(tmp_path.iterdir()) == []


def test_pictures_of_both_workspaces(qapp, tmp_path):
    pictures = application.save_pictures(EXAMPLE, tmp_path)
    assert [picture.name for picture in pictures] == ["order.png", "prepare.png"]


@pytest.mark.parametrize("scale", [1 + step / 20 for step in range(31)])
def test_what_is_chosen_of_several_is_round_at_every_size(monkeypatch, scale):
    """A corner that is rounder than half of its side is drawn square, as that of a box to tick."""
    monkeypatch.setattr(theme._Look, "scale", scale)
    shapes = re.findall(
        r"QRadioButton::indicator(?::checked)? { width: (\d+)px; height: \1px; border: (\d+)px [^;]*; "
        r"border-radius: (\d+)px",
        theme._sheet(),
    )
    assert len(shapes) == 2
    for inner, border, radius in (map(int, each) for each in shapes):
        assert inner / 2 + border - 1 <= radius <= inner / 2 + border
