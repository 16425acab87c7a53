"""The course as bags and sessions: recipes and times of every bag."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from whenever import Instant

from dosing_app.core import recipe, stability
from dosing_app.core.clock import instant_of, minutes_of
from dosing_app.core.exposure import worst_day
from dosing_app.core.quantities import Quantity, exact_arithmetic, magnitude, quantity
from dosing_app.core.sessions import OpenMoments, off_hours, open_moments, worst_gap
from dosing_app.course.kinds import Recipe, primed
from dosing_app.course.order import Order
from dosing_app.course.pattern import Stretch
from dosing_app.course.plan import Bag, Session, Totals
from dosing_app.reference.bundle import Reference
from dosing_app.reference.source import in_unit

# How far beyond the course the unit's open moments are looked at: a bag may be made before, a lost one replaced after.
_DAYS_BEFORE, _DAYS_AFTER = 20, 30
_NOTHING = quantity(Decimal(0), "mL")


@dataclass(frozen=True, slots=True)
class Share:
    """What bags of one piece have in common: hours run and volume delivered; the site's limit to connection."""

    runs: Quantity
    delivered: Quantity
    start_within: Quantity | None


@dataclass(frozen=True, slots=True)
class Times:
    """When one bag is made, connected and taken down, and its two limits."""

    share: Share
    start: Instant
    end: Instant
    prepared: Instant
    start_by: Instant
    down_by: Instant
    unit_open: bool
    in_time: bool


def unit_moments(order: Order, course_hours: int, reference: Reference) -> OpenMoments:
    """The open moments of the preparation unit around the course."""
    site = reference.site
    first = order.start.to_tz(site.zone).date().add(days=-_DAYS_BEFORE)
    last = order.start.add(hours=course_hours).to_tz(site.zone).date().add(days=_DAYS_AFTER)
    return open_moments(
        site.preparation_hours,
        site.closed_days(first, last),
        site.zone,
        int(site.session_h * 60),
        first,
        last,
    )


def lead_minutes(reference: Reference) -> int:
    """From the start of a session to the earliest connection."""
    return int(reference.site.lead_time_h * 60)


def share_of(stretch: Stretch, made: Recipe, reference: Reference) -> Share:
    """Worked out once for all bags of a piece."""
    runs = quantity(Decimal(stretch.piece.hours), "h")
    within = reference.site.start_within_h
    return Share(
        runs,
        recipe.delivered_volume(made.kind.rate.quantity, runs),
        None if within is None else quantity(within, "h"),
    )


def times_of(
    stretch: Stretch, made: Recipe, share: Share, order: Order, moments: OpenMoments, reference: Reference
) -> Times:
    """The times of a bag in a session of its own, at the latest open moment that keeps its limits.

    If there is none, its session is set at its connection less the lead time, whether the unit is open or not.
    """
    start = order.start.add(hours=stretch.start_h)
    end = start.add(hours=stretch.piece.hours)
    wanted = minutes_of(start) - lead_minutes(reference)
    latest = moments.latest(wanted)
    if latest is not None:
        times = _limits(start, end, instant_of(latest), share, made, reference, unit_open=True)
        if times.in_time:
            return times
    return _limits(start, end, instant_of(wanted), share, made, reference, unit_open=latest == wanted)


def _limits(
    start: Instant,
    end: Instant,
    prepared: Instant,
    share: Share,
    made: Recipe,
    reference: Reference,
    *,
    unit_open: bool,
) -> Times:
    storage = reference.product.storage[made.kind.storage]
    start_by = stability.start_by(
        prepared,
        share.runs,
        storage.refrigerated.quantity,
        infusion_included=storage.infusion_included,
        start_within=share.start_within,
    )
    down_by = stability.down_by(
        prepared,
        start,
        storage.at_room.quantity,
        storage.refrigerated.quantity,
        infusion_included=storage.infusion_included,
    )
    return Times(share, start, end, prepared, start_by, down_by, unit_open, start <= start_by and end <= down_by)


def make_bags(
    stretches: Sequence[Stretch],
    recipes: Mapping[tuple[str, int], Recipe],
    doses: Sequence[Quantity],
    moments: OpenMoments,
    order: Order,
    reference: Reference,
) -> tuple[list[Bag], list[int], list[int]]:
    """All bags; and the numbers of those made while the unit is closed, and of those whose limits cannot be kept."""
    bags: list[Bag] = []
    closed, late = [], []
    pieces = {stretch.piece: stretch for stretch in stretches}
    shares = {
        piece: share_of(stretch, recipes[stretch.piece.kind, stretch.phase], reference)
        for piece, stretch in pieces.items()
    }
    for number, stretch in enumerate(stretches, 1):
        made = recipes[stretch.piece.kind, stretch.phase]
        share = shares[stretch.piece]
        times = times_of(stretch, made, share, order, moments, reference)
        before = bags[-1] if bags else None
        place = (number, len(stretches))
        bags.append(_make_bag(place, stretch, made, doses[stretch.phase], times, before, order, reference))
        closed += [] if times.unit_open else [number]
        late += [] if times.in_time else [number]
    return bags, closed, late


