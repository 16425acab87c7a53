"""Figures for teaching: how the drug leaves the body, and the wrong figures of known slips. No plan is made of them."""

from functools import lru_cache
from typing import Any

from dosing_app.reference.folder import resources_folder
from dosing_app.reference.source import Frozen, figure, read_toml, validate

_clearance: Any = figure("L/h/m^2", "0.01", "10")
_level: Any = figure("microgram/L", "0.001", "10")
_hours: Any = figure("h", "0.1", "100")


class Infants(Frozen):
    """What was measured in infants."""

    clearance: _clearance
    clearance_lowest: _clearance
    clearance_highest: _clearance
    measured_steady_state: _level
    measured_spread: _level


class Children(Frozen):
    """What is known of children alone."""

    half_life: _hours
    half_life_spread: _hours
    printed_volume: figure("L/m^2", "0.1", "100")  # type: ignore[valid-type]


class Kinetics(Frozen):
    """How the drug leaves the body."""

    infants: Infants
    children: Children


class Slips(Frozen):
    """Figures that are wrong on purpose."""

    saline_bag_as_sold: figure("mL", "50", "500")  # type: ignore[valid-type]
    page_weight: figure("kg", "1", "20")  # type: ignore[valid-type]
    page_length: figure("cm", "35", "100")  # type: ignore[valid-type]
    page_area: figure("m^2", "0.05", "1")  # type: ignore[valid-type]
    smallest_area: figure("m^2", "0.05", "1")  # type: ignore[valid-type]
    volume_of_a_day: figure("mL", "1", "500")  # type: ignore[valid-type]


class Beginning(Frozen):
    """The infant with which a lesson begins, as texts."""

    weight: str
    length: str
    age: str
    sex: str
    gestation: str
    product: str
    formula: str
    pattern: str
    start: str


class _Lesson(Frozen):
    lesson: Beginning


class _SlipsFile(Frozen):
    slips: Slips


@lru_cache(1)
def load_beginning() -> Beginning:
    """The shipped infant. Raises `BadFile` with file, table and key."""
    path = resources_folder() / "teaching" / "lesson.toml"
    tables, _checksum = read_toml(path)
    return validate(_Lesson, tables, path).lesson


@lru_cache(1)
def load_kinetics() -> Kinetics:
    """The shipped figures. Raises `BadFile` with file, table and key."""
    path = resources_folder() / "teaching" / "kinetics.toml"
    tables, _checksum = read_toml(path)
    sources = tables.pop("sources")
    return validate(Kinetics, tables, path, sources=sources)


@lru_cache(1)
def load_slips() -> Slips:
    """The shipped figures. Raises `BadFile` with file, table and key."""
    path = resources_folder() / "teaching" / "slips.toml"
    tables, _checksum = read_toml(path)
    sources = tables.pop("sources")
    return validate(_SlipsFile, tables, path, sources=sources).slips
