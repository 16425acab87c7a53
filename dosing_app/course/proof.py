"""The second engine: it works the printed recipe through the course and must arrive at the dose.

It shares no arithmetic with the first: exact fractions of integers, its own powers and logarithms in fixed point,
its own calendar. It reads the plan as JSON, that is, as printed, and the figures of the product data.
"""

import re
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any

from dosing_app.reference.bundle import Reference
from dosing_app.reference.product import BagKind
from dosing_app.reference.source import Figure

_TOLERANCE = Fraction(1, 10**20)  # relative; the plan carries more than 25 digits
_SCALE = 10**45  # fixed point of the logarithms
_TERMS = 100  # of the series; what is left of them is below the fixed point
_HALF = Fraction(1, 2)
_INSTANT = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):00Z")
_HOUR = 60  # minutes


def disagreements(plan: dict[str, Any], reference: Reference) -> list[str]:
    """Every point at which the plan's figures are not what this engine finds; empty if there is none.

    Args:
        plan: the plan as JSON.
        reference: what it was calculated with.
    """
    checks = (_area, _dose, _times, _recipes, _limits, _course_dose, _vials)
    return [trouble for check in checks for trouble in check(plan, reference)]


def _area(plan: dict[str, Any], _: Reference) -> list[str]:
    """Mosteller by its square; the power laws by a bracket of rationals."""
    weight, length = _number(plan["order"]["weight_kg"]), _number(plan["order"]["length_cm"])
    areas = {plan["bsa"]["formula"]: plan["bsa"]["m2"], **plan["bsa"]["others"]}
    return [f"BSA {name} {text}" for name, text in areas.items() if not _AREAS[name](Fraction(text), weight, length)]


def _dose(plan: dict[str, Any], reference: Reference) -> list[str]:
    """Dose rate × BSA, at most the cap."""
    area, cap, rate = _number(plan["bsa"]["m2"]), _cap(reference), _dose_rate(reference, 0)
    daily = plan["daily_dose"]
    facts = {
        "daily dose": _close(_number(daily["micrograms"]), min(rate * area, cap)),
        "dose rate": _number(daily["dose_rate_ug_per_m2_per_day"]) == rate,
        "cap": _number(daily["cap_micrograms"]) == cap and daily["capped"] == (rate * area > cap),
    }
    return [fact for fact, holds in facts.items() if not holds]


def _times(plan: dict[str, Any], reference: Reference) -> list[str]:
    """The course begins as ordered, bags tile it without gap or overlap, hours add up to the protocol's."""
    bags, course = plan["bags"], plan["course"]
    hours = 24 * sum(phase.days for phase in reference.protocol.phases)
    edges = [_minute(course["start_utc"])]
    trouble = []
    if edges[0] != _minute(plan["order"]["start_utc"]):
        trouble.append("the course does not begin as ordered")
    for number, bag in enumerate(bags, 1):
        start, end = _minute(bag["start_utc"]), _minute(bag["end_utc"])
        if bag["number"] != number or bag["of"] != len(bags) or start != edges[-1]:
            trouble.append(f"bag {number} does not follow the one before")
        if end - start != int(bag["runs_h"]) * _HOUR:
            trouble.append(f"bag {number} does not run its hours")
        edges.append(end)
    if (
        _number(course["course_h"]) != hours
        or edges[-1] != _minute(course["end_utc"])
        or edges[-1] - edges[0] != hours * _HOUR
    ):
        trouble.append("the bags do not cover the course")
    return trouble


