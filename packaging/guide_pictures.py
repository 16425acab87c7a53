"""Take the pictures of the guides: a made-up course from its order to a stop at night, in a folder of its own.

The clock stands still at moments that are written here, and settings, drafts and register lie in a temporary folder:
the pictures change only where the program does. Called by `make pictures`.
"""

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, QSettings
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from whenever import Instant, TimePatch, ZonedDateTime, patch_current_time

from dosing_app.course.calculate import calculate
from dosing_app.course.issue import issue
from dosing_app.course.order import read_order
from dosing_app.course.second_check import CHECKED, second_check
from dosing_app.papers.pdf import pictures
from dosing_app.papers.sheaf import final_sheaf
from dosing_app.reference.bundle import House, load_house
from dosing_app.reference.folder import resources_folder
from dosing_app.reference.product import load_product
from dosing_app.store.folders import register_file
from dosing_app.store.register import open_register
from dosing_app.ui import theme
from dosing_app.ui.application import load, make_application
from dosing_app.ui.course_page import CoursePage
from dosing_app.ui.editor import Editor
from dosing_app.ui.event_reading import NAMES
from dosing_app.ui.issue_dialog import IssueDialog
from dosing_app.ui.main_window import HEIGHT, WIDTH, MainWindow
from dosing_app.ui.paper_preview import PaperPreview
from dosing_app.ui.second_check import SecondCheck, TypedField
from dosing_app.ui.teach import Teach

ZONE = "Europe/Amsterdam"
_COLOURS = 128  # of a picture's palette: letters stay crisp
_ROUNDS = 40  # until a window has come to rest
_PAGE = 76  # points per inch of a paper's page
ENTERS, CHECKS, ISSUES, NURSE, NURSE_2 = "A. First", "B. Second", "C. Third", "N. Fourth", "N. Fifth"
CHANGED_BY = f"{NURSE}{NAMES}{NURSE_2}"
_SITE = """schema = 1
name = "Example hospital"
product = "eu"
formula = "mosteller"
phone = "555 0100"
label_width_mm = 100
label_height_mm = 70
start_within_h = "product"
start_within_basis = "made-up, for the pictures of the guides"
start_within_by = ["P. Tenth", "Q. Eleventh"]

[[approval]]
product = "eu"
checksum = "{checksum}"
by = ["P. Tenth", "Q. Eleventh"]
on = "2026-11-02"
"""
_ORDER = {
    "weight": "6.42 kg",
    "length": "63.5 cm",
    "born": "20-Jun-2026",
    "sex": "female",
    "gestation": "term",
    "measured": "23-Nov-2026",
    "prescribed": "5.05 microgram/day",
    "start": "23-Nov-2026 14:00",
    "zone": ZONE,
    "product": "eu",
    "formula": "mosteller",
    "pattern": "72h,96h",
    "reason:unit-closed": "agreed with the unit",
}


def moment(text: str) -> Instant:
    """A wall clock at the bed, as 2026-11-23T14:00."""
    return ZonedDateTime(f"{text}[{ZONE}]").to_instant()


class Stage:
    """A window with a register of its own, and a clock that stands where it is put."""

    def __init__(self, target: Path, site: Path, clock: TimePatch) -> None:
        """Open the window.

        Args:
            target: folder of the pictures.
            site: settings of the made-up site.
            clock: what time it is.
        """
        self.target, self.clock = target, clock
        self.app = make_application()
        self.house = load_house(site)
        self.editor = Editor()
        self.window = MainWindow(self.editor)
        theme.choose(dark=False)
        theme.dress(self.window)
        load(self.editor, self.window, site)
        self.window.resize(WIDTH, HEIGHT)
        self.window.show()
        self.now = Instant.now()

    def at(self, text: str) -> None:
        """Put the clock to a time at the bed; what is open follows."""
        then = moment(text)
        self.clock.shift(then - self.now)
        self.now = then
        self.window.courses.renew()

    def rest(self) -> None:
        """Let everything be drawn."""
        for _round in range(_ROUNDS):
            self.app.processEvents()

    def take(self, name: str, *parts: QWidget) -> None:
        """A picture of the window, of one part of it, or of several that stand one below another."""
        self.rest()
        keep(self.target / f"{name}.png", *(part.grab() for part in parts or (self.window,)))

    # ---- the register ----

    @property
    def page(self) -> CoursePage:
        """The open course."""
        return self.window._workspaces["administer"].page

    def log(self, at: str, event: str, by: str = NURSE, **values: Any) -> None:
        """Record what happened, at that time."""
        self.at(at)
        refused = self.window.courses.log([{"at": moment(at).format_iso(), "event": event, "by": by, **values}])
        assert not refused, refused


