"""Product data in words: every figure with its source and grade, and what a change of it does."""

from decimal import Decimal

from dosing_app.core.findings import finding
from dosing_app.core.quantities import NO_BREAK_SPACE, print_number
from dosing_app.course.product_change import DOWN_BY, REFUSED, START_BY, Change, Comparison
from dosing_app.reference.product import Product
from dosing_app.reference.product_entries import Entry, entries
from dosing_app.wording.figures import Table
from dosing_app.wording.language import _, data_words
from dosing_app.wording.sentences import finding_title
from dosing_app.wording.units import unit_words

_SHORT, _EXACT = 4, 10  # decimals of a computed figure: as a rule, and where two figures differ further on
_NOTHING = "–"


def grade_words(grade: str) -> str:
    """How well a figure is known: "B: manufacturer's page or label copy, read"."""
    words = {
        "A": _("regulator or primary paper, read"),
        "A-": _("a primary paper says nothing else"),
        "B": _("manufacturer’s page or label copy, read"),
        "C": _("hospital page, abstract or public code"),
        "R": _("recalled from the label, not re-read"),
        "D": _("computed here"),
        "J": _("judgement, no source"),
    }
    return f"{grade}: {words[grade]}" if grade in words else grade


def part_words(part: str, of: str) -> str:
    """Where in the product data a figure stands: "bag 96h"."""
    return {
        "vial": _("vial"),
        "saline": _("saline bag"),
        "stabiliser": _("stabiliser"),
        "storage": _("storage, {name}").format(name=_statements().get(of, of)),
        "kind": _("bag {name}").format(name=of),
    }.get(part, part)


def key_words(key: str) -> str:
    """What a figure is."""
    return {
        "labelled": _("drug as labelled"),
        "water": _("water to reconstitute with"),
        "strength": _("strength, reconstituted"),
        "reconstituted": _("volume, reconstituted"),
        "usable": _("usable volume"),
        "keeps_refrigerated": _("keeps at 2–8 °C"),
        "keeps_at_room": _("keeps at room temperature"),
        "name": _("name"),
        "calculate_with": _("calculated with"),
        "fill_from": _("fill, from"),
        "fill_to": _("fill, to"),
        "sodium": _("sodium"),
        "citric_acid": _("citric acid"),
        "lysine": _("lysine hydrochloride"),
        "polysorbate": _("polysorbate 80"),
        "lysine_molar_mass": _("molar mass of lysine hydrochloride"),
        "refrigerated": _("prepared bag keeps at 2–8 °C"),
        "at_room": _("prepared bag keeps at room temperature"),
        "infusion_included": _("2–8 °C limit includes the infusion"),
        "composition": _("composition"),
        "why_unavailable": _("why it cannot be planned"),
        "preservative": _("preserved"),
        "duration": _("duration"),
        "rate": _("pump rate"),
        "storage": _("storage"),
        "stabiliser": _("stabiliser"),
        "diluent": _("diluent"),
        "final": _("made up to"),
        "benzyl_alcohol": _("benzyl alcohol of the saline"),
        "minimum_weight": _("minimum weight"),
        "early_take_down": _("planned early take-down"),
    }.get(key, key)


def _statements() -> dict[str, str]:
    """What stands in product data as a word."""
    return {
        "yes": _("yes"),
        "no": _("no"),
        "additive": _("drug added to the bag"),
        "made-up": _("made up to a volume"),
        "unavailable": _("not available"),
        "preservative-free": _("preservative-free"),
        "preserved": _("preserved"),
    }


def _value(text: str, unit: str) -> str:
    """A figure with its unit in words, or a statement."""
    if not text:
        return _NOTHING
    if not unit:
        return _statements().get(text, data_words(text))
    return f"{print_number(Decimal(text))}{NO_BREAK_SPACE}{unit_words(unit, one=text == '1')}"