def _recipes(plan: dict[str, Any], reference: Reference) -> list[str]:
    """Each printed recipe, rate and ledger, and that the drug volume is the nearest mark of the syringe."""
    trouble = []
    for bag in _printed_alike(plan, reference).values():
        kind, early = _kind(bag, reference)
        runs, longest = _number(bag["runs_h"]), _value(kind.duration)
        drug, exact = _number(bag["drug_ml"]), _number(bag["drug_ml_exact"])
        step = _graduation(exact, reference)
        wanted = _exact_volume(bag, plan, reference)
        final = _number(bag["made_up_to_ml"]) if "made_up_to_ml" in bag else None
        total = _total(bag, drug)
        ledger = _number(bag["primed_ml"]) + _number(bag["delivered_ml"]) + _number(bag["discarded_ml"])
        given = _number(bag["rate_ml_per_h"]) * runs
        facts = {
            "hours": runs == (_number(early) if early else longest) <= longest,
            "rate": _number(bag["rate_ml_per_h"]) == _value(kind.rate),
            "stabiliser": _number(bag["stabiliser_ml"]) == _value(kind.stabiliser),
            "diluent": _number(bag["diluent_ml"]) == _value(kind.diluent),
            "volume to make up to": final == (None if kind.final is None else _value(kind.final)),
            "exact drug volume": _close(exact, wanted),
            # the nearest mark; of two, the lower
            "drug volume": drug % step == 0 and -step * _HALF <= drug - wanted < step * _HALF,
            "total": _number(bag["total_ml"]) == total,
            "delivered volume": _number(bag["delivered_ml"]) == given,
            "ledger": ledger == total and _number(bag["discarded_ml"]) >= 0,
            **_label(bag, plan, drug / total, step, reference),
        }
        trouble += [f"bag {bag['number']}: {fact}" for fact, holds in facts.items() if not holds]
    return trouble


def _label(
    bag: dict[str, Any], plan: dict[str, Any], share: Fraction, step: Fraction, reference: Reference
) -> dict[str, bool]:
    """What else a label and a worksheet say of the recipe: strength, graduation, content, dose per day."""
    strength = _value(reference.product.vial.strength)
    kind, _ = _kind(bag, reference)
    dose = _ordered(bag, plan, reference)
    per_day = strength * share * _value(kind.rate) * 24
    deviation = (per_day / dose - 1) * 100
    return {
        "strength": _number(bag["strength_ug_per_ml"]) == strength,
        "graduation": _number(bag["graduation_ml"]) == step,
        "content": _number(bag["held_micrograms"]) == strength * _number(bag["drug_ml"]),
        "concentration": _close(_number(bag["concentration_ug_per_ml"]), strength * share),
        "dose per day": _close(_number(bag["delivered_ug_per_day"]), per_day),
        "ordered dose": _close(_number(bag["daily_dose_micrograms"]), dose),
        "drug to deliver": _close(_number(bag["to_deliver_micrograms"]), dose * _value(kind.duration) / 24),
        "deviation": abs(_number(bag["deviation_percent"]) - deviation) <= _TOLERANCE * 100,
    }


def _limits(plan: dict[str, Any], reference: Reference) -> list[str]:
    """No bag is connected or running later than it may, and each is prepared before."""
    within = reference.site.start_within_h
    lead = int(Fraction(reference.site.lead_time_h) * _HOUR)
    # minutes at 2–8 °C, at room temperature, and whether the first includes the infusion
    stored = {
        name: (int(_value(each.refrigerated) * _HOUR), int(_value(each.at_room) * _HOUR), each.infusion_included)
        for name, each in reference.product.storage.items()
    }
    trouble = []
    for bag in plan["bags"]:
        cold, room, included = stored[_kind(bag, reference)[0].storage]
        prepared, start, end = (_minute(bag[key]) for key in ("prepared_utc", "start_utc", "end_utc"))
        keeps = cold - (end - start if included else 0)
        if within is not None:
            keeps = min(keeps, int(Fraction(within) * _HOUR))
        down = min(start + room, prepared + cold) if included else start + room
        if _minute(bag["start_by_utc"]) != prepared + keeps or _minute(bag["down_by_utc"]) != down:
            trouble.append(f"bag {bag['number']}: limits")
        if start > prepared + keeps or end > down or start - prepared < lead:
            trouble.append(f"bag {bag['number']}: outside its limits")
    return trouble


