"""On which weekdays a pattern may start so that none of its changes falls off hours."""

from collections.abc import Sequence

from dosing_app.course.order import Order
from dosing_app.course.pattern import Piece, tile
from dosing_app.course.times import off_hours_among
from dosing_app.reference.bundle import Reference

_WEEK = 7


def starting_weekdays(pattern: Sequence[Piece], order: Order, reference: Reference) -> tuple[int, ...]:
    """The weekdays, 1 is Monday, on which the course may start at the ordered hour with no change off hours.

    Each of the seven days from the ordered start on is tried at the same wall clock of the bed, by the rules of the
    search for options: the site's change hours and weekends; the start itself never counts.

    Args:
        pattern: bag durations, repeated until the course is covered.
        order: its start, hour and zone.
        reference: the site's rules and the protocol's hours.

    Source: domain.md section 8, NHS regimen names.
    """
    later = tile(pattern, [phase.days * 24 for phase in reference.protocol.phases])[1:]
    found = []
    for days in range(_WEEK):
        start = order.start.to_tz(order.zone).add(days=days, disambiguation="compatible")
        changes = [start.add(hours=stretch.start_h).to_instant() for stretch in later]
        if not off_hours_among(changes, order, reference):
            found.append(start.date().day_of_week().value)
    return tuple(sorted(found))
