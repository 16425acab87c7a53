"""The options of a course as JSON by the contract, and as plain text."""

from typing import Any

from dosing_app.core.findings import About
from dosing_app.core.quantities import Quantity, magnitude, plain
from dosing_app.course.layout import needs_reason
from dosing_app.course.options import Answer
from dosing_app.wording.language import _
from dosing_app.wording.plan_text import columns, finding_line, plan_json
from dosing_app.wording.sentences import sentence

SCHEMA = "dosing-app/options/1"


def options_json(answer: Answer) -> dict[str, Any]:
    """`dosing-app options --json` (cli.md), each option with what a spare bag in a session would cost."""
    return {
        "schema": SCHEMA,
        "order": answer.order.model_dump(mode="json", exclude_none=True),
        "findings": [{**each.model_dump(mode="json"), "message": sentence(each)} for each in answer.findings],
        "options": [_option_json(answer, index) for index in answer.listed],
        "label_way": {kind: {"vials": vials} for kind, vials in answer.label_way.items()},
    }


def _option_json(answer: Answer, index: int) -> dict[str, Any]:
    option, plan = answer.options[index], plan_json(answer.plan(index))
    return {
        "pattern": [str(piece) for piece in option.choice.pattern],
        "bags_of_sessions": list(option.choice.sessions or ()),
        **option.counts._asdict(),
        "preserved": option.preserved,
        "vials_floor": plan["totals"]["vials_floor"],
        "findings": [each for each in plan["findings"] if each["about"] == About.PLAN],
        "spares": [
            {
                "session": spare.session,
                "kind": spare.kind,
                "vials": spare.vials,
                "worst_gap_if_lost_h": _hours(spare.worst_gap) or None,
            }
            for spare in answer.spares(index)
        ],
        "plan": plan,
    }


def _hours(gap: Quantity | None) -> str:
    return "" if gap is None else plain(magnitude(gap, "h"))


def options_text(answer: Answer) -> str:
    """A table of the options, the label's own way, and the findings about the order."""
    parts = [_table(answer)] if answer.options else []
    if answer.options:
        way = ", ".join(
            _("{kind}: {vials} vials").format(kind=kind, vials=vials) for kind, vials in answer.label_way.items()
        )
        parts.append(_("Every bag made by itself: {way}.").format(way=way))
    parts += ["\n".join(finding_line(each) for each in answer.findings)]
    return "\n\n".join(part for part in parts if part)


def _table(answer: Answer) -> str:
    headers = ["", _("Vials"), _("Sessions"), _("Off-hours changes"), _("Changes"), _("Rate changes")]
    rows = [[*headers, _("Worst gap, h"), _("Pattern"), _("Sessions of"), ""]]
    for index in answer.listed:
        option, plan = answer.options[index], answer.plan(index)
        assert plan.totals is not None
        marks = [_("preserved")] if option.preserved else []
        marks += [_("needs a reason")] if needs_reason(plan) else []
        sessions = ",".join(str(count) for count in option.choice.sessions or ())
        figures = [*map(str, option.counts), _hours(plan.totals.worst_gap) or "–"]
        rows.append([str(index + 1), *figures, plan.pattern or "", sessions, ", ".join(marks)])
    return columns(rows)
