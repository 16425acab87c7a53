"""The options of an order and why there are none: short courses of the ordinary infant, worked by hand.

The unit is open Monday to Friday 08:00-17:30; sessions of 90 minutes start 08:00-16:00 and the lead time is two hours,
unless a test says otherwise. The daily dose is 5.05 micrograms, so that a bag of 96 h draws 1.9 mL of the 2.8 mL of a
vial, one of 48 h 0.9 mL.
"""

from decimal import Decimal

import pytest

from dosing_app.core.findings import Finding
from dosing_app.core.quantities import magnitude
from dosing_app.course import layout
from dosing_app.course.options import Answer
from tests.course.course_cases import protocol_file
from tests.course.test_front import LIMITS_OF_THE_PRODUCT, answer_of, no_plan, short_course

MONDAYS = '[preparation_hours]\nmon = "08:00-17:30"\n'


def patterns(answer: Answer) -> list[tuple[str, ...]]:
    return [tuple(str(piece) for piece in option.choice.pattern) for option in answer.options]


def why(answer: Answer) -> Finding:
    [finding] = [each for each in answer.findings if each.code == "no-plan"]
    return finding


def phases(*days_and_rates: tuple[int, int]) -> str:
    """A protocol of phases: days, and micrograms per m² per day."""
    return protocol_file(
        "".join(f'[[phase]]\ndays = {days}\ndose_rate = "{rate} microgram/m^2/day"\n' for days, rate in days_and_rates)
    )


# ---- an order with options, and one that is held back ----


def test_options_of_an_order_say_nothing_of_a_missing_plan() -> None:
    answer, _ = answer_of(protocol=short_course(2))
    assert [tuple(option.counts) for option in answer.options] == [(1, 1, 0, 0, 0)]
    assert patterns(answer) == [("48h",)]
    assert answer.options[0].choice.sessions == (1,)
    assert not [each for each in answer.findings if each.code == "no-plan"]


def test_an_order_held_back_has_no_option_no_label_way_and_no_missing_plan() -> None:
    """Measured too long ago, and no reason given."""
    answer, _ = answer_of(protocol=short_course(2), measured="2026-11-01")
    assert (answer.options, answer.label_way, answer.listed) == ([], {}, [])
    codes = [each.code for each in answer.findings]
    assert "measurement-age" in codes
    assert "no-plan" not in codes


