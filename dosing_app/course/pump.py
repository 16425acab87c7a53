"""What the pump shows, or the eye sees in the bag, against the log: fits, does not fit and why, or cannot tell yet.

Every mistake that is known is worked out: what would the pump show now if it had been made? A reading fits only where
no mistake that matters would give it as well, and none fits while the bag is to be taken down.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from whenever import Instant

from dosing_app.core.clock import MINUTES_PER_HOUR, instant_of, minutes_of
from dosing_app.core.quantities import Field, Quantity, exact_arithmetic, magnitude, quantity
from dosing_app.course.bedside import why_down
from dosing_app.course.plan import Bag
from dosing_app.course.progress import Progress, Running
from dosing_app.course.replan import Rest
from dosing_app.reference.bundle import Reference
from dosing_app.reference.product import Product, load_product
from dosing_app.reference.source import in_unit, shipped

INFUSED, SEEN, RATE = "infused", "volume-seen", "rate"
READINGS = (INFUSED, SEEN, RATE)  # first what the pump shows
FITS, DOES_NOT_FIT, CANNOT_TELL = "fits", "does-not-fit", "cannot-tell"
# What would explain a reading. Those that are not dangerous are slips of reading: the infant gets what was planned.
RATE_BEFORE, OTHER_REGION, PER_DAY, RATE_NEXT, OTHER_KIND = (
    *("rate-before", "other-region", "per-day", "rate-next", "other-kind"),
)
TIMES_TEN, TENTH, STANDING = "times-ten", "tenth", "standing"
STOPPED_SINCE, RAN_ON, BEYOND_VOLUME = "stopped-since", "ran-on", "beyond-volume"
NOT_RESET, RESET_LATER, VOLUME_DUE_READ, BAG_CONTENT_READ, INFUSED_READ = (
    *("not-reset", "reset-later", "volume-due-read", "bag-content-read", "infused-read"),
)
EXPLANATIONS = (
    *(RATE_BEFORE, OTHER_REGION, PER_DAY, RATE_NEXT, OTHER_KIND, TIMES_TEN, TENTH, STANDING),
    *(STOPPED_SINCE, RAN_ON, BEYOND_VOLUME),
    *(NOT_RESET, RESET_LATER, VOLUME_DUE_READ, BAG_CONTENT_READ, INFUSED_READ),
)
_HARMLESS = {NOT_RESET, RESET_LATER, VOLUME_DUE_READ, BAG_CONTENT_READ, INFUSED_READ}
_HOURS_PER_DAY = 24
_LOOK_EVERY = 15  # minutes: people look at quarters of an hour


@dataclass(frozen=True, slots=True)
class Explanation:
    """What would give a reading.

    Attributes:
        code: one of `EXPLANATIONS`.
        rate: at which the pump would run. [mL/h]
        since: moment from which it would stand still, run on, or count anew.
        bag: whose volume the counter would still hold, or whose rate it is.
        product: title of the product data of which the rate is.
        hours: duration of the bag kind of which the rate is. [h]
    """

    code: str
    rate: Quantity | None = None
    since: Instant | None = None
    bag: int | None = None
    product: str = ""
    hours: int = 0

    @property
    def dangerous(self) -> bool:
        """Whether the infant would get something else than planned."""
        return self.code not in _HARMLESS


@dataclass(frozen=True, slots=True)
class Reading:
    """The verdict on one reading. In mL, or mL/h for a rate.

    Attributes:
        what: one of `READINGS`.
        verdict: fits, does-not-fit or cannot-tell.
        found: as typed.
        expected: by the log.
        tolerance: within which it agrees with the log.
        explanations: of a reading that does not fit, the nearest first; where none can be told, what it may be.
        look_again: from when on the expected values lie apart; None where they do not before the bag comes down.
        expected_then: at that moment, by the log.
        stands_since: of a rate, since when the pump stands by the log.
        why_down: why the bag is to be taken down now (`bedside.why_down`): then no reading fits.
    """

    what: str
    verdict: str
    found: Decimal
    expected: Decimal
    tolerance: Decimal
    explanations: tuple[Explanation, ...] = ()
    look_again: Instant | None = None
    expected_then: Decimal | None = None
    stands_since: Instant | None = None
    why_down: str = ""

    @property
    def agrees(self) -> bool:
        """Whether the number agrees with the log and nothing else would give it."""
        return not self.explanations and abs(self.found - self.expected) <= self.tolerance


@dataclass(frozen=True, slots=True)
class _Guess:
    """A rate at which the pump may have run since the bag was connected. Minutes and mL."""

    explanation: Explanation
    volume: Decimal  # infused by now
    pace: Decimal  # mL/h from now on


@dataclass(frozen=True, slots=True)
class _Scene:
    """The running bag with all that a reading is judged by."""

    rest: Rest
    running: Running
    reference: Reference
    seen: bool  # by eye, not from the pump

    @property
    def progress(self) -> Progress:
        return self.rest.progress

    @property
    def now(self) -> int:
        return minutes_of(self.progress.at)

    @property
    def rate(self) -> Decimal:
        return magnitude(self.running.bag.rate, "mL/h")

    @property
    def holds(self) -> Decimal:
        """What the bag held when it was connected. [mL]"""
        return self.running.ledger.total - self.running.ledger.primed

    @property
    def stands(self) -> bool:
        return self.running.interrupted_since is not None

    def tolerance(self, infused: Decimal, pace: Decimal) -> Decimal:
        """Within which a reading agrees with an infused volume. [mL]

        The pump's error on what it infused, the reading itself, and how late changes are written down; by eye also
        how full the bag was filled.
        """
        limits = self.reference.limits
        late = pace * limits.value("reading_minutes") / MINUTES_PER_HOUR
        pump = abs(infused) * limits.value("pump_error_percent") / 100
        if not self.seen:
            return pump + late + limits.value("pump_reading_ml")
        return pump + late + limits.value("seen_volume_ml") + _fill(self.running.bag, self.reference)


def pump_field(what: str, rest: Rest, reference: Reference) -> Field:
    """What the field for a reading accepts: from nothing to all that any slip could show.

    Args:
        what: one of `READINGS`.
        rest: with a bag that hangs.
        reference: product data and limits.
    """
    running = _connected(rest)
    with exact_arithmetic():
        if what == RATE:
            rates = [in_unit(kind.rate, "mL/h") for product in _products(reference) for kind in product.kind]
            return Field(what, "mL/h", Decimal(0), max(rates) * _HOURS_PER_DAY)
        total = running.ledger.total
        if what == SEEN:
            most = total + _fill(running.bag, reference) + reference.limits.value("seen_volume_ml")
            return Field(what, "mL", Decimal(0), most)
        hung = [rest.progress.bags[number] for number in rest.progress.hung]
        return Field(what, "mL", Decimal(0), sum((magnitude(bag.total, "mL") for bag in hung), Decimal(0)))


def read_pump(what: str, typed: Quantity, rest: Rest, reference: Reference) -> Reading:
    """Whether a reading agrees with the log, and what would explain it if not.

    Args:
        what: infused, as the pump shows it; volume-seen, in the bag; or rate, as the pump shows it.
        typed: read by `core.quantities.read_quantity` with `pump_field`. [mL or mL/h]
        rest: where the course stands at the moment of reading, with a bag that hangs.
        reference: product data, site and limits.

    Raises:
        ValueError: no bag hangs.

    Source: pump's error domain.md section 2 [B]; the tolerances of reading are judgement (limits.toml) [J].
    """
    running = _connected(rest)
    with exact_arithmetic():
        scene = _Scene(rest, running, reference, seen=what == SEEN)
        if what == RATE:
            reading = _read_rate(magnitude(typed, "mL/h"), scene)
        else:
            reading = _read_volume(what, magnitude(typed, "mL"), scene)
    why = why_down(rest.progress)
    if not why:
        return reading
    # what it may be as well, and a later look, are of no use for a bag that comes down now
    told = reading.explanations if reading.verdict == DOES_NOT_FIT else ()
    return replace(reading, verdict=DOES_NOT_FIT, why_down=why, explanations=told, look_again=None, expected_then=None)


def _connected(rest: Rest) -> Running:
    if rest.progress.running is None:
        msg = "a reading is of a bag that hangs"
        raise ValueError(msg)
    return rest.progress.running


def _read_rate(found: Decimal, scene: _Scene) -> Reading:
    """A rate is what the pump runs at: the bag's, nothing while the pump stands by the log, or another."""
    since = scene.running.interrupted_since
    expected = scene.rate if since is None else Decimal(0)
    if found == expected:
        return Reading(RATE, FITS, found, expected, Decimal(0), stands_since=since)
    explained = [
        each for each in _other_rates(scene) if each.rate is not None and magnitude(each.rate, "mL/h") == found
    ]
    if since is not None:
        explained = [Explanation(RAN_ON, since=since), *explained]
    elif not found:
        explained = [Explanation(STANDING)]
    return Reading(RATE, DOES_NOT_FIT, found, expected, Decimal(0), tuple(explained), stands_since=since)


