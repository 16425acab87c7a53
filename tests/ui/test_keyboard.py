"""Every task of the guides done by keys alone."""

import json
import re
from pathlib import Path

import pytest
import scenes
import settling
import ward
from courses_cases import Clock, entry
from keys import ALT, CONTROL, KEY, SHIFT, Keys, heard, plain, shown
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QTabBar, QTableWidget, QToolTip
from shiboken6 import isValid
from whenever import Instant

from dosing_app.cli import main
from dosing_app.reference.folder import resources_folder
from dosing_app.store import issued
from dosing_app.store.folders import register_file
from dosing_app.store.language_file import kept_language
from dosing_app.store.register import open_register
from dosing_app.ui.batch_dialog import BatchDialog
from dosing_app.ui.guide_dialog import GUIDES, GuideDialog, guide_folder
from dosing_app.ui.issue_dialog import IssueDialog
from dosing_app.ui.issued_dialog import IssuedDialog
from dosing_app.ui.paper_preview import PaperPreview
from dosing_app.ui.papers_desk import issued_folder
from dosing_app.ui.product_dialog import ProductDialog
from dosing_app.ui.recovery import own_site_file
from dosing_app.ui.reflow import DownScroll
from dosing_app.ui.register_dialogs import PutDialog, RestoreDialog
from dosing_app.ui.second_check import SecondCheck
from dosing_app.ui.second_reading import SecondReading
from dosing_app.ui.site_dialog import SiteDialog

# the screen that nobody sees
pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)

# Every heading of the guides that begins a task, and the tests that do it.
TASKS = {
    "nurse": {
        "Open a course": ["test_a_course_is_found_opened_and_left"],
        "Read the board": ["test_the_board_is_whole_when_a_course_opens"],
        "Before a bag change": ["test_a_bag_is_taken_out_of_the_refrigerator"],
        "Ask which bag this is": ["test_it_is_asked_which_bag_this_is"],
        "Record a bag change": ["test_a_bag_is_taken_down_and_the_next_one_hung"],
        "Compare with the pump": ["test_the_pump_is_read"],
        "When the pump stands": ["test_the_pump_stands_and_runs_on"],
        "When a prescriber has to decide": [
            "test_a_prescriber_is_waited_for_and_decides",
            "test_hours_that_are_still_due_are_waived",
        ],
        "When a bag cannot be used": ["test_a_bag_is_lost"],
        "Write down something else": [
            "test_a_weight_a_rate_a_note_and_bags_are_written_down",
            "test_a_button_that_is_grey_says_why_when_its_key_is_pressed",
        ],
        "Put an entry right": ["test_an_entry_is_put_right_and_another_one_withdrawn"],
        "Print schedule and downtime sheet": ["test_schedule_and_downtime_sheet_are_printed"],
        "When no computer runs": ["test_what_was_written_by_hand_is_entered_later", "test_a_course_ends"],
    },
    "pharmacist": {
        "Enter an order": [
            "test_an_order_is_entered_and_a_reason_written",
            "test_what_was_typed_is_undone_and_done_again",
            "test_an_order_is_saved_and_opened_again",
        ],
        "When a value is refused": ["test_a_second_reading_opens_the_way_beyond_the_limits"],
        "Choose a plan": ["test_a_plan_is_chosen_left_and_written_as_a_pattern"],
        "Look at a bag": ["test_a_bag_is_looked_at"],
        "Make the second check": ["test_an_order_is_entered_chosen_checked_issued_and_its_papers_printed"],
        "Issue the plan": ["test_an_order_is_entered_chosen_checked_issued_and_its_papers_printed"],
        "Print the papers": [
            "test_an_order_is_entered_chosen_checked_issued_and_its_papers_printed",
            "test_a_printer_is_asked_for",
        ],
        "Find a course": ["test_a_course_is_found_by_its_status_and_its_order_opened"],
        "Re-plan the rest": ["test_the_rest_is_re_planned_and_issued", "test_hours_that_are_still_due_are_waived"],
        "Enter a restart": ["test_a_prescriber_is_waited_for_and_decides"],
        "Approve product data": ["test_product_data_is_compared_and_approved"],
        "Set up the site": ["test_the_site_is_set_up"],
        "Keep the register": ["test_a_case_goes_on_the_register_which_is_kept_and_restored"],
        "Work out many orders": ["test_many_orders_are_worked_out"],
        "Change language or role": ["test_role_and_language_are_chosen", "test_the_guide_is_opened_read_and_left"],
    },
    "trainer": {
        "Begin": ["test_the_pages_of_teach_are_gone_through"],
        "Demonstrate a calculation": ["test_a_calculation_is_demonstrated_and_changed"],
        "Practise": ["test_exercises_are_answered_wrong_then_right"],
        "Spot the error": ["test_an_error_is_spotted"],
        "Draw a picture of the drug": ["test_a_picture_of_the_drug_is_drawn"],
        "Make a class set": ["test_a_class_set_is_made"],
    },
}
NURSES = {"Changed by": "N. One", "Checked by": "N. Two"}
MADE, HUNG = entry("prepared", -2, session=1), entry("hung", 0, bag=1, by="N. One; N. Two")


