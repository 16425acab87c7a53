"""How weight and length stand against a growth standard in L, M and S, such as the WHO Child Growth Standards.

Runs on magnitudes: weights in kg, lengths in cm, ages in days, z-scores without unit; every one an exact Decimal.
An index that has no row for an infant is not available: the nearest row is never taken instead.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal, NamedTuple, TypeAlias, get_args

from whenever import Date

from dosing_app.core.findings import Tier
from dosing_app.core.quantities import exact_arithmetic

Sex: TypeAlias = Literal["male", "female"]
SEXES: tuple[Sex, ...] = get_args(Sex)


class Index(StrEnum):
    """What is judged against what; also the code of its finding."""

    WEIGHT_FOR_AGE = "weight-for-age"
    LENGTH_FOR_AGE = "length-for-age"
    WEIGHT_FOR_LENGTH = "weight-for-length"


# The restricted rule of WHO belongs to the method, like the Box-Cox power: it is no limit that a site may move.
_RESTRICTED = frozenset({Index.WEIGHT_FOR_AGE, Index.WEIGHT_FOR_LENGTH})
_OUTER, _INNER = Decimal(3), Decimal(2)
_TENTHS_PER_CM = 10


class Row(NamedTuple):
    """One row of a standard: L, the Box-Cox power; M, the median [kg or cm]; S, the coefficient of variation."""

    power: Decimal
    median: Decimal
    spread: Decimal


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one index and sex without a gap, in whole numbers of the last decimal that is published.

    Args:
        first: position of the first row: days of age, or tenths of a centimetre of length.
        powers: L, in units of 10^-`power_places`; likewise medians (M) and spreads (S).
    """

    first: int
    powers: "memoryview[int]"
    medians: "memoryview[int]"
    spreads: "memoryview[int]"
    power_places: int
    median_places: int
    spread_places: int

    def row(self, position: int) -> Row | None:
        """The row of a position; None where there is none."""
        place = position - self.first
        if not 0 <= place < len(self.medians):
            return None
        return Row(
            Decimal(self.powers[place]).scaleb(-self.power_places),
            Decimal(self.medians[place]).scaleb(-self.median_places),
            Decimal(self.spreads[place]).scaleb(-self.spread_places),
        )


Tables: TypeAlias = Mapping[tuple[Index, Sex], Table]


# ---- age ----


class Correction(NamedTuple):
    """Whose age is corrected for gestation, and until when. Figures of limits.toml."""

    below: int  # gestation that is not early any more [days]
    due: int  # gestation from which a corrected age counts, not before `below` [days]
    until: int  # calendar months since birth at which correction ends


class GrowthAge(NamedTuple):
    """The age at which growth is judged."""

    days: int  # below zero before the due date
    early: int = 0  # days taken off for early birth; 0: not corrected

    @property
    def corrected(self) -> bool:
        """Whether days were taken off."""
        return self.early > 0


def growth_age(born: Date, measured: Date, gestation: int | None, correction: Correction) -> GrowthAge:
    """Age on the day of measuring, corrected for early birth. [days]

    days since birth - (due - gestation), where gestation < `correction.below` and until `correction.until` months.

    Args:
        born: day of birth.
        measured: day of weighing and measuring.
        gestation: completed days of gestation at birth; None where it is not known, which corrects nothing.
        correction: the rule's figures.

    Source: domain.md section 6; weeks and months there [J].
    """
    days = int(measured.since(born, total="days"))
    early = 0 if gestation is None or gestation >= correction.below else correction.due - gestation
    if measured >= born.add(months=correction.until):
        early = 0
    return GrowthAge(days - early, early)


# ---- one index ----


