"""When the unit is open around a course, how long a bag may wait, and when each bag is made and its limits end."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from whenever import Instant

from dosing_app.core import stability
from dosing_app.core.clock import MINUTES_PER_HOUR, instant_of, minutes_of
from dosing_app.core.quantities import magnitude, quantity
from dosing_app.core.sessions import OpenMoments, PlannedBag, Rules, Visit, off_hours, open_moments
from dosing_app.course.kinds import Recipe
from dosing_app.course.order import Order
from dosing_app.course.pattern import Piece, Stretch
from dosing_app.reference.bundle import Reference
from dosing_app.reference.source import in_unit

# How far beyond the course the unit's open moments are looked at: a bag may be made before, a lost one replaced after.
_DAYS_BEFORE, _DAYS_AFTER = 20, 30
_FINE = 40  # decimals of a millilitre at which a volume is a whole number, exactly
NEVER = -1  # minutes that no bag has waited


@dataclass(frozen=True, slots=True)
class Times:
    """When one bag is made, connected and taken down, and its two limits."""

    start: Instant
    end: Instant
    prepared: Instant
    start_by: Instant
    down_by: Instant
    session: int
    unit_open: bool

    @property
    def in_time(self) -> bool:
        """Whether it keeps both limits."""
        return self.start <= self.start_by and self.end <= self.down_by


def unit_moments(order: Order, course_hours: int, reference: Reference) -> OpenMoments:
    """The open moments of the preparation unit around the course."""
    site = reference.site
    first = order.start.to_tz(site.zone).date().add(days=-_DAYS_BEFORE)
    last = order.start.add(hours=course_hours).to_tz(site.zone).date().add(days=_DAYS_AFTER)
    return open_moments(
        site.preparation_hours,
        site.closed_days(first, last),
        site.zone,
        int(site.session_h * MINUTES_PER_HOUR),
        first,
        last,
    )


def rules_of(reference: Reference) -> Rules:
    """What holds for every session of the site."""
    site = reference.site
    return Rules(
        lead=int(site.lead_time_h * MINUTES_PER_HOUR),
        most_bags=site.max_bags_per_session,
        vial=fine(in_unit(reference.product.vial.usable, "mL")),
        shared=site.share_vials,
    )


def fine(volume: Decimal) -> int:
    """A volume in mL as a whole number of the finest parts, nothing rounded."""
    return int(volume.scaleb(_FINE))


def drawn(made: Recipe) -> int:
    """What a bag takes from the vials, in the finest parts: the larger of the exact and the measured volume."""
    assert made.exact is not None
    assert made.measured is not None
    return max(fine(magnitude(made.exact, "mL")), fine(magnitude(made.measured, "mL")))


def wait_of(piece: Piece, reference: Reference) -> int:
    """Minutes from the start of its session to the latest connection of a bag, taken down when the piece says.

    `NEVER` where it may not run so long at all.
    """
    storage = reference.product.storage[reference.product.kinds[piece.kind].storage]
    if piece.hours > in_unit(storage.at_room, "h"):
        return NEVER
    beginning = Instant.from_timestamp(0)
    return minutes_of(_start_by(beginning, piece, reference))


def _start_by(prepared: Instant, piece: Piece, reference: Reference) -> Instant:
    storage = reference.product.storage[reference.product.kinds[piece.kind].storage]
    within = reference.site.start_within_h
    return stability.start_by(
        prepared,
        quantity(Decimal(piece.hours), "h"),
        storage.refrigerated.quantity,
        infusion_included=storage.infusion_included,
        start_within=None if within is None else quantity(within, "h"),
    )


def planned_bags(
    stretches: Sequence[Stretch], recipes: Sequence[Recipe], order: Order, reference: Reference
) -> list[PlannedBag]:
    """The bags of a pattern as the grouping into sessions sees them."""
    begin = minutes_of(order.start)
    waits = {piece: wait_of(piece, reference) for piece in {stretch.piece for stretch in stretches}}
    return [
        PlannedBag(begin + stretch.start_h * MINUTES_PER_HOUR, drawn(made), waits[stretch.piece])
        for stretch, made in zip(stretches, recipes, strict=True)
    ]


def times_of(stretches: Sequence[Stretch], visits: Sequence[Visit], order: Order, reference: Reference) -> list[Times]:
    """The times of every bag, made in the session that the visits give it."""
    sessions = [(number, visit) for number, visit in enumerate(visits, 1) for _bag in range(visit.bags)]
    beginning = Instant.from_timestamp(0)
    within = {
        piece: minutes_of(_start_by(beginning, piece, reference)) for piece in {stretch.piece for stretch in stretches}
    }
    times = []
    for stretch, (number, visit) in zip(stretches, sessions, strict=True):
        storage = reference.product.storage[reference.product.kinds[stretch.piece.kind].storage]
        start, prepared = order.start.add(hours=stretch.start_h), instant_of(visit.at)
        down_by = stability.down_by(
            prepared,
            start,
            storage.at_room.quantity,
            storage.refrigerated.quantity,
            infusion_included=storage.infusion_included,
        )
        times.append(
            Times(
                start=start,
                end=order.start.add(hours=stretch.end_h),
                prepared=prepared,
                start_by=instant_of(visit.at + within[stretch.piece]),
                down_by=down_by,
                session=number,
                unit_open=visit.is_open,
            )
        )
    return times


def off_hours_among(moments: Sequence[Instant], order: Order, reference: Reference) -> list[int]:
    """Which of these changes fall off hours at the bed's wall clock, by index."""
    first, end = reference.site.change_hours
    walls = [moment.to_tz(order.zone) for moment in moments]
    return off_hours(
        [(wall.date().day_of_week().value, wall.hour * MINUTES_PER_HOUR + wall.minute) for wall in walls],
        first.hour * MINUTES_PER_HOUR + first.minute,
        end.hour * MINUTES_PER_HOUR + end.minute,
        weekends_off=reference.site.weekend_changes == "off-hours",
    )


def local(moment: Instant, zone: str) -> str:
    """The wall clock with its offset and zone."""
    return moment.to_tz(zone).format_iso()
