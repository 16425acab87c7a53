"""Parts that the pages of Teach share: labels, pairs, an equation with units struck through, one step as a card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from dosing_app.ui import theme
from dosing_app.ui.reflow import DownScroll, Follow
from dosing_app.ui.unbroken import Sentence
from dosing_app.wording.language import _, data_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dosing_app.teaching.derivation import Piece, Step
    from dosing_app.ui.quantity_edit import Choice

_LOWEST = 160  # of a part that scrolls: in large letters the page around it scrolls first
_CARD = 240  # the least height of a step
TITLE = 26  # the worked equation, between a heading and the answer


def label(text: str = "", size: int = theme.TEXT, *, bold: bool = False, tone: str = "") -> QLabel:
    """A label that wraps."""
    made = Sentence(text)
    made.setFont(theme.font(size, bold=bold))
    made.setTextFormat(Qt.TextFormat.PlainText)
    if tone:
        theme.tone(made, tone)
    return made


def column(*, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QVBoxLayout:
    """A column with the spacing of the sketch."""
    made = QVBoxLayout()
    made.setSpacing(theme.px(spacing))
    made.setContentsMargins(*(theme.px(each) for each in margins))
    return made


class _Area(QScrollArea):
    """No narrower than what it holds, and high enough to be read: it scrolls down and never cuts off."""

    def minimumSizeHint(self) -> QSize:
        least, page = super().minimumSizeHint(), self.widget()
        if page is None:
            return least
        bar = self.verticalScrollBar().sizeHint().width()
        height = max(least.height(), min(page.sizeHint().height(), theme.px(_LOWEST)))
        return QSize(page.minimumSizeHint().width() + bar + 2 * self.frameWidth(), height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Other content: another width."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


def scrolled(widget: QWidget, name: str) -> QScrollArea:
    """A widget that scrolls where it is too tall, reached by Tab."""
    area = _Area()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setAccessibleName(name)
    theme.tone(area, "reading")
    theme.tone(widget, "page")
    area.setWidget(widget)
    Follow(area)
    return area


def fill_page(page: QWidget, content: QLayout, name: str) -> DownScroll:
    """Put the content of a page into it: it scrolls where the page is too low for it.

    Args:
        page: an empty one.
        content: with its parts.
        name: of the page, for those who hear it.
    """
    inner = QWidget()
    around = column(margins=(16, 8, 16, 8))
    inner.setLayout(around)
    around.addLayout(content)
    whole = column()
    page.setLayout(whole)
    scroll = DownScroll(inner, name)
    whole.addWidget(scroll)
    return scroll


def fill(choice: Choice, items: Sequence[tuple[str, str]]) -> None:
    """Offer (label, text) pairs and nothing else: what was chosen stays, or the first is."""
    if [(choice.itemText(row), choice.itemData(row)) for row in range(choice.count())] == list(items):
        return
    held = choice.currentData()
    choice.blockSignals(True)
    choice.clear()
    for text, data in items:
        choice.addItem(text, data)
    choice.setCurrentIndex(max(0, choice.findData(held)))
    choice.blockSignals(False)


def change_mark(size: int, colour: str = "training") -> QPixmap:
    """A filled diamond: beside the word "changes", never instead of it."""
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(colour))
    half = size / 2
    painter.drawPolygon(QPolygonF([QPointF(half, 0), QPointF(size, half), QPointF(half, size), QPointF(0, half)]))
    painter.end()
    return pixmap


class Pairs(QWidget):
    """Lines of a name and what stands for it."""

    def __init__(self, name: str) -> None:
        """Nothing yet."""
        super().__init__()
        self.setAccessibleName(name)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.px(16))
        self._grid.setVerticalSpacing(theme.px(4))
        self._labels: list[tuple[QLabel, QLabel, QLabel]] = []

    def show_pairs(self, pairs: Sequence[tuple[str, ...]], scale: float = 1) -> None:
        """Show names and values, and perhaps where each value comes from; labels are used again."""
        while len(self._labels) < len(pairs):
            row = len(self._labels)
            made = (label(tone="quiet"), label(), label(tone="quiet"))
            top = Qt.AlignmentFlag.AlignTop
            for at, each in enumerate(made):
                self._grid.addWidget(each, row, at, top)
            made[0].setWordWrap(False)
            self._labels.append(made)
        sourced = any(len(pair) > 2 and pair[2] for pair in pairs)  # noqa: PLR2004 - name, value, source
        self._grid.setColumnStretch(1, 0 if sourced else 1)
        self._grid.setColumnStretch(2, 1 if sourced else 0)
        for at, labels in enumerate(self._labels):
            pair = (*pairs[at], "", "", "") if at < len(pairs) else ("", "", "")
            for each, text, size in zip(labels, pair, (theme.TEXT, theme.FIELD, theme.TEXT), strict=False):
                each.setText(text)
                each.setFont(theme.font(round(size * scale)))
                each.setVisible(bool(text))
            labels[1].setWordWrap(not sourced)


class StruckLine(QWidget):
    """An equation with its figures; units that cancel are struck through, and heard as cancelled."""

    def __init__(self) -> None:
        """Nothing yet."""
        super().__init__()
        self._words: list[tuple[str, bool, bool]] = []  # text, struck, whether it stands close to the word before
        self._font = theme.font(TITLE)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_pieces(self, pieces: Sequence[Piece], scale: float = 1) -> None:
        """Show an equation."""
        self._words = []
        heard, open_end = [], False
        for piece in pieces:
            words = [word for word in piece.text.split(" ") if word]
            close = open_end and not piece.text.startswith(" ")
            self._words += [(word, piece.struck, close and not at) for at, word in enumerate(words)]
            heard += [_("{unit} (cancels)").format(unit=word) if piece.struck else word for word in words]
            open_end = not piece.text.endswith(" ")
        self._font = theme.font(round(TITLE * scale))
        self.setAccessibleName(" ".join(heard))
        self.setVisible(bool(self._words))
        self.updateGeometry()
        self.update()

    @property
    def struck(self) -> list[str]:
        """The words that are struck through."""
        return [word for word, struck, _close in self._words if struck]

    def heightForWidth(self, width: int) -> int:
        """As many lines as the words take."""
        metrics = QFontMetricsF(self._font)
        lines = 1 + max((line for line, _x, _word in self._placed(width)), default=0)
        return round(lines * metrics.lineSpacing() + theme.px(4))

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(theme.px(300), self.heightForWidth(max(self.width(), theme.px(300))))

    def minimumSizeHint(self) -> QSize:
        """The longest word."""
        metrics = QFontMetricsF(self._font)
        widest = max((metrics.horizontalAdvance(word) for word, _struck, _close in self._words), default=0)
        return QSize(round(widest) + 1, round(metrics.lineSpacing()))

    def _placed(self, width: int) -> list[tuple[int, float, tuple[str, bool, bool]]]:
        """The line and the left edge of each word."""
        metrics = QFontMetricsF(self._font)
        gap = metrics.horizontalAdvance(" ")
        placed, line, x = [], 0, 0.0
        for word in self._words:
            wide = metrics.horizontalAdvance(word[0])
            if word[2]:
                x = max(0.0, x - gap)
            if x and x + wide > width:
                line, x = line + 1, 0.0
            placed.append((line, x, word))
            x += wide + gap
        return placed

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt passes it
        """The words, and a stroke through each that cancels."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        metrics = QFontMetricsF(self._font)
        for line, x, (word, struck, _close) in self._placed(self.width()):
            top = line * metrics.lineSpacing()
            painter.setPen(theme.colour("quiet" if struck else "text"))
            painter.drawText(QPointF(x, top + metrics.ascent()), word)
            if struck:
                wide = metrics.horizontalAdvance(word)
                painter.setPen(QPen(theme.colour("training"), max(2.0, metrics.height() / 14)))
                low, high = top + metrics.ascent() + metrics.descent() / 3, top + metrics.height() / 4
                painter.drawLine(QPointF(x - 1, low), QPointF(x + wide + 1, high))
        painter.end()


