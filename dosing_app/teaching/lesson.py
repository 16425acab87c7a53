"""A lesson: a teaching order without identity, worked by the real engine, and what follows from it step by step.

It is never an order: it has no case, no names and no dates of anybody, and nothing keeps or issues it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dosing_app.core.clock import read_instant
from dosing_app.core.findings import Tier
from dosing_app.core.quantities import BLANKS, Refused, magnitude, plain
from dosing_app.course.calculate import calculate
from dosing_app.course.order import REASON, read_order
from dosing_app.course.pattern import AUTO
from dosing_app.course.plan import Plan
from dosing_app.reference.bundle import House, Reference
from dosing_app.reference.teaching_data import load_beginning
from dosing_app.teaching.derivation import Step, derivation
from dosing_app.wording.language import _
from dosing_app.wording.sentences import refusal, sentence

# What a trainer enters, and what only a copy or the beginning brings along.
ENTERED = ("weight", "length", "age", "formula", "product", "pattern", "start")
BROUGHT = ("sex", "gestation")
_AGE = re.compile(rf"([0-9]{{1,3}})(?:[{BLANKS}]*days?)?")


@dataclass(frozen=True, slots=True)
class Lesson:
    """What follows from the texts of a teaching order.

    Attributes:
        texts: as typed.
        plan: the engine's own; without results where something is refused.
        reference: what it was calculated with; None where nothing could be read.
        refused: sentences why there are no results, or none of a bag.
        asked: what in care would need a written reason.
    """

    texts: Mapping[str, str]
    plan: Plan
    reference: Reference | None
    refused: tuple[str, ...]
    asked: tuple[str, ...]

    @property
    def bags(self) -> int:
        """How many bags there are to choose from."""
        return len(self.plan.bags or ())

    def steps(self, bag_number: int) -> tuple[Step, ...]:
        """The derivation for one bag, for the last one where there are fewer."""
        if self.reference is None:
            return ()
        return derivation(self.plan, self.reference, max(1, min(bag_number, self.bags)))


def beginning() -> dict[str, str]:
    """The texts with which a lesson begins: an invented infant."""
    return load_beginning().model_dump()


def read_age(text: str) -> int:
    """Whole days of age.

    Raises:
        ValueError: not read, with a sentence what is.
    """
    match = _AGE.fullmatch(text.strip(BLANKS))
    if match is None:
        raise ValueError(_("Age: whole days, such as 156 days."))
    return int(match[1])


def lesson_of(texts: Mapping[str, str], house: House) -> Lesson:
    """Work out a lesson: as an order would be, but that no reason has to be written.

    Args:
        texts: by `ENTERED` and `BROUGHT`; others are left out.
        house: the site's settings and limits.
    """
    kept = MappingProxyType({name: texts.get(name, "") for name in (*ENTERED, *BROUGHT)})
    refused = []
    try:
        start = read_instant(kept["start"], house.site.zone, typed=True)
    except Refused as error:
        return _without(kept, refusal("start", error.reason, error.seen, error.texts))
    try:
        days = read_age(kept["age"])
    except ValueError as error:
        return _without(kept, str(error))
    if kept["pattern"].strip(BLANKS) in {"", AUTO}:
        refused.append(_("A lesson needs its pattern written out, such as 72h,96h."))
    day = start.to_tz(house.site.zone).date()
    order = {name: text for name, text in kept.items() if name != "age"}
    order |= {"born": day.subtract(days=days).format_iso(), "measured": day.format_iso()}
    while True:  # a reason given may bring up another question, for the plan that is then laid out
        reading = read_order(order, house, typed=True)
        if reading.order is None or reading.reference is None:
            return _without(kept, *refused, *(sentence(each) for each in reading.findings))
        plan = calculate(reading.order, (), reading.reference, search=False)
        reasons = {f"{REASON}{each.code}": "TRAINING" for each in plan.findings if each.tier is Tier.JUSTIFY}
        if reasons.keys() <= order.keys():
            break
        order |= reasons
    refused += [sentence(each) for each in plan.findings if each.tier is Tier.REFUSE]
    asked = tuple(sentence(each) for each in plan.findings if each.tier is Tier.JUSTIFY)
    return Lesson(kept, plan, reading.reference, tuple(refused), asked)


def _without(texts: Mapping[str, str], *refused: str) -> Lesson:
    return Lesson(texts, Plan(complete=False, findings=()), None, refused, ())


def copy_of(plan: Plan) -> dict[str, str]:
    """A copy of an order without identity: measures, age and choices; no case, no dates, no reasons, no names.

    It starts when the lesson's own infant does, since a date of a real course would tell whose it is.

    Args:
        plan: with an order.

    Raises:
        ValueError: the plan has no order.
    """
    order, begins = plan.order, beginning()
    if order is None:
        raise ValueError("there is no order to copy")
    started = order.start.to_tz(order.zone).date()
    pattern = plan.pattern or order.pattern
    return {
        "weight": f"{plain(magnitude(order.weight, 'kg'))} kg",
        "length": f"{plain(magnitude(order.length, 'cm'))} cm",
        "age": f"{int(started.since(order.born, total='days'))} days",
        "sex": order.sex or "",
        "gestation": order.gestation or "",
        "product": order.product,
        "formula": order.formula,
        "pattern": begins["pattern"] if pattern == AUTO else pattern,
        "start": begins["start"],
    }
