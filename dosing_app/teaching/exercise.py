"""Exercises from a seed: invented infants drawn from the WHO tables, the same from one seed on every machine.

Only whole numbers are drawn, by a generator of its own, and every figure is then worked in decimals. Right answers are
the plan's; a case whose slips could not be told from the right answer is not set.
"""

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeVar

from whenever import Date, Instant

from dosing_app.core.clock import age, clock_changes
from dosing_app.core.growth import SEXES, Index, value_at
from dosing_app.core.quantities import NO_BREAK_SPACE, Quantity, exact_arithmetic, magnitude, print_number, quantity
from dosing_app.course.calculate import calculate
from dosing_app.course.order import read_order
from dosing_app.course.pattern import AUTO
from dosing_app.course.plan import Bag, Plan
from dosing_app.course.times import local
from dosing_app.reference.bundle import House, Reference, load_house
from dosing_app.reference.product import Product, load_product
from dosing_app.teaching.ask import Ask, Conversion, Moment, Right
from dosing_app.teaching.chain import (
    AMOUNT,
    AREA,
    CONVERT,
    DOSE,
    EXACT,
    MEASURED,
    RATE,
    STEPS,
    TIME,
    UNITS,
    VIALS,
    VOLUME,
    WORK,
    Chain,
    chain_of,
    left_in_bag,
    vials_of,
)
from dosing_app.teaching.derivation import Known, Piece, Step, derivation, formula_letters
from dosing_app.teaching.mistakes import possible_claims
from dosing_app.wording import figures
from dosing_app.wording.language import _, data_words, n_
from dosing_app.wording.sentences import formula_name
from dosing_app.wording.units import print_quantity, unit_words

WHOLE = "whole"
KINDS = (CONVERT, AREA, DOSE, EXACT, RATE, VOLUME, TIME, VIALS, WHOLE)
WORKED, FADED, FULL = "worked", "faded", "full"
LEVELS = (WORKED, FADED, FULL)
# Decimals asked for, and how far an answer may be off, in the unit of the step. What a careful learner's rounding of
# the figures on the way costs is within it; what a figure cut short costs is not.
_EXACTNESS = {
    AREA: (3, Decimal("0.0005")),
    DOSE: (2, Decimal("0.01")),
    AMOUNT: (2, Decimal("0.05")),
    EXACT: (2, Decimal("0.005")),
    RATE: (1, Decimal("0.05")),
    VOLUME: (1, Decimal("0.1")),
}
_MARKS = 10  # parts of a mark of the syringe within which a measured volume is right
_PARTS = 1000  # parts of a converted figure within which it is right: its digits stay the same
_PARTS_OF_QUOTIENT = 200  # and where they do not
_YEAR = 2027  # in which every invented course starts
_YOUNGEST, _OLDEST = 28, 390  # days at the start
_PRODUCTS = ("eu", "us")
_PATTERNS = {
    "eu": ("72h,96h", "96h,72h", "48h,96h", "24h,96h", "96h,48h"),
    "us": ("24h,48h", "48h,24h"),
}
_FORMULAS = ("mosteller", "mosteller", "haycock", "gehan-george")
_TRIES = 400

_Item = TypeVar("_Item")


