"""What a person reads about the options of a course: their table, their comparison, and what a lost bag means."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from whenever import Date

from dosing_app.core.findings import Tier
from dosing_app.core.quantities import NO_BREAK_SPACE, magnitude, print_number
from dosing_app.course.layout import Choice, needs_reason
from dosing_app.course.options import Answer, Option
from dosing_app.course.order import Order
from dosing_app.course.pattern import AUTO, pattern_text, read_pattern
from dosing_app.course.plan import LongGap, Plan
from dosing_app.course.spares import Spare
from dosing_app.course.weekdays import starting_weekdays
from dosing_app.reference.bundle import Reference
from dosing_app.reference.limits import Limits
from dosing_app.wording.calendar_words import weekdays
from dosing_app.wording.figures import Table, date_words, session_table, when
from dosing_app.wording.language import _, n_
from dosing_app.wording.sentences import sentence
from dosing_app.wording.units import print_quantity

SOON = "…"  # stands where a figure will stand as soon as the plan of an option is laid out
_NOTHING = "–"
_EXPOSURE_PLACES, _FINE_PLACES, _PERCENT_PLACES = 1, 2, 1
_DAYS_PATTERNS = ("72h,96h", "96h,72h")  # three and four days in turn, domain.md section 8
COURSE_COLUMN = 6  # of the table: where a picture of the course stands

# Unit and decimals of each exposure, by its name in the totals.
_EXPOSURES = {
    "fluid": ("mL/kg/day", _EXPOSURE_PLACES),
    "sodium": ("mmol/kg/day", _EXPOSURE_PLACES),
    "chloride": ("mmol/kg/day", _EXPOSURE_PLACES),
    "lysine": ("mg/kg/day", _EXPOSURE_PLACES),
    "polysorbate": ("mg/kg/day", _FINE_PLACES),
    "benzyl_alcohol": ("mg/kg/day", _EXPOSURE_PLACES),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing about a plan: what it is, and what is to be said."""

    name: str
    text: str


# ---- the table ----


def option_table(options: Sequence[Option], plans: Sequence[Plan | None]) -> Table:
    """The options in rows: counts at once, the rest as soon as the plan is laid out.

    Marks and benzyl alcohol have a column where an option has any.

    Args:
        options: fewest vials first.
        plans: of each, None while it is not laid out.
    """
    pairs = list(zip(options, plans, strict=True))
    marks = [_mark(option, plan) for option, plan in pairs]
    columns: list[tuple[str, list[str]]] = [
        (_("No."), [str(index + 1) for index in range(len(pairs))]),
        (_("Vials"), [str(option.counts.vials) for option in options]),
        (_("Sessions"), [str(option.counts.sessions) for option in options]),
        (_("Off-hours changes"), [str(option.counts.off_hours_changes) for option in options]),
        (_("Changes"), [str(option.counts.changes) for option in options]),
        (_("Rate changes"), [str(option.counts.rate_changes) for option in options]),
        (_("Course"), [""] * len(pairs)),
    ]
    if any(marks):
        columns.append((_("Mark"), marks))
    columns += [
        (_("Vials floor"), [_figure(plan, _floor) for plan in plans]),
        (_("Worst gap, h"), [_figure(plan, _gap) for plan in plans]),
        (_("Least slack, h"), [_figure(plan, _least_slack) for plan in plans]),
        (_("Least spare, mL"), [_figure(plan, _least_spare) for plan in plans]),
    ]
    alcohol = any(option.preserved for option in options)
    exposures = [(_("Benzyl alcohol,\u00a0mg"), "benzyl_alcohol")] if alcohol else []
    exposures += [
        (_("Fluid, mL"), "fluid"),
        (_("Sodium, mmol"), "sodium"),
        (_("Chloride, mmol"), "chloride"),
        (_("Lysine HCl,\u00a0mg"), "lysine"),
        (_("Polysorbate, mg"), "polysorbate"),
    ]
    columns += [
        (header, [_figure(plan, partial(_exposure, name=name)) for plan in plans]) for header, name in exposures
    ]
    columns.append((_("Pattern"), [pattern_text(option.choice.pattern) for option in options]))
    rows = [list(cells) for cells in zip(*(cells for _header, cells in columns), strict=True)]
    return Table([header for header, _cells in columns], rows)


