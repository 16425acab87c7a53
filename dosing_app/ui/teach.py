"""The workspace Teach: demonstrate, practise, spot the error, picture of the drug. Kept apart from care."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QWidget

from dosing_app.ui import theme
from dosing_app.ui.demonstrate import Demonstrate
from dosing_app.ui.reflow import Flow
from dosing_app.ui.roles import remembered
from dosing_app.ui.teaching_parts import column
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dosing_app.course.plan import Plan
    from dosing_app.reference.bundle import House
    from dosing_app.ui.drug_page import DrugPage
    from dosing_app.ui.editor import Editor
    from dosing_app.ui.practise import Practise
    from dosing_app.ui.spot_page import SpotPage

    Page = Demonstrate | Practise | SpotPage | DrugPage


def page_words() -> dict[str, tuple[str, str]]:
    """The pages in their order: name and label with its key."""
    return {
        "demonstrate": (_("Demonstrate"), _("&Demonstrate")),
        "practise": (_("Practise"), _("Prac&tise")),
        "spot": (_("Spot the error"), _("&Spot the error")),
        "drug": (_("Picture of the drug"), _("Picture of the dru&g")),
    }


class Teach(QWidget):
    """Everything here carries TRAINING. It shows no order, and holds nothing that could be issued or kept."""

    def __init__(self, editor: Editor) -> None:
        """Nothing is worked out before it is seen."""
        super().__init__()
        self._editor = editor
        self._pages: dict[str, Page] = {}
        self._stack = QStackedWidget()
        whole = column(spacing=0)
        self.setLayout(whole)
        whole.addWidget(self._make_bar())
        whole.addLayout(self._make_tabs())
        whole.addWidget(self._stack, 1)
        for keys, by in (("Ctrl+PgUp", -1), ("Ctrl+PgDown", 1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self._turn, by))

    # ---- layout ----

    def _make_bar(self) -> QFrame:
        bar = QFrame()
        theme.tone(bar, "training-bar")
        line = QHBoxLayout(bar)
        line.setContentsMargins(theme.px(16), theme.px(4), theme.px(16), theme.px(4))
        self.mark = QLabel(_("TRAINING"))
        self.mark.setFont(theme.font(theme.HEADING, bold=True))
        more = QLabel(_("Nothing here is an order or a plan, and nothing can be issued or kept for care."))
        more.setFont(theme.font())
        more.setWordWrap(True)
        line.addWidget(self.mark)
        line.addSpacing(theme.px(16))
        line.addWidget(more, 1)
        return bar

    def _make_tabs(self) -> Flow:
        row = Flow(spacing=4)
        row.setContentsMargins(theme.px(8), 0, theme.px(8), 0)
        self._group = QButtonGroup(self)
        self.tabs: dict[str, QPushButton] = {}
        for name, (plain, text) in page_words().items():
            button = QPushButton(text)
            button.setFont(theme.font(theme.FIELD))
            button.setAccessibleName(plain)
            button.setCheckable(True)
            theme.tone(button, "tab")
            bold = QFontMetrics(theme.font(theme.FIELD, bold=True)).horizontalAdvance(plain)
            button.setMinimumWidth(bold + theme.px(32))  # the page that is seen has a bold word
            button.setAutoExclusive(True)  # heard as one of several, not as a box to tick
            button.toggled.connect(partial(self._tab_toggled, name))  # assistive technology toggles without a click
            self._group.addButton(button)
            self.tabs[name] = button
            row.add(button)
        return row

    # ---- pages ----

    @property
    def page(self) -> str:
        """The name of the page that is seen; empty before the first."""
        seen = self._stack.currentWidget()
        return next((name for name, each in self._pages.items() if each is seen), "")

    def _tab_toggled(self, name: str, checked: bool) -> None:
        if checked:
            self.go(name)

    def go(self, name: str) -> None:
        """Show a page; it is made when it is first seen."""
        if name not in self._pages:
            self._pages[name] = self._make(name)
            self._stack.addWidget(self._pages[name])
        self._stack.setCurrentWidget(self._pages[name])
        self.tabs[name].setChecked(True)

    def _make(self, name: str) -> Page:
        if name == "practise":
            from dosing_app.ui.practise import Practise

            return Practise(self.house)
        if name == "spot":
            from dosing_app.ui.spot_page import SpotPage

            return SpotPage(self.house)
        if name == "drug":
            from dosing_app.ui.drug_page import DrugPage

            return DrugPage(self.house, self._lesson_texts)
        return Demonstrate(self.house, self._copied)

    def _turn(self, by: int) -> None:
        names = list(self.tabs)
        self.go(names[(names.index(self.page) + by) % len(names)])

    def house(self) -> House:
        """The site's settings; the defaults where those of the site cannot be read."""
        if self._editor.house is not None:
            return self._editor.house
        from dosing_app.reference.bundle import load_house

        return load_house()

    def _lesson_texts(self) -> Mapping[str, str]:
        """The teaching order of Demonstrate, as typed; empty before it has begun."""
        page = self._pages.get("demonstrate")
        return page.texts if isinstance(page, Demonstrate) else {}

    def _copied(self) -> Mapping[str, str] | str:
        """The present order without identity, for a role that sees orders."""
        if "order" not in remembered().workspaces:
            return _("Your role sees no orders, so none can be copied.")
        plan = self._editor.plan
        if plan is None or plan.order is None:
            return _("There is no order that can be copied: it is empty or cannot be read.")
        from dosing_app.teaching.lesson import copy_of

        return copy_of(plan)

    # ---- what the window asks of every workspace ----

    def show_plan(self, plan: Plan) -> None:
        """Nothing of the order is shown here, unless a copy is asked for."""

    def blank(self, sentence: str) -> None:
        """There is no result of the order here."""

    def showEvent(self, event: QShowEvent) -> None:
        """The page last seen, or the first; a copy is offered to those who see orders."""
        super().showEvent(event)
        if not self.page:
            self.go("demonstrate")
        page = self._pages.get("demonstrate")
        if isinstance(page, Demonstrate):
            page.copy.setVisible("order" in remembered().workspaces)
