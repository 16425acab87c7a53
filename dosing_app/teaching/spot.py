"""Spot the error: worksheets with one planted error that a public tool or an incident really had, and some with none.

A worksheet is lines of text with a key each, nothing that could be computed with, stored or printed as a plan.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from dosing_app.core.bsa import body_surface_area
from dosing_app.core.quantities import NO_BREAK_SPACE, Quantity, exact_arithmetic, magnitude, print_number, quantity
from dosing_app.course.plan import Bag
from dosing_app.reference.bundle import House, load_house
from dosing_app.reference.source import in_unit
from dosing_app.reference.teaching_data import Slips, load_slips
from dosing_app.teaching.chain import dose_of, measured_of
from dosing_app.teaching.exercise import WHOLE as A_WHOLE_PLAN
from dosing_app.teaching.exercise import Case, Draw, draw_case
from dosing_app.wording import figures
from dosing_app.wording.language import _, data_words
from dosing_app.wording.sentences import formula_name
from dosing_app.wording.units import print_quantity

PAGE, PER_HOUR, COMMA, CLAMPED, STALE, REGION = (
    "page-area",
    "day-as-hour",
    "comma-dropped",
    "clamped",
    "stale",
    "other-region",
)
PLANTED = (PAGE, PER_HOUR, COMMA, CLAMPED, STALE, REGION)
NONE = ""  # a worksheet without an error, and the answer that there is none
_WITHOUT = 4  # one worksheet in so many has no error
_TRIES = 4000
_AREA_PLACES, _DOSE_PLACES = 4, 3
# the keys of a worksheet's lines
WEIGHT, LENGTH, AREA, DOSE, BAG, DRUG, RATE, VOLUME = (
    "weight",
    "length",
    "bsa",
    "dose",
    "bag",
    "drug",
    "rate",
    "volume",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a worksheet."""

    key: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Worksheet:
    """What the learner sees, what was planted where, and what would have been right."""

    seed: int
    lines: tuple[Line, ...]
    planted: str  # of `PLANTED`, or `NONE`
    at: str  # key of the line that is wrong; empty where none is
    also: tuple[str, ...]  # keys of lines that may be named instead
    right: str  # what should stand there
    why: str  # what happened, and how it is seen


@dataclass(frozen=True, slots=True)
class Spotted:
    """How an answer was marked."""

    passed: bool
    sentence: str


def worksheet(seed: int, planted: str | None = None, house: House | None = None) -> Worksheet:
    """A worksheet from a seed, with an error of the set or with none.

    Args:
        seed: from 0 on.
        planted: of `PLANTED`, or `NONE`; drawn where it is not given.
        house: the site's settings; the defaults where none are given.

    Raises:
        ValueError: a seed below zero. KeyError: no such error.
    """
    house = house or load_house()
    draw = Draw(seed)
    if planted is None:
        planted = NONE if draw.below(_WITHOUT) == 0 else draw.pick(PLANTED)
    plant = {**_PLANTS, NONE: _nothing}[planted]
    for _try in range(_TRIES):
        case = draw_case(draw, A_WHOLE_PLAN, house)
        if case is None:
            continue
        made = plant(case, _lines(case), load_slips())
        if made is not None:
            return replace(made, seed=seed, planted=planted)
    raise ValueError("no such case was found")


def worksheets(seed: int, count: int, house: House | None = None) -> tuple[Worksheet, ...]:
    """Some worksheets; of four or more at least one has no error, and at least one has.

    Raises:
        ValueError: a seed below zero.
    """
    draw, house = Draw(seed), house or load_house()
    bare = draw.below(min(count, _WITHOUT)) if count else 0
    made = []
    for place in range(count):
        own = draw.seed()
        planted = NONE if place % _WITHOUT == bare and count > 1 else draw.pick(PLANTED)
        made.append(worksheet(own, planted, house))
    return tuple(made)