def _mark(option: Option, plan: Plan | None) -> str:
    """What is to be known about an option, in words."""
    words = [_("preserved")] if option.preserved else []
    if plan is not None and not plan.bags:
        words.append(_("withdrawn: the two engines disagree"))
    elif plan is not None and needs_reason(plan):
        words.append(_("needs a reason"))
    return ", ".join(words)


def _figure(plan: Plan | None, figure: Callable[[Plan], str]) -> str:
    """A figure of a plan; that it comes soon, or that there is none."""
    if plan is None:
        return SOON
    return figure(plan) if plan.bags else _NOTHING


def _least_slack(plan: Plan) -> str:
    return print_number(min(magnitude(bag.slack, "h") for bag in plan.bags or ()), _FINE_PLACES)


def _least_spare(plan: Plan) -> str:
    return print_number(min(magnitude(session.spare, "mL") for session in plan.sessions or ()), _FINE_PLACES)


def _exposure(plan: Plan, name: str) -> str:
    """What the worst day brings, per kilogram."""
    unit, places = _EXPOSURES[name]
    return print_number(magnitude(getattr(plan.totals, name), unit), places)


def _gap(plan: Plan) -> str:
    assert plan.totals is not None
    return _NOTHING if plan.totals.worst_gap is None else print_number(magnitude(plan.totals.worst_gap, "h"))


def _floor(plan: Plan) -> str:
    assert plan.totals is not None
    return str(plan.totals.vials_floor)


def option_said(index: int, option: Option) -> str:
    """An option in one sentence, for who does not see its picture."""
    return _("Option {number}: {counts}, pattern {pattern}").format(
        number=index + 1,
        counts=counts_words(
            option.counts.vials,
            option.counts.sessions,
            option.counts.changes,
            option.counts.off_hours_changes,
            option.counts.rate_changes,
        ),
        pattern=pattern_text(option.choice.pattern),
    )


def counts_words(vials: int, sessions: int, changes: int, off_hours: int, rates: int) -> str:
    """The five counts in words; rate changes stand in the same line as vials."""
    return ", ".join(
        (
            n_("{number} vial", "{number} vials", vials).format(number=vials),
            n_("{number} session", "{number} sessions", sessions).format(number=sessions),
            n_("{number} change", "{number} changes", changes).format(number=changes),
            _("{number} off hours").format(number=off_hours),
            n_("{number} rate change", "{number} rate changes", rates).format(number=rates),
        )
    )


def plan_counts(plan: Plan) -> str:
    """The five counts of a plan in words; empty without a plan."""
    found = plan.totals
    if found is None:
        return ""
    return counts_words(found.vials, found.sessions, found.changes, found.off_hours_changes, found.rate_changes)


# ---- which option is the order's plan ----


def choice_texts(choice: Choice) -> tuple[str, str]:
    """What an order says to have this option: its pattern, and how many bags each session makes."""
    return pattern_text(choice.pattern), ",".join(map(str, choice.sessions or ()))


def present_option(plan: Plan | None, options: Sequence[Option]) -> int | None:
    """The index of the option that a plan is; None where it is none of them."""
    if plan is None or not plan.bags or not plan.sessions:
        return None
    pieces = [bag.kind for bag in plan.bags]
    sizes = tuple(len(session.bags) for session in plan.sessions)
    for index, option in enumerate(options):
        if option.choice.sessions == sizes and [str(piece) for piece in option.choice.pattern] == pieces:
            return index
    return None


