"""The commands of the command line, as the contract in cli.md has them."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from dosing_app.cli import OK, REFUSED, UNREADABLE
from dosing_app.core.findings import CATALOGUE, finding
from dosing_app.core.quantities import printable
from dosing_app.course.document import State, plan_of
from dosing_app.course.options import find_answer
from dosing_app.course.order import FIELDS, REASON, Reading, bad_file, read_order
from dosing_app.course.plan import Plan
from dosing_app.reference.bundle import House, load_house
from dosing_app.reference.source import BadFile
from dosing_app.store.order_file import load
from dosing_app.wording.language import LANGUAGES, _
from dosing_app.wording.options_text import SCHEMA as OPTIONS_SCHEMA
from dosing_app.wording.options_text import options_json, options_text
from dosing_app.wording.plan_text import plan_json, plan_text
from dosing_app.wording.sentences import code_meaning

_JSON = "--json"


class _BadCall(Exception):
    """The call itself cannot be read."""


class _Parser(argparse.ArgumentParser):
    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.add_argument("--language", choices=list(LANGUAGES), help=_("the language of the answer"))

    def parse_args(self, given: Sequence[str]) -> argparse.Namespace:  # type: ignore[override]
        """As argparse does; but it makes a list of the value in `--option=--`, which nobody can mean."""
        options = super().parse_args(given)
        for name, value in vars(options).items():
            if isinstance(value, list) and (name != "reason" or any(isinstance(each, list) for each in value)):
                self.error(_("--{option} has no value").format(option=name.replace("_", "-")))
        return options

    def error(self, message: str) -> NoReturn:
        raise _BadCall(message)


def run(command: str, given: Sequence[str]) -> int:
    """One command with its options; its exit status."""
    try:
        return {
            "plan": plan_command,
            "options": options_command,
            "replan": replan_command,
            "export": export_command,
            "batch": batch_command,
            "teach": teach_command,
            "findings": findings_command,
            "backup": backup_command,
            "restore": restore_command,
            "self-test": self_test_command,
        }[command](given)
    except _BadCall as bad:
        call = finding("unreadable", actual=printable(str(bad)).rstrip("."), field="call", reason="call")
        _print_plan(Plan(complete=False, findings=(call,)), as_json=any(each.startswith(_JSON) for each in given))
        return UNREADABLE


def plan_command(given: Sequence[str]) -> int:
    """`dosing-app plan …`: one plan."""
    parser = _order_parser("plan", _("One plan for one order."))
    options = parser.parse_args(_joined(given))
    plan = _plan_of(options)
    _print_plan(plan, as_json=options.json)
    return status_of(plan)


def options_command(given: Sequence[str]) -> int:
    """`dosing-app options …`: the choices of pattern and sessions, fewest vials first."""
    parser = _order_parser("options", _("Every choice of bags and sessions for one order, fewest vials first."))
    options = parser.parse_args(_joined(given))
    reading = _reading_of(options)
    if reading.order is None or reading.reference is None:
        plan = plan_of(reading)
        _print_no_options(plan, as_json=options.json)
        return status_of(plan)
    answer = find_answer(reading.order, reading.reference)
    if options.json:
        print(json.dumps(options_json(answer), ensure_ascii=False, indent=1))
    else:
        print(options_text(answer), file=sys.stdout if answer.options else sys.stderr)
    return OK if answer.listed else REFUSED


def replan_command(given: Sequence[str]) -> int:
    """`dosing-app replan --plan PLAN.json --log LOG.json [--at INSTANT]`: the rest of a course."""
    parser = _Parser(prog="dosing-app replan", description=_("The rest of a course, from its log."), allow_abbrev=False)
    parser.add_argument("--plan", type=Path, required=True, metavar="PLAN.json", help=_("the plan as it was issued"))
    parser.add_argument("--log", type=Path, required=True, metavar="LOG.json", help=_("what happened, in order"))
    parser.add_argument("--at", default="", metavar="INSTANT", help=_("2026-12-01T10:00:00Z; else the last entry's"))
    parser.add_argument("--site", metavar="FILE", help=_("the site's settings"))
    parser.add_argument(
        "--reason", action="append", default=[], metavar="CODE=TEXT", help=_("answers a finding that needs a reason")
    )
    parser.add_argument(_JSON, action="store_true", help=_("print JSON"))
    options = parser.parse_args(_joined(given))
    from dosing_app.cli.replan import replan_file  # only here is a log read

    return replan_file(
        options.plan, options.log, options.at, _site_path(options), _reasons(options), as_json=options.json
    )


def export_command(given: Sequence[str]) -> int:
    """`dosing-app export … --to DIR`: drafts of an order, or the final papers of an issued plan."""
    parser = _order_parser("export", _("Papers of a plan: drafts of an order, or of an issued plan the final ones."))
    parser.add_argument("--to", type=Path, required=True, metavar="DIR", help=_("the folder, made where it is missing"))
    parser.add_argument("--plan", type=Path, metavar="PLAN.json", help=_("an issued plan instead of an order"))
    options = parser.parse_args(_joined(given))
    if str(options.to).strip() in {"", "."} and "." not in given:
        raise _BadCall(_("--to is given without a folder"))
    from dosing_app.cli.export import export_issued, export_order  # papers are heavy

    if options.plan is None:
        return export_order(_reading_of(options), options.to, as_json=options.json)
    typed = [name for name in FIELDS if getattr(options, name.replace("-", "_"))]
    if typed:
        raise _BadCall(_("--plan takes no order besides: leave out {names}").format(names=", ".join(typed)))
    return export_issued(options.plan, _site_path(options), _reasons(options), options.to, as_json=options.json)


def batch_command(given: Sequence[str]) -> int:
    """`dosing-app batch ORDERS.csv --json`: one line of JSON for each order of a table."""
    parser = _order_parser("batch", _("One line of JSON for each order of a table; options hold for every order."))
    parser.add_argument("orders", type=Path, metavar="ORDERS.csv", help=_("columns as the options of plan"))
    options = parser.parse_args(_joined(given))
    if not options.json:
        raise _BadCall(_("batch answers in JSON alone: add --json"))
    from dosing_app.cli.batch import batch_file  # only here is a table read

    site = _site_path(options)
    return batch_file(options.orders, {**_texts(options), "site": "" if site is None else str(site)})


def _print_no_options(plan: Plan, *, as_json: bool) -> None:
    """Why an order that cannot be read has no options."""
    if as_json:
        answer = {"schema": OPTIONS_SCHEMA, "findings": plan_json(plan)["findings"], "options": []}
        print(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        print(plan_text(plan), file=sys.stderr)


def _joined(given: Sequence[str]) -> list[str]:
    """The arguments, with a value that begins with a minus tied to its option: `--weight -6kg` is for our reader."""
    joined: list[str] = []
    for each in given:
        previous = joined[-1] if joined else ""
        takes_value = previous.startswith("--") and "=" not in previous and previous != _JSON
        if takes_value and each.startswith("-") and not each.startswith("--"):
            joined[-1] = f"{previous}={each}"
        else:
            joined.append(each)
    return joined


def _order_parser(command: str, description: str) -> argparse.ArgumentParser:
    """The options of cli.md; each is kept as the text that was typed."""
    parser = _Parser(prog=f"dosing-app {command}", description=description, allow_abbrev=False)
    helps = {
        "case": _("a label for the case; no name is needed"),
        "weight": _("6.42 kg, or 6420 g"),
        "length": _("63.5 cm, or 635 mm"),
        "born": _("2026-06-20"),
        "sex": _("male or female"),
        "gestation": _("at birth: 34w2d, or term"),
        "measured": _("the day of weighing and measuring: 2026-11-23"),
        "previous-weight": _("6.10 kg@2026-11-15"),
        "second-weight": _("a second, blind reading"),
        "second-length": _("a second, blind reading"),
        "prescribed": _("the prescriber's daily dose: 5.05 microgram/day"),
        "start": _("wall clock at the bed: 2026-11-23T14:00; +hh:mm after it where that time comes twice"),
        "zone": _("the bed's time zone: Europe/Amsterdam"),
        "product": _("eu, us, or a file"),
        "protocol": _("infant-course, or a file"),
        "formula": _("mosteller, haycock, gehan-george, boyd or bnfc"),
        "pattern": _("96h · 72h,96h · 96h@72,96h · auto"),
        "sessions": _("with a pattern: how many bags each session makes, 3,3,2; else the best grouping"),
    }
    for name in FIELDS:
        parser.add_argument(f"--{name}", metavar="TEXT", default="", help=helps[name])
    parser.add_argument("--site", metavar="FILE", help=_("the site's settings"))
    parser.add_argument(
        "--reason", action="append", default=[], metavar="CODE=TEXT", help=_("answers a finding that needs a reason")
    )
    parser.add_argument(_JSON, action="store_true", help=_("print JSON"))
    return parser


def _plan_of(options: argparse.Namespace) -> Plan:
    """The plan of a call, or why there is none."""
    return plan_of(_reading_of(options))


def _reading_of(options: argparse.Namespace) -> Reading:
    """The order of a call, or why there is none."""
    texts = _texts(options)
    try:
        house = load_house(_site_path(options))
    except BadFile as error:
        return Reading(None, None, (bad_file(error),))
    return read_order(texts, house)


def _texts(options: argparse.Namespace) -> dict[str, str]:
    """The texts of an order, as they were typed."""
    texts = {name: getattr(options, name.replace("-", "_")) for name in FIELDS}
    return texts | {REASON + code: text for code, text in _reasons(options).items()}


def _reasons(options: argparse.Namespace) -> dict[str, str]:
    """The reasons of a call by the code that they answer."""
    reasons = {}
    for reason in options.reason:
        code, mark, text = reason.partition("=")
        if not mark or not code.strip():
            message = _("--reason is written as CODE=text, not “{reason}”.").format(reason=reason[:60])
            raise _BadCall(message)
        reasons[code.strip()] = text
    return reasons


def _site_path(options: argparse.Namespace) -> Path | None:
    """The site file of a call."""
    if options.site is not None and not options.site.strip():
        raise _BadCall(_("--site is given without a file"))
    return Path(options.site) if options.site is not None else None


def plan_of_texts(texts: dict[str, str], house: House) -> Plan:
    """The plan of an order's texts, dates as the command line reads them."""
    return plan_of(read_order(texts, house))


