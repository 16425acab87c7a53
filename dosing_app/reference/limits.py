"""The limits by which an order or a plan is questioned or refused; most are judgement and a site may set its own."""

import itertools
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from dosing_app.reference.folder import resources_folder
from dosing_app.reference.source import Frozen, Number, number, read_toml, validate

_percent: Any = number("0.1", "50")
_days: Any = number("1", "60")
_ml: Any = number("0.01", "20")


class Flags(Frozen):
    """Where WHO wants a measurement checked, in standard deviations from the median."""

    weight_for_age_below_z: number("6", "6")  # type: ignore[valid-type]
    weight_for_age_above_z: number("5", "5")  # type: ignore[valid-type]
    length_for_age_beyond_z: number("6", "6")  # type: ignore[valid-type]
    weight_for_length_beyond_z: number("5", "5")  # type: ignore[valid-type]


class Limits(Frozen):
    """Each with its unit in its name."""

    weight_lowest_kg: number("1", "5")  # type: ignore[valid-type]
    weight_highest_kg: number("10", "20")  # type: ignore[valid-type]
    length_lowest_cm: number("35", "50")  # type: ignore[valid-type]
    length_highest_cm: number("80", "100")  # type: ignore[valid-type]
    prescribed_lowest_micrograms_per_day: number("0.01", "10")  # type: ignore[valid-type]
    prescribed_highest_micrograms_per_day: number("28", "1000")  # type: ignore[valid-type]
    age_justify_below_days: number("0", "90")  # type: ignore[valid-type]
    age_justify_above_months: number("6", "24")  # type: ignore[valid-type]
    age_refuse_above_months: number("12", "24")  # type: ignore[valid-type]
    measurement_age_days: _days
    measurement_age_days_below_90_days: _days
    # A site may ask or refuse sooner than the shipped limits, not later.
    prescription_note_percent: number("0.1", "2.5")  # type: ignore[valid-type]
    prescription_justify_percent: number("0.1", "5")  # type: ignore[valid-type]
    prescription_refuse_percent: number("0.1", "10")  # type: ignore[valid-type]
    deviation_note_percent: number("0.1", "1")  # type: ignore[valid-type]
    deviation_justify_percent: number("0.1", "2.5")  # type: ignore[valid-type]
    deviation_refuse_percent: number("0.1", "5")  # type: ignore[valid-type]
    drug_volume_refuse_below_ml: number("0.2", "1")  # type: ignore[valid-type]
    drug_volume_justify_below_ml: number("0.2", "2")  # type: ignore[valid-type]
    two_small_syringes_up_to_ml: _ml
    vial_slack_note_ml: _ml
    prime_ml: _ml
    long_gap_h: number("1", "24")  # type: ignore[valid-type]
    new_cycle_after_days: number("1", "14")  # type: ignore[valid-type]
    # The published way to restart after an adverse event: shown, never entered by itself.
    restart_dose_micrograms_per_m2_per_day: number("5", "5")  # type: ignore[valid-type]
    restart_step_after_days: number("7", "7")  # type: ignore[valid-type]
    restart_step_micrograms_per_m2_per_day: number("15", "15")  # type: ignore[valid-type]
    pump_error_percent: number("0.1", "20")  # type: ignore[valid-type]
    # Within these a volume read from the pump, or seen in the bag, agrees with the log.
    pump_reading_ml: number("0.01", "5")  # type: ignore[valid-type]
    seen_volume_ml: number("1", "60")  # type: ignore[valid-type]
    reading_minutes: number("0", "60")  # type: ignore[valid-type]
    start_within_free_h: number("1", "240")  # type: ignore[valid-type]
    sodium_note_mmol_per_kg_per_day: _ml
    sodium_justify_mmol_per_kg_per_day: _ml
    preserved_refuse_below_weeks_post_menstrual: number("44", "60")  # type: ignore[valid-type]
    preserved_refuse_below_months_gestation_unknown: number("2", "12")  # type: ignore[valid-type]
    term_weeks: number("37", "37")  # type: ignore[valid-type]
    due_weeks: number("38", "42")  # type: ignore[valid-type]
    corrected_until_months: number("6", "36")  # type: ignore[valid-type]
    growth_justify_beyond_z: number("1", "5")  # type: ignore[valid-type]
    ordinary_z: number("1", "4")  # type: ignore[valid-type]
    nearly_ordinary_z: number("1", "6")  # type: ignore[valid-type]
    second_weight_within_percent: _percent
    second_length_within_cm: number("0.1", "3")  # type: ignore[valid-type]
    weight_change_z: number("0.1", "3")  # type: ignore[valid-type]
    weight_change_within_days: number("1", "90")  # type: ignore[valid-type]
    weight_loss_percent: _percent
    growth_dose_first_percent: _percent
    growth_dose_second_percent: _percent

    def value(self, name: str) -> Decimal:
        """The figure alone."""
        found: Number = getattr(self, name)
        return found.number

    def shown(self, name: str) -> str:
        """Where the figure comes from, with its grade."""
        found: Number = getattr(self, name)
        return f"{found.source} [{found.grade}]"

    def with_site(self, thresholds: Mapping[str, Number]) -> "Limits":
        """These limits with the site's own where it set any."""
        return self.model_copy(update=dict(thresholds)) if thresholds else self

    def contradiction(self) -> tuple[str, str] | None:
        """Two levels that are out of order, if there are any: note before reason, reason before refusal."""
        rising = [
            ("prescription_note_percent", "prescription_justify_percent", "prescription_refuse_percent"),
            ("deviation_note_percent", "deviation_justify_percent", "deviation_refuse_percent"),
            ("drug_volume_refuse_below_ml", "drug_volume_justify_below_ml"),
            ("sodium_note_mmol_per_kg_per_day", "sodium_justify_mmol_per_kg_per_day"),
            ("ordinary_z", "nearly_ordinary_z"),
        ]
        pairs = [pair for levels in rising for pair in itertools.pairwise(levels)]
        return next((pair for pair in pairs if self.value(pair[0]) > self.value(pair[1])), None)


class _File(Frozen):
    limits: Limits
    flags: Flags


@lru_cache(1)
def load_limits() -> tuple[Limits, Flags]:
    """The shipped limits, and the flags of WHO, which no site moves.

    Raises:
        BadFile: with file, table and key.
    """
    path = resources_folder() / "limits.toml"
    tables, _ = read_toml(path)
    sources = tables.pop("sources")
    found = validate(_File, tables, path, sources=sources)
    return found.limits, found.flags
