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
from dosing_app.reference.folder import resources_folder
from dosing_app.ui.guide_dialog import GUIDES, PLACES, GuideDialog, guide_folder, slug
from dosing_app.ui.main_window import workspace_words
from dosing_app.wording.language import LANGUAGES, _, n_, speak

PACKAGE = Path(dosing_app.__file__).parent
MOST_BYTES = 3_000_000  # of the pictures of one language
IMAGE = QTextDocument.ResourceType.ImageResource.value
BOLD = re.compile(r"\*\*(.+?)\*\*")
PICTURE = re.compile(r"!\[([^\]]+)\]\(pictures/([^)]+)\)")
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)]+)\)")
QUOTED = {"en": "“(.+?)”", "nl": "“(.+?)”", "de": "„(.+?)“"}
TITLES = {"pharmacist": "For &pharmacists", "nurse": "For &nurses", "trainer": "For &trainers"}


@pytest.fixture(params=LANGUAGES)
def language(request):
    """A language, until the test is over."""
    speak(request.param)
    yield request.param
    speak("en")


def text_of(name: str, language: str) -> str:
    return (resources_folder() / "guide" / language / f"{name}.md").read_text(encoding="utf-8")


def headings_of(name: str, language: str) -> list[str]:
    return re.findall(r"^#+ (.+)$", text_of(name, language), re.MULTILINE)


def led_to(link: str, guide: str, language: str) -> tuple[str, int]:
    """Where a link in a guide leads: the guide, and which of its headings."""
    name, _mark, heading = link.partition("#")
    target = name.removesuffix(".md") or guide
    slugs = [slug(each) for each in headings_of(target, language)]
    return target, slugs.index(heading) if heading else 0


def plain(text: str) -> str:
    """As it is read on a button."""
    return text.replace("&", "").strip()


def first_large(text: str) -> str:
    """As it is read at the beginning of a line."""
    return text[:1].upper() + text[1:]


