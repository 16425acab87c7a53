"""What the window does with the register beside the open course: cases put on it and taken from it, backup, restore."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject

from dosing_app.ui.courses import UNUSABLE
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from whenever import Date

    from dosing_app.course.plan import Plan
    from dosing_app.course.second_check import Check
    from dosing_app.store.register import CourseRecord
    from dosing_app.ui.courses import Courses
    from dosing_app.ui.editor import Editor
    from dosing_app.ui.main_window import MainWindow

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Known:
    """What the register has of a case.

    Attributes:
        trouble: why that is not known; "" if it is.
        refused: why nothing of this case may be issued here; "" if it may.
        hung: numbers of the bags that were connected.
    """

    trouble: str = ""
    refused: str = ""
    hung: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of putting a case on the register: "" and False, or why not and whether the register was to blame."""

    refused: str = ""
    unusable: bool = False


class RegisterDesk(QObject):
    """Opens its dialogs over the window."""

    def __init__(self, editor: Editor, courses: Courses, folder: Callable[[], Path], window: MainWindow) -> None:
        """Nothing is opened yet.

        Args:
            editor: of the order.
            courses: through which the register is used.
            folder: in which this computer keeps issued plans, where prints are counted.
            window: over which dialogs stand.
        """
        super().__init__(window)
        self._editor, self._courses, self._folder, self._window = editor, courses, folder, window
        courses.order_asked.connect(self.open_order)

    # ---- what the register knows ----

    def look_up(self, label: str, born: Date) -> Known:
        """What the register has of a case; its issued plans are kept as files here too."""
        from dosing_app.store import enter
        from dosing_app.store.register import RegisterError
        from dosing_app.wording import register_text as words

        record, trouble = self._courses.attempt(lambda register: enter.course_of(register, label))
        if record is None:
            return Known(trouble=trouble)
        try:
            enter.refuse_another(record, born)
            other = enter.mirror(record.plans, self._folder())
        except RegisterError as error:
            return Known(refused=words.refused(error.reason, error.values))
        except OSError as error:
            return Known(refused=_not_written(error))
        if other:
            values = {"revision": str(other[0]), "label": record.listed.label}
            return Known(refused=words.refused("other-plan", values))
        return Known(hung=_hung(record))

    def fetch(self, label: str) -> str:
        """Keep the issued plans of a case as files here too; the sentence why that cannot be."""
        from dosing_app.store import enter

        record, trouble = self._courses.attempt(lambda register: enter.course_of(register, label))
        if record is None:
            return trouble
        try:
            enter.mirror(record.plans, self._folder())
        except OSError as error:
            return _not_written(error)
        return ""

    # ---- onto the register ----

    def put(
        self,
        label: str,
        born: Date,
        by: str,
        plans: tuple[Plan, ...] = (),
        texts: Mapping[str, str] | None = None,
        check: Check | None = None,
    ) -> Outcome:
        """Put a case on the register."""
        from dosing_app.store.enter import enter

        refused, reason = self._courses.write(lambda register: enter(register, label, born, texts, by, check, plans))
        if not refused:
            self._courses.renew()
        return Outcome(refused, reason in UNUSABLE)

    def ask_put(self) -> None:
        """Put the order of the editor on the register, with its second check and what was issued of it here."""
        from dosing_app.store.issued import history
        from dosing_app.ui.register_dialogs import PutDialog

        self._editor.rest()
        order = self._editor.reading.order if self._editor.reading is not None else None
        if order is None or not order.case.strip():
            self._window.notify(
                _("Not put on the register: it takes an order that can be read, with a label of the case.")
            )
            return
        check = self._editor.check
        plans = history(order.case, self._folder()).plans
        told = _(
            "Case {case} goes on the register with its order as typed, its second check and what was issued of it, "
            "and is then seen under Administer. What is recorded stays recorded."
        ).format(case=order.case)
        dialog = PutDialog(
            told,
            lambda by: self.put(order.case, order.born, by, plans, dict(self._editor.texts), check).refused,
            self._window,
            check.entered_by if check is not None else "",
        )
        dialog.accepted.connect(partial(self._say_put, order.case))
        dialog.open()

    def ask_put_plan(self, plan: Plan) -> None:
        """Put an issued plan on the register, with the revisions before it that are kept here."""
        from dosing_app.store.issued import history
        from dosing_app.ui.register_dialogs import PutDialog

        order, issue = plan.order, plan.issue
        assert order is not None
        assert issue is not None
        plans = (
            *(each for each in history(order.case, self._folder()).plans if each.issue.revision < issue.revision),
            plan,
        )
        told = _("Revision {revision} of case {case} goes on the register, with those before it.").format(
            revision=issue.revision, case=order.case
        )
        dialog = PutDialog(
            told, lambda by: self.put(order.case, order.born, by, plans).refused, self._window, issue.issued_by
        )
        dialog.accepted.connect(partial(self._say_put, order.case))
        dialog.open()

    def _say_put(self, case: str) -> None:
        self._window.notify(_("Case {case} is on the register: see Administer.").format(case=case))

    # ---- from the register ----

    def ask_open(self) -> None:
        """Show the list of courses, where an order is opened."""
        self._courses.leave()
        self._window.go("administer")

    def open_order(self, course: str) -> None:
        """The order of a course in the editor, as it was recorded."""
        record, trouble = self._courses.attempt(lambda register: register.course(course))
        if record is None:
            self._window.notify(_("Not opened. {why}").format(why=trouble))
            return
        self._window.open_texts(record.texts, record.check)
        self._window.notify(
            _(
                "The order of case {case} as it is on the register. What you change is recorded when you put it there."
            ).format(case=record.listed.label)
        )

    # ---- backup and restore ----

    def ask_backup(self) -> None:
        """Let the person choose a file and write the register into it."""
        from PySide6.QtWidgets import QFileDialog

        from dosing_app.ui.standings import now

        name = f"register-{now().to_tz('UTC').date().format_iso()}.backup"
        chosen, _filter = QFileDialog.getSaveFileName(
            self._window, _("Back up the register"), str(Path.home() / name), _("Backups (*.backup)")
        )
        if chosen:
            self._window.notify(self.backup(Path(chosen)))

    def backup(self, path: Path) -> str:
        """Write the register into a file, and say what was written or why not.

        Args:
            path: as the person chose it; the dialog asks before an older file is replaced.
        """
        from dosing_app.store.backup import backup
        from dosing_app.store.register import RegisterError
        from dosing_app.wording import register_text as words

        where = self._courses.where()
        if isinstance(where, Path) and not where.exists():
            return words.refused("no-register", RegisterError("no-register", where=where).values)
        done, refused = self._said(
            lambda: self._courses.attempt(lambda register: (register.where, backup(register, path)))
        )
        if done is None:
            return _("Not backed up. {why}").format(why=refused)
        return words.backed_up(done[0], str(path), done[1].seal.count)

    def ask_restore(self) -> None:
        """Let the person choose a backup, and ask once before the register is replaced."""
        from PySide6.QtWidgets import QFileDialog

        chosen, _filter = QFileDialog.getOpenFileName(
            self._window, _("Restore the register"), str(Path.home()), _("Backups (*.backup);;All files (*)")
        )
        if chosen:
            self.confirm_restore(Path(chosen))

    def confirm_restore(self, path: Path) -> None:
        """Say what a backup holds and restore it if the person agrees."""
        from dosing_app.store.backup import check
        from dosing_app.ui.register_dialogs import RestoreDialog
        from dosing_app.wording import register_text as words

        header, refused = self._said(lambda: (check(path), ""))
        if header is None:
            self._window.notify(_("Not restored. {why}").format(why=refused))
            return
        zone = self._editor.house.site.zone if self._editor.house is not None else "UTC"
        told = words.before_restore(str(path), self._courses.shown(), header.seal.count, header.written, zone)
        dialog = RestoreDialog(told, self._window)
        dialog.accepted.connect(lambda: self._window.notify(self.restore(path)))
        dialog.open()

    def restore(self, path: Path) -> str:
        """Make the register what a backup holds, and say where the old one is kept, or why nothing was done."""
        from dosing_app.store.backup import restore
        from dosing_app.wording import register_text as words

        house = self._editor.house
        if house is None:
            return _("Not restored. {why}").format(why=self._editor.trouble)
        self._courses.close()
        done, refused = self._said(lambda: (restore(path, self._courses.where(), house), ""))
        self._courses.renew()
        if done is None:
            return _("Not restored. {why}").format(why=refused)
        return words.restored(str(path), done.where, done.header.seal.count, done.kept, done.missing)

    def _said(self, work: Callable[[], tuple[_T | None, str]]) -> tuple[_T | None, str]:
        """Do something with a backup; what it gave, and the sentence why it did not."""
        from dosing_app.store.backup import BadBackup
        from dosing_app.store.register import RegisterError, Tampered
        from dosing_app.wording import register_text as words

        try:
            return work()
        except BadBackup as error:
            return None, words.backup_refused(str(error.path), error.reason, error.values)
        except RegisterError as error:
            return None, words.refused(error.reason, error.values)
        except Tampered as error:
            return None, " ".join(words.fault(each.reason, each.course, each.place) for each in error.faults)
        except OSError as error:
            return None, _not_written(error)


def _hung(record: CourseRecord) -> tuple[int, ...]:
    """Numbers of the bags that were connected, after all corrections."""
    from whenever import Instant

    from dosing_app.course.log import Hung, ImpossibleLog
    from dosing_app.store.status import happened

    try:
        log, _last = happened(record.entries, Instant.MAX)
    except ImpossibleLog:
        entries = record.entries  # a log that cannot be read takes nothing back
        return tuple(entry["bag"] for entry in entries if entry.get("event") == "hung" and "bag" in entry)
    return tuple(each.event.bag for each in log if isinstance(each.event, Hung))


def _not_written(error: OSError) -> str:
    return _("{file} cannot be written ({why}).").format(file=error.filename, why=error.strerror or error)
