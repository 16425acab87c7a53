"""Nothing typed is ever lost."""

import json
import signal
import stat
import sys
from contextlib import contextmanager

import pytest

from dosing_app.store import order_file
from dosing_app.ui.recovery import data_folder
from dosing_app.wording import figures


def drafts():
    return sorted((data_folder() / "drafts").glob("*.json"))


def test_what_is_typed_is_on_disk_half_a_second_later(kept):
    kept.type("weight", "6.4")
    kept.qtbot.waitUntil(lambda: len(drafts()) == 1, timeout=1500)
    (draft,) = drafts()
    assert json.loads(draft.read_text())["texts"] == {"weight": "6.4 kg"}
    if sys.platform != "win32":
        assert stat.S_IMODE(draft.stat().st_mode) == 0o600


def test_an_unsaved_order_comes_back_after_closing(kept, another):
    kept.type("weight", "6.4,")
    kept.window.close()
    assert len(drafts()) == 1
    later = another(drafts=True)
    (left,) = later.drafts.left_over()
    later.window.take_up(left)
    assert later.field("weight").text() == "6.4,"
    assert later.editor.modified
    assert later.window.notice.isVisible()
    assert len(drafts()) == 1


def test_a_draft_of_a_running_window_is_left_alone(kept, another):
    kept.type("weight", "6.4")
    kept.drafts.write()
    assert another(drafts=True).drafts.left_over() == []


def test_a_saved_order_leaves_no_draft(kept, tmp_path):
    kept.type("weight", "6.4")
    kept.drafts.write()
    assert drafts()
    kept.window.save_to(tmp_path / "a.json")
    kept.drafts.write()
    assert not drafts()
    kept.window.close()
    assert not drafts()


def test_a_new_order_keeps_the_old_one_as_a_draft(kept):
    kept.type("weight", "6.4")
    kept.window.new()
    assert not kept.editor.texts
    kept.type("weight", "7")
    kept.drafts.write()
    assert len(drafts()) == 2
    (left,) = kept.drafts.left_over()
    assert left.texts == {"weight": "6.4 kg"}
    kept.window.take_up(left)
    assert kept.field("weight").text() == "6.4"
    assert [draft.texts for draft in kept.drafts.left_over()] == [{"weight": "7 kg"}]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"texts": 3}', '{"texts": {"weight": "1"}}', "\x00"])
def test_a_damaged_draft_is_no_obstacle(kept, content):
    folder = data_folder() / "drafts"
    folder.mkdir(parents=True)
    (folder / "x.json").write_text(content)
    assert kept.drafts.left_over() == []


def test_an_error_of_the_program_blanks_the_results_and_saves_the_texts(desk, excepthook, tmp_path, monkeypatch, capfd):
    desk.window.save_to(tmp_path / "order.json")
    desk.type("weight", "6.43")

    def broken(plan):
        raise ZeroDivisionError("a mistake")

    with monkeypatch.context() as patch:
        patch.setattr(figures, "areas", broken)
        with desk.qtbot.captureExceptions() as caught:
            desk.type("weight", "6.44")
        assert caught
        sys.excepthook(*caught[0])
        assert desk.blank()
        assert desk.waiting
        (saved,) = tmp_path.glob("order.recovered-*.json")
        assert str(saved) in desk.window.notice.text()
        assert order_file.load(saved)["weight"] == "6.44 kg"
        # again: the same file, no second message in a loop
        sys.excepthook(*caught[0])
        assert len(list(tmp_path.glob("order.recovered-*.json"))) == 1
    assert "ZeroDivisionError" in capfd.readouterr().err
    desk.type("weight", "6.45")
    assert desk.dose


def test_an_error_while_an_error_is_handled_ends_there(desk, capfd):
    def broken(sentence):
        raise RuntimeError("again")

    desk.crashes._blank = broken
    desk.crashes(ValueError, ValueError("first"), None)
    shown = capfd.readouterr().err
    assert "first" in shown
    assert "again" in shown


def test_where_the_order_s_folder_is_gone_the_texts_go_to_the_data_folder(desk, tmp_path):
    desk.editor.path = tmp_path / "no such folder" / "order.json"
    desk.editor.path.parent.touch()
    desk.crashes(ValueError, ValueError("x"), None)
    assert list(data_folder().glob("order.recovered-*.json"))


@contextmanager
def full_disk():
    """No file can grow any more: the system refuses each byte, as on a full disk. Nothing may be printed meanwhile."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def test_what_can_be_kept_nowhere_is_not_lost_by_closing_once(kept):
    kept.type("weight", "6.4")
    with full_disk():
        kept.window.close()
    assert kept.window.isVisible()
    assert kept.field("weight").text() == "6.4"
    assert "cannot be kept as a draft" in kept.window.notice.text()
    kept.type("weight", "6.5")  # what is typed since then was not given up
    with full_disk():
        kept.window.close()
    assert kept.window.isVisible()
    with full_disk():
        kept.window.close()
    assert not kept.window.isVisible()


def test_saving_on_a_full_disk_promises_no_draft(kept, tmp_path):
    kept.type("weight", "6.4")
    with full_disk():
        kept.window.save_to(tmp_path / "a.json")
    assert "The order is only here." in kept.window.notice.text()
    assert kept.editor.modified


def test_where_only_the_file_cannot_be_written_there_is_a_draft(kept, tmp_path):
    kept.type("weight", "6.4")
    kept.window.save_to(tmp_path / "none" / "a.json")
    assert "kept as a draft" in kept.window.notice.text()
    assert len(drafts()) == 1
