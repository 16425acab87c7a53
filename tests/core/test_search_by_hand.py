"""The search for all options: tiny courses of some hours worked by hand, and random short ones against brute force."""

from datetime import datetime
from fractions import Fraction
from random import Random
from zoneinfo import ZoneInfo

import pytest
from whenever import Date, Time

from dosing_app.core import front
from dosing_app.core.front import Choice, Counts, CourseHours, reached, search
from dosing_app.core.sessions import PlannedBag, Rules, best_grouping, open_moments
from tests.oracles import brute_options as brute


def rules(most=3, *, shared=True, vial=10):
    return Rules(lead=0, most_bags=most, vial=vial, shared=shared)


def bag(hours, *drawn, rate=0, wait=10_000, preserved=False):
    """A choice that draws so much in each phase; 5 if nothing is said."""
    return Choice(hours, rate, drawn or (5,), wait, preserved)


def course(*phases, waited=0, off=(), without=()):
    """A course with a session `waited` minutes before each of its hours, but for those without one."""
    session_at = {at: None if at in without else 60 * at - waited for at in range(sum(phases))}
    return CourseHours(0, phases, session_at, off)


def found(given, choices, given_rules=None, *, preserved=False):
    """Of each option: vials, sessions, off-hours changes, changes, rate changes; storage; choices of its sessions."""
    ways = search(given, choices, given_rules or rules())
    assert [way.preserved for way in ways] == sorted(way.preserved for way in ways)
    return [(tuple(way.counts), way.storage, way.sessions) for way in ways if way.preserved is preserved]


ALONE = rules(most=1)


# ---- one count at a time ----


def test_no_choice_is_no_option():
    assert search(course(2), [], rules()) == []


def test_one_bag_over_the_whole_course():
    [way] = search(course(2, waited=90), [bag(2)], rules())
    assert way.counts == Counts(vials=1, sessions=1, off_hours_changes=0, changes=0, rate_changes=0)
    assert (way.storage, way.sessions, way.preserved) == (90, ((0,),), False)


def test_a_bag_that_does_not_fit_is_no_option():
    assert found(course(2), [bag(3)]) == []
    assert found(course(3), [bag(2)]) == []


@pytest.mark.parametrize(("drawn", "vials"), [(0, 0), (1, 1), (10, 1), (11, 2), (20, 2), (21, 3)])
def test_a_begun_vial_counts_whole(drawn, vials):
    assert found(course(2), [bag(2, drawn)]) == [((vials, 1, 0, 0, 0), 0, ((0,),))]


@pytest.mark.parametrize(("shared", "vials"), [(True, 2), (False, 4)])
def test_vials_are_shared_by_the_bags_of_a_session_or_not(shared, vials):
    """One session makes a bag of 11, one of 5 and one of 1, kept for 0, 1 and 2 hours: 17 together; 2 + 1 + 1 apart."""
    expected = [((vials, 1, 0, 2, 0), 180, ((0, 0, 0),))]
    assert found(course(1, 1, 1), [bag(1, 11, 5, 1)], rules(shared=shared)) == expected


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (4, ((2, 1, 0, 3, 0), 360, [4])),  # 0 + 1 + 2 + 3 hours
        (3, ((2, 2, 0, 3, 0), 120, [2, 2])),  # 1 and 3 would be kept for three hours, 2 and 2 for two
        (2, ((2, 2, 0, 3, 0), 120, [2, 2])),
        (1, ((4, 4, 0, 3, 0), 0, [1, 1, 1, 1])),
    ],
)
def test_a_session_makes_no_more_bags_than_it_may(most, expected):
    [(counts, storage, sessions)] = found(course(4), [bag(1)], rules(most))
    assert (counts, storage, [len(each) for each in sessions]) == expected


