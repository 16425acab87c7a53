"""The course as a picture: days at the bed's wall clock, sessions, storage, bags, and what a lost bag means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from dosing_app.ui import theme
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from PySide6.QtGui import QColor

    from dosing_app.course.plan import Plan

    _Entry: TypeAlias = tuple[Callable[[QPainter, QPointF], None] | None, str]

_LINE = 16  # of text
_HEAD, _BLOCK, _LANE = 3 * _LINE + 2, 38, 13  # heights: month, weekday and day; bags; one lane of marks
_SESSIONS, _STORED, _AIR = 18, 7, 4  # heights in the large picture: sessions; one stored bag; between lanes
_NAMES = 84  # width of the names of the lanes
_NARROWEST = 470  # of the whole
_SIGN, _BETWEEN = 10, 24  # of the legend: the width of a sign, and the room after its words
_TARGET = 9  # how far beside a session the mouse still finds it


@dataclass(frozen=True, slots=True)
class Day:
    """One day at the bed, from midnight to midnight, in seconds since 1970."""

    start: int
    end: int
    weekday: str
    number: int
    month: str  # where it must be said: on the first day and on the first of a month
    weekend: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A bag from preparation over connection to take-down; `row` keeps bags stored at once apart."""

    number: int
    prepared: int
    start: int
    end: int
    row: int
    kind: str
    rate: str
    off_hours: bool
    rate_changed: bool
    tip: str


@dataclass(frozen=True, slots=True)
class Visit:
    """A session."""

    number: int
    at: int
    vials: int
    tip: str


@dataclass(frozen=True, slots=True)
class Picture:
    """All that is painted, worked out once for each plan."""

    days: tuple[Day, ...]
    blocks: tuple[Block, ...]
    sessions: tuple[Visit, ...]
    gaps: tuple[tuple[int, int], ...]
    changes: tuple[tuple[int, str], ...]
    said: str

    @property
    def begin(self) -> int:
        """The left edge: midnight before whatever comes first."""
        return self.days[0].start

    @property
    def end(self) -> int:
        """The right edge."""
        return self.days[-1].end

    @property
    def rows(self) -> int:
        """How many bags are stored at once."""
        return max(block.row for block in self.blocks) + 1


