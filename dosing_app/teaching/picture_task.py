"""Picture tasks: read the syringe, program the pump, go on after a restart, connect a bag that was left out.

Drawn from a seed like the exercises and marked like them; what is drawn is told here as figures, the window draws it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from dosing_app.core.quantities import Refused, exact_arithmetic, magnitude, print_number, quantity
from dosing_app.core.recipe import delivered_volume
from dosing_app.course.plan import Bag
from dosing_app.reference.bundle import House, load_house
from dosing_app.reference.source import in_unit
from dosing_app.teaching.ask import Ask, read_answer
from dosing_app.teaching.chain import RATE, VOLUME, left_in_bag, rate_of
from dosing_app.teaching.exercise import WHOLE, Case, Draw, draw_case, make_exercise
from dosing_app.teaching.mistakes import TENTH, TIMES_TEN, Claim, Mark, Verdict, mark_all, mistake_words
from dosing_app.wording import figures
from dosing_app.wording.language import _, data_words
from dosing_app.wording.sentences import refusal
from dosing_app.wording.units import print_quantity

SYRINGE, PUMP, RESTART, LEFT_OUT = "read-syringe", "program-pump", "after-restart", "left-out"
TASKS = (SYRINGE, PUMP, RESTART, LEFT_OUT)
# Slips that only a picture brings about.
REAR_EDGE, MARKS, FROM_CONNECTION, BEYOND_BAG, TAKEN_OFF = (
    "rear-edge",
    "marks-miscounted",
    "from-connection",
    "beyond-the-bag",
    "taken-off-the-run",
)
# What is chosen before a number is typed.
DUE, ALL_OF_IT, FULL_AGAIN, FASTER = "still-due", "all-of-it", "full-again", "faster"
FROM_TAKEN_OUT, COUNT_ANEW, BACK, THROW = "from-taken-out", "count-anew", "back-into-the-cold", "throw-away"
_TRIES = 400
_MARKS_BETWEEN = (10, 5)  # from one number on a syringe to the next
_MANY_MARKS = 50
_STOPPER = 6  # marks that the stopper covers
_PARTS_OF_MARK = 10  # within which a reading is right
_WITHIN_HOURS = Decimal("0.05")
_OUT = (2, 5)  # hours that a bag was left out


@dataclass(frozen=True, slots=True)
class SyringePicture:
    """A syringe as it is drawn: all in mL."""

    holds: Decimal
    mark: Decimal
    between: int  # marks from one number to the next
    at: Decimal  # where the front edge of the stopper stands
    stopper: Decimal  # how far behind it the rear edge stands

    @property
    def said(self) -> str:
        """The picture in words, without the volume."""
        with exact_arithmetic():
            apart = self.mark * self.between
            number = self.at // apart * apart
            beyond = int((self.at - number) / self.mark)
        return _(
            "A syringe of {holds} mL, numbered every {apart} mL, with {between} spaces between two numbers. The front "
            "edge of the stopper stands {beyond} marks beyond the number {number}, the rear edge further back."
        ).format(
            holds=print_number(self.holds),
            apart=print_number(apart),
            between=self.between,
            beyond=beyond,
            number=print_number(number),
        )


@dataclass(frozen=True, slots=True)
class BagPicture:
    """A bag as it is drawn: what it held and what it still holds, in mL."""

    total: Decimal
    left: Decimal


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to do."""

    key: str
    text: str
    why: str  # what is said when it is chosen


@dataclass(frozen=True, slots=True)
class PictureTask:
    """One picture task: perhaps something to choose, then one number or two."""

    seed: int
    kind: str
    title: str
    given: tuple[tuple[str, str], ...]
    question: str  # of the choice; empty where nothing is chosen
    choices: tuple[Choice, ...]
    right: str  # key of the right choice
    asks: tuple[Ask, ...]
    slips: tuple[Claim, ...]  # of the picture; the others follow from the asks
    source: str
    syringe: SyringePicture | None = None
    bag: BagPicture | None = None


def task_name(kind: str) -> str:
    """A kind of picture task in words."""
    return {
        SYRINGE: _("Read the syringe"),
        PUMP: _("Program the pump"),
        RESTART: _("Go on after an alarm"),
        LEFT_OUT: _("A bag left out"),
    }[kind]