class Draw:
    """A generator of whole numbers of its own: it neither moves nor follows any other."""

    def __init__(self, seed: int) -> None:
        """Begin at a seed from 0 on.

        Raises:
            ValueError: below zero.
        """
        if seed < 0:
            raise ValueError("a seed is a whole number from 0 on")
        self._random = random.Random(seed)  # noqa: S311 - cases, not secrets

    def seed(self) -> int:
        """A seed for another one."""
        return self._random.getrandbits(62)

    def below(self, end: int) -> int:
        """A whole number from 0 to `end` - 1: by bits alone, which no version of Python deals otherwise."""
        return self._random.getrandbits(62) % end

    def between(self, first: int, last: int) -> int:
        """A whole number, both ends included."""
        return first + self.below(last - first + 1)

    def pick(self, items: Sequence[_Item]) -> _Item:
        """One of some."""
        return items[self.below(len(items))]


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise. Holds no order and no plan, only what is read and asked."""

    number: int
    seed: int
    kind: str
    level: str
    title: str
    given: tuple[tuple[str, str], ...]
    shown: tuple[Step, ...]  # worked before the learner's eyes
    asks: tuple[Ask, ...]
    answers: tuple[Step, ...]  # the derivation of what is asked


@dataclass(frozen=True, slots=True)
class Case:
    """An invented infant with its plan and the bag that is asked about."""

    plan: Plan
    reference: Reference
    other: Product
    bag: Bag | None
    chain: Chain | None


def kind_name(kind: str) -> str:
    """A kind of exercise in words."""
    return {
        CONVERT: _("Convert"),
        AREA: _("Body-surface area"),
        DOSE: _("Daily dose"),
        EXACT: _("Drug volume"),
        RATE: _("Pump rate"),
        VOLUME: _("Volume to be infused"),
        TIME: _("Time of a change"),
        VIALS: _("Vials"),
        WHOLE: _("The whole task"),
    }[kind]


def level_name(level: str) -> str:
    """A level in words."""
    return {WORKED: _("worked example"), FADED: _("with help"), FULL: _("on your own")}[level]


# ---- sets ----


def class_set(seed: int, count: int, house: House | None = None) -> tuple[Exercise, ...]:
    """A set of exercises: a worked example first, then each kind in turn, first with help, later without.

    Args:
        seed: from 0 on; the same seed gives the same set on every machine.
        count: how many.
        house: the site's settings; the defaults where none are given.

    Raises:
        ValueError: a seed below zero, or no exercise asked for.
    """
    if count < 1:
        raise ValueError("a set has at least one exercise")
    house = house or load_house()
    draw, made = Draw(seed), []
    for number in range(1, count + 1):
        own = draw.seed()
        if number == 1 and count > 2:  # noqa: PLR2004 - a set of one or two only asks
            made.append(make_exercise(own, WHOLE, WORKED, house, number=number))
            continue
        kind = KINDS[(number - (2 if count > 2 else 1)) % len(KINDS)]  # noqa: PLR2004 - the worked example stands before
        level = FADED if number <= (count + 1) // 2 else FULL
        made.append(make_exercise(own, kind, level, house, number=number))
    return tuple(made)


def digest(exercises: Sequence[Exercise]) -> str:
    """A fingerprint of all that a set shows and holds right."""
    return hashlib.sha256("\n".join(map(_lines, exercises)).encode()).hexdigest()


def _lines(exercise: Exercise) -> str:
    parts = [str(exercise.number), exercise.kind, exercise.level, exercise.title]
    parts += [f"{name}: {text}" for name, text in exercise.given]
    parts += [f"{step.question} {step.worked_text} {step.result}" for step in (*exercise.shown, *exercise.answers)]
    parts += [f"{ask.step} {ask.question} {ask.value} {ask.tolerance} {ask.hints}" for ask in exercise.asks]
    return "\n".join(parts)


def make_exercise(
    seed: int,
    kind: str,
    level: str = FULL,
    house: House | None = None,
    *,
    number: int = 1,
    wanting: str | None = None,
) -> Exercise:
    """One exercise of a kind and level.

    Args:
        seed: from 0 on.
        kind: of `KINDS`.
        level: of `LEVELS`.
        house: the site's settings; the defaults where none are given.
        number: in its set.
        wanting: a mistake of `mistakes.NAMES` that it is to reveal.

    Raises:
        ValueError: a seed below zero, or no such case was found: this kind does not reveal this mistake.
        KeyError: no such kind or level.
    """
    house = house or load_house()
    draw, make = Draw(seed), _MAKERS[kind]
    if level not in LEVELS:
        raise KeyError(level)
    for _try in range(_TRIES):
        case = draw_case(draw, kind, house)
        if case is None:
            continue
        title, given, asks, steps = make(case, draw)
        revealed = (claim.name for ask in asks for claim in possible_claims(ask))
        if not any(wanting in {None, name} for name in revealed):
            continue
        shown, answers = _split(steps, kind, level)
        asks = asks[len(asks) - len(answers) :] if kind == WHOLE else asks if answers else ()
        return Exercise(number, seed, kind, level, title, given, shown, asks, answers)
    raise ValueError("no such case was found")


def _split(steps: tuple[Step, ...], kind: str, level: str) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """What is shown worked, and what is asked."""
    if level == WORKED:
        return steps, ()
    half = len(steps) // 2 if level == FADED and kind == WHOLE else 0
    return steps[:half], steps[half:]


# ---- cases ----


def draw_case(draw: Draw, kind: str, house: House) -> Case | None:
    """An invented infant and its plan; None where it would be questioned or has no plan, which is drawn again."""
    product = draw.pick(_PRODUCTS)
    with_bags = kind not in {CONVERT, AREA, DOSE}
    start = _draw_start(draw, kind, house)
    texts = _draw_infant(draw, start, house)
    texts |= {
        "product": product,
        "formula": house.site.formula or draw.pick(_FORMULAS),
        "pattern": draw.pick(_PATTERNS[product]) if with_bags else AUTO,
        "start": f"{start.format_iso()}T{draw.between(8, 18):02}:{draw.pick(('00', '15', '30', '45'))}",
    }
    reading = read_order(texts, house)
    assert reading.order is not None
    assert reading.reference is not None
    plan = calculate(reading.order, (), reading.reference, search=False)
    other = load_product(next(name for name in _PRODUCTS if name != product))
    if plan.bsa is None or (with_bags and not plan.bags):
        return None
    if not plan.bags:
        return Case(plan, reading.reference, other, None, None)
    bag = plan.bags[draw.between(1, len(plan.bags) - 1)]  # never the first: it has none before it
    return Case(plan, reading.reference, other, bag, chain_of(plan, bag, reading.reference, other))


def _draw_start(draw: Draw, kind: str, house: House) -> Date:
    """The day of the start; for questions of time, often with a change of the clock in the weeks that follow."""
    first = Date(_YEAR, 1, 1)
    day = first.add(days=draw.below(330))
    if kind != TIME or draw.below(2):
        return day
    changes = clock_changes(Instant.from_utc(_YEAR, 1, 1), Instant.from_utc(_YEAR, 12, 1), house.site.zone)
    return draw.pick(changes).date().add(days=-draw.between(1, 26)) if changes else day


def _draw_infant(draw: Draw, start: Date, house: House) -> dict[str, str]:
    """The texts of an infant by the WHO tables; weight to 10 g, length to half a centimetre."""
    days, sex = draw.between(_YOUNGEST, _OLDEST), draw.pick(SEXES)
    common, own = draw.between(-170, 170), draw.between(-120, 120)  # hundredths of a standard deviation
    with exact_arithmetic():
        z_length = Decimal(common) / 100
        z_weight = Decimal(7 * common + 7 * own) / 1000
        weight = value_at(Index.WEIGHT_FOR_AGE, z_weight, days, sex, house.growth)
        length = value_at(Index.LENGTH_FOR_AGE, z_length, days, sex, house.growth)
        assert weight is not None, "the tables hold every day"
        assert length is not None
        half = (length * 2).quantize(Decimal(1)) / 2
        weight = weight.quantize(Decimal("0.01"))
    return {
        "weight": f"{weight} kg",
        "length": f"{half} cm",
        "born": start.add(days=-days).format_iso(),
        "sex": sex,
        "gestation": "term",
        "measured": start.format_iso(),
    }


# ---- kinds ----

_Made = tuple[str, tuple[tuple[str, str], ...], tuple[Ask, ...], tuple[Step, ...]]


def _title(case: Case) -> str:
    order = case.plan.order
    assert order is not None
    months, days = age(order.born, order.start.to_tz(order.zone).date())
    if months < 2:  # noqa: PLR2004 - as the case strip says it
        return _("An infant of {days} days").format(days=days)
    return _("An infant of {months} months").format(months=months)


def _steps(case: Case) -> dict[str, Step]:
    number = case.bag.number if case.bag is not None else 1
    return {step.name: step for step in derivation(case.plan, case.reference, number)}


def _ask(step: Step, right: Right, *, question: str | None = None, **more: Any) -> Ask:
    name = step.name
    places, tolerance = _EXACTNESS.get(name, (0, Decimal(0)))
    if name == MEASURED:
        mark = magnitude(more.pop("mark"), "mL")
        with exact_arithmetic():
            places, tolerance = -int(mark.as_tuple().exponent), mark / _MARKS
    return Ask(
        step=name,
        question=question or step.question,
        right=right,
        unit=UNITS.get(name, "") if not isinstance(right, (int, Instant)) else "",
        places=places,
        tolerance=tolerance,
        equation=_with_letters(step),
        known=step.known,
        hints=_hints(step),
        **more,
    )


def _with_letters(step: Step) -> str:
    if step.name != EXACT:
        return step.equation
    letters = _("D to deliver, v delivered by a full bag, S saline, I stabiliser, C reconstituted drug")
    return f"{step.equation}; {letters}"


def _hints(step: Step) -> tuple[str, ...]:
    """From what is looked for to what is often forgotten; none holds the answer."""
    traps = {
        CONVERT: _("Write both units out. Is the new unit larger or smaller? Then the number is smaller or larger."),
        AREA: _("Which formula is asked for, and in which units do weight and length go in?"),
        DOSE: _("Which unit cancels? What is left must be micrograms per day."),
        AMOUNT: _("The daily dose is per day, the duration is in hours: how many hours has a day?"),
        EXACT: _("Part of the bag is never infused. All that is in the bag counts: saline, stabiliser, drug."),
        MEASURED: _("Which syringe, and how far apart are its marks? Rounding happens here and nowhere else."),
        VIALS: _("Which bags are made together? How much of a vial can be used? Part of a vial is a whole one opened."),
        RATE: _("Which bag is it now, and which was it before? Use what is delivered, not what the bag holds."),
        VOLUME: _("What is still to be infused and what is still in the bag are two numbers."),
        TIME: _("Count infused hours. Is the clock changed in between?"),
    }
    return tuple(
        hint
        for hint in (
            step.question,
            step.equation and _("In letters: {equation}").format(equation=_with_letters(step)),
            traps[step.name],
        )
        if hint
    )


def _make_area(case: Case, _draw: Draw) -> _Made:
    step = _steps(case)[AREA]
    assert case.plan.bsa is not None
    given = (*_measures(case), _formula_given(case))
    chain = _early_chain(case)
    return _title(case), given, (_ask(step, case.plan.bsa.m2, chain=chain),), (step,)


def _measures(case: Case) -> tuple[tuple[str, str], ...]:
    order = case.plan.order
    assert order is not None
    return (
        (_("weight"), print_quantity(order.weight, "kg")),
        (_("length"), print_quantity(order.length, "cm")),
    )


def _formula_given(case: Case) -> tuple[str, str]:
    assert case.plan.bsa is not None
    formula = case.plan.bsa.formula
    return (_("formula, W in kg, L in cm"), f"{formula_name(formula)}: {formula_letters(formula)}")


def _early_chain(case: Case) -> Chain:
    """The chain as far as the daily dose; figures of a bag are those of the first kind and are not used."""
    plan, product = case.plan, case.reference.product
    assert plan.order is not None
    assert plan.daily_dose is not None
    kind = next(each for each in product.kind if each.plannable and each.final is None)
    assert kind.diluent is not None
    assert kind.stabiliser is not None
    nothing = quantity(Decimal(0), "mL")
    return Chain(
        weight=plan.order.weight,
        length=plan.order.length,
        formula=plan.order.formula,
        dose_rate=plan.daily_dose.dose_rate,
        cap=plan.daily_dose.cap,
        duration=kind.duration.quantity,
        runs=kind.duration.quantity,
        delivers=kind.delivered,
        previous_rate=None,
        diluent=kind.diluent.quantity,
        stabiliser=kind.stabiliser.quantity,
        strength=product.vial.strength.quantity,
        usable=product.vial.usable.quantity,
        held_by_vial=product.vial.reconstituted.quantity,
        syringes=case.reference.site.syringes,
        small_up_to=None,
        primed=nothing,
        drawn=(),
        shared=True,
        infused=quantity(Decimal(0), "h"),
        as_sold=kind.diluent.quantity,
        vial_against_other=Decimal(1),
        other_rate=None,
    )


def _make_dose(case: Case, _draw: Draw) -> _Made:
    """With weight and length given, so that the way to it is the learner's."""
    steps = _steps(case)
    assert case.plan.daily_dose is not None
    rate = print_quantity(case.plan.daily_dose.dose_rate, "microgram/m^2/day")
    given = (*_measures(case), _formula_given(case), (_("dose rate"), rate))
    ask = _ask(steps[DOSE], case.plan.daily_dose.micrograms, chain=_early_chain(case))
    return _title(case), given, (ask,), (steps[AREA], steps[DOSE])


