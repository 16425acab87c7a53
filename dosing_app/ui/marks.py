"""The marks of findings, drawn: a ring for refused, a triangle for a reason needed. No font glyphs, no green."""

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from dosing_app.ui import theme

SIZE = 14


def draw_mark(painter: QPainter, tier: str, box: QRectF, colour: str = "") -> None:
    """Draw the mark of a tier into a box, in its own colour or in another one of the theme."""
    from PySide6.QtCore import Qt  # a costly namespace, used after the first paint only

    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(theme.colour(colour or ("red" if tier == "refuse" else "amber")), box.width() / 7)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inner = box.adjusted(pen.widthF(), pen.widthF(), -pen.widthF(), -pen.widthF())
    if tier == "refuse":
        painter.drawEllipse(inner)
    elif tier == "justify":
        painter.drawPolygon(
            QPolygonF([QPointF(inner.center().x(), inner.top()), inner.bottomRight(), inner.bottomLeft()])
        )
    painter.restore()


class Mark(QWidget):
    """A mark of its own, beside the word."""

    def __init__(self, tier: str = "", parent: QWidget | None = None) -> None:
        """The mark of a tier; nothing for an empty one."""
        super().__init__(parent)
        self._tier = tier
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """A square about as high as a letter."""
        return QSize(theme.px(SIZE), theme.px(SIZE))

    def show_tier(self, tier: str) -> None:
        """Change the mark."""
        if tier != self._tier:
            self._tier = tier
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt passes it
        """Draw it."""
        painter = QPainter(self)
        draw_mark(painter, self._tier, QRectF(self.rect()))
        painter.end()
