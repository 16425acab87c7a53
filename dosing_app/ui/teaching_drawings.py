"""What picture tasks show: a syringe to be read, a pump to be set, a bag with what is left in it. Drawn, and heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from dosing_app.ui import theme
from dosing_app.ui.teaching_parts import rounded
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dosing_app.teaching.picture_task import BagPicture, SyringePicture

_BARREL = (64, 40)  # top of the barrel, and its height
_LONG, _SHORT = 18, 10  # marks with a number, and the others


class _Drawing(QWidget):
    """A picture of a fixed height."""

    def __init__(self, height: int) -> None:
        super().__init__()
        self._height = height
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(theme.px(400), theme.px(self._height))

    def minimumSizeHint(self) -> QSize:
        """Below this marks cannot be told apart."""
        return QSize(theme.px(300), theme.px(self._height))

    def _show_as(self, name: str, said: str) -> None:
        """Draw anew under a name; where nothing is to be said, there is nothing to be seen."""
        self.setAccessibleName(name)
        self.setAccessibleDescription(said)
        self.setVisible(bool(said))
        self.update()


class SyringeDrawing(_Drawing):
    """A syringe lying, tip to the left, with its graduation; the stopper covers some marks."""

    def __init__(self) -> None:
        """Nothing yet."""
        super().__init__(128)
        self._drawn: SyringePicture | None = None

    def show_syringe(self, drawn: SyringePicture | None) -> None:
        """Show a syringe; it is heard without its volume."""
        self._drawn = drawn
        self._show_as(_("Picture of a syringe"), drawn.said if drawn else "")

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt passes it
        """Tip, barrel, liquid, stopper, plunger, marks and numbers."""
        from dosing_app.wording.figures import number

        drawn = self._drawn
        if drawn is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font())
        metrics = QFontMetricsF(theme.font())
        left, right = theme.px(48), self.width() * 0.78
        top, high = theme.px(_BARREL[0]), theme.px(_BARREL[1])
        middle = top + high / 2

        def place(volume: float) -> float:
            return left + (right - left) * volume / float(drawn.holds)

        ink = theme.colour("text")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("chosen"))
        painter.drawRect(QRectF(left, top, place(float(drawn.at)) - left, high))
        painter.setPen(QPen(ink, theme.px(2)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(left, top, right - left + theme.px(12), high))
        painter.drawPolyline(
            QPolygonF(
                [
                    QPointF(left, middle - theme.px(5)),
                    QPointF(theme.px(12), middle - theme.px(4)),
                    QPointF(theme.px(12), middle + theme.px(4)),
                    QPointF(left, middle + theme.px(5)),
                ]
            )
        )
        front, rear = place(float(drawn.at)), place(float(drawn.at + drawn.stopper))
        painter.drawLine(QPointF(rear, middle), QPointF(self.width() - theme.px(20), middle))
        end = self.width() - theme.px(20)
        painter.drawLine(QPointF(end, middle - theme.px(18)), QPointF(end, middle + theme.px(18)))
        painter.setBrush(theme.colour("quiet"))
        painter.setPen(QPen(ink, theme.px(1)))
        painter.drawRect(QRectF(front, top + 1, rear - front, high - 2))
        marks = round(float(drawn.holds / drawn.mark))
        centre = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
        for at in range(marks + 1):
            x, long = place(float(drawn.mark) * at), at % drawn.between == 0
            painter.setPen(QPen(ink, theme.px(2) if long else max(1.0, theme.px(1))))
            painter.drawLine(QPointF(x, top), QPointF(x, top - theme.px(_LONG if long else _SHORT)))
            if long and at:
                box = QRectF(x - theme.px(24), 0, theme.px(48), top - theme.px(_LONG + 3))
                painter.drawText(box, centre, number(drawn.mark * at))
        painter.setPen(theme.colour("quiet"))
        painter.drawText(QPointF(left, top + high + metrics.lineSpacing()), "mL")
        painter.end()


class PumpDrawing(_Drawing):
    """A pump whose display shows what is typed, before it is marked."""

    def __init__(self) -> None:
        """An empty display."""
        super().__init__(148)
        self._lines: Sequence[tuple[str, str]] = ()

    def show_lines(self, lines: Sequence[tuple[str, str]]) -> None:
        """Show names and what is set; nothing for none."""
        self._lines = tuple(lines)
        self._show_as(_("Picture of a pump"), ", ".join(f"{name} {text}" for name, text in lines))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt passes it
        """A box, a display with two lines, a row of keys."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(1, 1, min(self.width() - 2, theme.px(420)), self.height() - 2)
        painter.setPen(QPen(theme.colour("text"), theme.px(2)))
        painter.setBrush(theme.colour("shade"))
        rounded(painter, box, 10)
        display = box.adjusted(theme.px(16), theme.px(12), -theme.px(16), -theme.px(44))
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("surface"))
        rounded(painter, display)
        row = display.height() / max(1, len(self._lines))
        beside = int(Qt.AlignmentFlag.AlignVCenter)
        for at, (name, text) in enumerate(self._lines):
            line = QRectF(display.left() + theme.px(12), display.top() + at * row, display.width() - theme.px(24), row)
            painter.setPen(theme.colour("quiet"))
            painter.setFont(theme.font())
            painter.drawText(line, beside, name)
            painter.setPen(theme.colour("text"))
            painter.setFont(theme.font(theme.HEADING, bold=True))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, round(line.width() * 0.62))
            painter.drawText(line, beside | int(Qt.AlignmentFlag.AlignRight), shown)
        painter.setPen(QPen(theme.colour("line"), theme.px(1.5)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for at in range(6):
            x = display.left() + theme.px(24) + at * (display.width() - theme.px(48)) / 5
            painter.drawEllipse(QPointF(x, box.bottom() - theme.px(22)), theme.px(10), theme.px(10))
        painter.end()


class BagDrawing(_Drawing):
    """A hanging bag with the level of what is in it."""

    def __init__(self) -> None:
        """Nothing yet."""
        super().__init__(176)
        self._drawn: BagPicture | None = None

    def show_bag(self, drawn: BagPicture | None) -> None:
        """Show a bag."""
        from dosing_app.wording.figures import number

        self._drawn = drawn
        said = _("It holds {left} of {total} mL.")
        told = said.format(left=number(drawn.left, 1), total=number(drawn.total, 1)) if drawn else ""
        self._show_as(_("Picture of a bag"), told)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt passes it
        """The bag, its level, and what is left in words."""
        from dosing_app.wording.figures import number

        drawn = self._drawn
        if drawn is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(theme.px(24), theme.px(18), theme.px(104), theme.px(124))
        share = float(drawn.left / drawn.total)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("chosen"))
        full = box.adjusted(theme.px(2), theme.px(20), -theme.px(2), -theme.px(2))
        level = full.bottom() - share * full.height()
        painter.drawRect(QRectF(full.left(), level, full.width(), full.bottom() - level))
        painter.setPen(QPen(theme.colour("text"), theme.px(2)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        rounded(painter, box, 12)
        painter.drawEllipse(QPointF(box.center().x(), theme.px(10)), theme.px(6), theme.px(6))
        painter.drawLine(QPointF(box.center().x(), box.bottom()), QPointF(box.center().x(), self.height()))
        painter.drawLine(QPointF(full.left(), level), QPointF(box.right() + theme.px(14), level))
        painter.setFont(theme.font(theme.FIELD, bold=True))
        words = _("{left} mL").format(left=number(drawn.left, 1))
        painter.drawText(QPointF(box.right() + theme.px(20), level + theme.px(5)), words)
        painter.end()
