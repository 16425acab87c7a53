"""The site file: what is not changed stays as it is written, comments and all; written whole or not at all."""

import tomllib
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from whenever import Date

from dosing_app.core.quantities import plain
from dosing_app.reference.limits import Limits
from dosing_app.reference.product import Product
from dosing_app.reference.site import Site, make_site
from dosing_app.reference.source import BadFile, check_schema, read_bytes, read_toml
from dosing_app.store.order_file import write_whole
from dosing_app.store.site_texts import (
    Item,
    Tables,
    Texts,
    apply,
    defaults,
    field_of,
    other_field_of,
    take_out,
    texts_of,
)

_NEW_FILE = "schema = 1\n"
_MODE = 0o600  # of a new file; who shares it gives others the right to read it, and that stays
_MOST_PROBLEMS = 60


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A site file as it was read; a path without a file has no content."""

    path: Path
    content: str
    texts: Texts


def open_site(path: Path) -> SiteFile:
    """The texts of a site file, its values not judged; the defaults where there is no file.

    Raises:
        BadFile: it cannot be read as TOML of our schema.
    """
    content = ""
    if path.exists():
        read_toml(path)
        content = read_bytes(path).decode("utf-8-sig")
    return SiteFile(path, content, MappingProxyType(texts_of(_tables(path, content))))


def _tables(path: Path, content: str) -> dict[str, Any]:
    tables = tomllib.loads(content or _NEW_FILE, parse_float=Decimal)
    check_schema(path, tables.pop("schema", None))
    return tables


def _item(value: Any) -> Any:
    """A value as tomlkit holds it, decimals with the digits that were typed."""
    if isinstance(value, tomlkit.items.Item):
        return value
    if isinstance(value, Decimal):
        return tomlkit.value(plain(value))
    if isinstance(value, Mapping):
        table = tomlkit.table()
        for key, each in value.items():
            table[key] = _item(each)
        return table
    if isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
        rows = tomlkit.aot()
        for each in value:
            rows.append(_item(deepcopy(each)))
        return rows
    return tomlkit.item(value)


def _changed_content(path: Path, content: str, change: Callable[[Tables, Item], None]) -> str:
    """The content with a change put into it, the rest as it was written.

    Raises:
        BadFile: not-kept, where the file is written in a way in which the change would not hold.
    """
    wanted = tomllib.loads(content or _NEW_FILE, parse_float=Decimal)
    change(wanted, lambda value: value)
    try:
        document = tomlkit.parse(content or _NEW_FILE)
        change(document, _item)
        made = document.as_string()
        holds = tomllib.loads(made, parse_float=Decimal) == wanted
    except (TOMLKitError, tomllib.TOMLDecodeError, TypeError, ValueError, KeyError) as error:
        raise BadFile(path, "not-kept") from error
    if not holds:
        raise BadFile(path, "not-kept")
    return made


# ---- what a person does ----


def problems(file: SiteFile, texts: Texts, limits: Limits) -> dict[str, BadFile]:
    """Every text that would be refused, by its field; "" where it is of no field. Empty: it could be saved."""
    tables = _tables(file.path, file.content)
    apply(tables, file.texts, texts)
    usual = defaults()
    found: dict[str, BadFile] = {}
    for _turn in range(_MOST_PROBLEMS):
        try:
            make_site(tables, usual, file.path, limits)
        except BadFile as error:
            name = field_of(error)
            found.setdefault(name, error)
            names = [name]
            if error.reason == "contradiction":  # of two keys: either may be the wrong one
                names.append(other_field_of(error))
                found.setdefault(names[1], error)
            elif error.reason == "missing-basis":
                names.append("start_within_h")
            taken_out = [take_out(tables, each, error.key) for each in names]
            if not any(taken_out):
                break
        else:
            break
    return found


def save(file: SiteFile, texts: Texts, limits: Limits) -> SiteFile:
    """Write the changed texts into the file as it is now, so that what somebody else changed meanwhile stays.

    Raises:
        BadFile: a value is refused; nothing is written.
        OSError: it could not be written; the old file is as it was.
    """
    return _write(file.path, _with_texts(file, texts, open_site(file.path).content), limits)


def _with_texts(file: SiteFile, texts: Texts, content: str) -> str:
    return _changed_content(file.path, content, lambda tables, item: apply(tables, file.texts, texts, item))


def _write(path: Path, content: str, limits: Limits) -> SiteFile:
    check(path, content, limits)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = path.stat().st_mode & 0o777 if path.exists() else _MODE
        write_whole(path, content.encode(), mode=mode)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error
    return open_site(path)


def check(path: Path, content: str, limits: Limits) -> Site:
    """The settings of a content; raises `BadFile`."""
    return make_site(_tables(path, content), defaults(), path, limits)


def export_to(target: Path, file: SiteFile, texts: Texts, limits: Limits) -> None:
    """Write what the texts say into another file; raises `BadFile`, `OSError`."""
    _write(target, _with_texts(file, texts, file.content), limits)


def import_from(source: Path, target: Path, limits: Limits) -> SiteFile:
    """Take over another site file whole, once it is found to be good; the old one is kept beside it.

    Raises:
        BadFile: the source is refused; nothing is written.
        OSError: it could not be written; the old file is as it was.
    """
    new = open_site(source)
    if not new.content:
        raise BadFile(source, "no-file")
    check(source, new.content, limits)
    if target.exists() and (old := open_site(target).content) != new.content:
        _write_as_is(before_import(target), old)
    return _write(target, new.content, limits)


def before_import(target: Path) -> Path:
    """Where the settings that an import replaced are kept."""
    return target.with_name(f"{target.stem}.before-import.toml")


def _write_as_is(path: Path, content: str) -> None:
    try:
        write_whole(path, content.encode(), mode=_MODE)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error


def approve(path: Path, product: Product, by: tuple[str, str], on: Date, limits: Limits) -> SiteFile:
    """Write that two people approved a product file, by its checksum.

    Raises:
        BadFile: the two names are not those of two people, or the site file is refused; nothing is written.
        OSError: it could not be written; the old file is as it was.
    """
    entry = {
        "product": product.name,
        "checksum": product.checksum,
        "by": [name.strip() for name in by],
        "on": on.format_iso(),
    }

    def add(tables: Tables, item: Item) -> None:
        tables["approval"] = item([*tables.get("approval", []), entry])

    content = open_site(path).content
    check(path, content, limits)
    return _write(path, _changed_content(path, content, add), limits)
