"""The log of a course as it was written: nothing is erased, a wrong entry is put right by a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from dosing_app.ui.event_forms import EVENTS
from dosing_app.ui.schedule_table import BedsideTable
from dosing_app.wording.figures import Table
from dosing_app.wording.language import _
from dosing_app.wording.log_text import at_bed, event_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

    from dosing_app.store.register import Entry


def log_rows(log: Sequence[Entry], zone: str) -> Table:
    """The log as texts, its marks in words.

    Args:
        log: as it was written.
        zone: of the bed.
    """
    corrected: dict[int, int] = {}
    for each in log:
        if each.event.get("event") == "corrects" and isinstance(each.event.get("index"), int):
            corrected[each.event["index"]] = each.index
    rows = [
        [
            str(each.index),
            at_bed(each.at, zone),
            event_words(each.event, zone),
            each.by,
            at_bed(each.recorded, zone),
            "; ".join(_marks(each, corrected)),
        ]
        for each in log
    ]
    return Table([_("Entry"), _("At"), _("What happened"), _("By"), _("Recorded"), _("Marks")], rows)


def _marks(entry: Entry, corrected: dict[int, int]) -> list[str]:
    found = [_("late")] if entry.late else []
    if entry.back_dated:
        found.append(_("back-dated"))
    if entry.index in corrected:
        found.append(_("put right by entry {index}").format(index=corrected[entry.index]))
    return found


class LogTable(BedsideTable):
    """The entries; Enter on one of them puts it right."""

    taken = Signal()

    def __init__(self) -> None:
        """No course yet."""
        super().__init__(_("Log"))
        self._log: tuple[Entry, ...] = ()
        self.cellDoubleClicked.connect(lambda _row, _column: self.taken.emit())

    def show_log(self, log: Sequence[Entry], zone: str) -> None:
        """Show a log; an empty one takes all away."""
        added = len(log) != len(self._log)
        self._log = tuple(log)
        self.show_table(log_rows(log, zone) if log else None)
        if added and log:
            self.setCurrentCell(len(log) - 1, 0)
            self.scrollToBottom()

    @property
    def chosen(self) -> Entry | None:
        """The entry that can be put right; None where none is chosen, or one that cannot be."""
        row = self.currentRow()
        if not 0 <= row < len(self._log):
            return None
        entry = self._log[row]
        return entry if entry.event.get("event") in EVENTS else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter puts the entry right."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.taken.emit()
            return
        super().keyPressEvent(event)
