"""The working under the dose: each step with its figures, the areas by every formula, the bag kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from dosing_app.ui import theme
from dosing_app.ui.figure_table import FigureTable
from dosing_app.ui.reflow import Beside
from dosing_app.ui.unbroken import Sentence
from dosing_app.wording import figures
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from dosing_app.course.plan import Plan
    from dosing_app.wording.figures import Table


class Working(QWidget):
    """The working under the dose: each step with its figures, the areas by every formula, the bag kinds."""

    def __init__(self) -> None:
        """Nothing yet."""
        super().__init__()
        body = QVBoxLayout(self)
        body.setContentsMargins(0, theme.px(2), 0, 0)
        body.setSpacing(theme.px(4))
        self._steps = _Pairs()
        self._areas = _Areas()
        self._growth_words = Sentence()
        theme.tone(self._growth_words, "quiet")
        self.kinds = FigureTable(_("Bag kinds"), choosable=False)
        self.kinds.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.kinds.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.marks = QLabel()
        self.marks.setWordWrap(True)
        theme.tone(self.marks, "quiet")
        for title, aside, widget in (
            (_("Working"), "", self._steps),
            (_("Body-surface area"), "", self._areas),
            (_("Bag kinds"), _("fluid and what stands right of it: per kg and day"), self.kinds),
        ):
            heading = QLabel(title)
            heading.setFont(theme.font(theme.FIELD, bold=True))
            quiet = QLabel(aside)
            theme.tone(quiet, "quiet")
            line = QHBoxLayout()
            line.setSpacing(theme.px(12))
            line.addWidget(heading)
            line.addWidget(quiet, 1)
            body.addLayout(line)
            body.addWidget(widget)
            if widget is self._areas:
                body.addWidget(self._growth_words)
            body.addSpacing(theme.px(2))
        body.addWidget(self.marks)
        self.hide()

    def show_plan(self, plan: Plan, width: int) -> None:
        """Show a plan's figures in a column of a width."""
        self._steps.show_pairs(
            [(line.name, " = ".join(filter(None, (line.equation, line.result)))) for line in figures.working(plan)]
        )
        self._areas.show_areas([(line.name, line.value, line.difference) for line in figures.areas(plan)])
        self._growth_words.setText("  ·  ".join(figures.growth_lines(plan)))
        kinds = figures.kind_table(plan)
        self.kinds.show_table(kinds)
        self.marks.setText(_marks(kinds))
        self.marks.setVisible(any(kinds.marks))
        too_wide = self.kinds.whole_width() > width
        self.kinds.setFixedHeight(self.kinds.whole_height() + (theme.px(12) if too_wide else 0))
        self.show()

    def blank(self) -> None:
        """Take every figure away."""
        self.hide()
        self._steps.show_pairs([])
        self._areas.show_areas([])
        self._growth_words.setText("")
        self.kinds.show_table(None)
        self.marks.setText("")


def _marks(table: Table) -> str:
    """What speaks against kinds, said once for those that share it."""
    shared: dict[str, list[str]] = {}
    for row, mark in zip(table.rows, table.marks, strict=True):
        if mark:
            shared.setdefault(mark, []).append(row[0])
    return "\n".join(f"{', '.join(kinds)} – {mark}" for mark, kinds in shared.items())


class _Pairs(QWidget):
    """Lines of a name and what stands for it."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.px(16))
        self._grid.setVerticalSpacing(theme.px(2))
        self._grid.setColumnStretch(1, 1)
        self._labels: list[tuple[QLabel, Sentence]] = []

    def show_pairs(self, pairs: list[tuple[str, str]]) -> None:
        """Show these; labels are made once and used again."""
        while len(self._labels) < len(pairs):
            row = len(self._labels)
            name, text = QLabel(), Sentence()
            theme.tone(name, "quiet")
            self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(text, row, 1)
            self._labels.append((name, text))
        for at, (name, text) in enumerate(self._labels):
            shown = pairs[at] if at < len(pairs) else ("", "")
            name.setText(shown[0])
            text.setText(shown[1])
            name.setVisible(at < len(pairs))
            text.setVisible(at < len(pairs))


class _Areas(QWidget):
    """BSA by every formula, side by side; the order's first and bold."""

    def __init__(self) -> None:
        super().__init__()
        self._row = Beside(spacing=8)
        self.setLayout(self._row)
        self._labels: list[tuple[QLabel, QLabel]] = []

    def show_areas(self, areas: list[tuple[str, str, str]]) -> None:
        """Show these; labels are made once and used again."""
        while len(self._labels) < len(areas):
            column = QVBoxLayout()
            column.setSpacing(0)
            value, name = QLabel(), QLabel()
            value.setFont(theme.font(bold=not self._labels))
            name.setWordWrap(True)
            theme.tone(name, "quiet")
            column.addWidget(value)
            column.addWidget(name)
            column.addStretch(1)
            self._row.add(column, 1)
            self._labels.append((value, name))
        for at, (value, name) in enumerate(self._labels):
            shown = areas[at] if at < len(areas) else ("", "", "")
            value.setText("  ".join(filter(None, (shown[1], shown[2]))))
            name.setText(shown[0])
