"""What follows from the order: the daily dose large, and below it how it comes about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from dosing_app.ui import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dosing_app.course.plan import GrowthPicture, Plan
    from dosing_app.ui.growth_chart import GrowthCharts
    from dosing_app.ui.working import Working

_GROWTH_HEIGHT = 320  # where no results stand


class Results(QWidget):
    """The daily dose large, or why there is none; `complete` adds all that stands below it."""

    working: Working | None = None
    growth: GrowthCharts | None = None

    def __init__(self) -> None:
        """Nothing yet."""
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(3))
        self.waiting = QLabel()
        self.waiting.setFont(theme.font(theme.HEADING))
        self.waiting.setWordWrap(True)
        self.dose = QLabel()
        self.dose.setFont(theme.font(theme.ANSWER, bold=True))
        self.dose.setWordWrap(True)
        self.explained = QLabel()
        self.explained.setFont(theme.font(theme.FIELD))
        self.explained.setWordWrap(True)
        theme.tone(self.explained, "quiet")
        for widget in (self.waiting, self.dose, self.explained):
            self._column.addWidget(widget)
        self._column.addStretch(1)

    def complete(self) -> None:
        """Add the working and the growth charts: the dose does not wait for them."""
        from dosing_app.ui.growth_chart import GrowthCharts
        from dosing_app.ui.working import Working

        self.working = Working()
        self.growth = GrowthCharts(_GROWTH_HEIGHT)
        self.growth.hide()
        for widget in (self.working, self.growth):
            self._column.insertWidget(self._column.count() - 1, widget)

    def show_plan(self, plan: Plan) -> None:
        """Show a plan's figures, or the sentence where they stood."""
        from dosing_app.wording import figures

        if plan.daily_dose is None:
            self.blank(figures.waiting(plan))
            return
        self.waiting.setText("")
        self.waiting.hide()
        self.dose.setText(figures.dose(plan))
        self.dose.show()
        self.explained.setText(figures.dose_explained(plan))
        if self.working is not None:
            self.working.show_plan(plan, self.width())

    def blank(self, sentence: str) -> None:
        """Take every figure away and say why."""
        self.dose.setText("")
        self.dose.hide()
        self.explained.setText("")
        if self.working is not None:
            self.working.blank()
        self.waiting.setText(sentence)
        self.waiting.show()

    def show_growth(self, pictures: Sequence[GrowthPicture], said: str) -> None:
        """The infant on the WHO curves, large, where no results stand."""
        if self.growth is not None:
            self.growth.show_pictures(pictures, said)
            self.growth.setVisible(bool(pictures))
