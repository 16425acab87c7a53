"""What an eye finds in a window: contrasts and differences, measured from its picture and not from its colours."""

import sys
from collections import Counter
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QTabBar,
    QTableWidget,
    QWidget,
)

TEXT, SHAPE = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11
_FRAME = 3  # of a button or field, not of its text
_FEWEST = 6  # of a text's width or height that is seen; less is not read but cut off by a page that scrolls


# ---- colours ----


@cache
def luminance(colour: int) -> float:
    """Relative luminance of a colour 0xRRGGBB."""

    def part(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    return 0.2126 * part(colour >> 16 & 255) + 0.7152 * part(colour >> 8 & 255) + 0.0722 * part(colour & 255)


def contrast(one: int, other: int) -> float:
    """From 1, the same, to 21, black and white."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


class Picture:
    """A window as it is seen."""

    def __init__(self, window: QWidget, part: QRect | None = None) -> None:
        image = window.grab(part or window.rect()).toImage().convertToFormat(QImage.Format.Format_RGB32)
        self.rect = image.rect()
        self._stride = image.bytesPerLine() // 4
        self._pixels = memoryview(bytes(image.constBits())).cast("I")

    def row(self, y: int, left: int, right: int) -> memoryview:
        """The pixels from left to before right."""
        start = y * self._stride
        return self._pixels[start + left : start + right]

    def colours(self, rect: QRect) -> Counter[int]:
        """How many pixels of a part have which colour."""
        found: Counter[int] = Counter()
        rect &= self.rect
        for y in range(rect.top(), rect.bottom() + 1):
            found.update(self.row(y, rect.left(), rect.right() + 1))
        return Counter({colour & 0xFFFFFF: count for colour, count in found.items()})

    def text_contrast(self, rect: QRect) -> float:
        """Of the most visible pixel of a text against the ground it stands on; its edges are smoothed."""
        found = self.colours(rect)
        if not found:
            return 21.0
        ground = found.most_common(1)[0][0]
        return max(contrast(colour, ground) for colour in found)

    def difference(self, other: "Picture", least: float) -> int:
        """How many pixels differ from another picture by a contrast."""
        count = 0
        for y in range(self.rect.height()):
            mine, theirs = self.row(y, 0, self.rect.width()), other.row(y, 0, self.rect.width())
            if mine == theirs:
                continue
            count += sum(
                a != b and contrast(a & 0xFFFFFF, b & 0xFFFFFF) >= least for a, b in zip(mine, theirs, strict=True)
            )
        return count


# ---- where texts stand ----


class Recorder(QPainter):
    """A painter that notes where it writes: what is drawn by hand has no parts to ask."""

    seen: list[tuple[QWidget, str, QRectF]]
    kept: dict[int, list[tuple[str, QRectF]]]

    def __init__(self, *device: object) -> None:
        super().__init__(*device)
        self._device = device[0] if device else None
        self._mine: list[tuple[str, QRectF]] = []

    def begin(self, device: object) -> bool:
        self._device = device
        return super().begin(device)

    def drawText(self, *given: object) -> object:
        text = next(each for each in reversed(given) if isinstance(each, str))
        first = given[0]
        if isinstance(first, QRectF | QRect):
            box = self.boundingRect(QRectF(first), int(given[1]), text) & QRectF(first)
        else:
            at = QPointF(first) if isinstance(first, QPointF | QPoint) else QPointF(first, given[1])
            box = QFontMetricsF(self.font()).tightBoundingRect(text).translated(at)
        self._note(text, self.transform().mapRect(box))
        return super().drawText(*given)

    def drawPixmap(self, *given: object) -> object:
        pixmap = next(each for each in given if isinstance(each, QPixmap))
        at = QRectF(given[0]).topLeft() if isinstance(given[0], QRectF | QRect) else QPointF(given[0])
        for text, box in self.kept.get(pixmap.cacheKey(), ()):
            self._note(text, self.transform().mapRect(box.translated(at)))
        return super().drawPixmap(*given)

    def _note(self, text: str, box: QRectF) -> None:
        if isinstance(self._device, QWidget):
            self.seen.append((self._device, text, box))
        else:
            self._mine.append((text, box))

    def end(self) -> bool:
        done = super().end()
        if isinstance(self._device, QPixmap):
            self.kept[self._device.cacheKey()] = self._mine
        return done


def record(monkeypatch) -> type[Recorder]:
    """Let every painter of the window note where it writes."""

    class Fresh(Recorder):
        seen, kept = [], {}

    for name, module in list(sys.modules.items()):
        if name.startswith("dosing_app.ui") and isinstance(module, ModuleType) and hasattr(module, "QPainter"):
            monkeypatch.setattr(module, "QPainter", Fresh)
    return Fresh


def _cells(view: QAbstractItemView) -> list[tuple[str, QRect]]:
    model, found = view.model(), []
    for row in range(model.rowCount()):
        for column in range(view.columnCount() if isinstance(view, QTableWidget) else 1):
            index = model.index(row, column)
            text = index.data()
            if isinstance(text, str) and text.strip():
                found.append((text, view.visualRect(index).translated(view.viewport().pos())))
    return found


def _headers(header: QHeaderView) -> list[tuple[str, QRect]]:
    model, found = header.model(), []
    for at in range(header.count()):
        text = model.headerData(at, header.orientation())
        size = QSize(header.sectionSize(at), header.height())
        if text and not header.isHidden():
            # the line below a header is none of its text
            rect = QRect(QPoint(header.sectionViewportPosition(at), 0), size)
            found.append((str(text), rect.adjusted(1, 1, -2, -_FRAME)))
    return found


def _inside(widget: QWidget, left: int = 0, right: int = 0) -> QRect:
    """A widget without its frame."""
    return widget.rect().adjusted(_FRAME + left, _FRAME, -_FRAME - right, -_FRAME)


# What is read of a widget, and where; the first kind that fits. Marks beside a text and lines below it are left out.
_READ: tuple[tuple[type | tuple[type, ...], Callable[[Any], list[tuple[str, QRect]]]], ...] = (
    (QLabel, lambda each: [(each.text(), each.contentsRect())]),
    ((QRadioButton, QCheckBox), lambda each: [(each.text(), _inside(each, left=24))]),
    (QPushButton, lambda each: [(each.text(), _inside(each, left=2))]),
    (QLineEdit, lambda each: [(each.text() or each.placeholderText(), _inside(each))]),
    (QComboBox, lambda each: [("" if each.isEditable() else each.currentText(), _inside(each, right=24))]),
    (QPlainTextEdit, lambda each: [(each.toPlainText(), _inside(each))]),
    (QHeaderView, _headers),
    (QAbstractItemView, _cells),
    (QTabBar, lambda bar: [(bar.tabText(at), bar.tabRect(at).adjusted(2, 2, -2, -4)) for at in range(bar.count())]),
    (QMenuBar, lambda bar: [(each.text(), bar.actionGeometry(each)) for each in bar.actions()]),
    (QMenu, lambda menu: [(each.text(), menu.actionGeometry(each)) for each in menu.actions() if each.isEnabled()]),
)


def _texts_of(widget: QWidget) -> list[tuple[str, QRect]]:
    """Texts of one widget with their places in it."""
    read = next((read for kind, read in _READ if isinstance(widget, kind)), None)
    return read(widget) if read else []


def _seen(widget: QWidget, box: QRect, top: QWidget) -> QRect:
    """What is seen of a part of a widget, in the window's measure."""
    region = widget.visibleRegion().boundingRect()
    if isinstance(widget, QAbstractItemView) and not isinstance(widget, QHeaderView):
        region &= widget.viewport().geometry()
    part = box & region
    return QRect(widget.mapTo(top, part.topLeft()), part.size())


def texts(top: QWidget, recorder: type[Recorder]) -> list[tuple[str, QRect]]:
    """Every text that can be seen and acted on, with its place in the window."""
    found = []
    for widget in (each for each in (top, *top.findChildren(QWidget)) if each.isVisible() and each.isEnabled()):
        for text, box in _texts_of(widget):
            place = _seen(widget, box, top)
            if text.strip() and place.width() >= _FEWEST and place.height() >= _FEWEST:
                found.append((text, place))
    for widget, text, box in recorder.seen:
        if not text.strip() or not widget.isVisible() or not (top is widget or top.isAncestorOf(widget)):
            continue
        place = _seen(widget, box.toAlignedRect(), top)
        if place.width() >= _FEWEST and place.height() >= _FEWEST:
            found.append((text, place))
    return found


def pale(top: QWidget, recorder: type[Recorder]) -> list[tuple[str, float]]:
    """Texts that do not stand out: what they say and their contrast."""
    recorder.seen.clear()
    picture = Picture(top)
    measured = {(text, round(picture.text_contrast(place), 2)) for text, place in texts(top, recorder)}
    return sorted((each for each in measured if each[1] < TEXT), key=lambda each: each[1])


# ---- outlines and focus ----


def outline(picture: Picture, widget: QWidget, top: QWidget) -> float:
    """Contrast of a widget's outline against what is around it, at the middle of its left edge."""
    at = widget.mapTo(top, QPoint(0, widget.height() // 2))
    line = [each & 0xFFFFFF for each in picture.row(at.y(), max(at.x() - 3, 0), at.x() + 4)]
    return max(contrast(each, line[0]) for each in line)


def focusable(top: QWidget) -> list[QWidget]:
    """What Tab comes to: seen, enabled and meant for it."""
    found = []
    for widget in top.findChildren(QWidget):
        wanted = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isVisibleTo(top) and widget.isEnabled()
        if wanted and widget.focusProxy() is None and widget.window() is top:
            found.append(widget)
    return found
