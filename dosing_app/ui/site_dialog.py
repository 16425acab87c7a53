"""The site's settings: every key in groups, its default in sight, what is refused said beside it; not modal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dosing_app.reference.limits import load_limits
from dosing_app.reference.source import BadFile
from dosing_app.store import site_file
from dosing_app.store.site_texts import FIELDS, default_texts, field_of, other_field_of, starts_later
from dosing_app.ui import theme
from dosing_app.ui.marks import Mark
from dosing_app.ui.quantity_edit import Choice, TextField
from dosing_app.ui.recovery import own_site_file
from dosing_app.ui.reflow import Follow
from dosing_app.wording import settings as words
from dosing_app.wording.language import _, n_
from dosing_app.wording.sentences import bad_file_sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dosing_app.ui.editor import Editor
    from dosing_app.ui.main_window import MainWindow

_WIDTH, _HEIGHT = 1040, 720
_FIELD_WIDTH = 256
_RAIL_WIDTH, _LABEL_WIDTH, _EXPLANATION_WIDTH = 234, 130, 250
_LINES = {"closed": 3, "wards": 4, "syringes": 5, "thresholds": 5, "band": 8}
_BASIS = ("start_within_basis", "start_within_by.1", "start_within_by.2")
_NAMES = ("start_within_by.1", "start_within_by.2")


class Line(TextField):
    """A line of a dialog: its undo is its own, since the document knows nothing of it."""

    def event(self, event: QEvent) -> bool:
        """As a plain line takes it."""
        return QLineEdit.event(self, event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The usual menu, undo and all."""
        QLineEdit.contextMenuEvent(self, event)


class Lines(QPlainTextEdit):
    """Some lines of text; Tab moves on."""

    edited = Signal()

    def __init__(self, name: str, lines: int) -> None:
        """Empty, so many lines high."""
        super().__init__()
        self.setAccessibleName(name)
        self.setFont(theme.font(theme.FIELD))
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFixedWidth(theme.px(_FIELD_WIDTH))
        self.setFixedHeight(round(lines * self.fontMetrics().lineSpacing()) + theme.px(16))
        self.textChanged.connect(self.edited)

    def document_text(self) -> str:
        """As typed."""
        return self.toPlainText()

    def show_text(self, text: str) -> None:
        """Show a text, unless it is what stands here already."""
        if self.toPlainText() != text:
            self.blockSignals(True)
            self.setPlainText(text)
            self.blockSignals(False)


