"""The figures of a plan as texts: every number becomes text here, once, by the display rules (domain.md section 9)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from whenever import Instant, PlainDateTime

from dosing_app.core.clock import age, read_date, read_instant
from dosing_app.core.findings import Finding, Tier
from dosing_app.core.quantities import NO_BREAK_SPACE, Refused, exact_arithmetic, magnitude, print_number, read_quantity
from dosing_app.course.order import quantity_field, weight_field
from dosing_app.course.pattern import AUTO, read_pattern
from dosing_app.course.plan import Bag, KindRow, Plan
from dosing_app.reference.bundle import House
from dosing_app.reference.product import load_product
from dosing_app.reference.source import BadFile
from dosing_app.wording.calendar_words import months, weekdays
from dosing_app.wording.language import _
from dosing_app.wording.sentences import finding_title, formula_name, index_name, refusal, tier_name
from dosing_app.wording.units import print_quantity

# Decimals shown: enough that a shown number can be recomputed from those beside it.
_AREA_PLACES, _DOSE_PLACES, _EXPOSURE_PLACES, _CONCENTRATION_PLACES = 4, 2, 1, 4
_VOLUME_PLACES = 2
# The working shows more, so that each line can be followed from the line above.
_WORKED_AREA, _WORKED_DOSE, _WORKED_AMOUNT, _WORKED_VOLUME = 6, 4, 3, 4


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the working: what is worked, the equation with its figures, the result."""

    name: str
    equation: str
    result: str


@dataclass(frozen=True, slots=True)
class AreaLine:
    """BSA by one formula, and how far it lies from the order's."""

    name: str
    value: str
    difference: str


@dataclass(frozen=True, slots=True)
class Table:
    """Texts in rows; a row's mark says in words what speaks against it."""

    headers: list[str]
    rows: list[list[str]]
    marks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Echo:
    """A typed value in other words, or why it cannot be read."""

    text: str
    ok: bool


def number(value: Decimal, places: int | None = None) -> str:
    """A number for people."""
    return print_number(value, places)


def signed(value: Decimal, places: int) -> str:
    """A number with its sign, a true minus."""
    text = print_number(abs(value), places)
    return f"{'+' if value >= 0 else '−'}{text}"


def percent(value: Decimal, places: int = 1) -> str:
    """A signed percentage."""
    return f"{signed(value, places)}{NO_BREAK_SPACE}%"


# ---- time ----


def date_words(iso: str) -> str:
    """Print a day "2026-11-23" as "Mon 23-Nov-2026"."""
    day = PlainDateTime.parse_iso(f"{iso[:10]}T00:00")
    weekday = weekdays()[day.date().day_of_week().value - 1]
    return f"{weekday} {day.day:02}-{months()[day.month - 1]}-{day.year}"


def when(local_iso: str) -> str:
    """A wall clock "2026-11-23T14:00:00+01:00[…]" as "Mon 23-Nov-2026 14:00"."""
    return f"{date_words(local_iso)} {local_iso[11:16]}"


def when_with_offset(local_iso: str) -> str:
    """As `when`, with the UTC offset: for papers."""
    return f"{when(local_iso)} (UTC{local_iso[19:25]})"


def both_clocks(moment: Instant, zone: str, since: Instant) -> list[str]:
    """A moment with its UTC offset; where the clock was changed since an earlier moment, by the old clock too."""
    now, old = moment.to_tz(zone), since.to_tz(zone).offset
    texts = [when_with_offset(now.format_iso())]
    return texts if now.offset == old else [*texts, when_with_offset(moment.to_fixed_offset(old).format_iso())]


# ---- the answer ----


def dose(plan: Plan) -> str:
    """The daily dose: "5.048 micrograms per day"; empty without one."""
    if plan.daily_dose is None:
        return ""
    return print_quantity(plan.daily_dose.micrograms, "microgram/day", _DOSE_PLACES, micrograms=plan.micrograms)


def dose_explained(plan: Plan) -> str:
    """Print "15 micrograms per m² per day × 0.3365 m²", with the cap where it was reached."""
    return _dose_equation(plan, _AREA_PLACES)


def _dose_equation(plan: Plan, places: int) -> str:
    if plan.daily_dose is None or plan.bsa is None:
        return ""
    rate = print_quantity(plan.daily_dose.dose_rate, "microgram/m^2/day", micrograms=plan.micrograms)
    text = f"{rate} × {print_quantity(plan.bsa.m2, 'm^2', places)}"
    if plan.daily_dose.capped:
        text += ", " + _("capped at {cap}").format(cap=print_quantity(plan.daily_dose.cap, "microgram/day"))
    return text


