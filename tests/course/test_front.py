"""The search for options, against brute force by another author, and against the limits it must keep."""

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dosing_app.core.findings import Tier
from dosing_app.core.front import Choice, CourseHours, search
from dosing_app.core.quantities import magnitude
from dosing_app.core.sessions import Rules
from dosing_app.course.calculate import calculate
from dosing_app.course.options import Answer, find_answer
from dosing_app.course.order import read_order
from dosing_app.course.pattern import Piece
from dosing_app.reference.bundle import Reference
from dosing_app.reference.source import in_unit, shipped
from tests.course.course_cases import BASE, file_of, house
from tests.oracles import brute_options as brute

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def short_course(days: int, *more: int) -> str:
    """A protocol file of so many days, in phases if several are given; the later ones at another dose rate."""
    rates = ["15 microgram / m^2 / day", "5 microgram / m^2 / day"]
    head = f'schema = 1\nname = "short-{days}"\ndaily_cap = "28 microgram / day"\nsource = "a test"\ngrade = "J"\n'
    if not more:
        return str(file_of(f'{head}dose_rate = "{rates[0]}"\ncourse_days = {days}\n', f"short-{days}"))
    phases = "".join(
        f'[[phase]]\ndays = {each}\ndose_rate = "{rates[index % 2]}"\n' for index, each in enumerate((days, *more))
    )
    return str(file_of(head + phases, f"short-{days}"))


def answer_of(site: str = "", **texts: str) -> tuple[Answer, Reference]:
    """All options of the ordinary infant with these texts changed."""
    given_texts = {name: text for name, text in {**BASE, "pattern": "", **texts}.items() if text}
    reading = read_order(given_texts, house(site))
    assert reading.order is not None, reading.findings
    assert reading.reference is not None
    return find_answer(reading.order, reading.reference), reading.reference


def counts_of(answer: Answer, *, preserved: bool = False) -> list[tuple[int, ...]]:
    return [tuple(each.counts) for each in answer.options if each.preserved is preserved]


# ---- the same, by brute force ----


def brute_course(answer: Answer, reference: Reference, start: datetime, hours: int) -> brute.Course:
    """The case as the other author's program wants it: volumes from the plans' own recipes, limits from the data."""
    site = reference.site
    basis = answer._basis  # the recipes are not what is compared here: they have their own outside cases
    pieces = []
    for kind in reference.product.kind:
        if not kind.plannable:
            continue
        made = basis.recipe(kind.name, 0)
        if any(each.tier is Tier.REFUSE for each in made.findings):
            continue
        assert made.exact is not None
        assert made.measured is not None
        volume = max(Fraction(magnitude(made.exact, "mL")), Fraction(magnitude(made.measured, "mL")))
        storage = reference.product.storage[kind.storage]
        pieces += [
            brute.Piece(
                str(piece),
                piece.hours,
                str(in_unit(kind.rate, "mL/h")),
                volume,
                int(in_unit(storage.refrigerated, "h")),
                int(in_unit(storage.at_room, "h")),
                storage.infusion_included,
                kind.preservative,
            )
            for piece in (
                Piece(kind.name, kind.hours, full=True),
                *(Piece(kind.name, int(in_unit(each, "h")), full=False) for each in kind.early_take_down),
            )
        ]
    return brute.Course(
        start=start,
        hours=hours,
        bed_zone=BASE["zone"] if not answer.order else answer.order.zone,
        unit_zone=site.zone,
        pieces=tuple(pieces),
        site=site_dict(reference),
        usable_ml=Fraction(in_unit(reference.product.vial.usable, "mL")),
    )


