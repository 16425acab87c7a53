"""The command line as the contract has it: options, exit status, JSON in every case, and no traceback ever."""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dosing_app
from dosing_app.cli import commands, main
from dosing_app.cli.commands import write_plan
from dosing_app.core.findings import CATALOGUE
from dosing_app.reference.folder import resources_folder

ORDER = {
    "weight": "6.42 kg",
    "length": "63.5 cm",
    "born": "2026-06-20",
    "sex": "female",
    "gestation": "term",
    "measured": "2026-11-23",
    "start": "2026-11-23T14:00",
    "zone": "Europe/Amsterdam",
    "product": "eu",
    "pattern": "96h",
}
ON_CALL = ["--reason", "unit-closed=on call"]
RESULTS = {"bsa", "daily_dose", "bags", "sessions", "totals", "check_code"}


class Answer(NamedTuple):
    """What a call printed."""

    status: int
    out: str
    err: str

    @property
    def plan(self) -> dict[str, Any]:
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found

    def codes(self) -> dict[str, str]:
        return {each["code"]: each["tier"] for each in self.plan["findings"]}


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]):
    """Call the program in this process."""

    def run(*args: str) -> Answer:
        capsys.readouterr()
        status = main(args)
        seen = capsys.readouterr()
        assert "Traceback" not in seen.out + seen.err
        return Answer(status, seen.out, seen.err)

    return run


def options(**changes: str) -> list[str]:
    texts = {**ORDER, **{name.replace("_", "-"): text for name, text in changes.items()}}
    return ["plan", *(part for name, text in texts.items() for part in (f"--{name}", text))]


# ---- exit status ----


def test_a_plan_is_0(call) -> None:
    answer = call(*options(), *ON_CALL, "--json")
    assert answer.status == 0
    plan = answer.plan
    assert plan["schema"] == "dosing-app/plan/1"
    assert plan["complete"] is True
    assert set(plan) >= RESULTS
    assert re.fullmatch(r"[0-9A-Z]{8}", plan["check_code"])
    assert plan["daily_dose"]["micrograms"].startswith("5.04770987676")
    assert all(each["message"] for each in plan["findings"])


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"weight": "6.42"}, 2, "unreadable"),
        ({"weight": "14 lb"}, 2, "unreadable"),
        ({"weight": "-6 kg"}, 2, "unreadable"),
        ({"weight": "--length"}, 2, "unreadable"),
        ({"start": "2026-11-23 14:00"}, 2, "unreadable"),
        ({"born": "20-Jun-2026"}, 2, "unreadable"),
        ({"product": "uk"}, 2, "unreadable"),
        ({"product": "./no.toml"}, 2, "unreadable"),
        ({"pattern": "97h"}, 2, "unreadable"),
        ({"weight": "64.2 kg"}, 3, "envelope"),
        ({"weight": "0 kg"}, 3, "envelope"),
        ({"weight": "63.5 kg", "length": "6.42 cm"}, 3, "envelope"),
        ({"born": "2024-01-01"}, 3, "age-scope"),
        ({"born": "2027-01-01", "measured": ""}, 3, "dates"),
        ({"born": "2025-10-22"}, 3, "age"),
        ({"prescribed": "9 microgram/day"}, 3, "prescription-differs"),
        ({"product": "us", "pattern": "168h"}, 3, "preserved-infant"),
        ({"start": "2026-11-28T10:00"}, 3, "unit-closed"),
    ],
)
def test_status_2_and_3_print_their_findings(call, changes: dict[str, str], status: int, code: str) -> None:
    answer = call(*options(**changes), "--json")
    assert answer.status == status
    assert code in answer.codes()
    assert answer.plan["complete"] is False
    assert next(each["message"] for each in answer.plan["findings"] if each["code"] == code)
    told = call(*options(**changes))
    assert told.status == status
    assert f"({code})" in told.out + told.err


