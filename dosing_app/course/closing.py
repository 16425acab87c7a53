"""A finished course closes: hours, micrograms, vials, bags that were made and not used, and names."""

from dataclasses import dataclass
from decimal import Decimal

from whenever import Instant

from dosing_app.core import recipe
from dosing_app.course.bags import drawn_from
from dosing_app.course.plan import Bag
from dosing_app.course.replan import Rest
from dosing_app.reference.bundle import Reference

NOT_NEEDED = "not-needed"  # made, usable, and nothing is due for it any more


class NotFinished(ValueError):
    """A course that cannot close yet; `reason` says why: not-begun, bag-hangs, still-due."""

    def __init__(self, reason: str) -> None:
        """With a code."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Destroyed:
    """A bag that was made and must be destroyed, if it is not yet: its number, the revision that made it, and why."""

    number: int
    revision: int
    reason: str


@dataclass(frozen=True, slots=True)
class Closing:
    """What a finished course comes to. Minutes of infusion; infused + waived = course + over.

    Attributes:
        case: label of the course.
        begun: when the first bag was connected.
        ended: when the last bag came down.
        course_minutes: that it has.
        infused_minutes: that were infused.
        waived_minutes: that a prescriber waived.
        over_minutes: beyond the course.
        given_micrograms: in all.
        bags: that were connected.
        sessions: that were held.
        vials: that they opened, by the volumes to be drawn.
        destroyed: bags that were made and not connected.
        names: everyone who issued, recorded or prescribed, as typed.
    """

    case: str
    begun: Instant
    ended: Instant
    course_minutes: int
    infused_minutes: int
    waived_minutes: int
    over_minutes: int
    given_micrograms: Decimal
    bags: int
    sessions: int
    vials: int
    destroyed: tuple[Destroyed, ...]
    names: tuple[str, ...]


def closing(rest: Rest, reference: Reference) -> Closing:
    """What a finished course comes to.

    Args:
        rest: where it stands.
        reference: of its plan: what a vial holds, and whether bags share one.

    Raises:
        NotFinished: not-begun, bag-hangs, still-due.
    """
    progress = rest.progress
    if not progress.hung:
        raise NotFinished("not-begun")
    if progress.running is not None:
        raise NotFinished("bag-hangs")
    if progress.due_minutes:
        raise NotFinished("still-due")
    held: dict[Instant, list[Bag]] = {}
    for moment, each in progress.ever_made:
        held.setdefault(moment, []).append(each.bag)
    usable, shared = reference.product.vial.usable.quantity, reference.site.share_vials
    vials = sum(recipe.vials([drawn_from(bag) for bag in bags], usable, shared=shared) for bags in held.values())
    made = {(each.number, each.revision) for _moment, each in progress.ever_made}
    destroyed = [
        Destroyed(each.number, each.revision, each.reason)
        for each in progress.unusable
        if each.reason != "used" and (each.number, each.revision) in made
    ]
    destroyed += [Destroyed(number, progress.planned[number].revision, NOT_NEEDED) for number in progress.usable]
    return Closing(
        case=rest.plan.order.case if rest.plan.order else "",
        begun=min(progress.hung.values()),
        ended=max(progress.down.values()),
        course_minutes=progress.course_minutes,
        infused_minutes=progress.infused_minutes,
        waived_minutes=progress.waived_minutes,
        over_minutes=progress.over_minutes,
        given_micrograms=progress.given_micrograms,
        bags=len(progress.hung),
        sessions=len(held),
        vials=vials,
        destroyed=tuple(sorted(destroyed, key=lambda each: (each.number, each.revision))),
        names=rest.names,
    )
