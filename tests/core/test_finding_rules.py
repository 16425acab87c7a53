"""What a written reason answers, and what holds a plan back."""

import pytest
from pydantic import ValidationError

from dosing_app.core.findings import CATALOGUE, About, Finding, Tier, answered, finding

REASON = dict.fromkeys(CATALOGUE, "seen and discussed")


def test_the_catalogue_is_whole() -> None:
    """Every code once, none twice among the groups: the groups are written as words."""
    assert len(CATALOGUE) >= 50
    assert {each.tier for each in CATALOGUE.values()} == set(Tier)
    assert {each.about for each in CATALOGUE.values()} == set(About)
    assert all(code == code.strip().lower() for code in CATALOGUE)


@pytest.mark.parametrize("code", sorted(CATALOGUE))
@pytest.mark.parametrize("tier", Tier)
def test_a_reason_answers_what_asks_for_one_and_nothing_else(code: str, tier: Tier) -> None:
    (found,) = answered([finding(code, tier)], REASON)
    assert found.reason == (REASON[code] if tier is Tier.JUSTIFY else "")
    assert found.holds_back is (tier is Tier.REFUSE)
    assert found.model_copy(update={"reason": ""}) == finding(code, tier)


@pytest.mark.parametrize("text", ["", " ", "\t\n"])
def test_an_empty_reason_is_none(text: str) -> None:
    (found,) = answered([finding("weight-for-age", Tier.JUSTIFY)], {"weight-for-age": text})
    assert found.reason == ""
    assert found.holds_back


def test_a_reason_answers_its_own_code_alone() -> None:
    found = answered([finding("sodium"), finding("unit-closed")], {"sodium": "seen"})
    assert [each.reason for each in found] == ["seen", ""]


@pytest.mark.parametrize(("second", "reason"), [("", ""), ("agrees", "seen and discussed")])
def test_what_wants_a_second_reading_takes_no_reason_without_it(second: str, reason: str) -> None:
    (found,) = answered([finding("weight-for-age", Tier.JUSTIFY, second=second)], REASON)
    assert found.reason == reason


def test_a_finding_cannot_be_changed_and_holds_nothing_unknown() -> None:
    found = finding("sodium", values={"kept": "1"}, named="2")
    assert found.values == {"kept": "1", "named": "2"}
    with pytest.raises(ValidationError):
        found.tier = Tier.NOTE  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Finding.model_validate({**found.model_dump(), "colour": "red"})
    with pytest.raises(ValidationError):
        Finding.model_validate({**found.model_dump(), "tier": "justify"})
    with pytest.raises(KeyError):
        finding("no-such-code")