def test_a_wall_time_that_does_not_exist_has_findings_and_no_result(call) -> None:
    for start in ("2026-03-29T02:30", "2026-10-25T02:30"):
        answer = call(*options(start=start, measured="", born="2025-12-01"), "--json")
        assert answer.status in {2, 3}
        assert not RESULTS & set(answer.plan)
        assert "dates" in answer.codes()


def test_all_missing(call) -> None:
    answer = call("plan", "--json")
    assert answer.status == 2
    assert {each["values"]["field"] for each in answer.plan["findings"]} >= {"weight", "length", "born", "start"}
    assert not RESULTS & set(answer.plan)
    told = call("plan")
    assert told.status == 2
    assert told.out == ""
    assert "Weight is missing" in told.err


@pytest.mark.parametrize(
    "args",
    [
        ["plan", "--height", "63.5 cm"],
        ["plan", "--weigh", "6.42 kg"],  # no abbreviations
        ["plan", "6.42 kg"],
        ["plan", "--weight"],
        ["plan", "--reason", "unit-closed"],
        ["plan", "--reason", "=text"],
        ["plan", "--reason"],
        ["findings", "--weight", "6 kg"],
        ["plan", "--site"],
    ],
)
def test_a_call_that_cannot_be_read_is_2(call, args: list[str]) -> None:
    answer = (
        call(*args, "--json")
        if args[-1] not in {"--weight", "--reason", "--site"}
        else call(args[0], "--json", *args[1:])
    )
    assert answer.status == 2
    assert answer.codes() == {"unreadable": "refuse"}
    told = call(*args)
    assert told.status == 2
    assert told.out == ""
    assert told.err


def test_json_takes_no_value(call) -> None:
    assert call("plan", "--json=yes").status == 2


@pytest.mark.parametrize(
    "args", [["--nonsense"], ["plan2"], ["no-such-command", "--json"], ["order.json", "second.json"]]
)
def test_an_unknown_command_or_option_is_2(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    try:
        status: object = main(args)
    except SystemExit as stop:
        status = stop.code
    assert status == 2
    assert "Traceback" not in capsys.readouterr().err


# ---- options ----


def test_a_later_option_overrides_an_earlier_one(call) -> None:
    answer = call(*options(weight="rubbish"), "--weight", "6.42 kg", *ON_CALL, "--json")
    assert answer.status == 0
    assert answer.plan["order"]["weight_kg"] == "6.42"
    assert call(*options(), "--weight", "6.42", "--json").status == 2
    twice = call(*options(), "--reason", "unit-closed=first", "--reason", "unit-closed=second", "--json")
    assert next(each["reason"] for each in twice.plan["findings"] if each["code"] == "unit-closed") == "second"
    again = call(*options(), "--site", "/no/such/file", "--site", str(site_file("")), *ON_CALL, "--json")
    assert again.status == 0


def site_file(text: str) -> Path:
    handle, name = tempfile.mkstemp(suffix=".toml")
    with os.fdopen(handle, "w") as file:
        file.write(f"schema = 1\n{text}\n")
    return Path(name)


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        ("unit-closed=on call", "on call"),
        ("unit-closed=a = b = c", "a = b = c"),
        (" unit-closed = on call ", "on call"),
        ("unit-closed=\u2603 é", "\u2603 é"),
        ("unit-closed=--json", "--json"),
    ],
)
def test_reasons(call, reason: str, kept: str) -> None:
    for args in (["--reason", reason], [f"--reason={reason}"]):
        answer = call(*options(), *args, "--json")
        assert answer.status == 0
        assert next(each["reason"] for each in answer.plan["findings"] if each["code"] == "unit-closed") == kept


@pytest.mark.parametrize("reason", ["unit-closed=", "unit-closed=  ", "unit-open=on call"])
def test_a_reason_that_says_nothing_or_answers_another_code(call, reason: str) -> None:
    answer = call(*options(), "--reason", reason, "--json")
    assert answer.status == 3
    assert answer.plan["complete"] is False
    assert "bags" in answer.plan


def test_a_reason_that_answers_nothing_is_noted(call) -> None:
    answer = call(*options(), *ON_CALL, "--reason", "sodium=kept", "--json")
    assert answer.status == 0
    assert answer.codes()["reason-unused"] == "note"
    assert answer.plan["order"]["reasons"]["sodium"] == "kept"


