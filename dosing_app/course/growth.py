"""Growth of this infant against the WHO standards: findings, suspected slips, trend, and growth within the course."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import get_args

from whenever import Date

from dosing_app.core.bsa import OFFERED
from dosing_app.core.findings import Finding, Tier, finding
from dosing_app.core.growth import (
    Bounds,
    Index,
    Score,
    Sex,
    Verdict,
    distance,
    judge,
    scores,
    value_at,
    z_score,
)
from dosing_app.core.quantities import exact_arithmetic, magnitude, plain, print_beyond, quantity
from dosing_app.core.slips import Slip, Typed
from dosing_app.course.order import Order
from dosing_app.course.plan import CourseGrowth, GrowthIndex, GrowthPicture
from dosing_app.course.suspects import age_of, find_slips, slips_text
from dosing_app.reference.bundle import Reference
from dosing_app.reference.growth_tables import GRADE, SOURCE

_SEXES: tuple[Sex, ...] = get_args(Sex)
_COURSE_DAYS = 28
_SOURCE = f"{SOURCE} [{GRADE}]"


def growth_day(order: Order) -> Date:
    """The day by which growth is judged: that of measuring, else that of the start."""
    return order.measured or order.start.to_tz(order.zone).date()


def bounds(house: Reference) -> dict[Index, Bounds]:
    """Where each index is refused and where it wants a reason."""
    flags, beyond = house.flags, house.limits.value("growth_justify_beyond_z")
    length, by_length = flags.length_for_age_beyond_z.number, flags.weight_for_length_beyond_z.number
    return {
        Index.WEIGHT_FOR_AGE: Bounds(-flags.weight_for_age_below_z.number, flags.weight_for_age_above_z.number, beyond),
        Index.LENGTH_FOR_AGE: Bounds(-length, length, beyond),
        Index.WEIGHT_FOR_LENGTH: Bounds(-by_length, by_length, beyond),
    }


def scores_of(order: Order, reference: Reference) -> tuple[Score, ...]:
    """The three indices of the order, by the standard of its sex or of both."""
    age = age_of(order.born, growth_day(order), order.gestation, reference)
    weight, length = magnitude(order.weight, "kg"), magnitude(order.length, "cm")
    return scores(weight, length, age, order.sex, reference.growth)


def growth_findings(order: Order, reference: Reference) -> list[Finding]:
    """Every finding about weight and length as an infant's own; the suspected slips stand in the first of them."""
    scored = scores_of(order, reference)
    verdicts = judge(scored, bounds(reference))
    second = second_reading(order, reference)
    found = [*_second_differs(reference, agrees=second), *_indices(order, verdicts, second_agrees=bool(second))]
    found += _weight_change(order, reference)
    if not found:
        return []
    slips = order_slips(order, reference)
    as_typed = distance(scored, reference.limits.value("ordinary_z"))
    return [_with_slips(each, slips, order, as_typed) for each in found]


def _with_slips(found: Finding, slips: Sequence[Slip], order: Order, as_typed: Decimal | None) -> Finding:
    """A finding with the slips that would explain it.

    A weight that moved is explained by a weight alone, nearer to the one before. Where the sex is not known and one
    standard finds nothing in what was typed, an index beyond the other's bound is explained only by what lies nearer
    to the medians.
    """
    fitting = list(slips)
    if found.code == "weight-change":
        assert order.previous is not None
        before, now = magnitude(order.previous.weight, "kg"), magnitude(order.weight, "kg")
        fitting = [
            slip for slip in slips if slip.fields == ("weight",) and abs(slip.weight - before) < abs(now - before)
        ]
    elif found.code in set(Index) and as_typed is not None:
        fitting = [slip for slip in slips if slip.distance < as_typed]
    return found.model_copy(update={"values": {**found.values, "slips": slips_text(fitting)}})