def figure_table(product: Product) -> Table:
    """Every figure and statement of product data."""
    return Table(
        [_("Part"), _("Figure"), _("Value"), _("Grade"), _("Source or reason")],
        [_cells(entry) for entry in entries(product)],
    )


def _cells(entry: Entry) -> list[str]:
    place = [part_words(entry.part, entry.of), key_words(entry.key)]
    if entry.key == "why_unavailable":  # a sentence, which stands where there is room
        return [*place, _NOTHING, _NOTHING, data_words(entry.value)]
    grade = grade_words(entry.grade) if entry.grade else _NOTHING
    return [*place, _value(entry.value, entry.unit), grade, data_words(entry.source) or _NOTHING]


def figure_changes(compared: Comparison) -> Table:
    """The figures and statements that differ."""
    return Table(
        [_("Part"), _("Figure"), _("Before"), _("After")],
        [
            [
                part_words(each.part, each.of),
                key_words(each.key),
                _value(each.before, each.unit),
                _value(each.after, each.unit),
            ]
            for each in compared.figures
        ],
    )


def infant_changes(compared: Comparison) -> Table:
    """What that does to the example infants, one column each: "0.93 mL → 0.92 mL"; a dash where nothing changes."""
    infants = list(dict.fromkeys(change.weight for change in compared.infants))
    cells = {(change.kind, change.key, change.weight): change for change in compared.infants}
    rows = []
    for kind, key in dict.fromkeys((change.kind, change.key) for change in compared.infants):
        words, unit = _key_of_plan(key)
        found = [cells.get((kind, key, infant)) for infant in infants]
        shown = [_cell(each, unit) if each else _NOTHING for each in found]
        rows.append([part_words("kind", kind) if kind else _("every bag"), words, *shown])
    headers = [_("{weight} infant").format(weight=each.replace(" ", NO_BREAK_SPACE)) for each in infants]
    return Table([_("Bag"), _("Figure"), *headers], rows)


def _key_of_plan(key: str) -> tuple[str, str]:
    return {
        "daily_dose_micrograms": (_("daily dose"), "microgram/day"),
        "rate_ml_per_h": (_("pump rate"), "mL/h"),
        "runs_h": (_("runs for"), "h"),
        "diluent_ml": (_("diluent"), "mL"),
        "stabiliser_ml": (_("stabiliser"), "mL"),
        "made_up_to_ml": (_("made up to"), "mL"),
        "drug_ml_exact": (_("drug, exact"), "mL"),
        "drug_ml": (_("drug, measured"), "mL"),
        "total_ml": (_("total in the bag"), "mL"),
        "concentration_ug_per_ml": (_("concentration, micrograms per mL"), ""),
        "delivered_ug_per_day": (_("dose delivered, micrograms per day"), ""),
        START_BY: (_("connect within, from preparation"), "h"),
        DOWN_BY: (_("take down within, from connection"), "h"),
        "vials": (_("vials in the course"), ""),
        "sessions": (_("sessions in the course"), ""),
        "bags": (_("bags in the course"), ""),
        REFUSED: (_("can be planned"), ""),
    }.get(key, (key, ""))


def _cell(change: Change, unit: str) -> str:
    """Two values, numbers with as many decimals as it takes to see that they differ."""
    if change.key == REFUSED:
        before, after = (_reasons(codes) for codes in (change.before, change.after))
        return f"{before} → {after}"
    shown: list[str] = []
    for places in range(_SHORT, _EXACT):
        shown = [print_number(Decimal(text), places) if text else _NOTHING for text in (change.before, change.after)]
        if shown[0] != shown[1]:
            break
    return " → ".join(shown) + (f"{NO_BREAK_SPACE}{unit_words(unit)}" if unit else "")


def _reasons(codes: str) -> str:
    """Why a kind cannot be planned, or that it can."""
    return ", ".join(finding_title(finding(code)) for code in codes.split(", ")) if codes else _("yes")
