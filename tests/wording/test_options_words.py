"""What is read about options: their table, which of them the plan is, and what a lost bag means. One ordinary infant.

By hand, where a figure follows from the order: 6.42 kg; a 96 h bag takes 1.9 mL in marks of 0.1 mL at 2.5 mL/hour.
"""

from dataclasses import replace
from functools import cache

from course_cases import BASE, house, plan_of

from dosing_app.course.options import Answer, find_answer
from dosing_app.course.order import Order, read_order
from dosing_app.reference.bundle import Reference
from dosing_app.wording import options_words as words

LONG = 'start_within_h = "product"\nstart_within_basis = "validated"\n'
PRESERVED = f"{LONG}preserved_bags = true\n"


@cache
def answer_of(site: str = "", **texts: str) -> tuple[Answer, Order, Reference]:
    reading = read_order({name: text for name, text in {**BASE, "pattern": "", **texts}.items() if text}, house(site))
    assert reading.order is not None, reading.findings
    assert reading.reference is not None
    return find_answer(reading.order, reading.reference), reading.order, reading.reference


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def columns(answer: Answer, laid_out: int = 1) -> dict[str, list[str]]:
    """The table by its headers, with the plans of the first few options."""
    plans = [answer.plan(index) if index < laid_out else None for index in range(len(answer.options))]
    table = words.option_table(answer.options, plans)
    assert all(len(row) == len(table.headers) for row in table.rows)
    return {plain(header): [row[at] for row in table.rows] for at, header in enumerate(table.headers)}


# ---- the table ----


def test_counts_stand_at_once_and_figures_when_the_plan_is_laid_out() -> None:
    answer, _order, _reference = answer_of(LONG)
    found = columns(answer)
    counts = ("Vials", "Sessions", "Off-hours changes", "Changes", "Rate changes")
    assert [tuple(map(int, row)) for row in zip(*(found[name] for name in counts), strict=True)] == [
        tuple(option.counts) for option in answer.options
    ]
    assert found["No."] == [str(number) for number in range(1, len(answer.options) + 1)]
    assert (found["Fluid, mL"][0], found["Fluid, mL"][1:]) == ("18.7", ["…"] * (len(answer.options) - 1))
    assert "Mark" not in found
    assert "Benzyl alcohol, mg" not in found
    assert list(found)[words.COURSE_COLUMN] == "Course"


def test_the_worst_day_is_that_of_the_kind_with_most_fluid() -> None:
    """2.5 × 24 ÷ 6.42 = 9.35 mL, of 0.154 mmol each 1.44 mmol; half of the marks of 0.1 mL on 1.9 mL are 2.6 %."""
    answer, _order, reference = answer_of()
    plan = answer.plan(0)
    found = columns(answer)
    assert (found["Fluid, mL"], found["Sodium, mmol"]) == (["9.3"], ["1.4"])
    said = plain(words.exposure_fact(plan, reference.limits).text)
    assert said.startswith("fluid 9.3 mL, sodium 1.4 mmol (noted above 3, a reason above 5), chloride ")
    assert said.endswith("benzyl alcohol 0 mg")
    off = plain(words.error_fact(plan).text)
    assert off.startswith(
        "half a mark of the syringe ± 2.6 %, fill of the bag ± 1.8 %, pump ± 6 %, another BSA formula"
    )


def test_what_is_preserved_or_needs_a_reason_is_marked_in_words() -> None:
    answer, _order, _reference = answer_of(PRESERVED, product="us")
    preserved = [option.preserved for option in answer.options]
    assert preserved == sorted(preserved)
    assert any(preserved)
    found = columns(answer, laid_out=len(answer.options))
    for mark, is_preserved, alcohol in zip(found["Mark"], preserved, found["Benzyl alcohol, mg"], strict=True):
        assert mark == ("preserved, needs a reason" if is_preserved else "")
        assert (alcohol == "0") is not is_preserved
    assert columns(answer, laid_out=0)["Mark"][-1] == "preserved"


