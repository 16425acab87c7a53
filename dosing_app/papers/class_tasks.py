"""The rest of a class set: worksheets with one error or none, picture tasks, and the picture of the drug.

All of it from the seed of the set; texts alone, and the figures of what is drawn.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from dosing_app.core.quantities import NO_BREAK_SPACE
from dosing_app.reference.bundle import House
from dosing_app.teaching.ask import Ask, tolerance_words
from dosing_app.teaching.drug_picture import Drawn, Picture, drug_picture
from dosing_app.teaching.lesson import beginning, lesson_of
from dosing_app.teaching.picture_task import TASKS, PictureTask, SyringePicture, picture_tasks
from dosing_app.teaching.spot import NONE, Worksheet, source_of, worksheets
from dosing_app.wording import figures
from dosing_app.wording.language import _
from dosing_app.wording.units import unit_words

SHEETS = 4
_STOPS, _FOR, _UNTIL = Decimal(72), Decimal(6), Decimal(120)  # hours of the drawn course: teaching, no rule


def tasks_content(seed: int, house: House, *, with_answers: bool) -> dict[str, Any]:
    """What the template draws after the exercises."""
    return {
        "sheets": [
            _sheet(sheet, f"S{number}", with_answers=with_answers)
            for number, sheet in enumerate(worksheets(seed, SHEETS, house), 1)
        ],
        "tasks": [
            _task(task, f"P{number}", with_answers=with_answers)
            for number, task in enumerate(picture_tasks(seed, len(TASKS), house), 1)
        ],
        "drug": _drug(house, with_answers=with_answers),
        "tasks_words": {
            "sheets": _("Spot the error"),
            "sheet": _("One line may be wrong, or none. Mark it."),
            "none": _("No error"),
            "tasks": _("Picture tasks"),
            "answer": _("Answer"),
            "rate": _("RATE"),
            "volume": _("VOLUME TO BE INFUSED"),
            "drug": _("Picture of the drug"),
            "hour": _("hour of the course"),
            "level": _("pg per mL"),
        },
    }


def _sheet(sheet: Worksheet, name: str, *, with_answers: bool) -> dict[str, Any]:
    right = ""
    if with_answers:
        at = next((line.name for line in sheet.lines if line.key == sheet.at), _("No error"))
        right = at if sheet.at == NONE else _("{line}; there should stand {right}").format(line=at, right=sheet.right)
    return {
        "name": name,
        "lines": [[line.name, line.text, with_answers and line.key == sheet.at] for line in sheet.lines],
        "none": with_answers and sheet.at == NONE,
        "right": right,
        "why": sheet.why if with_answers else "",
        "source": source_of(sheet) if with_answers else "",
    }


def _task(task: PictureTask, name: str, *, with_answers: bool) -> dict[str, Any]:
    drawn, bag = task.syringe, task.bag
    return {
        "name": name,
        "kind": task.kind,
        "title": task.title,
        "given": [list(pair) for pair in task.given],
        "question": task.question,
        "choices": [[choice.text, with_answers and choice.key == task.right] for choice in task.choices],
        "asks": [
            [ask.question, tolerance_words(ask, on_paper=True), _right(ask) if with_answers else ""]
            for ask in task.asks
        ],
        "source": task.source if with_answers else "",
        "syringe": {
            "holds": str(drawn.holds),
            "mark": str(drawn.mark),
            "between": drawn.between,
            "at": str(drawn.at),
            "stopper": str(drawn.stopper),
            "numbers": [figures.number(drawn.mark * at) for at in range(0, _marks(drawn) + 1, drawn.between)],
            "marks": _marks(drawn),
            "said": drawn.said,
        }
        if drawn
        else None,
        "bag": {
            "share": str(bag.left / bag.total),
            "left": f"{figures.number(bag.left, 1)}{NO_BREAK_SPACE}mL",
        }
        if bag
        else None,
    }


def _marks(drawn: SyringePicture) -> int:
    return int(drawn.holds / drawn.mark)


def _right(ask: Ask) -> str:
    """The right answer of a picture task, which is a quantity."""
    assert isinstance(ask.value, Decimal)
    return f"{figures.number(ask.value, ask.places)}{NO_BREAK_SPACE}{unit_words(ask.unit)}"


def _drug(house: House, *, with_answers: bool) -> dict[str, Any]:
    """The first days of a course; among the answers with the standstill that the question asks to draw in."""
    plan = lesson_of(beginning(), house).plan
    assert plan.bags
    stop = [Drawn(_STOPS, _STOPS + _FOR)] if with_answers else []
    picture = drug_picture(plan, stop)
    return {
        "points": _points(picture),
        "until": str(_UNTIL),
        "top": str(_top(picture)),
        "steady": [str(picture.steady), figures.number(picture.steady, 0)],
        "measured": [str(picture.measured), str(picture.spread)],
        "levels": _("expected {steady} dotted; measured {level} ± {spread} dashed, with its band").format(
            steady=figures.number(picture.steady, 0),
            level=figures.number(picture.measured),
            spread=figures.number(picture.spread),
        ),
        "question": _(
            "The pump stands still from hour {start} to hour {end}. Draw what becomes of the curve, and say how long "
            "it takes to halve."
        ).format(start=figures.number(_STOPS), end=figures.number(_STOPS + _FOR)),
        "words": list(picture.words) if with_answers else list(picture.words[:1]),
    }


def _points(picture: Picture) -> Sequence[list[str]]:
    return [[str(hour), str(round(level, 2))] for hour, level in picture.points if hour <= _UNTIL]


def _top(picture: Picture) -> Decimal:
    return (
        max(picture.measured + picture.spread, *(level for hour, level in picture.points if hour <= _UNTIL)) * 11 / 10
    )