def _bag_of(case: Case) -> tuple[Bag, Chain]:
    assert case.bag is not None
    assert case.chain is not None
    return case.bag, case.chain


def _kind_words(case: Case) -> tuple[str, str]:
    bag, _chain = _bag_of(case)
    product = case.reference.product
    return (_("this bag"), f"{figures.kind_words(bag, case.plan)}, {data_words(product.title)}")


def _recipe_given(case: Case) -> tuple[tuple[str, str], ...]:
    bag, chain = _bag_of(case)
    return (
        _kind_words(case),
        (_("a full bag delivers"), _delivers(chain)),
        (_("saline in the bag, as filled"), print_quantity(bag.diluent, "mL")),
        (_("stabiliser"), print_quantity(bag.stabiliser, "mL")),
        (_("reconstituted drug"), print_quantity(bag.strength, "microgram/mL")),
    )


def _delivers(chain: Chain) -> str:
    volume, hours = print_quantity(chain.delivers, "mL"), print_quantity(chain.duration, "h")
    return _("{volume} in {hours}").format(volume=volume, hours=hours)


def _make_exact(case: Case, _draw: Draw) -> _Made:
    bag, chain = _bag_of(case)
    steps = _steps(case)
    given = ((_("daily dose"), print_quantity(bag.daily_dose, "microgram/day", 4)), *_recipe_given(case))
    question = _("How much drug goes into the bag? Before the syringe rounds it.")
    ask = _ask(steps[EXACT], bag.drug_exact, question=question, chain=replace(chain, daily=bag.daily_dose))
    return _title(case), given, (ask,), (steps[AMOUNT], steps[EXACT])