def test_an_option_on_which_the_engines_disagree_is_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve days have several; the second engine disputes the second one."""
    answer, _ = answer_of(LIMITS_OF_THE_PRODUCT, protocol=short_course(12))
    assert len(answer.options) > 1
    disputed = [str(piece) for piece in answer.options[1].choice.pattern]
    monkeypatch.setattr(
        layout.proof,
        "disagreements",
        lambda printed, _reference: ["a figure"] if [bag["kind"] for bag in printed["bags"]] == disputed else [],
    )
    assert answer.listed == [index for index in range(len(answer.options)) if index != 1]


def test_the_start_counts_as_no_change_even_off_hours() -> None:
    """Monday 06:30; made on Friday at 16:00, and a bag keeps for ten days."""
    answer, _ = answer_of(LIMITS_OF_THE_PRODUCT, protocol=short_course(2), start="2026-11-23T06:30")
    assert [tuple(option.counts) for option in answer.options] == [(1, 1, 0, 0, 0)]


@pytest.mark.parametrize(("day", "off_hours"), [("23", 0), ("25", 0), ("26", 1), ("27", 1)])
def test_the_day_of_a_change_decides_whether_it_is_off_hours(day: str, off_hours: int) -> None:
    """Four days in two American bags of 48 h: the change is on Wed or Fri; from Thu and Fri on it is on Sat or Sun."""
    answer, _ = answer_of(
        LIMITS_OF_THE_PRODUCT,
        product="us",
        protocol=short_course(4),
        start=f"2026-11-{day}T14:00",
        measured="2026-11-23",
    )
    assert patterns(answer) == [("48h", "48h")]
    assert [tuple(option.counts) for option in answer.options] == [(1, 1, off_hours, 1, 0)]


def test_a_kind_refused_in_one_phase_is_searched_in_the_other() -> None:
    """At 5 micrograms per m² per day a bag of 24 h would take 0.15 mL of the drug: too little to measure."""
    for protocol, expected in (
        (phases((2, 5), (1, 15)), ("48h", "24h")),
        (phases((1, 15), (2, 5)), ("24h", "48h")),
    ):
        answer, _ = answer_of(LIMITS_OF_THE_PRODUCT, protocol=protocol)
        assert patterns(answer) == [expected]
    answer, _ = answer_of(LIMITS_OF_THE_PRODUCT, protocol=phases((1, 5), (2, 15)), product="us")
    # a bag of 48 h taken down early draws 0.3 mL, which is enough
    assert patterns(answer) == [("48h@24", "48h")]


def test_kinds_whose_composition_is_unknown_are_not_searched() -> None:
    """The American preserved bags of 72 and 96 h have a rate and no composition; four days take two bags of 48 h."""
    answer, _ = answer_of(
        f"{LIMITS_OF_THE_PRODUCT}preserved_bags = true\n", product="us", protocol=short_course(4), weight="6.42 kg"
    )
    assert patterns(answer) == [("48h", "48h")]


# ---- a spare bag ----


@pytest.mark.parametrize(("site", "hours"), [(LIMITS_OF_THE_PRODUCT, 0), ("", 18)])
def test_a_spare_bag_costs_vials_and_saves_hours(site: str, hours: int) -> None:
    """Mon 14:00, 48 h, made at 12:00; twice 0.9 mL are one vial still.

    A spare that keeps for ten days can run at once. One that keeps until Tue 12:00 is of no use on Tue 16:01, when a
    new one runs on Wed 10:00, after 17 h 59 min.
    """
    answer, _ = answer_of(site, protocol=short_course(2))
    [spare] = answer.spares(0)
    assert spare.worst_gap is not None
    assert (spare.session, spare.kind, spare.vials) == (1, "48h", 0)
    assert magnitude(spare.worst_gap, "h") == Decimal(hours)


# ---- the label's way ----


def test_the_label_way_makes_every_bag_by_itself() -> None:
    """28 days of 24, 48, 72 and 96 h: 28, 14, 9⅓ and 7 bags, each from a vial of its own."""
    assert answer_of()[0].label_way == {"24h": 28, "48h": 14, "72h": 10, "96h": 7}
    # five days are five, two and a half, one and two thirds, one and a quarter
    assert answer_of(protocol=short_course(5))[0].label_way == {"24h": 5, "48h": 3, "72h": 2, "96h": 2}


def test_the_label_way_has_the_kinds_that_can_be_made() -> None:
    """American kinds of 72 and 96 h have no composition; the one of 7 days draws 3.1 mL and needs the site's word."""
    assert answer_of(product="us")[0].label_way == {"24h": 28, "48h": 14}
    assert answer_of("preserved_bags = true\n", product="us")[0].label_way == {"24h": 28, "48h": 14, "168h": 8}


def test_the_label_way_opens_vials_for_the_larger_of_exact_and_measured() -> None:
    """0.50662 m², 7.5993 micrograms a day: 96 h take 2.8201 mL, measured as 2.8 mL, which one vial would hold."""
    label_way = answer_of(weight="11.2 kg", length="82.5 cm")[0].label_way
    assert label_way == {"24h": 28, "48h": 14, "72h": 10, "96h": 14}


def test_the_label_way_leaves_out_a_kind_refused_in_any_phase() -> None:
    """24 h at 5 micrograms per m² per day are too little; 2 and 3 days are 1 + 2, 1 + 1 and 1 + 1 of the others."""
    expected = {"48h": 3, "72h": 2, "96h": 2}
    assert answer_of(protocol=phases((2, 5), (3, 15)))[0].label_way == expected
    assert answer_of(protocol=phases((3, 15), (2, 5)))[0].label_way == expected


# ---- why there is no plan ----


@pytest.mark.parametrize(("hour", "within"), [("07", "63"), ("08", "64"), ("09", "65")])
def test_the_shortest_time_from_preparation_with_which_there_is_a_plan(hour: str, within: str) -> None:
    """From Fri 16:00 on; the next start that the site's 24 h allow is Mon 10:00."""
    answer, _ = answer_of(protocol=short_course(1), start=f"2026-11-23T{hour}:00")
    finding = why(answer)
    assert answer.options == []
    assert finding.actual == f"2026-11-23T{hour}:00:00+01:00[Europe/Amsterdam]"
    assert (finding.limit, finding.source) == ("24 h", "site")
    assert finding.values == {
        "reason": "closed",
        "last": "2026-11-20T16:00:00+01:00[Europe/Amsterdam]",
        "first": "2026-11-23T08:00:00+01:00[Europe/Amsterdam]",
        "within_h": within,
        "start": "2026-11-23T10:00:00+01:00[Europe/Amsterdam]",
    }


