"""`dosing-app export`: drafts of an order, final papers of an issued plan, nothing half, nothing without a check."""

import json
from io import BytesIO
from pathlib import Path

import ordered
import pytest
from pypdf import PdfReader
from whenever import Instant

from dosing_app.cli import main
from dosing_app.course.document import plan_of
from dosing_app.course.issue import issue
from dosing_app.course.order import read_order
from dosing_app.course.second_check import CHECKED, second_check
from dosing_app.reference.bundle import load_house
from dosing_app.reference.product import load_product

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


@pytest.fixture
def issued(tmp_path: Path, site: Path) -> Path:
    """An issued plan as its file."""
    house = load_house(site)
    reading = read_order(ORDER, house)
    assert reading.reference is not None
    plan = plan_of(reading)
    at = Instant.from_utc(2026, 11, 22, 18)
    second = {name: ORDER[name] for name in CHECKED}
    check = second_check(ORDER, second, plan, house, ("A. First", "B. Second"), at).check
    path = tmp_path / "issued.json"
    final = issue(plan, check, "A. First", at, reading.reference)
    path.write_text(json.dumps(final.as_json()), encoding="utf-8")
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