def site_dict(reference: Reference) -> dict[str, Any]:
    """The settings as they stand in a site file."""
    site = reference.site
    first, end = site.change_hours
    return {
        "start_within_h": "product" if site.start_within_h is None else str(site.start_within_h),
        "lead_time_h": str(site.lead_time_h),
        "session_h": str(site.session_h),
        "max_bags_per_session": site.max_bags_per_session,
        "share_vials": site.share_vials,
        "preserved_bags": site.preserved_bags,
        "preparation_hours": {
            DAYS[day - 1]: f"{opens.format_iso()[:5]}-{closes.format_iso()[:5]}"
            for day, (opens, closes) in site.preparation_hours.items()
        },
        "closed": [day.format_iso() for day in site.closed],
        "change_hours": f"{first.format_iso()[:5]}-{end.format_iso()[:5]}",
        "weekend_changes": site.weekend_changes,
        "zone": site.zone,
    }


WEEKS = (
    'mon = "08:00-17:30"\ntue = "08:00-17:30"\nwed = "08:00-17:30"\nthu = "08:00-17:30"\nfri = "08:00-17:30"',
    'mon = "09:00-12:00"\nwed = "09:00-12:00"\nfri = "13:00-18:00"',
    "\n".join(f'{day} = "07:30-20:00"' for day in DAYS),
    'sun = "00:00-06:00"\nthu = "20:00-23:30"',
)


@st.composite
def small_cases(draw: st.DrawFn) -> dict[str, Any]:
    """An infant, a site, a start, a zone and product data; two to eight days."""
    limit = draw(st.sampled_from(["24", "product", "96", "product"]))
    basis = "" if limit == "24" else 'start_within_basis = "validated"\n'
    closed = draw(st.lists(st.sampled_from(["2026-10-26", "2027-03-29", "2026-11-25"]), max_size=1))
    site = (
        f"start_within_h = {limit if limit != 'product' else chr(34) + limit + chr(34)}\n{basis}"
        f"lead_time_h = {draw(st.sampled_from(['1.5', '2', '5']))}\nsession_h = {draw(st.sampled_from(['1', '1.5']))}\n"
        f"max_bags_per_session = {draw(st.integers(1, 4))}\nshare_vials = {draw(st.sampled_from(['true', 'false']))}\n"
        f'weekend_changes = "{draw(st.sampled_from(["off-hours", "wanted"]))}"\n'
        f"preserved_bags = {draw(st.sampled_from(['true', 'false']))}\n"
        f'change_hours = "{draw(st.sampled_from(["07:00-19:00", "10:30-13:00"]))}"\n'
        f'zone = "{draw(st.sampled_from(["Europe/Amsterdam", "America/New_York"]))}"\n'
        f"closed = {json.dumps(closed)}\n[preparation_hours]\n{draw(st.sampled_from(WEEKS))}\n"
    )
    # Around the changes of the clock in Europe, in America and on no such day.
    day = draw(st.sampled_from(["2026-10-21", "2026-10-30", "2026-11-23", "2027-03-11", "2027-03-26"]))
    hour, minute = draw(st.integers(6, 22)), draw(st.sampled_from([0, 30, 59]))
    return {
        "site": site,
        "days": draw(st.sampled_from([2, 5, 7, 8])),
        "product": draw(st.sampled_from(["eu", "us"])),
        "zone": draw(st.sampled_from(["Europe/Amsterdam", "America/New_York", "Asia/Kathmandu"])),
        "start": f"{day}T{hour:02}:{minute:02}",
        "weight": f"{draw(st.sampled_from(['3.1', '4.63', '5.9', '8', '11.2']))} kg",
        "length": f"{draw(st.sampled_from(['50', '58.5', '64', '72', '80.5']))} cm",
    }


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(small_cases())
def test_the_front_is_that_of_brute_force(case: Mapping[str, Any]) -> None:
    """Every point, no other, and the shortest storage of each; both fronts."""
    born = "2026-06-20"
    measured = case["start"][:10]
    texts = {key: case[key] for key in ("product", "zone", "start", "weight", "length")}
    reasons = {f"reason:{code}": "a test" for code in ("weight-change", "age", "measurement-age")}
    answer, reference = answer_of(
        case["site"], protocol=short_course(case["days"]), born=born, measured=measured, **texts, **reasons
    )
    assert not answer._basis.held_back, answer.findings
    start = datetime.fromtimestamp(answer.order.start.timestamp(), UTC)
    course = brute_course(answer, reference, start, case["days"] * 24)
    for preserved in (False, True):
        expected = brute.front(course, preserved=preserved)
        found = [
            (tuple(option.counts), storage_of(answer, index))
            for index, option in enumerate(answer.options)
            if option.preserved is preserved
        ]
        assert found == [(tuple(counts), storage) for counts, storage in expected]