def _rates_given(case: Case) -> tuple[tuple[str, str], ...]:
    bag, chain = _bag_of(case)
    before = case.plan.bag_before(bag)
    assert before is not None
    return (
        (
            _("bag before"),
            _("{kind}, at {rate}").format(
                kind=figures.kind_words(before, case.plan), rate=print_quantity(before.rate, "mL/h")
            ),
        ),
        _kind_words(case),
        (_("a full bag delivers"), _delivers(chain)),
        (_("in the bag"), print_quantity(bag.total, "mL", 1)),
    )


def _make_rate(case: Case, _draw: Draw) -> _Made:
    bag, chain = _bag_of(case)
    step = _steps(case)[RATE]
    return _title(case), _rates_given(case), (_ask(step, bag.rate, chain=chain),), (step,)


def _make_volume(case: Case, draw: Draw) -> _Made:
    bag, chain = _bag_of(case)
    step = _steps(case)[VOLUME]
    given = [*_rates_given(case), (_("rate"), print_quantity(bag.rate, "mL/h"))]
    given.append((_("bag is to run for"), print_quantity(bag.runs, "h")))
    if draw.below(2):
        question = _("The bag is connected. Which volume to be infused is the pump set to?")
        return _title(case), tuple(given), (_ask(step, bag.delivered, question=question, chain=chain),), (step,)
    hours = draw.between(1, int(magnitude(bag.runs, "h")) - 1)
    chain = replace(chain, infused=quantity(Decimal(hours), "h"))
    right: Quantity = WORK[VOLUME](chain)
    question = _("An alarm stopped the pump after {hours} h of infusion. How much is still to be infused?").format(
        hours=hours
    )
    step = _alarm_step(step, chain, question, right)
    return _title(case), tuple(given), (_ask(step, right, chain=chain),), (step,)