def case_strip(plan: Plan) -> list[str]:
    """Case, age, weight, length and BSA in one line; empty where there is no result."""
    order = plan.order
    if order is None or plan.bsa is None:
        return []
    months, days = age(order.born, order.start.to_tz(order.zone).date())
    old = _("{days} days").format(days=days) if months < 2 else _("{months} months").format(months=months)  # noqa: PLR2004
    return [
        *([order.case] if order.case else []),
        old,
        print_quantity(order.weight, "kg"),
        print_quantity(order.length, "cm"),
        print_quantity(plan.bsa.m2, "m^2", 3),
    ]


def waiting(plan: Plan) -> str:
    """One sentence where the results stood."""
    if plan.bags is not None:
        return ""
    blocking = [each for each in plan.findings if each.holds_back]
    fields = [each.values.get("field", "") for each in blocking if each.code in {"unreadable", "envelope", "dates"}]
    names = {
        "weight": _("a weight"),
        "length": _("a length"),
        "born": _("a date of birth"),
        "start": _("a start"),
        "measured": _("a day of measuring"),
        "prescribed": _("a prescribed dose"),
        "zone": _("a time zone"),
        "pattern": _("a pattern"),
        "sessions": _("sessions"),
        "gestation": _("a gestation"),
        "previous-weight": _("a previous weight"),
        "file": _("product data"),
    }
    wanted = [names[name] for name in dict.fromkeys(fields) if name in names]
    if wanted:
        return _("Waiting for {wanted} that can be used.").format(wanted=_listed(wanted))
    if any(each.tier is Tier.REFUSE for each in blocking):
        return _("Refused: see below.")
    if blocking:
        return _("Waiting for a written reason: see below.")
    if plan.searching:
        return _("Searching for sessions …")
    return _("No result.")


def _listed(words: Sequence[str]) -> str:
    if len(words) == 1:
        return words[0]
    return _("{first} and {last}").format(first=", ".join(words[:-1]), last=words[-1])


# ---- working ----


def working(plan: Plan) -> list[Line]:
    """The working from weight and length to the first bag's syringe, line by line with units."""
    if plan.order is None or plan.bsa is None or plan.daily_dose is None:
        return []
    weight, length = print_quantity(plan.order.weight, "kg"), print_quantity(plan.order.length, "cm")
    area = print_quantity(plan.bsa.m2, "m^2", _WORKED_AREA)
    word = plan.micrograms
    daily = print_quantity(plan.daily_dose.micrograms, "microgram/day", _WORKED_DOSE, micrograms=word)
    lines = [
        Line(_("BSA"), _area_equation(plan.bsa.formula, weight, length), area),
        Line(_("Daily dose"), _dose_equation(plan, _WORKED_AREA), daily),
    ]
    if plan.searching:  # the steps that are still to come keep their place
        delivered = _("Drug delivered by a {kind} bag").format(kind="…h")
        coming = (delivered, _("Drug volume"), _("Measured"), _("Delivered"))
        return [*lines, *(Line(name, "", "") for name in coming)]
    return lines + bag_working(plan.bags[0], plan) if plan.bags else lines


def bag_working(bag: Bag, plan: Plan) -> list[Line]:
    """The working of one bag from the daily dose to what its measured drug delivers."""
    kind = bag.kind.partition("@")[0]
    full = _full_hours(bag, plan)
    word = plan.micrograms
    daily = print_quantity(bag.daily_dose, "microgram/day", _WORKED_DOSE, micrograms=word)
    delivered = print_quantity(bag.dose_delivered, "microgram/day", _WORKED_DOSE, micrograms=word)
    strength = print_number(magnitude(bag.strength, "microgram/mL"))
    return [
        Line(
            _("Drug delivered by a {kind} bag").format(kind=kind),
            f"{daily} × {print_number(full)}{NO_BREAK_SPACE}h ÷ 24{NO_BREAK_SPACE}h",
            print_quantity(bag.to_deliver, "microgram", _WORKED_AMOUNT, micrograms=word),
        ),
        Line(_("Drug volume"), _volume_equation(bag, full), print_quantity(bag.drug_exact, "mL", _WORKED_VOLUME)),
        Line(
            _("Measured"),
            _("nearest mark of {step}").format(step=print_quantity(bag.graduation, "mL")),
            print_quantity(bag.drug, "mL"),
        ),
        Line(
            _("Delivered"),
            f"{strength} × {print_number(magnitude(bag.drug, 'mL'))} ÷ {print_number(magnitude(bag.total, 'mL'))} × "
            f"{print_number(magnitude(bag.rate, 'mL/h'))} × 24",
            f"{delivered} ({percent(bag.deviation_percent)})",
        ),
    ]