def picture_task(seed: int, kind: str, house: House | None = None) -> PictureTask:
    """A picture task from a seed; the same on every machine.

    Args:
        seed: from 0 on.
        kind: of `TASKS`.
        house: the site's settings; the defaults where none are given.

    Raises:
        ValueError: a seed below zero. KeyError: no such kind.
    """
    house = house or load_house()
    draw, make = Draw(seed), _MAKERS[kind]
    for _try in range(_TRIES):
        made = make(draw, house)
        if made is not None:
            return replace(made, seed=seed, choices=_shuffled(made.choices, draw))
    raise ValueError("no such case was found")


def _shuffled(choices: Sequence[Choice], draw: Draw) -> tuple[Choice, ...]:
    """In an order by the seed, so that the right one stands nowhere in particular."""
    left, dealt = list(choices), []
    while left:
        dealt.append(left.pop(draw.below(len(left))))
    return tuple(dealt)


def picture_tasks(seed: int, count: int, house: House | None = None) -> tuple[PictureTask, ...]:
    """Some picture tasks, each kind in turn. Raises ValueError for a seed below zero."""
    draw, house = Draw(seed), house or load_house()
    return tuple(picture_task(draw.seed(), TASKS[place % len(TASKS)], house) for place in range(count))


# ---- read the syringe ----


def _case(draw: Draw, house: House) -> tuple[Case, Bag] | None:
    case = draw_case(draw, WHOLE, house)
    return (case, case.bag) if case is not None and case.bag is not None else None


def _read_syringe(draw: Draw, house: House) -> PictureTask | None:
    found = _case(draw, house)
    if found is None:
        return None
    case, bag = found
    drawn = _syringe(bag, case.reference.site.syringes)
    if drawn is None:
        return None
    ask = _ask(
        SYRINGE,
        _("Which volume does the syringe hold?"),
        drawn.at,
        "mL",
        drawn.mark / _PARTS_OF_MARK,
        hints=(
            _("The front edge of the stopper is read, the one towards the tip."),
            _("How many spaces are there between two numbers? Then how much is one space?"),
        ),
    )
    given = ((_("syringe"), _("of {volume} mL").format(volume=print_number(drawn.holds))),)
    return PictureTask(
        0, SYRINGE, task_name(SYRINGE), given, "", (), "", (ask,), _syringe_slips(drawn), "", syringe=drawn
    )


def _syringe(bag: Bag, syringes: Mapping[Decimal, Decimal]) -> SyringePicture | None:
    volume, mark = magnitude(bag.drug, "mL"), magnitude(bag.graduation, "mL")
    fitting = [holds for holds, own in syringes.items() if own == mark and volume < holds]
    if not fitting:
        return None  # two syringes together, which is another picture
    holds = min(fitting)
    with exact_arithmetic():
        between = _MARKS_BETWEEN[0] if holds / mark > _MANY_MARKS else _MARKS_BETWEEN[1]
        if volume + mark * _STOPPER > holds or volume < mark:
            return None
        return SyringePicture(holds, mark, between, volume, mark * _STOPPER)


def _syringe_slips(drawn: SyringePicture) -> tuple[Claim, ...]:
    with exact_arithmetic():
        apart = drawn.mark * drawn.between
        number = drawn.at // apart * apart
        beyond = (drawn.at - number) / drawn.mark
        other = next(each for each in _MARKS_BETWEEN if each != drawn.between)
        gives = {
            REAR_EDGE: drawn.at + drawn.stopper,
            MARKS: number + beyond * apart / other,
            TIMES_TEN: drawn.at * 10,
            TENTH: drawn.at / 10,
        }
        apart_from_right = 2 * drawn.mark / _PARTS_OF_MARK
        return tuple(
            Claim(name, "", value) for name, value in gives.items() if abs(value - drawn.at) > apart_from_right
        )


# ---- program the pump ----