def _alarm_step(step: Step, chain: Chain, question: str, right: Quantity) -> Step:
    rate, runs = magnitude(WORK[RATE](chain), "mL/h"), print_number(magnitude(chain.runs, "h"))
    hours = print_number(magnitude(chain.infused, "h"))
    worked = (
        Piece(f"{print_number(rate)} mL ÷ "),
        Piece("h", struck=True),
        Piece(f" × ({runs} − {hours}) "),
        Piece("h", struck=True),
    )
    left = _("still in the bag, part of it to be discarded")
    return replace(
        step,
        question=question,
        equation=_("still to be infused = rate × (hours it runs − hours infused)"),
        known=(
            Known(_("rate"), f"{print_number(rate)}{NO_BREAK_SPACE}{unit_words('mL/h')}"),
            Known(_("runs for"), print_quantity(chain.runs, "h")),
            Known(_("has run"), print_quantity(chain.infused, "h")),
            Known(left, print_quantity(left_in_bag(chain), "mL", 1)),
        ),
        worked=worked,
        result=print_quantity(right, "mL", 1),
        rounding=_("Never the full volume again, and never what the bag still holds."),
    )


def _pattern_words(case: Case) -> str:
    assert case.plan.pattern is not None
    return ", ".join(part.replace("h", f"{NO_BREAK_SPACE}h") for part in case.plan.pattern.split(","))


