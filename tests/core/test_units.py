"""Our units are pint's, made without its reader of definitions; a pint that is built otherwise fails here first."""

import importlib
import inspect
import json
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from types import ModuleType
from typing import Any
from unittest.mock import patch

import pytest

import dosing_app.core.units

# The same units as pint reads them from text.
LINES = [
    "kg = [mass]",
    "g = 0.001 * kg",
    "mg = 0.000001 * kg",
    "microgram = 0.000000001 * kg",
    "m = [length]",
    "cm = 0.01 * m",
    "mm = 0.001 * m",
    "min = [time]",
    "h = 60 * min",
    "day = 1440 * min",
    "L = 0.001 * m ** 3",
    "mL = 0.000001 * m ** 3",
    "mmol = [substance]",
]


def in_a_process_of_its_own(script: str) -> object:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def units_anew() -> Iterator[ModuleType]:
    """Our units, and pint with them, read once more from the start; afterwards the former ones are back."""
    with patch.dict(sys.modules), patch.object(dosing_app.core, "units", dosing_app.core.units):
        for name in list(sys.modules):
            if name.partition(".")[0] in {"pint", "flexparser", "flexcache"} or name == "dosing_app.core.units":
                del sys.modules[name]
        yield importlib.import_module("dosing_app.core.units")


def described(registry: Any) -> list[Any]:
    """What a registry says of its units; it runs in a process of its own too."""
    units = {
        name: [
            type(each.converter).__name__,
            type(each.converter.scale).__name__,
            str(each.converter.scale),
            each.defined_symbol,
            list(each.aliases),
            each.is_base,
            [[key, type(power).__name__, str(power)] for key, power in each.reference.items()],
        ]
        for name, each in registry._units.items()
    }
    kept = [sorted(registry._dimensions), list(registry._base_units), sorted(registry._prefixes)]
    casei = {name: sorted(same) for name, same in registry._units_casei.items()}
    one = registry.Quantity(registry.non_int_type(1), "mL/h").to("L/day")
    return [units, kept, casei, str(one.magnitude), str(one.units), str(registry.Unit("microgram/m^2/day"))]


def test_they_are_the_units_that_pint_reads_from_text(units_anew: ModuleType) -> None:
    from_text = in_a_process_of_its_own(
        "import json\nfrom decimal import Decimal\nfrom typing import Any\nimport pint\n"
        "registry = pint.UnitRegistry(None, non_int_type=Decimal)\n"
        f"registry.load_definitions({LINES!r})\n{inspect.getsource(described)}\n"
        "print(json.dumps(described(registry)))"
    )
    ours = described(units_anew.registry)
    assert ours == from_text
    assert len(ours[0]) == len(LINES)


def test_pint_is_loaded_without_its_reader() -> None:
    loaded = in_a_process_of_its_own(
        "import json, sys\nimport dosing_app.course.calculate\n"
        "print(json.dumps([name for name in sys.modules if name.startswith(('pint.delegates', 'flex'))]))"
    )
    assert not [name for name in loaded if name.startswith("flex")]
    assert {name for name in loaded if "parser" in name} == {
        "pint.delegates.txt_defparser",
        "pint.delegates.base_defparser",
    }


def test_the_reader_is_left_out_where_our_units_come_first(units_anew: ModuleType) -> None:
    assert not [name for name in sys.modules if name.startswith("flex")]
    assert units_anew.registry.Quantity(Decimal(1), "day").to("h").magnitude == 24


def test_what_was_left_out_says_so(units_anew: ModuleType) -> None:
    with pytest.raises(NotImplementedError, match="one by one"):
        units_anew.registry.load_definitions(["inch = 2.54 * cm"])


@pytest.mark.parametrize("name", ["txt_defparser", "base_defparser"])
def test_what_stands_in_its_place_is_still_what_pint_asks_for(name: str) -> None:
    asked, offered = (
        in_a_process_of_its_own(
            f"import json, sys\nimport {first}\nmodule = sys.modules['pint.delegates.{name}']\n"
            "print(json.dumps([each for each in ('DefParser', 'ParserConfig', 'build_disk_cache_class')"
            " if hasattr(module, each) and getattr(module, each).__module__ in "
            "{'dosing_app.core.units', module.__name__, module.__name__ + '.defparser'}]))"
        )
        for first in ("pint", "dosing_app.core.units")
    )
    assert offered == asked


def test_a_pint_that_is_loaded_already_serves_as_well() -> None:
    found = in_a_process_of_its_own(
        "import json, pint\nfrom decimal import Decimal\nfrom dosing_app.core.quantities import magnitude, quantity\n"
        "print(json.dumps(magnitude(quantity(Decimal(1), 'day'), 'h') == 24))"
    )
    assert found is True
