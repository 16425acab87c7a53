"""The schedule of a course: what really happened, then what is planned; drafts of a re-planned rest are marked so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QAbstractItemView

from dosing_app.core.clock import clock_changes
from dosing_app.core.quantities import magnitude, print_number
from dosing_app.course.schedule import rows_of
from dosing_app.ui import theme
from dosing_app.ui.figure_table import FigureTable
from dosing_app.wording.bedside_text import state_name
from dosing_app.wording.figures import Table, both_clocks, number
from dosing_app.wording.language import _
from dosing_app.wording.log_text import at_bed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent
    from whenever import Instant

    from dosing_app.course.replan import Rest
    from dosing_app.course.schedule import Row
    from dosing_app.reference.bundle import Reference

_NOTHING = "–"
_ROWS = 120  # height of the rows that are seen at least
_OVER = {"done", "lost", "superseded", "past-limit", "other-dose", "not-needed"}  # nothing of these is still to be done


def schedule(rows: Sequence[Row], rest: Rest) -> Table:
    """The schedule as texts, its marks in words.

    Args:
        rows: of `course.schedule.rows_of`.
        rest: where the course stands.
    """
    assert rest.plan.order is not None
    zone = rest.plan.order.zone
    headers = [
        _("Bag"),
        _("Day"),
        _("Connect"),
        _("Take down"),
        _("Rate, mL/hour"),
        _("To be infused, mL"),
        _("Do not connect after"),
        _("Take down by"),
        _("How far"),
        _("Mind"),
    ]
    return Table(headers, [_cells(row, rest, zone) for row in rows])


def _cells(row: Row, rest: Rest, zone: str) -> list[str]:
    bag, progress = row.bag, rest.progress
    running = progress.running if row.state in {"running", "interrupted"} else None
    over = row.state in _OVER
    down = row.down or (running.take_down if running is not None else bag.end)
    limit = running.down_by if running is not None else bag.down_by
    waits = row.connected is None and not over
    shown = row.infuses
    return [
        str(bag.number),
        str(row.day) if shown else _NOTHING,
        at_bed(row.begins, zone) if shown else _NOTHING,
        at_bed(down, zone) if shown else _NOTHING,
        print_number(magnitude(bag.rate, "mL/h")),
        number(magnitude(bag.delivered, "mL"), 1),
        at_bed(bag.start_by, zone) if waits else _NOTHING,
        at_bed(limit, zone) if not over else _NOTHING,
        state_name(row.state),
        "; ".join(_marks(row, down, zone)),
    ]


def _marks(row: Row, down: Instant, zone: str) -> list[str]:
    """What to mind of a bag, in words."""
    found = []
    if row.new:
        found.append(_("draft: not issued"))
    if row.rate_before is not None and row.infuses:
        was = print_number(magnitude(row.rate_before, "mL/h"))
        found.append(_("RATE CHANGES, was {was}").format(was=was))
    if row.off_hours and row.connected is None:
        found.append(_("off hours"))
    if row.infuses and clock_changes(row.begins, down, zone):
        clocks = both_clocks(down, zone, row.begins)
        found.append(_("clock change: {clocks}").format(clocks=", ".join(clocks)))
    return found


class BedsideTable(FigureTable):
    """A table at the bed: letters and digits are no search in it, since a scanner may be typing."""

    def __init__(self, name: str) -> None:
        """An empty table with a name for those who hear it."""
        super().__init__(name, choosable=True, wraps=True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)  # the row of the keys is drawn by the table

    def sizeHint(self) -> QSize:
        """Some rows at least, in large letters too."""
        return QSize(super().sizeHint().width(), self.horizontalHeader().height() + theme.px(_ROWS))

    def minimumSizeHint(self) -> QSize:
        """As many."""
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave what is typed to the page."""
        if event.text().isprintable() and event.text().strip():
            event.ignore()
            return
        super().keyPressEvent(event)


class ScheduleTable(BedsideTable):
    """The bags of the course in the order of their times."""

    def __init__(self) -> None:
        """No course yet."""
        super().__init__(_("Schedule"))
        self.rows: tuple[Row, ...] = ()

    def is_chosen(self, row: int) -> bool:
        """Whether a row is the one from which the keys go on: seen only while they are here."""
        return self.hasFocus() and super().is_chosen(row)

    def show_rest(self, rest: Rest | None, reference: Reference | None) -> None:
        """Show the schedule of a course; None takes all away."""
        if rest is None or reference is None:
            self.rows = ()
            self.show_table(None)
            return
        first = not self.rows
        self.rows = rows_of(rest, reference)
        self.show_table(schedule(self.rows, rest))
        if first:
            self.show_now()

    def show_now(self) -> None:
        """Bring the bag that runs, or the next one, into sight."""
        wanted = {"running", "interrupted", "planned", "prepared"}
        at = next((index for index, row in enumerate(self.rows) if row.state in wanted), None)
        item = None if at is None else self.item(at, 0)
        if item is not None:
            self.setCurrentItem(item)
            self.scrollToItem(item, QAbstractItemView.ScrollHint.PositionAtTop)

    @property
    def has_drafts(self) -> bool:
        """Whether bags are laid out anew that nobody has issued."""
        return any(row.new for row in self.rows)
