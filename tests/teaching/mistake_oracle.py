"""What slips give, worked apart from the program: floats and plain equations, no function of `teaching` or `core`."""

import math
from collections.abc import Iterator

from dosing_app.teaching.ask import Ask

POUND = 0.45359237  # kg, exact by definition
BAG_AS_SOLD = 250  # mL


def slips(ask: Ask) -> Iterator[tuple[str, float]]:
    """Name of a mistake and what it gives, for a question with a chain."""
    chain = ask.chain
    if chain is None or not ask.unit:
        return
    yield "times-ten", 10 * float(ask.value)
    yield "tenth", float(ask.value) / 10
    yield from {"bsa": _area, "dose": _dose, "drug-volume": _drug, "rate": _rate, "volume": _volume}.get(
        ask.step, lambda _chain: iter(())
    )(chain)


def _number(quantity: object) -> float:
    return float(quantity.magnitude)


def _body(chain: object, factor: float = 1) -> float:
    weight, length = _number(chain.weight) * factor, _number(chain.length)
    if chain.formula == "mosteller":
        return math.sqrt(weight * length / 3600)
    if chain.formula == "haycock":
        return 0.024265 * weight**0.5378 * length**0.3964
    return 0.0235 * weight**0.51456 * length**0.42246


def _area(chain: object) -> Iterator[tuple[str, float]]:
    yield "pounds", _body(chain, 1 / POUND)
    yield "pounds", _body(chain, POUND)
    weight, length = _number(chain.weight), _number(chain.length)
    if chain.formula != "mosteller":  # which is symmetric
        swapped = {
            "haycock": 0.024265 * length**0.5378 * weight**0.3964,
            "gehan-george": 0.0235 * length**0.51456 * weight**0.42246,
        }
        yield "swapped", swapped[chain.formula]
        yield "wrong-formula", math.sqrt(weight * length / 3600)
    yield "wrong-formula", 0.007184 * weight**0.425 * length**0.725  # Du Bois


def _dose(chain: object) -> Iterator[tuple[str, float]]:
    rate = _number(chain.dose_rate)
    yield "pounds", min(rate * _body(chain, 1 / POUND), _number(chain.cap))
    yield "per-day-per-hour", rate * _body(chain) / 24
    yield "mass-conversion", rate * _body(chain) / 1000


def _drug(chain: object) -> Iterator[tuple[str, float]]:
    amount = _number(chain.daily) * _number(chain.duration) / 24
    strength, delivered = _number(chain.strength), _number(chain.delivers)
    saline, stabiliser = _number(chain.diluent), _number(chain.stabiliser)
    rest = strength * delivered - amount
    yield "forgot-stabiliser", amount * saline / rest
    yield "forgot-overfill", amount * (BAG_AS_SOLD + stabiliser) / rest
    yield "delivered-against-total", amount / strength


def _rate(chain: object) -> Iterator[tuple[str, float]]:
    yield "per-day-per-hour", 24 * _number(chain.delivers) / _number(chain.duration)
    if chain.previous_rate is not None:
        yield "rate-not-changed", _number(chain.previous_rate)
    if chain.other_rate is not None:
        yield "other-region", _number(chain.other_rate)


def _volume(chain: object) -> Iterator[tuple[str, float]]:
    rate = _number(chain.delivers) / _number(chain.duration)
    runs, infused = _number(chain.runs), _number(chain.infused)
    if infused:
        yield "volume-reset", rate * runs
    if chain.previous_rate is not None:
        yield "rate-not-changed", _number(chain.previous_rate) * (runs - infused)
