"""The register as the window sees it: the course that is open, and where it stands now."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from whenever import Instant

from dosing_app.wording.language import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from dosing_app.course.plan import Plan
    from dosing_app.course.replan import Rest
    from dosing_app.reference.bundle import House, Reference
    from dosing_app.store.register import CourseRecord, Page, Register
    from dosing_app.ui.editor import Editor

_T = TypeVar("_T")
_SECOND = 1000  # ms
_RETRY_MIN = 5  # minutes after which a register that could not be reached is tried again by itself
_SKEW_MIN = 1  # minutes by which the clocks of two stations may differ without a word
# Reasons for which the register cannot be used now, whatever is to be put into it.
UNUSABLE = frozenset(
    (
        *("bad-address", "not-a-register", "newer", "damaged", "busy", "read-only", "full"),
        *("no-server", "no-right", "unavailable", "no-folder", "no-settings", "tampered"),
    )
)


class Courses(QObject):
    """Opens the register when it is first used, and works out anew where the open course stands at every minute.

    Attributes:
        record: everything recorded of the open course; None where none is open, or where it cannot be trusted.
        plans: its issued revisions, in their order.
        reference: product data and site of its latest plan.
        rest: where it stands at `now()`; None where nothing was issued or the log does not fit.
        trouble: a sentence why something of this is lacking or may be old; "" if nothing is.
    """

    changed = Signal()  # the course that is open, its state, or the minute
    order_asked = Signal(str)  # the order of a course is to be opened in the editor

    def __init__(self, editor: Editor, clock: Callable[[], Instant] = Instant.now) -> None:
        """Nothing is opened yet.

        Args:
            editor: with the settings of the site.
            clock: what time it is.
        """
        super().__init__()
        self._editor = editor
        self._clock = clock
        self._house: House | None = None  # with which the register was opened, or was to be
        self._where: Path | str = ""
        self._register: Register | None = None
        self._course = ""
        self._seen = True
        self._minute: Instant | None = None
        self._try_again: Instant | None = None
        self.record: CourseRecord | None = None
        self.plans: tuple[Plan, ...] = ()
        self.reference: Reference | None = None
        self.rest: Rest | None = None
        self.trouble = ""
        self._gone = ""  # that entries which were seen are gone: said until the course is left
        self.reason = ""  # the code of what the register refused last
        self.may_enter = True  # whether orders are offered to be opened again: the role's
        self._timer = QTimer(self)
        self._timer.setInterval(_SECOND)  # the wall clock is compared: after sleep it is another at once
        self._timer.timeout.connect(self._tick)
        editor.changed.connect(self._follow_house)

    # ---- the clock ----

    def now(self) -> Instant:
        """The computer's clock to the minute, and never before what is recorded of the open course."""
        moment = _minute_of(self._clock())
        latest = self._latest()
        return moment if latest is None else max(moment, _minute_of(latest))

    def clock_trouble(self) -> str:
        """That the computer's clock was set back behind what is recorded; "" if it was not."""
        latest = self._latest()
        moment = _minute_of(self._clock())
        if latest is None or moment.add(minutes=_SKEW_MIN) >= _minute_of(latest):
            return ""
        from dosing_app.wording.figures import when

        zone = self._zone()
        return _(
            "The clock of this computer says {clock}, but something was recorded at {latest}. Set the clock right: "
            "until then everything here is as of {latest}."
        ).format(clock=when(moment.to_tz(zone).format_iso()), latest=when(_minute_of(latest).to_tz(zone).format_iso()))

    def _latest(self) -> Instant | None:
        """The latest moment that is recorded of the open course."""
        if self.record is None:
            return None
        moments = [self.record.listed.created, self.record.listed.changed]
        for entry in self.record.log:
            moments += [entry.at, entry.recorded]
        return max(moments)

    def _zone(self) -> str:
        """The zone at the bed: the plan's; before there is one, the site's."""
        if self.plans and self.plans[-1].order is not None:
            return self.plans[-1].order.zone
        return self.site_zone()

    def site_zone(self) -> str:
        """The zone of the site's clocks."""
        house = self._editor.house
        return house.site.zone if house is not None else "UTC"

    def _tick(self) -> None:
        if _minute_of(self._clock()) == self._minute:
            return
        if self.waits:
            self._work_out()  # the register is not asked, but time goes on
            self.changed.emit()
        else:
            self.renew()

    @property
    def waits(self) -> bool:
        """Whether the register could not be used just now: asking it may take seconds, and is not done by itself."""
        return self._try_again is not None and self._clock() < self._try_again

    def see(self, seen: bool) -> None:
        """Whether somebody looks at the open course: only then is it worked out anew at every minute."""
        if seen == self._seen:
            return
        self._seen = seen
        self._keep_time()
        if seen and self._course:
            self.renew()

    def _keep_time(self) -> None:
        if self._seen and self._course:
            self._timer.start()
        else:
            self._timer.stop()

    # ---- the register ----

    def where(self) -> Path | str:
        """The register of the site: a file of this computer, or a server."""
        from dosing_app.store.folders import register_file

        house = self._editor.house
        return (house.site.register_url if house is not None else "") or register_file()

    def shown(self) -> str:
        """Where the register is, without a password."""
        from dosing_app.store.tables import BadAddress, address, shown

        try:
            return shown(address(self.where()))
        except BadAddress:
            return _("an address that cannot be used")

    def _open(self) -> Register:
        """The register, opened when it is first used. Raises `RegisterError`, `Tampered`."""
        from dosing_app.store.register import RegisterError, open_register

        house = self._editor.house
        if house is None:
            raise RegisterError("no-settings", why=self._editor.trouble)
        if self._register is None or self._house is not house:
            self.close()
            self._house, self._where = house, self.where()
            self._register = open_register(self._where, house, self._clock)
        return self._register

    def close(self) -> None:
        """Let go of the register; it is opened again when it is next used."""
        if self._register is not None:
            self._register.close()
        self._register = None
        self.reference = None

    def _follow_house(self) -> None:
        """Other settings of the site may mean another register, and another reference."""
        if self._house is None or self._house is self._editor.house:
            return
        self.close()
        if self.where() != self._where:
            self.leave()
        else:
            self.renew()

    def attempt(self, work: Callable[[Register], _T]) -> tuple[_T | None, str]:
        """Do something with the register; what it gave, and the sentence why it did not. `reason` has its code."""
        from dosing_app.store.register import RegisterError, Tampered
        from dosing_app.wording import register_text as words

        self.reason = ""
        try:
            done = work(self._open())
        except RegisterError as error:
            self.reason = error.reason
            if error.reason in UNUSABLE:
                self._try_again = self._clock().add(minutes=_RETRY_MIN)
            return None, words.refused(error.reason, error.values)
        except Tampered as error:
            self.reason = "tampered"
            self._forget()  # nothing of what is not as it was written is shown
            return None, words.tampered(words.fault(each.reason, each.course, each.place) for each in error.faults)
        self._try_again = None
        return done, ""

    def page(self, search: str = "", statuses: Iterable[str] = (), before: int | None = None) -> Page:
        """A part of the list of courses, that first whose change is due first.

        An empty one where it cannot be read, and `trouble` says why.
        """
        from dosing_app.store.register import Page

        found, sentence = self.attempt(lambda register: register.courses(search, statuses, before, by_due=True))
        if not self._course:
            self.trouble = sentence
        return found if found is not None else Page((), None, 0)

    # ---- the open course ----

    @property
    def label(self) -> str:
        """Of the case whose course is open; "" where none is."""
        return self.record.listed.label if self.record is not None else ""

    def open(self, course: str) -> None:
        """Open a course by its id; where that cannot be, `trouble` says why."""
        self._forget()
        self._course, self._gone = course, ""
        self.renew()

    def leave(self) -> None:
        """No course is open any more."""
        self._forget()
        self._course = self.trouble = self._gone = ""
        self._keep_time()
        self.changed.emit()

    def renew(self) -> None:
        """Read the open course again and work out where it stands now."""
        if self._course:
            self._read()
            self._work_out()
        self._keep_time()
        self.changed.emit()

    def _read(self) -> None:
        """Read the record; where the register cannot be reached the last one stays, and `trouble` says so."""
        from dosing_app.wording import register_text as words

        course, before = self._course, self.record
        found, self.trouble = self.attempt(lambda register: register.course(course))
        if found is None:
            if self.reason not in UNUSABLE:  # it is not there
                self._forget()
            elif before is not None and self.record is not None:
                self.trouble = words.as_read_before(self.trouble)
            return
        self.record, self.plans = found, found.plans
        if before is not None and _went_back(before, found):
            self._gone = words.went_back(found.listed.label)
        self.trouble = self._gone

    def _work_out(self) -> None:
        """Where the course stands now, by the record as it was read last."""
        self._minute = _minute_of(self._clock())
        self.rest = None
        if not self.plans:
            self.reference = None
            return
        from dosing_app.course.log import ImpossibleLog
        from dosing_app.reference.source import BadFile
        from dosing_app.wording import register_text as words
        from dosing_app.wording.sentences import bad_file_sentence

        try:
            self.reference = self._reference_of(self.plans[-1])
            self.rest = self._rest_of(self.now(), self.reference, {})
        except BadFile as error:
            self.trouble = bad_file_sentence(error)
        except ImpossibleLog as error:
            self.trouble = words.does_not_fit(error.index, error.reason, error.values)

    def _rest_of(self, at: Instant, reference: Reference, reasons: Mapping[str, str]) -> Rest:
        from dosing_app.course.reasons import with_reasons
        from dosing_app.course.replan import rest_of
        from dosing_app.store.status import happened

        log, _last = happened(self.record.entries if self.record is not None else [], at)
        return with_reasons(rest_of(self.plans, log, at, reference, reasons), log)

    def _reference_of(self, plan: Plan) -> Reference:
        from dosing_app.reference.bundle import load_reference

        assert plan.order is not None
        assert self._house is not None
        return load_reference(self._house, plan.order.product, plan.order.protocol)

    def _forget(self) -> None:
        self.record, self.plans, self.reference, self.rest = None, (), None, None

    # ---- recording ----

    def log(self, entries: Sequence[Mapping[str, Any]]) -> str:
        """Record entries, all or none; "" when they are on disk, else the sentence why nothing was recorded."""
        record = self.record
        if record is None:
            return self.trouble or _("No course is open.")
        course, head = record.listed.id, record.listed.head
        refused, _reason = self.write(lambda register: register.append(course, entries, head))
        self.renew()
        return refused

    def write(self, work: Callable[[Register], object]) -> tuple[str, str]:
        """Write to the register; two empty texts when it is on disk, else the sentence why it is not, and a code.

        The code is that of `RegisterError`, or conflict, impossible, tampered.
        """
        from dosing_app.course.log import ImpossibleLog
        from dosing_app.store.register import Conflict
        from dosing_app.wording import register_text as words

        try:
            _done, sentence = self.attempt(work)
        except Conflict as error:
            added = [
                (Instant.parse_iso(each.at), each.who, each.kind, json.loads(each.content)) for each in error.added
            ]
            return words.conflict(added, self._zone()), "conflict"
        except ImpossibleLog as error:
            before = len(self.record.log) if self.record is not None else 0
            return words.cannot_have_happened(error.index, error.reason, error.values, before), "impossible"
        return sentence, self.reason

    def issue_rest(self, issued_by: str, checked_by: str, reasons: Mapping[str, str] | None = None) -> str:
        """Issue the rest as it is shown as the next revision; "" when it is recorded, else the sentence why not.

        Args:
            issued_by: a pharmacist.
            checked_by: another person.
            reasons: that its findings ask for, by code.
        """
        from dosing_app.course.issue import NotIssued
        from dosing_app.course.revise import revision_of
        from dosing_app.wording import register_text as words

        record, rest, reference = self.record, self.rest, self.reference
        if record is None or rest is None or reference is None:
            return self.trouble or _("No course is open.")
        try:
            if reasons:
                rest = self._rest_of(rest.progress.at, reference, reasons)
            plan = revision_of(rest, issued_by, checked_by, self.now(), reference, self.plans)
        except NotIssued as error:
            return words.not_issued(error.reason)
        course, head = record.listed.id, record.listed.head
        refused, _reason = self.write(lambda register: register.add_plan(course, plan.as_json(), issued_by, head))
        self.renew()
        return refused


def _minute_of(moment: Instant) -> Instant:
    return Instant.from_timestamp(moment.timestamp() // 60 * 60)


def _went_back(before: CourseRecord, now: CourseRecord) -> bool:
    """Whether something that was read before is not there any more: a backup was restored meanwhile."""
    there = [each.digest for each in now.log]
    return there[: len(before.log)] != [each.digest for each in before.log] or len(now.plans) < len(before.plans)
