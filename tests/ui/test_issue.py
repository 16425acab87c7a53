"""Issuing and papers in the window, by real keys: what is lacking, revisions, drafts and final papers, roles."""

import errno
import os

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLabel
from test_second_check import Check
from whenever import Date

from dosing_app.reference.limits import load_limits
from dosing_app.reference.product import load_product
from dosing_app.store import issued, site_file
from dosing_app.store.folders import register_file
from dosing_app.store.order_file import load
from dosing_app.ui import roles
from dosing_app.ui.issue_dialog import IssueDialog
from dosing_app.ui.issued_dialog import IssuedDialog
from dosing_app.ui.paper_preview import PaperPreview
from dosing_app.ui.papers_desk import issued_folder
from dosing_app.ui.recovery import own_site_file

CONTROL = Qt.KeyboardModifier.ControlModifier


def press(desk, key, modifier=CONTROL) -> None:
    desk.window.activateWindow()
    desk.qtbot.waitUntil(desk.window.isActiveWindow)
    desk.qtbot.keyClick(desk.window, key, modifier)


def use_site(desk, text: str = "") -> None:
    from dosing_app.reference.bundle import load_house

    own_site_file().parent.mkdir(parents=True, exist_ok=True)
    own_site_file().write_text(f'schema = 1\nformula = "mosteller"\n{text}\n')
    site_file.approve(own_site_file(), load_product("eu"), ("P. One", "Q. Two"), Date(2026, 11, 1), load_limits()[0])
    desk.editor.use(load_house(own_site_file()))
    desk.editor.rest()


def check(desk, **texts: str) -> None:
    made = Check(desk)
    made.fill(**texts)
    made.compare()
    assert desk.editor.check is not None, made.dialog.outcome.text()


def ask_issue(desk) -> IssueDialog:
    press(desk, Qt.Key.Key_I)
    return next(each for each in desk.window.findChildren(IssueDialog) if each.isVisible())


def issue(desk, name: str = "C. Third", from_bag: int = 0) -> None:
    dialog = ask_issue(desk)
    desk.qtbot.keyClicks(dialog.name, name)
    if from_bag:
        dialog.from_bag.setFocus()
        for _bag in range(from_bag - 1):
            desk.qtbot.keyClick(dialog.from_bag, Qt.Key.Key_Down)
    desk.qtbot.mouseClick(dialog.issue_button, Qt.MouseButton.LeftButton)


def preview(desk, key: str = "labels") -> PaperPreview:
    press(desk, {"labels": Qt.Key.Key_L, "worksheet": Qt.Key.Key_W, "vial-order": Qt.Key.Key_R}[key],
          CONTROL | Qt.KeyboardModifier.ShiftModifier)  # fmt: skip
    return next(each for each in desk.window.findChildren(PaperPreview) if each.isVisible())


@pytest.fixture
def ready(desk):
    """The example, its product data approved, checked."""
    use_site(desk)
    check(desk)
    return desk


@pytest.fixture
def first(ready):
    """The example, issued as revision 1."""
    issue(ready)
    return ready


# ---- issuing ----


def test_what_is_lacking_is_said_and_nothing_can_be_issued(desk) -> None:
    desk.editor.change("prescribed", "")
    dialog = ask_issue(desk)
    shown = " ".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())
    for words in ("No second check", "Product data not approved here", "Prescription not compared"):
        assert words in shown
    assert not dialog.issue_button.isVisible()
    assert not dialog.name.isVisible()
    dialog.issue()
    assert not issued_folder().exists()
    desk.qtbot.keyClick(dialog, Qt.Key.Key_Escape)


def test_a_checked_plan_becomes_revision_1(ready) -> None:
    assert ready.window.state.text() == "Draft, checked by B. Smit · Not issued"
    issue(ready)
    (found,) = issued.history("A-17", issued_folder()).revisions
    assert found.plan.issue.issued_by == "C. Third"
    assert found.plan.issue.entered_by == "A. Jansen"
    assert found.plan.issue.issued_at.format_iso().count(".") == 0
    assert ready.window.state.text() == "Issued as revision 1"
    assert str(found.path) in ready.window.notice.text()


