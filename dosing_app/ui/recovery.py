"""Nothing typed is ever lost: drafts while typing, and what happens when the program itself fails."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, QSettings, QStandardPaths, QTimer

from dosing_app.wording.language import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from dosing_app.course.second_check import Check
    from dosing_app.ui.editor import Editor

ORGANISATION, APPLICATION = "blinatumomab-infusion-planner", "planner"
_DELAY = 400  # ms: a kill loses at most what was typed in this time
_MOST_DRAFTS = 50


def failed() -> str:
    """What stands where the results stood when the program itself fails."""
    return _("The program met an error of its own. There is no result.")


def settings() -> QSettings:
    """Recent files, geometry, last workspace."""
    return QSettings(ORGANISATION, APPLICATION)


def data_folder() -> Path:
    """The user's folder for what this program keeps by itself."""
    base = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
    return Path(base) / ORGANISATION


def own_site_file() -> Path:
    """Where the window keeps the site's settings if no other file was given."""
    base = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)
    return Path(base) / ORGANISATION / "site.toml"


class Draft:
    """One file of what was typed and not saved."""

    def __init__(
        self, path: Path, texts: dict[str, str], order_path: str, written: float, check: Check | None = None
    ) -> None:
        """As read."""
        self.path, self.texts, self.order_path, self.written = path, texts, order_path, written
        self.check = check

    def title(self) -> str:
        """Its time and its case."""
        from dosing_app.wording.figures import when

        written = when(time.strftime("%Y-%m-%dT%H:%M", time.localtime(self.written)))
        return ", ".join(filter(None, (written, self.texts.get("case", "").strip()[:40])))


def read_draft(path: Path) -> Draft | None:
    """A draft; None where the file is none."""
    import json

    try:
        content = json.loads(path.read_text("utf-8", "surrogatepass"))
        texts = {str(name): str(text) for name, text in content["texts"].items()}
        return Draft(path, texts, str(content["path"]), path.stat().st_mtime, _read_check(content.get("check")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _read_check(content: object) -> Check | None:
    """The record of a second check; None where there is none, or where it is damaged."""
    if content is None:
        return None
    from dosing_app.course.second_check import Check

    try:
        return Check.model_validate(content)
    except ValueError:
        return None


class Drafts(QObject):
    """Writes what is typed into a file of this process, at most half a second late."""

    def __init__(self, editor: Editor, folder: Path) -> None:
        """A file with a lock, so that another process leaves it alone."""
        super().__init__()
        self._editor = editor
        self._folder = folder
        self._path = Path()
        self._lock: QLockFile | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY)
        self._timer.timeout.connect(self.write)
        editor.changed.connect(self._changed)

    def _changed(self) -> None:
        # not restarted by each key: whoever types without a pause is saved too
        if not self._timer.isActive():
            self._timer.start()

    def write(self) -> str:
        """Write now what is not saved elsewhere; remove what is. Why it could not be; "" if it could."""
        import json

        self._timer.stop()
        texts = dict(self._editor.texts)
        try:
            if not self._editor.modified or not texts:
                self._remove()
                return ""
            if self._lock is None:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._path = self._folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}-{time.monotonic_ns()}.json"
                self._lock = QLockFile(f"{self._path}.lock")
                self._lock.setStaleLockTime(0)
                self._lock.tryLock(0)
            content: dict[str, object] = {"texts": texts, "path": str(self._editor.path or "")}
            if self._editor.taken_check is not None:
                content["check"] = self._editor.taken_check.model_dump(mode="json")
            _write(self._path, json.dumps(content, ensure_ascii=False))
        except OSError as error:  # a full disk must not stop the typing; saving and closing say it in words
            return error.strerror or str(error)
        return ""

    def let_go(self) -> None:
        """Leave the draft as it is, to be found in the menu, and begin another one with the next change."""
        if self._timer.isActive():
            self.write()
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    def _remove(self) -> None:
        if self._lock is not None:
            self._path.unlink(missing_ok=True)
            self._lock.unlock()
            self._lock = None

    def close(self) -> None:
        """At the end of the process."""
        self.write()
        self.let_go()

    def left_over(self) -> list[Draft]:
        """Drafts that no running process holds, the newest first; the oldest of very many are forgotten."""
        found = []
        for path in self._folder.glob("*.json"):
            lock = QLockFile(f"{path}.lock")
            lock.setStaleLockTime(0)
            if path == self._path and self._lock is not None:
                continue
            if lock.tryLock(0):
                lock.unlock()
                draft = read_draft(path)
                if draft is not None:
                    found.append(draft)
        found.sort(key=lambda each: each.written, reverse=True)
        for old in found[_MOST_DRAFTS:]:
            old.path.unlink(missing_ok=True)
        return found[:_MOST_DRAFTS]

    def take_up(self, draft: Draft) -> None:
        """Open a draft; its texts live on in this process's own."""
        self.let_go()
        self._editor.replace(draft.texts, Path(draft.order_path) if draft.order_path else None, saved=False)
        self._editor.take_check(draft.check)
        self.write()
        draft.path.unlink(missing_ok=True)


def _write(path: Path, content: str) -> None:
    """Write beside and rename, for the owner's eyes only."""
    part = path.with_suffix(".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", errors="surrogatepass") as file:
        file.write(content)
    part.replace(path)


class CrashHandler:
    """Takes the results away, saves what was typed and says so, when an exception reaches nobody else."""

    def __init__(self, editor: Editor, blank: Callable[[str], None], notify: Callable[[str], None]) -> None:
        """To be put in the place of `sys.excepthook`."""
        self._editor, self._blank, self._notify = editor, blank, notify
        self._busy = False
        self._stamp = ""

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Never raises and never enters itself."""
        import traceback

        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        traceback.print_exception(kind, error, trace, file=sys.stderr)
        if self._busy:
            return
        self._busy = True
        try:
            self._blank(failed())
            saved = self._save()
            told = (
                _("What was typed is saved in {file}.").format(file=saved)
                if saved
                else _("What was typed could not be saved; write it down before closing.")
            )
            self._notify(_("The program met an error of its own and has taken the results away.") + " " + told)
        except Exception:  # noqa: BLE001 - the last line of defence says it on the console
            traceback.print_exc(file=sys.stderr)
        finally:
            self._busy = False

    def _save(self) -> Path | None:
        """Beside the order file, else in the data folder; one file for all that goes wrong in this process."""
        from dosing_app.store import order_file

        self._stamp = self._stamp or time.strftime("%Y%m%d-%H%M%S")
        beside = self._editor.path
        name = f"{beside.stem if beside else 'order'}.recovered-{self._stamp}.json"
        for folder in (*((beside.parent,) if beside else ()), data_folder()):
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                order_file.save(folder / name, self._editor.texts)
            except OSError:
                continue
            return folder / name
        return None
