"""The infant on the WHO curves: the fastest way for a person to see a slip. Readable without colour."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from dosing_app.ui import theme
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from dosing_app.course.plan import GrowthPicture

_APART = 0.8  # of a line between labels
_ROOM = 1.06  # of the height for the highest and lowest line


class GrowthCharts(QWidget):
    """Three charts side by side: weight for age, length for age, weight for length."""

    def __init__(self, height: int) -> None:
        """Nothing to show yet."""
        super().__init__()
        self._pictures: Sequence[GrowthPicture] = ()
        self._titles: list[str] = []
        self._drawn: dict[str, tuple[tuple[object, ...], object, QPixmap]] = {}  # what the curves were drawn for
        self.setMinimumHeight(theme.px(height))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(_("Growth"))

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self._pictures

    def show_pictures(self, pictures: Sequence[GrowthPicture], said: str) -> None:
        """Draw these; `said` is the same in words. Without it the charts say between which lines the infant is."""
        if list(pictures) == list(self._pictures):
            return
        self._pictures = pictures
        self.setAccessibleDescription(said or ", ".join(map(_place_said, pictures)))
        if pictures:
            from dosing_app.wording.sentences import index_name

            self._titles = [index_name(picture.index) for picture in pictures]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Each chart in its third."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        gap = theme.px(16)
        width = (self.width() - 2 * gap) / 3
        for at, picture in enumerate(self._pictures):
            self._chart(painter, QRectF(at * (width + gap), 0, width, self.height()), picture, self._titles[at])
        painter.end()

    def _chart(self, painter: QPainter, area: QRectF, picture: GrowthPicture, title: str) -> None:
        metrics = QFontMetrics(theme.font())
        line, numbers = metrics.height(), metrics.horizontalAdvance("+3")
        plot = QRectF(0, 0, area.width(), area.height()).adjusted(
            1, line + theme.px(2), -numbers - theme.px(6), -theme.px(2)
        )
        xs = [float(x) for curve in picture.curves.values() for x, _y in (curve[0], curve[-1])]
        xs += [float(x) for x, _y in picture.points]
        ys = [float(y) for curve in picture.curves.values() for _x, y in curve] + [float(y) for _x, y in picture.points]
        if not xs or not ys:
            return
        left, right, low, high = min(xs), max(xs), min(ys), max(ys)
        middle, half = (low + high) / 2, (high - low) / 2 * _ROOM or 1

        def place(x: float, y: float) -> QPointF:
            across = plot.left() + (x - left) / ((right - left) or 1) * plot.width()
            return QPointF(across, plot.bottom() - (y - middle + half) / (2 * half) * plot.height())

        # the curves are drawn once: a keystroke moves the infant alone
        key = (
            area.width(),
            area.height(),
            left,
            right,
            low,
            high,
            theme.colour("text").name(),
            self.devicePixelRatioF(),
        )
        kept = self._drawn.get(title)
        if kept is None or kept[0] != key or kept[1] is not picture.curves:
            kept = self._drawn[title] = (key, picture.curves, self._curves(picture, plot, place, title, area))
        painter.drawPixmap(area.topLeft(), kept[2])
        painter.save()
        painter.translate(area.topLeft())
        painter.setClipRect(plot)
        self._points(painter, [place(float(x), float(y)) for x, y in picture.points])
        painter.restore()

    def _curves(
        self, picture: GrowthPicture, plot: QRectF, place: Callable[[float, float], QPointF], title: str, area: QRectF
    ) -> QPixmap:
        """All of a chart that is the same for every infant of that sex."""
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(round(area.width() * ratio), round(area.height() * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font())
        painter.setPen(theme.colour("quiet"))
        line = painter.fontMetrics().height()
        painter.drawText(QRectF(0, 0, area.width(), line), Qt.AlignmentFlag.AlignLeft, title)
        painter.setPen(QPen(theme.colour("hair"), 1))
        painter.setBrush(theme.colour("surface"))
        painter.drawRect(plot)
        painter.save()
        painter.setClipRect(plot)
        outermost = list(picture.curves)
        for z, curve in picture.curves.items():
            painter.setPen(_pen(z, limit=z in {outermost[0], outermost[-1]}))
            painter.drawPolyline(QPolygonF([place(float(x), float(y)) for x, y in curve]))
        painter.restore()
        painter.setPen(theme.colour("quiet"))
        lowest = plot.bottom() + line
        for z, sign in (("-3", "−3"), ("0", "0"), ("3", "+3")):
            curve = picture.curves.get(z, ())
            if not curve:
                continue
            end = place(float(curve[-1][0]), float(curve[-1][1])).y() + line / 4
            if lowest - end >= line * _APART:  # a label that would lie on the one below is left out
                painter.drawText(QPointF(plot.right() + theme.px(4), end), sign)
                lowest = end
        painter.end()
        return pixmap

    def _points(self, painter: QPainter, points: list[QPointF]) -> None:
        """The infant as a ring with a dot, earlier points joined to it."""
        painter.setPen(QPen(theme.colour("text"), theme.px(1)))
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(theme.colour("text"))
        for point in points[:-1]:
            painter.drawEllipse(point, theme.px(2), theme.px(2))
        painter.setPen(QPen(theme.colour("surface"), theme.px(2)))
        painter.drawEllipse(points[-1], theme.px(5), theme.px(5))


def _place_said(picture: GrowthPicture) -> str:
    """Between which lines of its chart the infant is, in words: where an order is refused there are no scores."""
    from dosing_app.wording.sentences import index_name

    x, y = picture.points[-1]
    signs = {z: f"{'−' if z.startswith('-') else '+' if z != '0' else ''}{z.removeprefix('-')}" for z in picture.curves}
    below = [signs[z] for z, curve in picture.curves.items() if _height(curve, x) <= y]
    above = [signs[z] for z, curve in picture.curves.items() if _height(curve, x) > y]
    name = index_name(picture.index)
    if not below:
        return _("{index} below the line {z}").format(index=name, z=above[0])
    if not above:
        return _("{index} above the line {z}").format(index=name, z=below[-1])
    return _("{index} between the lines {low} and {high}").format(index=name, low=below[-1], high=above[0])


def _height(curve: Sequence[tuple[Decimal, Decimal]], x: Decimal) -> Decimal:
    """How high a drawn curve is; beyond its ends as high as at them."""
    for (left, low), (right, high) in pairwise(curve):
        if left <= x < right:
            return low + (high - low) * (x - left) / (right - left)
    return curve[0][1] if x < curve[0][0] else curve[-1][1]


def _pen(z: str, *, limit: bool) -> QPen:
    """Median heavy, ±1 and ±2 thin, ±3 dashed, limits of refusal heavy and dotted: told apart without colour."""
    if limit:
        return QPen(theme.colour("red"), theme.px(2), Qt.PenStyle.DotLine)
    if z == "0":
        return QPen(theme.colour("line"), theme.px(2))
    style = Qt.PenStyle.DashLine if z in {"-3", "3"} else Qt.PenStyle.SolidLine
    return QPen(theme.colour("line" if z in {"-3", "3"} else "hair"), 1, style)
