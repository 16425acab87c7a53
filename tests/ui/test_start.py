"""The dose first: what stands before the rest of the window, and that no key is lost meanwhile."""

import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from dosing_app.reference.folder import resources_folder
from dosing_app.ui import application, theme
from dosing_app.ui.editor import Editor
from dosing_app.ui.main_window import MainWindow

EXAMPLE = resources_folder() / "orders" / "example.json"


class Start:
    """A window that is shown and not loaded yet."""

    def __init__(self, qtbot) -> None:
        self.editor = Editor()
        self.window = MainWindow(self.editor)
        theme.dress(self.window)
        qtbot.addWidget(self.window)
        self.window.show()
        qtbot.waitExposed(self.window)

    def load_dose(self):
        application.load_dose(self.editor, self.window, None, lambda: self.window.open(EXAMPLE))
        QApplication.processEvents()

    @property
    def weight(self):
        return self.window.order.form.inputs["weight"]

    @property
    def dose(self):
        return self.window.order.results.dose


@pytest.fixture
def start(qtbot):
    return Start(qtbot)


def test_the_dose_waits_for_nothing_else(start):
    start.load_dose()
    assert start.dose.isVisible()
    assert start.dose.text() == "5.05\u00a0micrograms per day"
    assert start.window.strip.text()
    assert start.window.order.results.working is None
    assert "prepare" not in start.window._workspaces


def test_the_rest_follows_by_itself(start, qtbot):
    start.load_dose()
    start.window.complete_soon()
    qtbot.waitUntil(lambda: start.window.order.results.working is not None, timeout=5000)
    QApplication.processEvents()
    order = start.window.order
    assert order.results.working.kinds.rowCount() > 0
    assert order.timeline.isVisible()
    assert order.growth.isVisible()
    assert start.window._menus[0].actions()
    assert not start.window.windowIcon().pixmap(32, 32).isNull()
    assert start.dose.text() == "5.05\u00a0micrograms per day"


def test_a_key_before_anything_is_loaded_is_kept(start):
    start.weight.setFocus()
    QTest.keyClicks(start.weight, "6.5")
    application.load(start.editor, start.window, None)
    assert start.weight.text() == "6.5"
    assert start.editor.text("weight") == "6.5 kg"


def test_a_key_between_dose_and_rest_moves_the_dose(start):
    start.load_dose()
    before = start.dose.text()
    start.weight.setFocus()
    start.weight.selectAll()
    QTest.keyClicks(start.weight, "6.9")
    assert start.window.order.results.working is None  # a key of a field waits for nothing
    assert start.editor.text("weight") == "6.9 kg"
    moved = start.dose.text()
    assert moved not in {before, ""}
    start.window.complete()
    assert start.dose.text() == moved
    assert start.weight.text() == "6.9"


def test_a_weight_that_cannot_be_read_leaves_no_dose_between(start):
    start.load_dose()
    start.weight.setFocus()
    start.weight.selectAll()
    QTest.keyClicks(start.weight, "x")
    assert not start.dose.text()
    assert start.window.order.results.waiting.text()


def test_a_key_of_the_menus_between_is_done(start):
    start.load_dose()
    start.window.activateWindow()
    start.weight.setFocus()
    start.weight.selectAll()
    QTest.keyClicks(start.weight, "7")
    QTest.keyClick(start.weight, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert start.editor.text("weight") == "6.42 kg"
    assert start.dose.text() == "5.05\u00a0micrograms per day"


def test_the_other_workspace_can_be_asked_for_between(start):
    start.load_dose()
    start.window._rail_buttons["prepare"].click()
    assert start.window.workspace == "prepare"
    start.editor.rest()
    assert start.window.prepare.bags.rowCount() > 0


def test_the_other_workspace_asked_for_before_comes_after(start, qtbot):
    start.window._rail_buttons["prepare"].click()
    start.load_dose()
    qtbot.waitUntil(lambda: start.window.workspace == "prepare", timeout=5000)


def test_a_menu_opened_between_is_filled(start):
    start.load_dose()
    start.window._menus[0].aboutToShow.emit()
    assert start.window._menus[0].actions()


def test_a_changed_table_stops_the_program(start, changed_table, qtbot):
    start.weight.setFocus()
    QTest.keyClicks(start.weight, "6.5")
    application.load(start.editor, start.window, None, lambda: None)
    start.window.complete_soon()
    QApplication.processEvents()
    seen = [each.text() for each in start.window.findChildren(QLabel) if each.isVisible()]
    assert seen[0] == "The program is stopped"
    assert changed_table in seen[1]
    assert "is not the file that was shipped" in seen[1]
    assert not start.weight.isVisible()
    assert not start.window.menuBar().isVisible()
    for name in ("prepare", "administer", "teach"):  # there is no way on
        start.window.go(name)
        assert start.window.centralWidget().isVisible()
        assert not start.window.stack.isVisible()
    assert start.editor.text("weight") == "6.5 kg"
    button = QApplication.focusWidget()
    assert button.text() == "&Close the program"
    QTest.keyClick(button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not start.window.isVisible(), timeout=2000)


def test_a_site_file_that_is_refused_stops_nothing(start, tmp_path):
    (tmp_path / "site.toml").write_text("schema = 1\nnonsense = 1\n")
    application.load(start.editor, start.window, tmp_path / "site.toml")
    assert start.weight.isVisible()
    assert "nonsense" in start.window.order.results.waiting.text()


def test_nothing_reads_the_source_of_what_is_imported():
    """PySide's hook is gone, and with it the text of every module, read and kept."""
    script = (
        "import builtins, linecache\nimport dosing_app.ui.application\nimport dosing_app.course.calculate\n"
        "assert builtins.__import__ is builtins.__orig_import__ is not builtins.__feature_import__\n"
        "read = [name for name in linecache.cache if 'pydantic' in name or 'pint' in name]\n"
        "assert not read, read"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_dose_loads_no_more_than_it_needs():
    script = (
        "import sys\nfrom PySide6 import QtCore\nfrom dosing_app.reference.folder import resources_folder\n"
        "from dosing_app.ui import application\nfrom dosing_app.ui.editor import Editor\n"
        "from dosing_app.ui.main_window import MainWindow\n"
        "application.quiet()\napp = application.make_application()\neditor = Editor()\nwindow = MainWindow(editor)\n"
        "window.show()\napp.processEvents()\n"
        "order = resources_folder() / 'orders' / 'example.json'\n"
        "application.load_dose(editor, window, None, lambda: editor.open(order))\napp.processEvents()\n"
        "assert window.order.results.dose.text()\n"
        "late = {'dosing_app.papers', 'dosing_app.ui.prepare', 'dosing_app.ui.timeline',\n"
        "    'dosing_app.ui.figure_table', 'flexparser', 'flexcache', 'holidays', 'tomlkit', 'typst', 'zxingcpp'}\n"
        "assert not late & set(sys.modules), late & set(sys.modules)\n"
        "assert 'Qt' not in vars(QtCore), 'the namespace Qt, which costs 20 ms'\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