def _make_time(case: Case, draw: Draw) -> _Made:
    bag, _chain = _bag_of(case)
    plan = case.plan
    assert plan.order is not None
    assert plan.course is not None
    zone, start = plan.order.zone, plan.order.start
    hours = int(magnitude(plan.course.hours, "h"))
    given = [(_("course starts"), figures.when_with_offset(local(start, zone)))]
    days = print_number(Decimal(hours) / 24)
    if draw.below(2):
        given.append((_("course"), _("{days} days of infusion").format(days=days)))
        question, right, course_end = _("When does the course end?"), plan.course.end, True
    else:
        given.append((_("bags, in turn"), _pattern_words(case)))
        question = _("When is bag {number} taken down?").format(number=bag.number)
        right, course_end = bag.end, False
        hours = int(right.timestamp() - start.timestamp()) // 3600
    given.append((_("clock at the bed"), zone))
    step = _span_step(_steps(case)[TIME], question, start, hours, right, zone)
    ask = _ask(step, right, moment=Moment(start, hours, zone, course_end))
    return _title(case), tuple(given), (ask,), (step,)


def _span_step(step: Step, question: str, start: Instant, hours: int, right: Instant, zone: str) -> Step:
    begin = figures.when_with_offset(local(start, zone))
    end = figures.both_clocks(right, zone, start)
    rounding = _("28 days end on day 29: the first day counts from its start.")
    if len(end) > 1:
        rounding = _("The clock is changed in these hours; by the old clock it is {old}.").format(old=end[1])
    runs = f"{print_number(Decimal(hours))}{NO_BREAK_SPACE}h"
    return replace(
        step,
        question=question,
        equation=_("end = start + infused hours"),
        known=(Known(_("start"), begin), Known(_("infused hours"), runs)),
        worked=(Piece(f"{begin} + {runs}"),),
        result=end[0],
        rounding=rounding,
    )


def _vials_given(case: Case) -> tuple[tuple[str, str], ...]:
    _bag, chain = _bag_of(case)
    volumes = ", ".join(print_quantity(each, "mL", 4) for each in chain.drawn)
    return ((_("bags made together take"), volumes), *_vial_given(case))


def _vial_given(case: Case) -> tuple[tuple[str, str], ...]:
    vial = case.reference.product.vial
    return (
        (_("vial, as labelled"), print_quantity(vial.labelled.quantity, "microgram")),
        (_("reconstituted, a vial holds"), print_quantity(vial.reconstituted.quantity, "mL")),
        (_("usable of it"), print_quantity(vial.usable.quantity, "mL")),
    )


def _made_with(case: Case) -> tuple[str, str]:
    """The other bags of the session: the volume of this one is asked for."""
    bag, _chain = _bag_of(case)
    assert case.plan.bags is not None
    others = [each for each in case.plan.bags if each.session == bag.session and each.number != bag.number]
    volumes = ", ".join(print_quantity(each, "mL", 4) for each in _drawn(others))
    return (_("other bags of session {number}").format(number=bag.session), volumes or _("none"))