def test_an_option_of_which_the_engines_disagree_is_withdrawn_and_has_no_figure() -> None:
    answer, _order, _reference = answer_of()
    withdrawn = answer.plan(0).model_copy(update={"bags": None, "sessions": None, "totals": None})
    table = words.option_table(answer.options, [withdrawn])
    row = dict(zip(map(plain, table.headers), table.rows[0], strict=True))
    assert row["Mark"] == "withdrawn: the two engines disagree"
    assert {row[name] for name in ("Vials floor", "Worst gap, h", "Least slack, h", "Fluid, mL")} == {"–"}
    assert row["Vials"] == "8"


def test_an_option_in_one_sentence() -> None:
    answer, _order, _reference = answer_of()
    said = "8 vials, 8 sessions, 7 changes, 0 off hours, 0 rate changes"
    assert words.option_said(0, answer.options[0]) == f"Option 1: {said}, pattern 96h@72,96h"
    assert words.plan_counts(answer.plan(0)) == said
    assert words.plan_counts(plan_of(weight="")) == ""
    assert words.counts_words(1, 1, 1, 1, 1) == "1 vial, 1 session, 1 change, 1 off hours, 1 rate change"


# ---- which option is the order's plan ----


def test_why_the_plan_is_that_option() -> None:
    answer, order, _reference = answer_of(LONG)
    plan = answer.plan(1)
    assert words.choice_texts(answer.options[1].choice) == (plan.pattern, "3,4,3")
    assert words.present_option(plan, answer.options) == 1
    auto = words.present_words(answer.plan(0), answer.options)
    assert auto == "The order’s plan is option 1: the pattern is auto, and it is the first without a reason."
    typed = plan.model_copy(update={"order": order.model_copy(update={"pattern": "72h"})})
    assert words.present_words(typed, answer.options) == "The order’s plan is option 2."


def test_where_every_option_needs_a_reason_the_first_one_is_the_plan() -> None:
    preserved, _order, _reference = answer_of(PRESERVED, product="us")
    last = preserved.plan(len(preserved.options) - 1)
    said = words.present_words(last, preserved.options)
    assert said == (
        f"The order’s plan is option {len(preserved.options)}: the pattern is auto, and every option needs a reason."
    )


def test_a_plan_beside_the_options_is_compared_with_them() -> None:
    answer, _order, _reference = answer_of(LONG)
    more = plan_of(LONG, pattern="24h")
    assert words.present_option(more, answer.options) is None
    said = words.present_words(more, answer.options)
    assert said.startswith("The order’s plan, 24h, is none of the options. Option ")
    assert said.endswith(" has no larger count.")
    number = int(said.split("Option ")[1].split(" ")[0])
    assert more.totals is not None
    own = (
        *(more.totals.vials, more.totals.sessions, more.totals.off_hours_changes),
        *(more.totals.changes, more.totals.rate_changes),
    )
    assert all(count <= ours for count, ours in zip(answer.options[number - 1].counts, own, strict=True))
    assert words.present_words(more, answer.options[:0]) == "The order’s plan, 24h, is none of the options."
    assert words.present_words(plan_of(weight=""), answer.options) == ""
    assert words.present_option(None, answer.options) is None


def test_an_option_with_one_larger_count_is_no_better() -> None:
    answer, _order, _reference = answer_of(LONG)
    few = answer.plan(0)
    assert few.totals is not None
    fewer = few.model_copy(update={"pattern": "none", "bags": few.bags[:-1], "totals": few.totals})
    assert words.present_words(fewer, answer.options[1:]) == "The order’s plan, none, is none of the options."


def test_why_there_is_no_option_and_what_would_help() -> None:
    """A Monday at 9: the last session was on Friday at 16, 65 hours before; or an hour later, after one at 8."""
    answer, _order, _reference = answer_of(start="2026-11-23T09:00")
    assert not answer.options
    assert plain(words.why_none(None, answer)) == (
        "No session can serve the bag of Mon 23-Nov-2026 09:00: the last session before it is Fri 20-Nov-2026 16:00, "
        "the next Mon 23-Nov-2026 08:00, 24 h limit. A plan exists if bags may be connected within 65 h of "
        "preparation. A plan exists if the course starts Mon 23-Nov-2026 10:00."
    )
    assert words.why_none(None, None) == ""
    sessions = plan_of(pattern="96h", sessions="9,9")
    assert words.why_none(sessions, answer_of()[0]) == ""  # of the sessions that were typed, not of the options
    assert words.why_no_bags(sessions).startswith("Sessions of 9,9 bags cannot be held")
    assert words.why_no_bags(plan_of(weight="")) == ""