@pytest.mark.parametrize("name", ["", "  ", "B. Smit", "b.  SMIT"])
def test_it_wants_a_name_and_not_the_checker_s(ready, name) -> None:
    dialog = ask_issue(ready)
    ready.qtbot.keyClicks(dialog.name, name)
    assert not dialog.issue_button.isEnabled()
    assert dialog.status.text()
    dialog.issue()
    assert not issued_folder().exists()
    dialog.reject()


def test_enter_moves_on_and_issues(ready) -> None:
    dialog = ask_issue(ready)
    ready.qtbot.keyClicks(dialog.name, "C. Third")
    ready.qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    assert dialog.focusWidget() is dialog.issue_button
    assert not issued_folder().exists()
    ready.qtbot.keyClick(dialog.issue_button, Qt.Key.Key_Return)
    assert len(issued.history("A-17", issued_folder()).revisions) == 1


def test_a_changed_order_is_a_draft_again_and_becomes_revision_2_from_a_bag_on(first) -> None:
    first.editor.change("weight", "6.5 kg")
    first.editor.rest()
    assert first.window.state.text() == "Draft, not checked"
    check(first, weight="6.5")
    dialog = ask_issue(first)
    assert "revision 2" in dialog.told.text()
    assert "bag 1" in dialog.superseded.text()
    for _bag in range(3):
        first.qtbot.keyClick(dialog.from_bag, Qt.Key.Key_Down)
    assert "bag 3" not in dialog.superseded.text()
    assert "bag 4" in dialog.superseded.text()
    first.qtbot.keyClicks(dialog.name, "C. Third")
    first.qtbot.mouseClick(dialog.issue_button, Qt.MouseButton.LeftButton)
    _one, two = issued.history("A-17", issued_folder()).plans
    assert two.issue.revision == 2
    assert two.issue.from_bag == 4
    assert [bag.number for bag in two.issue.superseded] == [4, 5, 6, 7, 8]
    assert first.window.state.text() == "Issued as revision 2"
    first.editor.undo()
    first.editor.rest()
    assert first.window.state.text() == "Issued as revision 1 · superseded by revision 2"


def test_an_issued_plan_is_not_issued_again(first) -> None:
    press(first, Qt.Key.Key_I)
    assert not [each for each in first.window.findChildren(IssueDialog) if each.isVisible()]
    assert "issued already, as revision 1" in first.window.notice.text()


def test_a_full_disk_loses_nothing(ready, monkeypatch) -> None:
    dialog = ask_issue(ready)
    ready.qtbot.keyClicks(dialog.name, "C. Third")

    def fails(*_given: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fails)
        ready.qtbot.mouseClick(dialog.issue_button, Qt.MouseButton.LeftButton)
    assert dialog.isVisible()
    assert os.strerror(errno.ENOSPC) in dialog.status.text()
    assert "a-17-revision-1.json" in dialog.status.text()
    assert dialog.name.text() == "C. Third"
    assert ready.editor.check is not None
    assert issued.history("A-17", issued_folder()) == issued.History()
    ready.qtbot.mouseClick(dialog.issue_button, Qt.MouseButton.LeftButton)
    assert len(issued.history("A-17", issued_folder()).revisions) == 1


def test_a_revision_that_was_issued_meanwhile_is_not_written_over(ready) -> None:
    dialog = ask_issue(ready)
    ready.qtbot.keyClicks(dialog.name, "C. Third")
    path = issued_folder() / issued.file_name("A-17", 1)
    path.parent.mkdir(parents=True)
    path.write_text("of another window")
    ready.qtbot.mouseClick(dialog.issue_button, Qt.MouseButton.LeftButton)
    assert "meanwhile" in dialog.status.text()
    assert path.read_text() == "of another window"
    dialog.reject()


# ---- papers ----


def test_before_issuing_there_are_drafts_alone(ready) -> None:
    papers = preview(ready)
    assert papers.sheaf.draft
    assert "Not issued" in papers.state.text()
    assert papers.document.content["draft"] is True
    assert "DRAFT" in papers.text.toPlainText()
    assert papers.pages.page.accessibleDescription().replace("\u00a0", " ") == papers.text.toPlainText()
    papers.close()


