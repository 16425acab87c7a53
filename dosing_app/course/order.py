"""The order: what was prescribed and measured, read from the texts that a person typed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, TypeVar

from pydantic import Field

from dosing_app.core.bsa import OFFERED
from dosing_app.core.clock import check_zone, read_date, read_instant
from dosing_app.core.findings import Finding, finding
from dosing_app.core.quantities import BLANKS, LONGEST_TEXT, OutsideLimits, Refused, magnitude, plain, read_quantity
from dosing_app.core.quantities import Field as QuantityField
from dosing_app.core.slips import CENTIMETRES_PER_INCH, KILOGRAMS_PER_POUND, Typed
from dosing_app.course.model import Date, Frozen, Instant, in_unit
from dosing_app.course.pattern import AUTO, read_pattern
from dosing_app.course.suspects import find_slips, slips_text
from dosing_app.reference.bundle import STANDARD_PROTOCOL, House, Reference, load_reference
from dosing_app.reference.limits import Limits
from dosing_app.reference.source import BadFile

# The fields of an order as texts; the command line names them alike.
FIELDS = (
    "case",
    "weight",
    "length",
    "born",
    "sex",
    "gestation",
    "measured",
    "previous-weight",
    "second-weight",
    "second-length",
    "prescribed",
    "start",
    "zone",
    "product",
    "protocol",
    "formula",
    "pattern",
    "sessions",
)
REASON = "reason:"  # prefix of the key under which the reason for a finding is kept
_GESTATION = re.compile(r"([0-9]{2})w([0-6])d")
_SESSIONS = re.compile(r"[1-9][0-9]?(?:,[1-9][0-9]?)*")
_SHORTEST_GESTATION, _LONGEST_GESTATION = 22, 44  # weeks; outside is a slip of the keys
_LONGEST_CASE = 60
_LONGEST_REASON = 2000
_WEIGHT_SLIPS = (
    ("mark-right", Decimal("0.1")),
    ("mark-left", Decimal(10)),
    ("mark-two-right", Decimal("0.01")),
    ("grams-as-kg", Decimal("0.001")),
    ("kg-as-grams", Decimal(1000)),
    ("pounds-as-kg", KILOGRAMS_PER_POUND),
)
_DOSE_SLIPS = (
    ("mark-right", Decimal("0.1")),
    ("mark-left", Decimal(10)),
    ("mark-two-right", Decimal("0.01")),
    ("micrograms-as-mg", Decimal("0.001")),
)
_LENGTH_SLIPS = (
    ("mark-right", Decimal("0.1")),
    ("mark-left", Decimal(10)),
    ("metres-as-cm", Decimal(100)),
    ("inches-as-cm", CENTIMETRES_PER_INCH),
)


class PreviousWeight(Frozen):
    """An earlier weight and its day."""

    weight: in_unit("kg") = Field(alias="weight_kg")  # type: ignore[valid-type]
    measured: Date


class Order(Frozen):
    """What was prescribed and measured. Every quantity is exact as typed."""

    case: str = ""
    weight: in_unit("kg") = Field(alias="weight_kg")  # type: ignore[valid-type]
    length: in_unit("cm") = Field(alias="length_cm")  # type: ignore[valid-type]
    born: Date
    sex: Literal["male", "female"] | None = None
    gestation: str | None = None  # "34w2d" or "term"
    measured: Date | None = None
    previous: PreviousWeight | None = None
    second_weight: in_unit("kg") | None = Field(default=None, alias="second_weight_kg")  # type: ignore[valid-type]
    second_length: in_unit("cm") | None = Field(default=None, alias="second_length_cm")  # type: ignore[valid-type]
    prescribed: in_unit("microgram/day") | None = Field(  # type: ignore[valid-type]
        default=None, alias="prescribed_micrograms_per_day"
    )
    start: Instant = Field(alias="start_utc")
    zone: str
    product: str
    protocol: str
    formula: str
    formula_asked: bool = False  # whether this order names the formula itself
    pattern: str
    sessions: tuple[int, ...] | None = Field(default=None, strict=False)  # bags of each; None: the best grouping
    reasons: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of the texts: an order with what it is calculated with, or the findings why there is none."""

    order: Order | None
    reference: Reference | None
    findings: tuple[Finding, ...]


_Value = TypeVar("_Value")


def weight_field(limits: Limits) -> QuantityField:
    """What the weight field accepts."""
    return QuantityField(
        "weight", "kg", limits.value("weight_lowest_kg"), limits.value("weight_highest_kg"), _WEIGHT_SLIPS
    )


def length_field(limits: Limits) -> QuantityField:
    """What the length field accepts."""
    return QuantityField(
        "length", "cm", limits.value("length_lowest_cm"), limits.value("length_highest_cm"), _LENGTH_SLIPS
    )


