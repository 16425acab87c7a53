"""A paper before it is printed: its pages exactly as they print, its text beside them, as PDF or to a printer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QKeySequence,
    QPageLayout,
    QPageSize,
    QPainter,
    QPixmap,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from dosing_app.papers.pdf import NotDrawn, draw, pictures
from dosing_app.papers.sheaf import Sheaf, text_of
from dosing_app.papers.standing import NotPrintable
from dosing_app.store import issued
from dosing_app.store.order_file import write_whole
from dosing_app.ui import theme
from dosing_app.ui.buttons import Button
from dosing_app.ui.marks import Mark
from dosing_app.ui.quantity_edit import Choice
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtPrintSupport import QPrinter

    from dosing_app.papers.pdf import Document
    from dosing_app.papers.sheaf import Paper

_WIDTH, _HEIGHT = 1000, 740
_SCREEN = 96  # points of a screen per inch at 100 %
_PRINTED = 600  # of a printer at most: finer is not seen, and takes long
_MM_PER_INCH = 25.4
_SMALL = 36  # points per inch that tell how wide a page is
_ZOOMS = (50, 75, 100, 125, 150, 200, 300)  # %


class PrintFailed(Exception):
    """The printer did not take the paper."""


def print_pages(pages: list[bytes], printer: QPrinter) -> None:
    """Print pages that were drawn at the printer's resolution, each at its own size.

    Raises:
        PrintFailed: the printer did not take them.
    """
    painter = QPainter()
    resolution = printer.resolution()
    printer.setFullPage(True)
    for at, data in enumerate(pages):
        image = QImage.fromData(data)
        size = QSizeF(image.width(), image.height()) * (_MM_PER_INCH / resolution)
        printer.setPageSize(_page_size(size))
        printer.setPageOrientation(QPageLayout.Orientation.Portrait)
        if not (printer.newPage() if at else painter.begin(printer)):
            raise PrintFailed
        painter.drawImage(QRectF(0, 0, image.width(), image.height()), image)
    if not painter.end() or printer.printerState() in {printer.PrinterState.Error, printer.PrinterState.Aborted}:
        raise PrintFailed


def _page_size(size: QSizeF) -> QPageSize:
    a4 = QPageSize(QPageSize.PageSizeId.A4)
    near = a4.size(QPageSize.Unit.Millimeter)
    if abs(near.width() - size.width()) < 1 and abs(near.height() - size.height()) < 1:
        return a4
    return QPageSize(size, QPageSize.Unit.Millimeter, "", QPageSize.SizeMatchPolicy.ExactMatch)


class _Pages(QScrollArea):
    """One page; Page Up and Page Down go through it and on to the next."""

    resized = Signal()

    def __init__(self, turn: Callable[[int], bool]) -> None:
        super().__init__()
        self._turn = turn
        self.setAccessibleName(_("Pages"))
        theme.tone(self, "reading")
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.page = QLabel()
        self.setWidget(self.page)

    def room(self) -> int:
        """The width that a page can have, a scroll bar beside it or not."""
        return self.width() - self.verticalScrollBar().sizeHint().width() - theme.px(6)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The width is fitted anew."""
        super().resizeEvent(event)
        self.resized.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """At the end of a page begins the next, at its top the end of the one before."""
        bar = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_PageDown and bar.value() == bar.maximum():
            if self._turn(1):
                bar.setValue(bar.minimum())
        elif event.key() == Qt.Key.Key_PageUp and bar.value() == bar.minimum():
            if self._turn(-1):
                bar.setValue(bar.maximum())
        elif event.key() == Qt.Key.Key_Home:
            bar.setValue(bar.minimum())
        elif event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        else:
            super().keyPressEvent(event)


