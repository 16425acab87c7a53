"""`dosing-app export`: drafts of an order, final papers of an issued plan, nothing half, nothing without a check."""

import errno
import json
import os
from io import BytesIO
from pathlib import Path

import ordered
import pytest
from pypdf import PdfReader
from whenever import Instant

from dosing_app.cli import export, main
from dosing_app.course.document import plan_of
from dosing_app.course.issue import issue
from dosing_app.course.order import read_order
from dosing_app.course.plan import Plan
from dosing_app.course.second_check import CHECKED, second_check
from dosing_app.reference.bundle import load_house
from dosing_app.reference.product import load_product
from dosing_app.reference.source import shipped
from dosing_app.store.issued import keep

ORDER = {
    **ordered.ORDER,
    "pattern": "72h,96h",
}
SITE = (
    'schema = 1\nformula = "mosteller"\n[[approval]]\nproduct = "eu"\n'
    f'checksum = "{load_product("eu").checksum}"\nby = ["C. Third", "D. Fourth"]\non = "2026-11-20"\n'
)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    path = tmp_path / "site.toml"
    path.write_text(SITE, encoding="utf-8")
    return path


def issued_plan(site: Path, earlier: tuple[Plan, ...] = (), from_bag: int = 1, **changed: str) -> Plan:
    """The plan of the order as it was issued."""
    texts, house = {**ORDER, **changed}, load_house(site)
    reading = read_order(texts, house)
    assert reading.reference is not None
    plan = plan_of(reading)
    at = Instant.from_utc(2026, 11, 22, 18)
    second = {name: texts[name] for name in CHECKED}
    check = second_check(texts, second, plan, house, ("A. First", "B. Second"), at).check
    return issue(plan, check, "A. First", at, reading.reference, earlier, from_bag)


@pytest.fixture
def issued(tmp_path: Path, site: Path) -> Path:
    """An issued plan as its file."""
    path = tmp_path / "issued.json"
    path.write_text(json.dumps(issued_plan(site).as_json()), encoding="utf-8")
    return path


def call(*given: object) -> int:
    return main(["export", *map(str, given)])


def order(**changed: str) -> list[str]:
    return [part for name, text in {**ORDER, **changed}.items() if text for part in (f"--{name}", text)]


def text_of(path: Path) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(path.read_bytes())).pages)


