"""The blind second check: what is compared, what takes it away; and what an issued revision is."""

import json
from typing import Any

import pytest
from course_cases import BASE, house
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from whenever import Instant

from dosing_app.core.quantities import magnitude
from dosing_app.course.document import Document
from dosing_app.course.issue import NotIssued, differs, issue, lacks, read_issued, read_plan
from dosing_app.course.order import read_order
from dosing_app.course.plan import Plan
from dosing_app.course.second_check import CHECKED, Check, holds, second_check
from dosing_app.reference.bundle import House
from dosing_app.reference.product import load_product

NOW = Instant.from_utc(2026, 11, 22, 18)
FIRST = {**BASE, "case": "A-17", "prescribed": "5.05 microgram/day", "formula": "mosteller", "pattern": "72h,96h"}
SECOND = {name: FIRST[name] for name in CHECKED}
NAMES = ("A. First", "B. Second")
APPROVED = (
    f'formula = "mosteller"\n[[approval]]\nproduct = "eu"\nchecksum = "{load_product("eu").checksum}"\n'
    'by = ["C. Third", "D. Fourth"]\non = "2026-11-20"\n'
)


def document(site: str = APPROVED, **texts: str) -> Document:
    return Document(house(site), {**FIRST, **texts})


def checked(**second: str) -> Any:
    doc = document()
    return second_check(doc.texts, {**SECOND, **second}, doc.plan, house(APPROVED), NAMES, NOW)


# ---- comparing ----


def test_the_same_entry_is_a_check() -> None:
    check = checked().check
    assert check is not None
    assert (check.entered_by, check.checked_by, check.at) == ("A. First", "B. Second", NOW)
    assert holds(check, document().plan)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("weight", "6420 g"),
        ("weight", "6,420 kg"),
        ("length", "635 mm"),
        ("born", "20.06.2026"),
        ("start", "23-Nov-2026 14:00"),
        ("prescribed", "5.050 micrograms per day"),
        ("case", " a-17 "),
    ],
)
def test_another_spelling_of_the_same_is_the_same(field: str, text: str) -> None:
    outcome = checked(**{field: text})
    assert outcome.check is not None, outcome


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("weight", "6.43 kg"),
        ("weight", "6.4200001 kg"),
        ("length", "63.4 cm"),
        ("born", "2026-06-21"),
        ("start", "2026-11-23T14:01"),
        ("prescribed", "5.06 microgram/day"),
        ("product", "us"),
        ("formula", "haycock"),
        ("case", "A-71"),
    ],
)
def test_a_difference_is_named_and_nothing_of_the_first_entry(field: str, text: str) -> None:
    outcome = checked(**{field: text})
    assert outcome.check is None
    assert outcome.differing == (field,)
    assert FIRST[field].split()[0] not in repr(outcome)


@pytest.mark.parametrize("field", CHECKED)
def test_every_field_must_be_entered(field: str) -> None:
    """An empty field is not filled from the first entry, nor from a default."""
    outcome = checked(**{field: " "})
    assert outcome.check is None
    assert outcome.missing == (field,)


def test_what_cannot_be_read_is_said() -> None:
    outcome = checked(weight="6.42")
    assert outcome.check is None
    assert [each.values["field"] for each in outcome.unreadable] == ["weight"]


@pytest.mark.parametrize("second", ["A. First", "a. first", " A.  FIRST ", "Ａ. First"])
def test_nobody_checks_an_own_entry(second: str) -> None:
    doc = document()
    outcome = second_check(doc.texts, SECOND, doc.plan, house(APPROVED), ("A. First", second), NOW)
    assert outcome.same_person
    assert outcome.check is None


@pytest.mark.parametrize("names", [("", "B"), ("A", ""), (" ", "B"), ("A", "\u00a0")])
def test_both_names_are_wanted(names: tuple[str, str]) -> None:
    doc = document()
    outcome = second_check(doc.texts, SECOND, doc.plan, house(APPROVED), names, NOW)
    assert outcome.missing
    assert outcome.check is None


def test_an_incomplete_plan_cannot_be_checked() -> None:
    doc = document(weight="64.2 kg")
    assert second_check(doc.texts, SECOND, doc.plan, house(APPROVED), NAMES, NOW).held_back


# ---- what takes it away ----


