"""The options in Prepare: searched for when the hands rest, selected and chosen by keys and mouse."""

import dataclasses
from decimal import Decimal
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from settling import clipped, settle
from whenever import ZonedDateTime

from dosing_app.core.quantities import magnitude
from dosing_app.papers.label import label_of
from dosing_app.papers.standing import draft_standing
from dosing_app.reference.bundle import load_house
from dosing_app.reference.folder import resources_folder
from dosing_app.ui import theme
from dosing_app.ui.editor import REST, Editor
from dosing_app.ui.prepare import Prepare
from dosing_app.wording import options_words as words
from dosing_app.wording.figures import date_words, session_table

PRODUCT_LIMITS = 'schema = 1\nstart_within_h = "product"\nstart_within_basis = "validated"\n'
PRESERVED = PRODUCT_LIMITS + 'product = "us"\npreserved_bags = true\nvial_price = "4821.50 USD"\n'
EXAMPLE = resources_folder() / "orders" / "example.json"
NO_PLAN = "23-Nov-2026 09:00"  # Monday before the first session of the week, 24 h limit


def house(tmp_path, text):
    path = tmp_path / "site.toml"
    path.write_text(text)
    return load_house(path)


@pytest.fixture
def front(desk, tmp_path):
    """Prepare with the eight options of a site that may use the product's own limits."""
    desk.editor.use(house(tmp_path, PRODUCT_LIMITS))
    desk.window.go("prepare")
    rest(desk)
    return desk


def rest(desk):
    """The hands rest, and every plan is laid out."""
    desk.editor.rest()
    panel = desk.window.prepare.options
    desk.qtbot.waitUntil(lambda: all(plan is not None for plan in panel._plans), timeout=5000)


def panel_of(desk):
    return desk.window.prepare.options


def cells(table, row):
    return [table.item(row, column).text() for column in range(table.columnCount())]


# ---- when the hands rest ----


def test_typing_shows_the_dose_at_once_and_sessions_when_the_hands_rest(desk):
    weight = desk.field("weight")._line if hasattr(desk.field("weight"), "_line") else desk.field("weight")
    rests = []
    desk.editor.rested.connect(lambda: rests.append(desk.editor.text("weight")))
    desk.type("weight", "6.9")
    assert desk.dose
    assert desk.editor.plan.searching
    assert not rests
    assert "Searching" in desk.window.order.timeline._waiting
    assert desk.window.order.timeline.isVisible()
    height = desk.window.order.timeline.y()
    desk.qtbot.waitUntil(lambda: bool(rests), timeout=5000)
    assert rests == ["6.9 kg"]
    assert desk.editor.plan.bags
    assert desk.window.order.timeline.y() == height
    assert QApplication.focusWidget() is weight
    assert weight.cursorPosition() == len("6.9")


