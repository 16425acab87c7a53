"""One pure function: an order, what happened and the reference go in; a complete, explained plan comes out."""

from collections.abc import Sequence

from dosing_app.core.quantities import exact_arithmetic
from dosing_app.course.basis import Basis, make_basis
from dosing_app.course.layout import Choice, lay_out, needs_reason
from dosing_app.course.options import Option, find_options, why_no_plan
from dosing_app.course.order import Order
from dosing_app.course.pattern import AUTO, read_pattern
from dosing_app.course.plan import Plan
from dosing_app.reference.bundle import Reference


def calculate(order: Order, log: Sequence[object], reference: Reference, *, search: bool = True) -> Plan:
    """The whole plan of an order.

    Args:
        order: what was prescribed and measured.
        log: what happened so far; nothing yet, since no course is kept before there is a register.
        reference: product data, protocol, site settings and limits.
        search: whether the pattern "auto" is searched for now; else such a plan says that it is still to be.
    """
    assert not log
    with exact_arithmetic():
        # What must be asked about the order; body-surface area, dose, and what every bag kind would take and bring.
        basis = make_basis(order, reference)
        if basis.held_back:
            return basis.plan({}, basis.findings, complete=False)

        # The bags and sessions of the pattern that was typed, or the first of all options that needs no reason.
        if order.pattern != AUTO:
            return lay_out(basis, Choice(read_pattern(order.pattern, reference.product), order.sessions))
        if not search:
            return basis.plan({"searching": True}, basis.findings, complete=False)
        return _first_without_reason(basis)


def _first_without_reason(basis: Basis) -> Plan:
    """The plan of the first option that needs no reason, else of the first; why there is none, else."""
    options: list[Option] = find_options(basis)
    first: Plan | None = None
    for option in options:
        plan = lay_out(basis, option.choice)
        if not needs_reason(plan):
            return plan
        first = first or plan
    return first or basis.plan({}, [*basis.findings, why_no_plan(basis)], complete=False)
