"""At the bed: the board, readings of the pump against every mistake that is known, and what a bag's code says."""

from decimal import Decimal

import pytest
from bedside_cases import ZONES, Entry, case, entry, issued, later, log_until, rest_at
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from log_cases import LONG, issued_case
from whenever import Instant

from dosing_app.core.clock import MINUTES_PER_HOUR, minutes_of
from dosing_app.core.quantities import Field, OutsideLimits, magnitude, quantity, read_quantity
from dosing_app.course.bedside import STATES, Board, board_of, read_bag_code
from dosing_app.course.plan import Bag, Superseded
from dosing_app.course.pump import (
    CANNOT_TELL,
    DOES_NOT_FIT,
    EXPLANATIONS,
    FITS,
    INFUSED,
    RATE,
    READINGS,
    SEEN,
    Reading,
    pump_field,
    read_pump,
)
from dosing_app.course.replan import Rest, replan
from dosing_app.reference.product import load_product

COURSES = [("72h,96h", "eu"), ("96h", "eu"), ("48h", "eu"), ("24h", "us"), ("48h", "us"), ("96h@72,96h", "eu")]
courses = st.sampled_from(COURSES)
places = st.tuples(st.integers(0, 6), st.integers(0, 10_000))  # a bag, and a minute of its hours


def bag_at(pattern: str, product: str, place: tuple[int, int]) -> tuple[Bag, Instant]:
    """A bag of the course, and a moment while it runs as planned."""
    bags = case(pattern, product)[0].bags
    assert bags
    bag = bags[place[0] % len(bags)]
    return bag, later(bag.start, place[1] % (minutes_of(bag.end) - minutes_of(bag.start)))


def read(what: str, value: Decimal, rest: Rest, pattern: str, product: str) -> Reading:
    return read_pump(what, quantity(value, "mL/h" if what == RATE else "mL"), rest, case(pattern, product)[1])


def board_at(at: Instant, extra: list[Entry] | None = None, zone: str = "") -> Board:
    return board_of(rest_at(at, extra, zone=zone))


# ---- the board ----


