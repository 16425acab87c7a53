"""The site's settings in words: what each is called, what it does, and why a value is refused."""

from collections.abc import Mapping
from typing import NamedTuple

from dosing_app.core.bsa import OFFERED
from dosing_app.core.quantities import plain, printable
from dosing_app.reference.approval import Approval
from dosing_app.reference.limits import Limits
from dosing_app.reference.source import BadFile, shipped
from dosing_app.wording.accepted_words import accepted_words
from dosing_app.wording.figures import date_words
from dosing_app.wording.language import _
from dosing_app.wording.sentences import bad_file_sentence, formula_name


class Setting(NamedTuple):
    """One setting where it is set: its name, its unit, and what it does in a short sentence."""

    label: str
    explanation: str
    unit: str = ""


class Group(NamedTuple):
    """Settings that belong together."""

    title: str
    fields: tuple[str, ...]


DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def groups() -> list[Group]:
    """All settings in the order in which they are shown."""
    return [
        Group(
            _("Unit and hours"),
            ("name", "zone", *(f"preparation_hours.{day}" for day in DAYS), "country", "closed", "register"),
        ),
        Group(
            _("Making bags"),
            (
                "product",
                "formula",
                "micrograms",
                "start_within_h",
                "start_within_basis",
                "start_within_by.1",
                "start_within_by.2",
                "lead_time_h",
                "session_h",
                "max_bags_per_session",
                "share_vials",
                "preserved_bags",
                "vial_price",
            ),
        ),
        Group(_("Changes"), ("change_hours", "weekend_changes", "make_up_from_h")),
        Group(
            _("Syringes and pump"),
            (
                "syringes",
                "two_small_syringes",
                "prime_ml",
                "pump.name",
                "pump.step_ml_per_h",
                "pump.tested_from_ml_per_h",
            ),
        ),
        Group(
            _("Labels and wards"),
            ("phone", "wards", "label_width_mm", "label_height_mm", "label_sheet", "label_adopted"),
        ),
        Group(
            _("Limits"),
            (
                "thresholds.measurement_age_days",
                "thresholds.measurement_age_days_below_90_days",
                "thresholds.sodium_note_mmol_per_kg_per_day",
                "thresholds.sodium_justify_mmol_per_kg_per_day",
                "thresholds",
            ),
        ),
        Group(_("Names and approvals"), ("band", "band.by.1", "band.by.2")),
    ]


def settings(limits: Limits) -> dict[str, Setting]:
    """Every setting in words, by its field."""
    free = plain(limits.value("start_within_free_h"))
    sodium = _("On the worst day, in mmol per kg and day.")
    return {
        "name": Setting(_("Name"), _("The hospital, printed on papers.")),
        "zone": Setting(
            _("Time zone"), _("Of the preparation unit, and of the bed where an order names none; as Europe/Amsterdam.")
        ),
        **_week(),
        "country": Setting(_("Country"), _("Two letters, as NL: its public holidays count as closed.")),
        "closed": Setting(_("Closed days"), _("Further days without a session, one a line.")),
        "product": Setting(_("Product data"), _("Where an order names none: a shipped one, or a file.")),
        "formula": Setting(_("BSA formula"), _("The formula of this site; another one in an order needs a reason.")),
        "micrograms": Setting(_("Word for micrograms"), _("On screens and papers.")),
        "start_within_h": Setting(
            _("Connect within"),
            _(
                "Of preparation; “product” for the product’s own limit. More than {free} h wants a basis and two names."
            ).format(free=free),
            "h",
        ),
        "start_within_basis": Setting(
            _("Basis"), _("Why more than {free} h is safe here, and who approved it.").format(free=free)
        ),
        "start_within_by.1": Setting(
            _("First name"), _("Two people stand for it; until both are named, papers stay drafts.")
        ),
        "start_within_by.2": Setting(_("Second name"), ""),
        "lead_time_h": Setting(_("Lead time"), _("From the start of a session to the earliest connection."), "h"),
        "session_h": Setting(
            _("Session"), _("A session starts no later than closing less this; not more than the lead time."), "h"
        ),
        "max_bags_per_session": Setting(_("Bags in a session"), _("No session makes more.")),
        "share_vials": Setting(_("Share vials"), _("One vial may serve several bags of one session.")),
        "preserved_bags": Setting(
            _("Preserved bags"), _("Bags with benzyl alcohol may be planned; each still needs a reason.")
        ),
        "vial_price": Setting(_("Price of a vial"), _("As 2017 GBP: plans are compared in money too.")),
        "change_hours": Setting(_("Change hours"), _("Bag changes outside are off hours; the end itself is outside.")),
        "weekend_changes": Setting(_("Weekend changes"), _("How changes on Saturday and Sunday count.")),
        "make_up_from_h": Setting(
            _("Make up from"), _("Less still due than this is never made up without a recorded decision."), "h"
        ),
        "syringes": Setting(
            _("Syringes"), _("One a line, in mL: below this volume, by this graduation; as 1: 0.01."), "mL"
        ),
        "two_small_syringes": Setting(
            _("Two 1 mL syringes"),
            _("They may measure up to {most} mL by 0.01 mL.").format(most=_most_two_small(limits)),
        ),
        "prime_ml": Setting(
            _("Priming volume"),
            _("Of a new line. Not set, {assumed} mL is assumed and marked.").format(
                assumed=plain(limits.value("prime_ml"))
            ),
            "mL",
        ),
        "pump.name": Setting(_("Pump"), _("Its make, for papers.")),
        "pump.step_ml_per_h": Setting(_("Step of its rate"), _("A bag kind whose rate is no step is refused."), "mL/h"),
        "pump.tested_from_ml_per_h": Setting(
            _("Tested from"), _("Below this rate its maker states no accuracy."), "mL/h"
        ),
        "phone": Setting(_("Telephone"), _("Of the pharmacy, printed on labels.")),
        "wards": Setting(_("Wards"), _("Where bags go, one a line.")),
        "label_width_mm": Setting(_("Label width"), _("At least 100 mm."), "mm"),
        "label_height_mm": Setting(_("Label height"), _("At least 70 mm."), "mm"),
        "label_adopted": Setting(
            _("Label adopted"), _("Who adopted this label and when; until then every label says label proof.")
        ),
        "register": Setting(
            _("Register on a server"),
            _("postgresql://user@server/database, for several stations; empty: a file on this computer."),
        ),
        "label_sheet": Setting(
            _("Label paper"), _("A page of the label’s own size for each, or as many as fit a sheet of A4.")
        ),
        "thresholds.measurement_age_days": Setting(
            _("Age of a measurement"), _("An older one at the start needs a reason."), _("days")
        ),
        "thresholds.measurement_age_days_below_90_days": Setting(
            _("Below 90 days of age"), _("The same for the youngest."), _("days")
        ),
        "thresholds.sodium_note_mmol_per_kg_per_day": Setting(_("Sodium, note above"), sodium),
        "thresholds.sodium_justify_mmol_per_kg_per_day": Setting(_("Sodium, reason above"), sodium),
        "thresholds": Setting(
            _("Further limits"), _("One a line, by its key in limits.toml, as vial_slack_note_ml = 0.2.")
        ),
        "band": Setting(
            _("Bands of the label"),
            _(
                "Rows of the label’s table, one a line: product, kind, BSA from and below in m², drug volume in mL; "
                "as eu 96h 0.3 0.35 1.9. They change no computed volume and stand beside it."
            ),
        ),
        "band.by.1": Setting(_("First name"), _("Two people who compared the new rows with the label.")),
        "band.by.2": Setting(_("Second name"), ""),
    }


