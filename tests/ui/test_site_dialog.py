"""The site's settings in the window, by real keys: what is refused stays here, what is saved holds at once."""

import errno
import os

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QPushButton

from dosing_app.reference.limits import load_limits
from dosing_app.reference.site import load_site
from dosing_app.reference.source import shipped
from dosing_app.store.site_texts import FIELDS
from dosing_app.ui.quantity_edit import Choice
from dosing_app.ui.recovery import own_site_file
from dosing_app.ui.site_dialog import SiteDialog
from dosing_app.wording.settings import groups, settings

LIMITS = load_limits()[0]


class Settings:
    """The dialog as a person opens and fills it."""

    def __init__(self, desk) -> None:
        self.desk = desk
        self.path = own_site_file()
        self.dialog = self.open()

    def open(self) -> SiteDialog:
        action = next(
            each
            for menu in self.desk.window._menus
            for each in menu.actions()
            if "Site settings" in each.text().replace("&", "")
        )
        assert action.shortcut().toString() == "Ctrl+,"
        action.trigger()
        dialog = next(iter(self.desk.window.findChildren(SiteDialog)))
        self.desk.qtbot.waitExposed(dialog)
        return dialog

    def type(self, name: str, text: str) -> None:
        self.dialog.go(name)
        field = self.dialog.rows[name].field
        if isinstance(field, Choice) and not field.isEditable():
            field.setCurrentIndex(field.findData(text))
            return
        field = getattr(field, "_line", None) or field
        field.selectAll()
        self.desk.qtbot.keyClick(field, Qt.Key.Key_Delete)
        for number, line in enumerate(text.split("\n")):
            if number:
                self.desk.qtbot.keyClick(field, Qt.Key.Key_Return)
            self.desk.qtbot.keyClicks(field, line)

    def press(self, name: str) -> None:
        self.desk.qtbot.mouseClick(self.dialog.buttons[name], Qt.MouseButton.LeftButton)

    def said(self, name: str, tier: str = "refuse") -> str:
        return self.dialog.rows[name].said[tier].text()

    def site(self):
        return load_site(self.path, LIMITS)


@pytest.fixture
def site(desk):
    return Settings(desk)


# ---- what is there ----


def test_every_setting_has_a_place_a_name_and_one_explanation(site) -> None:
    shown = [name for group in groups() for name in group.fields]
    assert sorted(shown) == sorted(FIELDS)
    for name, row in site.dialog.rows.items():
        field = row.field
        assert field.accessibleName()
        assert isinstance(field, (QLineEdit, QPlainTextEdit, Choice)), "text fields, never spin boxes"
        silent = name.endswith(".2") or (name.startswith("preparation_hours") and not name.endswith("mon"))
        assert bool(row.explanation.text()) != silent, name
    for button in site.dialog.findChildren(QPushButton):
        assert button.accessibleName()


def test_the_documentation_says_what_the_dialog_says() -> None:
    from pathlib import Path

    text = (Path(__file__).parents[2] / "docs" / "site.md").read_text(encoding="utf-8")
    for name, setting in settings(LIMITS).items():
        if name.startswith("band.by"):
            continue
        assert setting.explanation in text, name


def test_what_holds_without_a_key_is_seen(site) -> None:
    rows = site.dialog.rows
    assert rows["lead_time_h"].field.placeholderText() == "not set: 2"
    assert rows["zone"].field.placeholderText() == "not set: Europe/Amsterdam"
    assert rows["share_vials"].field.currentText() == "not set: yes"
    assert rows["preparation_hours.mon"].field.text() == "08:00-17:30"


def test_the_wheel_changes_nothing(site) -> None:
    for row in site.dialog.rows.values():
        field = row.field
        before = field.document_text()
        QApplication.sendEvent(
            field,
            QWheelEvent(
                QPointF(5, 5), QPointF(5, 5), QPoint(0, 120), QPoint(0, 120), Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
            ),
        )  # fmt: skip
        assert field.document_text() == before


# ---- saving ----


def test_what_is_saved_holds_at_once_and_nothing_typed_in_the_order_is_lost(site) -> None:
    desk = site.desk
    desk.type("weight", "6.50")
    before = desk.dose
    site.type("formula", "haycock")
    site.type("lead_time_h", "3,5")
    site.type("phone", "+31 20 555 0100")
    site.type("wards", "Ward 1\nWard 2")
    assert desk.dose == before
    site.press("save")
    assert not site.dialog.isVisible()
    found = site.site()
    assert (found.formula, str(found.lead_time_h), found.phone) == ("haycock", "3.5", "+31 20 555 0100")
    assert found.wards == ("Ward 1", "Ward 2")
    assert desk.editor.text("weight").startswith("6.50")
    assert desk.editor.plan.bsa.formula == "haycock"
    assert desk.dose != before
    assert "site.toml" in desk.window.notice.text()
    desk.editor.undo()
    assert desk.editor.plan.bsa.formula == "haycock"
    assert not desk.editor.text("weight").startswith("6.50")


