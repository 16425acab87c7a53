"""The Now board: the bag that hangs, its rate, the next change and every millilitre, to be read from two metres."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from dosing_app.course import bedside
from dosing_app.ui import theme
from dosing_app.ui.marks import Mark
from dosing_app.ui.reflow import Beside, Flow
from dosing_app.wording import bedside_text
from dosing_app.wording.bedside_text import ledger_lines, rate_change_words, rate_words
from dosing_app.wording.language import _
from dosing_app.wording.log_text import at_bed, span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent
    from whenever import Instant

    from dosing_app.course.bedside import Board


_MARGIN, _WIDE = 16, 1200  # of the page; as wide as it is taken to be before it is known
_SCROLL_BAR = 12  # beside the page where it scrolls
_BETWEEN = 32  # the rate and the change beside it
_MOST_FIGURES = 7  # of the ledger, with the limit


class _Line(QWidget):
    """A mark and a text beside it, in one size."""

    def __init__(self, size: int, *, bold: bool = False) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        self._mark = Mark()
        self._mark.setFixedSize(QSize(theme.px(size * 3 // 4), theme.px(size * 3 // 4)))
        self.text = QLabel()
        self.text.setFont(theme.font(size, bold=bold))
        self.text.setWordWrap(True)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.text, 1)
        self.show_line("")

    def show_line(self, text: str, tier: str = "") -> None:
        self.text.setText(text)
        self._mark.show_tier(tier)
        self._mark.setVisible(bool(tier))
        self.setVisible(bool(text))
        self._take_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrower, it may need another line."""
        super().resizeEvent(event)
        self._take_room()

    def _take_room(self) -> None:
        """A window that is too low must not take the height of a text that is broken: it would be cut."""
        self.text.setMinimumHeight(self.text.heightForWidth(self.text.width()) if self.text.text() else 0)