def present_words(plan: Plan, options: Sequence[Option]) -> str:
    """Which option is the order's plan, and why; or that it is none of them."""
    if not plan.bags or plan.order is None:
        return ""
    present = present_option(plan, options)
    if present is None:
        return _beside_the_options(plan, options)
    if plan.order.pattern != AUTO:
        return _("The order’s plan is option {number}.").format(number=present + 1)
    if needs_reason(plan):
        return _("The order’s plan is option {number}: the pattern is auto, and every option needs a reason.").format(
            number=present + 1
        )
    return _("The order’s plan is option {number}: the pattern is auto, and it is the first without a reason.").format(
        number=present + 1
    )


def _beside_the_options(plan: Plan, options: Sequence[Option]) -> str:
    words = [_("The order’s plan, {pattern}, is none of the options.").format(pattern=plan.pattern)]
    totals = plan.totals
    assert totals is not None
    own = (totals.vials, totals.sessions, totals.off_hours_changes, totals.changes, totals.rate_changes)
    for index, option in enumerate(options):
        if all(count <= ours for count, ours in zip(option.counts, own, strict=True)):
            words.append(_("Option {number} has no larger count.").format(number=index + 1))
            break
    return " ".join(words)


def why_none(plan: Plan | None, answer: Answer | None) -> str:
    """Why there is no option: the sentence of the finding, with what would help."""
    findings = [*(answer.findings if answer else ()), *(plan.findings if plan else ())]
    for found in findings:
        if found.code == "no-plan" and found.values.get("reason") != "sessions":
            return sentence(found)
    return ""


def why_no_bags(plan: Plan) -> str:
    """Why the order's plan has no bags, where a finding about the plan says so."""
    refused = [each for each in plan.findings if each.tier is Tier.REFUSE and each.about == "plan"]
    return " ".join(sentence(each) for each in refused)


# ---- beside a plan ----


def spare_table(plan: Plan, spares: Sequence[Spare]) -> Table:
    """The sessions, and what one more bag in each would cost in vials and leave as the worst gap."""
    table = session_table(plan)
    by_session = {spare.session: spare for spare in spares}
    rows = []
    for session, row in zip(plan.sessions or (), table.rows, strict=True):
        spare = by_session.get(session.number)
        if spare is None:
            rows.append([*row, _("full"), _NOTHING, _NOTHING])
            continue
        gap = _NOTHING if spare.worst_gap is None else print_number(magnitude(spare.worst_gap, "h"))
        rows.append([*row, spare.kind, str(spare.vials), gap])
    headers = [*table.headers, _("Spare bag"), _("Vials for it"), _("Worst gap then,\u00a0h")]
    return Table(headers, rows)


def gap_fact(plan: Plan, limits: Limits) -> Fact:
    """How long the infusion would stop if the running bag were lost; and when such a loss is a long one."""
    name = _("If a bag is lost")
    totals = plan.totals
    if totals is None or totals.worst_gap is None:
        return Fact(name, _("It could not be replaced within the days looked at."))
    worst = print_quantity(totals.worst_gap, "h")
    limit = f"{print_number(limits.value('long_gap_h'))}{NO_BREAK_SPACE}h"
    if not plan.long_gaps:
        return Fact(
            name, _("At worst {worst} until another can run; never {limit} or more.").format(worst=worst, limit=limit)
        )
    times = "; ".join(_gap_times(plan.long_gaps))
    text = _("At worst {worst} until another can run. {limit} or more if it is lost in one of these times: {times}.")
    return Fact(name, text.format(worst=worst, limit=limit, times=times))


def _gap_times(gaps: Sequence[LongGap]) -> list[str]:
    """The stretches, those of equal hours together."""
    alike: dict[tuple[str, str, int], list[LongGap]] = {}
    for gap in gaps:
        begin, end = (Date.parse_iso(text[:10]) for text in (gap.begin_local, gap.end_local))
        days = int(end.since(begin, total="days"))
        alike.setdefault((gap.begin_local[11:16], gap.end_local[11:16], days), []).append(gap)
    texts = []
    for (begin_time, end_time, days), group in alike.items():
        if len(group) == 1 or not days:
            texts += [
                _("{begin} to {end}").format(begin=when(gap.begin_local), end=when(gap.end_local)) for gap in group
            ]
            continue
        later = n_("the next day", "{days} days later", days).format(days=days)
        dates = ", ".join(date_words(gap.begin_local) for gap in group)
        texts.append(
            _("{begin} to {end} {later}, from {dates}").format(begin=begin_time, end=end_time, later=later, dates=dates)
        )
    return texts


