"""Issued plans: kept once and whole, never over another; prints are counted before they are made."""

import errno
import json
import os
import signal
import stat
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import ordered
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whenever import Date, Instant

from dosing_app.course.calculate import calculate
from dosing_app.course.issue import NotIssued, issue
from dosing_app.course.order import read_order
from dosing_app.course.plan import Plan
from dosing_app.course.second_check import CHECKED, second_check
from dosing_app.reference.approval import Approval
from dosing_app.reference.bundle import load_house
from dosing_app.reference.product import load_product
from dosing_app.reference.source import BadFile
from dosing_app.store import issued

TEXTS = {
    **ordered.ORDER,
    "pattern": "96h",
}
AT = Instant.from_utc(2026, 11, 22, 10)
NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60).filter(str.strip)


def house():
    product = load_product("eu")
    approval = Approval(product="eu", checksum=product.checksum, by=["P. One", "Q. Two"], on=Date(2026, 11, 1))
    found = load_house()
    return replace(found, site=found.site.model_copy(update={"approval": (approval,)}))


HOUSE = house()


def plan_issued(case: str = "A-17", earlier: tuple[Plan, ...] = (), from_bag: int = 1) -> Plan:
    reasons = {"reason:unit-closed": "weekend", "reason:syringe-deviation": "seen"}
    texts = {**TEXTS, **reasons, "case": case}
    reading = read_order(texts, HOUSE)
    assert reading.order is not None, reading.findings
    assert reading.reference is not None
    plan = calculate(reading.order, (), reading.reference)
    outcome = second_check(texts, {name: texts[name] for name in CHECKED}, plan, HOUSE, ("A. Jansen", "B. Smit"), AT)
    return issue(plan, outcome.check, "C. Third", AT, reading.reference, earlier, from_bag)


@pytest.fixture(scope="module")
def first() -> Plan:
    return plan_issued()


@pytest.fixture(scope="module")
def second(first: Plan) -> Plan:
    return plan_issued(earlier=(first,), from_bag=4)


def test_a_plan_comes_back_as_it_was_issued(first: Plan, tmp_path: Path) -> None:
    path = issued.keep(first, tmp_path / "new" / "folder")
    assert path.name == "a-17-revision-1.json"
    assert issued.open_issued(path) == first
    assert list(path.parent.iterdir()) == [path]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_revisions_stand_in_their_order(first: Plan, second: Plan, tmp_path: Path) -> None:
    for plan in (second, first):
        issued.keep(plan, tmp_path)
    issued.keep(plan_issued("A-17-revision-1"), tmp_path)  # another case, whose file begins alike
    found = issued.history(" a-17 ", tmp_path)
    assert [each.number for each in found.revisions] == [1, 2]
    assert found.unreadable == ()
    assert [each.issue.revision for each in found.later(first)] == [2]
    assert [bag.number for bag in second.issue.superseded] == [4, 5, 6, 7]


def test_nothing_is_ever_written_over(first: Plan, tmp_path: Path) -> None:
    path = tmp_path / issued.file_name("A-17", 1)
    path.write_text("something")
    with pytest.raises(issued.Exists) as raised:
        issued.keep(first, tmp_path)
    assert raised.value.filename == str(path)
    assert path.read_text() == "something"
    assert list(tmp_path.iterdir()) == [path]


def test_not_even_where_the_disk_knows_no_links(first: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_given: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", no_links)
    path = issued.keep(first, tmp_path)
    assert issued.open_issued(path) == first
    with pytest.raises(issued.Exists):
        issued.keep(first, tmp_path)
    assert issued.open_issued(path) == first


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_a_full_disk_leaves_nothing(
    first: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number, links
) -> None:
    def fails(_handle: int) -> None:
        raise OSError(number, os.strerror(number))

    def no_links(*_given: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    real = os.fsync
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    calls = []

    def second_fails(handle: int) -> None:
        calls.append(handle)
        return real(handle) if len(calls) == 1 else fails(handle)

    monkeypatch.setattr(os, "fsync", fails if links else second_fails)
    with pytest.raises(OSError, match=os.strerror(number)) as raised:
        issued.keep(first, tmp_path)
    assert raised.value.filename == str(tmp_path / "a-17-revision-1.json")
    assert list(tmp_path.iterdir()) == []


WRITER = """
import sys
from pathlib import Path
from dosing_app.course.plan import Plan
from dosing_app.store.issued import keep, open_issued
folder = Path(sys.argv[1])
plan = open_issued(Path(sys.argv[2]))
print("ready", flush=True)
number = 0
while True:
    keep(plan, folder / str(number))
    number += 1
"""


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_a_killed_writer_leaves_a_whole_file_or_none(first: Plan, tmp_path: Path) -> None:
    source = issued.keep(first, tmp_path / "source")
    written = 0
    for attempt in range(6):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder), str(source)], stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(0.01 + 0.007 * attempt)
            writer.send_signal(signal.SIGKILL)
        for path in folder.rglob("*revision-1.json"):
            written += 1
            assert issued.open_issued(path) == first
        for each in folder.iterdir():  # what was left beside is no obstacle
            assert issued.history("A-17", each).unreadable == ()
    assert written > 2, "the writer was never killed while it wrote"


@settings(max_examples=200, deadline=None)
@given(NAMES, NAMES)
def test_no_two_cases_share_a_file_and_none_leads_elsewhere(one: str, other: str) -> None:
    name = issued.file_name(one, 1)
    assert Path(name).name == name
    assert name.isascii()
    assert len(name) < 200
    assert name == name.lower()  # so that no file system takes two for one
    same = " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
    assert (name == issued.file_name(other, 1)) == same


