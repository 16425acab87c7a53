"""What the user must know about a plan."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from whenever import ZonedDateTime

from dosing_app.core.bsa import body_surface_area
from dosing_app.core.findings import Finding, Tier, finding
from dosing_app.core.quantities import magnitude, plain, print_beyond, print_number
from dosing_app.course.bags import off_hours_bags
from dosing_app.course.kinds import Recipe
from dosing_app.course.order import Order
from dosing_app.course.pattern import Stretch
from dosing_app.course.plan import Bag, Session, Totals
from dosing_app.reference.bundle import Reference
from dosing_app.reference.site import band_of, has_bands


def recipe_findings(recipes: Mapping[tuple[str, int], Recipe], stretches: Sequence[Stretch]) -> list[Finding]:
    """What the recipes in the plan raise, each with the bags that it concerns."""
    found = []
    for (kind, phase), made in recipes.items():
        numbers = tuple(
            number
            for number, stretch in enumerate(stretches, 1)
            if (stretch.piece.kind, stretch.phase) == (kind, phase)
        )
        found += [each.model_copy(update={"bags": numbers}) for each in made.findings]
    return found


def plan_findings(
    bags: Sequence[Bag],
    sessions: Sequence[Session],
    totals: Totals,
    changes: Sequence[ZonedDateTime],
    closed: Sequence[int],
    late: Sequence[int],
    order: Order,
    reference: Reference,
) -> list[Finding]:
    """Every finding about the plan as a whole, each once, with the bags that it concerns."""
    return [
        *_impossible(late),
        *_closed(closed),
        *_sodium(totals, reference),
        *_rates(bags),
        *_off_hours(off_hours_bags(bags, order, reference)),
        *_clock(bags, changes),
        *_storage(bags),
        *_vials(sessions, reference),
        *_outside_table(bags, order, reference),
    ]


def _impossible(late: Sequence[int]) -> Iterator[Finding]:
    if late:
        yield finding("no-plan", reason="limits", bags=tuple(late))


def _closed(closed: Sequence[int]) -> Iterator[Finding]:
    if closed:
        yield finding("unit-closed", actual=str(len(closed)), source="site", bags=tuple(closed))


def _sodium(totals: Totals, reference: Reference) -> Iterator[Finding]:
    """Upper figure of the worst day against the two levels."""
    sodium = magnitude(totals.sodium, "mmol/kg/day")
    for name, tier in (("sodium_justify", Tier.JUSTIFY), ("sodium_note", Tier.NOTE)):
        figure = getattr(reference.limits, f"{name}_mmol_per_kg_per_day")
        if sodium > figure.number:
            yield finding(
                "sodium",
                tier,
                actual=print_beyond(sodium, figure.number, 1),
                limit=plain(figure.number),
                source=f"{figure.source} [{figure.grade}]",
            )
            return


def _rates(bags: Sequence[Bag]) -> Iterator[Finding]:
    """Each change of the pump rate, in words that a nurse needs."""
    changed = [(before, bag) for before, bag in pairwise(bags) if bag.rate_changed]
    if changed:
        rates = ", ".join(dict.fromkeys(plain(magnitude(bag.rate, "mL/h")) for bag in bags))
        yield finding(
            "rate-change", actual=str(len(changed)), rates=rates, bags=tuple(bag.number for _, bag in changed)
        )


def _off_hours(numbers: tuple[int, ...]) -> Iterator[Finding]:
    if numbers:
        yield finding("off-hours", actual=str(len(numbers)), source="site", bags=numbers)


def _clock(bags: Sequence[Bag], changes: Sequence[ZonedDateTime]) -> Iterator[Finding]:
    for change in changes:
        moment = change.to_instant()
        running = tuple(bag.number for bag in bags if bag.start < moment <= bag.end)
        yield finding("clock-change", actual=change.format_iso(), bags=running)


def _storage(bags: Sequence[Bag]) -> Iterator[Finding]:
    """Bags that must come down at the very minute at which their limit ends."""
    tight = tuple(bag.number for bag in bags if bag.end == bag.down_by)
    if tight:
        yield finding("no-storage-slack", actual=str(len(tight)), bags=tight)


def _vials(sessions: Sequence[Session], reference: Reference) -> Iterator[Finding]:
    """Sessions whose vials leave almost nothing for losses."""
    limit = reference.limits.value("vial_slack_note_ml")
    tight = [session for session in sessions if magnitude(session.spare, "mL") < limit]
    if tight:
        yield finding(
            "no-vial-slack",
            actual=str(len(tight)),
            limit=f"{plain(limit)} mL",
            source=reference.limits.shown("vial_slack_note_ml"),
            bags=tuple(number for session in tight for number in session.bags),
            sessions=", ".join(str(session.number) for session in tight),
        )


def _outside_table(bags: Sequence[Bag], order: Order, reference: Reference) -> Iterator[Finding]:
    """Kinds in the plan for whose BSA the site entered no row of the label's table, where it entered any."""
    site, name = reference.site, reference.product.name
    if not has_bands(site, name):
        return
    area = magnitude(body_surface_area(order.formula, order.weight, order.length), "m^2")
    outside = [bag for bag in bags if band_of(site, name, bag.kind.partition("@")[0], area) is None]
    if outside:
        kinds = ", ".join(dict.fromkeys(bag.kind.partition("@")[0] for bag in outside))
        yield finding(
            "outside-label-table",
            actual=f"{print_number(area, 4)} m²",
            source="site",
            kinds=kinds,
            bags=tuple(bag.number for bag in outside),
        )
