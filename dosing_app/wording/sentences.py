"""Sentences about findings, refused texts and refused files: what was seen, what is accepted, what to do."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from dosing_app.core.findings import Finding, Tier
from dosing_app.core.quantities import NO_BREAK_SPACE, print_number
from dosing_app.reference.source import BadFile
from dosing_app.wording.accepted_words import accepted_words
from dosing_app.wording.calendar_words import weekday
from dosing_app.wording.language import _, data_words, n_
from dosing_app.wording.units import unit_words

_QUOTIENT = re.compile(r"(?P<number>[0-9.]+)(?P<blank>[ \u00a0])(?P<unit>[A-Za-z]+(?:/[a-z]+)+)")
_PERIOD = re.compile(r"(?P<number>[0-9]+)(?P<blank>[ \u00a0])(?P<unit>day|week|month)s?")
_PERIODS = re.compile(rf"(?:{_PERIOD.pattern})(?: [0-9]+[ \u00a0](?:day|week|month)s?)*")


def field_label(name: str) -> str:
    """A field as its label names it."""
    labels = {
        "case": _("Case"),
        "weight": _("Weight"),
        "length": _("Length"),
        "born": _("Born"),
        "sex": _("Sex"),
        "gestation": _("Gestation at birth"),
        "measured": _("Measured on"),
        "previous-weight": _("Previous weight"),
        "second-weight": _("Second weight"),
        "second-length": _("Second length"),
        "prescribed": _("Prescribed daily dose"),
        "start": _("Start"),
        "zone": _("Time zone"),
        "product": _("Product data"),
        "protocol": _("Protocol"),
        "formula": _("BSA formula"),
        "pattern": _("Pattern"),
        "sessions": _("Sessions"),
        "file": _("File"),
    }
    return labels.get(name, name.removeprefix("reason:"))


def formula_name(formula: str) -> str:
    """A formula as people write it."""
    names = {
        "mosteller": "Mosteller",
        "haycock": "Haycock",
        "gehan-george": _("Gehan and George"),
        "boyd": _("Boyd"),
        "bnfc": _("Boyd, BNFc"),
    }
    return names.get(formula, formula)


def tier_name(tier: Tier) -> str:
    """A tier in one word."""
    return {Tier.REFUSE: _("refused"), Tier.JUSTIFY: _("reason needed"), Tier.NOTE: _("note")}[tier]


# ---- texts that were not read ----


def refusal(field: str, reason: str, seen: str, values: dict[str, str]) -> str:
    """Why a typed text was not read, and what would be."""
    templates = {
        "call": _("The call cannot be read: {seen}."),
        "row": _("The row cannot be read: {seen}."),
        "missing": _("{label} is missing. {accepted}"),
        "too-long": _("{label}: the text is longer than {longest} characters. {accepted}"),
        "not-a-number": _("{label}: “{seen}” does not begin with a number. {accepted}"),
        "sign": _("{label}: “{seen}” has a sign. {accepted}"),
        "exponent": _("{label}: “{seen}” has an exponent. Write all digits. {accepted}"),
        "other-digits": _("{label}: “{seen}” has digits other than 0 to 9. {accepted}"),
        "mark": _(
            "{label}: “{seen}”. One decimal mark, with a digit on both sides, and no mark for thousands. {accepted}"
        ),
        "several-numbers": _("{label}: “{seen}” has more than one number. {accepted}"),
        "too-many-digits": _("{label}: “{seen}” has more than {most} digits. {accepted}"),
        "no-unit": _("{label}: “{seen}” has no unit. {accepted}"),
        "imperial": _(
            "{label}: {unit} are not read. Measure or convert by the chart and type the metric value. {accepted}"
        ),
        "misspelled": _("{label}: “{unit}” is not read as a unit; write {accepted_unit}."),
        "unknown-unit": _("{label}: “{unit}” is not a unit that is read here. {accepted}"),
        "dimension": _("{label}: “{seen}” is measured in another kind of unit. {swapped} {accepted}"),
        "ambiguous": _(
            "{label}: “{number}” can be read as {decimal} or as {thousands}, and both are within the limits. "
            "Type it without a mark for thousands and without zeros at the end."
        ),
        "date-form": _("{label}: “{seen}” is not a date that is read here. {accepted}"),
        "no-such-date": _("{label}: “{seen}” is not in the calendar."),
        "year": _("{label}: the year of “{seen}” is not between {first} and {last}. Write all four digits."),
        "weekday": _("{label}: “{seen}” is not that weekday; the date is a {actual}."),
        "start-form": _("{label}: “{seen}” is not a day and time. {accepted}"),
        "no-such-time": _("{label}: “{seen}” has a time that no clock shows."),
        "zone": _("{label}: “{seen}” is not a known time zone. Write one such as Europe/Amsterdam."),
        "skipped": _(
            "{label}: the clock in {zone} never shows {seen}: it goes forward over that time. "
            "Times that exist nearby are {earlier} and {later}."
        ),
        "repeated": _(
            "{label}: the clock in {zone} shows {seen} twice, since it is put back. "
            "Add the offset that is meant: {offsets}."
        ),
        "offset": _("{label}: the offset in “{seen}” does not belong to that time in {zone}; there it is {offsets}."),
        "not-one-of": _("{label}: “{seen}” is not one of {accepted_list}."),
        "unprintable": _("{label}: “{seen}” holds characters that cannot be printed."),
        "gestation-form": _("{label}: “{seen}”. Write weeks and days as 34w2d, or term."),
        "gestation-range": _("{label}: “{seen}” is not between {lowest}w0d and {highest}w6d."),
        "previous-form": _("{label}: “{seen}”. Write weight and day as 6.10 kg@2026-11-15."),
        "pattern-form": _("{label}: “{piece}” is not a bag. Write bags as 96h, or 96h@72 for one taken down early."),
        "sessions-form": _("{label}: “{seen}”. {accepted}"),
        "sessions-without-pattern": _("{label}: “{seen}” needs a pattern; with auto leave it empty."),
        "no-such-kind": _("{label}: “{piece}” is not a bag kind of this product data. There are {kinds}."),
        "early-take-down": _("{label}: “{piece}” runs longer than its bag lasts, {longest} h."),
    }
    number = values.get("number", "").replace(",", ".")
    unit = values.get("unit", "")
    return (
        templates[reason]
        .format(
            label=field_label(field),
            seen=seen,
            accepted=accepted(field),
            swapped=_("Were weight and length swapped?") if values.get("swapped") else "",
            accepted_unit=values.get("accepted", ""),
            accepted_list=values.get("accepted", ""),
            decimal=f"{number.rstrip('0').rstrip('.')}{NO_BREAK_SPACE}{unit}" if number else "",
            thousands=f"{number.replace('.', '')}{NO_BREAK_SPACE}{unit}",
            **{key: value for key, value in values.items() if key not in {"accepted", "field", "reason", "swapped"}}
            | ({"actual": weekday(values["actual"])} if reason == "weekday" else {}),
        )
        .replace("  ", " ")
        .strip()
    )


def accepted(field: str) -> str:
    """What a field accepts, by example."""
    return {
        "weight": _("Write it as 6.42 kg or 6420 g."),
        "length": _("Write it as 63.5 cm or 635 mm."),
        "previous-weight": _("Write it as 6.10 kg@2026-11-15."),
        "second-weight": _("Write it as 6.42 kg or 6420 g."),
        "second-length": _("Write it as 63.5 cm or 635 mm."),
        "prescribed": _("Write it as 5.05 microgram/day."),
        "born": _("Write it as 2026-06-20."),
        "measured": _("Write it as 2026-11-23."),
        "start": _("Write it as 2026-11-23T14:00."),
        "pattern": _("Write it as 96h or 96h@72,96h, or auto."),
        "sessions": _("Write how many bags each session makes: 3,3,2."),
    }.get(field, "")


# ---- files that were refused ----


def bad_file_sentence(error: BadFile) -> str:
    """Why a file is refused: file, table and key, what was seen and what is accepted."""
    values = {key: str(value) for key, value in error.values.items()}
    return _file_sentence(error.file, error.reason, error.table, error.key, values)


def _file_sentence(file: str, reason: str, table: str, key: str, values: dict[str, str]) -> str:
    where = f"[{table}] {key}" if table and key else key or table
    templates = {
        "no-file": _("There is no file {file}. Check its name and folder."),
        "not-a-file": _("{file} is not a file."),
        "no-such-name": _("There is no shipped data named “{file}”. There are {names}; a file is named by its path."),
        "unreadable-file": _("{file} cannot be read: {problem}."),
        "empty": _("{file} is empty."),
        "too-large": _("{file} is larger than {largest} bytes; no file of this program is."),
        "not-utf8": _("{file} is not text in UTF-8 (byte {position})."),
        "syntax": _("{file} cannot be read: {problem}."),
        "too-many-digits": _("{file} holds a number of thousands of digits; no file of this program does."),
        "checksum": _("{file} is not the file that was shipped: its checksum is another. Install the program again."),
        "too-deep": _("{file} is nested too deeply; no file of this program is."),
        "newer": _("{file} was made by a newer version of this program (schema {found}, this one knows {known})."),
        "no-schema": _("{file} has no schema number. The first key is schema = 1."),
        "unknown-key": _("{file}: the key {where} is not known here."),
        "missing-key": _("{file}: the key {where} is missing."),
        "missing-basis": _(
            "{file}: start_within_h is longer than 24 h or the product's own limit; start_within_basis must say on "
            "what basis, and who approved it."
        ),
        "no-source": _("{file}: {where} has no source and grade. Write value, source (a name in [sources]) and grade."),
        "out-of-range": _("{file}: {where} is {found}, which is not within {accepted}."),
        "wrong-value": _("{file}: {where} is “{found}”, which cannot be used. Accepted: {accepted_or_problem}."),
        "contradiction": _("{file}: {where} and {other} contradict each other."),
        "twice": _("{file}: {where} “{found}” stands there twice."),
        "not-kept": _("{file} is written in a way that cannot be changed from here. Change it in a text editor."),
        "two-names": _("{file}: {where} wants the names of two different people."),
        "overlap": _("{file}: {where}: {found} and {other} overlap. A BSA may lie in one band of a kind only."),
        "not-an-order": _("{file} is not an order file of this program."),
    }
    fields = {
        "names": "",
        "problem": "",
        "found": "",
        "accepted": "",
        "other": "",
        "position": "",
        "largest": "",
        "known": "",
        **{name: value for name, value in values.items() if name not in {"field", "reason", "table", "key"}},
    }
    fields["accepted"] = accepted_words(fields["accepted"])
    return templates[reason].format(
        file=file,
        where=where,
        accepted_or_problem=fields["accepted"] or fields["problem"],
        **fields,
    )


# ---- findings ----


def finding_title(finding: Finding) -> str:
    """A finding in two or three words."""
    titles = {
        "unreadable": _("cannot be read"),
        "envelope": _("outside the limits"),
        "age-scope": _("age"),
        "dates": _("dates"),
        "who-limits": _("outside the WHO limits"),
        "prescription-differs": _("prescription differs"),
        "data-checksum": _("data changed"),
        "weight-for-age": _("weight for age"),
        "length-for-age": _("length for age"),
        "weight-for-length": _("weight for length"),
        "index-not-available": _("growth not judged"),
        "age": _("age"),
        "measurement-age": _("old measurement"),
        "weight-change": _("weight change"),
        "formula": _("other formula"),
        "below-minimum-weight": _("below minimum weight"),
        "composition-unknown": _("composition not available"),
        "drug-volume-small": _("small drug volume"),
        "rate-not-a-step": _("pump step"),
        "ledger": _("bag too small"),
        "engines-disagree": _("engines disagree"),
        "no-plan": _("no plan"),
        "impossible-log": _("impossible log"),
        "syringe-deviation": _("rounding to the syringe"),
        "sodium": _("sodium"),
        "preserved-infant": _("benzyl alcohol"),
        "unit-closed": _("unit closed"),
        "interrupted-4h": _("interrupted 4 h or more"),
        "gap-7d": _("gap of more than 7 days"),
        "restart-dose": _("dose at restart"),
        "issued-differs": _("differs from the issued plan"),
        "past-limit": _("beyond a limit of the bag"),
        "over": _("infused beyond the course"),
        "other-dose": _("bag of another dose"),
        "wrong-rate": _("pump at another rate"),
        "line-opened": _("line was opened"),
        "measured-unknown": _("day of measuring"),
        "gestation-unknown": _("gestation"),
        "prescription-not-compared": _("prescription not compared"),
        "formula-not-chosen": _("formula not chosen"),
        "product-not-approved": _("product data not approved"),
        "rate-change": _("rate changes"),
        "clock-change": _("clock change"),
        "off-hours": _("off hours"),
        "no-vial-slack": _("no spare in the vials"),
        "no-storage-slack": _("no slack in time"),
        "outside-label-table": _("outside the label's table"),
        "still-due": _("still due"),
        "cannot-wait": _("cannot wait so long"),
        "shortened": _("runs shorter"),
        "reason-unused": _("reason without a question"),
    }
    return titles[finding.code]


def sentence(finding: Finding) -> str:
    """A finding as a person reads it."""
    values = finding.values
    if finding.code in {"unreadable", "data-checksum"} and values.get("field") == "file":
        rest = {name: value for name, value in values.items() if name not in {"table", "key"}}
        return _file_sentence(finding.actual, values["reason"], values["table"], values["key"], rest)
    if finding.code == "unreadable" or (finding.code == "dates" and "field" in values):
        return refusal(values["field"], values["reason"], finding.actual, values)
    words = {"actual": _in_words(finding.actual), "limit": _in_words(finding.limit)}
    return _SENTENCES[finding.code](finding.model_copy(update=words))


def _in_words(text: str) -> str:
    """Whole days, weeks or months, and a figure with a quotient of units, in words; another text as it is."""
    if quotient := _QUOTIENT.fullmatch(text):
        return quotient["number"] + quotient["blank"] + unit_words(quotient["unit"])
    return _PERIOD.sub(_period, text) if _PERIODS.fullmatch(text) else text


def _period(match: re.Match[str]) -> str:
    number = int(match["number"])
    words = {
        "day": n_("{number} day", "{number} days", number),
        "week": n_("{number} week", "{number} weeks", number),
        "month": n_("{number} month", "{number} months", number),
    }[match["unit"]]
    return words.replace(" ", match["blank"]).format(number=match["number"])


def _bags(finding: Finding) -> str:
    """Print "bag 5" or "bags 2, 4 and 6"."""
    numbers = [str(number) for number in finding.bags]
    if not numbers:
        return ""
    if len(numbers) == 1:
        return _("bag {number}").format(number=numbers[0])
    return _("bags {numbers} and {last}").format(numbers=", ".join(numbers[:-1]), last=numbers[-1])


def slip_name(slip: str) -> str:
    """A slip of the keys as a question."""
    return {
        "thousands-mark": _("was the mark meant for thousands?"),
        "mark-right": _("was the decimal mark one place too far right?"),
        "mark-left": _("was the decimal mark one place too far left?"),
        "mark-two-right": _("was the decimal mark left out?"),
        "grams-as-kg": _("was it typed in grams?"),
        "kg-as-grams": _("was it typed in kilograms?"),
        "pounds-as-kg": _("was it typed in pounds?"),
        "inches-as-cm": _("was it typed in inches?"),
        "metres-as-cm": _("was it typed in metres?"),
        "mark-two-left": _("was the decimal mark two places too far left?"),
        "micrograms-as-mg": _("was it typed in milligrams?"),
        "swapped": _("were weight and length swapped?"),
        "transposed": _("were two digits exchanged?"),
        "pounds-and-inches": _("were both typed in pounds and inches?"),
        "day-month-swapped": _("were day and month of birth exchanged?"),
        "year-off-by-one": _("is the year of birth off by one?"),
    }[slip]


def _envelope(finding: Finding) -> str:
    values = finding.values
    parts = [
        _("{label} {seen} is refused: this program reads {lowest} to {highest} {unit}.").format(
            label=field_label(values["field"]), seen=finding.actual, **_only(values, "lowest highest unit")
        )
    ]
    by_growth = slip_questions(finding)
    if values.get("swapped") and not by_growth:
        parts.append(_("Each number would fit the other field: were weight and length swapped?"))
    for entry in [] if by_growth else filter(None, values["slips"].split("; ")):
        slip, number = entry.split(" ")
        shown = print_number(Decimal(number), 3)
        parts.append(_("{number} {unit} would be within them: {question}").format(
            number=shown, unit=values["unit"], question=slip_name(slip)
        ))  # fmt: skip
    parts += by_growth
    parts.append(_("Nothing is changed for you. The hospital's own calculation is not affected."))
    return " ".join(parts)


def _only(values: dict[str, str], names: str) -> dict[str, str]:
    return {name: values[name] for name in names.split()}


def _dates(finding: Finding) -> str:
    templates = {
        "born-after-start": _("The date of birth, {actual}, is after the start, {limit}."),
        "measured-after-start": _("The day of measuring, {actual}, is after the start, {limit}."),
        "measured-before-birth": _("The day of measuring, {actual}, is before the date of birth, {limit}."),
        "previous-before-birth": _("The day of the previous weight, {actual}, is before the date of birth, {limit}."),
        "previous-after-measured": _("The day of the previous weight, {actual}, is after the present one, {limit}."),
    }
    base = templates[finding.values["reason"]].format(actual=finding.actual, limit=finding.limit)
    return f"{base} {_('Check both dates against the chart.')}"


def _preserved(finding: Finding) -> str:
    templates = {
        "site": _(
            "The {kind} bag is preserved with benzyl alcohol, and this site does not use preserved bags for infants."
        ),
        "gestation-unknown": _(
            "The {kind} bag is preserved with benzyl alcohol: refused in the first {limit} while gestation is "
            "not known."
        ),
        "too-young": _("The {kind} bag is preserved with benzyl alcohol: refused below {limit} post-menstrual age."),
        "allowed": _(
            "The {kind} bag is preserved with benzyl alcohol, here {actual}; deaths in newborns were at 99 to 405 "
            "mg per kg per day. Give the reason for using it in an infant."
        ),
    }
    return templates[finding.values["reason"]].format(
        kind=finding.values["kind"], limit=finding.limit, actual=finding.actual
    )


def _ledger(finding: Finding) -> str:
    if finding.values["reason"] == "unreachable":
        return _("The dose cannot be reached in a {kind} bag with the syringes of this site.").format(**finding.values)
    if finding.values["reason"] == "overfull":
        return _("The parts of a {kind} bag come to more than its final volume.").format(**finding.values)
    return _("A {kind} bag holds {missing} mL less than priming and its infusion need.").format(
        kind=finding.values["kind"], missing=finding.values["missing"]
    )


def _prescription(finding: Finding) -> str:
    base = _("The prescribed daily dose, {prescribed} micrograms, differs by {actual} from the computed one.").format(
        actual=finding.actual, prescribed=finding.values["prescribed"]
    )
    more = {
        Tier.REFUSE: _("More than {limit} is refused: check weight and length, and ask the prescriber."),
        Tier.JUSTIFY: _("More than {limit}: ask the prescriber, and give the reason."),
        Tier.NOTE: _("More than {limit}."),
    }[finding.tier]
    return f"{base} {more.format(limit=finding.limit)}"


def _age(finding: Finding) -> str:
    if finding.values["side"] == "below":
        return _(
            "The infant is {actual} old at the start, younger than {limit}. Give the reason for treating now."
        ).format(actual=finding.actual, limit=finding.limit)
    return _("The infant is {actual} old at the start, older than {limit}. Give the reason.").format(
        actual=finding.actual, limit=finding.limit
    )


def _deviation(finding: Finding) -> str:
    base = _("The syringe's marks make {bags} deliver {actual} off the daily dose.").format(
        bags=_bags(finding) or finding.values["kind"], actual=finding.actual.replace("-", "−")
    )
    more = {
        Tier.JUSTIFY: _(
            "Two 1 mL syringes would measure it more closely, if the site allows them. Else give the reason."
        )
        if finding.values.get("two_small")
        else _("Give the reason, or choose another bag kind."),
        Tier.REFUSE: _("More than {limit}: this bag kind is refused for this dose. Choose another bag kind.").format(
            limit=finding.limit
        ),
    }.get(finding.tier, "")
    return f"{base} {more}".strip()


def _small_volume(finding: Finding) -> str:
    template = (
        _(
            "The {kind} bag would take {actual} of drug, less than {limit}: too little to measure. "
            "This bag kind is refused."
        )
        if finding.tier is Tier.REFUSE
        else _("The {kind} bag takes {actual} of drug, less than {limit}: small to measure. Give the reason.")
    )
    return template.format(kind=finding.values["kind"], actual=finding.actual, limit=finding.limit)


def _simple(template: Callable[[], str]) -> Callable[[Finding], str]:
    """A sentence that needs only what every finding carries."""

    def fill(finding: Finding) -> str:
        return template().format(
            actual=finding.actual, limit=finding.limit, bags=_bags(finding), **_without(finding.values)
        )

    return fill


def _without(values: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if name not in {"actual", "limit", "bags"}}


def _counted(template: Callable[[int], str]) -> Callable[[Finding], str]:
    def fill(finding: Finding) -> str:
        return template(int(finding.actual)).format(
            actual=finding.actual, limit=finding.limit, bags=_bags(finding), **_without(finding.values)
        )

    return fill


def _formula(finding: Finding) -> str:
    if finding.code == "formula-not-chosen":
        return _("This site has not chosen a BSA formula; {formula} is used.").format(
            formula=formula_name(finding.actual)
        )
    return _("The order uses {actual}, this site's formula is {limit}. Give the reason.").format(
        actual=formula_name(finding.actual), limit=formula_name(finding.limit)
    )


def _sodium(finding: Finding) -> str:
    base = _(
        "On the worst day the bags bring {actual} mmol of sodium per kg, an upper figure; more than {limit}."
    ).format(actual=finding.actual, limit=finding.limit)
    return (
        f"{base} {_('Give the reason, or choose a bag kind with less fluid.')}"
        if finding.tier is Tier.JUSTIFY
        else base
    )


def _issued_differs(finding: Finding) -> str:
    """Name the parts of the plan that come out differently."""
    names = {
        "bsa": _("the body-surface area"),
        "daily_dose": _("the daily dose"),
        "course": _("begin or end of the course"),
        "bags": _("the bags"),
        "sessions": _("the sessions"),
        "totals": _("the counts and exposures"),
    }
    parts = [names.get(part, part) for part in finding.actual.split(", ")]
    return _(
        "Computed again with today's program, product data and settings, this plan comes out differently in: {parts}. "
        "It stands as it was issued until a pharmacist issues another revision."
    ).format(parts=", ".join(parts))


def index_name(index: str) -> str:
    """A WHO index by its name."""
    return {
        "weight-for-age": _("weight for age"),
        "length-for-age": _("length for age"),
        "weight-for-length": _("weight for length"),
    }.get(index, index)


def _z_words(actual: str) -> str:
    """Each z-score by the name of its index: "weight-for-age 7.1" as "weight for age +7.1"."""
    words = []
    for part in actual.split(", "):
        index, _space, z = part.partition(" ")
        words.append(f"{index_name(index)} {z.replace('-', '−') if z.startswith('-') else f'+{z}'}")
    return ", ".join(words)


def _infant(finding: Finding) -> str:
    """Weight, length, age and sex, as a message says them."""
    values = finding.values
    days = print_number(Decimal(values["days"]))
    old = _("{days} days").format(days=days.replace("-", "−"))
    if values["corrected"]:
        old = _("{old} by corrected age").format(old=old)
    sexes = {"female": _("female"), "male": _("male"), "": _("sex not known")}
    return _("{weight} kg and {length} cm, {old}, {sex}").format(
        weight=values["weight"], length=values["length"], old=old, sex=sexes[values["sex"]]
    )


def slip_questions(finding: Finding) -> list[str]:
    """The slips that would explain a measurement, each as one question; offered, never applied."""
    questions = []
    for entry in filter(None, finding.values.get("slips", "").split("; ")):
        parts = entry.split(" ")
        if len(parts) != _SLIP_PARTS:
            continue
        name, fields, weight, length, born = parts
        value = {
            "weight": f"{weight} kg",
            "length": f"{length} cm",
            "born": born,
            "weight+length": _("{weight} kg and {length} cm").format(weight=weight, length=length),
        }[fields]
        questions.append(_("{value} would be ordinary for this age: {question}").format(
            value=value, question=slip_name(name)
        ))  # fmt: skip
    return questions


_SLIP_PARTS = 5


def slip_denials(finding: Finding) -> list[str]:
    """Each suspected slip as a statement that denies it."""
    statements = {
        "thousands-mark": _("No mark for thousands was typed."),
        "mark-right": _("The decimal mark is not one place too far right."),
        "mark-left": _("The decimal mark is not one place too far left."),
        "mark-two-right": _("No decimal mark was left out."),
        "mark-two-left": _("The decimal mark is not two places too far left."),
        "grams-as-kg": _("The weight was not typed in grams."),
        "kg-as-grams": _("The weight was not typed in kilograms as grams."),
        "pounds-as-kg": _("The weight was not typed in pounds."),
        "inches-as-cm": _("The length was not typed in inches."),
        "metres-as-cm": _("The length was not typed in metres."),
        "swapped": _("Weight and length are not swapped."),
        "transposed": _("No two digits are exchanged."),
        "pounds-and-inches": _("Weight and length were not typed in pounds and inches."),
        "day-month-swapped": _("Day and month of birth are not exchanged."),
        "year-off-by-one": _("The year of birth is not off by one."),
    }
    names = [entry.split(" ")[0] for entry in finding.values.get("slips", "").split("; ") if entry]
    return [statements[name] for name in dict.fromkeys(names)]


def _growth(finding: Finding) -> str:
    """A measurement beyond 3 standard deviations, or without a row, or beyond the WHO flags."""
    values = finding.values
    if values.get("second") == "differs":
        return _("The second reading differs from the first by more than {limit}. Measure again.").format(
            limit=finding.limit
        )
    if finding.code == "index-not-available":
        names = ", ".join(index_name(index) for index in finding.actual.split(", "))
        parts = [
            _(
                "The WHO tables have no row for {names} ({infant}). A second reading of weight and length is needed."
            ).format(names=names, infant=_infant(finding))
        ]
    else:
        parts = [
            _("{infant}: {z} standard deviations, beyond {limit} (WHO Child Growth Standards).").format(
                infant=_infant(finding), z=_z_words(finding.actual), limit=finding.limit.replace("-", "−")
            )
        ]
    parts += slip_questions(finding)
    if finding.tier is Tier.REFUSE:
        if values.get("ask_gestation"):
            parts.append(_("If the infant was born early, give the gestation."))
        parts.append(
            _(
                "Refused on a single reading: measure again. If a second person with another device, entered blind, "
                "agrees within 2 % and 1 cm, give the second reading and a reason with both names. Leave birth date, "
                "sex and gestation as they are. Nothing is changed for you, and the hospital's own calculation is not "
                "affected."
            )
        )
    else:
        parts.append(_("Check the measurement, and give the reason."))
    return " ".join(parts)


def _weight_change(finding: Finding) -> str:
    values = finding.values
    if values["kind"] == "z":
        base = _("From {before} kg to {weight} kg in {days} days weight for age moved by {actual}, more than {limit}.")
    else:
        base = _("From {before} kg to {weight} kg in {days} days the infant lost {actual}, more than {limit}.")
    text = base.format(
        actual=finding.actual.replace("-", "−"), limit=finding.limit, **_only(values, "before weight days")
    )
    return " ".join([text, *slip_questions(finding), _("Check both weights, and give the reason.")])


def _no_plan(finding: Finding) -> str:
    values = finding.values
    reason = values.get("reason", "")
    if reason == "kinds":
        return _("There is no plan: every bag kind is refused. The table of bag kinds says why.")
    if reason == "hours":
        return _("There is no plan: bags of {kinds} do not fill the course without a rest.").format(**values)
    if reason == "sessions":
        return _(
            "Sessions of {actual} bags cannot be held: a limit, the opening hours or the largest number of bags in a "
            "session forbids one, or they do not add up to {bag_count} bags. Leave the sessions empty for the best "
            "grouping."
        ).format(actual=finding.actual, bag_count=values["bag_count"])
    if reason == "closed":
        return " ".join(_closed_sentences(finding))
    return _("There is no plan that keeps the limits of {bags}.").format(bags=_bags(finding))


def _closed_sentences(finding: Finding) -> Iterator[str]:
    """Which bag no session can serve, and what would help."""
    from dosing_app.wording.figures import when  # figures is built on this module

    values = finding.values
    bag, last, first = (when(text) if text else "–" for text in (finding.actual, values["last"], values["first"]))
    limit = _("{limit} limit").format(limit=finding.limit) if finding.limit else _("limit of the product")
    yield _(
        "No session can serve the bag of {bag}: the last session before it is {last}, the next {first}, {limit}."
    ).format(bag=bag, last=last, first=first, limit=limit)
    if values["within_h"]:
        yield _("A plan exists if bags may be connected within {hours} h of preparation.").format(
            hours=values["within_h"]
        )
    if values["start"]:
        yield _("A plan exists if the course starts {start}.").format(start=when(values["start"]))
    if not values["within_h"] and not values["start"]:
        yield _("Neither a longer limit nor a start within the next week helps: look at the opening hours.")


def _clock_change(finding: Finding) -> str:
    from dosing_app.wording.figures import date_words  # figures is built on this module

    return _("The clock changes on {day} while {bags} is running; the hours of infusion do not.").format(
        day=date_words(finding.actual), bags=_bags(finding)
    )


def _impossible_log(finding: Finding) -> str:
    """Which entry cannot have happened, and why; places count from 0 as in the file."""
    why = impossible_why(finding.values)
    return _("Entry {index} of the log: {why}. Correct the log.").format(index=finding.actual, why=why)


def impossible_why(values: dict[str, str]) -> str:
    """Why an entry cannot have happened, without its place: the end of a sentence."""
    return {
        "not-read": _("it cannot be read ({why})"),
        "order": _("it is earlier than the entry before it"),
        "future": _("it is later than the moment asked for"),
        "corrects": _("it corrects an entry that is not there, or does not say how"),
        "unknown-bag": _("the plan has no bag {bag}"),
        "unknown-session": _("the plan has no session {session}"),
        "other-revision": _("the plan is revision {own}, not {revision}"),
        "prepared-twice": _("bag {bag} was prepared before"),
        "never-prepared": _("bag {bag} was never prepared"),
        "two-bags": _("bag {other} was still connected when bag {bag} was hung"),
        "used-twice": _("bag {bag} was used before"),
        "is-lost": _("bag {bag} was lost before"),
        "not-running": _("no such bag was running"),
        "nothing-to-restart": _("there was no stop after which a prescriber restarts"),
        "dose-above": _("{rate} micrograms per m² per day is no dose rate up to that of the protocol"),
        "runs-already": _("nothing was interrupted"),
        "no-prescriber": _("a waiver needs the prescriber's name")
        if values.get("what") == "waive"
        else _("a restart needs a dose rate and the prescriber's name"),
        "waives-too-much": _("{hours} h is more than is still due"),
        "runs-on-too-long": _("bag {bag} can run on for {most} at most, by its limit and what it holds, not {hours} h"),
        "rates-overlap": _("for a part of that time a rate was entered before: correct that entry instead"),
    }[values["reason"]].format(**_without(values) | {"why": accepted_words(values.get("why", ""))})


def _restart_dose(finding: Finding) -> str:
    """Before a prescriber's decision; after it, that its dose rate is kept to the end."""
    if finding.values.get("above"):
        words = _(
            "The course goes on at {rate} micrograms per m² per day, more than the published first dose after a "
            "restart. The published way is {first}, then {then} after {days} days."
        )
    elif finding.actual:
        words = _(
            "The course goes on at {rate} micrograms per m² per day to its end: no later step was prescribed. The "
            "published way is {first}, then {then} after {days} days."
        )
    else:
        words = _(
            "After an adverse event or an unknown reason nothing is planned until a prescriber's dose rate and name "
            "are entered. The published way is {first} micrograms per m² per day, then {then} after {days} days."
        )
    values = {"first": "", "then": "", "days": "", **_without(finding.values)}
    return words.format(rate=finding.actual, **values)


