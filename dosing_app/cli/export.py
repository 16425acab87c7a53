"""`dosing-app export`: the papers of a plan as files; drafts of an order, final ones of an issued plan."""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from dosing_app.cli import OK, REFUSED, UNREADABLE
from dosing_app.core.findings import Finding, answered
from dosing_app.course.document import plan_of
from dosing_app.course.issue import NotIssued, differs, reference_of
from dosing_app.course.order import Reading
from dosing_app.course.plan import Plan
from dosing_app.papers.files import data_files, papers_of, write
from dosing_app.papers.pdf import NotDrawn, draw
from dosing_app.papers.sheaf import final_sheaf
from dosing_app.papers.standing import Standing, draft_standing, lack_words, standing_of
from dosing_app.reference.bundle import Reference, load_house
from dosing_app.reference.source import BadFile
from dosing_app.store.issued import EVERY_PAPER, count_print, history, open_issued
from dosing_app.wording.language import _
from dosing_app.wording.plan_text import finding_line, plan_text
from dosing_app.wording.sentences import bad_file_sentence


def export_order(reading: Reading, folder: Path, *, as_json: bool) -> int:
    """Drafts of an order's plan; nothing where the plan is refused or wants a reason."""
    plan = plan_of(reading)
    if not plan.complete or reading.reference is None:
        print(plan_text(plan), file=sys.stderr)
        if plan.bags:
            print(_("Papers are withheld until the reason is given (--reason CODE=TEXT)."), file=sys.stderr)
        return UNREADABLE if any(each.code == "unreadable" for each in plan.findings) else REFUSED
    reference, standing = reading.reference, draft_standing(plan, None, reading.reference)
    return _written(lambda: papers_of(plan, standing, reference), standing, folder, as_json=as_json)


def drafts_of(plan: Plan, reference: Reference) -> dict[str, bytes]:
    """Drafts of every paper, by the name of the file."""
    return papers_of(plan, draft_standing(plan, None, reference), reference)


class _Unreadable(Exception):
    """A file of the call that cannot be used, as a sentence."""


def _opened(path: Path, site: Path | None) -> tuple[Plan, Reference]:
    """An issued plan with what it was calculated with."""
    try:
        plan = open_issued(path)
        return plan, reference_of(plan, load_house(site))
    except BadFile as error:
        raise _Unreadable(bad_file_sentence(error)) from error
    except NotIssued as error:
        raise _Unreadable(_not_issued(path, error.reason)) from error


def export_issued(path: Path, site: Path | None, reasons: Mapping[str, str], folder: Path, *, as_json: bool) -> int:
    """The final papers of an issued plan, as it was issued; what today's data would change is said before."""
    try:
        plan, reference = _opened(path, site)
    except _Unreadable as error:
        return _refused(str(error), UNREADABLE)
    changed = answered([each for each in [differs(plan, reference)] if each is not None], dict(reasons))
    if any(each.holds_back for each in changed):
        return _refused("\n".join(finding_line(each) for each in changed), REFUSED)
    assert plan.order is not None
    folder_of_plan = path.resolve().parent
    later = history(plan.order.case, folder_of_plan).later(plan)
    sheaf = final_sheaf(plan, later, reference)
    for each in sheaf.refused:
        print(each, file=sys.stderr)
    if not sheaf.papers:
        return REFUSED
    try:
        number = count_print(plan, EVERY_PAPER, folder_of_plan)
    except OSError as error:
        return _refused(
            _("The print cannot be counted beside {file}: {why}.").format(file=path, why=error.strerror), UNREADABLE
        )
    standing = standing_of(plan, number)
    return _written(
        lambda: (
            {f"{paper.key}.pdf": draw(paper.compose(number)) for paper in sheaf.papers}
            | data_files(plan, standing, reference, newest=not later)
        ),
        standing,
        folder,
        changed,
        as_json=as_json,
    )


def _written(
    papers: Callable[[], dict[str, bytes]],
    standing: Standing,
    folder: Path,
    changed: list[Finding] | None = None,
    *,
    as_json: bool,
) -> int:
    try:
        files = write(papers(), folder)
    except NotDrawn as error:
        return _refused(error.sentence, REFUSED)
    except OSError as error:
        return _refused(
            _("{file}: {why}. No paper was written.").format(file=error.filename or folder, why=error.strerror),
            UNREADABLE,
        )
    if as_json:
        content = {
            "schema": "dosing-app/export/1",
            "draft": standing.draft,
            "revision": standing.revision,
            "missing": list(standing.missing),
            "files": [str(file) for file in files],
        }
        print(json.dumps(content, ensure_ascii=False, indent=1))
        return OK
    for each in changed or []:
        print(finding_line(each))
    state = _("Drafts") if standing.draft else _("Revision {number}").format(number=standing.revision)
    print(
        _("{state} in {folder}: {files}").format(
            state=state, folder=folder, files=", ".join(file.name for file in files)
        )
    )
    if standing.missing:
        print(_("Not final: {lacks}.").format(lacks="; ".join(lack_words(each) for each in standing.missing)))
    return OK


def _not_issued(path: Path, reason: str) -> str:
    return {
        "changed": _("{file} was changed after it was issued, so it is no issued plan any more. Issue it again."),
        "no-issue": _("{file} holds a plan that was never issued. Export the order itself for drafts."),
    }.get(reason, _("{file} holds no plan.")).format(file=path)


def _refused(sentence: str, status: int) -> int:
    print(sentence, file=sys.stderr)
    return status