def storage_of(answer: Answer, index: int) -> int:
    """Minutes from session to connection, over all bags of an option's plan."""
    bags = answer.plan(index).bags
    assert bags is not None, answer.plan(index).findings
    return sum((bag.start.timestamp() - bag.prepared.timestamp()) // 60 for bag in bags)


# ---- the whole course ----

LIMITS_OF_THE_PRODUCT = 'start_within_h = "product"\nstart_within_basis = "validated"\n'


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        # vials, sessions, off-hours changes, changes, rate changes: the figures of the issue
        (LIMITS_OF_THE_PRODUCT, [(5, 3, 1, 8, 3), (6, 3, 0, 7, 1), (7, 3, 0, 7, 0)]),
        ("", [(8, 8, 0, 7, 0)]),
    ],
)
def test_the_infant_of_the_issue(site: str, expected: list[tuple[int, ...]]) -> None:
    found = counts_of(answer_of(site)[0])
    assert set(expected) <= set(found)
    assert found[0] == expected[0]
    assert found == sorted(found)


def random_grouping(random: Random, course: brute.Course) -> tuple[brute.Session, ...] | None:
    """A plan of the whole course put together by chance, if it keeps every limit."""
    sessions: list[brute.Session] = []
    at, end = course.start, course.start + timedelta(hours=int(course.hours))
    while at < end:
        bags: list[brute.Bag] = []
        for _ in range(random.randint(1, course.site["max_bags_per_session"])):
            fitting = [piece for piece in course.pieces if at + timedelta(hours=int(piece.runs_h)) <= end]
            if fitting:
                bags.append(brute.Bag(random.choice(fitting), at))
                at = bags[-1].end
        session = brute.prepare(course, tuple(bags)) if bags else None
        if session is None:
            return None
        sessions.append(session)
    return tuple(sessions)


@pytest.mark.parametrize(("product", "zone"), [("eu", "Europe/Amsterdam"), ("us", "America/New_York")])
def test_no_plan_of_the_whole_course_beats_the_front(product: str, zone: str) -> None:
    """Plans put together by chance: each is equalled or beaten by a point of the front."""
    week = "\n".join(f'{day} = "07:00-20:00"' for day in DAYS)
    site = f'{LIMITS_OF_THE_PRODUCT}zone = "{zone}"\n[preparation_hours]\n{week}\n'
    answer, reference = answer_of(site, product=product, zone=zone, start="2026-10-19T11:00", measured="2026-10-19")
    course = brute_course(answer, reference, datetime.fromtimestamp(answer.order.start.timestamp(), UTC), 672)
    random, tried = Random(7), 0
    found = counts_of(answer)
    for _ in range(2500):
        if (sessions := random_grouping(random, course)) is not None:
            tried += 1
            counts = brute.counts(course, sessions)
            assert any(all(own <= other for own, other in zip(each, counts, strict=True)) for each in found), counts
    assert tried > 20


