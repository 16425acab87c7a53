"""The course as bags and sessions: recipes and times of every bag, vials of every session, and what they amount to."""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from dosing_app.core import recipe
from dosing_app.core.clock import MINUTES_PER_HOUR, minutes_of
from dosing_app.core.exposure import worst_day
from dosing_app.core.quantities import Quantity, exact_arithmetic, magnitude, quantity
from dosing_app.core.sessions import MadeBag, Wait, worst_gap
from dosing_app.course.kinds import Recipe, primed
from dosing_app.course.order import Order
from dosing_app.course.pattern import Piece, Stretch
from dosing_app.course.plan import Bag, Session, Totals
from dosing_app.course.times import Times, local, off_hours_among
from dosing_app.reference.bundle import Reference
from dosing_app.reference.source import in_unit

_NOTHING = quantity(Decimal(0), "mL")


def make_bags(
    stretches: Sequence[Stretch],
    recipes: Sequence[Recipe],
    times: Sequence[Times],
    doses: Sequence[Quantity],
    order: Order,
    reference: Reference,
) -> list[Bag]:
    """All bags in order.

    Args:
        stretches: the pattern laid over the course.
        recipes: of each bag.
        times: of each bag.
        doses: per phase. [microgram/day]
        order: of the infant.
        reference: what it is calculated with.
    """
    bags: list[Bag] = []
    alike: dict[
        tuple[Piece, int], tuple[Quantity, Quantity, Quantity, Quantity]
    ] = {}  # what bags of a piece have in common
    for stretch, made, when in zip(stretches, recipes, times, strict=True):
        before = bags[-1] if bags else None
        key = (stretch.piece, stretch.phase)
        if key not in alike:
            runs = hours_of(stretch.piece.hours * MINUTES_PER_HOUR)
            assert made.measured is not None
            strength = reference.product.vial.strength.quantity
            delivered = recipe.delivered_volume(made.kind.rate.quantity, runs)
            alike[key] = (doses[stretch.phase], runs, delivered, recipe.held(made.measured, strength))
        place = (len(bags) + 1, len(stretches))
        bags.append(_make_bag(place, stretch, made, alike[key], when, before, order, reference))
    return bags


def _make_bag(
    place: tuple[int, int],
    stretch: Stretch,
    made: Recipe,
    alike: tuple[Quantity, Quantity, Quantity, Quantity],
    times: Times,
    before: Bag | None,
    order: Order,
    reference: Reference,
) -> Bag:
    """One bag with its volume ledger: delivered + primed + discarded is all that it holds."""
    kind = made.kind
    assert kind.stabiliser is not None
    assert made.total is not None
    assert made.measured is not None
    dose, runs, delivered, held = alike
    primes = primed(reference) if before is None else _NOTHING  # later bags go on a running line
    return Bag(
        number=place[0],
        of=place[1],
        kind=str(stretch.piece),
        start=times.start,
        end=times.end,
        start_local=local(times.start, order.zone),
        end_local=local(times.end, order.zone),
        runs=runs,
        rate=kind.rate.quantity,
        rate_changed=before is not None and magnitude(before.rate, "mL/h") != in_unit(kind.rate, "mL/h"),
        daily_dose=dose,
        strength=reference.product.vial.strength.quantity,
        to_deliver=made.to_deliver,
        delivered=delivered,
        diluent=made.diluent,
        stabiliser=kind.stabiliser.quantity,
        made_up_to=None if kind.final is None else kind.final.quantity,
        drug_exact=made.exact,
        drug=made.measured,
        graduation=made.graduation,
        total=made.total,
        primed=primes,
        discarded=recipe.discarded_volume(made.total, delivered, primes),
        held=held,
        concentration=made.concentration,
        dose_delivered=made.dose_delivered,
        deviation_percent=made.deviation,
        preservative=kind.preservative,
        prepared=times.prepared,
        prepared_local=local(times.prepared, reference.site.zone),
        start_by=times.start_by,
        down_by=times.down_by,
        slack=_slack(times),
        session=times.session,
    )


