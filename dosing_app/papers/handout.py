"""A handout: one derivation in steps, TRAINING on every page. It takes steps, which hold no order and no plan."""

from collections.abc import Sequence
from typing import Any

from whenever import Instant

from dosing_app import __version__
from dosing_app.papers.class_set import step_content, training_word
from dosing_app.papers.pdf import Document
from dosing_app.teaching.derivation import PLACES, Step, place_name
from dosing_app.wording.language import _, n_

_MADE = Instant.from_utc(2027, 1, 1)  # the date in the file: the same steps give the same bytes


def handout(steps: Sequence[Step], given: Sequence[tuple[str, str]], asked: Sequence[str] = ()) -> Document:
    """The paper of a derivation.

    Args:
        steps: in their order, at least one.
        given: names and texts of what the steps begin with.
        asked: what in care would need a written reason.

    Raises:
        ValueError: there are no steps.
    """
    if not steps:
        raise ValueError("a handout has at least one step")
    title = _("From the infant to the pump")
    content: dict[str, Any] = {
        "training": training_word(),
        "training_more": _("For training alone. Not an order, not a plan, nothing to be prepared or given."),
        "heading": title,
        "summary": n_("{number} step", "{number} steps", len(steps)).format(number=len(steps)),
        "how": [_("Units that cancel are struck. Grades: A regulator or primary paper … J judgement, no source.")],
        "given": [list(pair) for pair in given],
        "steps": [step_content(step) for step in steps],
        "asked": [_("In care this would need a written reason: {what}").format(what=each) for each in asked],
        "places": [[place, place_name(place)] for place in PLACES],
        "words": {"source": _("Source")},
        "foot": {
            "made": _("Program {program}. Worked by the same engine as a plan.").format(program=__version__),
            "page": _("Page {number} of {total}"),
        },
    }
    return Document("handout", f"{training_word()}: {title}", _MADE, content)
