"""The label of a bag. Its lines are composed here, once: the window's preview and the paper show the same."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from dosing_app.core.quantities import NO_BREAK_SPACE, magnitude, plain, print_number
from dosing_app.course.plan import Bag, Plan
from dosing_app.papers.code import code_text, picture
from dosing_app.papers.handling import load_handling
from dosing_app.papers.pdf import Document
from dosing_app.papers.sheet import foot, identifiers, made_at, short_plain_words, versions_line
from dosing_app.papers.standing import Standing, check_printable, confirmed_words, lacks, state_words
from dosing_app.reference.bundle import Reference
from dosing_app.wording import figures
from dosing_app.wording.language import _, data_words
from dosing_app.wording.sentences import formula_name
from dosing_app.wording.units import print_quantity


@dataclass(frozen=True, slots=True)
class LabelLine:
    """One line of a label: what it is (for its place and size), a name that may be empty, and its text.

    A line with a name and no text is left to be filled in by hand.
    """

    role: str
    text: str
    name: str = ""

    @property
    def whole(self) -> str:
        """Name and text as they are read."""
        return f"{self.name} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class Label:
    """The label of one bag, in the order in which the pump is programmed. Size in mm; the code is None on a draft."""

    number: int
    of: int
    lines: tuple[LabelLine, ...]
    width: Decimal
    height: Decimal
    draft: bool
    code: str | None


def label_of(bag: Bag, plan: Plan, standing: Standing, reference: Reference) -> Label:
    """The label of a bag of the plan.

    Raises:
        NotPrintable: see `check_printable`.
    """
    check_printable(plan, standing, reference)
    site = reference.site
    return Label(
        number=bag.number,
        of=bag.of,
        lines=tuple(_lines(bag, plan, standing, reference)),
        width=site.label_width_mm,
        height=site.label_height_mm,
        draft=standing.draft,
        code=None if standing.draft else code_text(bag, plan, standing),
    )


def labels(plan: Plan, standing: Standing, reference: Reference, numbers: Sequence[int] | None = None) -> Document:
    """The labels of the plan's bags, or of those with the given numbers: one a page, or on sheets of A4.

    A draft is always on A4.

    Raises:
        NotPrintable: see `check_printable`.
    """
    check_printable(plan, standing, reference)
    wanted = [bag for bag in plan.bags or () if numbers is None or bag.number in numbers]
    made = [label_of(bag, plan, standing, reference) for bag in wanted]
    content = {
        "sheet": "a4" if standing.draft else reference.site.label_sheet,
        "draft": standing.draft,
        "width": plain(reference.site.label_width_mm),
        "height": plain(reference.site.label_height_mm),
        "heading": _("Labels") if reference.site.label_adopted else _("Label proofs"),
        "state": state_words(standing),
        "lacks": lacks(plan, standing),
        "foot": foot(plan, standing),
        "labels": [_content(label) for label in made],
    }
    title = _("Labels, {identifiers}").format(identifiers=identifiers(plan)) if identifiers(plan) else _("Labels")
    return Document("label", title, made_at(plan, standing), content)


def _content(label: Label) -> dict[str, Any]:
    return {
        "lines": [asdict(line) for line in label.lines],
        "code": "" if label.code is None else picture(label.code),
        "code_words": _("Code of bag {number} of {of}").format(number=label.number, of=label.of),
        "draft": label.draft,
    }


def _lines(bag: Bag, plan: Plan, standing: Standing, reference: Reference) -> Iterator[LabelLine]:
    """Every line, in the order of domain.md section 9, item 8."""
    assert plan.bsa is not None
    two = identifiers(plan)
    yield LabelLine("patient", two) if two else LabelLine("patient-box", "", _("Patient label"))
    ward = reference.site.wards[0] if len(reference.site.wards) == 1 else ""
    yield LabelLine("ward", ward, _("Ward"))
    yield LabelLine("drug", "blinatumomab")
    yield LabelLine("route", _("FOR INTRAVENOUS USE ONLY"))
    yield LabelLine("content", _content_words(bag, plan, reference))
    yield LabelLine("rate", print_quantity(bag.rate, "mL/h"), _("RATE"))
    if change := rate_change_words(bag, plan):
        yield LabelLine("rate-change", change)
    yield LabelLine("runs", print_quantity(bag.runs, "h"), _("Runs for"))
    yield LabelLine("volume", print_quantity(bag.delivered, "mL"), _("To be infused"))
    yield LabelLine("discarded", _("the rest is discarded"))
    yield LabelLine("dose", figures.dose_of_bag(bag, plan), _("Dose"))
    yield LabelLine(
        "dose-more",
        _("for BSA {area} ({formula}); this bag gives {given}").format(
            area=figures.area(plan),
            formula=formula_name(plan.bsa.formula),
            given=figures.dose_given(bag),
        ),
    )
    yield LabelLine("bag", _("Bag {number} of {of}").format(number=bag.number, of=bag.of))
    yield LabelLine("state", state_words(standing))
    yield from _times(bag, plan, reference)
    yield from _handling(bag)
    if confirmed := confirmed_words(plan):
        yield LabelLine("confirmed", confirmed)
    if lacking := lacks(plan, standing):
        yield LabelLine("lacks", " · ".join(lacking))
    yield from _by_hand(reference)
    sentence = _("{versions}.") if reference.site.label_adopted else _("Label proof. {versions}.")
    yield LabelLine("fine", sentence.format(versions=versions_line(plan, standing)))
    yield LabelLine("fine", short_plain_words())


def rate_change_words(bag: Bag, plan: Plan) -> str:
    """The rate of the bag before and of this one; empty where it is the same. [mL/hour, said beside it]"""
    before = plan.bag_before(bag)
    if before is None or magnitude(before.rate, "mL/h") == magnitude(bag.rate, "mL/h"):
        return ""
    return _("RATE CHANGES: was {before}, now {now}").format(
        before=print_number(magnitude(before.rate, "mL/h")), now=print_number(magnitude(bag.rate, "mL/h"))
    )


def saline_words(reference: Reference) -> str:
    """Sodium chloride with its strength in one piece."""
    return data_words(reference.product.saline.name).replace(" %", f"{NO_BREAK_SPACE}%")


def diluent_words(bag: Bag, reference: Reference) -> str:
    """What the bag is filled with."""
    name = saline_words(reference)
    return _("bacteriostatic {saline}").format(saline=name) if bag.preservative else name


def preservative_words(bag: Bag) -> str:
    """Whether it holds benzyl alcohol."""
    return _("PRESERVED WITH BENZYL ALCOHOL") if bag.preservative else _("preservative-free")


def _content_words(bag: Bag, plan: Plan, reference: Reference) -> str:
    return _("{amount} in about {total} · {concentration} · {diluent} with stabiliser · {preservative}").format(
        amount=_amount(bag, plan),
        total=print_quantity(bag.total, "mL", 1),
        concentration=figures.concentration(bag, plan),
        diluent=diluent_words(bag, reference),
        preservative=preservative_words(bag),
    )


def _amount(bag: Bag, plan: Plan) -> str:
    """What the bag holds, by the measured volume of drug."""
    return print_quantity(bag.held, "microgram", 2, micrograms=plan.micrograms)


def hanging_words(bag: Bag, reference: Reference) -> str:
    """Hours for which the kind may hang, infusion included, whenever it was connected: "96 h"."""
    kind = reference.product.kinds[bag.kind.partition("@")[0]]
    return print_quantity(reference.product.storage[kind.storage].at_room.quantity, "h")


def _times(bag: Bag, plan: Plan, reference: Reference) -> Iterator[LabelLine]:
    """Preparation by the unit's clock, the rest by the clock at the bed; by both after a change of the clock.

    The last moment holds for the planned connection; for one that is earlier the hours do.
    """
    assert plan.order is not None
    zone = plan.order.zone
    yield LabelLine("time", figures.when_with_offset(bag.prepared_local), _("Prepared"))
    yield LabelLine("time", figures.when_with_offset(bag.start_local), _("Connect"))
    yield from _clocks(_("Do not connect after"), figures.both_clocks(bag.start_by, zone, bag.start))
    yield from _clocks(_("Take down"), figures.both_clocks(bag.end, zone, bag.start))
    by = figures.both_clocks(bag.down_by, zone, bag.start)
    yield from _clocks(_("Take down by"), by[:1] if bag.down_by == bag.end else by)
    hours = hanging_words(bag, reference)
    yield LabelLine("time", _("{hours} after connection").format(hours=hours), _("or, if earlier,"))


def _clocks(name: str, texts: list[str]) -> Iterator[LabelLine]:
    yield LabelLine("time", texts[0], name)
    for old in texts[1:]:
        yield LabelLine("time", old, _("by the old clock"))


def _handling(bag: Bag) -> Iterator[LabelLine]:
    handling = load_handling()
    yield LabelLine(
        "handling",
        _("{cold} until connected; out of the refrigerator, do not put back. Do not shake.").format(
            cold=handling.refrigerator.text
        ),
    )
    if bag.preservative:
        text = _("Own lumen. Do not flush. Filter: not known for preserved bags.")
    else:
        text = _("In-line filter {pore}, low protein-binding. Own lumen. Do not flush.").format(
            pore=data_words(handling.filter_pore.text)
        )
    yield LabelLine("handling", text)


def _by_hand(reference: Reference) -> Iterator[LabelLine]:
    for name in (_("Drug lot"), _("Stabiliser lot"), _("Saline lot"), _("Prepared by"), _("Checked by")):
        yield LabelLine("by-hand", "", name)
    yield LabelLine("by-hand", reference.site.phone, _("Pharmacy"))