@cache
def sentences() -> frozenset[tuple[str, ...]]:
    """Every text that the program takes from its catalogue, some with a form for many."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_", "n_"}:
                found.add(tuple(each.value for each in node.args if isinstance(each, ast.Constant)))
    return frozenset(each for each in found if each and all(isinstance(text, str) for text in each))


def shown() -> set[tuple[str, str]]:
    """Each of them as the code has it, and as it is read in the language that is spoken."""
    found = set()
    for forms in sentences():
        read = (_(forms[0]),) if len(forms) == 1 else (n_(*forms, 1), n_(*forms, 2))
        found |= {(plain(source), plain(text)) for source, text in zip(forms, read, strict=True)}
    return found


def buttons() -> set[str]:
    """Those that hold no figure, and the two signs that are words in no language."""
    return {text for _source, text in shown() if "{" not in text} | {"+", "−"}


def said(quoted: str) -> bool:
    """Whether the program says this, or begins a sentence with it."""
    words = re.compile(re.escape(first_large(quoted)) + r"(?!\w)")
    return any(words.match(first_large(text)) for _source, text in shown())


# ---- what the guides say ----


def test_every_language_has_every_guide_and_nothing_else():
    found = {path.relative_to(resources_folder() / "guide") for path in (resources_folder() / "guide").glob("*/*")}
    named = {f"{name}.md" for name in GUIDES} | {"pictures"}
    assert found == {Path(language) / name for language in LANGUAGES for name in named}


def test_every_picture_is_named_and_every_named_one_is_there(language):
    named = {name for guide in GUIDES for _said, name in PICTURE.findall(text_of(guide, language))}
    kept = {path.name for path in (guide_folder() / "pictures").iterdir()}
    assert named == kept
    assert sum((guide_folder() / "pictures" / name).stat().st_size for name in kept) < MOST_BYTES
    for guide in GUIDES:
        assert "![](" not in text_of(guide, language)  # each says in words what it shows


@pytest.mark.parametrize("guide", GUIDES)
def test_every_word_in_bold_stands_on_the_screen(guide, language):
    bold = BOLD.findall(text_of(guide, language))
    assert len(bold) > 10
    words = buttons()
    assert [each for each in bold if each not in words] == []


@pytest.mark.parametrize("guide", GUIDES)
def test_every_quoted_sentence_is_the_program_s(guide, language):
    assert [each for each in re.findall(QUOTED[language], text_of(guide, language)) if not said(each)] == []


@pytest.mark.parametrize("guide", GUIDES)
def test_every_word_in_capitals_stands_on_the_screen_or_on_paper(guide, language):
    printed = " ".join(text for _source, text in shown())
    for word in re.findall(r"\b[A-ZÄÖÜ]{5,}\b", text_of(guide, language)):
        assert re.search(rf"\b{word}\b", printed)


def test_a_renamed_button_would_be_noticed(language):
    right = {"en": "Second check …", "nl": "Tweede controle …", "de": "Zweitkontrolle …"}
    assert right.pop(language) in buttons()
    assert not {*right.values(), "Second examination …"} & buttons()
    assert not said("Fits well")


def shape(line: str, guide: str, language: str) -> tuple[object, ...]:
    """What a line has in every language: its kind, figures, code, pictures, and where its links lead."""
    kind = re.match(r"#* ?|\d+\. |- ", line)
    assert kind is not None
    return (
        kind[0],
        sorted(re.findall(r"\d+(?:[.:]\d+)*", line)),
        re.findall("`.+?`", line),
        [name for _said, name in PICTURE.findall(line)],
        sorted(led_to(link, guide, language) for link in LINK.findall(line)),
    )


@pytest.mark.parametrize("guide", GUIDES)
def test_guides_of_all_languages_have_the_same_headings_steps_figures_pictures_and_links(guide, language):
    ours, english = (text_of(guide, each).splitlines() for each in (language, "en"))
    assert [shape(line, guide, language) for line in ours] == [shape(line, guide, "en") for line in english]
    if language != "en":
        assert not set(filter(None, ours)) & set(english)  # no line was left in English


@pytest.mark.parametrize("guide", GUIDES)
def test_each_step_names_the_same_buttons_in_every_language(guide, language):
    named = shown() | {("+", "+"), ("−", "−")}
    pairs = zip(text_of(guide, "en").splitlines(), text_of(guide, language).splitlines(), strict=True)
    for english, ours in pairs:
        left = BOLD.findall(ours)
        for source in BOLD.findall(english):
            found = [each for each in left if (source, each) in named]
            assert found, (source, ours)
            left.remove(found[0])
        assert left == []


@pytest.mark.parametrize("guide", GUIDES)
def test_links_lead_to_headings_of_the_guides(guide, language):
    links = LINK.findall(text_of(guide, language))
    assert links
    for link in links:
        target, _heading = led_to(link, guide, language)
        assert target in GUIDES
    assert "://" not in text_of(guide, language)


def test_every_workspace_has_its_place():
    assert set(PLACES) == {*workspace_words(), "check"}


@pytest.mark.parametrize("guide", GUIDES)
def test_every_heading_stands_in_the_list_at_the_top(guide, language):
    first, *others = headings_of(guide, language)
    audience = plain(_(TITLES[guide]))
    assert first == f"{_('Guide')} {audience[:1].lower()}{audience[1:]}"
    assert re.findall(r"^- \[(.+)\]\(#.+\)$", text_of(guide, language), re.MULTILINE) == others


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
    ("role", "workspace", "headings"),
    [
        ("pharmacist", "order", ("Enter an order", "Een opdracht invoeren", "Eine Verordnung eingeben")),
        ("pharmacist", "prepare", ("Choose a plan", "Een plan kiezen", "Einen Plan wählen")),
        (
            "second-checker",
            "check",
            ("Make the second check", "De tweede controle uitvoeren", "Die Zweitkontrolle durchführen"),
        ),
        ("nurse", "administer", ("Open a course", "Een kuur openen", "Eine Behandlung öffnen")),
        ("trainer", "teach", ("Begin", "Beginnen", "Anfangen")),
    ],
)
def test_f1_opens_the_guide_at_the_workspace(language, desk, qtbot, role, workspace, headings):
    desk.window.choose_role(role)
    desk.window.go(workspace)
    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow)
    for _twice in range(2):
        QTest.keyClick(desk.window, Qt.Key.Key_F1)
    (dialog,) = desk.window.findChildren(GuideDialog)  # one, however often
    assert dialog.isVisible()
    assert not dialog.isModal()
    assert at_top(dialog) == dict(zip(("en", "nl", "de"), headings, strict=True))[language]


@pytest.mark.parametrize("guide", GUIDES)
def test_every_line_of_the_list_at_the_top_leads_to_its_heading(language, opened, guide):
    opened.go(guide)
    browser = opened.browser
    _title, *headings = headings_of(guide, language)
    links = re.findall(r'<a href="(#[^"]+)"', browser.toHtml())  # as a click hands them on
    assert len(links) == len(headings)
    for link, heading in zip(links, headings, strict=True):
        browser.anchorClicked.emit(QUrl(link))
        assert browser.textCursor().block().text() == heading
        assert browser.textCursor().block().blockFormat().headingLevel() == 2


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


@pytest.mark.parametrize(
    ("language", "name", "guides"),
    [
        ("en", "Guide", ["For pharmacists", "For nurses", "For trainers"]),
        ("nl", "Handleiding", ["Voor apothekers", "Voor verpleegkundigen", "Voor opleiders"]),
        ("de", "Anleitung", ["Für die Apotheke", "Für die Pflege", "Für die Schulung"]),
    ],
    indirect=["language"],
)
def test_it_can_be_heard(language, opened, name, guides):
    assert opened.browser.accessibleName() == name
    assert [each.accessibleName() for each in opened.guides.values()] == guides
    assert opened.browser.toPlainText().startswith(headings_of("pharmacist", language)[0])