def mark_spot(sheet: Worksheet, chosen: str) -> Spotted:
    """Mark the line that a learner chose, or `NONE` for a worksheet without an error."""
    if chosen == sheet.at or chosen in sheet.also:
        return Spotted(passed=True, sentence=_("Right. {why}").format(why=sheet.why))
    if sheet.at == NONE:
        return Spotted(passed=False, sentence=_("This worksheet has no error. {why}").format(why=sheet.why))
    if chosen == NONE:
        return Spotted(passed=False, sentence=_("There is an error. Work each line again from the lines above it."))
    name = next((line.name for line in sheet.lines if line.key == chosen), chosen)
    if chosen in {WEIGHT, LENGTH}:
        return Spotted(passed=False, sentence=_("{line} is given and can be read. Look further.").format(line=name))
    return Spotted(
        passed=False, sentence=_("{line} is what follows from the lines above it. Look further.").format(line=name)
    )


def source_of(sheet: Worksheet) -> str:
    """Where the planted error comes from, with its grade; empty where no figure of a report is in it."""
    slips = load_slips()
    figure = {PAGE: slips.page_area, PER_HOUR: slips.volume_of_a_day, CLAMPED: slips.smallest_area}.get(sheet.planted)
    if figure is None:
        return ""
    return _("{source}, grade {grade}").format(source=data_words(figure.source), grade=figure.grade)


# ---- a worksheet as it should be ----


def _lines(case: Case) -> tuple[Line, ...]:
    plan, bag = case.plan, _bag(case)
    assert plan.order is not None
    assert plan.bsa is not None
    assert plan.daily_dose is not None
    return (
        Line(WEIGHT, _("weight"), print_quantity(plan.order.weight, "kg")),
        Line(LENGTH, _("length"), print_quantity(plan.order.length, "cm")),
        _area_line(plan.bsa.formula, plan.bsa.m2),
        _dose_line(plan.daily_dose.micrograms),
        Line(BAG, _("bag"), f"{figures.kind_words(bag, plan)}, {data_words(case.reference.product.title)}"),
        Line(DRUG, _drug_name(), print_quantity(bag.drug, "mL")),
        _rate_line(bag.rate),
        Line(VOLUME, _("volume to be infused"), print_quantity(bag.delivered, "mL")),
    )


def _drug_name() -> str:
    return _("draw up blinatumomab")


def _bag(case: Case) -> Bag:
    assert case.bag is not None
    return case.bag


def _area_line(formula: str, area: Quantity) -> Line:
    return Line(AREA, _("BSA, {formula}").format(formula=formula_name(formula)), _area_text(area))


def _area_text(area: Quantity) -> str:
    return print_quantity(area, "m^2", _AREA_PLACES)


def _dose_line(dose: Quantity) -> Line:
    return Line(DOSE, _("daily dose"), print_quantity(dose, "microgram/day", _DOSE_PLACES))


def _rate_line(rate: Quantity) -> Line:
    return Line(RATE, _("pump rate"), print_quantity(rate, "mL/h"))


def _with(lines: Sequence[Line], *changed: Line) -> tuple[Line, ...]:
    new = {line.key: line for line in changed}
    return tuple(new.get(line.key, line) for line in lines)


def _text(lines: Sequence[Line], key: str) -> str:
    return next(line.text for line in lines if line.key == key)


def _sheet(lines: tuple[Line, ...], at: str, right: str, why: str, also: tuple[str, ...] = ()) -> Worksheet:
    return Worksheet(0, lines, NONE, at, also, right, why)


# ---- what is planted ----


def _nothing(_case: Case, lines: tuple[Line, ...], _slips: Slips) -> Worksheet | None:
    return _sheet(lines, NONE, "", _("Every line follows from those above it."))


def _page(case: Case, lines: tuple[Line, ...], slips: Slips) -> Worksheet | None:
    """The page's own infant and number; what follows from it follows."""
    weight, length = slips.page_weight.quantity, slips.page_length.quantity
    formula = "mosteller"
    right, printed = body_surface_area(formula, weight, length), slips.page_area.quantity
    changed = (
        Line(WEIGHT, _("weight"), print_quantity(weight, "kg")),
        Line(LENGTH, _("length"), print_quantity(length, "cm")),
        _area_line(formula, printed),
        *_after_area(case, printed),
    )
    why = _("A public page printed {printed} for {weight} and {length}; the formula gives {right}.").format(
        printed=_area_text(printed), weight=changed[0].text, length=changed[1].text, right=_area_text(right)
    )
    return _sheet(_with(lines, *changed), AREA, _area_text(right), why)


