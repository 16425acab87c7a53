"""FHIR: the models of the standard read it, every number has the digits of the plan, and nobody can be found by it."""

import json
import re
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from course_cases import BASE, TWO_PHASES, house, protocol_file
from fhir.resources.R4B import get_fhir_model_class
from whenever import Date, Instant

from dosing_app.core.quantities import magnitude, print_number
from dosing_app.course.calculate import calculate
from dosing_app.course.issue import issue
from dosing_app.course.log import ImpossibleLog, read_log
from dosing_app.course.order import read_order
from dosing_app.course.plan import Plan
from dosing_app.course.replay import replay
from dosing_app.course.second_check import CHECKED, second_check
from dosing_app.papers import fhir
from dosing_app.papers.fhir import bundle_of
from dosing_app.papers.files import data_files
from dosing_app.papers.standing import NotPrintable, draft_standing, standing_of
from dosing_app.reference.approval import Approval
from dosing_app.reference.bundle import Reference
from dosing_app.reference.product import load_product

NAMES = ("Ada First", "Ben Second", "Cas Third")
START = Instant.from_utc(2026, 11, 23, 13)
SITE = 'start_within_h = "product"\nstart_within_basis = "validated"\nstart_within_by = ["Ada First", "Ben Second"]\n'
TEXTS = {**BASE, "case": "A-17", "weight": "6.80 kg", "pattern": "72h,96h", "prescribed": "5.19 microgram/day"}
TEXTS |= {"formula": "mosteller", "reason:syringe-deviation": "seen"}
Entry = dict[str, Any]


def entry(hours: float, event: str, **more: Any) -> Entry:
    return {"at": START.add(minutes=round(hours * 60)).format_iso(), "event": event, "by": NAMES[0], **more}


BEGIN = [entry(-2, "prepared", bag=1), entry(0, "hung", bag=1)]


@cache
def drafted(**changes: str) -> tuple[Plan, Reference]:
    reading = read_order({**TEXTS, **changes}, house(SITE))
    assert reading.order is not None, reading.findings
    assert reading.reference is not None
    return calculate(reading.order, (), reading.reference), reading.reference


@cache
def issued() -> tuple[Plan, Reference]:
    found = house(SITE)
    approval = Approval(product="eu", checksum=load_product("eu").checksum, by=list(NAMES[:2]), on=Date(2026, 11, 1))
    own = replace(found, site=found.site.model_copy(update={"approval": (approval,)}))
    reading = read_order(TEXTS, own)
    assert reading.order is not None
    assert reading.reference is not None
    plan = calculate(reading.order, (), reading.reference)
    again = {name: TEXTS[name] for name in CHECKED}
    outcome = second_check(TEXTS, again, plan, own, NAMES[:2], START.subtract(hours=20))
    return issue(plan, outcome.check, NAMES[2], START.subtract(hours=19), reading.reference), reading.reference


def read(raw: bytes) -> dict[str, Any]:
    """The bundle with its numbers as they were written; the models of the standard accept it."""
    found = json.loads(raw, parse_float=Decimal, parse_int=Decimal)
    assert isinstance(found, dict)
    get_fhir_model_class("Bundle").model_validate_json(raw)
    for each in found["entry"]:
        get_fhir_model_class(each["resource"]["resourceType"]).model_validate(each["resource"])
    return found


def resources(raw: bytes, kind: str) -> list[dict[str, Any]]:
    return [each["resource"] for each in read(raw)["entry"] if each["resource"]["resourceType"] == kind]


