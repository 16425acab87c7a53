"""`batch`: every order of a table answered by one line, whatever stands in it."""

import contextlib
import csv
import errno
import io
import json
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dosing_app.cli import batch as batch_module
from dosing_app.cli import main
from dosing_app.course.order_table import LONGEST_LINE

ORDER = {
    "case": "A-17",
    "weight": "6.42 kg",
    "length": "63.5 cm",
    "born": "2026-06-20",
    "sex": "female",
    "gestation": "term",
    "measured": "2026-11-23",
    "start": "2026-11-23T14:00",
    "zone": "Europe/Amsterdam",
    "product": "eu",
    "pattern": "96h@72,96h",
}
BAD = (
    {"weight": "64.2 kg"},
    {"weight": "6.42"},
    {"weight": ""},
    {"weight": "6.4\x002 kg"},
    {"length": "6" * 30_000},
    {"case": "x" * 500},
    {"start": "2026-03-29T02:30"},
    {"product": "./no-such-file.toml"},
    {"product": "a\x00b"},
    {"pattern": "97h"},
    {"zone": "../../etc/passwd"},
    {"born": "2024-01-01"},
)


class Answer(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        assert self.out == "" or self.out.endswith("\n")
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def table(tmp_path: Path):
    """A file with these bytes."""

    def write(content: str | bytes) -> str:
        path = tmp_path / "orders.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return write


@pytest.fixture
def batch(capsys: pytest.CaptureFixture[str]):
    """Call the program in this process."""

    def run(*args: str) -> Answer:
        capsys.readouterr()
        status = main(["batch", *args, "--json"])
        seen = capsys.readouterr()
        return Answer(status, seen.out, seen.err)

    return run


def written(orders: list[dict[str, str]], names: list[str] | None = None) -> str:
    """A table as a spreadsheet writes it."""
    text = io.StringIO()
    names = names or list(dict.fromkeys(name for order in orders for name in order))
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([order.get(name, "") for name in names] for order in orders)
    return text.getvalue()


def alone(capsys: pytest.CaptureFixture[str], order: dict[str, str]) -> dict[str, Any]:
    """What `plan` answers to the same order."""
    capsys.readouterr()
    main(["plan", *(f"--{name}={text}" for name, text in order.items()), "--json"])
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


# ---- every order is answered ----


def test_a_line_is_the_plan_that_plan_prints(batch, table, capsys) -> None:
    orders = [{**ORDER, "case": f"A-{number}", **change} for number, change in enumerate(({}, *BAD))]
    answer = batch(table(written(orders)))
    assert answer.status == 0
    assert answer.err == ""
    assert len(answer.lines) == len(orders)
    for number, (line, order) in enumerate(zip(answer.lines, orders, strict=True), 1):
        assert (line.pop("row"), line.pop("case")) == (number, order["case"])
        assert line == alone(capsys, order)
    assert [each["complete"] for each in answer.lines] == [True, *(False for _bad in BAD)]
    assert all(each["findings"][0]["message"] for each in answer.lines)


def test_the_search_has_the_answer_of_plan(batch, table, capsys) -> None:
    order = {**ORDER, "pattern": "auto"}
    (line,) = batch(table(written([order]))).lines
    assert line["pattern"] == "96h@72,96h"
    assert {key: line[key] for key in line if key not in {"row", "case"}} == alone(capsys, order)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (b"A,6.42 kg", "2 cells"),
        (b",".join([b"x"] * 40), "40 cells"),
        (b"A\xff" + b"," * (len(ORDER) - 1), "UTF-8 (byte 1)"),
        (b'A,"6.42 kg' + b"," * (len(ORDER) - 2), "quotes"),
        (b'A,"6"42 kg' + b"," * (len(ORDER) - 2), "quotes"),
        (b"A\rB" + b"," * (len(ORDER) - 1), "line feed"),
        (b"A," + b"9" * 300_000 + b"," * (len(ORDER) - 2), "100000 bytes"),
        (b"A" * LONGEST_LINE, "100000 bytes"),
        (b"\x00" * 70, "1 cells"),
        (b" ", "1 cells"),
    ],
)
def test_a_row_that_cannot_be_taken_apart_is_one_line_and_no_stop(batch, table, bad: bytes, said: str) -> None:
    first, order = written([ORDER]).encode().splitlines()
    answer = batch(table(b"\n".join([first, bad, order, bad, order])))
    assert answer.status == 0
    lines = answer.lines
    assert [(each["row"], each["complete"]) for each in lines] == [(1, False), (2, True), (3, False), (4, True)]
    assert "case" not in lines[0]
    assert [each["code"] for each in lines[0]["findings"]] == ["unreadable"]
    assert said in lines[0]["findings"][0]["message"]
    assert not {"bags", "bsa", "order"} & set(lines[0])


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("last", [True, False])
def test_what_spreadsheets_write_is_read(batch, table, end: str, mark: bytes, last: bool) -> None:
    text = written([ORDER, {**ORDER, "case": 'Ü, "17"'}])
    text = text if last else text.removesuffix("\n")
    answer = batch(table(mark + text.replace("\n", end).encode()))
    assert answer.status == 0
    assert [(each["row"], each["case"], each["complete"]) for each in answer.lines] == [
        (1, "A-17", True),
        (2, 'Ü, "17"', True),
    ]