def make_sessions(bags: Sequence[Bag], reference: Reference) -> tuple[Session, ...]:
    """The sessions of the bags, with the vials that each opens."""
    usable = reference.product.vial.usable.quantity
    by_session: dict[int, list[Bag]] = {}
    for bag in bags:
        by_session.setdefault(bag.session, []).append(bag)
    alike: dict[tuple[Decimal, ...], dict[str, Any]] = {}  # sessions that draw the same are worked out once
    made = []
    for number, own in by_session.items():
        draws = tuple(part.magnitude for bag in own for part in (bag.drug_exact, bag.drug))
        if draws not in alike:
            alike[draws] = _drawn_in_session(own, usable, shared=reference.site.share_vials)
        made.append(
            Session(
                number=number,
                at=own[0].prepared,
                at_local=own[0].prepared_local,
                bags=tuple(bag.number for bag in own),
                **alike[draws],
            )
        )
    return tuple(made)


def _drawn_in_session(own: Sequence[Bag], usable: Quantity, *, shared: bool) -> dict[str, Any]:
    """Vials opened, and what is drawn from them, left in them, and to spare beyond what the bags may take."""
    taken = [drawn_from(bag) for bag in own]
    opened = recipe.vials(taken, usable, shared=shared)
    drawn = _millilitres([bag.drug for bag in own])
    with exact_arithmetic():
        held = opened * magnitude(usable, "mL")
        unused, spare = held - drawn, held - _millilitres(taken)
    return {
        "vials": opened,
        "drawn": quantity(drawn, "mL"),
        "unused": quantity(unused, "mL"),
        "spare": quantity(spare, "mL"),
    }


def drawn_from(bag: Bag) -> Quantity:
    """What a bag takes from the vials: the larger of the exact and the measured volume."""
    return max(bag.drug_exact, bag.drug, key=lambda volume: magnitude(volume, "mL"))


def _millilitres(volumes: Sequence[Quantity]) -> Decimal:
    """The sum of volumes. [mL]"""
    with exact_arithmetic():
        return sum((magnitude(volume, "mL") for volume in volumes), Decimal(0))


def _slack(times: Times) -> Quantity:
    """From the connection to its latest moment, or from the take-down to its: the shorter of the two. [h]"""
    to_start = minutes_of(times.start_by) - minutes_of(times.start)
    to_end = minutes_of(times.down_by) - minutes_of(times.end)
    return hours_of(min(to_start, to_end))


@lru_cache(1024)  # many bags of a course have the same
def hours_of(minutes: int) -> Quantity:
    """Minutes as hours. [h]"""
    with exact_arithmetic():
        return quantity(Decimal(minutes) / MINUTES_PER_HOUR, "h")


def off_hours_bags(bags: Sequence[Bag], order: Order, reference: Reference) -> tuple[int, ...]:
    """Numbers of the bags whose connection falls off hours; the start itself never counts."""
    found = off_hours_among([bag.start for bag in bags[1:]], order, reference)
    return tuple(bags[index + 1].number for index in found)


def made_bag(bag: Bag) -> MadeBag:
    """A bag as the search for gaps sees it."""
    return MadeBag(*(minutes_of(moment) for moment in (bag.start, bag.end, bag.prepared, bag.start_by)))


def make_totals(
    bags: Sequence[Bag],
    sessions: Sequence[Session],
    recipes: Sequence[Recipe],
    waits: Sequence[Wait] | None,
    order: Order,
    reference: Reference,
) -> Totals:
    """The course in counts, and the exposure of its worst day.

    Args:
        bags: in order.
        sessions: in order.
        recipes: of each bag.
        waits: if a bag is lost; None where none could be replaced within the days looked at.
        order: of the infant.
        reference: what it is calculated with.
    """
    usable = reference.product.vial.usable.quantity
    flows, at = [], Decimal(0)
    for bag, made in zip(bags, recipes, strict=True):
        assert made.held is not None
        runs = magnitude(bag.runs, "h")
        flows.append((at, at + runs, bag.rate, made.held))
        at += runs
    day = worst_day(flows, order.weight)
    return Totals(
        bags=len(bags),
        sessions=len(sessions),
        vials=sum(session.vials for session in sessions),
        vials_floor=recipe.vials([drawn_from(bag) for bag in bags], usable, shared=True),
        changes=len(bags) - 1,
        off_hours_changes=len(off_hours_bags(bags, order, reference)),
        rate_changes=sum(bag.rate_changed for bag in bags),
        worst_gap=None if waits is None else hours_of(worst_gap(waits)),
        drug_drawn=quantity(_millilitres([bag.drug for bag in bags]), "mL"),
        unused=quantity(_millilitres([session.unused for session in sessions]), "mL"),
        fluid=day.fluid,
        sodium=day.sodium,
        chloride=day.chloride,
        lysine=day.lysine,
        polysorbate=day.polysorbate,
        benzyl_alcohol=day.benzyl_alcohol,
    )