class NowBoard(QFrame):
    """Shows a board, or one sentence why there is none."""

    def __init__(self) -> None:
        """Nothing shown."""
        super().__init__()
        theme.tone(self, "strip")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.px(_MARGIN), theme.px(10), theme.px(_MARGIN), theme.px(10))
        self._room = theme.px(_WIDE)
        self.sentence = QLabel()
        self.sentence.setFont(theme.font(theme.HEADING))
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop)
        outer.addWidget(self.sentence)
        self._board = QWidget()
        outer.addWidget(self._board)
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(theme.px(2))
        self.which, self.change = _Line(theme.HEADING, bold=True), _Line(theme.HEADING, bold=True)
        self.rate = QLabel()
        self.rate.setFont(theme.font(theme.DISTANCE, bold=True))
        self.state = _Line(theme.HEADING)
        self.due = QLabel()
        self.due.setFont(theme.font(theme.ANSWER, bold=True))
        self.left = _Line(theme.HEADING, bold=True)
        for widget in (self.which, self.rate, self.state):
            left.addWidget(widget)
        for widget in (self.change, self.due, self.left):
            right.addWidget(widget)
        self.clocks = QLabel()
        self.clocks.setFont(theme.font(theme.FIELD))
        self.mind = _Line(theme.HEADING, bold=True)
        right.addWidget(self.clocks)
        right.addWidget(self.mind)
        left.addStretch(1)
        right.addStretch(1)
        columns = Beside(left, right, shares=(4, 5), spacing=_BETWEEN)
        whole = QVBoxLayout(self._board)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.px(8))
        whole.addLayout(columns, 1)
        ledger = Flow(spacing=24)
        self._pairs = [QWidget() for _figure in range(_MOST_FIGURES)]
        self._names = [QLabel() for _figure in range(_MOST_FIGURES)]
        self._figures = [QLabel() for _figure in range(_MOST_FIGURES)]
        for pair, name, figure in zip(self._pairs, self._names, self._figures, strict=True):
            theme.tone(name, "quiet")
            figure.setFont(theme.font(theme.HEADING))
            lines = QVBoxLayout(pair)
            lines.setContentsMargins(0, 0, 0, 0)
            lines.setSpacing(0)
            lines.addWidget(name)
            lines.addWidget(figure)
        ledger.add(*self._pairs)
        whole.addLayout(ledger)
        self.closing = QLabel()
        self.closing.setTextFormat(Qt.TextFormat.RichText)
        self.closing.setFont(theme.font(theme.FIELD))
        self.closing.setWordWrap(True)
        self.closing.hide()
        whole.addWidget(self.closing)
        self.hours = QLabel()
        self.hours.setFont(theme.font(theme.FIELD))
        self.hours.setWordWrap(True)
        whole.addWidget(self.hours)
        self.show_board(None, "", "")

    def fit(self, width: int) -> None:
        """Break the one large line, and the time of the change, where a page of a width has no room for them.

        A time that keeps the change from standing beside the rate goes below its date: the schedule stays in sight.
        """
        self._room = width
        room = width - 2 * theme.px(_MARGIN) - theme.px(_SCROLL_BAR)
        wide = {}
        for label in (self.rate, self.due):
            line = label.text().replace("\n", " ")
            wide[label] = _wide(line, label)
            if wide[label] > room:
                line = line.replace(" ", "\n", 1)  # Qt would break the unit at its stroke
            label.setText(line)
        beside = room - wide[self.rate] - theme.px(_BETWEEN)
        date, _blank, clock = self.due.text().rpartition(" ")
        if wide[self.due] > beside >= _wide(date, self.due) and "\n" not in date:
            self.due.setText(f"{date}\n{clock}")

    @property
    def ledger(self) -> list[tuple[str, str]]:
        """What stands in the row of the ledger: names and figures."""
        row = zip(self._names, self._figures, strict=True)
        return [(name.text(), figure.text()) for name, figure in row if figure.text()]

    def show_board(self, board: Board | None, zone: str, sentence: str) -> None:
        """Show where the course stands; without a board nothing but the sentence.

        Args:
            board: of now.
            zone: of the bed.
            sentence: why there is no board.
        """
        self._board.setVisible(board is not None)
        self.sentence.setVisible(board is None)
        self.sentence.setText(sentence if board is None else "")
        if board is None:
            self._blank()
            return
        self._show_bag(board, zone)
        self._show_change(board, zone)
        self.fit(self._room)
        self._show_ledger(board, zone)
        self.hours.setText(hours_line(board))

    def show_closing(self, lines: Sequence[tuple[str, str]]) -> None:
        """Show what a finished course comes to, below its state."""
        self.closing.setText("<table>" + "".join(_row(*line) for line in lines) + "</table>" if lines else "")
        self.closing.setVisible(bool(lines))
        self.hours.setVisible(not lines)

    def _blank(self) -> None:
        for line in (self.which, self.state, self.change, self.left, self.mind):
            line.show_line("")
        for label in (self.rate, self.due, self.hours, self.clocks):
            label.setText("")
        self._show_row([])

    def _show_bag(self, board: Board, zone: str) -> None:
        """The bag that hangs with its rate, or that none does."""
        which, rate, state, tier = bag_words(board, zone)
        self.which.show_line(which)
        self.rate.setText(rate)
        self.rate.setVisible(bool(rate))
        self.state.show_line(state, tier)

    def _show_change(self, board: Board, zone: str) -> None:
        change, due, left, tier = change_words(board, zone)
        self.change.show_line(change)
        self.due.setText(due)
        self.due.setVisible(bool(due))
        self.left.show_line(left, tier)
        self.mind.show_line(rate_change_words(board), "justify" if board.rate_to is not None else "")
        self.clocks.setText("\n".join(bedside_text.change_words(board, zone)[1:]))
        self.clocks.setVisible(bool(self.clocks.text()))

    def _show_ledger(self, board: Board, zone: str) -> None:
        self._show_row(ledger_row(board, zone))

    def _show_row(self, row: Sequence[tuple[str, str]]) -> None:
        """Names in one line, figures below them."""
        filled = [*row, *[("", "")] * (_MOST_FIGURES - len(row))]
        for pair, name, figure, (words, volume) in zip(self._pairs, self._names, self._figures, filled, strict=True):
            name.setText(words[:1].upper() + words[1:])
            figure.setText(volume)
            pair.setVisible(bool(volume))


def _wide(line: str, label: QLabel) -> int:
    return QFontMetrics(label.font()).horizontalAdvance(line)


def _row(name: str, figure: str) -> str:
    return f'<tr><td style="padding-right: {theme.px(16)}px">{escape(name)}</td><td>{escape(figure)}</td></tr>'


