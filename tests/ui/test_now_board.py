"""The Now board: every state in words, every millilitre of the bag, and nothing left when there is nothing to show."""

import re
from decimal import Decimal

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from ward import START, rest_at

from dosing_app.course.bedside import board_of
from dosing_app.ui import theme
from dosing_app.ui.now_board import NowBoard

ZONE = "Europe/Amsterdam"
PREPARED = (-2, "prepared", {"session": 1})
HUNG = (0, "hung", {"bag": 1})
_ALSO = {97: ("OVERDUE",)}


@pytest.fixture
def board(qtbot):
    made = NowBoard()
    theme.dress(made)
    qtbot.addWidget(made)
    made.resize(1170, 260)
    made.show()
    return made


def show(board: NowBoard, hours: float, *events) -> str:
    """What the board says so many hours after the start."""
    entries = [{"at": START.add(hours=at).format_iso(), "event": event, **more} for at, event, more in events]
    board.show_board(board_of(rest_at(hours, *entries)), ZONE, "")
    board.resize(1170, board.sizeHint().height())
    QApplication.processEvents()
    return texts(board)


def texts(board: NowBoard) -> str:
    found = [each.text() for each in board.findChildren(QLabel) if each.isVisible() and each.text()]
    return "\n".join(found).replace("\u00a0", " ")


def volume(text: str) -> Decimal:
    return Decimal(re.fullmatch(r"([0-9.]+)\u00a0mL", text)[1])


@pytest.mark.parametrize(
    ("events", "hours", "large", "said"),
    [
        ((), -41.33, "Not begun", ["Connect bag 1", "Mon 23-Nov-2026 14:00", "in 41 h 20 min"]),
        ((), 1, "Not begun", ["Connect bag 1"]),
        (
            (PREPARED, HUNG),
            30.67,
            "RATE 3.3 mL/hour",
            ["Bag 1 of 8", "Thu 26-Nov-2026 14:00", "in 41 h 20 min", "RATE WILL CHANGE from 3.3 to 2.5 mL/hour"],
        ),
        ((PREPARED, HUNG), 72, "RATE 3.3 mL/hour", ["due now"]),
        ((PREPARED, HUNG), 73.5, "RATE 3.3 mL/hour", ["OVERDUE by 1 h 30 min"]),
        ((PREPARED, HUNG), 97, "RATE 3.3 mL/hour", ["TAKE DOWN: past its limit", "PAST: Fri 27-Nov-2026 14:00"]),
        (
            (PREPARED, HUNG, (10, "interrupted", {"reason": "technical"})),
            12.5,
            "PUMP STANDS",
            ["Bag 1 of 8, RATE 3.3 mL/hour", "since Tue 24-Nov-2026 00:00, for 2 h 30 min"],
        ),
        (
            (PREPARED, HUNG, (10, "interrupted", {"reason": "unknown"})),
            11,
            "PUMP STANDS",
            ["Waiting for a prescriber", "Nothing is planned before a dose rate and a name: Decision."],
        ),
        (
            (
                *(PREPARED, HUNG, (10, "interrupted", {"reason": "adverse-event"}), (11, "stopped", {"bag": 1})),
                (12, "decision", {"what": "restart", "dose_rate": "5", "prescriber": "Dr P"}),
                (12.5, "hung", {"bag": 2}),
            ),
            13,
            "RATE 2.5 mL/hour",
            ["Bag 2 of 8", "TAKE DOWN: made for another dose"],
        ),
        (
            (PREPARED, HUNG, (10, "stopped", {"bag": 1})),
            11,
            "NO BAG",
            ["since Tue 24-Nov-2026 00:00, for 1 h", "Connect bag 2"],
        ),
    ],
)
def test_every_state_is_in_words(board, events, hours, large, said):
    seen = show(board, hours, *events)
    assert board.rate.text().replace("\u00a0", " ") == large
    for each in said:
        assert each in seen
    for other in ("PUMP STANDS", "NO BAG", "OVERDUE", "PAST"):
        assert (other in seen) == any(other in each for each in (large, *said, *_ALSO.get(hours, ())))


def test_the_whole_ledger_stands_in_one_row_and_adds_up(board):
    for hours in (31, 44.1, 57.77, 72):
        show(board, hours, PREPARED, HUNG)
        *volumes, limit = board.ledger
        total, *parts, in_bag = [volume(text) for _name, text in volumes]
        assert total == sum(parts)
        primed, infused, due, discarded = parts
        assert in_bag == due + discarded == total - primed - infused
        assert limit[1] == "Fri 27-Nov-2026 14:00"
        rows = {each.geometry().top() for each in board._figures}
        assert len(rows) == 1


def test_hours_add_up_to_the_course(board):
    seen = show(board, 30.5, PREPARED, HUNG)
    assert "30 h 30 min infused · 0 h waived · 641 h 30 min still due of 672 h" in seen


def test_without_a_board_one_sentence_stands_and_nothing_else(board):
    show(board, 30, PREPARED, HUNG)
    board.show_board(None, ZONE, "The register cannot be reached.")
    assert texts(board) == "The register cannot be reached."
    hidden = [each.text() for each in board.findChildren(QLabel) if each is not board.sentence]
    assert not any(hidden)  # not even where nobody looks does an old rate stay


def test_one_thing_is_large(board):
    show(board, 30, PREPARED, HUNG)
    sizes = sorted(each.font().pixelSize() for each in board.findChildren(QLabel) if each.isVisible())
    assert sizes[-1] == board.rate.font().pixelSize() == theme.px(theme.DISTANCE)
    assert sizes[-2] < sizes[-1]


def test_no_line_is_cut_off_at_the_window_s_width(board):
    show(board, 97, PREPARED, HUNG)
    for each in board.findChildren(QLabel):
        if each.isVisible() and each.text():
            wanted = each.heightForWidth(each.width()) if each.wordWrap() else each.sizeHint().height()
            assert each.height() >= wanted, each.text()
            assert each.wordWrap() or each.width() >= each.sizeHint().width(), each.text()
