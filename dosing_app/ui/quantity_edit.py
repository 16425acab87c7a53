"""Inputs that hold text and nothing else: what was typed, with the unit that stands beside the field."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QSize, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QSizePolicy,
    QToolTip,
    QWidget,
)

from dosing_app.ui import theme
from dosing_app.wording.language import _

_ANY_WIDTH = 2**24 - 1  # Qt's own word for no limit
_LONGEST = 2**31 - 1  # of characters: whatever is pasted stays whole
_INCHES_AND_FEET = "\"'″′#"  # signs that stand for a unit: the field's own is not added behind them
_LINE_ENDS = "\r\n\t"  # what a cell of a spreadsheet brings along


def compose(typed: str, unit: str) -> str:
    """The document's text of a typed one: with the field's unit where none was typed."""
    text = typed.strip(_LINE_ENDS)
    if not text.strip():
        return ""
    names_a_unit = any(character.isalpha() or character in _INCHES_AND_FEET for character in text)
    return text if not unit or names_a_unit else f"{text} {unit}"


def decompose(text: str, unit: str) -> str:
    """What a field shows of the document's text: without exactly the unit that `compose` adds."""
    bare = text.removesuffix(f" {unit}")
    return bare if compose(bare, unit) == text else text


def is_undo(event: QKeyEvent) -> bool:
    """Whether keys mean undo or redo, which belong to the document."""
    keys = QKeySequence(event.keyCombination())
    return any(keys == QKeySequence(each) for each in ("Ctrl+Z", "Ctrl+Y", "Ctrl+Shift+Z"))


class TextField(QLineEdit):
    """A line of text. Undo belongs to the document, Enter moves on."""

    edited = Signal()
    left = Signal()

    def __init__(self, name: str, unit: str = "", parent: QWidget | None = None, *, shown: str = "") -> None:
        """A field with its name for those who hear it, and the unit fixed beside it.

        Args:
            name: of the field.
            unit: a spelling that is read, the same in every language.
            parent: of the widget.
            shown: the unit as it is read and heard, where that is another text.
        """
        super().__init__(parent)
        self.unit, self.shown = unit, shown or unit
        self.setAccessibleName(f"{name}, {self.shown}" if unit else name)
        self.setMaxLength(_LONGEST)
        self.setFont(theme.font(theme.FIELD))
        # not textEdited: assistive technology sets texts without it
        self.textChanged.connect(self.edited)
        self.filler: QWidget | None = None  # the button beside it that fills it in
        self.returnPressed.connect(self._move_on)

    def _move_on(self) -> None:
        """To the next field, past the button that fills this one: what is typed then would go nowhere."""
        self.focusNextPrevChild(True)
        if self.filler is not None and self.filler.hasFocus():
            self.focusNextPrevChild(True)

    def document_text(self) -> str:
        """What was typed, as the document keeps it."""
        return compose(self.text(), self.unit)

    def show_text(self, text: str) -> None:
        """Show the document's text, unless it is what stands here already."""
        if self.document_text() != text:
            self.blockSignals(True)
            self.setText(decompose(text, self.unit))
            self.blockSignals(False)

    def event(self, event: QEvent) -> bool:
        """Leave the keys of undo and redo to the menu."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and is_undo(event):
            event.ignore()
            return False
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say that the field is left: the next keystroke is a new step of undo."""
        super().focusOutEvent(event)
        if self.isVisible():  # a window that goes away takes the focus from fields that are half gone
            self.left.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The usual menu without its own undo, which knows nothing of the document."""
        from PySide6.QtCore import Qt

        menu = self.createStandardContextMenu()
        for action in menu.actions():
            if action.objectName() in {"edit-undo", "edit-redo"}:
                menu.removeAction(action)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())


class Choice(QComboBox):
    """A list of texts to choose from, editable or not; the wheel changes nothing."""

    edited = Signal()
    left = Signal()

    def __init__(self, name: str, *, editable: bool = False, parent: QWidget | None = None) -> None:
        """An empty list."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFont(theme.font(theme.FIELD))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self._labelled = False
        self._least = 0  # px, of a list that is as wide as its texts
        self._line: TextField | None = None
        if editable:
            self._line = TextField(name)
            self.setLineEdit(self._line)
            self.setCompleter(None)  # type: ignore[arg-type]  # a completer would put texts that nobody typed
            self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            self._line.edited.connect(self.edited)
            self._line.left.connect(self.left)
        else:
            self.currentIndexChanged.connect(self.edited)

    def event(self, event: QEvent) -> bool:
        """Say in full what is longer than the list is wide."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.currentText(), self)
            return True
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Be labelled: on some systems a list is heard by its label and its text alone, not by its name."""
        super().showEvent(event)
        if not self._labelled and theme.complete():  # the lists of the first paint have their labels
            self._labelled = True
            if not any(label.buddy() is self for label in self.window().findChildren(QLabel)):
                label = QLabel(self.accessibleName(), self)
                label.hide()
                label.setBuddy(self)

    def show_whole(self, least: int = 0) -> None:
        """Be as wide as the longest of its texts: two of them may differ at the end alone.

        Args:
            least: width that it has with short texts. [px at ordinary size]
        """
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._least = theme.px(least)
        self.setMinimumWidth(0)
        self.setMaximumWidth(_ANY_WIDTH)

    def sizeHint(self) -> QSize:
        """As the list asks for, and no narrower than it is to be."""
        whole = self.sizeAdjustPolicy() == QComboBox.SizeAdjustPolicy.AdjustToContents
        spare = theme.px(2) if whole else 0  # the style rounds the width of a text down
        return (super().sizeHint() + QSize(spare, 0)).expandedTo(QSize(self._least, 0))

    def offer(self, items: Sequence[tuple[str, str]]) -> None:
        """Offer (label, text of the document) pairs, without changing what is chosen or typed."""
        if [(self.itemText(row), self.itemData(row)) for row in range(self.count())] == list(items):
            return
        held = self.document_text()
        self.blockSignals(True)
        typed = self._line.text() if self._line else ""
        self.clear()
        for label, text in items:
            self.addItem(label, text)
        if self._line:
            self._line.blockSignals(True)
            self.setCurrentIndex(-1)
            self._line.setText(typed)
            self._line.blockSignals(False)
        self.blockSignals(False)
        if not self._line:
            self.show_text(held)

    def say_usual(self, text: str) -> None:
        """Show, while nothing is typed, what then holds."""
        if self._line:
            self._line.setPlaceholderText(text)

    def document_text(self) -> str:
        """The text of the chosen item, or the typed one."""
        if self._line:
            return self._line.document_text()
        return self.currentData() or ""

    def show_text(self, text: str) -> None:
        """Show the document's text; one that is not offered is added to the list."""
        if self._line:
            self._line.show_text(text)
            return
        if self.document_text() == text and self.currentIndex() >= 0:
            return
        self.blockSignals(True)
        row = self.findData(text)
        if row < 0:
            self.addItem(text, text)
            row = self.count() - 1
        self.setCurrentIndex(row)
        self.blockSignals(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page: it must change no order."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box, and an arrow drawn in its colour."""
        super().paintEvent(event)
        if not theme.complete():
            return  # the first paint waits for no costly namespace of Qt
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("blue"), max(1.5, theme.px(1.5))))
        x, y, size = self.width() - theme.px(15), self.height() / 2, theme.px(4)
        painter.drawPolyline(
            QPolygonF([QPointF(x - size, y - size / 2), QPointF(x, y + size / 2), QPointF(x + size, y - size / 2)])
        )
        painter.end()


