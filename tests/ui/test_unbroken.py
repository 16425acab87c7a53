"""Where lines end: never within a date, nor between a number and what it counts."""

import re

import pytest
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication

from dosing_app.ui import theme
from dosing_app.ui.figure_table import narrowed
from dosing_app.ui.unbroken import Sentence, unbroken

TOLD = "Take it down Thu 26-Nov-2026 14:00, by Fri 27-Nov-2026 14:00 at the latest. Still to be infused: 237.6 mL."
WHOLE = ("Thu 26-Nov-2026 14:00,", "Fri 27-Nov-2026 14:00", "237.6 mL.")


def drawn(text: str) -> str:
    """A text as a person reads it, the signs that hold it together taken away."""
    return text.replace("\u2060", "").replace("\u00a0", " ")


def pieces(text: str) -> list[str]:
    """What Qt may not tear: it ends a line at a blank and after a hyphen."""
    return [drawn(each) for each in re.split(r" |(?<=-)(?!\u2060)", unbroken(text))]


def test_a_date_with_its_time_and_a_number_with_its_unit_are_one_piece() -> None:
    assert set(WHOLE) <= set(pieces(TOLD))


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("6.418 kg zou gewoon zijn", "6.418 kg"),
        ("vanaf do 03-dec-2026, za 05-dec-2026", "do 03-dec-2026,"),
        ("ab Mo 30-Mär-2026 16:01", "Mo 30-Mär-2026 16:01"),
        ("= 5.0477 microgram per dag", "5.0477 microgram per dag"),
        ("um 32.6 % ab", "32.6 %"),
        ("Ein Säugling von 5 Monaten", "5 Monaten"),
    ],
)
def test_it_holds_in_every_language(text: str, whole: str) -> None:
    assert whole in pieces(text)


def test_nothing_is_changed_but_what_holds_it_together() -> None:
    assert drawn(unbroken(TOLD)) == TOLD
    plain = "one-off, 72h,96h: 16:01 to 06:01, bags 1, 2 and 3"
    assert drawn(unbroken(plain)) == plain
    assert "one-off," in unbroken(plain)


def test_a_sentence_keeps_its_text_and_is_never_narrower_than_a_date(qtbot) -> None:
    label = Sentence(TOLD)
    qtbot.addWidget(label)
    label.setFont(theme.font())
    label.show()
    QApplication.processEvents()
    assert label.text() == TOLD
    assert label.minimumSizeHint().width() >= QFontMetricsF(label.font()).horizontalAdvance(WHOLE[0])


def test_the_widest_column_gives_its_room_first() -> None:
    """Two dates of 140 and a remark of 600 in 700: the remark gives the 180 that are lacking."""
    dates_and_remark = [(140.0, 70.0), (140.0, 70.0), (600.0, 100.0)]
    assert narrowed(dates_and_remark, 700) == pytest.approx([140, 140, 420], abs=0.1)
    assert narrowed(dates_and_remark, 300) == pytest.approx([100, 100, 100], abs=0.1)
    assert narrowed(dates_and_remark, 200) == pytest.approx([70, 70, 100], abs=0.1)  # no less: it scrolls
    assert narrowed(dates_and_remark, 900) == [140, 140, 600]
    assert narrowed(dates_and_remark, None) == [140, 140, 600]