def _program_pump(draw: Draw, house: House) -> PictureTask | None:
    """Rate and volume of one bag, as its label has them."""
    whole = make_exercise(draw.seed(), WHOLE, house=house)
    asks = {ask.step: ask for ask in whole.asks}
    chain = asks[VOLUME].chain
    assert chain is not None
    wanted = (_("bag before"), _("this bag"), _("a full bag delivers"), _("bag is to run for"))
    given = dict(whole.given)
    return PictureTask(
        seed=0,
        kind=PUMP,
        title=task_name(PUMP),
        given=(
            *((name, given[name]) for name in wanted),
            (_("in the bag"), print_quantity(left_in_bag(chain), "mL", 1)),
        ),
        question="",
        choices=(),
        right="",
        asks=(asks[RATE], replace(asks[VOLUME], question=_("Which volume to be infused is the pump set to?"))),
        slips=(),
        source="",
    )


# ---- go on after an alarm ----


def _restart(draw: Draw, house: House) -> PictureTask | None:
    """What is still due, with what is still in the bag before one's eyes."""
    made = make_exercise(draw.seed(), VOLUME, house=house)
    (ask,) = made.asks
    chain = ask.chain
    assert chain is not None
    if not magnitude(chain.infused, "h"):
        return None
    full = replace(chain, infused=quantity(Decimal(0), "h"))
    total, left = magnitude(left_in_bag(full), "mL"), magnitude(left_in_bag(chain), "mL")
    so_far = delivered_volume(rate_of(chain), chain.infused)
    return PictureTask(
        seed=0,
        kind=RESTART,
        title=task_name(RESTART),
        given=(
            *((name, text) for name, text in made.given if name not in {_("in the bag"), _("bag before")}),
            (_("has run"), print_quantity(chain.infused, "h")),
            (_("infused"), print_quantity(so_far, "mL", 1)),
            (_("still in the bag"), print_quantity(left_in_bag(chain), "mL", 1)),
        ),
        question=_("The pump was switched off and on after an alarm, and has forgotten its volumes. What is done?"),
        choices=(
            Choice(DUE, _("Set what is still due; the rest of the bag is discarded."), _("Right.")),
            Choice(
                ALL_OF_IT, _("Set what the bag still holds."), _("Overfill and priming are in it: too much is given.")
            ),
            Choice(
                FULL_AGAIN,
                _("Set the full volume of the bag again."),
                _("Part of it has been infused before."),
            ),
            Choice(
                FASTER,
                _("Set a higher rate, until the lost time is made up."),
                _("The rate is the one on the label. Nobody makes up time at the bedside."),
            ),
        ),
        right=DUE,
        asks=(replace(ask, question=_("How much is still to be infused?")),),
        slips=(),
        source="",
        bag=BagPicture(total, left),
    )


# ---- a bag left out ----


def _left_out(draw: Draw, house: House) -> PictureTask | None:
    """The hours at room temperature count from when a bag was taken out, not from its connection."""
    found = _case(draw, house)
    if found is None:
        return None
    case, bag = found
    product = case.reference.product
    kind = product.kinds[bag.kind.partition("@")[0]]
    room = product.storage[kind.storage].at_room
    out = draw.between(*_OUT)
    runs, limit = magnitude(bag.runs, "h"), in_unit(room, "h")
    assert out < runs <= limit, "no bag of an exercise runs for hours alone, or longer than it keeps"
    right = min(runs, limit - out)
    ask = _ask(
        LEFT_OUT,
        _("For how many hours may it run at most?"),
        right,
        "h",
        _WITHIN_HOURS,
        hints=(
            _("Two limits: for how long the bag is made, and for how long it keeps at room temperature."),
            _("From when on does the second one count?"),
        ),
    )
    total = magnitude(bag.total, "mL")
    return PictureTask(
        seed=0,
        kind=LEFT_OUT,
        title=task_name(LEFT_OUT),
        given=(
            (_("this bag"), f"{figures.kind_words(bag, case.plan)}, {data_words(product.title)}"),
            (_("prepared"), _("yesterday, at 2–8 °C until it was taken out")),
            (_("taken out"), _("{hours} h ago, and not connected yet").format(hours=out)),
            (
                _("keeps at room temperature"),
                _("{hours}, infusion included").format(hours=print_quantity(room.quantity, "h")),
            ),
            (_("is to run for"), print_quantity(bag.runs, "h")),
        ),
        question=_("The bag lay beside the bed. What is done?"),
        choices=(
            Choice(
                FROM_TAKEN_OUT,
                _("Connect it; the hours at room temperature count from when it was taken out."),
                _("Right."),
            ),
            Choice(
                COUNT_ANEW,
                _("Connect it; the hours count from the connection."),
                _("They began when it was taken out."),
            ),
            Choice(
                BACK,
                _("Put it back into the refrigerator until it is wanted."),
                _("Once out of the refrigerator a bag does not go back."),
            ),
            Choice(THROW, _("Discard it at once."), _("By its product data it may still run: look at its limit.")),
        ),
        right=FROM_TAKEN_OUT,
        asks=(ask,),
        slips=_hour_slips(runs, limit, Decimal(out), right),
        source=_("{source}, grade {grade}").format(source=data_words(room.source), grade=room.grade),
        bag=BagPicture(total, total),
    )


