"""Which papers a plan has: drafts, the final ones of its own bags, and why some are not offered."""

from dataclasses import replace

import pytest
from course_papers import issued
from log_cases import issued_case
from paper_cases import printable

from dosing_app.course.plan import Plan, Superseded
from dosing_app.course.second_check import Check, fingerprint
from dosing_app.papers.handling import load_handling
from dosing_app.papers.sheaf import draft_sheaf, final_sheaf, text_of
from dosing_app.reference.product import load_product


def later(first: Plan, from_bag: int) -> Plan:
    """A second revision that takes back the bags of the first from one on."""
    gone = [Superseded(revision=1, number=bag.number, start=bag.start) for bag in first.bags or ()]
    return issued(first, revision=2, from_bag=from_bag, superseded=tuple(gone[from_bag - 1 :]))


def keys(sheaf: object) -> list[str]:
    return [paper.key for paper in sheaf.papers]  # type: ignore[attr-defined]


def test_an_issued_plan_has_a_worksheet_for_each_session_and_the_papers_of_the_course() -> None:
    plan, reference = issued_case()
    found = final_sheaf(plan, (), reference)
    worksheets = [f"worksheet-session-{session.number}" for session in plan.sessions or ()]
    assert keys(found) == [*worksheets, "labels", "vial-order", "schedule", "downtime"]
    assert (found.draft, found.state, found.refused) == (False, "Revision 1", ())


def test_bags_that_a_later_revision_took_back_have_no_papers_and_are_named() -> None:
    """Session 1 makes bags 1 and 2, and revision 2 stands from bag 2 on: its worksheet is for both or for none."""
    plan, reference = issued_case()
    assert plan.sessions
    assert plan.sessions[0].bags == (1, 2)
    second = later(plan, 2)
    found = final_sheaf(plan, (second,), reference)
    assert keys(found) == ["labels", "recall-revision-2"]
    label = text_of(found.papers[0].compose(1))
    assert "Bag 1 of 8" in label
    assert "Bag 2 of 8" not in label
    recalled = text_of(found.papers[1].compose(1)).splitlines()
    assert [line.split()[1] for line in recalled if line.startswith("1   ")] == ["2", "3", "4", "5", "6", "7", "8"]
    assert found.refused == (
        "Superseded by revision 2: bags 2, 3, 4, 5, 6, 7, 8. They are to be recalled.",
        "No worksheet of session 1: superseded in it are bags 2.",
    )


def test_a_revision_of_which_nothing_stands_has_its_recall_alone() -> None:
    plan, reference = issued_case()
    found = final_sheaf(plan, (later(plan, 1),), reference)
    assert keys(found) == ["recall-revision-2"]
    assert found.paper("labels") is None
    assert found.paper("recall") is found.papers[0]


def test_papers_of_other_product_data_cannot_be_made() -> None:
    plan, reference = issued_case()
    found = final_sheaf(plan, (), replace(reference, product=load_product("us")))
    assert found.papers == ()
    assert "made with other product data" in found.refused[0]


def test_drafts_say_what_is_lacking_and_a_refused_plan_has_none() -> None:
    plan, reference = printable()
    assert plan.bags
    found = draft_sheaf(plan, None, reference)
    assert found.draft
    assert found.state.startswith("Draft: ")
    for lack in ("No second check", "Product data not approved here", "Not issued"):
        assert lack in found.state
    assert "schedule" in keys(found)
    assert not [key for key in keys(found) if key.startswith("recall")]
    check = Check(entered_by="A. First", checked_by="B. Second", at=plan.bags[0].prepared, of=fingerprint(plan))
    checked = draft_sheaf(plan, check, reference)
    assert "No second check" not in checked.state
    assert "Not issued" in checked.state
    assert "Second check by B. Second" in text_of(checked.papers[-1].compose(1))
    nothing = draft_sheaf(plan.model_copy(update={"bags": None}), None, reference)
    assert (nothing.plan, nothing.papers, nothing.refused) == (None, (), ("There is no plan to print.",))


@pytest.mark.parametrize(
    ("part", "text", "grade"), [("refrigerator", "2–8 °C", "B"), ("filter_pore", "0.2 micrometre", "B")]
)
def test_how_a_bag_is_kept_has_its_source_and_grade(part: str, text: str, grade: str) -> None:
    """domain.md, sections 2 and 3."""
    said = getattr(load_handling(), part)
    assert (said.text, said.grade) == (text, grade)
    assert said.source == "manufacturer's pages and professional monograph"
