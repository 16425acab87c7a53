"""A case comes onto the register: its course found by the label or made, its order renewed, its revisions added."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from whenever import Date

from dosing_app.core.clock import read_date
from dosing_app.core.quantities import Quantity, Refused, magnitude, plain
from dosing_app.course.issue import NotIssued
from dosing_app.course.order import REASON, Order
from dosing_app.course.plan import Plan
from dosing_app.course.second_check import Check
from dosing_app.reference.source import BadFile
from dosing_app.store import issued
from dosing_app.store.register import CourseRecord, Listed, Register, RegisterError


def course_of(register: Register, label: str) -> CourseRecord | None:
    """The course of a case; None where there is none yet. Raises `RegisterError`, `Tampered`."""
    found = register.labelled(label)
    return register.course(found[0].id) if found else None


def enter(
    register: Register,
    label: str,
    born: Date,
    texts: Mapping[str, str] | None,
    by: str,
    check: Check | None = None,
    plans: Sequence[Plan] = (),
) -> Listed:
    """Put a case on the register, or bring what the register has of it up to date. May be done again after a failure.

    Args:
        register: open.
        label: of the case.
        born: the infant's birth date: a label that was another infant's is refused.
        texts: of the order as typed; None where they are not at hand: those of the register stay, or the latest plan
            says them.
        by: who records it.
        check: of that order.
        plans: the issued revisions of the case that are known here.

    Raises:
        RegisterError: label-reused, other-plan, and as `Register.add_course` and `Register.add_plan`.
        Conflict: somebody else recorded something at the same time.
        Tampered: the register is not as it was written.
    """
    record = course_of(register, label)
    if record is None:
        if texts is None:
            texts = _texts_of_latest(plans)
        try:
            listed = register.add_course(label, texts, by, check, alone=True)
        except RegisterError as error:
            if error.reason != "label-taken":
                raise
            return enter(register, label, born, texts, by, check, plans)  # another station was first
        recorded: tuple[Plan, ...] = ()
    else:
        refuse_another(record, born)
        listed, recorded = record.listed, record.plans
        if texts is not None and (dict(record.texts) != dict(texts) or record.check != check):
            listed = register.change_order(listed.id, texts, by, listed.head, check)
    there = {_revision(plan): plan for plan in recorded}
    for plan in sorted(plans, key=_revision):
        same = there.get(_revision(plan))
        if same is None:
            listed = register.add_plan(listed.id, plan.as_json(), by, listed.head)
        elif _digest(same) != _digest(plan):
            raise RegisterError("other-plan", revision=_revision(plan), label=listed.label)
    return listed


def refuse_another(record: CourseRecord, born: Date) -> None:
    """Refuse to take one infant for another. Raises `RegisterError` label-reused."""
    other = born_of(record)
    if other is not None and other != born:
        raise RegisterError("label-reused", label=record.listed.label, born=born, other=other)


def born_of(record: CourseRecord) -> Date | None:
    """The birth date of the infant of a course; None where the order does not say it readably."""
    if record.plans:
        order = record.plans[0].order
        assert order is not None
        return order.born
    try:
        return read_date(record.texts.get("born", ""), typed=True)
    except Refused:
        return None


def texts_of(order: Order) -> dict[str, str]:
    """An order that was read, as texts that are read as the same order again."""

    def text(value: Quantity | None, unit: str) -> str:
        return "" if value is None else f"{plain(magnitude(value, unit))} {unit}"

    previous = order.previous
    texts = {
        "case": order.case,
        "weight": text(order.weight, "kg"),
        "length": text(order.length, "cm"),
        "born": order.born.format_iso(),
        "sex": order.sex or "",
        "gestation": order.gestation or "",
        "measured": order.measured.format_iso() if order.measured else "",
        "previous-weight": f"{text(previous.weight, 'kg')}@{previous.measured.format_iso()}" if previous else "",
        "second-weight": text(order.second_weight, "kg"),
        "second-length": text(order.second_length, "cm"),
        "prescribed": text(order.prescribed, "microgram/day"),
        "start": order.start.to_tz(order.zone).format_iso(unit="minute").partition("[")[0],
        "zone": order.zone,
        "product": order.product,
        "protocol": order.protocol,
        "formula": order.formula if order.formula_asked else "",
        "pattern": order.pattern,
        "sessions": ",".join(map(str, order.sessions or ())),
        **{REASON + code: reason for code, reason in order.reasons.items()},
    }
    return {name: each for name, each in texts.items() if each}


def _texts_of_latest(plans: Sequence[Plan]) -> dict[str, str]:
    order = max(plans, key=_revision).order
    assert order is not None
    return texts_of(order)


def mirror(plans: Iterable[Plan], folder: Path) -> tuple[int, ...]:
    """Keep what the register has as files too, where prints are counted; the revisions of which another file is there.

    Raises:
        OSError: a file could not be written.
    """
    other = []
    for plan in plans:
        assert plan.order is not None
        path = folder / issued.file_name(plan.order.case, _revision(plan))
        try:
            if not path.exists():
                issued.keep(plan, folder)
            elif _digest(issued.open_issued(path)) != _digest(plan):
                other.append(_revision(plan))
        except (issued.Exists, BadFile, NotIssued):
            other.append(_revision(plan))
    return tuple(other)


def _revision(plan: Plan) -> int:
    return plan.issue.revision if plan.issue else 0


def _digest(plan: Plan) -> str:
    return plan.issue.digest if plan.issue else ""
