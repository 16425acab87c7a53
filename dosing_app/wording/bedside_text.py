"""What the bed is told, in sentences: the board, readings of the pump, a bag's code, and the checks of a change."""

from decimal import ROUND_HALF_UP, Decimal

from dosing_app.core.quantities import (
    NO_BREAK_SPACE,
    OutsideLimits,
    Quantity,
    Refused,
    exact_arithmetic,
    magnitude,
    print_number,
    printable,
)
from dosing_app.core.quantities import Field as QuantityField
from dosing_app.course import bedside, pump
from dosing_app.course.bedside import Board, CodeAnswer
from dosing_app.course.pump import Explanation, Reading
from dosing_app.wording import figures
from dosing_app.wording.language import _
from dosing_app.wording.log_text import at_bed, span
from dosing_app.wording.sentences import refusal
from dosing_app.wording.units import print_quantity, unit_words

_TENTH = Decimal("0.1")  # mL to which volumes at the bed are shown


def state_name(state: str) -> str:
    """The state of a row of the schedule (`course.schedule.STATES`) in a word or two."""
    return {
        "planned": _("planned"),
        "prepared": _("prepared"),
        "running": _("running"),
        "interrupted": _("interrupted"),
        "done": _("done"),
        "lost": _("lost"),
        "superseded": _("superseded"),
        "past-limit": _("past its limit"),
        "other-dose": _("made for another dose"),
        "not-needed": _("not needed any more"),
    }[state]


# ---- the board ----


def board_state(board: Board) -> str:
    """Where the course stands, in a few words."""
    return {
        bedside.NOT_BEGUN: _("Not begun"),
        bedside.RUNNING: _("Running"),
        bedside.INTERRUPTED: _("Interrupted"),
        bedside.NO_BAG: _("No bag connected"),
        bedside.RESTART: _("Waiting for the prescriber"),
        bedside.FINISHED: _("Finished"),
    }[board.state]


def bag_words(board: Board) -> str:
    """Print "Bag 2 of 8"; empty where no bag hangs."""
    if board.bag is None:
        return ""
    return _("Bag {number} of {of}").format(number=board.bag.number, of=board.bag.of)


def rate_words(board: Board) -> str:
    """Print "RATE 2.5 mL/hour"; empty where no bag hangs."""
    return "" if board.bag is None else _("RATE {rate}").format(rate=_rate(board.bag.rate))


def change_words(board: Board, zone: str) -> list[str]:
    """When the next change is due and in how long; by both clocks where the clock is changed until then.

    Args:
        board: as it stands.
        zone: of the bed.
    """
    if board.change_due is None or board.minutes_left is None:
        return []
    moment = at_bed(board.change_due, zone)
    first = board.state == bedside.NOT_BEGUN
    if board.minutes_left < 0:
        words = _("Overdue since {moment}, by {span}").format(moment=moment, span=span(-board.minutes_left))
    elif board.minutes_left == 0:
        words = _("Due now, {moment}").format(moment=moment)
    elif first:
        words = _("First bag not before {moment}, in {span}").format(moment=moment, span=span(board.minutes_left))
    else:
        words = _("Next change {moment}, in {span}").format(moment=moment, span=span(board.minutes_left))
    _now, *old = figures.both_clocks(board.change_due, zone, board.at)
    return [words, *(_("by the old clock {moment}").format(moment=each) for each in old)]


def rate_change_words(board: Board) -> str:
    """Whether the rate changes with the next bag, in words; empty where no bag follows."""
    if board.next is None or board.rate_from is None:
        return ""
    if board.rate_to is None:
        return _("The rate stays {rate}").format(rate=_rate(board.rate_from))
    return _("RATE WILL CHANGE from {before} to {after}").format(
        before=print_number(magnitude(board.rate_from, "mL/h")), after=_rate(board.rate_to)
    )