def _read_volume(what: str, found: Decimal, scene: _Scene) -> Reading:
    """Both volumes are judged as what was infused: what is seen in the bag is what is not infused yet."""
    ledger = scene.running.ledger
    infused = scene.holds - found if scene.seen else found
    pace = Decimal(0) if scene.stands else scene.rate
    tolerance = scene.tolerance(ledger.infused, scene.rate)
    expected = ledger.in_bag if scene.seen else ledger.infused
    due = _to_be_given(scene)
    beyond = infused - due > scene.tolerance(due, scene.rate)
    guesses = list(_guesses(scene))
    alike = [each for each in guesses if abs(infused - each.volume) <= scene.tolerance(each.volume, each.pace)]
    if abs(infused - ledger.infused) > tolerance or beyond:
        near = sorted(alike, key=lambda each: abs(infused - each.volume) / scene.tolerance(each.volume, each.pace))
        explained = [
            *([Explanation(BEYOND_VOLUME)] if beyond and infused - scene.holds <= tolerance else []),
            *(each.explanation for each in near),
            *_slips_of_reading(found, scene),
            *_stops(infused, scene),
        ]
        return Reading(what, DOES_NOT_FIT, found, expected, tolerance, tuple(explained))
    doubts = [each for each in alike if each.explanation.dangerous]
    if _may_have_stopped(infused, scene):
        doubts += [_Guess(each, infused, Decimal(0)) for each in _stops(infused, scene) if each.dangerous]
    if not doubts:
        return Reading(what, FITS, found, expected, tolerance)
    moment = _look_again(doubts, pace, scene)
    then = None
    if moment is not None:
        change = pace * (moment - scene.now) / MINUTES_PER_HOUR
        then = expected - change if scene.seen else expected + change
    look = None if moment is None else instant_of(moment)
    codes = tuple(each.explanation for each in doubts)
    return Reading(what, CANNOT_TELL, found, expected, tolerance, codes, look, then)


