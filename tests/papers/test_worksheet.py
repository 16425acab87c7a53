"""Worksheets: one bag at a time, in order, each equation with its figures, marked where a figure was not read again."""

import re
from decimal import Decimal

import pytest
from paper_cases import CASES, FINAL, ONE_BAG, case, grouped, pages, places, printable, text

from dosing_app.core.quantities import print_quantity
from dosing_app.course.plan import Plan
from dosing_app.papers.pdf import draw
from dosing_app.papers.worksheet import worksheet
from dosing_app.reference.bundle import Reference


def first_of(name: str) -> str:
    """The text of the first worksheet of a case, drawn once for all tests."""
    if name not in _texts:
        _texts[name] = text(first(*case(name)))
    return _texts[name]


_texts: dict[str, str] = {}


def first(plan: Plan, reference: Reference) -> bytes:
    return draw(worksheet((plan.sessions or ())[0], plan, FINAL, reference))


@pytest.mark.parametrize("name", CASES)
def test_a_worksheet_of_one_bag_holds_the_whole_record(name: str) -> None:
    plan, reference = case(name)
    bag = (plan.bags or ())[0]
    paper = first(plan, reference)
    found = text(paper)
    assert len(pages(paper)) <= 2
    for words in (
        "vial to reconstitute" if (plan.sessions or ())[0].vials == 1 else "vials to reconstitute",
        "Reconstituted at",
        "Use by (+ 4 h",
        "Do not rinse the syringe into the bag.",
        "before the drug",
        "Lot",
        "Expiry",
        "Actual amount",
        "Added by",
        "Read before it goes in, by",
        "Clear, colourless, no particles",
        "Copy of the label",
        "Labels printed",
        "destroyed",
        "Prepared by",
        "Checked by",
        "Volume ledger",
        "Marks: R",
    ):
        assert words in found, words
    assert print_quantity(bag.drug, "mL").replace("\u00a0", " ") in found
    assert f"every {print_quantity(bag.graduation, 'mL')}".replace("\u00a0", " ") in found
    assert "bag as filled, calculated with 270 mL" in found or bag.made_up_to is not None


def test_both_forms_of_the_equation_are_worked_out() -> None:
    """The printed figures, reckoned here once more, give the printed volume."""
    for name in ("eu-96h", "us-made-up"):
        found = first_of(name)
        if name == "eu-96h":
            assert "V = D × (S + I) ÷ (C × v − D)" in found
            parts = re.search(
                r"([\d.]+) × \(([\d.]+) \+ ([\d.]+)\) ÷ \(([\d.]+) × ([\d.]+) − ([\d.]+)\) = ([\d.]+) mL", found
            )
            assert parts is not None
            d, s, i, c, v, again, volume = map(Decimal, parts.groups())
            assert d == again
            assert abs(d * (s + i) / (c * v - d) - volume) < Decimal("0.0002")
        else:
            assert "V = D ÷ v × T ÷ C" in found
            parts = re.search(r"([\d.]+) ÷ ([\d.]+) × ([\d.]+) ÷ ([\d.]+) = ([\d.]+) mL", found)
            assert parts is not None
            d, v, t, c, volume = map(Decimal, parts.groups())
            assert abs(d / v * t / c - volume) < Decimal("0.0002")


def test_the_stabiliser_goes_in_before_the_drug_and_the_last_part_is_made_up() -> None:
    for name in CASES:
        found = first_of(name)
        at = found.index("In this order")
        assert found.index("sodium chloride", at) < found.index("stabiliser", at) < found.index("blinatumomab", at)
    made_up = first_of("us-made-up")
    assert "bacteriostatic sodium chloride 0.9 %" in made_up
    assert "preservative-free, made up to this to 110 mL" in made_up


def test_the_ledger_is_whole() -> None:
    for name in CASES:
        found = first_of(name)
        numbers = re.search(r"Volume ledger.*?Runs for (.*?) Mixed", found)
        assert numbers is not None
        total, primed, infused, discarded = map(Decimal, re.findall(r"([\d.]+) mL(?!/)", numbers[1]))
        assert abs(total - primed - infused - discarded) <= Decimal("0.15")


def marks(found: str) -> set[str]:
    return set(re.findall(r"[\d.]+ (?:mL|h|mL/hour) ?([RCJ])\b", found))


def test_figures_not_read_again_and_judged_are_marked() -> None:
    """Region by region, as the product files grade them: eu durations and rates recalled, us ones read."""
    european, american = first_of("eu-early"), first_of("us-48h")
    assert marks(european) == {"R", "C", "J"}  # stabiliser; early take-down; priming volume
    assert re.search(r"5\.5 mL ?R", european)
    assert re.search(r"72 h ?C", european)
    assert re.search(r"Use by \(\+ 4 h ?R ?\)", european)
    assert marks(american) == {"R", "J"}
    assert re.search(r"Use by \(\+ 4 h\)", american)
    assert not re.search(r"5 mL/hour ?R", american)


def test_hours_that_follow_from_the_course_alone_bear_no_mark() -> None:
    """Nine bags of 72 h are 648 h: the tenth runs for 24 h, which is neither its duration nor a planned take-down."""
    plan, reference = printable(ONE_BAG, pattern="72h")

    def runs(session: int) -> dict[str, str]:
        assert plan.sessions
        (bag,) = worksheet(plan.sessions[session], plan, FINAL, reference).content["bags"]
        return dict(bag["runs"])["Runs for"]

    assert runs(0) == {"text": "72\u00a0h", "grade": "R"}
    assert runs(9) == {"text": "24\u00a0h", "grade": ""}


def test_a_priming_volume_of_the_site_bears_no_mark() -> None:
    plan, reference = printable('prime_ml = "4"')
    assert "J" not in marks(text(first(plan, reference)))


def test_four_bags_of_two_kinds_in_one_session() -> None:
    plan, reference = case("eu-rates")
    four = grouped(plan, 4)
    paper = first(four, reference)
    found = pages(paper)
    assert len(found) == 5  # the vials, then a page for each bag
    assert [sum("Draw up" in page for page in found), text(paper).count("Do not rinse")] == [4, 4]
    for number, page in enumerate(found[1:], 1):
        assert f"Bag {number} of 8" in page
        assert ("line clearance" in page) is (number > 1)  # 72 h, 96 h, 72 h, 96 h: another kind each time
    assert all(f"connect {day}" in " ".join(found[0].split()) for day in ("Mon 23", "Thu 26", "Mon 30", "Thu 03"))
    assert "4 vials to reconstitute" in found[0]


def test_bags_of_one_kind_need_no_line_clearance() -> None:
    plan, reference = case("eu-early")  # an early take-down is the same bag
    assert "line clearance" not in text(first(grouped(plan, 4), reference))


def test_two_small_syringes_are_said() -> None:
    plan, reference = printable("two_small_syringes = true")
    assert "in two 1 mL syringes, marked every 0.01 mL" in text(first(plan, reference))
    plan, reference = printable()
    assert "syringe marked every 0.1 mL" in text(first(plan, reference))


def test_vials_that_are_not_shared_are_said() -> None:
    plan, reference = printable("share_vials = false")
    assert "Each bag has vials of its own." in text(first(plan, reference))


def test_the_drug_volume_is_the_one_large_thing() -> None:
    plan, reference = case("eu-96h")
    ((_size, boxes),) = places(first(plan, reference))
    tallest = max(box[3] - box[1] for box in boxes)
    high = [box for box in boxes if box[3] - box[1] > tallest * 0.75]
    assert len(high) <= len("1.9 mL")
