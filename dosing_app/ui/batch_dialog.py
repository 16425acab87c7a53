"""A table of orders answered in the window: choose it, choose where the answers go, watch, and stop it at any time."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSaveFile, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from dosing_app.course.order_table import BadTable, OrderTable
from dosing_app.reference.bundle import House, load_house
from dosing_app.ui import theme
from dosing_app.ui.buttons import Button
from dosing_app.ui.quantity_edit import TextField
from dosing_app.ui.register_dialogs import grow
from dosing_app.wording.batch_text import answer_line, table_refusal
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from typing import BinaryIO

_WIDTH = 640
_STEPS = 1000  # of the bar


class _NotWritten(Exception):
    """The answers cannot be written; the reason in words of the system."""


class _Work:
    """One table being answered into one file, which takes its place whole or not at all."""

    def __init__(self, orders: Path, answers: Path, house: House) -> None:
        """Open both.

        Raises:
            BadTable: the first line of the orders.
            OSError: the orders.
            _NotWritten: the answers.
        """
        self._houses = {"": house}
        self._file: BinaryIO = orders.open("rb")
        try:
            self._size = max(1, os.fstat(self._file.fileno()).st_size)
            self._table = OrderTable(self._file)
            self._rows = iter(self._table)
            self._out = QSaveFile(str(answers))
            if not self._out.open(QSaveFile.OpenModeFlag.WriteOnly):
                raise _NotWritten(self._out.errorString())
        except BaseException:
            self._file.close()
            raise
        self.count = 0

    @property
    def part(self) -> float:
        """How much of the table has been read, 0 to 1."""
        return min(1.0, self._table.read / self._size)

    def step(self) -> bool:
        """Answer one order; False where there is none any more."""
        row = next(self._rows, None)
        if row is None:
            return False
        line = answer_line(row, self._house_of) + "\n"
        if self._out.write(line.encode()) < 0:
            raise _NotWritten(self._out.errorString())
        self.count = row.number
        return True

    def _house_of(self, name: str) -> House:
        if name not in self._houses:
            if len(self._houses) > 8:  # noqa: PLR2004 - no table has more sites than that at a time
                self._houses = {"": self._houses[""]}
            self._houses[name] = load_house(Path(name))
        return self._houses[name]

    def finish(self) -> None:
        """Put the answers in their place."""
        self._file.close()
        if not self._out.commit():
            raise _NotWritten(self._out.errorString())

    def stop(self) -> None:
        """Leave nothing behind."""
        self._file.close()
        self._out.cancelWriting()
        self._out.commit()


class BatchDialog(QDialog):
    """Answers a table of orders, a little at a time. Not modal; closing it stops the work."""

    def __init__(self, house: House, window: QWidget) -> None:
        """With the settings that hold for every order whose row names no site.

        Args:
            house: of the window.
            window: over which it stands.
        """
        super().__init__(window)
        self._house = house
        self._work: _Work | None = None
        self._agreed = ""  # the file that a person agreed to replace
        self.setWindowTitle(_("Table of orders"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._step)
        self.orders, self.answers = TextField(_("Table of orders")), TextField(_("File for the answers"))
        for field in (self.orders, self.answers):
            field.setMaxLength(4000)  # a path, not a text of an order
        self.bar, self.status = QProgressBar(), QLabel()
        self.choose_orders = Button(_("Ch&oose …"), self._ask_orders, _("Choose the table of orders"))
        self.choose_answers = Button(_("Choo&se …"), self._ask_answers, _("Choose the file for the answers"))
        self.start_button = Button(_("&Answer the orders"), self.start)
        self.stop_button = Button(_("S&top"), self.stop)
        self.close_button = Button(_("&Close"), self.close)
        window.installEventFilter(self)
        self._lay_out()
        self._show_working(working=False)

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.px(24), theme.px(16), theme.px(24), theme.px(16))
        outer.setSpacing(theme.px(10))
        told = QLabel(
            _(
                "Every row of the table is one order. Its columns, set apart by commas, are named as the options of "
                "the command plan. Every order is answered by one line of JSON, also one that is refused."
            )
        )
        told.setWordWrap(True)
        told.setMinimumWidth(theme.line_px(_WIDTH, self))
        outer.addWidget(told)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(10))
        grid.setVerticalSpacing(theme.px(8))
        for row, (text, field, button) in enumerate(
            (
                (_("Orders"), self.orders, self.choose_orders),
                (_("Answers"), self.answers, self.choose_answers),
            )
        ):
            label = QLabel(text)
            label.setBuddy(field)
            for column, widget in enumerate((label, field, button)):
                grid.addWidget(widget, row, column)
        outer.addLayout(grid)
        self.bar.setRange(0, _STEPS)
        self.bar.setFormat("%p\N{NO-BREAK SPACE}%")
        self.bar.setAccessibleName(_("Part of the table that is answered"))
        outer.addWidget(self.bar)
        self.status.setWordWrap(True)
        self.status.setMinimumHeight(theme.px(40))
        self.status.setAlignment(Qt.AlignmentFlag.AlignTop)
        outer.addWidget(self.status)
        outer.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(theme.px(8))
        foot.addStretch(1)
        for button in (self.start_button, self.stop_button, self.close_button):
            foot.addWidget(button)
        outer.addLayout(foot)

    # ---- what is chosen ----

    def _ask_orders(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        chosen, _filter = QFileDialog.getOpenFileName(
            self, _("Table of orders"), self.orders.text() or str(Path.home()), _("Tables (*.csv);;All files (*)")
        )
        if chosen:
            self.orders.setText(chosen)
            if not self.answers.text():
                self.answers.setText(str(Path(chosen).with_suffix(".jsonl")))

    def _ask_answers(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        chosen, _filter = QFileDialog.getSaveFileName(
            self, _("File for the answers"), self.answers.text() or str(Path.home()), _("Lines of JSON (*.jsonl)")
        )
        if chosen:
            path = Path(chosen)
            self._agreed = str(path)  # the question whether to replace it was asked there
            self.answers.setText(str(path if path.suffix else path.with_suffix(".jsonl")))

    # ---- the work ----

    def start(self) -> None:
        """Begin, or say why not."""
        if self._work is not None:
            return
        self.bar.setValue(0)
        said = self._lacking()
        if said:
            self._say(said)
            return
        orders = Path(self.orders.text().strip())
        try:
            self._work = _Work(orders, Path(self.answers.text().strip()), self._house)
        except BadTable as error:
            self._say(table_refusal(str(orders), error))
        except (OSError, ValueError) as error:  # ValueError: a name that no file can have
            self._say(_cannot_be_read(orders, error))
        except _NotWritten as error:
            self._say(self._not_written(error))
        else:
            self._agreed = ""
            self._show_working(working=True)
            self._say(_("Answering the orders …"))
            self._timer.start(0)

    def _lacking(self) -> str:
        """Why it cannot begin; empty where it can."""
        orders, answers = self.orders.text().strip(), self.answers.text().strip()
        if not orders or not answers:
            return _("Choose the table of orders, and a file for the answers.")
        try:
            there = Path(answers).exists()
            same = there and Path(orders).exists() and Path(orders).samefile(answers)
        except (OSError, ValueError) as error:
            return _cannot_be_read(Path(answers), error)
        if same:
            return _("The answers would take the place of the orders. Choose another file for them.")
        if there and self._agreed != answers:
            self._agreed = answers
            return _("{file} is there already. Press “Answer the orders” once more to replace it.").format(file=answers)
        return ""

    def _step(self) -> None:
        """One order at a time, so that the window stays awake."""
        work = self._work
        if work is None:
            return
        try:
            if work.step():
                self.bar.setValue(round(work.part * _STEPS))
                self.status.setText(_("Orders answered: {count}").format(count=work.count))
                return
            work.finish()
        except OSError as error:
            self._end(_cannot_be_read(Path(self.orders.text()), error))
        except _NotWritten as error:
            self._end(self._not_written(error))
        else:
            self._work = None  # nothing to take back any more
            self.bar.setValue(_STEPS)
            self._end(
                _("Orders answered: {count}. The answers are in {file}.").format(
                    count=work.count, file=self.answers.text().strip()
                )
            )

    def stop(self) -> None:
        """Stop the work; no file is written."""
        if self._work is not None:
            self._end(_("Stopped. No answers were written."))
            self.bar.setValue(0)

    def _end(self, sentence: str) -> None:
        self._timer.stop()
        if self._work is not None:
            self._work.stop()
            self._work = None
        self._show_working(working=False)
        self._say(sentence)

    def _not_written(self, error: _NotWritten) -> str:
        return _("The answers cannot be written in {file} ({why}). Choose another file for them.").format(
            file=self.answers.text().strip(), why=error
        )

    # ---- what is shown ----

    def _show_working(self, *, working: bool) -> None:
        stopped = self.stop_button.hasFocus()
        for widget in (self.orders, self.answers, self.choose_orders, self.choose_answers, self.start_button):
            widget.setEnabled(not working)
        self.stop_button.setEnabled(working)
        if working:
            self.stop_button.setFocus()
        elif stopped:
            self.close_button.setFocus()

    def _say(self, sentence: str) -> None:
        """Show a sentence, and tell it to those who hear the window."""
        self.status.setText(sentence)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def showEvent(self, event: QShowEvent) -> None:
        """The first field is ready, and every line has room."""
        super().showEvent(event)
        grow(self)
        self.orders.setFocus()

    def reject(self) -> None:
        """Closing, by whatever key or button, stops the work."""
        self.stop()
        super().reject()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Goes when its window goes."""
        if watched is self.parent() and event.type() == QEvent.Type.Hide and not event.spontaneous():
            self.close()
        return False


def _cannot_be_read(path: Path, error: Exception) -> str:
    why = error.strerror if isinstance(error, OSError) else str(error)
    return _("{file} cannot be read: {why}.").format(file=path, why=why)


def show_batch(house: House, window: QWidget) -> BatchDialog:
    """The dialog over a window; the one that is open already, where there is one."""
    dialog = next((each for each in window.findChildren(BatchDialog) if each.isVisible()), None)
    if dialog is None:
        dialog = BatchDialog(house, window)
    dialog.show()
    dialog.activateWindow()
    return dialog
