"""A site file as texts to edit, and back: every text becomes some value, which the loader then judges."""

from collections.abc import Callable, Mapping, MutableMapping
from decimal import Decimal
from typing import Any

from dosing_app.core.clock import read_date
from dosing_app.core.quantities import Refused, plain
from dosing_app.reference.folder import resources_folder
from dosing_app.reference.site import DAYS
from dosing_app.reference.source import BadFile, read_toml

_BAND_COLUMNS = 4  # kind, from, to, drug volume; what stands before them is the product

_NUMBERS = (
    "start_within_h",
    "lead_time_h",
    "session_h",
    "make_up_from_h",
    "max_bags_per_session",
    "prime_ml",
    "label_width_mm",
    "label_height_mm",
    "pump.step_ml_per_h",
    "pump.tested_from_ml_per_h",
    "thresholds.measurement_age_days",
    "thresholds.measurement_age_days_below_90_days",
    "thresholds.sodium_note_mmol_per_kg_per_day",
    "thresholds.sodium_justify_mmol_per_kg_per_day",
)
_YES_OR_NO = ("preserved_bags", "share_vials", "two_small_syringes")
_LINES = ("closed", "wards")
_WORDS = (
    "name",
    "country",
    "zone",
    "product",
    "formula",
    "micrograms",
    "start_within_basis",
    "change_hours",
    "weekend_changes",
    "vial_price",
    "phone",
    "label_sheet",
    "label_adopted",
    "register",
    "pump.name",
)
_HOURS = tuple(f"preparation_hours.{day}" for day in DAYS)
_BY = ("start_within_by.1", "start_within_by.2")
BAND_BY = ("band.by.1", "band.by.2")
# A text for each. An empty text is a key that the file does not have, save in the tables that replace the default's.
FIELDS = (*_NUMBERS, *_YES_OR_NO, *_LINES, *_WORDS, *_HOURS, *_BY, "syringes", "thresholds", "band", *BAND_BY)

Texts = Mapping[str, str]
Tables = MutableMapping[str, Any]
Item = Callable[[Any], Any]


def default_texts() -> dict[str, str]:
    """What holds where a site sets nothing."""
    return texts_of(defaults())


def defaults() -> dict[str, Any]:
    """The tables of the shipped site file."""
    return read_toml(resources_folder() / "site.toml")[0]


# ---- values to texts ----


def texts_of(tables: Mapping[str, Any]) -> dict[str, str]:
    """The tables of a site file as texts."""
    found = {}
    for name in (*_NUMBERS, *_YES_OR_NO, *_LINES, *_WORDS):
        table, _dot, key = name.rpartition(".")
        holder = tables.get(table, {}) if table else tables
        found[name] = _text(holder.get(key, "")) if isinstance(holder, Mapping) else ""
    week = tables.get("preparation_hours", defaults()["preparation_hours"])
    for name in _HOURS:
        found[name] = _text(week.get(name.partition(".")[2], "")) if isinstance(week, Mapping) else ""
    by = tables.get("start_within_by", [])
    for at, name in enumerate(_BY):
        found[name] = _text(by[at]) if isinstance(by, list) and at < len(by) else ""
    syringes = tables.get("syringes", defaults()["syringes"])
    found["syringes"] = _pairs(syringes, ": ")
    thresholds = tables.get("thresholds", {})
    if isinstance(thresholds, Mapping):
        thresholds = {key: value for key, value in thresholds.items() if f"thresholds.{key}" not in FIELDS}
    found["thresholds"] = _pairs(thresholds, " = ")
    found["band"] = "\n".join(_band_text(each) for each in _list(tables.get("band", [])))
    found |= dict.fromkeys(BAND_BY, "")
    return found


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value) if value.is_finite() else str(value)
    if isinstance(value, list):
        return "\n".join(map(_text, value))
    return str(value)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _pairs(table: object, between: str) -> str:
    return (
        "\n".join(f"{key}{between}{_text(each)}" for key, each in table.items()) if isinstance(table, Mapping) else ""
    )


