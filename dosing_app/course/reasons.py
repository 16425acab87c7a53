"""Reasons that answer findings about the rest of a course: notes of the log that name what they are about."""

import re
from collections.abc import Sequence
from dataclasses import replace

from whenever import Instant

from dosing_app.core.findings import Finding, answered
from dosing_app.course.log import Happened, Note
from dosing_app.course.replan import Rest

_REASON = re.compile(r"reason ([a-z0-9-]+): (.*)", re.DOTALL)


def reason_note(code: str, text: str) -> str:
    """The text of a note that gives the reason for the findings of a code."""
    return f"reason {code}: {text}"


def read_note(text: str) -> tuple[str, str]:
    """The code that a note gives the reason for, and the reason; no code where it is any other note."""
    match = _REASON.fullmatch(text)
    return (match[1], match[2].strip()) if match else ("", text)


def with_reasons(rest: Rest, log: Sequence[Happened]) -> Rest:
    """The rest with its findings answered by the notes of its log.

    A reason answers what was so when it was written: after another stop, or another bag beyond its limit, it is asked
    for again.

    Args:
        rest: as it was laid out.
        log: that it was laid out from, in order.
    """
    found: dict[str, str] = {}
    for each in log:
        if isinstance(each.event, Note):
            code, reason = read_note(each.event.text)
            if code and reason and each.event.at >= _latest(code, rest):
                found[code] = reason
    return replace(rest, findings=tuple(answered(list(rest.findings), found))) if found else rest


def _latest(code: str, rest: Rest) -> Instant:
    """When what the findings of a code are about happened last."""
    moments = [_began(each, rest) for each in rest.findings if each.code == code]
    return max((each for each in moments if each is not None), default=Instant.from_timestamp(0))


def _began(finding: Finding, rest: Rest) -> Instant | None:
    if finding.values.get("begin"):
        return Instant.parse_iso(finding.values["begin"])
    if finding.code in {"past-limit", "other-dose"}:
        return max((rest.progress.hung[bag] for bag in finding.bags if bag in rest.progress.hung), default=None)
    return None
