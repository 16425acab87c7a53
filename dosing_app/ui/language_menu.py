"""The choice of the language: in a menu, for the next start."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup

from dosing_app.store.language_file import keep_language, kept_language
from dosing_app.wording.language import LANGUAGES, _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from dosing_app.ui.main_window import MainWindow


def fill_languages(menu: QMenu, window: MainWindow) -> None:
    """Offer every language by its own name, and the computer's; the one in force from the next start on is marked.

    Args:
        menu: an empty one.
        window: says that the change holds from the next start on.
    """
    group = QActionGroup(menu)
    kept = kept_language()
    chosen = kept if kept in LANGUAGES else None
    for code, name in {None: _("As the &system"), **LANGUAGES}.items():
        action = QAction(name, menu)
        action.setCheckable(True)
        action.setChecked(code == chosen)
        action.triggered.connect(partial(_choose, window, code))
        group.addAction(action)
        menu.addAction(action)


def _choose(window: MainWindow, code: str | None, _checked: bool = True) -> None:
    try:
        keep_language(code)
    except OSError as error:
        window.notify(
            _("The language could not be kept: {why}. It stays as it is.").format(why=error.strerror or error)
        )
        return
    window.notify(_("The language changes at the next start."))