def test_an_order_form_follows_the_new_settings(site) -> None:
    site.type("formula", "boyd")
    site.press("save")
    formula = site.desk.field("formula")
    assert "Boyd" in formula.itemText(0)


def test_a_telephone_number_leaves_every_figure_and_code(site) -> None:
    site.desk.type("pattern", "96h")
    before = site.desk.editor.plan
    assert before.check_code
    site.type("phone", "+31 20 555 0100")
    site.press("save")
    assert site.desk.editor.plan == before
    assert site.desk.editor.plan.check_code == before.check_code


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lead_time_h", "two"),
        ("lead_time_h", "25"),
        ("session_h", "3"),
        ("preparation_hours.tue", "17:30-08:00"),
        ("zone", "Mars"),
        ("syringes", "1: 7"),
        ("band", "eu 96h 0.3"),
        ("thresholds", "weight_limit = 3"),
    ],
)
def test_a_refused_value_is_said_beside_its_field_and_stays_here(site, name: str, text: str) -> None:
    site.type(name, text)
    assert site.said(name)
    assert site.dialog.rows[name].said["refuse"].isVisible()
    site.dialog.stack.setCurrentIndex(4)
    site.press("save")
    assert site.dialog.isVisible()
    assert site.dialog.rows[name].field.isVisible(), "the field to be corrected is shown"
    assert site.dialog.rows[name].field.document_text() == text
    assert not site.path.exists()
    assert "Not saved" in site.dialog.status.text()
    assert any("to correct" in button.text() for button in site.dialog._rail.buttons())


def test_two_keys_that_contradict_each_other_are_both_named(site) -> None:
    site.type("session_h", "3")
    assert "Lead time" in site.said("session_h")
    assert "Session" in site.said("lead_time_h")
    site.type("lead_time_h", "3")
    assert not site.said("session_h")
    assert not site.said("lead_time_h")


def test_a_longer_limit_asks_for_its_basis_and_two_names_at_that_place(site) -> None:
    rows = site.dialog.rows
    site.type("start_within_h", "24")
    assert not rows["start_within_basis"].field.isVisible()
    site.type("start_within_h", "48")
    assert all(
        rows[name].field.isVisible() for name in ("start_within_basis", "start_within_by.1", "start_within_by.2")
    )
    assert site.said("start_within_basis")
    site.type("start_within_basis", "validated")
    assert not site.said("start_within_basis")
    assert "drafts" in site.said("start_within_by.1", "justify")
    site.type("start_within_by.1", "A. Jansen")
    site.type("start_within_by.2", "a. jansen")
    assert "two different people" in site.said("start_within_by.1")
    site.type("start_within_by.2", "B. Smit")
    assert not site.said("start_within_by.1")
    assert not site.said("start_within_by.1", "justify")
    site.press("save")
    assert site.site().start_within_by == ("A. Jansen", "B. Smit")


def test_bands_want_two_names_and_no_overlap(site) -> None:
    rows = site.dialog.rows
    assert not rows["band.by.1"].field.isVisible()
    site.type("band", "eu 96h 0,3 0.35 1.9\neu 96h 0.34 0.4 2.2")
    assert rows["band.by.1"].field.isHidden() is False
    site.type("band.by.1", "A. Jansen")
    assert "two different people" in site.said("band.by.1")
    site.type("band.by.2", "B. Smit")
    assert "overlap" in site.said("band")
    site.type("band", "eu 96h 0,3 0.35 1.9\neu 96h 0.35 0.4 2.2")
    assert not site.said("band")
    site.press("save")
    assert len(site.site().band) == 2


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_full_disk_loses_nothing(site, number: int, monkeypatch) -> None:
    site.type("phone", "+31 20 555 0100")

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("tempfile.mkstemp", fail)
    site.press("save")
    assert site.dialog.isVisible()
    assert os.strerror(number) in site.dialog.status.text()
    assert str(site.path) in site.dialog.status.text()
    assert not site.path.exists()
    monkeypatch.undo()
    site.press("save")
    assert site.site().phone == "+31 20 555 0100"


# ---- leaving it ----


def test_escape_keeps_what_was_typed_and_cancel_gives_it_up(site) -> None:
    site.type("phone", "123")
    site.desk.qtbot.keyClick(site.dialog, Qt.Key.Key_Escape)
    assert not site.dialog.isVisible()
    assert site.open() is site.dialog
    assert site.dialog.rows["phone"].field.text() == "123"
    assert "not saved" in site.dialog.status.text()
    site.press("cancel")
    assert not site.dialog.isVisible()
    site.open()
    assert site.dialog.rows["phone"].field.text() == ""
    assert not site.path.exists()


