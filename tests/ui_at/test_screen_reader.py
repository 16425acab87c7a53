"""The program as a screen reader finds it: over the system's accessibility bus, from another process."""

import sys

import desktop
import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="AT-SPI is the bus of Linux desktops")


@pytest.fixture(scope="module")
def read():
    """What was read and heard while an order was filled."""
    if why := desktop.available():
        pytest.skip(f"NOT TESTED with assistive technology: {why}")
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


def test_a_reader_that_finds_nothing_fails(read):
    """What is waited for in vain ends the session with a sentence."""
    with pytest.raises(AssertionError, match="the program ended"):
        desktop.read("--no-such-option")
