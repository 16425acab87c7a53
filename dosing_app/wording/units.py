"""Units as people read them, in their language. What may be typed is a closed list and the same in every language."""

from dosing_app.core import quantities
from dosing_app.core.quantities import Quantity
from dosing_app.wording.language import _


def unit_words(unit_text: str, *, one: bool = False, micrograms: str = "micrograms") -> str:
    """A canonical unit in words: "microgram/m^2/day" is "micrograms per m² per day"; symbols stay as they are.

    Args:
        unit_text: as the registry names it.
        one: whether the number before it is 1.
        micrograms: the site's word: "micrograms", or "mcg" in every language.
    """
    first, *others = unit_text.split("/")
    if first == "mL" and others == ["h"]:
        return _("mL/hour")  # the one quotient printed with a slash: it is what a pump shows
    words = {
        "microgram": _("microgram") if one else _("micrograms"),
        "m^2": "m²",
        "day": _("day") if one else _("days"),
    }.get(first, first)
    if first == "microgram" and micrograms != "micrograms":
        words = micrograms
    after = {"h": _("hour"), "m^2": "m²", "day": _("day")}
    for other in others:
        words = _("{unit} per {other}").format(unit=words, other=after.get(other, other))
    return words


def print_quantity(
    value: Quantity, unit_text: str, places: int | None = None, *, grouped: bool = True, micrograms: str = "micrograms"
) -> str:
    """A quantity for people: number, no-break space, unit in words."""
    return quantities.print_quantity(value, unit_text, places, grouped=grouped, micrograms=micrograms, words=unit_words)


def typed_unit(unit_text: str) -> str:
    """A unit as it may be typed, whatever the language: "mL/hour", "micrograms per day"."""
    return quantities.unit_words(unit_text)
