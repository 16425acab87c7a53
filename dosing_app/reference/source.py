"""Files that the program computes with: where they are, how they are read, and where each figure comes from."""

import hashlib
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo
from pydantic_core import PydanticCustomError, core_schema

from dosing_app.core.quantities import Field, Quantity, Refused, magnitude, plain, read_quantity
from dosing_app.reference.folder import resources_folder

_PLAIN_NUMBER = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,12})?")
_LONGEST_PATH = 200  # characters of a path that a message shows
LARGEST_FILE = 1_000_000  # bytes; the largest of ours is a hundredth of it
_MOST_DOTS = 100  # in a line; a key of thousands of parts takes the reader of TOML all the memory there is
SCHEMA = 1
CHECKSUMS = "CHECKSUMS.sha256"
_CHECKSUM = re.compile(r"([0-9a-f]{64}) [ *]([A-Za-z0-9_./-]+)")

Grade: TypeAlias = Literal["A", "A-", "B", "C", "R", "D", "J"]


class BadFile(Exception):
    """A file that the program refuses to compute with: which file, table and key, and why, for `wording`."""

    def __init__(self, file: Path | str, reason: str, *, table: str = "", key: str = "", **values: object) -> None:
        """Keep where it is and what was seen."""
        super().__init__(str(file), reason, table, key, values)
        self.file = str(file) if len(str(file)) <= _LONGEST_PATH else f"{str(file)[:_LONGEST_PATH]}…"
        self.reason = reason
        self.table = table
        self.key = key
        self.values = values


class Frozen(BaseModel):
    """A model that is read once, strictly, and never changed."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", allow_inf_nan=False, arbitrary_types_allowed=True
    )


@dataclass(frozen=True, slots=True)
class Figure:
    """A shipped figure with where it comes from."""

    quantity: Quantity
    source: str
    grade: str


@dataclass(frozen=True, slots=True)
class Number:
    """A shipped figure without a unit of its own; its key names the unit."""

    number: Decimal
    source: str
    grade: str


@lru_cache(8)
def shipped(kind: str) -> dict[str, Path]:
    """The shipped files of a kind ("products", "protocols", "orders") by name."""
    return {
        path.stem: path for path in sorted((resources_folder() / kind).iterdir()) if path.suffix in {".toml", ".json"}
    }


def find(kind: str, name_or_path: str) -> Path:
    """A shipped file by its name, else a file by its path.

    Raises:
        BadFile: neither.
    """
    named = shipped(kind)
    if name_or_path in named:
        return named[name_or_path]
    if not any(mark in name_or_path for mark in "/\\."):
        raise BadFile(name_or_path, "no-such-name", names=", ".join(named))
    return Path(name_or_path)


def changed_at(path: Path) -> int:
    """When a file was last changed, to tell whether what was read of it still holds; 0 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except (OSError, ValueError):  # whoever reads it says why
        return 0


def read_bytes(path: Path, largest: int = LARGEST_FILE) -> bytes:
    """The bytes of a file of a sensible size.

    Raises:
        BadFile: no-file, not-a-file, unreadable-file, empty, too-large.
    """
    try:
        if not path.exists():
            raise BadFile(path, "no-file")
        if not path.is_file():
            raise BadFile(path, "not-a-file")
        if path.stat().st_size > largest:
            raise BadFile(path, "too-large", largest=largest)
        found = path.read_bytes()
    except (OSError, ValueError) as error:
        raise BadFile(path, "unreadable-file", problem=str(error)) from error
    if not found.strip():
        raise BadFile(path, "empty")
    return found


def read_toml(path: Path) -> tuple[dict[str, Any], str]:
    """The tables of a TOML file, numbers as exact decimals, and the checksum of the file (SHA-256).

    Raises:
        BadFile: also checksum, not-utf8, syntax (with its line), too-deep, newer, no-schema.
    """
    raw = read_bytes(path)
    checksum = hashlib.sha256(raw).hexdigest()
    refuse_changed(path, checksum)
    if any(line.count(b".") > _MOST_DOTS for line in raw.splitlines()):
        raise BadFile(path, "too-deep")
    try:
        tables = tomllib.loads(raw.decode("utf-8-sig"), parse_float=Decimal)  # some editors put a mark first
    except UnicodeDecodeError as error:
        raise BadFile(path, "not-utf8", position=error.start) from error
    except tomllib.TOMLDecodeError as error:
        last = raw.count(b"\n") + 1
        problem = str(error).replace("at end of document", f"at the end, line {last}")
        raise BadFile(path, "syntax", problem=problem) from error
    except RecursionError as error:
        raise BadFile(path, "too-deep") from error
    except ValueError as error:  # a number of thousands of digits
        raise BadFile(path, "too-many-digits") from error
    check_schema(path, tables.pop("schema", None))
    return tables, checksum


