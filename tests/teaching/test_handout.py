"""The handout: TRAINING on every page, every step, no patient, the same bytes."""

import io
import re

import pytest
from pypdf import PdfReader
from teaching_cases import house

from dosing_app.papers.handout import handout
from dosing_app.papers.pdf import draw
from dosing_app.teaching.lesson import Lesson, beginning, lesson_of


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return lesson_of({**beginning(), "weight": "4.6 kg"}, house())


def pages(lesson: Lesson, bag: int = 2) -> list[str]:
    data = draw(handout(lesson.steps(bag), [("weight", "4.6 kg")], lesson.asked))
    reader = PdfReader(io.BytesIO(data))
    assert reader.metadata.title.startswith("TRAINING")
    return [page.extract_text() for page in reader.pages]


def test_every_page_says_training_and_what_it_is_not(lesson: Lesson) -> None:
    for text in pages(lesson):
        assert text.count("TRAINING") >= 2
        assert "Not an order, not a plan" in text


def test_it_holds_every_step_with_its_source_and_nothing_of_a_patient(lesson: Lesson) -> None:
    shown = " ".join(" ".join(pages(lesson)).split())
    for step in lesson.steps(2):
        assert " ".join(step.question.split()) in shown
        assert " ".join(step.result.replace("\u00a0", " ").split()) in shown.replace("\u00a0", " ")
    assert "written reason" in shown
    for word in ("Patient", "Born", "Ward", "Lot", "Revision", "DRAFT", "Prepared by", "check code"):
        assert word not in shown
    assert not re.search(r"(?<![\d.])\d+\.\d*0(?![\d.])", shown)


def test_the_same_steps_give_the_same_bytes_and_none_give_none(lesson: Lesson) -> None:
    made = [draw(handout(lesson.steps(2), [], ())) for _time in range(2)]
    assert made[0] == made[1]
    with pytest.raises(ValueError, match="step"):
        handout((), [])
