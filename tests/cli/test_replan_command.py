"""`dosing-app replan`: a plan and its log in, the rest of the course out."""

import json
from pathlib import Path
from typing import Any

import pytest

from dosing_app.cli import main
from dosing_app.reference.source import shipped

ORDER = [
    *("--weight", "6.42 kg", "--length", "63.5 cm", "--born", "2026-06-20", "--gestation", "term"),
    *("--measured", "2026-11-23", "--start", "2026-11-23T14:00", "--zone", "Europe/Amsterdam", "--pattern", "72h,96h"),
]
LOG = [
    {"at": "2026-11-23T11:00:00Z", "event": "prepared", "session": 1, "by": "A"},
    {"at": "2026-11-23T13:00:00Z", "event": "hung", "bag": 1, "by": "B"},
]


@pytest.fixture
def plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    main(["plan", *ORDER, "--json"])
    path = tmp_path / "plan.json"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    return path


def call(plan: Path, log: Any, *more: str) -> int:
    path = plan.with_name("log.json")
    path.write_text(log if isinstance(log, str) else json.dumps(log), encoding="utf-8")
    return main(["replan", "--plan", str(plan), "--log", str(path), *more])


def test_json(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(plan, LOG, "--at", "2026-11-24T13:00:00Z", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["schema"] == "dosing-app/replan/1"
    assert (said["infused_h"], said["waived_h"], said["due_h"], said["over_h"]) == ("24", "0", "648", "0")
    assert said["running_bag"]["bag"] == 1
    assert [bag["number"] for bag in said["bags"]] == [2, 3, 4, 5, 6, 7, 8]
    assert said["sessions"]


def test_a_log_that_begins_with_a_byte_order_mark_is_read(plan: Path) -> None:
    assert call(plan, "\ufeff" + json.dumps(LOG), "--at", "2026-11-24T13:00:00Z", "--json") == 0


def test_a_waiver_without_a_prescriber_is_told_so(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = [*LOG, {"at": "2026-11-23T14:00:00Z", "event": "decision", "what": "waive", "hours": "1"}]
    assert call(plan, log, "--json") == 3
    assert "a waiver needs the prescriber's name" in json.loads(capsys.readouterr().out)["findings"][0]["message"]


def test_text_names_the_moment_that_was_assumed(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(plan, LOG) == 0
    said = capsys.readouterr().out
    assert "the time of the last entry" in said
    assert "still due 672 h" in said


def test_an_impossible_log_names_its_entry(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = [*LOG, {"at": "2026-11-23T14:00:00Z", "event": "hung", "bag": 2}]
    assert call(plan, log, "--json") == 3
    said = json.loads(capsys.readouterr().out)
    assert (said["findings"][0]["code"], said["findings"][0]["actual"]) == ("impossible-log", "2")
    assert "bag 1 was still connected" in said["findings"][0]["message"]


@pytest.mark.parametrize("log", ["", "{", "nonsense", "[1, 2", '{"a": 1}', "5", "null"])
def test_a_log_that_cannot_be_read(log: str, plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(plan, log) == 2
    assert "log.json" in capsys.readouterr().err


@pytest.mark.parametrize("at", ["yesterday", "2026-11-24", "2026-11-24T13:00", "x" * 500, "9999-12-31T23:59:59Z"])
def test_a_moment_that_cannot_be_read(at: str, plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(plan, LOG, "--at", at) == 2
    assert "--at" in capsys.readouterr().err


def test_numbers_of_a_log_are_exact(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decision = {"at": "2026-11-24T13:00:00Z", "event": "decision", "what": "waive", "hours": 2.5, "prescriber": "C"}
    assert call(plan, [*LOG, decision], "--json") == 0
    assert json.loads(capsys.readouterr().out)["waived_h"] == "2.5"


def test_a_plan_without_bags_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plan.json"
    path.write_text('{"schema": "dosing-app/plan/1", "complete": false, "findings": []}', encoding="utf-8")
    assert call(path, LOG) == 2
    assert "no plan" in capsys.readouterr().err


def test_a_plan_that_was_changed_is_refused(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = plan.read_text(encoding="utf-8")
    content = json.loads(whole)
    for change in (
        lambda c: c["bags"][0].update(rate_ml_per_h="33"),
        lambda c: c["order"].update(weight_kg="8.42"),
        lambda c: c.update(complete=False),
        lambda c: c.update(check_code="AAAAAAAA"),
        lambda c: c.update(schema="dosing-app/plan/2"),
    ):
        changed = json.loads(whole)
        change(changed)
        assert changed != content
        plan.write_text(json.dumps(changed), encoding="utf-8")
        assert call(plan, LOG) == 2
        capsys.readouterr()


def test_a_plan_without_its_versions_is_none(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = json.loads(plan.read_text(encoding="utf-8"))
    del content["versions"]
    plan.write_text(json.dumps(content), encoding="utf-8")
    assert call(plan, LOG) == 2
    assert "no plan" in capsys.readouterr().err


def test_a_pattern_that_today_cannot_be_read_is_a_plan_that_comes_out_differently(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """How the pattern was spelled is no part of the check code."""
    content = json.loads(plan.read_text(encoding="utf-8"))
    content["order"]["pattern"] = "72h,120h"
    plan.write_text(json.dumps(content), encoding="utf-8")
    assert call(plan, LOG, "--at", "2026-11-24T13:00:00Z", "--json") == 3
    said = json.loads(capsys.readouterr().out)
    assert said["findings"][0]["code"] == "issued-differs"
    assert "the bags" in said["findings"][0]["message"]
    assert said["infused_h"] == "24"


def test_product_data_that_lost_a_kind_of_the_plan_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The product data of the site's own file was changed while the course runs."""
    product = tmp_path / "own.toml"
    shipped_text = shipped("products")["eu"].read_text(encoding="utf-8")
    product.write_text(shipped_text, encoding="utf-8")
    main(["plan", *ORDER, "--product", str(product), "--json"])
    path = tmp_path / "plan.json"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    parts = shipped_text.split("[[kind]]")
    product.write_text("[[kind]]".join(part for part in parts if 'name = "96h"' not in part), encoding="utf-8")
    assert call(path, LOG, "--at", "2026-11-24T13:00:00Z") == 2
    said = capsys.readouterr().err
    assert "own.toml" in said
    assert "[kind] 96h" in said


@pytest.mark.parametrize("option", ["--plan=--", "--log=--", "--at=--", "--site=--", "--reason=--"])
def test_two_minuses_are_no_value(option: str, plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(plan, LOG, option) == 2
    assert capsys.readouterr().err.strip()


def test_a_finding_of_the_rest_has_its_sentence_and_wants_its_reason(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stopped = [
        *LOG,
        {"at": "2026-11-23T20:00:00Z", "event": "interrupted", "reason": "technical", "by": "B"},
        {"at": "2026-11-24T01:00:00Z", "event": "resumed", "line_closed": True, "by": "B"},
    ]
    assert call(plan, {"log": stopped}, "--json") == 3  # a log may stand in a table of its own
    said = json.loads(capsys.readouterr().out)
    assert said["at_given"] is False
    (found,) = (each for each in said["findings"] if each["code"] == "interrupted-4h")
    assert found["message"].replace("\u00a0", " ").startswith("The infusion stood still for 5 h, 4 h or more:")
    assert call(plan, stopped, "--reason", "interrupted-4h=premedicated") == 0
    assert "Reason: premedicated" in capsys.readouterr().out


@pytest.mark.parametrize(
    "entry", [{"at": "soon", "event": "note"}, {"event": "note"}, 5, {"at": 5, "event": "note"}, {"at": "2026-11-23"}]
)
def test_an_entry_without_a_time_that_can_be_read_is_named(
    entry: Any, plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(plan, [*LOG, entry], "--json") == 3
    said = json.loads(capsys.readouterr().out)["findings"][0]
    assert (said["code"], said["actual"]) == ("impossible-log", "2")
    assert call(plan, [entry]) == 3
    assert "Entry 0 of the log: it cannot be read" in capsys.readouterr().err


def test_before_and_after_the_course_no_bag_hangs(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(plan, [], "--at", "2026-11-23T08:00:00Z") == 0
    said = capsys.readouterr().out
    assert "hangs at" not in said
    assert said.count("96h") >= 4
    waived = {"at": "2026-11-26T13:00:00Z", "event": "decision", "what": "waive", "hours": "600", "prescriber": "C"}
    stopped = {"at": "2026-11-26T13:00:00Z", "event": "stopped", "bag": 1, "by": "B"}
    assert call(plan, [*LOG, stopped, waived]) == 0
    said = capsys.readouterr().out
    assert "infused 72 h   waived 600 h   still due 0 h   over 0 h" in said
    assert "hangs at" not in said
    assert "Connect" not in said


def test_a_site_that_cannot_be_read_is_2(plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = tmp_path / "site.toml"
    site.write_text("schema = 1\ncolour = 1\n", encoding="utf-8")
    assert call(plan, LOG, "--site", str(site)) == 2
    assert "colour" in capsys.readouterr().err