def test_a_draft_waits_while_the_order_changes(ready) -> None:
    papers = preview(ready)
    assert not papers.pages.page.pixmap().isNull()
    ready.type("weight", "6.4")
    assert papers.pages.page.pixmap().isNull()
    assert not papers.text.toPlainText()
    assert not papers.print_button.isEnabled()
    assert papers.status.text() == "The plan has changed."
    ready.editor.rest()
    assert not papers.pages.page.pixmap().isNull()
    assert "6.4 kg" in papers.text.toPlainText() or "A-17" in papers.text.toPlainText()
    papers.close()


def test_a_closed_preview_is_gone(ready) -> None:
    preview(ready).close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert ready.window.findChildren(PaperPreview) == []
    ready.type("weight", "6.4")
    ready.editor.rest()
    preview(ready).close()


@pytest.mark.parametrize("key", ["labels", "worksheet", "vial-order"])
def test_a_final_paper_is_counted_before_it_is_printed(first, tmp_path, key) -> None:
    papers = preview(first, key)
    assert "print 1" in papers.text.toPlainText()
    papers.save_to(tmp_path / "one.pdf")
    assert (tmp_path / "one.pdf").read_bytes().startswith(b"%PDF")
    assert "REPRINT 2" in papers.state.text()
    assert "REPRINT 2" in papers.text.toPlainText()
    papers.save_to(tmp_path / "two.pdf")
    assert "REPRINT 3" in papers.state.text()
    papers.close()


def to_file(path) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    return printer


def test_a_printer_gets_the_pages_at_their_size(first, tmp_path) -> None:
    import pypdf

    for key, size in (("labels", (100, 70)), ("worksheet", (210, 297))):
        papers = preview(first, key)
        papers.print_to(to_file(tmp_path / f"{key}.pdf"))
        assert papers.status.text() == "Sent to the printer."
        pages = pypdf.PdfReader(tmp_path / f"{key}.pdf").pages
        assert len(pages) == len(papers._drawn[1])
        for page in pages:
            found = sorted(round(float(side) * 25.4 / 72) for side in (page.mediabox.width, page.mediabox.height))
            assert found == sorted(size)
        papers.close()


def test_what_is_printed_is_the_number_that_was_counted(first, tmp_path) -> None:
    import pypdf

    papers = preview(first)
    issued.count_print(papers.sheaf.plan, "labels", issued_folder())  # another window
    papers.save_to(tmp_path / "a.pdf")
    text = pypdf.PdfReader(tmp_path / "a.pdf").pages[0].extract_text()
    assert "REPRINT 2" in " ".join(text.split())
    papers.close()


@pytest.mark.qt_log_ignore(r"^QPainter::begin\(\): Returned false$", extend=True)
def test_a_printer_that_fails_loses_nothing_and_stays_counted(first, tmp_path) -> None:
    papers = preview(first)
    papers.print_to(to_file(tmp_path / "no such folder" / "x.pdf"))
    assert "did not take" in papers.status.text()
    assert issued.next_print(papers.sheaf.plan, "labels", issued_folder()) == 2
    assert "REPRINT 2" in papers.state.text()
    papers.save_to(tmp_path / "no such folder" / "x.pdf")
    assert "cannot be written" in papers.status.text()
    papers.close()


def test_what_cannot_be_counted_is_not_printed(first, tmp_path, monkeypatch) -> None:
    papers = preview(first)

    def fails(*_given: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fails)
        papers.save_to(tmp_path / "a.pdf")
    assert "nothing is printed" in papers.status.text()
    assert not (tmp_path / "a.pdf").exists()
    papers.close()