def _full_hours(bag: Bag, plan: Plan) -> Decimal:
    """The full duration of the bag's kind, which its recipe is made for."""
    kind = bag.kind.partition("@")[0]
    rows = [row for row in plan.kinds or () if row.kind == kind]
    return magnitude(rows[0].duration, "h")


def bag_formula(bag: Bag) -> str:
    """The equation of the drug volume in letters; `bag_working` has the figures."""
    return "V = D ÷ v × T ÷ C" if bag.made_up_to is not None else "V = D × (S + I) ÷ (C × v − D)"


def _volume_equation(bag: Bag, full: Decimal) -> str:
    d = print_number(magnitude(bag.to_deliver, "microgram"), _WORKED_AMOUNT)
    c = print_number(magnitude(bag.strength, "microgram/mL"))
    v = print_number(full * magnitude(bag.rate, "mL/h"))
    if bag.made_up_to is not None:
        return f"{d} ÷ {v} × {print_number(magnitude(bag.made_up_to, 'mL'))} ÷ {c}"
    base = f"{print_number(magnitude(bag.diluent, 'mL'))} + {print_number(magnitude(bag.stabiliser, 'mL'))}"
    return f"{d} × ({base}) ÷ ({c} × {v} − {d})"


def _area_equation(formula: str, weight: str, length: str) -> str:
    """The formula with the figures in it."""
    bare_weight, bare_length = weight.split(NO_BREAK_SPACE, maxsplit=1)[0], length.split(NO_BREAK_SPACE, maxsplit=1)[0]
    grams = print_number(Decimal(bare_weight) * 1000, grouped=False)
    return {
        "mosteller": f"√({weight} × {length} ÷ 3600)",
        "haycock": f"0.024265 × {bare_weight}^0.5378 × {bare_length}^0.3964",
        "gehan-george": f"0.0235 × {bare_weight}^0.51456 × {bare_length}^0.42246",
        "boyd": f"0.0333 × {bare_weight}^(0.6157 − 0.0188 × log {bare_weight}) × {bare_length}^0.3",
        "bnfc": f"0.0004688 × {grams}^(0.8168 − 0.0154 × log {grams})",
    }[formula]


def areas(plan: Plan) -> list[AreaLine]:
    """BSA by the order's formula, then by the others with their difference, which is that of the dose."""
    if plan.bsa is None:
        return []
    own = magnitude(plan.bsa.m2, "m^2")
    lines = [AreaLine(formula_name(plan.bsa.formula), print_quantity(plan.bsa.m2, "m^2", _AREA_PLACES), "")]
    for name, area in plan.bsa.others.items():
        off = (magnitude(area, "m^2") / own - 1) * 100
        lines.append(AreaLine(formula_name(name), print_quantity(area, "m^2", _AREA_PLACES), percent(off)))
    return lines


def growth_lines(plan: Plan) -> list[str]:
    """How the infant stands against the WHO standards, and what growth does to the dose within the course."""
    growth = plan.growth
    if growth is None or plan.bsa is None:
        return []
    parts = []
    for found in growth.indices:
        by = f" ({_('female') if found.sex == 'female' else _('male')})" if plan.order and not plan.order.sex else ""
        z = _("not available") if found.z is None else signed(found.z, 1)
        parts.append(f"{index_name(found.index)}{by} {z}")
    lines = [", ".join(parts)]
    if growth.area_at_day_28 is not None:
        lines.append(
            _("BSA expected at day 28: {then}").format(
                then=print_quantity(growth.area_at_day_28, "m^2", _AREA_PLACES),
            )
        )
    for percent_, date in ((growth.first_percent, growth.first_date), (growth.second_percent, growth.second_date)):
        if date is not None:
            lines.append(
                _("dose {percent} % low from {date}").format(
                    percent=print_number(percent_), date=date_words(date.format_iso())
                )
            )
    return lines


# ---- tables ----


def kind_table(plan: Plan) -> Table:
    """Every bag kind side by side: rate, drug, and what it brings per kilogram and day."""
    headers = [
        _("Bag kind"),
        _("Rate, mL/hour"),
        _("Drug, mL"),
        _("Off the dose"),
        _("Fluid, mL"),
        _("Sodium, mmol"),
        _("Chloride, mmol"),
        _("Lysine HCl,\u00a0mg"),
        _("Polysorbate, mg"),
        _("Benzyl alcohol,\u00a0mg"),
    ]
    rows = list(plan.kinds or ())
    cells = [_kind_cells(row) for row in rows]
    if any(row.label_row is not None for row in rows):
        headers.insert(3, _("Label, mL"))
        for row, line in zip(rows, cells, strict=True):
            line.insert(3, _label_cell(row))
    return Table(headers, cells, [_kind_mark(row) for row in rows])


