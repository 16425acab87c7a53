"""The program as a screen reader finds it: over the system's accessibility bus, from another process."""

import sys
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import desktop
import pytest
import scenes
import ward
from courses_cases import Clock, entry
from whenever import Instant

from dosing_app.store.folders import register_file
from dosing_app.store.register import open_register

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="AT-SPI is the bus of Linux desktops")


BED = ZoneInfo("Europe/Amsterdam")


@pytest.fixture(scope="module")
def there():
    """That there is such a desktop."""
    if why := desktop.available():
        pytest.skip(f"NOT TESTED with assistive technology: {why}")


@pytest.fixture(scope="module")
def read(there):
    """What was read and heard while an order was filled."""
    return desktop.read()


def test_an_order_filled_through_the_tree_has_its_dose(read):
    assert not [text for text in read["before"] if text.endswith("micrograms per day") and text[0].isdigit()]
    assert read["dose"] == "5.05 micrograms per day"
    assert {"Weight, kg", "Length, cm", "Born", "Start"} <= set(read["names"])


def test_a_list_is_heard_with_its_label(read):
    assert read["lists"]["Product data"] == "European Union, 38.5 microgram vial"
    assert "Pattern" in read["lists"]


def test_a_refusal_is_heard_and_can_be_read(read):
    assert any("swapped" in sentence for sentence in read["heard"])
    assert "63.5 kg is refused" in read["refused"]


def test_a_field_that_is_not_read_says_why_when_it_is_heard(read):
    assert "6,42,0" in read["described"]
    assert read["described"] in read["waiting"]
    assert "Waiting for a weight that can be used." in read["waiting"]
    assert read["again"] == read["dose"]
    assert read["described again"].replace("\u00a0", " ") == "6.42 kg = 6 420 g"


def test_the_plan_is_read_from_its_table(read):
    assert read["counts"].startswith("8 vials, 8 sessions, 7 changes")
    assert [row[0] for row in read["bags"]] == [str(number) for number in range(1, 9)]
    assert all(row[4] == "2.5" for row in read["bags"])


# ---- a course that runs, and an exercise ----


def wall(moment: Instant) -> str:
    """A moment by the clock at the bed, as it is read."""
    return moment.to_stdlib().astimezone(BED).strftime("%a %d-%b-%Y %H:%M")


@pytest.fixture(scope="module")
def board(there):
    """A course whose first bag was connected an hour ago: its start, and what was read."""
    start = Instant.from_timestamp(Instant.now().timestamp() // 60 * 60).subtract(hours=1)
    day = start.to_stdlib().astimezone(BED).date()
    texts = {
        "start": start.to_stdlib().astimezone(BED).isoformat(timespec="minutes"),  # an hour may exist twice
        "measured": day.isoformat(),
        "born": (day - timedelta(days=156)).isoformat(),
    }

    def furnish(home: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_DATA_HOME", str(home / ".local" / "share"))
            patch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
            scenes.write_site(scenes.SEVERAL)  # bags are kept as long as the product allows
            course, _start = ward.put_register(**texts)
            clock = Clock()
            clock.now = start
            log = [entry("prepared", session=1), entry("hung", bag=1, by="N. One; N. Two")]
            log[0]["at"], log[1]["at"] = start.subtract(hours=2).format_iso(), start.format_iso()
            with open_register(register_file(), ward.house(), clock) as register:
                register.append(course, log, register.course(course).listed.head)

    return start, desktop.read(task="board", furnish=furnish)


def test_the_rate_and_the_next_change_of_the_running_bag_are_read(board):
    start, found = board
    assert found["courses"][0][:2] == ["A-17", "running"]
    said = found["board"]
    assert "RATE 3.3 mL/hour" in said
    # the first bag runs for 72 hours; the next one runs at 2.5 mL/hour
    assert said[said.index("Next change, to bag 2") + 1] == wall(start.add(hours=72))
    assert "RATE WILL CHANGE from 3.3 to 2.5 mL/hour" in said
    # a bag of 96 hours that is taken down after 72: connected plus 96 hours at the latest
    assert said[said.index("Take down by, at the latest") + 1] == wall(start.add(hours=96))
    first = found["schedule"][0]
    assert (first[0], first[2], first[4], first[8]) == ("1", wall(start), "3.3", "running")
    assert found["why not"] == "The pump does not stand."


def test_an_exercise_is_answered_and_its_verdict_heard(there):
    found = desktop.read(task="exercise")
    assert found["question"] == "Write 0.209 micrograms per hour in micrograms per day."
    # 0.209 x 24 = 5.016; divided by 24 instead it is 0.00871
    assert any(each.startswith("A known slip.") for each in found["wrong"])
    assert any(each.startswith("Right.") for each in found["right"])
    assert "Right" in found["seen"]


def test_a_reader_that_finds_nothing_fails(read):
    """What is waited for in vain ends the session with a sentence."""
    with pytest.raises(AssertionError, match="the program ended"):
        desktop.read("--no-such-option")
