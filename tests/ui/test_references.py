"""The Qt that is installed must not lose references: a window is left open for weeks."""

import sys

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QLabel

CALLS = 300


def test_calls_that_return_nothing_lose_no_reference_to_none(qtbot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    pixmap = QPixmap(20, 20)
    painter = QPainter(pixmap)
    box, white = QRectF(0, 0, 9, 9), QColor("#fff")
    calls = (
        lambda: painter.drawRect(box),
        lambda: painter.setPen(white),
        lambda: label.setText("x"),
        lambda: label.setVisible(False),
    )
    for call in calls:
        before = sys.getrefcount(None)
        for _ in range(CALLS):
            call()
        assert sys.getrefcount(None) > before - CALLS // 10
    painter.end()
