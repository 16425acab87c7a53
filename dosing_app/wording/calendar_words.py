"""Weekdays and months in few letters, as dates are written here. All of them can be typed again (`core.clock`)."""

from dosing_app.core.clock import WEEKDAYS
from dosing_app.wording.language import _


def weekdays() -> tuple[str, ...]:
    """Monday to Sunday."""
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))


def months() -> tuple[str, ...]:
    """January to December."""
    return (
        _("Jan"),
        _("Feb"),
        _("Mar"),
        _("Apr"),
        _("May"),
        _("Jun"),
        _("Jul"),
        _("Aug"),
        _("Sep"),
        _("Oct"),
        _("Nov"),
        _("Dec"),
    )


def weekday(name: str) -> str:
    """The weekday that `core.clock` calls "Mon"."""
    return dict(zip(WEEKDAYS, weekdays(), strict=True)).get(name, name)
