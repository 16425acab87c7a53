"""Marking: right, right but rounded too early, or the named mistake, found by working out what that mistake gives.

A mistake is claimed for a question only where what it gives lies more than twice the tolerance from the right answer:
then no answer can be both, and a right answer is never called a mistake. Where two mistakes give one answer, both are
named.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from whenever import Instant

from dosing_app.core import recipe
from dosing_app.core.bsa import OFFERED, TEACHING_ONLY
from dosing_app.core.quantities import Quantity, Refused, exact_arithmetic, magnitude, print_number, quantity
from dosing_app.core.slips import KILOGRAMS_PER_POUND
from dosing_app.teaching.ask import Answer, Ask, Value, read_answer
from dosing_app.teaching.chain import (
    AMOUNT,
    AREA,
    CARRIED,
    DOSE,
    EXACT,
    MEASURED,
    RATE,
    UNITS,
    VOLUME,
    WORK,
    Chain,
    amount_of,
    area_of,
    dose_of,
    left_in_bag,
    rate_of,
    vials_of,
)
from dosing_app.wording.language import _
from dosing_app.wording.sentences import formula_name, refusal
from dosing_app.wording.units import unit_words

ROUNDED_EARLY = "rounded-early"
BAG_CONTENT, RATE_NOT_CHANGED, VOLUME_RESET = "bag-content", "rate-not-changed", "volume-reset"
MASS, TIMES_TEN, TENTH, PER_DAY_PER_HOUR = "mass-conversion", "times-ten", "tenth", "per-day-per-hour"
OVERFILL, STABILISER, AGAINST_TOTAL = "forgot-overfill", "forgot-stabiliser", "delivered-against-total"
VIAL_CONTENT, POUNDS, FORMULA, SWAPPED = "vial-content", "pounds", "wrong-formula", "swapped"
DAYS, CLOCK, REGION = "days-28-29", "clock-change", "other-region"
NOT_MEASURED, VIALS_DOWN, VIALS_APART = "not-measured", "vials-rounded-down", "vials-apart"
# Every mistake that can be named, as the exercises' book has them.
NAMES = (
    BAG_CONTENT,
    RATE_NOT_CHANGED,
    VOLUME_RESET,
    MASS,
    TIMES_TEN,
    TENTH,
    PER_DAY_PER_HOUR,
    OVERFILL,
    STABILISER,
    AGAINST_TOTAL,
    VIAL_CONTENT,
    POUNDS,
    FORMULA,
    SWAPPED,
    DAYS,
    CLOCK,
    REGION,
    NOT_MEASURED,
    VIALS_DOWN,
    VIALS_APART,
)
_TEN, _THOUSAND, _HOURS_PER_DAY = Decimal(10), Decimal(1000), Decimal(24)
# Steps whose unit holds a mass, and those whose unit holds a time.
_WITH_MASS = {DOSE, AMOUNT, EXACT, MEASURED}
_WITH_TIME = {DOSE, AMOUNT, RATE}
_PLACES_EARLY = {AREA: (2, 1), DOSE: (1, 0), AMOUNT: (1, 0)}  # decimals to which a learner may cut a figure on the way


class Verdict(StrEnum):
    """What became of an answer."""

    RIGHT = "right"
    EARLY = "rounded-early"  # right, but for rounding on the way
    FOLLOWS = "follows"  # right from the learner's own earlier figure
    MISTAKE = "mistake"
    OTHER_UNIT = "other-unit"  # the right amount in a unit that was not asked for
    WRONG = "wrong"  # and no known slip gives it
    UNREAD = "unread"


# Verdicts after which the learner goes on with a figure of their own.
_OWN = {Verdict.MISTAKE, Verdict.WRONG, Verdict.EARLY, Verdict.FOLLOWS}


class Claim(NamedTuple):
    """What one mistake would give; `detail` says which of several forms it takes."""

    name: str
    detail: str
    value: Value


@dataclass(frozen=True, slots=True)
class Mark:
    """How one answer was marked."""

    verdict: Verdict
    mistakes: tuple[Claim, ...]  # the nearest first
    sentence: str

    @property
    def names(self) -> tuple[str, ...]:
        """The mistakes by name, each once."""
        return tuple(dict.fromkeys(claim.name for claim in self.mistakes))

    @property
    def passed(self) -> bool:
        """Whether the answer is right, or would be."""
        return self.verdict in {Verdict.RIGHT, Verdict.EARLY, Verdict.FOLLOWS}


def mistake_words(claim: Claim) -> str:
    """A mistake in one sentence: what was taken for what."""
    words = {
        ROUNDED_EARLY: _("A figure on the way, or the answer itself, was cut too short."),
        BAG_CONTENT: _("What is in the bag was taken for what is to be infused; the overfill is discarded."),
        RATE_NOT_CHANGED: _("The rate of the bag before was kept, although the kind of bag changes."),
        VOLUME_RESET: _("After the alarm the full volume was set again, although part of it has been infused."),
        MASS: _("A mass was converted by a wrong factor: mg and micrograms, or kg and g, differ by 1000."),
        TIMES_TEN: _("Ten times too much: look at the decimal mark."),
        TENTH: _("A tenth of it: look at the decimal mark."),
        PER_DAY_PER_HOUR: _("Per day and per hour were mixed up."),
        OVERFILL: _("The overfill of the saline bag was forgotten: it holds more than it is sold as."),
        STABILISER: _("The stabiliser was left out of the volume in the bag."),
        AGAINST_TOTAL: _("The drug for the delivered volume was put into the whole bag: part of it is discarded."),
        VIAL_CONTENT: _("The wrong content of a vial was used: what one region’s vial holds is not what can be used."),
        POUNDS: _("Pounds and kilograms were mixed up."),
        FORMULA: _("Another BSA formula was used: {formula}.").format(formula=_formula(claim.detail)),
        SWAPPED: _("Weight and length were put in each other’s place."),
        DAYS: _("28 days end on day 29 at the same time: the first day counts from its start."),
        CLOCK: _("The clock is changed in between: count infused hours, not the hands of the clock."),
        REGION: _("That is the rate of the other region’s bag of this name."),
        NOT_MEASURED: _("This is the exact volume; the syringe measures to its nearest mark."),
        VIALS_DOWN: _("Vials were rounded down: the last one is opened for the rest."),
        VIALS_APART: _("Vials were counted for each bag; in one session the bags share them."),
    }
    return words[claim.name]


def _formula(name: str) -> str:
    return formula_name(name).replace("-", " ")


# ---- what each mistake gives ----


def claims(ask: Ask) -> tuple[Claim, ...]:
    """What each mistake would answer to a question, but for those that could not be told from the right answer."""
    return tuple(dict.fromkeys(possible_claims(ask)))


def possible_claims(ask: Ask) -> Iterator[Claim]:
    """As `claims`, one after another, without working out more than is asked for."""
    for find in (_raw_claims, _early):
        yield from (claim for claim in find(ask) if _apart(claim, ask))


def _apart(claim: Claim, ask: Ask) -> bool:
    if isinstance(claim.value, Instant):
        return claim.value != ask.value
    if claim.value <= 0:
        return False  # nobody answers that
    if isinstance(claim.value, int):
        return claim.value != ask.value
    right = ask.value
    assert isinstance(right, Decimal)
    with exact_arithmetic():
        # rounding of the right answer itself is right within the tolerance, and too early just beyond it
        return abs(claim.value - right) > ask.tolerance * (1 if claim.name == ROUNDED_EARLY else 2)


def _raw_claims(ask: Ask) -> list[Claim]:
    of = _chain_claims
    if ask.conversion is not None:
        of = _conversion_claims
    elif ask.moment is not None:
        of = _moment_claims
    elif isinstance(ask.right, int):
        of = _vial_claims
    with exact_arithmetic():  # round a whole list: a generator would leave the context open between two of its values
        return list(of(ask))


def _conversion_claims(ask: Ask) -> Iterator[Claim]:
    assert ask.conversion is not None
    right, given, factor = ask.value, ask.conversion.value.magnitude, ask.conversion.factor
    assert isinstance(right, Decimal)
    by_thousand = factor in {_THOUSAND, 1 / _THOUSAND}
    if ask.conversion.of_time or by_thousand:
        name = PER_DAY_PER_HOUR if ask.conversion.of_time else MASS
        yield Claim(name, "not-converted", given)
        yield Claim(name, "wrong-way", given / factor)
    if not by_thousand and ask.unit.startswith(("microgram", "mg")):
        yield Claim(MASS, "times-thousand", right * _THOUSAND)
        yield Claim(MASS, "thousandth", right / _THOUSAND)
    yield Claim(TIMES_TEN, "", right * _TEN)
    yield Claim(TENTH, "", right / _TEN)


def _moment_claims(ask: Ask) -> Iterator[Claim]:
    moment, right = ask.moment, ask.right
    assert moment is not None
    assert isinstance(right, Instant)
    before, after = moment.start.to_tz(moment.zone).offset, right.to_tz(moment.zone).offset
    yield Claim(CLOCK, "", right.add(seconds=int(before.total("seconds") - after.total("seconds"))))
    if moment.course_end:
        yield Claim(DAYS, "early", right.add(hours=-24))
        yield Claim(DAYS, "late", right.add(hours=24))


def _vial_claims(ask: Ask) -> Iterator[Claim]:
    chain = ask.chain
    assert chain is not None
    assert isinstance(ask.right, int)
    yield Claim(VIAL_CONTENT, "", vials_of(replace(chain, usable=chain.held_by_vial)))
    drawn = sum((magnitude(each, "mL") for each in chain.drawn), Decimal(0))
    yield Claim(VIALS_DOWN, "", int(drawn / magnitude(chain.usable, "mL")))
    if chain.shared:
        yield Claim(VIALS_APART, "", vials_of(replace(chain, shared=False)))


def _chain_claims(ask: Ask) -> Iterator[Claim]:
    chain, step, right = ask.chain, ask.step, ask.value
    assert chain is not None
    assert isinstance(right, Decimal)
    for name, detail, slipped in _slipped(chain):
        yield from _claimed(name, detail, _worked(step, slipped))
    yield from _of_result(step, right)
    if step in {EXACT, MEASURED}:
        simple = quantity(magnitude(amount_of(chain), "microgram") / magnitude(chain.strength, "microgram/mL"), "mL")
        yield from _claimed(AGAINST_TOTAL, "", _worked(step, replace(chain, exact=simple)))
    if step == MEASURED:
        yield from _claimed(NOT_MEASURED, "", _worked(EXACT, chain))
    if step == RATE:
        yield from _claimed(BAG_CONTENT, "", _figure(_emptied, chain, "mL/h"))
    if step == VOLUME:
        yield from _volume_claims(chain)


def _claimed(name: str, detail: str, value: Decimal | None) -> Iterator[Claim]:
    """None of a figure that could not be worked."""
    if value is not None:
        yield Claim(name, detail, value)


def _slipped(chain: Chain) -> Iterator[tuple[str, str, Chain]]:
    """The chain with one slip in it; where the exercise gives a figure, a slip before it does nothing."""
    kilograms, centimetres = magnitude(chain.weight, "kg"), magnitude(chain.length, "cm")
    yield POUNDS, "typed", replace(chain, weight=quantity(kilograms / KILOGRAMS_PER_POUND, "kg"))
    yield POUNDS, "read", replace(chain, weight=quantity(kilograms * KILOGRAMS_PER_POUND, "kg"))
    for formula in (*OFFERED, *TEACHING_ONLY):
        if formula != chain.formula:
            yield FORMULA, formula, replace(chain, formula=formula)
    swapped = replace(chain, weight=quantity(centimetres, "kg"), length=quantity(kilograms, "cm"))
    yield SWAPPED, "", swapped
    yield MASS, "grams", replace(chain, weight=quantity(kilograms * _THOUSAND, "kg"))
    daily = magnitude(dose_of(chain), "microgram/day")
    for factor in (_HOURS_PER_DAY, 1 / _HOURS_PER_DAY):
        yield PER_DAY_PER_HOUR, "", replace(chain, daily=quantity(daily * factor, "microgram/day"))
    yield OVERFILL, "", replace(chain, diluent=chain.as_sold)
    yield STABILISER, "", replace(chain, stabiliser=quantity(Decimal(0), "mL"))
    strength = magnitude(chain.strength, "microgram/mL") * chain.vial_against_other
    yield VIAL_CONTENT, "", replace(chain, strength=quantity(strength, "microgram/mL"))
    if chain.previous_rate is not None:
        yield RATE_NOT_CHANGED, "", replace(chain, rate=chain.previous_rate)
    if chain.other_rate is not None:
        yield REGION, "", replace(chain, rate=chain.other_rate)


def _of_result(step: str, right: Decimal) -> Iterator[Claim]:
    """Slips of the result itself."""
    yield Claim(TIMES_TEN, "", right * _TEN)
    yield Claim(TENTH, "", right / _TEN)
    if step in _WITH_MASS:
        yield Claim(MASS, "times-thousand", right * _THOUSAND)
        yield Claim(MASS, "thousandth", right / _THOUSAND)
    if step in _WITH_TIME:
        yield Claim(PER_DAY_PER_HOUR, "", right * _HOURS_PER_DAY)
        yield Claim(PER_DAY_PER_HOUR, "", right / _HOURS_PER_DAY)


def _volume_claims(chain: Chain) -> Iterator[Claim]:
    rate = magnitude(rate_of(chain), "mL/h")
    yield from _claimed(BAG_CONTENT, "left", _figure(left_in_bag, chain, "mL"))
    yield from _claimed(BAG_CONTENT, "whole", _figure(left_in_bag, _as_connected(chain), "mL"))
    yield Claim(PER_DAY_PER_HOUR, "", rate * _HOURS_PER_DAY)
    if magnitude(chain.infused, "h"):
        yield Claim(VOLUME_RESET, "", rate * magnitude(chain.runs, "h"))


def _as_connected(chain: Chain) -> Chain:
    return replace(chain, infused=quantity(Decimal(0), "h"))


def _emptied(chain: Chain) -> Quantity:
    """The rate at which all that is in the bag would run in its hours. [mL/h]"""
    total = magnitude(left_in_bag(_as_connected(chain)), "mL")
    return quantity(total / magnitude(chain.duration, "h"), "mL/h")


def _worked(step: str, chain: Chain) -> Decimal | None:
    return _figure(WORK[step], chain, UNITS[step])


def _figure(work: Callable[[Chain], Quantity], chain: Chain, unit: str) -> Decimal | None:
    """A figure worked from a chain; None where a slip, or a learner's own figure, is more than a bag can hold."""
    try:
        return magnitude(work(chain), unit)
    except (recipe.Unreachable, recipe.NoSyringe):
        return None