@pytest.mark.parametrize(
    ("field", "text"),
    [
        *[
            (field, text)
            for field, text in {**SECOND, "weight": "6.43 kg", "length": "64 cm"}.items()
            if field != "case"
        ],
        ("case", "A-18"),
        ("pattern", "96h@72,96h"),
        ("sex", "male"),
        ("measured", "2026-11-22"),
        ("protocol", "other"),
        ("reason:sodium", "a reason"),
    ],
)
def test_any_change_takes_the_check_away_for_good(field: str, text: str) -> None:
    doc = document()
    doc.take_check(checked().check)
    assert doc.check is not None
    changed = f"{text} " if text == doc.texts.get(field) else text
    doc.change({field: changed})
    if doc.plan == document().plan:  # the same order in other letters
        assert doc.check is not None
        return
    assert doc.check is None
    doc.undo()
    assert doc.check is None


def test_settings_that_touch_a_dose_take_it_away_a_phone_number_does_not() -> None:
    doc = document()
    doc.take_check(checked().check)
    doc.use(house(f'phone = "+31 20 000 0000"\nname = "Elsewhere"\n{APPROVED}'))
    assert doc.check is not None
    doc.use(house(f"lead_time_h = 3\n{APPROVED}"))
    assert doc.check is None


def test_approval_of_the_product_data_may_come_after_the_check() -> None:
    doc = document('formula = "mosteller"\n')
    check = second_check(doc.texts, SECOND, doc.plan, house('formula = "mosteller"\n'), NAMES, NOW).check
    doc.take_check(check)
    assert "product-not-approved" in lacks(doc.plan, check, reference_of(doc, house('formula = "mosteller"\n')))
    doc.use(house(APPROVED))
    assert doc.check is not None


# ---- issuing ----


def reference_of(doc: Document, its_house: House | None = None) -> Any:
    reading = read_order(doc.texts, its_house or house(APPROVED))
    assert reading.reference is not None
    return reading.reference


def issued(**texts: str) -> Plan:
    doc = document(**texts)
    check = second_check(doc.texts, {**SECOND, **texts}, doc.plan, house(APPROVED), NAMES, NOW).check
    return issue(doc.plan, check, "A. First", NOW, reference_of(doc))


@pytest.mark.parametrize(
    ("site", "texts", "with_check", "expected"),
    [
        (APPROVED, {}, True, ()),
        (APPROVED, {}, False, ("not-checked",)),
        ("", {}, True, ("product-not-approved",)),
        (APPROVED, {"prescribed": ""}, False, ("prescription-not-compared", "not-checked")),
        (
            f'start_within_h = "product"\nstart_within_basis = "validated"\n{APPROVED}',
            {},
            True,
            ("start-within-names",),
        ),
        (APPROVED, {"measured": "2026-11-01"}, False, ("incomplete", "not-checked")),
    ],
)
def test_what_a_plan_lacks(site: str, texts: dict[str, str], with_check: bool, expected: tuple[str, ...]) -> None:
    doc = document(site, **texts)
    check = second_check(doc.texts, SECOND, doc.plan, house(site), NAMES, NOW).check if with_check else None
    assert lacks(doc.plan, check, reference_of(doc, house(site))) == expected


def test_an_issued_plan_comes_back_from_its_file_as_it_was() -> None:
    plan = issued()
    text = json.dumps(plan.as_json())
    back = read_issued(json.loads(text))
    assert back == plan
    assert back.issue is not None
    assert (back.issue.revision, back.issue.entered_by, back.issue.checked_by) == (1, "A. First", "B. Second")
    assert back.issue.approved_by == ("C. Third", "D. Fourth")
    assert differs(back, reference_of(document())) is None


@given(st.data())
def test_a_changed_file_is_no_issued_plan(data: st.DataObject) -> None:
    """Any one figure, name or time changed anywhere."""
    content = json.loads(json.dumps(issued().as_json()))
    leaves: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        for key in node if isinstance(node, dict) else range(len(node)):
            walk(node[key]) if isinstance(node[key], (dict, list)) else leaves.append((node, key))

    walk(content)
    node, key = data.draw(st.sampled_from(leaves))
    was = node[key]
    node[key] = (not was) if isinstance(was, bool) else was + 1 if isinstance(was, int) else f"{was}1"
    with pytest.raises((NotIssued, ValidationError, KeyError, ValueError)):
        read_issued(content)


def test_a_plan_that_was_never_issued_is_refused() -> None:
    with pytest.raises(NotIssued, match="no-issue"):
        read_issued(document().plan.as_json())


