"""The one registry of units, the strict reader and the printer of quantities.

pint never reads what a person typed: it takes "3,5 kg" for 35 kg. `read_quantity` reads a small grammar exactly
and refuses everything else with the reason.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any, Protocol, TypeAlias

from dosing_app.core import units

registry = units.registry
Quantity: TypeAlias = units.Quantity

# 28 digits: results keep 12 significant digits with a wide margin, whatever context the caller runs in.
ARITHMETIC = Context(prec=28)

NO_BREAK_SPACE = "\u00a0"
BLANKS = " \u00a0\u202f"
MOST_DIGITS = 12
_MOST_PLACES = 15
THOUSANDS_MARK = "thousands-mark"
LONGEST_TEXT = 80  # no quantity that can be read is longer; anything longer is refused unread

SPELLINGS = {
    "kg": "kg",
    "g": "g",
    "mg": "mg",
    "microgram": "microgram",
    "micrograms": "microgram",
    "mcg": "microgram",
    "\u00b5g": "microgram",
    "\u03bcg": "microgram",
    "m": "m",
    "cm": "cm",
    "mm": "mm",
    "m\u00b2": "m^2",
    "m^2": "m^2",
    "m2": "m^2",
    "L": "L",
    "mL": "mL",
    "ml": "mL",
    "min": "min",
    "h": "h",
    "hour": "h",
    "hours": "h",
    "day": "day",
    "days": "day",
    "mmol": "mmol",
}
IMPERIAL = {
    **dict.fromkeys(["lb", "lbs", "lb.", "lbs.", "pound", "pounds", "#"], "pounds"),
    **dict.fromkeys(["oz", "oz.", "ounce", "ounces"], "ounces"),
    **dict.fromkeys(["in", "in.", "inch", "inches", '"', "\u2033"], "inches"),
    **dict.fromkeys(["ft", "ft.", "foot", "feet", "'", "\u2032"], "feet"),
    **dict.fromkeys(["st", "st.", "stone", "stones"], "stones"),
}
# Spellings that are refused, with the accepted one named: a wrong case can be another unit.
MISSPELLINGS = {
    **dict.fromkeys(["kgs", "kilo", "kilos", "kilogram", "kilograms", "kilogramme"], "kg"),
    **dict.fromkeys(["gm", "gms", "gr", "gram", "grams", "gramme"], "g"),
    **dict.fromkeys(["ug", "mkg", "mikrogramm", "microgramme"], "micrograms"),
    **dict.fromkeys(["cc", "ccm", "cm3", "cm\u00b3", "millilitre", "milliliter"], "mL"),
    **dict.fromkeys(["hr", "hrs", "std", "stunde", "stunden", "uur", "uren"], "h"),
    **dict.fromkeys(["d", "tag", "tage", "dag", "dagen"], "day"),
    **dict.fromkeys(["mins", "minute", "minutes"], "min"),
    **dict.fromkeys(["sqm", "qm"], "m\u00b2"),
}

_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_OTHER_MARKS = "'\u2019\u00b7\u02d9_\u066b\u066c"  # thousands and decimal marks that are not read
_PER = re.compile(rf"[{BLANKS}]*/[{BLANKS}]*|[{BLANKS}]+per[{BLANKS}]+")
_FIRST_WORD = re.compile(rf"[{BLANKS}]*([A-Za-z.]+)")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")


def printable(text: str) -> str:
    """A text whose control characters and look-alike blanks can be seen, and do nothing on a terminal."""
    return "".join(
        sign if sign.isprintable() or sign in BLANKS else sign.encode("unicode_escape", "backslashreplace").decode()
        for sign in text
    )


class Refused(Exception):
    """A text that was not read. Carries a reason code and values; `wording` makes the sentence."""

    def __init__(self, reason: str, seen: str, **values: object) -> None:
        """Keep what was seen, shortened to what a message can show."""
        super().__init__(reason, seen, values)
        self.reason = reason
        self.seen = printable(seen if len(seen) <= LONGEST_TEXT else seen[:40] + "…")
        self.values = values

    @property
    def texts(self) -> dict[str, str]:
        """The values as texts, lists with commas: for findings and sentences."""
        return {
            name: ", ".join(value) if isinstance(value, list) else str(value) for name, value in self.values.items()
        }


class OutsideLimits(Refused):
    """A quantity that was read and lies outside the limits of its field."""


@dataclass(frozen=True, slots=True)
class Field:
    """What one field accepts: the unit it is shown in, and its limits in that unit, both inclusive."""

    name: str
    unit: str
    lower: Decimal | None = None
    upper: Decimal | None = None
    slips: tuple[tuple[str, Decimal], ...] = field(default=())  # (name of the slip, factor that undoes it)

    def holds(self, magnitude: Decimal) -> bool:
        """Whether a magnitude in the field's unit lies within its limits."""
        return (self.lower is None or magnitude >= self.lower) and (self.upper is None or magnitude <= self.upper)


