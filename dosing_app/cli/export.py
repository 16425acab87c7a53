"""`dosing-app export`: the papers of a plan as files; drafts of an order, final ones of an issued plan."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from dosing_app.cli import OK, REFUSED, UNREADABLE
from dosing_app.core.findings import Finding, answered
from dosing_app.course.document import plan_of
from dosing_app.course.issue import NotIssued, differs, lacks
from dosing_app.course.order import Reading
from dosing_app.course.plan import Plan
from dosing_app.papers.files import papers_of, write
from dosing_app.papers.pdf import NotDrawn
from dosing_app.papers.standing import NotPrintable, Standing, SupersededBag, lack_words
from dosing_app.reference.bundle import Reference, load_house, load_reference
from dosing_app.reference.source import BadFile
from dosing_app.store.issued import EVERY_PAPER, count_print, open_issued
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
    return _written(plan, draft_standing(plan, reading.reference), reading.reference, folder, as_json=as_json)


def draft_standing(plan: Plan, reference: Reference) -> Standing:
    """How far a plan has come that nobody has checked yet."""
    return Standing(missing=(*lacks(plan, None, reference), "not-issued"))


def drafts_of(plan: Plan, reference: Reference) -> dict[str, bytes]:
    """Drafts of every paper, by the name of the file."""
    return papers_of(plan, draft_standing(plan, reference), reference)


def export_issued(path: Path, site: Path | None, reasons: Mapping[str, str], folder: Path, *, as_json: bool) -> int:
    """The final papers of an issued plan, as it was issued; what today's data would change is said before."""
    try:
        plan = open_issued(path)
        assert plan.order is not None
        reference = load_reference(load_house(site), plan.order.product, plan.order.protocol)
    except BadFile as error:
        return _refused(bad_file_sentence(error), UNREADABLE)
    except NotIssued as error:
        return _refused(_not_issued(path, error.reason), UNREADABLE)
    except OSError as error:
        return _refused(f"{path}: {error.strerror}", UNREADABLE)
    changed = answered([each for each in [differs(plan, reference)] if each is not None], dict(reasons))
    if any(each.holds_back for each in changed):
        return _refused("\n".join(finding_line(each) for each in changed), REFUSED)
    try:
        number = count_print(plan, EVERY_PAPER, path.resolve().parent)
    except OSError as error:
        return _refused(
            _("The print cannot be counted beside {file}: {why}.").format(file=path, why=error.strerror), UNREADABLE
        )
    return _written(plan, standing_of(plan, number), reference, folder, changed, as_json=as_json)


def standing_of(plan: Plan, print_number: int) -> Standing:
    """How far an issued plan has come."""
    made = plan.issue
    assert made is not None
    return Standing(
        revision=made.revision,
        print_number=print_number,
        entered_by=made.entered_by,
        checked_by=made.checked_by,
        issued_by=made.issued_by,
        checked_at=made.checked_at,
        issued_at=made.issued_at,
        approved_by=made.approved_by,
        superseded=tuple(SupersededBag(each.revision, each.number, each.start) for each in made.superseded),
    )


def _written(
    plan: Plan,
    standing: Standing,
    reference: Reference,
    folder: Path,
    changed: list[Finding] | None = None,
    *,
    as_json: bool,
) -> int:
    try:
        files = write(papers_of(plan, standing, reference), folder)
    except NotPrintable as error:
        return _refused(_("No papers: {why}.").format(why=error), REFUSED)
    except NotDrawn as error:
        return _refused(error.sentence, REFUSED)
    except OSError as error:
        return _refused(
            _("{file}: {why}. No paper was written.").format(file=error.filename, why=error.strerror), UNREADABLE
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
