"""Layouts for large letters: what has no room side by side goes below, and a page scrolls down, never sideways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFrame, QLayout, QScrollArea, QSizePolicy, QSpacerItem, QWidget

from dosing_app.ui import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QResizeEvent
    from PySide6.QtWidgets import QLayoutItem


_BETWEEN = 8  # lines, at most
_NARROWEST, _LOWEST = 320, 160  # of a page that scrolls
_FRAME = 4  # px: two at each side, where it shows that it has the focus


class _Reflow(QLayout):
    """What both layouts share: their items, and a height that follows from the width."""

    def __init__(self, spacing: int) -> None:
        super().__init__()
        self.setContentsMargins(0, 0, 0, 0)
        self._gap = theme.px(spacing)
        self._least_height = False
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:
        """Keep an item."""
        self._items.append(item)

    def count(self) -> int:
        """How many there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]  # Qt takes none for an answer
        """One of them."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]  # Qt takes none for an answer
        """Give one of them away."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        """A narrow one is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """How high it is at a width."""
        around = self._around()
        return self._place(QRect(0, 0, width - around.width(), 0), move=False) + around.height()

    def minimumHeightForWidth(self, width: int) -> int:
        """How low it can be at a width."""
        self._least_height = True
        try:
            return self.heightForWidth(width)
        finally:
            self._least_height = False

    def _height(self, item: QLayoutItem, width: int) -> int:
        """How high an item wants to be at a width, or how low it can be."""
        least = item.minimumSize().height()
        if self._least_height:
            return max(item.minimumHeightForWidth(width), least) if item.hasHeightForWidth() else least
        return max(item.heightForWidth(width), least) if item.hasHeightForWidth() else item.sizeHint().height()

    def setGeometry(self, rect: QRect) -> None:
        """Put everything in its place."""
        super().setGeometry(rect)
        self._place(rect.marginsRemoved(self.contentsMargins()), move=True)

    def sizeHint(self) -> QSize:
        """With its margins."""
        return self._wanted() + self._around()

    def minimumSize(self) -> QSize:
        """The widest part alone, with its margins."""
        sizes = [each.minimumSize() for each in self._shown()]
        widest = QSize(
            max((each.width() for each in sizes), default=0), max((each.height() for each in sizes), default=0)
        )
        return widest + self._around()

    def _around(self) -> QSize:
        margins = self.contentsMargins()
        return QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _wanted(self) -> QSize:
        raise NotImplementedError

    def _shown(self) -> list[QLayoutItem]:
        return [each for each in self._items if not each.isEmpty() or each.spacerItem() is not None]

    def _place(self, rect: QRect, *, move: bool) -> int:
        raise NotImplementedError


