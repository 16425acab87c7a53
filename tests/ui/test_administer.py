"""A course at the bed by keys alone, what is refused, and a window that is left running."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit
from ward import START, Ward, house, reference, rest_at
from whenever import Instant

from dosing_app.core.quantities import Refused, exact_arithmetic
from dosing_app.course.plan import Plan
from dosing_app.store.folders import register_file
from dosing_app.store.register import open_register
from dosing_app.ui import event_forms as forms
from dosing_app.ui import event_reading
from dosing_app.ui.paper_preview import PaperPreview

TAB, ENTER, ESCAPE = Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Escape
BOTH = {"by": "N. One", "second": "N. Two"}


@pytest.fixture
def ward(qtbot):
    found = Ward(qtbot)
    yield found
    found.close()


def begin(ward: Ward) -> None:
    """The first session was held and the first bag hangs."""
    ward.at(-2)
    ward.enter("A", by="N. One")
    ward.at(0)
    ward.enter("G", **BOTH)


def words(text: str) -> str:
    """A text with plain blanks."""
    return text.replace("\u00a0", " ")


def shown(ward: Ward) -> str:
    """Every text that can be seen."""
    return words("\n".join(each.text() for each in ward.page.findChildren(QLabel) if each.isVisible()))


def to_button(ward: Ward, button) -> None:
    """Go to a button with Tab and press it."""
    for _step in range(60):
        if ward.focus is button:
            ward.key(ENTER)
            return
        ward.key(TAB)
    raise AssertionError(f"not reached with Tab: {button.text()}")


# ---- a whole course ----


def test_a_course_from_not_begun_to_finished_by_keys_alone(ward):
    assert "Not begun" in shown(ward)
    begin(ward)
    assert words(ward.page.board.rate.text()) == "RATE 3.3 mL/hour"
    ward.at(20)
    ward.enter("S", reason="technical", by="N. One")
    assert words(ward.page.board.rate.text()) == "PUMP STANDS"
    ward.at(26)
    ward.press("M")
    ward.fill(line_closed="yes")
    ward.qtbot.waitUntil(lambda: "66 mL infused = 171.6 mL left" in words(ward.panel.following.text()))
    ward.fill(by="N. One")
    ward.record()
    assert ward.rest.progress.infused_minutes == 20 * 60
    ward.at(30)
    ward.enter("L", bag="2", by="N. One")  # made, and dropped
    assert ward.schedule_of(2) == "lost"
    assert ward.page.schedule.has_drafts
    assert not ward.page.issue.isVisible()
    ward.role = "pharmacist"
    ward.page.renew()
    ward.page.findings.reason_asked.emit("interrupted-4h")  # its button
    ward.fill(text="the pump was changed", by="P. One")
    ward.record()
    assert "Reason: the pump was changed" in "\n".join(ward.page.findings.sentences)
    to_button(ward, ward.page.issue)
    for name in ("P. One", "Q. Two"):
        ward.keys(name)
        ward.key(TAB)
    assert ward.focus is ward.page.below.currentWidget().issue
    ward.key(ENTER)
    assert len(ward.courses.plans) == 2, ward.page.below.currentWidget().refused.text()
    ward.role = "nurse"
    ward.page.renew()
    for _change in range(12):
        if not ward.rest.bags:
            break
        following = ward.rest.bags[0]
        if following.number not in ward.rest.progress.usable:
            ward.until(following.start.subtract(hours=3))
            ward.enter("A", made=f"bag {following.number}", by="T. One")
        ward.until(following.start)
        ward.enter("G", **BOTH)
        assert ward.rest.progress.running.bag.number == following.number, ward.panel
    ward.until(ward.rest.progress.running.take_down)
    ward.enter("K", **BOTH)
    assert words(ward.page.board.rate.text()) == "Finished"
    assert "672 h" in words(ward.page.board.closing.text())
    assert "bag 2 of revision 1: lost" in words(ward.page.board.closing.text())
    changes = [each for each in ward.log if each["event"] in {"hung", "stopped"}]
    assert len(changes) == 2 * len(ward.rest.progress.hung)
    assert {each["by"] for each in changes} == {"N. One; N. Two"}


def test_a_bag_change_is_one_step_of_two_entries(ward):
    begin(ward)
    ward.at(72)
    ward.press("G")
    ward.fill(**BOTH)
    ward.qtbot.waitUntil(lambda: "RATE CHANGES: was 3.3, now 2.5 mL/hour" in words(ward.panel.following.text()))
    assert "Bag 1 is taken down at the same time." in words(ward.panel.following.text())
    ward.record()
    assert [(each["event"], each["bag"]) for each in ward.log[-2:]] == [("stopped", 1), ("hung", 2)]
    assert words(ward.page.board.rate.text()) == "RATE 2.5 mL/hour"


def test_an_entry_is_put_right_and_another_is_withdrawn(ward):
    begin(ward)
    ward.at(2)
    ward.page.tabs.setCurrentIndex(1)
    to_button(ward, ward.page.correct)  # the last entry
    assert ward.panel.field("at").document_text() == "Mon 23-Nov-2026 14:00"
    ward.fill(at="13:40")
    ward.record()
    entry = ward.log[-1]
    assert (entry["event"], entry["index"], entry["replacement"]["at"]) == ("corrects", 1, "2026-11-23T12:40:00Z")
    assert ward.rest.progress.infused_minutes == 140
    ward.enter("N", text="slip", by="N. One")
    ward.page.log.setFocus()
    assert ward.page.log.chosen.event["text"] == "slip"
    ward.key(ENTER)
    ward.panel.never.setFocus()
    ward.key(Qt.Key.Key_Space)
    ward.record()
    assert ward.log[-1] | {"at": ""} == {
        "at": "", "by": "N. One", "event": "corrects", "index": 3, "replacement": None,
    }  # fmt: skip
    marks = [ward.page.log.item(row, 5).text() for row in range(5)]
    assert marks == ["", "put right by entry 2", "", "put right by entry 4", ""]


def test_a_prescriber_restarts(ward):
    begin(ward)
    ward.at(10)
    ward.enter("S", reason="adverse-event", by="N. One")
    assert "Waiting for a prescriber" in shown(ward)
    ward.press("I")
    ward.fill(what="restart")
    assert not ward.panel.field("dose_rate").document_text()  # never a dose rate by default
    ward.fill(dose_rate="5", after_days="7")
    ward.fill(then_rate="15", prescriber="D. One", by="N. One")
    ward.record()
    assert ward.log[-1] | {"at": ""} == {
        "at": "", "by": "N. One", "event": "decision", "what": "restart", "dose_rate": "5", "prescriber": "D. One",
        "then": {"after_days": 7, "dose_rate": "15"},
    }  # fmt: skip


def test_what_ought_not_to_be_can_be_recorded_and_what_follows_warns(ward):
    """It may have happened: a bag that runs on before the prescriber has decided, or one of another dose."""
    begin(ward)
    ward.at(10)
    ward.enter("S", reason="adverse-event", by="N. One")
    ward.at(11)
    ward.press("M")
    ward.fill(line_closed="yes", by="N. One")
    warning = "Not before a prescriber has decided the dose rate: Decision. Record it only if it has happened"
    ward.qtbot.waitUntil(lambda: warning in words(ward.panel.following.text()))
    ward.record()
    assert ward.log[-1]["event"] == "resumed"
    assert "Waiting for a prescriber" in shown(ward)
    ward.at(12)
    ward.press("G")
    assert ward.panel.typed()["bag"] == ""  # no bag is offered as the right one
    ward.key(ESCAPE)
    ward.enter("I", what="restart")
    ward.fill(dose_rate="5", prescriber="D. One", by="N. One")
    ward.record()
    assert "TAKE DOWN: made for another dose" in shown(ward)
    ward.press("G")
    ward.fill(bag="2", **BOTH)
    assert "made for another dose" in ward.panel.field("bag").currentText()
    ward.qtbot.waitUntil(lambda: "Bag 2 was made for another dose: take it down." in words(ward.panel.following.text()))
    ward.record()
    assert [(each["event"], each["bag"]) for each in ward.log[-2:]] == [("stopped", 1), ("hung", 2)]
    assert "TAKE DOWN: made for another dose" in shown(ward)


def test_a_reason_that_is_noticed_late_is_entered_while_the_pump_stands_or_no_bag_hangs(ward):
    begin(ward)
    ward.at(10)
    ward.enter("S", reason="technical", by="N. One")
    ward.at(11)
    ward.enter("S", reason="adverse-event", by="N. One")
    assert [each["event"] for each in ward.log[-2:]] == ["interrupted", "interrupted"]
    assert "Waiting for a prescriber" in shown(ward)
    ward.enter("K", **BOTH)
    assert ward.page.events["interrupted"].isEnabled()


# ---- what is refused ----


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"second": "N. Two"}, "The name is missing."),
        ({"by": "N. One"}, "A second name is missing: two people change a bag."),
        ({"by": "N. One", "second": " n.  ONE"}, "This is the same name. Two people change a bag."),
        ({"at": "14:01", **BOTH}, "Mon 23-Nov-2026 14:01 is in the future. For yesterday write Sun 22-Nov-2026 14:01."),
        ({"at": "2pm", **BOTH}, "is not a day and time. Write 14:05 for today, or 23-Nov-2026 14:05."),
        ({"at": "22-Nov-2026 14:00", **BOTH}, "bag 1 was never prepared"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(ward, typed, said):
    ward.at(-2)
    ward.enter("A", by="N. One")
    ward.at(0)
    before = len(ward.log)
    ward.enter("G", **typed)
    assert len(ward.log) == before
    assert said in words(ward.panel.refused.text())
    assert {name: text for name, text in ward.panel.typed().items() if name in typed} == typed
    ward.key(ESCAPE)
    ward.press("G")
    assert ward.panel.field("by").document_text() == typed.get("by", "")


def test_another_station_is_not_overwritten(ward):
    begin(ward)
    ward.at(5)
    with open_register(register_file(), house(), ward.clock) as other:
        head = ward.courses.record.listed.head
        entry = {"at": ward.clock().format_iso(), "by": "Z. Else", "event": "note", "text": "seen"}
        other.append(ward.id, [entry], head)
    ward.enter("N", text="mine", by="N. One")
    assert "Somebody else recorded something" in words(ward.panel.refused.text())
    assert ward.panel.field("text").document_text() == "mine"
    ward.record()
    assert [each["text"] for each in ward.log[-2:]] == ["seen", "mine"]


def test_a_back_dated_entry_is_marked(ward):
    begin(ward)
    ward.at(20)
    ward.press("S")
    ward.fill(at="09:30")
    assert "Tue 24-Nov-2026 09:30, back-dated" in shown(ward)
    ward.fill(reason="procedure", by="N. One")
    ward.record()
    assert ward.rest.progress.infused_minutes == 19 * 60 + 30
    ward.page.tabs.setCurrentIndex(1)
    assert ward.page.log.item(ward.page.log.rowCount() - 1, 5).text() == "late"


def test_names_are_offered_again_and_not_filled_in(ward):
    begin(ward)
    ward.press("N")
    by = ward.panel.field("by")
    assert by.document_text() == ""
    assert [by.itemText(row) for row in range(by.count())] == ["N. One", "N. Two"]


def test_a_bag_that_was_not_chosen_is_always_the_right_one_and_a_chosen_one_is_never_exchanged(ward):
    begin(ward)
    for bag in (3, 4):
        ward.enter("A", made=f"bag {bag}", by="N. One")
    ward.at(72)
    ward.press("G")
    assert ward.panel.field("bag").document_text() == "2"
    ward.key(ESCAPE)
    ward.enter("L", bag="2", by="N. One")
    ward.press("G")
    assert ward.panel.field("bag").document_text() == "3"
    ward.fill(bag="4")
    ward.key(ESCAPE)
    ward.enter("L", bag="4", by="N. One")
    ward.press("G")
    assert ward.panel.field("bag").currentText() == "choose …"
    ward.fill(**BOTH)
    ward.record()
    assert ward.panel.refused.text() == "Choose the bag."


def test_a_log_that_does_not_fit_is_put_right(ward):
    early = ward.start.subtract(hours=90).format_iso()
    with open_register(register_file(), house(), ward.clock) as register:
        plan = ward.courses.plans[0]
        course = register.add_course("A-17", {}, "A. First")
        hung = {"at": early, "by": "N. One; N. Two", "event": "hung", "bag": 1}  # before there was a plan
        course, _entries = register.append(course.id, [hung], course.head)
        register.add_plan(course.id, plan.as_json(), "C. Third", course.head)
    ward.courses.open(course.id)
    assert "bag 1 was never prepared" in words(ward.page.board.sentence.text())
    ward.page.tabs.setCurrentIndex(1)
    to_button(ward, ward.page.correct)
    ward.panel.never.setFocus()
    ward.key(Qt.Key.Key_Space)
    ward.record()
    assert "Not begun" in shown(ward)


def test_a_button_keeps_the_focus_while_the_minutes_go_on(ward):
    begin(ward)
    ward.role = "pharmacist"
    ward.at(10)
    ward.enter("S", reason="technical", by="N. One")
    ward.at(15)
    button = next(each for each in ward.page.findings.findChildren(QAbstractButton) if each.text() == "Reason …")
    button.setFocus()
    for hours in (15.5, 16):
        ward.at(hours)
        assert ward.focus is button
    assert "stood still for 6 h" in words(ward.page.findings.sentences[0])


# ---- what is typed at the bed ----


def code(plan: Plan, number: int) -> str:
    assert plan.issue is not None
    return f"BIP1;{number}/{len(plan.bags or ())};{plan.issue.revision};{plan.check_code};A-17"


def test_a_scan_reaches_its_field_from_wherever_the_keys_are(ward):
    begin(ward)
    ward.at(72)
    for widget in (ward.page.events["note"], ward.page.schedule, ward.page.all_courses, ward.page.tabs):
        widget.setFocus()
        QTest.keyClicks(ward.focus, "B")
        ward.keys(code(ward.courses.plans[0], 2)[1:])
        ward.key(ENTER)
        assert words(ward.page.line.answer.text()) == (
            "This is bag 2 of case A-17, due now. Check wristband and pump before connecting."
        )
        assert ward.focus is ward.page.line.code
    ward.keys(code(ward.courses.plans[0], 3))  # the next scan takes the place of the one before
    assert words(ward.page.line.answer.text()) == ""
    ward.key(ENTER)
    assert ward.page.line.answer_mark.isVisible()
    assert "prepared is not recorded" in words(ward.page.line.answer.text())
    ward.page.events["note"].click()
    ward.keys("B")
    assert ward.panel.field("at").document_text() == "B"  # a field keeps its keys


def test_a_reading_is_judged_at_each_key_and_is_one_of_now(ward):
    begin(ward)
    ward.at(30)
    line = ward.page.line
    line.reading.setFocus()
    ward.keys("99")
    assert words(line.verdict.text()).startswith("Fits")
    ward.keys("0")
    assert not words(line.verdict.text()).startswith("Fits")
    ward.key(Qt.Key.Key_Backspace)
    assert words(line.verdict.text()).startswith("Fits")
    ward.at(30.1)
    assert words(line.verdict.text()) == "Read at Tue 24-Nov-2026 20:00. Look again, and type it anew."
    line.what.setFocus()
    for _step in range(2):
        ward.key(Qt.Key.Key_Down)
    line.reading.setFocus()
    line.reading.selectAll()
    ward.keys("2.5")
    assert "Does not fit" in words(line.verdict.text())
    assert line.verdict_mark.isVisible()


# ---- papers ----


@pytest.mark.parametrize(("role", "paper", "prints"), [
    ("nurse", "schedule", True), ("nurse", "labels", False), ("pharmacist", "labels", True),
])  # fmt: skip
def test_a_nurse_sees_labels_and_prints_the_schedule(qtbot, another, role, paper, prints):
    ward = Ward(qtbot)
    ward.close()
    ward.page.hide()
    desk = another()
    desk.window.choose_role(role)
    desk.window.go("administer")
    workspace = desk.window._workspaces["administer"]
    workspace.list.open()
    workspace.page.papers[paper].click()
    preview = next(each for each in desk.window.findChildren(PaperPreview) if each.isVisible())
    assert preview.document is not None, preview.status.text()
    assert preview.print_button.isEnabled() is prints
    keys = {each.key for each in preview.sheaf.papers}
    assert keys == {paper} or (role == "pharmacist" and {"labels", "schedule", "downtime"} <= keys)
    preview.close()
    desk.window.courses.close()


# ---- roles ----


def test_what_each_role_may_do(ward):
    begin(ward)
    ward.at(10)
    for role, enabled in (("nurse", True), ("pharmacist", True), ("technician", False)):
        ward.role = role
        ward.page.renew()
        assert ward.page.events["interrupted"].isEnabled() is enabled
        assert ward.page.events["prepared"].isEnabled()
        for word in ("price", "cost", "EUR", "GBP", "USD"):
            assert word not in shown(ward)


def test_everything_has_a_name_and_is_reached_with_tab(ward):
    begin(ward)
    reached = set()
    for _step in range(80):
        reached.add(ward.focus)
        ward.key(TAB)
    wanted = [
        each
        for each in ward.page.findChildren(QAbstractButton) + ward.page.findChildren(QLineEdit)
        if each.isVisible() and each.isEnabled() and each.focusPolicy() != Qt.FocusPolicy.NoFocus
    ]
    assert len(wanted) > 12
    for each in [*wanted, *ward.page.findChildren(QComboBox)]:
        assert each.accessibleName() or each.text(), each
    assert {each.accessibleName() for each in set(wanted) - reached} == set()


# ---- a window left running ----


def test_over_midnight_the_minutes_go_on(ward):
    begin(ward)
    for hours, left in ((9.98, "in 62 h 1 min"), (10, "in 62 h"), (10.02, "in 61 h 59 min")):
        ward.at(hours)
        assert words(ward.page.board.left.text.text()) == left
    assert ward.rest.progress.infused_minutes == 601


def test_a_window_that_nobody_touches_for_28_days_says_nothing_wrong(ward):
    begin(ward)
    last = 0
    for hours in range(5, 28 * 24, 11):
        ward.at(hours)
        board, progress = ward.page.board, ward.rest.progress
        assert last <= progress.infused_minutes <= hours * 60
        last = progress.infused_minutes
        assert words(board.rate.text()) == "RATE 3.3 mL/hour"
        assert words(board.left.text.text()).startswith("OVERDUE by" if hours > 72 else "in ")
        assert ("TAKE DOWN" in board.state.text.text()) is (hours > 96)
    assert last < 96 * 60  # the bag is empty, and hours do not go on without it


def test_a_clock_that_is_put_back_an_hour_is_said_by_both_clocks(qtbot):
    ward = Ward(qtbot, start="2026-10-22T14:00", measured="2026-10-22", pattern="96h")
    begin(ward)
    ward.at(50)
    assert words(ward.page.board.due.text()) == "Mon 26-Oct-2026 13:00"  # 96 hours on, with winter time
    assert "14:00 (UTC+02:00)" in words(ward.page.board.clocks.text())
    assert "clock change" in ward.page.schedule.item(0, 9).text()
    ward.at(62)  # 03:00, after it was 02:30 twice
    ward.press("N")
    ward.fill(at="02:30", text="x", by="N. One")
    ward.record()
    assert "+02:00" in words(ward.panel.refused.text())
    ward.fill(at="02:30+02:00")
    ward.record()
    assert ward.log[-1]["at"] == "2026-10-25T00:30:00Z"
    ward.close()


def test_a_clock_that_is_set_back_is_said_and_nothing_goes_backwards(ward):
    begin(ward)
    ward.at(5)
    ward.enter("N", text="seen", by="N. One")
    infused = ward.rest.progress.infused_minutes
    ward.at(-20)
    assert "Set the clock right" in ward.page.trouble.text()
    assert ward.page.trouble.isVisible()
    assert ward.rest.progress.infused_minutes == infused


def test_where_there_is_trouble_the_board_shows_a_sentence_and_nothing_else(ward):
    begin(ward)
    ward.at(5)
    file = register_file()
    ward.courses.close()
    whole = file.read_bytes()
    for each in file.parent.glob(f"{file.name}*"):
        each.unlink()
    file.write_bytes(b"no register at all, but a file " * 40)
    ward.at(6)
    assert ward.courses.trouble
    assert ward.page.board.sentence.isVisible()
    assert ward.page.board.sentence.text() == ward.courses.trouble
    assert (words(ward.page.board.rate.text()), words(ward.page.board.due.text()), ward.page.board.ledger) == (
        "",
        "",
        [],
    )
    ward.keys(code(ward.courses.plans[0], 2))
    ward.key(ENTER)
    assert ward.page.line.answer.text() == ward.courses.trouble  # no answer from what was read before
    file.write_bytes(whole)
    ward.courses.close()
    ward.clock.now = ward.clock.now.add(minutes=10)
    ward.courses.renew()
    assert words(ward.page.board.rate.text()) == "RATE 3.3 mL/hour"


def test_in_the_window_the_list_comes_first_and_a_hidden_workspace_does_no_work(qtbot, another):
    ward = Ward(qtbot)
    begin(ward)
    ward.close()
    ward.page.hide()
    desk = another()
    desk.window.go("administer")
    workspace = desk.window._workspaces["administer"]
    assert workspace.stack.currentWidget() is workspace.list
    workspace.list.table.setFocus()
    QTest.keyClick(workspace.list.table, ENTER)
    assert workspace.stack.currentWidget() is workspace.page
    assert workspace.page.case.text() == "A-17"
    desk.window.go("order")
    drawn = []
    workspace.page.renew = lambda: drawn.append(1)
    desk.window.courses.renew()
    assert drawn == []
    desk.window.go("administer")
    assert drawn
    del workspace.page.renew
    desk.window.choose_role("nurse")
    assert not workspace.page.issue.isVisible()
    sheaf = workspace._sheaf("labels", whole=False)
    assert {each.key for each in sheaf.papers} <= {"labels"}
    QTest.keyClick(workspace.page.all_courses, ENTER)
    assert workspace.stack.currentWidget() is workspace.list
    desk.window.courses.close()


# ---- what is typed becomes entries, and back ----


@given(st.integers(1, 672 * 60))
def test_minutes_come_back_from_decimal_hours(minutes):
    with exact_arithmetic():
        assert Decimal(event_reading.decimal_hours(minutes)) * 60 == minutes


@given(st.integers(0, 60 * 24 * 400), st.sampled_from(["Europe/Amsterdam", "Australia/Lord_Howe", "Asia/Kathmandu"]))
def test_a_time_that_is_shown_is_read_as_the_same_moment(minutes, zone):
    now = START.add(minutes=minutes)
    text = event_reading.at_bed(now, zone)
    if now.to_tz(zone).to_plain().assume_tz(zone, disambiguation="earlier") != now.to_tz(zone).to_plain().assume_tz(
        zone, disambiguation="later"
    ):
        with pytest.raises(Refused, match="repeated"):  # the hour that comes twice asks which one is meant
            event_reading.read_time(text, now, zone)
        return
    assert event_reading.read_time(text, now, zone) == now
    assert event_reading.read_time(text[-5:], now, zone) == now


@pytest.mark.parametrize(
    ("event", "typed"),
    [
        ("hung", {"bag": "1", **BOTH}),
        ("prepared", {"made": "session 2", "by": "N. One"}),
        ("prepared", {"made": "bag 3", "by": "N. One"}),
        ("interrupted", {"reason": "procedure", "by": "N. One"}),
        ("resumed", {"line_closed": "no", "sliding": "sliding", "by": "N. One"}),
        ("measured", {"weight": "6.8", "length": "64", "by": "N. One"}),
        ("rate-found", {"rate": "10", "from": "23-Nov-2026 14:00", "to": "23-Nov-2026 15:00", "by": "N. One"}),
        ("note", {"text": "seen", "by": "N. One"}),
        ("note", {"text": "seen", "about": "interrupted-4h", "by": "N. One"}),
        ("decision", {"what": "waive", "hours": "16:20", "prescriber": "D. One", "by": "N. One"}),
        ("decision", {"what": "run-on", "hours": "1.5", "by": "N. One"}),
        ("decision", {"what": "new-bag", "by": "N. One"}),
    ],
)
def test_an_entry_that_is_put_right_shows_what_was_typed(event, typed):
    now, rest = START.add(hours=30), rest_at(30)
    first = event_reading.read(event, typed, rest, now, reference())
    assert not first.faults
    again = event_reading.typed_of(first.entries[-1], forms.zone_of(rest))
    assert event_reading.read(event, again, rest, now.add(hours=1), reference()).entries == first.entries
    assert isinstance(Instant.parse_iso(first.entries[-1]["at"]), Instant)