@settings(max_examples=40, deadline=None)
@given(courses, places, st.integers(1, 300), st.booleans())
def test_ledger_hours_and_change_hold_at_every_minute(
    course: tuple[str, str], place: tuple[int, int], stop: int, resumed: bool
) -> None:
    pattern, product = course
    bag, at = bag_at(pattern, product, place)
    assume(minutes_of(at) - minutes_of(bag.start) > stop)
    begin = later(at, -stop)
    extra = [entry(begin, "interrupted", reason="technical")]
    if resumed:
        extra.append(entry(later(begin, stop // 2), "resumed", line_closed=True))
    rest = rest_at(at, extra, pattern, product)
    board = board_of(rest)
    ledger, running = board.ledger, rest.progress.running
    assert ledger is not None
    assert running is not None
    parts = ledger.primed + ledger.infused + ledger.to_be_infused + ledger.discarded
    assert abs(ledger.total - parts) < Decimal("1e-20")
    assert min(ledger.infused, ledger.to_be_infused, ledger.discarded, ledger.in_bag) >= 0
    assert board.change_due == running.take_down == bag.end
    assert board.minutes_left == minutes_of(bag.end) - minutes_of(at)
    assert (board.state, board.bag) == ("running" if resumed else "interrupted", bag)
    assert board.interrupted_since == (None if resumed else begin)
    balance = board.infused_minutes + board.waived_minutes + board.due_minutes
    assert balance == 672 * MINUTES_PER_HOUR + board.over_minutes
    stood = stop // 2 if resumed else stop
    started = minutes_of(at) - minutes_of(case(pattern, product)[0].bags[0].start)  # type: ignore[index]
    assert board.infused_minutes == started - stood


def test_the_board_through_a_course() -> None:
    plan, _ = case()
    assert plan.bags
    first, second, last = plan.bags[0], plan.bags[1], plan.bags[-1]
    board = board_at(later(first.start, -90))
    assert (board.state, board.change_due, board.minutes_left) == ("not-begun", first.start, 90)
    assert (board.bag, board.next.number if board.next else 0, board.next_prepared) == (None, 1, True)
    board = board_at(later(second.start, 30))
    assert (board.state, board.next.number if board.next else 0, board.next_prepared) == ("running", 3, False)
    assert board.rate_from == second.rate
    assert board.rate_to == first.rate  # 72 and 96 h in turn: the rate will change
    board = board_at(later(last.start, 30))
    assert (board.last_change, board.next, board.rate_to) == (True, None, None)
    board = board_at(later(last.end, 60))
    assert (board.state, board.due_minutes, board.change_due) == ("finished", 0, None)
    # down as planned, and nothing connected for 20 minutes
    log = [each for each in log_until(plan, second.start) if not (each["event"] == "hung" and each["bag"] == 2)]
    board = board_of(rest_at(later(second.start, 20), log=log))
    assert (board.state, board.without_bag_since) == ("no-bag", second.start)
    assert (board.change_due, board.minutes_left) == (later(second.start, 20), 0)


def test_an_overdue_change_and_a_limit_that_is_past() -> None:
    plan, _ = case()
    assert plan.bags
    second = plan.bags[1]  # 96 h: its take-down is its limit
    board = board_of(rest_at(later(second.end, 15), log=log_until(plan, later(second.end, -1))))
    assert (board.minutes_left, board.overdue, board.past_down_by) == (-15, True, True)


def test_after_an_adverse_event_only_the_prescriber_is_waited_for() -> None:
    plan, _ = case()
    assert plan.bags
    begin = later(plan.bags[1].start, 100)
    board = board_at(later(begin, 60), [entry(begin, "interrupted", reason="adverse-event")])
    assert (board.state, board.next, board.change_due) == ("restart", None, None)
    assert board.interrupted_since == begin
    assert board.state in STATES


def test_what_nothing_is_laid_out_for() -> None:
    """Three hours are less than the site makes up without a decision."""
    plan, _ = case()
    assert plan.bags
    begin = later(plan.bags[0].start, 600)
    stop = [entry(begin, "interrupted", reason="technical"), entry(later(begin, 180), "resumed", line_closed=True)]
    assert board_at(later(begin, 600), stop).undecided_minutes == 180
    assert board_at(later(begin, 600)).undecided_minutes == 0
    last = board_at(later(plan.bags[-1].start, 600), stop)
    assert (last.next, last.undecided_minutes, last.last_change) == (None, 180, False)


@pytest.mark.parametrize("zone", list(ZONES))
def test_elapsed_time_whatever_the_clock_does(zone: str) -> None:
    plan, _ = case("72h,96h", "eu", zone)
    assert plan.bags
    for bag in plan.bags:
        board = board_at(later(bag.start, 90), zone=zone)
        assert board.minutes_left == int(magnitude(bag.runs, "h")) * 60 - 90
        assert board.infused_minutes == minutes_of(bag.start) - minutes_of(plan.bags[0].start) + 90


# ---- readings ----


@settings(max_examples=50, deadline=None)
@given(courses, places, st.decimals("-0.99", "0.99", places=2), st.sampled_from([INFUSED, SEEN]))
def test_a_right_reading_is_never_said_not_to_fit(
    course: tuple[str, str], place: tuple[int, int], off: Decimal, what: str
) -> None:
    _bag, at = bag_at(*course, place)
    rest = rest_at(at, None, *course)
    expected = read(what, Decimal(0), rest, *course)
    value = expected.expected + off * expected.tolerance
    assume(value >= 0)
    reading = read(what, value, rest, *course)
    assert reading.verdict != DOES_NOT_FIT
    if reading.verdict == CANNOT_TELL:
        assert any(each.dangerous for each in reading.explanations)


def wrong_rates(bag: Bag, pattern: str, product: str) -> dict[str, Decimal]:
    """The rates that mistakes give, worked out here."""
    rate = magnitude(bag.rate, "mL/h")
    other = load_product("us" if product == "eu" else "eu").kinds.get(bag.kind.partition("@")[0])
    bags = case(pattern, product)[0].bags
    assert bags
    before, after = bags[bag.number - 2 : bag.number - 1], bags[bag.number : bag.number + 1]
    found = {
        "per-day": rate * 24,
        "times-ten": rate * 10,
        "tenth": rate / 10,
        "other-region": rate if other is None else magnitude(other.rate.quantity, "mL/h"),
        "rate-before": magnitude(before[0].rate, "mL/h") if before else rate,
        "rate-next": magnitude(after[0].rate, "mL/h") if after else rate,
        **{f"kind {kind.name}": magnitude(kind.rate.quantity, "mL/h") for kind in load_product(product).kind},
    }
    return {name: each for name, each in found.items() if each != rate}


@settings(max_examples=50, deadline=None)
@given(courses, places, st.data())
def test_a_pump_at_another_rate_never_fits(
    course: tuple[str, str], place: tuple[int, int], data: st.DataObject
) -> None:
    bag, at = bag_at(*course, place)
    rest = rest_at(at, None, *course)
    rate = data.draw(st.sampled_from(sorted(wrong_rates(bag, *course).values())))
    reading = read(RATE, rate, rest, *course)
    assert reading.verdict == DOES_NOT_FIT
    assert rate in [magnitude(each.rate, "mL/h") for each in reading.explanations if each.rate is not None]
    holds = magnitude(bag.total, "mL") - magnitude(bag.primed, "mL")
    infused = min(holds, rate * (minutes_of(at) - minutes_of(bag.start)) / 60)
    for what, value in ((INFUSED, infused), (SEEN, holds - infused)):
        reading = read(what, value, rest, *course)
        assert reading.verdict != FITS
        assert rate in [magnitude(each.rate, "mL/h") for each in reading.explanations if each.rate is not None]


@settings(max_examples=50, deadline=None)
@given(courses, places, st.integers(1, 2000) | st.integers(230, 300))
def test_a_pump_that_stood_still_for_hours_never_fits(
    course: tuple[str, str], place: tuple[int, int], stood: int
) -> None:
    bag, at = bag_at(*course, place)
    ran = minutes_of(at) - minutes_of(bag.start)
    assume(ran >= stood)
    rest, rate = rest_at(at, None, *course), magnitude(bag.rate, "mL/h")
    holds = magnitude(bag.total, "mL") - magnitude(bag.primed, "mL")
    infused = rate * (ran - stood) / 60
    for what, value in ((INFUSED, infused), (SEEN, holds - infused)):
        reading = read(what, value, rest, *course)
        since = [each.since for each in reading.explanations if each.code == "stopped-since"]
        if stood >= 240:  # what is made up; less does no harm by the site's settings
            assert reading.verdict != FITS
        if reading.verdict == DOES_NOT_FIT:
            assert since
        assert all(each is not None and abs(minutes_of(each) - minutes_of(at) + stood) <= 1 for each in since)


@settings(max_examples=40, deadline=None)
@given(courses, places)
def test_one_number_read_for_another_is_recognised(course: tuple[str, str], place: tuple[int, int]) -> None:
    _bag, at = bag_at(*course, place)
    rest = rest_at(at, None, *course)
    running = rest.progress.running
    assert running is not None
    ledger = running.ledger
    slips = [
        (INFUSED, ledger.to_be_infused, "volume-due-read"),
        (INFUSED, ledger.in_bag, "bag-content-read"),
        (SEEN, ledger.infused, "infused-read"),
        (SEEN, ledger.to_be_infused, "volume-due-read"),
    ]
    for what, value, code in slips:
        reading = read(what, value, rest, *course)
        if reading.verdict == DOES_NOT_FIT:
            assert code in [each.code for each in reading.explanations]


@settings(max_examples=40, deadline=None)
@given(courses, places)
def test_a_counter_that_was_not_set_to_nothing_is_recognised(course: tuple[str, str], place: tuple[int, int]) -> None:
    bag, at = bag_at(*course, place)
    bags = case(*course)[0].bags
    assert bags
    assume(bag.number > 1)
    rest, before = rest_at(at, None, *course), bags[bag.number - 2]
    expected = read(INFUSED, Decimal(0), rest, *course).expected
    reading = read(INFUSED, expected + magnitude(before.delivered, "mL"), rest, *course)
    assert reading.verdict == DOES_NOT_FIT
    assert ("not-reset", before.number) in [(each.code, each.bag) for each in reading.explanations]


def test_late_in_a_bag_a_stop_of_hours_hides_in_the_tolerance_and_is_asked_about() -> None:
    """After 90 of 96 h the counter may be 13.8 mL off; a stop of 4.2 h is 10.5 mL, nearer to a stop than to the log."""
    plan, _ = case()
    assert plan.bags
    rest = rest_at(later(plan.bags[1].start, 5400))
    hidden = read(INFUSED, Decimal("214.5"), rest, "72h,96h", "eu")
    assert hidden.verdict == CANNOT_TELL
    assert [(each.code, each.since) for each in hidden.explanations] == [
        ("stopped-since", later(plan.bags[1].start, 5400 - 252))
    ]
    assert read(INFUSED, Decimal(221), rest, "72h,96h", "eu").verdict == FITS


def test_a_pump_that_ran_on_while_it_was_to_stand() -> None:
    plan, _ = case()
    assert plan.bags
    begin = later(plan.bags[1].start, 1200)
    stop = [entry(begin, "interrupted", reason="technical")]
    rest = rest_at(later(begin, 600), stop)
    reading = read(INFUSED, Decimal(50) + Decimal(25), rest, "72h,96h", "eu")  # 20 h and another 10 h at 2.5
    assert reading.verdict == DOES_NOT_FIT
    assert ("ran-on", begin) in [(each.code, each.since) for each in reading.explanations]
    assert read(INFUSED, Decimal(50), rest, "72h,96h", "eu").verdict == FITS
    assert read(RATE, Decimal(0), rest, "72h,96h", "eu").verdict == FITS


def test_while_the_pump_stands_no_rate_fits_but_none() -> None:
    plan, _ = case()
    assert plan.bags
    begin = later(plan.bags[1].start, 1200)
    rest = rest_at(later(begin, 120), [entry(begin, "interrupted", reason="technical")])
    for rate in (Decimal("2.5"), Decimal("3.3"), Decimal(7)):
        reading = read(RATE, rate, rest, "72h,96h", "eu")
        assert (reading.verdict, reading.expected, reading.stands_since) == (DOES_NOT_FIT, 0, begin)
        assert next((each.code, each.since) for each in reading.explanations) == ("ran-on", begin)


def restarted_at_5() -> list[Entry]:
    """An adverse event, and a restart at a third of the dose; then a bag of the old dose is connected all the same."""
    plan, _ = case()
    assert plan.bags
    begin = later(plan.bags[0].start, 600)
    return [
        *log_until(plan, begin),
        entry(begin, "interrupted", reason="adverse-event"),
        entry(later(begin, 60), "stopped", bag=1),
        entry(later(begin, 120), "decision", what="restart", dose_rate="5", prescriber="Dr P"),
        entry(later(begin, 150), "hung", bag=2),
    ]


@pytest.mark.parametrize("minutes", [30, 600])
@pytest.mark.parametrize("what", READINGS)
def test_a_bag_of_another_dose_never_fits(what: str, minutes: int) -> None:
    plan, _ = case()
    assert plan.bags
    log = restarted_at_5()
    rest = rest_at(later(plan.bags[0].start, 750 + minutes), log=log)
    assert board_of(rest).why_down == "other-dose"
    expected = read(what, Decimal(0), rest, "72h,96h", "eu").expected
    reading = read(what, expected, rest, "72h,96h", "eu")
    assert (reading.verdict, reading.why_down, reading.agrees) == (DOES_NOT_FIT, "other-dose", True)
    assert read(what, Decimal("0.7"), rest, "72h,96h", "eu").why_down == "other-dose"


@pytest.mark.parametrize("what", READINGS)
def test_past_its_limit_and_past_the_course_nothing_fits(what: str) -> None:
    plan, _ = case()
    assert plan.bags
    last = plan.bags[-1]
    for bag, at, why in (
        (plan.bags[0], later(plan.bags[0].down_by, 1), "beyond-limit"),
        (last, last.end, "course-over"),
    ):
        rest = rest_at(at, log=log_until(plan, later(bag.end, -1)))
        reading = read(what, read(what, Decimal(0), rest, "72h,96h", "eu").expected, rest, "72h,96h", "eu")
        assert (reading.verdict, reading.why_down) == (DOES_NOT_FIT, why)
        assert board_of(rest).why_down == why
    assert not board_at(later(plan.bags[0].start, 60)).why_down


def test_stops_that_the_log_knows_are_no_mistake() -> None:
    """Two stops, one in the bag before: what was infused is what ran, and another rate is guessed by it too."""
    plan, _ = case()
    assert plan.bags
    first, second = plan.bags[0], plan.bags[1]
    extra = []
    for begin in (later(first.start, 600), later(second.start, 600)):
        extra.append(entry(begin, "interrupted", reason="technical"))
        extra.append(entry(later(begin, 300), "resumed", line_closed=True))
    rest = rest_at(later(second.start, 2100), extra)  # 30 h by the log
    assert read(INFUSED, Decimal(75), rest, "72h,96h", "eu").verdict == FITS
    other = read(INFUSED, Decimal("1.8") * 30, rest, "72h,96h", "eu")
    assert other.explanations[0].code == "other-region"
    counted = read(INFUSED, Decimal(75) + Decimal("3.3") * 67, rest, "72h,96h", "eu")
    assert ("not-reset", 1) in [(each.code, each.bag) for each in counted.explanations]
    less = read(INFUSED, Decimal(50), rest, "72h,96h", "eu")  # ten hours too little
    assert [each.since for each in less.explanations if each.code == "stopped-since"] == [later(second.start, 1500)]
    least = read(INFUSED, Decimal(10), rest, "72h,96h", "eu")  # only the first four
    assert [each.since for each in least.explanations if each.code == "stopped-since"] == [later(second.start, 240)]


def test_more_than_the_bag_was_to_give() -> None:
    """The bag's content was programmed: it still runs eight hours after its change was due."""
    plan, _ = case()
    assert plan.bags
    first = plan.bags[0]
    rest = rest_at(later(first.end, 480), log=log_until(plan, later(first.end, -1)))
    reading = read(INFUSED, Decimal("3.3") * 80, rest, "72h,96h", "eu")
    assert reading.verdict == DOES_NOT_FIT
    assert reading.explanations[0].code == "beyond-volume"


@settings(max_examples=40, deadline=None)
@given(courses, st.integers(0, 6), st.integers(0, 45))
def test_at_the_moment_to_look_again_it_can_be_told(course: tuple[str, str], number: int, minutes: int) -> None:
    """Soon after a change no rate can be told from another; at the moment named a right counter fits."""
    bag, at = bag_at(*course, (number, minutes))
    rest = rest_at(at, None, *course)
    reading = read(INFUSED, read(INFUSED, Decimal(0), rest, *course).expected, rest, *course)
    assume(reading.verdict == CANNOT_TELL)
    assert reading.look_again is not None
    assert reading.expected_then is not None
    assert at < reading.look_again <= later(bag.start, 300)
    then = rest_at(reading.look_again, None, *course)
    again = read(INFUSED, reading.expected_then, then, *course)
    assert (again.verdict, again.expected) == (FITS, reading.expected_then)


def test_the_infused_volume_that_was_entered_as_what_is_in_the_bag_is_recognised() -> None:
    """After 20 h at 3.3 mL/hour the pump shows 66 mL infused; about 206 mL are in the bag."""
    plan, _ = case()
    assert plan.bags
    reading = read(SEEN, Decimal(66), rest_at(later(plan.bags[0].start, 1200)), "72h,96h", "eu")
    assert reading.verdict == DOES_NOT_FIT
    assert 200 < reading.expected < 210
    assert "infused-read" in [each.code for each in reading.explanations]


def test_by_eye_it_may_never_be_told() -> None:
    """In a 96 h bag two rates differ by less than an eye can be sure of."""
    plan, _ = case()
    assert plan.bags
    rest = rest_at(later(plan.bags[1].start, 1200))
    reading = read(SEEN, Decimal(225), rest, "72h,96h", "eu")
    assert (reading.verdict, reading.look_again) == (CANNOT_TELL, None)


def test_a_bag_that_was_made_up_to_its_volume_is_not_fuller_or_emptier() -> None:
    """After 24 h at 0.6 mL/h 14.4 mL of 110 are infused; eye, pump and clock are in doubt, but not the filling."""
    plan, reference = issued_case("168h", "us", more=f"{LONG}preserved_bags = true\n")
    assert plan.bags
    first = plan.bags[0]
    rest = replan([plan], log_until(plan, first.start), later(first.start, 24 * 60), reference, {})
    limits = reference.limits
    error, minutes, eye = (limits.value(name) for name in ("pump_error_percent", "reading_minutes", "seen_volume_ml"))
    expected = Decimal(110) - magnitude(first.primed, "mL") - Decimal("14.4")
    reading = read_pump(SEEN, quantity(expected, "mL"), rest, reference)
    assert reading.expected == expected
    assert reading.tolerance == Decimal("14.4") * error / 100 + Decimal("0.6") * minutes / 60 + eye
    # What is added to a bag of saline stands in 265 to 275 mL.
    added = read(SEEN, Decimal(200), rest_at(later(case()[0].bags[0].start, 24 * 60)), "72h,96h", "eu")  # type: ignore[index]
    assert added.tolerance == Decimal("79.2") * error / 100 + Decimal("3.3") * minutes / 60 + eye + 5


def test_what_the_fields_accept() -> None:
    plan, reference = case()
    assert plan.bags
    rest = rest_at(later(plan.bags[1].start, 600))
    fields = {what: pump_field(what, rest, reference) for what in READINGS}
    assert all(isinstance(each, Field) and each.lower == 0 for each in fields.values())
    assert fields[RATE].upper == 240  # the largest rate of all product data, per day typed as per hour
    assert magnitude(read_quantity("25 mL", fields[INFUSED]), "mL") == 25
    with pytest.raises(OutsideLimits):
        read_quantity("2500 mL", fields[SEEN])
    with pytest.raises(ValueError, match="bag that hangs"):
        pump_field(INFUSED, rest_at(later(plan.bags[0].start, -600)), reference)


def test_every_explanation_is_listed_once() -> None:
    assert len(set(EXPLANATIONS)) == len(EXPLANATIONS)


# ---- codes ----


def answer(text: str, rest: Rest, plans: object = None) -> tuple[str, int | None, Instant | None]:
    plan, _ = case()
    found = read_bag_code(text, rest, "A-17", plans or [plan], rest.progress.at)  # type: ignore[arg-type]
    return found.code, found.due, found.moment


def code(number: int, revision: int = 1, of: int = 8, label: str = "A-17") -> str:
    return f"BIP1;{number}/{of};{revision};{case()[0].check_code};{label}"


def test_a_bag_at_its_change_before_it_and_out_of_turn() -> None:
    plan, _ = case()
    assert plan.bags
    change = plan.bags[1].start
    log = log_until(plan, later(change, -1))
    early, due = rest_at(later(change, -10), log=log), rest_at(change, log=log)
    assert answer(code(2), early) == ("not-yet", None, change)
    assert answer(code(2), due) == ("this-bag", None, None)
    assert answer(code(1), due)[0] == "running"
    assert answer(code(3), due)[0] == "not-prepared"
    down = [*log, entry(change, "stopped", bag=1)]
    assert answer(code(2), rest_at(later(change, 5), log=down))[0] == "this-bag"
    assert answer(code(1), rest_at(later(change, 5), log=down))[0] == "used"
    both = [*log, entry(later(change, -5), "prepared", bag=3)]
    assert answer(code(3), rest_at(change, log=both)) == ("other-bag", 2, None)
    first = rest_at(later(plan.bags[0].start, -30))
    assert answer(code(1), first) == ("not-yet", None, plan.bags[0].start)


def test_what_a_person_types_and_what_a_scanner_sends() -> None:
    plan, _ = case()
    assert plan.bags
    assert plan.check_code is not None
    rest = rest_at(plan.bags[1].start, log=log_until(plan, later(plan.bags[1].start, -1)))
    sign = plan.check_code
    for text in (
        f"2/8 {sign}",
        f"2/8 {sign[:4]} {sign[4:]}",
        f"  2/8\u00a0{sign[:4]}\u00a0{sign[4:]} ",
        f"bag 2 of 8 {sign.lower()}",
        f"{code(2)}\r\n",
        code(2).swapcase(),
        f"]d2{code(2)}",
    ):
        assert answer(text, rest)[0] == "this-bag", text
    for text in ("", "2", "2/8", f"2/8{sign}", f"2/8 {sign}X", "x" * 5000, "BIP1;2/8;1", f"²/8 {sign}"):
        assert answer(text, rest)[0] == "unknown-code", text


def test_codes_of_other_cases_revisions_and_drafts() -> None:
    plan, _ = case()
    assert plan.bags
    rest = rest_at(plan.bags[1].start, log=log_until(plan, later(plan.bags[1].start, -1)))
    assert answer(code(2, label="B-2"), rest)[0] == "other-case"
    assert answer("2/8 KXCX6489", rest)[0] == "other-case"
    assert answer(code(2, revision=3), rest)[0] == "unknown-code"
    assert answer(code(2, of=9), rest)[0] == "unknown-code"
    draft = plan.model_copy(update={"issue": None})
    assert answer(code(2), rest, [draft])[0] == "draft"


def test_lost_superseded_and_past_bags_are_not_connected() -> None:
    plan, reference = case()
    assert plan.bags
    change = plan.bags[1].start
    log = log_until(plan, later(change, -1))
    lost = [*log, entry(later(change, -1), "lost", bag=2)]
    assert answer(code(2), rest_at(change, log=lost))[0] == "lost"
    warm = [*log[:-1], entry(later(plan.bags[0].start, 60), "out-of-fridge", bag=2), log[-1]]
    warm.sort(key=lambda each: Instant.parse_iso(each["at"]))
    # Out for 71 h it may run for 25 h yet; out for 93 h for less than the four that the site makes up.
    assert answer(code(2), rest_at(change, log=warm))[0] == "this-bag"
    assert answer(code(2), rest_at(later(change, 22 * 60), log=warm))[0] == "out-of-refrigerator"
    start_by = rest_at(change, log=log).progress.made[2].prepared + 240 * 60  # EU: ten days in the refrigerator
    waived = [*log, entry(later(change, -1), "decision", what="waive", hours="600", prescriber="A. Prescriber")]
    assert answer(code(2), rest_at(later(change, -1), log=waived)) == ("not-needed", None, None)
    late = answer(code(2), rest_at(Instant.from_timestamp((start_by + 1) * 60), log=log))
    assert late == ("past-limit", None, Instant.from_timestamp(start_by * 60))
    assert answer(code(2), rest_at(Instant.from_timestamp(start_by * 60), log=log))[0] != "past-limit"
    gone = tuple(Superseded(revision=1, number=bag.number, start=bag.start) for bag in plan.bags[1:])
    second = issued(plan, revision=2, from_bag=2, superseded=gone, issued_at=later(change, -60))
    plans = [plan, second]
    rest = replan(plans, log, change, reference, {})
    assert answer(code(2), rest, plans)[0] == "superseded"
    assert answer(code(2, revision=2), rest, plans)[0] == "not-prepared"
