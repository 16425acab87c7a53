"""What the tests of teaching share: one house, one plan, and how a value is typed as an answer."""

from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from whenever import Instant

from dosing_app.core.quantities import print_number
from dosing_app.course.calculate import calculate
from dosing_app.course.order import read_order
from dosing_app.course.plan import Plan
from dosing_app.reference.bundle import House, Reference, load_house
from dosing_app.teaching.ask import Ask
from dosing_app.teaching.exercise import Exercise, make_exercise

TEXTS = {
    "weight": "6.42 kg",
    "length": "63.5 cm",
    "born": "2026-10-20",
    "sex": "female",
    "gestation": "term",
    "measured": "2027-03-01",
    "start": "2027-03-01T14:00",
    "pattern": "72h,96h",
}


@lru_cache(1)
def house() -> House:
    return load_house()


def house_with(**settings: Any) -> House:
    """The default settings, some of them changed."""
    return replace(house(), site=house().site.model_copy(update=settings))


def plan_at(home: House, **changes: str) -> tuple[Plan, Reference]:
    """The plan of an order, by the settings of a site."""
    reading = read_order({**TEXTS, **changes}, home)
    assert reading.order is not None, reading.findings
    assert reading.reference is not None
    return calculate(reading.order, (), reading.reference), reading.reference


@lru_cache(32)
def _plan(changes: tuple[tuple[str, str], ...]) -> tuple[Plan, Reference]:
    return plan_at(house(), **dict(changes))


def plan_of(**changes: str) -> tuple[Plan, Reference]:
    return _plan(tuple(sorted(changes.items())))


@lru_cache(4000)
def exercise(seed: int, kind: str, level: str = "full", wanting: str | None = None) -> Exercise:
    return make_exercise(seed, kind, level, house(), wanting=wanting)


def typed(ask: Ask, value: Decimal | Instant | int, digits: int = 10) -> str:
    """A value as it is typed: a number of so many digits and the unit, a wall clock with its offset, a count."""
    if isinstance(value, Instant):
        assert ask.moment is not None
        wall = value.to_tz(ask.moment.zone).format_iso()
        return wall[:16] + wall[19:25]
    if isinstance(value, int):
        return str(value)
    places = max(0, digits - 1 - value.adjusted())
    return f"{print_number(value, min(places, 11), grouped=False)} {ask.unit}"