def _most_two_small(limits: Limits) -> str:
    return plain(limits.value("two_small_syringes_up_to_ml"))


def _week() -> dict[str, Setting]:
    names = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    said = {"mon": _("Hours of the preparation unit, as 08:00-17:30; an empty day is closed.")}
    return {f"preparation_hours.{day}": Setting(name, said.get(day, "")) for day, name in zip(DAYS, names, strict=True)}


def choices(name: str) -> list[tuple[str, str]]:
    """What a setting is chosen from, as (label, text) pairs; empty where it is typed."""
    yes_or_no = [(_("yes"), "true"), (_("no"), "false")]
    return {
        "share_vials": yes_or_no,
        "preserved_bags": yes_or_no,
        "two_small_syringes": yes_or_no,
        "product": [(each, each) for each in shipped("products")],
        "formula": [(formula_name(each), each) for each in OFFERED],
        "micrograms": [(_("micrograms"), "micrograms"), ("mcg", "mcg")],
        "weekend_changes": [(_("off hours"), "off-hours"), (_("wanted"), "wanted")],
        "label_sheet": [(_("one label a page"), "single"), (_("sheets of A4"), "a4")],
    }.get(name, [])


def unset(name: str, usual: Mapping[str, str]) -> str:
    """What an empty field shows: what then holds."""
    text = usual.get(name, "")
    label = next((label for label, each in choices(name) if each == text), text)
    if name == "start_within_basis" or name.startswith(("start_within_by", "band", "preparation_hours")):
        return ""
    return _("not set: {usual}").format(usual=label) if label else _("not set")


# ---- what is refused, what is wanted, who approved ----


def refusal(error: BadFile, names: Mapping[str, Setting], other: str = "") -> str:
    """Why a value is refused, beside its field: what was seen and what is accepted.

    Args:
        error: of the loader.
        names: the settings in words.
        other: the other field of a contradiction.
    """
    values = {key: printable(str(value)) for key, value in error.values.items()}
    templates = {
        "out-of-range": _("“{found}” cannot be used. Accepted: {accepted}."),
        "wrong-value": _("“{found}” cannot be used. Accepted: {accepted}.")
        if values.get("found")
        else _("This cannot be used. Accepted: {accepted}."),
        "contradiction": _("This and “{other}” contradict each other."),
        "two-names": _("The names of two different people are wanted."),
        "missing-basis": _("A longer limit wants its basis."),
        "missing-key": _("A value is missing."),
        "twice": _("“{found}” stands there twice."),
        "overlap": _("{found} and {other} overlap. A BSA may lie in one band of a kind only."),
        "unknown-key": _("“{key}” is not known here."),
    }
    if error.reason not in templates:
        return bad_file_sentence(error)
    named = names[other].label if other in names else values.get("other", "")
    fields = {"found": "", **values, "accepted": accepted_words(values.get("accepted", "")), "key": error.key}
    said = templates[error.reason].format(**{**fields, "other": named})
    table, _dot, row = error.table.partition(".")
    if table == "band" and row.isdecimal() and error.key != "by":
        return _("Line {line}: {said}").format(line=row, said=said)
    key_of_table = error.table in {"syringes", "thresholds"} and error.reason != "unknown-key"
    return f"{error.key}: {said}" if key_of_table and error.key != error.table else said


def approved(approval: Approval) -> str:
    """Who approved a product file, and when."""
    return _("{product}: approved by {first} and {second} on {day}, checksum {checksum}").format(
        product=approval.product,
        first=approval.by[0],
        second=approval.by[1],
        day=date_words(approval.on.format_iso()),
        checksum=approval.checksum[:12],
    )
