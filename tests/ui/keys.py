"""A person without a mouse: keys go to the window that takes them, and every place they come to is seen."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
)
from shiboken6 import isValid

NONE, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
KEY = Qt.Key
_MOST_TABS = 120
_LEAST_SEEN = 24  # px of what has the focus, where it is higher than that
_CLICK = 130  # ms: a button that is pressed by its letter shows it for 100
_LONG = 20_000  # ms


def heard(widget: QWidget) -> str:
    """The name that is heard; of a list that of its label, since its name is its text on some systems."""
    interface = QAccessible.queryAccessibleInterface(widget)
    if isinstance(widget, QComboBox):
        labels = [found for found, _kind in interface.relations(QAccessible.RelationFlag.Label)]
        return " ".join(label.text(QAccessible.Text.Name) for label in labels)
    return interface.text(QAccessible.Text.Name) if interface else ""


def plain(text: str) -> str:
    """A text with plain blanks, and without the marks of its key."""
    return text.replace("\u00a0", " ").replace("&", "")


def shown(top: QWidget) -> str:
    """Every text of a window that can be seen."""
    return plain("\n".join(each.text() for each in top.findChildren(QLabel) if each.isVisible()))


class Keys:
    """Presses keys as a keyboard does: through the window that has the focus, its menus and its shortcuts."""

    def __init__(self, qtbot, window: QWidget) -> None:
        self.qtbot, self.window = qtbot, window

    # ---- where the keys are ----

    @property
    def focus(self) -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None, "nothing has the focus"
        return found

    def see(self) -> None:
        """What has the focus is in sight: whoever has no mouse has no other way to know where they are."""
        QApplication.processEvents()
        if QApplication.activePopupWidget() is not None:
            return
        focus = self.focus
        assert focus.isVisible(), f"the focus is on what is not shown: {heard(focus)}"
        assert focus.isEnabled(), f"the focus is on what takes no keys: {heard(focus)}"
        seen = focus.visibleRegion().boundingRect()
        assert seen.height() >= min(focus.height(), _LEAST_SEEN), f"the focus is out of sight: {heard(focus)}"
        assert seen.width() >= min(focus.width(), _LEAST_SEEN), f"the focus is out of sight: {heard(focus)}"

    # ---- keys ----

    def press(self, key, modifier=NONE, *, times: int = 1) -> None:
        for _time in range(times):
            top = QGuiApplication.focusWindow()
            assert top is not None, "no window takes keys"
            QTest.keyClick(top, key, modifier)
            QApplication.processEvents()
        if modifier == ALT and QApplication.activePopupWidget() is None:
            self.qtbot.wait(_CLICK)

    def alt(self, letter: str) -> None:
        """A button or field by its letter; the keys are seen then, unless it has closed its window."""
        before = QApplication.activeWindow()
        self.press(getattr(KEY, f"Key_{letter.upper()}"), ALT)
        if QApplication.activeWindow() is before:
            self.see()

    def enter(self) -> None:
        self.press(KEY.Key_Return)

    def type(self, text: str) -> None:
        for sign in text:
            QTest.keyClick(QGuiApplication.focusWindow(), sign)
        QApplication.processEvents()

    def write(self, text: str) -> None:
        """In place of what stands in a field."""
        self.press(KEY.Key_A, CONTROL)
        self.press(KEY.Key_Delete)
        self.type(text)

    def to(self, name: str, kind=QWidget, *, back: bool = False) -> None:
        """Tab, or Shift and Tab, to what is heard under a name; on the way the focus is never out of sight."""
        passed = []
        for _step in range(_MOST_TABS):
            self.see()
            if plain(heard(self.focus)) == name and isinstance(self.focus, kind):
                return
            passed.append(plain(heard(self.focus)))
            self.press(KEY.Key_Backtab if back else KEY.Key_Tab, SHIFT if back else NONE)
        raise AssertionError(f"not reached with Tab: {name}; but {passed}")

    def choose(self, text: str) -> None:
        """The entry of a list that begins with a text, by the arrow keys."""
        choice = self.focus
        assert isinstance(choice, QComboBox), heard(choice)
        self.press(KEY.Key_Home)
        for _row in range(choice.count()):
            if plain(choice.currentText()).startswith(text):
                return
            self.press(KEY.Key_Down)
        raise AssertionError(f"not offered: {text}; but {[choice.itemText(row) for row in range(choice.count())]}")

    def answer(self, name: str, text: str) -> None:
        """Go to a field and fill it in, whatever it is."""
        self.to(name)
        focus = self.focus
        if isinstance(focus, QComboBox) and not focus.isEditable():
            self.choose(text)
            return
        assert isinstance(focus, QLineEdit | QPlainTextEdit | QComboBox), f"{name} takes no text"
        self.write(text)

    def fill(self, texts: dict[str, str]) -> None:
        for name, text in texts.items():
            self.answer(name, text)

    def button(self, name: str, key=KEY.Key_Space) -> None:
        """Go to a button and press it."""
        self.to(name)
        self.press(key)

    # ---- menus, dialogs, files ----

    def menu(self, *words: str) -> None:
        """Open a menu by its letter, go down with the arrows, and take what was gone to."""
        first, *others = words
        title = next(each.title() for each in self.window._menus if plain(each.title()) == first)
        self.press(getattr(KEY, f"Key_{title[title.index('&') + 1].upper()}"), ALT)
        for word in others:
            menu = QApplication.activePopupWidget()
            assert isinstance(menu, QMenu), f"no menu opened before {word}"
            for _step in range(len(menu.actions()) + 1):
                if menu.activeAction() is not None and plain(menu.activeAction().text()) == word:
                    break
                self.press(KEY.Key_Down)
            else:
                raise AssertionError(f"not in the menu: {word}; but {[each.text() for each in menu.actions()]}")
            self.enter()

    def back(self) -> None:
        """To the main window."""
        self.again(self.window)

    def dialog(self, kind):
        """The dialog that has opened, once it takes the keys; none of them has to be put anywhere first."""
        self.qtbot.waitUntil(lambda: any(each.isVisible() for each in self.window.findChildren(kind)), timeout=_LONG)
        found = next(each for each in self.window.findChildren(kind) if each.isVisible())
        self.qtbot.waitUntil(lambda: found.isActiveWindow() and QApplication.focusWidget() is not None, timeout=_LONG)
        assert found.isAncestorOf(self.focus), f"the focus is not in the dialog but on {heard(self.focus)}"
        self.see()
        return found

    def again(self, top: QWidget) -> None:
        """To a window that is open: the screen that nobody sees has no desktop that would do it."""
        top.activateWindow()
        self.qtbot.waitUntil(top.isActiveWindow)
        self.see()

    def leave(self, dialog: QDialog) -> None:
        """Escape closes a dialog, and the keys are in the window again."""
        self.press(KEY.Key_Escape)
        self.qtbot.waitUntil(lambda: not isValid(dialog) or not dialog.isVisible())
        self.back()

    def file(self, ask: Callable[[], object], path: Path) -> None:
        """Press what asks for a file, type its path there, and press Enter."""
        typed: list[Path] = []
        top = QApplication.activeWindow()

        def answer() -> None:
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, QFileDialog), dialog
            self.qtbot.waitUntil(lambda: dialog.isActiveWindow() and QApplication.focusWidget() is not None)
            self.write(str(path))
            typed.append(path)
            for _suggestion in range(3):  # the first Enter may close the list of suggestions
                if dialog.isVisible():
                    self.enter()

        QTimer.singleShot(_CLICK + 50, answer)
        ask()
        self.qtbot.waitUntil(lambda: bool(typed), timeout=_LONG)
        if QApplication.activeWindow() is None:
            self.again(top)