def test_a_value_that_begins_with_a_minus_reaches_the_reader(call) -> None:
    for args in (["--weight", "-6 kg"], ["--weight=-6 kg"]):
        answer = call(*options(), *args, "--json")
        assert answer.status == 2
        assert "has a sign" in answer.plan["findings"][0]["message"]


def test_empty_values_are_not_given(call) -> None:
    answer = call(*options(sex="", gestation="", measured="", prescribed="", formula="", case=""), *ON_CALL, "--json")
    assert answer.status == 0
    assert {"measured-unknown", "gestation-unknown"} <= set(answer.codes())


def test_a_bad_site_file_is_2_and_names_file_table_and_key(call) -> None:
    path = site_file("[pump]\ncolour = 1")
    answer = call(*options(), "--site", str(path), "--json")
    assert answer.status == 2
    message = answer.plan["findings"][0]["message"]
    assert str(path) in message
    assert "[pump] colour" in message
    assert call(*options(), "--site", "/no/such/file", "--json").status == 2


@pytest.mark.parametrize("name", ["", ".", "/", "/dev/null", "x" * 5000, "a\x00b", "/" + "x/" * 3000, "\ud800"])
@pytest.mark.parametrize("option", ["--site", "--product", "--protocol"])
def test_no_path_is_a_crash(call, option: str, name: str) -> None:
    answer = call(*options(), *ON_CALL, f"{option}={name}", "--json")
    assert answer.status in ({0, 2} if name == "" else {2})


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([*ORDER, "prescribed", "formula", "case", "protocol", "previous-weight", "second-weight"]),
    st.text(max_size=60) | st.text("0123456789.,kgcmwTd:-+@/ \u00a0", max_size=24),
)
def test_any_text_in_any_option_is_answered(name: str, text: str) -> None:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = main([*options(), f"--{name}={text}", "--json"])
    plan = json.loads(out.getvalue())
    assert status in {0, 2, 3}
    assert plan["complete"] is (status == 0)
    assert status == 0 or plan["findings"]


def test_megabytes_are_refused(call) -> None:
    for name in ("weight", "start", "zone", "pattern", "case"):
        assert call(*options(**{name: "9" * 1_000_000}), "--json").status == 2


# ---- options ----


LONG = 'start_within_h = "product"\nstart_within_basis = "validated here"'


def of_options(*more: str, **changes: str) -> list[str]:
    return ["options", *options(pattern="", **changes)[1:], *more]


def test_the_options_of_an_order_stand_fewest_vials_first(call) -> None:
    answer = call(*of_options("--site", str(site_file(LONG)), "--json"))
    assert answer.status == 0
    found = json.loads(answer.out)
    assert found["schema"] == "dosing-app/options/1"
    assert found["label_way"]["24h"] == {"vials": 28}
    counts = ("vials", "sessions", "off_hours_changes", "changes", "rate_changes")
    rows = [tuple(each[name] for name in counts) for each in found["options"]]
    assert rows == sorted(rows)
    assert len(rows) > 1
    for each in found["options"]:
        assert each["plan"]["totals"]["vials"] == each["vials"] >= each["vials_floor"]
        assert len(each["plan"]["bags"]) == len(each["pattern"]) == sum(each["bags_of_sessions"])
        assert all(found["about"] == "plan" and found["message"] for found in each["findings"])
    assert {"session", "kind", "vials", "worst_gap_if_lost_h"} == set(found["options"][0]["spares"][0])