def test_every_key_waits_anew(desk):
    desk.editor.rest()
    rests = []
    desk.editor.rested.connect(lambda: rests.append(desk.editor.text("weight")))
    field = desk.field("weight")
    field.setFocus()
    field.end(False)
    for _ in range(3):
        desk.qtbot.keyClick(field, Qt.Key.Key_1)
        desk.qtbot.wait(REST // 2)
        assert not rests
    desk.qtbot.waitUntil(lambda: bool(rests), timeout=5000)
    assert rests == ["6.42111 kg"]


def test_a_typed_pattern_has_its_plan_at_once(desk):
    desk.type("pattern", "96h")
    assert not desk.editor.plan.searching
    assert len(desk.editor.plan.bags) == 7
    assert not desk.window.order.timeline._waiting


def test_options_of_other_texts_are_never_shown(front):
    assert panel_of(front).table.rowCount() == 8
    front.editor.change("weight", "6.6 kg")
    assert panel_of(front).table.rowCount() == 0
    assert panel_of(front).sentence.isVisible()
    assert front.editor.answer is None
    assert front.window.prepare.bags.rowCount() == 0
    rest(front)
    assert panel_of(front).table.rowCount() == len(front.editor.answer.options) > 0
    front.editor.change("weight", "6.6.1 kg")
    assert panel_of(front).table.rowCount() == 0
    assert front.blank()
    front.editor.rest()
    assert panel_of(front).table.rowCount() == 0


def test_other_settings_search_anew(front, tmp_path):
    front.editor.use(load_house())
    assert panel_of(front).table.rowCount() == 0
    rest(front)
    assert panel_of(front).table.rowCount() == 1


def test_counts_stand_before_the_plans_are_laid_out(desk, tmp_path):
    desk.editor.use(house(tmp_path, PRODUCT_LIMITS))
    desk.window.go("prepare")
    desk.editor.rest()
    table = panel_of(desk).table
    assert [cells(table, row)[1] for row in range(8)] == ["5", "5", "5", "5", "6", "6", "7", "7"]
    assert cells(table, 7)[7] == words.SOON
    assert 7 not in table.pictures
    rest(desk)
    assert words.SOON not in cells(table, 7)
    assert set(table.pictures) == set(range(8))


# ---- the table ----


def test_the_table_holds_the_whole_front(front):
    table, answer = panel_of(front).table, front.editor.answer
    for row, option in enumerate(answer.options):
        shown = cells(table, row)
        assert shown[:6] == [str(row + 1), *map(str, option.counts)]
        plan = answer.plan(row)
        assert shown[7] == str(plan.totals.vials_floor)
        assert Decimal(shown[8]) == magnitude(plan.totals.worst_gap, "h")
        assert Decimal(shown[9]) == min(magnitude(bag.slack, "h") for bag in plan.bags)
        least = min(magnitude(session.spare, "mL") for session in plan.sessions)
        assert abs(Decimal(shown[10]) - least) <= Decimal("0.005")
        assert abs(Decimal(shown[12]) - magnitude(plan.totals.sodium, "mmol/kg/day")) <= Decimal("0.05")
        assert shown[-1] == plan.pattern


def test_nothing_is_called_best(front):
    prepare = front.window.prepare
    texts = [each.text() for kind in (QLabel, QAbstractButton) for each in prepare.findChildren(kind)]
    texts += words.option_table(front.editor.answer.options, panel_of(front)._plans).headers
    assert not [text for text in texts if {"best", "optimal", "recommended"} & set(text.lower().split())]


def test_preserved_options_are_marked_in_words_and_by_shape(desk, tmp_path):
    desk.editor.use(house(tmp_path, PRESERVED))
    desk.editor.change("product", "us")
    desk.window.go("prepare")
    rest(desk)
    table = panel_of(desk).table
    headers = [table.horizontalHeaderItem(column).text().replace("\n", " ") for column in range(table.columnCount())]
    mark, alcohol = headers.index("Mark"), headers.index("Benzyl alcohol,\u00a0mg")
    for row, option in enumerate(desk.editor.answer.options):
        shown = cells(table, row)
        assert ("preserved" in shown[mark]) == option.preserved
        assert ("needs a reason" in shown[mark]) == option.preserved
        assert (shown[alcohol] != "0") == option.preserved
        assert panel_of(desk).picture._points[row].preserved == option.preserved


# ---- selecting and choosing ----


def test_arrow_keys_look_at_an_option_and_enter_takes_it_in_one_step(front):
    prepare, table = front.window.prepare, panel_of(front).table
    before = dict(front.editor.texts)
    table.setFocus()
    for _ in range(4):
        front.qtbot.keyClick(table, Qt.Key.Key_Down)
    option = front.editor.answer.options[4]
    assert "Option 5" in prepare.state.text()
    assert "not chosen" in prepare.state.text()
    assert prepare.counts.text().startswith(f"{option.counts.vials} vials, {option.counts.sessions} sessions")
    assert not prepare._bag.isVisible()
    assert prepare.not_chosen.isVisible()
    assert not prepare.rate.text()
    assert not prepare.session.text()
    assert dict(front.editor.texts) == before
    front.qtbot.keyClick(table, Qt.Key.Key_Return)
    assert front.editor.text("pattern") == words.choice_texts(option.choice)[0]
    assert front.editor.text("sessions") == words.choice_texts(option.choice)[1]
    assert "the order’s plan" in prepare.state.text()
    assert panel_of(front).present.text() == "The order’s plan is option 5."
    assert prepare._bag.isVisible()
    assert prepare.rate.text()
    assert table.rowCount() == 8
    assert table.hasFocus()
    front.qtbot.keyClick(front.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert dict(front.editor.texts) == before
    assert table.rowCount() == 8


def test_every_option_chosen_is_the_plan_of_the_order(front):
    for index, option in enumerate(front.editor.answer.options):
        panel_of(front).table.selectRow(index)
        front.window.prepare.choose_option.click()
        plan = front.editor.plan
        assert words.present_option(plan, front.editor.answer.options) == index
        totals = plan.totals
        found = (totals.vials, totals.sessions, totals.off_hours_changes, totals.changes, totals.rate_changes)
        assert found == tuple(option.counts)
        assert not front.window.prepare.choose_option.isEnabled()


def test_auto_is_the_first_option_without_a_reason(front):
    assert panel_of(front).index == 0
    assert "auto" in panel_of(front).present.text()
    assert not front.window.prepare.back_to_auto.isVisible()
    panel_of(front).table.selectRow(5)
    front.window.prepare.choose_option.click()
    assert front.window.prepare.back_to_auto.isVisible()
    front.window.prepare.back_to_auto.click()
    rest(front)
    assert front.editor.text("pattern") == ""
    assert front.editor.text("sessions") == ""
    assert words.present_option(front.editor.plan, front.editor.answer.options) == 0


def test_the_picture_selects_by_keys_and_by_mouse(front):
    picture, table = panel_of(front).picture, panel_of(front).table
    picture.setFocus()
    front.qtbot.keyClick(picture, Qt.Key.Key_Right)
    assert table.currentRow() == 1
    front.qtbot.keyClick(picture, Qt.Key.Key_Left)
    assert table.currentRow() == 0
    centres = picture._centres()
    for index in (6, 3):
        front.qtbot.mouseClick(picture, Qt.MouseButton.LeftButton, pos=centres[index].toPoint())
        assert table.currentRow() == index
        assert f"Option {index + 1}" in front.window.prepare.state.text()
        assert f"Option {index + 1}:" in picture.accessibleDescription()
    front.qtbot.keyClick(picture, Qt.Key.Key_Return)
    assert panel_of(front).present.text() == "The order’s plan is option 4."
    places = {(round(centre.x()), round(centre.y())) for centre in centres}
    assert len(places) == len(centres)


def test_a_typed_pattern_takes_the_sessions_of_another_one_away(front):
    panel_of(front).table.selectRow(4)
    front.window.prepare.choose_option.click()
    assert front.editor.text("sessions")
    chosen = dict(front.editor.texts)
    front.window.go("order")
    front.type("pattern", "96h")
    assert front.editor.text("sessions") == ""
    assert len(front.editor.plan.bags) == 7
    while front.editor.text("pattern") != chosen["pattern"]:
        front.qtbot.keyClick(front.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert dict(front.editor.texts) == chosen


def test_a_plan_beside_the_options_says_so(front):
    front.editor.change("pattern", "24h")
    assert "none of the options" in panel_of(front).present.text()
    assert panel_of(front).index is None
    assert front.window.prepare.timeline._picture is not None
    assert len(front.editor.plan.bags) == front.window.prepare.bags.rowCount() == 28
    assert front.window.prepare._bag.isVisible()


def test_a_chosen_grouping_that_can_no_longer_be_held_is_said(front):
    panel_of(front).table.selectRow(6)
    front.window.prepare.choose_option.click()
    front.editor.use(load_house())  # 24 h from preparation to connection
    rest(front)
    prepare = front.window.prepare
    assert "cannot be held" in prepare.state.text()
    assert prepare.bags.rowCount() == 0
    assert panel_of(front).table.rowCount() == 1
    prepare.regroup.click()
    assert front.editor.plan.bags
    assert front.editor.text("sessions") == ""
    assert front.editor.text("pattern")


def test_no_plan_says_why_and_what_would_help(desk):
    desk.window.go("prepare")
    desk.editor.change("start", NO_PLAN)
    desk.editor.rest()
    sentence = panel_of(desk).sentence
    assert sentence.isVisible()
    assert "Mon 23-Nov-2026 09:00" in sentence.text()
    assert "65 h" in sentence.text()
    assert "Mon 23-Nov-2026 10:00" in sentence.text()
    assert not panel_of(desk).table.isVisible()
    assert not desk.window.prepare.choose_option.isVisible()
    settle(desk.window, desk.editor)
    assert clipped(desk.window) == []


# ---- beside a plan ----


def test_money_is_exact_and_only_where_the_site_gave_a_price(front, tmp_path):
    assert "USD" not in front.window.prepare.facts.text
    front.editor.use(house(tmp_path, PRODUCT_LIMITS + 'vial_price = "2017.35 GBP"\n'))
    rest(front)
    text = front.window.prepare.facts.text
    assert "5 vials (10\u00a0086.75\u00a0GBP)" in text
    assert "24h bags 28 vials (56\u00a0485.8\u00a0GBP)" in text
    assert "per course" in text


def test_every_long_gap_is_said(front):
    """All stretches are read back from the words, grouped as they are."""
    limits = front.editor.house.limits
    for index in range(8):
        plan = front.editor.answer.plan(index)
        text = words.gap_fact(plan, limits).text
        for gap in plan.long_gaps:
            begin, end = (ZonedDateTime.parse_iso(each) for each in (gap.begin_local, gap.end_local))
            assert date_words(gap.begin_local) in text
            assert f"{begin.hour:02}:{begin.minute:02}" in text
            assert f"{end.hour:02}:{end.minute:02}" in text
        begins = sum(text.count(date_words(each)) for each in {gap.begin_local for gap in plan.long_gaps})
        assert begins >= len(plan.long_gaps)


def test_sessions_add_up_and_spares_are_beside_them(front):
    prepare, plan = front.window.prepare, front.editor.plan
    table = session_table(plan)
    assert sum(int(row[3]) for row in table.rows) == plan.totals.vials
    for row in table.rows:
        usable = Decimal(row[3]) * Decimal("2.8")
        assert Decimal(row[4]) + Decimal(row[5]) == usable
    spares = front.editor.answer.spares(0)
    assert spares
    for spare in spares:
        shown = cells(prepare.sessions, spare.session - 1)
        assert shown[-3:-1] == [spare.kind, str(spare.vials)]
        assert Decimal(shown[-1]) == magnitude(spare.worst_gap, "h")


def test_starting_weekdays_error_budget_and_exposure_are_said(front):
    text = front.window.prepare.facts.text
    assert "72h,96h: Mon, Tue, Fri; 96h,72h: Mon, Thu, Fri" in text
    assert "half a mark of the syringe" in text
    assert "pump ± 6\u00a0%" in text
    assert "reason above 5" in text


def test_the_label_is_exactly_the_one_that_prints(front):
    plan, prepare, reference = front.editor.plan, front.window.prepare, front.editor.reading.reference
    for number in (1, 3):
        prepare.choose(number)
        label = label_of(plan.bags[number - 1], plan, draft_standing(plan, None, reference), reference)
        at = -1
        for line in label.lines:
            found = prepare.label.text.find(line.whole if line.text else line.name, at + 1)
            assert found > at, line
            at = found
    assert "RATE CHANGES" in prepare.label.text


def test_the_standing_of_one_plan_is_not_that_of_the_next(front):
    """A label never says of a changed plan that it is issued."""
    prepare, reference = front.window.prepare, front.editor.reading.reference
    front.editor.change("pattern", "96h@72,96h")
    prepare.show_standing(
        dataclasses.replace(draft_standing(front.editor.plan, None, reference), missing=(), revision=4)
    )
    assert "Revision 4" in prepare.label.text
    front.editor.change("pattern", "96h")
    assert "DRAFT" in prepare.label.text
    assert "Revision" not in prepare.label.text


def test_a_session_picked_in_the_timeline_is_opened(front):
    timeline = front.window.prepare.timeline
    visit = timeline._picture.sessions[1]
    front.qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=QPoint(round(timeline._x(visit.at)), 60))
    assert front.window.prepare.sessions.currentRow() == 1
    assert "Session 2" in front.window.prepare.session.text()
    assert front.window.prepare.bags.currentRow() + 1 == front.editor.plan.sessions[1].bags[0]
    front.window.prepare.sessions.setFocus()
    front.qtbot.keyClick(front.window.prepare.sessions, Qt.Key.Key_Down)
    assert "Session 3" in front.window.prepare.session.text()


def test_storage_reaches_from_preparation_to_connection_without_overlap(front):
    picture = front.window.prepare.timeline._picture
    for block, bag in zip(picture.blocks, front.editor.plan.bags, strict=True):
        assert (block.prepared, block.start) == (bag.prepared.timestamp(), bag.start.timestamp())
    for row in range(picture.rows):
        own = sorted((block.prepared, block.start) for block in picture.blocks if block.row == row)
        assert all(before[1] <= after[0] for before, after in pairwise(own))


def test_actions_are_hidden_until_they_are_offered(qtbot, qapp):
    prepare = Prepare(Editor())
    qtbot.addWidget(prepare)
    prepare.show()
    assert not any(button.isVisible() for button in prepare.buttons.values())
    prepare.offer({"worksheet", "labels"})
    assert [name for name, button in prepare.buttons.items() if button.isVisible()] == ["worksheet", "labels"]
    with qtbot.waitSignal(prepare.worksheet_asked):
        prepare.buttons["worksheet"].click()


def test_a_bag_picked_in_the_order_is_one_of_its_plan(front):
    prepare = front.window.prepare
    panel_of(front).table.selectRow(3)
    front.window.go("order")
    timeline = front.window.order.timeline
    block = timeline._picture.blocks[2]
    x = round((timeline._x(block.start) + timeline._x(block.end)) / 2)
    front.qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=QPoint(x, 70))
    assert front.window.workspace == "prepare"
    assert "the order’s plan" in prepare.state.text()
    assert prepare.heading.text().startswith(f"Bag 3 of {len(front.editor.plan.bags)}")


@pytest.mark.parametrize("scale", [1.5, 2.0])
def test_nothing_is_clipped_with_a_larger_font(front, another, tmp_path, monkeypatch, qapp, scale):
    monkeypatch.setattr(theme._Look, "scale", scale)
    before = qapp.font()
    qapp.setFont(theme.font())
    try:
        desk = another(order=EXAMPLE)
        desk.editor.use(front.editor.house)
        desk.window.resize(1280, 800)
        desk.window.go("prepare")
        rest(desk)
        for row in (0, 4):
            panel_of(desk).table.selectRow(row)
            settle(desk.window, desk.editor)
            assert clipped(desk.window) == []
    finally:
        qapp.setFont(before)


def test_papers_wait_while_another_option_is_looked_at(front):
    prepare = front.window.prepare
    prepare.offer({"worksheet", "labels"})
    panel_of(front).table.selectRow(3)
    assert not prepare.buttons["labels"].isEnabled()
    assert prepare.actions_wait.isVisible()
    prepare.choose_option.click()
    assert prepare.buttons["labels"].isEnabled()
    assert not prepare.actions_wait.isVisible()


def test_tab_goes_from_the_options_down_to_the_actions(front):
    prepare = front.window.prepare
    prepare.offer({"worksheet"})
    panel_of(front).table.setFocus()
    expected = [panel_of(front).picture, prepare.choose_option, prepare.sessions, prepare.bags]
    for widget in (*expected, prepare.buttons["worksheet"]):
        front.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is widget


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800), (900, 700), (640, 700)])
def test_nothing_is_clipped(front, size):
    front.window.resize(*size)
    for row in (0, 4):
        panel_of(front).table.selectRow(row)
        settle(front.window, front.editor)
        assert clipped(front.window) == []
        assert front.window.width() == size[0]


def test_tables_and_pictures_have_names(front):
    prepare = front.window.prepare
    for widget in (panel_of(front).table, panel_of(front).picture, prepare.timeline, prepare.sessions, prepare.bags):
        assert widget.accessibleName()
    for button in (prepare.choose_option, prepare.back_to_auto, prepare.regroup, *prepare.buttons.values()):
        assert button.accessibleName()