def _after_area(case: Case, area: Quantity) -> tuple[Line, Line]:
    """Dose and drug as they follow from an area."""
    assert case.chain is not None
    chain = replace(case.chain, area=area)
    return (_dose_line(dose_of(chain)), Line(DRUG, _drug_name(), print_quantity(measured_of(chain), "mL")))


def _per_hour(case: Case, lines: tuple[Line, ...], slips: Slips) -> Worksheet | None:
    """The volume of a day as the rate of an hour."""
    bag = _bag(case)
    with exact_arithmetic():
        wrong = quantity(magnitude(bag.rate, "mL/h") * 24, "mL/h")
    right = _text(lines, RATE)
    why = _(
        "The volume of a day was set as mL per hour: twenty-four times too fast. "
        "A day’s volume of {volume}, set as mL per hour, has killed."
    ).format(volume=print_quantity(slips.volume_of_a_day.quantity, "mL"))
    return _sheet(_with(lines, _rate_line(wrong)), RATE, right, why)


def _comma(_case: Case, lines: tuple[Line, ...], _slips: Slips) -> Worksheet | None:
    """The drug volume without its decimal mark."""
    right = _text(lines, DRUG)
    number, blank, unit = right.partition(NO_BREAK_SPACE)
    if "." not in number:
        return None
    dropped = print_number(Decimal(number.replace(".", "")))
    wrong = Line(DRUG, _drug_name(), f"{dropped}{blank}{unit}")
    why = _("The decimal mark was dropped: {right} became {wrong}.").format(right=right, wrong=wrong.text)
    return _sheet(_with(lines, wrong), DRUG, right, why)


def _clamped(case: Case, lines: tuple[Line, ...], slips: Slips) -> Worksheet | None:
    """A tool that lets no area be smaller than its limit; the dose follows from it."""
    plan, limit = case.plan, slips.smallest_area
    assert plan.bsa is not None
    if magnitude(plan.bsa.m2, "m^2") > in_unit(limit, "m^2") * 9 / 10:
        return None  # too near to be told from rounding
    right = _text(lines, AREA)
    why = _("A tool lets no BSA be below {limit} and says nothing; this infant has {right}.").format(
        limit=print_quantity(limit.quantity, "m^2"), right=right
    )
    changed = (_area_line(plan.bsa.formula, limit.quantity), *_after_area(case, limit.quantity))
    return _sheet(_with(lines, *changed), AREA, right, why)


def _stale(case: Case, lines: tuple[Line, ...], _slips: Slips) -> Worksheet | None:
    """A weight that cannot be read, with the results of the one before still beside it."""
    assert case.plan.order is not None
    number = print_number(magnitude(case.plan.order.weight, "kg"))
    whole, mark, decimals = number.partition(".")
    if len(decimals) < 2:  # noqa: PLR2004 - room for a second mark between two decimals
        return None
    typed = f"{whole}{mark}{decimals[0]},{decimals[1:]}{NO_BREAK_SPACE}kg"
    why = _(
        "“{typed}” cannot be read, so no result can stand beside it: those shown are of an earlier entry. "
        "A result disappears the moment an entry stops being readable."
    ).format(typed=typed)
    changed = _with(lines, Line(WEIGHT, _("weight"), typed))
    return _sheet(changed, WEIGHT, _text(lines, WEIGHT), why, also=(AREA, DOSE, DRUG))


def _region(case: Case, lines: tuple[Line, ...], _slips: Slips) -> Worksheet | None:
    """The rate of the bag of the same name in the other region."""
    other = case.chain.other_rate if case.chain is not None else None
    if other is None:
        return None
    wrong, right = _rate_line(other), _text(lines, RATE)
    why = _("{wrong} is the rate of the other region’s bag of this name; here it is {right}.").format(
        wrong=wrong.text, right=right
    )
    return _sheet(_with(lines, wrong), RATE, right, why)


_PLANTS: dict[str, Callable[[Case, tuple[Line, ...], Slips], Worksheet | None]] = {
    PAGE: _page,
    PER_HOUR: _per_hour,
    COMMA: _comma,
    CLAMPED: _clamped,
    STALE: _stale,
    REGION: _region,
}
