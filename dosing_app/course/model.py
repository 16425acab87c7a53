"""How quantities, instants and dates stand in frozen models and in JSON: decimal strings, UTC with Z, ISO days."""

import re
from decimal import Decimal
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, PlainSerializer, PlainValidator
from whenever import Date as CalendarDate
from whenever import Instant as PointInTime

from dosing_app.core.quantities import Quantity, plain, quantity
from dosing_app.core.quantities import in_unit as as_unit

_DECIMAL = re.compile(r"-?[0-9]{1,60}(?:\.[0-9]{1,60})?")


class Frozen(BaseModel):
    """A value: strict, never changed, JSON both ways by the names of the contract."""

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="forbid",
        allow_inf_nan=False,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
    )


def _decimal(text: object) -> Decimal:
    if not isinstance(text, str) or not _DECIMAL.fullmatch(text):
        msg = "a decimal is written as a text of digits with at most one point"
        raise ValueError(msg)
    return Decimal(text)


def in_unit(unit: str) -> Any:
    """The type of a quantity that JSON writes as a decimal string in the given unit."""

    def check(given: object) -> Quantity:
        if isinstance(given, str):
            return quantity(_decimal(given), unit)
        try:
            return as_unit(given, unit)
        except TypeError as error:  # pydantic reports ValueError alone
            raise ValueError(str(error)) from error

    return Annotated[
        Quantity,
        PlainValidator(check),
        PlainSerializer(lambda value: plain(value.magnitude), return_type=str),
    ]


def _check_number(given: object) -> Decimal:
    if isinstance(given, Decimal) and given.is_finite():
        return given
    return _decimal(given)


def _check_instant(given: object) -> PointInTime:
    return given if isinstance(given, PointInTime) else PointInTime.parse_iso(str(given))


def _check_date(given: object) -> CalendarDate:
    return given if isinstance(given, CalendarDate) else CalendarDate.parse_iso(str(given))


Number: TypeAlias = Annotated[Decimal, PlainValidator(_check_number), PlainSerializer(plain, return_type=str)]
Instant: TypeAlias = Annotated[
    PointInTime, PlainValidator(_check_instant), PlainSerializer(lambda moment: moment.format_iso(), return_type=str)
]
Date: TypeAlias = Annotated[
    CalendarDate, PlainValidator(_check_date), PlainSerializer(lambda day: day.format_iso(), return_type=str)
]