def _indices(order: Order, verdicts: Sequence[Verdict], *, second_agrees: bool) -> Iterator[Finding]:
    refused = [verdict for verdict in verdicts if verdict.tier is Tier.REFUSE]
    if refused:
        small = any(score.z is not None and score.z < 0 for verdict in refused for score in verdict.scores)
        yield finding(
            "who-limits",
            Tier.JUSTIFY if second_agrees else Tier.REFUSE,
            actual=_z_text(refused),
            limit=_bound_text(refused),
            source=_SOURCE,
            indices=", ".join(verdict.index for verdict in refused),
            ask_gestation="yes" if small and order.gestation is None else "",
            second="agrees" if second_agrees else "",
            values=_facts(order, refused[0]),
        )
        return
    for verdict in verdicts:
        if verdict.tier is Tier.JUSTIFY and verdict.available:
            yield finding(
                verdict.index,
                actual=_z_text([verdict]),
                limit=_bound_text([verdict]),
                source=_SOURCE,
                values=_facts(order, verdict),
            )
    missing = [verdict for verdict in verdicts if not verdict.available]
    if missing:
        yield finding(
            "index-not-available",
            Tier.JUSTIFY,
            actual=", ".join(verdict.index for verdict in missing),
            source=_SOURCE,
            second="agrees" if second_agrees else "",
            values=_facts(order, missing[0]),
        )


def _facts(order: Order, verdict: Verdict) -> dict[str, str]:
    """What a message says beside the z-score: value, unit, age, sex."""
    age = verdict.scores[0].age
    return {
        "weight": plain(magnitude(order.weight, "kg")),
        "length": plain(magnitude(order.length, "cm")),
        "days": str(age.days),
        "corrected": "yes" if age.corrected else "",
        "sex": order.sex or "",
    }


def _z_text(verdicts: Sequence[Verdict]) -> str:
    """Each z-score that lies beyond a bound, as "weight-for-age 7.1"; the sex behind it where it is not known."""
    parts = []
    for verdict in verdicts:
        for score, bound in zip(verdict.scores, verdict.bounds, strict=True):
            if score.z is not None and bound is not None:
                by = f" ({score.sex})" if len(verdict.scores) > 1 else ""
                parts.append(f"{verdict.index} {print_beyond(score.z, bound, 1)}{by}")
    return ", ".join(parts)


def _bound_text(verdicts: Sequence[Verdict]) -> str:
    """The bounds that were passed, as "5" or "-3"."""
    passed = [plain(bound) for verdict in verdicts for bound in verdict.bounds if bound is not None]
    return ", ".join(dict.fromkeys(passed))


# ---- the second reading ----


def second_reading(order: Order, reference: Reference) -> bool | None:
    """Whether a second, blind reading of weight and length agrees with the first; None where it is not whole."""
    if order.second_weight is None or order.second_length is None:
        return None
    weight, second = magnitude(order.weight, "kg"), magnitude(order.second_weight, "kg")
    length, other = magnitude(order.length, "cm"), magnitude(order.second_length, "cm")
    limits = reference.limits
    with exact_arithmetic():
        close = abs(second - weight) * 100 <= limits.value("second_weight_within_percent") * weight
        return close and abs(other - length) <= limits.value("second_length_within_cm")


def _second_differs(reference: Reference, *, agrees: bool | None) -> Iterator[Finding]:
    """Two readings of one infant that disagree: neither can be trusted."""
    if agrees is False:
        limits = reference.limits
        yield finding(
            "who-limits",
            Tier.REFUSE,
            actual="second reading",
            limit=f"{plain(limits.value('second_weight_within_percent'))} %, "
            f"{plain(limits.value('second_length_within_cm'))} cm",
            source=limits.shown("second_weight_within_percent"),
            second="differs",
        )


# ---- trend ----


