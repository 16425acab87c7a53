"""The worksheet of a session: master formula and record. One bag at a time, each equation with its figures in it."""

from decimal import Decimal
from typing import Any

from dosing_app.core.findings import Finding
from dosing_app.core.quantities import NO_BREAK_SPACE, Quantity, magnitude, plain
from dosing_app.course.plan import Bag, Plan, Session
from dosing_app.papers.label import diluent_words, preservative_words, rate_change_words, saline_words
from dosing_app.papers.pdf import Document
from dosing_app.papers.sheet import foot, grade_legend, graded, heading, made_at
from dosing_app.papers.standing import Standing, check_printable
from dosing_app.papers.vial_order import notes, product_words
from dosing_app.reference.bundle import Reference
from dosing_app.reference.product import BagKind
from dosing_app.reference.source import Figure
from dosing_app.wording import figures
from dosing_app.wording.language import _, n_
from dosing_app.wording.units import print_quantity

# Findings about a plan that the person at the bench needs to read.
_FOR_THE_BENCH = {
    "drug-volume-small",
    "syringe-deviation",
    "preserved-infant",
    "unit-closed",
    "no-vial-slack",
    "no-storage-slack",
}
# A label copy gets this much room, the size of the smallest label. [mm]
_COPY_WIDTH, _COPY_HEIGHT = 100, 70


def worksheet(session: Session, plan: Plan, standing: Standing, reference: Reference) -> Document:
    """The worksheet of a session of the plan.

    Raises:
        NotPrintable: see `check_printable`.
    """
    check_printable(plan, standing, reference)
    assert plan.totals is not None
    bags = [bag for bag in plan.bags or () if bag.number in session.bags]
    title = _("Worksheet, session {number} of {total}").format(number=session.number, total=plan.totals.sessions)
    content = {
        "head": heading(title, plan, standing, reference),
        "session": _session(session, bags, plan),
        "vials": _vials(session, plan, reference),
        "bags": [_bag(bag, bags[place - 1] if place else None, plan, reference) for place, bag in enumerate(bags)],
        "notes": _notes(bags, plan),
        "legend": grade_legend(),
        "copy": {"width": _COPY_WIDTH, "height": _COPY_HEIGHT, "words": _("Copy of the label")},
        "foot": foot(plan, standing),
    }
    return Document("worksheet", title, made_at(plan, standing), content)


def _session(session: Session, bags: list[Bag], plan: Plan) -> dict[str, Any]:
    return {
        "at": figures.when_with_offset(session.at_local),
        "not_before": _("First vial punctured not before this: the limits on the labels count from it."),
        "started": _("Punctured at"),
        "rows": [
            [
                _("Bag {number}").format(number=bag.number),
                figures.kind_words(bag, plan),
                print_quantity(bag.rate, "mL/h"),
                _("connect {when}").format(when=figures.when_with_offset(bag.start_local)),
            ]
            for bag in bags
        ],
    }


def _figure(figure: Figure, unit: str, micrograms: str = "micrograms") -> dict[str, str]:
    return graded(print_quantity(figure.quantity, unit, micrograms=micrograms), figure.grade)


def _vials(session: Session, plan: Plan, reference: Reference) -> dict[str, Any]:
    vial = reference.product.vial
    return {
        "heading": n_("{number} vial to reconstitute", "{number} vials to reconstitute", session.vials).format(
            number=session.vials
        ),
        "product": product_words(plan, reference),
        "facts": [
            [_("Water for injections, each vial"), _figure(vial.water, "mL")],
            [_("gives"), _figure(vial.strength, "microgram/mL", plan.micrograms)],
            [_("usable"), _figure(vial.usable, "mL")],
            [_("drawn in this session"), graded(print_quantity(session.drawn, "mL"), "")],
            [_("stays unused"), graded(print_quantity(session.unused, "mL"), "")],
        ],
        "how": _("Water only, never the stabiliser. Swirl, do not shake. {sharing}").format(
            sharing=_("Vials serve the bags of this session alone.")
            if reference.site.share_vials
            else _("Each bag has vials of its own.")
        ),
        "columns": [
            _("Vial"),
            _("Lot"),
            _("Expiry"),
            _("Reconstituted at"),
            _("Use by"),
            _("Clear, no particles"),
            _("Prepared"),
            _("Second"),
        ],
        "use_by": _("Use by"),
        "keeps": graded(
            f"+{NO_BREAK_SPACE}{print_quantity(vial.keeps_at_room.quantity, 'h')}", vial.keeps_at_room.grade
        ),
        "count": session.vials,
    }