@pytest.mark.parametrize(
    ("site", "texts"),
    [
        (LIMITS_OF_THE_PRODUCT, {}),
        (f"{LIMITS_OF_THE_PRODUCT}share_vials = false\nmax_bags_per_session = 2\n", {}),
        (LIMITS_OF_THE_PRODUCT, {"start": "2026-10-19T11:00", "measured": "2026-10-19"}),
        (f'{LIMITS_OF_THE_PRODUCT}zone = "America/New_York"\n', {"product": "us", "zone": "America/New_York"}),
        (f"{LIMITS_OF_THE_PRODUCT}preserved_bags = true\n", {"product": "us"}),
        ("", {"product": "us", "start": "2026-11-25T11:30"}),
        ("lead_time_h = 6\n", {"start": "2026-11-24T15:00"}),
    ],
)
def test_no_option_breaks_a_limit(site: str, texts: dict[str, str]) -> None:
    """Every plan is checked by the program's second engine when it is laid out, and here by another author."""
    answer, reference = answer_of(site, **texts)
    product = {
        "usable_ml": str(in_unit(reference.product.vial.usable, "mL")),
        "kinds": {
            kind.name: {
                "runs_h": kind.hours,
                "rate_ml_per_h": str(in_unit(kind.rate, "mL/h")),
                "refrigerated_h": int(in_unit(reference.product.storage[kind.storage].refrigerated, "h")),
                "room_h": int(in_unit(reference.product.storage[kind.storage].at_room, "h")),
                "infusion_included": reference.product.storage[kind.storage].infusion_included,
            }
            for kind in reference.product.kind
            if kind.plannable
        },
    }
    assert answer.options
    assert answer.listed == list(range(len(answer.options)))
    for index, option in enumerate(answer.options):
        plan = answer.plan(index).as_json()
        assert brute.broken_limits(plan, site_dict(reference), product) == []
        totals = plan["totals"]
        assert tuple(option.counts) == tuple(totals[name] for name in option.counts._fields)
        assert totals["vials"] >= totals["vials_floor"]
        assert not [each for each in plan["findings"] if each["code"] == "unit-closed"]


def test_preserved_plans_are_a_front_of_their_own() -> None:
    """Only where the site allows them, after the first front, never ranked against it."""
    answer, _ = answer_of(f"{LIMITS_OF_THE_PRODUCT}preserved_bags = true\n", product="us")
    flags = [option.preserved for option in answer.options]
    assert True in flags
    assert flags == sorted(flags)
    for index, option in enumerate(answer.options):
        assert any(bag.preservative for bag in answer.plan(index).bags or ()) is option.preserved
    without, _ = answer_of(LIMITS_OF_THE_PRODUCT, product="us")
    assert [option.counts for option in without.options] == [
        option.counts for option in answer.options if not option.preserved
    ]


def test_no_bag_runs_from_one_phase_into_the_next() -> None:
    answer, _ = answer_of(LIMITS_OF_THE_PRODUCT, protocol=short_course(5, 9))
    assert answer.options
    for index in answer.listed:
        plan = answer.plan(index)
        assert plan.bags is not None
        edge = plan.bags[0].start.add(hours=5 * 24)
        assert [bag for bag in plan.bags if bag.end == edge]
        assert len({bag.daily_dose for bag in plan.bags}) == 2


# ---- "auto" ----


def test_auto_takes_the_first_option_without_a_reason() -> None:
    """At 3 kg most bag kinds bring so much sodium that a reason is asked: the first that asks none is taken."""
    texts = {"weight": "3 kg", "length": "48 cm", "born": "2026-10-20"}
    answer, reference = answer_of(LIMITS_OF_THE_PRODUCT, **texts)
    asks = [
        any(each.tier is Tier.JUSTIFY and each.about == "plan" for each in answer.plan(index).findings)
        for index in answer.listed
    ]
    assert asks[0]
    assert False in asks
    plan = calculate(answer.order, (), reference)
    chosen = answer.plan(asks.index(False))
    assert plan.bags == chosen.bags
    assert plan.sessions == chosen.sessions


