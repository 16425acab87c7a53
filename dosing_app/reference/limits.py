"""The limits by which an order or a plan is questioned or refused; most are judgement and a site may set its own."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from dosing_app.reference.folder import resources_folder
from dosing_app.reference.source import Frozen, Number, number, read_toml, validate

_percent: Any = number("0.1", "50")
_days: Any = number("1", "60")
_ml: Any = number("0.01", "20")


class Limits(Frozen):
    """Each with its unit in its name."""

    weight_lowest_kg: number("0.3", "5")  # type: ignore[valid-type]
    weight_highest_kg: number("10", "50")  # type: ignore[valid-type]
    length_lowest_cm: number("20", "50")  # type: ignore[valid-type]
    length_highest_cm: number("80", "130")  # type: ignore[valid-type]
    prescribed_lowest_micrograms_per_day: number("0.01", "10")  # type: ignore[valid-type]
    prescribed_highest_micrograms_per_day: number("28", "1000")  # type: ignore[valid-type]
    age_justify_below_days: number("0", "90")  # type: ignore[valid-type]
    age_justify_above_months: number("6", "24")  # type: ignore[valid-type]
    age_refuse_above_months: number("12", "24")  # type: ignore[valid-type]
    measurement_age_days: _days
    measurement_age_days_below_90_days: _days
    prescription_note_percent: _percent
    prescription_justify_percent: _percent
    prescription_refuse_percent: _percent
    deviation_note_percent: _percent
    deviation_justify_percent: _percent
    deviation_refuse_percent: _percent
    drug_volume_refuse_below_ml: _ml
    drug_volume_justify_below_ml: _ml
    two_small_syringes_up_to_ml: _ml
    vial_slack_note_ml: _ml
    prime_ml: _ml
    start_within_free_h: number("1", "240")  # type: ignore[valid-type]
    sodium_note_mmol_per_kg_per_day: _ml
    sodium_justify_mmol_per_kg_per_day: _ml
    preserved_refuse_below_weeks_post_menstrual: number("37", "60")  # type: ignore[valid-type]
    preserved_refuse_below_months_gestation_unknown: number("1", "12")  # type: ignore[valid-type]
    term_weeks: number("30", "42")  # type: ignore[valid-type]

    def value(self, name: str) -> Decimal:
        """The figure alone."""
        found: Number = getattr(self, name)
        return found.number

    def with_site(self, thresholds: Mapping[str, Number]) -> "Limits":
        """These limits with the site's own where it set any."""
        return self.model_copy(update=dict(thresholds)) if thresholds else self


@lru_cache(1)
def load_limits() -> Limits:
    """The shipped limits.

    Raises:
        BadFile: with file, table and key.
    """
    path = resources_folder() / "limits.toml"
    tables, _ = read_toml(path)
    return validate(Limits, tables.get("limits", {}), path, sources=tables.get("sources", {}))
