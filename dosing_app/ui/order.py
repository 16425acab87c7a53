"""The workspace Order: left what a person enters, right what follows from it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dosing_app.ui import theme
from dosing_app.ui.marks import Mark
from dosing_app.ui.quantity_edit import Choice, PreviousWeight, SexChoice, TextField
from dosing_app.wording.language import _, data_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from dosing_app.course.plan import Plan
    from dosing_app.ui.editor import Editor
    from dosing_app.ui.findings import Findings
    from dosing_app.ui.growth_chart import GrowthCharts
    from dosing_app.ui.results import Results
    from dosing_app.ui.timeline import Timeline

Input = TextField | SexChoice | PreviousWeight | Choice

# Seldom used: behind a button while they hold nothing of their own, so that an ordinary order does not scroll.
SELDOM = ("previous-weight", "zone", "formula")
_ZONES = (  # noqa: SIM905 - one text reads better than forty
    "Europe/Amsterdam Europe/Athens Europe/Berlin Europe/Brussels Europe/Copenhagen Europe/Dublin Europe/Helsinki "
    "Europe/Lisbon Europe/London Europe/Madrid Europe/Oslo Europe/Paris Europe/Prague Europe/Rome Europe/Stockholm "
    "Europe/Vienna Europe/Warsaw Europe/Zurich America/Chicago America/Denver America/Halifax America/Los_Angeles "
    "America/New_York America/Sao_Paulo America/Toronto Africa/Johannesburg Asia/Dubai Asia/Jerusalem Asia/Kolkata "
    "Asia/Singapore Asia/Tokyo Australia/Brisbane Australia/Melbourne Australia/Perth Australia/Sydney Pacific/Auckland"
).split()
_LABEL_WIDTH, _CELL_WIDTH, _FORM_WIDTH, _RESULTS_WIDTH = 76, 218, 484, 560
_GROWTH_HEIGHT = 84  # beside results


class _Line:
    """One row of the form: label and input, the echo beside it, and below both why a text is not read."""

    def __init__(self, label: QLabel, cell: QWidget, hint: str, *, echoes: bool) -> None:
        self.label, self.cell, self.hint, self._echoes = label, cell, hint, echoes
        self._described = label.buddy()
        self.echo = QLabel(hint)
        self.echo.setMinimumHeight(theme.px(31))
        self.echo.setWordWrap(True)
        theme.tone(self.echo, "quiet")
        self.refusal = QWidget()
        self.reason = QLabel()
        self.reason.setWordWrap(True)
        theme.tone(self.reason, "refuse")
        row = QHBoxLayout(self.refusal)
        row.setContentsMargins(0, 0, 0, theme.px(4))
        row.addWidget(Mark("refuse"))
        row.addWidget(self.reason, 1)
        self.refusal.hide()
        self._shown = ("", False)

    def show_echo(self, text: str, *, ok: bool) -> None:
        """The value in other words, quiet; the reason why it is not read, marked; the hint where nothing stands."""
        if (text, ok) == self._shown:
            return
        self._shown = (text, ok)
        refused = bool(text) and not ok
        self.echo.setText("" if refused else text or ("" if ok else self.hint))
        self.reason.setText(text if refused else "")
        self.refusal.setVisible(refused)
        self._described.setAccessibleDescription(self.reason.text() or self.echo.text())  # heard with the field

    def set_visible(self, shown: bool) -> None:
        """Show or hide the row."""
        for widget in (self.label, self.cell):
            widget.setVisible(shown)
        if self._echoes:  # else it stands nowhere, and shown it would be a window of its own
            self.echo.setVisible(shown)
        self.refusal.setVisible(shown and bool(self.reason.text()))


class Form(QWidget):
    """The inputs of an order. Holds texts; says `edited` to nobody but the editor."""

    def __init__(self, editor: Editor) -> None:
        """An empty order."""
        super().__init__()
        self._editor = editor
        self.inputs: dict[str, Input] = {}
        self._lines: dict[str, _Line] = {}
        menus = (_("&File"), _("&Edit"), _("&View"), _("&Papers"), _("&Role"), _("&Help"))
        self._taken = {title[title.index("&") + 1].lower() for title in menus}  # letters of the menu bar
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.px(3))
        self._grid = self._new_grid(whole)
        self._heading(_("Infant"))
        self._add("case", _("Case"), TextField(_("Case")), _("a code; no names needed"))
        self._add("born", _("Born"), TextField(_("Born")), _("such as 20-Jun-2026"))
        self._add("sex", _("Sex"), SexChoice(_("Sex")))
        gestation = TextField(_("Gestation at birth"))
        term = self._button(_("Term"), _("Gestation at birth: term"), lambda: gestation.setText("term"))
        self._add("gestation", _("Gestation"), gestation, _("such as 34w2d"), term)
        self._add("weight", _("Weight"), TextField(_("Weight"), "kg"), _("such as 6.42"))
        self._add("length", _("Length"), TextField(_("Length"), "cm"), _("such as 63.5"))
        measured = TextField(_("Measured on"))
        today = self._button(_("Today"), _("Measured on: today"), lambda: measured.setText(_today()))
        self._add("measured", _("Measured on"), measured, _("day of weighing"), today)
        self._heading(_("Course"))
        self._add(
            "prescribed",
            _("Prescribed"),
            TextField(_("Prescribed daily dose"), "microgram/day", shown=_("micrograms per day")),
            _("optional: compared"),
        )
        self._add("start", _("Start"), TextField(_("Start")), _("such as 23-Nov-2026 14:00"))
        self._add("product", _("Product data"), Choice(_("Product data")))
        self._add("pattern", _("Pattern"), Choice(_("Pattern"), editable=True), _("empty: auto"))
        self.more = QPushButton()
        self.more.setFlat(True)
        self.more.setCheckable(True)
        self.more.toggled.connect(self._show_seldom)
        self._grid.addWidget(self.more, self._grid.rowCount(), 0, 1, 3)
        self._grid = self._new_grid(whole)  # one that takes no room while it is closed
        self._add(
            "previous-weight", _("Previous"), PreviousWeight(_("Previous weight"), _("Previous weight: day")),
            _("optional")
        )  # fmt: skip
        self._add("zone", _("Time zone"), Choice(_("Time zone"), editable=True))
        self._add("formula", _("BSA formula"), Choice(_("BSA formula")))
        self._zone.offer([(zone, zone) for zone in _ZONES])
        self._show_seldom()
        self.complete = False  # whether the lists offer all that they will offer
        self._seen: dict[str, tuple[str, ...]] = {}

    def _new_grid(self, whole: QVBoxLayout) -> QGridLayout:
        """Rows of label, cell and echo, one column under the other across grids."""
        part = QWidget()
        whole.addWidget(part)
        self._last_part = part
        grid = QGridLayout(part)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(12))
        grid.setVerticalSpacing(theme.px(3))
        grid.setColumnMinimumWidth(0, theme.px(_LABEL_WIDTH))
        grid.setColumnStretch(2, 1)
        return grid

    @property
    def _zone(self) -> Choice:
        found = self.inputs["zone"]
        assert isinstance(found, Choice)
        return found

    def _heading(self, text: str) -> None:
        label = QLabel(text)
        label.setFont(theme.font(theme.FIELD, bold=True))
        row = self._grid.rowCount()
        self._grid.addWidget(label, row, 0, 1, 3)

    def _button(self, text: str, name: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(name)
        button.setAutoDefault(False)
        button.clicked.connect(act)
        button.clicked.connect(self._editor.settle)
        return button

    def _add(self, name: str, text: str, field: Input, hint: str = "", button: QPushButton | None = None) -> None:
        """A row of the form."""
        row = self._grid.rowCount()
        label = QLabel(self._with_mnemonic(text))
        label.setBuddy(field.weight if isinstance(field, PreviousWeight) else field)
        cell = QWidget()
        inner = QHBoxLayout(cell)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(theme.px(6))
        inner.addWidget(field, 1)
        if isinstance(field, TextField) and field.unit:
            unit = QLabel(field.shown)
            unit.setMinimumWidth(theme.px(22))
            inner.addWidget(unit)
        if button:
            inner.addWidget(button)
            if isinstance(field, TextField):
                field.filler = button
        self._grid.addWidget(label, row, 0)
        self.inputs[name] = field
        field.edited.connect(lambda: self._editor.change(name, field.document_text()))
        field.left.connect(self._editor.settle)
        # what is chosen needs no echo, and its texts are long, in some languages at least
        long = isinstance(field, SexChoice) or (isinstance(field, Choice) and not field.isEditable())
        line = _Line(label, cell, hint, echoes=not long)
        if name == "start":
            line.echo.setMinimumHeight(theme.px(35))  # day, time and offset take two lines
        self._lines[name] = line
        if not long:
            cell.setFixedWidth(theme.px(_CELL_WIDTH))
        self._grid.addWidget(cell, row, 1, 1, 2 if long else 1)
        if not long:
            self._grid.addWidget(line.echo, row, 2)
        self._grid.addWidget(line.refusal, row + 1, 1, 1, 2)

    def _with_mnemonic(self, text: str) -> str:
        """The label with its first free letter as a key."""
        for at, letter in enumerate(text):
            if letter.isalpha() and letter.lower() not in self._taken:
                self._taken.add(letter.lower())
                return f"{text[:at]}&{text[at:]}"
        return text

    def _show_seldom(self, _opened: bool = False) -> None:
        """Open or close the seldom used rows; one that holds a text of its own is never hidden."""
        house = self._editor.house
        usual = {"zone": house.site.zone if house else ""}
        held = any(self._editor.text(name) not in {"", usual.get(name, "")} for name in SELDOM)
        opened = held or self.more.isChecked()
        for name in SELDOM:
            self._lines[name].set_visible(opened)
        self._last_part.setVisible(opened)
        self.more.setVisible(not held)
        self.more.setText(_("Less") if opened else _("More: previous weight, time zone, BSA formula"))
        self.more.setAccessibleName(self.more.text())

    def show_texts(self) -> None:
        """Show the document's texts with their echoes."""
        texts = self._editor.texts
        house = self._editor.house
        if house is not None:
            self._offer()
        for name, field in self.inputs.items():
            text = texts.get(name, "")
            if name == "product" and house is not None and not text:
                text = house.site.product
            field.show_text(text)
        if house is not None:
            from dosing_app.wording.figures import echo

            beside = (texts.get("zone", ""), texts.get("product", ""))
            for name, line in self._lines.items():
                seen = (texts.get(name, ""), *beside, house.site.digest)
                if self._seen.get(name) != seen:
                    self._seen[name] = seen
                    said = echo(name, seen[0], house, *beside)
                    line.show_echo(said.text, ok=said.ok)
        self._show_seldom()

    def says(self, name: str) -> bool:
        """Whether a field says beside itself why it is not read."""
        return name in self._lines

    def _offer(self) -> None:
        """What the lists offer, by the site's settings and the product data of the order."""
        from dosing_app.core.bsa import OFFERED
        from dosing_app.reference.product import load_product
        from dosing_app.reference.source import BadFile, shipped
        from dosing_app.wording.sentences import formula_name

        house = self._editor.house
        assert house is not None
        name = self._editor.text("product").strip() or house.site.product
        if self._seen.get("offered") == (name, house.site.digest, str(self.complete)):
            return
        self._seen["offered"] = (name, house.site.digest, str(self.complete))
        product, pattern, formula = self.inputs["product"], self.inputs["pattern"], self.inputs["formula"]
        assert isinstance(product, Choice)
        assert isinstance(pattern, Choice)
        assert isinstance(formula, Choice)
        # the dose does not wait for product data that it is not worked out with
        products = [each for each in shipped("products") if self.complete or each == name]
        product.offer([(data_words(load_product(each).title), each) for each in products])
        usual = formula_name(house.site.formula or next(iter(OFFERED)))
        formula.offer(
            [(_("{formula} (the site's)").format(formula=usual) if house.site.formula else usual, "")]
            + [(formula_name(each), each) for each in OFFERED]
        )
        self._zone.say_usual(house.site.zone)
        try:
            kinds = load_product(name)
        except BadFile:
            pattern.offer([])
            return
        pattern.say_usual(_("auto"))
        known = [kind.name for kind in kinds.kind if kind.plannable]
        offered = ["auto", *known]
        offered += ["72h,96h", "96h,72h"] if {"72h", "96h"} <= set(known) else []
        pattern.offer([(each, each) for each in dict.fromkeys(offered)])