def keep(path: Path, *parts: QPixmap) -> None:
    """Write pictures one below another, with a palette of their own: small, and without dither."""
    images = [_image(part) for part in parts]
    whole = Image.new("RGB", (max(each.width for each in images), sum(each.height for each in images)), "white")
    top = 0
    for each in images:
        whole.paste(each, (0, top))
        top += each.height
    small = whole.quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
    print(path.relative_to(path.parents[3]))


def _image(picture: QPixmap) -> Image.Image:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    return Image.open(io.BytesIO(buffer.data().data())).convert("RGB")


@contextmanager
def own_folders() -> Iterator[Path]:
    """Settings, drafts, issued plans and register in a temporary folder, and nowhere else."""
    with tempfile.TemporaryDirectory() as folder:
        names = {"XDG_DATA_HOME": "data", "XDG_CONFIG_HOME": "config"}
        before = {name: os.environ.get(name) for name in names}
        os.environ.update({name: str(Path(folder) / part) for name, part in names.items()})
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(Path(folder) / "config"))
        try:
            yield Path(folder)
        finally:
            for name, value in before.items():
                os.environ.pop(name)
                if value is not None:
                    os.environ[name] = value


# ---- courses of other infants, for the list ----


def _other(house: House, clock: TimePatch, label: str, weeks: float, log: list[dict[str, Any]]) -> None:
    """A course whose start lies so many weeks before the first one's, issued and logged when that was."""
    shift = round(weeks * 7)
    start = moment("2026-11-23T14:00").to_tz(ZONE).subtract(days=shift)
    day = start.date().format_iso()
    texts = {**_ORDER, "case": label, "measured": day, "start": f"{day}T14:00"}
    texts["born"] = start.date().subtract(days=156).format_iso()
    reading = read_order(texts, house, typed=True)
    assert reading.order is not None, reading.findings
    assert reading.reference is not None
    plan = calculate(reading.order, (), reading.reference)
    at = start.to_instant().subtract(hours=5)
    clock.shift(at - Instant.now())
    second = {name: texts[name] for name in CHECKED if name in texts}
    outcome = second_check(texts, second, plan, house, (ENTERS, CHECKS), at)
    assert outcome.check is not None, outcome
    with open_register(register_file(), house) as register:
        listed = register.add_course(label, texts, ENTERS)
        register.add_plan(
            listed.id, issue(plan, outcome.check, ISSUES, at, reading.reference).as_json(), ISSUES, listed.head
        )
        for entry in log:
            when = start.to_instant().add(minutes=round(entry["hours"] * 60))
            clock.shift(when - Instant.now())
            what = {name: value for name, value in entry.items() if name != "hours"}
            head = register.course(listed.id).listed.head
            register.append(listed.id, [{"at": when.format_iso(), "by": NURSE, **what}], head)


