"""A class set on paper: the questions, the answers with their derivations, and a table for results without names.

Every page says TRAINING. Nothing here takes an order or a plan: no patient, no code, nothing that can be issued.
"""

import csv
import io
from collections.abc import Sequence
from typing import Any

from whenever import Instant

from dosing_app import __version__
from dosing_app.papers.class_tasks import tasks_content
from dosing_app.papers.pdf import Document, draw
from dosing_app.reference.bundle import load_house
from dosing_app.teaching.ask import Ask, tolerance_words
from dosing_app.teaching.derivation import PLACES, Step, place_name
from dosing_app.teaching.exercise import FADED, Exercise, all_asks, kind_name, level_name
from dosing_app.wording.language import _, data_words, n_

_MADE = Instant.from_utc(2027, 1, 1)  # the date in the file: the same set gives the same bytes
COLUMNS = ("training", "seed", "learner", "exercise", "question", "kind", "level", "unit", "answer", "mark", "mistake")


def training_word() -> str:
    """What every page, screen and file of training carries."""
    return _("TRAINING")


def papers_of_set(exercises: Sequence[Exercise], seed: int) -> dict[str, bytes]:
    """The files of a class set by name; the same bytes for the same set, whatever a site has set.

    Args:
        exercises: of the set.
        seed: of the set, from which worksheets and picture tasks are drawn too.

    Raises:
        NotDrawn: a text cannot be printed.
    """
    return {
        "questions.pdf": draw(questions(exercises, seed)),
        "answers.pdf": draw(answers(exercises, seed)),
        "results.csv": results(exercises, seed).encode(),
    }


def questions(exercises: Sequence[Exercise], seed: int) -> Document:
    """The questions, with room to work."""
    title = _("Class set {seed}: questions").format(seed=seed)
    return _document(title, exercises, seed, with_answers=False)


def answers(exercises: Sequence[Exercise], seed: int) -> Document:
    """The answers, each with its derivation."""
    title = _("Class set {seed}: answers").format(seed=seed)
    return _document(title, exercises, seed, with_answers=True)


def results(exercises: Sequence[Exercise], seed: int) -> str:
    """A table to be filled in, one line for each question; learners have numbers, never names."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\r\n")
    table.writerow(COLUMNS)
    places: dict[int, int] = {}
    for exercise, ask in all_asks(exercises):
        place = places[exercise.number] = places.get(exercise.number, 0) + 1
        name = f"{exercise.number}.{place}"
        table.writerow(
            [training_word(), seed, "", exercise.number, name, ask.step, exercise.level, ask.unit, "", "", ""]
        )
    return written.getvalue()


def _document(title: str, exercises: Sequence[Exercise], seed: int, *, with_answers: bool) -> Document:
    content: dict[str, Any] = {
        **tasks_content(seed, load_house(), with_answers=with_answers),
        "training": training_word(),
        "training_more": _("Invented infants. Not an order, not a plan, nothing to be prepared or given."),
        "heading": title,
        "summary": n_("{number} exercise", "{number} exercises", len(exercises)).format(number=len(exercises)),
        "learner": "" if with_answers else _("Learner number, no name"),
        "how": [
            _("Write each answer with its unit. Round only what is asked to be rounded."),
            _("Point and comma are both read as the decimal mark; papers use the point."),
        ]
        if not with_answers
        else [_("Units that cancel are struck. Grades: A regulator or primary paper … J judgement, no source.")],
        # a worked example is in the questions, and has no answers
        "exercises": [
            _exercise(exercise, with_answers=with_answers)
            for exercise in exercises
            if exercise.answers or not with_answers
        ],
        "places": [[place, place_name(place)] for place in PLACES],
        "words": {
            "given": _("Given"),
            "answer": _("Answer"),
            "worked": _("Worked for you"),
            "source": _("Source"),
        },
        "foot": {
            "made": _("Seed {seed}, {number} exercises, program {program}: the same set on every machine.").format(
                seed=seed, number=len(exercises), program=__version__
            ),
            "page": _("Page {number} of {total}"),
        },
    }
    return Document("class-set", f"{training_word()}: {title}", _MADE, content)


def _exercise(exercise: Exercise, *, with_answers: bool) -> dict[str, Any]:
    helped = exercise.level == FADED
    return {
        "number": str(exercise.number),
        "kind": kind_name(exercise.kind),
        "level": level_name(exercise.level),
        "infant": exercise.title,
        "given": [list(pair) for pair in exercise.given],
        "shown": [step_content(step) for step in exercise.shown] if not with_answers else [],
        "asks": []
        if with_answers
        else [_ask(ask, f"{exercise.number}.{place}", helped=helped) for place, ask in enumerate(exercise.asks, 1)],
        "answers": [step_content(step) for step in exercise.answers] if with_answers else [],
    }


def _ask(ask: Ask, name: str, *, helped: bool) -> dict[str, Any]:
    return {
        "name": name,
        "question": ask.question,
        "exact": tolerance_words(ask, on_paper=True),
        "help": ask.equation if helped else "",
    }


def step_content(step: Step) -> dict[str, Any]:
    """A step of a derivation as the templates take it."""
    return {
        "place": step.place,
        "question": step.question,
        "equation": step.equation,
        "known": [[known.name, known.text, known.grade] for known in step.known if known.text and known.name],
        "worked": [[piece.text, piece.struck] for piece in step.worked],
        "result": step.result,
        "rounding": step.rounding,
        "source": _("{source}, grade {grade}").format(source=data_words(step.source), grade=step.grade)
        if step.grade
        else data_words(step.source),
    }