def test_an_answer_is_one_line_whatever_its_case_holds(batch, table) -> None:
    case = "A\x0b\x0c\x1c\x85\u2028\u2029B"
    answer = batch(table(written([{**ORDER, "case": case}])))
    assert [each["case"] for each in answer.lines] == [case]


def test_empty_lines_are_no_orders_and_a_table_may_have_none(batch, table) -> None:
    first, order = written([ORDER]).splitlines()
    for end in ("", "\n", "\r\n", "\r"):  # the last line may have no end
        rows = f"{first}\n\n{order}\r\n\r\n{order}\n{end}"
        assert [each["row"] for each in batch(table(rows)).lines] == [1, 2]
    assert batch(table(first)) == Answer(0, "", "")


def test_without_a_column_case_none_is_echoed(batch, table) -> None:
    (line,) = batch(table(written([{name: text for name, text in ORDER.items() if name != "case"}]))).lines
    assert "case" not in line
    assert line["complete"] is True


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=80) | st.text('",;=\r\n\0 6.42kg', max_size=40).map(str.encode), max_size=8))
def test_any_bytes_are_answered(rows: list[bytes]) -> None:
    names = b"case,weight,length,reason,site"
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(b"\n".join([names, *rows]))
        file.flush()
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            assert main(["batch", file.name, "--json"]) == 0
    expected = [each for each in b"\n".join(rows).split(b"\n") if each not in {b"", b"\r"}]
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [each["row"] for each in answers] == list(range(1, len(expected) + 1))
    assert all(each["findings"] and not each["complete"] for each in answers)


# ---- columns ----


@pytest.mark.parametrize(
    ("first", "said"),
    [
        ("weight,height,colour", "height, colour"),
        ("weight,Length", "Length"),
        ("weight,--length", "--length"),
        ("weight,json", "json"),
        ("weight,reason:no-such-code", "reason:no-such-code"),
        ("weight,length,weight,length", "weight, length"),
        ("weight,reason:sodium,reason:sodium", "reason:sodium"),
        ("weight,,length", "Column 2"),
        ("weight;length", "“;”"),
        ("weight\tlength", "“Tab”"),
        ('weight,"length', "quotes"),
        ("weight\rlength", "line feed"),
        ("", "no first line"),
        ("x" * 200_000, "100000 bytes"),
        ("w\x00eight", "w\\x00eight"),
        (b"\xff\xfew\x00", "UTF-8"),
    ],
)
def test_a_first_line_that_is_not_understood_refuses_the_call(batch, table, first: str | bytes, said: str) -> None:
    raw = first.encode() if isinstance(first, str) else first
    answer = batch(table(raw + b"\n6.42 kg,63.5 cm\n"))
    assert answer.status == 2
    (line,) = answer.lines
    assert "row" not in line
    assert line["complete"] is False
    assert said in line["findings"][0]["message"]
    assert said in answer.err