def refuse_changed(path: Path, checksum: str) -> None:
    """Refuse a shipped file that is not the one that was shipped; a file of the site's own has its approval instead.

    Raises:
        BadFile: checksum; missing-key, where the list of checksums has no such file; wrong-value, and those of
            `read_bytes`, where the list itself cannot be read.
    """
    folder = resources_folder()
    if not path.is_relative_to(folder):
        return
    name = path.relative_to(folder).as_posix()
    if name not in checksums():
        raise BadFile(folder / CHECKSUMS, "missing-key", key=name)
    if checksum != checksums()[name]:
        raise BadFile(path, "checksum", found=checksum, expected=checksums()[name])


@lru_cache(1)
def refuse_changes() -> None:
    """Refuse to begin where any shipped file was changed; once, since each table is compared again when it is read.

    Raises:
        BadFile: as `refuse_changed`, and those of `read_bytes`.
    """
    folder = resources_folder()
    for name in checksums():
        refuse_changed(folder / name, hashlib.sha256(read_bytes(folder / name)).hexdigest())


@lru_cache(1)
def checksums() -> dict[str, str]:
    """The checksum (SHA-256) of every shipped file that the program calculates or prints with, by name."""
    return read_checksums(resources_folder() / CHECKSUMS)


def read_checksums(path: Path) -> dict[str, str]:
    """The checksums of a list as `sha256sum` writes it, by file.

    Raises:
        BadFile: wrong-value with its line, and those of `read_bytes`.
    """
    found = {}
    for number, line in enumerate(read_bytes(path).decode("ascii", "replace").splitlines(), 1):
        match = _CHECKSUM.fullmatch(line)
        if match is None:
            accepted = "a checksum (SHA-256), two blanks and the name of a file"
            raise BadFile(path, "wrong-value", table=f"line {number}", key="row", found=_shown(line), accepted=accepted)
        found[match[2]] = match[1]
    return found


def check_schema(path: Path, schema: object) -> None:
    """Refuse a file of another schema than ours, a newer one by name."""
    if not isinstance(schema, int) or isinstance(schema, bool):
        raise BadFile(path, "no-schema", key="schema")
    if schema > SCHEMA:
        raise BadFile(path, "newer", key="schema", found=_shown(schema), known=SCHEMA)
    if schema != SCHEMA:
        raise BadFile(path, "wrong-value", key="schema", found=_shown(schema), accepted=str(SCHEMA))


_Model = TypeVar("_Model", bound=BaseModel)


def validate(model: type[_Model], tables: dict[str, Any], path: Path | str, **context: object) -> _Model:
    """A model from the tables of a file; the first problem becomes a `BadFile` that names table and key."""
    try:
        return model.model_validate(tables, context=context)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        reasons = {"missing": "missing-key", "extra_forbidden": "unknown-key"}
        accepted = {
            "string_type": "a text",
            "bool_type": "true or false",
            "int_type": "a whole number",
            "tuple_type": "a list",
            "list_type": "a list",
            "dict_type": "a table",
            "model_type": "a table",
            "string_too_short": "a text that says something",
            "too_short": "at least one",
        }.get(first["type"], str(first.get("ctx", {}).get("expected", "")))
        location = [str(part + 1) if isinstance(part, int) else str(part) for part in first["loc"]]
        context_values = dict(first.get("ctx", {}))
        context_values.pop("error", None)
        inner_key = context_values.pop("key", None)  # where a validator looked inside a table, the key it found
        key = inner_key or (location.pop() if location else "")
        raise BadFile(
            path,
            context_values.pop("reason", reasons.get(first["type"], "wrong-value")),
            table=".".join(location),
            key=key,
            **{"found": _shown(first["input"]), "accepted": accepted, **context_values},
        ) from error
    except RecursionError as error:
        raise BadFile(path, "too-deep") from error