@pytest.mark.parametrize("guide", GUIDES)
def test_every_task_of_a_guide_is_done_by_keys(guide):
    headings = re.findall(r"^## (.+)$", (guide_folder() / f"{guide}.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert list(TASKS[guide]) == headings
    tests = {name for names in TASKS[guide].values() for name in names}
    assert [name for name in tests if not callable(globals().get(name))] == []


def test_no_mouse_and_no_call_helps_the_keys():
    """Nothing here or in `keys` moves the focus or presses a button but by a key; to a window the desktop would."""
    for source in (Path(__file__), Path(__file__).with_name("keys.py")):
        code = re.sub(r'"[^"]*"', "", source.read_text(encoding="utf-8"))
        assert re.findall(r"\bmouse\w*\(|\.(?:setFocus|click|trigger|toggle|animateClick)\(", code) == []


class Bed(Keys):
    """The whole window with a course on its register, and a clock that the test moves."""

    def __init__(self, desk, hours: float, *entries: dict) -> None:
        super().__init__(desk.qtbot, desk.window)
        self.desk, self.clock = desk, Clock()
        course, self.start = ward.put_register()
        self.clock.now = self.start.subtract(hours=77)
        if entries:
            self.at(hours)
            with open_register(register_file(), ward.house(), self.clock) as register:
                register.append(course, list(entries), register.course(course).listed.head)
        desk.qtbot.waitUntil(lambda: desk.window._complete)
        desk.editor.use(ward.house())
        desk.window.courses._clock = self.clock
        self.at(hours)
        self.back()

    def at(self, hours: float) -> None:
        """So many hours after the start; the window hears of it as it does each minute."""
        self.clock.now = self.start.add(minutes=round(hours * 60))
        if hasattr(self.window, "courses"):
            self.window.courses.renew()

    def open(self) -> "Bed":
        self.menu("Role", "Nurse")
        self.to("Courses")
        self.enter()
        return self

    @property
    def page(self):
        return self.window._workspaces["administer"].page

    @property
    def log(self) -> list[dict]:
        return [dict(each.event) for each in self.window.courses.record.log]

    @property
    def said(self) -> str:
        return shown(self.page)

    def enter_event(self, letter: str, texts: dict[str, str]) -> None:
        self.alt(letter)
        self.fill(texts)
        before = len(self.log)
        self.button("Record")
        assert len(self.log) > before, self.page.below.currentWidget().refused.text()
        self.see()


@pytest.fixture
def bed(another):
    """Makes a bed: so many hours after the start, with what is recorded of it."""
    made = []

    def make(hours: float, *entries: dict) -> Bed:
        found = Bed(another(), hours, *entries)
        made.append(found)
        return found

    yield make
    for each in made:
        each.window.courses.leave()
        each.window.courses.close()


# ---- nurses ----


def test_a_course_is_found_opened_and_left(bed):
    keys = bed(1, MADE, HUNG)
    keys.menu("Role", "Nurse")
    keys.see()
    keys.alt("S")
    keys.type("a-1")
    keys.to("Courses")
    keys.enter()
    assert keys.page.isVisible()
    assert keys.said.startswith("A-17\n")
    keys.see()
    assert heard(keys.focus) == "Bag code, typed or scanned"
    keys.alt("C")
    assert heard(keys.focus) == "Courses"
    assert not keys.page.isVisible()


def test_the_board_is_whole_when_a_course_opens(bed):
    keys = bed(1, MADE, HUNG).open()
    board = keys.page.board
    settling.settle(keys.window)
    for label in board.findChildren(QLabel):
        if label.isVisible() and label.text():
            assert label.visibleRegion().boundingRect() == label.rect(), label.text()
    assert plain(board.rate.text()) == "RATE 3.3 mL/hour"
    assert plain(board.due.text()) == "Thu 26-Nov-2026 14:00"


def test_a_bag_is_taken_out_of_the_refrigerator(bed):
    keys = bed(70, MADE, HUNG).open()
    assert "RATE WILL CHANGE" in keys.said
    keys.enter_event("O", {"Bag": "Bag 2", "Entered by": "N. One"})
    assert keys.log[-1]["event"] == "out-of-fridge"
    assert keys.log[-1]["bag"] == 2


def test_it_is_asked_which_bag_this_is(bed):
    keys = bed(72, MADE, HUNG).open()
    (plan,) = keys.window.courses.plans
    for number, said in (
        (2, "This is bag 2 of case A-17, due now."),
        (1, "This is bag 1 of case A-17: it is connected already."),
    ):
        keys.to("Bag code, typed or scanned")
        keys.write(f"{number}/{len(plan.bags)} {plan.check_code}")
        keys.enter()
        assert said in keys.said
        assert heard(keys.focus) == "Bag code, typed or scanned"


def test_a_bag_is_taken_down_and_the_next_one_hung(bed):
    keys = bed(72, MADE, HUNG).open()
    keys.enter_event("K", {"At": "13:58", **NURSES})
    keys.alt("G")
    keys.fill({"Bag": "Bag 2", **NURSES})
    keys.qtbot.waitUntil(lambda: "RATE CHANGES: was 3.3, now 2.5 mL/hour" in keys.said)
    keys.button("Record")
    assert [(each["event"], each["bag"], each["by"]) for each in keys.log[-2:]] == [
        ("stopped", 1, "N. One; N. Two"),
        ("hung", 2, "N. One; N. Two"),
    ]
    assert keys.log[-2]["at"] == "2026-11-26T12:58:00Z"
    keys.see()


def test_the_pump_is_read(bed):
    keys = bed(30, MADE, HUNG).open()
    keys.answer("What was read", "Rate, on the pump")
    keys.answer("What the pump shows", "3.3")
    assert "Fits" in keys.said
    keys.write("2.5")
    assert "Does not fit" in keys.said
    keys.to("What was read", back=True)
    keys.choose("Infused, on the pump")
    keys.answer("What the pump shows", "99")
    assert "Fits" in keys.said


def test_the_pump_stands_and_runs_on(bed):
    keys = bed(20, MADE, HUNG).open()
    keys.enter_event("S", {"Why it stands": "technical", "Entered by": "N. One"})
    assert "PUMP STANDS" in keys.said
    keys.at(21)
    keys.alt("M")
    keys.fill({"Did the line stay closed?": "yes", "Later changes": "all move", "Entered by": "N. One"})
    keys.qtbot.waitUntil(lambda: "66 mL infused = 171.6 mL left" in keys.said)
    keys.button("Record")
    assert (keys.log[-1]["event"], keys.log[-1]["line_closed"], keys.log[-1]["sliding"]) == ("resumed", True, True)


def test_a_prescriber_is_waited_for_and_decides(bed):
    keys = bed(10, MADE, HUNG).open()
    keys.enter_event("S", {"Why it stands": "an adverse event", "Entered by": "N. One"})
    assert "Waiting for a prescriber" in keys.said
    keys.at(16.5)
    keys.alt("I")
    keys.answer("Decided", "restart at a prescribed dose rate")
    keys.fill({"Dose rate, micrograms per m² per day": "5", "Then, after, days": "7"})
    keys.fill({"Dose rate then, micrograms per m² per day": "15", "Prescriber": "D. One", "Entered by": "N. One"})
    settling.settle(keys.window)  # the longest of the forms: its fields scroll, and nothing else
    assert keys.page.findChild(DownScroll).verticalScrollBar().maximum() == 0
    assert keys.page.findings.sentences[1:]
    keys.button("Record")
    assert (keys.log[-1]["what"], keys.log[-1]["dose_rate"], keys.log[-1]["prescriber"]) == ("restart", "5", "D. One")
    assert keys.log[-1]["then"] == {"after_days": 7, "dose_rate": "15"}


def test_hours_that_are_still_due_are_waived(bed):
    keys = bed(76, MADE, HUNG, entry("stopped", 70, bag=1, by="N. One; N. Two")).open()
    keys.alt("I")
    keys.answer("Decided", "hours are waived")
    keys.fill({"How long, of 602 h, h": "3:20", "Prescriber": "D. One", "Entered by": "N. One"})
    keys.button("Record")
    assert (keys.log[-1]["what"], keys.log[-1]["prescriber"]) == ("waive", "D. One")
    assert keys.window.courses.rest.progress.waived_minutes == 200


def test_a_bag_is_lost(bed):
    keys = bed(30, MADE, HUNG).open()
    keys.enter_event("L", {"Bag": "Bag 2", "Entered by": "N. One"})
    assert (keys.log[-1]["event"], keys.log[-1]["bag"]) == ("lost", 2)
    assert "A pharmacist issues the new bags." in keys.said


def test_a_weight_a_rate_a_note_and_bags_are_written_down(bed):
    keys = bed(30, MADE, HUNG).open()
    keys.enter_event("W", {"Weight, kg": "6.6", "Length, cm": "64", "Entered by": "N. One"})
    keys.enter_event("U", {"Rate found, mL/hour": "2.5", "From": "19:00", "Until": "19:30", "Entered by": "N. One"})
    keys.enter_event("N", {"Note": "the filter was changed", "Entered by": "N. One"})
    keys.enter_event("A", {"Made": "Bag 5 alone", "Entered by": "T. One"})
    assert [each["event"] for each in keys.log[-4:]] == ["measured", "rate-found", "note", "prepared"]


def test_a_button_that_is_grey_says_why_when_its_key_is_pressed(bed):
    keys = bed(30, MADE, HUNG).open()
    keys.alt("M")
    assert QToolTip.text() == "The pump does not stand."
    assert heard(keys.focus) == "Bag code, typed or scanned"
    assert keys.focus.text() == ""
    keys.alt("N")
    keys.alt("M")
    assert QToolTip.text() == "The pump does not stand."
    assert heard(keys.focus) == "At"


def test_an_entry_is_put_right_and_another_one_withdrawn(bed):
    slip = entry("note", 1, text="slip")
    keys = bed(2, MADE, HUNG, slip).open()
    keys.to("Schedule", QTabBar)
    keys.press(KEY.Key_Right)
    keys.to("Log", QTableWidget)
    keys.press(KEY.Key_Up)
    keys.enter()
    keys.see()
    keys.answer("At", "13:40")
    keys.button("Record")
    assert (keys.log[-1]["index"], keys.log[-1]["replacement"]["at"]) == (1, "2026-11-23T12:40:00Z")
    keys.to("Log", QTableWidget)
    keys.press(KEY.Key_Up)
    keys.button("Correct the chosen entry")
    keys.button("This never happened")
    keys.answer("Entered by", "N. One")
    keys.button("Record")
    assert (keys.log[-1]["index"], keys.log[-1]["replacement"]) == (2, None)
    keys.see()


@pytest.mark.parametrize(("letter", "paper"), [("D", "schedule"), ("T", "downtime")])
def test_schedule_and_downtime_sheet_are_printed(bed, tmp_path, letter, paper):
    keys = bed(1, MADE, HUNG).open()
    keys.to("Schedule", QTableWidget)
    keys.press(KEY.Key_Down)
    keys.alt(letter)
    preview = keys.dialog(PaperPreview)
    keys.press(KEY.Key_PageDown)
    keys.file(lambda: keys.press(KEY.Key_S, CONTROL), tmp_path / paper)
    assert (tmp_path / f"{paper}.pdf").read_bytes().startswith(b"%PDF"), preview.status.text()
    keys.leave(preview)
    assert keys.page.isVisible()


def test_what_was_written_by_hand_is_entered_later(bed):
    keys = bed(80, MADE, HUNG).open()
    keys.enter_event("G", {"At": "26-Nov-2026 14:00", "Bag": "Bag 2", **NURSES})
    assert [(each["event"], each["at"]) for each in keys.log[-2:]] == [
        ("stopped", "2026-11-26T13:00:00Z"),
        ("hung", "2026-11-26T13:00:00Z"),
    ]


def test_a_course_ends(bed):
    names = {"by": "N. One; N. Two"}
    log = [MADE, HUNG]
    (plan,) = (ward.issued_plan(),)
    for bag in plan.bags[1:]:
        hours = (bag.start - ward.START).total("hours")
        log += [entry("prepared", hours - 3, bag=bag.number)] if bag.number > 2 else []
        log += [entry("stopped", hours, bag=bag.number - 1, **names), entry("hung", hours, bag=bag.number, **names)]
    keys = bed(672, *log).open()
    keys.enter_event("K", NURSES)
    assert "Finished" in keys.said
    assert "672 h" in keys.said
    keys.alt("C")
    assert heard(keys.focus) == "Courses"
    assert keys.focus.item(0, 1).text() == "finished"


# ---- pharmacists ----


@pytest.fixture
def office(another):
    """The window with the example order, or with none, and the site's settings."""

    def make(*, order: bool = True, site: str | None = None) -> Keys:
        desk = another(order=scenes.EXAMPLE if order else None)
        desk.qtbot.waitUntil(lambda: desk.window._complete)
        if site is not None:
            scenes.use_site(desk, site)
        keys = Keys(desk.qtbot, desk.window)
        keys.desk = desk
        keys.back()
        return keys

    return make


def enter_order(keys: Keys, changes: dict[str, str]) -> None:
    """From the case on, which has the focus: Enter moves on, and the space bar chooses the sex."""
    for text in ("A-17", "20-Jun-2026"):
        keys.type(text)
        keys.enter()
    keys.press(KEY.Key_Space)
    texts = {
        "Gestation at birth": "term", "Weight, kg": "6.42", "Length, cm": "63.5", "Measured on": "23-Nov-2026",
        "Prescribed daily dose, micrograms per day": "5.05", "Start": "23-Nov-2026 14:00",
    }  # fmt: skip
    keys.fill(texts | changes)
    assert keys.desk.editor.text("sex") == "female"


def test_an_order_is_entered_and_a_reason_written(office):
    keys = office(order=False)
    keys.menu("File", "New")
    assert heard(keys.focus) == "Case"
    enter_order(keys, {"Measured on": "3-Nov-2026", "Product data": "European Union"})
    keys.button("More: previous weight, time zone, BSA formula")
    assert [each for each in QApplication.topLevelWidgets() if each.isVisible()] == [keys.window]
    keys.fill({"Previous weight, kg": "6.2", "Previous weight: day": "20-Oct-2026", "BSA formula": "Mosteller"})
    keys.answer("Reason: old measurement", "weighed in the clinic")
    assert keys.desk.editor.text("reason:measurement-age") == "weighed in the clinic"
    assert plain(keys.desk.dose) == "5.05 micrograms per day"
    keys.menu("File", "Open example", "example")
    assert keys.desk.editor.text("measured") == "23-Nov-2026"
    keys.see()


def test_what_was_typed_is_undone_and_done_again(office):
    keys = office()
    before = keys.desk.editor.text("weight")
    keys.answer("Weight, kg", "6.5")
    keys.enter()
    keys.press(KEY.Key_Z, CONTROL)
    assert keys.desk.editor.text("weight") == before
    keys.press(KEY.Key_Y, CONTROL)
    assert keys.desk.editor.text("weight") == "6.5 kg"
    keys.see()


def test_an_order_is_saved_and_opened_again(office, tmp_path):
    keys = office()
    keys.file(lambda: keys.press(KEY.Key_S, CONTROL | SHIFT), tmp_path / "order.json")
    assert (tmp_path / "order.json").exists()
    texts = dict(keys.desk.editor.texts)
    keys.press(KEY.Key_N, CONTROL)
    assert not keys.desk.editor.texts
    keys.file(lambda: keys.press(KEY.Key_O, CONTROL), tmp_path / "order.json")
    assert dict(keys.desk.editor.texts) == texts


def test_a_second_reading_opens_the_way_beyond_the_limits(office):
    keys = office()
    keys.answer("Weight, kg", "14.15")
    assert keys.desk.blank()
    keys.button("Second reading: outside the WHO limits")
    keys.dialog(SecondReading)
    keys.fill({
        "Weight, kg": "14.2", "Length, cm": "63", "First measured by": "A. Jansen",
        "Second measured by": "B. Smit", "Reason": "seen by the consultant",
    })  # fmt: skip
    keys.button("The weight was not typed in pounds.")
    keys.button("Enter second reading")
    keys.back()
    # the example's prescription does not fit this weight: another refusal stands in the way until it is taken out
    keys.answer("Prescribed daily dose, micrograms per day", "")
    assert plain(keys.desk.dose).startswith("7.49 ")
    assert "confirmed by A. Jansen and B. Smit" in keys.desk.editor.text("reason:who-limits")


def options(keys: Keys):
    """The options of the order, each of them laid out."""
    panel = keys.window.prepare.options
    keys.qtbot.waitUntil(lambda: len(panel._plans) > 1 and None not in panel._plans, timeout=20_000)
    return panel


def test_a_plan_is_chosen_left_and_written_as_a_pattern(office):
    keys = office(site=scenes.SEVERAL)
    keys.press(KEY.Key_2, CONTROL)
    panel = options(keys)
    keys.to("Options, fewest vials first")
    keys.press(KEY.Key_Down, times=2)
    keys.enter()
    assert panel.present.text() == "The order’s plan is option 3."
    keys.see()
    keys.press(KEY.Key_Down)
    keys.button("Choose this option: put its pattern and sessions into the order")
    assert panel.present.text() == "The order’s plan is option 4."
    keys.button("Back to auto: the first option without a reason")
    assert keys.desk.editor.text("pattern") == ""
    keys.see()
    keys.press(KEY.Key_1, CONTROL)
    keys.answer("Pattern", "72h,96h")
    assert [bag.kind for bag in keys.desk.editor.plan.bags[:2]] == ["72h", "96h"]


def test_a_bag_is_looked_at(office):
    keys = office(site=scenes.SEVERAL)
    keys.press(KEY.Key_2, CONTROL)
    options(keys)
    keys.to("Bags")
    keys.press(KEY.Key_Down, times=2)
    assert keys.window.prepare.heading.text().startswith("Bag 3 of")
    keys.to("Sessions", back=True)
    keys.press(KEY.Key_Down)
    assert keys.window.prepare.heading.text().startswith("Bag 4 of")


def check_by_another(keys: Keys) -> None:
    """The second check: it differs at first, and then agrees."""
    keys.press(KEY.Key_K, CONTROL)
    check = keys.dialog(SecondCheck)
    texts = scenes.SECOND | {"product": "European Union", "formula": "Mosteller", "weight": "6.24"}
    for name, row in check.rows.items():
        keys.answer(heard(row.field), texts[name])
    keys.alt("C")
    assert "differs" in shown(check)
    keys.answer("Weight, kg", "6.42")
    keys.button("Compare")
    keys.back()
    assert keys.desk.editor.check is not None, check.outcome.text()


def test_an_order_is_entered_chosen_checked_issued_and_its_papers_printed(office, tmp_path):
    keys = office(order=False, site=scenes.SEVERAL)
    editor = keys.desk.editor
    keys.press(KEY.Key_N, CONTROL)
    enter_order(keys, {})
    assert plain(keys.desk.dose) == "5.05 micrograms per day"

    keys.press(KEY.Key_2, CONTROL)
    assert keys.window.workspace == "prepare"
    panel = options(keys)
    keys.to("Options, fewest vials first")
    while panel.table.currentRow() != 4:
        keys.press(KEY.Key_Down)
    keys.enter()
    assert panel.present.text() == "The order’s plan is option 5."
    editor.rest()

    check_by_another(keys)

    keys.press(KEY.Key_I, CONTROL)
    keys.dialog(IssueDialog)
    keys.answer("Issuing pharmacist", "C. Third")
    keys.button("Issue")
    keys.back()
    (found,) = issued.history("A-17", issued_folder()).revisions
    assert found.plan.issue.issued_by == "C. Third"
    assert found.plan.issue.issued_at <= Instant.now()

    keys.press(KEY.Key_L, CONTROL | SHIFT)
    preview = keys.dialog(PaperPreview)
    assert "print 1" in preview.text.toPlainText()
    keys.press(KEY.Key_PageDown, times=4)
    assert preview._at > 0
    keys.answer("Paper", "Worksheet")
    keys.button("Text of the paper beside it")
    assert preview.text.isVisible()
    keys.file(lambda: keys.press(KEY.Key_S, CONTROL), tmp_path / "worksheet")
    assert (tmp_path / "worksheet.pdf").read_bytes().startswith(b"%PDF"), preview.status.text()
    keys.leave(preview)

    keys.file(lambda: keys.press(KEY.Key_O, CONTROL | SHIFT), found.path)
    dialog = keys.dialog(IssuedDialog)
    keys.button("Worksheet")
    papers = keys.dialog(PaperPreview)
    keys.press(KEY.Key_Escape)
    keys.again(dialog)
    assert not isValid(papers) or not papers.isVisible()
    keys.leave(dialog)


def test_a_printer_is_asked_for(office):
    keys = office()
    keys.press(KEY.Key_W, CONTROL | SHIFT)
    keys.dialog(PaperPreview)
    seen = []

    def leave() -> None:
        seen.append(type(QApplication.activeModalWidget()).__name__)
        keys.press(KEY.Key_Escape)

    QTimer.singleShot(500, leave)
    keys.press(KEY.Key_P, CONTROL)
    assert seen == ["QPrintDialog"]


def test_a_course_is_found_by_its_status_and_its_order_opened(bed):
    keys = bed(1, MADE, HUNG)
    keys.press(KEY.Key_3, CONTROL)
    keys.see()
    keys.alt("U")
    keys.choose("finished")
    assert "No course is like that." in shown(keys.window)
    keys.choose("running")
    keys.to("Courses")
    keys.alt("D")
    keys.see()
    assert keys.window.workspace == "order"
    assert keys.desk.editor.text("case") == "A-17"


def test_the_rest_is_re_planned_and_issued(bed):
    stood = entry("interrupted", 20, reason="technical"), entry("resumed", 26, line_closed=True)
    keys = bed(30, MADE, HUNG, *stood, entry("lost", 29, bag=2))
    keys.press(KEY.Key_3, CONTROL)
    keys.to("Courses")
    keys.enter()
    keys.button("Reason: interrupted 4 h or more")
    keys.fill({"Reason": "the pump was changed", "Entered by": "P. One"})
    keys.button("Record")
    assert "Reason: the pump was changed" in keys.said
    keys.button("Issue this re-plan")
    assert heard(keys.focus) == "Issued by"
    assert keys.said.count("bag 9") or "New: bag" in keys.said
    keys.fill({"Issued by": "P. One", "Checked by": "Q. Two"})
    keys.button("Issue")
    assert len(keys.window.courses.plans) == 2
    keys.see()


def test_product_data_is_compared_and_approved(office, tmp_path):
    before = tmp_path / "before.toml"
    before.write_text((resources_folder() / "products" / "eu.toml").read_text().replace('"3.3 mL/h"', '"3.2 mL/h"'))
    keys = office()
    keys.press(KEY.Key_D, CONTROL | SHIFT)
    dialog = keys.dialog(ProductDialog)
    keys.to("Figures of the product data")
    keys.press(KEY.Key_End, CONTROL)
    keys.to("Figures", back=True)
    keys.press(KEY.Key_Right)
    keys.file(lambda: keys.button("File before …"), before)
    assert dialog.changed_figures.rowCount() == 1
    keys.fill({"First name": "P. One", "Second name": "Q. Two"})
    keys.button("Approve")
    assert "P. One" in dialog.state.text()
    keys.see()
    keys.leave(dialog)


def test_the_site_is_set_up(office):
    keys = office()
    keys.press(KEY.Key_Comma, CONTROL)
    keys.dialog(SiteDialog)
    keys.answer("Name", "Example hospital")
    keys.to("Unit and hours", back=True)
    keys.press(KEY.Key_Down, times=2)
    keys.answer("Change hours", "8 to 7")
    keys.alt("S")
    assert "Not saved" in shown(keys.window.findChild(SiteDialog))
    assert heard(keys.focus) == "Change hours"
    keys.write("08:00-20:00")
    keys.alt("S")
    keys.back()
    kept = own_site_file().read_text()
    assert 'name = "Example hospital"' in kept
    assert 'change_hours = "08:00-20:00"' in kept


def test_a_case_goes_on_the_register_which_is_kept_and_restored(office, tmp_path):
    keys = office(site="")
    keys.desk.editor.rest()
    keys.press(KEY.Key_G, CONTROL)
    keys.dialog(PutDialog)
    keys.answer("Recorded by", "A. First")
    keys.button("Put on the register")
    keys.back()
    assert "is on the register" in keys.window.notice.text()
    backup = tmp_path / "register.backup"
    keys.file(lambda: keys.menu("File", "Back up the register …"), backup)
    assert backup.exists(), keys.window.notice.text()
    keys.answer("Case", "B-18")
    keys.desk.editor.rest()
    keys.press(KEY.Key_G, CONTROL)
    keys.dialog(PutDialog)
    keys.answer("Recorded by", "A. First")
    keys.alt("P")
    keys.back()
    keys.file(lambda: keys.menu("File", "Restore the register …"), backup)
    keys.dialog(RestoreDialog)
    keys.alt("R")
    keys.back()
    keys.press(KEY.Key_R, CONTROL)
    keys.to("Courses")
    table = keys.focus
    assert [table.item(row, 0).text() for row in range(table.rowCount())] == ["A-17"]
    keys.window.courses.close()


def test_many_orders_are_worked_out(office, tmp_path):
    orders = tmp_path / "orders.csv"
    orders.write_text(
        "weight,length,born,sex,gestation,measured,start,zone,product,pattern\n"
        "6.42 kg,63.5 cm,2026-06-20,female,term,2026-11-23,2026-11-23T14:00,Europe/Amsterdam,eu,96h\n"
    )
    keys = office(order=False)
    keys.menu("File", "Many orders …")
    dialog = keys.dialog(BatchDialog)
    keys.file(lambda: keys.button("Choose the table of orders"), orders)
    assert dialog.answers.text() == str(tmp_path / "orders.jsonl")
    keys.alt("A")
    keys.qtbot.waitUntil(lambda: "Orders answered: 1." in dialog.status.text(), timeout=20_000)
    keys.see()
    (line,) = (tmp_path / "orders.jsonl").read_text().splitlines()
    assert json.loads(line)["daily_dose"]["micrograms"].startswith("5.0477")
    keys.leave(dialog)


def test_role_and_language_are_chosen(office):
    keys = office()
    keys.menu("View", "Language", "Nederlands")
    assert kept_language() == "nl"
    for role, workspace in (("Second checker", "check"), ("Technician", "prepare"), ("Nurse", "administer"),
                            ("Trainer", "teach"), ("Pharmacist", "teach")):  # fmt: skip
        keys.menu("Role", role)
        assert keys.window.workspace == workspace
        keys.see()
    keys.press(KEY.Key_1, CONTROL)
    assert keys.window.workspace == "order"
    keys.see()


def test_the_guide_is_opened_read_and_left(office):
    keys = office()
    keys.to("Weight, kg")
    keys.press(KEY.Key_F1)
    guide = keys.dialog(GuideDialog)
    assert guide.name == "pharmacist"
    top = guide.browser.verticalScrollBar()
    before = top.value()
    keys.press(KEY.Key_PageDown)
    assert top.value() > before
    keys.alt("N")
    assert guide.name == "nurse"
    keys.press(KEY.Key_Left, ALT)
    assert guide.name == "pharmacist"
    keys.leave(guide)
    assert heard(keys.focus) == "Weight, kg"


# ---- trainers ----


@pytest.fixture
def lesson(office):
    """Teach, as a trainer finds it."""
    keys = office()
    keys.menu("Role", "Trainer")
    keys.see()
    keys.teach = keys.window._workspaces["teach"]
    keys.pages = keys.teach._pages
    return keys


def test_the_pages_of_teach_are_gone_through(lesson):
    for page in ("practise", "spot", "drug", "demonstrate"):
        lesson.press(KEY.Key_PageDown, CONTROL)
        assert lesson.teach.page == page
        lesson.see()
    lesson.press(KEY.Key_PageUp, CONTROL)
    assert lesson.teach.page == "drug"
    for letter, page in (("D", "demonstrate"), ("T", "practise"), ("S", "spot"), ("G", "drug")):
        lesson.alt(letter)
        assert lesson.teach.page == page


def test_a_calculation_is_demonstrated_and_changed(lesson):
    page = lesson.pages["demonstrate"]
    lesson.press(KEY.Key_Space, times=4)
    lesson.press(KEY.Key_Backspace)
    assert page.number.text() == "Step 4 of 11"
    lesson.alt("N")
    assert page.number.text() == "Step 5 of 11"
    lesson.answer("Weight, kg", "7.1")
    assert "dose" in page.changes()
    lesson.alt("C")
    assert page.changes() == ()
    lesson.to("Steps")
    lesson.press(KEY.Key_Home)
    assert page.number.text() == "Step 1 of 11"
    lesson.press(KEY.Key_Plus, CONTROL)
    assert page._scale == 1
    lesson.alt("I")
    assert not page.side.isVisible()
    lesson.see()
    lesson.press(KEY.Key_Space)
    assert page.number.text() == "Step 2 of 11"
    lesson.alt("U")
    preview = lesson.dialog(PaperPreview)
    assert "TRAINING" in preview.windowTitle()
    lesson.leave(preview)
    lesson.alt("I")
    lesson.alt("B")
    assert page.texts["weight"] != "7.1 kg"
    lesson.see()


def test_exercises_are_answered_wrong_then_right(lesson, tmp_path):
    lesson.alt("T")
    page = lesson.pages["practise"]
    lesson.answer("Seed", "7")
    lesson.answer("Exercises", "Convert")
    lesson.answer("Level", "on your own")
    lesson.alt("B")
    assert heard(lesson.focus) == "Answer"
    # 5.98 micrograms per day in micrograms per hour: 5.98 / 24 = 0.249
    assert plain(page.question.text()) == "Write 5.98 micrograms per day in micrograms per hour."
    lesson.type("143.52 microgram/h")  # multiplied instead
    lesson.enter()
    assert page.verdict.text() == "A known slip"
    lesson.alt("I")
    assert page.hints.isVisible()
    lesson.see()
    lesson.to("Answer")
    lesson.write("0,249 microgram/h")
    lesson.enter()
    assert page.verdict.text() == "Right"
    lesson.enter()
    assert page.exercise.number == 2
    assert heard(lesson.focus) == "Answer"
    lesson.alt("W")
    lesson.see()
    lesson.alt("N")
    assert page.exercise.number == 3
    lesson.file(lambda: lesson.alt("C"), tmp_path / "results.csv")
    assert len((tmp_path / "results.csv").read_text().splitlines()) == 3


def test_an_error_is_spotted(lesson):
    lesson.alt("S")
    page = lesson.pages["spot"]
    lesson.answer("Seed", "7")
    lesson.alt("B")
    assert heard(lesson.focus) == "Lines"
    lines = [plain(page.lines.item(row).text()) for row in range(page.lines.count())]
    # the square root of 5 kg x 50 cm / 3600 is 0.264, not 0.372, as a public page had it
    wrong = lines.index("BSA, Mosteller: 0.372 m²")
    lesson.press(KEY.Key_Down)
    lesson.enter()
    assert page.verdict.text() == "Not right"
    lesson.press(KEY.Key_Down, times=wrong)
    lesson.alt("M")
    assert page.verdict.text() == "Right"
    lesson.see()
    lesson.alt("N")
    assert page.title.text().startswith("2.")
    lesson.answer("Task", "Program")
    lesson.alt("B")
    assert page.pump.isVisible()
    lesson.see()


def test_a_picture_of_the_drug_is_drawn(lesson):
    lesson.alt("G")
    page = lesson.pages["drug"]
    lesson.answer("What is drawn in", "Wrong rate")
    lesson.fill({"From hour, h": "48", "To hour, h": "60", "Rate, mL/h": "5"})
    lesson.alt("A")
    lesson.see()
    assert [each.kind for each in page.events] == ["wrong-rate"]
    lesson.answer("What is drawn in", "Interruption")
    lesson.fill({"From hour, h": "100", "To hour, h": "106"})
    lesson.button("Add")
    assert "begins: Interruption" in [page.table.item(row, 2).text() for row in range(page.table.rowCount())]
    lesson.to("Part of the course shown")
    lesson.choose("First 48 hours")
    lesson.to("Drawn in")
    lesson.press(KEY.Key_Home)
    lesson.alt("W")
    assert [each.kind for each in page.events] == ["interruption"]
    lesson.see()
    lesson.alt("W")
    assert page.events == []
    lesson.see()


def test_a_class_set_is_made(tmp_path):
    assert main(["teach", "set", "--seed", "7", "--n", "2", "--to", str(tmp_path / "class")]) == 0
    assert {each.suffix for each in (tmp_path / "class").iterdir()} == {".pdf", ".csv"}
