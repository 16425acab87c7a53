"""When a window has come to rest, and which of its texts have no room then."""

import time

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

ROUNDS = 4  # without any change
DEADLINE = 20  # s; a slow computer with much else to do takes a second


def _laid_out(window):
    """Where every part stands and what it says."""
    return [
        (id(each), each.geometry().getRect(), each.isVisible(), each.text() if isinstance(each, QLabel) else "")
        for each in (window, *window.findChildren(QWidget))
    ]


def _expected(*owners):
    """Whether something is still to come: a timer that fires once is running."""
    return any(
        timer.isActive() and timer.isSingleShot()
        for owner in owners
        for timer in owner.findChildren(QTimer)
    )  # fmt: skip


def settle(window, *others):
    """Let a window come to rest: nothing is to come, and nothing has moved for some rounds.

    Args:
        window: all of its parts are watched.
        others: what else has timers that change it, such as the editor.
    """
    end = time.monotonic() + DEADLINE
    before, same = None, 0
    while same < ROUNDS:
        assert time.monotonic() < end, "the window does not come to rest"
        QApplication.sendPostedEvents()
        QApplication.processEvents()
        if _expected(window, *others):
            time.sleep(0.005)
            same = 0
            continue
        now = _laid_out(window)
        same = same + 1 if now == before else 0
        before = now


def clipped(window, *, but=()):
    """Labels and buttons that are smaller than their text.

    Args:
        window: all of its visible parts are looked at.
        but: those that are meant to be cut off.
    """
    found = []
    for kind in (QLabel, QAbstractButton):
        for widget in window.findChildren(kind):
            if not widget.isVisible() or not widget.text() or widget in but:
                continue
            wanted = widget.sizeHint()
            if isinstance(widget, QLabel) and widget.wordWrap():
                room = widget.height() >= widget.heightForWidth(widget.width())
            else:
                room = widget.width() >= wanted.width() and widget.height() >= wanted.height()
            if not room:
                found.append((widget.text(), widget.size(), wanted))
    return found
