"""Marking: every named mistake is recognised, no right answer is called wrong, and coincidences are counted."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from teaching_cases import exercise, house_with, plan_of, typed
from whenever import Instant

from dosing_app.core.quantities import NO_BREAK_SPACE, magnitude, print_number, quantity
from dosing_app.reference.product import load_product
from dosing_app.teaching.ask import Ask, read_answer, tolerance_words
from dosing_app.teaching.chain import chain_of
from dosing_app.teaching.exercise import KINDS, WHOLE, make_exercise
from dosing_app.teaching.mistakes import (
    NAMES,
    NOT_MEASURED,
    ROUNDED_EARLY,
    Verdict,
    claims,
    mark,
    mark_all,
    mistake_words,
)

WANTED = 200
SEEDS = 2000  # each of one kind, in turn
# How many exercises of a kind it takes for each mistake to show itself so often; most are among those seeds.
POOL = {
    "convert": 100,
    "bsa": 222,
    "dose": 222,
    "drug-volume": 222,
    "rate": 222,
    "volume": 480,
    "change-time": 340,
    "vials": 380,
    WHOLE: 410,  # of which the syringe alone is looked at
}


def in_turn(kind: str, count: int) -> range:
    """Seeds of which the seed test takes the same kind."""
    return range(KINDS.index(kind), len(KINDS) * count, len(KINDS))


def pool() -> Iterator[Ask]:
    for kind, count in POOL.items():
        for seed in in_turn(kind, count):
            asks = exercise(seed, kind).asks
            yield asks[0] if kind != WHOLE else next(ask for ask in asks if ask.step == "measured")


def test_every_mistake_is_recognised_on_two_hundred_exercises(capsys: pytest.CaptureFixture[str]) -> None:
    """Of each mistake one form an exercise, answered as it comes out; and how often another one gives the same."""
    met: Counter[str] = Counter()
    recognised: Counter[str] = Counter()
    together: Counter[tuple[str, ...]] = Counter()
    for ask in pool():
        first = {claim.name: claim for claim in claims(ask)}
        for name, claim in first.items():
            if met[name] >= WANTED:
                continue
            met[name] += 1
            found = mark(ask, typed(ask, claim.value))
            recognised[name] += name in found.names
            assert found.verdict in {Verdict.MISTAKE, Verdict.EARLY}, (ask.question, claim, found)
            if len(found.names) > 1:
                together[tuple(sorted(found.names))] += 1
    with capsys.disabled():
        print("\nMistakes, each on", WANTED, "exercises:", dict(recognised))
        print(
            "Named together:", *(f"{' + '.join(names)} {count}" for names, count in together.most_common()), sep="\n  "
        )
    assert set(met) == {*NAMES, ROUNDED_EARLY}
    short = {name: count for name, count in met.items() if count < WANTED}
    assert not short
    assert all(recognised[name] == met[name] for name in met)


def test_no_right_answer_is_marked_wrong_over_two_thousand_seeds() -> None:
    for seed in range(SEEDS):
        kind = KINDS[seed % len(KINDS)]
        for ask in exercise(seed, kind).asks:
            for text in right_texts(ask):
                found = mark(ask, text)
                assert found.verdict is Verdict.RIGHT, (seed, kind, ask.question, text, ask.value, found)


def right_texts(ask: Ask) -> list[str]:
    """The right answer whole, and rounded as it is asked for; with a comma."""
    texts = [typed(ask, ask.value)]
    if isinstance(ask.value, Decimal) and ask.step != "convert":
        texts.append(f"{print_number(ask.value, ask.places, grouped=False)} {ask.unit}".replace(".", ","))
    return texts


def spelled(number: str, kind: str) -> list[str]:
    units = {
        "dose": ["micrograms per day", "microgram/day", "mcg/day", "µg per day", "micrograms / day"],
        "drug-volume": ["mL", "ml"],
        "bsa": ["m²", "m2", "m^2"],
        "rate": ["mL/h", "mL/hour", "mL per hour", "ml/h"],
    }[kind]
    return [
        f"{shown}{blank}{unit}"
        for unit in units
        for shown in (number, number.replace(".", ","), number + "0" if "." in number else number)
        for blank in (" ", NO_BREAK_SPACE, "")
    ]


@pytest.mark.parametrize("kind", ["dose", "drug-volume", "bsa", "rate"])
def test_a_right_answer_is_right_in_every_accepted_spelling(kind: str) -> None:
    for seed in range(30):
        ask = exercise(seed, kind).asks[0]
        for text in spelled(print_number(ask.value, ask.places, grouped=False), kind):
            assert mark(ask, text).verdict is Verdict.RIGHT, text


def test_another_unit_of_the_same_kind_is_read() -> None:
    ask = exercise(1, "drug-volume").asks[0]
    in_litres = print_number(ask.value / 1000, 6, grouped=False)
    assert mark(ask, f"{in_litres} L").verdict is Verdict.RIGHT


def test_the_whole_task_is_right_as_a_learner_works_it() -> None:
    for seed in range(30):
        asks = exercise(seed, WHOLE).asks
        marks = mark_all(asks, [typed(ask, ask.value) for ask in asks])
        assert {each.verdict for each in marks} == {Verdict.RIGHT}


def test_rounding_on_the_way_is_right_but_too_early() -> None:
    """BSA cut to two decimals, the commonest of them."""
    seen = 0
    for seed in range(60):
        asks = {ask.step: ask for ask in exercise(seed, WHOLE).asks}
        area = round(asks["bsa"].value, 2)
        early = asks["dose"].chain.dose_rate.magnitude * area
        if abs(early - asks["dose"].value) <= asks["dose"].tolerance:
            continue
        found = mark(asks["dose"], typed(asks["dose"], early))
        assert ROUNDED_EARLY in found.names
        assert found.verdict in {Verdict.EARLY, Verdict.MISTAKE}
        if found.verdict is Verdict.EARLY:
            seen += 1
            assert found.passed
            assert "too early" in found.sentence
    assert seen > 20


def test_a_wrong_figure_counts_once_and_what_follows_from_it_is_right() -> None:
    asks = exercise(4, WHOLE).asks
    texts = [typed(ask, ask.value) for ask in asks]
    by_step = {ask.step: place for place, ask in enumerate(asks)}
    dose, amount = by_step["dose"], by_step["amount"]
    texts[dose] = typed(asks[dose], asks[dose].value * Decimal("1.3"))
    texts[amount] = typed(asks[amount], asks[amount].value * Decimal("1.3"))
    marks = mark_all(asks, texts)
    assert marks[dose].verdict is Verdict.WRONG
    assert marks[amount].verdict is Verdict.FOLLOWS
    assert marks[amount].passed
    assert mark(asks[amount], texts[amount]).verdict is Verdict.WRONG


@pytest.mark.parametrize("step", ["dose", "amount", "drug-volume"])
@pytest.mark.parametrize("factor", [1000, 10_000])
def test_after_an_own_figure_that_no_bag_can_hold_every_answer_is_still_marked(step: str, factor: int) -> None:
    """Milligrams for micrograms, and then another slip in any later step: marking stopped with an error here."""
    asks = exercise(4, WHOLE).asks
    own = next(place for place, ask in enumerate(asks) if ask.step == step)
    for later in range(own + 1, len(asks)):
        texts = [typed(ask, ask.value) for ask in asks]
        texts[own] = typed(asks[own], asks[own].value * factor)
        value = asks[later].value
        if not isinstance(value, Decimal):
            continue
        texts[later] = typed(asks[later], value * Decimal("1.37"))
        marks = mark_all(asks, texts)
        assert not marks[own].passed
        assert not marks[later].passed
        others = {each.verdict for place, each in enumerate(marks) if place not in {own, later}}
        assert others == {Verdict.RIGHT}


def test_a_slip_on_the_way_from_an_own_figure_is_named() -> None:
    """A dose of 1.3 times the right one, carried on; then hours taken for days: neither comes from the right dose."""
    asks = exercise(4, WHOLE).asks
    places = {ask.step: place for place, ask in enumerate(asks)}
    dose, amount, vials, time = (places[name] for name in ("dose", "amount", "vials", "change-time"))
    texts = [typed(ask, ask.value) for ask in asks]
    texts[dose] = typed(asks[dose], asks[dose].value * Decimal("1.3"))
    texts[amount] = typed(asks[amount], asks[amount].value * Decimal("1.3") * 24)
    texts[vials] = "77"
    texts[time] = typed(asks[time], asks[time].value.add(minutes=7))
    marks = mark_all(asks, texts)
    assert "per-day-per-hour" in marks[amount].names
    assert mark(asks[amount], texts[amount]).verdict is Verdict.WRONG
    assert (marks[vials].verdict, marks[time].verdict) == (Verdict.WRONG, Verdict.WRONG)


def test_nothing_follows_from_a_figure_of_nothing() -> None:
    asks = exercise(4, WHOLE).asks
    texts = [typed(ask, ask.value) for ask in asks]
    texts[0] = "0 m²"
    assert [each.verdict for each in mark_all(asks, texts)] == [Verdict.WRONG] + [Verdict.RIGHT] * (len(asks) - 1)


def test_where_vials_are_not_shared_each_bag_opens_its_own() -> None:
    """By hand: each volume ÷ 2.8 mL, rounded up, then added; counted for each bag it is right here and no slip."""
    home = house_with(share_vials=False)
    for seed in range(5):
        ask = next(each for each in make_exercise(seed, WHOLE, house=home).asks if each.step == "vials")
        assert ask.chain is not None
        right = sum(math.ceil(magnitude(each, "mL") / Decimal("2.8")) for each in ask.chain.drawn)
        assert mark(ask, str(right)).verdict is Verdict.RIGHT
        assert "vials-apart" not in {claim.name for claim in claims(ask)}


def test_no_volume_is_named_that_no_syringe_of_the_site_holds() -> None:
    """A figure cut on the way may come to more than the largest syringe: nobody draws that up."""
    beyond = 0
    for seed in range(12):
        ask = next(each for each in exercise(seed, WHOLE).asks if each.step == "measured")
        assert ask.chain is not None
        largest = ask.value + Decimal("0.05")
        small = replace(ask, chain=replace(ask.chain, syringes={largest: Decimal("0.01")}))
        cut, kept = ([each.value for each in claims(asked) if each.detail == "on-the-way"] for asked in (ask, small))
        assert all(value <= largest for value in kept)
        beyond += any(value > largest for value in cut)
    assert beyond


def test_what_mistakes_give_was_worked_by_hand() -> None:
    """Outside truth: 6.42 kg, 63.5 cm, second bag 96 h at 2.5 mL/hour; worked by hand from 5.04771 micrograms per day.

    D = 5.04771 × 4 = 20.1908; 3000 − D = 2979.809; right 20.1908 × 275.5 ÷ 2979.809 = 1.86673.
    """
    plan, reference = plan_of()
    bag = plan.bags[1]
    chain = chain_of(plan, bag, reference, load_product("us"))
    drug = replace(exercise(0, "drug-volume").asks[0], right=bag.drug_exact, chain=chain)
    volume = replace(
        exercise(0, "volume").asks[0],
        right=quantity(Decimal(160), "mL"),
        chain=replace(chain, infused=quantity(Decimal(32), "h")),
    )
    rate = replace(exercise(0, "rate").asks[0], right=bag.rate, chain=chain)
    worked = [
        (drug, "forgot-stabiliser", "1.82946"),  # 20.1908 × 270 ÷ 2979.809
        (drug, "forgot-overfill", "1.73121"),  # 20.1908 × 255.5 ÷ 2979.809
        (drug, "delivered-against-total", "1.61527"),  # 20.1908 ÷ 12.5
        (drug, "vial-content", "2.05453"),  # 12.5 × 35 ÷ 38.5 = 11.36364; 2727.2727 − D = 2707.0819
        (drug, "pounds", "2.77720"),  # the area, and D, times √2.2046226 = 1.484797: D = 29.97927
        (drug, "tenth", "0.186673"),
        (volume, "volume-reset", "240"),
        (volume, "bag-content", "197.4"),  # 277.4 in the bag less 80 infused
        (volume, "per-day-per-hour", "60"),
        (volume, "rate-not-changed", "211.2"),  # 3.3 × 64
        (rate, "rate-not-changed", "3.3"),
        (rate, "other-region", "1.8"),
        (rate, "bag-content", "2.88958"),  # 277.4 ÷ 96
        (rate, "per-day-per-hour", "60"),
    ]
    for ask, name, value in worked:
        found = mark(ask, f"{value} {ask.unit}")
        assert name in found.names, (name, value, found, [claim for claim in claims(ask) if claim.name == name])


def test_two_mistakes_that_give_one_answer_are_both_named() -> None:
    for seed in range(300):
        ask = exercise(seed, "volume").asks[0]
        values = {claim.name: claim.value for claim in claims(ask)}
        if "volume-reset" in values and values["volume-reset"] == values.get("per-day-per-hour"):
            found = mark(ask, typed(ask, values["volume-reset"]))
            assert {"volume-reset", "per-day-per-hour"} <= set(found.names)
            assert found.sentence.startswith("More than one slip")
            return
    pytest.fail("no such case among 300")


def test_a_claim_lies_beyond_the_reach_of_the_right_answer() -> None:
    for kind in KINDS:
        for seed in range(20):
            for ask in exercise(seed, kind).asks:
                for claim in claims(ask):
                    if isinstance(claim.value, Decimal):
                        times = 1 if claim.name == ROUNDED_EARLY else 2
                        assert abs(claim.value - ask.value) > times * ask.tolerance
                    else:
                        assert claim.value != ask.value


def test_a_converted_figure_must_be_in_the_unit_that_was_asked_for() -> None:
    for seed in range(40):
        ask = exercise(seed, "convert").asks[0]
        given = f"{print_number(ask.conversion.value.magnitude, grouped=False)} {ask.conversion.unit}"
        found = mark(ask, given)
        assert found.verdict in {Verdict.OTHER_UNIT, Verdict.MISTAKE}, given
        if not ask.conversion.of_time:
            assert found.verdict is Verdict.OTHER_UNIT
            assert "asks for" in found.sentence


@pytest.mark.parametrize(
    "text", ["", "5.05", "five", "5 05 mL", "5.05 KG", "11 lb", "1.234,5 mL", "-5 mL", "5e0 mL", "5 kg"]
)
def test_what_cannot_be_read_is_not_marked(text: str) -> None:
    ask = exercise(1, "drug-volume").asks[0]
    found = mark(ask, text)
    assert found.verdict is Verdict.UNREAD
    assert not found.passed
    assert found.sentence.startswith("Answer")


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        *(("2 vials", None), ("2", None), ("99", Verdict.WRONG), ("2.0", Verdict.UNREAD)),
        *(("", Verdict.UNREAD), (" ", Verdict.UNREAD), ("2" * 1000, Verdict.UNREAD), ("2000", Verdict.UNREAD)),
    ],
)
def test_vials_are_counted(text: str, verdict: Verdict | None) -> None:
    ask = exercise(1, "vials").asks[0]
    found = mark(ask, text)
    if verdict is None:
        assert read_answer(ask, text).value == 2
    else:
        assert found.verdict is verdict


def test_times_are_read_by_the_clock_at_the_bed() -> None:
    ask = exercise(2, "change-time").asks[0]
    assert isinstance(ask.right, Instant)
    wall = ask.right.to_tz(ask.moment.zone).format_iso()
    date, time = wall[:10], wall[11:16]
    year, month, day = date.split("-")
    for text in (f"{date}T{time}", f"{date} {time}", f"{day}.{month}.{year} {time}"):
        assert mark(ask, text).verdict is Verdict.RIGHT
    assert mark(ask, date).verdict is Verdict.UNREAD


def test_a_mark_for_thousands_is_named_beside_the_mistake() -> None:
    ask = next(ask for seed in range(99) for ask in exercise(seed, "convert").asks if ask.unit == "g")
    grams = print_number(ask.value, grouped=False)
    assert len(grams) == 4 or len(grams) == 5
    found = mark(ask, f"{grams[:-3]},{grams[-3:]} g")
    assert not found.passed
    assert "thousands" in found.sentence


def test_every_mistake_has_its_words_and_tolerance_is_stated() -> None:
    seen = set()
    for kind in KINDS:
        for seed in range(12):
            for ask in exercise(seed, kind).asks:
                assert tolerance_words(ask).endswith(".")
                for claim in claims(ask):
                    seen.add(claim.name)
                    assert mistake_words(claim).endswith(".")
    assert {NOT_MEASURED, ROUNDED_EARLY} <= seen