def ledger_lines(board: Board) -> list[tuple[str, str]]:
    """The whole volume ledger of the bag that hangs: the first is the sum of the next four; then what is in the bag.

    Rounded to a tenth of a millilitre; what is to be discarded takes up the rounding, so that the sum is right.
    """
    if board.ledger is None:
        return []
    ledger = board.ledger
    with exact_arithmetic():
        total, primed, infused, due = (
            _tenth(each) for each in (ledger.total, ledger.primed, ledger.infused, ledger.to_be_infused)
        )
        in_bag = total - primed - infused
        due = min(due, in_bag)
        discarded = in_bag - due
    return [
        (_("Bag in all"), _volume(total)),
        (_("primed"), _volume(primed)),
        (_("infused"), _volume(infused)),
        (_("still to be infused"), _volume(due)),
        (_("to be discarded"), _volume(discarded)),
        (_("in the bag now"), _volume(in_bag)),
    ]


def _tenth(volume: Decimal) -> Decimal:
    return volume.quantize(_TENTH, rounding=ROUND_HALF_UP)


def _volume(volume: Decimal) -> str:
    return f"{print_number(volume, 1)}{NO_BREAK_SPACE}mL"


def _rate(rate: Quantity) -> str:
    return print_quantity(rate, "mL/h")


# ---- readings ----


def reading_label(what: str) -> str:
    """What is typed, as its field names it."""
    return {
        pump.INFUSED: _("Infused, on the pump"),
        pump.SEEN: _("Volume seen in the bag"),
        pump.RATE: _("Rate, on the pump"),
    }[what]


def reading_accepted(what: str) -> str:
    """What its field accepts, by example."""
    return {
        pump.INFUSED: _("Write it as 137 mL."),
        pump.SEEN: _("Write it as 150 mL."),
        pump.RATE: _("Write it as 2.5 mL/hour."),
    }[what]


def reading_refused(refused: Refused, field: QuantityField) -> str:
    """Why a typed reading was not read, and what would be."""
    if isinstance(refused, OutsideLimits):
        return _("{label}: {seen} is not within 0 to {highest} {unit}, all that it could be.").format(
            label=reading_label(field.name),
            seen=refused.seen,
            highest="" if field.upper is None else print_number(field.upper, 1),
            unit=unit_words(field.unit),
        )
    said = refusal(reading_label(field.name), refused.reason, refused.seen, refused.texts)
    return f"{said} {reading_accepted(field.name)}"


def reading_words(reading: Reading, zone: str) -> list[str]:
    """The verdict in one sentence, then each explanation in one, then what to do; first that the bag comes down now.

    Args:
        reading: as it was judged.
        zone: of the bed.
    """
    if reading.verdict == pump.FITS:
        return [_("Fits: {expected}.").format(expected=_expected(reading, zone))]
    if reading.why_down and reading.agrees:
        return [_down(reading), _("{expected}.").format(expected=_capital(_expected(reading, zone)))]
    told = [explanation_words(each, zone) for each in reading.explanations]
    if reading.verdict == pump.CANNOT_TELL:
        maybe = [_("It may as well be {explanation}").format(explanation=each) for each in told]
        return [_cannot_tell(reading, zone), *maybe]
    first = _("Does not fit: {found} was read. {expected}.").format(
        found=_figure(reading, reading.found), expected=_capital(_expected(reading, zone))
    )
    would = [_("It may be {explanation}").format(explanation=each) for each in told]
    if not would:
        would = [_("No mistake that is known here explains it.")]
    again = _("Read it again with a second person. If it still does not fit, call the pharmacy.")
    return [*([_down(reading)] if reading.why_down else []), first, *would, again]


def why_down_words(why: str) -> str:
    """Why the bag that hangs is to be taken down now (`course.bedside.why_down`), after "Take the bag down:"."""
    return {
        bedside.OTHER_DOSE: _("made for another dose"),
        bedside.BEYOND_LIMIT: _("past its limit"),
        bedside.COURSE_OVER: _("nothing is due any more"),
    }[why]


