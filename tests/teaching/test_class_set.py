"""A class set on paper: TRAINING on every page, no patient, no code, the same bytes, results without names."""

import csv
import io
import re
from pathlib import Path

import pytest
from pypdf import PdfReader
from teaching_cases import house

from dosing_app.cli import main
from dosing_app.core.quantities import print_number, unit_words
from dosing_app.papers.class_set import papers_of_set
from dosing_app.teaching.exercise import class_set
from dosing_app.teaching.picture_task import picture_tasks
from dosing_app.teaching.spot import worksheets

NAMES = ["answers.pdf", "questions.pdf", "results.csv"]


@pytest.fixture(scope="module")
def papers() -> dict[str, bytes]:
    return papers_of_set(class_set(7, 12, house()), 7)


def pages(data: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


def test_every_page_says_training_in_head_and_foot_and_what_it_is_not(papers: dict[str, bytes]) -> None:
    for name in ("questions.pdf", "answers.pdf"):
        for text in pages(papers[name]):
            assert text.count("TRAINING") >= 2
            assert "Not an order, not a plan" in text
        assert PdfReader(io.BytesIO(papers[name])).metadata.title.startswith("TRAINING")


def test_no_patient_fields_and_no_codes(papers: dict[str, bytes]) -> None:
    for name in ("questions.pdf", "answers.pdf"):
        found = "\n".join(pages(papers[name]))
        for word in ("Patient", "Born", "born", "Ward", "Lot", "Revision", "DRAFT", "Prepared by", "check code"):
            assert word not in found
        for page in PdfReader(io.BytesIO(papers[name])).pages:
            assert not page.images


def test_numbers_are_printed_by_the_display_rules(papers: dict[str, bytes]) -> None:
    for name in ("questions.pdf", "answers.pdf"):
        found = "\n".join(pages(papers[name]))
        assert not re.search(r"(?<![\d.])\d+\.\d*0(?![\d.])", found)
        assert not re.search(r"(?<!\d)\.\d", found)
        assert not re.search(r"\bug\b|µg|\bcc\b|/day", found)


def test_questions_hold_no_answers_and_answers_every_question(papers: dict[str, bytes]) -> None:
    exercises = class_set(7, 12, house())
    asked, answered = (" ".join(" ".join(pages(papers[name])).split()) for name in ("questions.pdf", "answers.pdf"))
    asked, _head, _tasks = asked.partition("S1.")  # what comes after it gives figures of its own
    for exercise in exercises:
        for step in exercise.answers:
            assert " ".join(step.question.split()) in answered
        for step in exercise.answers[-1:]:
            if len(step.result) > 8:
                assert " ".join(step.result.split()) not in asked.replace("\u00a0", " ")


def test_the_same_set_gives_the_same_bytes(papers: dict[str, bytes]) -> None:
    assert papers_of_set(class_set(7, 12, house()), 7) == papers


def test_results_have_a_line_for_each_question_and_no_names(papers: dict[str, bytes]) -> None:
    rows = list(csv.DictReader(io.StringIO(papers["results.csv"].decode())))
    assert len(rows) == sum(len(each.asks) for each in class_set(7, 12, house()))
    assert all(row["training"] == "TRAINING" for row in rows)
    assert all(row["answer"] == row["mark"] == row["learner"] == "" for row in rows)
    assert not any("name" in column for column in rows[0])


def test_the_command_writes_the_three_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "new" / "set"
    assert main(["teach", "set", "--seed", "7", "--n", "3", "--to", str(folder)]) == 0
    assert sorted(path.name for path in folder.iterdir()) == NAMES
    assert capsys.readouterr().out.startswith("TRAINING")


@pytest.mark.parametrize(
    "given",
    [
        ["set", "--seed", "-1", "--n", "3"],
        ["set", "--seed", "seven", "--n", "3"],
        ["set", "--seed", "7", "--n", "0"],
        ["set", "--seed", "7", "--n", "101"],
        ["set", "--seed", "7", "--n", "٣"],
        ["set", "--n", "3"],
        ["sat", "--seed", "7", "--n", "3"],
        [],
    ],
)
def test_a_call_that_cannot_be_read_is_refused(
    given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["teach", *given, "--to", str(tmp_path / "x")]) == 2
    assert capsys.readouterr().err
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("folder", ["", " "])
def test_no_folder_is_not_the_folder_where_one_stands(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["teach", "set", "--seed", "7", "--n", "1", "--to", folder]) == 2
    assert "--to is given without a folder" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["teach", "set", "--seed", "7", "--n", "1", "--to", str(tmp_path / "file")]) == 2
    assert "file" in capsys.readouterr().err


def test_with_data_that_are_not_the_shipped_ones_no_set_is_made(
    tmp_path: Path, changed_table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["teach", "set", "--seed", "7", "--n", "1", "--to", str(tmp_path / "x")]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert changed_table in said.err
    assert not (tmp_path / "x").exists()


def test_worksheets_picture_tasks_and_the_picture_of_the_drug_are_in_both_papers(papers: dict[str, bytes]) -> None:
    asked, answered = (" ".join(" ".join(pages(papers[name])).split()) for name in ("questions.pdf", "answers.pdf"))
    sheets, tasks = worksheets(7, 4, house()), picture_tasks(7, 4, house())
    for shown in (asked, answered):
        for name in ("S1.", "S4.", "P1.", "P4.", "Picture of the drug", "never advice", "706 ± 194", "expected 702"):
            assert name in shown
    for sheet in sheets:
        why = " ".join(sheet.why.split())
        assert why in answered
        assert why not in asked
    for task in tasks:
        for ask in task.asks:
            right = f"{print_number(ask.value, ask.places)} {unit_words(ask.unit)}"
            assert f"Answer {right}" in answered.replace("\u00a0", " ")
            assert f"Answer {right}" not in asked.replace("\u00a0", " ")