def test_a_field_undoes_its_own_keys(site) -> None:
    site.dialog.go("phone")
    field = site.dialog.rows["phone"].field
    site.desk.qtbot.keyClicks(field, "123")
    site.desk.qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == ""
    assert site.desk.editor.text("weight")


# ---- import and export ----


def test_settings_go_out_and_come_in(site, tmp_path) -> None:
    site.type("formula", "haycock")
    out = tmp_path / "out.toml"
    site.dialog.export_to(out)
    assert load_site(out, LIMITS).formula == "haycock"
    assert not site.path.exists()
    site.dialog.import_from(out)
    assert "first" in site.dialog.status.text(), "what was typed here is not thrown away"
    assert not site.path.exists()
    site.press("cancel")
    site.open()
    site.dialog.import_from(out)
    assert site.site().formula == "haycock"
    assert site.desk.editor.plan.bsa.formula == "haycock"
    assert site.dialog.rows["formula"].field.document_text() == "haycock"


def test_a_bad_import_is_said_and_changes_nothing(site, tmp_path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("schema = 1\nlead_time_h = 99\n", encoding="utf-8")
    site.dialog.import_from(bad)
    assert "bad.toml" in site.dialog.status.text()
    assert "lead_time_h" in site.dialog.status.text()
    assert not site.path.exists()


# ---- files that are there already ----


def test_a_damaged_file_is_not_written_over(desk) -> None:
    path = own_site_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("schema = 1\nname = ", encoding="utf-8")
    site = Settings(desk)
    assert "line 2" in site.dialog.general.text()
    assert not site.dialog.buttons["save"].isEnabled()
    assert path.read_text(encoding="utf-8") == "schema = 1\nname = "


def test_a_refused_site_file_is_mended_in_the_window(qtbot, tmp_path) -> None:
    """The window starts without results, says why, and has them once the file is good."""
    from dosing_app.ui import application
    from dosing_app.ui.editor import Editor
    from dosing_app.ui.main_window import MainWindow

    path = tmp_path / "site.toml"
    path.write_text('schema = 1\nlead_time_h = 99 # hours\nname = "Example"\n', encoding="utf-8")
    editor = Editor()
    window = MainWindow(editor)
    qtbot.addWidget(window)
    application.load(editor, window, path, lambda: window.open(shipped("orders")["example"]))
    window.show()
    assert editor.plan is None
    assert "lead_time_h" in editor.trouble
    window.ask_site()
    dialog = next(iter(window.findChildren(SiteDialog)))
    assert dialog.path == path
    assert "0 to 24" in dialog.rows["lead_time_h"].said["refuse"].text()
    field = dialog.rows["lead_time_h"].field
    field.selectAll()
    qtbot.keyClicks(field, "3")
    qtbot.mouseClick(dialog.buttons["save"], Qt.MouseButton.LeftButton)
    assert path.read_text(encoding="utf-8") == 'schema = 1\nlead_time_h = 3 # hours\nname = "Example"\n'
    assert editor.plan is not None
    assert editor.plan.daily_dose is not None
    assert window.order.results.dose.text()


@pytest.mark.parametrize("given", [False, True])
def test_the_window_uses_the_file_that_was_given_else_its_own(given: bool, kept, tmp_path) -> None:
    from dosing_app.ui import application

    own, other = own_site_file(), tmp_path / "other.toml"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text('schema = 1\nformula = "haycock"\n', encoding="utf-8")
    other.write_text('schema = 1\nformula = "boyd"\n', encoding="utf-8")
    editor, window, drafts = kept.editor, kept.window, kept.drafts
    application._begin(editor, window, drafts, None, other if given else None)
    assert editor.house.site.formula == ("boyd" if given else "haycock")
    assert editor.site_path == (other if given else own)


def test_product_data_is_one_button_away(site) -> None:
    from dosing_app.ui.product_dialog import ProductDialog

    site.dialog.go("band")
    button = next(each for each in site.dialog.findChildren(QPushButton) if each.text().startswith("Product data"))
    site.desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    product = next(iter(site.desk.window.findChildren(ProductDialog)))
    assert product.isVisible()
    for field, name in zip(product.names, ("A. Jansen", "B. Smit"), strict=True):
        site.desk.qtbot.keyClicks(field, name)
    site.desk.qtbot.mouseClick(product.approve_button, Qt.MouseButton.LeftButton)
    assert "A. Jansen and B. Smit" in site.dialog.approvals.text()