def _fill(bag: Bag, reference: Reference) -> Decimal:
    """By how much a bag may hold more or less than calculated with; nothing if it was made up to a volume. [mL]"""
    if bag.made_up_to is not None:
        return Decimal(0)
    saline = reference.product.saline
    middle = in_unit(saline.calculate_with, "mL")
    return max(in_unit(saline.fill_to, "mL") - middle, middle - in_unit(saline.fill_from, "mL"))


def _products(reference: Reference) -> list[Product]:
    return [reference.product, *(load_product(name) for name in shipped("products"))]


def _to_be_given(scene: _Scene) -> Decimal:
    """What the bag is to give in all until its take-down. [mL]"""
    ledger, end = scene.running.ledger, minutes_of(scene.running.take_down)
    if scene.now <= end:
        return ledger.infused + ledger.to_be_infused
    return ledger.infused - scene.rate * _ran(end, scene.now, scene.progress) / MINUTES_PER_HOUR


def _ran(begin: int, end: int, progress: Progress) -> int:
    """Minutes between two moments in which the pump ran by the log."""
    stood = 0
    for first, last, _reason in progress.gaps:
        until = end if last is None else min(end, minutes_of(last))
        stood += max(0, until - max(begin, minutes_of(first)))
    return max(0, end - begin - stood)


def _back(minutes: Decimal, scene: _Scene) -> Instant:
    """The moment since which the pump ran so many minutes by the log, to the minute before; at most the connection."""
    earliest, moment = minutes_of(scene.running.connected), scene.now
    low, high = earliest, moment
    while low < high:  # the latest moment since which it ran at least so long
        middle = (low + high + 1) // 2
        if _ran(middle, scene.now, scene.progress) >= minutes:
            low = middle
        else:
            high = middle - 1
    return instant_of(low)


# ---- the mistakes ----


def _other_rates(scene: _Scene) -> list[Explanation]:
    """Rates that the pump may have been set to by mistake, each once, the likeliest first."""
    found: dict[Decimal, Explanation] = {}
    for each in _rates(scene):
        assert each.rate is not None
        rate = magnitude(each.rate, "mL/h")
        if rate != scene.rate:
            found.setdefault(rate, each)
    return list(found.values())


def _rates(scene: _Scene) -> Iterator[Explanation]:
    bag, product = scene.running.bag, scene.reference.product
    before = _before(scene)
    if before is not None:
        yield Explanation(RATE_BEFORE, before.rate, bag=before.number)
    own = bag.kind.partition("@")[0]
    for name in shipped("products"):
        other = load_product(name)
        if other.name != product.name:
            for kind in other.kind:
                if kind.name == own:
                    yield Explanation(OTHER_REGION, kind.rate.quantity, product=other.title, hours=kind.hours)
    yield Explanation(PER_DAY, quantity(scene.rate * _HOURS_PER_DAY, "mL/h"))
    if scene.rest.bags:
        yield Explanation(RATE_NEXT, scene.rest.bags[0].rate, bag=scene.rest.bags[0].number)
    for kind in product.kind:
        yield Explanation(OTHER_KIND, kind.rate.quantity, hours=kind.hours)
    yield Explanation(TIMES_TEN, quantity(scene.rate * 10, "mL/h"))
    yield Explanation(TENTH, quantity(scene.rate / 10, "mL/h"))


