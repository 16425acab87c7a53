"""No English is left on papers, on the command line and in messages; what programs read is the same in all."""

import contextlib
import json
import re
from collections.abc import Iterator

import pytest
from course_papers import issued, own_standing, revised, under_way
from left_english import left
from paper_cases import FINAL, RECALL, case
from spoken_calls import FOREIGN, options, run

from dosing_app.cli import main
from dosing_app.papers.calendar import calendar
from dosing_app.papers.class_set import answers, questions
from dosing_app.papers.downtime import downtime
from dosing_app.papers.handout import handout
from dosing_app.papers.pdf import Document
from dosing_app.papers.recall import recall
from dosing_app.papers.schedule import schedule
from dosing_app.papers.sheaf import draft_sheaf, final_sheaf, text_of
from dosing_app.teaching.derivation import derivation
from dosing_app.teaching.exercise import class_set
from dosing_app.wording.language import _, speak
from dosing_app.wording.plan_text import plan_json


@pytest.fixture(autouse=True)
def english_again():
    """Each test begins and ends in English."""
    yield
    speak("en")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SNELHEID 2.5 mL/hour", "nl"),
        ("doses in micrograms per day", "nl"),
        ("12.5 microgram per mL", "de"),
        ("28 days", "de"),
        ("Bron: judgement, no source", "nl"),
        ("Zak 2 van 8 · Take down by", "nl"),
    ],
)
def test_english_that_is_left_is_seen(text: str, code: str) -> None:
    assert left(text, code)


def test_dutch_and_german_are_not_taken_for_english() -> None:
    assert left("SNELHEID WIJZIGT: was 3.3, nu 2.5. Loopt 96 h in week 2; de infusie is per m² per dag.", "nl") == []
    assert left("NEUE LAUFRATE: bisher 3.3, jetzt 2.5. Die Dosis war am Tag 2 zu hoch, so die Apotheke.", "de") == []


def all_papers() -> Iterator[tuple[str, Document]]:
    """Every paper: drafts, final ones, of a course under way and of a revision, a recall, and those of teaching."""
    plan, reference = case("eu-rates")
    sheaves = [draft_sheaf(plan, None, reference)]
    for name in ("eu-clock", "us-made-up"):
        plan, reference = case(name)
        sheaves.append(final_sheaf(issued(plan), [], reference))
    plan, reference = revised("72h,96h", 2)
    sheaves.append(final_sheaf(plan, [], reference))
    for sheaf in sheaves:
        yield from ((paper.key, paper.compose(1)) for paper in sheaf.papers)
    plan, reference, rest = under_way()
    yield "schedule, under way", schedule(plan, FINAL, reference, rest)
    yield "downtime, under way", downtime(plan, FINAL, reference, rest)
    plan, reference = case("eu-96h")
    yield "recall", recall(plan, RECALL, reference)
    yield "handout", handout(derivation(plan, reference, 2), [(_("Weight"), "6.42 kg")])
    exercises = class_set(7, 18)
    yield "questions", questions(exercises, 7)
    yield "answers", answers(exercises, 7)


@pytest.mark.parametrize("code", FOREIGN)
def test_no_english_is_left_on_a_paper(code: str) -> None:
    speak(code)
    keys = set()
    for key, document in all_papers():
        said = text_of(document).replace("Talked over with the ward", "").replace("Talked over", "")  # as typed
        assert left(said, code) == [], key
        assert len(said) > 300
        keys.add(key.partition("-session")[0])
    assert keys >= {"worksheet", "labels", "vial-order", "schedule", "downtime", "recall", "handout", "answers"}


@pytest.mark.parametrize("code", FOREIGN)
def test_no_english_is_left_in_a_calendar(code: str) -> None:
    plan, reference = case("eu-clock")
    plan = issued(plan)
    speak(code)
    said = calendar(plan, own_standing(plan), reference).decode().replace("\r\n ", "")
    lines = [line for line in said.splitlines() if line.startswith(("SUMMARY", "DESCRIPTION"))]
    assert lines
    for line in lines:
        assert left(line, code) == [], line


CALLS = (
    ("findings",),
    ("plan", *options()),
    ("options", *options(pattern="auto")),
    ("plan", "--help"),
    ("options", "--help"),
    ("replan", "--help"),
    ("export", "--help"),
    ("batch", "--help"),
    ("teach", "set", "--help"),
    ("backup", "--help"),
    ("--help",),
)


@pytest.mark.parametrize("code", FOREIGN)
@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call[0]} {len(call)}")
def test_no_english_is_left_on_the_command_line(code: str, call: tuple[str, ...], capsys) -> None:
    with contextlib.suppress(SystemExit):
        main([*call, "--language", code])
    said = capsys.readouterr()
    assert len(said.out) > 100
    assert left(said.out + said.err, code) == []


