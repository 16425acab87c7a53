"""What can be entered at the bed now, and what each entry asks for. No widgets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dosing_app.course.progress import is_in_force
from dosing_app.wording.bedside_text import state_name
from dosing_app.wording.language import _
from dosing_app.wording.log_text import at_bed, decision_words, reason_words, span
from dosing_app.wording.units import print_quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dosing_app.course.replan import Rest

EVENTS = (
    *("hung", "stopped", "interrupted", "resumed", "lost", "prepared"),
    *("out-of-fridge", "measured", "rate-found", "note", "decision"),
)
_OF_A_TECHNICIAN = {"lost", "prepared", "out-of-fridge", "note"}
TWO_NAMES = {"hung", "stopped"}  # a bag change (domain.md section 10)
# A made bag that ought not to be connected: its reason, and the state that has the words for it.
_NOT_TO_HANG = {"past-limit": "past-limit", "out-of-refrigerator": "past-limit", "other-dose": "other-dose"}
_DOSE_RATE = "microgram/m^2/day"


@dataclass(frozen=True, slots=True)
class Input:
    """One field of an event.

    Attributes:
        name: under which what was typed is kept.
        label: as it is read.
        kind: "moment", "choice", "name" or "text".
        unit: fixed beside the field, as the registry names it.
        options: of a choice: (label, text).
        usual: what holds while nothing is typed.
        needed: whether it must be answered.
    """

    name: str
    label: str
    kind: str = "text"
    unit: str = ""
    options: tuple[tuple[str, str], ...] = ()
    usual: str = ""
    needed: bool = True


def event_names() -> dict[str, str]:
    """Every event on its button, with its key."""
    return {
        "hung": _("Han&g"),
        "stopped": _("Ta&ke down"),
        "interrupted": _("&Stop"),
        "resumed": _("Resu&me"),
        "lost": _("&Lost"),
        "prepared": _("Prep&ared"),
        "out-of-fridge": _("&Out of refrigerator"),
        "measured": _("Re-&weighed"),
        "rate-found": _("Rate fo&und"),
        "note": _("&Note"),
        "decision": _("Dec&ision"),
    }


def event_titles() -> dict[str, str]:
    """Every event above its fields."""
    return {
        "hung": _("A bag was connected and the pump started"),
        "stopped": _("The bag was taken down"),
        "interrupted": _("The pump stands, the bag stays connected"),
        "resumed": _("The pump runs on with the same bag"),
        "lost": _("A bag cannot be used any more"),
        "prepared": _("Bags were made"),
        "out-of-fridge": _("A bag was taken out of the refrigerator"),
        "measured": _("The infant was weighed"),
        "rate-found": _("The pump had run at another rate"),
        "note": _("A note"),
        "decision": _("What was decided about the rest of the course"),
    }


# ---- what can be entered now ----


def why_not(event: str, rest: Rest, role: str) -> str:
    """Why an event cannot be entered now; "" where it can.

    What ought not to be done can be entered all the same, as it may have happened; "What follows" says what is wrong.

    Args:
        event: one of `EVENTS`.
        rest: where the course stands.
        role: the name of the role.
    """
    if role == "technician" and event not in _OF_A_TECHNICIAN:
        return _("A nurse or a pharmacist enters this.")
    progress = rest.progress
    running = progress.running
    stands = running is not None and running.interrupted_since is not None
    no_bag = _("No bag is connected.")
    goes_on = progress.begun and progress.due_minutes > 0  # a reason may be noticed after the bag came down
    reasons: dict[str, Sequence[tuple[bool, str]]] = {
        "hung": [(not bags_to_hang(rest), _("No bag is recorded as made: Prepared."))],
        "stopped": [(running is None, no_bag)],
        "interrupted": [(running is None and not goes_on, no_bag)],
        "resumed": [(not stands, _("The pump does not stand."))],
        "lost": [(not bags_to_lose(rest), _("There is no bag that could be lost."))],
        "prepared": [(not to_make(rest), _("Every bag is recorded as made."))],
        "out-of-fridge": [(not in_refrigerator(rest), _("No bag is in the refrigerator."))],
        "rate-found": [(not progress.begun, _("No bag was ever connected."))],
        "decision": [(not decisions(rest), _("There is nothing to decide."))],
    }
    return next((why for holds, why in reasons.get(event, ()) if holds), "")


def bags_to_hang(rest: Rest) -> list[int]:
    """Bags that are made and were not connected: first those that may be, then those that ought not to be."""
    progress = rest.progress
    gone = {
        each.number for each in progress.unusable if each.reason in {"used", "lost"} and is_in_force(each, progress)
    }
    others = [number for number in progress.made if number not in gone and number not in progress.hung]
    return [*progress.usable, *(number for number in sorted(others) if number not in progress.usable)]


def bags_to_lose(rest: Rest) -> list[int]:
    """Bags that are not used up and not lost; the connected one first."""
    progress = rest.progress
    gone = set(progress.down) | {each.number for each in progress.unusable if each.reason in {"used", "lost"}}
    own = [] if progress.running is None else [progress.running.bag.number]
    return own + [number for number in sorted(progress.bags) if number not in gone and number not in own]


def in_refrigerator(rest: Rest) -> list[int]:
    """Bags that are made, and neither out of the refrigerator nor connected; the next due first."""
    progress = rest.progress
    gone = {each.number for each in progress.unusable if each.reason in {"used", "lost"}} | set(progress.hung)
    return [number for number, made in progress.made.items() if made.out is None and number not in gone]


def to_make(rest: Rest) -> list[tuple[str, str]]:
    """Sessions and single bags that are not recorded as made: (label, text of the choice)."""
    progress, zone = rest.progress, zone_of(rest)
    lost = {each.number for each in progress.unusable if each.reason == "lost"}
    coming = [number for number in sorted(progress.bags) if number not in progress.made and number not in lost]
    sessions = [
        (
            _("Session {session}, {when}: bags {bags}").format(
                session=each.number, when=at_bed(each.at, zone), bags=", ".join(map(str, each.bags))
            ),
            f"session {each.number}",
        )
        for each in rest.plan.sessions or ()
        if set(each.bags) <= set(coming)
    ]
    return sessions + [(_("Bag {bag} alone").format(bag=number), f"bag {number}") for number in coming]


def decisions(rest: Rest) -> list[str]:
    """What may be decided now."""
    progress = rest.progress
    found = ["restart"] if progress.wants_restart else []
    if progress.begun and progress.due_minutes:
        found += ["waive", *(["run-on"] if progress.running is not None else []), "new-bag"]
    return found


def next_bag(rest: Rest) -> int | None:
    """The bag that is to be connected next, among those that may be; none before a prescriber's decision."""
    usable = () if rest.progress.wants_restart else rest.progress.usable
    return next((bag.number for bag in rest.bags if bag.number in usable), next(iter(usable), None))


