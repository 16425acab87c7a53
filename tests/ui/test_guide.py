"""The guides: every picture and every word in them is the program's, and their viewer opens nothing else."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import dosing_app
from dosing_app.ui.guide_dialog import GUIDES, PLACES, GuideDialog, guide_folder, slug
from dosing_app.ui.main_window import workspace_words

PACKAGE = Path(dosing_app.__file__).parent
MOST_BYTES = 3_000_000
IMAGE = QTextDocument.ResourceType.ImageResource.value


def text_of(name: str) -> str:
    return (guide_folder() / f"{name}.md").read_text(encoding="utf-8")


def headings_of(name: str) -> list[str]:
    return re.findall(r"^#+ (.+)$", text_of(name), re.MULTILINE)


def plain(text: str) -> str:
    """As it is read on a button."""
    return text.replace("&", "").strip()


@cache
def sentences() -> frozenset[str]:
    """Every text that the program takes from its catalogue."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_", "n_"}:
                found |= {each.value for each in node.args if isinstance(each, ast.Constant)}
    return frozenset(each for each in found if isinstance(each, str))


@cache
def buttons() -> frozenset[str]:
    """Those that hold no figure, and the two signs that are words in no language."""
    return frozenset(plain(each) for each in sentences() if "{" not in each) | {"+", "−"}


def said(quoted: str) -> bool:
    """Whether the program says this, or begins a sentence with it."""
    for each in sentences():
        begin = "".join(f".+?{re.escape(part)}" for part in re.split(r"\{\w+\}", plain(each)))[3:]
        if re.match(re.escape(quoted), plain(each)) or re.fullmatch(begin, quoted):
            return True
    return False


# ---- what the guides say ----


def test_every_picture_is_named_and_every_named_one_is_there():
    named = {name for guide in GUIDES for name in re.findall(r"!\[[^\]]+\]\(pictures/([^)]+)\)", text_of(guide))}
    kept = {path.name for path in (guide_folder() / "pictures").iterdir()}
    assert named == kept
    assert sum((guide_folder() / "pictures" / name).stat().st_size for name in kept) < MOST_BYTES
    for guide in GUIDES:
        assert "![](" not in text_of(guide)  # each says in words what it shows


@pytest.mark.parametrize("guide", GUIDES)
def test_every_word_in_bold_stands_on_the_screen(guide):
    bold = re.findall(r"\*\*(.+?)\*\*", text_of(guide))
    assert len(bold) > 10
    assert [each for each in bold if each not in buttons()] == []


@pytest.mark.parametrize("guide", GUIDES)
def test_every_quoted_sentence_is_the_program_s(guide):
    assert [each for each in re.findall("“(.+?)”", text_of(guide)) if not said(each)] == []


def test_a_renamed_button_would_be_noticed():
    assert "Second check …" in buttons()
    assert "Second examination …" not in buttons()
    assert not said("Fits well")


@pytest.mark.parametrize("guide", GUIDES)
def test_links_lead_to_headings_of_the_guides(guide):
    links = re.findall(r"(?<!!)\[[^\]]+\]\(([^)]+)\)", re.sub(r"!\[.+?\)", "", text_of(guide)))
    assert links
    for link in links:
        name, _mark, heading = link.partition("#")
        target = name.removesuffix(".md") or guide
        assert target in GUIDES
        assert not heading or heading in {slug(each) for each in headings_of(target)}
    assert "://" not in text_of(guide)


def test_every_workspace_has_its_place():
    assert set(PLACES) == {*workspace_words(), "check"}
    for guide, heading in PLACES.values():
        assert heading in {slug(each) for each in headings_of(guide)}


def test_every_heading_stands_in_the_list_at_the_top():
    for guide in GUIDES:
        first, *others = headings_of(guide)
        assert first.startswith("Guide for ")
        assert re.findall(r"^- \[(.+)\]\(#.+\)$", text_of(guide), re.MULTILINE) == others


# ---- the viewer ----


@pytest.fixture
def opened(desk, qtbot):
    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow)
    QTest.keyClick(desk.window, Qt.Key.Key_F1)
    (dialog,) = desk.window.findChildren(GuideDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def at_top(dialog: GuideDialog) -> str:
    """The line of the guide that stands at the top of the window."""
    view = dialog.browser.viewport().rect().topLeft()
    return dialog.browser.cursorForPosition(view).block().text()


@pytest.mark.parametrize(
    ("workspace", "heading"),
    [
        ("order", "Enter an order"),
        ("prepare", "Choose a plan"),
        ("administer", "Open a course"),
        ("teach", "Begin"),
    ],
)
def test_f1_opens_the_guide_at_the_workspace(desk, qtbot, workspace, heading):
    desk.window.go(workspace)
    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow)
    for _twice in range(2):
        QTest.keyClick(desk.window, Qt.Key.Key_F1)
    (dialog,) = desk.window.findChildren(GuideDialog)  # one, however often
    assert dialog.isVisible()
    assert not dialog.isModal()
    assert at_top(dialog) == heading


def test_keys_alone_follow_a_link_go_back_and_close(opened):
    opened.go("nurse")
    browser = opened.browser
    assert QApplication.focusWidget() is browser
    QTest.keyClick(browser, Qt.Key.Key_Tab)  # to the first link
    QTest.keyClick(browser, Qt.Key.Key_Return)
    assert opened.name == "pharmacist"
    QTest.keyClick(browser, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert opened.name == "nurse"
    QTest.keyClick(browser, Qt.Key.Key_Escape)
    assert not opened.isVisible()


def test_nothing_else_is_opened_or_read(opened, monkeypatch):
    monkeypatch.setattr("PySide6.QtGui.QDesktopServices.openUrl", pytest.fail)
    before = opened.browser.toPlainText()
    for link in (
        *("https://example.org/", "file:///etc/hostname", "//example.org/nurse.md"),
        *("../site.toml", "nobody.md"),
    ):
        opened.browser.anchorClicked.emit(QUrl(link))
        assert opened.browser.toPlainText() == before
        assert opened.browser.source().isEmpty()
    for name in (
        *("https://example.org/a.png", "file:///tmp/a.png", "../icons/planner.png"),
        "pictures/../../icons/planner.png",
    ):
        assert opened.browser.loadResource(IMAGE, QUrl(name)) is None
    assert isinstance(opened.browser.loadResource(IMAGE, QUrl("pictures/order.png")), QImage)


def test_pictures_fit_the_window_and_what_was_read_stays(opened, qtbot):
    opened.go("pharmacist", "issue-the-plan")
    for width in (560, 1500, 960):
        opened.resize(width, 700)
        qtbot.waitUntil(lambda: not opened._timer.isActive())
        assert opened.browser.horizontalScrollBar().maximum() == 0
        image = opened.browser.loadResource(IMAGE, QUrl("pictures/order.png"))
        assert image.deviceIndependentSize().width() <= opened.browser.viewport().width()
        assert at_top(opened) == "Issue the plan"


def test_it_can_be_heard(opened):
    assert opened.browser.accessibleName() == "Guide"
    assert [each.accessibleName() for each in opened.guides.values()] == [
        *("For pharmacists", "For nurses", "For trainers"),
    ]
    assert opened.browser.toPlainText().startswith("Guide for pharmacists")
