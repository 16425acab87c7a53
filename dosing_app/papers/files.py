"""The papers of a plan as files: composed and drawn first, then written whole or not at all."""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from dosing_app.course.plan import Plan
from dosing_app.papers.calendar import calendar
from dosing_app.papers.fhir import bundle_of
from dosing_app.papers.pdf import draw
from dosing_app.papers.recall import recall
from dosing_app.papers.sheaf import papers_with
from dosing_app.papers.standing import Standing
from dosing_app.papers.table import tables_of
from dosing_app.reference.bundle import Reference
from dosing_app.wording.plan_text import plan_json


def papers_of(plan: Plan, standing: Standing, reference: Reference) -> dict[str, bytes]:
    """Every paper of a plan by the name of its file; the same bytes for the same plan and standing.

    Raises:
        NotPrintable: the plan has no papers, or none of this standing.
        NotDrawn: a text cannot be printed.
    """
    drawn = {
        f"{paper.key}.pdf": draw(paper.compose(standing.print_number))
        for paper in papers_with(plan, lambda _print: standing, reference)
    }
    if standing.superseded:
        drawn["recall.pdf"] = draw(recall(plan, standing, reference))
    return drawn | data_files(plan, standing, reference)


def data_files(plan: Plan, standing: Standing, reference: Reference, *, newest: bool = True) -> dict[str, bytes]:
    """The plan itself beside its papers, its tables, and, if it is issued, its calendar and its order as FHIR.

    Args:
        plan: with bags.
        standing: how far it has come.
        reference: with the product data of the plan.
        newest: whether no later revision is there: only the newest has tables, calendar and order.
    """
    files = {"plan.json": (json.dumps(plan_json(plan), ensure_ascii=False, indent=1) + "\n").encode()}
    if newest:
        files |= tables_of(plan, standing)
    if newest and plan.issue is not None:
        files["changes.ics"] = calendar(plan, standing, reference)
        files["plan.fhir.json"] = bundle_of(plan, (), reference)
    return files


def write(papers: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Write papers into a folder, which is made where it is not there. Returns where they are.

    All are written and synced beside their places before the first takes its place, so a disk that is full leaves
    the folder as it was.

    Raises:
        OSError: with the name of the file; no file is half.
    """
    folder.mkdir(parents=True, exist_ok=True)
    waiting: dict[Path, Path] = {}
    try:
        for name, data in papers.items():
            path = folder / name
            try:
                _write_beside(path, data, waiting)
            except OSError as error:
                raise _named(error, path) from error
        for path, written in list(waiting.items()):
            try:
                written.replace(path)
            except OSError as error:
                raise _named(error, path) from error
            del waiting[path]
    finally:
        for written in waiting.values():
            written.unlink(missing_ok=True)
    if os.name == "posix":  # the renames themselves must survive a power cut
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    return [folder / name for name in papers]


def _write_beside(path: Path, data: bytes, waiting: dict[Path, Path]) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    waiting[path] = Path(name)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _named(error: OSError, path: Path) -> OSError:
    """The same error with the name of the paper, not of what was written beside it."""
    return OSError(error.errno, error.strerror, str(path))