def _down(reading: Reading) -> str:
    return _("Does not fit, whatever the pump shows. Take the bag down: {why}.").format(
        why=why_down_words(reading.why_down)
    )


def _cannot_tell(reading: Reading, zone: str) -> str:
    if reading.look_again is None or reading.expected_then is None:
        return _("Cannot tell from this. Read the rate on the pump's screen. {expected}.").format(
            expected=_capital(_expected(reading, zone))
        )
    return _("Cannot tell yet: look again at {moment}, when about {then} is expected.").format(
        moment=at_bed(reading.look_again, zone), then=_figure(reading, reading.expected_then)
    )


def _expected(reading: Reading, zone: str) -> str:
    if reading.stands_since is not None:
        return _("the log says that the pump stands since {since}").format(since=at_bed(reading.stands_since, zone))
    if reading.what == pump.RATE:
        return _("the bag's rate is {rate}").format(rate=_figure(reading, reading.expected))
    return _("by the log {expected}, give or take {tolerance}").format(
        expected=_figure(reading, reading.expected), tolerance=_figure(reading, reading.tolerance)
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _figure(reading: Reading, value: Decimal) -> str:
    if reading.what == pump.RATE:
        return f"{print_number(value)}{NO_BREAK_SPACE}{unit_words('mL/h')}"
    return _volume(value)


def explanation_words(explanation: Explanation, zone: str) -> str:
    """One explanation of a reading, as a sentence."""
    templates = {
        pump.RATE_BEFORE: _("the rate of the bag before, bag {bag}: {rate}."),
        pump.OTHER_REGION: _("the rate of a {hours} bag of other product data ({product}): {rate}."),
        pump.PER_DAY: _("a volume per day, typed as per hour: {rate}."),
        pump.RATE_NEXT: _("the rate of the next bag, bag {bag}: {rate}."),
        pump.OTHER_KIND: _("the rate of a {hours} bag: {rate}."),
        pump.TIMES_TEN: _("the decimal mark one place too far right: {rate}."),
        pump.TENTH: _("the decimal mark one place too far left: {rate}."),
        pump.STANDING: _("that the pump stands still."),
        pump.STOPPED_SINCE: _("that the pump stood still since {since}, or as long before."),
        pump.RAN_ON: _("that the pump ran on after {since}, when it was recorded to stand still."),
        pump.BEYOND_VOLUME: _(
            "more than this bag is to give, as when the bag's content was typed as the volume to be infused: take it "
            "down at its time."
        ),
        pump.NOT_RESET: _(
            "that the pump's counter still holds what was infused from bag {bag} on: it is set to 0 at a change."
        ),
        pump.RESET_LATER: _("that the pump's counter was set to 0 at about {since}."),
        pump.VOLUME_DUE_READ: _("that what is still to be infused was read."),
        pump.BAG_CONTENT_READ: _("that what is in the bag was read."),
        pump.INFUSED_READ: _("that what the pump shows as infused was read."),
    }
    return templates[explanation.code].format(
        bag=explanation.bag,
        hours=f"{explanation.hours}{NO_BREAK_SPACE}h",
        product=explanation.product,
        rate="" if explanation.rate is None else _rate(explanation.rate),
        since="" if explanation.since is None else at_bed(explanation.since, zone),
    )


# ---- a bag's code ----


def code_words(answer: CodeAnswer, zone: str) -> str:
    """What a bag's code says, and what to do.

    Args:
        answer: of `course.bedside.read_bag_code`.
        zone: of the bed.
    """
    templates = {
        bedside.THIS_BAG: _(
            "This is bag {number} of case {case}, due now. Check wristband and pump before connecting."
        ),
        bedside.NOT_YET: _("This is bag {number} of case {case}: not before {moment}."),
        bedside.OTHER_BAG: _("This is bag {number}, not {due}. Bag {due} of case {case} comes next."),
        bedside.RUNS: _("This is bag {number} of case {case}: it is connected already."),
        bedside.SUPERSEDED: _(
            "Do not connect: superseded. Bag {number} of revision {revision} was replaced by a later revision."
        ),
        bedside.DRAFT: _("Do not connect: a draft. Bag {number} of case {case} is of a plan that was not issued."),
        bedside.NOT_PREPARED: _(
            "Do not connect: that bag {number} of case {case} was prepared is not recorded. Ask the pharmacy."
        ),
        bedside.NOT_NEEDED: _("Do not connect: bag {number} of case {case} is not needed any more."),
        bedside.PAST_LIMIT: _("Do not connect: past {moment}. Bag {number} of case {case} was usable until then."),
        "used": _("Do not connect: bag {number} of case {case} was used already."),
        "lost": _("Do not connect: bag {number} of case {case} is recorded as lost."),
        "out-of-refrigerator": _(
            "Do not connect: bag {number} of case {case} was out of the refrigerator for too long."
        ),
        "other-dose": _("Do not connect: bag {number} of case {case} was made for another dose."),
        bedside.OTHER_CASE: _("Do not connect: another case, {other}. Open here is case {case}.")
        if answer.other
        else _("Do not connect: no bag of case {case} has this code. Another case, or a slip of the keys?"),
        bedside.UNKNOWN: _unknown(answer),
    }
    return templates[answer.code].format(
        number=answer.number,
        case=answer.case,
        other=printable(answer.other),
        revision=answer.revision,
        due=answer.due,
        moment="" if answer.moment is None else at_bed(answer.moment, zone),
    )


def _unknown(answer: CodeAnswer) -> str:
    if answer.why == bedside.NO_REVISION:
        return _("Do not connect: no revision of case {case} that is known here has this code. Ask the pharmacy.")
    if answer.why == bedside.NO_PLACE:
        return _("Do not connect: no bag {number} of case {case} has this code. Read it again.")
    return _(
        "This is no code of a bag. Scan the code on the label, or type the bag and the check code as printed there: "
        "{example}. A scanner must be set to the keyboard of this computer."
    ).replace("{example}", code_example())


def code_example() -> str:
    """What can be typed for a bag."""
    return f"5/8{NO_BREAK_SPACE}KXCX{NO_BREAK_SPACE}6489"


# ---- the checks of a change ----


def change_checks(*, last: bool) -> list[str]:
    """What two people check at a change, in order; at the last one how to disconnect without flushing.

    Source: domain.md section 2, line and bag change: manufacturer's pages [B]; priming recalled from the published
    label [R]; that the infant is identified twice, the counter is set to 0, the rate is read back and the lumen is
    emptied by drawing back is judgement [J]. See `checks_source`.
    """
    identified = _("Infant identified twice: by each of two people, wristband against the label of the bag.")
    if last:
        return [
            identified,
            _("Take the bag down at its time, not when it is empty: the rest is discarded, never infused."),
            _("Stop the pump and close the clamp. Do not flush: what is in the line would be given all at once."),
            _("Disconnect the line at the lumen and discard it with the bag."),
            _("Draw back what is in the lumen, by the ward's own procedure, before anything else goes through it."),
            _("Write down time and both names."),
        ]
    return [
        identified,
        _("Bag, number and time are those of this schedule. Do not shake."),
        _("Own lumen: nothing else runs through it. Do not flush, least of all at a change."),
        _("In-line filter as the label says."),
        _("A new line is primed with the drug solution, not with saline."),
        _("Air removed from the line."),
        _("The pump's counter is set to 0; volume to be infused as on the label, not what the bag holds."),
        _("Rate read back from the pump's screen, aloud, against the label."),
        _("Pump locked; clamps open; it runs."),
        _("Next bag in the refrigerator; once out it does not go back."),
        _("Write down time and both names."),
    ]


def checks_source() -> str:
    """Where the checks come from, in one sentence with grades."""
    return _(
        "Line and change: manufacturer's pages [B]; priming recalled from the published label [R]; two people, the "
        "counter, reading back and drawing back: judgement [J]."
    )