def _hour_slips(runs: Decimal, limit: Decimal, out: Decimal, right: Decimal) -> tuple[Claim, ...]:
    gives = (
        (FROM_CONNECTION, min(runs, limit)),
        (BEYOND_BAG, limit - out),
        (TAKEN_OFF, runs - out),
        (BEYOND_BAG, limit),
    )
    kept: dict[Decimal, Claim] = {}
    for name, value in gives:
        if value != right:
            kept.setdefault(value, Claim(name, "", value))
    return tuple(kept.values())


def _ask(kind: str, question: str, right: Decimal, unit: str, tolerance: Decimal, hints: tuple[str, ...]) -> Ask:
    return Ask(
        step=kind,
        question=question,
        right=quantity(right, unit),
        unit=unit,
        places=max(0, -int(right.as_tuple().exponent)),
        tolerance=tolerance,
        equation="",
        known=(),
        hints=hints,
    )


_MAKERS: dict[str, Callable[[Draw, House], PictureTask | None]] = {
    SYRINGE: _read_syringe,
    PUMP: _program_pump,
    RESTART: _restart,
    LEFT_OUT: _left_out,
}


# ---- marking ----


def mark_choice(task: PictureTask, chosen: str) -> tuple[bool, str]:
    """Whether what was chosen is right, and why."""
    why = next(choice.why for choice in task.choices if choice.key == chosen)
    return chosen == task.right, why


def mark_numbers(task: PictureTask, texts: Sequence[str]) -> tuple[Mark, ...]:
    """Mark the typed numbers, one for each ask."""
    if all(ask.chain is not None for ask in task.asks):
        return mark_all(task.asks, texts)
    return tuple(_mark(task, ask, text) for ask, text in zip(task.asks, texts, strict=True))


def slip_words(claim: Claim) -> str:
    """A slip of a picture in one sentence."""
    own = {
        REAR_EDGE: _("The rear edge of the stopper was read; the front edge, towards the tip, shows the volume."),
        MARKS: _("The marks were counted as another syringe has them: look at the spaces between two numbers."),
        FROM_CONNECTION: _("The hours were counted from the connection; they began when the bag was taken out."),
        BEYOND_BAG: _("It may stand for so long, but it is to run no longer than it is meant for."),
        TAKEN_OFF: _("The hours outside were taken off the run, although the limit allows the whole of it."),
    }
    return own[claim.name] if claim.name in own else mistake_words(claim)


def _mark(task: PictureTask, ask: Ask, text: str) -> Mark:
    try:
        answer = read_answer(ask, text)
    except Refused as refused:
        return Mark(Verdict.UNREAD, (), refusal(_("Answer"), refused.reason, refused.seen, refused.texts))
    assert isinstance(answer.value, Decimal)
    assert isinstance(ask.value, Decimal)
    with exact_arithmetic():
        if abs(answer.value - ask.value) <= ask.tolerance:
            return Mark(Verdict.RIGHT, (), _("Right."))
        found = tuple(
            claim
            for claim in task.slips
            if isinstance(claim.value, Decimal) and abs(claim.value - answer.value) <= ask.tolerance
        )
    if not found:
        return Mark(Verdict.WRONG, (), _("No known slip gives this answer. Look at the next hint."))
    return Mark(Verdict.MISTAKE, found, " ".join(map(slip_words, found)))