def _shown(value: object) -> str:
    if isinstance(value, (dict, list, tuple)):
        return f"{len(value)} entries"
    try:
        text = str(value)
    except ValueError:  # a whole number of thousands of digits
        return "a number of thousands of digits"
    return text if len(text) <= 60 else text[:40] + "…"  # noqa: PLR2004 - what fits a message


def wrong(reason: str, **values: object) -> PydanticCustomError:
    """The error that a validator raises so that its reason reaches `BadFile`."""
    return PydanticCustomError("value_error", "{reason}", {"reason": reason, **values})


class _ReadBy:
    """What a reader makes of a value of a file is the field's value: there is nothing left for pydantic to look at."""

    def __init__(self, read: Callable[[object, ValidationInfo], object]) -> None:
        self._schema = core_schema.with_info_plain_validator_function(read)

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> core_schema.CoreSchema:
        return self._schema


def figure(unit: str, lowest: str, highest: str) -> Any:
    """The type of a figure `{ value, source, grade }` of a file, within its physical range (both ends included)."""
    accepts = Field("figure", unit, Decimal(lowest), Decimal(highest))

    def read(given: object, info: ValidationInfo) -> Figure:
        text, source, grade = _parts(given, info)
        try:
            return Figure(read_quantity(text, accepts), source, grade)
        except Refused as refused:
            reason = "out-of-range" if refused.reason == "outside" else "wrong-value"
            accepted = f"{lowest} to {highest} {unit}"
            raise wrong(reason, key="value", found=text, accepted=accepted) from refused

    return Annotated[Figure, _ReadBy(read)]


def number(lowest: str, highest: str) -> Any:
    """The type of a figure whose key names its unit: `{ value, source, grade }`, within its range."""

    def read(given: object, info: ValidationInfo) -> Number:
        text, source, grade = _parts(given, info)
        return Number(decimal_within(text, lowest, highest), source, grade)

    return Annotated[Number, _ReadBy(read)]


def decimal_within(given: object, lowest: str, highest: str) -> Decimal:
    """A decimal from a text or a number of a file, finite and within a range.

    Raises:
        PydanticCustomError: wrong-value, out-of-range.
    """
    accepted = f"{lowest} to {highest}"
    if isinstance(given, bool) or not isinstance(given, (str, int, Decimal)):
        raise wrong("wrong-value", found=_shown(given), accepted=accepted)
    if isinstance(given, str) and not _PLAIN_NUMBER.fullmatch(given):
        raise wrong("wrong-value", found=_shown(given), accepted=accepted)
    found = Decimal(given)
    if not found.is_finite():
        raise wrong("wrong-value", found=_shown(given), accepted=accepted)
    if not Decimal(lowest) <= found <= Decimal(highest):
        raise wrong("out-of-range", found=_shown(given), accepted=accepted)
    return Decimal(plain(found))


def _parts(given: object, info: ValidationInfo) -> tuple[str, str, str]:
    """Value, source and grade of a figure; the source is named in the file's [sources] table."""
    if not isinstance(given, dict):
        raise wrong("no-source", key="source", found=_shown(given))
    unknown = set(given) - {"value", "source", "grade"}
    if unknown:
        raise wrong("unknown-key", key=min(map(str, unknown)))
    for key in ("value", "source", "grade"):
        if not isinstance(given.get(key), str) or not given[key].strip():
            raise wrong("no-source" if key != "value" else "wrong-value", key=key, found=_shown(given.get(key, "")))
    sources = (info.context or {}).get("sources", {})
    source = sources.get(given["source"])
    if not isinstance(source, str):
        raise wrong("no-source", key="source", found=given["source"])
    if given["grade"] not in get_args(Grade):
        raise wrong("wrong-value", key="grade", found=given["grade"], accepted=", ".join(get_args(Grade)))
    return given["value"], source, given["grade"]


def in_unit(figure_: Figure, unit: str) -> Decimal:
    """The magnitude of a figure in a unit."""
    return magnitude(figure_.quantity, unit)