@pytest.mark.parametrize("case", ["../../etc/x", "a/b", "C:\\x", "nul", ".", "~", "a_2f", "é" * 60, "a\u202eb"])
def test_a_case_of_any_signs_is_kept_in_the_folder(case: str, tmp_path: Path) -> None:
    plan = plan_issued(case) if case.isprintable() else None
    if plan is None:
        assert issued.file_name(case, 1).isascii()
        return
    path = issued.keep(plan, tmp_path)
    assert path.parent == tmp_path
    assert issued.history(case, tmp_path).plans == (plan,)


def test_what_cannot_be_read_is_named_not_passed_over(first: Plan, second: Plan, tmp_path: Path) -> None:
    good, bad = issued.keep(first, tmp_path), issued.keep(second, tmp_path)
    bad.write_text(bad.read_text()[:-100])
    found = issued.history("A-17", tmp_path)
    assert found.plans == (first,)
    assert found.unreadable == (bad,)
    bad.write_bytes(good.read_bytes())  # revision 1 under the name of revision 2
    assert issued.history("A-17", tmp_path).unreadable == (bad,)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda content: content["bags"][0].update(rate_ml_per_h="10"), "changed"),
        (lambda content: content["issue"].update(checked_by="Somebody"), "changed"),
        (lambda content: content.pop("issue"), "no-issue"),
        (lambda content: content.pop("complete"), "not-a-plan"),
        (lambda content: content["bags"][0].update(rate_ml_per_h="ten"), "not-a-plan"),
    ],
)
def test_a_changed_file_is_refused(first: Plan, tmp_path: Path, change, reason: str) -> None:
    path = issued.keep(first, tmp_path)
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))
    with pytest.raises(NotIssued) as raised:
        issued.open_issued(path)
    assert raised.value.reason == reason


@pytest.mark.parametrize("text", ["", "[", "[]", "1", "\x00", '{"a": 1, "a": 2}'])
def test_a_file_that_is_no_json_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises((BadFile, NotIssued)):
        issued.open_issued(tmp_path / "x.json")


def test_a_plan_that_was_not_issued_has_no_file_and_no_prints(first: Plan, tmp_path: Path) -> None:
    draft = first.model_copy(update={"issue": None})
    for work in (issued.keep, lambda plan, folder: issued.count_print(plan, "labels", folder)):
        with pytest.raises(NotIssued) as raised:
            work(draft, tmp_path)
        assert raised.value.reason == "no-issue"
    assert list(tmp_path.iterdir()) == []


# ---- prints ----


def test_prints_are_counted_for_each_paper_and_revision(first: Plan, second: Plan, tmp_path: Path) -> None:
    assert issued.next_print(first, "labels", tmp_path) == 1
    assert [issued.count_print(first, "labels", tmp_path) for _print in range(3)] == [1, 2, 3]
    assert issued.count_print(first, "worksheet-session-1", tmp_path) == 1
    assert issued.count_print(second, "labels", tmp_path) == 1
    assert issued.next_print(first, "labels", tmp_path) == 4


def test_papers_that_were_printed_together_are_counted_with_each(first: Plan, tmp_path: Path) -> None:
    given = ["labels", "labels", "worksheet-session-1", issued.EVERY_PAPER, "worksheet-session-1", issued.EVERY_PAPER]
    assert [issued.count_print(first, paper, tmp_path) for paper in given] == [1, 2, 1, 3, 4, 5]
    assert issued.next_print(first, "vial-order", tmp_path) == 6


def test_a_line_that_was_cut_short_is_no_obstacle(first: Plan, tmp_path: Path) -> None:
    issued.count_print(first, "labels", tmp_path)
    path = next(tmp_path.glob("*.prints"))
    path.write_bytes(path.read_bytes() + b'7\n{"paper": "lab')  # 7: not a line of ours
    assert issued.count_print(first, "labels", tmp_path) == 2
    assert issued.next_print(first, "labels", tmp_path) == 3


COUNTER = """
import sys
from pathlib import Path
from dosing_app.store.issued import count_print, open_issued
plan = open_issued(Path(sys.argv[1]))
print(*(count_print(plan, "labels", Path(sys.argv[2])) for _print in range(30)))
"""


def test_two_windows_that_print_at_once_have_their_own_numbers(first: Plan, tmp_path: Path) -> None:
    source = issued.keep(first, tmp_path)
    command = [sys.executable, "-c", COUNTER, str(source), str(tmp_path)]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE) as one,
        subprocess.Popen(command, stdout=subprocess.PIPE) as two,
    ):
        numbers = [int(number) for each in (one, two) for number in each.communicate()[0].split()]
    assert sorted(numbers) == list(range(1, 61))


def test_what_cannot_be_counted_is_said(first: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)) as raised:
        issued.count_print(first, "labels", tmp_path)
    assert str(raised.value.filename).endswith(".prints")


def test_a_print_that_was_counted_and_is_gone_again_is_not_printed(
    first: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody puts an older count in its place at that moment: a number might be given twice."""
    assert issued.count_print(first, "labels", tmp_path) == 1
    path = next(tmp_path.glob("*.prints"))
    older = path.read_bytes()
    monkeypatch.setattr(issued, "sync_folder", lambda _folder: path.write_bytes(older))
    with pytest.raises(OSError, match=os.strerror(errno.EIO)) as raised:
        issued.count_print(first, "labels", tmp_path)
    assert raised.value.filename == str(path)
    monkeypatch.undo()
    assert issued.count_print(first, "labels", tmp_path) == 2