def _band_text(band: object) -> str:
    """One line of a band: "eu 96h 0.3 0.35 1.9"."""
    keys = ("product", "kind", "from_m2", "to_m2", "drug_ml")
    return " ".join(_text(band.get(key, "")) for key in keys) if isinstance(band, Mapping) else _text(band)


# ---- texts to values: every text becomes some value, which the loader then judges ----


def _number(text: str) -> Decimal | int | str:
    """A number where one was typed, with either mark; else the text, to be refused by the loader."""
    bare = text.strip()
    whole, _mark, decimals = bare.replace(",", ".").partition(".")
    digits = whole + decimals
    if not (whole and digits.isascii() and digits.isdecimal()) or (_mark and not decimals):
        return bare
    exact = plain(Decimal(f"{whole}.{decimals or 0}"))
    return Decimal(exact) if "." in exact else int(exact)


def _value(name: str, text: str) -> Any:
    if name in _NUMBERS:
        return _number(text)
    if name in _YES_OR_NO:
        return {"true": True, "false": False}.get(text.strip(), text.strip())
    if name == "closed":
        return [_iso(each) for line in text.splitlines() for each in line.split(",") if each.strip()]
    if name in _LINES:
        return [each.strip() for each in text.splitlines() if each.strip()]
    return text.strip()


def _iso(text: str) -> str:
    """A day as files have it, from the ways in which a window takes it; else the text, to be refused."""
    try:
        return read_date(text, typed=True).format_iso()
    except Refused:
        return text.strip()


def starts_later(texts: Texts, free_hours: Decimal) -> bool:
    """Whether the typed limit is longer than the free one, so that it wants a basis and two names."""
    value = _number(texts.get("start_within_h", ""))
    return value == "product" if isinstance(value, str) else value > free_hours


def _split(text: str, mark: str) -> dict[str, Any]:
    """Lines of key and number; what is no such line, or stands there twice, becomes a key to be refused."""
    found: dict[str, Any] = {}
    for line in filter(str.strip, text.splitlines()):
        key, _mark, value = (part.strip() for part in line.partition(mark))
        key = str(_number(key))
        found[f"{key} (twice)" if key in found else key] = _number(value)
    return found


def _bands(text: str, names: list[str], old: list[Any]) -> list[Any]:
    """The bands of some lines: an old line keeps its names, a new one takes those given."""
    kept = {_band_text(each): each for each in old}
    found = []
    for line in text.splitlines():
        parts = line.split()
        if not parts:
            continue
        if (bare := " ".join(parts)) in kept:
            found.append(kept[bare])
            continue
        at = max(len(parts) - _BAND_COLUMNS, 1)
        keys = ("kind", "from_m2", "to_m2", "drug_ml")
        band: dict[str, Any] = {"product": " ".join(parts[:at])}
        for key, part in zip(keys, parts[at:], strict=False):
            band[key] = part if key == "kind" else _number(part)
        found.append({**band, "by": [name.strip() for name in names]})
    return found