# ---- its words ----


def bag_words(board: Board, zone: str) -> tuple[str, str, str, str]:
    """Which bag, the one large thing, its state, and the mark of that."""
    if board.bag is None:
        return _without_bag(board, zone)
    which, rate = bedside_text.bag_words(board), rate_words(board)
    down = _take_down(board, zone)
    if board.interrupted_since is not None:
        said = down or _since(board.interrupted_since, board, zone)
        return f"{which}, {rate}", _("PUMP STANDS"), said, "justify"
    if down:
        return which, rate, down, "justify"
    assert board.connected is not None
    return which, rate, _("Running since {when}").format(when=at_bed(board.connected, zone)), ""


def _take_down(board: Board, zone: str) -> str:
    """That the bag is to come down now, and why; empty where it may run."""
    if not board.why_down:
        return ""
    why = bedside_text.why_down_words(board.why_down)
    if board.why_down == bedside.BEYOND_LIMIT and board.down_by is not None:
        return _("TAKE DOWN: {why}, {limit}").format(why=why, limit=at_bed(board.down_by, zone))
    return _("TAKE DOWN: {why}").format(why=why)


def _without_bag(board: Board, zone: str) -> tuple[str, str, str, str]:
    if board.state == bedside.NOT_BEGUN:
        return "", _("Not begun"), "", ""
    if board.state == bedside.FINISHED:
        return "", _("Finished"), "", ""
    if board.without_bag_since is None:
        return "", _("NO BAG"), "", "justify"
    return "", _("NO BAG"), _since(board.without_bag_since, board, zone), "justify"


def _since(moment: Instant, board: Board, zone: str) -> str:
    minutes = int((board.at - moment).total("minutes"))
    return _("since {when}, for {span}").format(when=at_bed(moment, zone), span=span(minutes))


def change_words(board: Board, zone: str) -> tuple[str, str, str, str]:
    """What is due next: its name, when, how long until then, and the mark of that."""
    if board.state == bedside.RESTART:
        return (
            _("Waiting for a prescriber"),
            "",
            _("Nothing is planned before a dose rate and a name: Decision."),
            "justify",
        )
    if board.state == bedside.FINISHED:
        return "", "", "", ""
    if board.change_due is None or board.minutes_left is None:
        said = _("{span} still due, and no bag is laid out for them: Decision.").format(
            span=span(board.undecided_minutes)
        )
        return _("Nothing planned"), "", said if board.undecided_minutes else "", "justify"
    left, tier = _left(board.minutes_left)
    return _change_name(board), at_bed(board.change_due, zone), left, tier


def _change_name(board: Board) -> str:
    if board.last_change:
        return _("Last change: take down, disconnect without flushing")
    if board.next is None:
        return _("Next change")
    if board.bag is None:
        words = _("Connect bag {number}, not issued yet") if board.next_draft else _("Connect bag {number}")
    elif board.next_draft:
        words = _("Next change, to bag {number}, not issued yet")
    else:
        words = _("Next change, to bag {number}")
    return words.format(number=board.next.number)


def _left(minutes: int) -> tuple[str, str]:
    if minutes < 0:
        return _("OVERDUE by {span}").format(span=span(minutes)), "justify"
    return (_("in {span}").format(span=span(minutes)) if minutes else _("due now")), ""


def ledger_row(board: Board, zone: str) -> list[tuple[str, str]]:
    """The whole volume ledger of the bag that hangs, and its limit."""
    row = ledger_lines(board)
    if row and board.down_by is not None:
        limit = at_bed(board.down_by, zone)
        said = _("PAST: {limit}").format(limit=limit) if board.past_down_by else limit
        row.append((_("take down by, at the latest"), said))
    return row


def hours_line(board: Board) -> str:
    """Infused, waived and still due in one line."""
    course = board.infused_minutes + board.waived_minutes + board.due_minutes - board.over_minutes
    parts = [
        _("{infused} infused").format(infused=span(board.infused_minutes)),
        _("{waived} waived").format(waived=span(board.waived_minutes)),
        _("{due} still due of {course}").format(due=span(board.due_minutes), course=span(course)),
    ]
    if board.over_minutes:
        parts.append(_("{over} over").format(over=span(board.over_minutes)))
    return " · ".join(parts)