def test_pages_and_zoom_by_key(first) -> None:
    papers = preview(first)
    keys = first.qtbot.keyClick
    before = papers.pages.page.width()
    assert papers.number.text() == "Page 1 of 8"
    keys(papers.pages, Qt.Key.Key_PageDown)
    assert papers.number.text() == "Page 2 of 8"
    keys(papers.pages, Qt.Key.Key_PageUp)
    assert papers.number.text() == "Page 1 of 8"
    first.qtbot.mouseClick(papers.after, Qt.MouseButton.LeftButton)
    assert papers.number.text() == "Page 2 of 8"
    papers.activateWindow()
    first.qtbot.waitUntil(papers.isActiveWindow)
    keys(papers, Qt.Key.Key_Plus, CONTROL)
    assert papers.pages.page.width() > before
    keys(papers, Qt.Key.Key_0, CONTROL)
    assert papers.pages.page.width() == before
    assert papers.pages.horizontalScrollBar().maximum() == 0
    papers.close()


def test_a_sign_that_the_font_lacks_is_said_and_nothing_is_drawn(desk) -> None:
    desk.editor.change("case", "案件")
    desk.editor.rest()
    papers = preview(desk)
    assert "案" in papers.status.text()
    assert papers.pages.page.pixmap().isNull()
    assert not papers.print_button.isEnabled()
    papers.close()


def test_every_input_and_button_of_the_dialogs_has_a_name(first) -> None:
    from PySide6.QtWidgets import QAbstractButton, QLineEdit

    papers = preview(first)
    for dialog in (papers, first.window.desk.open_issued(issued.history("A-17", issued_folder()).revisions[0].path)):
        found = [each for kind in (QAbstractButton, QLineEdit, QComboBox) for each in dialog.findChildren(kind)]
        named = [each for each in found if each.accessibleName() or each.objectName().startswith("qt_")]
        assert [each for each in found if each not in named and not isinstance(each.parent(), QComboBox)] == []
        dialog.close()


# ---- issued plans ----


@pytest.fixture
def second(first):
    """The example of another weight, issued as revision 2 from bag 4 on."""
    first.editor.change("weight", "6.5 kg")
    first.editor.rest()
    check(first, weight="6.5")
    issue(first, from_bag=4)
    return first


def open_revision(desk, number: int) -> IssuedDialog:
    path = issued_folder() / issued.file_name("A-17", number)
    found = desk.window.desk.open_issued(path)
    assert found is not None, desk.window.notice.text()
    return found


def test_a_superseded_plan_says_so_and_offers_the_recall(second) -> None:
    dialog = open_revision(second, 1)
    assert any("Superseded by revision 2: bags 4, 5, 6, 7, 8." in words for words in dialog.says)
    sheaf = dialog.sheaf()
    assert [each.key for each in sheaf.papers] == [
        "worksheet-session-1",
        "worksheet-session-2",
        "worksheet-session-3",
        "labels",
        "recall-revision-2",
    ]
    assert [each["lines"] for each in sheaf.paper("labels").compose(1).content["labels"]].__len__() == 3
    second.qtbot.mouseClick(dialog.buttons["recall"], Qt.MouseButton.LeftButton)
    papers = next(each for each in second.window.findChildren(PaperPreview) if each.isVisible())
    assert "Destroyed by" in papers.text.toPlainText()
    assert papers.state.text() == "Revision 2, not printed yet"  # it is the later revision that takes them back
    papers.close()
    dialog.close()


def test_a_revision_has_the_papers_of_its_own_bags(second) -> None:
    dialog = open_revision(second, 2)
    assert len(dialog.sheaf().paper("labels").compose(1).content["labels"]) == 5
    assert dialog.sheaf().paper("worksheet-session-1") is None
    assert dialog.sheaf().paper("worksheet").key == "worksheet-session-4"
    dialog.close()


def test_a_plan_that_comes_out_as_issued_says_nothing(first) -> None:
    dialog = open_revision(first, 1)
    assert dialog.says == []
    assert not any(isinstance(each, QComboBox) for each in dialog.findChildren(QComboBox))
    dialog.close()


def test_other_settings_of_today_are_said_and_change_nothing(first) -> None:
    before = (issued_folder() / issued.file_name("A-17", 1)).read_bytes()
    use_site(first, "prime_ml = 7")
    dialog = open_revision(first, 1)
    assert len(dialog.says) == 1
    assert "comes out differently in: the bags" in dialog.says[0]
    assert (issued_folder() / issued.file_name("A-17", 1)).read_bytes() == before
    dialog.close()


