"""Slips of the keys that would explain a weight, a length or a date of birth that is not ordinary.

A slip is offered as a question and never applied. Sex and gestation are never touched, and a date of birth is asked
about only where weight and length bear each other out without it: nobody is to pass by another birth date.
"""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from whenever import Date

from dosing_app.core.growth import Index, Score, distance
from dosing_app.core.quantities import exact_arithmetic

# Exact by the definition of the international pound and inch (1959).
KILOGRAMS_PER_POUND = Decimal("0.45359237")
CENTIMETRES_PER_INCH = Decimal("2.54")

# Name of the slip, and the factor that undoes it. Where two give one value, the first names it.
WEIGHT_SLIPS = (
    ("mark-right", Decimal("0.1")),
    ("mark-left", Decimal(10)),
    ("mark-two-right", Decimal("0.01")),
    ("mark-two-left", Decimal(100)),
    ("grams-as-kg", Decimal("0.001")),
    ("kg-as-grams", Decimal(1000)),
    ("pounds-as-kg", KILOGRAMS_PER_POUND),
)
LENGTH_SLIPS = (
    ("metres-as-cm", Decimal(100)),
    ("mark-right", Decimal("0.1")),
    ("mark-left", Decimal(10)),
    ("mark-two-right", Decimal("0.01")),
    ("inches-as-cm", CENTIMETRES_PER_INCH),
)
SWAPPED, TRANSPOSED, POUNDS_AND_INCHES = "swapped", "transposed", "pounds-and-inches"
DAY_MONTH, YEAR = "day-month-swapped", "year-off-by-one"

RARER = Decimal(9)  # on the scale of z²: odds of about 1 to 90 [J]
_NUMBER = re.compile(r"[0-9]{1,12}(?:[.,][0-9]{1,12})?")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, as it was read."""

    weight: Decimal  # kg
    length: Decimal  # cm
    born: Date
    weight_text: str = ""
    length_text: str = ""


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip that would explain what was typed, and what would stand there without it."""

    name: str
    fields: tuple[str, ...]  # which of "weight", "length", "born" it is in
    weight: Decimal  # kg
    length: Decimal  # cm
    born: Date
    distance: Decimal  # sum of z² that would be left


Scored = Callable[[Decimal, Decimal, Date], Sequence[Score]]


def suspected_slips(typed: Typed, score: Scored, ordinary: Decimal, nearly: Decimal) -> tuple[Slip, ...]:
    """The slips that would make every index ordinary, most plausible first; questions about the date come last.

    Args:
        typed: what was typed.
        score: the scores (`growth.scores`) of a weight [kg], a length [cm] and a day of birth on the day of measuring;
            none where the fields would not take that weight or length.
        ordinary: the |z| up to which an index is ordinary.
        nearly: the |z| up to which a wrong unit, mark or field is still named where nothing makes all ordinary.

    Source: list of slips and their order are judgement [J].
    """
    found = measurement_slips(typed, score, ordinary) + date_slips(typed, score, ordinary)
    return found or tuple(slip for slip in measurement_slips(typed, score, nearly) if slip.name != TRANSPOSED)


def measurement_slips(typed: Typed, score: Scored, ordinary: Decimal) -> tuple[Slip, ...]:
    """The slips of weight, length or both that would make every index ordinary, most plausible first.

    That is the nearest to the medians first, with `RARER` added for digits transposed: some neighbouring digits can
    be exchanged in almost any number so that it looks ordinary, and wrong marks and units are far commoner.

    Args and source: as `suspected_slips`.
    """
    found: dict[tuple[Decimal, Decimal], Slip] = {}
    with exact_arithmetic():
        for name, fields, weight, length in _candidates(typed):
            if (weight, length) == (typed.weight, typed.length) or (weight, length) in found:
                continue
            left = distance(score(weight, length, typed.born), ordinary)
            if left is not None:
                found[weight, length] = Slip(name, fields, weight, length, typed.born, left)
    return tuple(sorted(found.values(), key=_implausibility))


