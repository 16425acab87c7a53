"""What happened at the bed, entry by entry: read, put in order with its corrections, and refused where it cannot be.

An entry is never erased: a wrong one is corrected by a later one, which names it by its place in the list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError
from whenever import Instant as PointInTime

from dosing_app.core.clock import FIRST_YEAR, LAST_YEAR, instant_of, minutes_of
from dosing_app.core.quantities import magnitude
from dosing_app.course.model import Frozen, Instant, Number, in_unit

_MOST_ENTRIES = 10_000


class ImpossibleLog(Exception):
    """An entry that cannot have happened; `reason` and `values` say why, `index` is its place in the list."""

    def __init__(self, index: int, reason: str, **values: str) -> None:
        """Name the entry."""
        super().__init__(f"entry {index}: {reason} {values}")
        self.index = index
        self.reason = reason
        self.values = values


class _Entry(Frozen):
    at: Instant
    by: str = ""


class Issued(_Entry):
    """A revision became the plan in force."""

    event: Literal["issued"]
    revision: int = Field(ge=1)


class Prepared(_Entry):
    """A session was held, or one bag made; `at` is the first puncture of a vial."""

    event: Literal["prepared"]
    session: int | None = None
    bag: int | None = None


class OutOfFridge(_Entry):
    """A bag was taken out of the refrigerator: its clock at room temperature runs from here."""

    event: Literal["out-of-fridge"]
    bag: int


class Hung(_Entry):
    """A bag was connected and the pump started."""

    event: Literal["hung"]
    bag: int


class Stopped(_Entry):
    """A bag was taken down."""

    event: Literal["stopped"]
    bag: int


class Interrupted(_Entry):
    """The pump stood still with the bag connected."""

    event: Literal["interrupted"]
    reason: Literal["technical", "procedure", "adverse-event", "unknown"]


class Resumed(_Entry):
    """The pump ran on with the same bag."""

    event: Literal["resumed"]
    line_closed: bool
    sliding: bool = False  # later changes are moved by the stop, instead of keeping their clock times


class Lost(_Entry):
    """A bag cannot be used any more; if it was running, it is down."""

    event: Literal["lost"]
    bag: int


class RateFound(_Entry):
    """The pump was found to have run at another rate between two moments."""

    event: Literal["rate-found"]
    begin: Instant = Field(alias="from")
    end: Instant = Field(alias="to")
    rate: in_unit("mL/h") = Field(alias="rate_ml_per_h")  # type: ignore[valid-type]


class Measured(_Entry):
    """The infant was weighed and measured again; the ordered dose is unchanged."""

    event: Literal["measured"]
    weight: in_unit("kg") = Field(alias="weight_kg")  # type: ignore[valid-type]
    length: in_unit("cm") | None = Field(default=None, alias="length_cm")  # type: ignore[valid-type]


class Then(Frozen):
    """The dose rate after so many days of a restart."""

    after_days: int = Field(ge=1, le=60)
    dose_rate: in_unit("microgram/m^2/day")  # type: ignore[valid-type]


class Decision(_Entry):
    """What somebody who answers for it decided about the rest of the course."""

    event: Literal["decision"]
    what: Literal["waive", "run-on", "new-bag", "restart"]
    hours: Number | None = None
    dose_rate: in_unit("microgram/m^2/day") | None = None  # type: ignore[valid-type]
    then: Then | None = None  # of a restart; without it its dose rate is kept to the end
    prescriber: str = ""


class Note(_Entry):
    """A remark."""

    event: Literal["note"]
    text: str


Event = Annotated[
    Issued
    | Prepared
    | OutOfFridge
    | Hung
    | Stopped
    | Interrupted
    | Resumed
    | Lost
    | RateFound
    | Measured
    | Decision
    | Note,
    Field(discriminator="event"),
]

_EVENT: TypeAdapter[Event] = TypeAdapter(Event)
_CORRECTS = "corrects"
_QUANTITIES = ("hours", "rate_ml_per_h", "weight_kg", "length_cm", "dose_rate")


@dataclass(frozen=True, slots=True)
class Happened:
    """An entry as it stands after all corrections.

    Attributes:
        index: its place in the list as it was written, from 0.
        event: what happened.
        corrected: whether a later entry put it right.
    """

    index: int
    event: Event
    corrected: bool = False


def read_log(entries: Sequence[Mapping[str, Any]], until: PointInTime | None = None) -> list[Happened]:
    """The log in the order in which things happened, corrections put in their place.

    Args:
        entries: as JSON has them; {"event": "corrects", "index": i, "replacement": {…}} puts entry i right, and
            a replacement of null says that it never happened. Places count from 0.
        until: entries after this moment are refused; None where every entry counts.

    Raises:
        ImpossibleLog: not-read, order, future, corrects.
    """
    if len(entries) > _MOST_ENTRIES:
        raise ImpossibleLog(_MOST_ENTRIES, "not-read", why=f"more than {_MOST_ENTRIES} entries")
    found: dict[int, Happened] = {}
    written: PointInTime | None = None
    for index, entry in enumerate(entries):
        if not isinstance(entry, Mapping):
            raise ImpossibleLog(index, "not-read", why="an entry is a table")
        at = _moment(index, entry)
        if written is not None and at < written:
            raise ImpossibleLog(index, "order", at=at.format_iso(), before=written.format_iso())
        if until is not None and at > until:
            raise ImpossibleLog(index, "future", at=at.format_iso(), until=until.format_iso())
        written = at
        if entry.get("event") == _CORRECTS:
            _correct(index, entry, found, at)
        else:
            found[index] = Happened(index, _event(index, entry))
    return sorted(found.values(), key=lambda each: each.event.at)  # of one moment, as they were written


def _moment(index: int, entry: Mapping[str, Any]) -> PointInTime:
    """When an entry says that it happened, to the minute."""
    try:
        at = PointInTime.parse_iso(str(entry.get("at")))
    except ValueError as error:
        raise ImpossibleLog(index, "not-read", why="at") from error
    if not FIRST_YEAR <= at.to_tz("UTC").year <= LAST_YEAR:
        raise ImpossibleLog(index, "not-read", why="at: the year")
    if instant_of(minutes_of(at)) != at:
        raise ImpossibleLog(index, "not-read", why="at: whole minutes")
    return at


def _correct(index: int, entry: Mapping[str, Any], found: dict[int, Happened], at: PointInTime) -> None:
    """Put an earlier entry right, in its own place."""
    unknown = set(entry) - {"at", "by", "event", "index", "replacement"}
    earlier, replacement = entry.get("index"), entry.get("replacement")
    if unknown or type(earlier) is not int or earlier not in found or "replacement" not in entry:
        raise ImpossibleLog(index, "corrects", earlier=str(earlier))
    if replacement is None:
        del found[earlier]
        return
    if not isinstance(replacement, Mapping) or replacement.get("event") == _CORRECTS:
        raise ImpossibleLog(index, "corrects", earlier=str(earlier))
    event = _event(index, {"at": found[earlier].event.at.format_iso(), **replacement})
    if event.at > at:
        raise ImpossibleLog(index, "future", at=event.at.format_iso(), until=at.format_iso())
    found[earlier] = Happened(earlier, event, corrected=True)


def _event(index: int, entry: Mapping[str, Any]) -> Event:
    given = _with_texts(entry)
    if isinstance(given.get("then"), Mapping):
        given["then"] = _with_texts(given["then"])
    try:
        event = _EVENT.validate_python(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = [str(part) for part in first["loc"]]
        raise ImpossibleLog(index, "not-read", why=where[-1] if where else "event") from error
    if isinstance(event, Decision) and event.then is not None and event.what != "restart":
        raise ImpossibleLog(index, "not-read", why="then")
    if isinstance(event, Prepared) and (event.session is None) == (event.bag is None):
        raise ImpossibleLog(index, "not-read", why="session or bag")
    if isinstance(event, RateFound) and not event.begin < event.end <= event.at:
        raise ImpossibleLog(index, "not-read", why="from and to")
    if isinstance(event, RateFound) and magnitude(event.rate, "mL/h") < 0:
        raise ImpossibleLog(index, "not-read", why="rate_ml_per_h")
    return event


def _with_texts(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry with its quantities as the texts of their digits."""
    return {
        key: str(value)
        if key in _QUANTITIES and isinstance(value, (int, Decimal)) and not isinstance(value, bool)
        else value
        for key, value in entry.items()
    }
