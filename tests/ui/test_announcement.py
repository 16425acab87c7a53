"""New findings are said to those who hear the window, without taking the focus away."""

import pytest

from dosing_app.ui import findings


@pytest.fixture
def heard(monkeypatch):
    """What assistive technology is told."""
    said: list[str] = []

    class Ears:
        """Stands for QAccessible, with somebody listening."""

        @staticmethod
        def isActive() -> bool:
            return True

        @staticmethod
        def updateAccessibility(event) -> None:
            said.append(event.message())

    monkeypatch.setattr(findings, "QAccessible", Ears)
    return said


def test_a_refusal_is_said_once_and_the_focus_stays(desk, heard) -> None:
    desk.type("weight", "14.15")
    assert sum("typed in pounds?" in each for each in heard) == 1
    assert desk.field("weight").hasFocus()
    before = len(heard)
    desk.type("case", "A-18")
    assert len(heard) == before
