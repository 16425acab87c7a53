"""The look: one bundled font in four sizes and one for the bedside; greys, a blue to act on, amber and red."""

from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from dosing_app.reference.folder import resources_folder

FAMILY = "Atkinson Hyperlegible"
# Sizes and steps are written for this text size; a larger font of the system enlarges them all alike.
_LARGEST_PLAIN_FONT = 15
_MARGIN = 32  # of a dialog, with its frame
TEXT, FIELD, HEADING, ANSWER = 13, 15, 20, 34
# The rate at the bed alone: its capitals are 11 mm high at 96 dots per inch, 20 minutes of arc from two metres.
DISTANCE = 64


# Texts stand at 4.5:1 or more on window and surface, outlines of inputs at 3:1 or more.
LIGHT = {
    "window": "#f4f5f7",
    "surface": "#ffffff",
    "text": "#1a1d21",
    "quiet": "#555c65",
    "line": "#7b838d",
    "hair": "#d4d8dd",
    "shade": "#e6e9ed",
    "chosen": "#dce9f7",
    "blue": "#0b5cad",
    "on_blue": "#ffffff",
    "amber": "#8a5300",
    "red": "#b3261e",
    "training": "#75288f",
}
DARK = {
    "window": "#16181b",
    "surface": "#1f2226",
    "text": "#e9ebee",
    "quiet": "#a9b0b9",
    "line": "#7f8893",
    "hair": "#363b42",
    "shade": "#2b3036",
    "chosen": "#203a57",
    "blue": "#83b8f3",
    "on_blue": "#10151b",
    "amber": "#e8b765",
    "red": "#ff8f86",
    "training": "#d9a6ee",
}
_HALF_LIGHT = 128


class _Look:
    """What holds now; set by `apply`."""

    colours = LIGHT
    scale = 1.0
    complete = False


def colour(name: str) -> QColor:
    """One of the colours that hold now."""
    return QColor(_Look.colours[name])


def px(length: float) -> int:
    """A length of the sketch on this screen: larger where the system's font is."""
    return round(length * _Look.scale)


def line_px(length: float, widget: QWidget) -> int:
    """A width of the sketch for lines of text in a dialog: no more than the screen has beside its margins."""
    return min(px(length), widget.screen().availableSize().width() - px(2 * _MARGIN))


def font(size: int = TEXT, *, bold: bool = False) -> QFont:
    """The bundled font in one of the four sizes, its digits all of one width."""
    made = QFont(FAMILY)
    made.setPixelSize(px(size))
    made.setBold(bold)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def load(app: QApplication) -> None:
    """Load the font and measure the system's; light or dark as the system's palette is."""
    _Look.scale = max(1.0, QFontInfo(app.font()).pixelSize() / _LARGEST_PLAIN_FONT)
    folder = resources_folder() / "fonts"
    for weight in ("Regular", "Bold"):
        QFontDatabase.addApplicationFont(str(folder / f"AtkinsonHyperlegible-{weight}.ttf"))
    app.setFont(font())
    choose(dark=app.palette().window().color().lightness() < _HALF_LIGHT)


def choose(*, dark: bool) -> None:
    """Be light or dark whatever the system is, for pictures; to be dressed afterwards."""
    _Look.colours = DARK if dark else LIGHT


def dress(window: QWidget) -> None:
    """Put on palette and style sheet, once the window is built: under a sheet each move of a widget dresses it anew.

    On the window, not on the application: what is built apart and added later is dressed once, when it is added.
    """
    QApplication.setPalette(_palette())
    window.setStyleSheet(_sheet())


def follow_system() -> bool:
    """Be light or dark as the system is; whether that changed anything. Not before the first paint."""
    from PySide6.QtCore import Qt  # a costly namespace

    _Look.complete = True
    scheme = QGuiApplication.styleHints().colorScheme()
    before = _Look.colours
    _Look.colours = {Qt.ColorScheme.Dark: DARK, Qt.ColorScheme.Light: LIGHT}.get(scheme, before)
    return _Look.colours is not before