def _implausibility(slip: Slip) -> Decimal:
    return slip.distance + (RARER if slip.name == TRANSPOSED else 0)


def date_slips(typed: Typed, score: Scored, ordinary: Decimal) -> tuple[Slip, ...]:
    """The slips in the date of birth that the measurements themselves point to.

    Only where weight-for-length, which knows no date, is ordinary as typed, while weight and length are both too much
    or both too little for the age, or there is no such age.

    Args and source: as `suspected_slips`.
    """
    if not _points_to_the_date(score(typed.weight, typed.length, typed.born), ordinary):
        return ()
    found = []
    for name, born in _dates(typed.born):
        there = score(typed.weight, typed.length, born)
        left = distance(there, ordinary)
        if left is not None and all(each.available for each in there):
            found.append(Slip(name, ("born",), typed.weight, typed.length, born, left))
    return tuple(sorted(found, key=lambda slip: slip.distance))


def _candidates(typed: Typed) -> Iterator[tuple[str, tuple[str, ...], Decimal, Decimal]]:
    """Every slip of weight and length: name, fields, and the weight and length without it."""
    weight, length = typed.weight, typed.length
    for name, factor in WEIGHT_SLIPS:
        yield name, ("weight",), weight * factor, length
    for name, factor in LENGTH_SLIPS:
        yield name, ("length",), weight, length * factor
    yield SWAPPED, ("weight", "length"), length, weight
    yield POUNDS_AND_INCHES, ("weight", "length"), weight * KILOGRAMS_PER_POUND, length * CENTIMETRES_PER_INCH
    for other in _transposed(typed.weight_text, weight):
        yield TRANSPOSED, ("weight",), other, length
    for other in _transposed(typed.length_text, length):
        yield TRANSPOSED, ("length",), weight, other


def _transposed(text: str, value: Decimal) -> Iterator[Decimal]:
    """A value with two neighbouring digits of its text exchanged: 12.8 may have been 21.8 or 18.2.

    The mark stays where it is, and so does a leading zero, which nobody types in exchange for another digit.
    """
    match = _NUMBER.search(text)
    if match is None:
        return
    seen = match.group().replace(",", ".")
    number = Decimal(seen)
    if number == 0:
        return
    places = [place for place, sign in enumerate(seen) if sign != "."]
    for left, right in itertools.pairwise(places):
        if left == places[0] and seen[left] == "0":
            continue
        digits = list(seen)
        digits[left], digits[right] = digits[right], digits[left]
        other = Decimal("".join(digits))
        if other not in {number, Decimal(0)}:
            yield value * other / number  # in whatever unit it was typed


def _points_to_the_date(found: Sequence[Score], ordinary: Decimal) -> bool:
    """Whether, for some sex in question, weight and length agree with each other and not with the age."""
    for sex in {score.sex for score in found}:
        z = {score.index: score.z for score in found if score.sex == sex}
        by_length, by_age = z[Index.WEIGHT_FOR_LENGTH], (z[Index.WEIGHT_FOR_AGE], z[Index.LENGTH_FOR_AGE])
        if by_length is None or abs(by_length) > ordinary:
            continue
        known = [each for each in by_age if each is not None]
        before_due = any(score.age.days < 0 <= score.age.days + score.age.early for score in found)
        if not known and not before_due:
            return True  # born after the day of measuring, or longer before it than any row
        if known and (all(each > ordinary for each in known) or all(each < -ordinary for each in known)):
            return True
    return False


def _dates(born: Date) -> Iterator[tuple[str, Date]]:
    """The days of birth that may have been meant."""
    for name, year, month, day in (
        (DAY_MONTH, born.year, born.day, born.month),
        (YEAR, born.year + 1, born.month, born.day),
        (YEAR, born.year - 1, born.month, born.day),
    ):
        try:
            other = Date(year, month, day)
        except ValueError:  # there is no such day
            continue
        if other != born:
            yield name, other
