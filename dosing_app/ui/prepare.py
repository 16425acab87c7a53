"""The workspace Prepare: the options of the course, the selected one with its sessions, a bag of the plan large."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from dosing_app.ui import theme
from dosing_app.ui.figure_table import FigureTable, lead_of
from dosing_app.ui.label_preview import LabelPreview
from dosing_app.ui.options_panel import OptionsPanel
from dosing_app.ui.reflow import Flow, Follow
from dosing_app.ui.timeline import Timeline
from dosing_app.ui.unbroken import Sentence
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dosing_app.course.plan import Bag, Plan, Session
    from dosing_app.papers.standing import Standing
    from dosing_app.ui.editor import Editor
    from dosing_app.wording.options_words import Fact


_WIDE = 1000  # room for the recipe of a bag and its label beside each other
_NARROW = 600  # no room for recipe and volumes beside each other
_MOST_ROWS = 10  # of a table; the rest scrolls


class _Block(QWidget):
    """A small heading over lines of a name and a text."""

    def __init__(self, title: str, size: int, lines: int) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(16))
        grid.setVerticalSpacing(theme.px(2))
        heading = QLabel(title)
        heading.setFont(theme.font(bold=True))
        grid.addWidget(heading, 0, 0, 1, 2)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(lines + 1, 1)
        self._labels = [(QLabel(), QLabel()) for _line in range(lines)]
        for row, (name, text) in enumerate(self._labels, 1):
            theme.tone(name, "quiet")
            for column, label in enumerate((name, text)):
                label.setFont(theme.font(size))
                grid.addWidget(label, row, column)

    def show_lines(self, lines: list[tuple[str, str]]) -> None:
        """Show these, figures aligned on their decimal marks; an empty list takes all away."""
        shown = lines or [("", "")] * len(self._labels)
        metrics = QFontMetricsF(self._labels[0][1].font())
        leads = [lead_of(words, metrics) for _name, words in shown]
        for (name, text), line, lead in zip(self._labels, shown, leads, strict=True):
            name.setText(line[0])
            text.setText(line[1])
            text.setIndent(round(max(leads) - lead) if lead else 0)


class _Facts(QWidget):
    """Names on the left, what is to be said right of them; sentences are broken where the page ends."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.px(16))
        self._grid.setVerticalSpacing(theme.px(3))
        self._grid.setColumnStretch(1, 1)
        self._labels: list[tuple[QLabel, QLabel]] = []

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show these; labels are made once and used again."""
        while len(self._labels) < len(facts):
            name, text = _words("quiet"), _words()
            name.setWordWrap(False)
            row = len(self._labels)
            self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(text, row, 1)
            self._labels.append((name, text))
        for at, labels in enumerate(self._labels):
            shown = (facts[at].name, facts[at].text) if at < len(facts) else ("", "")
            for label, words in zip(labels, shown, strict=True):
                label.setText(words)
                label.setVisible(bool(words))

    @property
    def text(self) -> str:
        """All that is read."""
        return "\n".join(f"{name.text()}: {text.text()}" for name, text in self._labels if text.text())


class Prepare(QWidget):
    """The workspace."""

    worksheet_asked = Signal()
    labels_asked = Signal()
    vial_order_asked = Signal()
    second_check_asked = Signal()
    issue_asked = Signal()

    def __init__(self, editor: Editor) -> None:
        """Nothing to prepare yet."""
        super().__init__()
        self._editor = editor
        self._plan: Plan | None = None  # of the order
        self._shown: Plan | None = None  # that of the selected option
        self._standing: Standing | None = None
        page = QWidget()
        theme.tone(page, "page")
        self._scroll = QScrollArea()
        self._scroll.setWidget(page)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        Follow(self._scroll)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._scroll, 1)
        column = QVBoxLayout(page)
        column.setContentsMargins(theme.px(16), theme.px(8), theme.px(4), theme.px(8))  # the scroll bar takes the rest
        column.setSpacing(theme.px(8))
        self.waiting = QLabel()
        self.waiting.setFont(theme.font(theme.HEADING))
        self.waiting.setWordWrap(True)
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(self.waiting)
        self._body = QWidget()
        column.addWidget(self._body, 1)
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(theme.px(12))
        self.options = OptionsPanel()
        self.options.selected.connect(self._show_selected)
        self.options.taken.connect(self.take)
        body.addWidget(self.options)
        body.addWidget(self._make_headline())
        body.addWidget(self._make_detail())
        body.addStretch(1)
        whole.addWidget(self._make_actions())  # made last: Tab comes here last
        editor.rested.connect(self._search)
        self.blank("")

    # ---- layout ----

    def _make_headline(self) -> QWidget:
        """The five counts large, which option they are, and what can be done with it."""
        self.state = _words()
        self.state.setFont(theme.font(theme.FIELD, bold=True))
        self.counts = Sentence()
        self.counts.setFont(theme.font(theme.ANSWER, bold=True))
        self.pattern = _words("quiet")
        self.regroup = QPushButton(_("Group the bags anew"))
        self.regroup.setAccessibleName(_("Group the bags anew: keep the pattern, take its best sessions"))
        self.regroup.clicked.connect(self._regroup)
        self.back_to_auto = QPushButton(_("Back to auto"))
        self.back_to_auto.setAccessibleName(_("Back to auto: the first option without a reason"))
        self.back_to_auto.clicked.connect(self._go_back)
        self.choose_option = QPushButton(_("Choose this option"))
        self.choose_option.setAccessibleName(_("Choose this option: put its pattern and sessions into the order"))
        self.choose_option.clicked.connect(self.take)
        line = QHBoxLayout()
        line.setSpacing(theme.px(12))
        line.addWidget(self.state, 1)
        line.addWidget(self.regroup)
        line.addWidget(self.back_to_auto)
        line.addWidget(self.choose_option)
        headline = QWidget()
        column = QVBoxLayout(headline)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(2))
        column.addLayout(line)
        column.addWidget(self.counts)
        column.addWidget(self.pattern)
        return headline

    def _make_detail(self) -> QWidget:
        """The plan of the selected option: timeline, what it means, sessions, bags, and one bag large."""
        self.timeline = Timeline(large=True)
        self.timeline.picked.connect(lambda: self._choose_bag(self.timeline.picked_number))
        self.timeline.session_picked.connect(lambda: self.choose_session(self.timeline.picked_session))
        self.facts = _Facts()
        self.sessions = FigureTable(_("Sessions"), choosable=True)
        self.sessions.itemSelectionChanged.connect(self._session_selected)
        self.session = _words()
        self.session.setFont(theme.font(theme.FIELD))
        self.bags = FigureTable(_("Bags"), choosable=True)
        self.bags.itemSelectionChanged.connect(self._show_chosen)
        self._detail = QWidget()
        column = QVBoxLayout(self._detail)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        column.addWidget(self.timeline)
        column.addWidget(self.facts)
        for title, table in ((_("Sessions"), self.sessions), (_("Bags"), self.bags)):
            column.addSpacing(theme.px(8))
            heading = QLabel(title)
            heading.setFont(theme.font(theme.FIELD, bold=True))
            column.addWidget(heading)
            column.addWidget(table)
            if table is self.sessions:
                column.addWidget(self.session)
        column.addSpacing(theme.px(8))
        column.addWidget(self._make_bag())
        return self._detail

    def _make_bag(self) -> QWidget:
        """The chosen bag: recipe in order of addition, rate, times, volumes; beside it the label as it will print."""
        self.heading = QLabel()
        self.heading.setFont(theme.font(theme.HEADING))
        self.rate = QLabel()
        self.rate.setFont(theme.font(theme.HEADING, bold=True))
        self.changes = QLabel()
        self.changes.setFont(theme.font(theme.FIELD, bold=True))
        self.recipe = _Block(_("Recipe, in order of addition"), theme.HEADING, 3)
        self.times = _Block(_("Times"), theme.FIELD, 5)
        self.ledger = _Block(_("Volumes"), theme.FIELD, 4)
        self.label = LabelPreview()
        self._label_place = (
            QWidget()
        )  # a widget that is aligned by its layout would not be given the height of its text
        beside = QHBoxLayout()
        beside.addWidget(self.label, 1)
        beside.addStretch(0)
        below = QVBoxLayout(self._label_place)
        below.setContentsMargins(0, 0, 0, 0)
        below.addLayout(beside)
        below.addStretch(1)
        self._bag = QWidget()
        self._bag_grid = QGridLayout(self._bag)
        grid = self._bag_grid
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(40))
        grid.setVerticalSpacing(theme.px(12))
        title = QHBoxLayout()
        title.setSpacing(theme.px(24))
        for label in (self.heading, self.rate, self.changes):
            title.addWidget(label)
        title.addStretch(1)
        grid.addLayout(title, 0, 0, 1, 3)
        top = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        grid.addWidget(self.recipe, 1, 0, top)
        grid.addWidget(self.ledger, 1, 1, top)
        grid.addWidget(self.times, 3, 0, 1, 2, top)
        grid.setColumnStretch(2, 1)
        grid.setRowStretch(4, 1)
        self._label_beside = False
        self._set_label(beside=True)
        self.not_chosen = QLabel(_("Recipe and label are shown for the order’s plan. Choose this option to see them."))
        self.not_chosen.setFont(theme.font(theme.FIELD))
        self.not_chosen.setWordWrap(True)
        both = QWidget()
        column = QVBoxLayout(both)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._bag)
        column.addWidget(self.not_chosen)
        return both

    def _make_actions(self) -> QFrame:
        """What can be done with the order's plan; each is hidden until somebody offers it."""
        self._actions = QFrame()
        theme.tone(self._actions, "findings")
        line = Flow(spacing=8)
        line.setContentsMargins(theme.px(16), theme.px(6), theme.px(16), theme.px(6))
        self._actions.setLayout(line)
        self.buttons: dict[str, QPushButton] = {}
        for name, text, asked in (
            ("worksheet", _("Worksheet"), self.worksheet_asked),
            ("labels", _("Labels"), self.labels_asked),
            ("vial-order", _("Vial order"), self.vial_order_asked),
            ("second-check", _("Second check"), self.second_check_asked),
            ("issue", _("Issue"), self.issue_asked),
        ):
            button = QPushButton(text)
            button.setAccessibleName(text)
            button.clicked.connect(lambda _checked=False, asked=asked: asked.emit())
            button.hide()
            line.add(button)
            self.buttons[name] = button
        self.actions_wait = _words("quiet")
        self.actions_wait.setText(_("Papers are those of the order’s plan: choose this option first."))
        self.actions_wait.hide()
        line.add(self.actions_wait, grow=True)
        self._actions.hide()
        return self._actions

    def offer(self, actions: set[str]) -> None:
        """Show the buttons of these actions: worksheet, labels, vial-order, second-check, issue; and choices."""
        for name, button in self.buttons.items():
            button.setVisible(name in actions)
        self._actions.setVisible(bool(actions))
        self._show_selected()

    def _set_label(self, *, beside: bool) -> None:
        """The label beside the recipe, or below it where there is no room."""
        if beside != self._label_beside:
            self._label_beside = beside
            place = (1, 2, 4, 1) if beside else (4, 0, 1, 3)
            self._bag_grid.addWidget(self._label_place, *place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Move the label where it has room."""
        super().resizeEvent(event)
        self._set_label(beside=self.width() >= theme.px(_WIDE))
        below = (2, 0, 1, 2) if self.width() < theme.px(_NARROW) else (1, 1, 1, 1)
        self._bag_grid.addWidget(self.ledger, *below, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        for table in (self.sessions, self.bags):
            _fit_height(table)

    # ---- what is shown ----

    def show_plan(self, plan: Plan) -> None:
        """Show the options and the order's plan among them, or the sentence where they stood."""
        if plan.daily_dose is None:
            from dosing_app.wording import figures

            self.blank(figures.waiting(plan))
            return
        if plan is not self._plan:
            self._standing = None  # that of another plan says nothing about this one
        self._plan = plan
        self.waiting.setText("")
        self.waiting.hide()
        self._show_options(plan)
        self._show_selected()
        self._body.show()

    def show_standing(self, standing: Standing) -> None:
        """How far the order's plan has come, which its labels state."""
        self._standing = standing
        self._show_chosen()

    def blank(self, sentence: str) -> None:
        """Take every figure away and say why."""
        self._plan = self._standing = None
        self._body.hide()
        self.options.clear("")
        self._clear_detail()
        self.waiting.setText(sentence)
        self.waiting.show()

    def _search(self) -> None:
        """The hands rest: search for the options, if somebody sees them."""
        if self._plan is not None and self.isVisible() and not self._editor.searched:
            self._editor.search()
            self.show_plan(self._plan)

    def _show_options(self, plan: Plan) -> None:
        """The options of the present texts; never those of others."""
        from dosing_app.wording import options_words as words

        if not self._editor.searched:
            self.options.clear(_("Searching for options …"))
            self._editor.rest_soon()
            return
        answer = self._editor.answer
        if answer is None or not answer.options:
            self.options.clear(words.why_none(plan, answer))
            return
        self.options.show_answer(answer, plan)

    def _show_selected(self) -> None:
        """The plan of the selected option; of the order where none is selected."""
        plan = self._plan
        if plan is None:
            return
        from dosing_app.wording import figures
        from dosing_app.wording import options_words as words

        index = self.options.index
        chosen = self._chosen()
        for name, button in self.buttons.items():  # nobody prints one plan while looking at another
            button.setEnabled(chosen or name == "second-check")
        self.actions_wait.setVisible(not chosen)
        self._shown = plan if chosen or index is None else self.options.plan(index)
        may = self._editor.may_choose
        self.choose_option.setVisible(may and bool(self.options.options))
        self.choose_option.setEnabled(index is not None and bool(self._shown.bags) and not self._in_order(index))
        self.back_to_auto.setVisible(may and any(self._editor.text(name).strip() for name in ("pattern", "sessions")))
        self.regroup.setVisible(may and not self._shown.bags and bool(self._editor.text("sessions")))
        if not self._shown.bags:
            self._clear_detail()
            # a search that found nothing has said so where the options stood
            said = words.why_no_bags(plan) if self.options.options else ""
            self.state.setText(said or (figures.waiting(plan) if plan.searching else ""))
            return
        self.state.setText(_state(index, self._shown, chosen=chosen))
        self.counts.setText(words.plan_counts(self._shown))
        self.pattern.setText(_("Pattern {pattern}").format(pattern=self._shown.pattern))
        self._show_detail(self._shown)
        self._detail.show()

    def _chosen(self) -> bool:
        """Whether what is shown is the order's plan."""
        from dosing_app.wording.options_words import present_option

        index = self.options.index
        return index is None or index == present_option(self._plan, self.options.options)

    def _in_order(self, index: int) -> bool:
        """Whether the order already says what the option would put into it."""
        from dosing_app.wording.options_words import choice_texts

        present = tuple(self._editor.text(name) for name in ("pattern", "sessions"))
        return choice_texts(self.options.options[index].choice) == present

    def _show_detail(self, plan: Plan) -> None:
        from dosing_app.wording import figures
        from dosing_app.wording import options_words as words

        house, reading, answer = self._editor.house, self._editor.reading, self._editor.answer
        assert house is not None
        self.timeline.show_plan(plan)
        facts = [
            words.gap_fact(plan, house.limits),
            words.exposure_fact(plan, house.limits),
            words.error_fact(plan),
        ]
        if answer is not None:
            facts.append(words.label_way_fact(answer, plan, house.site.vial_price))
        if reading is not None and reading.order is not None and reading.reference is not None:
            weekdays = words.weekday_fact(reading.order, reading.reference)
            facts += [weekdays] if weekdays else []
        self.facts.show_facts(facts)
        index = self.options.index
        spares = answer.spares(index) if answer is not None and index is not None else []
        table = words.spare_table(plan, spares) if spares else figures.session_table(plan)
        row = max(0, self.bags.currentRow())
        for figure_table, content, mark in (
            (self.sessions, table, ""),
            (self.bags, figures.bag_table(plan), _("At connection")),
        ):
            figure_table.blockSignals(True)
            figure_table.show_table(content, mark)
            _fit_height(figure_table)
            figure_table.blockSignals(False)
        self.bags.blockSignals(True)
        self.bags.selectRow(min(row, len(plan.bags or ()) - 1))
        self.bags.blockSignals(False)
        self._show_chosen()

    def _clear_detail(self) -> None:
        self._shown = None
        for table in (self.sessions, self.bags):
            table.blockSignals(True)
            table.show_table(None)
            table.blockSignals(False)
        self.timeline.show_plan(None)
        for label in (self.state, self.counts, self.pattern, self.session):
            label.setText("")
        self.facts.show_facts([])
        self._clear_bag()
        self._detail.hide()

    def _clear_bag(self) -> None:
        for label in (self.heading, self.rate, self.changes):
            label.setText("")
        for block in (self.recipe, self.times, self.ledger):
            block.show_lines([])
        self.label.show_label(None)

    # ---- choosing ----

    def take(self) -> None:
        """Put the selected option into the order: pattern and sessions, one step of undo."""
        from dosing_app.wording.options_words import choice_texts

        index = self.options.index
        if index is not None and self.choose_option.isEnabled():
            if self.choose_option.hasFocus():  # it is about to be disabled
                self.options.table.setFocus()
            self._editor.choose(*choice_texts(self.options.options[index].choice))

    def _go_back(self) -> None:
        """Leave pattern and sessions to the search again."""
        self.options.table.setFocus()  # the button is about to be hidden
        self._editor.choose("", "")

    def _regroup(self) -> None:
        """Sessions that cannot be held go; the pattern stays."""
        self.options.table.setFocus()
        self._editor.choose(self._editor.text("pattern"), "")

    def choose(self, number: int) -> None:
        """Choose a bag of the order's plan by its number."""
        if self._plan is not None and not self._chosen():
            from dosing_app.wording.options_words import present_option

            self.options.select(present_option(self._plan, self.options.options))
            self._show_selected()
        self._choose_bag(number)

    def _choose_bag(self, number: int) -> None:
        self.bags.selectRow(number - 1)
        self.bags.setFocus()
        self._scroll.ensureWidgetVisible(self._bag)

    def choose_session(self, number: int) -> None:
        """Choose a session by its number."""
        self.sessions.selectRow(number - 1)
        self.sessions.setFocus()
        self._scroll.ensureWidgetVisible(self.session)

    def _session_selected(self) -> None:
        """A session was selected: its first bag is shown."""
        row = self.sessions.currentRow()
        sessions = self._shown.sessions if self._shown else None
        if sessions and 0 <= row < len(sessions) and self.bags.currentRow() + 1 not in sessions[row].bags:
            self.bags.selectRow(sessions[row].bags[0] - 1)

    def _show_chosen(self) -> None:
        """The chosen bag large, and the session in which it is made."""
        plan, row = self._shown, self.bags.currentRow()
        if plan is None or not plan.bags or not plan.sessions or not 0 <= row < len(plan.bags):
            return
        bag = plan.bags[row]
        session = next(each for each in plan.sessions if bag.number in each.bags)
        self.sessions.blockSignals(True)
        self.sessions.selectRow(session.number - 1)
        self.sessions.blockSignals(False)
        self.sessions.viewport().update()
        self.timeline.choose(bag.number)
        chosen = self._chosen()
        self.session.setText(_session_words(session, plan) if chosen else "")
        self.session.setVisible(chosen)
        self._bag.setVisible(chosen)
        self.not_chosen.setVisible(not chosen)
        if not chosen:
            self._clear_bag()
            return
        self._show_bag(bag, plan)
        self._show_label(bag, plan)

    def _show_bag(self, bag: Bag, plan: Plan) -> None:
        from dosing_app.wording.figures import ledger, when
        from dosing_app.wording.units import print_quantity

        zone = plan.order.zone if plan.order else "UTC"
        self.heading.setText(_("Bag {number} of {of}, {kind}").format(number=bag.number, of=bag.of, kind=bag.kind))
        self.rate.setText(print_quantity(bag.rate, "mL/h"))
        self.changes.setText(_change_of_rate(bag, plan))
        self.recipe.show_lines(
            [
                (_("Saline"), print_quantity(bag.diluent, "mL")),
                (_("Stabiliser"), print_quantity(bag.stabiliser, "mL")),
                (_("Drug"), print_quantity(bag.drug, "mL")),
            ]
        )
        self.times.show_lines(
            [
                (_("Prepare"), when(bag.prepared_local)),
                (_("Connect"), when(bag.start_local)),
                (_("Do not connect after"), when(bag.start_by.to_tz(zone).format_iso())),
                (_("Take down"), when(bag.end_local)),
                (_("Take down by"), when(bag.down_by.to_tz(zone).format_iso())),
            ]
        )
        self.ledger.show_lines(ledger(bag))

    def _show_label(self, bag: Bag, plan: Plan) -> None:
        """The label as it will print: of a draft until the plan is issued."""
        from dosing_app.papers.label import label_of
        from dosing_app.papers.standing import draft_standing

        reading = self._editor.reading
        if reading is None or reading.reference is None:
            self.label.show_label(None)
            return
        standing = self._standing or draft_standing(plan, self._editor.check, reading.reference)
        self.label.show_label(label_of(bag, plan, standing, reading.reference))


def _words(tone: str = "") -> QLabel:
    """A sentence that is broken where the page ends."""
    label = Sentence()
    if tone:
        theme.tone(label, tone)
    return label


def _fit_height(table: FigureTable) -> None:
    """As high as its rows, up to as many as are seen at once."""
    hidden = max(0, table.rowCount() - _MOST_ROWS) * table.rowHeight(0)
    bar = table.horizontalScrollBar().sizeHint().height() if table.whole_width() > table.width() else 0
    table.setFixedHeight(table.whole_height() - hidden + bar)


def _state(index: int | None, plan: Plan, *, chosen: bool) -> str:
    """Which plan is shown, and whether it wants a reason."""
    from dosing_app.course.layout import needs_reason

    if index is None:
        words = [_("The order’s plan.")]
    elif chosen:
        words = [_("Option {number}, the order’s plan.").format(number=index + 1)]
    else:
        words = [_("Option {number}, not chosen: to look at only.").format(number=index + 1)]
    if needs_reason(plan):
        words.append(_("It needs a written reason: see Order.") if chosen else _("It needs a written reason."))
    return " ".join(words)


def _session_words(session: Session, plan: Plan) -> str:
    """What one session takes from the vials, in the order of the bags."""
    from dosing_app.wording.figures import when
    from dosing_app.wording.language import n_
    from dosing_app.wording.units import print_quantity

    draws = ", ".join(
        _("{volume} for bag {number}").format(volume=print_quantity(bag.drug, "mL"), number=bag.number)
        for bag in plan.bags or ()
        if bag.number in session.bags
    )
    return n_(
        "Session {number}, {when}: reconstitute {vials} vial; draw {draws}.",
        "Session {number}, {when}: reconstitute {vials} vials; draw {draws}.",
        session.vials,
    ).format(number=session.number, when=when(session.at_local), vials=session.vials, draws=draws)


def _change_of_rate(bag: Bag, plan: Plan) -> str:
    """What the nurse must know when the rate is not that of the bag before."""
    from dosing_app.wording.units import print_quantity

    before = plan.bag_before(bag)
    if before is None or not bag.rate_changed:
        return ""
    was, now = (print_quantity(each.rate, "mL/h") for each in (before, bag))
    return _("RATE CHANGES: was {before}, now {now}").format(before=was, now=now)