def exposure_fact(plan: Plan, limits: Limits) -> Fact:
    """What the worst day of the course brings per kilogram, with the limits that are watched."""
    fluid, sodium, chloride, lysine, polysorbate, alcohol = (_exposure(plan, name) for name in _EXPOSURES)
    note, justify = (print_number(limits.value(f"sodium_{tier}_mmol_per_kg_per_day")) for tier in ("note", "justify"))
    parts = [
        _("fluid {volume} mL").format(volume=fluid),
        _("sodium {amount} mmol (noted above {note}, a reason above {justify})").format(
            amount=sodium, note=note, justify=justify
        ),
        _("chloride {amount} mmol").format(amount=chloride),
        _("lysine HCl {amount} mg").format(amount=lysine),
        _("polysorbate 80 {amount} mg").format(amount=polysorbate),
        _("benzyl alcohol {amount} mg").format(amount=alcohol),
    ]
    return Fact(_("Worst day, per kg"), ", ".join(parts))


def error_fact(plan: Plan) -> Fact:
    """By how much a dose may be off, one line."""
    budget = plan.error_budget
    assert budget is not None

    def shown(percent: Decimal) -> str:
        return f"{print_number(percent, _PERCENT_PLACES)}{NO_BREAK_SPACE}%"

    text = _(
        "half a mark of the syringe ± {graduation}, fill of the bag ± {fill}, pump ± {pump}, another BSA formula up to "
        "{formula}; each by itself, of the worst bag"
    )
    return Fact(
        _("A dose may be off"),
        text.format(
            graduation=shown(budget.graduation_percent),
            fill=shown(budget.fill_percent),
            pump=shown(budget.pump_percent),
            formula=shown(budget.formula_percent),
        ),
    )


def label_way_fact(answer: Answer, plan: Plan, price: str) -> Fact:
    """The label's way, every bag made by itself, in vials and in the site's money, beside a plan; per course.

    Args:
        answer: with the vials per bag kind.
        plan: that it stands beside.
        price: of a vial, such as "2017 GBP"; empty where the site gave none.
    """
    assert plan.totals is not None
    ways = [
        _("{kind} bags {vials}").format(kind=kind, vials=_vials(vials, price))
        for kind, vials in answer.label_way.items()
    ]
    own = _vials(plan.totals.vials, price)
    text = _("{own}; by the label’s way, every bag made by itself: {ways}").format(own=own, ways=", ".join(ways))
    return Fact(_("Vials per course"), text if ways else own)


def _vials(vials: int, price: str) -> str:
    text = n_("{number} vial", "{number} vials", vials).format(number=vials)
    if not price:
        return text
    amount, currency = price.split(" ")
    return f"{text} ({print_number(Decimal(amount) * vials)}{NO_BREAK_SPACE}{currency})"


def weekday_fact(order: Order, reference: Reference) -> Fact | None:
    """On which weekdays the patterns of three and four days may start with no change off hours."""
    plannable = {kind.name for kind in reference.product.kind if kind.plannable}
    parts = []
    for text in _DAYS_PATTERNS:
        if not set(text.split(",")) <= plannable:
            continue
        found = starting_weekdays(read_pattern(text, reference.product), order, reference)
        days = ", ".join(weekdays()[day - 1] for day in found)
        parts.append(f"{text}: {days or _('no day')}")
    if not parts:
        return None
    hour = order.start.to_tz(order.zone).format_iso()[11:16]
    return Fact(
        _("Starting weekdays"),
        _("at {hour} with no change off hours: {parts}").format(hour=hour, parts="; ".join(parts)),
    )
