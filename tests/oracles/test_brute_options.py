"""The brute force against courses of two to four days that are worked by hand.

The unit is open Monday to Friday 08:00-17:30: sessions start 08:00-16:00. In the comments `Fri 16 > Sun 09` is a bag
whose session starts on Friday at 16:00 and that is connected on Sunday at 09:00; its storage is the time between.
"""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from brute_options import Course, Piece, best_grouping, broken_limits, down_by, front, is_open, start_by, worst_gap

ZONE = "Europe/Amsterdam"
WEEK = dict.fromkeys(["mon", "tue", "wed", "thu", "fri"], "08:00-17:30")
SITE = {
    "zone": ZONE,
    "closed": [],
    "start_within_h": 24,
    "preserved_bags": False,
    "share_vials": True,
    "lead_time_h": 2,
    "session_h": 1.5,
    "max_bags_per_session": 4,
    "change_hours": "07:00-19:00",
    "weekend_changes": "off-hours",
    "preparation_hours": WEEK,
}


def piece(name="24h", runs=24, rate="10", made="0.9", *, cold=240, warm=96, included=False, preserved=False):
    return Piece(name, runs, rate, Fraction(made), cold, warm, included, preserved=preserved)


DAY, TWO, THREE = piece(), piece("48h", 48, "5", "1.8"), piece("72h", 72, "3.3", "2.7")


def course(start, days, *pieces, **site):
    at = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(ZONE))
    return Course(at, 24 * days, ZONE, ZONE, pieces, SITE | site, Fraction("2.8"))


# Fri 27-Nov-2026 14:00, three days of 24 h bags: Fri, Sat and Sun 14:00, the last open moment for both is Fri 16:00.
WEEKEND = "2026-11-27T14:00"


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        # Sun 14:00 is 46 h after Fri 16:00
        (24, []),
        (45, []),
        # Connected at its start-by. Fri 12 for bags 1 and 2 (2 + 26 h) would leave 3 for itself (46): 74 h. Better is
        # 1 by itself (2), 2 and 3 at Fri 16 (22 + 46): 70 h = 4200 min. 1.8 mL is one vial, 2.7 at Fri 12 needs 50 h.
        (46, [((2, 2, 2, 2, 0), 4200)]),
        # all three from Fri 12: 2 + 26 + 50 = 78 h, 2.7 mL is one vial
        ("product", [((1, 1, 2, 2, 0), 4680)]),
    ],
)
def test_closed_weekend_and_shortest_storage(within, expected):
    assert front(course(WEEKEND, 3, DAY, start_within_h=within)) == expected


def test_one_bag_over_the_weekend_and_weekend_changes_that_are_wanted():
    # Fri 12 > 14; with a bag of 24 h another one is due on Sunday
    assert front(course(WEEKEND, 3, DAY, THREE)) == [((1, 1, 0, 0, 0), 120)]
    assert front(course(WEEKEND, 3, DAY, start_within_h=46, weekend_changes="wanted")) == [((2, 2, 0, 2, 0), 4200)]
    # Friday closed: Thu 16 > Fri 14, 22 h. Thursday too: Wed 16 > Fri 14 is 46 h.
    assert front(course(WEEKEND, 3, THREE, closed=["2026-11-27"])) == [((1, 1, 0, 0, 0), 22 * 60)]
    assert front(course(WEEKEND, 3, THREE, closed=["2026-11-26", "2026-11-27"])) == []


def test_two_options_neither_of_which_is_better():
    # Thu 14:00, four days, 24 h limit: no bag on Sunday, which leaves 24-72, 48-48 and 24-24-48.
    # 24-72: Thu 12 > 14 and Fri 12 > 14 (10 to 3.3 mL/h); Thu 12 > Fri 14 would be 26 h.
    # 48-48: Thu 12 > 14 and Fri 16 > Sat 14, off hours; 2 + 22 h.
    # 24-24-48: Thu 12 > 14, Fri 12 > 14 and Fri 16 > Sat 14, more of everything than 48-48.
    expected = [((2, 2, 0, 1, 1), 240), ((2, 2, 1, 1, 0), 1440)]
    assert front(course("2026-11-26T14:00", 4, DAY, TWO, THREE)) == expected


