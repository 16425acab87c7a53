"""Our units are pint's, made without its reader of definitions; a pint that is built otherwise fails here first."""

import json
import subprocess
import sys

import pytest

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


DESCRIBED = """
import json
def described(registry):
    units = {
        name: [
            type(each.converter).__name__, type(each.converter.scale).__name__, str(each.converter.scale),
            each.defined_symbol, list(each.aliases), each.is_base,
            [[key, type(power).__name__, str(power)] for key, power in each.reference.items()],
        ]
        for name, each in registry._units.items()
    }
    kept = [sorted(registry._dimensions), list(registry._base_units), sorted(registry._prefixes)]
    casei = {name: sorted(same) for name, same in registry._units_casei.items()}
    one = registry.Quantity(registry.non_int_type(1), "mL/h").to("L/day")
    return [units, kept, casei, str(one.magnitude), str(one.units), str(registry.Unit("microgram/m^2/day"))]
"""


def test_they_are_the_units_that_pint_reads_from_text() -> None:
    from_text = in_a_process_of_its_own(
        "from decimal import Decimal\nimport pint\n"
        "registry = pint.UnitRegistry(None, non_int_type=Decimal)\n"
        f"registry.load_definitions({LINES!r})\n{DESCRIBED}\nprint(json.dumps(described(registry)))"
    )
    ours = in_a_process_of_its_own(
        f"from dosing_app.core.quantities import registry\n{DESCRIBED}\nprint(json.dumps(described(registry)))"
    )
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


def test_what_was_left_out_says_so() -> None:
    said = in_a_process_of_its_own(
        "import json\nfrom dosing_app.core.quantities import registry\n"
        "try:\n    registry.load_definitions(['inch = 2.54 * cm'])\n"
        "except NotImplementedError as error:\n    print(json.dumps(str(error)))"
    )
    assert "one by one" in said


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