def _others(house: House, clock: TimePatch) -> None:
    """One that is finished, one that stands, one that is planned."""
    register_file().parent.mkdir(parents=True, exist_ok=True)
    prepared = [{"hours": -2 + each * 168, "event": "prepared", "session": each + 1} for each in range(1)]
    stands = [
        *prepared,
        {"hours": 0, "event": "hung", "bag": 1, "by": CHANGED_BY},
        {"hours": 66, "event": "interrupted", "reason": "technical"},
    ]
    _other(house, clock, "B-02", 3 / 7, stands)
    _other(house, clock, "C-31", -2 / 7, [])


# ---- the scenes ----


def _order(stage: Stage) -> None:
    stage.at("2026-11-23T08:30")
    for name, text in {"case": "A-17", **_ORDER}.items():
        if name not in {"pattern", "formula"} and not name.startswith("reason"):
            stage.editor.change(name, text)
    stage.window.go("order")
    stage.editor.rest()
    stage.take("order")
    stage.editor.change("weight", "14.15 kg")
    stage.take("refused-weight")
    stage.editor.change("weight", "6.42 kg")


def _prepare(stage: Stage) -> None:
    stage.window.go("prepare")
    stage.editor.rest()
    stage.take("prepare")
    stage.editor.change("pattern", _ORDER["pattern"])
    stage.editor.change("reason:unit-closed", _ORDER["reason:unit-closed"])
    stage.editor.rest()
    stage.take("prepare-chosen")


def _second_check(stage: Stage) -> None:
    stage.at("2026-11-23T09:00")
    stage.window.desk.second_check()
    (dialog,) = stage.window.findChildren(SecondCheck)
    typed = {"entered-by": ENTERS, "checked-by": CHECKS, "case": "A-17", "born": "20-Jun-2026", "weight": "6.24"}
    typed |= {"length": "63.5", "prescribed": "5.05", "product": "eu", "formula": "mosteller"}
    typed["start"] = _ORDER["start"]
    for name, text in typed.items():
        _type(dialog, name, text)
    dialog.compare()
    stage.take("second-check", dialog)
    _type(dialog, "weight", "6.42")
    dialog.compare()
    assert stage.editor.check is not None, dialog.outcome.text()


def _type(dialog: SecondCheck, name: str, text: str) -> None:
    field = dialog.rows[name].field
    if isinstance(field, TypedField):
        field.put(text)
    else:
        field.show_text(text)


def _issue(stage: Stage) -> None:
    stage.at("2026-11-23T09:10")
    stage.window.desk.issue()
    (dialog,) = stage.window.findChildren(IssueDialog)
    dialog.name.setText(ISSUES)
    stage.take("issue", dialog)
    dialog.issue()
    assert stage.window.desk.revision is not None, dialog.status.text()
    stage.rest()
    preview = stage.window.desk.show_papers("worksheet")
    stage.take("papers", preview)
    preview.close()


def _courses(stage: Stage) -> None:
    stage.at("2026-11-23T13:40")
    stage.window.choose_role("nurse")
    stage.window.notice.parentWidget().hide()
    stage.window.go("administer")
    stage.take("courses")
    table = stage.window._workspaces["administer"].list
    row = next(row for row, each in enumerate(table.courses) if each.label == "A-17")
    table.table.setCurrentCell(row, 0)
    table.open()


def _administer(stage: Stage) -> None:
    stage.log("2026-11-23T11:10", "prepared", by="T. Sixth", session=1)


SCENES = (_order, _prepare, _second_check, _issue, _courses)


def main(target: Path) -> None:
    """Take all pictures of the guides into `target`."""
    target.mkdir(parents=True, exist_ok=True)
    begin = moment("2026-11-01T08:00")
    with own_folders() as folder, patch_current_time(begin, keep_ticking=False) as clock:
        site = folder / "site.toml"
        site.write_text(_SITE.format(checksum=load_product("eu").checksum), encoding="utf-8")
        _others(load_house(site), clock)
        stage = Stage(target, site, clock)
        for scene in SCENES:
            scene(stage)
        stage.window.close()


if __name__ == "__main__":
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    main(resources_folder() / "guide" / "pictures")