def _make_vials(case: Case, draw: Draw) -> _Made:
    """Some bags of the plan, as if made in one session; half the time some whose answer the wrong vial changes."""
    _bag, chain = _bag_of(case)
    bags = case.plan.bags
    assert bags is not None
    most = max(case.reference.site.max_bags_per_session, 2)  # one bag alone shares no vial
    spans = [bags[first : first + count] for count in range(2, most + 1) for first in range(len(bags) - count + 1)]
    telling = [span for span in spans if _wrong_vial_shows(replace(chain, drawn=_drawn(span)))]
    span = draw.pick(telling if draw.below(2) and telling else spans)
    own = replace(chain, drawn=_drawn(span), shared=True)
    ask, step = _vials_ask(case, own, span)
    return _title(case), _vials_given(replace(case, chain=own)), (ask,), (step,)


def _wrong_vial_shows(chain: Chain) -> bool:
    return vials_of(chain) != vials_of(replace(chain, usable=chain.held_by_vial))


def _drawn(bags: Sequence[Bag]) -> tuple[Quantity, ...]:
    return tuple(max(bag.drug_exact, bag.drug, key=lambda volume: magnitude(volume, "mL")) for bag in bags)


def _vials_ask(case: Case, chain: Chain, bags: Sequence[Bag]) -> tuple[Ask, Step]:
    right = vials_of(chain)
    usable = case.reference.product.vial.usable
    taken = [print_quantity(each, "mL", 4) for each in chain.drawn]
    bare = [print_number(magnitude(each, "mL"), 4) for each in chain.drawn]
    vial = print_number(magnitude(usable.quantity, "mL"))
    step = replace(
        _steps(case)[VIALS],
        question=_("These bags are made in one session and share vials. How many vials does it open?"),
        known=(
            *(Known(_("bag {number}").format(number=bag.number), text) for bag, text in zip(bags, taken, strict=True)),
            Known(_("usable"), print_quantity(usable.quantity, "mL"), usable.source, usable.grade),
        ),
        equation=_("vials = all volumes of the session ÷ usable volume of a vial, rounded up"),
        worked=(
            Piece(f"({' + '.join(bare)}) "),
            Piece("mL", struck=True),
            Piece(f" ÷ {vial} "),
            Piece("mL", struck=True),
        ),
        result=n_("{number} vial", "{number} vials", right).format(number=right),
    )
    return _ask(step, right, chain=chain), step


def _make_whole(case: Case, _draw: Draw) -> _Made:
    bag, chain = _bag_of(case)
    plan, steps = case.plan, _steps(case)
    assert plan.order is not None
    assert plan.bsa is not None
    assert plan.daily_dose is not None
    assert plan.sessions is not None
    rights: dict[str, Right] = {
        AREA: plan.bsa.m2,
        DOSE: plan.daily_dose.micrograms,
        AMOUNT: bag.to_deliver,
        EXACT: bag.drug_exact,
        MEASURED: bag.drug,
        VIALS: plan.sessions[bag.session - 1].vials,
        RATE: bag.rate,
        VOLUME: bag.delivered,
        TIME: bag.end,
    }
    hours = int(bag.end.timestamp() - bag.start.timestamp()) // 3600
    asks = []
    for name in STEPS:
        more: dict[str, Any] = {"chain": chain}
        if name == TIME:
            more = {"moment": Moment(bag.start, hours, plan.order.zone, course_end=False)}
        if name == MEASURED:
            more["mark"] = bag.graduation
        asks.append(_ask(steps[name], rights[name], **more))
    given = (
        *_measures(case),
        _formula_given(case),
        (_("dose rate"), print_quantity(plan.daily_dose.dose_rate, "microgram/m^2/day")),
        *_recipe_given(case),
        _rates_given(case)[0],
        (_("syringe marked every"), print_quantity(bag.graduation, "mL")),
        _made_with(case),
        *_vial_given(case),
        (_("bag is connected"), figures.when_with_offset(bag.start_local)),
        (_("bag is to run for"), print_quantity(bag.runs, "h")),
    )
    return _title(case), given, tuple(asks), tuple(steps[name] for name in STEPS)


