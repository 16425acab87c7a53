"""Take the pictures of the guides in one language: a made-up course from its order to a stop at night.

    python packaging/guide_pictures.py nl

The clock stands still at moments that are written here, and settings, drafts and register lie in a temporary folder:
the pictures change only where the program does. `make pictures` calls it for every language.
"""
# ruff: noqa: SLF001 - does what keys and clicks would do

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, QSettings
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea, QWidget
from whenever import Instant, TimePatch, ZonedDateTime, patch_current_time

from dosing_app.course.calculate import calculate
from dosing_app.course.issue import issue
from dosing_app.course.order import read_order
from dosing_app.course.plan import Plan
from dosing_app.course.second_check import CHECKED, second_check
from dosing_app.papers.pdf import pictures
from dosing_app.papers.sheaf import final_sheaf
from dosing_app.reference.bundle import House, load_house
from dosing_app.reference.product import load_product
from dosing_app.store.folders import register_file
from dosing_app.store.register import open_register
from dosing_app.ui import theme
from dosing_app.ui.application import load, make_application, quiet
from dosing_app.ui.batch_dialog import BatchDialog
from dosing_app.ui.course_page import CoursePage
from dosing_app.ui.editor import Editor
from dosing_app.ui.event_reading import NAMES
from dosing_app.ui.guide_dialog import guide_folder
from dosing_app.ui.issue_dialog import IssueDialog
from dosing_app.ui.main_window import HEIGHT, WIDTH, MainWindow
from dosing_app.ui.product_dialog import ProductDialog
from dosing_app.ui.quantity_edit import Choice
from dosing_app.ui.second_check import SecondCheck, TypedField
from dosing_app.ui.site_dialog import SiteDialog
from dosing_app.wording.language import speak

ZONE = "Europe/Amsterdam"
_COLOURS, _COMMON = 256, 96  # of a picture's palette, and those of them that stand most often in it
_ROUNDS = 40  # until a window has come to rest
_OPTION = 4  # the fifth: no change off hours
_MOMENT = 400  # ms
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

    def answer(self, **texts: str) -> None:
        """Fill the fields of the open event, and wait for what follows."""
        panel = self.page.below.currentWidget()
        for name, text in texts.items():
            field = panel.field(name)
            if isinstance(field, Choice) and field.isEditable():
                field.setEditText(text)
            else:
                field.show_text(text)
            field.edited.emit()
        QTest.qWait(_MOMENT)

    def go(self, name: str) -> None:
        """Show a workspace."""
        self.window.go(name)
        self.window._rail_buttons[name].setFocus()
        self.editor.rest()

    def role(self, name: str) -> None:
        """Choose a role, and show the workspace that is its own."""
        self.window.choose_role(name)
        self.window._notice_frame.hide()
        self.go({"nurse": "administer", "trainer": "teach"}.get(name, "administer"))

    # ---- the register ----

    def open_course(self) -> None:
        """Open the course of the order."""
        courses = self.window._workspaces["administer"].list
        row = next(row for row, each in enumerate(courses.courses) if each.label == "A-17")
        courses.table.setCurrentCell(row, 0)
        courses.open()

    def scan(self, number: int) -> None:
        """Type the code of a bag."""
        plan = self.window.courses.plans[-1]
        code = plan.check_code
        self.page.line.code.setText(f"{number}/{len(plan.bags)} {code[:4]} {code[4:]}")
        self.page.line.code.scanned.emit()

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
    _with_palette(whole).save(path, optimize=True)
    print(path.relative_to(path.parents[4]))


def _with_palette(picture: Image.Image) -> Image.Image:
    """Its most common colours exactly, and the others so near that no rare one, such as a mark's red, turns grey."""
    counted = sorted(picture.getcolors(picture.width * picture.height), reverse=True)
    common = [colour for _count, colour in counted[:_COMMON]]
    others = picture.quantize(_COLOURS - len(common), Image.Quantize.FASTOCTREE).getpalette()
    palette = [*common, *zip(*[iter(others)] * 3, strict=True)][:_COLOURS]
    places = {colour: at for at, colour in reversed(list(enumerate(palette)))}
    for _count, colour in counted:
        if colour not in places:
            places[colour] = min(range(len(palette)), key=lambda at: _apart(palette[at], colour))
    made = Image.new("P", picture.size)
    made.putpalette([part for colour in palette for part in colour])
    made.putdata([places[colour] for colour in picture.getdata()])
    return made


