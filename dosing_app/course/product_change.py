"""Before and after: what changes in orders when product data does. For those who approve it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from whenever import Instant

from dosing_app.core.clock import minutes_of
from dosing_app.core.findings import CATALOGUE, Tier
from dosing_app.core.quantities import exact_arithmetic, plain
from dosing_app.course.calculate import calculate
from dosing_app.course.order import REASON, Order, read_order
from dosing_app.reference.bundle import House, Reference, load_reference
from dosing_app.reference.example_infants import example_infants
from dosing_app.reference.product import Product
from dosing_app.reference.product_entries import entries

# Of the first bag of a kind, by the names of the plan's JSON; after them two limits in hours.
_OF_BAG = (
    "rate_ml_per_h",
    "runs_h",
    "diluent_ml",
    "stabiliser_ml",
    "made_up_to_ml",
    "drug_ml_exact",
    "drug_ml",
    "total_ml",
    "concentration_ug_per_ml",
    "delivered_ug_per_day",
)
START_BY, DOWN_BY = "start_by_h", "down_by_h"
_OF_COURSE = ("vials", "sessions", "bags")
REFUSED = "refused"


class FigureChange(NamedTuple):
    """One figure or statement that differs; an empty text where it is in one of the two alone."""

    part: str
    of: str
    key: str
    unit: str
    before: str
    after: str


class Change(NamedTuple):
    """What differs for one infant; `kind` is empty where it is of every kind, a value where there is none."""

    weight: str  # as in the example order
    kind: str
    key: str
    before: str
    after: str


class Comparison(NamedTuple):
    """Two versions of product data, and what follows from the difference."""

    figures: tuple[FigureChange, ...]
    infants: tuple[Change, ...]


def compare(old: Product, new: Product, house: House) -> Comparison:
    """What differs between two versions of product data, and what that does to three example infants.

    Args:
        old: the product data before.
        new: the product data after.
        house: the site's settings and limits, which hold for both.
    """
    changes: list[Change] = []
    for texts in example_infants():
        before, after = _worked(texts, old, house), _worked(texts, new, house)
        for kind, key in dict.fromkeys([*before, *after]):
            pair = before.get((kind, key), ""), after.get((kind, key), "")
            told_by_refusal = key != REFUSED and ((kind, REFUSED) in before) != ((kind, REFUSED) in after)
            left_out = (kind, key) == ("", REFUSED)  # nothing is compared for that infant, and this is said
            if left_out or (pair[0] != pair[1] and not told_by_refusal):
                changes.append(Change(texts["weight"], kind, key, *pair))
    return Comparison(_figures(old, new), tuple(changes))


def _figures(old: Product, new: Product) -> tuple[FigureChange, ...]:
    before, after = (
        {(each.part, each.of, each.key, each.unit): each.value for each in entries(product)} for product in (old, new)
    )
    return tuple(
        FigureChange(*place, before.get(place, ""), after.get(place, ""))
        for place in dict.fromkeys([*before, *after])
        if before.get(place) != after.get(place)
    )


def _worked(texts: dict[str, str], product: Product, house: House) -> dict[tuple[str, str], str]:
    """What an order comes to with each kind of a product, by kind and key; why the site refuses it, if it does."""
    reasons = {REASON + code: "example" for code, each in CATALOGUE.items() if each.tier is Tier.JUSTIFY}
    reading = read_order({**texts, **reasons, "zone": house.site.zone}, house)
    if reading.order is None:
        return {("", REFUSED): _codes(each.code for each in reading.findings)}
    assert reading.reference is not None
    usual = load_reference(house, reading.order.product, reading.order.protocol)
    reference = Reference(product, usual.protocol, usual.site, usual.limits, usual.flags, usual.growth)
    found: dict[tuple[str, str], str] = {}
    for kind in product.kind:
        order: Order = reading.order.model_copy(update={"pattern": kind.name})
        plan = calculate(order, (), reference).as_json()
        found["", "daily_dose_micrograms"] = plan["daily_dose"]["micrograms"]
        found |= {(kind.name, key): value for key, value in _of_kind(plan).items()}
    return found


def _of_kind(plan: dict[str, Any]) -> dict[str, str]:
    """The first bag of a plan and the counts of its course; the codes that refuse it where it has none."""
    if "bags" not in plan:
        return {REFUSED: _codes(each["code"] for each in plan["findings"] if each["tier"] == Tier.REFUSE)}
    bag = plan["bags"][0]
    found = {key: bag[key] for key in _OF_BAG if key in bag}
    found[START_BY] = _hours(bag["prepared_utc"], bag["start_by_utc"])
    found[DOWN_BY] = _hours(bag["start_utc"], bag["down_by_utc"])
    return found | {key: str(plan["totals"][key]) for key in _OF_COURSE}


def _codes(found: Iterable[str]) -> str:
    return ", ".join(sorted(set(found)))


def _hours(first: str, last: str) -> str:
    minutes = minutes_of(Instant.parse_iso(last)) - minutes_of(Instant.parse_iso(first))
    with exact_arithmetic():
        return plain(Decimal(minutes) / 60)