def prescribed_field(limits: Limits) -> QuantityField:
    """What the field of the prescriber's daily dose accepts."""
    return QuantityField(
        "prescribed",
        "microgram/day",
        limits.value("prescribed_lowest_micrograms_per_day"),
        limits.value("prescribed_highest_micrograms_per_day"),
        _DOSE_SLIPS,
    )


def quantity_field(name: str, limits: Limits) -> QuantityField:
    """What the quantity of a field of the order accepts."""
    if name in {"length", "second-length"}:
        return length_field(limits)
    return prescribed_field(limits) if name == "prescribed" else weight_field(limits)


def read_order(texts: Mapping[str, str], house: House, *, typed: bool = False) -> Reading:
    """Read an order from texts: all of it, or every reason why not.

    Args:
        texts: by the names of `FIELDS` and `REASON` + code; a missing or empty text is "not given".
        house: the site's settings and limits.
        typed: whether dates may also be written as people type them in the window.
    """
    findings: list[Finding] = []

    def read(name: str, reader: Callable[[str], _Value], *, needed: bool = False) -> _Value | None:
        text = texts.get(name, "")
        if not needed and not text.strip(BLANKS):
            return None
        try:
            return reader(text)
        except OutsideLimits as refused:
            findings.append(_outside(name, refused, house.limits))
        except Refused as refused:
            findings.append(_not_read(name, refused))
        return None

    weight_accepts, length_accepts = weight_field(house.limits), length_field(house.limits)
    zone = read("zone", check_zone) if texts.get("zone", "").strip(BLANKS) else house.site.zone
    product = texts.get("product", "").strip(BLANKS) or house.site.product
    protocol = texts.get("protocol", "").strip(BLANKS) or STANDARD_PROTOCOL
    try:
        reference = load_reference(house, product, protocol)
    except BadFile as error:
        return Reading(None, None, (bad_file(error),))
    formula = read("formula", _one_of(tuple(OFFERED)))
    pattern = texts.get("pattern", "").strip(BLANKS) or AUTO
    if pattern != AUTO:
        read("pattern", lambda text: read_pattern(text, reference.product))
    values: dict[str, Any] = {
        "case": read("case", _short(_LONGEST_CASE)) or "",
        "weight": read("weight", lambda text: read_quantity(text, weight_accepts), needed=True),
        "length": read("length", lambda text: read_quantity(text, length_accepts), needed=True),
        "born": read("born", lambda text: read_date(text, typed=typed), needed=True),
        "sex": read("sex", _one_of(("male", "female"))),
        "gestation": read("gestation", _read_gestation),
        "measured": read("measured", lambda text: read_date(text, typed=typed)),
        "previous": read("previous-weight", lambda text: _read_previous(text, weight_accepts, typed=typed)),
        "second_weight": read("second-weight", lambda text: read_quantity(text, weight_accepts)),
        "second_length": read("second-length", lambda text: read_quantity(text, length_accepts)),
        "sessions": read("sessions", lambda text: _read_sessions(text, pattern)),
        "prescribed": read("prescribed", lambda text: read_quantity(text, prescribed_field(house.limits))),
        "start": read("start", lambda text: read_instant(text, zone or house.site.zone, typed=typed), needed=True),
        "reasons": {
            name.removeprefix(REASON): read(name, _short(_LONGEST_REASON)) or ""
            for name, text in texts.items()
            if name.startswith(REASON) and text.strip(BLANKS)
        },
    }
    if findings:
        found = _with_swap(findings, texts, house.limits)
        return Reading(None, None, tuple(_with_growth_slips(found, values, house)))
    order = Order(
        **values,
        zone=zone or house.site.zone,
        product=product,
        protocol=protocol,
        formula=formula or house.site.formula or next(iter(OFFERED)),
        formula_asked=formula is not None,
        pattern=pattern,
    )
    return Reading(order, reference, ())


def bad_file(error: BadFile) -> Finding:
    """The finding for a file that the program refuses to compute with."""
    values = {key: str(value) for key, value in error.values.items()}
    return finding(
        "data-checksum" if error.reason == "checksum" else "unreadable",
        actual=error.file,
        values={**values, "field": "file", "reason": error.reason, "table": error.table, "key": error.key},
    )