class Timeline(QWidget):
    """Paints a plan; a click picks a bag or a session. The large one has a lane each for sessions and storage."""

    picked = Signal()
    session_picked = Signal()

    def __init__(self, *, large: bool = False) -> None:
        """Empty."""
        super().__init__()
        self._large = large
        self._picture: Picture | None = None
        self._waiting = ""
        self._chosen = 0
        self.picked_number = 0
        self.picked_session = 0
        self.setAccessibleName(_("Timeline"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As high as its lanes, as wide as it is given."""
        more = theme.px(_LINE) * (len(self._legend_rows()) - 1)
        return QSize(theme.px(560), round(self._legend_top() + theme.px(_LANE + 2) + more))

    def minimumSizeHint(self) -> QSize:
        """As high: a lower one would clip; narrow enough for a page in large letters."""
        return QSize(theme.px(_NARROWEST), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may want more rows of the legend, or fewer."""
        super().resizeEvent(event)
        if self.sizeHint().height() != self.height():
            self.updateGeometry()

    def show_plan(self, plan: Plan | None) -> None:
        """Show the bags of a plan; nothing without any, but for a word where they are still searched for."""
        from dosing_app.wording.figures import waiting

        picture = picture_of(plan) if plan is not None and plan.bags else None
        searching = waiting(plan) if plan is not None and plan.searching else ""
        if picture == self._picture and searching == self._waiting:
            return  # most keystrokes move no bag
        self._picture, self._waiting = picture, searching
        self.setAccessibleDescription(picture.said if picture else searching)
        self.updateGeometry()
        self.update()

    @property
    def empty(self) -> bool:
        """Whether nothing is shown, not even that a plan is searched for: that keeps its place."""
        return self._picture is None and not self._waiting

    def choose(self, number: int) -> None:
        """Outline a bag."""
        if number != self._chosen:
            self._chosen = number
            self.update()

    # ---- where things stand, from above ----

    def _storage_top(self) -> float:
        return theme.px(_HEAD) + (theme.px(_SESSIONS + _AIR) if self._large else 0)

    def _block_top(self) -> float:
        if not self._large:
            return theme.px(_HEAD)
        rows = self._picture.rows if self._picture else 1
        return self._storage_top() + theme.px(rows * _STORED + 2 * _AIR)

    def _marks_top(self) -> float:
        return self._block_top() + theme.px(_BLOCK)

    def _last_top(self) -> float:
        """The lane of sessions in the small picture, of gaps in the large one."""
        return self._marks_top() + theme.px(_LANE)

    def _legend_top(self) -> float:
        return self._last_top() + theme.px(_LANE)

    def _x(self, second: int) -> float:
        assert self._picture is not None
        left = theme.px(_NAMES) if self._large else 1
        first, last = self._picture.begin, self._picture.end
        return left + (second - first) * (self.width() - 1 - left) / (last - first)

    # ---- the mouse ----

    def _at(self, x: float, y: float) -> Block | Visit | None:
        if self._picture is None:
            return None
        if self._block_top() <= y <= self._marks_top():
            for block in self._picture.blocks:
                if self._x(block.start) <= x < self._x(block.end):
                    return block
        sessions = theme.px(_HEAD) if self._large else self._last_top()
        if sessions <= y <= sessions + theme.px(_SESSIONS):
            for visit in self._picture.sessions:
                if abs(self._x(visit.at) - x) <= theme.px(_TARGET):
                    return visit
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick what is under the mouse."""
        found = self._at(event.position().x(), event.position().y())
        if isinstance(found, Block):
            self.picked_number = found.number
            self.picked.emit()
        elif found is not None:
            self.picked_session = found.number
            self.session_picked.emit()

    def event(self, event: QEvent) -> bool:
        """Say in full what a narrow block cannot."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self._at(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), found.tip if found else "", self)
            return True
        return super().event(event)

    # ---- painting ----

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt passes it
        """Days, bags, marks, and what the marks mean."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._picture is not None:
            self._paint_days(painter, self._picture)
            if self._large:
                self._paint_names(painter)
                self._paint_storage(painter, self._picture)
                self._paint_gaps(painter, self._picture)
            self._paint_blocks(painter, self._picture)
            self._paint_marks(painter, self._picture)
            self._paint_changes(painter, self._picture)
            self._paint_legend(painter)
        elif self._waiting:
            painter.setPen(theme.colour("quiet"))
            painter.setFont(theme.font())
            painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self._waiting)
        painter.end()

    def _paint_days(self, painter: QPainter, picture: Picture) -> None:
        line = theme.px(_LINE)
        bottom = self._legend_top()
        painter.setFont(theme.font())
        metrics = QFontMetricsF(theme.font())
        wide = max(metrics.horizontalAdvance(day.weekday) for day in picture.days) + theme.px(4)
        for day in picture.days:
            left, right = self._x(day.start), self._x(day.end)
            if day.weekend:
                painter.fillRect(QRectF(left, line, right - left, bottom - line), theme.colour("shade"))
            painter.setPen(QPen(theme.colour("hair"), 1))
            painter.drawLine(QPointF(left, line), QPointF(left, bottom))
            painter.setPen(theme.colour("text"))
            if day.month:
                painter.drawText(QPointF(left + 3, metrics.ascent()), day.month)
            painter.setPen(theme.colour("quiet"))
            weekday = day.weekday if right - left >= wide else day.weekday[:1]
            centre = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(QRectF(left, line, right - left, line), centre, weekday)
            painter.setPen(theme.colour("text"))
            painter.drawText(QRectF(left, 2 * line, right - left, line), centre, str(day.number))

    def _paint_names(self, painter: QPainter) -> None:
        """The lanes by name."""
        painter.setFont(theme.font())
        painter.setPen(theme.colour("quiet"))
        storage = self._block_top() - self._storage_top() - theme.px(_AIR)
        for name, top, height in (
            (_("Sessions"), theme.px(_HEAD), theme.px(_SESSIONS)),
            (_("Storage"), self._storage_top(), max(storage, theme.px(_LINE))),
            (_("Infusion"), self._block_top(), theme.px(_BLOCK)),
            (_("Long gap"), self._last_top(), theme.px(_LANE)),
        ):
            middle, half = top + height / 2, theme.px(_LINE) / 2  # a lane may be lower than its name
            painter.drawText(QRectF(0, middle - half, theme.px(_NAMES), 2 * half), Qt.AlignmentFlag.AlignVCenter, name)

    def _paint_storage(self, painter: QPainter, picture: Picture) -> None:
        """A line from preparation to connection, refrigerated meanwhile; bags of one session below each other."""
        painter.setPen(Qt.PenStyle.NoPen)
        for block in picture.blocks:
            top = self._storage_top() + theme.px(_AIR) / 2 + block.row * theme.px(_STORED)
            left, right = self._x(block.prepared), self._x(block.start)
            painter.setBrush(theme.colour("blue" if block.number == self._chosen else "line"))
            painter.drawRect(QRectF(left, top, max(right - left, 2.0), theme.px(_STORED - 3)))

    def _paint_gaps(self, painter: QPainter, picture: Picture) -> None:
        """Hatched: a bag lost here leaves a long gap."""
        for begin, end in picture.gaps:
            box = QRectF(self._x(begin), self._last_top() + 2, self._x(end) - self._x(begin), theme.px(_LANE) - 4)
            _hatch(painter, box)

    def _paint_blocks(self, painter: QPainter, picture: Picture) -> None:
        top, height = self._block_top(), theme.px(_BLOCK)
        bold, plain, per_hour = theme.font(bold=True), theme.font(), _("mL/hour")
        for block in picture.blocks:
            chosen = block.number == self._chosen
            box = QRectF(self._x(block.start), top, self._x(block.end) - self._x(block.start), height)
            width = 2.0 if chosen else 1.0
            painter.setPen(QPen(theme.colour("blue" if chosen else "text"), width))
            painter.setBrush(theme.colour("chosen" if chosen else "surface"))
            painter.drawRect(box.adjusted(width, width / 2, -width, -width / 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme.colour("text"))
            inner = box.adjusted(theme.px(5), theme.px(3), -theme.px(3), -theme.px(3))
            half = inner.height() / 2
            number = str(block.number)
            for font, texts, y in (
                (bold, (f"{number} · {block.kind}", number), inner.top()),
                (
                    bold if block.rate_changed else plain,
                    (f"{block.rate} {per_hour}", block.rate),
                    inner.top() + half,
                ),
            ):
                metrics = QFontMetricsF(font)
                fitting = next((text for text in texts if metrics.horizontalAdvance(text) <= inner.width()), "")
                painter.setFont(font)
                painter.drawText(
                    QRectF(inner.left(), y, inner.width() + 2, half), Qt.AlignmentFlag.AlignVCenter, fitting
                )

    def _paint_marks(self, painter: QPainter, picture: Picture) -> None:
        """Below the start of a bag a diamond where the rate changes, and a circle where the change is off hours."""
        y = self._marks_top() + theme.px(_LANE) / 2
        for block in picture.blocks:
            x = self._x(block.start)
            if block.rate_changed:
                _diamond(painter, QPointF(x, y))
            if block.off_hours:
                _circle(painter, QPointF(x + (theme.px(12) if block.rate_changed else 0), y))
        for visit in picture.sessions:
            self._paint_session(painter, visit)

    def _paint_session(self, painter: QPainter, visit: Visit) -> None:
        x = self._x(visit.at)
        if not self._large:
            _triangle(painter, QPointF(x, self._last_top() + theme.px(_LANE) / 2))
            return
        middle = theme.px(_HEAD) + theme.px(_SESSIONS) / 2
        _triangle(painter, QPointF(x, middle))
        painter.setFont(theme.font(bold=True))
        painter.setPen(theme.colour("text"))
        box = QRectF(x + theme.px(8), theme.px(_HEAD), theme.px(40), theme.px(_SESSIONS))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, str(visit.number))

    def _paint_changes(self, painter: QPainter, picture: Picture) -> None:
        metrics = QFontMetricsF(theme.font(bold=True))
        painter.setFont(theme.font(bold=True))
        for second, label in picture.changes:
            x = self._x(second)
            painter.setPen(QPen(theme.colour("text"), theme.px(1.5), Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, theme.px(_LINE)), QPointF(x, self._legend_top()))
            painter.setPen(theme.colour("text"))
            width = metrics.horizontalAdvance(label)
            left = min(max(0.0, x - width / 2), self.width() - width)
            painter.fillRect(QRectF(left - 4, 0, width + 8, metrics.height()), theme.colour("window"))
            painter.drawText(QPointF(left, metrics.ascent()), label)

    def _legend_left(self) -> float:
        return float(theme.px(_NAMES if self._large else 6))

    def _legend_rows(self) -> list[list[_Entry]]:
        """What the marks mean, of those that are there: in rows that fit the width."""
        picture = self._picture
        if picture is None:
            return [[]]
        entries: list[_Entry] = [(_triangle, _("session in the preparation unit"))]
        if any(block.rate_changed for block in picture.blocks):
            entries.append((_diamond, _("pump rate changes")))
        if any(block.off_hours for block in picture.blocks):
            entries.append((_circle, _("change off hours")))
        if self._large and picture.gaps:
            entries.append((_hatched, _("a bag lost here leaves a long gap")))
        entries.append((None, _("weekends shaded; rates in mL/hour")))
        metrics, x = QFontMetricsF(theme.font()), self._legend_left()
        rows: list[list[_Entry]] = [[]]
        for entry in entries:
            wide = theme.px(_SIGN) + metrics.horizontalAdvance(entry[1])
            if rows[-1] and x + wide > self.width():
                rows.append([])
                x = self._legend_left()
            rows[-1].append(entry)
            x += wide + theme.px(_BETWEEN)
        return rows

    def _paint_legend(self, painter: QPainter) -> None:
        metrics = QFontMetricsF(theme.font())
        painter.setFont(theme.font())
        for place, row in enumerate(self._legend_rows()):
            middle = self._legend_top() + theme.px(_LANE) / 2 + theme.px(1) + place * theme.px(_LINE)
            x = self._legend_left()
            for draw, words in row:
                if draw is not None:
                    draw(painter, QPointF(x, middle))
                    x += theme.px(_SIGN)
                painter.setPen(theme.colour("quiet"))
                painter.drawText(QPointF(x, middle + metrics.ascent() / 2 - theme.px(2)), words)
                x += theme.px(_BETWEEN) + metrics.horizontalAdvance(words)


def _circle(painter: QPainter, centre: QPointF) -> None:
    painter.setPen(QPen(theme.colour("text"), theme.px(1.5)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(centre, theme.px(4.5), theme.px(4.5))


def _triangle(painter: QPainter, centre: QPointF) -> None:
    size = theme.px(5)
    _fill(painter, [(0, -size), (size, size * 0.8), (-size, size * 0.8)], centre)


def _diamond(painter: QPainter, centre: QPointF) -> None:
    size = theme.px(5)
    _fill(painter, [(0, -size), (size, 0), (0, size), (-size, 0)], centre)


def _fill(painter: QPainter, corners: Sequence[tuple[float, float]], centre: QPointF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("text"))
    painter.drawPolygon(QPolygonF([centre + QPointF(x, y) for x, y in corners]))


def _hatched(painter: QPainter, centre: QPointF) -> None:
    size = theme.px(5)
    _hatch(painter, QRectF(centre.x() - size, centre.y() - size, 2 * size, 2 * size))


def _hatch(painter: QPainter, box: QRectF) -> None:
    painter.setPen(QPen(theme.colour("text"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.fillRect(box, theme.colour("surface"))
    painter.save()
    painter.setClipRect(box)
    step, at = theme.px(4), box.left() - box.height()
    while at < box.right():
        painter.drawLine(QPointF(at, box.bottom()), QPointF(at + box.height(), box.top()))
        at += step
    painter.restore()
    painter.drawRect(box)


def paint_strip(painter: QPainter, box: QRectF, picture: Picture, ink: QColor, ground: QColor | None) -> None:
    """A whole course in one row of a table: sessions above, storage in the middle, infusion below.

    Args:
        painter: of the table.
        box: the cell.
        picture: of a plan.
        ink: of everything that is drawn.
        ground: of weekends; None where the row has a colour of its own.
    """

    def x(second: int) -> float:
        return box.left() + (second - picture.begin) * box.width() / (picture.end - picture.begin)

    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setPen(Qt.PenStyle.NoPen)
    if ground is not None:
        for day in picture.days:
            if day.weekend:
                painter.fillRect(QRectF(x(day.start), box.top(), x(day.end) - x(day.start), box.height()), ground)
    third = box.height() / 3
    for block in picture.blocks:
        stored = QRectF(x(block.prepared), box.top() + 1.3 * third, max(1.0, x(block.start) - x(block.prepared)), 1.5)
        painter.fillRect(stored, ink)
        bag = QRectF(x(block.start), box.top() + 2 * third, x(block.end) - x(block.start) - 1, third - 1)
        painter.setPen(QPen(ink, 1))
        painter.setBrush(ink if block.rate_changed else Qt.BrushStyle.NoBrush)
        painter.drawRect(bag)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    for visit in picture.sessions:
        painter.drawEllipse(QPointF(x(visit.at), box.top() + third * 0.6), theme.px(2.5), theme.px(2.5))
    painter.restore()


def picture_of(plan: Plan) -> Picture:
    """What is painted of a plan that has bags."""
    from dosing_app.core.quantities import magnitude, print_number
    from dosing_app.wording.figures import when

    assert plan.bags is not None
    assert plan.order is not None
    off_hours = {number for each in plan.findings if each.code == "off-hours" for number in each.bags}
    blocks = []
    free: list[int] = []  # per row, when its last bag is connected
    for bag in plan.bags:
        rate = print_number(magnitude(bag.rate, "mL/h"))
        prepared, start = bag.prepared.timestamp(), bag.start.timestamp()
        row = next((row for row, until in enumerate(free) if until <= prepared), len(free))
        free[row : row + 1] = [start]
        blocks.append(
            Block(
                bag.number,
                prepared,
                start,
                bag.end.timestamp(),
                row,
                bag.kind,
                rate,
                bag.number in off_hours,
                bag.rate_changed,
                _("Bag {number}, {kind}, {rate} mL/hour, {start} to {end}").format(
                    number=bag.number, kind=bag.kind, rate=rate, start=when(bag.start_local), end=when(bag.end_local)
                ),
            )
        )
    said = _("{bags} bags from {start} to {end}. The table in Prepare lists them.").format(
        bags=len(blocks), start=when(plan.bags[0].start_local), end=when(plan.bags[-1].end_local)
    )
    sessions = tuple(
        Visit(
            session.number,
            session.at.timestamp(),
            session.vials,
            _("Session {number}, {when}: bags {bags}").format(
                number=session.number, when=when(session.at_local), bags=", ".join(map(str, session.bags))
            ),
        )
        for session in plan.sessions or ()
    )
    return Picture(_days(plan), tuple(blocks), sessions, _gaps(plan), _clock_changes(plan), said)


def _days(plan: Plan) -> tuple[Day, ...]:
    """The days from the first connection to the last take-down; the first session may lie before them."""
    from whenever import PlainDateTime

    from dosing_app.wording.calendar_words import months, weekdays

    assert plan.bags is not None
    assert plan.order is not None
    zone = plan.order.zone
    days: list[Day] = []
    first = min(bag.prepared for bag in plan.bags)
    midnight, last = min(first, plan.bags[0].start).to_tz(zone).start_of("day"), plan.bags[-1].end
    while midnight.to_instant() < last:
        tomorrow = midnight.date().add(days=1)
        # where the clock goes forward at midnight the day begins at one
        following = PlainDateTime(tomorrow.year, tomorrow.month, tomorrow.day).assume_tz(zone)
        weekday = midnight.date().day_of_week().value
        days.append(
            Day(
                midnight.timestamp(),
                following.timestamp(),
                weekdays()[weekday - 1],
                midnight.day,
                f"{months()[midnight.month - 1]} {midnight.year}" if not days or midnight.day == 1 else "",
                weekday > 5,  # noqa: PLR2004 - Saturday and Sunday
            )
        )
        midnight = following
    return tuple(days)


def _gaps(plan: Plan) -> tuple[tuple[int, int], ...]:
    from whenever import ZonedDateTime

    return tuple(
        (ZonedDateTime.parse_iso(gap.begin_local).timestamp(), ZonedDateTime.parse_iso(gap.end_local).timestamp())
        for gap in plan.long_gaps or ()
    )


def _clock_changes(plan: Plan) -> tuple[tuple[int, str], ...]:
    from whenever import ZonedDateTime

    changes = []
    for text in plan.clock_changes or ():
        moment = ZonedDateTime.parse_iso(text)
        before = moment.subtract(hours=1)
        minutes = int(moment.offset.total("minutes") - before.offset.total("minutes"))
        sign = "+" if minutes > 0 else "−"
        size = f"{abs(minutes) / 60:g}\u00a0h" if abs(minutes) >= 60 else f"{abs(minutes)}\u00a0min"  # noqa: PLR2004
        changes.append((moment.timestamp(), _("clock {change}").format(change=f"{sign}{size}")))
    return tuple(changes)
