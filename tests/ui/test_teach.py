"""The workspace Teach: TRAINING, by keys alone, kept apart from care."""

import csv
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QListWidget

from dosing_app.ui import theme
from dosing_app.ui.paper_preview import PaperPreview
from dosing_app.ui.teaching_chain import TeachingChain

PAGES = ("demonstrate", "practise", "spot", "drug")
ALT = {"demonstrate": Qt.Key.Key_D, "practise": Qt.Key.Key_T, "spot": Qt.Key.Key_S, "drug": Qt.Key.Key_G}


@pytest.fixture
def teach(desk):
    """Teach as a pharmacist finds it, with the example order open behind it."""
    desk.window.activateWindow()
    desk.window.go("teach")
    QApplication.processEvents()
    return desk.window._workspaces["teach"]


def press(key, modifier=Qt.KeyboardModifier.NoModifier):
    """A key where the focus is."""
    QTest.keyClick(QApplication.focusWidget(), key, modifier)
    QApplication.processEvents()
    if modifier & Qt.KeyboardModifier.AltModifier:
        QTest.qWait(150)  # Qt shows a button pressed for a moment before it acts


def type_keys(text):
    """A text where the focus is."""
    QTest.keyClicks(QApplication.focusWidget(), text)
    QApplication.processEvents()


def page(teach, name):
    teach.go(name)
    QApplication.processEvents()
    return teach._pages[name]


def texts(widget):
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


# ---- the mark ----


@pytest.mark.parametrize("name", PAGES)
def test_every_page_says_training_in_words(teach, name):
    page(teach, name)
    assert teach.mark.isVisible()
    assert teach.mark.text() == "TRAINING"
    assert teach.window().windowTitle().startswith("TRAINING")


def luminance(colour: QColor) -> float:
    parts = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in colour.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("dark", [False, True])
def test_its_accent_is_its_own_and_stands_out(dark):
    colours = theme.DARK if dark else theme.LIGHT
    accent = luminance(QColor(colours["training"]))
    for name in ("window", "surface"):
        ground = luminance(QColor(colours[name]))
        assert (max(accent, ground) + 0.05) / (min(accent, ground) + 0.05) >= 4.5
    assert colours["training"] not in {colours[name] for name in ("blue", "amber", "red")}


# ---- kept apart from care ----


def test_nothing_of_the_order_is_seen(teach, desk):
    assert desk.editor.plan.order.case == "A-17"
    for name in PAGES:
        page(teach, name)
        shown = texts(desk.window.centralWidget()) + desk.window.windowTitle()
        shown += " ".join(field.text() for field in teach.findChildren(QLineEdit))
        assert "A-17" not in shown
        assert "example.json" not in shown
    assert not desk.window._strip_frame.isVisible()


def test_there_is_no_way_to_issue_keep_or_print_the_order(teach, desk, monkeypatch):
    window = desk.window
    called = []
    for name in ("ask", "ask_open_issued", "second_check"):
        monkeypatch.setattr(window.desk, name, lambda *_a, name=name: called.append(name))
    for name in ("save", "ask_save", "ask_open"):
        monkeypatch.setattr(window, name, lambda *_a, name=name: called.append(name))
    care = [*window.paper_actions.values(), *window._of_order, *window._of_register, window.undo, window.redo]
    assert len(care) >= 14
    for name in PAGES:
        page(teach, name)
        assert not any(action.isEnabled() for action in care)
        for keys in ("I", "K", "S", "O", "G", "R"):
            press(getattr(Qt.Key, f"Key_{keys}"), Qt.KeyboardModifier.ControlModifier)
        words = [button.text() for button in teach.findChildren(QAbstractButton)]
        for word in ("Issue", "Sign", "Register", "Second check", "Export", "Save order"):
            assert not any(word.lower() in text.replace("&", "").lower() for text in words)
    assert called == []
    window.go("order")
    assert all(action.isEnabled() for action in window.paper_actions.values())
    assert window._of_order[-1].isEnabled()