def _bag(bag: Bag, before: Bag | None, plan: Plan, reference: Reference) -> dict[str, Any]:
    kind = reference.product.kinds[bag.kind.partition("@")[0]]
    return {
        "heading": _("Bag {number} of {of}").format(number=bag.number, of=bag.of),
        "kind": figures.kind_words(bag, plan),
        "preservative": preservative_words(bag),
        "clearance": _clearance(bag, before),
        "rate_change": rate_change_words(bag, plan),
        "draw": {
            "name": _("Draw up blinatumomab"),
            "volume": print_quantity(bag.drug, "mL"),
            "syringe": _syringe(bag, reference),
            "rinse": _("Do not rinse the syringe into the bag."),
        },
        "formula": figures.bag_formula(bag),
        "letters": _letters(bag, kind, plan, reference),
        "working": _working(bag, plan),
        "columns": [
            "",
            _("In this order"),
            _("Amount"),
            _("Lot"),
            _("Expiry"),
            _("Actual amount"),
            _("Added by"),
            _("Read before it goes in, by"),
        ],
        "ingredients": _ingredients(bag, kind, plan, reference),
        "runs": [
            [_("Rate"), _as_planned(kind.rate, bag.rate, "mL/h")],
            [_("Runs for"), _runs(bag, kind)],
        ],
        "ledger": _ledger(bag, reference),
        "ledger_heading": _("Volume ledger"),
        "checks": [
            _("Mixed gently, not shaken"),
            _("Clear, colourless, no particles"),
            _("Container whole, ports closed"),
        ],
        "labels": [_("Labels printed"), _("on the bag"), _("on this sheet"), _("destroyed")],
        "signatures": [_("Prepared by"), _("Checked by"), _("Released by"), _("Date and time")],
    }


def _clearance(bag: Bag, before: Bag | None) -> str:
    """Between bags of different kinds the bench is cleared."""
    if before is None or before.kind.partition("@")[0] == bag.kind.partition("@")[0]:
        return ""
    return _("Another kind of bag: line clearance. Bench empty, labels of bag {number} put away.").format(
        number=before.number
    )


def _syringe(bag: Bag, reference: Reference) -> str:
    step = print_quantity(bag.graduation, "mL")
    smallest = min(reference.site.syringes)
    two = reference.site.two_small_syringes and magnitude(bag.graduation, "mL") == reference.site.syringes[smallest]
    if two and magnitude(bag.drug, "mL") > smallest:
        return _("in two {size} syringes, marked every {step}").format(
            size=f"{plain(smallest)}{NO_BREAK_SPACE}mL", step=step
        )
    return _("syringe marked every {step}").format(step=step)


def _letters(bag: Bag, kind: BagKind, plan: Plan, reference: Reference) -> list[Any]:
    """What each letter of the equation stands for, with its figure."""
    delivered = graded(print_quantity(kind.delivered, "mL"), kind.rate.grade)
    rows: list[Any] = []
    if kind.final is None:
        assert kind.diluent is not None
        assert kind.stabiliser is not None
        rows += [
            ["S", _("saline"), _as_planned(kind.diluent, bag.diluent, "mL")],
            ["I", _("stabiliser"), _as_planned(kind.stabiliser, bag.stabiliser, "mL")],
        ]
    else:
        rows.append(["T", _("made up to"), _figure(kind.final, "mL")])
    return [
        *rows,
        ["C", _("strength"), _figure(reference.product.vial.strength, "microgram/mL", plan.micrograms)],
        ["v", _("full bag delivers"), delivered],
    ]