def _label_cell(row: KindRow) -> str:
    """The label's own volume, and by how much it differs from the exact one; or that it has none."""
    if row.drug_exact is None:
        return "–"
    if row.label_drug is None:
        return _("no row for this BSA")
    label, exact = magnitude(row.label_drug, "mL"), magnitude(row.drug_exact, "mL")
    with exact_arithmetic():
        off = (label / exact - 1) * 100
    return f"{print_number(label)} ({percent(off)})"


def _kind_cells(row: KindRow) -> list[str]:
    def cell(value: object, unit: str, places: int) -> str:
        return "–" if value is None else print_number(magnitude(value, unit), places)

    name = f"{row.kind} {_('preserved')}" if row.preservative else row.kind
    return [
        name,
        print_number(magnitude(row.rate, "mL/h")),
        cell(row.drug, "mL", 2),
        "–" if row.deviation_percent is None else percent(row.deviation_percent),
        cell(row.fluid, "mL/kg/day", _EXPOSURE_PLACES),
        cell(row.sodium, "mmol/kg/day", _EXPOSURE_PLACES),
        cell(row.chloride, "mmol/kg/day", _EXPOSURE_PLACES),
        cell(row.lysine, "mg/kg/day", _EXPOSURE_PLACES),
        cell(row.polysorbate, "mg/kg/day", 2),
        cell(row.benzyl_alcohol, "mg/kg/day", _EXPOSURE_PLACES),
    ]


def _kind_mark(row: KindRow) -> str:
    """What speaks against a kind, most serious first, in a few words; a note does not."""
    tiers = list(Tier)
    serious = (each for each in row.marks if each.tier is not Tier.NOTE)
    marks: list[Finding] = sorted(serious, key=lambda each: tiers.index(each.tier))
    return "; ".join(f"{tier_name(each.tier)}: {finding_title(each)}" for each in marks)


def bag_table(plan: Plan) -> Table:
    """Every bag: kind, connection and take-down, rate, recipe, times of the unit."""
    headers = [
        _("Bag"),
        _("Kind"),
        _("Connect"),
        _("Take down"),
        _("Rate, mL/hour"),
        _("To\u00a0be infused,\u00a0mL"),
        _("Drug, mL"),
        _("Prepare"),
        _("Do not connect after"),
        _("Take down by"),
        _("Stabiliser, mL"),
        _("Saline, mL"),
    ]
    zone = plan.order.zone if plan.order else "UTC"
    rows = [
        [
            str(bag.number),
            bag.kind,
            when(bag.start_local),
            when(bag.end_local),
            print_number(magnitude(bag.rate, "mL/h")),
            print_number(magnitude(bag.delivered, "mL")),
            print_number(magnitude(bag.drug, "mL")),
            when(bag.prepared_local),
            when(bag.start_by.to_tz(zone).format_iso()),
            when(bag.down_by.to_tz(zone).format_iso()),
            print_number(magnitude(bag.stabiliser, "mL")),
            print_number(magnitude(bag.diluent, "mL")),
        ]
        for bag in plan.bags or ()
    ]
    marks = [_("RATE CHANGES") if bag.rate_changed else "" for bag in plan.bags or ()]
    return Table(headers, rows, marks)


def session_table(plan: Plan) -> Table:
    """Every session: when, which bags, vials opened, drawn, left in the vials, and spare beyond what bags may take."""
    headers = [
        _("Session"),
        _("When"),
        _("Bags"),
        _("Vials"),
        _("Drawn, mL"),
        _("Left, mL"),
        _("Spare, mL"),
    ]
    rows = [
        [
            str(session.number),
            when(session.at_local),
            ", ".join(map(str, session.bags)),
            str(session.vials),
            print_number(magnitude(session.drawn, "mL"), _VOLUME_PLACES),
            print_number(magnitude(session.unused, "mL"), _VOLUME_PLACES),
            print_number(magnitude(session.spare, "mL"), _VOLUME_PLACES),
        ]
        for session in plan.sessions or ()
    ]
    return Table(headers, rows)