def test_training_changes_nothing_of_the_order(teach, desk):
    desk.editor.rest()  # the search for the plan of "auto" is no change by training
    before = dict(desk.editor.texts), desk.editor.plan
    demonstrate = page(teach, "demonstrate")
    demonstrate.fields["weight"].setFocus()
    demonstrate.fields["weight"].selectAll()
    type_keys("7.5")
    press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    page(teach, "practise")
    type_keys("5 mL")
    press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (dict(desk.editor.texts), desk.editor.plan) == before


def test_a_copy_of_the_order_has_no_identity(teach, desk):
    desk.editor.change("weight", "6.60 kg")
    demonstrate = page(teach, "demonstrate")
    demonstrate.copy.click()
    assert demonstrate.texts["weight"] == "6.6 kg"
    assert demonstrate.fields["age"].text() == "156"
    assert "A-17" not in " ".join(demonstrate.texts.values())
    assert "2026" not in " ".join(demonstrate.texts.values())
    assert set(demonstrate.texts) == {
        *("weight", "length", "age", "sex", "gestation", "product", "formula", "pattern", "start")
    }


def test_who_sees_no_orders_copies_none(teach, desk):
    demonstrate = page(teach, "demonstrate")
    desk.window.choose_role("trainer")
    before = demonstrate.texts
    demonstrate.copy.click()
    assert demonstrate.texts == before
    assert "no orders" in demonstrate.said.text()
    teach.hide()
    teach.show()
    assert not demonstrate.copy.isVisible()


def test_an_order_that_cannot_be_read_is_not_copied(teach, desk):
    desk.editor.change("weight", "heavy")
    demonstrate = page(teach, "demonstrate")
    demonstrate.copy.click()
    assert "no order" in demonstrate.said.text()
    assert demonstrate.steps


# ---- demonstrate ----


def test_steps_go_forward_and_back_by_keys_of_a_presenter(teach):
    demonstrate = page(teach, "demonstrate")
    assert demonstrate.card.hasFocus()
    assert len(demonstrate.steps) == 11
    lit = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_PageDown):
        press(key)
        lit.append(demonstrate.chain.lit)
    assert lit == ["bsa", "dose", "bag"]
    assert demonstrate.number.text() == "Step 4 of 11"
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Backspace, Qt.Key.Key_PageUp, Qt.Key.Key_Left):
        press(key)
    assert demonstrate.chain.lit == "infant"
    press(Qt.Key.Key_End)
    assert demonstrate.chain.lit == "pump"
    press(Qt.Key.Key_Right)
    assert demonstrate.number.text() == "Step 11 of 11"


def test_a_step_shows_what_is_asked_worked_and_where_it_comes_from(teach):
    demonstrate = page(teach, "demonstrate")
    for _step in range(4):
        press(Qt.Key.Key_Right)
    card, step = demonstrate.card, demonstrate.steps[4]
    shown = texts(card)
    for part in (step.question, step.equation, step.result, step.rounding, step.source, f"grade {step.grade}"):
        assert part in shown
    assert card.worked.struck == ["micrograms", "micrograms", "mL", "mL", "micrograms"]
    assert card.worked.accessibleName().count("(cancels)") == 5
    assert step.result in card.accessibleDescription()


def test_a_result_is_not_given_away_before_its_step(teach):
    demonstrate = page(teach, "demonstrate")
    press(Qt.Key.Key_Right)
    assert "0.336514" in demonstrate.chain.accessibleDescription()
    assert "mL" not in demonstrate.chain.accessibleDescription()


def test_changing_an_input_marks_the_steps_that_change(teach):
    demonstrate = page(teach, "demonstrate")
    field = demonstrate.fields["weight"]
    field.setFocus()
    field.selectAll()
    type_keys("6.9")
    marked = [demonstrate.list.item(row).text() for row in range(demonstrate.list.count())]
    assert [text.endswith("changes") for text in marked] == [True] * 8 + [False] * 3
    assert not demonstrate.list.item(1).icon().isNull()
    demonstrate.card.setFocus()
    press(Qt.Key.Key_Right)
    assert "changes: was 0.336514" in demonstrate.card.change.text()
    demonstrate.compare.click()
    assert not demonstrate.changes()
    assert not demonstrate.card.change.isVisible()