def test_the_options_in_text_are_a_table_of_the_same_counts(call) -> None:
    site = site_file(LONG)
    found = json.loads(call(*of_options("--site", str(site), "--json")).out)
    told = call(*of_options("--site", str(site)))
    assert (told.status, told.err) == (0, "")
    lines = told.out.splitlines()
    headers = "Vials Sessions Off-hours changes Changes Rate changes Worst gap, h Pattern Sessions of"
    assert " ".join(lines[0].split()) == headers
    for number, (line, each) in enumerate(zip(lines[1:], found["options"], strict=False), 1):
        counts = [each[name] for name in ("vials", "sessions", "off_hours_changes", "changes", "rate_changes")]
        sizes = ",".join(map(str, each["bags_of_sessions"]))
        assert line.split()[:6] == list(map(str, [number, *counts]))
        assert line.split()[-1] == sizes
    way = "24h: 28 vials, 48h: 14 vials, 72h: 10 vials, 96h: 7 vials"
    assert f"Every bag made by itself: {way}." in told.out
    assert "(formula-not-chosen)" in told.out


def test_an_option_that_needs_a_reason_or_is_preserved_is_marked(call) -> None:
    told = call(*of_options("--site", str(site_file(f"{LONG}\npreserved_bags = true")), product="us"))
    assert told.status == 0
    marked = [line for line in told.out.splitlines() if line.endswith("preserved, needs a reason")]
    assert marked
    assert all("168h" in line for line in marked)


def test_no_option_is_3_with_what_would_help(call) -> None:
    answer = call(*of_options("--json", start="2026-11-23T09:00"))
    assert answer.status == 3
    assert json.loads(answer.out)["options"] == []
    assert answer.codes()["no-plan"] == "refuse"
    told = call(*of_options(start="2026-11-23T09:00"))
    assert (told.status, told.out) == (3, "")
    assert "A plan exists if the course starts Mon 23-Nov-2026 10:00." in told.err


@pytest.mark.parametrize(("weight", "status"), [("6.42", 2), ("64.2 kg", 3)])
def test_an_order_that_is_refused_has_no_options(call, weight: str, status: int) -> None:
    answer = call(*of_options("--json", weight=weight))
    assert answer.status == status
    found = json.loads(answer.out)
    assert (found["schema"], found["options"]) == ("dosing-app/options/1", [])
    assert found["findings"][0]["message"]
    told = call(*of_options(weight=weight))
    assert (told.status, told.out) == (status, "")
    assert "Weight" in told.err


# ---- findings ----


def test_findings_lists_every_code_with_tier_and_meaning(call) -> None:
    answer = call("findings")
    assert answer.status == 0
    lines = answer.out.splitlines()
    assert [line.split()[0] for line in lines] == list(CATALOGUE)
    for line, (code, entry) in zip(lines, CATALOGUE.items(), strict=True):
        _, about, tier, *meaning = line.split()
        assert (about, tier) == (str(entry.about), str(entry.tier)), code
        assert len(meaning) >= 3
    rows = json.loads(call("findings", "--json").out)
    assert [row["code"] for row in rows] == list(CATALOGUE)
    assert all(row["meaning"] and row["tier"] in {"refuse", "justify", "note"} for row in rows)


# The list of the contract, once more by hand: codes are stable.
CONTRACT = {
    ("order", "refuse"): "unreadable envelope age-scope dates who-limits prescription-differs data-checksum",
    ("order", "justify"): "weight-for-age length-for-age weight-for-length index-not-available age measurement-age "
    "weight-change formula",
    ("plan", "refuse"): "below-minimum-weight composition-unknown drug-volume-small rate-not-a-step ledger "
    "engines-disagree no-plan impossible-log",
    ("plan", "justify"): "syringe-deviation sodium preserved-infant unit-closed interrupted-4h gap-7d restart-dose "
    "issued-differs",
    (None, "note"): "measured-unknown gestation-unknown prescription-not-compared formula-not-chosen "
    "product-not-approved rate-change clock-change off-hours no-vial-slack no-storage-slack outside-label-table "
    "still-due reason-unused",
}


def test_the_codes_are_those_of_the_contract() -> None:
    assert {code for codes in CONTRACT.values() for code in codes.split()} <= set(CATALOGUE)
    for (about, tier), codes in CONTRACT.items():
        for code in codes.split():
            assert str(CATALOGUE[code].tier) == tier, code
            assert about is None or str(CATALOGUE[code].about) == about, code


