"""`dosing-app replan`: the rest of a course, from its plan and its log."""

import json
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from whenever import Instant

from dosing_app.cli import OK, REFUSED, UNREADABLE
from dosing_app.core.clock import FIRST_YEAR, LAST_YEAR
from dosing_app.core.findings import Finding, finding
from dosing_app.core.quantities import printable
from dosing_app.course.issue import NotIssued, read_plan, reference_of
from dosing_app.course.log import ImpossibleLog
from dosing_app.course.replan import SCHEMA, Rest, replan, rest_json
from dosing_app.reference.bundle import load_house
from dosing_app.reference.source import BadFile
from dosing_app.store.order_file import read_json
from dosing_app.wording import figures
from dosing_app.wording.language import _
from dosing_app.wording.plan_text import columns, finding_line
from dosing_app.wording.sentences import bad_file_sentence, sentence
from dosing_app.wording.units import print_quantity

_LAST = Instant.from_utc(2199, 12, 31)


def replan_file(
    plan_path: Path, log_path: Path, at_text: str, site: Path | None, reasons: Mapping[str, str], *, as_json: bool
) -> int:
    """Print the rest of a course; 0 if nothing wants a reason."""
    try:
        content = read_json(plan_path)
        plan = read_plan(content if isinstance(content, dict) else {})
        entries = _entries(log_path)
        reference = reference_of(plan, load_house(site))
    except BadFile as error:
        return _unreadable(bad_file_sentence(error), as_json=as_json)
    except NotIssued as error:
        if error.reason == "changed":
            words = _("{file} is not complete, or was changed since it was made: nothing is worked out from it.")
        else:
            words = _("{file} holds no plan with bags.")
        return _unreadable(words.format(file=plan_path), as_json=as_json)
    try:
        at = _moment(at_text, entries)
    except ValueError:
        return _unreadable(
            _("--at is written as 2026-12-01T10:00:00Z, not “{seen}”.").format(seen=printable(at_text)[:40]),
            as_json=as_json,
        )
    try:
        rest = replan([plan], entries, at, reference, reasons)
    except ImpossibleLog as error:
        found = finding("impossible-log", actual=str(error.index), values={**error.values, "reason": error.reason})
        return _refused(found, as_json=as_json)
    if as_json:
        answer = rest_json(rest)
        for entry, each in zip(answer["findings"], rest.findings, strict=True):
            entry["message"] = sentence(each)
        answer["at_given"] = bool(at_text)
        print(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        print(_text(rest, given=bool(at_text)))
    return REFUSED if any(each.holds_back for each in rest.findings) else OK


def _entries(path: Path) -> list[Any]:
    """The log of a file, numbers exact. Raises `BadFile`."""
    content = read_json(path)
    if isinstance(content, dict) and isinstance(content.get("log"), list):
        content = content["log"]
    if not isinstance(content, list):
        raise BadFile(path, "wrong-value", key="log", accepted="a list of entries")
    return [_exact(each) for each in content]


def _exact(entry: Any) -> Any:
    """A number of JSON as the decimal that was written."""
    if not isinstance(entry, dict):
        return entry
    return {key: Decimal(repr(value)) if isinstance(value, float) else _exact(value) for key, value in entry.items()}


def _moment(text: str, entries: list[Any]) -> Instant:
    """The moment asked for, else that of the last entry; raises ValueError."""
    if text or not entries:
        at = Instant.parse_iso(text)
        if not FIRST_YEAR <= at.to_tz("UTC").year <= LAST_YEAR:
            raise ValueError(text)
        return at
    try:
        moments = [Instant.parse_iso(str(each["at"])) for each in entries if isinstance(each, dict) and "at" in each]
    except ValueError:
        return _LAST  # the entry that cannot be read is named when the log is gone through
    return max(moments, default=_LAST)


def _unreadable(message: str, *, as_json: bool) -> int:
    found = finding("unreadable", actual=message.rstrip("."), field="call", reason="call")
    _print(found, as_json=as_json)
    return UNREADABLE


def _refused(found: Finding, *, as_json: bool) -> int:
    _print(found, as_json=as_json)
    return REFUSED


def _print(found: Finding, *, as_json: bool) -> None:
    if as_json:
        entry = {**found.model_dump(mode="json"), "message": sentence(found)}
        print(json.dumps({"schema": SCHEMA, "complete": False, "findings": [entry]}, ensure_ascii=False, indent=1))
    else:
        print(finding_line(found), file=sys.stderr)


def _text(rest: Rest, *, given: bool) -> str:
    """Where the course stands, what hangs, and what is still to come."""
    progress, zone = rest.progress, rest.plan.order.zone if rest.plan.order else "UTC"
    content = rest_json(rest)
    at = figures.when_with_offset(progress.at.to_tz(zone).format_iso())
    lines = [at if given else _("{at}, the time of the last entry").format(at=at)]
    lines.append(
        _("infused {infused} h   waived {waived} h   still due {due} h   over {over} h").format(
            **{name: content[f"{name}_h"] for name in ("infused", "waived", "due", "over")}
        )
    )
    if progress.running is not None:
        lines.append(
            _("Bag {number} hangs at {rate}; take it down {take_down}, by {down_by} at the latest").format(
                number=progress.running.bag.number,
                rate=print_quantity(progress.running.bag.rate, "mL/h"),
                take_down=figures.when(progress.running.take_down.to_tz(zone).format_iso()),
                down_by=figures.when(progress.running.down_by.to_tz(zone).format_iso()),
            )
        )
    if rest.bags:
        rows = [[_("Bag"), _("Kind"), _("Connect"), _("Take down"), _("Rate"), _("Prepare")]]
        rows += [
            [
                str(bag.number),
                bag.kind,
                figures.when(bag.start_local),
                figures.when(bag.end_local),
                print_quantity(bag.rate, "mL/h"),
                figures.when(bag.prepared_local) if bag.session else _("prepared"),
            ]
            for bag in rest.bags
        ]
        lines += ["", columns(rows)]
    lines += ["", *(finding_line(each) for each in rest.findings)]
    return "\n".join(lines).rstrip()
