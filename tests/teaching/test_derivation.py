"""The derivation: the plan's own results, every unit accounted for, and which steps a changed input changes."""

import re

import pytest
from teaching_cases import plan_of

from dosing_app.teaching.derivation import PLACES, Step, changed_steps, derivation
from dosing_app.wording import figures

ALL = [
    "infant",
    "bsa",
    "dose",
    "amount",
    "drug-volume",
    "measured",
    "given-back",
    "vials",
    "rate",
    "volume",
    "change-time",
]


def steps(bag: int = 2, **changes: str) -> tuple[Step, ...]:
    return derivation(*plan_of(**changes), bag)


def changed(**changes: str) -> list[str]:
    return list(changed_steps(steps(), steps(**changes)))


def test_the_steps_go_from_the_infant_to_the_pump() -> None:
    found = steps()
    assert [step.name for step in found] == ALL
    places = [PLACES.index(step.place) for step in found]
    assert places == sorted(places)
    assert set(places) == set(range(len(PLACES)))


@pytest.mark.parametrize("changes", [{}, {"product": "us", "pattern": "24h,48h"}, {"formula": "boyd"}])
@pytest.mark.parametrize("number", [1, 2, 5])
def test_every_result_is_the_working_of_the_plan(changes: dict[str, str], number: int) -> None:
    plan, reference = plan_of(**changes)
    by_name = {step.name: step for step in derivation(plan, reference, number)}
    lines = [*figures.working(plan)[:2], *figures.bag_working(plan.bags[number - 1], plan)]
    names = ["bsa", "dose", "amount", "drug-volume", "measured", "given-back"]
    assert [by_name[name].result for name in names] == [line.result for line in lines]


def test_units_that_cancel_are_struck_in_pairs() -> None:
    """Above and below the line as often: what is struck cancels."""
    by_name = {step.name: step for step in steps()}
    assert [piece.text for piece in by_name["dose"].worked if piece.struck] == ["m²", "m²"]
    assert [piece.text for piece in by_name["amount"].worked if piece.struck] == ["day", "h", "day", "h"]
    assert [piece.text for piece in by_name["volume"].worked if piece.struck] == ["h", "h"]
    for step in steps():
        struck = [piece.text for piece in step.worked if piece.struck]
        # in the drug volume, a mass above cancels one below, which is a difference of two masses
        expected = {"drug-volume": 5}.get(step.name)
        assert len(struck) == expected if expected else len(struck) % 2 == 0
        assert "|" not in step.worked_text


def test_figures_bear_their_source_and_grade() -> None:
    by_name = {step.name: step for step in steps()}
    assert by_name["dose"].grade == "A"
    assert "van der Sluis" in by_name["dose"].source
    grades = {known.name: known.grade for known in by_name["drug-volume"].known}
    assert grades == {"D": "", "C": "B", "v": "R", "S": "B", "I": "R"}
    assert "once" in by_name["measured"].rounding


def test_every_step_asks_a_question_and_shows_no_trailing_zero() -> None:
    for step in steps():
        assert step.question.endswith("?")
        assert step.result
        assert not re.search(r"\.\d*0(?!\d)", step.worked_text + step.result)


def test_a_change_of_weight_changes_what_follows_from_it_and_no_more() -> None:
    found = changed(weight="6.9 kg")
    assert {"infant", "bsa", "dose", "amount", "drug-volume"} <= set(found)
    assert not {"rate", "change-time"} & set(found)


def test_a_change_of_start_changes_the_times_alone() -> None:
    assert changed(start="2027-03-02T14:00") == ["change-time"]


def test_a_change_of_formula_leaves_the_infant_and_the_pump() -> None:
    found = changed(formula="haycock")
    assert "bsa" in found
    assert not {"infant", "rate", "change-time"} & set(found)


def test_nothing_changes_nothing_and_a_lost_result_is_seen() -> None:
    assert changed() == []
    assert changed_steps(steps(), steps()[:3]) == tuple(ALL[3:])


def test_a_plan_without_results_has_no_steps_and_a_bag_that_is_not_there_none() -> None:
    plan, reference = plan_of()
    assert derivation(plan.model_copy(update={"bsa": None}), reference) == ()
    with pytest.raises(ValueError, match="bag"):
        derivation(plan, reference, 99)