def _early(ask: Ask) -> list[Claim]:
    """What comes out if a figure on the way, or the result, is rounded too short."""
    if ask.moment is not None or not isinstance(ask.value, Decimal):
        return []
    found = []
    with exact_arithmetic():
        if ask.step != MEASURED:
            shorter = range(ask.places - 1, max(ask.places - 3, -1), -1)
            found += [Claim(ROUNDED_EARLY, "result", _rounded(ask.value, places)) for places in shorter]
        for cut in _cut(ask.chain) if ask.chain is not None else ():
            found += _claimed(ROUNDED_EARLY, "on-the-way", _worked(ask.step, cut))
    return found


def _cut(chain: Chain) -> Iterator[Chain]:
    """The chain with figures on the way rounded: one, or several one after another; given ones stay."""
    options = [
        (None, *(_PLACES_EARLY[step])) if getattr(chain, CARRIED[step]) is None else (None,) for step in _PLACES_EARLY
    ]
    for area, daily, amount in itertools.product(*options):
        made = chain
        if area is not None:
            made = replace(made, area=quantity(_rounded(magnitude(area_of(made), "m^2"), area), "m^2"))
        if daily is not None:
            rounded = _rounded(magnitude(dose_of(made), "microgram/day"), daily)
            made = replace(made, daily=quantity(rounded, "microgram/day"))
        if amount is not None:
            rounded = _rounded(magnitude(amount_of(made), "microgram"), amount)
            made = replace(made, amount=quantity(rounded, "microgram"))
        if made is not chain:
            yield made


