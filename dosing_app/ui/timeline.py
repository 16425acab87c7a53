"""The course as a picture: days at the bed's wall clock, bags as blocks, sessions as triangles below."""

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
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from dosing_app.ui import theme
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from dosing_app.course.plan import Plan

_HEAD, _BLOCK, _LANE = 3 * 16 + 2, 38, 13  # heights: month, weekday and day; bags; one lane of marks


@dataclass(frozen=True, slots=True)
class _Day:
    """One day at the bed, from midnight to midnight, in seconds since 1970."""

    start: int
    end: int
    weekday: str
    number: int
    month: str  # where it must be said: on the first day and on the first of a month
    weekend: bool


@dataclass(frozen=True, slots=True)
class _Block:
    """A bag from connection to take-down."""

    number: int
    start: int
    end: int
    kind: str
    rate: str
    off_hours: bool
    tip: str


@dataclass(frozen=True, slots=True)
class _Picture:
    """All that is painted, worked out once for each plan."""

    days: tuple[_Day, ...]
    blocks: tuple[_Block, ...]
    sessions: tuple[int, ...]
    changes: tuple[tuple[int, str], ...]
    said: str


class Timeline(QWidget):
    """Paints a plan; a click picks a bag."""

    picked = Signal()

    def __init__(self) -> None:
        """Empty."""
        super().__init__()
        self._picture: _Picture | None = None
        self._chosen = 0
        self.picked_number = 0
        self.setAccessibleName(_("Timeline"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As high as its lanes, as wide as it is given."""
        return QSize(theme.px(560), theme.px(_HEAD + _BLOCK + 3 * _LANE + 2))

    def minimumSizeHint(self) -> QSize:
        """The same: a lower one would clip."""
        return self.sizeHint()

    def show_plan(self, plan: Plan | None) -> None:
        """Show the bags of a plan; nothing without any."""
        picture = _picture(plan) if plan is not None and plan.bags else None
        if picture == self._picture:
            return  # most keystrokes move no bag
        self._picture = picture
        self.setAccessibleDescription(self._picture.said if self._picture else "")
        self.update()

    @property
    def empty(self) -> bool:
        """Whether nothing is shown."""
        return self._picture is None

    def choose(self, number: int) -> None:
        """Outline a bag."""
        if number != self._chosen:
            self._chosen = number
            self.update()

    # ---- the mouse ----

    def _at(self, x: float, y: float) -> _Block | None:
        if self._picture is None or not theme.px(_HEAD) <= y <= theme.px(_HEAD + _BLOCK):
            return None
        for block in self._picture.blocks:
            if self._x(block.start) <= x < self._x(block.end):
                return block
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick the bag under the mouse."""
        block = self._at(event.position().x(), event.position().y())
        if block:
            self.picked_number = block.number
            self.picked.emit()

    def event(self, event: QEvent) -> bool:
        """Say in full what a narrow block cannot."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            block = self._at(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), block.tip if block else "", self)
            return True
        return super().event(event)

    # ---- painting ----

    def _x(self, second: int) -> float:
        assert self._picture is not None
        first, last = self._picture.days[0].start, self._picture.days[-1].end
        return 1 + (second - first) * (self.width() - 2) / (last - first)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt passes it
        """Days, bags, marks, and what the marks mean."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._picture is not None:
            self._paint_days(painter, self._picture)
            self._paint_blocks(painter, self._picture)
            self._paint_marks(painter, self._picture)
            self._paint_changes(painter, self._picture)
            self._paint_legend(painter, self._picture)
        painter.end()

    def _paint_days(self, painter: QPainter, picture: _Picture) -> None:
        line = theme.px(16)
        bottom = theme.px(_HEAD + _BLOCK + 2 * _LANE)
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

    def _paint_blocks(self, painter: QPainter, picture: _Picture) -> None:
        top, height = theme.px(_HEAD), theme.px(_BLOCK)
        bold, plain = theme.font(bold=True), theme.font()
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
                (plain, (f"{block.rate} mL/hour", block.rate), inner.top() + half),
            ):
                metrics = QFontMetricsF(font)
                fitting = next((text for text in texts if metrics.horizontalAdvance(text) <= inner.width()), "")
                painter.setFont(font)
                painter.drawText(
                    QRectF(inner.left(), y, inner.width() + 2, half), Qt.AlignmentFlag.AlignVCenter, fitting
                )

    def _paint_marks(self, painter: QPainter, picture: _Picture) -> None:
        circles = theme.px(_HEAD + _BLOCK) + theme.px(_LANE) / 2
        for block in picture.blocks:
            if block.off_hours:
                self._circle(painter, QPointF(self._x(block.start), circles))
        for second in picture.sessions:
            self._triangle(painter, QPointF(self._x(second), circles + theme.px(_LANE)))

    def _circle(self, painter: QPainter, centre: QPointF) -> None:
        painter.setPen(QPen(theme.colour("text"), theme.px(1.5)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, theme.px(4.5), theme.px(4.5))

    def _triangle(self, painter: QPainter, centre: QPointF) -> None:
        size = theme.px(5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("text"))
        painter.drawPolygon(
            QPolygonF(
                [centre + QPointF(0, -size), centre + QPointF(size, size * 0.8), centre + QPointF(-size, size * 0.8)]
            )
        )

    def _paint_changes(self, painter: QPainter, picture: _Picture) -> None:
        metrics = QFontMetricsF(theme.font(bold=True))
        painter.setFont(theme.font(bold=True))
        for second, label in picture.changes:
            x = self._x(second)
            painter.setPen(QPen(theme.colour("text"), theme.px(1.5), Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, theme.px(16)), QPointF(x, theme.px(_HEAD + _BLOCK + 2 * _LANE)))
            painter.setPen(theme.colour("text"))
            width = metrics.horizontalAdvance(label)
            left = min(max(0.0, x - width / 2), self.width() - width)
            painter.fillRect(QRectF(left - 4, 0, width + 8, metrics.height()), theme.colour("window"))
            painter.drawText(QPointF(left, metrics.ascent()), label)

    def _paint_legend(self, painter: QPainter, picture: _Picture) -> None:
        """What the marks mean, of those that are there."""
        metrics = QFontMetricsF(theme.font())
        painter.setFont(theme.font())
        middle = theme.px(_HEAD + _BLOCK + 2 * _LANE) + theme.px(_LANE) / 2 + theme.px(1)
        x = float(theme.px(6))
        entries = [(self._triangle, _("session in the preparation unit"))]
        if any(block.off_hours for block in picture.blocks):
            entries.append((self._circle, _("change off hours")))
        for draw, words in entries:
            draw(painter, QPointF(x, middle))
            painter.setPen(theme.colour("quiet"))
            painter.drawText(QPointF(x + theme.px(10), middle + metrics.ascent() / 2 - theme.px(2)), words)
            x += theme.px(34) + metrics.horizontalAdvance(words)
        painter.setPen(theme.colour("quiet"))
        words = _("weekends shaded; rates in mL/hour")
        painter.drawText(QPointF(x - theme.px(6), middle + metrics.ascent() / 2 - theme.px(2)), words)


def _picture(plan: Plan) -> _Picture:
    """What is painted of a plan."""
    from whenever import PlainDateTime, ZonedDateTime

    from dosing_app.core.clock import WEEKDAYS
    from dosing_app.core.quantities import magnitude, print_number
    from dosing_app.wording.figures import MONTHS, when

    assert plan.bags is not None
    assert plan.order is not None
    zone = plan.order.zone
    days: list[_Day] = []
    midnight, last = plan.bags[0].start.to_tz(zone).start_of("day"), plan.bags[-1].end
    while midnight.to_instant() < last:
        tomorrow = midnight.date().add(days=1)
        # where the clock goes forward at midnight the day begins at one
        following = PlainDateTime(tomorrow.year, tomorrow.month, tomorrow.day).assume_tz(zone)
        weekday = midnight.date().day_of_week().value
        days.append(
            _Day(
                midnight.timestamp(),
                following.timestamp(),
                WEEKDAYS[weekday - 1],
                midnight.day,
                f"{MONTHS[midnight.month - 1]} {midnight.year}" if not days or midnight.day == 1 else "",
                weekday > 5,  # noqa: PLR2004 - Saturday and Sunday
            )
        )
        midnight = following
    off_hours = {number for each in plan.findings if each.code == "off-hours" for number in each.bags}
    blocks = []
    for bag in plan.bags:
        rate = print_number(magnitude(bag.rate, "mL/h"))
        blocks.append(
            _Block(
                bag.number,
                bag.start.timestamp(),
                bag.end.timestamp(),
                bag.kind,
                rate,
                bag.number in off_hours,
                _("Bag {number}, {kind}, {rate} mL/hour, {start} to {end}").format(
                    number=bag.number, kind=bag.kind, rate=rate, start=when(bag.start_local), end=when(bag.end_local)
                ),
            )
        )
    changes = []
    for text in plan.clock_changes or ():
        moment = ZonedDateTime.parse_iso(text)
        before = moment.subtract(hours=1)
        minutes = int(moment.offset.total("minutes") - before.offset.total("minutes"))
        sign = "+" if minutes > 0 else "−"
        size = f"{abs(minutes) / 60:g}\u00a0h" if abs(minutes) >= 60 else f"{abs(minutes)}\u00a0min"  # noqa: PLR2004
        changes.append((moment.timestamp(), _("clock {change}").format(change=f"{sign}{size}")))
    said = _("{bags} bags from {start} to {end}. The table in Prepare lists them.").format(
        bags=len(blocks), start=when(plan.bags[0].start_local), end=when(plan.bags[-1].end_local)
    )
    sessions = tuple(session.at.timestamp() for session in plan.sessions or ())
    return _Picture(tuple(days), tuple(blocks), sessions, tuple(changes), said)