def complete() -> bool:
    """Whether the window holds all that it will hold: after the first paint."""
    return _Look.complete


def tone(widget: QWidget, name: str) -> None:
    """Give a widget a tone of the style sheet, before it is first shown: "quiet", "refuse", "justify", "page", …

    Dressing a shown widget again by hand would need its style in Python's hands, where Qt deletes it at times.
    """
    widget.setProperty("tone", name)


def _palette() -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for roles, name in (
        ((role.Window, role.Button, role.AlternateBase, role.Mid, role.Dark), "window"),
        ((role.Base, role.ToolTipBase, role.Light, role.Midlight), "surface"),
        ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText, role.BrightText), "text"),
        ((role.PlaceholderText,), "quiet"),
        ((role.Highlight, role.Accent, role.Link), "blue"),
        ((role.HighlightedText,), "on_blue"),
        ((role.Shadow,), "line"),
    ):
        for each in roles:
            palette.setColor(each, colour(name))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, colour("line"))
    return palette


def _sheet() -> str:
    """The style sheet. Colours and lengths stand in it as @name and as numbers of the sketch followed by `u`."""
    sheet = _SHEET
    # longest names first, so that no name is taken for the beginning of another
    for name in sorted(_Look.colours, key=len, reverse=True):
        sheet = sheet.replace(f"@{name}", _Look.colours[name])
    for length in range(48, 0, -1):
        sheet = sheet.replace(f" {length}u", f" {px(length)}px")
    for name, (inner, border) in _ROUND.items():  # half of what they are across: Qt makes more than that square
        sheet = sheet.replace(f"@{name}", f"{px(inner) // 2 + px(border)}px")
    return sheet


