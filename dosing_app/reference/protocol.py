"""Protocols: which dose rate, for how many days."""

from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from dosing_app.core.quantities import Field as QuantityField
from dosing_app.core.quantities import Quantity, Refused, read_quantity
from dosing_app.reference.source import Frozen, Grade, changed_at, find, read_toml, validate, wrong


def _in(unit: str, lowest: str, highest: str) -> BeforeValidator:
    accepts = QuantityField("figure", unit, Decimal(lowest), Decimal(highest))

    def read(given: object) -> Quantity:
        if not isinstance(given, str):
            raise wrong("wrong-value", accepted=f"a text with its unit, {lowest} to {highest} {unit}")
        try:
            return read_quantity(given, accepts)
        except Refused as refused:
            reason = "out-of-range" if refused.reason == "outside" else "wrong-value"
            raise wrong(reason, found=refused.seen, accepted=f"{lowest} to {highest} {unit}") from refused

    return BeforeValidator(read)


DoseRate = Annotated[Quantity, _in("microgram/m^2/day", "0.1", "100")]
DailyDose = Annotated[Quantity, _in("microgram/day", "0.1", "100")]


def _some_days(days: int, **where: str) -> int:
    if not 1 <= days <= 56:  # noqa: PLR2004 - two courses of 28 days
        raise wrong("out-of-range", **where, accepted="1 to 56")
    return days


Days = Annotated[int, AfterValidator(_some_days)]


class Phase(Frozen):
    """Some days at one dose rate."""

    days: Days
    dose_rate: DoseRate


class Protocol(Frozen):
    """A course: one dose rate throughout, or phases one after another."""

    name: str = Field(min_length=1)
    dose_rate: DoseRate | None = None
    daily_cap: DailyDose
    course_days: Days | None = None
    phase: tuple[Phase, ...] = Field(default=(), strict=False)
    source: str = Field(min_length=1)
    grade: Grade

    @model_validator(mode="after")
    def _one_way_of_saying_it(self) -> "Protocol":
        if self.phase:
            for key in ("dose_rate", "course_days"):
                if getattr(self, key) is not None:
                    raise wrong("contradiction", key=key, other="phase")
            days = sum(phase.days for phase in self.phase)
            _some_days(days, key="phase", found=f"{days} days")
        else:
            for key in ("dose_rate", "course_days"):
                if getattr(self, key) is None:
                    raise wrong("missing-key", key=key)
        return self

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The phases, one where the dose rate is the same throughout."""
        if self.phase:
            return self.phase
        assert self.course_days is not None
        assert self.dose_rate is not None
        return (Phase.model_construct(days=self.course_days, dose_rate=self.dose_rate),)

    @property
    def course_hours(self) -> int:
        """Infused hours of the whole course."""
        return sum(phase.days for phase in self.phases) * 24


def load_protocol(name_or_path: str) -> Protocol:
    """The protocol of a shipped name ("infant-course") or of a file.

    Raises:
        BadFile: with file, table and key.
    """
    path = find("protocols", name_or_path)
    return _load(path, changed_at(path))


@lru_cache(8)
def _load(path: Path, _changed: int) -> Protocol:
    tables, _ = read_toml(path)
    return validate(Protocol, tables, path)
