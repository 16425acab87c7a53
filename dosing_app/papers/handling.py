"""What labels and worksheets say about keeping and running a bag, as far as it is a figure: text, source, grade."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dosing_app.reference.folder import resources_folder
from dosing_app.reference.source import changed_at, read_toml


@dataclass(frozen=True, slots=True)
class Said:
    """A figure that is printed and never computed with."""

    text: str
    source: str
    grade: str


@dataclass(frozen=True, slots=True)
class Handling:
    """How a prepared bag is kept and run."""

    refrigerator: Said  # range of temperature
    filter_pore: Said


def load_handling() -> Handling:
    """The shipped figures. Raises `BadFile`."""
    path = resources_folder() / "papers" / "handling.toml"
    return _load(path, changed_at(path))


@lru_cache(2)
def _load(path: Path, _changed: int) -> Handling:
    tables, _checksum = read_toml(path)

    def said(key: str) -> Said:
        given = tables["handling"][key]
        return Said(given["value"], tables["sources"][given["source"]], given["grade"])

    return Handling(said("refrigerator"), said("filter_pore"))