def _rounded(value: Decimal, places: int) -> Decimal:
    return Decimal(print_number(value, places, grouped=False))


# ---- marking ----


def mark(ask: Ask, text: str) -> Mark:
    """Mark one answer by itself."""
    return _mark(ask, text, None)[0]


def mark_all(asks: Sequence[Ask], texts: Sequence[str]) -> tuple[Mark, ...]:
    """Mark answers that follow one another: a wrong figure is counted once, and what follows from it is right."""
    own: dict[str, Any] = {}
    marks = []
    for ask, text in zip(asks, texts, strict=True):
        carried = replace(ask.chain, **own) if own and ask.chain is not None else None
        found, answer = _mark(ask, text, carried)
        marks.append(found)
        if found.verdict in _OWN and ask.step in CARRIED and answer is not None:
            assert isinstance(answer.value, Decimal)
            if answer.value > 0:
                own[CARRIED[ask.step]] = quantity(answer.value, ask.unit)
    return tuple(marks)


def _mark(ask: Ask, text: str, carried: Chain | None) -> tuple[Mark, Answer | None]:
    try:
        answer = read_answer(ask, text)
    except Refused as refused:
        reason = refusal(_("Answer"), refused.reason, refused.seen, refused.texts)
        return Mark(Verdict.UNREAD, (), reason), None
    if _same(answer.value, ask.value, ask.tolerance):
        if ask.conversion is not None and answer.unit != ask.unit:
            asked = unit_words(ask.unit)
            sentence = _("The right amount, but the question asks for {unit}.").format(unit=asked)
            return Mark(Verdict.OTHER_UNIT, (), sentence), answer
        return Mark(Verdict.RIGHT, (), _("Right.")), answer
    if carried is not None and _follows(ask, answer, carried):
        return Mark(Verdict.FOLLOWS, (), _("Right, with your own earlier figure.")), answer
    known = list(claims(ask))
    if carried is not None:
        known += _raw_claims(replace(ask, chain=carried))
    found = _nearest([claim for claim in known if _same(answer.value, claim.value, ask.tolerance)], answer.value)
    return Mark(_verdict(found), found, _sentence(found, answer)), answer


