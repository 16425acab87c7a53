"""The site's settings in words: every one has a name, what a refused value is told, what holds where nothing is set."""

from pathlib import Path

import pytest
from whenever import Date

from dosing_app.reference.approval import Approval
from dosing_app.reference.limits import load_limits
from dosing_app.reference.source import BadFile
from dosing_app.store.site_file import open_site, problems
from dosing_app.store.site_texts import FIELDS, default_texts, field_of, other_field_of
from dosing_app.wording import settings

LIMITS = load_limits()[0]
NAMES = settings.settings(LIMITS)


def told(path: Path, **texts: str) -> dict[str, str]:
    """What is said beside each field for these texts."""
    file = open_site(path)
    found = problems(file, {**file.texts, **texts}, LIMITS)
    return {name: settings.refusal(error, NAMES, other_field_of(error)) for name, error in found.items()}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "site.toml"


def test_every_field_of_a_site_has_its_name_and_stands_in_one_group() -> None:
    shown = [name for group in settings.groups() for name in group.fields]
    assert sorted(shown) == sorted(FIELDS) == sorted(NAMES)
    assert all(each.label for each in NAMES.values())
    assert all(each.explanation.endswith(".") for each in NAMES.values() if each.explanation)
    assert "24 h" in NAMES["start_within_h"].explanation
    assert "2 mL" in NAMES["two_small_syringes"].explanation
    assert "5 mL is assumed" in NAMES["prime_ml"].explanation


def test_what_is_chosen_is_what_a_file_may_hold(path: Path) -> None:
    for name in FIELDS:
        for label, text in settings.choices(name):
            assert label
            assert name not in told(path, **{name: text})
    assert [text for _label, text in settings.choices("product")] == ["eu", "us"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("lead_time_h", "two", "“two” cannot be used. Accepted: "),
        ("lead_time_h", "25", "“25” cannot be used. Accepted: "),
        ("start_within_h", "48", "A longer limit wants its basis."),
        ("start_within_by.1", "A. Jansen", "The names of two different people are wanted."),
        ("wards", "A\nA", "“A” stands there twice."),
        ("thresholds", "foo = 1", "“foo” is not known here."),
        ("thresholds", "vial_slack_note_ml = x", "vial_slack_note_ml: "),
        ("syringes", "1: x", "1: “x” cannot be used. Accepted: "),
        ("syringes", "", "“0 entries” cannot be used. Accepted: "),
        ("band", "eu 96h 0.3 0.35", "Line 1: A value is missing."),
        ("band", "eu 96h 0.3 0.35 1.9", "The names of two different people are wanted."),
        ("session_h", "3", "This and “Lead time” contradict each other."),
    ],
)
def test_a_refused_value_is_told_beside_its_field(name: str, text: str, said: str, path: Path) -> None:
    found = told(path, **{name: text})
    at = {"A longer limit wants its basis.": "start_within_basis"}.get(said, name)
    at = "band.by.1" if name == "band" and "two different" in said else at
    assert found[at].startswith(said)
    assert found[at].endswith(".")
    assert "None" not in found[at]


def test_bands_that_overlap_name_each_other(path: Path) -> None:
    found = told(
        path, **{"band": "eu 96h 0.3 0.35 1.9\neu 96h 0.34 0.4 2", "band.by.1": "A. Jansen", "band.by.2": "B. Smit"}
    )
    assert "overlap. A BSA may lie in one band of a kind only." in found["band"]


def test_a_file_that_cannot_be_read_at_all_is_told_as_a_file(path: Path) -> None:
    path.write_text("schema = 1\nname = ", encoding="utf-8")
    with pytest.raises(BadFile) as caught:
        open_site(path)
    assert field_of(caught.value) == ""
    assert str(path) in settings.refusal(caught.value, NAMES)


def test_an_empty_field_says_what_then_holds() -> None:
    usual = default_texts()
    assert settings.unset("lead_time_h", usual) == "not set: 2"
    assert settings.unset("share_vials", usual) == "not set: yes"
    assert settings.unset("weekend_changes", usual) == "not set: off hours"
    assert settings.unset("phone", usual) == "not set"
    for name in ("start_within_basis", "start_within_by.1", "band", "preparation_hours.sat"):
        assert settings.unset(name, usual) == ""


def test_who_approved_product_data() -> None:
    approval = Approval(
        product="eu", checksum="0123456789abcdef" * 4, by=["A. Jansen", "B. Smit"], on=Date(2026, 11, 1)
    )
    assert settings.approved(approval) == (
        "eu: approved by A. Jansen and B. Smit on Sun 01-Nov-2026, checksum 0123456789ab"
    )
