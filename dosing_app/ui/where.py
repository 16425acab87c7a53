"""Where to write a file: asked of a person, and never over another file without a question."""

from pathlib import Path

from PySide6.QtWidgets import QDialog, QFileDialog, QWidget


def ask_where(parent: QWidget, title: str, start: Path, kinds: str, ending: str) -> Path | None:
    """The file that a person names to write into; None if the person turns back.

    A name without an ending gets its ending before the dialog looks whether such a file is there already: else “A-17”
    would be written over the older A-17.json without a question.
    """
    dialog = QFileDialog(parent, title, str(start.parent), kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(ending)
    dialog.selectFile(start.name)
    chosen = Path(dialog.selectedFiles()[0]) if dialog.exec() == QDialog.DialogCode.Accepted else None
    dialog.deleteLater()
    return chosen