def zone_of(rest: Rest) -> str:
    """The zone of the bed."""
    assert rest.plan.order is not None
    return rest.plan.order.zone


# ---- what an event asks for ----


def inputs(event: str, rest: Rest, typed: Mapping[str, str], *, corrects: bool = False) -> tuple[Input, ...]:
    """The fields of an event, in their order.

    Args:
        event: one of `EVENTS`.
        rest: where the course stands.
        typed: what stands in the fields: a decision asks by what was decided, a reason is not called a note.
        corrects: whether an earlier entry is put right: then every bag of the course is offered.
    """
    by = Input("by", _("Entered by"), "name")
    own: dict[str, Callable[[], list[Input]]] = {
        "hung": lambda: [_bag_choice(rest, bags_to_hang(rest), next_bag(rest), anything=corrects)],
        "stopped": lambda: [_bag_choice(rest, _running(rest), next(iter(_running(rest)), None), anything=corrects)],
        "interrupted": lambda: [Input("reason", _("Why it stands"), "choice", options=_asked(reason_words()))],
        "resumed": lambda: [
            Input("line_closed", _("Did the line stay closed?"), "choice", options=_asked(_yes_no())),
            Input("sliding", _("Later changes"), "choice", options=_changes(), needed=False),
        ],
        "lost": lambda: [_bag_choice(rest, bags_to_lose(rest), None, anything=corrects)],
        "prepared": lambda: [_making(rest, anything=corrects)],
        "out-of-fridge": lambda: [_bag_choice(rest, in_refrigerator(rest), next_bag(rest), anything=corrects)],
        "measured": lambda: [
            Input("weight", _("Weight"), unit="kg"),
            Input("length", _("Length"), unit="cm", needed=False, usual=_("not measured")),
        ],
        "rate-found": lambda: [
            Input("rate", _("Rate found"), unit="mL/h"),
            Input("from", _("From"), "moment"),
            Input("to", _("Until"), "moment", usual=_("the time above"), needed=False),
        ],
        "note": lambda: [Input("text", _("Reason") if typed.get("about") else _("Note"))],
        "decision": lambda: _decision_inputs(rest, typed, corrects=corrects),
    }
    when = Input("at", _("At"), "moment", usual=_("now"), needed=False)
    if event == "prepared":
        when = Input("at", _("First vial punctured"), "moment", usual=_("now"), needed=False)
    names = [by]
    if event in TWO_NAMES:
        names = [Input("by", _("Changed by"), "name"), Input("second", _("Checked by"), "name")]
    return (when, *own[event](), *names)