def _interrupted(finding: Finding) -> str:
    if finding.values.get("cause") == "planned":
        return _(
            "The infusion will stand still for {actual}: no bag can be connected by then. From {limit} on: premedicate "
            "and restart under supervision."
        ).format(actual=finding.actual, limit=finding.limit)
    if finding.actual == finding.limit:
        return _(
            "The infusion stood still for {limit}: premedicate and restart under supervision. The rule is written for "
            "stops after an adverse event; no text was found for technical ones."
        ).format(limit=finding.limit)
    return _(
        "The infusion stood still for {actual}, {limit} or more: premedicate and restart under supervision. The rule "
        "is written for stops after an adverse event; no text was found for technical ones."
    ).format(actual=finding.actual, limit=finding.limit)


def _gap(finding: Finding) -> str:
    if finding.actual == finding.limit:  # longer by less than is shown
        return _("The infusion stood still for more than {limit}: the label begins a new cycle.").format(
            limit=finding.limit
        )
    return _("The infusion stood still for {actual}, more than {limit}: the label begins a new cycle.").format(
        actual=finding.actual, limit=finding.limit
    )


def _wrong_rate(finding: Finding) -> str:
    from dosing_app.wording.figures import when  # figures is built on this module

    values = finding.values
    return _(
        "From {begin} the pump ran {bags} for {hours} at {found} mL/hour instead of {planned} mL/hour: {given} "
        "micrograms instead of {would_give}. Give the reason, and what was done."
    ).format(
        begin=when(values["begin_local"]),
        bags=_bags(finding),
        hours=values["hours"],
        found=print_number(Decimal(finding.actual)),
        planned=print_number(Decimal(finding.limit)),
        given=print_number(Decimal(values["given"]), 3),
        would_give=print_number(Decimal(values["would_give"]), 3),
    )


