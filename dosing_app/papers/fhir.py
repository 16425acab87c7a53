"""The order and the bags that hung as FHIR R4B: one bundle for other systems, checked by the models of the standard."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID, uuid5

from whenever import Instant

from dosing_app.core.quantities import magnitude, print_number
from dosing_app.course.log import Lost, read_log
from dosing_app.course.plan import Bag, Plan
from dosing_app.course.progress import Progress
from dosing_app.course.replay import replay
from dosing_app.course.second_check import digest
from dosing_app.papers.standing import NotPrintable
from dosing_app.reference.bundle import Reference
from dosing_app.wording import figures
from dosing_app.wording.language import _

_UCUM = "http://unitsofmeasure.org"
_PLACES = 6  # decimals: what is worked out has more digits than the standard asks its readers to keep
_NO_SPACE = UUID(int=0)  # the names below are told apart by the plan's own checksum


def bundle_of(
    plan: Plan, log_entries: Sequence[Mapping[str, Any]], reference: Reference, earlier: Sequence[Plan] = ()
) -> bytes:
    """The order of a plan and every bag that hung, as a bundle in JSON; the same bytes for the same plan and log.

    An issued plan is an active order, any other one a proposal. There is no name in it, and no identifier but the
    case label.

    Args:
        plan: with bags; the newest revision.
        log_entries: as they were written; empty where nothing has happened.
        reference: product data and site of the plan.
        earlier: the issued revisions before it.

    Raises:
        NotPrintable: the plan has no bags.
        ImpossibleLog: an entry that cannot have happened.
    """
    if not plan.bags or plan.order is None or plan.course is None or plan.bsa is None or plan.daily_dose is None:
        raise NotPrintable("a plan without bags has no bundle")
    plans = {(each.issue.revision if each.issue else 0): each for each in (*earlier, plan)}
    request = _request(plan)
    entries = [(_name(plan, "order"), request)]
    log = read_log(log_entries)
    if log:
        progress = replay([*earlier, plan], log, log[-1].event.at, reference)
        lost = {(each.event.bag, each.event.at) for each in log if isinstance(each.event, Lost)}
        entries += _administrations(plan, plans, progress, lost)
    bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "collection"}
    if plan.issue is not None:
        bundle["timestamp"] = _time(progress.at if log else plan.issue.issued_at)
    bundle["entry"] = [{"fullUrl": name, "resource": resource} for name, resource in entries]
    _check(bundle)
    return (_text(bundle) + "\n").encode()


def _check(bundle: dict[str, Any]) -> None:
    """The models of the standard accept it; a bundle that they refuse is a fault of this program."""
    from fhir.resources.R4B.bundle import Bundle

    Bundle.model_validate(bundle)


def _name(plan: Plan, part: str) -> str:
    """A name that nobody else gives, and that the same plan has again."""
    whole = plan.issue.digest if plan.issue is not None else digest(plan.as_json())
    return uuid5(_NO_SPACE, f"{whole} {part}").urn


# ---- the order ----


def _request(plan: Plan) -> dict[str, Any]:
    assert plan.course is not None
    request: dict[str, Any] = {
        "resourceType": "MedicationRequest",
        "status": "active" if plan.issue is not None else "draft",
        "intent": "order" if plan.issue is not None else "proposal",
        "medicationCodeableConcept": _drug(),
        "subject": _subject(plan),
    }
    if plan.issue is not None:
        request["authoredOn"] = _time(plan.issue.issued_at)
    request["note"] = [{"text": text} for text in _notes(plan)]
    request["dosageInstruction"] = list(_dosages(plan))
    return request


def _drug() -> dict[str, Any]:
    return {"text": "blinatumomab"}


def _subject(plan: Plan) -> dict[str, Any]:
    """The infant by the case label alone; it has no system, since this program gives none out."""
    assert plan.order is not None
    if not plan.order.case:
        return {"type": "Patient", "display": _("no case label")}
    return {"type": "Patient", "identifier": {"value": plan.order.case}}


def _notes(plan: Plan) -> Iterator[str]:
    assert plan.versions is not None
    if plan.issue is not None:
        yield _("Revision {number}").format(number=plan.issue.revision)
    else:
        yield _("DRAFT")
    yield _("Check code {code}").format(code=figures.spelled_code(plan))
    yield " ".join(figures.dose_explained(plan).split())
    yield _("Product data {version}").format(version=plan.versions.product_data)
    yield _(
        "For planning and as an arithmetic check beside the approved product information. "
        "Not a registered medical device: the pharmacist's own calculation stays primary."
    )


def _dosages(plan: Plan) -> Iterator[dict[str, Any]]:
    """One instruction for each stretch of the course at one daily dose."""
    assert plan.bags is not None
    assert plan.daily_dose is not None
    stretches = [list(bags) for _dose, bags in groupby(plan.bags, key=_daily_dose)]
    for number, bags in enumerate(stretches, 1):
        daily = _daily_dose(bags[0])
        rates = [_of_type(_("daily dose"), _quantity(daily, "micrograms per day", "ug/d"))]
        if number == 1:
            dose_rate = magnitude(plan.daily_dose.dose_rate, "microgram/m^2/day")
            words = _quantity(dose_rate, "micrograms per m² per day", "ug/m2/d")
            rates.append(_of_type(_("dose rate"), words))
        yield {
            "sequence": number,
            "text": _("Continuous infusion at {dose} micrograms per day").format(dose=print_number(daily, 2)),
            "timing": {"repeat": {"boundsPeriod": _period(bags[0].start, bags[-1].end)}},
            "route": _route(),
            "doseAndRate": rates,
            "maxDosePerPeriod": {
                "numerator": _quantity(magnitude(plan.daily_dose.cap, "microgram/day"), "micrograms", "ug"),
                "denominator": _quantity(Decimal(1), "day", "d"),
            },
        }


def _daily_dose(bag: Bag) -> Decimal:
    return magnitude(bag.daily_dose, "microgram/day")


def _route() -> dict[str, Any]:
    return {"text": _("intravenous")}


def _of_type(words: str, rate: dict[str, Any]) -> dict[str, Any]:
    return {"type": {"text": words}, "rateQuantity": rate}


# ---- the bags that hung ----


def _administrations(
    plan: Plan, plans: Mapping[int, Plan], progress: Progress, lost: Collection[tuple[int, Instant]]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every bag that was connected, as it really ran."""
    for number, hung in sorted(progress.hung.items(), key=lambda each: each[1]):
        made_by = progress.planned[number].revision
        down = progress.down.get(number)
        if down is None:
            assert progress.running is not None
            status = "in-progress" if progress.running.interrupted_since is None else "on-hold"
        else:
            status = "stopped" if (number, down) in lost else "completed"
        bag, given = progress.bags[number], progress.given.get(number)
        dosage: dict[str, Any] = {"route": _route()}
        if given is not None:
            dosage["text"] = _("{volume} mL at {rates} mL/hour").format(
                volume=print_number(given.volume, _PLACES),
                rates=_(" and ").join(print_number(rate) for rate in given.rates),
            )
            dosage["dose"] = _quantity(given.micrograms, "micrograms", "ug")
            if len(given.rates) == 1:  # of several there is none to name alone
                dosage["rateQuantity"] = _quantity(given.rates[0], "mL/hour", "mL/h")
        else:
            dosage["text"] = _("connected; nothing infused yet")
        yield (
            _name(plans.get(made_by, plan), f"bag {number}"),
            {
                "resourceType": "MedicationAdministration",
                "status": status,
                "medicationCodeableConcept": _drug(),
                "subject": _subject(plan),
                "effectivePeriod": _period(hung, down),
                "request": {"reference": _name(plan, "order")},
                "note": [
                    {"text": _("Bag {number} of {of}").format(number=number, of=bag.of)},
                    *({"text": words} for words in _stops(hung, down, progress, plan)),
                ],
                "dosage": dosage,
            },
        )