@pytest.mark.parametrize(
    ("made", "share", "expected"),
    [
        ("1.4", True, [((1, 1, 0, 1, 0), 1680)]),  # 2.8 mL is one vial to the drop; 2 + 26 h
        ("1.401", True, [((2, 1, 0, 1, 0), 1680)]),
        ("1.4", False, [((2, 1, 0, 1, 0), 1680)]),
        ("2.9", False, [((4, 1, 0, 1, 0), 1680)]),  # 2 + 2; shared 5.8 / 2.8 makes 3
        ("2.9", True, [((3, 1, 0, 1, 0), 1680)]),
    ],
)
def test_vials_shared_or_not(made, share, expected):
    # Mon and Tue 14:00; from Mon 12 both with a 48 h limit
    assert front(course("2026-11-23T14:00", 2, piece(made=made), start_within_h=48, share_vials=share)) == expected


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (4, [((1, 1, 0, 3, 0), 152 * 60)]),  # from Mon 12: 2 + 26 + 50 + 74 h, 2.8 mL
        (3, [((2, 2, 0, 3, 0), 56 * 60)]),  # 2 and 2 bags: twice 2 + 26 h; 3 and 1 would store 80 h
        (1, [((4, 4, 0, 3, 0), 8 * 60)]),
    ],
)
def test_most_bags_of_a_session(most, expected):
    # Mon to Thu 14:00
    four = course("2026-11-23T14:00", 4, piece(made="0.7"), start_within_h="product", max_bags_per_session=most)
    assert front(four) == expected


def test_clock_goes_forward_within_the_course():
    # Fri 26-Mar-2027 18:30 + 72 h is Mon 19:30, off hours, and not Mon 18:30. 72-24: Fri 16 > Fri 18:30 (2.5 h) and
    # Mon 16 > Mon 19:30 (3.5 h). 24-72: Fri 16 > Sat 18:30 is 26.5 h.
    assert front(course("2027-03-26T18:30", 4, DAY, THREE)) == [((2, 2, 1, 1, 1), 360)]


@pytest.mark.parametrize(("within", "expected"), [(17, []), (18, [((2, 2, 1, 1, 0), 1200)])])
def test_clock_goes_back_within_the_course(within, expected):
    # Sat 24-Oct-2026 10:00 + 24 h is Sun 09:00. The unit opens on Saturday too: Sat 08 > Sat 10 (2 h) and Sat 16 >
    # Sun 09 (18 h, though the wall clocks are 17 h apart).
    week = WEEK | {"sat": "08:00-17:30"}
    assert front(course("2026-10-24T10:00", 2, DAY, start_within_h=within, preparation_hours=week)) == expected


@pytest.mark.parametrize(("start", "off_hours"), [("07:00", 0), ("06:59", 1), ("18:59", 0), ("19:00", 1)])
def test_change_hours_end_exclusive(start, off_hours):
    # Tue, the change at the same time on Wed; the start never counts
    [(counts, _)] = front(course(f"2026-11-24T{start}", 2, DAY))
    assert counts == (2, 2, off_hours, 1, 0)


def test_open_moments_end_a_session_before_closing():
    wall = {text: datetime.fromisoformat(f"2026-11-27T{text}+01:00") for text in ("07:59", "08:00", "16:00", "16:01")}
    assert [is_open(course(WEEKEND, 3, DAY), at) for at in wall.values()] == [False, True, True, False]


@pytest.mark.parametrize(
    ("cold", "runs", "warm", "included", "within", "latest", "down"),
    [
        # hours after the start of a session from which the bag is connected 10 h later
        (240, 96, 96, False, 24, 24, 106),
        (240, 96, 96, False, "product", 240, 106),
        (240, 72, 96, False, 300, 240, 106),
        (192, 48, 48, True, "product", 144, 58),
        (192, 24, 48, True, "product", 168, 58),
        (192, 24, 48, True, 72, 72, 58),
        (56, 24, 48, True, "product", 32, 56),
        (336, 168, 168, True, "product", 168, 178),
    ],
)
def test_limits_written_out(cold, runs, warm, included, within, latest, down):
    kind = piece(runs=runs, cold=cold, warm=warm, included=included)
    made = datetime(2026, 11, 23, tzinfo=UTC)
    assert start_by(course(WEEKEND, 3, kind, start_within_h=within), kind, made) == made + timedelta(hours=latest)
    assert down_by(kind, made, made + timedelta(hours=10)) == made + timedelta(hours=down)


@pytest.mark.parametrize(
    ("cold", "expected"),
    [
        # Fri 16 > Mon 09 (65 h) and, from the same session, > Wed 09 (113 h); the second comes down after 161 h
        (161, [((1, 1, 0, 1, 0), 178 * 60)]),
        # the second by itself, Tue 16 > Wed 09 (17 h)
        (160, [((2, 2, 0, 1, 0), 82 * 60)]),
        (113, [((2, 2, 0, 1, 0), 82 * 60)]),
        # the first comes down after 65 + 48 = 113 h
        (112, []),
    ],
)
def test_infusion_within_the_hours_in_the_refrigerator(cold, expected):
    # two bags, Mon and Wed 09:00; on Monday nothing can be made before the start less 2 h
    two = piece("48h", 48, "5", "1.3", cold=cold, warm=48, included=True)
    assert front(course("2026-11-23T09:00", 4, two, start_within_h="product")) == expected