# ---- text ----


def test_text_goes_where_it_belongs(call) -> None:
    done = call(*options(), *ON_CALL)
    assert done.status == 0
    assert "5.05\u00a0micrograms per day" in done.out
    assert done.err == ""
    refused = call(*options(weight="64.2 kg"))
    assert refused.out == ""
    assert "6.42" in refused.err


def test_write_plan(tmp_path: Path) -> None:
    example = resources_folder() / "orders" / "example.json"
    status, written = write_plan(example, None, tmp_path)
    assert status == 0
    assert {"plan.json", "plan.txt", "labels.pdf", "vial-order.pdf", "worksheet-session-1.pdf"} <= set(written)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(written)
    plan = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert plan["order"]["weight_kg"] == "6.42"
    assert "micrograms per day" in (tmp_path / "plan.txt").read_text(encoding="utf-8")
    assert write_plan(tmp_path / "none.json", None, tmp_path)[0] == 2
    assert "bags" not in json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))


# ---- as a program ----


def program(*args: str, env: dict[str, str] | None = None, **how: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "dosing_app", *args],
        capture_output=True,
        env={**os.environ, **(env or {})},
        timeout=60,
        check=False,
        **how,
    )


def test_as_a_program_in_a_locale_without_letters() -> None:
    """LANG=C: the sentences keep their signs, and nothing fails on them."""
    severe = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    for env, case in (({"LANG": "C", "LC_ALL": ""}, "Ünïcödé ☃"), ({"LC_ALL": "C"}, "Ünïcödé ☃"), (severe, "A-17")):
        done = program(*options(case=case), *ON_CALL, "--json", env=env)
        assert done.returncode == 0, done.stderr
        assert b"Traceback" not in done.stderr
        plan = json.loads(done.stdout.decode("utf-8"))
        assert plan["order"]["case"] == case
        told = program(*options(weight="６ kg"), env=env)
        assert told.returncode == 2
        assert b"Traceback" not in told.stderr


def test_version() -> None:
    done = program("--version")
    assert (done.returncode, done.stdout.decode().strip()) == (0, dosing_app.__version__)


def test_a_closed_pipe_is_no_error() -> None:
    for args in (["findings"], [*options(), *ON_CALL, "--json"], [*options(), *ON_CALL]):
        with subprocess.Popen(
            [sys.executable, "-m", "dosing_app", *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.close()
            error = process.stderr.read().decode()
            process.wait(60)
        assert "Traceback" not in error
        assert "BrokenPipe" not in error
        assert "Exception ignored" not in error


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk to write to")
def test_a_full_disk_behind_the_output_is_not_taken_for_a_plan() -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            [sys.executable, "-m", "dosing_app", *options(), *ON_CALL, "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode != 0
    assert b"Traceback" not in done.stderr


def test_a_call_that_cannot_write_its_answer_is_2_and_says_so() -> None:
    """An output that is closed, and one that may only be read."""
    command = [sys.executable, "-m", "dosing_app", "findings"]
    closed = subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh", *command], stderr=subprocess.PIPE, check=False)
    assert (closed.returncode, closed.stderr) == (2, b"")
    with Path(os.devnull).open("rb") as nowhere:
        done = subprocess.run(command, stdout=nowhere, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (2, b"dosing-app: Bad file descriptor\n")


def test_ctrl_c_is_130(call, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_command: str, _given: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "run", interrupted)
    assert call("findings") == Answer(130, "", "")


def test_an_unknown_command_as_a_program() -> None:
    done = program("planx", "--json", env={"QT_QPA_PLATFORM": "offscreen"})
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert done.stderr


def test_help_names_every_option() -> None:
    done = program("plan", "--help")
    assert done.returncode == 0
    for name in [
        *ORDER,
        "previous-weight",
        "second-weight",
        "second-length",
        "prescribed",
        "protocol",
        "formula",
        "site",
        "reason",
        "json",
    ]:
        assert f"--{name} ".encode() in done.stdout or f"--{name}\n".encode() in done.stdout, name