class SexChoice(QWidget):
    """Female, male or not known."""

    edited = Signal()
    left = Signal()

    def __init__(self, name: str) -> None:
        """Nothing known."""
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(4))
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QRadioButton] = {}
        for text, label in (("female", _("female")), ("male", _("male")), ("", _("not known"))):
            button = QRadioButton(label)
            button.setAccessibleName(f"{name}: {label}")
            self._group.addButton(button)
            self._buttons[text] = button
            row.addWidget(button)
        row.addStretch(1)
        self._buttons[""].setChecked(True)
        self._text = ""
        self._group.buttonClicked.connect(self._chosen)
        self._group.buttonToggled.connect(self._chosen)

    def _chosen(self) -> None:
        for text, button in self._buttons.items():
            if button.isChecked() and text != self._text:
                self._text = text
                self.edited.emit()
                self.left.emit()

    def document_text(self) -> str:
        """As the document keeps it."""
        return self._text

    def show_text(self, text: str) -> None:
        """Show the document's text; none of the three where it is another."""
        if text == self._text:
            return
        self._text = text
        self._group.blockSignals(True)
        self._group.setExclusive(False)
        for each, button in self._buttons.items():
            button.setChecked(each == text)
        self._group.setExclusive(True)
        self._group.blockSignals(False)


class PreviousWeight(QWidget):
    """An earlier weight and its day, one text in the document."""

    edited = Signal()
    left = Signal()

    def __init__(self, name: str, day_name: str) -> None:
        """Both empty."""
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(4))
        self.weight = TextField(name, "kg")
        self.day = TextField(day_name)
        for field in (self.weight, self.day):
            field.edited.connect(self.edited)
            field.left.connect(self.left)
        row.addWidget(self.weight, 2)
        row.addWidget(QLabel("kg"))
        row.addWidget(QLabel(_("on")))
        row.addWidget(self.day, 4)
        self.setFocusProxy(self.weight)

    def document_text(self) -> str:
        """Weight and day as the document keeps them: "6.10 kg@2026-11-15"."""
        weight, day = self.weight.document_text(), self.day.document_text()
        return f"{weight}@{day}" if day else weight

    def show_text(self, text: str) -> None:
        """Show the document's text, unless it is what stands here already."""
        if self.document_text() != text:
            weight, _at, day = text.partition("@")
            self.weight.show_text(weight)
            self.day.show_text(day)