def test_the_first_bag_that_cannot_be_made_is_named_with_the_longest_way_to_it() -> None:
    """Open on Mondays. Eight days from Mon 14:00: 24 and 96 h, made by Mon 16:00, last until Sat 14:00.

    72 h and then 96 h, made on the first Monday, last until the second: 70 h from Mon 16:00 to Thu 14:00. No start
    within a week is better.
    """
    finding = why(answer_of(MONDAYS, protocol=short_course(8))[0])
    assert finding.actual == "2026-11-28T14:00:00+01:00[Europe/Amsterdam]"
    assert finding.values == {
        "reason": "closed",
        "last": "2026-11-23T16:00:00+01:00[Europe/Amsterdam]",
        "first": "2026-11-30T08:00:00+01:00[Europe/Amsterdam]",
        "within_h": "70",
        "start": "",
    }


def test_the_shortest_time_is_looked_for_up_to_what_any_kind_keeps() -> None:
    """American bags keep for 192 h, infusion included: 168 h before one of 24 h, 144 h before one of 48 h.

    Open on Mondays; six days from Mon 18:00, then one of another dose, for which the bag is connected on Sun 18:00,
    146 h after Mon 16:00.
    """
    order = {"product": "us", "start": "2026-11-23T18:00", "protocol": phases((6, 15), (1, 5))}
    assert no_plan(MONDAYS, **order)["within_h"] == "146"
    basis = 'start_within_basis = "validated"\n'
    assert not answer_of(f"start_within_h = 145\n{basis}{MONDAYS}", **order)[0].options
    assert answer_of(f"start_within_h = 146\n{basis}{MONDAYS}", **order)[0].options


def test_where_the_product_itself_sets_the_limit_no_longer_one_is_offered() -> None:
    """Open on Mondays, but not on 16 and 23 November; ten days before Mon 23-Nov 14:00 is Fri 13."""
    closed = f'closed = ["2026-11-16", "2026-11-23"]\n{MONDAYS}'
    finding = why(answer_of(LIMITS_OF_THE_PRODUCT + closed, protocol=short_course(1))[0])
    assert finding.limit == ""
    assert finding.values == {
        "reason": "closed",
        "last": "2026-11-09T16:00:00+01:00[Europe/Amsterdam]",
        "first": "2026-11-30T08:00:00+01:00[Europe/Amsterdam]",
        "within_h": "",
        "start": "2026-11-30T10:00:00+01:00[Europe/Amsterdam]",
    }
    # with the site's own limit: no longer one would help either
    assert why(answer_of(closed, protocol=short_course(1))[0]).values["within_h"] == ""


# A unit with one open minute a week, Mon 08:00, from which a bag is connected at 09:00 sharp.
ONE_MINUTE = 'start_within_h = 1\nlead_time_h = 1\nsession_h = 1\nclosed = ["2026-11-23"]\n'
ITS_HOURS = '[preparation_hours]\nmon = "08:00-09:00"\n'


@pytest.mark.parametrize(("hour", "start"), [("09", "2026-11-30T09:00:00+01:00[Europe/Amsterdam]"), ("08", "")])
def test_a_later_start_is_looked_for_within_168_hours(hour: str, start: str) -> None:
    """Closed on 23 November: from 09:00 the next Monday is 168 h away, from 08:00 169 h."""
    values = no_plan(ONE_MINUTE + ITS_HOURS, protocol=short_course(1), start=f"2026-11-23T{hour}:00")
    assert values["start"] == start


def test_a_unit_that_was_or_is_never_open_has_no_last_or_first_moment() -> None:
    """Looked at are 20 days before the course and 30 days after it; all Mondays of one or the other are closed."""
    before = ["2026-11-09", "2026-11-16", "2026-11-23"]
    after = ["2026-11-30", "2026-12-07", "2026-12-14", "2026-12-21", "2026-12-28"]
    for closed, last, first in (
        (before, "", "2026-11-30T08:00:00+01:00[Europe/Amsterdam]"),
        (["2026-11-23", *after], "2026-11-16T16:00:00+01:00[Europe/Amsterdam]", ""),
        (before + after, "", ""),
    ):
        listed = ", ".join(f'"{day}"' for day in closed)
        values = no_plan(f"closed = [{listed}]\n{MONDAYS}", protocol=short_course(1))
        assert (values["reason"], values["last"], values["first"]) == ("closed", last, first)


def test_hours_that_no_bags_add_up_to_and_an_order_without_kinds() -> None:
    """A pump that goes by 0.7 mL/h runs at none of the rates 10, 5, 3.3 and 2.5; by 1 mL/h at the first two."""
    finding = why(answer_of("[pump]\nstep_ml_per_h = 0.7\n", protocol=short_course(1))[0])
    assert finding.values == {"reason": "kinds"}
    # at 5 micrograms per m² per day 24 h are refused, and a phase of one day has room for no other kind
    finding = why(answer_of("[pump]\nstep_ml_per_h = 1\n", protocol=phases((2, 15), (1, 5)))[0])
    assert finding.values == {"reason": "hours", "kinds": "24h, 48h"}