def status_of(plan: Plan) -> int:
    """0 a plan; 2 a value cannot be read; 3 refused, or a reason is missing."""
    if plan.complete:
        return OK
    return UNREADABLE if any(each.code == "unreadable" for each in plan.findings) else REFUSED


def _print_plan(plan: Plan, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(plan_json(plan), ensure_ascii=False, indent=1))
        return
    text = plan_text(plan)
    if plan.bags:
        print(text)
    else:
        print(text, file=sys.stderr)


def write_plan(order_path: Path, site_path: Path | None, folder: Path) -> tuple[int, list[str]]:
    """The plan of an order file as JSON, as text and as drafts of its papers, in a folder.

    Returns the exit status, and the names of the files.
    """
    reading = Reading(None, None, ())
    try:
        reading = State(load(order_path), load_house(site_path)).reading
        plan = plan_of(reading)
    except BadFile as error:
        plan = Plan(complete=False, findings=(bad_file(error),))
    files = {
        "plan.json": json.dumps(plan_json(plan), ensure_ascii=False, indent=1) + "\n",
        "plan.txt": plan_text(plan) + "\n",
    }
    for name, text in files.items():
        folder.joinpath(name).write_text(text, encoding="utf-8")
    if not plan.complete or reading.reference is None:
        return status_of(plan), list(files)
    from dosing_app.cli.export import drafts_of  # papers are heavy
    from dosing_app.papers.files import write

    papers = drafts_of(plan, reading.reference)
    del papers["plan.json"]  # written already
    return status_of(plan), [*files, *(path.name for path in write(papers, folder))]


