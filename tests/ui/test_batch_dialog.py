"""A table of orders in the window, by keys: answers whole or none, and the work stops when asked."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton

from dosing_app.cli import main
from dosing_app.reference.bundle import load_house
from dosing_app.ui import theme
from dosing_app.ui.batch_dialog import show_batch

NAMES = "case,weight,length,born,sex,gestation,measured,start,pattern"
ORDER = "A-17,6.42 kg,63.5 cm,2026-06-20,female,term,2026-11-23,2026-11-23T14:00,96h"
ROWS = [ORDER, ORDER.replace("6.42", "64.2"), "too,short", ORDER]


class Batch:
    """The dialog as a person opens and fills it."""

    def __init__(self, desk, folder: Path) -> None:
        self.desk = desk
        self.orders, self.answers = folder / "orders.csv", folder / "answers.jsonl"
        self.dialog = show_batch(load_house(), desk.window)
        desk.qtbot.waitExposed(self.dialog)

    def write(self, rows: list[str], names: str = NAMES) -> None:
        self.orders.write_text("\n".join([names, *rows, ""]), encoding="utf-8")

    def type(self, field: QLineEdit, text: str) -> None:
        field.setFocus()
        field.selectAll()
        self.desk.qtbot.keyClicks(field, text)

    def press(self, button: QPushButton) -> None:
        button.setFocus()
        self.desk.qtbot.keyClick(button, Qt.Key.Key_Return)

    def start(self) -> None:
        self.type(self.dialog.orders, str(self.orders))
        self.type(self.dialog.answers, str(self.answers))
        self.press(self.dialog.start_button)

    def done(self) -> None:
        self.desk.qtbot.waitUntil(self.dialog.start_button.isEnabled, timeout=20_000)

    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.answers.read_text(encoding="utf-8").splitlines()]

    @property
    def said(self) -> str:
        return self.dialog.status.text()

    def left(self) -> set[str]:
        """What stands beside the orders."""
        return {each.name for each in self.orders.parent.iterdir()} - {"orders.csv", "data", "config"}


@pytest.fixture
def batch(desk, tmp_path):
    return Batch(desk, tmp_path)


def test_every_order_is_answered_as_on_the_command_line(batch, capsys) -> None:
    batch.write(ROWS)
    batch.start()
    assert not batch.dialog.start_button.isEnabled()
    assert not batch.answers.exists()  # not before the last order
    batch.done()
    assert main(["batch", str(batch.orders), "--json"]) == 0
    assert batch.lines() == [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["complete"] for each in batch.lines()] == [False, False, False, False]
    assert "bags" in batch.lines()[0]
    assert "bags" not in batch.lines()[1]
    assert "Orders answered: 4." in batch.said
    assert str(batch.answers) in batch.said
    assert batch.dialog.bar.value() == batch.dialog.bar.maximum()


def test_stopping_leaves_nothing_behind(batch) -> None:
    batch.write([ORDER] * 2000)
    batch.answers.write_text("older", encoding="utf-8")
    batch.start()
    assert "is there already" in batch.said
    batch.press(batch.dialog.start_button)
    batch.desk.qtbot.waitUntil(lambda: batch.dialog.bar.value() > 0, timeout=20_000)
    assert batch.dialog.stop_button.hasFocus()
    batch.press(batch.dialog.stop_button)
    assert "Stopped" in batch.said
    assert batch.left() == {"answers.jsonl"}
    assert batch.answers.read_text(encoding="utf-8") == "older"
    assert batch.dialog.start_button.isEnabled()


@pytest.mark.parametrize("how", ["escape", "close", "window"])
def test_closing_stops(batch, how: str) -> None:
    batch.write([ORDER] * 2000)
    batch.start()
    batch.desk.qtbot.waitUntil(lambda: batch.dialog.bar.value() > 0, timeout=20_000)
    if how == "escape":
        batch.desk.qtbot.keyClick(batch.dialog, Qt.Key.Key_Escape)
    elif how == "close":
        batch.press(batch.dialog.close_button)
    else:
        batch.desk.window.close()
    assert not batch.dialog.isVisible()
    assert batch.dialog._work is None
    assert batch.left() == set()


def test_the_window_stays_awake(batch) -> None:
    batch.write([ORDER] * 2000)
    batch.start()
    batch.desk.qtbot.waitUntil(lambda: batch.dialog.bar.value() > 0, timeout=20_000)
    before = batch.dialog.bar.value()
    batch.desk.type("weight", "6.50")
    assert batch.desk.dose.startswith("5.08")
    batch.desk.qtbot.waitUntil(lambda: batch.dialog.bar.value() > before, timeout=20_000)


@pytest.mark.parametrize(
    ("names", "said"),
    [("weight;length", "commas"), ("weight,height", "height"), ("weight,weight", "weight"), ("", "no first line")],
)
def test_a_table_that_is_none_is_said(batch, names: str, said: str) -> None:
    batch.write(ROWS, names)
    batch.start()
    assert said in batch.said
    assert batch.left() == set()
    assert batch.dialog.start_button.isEnabled()


def test_files_that_cannot_be_used_are_said(batch) -> None:
    batch.press(batch.dialog.start_button)
    assert "Choose the table" in batch.said
    batch.start()
    assert "cannot be read" in batch.said
    assert str(batch.orders) in batch.said
    batch.write(ROWS)
    batch.answers = batch.orders
    batch.start()
    assert "take the place of the orders" in batch.said
    assert batch.orders.read_text(encoding="utf-8").startswith(NAMES)
    batch.answers = batch.orders.parent / "no such folder" / "answers.jsonl"
    batch.start()
    assert "cannot be written" in batch.said
    assert batch.left() == set()


def test_a_person_agrees_before_a_file_is_replaced(batch) -> None:
    batch.write(ROWS)
    batch.answers.write_text("older", encoding="utf-8")
    batch.start()
    assert batch.answers.read_text(encoding="utf-8") == "older"
    batch.press(batch.dialog.start_button)
    batch.done()
    assert len(batch.lines()) == 4


def test_every_field_and_button_has_a_name_and_is_reached_by_tab(batch) -> None:
    dialog, reached = batch.dialog, []
    for _step in range(8):
        focus = dialog.focusWidget()
        reached.append(focus.accessibleName())
        batch.desk.qtbot.keyClick(focus, Qt.Key.Key_Tab)
    assert {
        "Table of orders",
        "File for the answers",
        "Choose the table of orders",
        "Answer the orders",
        "Close",
    } <= set(reached)
    assert dialog.bar.accessibleName()
    for button in dialog.findChildren(QPushButton):
        assert button.accessibleName()
        assert min(button.height(), button.width()) >= theme.px(24)


def test_it_is_opened_once(batch) -> None:
    assert show_batch(load_house(), batch.desk.window) is batch.dialog
    batch.dialog.close()
    assert show_batch(load_house(), batch.desk.window) is not batch.dialog
