"""The plan: frozen, complete, explained; JSON both ways by the names of the contract (cli.md)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import Field, model_validator

from dosing_app.core.findings import Finding
from dosing_app.course.model import Date, Frozen, Instant, Number, in_unit
from dosing_app.course.order import Order

SCHEMA = "dosing-app/plan/1"

_ml: Any = in_unit("mL")
_dose: Any = in_unit("microgram/day")


class Area(Frozen):
    """Body-surface area by the formula of the order, the other offered ones beside it."""

    formula: str
    m2: in_unit("m^2")  # type: ignore[valid-type]
    others: dict[str, in_unit("m^2")]  # type: ignore[valid-type]
    spread_percent: Number  # largest of all offered against the smallest


class DailyDose(Frozen):
    """Dose rate × BSA, capped."""

    dose_rate: in_unit("microgram/m^2/day") = Field(alias="dose_rate_ug_per_m2_per_day")  # type: ignore[valid-type]
    micrograms: _dose
    capped: bool
    cap: _dose = Field(alias="cap_micrograms")


class Course(Frozen):
    """Exactly so many hours of infusion."""

    start: Instant = Field(alias="start_utc")
    end: Instant = Field(alias="end_utc")
    start_local: str
    end_local: str
    hours: in_unit("h") = Field(alias="course_h")  # type: ignore[valid-type]


class KindRow(Frozen):
    """One bag kind for this dose: what it would take and what it would bring; `marks` are findings it would raise."""

    kind: str
    duration: in_unit("h") = Field(alias="duration_h")  # type: ignore[valid-type]
    rate: in_unit("mL/h") = Field(alias="rate_ml_per_h")  # type: ignore[valid-type]
    preservative: bool
    plannable: bool
    why_not: str = ""
    drug_exact: _ml | None = Field(default=None, alias="drug_ml_exact")
    drug: _ml | None = Field(default=None, alias="drug_ml")
    deviation_percent: Number | None = None
    fluid: in_unit("mL/kg/day") | None = Field(default=None, alias="fluid_ml_per_kg_per_day")  # type: ignore[valid-type]
    sodium: in_unit("mmol/kg/day") | None = Field(default=None, alias="sodium_mmol_per_kg_per_day")  # type: ignore[valid-type]
    chloride: in_unit("mmol/kg/day") | None = Field(default=None, alias="chloride_mmol_per_kg_per_day")  # type: ignore[valid-type]
    lysine: in_unit("mg/kg/day") | None = Field(default=None, alias="lysine_mg_per_kg_per_day")  # type: ignore[valid-type]
    polysorbate: in_unit("mg/kg/day") | None = Field(default=None, alias="polysorbate_mg_per_kg_per_day")  # type: ignore[valid-type]
    benzyl_alcohol: in_unit("mg/kg/day") | None = Field(default=None, alias="benzyl_alcohol_mg_per_kg_per_day")  # type: ignore[valid-type]
    label_row: bool | None = None  # whether the site's copy of the label's table has a row for it; None: no copy
    label_drug: _ml | None = Field(default=None, alias="label_drug_ml")
    marks: tuple[Finding, ...] = Field(default=(), strict=False)


class Bag(Frozen):
    """One prepared container: recipe, rate, times. Volumes in mL, times in UTC."""

    number: int
    of: int
    kind: str
    start: Instant = Field(alias="start_utc")
    end: Instant = Field(alias="end_utc")
    start_local: str
    end_local: str
    runs: in_unit("h") = Field(alias="runs_h")  # type: ignore[valid-type]
    rate: in_unit("mL/h") = Field(alias="rate_ml_per_h")  # type: ignore[valid-type]
    rate_changed: bool
    daily_dose: _dose = Field(alias="daily_dose_micrograms")
    strength: in_unit("microgram/mL") = Field(alias="strength_ug_per_ml")  # type: ignore[valid-type]
    to_deliver: in_unit("microgram") = Field(alias="to_deliver_micrograms")  # type: ignore[valid-type]
    delivered: _ml = Field(alias="delivered_ml")
    diluent: _ml = Field(alias="diluent_ml")
    stabiliser: _ml = Field(alias="stabiliser_ml")
    made_up_to: _ml | None = Field(default=None, alias="made_up_to_ml")
    drug_exact: _ml = Field(alias="drug_ml_exact")
    drug: _ml = Field(alias="drug_ml")
    graduation: _ml = Field(alias="graduation_ml")
    total: _ml = Field(alias="total_ml")
    primed: _ml = Field(alias="primed_ml")
    discarded: _ml = Field(alias="discarded_ml")
    held: in_unit("microgram") = Field(alias="held_micrograms")  # type: ignore[valid-type]  # by the measured volume
    concentration: in_unit("microgram/mL") = Field(alias="concentration_ug_per_ml")  # type: ignore[valid-type]
    dose_delivered: _dose = Field(alias="delivered_ug_per_day")
    deviation_percent: Number
    preservative: bool
    prepared: Instant = Field(alias="prepared_utc")
    prepared_local: str
    start_by: Instant = Field(alias="start_by_utc")
    down_by: Instant = Field(alias="down_by_utc")
    slack: in_unit("h") = Field(alias="slack_h")  # type: ignore[valid-type]  # to the nearer of the two limits
    session: int


class Session(Frozen):
    """One visit to the aseptic unit."""

    number: int
    at: Instant = Field(alias="at_utc")
    at_local: str
    bags: tuple[int, ...] = Field(strict=False)
    vials: int
    drawn: _ml = Field(alias="drawn_ml")
    unused: _ml = Field(alias="unused_ml")
    spare: _ml = Field(alias="spare_ml")  # beyond what the bags may take: the larger of exact and measured volume


class Totals(Frozen):
    """The course in counts, and the exposure of its worst day."""

    bags: int
    sessions: int
    vials: int
    vials_floor: int
    changes: int
    off_hours_changes: int
    rate_changes: int
    worst_gap: in_unit("h") | None = Field(default=None, alias="worst_gap_if_lost_h")  # type: ignore[valid-type]
    drug_drawn: _ml = Field(alias="drug_drawn_ml")
    unused: _ml = Field(alias="unused_ml")
    fluid: in_unit("mL/kg/day") = Field(alias="fluid_ml_per_kg_per_day")  # type: ignore[valid-type]
    sodium: in_unit("mmol/kg/day") = Field(alias="sodium_mmol_per_kg_per_day")  # type: ignore[valid-type]
    chloride: in_unit("mmol/kg/day") = Field(alias="chloride_mmol_per_kg_per_day")  # type: ignore[valid-type]
    lysine: in_unit("mg/kg/day") = Field(alias="lysine_mg_per_kg_per_day")  # type: ignore[valid-type]
    polysorbate: in_unit("mg/kg/day") = Field(alias="polysorbate_mg_per_kg_per_day")  # type: ignore[valid-type]
    benzyl_alcohol: in_unit("mg/kg/day") = Field(alias="benzyl_alcohol_mg_per_kg_per_day")  # type: ignore[valid-type]


class LongGap(Frozen):
    """A stretch of the course in which the loss of the running bag would stop the infusion for long."""

    begin_local: str
    end_local: str


class ErrorBudget(Frozen):
    """By how much the dose of the worst bag may be off, each cause by itself; in percent of the dose."""

    graduation_percent: Number  # half a mark of the syringe
    fill_percent: Number  # the bag as filled, against the volume calculated with
    pump_percent: Number
    formula_percent: Number  # the offered BSA formula that is furthest away


class Versions(Frozen):
    """What the plan was made with."""

    program: str
    product_data: str
    site: str


class Superseded(Frozen):
    """A bag of an older revision, to be found and destroyed."""

    revision: int
    number: int
    start: Instant = Field(alias="start_utc")


class Issue(Frozen):
    """That a plan was issued as a numbered revision, and who stands for it. Typed names prove nothing."""

    revision: int
    from_bag: int
    entered_by: str
    checked_by: str
    checked_at: Instant = Field(alias="checked_at_utc")
    issued_by: str
    issued_at: Instant = Field(alias="issued_at_utc")
    approved_by: tuple[str, ...] = Field(strict=False)
    superseded: tuple[Superseded, ...] = Field(default=(), strict=False)
    kept: tuple[int, ...] | None = Field(default=None, strict=False)  # made under an earlier revision; labels stand
    digest: str  # of the whole issued plan without this


class GrowthIndex(Frozen):
    """One WHO index by the standard of one sex."""

    index: str
    sex: str
    z: Number | None = None  # None: the tables have no row
    age_days: int
    corrected: bool


class CourseGrowth(Frozen):
    """How the infant stands against the WHO standards, and what ordinary growth does within the course."""

    indices: tuple[GrowthIndex, ...] = Field(strict=False)
    area_at_day_28: in_unit("m^2") | None = Field(default=None, alias="expected_m2_at_day_28")  # type: ignore[valid-type]
    first_percent: Number
    first_date: Date | None = None
    second_percent: Number
    second_date: Date | None = None


@dataclass(frozen=True, slots=True)
class GrowthPicture:
    """What one growth chart draws. Days of age or cm across; kg or cm upwards."""

    index: str
    sex: str | None
    curves: dict[str, tuple[tuple[Decimal, Decimal], ...]]  # by z
    points: tuple[tuple[Decimal, Decimal], ...]  # the infant last


class Plan(Frozen):
    """Everything that follows from an order. What a refusal withholds is None and absent from the JSON."""

    schema_name: str = Field(default=SCHEMA, alias="schema")
    complete: bool
    micrograms: str = "micrograms"  # the word that the site uses
    order: Order | None = None
    pattern: str | None = None
    growth: CourseGrowth | None = None
    bsa: Area | None = None
    daily_dose: DailyDose | None = None
    course: Course | None = None
    kinds: tuple[KindRow, ...] | None = Field(default=None, strict=False)
    bags: tuple[Bag, ...] | None = Field(default=None, strict=False)
    sessions: tuple[Session, ...] | None = Field(default=None, strict=False)
    totals: Totals | None = None
    long_gaps: tuple[LongGap, ...] | None = Field(default=None, strict=False)
    error_budget: ErrorBudget | None = None
    clock_changes: tuple[str, ...] | None = Field(default=None, strict=False)
    searching: bool | None = None  # the pattern "auto" is still to be searched for
    findings: tuple[Finding, ...] = Field(default=(), strict=False)
    versions: Versions | None = None
    check_code: str | None = None
    issue: Issue | None = None

    @model_validator(mode="before")
    @classmethod
    def _without_messages(cls, given: Any) -> Any:
        """A plan read back carries sentences; they are not part of it."""
        if isinstance(given, dict) and isinstance(given.get("findings"), list):
            bare = [
                {key: value for key, value in each.items() if key != "message"} if isinstance(each, dict) else each
                for each in given["findings"]
            ]
            return {**given, "findings": bare}
        return given

    def as_json(self) -> dict[str, Any]:
        """Texts, numbers as decimal strings, nothing that is absent."""
        return self.model_dump(mode="json", exclude_none=True)

    def bag_before(self, bag: Bag) -> Bag | None:
        """The bag that hangs before one of this plan; None before the first.

        The bags are in the order of their times; a revision leaves numbers out and adds later ones between them.
        """
        bags = self.bags or ()
        place = next(place for place, each in enumerate(bags) if each.number == bag.number)
        return bags[place - 1] if place else None
