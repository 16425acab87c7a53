"""What needs attention, below the results: refused, reason needed with a line to write it, notes in one quiet line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from dosing_app.ui import theme
from dosing_app.ui.marks import Mark
from dosing_app.ui.quantity_edit import TextField
from dosing_app.ui.unbroken import Sentence
from dosing_app.wording.language import _, n_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dosing_app.core.findings import Finding
    from dosing_app.ui.editor import Editor

_REASON = "reason:"
_WANTS_SECOND_READING = ("who-limits", "index-not-available")


def wants_second_reading(finding: Finding) -> bool:
    """Whether only a second, blind reading opens the way."""
    return finding.code in _WANTS_SECOND_READING and finding.values.get("second") != "agrees"


class _Row(QWidget):
    """One finding: mark, word, sentence, and for the first of its code a line for the reason."""

    def __init__(self, editor: Editor, finding: Finding, word: str, title: str, *, asks: bool) -> None:
        super().__init__()
        self._name = _REASON + finding.code
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(8))
        grid.setVerticalSpacing(theme.px(2))
        grid.addWidget(Mark(finding.tier), 0, 0, Qt.AlignmentFlag.AlignTop)
        tier = QLabel(word)
        tier.setFont(theme.font(bold=True))
        theme.tone(tier, str(finding.tier))
        grid.addWidget(tier, 0, 1, Qt.AlignmentFlag.AlignTop)
        self._sentence = Sentence()
        grid.addWidget(self._sentence, 0, 2, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(2, 3)
        self.reason: TextField | None = None
        if asks:
            self.reason = TextField(_("Reason: {title}").format(title=title))
            self.reason.setPlaceholderText(_("reason, printed on the papers"))
            self.reason.setMinimumWidth(theme.px(220))
            self.reason.edited.connect(self._edited)
            self.reason.left.connect(editor.settle)
            grid.addWidget(self.reason, 0, 3)
            grid.setColumnStretch(3, 2)
        self._finding = finding
        if wants_second_reading(finding):
            again = QPushButton(_("Second reading …"))
            again.setAccessibleName(_("Second reading: {title}").format(title=title))
            again.setAutoDefault(False)
            again.clicked.connect(self._read_again)
            grid.addWidget(again, 0, 3, Qt.AlignmentFlag.AlignTop)
        self._editor = editor

    def _read_again(self) -> None:
        from dosing_app.ui.second_reading import SecondReading

        dialog = SecondReading(self._editor, self._finding, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _edited(self) -> None:
        assert self.reason is not None
        self._editor.change(self._name, self.reason.document_text())

    def show_finding(self, finding: Finding, sentence: str) -> None:
        """Finding and sentence may change while the row stays."""
        self._finding = finding
        self._sentence.setText(sentence)
        if self.reason is not None:
            self.reason.show_text(self._editor.text(self._name))


class _Shortened(QLabel):
    """A line that ends with a sign for the rest where it has no room for all."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt passes it
        """Shortened at its end."""
        painter = QPainter(self)
        painter.setPen(theme.colour("quiet"))
        line = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, line)


class Findings(QFrame):
    """The findings of a plan; takes no room when there are none."""

    def __init__(self, editor: Editor) -> None:
        """Nothing found."""
        super().__init__()
        self._editor = editor
        self._keys: list[tuple[str, str, bool]] = []
        self._rows: list[_Row] = []
        theme.tone(self, "findings")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.px(16), theme.px(4), theme.px(16), theme.px(4))
        outer.setSpacing(theme.px(4))
        self._page = QWidget()
        theme.tone(self._page, "page")
        self._list = QVBoxLayout(self._page)
        self._list.setContentsMargins(0, theme.px(4), 0, theme.px(4))
        self._list.setSpacing(theme.px(6))
        self._scroll = QScrollArea()
        self._scroll.setWidget(self._page)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer.addWidget(self._scroll)
        line = QHBoxLayout()
        line.setSpacing(theme.px(8))
        self.notes = QPushButton()
        self.notes.setFlat(True)
        self.notes.setCheckable(True)
        self.notes.toggled.connect(self._redraw_notes)
        self._titles = _Shortened()
        # cut off where there is no room: the whole of it opens with the button
        self._titles.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        line.addWidget(self.notes)
        line.addWidget(self._titles, 1)
        line.addStretch(0)
        outer.addLayout(line)
        self._sentences = Sentence()
        self._sentences.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._list.addWidget(self._sentences)
        self._list.addStretch(1)
        self._noted: list[tuple[str, str]] = []
        self.show_findings(())

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show these; a line in which a reason is being written is kept."""
        if not findings:
            self._show_rows([], [])
            self._noted = []
            self._redraw_notes()
            self.setVisible(False)
            return
        from dosing_app.wording.sentences import finding_title, sentence, tier_name

        urgent = [each for each in findings if each.tier != "note"]
        asked: set[str] = set()
        keys = []
        for each in urgent:
            asks = each.tier == "justify" and each.code not in asked and not wants_second_reading(each)
            asked |= {each.code} if asks else set()
            keys.append((str(each.tier), each.code, asks))
        if keys != self._keys:
            rows = [
                _Row(self._editor, each, tier_name(each.tier), finding_title(each), asks=asks)
                for each, (_tier, _code, asks) in zip(urgent, keys, strict=True)
            ]
            self._show_rows(keys, rows)
            self._announce([sentence(each) for each in urgent])
        for row, each in zip(self._rows, urgent, strict=True):
            row.show_finding(each, sentence(each))
        self._noted = [(finding_title(each), sentence(each)) for each in findings if each.tier == "note"]
        self._redraw_notes()
        self.setVisible(True)
        self._fit()
        QTimer.singleShot(0, self, self._fit)  # once the rows have their width

    def _announce(self, sentences: list[str]) -> None:
        """Say new findings to those who hear the window; the focus stays in the field that is being typed in."""
        if sentences and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, " ".join(sentences)))

    def _show_rows(self, keys: list[tuple[str, str, bool]], rows: list[_Row]) -> None:
        for row in self._rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._keys, self._rows = keys, rows
        for at, row in enumerate(rows):
            self._list.insertWidget(at, row)

    def _redraw_notes(self) -> None:
        count = len(self._noted)
        opened = self.notes.isChecked()
        self.notes.setVisible(count > 0)
        self._titles.setVisible(count > 0 and not opened)
        self._sentences.setVisible(count > 0 and opened)
        if count:
            text = n_("{count} note", "{count} notes", count).format(count=count)
            self.notes.setText(
                _("{notes}: hide").format(notes=text) if opened else _("{notes}: show").format(notes=text)
            )
            self.notes.setAccessibleName(self.notes.text())
            titles = " · ".join(dict.fromkeys(title for title, _sentence in self._noted))
            if titles != self._titles.text():
                self._titles.setText(titles)
            self._sentences.setText("\n".join(sentence for _title, sentence in self._noted))
        self._fit()

    def _fit(self) -> None:
        """As high as what it holds, but never more than a third of the window."""
        shown = bool(self._rows) or (self.notes.isChecked() and bool(self._noted))
        self._scroll.setVisible(shown)
        if shown:
            # not the viewport's: asking for it makes Python look through every class of Qt once, 20 ms
            width = max(self._scroll.width(), theme.px(200))
            wanted = (
                self._list.heightForWidth(width) if self._list.hasHeightForWidth() else self._list.sizeHint().height()
            )
            self._scroll.setFixedHeight(min(wanted + theme.px(2), max(theme.px(80), self.window().height() // 3)))

    def resizeEvent(self, event: QEvent) -> None:
        """Sentences break elsewhere at another width."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()