@pytest.mark.parametrize(
    ("wait", "expected"),
    [
        (89, []),  # the first is connected 90 minutes after its session
        (90, [((2, 2, 0, 1, 0), 180, ((0,), (0,)))]),
        (149, [((2, 2, 0, 1, 0), 180, ((0,), (0,)))]),
        (150, [((1, 1, 0, 1, 0), 240, ((0, 0),))]),  # the second of the same session 150 minutes
    ],
)
def test_a_bag_may_wait_exactly_as_long_as_it_keeps(wait, expected):
    assert found(course(2, waited=90), [bag(1, wait=wait)]) == expected


def test_each_bag_keeps_for_its_own_time():
    """The bag of two hours must be connected at once: the other one may come after it from the same session."""
    assert found(course(3), [bag(1, wait=120), bag(2, wait=0)]) == [
        ((1, 1, 0, 1, 0), 120, ((1, 0),)),
    ]
    # it keeps for an hour, so that it may come second, and is kept for one hour instead of two
    assert found(course(3), [bag(1, wait=120), bag(2, wait=60)]) == [((1, 1, 0, 1, 0), 60, ((0, 1),))]


def test_a_position_without_a_session_is_only_reached_from_an_earlier_one():
    assert found(course(2, without={1}), [bag(1, wait=0)]) == []
    assert found(course(2, without={1}), [bag(1, wait=60)]) == [((1, 1, 0, 1, 0), 60, ((0, 0),))]
    assert found(course(2, without={0}), [bag(1, wait=60)]) == []


@pytest.mark.parametrize("given_rules", [ALONE, rules()])
@pytest.mark.parametrize(
    ("off", "counted", "order"),
    [((), 0, {1, 2}), ((1,), 0, {2}), ((2,), 0, {1}), ((1, 2), 1, {1, 2}), ((3,), 0, {1, 2})],
)
def test_off_hours_changes_are_avoided_or_counted(given_rules, off, counted, order):
    """Three hours of a bag of one and one of two: the change is at 1 or at 2, and off hours it counts."""
    [(counts, _, sessions)] = found(course(3, off=off), [bag(1), bag(2)], given_rules)
    assert counts[2:] == (counted, 1, 0)
    hours_of_first = [1, 2][sessions[0][0]]
    assert hours_of_first in order


def test_off_hours_are_counted_change_by_change():
    assert found(course(5, off=(1, 2, 4)), [bag(1)], ALONE) == [((5, 5, 3, 4, 0), 0, ((0,),) * 5)]
    assert found(course(5, off=(1, 2, 4)), [bag(1)], rules(5)) == [((3, 1, 3, 4, 0), 600, ((0,) * 5,))]