def test_preserved_plans_are_a_front_of_their_own():
    week = piece("4d", 96, "1.8", "3", cold=336, warm=168, included=True, preserved=True)
    allowed = course("2026-11-24T14:00", 4, TWO, week, preserved_bags=True)
    # Tue 12 > 14; 3 mL are two vials
    assert front(allowed, preserved=True) == [((2, 1, 0, 0, 0), 120)]
    # Tue 12 > 14 and Thu 12 > 14
    assert front(allowed) == [((2, 2, 0, 1, 0), 240)]
    assert front(course("2026-11-24T14:00", 4, TWO, week), preserved=True) == []


def test_bag_that_no_open_moment_serves():
    # as the first case: Sunday's bag by itself at Sun 12; 2 + 22 + 2 h
    best = best_grouping(course(WEEKEND, 3, DAY), (DAY, DAY, DAY))
    assert best[:3] == (3, 3, 26 * 60)
    assert best.unit_closed == [3]
    [sessions] = best.groupings
    assert sessions[2].at.isoformat() == "2026-11-29T11:00:00+00:00"


def test_worst_gap():
    # 72 h from Fri 14:00: lost at Fri 16:01, the next runs at Mon 08 + 2: 65 h 59 min
    weekend = course(WEEKEND, 3, THREE)
    assert worst_gap(weekend, best_grouping(weekend, (THREE,)).groupings[0]) == 66
    # Thu and Fri 18:29, made Thu 16 and Fri 16. Lost Fri 16:01: the bag in the making runs at 18:00. Lost Fri 18:29:
    # Mon 10:00, 63 h 31 min.
    thursday = course("2026-11-26T18:29", 2, DAY)
    sessions = best_grouping(thursday, (DAY, DAY)).groupings[0]
    assert worst_gap(thursday, sessions) == Fraction("63.75")
    # The unit opens Sat 00-24 as well. Lost Thu 18:29: Fri 10:00, 15 h 31 min, not the bag of Fri 16. Lost Fri 18:29:
    # Sat 02:00. Lost Sat 18:28: 2 h.
    saturday = course("2026-11-26T18:29", 2, DAY, preparation_hours=WEEK | {"sat": "00:00-24:00"})
    assert worst_gap(saturday, sessions) == Fraction("15.75")
    # Mon and Tue 14:00, both made Mon 12. Lost on Monday: 0. Lost Tue 16:01: Wed 10:00, 17 h 59 min.
    monday = course("2026-11-23T14:00", 2, DAY, start_within_h=48)
    assert worst_gap(monday, best_grouping(monday, (DAY, DAY)).groupings[0]) == 18


@pytest.mark.parametrize(("warm", "to_planned_end", "gap"), [(48, True, "11.5"), (24, True, "24"), (24, False, "11.5")])
def test_worst_gap_with_a_bag_that_must_last_to_its_planned_end(warm, to_planned_end, gap):
    # Mon and Tue 14:00, both made Mon 12; on Tuesday the unit is open 14:00-24:00. Lost Tue 22:31: Wed 10:00, 11 h
    # 29 min. Lost Mon 16:01: the second bag at once if it can last 46 h until Wed 14:00, else Tue 16:00, 23 h 59 min.
    bag = piece(warm=warm)
    both = course("2026-11-23T14:00", 2, bag, start_within_h=48, preparation_hours=WEEK | {"tue": "14:00-24:00"})
    sessions = best_grouping(both, (bag, bag)).groupings[0]
    assert [len(session.bags) for session in sessions] == [2]
    assert worst_gap(both, sessions, to_planned_end=to_planned_end) == Fraction(gap)


# Thu 26-Nov-2026 14:00 (13:00 UTC), 24-72 of the two options above, as the program prints it; made 0.9 and 2.7 mL.
PRODUCT = {
    "usable_ml": "2.8",
    "kinds": {
        "24h": {"runs_h": 24, "rate_ml_per_h": "10", "refrigerated_h": 240, "room_h": 96, "infusion_included": False},
        "72h": {"runs_h": 72, "rate_ml_per_h": "3.3", "refrigerated_h": 240, "room_h": 96, "infusion_included": False},
    },
}


