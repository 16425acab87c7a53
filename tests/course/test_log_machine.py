"""Nurses and pharmacists at one bed, doing what they like: whatever happens, the account stays whole."""

from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from log_campaign import campaign
from log_cases import LONG, issued_case
from log_ward import STEPS, Ward, next_entry, some_entry

# Pattern, product, zone and start: clock changes within the course, half-hour zones, half-hour changes, Ramadan.
CASES = [
    ("72h,96h", "eu", "Europe/Amsterdam", "2026-10-12T14:00"),
    ("96h@72,96h", "eu", "Australia/Lord_Howe", "2027-03-22T09:30"),
    ("48h", "us", "Asia/Kathmandu", "2026-11-23T14:15"),
    ("24h", "us", "Africa/Casablanca", "2027-01-25T11:00"),
]


class AtTheBed(RuleBasedStateMachine):
    """One course from its issue on."""

    @initialize(case=st.sampled_from(CASES), long=st.booleans())
    def begin(self, case: tuple[str, str, str, str], long: bool) -> None:
        self.ward = Ward(*issued_case(*case, LONG if long else ""))

    @rule(step=st.sampled_from(STEPS), seed=st.integers(0, 10**6))
    def go_on(self, step: int, seed: int) -> None:
        """What an ordinary course has next."""
        self.ward.now += step
        assert self.ward.attempt(next_entry(self.ward, Random(seed))) in {None, "unknown-bag"}

    @rule(step=st.sampled_from(STEPS), seed=st.integers(0, 10**6))
    def enter_something(self, step: int, seed: int) -> None:
        """Sensible or not: refused with the reason that was expected, or taken in."""
        self.ward.now += step
        before, log = self.ward.progress(), list(self.ward.log)
        if self.ward.attempt(some_entry(self.ward, Random(seed))) is not None:
            assert self.ward.progress() == before
            assert self.ward.log == log

    @precondition(lambda self: len(self.ward.plans) < 3)
    @rule()
    def issue_the_rest(self) -> None:
        self.ward.issue_rest()

    @rule()
    def lay_out_the_rest(self) -> None:
        self.ward.check_rest(self.ward.rest())

    @invariant()
    def is_whole_and_the_same_when_computed_afresh(self) -> None:
        progress = self.ward.progress()
        self.ward.check(progress)
        self.ward.check_afresh(progress)


AtTheBed.TestCase.settings = settings(
    max_examples=10, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestAtTheBed = pytest.mark.filterwarnings("default")(AtTheBed.TestCase)


def test_random_logs() -> None:
    """The long campaign, in small."""
    found = campaign(range(200), plans=5, jobs=1)
    assert found.logs == 200
    assert found.violations == []
    assert found.entries > 2000
    assert sum(found.refused.values()) > 100