def _make_convert(case: Case, draw: Draw) -> _Made:
    plan = case.plan
    assert plan.order is not None
    assert plan.daily_dose is not None
    day, hour = "microgram/day", "microgram/h"
    short = quantity(Decimal(print_number(magnitude(plan.daily_dose.micrograms, day), 2, grouped=False)), day)
    hourly = quantity(Decimal(print_number(magnitude(short, hour), 3, grouped=False)), hour)
    value, unit, asked = draw.pick(
        (
            (plan.order.weight, "kg", "g"),
            (plan.order.weight, "g", "kg"),
            (plan.order.length, "cm", "mm"),
            (plan.order.length, "mm", "cm"),
            (short, day, "mg/day"),
            (short, "mg/day", day),
            (short, day, hour),
            (hourly, hour, day),
        )
    )
    given, right = magnitude(value, unit), quantity(magnitude(value, asked), asked)
    of_time = unit.endswith("/h") != asked.endswith("/h")
    with exact_arithmetic():
        factor = magnitude(quantity(Decimal(1), unit), asked)
        within = magnitude(right, asked) / (_PARTS_OF_QUOTIENT if of_time else _PARTS)
        tolerance = Decimal(within.as_tuple().digits[0]).scaleb(within.adjusted())
    text = print_quantity(quantity(given, unit), unit)
    question = _("Write {value} in {unit}.").format(value=text, unit=unit_words(asked))
    step = _convert_step(question, quantity(given, unit), unit, asked, right)
    ask = Ask(
        step=CONVERT,
        question=question,
        right=right,
        unit=asked,
        places=max(2 - magnitude(right, asked).adjusted(), 0),
        tolerance=tolerance,
        equation=step.equation,
        known=step.known,
        hints=_hints(step),
        conversion=Conversion(quantity(given, unit), unit, factor, of_time),
    )
    return _title(case), (), (ask,), (step,)


def _convert_step(question: str, value: Quantity, unit: str, asked: str, right: Quantity) -> Step:
    return Step(
        CONVERT,
        "dose" if "microgram" in unit + asked else "infant",
        question,
        _("new number = number × how many of the new unit make one of the old"),
        (Known(_("given"), print_quantity(value, unit)),),
        _converted_pieces(value, unit, asked),
        print_quantity(right, asked, 6),
        _("Nothing is rounded but what is shown."),
    )


def _converted_pieces(value: Quantity, unit: str, asked: str) -> tuple[Piece, ...]:
    """The number with its old unit, times one as a quotient of the two units, the old one struck."""
    changed = next((old, new) for old, new in zip(unit.split("/"), asked.split("/"), strict=True) if old != new)
    old, new = changed
    number, rest = print_number(magnitude(value, unit)), unit.partition("/")[2]
    below = unit.partition("/")[0] != old
    with exact_arithmetic():
        many = magnitude(quantity(Decimal(1), old), new)
        fewer = 1 / many
    single = f"1 {unit_words(new, one=True)}"
    larger, smaller = (f"{print_number(many)} {unit_words(new)}", "1") if many >= 1 else (single, print_number(fewer))
    if below:  # "per day" to "per hour": the unit below the line is the one that cancels
        top = unit_words(unit.partition("/")[0])
        return (
            Piece(f"{number} {top} ÷ "),
            Piece(unit_words(old, one=True), struck=True),
            Piece(f" × {smaller} "),
            Piece(unit_words(old, one=True), struck=True),
            Piece(f" ÷ {larger}"),
        )
    after = f" ÷ {unit_words(rest, one=True)}" if rest else ""
    return (
        Piece(f"{number} "),
        Piece(unit_words(old), struck=True),
        Piece(f"{after} × {larger} ÷ {smaller} "),
        Piece(unit_words(old), struck=True),
    )


_MAKERS: dict[str, Callable[[Case, Draw], _Made]] = {
    CONVERT: _make_convert,
    AREA: _make_area,
    DOSE: _make_dose,
    EXACT: _make_exact,
    RATE: _make_rate,
    VOLUME: _make_volume,
    TIME: _make_time,
    VIALS: _make_vials,
    WHOLE: _make_whole,
}


def all_asks(exercises: Sequence[Exercise]) -> Iterator[tuple[Exercise, Ask]]:
    """Every question of a set with its exercise."""
    for exercise in exercises:
        for ask in exercise.asks:
            yield exercise, ask