@pytest.mark.parametrize(
    ("rates", "changes"), [((0, 0, 0), 0), ((0, 0, 1), 1), ((0, 1, 1), 1), ((0, 1, 0), 2), ((2, 1, 0), 2)]
)
@pytest.mark.parametrize("most", [1, 2, 3])
def test_every_change_of_the_pump_rate_counts_within_a_session_and_between_two(rates, changes, most):
    """Three phases, in each of which another kind can be made."""
    choices = [
        bag(1, *(10 if index == phase else None for phase in range(3)), rate=rate) for index, rate in enumerate(rates)
    ]
    [(counts, _, sessions)] = found(course(1, 1, 1), choices, rules(most))
    assert counts == (3, len(sessions), 0, 2, changes)
    assert [index for session in sessions for index in session] == [0, 1, 2]
    assert len(sessions) == -(-3 // most)


# ---- phases ----


def test_no_bag_runs_from_one_phase_into_the_next():
    one, two = bag(1, 5, 5), bag(2, 5, 5)
    # two and two hours take two long bags; three and one cannot do without a short one in each
    assert found(course(2, 2), [one, two]) == [((1, 1, 0, 1, 0), 120, ((1, 1),))]
    assert found(course(3, 1), [one, two], rules(4)) == [((2, 1, 0, 2, 0), 60 + 180, ((0, 1, 0),))]
    assert found(course(3, 1), [two]) == []
    assert found(course(1, 3), [two]) == []


def test_a_bag_draws_what_its_phase_wants():
    """10 in the first phase, 20 in the second, 30 in the third; each by itself."""
    assert found(course(1, 1, 1), [bag(1, 10, 20, 30)], ALONE) == [((6, 3, 0, 2, 0), 0, ((0,), (0,), (0,)))]
    assert found(course(2, 1), [bag(1, 10, 20)], ALONE) == [((4, 3, 0, 2, 0), 0, ((0,), (0,), (0,)))]
    assert found(course(1, 2), [bag(1, 10, 20)], ALONE) == [((5, 3, 0, 2, 0), 0, ((0,), (0,), (0,)))]


@pytest.mark.parametrize("most", [1, 4])
def test_a_kind_refused_in_a_phase_is_not_made_for_it(most):
    """The long bag may be made for the second phase alone, the short one for both."""
    one, two = bag(1, 10, 10), bag(2, None, 10)
    [(counts, _, sessions)] = found(course(2, 2), [one, two], rules(most))
    assert counts == (3, len(sessions), 0, 2, 0)
    assert [index for session in sessions for index in session] == [0, 0, 1]
    assert found(course(2, 2), [two], rules(most)) == []


def test_a_phase_that_begins_as_late_as_a_bag_may_wait_is_seen():
    """The second bag is connected when the second phase begins, an hour after the session, and keeps so long."""
    assert found(course(1, 1), [bag(1, 5, 15, wait=60)]) == [((2, 1, 0, 1, 0), 60, ((0, 0),))]
    assert found(course(1, 1, off=(1,)), [bag(1, 5, 15, wait=60)]) == [((2, 1, 1, 1, 0), 60, ((0, 0),))]


def test_a_session_may_end_where_all_it_could_hold_has_run_out():
    """In each phase, of bags that keep for one hour: the second from 1 on is the last that a session makes."""
    assert found(course(4), [bag(1, wait=60)], rules(4)) == [((2, 2, 0, 3, 0), 120, ((0, 0), (0, 0)))]
    assert found(course(2, 2), [bag(1, 5, 5, wait=60)], rules(4)) == [((2, 2, 0, 3, 0), 120, ((0, 0), (0, 0)))]


# ---- what is kept ----


def test_two_options_neither_of_which_is_better():
    """One long bag of 3 vials, or two short ones of 1 vial and a change."""
    assert found(course(2), [bag(1), bag(2, 25)]) == [
        ((1, 1, 0, 1, 0), 60, ((0, 0),)),
        ((3, 1, 0, 0, 0), 0, ((1,),)),
    ]


@pytest.mark.parametrize("drawn", [5, 15])
def test_an_option_as_good_in_every_count_and_better_in_one_is_alone(drawn):
    assert found(course(2), [bag(1, drawn), bag(2)]) == [((1, 1, 0, 0, 0), 0, ((1,),))]


def test_options_are_in_order_fewest_vials_first():
    """One bag of 3 vials; two of 1 vial with a change off hours; two of 2 vials are beaten by either."""
    options = found(course(2, off=(1,)), [bag(2, 30), bag(1, 20), bag(1, 10)], ALONE)
    assert options == [((2, 2, 1, 1, 0), 0, ((2,), (2,))), ((3, 1, 0, 0, 0), 0, ((0,),))]


def test_fewer_rate_changes_are_worth_more_vials():
    """1 vial for each phase at rates 0 and 1, or 2 at rate 2 in both; from one to the other is beaten."""
    choices = [bag(1, 10, None, rate=0), bag(1, None, 10, rate=1), bag(1, 20, 20, rate=2)]
    assert found(course(1, 1), choices, ALONE) == [
        ((2, 2, 0, 1, 1), 0, ((0,), (1,))),
        ((4, 2, 0, 1, 0), 0, ((2,), (2,))),
    ]


def test_a_way_that_is_behind_may_win_by_its_pump_rate():
    """Three phases; in the third only rate 1. In the first two rate 0 opens a vial less.

    At the end of the second phase 0, 0 has 2 vials and 1, 1 has 3: the second is not beaten, it saves a change of rate.
    """
    choices = [bag(2, 20, None, rate=0), bag(2, 30, None, rate=1), bag(1, None, 10, rate=1)]
    assert found(course(2, 1), choices, ALONE) == [
        ((3, 2, 0, 1, 1), 0, ((0,), (2,))),
        ((4, 2, 0, 1, 0), 0, ((1,), (2,))),
    ]
    # with as many vials rate 1 alone is left, whichever is looked at first
    choices[1] = bag(2, 20, None, rate=1)
    assert found(course(2, 1), choices, ALONE) == [((3, 2, 0, 1, 0), 0, ((1,), (2,)))]
    assert found(course(2, 1), choices[::-1], ALONE) == [((3, 2, 0, 1, 0), 0, ((1,), (0,)))]


@pytest.mark.parametrize("turned", [False, True])
def test_of_like_sessions_the_one_with_the_shortest_storage(turned):
    """1 and 2 hours from one session: the second is kept for one hour; 2 and 1: for two."""
    choices = [bag(2), bag(1)] if turned else [bag(1), bag(2)]
    expected = (1, 0) if turned else (0, 1)
    assert found(course(3), choices) == [((1, 1, 0, 1, 0), 60, (expected,))]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("before", "expected"), [((0, 50, 20), (2, 1)), ((0, 20, 50), (1, 2))])
@pytest.mark.parametrize("rates", [(0, 0), (0, 1)])
def test_of_like_ways_the_one_with_the_shortest_storage(turned, before, expected, rates):
    """1 and 2 hours or 2 and 1, each by itself; there may be another rate, to which nothing changes.

    The sessions of the hours 0, 1 and 2 are so many minutes before.
    """
    given = CourseHours(0, (3,), {at: 60 * at - minutes for at, minutes in enumerate(before)}, ())
    kinds = [(hours, rate) for hours in (1, 2) for rate in rates]
    choices = [bag(hours, rate=rate) for hours, rate in (reversed(kinds) if turned else kinds)]
    [(counts, storage, sessions)] = found(given, choices, ALONE)
    assert (counts, storage) == ((2, 2, 0, 1, 0), 20)
    assert tuple(choices[index].hours for [index] in sessions) == expected
    assert len({choices[index].rate for [index] in sessions}) == 1


def test_of_plans_alike_in_counts_and_storage_the_same_one_always_stands():
    """An issued plan is compared with what its order gives today. The first of like kinds, the shorter bag first."""
    assert found(course(2), [bag(2), bag(2)], ALONE) == [((1, 1, 0, 0, 0), 0, ((0,),))]
    assert found(course(2), [bag(2, rate=1), bag(2, rate=0)], ALONE) == [((1, 1, 0, 0, 0), 0, ((0,),))]
    assert found(course(3), [bag(2), bag(1)], ALONE) == [((2, 2, 0, 1, 0), 0, ((1,), (0,)))]
    assert found(course(2), [bag(1), bag(1)]) == [((1, 1, 0, 1, 0), 60, ((0, 0),))]


# ---- preserved bags ----


def test_preserved_plans_are_a_front_of_their_own_and_come_second():
    choices = [bag(1), bag(2, preserved=True)]
    assert found(course(2), choices) == [((1, 1, 0, 1, 0), 60, ((0, 0),))]
    assert found(course(2), choices, preserved=True) == [((1, 1, 0, 0, 0), 0, ((1,),))]


@pytest.mark.parametrize("most", [1, 3])
@pytest.mark.parametrize(
    ("phases", "of_plain", "of_preserved"),
    [((1, 1, 1), (5, None, 5), (None, 5, None)), ((1, 1), (5, None), (None, 5)), ((1, 1), (None, 5), (5, None))],
)
def test_one_preserved_bag_wherever_it_runs_makes_a_preserved_plan(most, phases, of_plain, of_preserved):
    choices = [bag(1, *of_plain), bag(1, *of_preserved, preserved=True)]
    assert found(course(*phases), choices, rules(most)) == []
    [(counts, *_)] = found(course(*phases), choices, rules(most), preserved=True)
    assert counts[3] == len(phases) - 1


def test_a_preserved_way_takes_no_other_away():
    """Three phases. Preserved: 1 vial each, one rate. Else 3 vials each, with a change of rate after the first."""
    choices = [
        bag(1, 30, None, None, rate=0),
        bag(1, None, 30, 30, rate=1),
        bag(1, 10, 10, 10, rate=2, preserved=True),
    ]
    assert found(course(1, 1, 1), choices, ALONE) == [((9, 3, 0, 2, 1), 0, ((0,), (1,), (1,)))]
    assert found(course(1, 1, 1), choices, ALONE, preserved=True) == [((3, 3, 0, 2, 0), 0, ((2,), (2,), (2,)))]


# ---- what is followed no further ----


def packed(vials, sessions=0, off_hours=0, changes=0, rate_changes=0):
    """Counts as the search adds and compares them."""
    parts = (front._VIAL, front._SESSION, front._OFF_HOURS, front._CHANGE, front._RATE_CHANGE)
    given = (vials, sessions, off_hours, changes, rate_changes)
    number = sum(part * count for part, count in zip(parts, given, strict=True))
    assert front._counts(number) == given
    return number


def test_counts_are_compared_one_by_one():
    """What is worse in one count is kept, however much better it is in the others."""
    kept = [(1, 5, 5, 5, 5), (2, 4, 5, 5, 5), (3, 5, 4, 5, 5), (4, 5, 5, 4, 5), (5, 5, 5, 5, 4)]
    beaten = [(1, 5, 5, 5, 6), (2, 5, 5, 5, 5), (6, 4, 5, 5, 5), (5, 5, 5, 5, 5), (9, 9, 9, 9, 9), (4, 5, 5, 5, 5)]
    assert front._unbeaten([packed(*each) for each in [*beaten, *kept]]) == [packed(*each) for each in kept]
    # up to the largest count
    most, half = 2**23 - 1, 2**22 + 6
    assert front._unbeaten([packed(2, half, 0, half, 0), packed(3, most, 0, half, most)]) == [packed(2, half, 0, half)]
    assert len(front._unbeaten([packed(2, most, 0, 0, 1), packed(3, half, 0, 0, 1)])) == 2


def kept_of(states):
    """What is left of ways given by last rate and preservative: counts and storage."""
    ways = {
        state: {packed(*counts): front._Step(storage, 0, (0, False), 0, ()) for counts, storage in each}
        for state, each in states.items()
    }
    return {
        state: [(tuple(front._counts(counts)), step.storage) for counts, step in sorted(left.items())]
        for state, left in front._unbeaten_between(ways).items()
    }


def test_a_way_beaten_even_with_one_rate_change_more_is_followed_no_further():
    at_rate_0 = [((2, 2, 0, 1, 0), 50)]
    for counts, storage, stays in [
        ((2, 2, 0, 1, 0), 60, True),  # as good: it may save the change of rate
        ((2, 2, 0, 1, 1), 40, True),  # as good as the other with a change more, and stored more briefly
        ((2, 2, 0, 1, 1), 50, True),
        ((2, 2, 0, 1, 1), 51, False),
        ((2, 2, 0, 1, 2), 10, False),
        ((3, 2, 0, 1, 0), 60, True),  # a vial more, but no change of rate
        ((3, 2, 0, 1, 1), 10, False),
        ((1, 3, 0, 1, 1), 10, True),
        ((1, 2, 0, 1, 1), 10, True),
        ((4, 2, 1, 1, 1), 10, False),
        ((3, 1, 0, 1, 1), 60, True),
    ]:
        own = [(counts, storage)]
        for turned in (False, True):
            states = {(1, False): own, (0, False): at_rate_0} if turned else {(0, False): at_rate_0, (1, False): own}
            assert kept_of(states)[1, False] == (own if stays else []), counts


def test_a_way_is_compared_with_all_of_another_rate_but_not_with_the_preserved():
    others = [((1, 9, 0, 0, 0), 0), ((2, 2, 0, 1, 0), 50), ((5, 1, 0, 0, 0), 0)]
    own = [((4, 4, 0, 1, 1), 0)]
    assert kept_of({(0, False): others, (1, False): own}) == {(0, False): others, (1, False): []}
    assert kept_of({(0, True): others, (1, True): own}) == {(0, True): others, (1, True): []}
    for preserved in (False, True):
        apart = {(0, preserved): others, (1, not preserved): own, (0, not preserved): [((1, 8, 0, 0, 0), 0)]}
        assert kept_of(apart) == apart


# ---- how far a course gets ----


def test_where_sessions_can_end():
    two = [bag(2, wait=60)]
    assert reached(course(4), two, rules()) == {0, 2, 4}
    assert reached(course(5), two, rules()) == {0, 2, 4}  # the last hour cannot be filled
    assert reached(course(1), two, rules()) == {0}
    assert reached(course(6, without={4}), two, rules()) == {0, 2, 4}
    assert reached(course(6, without={2}), two, rules()) == {0, 2}
    # it keeps for two hours: made with the first
    assert reached(course(6, without={2}), [bag(2, wait=120)], rules()) == {0, 2, 4, 6}
    assert reached(course(6, without={0}), two, rules()) == {0}
    assert reached(course(3, 2), [bag(2, 5, 5), bag(3, None, 5)], rules()) == {0, 2}
    assert reached(course(2, 3), [bag(2, 5, 5), bag(3, None, 5)], rules()) == {0, 2, 4, 5}


# ---- the room for a count ----


def test_a_count_has_room_for_thousands_of_bags():
    assert [way.counts for way in search(course(2047), [bag(1)], ALONE)] == [(2047, 2047, 0, 2046, 0)]
    assert [way.counts for way in search(course(2047), [bag(1, 0)], rules(1, vial=1))] == [(0, 2047, 0, 2046, 0)]


@pytest.mark.parametrize(
    ("phases", "drawn", "vials"),
    [
        # per bag of so many hours what it draws in each phase: 6821 takes 683 vials, and three such bags 2049
        ((3,), {1: [6821]}, [2049]),
        ((3,), {2: [10], 1: [6821]}, [684]),
        ((3,), {1: [6821], 2: [10]}, [684]),
        ((5,), {2: [6821]}, []),
        ((1, 2), {1: [None, 6821]}, []),
        ((1, 2), {1: [6821, None]}, []),
    ],
)
def test_a_count_has_room_for_thousands_of_vials(phases, drawn, vials):
    choices = [bag(hours, *each) for hours, each in drawn.items()]
    assert [way.counts.vials for way in search(course(*phases), choices, ALONE)] == vials


# ---- against brute force ----

ZONE, HOURS = "Europe/Amsterdam", 48
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def random_course(number):
    """Two days in bags of 6 to 24 hours, by another author's program; the unit open now and then."""
    draw = Random(number)
    pieces = tuple(
        brute.Piece(
            name=f"{hours}h",
            runs_h=hours,
            rate=draw.choice(["1", "2"]),
            made_ml=Fraction(draw.randint(1, 30), 10),
            refrigerated_h=draw.choice([24, 30, 48]),
            room_h=draw.choice([hours, 24, 24]),
            infusion_included=draw.random() < 0.5,
            preserved=draw.random() < 0.2,
        )
        for hours in draw.sample([6, 12, 12, 18, 24], draw.randint(2, 3))
    )
    site = {
        "preparation_hours": {
            day: draw.choice(["08:00-12:00", "08:00-17:30", "14:00-20:00"]) for day in DAYS if draw.random() < 0.85
        },
        "closed": [],
        "session_h": draw.choice(["1", "1.5"]),
        "lead_time_h": draw.choice(["1.5", "2", "4"]),
        "start_within_h": draw.choice(["product", "18", "24"]),
        "max_bags_per_session": draw.randint(1, 4),
        "share_vials": draw.random() < 0.6,
        "change_hours": draw.choice(["07:00-19:00", "10:00-16:00"]),
        "weekend_changes": draw.choice(["off-hours", "wanted"]),
        "preserved_bags": True,
    }
    # the week of a change of the clock, and one without
    day = draw.choice([datetime(2026, 10, 23, tzinfo=ZoneInfo(ZONE)), datetime(2026, 11, 24, tzinfo=ZoneInfo(ZONE))])
    start = day.replace(hour=draw.randint(8, 20), minute=draw.choice([0, 30]))
    return brute.Course(start, HOURS, ZONE, ZONE, pieces, site, Fraction("2.8"))