def z_score(index: Index, value: Decimal, at: Decimal | int, sex: Sex, tables: Tables) -> Decimal | None:
    """Standard deviations between a measurement and the median, never rounded; None where there is no row.

    z = ((x / M)^L - 1) / (L S), and ln(x / M) / S where L is 0. For the two weight indices beyond 3, the distance
    from the 3 SD line in units of the step from 2 to 3 SD: z = 3 + (x - SD3) / (SD3 - SD2), and likewise below -3.

    Args:
        index: which standard.
        value: x, the weight [kg] or length [cm] that was measured.
        at: age in whole days, or for weight-for-length the length [cm], between two rows interpolated (`row_at`).
        sex: whose standard.
        tables: the standard.

    Raises:
        TypeError: a magnitude is not a Decimal, or an age not whole days. ValueError: not finite or not above zero.

    Source: WHO Child Growth Standards, methods and development, 2006, chapter 7 [A]; the same in WHO's `anthro`
    (R/z-score-helper.R), which rounds to two decimals where this does not.
    """
    _guard(value)
    with exact_arithmetic():
        row = row_at(index, at, sex, tables)
        if row is None:
            return None
        z = _box_cox(value, row)
        if index in _RESTRICTED and abs(z) > _OUTER:
            outer = _OUTER.copy_sign(z)
            line, step = _outer_line(row, outer)
            z = outer + (value - line) / step
        return z


def value_at(index: Index, z: Decimal, at: Decimal | int, sex: Sex, tables: Tables) -> Decimal | None:
    """The weight [kg] or length [cm] that has a z-score: the inverse of `z_score`; None where there is no row.

    x = M (1 + L S z)^(1 / L), and M exp(S z) where L is 0; by the straight line of the restricted rule beyond 3.

    Raises:
        TypeError: z is not a Decimal, or an age not whole days. ValueError: no measurement above zero has this z.

    Source: as `z_score`.
    """
    _guard(z, above_zero=False)
    with exact_arithmetic():
        row = row_at(index, at, sex, tables)
        if row is None:
            return None
        if index in _RESTRICTED and abs(z) > _OUTER:
            outer = _OUTER.copy_sign(z)
            line, step = _outer_line(row, outer)
            found = line + (z - outer) * step
        else:
            found = _inverse(z, row)
        if found <= 0:
            msg = "no measurement above zero has this z-score"
            raise ValueError(msg)
        return found


def row_at(index: Index, at: Decimal | int, sex: Sex, tables: Tables) -> Row | None:
    """The row of an age [days] or of a length [cm]; None where there is none, never the nearest.

    A length between two rows takes L, M and S by straight line between them, as WHO's own software does:
    M = M_low + (M_high - M_low) (length - low) / 0.1, and so on. Beyond the last row there is no second row.

    Raises:
        TypeError: an age not in whole days, a length not a Decimal. ValueError: a length not finite or not above zero.

    Source: WHO `anthro` 1.1.0.9000, R/z-score-weight-for-lenhei.R (low_lenhei, upp_lenhei, diff_lenhei) [A].
    """
    table = tables[index, sex]
    if index is not Index.WEIGHT_FOR_LENGTH:
        if not isinstance(at, int) or isinstance(at, bool):
            msg = f"an age is in whole days, not {type(at).__name__}"
            raise TypeError(msg)
        return table.row(at)
    length = _guard(at)
    with exact_arithmetic():
        tenths = length * _TENTHS_PER_CM
        low = int(tenths)
        part = tenths - low
        below = table.row(low)
        if part == 0 or below is None:
            return below
        above = table.row(low + 1)
        if above is None:
            return None
        return Row(*(lower + (upper - lower) * part for lower, upper in zip(below, above, strict=True)))


def _box_cox(value: Decimal, row: Row) -> Decimal:
    ratio = value / row.median
    if row.power == 0:
        return ratio.ln() / row.spread
    return (ratio**row.power - 1) / (row.power * row.spread)


def _inverse(z: Decimal, row: Row) -> Decimal:
    if row.power == 0:
        return row.median * (row.spread * z).exp()
    base = 1 + row.power * row.spread * z
    return row.median * base ** (1 / row.power) if base > 0 else Decimal(0)