def _line_opened(finding: Finding) -> str:
    from dosing_app.wording.figures import when  # figures is built on this module

    return _(
        "On {begin} {bags} went on though the line was opened: it is no longer sure to be sterile. Give the reason, "
        "and what was done."
    ).format(begin=when(finding.values["begin_local"]), bags=_bags(finding))


# Of every code but those that are told as what was read: unreadable, data-checksum.
_SENTENCES: dict[str, Callable[[Finding], str]] = {
    "envelope": _envelope,
    **dict.fromkeys(
        ("who-limits", "weight-for-age", "length-for-age", "weight-for-length", "index-not-available"), _growth
    ),
    "weight-change": _weight_change,
    "dates": _dates,
    "age-scope": _simple(
        lambda: _("The infant is {actual} old at the start. This program plans for infants up to {limit}.")
    ),
    "prescription-differs": _prescription,
    "age": _age,
    "measurement-age": _simple(
        lambda: _(
            "Weight and length are {actual} old at the start, more than {limit}. Measure again, or give the reason."
        )
    ),
    "formula": _formula,
    "formula-not-chosen": _formula,
    "below-minimum-weight": _simple(
        lambda: _("The {kind} bag is not for infants below {limit}; this one weighs {actual}.")
    ),
    "composition-unknown": lambda finding: _("The {kind} bag of this product data cannot be planned. {why}").format(
        kind=finding.values["kind"], why=data_words(finding.values["why"])
    ),
    "drug-volume-small": _small_volume,
    "rate-not-a-step": _simple(lambda: _("The {kind} bag runs at {actual}, and this site's pump steps by {limit}.")),
    "ledger": _ledger,
    "engines-disagree": _simple(
        lambda: _("The two calculations of this program disagree ({actual}). No plan is shown. Report this.")
    ),
    "no-plan": _no_plan,
    "syringe-deviation": _deviation,
    "sodium": _sodium,
    "preserved-infant": _preserved,
    "impossible-log": _impossible_log,
    "interrupted-4h": _interrupted,
    "gap-7d": _gap,
    "past-limit": _counted(
        lambda number: n_(
            "{bags} was connected or ran beyond its limit. Give the reason, and what was done.",
            "{bags} were connected or ran beyond their limits. Give the reason, and what was done.",
            number,
        )
    ),
    "over": _simple(lambda: _("{actual} more were infused than the course has.")),
    "other-dose": _simple(
        lambda: _(
            "The prescriber decided another dose than that of {bags}, which ran all the same: take a bag of another "
            "dose down. Give the reason, and what was done."
        )
    ),
    "wrong-rate": _wrong_rate,
    "line-opened": _line_opened,
    "shortened": lambda finding: _(
        "{bags} was taken out of the refrigerator early: it comes down {actual} earlier."
    ).format(bags=_bags(finding), actual=finding.actual),
    "cannot-wait": _counted(
        lambda number: n_(
            "{bags} is prepared and cannot wait until its changed time: it is replaced by a new bag.",
            "{bags} are prepared and cannot wait until their changed times: they are replaced by new bags.",
            number,
        )
    ),
    "restart-dose": _restart_dose,
    "still-due": _simple(
        lambda: _("{actual} is still due and no bag is planned for it: waive it, run on, or make a new bag.")
    ),
    "unit-closed": _counted(
        lambda number: n_(
            "The preparation unit is closed when {bags} would have to be made. Give the reason, or choose other times.",
            "The preparation unit is closed when {bags} would have to be made. Give the reason, or choose other times.",
            number,
        )
    ),
    "measured-unknown": _simple(lambda: _("The day of weighing and measuring is not given.")),
    "gestation-unknown": _simple(lambda: _("Gestation at birth is not given.")),
    "prescription-not-compared": _simple(
        lambda: _("The prescriber's daily dose is not given: prescription not compared.")
    ),
    "product-not-approved": _simple(lambda: _("Product data {actual} is not approved here.")),
    "outside-label-table": _simple(
        lambda: _("The label's table, as this site entered it, has no row for {actual} in these bag kinds: {kinds}.")
    ),
    "rate-change": _counted(
        lambda number: n_(
            "The pump rate changes once, at {bags} (mL/hour: {rates}).",
            "The pump rate changes {actual} times, at {bags} (mL/hour: {rates}).",
            number,
        )
    ),
    "clock-change": _clock_change,
    "off-hours": _counted(
        lambda number: n_("One bag change is off hours: {bags}.", "{actual} bag changes are off hours: {bags}.", number)
    ),
    "no-vial-slack": _simple(lambda: _("The vials for {bags} leave less than {limit} for losses.")),
    "no-storage-slack": _simple(
        lambda: _("No slack at room temperature: {bags} must come down at the planned minute.")
    ),
    "issued-differs": _issued_differs,
    "reason-unused": _simple(lambda: _("A reason was given for “{actual}”, which nothing asks for. It is kept.")),
}