class PaperPreview(QDialog):
    """Shows the papers of a sheaf, one at a time. Not modal."""

    def __init__(self, make: Callable[[], Sheaf], folder: Path, window: QWidget, *, may_print: bool = True) -> None:
        """Nothing shown before `show_paper`.

        Args:
            make: the sheaf as it is now; asked again before each print.
            folder: in which prints of final papers are counted.
            window: over which it stands.
            may_print: whether the role may print final papers.
        """
        super().__init__(window)
        self._make = make
        self._folder = folder
        self._may_print = may_print
        self.sheaf = make()
        self.document: Document | None = None
        self._key = ""
        self._at = 0
        self._zoom = 0  # %; 0 fits the width
        self._inches = 0.0  # how wide the pages are
        self._drawn: tuple[float, list[bytes]] | None = None
        self.setWindowTitle(_("Papers"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.choice = Choice(_("Paper"))
        self.state, self.refused, self.number, self.status, self.zoom_words = (QLabel() for _label in range(5))
        self.mark = Mark("justify")
        self.pages = _Pages(self.turn)
        self.pages.resized.connect(self._fit)
        self.text = QPlainTextEdit()
        self._lay_out()
        self.choice.edited.connect(lambda: self.show_paper(self.choice.document_text()))

    # ---- layout ----

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12))
        outer.setSpacing(theme.px(8))
        top = QHBoxLayout()
        top.setSpacing(theme.px(8))
        self.choice.show_whole(least=240)
        self.state.setWordWrap(True)
        top.addWidget(self.choice)
        top.addWidget(self.mark)
        top.addWidget(self.state, 1)
        outer.addLayout(top)
        self.refused.setWordWrap(True)
        theme.tone(self.refused, "justify")
        outer.addWidget(self.refused)
        outer.addLayout(self._bar())
        split = QSplitter()
        split.setChildrenCollapsible(False)
        self.text.setReadOnly(True)
        self.text.setAccessibleName(_("Text of the paper"))
        self.text.setTabChangesFocus(True)
        self.text.hide()
        split.addWidget(self.pages)
        split.addWidget(self.text)
        split.setSizes([theme.px(640), theme.px(340)])
        outer.addWidget(split, 1)
        outer.addLayout(self._foot())
        self.resize(theme.px(_WIDTH), theme.px(_HEIGHT))

    def _button(self, text: str, act: Callable[[], object], keys: str = "", name: str = "") -> Button:
        button = Button(text, act, name)
        if keys:
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(button.click)
            button.setToolTip(QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText))
        return button

    def _bar(self) -> QHBoxLayout:
        bar = QHBoxLayout()
        bar.setSpacing(theme.px(6))
        self.before = self._button(_("Page be&fore"), lambda: self.turn(-1), "Ctrl+PgUp")
        self.after = self._button(_("&Next page"), lambda: self.turn(1), "Ctrl+PgDown")
        bar.addWidget(self.before)
        bar.addWidget(self.number)
        bar.addWidget(self.after)
        bar.addSpacing(theme.px(16))
        bar.addWidget(self._button("−", lambda: self._step(-1), "Ctrl+-", _("Smaller")))
        bar.addWidget(self.zoom_words)
        bar.addWidget(self._button("+", lambda: self._step(1), "Ctrl++", _("Larger")))
        bar.addWidget(self._button(_("&Width"), lambda: self._set_zoom(0), "Ctrl+0", _("Fit the width")))
        bar.addStretch(1)
        self.text_button = self._button(_("&Text"), lambda: None, "Ctrl+T", _("Text of the paper beside it"))
        self.text_button.setCheckable(True)
        self.text_button.toggled.connect(self._show_text)  # not clicked: assistive technology toggles without it
        bar.addWidget(self.text_button)
        return bar

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(theme.px(8))
        self.status.setWordWrap(True)
        self.status.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        foot.addWidget(self.status, 1)
        self.save_button = self._button(_("&Save as PDF …"), self._ask_save, "Ctrl+S")
        self.print_button = self._button(_("&Print …"), self._ask_print, "Ctrl+P")
        self.close_button = self._button(_("&Close"), self.close)
        for button in (self.save_button, self.print_button, self.close_button):
            foot.addWidget(button)
        return foot

    # ---- what is shown ----

    def show_paper(self, key: str) -> None:
        """Show a paper by its key, or by the beginning of it: the first page."""
        found = self.sheaf.paper(key) or (self.sheaf.papers[0] if self.sheaf.papers else None)
        self._at = self._at if found and found.key == self._key else 0
        self._key = found.key if found else key
        self.choice.offer([(each.title, each.key) for each in self.sheaf.papers])
        if found:
            self.choice.show_text(found.key)
        self.refused.setText(" ".join(self.sheaf.refused))
        self.refused.setVisible(bool(self.sheaf.refused))
        self.tell("")
        self._compose(found)

    def renew(self) -> None:
        """The plan may be another one: show what it is now."""
        self.sheaf = self._make()
        self.show_paper(self._key)

    def wait(self) -> None:
        """The plan has changed: nothing of the one before stays."""
        self._blank(_("The plan has changed."))

    def _compose(self, paper: Paper | None) -> None:
        self._drawn = None
        if paper is None:
            self._blank("")
            return
        try:
            print_number = 1 if self.sheaf.draft else self._next_print(paper)
            self.document = paper.compose(print_number)
        except NotPrintable as error:
            self._blank(_("This paper cannot be made: {why}.").format(why=error))
            return
        except OSError as error:
            self._blank(_not_counted(error))
            return
        self._inches = 0.0
        self.mark.setVisible(self.sheaf.draft)
        self.state.setText(self._state(paper, print_number))
        text = text_of(self.document)
        self.text.setPlainText(text)
        self.pages.page.setAccessibleDescription(text)
        allowed = self.sheaf.draft or self._may_print
        for button in (self.save_button, self.print_button):
            button.setEnabled(allowed)
        self._draw()
        if not allowed:
            self.tell(_("Final papers are printed by a pharmacist."))

    def _state(self, paper: Paper, print_number: int) -> str:
        if self.sheaf.draft or paper.plan.issue is None:
            return self.sheaf.state
        revision = _("Revision {number}").format(number=paper.plan.issue.revision)
        if print_number == 1:
            return _("{revision}, not printed yet").format(revision=revision)
        return _("{revision}, the next is REPRINT {number}").format(revision=revision, number=print_number)

    def _next_print(self, paper: Paper) -> int:
        return issued.next_print(paper.plan, paper.key, self._folder)

    def _blank(self, sentence: str) -> None:
        """No page, and why."""
        self.document = None
        self._drawn = None
        self.pages.page.clear()
        self.pages.page.resize(0, 0)
        self.pages.page.setAccessibleDescription("")
        self.text.setPlainText("")
        for label in (self.state, self.number, self.zoom_words):
            label.setText("")
        self.mark.hide()
        for button in (self.before, self.after, self.save_button, self.print_button):
            button.setEnabled(False)
        self.tell(sentence)

    def _draw(self) -> None:
        """The page at the present zoom, or why it cannot be drawn."""
        try:
            self._draw_page()
        except NotDrawn as error:
            self._blank(error.sentence)

    def _draw_page(self) -> None:
        if self.document is None or not self.isVisible():
            return
        if not self._inches:
            self._inches = QImage.fromData(pictures(self.document, _SMALL)[0]).width() / _SMALL
        ratio = self.devicePixelRatioF()
        ppi = self._ppi() * ratio
        if self._drawn is None or abs(self._drawn[0] - ppi) > 1:
            self._drawn = (ppi, pictures(self.document, ppi))
        pages = self._drawn[1]
        self._at = max(0, min(self._at, len(pages) - 1))
        picture = QPixmap()
        picture.loadFromData(pages[self._at])
        picture.setDevicePixelRatio(ratio)
        self.pages.page.setPixmap(picture)
        self.pages.page.resize(picture.deviceIndependentSize().toSize())
        words = _("Page {number} of {total}").format(number=self._at + 1, total=len(pages))
        self.number.setText(words)
        self.pages.page.setAccessibleName(f"{self.document.title}, {words}")
        self.before.setEnabled(self._at > 0)
        self.after.setEnabled(self._at + 1 < len(pages))
        self.zoom_words.setText(f"{round(self._ppi() / self._whole() * 100)} %")

    def _whole(self) -> float:
        """Points of this screen per inch at 100 %."""
        return theme.px(1000) / 1000 * _SCREEN

    def _ppi(self) -> float:
        if self._zoom:
            return self._whole() * self._zoom / 100
        # an A4 page, or a label's, as wide as the room
        return max(self._whole() / 2, min(self._whole() * 3, self.pages.room() / self._inches))

    def turn(self, by: int) -> bool:
        """Turn pages; whether there was one to turn to."""
        if self._drawn is None or not 0 <= self._at + by < len(self._drawn[1]):
            return False
        self._at += by
        self._draw()
        return True

    def _step(self, by: int) -> None:
        """The next larger or smaller zoom."""
        if self.document is None:
            return
        now = round(self._ppi() / self._whole() * 100)
        others = [each for each in _ZOOMS if (each > now if by > 0 else each < now)]
        if others:
            self._set_zoom(min(others) if by > 0 else max(others))

    def _set_zoom(self, zoom: int) -> None:
        self._zoom = zoom
        self._draw()

    def _show_text(self, shown: bool) -> None:
        self.text.setVisible(shown)

    def tell(self, sentence: str) -> None:
        """Say something at the foot."""
        self.status.setText(sentence)

    # ---- as PDF, and to a printer ----

    def _final(self, act: Callable[[Document], None]) -> bool:
        """Do something with the paper as it is now, counted if it is final. Whether it went well; else it is said."""
        self.sheaf = self._make()
        paper = self.sheaf.paper(self._key)
        if paper is None or paper.key != self._key:
            self.show_paper(self._key)
            self.tell(_("This paper is not offered any more: look again."))
            return False
        try:
            number = 1
            if not self.sheaf.draft:
                number = issued.count_print(paper.plan, paper.key, self._folder)
        except OSError as error:
            self.tell(_not_counted(error))
            return False
        said = ""
        try:
            act(paper.compose(number))
        except NotDrawn as error:
            said = error.sentence
        except NotPrintable as error:
            said = _("This paper cannot be made: {why}.").format(why=error)
        except PrintFailed:
            said = _("The printer did not take the paper. Nothing is lost; a next try counts as a reprint.")
            if self.sheaf.draft:
                said = _("The printer did not take the paper. Nothing is lost.")
        except OSError as error:
            said = _("{file} cannot be written ({why}). Nothing is lost.").format(
                file=error.filename, why=error.strerror or error
            )
        if not self.sheaf.draft:
            self.show_paper(self._key)
        self.tell(said)
        return not said

    def _ask_save(self) -> None:
        from dosing_app.ui.where import ask_where

        if path := ask_where(self, _("Save as PDF"), Path.home() / f"{self._key}.pdf", _("PDF (*.pdf)"), "pdf"):
            self.save_to(path)

    def save_to(self, path: Path) -> None:
        """Write the paper as PDF, which counts as a print of a final one, or say why not."""
        if self._final(lambda document: write_whole(path, draw(document))):
            self.tell(_("Saved in {file}.").format(file=path))

    def _ask_print(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.print_to(printer)

    def print_to(self, printer: QPrinter) -> None:
        """Print the paper, or say why not."""
        printer.setResolution(min(printer.resolution(), _PRINTED))
        printer.setDocName(self._key)
        if self._final(lambda document: print_pages(pictures(document, printer.resolution()), printer)):
            self.tell(_("Sent to the printer."))

    # ---- events ----

    def _fit(self) -> None:
        if not self._zoom:
            self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        """Not larger than the screen."""
        super().showEvent(event)
        self.resize(self.size().boundedTo(self.screen().availableSize()))
        self._draw()
        self.pages.setFocus()


def _not_counted(error: OSError) -> str:
    return _("Prints cannot be counted in {file} ({why}), so nothing is printed.").format(
        file=error.filename, why=error.strerror or error
    )
