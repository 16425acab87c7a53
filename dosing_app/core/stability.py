"""Until when a prepared bag may be connected, and until when it may run."""

from decimal import Decimal

from whenever import Instant

from dosing_app.core.clock import after_hours, later
from dosing_app.core.quantities import Quantity, exact_arithmetic, magnitude


def start_by(
    prepared: Instant,
    runs: Quantity,
    refrigerated: Quantity,
    *,
    infusion_included: bool,
    start_within: Quantity | None,
) -> Instant:
    """Latest moment at which a bag may be connected.

    Args:
        prepared: start of its session, the first vial puncture.
        runs: hours the bag is to run. [h]
        refrigerated: how long the prepared bag keeps at 2–8 °C. [h]
        infusion_included: whether that limit includes the infusion.
        start_within: the site's own limit from preparation to connection; None where it uses the product's. [h]

    Source: domain.md section 3, "The limits, written out".
    """
    with exact_arithmetic():
        hours = magnitude(refrigerated, "h") - (magnitude(runs, "h") if infusion_included else Decimal(0))
        if start_within is not None:
            hours = min(hours, magnitude(start_within, "h"))
    return after_hours(prepared, hours)


def down_by(
    prepared: Instant,
    connected: Instant,
    room: Quantity,
    refrigerated: Quantity,
    *,
    infusion_included: bool,
) -> Instant:
    """Latest moment at which a bag may still be running.

    Args:
        prepared: start of its session.
        connected: when it is taken from the refrigerator and connected.
        room: how long it keeps at room temperature, infusion included. [h]
        refrigerated: how long the prepared bag keeps at 2–8 °C. [h]
        infusion_included: whether that limit includes the infusion, and so ends it too.

    Source: domain.md section 3.
    """
    at_room = later(connected, room)
    return min(at_room, later(prepared, refrigerated)) if infusion_included else at_room