class StepCard(QFrame):
    """One step, large: question, equation, figures, worked, result, rounding, source."""

    def __init__(self) -> None:
        """Nothing yet."""
        super().__init__()
        theme.tone(self, "card")
        self.setMinimumHeight(theme.px(_CARD))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.where = label(tone="quiet")
        self.question, self.equation = label(), label(tone="quiet")
        self.figures = Pairs(_("Figures of this step"))
        self.worked = StruckLine()
        self.result, self.rounding = label(), label()
        self.source = label(tone="quiet")
        self.change = label(tone="training")
        self._mark = QLabel()
        self._mark.setAccessibleName(_("changes"))
        inner = QWidget()
        lines = column(spacing=10, margins=(24, 12, 24, 12))
        inner.setLayout(lines)
        changed = QGridLayout()
        changed.addWidget(self._mark, 0, 0, Qt.AlignmentFlag.AlignVCenter)
        changed.addWidget(self.change, 0, 1)
        changed.setColumnStretch(1, 1)
        for widget in (self.where, self.question, self.equation, self.figures, self.worked, self.result):
            lines.addWidget(widget)
        lines.addLayout(changed)
        for widget in (self.rounding, self.source):
            lines.addWidget(widget)
        lines.addStretch(1)
        outer = column(margins=(2, 2, 2, 2))
        self.setLayout(outer)
        self.area = scrolled(inner, _("Step"))
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer.addWidget(self.area)
        self.show_step(None)

    def show_step(self, step: Step | None, where: str = "", before: str = "", scale: float = 1) -> None:
        """Show a step, or nothing.

        Args:
            step: what is shown.
            where: its number and place.
            before: the result that stood there, where it is another now.
            scale: of the type; 1 on a desk.
        """
        texts = (
            (self.where, where, theme.TEXT, False),
            (self.question, step.question if step else "", theme.HEADING, True),
            (self.equation, step.equation if step else "", theme.HEADING, False),
            (self.result, f"= {step.result}" if step else "", theme.ANSWER, True),
            (self.change, before, theme.FIELD, True),
            (self.rounding, step.rounding if step else "", theme.FIELD, False),
            (self.source, _source(step.source, step.grade) if step else "", theme.TEXT, False),
        )
        for widget, text, size, bold in texts:
            widget.setFont(theme.font(round(size * scale), bold=bold))
            widget.setText(text)
            widget.setVisible(bool(text))
        pairs = [(each.name, each.text, _cited(each.source, each.grade)) for each in step.known] if step else []
        self.figures.show_pairs(pairs, scale)
        self.figures.setVisible(bool(pairs))
        self.worked.show_pieces(step.worked if step else (), scale)
        self._mark.setVisible(bool(before))
        if before:
            self._mark.setPixmap(change_mark(theme.px(theme.TEXT * scale)))
        self.setAccessibleName(" ".join(filter(None, (where, step.question if step else ""))))
        self.setAccessibleDescription(_heard(step) if step else "")
        self.area.verticalScrollBar().setValue(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down scroll a step that is taller than its room; the page goes from step to step."""
        if event.key() not in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            super().keyPressEvent(event)
            return
        bar = self.area.verticalScrollBar()
        by = bar.pageStep() // 3
        bar.setValue(bar.value() + (by if event.key() == Qt.Key.Key_Down else -by))

    def show_sentence(self, sentence: str) -> None:
        """Say why there is no step."""
        self.show_step(None)
        self.question.setFont(theme.font(theme.FIELD))
        self.question.setText(sentence)
        self.question.setVisible(bool(sentence))
        self.setAccessibleName(sentence)


def _heard(step: Step) -> str:
    """A step as it is read aloud."""
    words = []
    for piece in step.worked:
        text = piece.text.strip()
        words.append(_("{unit} (cancels)").format(unit=text) if piece.struck else text)
    parts = (step.equation, " ".join(words), f"= {step.result}", step.rounding, _source(step.source, step.grade))
    return ". ".join(filter(None, parts))


def _cited(source: str, grade: str) -> str:
    words = data_words(source)
    return _("{source}, grade {grade}").format(source=words, grade=grade) if grade else words


def _source(source: str, grade: str) -> str:
    return _("Source: {source}").format(source=_cited(source, grade)) if source else ""


def rounded(painter: QPainter, box: QRectF, radius: float = 4) -> None:
    """A rounded box in the pen and brush that are set."""
    painter.drawRoundedRect(box, theme.px(radius), theme.px(radius))