def kind_words(bag: Bag, plan: Plan) -> str:
    """A bag kind in words: "96 h bag", and what an early take-down does to it."""
    runs = print_quantity(bag.runs, "h")
    full = f"{print_number(_full_hours(bag, plan))}{NO_BREAK_SPACE}h"
    if runs == full:
        return _("{full} bag").format(full=full)
    return _("{full} bag, taken down after {runs}").format(full=full, runs=runs)


def concentration(bag: Bag, plan: Plan) -> str:
    """What one mL of the finished bag holds."""
    return print_quantity(bag.concentration, "microgram/mL", _CONCENTRATION_PLACES, micrograms=plan.micrograms)


def dose_of_bag(bag: Bag, plan: Plan) -> str:
    """The daily dose that a bag is made for."""
    return print_quantity(bag.daily_dose, "microgram/day", _DOSE_PLACES, micrograms=plan.micrograms)


def dose_given(bag: Bag) -> str:
    """The daily dose that the measured drug really gives, without the unit that stands beside it: "5.14 (+1.8 %)"."""
    given = print_number(magnitude(bag.dose_delivered, "microgram/day"), _DOSE_PLACES)
    return f"{given} ({percent(bag.deviation_percent)})"


def area(plan: Plan) -> str:
    """The BSA that the dose was computed with."""
    return "" if plan.bsa is None else print_quantity(plan.bsa.m2, "m^2", _AREA_PLACES)


def spelled_code(plan: Plan) -> str:
    """The check code in two groups, as it is read aloud."""
    return "" if plan.check_code is None else f"{plan.check_code[:4]} {plan.check_code[4:]}"


def ledger(bag: Bag) -> list[tuple[str, str]]:
    """The whole volume ledger of a bag: what is in it and where it goes."""
    return [
        (_("in the bag"), print_quantity(bag.total, "mL", 1)),
        (_("primes the line"), print_quantity(bag.primed, "mL", 1)),
        (_("to be infused"), print_quantity(bag.delivered, "mL", 1)),
        (_("discarded, never infused"), print_quantity(bag.discarded, "mL", 1)),
    ]


def totals(plan: Plan) -> list[tuple[str, str]]:
    """The course in counts."""
    found = plan.totals
    if found is None:
        return []
    gap = "–" if found.worst_gap is None else print_quantity(found.worst_gap, "h")
    return [
        (_("bags"), str(found.bags)),
        (_("sessions"), str(found.sessions)),
        (_("vials"), str(found.vials)),
        (_("off-hours changes"), str(found.off_hours_changes)),
        (_("rate changes"), str(found.rate_changes)),
        (_("longest gap if a bag is lost"), gap),
    ]


# ---- echoes beside the fields ----


def echo(field_name: str, text: str, house: House, zone_text: str = "", product_text: str = "") -> Echo:
    """What was typed, in other words; or why it cannot be read. Empty fields say nothing."""
    if not text.strip():
        return Echo("", ok=False)
    try:
        return Echo(_echo(field_name, text, house, zone_text, product_text), ok=True)
    except Refused as refused:
        if refused.reason == "outside":
            accepts = quantity_field(field_name, house.limits)
            limits = _("{lowest} to {highest} {unit} are read here").format(
                lowest=accepts.lower, highest=accepts.upper, unit=accepts.unit
            )
            return Echo(limits, ok=False)
        return Echo(refusal(field_name, refused.reason, refused.seen, refused.texts), ok=False)
    except BadFile:
        return Echo("", ok=False)


def _echo(name: str, text: str, house: House, zone_text: str, product_text: str) -> str:
    smaller = {"weight": "g", "second-weight": "g", "length": "mm", "second-length": "mm", "prescribed": None}
    if name in smaller:
        accepts, small_unit = quantity_field(name, house.limits), smaller[name]
        read = read_quantity(text, accepts)
        shown = print_quantity(read, accepts.unit)
        return f"{shown} = {print_quantity(read, small_unit)}" if small_unit else shown
    if name == "previous-weight":
        weight_text, at, day = text.partition("@")
        if not at:
            raise Refused("previous-form", text)
        read = read_quantity(weight_text, weight_field(house.limits))
        return f"{print_quantity(read, 'g')}, {date_words(read_date(day, typed=True).format_iso())}"
    if name in {"born", "measured"}:
        return date_words(read_date(text, typed=True).format_iso())
    if name == "start":
        zone = zone_text.strip() or house.site.zone
        return when_with_offset(read_instant(text, zone, typed=True).to_tz(zone).format_iso())
    if name == "pattern" and text.strip() != AUTO:
        read_pattern(text, load_product(product_text.strip() or house.site.product))
    return ""