def _apart(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return sum((mine - its) ** 2 for mine, its in zip(one, other, strict=True))


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


def _issued(house: House, label: str, start: str, at: Instant) -> tuple[Plan, dict[str, str]]:
    """The issued plan of another infant, and its order as typed."""
    begins = moment(start).to_tz(ZONE)
    day = begins.date().format_iso()
    texts = {**_ORDER, "case": label, "measured": day, "start": start, "pattern": "96h"}
    texts |= {"born": begins.date().subtract(days=156).format_iso(), "reason:syringe-deviation": "seen"}
    reading = read_order(texts, house, typed=True)
    assert reading.order is not None, reading.findings
    assert reading.reference is not None
    plan = calculate(reading.order, (), reading.reference)
    second = {name: texts[name] for name in CHECKED if name in texts}
    outcome = second_check(texts, second, plan, house, (ENTERS, CHECKS), at)
    assert outcome.check is not None, outcome
    return issue(plan, outcome.check, ISSUES, at, reading.reference), texts


def _other(house: House, clock: TimePatch, label: str, start: str, stop: str, last: tuple[str, str] | None) -> None:
    """A course that ran as planned until `stop`, and what was recorded last."""
    at = min(moment(start), moment(stop)).subtract(hours=5)
    clock.shift(at - Instant.now())
    plan, texts = _issued(house, label, start, at)
    log = [(each.at, "prepared", {"session": each.number}) for each in plan.sessions or ()]
    for bag in plan.bags or ():
        log += [(bag.start, "hung", {"bag": bag.number}), (bag.end, "stopped", {"bag": bag.number})]
    order = ("stopped", "prepared", "hung")
    log.sort(key=lambda each: (each[0], order.index(each[1])))
    log = [each for each in log if each[0] < moment(stop)]
    if last is not None:
        log.append((moment(stop), last[0], {"reason": last[1]}))
    with open_register(register_file(), house) as register:
        listed = register.add_course(label, texts, ENTERS)
        register.add_plan(listed.id, plan.as_json(), ISSUES, listed.head)
        for when, event, more in log:
            clock.shift(when - Instant.now())
            head = register.course(listed.id).listed.head
            register.append(listed.id, [{"at": when.format_iso(), "event": event, "by": CHANGED_BY, **more}], head)


def _others(house: House, clock: TimePatch) -> None:
    """One that is finished, one that stands, one that runs, one that is to begin."""
    register_file().parent.mkdir(parents=True, exist_ok=True)
    _other(house, clock, "D-08", "2026-10-20T10:00", "2026-11-17T10:01", None)
    _other(house, clock, "E-11", "2026-11-09T11:00", "2026-11-22T11:00", None)
    _other(house, clock, "B-02", "2026-11-19T16:00", "2026-11-23T08:05", ("interrupted", "technical"))
    _other(house, clock, "C-31", "2026-11-25T10:00", "2026-11-23T13:20", None)


# ---- the scenes ----


def _order(stage: Stage) -> None:
    stage.at("2026-11-23T08:30")
    for name, text in {"case": "A-17", **_ORDER}.items():
        if name != "formula" and not name.startswith("reason"):
            stage.editor.change(name, text)
    stage.go("order")
    stage.take("order")
    stage.editor.change("weight", "14.15 kg")
    stage.take("refused-weight")
    stage.editor.change("weight", "6.42 kg")


def _prepare(stage: Stage) -> None:
    stage.go("prepare")
    stage.rest()
    stage.window.prepare.options.table.setCurrentCell(_OPTION, 0)
    stage.window.prepare.take()
    stage.editor.rest()
    stage.rest()
    stage.take("options")
    bar = stage.window.prepare.findChild(QScrollArea).verticalScrollBar()
    bar.setValue(bar.maximum())
    stage.take("bags")


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
    preview = stage.window.desk.show_papers("labels")
    preview.resize(820, 740)
    stage.take("papers", preview)
    preview.close()


def _settings(stage: Stage) -> None:
    stage.window.ask_product()
    (product,) = stage.window.findChildren(ProductDialog)
    product.resize(1180, 600)
    stage.take("product-data", product)
    product.hide()
    stage.window.ask_site()
    (site,) = stage.window.findChildren(SiteDialog)
    site.resize(1040, 620)
    site.where.setText(site.where.text().replace(str(site.path), site.path.name))  # the folder is a temporary one
    stage.take("site-settings", site)
    site.hide()
    stage.window.ask_batch()
    (batch,) = stage.window.findChildren(BatchDialog)
    batch.orders.setText("orders.csv")
    batch.answers.setText("answers.jsonl")
    stage.take("many-orders", batch)
    batch.close()


def _courses(stage: Stage) -> None:
    stage.at("2026-11-23T12:05")
    stage.role("nurse")
    courses = stage.window._workspaces["administer"].list
    stage.rest()
    stage.open_course()
    stage.log("2026-11-23T12:05", "prepared", by="T. Sixth", session=1)
    stage.page.left.emit()
    stage.at("2026-11-23T13:50")
    courses.renew()
    stage.take("courses")
    stage.open_course()


def _hang(stage: Stage) -> None:
    page = stage.page
    stage.at("2026-11-23T14:00")
    stage.scan(1)
    stage.take("bag-code", page.board, page.line)
    panel = page.open_event("hung")
    stage.answer(by=NURSE, second=NURSE_2)
    stage.take("hang")
    panel._record()
    page.line.code.clear()


def _run(stage: Stage) -> None:
    page = stage.page
    stage.at("2026-11-24T08:00")
    stage.take("running")
    page.line.reading.setText("45")
    stage.take("pump-reading", page.board, page.line)
    stage.scan(2)
    page.line.reading.setText("59.5")
    stage.take("not-before", page.line)
    page.line.clear()


def _stop(stage: Stage) -> None:
    page = stage.page
    stage.at("2026-11-24T22:12")
    panel = page.open_event("interrupted")
    stage.answer(at="22:10", reason="technical", by=NURSE)
    panel._record()
    stage.at("2026-11-25T01:40")
    panel = page.open_event("resumed")
    stage.answer(line_closed="yes", by=NURSE)
    stage.take("resume")
    panel._record()


def _look(stage: Stage) -> None:
    page = stage.page
    stage.at("2026-11-26T09:00")
    page.close_panel()
    page.said.clear()
    stage.take("rate-will-change")
    page.tabs.setCurrentIndex(1)
    page.log.setCurrentCell(0, 0)
    stage.take("log", page.below)
    page.tabs.setCurrentIndex(0)
    stage.take("schedule", page.below)
    courses = stage.window.courses
    sheet = final_sheaf(courses.rest.plan, (), courses.reference).paper("downtime").compose(1)
    first = QPixmap()
    first.loadFromData(pictures(sheet, _PAGE)[0])
    keep(stage.target / "downtime-sheet.png", first)


def _lose(stage: Stage) -> None:
    page = stage.page
    stage.log("2026-11-26T14:00", "stopped", by=CHANGED_BY, bag=1)
    stage.log("2026-11-26T14:04", "hung", by=CHANGED_BY, bag=2)
    stage.role("pharmacist")
    stage.log("2026-11-27T10:00", "lost", bag=2)
    stage.at("2026-11-27T10:06")
    page._ask_issue()
    issue_panel = page.below.currentWidget()
    issue_panel.issued_by.setEditText(ISSUES)
    issue_panel.checked_by.setEditText(CHECKS)
    stage.take("re-plan")
    page.close_panel()


def _wait(stage: Stage) -> None:
    page = stage.page
    stage.role("nurse")
    stage.log("2026-11-27T10:20", "hung", by=CHANGED_BY, bag=3)
    stage.log("2026-11-28T03:10", "interrupted", reason="adverse-event")
    stage.at("2026-11-28T03:40")
    stage.take("restart-awaited", page.board)
    stage.role("pharmacist")
    stage.at("2026-11-28T09:30")
    page.open_event("decision")
    stage.answer(what="restart", dose_rate="5", after_days="7", then_rate="15", prescriber="R. Seventh", by=ISSUES)
    stage.take("restart")


def _teach(stage: Stage) -> None:
    stage.role("trainer")
    teach = stage.window._workspaces["teach"]
    stage.rest()
    demonstrate = teach._pages["demonstrate"]
    demonstrate.begin()
    demonstrate.list.setCurrentRow(4)
    stage.take("demonstrate")
    teach.go("practise")
    stage.rest()
    practise = teach._pages["practise"]
    practise.kinds.show_text("rate")
    practise.levels.show_text("faded")
    practise.begin()
    practise.answer.setText("10 mL/h")  # the rate of the bag before
    practise.mark_it()
    stage.take("practise")
    teach.go("spot")
    stage.rest()
    spot = teach._pages["spot"]
    spot.lines.setCurrentRow(2)
    spot.mark_it()
    stage.take("spot-the-error")
    teach.go("drug")
    stage.rest()
    drug = teach._pages["drug"]
    drug.begins.setText("240")
    drug.ends.setText("246")
    drug.draw_in()
    stage.take("picture-of-the-drug")


SCENES = (_order, _prepare, _second_check, _issue, _settings, _courses, _hang, _run, _stop, _look, _lose, _wait, _teach)


def main() -> None:
    """Take all pictures of the guides in the language that is spoken."""
    target = guide_folder() / "pictures"
    target.mkdir(parents=True, exist_ok=True)
    begin = moment("2026-10-01T08:00")
    quiet()
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
    speak(sys.argv[1])
    main()