# Orders that ask or are refused, each by something that a finding carries in English.
ASKING = {
    "young": {"born": "2026-11-05", "measured": "2026-11-05"},
    "old": {"born": "2025-10-20"},
    "far": {"weight": "14.15 kg"},
    "envelope": {"weight": "64.2 kg"},
    "prescribed": {"prescribed": "9 microgram/day"},
    "preserved": {"product": "us", "pattern": "168h"},
    "no-composition": {"product": "us", "pattern": "72h"},
    "sodium": {"pattern": "24h"},
    "unit": {"weight": "6.42 KG"},
    "closed": {"start": "2026-11-29T04:00"},
    "dates": {"measured": "2026-05-01"},
}


@pytest.mark.parametrize("code", FOREIGN)
@pytest.mark.parametrize("name", ASKING)
def test_no_english_is_left_in_a_message(code: str, name: str, capsys) -> None:
    found = json.loads(run(capsys, "plan", *options(**ASKING[name]), "--json", "--language", code))["findings"]
    assert found
    for each in found:
        assert left(each["message"], code) == []


@pytest.mark.parametrize("code", FOREIGN)
def test_what_a_site_file_accepts_is_said_in_the_person_s_language(code: str, tmp_path, capsys) -> None:
    for line in (
        'formula = "mostler"',
        'zone = "Amsterdam"',
        "lead_time_h = 900",
        "share_vials = 3",
        'wards = "One"',
        'closed = ["soon"]',
        '[preparation_hours]\nmon = "8-17"',
        '[syringes]\n"1" = "2"',
        "label_width_mm = 5",
        'vial_price = "much"',
    ):
        site = tmp_path / "site.toml"
        site.write_text(f"schema = 1\n{line}\n", "utf-8")
        (found,) = json.loads(run(capsys, "plan", f"--site={site}", *options(), "--json", "--language", code))[
            "findings"
        ]
        said = found["message"].replace(str(site), "")
        said = re.sub(r"“[^”]*”|„[^“]*“|\b[a-z_]+_[a-z_]+\b", "", said)  # what was written, and keys
        assert left(said, code) == [], line


@pytest.mark.parametrize("code", FOREIGN)
def test_what_programs_read_is_the_same_in_every_language(code: str, capsys) -> None:
    call = options(pattern="auto")
    english = json.loads(run(capsys, "options", *call, "--json"))
    foreign = json.loads(run(capsys, "options", *call, "--json", "--language", code))

    def bare(value: object) -> object:
        if isinstance(value, dict):
            return {key: bare(each) for key, each in value.items() if key != "message"}
        return [bare(each) for each in value] if isinstance(value, list) else value

    assert bare(foreign) == bare(english)
    plan, _reference = case("eu-rates")
    written = bare(plan_json(plan))
    speak(code)
    assert bare(plan_json(plan)) == written


BEGUN = (
    {"at": "2026-11-23T11:00:00Z", "event": "prepared", "session": 1, "by": "A"},
    {"at": "2026-11-23T13:00:00Z", "event": "hung", "bag": 1, "by": "B"},
)
# What may happen then, each with sentences of its own; the last two cannot have happened, or cannot be read.
LATER: dict[str, tuple[dict[str, object], ...]] = {
    "rate": (
        {"at": "2026-11-24T13:00:00Z", "event": "rate-found", "rate_ml_per_h": "5", "by": "C"}
        | {"from": "2026-11-23T20:00:00Z", "to": "2026-11-24T12:00:00Z"},
    ),
    "opened": (
        {"at": "2026-11-24T01:00:00Z", "event": "interrupted", "reason": "technical", "by": "C"},
        {"at": "2026-11-24T08:00:00Z", "event": "resumed", "line_closed": False, "by": "C"},
    ),
    "restart": (
        {"at": "2026-11-24T01:00:00Z", "event": "interrupted", "reason": "adverse-event", "by": "C"},
        {"at": "2026-11-24T02:00:00Z", "event": "decision", "what": "restart", "dose_rate": "5", "prescriber": "D"},
    ),
    "gap": (
        {"at": "2026-11-24T01:00:00Z", "event": "interrupted", "reason": "unknown", "by": "C"},
        {"at": "2026-12-03T01:00:00Z", "event": "note", "text": "x", "by": "C"},
    ),
    "runs on": ({"at": "2026-11-24T01:00:00Z", "event": "decision", "what": "run-on", "hours": "300", "by": "C"},),
    "seconds": ({"at": "2026-11-24T01:00:30Z", "event": "lost", "bag": 1, "by": "C"},),
}


@pytest.mark.parametrize("code", FOREIGN)
@pytest.mark.parametrize("name", LATER)
def test_no_english_is_left_in_the_rest_of_a_course(code: str, name: str, tmp_path, capsys) -> None:
    plan, log = tmp_path / "plan.json", tmp_path / "log.json"
    plan.write_text(run(capsys, "plan", *options(), "--json"), "utf-8")
    log.write_text(json.dumps([*BEGUN, *LATER[name]]), "utf-8")
    call = ["replan", f"--plan={plan}", f"--log={log}", "--language", code]
    found = json.loads(run(capsys, *call, "--json"))["findings"]
    assert found
    assert [left(each["message"], code) for each in found] == [[] for _each in found]
    main(call)
    said = capsys.readouterr()
    assert left((said.out + said.err).replace(str(tmp_path), ""), code) == []