class _Change:
    """Puts changed texts into tables; `item` makes of a value what the tables hold."""

    def __init__(self, tables: Tables, before: Texts, texts: Texts, item: Item) -> None:
        self._tables, self._before, self._texts, self._item = tables, before, texts, item

    def _changed(self, *names: str) -> bool:
        return any(self._texts.get(name, "").strip() != self._before.get(name, "").strip() for name in names)

    def _put(self, name: str, value: Any, *, empty: bool) -> None:
        table, _dot, key = name.rpartition(".")
        holder = self._tables
        if table:
            if not isinstance(self._tables.get(table), MutableMapping):
                self._tables[table] = self._item({})
            holder = self._tables[table]
        if not empty:
            holder[key] = self._item(value)
        elif key in holder:
            del holder[key]

    def all(self) -> None:
        """Every changed text, and no other."""
        for name in filter(self._changed, (*_NUMBERS, *_YES_OR_NO, *_LINES, *_WORDS)):
            text = self._texts.get(name, "")
            self._put(name, _value(name, text), empty=not text.strip())
        if self._changed(*_HOURS):
            self._week()
        if self._changed(*_BY):
            names = [self._texts.get(name, "").strip() for name in _BY]
            self._put("start_within_by", names, empty=not any(names))
        if self._changed("syringes"):
            self._tables["syringes"] = self._item(_split(self._texts.get("syringes", ""), ":"))
        if self._changed("thresholds"):
            self._thresholds()
        if self._changed("band"):
            old = _list(self._tables.get("band", []))
            names = [self._texts.get(name, "") for name in BAND_BY]
            found = _bands(self._texts.get("band", ""), names, old)
            self._put("band", found, empty=not found)

    def _week(self) -> None:
        """A table of hours replaces the whole default's: a new one gets every day."""
        new = "preparation_hours" not in self._tables
        if new:
            self._tables["preparation_hours"] = self._item({})
        for name in _HOURS:
            if new or self._changed(name):
                text = self._texts.get(name, "").strip()
                self._put(name, text, empty=not text)

    def _thresholds(self) -> None:
        further = _split(self._texts.get("thresholds", ""), "=")
        for key in _split(self._before.get("thresholds", ""), "="):
            if key not in further:
                self._put(f"thresholds.{key}", None, empty=True)
        for key, value in further.items():
            self._put(f"thresholds.{key}", value, empty=False)


def apply(tables: Tables, before: Texts, texts: Texts, item: Item = lambda value: value) -> None:
    """Put every text that differs from before into the tables.

    Args:
        tables: of a site file, plain or of tomlkit.
        before: the texts as the file had them.
        texts: the texts now.
        item: makes of a plain value what the tables hold.
    """
    _Change(tables, before, texts, item).all()


# ---- where an error belongs ----


def _parted(key: str, table: str) -> tuple[str, str]:
    first, dot, last = key.rpartition(".")
    return (first, last) if dot and first in {"preparation_hours", "pump"} else (table, key)


def field_of(error: BadFile) -> str:
    """The field that an error of the loader is about; "" for none."""
    return _field(*_parted(error.key, error.table))


def other_field_of(error: BadFile) -> str:
    """The second field of a contradiction; "" for none."""
    return _field(*_parted(str(error.values.get("other", "")), error.table))


def _field(table: str, key: str) -> str:
    dotted = f"{table}.{key}" if table else key
    if dotted in FIELDS:
        return dotted
    if key.startswith("[syringes]") or "syringes" in (table, key):
        return "syringes"
    if dotted.startswith("band"):
        return BAND_BY[0] if key == "by" else "band"
    if key == "start_within_by":
        return _BY[0]
    if key == "preparation_hours":
        return _HOURS[0]
    return "thresholds" if table == "thresholds" else ""


def take_out(tables: dict[str, Any], name: str, key: str = "") -> bool:
    """Leave out what was refused, to see what else is; whether there was anything to leave out.

    Args:
        tables: of a site file.
        name: the field that was refused.
        key: of a field that holds a table, what was refused in it.
    """
    inner = tables.get(name)
    if name == "thresholds" and isinstance(inner, dict) and key in inner:
        del inner[key]
        return True
    if name.startswith(("band", "start_within_by")) or name in {"syringes", "thresholds"}:
        return tables.pop(name.partition(".")[0], None) is not None
    table, _dot, key = name.rpartition(".")
    holder = tables.get(table) if table else tables
    if not isinstance(holder, dict) or key not in holder:
        return bool(table) and tables.pop(table, None) is not None
    del holder[key]
    if table == "preparation_hours" and not holder:
        del tables[table]
    return True
