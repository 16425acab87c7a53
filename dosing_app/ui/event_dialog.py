"""One event to enter: its fields, what will follow from it, and the button that records it. Not modal."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from dosing_app.core.quantities import Refused
from dosing_app.course.log import ImpossibleLog
from dosing_app.course.reasons import with_reasons
from dosing_app.course.replan import Rest, rest_of
from dosing_app.store.status import happened
from dosing_app.ui import event_forms as forms
from dosing_app.ui import event_reading, theme
from dosing_app.ui.buttons import Button
from dosing_app.ui.marks import Mark
from dosing_app.ui.quantity_edit import Choice, TextField
from dosing_app.ui.reflow import Beside, Follow, height_at
from dosing_app.ui.unbroken import Sentence
from dosing_app.wording import register_text
from dosing_app.wording.language import _
from dosing_app.wording.log_text import at_bed, event_words, title_of
from dosing_app.wording.rest_text import follows, open_line_words, resume_words, way_words
from dosing_app.wording.sentences import impossible_why
from dosing_app.wording.units import unit_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QKeyEvent

    from dosing_app.store.register import Entry
    from dosing_app.ui.courses import Courses

_FIELD_WIDTH, _ECHO_WIDTH, _FAULT_WIDTH = 300, 250, 120
_NARROW, _NARROW_FIELD = 1000, 230  # a page that has no room beside a field, and the width of that then
_MOMENT = 200  # ms after the last key until it is worked out what will follow
_SOMEBODY = ("-", "+")  # stand for the names while it is worked out what will follow


def trial(courses: Courses, entries: Sequence[Mapping[str, Any]]) -> Rest | str:
    """Where the course would stand with these entries, or the sentence why they cannot have happened."""
    assert courses.reference is not None
    written = courses.record.entries if courses.record is not None else []
    try:
        log, _last = happened([*written, *entries], courses.now())
        return with_reasons(rest_of(courses.plans, log, courses.now(), courses.reference, {}), log)
    except ImpossibleLog as error:
        if error.index < len(written):
            return register_text.does_not_fit(error.index, error.reason, error.values)
        why = impossible_why({**error.values, "reason": error.reason})
        return _("This cannot have happened: {why}.").format(why=why)


class _Fields(QScrollArea):
    """As high as the fields in it, where there is room; or all of them, and the page scrolls."""

    whole = False

    def sizeHint(self) -> QSize:
        page = self.widget()
        if page is None:
            return super().sizeHint()
        width = max(self.width(), page.minimumSizeHint().width())
        return QSize(width, height_at(page, width) + 2 * self.frameWidth())

    def minimumSizeHint(self) -> QSize:
        """As wide as the fields: what follows goes below them where that leaves it no room."""
        page = self.widget()
        least = super().minimumSizeHint()
        if page is None:
            return least
        return QSize(page.minimumSizeHint().width(), self.sizeHint().height() if self.whole else least.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Other fields: another height."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class EventPanel(QFrame):
    """The fields of one event. What was typed stays until it is recorded or the course is left."""

    recorded = Signal(str)  # what was recorded, in words
    closed = Signal()

    def __init__(
        self, event: str, courses: Courses, names: list[str], corrects: Entry | None = None, about: str = ""
    ) -> None:
        """Empty, or filled with an entry that is to be put right.

        Args:
            event: one of `event_forms.EVENTS`.
            courses: with the open course; it must have a rest.
            names: that were typed before in this session; those that are typed here are added.
            corrects: the entry that is put right.
            about: the code of the finding that a note gives the reason for.
        """
        super().__init__()
        self._event, self._courses, self._names, self._corrects = event, courses, names, corrects
        given: Mapping[str, str] = {}
        if corrects is not None:
            given = event_reading.typed_of(_as_it_stands(corrects, courses), self._zone())
        self._about = about or given.get("about", "")
        self._fields: dict[str, TextField | Choice] = {}
        self._labels: dict[str, QLabel] = {}
        self._echoes: dict[str, QLabel] = {}
        self._chosen: set[str] = set()  # fields that a person has answered
        self._narrow = False
        self._asked = False  # whether it was tried to record: only then missing answers are named
        theme.tone(self, "strip")
        self.never = QCheckBox(_("This never happened"))
        self.never.toggled.connect(self._edited)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_MOMENT)
        self._timer.timeout.connect(self._show_following)
        self._lay_out()
        self._show_fields(given)
        self._edited()

    # ---- layout ----

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.px(16), theme.px(6), theme.px(16), theme.px(4))
        page = QWidget()
        theme.tone(page, "page")
        left = QVBoxLayout(page)
        left.setContentsMargins(0, 0, theme.px(8), 0)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.px(8))
        self._grid.setVerticalSpacing(theme.px(4))
        self._grid.setColumnStretch(3, 1)
        title = QLabel(self._title())
        title.setFont(theme.font(theme.FIELD, bold=True))
        title.setWordWrap(True)
        left.addWidget(title)
        left.addWidget(self.never)
        self.never.setVisible(self._corrects is not None)
        left.addLayout(self._grid)
        self._scroll = scroll = _Fields()
        scroll.setWidget(page)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        Follow(scroll)
        scroll.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        column = QVBoxLayout()
        column.setSpacing(theme.px(6))
        column.addWidget(scroll)
        right = QVBoxLayout()
        right.setSpacing(theme.px(6))
        heading = QLabel(_("What follows"))
        heading.setFont(theme.font(theme.FIELD, bold=True))
        self.following = Sentence()
        self.following.setFont(theme.font(theme.FIELD))
        self.following.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.refused = QLabel()
        self.refused.setWordWrap(True)
        self.refused.setFont(theme.font(theme.FIELD))
        theme.tone(self.refused, "refuse")
        self._ring = Mark("refuse")
        line = QHBoxLayout()
        line.addWidget(self._ring, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.refused, 1)
        self.record = Button(_("Record"), self._record)
        self.close_button = Button(_("Close"), self.closed.emit, _("Close without recording"))
        for button in (self.record, self.close_button):
            button.setFont(theme.font(theme.FIELD))
            button.setMinimumHeight(theme.px(36))
        buttons = QHBoxLayout()
        buttons.addWidget(self.record)
        buttons.addWidget(self.close_button)
        buttons.addStretch(1)
        column.addLayout(line)
        column.addLayout(buttons)
        column.addStretch(1)
        right.addWidget(heading)
        right.addWidget(self.following, 1)
        outer.addLayout(Beside(column, right, shares=(3, 2), spacing=24))
        self._refuse("")

    def _title(self) -> str:
        title = forms.event_titles()[self._event]
        if self._about:
            title = _("The reason: {what}").format(what=title_of(self._about))
        if self._corrects is None:
            return title
        return _("Entry {index} put right: {title}").format(index=self._corrects.index, title=title)

    def _show_fields(self, given: Mapping[str, str]) -> None:
        """Bring the fields up to date; those that stay keep what stands in them."""
        rest = self._rest()
        if rest is None:
            return
        typed = {**given, **self.typed()}
        wanted = forms.inputs(self._event, rest, typed, corrects=self._corrects is not None)
        for name in set(self._fields) - {each.name for each in wanted}:
            for widget in (self._fields.pop(name), self._labels.pop(name), self._echoes.pop(name)):
                widget.hide()
                widget.deleteLater()
        for row, each in enumerate(wanted):
            self._place(row, each)
            if each.name in given:
                self._chosen.add(each.name)
                self._fields[each.name].show_text(given[each.name])
        order = [self.never, *(self._fields[each.name] for each in wanted), self.record, self.close_button]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _place(self, row: int, wanted: forms.Input) -> None:
        """A field in its row, made where there is none yet."""
        name = wanted.name
        field = self._fields.get(name) or self._make(wanted)
        if isinstance(field, Choice) and wanted.kind == "choice":
            _offer(field, wanted.options, chosen=name in self._chosen)
        self._labels[name].setText(wanted.label)
        self._grid.addWidget(self._labels[name], 2 * row, 0, Qt.AlignmentFlag.AlignVCenter)
        self._place_echo(row, name)
        for widget in (self._labels[name], field, self._echoes[name]):
            widget.show()  # else only after the next event, and keys are sooner

    def _place_echo(self, row: int, name: str) -> None:
        """Beside its field, or below it where the page is narrow.

        A list is as wide as its longest text where there is room: the numbers of the bags stand at its end.
        """
        field = self._fields[name]
        listed = isinstance(field, Choice) and not field.isEditable()
        wide = (3 if self._narrow else 2) if listed else 1
        self._grid.addWidget(field, 2 * row, 1, 1, wide, Qt.AlignmentFlag.AlignVCenter)
        place = (2 * row + 1, 1, 1, 3) if self._narrow else (2 * row, 3, 1, 1) if listed else (2 * row, 2, 1, 2)
        self._grid.addWidget(self._echoes[name], *place)
        self._echoes[name].setMinimumWidth(theme.px(_FAULT_WIDTH if listed else _ECHO_WIDTH))
        if isinstance(field, Choice) and listed:
            field.show_whole(least=_NARROW_FIELD if self._narrow else _FIELD_WIDTH)
        else:
            field.setFixedWidth(theme.px(_NARROW_FIELD if self._narrow else _FIELD_WIDTH))
        self._labels[name].setWordWrap(self._narrow)

    def heightForWidth(self, width: int) -> int:
        """As low as it can be: its fields scroll before the page does."""
        layout = self.layout()
        return layout.totalMinimumHeightForWidth(width) if layout is not None else super().heightForWidth(width)

    def fit(self, width: int) -> None:
        """Set the fields for a page of a width."""
        narrow = width < theme.px(_NARROW)
        if narrow != self._narrow:
            self._narrow = self._scroll.whole = narrow
            for row, name in enumerate(self._fields):
                self._place_echo(row, name)

    def _make(self, wanted: forms.Input) -> TextField | Choice:
        field: TextField | Choice
        unit = unit_words(wanted.unit)
        if wanted.kind == "choice":
            field = Choice(wanted.label)
        elif wanted.kind == "name":
            field = Choice(wanted.label, editable=True)
            field.offer([(name, name) for name in self._names])
        else:
            field = TextField(f"{wanted.label}, {unit}" if unit else wanted.label)
            field.setPlaceholderText(wanted.usual)
        field.edited.connect(partial(self._chosen.add, wanted.name))
        field.edited.connect(self._edited)
        label, echo = QLabel(wanted.label), QLabel()
        label.setFont(theme.font(theme.FIELD))
        label.setBuddy(field)
        echo.setWordWrap(True)
        echo.setProperty("unit", unit)
        self._fields[wanted.name], self._labels[wanted.name], self._echoes[wanted.name] = field, label, echo
        return field

    # ---- what is typed ----

    def typed(self) -> dict[str, str]:
        """What stands in the fields, by name."""
        texts = {name: field.document_text() for name, field in self._fields.items()}
        return {**texts, "about": self._about} if self._about else texts

    def field(self, name: str) -> TextField | Choice:
        """One of the fields."""
        return self._fields[name]

    def begin(self) -> None:
        """Put the focus where a person begins."""
        first = next(iter(self._fields.values()), None)
        if first is not None:
            first.setFocus()

    def renew(self) -> None:
        """The course or the minute is another: bags offered, and what follows, are brought up to date."""
        if self._rest() is None:
            self.following.setText("")
            return
        self._show_fields({})
        self._show_echoes()
        self._show_following()

    def _edited(self) -> None:
        """Another text: what follows is blank at once and comes back only complete."""
        if "what" in self._fields or "to" in self._fields:
            self._show_fields({})
        self._refuse("")
        self.following.setText("")
        self._show_echoes()
        self._timer.start()

    def _answer(self, *, preview: bool) -> event_reading.Answer:
        courses, rest = self._courses, self._rest()
        assert rest is not None
        assert courses.reference is not None
        typed = self.typed()
        if preview:
            for name, stands_for in zip(("by", "second"), _SOMEBODY, strict=True):
                typed[name] = stands_for
            typed["prescriber"] = typed.get("prescriber", "").strip() or _SOMEBODY[0]
        return event_reading.read(
            self._event,
            typed,
            rest,
            courses.now(),
            courses.reference,
            corrects=None if self._corrects is None else self._corrects.index,
            never=self.never.isChecked(),
        )

    def _rest(self) -> Rest | None:
        """Where the course stands; to put right a log that cannot have happened, where it stood before anything did."""
        courses = self._courses
        if courses.rest is not None or self._corrects is None or courses.reference is None or not courses.plans:
            return courses.rest
        return rest_of(courses.plans, [], courses.now(), courses.reference, {})

    def _zone(self) -> str:
        rest = self._rest()
        return rest.plan.order.zone if rest is not None and rest.plan.order is not None else "UTC"

    def _show_echoes(self) -> None:
        """Beside each field its unit, a time in full, or why it cannot be read."""
        if self._rest() is None:
            return
        faults = self._answer(preview=False).faults
        now = self._courses.now()
        for name, field in self._fields.items():
            text, echo = field.document_text().strip(), self._echoes[name]
            said = str(echo.property("unit") or "")
            if name in faults and (text or self._asked):
                said = faults[name]
            elif name in {"at", "from", "to"}:
                said = self._moment_words(text, marked=name == "at" and self._corrects is None)
            echo.setText(said)
            echo.setVisible(bool(said) or not self._narrow)
            field.setEnabled(not self.never.isChecked() or name in {"by", "second"})
        self._labels["at"].setToolTip(at_bed(now, self._zone()))

    def _moment_words(self, text: str, *, marked: bool) -> str:
        now = self._courses.now()
        if not text:
            return at_bed(now, self._zone())
        try:
            at = event_reading.read_time(text, now, self._zone())
        except Refused:
            return ""
        said = at_bed(at, self._zone())
        return _("{when}, back-dated").format(when=said) if marked and at != now else said

    # ---- what follows ----

    def _show_following(self) -> None:
        """Say what the entry will do, before it is recorded."""
        rest = self._rest()
        if rest is None:
            return
        answer = self._answer(preview=True)
        before = self._known(rest)
        if not answer.entries:
            self.following.setText("\n".join([*before, _("Waiting for the fields on the left.")]))
            return
        then = trial(self._courses, answer.entries)
        if isinstance(then, str):
            self.following.setText("")
            self._refuse(then)
            return
        self._refuse("")
        self.following.setText("\n".join([*before, *follows(rest, then, self._zone())]))

    def _known(self, rest: Rest) -> list[str]:
        """Figures that a person needs before the answer: what is left of the bag, or what may be decided."""
        zone, typed = self._zone(), self.typed()
        running = rest.progress.running
        if self._event == "hung" and running is not None and self._corrects is None:
            return [_("Bag {bag} is taken down at the same time.").format(bag=running.bag.number)]
        if self._event == "resumed" and rest.resume is not None:
            said = resume_words(rest.resume, zone, sliding=bool(typed.get("sliding")))
            return [*said, *([open_line_words()] if typed.get("line_closed") == "no" else [])]
        if self._event == "decision":
            what = typed.get("what")
            return [way_words(each, zone) for each in rest.ways if not what or each.what == what]
        return []

    def _refuse(self, sentence: str) -> None:
        self.refused.setText(sentence)
        self.refused.setVisible(bool(sentence))
        self._ring.setVisible(bool(sentence))

    # ---- recording ----

    def _record(self) -> None:
        """Record it, or say why not; then everything typed stays."""
        self._asked = True
        if self._rest() is None:
            self._refuse(self._courses.trouble)
            return
        answer = self._answer(preview=False)
        self._show_echoes()
        if answer.faults:
            first = next(name for name in self._fields if name in answer.faults)
            self._refuse(answer.faults[first])
            self._fields[first].setFocus()
            return
        self._timer.stop()
        zone = self._zone()
        if sentence := self._courses.log(answer.entries):
            self._refuse(sentence)
            return
        for name in ("by", "second", "prescriber"):
            said = " ".join(self.typed().get(name, "").split())
            if said and said not in self._names:
                self._names.append(said)
        words = "; ".join(event_words(entry, zone) for entry in answer.entries)
        self.recorded.emit(_("Recorded: {words}.").format(words=words))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes; what was typed stays."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)


def _offer(choice: Choice, options: Sequence[tuple[str, str]], *, chosen: bool) -> None:
    """Offer options. The first holds until a person has chosen; a choice that is not offered any more is asked anew."""
    held, texts = choice.document_text(), [text for _label, text in options]
    if chosen and held not in texts:
        options = options if "" in texts else [(_("choose …"), ""), *options]
        held = ""
    row = [text for _label, text in options].index(held) if chosen else 0
    shown = [(choice.itemText(at), choice.itemData(at)) for at in range(choice.count())]
    choice.blockSignals(True)
    if shown != list(options):
        choice.clear()
        for label, text in options:
            choice.addItem(label, text)
    choice.setCurrentIndex(row)
    choice.blockSignals(False)


def _as_it_stands(entry: Entry, courses: Courses) -> Mapping[str, Any]:
    """An entry with the corrections that were made of it since."""
    stands: Mapping[str, Any] = entry.event
    for each in courses.record.log if courses.record is not None else ():
        replacement = each.event.get("replacement")
        if each.event.get("event") == "corrects" and each.event.get("index") == entry.index and replacement:
            stands = {"at": stands["at"], "by": each.by, **replacement}
    return stands