# ---- beside a plan ----


def test_a_spare_bag_has_its_price_in_vials() -> None:
    answer, _order, _reference = answer_of(LONG)
    table = words.spare_table(answer.plan(0), answer.spares(0))
    assert [plain(each) for each in table.headers[-3:]] == ["Spare bag", "Vials for it", "Worst gap then, h"]
    assert table.rows[0][-3:] == ["96h", "1", "66"]
    unknown = [replace(each, worst_gap=None) for each in answer.spares(0)]
    assert words.spare_table(answer.plan(0), unknown).rows[0][-1] == "–"
    assert words.spare_table(answer.plan(0), []).rows[0][-3:] == ["full", "–", "–"]


def test_a_lost_bag_in_words() -> None:
    """The unit opens at 8 and closes at 17:30; a session ends by then, and a bag runs two hours after its beginning."""
    answer, _order, reference = answer_of(start="2026-11-28T09:00")
    plan = answer.plan(0)
    fact = words.gap_fact(plan, reference.limits)
    said = plain(fact.text)
    assert fact.name == "If a bag is lost"
    assert said.startswith("At worst 66 h until another can run. 4 h or more if it is lost in one of these times: ")
    assert "Sat 28-Nov-2026 09:00 to Mon 30-Nov-2026 06:01;" in said  # alone of its kind
    assert "16:01 to 06:01 the next day, from Tue 01-Dec-2026, " in said
    assert "16:01 to 06:01 3 days later, from Fri 04-Dec-2026, Fri 11-Dec-2026, Fri 18-Dec-2026" in said
    never = plain(words.gap_fact(plan.model_copy(update={"long_gaps": ()}), reference.limits).text)
    assert never == "At worst 66 h until another can run; never 4 h or more."
    assert plan.totals is not None
    for totals in (None, plan.totals.model_copy(update={"worst_gap": None})):
        gone = plan.model_copy(update={"totals": totals})
        assert words.gap_fact(gone, reference.limits).text == "It could not be replaced within the days looked at."
    without = plan.model_copy(update={"totals": plan.totals.model_copy(update={"worst_gap": None})})
    table = words.option_table(answer.options, [without])
    assert dict(zip(table.headers, table.rows[0], strict=True))["Worst gap, h"] == "–"


def test_vials_in_the_sites_money() -> None:
    """2017 a vial: 8 are 16 136, and 28 of the label's way 56 476."""
    answer, _order, _reference = answer_of()
    plan = answer.plan(0)
    said = plain(words.label_way_fact(answer, plan, "2017 GBP").text)
    assert said.startswith(
        "8 vials (16 136 GBP); by the label’s way, every bag made by itself: 24h bags 28 vials (56 4"
    )
    assert plain(words.label_way_fact(answer, plan, "").text).startswith("8 vials; by the label’s way")


def test_starting_weekdays_are_those_of_the_regimens() -> None:
    """Domain.md section 8: 3-4 starts Monday, Tuesday or Friday, 4-3 Monday, Thursday or Friday."""
    _answer, order, reference = answer_of()
    fact = words.weekday_fact(order, reference)
    assert fact is not None
    assert fact.text == "at 14:00 with no change off hours: 72h,96h: Mon, Tue, Fri; 96h,72h: Mon, Thu, Fri"
    night = order.model_copy(update={"start": order.start.add(hours=9)})
    fact = words.weekday_fact(night, reference)
    assert fact is not None
    assert fact.text == "at 23:00 with no change off hours: 72h,96h: no day; 96h,72h: no day"
    _answer, american, of_us = answer_of(LONG, product="us")
    assert words.weekday_fact(american, of_us) is None  # it has no bags of three and four days