def teach_command(given: Sequence[str]) -> int:
    """`dosing-app teach set …`: a class set of exercises."""
    from dosing_app.cli.teach import teach  # papers are heavy

    return teach(given, _Parser(prog="dosing-app teach", description=_("Exercises for a class."), allow_abbrev=False))


def findings_command(given: Sequence[str]) -> int:
    """`dosing-app findings`: every code with tier and meaning."""
    parser = _Parser(prog="dosing-app findings", description=_("Every finding code."), allow_abbrev=False)
    parser.add_argument(_JSON, action="store_true", help=_("print JSON"))
    options = parser.parse_args(list(given))
    if options.json:
        rows = [
            {"code": code, "tier": entry.tier, "about": entry.about, "meaning": code_meaning(code)}
            for code, entry in CATALOGUE.items()
        ]
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return OK
    width = max(len(code) for code in CATALOGUE)
    for code, entry in CATALOGUE.items():
        print(f"{code:<{width}}  {entry.about:<5}  {entry.tier:<7}  {code_meaning(code)}")
    return OK


def backup_command(given: Sequence[str]) -> int:
    """`dosing-app backup FILE`: the register of courses into one file."""
    options = _register_options("backup", _("Writes the register of courses into one file."), given)
    from dosing_app.cli.register import backup_file  # the database is heavy

    return backup_file(options.file, _site_path(options))


def restore_command(given: Sequence[str]) -> int:
    """`dosing-app restore FILE`: the register of courses from a backup; the old one is kept."""
    options = _register_options("restore", _("Puts a backup in the place of the register, which is kept."), given)
    from dosing_app.cli.register import restore_file  # the same

    return restore_file(options.file, _site_path(options))


def _register_options(command: str, description: str, given: Sequence[str]) -> argparse.Namespace:
    parser = _Parser(prog=f"dosing-app {command}", description=description, allow_abbrev=False)
    parser.add_argument("file", type=Path, metavar="FILE", help=_("the backup"))
    parser.add_argument("--site", metavar="FILE", help=_("the site's settings"))
    return parser.parse_args(list(given))


def self_test_command(given: Sequence[str]) -> int:
    """`dosing-app self-test`: all data, fixed cases to the last digit, the window offscreen."""
    _Parser(prog="dosing-app self-test", description=_("Checks this installation."), allow_abbrev=False).parse_args(
        list(given)
    )
    from dosing_app.cli.self_test import run_all

    return run_all()