FIRST = {
    "number": 1,
    "of": 2,
    "kind": "24h",
    "runs_h": "24",
    "rate_ml_per_h": "10",
    "rate_changed": False,
    "start_utc": "2026-11-26T13:00:00Z",
    "end_utc": "2026-11-27T13:00:00Z",
    "session": 1,
    "prepared_utc": "2026-11-26T11:00:00Z",
    "start_by_utc": "2026-11-27T11:00:00Z",
    "down_by_utc": "2026-11-30T13:00:00Z",
    "drug_ml_exact": "0.896",
    "drug_ml": "0.9",
}
SECOND = {
    "number": 2,
    "of": 2,
    "kind": "72h",
    "runs_h": "72",
    "rate_ml_per_h": "3.3",
    "rate_changed": True,
    "start_utc": "2026-11-27T13:00:00Z",
    "end_utc": "2026-11-30T13:00:00Z",
    "session": 2,
    "prepared_utc": "2026-11-27T11:00:00Z",
    "start_by_utc": "2026-11-28T11:00:00Z",
    "down_by_utc": "2026-12-01T13:00:00Z",
    "drug_ml_exact": "2.7",
    "drug_ml": "2.6",
}
PLAN = {
    "order": {"zone": ZONE},
    "course": {"start_utc": "2026-11-26T13:00:00Z", "end_utc": "2026-11-30T13:00:00Z", "course_h": "96"},
    "bags": [FIRST, SECOND],
    "sessions": [
        {"number": 1, "at_utc": "2026-11-26T11:00:00Z", "bags": [1], "vials": 1, "drawn_ml": "0.9", "unused_ml": "1.9"},
        {"number": 2, "at_utc": "2026-11-27T11:00:00Z", "bags": [2], "vials": 1, "drawn_ml": "2.6", "unused_ml": "0.2"},
    ],
    # 3.6 mL are two vials; lost Fri 16:01: Mon 10:00
    "totals": {
        "bags": 2,
        "sessions": 2,
        "vials": 2,
        "vials_floor": 2,
        "off_hours_changes": 0,
        "rate_changes": 1,
        "worst_gap_if_lost_h": "66",
    },
    "findings": [],
}


def test_plan_within_its_limits():
    assert broken_limits(PLAN, SITE, PRODUCT) == []


@pytest.mark.parametrize(
    ("place", "value", "fault"),
    [
        (("bags", 1, "start_utc"), "2026-11-27T13:01:00Z", "start of bag 2"),
        (("bags", 0, "end_utc"), "2026-11-27T12:59:00Z", "end of bag 1"),
        (("course", "end_utc"), "2026-11-30T14:00:00Z", "end of the course"),
        (("bags", 1, "rate_ml_per_h"), "1.8", "rate of bag 2"),
        (("bags", 1, "rate_changed"), False, "rate_changed of bag 2"),
        (("bags", 0, "start_by_utc"), "2026-11-27T11:01:00Z", "start-by of bag 1"),
        (("bags", 1, "down_by_utc"), "2026-12-01T11:00:00Z", "down-by of bag 2"),
        (("bags", 1, "session"), 1, "session of bag 2"),
        (("sessions", 1, "at_utc"), "2026-11-27T12:00:00Z", "lead time kept of bag 2"),
        (("sessions", 1, "at_utc"), "2026-11-27T10:00:00Z", "start of session 2"),
        (("sessions", 1, "at_utc"), "2026-11-25T11:00:00Z", "connected by its start-by of bag 2"),
        (("sessions", 1, "vials"), 2, "vials of session 2"),
        (("sessions", 1, "bags"), [], "sessions hold the bags"),
        (("sessions", 0, "bags"), [2], "sessions hold the bags"),
        (("totals", "off_hours_changes"), 1, "total off_hours_changes"),
        (("totals", "rate_changes"), 0, "total rate_changes"),
        (("totals", "vials_floor"), 1, "total vials_floor"),
        (("totals", "worst_gap_if_lost_h"), "65.75", "total worst_gap_if_lost_h"),
        (("findings",), [{"code": "unit-closed"}], "finding unit-closed"),
    ],
)
def test_every_broken_limit_is_seen(place, value, fault):
    plan = deepcopy(PLAN)
    inner = plan
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    assert any(seen.startswith(fault) for seen in broken_limits(plan, SITE, PRODUCT))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"max_bags_per_session": 0}, "at most 0 bags"),
        ({"closed": ["2026-11-26", "2026-11-27"]}, "start of session 1"),
        ({"lead_time_h": 3}, "lead time kept of bag 1"),
        ({"start_within_h": 1}, "connected by its start-by of bag 1"),
    ],
)
def test_plan_of_another_site_is_seen(change, fault):
    assert any(seen.startswith(fault) for seen in broken_limits(PLAN, SITE | change, PRODUCT))
