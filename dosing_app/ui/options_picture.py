"""The options as a picture: vials across, sessions upwards. The table beside it says the same, and more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dosing_app.ui import theme
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIZE = 168  # wide
_LEFT, _BOTTOM, _TOP = 34, 36, 20  # room for the figures and names of the axes
_RADIUS = 9  # of a mark
_STEPS = {
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
}


@dataclass(frozen=True, slots=True)
class Point:
    """One option: what it counts, and whether it holds a preservative, which gives it another shape."""

    vials: int
    sessions: int
    preserved: bool
    said: str


class OptionsPicture(QWidget):
    """One mark for each option with its row number; arrow keys and the mouse select, Enter takes."""

    picked = Signal()
    taken = Signal()

    def __init__(self) -> None:
        """No options yet."""
        super().__init__()
        self._points: tuple[Point, ...] = ()
        self._chosen = -1
        self.setAccessibleName(_("Picture of the options: vials across, sessions upwards"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """A small square."""
        return QSize(theme.px(_SIZE), theme.px(_SIZE))

    def minimumSizeHint(self) -> QSize:
        """Below this the marks lie on each other."""
        return QSize(theme.px(_SIZE), theme.px(130))

    @property
    def chosen(self) -> int:
        """The index of the selected option; -1 for none."""
        return self._chosen

    def show_points(self, points: Sequence[Point], chosen: int) -> None:
        """Show these."""
        self._points = tuple(points)
        self._chosen = -1
        self.choose(chosen)
        self.update()

    def choose(self, index: int) -> None:
        """Select an option."""
        if index != self._chosen:
            self._chosen = index
            said = self._points[index].said if 0 <= index < len(self._points) else ""
            self.setAccessibleDescription(said)
            self.update()

    # ---- keys and mouse ----

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows select the next option by number; Enter takes the selected one."""
        step = _STEPS.get(Qt.Key(event.key()))
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._points:
            self.taken.emit()
        elif step and 0 <= self._chosen + step < len(self._points):
            self._pick(self._chosen + step)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the mark under the mouse."""
        for index, centre in enumerate(self._centres()):
            if (event.position() - centre).manhattanLength() <= 2 * theme.px(_RADIUS):
                self._pick(index)
                return

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the focus is."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """No longer."""
        super().focusOutEvent(event)
        self.update()

    def _pick(self, index: int) -> None:
        self.choose(index)
        self.picked.emit()

    # ---- painting ----

    def _plot(self) -> QRectF:
        right = theme.px(_RADIUS + 5)
        return QRectF(self.rect()).adjusted(theme.px(_LEFT), theme.px(_TOP), -right, -theme.px(_BOTTOM))

    def _ranges(self) -> tuple[int, int, int, int]:
        vials = [point.vials for point in self._points]
        sessions = [point.sessions for point in self._points]
        return min(vials), max(vials), min(sessions), max(sessions)

    def _place(self, vials: float, sessions: float) -> QPointF:
        """Where a pair of counts stands; half a step of air at each end."""
        plot = self._plot()
        fewest, most, least, largest = self._ranges()
        across = (vials - fewest + 0.5) / (most - fewest + 1)
        upwards = (sessions - least + 0.5) / (largest - least + 1)
        return QPointF(plot.left() + across * plot.width(), plot.bottom() - upwards * plot.height())

    def _centres(self) -> list[QPointF]:
        """The middle of each mark; those with equal counts side by side."""
        centres = []
        for index, point in enumerate(self._points):
            alike = [
                at
                for at, other in enumerate(self._points)
                if (other.vials, other.sessions) == (point.vials, point.sessions)
            ]
            step = min(2 * theme.px(_RADIUS) + 1, self._plot().width() / max(1, len(alike)))
            aside = (alike.index(index) - (len(alike) - 1) / 2) * step
            centre = self._place(point.vials, point.sessions) + QPointF(aside, 0)
            plot = self._plot()
            centre.setX(min(max(centre.x(), plot.left() + theme.px(_RADIUS)), plot.right()))
            centres.append(centre)
        return centres

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt passes it
        """Axes, marks, focus."""
        if not self._points:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_axes(painter)
        for index, centre in enumerate(self._centres()):
            self._paint_mark(painter, index, centre)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("blue"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.end()

    def _paint_axes(self, painter: QPainter) -> None:
        plot = self._plot()
        fewest, most, least, largest = self._ranges()
        painter.setFont(theme.font())
        metrics = QFontMetricsF(theme.font())
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        painter.drawLine(plot.bottomLeft(), plot.topLeft())
        centre = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        beside = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for vials in _ticks(fewest, most, int(plot.width() // theme.px(22))):
            at = self._place(vials, least)
            painter.setPen(theme.colour("text"))
            painter.drawText(QRectF(at.x() - 20, plot.bottom() + 2, 40, metrics.height()), centre, str(vials))
        for sessions in _ticks(least, largest, int(plot.height() // theme.px(18))):
            at = self._place(fewest, sessions)
            painter.setPen(QPen(theme.colour("hair"), 1))
            painter.drawLine(QPointF(plot.left() + 1, at.y()), QPointF(plot.right(), at.y()))
            painter.setPen(theme.colour("text"))
            half = metrics.height() / 2
            painter.drawText(QRectF(0, at.y() - half, plot.left() - 5, 2 * half), beside, str(sessions))
        painter.setPen(theme.colour("quiet"))
        painter.drawText(QPointF(theme.px(4), metrics.ascent() + 2), _("Sessions"))
        below = QRectF(plot.left(), self.height() - metrics.height() - 2, plot.width(), metrics.height())
        painter.drawText(below, int(Qt.AlignmentFlag.AlignRight), _("Vials"))

    def _paint_mark(self, painter: QPainter, index: int, centre: QPointF) -> None:
        """A disc with the number of the option; a square where it is preserved; filled where it is selected."""
        radius = theme.px(_RADIUS)
        chosen = index == self._chosen
        painter.setPen(QPen(theme.colour("blue" if chosen else "text"), theme.px(2 if chosen else 1)))
        painter.setBrush(theme.colour("blue" if chosen else "surface"))
        box = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
        if self._points[index].preserved:
            painter.drawRect(box)
        else:
            painter.drawEllipse(box)
        painter.setFont(theme.font(bold=chosen))
        painter.setPen(theme.colour("on_blue" if chosen else "text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(index + 1))


def _ticks(first: int, last: int, most: int) -> range:
    """Whole numbers with a figure, as many as have room."""
    step = 1
    while (last - first) // step + 1 > max(1, most):
        step += 1
    return range(first, last + 1, step)
