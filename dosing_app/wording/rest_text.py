"""The rest of a course in sentences: what an entry does, how a bag goes on, what is to be decided, how it ended."""

from decimal import Decimal

from dosing_app.core.quantities import NO_BREAK_SPACE, Quantity, magnitude, print_number, quantity
from dosing_app.course.closing import Closing
from dosing_app.course.progress import Progress
from dosing_app.course.replan import Rest
from dosing_app.course.ways import NewWeight, Resume, Way
from dosing_app.wording.language import _
from dosing_app.wording.log_text import at_bed, names_of, span
from dosing_app.wording.sentences import sentence
from dosing_app.wording.units import print_quantity, unit_words

_VOLUME_PLACES, _DOSE_PLACES, _GIVEN_PLACES = 1, 2, 1


def _volume(value: Decimal) -> str:
    return f"{print_number(value, _VOLUME_PLACES)}{NO_BREAK_SPACE}mL"


# ---- what an entry does ----


def follows(before: Rest, after: Rest, zone: str) -> list[str]:
    """What entries do: the bag that then hangs, what changes at the pump, what is still due.

    Args:
        before: where the course stands.
        after: where it stands with the entries.
        zone: of the bed.
    """
    old, new = before.progress, after.progress
    said = [*_warnings(before, after), _connected(before, after, zone)]
    if new.due_minutes != old.due_minutes or new.waived_minutes != old.waived_minutes:
        said.append(
            _("Still due: {due} of {course}.").format(due=span(new.due_minutes), course=span(new.course_minutes))
        )
    known = {(each.code, each.actual) for each in before.findings}
    said += [sentence(each) for each in after.findings if (each.code, each.actual) not in known]
    if after.new_weight is not None and after.new_weight != before.new_weight:
        said.append(new_weight_words(after.new_weight, after.plan.micrograms, zone))
    return [each for each in said if each]


def _warnings(before: Rest, after: Rest) -> list[str]:
    """What ought not to be: a bag that runs before the prescriber's decision, or that was made for another dose."""
    running = after.progress.running
    if running is None or running.interrupted_since is not None or running == before.progress.running:
        return []
    said = []
    if after.progress.wants_restart:
        said.append(
            _(
                "Not before a prescriber has decided the dose rate: Decision. Record it only if it has happened, and "
                "call the prescriber now."
            )
        )
    if running.other_dose:
        said.append(_("Bag {bag} was made for another dose: take it down.").format(bag=running.bag.number))
    return said


def _connected(before: Rest, after: Rest, zone: str) -> str:
    """Which bag hangs then, at what rate and until when."""
    running, last = after.progress.running, before.progress.running
    if running is None:
        return _("No bag is connected then.") if last is not None else ""
    values = {
        "bag": running.bag.number,
        "rate": print_quantity(running.bag.rate, "mL/h"),
        "until": at_bed(running.take_down, zone),
        "limit": at_bed(running.down_by, zone),
        "left": _volume(running.ledger.to_be_infused),
    }
    if running.interrupted_since is not None:
        return _("Bag {bag} stays connected and the pump stands. Take it down by {limit} at the latest.").format(
            **values
        )
    if last == running:
        return ""
    said = [
        _("Bag {bag} runs at {rate}. Take it down {until}, by {limit} at the latest.").format(**values),
        _("Still to be infused: {left}.").format(**values),
    ]
    rate = _rate_of(before.progress)
    if rate is not None and magnitude(rate, "mL/h") != magnitude(running.bag.rate, "mL/h"):
        was, now = print_number(magnitude(rate, "mL/h")), print_quantity(running.bag.rate, "mL/h")
        said.insert(0, _("RATE CHANGES: was {was}, now {now}.").format(was=was, now=now))
    return "\n".join(said)


def _rate_of(progress: Progress) -> Quantity | None:
    """Of the bag that hangs, or hung last."""
    if not progress.hung:
        return None
    rate: Quantity = progress.bags[max(progress.hung, key=lambda number: progress.hung[number])].rate
    return rate


# ---- how a bag goes on ----


