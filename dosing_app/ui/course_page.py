"""One course at the bed: the Now board, what is typed there, a button for each event, the schedule and the log."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QTabBar, QToolTip, QVBoxLayout, QWidget

from dosing_app.course.bedside import FINISHED, board_of
from dosing_app.course.closing import NotFinished, closing
from dosing_app.ui import event_forms as forms
from dosing_app.ui import theme
from dosing_app.ui.announce import announce
from dosing_app.ui.bedside_line import BedsideLine
from dosing_app.ui.buttons import Button
from dosing_app.ui.event_dialog import EventPanel
from dosing_app.ui.log_table import LogTable
from dosing_app.ui.marks import Mark
from dosing_app.ui.now_board import NowBoard
from dosing_app.ui.reflow import DownScroll, Flow, LowPage
from dosing_app.ui.rest_findings import RestFindings
from dosing_app.ui.rest_issue import RestIssue
from dosing_app.ui.schedule_table import ScheduleTable
from dosing_app.wording.bedside_text import board_state
from dosing_app.wording.language import _
from dosing_app.wording.rest_text import closing_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from dosing_app.store.register import Entry
    from dosing_app.ui.courses import Courses
    from dosing_app.ui.roles import Role

_LOG = 1  # the second of the tables


class CoursePage(QWidget):
    """The open course. It is drawn anew at every `Courses.changed`, and shows nothing that is not of now."""

    left = Signal()
    paper_asked = Signal(str)  # a key of `papers.sheaf`

    def __init__(self, courses: Courses, role: Callable[[], Role], names: list[str]) -> None:
        """Nothing shown before `renew`.

        Args:
            courses: with the course that is open.
            role: the role that holds now.
            names: that were typed in this session; those that are typed here are added.
        """
        super().__init__()
        self._courses, self._role, self._names = courses, role, names
        self._panels: dict[str, EventPanel | RestIssue] = {}
        self._course = ""
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._make_strip())
        page = LowPage()
        self._scroll = DownScroll(page, _("Course"))
        outer.addWidget(self._scroll, 1)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.board = NowBoard()
        column.addWidget(self.board)
        self.line = BedsideLine(courses)
        column.addWidget(self.line)
        column.addLayout(self._make_events())
        self.findings = RestFindings()
        self.findings.reason_asked.connect(self._ask_reason)
        column.addWidget(self.findings)
        self.below = QStackedWidget()
        self.below.addWidget(self._make_tables())
        column.addWidget(self.below, 1)

    # ---- layout ----

    def _make_strip(self) -> QFrame:
        """The case in one line; below it what is wrong with register or clock."""
        frame = QFrame()
        theme.tone(frame, "strip")
        whole = QVBoxLayout(frame)
        whole.setContentsMargins(theme.px(16), theme.px(6), theme.px(16), theme.px(6))
        whole.setSpacing(theme.px(4))
        line = QHBoxLayout()
        line.setSpacing(theme.px(16))
        self.all_courses = Button(_("All &courses"), self.left.emit)
        self.case, self.state = QLabel(), QLabel()
        self.case.setFont(theme.font(theme.FIELD, bold=True))
        self.case.setWordWrap(True)
        self.state.setFont(theme.font(theme.FIELD))
        line.addWidget(self.all_courses)
        line.addWidget(self.case, 1)
        line.addWidget(self.state)
        whole.addLayout(line)
        self.trouble = QLabel()
        self.trouble.setWordWrap(True)
        self._trouble_mark = Mark("justify")
        below = QHBoxLayout()
        below.setSpacing(theme.px(8))
        below.addWidget(self._trouble_mark, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self.trouble, 1)
        whole.addLayout(below)
        return frame

    def _make_events(self) -> Flow:
        row = Flow(spacing=6)
        row.setContentsMargins(theme.px(16), theme.px(6), theme.px(16), theme.px(6))
        self.events: dict[str, Button] = {}
        self._whys: dict[str, QShortcut] = {}  # the keys of buttons that cannot be pressed now
        for event, words in forms.event_names().items():
            button = Button(words, partial(self.open_event, event))
            button.setFont(theme.font(theme.FIELD))
            button.setMinimumHeight(theme.px(40))
            self.events[event] = button
            self._whys[event] = QShortcut(QKeySequence.mnemonic(words), self)
            self._whys[event].activated.connect(partial(self._say_why, event))
            row.add(button)
        return row

    def _make_tables(self) -> QWidget:
        page = QWidget()
        whole = QVBoxLayout(page)
        whole.setContentsMargins(theme.px(16), 0, theme.px(16), theme.px(4))
        whole.setSpacing(theme.px(4))
        top = Flow(spacing=6)
        self.tabs = QTabBar()
        self.tabs.setAccessibleName(_("Schedule and log"))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        for words in (_("Schedule"), _("Log")):
            self.tabs.addTab(words)
        top.add(self.tabs)
        self.said = QLabel()
        self.said.setWordWrap(True)
        top.add(self.said, grow=True)
        self.drafts = QLabel(_("A pharmacist issues the new bags."))
        self.issue = Button(_("Issue this re-plan …"), self._ask_issue)
        self.correct = Button(_("Correct …"), self._ask_correct, _("Correct the chosen entry"))
        top.add(self.drafts, self.issue, self.correct)
        self.papers = {
            "schedule": Button(_("Sche&dule …"), partial(self.paper_asked.emit, "schedule"), _("Schedule as a paper")),
            "downtime": Button(_("Down&time sheet …"), partial(self.paper_asked.emit, "downtime")),
            "labels": Button(_("La&bels …"), partial(self.paper_asked.emit, "labels")),
        }
        top.add(*self.papers.values())
        whole.addLayout(top)
        self.schedule, self.log = ScheduleTable(), LogTable()
        self.log.taken.connect(self._ask_correct)
        self.log.currentCellChanged.connect(lambda *_cells: self._offer())
        self._tables = QStackedWidget()
        self._tables.addWidget(self.schedule)
        self._tables.addWidget(self.log)
        self.tabs.currentChanged.connect(self._tables.setCurrentIndex)
        self.tabs.currentChanged.connect(lambda _index: self._offer())
        whole.addWidget(self._tables, 1)
        return page

    # ---- what is shown ----

    def renew(self) -> None:
        """Show the open course as it stands now."""
        courses = self._courses
        record = courses.record
        course = record.listed.id if record is not None else ""
        opened = bool(course) and course != self._course
        if opened:
            self._begin_anew(course)
        rest, trouble = courses.rest, courses.trouble
        zone = _zone_of(courses)
        self.case.setText(courses.label)
        doubts = [each for each in (trouble if rest is not None else "", courses.clock_trouble()) if each]
        self.trouble.setText("\n".join(doubts))
        for widget in (self.trouble, self._trouble_mark):
            widget.setVisible(bool(doubts))
        board = None if rest is None or trouble else board_of(rest)
        self.board.show_board(board, zone, trouble or _("No plan of this case has been issued: nothing runs."))
        self.board.show_closing(self._closing() if board is not None and board.state == FINISHED else [])
        self.state.setText(" · ".join(self._state_words(board_state(board) if board is not None else "")))
        self.line.renew()
        self.schedule.show_rest(rest, courses.reference)
        self.log.show_log(record.log if record is not None else (), zone)
        self.findings.show_rest(rest, zone, may_answer=self._role().enters)
        for panel in self._panels.values():
            panel.renew()
        self._offer()
        if opened:
            self._scroll.show_from(self.line.code)

    def _state_words(self, state: str) -> list[str]:
        rest = self._courses.rest
        revision = rest.plan.issue.revision if rest is not None and rest.plan.issue is not None else None
        said = [state] if state else []
        return said + ([_("revision {number}").format(number=revision)] if revision is not None else [])

    def _closing(self) -> list[tuple[str, str]]:
        """What a finished course comes to."""
        rest, reference = self._courses.rest, self._courses.reference
        assert rest is not None
        assert reference is not None
        try:
            found = closing(rest, reference)
        except NotFinished:
            return []
        return closing_lines(found, rest.plan.micrograms, forms.zone_of(rest))

    def _begin_anew(self, course: str) -> None:
        """Another course: nothing that was typed for the one before stays."""
        self._course = course
        self.close_panel()
        for panel in self._panels.values():
            self.below.removeWidget(panel)
            panel.deleteLater()
        self._panels = {}
        self.line.clear()
        self.said.setText("")
        self.tabs.setCurrentIndex(0)

    def _offer(self) -> None:
        """Enable what can be entered now; a button that is not says why."""
        rest, role = self._courses.rest, self._role()
        for event, button in self.events.items():
            why = self._courses.trouble or _("No plan was issued.")
            if rest is not None:
                why = forms.why_not(event, rest, role.name)
            button.setEnabled(not why)
            button.setToolTip(why)
            button.setAccessibleDescription(why)
            self._whys[event].setEnabled(bool(why))
        seen = self.tabs.currentIndex() == _LOG
        self.correct.setVisible(seen)
        chosen = self.log.chosen
        known = self._courses.reference is not None  # also where the log does not fit: it is put right here
        self.correct.setEnabled(chosen is not None and known and role.name != "technician")
        drafts = not seen and self.schedule.has_drafts
        self.drafts.setVisible(drafts and not role.issues)
        self.issue.setVisible(drafts and role.issues)
        for button in self.papers.values():
            button.setEnabled(rest is not None)

    # ---- events ----

    def open_event(self, event: str, corrects: Entry | None = None, about: str = "") -> EventPanel | None:
        """Show the fields of an event; they hold what was typed into them before."""
        if self._courses.rest is None and corrects is None:
            return None
        key = f"{event} {about}" if corrects is None else f"{event} {corrects.index}"
        panel = self._panels.get(key)
        if panel is None:
            panel = EventPanel(event, self._courses, self._names, corrects, about)
            panel.fit(self.width())
            self._add_panel(key, panel)
        assert isinstance(panel, EventPanel)
        panel.renew()
        self._show_panel(panel)
        return panel

    def _say_why(self, event: str) -> None:
        """The key of a button that is grey says what pointing at it says."""
        button = self.events[event]
        QToolTip.showText(button.mapToGlobal(QPoint(0, button.height())), button.toolTip(), button)
        announce(self, button.toolTip())

    def _add_panel(self, key: str, panel: EventPanel | RestIssue) -> None:
        self._panels[key] = panel
        panel.recorded.connect(partial(self._recorded, key))
        panel.closed.connect(self.close_panel)
        self.below.addWidget(panel)

    def _show_panel(self, panel: EventPanel | RestIssue) -> None:
        self.below.setCurrentWidget(panel)
        panel.begin()
        self._scroll.show_top(panel)

    def close_panel(self) -> None:
        """Back to the tables; what was typed stays in its panel."""
        self.below.setCurrentIndex(0)
        self._scroll.show_from(self.line.code)

    def _recorded(self, key: str, sentence: str) -> None:
        panel = self._panels.pop(key)
        self.close_panel()
        self.below.removeWidget(panel)
        panel.deleteLater()
        self.said.setText(sentence)
        announce(self, sentence)

    def _ask_correct(self) -> None:
        entry = self.log.chosen
        if entry is not None and self.correct.isEnabled():
            self.open_event(str(entry.event["event"]), entry)

    def _ask_reason(self, code: str) -> None:
        """A reason is a note that names what it is about."""
        self.open_event("note", about=code)

    def _ask_issue(self) -> None:
        panel = self._panels.get("issue")
        if panel is None:
            panel = RestIssue(self._courses, self._names)
            self._add_panel("issue", panel)
        panel.renew()
        self._show_panel(panel)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Large letters want other lines."""
        super().resizeEvent(event)
        self.board.fit(self.width())
        for panel in self._panels.values():
            if isinstance(panel, EventPanel):
                panel.fit(self.width())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What is scanned while no field has the focus goes to the field for the code."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier & ~Qt.KeyboardModifier.KeypadModifier
        if event.text().isprintable() and event.text().strip() and not modifiers:
            self.line.code.setFocus()
            self.line.code.setText(event.text())
            return
        super().keyPressEvent(event)


def _zone_of(courses: Courses) -> str:
    """The zone of the bed, known once a plan is issued."""
    order = courses.plans[-1].order if courses.plans else None
    return order.zone if order is not None else "UTC"