def test_auto_takes_the_first_option_where_each_asks_for_a_reason() -> None:
    """At 1.8 kg even the 96 h bag brings so much sodium that a reason is asked: the fewest vials stand first."""
    answer, reference = answer_of(LIMITS_OF_THE_PRODUCT, weight="1.8 kg", length="45 cm", born="2026-10-20")
    assert len(answer.listed) > 1
    for index in answer.listed:
        assert "sodium" in {each.code for each in answer.plan(index).findings if each.tier is Tier.JUSTIFY}
    plan = calculate(answer.order, (), reference)
    assert plan.bags == answer.plan(0).bags
    assert plan.sessions == answer.plan(0).sessions
    assert answer.plan(0).totals != answer.plan(answer.listed[-1]).totals


def test_auto_says_why_there_is_no_plan() -> None:
    """Sunday 14:00, the unit closed since Friday, and a bag may wait 24 h: what the search says stands on the plan."""
    answer, reference = answer_of(start="2026-11-22T14:00", measured="2026-11-22")
    assert answer.options == []
    plan = calculate(answer.order, (), reference)
    assert [each for each in plan.findings if each.code == "no-plan"] == [
        each for each in answer.findings if each.code == "no-plan"
    ]
    assert any(each.code == "no-plan" for each in plan.findings)
    assert plan.bags is None
    assert not plan.complete


def test_auto_can_be_left_for_later() -> None:
    """Everything but the plan stands at once, and that it is still to be searched for."""
    answer, reference = answer_of()
    plan = calculate(answer.order, (), reference, search=False)
    assert plan.searching is True
    assert not plan.complete
    assert plan.bags is None
    whole = calculate(answer.order, (), reference)
    assert whole.searching is None
    assert whole.complete
    assert (plan.bsa, plan.daily_dose, plan.kinds) == (whole.bsa, whole.daily_dose, whole.kinds)
    assert [each.code for each in plan.findings] == [each.code for each in answer.findings]


# ---- a pattern that was typed ----


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(small_cases(), st.sampled_from(["24h", "48h", "24h,48h", "48h,24h,24h"]))
def test_a_typed_pattern_has_its_best_grouping(case: Mapping[str, Any], pattern: str) -> None:
    """Fewest vials, then fewest sessions, then shortest storage; a bag that no open moment serves is made alone."""
    days = min(case["days"], 7)
    texts = {key: case[key] for key in ("product", "zone", "start", "weight", "length")}
    reasons = {f"reason:{code}": "a test" for code in ("weight-change", "age", "measurement-age")}
    answer, reference = answer_of(
        case["site"], protocol=short_course(days), measured=case["start"][:10], pattern=pattern, **texts, **reasons
    )
    plan = calculate(answer.order, (), reference)
    if plan.bags is None or plan.sessions is None or plan.totals is None:
        return  # a kind is refused for this infant
    start = datetime.fromtimestamp(answer.order.start.timestamp(), UTC)
    course = brute_course(answer, reference, start, days * 24)
    pieces = {piece.name: piece for piece in course.pieces}
    if any(bag.kind not in pieces for bag in plan.bags):
        return  # the last bag is taken down earlier than any planned take-down: not a piece of the search
    best = brute.best_grouping(course, tuple(pieces[bag.kind] for bag in plan.bags))
    stored = sum((bag.start.timestamp() - bag.prepared.timestamp()) // 60 for bag in plan.bags)
    assert (plan.totals.vials, plan.totals.sessions, stored) == (best.vials, best.sessions, best.storage_minutes)
    closed = [number for each in plan.findings if each.code == "unit-closed" for number in each.bags]
    assert closed == best.unit_closed


def test_sessions_may_be_given() -> None:
    """The six-vial plan has the pattern of no other option, but another grouping may open other vials."""
    texts = {"pattern": "72h,96h"}
    answer, reference = answer_of(LIMITS_OF_THE_PRODUCT, **texts, sessions="2,3,3")
    plan = calculate(answer.order, (), reference)
    assert [len(session.bags) for session in plan.sessions or ()] == [2, 3, 3]
    answer, reference = answer_of("", **texts, sessions="8")
    plan = calculate(answer.order, (), reference)
    assert [each.values["reason"] for each in plan.findings if each.code == "no-plan"] == ["sessions"]
    assert plan.bags is None
    for too_few_or_many in ("2,3", "2,3,3,1"):
        answer, reference = answer_of(LIMITS_OF_THE_PRODUCT, **texts, sessions=too_few_or_many)
        plan = calculate(answer.order, (), reference)
        assert [each.values["reason"] for each in plan.findings if each.code == "no-plan"] == ["sessions"]
        assert plan.bags is None


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        ({"pattern": "72h,96h", "sessions": "three"}, "sessions-form"),
        ({"pattern": "72h,96h", "sessions": "0,3"}, "sessions-form"),
        ({"pattern": "72h,96h", "sessions": "3,"}, "sessions-form"),
        ({"pattern": "72h,96h", "sessions": "3" + ",3" * 200}, "too-long"),
        ({"pattern": "", "sessions": "3,3,2"}, "sessions-without-pattern"),
        ({"pattern": "auto", "sessions": "3,3,2"}, "sessions-without-pattern"),
    ],
)
def test_sessions_that_cannot_be_read(texts: dict[str, str], reason: str) -> None:
    reading = read_order({**BASE, **texts}, house())
    assert [each.values["reason"] for each in reading.findings] == [reason]


