"""The curve of the picture of the drug: hours across, pg per mL upwards, the measured level as a band."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from dosing_app.ui import theme
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dosing_app.teaching.drug_picture import Picture

_STEPS_ACROSS = (1, 2, 6, 12, 24, 48, 96, 168)  # hours between two figures below
_STEPS_UP = (50, 100, 200, 250, 500, 1000, 2000, 5000, 10000, 20000, 50000)
_ROOM = 1.1
_FIGURES = 12  # that fit below the axis


class DrugCurve(QWidget):
    """Drawn lines differ in form as well as in colour: the curve is whole and thick, the two levels are dashed."""

    def __init__(self) -> None:
        """Nothing yet."""
        super().__init__()
        self._picture: Picture | None = None
        self._part = (Decimal(0), Decimal(1))
        self._shaded: Sequence[tuple[Decimal, Decimal]] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def minimumSizeHint(self) -> QSize:
        """Enough to see a gap."""
        return QSize(theme.px(320), theme.px(200))

    def show_picture(
        self,
        picture: Picture | None,
        first: Decimal = Decimal(0),
        last: Decimal = Decimal(1),
        shaded: Sequence[tuple[Decimal, Decimal]] = (),
    ) -> None:
        """Show a part of a picture, or nothing.

        Args:
            picture: with its points.
            first: hour at the left.
            last: hour at the right.
            shaded: from and to which hour something is drawn in.
        """
        self._picture, self._part, self._shaded = picture, (first, last), shaded
        self.setAccessibleName(_("Expected concentration over the course; the table beside it says the same"))
        self.setAccessibleDescription(" ".join(picture.words) if picture else "")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt passes it
        """Axes, band, levels, curve."""
        picture = self._picture
        if picture is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font())
        line = QFontMetricsF(theme.font()).lineSpacing()
        first, last = map(float, self._part)
        seen = [(float(x), float(y)) for x, y in picture.points if self._part[0] <= x <= self._part[1]]
        top = max([y for _x, y in seen] + [float(picture.measured + picture.spread)]) * _ROOM
        plot = QRectF(self.rect()).adjusted(theme.px(52), line + theme.px(6), -theme.px(24), -2 * line - theme.px(4))

        def place(x: float, y: float) -> QPointF:
            across = plot.left() + (x - first) / (last - first) * plot.width()
            return QPointF(across, plot.bottom() - y / top * plot.height())

        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("surface"))
        painter.drawRect(plot)
        self._paint_axes(painter, plot, place, top, line)
        painter.save()
        painter.setClipRect(plot)
        low, high = float(picture.measured - picture.spread), float(picture.measured + picture.spread)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("shade"))
        painter.drawRect(QRectF(place(first, high), place(last, low)))
        pattern = painter.brush()
        pattern.setColor(theme.colour("training"))
        pattern.setStyle(Qt.BrushStyle.BDiagPattern)
        for start, end in self._shaded:
            painter.fillRect(QRectF(place(float(start), top), place(float(end), 0)), pattern)
        for level, style in ((picture.measured, Qt.PenStyle.DashLine), (picture.steady, Qt.PenStyle.DotLine)):
            painter.setPen(QPen(theme.colour("text"), theme.px(1.5), style))
            painter.drawLine(place(first, float(level)), place(last, float(level)))
        painter.setPen(QPen(theme.colour("training"), theme.px(3)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF([place(x, y) for x, y in seen]))
        painter.restore()
        self._paint_legend(painter, plot, line)
        painter.end()

    def _paint_axes(
        self, painter: QPainter, plot: QRectF, place: Callable[[float, float], QPointF], top: float, line: float
    ) -> None:
        first, last = map(float, self._part)
        step = next((each for each in _STEPS_ACROSS if (last - first) / each <= _FIGURES), _STEPS_ACROSS[-1])
        up = next((each for each in _STEPS_UP if top / each <= plot.height() / line / 2), _STEPS_UP[-1])
        middle = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        beside = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        hour = -(-int(first) // step) * step
        while hour <= last:
            at = place(hour, 0)
            painter.setPen(QPen(theme.colour("hair"), 1))
            painter.drawLine(at, place(hour, top))
            painter.setPen(theme.colour("text"))
            box = QRectF(at.x() - theme.px(24), plot.bottom() + theme.px(2), theme.px(48), line)
            painter.drawText(box, middle, str(hour))
            hour += step
        level = 0
        while level <= top:
            at = place(first, level)
            painter.setPen(QPen(theme.colour("hair"), 1))
            painter.drawLine(at, place(last, level))
            painter.setPen(theme.colour("text"))
            painter.drawText(QRectF(0, at.y() - line / 2, plot.left() - theme.px(6), line), beside, _grouped(level))
            level += up
        painter.setPen(theme.colour("quiet"))
        painter.drawText(QPointF(0, line - theme.px(3)), _("pg per mL"))
        below = QRectF(plot.left(), plot.bottom() + line + theme.px(2), plot.width(), line)
        painter.drawText(below, int(Qt.AlignmentFlag.AlignRight), _("hour of the course"))

    def _paint_legend(self, painter: QPainter, plot: QRectF, line: float) -> None:
        """The two levels, by their lines and in words; the band."""
        from dosing_app.wording.figures import number

        picture = self._picture
        assert picture is not None
        words = (
            (Qt.PenStyle.DotLine, _("expected {level}").format(level=number(picture.steady, 0))),
            (
                Qt.PenStyle.DashLine,
                _("measured {level} ± {spread} (band)").format(
                    level=number(picture.measured), spread=number(picture.spread)
                ),
            ),
        )
        x = plot.left() + theme.px(56)
        metrics = QFontMetricsF(theme.font())
        for style, text in words:
            painter.setPen(QPen(theme.colour("text"), theme.px(1.5), style))
            painter.drawLine(QPointF(x, line * 0.6), QPointF(x + theme.px(28), line * 0.6))
            painter.setPen(theme.colour("text"))
            painter.drawText(QPointF(x + theme.px(34), line - theme.px(3)), text)
            x += theme.px(34 + 24) + metrics.horizontalAdvance(text)


def _grouped(level: int) -> str:
    from dosing_app.wording.figures import number

    return number(Decimal(level))