@contextmanager
def exact_arithmetic() -> Iterator[None]:
    """Run a block under the program's own decimal context, whatever the caller's is."""
    with localcontext(ARITHMETIC):
        yield


_units: dict[str, Any] = {}


def unit(text: str) -> Any:
    """The registry's unit for a canonical spelling such as "mL/h", kept so that it is parsed once."""
    found = _units.get(text)
    if found is None:
        found = _units[text] = registry.Unit(text)
    return found


def quantity(magnitude: Any, unit_text: str) -> Quantity:
    """A quantity with an exact decimal magnitude.

    Raises:
        TypeError: the magnitude is not a Decimal. ValueError: it is not finite.
    """
    if not isinstance(magnitude, Decimal):
        msg = f"a magnitude is a Decimal, not {type(magnitude).__name__}"
        raise TypeError(msg)
    if not magnitude.is_finite():
        msg = "a magnitude is finite"
        raise ValueError(msg)
    return _made(magnitude, unit(unit_text))


def _made(magnitude: Decimal, of: Any) -> Quantity:
    """As `registry.Quantity(magnitude, of)`, without its questions about arrays and texts: five times as quick.

    A test holds the two equal; pint is pinned.
    """
    made: Quantity = object.__new__(registry.Quantity)
    made._magnitude = magnitude  # noqa: SLF001 - what pint's own constructor sets, and all that it sets
    made._units = of._units  # noqa: SLF001
    return made


def magnitude(value: Any, unit_text: str) -> Decimal:
    """The exact magnitude of a quantity in a unit: the guard at the border of every core function.

    Raises:
        TypeError: not a quantity of this registry with a Decimal magnitude.
        ValueError: not finite. pint.DimensionalityError: of another dimension.
    """
    if not isinstance(value, registry.Quantity):
        msg = f"a quantity was expected, not {type(value).__name__}"
        raise TypeError(msg)
    found = value.magnitude
    if not isinstance(found, Decimal):
        msg = f"a magnitude is a Decimal, not {type(found).__name__}"
        raise TypeError(msg)
    if not found.is_finite():
        msg = "a magnitude is finite"
        raise ValueError(msg)
    wanted = unit(unit_text)
    # Our own quantities share the unit's container, which is quick to see; an equal one pint converts to the same.
    if value._units is wanted._units:  # noqa: SLF001 - pint has no public way to ask
        return found
    with exact_arithmetic():
        converted: Decimal = value.to(wanted).magnitude
    return converted


def in_unit(value: Any, unit_text: str) -> Quantity:
    """The same quantity in a unit; itself where it is in that unit already. Guarded as `magnitude` is."""
    found = magnitude(value, unit_text)
    return value if found is value.magnitude else quantity(found, unit_text)


