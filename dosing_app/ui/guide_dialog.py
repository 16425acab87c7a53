"""The guides in a window of their own: read from the program's own files, and nothing else is ever opened."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, QSizeF, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QImage,
    QKeySequence,
    QPainter,
    QResizeEvent,
    QShortcut,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QDialog, QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from dosing_app.reference.folder import resources_folder
from dosing_app.ui import theme
from dosing_app.ui.buttons import Button
from dosing_app.wording.language import _, spoken

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QTextBlock

GUIDES = ("pharmacist", "nurse", "trainer")
# Where the guide is opened, by the workspace that is seen: the guide, and which of its headings, 0 being its title.
# The guides of all languages have the same headings in the same order.
PLACES = {
    "order": ("pharmacist", 1),
    "prepare": ("pharmacist", 3),
    "check": ("pharmacist", 5),
    "administer": ("nurse", 1),
    "teach": ("trainer", 1),
}
_WIDTH, _HEIGHT = 960, 760
_MARGIN = 24
_ABOVE_HEADING, _BELOW, _BELOW_LINE = 20, 10, 4
_SETTLED = 150  # ms after the last change of size
_PICTURE = re.compile(r"pictures/[a-z0-9-]+\.png")


def guide_folder() -> Path:
    """The folder of the guides in the language that is spoken, and of their pictures."""
    return resources_folder() / "guide" / spoken()


def slug(heading: str) -> str:
    """A heading as links name it: "Enter an order" is enter-an-order."""
    return re.sub(r"[^\w-]", "", heading.lower().replace(" ", "-"))


class Browser(QTextBrowser):
    """Shows one guide; its pictures are no wider than the window."""

    def __init__(self) -> None:
        """Empty."""
        super().__init__()
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setAccessibleName(_("Guide"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # the room for pictures stays the same
        self.document().setDefaultFont(theme.font(theme.FIELD))
        self.document().setDocumentMargin(theme.px(_MARGIN))

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """A picture of the guide, as wide as there is room; nothing else."""
        wanted = QUrl(name).toString()
        if kind != QTextDocument.ResourceType.ImageResource.value or not _PICTURE.fullmatch(wanted):
            return None
        image = QImage(str(guide_folder() / wanted)).convertToFormat(QImage.Format.Format_RGB32)
        ratio = self.devicePixelRatioF()
        room = self.viewport().width() - 2 * theme.px(_MARGIN) - 1
        if image.width() > room * ratio:
            image = image.scaledToWidth(round(room * ratio), Qt.TransformationMode.SmoothTransformation)
            image.setDevicePixelRatio(ratio)
        painter = QPainter(image)
        painter.setPen(theme.colour("line"))
        painter.drawRect(QRectF(QPointF(), image.deviceIndependentSize() - QSizeF(1, 1)))
        painter.end()
        return image

    def show_text(self, text: str) -> None:
        """Show a text in Markdown, with room above headings and around pictures."""
        self.document().clear()
        self.setMarkdown(text)
        cursor, block = QTextCursor(self.document()), self.document().begin()
        while block.isValid():
            margins = QTextBlockFormat()
            listed = block.textList() is not None
            margins.setTopMargin(theme.px(_ABOVE_HEADING if block.blockFormat().headingLevel() else 0))
            margins.setBottomMargin(theme.px(_BELOW_LINE if listed else _BELOW))
            cursor.setPosition(block.position())
            cursor.mergeBlockFormat(margins)
            block = block.next()


class GuideDialog(QDialog):
    """One of the guides. Not modal: it stands beside what it explains."""

    def __init__(self, window: QWidget) -> None:
        """Nothing shown before `go`."""
        super().__init__(window)
        self.setWindowTitle(_("Guide"))
        self.name = ""
        self._before: list[tuple[str, int]] = []  # guides that were left, and how far they were scrolled
        self.browser = Browser()
        self.browser.anchorClicked.connect(self.follow)
        self.browser.verticalScrollBar().valueChanged.connect(self._note_top)
        self._width = self._top = 0  # for which the pictures are, and the block that stood at the top then
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLED)
        self._timer.timeout.connect(self._fit)
        self._lay_out()
        self.resize(QSize(theme.px(_WIDTH), theme.px(_HEIGHT)).boundedTo(self.screen().availableSize()))

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12))
        outer.setSpacing(theme.px(8))
        top = QHBoxLayout()
        top.setSpacing(theme.px(8))
        words = {"pharmacist": _("For &pharmacists"), "nurse": _("For &nurses"), "trainer": _("For &trainers")}
        self.guides = {name: Button(words[name], partial(self.go, name)) for name in GUIDES}
        self.back = Button(_("&Back"), self.go_back)
        self.close_button = Button(_("&Close"), self.close)
        for button in (*self.guides.values(), self.back):
            top.addWidget(button)
        top.addStretch(1)
        top.addWidget(self.close_button)
        outer.addLayout(top)
        outer.addWidget(self.browser, 1)
        QShortcut(QKeySequence("Alt+Left"), self).activated.connect(self.go_back)
        self.back.setEnabled(False)

    # ---- where it is ----

    def go(self, name: str, heading: str | int = 0) -> None:
        """Show a guide, from a heading on: named as in a link, or by its place among the headings."""
        if self.name:
            self._before.append((self.name, self.browser.verticalScrollBar().value()))
        self._show(name)
        self._scroll_to(heading)
        self.browser.setFocus()

    def go_back(self) -> None:
        """Where it was before the last link or button."""
        if self._before:
            name, scrolled = self._before.pop()
            self._show(name)
            self.browser.verticalScrollBar().setValue(scrolled)

    def follow(self, link: QUrl) -> None:
        """Go where a link of a guide leads: to a heading or to another guide. Other links lead nowhere."""
        name, heading = link.path().removesuffix(".md") or self.name, link.fragment()
        if not link.scheme() and not link.host() and name in GUIDES:
            self.go(name, heading)

    def _show(self, name: str) -> None:
        if name != self.name:
            self.name = name
            self._write()
        self.back.setEnabled(bool(self._before))

    def _write(self) -> None:
        text = (guide_folder() / f"{self.name}.md").read_text(encoding="utf-8")
        self._width = self.browser.viewport().width()
        self.browser.show_text(text)

    def _scroll_to(self, heading: str | int) -> None:
        """Put a heading at the top, and the cursor on it, from where the next Tab goes on."""
        headings = self.headings()
        named = {slug(each.text()): each for each in headings}
        block = headings[heading] if isinstance(heading, int) else named.get(heading, headings[0])
        cursor = self.browser.textCursor()
        cursor.setPosition(block.position())
        self.browser.setTextCursor(cursor)
        if block == headings[0]:
            self.browser.verticalScrollBar().setValue(0)
        else:
            self._scroll(block)

    def headings(self) -> list[QTextBlock]:
        """The headings of the guide that is shown."""
        found, block = [], self.browser.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel():
                found.append(block)
            block = block.next()
        return found

    # ---- size ----

    def _note_top(self) -> None:
        """What stands at the top, to be there again when the size has changed and all lines have moved."""
        if self.browser.viewport().width() == self._width:
            self._top = self.browser.cursorForPosition(QPoint()).blockNumber()

    def _fit(self) -> None:
        """Pictures for the room that there is; what stood at the top stays there."""
        if self.name and self.browser.viewport().width() != self._width:
            top = self._top
            self._write()
            self._scroll(self.browser.document().findBlockByNumber(top))

    def _scroll(self, block: QTextBlock) -> None:
        top = self.browser.document().documentLayout().blockBoundingRect(block).top()
        self.browser.verticalScrollBar().setValue(int(top))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width: pictures follow."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width() and self.isVisible():
            self._timer.start()


def show_guide(window: QWidget, workspace: str) -> GuideDialog:
    """The one guide over a window, at what the person looks at."""
    dialog = next(iter(window.findChildren(GuideDialog)), None) or GuideDialog(window)
    dialog.show()  # only then is it known how wide pictures may be
    dialog.go(*PLACES[workspace])
    dialog.activateWindow()
    return dialog
