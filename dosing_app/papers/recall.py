"""The bags of superseded revisions: to be found and destroyed, each with who did it."""

from dosing_app.course.plan import Plan
from dosing_app.papers.pdf import Document
from dosing_app.papers.sheet import foot, heading, made_at
from dosing_app.papers.standing import NotPrintable, Standing, SupersededBag, check_printable
from dosing_app.reference.bundle import Reference
from dosing_app.wording import figures
from dosing_app.wording.language import _


def recall(plan: Plan, standing: Standing, reference: Reference) -> Document:
    """The list of the bags to be recalled.

    Raises:
        NotPrintable: nothing is superseded; or see `check_printable`.
    """
    check_printable(plan, standing, reference)
    if not standing.superseded:
        raise NotPrintable("no bag is superseded")
    assert plan.order is not None
    zone = plan.order.zone
    title = _("Recall of superseded bags")
    content = {
        "head": heading(title, plan, standing, reference),
        "words": _("Find each bag, wherever it is kept. Do not connect it. Destroy it, and sign."),
        "columns": [
            _("Revision"),
            _("Bag"),
            _("Was to be connected"),
            _("Found at"),
            _("Destroyed by, at"),
            _("Witness"),
        ],
        "rows": [_row(bag, zone) for bag in standing.superseded],
        "foot": foot(plan, standing),
    }
    return Document("recall", title, made_at(plan, standing), content)


def _row(bag: SupersededBag, zone: str) -> list[str]:
    return [str(bag.revision), str(bag.number), figures.when_with_offset(bag.start.to_tz(zone).format_iso())]