def _follows(ask: Ask, answer: Answer, carried: Chain) -> bool:
    if ask.conversion is not None or not isinstance(answer.value, Decimal):
        return False
    with exact_arithmetic():
        value = _worked(ask.step, carried)
    return value is not None and _same(answer.value, value, ask.tolerance)


def _same(one: Value, other: Value, tolerance: Decimal) -> bool:
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        with exact_arithmetic():
            return abs(one - other) <= tolerance
    return one == other


def _nearest(found: Sequence[Claim], value: Value) -> tuple[Claim, ...]:
    """Each form of each mistake once, the nearest first."""

    def distance(claim: Claim) -> Decimal:
        if isinstance(claim.value, Decimal) and isinstance(value, Decimal):
            return abs(claim.value - value)
        return Decimal(0)

    kept: dict[str, Claim] = {}
    for claim in sorted(found, key=distance):
        kept.setdefault(claim.name, claim)
    return tuple(kept.values())


def _verdict(found: Sequence[Claim]) -> Verdict:
    if not found:
        return Verdict.WRONG
    return Verdict.EARLY if all(claim.name == ROUNDED_EARLY for claim in found) else Verdict.MISTAKE


def _sentence(found: Sequence[Claim], answer: Answer) -> str:
    parts = []
    if not found:
        parts.append(_("No known slip gives this answer. Look at the next hint."))
    elif _verdict(found) is Verdict.EARLY:
        parts.append(_("Right, but rounded too early. {what}").format(what=mistake_words(found[0])))
    else:
        if len(found) > 1:
            parts.append(_("More than one slip gives this answer."))
        parts += [mistake_words(claim) for claim in found]
    if answer.thousands:
        parts.append(_("If the mark was meant for thousands, leave it out: it is always read as the decimal mark."))
    return " ".join(parts)
