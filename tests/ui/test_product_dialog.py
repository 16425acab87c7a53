"""Product data looked at, compared and approved in the window, by real keys."""

import errno
import os

import pytest
from PySide6.QtCore import Qt

from dosing_app.reference.limits import load_limits
from dosing_app.reference.product import load_product
from dosing_app.reference.product_entries import entries
from dosing_app.reference.site import approval_of, load_site
from dosing_app.reference.source import shipped
from dosing_app.ui.product_dialog import ProductDialog
from dosing_app.ui.recovery import own_site_file

LIMITS = load_limits()[0]


@pytest.fixture
def dialog(desk):
    action = next(
        each for menu in desk.window._menus for each in menu.actions() if "Product data" in each.text().replace("&", "")
    )
    assert action.shortcut().toString() == "Ctrl+Shift+D"
    action.trigger()
    found = next(iter(desk.window.findChildren(ProductDialog)))
    desk.qtbot.waitExposed(found)
    return found


def sign(desk, dialog: ProductDialog, first: str, second: str) -> None:
    for field, name in zip(dialog.names, (first, second), strict=True):
        field.setFocus()
        field.selectAll()
        desk.qtbot.keyClick(field, Qt.Key.Key_Delete)
        desk.qtbot.keyClicks(field, name)


def press(desk, dialog: ProductDialog) -> None:
    desk.qtbot.mouseClick(dialog.approve_button, Qt.MouseButton.LeftButton)


def codes(desk) -> set[str]:
    return {each.code for each in desk.editor.plan.findings}


def cells(table, row: int) -> list[str]:
    return [table.item(row, column).text() for column in range(table.columnCount())]


def test_every_figure_is_shown_with_source_and_grade_in_words(dialog) -> None:
    product = load_product("eu")
    assert dialog.product is product
    assert dialog.figures.rowCount() == len(entries(product))
    rows = [cells(dialog.figures, row) for row in range(dialog.figures.rowCount())]
    assert rows[0][:3] == ["vial", "drug as labelled", "38.5\u00a0micrograms"]
    rate = next(row for row in rows if row[:2] == ["bag 72h", "pump rate"])
    assert rate[2] == "3.3\u00a0mL/hour"
    assert rate[3] == "R: recalled from the label, not re-read"
    assert product.checksum in dialog.version.text()
    assert product.version in dialog.version.text()
    assert "not approved here" in dialog.state.text()
    assert dialog.mark.isVisible()


@pytest.mark.parametrize(
    ("first", "second"), [("", ""), ("A. Jansen", ""), ("A. Jansen", " "), ("A. Jansen", "a. JANSEN ")]
)
def test_one_person_cannot_approve(desk, dialog, first: str, second: str) -> None:
    sign(desk, dialog, first, second)
    assert not dialog.approve_button.isEnabled()
    assert dialog.status.text()
    press(desk, dialog)
    assert not own_site_file().exists()


def test_two_people_approve_and_the_plan_says_so_at_once(desk, dialog) -> None:
    desk.type("pattern", "96h")
    assert "product-not-approved" in codes(desk)
    before = desk.editor.plan
    assert before.bags
    sign(desk, dialog, "A. Jansen", "B. Smit")
    press(desk, dialog)
    found = approval_of(load_site(own_site_file(), LIMITS), load_product("eu"))
    assert found is not None
    assert found.by == ("A. Jansen", "B. Smit")
    assert "A. Jansen and B. Smit" in dialog.state.text()
    assert not dialog.mark.isVisible()
    assert not dialog.approve_button.isEnabled()
    assert "product-not-approved" not in codes(desk)
    assert desk.editor.plan.versions == before.versions
    assert desk.editor.plan.bags == before.bags
    # the other region is a file of its own
    dialog.choice.setCurrentIndex(dialog.choice.findData("us"))
    assert "not approved here" in dialog.state.text()


def test_a_full_disk_keeps_the_names(desk, dialog, monkeypatch) -> None:
    sign(desk, dialog, "A. Jansen", "B. Smit")

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("tempfile.mkstemp", fail)
    press(desk, dialog)
    assert os.strerror(errno.ENOSPC) in dialog.status.text()
    assert [field.text() for field in dialog.names] == ["A. Jansen", "B. Smit"]
    assert "not approved here" in dialog.state.text()
    assert "product-not-approved" in codes(desk)


def test_before_and_after_for_three_infants(dialog, tmp_path) -> None:
    path = tmp_path / "old.toml"
    path.write_text(
        shipped("products")["eu"].read_text(encoding="utf-8").replace('"3.3 mL/h"', '"3.2 mL/h"'), encoding="utf-8"
    )
    dialog.views.button(1).click()
    assert dialog.changed_infants.rowCount() == 0
    dialog.choose_before(path)
    assert cells(dialog.changed_figures, 0) == ["bag 72h", "pump rate", "3.2\u00a0mL/hour", "3.3\u00a0mL/hour"]
    assert dialog.changed_infants.columnCount() == 5  # bag, figure, three infants
    rows = [cells(dialog.changed_infants, row) for row in range(dialog.changed_infants.rowCount())]
    assert ["bag 72h", "pump rate", *["3.2 → 3.3\u00a0mL/hour"] * 3] in rows
    assert all(row[0] == "bag 72h" for row in rows)
    dialog.choose_before("eu")
    assert dialog.changed_infants.rowCount() == 0
    assert "No figure differs" in dialog.compared.text()


def test_an_approved_earlier_version_is_named(desk, dialog, tmp_path) -> None:
    sign(desk, dialog, "A. Jansen", "B. Smit")
    press(desk, dialog)
    newer = tmp_path / "eu.toml"
    newer.write_text(shipped("products")["eu"].read_text(encoding="utf-8") + "\n", encoding="utf-8")
    dialog.choose_file(newer)
    assert dialog.product.name == "eu"
    assert "not approved here" in dialog.state.text()
    assert "Another version" in dialog.state.text()


def test_a_bad_product_file_is_said_and_cannot_be_approved(desk, dialog, tmp_path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text('schema = 1\nname = "x"\n', encoding="utf-8")
    dialog.choose_file(bad)
    sign(desk, dialog, "A. Jansen", "B. Smit")
    assert not dialog.approve_button.isEnabled()
    assert dialog.figures.rowCount() == 0
    assert "bad.toml" in dialog.status.text()
    dialog.choose_before(bad)
    assert dialog.before is None


def test_options_that_were_found_before_an_approval_are_found_anew(desk, dialog) -> None:
    """An option's plan must not go on saying "not approved"."""
    desk.editor.search()
    assert desk.editor.searched
    sign(desk, dialog, "A. Jansen", "B. Smit")
    press(desk, dialog)
    assert not desk.editor.searched
    desk.editor.rest()
    desk.editor.search()
    assert desk.editor.plan.bags
    assert "product-not-approved" not in codes(desk)
    assert "product-not-approved" not in {each.code for each in desk.editor.answer.plan(0).findings}
