"""What was typed for an event, read: the entries of the log, or a sentence for each field that cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

from whenever import Instant

from dosing_app.core.clock import MINUTES_PER_HOUR, read_instant
from dosing_app.core.quantities import BLANKS, Field, OutsideLimits, Refused, magnitude, plain
from dosing_app.core.quantities import read_quantity as read_typed
from dosing_app.course.order import length_field, weight_field
from dosing_app.course.reasons import read_note, reason_note
from dosing_app.reference.approval import same_person
from dosing_app.ui.event_forms import TWO_NAMES, inputs, zone_of
from dosing_app.ui.quantity_edit import compose
from dosing_app.wording.figures import date_words
from dosing_app.wording.language import _
from dosing_app.wording.log_text import NAMES, at_bed, names_of
from dosing_app.wording.sentences import refusal
from dosing_app.wording.units import typed_unit, unit_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dosing_app.course.replan import Rest
    from dosing_app.reference.bundle import Reference

Entry = dict[str, Any]

_CLOCK = 5  # letters of "14:05"
_MOST_DAYS = 60
_PRECISION = 45  # digits: a third of an hour must come back as 20 minutes


@dataclass(frozen=True, slots=True)
class Answer:
    """What was typed, read: the entries, or a sentence for each field that cannot be read or is missing."""

    entries: tuple[Entry, ...] = ()
    faults: Mapping[str, str] = field(default_factory=dict)


def read(
    event: str,
    typed: Mapping[str, str],
    rest: Rest,
    now: Instant,
    reference: Reference,
    *,
    corrects: int | None = None,
    never: bool = False,
) -> Answer:
    """The entries of what was typed, or what cannot be read.

    Args:
        event: one of `EVENTS`.
        typed: by the names of `inputs`; of a note also "about": the code that it gives the reason for.
        rest: where the course stands.
        now: to the minute.
        reference: with the limits of weight and length.
        corrects: the entry of the log that is put right, by its place.
        never: that entry never happened.
    """
    reader = _Reader(event, typed, rest, now, reference)
    names = reader.names()
    if never and corrects is not None:
        entry = {"at": now.format_iso(), "event": "corrects", "by": names, "index": corrects, "replacement": None}
        return Answer((entry,), {}) if "by" not in reader.faults else Answer((), reader.only("by"))
    at = reader.moment("at", now)
    more = reader.fields()
    if reader.faults:
        return Answer((), reader.faults)
    assert at is not None
    entry = {"at": at.format_iso(), "event": event, "by": names, **more}
    if corrects is not None:
        own = {"at": now.format_iso(), "event": "corrects", "by": names, "index": corrects, "replacement": entry}
        return Answer((own,), {})
    if event == "hung" and rest.progress.running is not None:  # a change: the bag that hangs comes down
        down = {"at": at.format_iso(), "event": "stopped", "by": names, "bag": rest.progress.running.bag.number}
        return Answer((down, entry), {})
    return Answer((entry,), {})


class _Reader:
    """Reads the fields of one event and gathers what is wrong with them."""

    def __init__(self, event: str, typed: Mapping[str, str], rest: Rest, now: Instant, reference: Reference) -> None:
        self._event, self._typed, self._rest = event, typed, rest
        self._now, self._reference = now, reference
        self._zone = zone_of(rest)
        self.faults: dict[str, str] = {}

    def only(self, name: str) -> dict[str, str]:
        return {key: value for key, value in self.faults.items() if key == name}

    def text(self, name: str) -> str:
        return self._typed.get(name, "").strip()

    def names(self) -> str:
        """Who stands for the entry: one name, or two different ones at a bag change."""
        first, second = " ".join(self.text("by").split()), " ".join(self.text("second").split())
        for name, said in (("by", first), ("second", second)):
            if NAMES.strip() in said:
                self.faults[name] = _("One name, without “;”.")
        if not first:
            self.faults["by"] = _("The name is missing.")
        if self._event not in TWO_NAMES:
            return first
        if not second:
            self.faults["second"] = _("A second name is missing: two people change a bag.")
        elif same_person(first, second):
            self.faults["second"] = _("This is the same name. Two people change a bag.")
        return f"{first}{NAMES}{second}"

    def moment(self, name: str, usual: Instant | None) -> Instant | None:
        """A time by the clock at the bed; "14:05" is today's. Never later than now."""
        text = self.text(name)
        if not text and usual is not None:
            return usual
        try:
            found = read_time(text, self._now, self._zone)
        except Refused as refused:
            said = refusal(_("Time"), refused.reason, refused.seen, refused.texts)
            self.faults[name] = " ".join([said, _("Write 14:05 for today, or 23-Nov-2026 14:05.")])
            return None
        if found > self._now:
            yesterday = self._now.to_tz(self._zone).date().subtract(days=1)
            self.faults[name] = _("{when} is in the future. For yesterday write {yesterday} {time}.").format(
                when=at_bed(found, self._zone),
                yesterday=date_words(yesterday.format_iso()),
                time=at_bed(found, self._zone)[-_CLOCK:],
            )
            return None
        return found

    def fields(self) -> Entry:
        """What the entry says beside when and who."""
        readers = {
            "prepared": self._made,
            "interrupted": lambda: {"reason": self._chosen("reason", _("Choose why the pump stands."))},
            "resumed": self._resumed,
            "measured": self._measured,
            "note": self._note,
            "rate-found": self._rate,
            "decision": self._decision,
        }
        return readers.get(self._event, self._bag)()

    def _bag(self) -> Entry:
        bag = self._chosen("bag", _("Choose the bag."))
        return {"bag": int(bag)} if bag else {}

    def _made(self) -> Entry:
        what, _blank, number = self._chosen("made", _("Choose the session or the bag.")).partition(" ")
        return {what: int(number)} if number else {}

    def _resumed(self) -> Entry:
        said = self._chosen("line_closed", _("Say whether the line stayed closed."))
        return {"line_closed": said == "yes", **({"sliding": True} if self.text("sliding") else {})}

    def _measured(self) -> Entry:
        limits = self._reference.limits
        found: Entry = {"weight_kg": self._quantity("weight", weight_field(limits))}
        if self.text("length"):
            found["length_cm"] = self._quantity("length", length_field(limits))
        return found

    def _note(self) -> Entry:
        if not self.text("text"):
            self.faults["text"] = _("The note is empty.")
        about = self._typed.get("about", "")
        return {"text": reason_note(about, self.text("text")) if about else self.text("text")}

    def _rate(self) -> Entry:
        begin, end = self.moment("from", None), self.moment("to", self.moment("at", self._now))
        if begin is not None and end is not None and begin >= end:
            self.faults["from"] = _("This is not before the end.")
        rate = self._quantity("rate", Field("rate", "mL/h", Decimal(0)))
        texts = {"from": begin, "to": end}
        return {"rate_ml_per_h": rate, **{key: each.format_iso() for key, each in texts.items() if each is not None}}

    def _decision(self) -> Entry:
        found: Entry = {"what": self._chosen("what", _("Choose what was decided."))}
        if found["what"] in {"waive", "run-on"}:
            found["hours"] = self._hours()
        if found["what"] == "restart":
            found |= self._restart()
        if found["what"] in {"waive", "restart"}:
            found["prescriber"] = " ".join(self.text("prescriber").split())
            if not found["prescriber"]:
                self.faults["prescriber"] = _("The prescriber's name is missing.")
        return found

    def _restart(self) -> Entry:
        rate = Field("dose_rate", "microgram/m^2/day", Decimal(0))
        found: Entry = {"dose_rate": self._quantity("dose_rate", rate)}
        if days := self.text("after_days"):
            if not (days.isascii() and days.isdigit() and 0 < int(days) <= _MOST_DAYS):
                self.faults["after_days"] = _("Write whole days, 1 to {most}.").format(most=_MOST_DAYS)
                return found
            found["then"] = {"after_days": int(days), "dose_rate": self._quantity("then_rate", rate)}
        return found

    def _chosen(self, name: str, ask: str) -> str:
        if not self.text(name):
            self.faults[name] = ask
        return self.text(name)

    def _quantity(self, name: str, accepts: Field) -> str:
        unit = next(each.unit for each in inputs(self._event, self._rest, self._typed) if each.name == name)
        try:
            return plain(magnitude(read_typed(compose(self.text(name), typed_unit(unit)), accepts), accepts.unit))
        except OutsideLimits as outside:
            lowest, highest = accepts.lower, accepts.upper
            self.faults[name] = (
                _("{found} is not between {lowest} and {highest} {unit}.").format(
                    found=outside.seen, lowest=lowest, highest=highest, unit=unit_words(unit)
                )
                if highest is not None
                else _("“{found}” is less than 0.").format(found=outside.seen)
            )
        except Refused as refused:
            self.faults[name] = refusal(accepts.name, refused.reason, refused.seen, refused.texts)
        return ""

    def _hours(self) -> str:
        """Hours as "3.5" or "3:20", as decimal hours."""
        text = self.text("hours").removesuffix("h").strip()
        whole, colon, minutes = text.partition(":")
        if colon and whole.isascii() and whole.isdigit() and len(minutes) == len("00") and minutes.isascii():
            if minutes.isdigit() and int(minutes) < MINUTES_PER_HOUR and int(whole) + int(minutes):
                return decimal_hours(int(whole) * MINUTES_PER_HOUR + int(minutes))
        elif not colon:
            try:
                hours = magnitude(read_typed(f"{text} h", Field("hours", "h", Decimal(0))), "h")
            except Refused:
                hours = Decimal(0)
            if hours and not hours * MINUTES_PER_HOUR % 1:
                return plain(hours)
        self.faults["hours"] = _("Write hours and whole minutes: 3:20, or 3.5.")
        return ""


