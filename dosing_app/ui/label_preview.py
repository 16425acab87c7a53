"""The label of a bag as it will print: exactly its lines, composed once in `papers.label`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from dosing_app.ui import theme
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dosing_app.papers.label import Label, LabelLine

_WIDTH = 440
# Lines that read as one stand in one; the roles are those of `LabelLine`.
_TOGETHER = (
    {"drug", "route"},
    {"runs", "volume", "discarded"},
    {"dose", "dose-more"},
    {"bag", "state"},
    {"time"},
    {"handling"},
    {"by-hand", "phone"},
    {"fine"},
)
_BOLD = {"patient", "drug", "route", "rate", "rate-change", "bag", "state", "confirmed", "lacks"}
_QUIET = {"fine", "by-hand"}


class LabelPreview(QWidget):
    """Shows a label; empty without one."""

    def __init__(self) -> None:
        """No label."""
        super().__init__()
        self.setMaximumWidth(theme.px(_WIDTH))
        self._column = QVBoxLayout(self)
        margin = theme.px(10)
        self._column.setContentsMargins(margin, margin, margin, margin)
        self._column.setSpacing(theme.px(3))
        self._rows: dict[str, QLabel] = {}  # by the role of their first line
        self._shown: tuple[LabelLine, ...] = ()
        self.hide()

    def show_label(self, label: Label | None) -> None:
        """Show a label's lines; None takes them away."""
        lines = label.lines if label else ()
        if lines == self._shown:
            return
        self._shown = lines
        groups = _groups(lines)
        present = {group[0].role for group in groups}
        for role, row in self._rows.items():
            if role not in present:
                row.hide()
                row.setText("")
        for at, group in enumerate(groups):
            role = group[0].role
            if role not in self._rows:
                self._rows[role] = _row(role)
            row = self._rows[role]
            if self._column.indexOf(row) != at:
                self._column.insertWidget(at, row)
            row.setText(("\n" if role == "time" else " · ").join(map(_whole, group)))
            if row.isHidden():  # what is shown already would be laid out again
                row.show()
        self.setVisible(bool(lines))

    @property
    def text(self) -> str:
        """All that is read on it."""
        rows = sorted((self._column.indexOf(row), row.text()) for row in self._rows.values() if row.text())
        return "\n".join(text for _at, text in rows)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt passes it
        """A sheet of its own."""
        painter = QPainter(self)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("surface"))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()


def _row(role: str) -> QLabel:
    row = QLabel()
    row.setWordWrap(True)
    size = theme.HEADING if role == "rate" else theme.FIELD if role == "drug" else theme.TEXT
    row.setFont(theme.font(size, bold=role in _BOLD))
    if role in _QUIET:
        theme.tone(row, "quiet")
    return row


def _whole(line: LabelLine) -> str:
    return line.whole if line.text else _("{name} ____").format(name=line.name)


def _groups(lines: Sequence[LabelLine]) -> list[list[LabelLine]]:
    """Neighbours that read as one, together."""
    groups: list[list[LabelLine]] = []
    for line in lines:
        last = groups[-1][-1].role if groups else ""
        if any({last, line.role} <= together for together in _TOGETHER):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups
