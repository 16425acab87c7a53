"""Open moments, the grouping of bags into sessions and the wait for another bag: small cases worked by hand."""

import pytest
from whenever import Date, Instant, Time

from dosing_app.core.sessions import (
    MadeBag,
    OpenMoments,
    PlannedBag,
    Rules,
    Visit,
    Wait,
    best_grouping,
    given_grouping,
    long_gaps,
    off_hours,
    open_moments,
    vials_opened,
    waits_if_lost,
    worst_gap,
)

# ---- open moments ----

TWICE = OpenMoments((10, 30), (20, 40))  # open from minute 10 to 20 and from 30 to 40, both ends included


@pytest.mark.parametrize(
    ("asked", "latest", "earliest"),
    [
        (9, None, 10),
        (10, 10, 10),
        (11, 11, 11),
        (20, 20, 20),
        (21, 20, 30),
        (29, 20, 30),
        (30, 30, 30),
        (40, 40, 40),
        (41, 40, None),
    ],
)
def test_the_open_moments_on_either_side_of_a_minute(asked, latest, earliest):
    assert (TWICE.latest(asked), TWICE.earliest(asked)) == (latest, earliest)


def utc(text):
    return int(Instant.parse_iso(text).timestamp()) // 60


# Mon 23-Nov-2026 to Wed 25-Nov-2026; the wall clock in Amsterdam is one hour ahead of UTC
MONDAY, WEDNESDAY = Date(2026, 11, 23), Date(2026, 11, 25)


def test_a_session_may_start_from_opening_to_closing_less_its_length():
    """Open 08:00-17:30, sessions of 90 minutes: 08:00-16:00, the first and the last day included."""
    hours = dict.fromkeys((1, 2, 3), (Time(8, 0), Time(17, 30)))
    moments = open_moments(hours, [], "Europe/Amsterdam", 90, MONDAY, WEDNESDAY)
    assert moments.firsts == tuple(utc(f"2026-11-{day}T07:00:00Z") for day in (23, 24, 25))
    assert moments.lasts == tuple(utc(f"2026-11-{day}T15:00:00Z") for day in (23, 24, 25))


def test_a_closed_day_and_a_day_without_hours_are_closed():
    moments = open_moments(
        {1: (Time(8, 0), Time(17, 30)), 3: (Time(9, 0), Time(12, 0))},
        [MONDAY],
        "Europe/Amsterdam",
        90,
        MONDAY,
        WEDNESDAY,
    )
    assert moments == OpenMoments((utc("2026-11-25T08:00:00Z"),), (utc("2026-11-25T09:30:00Z"),))


@pytest.mark.parametrize(("length", "open_days"), [(59, 1), (60, 1), (61, 0)])
def test_a_day_as_long_as_a_session_is_open_for_one_minute(length, open_days):
    moments = open_moments({1: (Time(8, 0), Time(9, 0))}, [], "UTC", length, MONDAY, MONDAY)
    assert len(moments.firsts) == len(moments.lasts) == open_days
    assert all(last - first == 60 - length for first, last in zip(moments.firsts, moments.lasts, strict=True))


# ---- the best grouping ----

ALWAYS = OpenMoments((0,), (10_000,))


def rules(lead=10, most=3, vial=10, *, shared=True):
    return Rules(lead, most, vial, shared)


def bags(*rows):
    """Bags by their starts; a tuple also says what one draws, then how long it may wait."""
    wholes = [row if isinstance(row, tuple) else (row,) for row in rows]
    return [PlannedBag(*row, *(5, 1000)[len(row) - 1 :]) for row in wholes]


def counts(visits):
    return [visit.bags for visit in visits]


@pytest.mark.parametrize(("drawn", "opened"), [(0, 0), (1, 1), (10, 1), (11, 2), (20, 2), (21, 3)])
def test_a_begun_vial_counts_whole(drawn, opened):
    assert vials_opened(drawn, rules()) == opened


def test_no_bags_need_no_session():
    assert best_grouping([], ALWAYS, rules()) == []


def test_three_bags_that_share_two_vials_are_made_together():
    """15 of 10 per vial; one by one they would open 3."""
    assert best_grouping(bags(100, 200, 300), ALWAYS, rules()) == [Visit(90, 3)]


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        # 1 and 2 bags: 10 + 10 + 70 minutes; 2 and 1 bags: 10 + 110 + 10
        ((100, 200, 260), [Visit(90, 1), Visit(190, 2)]),
        # 10 + 10 + 110 and 10 + 70 + 10
        ((100, 160, 260), [Visit(90, 2), Visit(250, 1)]),
    ],
)
def test_of_like_groupings_the_one_with_the_shortest_storage(starts, expected):
    """At most two bags in a session: two vials and two sessions either way."""
    assert best_grouping(bags(*starts), ALWAYS, rules(most=2)) == expected


def test_fewest_vials_come_before_fewest_sessions():
    """10 + 10 + 10 in three sessions are 3 vials; 14 + 16 and 17 + 13 in two are 4."""
    five = bags((100, 10), (200, 4), (300, 3), (400, 3), (500, 10))
    assert counts(best_grouping(five, ALWAYS, rules())) == [1, 3, 1]


def test_fewest_sessions_come_before_shortest_storage():
    """Each bag fills a vial, so two vials either way; together they are kept 10 + 910 minutes, apart 10 + 10."""
    assert counts(best_grouping(bags((100, 10), (1000, 10)), ALWAYS, rules())) == [2]


@pytest.mark.parametrize(("shared", "expected"), [(True, [2, 1]), (False, [1, 2])])
def test_vials_are_shared_by_the_bags_of_a_session_or_not(shared, expected):
    """5 + 5 and 10 are two vials, 5 and 5 + 10 three; not shared, it is three either way and storage decides."""
    three = bags((100, 5), (200, 5), (260, 10))
    assert counts(best_grouping(three, ALWAYS, rules(most=2, shared=shared))) == expected


@pytest.mark.parametrize(("wait", "expected"), [(109, [1, 1]), (110, [2])])
def test_a_bag_may_wait_exactly_as_long_as_it_keeps(wait, expected):
    """The second is connected at 200, its session begins at 90."""
    assert counts(best_grouping(bags(100, (200, 5, wait)), ALWAYS, rules())) == expected


@pytest.mark.parametrize(("most", "expected"), [(1, [1, 1, 1]), (2, [1, 2]), (3, [3])])
def test_a_session_makes_no_more_bags_than_it_may(most, expected):
    assert counts(best_grouping(bags(100, 200, 260), ALWAYS, rules(most=most))) == expected


def test_a_bag_after_one_that_cannot_wait_is_not_made_before_it():
    """Bags of a session follow one another: the third could wait, the second cannot."""
    assert counts(best_grouping(bags(100, (200, 5, 50), 300), ALWAYS, rules())) == [1, 2]


def test_a_session_starts_at_the_latest_open_moment():
    """Connection at 60 less the lead of 10 is 50: the unit closed at 40. At 45 it would have to be 35, when it is."""
    assert best_grouping(bags(60), TWICE, rules()) == [Visit(40, 1)]
    assert best_grouping(bags(45), TWICE, rules()) == [Visit(35, 1)]


def test_a_bag_that_no_open_moment_serves_is_made_alone_outside_hours():
    """Minute 190 is long after 40, when the unit was last open; the bag before and the bag after are made in time."""
    moments = OpenMoments((0, 290), (40, 400))
    three = bags(50, (200, 5, 159), 300)
    assert best_grouping(three, moments, rules()) == [Visit(40, 1), Visit(190, 1, is_open=False), Visit(290, 1)]
    # if it keeps one minute longer, the session at 40 serves it; and the third bag then saves a session
    assert best_grouping(bags(50, (200, 5, 160), 300), moments, rules()) == [Visit(40, 3)]
    assert best_grouping(bags(50, (200, 5, 160), 300), moments, rules(most=2)) == [Visit(40, 2), Visit(290, 1)]
    # before the unit ever opens
    assert best_grouping(bags(5), OpenMoments((10,), (20,)), rules()) == [Visit(-5, 1, is_open=False)]


def test_a_bag_that_keeps_for_less_than_the_lead_time_fails_though_the_unit_is_open():
    assert best_grouping(bags((100, 5, 9)), ALWAYS, rules()) == [Visit(90, 1, is_open=True)]


# ---- a given grouping ----


def test_a_given_grouping_is_held_as_given_or_not_at_all():
    three = bags(100, 200, 300)
    assert given_grouping(three, [1, 2], ALWAYS, rules()) == [Visit(90, 1), Visit(190, 2)]
    assert given_grouping(three, [3], ALWAYS, rules()) == [Visit(90, 3)]
    assert given_grouping(three, [3], ALWAYS, rules(most=2)) is None
    assert given_grouping(three, [2], ALWAYS, rules()) is None  # one bag is left over
    assert given_grouping(bags(100, (200, 5, 50)), [2], ALWAYS, rules()) is None
    assert given_grouping([], [], ALWAYS, rules()) == []


def test_a_given_grouping_never_opens_a_closed_unit():
    """Of two bags at 200 and 300 the first could only be made outside hours."""
    assert given_grouping(bags((200, 5, 50)), [1], OpenMoments((0,), (40,)), rules()) is None


# ---- if the running bag were lost ----


def minute_by_minute(waits):
    """Per minute of the course: how long until another bag could run."""
    return {
        minute: wait.ready + (minute - wait.begin if wait.moving else 0) - minute
        for wait in waits
        for minute in range(wait.begin, wait.end)
    }


def runs(spans):
    """Minutes with their waits, written as `(first, last, wait at first, wait at last)`."""
    return {
        minute: first_wait + (minute - first) * (last_wait - first_wait) // max(1, last - first)
        for first, last, first_wait, last_wait in spans
        for minute in range(first, last + 1)
    }


def test_without_another_bag_the_wait_lasts_to_the_next_opening_and_the_lead_time():
    """Open 10-20 and 30-40, lead 5; the bag runs 15-35. While it is open a new one takes 5 minutes."""
    waits = waits_if_lost([MadeBag(15, 35, 0, 99)], TWICE, 5)
    # at 21 the unit opens again at 30: ready at 35, 14 minutes; at 29 it is 6 minutes
    assert minute_by_minute(waits) == runs([(15, 20, 5, 5), (21, 29, 14, 6), (30, 34, 5, 5)])
    assert worst_gap(waits) == 15


def test_the_next_bag_is_connected_at_once_if_it_is_prepared():
    """It is prepared at 20, connected at 30 at the earliest, at 50 at the latest; the unit opens again at 100."""
    waits = waits_if_lost([MadeBag(0, 60, -5, 0), MadeBag(60, 70, 20, 50)], OpenMoments((0, 100), (5, 200)), 10)
    assert minute_by_minute(waits) == runs(
        [
            (0, 5, 10, 10),  # one is made at once
            (6, 19, 104, 91),  # ready at 110
            (20, 30, 10, 0),  # the next bag, when its lead time is over
            (31, 50, 0, 0),
            (51, 59, 59, 51),  # too late to connect it
            (60, 69, 50, 41),  # the next bag itself is lost
        ]
    )
    assert worst_gap(waits) == 105
    assert long_gaps(waits, 59) == [(6, 20), (51, 52)]
    assert long_gaps(waits, 60) == [(6, 20)]
    assert long_gaps(waits, 51) == [(6, 20), (51, 60)]
    assert long_gaps(waits, 50) == [(6, 20), (51, 61)]
    assert long_gaps(waits, 105) == []


def test_only_the_very_next_bag_stands_in():
    """The bag after next is prepared too, but it belongs to later; bags before are gone."""
    three = [MadeBag(0, 10, -9, 0), MadeBag(10, 20, -9, 5), MadeBag(20, 30, -9, 50)]
    waits = waits_if_lost(three, OpenMoments((100,), (200,)), 3)
    # in the first bag the second can be connected up to minute 5; in the second the third; in the third none
    assert minute_by_minute(waits) == runs([(0, 5, 0, 0), (6, 9, 97, 94), (10, 19, 0, 0), (20, 29, 83, 74)])


def test_a_bag_whose_lead_time_ends_after_its_start_by_never_stands_in():
    waits = waits_if_lost([MadeBag(0, 10, -9, 0), MadeBag(10, 20, 4, 8)], OpenMoments((100,), (200,)), 5)
    assert minute_by_minute(waits) == runs([(0, 19, 105, 86)])
    waits = waits_if_lost([MadeBag(0, 10, -9, 0), MadeBag(10, 20, 4, 9)], OpenMoments((100,), (200,)), 5)
    assert minute_by_minute(waits) == runs([(0, 3, 105, 102), (4, 9, 5, 0), (10, 19, 95, 86)])


def test_of_two_bags_the_one_that_can_run_first_stands_in():
    """The next bag from 15 on (prepared at 5), a spare at once from 3 to 7."""
    next_bag, spare = MadeBag(20, 30, 5, 99), MadeBag(0, 0, -7, 7)
    waits = waits_if_lost([MadeBag(0, 20, -9, 0), next_bag], OpenMoments((100,), (200,)), 10, [spare])
    assert minute_by_minute(waits) == runs(
        [
            (0, 3, 3, 0),
            (4, 7, 0, 0),
            (8, 15, 7, 0),
            (16, 19, 0, 0),
            (20, 29, 90, 81),
        ]
    )


def test_a_loss_after_the_last_open_moment_cannot_be_judged():
    assert waits_if_lost([MadeBag(0, 52, -10, 20)], OpenMoments((0,), (50,)), 5) is None
    assert waits_if_lost([MadeBag(0, 51, -10, 20)], OpenMoments((0,), (50,)), 5) is not None


@pytest.mark.parametrize(
    ("longest", "rounded"), [(0, 0), (1, 15), (14, 15), (15, 15), (16, 30), (3960, 3960), (3959, 3960)]
)
def test_the_worst_gap_is_rounded_up_to_a_quarter_of_an_hour(longest, rounded):
    assert worst_gap([Wait(0, 10, 0, moving=True), Wait(10, 20, 10 + longest, moving=False)]) == rounded


def test_a_stretch_of_long_gaps_ends_where_the_wait_grows_shorter():
    standing, moving = Wait(0, 10, 12, moving=False), Wait(0, 10, 5, moving=True)
    # lost at minute 0 it is 12 minutes, at minute 9 it is 3
    assert [standing.at_least(each) for each in (3, 4, 12, 13)] == [(0, 10), (0, 9), (0, 1), None]
    assert [moving.at_least(each) for each in (5, 6)] == [(0, 10), None]


def test_stretches_that_touch_are_one_and_others_are_not():
    waits = [Wait(0, 10, 20, moving=True), Wait(10, 20, 40, moving=False), Wait(20, 30, 25, moving=False)]
    assert long_gaps(waits, 20) == [(0, 20)]  # 20, then 30 at minute 10 and 21 at minute 19; then 5
    assert long_gaps(waits, 21) == [(10, 20)]
    assert long_gaps(waits, 5) == [(0, 21)]
    assert long_gaps([Wait(0, 10, 20, moving=True), Wait(11, 20, 40, moving=True)], 20) == [(0, 10), (11, 20)]
    assert long_gaps([Wait(0, 5, 9, moving=True), Wait(5, 8, 5, moving=True), Wait(8, 9, 17, moving=True)], 9) == [
        (0, 5),
        (8, 9),
    ]
    assert long_gaps(waits, 41) == []


# ---- off hours ----


@pytest.mark.parametrize(
    ("weekday", "minute", "with_weekends", "without"),
    [
        (1, 419, True, True),  # 06:59
        (1, 420, False, False),  # 07:00
        (5, 1139, False, False),  # 18:59
        (5, 1140, True, True),  # 19:00, the end itself
        (6, 600, True, False),  # Saturday at ten
        (7, 600, True, False),
        (7, 419, True, True),
    ],
)
def test_changes_off_hours(weekday, minute, with_weekends, without):
    expected = {True: with_weekends, False: without}
    for weekends_off, off in expected.items():
        assert off_hours([(weekday, minute)], 420, 1140, weekends_off=weekends_off) == ([0] if off else [])
