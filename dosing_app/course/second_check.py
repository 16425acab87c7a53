"""The blind second check: another person enters the order again from its source, and only what differs is shown."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from whenever import Instant as PointInTime

from dosing_app.core.findings import Finding
from dosing_app.core.quantities import BLANKS
from dosing_app.course.model import Frozen, Instant
from dosing_app.course.order import Order, read_order
from dosing_app.course.plan import Plan
from dosing_app.reference.approval import same_person
from dosing_app.reference.bundle import House

# What the second person enters, all of it, from the chart and the scale.
CHECKED = ("case", "born", "weight", "length", "prescribed", "product", "formula", "start")


# What the site's approval and its copy of the label's table say, and no figure of the plan depends on.
_OF_THE_SITE = {"product-not-approved", "outside-label-table"}


class Check(Frozen):
    """That a second person has entered the same order: who, when, and of which plan. Typed names prove nothing."""

    entered_by: str
    checked_by: str
    at: Instant
    of: str  # fingerprint of the plan


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a second entry.

    Attributes:
        check: the record, if nothing stands against it.
        missing: fields that are still empty; "entered-by" and "checked-by" are the names.
        unreadable: what cannot be read in the second entry.
        differing: fields in which the two entries differ, without their values: the second person looks at the source
            again, not at the first entry.
        same_person: whether both names are one person's.
        held_back: whether the first order has no complete plan to check.
    """

    check: Check | None = None
    missing: tuple[str, ...] = ()
    unreadable: tuple[Finding, ...] = ()
    differing: tuple[str, ...] = ()
    same_person: bool = False
    held_back: bool = False


def second_check(
    first: Mapping[str, str],
    second: Mapping[str, str],
    plan: Plan,
    house: House,
    names: tuple[str, str],
    at: PointInTime,
) -> Outcome:
    """Compare two entries field by field, by what they mean: 6420 g is 6.42 kg.

    Args:
        first: the texts of the order.
        second: the texts of the second entry, by the names of `CHECKED`.
        plan: what follows from the first.
        house: the site's settings.
        names: who entered the order, and who enters it again.
        at: now.

    Source: domain.md section 10 [J].
    """
    entered_by, checked_by = (name.strip(BLANKS) for name in names)
    if not plan.complete or plan.order is None:
        return Outcome(held_back=True)
    missing = [field for field in CHECKED if not second.get(field, "").strip(BLANKS)]
    missing += [name for name, text in (("entered-by", entered_by), ("checked-by", checked_by)) if not text]
    if missing:
        return Outcome(missing=tuple(missing))
    if same_person(entered_by, checked_by):
        return Outcome(same_person=True)
    own = {field: text for field, text in second.items() if field in CHECKED}
    reading = read_order({**first, **own}, house, typed=True)
    if reading.order is None:
        return Outcome(unreadable=reading.findings)
    differing = tuple(field for field in CHECKED if _value(plan.order, field) != _value(reading.order, field))
    if differing:
        return Outcome(differing=differing)
    return Outcome(Check(entered_by=entered_by, checked_by=checked_by, at=at, of=fingerprint(plan)))


def _value(order: Order, field: str) -> Any:
    if field == "case":
        return " ".join(order.case.split()).casefold()
    return getattr(order, field)


def fingerprint(plan: Plan) -> str:
    """A checksum over the whole plan: order, product data, pattern, sessions, and the settings that touch a dose.

    The program's own version is left out: if it changes a figure, the fingerprint changes by that. So is whether the
    product data is approved here: which data it is stands in the plan.
    """
    content = plan.as_json()
    for derived in ("issue", "check_code", "kinds"):
        content.pop(derived, None)
    content["findings"] = [each for each in content["findings"] if each["code"] not in _OF_THE_SITE]
    content["versions"] = {key: each for key, each in content.get("versions", {}).items() if key != "program"}
    return digest(content)


def digest(content: Mapping[str, Any]) -> str:
    """A checksum over JSON in its canonical form."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def holds(check: Check | None, plan: Plan) -> bool:
    """Whether a check is one of this very plan."""
    return check is not None and plan.complete and check.of == fingerprint(plan)
