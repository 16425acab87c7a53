"""The picture of the drug: the published level, what a trainer draws in, and its words."""

from decimal import Decimal

import pytest
from teaching_cases import plan_of

from dosing_app.core.quantities import quantity
from dosing_app.teaching.drug_picture import Drawn, Picture, drug_picture


def at(picture: Picture, hour: int) -> Decimal:
    return dict(picture.points)[Decimal(hour)]


def test_it_settles_at_what_the_measured_drug_gives() -> None:
    """The published steady state, but for what the mark of the syringe adds or takes."""
    plan, _ = plan_of()
    found = drug_picture(plan)
    assert round(found.steady) == 702
    assert (found.measured, found.spread) == (706, 194)
    first, second = plan.bags[0], plan.bags[1]
    for bag, hour in ((first, 71), (second, 167)):
        assert at(found, hour) == pytest.approx(found.steady * (1 + bag.deviation_percent / 100), rel=Decimal("0.0001"))
    assert at(found, 0) == 0
    assert at(found, 696) < 1  # a day after the end, twelve half-lives


def test_an_interruption_halves_it_in_one_half_life_and_a_wrong_rate_raises_it() -> None:
    plan, _ = plan_of()
    plain = drug_picture(plan)
    stopped = drug_picture(plan, [Drawn(Decimal(100), Decimal("102.04"))])
    level = dict(stopped.points)[Decimal("102.04")]
    assert level == pytest.approx(at(plain, 100) / 2, rel=Decimal("0.0001"))
    assert at(stopped, 99) == at(plain, 99)
    assert at(stopped, 150) == pytest.approx(at(plain, 150), rel=Decimal("0.001"))
    fast = drug_picture(plan, [Drawn(Decimal(100), Decimal(130), quantity(Decimal(5), "mL/h"))])
    assert at(fast, 129) == pytest.approx(2 * at(plain, 129), rel=Decimal("0.001"))


def test_it_says_that_it_is_a_teaching_picture_and_where_its_volume_comes_from() -> None:
    words = " ".join(drug_picture(plan_of()[0]).words)
    for part in ("never advice", "derived from these two", "grade A", "grade B", "702", "706 ± 194"):
        assert part in words


def test_what_cannot_be_drawn_is_refused() -> None:
    plan, _ = plan_of()
    with pytest.raises(ValueError, match="without bags"):
        drug_picture(plan.model_copy(update={"bags": None}))
    with pytest.raises(ValueError, match="ends after"):
        drug_picture(plan, [Drawn(Decimal(5), Decimal(5))])
    with pytest.raises(ValueError, match="follows"):
        drug_picture(plan, [Drawn(Decimal(5), Decimal(9)), Drawn(Decimal(8), Decimal(10))])