def test_a_plan_of_another_computer_is_said_to_be_one(first, tmp_path) -> None:
    path = issued_folder() / issued.file_name("A-17", 1)
    moved = tmp_path / "moved.json"
    path.rename(moved)
    first.window.courses.close()
    register_file().unlink()  # which this computer has not either
    dialog = first.window.desk.open_issued(moved)
    assert any("not known here" in words for words in dialog.says)
    dialog.close()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace('"2.5"', '"10"', 1), "changed afterwards"),
        (lambda text: text[:-50], "Not opened"),
        (lambda text: "{}", "no issued plan"),
    ],
)
def test_a_damaged_file_is_refused_in_words(first, tmp_path, change, said) -> None:
    path = tmp_path / "x.json"
    path.write_text(change((issued_folder() / issued.file_name("A-17", 1)).read_text()))
    assert first.window.desk.open_issued(path) is None
    assert said in first.window.notice.text()
    assert not [each for each in first.window.findChildren(IssuedDialog) if each.isVisible()]


# ---- roles ----


def offered(window) -> set[str]:
    return {name for name, action in window.paper_actions.items() if action.isVisible()}


def test_the_standard_role_may_do_everything(desk) -> None:
    assert desk.window.role.name == "pharmacist"
    assert offered(desk.window) == {"worksheet", "labels", "vial-order", "second-check", "issue"}


@pytest.mark.parametrize(
    ("name", "workspaces", "papers"),
    [
        ("second-checker", {"check"}, {"second-check"}),
        ("technician", {"prepare", "administer"}, {"worksheet", "labels", "vial-order"}),
        ("nurse", {"administer"}, set()),
        ("trainer", {"teach"}, set()),
    ],
)
def test_a_role_is_offered_what_it_may_do(desk, another, name, workspaces, papers) -> None:
    desk.window.role_actions[name].trigger()
    window = desk.window
    assert offered(window) == papers
    for place in ("order", "prepare", "administer", "teach"):
        window.go(place)
        assert (window.workspace == place) == (place in workspaces)
    assert window.workspace in workspaces
    assert "prove nothing" in window.notice.text()
    assert not window.undo.isVisible()
    later = another()
    assert later.window.role.name == name
    assert later.window.role_actions[name].isChecked()
    assert later.window.workspace in workspaces


def test_a_second_checker_sees_nothing_of_the_first_entry(desk) -> None:
    desk.editor.rest()
    desk.window.choose_role("second-checker")
    shown = [label.text() for label in desk.window.findChildren(QLabel) if label.isVisible()]
    assert not any(figure in text for text in shown for figure in ("6.42", "63.5", "5.05", "A-17"))
    desk.qtbot.mouseClick(desk.window.check_page.button, Qt.MouseButton.LeftButton)
    (dialog,) = [each for each in desk.window.findChildren(QDialog) if each.isVisible()]
    dialog.hide()


def test_only_a_pharmacist_chooses_a_plan_or_prints_a_final_paper(first) -> None:
    first.window.choose_role("technician")
    before = dict(first.editor.texts)
    first.editor.choose("24h", "")
    assert dict(first.editor.texts) == before
    assert first.window.notice.text() == "Plans are chosen by a pharmacist."
    papers = preview(first)
    assert not papers.print_button.isEnabled()
    assert not papers.save_button.isEnabled()
    assert "pharmacist" in papers.status.text()
    papers.close()


def test_a_trainer_has_no_register(first) -> None:
    first.window.choose_role("trainer")
    assert first.window.desk.revision is None
    assert not first.window._open_issued.isVisible()
    press(first, Qt.Key.Key_L, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert not [each for each in first.window.findChildren(PaperPreview) if each.isVisible()]


def test_an_unknown_role_in_the_settings_is_no_obstacle(another) -> None:
    roles.settings().setValue("role", "nobody")
    assert another().window.role.name == "pharmacist"


def test_the_order_s_file_is_never_an_issued_plan(first, tmp_path) -> None:
    first.window.save_to(tmp_path / "order.json")
    assert load(tmp_path / "order.json")["case"] == "A-17"
    assert first.window.desk.open_issued(tmp_path / "order.json") is None