def _stops(hung: Instant, down: Instant | None, progress: Progress, plan: Plan) -> Iterator[str]:
    """When the pump stood still with the bag connected."""
    assert plan.order is not None
    zone, running = plan.order.zone, progress.running
    gaps = [(begin, end) for begin, end, _reason in progress.gaps]
    if running is not None and running.interrupted_since == progress.at:
        gaps.append((progress.at, None))  # it has just begun, and has no minute yet
    for begin, end in gaps:
        if begin < hung or (down is not None and begin >= down):
            continue
        stopped = figures.when_with_offset(begin.to_tz(zone).format_iso())
        if end is None:
            yield _("Stopped since {begin}").format(begin=stopped)
        else:
            until = figures.when_with_offset(min(end, down or end).to_tz(zone).format_iso())
            yield _("Stopped from {begin} to {end}").format(begin=stopped, end=until)


# ---- numbers, times, JSON ----


def _quantity(value: Decimal, unit: str, code: str) -> dict[str, Any]:
    shown = Decimal(print_number(value, _PLACES, grouped=False))
    return {"value": shown, "unit": unit, "system": _UCUM, "code": code}


def _period(begin: Instant, end: Instant | None) -> dict[str, str]:
    return {"start": _time(begin)} | ({} if end is None else {"end": _time(end)})


def _time(moment: Instant) -> str:
    return moment.format_iso()


def _text(value: Any, indent: str = "\n") -> str:
    """JSON with every decimal in its own digits: the models of the standard would write it by way of a float."""
    deeper = indent + " "
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        inner = [f"{json.dumps(key)}: {_text(each, deeper)}" for key, each in value.items()]
        return "{" + deeper + f",{deeper}".join(inner) + indent + "}"
    if isinstance(value, list):
        inner = [_text(each, deeper) for each in value]
        return "[" + deeper + f",{deeper}".join(inner) + indent + "]"
    return json.dumps(value, ensure_ascii=False)