def _make_bag(
    place: tuple[int, int],
    stretch: Stretch,
    made: Recipe,
    dose: Quantity,
    times: Times,
    before: Bag | None,
    order: Order,
    reference: Reference,
) -> Bag:
    """One bag with its volume ledger: delivered + primed + discarded is all that it holds."""
    kind = made.kind
    assert kind.stabiliser is not None
    assert made.total is not None
    primes = primed(reference) if before is None else _NOTHING  # later bags go on a running line
    return Bag(
        number=place[0],
        of=place[1],
        kind=str(stretch.piece),
        start=times.start,
        end=times.end,
        start_local=local(times.start, order.zone),
        end_local=local(times.end, order.zone),
        runs=times.share.runs,
        rate=kind.rate.quantity,
        rate_changed=before is not None and magnitude(before.rate, "mL/h") != in_unit(kind.rate, "mL/h"),
        daily_dose=dose,
        strength=reference.product.vial.strength.quantity,
        to_deliver=made.to_deliver,
        delivered=times.share.delivered,
        diluent=made.diluent,
        stabiliser=kind.stabiliser.quantity,
        made_up_to=None if kind.final is None else kind.final.quantity,
        drug_exact=made.exact,
        drug=made.measured,
        graduation=made.graduation,
        total=made.total,
        primed=primes,
        discarded=recipe.discarded_volume(made.total, times.share.delivered, primes),
        concentration=made.concentration,
        dose_delivered=made.dose_delivered,
        deviation_percent=made.deviation,
        preservative=kind.preservative,
        prepared=times.prepared,
        prepared_local=local(times.prepared, reference.site.zone),
        start_by=times.start_by,
        down_by=times.down_by,
        session=place[0],
    )


def local(moment: Instant, zone: str) -> str:
    """The wall clock with its offset and zone."""
    return moment.to_tz(zone).format_iso()


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
    taken = [_drawn_from(bag) for bag in own]
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


def _drawn_from(bag: Bag) -> Quantity:
    """What a bag takes from the vials: the larger of the exact and the measured volume."""
    return max(bag.drug_exact, bag.drug, key=lambda volume: magnitude(volume, "mL"))


def _millilitres(volumes: Sequence[Quantity]) -> Decimal:
    """The sum of volumes. [mL]"""
    with exact_arithmetic():
        return sum((magnitude(volume, "mL") for volume in volumes), Decimal(0))


def off_hours_bags(bags: Sequence[Bag], order: Order, reference: Reference) -> tuple[int, ...]:
    """Numbers of the bags whose connection falls off hours; the start itself never counts."""
    first, end = reference.site.change_hours
    walls = [bag.start.to_tz(order.zone) for bag in bags[1:]]
    found = off_hours(
        [(wall.date().day_of_week().value, wall.hour * 60 + wall.minute) for wall in walls],
        first.hour * 60 + first.minute,
        end.hour * 60 + end.minute,
        weekends_off=reference.site.weekend_changes == "off-hours",
    )
    return tuple(bags[index + 1].number for index in found)


def make_totals(
    bags: Sequence[Bag],
    sessions: Sequence[Session],
    recipes: Mapping[tuple[str, int], Recipe],
    stretches: Sequence[Stretch],
    moments: OpenMoments,
    order: Order,
    reference: Reference,
) -> Totals:
    """The course in counts, and the exposure of its worst day."""
    usable = reference.product.vial.usable.quantity
    flows = []
    for stretch in stretches:
        made = recipes[stretch.piece.kind, stretch.phase]
        assert made.held is not None
        flows.append((Decimal(stretch.start_h), Decimal(stretch.end_h), made.kind.rate.quantity, made.held))
    day = worst_day(flows, order.weight)
    gap = worst_gap(
        [tuple(minutes_of(at) for at in (bag.start, bag.end, bag.prepared, bag.start_by)) for bag in bags],  # type: ignore[misc]
        moments,
        lead_minutes(reference),
    )
    with exact_arithmetic():
        gap_hours = None if gap is None else quantity(Decimal(gap) / 60, "h")
    return Totals(
        bags=len(bags),
        sessions=len(sessions),
        vials=sum(session.vials for session in sessions),
        vials_floor=recipe.vials([_drawn_from(bag) for bag in bags], usable, shared=True),
        changes=len(bags) - 1,
        off_hours_changes=len(off_hours_bags(bags, order, reference)),
        rate_changes=sum(bag.rate_changed for bag in bags),
        worst_gap=gap_hours,
        drug_drawn=quantity(_millilitres([bag.drug for bag in bags]), "mL"),
        fluid=day.fluid,
        sodium=day.sodium,
        chloride=day.chloride,
        lysine=day.lysine,
        polysorbate=day.polysorbate,
        benzyl_alcohol=day.benzyl_alcohol,
    )
