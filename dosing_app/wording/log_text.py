"""The log in words: what happened, and what follows from it."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from whenever import Instant

from dosing_app.core.clock import MINUTES_PER_HOUR
from dosing_app.core.findings import CATALOGUE, finding
from dosing_app.core.quantities import NO_BREAK_SPACE, exact_arithmetic, print_number
from dosing_app.course.reasons import read_note
from dosing_app.wording.figures import when
from dosing_app.wording.language import _
from dosing_app.wording.sentences import finding_title

NAMES = "; "  # between two names that stand for one entry


def at_bed(moment: Instant, zone: str) -> str:
    """A moment by the clock at the bed: "Mon 23-Nov-2026 14:00"."""
    return when(moment.to_tz(zone).format_iso())


def span(minutes: int) -> str:
    """Minutes as "41 h 20 min", "41 h" or "20 min"."""
    hours, rest = divmod(abs(minutes), MINUTES_PER_HOUR)
    parts = [f"{print_number(Decimal(hours))}{NO_BREAK_SPACE}h"] if hours or not rest else []
    return " ".join([*parts, f"{rest}{NO_BREAK_SPACE}min"] if rest else parts)


def reason_words() -> dict[str, str]:
    """Why the pump stood, in the order in which it is offered."""
    return {
        "technical": _("technical (pump, line, alarm)"),
        "procedure": _("a procedure"),
        "adverse-event": _("an adverse event"),
        "unknown": _("not known"),
    }


def decision_words() -> dict[str, str]:
    """What can be decided about the rest, in the order in which it is offered."""
    return {
        "waive": _("hours are waived"),
        "run-on": _("the last bag runs on"),
        "new-bag": _("a new bag is made"),
        "restart": _("restart at a prescribed dose rate"),
    }


def event_words(event: Mapping[str, Any], zone: str) -> str:
    """An entry of the log as a sentence without its time and its names.

    Args:
        event: as JSON has it.
        zone: of the bed.
    """
    name = str(event.get("event", ""))
    if name == "corrects":
        return _corrected(event, zone)
    if name == "prepared" and event.get("session") is not None:
        return _("Session {session} was held").format(session=event["session"])
    if name == "decision":
        return _decided(event)
    values = {
        "bag": event.get("bag", ""),
        "revision": event.get("revision", ""),
        "reason": reason_words().get(str(event.get("reason")), str(event.get("reason", ""))),
        "rate": _number(event.get("rate_ml_per_h")),
        "begin": _moment(event.get("from"), zone),
        "end": _moment(event.get("to"), zone),
        "weight": _number(event.get("weight_kg")),
        "length": _number(event.get("length_cm")),
    }
    templates = {
        "issued": _("Revision {revision} was issued"),
        "prepared": _("Bag {bag} was made"),
        "out-of-fridge": _("Bag {bag} was taken out of the refrigerator"),
        "hung": _("Bag {bag} was connected"),
        "stopped": _("Bag {bag} was taken down"),
        "interrupted": _("The pump stood: {reason}"),
        "resumed": _resumed(event),
        "lost": _("Bag {bag} was lost"),
        "rate-found": _("The pump had run at {rate} mL/hour from {begin} to {end}"),
        "measured": _("Weighed {weight} kg, measured {length} cm")
        if event.get("length_cm") is not None
        else _("Weighed {weight} kg"),
    }
    return _noted(str(event.get("text", ""))) if name == "note" else templates.get(name, name).format(**values)


def _noted(text: str) -> str:
    code, said = read_note(text)
    if code:
        return _("Reason, {what}: {text}").format(what=title_of(code), text=said)
    return _("Note: {text}").format(text=said)


def title_of(code: str) -> str:
    """A finding's code in two or three words."""
    return finding_title(finding(code)) if code in CATALOGUE else code


def _resumed(event: Mapping[str, Any]) -> str:
    if event.get("line_closed"):
        said = _("The pump ran on, the line had stayed closed")
    else:
        said = _("The pump ran on, the line had been open")
    return _("{said}; later changes move by the stop").format(said=said) if event.get("sliding") else said


def _corrected(event: Mapping[str, Any], zone: str) -> str:
    replacement = event.get("replacement")
    if not isinstance(replacement, Mapping):
        return _("Entry {index} did not happen").format(index=event.get("index", ""))
    words = event_words(replacement, zone)
    if "at" in replacement:
        words = f"{_moment(replacement['at'], zone)}, {words}"
    return _("Entry {index} put right: {words}").format(index=event.get("index", ""), words=words)


def _decided(event: Mapping[str, Any]) -> str:
    what, prescriber = str(event.get("what", "")), event.get("prescriber", "")
    then = event.get("then")
    values = {
        "hours": _hours(event.get("hours")),
        "rate": _number(event.get("dose_rate")),
        "prescriber": prescriber,
        "days": then.get("after_days") if isinstance(then, Mapping) else "",
        "later": _number(then.get("dose_rate")) if isinstance(then, Mapping) else "",
    }
    return {
        "waive": _("Decided by {prescriber}: {hours} are waived"),
        "run-on": _("Decided: the bag runs on for {hours}"),
        "new-bag": _("Decided: a new bag is made"),
        "restart": _("Decided by {prescriber}: restart at {rate} micrograms per m² per day")
        if not isinstance(then, Mapping)
        else _(
            "Decided by {prescriber}: restart at {rate} micrograms per m² per day, after {days} days "
            "{later} micrograms per m² per day"
        ),
    }.get(what, what).format(**values)


def _number(value: object) -> str:
    try:
        return "" if value is None else print_number(Decimal(str(value)))
    except InvalidOperation:
        return str(value)


def _hours(value: object) -> str:
    """Decimal hours as hours and minutes."""
    try:
        with exact_arithmetic():
            return "" if value is None else span(int((Decimal(str(value)) * MINUTES_PER_HOUR).to_integral_value()))
    except InvalidOperation:
        return str(value)


def _moment(value: object, zone: str) -> str:
    try:
        return "" if value is None else at_bed(Instant.parse_iso(str(value)), zone)
    except ValueError:
        return str(value)


def names_of(by: str) -> list[str]:
    """The names that stand for an entry."""
    return [name for each in by.split(NAMES.strip()) if (name := each.strip())]