def _before(scene: _Scene) -> Bag | None:
    """The bag that hung before."""
    progress = scene.progress
    earlier = [number for number, moment in progress.hung.items() if moment < scene.running.connected]
    return progress.bags[max(earlier, key=lambda number: progress.hung[number])] if earlier else None


def _guesses(scene: _Scene) -> Iterator[_Guess]:
    """What would be infused by now had the pump run at another rate, or had it run on while it was to stand."""
    ran = _ran(minutes_of(scene.running.connected), scene.now, scene.progress)
    for each in _other_rates(scene):
        assert each.rate is not None
        rate = magnitude(each.rate, "mL/h")
        volume = min(scene.holds, rate * ran / MINUTES_PER_HOUR)
        yield _Guess(each, volume, Decimal(0) if scene.stands or volume == scene.holds else rate)
    since = scene.running.interrupted_since
    if since is not None:
        more = scene.rate * (scene.now - minutes_of(since)) / MINUTES_PER_HOUR
        volume = min(scene.holds, scene.running.ledger.infused + more)
        yield _Guess(Explanation(RAN_ON, since=since), volume, scene.rate)


def _slips_of_reading(found: Decimal, scene: _Scene) -> Iterator[Explanation]:
    """One number of the pump taken for another, or a counter that was not set to nothing at the last change."""
    ledger, limits = scene.running.ledger, scene.reference.limits
    exact = _Scene(scene.rest, scene.running, scene.reference, seen=False)
    if abs(found - ledger.to_be_infused) <= exact.tolerance(ledger.infused, scene.rate):
        yield Explanation(VOLUME_DUE_READ)
    if scene.seen:
        if abs(found - ledger.infused) <= exact.tolerance(ledger.infused, scene.rate):
            yield Explanation(INFUSED_READ)
        return
    if abs(found - ledger.in_bag) <= limits.value("seen_volume_ml"):
        yield Explanation(BAG_CONTENT_READ)
    progress, volume = scene.progress, ledger.infused
    earlier = sorted(
        (number for number, moment in progress.hung.items() if moment < scene.running.connected),
        key=lambda number: progress.hung[number],
        reverse=True,
    )
    for number in earlier:
        bag, end = progress.bags[number], progress.down.get(number, scene.running.connected)
        ran = _ran(minutes_of(progress.hung[number]), minutes_of(end), progress)
        volume += magnitude(bag.rate, "mL/h") * ran / MINUTES_PER_HOUR
        if abs(found - volume) <= scene.tolerance(volume, scene.rate):
            yield Explanation(NOT_RESET, bag=number)
            return


def _stops(infused: Decimal, scene: _Scene) -> Iterator[Explanation]:
    """Since when the pump would have stood still, run on or counted anew."""
    ledger, since = scene.running.ledger, scene.running.interrupted_since
    if infused < ledger.infused:
        missing = (ledger.infused - infused) / scene.rate * MINUTES_PER_HOUR
        yield Explanation(STOPPED_SINCE, since=_back(missing, scene))
        if infused > 0 and not scene.seen:
            yield Explanation(RESET_LATER, since=_back(infused / scene.rate * MINUTES_PER_HOUR, scene))
    elif since is not None and infused - ledger.infused <= scene.rate * (scene.now - minutes_of(since)):
        yield Explanation(RAN_ON, since=since)


def _may_have_stopped(infused: Decimal, scene: _Scene) -> bool:
    """Whether a stop so long that it matters lies at least as near to the reading as the log does."""
    missed = scene.rate * scene.reference.limits.value("long_gap_h")
    expected = scene.running.ledger.infused
    return missed <= expected and infused * 2 <= expected * 2 - missed


def _look_again(doubts: list[_Guess], pace: Decimal, scene: _Scene) -> int | None:
    """The first quarter of an hour at which no reading could agree both with the log and with one of the doubts."""
    expected, end = scene.running.ledger.infused, minutes_of(scene.running.take_down)
    moment = scene.now - scene.now % _LOOK_EVERY + _LOOK_EVERY
    while moment <= end:
        hours = Decimal(moment - scene.now) / MINUTES_PER_HOUR
        planned = expected + pace * hours
        others = [(min(scene.holds, each.volume + each.pace * hours), each.pace) for each in doubts]
        if all(
            abs(planned - other) > scene.tolerance(planned, scene.rate) + scene.tolerance(other, at)
            for other, at in others
        ):
            return moment
        moment += _LOOK_EVERY
    return None