def _outer_line(row: Row, outer: Decimal) -> tuple[Decimal, Decimal]:
    """The measurement at 3 or -3 SD, as `outer` says, and the width of the step from 2 to 3 SD on that side."""
    line = _inverse(outer, row)
    return line, abs(line - _inverse(_INNER.copy_sign(outer), row))


def _guard(value: object, *, above_zero: bool = True) -> Decimal:
    """The border of this module: an exact, finite magnitude."""
    if not isinstance(value, Decimal):
        msg = f"a magnitude is a Decimal, not {type(value).__name__}"
        raise TypeError(msg)
    if not value.is_finite() or (above_zero and value <= 0):
        msg = "a magnitude is finite" + (" and above zero" if above_zero else "")
        raise ValueError(msg)
    return value


# ---- judging ----


@dataclass(frozen=True, slots=True)
class Score:
    """One index by the standard of one sex."""

    index: Index
    sex: Sex
    age: GrowthAge
    z: Decimal | None  # None: no row, not available

    @property
    def available(self) -> bool:
        """Whether there was a row."""
        return self.z is not None


class Bounds(NamedTuple):
    """Where one index is refused and where it wants a reason; the bounds themselves pass. Figures of limits.toml."""

    refuse_below: Decimal
    refuse_above: Decimal
    justify_beyond: Decimal  # on either side

    def passed(self, z: Decimal) -> Decimal | None:
        """The severest bound that a z-score lies beyond; None within all of them."""
        if z < self.refuse_below:
            return self.refuse_below
        if z > self.refuse_above:
            return self.refuse_above
        return self.justify_beyond.copy_sign(z) if abs(z) > self.justify_beyond else None

    def refuses(self, z: Decimal) -> bool:
        """Whether a z-score lies beyond a bound of refusal."""
        return not self.refuse_below <= z <= self.refuse_above


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one index comes to, for the sex or for both."""

    index: Index
    tier: Tier | None  # None: nothing to say
    scores: tuple[Score, ...]  # of the sex, or of both where it is not known
    bounds: tuple[Decimal | None, ...]  # for each score the severest bound it lies beyond

    @property
    def available(self) -> bool:
        """Whether the index has a row, for either sex where it is not known; if not, the tier is justify at least."""
        return all(score.available for score in self.scores)


def scores(weight: Decimal, length: Decimal, age: GrowthAge, sex: Sex | None, tables: Tables) -> tuple[Score, ...]:
    """The three indices of an infant, by the standard of its sex, or of both where the sex is not known.

    Args:
        weight: body weight. [kg]
        length: recumbent length. [cm]
        age: on the day of measuring. [days]
        sex: None where it is not known.
        tables: the standard.

    Raises:
        TypeError, ValueError: as `z_score`.
    """
    asked: tuple[tuple[Index, Decimal, Decimal | int], ...] = (
        (Index.WEIGHT_FOR_AGE, weight, age.days),
        (Index.LENGTH_FOR_AGE, length, age.days),
        (Index.WEIGHT_FOR_LENGTH, weight, length),
    )
    return tuple(
        Score(index, each, age, z_score(index, value, at, each, tables))
        for each in ((sex,) if sex else SEXES)
        for index, value, at in asked
    )


def judge(found: Sequence[Score], bounds: Mapping[Index, Bounds]) -> tuple[Verdict, ...]:
    """What the three indices come to.

    Refused where the standard of every sex in question refuses by some index: an infant of unknown sex is refused
    only if it would be whichever sex it is, and then every index that refused for either says so. Beyond a bound for
    one sex alone: justify. Not available by the standard of any sex in question: justify.

    Source: domain.md section 6 [J].
    """
    sexes = {score.sex for score in found}
    refusing = {score.sex for score in found if score.z is not None and bounds[score.index].refuses(score.z)}
    return tuple(
        _verdict(
            index, tuple(score for score in found if score.index is index), bounds[index], refused=sexes == refusing
        )
        for index in Index
    )


def _verdict(index: Index, found: tuple[Score, ...], bounds: Bounds, *, refused: bool) -> Verdict:
    passed = tuple(None if score.z is None else bounds.passed(score.z) for score in found)
    if refused and any(score.z is not None and bounds.refuses(score.z) for score in found):
        tier: Tier | None = Tier.REFUSE
    elif any(bound is not None for bound in passed) or not all(score.available for score in found):
        tier = Tier.JUSTIFY
    else:
        tier = None
    return Verdict(index, tier, found, passed)


def distance(found: Iterable[Score], ordinary: Decimal) -> Decimal | None:
    """How far an ordinary infant is from the medians: the sum of z² of its indices; None where it is not ordinary.

    Ordinary is every |z| <= `ordinary`, by the standard of the sex, or of either where it is not known. All three
    indices must be available, less the two that no measurement can have between birth and the due date.

    Source: `ordinary` is a figure of limits.toml [J].
    """
    sums: dict[Sex, Decimal | None] = {}
    with exact_arithmetic():
        for score in found:
            so_far = sums.setdefault(score.sex, Decimal(0))
            before_due = -score.age.early <= score.age.days < 0
            if before_due and score.index is not Index.WEIGHT_FOR_LENGTH:
                continue
            if score.z is None or abs(score.z) > ordinary:
                sums[score.sex] = None
            elif so_far is not None:
                sums[score.sex] = so_far + score.z**2
    return min((each for each in sums.values() if each is not None), default=None)


# ---- growth within a course ----


def expected_areas(
    weight: Decimal,
    length: Decimal,
    age: GrowthAge,
    sex: Sex,
    tables: Tables,
    formula: Callable[[Decimal, Decimal], Decimal],
    days: int,
) -> tuple[Decimal, ...]:
    """Body-surface area on the day of measuring and, by ordinary growth, on each of the days after it. [m²]

    The infant keeps its own z in weight-for-age and in length-for-age: on the median this is the median's growth,
    and off it the growth of infants of its own size. Place n is n days after measuring. The tuple ends early where
    the tables do, and holds today's area alone where an index is not available.

    Args:
        weight: body weight. [kg]
        length: recumbent length. [cm]
        age: on the day of measuring. [days]
        sex: by whose standard.
        tables: the standard.
        formula: body-surface area [m²] of a weight [kg] and a length [cm], as in `core.bsa`.
        days: how far to look. [days]

    Source: WHO medians, domain.md section 7 [D]; keeping one's z is judgement [J].
    """
    with exact_arithmetic():
        areas = [formula(_guard(weight), _guard(length))]
        weight_z = z_score(Index.WEIGHT_FOR_AGE, weight, age.days, sex, tables)
        length_z = z_score(Index.LENGTH_FOR_AGE, length, age.days, sex, tables)
        if weight_z is None or length_z is None:
            return tuple(areas)
        for day in range(age.days + 1, age.days + days + 1):
            heavier = value_at(Index.WEIGHT_FOR_AGE, weight_z, day, sex, tables)
            longer = value_at(Index.LENGTH_FOR_AGE, length_z, day, sex, tables)
            if heavier is None or longer is None:
                return tuple(areas)
            areas.append(formula(heavier, longer))
        return tuple(areas)


def first_day_beyond(areas: Sequence[Decimal], percent: Decimal) -> int | None:
    """Days until the dose by today's weight is expected to differ by so many percent; None within these days.

    The first n with |area_n / area_0 - 1| >= percent / 100: a dose per m² differs as the area does.

    Args:
        areas: of `expected_areas`. [m²]
        percent: above zero.
    """
    with exact_arithmetic():
        margin = areas[0] * percent / 100
        return next((day for day, area in enumerate(areas) if abs(area - areas[0]) >= margin), None)
