"""The derivation of a plan in steps: question, equation, figures with units, result, rounding, source.

Every result is the plan's own and is printed as the working prints it; nothing is worked out here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dosing_app.core.quantities import NO_BREAK_SPACE, Quantity, magnitude, print_number
from dosing_app.course.plan import Bag, Plan
from dosing_app.reference.bundle import Reference
from dosing_app.reference.product import BagKind
from dosing_app.reference.source import Figure
from dosing_app.teaching.chain import AMOUNT, AREA, DOSE, EXACT, MEASURED, RATE, TIME, VIALS, VOLUME
from dosing_app.wording import figures
from dosing_app.wording.language import _, n_
from dosing_app.wording.units import print_quantity

# Where a step stands in the picture, in its order.
PLACES = ("infant", "bsa", "dose", "bag", "syringe", "pump")
INFANT, GIVEN_BACK = "infant", "given-back"
_AREA_PLACES, _DOSE_PLACES, _AMOUNT_PLACES, _VOLUME_PLACES = 6, 4, 3, 4  # as the working shows them


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an equation with figures in it; a unit that cancels is struck."""

    text: str
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """A figure that goes into a step: its letter or name, its value with unit, and where it comes from."""

    name: str
    text: str
    source: str = ""
    grade: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a derivation, as it is read."""

    name: str
    place: str
    question: str
    equation: str  # in letters
    known: tuple[Known, ...]
    worked: tuple[Piece, ...]  # the equation with its figures, units that cancel struck
    result: str
    rounding: str
    source: str = ""
    grade: str = ""

    @property
    def worked_text(self) -> str:
        """The equation with its figures, without the strokes."""
        return "".join(piece.text for piece in self.worked)


def place_name(place: str) -> str:
    """A place of the picture in one word."""
    return {
        "infant": _("infant"),
        "bsa": _("BSA"),
        "dose": _("dose"),
        "bag": _("bag"),
        "syringe": _("syringe"),
        "pump": _("pump"),
    }[place]


def derivation(plan: Plan, reference: Reference, bag_number: int = 1) -> tuple[Step, ...]:
    """The steps from the infant to the pump for one bag of a plan; as far as the plan has results.

    Args:
        plan: of any order.
        reference: what it was calculated with.
        bag_number: as on its label.

    Raises:
        ValueError: the plan has bags, but none of this number.
    """
    if plan.order is None or plan.bsa is None or plan.daily_dose is None:
        return ()
    steps = [_infant(plan), _area(plan), _dose(plan, reference)]
    if not plan.bags:
        return tuple(steps)
    bag = next((each for each in plan.bags if each.number == bag_number), None)
    if bag is None:
        raise ValueError("there is no bag of this number")
    kind = reference.product.kinds[bag.kind.partition("@")[0]]
    amount, exact, measured, given = (line.result for line in figures.bag_working(bag, plan))
    return (
        *steps,
        _amount(bag, kind, amount),
        _exact(bag, kind, reference, exact),
        _measured(bag, exact, measured),
        _given_back(bag, given),
        _vials(bag, plan, reference),
        _rate(bag, kind),
        _volume(bag),
        _time(bag, plan),
    )


def changed_steps(before: Sequence[Step], after: Sequence[Step]) -> tuple[str, ...]:
    """The names of the steps that read otherwise, in their order; one that came or went counts too."""
    old: Mapping[str, Step] = {step.name: step for step in before}
    new: Mapping[str, Step] = {step.name: step for step in after}
    names = dict.fromkeys([*new, *old])
    return tuple(name for name in names if old.get(name) != new.get(name))


def _pieces(text: str) -> tuple[Piece, ...]:
    """Pieces from a text in which what is struck stands between bars: "15 micrograms per |m²|"."""
    return tuple(Piece(part, struck=bool(place % 2)) for place, part in enumerate(text.split("|")) if part)


def _shown(value: Quantity, unit: str, places: int | None = None) -> str:
    """A number and a bare unit, for equations; micrograms in full."""
    return print_quantity(value, unit, places)


def _bare(value: Quantity, unit: str, places: int | None = None) -> str:
    return print_number(magnitude(value, unit), places)


def _not_rounded() -> str:
    return _("Not rounded: shown short, carried on whole.")


def _infant(plan: Plan) -> Step:
    order = plan.order
    assert order is not None
    weight, length = _shown(order.weight, "kg"), _shown(order.length, "cm")
    return Step(
        INFANT,
        "infant",
        _("What was measured, and in which units?"),
        "",
        (Known("W", weight, _("the order")), Known("L", length, _("the order"))),
        (),
        f"{weight}, {length}",
        _("As measured; nothing is rounded."),
        _("the order"),
    )


def _publication(formula: str) -> str:
    return {
        "mosteller": "Mosteller 1987, NEJM 317:1098",
        "haycock": "Haycock 1978, J Pediatr 93:62",
        "gehan-george": "Gehan & George 1970, Cancer Chemother Rep 54:225",
        "boyd": "Boyd 1935",
        "bnfc": "Boyd 1935",
    }[formula]


def formula_letters(formula: str) -> str:
    """A BSA formula in letters, W in kg, L in cm, or Wg in g."""
    return {
        "mosteller": "√(W × L ÷ 3600)",
        "haycock": "0.024265 × W^0.5378 × L^0.3964",
        "gehan-george": "0.0235 × W^0.51456 × L^0.42246",
        "boyd": "0.0333 × W^(0.6157 − 0.0188 × log W) × L^0.3",
        "bnfc": "0.0004688 × Wg^(0.8168 − 0.0154 × log Wg)",
    }[formula]


def _area(plan: Plan) -> Step:
    assert plan.bsa is not None
    line = figures.working(plan)[0]
    order = plan.order
    assert order is not None
    formula = plan.bsa.formula
    return Step(
        AREA,
        "bsa",
        _("How large is the infant’s body surface?"),
        f"BSA = {formula_letters(formula)}",
        (
            Known("W", _shown(order.weight, "kg"), _("the order")),
            Known("L", _shown(order.length, "cm"), _("the order")),
        ),
        # a regression: numbers go in by their stated units, and m² is what it was fitted to
        (Piece(line.equation),),
        line.result,
        _not_rounded(),
        _publication(formula),
    )


def _dose(plan: Plan, reference: Reference) -> Step:
    assert plan.bsa is not None
    assert plan.daily_dose is not None
    line = figures.working(plan)[1]
    protocol = reference.protocol
    dose_rate = _bare(plan.daily_dose.dose_rate, "microgram/m^2/day")
    area = _bare(plan.bsa.m2, "m^2", _AREA_PLACES)
    cap = _shown(plan.daily_dose.cap, "microgram/day")
    rounding = _not_rounded()
    if plan.daily_dose.capped:
        rounding = _("The cap of {cap} is reached.").format(cap=cap)
    return Step(
        DOSE,
        "dose",
        _("How much does the infant get in a day?"),
        _("daily dose = dose rate × BSA, at most {cap}").format(cap=cap),
        (
            Known(
                _("dose rate"),
                _shown(plan.daily_dose.dose_rate, "microgram/m^2/day"),
                protocol.source,
                protocol.grade,
            ),
            Known("BSA", _shown(plan.bsa.m2, "m^2", _AREA_PLACES)),
        ),
        _pieces(f"{dose_rate} {_('micrograms')} ÷ |m²| ÷ {_('day')} × {area} |m²|"),
        line.result,
        rounding,
        protocol.source,
        protocol.grade,
    )


def _sourced(name: str, figure: Figure, unit: str) -> Known:
    return Known(name, _shown(figure.quantity, unit), figure.source, figure.grade)


def _amount(bag: Bag, kind: BagKind, result: str) -> Step:
    daily = _bare(bag.daily_dose, "microgram/day", _DOSE_PLACES)
    full = _bare(kind.duration.quantity, "h")
    day = f"24{NO_BREAK_SPACE}h"
    known = [
        Known(_("daily dose"), _shown(bag.daily_dose, "microgram/day", _DOSE_PLACES)),
        _sourced(_("full duration"), kind.duration, "h"),
    ]
    rounding = _not_rounded()
    if magnitude(bag.runs, "h") != magnitude(kind.duration.quantity, "h"):
        rounding = _("Made for the full duration, although it is taken down after {runs}.").format(
            runs=_shown(bag.runs, "h")
        )
    return Step(
        AMOUNT,
        "bag",
        _("How much must bag {number} deliver?").format(number=bag.number),
        _("D = daily dose × full duration ÷ {day}").format(day=day),
        tuple(known),
        _pieces(f"{daily} {_('micrograms')} ÷ |{_('day')}| × {full} |h| × 1 |{_('day')}| ÷ 24 |h|"),
        result,
        rounding,
        kind.duration.source,
        kind.duration.grade,
    )


def _exact(bag: Bag, kind: BagKind, reference: Reference, result: str) -> Step:
    amount = _bare(bag.to_deliver, "microgram", _AMOUNT_PLACES)
    strength = _bare(bag.strength, "microgram/mL")
    delivers = _bare(kind.delivered, "mL")
    known = [
        Known("D", _shown(bag.to_deliver, "microgram", _AMOUNT_PLACES)),
        _sourced("C", reference.product.vial.strength, "microgram/mL"),
        Known("v", _shown(kind.delivered, "mL"), kind.rate.source, kind.rate.grade),
    ]
    micrograms = _("micrograms")
    if kind.final is not None:
        known.append(_sourced("T", kind.final, "mL"))
        final = _bare(kind.final.quantity, "mL")
        worked = f"{amount} |{micrograms}| ÷ {delivers} |mL| × {final} |mL| ÷ {strength} |{micrograms}| × mL"
    else:
        assert kind.diluent is not None
        assert kind.stabiliser is not None
        known += [_sourced("S", kind.diluent, "mL"), _sourced("I", kind.stabiliser, "mL")]
        diluent, stabiliser = _bare(bag.diluent, "mL"), _bare(bag.stabiliser, "mL")
        worked = (
            f"{amount} |{micrograms}| × ({diluent} + {stabiliser}) mL ÷ "
            f"({strength} |{micrograms}| ÷ |mL| × {delivers} |mL| − {amount} |{micrograms}|)"
        )
    return Step(
        EXACT,
        "bag",
        _("How much drug goes into the bag, so that the delivered volume holds D?"),
        figures.bag_formula(bag),
        tuple(known),
        _pieces(worked),
        result,
        _not_rounded(),
        reference.product.vial.strength.source,
        reference.product.vial.strength.grade,
    )


def _measured(bag: Bag, exact: str, result: str) -> Step:
    mark = _shown(bag.graduation, "mL")
    return Step(
        MEASURED,
        "syringe",
        _("What does the syringe measure?"),
        _("nearest mark of the syringe, a tie to the lower"),
        (Known("V", exact), Known(_("mark"), mark, _("the site’s syringes"), "J")),
        (Piece(_("{exact} to the nearest {mark}").format(exact=exact, mark=mark)),),
        result,
        _("Rounded here, once."),
        _("the site’s syringes"),
        "J",
    )


def _given_back(bag: Bag, result: str) -> Step:
    micrograms = _("micrograms")
    strength, drug = _bare(bag.strength, "microgram/mL"), _bare(bag.drug, "mL")
    total, rate = _bare(bag.total, "mL"), _bare(bag.rate, "mL/h")
    return Step(
        GIVEN_BACK,
        "syringe",
        _("What does the infant get with the volume that was measured?"),
        _("dose given = C × V ÷ total × rate × 24 h"),
        (
            Known("C", _shown(bag.strength, "microgram/mL")),
            Known("V", _shown(bag.drug, "mL")),
            Known(_("total"), _shown(bag.total, "mL")),
            Known(_("rate"), _shown(bag.rate, "mL/h")),
        ),
        _pieces(
            f"{strength} {micrograms} ÷ |mL| × {drug} |mL| ÷ {total} |mL| × {rate} |mL| ÷ |h| × 24 |h| ÷ {_('day')}"
        ),
        result,
        _("Compared with the daily dose: what the mark of the syringe costs."),
    )


def _rate(bag: Bag, kind: BagKind) -> Step:
    rate = _shown(bag.rate, "mL/h")
    change = _("The rate changes at this bag.") if bag.rate_changed else _("As the product data have it.")
    return Step(
        RATE,
        "pump",
        _("Which rate is the pump set to?"),
        _("rate = delivered volume ÷ full duration"),
        (
            Known("v", _shown(kind.delivered, "mL"), kind.rate.source, kind.rate.grade),
            _sourced(_("full duration"), kind.duration, "h"),
        ),
        (Piece(f"{_shown(kind.delivered, 'mL')} ÷ {_shown(kind.duration.quantity, 'h')}"),),
        rate,
        change,
        kind.rate.source,
        kind.rate.grade,
    )


def _volume(bag: Bag) -> Step:
    return Step(
        VOLUME,
        "pump",
        _("How much is to be infused?"),
        _("volume to be infused = rate × hours it runs"),
        (
            Known(_("rate"), _shown(bag.rate, "mL/h")),
            Known(_("runs for"), _shown(bag.runs, "h")),
            *(Known(name, text) for name, text in figures.ledger(bag)),
        ),
        _pieces(f"{_bare(bag.rate, 'mL/h')} mL ÷ |h| × {_bare(bag.runs, 'h')} |h|"),
        _shown(bag.delivered, "mL"),
        _("The rest of the bag is discarded, never infused."),
    )


def _time(bag: Bag, plan: Plan) -> Step:
    assert plan.order is not None
    start = figures.when_with_offset(bag.start_local)
    end = figures.both_clocks(bag.end, plan.order.zone, bag.start)
    rounding = _("Infused hours are counted, not the hands of the clock.")
    if len(end) > 1:
        rounding = _("The clock is changed in these hours; by the old clock it is {old}.").format(old=end[1])
    return Step(
        TIME,
        "pump",
        _("When is bag {number} taken down?").format(number=bag.number),
        _("take-down = connection + hours it runs"),
        (Known(_("connected"), start), Known(_("runs for"), _shown(bag.runs, "h"))),
        (Piece(f"{start} + {_shown(bag.runs, 'h')}"),),
        end[0],
        rounding,
    )


def _vials(bag: Bag, plan: Plan, reference: Reference) -> Step:
    assert plan.sessions is not None
    assert plan.bags is not None
    session = next(each for each in plan.sessions if bag.number in each.bags)
    usable = reference.product.vial.usable
    own = [each for each in plan.bags if each.number in session.bags]
    volumes = [max(magnitude(each.drug_exact, "mL"), magnitude(each.drug, "mL")) for each in own]
    listed = " + ".join(print_number(volume, _VOLUME_PLACES) for volume in volumes)
    several = len(volumes) > 1
    taken = f"({listed})" if several else listed
    if reference.site.share_vials:
        equation = _("vials = all volumes of the session ÷ usable volume of a vial, rounded up")
        worked = f"{taken} |mL| ÷ {_bare(usable.quantity, 'mL')} |mL|"
    else:
        equation = _("vials = each bag’s volume ÷ usable volume of a vial, each rounded up, then added")
        worked = " + ".join(
            f"{print_number(volume, _VOLUME_PLACES)} |mL| ÷ {_bare(usable.quantity, 'mL')} |mL|" for volume in volumes
        )
    return Step(
        VIALS,
        "syringe",
        _("How many vials does session {number} open?").format(number=session.number),
        equation,
        (
            *(
                Known(_("bag {number}").format(number=each.number), f"{print_number(volume, _VOLUME_PLACES)} mL")
                for each, volume in zip(own, volumes, strict=True)
            ),
            _sourced(_("usable"), usable, "mL"),
        ),
        _pieces(worked),
        n_("{number} vial", "{number} vials", session.vials).format(number=session.vials),
        _("Up to whole vials: what a vial holds beyond its usable volume is the allowance for losses."),
        usable.source,
        usable.grade,
    )
