"""How quantities, instants and dates stand in frozen models and in JSON: decimal strings, UTC with Z, ISO days."""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict
from pydantic_core import core_schema
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


class _AsText:
    """How a value is checked, and written as a text.

    The same schema as pydantic's plain validator and serializer give. Those try first to understand the type itself,
    for each of a hundred fields, and cannot: it is of another library.
    """

    def __init__(self, check: Callable[[object], Any], write: Callable[[Any], str]) -> None:
        self._schema = core_schema.no_info_plain_validator_function(
            check,
            serialization=core_schema.plain_serializer_function_ser_schema(
                write, return_schema=core_schema.str_schema()
            ),
        )

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> core_schema.CoreSchema:
        return self._schema


def _decimal(text: object) -> Decimal:
    if not isinstance(text, str) or not _DECIMAL.fullmatch(text):
        msg = "a decimal is written as a text of digits with at most one point"
        raise ValueError(msg)
    return Decimal(text)


@lru_cache(64)
def in_unit(unit: str) -> Any:
    """The type of a quantity that JSON writes as a decimal string in the given unit."""

    def check(given: object) -> Quantity:
        if isinstance(given, str):
            return quantity(_decimal(given), unit)
        try:
            return as_unit(given, unit)
        except TypeError as error:  # pydantic reports ValueError alone
            raise ValueError(str(error)) from error

    return Annotated[Quantity, _AsText(check, lambda value: plain(value.magnitude))]


def _check_number(given: object) -> Decimal:
    if isinstance(given, Decimal) and given.is_finite():
        return given
    return _decimal(given)


def _check_instant(given: object) -> PointInTime:
    return given if isinstance(given, PointInTime) else PointInTime.parse_iso(str(given))


def _check_date(given: object) -> CalendarDate:
    return given if isinstance(given, CalendarDate) else CalendarDate.parse_iso(str(given))


Number: TypeAlias = Annotated[Decimal, _AsText(_check_number, plain)]
Instant: TypeAlias = Annotated[PointInTime, _AsText(_check_instant, PointInTime.format_iso)]
Date: TypeAlias = Annotated[CalendarDate, _AsText(_check_date, CalendarDate.format_iso)]
