"""A window as a person finds it, with a folder of its own for settings and drafts."""

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QLocale, QSettings
from PySide6.QtWidgets import QApplication

from dosing_app.reference.folder import resources_folder
from dosing_app.ui import application, theme
from dosing_app.ui.editor import Editor
from dosing_app.ui.main_window import MainWindow
from dosing_app.ui.recovery import CrashHandler, Drafts, data_folder

EXAMPLE = resources_folder() / "orders" / "example.json"


@pytest.fixture(scope="session")
def qapp(qapp_args, qapp_cls, pytestconfig):
    """The application as the program makes it."""
    return application.make_application()


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    """Settings and drafts of this test alone."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "config"))
    assert data_folder().is_relative_to(tmp_path)


@pytest.fixture(autouse=True)
def nothing_left_open(qapp):
    """Every window is closed again, and no timer of it runs on."""
    yield
    for window in QApplication.topLevelWidgets():
        if isinstance(window, MainWindow):
            window.close()
            window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    left = [each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow)]
    assert not left


@pytest.fixture(params=["en_US", "de_DE"])
def locale(request):
    """The languages whose decimal marks differ."""
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    yield request.param
    QLocale.setDefault(before)


class Desk:
    """A window with what a test looks at and types into."""

    def __init__(self, qtbot, order: Path | None = None, *, drafts: bool = False) -> None:
        self.qtbot = qtbot
        self.editor = Editor()
        self.drafts = Drafts(self.editor, data_folder() / "drafts") if drafts else None
        self.window = MainWindow(self.editor, self.drafts)
        theme.dress(self.window)
        qtbot.addWidget(self.window)
        application.load(self.editor, self.window, None, lambda: order and self.window.open(order))
        self.window.show()
        qtbot.waitExposed(self.window)
        self.crashes = CrashHandler(self.editor, self.window.blank, self.window.notify)

    def field(self, name):
        return self.window.order.form.inputs[name]

    def type(self, name: str, text: str) -> None:
        """Replace what stands in a field by pressing keys."""
        field = self.field(name)
        field = getattr(field, "_line", None) or field
        field.setFocus()
        field.selectAll()
        if text.isascii():
            self.qtbot.keyClicks(field, text)
        else:  # no key of the test's keyboard; an input method inserts it
            field.insert(text)

    @property
    def dose(self) -> str:
        label = self.window.order.results.dose
        return label.text() if label.isVisible() else ""

    @property
    def waiting(self) -> str:
        label = self.window.order.results.waiting
        return label.text() if label.isVisible() else ""

    def blank(self) -> bool:
        """Whether no result stands anywhere."""
        order, prepare = self.window.order, self.window.prepare
        return (
            not order.results.dose.text()
            and not order.results.explained.text()
            and order.results.working.kinds.rowCount() == 0
            and order.timeline.empty
            and not self.window.strip.text()
            and prepare.bags.rowCount() == 0
            and prepare.timeline.empty
            and not prepare.rate.text()
        )


@pytest.fixture
def empty(qtbot, locale):
    return Desk(qtbot)


@pytest.fixture
def desk(qtbot):
    return Desk(qtbot, EXAMPLE)


@pytest.fixture
def kept(qtbot):
    """A window that keeps drafts."""
    return Desk(qtbot, drafts=True)


@pytest.fixture
def another(qtbot):
    """Makes further windows, as another start of the program does."""
    return lambda **given: Desk(qtbot, **given)


@pytest.fixture
def excepthook(desk, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", desk.crashes)
    return desk.crashes