def minutes(moment):
    return int(moment.timestamp()) // 60


def wait_of(theirs, piece):
    """From a session to the latest connection, by the other author's limits."""
    made = theirs.start
    return (brute.start_by(theirs, piece, made) - made) // brute.MINUTE if piece.runs_h <= piece.room_h else -1


def rules_like(theirs):
    lead = brute.hours(theirs.site["lead_time_h"]) // brute.MINUTE
    return Rules(lead, theirs.site["max_bags_per_session"], 28, theirs.site["share_vials"])


def searched(theirs):
    """The same course as the search wants it."""
    lead = brute.hours(theirs.site["lead_time_h"])
    start = theirs.start.astimezone(brute.UTC)
    connections = {at: start + brute.hours(at) for at in range(0, HOURS, 6)}
    opened = {at: brute.latest_open(theirs, moment - lead) for at, moment in connections.items()}
    given = CourseHours(
        start=minutes(start),
        phases=(HOURS,),
        session_at={at: None if moment is None else minutes(moment) for at, moment in opened.items()},
        off_hours={at for at, moment in connections.items() if at and brute.is_off_hours(theirs, moment)},
    )
    rates = sorted({piece.rate for piece in theirs.pieces})
    choices = [
        Choice(
            hours=piece.runs_h,
            rate=rates.index(piece.rate),
            drawn=(int(piece.made_ml * 10),),
            wait=wait_of(theirs, piece),
            preserved=piece.preserved,
        )
        for piece in theirs.pieces
    ]
    return given, choices


@pytest.mark.parametrize("number", range(100))
def test_the_search_finds_what_brute_force_finds(number):
    theirs = random_course(number)
    given, choices = searched(theirs)
    ways = search(given, choices, rules_like(theirs))
    for preserved in (False, True):
        expected = [(tuple(counts), storage) for counts, storage in brute.front(theirs, preserved=preserved)]
        assert [(tuple(way.counts), way.storage) for way in ways if way.preserved is preserved] == expected
    for way in ways:  # what it says to do is what it counts
        bags = iter(brute.hang(theirs, tuple(theirs.pieces[index] for part in way.sessions for index in part)))
        sessions = tuple(brute.prepare(theirs, tuple(next(bags) for _ in part)) for part in way.sessions)
        assert None not in sessions
        assert tuple(brute.counts(theirs, sessions)) == tuple(way.counts)
        assert brute.storage(sessions) == way.storage


@pytest.mark.parametrize("number", range(20))
def test_the_grouping_of_a_pattern_is_one_of_the_best_of_brute_force(number):
    theirs = random_course(number)
    piece = theirs.pieces[0]
    pattern = (piece,) * (HOURS // piece.runs_h)
    waits = wait_of(theirs, piece)
    start = minutes(theirs.start)
    bags = [
        PlannedBag(start + 60 * piece.runs_h * place, int(piece.made_ml * 10), waits) for place in range(len(pattern))
    ]
    hours = {
        DAYS.index(day) + 1: tuple(Time.parse_iso(text) for text in hours.split("-"))
        for day, hours in theirs.site["preparation_hours"].items()
    }
    first = Date(theirs.start.year, theirs.start.month, theirs.start.day).add(days=-4)
    session = brute.hours(theirs.site["session_h"]) // brute.MINUTE
    moments = open_moments(hours, [], ZONE, session, first, first.add(days=9))
    visits = best_grouping(bags, moments, rules_like(theirs))
    best = brute.best_grouping(theirs, pattern)
    groupings = [[(minutes(each.at), len(each.bags)) for each in grouping] for grouping in best.groupings]
    assert [(visit.at, visit.bags) for visit in visits] in groupings
