"""The one registry of units: a dozen, defined one by one, and none of pint's own.

pint reads its definition files with two parser libraries. They are half of what it takes to load pint, and are not
needed here, so an empty module stands in the place of each of the two modules that bring them (docs/decisions/0010).
"""

import sys
from decimal import Decimal
from types import ModuleType
from typing import Any, TypeAlias


class _NoReader:
    """Stands where pint keeps its reader of definition files; pint makes one and asks it nothing."""

    def __init__(self, *_given: object, **_named: object) -> None:
        """Nothing to keep."""

    def parse_string(self, _text: object) -> None:
        """Refuse: there is nothing here that reads definitions."""
        raise NotImplementedError("units are defined one by one here, not read from text")

    parse_file = parse_string


def _leave_out_reader() -> None:
    """Before pint is loaded; where it is loaded already, it is whole, which does no harm."""
    for name, classes in (
        ("txt_defparser", ("DefParser",)),
        ("base_defparser", ("ParserConfig", "build_disk_cache_class")),
    ):
        module = ModuleType(f"pint.delegates.{name}", "Left out: see dosing_app.core.units.")
        vars(module).update(dict.fromkeys(classes, _NoReader))
        sys.modules.setdefault(module.__name__, module)


_leave_out_reader()

import pint  # noqa: E402
from pint.facets.plain.definitions import ScaleConverter, UnitDefinition  # noqa: E402
from pint.util import UnitsContainer  # noqa: E402

Quantity: TypeAlias = pint.Quantity[Any]

# Each is a factor times another, or a dimension, to a power.
_DEFINITIONS = (
    ("kg", "1", "[mass]", 1),
    ("g", "0.001", "kg", 1),
    ("mg", "0.000001", "kg", 1),
    ("microgram", "0.000000001", "kg", 1),
    ("m", "1", "[length]", 1),
    ("cm", "0.01", "m", 1),
    ("mm", "0.001", "m", 1),
    # minutes are the base of time, so that hours and days convert downwards exactly
    ("min", "1", "[time]", 1),
    ("h", "60", "min", 1),
    ("day", "1440", "min", 1),
    ("L", "0.001", "m", 3),
    ("mL", "0.000001", "m", 3),
    ("mmol", "1", "[substance]", 1),
)


def make_registry() -> pint.UnitRegistry[Any]:
    """A registry of our units alone, with exact decimals; the program has one."""
    made: pint.UnitRegistry[Any] = pint.UnitRegistry(None, non_int_type=Decimal)
    for name, factor, of, power in _DEFINITIONS:
        reference = UnitsContainer({of: Decimal(power)}, non_int_type=Decimal)
        made.define(UnitDefinition(name, None, (), ScaleConverter(Decimal(factor)), reference))  # type: ignore[arg-type]
    return made


registry = make_registry()
