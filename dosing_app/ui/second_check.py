"""The blind second check: another person types the order again from its source. Covers all; nothing can be pasted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QContextMenuEvent,
    QGuiApplication,
    QHideEvent,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from dosing_app.course.second_check import CHECKED, Outcome, second_check
from dosing_app.ui import theme
from dosing_app.ui.buttons import Button
from dosing_app.ui.marks import Mark
from dosing_app.ui.quantity_edit import Choice, TextField
from dosing_app.ui.reflow import FieldScroll
from dosing_app.ui.standings import now
from dosing_app.wording.language import _, data_words

if TYPE_CHECKING:
    from dosing_app.ui.editor import Editor
    from dosing_app.ui.main_window import MainWindow

_WIDTH = 1000
_LABEL_WIDTH, _FIELD_WIDTH = 170, 290
_BESIDE, _NARROW_FIELD = 120, 200  # room for what is said beside a field; the width of that where it has none
_ENTERED, _CHECKS = "entered-by", "checked-by"
# The second entry is read with the first one's settings, but never with its plan.
_NOT_OF_THE_ENTRY = ("pattern", "sessions")


class TypedField(TextField):
    """A line that takes keys alone: what is pasted, dropped or put in whole is not taken, and `refused` tells so.

    Assistive technology may set a text, unless it is what the clipboard holds.
    """

    refused = Signal()

    def __init__(self, name: str, unit: str = "", *, words: bool = False, shown: str = "") -> None:
        """Empty.

        Args:
            name: for those who hear it.
            unit: fixed beside the field, as it may be typed.
            words: whether an input method may put in whole words, as a name in other letters needs.
            shown: the unit as it is heard, where that is another text.
        """
        super().__init__(name, unit, shown=shown)
        self._words = words
        self._by_hand = False
        self._before = ""
        self.setAcceptDrops(False)
        self.setDragEnabled(False)
        self.setInputMethodHints(Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhSensitiveData)
        self.textChanged.connect(self._guard)

    def put(self, text: str) -> None:
        """Set the text by the program itself."""
        self._by_hand = True
        self.setText(text)
        self._by_hand = False

    def _guard(self) -> None:
        """Take back what came by another way than the keys and stands in the clipboard or the selection."""
        before, after = (" ".join(text.split()) for text in (self._before, self.text()))
        if not self._by_hand and any(text in after and text not in before for text in _copied()):
            self.put(self._before)
            self.refused.emit()
            return
        self._before = self.text()

    def event(self, event: QEvent) -> bool:
        """Undo is the line's own here; paste is nobody's."""
        return QLineEdit.event(self, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take single signs and the keys that move or delete."""
        pastes = event.matches(QKeySequence.StandardKey.Paste) or event.key() == Qt.Key.Key_Paste
        inserts = event.key() == Qt.Key.Key_Insert and bool(event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)
        if pastes or inserts or len(event.text()) > 1:
            event.accept()
            self.refused.emit()
            return
        self._by_hand = True
        super().keyPressEvent(event)
        self._by_hand = False
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.accept()  # it has moved on; the field that it came to must not take it again

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Take a composed sign; whole words only where a name is asked for, and never what was copied."""
        given = event.commitString()
        if len(given) > 1 and (not self._words or " ".join(given.split()) in _copied()):
            event.accept()
            self.refused.emit()
            return
        self._by_hand = True
        super().inputMethodEvent(event)
        self._by_hand = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The middle button would put in the selection."""
        if event.button() == Qt.MouseButton.MiddleButton:
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Here it would."""
        if event.button() == Qt.MouseButton.MiddleButton:
            event.accept()
            self.refused.emit()
            return
        super().mouseReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """No menu: it would offer to paste."""
        event.accept()
        self.refused.emit()


def _copied() -> set[str]:
    """What could be pasted just now, blanks as single ones; a single sign is no copy."""
    clipboard = QGuiApplication.clipboard()
    texts = [clipboard.text()]
    if clipboard.supportsSelection():
        texts.append(clipboard.text(clipboard.Mode.Selection))
    return {bare for text in texts if len(bare := " ".join(text.split())) > 1}


class _Row:
    """Label, field, unit, and beside them what was read or why not, or that it differs."""

    def __init__(self, label: str, field: TypedField | Choice, unit: str, hint: str) -> None:
        self.field = field
        self.text = label
        self.label = QLabel(label)
        self.label.setBuddy(field)
        self.unit = QLabel(unit)
        self.hint = hint
        self.mark = Mark()
        self.said = QLabel(hint)
        self.said.setWordWrap(True)
        theme.tone(self.said, "quiet")
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        theme.tone(self.problem, "justify")

    def add_to(self, grid: QGridLayout) -> None:
        """At the end; what is said of the field beside it until the window is found to be narrow."""
        self._row = 2 * (grid.rowCount() // 2 + 1)
        grid.addWidget(self.label, self._row, 0)
        self._under = QWidget()
        self._beside = QHBoxLayout(self._under)
        self._beside.setContentsMargins(0, 0, 0, 0)
        self._beside.setSpacing(theme.px(6))
        self._beside.addWidget(self.mark)
        self._beside.addWidget(self.problem, 1)
        self._beside.addWidget(self.said, 1)
        self.place(grid, narrow=False)
        self.unit.setVisible(bool(self.unit.text()))  # what is said beside other fields has its room
        self.say("", ok=True)

    def place(self, grid: QGridLayout, *, narrow: bool) -> None:
        """What is said of the field: beside it, or below it where the window is narrow; its unit stays beside it."""
        listed = isinstance(self.field, Choice)
        grid.addWidget(self.field, self._row, 1, 1, 2 if narrow and listed else 1)
        if narrow:
            grid.addWidget(self.unit, self._row, 2)
        else:
            self._beside.insertWidget(0, self.unit)
        if not listed:
            self.field.setFixedWidth(theme.px(_NARROW_FIELD if narrow else _FIELD_WIDTH))
        grid.addWidget(self._under, self._row + narrow, 1 if narrow else 2, 1, 2 if narrow else 1)
        self.label.setWordWrap(narrow)

    def say(self, text: str, *, ok: bool) -> None:
        """What the text means, quiet; or what stands against it, marked."""
        self.said.setText((text or self.hint) if ok else "")
        self.problem.setText("" if ok else text)
        self.mark.show_tier("" if ok else "justify")
        for widget, seen in ((self.said, ok), (self.problem, not ok), (self.mark, not ok)):
            widget.setVisible(seen)


class SecondCheck(QDialog):
    """Asks for everything again. Closed, it keeps what was typed until it agrees or the order is changed."""

    def __init__(self, editor: Editor, window: MainWindow) -> None:
        """Nothing filled in."""
        super().__init__(window)
        self._editor = editor
        self._window = window
        self._order = dict(editor.texts)  # for which the fields were filled
        self.setWindowTitle(_("Second check"))
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self.rows: dict[str, _Row] = {}
        self.outcome = QLabel()
        self._needs = 0  # as wide as what is said has room beside the fields; known once their lists are
        self._lay_out()
        editor.changed.connect(self._follow)

    # ---- layout ----

    def _lay_out(self) -> None:
        self._outer = outer = QVBoxLayout(self)
        outer.setSpacing(theme.px(8))
        page = QWidget()
        self._fields = fields = QVBoxLayout(page)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.setSpacing(theme.px(8))
        title = QLabel(_("Second check"))
        title.setFont(theme.font(theme.HEADING, bold=True))
        fields.addWidget(title)
        told = QLabel(
            _(
                "Another person than the one who entered the order types it again, from the chart and the scale. "
                "Only the names of fields that differ are shown. Typed names prove nothing; the signature on paper "
                "remains the record."
            )
        )
        told.setWordWrap(True)
        told.setMaximumWidth(theme.px(_WIDTH))
        fields.addWidget(told)
        body = QWidget()
        body.setMaximumWidth(theme.px(_WIDTH))
        self._grid = grid = QGridLayout(body)
        grid.setContentsMargins(0, theme.px(8), 0, theme.px(8))
        grid.setHorizontalSpacing(theme.px(10))
        grid.setVerticalSpacing(theme.px(6))
        grid.setColumnMinimumWidth(0, theme.px(_LABEL_WIDTH))
        grid.setColumnStretch(2, 1)
        self._add_rows(grid)
        fields.addWidget(body)
        self._scroll = FieldScroll(page, _("Second check"))
        outer.addWidget(self._scroll)
        self.outcome.setWordWrap(True)
        self.outcome.setMaximumWidth(theme.px(_WIDTH))
        self.outcome.setMinimumHeight(theme.px(40))
        self.outcome.setAlignment(Qt.AlignmentFlag.AlignTop)
        outer.addWidget(self.outcome)
        buttons = QDialogButtonBox()
        self.compare_button = Button(_("&Compare"), self.compare)
        self.close_button = Button(_("C&lose"), self.reject)
        buttons.addButton(self.compare_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.close_button, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.setMaximumWidth(theme.px(_WIDTH))
        outer.addWidget(buttons)
        outer.addStretch(1)
        self._fit(narrow=False)

    def _fit(self, *, narrow: bool) -> None:
        """Set margins and fields for a wide window or a narrow one."""
        self._narrow = narrow
        self._outer.setContentsMargins(*map(theme.px, (16, 8, 16, 8) if narrow else (48, 24, 48, 24)))
        for row in self.rows.values():
            row.place(self._grid, narrow=narrow)
        for layout in (self._grid, self._fields, self._outer):  # from within: else the window stays too wide
            layout.invalidate()
            layout.activate()
            layout.parentWidget().updateGeometry()
            self._scroll.updateGeometry()

    def _add_rows(self, grid: QGridLayout) -> None:
        self._add(grid, _ENTERED, _("Order entered by"), TypedField(_("Order entered by"), words=True))
        self._add(grid, _CHECKS, _("Checked by"), TypedField(_("Checked by"), words=True), hint=_("you"))
        self._add(grid, "case", _("Case"), TypedField(_("Case")))
        self._add(grid, "born", _("Born"), TypedField(_("Born")), hint=_("such as 05-Mar-2026"))
        self._add(grid, "weight", _("Weight"), TypedField(_("Weight"), "kg"), "kg")
        self._add(grid, "length", _("Length"), TypedField(_("Length"), "cm"), "cm")
        per_day = _("micrograms per day")
        dose = TypedField(_("Prescribed daily dose"), "microgram/day", shown=per_day)
        self._add(grid, "prescribed", _("Prescribed daily dose"), dose, per_day)
        self._add(grid, "product", _("Product data"), Choice(_("Product data")))
        self._add(grid, "formula", _("BSA formula"), Choice(_("BSA formula")))
        start = TypedField(_("Start"))
        self._add(grid, "start", _("Start"), start, hint=_("such as 09-Mar-2026 08:30, at the infant’s bed"))
        self.rows["start"].said.setMinimumHeight(theme.px(35))  # day, time and offset take two lines

    def _add(
        self, grid: QGridLayout, name: str, label: str, field: TypedField | Choice, unit: str = "", hint: str = ""
    ) -> None:
        row = _Row(label, field, unit, hint)
        if isinstance(field, Choice):
            field.show_whole(least=_FIELD_WIDTH)
        row.add_to(grid)
        field.edited.connect(lambda: self._edited(name))
        if isinstance(field, TypedField):
            field.refused.connect(self._refuse)
        self.rows[name] = row

    def _offer(self) -> None:
        """The lists, with nothing chosen; the same whatever the first entry holds, except for a product file."""
        from dosing_app.core.bsa import OFFERED
        from dosing_app.reference.product import load_product
        from dosing_app.reference.source import BadFile, shipped
        from dosing_app.wording.sentences import formula_name

        house = self._editor.house
        assert house is not None
        names = [*shipped("products"), house.site.product, self._editor.text("product").strip()]
        products = []
        for name in dict.fromkeys(each for each in names if each):
            try:
                products.append((data_words(load_product(name).title), name))
            except BadFile:
                products.append((name, name))
        nothing = (_("choose …"), "")
        product, formula = self.rows["product"].field, self.rows["formula"].field
        assert isinstance(product, Choice)
        assert isinstance(formula, Choice)
        product.offer([nothing, *products])
        formula.offer([nothing, *((formula_name(each), each) for each in OFFERED)])

    # ---- what is typed ----

    def texts(self) -> dict[str, str]:
        """As typed, by the names of the fields."""
        return {name: row.field.document_text() for name, row in self.rows.items()}

    def clear(self) -> None:
        """Take away what was typed."""
        for row in self.rows.values():
            if isinstance(row.field, TypedField):
                row.field.put("")
            else:
                row.field.show_text("")
            row.say("", ok=True)
        self.outcome.setText("")

    def _follow(self) -> None:
        """Another order wants another check, of everything."""
        if dict(self._editor.texts) != self._order:
            self._order = dict(self._editor.texts)
            self.clear()

    def _edited(self, name: str) -> None:
        """Say beside the field how it is read; what a comparison said of it holds no more."""
        from dosing_app.wording.figures import echo

        self.outcome.setText("")
        row, house = self.rows[name], self._editor.house
        if name not in CHECKED or isinstance(row.field, Choice) or house is None:
            row.say("", ok=True)
            return
        said = echo(name, row.field.document_text(), house, self._editor.text("zone"))
        row.say(said.text, ok=said.ok or not row.field.text().strip())

    def _refuse(self) -> None:
        self.tell(_("Nothing can be pasted here: type it from the source, key by key."))

    def tell(self, sentence: str) -> None:
        """Say something below the fields, aloud too."""
        self.outcome.setText(sentence)
        if sentence and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    # ---- comparing ----

    def compare(self) -> None:
        """Compare with the order; if both agree, record who and when."""
        plan, house = self._editor.plan, self._editor.house
        if plan is None or house is None:
            self.tell(_held_back())
            return
        texts = self.texts()
        first = {name: text for name, text in self._editor.texts.items() if name not in _NOT_OF_THE_ENTRY}
        names = (texts[_ENTERED], texts[_CHECKS])
        outcome = second_check(first, texts, plan, house, names, now())
        self._show(outcome)
        if outcome.check is not None:
            self.clear()
            self.hide()
            self._editor.take_check(outcome.check)
            self._window.notify(_("Both entries agree. Checked by {name}.").format(name=outcome.check.checked_by))

    def _show(self, outcome: Outcome) -> None:
        """What came of it: names of fields, never what stands in the first entry."""
        if outcome.held_back:
            self.tell(_held_back())
        elif outcome.missing:
            self._point(outcome.missing[0])
            self.tell(_("Still missing: {fields}.").format(fields=self._labels(outcome.missing)))
        elif outcome.same_person:
            self._point(_CHECKS)
            self.tell(_("The two names must be those of two people."))
        elif outcome.unreadable:
            found = [each.values.get("field", "") for each in outcome.unreadable]
            known = [name for name in self.rows if name in found] or ["product"]  # whose file it else is
            self._point(known[0])
            self.tell(_("Cannot be read: {fields}.").format(fields=self._labels(known)))
        elif outcome.differing:
            for name in outcome.differing:
                self.rows[name].say(_("differs"), ok=False)
            self._point(outcome.differing[0])
            self.tell(
                _(
                    "The two entries differ in: {fields}. Look at the source again and correct what you typed. If it "
                    "is right, close, have the order corrected, and check again."
                ).format(fields=self._labels(outcome.differing))
            )

    def _labels(self, names: tuple[str, ...] | list[str]) -> str:
        return ", ".join(self.rows[name].text for name in names)

    def _point(self, name: str) -> None:
        self.rows[name].field.setFocus()

    # ---- events ----

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter moves on from a list too; Esc closes, and what was typed stays."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if isinstance(self.focusWidget(), Choice):
                self.focusNextPrevChild(True)
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Over the whole window, whose content is away meanwhile: nothing of the first entry is seen or heard."""
        super().showEvent(event)
        if event.spontaneous():
            return
        self._window.cover(True)
        self._offer()
        self._fit(narrow=False)
        self._needs = self.minimumSizeHint().width() + theme.px(_BESIDE)
        self._fit(narrow=self._window.width() < self._needs)
        self.setGeometry(self._window.geometry())
        empty = next((name for name, row in self.rows.items() if not row.field.document_text()), _ENTERED)
        self._point(empty)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window, or large letters: what is said of a field goes below it."""
        super().resizeEvent(event)
        if (narrow := event.size().width() < self._needs) != self._narrow:
            self._fit(narrow=narrow)

    def hideEvent(self, event: QHideEvent) -> None:
        """The window as it was."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._window.cover(False)


def _held_back() -> str:
    return _("The order has no complete plan: there is nothing to check yet.")


def show_second_check(editor: Editor, window: MainWindow) -> SecondCheck | None:
    """The one second check over a window, as it was left; None and a sentence where there is nothing to check."""
    editor.rest()  # a plan that is still to be searched for is searched for now
    if editor.plan is None or not editor.plan.complete or editor.plan.searching:
        window.notify(_held_back())
        return None
    if editor.check is not None:
        window.notify(_("This plan is checked by {name} already.").format(name=editor.check.checked_by))
        return None
    dialog = next(iter(window.findChildren(SecondCheck)), None) or SecondCheck(editor, window)
    dialog.show()
    dialog.activateWindow()
    return dialog
