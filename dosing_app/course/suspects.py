"""The slips that would explain a typed weight, length or birth date, by the WHO standards of this infant."""

from collections.abc import Sequence
from decimal import Decimal

from whenever import Date

from dosing_app.core.growth import Correction, GrowthAge, Score, Sex, growth_age, scores
from dosing_app.core.quantities import print_number
from dosing_app.core.slips import Slip, Typed, suspected_slips
from dosing_app.reference.bundle import House, Reference
from dosing_app.reference.limits import Limits

_MOST_SLIPS = 3  # more than three questions at once are not read


def gestation_days(gestation: str, limits: Limits) -> int:
    """Days of gestation at birth from "34w2d"; "term" is at least the weeks at which term begins."""
    if gestation == "term":
        return int(limits.value("term_weeks")) * 7
    weeks, days = gestation.removesuffix("d").split("w")
    return int(weeks) * 7 + int(days)


def age_of(born: Date, day: Date, gestation: str | None, house: House | Reference) -> GrowthAge:
    """Age on a day, corrected for early birth."""
    limits = house.limits
    correction = Correction(
        below=int(limits.value("term_weeks")) * 7,
        due=int(limits.value("due_weeks")) * 7,
        until=int(limits.value("corrected_until_months")),
    )
    days = None if gestation is None else gestation_days(gestation, limits)
    return growth_age(born, day, days, correction)


def find_slips(
    typed: Typed, day: Date, sex: Sex | None, gestation: str | None, house: House | Reference
) -> tuple[Slip, ...]:
    """The slips that would make all three indices ordinary, most plausible first."""
    limits = house.limits
    lightest, heaviest = limits.value("weight_lowest_kg"), limits.value("weight_highest_kg")
    shortest, longest = limits.value("length_lowest_cm"), limits.value("length_highest_cm")

    def score(weight: Decimal, length: Decimal, born: Date) -> Sequence[Score]:
        if not (lightest <= weight <= heaviest and shortest <= length <= longest):
            return ()
        return scores(weight, length, age_of(born, day, gestation, house), sex, house.growth)

    return suspected_slips(typed, score, limits.value("ordinary_z"), limits.value("nearly_ordinary_z"))


def slips_text(slips: Sequence[Slip]) -> str:
    """Slips as a finding carries them: name, fields, weight, length, birth date."""
    return "; ".join(
        f"{slip.name} {'+'.join(slip.fields)} {print_number(slip.weight, 3, grouped=False)} "
        f"{print_number(slip.length, 1, grouped=False)} {slip.born.format_iso()}"
        for slip in slips[:_MOST_SLIPS]
    )
