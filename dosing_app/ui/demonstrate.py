"""Demonstrate: a derivation one step at a time, large; change an input and see which steps change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QListWidget, QListWidgetItem, QWidget

from dosing_app.ui import theme
from dosing_app.ui.buttons import Button
from dosing_app.ui.quantity_edit import Choice, TextField
from dosing_app.ui.reflow import Beside, Flow
from dosing_app.ui.teaching_chain import TeachingChain
from dosing_app.ui.teaching_parts import StepCard, change_mark, column, fill, fill_page, label
from dosing_app.wording.language import _, data_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dosing_app.papers.sheaf import Sheaf
    from dosing_app.reference.bundle import House
    from dosing_app.teaching.derivation import Step
    from dosing_app.teaching.lesson import Lesson

SCALES = (1.0, 1.3, 1.7, 2.1)
_SIDE, _LEAST = 360, 80
_FORWARD = {Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_PageDown}
_BACK = {Qt.Key.Key_Left, Qt.Key.Key_Backspace, Qt.Key.Key_PageUp}


def step_title(name: str) -> str:
    """A step in a word or two, for the list."""
    return {
        "infant": _("Measured"),
        "bsa": _("BSA"),
        "dose": _("Daily dose"),
        "amount": _("To deliver"),
        "drug-volume": _("Drug volume"),
        "measured": _("By the syringe"),
        "given-back": _("Dose given"),
        "vials": _("Vials"),
        "rate": _("Pump rate"),
        "volume": _("Volume to be infused"),
        "change-time": _("Taken down"),
    }[name]


# What stands below each place of the picture once its step has been seen.
_SHOWN_AT = ("infant", "bsa", "dose", "drug-volume", "measured", "rate")


class Demonstrate(QWidget):
    """The lesson: its inputs at the side, its steps one by one."""

    def __init__(self, house: Callable[[], House], copied: Callable[[], Mapping[str, str] | str]) -> None:
        """Nothing is worked out before it is seen.

        Args:
            house: the site's settings and limits.
            copied: the texts of the present order without identity, or a sentence why there are none.
        """
        super().__init__()
        self._house, self._copied = house, copied
        self._texts: dict[str, str] = {}
        self.lesson: Lesson | None = None
        self._before: Sequence[Step] = ()  # what changes are held against
        self.steps: Sequence[Step] = ()
        self._at = self._scale = 0
        self.fields: dict[str, TextField | Choice] = {}
        self.chain, self.card, self.list = TeachingChain(), StepCard(), QListWidget()
        self._lay_out()

    # ---- layout ----

    def _lay_out(self) -> None:
        self.side = QWidget()
        self.side.setFixedWidth(theme.px(_SIDE))
        side = column(spacing=4)
        self.side.setLayout(side)
        self._grid = self._make_fields()
        side.addLayout(self._grid)
        self.said = label(tone="quiet")
        side.addWidget(self.said)
        side.addLayout(self._make_side_buttons())
        side.addSpacing(theme.px(4))
        self.list.setAccessibleName(_("Steps"))
        theme.tone(self.list, "training")
        self.list.setFont(theme.font())
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(self._chosen)
        side.addWidget(self.list, 1)
        middle = column(spacing=8)
        middle.addWidget(self.chain)
        middle.addWidget(self.card, 1)
        middle.addLayout(self._make_foot())
        fill_page(self, Beside(middle, self.side, shares=(1, 0)), _("Demonstrate"))

    def _make_fields(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(8))
        grid.setVerticalSpacing(theme.px(4))
        grid.setColumnStretch(1, 1)
        made: tuple[tuple[str, str, str, str], ...] = (
            ("weight", _("Weight"), "kg", "kg"),
            ("length", _("Length"), "cm", "cm"),
            ("age", _("Age"), "days", _("days")),
            ("start", _("Start"), "", ""),
        )
        for name, text, unit, shown in made:
            self._put(grid, name, text, TextField(text, unit, shown=shown), shown)
        for name, text in (("formula", _("Formula")), ("product", _("Product")), ("pattern", _("Pattern"))):
            self._put(grid, name, text, Choice(text, editable=name == "pattern"), "")
        self.bag = Choice(_("Bag shown"))
        self.bag.edited.connect(self._renew)
        self._put(grid, "", _("Bag"), self.bag, "")
        return grid

    def _put(self, grid: QGridLayout, name: str, text: str, field: TextField | Choice, unit: str) -> None:
        row = grid.rowCount()
        field.setMinimumWidth(theme.px(_LEAST))
        if isinstance(field, Choice):
            field.setMinimumContentsLength(6)
            field.setProperty("elided", True)  # the column is narrow
        grid.addWidget(QLabel(text), row, 0)
        grid.addWidget(field, row, 1, 1, 1 if unit else 2)
        if unit:
            grid.addWidget(QLabel(unit), row, 2)
        if name:
            self.fields[name] = field
            field.edited.connect(lambda: self._typed(name, field.document_text()))

    def _make_side_buttons(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(theme.px(4))
        self.compare = Button(_("&Compare from here"), self.compare_from_here)
        self.anew = Button(_("&Begin anew"), self.begin)
        self.copy = Button(_("C&opy the present order"), self.take_copy)
        grid.addWidget(self.compare, 0, 0)
        grid.addWidget(self.anew, 0, 1)
        grid.addWidget(self.copy, 1, 0, 1, 2)
        return grid

    def _make_foot(self) -> Flow:
        foot = Flow(spacing=8)
        self.back = Button(_("Step b&ack"), lambda: self.step(-1))
        self.next = Button(_("&Next step"), lambda: self.step(1))
        self.number = QLabel()
        self.smaller = Button("−", lambda: self.enlarge(-1), _("Smaller type"))
        self.larger = Button("+", lambda: self.enlarge(1), _("Larger type"))
        self.inputs = Button(_("&Inputs"), self._show_side, _("Inputs and list of steps"))
        self.inputs.setCheckable(True)
        self.inputs.setChecked(True)
        self.handout = Button(_("Print hando&ut …"), self.print_handout)
        foot.add(self.back, self.next, self.number)
        foot.push()
        foot.add(QLabel(_("Type")), self.smaller, self.larger, self.inputs, self.handout)
        for keys, act in (
            ("Ctrl++", self.larger.click),
            ("Ctrl+=", self.larger.click),
            ("Ctrl+-", self.smaller.click),
            ("Ctrl+P", self.handout.click),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        return foot

    # ---- the lesson ----

    @property
    def texts(self) -> Mapping[str, str]:
        """The teaching order as typed."""
        return self._texts

    def begin(self) -> None:
        """The lesson's own infant, from the first step."""
        from dosing_app.teaching.lesson import beginning

        self._take(beginning())

    def take_copy(self) -> None:
        """A copy of the present order, without identity; or say why there is none."""
        found = self._copied()
        if isinstance(found, str):
            self.said.setText(found)
            self.said.show()
        else:
            self._take(dict(found))

    def _take(self, texts: dict[str, str]) -> None:
        self._texts = texts
        self._at = 0
        self._before = ()
        self._offer()
        for name, field in self.fields.items():
            field.show_text(texts.get(name, ""))
        self._work()
        self.bag.show_text(str(min(2, self.lesson.bags)) if self.lesson and self.lesson.bags else "1")
        self._renew()
        self.compare_from_here()

    def _typed(self, name: str, text: str) -> None:
        if self._texts.get(name, "") != text:
            self._texts = {**self._texts, name: text}
            self._work()
            self._renew()

    def _offer(self) -> None:
        """What the lists offer."""
        from dosing_app.core.bsa import OFFERED
        from dosing_app.reference.product import load_product
        from dosing_app.reference.source import BadFile, shipped
        from dosing_app.wording.sentences import formula_name

        formula, product, pattern = (self.fields[name] for name in ("formula", "product", "pattern"))
        assert isinstance(formula, Choice)
        assert isinstance(product, Choice)
        assert isinstance(pattern, Choice)
        usual = self._house().site.formula or next(iter(OFFERED))
        fill(
            formula,
            [(_("{formula}, usual").format(formula=formula_name(usual)), "")]
            + [(formula_name(each), each) for each in OFFERED],
        )
        fill(product, [(data_words(load_product(each).title), each) for each in shipped("products")])
        product.show_whole(least=_LEAST)  # two of them may differ at the end alone
        self._widen()
        try:
            kinds = [kind.name for kind in load_product(self._texts.get("product", "")).kind if kind.plannable]
        except BadFile:
            return
        pairs = [f"{one},{other}" for one in kinds for other in kinds if one != other]
        pattern.offer([(each, each) for each in (*kinds, *pairs)])

    def _widen(self) -> None:
        """Leave room for the longest name of a product."""
        self._grid.invalidate()
        self.side.setFixedWidth(max(theme.px(_SIDE), self._grid.minimumSize().width()))

    def _work(self) -> None:
        from dosing_app.teaching.lesson import lesson_of

        self._offer()
        self.lesson = lesson_of(self._texts, self._house())
        numbers = [str(number) for number in range(1, self.lesson.bags + 1)] or [self.bag.document_text() or "1"]
        fill(self.bag, [(_("bag {number}").format(number=each), each) for each in numbers])

    def _renew(self) -> None:
        """Steps, list, card and picture from the lesson; what is refused stands where they stood."""
        if self.lesson is None:
            return
        self.steps = self.lesson.steps(int(self.bag.document_text() or 1))
        self._at = max(0, min(self._at, len(self.steps) - 1))
        self._show_list()
        self._show_step()
        asked = [_("In care this would need a written reason: {what}").format(what=each) for each in self.lesson.asked]
        refused = list(self.lesson.refused) if self.steps else []
        self.said.setText("\n".join([*refused, *asked]))
        self.said.setVisible(bool(self.said.text()))

    def compare_from_here(self) -> None:
        """Hold later changes against the steps as they are now."""
        self._before = self.steps
        self._show_list()
        self._show_step()

    # ---- what is shown ----

    def changes(self) -> tuple[str, ...]:
        """The names of the steps that read otherwise than before."""
        from dosing_app.teaching.derivation import changed_steps

        return changed_steps(self._before, self.steps) if self._before and self.steps else ()

    def _show_list(self) -> None:
        changed = self.changes()
        icon = QIcon(change_mark(theme.px(12)))
        icon.addPixmap(change_mark(theme.px(12), "surface"), QIcon.Mode.Selected)
        self.list.blockSignals(True)
        self.list.clear()
        for number, step in enumerate(self.steps, 1):
            text = f"{number}  {step_title(step.name)}"
            item = QListWidgetItem(_("{step} – changes").format(step=text) if step.name in changed else text)
            if step.name in changed:
                item.setIcon(icon)
            self.list.addItem(item)
        self.list.setCurrentRow(self._at if self.steps else -1)
        self.list.blockSignals(False)

    def _show_step(self) -> None:
        scale = SCALES[self._scale]
        for button, there in (
            (self.back, self._at > 0),
            (self.next, self._at + 1 < len(self.steps)),
            (self.smaller, self._scale > 0),
            (self.larger, self._scale + 1 < len(SCALES)),
            (self.handout, bool(self.steps)),
            (self.compare, bool(self.steps)),
        ):
            button.setEnabled(there)
        if not self.steps:
            refused = " ".join(self.lesson.refused) if self.lesson else ""
            self.card.show_sentence(_("No steps. {why}").format(why=refused) if refused else "")
            self.chain.show_place("", {}, scale)
            self.number.setText("")
            return
        step = self.steps[self._at]
        where = _("Step {number} of {total}").format(number=self._at + 1, total=len(self.steps))
        self.number.setText(where)
        self.card.show_step(step, where, self._was(step), scale)
        found = {each.place: each.result for each in self.steps[: self._at + 1] if each.name in _SHOWN_AT}
        self.chain.show_place(step.place, found, scale)

    def _was(self, step: Step) -> str:
        """What a changed step read before."""
        if step.name not in self.changes():
            return ""
        old = next((each for each in self._before if each.name == step.name), None)
        if old is None:
            return _("changes: was not there")
        if old.result == step.result:
            return _("changes on the way, with the same result")
        return _("changes: was {before}").format(before=old.result)

    def _chosen(self, row: int) -> None:
        if row >= 0:
            self._at = row
            self._show_step()

    def step(self, by: int) -> None:
        """Forward or back, if there is a step."""
        if 0 <= self._at + by < len(self.steps):
            self.list.setCurrentRow(self._at + by)

    def enlarge(self, by: int) -> None:
        """Larger or smaller type, for a projector."""
        if 0 <= self._scale + by < len(SCALES):
            self._scale += by
            self._show_step()

    def _show_side(self) -> None:
        self.side.setVisible(self.inputs.isChecked())
        self.card.setFocus()

    # ---- paper ----

    def sheaf(self) -> Sheaf:
        """The handout as the one paper there is."""
        from dosing_app.papers.handout import handout
        from dosing_app.papers.sheaf import Paper, Sheaf

        lesson, steps = self.lesson, self.steps
        state = _("TRAINING: not an order, not a plan")
        if lesson is None or not steps:
            return Sheaf(None, draft=True, state=state, refused=(_("There are no steps to print."),))
        given = self.given()
        paper = Paper("handout", _("Handout"), lesson.plan, lambda _print: handout(steps, given, lesson.asked))
        return Sheaf(None, draft=True, state=state, papers=(paper,))

    def given(self) -> list[tuple[str, str]]:
        """The inputs as they stand on the handout."""
        product, formula = self.fields["product"], self.fields["formula"]
        assert isinstance(product, Choice)
        assert isinstance(formula, Choice)
        return [
            (_("weight"), self._texts.get("weight", "")),
            (_("length"), self._texts.get("length", "")),
            (_("age"), self._texts.get("age", "")),
            (_("formula"), formula.currentText()),
            (_("product"), product.currentText()),
            (_("pattern"), self._texts.get("pattern", "")),
            (_("bag shown"), self.bag.document_text()),
        ]

    def print_handout(self) -> None:
        """The handout before it is printed or kept."""
        from dosing_app.ui.paper_preview import PaperPreview

        self.preview = PaperPreview(self.sheaf, Path.home(), self)
        self.preview.setWindowTitle(_("TRAINING: handout"))
        self.preview.show_paper("handout")
        self.preview.show()

    # ---- events ----

    def showEvent(self, event: QShowEvent) -> None:
        """Begin when first seen; afterwards as it was left, by the site's settings as they are now."""
        super().showEvent(event)
        if self.lesson is None:
            self.begin()
        else:
            self._work()
            self._renew()
        self.card.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Right, Space, Page Down: the next step. Left, Backspace, Page Up: the one before."""
        key = Qt.Key(event.key())
        if key in _FORWARD:
            self.step(1)
        elif key in _BACK:
            self.step(-1)
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_End} and self.steps:
            self.list.setCurrentRow(0 if key == Qt.Key.Key_Home else len(self.steps) - 1)
        else:
            super().keyPressEvent(event)