def _working(bag: Bag, plan: Plan) -> list[list[str]]:
    """Each equation with its figures and its result, and the letter that it works out."""
    names = [("D", _("to deliver")), ("V", _("drug volume")), ("", _("Measured")), ("", _("Gives"))]
    lines = figures.bag_working(bag, plan)
    return [[*name, line.equation, line.result] for name, line in zip(names, lines, strict=True)]


def _as_planned(figure: Figure, planned: Quantity, unit: str) -> dict[str, str]:
    """A figure of the plan, with the grade of the product figure that it is; none where the plan has another."""
    same = magnitude(planned, unit) == magnitude(figure.quantity, unit)
    return graded(print_quantity(planned, unit), figure.grade if same else "")


def _ingredients(bag: Bag, kind: BagKind, plan: Plan, reference: Reference) -> list[dict[str, Any]]:
    """In order of addition; the stabiliser before the drug."""
    assert kind.diluent is not None
    assert kind.stabiliser is not None
    filled = _as_planned(kind.diluent, bag.diluent, "mL")
    drug = {
        "name": "blinatumomab",
        "detail": _("{strength}, from the vials").format(
            strength=print_quantity(bag.strength, "microgram/mL", micrograms=plan.micrograms)
        ),
        "amount": graded(print_quantity(bag.drug, "mL"), ""),
        "strong": True,
    }
    stabiliser = {
        "name": _("stabiliser"),
        "detail": _("before the drug"),
        "amount": _as_planned(kind.stabiliser, bag.stabiliser, "mL"),
        "strong": False,
    }
    if bag.made_up_to is None:
        first = {
            "name": diluent_words(bag, reference),
            "detail": _("bag as filled, calculated with {volume}").format(volume=filled["text"]),
            "amount": filled,
            "strong": False,
        }
        return [first, stabiliser, drug]
    first = {"name": diluent_words(bag, reference), "detail": "", "amount": filled, "strong": False}
    assert kind.final is not None
    last = {
        "name": saline_words(reference),
        "detail": _("preservative-free, made up to this"),
        "amount": {**_figure(kind.final, "mL"), "before": _("to")},
        "strong": False,
    }
    return [first, stabiliser, drug, last]


def _runs(bag: Bag, kind: BagKind) -> dict[str, str]:
    """The hours that a bag runs, with the grade of its duration or of its early take-down."""
    hours = magnitude(bag.runs, "h")
    for figure in (kind.duration, *kind.early_take_down):
        if magnitude(figure.quantity, "h") == hours:
            return graded(print_quantity(bag.runs, "h"), figure.grade)
    return graded(print_quantity(bag.runs, "h"), "")


def _ledger(bag: Bag, reference: Reference) -> list[list[Any]]:
    """The whole volume ledger; the priming volume bears its grade where the site has not set its own."""
    assumed = reference.site.prime_ml is None and magnitude(bag.primed, "mL") != Decimal(0)
    rows = []
    for place, (name, text) in enumerate(figures.ledger(bag)):
        grade = reference.limits.prime_ml.grade if place == 1 and assumed else ""
        rows.append([name, graded(text, grade)])
    return rows


def _notes(bags: list[Bag], plan: Plan) -> list[list[str]]:
    """Notes and reasons that concern a bag of this session."""
    own = {bag.number for bag in bags}
    kinds = {bag.kind.partition("@")[0] for bag in bags}

    def concerns(found: Finding) -> bool:
        if found.code not in _FOR_THE_BENCH:
            return False
        return bool(own & set(found.bags)) if found.bags else found.values.get("kind", "") in kinds

    return notes(plan, concerns)
