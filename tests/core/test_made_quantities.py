"""Quantities are made without pint's constructor; they must be what it would have made."""

import copy
from decimal import Decimal

import pytest

from dosing_app.core.quantities import quantity, registry


@pytest.mark.parametrize("unit", ["mL", "mL/h", "microgram/m^2/day", "mmol/kg/day", "h"])
def test_a_made_quantity_is_the_one_that_pint_makes(unit: str) -> None:
    own, pints = quantity(Decimal("2.50"), unit), registry.Quantity(Decimal("2.50"), unit)
    assert type(own) is type(pints)
    assert vars(own).keys() == vars(pints).keys()
    assert own == pints
    assert hash(own) == hash(pints)
    assert str(own.magnitude) == "2.50"
    assert own.units == pints.units
    assert own.dimensionality == pints.dimensionality
    assert copy.deepcopy(own) == pints
    assert own + pints == 2 * pints
    assert (own * pints).units == (pints * pints).units


def test_it_converts_as_pint_does() -> None:
    assert quantity(Decimal("6.42"), "kg").to("g").magnitude == Decimal(6420)
