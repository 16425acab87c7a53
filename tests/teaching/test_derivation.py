"""The derivation: the plan's own results, every unit accounted for, and which steps a changed input changes."""

import re
from pathlib import Path

import pytest
from teaching_cases import house_with, plan_at, plan_of

from dosing_app.core.quantities import NO_BREAK_SPACE
from dosing_app.reference.source import shipped
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


def test_a_bag_that_is_made_up_to_a_volume_is_worked_by_its_own_equation() -> None:
    """By hand: 5.04771 × 7 = 35.33397 micrograms in 100.8 mL; of 110 mL 38.5589, which 3.0847 mL hold."""
    home = house_with(preserved_bags=True)
    found = {step.name: step for step in derivation(*plan_at(home, product="us", pattern="168h"), 1)}
    drug = found["drug-volume"]
    assert drug.worked_text.replace(NO_BREAK_SPACE, " ") == (
        "35.334 micrograms ÷ 100.8 mL × 110 mL ÷ 12.5 micrograms × mL"
    )
    assert drug.result == f"3.0847{NO_BREAK_SPACE}mL"
    known = {each.name: (each.text.replace(NO_BREAK_SPACE, " "), each.grade) for each in drug.known}
    assert known["v"][0] == "100.8 mL"
    assert known["T"] == ("110 mL", "R")
    assert "S" not in known


def test_vials_that_are_not_shared_are_rounded_up_for_each_bag() -> None:
    """By hand: bags of 72, 96 and 72 h take 1.4119, 1.9 and 1.4119 mL, 4.72 mL in all: two vials, or one for each."""
    found = {}
    for shared in (True, False):
        home = house_with(share_vials=shared, start_within_h=None, max_bags_per_session=3)
        found[shared] = next(each for each in derivation(*plan_at(home, sessions="3,3,2"), 1) if each.name == "vials")
    volumes = [known.text for known in found[False].known if known.name.startswith("bag")]
    assert [volume.split()[0] for volume in volumes] == ["1.4119", "1.9", "1.4119"]
    assert (found[True].result, found[False].result) == ("2 vials", "3 vials")
    assert "each rounded up" in found[False].equation
    assert found[False].worked_text == "1.4119 mL ÷ 2.8 mL + 1.9 mL ÷ 2.8 mL + 1.4119 mL ÷ 2.8 mL"


def test_a_dose_that_the_cap_holds_down_says_so(tmp_path: Path) -> None:
    protocol = tmp_path / "low.toml"
    shipped_text = shipped("protocols")["infant-course"].read_text(encoding="utf-8")
    protocol.write_text(shipped_text.replace("28 microgram / day", "5 microgram / day"), encoding="utf-8")
    found = {step.name: step for step in derivation(*plan_of(protocol=str(protocol)))}
    assert found["dose"].result.replace(NO_BREAK_SPACE, " ") == "5 micrograms per day"
    assert found["dose"].rounding.replace(NO_BREAK_SPACE, " ") == "The cap of 5 micrograms per day is reached."
    assert found["amount"].worked_text.startswith("5 micrograms")


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
