"""The workspace Order, by real keys, in two languages."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox

from dosing_app.course.document import State
from dosing_app.reference.folder import resources_folder
from dosing_app.store import order_file
from dosing_app.wording import figures

EXAMPLE = resources_folder() / "orders" / "example.json"

ORDER = {
    "case": "N-01",
    "born": "20-Jun-2026",
    "gestation": "term",
    "weight": "6.42",
    "length": "63.5",
    "measured": "23-Nov-2026",
    "start": "23-Nov-2026 14:00",
}


def fill(desk, **changes):
    for name, text in {**ORDER, **changes}.items():
        desk.type(name, text)


def expected(desk):
    """The dose of the texts, worked out beside the window."""
    return figures.dose(State(desk.editor.texts, desk.editor.house).plan)


def test_an_order_typed_from_empty_has_its_dose(empty):
    assert empty.blank()
    assert empty.waiting
    fill(empty)
    assert empty.dose == expected(empty) != ""
    assert not empty.waiting


@pytest.mark.parametrize("mark", [".", ","])
def test_both_decimal_marks_give_the_same_order(empty, mark):
    fill(empty, weight=f"6{mark}42", length=f"63{mark}5")
    assert empty.dose == "5.05 micrograms per day".replace(" ", "\u00a0", 1)
    assert empty.editor.text("weight") == f"6{mark}42 kg"


@pytest.mark.parametrize("wrong", ["6,42,0", "6.4.2", "6 42", ".642", "6e0", "-6", "\uff16.42", "6.42 lb", "6.42 KG"])
def test_a_text_that_is_not_read_takes_every_result_away_and_says_why(empty, wrong):
    fill(empty)
    empty.type("weight", wrong)
    assert empty.blank()
    assert empty.waiting
    line = empty.window.order.form._lines["weight"]
    assert line.reason.isVisible()
    assert line.reason.text()
    assert empty.field("weight").text() == wrong


def test_every_step_of_typing_shows_the_dose_of_what_stands_there(empty):
    fill(empty)
    field = empty.field("weight")
    field.setFocus()
    field.selectAll()
    for letter in "6420 g":
        empty.qtbot.keyClicks(field, letter)
        assert empty.dose == expected(empty)
    assert empty.dose


@pytest.mark.parametrize("name", ["weight", "length", "born", "start", "gestation", "measured", "prescribed"])
def test_every_single_character_edit_gives_its_own_result_or_none(desk, name):
    original = desk.field(name).text()
    for at in range(len(original) + 1):
        for letter in "7.,- k":
            desk.field(name).setText(original[:at] + letter + original[at:])
            assert desk.dose == expected(desk)
            assert bool(desk.dose) != desk.blank()
    for at in range(len(original)):
        desk.field(name).setText(original[:at] + original[at + 1 :])
        assert desk.dose == expected(desk)
    desk.field(name).setText(original)
    assert desk.dose


def test_the_wheel_changes_nothing(desk):
    before = dict(desk.editor.texts)
    for field in (*desk.window.order.form.inputs.values(), desk.window.order.form.inputs["pattern"].lineEdit()):
        for turn in (120, -120):
            centre = QPointF(field.rect().center())
            event = QWheelEvent(
                centre,
                field.mapToGlobal(centre),
                QPoint(),
                QPoint(0, turn),
                Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
            QApplication.sendEvent(field, event)
    assert dict(desk.editor.texts) == before


def test_a_pasted_cell_is_read(desk):
    QApplication.clipboard().setText("7.1 kg\n")
    field = desk.field("weight")
    field.setFocus()
    field.selectAll()
    desk.qtbot.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert desk.editor.text("weight") == "7.1 kg"
    assert desk.dose == expected(desk) != ""


def test_swapped_fields_are_refused_with_the_question(desk):
    desk.type("weight", "63.5")
    desk.type("length", "6.42")
    assert desk.blank()
    shown = [row._sentence.text() for row in desk.window.order.findings._rows]
    assert any("swapped" in sentence for sentence in shown)


def test_a_megabyte_stays_whole_and_is_refused(desk):
    text = "6.42 " * 200_000
    desk.field("weight").setText(text)
    assert desk.blank()
    assert desk.editor.text("weight").startswith(text[:-1])
    assert len(desk.field("weight").text()) == len(text)


def test_undo_restores_texts_and_results(desk):
    before, dose = dict(desk.editor.texts), desk.dose
    field = desk.field("weight")
    desk.type("weight", "8.1,")
    assert desk.blank()
    desk.qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert dict(desk.editor.texts) == before
    assert field.text() == "6.42"
    assert desk.dose == dose
    desk.qtbot.keyClick(field, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == "8.1,"
    assert desk.blank()
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    desk.qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    desk.qtbot.keyClick(field, Qt.Key.Key_Z, both)
    assert field.text() == "8.1,"


def test_a_field_that_is_left_begins_a_new_step(desk):
    desk.type("weight", "7")
    desk.type("length", "66")
    desk.type("weight", "7.2")
    for weight, length in (("7", "66"), ("7", "63.5"), ("6.42", "63.5")):
        desk.window.undo.trigger()
        assert (desk.field("weight").text(), desk.field("length").text()) == (weight, length)


@pytest.mark.parametrize(("name", "after"), [("weight", "length"), ("gestation", "weight"), ("measured", "prescribed")])
def test_enter_moves_to_the_next_field(desk, name, after):
    """Past the buttons “Term” and “Today”, which would swallow what is typed next."""
    field = desk.field(name)
    field.setFocus()
    desk.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert desk.field(after).hasFocus()


def test_sex_by_keys(desk):
    choice = desk.field("sex")
    female, male, unknown = choice._buttons["female"], choice._buttons["male"], choice._buttons[""]
    assert female.isChecked()
    female.setFocus()
    desk.qtbot.keyClick(female, Qt.Key.Key_Right)
    assert male.isChecked()
    assert desk.editor.text("sex") == "male"
    desk.qtbot.keyClick(male, Qt.Key.Key_Right)
    assert unknown.isChecked()
    assert desk.editor.text("sex") == ""
    desk.window.undo.trigger()
    assert male.isChecked()


def test_the_buttons_write_what_they_say(empty):
    form = empty.window.order.form
    for button in form.findChildren(type(form.more)):
        if button.accessibleName().endswith(("term", "today")):
            empty.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert empty.editor.text("gestation") == "term"
    assert figures.echo("measured", empty.editor.text("measured"), empty.editor.house).ok


def test_a_previous_weight_is_one_text_of_weight_and_day(desk):
    desk.window.order.form.more.click()
    field = desk.field("previous-weight")
    desk.qtbot.keyClicks(field.weight, "6,10")
    desk.qtbot.keyClicks(field.day, "2026-11-15")
    assert desk.editor.text("previous-weight") == "6,10 kg@2026-11-15"
    desk.window.undo.trigger()
    assert (field.weight.text(), field.day.text()) == ("", "")


def test_opening_the_seldom_used_fields_opens_no_window_of_its_own(desk):
    desk.window.activateWindow()
    desk.window.order.form.more.setFocus()
    desk.qtbot.keyClick(desk.window.order.form.more, Qt.Key.Key_Space)
    assert [each for each in QApplication.topLevelWidgets() if each.isVisible()] == [desk.window]


def test_a_seldom_used_field_with_a_text_is_never_hidden(desk):
    form = desk.window.order.form
    assert not desk.field("previous-weight").isVisible()
    desk.editor.change("previous-weight", "6.1")
    assert desk.field("previous-weight").isVisible()
    assert not form.more.isVisible()
    assert desk.field("previous-weight").weight.text() == "6.1"


def test_product_and_pattern_are_chosen(desk):
    product = desk.field("product")
    product.setCurrentIndex(product.findData("us"))
    assert desk.editor.text("product") == "us"
    assert desk.dose == expected(desk)
    desk.type("pattern", "24h")
    assert desk.editor.text("pattern") == "24h"
    assert desk.editor.plan.bags[0].kind == "24h"
    desk.type("pattern", "25h")
    assert desk.blank()


def test_a_reason_is_written_beside_its_finding(desk):
    desk.type("measured", "2026-11-03")
    assert desk.blank()
    (row,) = [row for row in desk.window.order.findings._rows if row.reason is not None]
    desk.qtbot.keyClicks(row.reason, "weighed on the ward")
    assert desk.editor.text("reason:measurement-age") == "weighed on the ward"
    assert desk.dose == expected(desk) != ""
    assert row.reason.text() == "weighed on the ward"
    assert row.reason.isVisible()


def test_open_and_save_keep_every_text(desk, tmp_path):
    texts = order_file.load(EXAMPLE)
    assert dict(desk.editor.texts) == texts
    desk.type("length", "63,5,")
    target = tmp_path / "saved.json"
    desk.window.save_to(target)
    assert order_file.load(target) == {**texts, "length": "63,5, cm"}
    assert not desk.editor.modified
    desk.window.new()
    assert not desk.editor.texts
    desk.window.open(target)
    assert desk.field("length").text() == "63,5,"
    assert desk.blank()


@pytest.mark.parametrize(("button", "kept"), [("No", True), ("Yes", False)])
def test_a_name_without_its_ending_replaces_no_older_order_unasked(desk, tmp_path, button, kept):
    older = tmp_path / "A-17.json"
    older.write_text("the order of another infant")
    asked = []

    def replace():
        box = QApplication.activeModalWidget()
        asked.append(box.text())
        box.button(getattr(QMessageBox.StandardButton, button)).click()

    def choose():
        dialog = QApplication.activeModalWidget()
        dialog.findChild(QLineEdit).setText(str(tmp_path / "A-17"))
        QTimer.singleShot(50, replace)
        dialog.accept()
        if dialog.isVisible():
            dialog.reject()

    QTimer.singleShot(50, choose)
    desk.window.ask_save()
    assert len(asked) == 1
    assert "A-17.json" in asked[0]
    assert (older.read_text() == "the order of another infant") is kept


def test_a_file_that_cannot_be_opened_is_said_and_changes_nothing(desk, tmp_path):
    before, dose = dict(desk.editor.texts), desk.dose
    bad = tmp_path / "bad.json"
    bad.write_text('{"file": "dosing-app/order", "schema": 99, "texts": {}}')
    desk.window.open(bad)
    assert dict(desk.editor.texts) == before
    assert desk.dose == dose
    assert str(bad) in desk.window.notice.text()


def test_a_full_disk_is_said_and_loses_nothing(desk, tmp_path, monkeypatch):
    def full(path, texts, check):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(order_file, "save", full)
    desk.type("weight", "7")
    desk.window.save_to(tmp_path / "x.json")
    assert desk.window.notice.isVisible()
    assert "No space left on device" in desk.window.notice.text()
    assert desk.editor.modified
    assert desk.field("weight").text() == "7"
