"""The one window: menus, the rail of workspaces, the case strip; everything is redrawn from the plan in one slot."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QGuiApplication, QIcon, QKeySequence, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dosing_app import __version__
from dosing_app.reference.folder import resources_folder
from dosing_app.ui import theme
from dosing_app.ui.marks import Mark
from dosing_app.ui.order import Order
from dosing_app.ui.recovery import Draft, Drafts, failed, settings
from dosing_app.ui.roles import ROLES, plain_words, remember, remembered, role_words
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dosing_app.course.plan import Plan
    from dosing_app.course.second_check import Check
    from dosing_app.ui.administer import Administer
    from dosing_app.ui.check_page import CheckPage
    from dosing_app.ui.courses import Courses
    from dosing_app.ui.editor import Editor
    from dosing_app.ui.papers_desk import PapersDesk
    from dosing_app.ui.prepare import Prepare
    from dosing_app.ui.register_desk import RegisterDesk
    from dosing_app.ui.teach import Teach

    Workspace = Order | Prepare | CheckPage | Administer | Teach

TITLE = "Blinatumomab Infusion Planner"
WIDTH, HEIGHT = 1280, 800
_MOST_RECENT = 8
_MOMENT = 20  # ms


def workspace_words() -> dict[str, tuple[str, str]]:
    """Every workspace on the rail and in the menu, in their order."""
    return {
        "order": (_("Order"), _("&Order")),
        "prepare": (_("Prepare"), _("&Prepare")),
        "administer": (_("Administer"), _("&Administer")),
        "teach": (_("Teach"), _("&Teach")),
    }


# These show nothing of the order, and have a strip of their own.
_OWN_STRIP = ("administer", "teach")


def claim() -> str:
    """What nobody may claim, said once where it is read (domain.md section 11)."""
    return _(
        "Not a medical device. The pharmacist’s own calculation stays primary. No usability test with real users "
        "has been made."
    )


class MainWindow(QMainWindow):
    """Holds the workspaces, which do not know each other."""

    painted = Signal()
    prepare: Prepare
    check_page: CheckPage
    desk: PapersDesk
    courses: Courses
    register: RegisterDesk

    def __init__(self, editor: Editor, drafts: Drafts | None = None) -> None:
        """Ready to be shown; nothing heavy is loaded for it."""
        super().__init__()
        self._editor = editor
        self._drafts = drafts
        self._painted = False
        self._unkept: dict[str, str] | None = None  # what was on the screen when closing said that it would be lost
        self._begun = self._complete = self.stopped = False
        self.role = remembered()
        self._covered: list[QWidget] = []  # dialogs that are away while a second check is made
        self.order = Order(editor)
        self._workspaces: dict[str, Workspace] = {"order": self.order}
        self._stale: set[str] = set()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.order)
        titles = (_("&File"), _("&Edit"), _("&View"), _("&Papers"), _("&Role"), _("&Help"))
        self._menus = [self.menuBar().addMenu(text) for text in titles]
        for menu in self._menus:
            menu.aboutToShow.connect(self.complete)
        self._lay_out()
        self.order.picked.connect(self._bag_picked)
        self.stack.currentChanged.connect(self._redraw_stale)
        editor.changed.connect(self.redraw)
        self.resize(WIDTH, HEIGHT)
        self._show_title()

    def begin(self) -> None:
        """Add the place of the dose, after the first paint and before anything calculates."""
        self.order.begin()
        self._begun = True

    def stop(self, why: str) -> None:
        """Show nothing any more but why, and what to do: the program's own data is not to be trusted."""
        from dosing_app.ui.stop_page import StopPage

        self.stopped = True
        self._put_away = self.takeCentralWidget()  # kept, with what was typed
        self.menuBar().hide()
        self.setWindowTitle(TITLE)
        page = StopPage(why)
        self.setCentralWidget(page)
        page.button.setFocus()

    def complete_soon(self) -> None:
        """Add the rest a moment later: the dose is painted first, and keys that wait are taken."""
        QTimer.singleShot(_MOMENT, self, self.complete)

    def complete(self) -> None:
        """Add all that the dose does not wait for, menus too; until then its place is empty."""
        if self._complete or not self._begun or self.stopped:
            return
        from dosing_app.ui.check_page import CheckPage
        from dosing_app.ui.courses import Courses
        from dosing_app.ui.papers_desk import PapersDesk, issued_folder
        from dosing_app.ui.prepare import Prepare
        from dosing_app.ui.register_desk import RegisterDesk

        self._complete = True
        self.setWindowIcon(QIcon(str(resources_folder() / "icons" / "planner.png")))
        self.courses = Courses(self._editor)
        self.desk = PapersDesk(self._editor, self)
        self.desk.changed.connect(self._show_issued)
        self.register = RegisterDesk(self._editor, self.courses, issued_folder, self)
        self._editor.declined.connect(lambda: self.notify(_("Plans are chosen by a pharmacist.")))
        self._fill_menus()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._follow_system()
        self.order.complete()
        self.prepare = Prepare(self._editor)
        self._workspaces["prepare"] = self.prepare
        self.stack.addWidget(self.prepare)
        self.check_page = CheckPage()
        self.check_page.asked.connect(self.desk.second_check)
        self._workspaces["check"] = self.check_page
        self.stack.addWidget(self.check_page)
        for name, asked in (
            ("worksheet", self.prepare.worksheet_asked),
            ("labels", self.prepare.labels_asked),
            ("vial-order", self.prepare.vial_order_asked),
            ("second-check", self.prepare.second_check_asked),
            ("issue", self.prepare.issue_asked),
        ):
            asked.connect(partial(self.desk.ask, name))
        self._widen_state()
        self._apply_role()
        self.redraw()
        self.update()  # lists have their arrows from now on

    def _follow_system(self) -> None:
        if theme.follow_system():
            theme.dress(self)

    # ---- layout ----

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self._make_notice())
        right.addWidget(self._make_strip())
        right.addWidget(self.stack, 1)
        self.claim = QLabel(claim())
        self.claim.setWordWrap(True)
        theme.tone(self.claim, "quiet")
        self.claim.setContentsMargins(theme.px(16), theme.px(2), theme.px(16), theme.px(6))
        right.addWidget(self.claim)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._make_rail())
        row.addLayout(right, 1)
        self.setCentralWidget(whole)
        self.stack.setVisible(bool(self.role.workspaces))  # a second checker sees nothing of the first entry

    def _make_rail(self) -> QFrame:
        """The workspaces on the left."""
        rail = QFrame()
        theme.tone(rail, "rail")
        buttons = QVBoxLayout(rail)
        buttons.setContentsMargins(0, theme.px(8), 0, theme.px(8))
        buttons.setSpacing(theme.px(4))
        self._rail = QButtonGroup(self)
        self._rail_buttons = {}
        for name, (label, _key) in workspace_words().items():
            button = QPushButton(label)
            button.setFont(theme.font(theme.FIELD))
            button.setAccessibleName(label)
            button.setCheckable(True)
            button.setAutoExclusive(True)  # heard as one of several, not as a box to tick
            theme.tone(button, "rail")
            button.setMinimumWidth(theme.px(96))  # the longest name, bold
            # not clicked: assistive technology toggles without it
            button.toggled.connect(partial(self._rail_toggled, name))
            self._rail.addButton(button)
            self._rail_buttons[name] = button
            buttons.addWidget(button)
        self._rail_buttons["order"].setChecked(True)
        buttons.addStretch(1)
        return rail

    def _rail_toggled(self, name: str, checked: bool) -> None:
        if checked and self.workspace != name:
            self.go(name)

    def _make_strip(self) -> QFrame:
        """The case in one line, and what the figures may be used for."""
        self.strip = QLabel()
        self.strip.setFont(theme.font(theme.FIELD, bold=True))
        self.strip.setWordWrap(True)
        self.mark = Mark("justify")
        self.incomplete = QLabel(_("Incomplete: reason needed"))
        theme.tone(self.incomplete, "justify")
        self.state = QLabel(_("Draft, not checked"))
        self._strip_frame = QFrame()
        theme.tone(self._strip_frame, "strip")
        line = self._line_in(self._strip_frame)
        line.setSpacing(theme.px(8))
        line.addWidget(self.strip, 1)
        for widget in (self.mark, self.incomplete, self.state):
            line.addWidget(widget)
        self._strip_line = line
        self._show_state()
        return self._strip_frame

    def _widen_state(self) -> None:
        """Room for all that a plan lacks; not before the first paint, since it needs a costly namespace of Qt."""
        from PySide6.QtCore import Qt

        self.state.setWordWrap(True)
        self.state.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._strip_line.setStretchFactor(self.state, 1)

    def _make_notice(self) -> QFrame:
        """A line that says what happened without standing in the way."""
        self.notice = QLabel()
        self.notice.setWordWrap(True)
        self._notice_frame = QFrame()
        theme.tone(self._notice_frame, "notice")
        close = QPushButton(_("Close"))
        close.setAccessibleName(_("Close this message"))
        close.clicked.connect(self._notice_frame.hide)
        line = self._line_in(self._notice_frame)
        line.addWidget(self.notice, 1)
        line.addWidget(close)
        self._notice_frame.hide()
        return self._notice_frame

    def _line_in(self, frame: QFrame) -> QHBoxLayout:
        line = QHBoxLayout(frame)
        line.setContentsMargins(theme.px(16), theme.px(6), theme.px(16), theme.px(6))
        return line

    def _fill_menus(self) -> None:
        """Actions and their keys, after the dose: keys load a costly namespace of Qt."""
        from dosing_app.ui.language_menu import fill_languages

        file, edit, view, papers, role, help_ = self._menus
        new = self._action(file, _("&New"), "Ctrl+N", self.new)
        opened = self._action(file, _("&Open …"), "Ctrl+O", self.ask_open)
        self._examples = self._submenu(file, _("Open &example"), self._list_examples)
        self._recent = self._submenu(file, _("Open &recent"), self._list_recent)
        self._unsaved = self._submenu(file, _("Open &unsaved draft"), self._list_drafts)
        self._open_issued = self._action(file, _("Open &issued plan …"), "Ctrl+Shift+O", self.desk.ask_open_issued)
        self._of_register = [
            self._action(file, _("Open &from the register …"), "Ctrl+R", self.register.ask_open),
        ]
        file.addSeparator()
        save = self._action(file, _("&Save"), "Ctrl+S", self.save)
        save_as = self._action(file, _("Save &as …"), "Ctrl+Shift+S", self.ask_save)
        lists = (self._examples.menuAction(), self._recent.menuAction(), self._unsaved.menuAction())
        self._of_order = [opened, *lists, self._open_issued, save, save_as]
        file.addSeparator()
        self._of_register += [
            self._action(file, _("Put on the re&gister …"), "Ctrl+G", self.register.ask_put),
            self._action(file, _("&Back up the register …"), "", self.register.ask_backup),
            self._action(file, _("Restore t&he register …"), "", self.register.ask_restore),
        ]
        file.addSeparator()
        site = self._action(file, _("Site se&ttings …"), "Ctrl+,", self.ask_site)
        product = self._action(file, _("&Product data …"), "Ctrl+Shift+D", self.ask_product)
        many = self._action(file, _("&Many orders …"), "", self.ask_batch)
        file.addSeparator()
        self._action(file, _("&Quit"), "Ctrl+Q", self.close)
        self.undo = self._action(edit, _("&Undo"), "Ctrl+Z", self._editor.undo)
        self.redo = self._action(edit, _("&Redo"), "Ctrl+Y", self._editor.redo)
        self.redo.setShortcuts([QKeySequence("Ctrl+Y"), QKeySequence("Ctrl+Shift+Z")])
        group = QActionGroup(self)
        self._views = {}
        for key, (name, (_plain, label)) in enumerate(workspace_words().items(), 1):
            action = self._action(view, label, f"Ctrl+{key}", partial(self.go, name))
            action.setCheckable(True)
            group.addAction(action)
            self._views[name] = action
        self._views["order"].setChecked(True)
        view.addSeparator()
        self._languages = self._submenu(view, _("&Language"), lambda menu: fill_languages(menu, self))
        self._entering = (new, site, product, many, self.undo, self.redo)
        self.paper_actions = {
            name: self._action(papers, text, keys, partial(self.desk.ask, name))
            for name, text, keys in (
                ("worksheet", _("&Worksheet …"), "Ctrl+Shift+W"),
                ("labels", _("&Labels …"), "Ctrl+Shift+L"),
                ("vial-order", _("&Vial order …"), "Ctrl+Shift+R"),
                ("second-check", _("Second &check …"), "Ctrl+K"),
                ("issue", _("&Issue …"), "Ctrl+I"),
            )
        }
        roles = QActionGroup(self)
        self.role_actions = {}
        for name in ROLES:
            action = self._action(role, role_words(name), "", partial(self.choose_role, name))
            action.setCheckable(True)
            action.setChecked(name == self.role.name)
            roles.addAction(action)
            self.role_actions[name] = action
        self._action(help_, _("&Guide"), "F1", self.guide)
        self._action(help_, _("&About"), "", self.about)
        self._show_undo()

    def _action(self, menu: QMenu, text: str, keys: str, act: Callable[[], object]) -> QAction:
        action = QAction(text, self)
        if keys:
            action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _checked=False: act())
        menu.addAction(action)
        return action

    def _submenu(self, menu: QMenu, text: str, fill: Callable[[QMenu], None]) -> QMenu:
        found = menu.addMenu(text)

        def renew() -> None:
            found.clear()
            fill(found)
            if found.isEmpty():
                found.addAction(_("none")).setEnabled(False)

        found.aboutToShow.connect(renew)
        return found

    # ---- the one slot ----

    def redraw(self) -> None:
        """Show texts and plan. Whatever goes wrong on the way, no result stays."""
        if not self._begun:
            return  # what was typed stands in its field, and there is no result yet
        try:
            self.order.show_texts()
            plan = self._editor.plan
            if plan is None:
                self.blank(self._editor.trouble)
            else:
                self._show_plan(plan)
            if self._complete:
                self._show_undo()
            self._show_title()
        except Exception:
            self.blank(failed())
            raise

    def _show_plan(self, plan: Plan) -> None:
        from dosing_app.wording.figures import case_strip

        self.strip.setText("     ".join(case_strip(plan)))
        self._show_state()
        for name, workspace in self._workspaces.items():
            if name not in self._stale:
                self._stale.add(name)
                if name != self.workspace:
                    workspace.blank("")  # not even where nobody looks do old results stay
        self._redraw_stale()

    def _redraw_stale(self) -> None:
        """Draw the workspace that is seen; another one is drawn when it is."""
        name = self.workspace
        plan = self._editor.plan
        if name in self._stale and plan is not None:
            self._workspaces[name].show_plan(plan)
            self._stale.discard(name)
            if name == "prepare" and (standing := self.desk.standing()) is not None:
                self.prepare.show_standing(standing)

    def blank(self, sentence: str) -> None:
        """Take every result away and say why."""
        self._stale.clear()
        self.strip.setText("")
        self._show_state(blank=True)
        for workspace in self._workspaces.values():
            workspace.blank(sentence)

    def _show_state(self, *, blank: bool = False) -> None:
        """What the figures may be used for: whether they are checked or issued, and what is lacking."""
        plan = None if blank else self._editor.plan
        # a plan that is still searched for wants no reason yet
        wanting = plan is not None and plan.daily_dose is not None and not (plan.complete or plan.searching)
        said, lacking = _("Draft, not checked"), tuple[str, ...]()
        if self._complete and not blank:
            said, lacking = self.desk.state()
            self.check_page.state.setText(said)
        self.incomplete.setVisible(wanting)
        self.state.setVisible(not wanting)
        self.mark.setVisible(wanting)
        self.state.setText(" · ".join([said, *lacking]))

    def _show_issued(self) -> None:
        """It was found out that the plan is an issued one, or is none any more."""
        self._show_state()
        self._stale.add("prepare")
        self._redraw_stale()

    def _show_undo(self) -> None:
        care = self.workspace != "teach"  # there a field undoes its own typing
        self.undo.setEnabled(care and self._editor.can_undo)
        self.redo.setEnabled(care and self._editor.can_redo)

    def _show_title(self) -> None:
        path = self._editor.path
        name = path.name if path else _("new order")
        if self.workspace == "teach":
            name = _("TRAINING")  # no name of a file: it may be a case
        self.setWindowTitle(f"{name}[*] – {TITLE}")
        self.setWindowModified(self._editor.modified)

    # ---- workspaces ----

    @property
    def workspace(self) -> str:
        """The name of the one that is seen."""
        seen = self.stack.currentWidget()
        return next(name for name, each in self._workspaces.items() if each is seen)

    def go(self, name: str, _checked: bool = False) -> None:
        """Show a workspace, if the role has it."""
        if self.stopped:
            return
        if not self._begun:
            QTimer.singleShot(0, self, partial(self.go, name))
            return
        self.complete()
        if name not in (self.role.workspaces or ("check",)):
            return
        self._editor.settle()
        if name not in self._workspaces:
            self._add_workspace(name)
        self.stack.setCurrentWidget(self._workspaces[name])
        self.courses.see(name == "administer")
        self._strip_frame.setVisible(bool(self.role.workspaces) and name not in _OWN_STRIP)
        self._offer_here()
        if name in self._views:
            self._views[name].setChecked(True)
            self._rail_buttons[name].setChecked(True)

    def _offer_here(self) -> None:
        """What opens, keeps, prints or issues an order is not offered beside training, whatever the role."""
        care = self.workspace != "teach"
        for action in (*self._of_order, *self._of_register, *self.paper_actions.values()):
            action.setEnabled(care)
        self._show_undo()
        self._show_title()

    def _add_workspace(self, name: str) -> None:
        """Make a workspace that is seen for the first time."""
        made: Administer | Teach
        if name == "teach":
            from dosing_app.ui.teach import Teach

            made = Teach(self._editor)
        else:
            from dosing_app.ui.administer import Administer

            made = Administer(self.courses, self)
        self._workspaces[name] = made
        self.stack.addWidget(made)

    # ---- roles ----

    def choose_role(self, name: str) -> None:
        """Offer what a role may do, from now on and at the next start."""
        self.role = remember(name)
        self.desk.close_others()
        self._apply_role()
        self.notify(_("Role: {role}. {plain}").format(role=role_words(name).replace("&", ""), plain=plain_words()))

    def _apply_role(self) -> None:
        role = self.role
        self._editor.may_choose = role.enters
        self.desk.look()
        for name, view in self._views.items():
            view.setVisible(name in role.workspaces)
            self._rail_buttons[name].setVisible(name in role.workspaces)
        for action in self._entering:
            action.setVisible(role.enters)
        self._open_issued.setVisible(role.register)
        for action in self._of_register:
            action.setVisible(role.enters)
        self.courses.may_enter = role.enters
        if not role.register:
            self.courses.leave()
        self.courses.changed.emit()  # what is offered there depends on the role
        offered = {"second-check"} if role.checks else set()
        offered |= {"worksheet", "labels", "vial-order"} if role.papers else set()
        offered |= {"issue"} if role.issues else set()
        for name, action in self.paper_actions.items():
            action.setVisible(name in offered)
        self.prepare.offer(offered)
        self._strip_frame.setVisible(bool(role.workspaces) and self.workspace not in _OWN_STRIP)
        self.stack.show()
        if self.workspace not in (role.workspaces or ("check",)):
            self.go(role.workspaces[0] if role.workspaces else "check")

    def cover(self, covered: bool) -> None:
        """Take everything that shows the order away, or bring it back: title, content, dialogs."""
        if covered:
            self._covered = [each for each in self.findChildren(QDialog) if each.isVisible() and not each.isModal()]
            for dialog in self._covered:
                dialog.setVisible(False)
            self.setWindowTitle(TITLE)
        self.centralWidget().setVisible(not covered)
        if not covered:
            for dialog in self._covered:
                dialog.setVisible(True)
            self._covered = []
            self._show_title()

    def _bag_picked(self) -> None:
        number = self.order.timeline.picked_number
        self.go("prepare")
        self.prepare.choose(number)

    def notify(self, sentence: str) -> None:
        """Say something without standing in the way."""
        self.notice.setText(sentence)
        self._notice_frame.show()

    # ---- files ----

    def _begin_anew(self, change: Callable[[], None]) -> None:
        """Do what replaces the order; a draft of the present one stays in the menu."""
        kept = self._editor.modified and bool(self._editor.texts)
        if self._drafts:
            self._drafts.write()
            self._drafts.let_go()
        change()
        self._notice_frame.hide()
        if self._drafts and kept:
            self.notify(_("What was not saved is kept under File, Open unsaved draft."))

    def new(self) -> None:
        """An empty order."""
        self._begin_anew(lambda: self._editor.replace({}, None, saved=True))
        self.go("order")
        self.order.form.inputs["case"].setFocus()

    def ask_open(self) -> None:
        """Let the person choose a file and open it."""
        from PySide6.QtWidgets import QFileDialog

        chosen, _filter = QFileDialog.getOpenFileName(self, _("Open"), self._folder(), _("Orders (*.json)"))
        if chosen:
            self.open(Path(chosen))

    def open(self, path: Path, *, keep_path: bool = True) -> None:
        """Open an order file, or say why not."""
        from dosing_app.reference.source import BadFile
        from dosing_app.store import order_file
        from dosing_app.wording.sentences import bad_file_sentence

        try:
            texts, check = order_file.load(path), order_file.load_check(path)
        except BadFile as error:
            self.notify(_("Not opened. {why}").format(why=bad_file_sentence(error)))
            return

        # an example is opened without its path, so that it is not written over
        def change() -> None:
            self._editor.replace(texts, path if keep_path else None, saved=True)
            self._editor.take_check(check, saved=True)

        self._begin_anew(change)
        if keep_path:
            self._remember(path)

    def open_texts(self, texts: Mapping[str, str], check: Check | None) -> None:
        """An order from elsewhere than a file."""

        def change() -> None:
            self._editor.replace(texts, None, saved=True)
            self._editor.take_check(check, saved=True)

        self._begin_anew(change)
        self.go("order")

    def save(self) -> None:
        """Save to the file of the order; ask for one where there is none."""
        if self._editor.path:
            self.save_to(self._editor.path)
        else:
            self.ask_save()

    def ask_save(self) -> None:
        """Let the person choose a file and save."""
        from dosing_app.ui.where import ask_where

        name = self._editor.text("case").strip()[:40].replace("/", "-") or "order"
        start = self._editor.path or Path(self._folder()) / f"{name}.json"
        if path := ask_where(self, _("Save"), start, _("Orders (*.json)"), "json"):
            self.save_to(path)

    def save_to(self, path: Path) -> None:
        """Save, or say why not; the order stays changed then."""
        try:
            self._editor.save(path)
        except OSError as error:
            said = _("Not saved: {file} cannot be written ({why}). The order is still here, and kept as a draft.")
            if self._drafts and self._drafts.write():
                said = _("Not saved: {file} cannot be written ({why}), nor can a draft. The order is only here.")
            self.notify(said.format(file=path, why=error.strerror or error))
            return
        self._remember(path)
        self.notify(_("Saved in {file}.").format(file=path))

    def _folder(self) -> str:
        recent = self._recent_paths()
        return str(Path(recent[0]).parent) if recent else str(Path.home())

    def _recent_paths(self) -> list[str]:
        found = settings().value("recent", [])
        if isinstance(found, str):  # a list of one comes back as its text
            return [found]
        return [str(path) for path in found] if isinstance(found, list) else []

    def _remember(self, path: Path) -> None:
        paths = [str(path.absolute()), *self._recent_paths()]
        settings().setValue("recent", list(dict.fromkeys(paths))[:_MOST_RECENT])

    def _list_recent(self, menu: QMenu) -> None:
        for path in self._recent_paths():
            menu.addAction(path.replace("&", "&&"), partial(self.open, Path(path)))

    def _list_examples(self, menu: QMenu) -> None:
        for path in sorted((resources_folder() / "orders").glob("*.json")):
            menu.addAction(path.stem, partial(self.open, path, keep_path=False))

    def _list_drafts(self, menu: QMenu) -> None:
        for draft in self._drafts.left_over() if self._drafts else ():
            menu.addAction(draft.title().replace("&", "&&"), partial(self.take_up, draft))

    def take_up(self, draft: Draft) -> None:
        """Go on with a draft."""
        assert self._drafts is not None
        self._drafts.take_up(draft)
        self.notify(_("Restored what was typed on {when}, not saved.").format(when=draft.title()))

    def ask_site(self) -> None:
        """The site's settings."""
        from dosing_app.ui.site_dialog import show_site

        show_site(self._editor, self)

    def ask_product(self) -> None:
        """Product data and its approval."""
        from dosing_app.ui.product_dialog import show_product

        show_product(self._editor, self)

    def ask_batch(self) -> None:
        """Many orders of a file, worked out one after another."""
        from dosing_app.ui.batch_dialog import show_batch

        if self._editor.house is not None:
            show_batch(self._editor.house, self)

    def guide(self) -> None:
        """The guide, where it speaks of the workspace that is seen."""
        from dosing_app.ui.guide_dialog import show_guide

        show_guide(self, self.workspace)

    def about(self) -> None:
        """What this is, and what it is not."""
        from PySide6.QtWidgets import QMessageBox

        QMessageBox.about(self, TITLE, f"{TITLE} {__version__}\n\n{claim()}")

    # ---- events ----

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell once that the window stands on the screen: then the rest is loaded."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self.painted.emit)

    def event(self, event: QEvent) -> bool:
        """A key that no field takes may be one of the menus': it waits until they are filled."""
        if self._begun and not self._complete and event.type() == QEvent.Type.ShortcutOverride:
            self.complete()
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Never asks: what is not saved is a draft. Where none can be written, the first attempt stays and says so."""
        if self._drafts and not self.stopped and (why := self._drafts.write()):
            given_up, self._unkept = self._unkept, dict(self._editor.texts)
            if given_up != self._unkept:
                self.notify(
                    _(
                        "What was typed cannot be kept as a draft ({why}). Save it elsewhere; closing once more gives "
                        "it up."
                    ).format(why=why)
                )
                event.ignore()
                return
        if self._complete:
            self.courses.leave()
            self.courses.close()
        if self._drafts:
            self._drafts.close()
            kept = settings()
            kept.setValue("geometry", self.saveGeometry())
            kept.setValue("workspace", self.workspace)
        super().closeEvent(event)
