"""The window in every language: room for every text at ordinary and double size, no English left, keys that differ."""

from collections import Counter

import pytest
import scenes
from left_english import left, strings
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QStyle,
    QStyleOptionComboBox,
    QTableView,
    QWidget,
)
from ward import Ward

from dosing_app.reference.folder import resources_folder
from dosing_app.store.language_file import kept_language
from dosing_app.ui import theme
from dosing_app.ui.batch_dialog import BatchDialog
from dosing_app.ui.language_menu import fill_languages
from dosing_app.ui.second_check import SecondCheck
from dosing_app.wording.language import LANGUAGES, _, speak

FOREIGN = sorted(set(LANGUAGES) - {"en"})
ORDERS = [resources_folder() / "orders" / f"{name}.json" for name in ("example", "weight-in-pounds")]
MENUS = ("&File", "&Edit", "&View", "&Papers", "&Role", "&Help")
ARROW, MARGINS = 44, 20  # of a list, its margins with it; of a field
WORKSPACES = ("order", "prepare", "administer", "teach")


@pytest.fixture(params=FOREIGN)
def language(request):
    """A language other than English, until the test is over."""
    speak(request.param)
    yield request.param
    speak("en")


@pytest.fixture(params=[1.0, 2.0], ids=["100%", "200%"])
def scale(request, monkeypatch, qapp):
    """The size of the system's letters."""
    monkeypatch.setattr(theme._Look, "scale", request.param)
    before = qapp.font()
    qapp.setFont(theme.font())
    yield request.param
    qapp.setFont(before)


def settle() -> None:
    for _turn in range(5):
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()


def seen(whole: QWidget, kind: type) -> list:
    return [each for each in whole.findChildren(kind) if each.isVisible()]


def clipped(whole: QWidget) -> list[str]:
    """Texts of labels, buttons, lists and empty fields that have less room than they need."""
    found = []
    for widget in [*seen(whole, QLabel), *seen(whole, QAbstractButton)]:
        if not widget.text() or widget.property("elided") or widget.objectName().startswith("qt_"):
            continue
        wanted = widget.sizeHint()
        if isinstance(widget, QLabel) and widget.wordWrap():
            room = widget.height() >= widget.heightForWidth(widget.width())
        else:
            room = widget.width() >= wanted.width() and widget.height() >= wanted.height()
        if not room and widget is not elided(whole):
            found.append(widget.text())
    for field in seen(whole, QLineEdit):
        text = "" if field.text() else field.placeholderText()
        if field.fontMetrics().horizontalAdvance(text) > field.width() - theme.px(MARGINS):
            found.append(text)
    for box in seen(whole, QComboBox):
        free = box.isEditable() or box.property("elided")  # it says all of it when it is asked
        if not free and box.fontMetrics().horizontalAdvance(box.currentText()) > box.width() - theme.px(ARROW):
            found.append(box.currentText())
    return found


def cut(whole: QWidget) -> list[str]:
    """Texts of lists that have less room in their box than they need when they are chosen."""
    found = []
    for box in seen(whole, QComboBox):
        option = QStyleOptionComboBox()
        box.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = box.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, box).width()
        texts = [box.itemText(at) for at in range(box.count())]
        found += [text for text in texts if box.fontMetrics().horizontalAdvance(text) > room]
    return found


def elided(whole: QWidget) -> QWidget | None:
    """The one label that shortens itself, and says all of it when it is asked."""
    return whole.order.findings._titles if isinstance(whole, QMainWindow) else None


def test_nothing_is_clipped_in_the_window(another, language, scale) -> None:
    for order in ORDERS:
        desk = another(order=order)
        for name in WORKSPACES:
            desk.window.go(name)
            settle()
            assert clipped(desk.window) == [], (name, order.stem)


# What the tests above and below do not open: each as a person finds it.
MORE = ("prepare", "course", "demonstrate", "practise", "spot", "drug", "second_reading", "issue", "papers")


@pytest.mark.parametrize("name", MORE)
def test_nothing_is_clipped_and_no_english_left_in_any_other_window(another, language, scale, name: str) -> None:
    whole = {**scenes.WORKSPACES, **scenes.DIALOGS}[name](another)
    settle()
    assert clipped(whole) == []
    said = shown(whole)
    assert len(said) > 10
    assert sorted(text for text in said if left(text, language)) == []
    getattr(whole, "close_course", getattr(whole, "reject", whole.close))()


def dialogs(desk) -> dict[str, QDialog]:
    """Every dialog that an order alone can open beside others, opened."""
    window = desk.window
    window.ask_site()
    window.ask_product()
    desk.editor.rest()
    window.desk.ask("issue")
    batch = BatchDialog(desk.editor.house, window)
    batch.show()
    return {type(each).__name__: each for each in window.findChildren(QDialog) if each.isVisible()}


def test_nothing_is_clipped_in_dialogs(another, language, scale) -> None:
    desk = another(order=ORDERS[0])
    opened = dialogs(desk)
    assert len(opened) == 4
    settle()
    for name, dialog in opened.items():
        assert clipped(dialog) == [], name
    for dialog in opened.values():
        dialog.reject()


def test_nothing_is_clipped_in_the_second_check(desk, language, scale) -> None:
    check = SecondCheck(desk.editor, desk.window)
    check.show()
    settle()
    assert clipped(check) == []
    assert cut(check) == []
    check.reject()