def _course_dose(plan: dict[str, Any], reference: Reference) -> list[str]:
    """What the printed recipes at the printed rates deliver over the course, against the dose.

    Every drawn volume may be off by half a graduation, no more; so may the course.
    """
    strength = _value(reference.product.vial.strength)
    flows = {}  # micrograms per hour of each printed recipe: wanted, and at either end of the syringe's error
    for key, bag in _printed_alike(plan, reference).items():
        drug, rate = _number(bag["drug_ml"]), _number(bag["rate_ml_per_h"])
        slack = _graduation(_number(bag["drug_ml_exact"]), reference) * _HALF
        flows[key] = (
            _ordered(bag, plan, reference) / 24,
            strength * (drug - slack) / _total(bag, drug - slack) * rate,
            strength * (drug + slack) / _total(bag, drug + slack) * rate,
        )
    hours = Counter[tuple[object, ...]]()
    for bag in plan["bags"]:
        hours[_print_of(bag, plan, reference)] += int(bag["runs_h"])
    wanted, lowest, highest = (sum(flow[index] * hours[key] for key, flow in flows.items()) for index in range(3))
    return [] if lowest * (1 - _TOLERANCE) <= wanted <= highest * (1 + _TOLERANCE) else ["dose over the course"]


def _vials(plan: dict[str, Any], reference: Reference) -> list[str]:
    """Vials of each session and of the course; every bag in exactly one session."""
    usable = _value(reference.product.vial.usable)
    taken = {bag["number"]: max(_number(bag["drug_ml"]), _number(bag["drug_ml_exact"])) for bag in plan["bags"]}
    if [number for session in plan["sessions"] for number in session["bags"]] != sorted(taken):
        return ["a bag is not in exactly one session"]
    measured = {bag["number"]: _number(bag["drug_ml"]) for bag in plan["bags"]}
    bags = {bag["number"]: bag for bag in plan["bags"]}
    trouble = []
    for session in plan["sessions"]:
        own = [taken[number] for number in session["bags"]]
        parts = [sum(own)] if reference.site.share_vials else own
        if session["vials"] != sum(-(-part // usable) for part in parts):
            trouble.append(f"vials of session {session['number']}")
        drawn = sum(measured[number] for number in session["bags"])
        held = session["vials"] * usable
        if (_number(session["drawn_ml"]), _number(session["unused_ml"])) != (drawn, held - drawn):
            trouble.append(f"volumes of session {session['number']}")
        if any(bags[number]["session"] != session["number"] for number in session["bags"]) or any(
            bags[number]["prepared_utc"] != session["at_utc"] for number in session["bags"]
        ):
            trouble.append(f"bags of session {session['number']}")
    totals = plan["totals"]
    if totals["vials"] != sum(session["vials"] for session in plan["sessions"]):
        trouble.append("vials of the course")
    rates = [bag["rate_ml_per_h"] for bag in plan["bags"]]
    counts = {
        "bags": len(bags),
        "sessions": len(plan["sessions"]),
        "changes": len(bags) - 1,
        "rate_changes": sum(one != other for one, other in pairwise(rates)),
    }
    trouble += [f"number of {name}" for name, count in counts.items() if totals[name] != count]
    if _number(totals["drug_drawn_ml"]) != sum(measured.values()):
        trouble.append("drug drawn")
    if _number(totals["unused_ml"]) != totals["vials"] * usable - _number(totals["drug_drawn_ml"]):
        trouble.append("drug unused")
    if totals["vials_floor"] != -(-sum(taken.values()) // usable):
        trouble.append("fewest possible vials")
    return trouble


_number = lru_cache(4096)(Fraction)  # the same printed text stands in many bags


def _value(figure: Figure | None) -> Fraction:
    """A figure of the product data as a fraction, in the unit of its field."""
    assert figure is not None  # a kind that is planned has all of its figures
    return Fraction(str(figure.quantity.magnitude))


def _dose_rate(reference: Reference, phase: int) -> Fraction:
    """Micrograms per square metre and day."""
    return Fraction(str(reference.protocol.phases[phase].dose_rate.magnitude))


def _cap(reference: Reference) -> Fraction:
    """Micrograms per day."""
    return Fraction(str(reference.protocol.daily_cap.magnitude))


def _kind(bag: dict[str, Any], reference: Reference) -> tuple[BagKind, str]:
    """The kind of a bag, and the hours after which it is taken down early; empty where it runs its full duration."""
    name, _, early = bag["kind"].partition("@")
    return reference.product.kinds[name], early


def _ordered(bag: dict[str, Any], plan: dict[str, Any], reference: Reference) -> Fraction:
    """Dose rate × BSA in the phase of a bag, at most the cap; micrograms per day."""
    return min(_dose_rate(reference, _phase_of(bag, plan, reference)) * _number(plan["bsa"]["m2"]), _cap(reference))


_PRINTED = (
    "kind",
    "runs_h",
    "rate_ml_per_h",
    "daily_dose_micrograms",
    "strength_ug_per_ml",
    "to_deliver_micrograms",
    "delivered_ml",
    "diluent_ml",
    "stabiliser_ml",
    "drug_ml_exact",
    "drug_ml",
    "graduation_ml",
    "total_ml",
    "primed_ml",
    "discarded_ml",
    "held_micrograms",
    "concentration_ug_per_ml",
    "delivered_ug_per_day",
    "deviation_percent",
)


def _print_of(bag: dict[str, Any], plan: dict[str, Any], reference: Reference) -> tuple[object, ...]:
    """All that is printed of a bag's recipe, and its phase: bags alike in these need one check."""
    return (_phase_of(bag, plan, reference), bag.get("made_up_to_ml"), *(bag[key] for key in _PRINTED))


def _printed_alike(plan: dict[str, Any], reference: Reference) -> dict[tuple[object, ...], dict[str, Any]]:
    """One bag of each printed recipe."""
    return {_print_of(bag, plan, reference): bag for bag in reversed(plan["bags"])}


def _phase_of(bag: dict[str, Any], plan: dict[str, Any], reference: Reference) -> int:
    """The phase of the protocol in which a bag is connected: so many have ended by then."""
    minute = _minute(bag["start_utc"]) - _minute(plan["course"]["start_utc"])
    ends = accumulate(phase.days * 24 * _HOUR for phase in reference.protocol.phases[:-1])
    return sum(end <= minute for end in ends)


def _total(bag: dict[str, Any], drug: Fraction) -> Fraction:
    """Volume of the bag with so much drug in it."""
    if "made_up_to_ml" in bag:
        return _number(bag["made_up_to_ml"])
    return _number(bag["diluent_ml"]) + _number(bag["stabiliser_ml"]) + drug


def _exact_volume(bag: dict[str, Any], plan: dict[str, Any], reference: Reference) -> Fraction:
    """The drug volume that would deliver the dose exactly: found by balance, not by the first engine's formula.

    In the bag the drug makes up a share x of the volume with strength × x × rate × 24 h = daily dose.
    """
    kind, _ = _kind(bag, reference)
    share = _ordered(bag, plan, reference) / 24 / _value(kind.rate) / _value(reference.product.vial.strength)
    if kind.final is not None:
        return share * _value(kind.final)
    others = _number(bag["diluent_ml"]) + _number(bag["stabiliser_ml"])
    return others * share / (1 - share)


def _graduation(volume: Fraction, reference: Reference) -> Fraction:
    """The distance of two marks of the syringe for a volume."""
    marks = {Fraction(bound): Fraction(step) for bound, step in reference.site.syringes.items()}
    smallest = min(marks)
    if reference.site.two_small_syringes and volume <= Fraction(reference.limits.value("two_small_syringes_up_to_ml")):
        return marks[smallest]
    return marks[min(bound for bound in marks if volume < bound)]


def _close(found: Fraction, wanted: Fraction) -> bool:
    return abs(found - wanted) <= _TOLERANCE * abs(wanted)


@lru_cache(1024)
def _minute(text: str) -> int:
    """Minutes since 29 February of the year 0, by counting days."""
    match = _INSTANT.fullmatch(text)
    if match is None:
        return -1
    year, month, day, hour, minute = map(int, match.groups())
    if month <= 2:  # noqa: PLR2004 - the year is counted from March, so that the leap day is its last
        year, month = year - 1, month + 12
    days = 365 * year + year // 4 - year // 100 + year // 400 + (153 * (month - 3) + 2) // 5 + day
    return (days * 24 + hour) * 60 + minute


# Powers: ln and exp in integers of fixed point, each with an error below 10^-40, far under the tolerance.


@lru_cache(64)
def _ln(value: Fraction) -> int:
    """Natural logarithm of a number of at least 1, times `_SCALE`."""
    halvings = int(value).bit_length()  # so often halved, it lies between 1/2 and 1
    return _ln_near_one(value / 2**halvings) + halvings * _LN2


def _ln_near_one(value: Fraction) -> int:
    """2 artanh((x − 1) / (x + 1)) as a series, for x from 1/2 to 2: each term is at most a ninth of the one before."""
    z = (value - 1) / (value + 1)
    power = z.numerator * _SCALE // z.denominator
    square = power * power // _SCALE
    total = 0
    for divisor in range(1, _TERMS, 2):
        total += power // divisor
        power = power * square // _SCALE
    return 2 * total


_LN2 = _ln_near_one(Fraction(4, 3)) + _ln_near_one(Fraction(3, 2))  # 4/3 × 3/2 = 2
_LN10 = _ln(Fraction(10))


def _exp(scaled: int) -> Fraction:
    """Exponential of scaled / `_SCALE`."""
    twos, rest = divmod(scaled, _LN2)
    total = term = _SCALE
    for n in range(1, _TERMS):
        term = term * rest // (_SCALE * n)
        total += term
    return Fraction(total, _SCALE) * Fraction(2) ** twos


def _power_law(factor: str, weight_power: str, length_power: str) -> Callable[[Fraction, Fraction, Fraction], bool]:
    def agrees(found: Fraction, weight: Fraction, length: Fraction) -> bool:
        exponent = _ln(weight) * Fraction(weight_power) + _ln(length) * Fraction(length_power)
        return _close(found, Fraction(factor) * _exp(int(exponent)))

    return agrees


def _mosteller(found: Fraction, weight: Fraction, length: Fraction) -> bool:
    return _close(found * abs(found) * 3600, weight * length)  # so that no area below zero is taken for one


def _boyd(found: Fraction, weight: Fraction, length: Fraction) -> bool:
    """The exponent of the weight itself holds its logarithm to base ten."""
    ln = _ln(weight)
    power = Fraction("0.6157") - Fraction("0.0188") * Fraction(ln, _LN10)
    return _close(found, Fraction("0.0333") * _exp(int(ln * power + _ln(length) * Fraction("0.3"))))


def _bnfc(found: Fraction, weight: Fraction, _: Fraction) -> bool:
    ln = _ln(weight * 1000)
    power = Fraction("0.8168") - Fraction("0.0154") * Fraction(ln, _LN10)
    return _close(found, Fraction("0.0004688") * _exp(int(ln * power)))


_AREAS: dict[str, Callable[[Fraction, Fraction, Fraction], bool]] = {
    "mosteller": _mosteller,
    "haycock": _power_law("0.024265", "0.5378", "0.3964"),
    "gehan-george": _power_law("0.0235", "0.51456", "0.42246"),
    "boyd": _boyd,
    "bnfc": _bnfc,
}