def test_every_option_of_plan_is_a_column(batch, table, tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text('schema = 1\nmicrograms = "mcg"\n')
    order = {
        **ORDER,
        "previous-weight": "6.10 kg@2026-11-15",
        "second-weight": "6.42 kg",
        "second-length": "63.5 cm",
        "prescribed": "5.05 microgram/day",
        "protocol": "infant-course",
        "formula": "haycock",
        "sessions": "3,3,2",
        "site": str(site),
        "reason": "unit-closed=on call",
        "reason:sodium": "kept",
    }
    names = subprocess.run(
        [sys.executable, "-m", "dosing_app", "plan", "--help"], capture_output=True, check=True, text=True
    )
    options = {name for name in re.findall(r"--([a-z-]+)", names.stdout) if name not in {"json", "help", "language"}}
    assert options == set(order) - {"reason:sodium"}
    own, bad, none = batch(table(written([order, {**order, "site": "/no/such/file"}, {**order, "site": ""}]))).lines
    assert own["micrograms"] == "mcg"
    assert own["order"]["reasons"] == {"unit-closed": "on call", "sodium": "kept"}
    assert "/no/such/file" in bad["findings"][0]["message"]
    assert none["micrograms"] == "micrograms"


@pytest.mark.parametrize(("reason", "said"), [("on call", "CODE=text"), ("=x", "CODE=text"), ("sodium=x", "sodium")])
def test_a_reason_that_cannot_be_placed(batch, table, reason: str, said: str) -> None:
    orders = [{**ORDER, "reason": reason, "reason:sodium": "y"}, {**ORDER, "reason": "", "reason:sodium": "y"}]
    bad, good = batch(table(written(orders))).lines
    assert said in bad["findings"][0]["message"]
    assert bad["case"] == "A-17"
    assert good["complete"] is True


def test_options_of_the_call_hold_for_every_order(batch, table, tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text('schema = 1\nmicrograms = "mcg"\n')
    names = [name for name in ORDER if name not in {"zone", "pattern"}]
    path = table(written([ORDER, ORDER], names))
    options = ["--site", str(site), "--zone", "Europe/Amsterdam", "--pattern", "96h", "--reason", "unit-closed=on call"]
    for line in batch(path, *options).lines:
        assert line["complete"] is True
        assert (line["micrograms"], line["pattern"], line["order"]["zone"]) == ("mcg", "96h", "Europe/Amsterdam")
    refused = batch(path, "--weight", "6.42 kg", "--length", "63.5 cm")
    assert refused.status == 2
    assert "weight, length" in refused.err
    path = table(written([{**ORDER, "reason": "", "site": ""}]))
    assert "reason" in batch(path, "--reason", "sodium=x").err
    assert "site" in batch(path, "--site", str(site)).err


@pytest.mark.parametrize(
    "args", [["/no/such.csv"], ["/"], ["a\x00b"], ["x" * 5000], ["--site", "/no/such.toml"], ["--site", ""]]
)
def test_a_call_that_cannot_be_answered_is_2(batch, table, args: list[str]) -> None:
    path = [] if len(args) == 1 else [table(written([ORDER]))]
    answer = batch(*path, *args)
    assert answer.status == 2
    assert json.loads(answer.out)["findings"][0]["message"]


@pytest.mark.parametrize("args", [[], ["--json"], ["one.csv", "two.csv", "--json"], ["one.csv"]])
def test_the_table_and_json_are_needed(args: list[str], capsys) -> None:
    assert main(["batch", *args]) == 2
    assert capsys.readouterr()


# ---- as a program ----


def started(path: str, **how: Any) -> subprocess.Popen[bytes]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # where the tests run behind, it is ignored
    try:
        return subprocess.Popen([sys.executable, "-m", "dosing_app", "batch", path, "--json"], **how)
    finally:
        signal.signal(signal.SIGINT, before)


def test_ctrl_c_leaves_whole_lines_and_is_130(table) -> None:
    process = started(table(written([ORDER] * 5000)), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    first = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    rest = process.stdout.read()
    said = process.stderr.read().decode()
    assert process.wait(20) == 130
    lines = [json.loads(line) for line in (first + rest).splitlines()]
    assert (first + rest).endswith(b"\n")
    assert [each["row"] for each in lines] == list(range(1, len(lines) + 1))
    assert len(lines) < 5000
    assert f"Orders answered: {len(lines)}." in said
    assert "Traceback" not in said
    assert "\r" not in said
    process.stdout.close()
    process.stderr.close()


def test_ctrl_c_waits_for_the_end_of_a_line_and_then_means_what_it_meant_before(batch, table, monkeypatch) -> None:
    real = batch_module.answer_line

    def answered(row, house_of):
        if row.number == 2:
            signal.raise_signal(signal.SIGINT)
        return real(row, house_of)

    monkeypatch.setattr(batch_module, "answer_line", answered)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        done = batch(table(written([ORDER] * 4)))
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert done.status == 130
    assert [each["row"] for each in done.lines] == [1, 2]
    assert "Orders answered: 2." in done.err


def test_a_reader_that_goes_away_is_no_error(table) -> None:
    with started(table(written([ORDER] * 200)), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(20) == 0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_the_first_answer_does_not_wait_for_the_last_order(tmp_path: Path) -> None:
    pipe = tmp_path / "orders"
    os.mkfifo(pipe)
    first, order = written([ORDER]).splitlines()
    with started(str(pipe), stdout=subprocess.PIPE) as process, pipe.open("w") as file:
        assert process.stdout is not None
        for number in (1, 2):
            file.write(f"{first}\n{order}\n" if number == 1 else f"{order}\n")
            file.flush()
            assert json.loads(process.stdout.readline())["row"] == number
        file.close()
        assert process.stdout.read() == b""
        assert process.wait(20) == 0


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="this system has no file that fails while it is read")
def test_a_table_that_fails_while_it_is_read_is_2(batch) -> None:
    answer = batch("/proc/self/mem", "--json")
    assert answer.status == 2
    assert f"/proc/self/mem cannot be read: {os.strerror(errno.EIO)}." in answer.err
    (line,) = answer.lines
    assert "cannot be read" in line["findings"][0]["message"]


def test_whoever_wants_no_interruption_has_none(batch, table) -> None:
    """Started in the background, Ctrl-C is another program's: its handling is left as it was."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        answer = batch(table(written([ORDER])), "--json")
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
    assert answer.status == 0
    assert len(answer.lines) == 1


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="this system has no terminals to open")
def test_of_a_table_whose_length_nobody_knows_the_orders_are_counted(tmp_path: Path) -> None:
    pipe = tmp_path / "orders"
    os.mkfifo(pipe)
    ours, theirs = os.openpty()
    with started(str(pipe), stdout=subprocess.PIPE, stderr=theirs) as process, pipe.open("w") as file:
        os.close(theirs)
        file.write(written([ORDER]))
        file.close()
        assert process.stdout is not None
        assert json.loads(process.stdout.read())["row"] == 1
        said = os.read(ours, 1000).decode()
        assert process.wait(20) == 0
    os.close(ours)
    assert "\x1b[Korders answered: 1" in said
    assert "%" not in said


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="this system has no terminals to open")
@pytest.mark.parametrize("shared", [True, False])
def test_a_terminal_shows_how_far_it_is(table, shared: bool) -> None:
    ours, theirs = os.openpty()
    process = started(
        table(written([ORDER] * 60)), stdout=theirs if shared else subprocess.DEVNULL, stderr=theirs, close_fds=True
    )
    os.close(theirs)
    seen, until = b"", time.monotonic() + 30
    while time.monotonic() < until and select.select([ours], [], [], 20)[0]:
        try:
            part = os.read(ours, 100_000)
        except OSError:  # the terminal is gone with the program
            break
        seen += part
    os.close(ours)
    assert process.wait(20) == 0
    said = seen.decode()
    done = [int(each) for each in re.findall(r"\] (\d+) %", said)]
    assert done
    assert done == sorted(done)
    assert done[-1] <= 100
    assert "orders answered: " in said
    if shared:  # no line of JSON has a piece of the bar in it
        lines = [line.rpartition("\x1b[K")[2] for line in said.split("\r\n") if line]
        assert [json.loads(line)["row"] for line in lines if line] == list(range(1, 61))
    assert said.endswith("\r\x1b[K")
