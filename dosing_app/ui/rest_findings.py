"""What needs attention about the rest of a course; a reason that a pharmacist gives is a note in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QSizePolicy, QWidget

from dosing_app.ui import theme
from dosing_app.ui.announce import announce
from dosing_app.ui.buttons import Button
from dosing_app.ui.marks import Mark
from dosing_app.ui.reflow import height_at
from dosing_app.ui.unbroken import Sentence
from dosing_app.wording.language import _
from dosing_app.wording.rest_text import new_weight_words, way_words
from dosing_app.wording.sentences import finding_title, sentence, tier_name

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from dosing_app.course.replan import Rest

_MOST_HEIGHT = 104
_Row = tuple[str, str, str, str]  # tier of the mark, word, sentence, code of a finding that wants a reason


def rows_of(rest: Rest, zone: str) -> list[_Row]:
    """What is said of a rest: its findings, the ways to deal with what is still due, a new weight.

    Args:
        rest: where the course stands.
        zone: of the bed.
    """
    rows: list[_Row] = []
    asked: set[str] = set()
    for each in rest.findings:
        said, tier, asks = sentence(each), str(each.tier), ""
        if each.reason:
            said, tier = _("{sentence} Reason: {reason}").format(sentence=said, reason=each.reason), ""
        elif each.tier == "justify" and each.code not in asked:
            asked.add(each.code)
            asks = each.code
        word = _("answered") if each.reason else tier_name(each.tier)
        if each.code == "still-due":
            said = " ".join([said, *(way_words(way, zone) for way in rest.ways)])
        rows.append((tier, word, said, asks))
    if rest.new_weight is not None:
        tier = "justify" if rest.new_weight.tell else "note"
        rows.append((tier, _("new weight"), new_weight_words(rest.new_weight, rest.plan.micrograms, zone), ""))
    return rows


class RestFindings(QScrollArea):
    """The findings of the rest; takes no room when there are none."""

    reason_asked = Signal(str)  # the code of a finding

    def __init__(self) -> None:
        """Nothing found."""
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._shown: tuple[list[_Row], bool] = ([], False)
        self._words: list[QLabel] = []
        self.hide()

    def show_rest(self, rest: Rest | None, zone: str, *, may_answer: bool) -> None:
        """Show what is said of a rest; None takes all away.

        Args:
            rest: where the course stands.
            zone: of the bed.
            may_answer: whether the role gives reasons.
        """
        rows = [] if rest is None else rows_of(rest, zone)
        if (rows, may_answer) == self._shown:
            return
        before, (had, could) = self._words, self._shown
        self._shown = (rows, may_answer)
        if could == may_answer and [(row[0], row[1], row[3]) for row in had] == [
            (row[0], row[1], row[3]) for row in rows
        ]:
            for words, row in zip(before, rows, strict=True):  # a minute later: no button loses the focus
                words.setText(row[2])
        else:
            self._lay_out(rows, rest, may_answer=may_answer)
        self._fit()

    def _lay_out(self, rows: list[_Row], rest: Rest | None, *, may_answer: bool) -> None:
        page = QWidget()
        theme.tone(page, "page")
        grid = QGridLayout(page)
        grid.setContentsMargins(theme.px(16), theme.px(2), theme.px(16), theme.px(4))
        grid.setHorizontalSpacing(theme.px(8))
        grid.setVerticalSpacing(theme.px(4))
        grid.setColumnStretch(2, 1)
        self._words = []
        for row, (tier, word, said, asks) in enumerate(rows):
            label, words = QLabel(word), Sentence(said)
            label.setFont(theme.font(bold=True))
            theme.tone(label, tier)
            self._words.append(words)
            grid.addWidget(Mark(tier), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label, row, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(words, row, 2, Qt.AlignmentFlag.AlignTop)
            if asks and may_answer:
                grid.addWidget(self._button(asks, rest), row, 3, Qt.AlignmentFlag.AlignTop)
        self.setWidget(page)
        self.setVisible(bool(rows))
        announced = [said for tier, _word, said, _asks in rows if tier not in {"", "note"}]
        announce(self, " ".join(announced))

    def _button(self, code: str, rest: Rest | None) -> Button:
        found = next(each for each in rest.findings if each.code == code) if rest is not None else None
        title = finding_title(found) if found is not None else code
        return Button(_("Reason …"), lambda: self.reason_asked.emit(code), _("Reason: {title}").format(title=title))

    @property
    def sentences(self) -> list[str]:
        """What is shown."""
        return [said for _tier, _word, said, _asks in self._shown[0]]

    def _fit(self) -> None:
        page = self.widget()
        if page is not None and self._shown[0]:
            width = max(self.width(), theme.px(200))
            self.setFixedHeight(min(height_at(page, width), theme.px(_MOST_HEIGHT)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Sentences break elsewhere at another width."""
        super().resizeEvent(event)
        self._fit()
