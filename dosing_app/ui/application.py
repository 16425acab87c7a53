"""Starts the window: first paint, then everything heavy."""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QLibraryInfo,
    QLocale,
    QObject,
    QTimer,
    QTranslator,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication, QLabel

from dosing_app.reference.folder import resources_folder
from dosing_app.ui import theme
from dosing_app.ui.editor import Editor
from dosing_app.ui.main_window import HEIGHT, WIDTH, MainWindow
from dosing_app.ui.recovery import APPLICATION, ORGANISATION, CrashHandler, Drafts, data_folder, own_site_file, settings
from dosing_app.wording.language import _, spoken

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

_LONGEST_START = 60_000  # ms


_COLLECT_AFTER = 20_000


def make_application() -> QApplication:
    """The application with its look."""
    QCoreApplication.setOrganizationName(ORGANISATION)
    QCoreApplication.setApplicationName(APPLICATION)
    app = QApplication.instance() or QApplication([*sys.argv[:1], "-style", "fusion"])
    assert isinstance(app, QApplication)
    translator = QTranslator(app)  # Qt's own catalogue, for the buttons of its dialogs
    if spoken() != "en" and translator.load(
        QLocale(spoken()), "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    ):
        app.installTranslator(translator)
    theme.load(app)
    return app


def load(editor: Editor, window: MainWindow, site_path: Path | None, fill: Callable[[], object] = lambda: None) -> None:
    """Load all that calculates and shows results, `fill` the order before it is first worked out."""
    load_dose(editor, window, site_path, fill)
    window.complete()


def load_dose(editor: Editor, window: MainWindow, site_path: Path | None, fill: Callable[[], object]) -> None:
    """Load what calculates and show the dose, `fill` the order before; the window is still to be completed.

    A settings file that is refused is said where the results would stand; a shipped one stops the program.
    """
    gc.disable()  # thousands of objects are made that live as long as the program
    try:
        window.begin()
        from dosing_app.reference.bundle import load_house
        from dosing_app.reference.source import BadFile
        from dosing_app.wording.sentences import bad_file_sentence

        fill()
        editor.site_path = site_path
        try:
            editor.begin(load_house(site_path))
        except BadFile as error:
            editor.fail(bad_file_sentence(error))
            if Path(error.file).is_relative_to(resources_folder()):
                window.stop(editor.trouble)
    finally:
        gc.enable()
        gc.freeze()
        gc.set_threshold(_COLLECT_AFTER, 10, 10)  # a keystroke makes some thousands of objects: collect between them


def run(order_path: Path | None, site_path: Path | None, exit_when_ready: bool, started: float) -> int:
    """Open the window and stay until it is closed; or measure how soon it can be used.

    Args:
        order_path: an order to open.
        site_path: the site's settings.
        exit_when_ready: open the example order, print the two times as JSON and leave.
        started: `time.perf_counter()` at the start of the process, as early as it could be taken.
    """
    app = make_application()
    editor = Editor()
    if exit_when_ready:
        return _measure(app, editor, site_path, started)
    drafts = Drafts(editor, data_folder() / "drafts")
    window = MainWindow(editor, drafts)
    sys.excepthook = CrashHandler(editor, window.blank, window.notify)
    if geometry := settings().value("geometry"):
        window.restoreGeometry(geometry)
    else:
        window.resize(window.size().boundedTo(window.screen().availableSize()))
    theme.dress(window)
    window.painted.connect(lambda: _begin(editor, window, drafts, order_path, site_path))
    window.show()
    return app.exec()


def _begin(editor: Editor, window: MainWindow, drafts: Drafts, order_path: Path | None, site_path: Path | None) -> None:
    """After the first paint: load, then open what was asked for, or what was left over."""

    def fill() -> None:
        if order_path is not None:
            window.open(order_path)
        elif left_over := drafts.left_over():
            window.take_up(left_over[0])

    own = own_site_file()
    try:
        load_dose(editor, window, site_path or (own if own.exists() else None), fill)
        last = settings().value("workspace")
        if last == "prepare" or (last in {"administer", "teach"} and order_path is None):
            window.go(str(last))
        if not window.stopped:
            window.order.form.inputs["case"].setFocus()
    finally:
        window.complete_soon()  # the menus above all: whatever failed, what was typed can be saved


class _Watch(QObject):
    """Notices when the dose is painted."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self.done = False
        self._window = window
        self._label: QLabel | None = None

    def begin(self) -> None:
        """Begin to watch, once there is something to see."""
        self._label = self._window.order.results.dose
        self._label.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let everything pass."""
        if event.type() == QEvent.Type.Paint and self._label and self._label.text() and not self.done:
            self.done = True
            QTimer.singleShot(0, QCoreApplication.quit)
        return super().eventFilter(watched, event)


def _measure(app: QApplication, editor: Editor, site_path: Path | None, started: float) -> int:
    """Open the example order and print when the window was painted and when its dose was; touch nothing of the user."""
    window = MainWindow(editor)
    watch = _Watch(window)
    painted: list[float] = []

    def begin() -> None:
        painted.append(time.perf_counter())
        load_dose(editor, window, site_path, fill)
        window.complete_soon()

    def fill() -> None:
        watch.begin()
        editor.open(resources_folder() / "orders" / "example.json")

    def fail(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.__excepthook__(kind, error, trace)
        app.exit(1)

    sys.excepthook = fail  # a failure must end the measurement, not leave it waiting
    QTimer.singleShot(_LONGEST_START, app.quit)
    theme.dress(window)
    window.painted.connect(begin)
    window.show()
    app.exec()
    usable = time.perf_counter()
    if not watch.done or not painted:
        print(_("The window was closed before it could be used."), file=sys.stderr)  # noqa: T201
        return 1
    import json

    times = {"painted_ms": round((painted[0] - started) * 1000), "usable_ms": round((usable - started) * 1000)}
    print(json.dumps(times))  # noqa: T201 - this line is the answer
    return 0


def quiet() -> None:
    """Leave out the one thing that Qt says about every window on a platform without a screen."""

    def say(_kind: object, _context: object, text: str) -> None:
        if "propagateSizeHints" not in text:
            print(text, file=sys.stderr)  # noqa: T201 - what Qt has to say goes where Qt says it

    qInstallMessageHandler(say)


_SETTLING = 40


def save_pictures(order_path: Path, folder: Path, *, dark: bool = False) -> list[Path]:
    """A picture of each workspace with an order, for where there is no screen. Returns the files."""
    app = make_application()
    theme.choose(dark=dark)
    editor = Editor()
    window = MainWindow(editor)
    theme.dress(window)
    load(editor, window, None, lambda: editor.open(order_path))
    window.resize(WIDTH, HEIGHT)
    window.show()
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name in ("order", "prepare"):
        window.go(name)
        editor.rest()  # nobody types here: the search need not wait
        for _settling in range(
            _SETTLING
        ):  # options are laid out one by one, sentences broken once their width is known
            app.processEvents()
        files.append(folder / f"{name}.png")
        window.grab().save(str(files[-1]))
    window.close()
    theme.choose(dark=False)
    return files