def _yes_no() -> dict[str, str]:
    return {"yes": _("yes, closed all the time"), "no": _("no, it was opened")}


def _changes() -> tuple[tuple[str, str], ...]:
    """What a stop does to the changes after it; the first holds unless somebody chooses."""
    return ((_("keep their clock times"), ""), (_("all move by the stop"), "sliding"))


def _asked(words: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """A choice that nothing answers before a person does."""
    return ((_("choose …"), ""), *((label, text) for text, label in words.items()))


def _running(rest: Rest) -> tuple[int, ...]:
    running = rest.progress.running
    return () if running is None else (running.bag.number,)


def _bag_choice(rest: Rest, numbers: Sequence[int], right: int | None, *, anything: bool) -> Input:
    offered = sorted(rest.progress.bags) if anything else list(numbers)
    options = [(_bag_words(number, rest), str(number)) for number in offered]
    if anything or right is None:
        return Input("bag", _("Bag"), "choice", options=((_("choose …"), ""), *options))
    first = [option for option in options if option[1] == str(right)]
    return Input("bag", _("Bag"), "choice", options=(*first, *(each for each in options if each not in first)))


def _bag_words(number: int, rest: Rest) -> str:
    bag, progress = rest.progress.bags[number], rest.progress
    said = _("Bag {bag} of {of}, {rate}").format(bag=number, of=bag.of, rate=print_quantity(bag.rate, "mL/h"))
    own = [each.reason for each in progress.unusable if each.number == number and is_in_force(each, progress)]
    why = next((_NOT_TO_HANG[reason] for reason in own if reason in _NOT_TO_HANG), None)
    if why is None or progress.wants_restart:  # the dose of the restart is not known yet
        return said
    return _("{bag}: {why}").format(bag=said, why=state_name(why))


def _making(rest: Rest, *, anything: bool) -> Input:
    options = to_make(rest)
    if anything:
        options = [
            *(
                (_("Session {session}").format(session=each.number), f"session {each.number}")
                for each in rest.plan.sessions or ()
            ),
            *((_("Bag {bag} alone").format(bag=number), f"bag {number}") for number in sorted(rest.progress.bags)),
        ]
        options = [(_("choose …"), ""), *options]
    return Input("made", _("Made"), "choice", options=tuple(options))


def _decision_inputs(rest: Rest, typed: Mapping[str, str], *, corrects: bool) -> list[Input]:
    words = decision_words()
    offered = list(words) if corrects else decisions(rest)
    found = [Input("what", _("Decided"), "choice", options=_asked({each: words[each] for each in offered}))]
    what = typed.get("what", "")
    if what in {"waive", "run-on"}:
        minutes = next((way.minutes for way in rest.ways if way.what == what), rest.progress.due_minutes)
        found.append(Input("hours", _("How long, of {span}").format(span=span(minutes)), unit="h"))
    if what == "restart":
        found.append(Input("dose_rate", _("Dose rate"), unit=_DOSE_RATE))
        found.append(Input("after_days", _("Then, after"), unit="day", needed=False, usual=_("no step")))
        if typed.get("after_days", "").strip():
            found.append(Input("then_rate", _("Dose rate then"), unit=_DOSE_RATE))
    if what in {"waive", "restart"}:
        found.append(Input("prescriber", _("Prescriber"), "name"))
    return found