def code_meaning(code: str) -> str:
    """What a code means, in one sentence."""
    return {
        "unreadable": _("A value cannot be read."),
        "envelope": _("A value is outside the limits of the program."),
        "age-scope": _("The infant is older than the program is for."),
        "dates": _("Dates contradict each other, or a wall time does not exist or comes twice."),
        "who-limits": _("A measurement is beyond the WHO flags for data to be checked."),
        "prescription-differs": _(
            "The prescribed daily dose differs from the computed one; the tier goes by the size."
        ),
        "data-checksum": _("A data file is not the one that was shipped or approved."),
        "weight-for-age": _("Weight for age is beyond 3 standard deviations."),
        "length-for-age": _("Length for age is beyond 3 standard deviations."),
        "weight-for-length": _("Weight for length is beyond 3 standard deviations."),
        "index-not-available": _("The WHO tables have no row to judge a measurement by."),
        "age": _("The infant is younger or older than usual."),
        "measurement-age": _("Weight and length were measured too long before the start."),
        "weight-change": _("The weight moved more than growth explains."),
        "formula": _("The order uses another BSA formula than the site."),
        "below-minimum-weight": _("A bag kind is not for infants of this weight."),
        "composition-unknown": _("The composition of a bag kind is not available."),
        "drug-volume-small": _("The drug volume is too small, or small, to measure; the tier goes by the size."),
        "rate-not-a-step": _("The pump cannot be set to the rate of a bag kind."),
        "ledger": _("A bag does not hold what priming and infusion need."),
        "engines-disagree": _("The two calculations of the program disagree."),
        "no-plan": _("No plan keeps all limits."),
        "impossible-log": _("The log cannot have happened."),
        "syringe-deviation": _("The syringe's marks move the dose; the tier goes by the size."),
        "sodium": _("Sodium per kg and day is high; the tier goes by the size."),
        "preserved-infant": _("A bag preserved with benzyl alcohol is planned for an infant."),
        "unit-closed": _("A bag would have to be made while the preparation unit is closed."),
        "interrupted-4h": _("The infusion was interrupted for 4 hours or more."),
        "gap-7d": _("The infusion was interrupted for more than 7 days."),
        "restart-dose": _("The dose after an interruption must be prescribed."),
        "issued-differs": _("The issued plan, computed again, comes out differently."),
        "past-limit": _("A bag was connected or ran beyond its limit."),
        "over": _("More was infused than the course has; the tier goes by the size."),
        "other-dose": _("A bag ran that was made for another dose than the prescriber decided."),
        "wrong-rate": _("The pump was found to run at another rate than the bag's."),
        "line-opened": _("The infusion went on with the same bag though the line was opened."),
        "measured-unknown": _("The day of weighing and measuring is not given."),
        "gestation-unknown": _("Gestation at birth is not given."),
        "prescription-not-compared": _("The prescriber's daily dose is not given."),
        "formula-not-chosen": _("The site has not chosen a BSA formula."),
        "product-not-approved": _("The product data is not approved at this site."),
        "rate-change": _("The pump rate changes within the course."),
        "clock-change": _("The clock changes within the course."),
        "off-hours": _("A bag change falls off hours."),
        "no-vial-slack": _("The vials of a session leave next to nothing for losses."),
        "no-storage-slack": _("A bag must come down at the minute at which its limit ends."),
        "outside-label-table": _("The label's table has no row for this BSA."),
        "still-due": _("Hours of the course are still due."),
        "cannot-wait": _("A prepared bag cannot wait until its changed time and is replaced."),
        "shortened": _("A bag was taken out of the refrigerator early and comes down earlier."),
        "reason-unused": _("A reason was given that answers no finding."),
    }[code]