def _weight_change(order: Order, reference: Reference) -> Iterator[Finding]:
    """A weight that moved more than growth explains: by centile bands within four weeks, or down."""
    if order.previous is None:
        return
    limits = reference.limits
    before, now = magnitude(order.previous.weight, "kg"), magnitude(order.weight, "kg")
    day = growth_day(order)
    apart = int(day.since(order.previous.measured, total="days"))
    with exact_arithmetic():
        lost = (before - now) / before * 100
    moves = []
    if 0 <= apart <= limits.value("weight_change_within_days"):
        moves = weight_moves(order, before, now, day, reference)
    most = max(moves, key=abs, default=Decimal(0))
    moved = abs(most) > limits.value("weight_change_z")
    if moved or lost > limits.value("weight_loss_percent"):
        name = "weight_change_z" if moved else "weight_loss_percent"
        amount = (
            print_beyond(most, limits.value(name), 2) if moved else f"{print_beyond(lost, limits.value(name), 1)} %"
        )
        yield finding(
            "weight-change",
            actual=amount,
            limit=plain(limits.value(name)) + ("" if moved else " %"),
            source=limits.shown(name),
            kind="z" if moved else "loss",
            before=plain(before),
            weight=plain(now),
            days=str(apart),
        )


def weight_moves(order: Order, before: Decimal, now: Decimal, day: Date, reference: Reference) -> list[Decimal]:
    """By how many z weight-for-age moved since the previous weight of an order, for the sex or for both.

    Args:
        order: with its previous weight.
        before: the previous weight. [kg]
        now: the weight. [kg]
        day: of the weight.
        reference: with the growth tables.
    """
    assert order.previous is not None
    then = age_of(order.born, order.previous.measured, order.gestation, reference)
    today = age_of(order.born, day, order.gestation, reference)
    moves = []
    for sex in (order.sex,) if order.sex else _SEXES:
        old = z_score(Index.WEIGHT_FOR_AGE, before, then.days, sex, reference.growth)
        new = z_score(Index.WEIGHT_FOR_AGE, now, today.days, sex, reference.growth)
        if old is not None and new is not None:
            moves.append(new - old)
    return moves


# ---- slips ----


def order_slips(order: Order, reference: Reference) -> tuple[Slip, ...]:
    """The slips that would explain a weight, length or birth date that could be read."""
    weight, length = magnitude(order.weight, "kg"), magnitude(order.length, "cm")
    typed = Typed(weight, length, order.born, plain(weight), plain(length))
    return find_slips(typed, growth_day(order), order.sex, order.gestation, reference)


# ---- growth within the course ----


def course_growth(order: Order, reference: Reference) -> CourseGrowth:
    """The three indices, and what ordinary growth does to the dose by today's weight within the course.

    The infant keeps its own z in weight-for-age and length-for-age (domain.md section 7 [D], keeping one's z [J]);
    where the sex is not known, the faster of the two.
    """
    found = scores_of(order, reference)
    indices = tuple(
        GrowthIndex(index=score.index, sex=score.sex, z=score.z, age_days=score.age.days, corrected=score.age.corrected)
        for score in found
    )
    start = order.start.to_tz(order.zone).date()
    day = growth_day(order)
    ahead = int(start.since(day, total="days"))
    area_then = [_area_later(order, sex, reference) for sex in dict.fromkeys(score.sex for score in found)]
    by_end = [area(ahead + _COURSE_DAYS) for area in area_then]
    limits = reference.limits
    dates = [
        _first_day(area_then, limits.value(name), ahead)
        for name in ("growth_dose_first_percent", "growth_dose_second_percent")
    ]
    known = [area for area in by_end if area is not None]
    return CourseGrowth(
        indices=indices,
        area_at_day_28=quantity(max(known), "m^2") if known else None,
        first_percent=limits.value("growth_dose_first_percent"),
        first_date=None if dates[0] is None else day.add(days=dates[0]),
        second_percent=limits.value("growth_dose_second_percent"),
        second_date=None if dates[1] is None else day.add(days=dates[1]),
    )


AreaLater = Callable[[int], Decimal | None]


