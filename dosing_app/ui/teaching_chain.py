"""The way from the infant to the pump as a picture: six places, the present one lit, what was found so far below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dosing_app.ui import theme
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NO_BREAK_SPACE = "\u00a0"
_PLACES = ("infant", "bsa", "dose", "bag", "syringe", "pump")
_ICON = 40  # high, of the sketch
_EDGE, _ANY_HEIGHT = 2, 10_000  # px, beside the words of a place; more than their lines take
_MIDDLE = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
_WRAPPED = int(Qt.TextFlag.TextWordWrap)
_LEAST, _LARGEST = 120, 1.4  # width of a place at plain type; how far the type grows


class TeachingChain(QWidget):
    """infant → BSA → dose → bag → syringe → pump."""

    def __init__(self) -> None:
        """No place is lit."""
        super().__init__()
        self._names: Mapping[str, str] = {}
        self._lit = ""
        self._found: Mapping[str, str] = {}
        self._scale = self._wanted = 1.0
        self._lines = 2  # below a name
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def lit(self) -> str:
        """The place that is lit; empty for none."""
        return self._lit

    def show_place(self, lit: str, found: Mapping[str, str], scale: float = 1) -> None:
        """Light a place, and write what was found at each so far.

        Args:
            lit: a place, or nothing.
            found: texts by place; a place without one has not been reached.
            scale: of the type; 1 on a desk.
        """
        from dosing_app.teaching.derivation import place_name

        self._names = {place: place_name(place) for place in _PLACES}
        self._lit, self._found, self._wanted = lit, dict(found), scale
        self._fit()
        here = self._names.get(lit, "")
        self.setAccessibleName(_("From the infant to the pump; here: {place}").format(place=here))
        self.setAccessibleDescription(", ".join(f"{self._names[place]} {text}" for place, text in found.items()))
        self.updateGeometry()
        self.update()

    def _fit(self) -> None:
        """As large as was asked for, and as six places leave room for."""
        room = self.width() / len(_PLACES) / theme.px(_LEAST)
        self._scale = max(1.0, min(self._wanted, _LARGEST, room))
        self._lines = max(2 if room > 1 else 3, *map(self._lines_of, _PLACES))

    def _lines_of(self, place: str) -> int:
        """How many lines what was found at a place takes."""
        metrics = QFontMetricsF(self._font(bold=place == self._lit))
        wide = self.width() / len(_PLACES) - 2 * _EDGE
        box = metrics.boundingRect(QRectF(0, 0, wide, _ANY_HEIGHT), _MIDDLE | _WRAPPED, self._words(place, metrics))
        return round(box.height() / metrics.lineSpacing())

    def _words(self, place: str, metrics: QFontMetricsF) -> str:
        """What was found at a place; parted from its unit only where both have no room in one line."""
        text = self._found.get(place, "")
        if max(map(metrics.horizontalAdvance, text.split(" "))) > self.width() / len(_PLACES) - 2 * _EDGE:
            return text.replace(NO_BREAK_SPACE, " ")
        return text

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrower picture has smaller type."""
        super().resizeEvent(event)
        before = self._scale, self._lines
        self._fit()
        if (self._scale, self._lines) != before:
            self.updateGeometry()

    def _px(self, length: float) -> int:
        return theme.px(length * self._scale)

    def _font(self, *, bold: bool = False) -> QFont:
        return theme.font(round(theme.TEXT * self._scale), bold=bold)

    def sizeHint(self) -> QSize:
        """Icons, their words, and some lines of what was found."""
        line = QFontMetricsF(self._font()).lineSpacing()
        return QSize(theme.px(600), round(self._px(_ICON + 24) + (1 + self._lines) * line))

    def minimumSizeHint(self) -> QSize:
        """So that no place touches the next."""
        return QSize(theme.px(470), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt passes it
        """Each place in its sixth, arrows between."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide = self.width() / len(_PLACES)
        for at, place in enumerate(_PLACES):
            self._paint_place(painter, QRectF(at * wide, 0, wide, self.height()), place)
            if at:
                self._paint_arrow(painter, QPointF(at * wide, self._px(_ICON / 2 + 8)))
        painter.end()

    def _paint_arrow(self, painter: QPainter, middle: QPointF) -> None:
        painter.setPen(QPen(theme.colour("line"), max(1.5, self._px(1.5))))
        half = self._px(12)
        end = middle + QPointF(half, 0)
        painter.drawLine(middle - QPointF(half, 0), end)
        for side in (-1, 1):
            painter.drawLine(end, end + QPointF(-self._px(5), side * self._px(4)))

    def _paint_place(self, painter: QPainter, area: QRectF, place: str) -> None:
        """A lit place is filled, has a bold word and a thick frame: seen without colour too."""
        lit = place == self._lit
        side = self._px(_ICON + 10)
        box = QRectF(area.center().x() - side * 0.75, self._px(3), side * 1.5, side)
        painter.setPen(QPen(theme.colour("training" if lit else "hair"), self._px(3) if lit else 1))
        painter.setBrush(theme.colour("training" if lit else "surface"))
        painter.drawRoundedRect(box, self._px(5), self._px(5))
        ink = theme.colour("surface" if lit else "text" if place in self._found else "line")
        painter.setPen(QPen(ink, max(1.6, self._px(1.8)), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.save()
        painter.translate(box.center())
        painter.scale(self._px(_ICON) / 100, self._px(_ICON) / 100)
        pen = painter.pen()
        pen.setCosmetic(True)
        painter.setPen(pen)
        _DRAWINGS[place](painter)
        painter.restore()
        metrics = QFontMetricsF(self._font(bold=lit))
        painter.setFont(self._font(bold=lit))
        painter.setPen(theme.colour("text" if lit or place in self._found else "quiet"))
        top = box.bottom() + self._px(3)
        painter.drawText(QRectF(area.left(), top, area.width(), metrics.height()), _MIDDLE, self._names.get(place, ""))
        painter.setFont(self._font(bold=lit))
        rest = area.adjusted(_EDGE, 0, -_EDGE, 0)
        rest.setTop(top + metrics.height())
        painter.drawText(rest, _MIDDLE | _WRAPPED, self._words(place, metrics))


# Drawn on a field from −50 to 50, both ways.


def _infant(painter: QPainter) -> None:
    painter.drawEllipse(QPointF(0, -28), 17, 17)
    body = QPainterPath(QPointF(0, -10))
    body.cubicTo(QPointF(30, -4), QPointF(26, 40), QPointF(0, 44))
    body.cubicTo(QPointF(-26, 40), QPointF(-30, -4), QPointF(0, -10))
    painter.drawPath(body)
    painter.drawLine(QPointF(-23, 8), QPointF(-42, -6))
    painter.drawLine(QPointF(23, 8), QPointF(42, -6))


def _area(painter: QPainter) -> None:
    painter.drawRect(QRectF(-38, -38, 76, 76))
    painter.drawLine(QPointF(-38, 0), QPointF(38, 0))
    painter.drawLine(QPointF(0, -38), QPointF(0, 38))


def _dose(painter: QPainter) -> None:
    drop = QPainterPath(QPointF(0, -44))
    drop.cubicTo(QPointF(40, 6), QPointF(34, 44), QPointF(0, 44))
    drop.cubicTo(QPointF(-34, 44), QPointF(-40, 6), QPointF(0, -44))
    painter.drawPath(drop)


def _bag(painter: QPainter) -> None:
    painter.drawRoundedRect(QRectF(-30, -40, 60, 66), 12, 12)
    painter.drawLine(QPointF(-30, -12), QPointF(30, -12))
    painter.drawLine(QPointF(0, 26), QPointF(0, 46))
    painter.drawEllipse(QPointF(0, -46), 4, 4)


def _syringe(painter: QPainter) -> None:
    painter.drawRect(QRectF(-30, -14, 60, 28))
    painter.drawLine(QPointF(30, 0), QPointF(52, 0))
    painter.drawLine(QPointF(-4, -14), QPointF(-4, 14))
    painter.drawLine(QPointF(-4, 0), QPointF(-50, 0))
    painter.drawLine(QPointF(-50, -12), QPointF(-50, 12))
    for x in (8, 16, 24):
        painter.drawLine(QPointF(x, 14), QPointF(x, 4))


def _pump(painter: QPainter) -> None:
    painter.drawRoundedRect(QRectF(-42, -34, 84, 68), 8, 8)
    painter.drawRect(QRectF(-30, -22, 60, 24))
    for x in (-20, 0, 20):
        painter.drawEllipse(QPointF(x, 18), 6, 6)
    painter.drawPolyline(QPolygonF([QPointF(-22, -10), QPointF(-4, -10)]))


_DRAWINGS: dict[str, Callable[[QPainter], None]] = {
    "infant": _infant,
    "bsa": _area,
    "dose": _dose,
    "bag": _bag,
    "syringe": _syringe,
    "pump": _pump,
}