class Flow(_Reflow):
    """Parts one after another, as words in lines; what grows takes the room that is left in its line."""

    def __init__(self, spacing: int = 8) -> None:
        """Empty, with a gap of the sketch between parts and between lines."""
        super().__init__(spacing)
        self._growing: list[QLayoutItem] = []

    def add(self, *widgets: QWidget, grow: bool = False) -> None:
        """Parts in their order; `grow` gives them the rest of their line."""
        for widget in widgets:
            self.addWidget(widget)
            if grow:
                self._growing.append(self._items[-1])

    def push(self) -> None:
        """What comes after goes to the end of its line."""
        self.addItem(QSpacerItem(0, 0, QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum))
        self._growing.append(self._items[-1])

    def _wanted(self) -> QSize:
        """All in one line."""
        shown = self._shown()
        width = sum(each.sizeHint().width() for each in shown) + self._gap * max(0, len(shown) - 1)
        return QSize(width, max((each.sizeHint().height() for each in shown), default=0))

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        used = 0
        for item in self._shown():
            wide = min(item.sizeHint().width(), width)
            if lines and used + self._gap + wide <= width:
                lines[-1].append(item)
                used += self._gap + wide
            else:
                lines.append([item])
                used = wide
        return lines

    def _place(self, rect: QRect, *, move: bool) -> int:
        top, between = rect.top(), min(self._gap, theme.px(_BETWEEN))
        for line in self._lines(rect.width()):
            widths = [min(each.sizeHint().width(), rect.width()) for each in line]
            growing = [at for at, each in enumerate(line) if each in self._growing]
            left = rect.width() - sum(widths) - self._gap * (len(line) - 1)
            for at in growing:
                widths[at] += max(0, left) // len(growing)
            heights = [self._height(each, width) for each, width in zip(line, widths, strict=True)]
            x = rect.left()
            for item, width, height in zip(line, widths, heights, strict=True):
                if move:
                    item.setGeometry(QRect(QPoint(x, top + (max(heights) - height) // 2), QSize(width, height)))
                x += width + self._gap
            top += max(heights) + between
        return max(0, top - between - rect.top())


class Beside(_Reflow):
    """Parts beside each other while each has room, else one below the other."""

    def __init__(self, *parts: QWidget | QLayout, shares: Sequence[int] = (), spacing: int = 16) -> None:
        """The parts from left to right.

        Args:
            parts: widgets or layouts.
            shares: of the room that they do not need, one for each; 0 for a part that stays narrow.
            spacing: of the sketch, between them.
        """
        super().__init__(spacing)
        self._shares: list[int] = []
        for part, share in zip(parts, shares, strict=True):
            self.add(part, share)

    def add(self, part: QWidget | QLayout, share: int) -> None:
        """One more part, right of the others."""
        self._shares.append(share)
        if isinstance(part, QLayout):
            self.addChildLayout(part)
            self._items.append(part)
        else:
            self.addWidget(part)

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]  # Qt takes none for an answer
        """Give one of them away, with its share."""
        if 0 <= index < len(self._shares):
            del self._shares[index]
        return super().takeAt(index)

    def _seen(self) -> list[tuple[QLayoutItem, int]]:
        return [(item, share) for item, share in zip(self._items, self._shares, strict=True) if not item.isEmpty()]

    def _least(self) -> list[int]:
        """What each must have beside the others: one without a share all that it wants."""
        return [(item.minimumSize() if share else item.sizeHint()).width() for item, share in self._seen()]

    def stacked(self, width: int) -> bool:
        """Whether a width is too little for all of them beside each other."""
        least = self._least()
        return sum(least) + self._gap * (len(least) - 1) > width

    def _wanted(self) -> QSize:
        """Beside each other."""
        sizes = [item.sizeHint() for item, _share in self._seen()]
        width = sum(each.width() for each in sizes) + self._gap * max(0, len(sizes) - 1)
        return QSize(width, max((each.height() for each in sizes), default=0))

    def _widths(self, width: int) -> list[int]:
        """Each as wide as its share, and none narrower than it can be."""
        seen = self._seen()
        least = self._least()
        room = width - self._gap * (len(seen) - 1)
        whole = sum(share for _item, share in seen) or 1
        free = room - sum(wide for wide, (_item, share) in zip(least, seen, strict=True) if not share)
        widths = [free * share // whole if share else wide for wide, (_item, share) in zip(least, seen, strict=True)]
        for at, wide in enumerate(least):  # what one lacks comes from the widest of the others
            lack = wide - widths[at]
            if lack > 0:
                other = max(
                    (each for each in range(len(seen)) if each != at), key=lambda part: widths[part] - least[part]
                )
                widths[at] += lack
                widths[other] -= lack
        return widths

    def _place(self, rect: QRect, *, move: bool) -> int:
        seen = [item for item, _share in self._seen()]
        if not seen:
            return 0
        if self.stacked(rect.width()):
            return self._stack(seen, rect, move=move)
        widths = self._widths(rect.width())
        tall = max(self._height(item, width) for item, width in zip(seen, widths, strict=True))
        if move:
            x = rect.left()
            for item, width in zip(seen, widths, strict=True):
                item.setGeometry(QRect(x, rect.top(), width, rect.height()))
                x += width + self._gap
        return tall

    def _stack(self, seen: Sequence[QLayoutItem], rect: QRect, *, move: bool) -> int:
        heights = [self._height(item, rect.width()) for item in seen]
        tall = sum(heights) + self._gap * (len(seen) - 1)
        if move:
            heights[0] += max(0, rect.height() - tall)
            y = rect.top()
            for item, height in zip(seen, heights, strict=True):
                item.setGeometry(QRect(rect.left(), y, rect.width(), height))
                y += height + self._gap
        return tall


def height_at(page: QWidget, width: int) -> int:
    """How high a page wants to be at a width."""
    return page.heightForWidth(width) if page.hasHeightForWidth() else page.sizeHint().height()


class LowPage(QWidget):
    """A page whose parts are made as low as they can be before it scrolls."""

    def heightForWidth(self, width: int) -> int:
        """The least height at a width."""
        layout = self.layout()
        return layout.totalMinimumHeightForWidth(width) if layout is not None else super().heightForWidth(width)


class Follow(QObject):
    """Keeps what has the focus in sight: wherever the program puts it, and when its area becomes smaller."""

    def __init__(self, area: QScrollArea) -> None:
        """Of the parts of an area."""
        super().__init__(area)
        self._area = area
        area.installEventFilter(self)
        QApplication.instance().focusChanged.connect(self._show)  # type: ignore[union-attr]  # there is one

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 - Qt passes it
        """Another size: once everything has its place."""
        if event.type() == QEvent.Type.Resize:
            QTimer.singleShot(0, self, lambda: self._show(None, QApplication.focusWidget()))
        return False

    def _show(self, _before: QWidget | None, now: QWidget | None) -> None:
        if QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            return  # what is being pressed must not move away
        if now is not None and now is not self._area and self._area.isAncestorOf(now):
            self._area.ensureWidgetVisible(now)


class DownScroll(QScrollArea):
    """A page that scrolls down where it is too tall, by keys of its own then, and follows the focus."""

    def __init__(self, page: QWidget, name: str) -> None:
        """Around a page, with a name for those who hear it."""
        super().__init__()
        theme.tone(page, "page")
        theme.tone(self, "reading")
        self.setAccessibleName(name)
        self.verticalScrollBar().rangeChanged.connect(self._offer_keys)
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        Follow(self)

    def _offer_keys(self, _least: int, most: int) -> None:
        """Tab comes here where there is something to scroll."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if most > 0 else Qt.FocusPolicy.NoFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys that scroll do so while they are here; those of a part in it are the page's."""
        bar = self.verticalScrollBar()
        to = {
            Qt.Key.Key_Up: bar.value() - bar.singleStep(),
            Qt.Key.Key_Down: bar.value() + bar.singleStep(),
            Qt.Key.Key_PageUp: bar.value() - bar.pageStep(),
            Qt.Key.Key_PageDown: bar.value() + bar.pageStep(),
            Qt.Key.Key_Home: bar.minimum(),
            Qt.Key.Key_End: bar.maximum(),
        }
        key = Qt.Key(event.key())
        if self.hasFocus() and key in to:
            bar.setValue(to[key])
        else:
            event.ignore()

    def show_from(self, first: QWidget) -> None:
        """Begin at the top. The keys go to `first` where that is in sight then, else to the page, which scrolls."""
        page = self.widget()
        layout = page.layout() if page is not None else None
        if page is None or layout is None:
            return
        around = self.parentWidget().layout() if self.parentWidget() is not None else None
        for each in (around, layout):
            if each is not None:
                each.activate()
        too_tall = page.heightForWidth(self.viewport().width()) > self.viewport().height()
        self.verticalScrollBar().setValue(0)
        if too_tall:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        (self if too_tall else first).setFocus()

    def show_top(self, part: QWidget) -> None:
        """Scroll a part to the top, as far as the page goes, once it has its place."""

        def scroll() -> None:
            page = self.widget()
            if page is not None and page.isAncestorOf(part) and part.isVisible():
                self.verticalScrollBar().setValue(part.mapTo(page, QPoint(0, 0)).y())
                if (focus := QApplication.focusWidget()) is not None and page.isAncestorOf(focus):
                    self.ensureWidgetVisible(focus)

        QTimer.singleShot(0, self, scroll)

    def minimumSizeHint(self) -> QSize:
        """The window may be narrower than a page wants before it has found out how wide it is."""
        return QSize(theme.px(_NARROWEST), theme.px(_LOWEST))


class FieldScroll(DownScroll):
    """As high as its page where there is room: what stands below comes right after it, and stays in sight."""

    def __init__(self, page: QWidget, name: str) -> None:
        """Around fields, with a name for those who hear it."""
        super().__init__(page, name)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:
        """All of the page."""
        page = self.widget()
        if page is None:
            return super().sizeHint()
        width = max(self.width(), page.minimumSizeHint().width())
        return QSize(width, height_at(page, width) + _FRAME)

    def minimumSizeHint(self) -> QSize:
        """As wide as the fields."""
        page = self.widget()
        least = super().minimumSizeHint()
        return least if page is None else QSize(page.minimumSizeHint().width() + _FRAME, least.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width: another height."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Other fields: another height."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