class _Row:
    """One setting: label, field, unit, what it does, and below them why it is refused or what is wanted."""

    def __init__(self, name: str, words_: words.Setting, usual: Mapping[str, str]) -> None:
        self.name = name
        self.label = QLabel(words_.label)
        self.label.setWordWrap(True)
        self.field: Line | Lines | Choice = _make_field(name, words_, usual)
        self.label.setBuddy(self.field)
        self.unit = QLabel(words_.unit)
        self.unit.setWordWrap(True)
        self.explanation = QLabel(words_.explanation)
        self.explanation.setWordWrap(True)
        theme.tone(self.explanation, "quiet")
        self.said: dict[str, QLabel] = {}
        self._lines: dict[str, QWidget] = {}
        for tier in ("refuse", "justify"):
            label = QLabel()
            label.setWordWrap(True)
            theme.tone(label, tier)
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, theme.px(4))
            row.setSpacing(theme.px(6))
            row.addWidget(Mark(tier), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(label, 1)
            line.hide()
            self.said[tier], self._lines[tier] = label, line

    def add_to(self, grid: QGridLayout) -> None:
        """At the end of a page."""
        row = grid.rowCount()
        top = Qt.AlignmentFlag.AlignTop
        for widget in (self.label, self.unit, self.explanation):
            widget.setContentsMargins(0, theme.px(5), 0, 0)
        grid.addWidget(self.label, row, 0, top)
        grid.addWidget(self.field, row, 1, top)
        grid.addWidget(self.unit, row, 2, top)
        grid.addWidget(self.explanation, row, 3, top)
        for at, line in enumerate(self._lines.values(), 1):
            grid.addWidget(line, row + at, 1, 1, 3)

    def say(self, tier: str, sentence: str) -> None:
        """Say something below the field; nothing takes it away."""
        self.said[tier].setText(sentence)
        self._lines[tier].setVisible(bool(sentence))

    def set_visible(self, seen: bool) -> None:
        """Show the row or leave it out."""
        for widget in (self.label, self.field, self.unit, self.explanation):
            widget.setVisible(seen)


def _make_field(name: str, words_: words.Setting, usual: Mapping[str, str]) -> Line | Lines | Choice:
    spoken = f"{words_.label}, {words_.unit}" if words_.unit else words_.label
    if name in _LINES:
        lines = Lines(spoken, _LINES[name])
        lines.setPlaceholderText(words.unset(name, usual) if name not in {"thresholds", "band"} else "")
        return lines
    unset = words.unset(name, usual)
    if offered := words.choices(name):
        choice = Choice(spoken, editable=name == "product")
        choice.offer(offered if name == "product" else [(unset, ""), *offered])
        choice.say_usual(unset)
        choice.setFixedWidth(theme.px(_FIELD_WIDTH))
        return choice
    line = Line(spoken)
    line.setPlaceholderText(unset)
    line.setFixedWidth(theme.px(_FIELD_WIDTH))
    return line


class SiteDialog(QDialog):
    """Edits a site file. Closed without Save or Cancel it keeps what was typed until it is opened again."""

    saved = Signal()
    product_asked = Signal()

    def __init__(self, path: Path, window: QWidget | None = None) -> None:
        """The settings of a file, or the defaults where there is none yet."""
        super().__init__(window)
        self.path = path
        self.limits = load_limits()[0]
        self.setWindowTitle(_("Site settings"))
        self._file: site_file.SiteFile | None = None
        self._before: dict[str, str] = {}
        self._names = words.settings(self.limits)
        usual = default_texts()
        self.rows = {name: _Row(name, self._names[name], usual) for name in FIELDS}
        self._rail = QButtonGroup(self)
        self.pages: list[str] = []
        self.stack = QStackedWidget()
        self.general = QLabel()
        self.status = QLabel()
        self.approvals = QLabel()
        self._lay_out()
        for row in self.rows.values():
            row.field.edited.connect(self._judge)
        self.load()

    # ---- layout ----

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12))
        outer.setSpacing(theme.px(8))
        self.where = QLabel()
        self.where.setWordWrap(True)
        theme.tone(self.where, "quiet")
        outer.addWidget(self.where)
        self.general.setWordWrap(True)
        theme.tone(self.general, "refuse")
        outer.addWidget(self.general)
        middle = QHBoxLayout()
        middle.setSpacing(theme.px(16))
        rail = QVBoxLayout()
        rail.setSpacing(theme.px(2))
        for at, group in enumerate(words.groups()):
            button = QPushButton(group.title)
            button.setCheckable(True)
            button.setAutoExclusive(True)  # heard as one of several
            button.setAutoDefault(False)
            theme.tone(button, "rail")
            button.setMinimumWidth(theme.px(_RAIL_WIDTH))
            self._rail.addButton(button, at)
            rail.addWidget(button)
            self.stack.addWidget(self._page(group))
            self.pages.append(group.title)
        rail.addStretch(1)
        self._rail.button(0).setChecked(True)
        self._rail.idToggled.connect(self._turned)  # not clicked: assistive technology toggles without it
        middle.addLayout(rail)
        middle.addWidget(self.stack, 1)
        outer.addLayout(middle, 1)
        outer.addLayout(self._foot())
        self.resize(theme.px(_WIDTH), theme.px(_HEIGHT))

    def _turned(self, at: int, checked: bool) -> None:
        if checked:
            self.stack.setCurrentIndex(at)

    def _page(self, group: words.Group) -> QScrollArea:
        page = QWidget()
        theme.tone(page, "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, theme.px(8), 0)
        column.setSpacing(theme.px(8))
        title = QLabel(group.title)
        title.setFont(theme.font(theme.HEADING, bold=True))
        column.addWidget(title)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(12))
        grid.setVerticalSpacing(theme.px(4))
        for column_, width in ((0, _LABEL_WIDTH), (1, _FIELD_WIDTH), (3, _EXPLANATION_WIDTH)):
            grid.setColumnMinimumWidth(column_, theme.px(width))
        grid.setColumnStretch(3, 1)
        for name in group.fields:
            self.rows[name].add_to(grid)
        if "band" in group.fields:
            column.addWidget(self._approvals())
        column.addLayout(grid)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(page)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        Follow(scroll)
        return scroll

    def _approvals(self) -> QWidget:
        """Which product data is approved; approving is a dialog of its own."""
        self.approvals.setWordWrap(True)
        button = QPushButton(_("Product data …"))
        button.setAccessibleName(_("Product data: look at it and approve it"))
        button.setAutoDefault(False)
        button.clicked.connect(self.product_asked)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, theme.px(8))
        row.addWidget(self.approvals, 1)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return whole

    def _foot(self) -> QHBoxLayout:
        self.status.setWordWrap(True)
        self.status.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        foot = QHBoxLayout()
        foot.setSpacing(theme.px(8))
        foot.addWidget(self.status, 1)
        self.buttons = {}
        for name, text, act in (
            ("import", _("&Import …"), self._ask_import),
            ("export", _("&Export …"), self._ask_export),
            ("cancel", _("&Cancel"), self.cancel),
            ("save", _("&Save"), self.save),
        ):
            button = QPushButton(text)
            button.setAccessibleName(text.replace("&", ""))
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, act=act: act())
            foot.addWidget(button)
            self.buttons[name] = button
        return foot

    # ---- texts ----

    def load(self) -> None:
        """Take the texts of the file, whatever stands here."""
        try:
            self._file = site_file.open_site(self.path)
        except (BadFile, OSError) as error:
            self._file = None
            self._say_general(file_trouble(error))
        else:
            self._say_general("")
        self._take(self._file)
        self.tell("")

    def _take(self, file: site_file.SiteFile | None) -> None:
        self._before = dict(file.texts) if file else dict.fromkeys(FIELDS, "")
        for name, row in self.rows.items():
            row.field.show_text(self._before[name])
        exists = file is not None and bool(file.content)
        told = _("Settings of {file}.") if exists or file is None else _("Not saved yet; will be {file}.")
        self.where.setText(told.format(file=self.path))
        for name in ("save", "export"):
            self.buttons[name].setEnabled(file is not None)
        self._judge()

    def texts(self) -> dict[str, str]:
        """As typed."""
        return {name: row.field.document_text() for name, row in self.rows.items()}

    @property
    def changed(self) -> bool:
        """Whether something typed is not in the file."""
        return any(text.strip() != self._before[name].strip() for name, text in self.texts().items())

    def _judge(self) -> None:
        """Say beside each field what stands against it, and what is still wanted."""
        texts = self.texts()
        later = starts_later(texts, self.limits.value("start_within_free_h"))
        for name in _BASIS:
            self.rows[name].set_visible(later or any(texts[each].strip() for each in _BASIS))
        new_bands = set(_bare(texts["band"])) - set(_bare(self._before["band"]))
        for name in ("band.by.1", "band.by.2"):
            self.rows[name].set_visible(bool(new_bands))
        self.problems = site_file.problems(self._file, texts, self.limits) if self._file else {}
        for name, row in self.rows.items():
            error = self.problems.get(name)
            row.say("refuse", words.refusal(error, self._names, _beside(name, error)) if error else "")
            wanting = later and name == _NAMES[0] and not any(texts[each].strip() for each in _NAMES)
            row.say("justify", _("Two names are wanted; until then papers stay drafts.") if wanting else "")
        if self._file:
            self._say_general(bad_file_sentence(self.problems[""]) if "" in self.problems else "")
            self._show_approvals()
        self._mark_groups()
        self.tell("")

    def _show_approvals(self) -> None:
        assert self._file is not None
        try:
            site = site_file.check(self._file.path, self._file.content, self.limits)
        except BadFile:
            return  # the page says what is wrong
        lines = [words.approved(each) for each in site.approval]
        self.approvals.setText("\n".join(lines) or _("No product data is approved at this site."))

    def _mark_groups(self) -> None:
        for at, group in enumerate(words.groups()):
            count = sum(name in self.problems for name in group.fields)
            said = n_("{title}: {number} to correct", "{title}: {number} to correct", count)
            title = said.format(title=group.title, number=count) if count else group.title
            self._rail.button(at).setText(title)
            self._rail.button(at).setAccessibleName(title)

    def _say_general(self, sentence: str) -> None:
        self.general.setText(sentence)
        self.general.setVisible(bool(sentence))

    def tell(self, sentence: str) -> None:
        """Say something at the foot; without it whether anything is still to be saved."""
        self.status.setText(sentence or (_("Changed, not saved yet.") if self.changed else ""))

    def go(self, name: str) -> None:
        """Show a field and put the cursor into it."""
        at = next(at for at, group in enumerate(words.groups()) if name in group.fields)
        self._rail.button(at).setChecked(True)
        self.stack.setCurrentIndex(at)
        self.rows[name].field.setFocus()

    # ---- what a person does ----

    def save(self) -> None:
        """Write what was changed, or say why not; what was typed stays here then."""
        if self._file is None:
            return
        first = next((name for name in self.rows if name in self.problems), None)
        if self.problems:
            if first:
                self.go(first)
            self.tell(_("Not saved: what is marked is to be corrected first."))
            return
        try:
            file = site_file.save(self._file, self.texts(), self.limits)
        except (BadFile, OSError) as error:
            self.tell(_("Not saved. {why} Nothing typed is lost.").format(why=file_trouble(error)))
            return
        self._settle(file)
        self.hide()

    def _settle(self, file: site_file.SiteFile) -> None:
        self._file = file
        self._take(file)
        self.saved.emit()

    def cancel(self) -> None:
        """Give up what was typed."""
        self.load()
        self.hide()

    def _ask_import(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        chosen, _filter = QFileDialog.getOpenFileName(
            self, _("Import settings"), str(self.path.parent), _("Settings (*.toml)")
        )
        if chosen:
            self.import_from(Path(chosen))

    def import_from(self, source: Path) -> None:
        """Take over another file whole, or say why not."""
        if self.changed:
            self.tell(_("Save or cancel what was typed first; an import replaces all settings."))
            return
        existed = self.path.exists()
        try:
            file = site_file.import_from(source, self.path, self.limits)
        except (BadFile, OSError) as error:
            self.tell(_("Not imported. {why}").format(why=file_trouble(error)))
            return
        self._say_general("")
        self._settle(file)
        told = _("Imported. The settings before are kept in {file}.") if existed else _("Imported.")
        self.tell(told.format(file=site_file.before_import(self.path)))

    def _ask_export(self) -> None:
        from dosing_app.ui.where import ask_where

        if path := ask_where(self, _("Export settings"), Path.home() / "site.toml", _("Settings (*.toml)"), "toml"):
            self.export_to(path)

    def export_to(self, target: Path) -> None:
        """Write what stands here into another file, or say why not."""
        assert self._file is not None
        try:
            site_file.export_to(target, self._file, self.texts(), self.limits)
        except (BadFile, OSError) as error:
            self.tell(_("Not exported. {why}").format(why=file_trouble(error)))
            return
        self.tell(_("Exported to {file}.").format(file=target))

    def showEvent(self, event: QShowEvent) -> None:
        """Not larger than the screen; the cursor in the first field."""
        super().showEvent(event)
        self.resize(self.size().boundedTo(self.screen().availableSize()))
        if not self.isAncestorOf(self.focusWidget() or self):
            self.go("name")


def _bare(text: str) -> list[str]:
    """Lines without needless blanks."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _beside(name: str, error: BadFile) -> str:
    """The other field of a contradiction, seen from one of the two."""
    other = other_field_of(error)
    return field_of(error) if other == name else other


def file_trouble(error: BadFile | OSError) -> str:
    """Why a file was not read or written."""
    if isinstance(error, BadFile):
        return bad_file_sentence(error)
    return _("{file} cannot be written ({why}).").format(file=error.filename, why=error.strerror or error)


def show_site(editor: Editor, window: MainWindow) -> SiteDialog:
    """The one dialog of the settings over a window, as it was left."""
    from dosing_app.reference.bundle import load_house

    dialog = next(iter(window.findChildren(SiteDialog)), None)
    if dialog is None:
        dialog = SiteDialog(editor.site_path or own_site_file(), window)

        def use() -> None:
            editor.site_path = dialog.path
            editor.use(load_house(dialog.path))
            window.notify(_("Settings saved in {file}.").format(file=dialog.path))

        def product() -> None:
            from dosing_app.ui.product_dialog import show_product

            show_product(editor, window)

        dialog.saved.connect(use)
        dialog.product_asked.connect(product)
    elif not dialog.changed:
        dialog.load()
    dialog.show()
    dialog.activateWindow()
    return dialog
