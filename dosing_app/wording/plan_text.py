"""A whole plan as plain text, and as JSON with its sentences."""

from collections.abc import Sequence
from typing import Any

from dosing_app.core.findings import Finding
from dosing_app.course.plan import Plan
from dosing_app.wording import figures
from dosing_app.wording.language import _
from dosing_app.wording.sentences import sentence, tier_name


def plan_json(plan: Plan) -> dict[str, Any]:
    """The plan by the contract, each finding with its sentence."""
    content = plan.as_json()
    for entry, found in zip(content["findings"], plan.findings, strict=True):
        entry["message"] = sentence(found)
    return content


def confirmed_line(plan: Plan, longest: int | None = None) -> str:
    """What every paper says about a measurement that is beyond the WHO limits and was confirmed; empty without one.

    Args:
        plan: with its findings.
        longest: signs of the reason that there is room for; of a longer one the end is said, where the names stand.
    """
    for found in plan.findings:
        if found.code == "who-limits" and found.reason:
            reason = found.reason
            if longest is not None and len(reason) > longest:
                reason = f"… {reason[-longest:].partition(' ')[2]}"
            return _("MEASUREMENT OUTSIDE WHO LIMITS: {reason}").format(reason=reason)
    return ""


def plan_text(plan: Plan) -> str:
    """The plan as a page of text: dose, working, bags, sessions, findings. Only findings where there is no result."""
    parts = [_results(plan)] if plan.bags else [figures.waiting(plan)]
    if plan.findings:
        parts.append("\n".join(finding_line(found) for found in plan.findings))
    if plan.bags:
        parts.append(
            _(
                "For planning and as an arithmetic check beside the approved product information. "
                "Not a registered medical device: the pharmacist's own calculation stays primary."
            )
        )
    return "\n\n".join(parts)


def _results(plan: Plan) -> str:
    lines = ["   ".join(figures.case_strip(plan)), "", figures.dose(plan)]
    if confirmed := confirmed_line(plan):
        lines[1:1] = [confirmed]
    lines += [f"  {line.name}: {line.equation} = {line.result}" for line in figures.working(plan)]
    lines += ["", *figures.growth_lines(plan)]
    lines += ["", _table(figures.bag_table(plan))]
    lines += ["", _table(figures.session_table(plan))]
    lines += ["", "   ".join(f"{name} {value}" for name, value in figures.totals(plan))]
    if not plan.complete:
        lines += ["", _("NOT COMPLETE: a reason is missing.")]
    else:
        lines += ["", _("Check code {code}").format(code=figures.spelled_code(plan))]
    return "\n".join(lines)


def _table(table: figures.Table) -> str:
    return columns([table.headers, *table.rows])


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows of texts in columns of equal width."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def finding_line(found: Finding) -> str:
    """A finding with tier and code, and the reason given."""
    line = f"{tier_name(found.tier)} ({found.code}): {sentence(found)}"
    return f"{line} {_('Reason: {reason}').format(reason=found.reason)}" if found.reason else line