def plain(number: Decimal) -> str:
    """A decimal in digits without exponent and without zeros that say nothing: 180.0 becomes "180"."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def read_quantity(text: str, accepts: Field) -> Quantity:
    """Read one typed quantity exactly, or refuse it with the reason. Returned in the field's unit.

    The grammar: optional blanks, ASCII digits with at most one mark "." or "," between them, optional blanks,
    one unit of the closed list (or a quotient of them), optional blanks; nothing else.

    Raises:
        OutsideLimits: read, but outside the field's limits; carries the slips that would explain it.
        Refused: not read; `reason` is one of missing, too-long, not-a-number, sign, exponent, other-digits, mark,
            several-numbers, too-many-digits, no-unit, imperial, misspelled, unknown-unit, dimension, ambiguous.
    """
    seen = text.strip(BLANKS)
    if not seen:
        raise Refused("missing", seen)
    if len(seen) > LONGEST_TEXT:
        raise Refused("too-long", seen, longest=LONGEST_TEXT)
    number_match = _NUMBER.match(seen)
    if number_match is None:
        raise Refused(_why_no_number(seen), seen)
    number_text = number_match.group()
    rest = seen[number_match.end() :]
    if (first_word := _FIRST_WORD.match(rest)) and first_word[1].lower() in IMPERIAL:  # "14 lb 2 oz" by its name
        raise Refused("imperial", seen, unit=IMPERIAL[first_word[1].lower()])
    if trouble := _why_not_a_unit(rest):
        raise Refused(trouble, seen)
    digits = sum(character in "0123456789" for character in number_text)
    if digits > MOST_DIGITS:
        raise Refused("too-many-digits", seen, most=MOST_DIGITS)
    unit_text = _read_unit(rest.lstrip(BLANKS), seen)
    number = Decimal(number_text.replace(",", "."))
    typed = registry.Quantity(number, unit(unit_text))
    wanted = unit(accepts.unit)
    if typed.dimensionality != wanted.dimensionality or ("/" in unit_text) != ("/" in accepts.unit):
        raise Refused("dimension", seen, unit=unit_text)
    with exact_arithmetic():
        converted = typed.to(wanted).magnitude.normalize()
        if _THOUSANDS.fullmatch(number_text) and accepts.holds(converted) and accepts.holds(converted * 1000):
            raise Refused("ambiguous", seen, number=number_text, unit=rest.strip(BLANKS))
        if not accepts.holds(converted):
            # "6,420 g": here the mark may have been meant for thousands, which no other slip explains so well
            thousands = [(THOUSANDS_MARK, Decimal(1000))] if _THOUSANDS.fullmatch(number_text) else []
            known = [slip for slip in accepts.slips if not thousands or slip[1] != thousands[0][1]]
            slips = [
                (slip, plain(converted * factor))
                for slip, factor in [*thousands, *known]
                if accepts.holds(converted * factor)
            ]
            raise OutsideLimits("outside", seen, found=plain(converted), slips=slips)
    return registry.Quantity(Decimal(plain(converted)), wanted)


def _why_no_number(seen: str) -> str:
    """The reason why a text does not begin with a number of the grammar."""
    first = seen[0]
    if first in "+-\u2212\u2013":
        return "sign"
    if first in ".,":
        return "mark"
    if first.isdigit():
        return "other-digits"
    return "not-a-number"


def _why_not_a_unit(rest: str) -> str | None:
    """The reason why what follows the first number cannot be one unit, if there is one."""
    if not rest.strip(BLANKS):
        return "no-unit"
    if rest[0] in ".," or (rest[0] in _OTHER_MARKS and rest[1:2].isdigit()):
        return "mark"
    if re.match(r"[eE][+-]?[0-9]", rest):
        return "exponent"
    inner = rest.replace("m2", "m").replace("m^2", "m").replace("cm3", "cm")
    if any(character.isascii() and character.isdigit() for character in inner):
        return "several-numbers"
    if any(character.isdigit() and character not in "\u00b2\u00b3" for character in inner):
        return "other-digits"
    return None


def _read_unit(text: str, seen: str) -> str:
    """The canonical unit of a typed one, quotients included; refused by name where it is a known wrong one."""
    canonical = []
    for part in _PER.split(text):
        if part in SPELLINGS:
            canonical.append(SPELLINGS[part])
            continue
        folded = part.lower()
        if folded in IMPERIAL:
            raise Refused("imperial", seen, unit=IMPERIAL[folded])
        known = MISSPELLINGS.get(folded) or next((right for right in SPELLINGS if right.lower() == folded), None)
        if known:
            raise Refused("misspelled", seen, unit=part, accepted=known)
        raise Refused("unknown-unit", seen, unit=_named(part))
    return "/".join(canonical)


def _named(text: str) -> str:
    """A unit with its foreign characters named by number: a Cyrillic letter looks like a Latin one."""
    foreign = [f"U+{ord(sign):04X}" for sign in text if not sign.isascii() and sign not in "\u00b5\u03bc\u00b2"]
    return f"{printable(text)} ({', '.join(foreign)})" if foreign else printable(text)


# Units as English words; never a slash where "per" can stand. Each is a spelling that is read, in every language:
# what people read in their own is `wording.units`.
_WORDS = {
    "microgram": "micrograms",
    "m^2": "m\u00b2",
    "h": "h",
    "day": "days",
}
_AFTER_PER = {"h": "hour", "m^2": "m\u00b2"}


def unit_words(unit_text: str, *, one: bool = False, micrograms: str = "micrograms") -> str:
    """A canonical unit as people read it: "microgram/m^2/day" is "micrograms per m² per day"."""
    first, *others = unit_text.split("/")
    words = _WORDS.get(first, first)
    if first == "microgram" and micrograms != words:
        words = micrograms
    elif one and words in {"micrograms", "days"}:
        words = words[:-1]
    if others == ["h"] and first == "mL":
        return "mL/hour"  # the one quotient printed with a slash: it is what a pump shows
    return " per ".join([words, *(_AFTER_PER.get(other, other) for other in others)])


class UnitWords(Protocol):
    """How a unit is put in words."""

    def __call__(self, unit_text: str, *, one: bool = False, micrograms: str = "micrograms") -> str:
        """As `unit_words`."""


def print_number(number: Decimal, places: int | None = None, *, grouped: bool = True) -> str:
    """A number for people: leading zero, no trailing zero, thousands grouped by a no-break space.

    Rounded half up to at most `places` decimals where given; a figure that would round to nothing keeps its first
    digit, since a zero would say that there is none.
    """
    with exact_arithmetic():
        if places is not None:
            number = _rounded(number, places) or _rounded(number, -number.adjusted())
        text = plain(number)
    if not grouped:
        return text
    whole, mark, decimals = text.partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    groups: list[str] = []
    while len(whole) > 3:  # noqa: PLR2004 - digits in a group
        whole, group = whole[:-3], whole[-3:]
        groups.insert(0, group)
    return sign + NO_BREAK_SPACE.join([whole, *groups]) + mark + decimals


def _rounded(number: Decimal, places: int) -> Decimal:
    """Half up, to so many decimals; to tens or hundreds where they are below zero."""
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def print_beyond(number: Decimal, limit: Decimal, places: int) -> str:
    """A number that lies beyond a limit, with as many decimals as it takes to see that it does."""
    with exact_arithmetic():
        rounded_limit = abs(limit)
        while places < _MOST_PLACES and Decimal(print_number(abs(number), places, grouped=False)) == rounded_limit:
            places += 1
    return print_number(number, places)


def print_quantity(
    value: Quantity,
    unit_text: str,
    places: int | None = None,
    *,
    grouped: bool = True,
    micrograms: str = "micrograms",
    words: UnitWords = unit_words,
) -> str:
    """A quantity as text: number, no-break space, unit in words. `read_quantity` reads it back if ungrouped.

    What people read is printed by `wording.units`, which brings the words of their language.
    """
    number = print_number(magnitude(value, unit_text), places, grouped=grouped)
    return number + NO_BREAK_SPACE + words(unit_text, one=number == "1", micrograms=micrograms)


def round_to_graduation(volume: Quantity, graduation: Quantity) -> Quantity:
    """The nearest multiple of a syringe's graduation, a tie to the lower. [mL]

    Args:
        volume: exact volume. [mL]
        graduation: distance of two marks, above zero. [mL]

    Source: domain.md section 4 [D].
    """
    exact, step = magnitude(volume, "mL"), magnitude(graduation, "mL")
    if step <= 0:
        msg = "a graduation is above zero"
        raise ValueError(msg)
    with exact_arithmetic():
        marks = (exact / step - Decimal("0.5")).to_integral_value(rounding=ROUND_CEILING)
        return quantity(marks * step, "mL")