# ---- spare bags ----


def test_a_spare_bag_costs_its_vials_and_shortens_the_gap() -> None:
    """Like the longest bag of its session; a session that holds all the bags it may has none."""
    answer, _reference = answer_of(f"{LIMITS_OF_THE_PRODUCT}max_bags_per_session = 3\n", pattern="72h,96h")
    index = next(at for at, each in enumerate(answer.options) if len(set(each.choice.sessions or ())) > 1)
    plan, spares = answer.plan(index), answer.spares(index)
    assert plan.bags
    assert plan.sessions
    assert plan.totals is not None
    assert [each.session for each in spares] == [each.number for each in plan.sessions if len(each.bags) < 3]
    assert 0 < len(spares) < len(plan.sessions)
    for spare in spares:
        session = plan.sessions[spare.session - 1]
        own = [bag for bag in plan.bags if bag.number in session.bags]
        like = max(own, key=lambda bag: magnitude(bag.runs, "h"))
        drawn = [max(magnitude(bag.drug, "mL"), magnitude(bag.drug_exact, "mL")) for bag in [*own, like]]
        assert spare.kind == like.kind
        assert spare.vials == math.ceil(sum(drawn) / Decimal("2.8")) - session.vials
        assert spare.worst_gap is not None
        assert magnitude(spare.worst_gap, "h") <= magnitude(plan.totals.worst_gap, "h")


def test_where_no_session_follows_a_spare_bag_of_the_last_one_alone_closes_the_gap() -> None:
    """Closed from Saturday, 19 December to March. An earlier weekend is the worst then: 66 h to Monday 10:00."""
    first = datetime(2026, 12, 19, tzinfo=UTC)
    closed = ", ".join(f'"{first + timedelta(days=day):%Y-%m-%d}"' for day in range(80))
    answer, _reference = answer_of(f"{LIMITS_OF_THE_PRODUCT}closed = [{closed}]\n")
    assert answer.plan(0).totals is not None
    assert answer.plan(0).totals.worst_gap is None
    *others, last = answer.spares(0)
    assert {each.worst_gap for each in others} == {None}
    assert last.worst_gap is not None
    assert magnitude(last.worst_gap, "h") == 66


# ---- no plan ----


def no_plan(site: str = "", **texts: str) -> dict[str, str]:
    answer, _ = answer_of(site, **texts)
    assert answer.options == []
    found = [each for each in answer.findings if each.code == "no-plan"]
    assert len(found) == 1
    return found[0].values


