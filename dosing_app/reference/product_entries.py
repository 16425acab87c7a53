"""Everything that stands in product data, one entry after the other, so that people can look through it."""

from collections.abc import Iterator
from typing import NamedTuple

from dosing_app.core.quantities import plain
from dosing_app.reference.product import BagKind, Product
from dosing_app.reference.source import Figure, Frozen

_NOT_SHOWN = {"name", "checksum"}


class Entry(NamedTuple):
    """One figure with its source and grade, or a statement without."""

    part: str  # "vial", "storage", "kind" …
    of: str  # the name of the storage or kind; empty where there is one alone
    key: str
    value: str  # in digits, or the statement
    unit: str = ""
    source: str = ""
    grade: str = ""


def entries(product: Product) -> tuple[Entry, ...]:
    """Every figure and statement that a plan can follow from."""
    found: list[Entry] = []
    found += _of(product.vial, "vial", "")
    found.append(Entry("saline", "", "name", product.saline.name))
    found += _of(product.saline, "saline", "")
    found += _of(product.stabiliser, "stabiliser", "")
    for name, storage in product.storage.items():
        found += _of(storage, "storage", name)
    for kind in product.kind:
        found += _of(kind, "kind", kind.name)
    return tuple(found)


def _of(model: Frozen, part: str, name: str) -> Iterator[Entry]:
    for key in type(model).model_fields:
        value = getattr(model, key)
        if key in _NOT_SHOWN or value is None or value == ():
            continue
        if isinstance(value, Figure):
            yield _entry(part, name, key, value)
        elif isinstance(value, tuple):
            yield from (_entry(part, name, key, each) for each in value)
        elif isinstance(value, bool):
            if value or not isinstance(model, BagKind):  # a kind says only that it is preserved
                yield Entry(part, name, key, "yes" if value else "no")
        elif value:
            yield Entry(part, name, key, str(value))


def _entry(part: str, name: str, key: str, figure: Figure) -> Entry:
    unit = str(figure.quantity.units).replace(" ", "").replace("**", "^")
    return Entry(part, name, key, plain(figure.quantity.magnitude), unit, figure.source, figure.grade)
