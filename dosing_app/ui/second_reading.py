"""The second reading: another person, another device, entered blind. Covers the window: nothing can be copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from dosing_app.ui import theme
from dosing_app.ui.quantity_edit import TextField
from dosing_app.wording.language import _

if TYPE_CHECKING:
    from dosing_app.core.findings import Finding
    from dosing_app.ui.editor import Editor

_WIDTH = 560


class SecondReading(QDialog):
    """Asks for weight and length again, for each suspected slip to be denied, for a reason and two names."""

    def __init__(self, editor: Editor, finding: Finding, window: QWidget) -> None:
        """Nothing filled in: what was typed first is not shown."""
        super().__init__(window)
        self._editor = editor
        self._code = finding.code
        self.setWindowTitle(_("Second reading"))
        self.setGeometry(window.geometry())  # over the whole window, first reading and all
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.px(48), theme.px(32), theme.px(48), theme.px(32))
        outer.setSpacing(theme.px(8))
        title = QLabel(_("Second reading"))
        title.setFont(theme.font(theme.HEADING, bold=True))
        outer.addWidget(title)
        told = QLabel(
            _(
                "By a second person, with another device, without seeing the first reading. "
                "Birth date, sex and gestation stay as they are."
            )
        )
        told.setWordWrap(True)
        outer.addWidget(told)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(8))
        grid.setVerticalSpacing(theme.px(8))
        grid.setContentsMargins(0, 0, 0, 0)
        self.fields: dict[str, TextField] = {}
        self._labels: dict[str, str] = {}
        for name, label, unit in (
            ("second-weight", _("Weight"), "kg"),
            ("second-length", _("Length"), "cm"),
            ("first", _("First measured by"), ""),
            ("second", _("Second measured by"), ""),
            ("reason", _("Reason"), ""),
        ):
            row = grid.rowCount()
            field = TextField(label, unit)
            shown = QLabel(label)
            shown.setBuddy(field)
            grid.addWidget(shown, row, 0)
            grid.addWidget(field, row, 1)
            grid.addWidget(QLabel(unit), row, 2)
            field.edited.connect(self._judge)
            self.fields[name] = field
            self._labels[name] = label
        grid.setColumnStretch(1, 1)
        body = QWidget()
        body.setMaximumWidth(theme.px(_WIDTH))
        body.setLayout(grid)
        outer.addWidget(body)
        self.denied: list[QCheckBox] = []
        self._ask_slips(finding, outer)
        self._missing = QLabel()
        self._missing.setWordWrap(True)
        theme.tone(self._missing, "quiet")
        outer.addWidget(self._missing)
        buttons = QDialogButtonBox()
        self.accept_button = buttons.addButton(_("Enter second reading"), QDialogButtonBox.ButtonRole.AcceptRole)
        cancel = buttons.addButton(_("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        for button in (self.accept_button, cancel):
            button.setAccessibleName(button.text())
            button.setAutoDefault(False)
        buttons.accepted.connect(self._enter)
        buttons.rejected.connect(self.reject)
        buttons.setMaximumWidth(theme.px(_WIDTH))
        outer.addWidget(buttons)
        outer.addStretch(1)
        self._judge()

    def _ask_slips(self, finding: Finding, outer: QVBoxLayout) -> None:
        """Each slip that would explain the first reading, to be denied; without the value that it would give."""
        from dosing_app.wording.sentences import slip_denials

        for denial in slip_denials(finding):
            box = QCheckBox(denial)
            box.setAccessibleName(denial)
            box.setMaximumWidth(theme.px(_WIDTH))
            box.toggled.connect(self._judge)
            self.denied.append(box)
            outer.addWidget(box)

    def _judge(self) -> None:
        """Whether all is there; what is missing is said."""
        text = {name: field.text().strip() for name, field in self.fields.items()}
        missing = [self._labels[name] for name in self.fields if not text[name]]
        if missing:
            said = _("Still missing: {fields}.").format(fields=", ".join(missing))
        elif text["first"].casefold() == text["second"].casefold():
            said = _("The two names must be those of two people.")
        elif not all(box.isChecked() for box in self.denied):
            said = _("Each line above must be denied one by one; if one is true, cancel and correct the first reading.")
        else:
            said = ""
        self._missing.setText(said)
        self.accept_button.setEnabled(not said)

    def _enter(self) -> None:
        """Put the second reading and the reason to the order; whether they agree is for the calculation to say."""
        text = {name: field.text().strip() for name, field in self.fields.items()}
        reason = _("{reason}; confirmed by {first} and {second}").format(
            reason=text["reason"], first=text["first"], second=text["second"]
        )
        for name in ("second-weight", "second-length"):
            self._editor.change(name, self.fields[name].document_text())
        self._editor.change(f"reason:{self._code}", reason)
        self._editor.settle()
        self.accept()