def test_a_refused_input_takes_the_steps_away_and_says_why(teach):
    demonstrate = page(teach, "demonstrate")
    demonstrate.fields["weight"].setFocus()
    demonstrate.fields["weight"].selectAll()
    type_keys("14 lb")
    assert demonstrate.steps == ()
    assert demonstrate.list.count() == 0
    assert "pounds" in demonstrate.card.question.text()
    assert not demonstrate.card.result.text()
    assert not demonstrate.handout.isEnabled()
    demonstrate.anew.click()
    assert len(demonstrate.steps) == 11


def test_type_grows_for_a_projector_and_nothing_is_cut(teach, desk):
    demonstrate = page(teach, "demonstrate")
    before = demonstrate.card.question.font().pixelSize()
    press(Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    press(Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert demonstrate.card.question.font().pixelSize() >= 1.6 * before
    for _step in demonstrate.steps:
        QApplication.processEvents()
        assert clipped(demonstrate) == []
        press(Qt.Key.Key_Right)
    press(Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    press(Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert demonstrate.card.question.font().pixelSize() == before


def test_a_step_taller_than_its_room_is_scrolled_by_keys(teach):
    demonstrate = page(teach, "demonstrate")
    for _time in range(3):
        press(Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    for _step in range(4):
        press(Qt.Key.Key_Right)
    bar = demonstrate.card.area.verticalScrollBar()
    assert bar.maximum() > 0
    for _time in range(9):
        press(Qt.Key.Key_Down)
    assert bar.value() == bar.maximum()
    press(Qt.Key.Key_Right)
    assert demonstrate.number.text() == "Step 6 of 11"
    assert bar.value() == 0


def test_it_stays_as_it_was_left(teach):
    demonstrate = page(teach, "demonstrate")
    press(Qt.Key.Key_Right)
    page(teach, "practise")
    type_keys("4 mL")
    page(teach, "demonstrate")
    assert demonstrate.number.text() == "Step 2 of 11"


def test_the_handout_says_training_and_is_kept_as_pdf(teach, tmp_path):
    demonstrate = page(teach, "demonstrate")
    press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    preview = demonstrate.preview
    assert isinstance(preview, PaperPreview)
    assert preview.windowTitle().startswith("TRAINING")
    assert preview.text.toPlainText().count("TRAINING") >= 1
    preview.save_to(tmp_path / "handout.pdf")
    assert (tmp_path / "handout.pdf").read_bytes().startswith(b"%PDF")
    preview.close()


# ---- practise ----


def answer_of(ask, value):
    from dosing_app.core.quantities import print_number

    return f"{print_number(value, 8, grouped=False)} {ask.unit}"


def choose(choice, key):
    """A line of a list by arrow keys."""
    choice.setFocus()
    for _step in range(choice.count()):
        press(Qt.Key.Key_Up)
    while choice.currentData() != key:
        press(Qt.Key.Key_Down)


def practise_of(teach, kind, level):
    practise = page(teach, "practise")
    choose(practise.kinds, kind)
    choose(practise.levels, level)
    practise.start.click()
    return practise


def test_an_answer_is_marked_by_enter_and_enter_goes_on(teach):
    practise = practise_of(teach, "dose", "full")
    assert practise.answer.hasFocus()
    type_keys(answer_of(practise.ask, practise.ask.value).replace(".", ","))
    press(Qt.Key.Key_Return)
    assert practise.verdict.text() == "Right"
    assert "1 of 1" in practise.score.text()
    number = practise.exercise.number
    press(Qt.Key.Key_Return)
    assert practise.exercise.number == number + 1
    assert practise.answer.text() == ""


def test_a_slip_is_named_and_typing_takes_the_mark_away(teach):
    practise = practise_of(teach, "dose", "full")
    type_keys(answer_of(practise.ask, practise.ask.value * 10))
    press(Qt.Key.Key_Return)
    assert practise.verdict.text() == "A known slip"
    assert "Ten times" in practise.sentence.text()
    press(Qt.Key.Key_Backspace)
    assert not practise.verdict.isVisible()
    assert "0 of 1" in practise.score.text()


def test_hints_hold_no_answer_and_end(teach):
    from dosing_app.core.quantities import print_number

    practise = practise_of(teach, "drug-volume", "full")
    while practise.hint.isEnabled():
        press(Qt.Key.Key_I, Qt.KeyboardModifier.AltModifier)
    assert practise.hints.text().count("Hint:") >= 2
    assert print_number(practise.ask.value, 2) not in practise.hints.text()


def test_tolerance_is_stated_and_the_working_is_shown_when_asked_for(teach):
    practise = practise_of(teach, "rate", "full")
    assert "right within" in practise.exact.text()
    assert not practise.card.isVisible()
    press(Qt.Key.Key_W, Qt.KeyboardModifier.AltModifier)
    assert practise.card.isVisible()
    assert practise.exercise.answers[-1].result in practise.card.result.text()


def test_a_worked_example_is_gone_through_by_keys(teach):
    practise = practise_of(teach, "whole", "worked")
    assert practise.ask is None
    assert practise.card.hasFocus()
    for _step in practise.exercise.shown[1:]:
        press(Qt.Key.Key_Right)
    assert practise.card.where.text() == "Step 9 of 9"
    press(Qt.Key.Key_Left)
    assert practise.card.where.text() == "Step 8 of 9"


def test_the_whole_task_follows_a_learners_own_figure(teach):
    practise = practise_of(teach, "whole", "full")
    type_keys(answer_of(practise.ask, practise.ask.value))
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Return)
    wrong = practise.ask.value * Decimal("1.3")
    type_keys(answer_of(practise.ask, wrong))
    press(Qt.Key.Key_Return)
    assert practise.verdict.text() == "Not right"
    press(Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    type_keys(answer_of(practise.ask, practise.ask.value * Decimal("1.3")))
    press(Qt.Key.Key_Return)
    assert practise.verdict.text() == "Right, with your own earlier figure"


def test_the_same_seed_gives_the_same_exercise_and_a_bad_one_is_refused(teach):
    practise = practise_of(teach, "dose", "full")
    first = practise.exercise
    practise.seed.setFocus()
    practise.seed.selectAll()
    type_keys("8")
    press(Qt.Key.Key_Return)
    assert practise.exercise != first
    practise.seed.setFocus()
    practise.seed.selectAll()
    type_keys("seven")
    press(Qt.Key.Key_Return)
    assert "whole number" in practise.trouble.text()
    practise.seed.selectAll()
    type_keys("7")
    press(Qt.Key.Key_Return)
    assert practise.exercise == first
    assert practise.trouble.text() == ""


def test_results_are_kept_without_names(teach, tmp_path):
    practise = practise_of(teach, "dose", "full")
    type_keys("Anna Jansen")
    press(Qt.Key.Key_Return)
    assert practise.verdict.text() == "Not read"
    practise.save_to(tmp_path / "results.csv")
    shown = (tmp_path / "results.csv").read_text()
    assert "Jansen" not in shown
    assert [row["verdict"] for row in csv.DictReader(shown.splitlines())] == ["unread"]
    practise.save_to(tmp_path / "missing" / "results.csv")
    assert "cannot be written" in practise.score.text()
    assert practise.attempts


# ---- spot the error ----


def test_a_line_is_chosen_by_keys_and_marked_with_its_reason(teach):
    spot = page(teach, "spot")
    assert spot.lines.hasFocus()
    press(Qt.Key.Key_Return)
    assert "Choose a line" in spot.verdict.text()
    keys = [*(line.key for line in spot.sheet.lines), ""]
    for _step in range(keys.index(spot.sheet.at) + 1):
        press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    assert spot.verdict.text() == "Right"
    assert spot.sheet.why in spot.sentence.text()
    assert "1 of 1" in spot.score.text()


def test_a_worksheet_without_an_error_is_among_them(teach):
    spot = page(teach, "spot")
    for _sheet in range(30):
        if spot.sheet.at == "":
            break
        press(Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    spot.lines.setFocus()
    press(Qt.Key.Key_End)
    assert spot.lines.currentItem().text() == "No error"
    press(Qt.Key.Key_Return)
    assert spot.verdict.text() == "Right"


def task_of(teach, kind):
    spot = page(teach, "spot")
    choose(spot.kinds, kind)
    spot.start.click()
    QApplication.processEvents()
    return spot


@pytest.mark.parametrize("kind", ["read-syringe", "program-pump", "after-restart", "left-out"])
def test_picture_tasks_are_solved_by_keys(teach, kind):
    spot = task_of(teach, kind)
    if spot.task.choices:
        assert spot.lines.hasFocus()
        keys = [choice.key for choice in spot.task.choices]
        for _step in range(keys.index(spot.task.right) + 1):
            press(Qt.Key.Key_Down)
        press(Qt.Key.Key_Tab)
    for ask in spot.task.asks:
        assert QApplication.focusWidget() in spot.fields
        text = answer_of(ask, ask.value)
        type_keys(text.split()[0] if kind == "program-pump" else text)
        press(Qt.Key.Key_Return)
    assert spot.verdict.text() == "Right", spot.sentence.text()
    drawn = {"read-syringe": spot.syringe, "program-pump": spot.pump}.get(kind, spot.bag)
    assert drawn.isVisible()
    assert drawn.accessibleDescription()


def test_the_pump_shows_what_is_typed_and_names_the_bag_content(teach):
    from dosing_app.teaching.mistakes import claims

    spot = task_of(teach, "program-pump")
    rate, volume = spot.task.asks
    type_keys(answer_of(rate, rate.value).split()[0])
    assert "mL/hour" in spot.pump.accessibleDescription()
    press(Qt.Key.Key_Return)
    content = next(claim for claim in claims(volume) if claim.name == "bag-content")
    type_keys(answer_of(volume, content.value))
    press(Qt.Key.Key_Return)
    assert "What is in the bag was taken" in spot.sentence.text()
    assert spot.verdict.text() == "Not right yet"


# ---- picture of the drug ----


def test_the_picture_says_what_it_is_and_both_levels(teach):
    drug = page(teach, "drug")
    assert drug.note.text() == "Teaching picture, never advice."
    assert "702" in drug.words.text()
    assert "706 ± 194" in drug.words.text()
    assert "never advice" in drug.curve.accessibleDescription()
    assert drug.table.rowCount() >= 4


def test_an_interruption_is_drawn_in_by_keys_and_taken_away(teach):
    drug = page(teach, "drug")
    whole = drug.picture
    drug.begins.setFocus()
    type_keys("100")
    press(Qt.Key.Key_Return)
    type_keys("106")
    press(Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    assert [each.kind for each in drug.events] == ["interruption"]
    assert drug.picture != whole
    rows = [[drug.table.item(row, column).text() for column in range(3)] for row in range(drug.table.rowCount())]
    levels = {row[0]: float(row[1].replace("\u00a0", "")) for row in rows}
    assert levels["106"] < levels["100"] / 4  # six hours are about three half-lives
    assert drug.view.currentText() == "Around hour 100"
    drug.remove.click()
    assert drug.picture == whole


def test_a_wrong_rate_needs_its_rate_and_nothing_lies_over_another(teach):
    drug = page(teach, "drug")
    assert not drug.rate.isEnabled()
    choose(drug.kind, "wrong-rate")
    assert drug.rate.isEnabled()
    for field, text in ((drug.begins, "200"), (drug.ends, "210")):
        field.setFocus()
        type_keys(text)
    drug.add.click()
    assert "Rate" in drug.trouble.text()
    assert drug.begins.text() == "200"  # nothing typed is lost
    drug.rate.setFocus()
    type_keys("5")
    drug.add.click()
    assert drug.events[0].drawn.rate is not None
    for field, text in ((drug.begins, "205"), (drug.ends, "220"), (drug.rate, "5")):
        field.setFocus()
        type_keys(text)
    drug.add.click()
    assert "already" in drug.trouble.text()
    assert len(drug.events) == 1


def test_it_follows_the_teaching_order_of_demonstrate(teach):
    demonstrate = page(teach, "demonstrate")
    demonstrate.fields["weight"].setText("14 lb")
    drug = page(teach, "drug")
    assert drug.picture is None
    assert "No picture" in drug.words.text()
    demonstrate.begin()
    page(teach, "demonstrate")
    page(teach, "drug")
    assert drug.picture is not None


# ---- keys, names, room ----


def test_all_four_pages_are_reached_by_keys(teach, desk):
    desk.window.activateWindow()
    for name in (*PAGES, "demonstrate"):
        press(ALT[name], Qt.KeyboardModifier.AltModifier)
        assert teach.page == name
    press(Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert teach.page == "practise"
    press(Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert teach.page == "demonstrate"


INPUTS = (QLineEdit, QComboBox, QAbstractButton, QListWidget)


@pytest.mark.parametrize("name", PAGES)
def test_every_input_is_named_and_reached_by_tab(teach, name):
    shown = page(teach, name)
    wanted = set()
    for kind in INPUTS:
        for widget in shown.findChildren(kind):
            if not widget.isVisible() or isinstance(widget.parent(), QComboBox):
                continue
            assert widget.accessibleName(), widget
            if widget.isEnabled():
                wanted.add(widget)
    seen = set()
    start = QApplication.focusWidget()
    for _step in range(80):
        press(Qt.Key.Key_Tab)
        widget = QApplication.focusWidget()
        seen.add(widget)
        seen.add(widget.parent())
        if widget is start:
            break
    assert not {widget.accessibleName() for widget in wanted - seen}


def clipped(widget):
    """Labels and buttons that are smaller than their text."""
    found = []
    for kind in (QLabel, QAbstractButton):
        for each in widget.findChildren(kind):
            if not each.isVisible() or not each.text():
                continue
            wanted = each.sizeHint()
            if isinstance(each, QLabel) and each.wordWrap():
                room = each.height() >= each.heightForWidth(each.width())
            else:
                room = each.width() >= wanted.width() and each.height() >= wanted.height()
            if not room:
                found.append((each.text(), each.size(), wanted))
    return found


@pytest.mark.parametrize("size", [(1280, 800), (1024, 768)])
def test_nothing_is_cut(teach, desk, size):
    desk.window.resize(*size)
    for name in PAGES:
        page(teach, name)
        QApplication.processEvents()
        assert clipped(teach) == []
        assert desk.window.width() == size[0]


def ink(widget) -> int:
    """How many points of a picture are not its ground."""
    image = widget.grab().toImage()
    ground = image.pixel(0, image.height() - 1)
    points = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return sum(image.pixel(x, y) != ground for x, y in points)


@pytest.mark.parametrize("width", range(714, 760, 3))
def test_all_that_was_found_is_seen_below_its_place(qtbot, width):
    """A dose in long words: its last word is seen too."""
    chain = TeachingChain()
    theme.dress(chain)
    qtbot.addWidget(chain)
    seen = []
    for dose in ("5.0477\u00a0Mikrogramm pro Tag", "5.0477\u00a0Mikrogramm pro"):
        chain.show_place("bag", {"infant": "6.42\u00a0kg, 63.5\u00a0cm", "dose": dose})
        chain.resize(width, chain.sizeHint().height())
        chain.show()
        QApplication.processEvents()
        chain.resize(width, chain.sizeHint().height())
        QApplication.processEvents()
        seen.append(ink(chain))
    assert seen[0] > seen[1]