def test_a_plan_with_bags_comes_back_from_its_file_issued_or_not() -> None:
    for plan in (issued(), document().plan):
        assert read_plan(json.loads(json.dumps(plan.as_json()))) == plan


@pytest.mark.parametrize(
    ("take_out", "change", "reason"),
    [
        (("bags",), {}, "not-a-plan"),
        (("sessions",), {}, "not-a-plan"),
        (("order",), {}, "not-a-plan"),
        (("course",), {}, "not-a-plan"),
        (("check_code",), {}, "changed"),
        ((), {"bags": []}, "not-a-plan"),
        ((), {"colour": "red"}, "not-a-plan"),
        ((), {"complete": False}, "changed"),
        ((), {"schema": "dosing-app/plan/2"}, "changed"),
        ((), {"check_code": "KXCX6489"}, "changed"),
        ((), {"micrograms": "mcg"}, "changed"),
    ],
)
def test_a_file_that_holds_no_whole_plan(take_out: tuple[str, ...], change: dict[str, Any], reason: str) -> None:
    content = {key: each for key, each in document().plan.as_json().items() if key not in take_out}
    with pytest.raises(NotIssued, match=reason):
        read_plan({**content, **change})


def test_an_issued_plan_whose_names_were_changed_is_not_read() -> None:
    """The check code does not follow names; the seal of an issued plan does."""
    content = issued().as_json()
    content["issue"]["issued_by"] = "E. Fifth"
    for read in (read_plan, read_issued):
        with pytest.raises(NotIssued, match="changed"):
            read(content)


def test_the_checker_does_not_issue_and_somebody_must() -> None:
    doc = document()
    check = checked().check
    for name, reason in (("b. second", "checker-issues"), (" ", "no-name")):
        with pytest.raises(NotIssued, match=reason):
            issue(doc.plan, check, name, NOW, reference_of(doc))
    with pytest.raises(NotIssued, match="lacks"):
        issue(doc.plan, None, "A. First", NOW, reference_of(doc))


def test_a_second_revision_recalls_what_the_first_would_still_connect() -> None:
    first = issued()
    doc = document(weight="6.6 kg", prescribed="5.1 microgram/day")
    second = {**SECOND, "weight": "6.6 kg", "prescribed": "5.1 microgram/day"}
    check = second_check(doc.texts, second, doc.plan, house(APPROVED), NAMES, NOW).check
    plan = issue(doc.plan, check, "A. First", NOW, reference_of(doc), [first], from_bag=3)
    assert plan.issue is not None
    assert plan.issue.revision == 2
    assert [(each.revision, each.number) for each in plan.issue.superseded] == [(1, number) for number in range(3, 9)]


def revision(earlier: list[Plan], from_bag: int, weight: str) -> Plan:
    """The next revision of the case, from a bag on."""
    texts = {"weight": weight, "prescribed": ""}
    dose = document(**texts).plan.daily_dose
    assert dose is not None
    texts["prescribed"] = f"{magnitude(dose.micrograms, 'microgram/day'):.2f} microgram/day"
    doc = document(**texts)
    check = second_check(doc.texts, {**SECOND, **texts}, doc.plan, house(APPROVED), NAMES, NOW).check
    return issue(doc.plan, check, "A. First", NOW, reference_of(doc), earlier, from_bag=from_bag)


def test_each_bag_is_recalled_from_the_revision_that_stands_for_it() -> None:
    """Revision 2 from bag 4 on, revision 3 from bag 2 on: bags 2 and 3 are revision 1's, the others revision 2's."""
    plans = [revision([], 1, "6.42 kg")]
    plans.append(revision(plans, 4, "6.6 kg"))
    third = revision(plans, 2, "6.5 kg").issue
    assert third is not None
    assert [(each.revision, each.number) for each in third.superseded] == [
        (1, 2),
        (1, 3),
        *[(2, number) for number in range(4, 9)],
    ]


def test_other_product_data_differs_and_the_issued_plan_stands() -> None:
    plan = issued()
    other = read_order({**FIRST, "product": "us", "pattern": "48h"}, house(APPROVED)).reference
    assert other is not None
    found = differs(plan, other)
    assert found is not None
    assert found.code == "issued-differs"


def test_a_check_of_another_plan_does_not_hold() -> None:
    check = checked().check
    assert isinstance(check, Check)
    assert not holds(check, document(weight="6.43 kg").plan)
    assert not holds(None, document().plan)