def test_a_bag_that_no_session_can_serve_is_named_with_what_would_help() -> None:
    """Mon 09:00 would have to be made by 07:00, and the unit closed on Friday: the next hour will do, or 65 h."""
    values = no_plan(start="2026-11-23T09:00")
    assert values["reason"] == "closed"
    assert values["last"].startswith("2026-11-20T16:00")
    assert values["first"].startswith("2026-11-23T08:00")
    assert values["start"].startswith("2026-11-23T10:00")
    assert values["within_h"] == "65"
    basis = 'start_within_basis = "validated"\n'
    assert answer_of(start="2026-11-23T10:00")[0].options
    assert answer_of(f"start_within_h = 65\n{basis}", start="2026-11-23T09:00")[0].options
    assert not answer_of(f"start_within_h = 64\n{basis}", start="2026-11-23T09:00")[0].options


def test_a_limit_of_the_product_is_named_as_such_and_cannot_be_longer() -> None:
    """Closed from 5 to 31 December: what is made on the 4th may be connected for ten days, and then runs for four."""
    closed = ", ".join(f'"2026-12-{day:02}"' for day in range(5, 32))
    values = no_plan(f"{LIMITS_OF_THE_PRODUCT}max_bags_per_session = 2\nclosed = [{closed}]\n")
    assert values["last"].startswith("2026-12-04T16:00")
    assert values["first"].startswith("2027-01-01T08:00")  # no country, so New Year's Day is a Friday like any other
    assert (values["within_h"], values["start"]) == ("", "")


def test_a_unit_that_is_never_open() -> None:
    """Closed for longer than is looked at before and after: no session is named, and a typed pattern has its marks."""
    first = datetime(2026, 10, 1, tzinfo=UTC)
    closed = ", ".join(f'"{first + timedelta(days=day):%Y-%m-%d}"' for day in range(200))
    values = no_plan(f"closed = [{closed}]\n")
    assert [values[name] for name in ("reason", "last", "first", "within_h", "start")] == ["closed", "", "", "", ""]
    answer, reference = answer_of(f"closed = [{closed}]\n", pattern="96h")
    plan = calculate(answer.order, (), reference)
    assert [len(session.bags) for session in plan.sessions or ()] == [1] * 7
    for session, bag in zip(plan.sessions or (), plan.bags or (), strict=True):
        assert session.at == bag.start.subtract(hours=2)  # each at its connection less the lead time
    assert [each.bags for each in plan.findings if each.code == "unit-closed"] == [(1, 2, 3, 4, 5, 6, 7)]
    assert not plan.complete


def test_more_vials_than_any_course_are_counted() -> None:
    """Four weeks twice in bags of an hour, each from three vials of its own: 1344 bags, 4032 vials."""
    hours, vial = 1344, 28
    course = CourseHours(0, (hours,), {at: at * 60 - 120 for at in range(hours)}, set())
    by_itself = Rules(lead=120, most_bags=1, vial=vial, shared=True)
    found = search(course, [Choice(1, 0, (2 * vial + 1,), 120, preserved=False)], by_itself)
    assert [way.counts for way in found] == [(4032, 1344, 0, 1343, 0)]


def test_no_kind_and_no_fit() -> None:
    assert no_plan(product="us", weight="6.42 kg", site="[pump]\nstep_ml_per_h = 0.3\n")["reason"] == "kinds"
    assert no_plan(site="[pump]\nstep_ml_per_h = 1\n", protocol=short_course(5), product=str(only_48h()))["reason"] == (
        "hours"
    )


def only_48h() -> Path:
    """European product data with the kind of 48 h alone."""
    text = (shipped("products")["eu"]).read_text(encoding="utf-8")
    head, *kinds = text.split("[[kind]]")
    return file_of(f"{head}[[kind]]{next(kind for kind in kinds if '48h' in kind)}", "only-48h")
