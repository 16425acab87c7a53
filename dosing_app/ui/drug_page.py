"""Picture of the drug: the concentration to be expected over a course, with what a trainer draws in. Never advice."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QListWidget, QWidget

from dosing_app.ui import theme
from dosing_app.ui.buttons import Button
from dosing_app.ui.drug_curve import DrugCurve
from dosing_app.ui.figure_table import FigureTable
from dosing_app.ui.quantity_edit import Choice, TextField
from dosing_app.ui.reflow import Beside
from dosing_app.ui.teaching_parts import column, fill, fill_page, label
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dosing_app.core.quantities import Quantity
    from dosing_app.reference.bundle import House
    from dosing_app.teaching.drug_picture import Drawn, Picture
    from dosing_app.teaching.lesson import Lesson

INTERRUPTION, GAP, WRONG_RATE = "interruption", "gap", "wrong-rate"
_AROUND = 24  # hours before and after what is drawn in
_FIRST = 48  # hours of the beginning
_SIDE, _CURVE = 296, 470  # the least width of the curve, with its legend


@dataclass(frozen=True, slots=True)
class Event:
    """What the trainer drew in."""

    kind: str
    drawn: Drawn


def kind_words(kind: str) -> str:
    """What is drawn in, in words."""
    return {
        INTERRUPTION: _("Interruption"),
        GAP: _("Gap at a bag change"),
        WRONG_RATE: _("Wrong rate"),
    }[kind]


class DrugPage(QWidget):
    """The curve, what is drawn into it, and a table of it."""

    def __init__(self, house: Callable[[], House], texts: Callable[[], Mapping[str, str]]) -> None:
        """Nothing is worked out before it is seen.

        Args:
            house: the site's settings and limits.
            texts: the teaching order of Demonstrate; empty before it has begun.
        """
        super().__init__()
        self._house, self._texts = house, texts
        self._seen: object = None
        self.lesson: Lesson | None = None
        self.picture: Picture | None = None
        self.events: list[Event] = []
        self._lay_out()

    # ---- layout ----

    def _lay_out(self) -> None:
        self.curve = DrugCurve()
        self.curve.setMinimumWidth(theme.px(_CURVE))
        self.note = label(_("Teaching picture, never advice."), theme.FIELD, bold=True, tone="training")
        self.words = label(tone="quiet")
        left = column(spacing=6)
        left.addWidget(self.note)
        left.addWidget(self.curve, 1)
        left.addWidget(self.words)
        side = QWidget()
        side.setFixedWidth(theme.px(_SIDE))
        lines = column(spacing=6)
        side.setLayout(lines)
        self.view = Choice(_("Part of the course shown"))
        self.view.setMinimumContentsLength(6)
        self.view.edited.connect(self._show_part)
        lines.addWidget(self.view)
        lines.addWidget(label(_("Draw in"), theme.FIELD, bold=True))
        lines.addLayout(self._make_fields())
        self.trouble = label(tone="justify")
        self.trouble.hide()
        lines.addWidget(self.trouble)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Drawn in"))
        theme.tone(self.list, "training")
        self.list.setWordWrap(True)
        self.list.setFont(theme.font())
        self.list.setFixedHeight(theme.px(76))
        self.remove = Button(_("Take a&way what is chosen"), self.take_away)
        lines.addWidget(self.list)
        lines.addWidget(self.remove)
        self.table = FigureTable(_("Concentration at some moments"), choosable=False)
        lines.addWidget(self.table, 1)
        self._scroll = fill_page(self, Beside(left, side, shares=(1, 0)), _("Picture of the drug"))

    def _make_fields(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(8))
        grid.setVerticalSpacing(theme.px(4))
        grid.setColumnStretch(1, 1)
        self.kind = Choice(_("What is drawn in"))
        self.kind.setMinimumContentsLength(6)
        self.begins, self.ends = TextField(_("From hour"), "h"), TextField(_("To hour"), "h")
        self.rate = TextField(_("Rate"), "mL/h")
        self.add = Button(_("&Add"), self.draw_in)
        rows = (("", self.kind, ""), (_("From hour"), self.begins, "h"), (_("To hour"), self.ends, "h"))
        for row, (text, field, unit) in enumerate((*rows, (_("Rate"), self.rate, "mL/h"))):
            grid.addWidget(QLabel(text or _("What")), row, 0)
            grid.addWidget(field, row, 1)
            grid.addWidget(QLabel(unit), row, 2)
        grid.addWidget(self.add, 4, 1)
        self.kind.edited.connect(self._rate_or_not)
        return grid

    def _rate_or_not(self) -> None:
        """Only a wrong rate has a rate; the pump stands still in the others."""
        self.rate.setEnabled(self.kind.document_text() == WRONG_RATE)

    # ---- what is drawn in ----

    def draw_in(self) -> None:
        """Draw in what the fields say, or say why not."""
        from dosing_app.teaching.drug_picture import Drawn

        try:
            start, end = self._hours(self.begins), self._hours(self.ends)
            kind = self.kind.document_text()
            rate = self._rate() if kind == WRONG_RATE else None
        except ValueError as error:
            self._complain(str(error))
            return
        if end <= start:
            self._complain(_("It ends after it begins."))
            return
        if any(start < each.drawn.end and each.drawn.start < end for each in self.events):
            self._complain(_("Something is drawn in over these hours already."))
            return
        self.events.append(Event(kind, Drawn(start, end, rate)))
        self.events.sort(key=lambda each: each.drawn.start)
        self._complain("")
        for field in (self.begins, self.ends, self.rate):
            field.clear()
        self._renew(f"{start}")
        self.begins.setFocus()

    def _complain(self, sentence: str) -> None:
        """Say why nothing is drawn in."""
        self.trouble.setText(sentence)
        self.trouble.setVisible(bool(sentence))

    def _hours(self, field: TextField) -> Decimal:
        from dosing_app.core.quantities import Field, Refused, magnitude, read_quantity

        most = self.hours
        try:
            return magnitude(read_quantity(field.document_text(), Field("hour", "h", Decimal(0), most)), "h")
        except Refused as error:
            raise ValueError(
                _("{field}: hours of the course, 0 to {most}.").format(
                    field=field.accessibleName().partition(",")[0], most=most
                )
            ) from error

    def _rate(self) -> Quantity:
        from dosing_app.core.quantities import Field, Refused, read_quantity

        try:
            return read_quantity(self.rate.document_text(), Field("rate", "mL/h", Decimal("0.1"), Decimal(99)))
        except Refused as error:
            raise ValueError(_("Rate: such as 5 mL/h, from 0.1 to 99.")) from error

    @property
    def hours(self) -> Decimal:
        """Hours of the course."""
        from dosing_app.core.quantities import magnitude

        plan = self.lesson.plan if self.lesson else None
        return magnitude(plan.course.hours, "h") if plan is not None and plan.course is not None else Decimal(0)

    def take_away(self) -> None:
        """Take away the chosen line, or the only one."""
        row = self.list.currentRow() if len(self.events) > 1 else 0
        if 0 <= row < len(self.events):
            del self.events[row]
            self._renew("")

    # ---- what is shown ----

    def _renew(self, around: str | None = None) -> None:
        """Curve, list, table and words; `around` is the start of what was drawn in last."""
        from dosing_app.teaching.drug_picture import drug_picture
        from dosing_app.wording.figures import number

        plan = self.lesson.plan if self.lesson else None
        if plan is None or plan.bags is None:
            refused = " ".join(self.lesson.refused) if self.lesson else ""
            self.picture = None
            self.words.setText(
                _("No picture: the teaching order of Demonstrate has no bags. {why}").format(why=refused)
            )
            self.curve.show_picture(None)
            self.table.show_table(None)
            return
        self.picture = drug_picture(plan, [each.drawn for each in self.events])
        self.words.setText("\n".join(self.picture.words[1:]))
        self.list.clear()
        self.list.addItems([self._said(each) for each in self.events])
        self.remove.setEnabled(bool(self.events))
        views = [(_("Whole course"), "whole"), (_("First {hours} hours").format(hours=_FIRST), "first")]
        views += [
            (_("Around hour {hour}").format(hour=number(each.drawn.start)), f"{each.drawn.start}")
            for each in self.events
        ]
        fill(self.view, views)
        if around is not None:
            self.view.show_text(around or "whole")
        self._show_part()

    def _said(self, event: Event) -> str:
        from dosing_app.wording.figures import number
        from dosing_app.wording.units import print_quantity

        hours = _("{start} to {end} h").format(start=number(event.drawn.start), end=number(event.drawn.end))
        rate = f", {print_quantity(event.drawn.rate, 'mL/h')}" if event.drawn.rate is not None else ""
        return f"{kind_words(event.kind)} {hours}{rate}"

    def _show_part(self) -> None:
        if self.picture is None:
            return
        part = self.view.document_text()
        first, last = Decimal(0), self.hours + _AROUND
        if part == "first":
            last = Decimal(_FIRST)
        elif part not in {"", "whole"}:
            event = next((each for each in self.events if f"{each.drawn.start}" == part), None)
            if event is not None:
                first, last = max(first, event.drawn.start - _AROUND), min(last, event.drawn.end + _AROUND)
        shaded = [(each.drawn.start, each.drawn.end) for each in self.events]
        self.curve.show_picture(self.picture, first, last, shaded)
        self._show_table()

    def _show_table(self) -> None:
        """Level at moments that matter: the beginning, each thing drawn in, the end."""
        from dosing_app.core.quantities import NO_BREAK_SPACE
        from dosing_app.wording.figures import Table, number

        assert self.picture is not None
        levels = dict(self.picture.points)
        end = self.hours
        rows = [(Decimal(4), _("after the start")), (Decimal(24), _("after one day"))]
        for each in self.events:
            rows += [
                (each.drawn.start, _("begins: {what}").format(what=kind_words(each.kind))),
                (each.drawn.end, _("ends")),
                (each.drawn.end + 4, _("four hours later")),
                (each.drawn.end + 12, _("twelve hours later")),
            ]
        rows += [(end, _("end of the course")), (end + 4, _("four hours later"))]
        shown = [
            [number(hour), number(self._level(levels, hour), 0), words]
            for hour, words in sorted(rows)
            if hour <= end + 24
        ]
        self.table.show_table(Table([_("hour"), _("pg per mL").replace(" ", NO_BREAK_SPACE), _("moment")], shown))

    def _level(self, levels: dict[Decimal, Decimal], hour: Decimal) -> Decimal:
        """The level at the point of the curve that is nearest: half an hour away at most."""
        return levels[min(levels, key=lambda each: abs(each - hour))]

    # ---- events ----

    def showEvent(self, event: QShowEvent) -> None:
        """The teaching order as it is now; what was drawn in stays."""
        super().showEvent(event)
        from dosing_app.teaching.lesson import beginning, lesson_of

        fill(self.kind, [(kind_words(each), each) for each in (INTERRUPTION, GAP, WRONG_RATE)])
        self._rate_or_not()
        texts = dict(self._texts()) or beginning()
        seen = (texts, self._house().site.digest)
        if seen != self._seen:
            self._seen = seen
            self.lesson = lesson_of(texts, self._house())
            self._renew()
        self._scroll.show_from(self.kind)
