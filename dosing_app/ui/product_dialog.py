"""Product data: every figure with its source and grade, what a change of it does, and the two who approve it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from whenever import Date

from dosing_app.course.product_change import compare
from dosing_app.reference.approval import same_person
from dosing_app.reference.bundle import House, load_house
from dosing_app.reference.limits import load_limits
from dosing_app.reference.product import Product, load_product
from dosing_app.reference.site import approval_of
from dosing_app.reference.source import BadFile, shipped
from dosing_app.store import site_file
from dosing_app.ui import theme
from dosing_app.ui.figure_table import FigureTable
from dosing_app.ui.marks import Mark
from dosing_app.ui.quantity_edit import Choice
from dosing_app.ui.recovery import own_site_file
from dosing_app.ui.reflow import Flow
from dosing_app.ui.site_dialog import Line, SiteDialog, file_trouble
from dosing_app.wording import settings as words
from dosing_app.wording.figures import date_words
from dosing_app.wording.language import _, data_words
from dosing_app.wording.product_text import figure_changes, figure_table, infant_changes
from dosing_app.wording.sentences import bad_file_sentence

if TYPE_CHECKING:
    from dosing_app.ui.editor import Editor
    from dosing_app.ui.main_window import MainWindow

_WIDTH, _HEIGHT = 1200, 740
_TABLE_HEIGHT = 44  # at least
_NAME_WIDTH, _VIEW_WIDTH = 200, 150
_FILES = "*.toml"


class ProductDialog(QDialog):
    """Shows one product file at a time; approving it writes the site file."""

    approved = Signal()

    def __init__(self, path: Path, house: House, name: str, window: QWidget | None = None) -> None:
        """The product data of a name or file, as a site with these settings sees it.

        Args:
            path: the site file into which an approval is written.
            house: the settings in use.
            name: of the product data that is shown first.
            window: over which it stands.
        """
        super().__init__(window)
        self.path = path
        self.house = house
        self.product: Product | None = None
        self.before: Product | None = None
        self._trouble = ""  # why the chosen file is not shown
        self.setWindowTitle(_("Product data"))
        self.choice = Choice(_("Product data"))
        self.title, self.version, self.state, self.status = QLabel(), QLabel(), QLabel(), QLabel()
        self.mark = Mark("justify")
        self.figures = FigureTable(_("Figures of the product data"), choosable=True)
        self.changed_figures = FigureTable(_("Figures that differ"), choosable=True)
        self.changed_infants = FigureTable(_("What changes for three example infants"), choosable=True)
        self.compared = QLabel()
        self.names = (Line(_("First name")), Line(_("Second name")))
        self.stack = QStackedWidget()
        self._lay_out()
        self.choice.offer(self._offered(name))
        self.choice.show_text(name)
        self.choice.edited.connect(lambda: self.show_product(self.choice.document_text()))
        self.show_product(name)

    # ---- layout ----

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12))
        outer.setSpacing(theme.px(8))
        top = QHBoxLayout()
        top.setSpacing(theme.px(8))
        self.choice.show_whole()
        top.addWidget(self.choice)
        top.addWidget(self._button(_("Another &file …"), self._ask_file))
        top.addStretch(1)
        outer.addLayout(top)
        self.title.setFont(theme.font(theme.HEADING, bold=True))
        outer.addWidget(self.title)
        theme.tone(self.version, "quiet")
        for label in (self.version, self.compared):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        outer.addWidget(self.version)
        state = QHBoxLayout()
        state.setSpacing(theme.px(6))
        state.addWidget(self.mark)
        self.state.setWordWrap(True)
        state.addWidget(self.state, 1)
        outer.addLayout(state)
        outer.addLayout(self._views())
        self.stack.addWidget(self.figures)
        self.stack.addWidget(self._comparison())
        outer.addWidget(self.stack, 1)
        outer.addLayout(self._foot())
        self.resize(theme.px(_WIDTH), theme.px(_HEIGHT))

    def _button(self, text: str, act: object) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text.replace("&", ""))
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked=False: act())  # type: ignore[operator]  # every caller gives a function
        return button

    def _views(self) -> QHBoxLayout:
        """The table of figures, or before and after."""
        row = QHBoxLayout()
        row.setSpacing(theme.px(4))
        self.views = QButtonGroup(self)
        for at, text in enumerate((_("Fi&gures"), _("&Before and after"))):
            button = self._button(text, lambda: None)
            button.setCheckable(True)
            button.setAutoExclusive(True)  # heard as one of several
            theme.tone(button, "rail")
            button.setMinimumWidth(theme.px(_VIEW_WIDTH))
            self.views.addButton(button, at)
            row.addWidget(button)
        self.views.button(0).setChecked(True)
        self.views.idToggled.connect(self._turned)  # not clicked: assistive technology toggles without it
        row.addStretch(1)
        return row

    def _turned(self, at: int, checked: bool) -> None:
        if checked:
            self.stack.setCurrentIndex(at)

    def _comparison(self) -> QWidget:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        row = QHBoxLayout()
        row.addWidget(self._button(_("File &before …"), self._ask_before))
        row.addWidget(self.compared, 1)
        column.addLayout(row)
        for table in (self.changed_figures, self.changed_infants):
            table.setMinimumHeight(theme.px(_TABLE_HEIGHT))  # in large letters both have room on a screen, and scroll
        column.addWidget(self.changed_figures, 2)
        column.addWidget(self.changed_infants, 5)
        return whole

    def _foot(self) -> QVBoxLayout:
        whole = QVBoxLayout()
        self.status.setWordWrap(True)
        self.status.hide()
        whole.addWidget(self.status)  # a line of its own: in some languages, and in large letters, it is long
        foot = Flow(spacing=8)
        whole.addLayout(foot)
        for label, field in zip((_("Approved by"), _("and")), self.names, strict=True):
            shown = QLabel(label)
            shown.setBuddy(field)
            field.setFixedWidth(theme.px(_NAME_WIDTH))
            field.edited.connect(self._judge)
            pair = QWidget()
            line = QHBoxLayout(pair)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(theme.px(8))
            line.addWidget(shown)
            line.addWidget(field)
            foot.add(pair)
        self.approve_button = self._button(_("&Approve"), self.approve)
        foot.add(self.approve_button)
        foot.push()
        self.close_button = self._button(_("C&lose"), self.hide)
        foot.add(self.close_button)
        return whole

    # ---- what is shown ----

    def _offered(self, name: str) -> list[tuple[str, str]]:
        found = [(data_words(load_product(each).title), each) for each in shipped("products")]
        return found if name in shipped("products") else [*found, (name, name)]

    def use(self, house: House) -> None:
        """Other settings hold now: who has approved what is shown anew."""
        self.house = house
        self._show_state()
        self._compare()

    def show_product(self, name: str) -> None:
        """Show a product by its name or file, or say why not."""
        try:
            product = load_product(name)
        except BadFile as error:
            self.product = None
            self.title.setText("")
            self.version.setText("")
            self.figures.show_table(None)
            self._trouble = bad_file_sentence(error)
        else:
            self._trouble = ""
            self.product = product
            self.title.setText(data_words(product.title))
            self.version.setText(
                _("{name}, version {version}, checksum {checksum}").format(
                    name=product.name, version=product.version, checksum=product.checksum
                )
            )
            self.figures.show_table(figure_table(product))
        self._show_state()
        self._compare()

    def _show_state(self) -> None:
        """Approved by whom and when, or not; another version of it that was approved is named."""
        approval = approval_of(self.house.site, self.product) if self.product else None
        said = ""
        if self.product is not None and approval is None:
            said = _("Product data not approved here.")
            others = [each for each in self.house.site.approval if each.product == self.product.name]
            if others:
                last = max(others, key=lambda each: each.on)
                said += " " + _("Another version of it was, on {day}: see before and after.").format(
                    day=date_words(last.on.format_iso())
                )
        elif approval is not None:
            said = words.approved(approval)
        self.state.setText(said)
        self.mark.setVisible(self.product is not None and approval is None)
        self._judge()

    def _compare(self) -> None:
        """Before and after, where there are two different files."""
        if self.before is None or self.product is None:
            self.compared.setText(_("Choose the file as it was before: what differs, and what that changes."))
            self.changed_figures.show_table(None)
            self.changed_infants.show_table(None)
            return
        found = compare(self.before, self.product, self.house)
        differs = _("From {before} to {after}.").format(before=_version(self.before), after=_version(self.product))
        same = _("No figure differs, and nothing changes for the example infants.")
        self.compared.setText(differs if found.figures or found.infants else f"{differs} {same}")
        self.changed_figures.show_table(figure_changes(found))
        self.changed_infants.show_table(infant_changes(found))

    def _judge(self) -> None:
        """Whether it can be approved; what is missing is said."""
        first, second = (field.text().strip() for field in self.names)
        approved = self.product is not None and approval_of(self.house.site, self.product) is not None
        if self.product is None or approved:
            said = self._trouble
        elif not (first and second):
            said = _("Two people approve it, by typed names, which prove nothing.")
        elif same_person(first, second):
            said = _("The two names must be those of two people.")
        else:
            said = ""
        for field in self.names:
            field.setEnabled(self.product is not None and not approved)
        self.approve_button.setEnabled(self.product is not None and not approved and not said)
        self.tell(said)

    def tell(self, sentence: str) -> None:
        """Say something at the foot."""
        self.status.setText(sentence)
        self.status.setVisible(bool(sentence))

    # ---- what a person does ----

    def _ask_file(self) -> None:
        if chosen := self._chosen(_("Product data")):
            self.choose_file(chosen)

    def choose_file(self, path: Path) -> None:
        """Show a product file."""
        self.choice.show_text(str(path))
        self.show_product(str(path))

    def _ask_before(self) -> None:
        if chosen := self._chosen(_("Product data before")):
            self.choose_before(chosen)

    def choose_before(self, path: Path | str) -> None:
        """Take a file as the one before, or say why not."""
        try:
            self.before = load_product(str(path))
        except BadFile as error:
            self.tell(bad_file_sentence(error))
            return
        self._compare()

    def _chosen(self, title: str) -> Path | None:
        from PySide6.QtWidgets import QFileDialog

        chosen, _filter = QFileDialog.getOpenFileName(
            self, title, str(Path.home()), _("Product data ({files})").format(files=_FILES)
        )
        return Path(chosen) if chosen else None

    def approve(self) -> None:
        """Write the approval into the site file, or say why not; the names stay then."""
        assert self.product is not None
        now = time.localtime()
        first, second = (field.text().strip() for field in self.names)
        today = Date(now.tm_year, now.tm_mon, now.tm_mday)
        try:
            site_file.approve(self.path, self.product, (first, second), today, load_limits()[0])
        except (BadFile, OSError) as error:
            self.tell(_("Not approved. {why}").format(why=file_trouble(error)))
            return
        for field in self.names:
            field.show_text("")
        self.approved.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Not larger than the screen."""
        super().showEvent(event)
        self.resize(self.size().boundedTo(self.screen().availableSize()))


def _version(product: Product) -> str:
    return f"{product.name} {product.version} {product.checksum[:12]}"


def show_product(editor: Editor, window: MainWindow) -> ProductDialog:
    """The one dialog of product data over a window, with the product of the order."""
    dialog = next(iter(window.findChildren(ProductDialog)), None)
    if dialog is None:
        house = editor.house or load_house()
        name = editor.text("product").strip() or house.site.product
        dialog = ProductDialog(editor.site_path or own_site_file(), house, name, window)

        def use() -> None:
            editor.site_path = dialog.path
            editor.use(load_house(dialog.path))
            for each in window.findChildren(SiteDialog):
                if not each.changed:
                    each.load()

        def follow() -> None:
            if editor.house is not None:
                dialog.path = editor.site_path or dialog.path
                if editor.house is not dialog.house:
                    dialog.use(editor.house)

        dialog.approved.connect(use)
        editor.changed.connect(follow)
    dialog.show()
    dialog.activateWindow()
    return dialog
