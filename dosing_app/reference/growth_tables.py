"""The WHO Child Growth Standards as shipped: read strictly, whole, and only as they were checked in."""

import hashlib
import re
from array import array
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from dosing_app.core.growth import SEXES, Index, Table, Tables
from dosing_app.reference.folder import resources_folder
from dosing_app.reference.source import CHECKSUMS, BadFile, read_bytes, read_checksums

SOURCE = "WHO Child Growth Standards 2006"
GRADE = "A"


_Columns: TypeAlias = "tuple[array[int], array[int], array[int]]"


class _Layout(NamedTuple):
    """How one file is laid out: its key column with first and last key, and decimals of key, L, M and S."""

    file: str
    key: str
    first: int  # in units of the last decimal of the key
    last: int
    places: tuple[int, int, int, int]


_LAYOUTS = {
    Index.WEIGHT_FOR_AGE: _Layout("wfa_daily.csv", "age_days", 0, 730, (0, 4, 4, 5)),
    Index.LENGTH_FOR_AGE: _Layout("lfa_daily.csv", "age_days", 0, 730, (0, 4, 4, 5)),
    Index.WEIGHT_FOR_LENGTH: _Layout("wfl.csv", "length_cm", 450, 1100, (1, 4, 4, 5)),
}


@lru_cache(1)
def load_growth_tables() -> Tables:
    """The shipped tables.

    Raises:
        BadFile: as `read_growth_tables`.
    """
    return read_growth_tables(resources_folder() / "who")


def read_growth_tables(folder: Path) -> Tables:
    """The tables of a folder, if each file is the one that its checksum names.

    Raises:
        BadFile: checksum; and those of `read_bytes` and `read_table`.
    """
    wanted = read_checksums(folder / CHECKSUMS)
    tables = {}
    for index, layout in _LAYOUTS.items():
        path = folder / layout.file
        raw = read_bytes(path)
        found = hashlib.sha256(raw).hexdigest()
        if layout.file not in wanted:
            raise BadFile(folder / CHECKSUMS, "missing-key", key=layout.file)
        if found != wanted[layout.file]:
            raise BadFile(path, "checksum", found=found, expected=wanted[layout.file])
        tables.update({(index, sex): table for sex, table in zip(SEXES, read_table(path, raw, index), strict=True)})
    return MappingProxyType(tables)


def read_table(path: Path, raw: bytes, index: Index) -> tuple[Table, ...]:
    """The tables of one file for each of `SEXES`: every key once, in order, from the first to the last, and no other.

    Raises:
        BadFile: not-utf8; wrong-value (header, a row that is no row), out-of-range (M or S not above zero),
            missing-key (a row is missing, or stands later), twice, unknown-key (a row too many); each with its line,
            but for a row that is missing at the end.
    """
    layout = _LAYOUTS[index]
    key_places, power_places, median_places, spread_places = layout.places
    header = f"sex,{layout.key},L,M,S"
    pattern = _row_pattern(layout)
    header_line, *lines = _lines(path, raw)
    if header_line != header:
        raise _bad_line(path, 1, header_line, header)
    expected: list[tuple[str, int]] = [(sex, key) for sex in SEXES for key in range(layout.first, layout.last + 1)]
    columns: dict[str, _Columns] = {sex: (array("i"), array("i"), array("i")) for sex in SEXES}
    for number, line in enumerate(lines, 2):
        match = pattern.fullmatch(line)
        if match is None:
            raise _bad_line(path, number, line, f"a row of {header}")
        sex, key_text, power_text, median_text, spread_text = match.groups()
        key = _whole(key_text, key_places)
        median, spread = _whole(median_text, median_places), _whole(spread_text, spread_places)
        if median <= 0 or spread <= 0:
            column, shown = ("M", median_text) if median <= 0 else ("S", spread_text)
            raise BadFile(path, "out-of-range", table=f"line {number}", key=column, found=shown, accepted="above 0")
        place = number - 2
        if place >= len(expected) or expected[place] != (sex, key):
            raise _misplaced(path, number, (sex, key), expected, layout)
        powers, medians, spreads = columns[sex]
        powers.append(_whole(power_text, power_places))
        medians.append(median)
        spreads.append(spread)
    if len(lines) < len(expected):
        raise BadFile(path, "missing-key", key=_named(expected[len(lines)], layout))
    return tuple(_table(columns[sex], layout) for sex in SEXES)


def _table(columns: _Columns, layout: _Layout) -> Table:
    powers, medians, spreads = (memoryview(column).toreadonly() for column in columns)
    return Table(layout.first, powers, medians, spreads, *layout.places[1:])


def _row_pattern(layout: _Layout) -> re.Pattern[str]:
    """A row: sex, key, L, M, S, with no more decimals than are kept, so that nothing is ever rounded."""
    numbers = (
        rf"(-?[0-9]{{1,4}}(?:\.[0-9]{{1,{places}}})?)" if places else r"(-?[0-9]{1,4})" for places in layout.places
    )
    return re.compile(rf"({'|'.join(SEXES)}),{','.join(numbers)}")


def _whole(text: str, places: int) -> int:
    """A decimal text in whole numbers of its last decimal: "45.1" to one place is 451."""
    whole, _, decimals = text.partition(".")
    return int(whole + decimals.ljust(places, "0"))


def _misplaced(
    path: Path, number: int, found: tuple[str, int], expected: list[tuple[str, int]], layout: _Layout
) -> BadFile:
    """Why a row stands where another should: twice, too many, missing before it, or out of order."""
    place = number - 2
    name, line = _named(found, layout), f"line {number}"
    if found in expected[:place]:
        return BadFile(path, "twice", table=line, key=layout.key, found=name)
    if found not in expected[place:]:
        return BadFile(path, "unknown-key", table=line, key=name)
    return BadFile(path, "missing-key", table=line, key=_named(expected[place], layout))


def _named(row: tuple[str, int], layout: _Layout) -> str:
    """A row by its sex and key: "male 45.1"."""
    sex, key = row
    places = layout.places[0]
    digits = f"{key // 10**places}.{key % 10**places}" if places else str(key)
    return f"{sex} {digits}"


def _lines(path: Path, raw: bytes) -> list[str]:
    """The lines of a file, which is ASCII with either end of line."""
    try:
        return raw.decode("ascii").replace("\r\n", "\n").removesuffix("\n").split("\n")
    except UnicodeDecodeError as error:
        raise BadFile(path, "not-utf8", position=error.start) from error


def _bad_line(path: Path, number: int, line: str, accepted: str) -> BadFile:
    shown = line if len(line) <= 60 else line[:40] + "…"  # noqa: PLR2004 - what fits a message
    return BadFile(path, "wrong-value", table=f"line {number}", key="row", found=shown, accepted=accepted)