def test_an_order_has_drafts(tmp_path: Path, site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "papers"
    assert call(*order(), "--site", site, "--to", folder) == 0
    assert "No second check" in capsys.readouterr().out
    code = json.loads((folder / "plan.json").read_text(encoding="utf-8"))["check_code"]
    papers = sorted(folder.glob("*.pdf"))
    assert [path.name for path in papers] == [
        "downtime.pdf",
        "labels.pdf",
        "schedule.pdf",
        "vial-order.pdf",
        *sorted(f"worksheet-session-{number}.pdf" for number in range(1, 9)),
    ]
    for path in papers:
        text = text_of(path)
        assert "DRAFT" in text
        assert code not in text.replace(" ", "")
    tables = {path.name for path in folder.iterdir()} - {path.name for path in papers}
    assert tables == {"plan.json", "bags.csv", "sessions.csv", "bags-and-sessions.xlsx"}  # and no calendar of a draft
    assert "DRAFT" in (folder / "bags.csv").read_text(encoding="utf-8-sig")


def test_an_issued_plan_has_final_papers_and_a_reprint_says_so(
    tmp_path: Path, issued: Path, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "papers"
    assert call("--plan", issued, "--site", site, "--to", folder, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["draft"], said["revision"], said["missing"]) == (False, 1, [])
    first = text_of(folder / "labels.pdf")
    assert "DRAFT" not in first
    assert "REPRINT" not in first
    code = json.loads(issued.read_text(encoding="utf-8"))["check_code"]
    assert code in first.replace(" ", "")
    assert call("--plan", issued, "--site", site, "--to", folder) == 0
    assert "REPRINT 2" in text_of(folder / "labels.pdf")
    assert "REPRINT 2" in text_of(folder / "worksheet-session-1.pdf")
    assert "REPRINT 2" in text_of(folder / "schedule.pdf")
    assert (folder / "changes.ics").read_bytes().count(b"BEGIN:VEVENT") == 9


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"weight": "64.2 kg"}, 2),
        ({"weight": "16.2 kg"}, 3),  # beyond the WHO flags
        ({"measured": "2026-11-01"}, 3),  # a reason is missing
        ({"start": "2026-11-23T09:00", "pattern": ""}, 3),  # no plan
    ],
)
def test_what_is_refused_or_wants_a_reason_has_no_papers(
    changed: dict[str, str], status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "papers"
    assert call(*order(**changed), "--to", folder) in {status, 3}
    assert not folder.exists()
    assert capsys.readouterr().err.strip()


def test_a_file_that_was_changed_is_no_issued_plan(
    tmp_path: Path, issued: Path, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = json.loads(issued.read_text(encoding="utf-8"))
    content["bags"][0]["rate_ml_per_h"] = "33"
    issued.write_text(json.dumps(content), encoding="utf-8")
    assert call("--plan", issued, "--site", site, "--to", tmp_path / "papers") == 2
    assert "changed after it was issued" in capsys.readouterr().err
    assert not (tmp_path / "papers").exists()


def test_other_settings_than_at_issue_want_a_reason(
    tmp_path: Path, issued: Path, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The papers stay those of the issued plan; what the site would do now is said before they are printed."""
    site.write_text(SITE.replace("[[approval]]", "lead_time_h = 3\n[[approval]]"), encoding="utf-8")
    folder = tmp_path / "papers"
    assert call("--plan", issued, "--site", site, "--to", folder) == 3
    assert "issued-differs" in capsys.readouterr().err
    assert not folder.exists()
    reason = "issued-differs=the bags hang already"
    assert call("--plan", issued, "--site", site, "--to", folder, "--reason", reason) == 0
    now = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    assert now["sessions"] == json.loads(issued.read_text(encoding="utf-8"))["sessions"]


def test_a_folder_that_cannot_be_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    assert call(*order(), "--to", tmp_path / "taken") == 2
    assert "taken" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


@pytest.mark.parametrize("given", [["--plan", "x.json", "--weight", "6 kg", "--to", "x"], ["--weight", "6 kg"]])
def test_a_call_that_cannot_be_meant(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert call(*given) == 2
    assert capsys.readouterr().err.strip()


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff", b'{"schema": "dosing-app/plan/1", "complete": true}'])
def test_a_file_that_is_no_plan(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(content)
    assert call("--plan", path, "--to", tmp_path / "papers") == 2
    assert str(path.name) in capsys.readouterr().err


def test_papers_are_withheld_until_the_reason_is_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A Saturday: the plan is there to be seen, and nothing is printed of it."""
    weekend = order(start="2026-11-28T10:00", measured="2026-11-28", pattern="96h")
    assert call(*weekend, "--to", tmp_path / "papers") == 3
    said = capsys.readouterr().err
    assert "(unit-closed)" in said
    assert "Papers are withheld until the reason is given (--reason CODE=TEXT)." in said
    assert not (tmp_path / "papers").exists()


@pytest.mark.parametrize("folder", ["", "  "])
def test_no_folder_is_none(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(*order(), "--to", folder) == 2
    assert "--to is given without a folder" in capsys.readouterr().err


def test_a_print_that_cannot_be_counted_is_not_made(
    tmp_path: Path, issued: Path, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a-17-revision-1.prints").mkdir()
    assert call("--plan", issued, "--site", site, "--to", tmp_path / "papers") == 2
    assert f"The print cannot be counted beside {issued}: {os.strerror(errno.EISDIR)}." in capsys.readouterr().err
    assert not (tmp_path / "papers").exists()


def test_of_a_superseded_revision_only_what_still_stands_is_printed(
    tmp_path: Path, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The bags from the fourth on are those of the second revision now: the first one's are to be recalled."""
    first = issued_plan(site)
    path = keep(first, tmp_path)
    keep(issued_plan(site, (first,), 4), tmp_path)
    folder = tmp_path / "papers"
    assert call("--plan", path, "--site", site, "--to", folder) == 0
    assert "Superseded by revision 2: bags 4, 5, 6, 7, 8. They are to be recalled." in capsys.readouterr().err
    written = {each.name for each in folder.iterdir()}
    assert any("recall" in name for name in written)
    assert not {"schedule.pdf", "vial-order.pdf", "changes.ics"} & written
    labels = text_of(folder / "labels.pdf")
    assert "3 of 8" in labels
    assert "4 of 8" not in labels


def test_a_plan_of_other_product_data_has_no_papers_and_no_print_is_counted(
    tmp_path: Path, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    product = tmp_path / "own.toml"
    product.write_bytes(shipped("products")["eu"].read_bytes())
    path = keep(issued_plan(site, product=str(product)), tmp_path)
    text = product.read_text(encoding="utf-8")
    product.write_text(text.replace("European", "Another European"), encoding="utf-8")
    assert call("--plan", path, "--site", site, "--to", tmp_path / "papers") == 3
    said = capsys.readouterr().err
    assert "made with other product data than this program has now: its papers cannot be made here." in said
    assert not (tmp_path / "papers").exists()
    assert not list(tmp_path.glob("*.prints"))


def test_a_full_disk_names_the_folder_where_the_system_names_no_file(
    tmp_path: Path, issued: Path, site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_papers: object) -> list[Path]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export, "write", full)
    assert call("--plan", issued, "--site", site, "--to", tmp_path / "papers") == 2
    assert f"{tmp_path / 'papers'}: No space left on device. No paper was written." in capsys.readouterr().err


def test_a_sign_that_no_paper_can_show_is_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(*order(case="A-17 \U0001f476"), "--to", tmp_path / "papers") == 3
    assert "\U0001f476" in capsys.readouterr().err
    assert not (tmp_path / "papers").exists()
