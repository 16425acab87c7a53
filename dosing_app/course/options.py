"""The options of a course: every plan that no other one beats in all five counts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import gcd

from dosing_app.core.clock import MINUTES_PER_HOUR, instant_of, minutes_of
from dosing_app.core.findings import Finding, finding
from dosing_app.core.front import Choice as BagChoice
from dosing_app.core.front import Counts, CourseHours, reached, search
from dosing_app.core.quantities import Quantity, exact_arithmetic, magnitude, plain
from dosing_app.core.recipe import vials
from dosing_app.course.basis import Basis, in_order, make_basis
from dosing_app.course.layout import Choice, lay_out
from dosing_app.course.order import Order
from dosing_app.course.pattern import Piece
from dosing_app.course.plan import Plan
from dosing_app.course.spares import Spare, spare_bags
from dosing_app.course.times import drawn, local, off_hours_among, rules_of, wait_of
from dosing_app.reference.bundle import Reference
from dosing_app.reference.source import in_unit

_LATEST_START_H = 7 * 24  # how far a later start is looked for where no plan exists


@dataclass(frozen=True, slots=True)
class Option:
    """One point of the front: what to type to have it, and its counts."""

    choice: Choice
    counts: Counts
    preserved: bool


def find_options(basis: Basis) -> list[Option]:
    """The complete front of the plans without preserved bags, then that of the plans with one, fewest vials first.

    Source: cli.md, `options --json`.
    """
    pieces = _pieces(basis)
    course = _course_hours(basis, pieces, minutes_of(basis.order.start))
    ways = search(course, [_bag_choice(piece, basis) for piece in pieces], rules_of(basis.reference))
    return [
        Option(
            Choice(
                tuple(pieces[index] for session in way.sessions for index in session),
                tuple(len(session) for session in way.sessions),
            ),
            way.counts,
            way.preserved,
        )
        for way in ways
    ]


class Answer:
    """What there is to choose from for an order.

    Attributes:
        findings: about the order; and why there is no plan, if there is none.
        options: fewest vials first.
        label_way: vials by bag kind, if every bag were made by itself.
    """

    def __init__(self, basis: Basis) -> None:
        """Search; the plans themselves are laid out when they are asked for."""
        self._basis = basis
        self.order = basis.order
        self._plans: dict[int, Plan] = {}
        self.options: list[Option] = [] if basis.held_back else find_options(basis)
        self.label_way: dict[str, int] = {} if basis.held_back else label_way(basis)
        none = not self.options and not basis.held_back
        findings = [*basis.findings, why_no_plan(basis)] if none else basis.findings
        self.findings: tuple[Finding, ...] = in_order(findings, basis.order)

    def plan(self, index: int) -> Plan:
        """The whole plan of an option."""
        if index not in self._plans:
            with exact_arithmetic():
                self._plans[index] = lay_out(self._basis, self.options[index].choice)
        return self._plans[index]

    @property
    def listed(self) -> list[int]:
        """The options with a plan: one on which the two engines disagree has none."""
        return [index for index in range(len(self.options)) if self.plan(index).bags]

    def spares(self, index: int) -> list[Spare]:
        """What a spare bag in each session of an option costs and saves."""
        return spare_bags(self.plan(index), self._basis.moments, self._basis.reference)


def find_answer(order: Order, reference: Reference) -> Answer:
    """All options of an order; none where the order is held back."""
    with exact_arithmetic():
        return Answer(make_basis(order, reference))


def label_way(basis: Basis) -> dict[str, int]:
    """The vials of the label's way: bags of one kind, each made by itself from vials of its own; by kind."""
    per_kind: dict[str, int] = {}
    usable = basis.reference.product.vial.usable.quantity
    phases = [phase.days * 24 for phase in basis.reference.protocol.phases]
    for kind in basis.reference.product.kind:
        made = [basis.recipe(kind.name, phase) for phase in range(len(phases))]
        if any(each.refused for each in made):
            continue
        per_kind[kind.name] = sum(
            vials([_larger(each.exact, each.measured)] * -(-hours // kind.hours), usable, shared=False)
            for each, hours in zip(made, phases, strict=True)
        )
    return per_kind


def _larger(exact: Quantity | None, measured: Quantity | None) -> Quantity:
    assert exact is not None
    assert measured is not None
    return max(exact, measured, key=lambda volume: magnitude(volume, "mL"))


def why_no_plan(basis: Basis) -> Finding:
    """The finding for a course without any plan: the first obstacle, and the smallest steps that would remove it."""
    pieces = _pieces(basis)
    if not pieces:
        return finding("no-plan", reason="kinds")
    rules, choices = rules_of(basis.reference), [_bag_choice(piece, basis) for piece in pieces]
    start = minutes_of(basis.order.start)
    course = _course_hours(basis, pieces, start)
    anywhere = replace(course, session_at=dict.fromkeys(course.session_at, start))
    if course.hours not in reached(anywhere, [replace(each, wait=start) for each in choices], rules):
        return finding("no-plan", reason="hours", kinds=", ".join(str(piece) for piece in pieces))
    obstacle = max(reached(course, choices, rules))
    connection = start + obstacle * MINUTES_PER_HOUR
    return finding(
        "no-plan",
        actual=local(instant_of(connection), basis.order.zone),
        limit=f"{plain(basis.reference.site.start_within_h)} h" if basis.reference.site.start_within_h else "",
        source="site",
        values={
            "reason": "closed",
            **_closure(basis, connection - rules.lead),
            "within_h": _smallest_limit(basis, pieces, course, choices),
            "start": _next_start(basis, pieces, choices),
        },
    )


def _closure(basis: Basis, wanted: int) -> dict[str, str]:
    """The last open moment not after the one wanted, and the first one after, at the unit's wall clock."""
    last, first = basis.moments.latest(wanted), basis.moments.earliest(wanted)
    zone = basis.reference.site.zone
    return {
        "last": "" if last is None else local(instant_of(last), zone),
        "first": "" if first is None else local(instant_of(first), zone),
    }


def _smallest_limit(basis: Basis, pieces: Sequence[Piece], course: CourseHours, choices: Sequence[BagChoice]) -> str:
    """The fewest whole hours from preparation to connection with which there is a plan; none if there is none."""
    site = basis.reference.site
    if site.start_within_h is None:
        return ""
    by_product = replace(basis.reference, site=site.model_copy(update={"start_within_h": None}))
    waits = [wait_of(piece, by_product) for piece in pieces]
    rules = rules_of(basis.reference)

    def has_plan(hours: int) -> bool:
        relaxed = [
            replace(choice, wait=min(wait, hours * MINUTES_PER_HOUR))
            for choice, wait in zip(choices, waits, strict=True)
        ]
        return course.hours in reached(course, relaxed, rules)

    low, high = int(site.start_within_h), -(-max(waits) // MINUTES_PER_HOUR)
    if not has_plan(high):
        return ""
    while high - low > 1:  # a longer limit never takes a plan away
        middle = (low + high) // 2
        low, high = (low, middle) if has_plan(middle) else (middle, high)
    return str(high)


def _next_start(basis: Basis, pieces: Sequence[Piece], choices: Sequence[BagChoice]) -> str:
    """The next start in whole hours from the ordered one at which there is a plan; none within a week."""
    rules, start = rules_of(basis.reference), minutes_of(basis.order.start)
    for hours in range(1, _LATEST_START_H + 1):
        later = start + hours * MINUTES_PER_HOUR
        course = _course_hours(basis, pieces, later)
        if course.hours in reached(course, choices, rules):
            return local(instant_of(later), basis.order.zone)
    return ""


def _pieces(basis: Basis) -> list[Piece]:
    """Every kind that no finding refuses in some phase, with its early take-downs."""
    phases = range(len(basis.reference.protocol.phases))
    return [
        piece
        for kind in basis.reference.product.kind
        if not all(basis.recipe(kind.name, phase).refused for phase in phases)
        for piece in (
            Piece(kind.name, kind.hours, full=True),
            *(Piece(kind.name, int(in_unit(each, "h")), full=False) for each in kind.early_take_down),
        )
    ]


def _bag_choice(piece: Piece, basis: Basis) -> BagChoice:
    """A piece as the search sees it."""
    kind = basis.reference.product.kinds[piece.kind]
    rates = sorted({in_unit(each.rate, "mL/h") for each in basis.reference.product.kind})
    recipes = [basis.recipe(piece.kind, phase) for phase in range(len(basis.reference.protocol.phases))]
    return BagChoice(
        hours=piece.hours,
        rate=rates.index(in_unit(kind.rate, "mL/h")),
        drawn=tuple(None if made.refused else drawn(made) for made in recipes),
        wait=wait_of(piece, basis.reference),
        preserved=kind.preservative,
    )


def _course_hours(basis: Basis, pieces: Sequence[Piece], start: int) -> CourseHours:
    """The course from a start in minutes: sessions and off-hours changes by position."""
    phases = tuple(phase.days * 24 for phase in basis.reference.protocol.phases)
    lead = rules_of(basis.reference).lead
    positions = range(0, sum(phases), gcd(*(piece.hours for piece in pieces)) if pieces else sum(phases))
    later = [at for at in positions if at]
    moments = [instant_of(start + at * MINUTES_PER_HOUR) for at in later]
    return CourseHours(
        start=start,
        phases=phases,
        session_at={at: basis.moments.latest(start + at * MINUTES_PER_HOUR - lead) for at in positions},
        off_hours={later[index] for index in off_hours_among(moments, basis.order, basis.reference)},
    )