def decimal_hours(minutes: int) -> str:
    """Minutes as hours with so many digits that they come back as the same minutes."""
    with localcontext(prec=_PRECISION):
        return plain(Decimal(minutes) / MINUTES_PER_HOUR)


def read_time(text: str, now: Instant, zone: str) -> Instant:
    """A time as it is typed at the bed: "14:05" of today, or with its date. Raises `Refused`."""
    seen = text.strip(BLANKS)
    head = seen[:_CLOCK]
    if len(seen) == _CLOCK - 1 and seen[1:2] == ":":  # "9:05"
        seen = f"0{seen}"
    if head.count(":") == 1 and "-" not in head and "." not in head:
        seen = f"{now.to_tz(zone).date().format_iso()} {seen}"
    return read_instant(seen, zone, typed=True)


def back_dated(entries: Sequence[Entry], now: Instant) -> bool:
    """Whether something is entered later than in the minute in which it happened."""
    return any(entry["at"] != now.format_iso() for entry in entries if entry["event"] != "corrects")


def typed_of(event: Mapping[str, Any], zone: str) -> dict[str, str]:
    """What the fields show of an entry that is put right: the reverse of `read`."""
    names = names_of(str(event.get("by", "")))
    found = {"by": names[0] if names else "", "second": names[1] if names[1:] else ""}
    for key in ("at", "from", "to"):
        if event.get(key):
            found[key] = at_bed(Instant.parse_iso(str(event[key])), zone)
    if event.get("session") is not None or event.get("event") == "prepared":
        kind = "session" if event.get("session") is not None else "bag"
        found["made"] = f"{kind} {event[kind]}"
    for key, name in (
        *(("bag", "bag"), ("reason", "reason"), ("text", "text"), ("what", "what"), ("prescriber", "prescriber")),
        *(("weight_kg", "weight"), ("length_cm", "length"), ("rate_ml_per_h", "rate"), ("dose_rate", "dose_rate")),
    ):
        if event.get(key) is not None:
            found[name] = str(event[key])
    if "text" in found:
        found["about"], found["text"] = read_note(found["text"])
    if event.get("hours") is not None:
        with localcontext(prec=_PRECISION):
            minutes = int((Decimal(str(event["hours"])) * MINUTES_PER_HOUR).to_integral_value())
        found["hours"] = f"{minutes // MINUTES_PER_HOUR}:{minutes % MINUTES_PER_HOUR:02}"
    if isinstance(event.get("then"), Mapping):
        found |= {"after_days": str(event["then"].get("after_days")), "then_rate": str(event["then"].get("dose_rate"))}
    if "line_closed" in event:
        found["sliding"] = "sliding" if event.get("sliding") else ""
        found["line_closed"] = "yes" if event["line_closed"] else "no"
    return found