def test_a_paper_is_chosen_by_its_whole_name(another, language, scale) -> None:
    """Worksheets differ in the number at the end."""
    preview = another(order=ORDERS[0]).window.desk.show_papers("worksheet")
    settle()
    assert sum(preview.choice.itemText(at).endswith(("1", "2", "3")) for at in range(preview.choice.count())) > 1
    assert cut(preview) == []
    preview.close()


def test_a_product_is_known_by_its_whole_name_in_teach(another, language, scale) -> None:
    """Products of two regions may differ at the end alone."""
    page = scenes.demonstrate(another)._workspaces["teach"]._pages["demonstrate"]
    settle()
    names = {page.fields["product"].itemText(at) for at in range(page.fields["product"].count())}
    assert len(names) > 1
    assert names & set(cut(page)) == set()


def test_the_page_of_a_course_has_room_and_keys_of_its_own(qtbot, language, scale) -> None:
    """At the bed: the board, and at ordinary size the form of every event, opened one after another."""
    ward = Ward(qtbot)
    ward.at(-2)
    bar = [_(text) for text in MENUS]
    for event in ("", *ward.page.events) if scale == 1 else ("",):
        if event:
            ward.page.open_event(event)
        settle()
        assert clipped(ward.page) == [], event
        assert cut(ward.page.line) == [], event
        pressed = [each.text() for kind in (QAbstractButton, QLabel) for each in seen(ward.page, kind)]
        twice = {key for key, times in keys([*bar, *pressed]).items() if times > 1}
        assert twice == set(), (event, [text for text in pressed if "&" in text])
    ward.close()


def shown(whole: QWidget) -> set[str]:
    """Every text that can be read or heard in a window."""
    found = {each.text() for kind in (QLabel, QAbstractButton) for each in whole.findChildren(kind)}
    found |= {each.accessibleName() for each in whole.findChildren(QWidget)}
    found |= {each.toolTip() for each in whole.findChildren(QWidget)}
    found |= {box.itemText(at) for box in whole.findChildren(QComboBox) for at in range(box.count())}
    found |= {action.text() for action in whole.findChildren(QAction)}
    for table in whole.findChildren(QTableView):
        model = table.model()
        if model is not None:
            columns = range(model.columnCount())
            found |= {str(model.headerData(at, Qt.Orientation.Horizontal)) for at in columns}
            found |= {str(model.index(row, at).data()) for row in range(model.rowCount()) for at in columns}
    return found


def test_no_english_sentence_is_left(another, language) -> None:
    catalogue = strings.read(strings.LOCALE / language / "LC_MESSAGES" / "dosing_app.po", language)
    translated = {
        source: text
        for message in catalogue
        if message.id
        for source, text in zip(strings.texts(message.id), strings.texts(message.string), strict=True)
        if source != text
    }
    own = set(translated.values())  # a word that is English here and of the language there
    desk = another(order=ORDERS[0])
    for name in WORKSPACES:
        desk.window.go(name)
        settle()
    opened = dialogs(desk)
    texts = shown(desk.window).union(*(shown(each) for each in opened.values()))
    assert len(texts & own) > 150
    assert sorted((texts & translated.keys()) - own) == []
    assert sorted(text for text in texts if left(text, language)) == []
    for dialog in opened.values():
        dialog.reject()


def keys(texts: list[str]) -> Counter[str]:
    return Counter(text[text.index("&") + 1].lower() for text in texts if "&" in text.replace("&&", ""))


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_key_stands_twice_in_a_menu_or_on_a_page(another, code) -> None:
    speak(code)
    try:
        desk = another(order=ORDERS[0])
        bar = [action.text() for action in desk.window.menuBar().actions()]
        for menu in desk.window.findChildren(QMenu):
            assert max(keys([action.text() for action in menu.actions()]).values(), default=1) == 1, menu.title()
        for name in WORKSPACES:
            desk.window.go(name)
            settle()
            pressed = [each.text() for kind in (QAbstractButton, QLabel) for each in seen(desk.window, kind)]
            twice = {key for key, times in keys([*bar, *pressed]).items() if times > 1}
            assert twice == set(), (name, [text for text in [*bar, *pressed] if "&" in text])
        opened = dialogs(desk)
        for name, dialog in opened.items():
            pressed = [each.text() for each in seen(dialog, QAbstractButton)]
            assert max(keys(pressed).values(), default=1) == 1, (name, pressed)
        for dialog in opened.values():
            dialog.reject()
    finally:
        speak("en")


def test_the_language_is_chosen_in_a_menu_and_holds_from_the_next_start(desk) -> None:
    def listed() -> dict[str, bool]:
        menu = QMenu(desk.window)
        fill_languages(menu, desk.window)
        actions.update({action.text(): action for action in menu.actions()})
        return {action.text(): action.isChecked() for action in menu.actions()}

    actions = {}
    system = "As the &system"
    assert listed() == {system: True, "English": False, "Nederlands": False, "Deutsch": False}
    before = desk.window.order.results.dose.text()
    actions["Nederlands"].trigger()
    assert kept_language() == "nl"
    assert desk.window.notice.text() == "The language changes at the next start."
    assert desk.window.order.results.dose.text() == before
    assert listed() == {system: False, "English": False, "Nederlands": True, "Deutsch": False}
    actions[system].trigger()
    assert kept_language() is None


def test_a_choice_that_cannot_be_kept_is_said(desk, monkeypatch) -> None:
    def full(_code: str | None) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dosing_app.ui.language_menu.keep_language", full)
    menu = QMenu(desk.window)
    fill_languages(menu, desk.window)
    menu.actions()[2].trigger()
    assert "No space left on device" in desk.window.notice.text()
    assert kept_language() is None