def resume_words(resume: Resume, zone: str, *, sliding: bool) -> list[str]:
    """What remains of the bag that stands, as a subtraction, and whether its limit allows it.

    Args:
        resume: as it stands now.
        zone: of the bed.
        sliding: whether later changes move by the stop.
    """
    said = [
        _("{delivered} to be infused − {infused} infused = {left} left, never the whole bag again.").format(
            delivered=_volume(resume.delivered), infused=_volume(resume.infused), left=_volume(resume.left)
        )
    ]
    if not resume.allowed:
        limit = at_bed(resume.down_by, zone)
        return [*said, _("It may not run any more: its limit was {limit}. Take it down.").format(limit=limit)]
    until = resume.sliding_take_down if sliding else resume.take_down
    due = resume.sliding_to_be_infused if sliding else resume.to_be_infused
    said.append(
        _("Set the pump to {due} until the take-down, {until}.").format(due=_volume(due), until=at_bed(until, zone))
    )
    if not resume.whole_allowed:
        limit = at_bed(resume.down_by, zone)
        said.append(_("Its limit, {limit}, comes before all of it is infused.").format(limit=limit))
    return said


def open_line_words() -> str:
    """What is said where the line was opened."""
    return _(
        "The line was opened. Whether bag and line may be used on is for the pharmacy and the physician to say; no "
        "rule for it is known here."
    )


# ---- what is still to be decided ----


def way_words(way: Way, zone: str) -> str:
    """One way to deal with what is still due, with its figures."""
    names = {
        "waive": _("Waive: {span}, decided by a prescriber."),
        "run-on": _("Run the last bag on: {span}, until {end}."),
        "new-bag": _("A new bag: {span}, from {begin} to {end}."),
    }
    why = {
        "no-bag": _("no bag hangs or is to come"),
        "limit": _("its take-down limit does not allow it"),
        "volume": _("it does not hold more"),
        "no-session": _("the unit does not open any more"),
        "refused": _("none can be made for this dose"),
    }
    if way.why_not:
        cannot = {"run-on": _("Running on is not possible: {why}."), "new-bag": _("A new bag is not possible: {why}.")}
        return cannot[way.what].format(why=why[way.why_not])
    text = names[way.what].format(
        span=span(way.minutes),
        begin="" if way.begin is None else at_bed(way.begin, zone),
        end="" if way.end is None else at_bed(way.end, zone),
    )
    if not way.whole:
        text += " " + _("That is not all of it.")
    return text if way.now else text + " " + _("It is decided while the last bag hangs.")


def new_weight_words(new: NewWeight, micrograms: str, zone: str) -> str:
    """What the last re-weighing would give beside the unchanged ordered dose."""
    said = _(
        "{weight} kg on {when} would give {would} {micrograms} per day; the ordered dose is unchanged, {ordered} "
        "{micrograms} per day."
    ).format(
        weight=print_number(new.weight),
        when=at_bed(new.at, zone),
        would=print_number(new.would_give, _DOSE_PLACES),
        ordered=print_number(new.ordered, _DOSE_PLACES),
        micrograms=unit_words("microgram", micrograms=micrograms),
    )
    return f"{said} {_('Tell the prescriber.')}" if new.tell else said


# ---- how it ended ----


def closing_lines(closing: Closing, micrograms: str, zone: str) -> list[tuple[str, str]]:
    """What a finished course comes to: names of figures, and figures."""
    given = quantity(closing.given_micrograms, "microgram")
    lines = [
        (_("From, to"), f"{at_bed(closing.begun, zone)} – {at_bed(closing.ended, zone)}"),
        (_("Infused"), span(closing.infused_minutes)),
        (_("Waived"), span(closing.waived_minutes)),
        (_("Given"), print_quantity(given, "microgram", _GIVEN_PLACES, micrograms=micrograms)),
        (_("Bags connected"), str(closing.bags)),
        (_("Sessions, vials"), f"{closing.sessions}, {closing.vials}"),
        (_("Bags to be destroyed"), _destroyed(closing)),
        (_("Names"), ", ".join(dict.fromkeys(name for each in closing.names for name in names_of(each)))),
    ]
    if closing.over_minutes:
        lines.insert(3, (_("Over"), span(closing.over_minutes)))
    return lines


def _destroyed(closing: Closing) -> str:
    why = {
        "lost": _("lost"),
        "past-limit": _("past its limit"),
        "out-of-refrigerator": _("out of the refrigerator"),
        "other-dose": _("made for another dose"),
        "superseded": _("superseded"),
        "not-needed": _("not needed"),
    }
    bags = [
        _("bag {number} of revision {revision}: {why}").format(
            number=each.number, revision=each.revision, why=why.get(each.reason, each.reason)
        )
        for each in closing.destroyed
    ]
    return "; ".join(bags) if bags else _("none")
