"""Lines that end where a person would end them: no date, and no number with what it counts, is torn in two."""

from __future__ import annotations

import re

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QLabel, QStyledItemDelegate

_NO_BREAK_SPACE, _WORD_JOINER = "\u00a0", "\u2060"
_DAY = re.compile(r"(?:\b\w{2,3} )?\b\d{2}-\w{3,4}-\d{4}\b")  # as it is printed, with its weekday
_TIME = re.compile(rf"(?<=-{_WORD_JOINER}\d{{4}}) (?=\d{{2}}:\d{{2}})")
# a number, neither a time nor a year, with its unit, and with what that is for
_COUNTED = re.compile(rf"(?<=\d)(?<!:\d\d)(?<!-{_WORD_JOINER}\d{{4}}) (?:[^\W\d_]+ (?:per|pro) (?=\w)|(?=[^\W\d_]|%))")


def unbroken(text: str, *, time_below: bool = False) -> str:
    """A text whose lines end neither within a date nor between a number and its unit or noun.

    Args:
        text: some words.
        time_below: whether the time of a day may begin another line, as in a narrow column.
    """
    text = _DAY.sub(lambda day: day[0].replace(" ", _NO_BREAK_SPACE).replace("-", f"-{_WORD_JOINER}"), text)
    text = _COUNTED.sub(lambda found: found[0].replace(" ", _NO_BREAK_SPACE), text)
    return text if time_below else _TIME.sub(_NO_BREAK_SPACE, text)


class Sentence(QLabel):
    """Words that may need several lines. `text` is what was given: the signs that hold it together are only drawn."""

    def __init__(self, text: str = "") -> None:
        """Broken between words, never within a date or between a number and its unit."""
        super().__init__()
        self.setWordWrap(True)
        self._given = ""
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show a text."""
        self._given = text
        super().setText(unbroken(text))

    def text(self) -> str:
        """What was given."""
        return self._given


class DayCells(QStyledItemDelegate):
    """Draws cells in several lines, none of which ends within a date."""

    def displayText(self, value: object, locale: QLocale | QLocale.Language) -> str:
        """As it is drawn; the cell itself keeps its text."""
        return unbroken(super().displayText(value, locale), time_below=True)
