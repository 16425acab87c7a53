"""The blind second check by real keys: nothing of the first entry is seen, and it cannot be passed by copying."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
)
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMenu
from whenever import Date

from dosing_app.reference.limits import load_limits
from dosing_app.reference.product import load_product
from dosing_app.store import order_file, site_file
from dosing_app.ui.quantity_edit import Choice
from dosing_app.ui.recovery import own_site_file
from dosing_app.ui.second_check import SecondCheck

RIGHT = {
    "entered-by": "A. Jansen",
    "checked-by": "B. Smit",
    "case": "a-17",
    "born": "2026-06-20",
    "weight": "6420 g",
    "length": "63,5",
    "prescribed": "5.05",
    "product": "eu",
    "formula": "mosteller",
    "start": "23.11.2026 14:00",
}
VALUES = ("case", "born", "weight", "length", "prescribed", "start")


class Check:
    """The dialog as the second person finds it."""

    def __init__(self, desk) -> None:
        self.desk = desk
        self.qtbot = desk.qtbot
        desk.editor.rest()
        self.dialog = self.open()

    def open(self) -> SecondCheck:
        self.desk.window.activateWindow()
        self.desk.qtbot.waitUntil(self.desk.window.isActiveWindow)
        self.desk.qtbot.keyClick(self.desk.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        return next(each for each in self.desk.window.findChildren(SecondCheck) if each.isVisible())

    def field(self, name: str):
        return self.dialog.rows[name].field

    def type(self, name: str, text: str) -> None:
        field = self.field(name)
        if isinstance(field, Choice):
            field.setFocus()
            self.qtbot.keyClick(field, Qt.Key.Key_Home)
            for _row in range(field.count()):
                if field.document_text() == text:
                    return
                self.qtbot.keyClick(field, Qt.Key.Key_Down)
            raise AssertionError(text)
        field.setFocus()
        field.selectAll()
        self.qtbot.keyClicks(field, text)

    def fill(self, **texts: str) -> None:
        for name, text in (RIGHT | {key.replace("_", "-"): each for key, each in texts.items()}).items():
            self.type(name, text)

    def compare(self) -> str:
        self.qtbot.mouseClick(self.dialog.compare_button, Qt.MouseButton.LeftButton)
        return self.dialog.outcome.text()

    @property
    def texts(self) -> str:
        """All that is read in the dialog and that nobody typed."""
        return "\n".join(label.text() for label in self.dialog.findChildren(QLabel))


@pytest.fixture
def check(desk):
    made = Check(desk)
    yield made
    made.dialog.hide()


@pytest.fixture(autouse=True)
def nothing_copied(qapp):
    QGuiApplication.clipboard().clear()
    yield
    QGuiApplication.clipboard().clear()


def test_two_entries_that_mean_the_same_agree(check) -> None:
    check.fill()
    check.compare()
    assert not check.dialog.isVisible()
    found = check.desk.editor.check
    assert (found.entered_by, found.checked_by) == ("A. Jansen", "B. Smit")
    assert "Draft, checked by B. Smit" in check.desk.window.state.text()
    assert check.desk.editor.modified


def test_before_it_the_plan_is_a_draft_that_is_not_checked(desk) -> None:
    desk.editor.rest()
    assert desk.window.state.text() == "Draft, not checked · Product data not approved here"
    assert desk.editor.check is None


# ---- blind ----


def test_nothing_of_the_first_entry_is_seen(check) -> None:
    window = check.desk.window
    assert check.dialog.geometry() == window.geometry()
    assert check.dialog.isModal()
    assert not window.centralWidget().isVisible()
    assert "example" not in window.windowTitle()
    assert all(not check.field(name).document_text() for name in RIGHT)
    assert not any(figure in check.texts for figure in ("6.42", "63.5", "5.05", "A-17", "14:00 (", "20-Jun-2026 "))
    check.qtbot.keyClick(check.dialog, Qt.Key.Key_Escape)
    assert window.centralWidget().isVisible()


def test_other_windows_of_the_order_are_away_too(desk) -> None:
    desk.editor.rest()
    papers = desk.window.desk.show_papers("labels")
    check = Check(desk)
    assert not papers.isVisible()
    check.dialog.hide()
    assert papers.isVisible()
    papers.close()


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("case", "A-18"),
        ("born", "2026-06-21"),
        ("weight", "6.43"),
        ("length", "63.6"),
        ("prescribed", "5.06"),
        ("product", "us"),
        ("formula", "haycock"),
        ("start", "23.11.2026 15:00"),
    ],
)
def test_a_field_that_differs_shows_its_name_alone(check, name, wrong) -> None:
    check.fill(**{name: wrong})
    said = check.compare()
    label = check.dialog.rows[name].text
    assert f"differ in: {label}." in said
    assert [each for each, row in check.dialog.rows.items() if row.problem.text() == "differs"] == [name]
    for figure in ("6.42", "6.42 kg", "5.05 ", "15:00 instead", "A-17"):
        assert figure not in said
    if name == "weight":
        assert "6.42" not in check.texts
    assert check.desk.editor.check is None
    check.type(name, RIGHT[name])
    assert not check.dialog.rows[name].problem.isVisible()
    check.compare()
    assert check.desk.editor.check is not None


def test_what_is_missing_or_unreadable_is_said(check) -> None:
    assert "Case" in check.compare()
    check.fill(weight="6.42 pounds", born="1.2.3")
    said = check.compare()
    assert "Weight" in said
    assert "Born" in said
    assert check.desk.editor.check is None


@pytest.mark.parametrize("name", ["A. Jansen", "a. jansen", "A.  JANSEN ", " a. Jansen"])
def test_nobody_checks_what_he_entered(check, name) -> None:
    check.fill(checked_by=name)
    assert "two people" in check.compare()
    assert check.desk.editor.check is None


# ---- it cannot be passed by copying ----


def copied(text: str) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.setText(text)
    if clipboard.supportsSelection():
        clipboard.setText(text, clipboard.Mode.Selection)


def _control(key):
    return lambda check, field: check.qtbot.keyClick(field, key, Qt.KeyboardModifier.ControlModifier)


def _shift_insert(check, field):
    check.qtbot.keyClick(field, Qt.Key.Key_Insert, Qt.KeyboardModifier.ShiftModifier)


def _control_shift_insert(check, field):
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    check.qtbot.keyClick(field, Qt.Key.Key_Insert, both)


def _paste_key(check, field):
    QApplication.sendEvent(field, QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Paste, Qt.KeyboardModifier.NoModifier))


def _middle_click(check, field):
    check.qtbot.mouseClick(field, Qt.MouseButton.MiddleButton)


def _menu(check, field):
    where = QPoint(5, 5)
    QApplication.sendEvent(field, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, field.mapToGlobal(where)))
    assert not [each for each in QApplication.topLevelWidgets() if isinstance(each, QMenu) and each.isVisible()]


def _menu_key(check, field):
    check.qtbot.keyClick(field, Qt.Key.Key_Menu)
    _menu(check, field)


def _drop(check, field):
    data = QMimeData()
    data.setText(QGuiApplication.clipboard().text())
    actions, button, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(field, QDragEnterEvent(QPoint(5, 5), actions, data, button, none))
    QApplication.sendEvent(field, QDropEvent(QPointF(5, 5), actions, data, button, none))


def _input_method(check, field):
    event = QInputMethodEvent()
    event.setCommitString(QGuiApplication.clipboard().text())
    QApplication.sendEvent(field, event)


def _one_key_with_all_of_it(check, field):
    text = QGuiApplication.clipboard().text()
    QApplication.sendEvent(
        field, QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, text)
    )


def _slot(check, field):
    field.paste()


def _assistive_technology(check, field):
    field.setText(QGuiApplication.clipboard().text())


def _inserted(check, field):
    field.insert(QGuiApplication.clipboard().text())


WAYS = (
    _control(Qt.Key.Key_V),
    _shift_insert,
    _control_shift_insert,
    _paste_key,
    _middle_click,
    _menu,
    _menu_key,
    _drop,
    _input_method,
    _one_key_with_all_of_it,
    _slot,
    _assistive_technology,
    _inserted,
)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.strip("_"))
def test_nothing_can_be_copied_into_a_field(check, way) -> None:
    for name in VALUES:
        field = check.field(name)
        copied(check.desk.editor.text(name))
        field.setFocus()
        check.qtbot.keyClicks(field, "7")
        way(check, field)
        assert field.text() == "7", name
        if way is not _drop:  # over a field that takes no drops the pointer says it
            assert check.dialog.outcome.text() == "Nothing can be pasted here: type it from the source, key by key."
        field.clear()
        check.dialog.tell("")
    assert check.desk.editor.check is None


def test_a_composed_sign_is_no_copy_and_a_name_may_be_composed_whole(check) -> None:
    for name, text in (("case", "é"), ("checked-by", "王小明")):
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(check.field(name), event)
        assert check.field(name).text() == text


def test_assistive_technology_may_set_what_was_not_copied(check) -> None:
    copied("something else")
    check.field("weight").setText("6.42")
    assert check.field("weight").text() == "6.42"


def test_a_field_completes_nothing(check) -> None:
    assert all(not hasattr(check.field(name), "completer") or check.field(name).completer() is None for name in VALUES)
    copied("6.42")
    check.field("weight").setText("6.42")
    check.qtbot.keyClick(check.field("weight"), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert check.field("weight").text() == ""


# ---- keys, and what is kept ----


def test_enter_moves_through_all_fields_to_compare_and_presses_it(check) -> None:
    names = list(check.dialog.rows)
    assert check.dialog.focusWidget() is check.field(names[0])
    for name in names:
        assert check.dialog.focusWidget() is check.field(name), name
        if not isinstance(check.field(name), Choice):
            check.qtbot.keyClicks(check.field(name), RIGHT[name])
        else:
            check.type(name, RIGHT[name])
        check.qtbot.keyClick(check.dialog.focusWidget(), Qt.Key.Key_Return)
    assert check.dialog.focusWidget() is check.dialog.compare_button
    check.qtbot.keyClick(check.dialog.compare_button, Qt.Key.Key_Return)
    assert check.desk.editor.check is not None


def test_esc_closes_and_what_was_typed_stays_until_the_order_is_changed(check) -> None:
    check.fill()
    check.qtbot.keyClick(check.field("start"), Qt.Key.Key_Escape)
    assert not check.dialog.isVisible()
    again = check.open()
    assert again is check.dialog
    assert check.field("weight").text() == "6420 g"
    again.hide()
    check.desk.type("weight", "6.43")
    check.desk.editor.rest()
    assert all(not check.field(name).document_text() for name in RIGHT)


def test_every_field_has_a_name(check) -> None:
    assert all(check.field(name).accessibleName() for name in RIGHT)
    assert check.dialog.compare_button.accessibleName() == "Compare"


def test_an_order_without_a_plan_is_not_checked(empty) -> None:
    empty.window.activateWindow()
    empty.qtbot.waitUntil(empty.window.isActiveWindow)
    empty.qtbot.keyClick(empty.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert not [each for each in empty.window.findChildren(QDialog) if each.isVisible()]
    assert "nothing to check" in empty.window.notice.text()


# ---- what takes the check away ----


@pytest.fixture
def checked(desk):
    check = Check(desk)
    check.fill()
    check.compare()
    assert desk.editor.check is not None
    return desk


@pytest.mark.parametrize(
    ("name", "text"),
    [("weight", "6.421"), ("sex", "male"), ("pattern", "96h"), ("start", "23-Nov-2026 14:01"), ("product", "us")],
)
def test_a_change_of_the_order_takes_it_away_for_good(checked, name, text) -> None:
    checked.editor.change(name, text)
    checked.editor.rest()
    assert checked.editor.check is None
    assert "not checked" in checked.window.state.text()
    checked.editor.undo()
    checked.editor.rest()
    assert checked.editor.check is None


def use_site(desk, text: str) -> None:
    own_site_file().parent.mkdir(parents=True, exist_ok=True)
    own_site_file().write_text(f"schema = 1\n{text}\n")
    from dosing_app.reference.bundle import load_house

    desk.editor.use(load_house(own_site_file()))
    desk.editor.rest()


@pytest.mark.parametrize("text", ['phone = "020 111 22 33"', 'wards = ["Ward 1"]', "label_height_mm = 80"])
def test_a_telephone_number_takes_nothing_away(checked, text) -> None:
    use_site(checked, text)
    assert checked.editor.check is not None


@pytest.mark.parametrize("text", ["prime_ml = 6", "lead_time_h = 3", 'micrograms = "mcg"', 'formula = "mosteller"'])
def test_a_setting_that_touches_the_plan_does(checked, text) -> None:
    use_site(checked, text)
    assert checked.editor.check is None


def test_approving_the_product_data_does_not(checked) -> None:
    site_file.approve(own_site_file(), load_product("eu"), ("P. One", "Q. Two"), Date(2026, 11, 1), load_limits()[0])
    use_site(checked, own_site_file().read_text().replace("schema = 1", ""))
    assert checked.editor.check is not None
    assert "not approved" not in checked.window.state.text()


# ---- it is kept with the order ----


def test_it_is_saved_and_opened_with_the_order(checked, another, tmp_path) -> None:
    path = tmp_path / "order.json"
    checked.window.save_to(path)
    assert not checked.editor.modified
    later = another(order=path)
    later.editor.rest()
    assert later.editor.check == checked.editor.check
    assert not later.editor.modified


def test_saving_at_once_after_opening_keeps_it(checked, another, tmp_path) -> None:
    path, copy = tmp_path / "order.json", tmp_path / "copy.json"
    checked.window.save_to(path)
    later = another(order=path)
    assert later.editor.check is None  # its sessions are still searched for
    later.window.save_to(copy)
    assert order_file.load_check(copy) == checked.editor.check


def test_a_check_of_another_order_is_not_taken(checked, another, tmp_path) -> None:
    path = tmp_path / "order.json"
    order_file.save(path, {**checked.editor.texts, "weight": "6.43 kg"}, checked.editor.check)
    later = another(order=path)
    later.editor.rest()
    assert later.editor.check is None
    assert "not checked" in later.window.state.text()


def test_a_draft_keeps_it(kept, another) -> None:
    from dosing_app.reference.folder import resources_folder

    kept.window.open(resources_folder() / "orders" / "example.json", keep_path=False)
    check = Check(kept)
    check.fill()
    check.compare()
    assert kept.editor.modified
    taken = kept.editor.check
    kept.window.close()
    later = another(drafts=True)
    (left,) = later.drafts.left_over()
    later.window.take_up(left)
    later.editor.rest()
    assert later.editor.check == taken
