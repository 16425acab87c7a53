"""What a person reads about the options of a course: their table, their comparison, and what a lost bag means."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from dosing_app.core.clock import WEEKDAYS
from dosing_app.core.findings import Tier
from dosing_app.core.quantities import NO_BREAK_SPACE, magnitude, print_number, print_quantity
from dosing_app.course.layout import Choice, needs_reason
from dosing_app.course.options import Answer, Option
from dosing_app.course.order import Order
from dosing_app.course.pattern import AUTO, pattern_text, read_pattern
from dosing_app.course.plan import Plan, Totals
from dosing_app.course.spares import Spare
from dosing_app.course.weekdays import starting_weekdays
from dosing_app.reference.bundle import Reference
from dosing_app.reference.limits import Limits
from dosing_app.wording.figures import Table, session_table, when
from dosing_app.wording.language import _, n_
from dosing_app.wording.sentences import sentence

SOON = "…"  # stands where a figure will stand as soon as the plan of an option is laid out
_NOTHING = "–"
_EXPOSURE_PLACES, _FINE_PLACES, _PERCENT_PLACES = 1, 2, 1
_DAYS_PATTERNS = ("72h,96h", "96h,72h")  # three and four days in turn, domain.md section 8
COURSE_COLUMN = 6  # of the table: where a picture of the course stands

_Exposure = tuple[Callable[[Totals], object], str, int]
_EXPOSURES: tuple[_Exposure, ...] = (
    (lambda found: found.fluid, "mL/kg/day", _EXPOSURE_PLACES),
    (lambda found: found.sodium, "mmol/kg/day", _EXPOSURE_PLACES),
    (lambda found: found.chloride, "mmol/kg/day", _EXPOSURE_PLACES),
    (lambda found: found.lysine, "mg/kg/day", _EXPOSURE_PLACES),
    (lambda found: found.polysorbate, "mg/kg/day", _FINE_PLACES),
    (lambda found: found.benzyl_alcohol, "mg/kg/day", _EXPOSURE_PLACES),
)


# ---- the table ----


def option_headers() -> list[str]:
    """The columns of the table of options."""
    return [
        _("Option"),
        _("Vials"),
        _("Sessions"),
        _("Off-hours changes"),
        _("Changes"),
        _("Rate changes"),
        _("Course"),
        _("Mark"),
        _("Vials floor"),
        _("Worst gap,\u00a0h"),
        _("Least slack,\u00a0h"),
        _("Least spare,\u00a0mL"),
        _("Fluid, mL"),
        _("Sodium, mmol"),
        _("Chloride, mmol"),
        _("Lysine HCl,\u00a0mg"),
        _("Polysorbate, mg"),
        _("Benzyl alcohol,\u00a0mg"),
        _("Pattern"),
    ]


def option_table(options: Sequence[Option], plans: Sequence[Plan | None], present: int | None) -> Table:
    """The options in rows: counts at once, the rest as soon as the plan is laid out.

    Args:
        options: fewest vials first.
        plans: of each, None while it is not laid out.
        present: the index of the one that is the order's plan.
    """
    rows = [
        [
            str(index + 1),
            *map(str, option.counts),
            "",
            _mark(option, plan, present=index == present),
            *_figures(plan),
            pattern_text(option.choice.pattern),
        ]
        for index, (option, plan) in enumerate(zip(options, plans, strict=True))
    ]
    return Table(option_headers(), rows)


def _mark(option: Option, plan: Plan | None, *, present: bool) -> str:
    """What is to be known about an option, in words."""
    words = [_("the order’s plan")] if present else []
    words += [_("preserved")] if option.preserved else []
    if plan is not None and not plan.bags:
        words.append(_("withdrawn: the two engines disagree"))
    elif plan is not None and needs_reason(plan):
        words.append(_("needs a reason"))
    return ", ".join(words)


def _figures(plan: Plan | None) -> list[str]:
    count = 4 + len(_EXPOSURES)
    if plan is None:
        return [SOON] * count
    totals = plan.totals
    if totals is None or not plan.bags or not plan.sessions:
        return [_NOTHING] * count
    slack = min(magnitude(bag.slack, "h") for bag in plan.bags)
    spare = min(magnitude(session.spare, "mL") for session in plan.sessions)
    return [
        str(totals.vials_floor),
        _gap(totals),
        print_number(slack, _FINE_PLACES),
        print_number(spare, _FINE_PLACES),
        *(print_number(magnitude(value(totals), unit), places) for value, unit, places in _EXPOSURES),
    ]


def _gap(totals: Totals) -> str:
    return _NOTHING if totals.worst_gap is None else print_number(magnitude(totals.worst_gap, "h"))


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
    headers = [*table.headers, _("One spare bag"), _("its extra vials"), _("worst gap then,\u00a0h")]
    return Table(headers, rows)


def gap_words(plan: Plan, limits: Limits) -> list[str]:
    """How long the infusion would stop if the running bag were lost; and when such a loss is a long one."""
    totals = plan.totals
    if totals is None:
        return []
    limit = f"{print_number(limits.value('long_gap_h'))}{NO_BREAK_SPACE}h"
    if totals.worst_gap is None:
        return [_("A lost bag could not be replaced within the days looked at.")]
    worst = print_quantity(totals.worst_gap, "h")
    if not plan.long_gaps:
        return [_("If a bag is lost: at worst {worst} until another can run, never {limit} or more.").format(
            worst=worst, limit=limit
        )]  # fmt: skip
    times = "; ".join(
        _("{begin} to {end}").format(begin=when(gap.begin_local), end=when(gap.end_local)) for gap in plan.long_gaps
    )
    return [
        _("If a bag is lost: at worst {worst} until another can run; {limit} or more if it is lost").format(
            worst=worst, limit=limit
        ),
        times,
    ]


def exposure_words(plan: Plan, limits: Limits) -> str:
    """What the worst day of the course brings per kilogram, with the limits that are watched."""
    totals = plan.totals
    if totals is None:
        return ""
    fluid, sodium, chloride, lysine, polysorbate, alcohol = (
        print_number(magnitude(value(totals), unit), places) for value, unit, places in _EXPOSURES
    )
    note, justify = (
        print_number(limits.value(f"sodium_{tier}_mmol_per_kg_per_day")) for tier in ("note", "justify")
    )
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
    return _("Worst day, per kg: {parts}.").format(parts=", ".join(parts))


def error_words(plan: Plan) -> str:
    """By how much a dose may be off, one line."""
    budget = plan.error_budget
    if budget is None:
        return ""

    def shown(percent: Decimal) -> str:
        return f"{print_number(percent, _PERCENT_PLACES)}{NO_BREAK_SPACE}%"

    return _(
        "A dose may be off, each by itself and of the worst bag: half a mark of the syringe ± {graduation}, fill of "
        "the bag ± {fill}, pump ± {pump}, another BSA formula up to {formula}."
    ).format(
        graduation=shown(budget.graduation_percent),
        fill=shown(budget.fill_percent),
        pump=shown(budget.pump_percent),
        formula=shown(budget.formula_percent),
    )


def label_way_words(answer: Answer, plan: Plan | None, price: str) -> str:
    """The label's way, every bag made by itself, in vials and in the site's money, beside a plan.

    Args:
        answer: with the vials per bag kind.
        plan: that it stands beside.
        price: of a vial, such as "2017 GBP"; empty where the site gave none.
    """
    if not answer.label_way:
        return ""
    ways = "; ".join(
        _("{kind} bags {vials}").format(kind=kind, vials=_vials(vials, price))
        for kind, vials in answer.label_way.items()
    )
    words = [_("Label’s way, every bag made by itself, per course: {ways}.").format(ways=ways)]
    if plan is not None and plan.totals is not None:
        words.append(_("This option: {vials}.").format(vials=_vials(plan.totals.vials, price)))
    return " ".join(words)


def _vials(vials: int, price: str) -> str:
    text = n_("{number} vial", "{number} vials", vials).format(number=vials)
    if not price:
        return text
    amount, currency = price.split(" ")
    return f"{text} ({print_number(Decimal(amount) * vials)}{NO_BREAK_SPACE}{currency})"


def weekday_words(order: Order, reference: Reference) -> str:
    """On which weekdays the patterns of three and four days may start with no change off hours."""
    plannable = {kind.name for kind in reference.product.kind if kind.plannable}
    parts = []
    for text in _DAYS_PATTERNS:
        if not set(text.split(",")) <= plannable:
            continue
        found = starting_weekdays(read_pattern(text, reference.product), order, reference)
        days = ", ".join(WEEKDAYS[day - 1] for day in found)
        parts.append(f"{text}: {days or _('no day')}")
    if not parts:
        return ""
    hour = order.start.to_tz(order.zone).format_iso()[11:16]
    return _("Starts at {hour} with no change off hours: {parts}.").format(hour=hour, parts="; ".join(parts))
