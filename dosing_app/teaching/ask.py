"""One question of an exercise, and how its answer is read: by the strict readers of the program."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from whenever import Instant

from dosing_app.core.clock import read_instant
from dosing_app.core.quantities import (
    BLANKS,
    LONGEST_TEXT,
    NO_BREAK_SPACE,
    SPELLINGS,
    THOUSANDS_MARK,
    Field,
    OutsideLimits,
    Quantity,
    Refused,
    exact_arithmetic,
    magnitude,
    print_number,
    read_quantity,
)
from dosing_app.teaching.chain import Chain
from dosing_app.teaching.derivation import Known
from dosing_app.wording.language import _
from dosing_app.wording.units import typed_unit, unit_words

Right: TypeAlias = "Quantity | Instant | int"
Value: TypeAlias = "Decimal | Instant | int"

_COUNT = re.compile(rf"([0-9]{{1,3}})(?:[{BLANKS}]+vials?)?")
_NUMBER_AND_BLANKS = re.compile(rf"[{BLANKS}]*[0-9]+(?:[.,][0-9]+)?[{BLANKS}]*")
_PER = re.compile(rf"[{BLANKS}]*/[{BLANKS}]*|[{BLANKS}]+per[{BLANKS}]+")
# How far from the right answer a number may lie and still be read as one: less than a thousand-fold from end to end,
# so that a text is never asked back for its decimal mark. Beyond it the number is still marked, as what it is.
_REACH = 30


@dataclass(frozen=True, slots=True)
class Conversion:
    """A quantity to be written in another unit."""

    value: Quantity
    unit: str  # that it is given in
    factor: Decimal  # from its number to the right one
    of_time: bool  # whether days and hours are converted, not masses or lengths


@dataclass(frozen=True, slots=True)
class Moment:
    """So many infused hours after a moment, by the clock at the bed."""

    start: Instant
    hours: int
    zone: str
    course_end: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: what is asked, what is right, and what its slips are worked from."""

    step: str
    question: str
    right: Right
    unit: str  # empty for a count and for a time
    places: int  # decimals asked for
    tolerance: Decimal  # in the unit; what lies no further from the right answer is right
    equation: str
    known: tuple[Known, ...]
    hints: tuple[str, ...]
    chain: Chain | None = None
    conversion: Conversion | None = None
    moment: Moment | None = None

    @property
    def value(self) -> Value:
        """The right answer as a bare number in the unit, or as it is."""
        if isinstance(self.right, (int, Instant)):
            return self.right
        return magnitude(self.right, self.unit)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: its value in the asked unit, and the unit in which it was typed."""

    value: Value
    unit: str = ""
    thousands: bool = False  # the mark may have been meant for thousands


def read_answer(ask: Ask, text: str) -> Answer:
    """Read one answer strictly.

    Raises:
        Refused: not read, with the reason.
    """
    if isinstance(ask.right, Instant):
        assert ask.moment is not None
        return Answer(read_instant(text, ask.moment.zone, typed=True))
    if isinstance(ask.right, int):
        return Answer(_read_count(text))
    right = magnitude(ask.right, ask.unit)
    with exact_arithmetic():
        accepts = Field("answer", ask.unit, right / _REACH, right * _REACH)
    try:
        return Answer(magnitude(read_quantity(text, accepts), ask.unit), _typed_unit(text))
    except OutsideLimits as outside:
        slips = outside.values["slips"]
        assert isinstance(slips, list)
        thousands = any(name == THOUSANDS_MARK for name, _value in slips)
        return Answer(Decimal(str(outside.values["found"])), _typed_unit(text), thousands)


def _read_count(text: str) -> int:
    seen = text.strip(BLANKS)
    if not seen:
        raise Refused("missing", seen)
    if len(seen) > LONGEST_TEXT:
        raise Refused("too-long", seen, longest=LONGEST_TEXT)
    match = _COUNT.fullmatch(seen)
    if match is None:
        raise Refused("not-a-number", seen)
    return int(match[1])


def _typed_unit(text: str) -> str:
    """The unit of a text that `read_quantity` has read."""
    unit = _NUMBER_AND_BLANKS.sub("", text, count=1).strip(BLANKS)
    return "/".join(SPELLINGS[part] for part in _PER.split(unit))


def tolerance_words(ask: Ask, *, on_paper: bool = False) -> str:
    """How exact an answer must be; and unless it is written on paper, how its unit is typed."""
    if isinstance(ask.right, Instant):
        return _("Day and time, to the minute, such as 2026-11-23 14:00.")
    if isinstance(ask.right, int):
        return _("A whole number.")
    unit, typed = unit_words(ask.unit), typed_unit(ask.unit)
    values = {"unit": unit, "typed": typed, "tolerance": print_number(ask.tolerance) + NO_BREAK_SPACE + unit}
    if typed != unit and not on_paper:  # the spellings that are read are the same in every language
        return _("In {unit}, typed as {typed}; right within {tolerance}.").format(**values)
    return _("In {unit}; right within {tolerance}.").format(**values)
