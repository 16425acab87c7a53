"""The way through for an infant beyond the limits: a second reading, blind, in the window, by real keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from dosing_app.ui.second_reading import SecondReading


@pytest.fixture
def refused(desk):
    """The example infant with its weight typed in pounds."""
    desk.type("weight", "14.15")
    assert desk.blank()
    return desk


def ask(desk) -> SecondReading:
    """Press the button that stands beside the refusal."""
    button = next(
        each for each in desk.window.order.findings.findChildren(QPushButton) if "Second reading" in each.text()
    )
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    return next(each for each in desk.window.findChildren(SecondReading) if each.isVisible())


def fill(desk, dialog: SecondReading, **texts: str) -> None:
    given = {
        "second-weight": "14.2",
        "second-length": "63",
        "first": "A. Jansen",
        "second": "B. Smit",
        "reason": "seen by the consultant",
        **texts,
    }
    for name, text in given.items():
        field = dialog.fields[name]
        field.setFocus()
        desk.qtbot.keyClicks(field, text)


def enter(desk, dialog: SecondReading) -> None:
    desk.qtbot.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)


def test_the_first_reading_is_not_seen_and_every_slip_is_denied(refused) -> None:
    dialog = ask(refused)
    assert dialog.geometry() == refused.window.geometry()  # nothing of the window beside it
    assert all(not field.text() for field in dialog.fields.values())
    assert [box.text() for box in dialog.denied] == ["The weight was not typed in pounds."]
    assert not any(digits in box.text() for box in dialog.denied for digits in ("14", "6.4"))
    fill(refused, dialog)
    assert not dialog.accept_button.isEnabled()
    dialog.denied[0].click()
    assert dialog.accept_button.isEnabled()


def test_an_agreeing_second_reading_shows_the_dose_with_its_reason(refused) -> None:
    dialog = ask(refused)
    fill(refused, dialog)
    dialog.denied[0].click()
    enter(refused, dialog)
    assert refused.editor.text("reason:who-limits") == "seen by the consultant; confirmed by A. Jansen and B. Smit"
    # the example's prescription does not fit this weight: another refusal stands in the way until it is taken out
    refused.type("prescribed", "")
    refused.field("prescribed").clear()
    assert refused.dose.startswith("7.49")


def test_one_person_cannot_be_both(refused) -> None:
    dialog = ask(refused)
    fill(refused, dialog, second="a. jansen ")
    dialog.denied[0].click()
    assert not dialog.accept_button.isEnabled()


def test_a_second_reading_that_differs_opens_nothing(refused) -> None:
    dialog = ask(refused)
    fill(refused, dialog, **{"second-weight": "6.42"})
    dialog.denied[0].click()
    enter(refused, dialog)
    assert refused.blank()
    assert any(each.values.get("second") == "differs" for each in refused.editor.plan.findings)


def test_a_changed_first_reading_is_confirmed_by_nobody(refused) -> None:
    dialog = ask(refused)
    fill(refused, dialog)
    dialog.denied[0].click()
    enter(refused, dialog)
    refused.type("weight", "14.16")
    assert not refused.editor.text("second-weight")
    assert refused.blank()
    refused.editor.undo()


def test_the_growth_charts_follow_every_key(desk) -> None:
    order = desk.window.order
    assert order.growth.isVisible()
    assert not order.results.growth.isVisible()
    desk.type("weight", "14.15")
    assert order.results.growth.isVisible()
    assert not order.growth.isVisible()
    assert float(desk.editor.growth_pictures()[0].points[-1][1]) == 14.15
    desk.type("weight", "14.15x")
    assert order.results.growth.empty
    desk.type("weight", "6.42")
    assert order.growth.isVisible()