def quantities(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        own = [value] if "value" in value and "code" in value else []
        return own + [found for each in value.values() for found in quantities(each)]
    return [found for each in value for found in quantities(each)] if isinstance(value, list) else []


def shown(value: Decimal) -> Decimal:
    return Decimal(print_number(value, 6, grouped=False))


# ---- the order ----


@pytest.mark.parametrize("final", [False, True])
def test_the_order(final: bool) -> None:
    plan, reference = issued() if final else drafted()
    raw = bundle_of(plan, [], reference)
    bundle = read(raw)
    assert (bundle["resourceType"], bundle["type"], len(bundle["entry"])) == ("Bundle", "collection", 1)
    (order,) = resources(raw, "MedicationRequest")
    assert (order["status"], order["intent"]) == (("active", "order") if final else ("draft", "proposal"))
    assert order["subject"] == {"type": "Patient", "identifier": {"value": "A-17"}}
    assert order["medicationCodeableConcept"] == {"text": "blinatumomab"}
    assert order.get("authoredOn") == (START.subtract(hours=19).format_iso() if final else None)
    (dosage,) = order["dosageInstruction"]
    assert dosage["timing"]["repeat"]["boundsPeriod"] == {
        "start": "2026-11-23T13:00:00Z",
        "end": "2026-12-21T13:00:00Z",
    }
    daily, rate = (each["rateQuantity"] for each in dosage["doseAndRate"])
    assert (daily["value"], daily["code"]) == (shown(magnitude(plan.bags[0].daily_dose, "microgram/day")), "ug/d")
    assert str(daily["value"]).startswith("5.1949")
    assert (rate["value"], rate["code"]) == (Decimal(15), "ug/m2/d")
    assert dosage["maxDosePerPeriod"]["numerator"]["value"] == 28
    words = " ".join(each["text"] for each in order["note"])
    assert ("DRAFT" in words) is not final
    assert ("Revision 1" in words) is final


def test_phases_are_instructions_one_after_the_other() -> None:
    plan, reference = drafted(protocol=protocol_file(TWO_PHASES), prescribed="")
    (order,) = resources(bundle_of(plan, [], reference), "MedicationRequest")
    first, second = order["dosageInstruction"]
    assert first["timing"]["repeat"]["boundsPeriod"]["end"] == second["timing"]["repeat"]["boundsPeriod"]["start"]
    low, high = (each["doseAndRate"][0]["rateQuantity"]["value"] for each in (first, second))
    assert abs(low * 3 - high) <= Decimal("0.000003")


def test_without_a_case_nobody_is_named() -> None:
    plan, reference = drafted(case="")
    (order,) = resources(bundle_of(plan, [], reference), "MedicationRequest")
    assert "identifier" not in order["subject"]


def test_a_plan_without_bags_has_none() -> None:
    plan, reference = drafted()
    with pytest.raises(NotPrintable):
        bundle_of(plan.model_copy(update={"bags": None}), [], reference)


# ---- the bags ----


LOG = [
    *BEGIN,
    entry(10, "interrupted", reason="technical"),
    entry(11.5, "resumed", line_closed=True),
    entry(72, "stopped", bag=1),
    entry(72, "prepared", bag=2),
    entry(72.25, "hung", bag=2),
    entry(90, "rate-found", **{"from": START.add(hours=80).format_iso(), "to": START.add(hours=82).format_iso()})
    | {"rate_ml_per_h": "5"},
    entry(100, "lost", bag=2),
    entry(100, "prepared", bag=3),
    entry(101, "hung", bag=3),
    entry(102, "interrupted", reason="technical"),
]


@pytest.mark.parametrize("upto", [2, 3, 4, 5, 7, 8, 9, 11, 12])
def test_every_bag_that_hung_with_what_it_really_gave(upto: int) -> None:
    plan, reference = issued()
    log = LOG[:upto]
    progress = replay([plan], read_log(log), Instant.parse_iso(log[-1]["at"]), reference)
    raw = bundle_of(plan, log, reference)
    bags = resources(raw, "MedicationAdministration")
    hung = [each["at"] for each in log if each["event"] == "hung"]
    assert [each["effectivePeriod"]["start"] for each in bags] == hung
    assert all(each["request"]["reference"] == read(raw)["entry"][0]["fullUrl"] for each in bags)
    given = sum((each["dosage"].get("dose", {}).get("value", Decimal(0)) for each in bags), Decimal(0))
    assert abs(given - progress.given_micrograms) <= Decimal("0.000002")
    assert given > 0 or upto == 2
    last = log[-1]["event"]
    if last in {"hung", "resumed", "interrupted", "rate-found"}:
        assert "end" not in bags[-1]["effectivePeriod"]
        assert bags[-1]["status"] == ("on-hold" if last == "interrupted" else "in-progress")


def test_the_bags_of_a_course() -> None:
    plan, reference = issued()
    first, second, third = resources(bundle_of(plan, LOG, reference), "MedicationAdministration")
    assert (first["status"], second["status"], third["status"]) == ("completed", "stopped", "on-hold")
    # 70.5 h at 3.3 mL/h; the second 27.75 h at 2.5 mL/h, two of them at 5
    assert first["dosage"]["rateQuantity"] == {
        "value": Decimal("3.3"),
        "unit": "mL/hour",
        "system": "http://unitsofmeasure.org",
        "code": "mL/h",
    }
    concentration = magnitude(plan.bags[0].concentration, "microgram/mL")
    assert first["dosage"]["dose"]["value"] == shown(Decimal("70.5") * Decimal("3.3") * concentration)
    assert first["effectivePeriod"] == {"start": "2026-11-23T13:00:00Z", "end": "2026-11-26T13:00:00Z"}
    stopped = [each["text"] for each in first["note"]]
    assert stopped[0] == "Bag 1 of 8"
    assert "Tue 24-Nov-2026 00:00" in stopped[1] or "Mon 23-Nov-2026 24:00" in stopped[1]
    concentration = magnitude(plan.bags[1].concentration, "microgram/mL")
    volume = Decimal("25.75") * Decimal("2.5") + 2 * Decimal(5)
    assert second["dosage"]["dose"]["value"] == shown(volume * concentration)
    assert "rateQuantity" not in second["dosage"]
    assert "2.5 and 5 mL/hour" in second["dosage"]["text"]


def test_a_bag_that_stands_still_says_since_when() -> None:
    """Also where that is the last that was entered, in whose minute the order is exported."""
    plan, reference = issued()
    for log in (LOG, [*LOG, entry(103, "note", text="waiting for another pump")]):
        third = resources(bundle_of(plan, log, reference), "MedicationAdministration")[2]
        (since,) = [each["text"] for each in third["note"] if "Stopped" in each["text"]]
        assert since.startswith("Stopped since Fri 27-Nov-2026 20:00")  # 102 hours after Mon 14:00


def test_each_bag_says_its_own_stops_alone() -> None:
    plan, reference = issued()
    stops = [entry(80, "interrupted", reason="technical"), entry(81, "resumed", line_closed=True)]
    first, second = resources(bundle_of(plan, [*LOG[:7], *stops], reference), "MedicationAdministration")
    of_first, of_second = (" ".join(each["text"] for each in bag["note"]) for bag in (first, second))
    assert of_first.count("Stopped from") == of_second.count("Stopped from") == 1
    assert "Tue 24-Nov-2026 00:00" in of_first  # ten hours after Mon 14:00
    assert "Thu 26-Nov-2026 22:00" in of_second  # eighty


def test_a_log_that_cannot_be_is_refused() -> None:
    plan, reference = issued()
    with pytest.raises(ImpossibleLog):
        bundle_of(plan, [entry(0, "hung", bag=1)], reference)


# ---- as written ----


def test_decimals_stay_as_they_are_written() -> None:
    for written in ("6.80", "0.1", "28", "5.194949470399110628", "0.000001", "1000000000000.000001"):
        assert fhir._text({"value": Decimal(written)}) == f'{{\n "value": {written}\n}}'
    plan, reference = issued()
    raw = bundle_of(plan, LOG, reference)
    found = re.findall(rb'"value": ([^"\s,]+)', raw)
    assert len(found) >= 8
    for text in found:
        assert re.fullmatch(rb"[0-9]+(\.[0-9]*[1-9])?", text)
        assert len(text.replace(b".", b"")) <= 18  # digits that every reader of the standard keeps


def test_units_are_those_of_ucum() -> None:
    plan, reference = issued()
    found = quantities(read(bundle_of(plan, LOG, reference)))
    assert {each["code"] for each in found} == {"ug/d", "ug/m2/d", "ug", "d", "mL/h"}
    assert {each["system"] for each in found} == {"http://unitsofmeasure.org"}


def test_nobody_is_named_and_nothing_is_made_up() -> None:
    plan, reference = issued()
    text = bundle_of(plan, LOG, reference).decode()
    assert not any(name in text for name in NAMES)
    assert set(re.findall(r"https?://[^\"\s]+", text)) == {"http://unitsofmeasure.org"}
    names = [each["fullUrl"] for each in read(text.encode())["entry"]]
    assert len(set(names)) == len(names) == 4
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", name) for name in names)


def test_the_same_plan_has_the_same_bytes_and_another_one_other_names() -> None:
    plan, reference = issued()
    assert bundle_of(plan, LOG, reference) == bundle_of(plan, LOG, reference)
    before, after = (read(bundle_of(plan, LOG[:upto], reference))["entry"] for upto in (5, 12))
    assert [each["fullUrl"] for each in after[:2]] == [each["fullUrl"] for each in before]  # a second import renews
    other, _reference = drafted()
    assert read(bundle_of(other, [], reference))["entry"][0]["fullUrl"] != before[0]["fullUrl"]


# ---- as a file ----


def test_only_an_issued_plan_in_force_is_exported_as_an_order() -> None:
    plan, reference = issued()
    standing = standing_of(plan, 1)
    files = data_files(plan, standing, reference)
    assert files["plan.fhir.json"] == bundle_of(plan, [], reference)
    assert "plan.fhir.json" not in data_files(plan, standing, reference, newest=False)
    draft, reference = drafted()
    assert "plan.fhir.json" not in data_files(draft, draft_standing(draft, None, reference), reference)