_ROUND = {"ring": (12, 2), "dot": (6, 5)}  # radio buttons: what is inside the border, and the border
# Two units of line where the focus is; the same room is taken without it, so that nothing moves.
_SHEET = """
QLineEdit, QComboBox, QPlainTextEdit, QTextBrowser { background: @surface; color: @text; border: 1px solid @line;
  border-radius: 4u; padding: 3u 7u; selection-background-color: @blue; selection-color: @on_blue;
  placeholder-text-color: @quiet; }
QLineEdit:focus, QComboBox:focus { border: 2px solid @blue; padding: 2u 6u; }
QPlainTextEdit, QTextBrowser { padding: 1u 3u; }
QPlainTextEdit:focus, QTextBrowser:focus { border: 2px solid @blue; padding: 0 2u; }
QLineEdit[tone="refuse"] { border: 2px solid @red; padding: 2u 6u; }
QLineEdit[tone="refuse"]:focus { border: 2px solid @blue; }
QComboBox { padding-right: 24u; }
QComboBox QLineEdit, QComboBox QLineEdit:focus { border: none; padding: 0; background: transparent; }
QComboBox::drop-down { border: none; width: 24u; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView { background: @surface; border: 1px solid @line; outline: none;
  selection-background-color: @blue; selection-color: @on_blue; }
QPushButton { background: @surface; color: @blue; border: 1px solid @line; border-radius: 4u; padding: 3u 8u; }
QPushButton:hover { background: @chosen; }
QPushButton:focus { border: 2px solid @blue; padding: 2u 7u; }
QPushButton:disabled { color: @line; }
QPushButton[flat="true"] { background: transparent; border: 2px solid transparent; text-align: left; padding: 2u 1u; }
QPushButton[flat="true"]:focus { border: 2px solid @blue; }
QPushButton[tone="rail"] { background: transparent; color: @text; border: 2px solid transparent;
  border-left: 4u solid transparent; border-radius: 0; text-align: left; padding: 10u 1u 10u 8u; }
QPushButton[tone="rail"]:checked { background: @surface; border-left: 4u solid @blue; font-weight: bold; }
QPushButton[tone="rail"]:focus { border: 2px solid @blue; border-left: 4u solid @blue; }
QRadioButton { border: 2px solid transparent; border-radius: 4u; padding: 2u; spacing: 4u; }
QRadioButton:focus { border: 2px solid @blue; }
QRadioButton::indicator { width: 12u; height: 12u; border: 2u solid @line; border-radius: @ring; background: @surface; }
QRadioButton::indicator:checked { width: 6u; height: 6u; border: 5u solid @blue; border-radius: @dot; }
QCheckBox { border: 2px solid transparent; border-radius: 4u; padding: 4u; spacing: 6u; }
QCheckBox:focus { border: 2px solid @blue; }
QCheckBox::indicator { width: 12u; height: 12u; border: 2u solid @line; background: @surface; }
QCheckBox::indicator:checked { width: 6u; height: 6u; border: 5u solid @blue; }
QLabel[tone="quiet"] { color: @quiet; }
QLabel[tone="refuse"] { color: @red; }
QLabel[tone="justify"] { color: @amber; }
QTabBar { background: transparent; border: none; }
QTabBar::tab { background: transparent; color: @blue; border: 2px solid transparent; padding: 4u 10u; }
QTabBar::tab:selected { color: @text; border-bottom: 2px solid @blue; font-weight: bold; }
QTabBar::tab:focus { border: 2px solid @blue; }
QTableWidget { background: transparent; border: none; gridline-color: @hair; outline: none; }
QTableWidget:focus { border: 2px solid @blue; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section { background: transparent; color: @quiet; border: none; padding: 2u 4u; }
QHeaderView::section:horizontal { border-bottom: 1px solid @line; }
QProgressBar { background: @surface; color: @text; border: 1px solid @line; border-radius: 4u; text-align: center; }
QProgressBar::chunk { background: @chosen; border-right: 2px solid @blue; }
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget[tone="page"] { background: transparent; }
QScrollArea[tone="reading"] { border: 2px solid transparent; }
QScrollArea[tone="reading"]:focus { border: 2px solid @blue; }
QFrame[tone="strip"] { background: @surface; border: none; border-bottom: 1px solid @hair; }
QFrame[tone="rail"] { background: @window; border: none; border-right: 1px solid @hair; }
QFrame[tone="notice"] { background: @chosen; border: none; border-bottom: 1px solid @blue; }
QFrame[tone="findings"] { background: @surface; border: none; border-top: 1px solid @line; }
QFrame[tone="training-bar"] { background: @training; border: none; }
QFrame[tone="training-bar"] QLabel { color: @surface; }
QFrame[tone="card"] { background: @surface; border: 1px solid @hair; border-radius: 4u; }
QFrame[tone="card"]:focus { border: 2px solid @blue; }
QLabel[tone="training"] { color: @training; }
QPushButton[tone="tab"] { background: transparent; color: @text; border: 2px solid transparent;
  border-bottom: 4u solid transparent; border-radius: 0; padding: 6u 12u; }
QPushButton[tone="tab"]:checked { border-bottom: 4u solid @training; font-weight: bold; }
QPushButton[tone="tab"]:focus { border: 2px solid @blue; border-bottom: 4u solid @blue; }
QListWidget[tone="training"] { background: transparent; border: 2px solid transparent; outline: none; }
QListWidget[tone="training"]:focus { border: 2px solid @blue; }
QListWidget[tone="training"]::item { padding: 2u 4u; color: @text; }
QListWidget[tone="training"]::item:selected { background: @training; color: @surface; }
QMenuBar { background: @window; color: @text; }
QMenuBar::item { padding: 4u 8u; background: transparent; }
QMenuBar::item:selected { background: @chosen; }
QMenu { background: @surface; color: @text; border: 1px solid @line; }
QMenu::item { padding: 4u 24u 4u 16u; }
QMenu::item:selected { background: @blue; color: @on_blue; }
QMenu::item:disabled { color: @line; }
QMenu::separator { height: 1px; background: @hair; margin: 4u 0; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 12u; }
QScrollBar:horizontal { height: 12u; }
QScrollBar::handle { background: @line; border-radius: 4u; margin: 2u; }
QScrollBar::handle:vertical { min-height: 24u; }
QScrollBar::handle:horizontal { min-width: 24u; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QToolTip { background: @surface; color: @text; border: 1px solid @line; }
"""