def _area_later(order: Order, sex: Sex, reference: Reference) -> AreaLater:
    """BSA so many days after measuring, by ordinary growth. [m²]"""
    age = age_of(order.born, growth_day(order), order.gestation, reference).days
    tables, formula = reference.growth, OFFERED[order.formula]
    weight, length = magnitude(order.weight, "kg"), magnitude(order.length, "cm")
    weight_z = z_score(Index.WEIGHT_FOR_AGE, weight, age, sex, tables)
    length_z = z_score(Index.LENGTH_FOR_AGE, length, age, sex, tables)

    def area(days: int) -> Decimal | None:
        if days == 0:
            return formula(weight, length)
        if weight_z is None or length_z is None:
            return None
        heavier = value_at(Index.WEIGHT_FOR_AGE, weight_z, age + days, sex, tables)
        longer = value_at(Index.LENGTH_FOR_AGE, length_z, age + days, sex, tables)
        return None if heavier is None or longer is None else formula(heavier, longer)

    return area


def _first_day(areas: Sequence[AreaLater], percent: Decimal, ahead: int) -> int | None:
    """Days after measuring until the dose by today's weight differs by so many percent; None within the course.

    Found by halving: by ordinary growth the area only rises.
    """

    def beyond(days: int) -> bool:
        for area in areas:
            today, then = area(0), area(days)
            if today is not None and then is not None and then >= today * (1 + percent / 100):
                return True
        return False

    last = ahead + _COURSE_DAYS
    if not beyond(last):
        return None
    first = 0
    while last - first > 1:
        middle = (first + last) // 2
        first, last = (first, middle) if beyond(middle) else (middle, last)
    return last


# ---- the picture ----

_LINES = (-3, -2, -1, 0, 1, 2, 3)
_STEPS = 16  # points of a curve: smooth at the size of a screen
_Points = tuple[tuple[Decimal, Decimal], ...]
_curves_known: dict[tuple[int, Index, Sex, Decimal], dict[str, _Points]] = {}


def growth_pictures(order: Order, reference: Reference) -> list[GrowthPicture]:
    """The three indices as pictures: WHO curves, lines of refusal, this infant and its previous weight."""
    return [_picture(order, index, reference) for index in Index]


def _picture(order: Order, index: Index, reference: Reference) -> GrowthPicture:
    age = age_of(order.born, growth_day(order), order.gestation, reference).days
    weight, length = magnitude(order.weight, "kg"), magnitude(order.length, "cm")
    if index is Index.WEIGHT_FOR_LENGTH:
        place, value, first, step = length, weight, Decimal(45), Decimal(15)
    else:
        place, value, first, step = Decimal(age), weight, Decimal(0), Decimal(120)
        value = weight if index is Index.WEIGHT_FOR_AGE else length
    with exact_arithmetic():  # to the next whole step beyond the infant, so that the curves stand still while one types
        last = max(first + 3 * step, first + ((place - first) // step + 1) * step)
    points = [(place, value)]
    if order.previous is not None and index is Index.WEIGHT_FOR_AGE:
        then = age_of(order.born, order.previous.measured, order.gestation, reference).days
        points.insert(0, (Decimal(then), magnitude(order.previous.weight, "kg")))
    curves = _curves(index, order.sex or _SEXES[0], first, last, reference)
    return GrowthPicture(index=index, sex=order.sex, curves=curves, points=tuple(points))


def _curves(index: Index, sex: Sex, first: Decimal, last: Decimal, reference: Reference) -> dict[str, _Points]:
    """The curves by z; worked out once for a table and range."""
    key = (id(reference.growth), index, sex, last)
    if key not in _curves_known:
        limits = bounds(reference)[index]
        with exact_arithmetic():
            places = [(first + (last - first) * step / _STEPS).to_integral_value() for step in range(_STEPS + 1)]
        levels = [limits.refuse_below, *map(Decimal, _LINES), limits.refuse_above]
        _curves_known[key] = {plain(z): _curve(index, z, places, sex, reference) for z in levels}
    return _curves_known[key]


def _curve(index: Index, z: Decimal, places: Sequence[Decimal], sex: Sex, reference: Reference) -> _Points:
    curve = []
    for place in places:
        at = place if index is Index.WEIGHT_FOR_LENGTH else int(place)
        value = value_at(index, z, at, sex, reference.growth)
        if value is not None:
            curve.append((place, value))
    return tuple(curve)
