"""A register with courses for the tests of the window: one plan issued of the example, and what happens to it."""

from dataclasses import replace
from typing import Any

from whenever import Date, Instant

from dosing_app.course.calculate import calculate
from dosing_app.course.issue import issue
from dosing_app.course.order import read_order
from dosing_app.course.plan import Plan
from dosing_app.course.second_check import CHECKED, second_check
from dosing_app.reference.approval import Approval
from dosing_app.reference.bundle import House, load_house
from dosing_app.reference.folder import resources_folder
from dosing_app.reference.product import load_product
from dosing_app.store.order_file import load

START = Instant.from_utc(2026, 11, 23, 13)
BY = "N. One"


def example_texts() -> dict[str, str]:
    """The example's order, with the reasons that it asks for."""
    return dict(load(resources_folder() / "orders" / "example.json"))


def approved_house() -> House:
    """The default settings with the example's product data approved."""
    found = load_house()
    approval = Approval(
        product="eu", checksum=load_product("eu").checksum, by=["P. One", "Q. Two"], on=Date(2026, 11, 1)
    )
    return replace(found, site=found.site.model_copy(update={"approval": (approval,), "formula": "mosteller"}))


def issued_plan(house: House, **changed: str) -> Plan:
    """The example's plan, checked and issued."""
    texts = {**example_texts(), **changed}
    reading = read_order(texts, house, typed=True)
    assert reading.order is not None, reading.findings
    assert reading.reference is not None
    plan = calculate(reading.order, (), reading.reference)
    second = {name: texts[name] for name in CHECKED if name in texts} | {"formula": "mosteller"}
    outcome = second_check(texts, second, plan, house, ("A. First", "B. Second"), START.subtract(hours=20))
    return issue(plan, outcome.check, "C. Third", START.subtract(hours=19), reading.reference)


def entry(event: str, hours: float = 0, **values: Any) -> dict[str, Any]:
    """An entry of the log, so many hours after the start."""
    return {"at": START.add(minutes=int(hours * 60)).format_iso(), "event": event, "by": BY, **values}


class Clock:
    """What time it is."""

    def __init__(self) -> None:
        """An hour after the start."""
        self.now = START.add(hours=1)

    def __call__(self) -> Instant:
        """Now."""
        return self.now