def _one_of(accepted: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        seen = text.strip(BLANKS)
        if seen not in accepted:
            raise Refused("not-one-of", seen, accepted=", ".join(accepted))
        return seen

    return read


def _short(longest: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        seen = text.strip(BLANKS)
        if len(seen) > longest:
            raise Refused("too-long", seen, longest=longest)
        if not seen.isprintable():
            raise Refused("unprintable", seen.encode("unicode_escape").decode())
        return seen

    return read


def _read_gestation(text: str) -> str:
    seen = text.strip(BLANKS)
    if seen == "term":
        return seen
    match = _GESTATION.fullmatch(seen)
    if match is None:
        raise Refused("gestation-form", seen)
    if not _SHORTEST_GESTATION <= int(match[1]) <= _LONGEST_GESTATION:
        raise Refused("gestation-range", seen, lowest=_SHORTEST_GESTATION, highest=_LONGEST_GESTATION)
    return seen


def _read_sessions(text: str, pattern: str) -> tuple[int, ...]:
    """How many bags each session makes, from "3,3,2"; the pattern must be one that was typed."""
    seen = text.strip(BLANKS)
    if len(seen) > LONGEST_TEXT * 4:
        raise Refused("too-long", seen, longest=LONGEST_TEXT * 4)
    if not _SESSIONS.fullmatch(seen):
        raise Refused("sessions-form", seen)
    if pattern == AUTO:
        raise Refused("sessions-without-pattern", seen)
    return tuple(int(count) for count in seen.split(","))


def _read_previous(text: str, accepts: QuantityField, *, typed: bool) -> PreviousWeight:
    weight_text, at, day_text = text.partition("@")
    if not at:
        raise Refused("previous-form", text.strip(BLANKS))
    return PreviousWeight(weight=read_quantity(weight_text, accepts), measured=read_date(day_text, typed=typed))


def _not_read(name: str, refused: Refused) -> Finding:
    code = "dates" if refused.reason in {"skipped", "repeated", "offset"} else "unreadable"
    values = refused.texts
    return finding(code, actual=refused.seen, values={**values, "field": name, "reason": refused.reason})


def _outside(name: str, refused: OutsideLimits, limits: Limits) -> Finding:
    """Outside the limits of a field, with the slips that would explain it."""
    accepts = quantity_field(name, limits)
    slips = refused.values["slips"]
    assert isinstance(slips, list)
    return finding(
        "envelope",
        actual=refused.seen,
        limit=f"{accepts.lower} to {accepts.upper} {accepts.unit}",
        source=limits.shown("weight_highest_kg"),
        field=name,
        lowest=str(accepts.lower),
        highest=str(accepts.upper),
        unit=accepts.unit,
        found=str(refused.values["found"]),
        slips="; ".join(f"{slip} {value}" for slip, value in slips),
    )


def _with_swap(findings: list[Finding], texts: Mapping[str, str], limits: Limits) -> list[Finding]:
    """The findings, with "weight and length swapped" named where each number would fit the other field."""
    numbers = {}
    for name in ("weight", "length"):
        match = re.match(rf"[{BLANKS}]*([0-9]{{1,12}}(?:[.,][0-9]{{1,12}})?)", texts.get(name, "")[:LONGEST_TEXT])
        numbers[name] = Decimal(match[1].replace(",", ".")) if match else None
    weight, length = numbers["weight"], numbers["length"]
    if weight is None or length is None:
        return findings
    if not (length_field(limits).holds(weight) and weight_field(limits).holds(length)):
        return findings
    return [
        each.model_copy(update={"values": {**each.values, "swapped": "yes"}})
        if each.values.get("field") in {"weight", "length"}
        and (each.code == "envelope" or each.values.get("reason") == "dimension")
        else each
        for each in findings
    ]


def _with_growth_slips(findings: list[Finding], values: Mapping[str, Any], house: House) -> list[Finding]:
    """The findings, with the slips of a weight or length outside the limits that make the infant ordinary.

    Only where everything else is known; else the slips that merely bring it within the limits stay.
    """
    outside = {each.values["field"]: each for each in findings if each.code == "envelope"}
    measures = {}
    for name, unit in (("weight", "kg"), ("length", "cm")):
        read = values[name]
        if name in outside:
            measures[name] = Decimal(outside[name].values["found"])
        elif read is not None:
            measures[name] = magnitude(read, unit)
    day = values["measured"] or (values["start"] and values["start"].to_tz("UTC").date())
    if not outside.keys() & {"weight", "length"} or len(measures) < 2 or values["born"] is None or day is None:  # noqa: PLR2004
        return findings
    typed = Typed(
        measures["weight"], measures["length"], values["born"], plain(measures["weight"]), plain(measures["length"])
    )
    slips = slips_text(find_slips(typed, day, values["sex"], values["gestation"], house))
    if not slips:
        return findings
    return [
        each.model_copy(update={"values": {**each.values, "slips": slips}})
        if each.code == "envelope" and each.values["field"] in measures
        else each
        for each in findings
    ]
