"""Orders for the tests of this folder: one ordinary infant, and what a test changes in it."""

import copy
import re
import tempfile
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from dosing_app.core.findings import Finding
from dosing_app.course.calculate import calculate
from dosing_app.course.order import read_order
from dosing_app.course.plan import Plan
from dosing_app.reference.bundle import House, Reference, load_house
from dosing_app.reference.folder import resources_folder
from dosing_app.reference.limits import Flags
from dosing_app.reference.source import Number

# Five months old, weighed on the day of the start; a Monday, the unit open.
BASE = {
    "weight": "6.42 kg",
    "length": "63.5 cm",
    "born": "2026-06-20",
    "sex": "female",
    "gestation": "term",
    "measured": "2026-11-23",
    "start": "2026-11-23T14:00",
    "zone": "Europe/Amsterdam",
    "product": "eu",
    "pattern": "96h",
}
# Mosteller gives 0.2 and 0.4 m² to the last digit: 3 and 6 micrograms per day.
THREE = {"weight": "3 kg", "length": "48 cm"}
SIX = {"weight": "8 kg", "length": "72 cm"}
_PARTS = re.compile(r"[^\[\].]+")  # of the place of a value
_folder = tempfile.TemporaryDirectory(prefix="course-cases-")  # removed when the tests end


def file_of(text: str, name: str) -> Path:
    """A file with that text; the same one for the same text."""
    path = Path(_folder.name) / f"{name}-{abs(hash(text))}.toml"
    if not path.exists():
        path.write_text(text, encoding="utf-8")
    return path


@cache
def house(site: str = "") -> House:
    """The default settings, with the given lines of a site file. Growth is not asked about: it has its own tests."""
    found = load_house(file_of(f"schema = 1\n{site}\n", "site")) if site else load_house()
    far = Number(Decimal(1000), "so far that nothing reaches it", "J")
    return replace(
        found,
        flags=Flags.model_construct(**dict.fromkeys(Flags.model_fields, far)),
        limits=found.limits.model_copy(update={"growth_justify_beyond_z": far}),
    )


def product_file(shipped: str, *changes: tuple[str, str]) -> str:
    """The path of a shipped product file with some of its text replaced."""
    text = (resources_folder() / "products" / f"{shipped}.toml").read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return str(file_of(text, "product"))


def made_up_file(final: str, rate: str = "10 mL/h") -> str:
    """A product whose 24 h bag is made up to a final volume: the drug volume is linear in the dose."""
    return product_file(
        "eu",
        (
            'name = "24h"\ncomposition = "additive"',
            f'name = "24h"\nfinal = {{ value = "{final}", source = "label", grade = "R" }}\ncomposition = "made-up"',
        ),
        ('rate = { value = "10 mL/h"', f'rate = {{ value = "{rate}"'),
    )


def protocol_file(body: str) -> str:
    """The path of a protocol file with that body."""
    head = 'schema = 1\nname = "test"\ndaily_cap = "28 microgram/day"\nsource = "test"\ngrade = "J"\n'
    return str(file_of(head + body, "protocol"))


TWO_PHASES = (
    '[[phase]]\ndays = 7\ndose_rate = "5 microgram/m^2/day"\n[[phase]]\ndays = 21\ndose_rate = "15 microgram/m^2/day"\n'
)


def keys(changes: dict[str, str]) -> dict[str, str]:
    """Texts by the names of the fields: `second_weight` is "second-weight", `reason_age` is "reason:age"."""
    named = {}
    for name, text in changes.items():
        dashed = name.replace("_", "-")
        named["reason:" + dashed.removeprefix("reason-") if dashed.startswith("reason-") else dashed] = text
    return named


def plan_of(site: str = "", **changes: str) -> Plan:
    """The plan of the ordinary order with some texts changed; an empty text takes one away."""
    return plan_and_reference(site, **changes)[0]


def plan_and_reference(site: str = "", **changes: str) -> tuple[Plan, Reference | None]:
    """Also what it was calculated with."""
    reading = read_order({**BASE, **keys(changes)}, house(site))
    if reading.order is None or reading.reference is None:
        return Plan(complete=False, findings=reading.findings), None
    return calculate(reading.order, (), reading.reference), reading.reference


def found(plan: Plan, code: str) -> list[Finding]:
    """Every finding of that code."""
    return [each for each in plan.findings if each.code == code]


def tiers(plan: Plan) -> dict[str, str]:
    """Codes with their tiers."""
    return {each.code: str(each.tier) for each in plan.findings}


def changed(content: dict[str, Any], *changes: tuple[str, object]) -> dict[str, Any]:
    """A copy of a plan's JSON with other values at some places: `("bags[0].drug_ml", "1.9")`; a function changes it."""
    copied = copy.deepcopy(content)
    for path, value in changes:
        *way, last = (int(part) if part.lstrip("-").isdigit() else part for part in _PARTS.findall(path))
        at: Any = copied
        for part in way:
            at = at[part]
        at[last] = value(at[last]) if callable(value) else value
    return copied


def everything(plan: Plan) -> dict[str, Any]:
    """The plan as JSON."""
    return plan.as_json()