def _today() -> str:
    """Today as people write it here, with the month in the language of the program."""
    from dosing_app.wording.calendar_words import months

    now = time.localtime()
    return f"{now.tm_mday}-{months()[now.tm_mon - 1]}-{now.tm_year}"


class Order(QWidget):
    """The workspace. The form stands at the first paint; `begin` adds the dose, `complete` all else that follows."""

    picked = Signal()
    results: Results
    timeline: Timeline
    findings: Findings
    growth: GrowthCharts

    def __init__(self, editor: Editor) -> None:
        """An empty order."""
        super().__init__()
        self._editor = editor
        self._complete = False
        self.form = Form(editor)
        self.form.setFixedWidth(theme.px(_FORM_WIDTH))
        page = QWidget()
        theme.tone(page, "page")
        self._page = QVBoxLayout(page)
        self._page.setContentsMargins(theme.px(16), theme.px(8), theme.px(16), 0)
        self._page.setSpacing(theme.px(4))
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(theme.px(32))
        self._left = QVBoxLayout()
        self._left.setSpacing(theme.px(4))
        self._left.addWidget(self.form)
        self._left.addStretch(1)
        self._columns.addLayout(self._left, 0)
        self._page.addLayout(self._columns, 1)
        self._scroll = QScrollArea()
        self._scroll.setWidget(page)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(0)
        self._whole.addWidget(self._scroll, 1)

    def begin(self) -> None:
        """Add the place of the dose, after the first paint."""
        from dosing_app.ui.results import Results

        self.results = Results()
        self._columns.addWidget(self.results, 1)

    def complete(self) -> None:
        """Add working, timeline, growth and findings, once the dose is seen."""
        from PySide6.QtCore import Qt

        from dosing_app.ui.findings import Findings
        from dosing_app.ui.growth_chart import GrowthCharts
        from dosing_app.ui.reflow import Follow
        from dosing_app.ui.timeline import Timeline

        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        Follow(self._scroll)
        self.form.complete = True
        self.results.complete()
        self.timeline = Timeline()
        self.timeline.picked.connect(self.picked)
        self.findings = Findings(self._editor)
        self.growth = GrowthCharts(_GROWTH_HEIGHT)
        self._left.insertWidget(1, self.growth)
        self._page.addWidget(self.timeline)
        self._whole.addWidget(self.findings)
        self._complete = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side where there is room, else the results below the form."""
        super().resizeEvent(event)
        narrow = self.width() < theme.px(_FORM_WIDTH + _RESULTS_WIDTH)
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._columns.direction() != direction:
            self._columns.setDirection(direction)

    def show_texts(self) -> None:
        """Show what was typed."""
        self.form.show_texts()

    def show_plan(self, plan: Plan) -> None:
        """Show what follows from it, in the places that stand already."""
        self.results.show_plan(plan)
        if not self._complete:
            return
        self._show_growth(plan)
        self.timeline.show_plan(plan)
        self.timeline.setVisible(not self.timeline.empty)
        # what cannot be read is said beside its field
        self.findings.show_findings([each for each in plan.findings if not self._said_beside(each)])

    def _show_growth(self, plan: Plan) -> None:
        """The infant on the WHO curves: small beside the form where results stand, else large in their place."""
        from dosing_app.wording.figures import growth_lines

        pictures = self._editor.growth_pictures()
        said = ", ".join(growth_lines(plan)[:1])
        small = plan.daily_dose is not None
        self.growth.show_pictures(pictures if small else [], said)
        self.growth.setVisible(small)
        self.results.show_growth([] if small else pictures, said)

    def _said_beside(self, finding: object) -> bool:
        values = getattr(finding, "values", {})
        return getattr(finding, "code", "") == "unreadable" and self.form.says(values.get("field", ""))

    def blank(self, sentence: str) -> None:
        """Take every result away and say why."""
        self.results.blank(sentence)
        if not self._complete:
            return
        self.results.show_growth([], "")
        self.growth.show_pictures([], "")
        self.timeline.show_plan(None)
        self.timeline.hide()
        self.findings.show_findings(())
