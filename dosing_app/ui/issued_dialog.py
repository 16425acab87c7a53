"""An issued plan, read only: its revision and people, what supersedes it, and what today's program makes of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from dosing_app.course.issue import differs, reference_of
from dosing_app.papers.sheaf import Sheaf, final_sheaf, nothing
from dosing_app.papers.standing import people_words, standing_of
from dosing_app.reference.bundle import House
from dosing_app.reference.source import BadFile
from dosing_app.store import issued
from dosing_app.ui import theme
from dosing_app.ui.buttons import Button
from dosing_app.ui.figure_table import FigureTable
from dosing_app.ui.marks import Mark
from dosing_app.wording import figures
from dosing_app.wording.language import _
from dosing_app.wording.sentences import bad_file_sentence, sentence

if TYPE_CHECKING:
    from pathlib import Path

    from dosing_app.course.plan import Plan

_WIDTH, _HEIGHT = 1000, 620


class IssuedDialog(QDialog):
    """Shows one issued plan. Not modal; its papers are opened by who hears `papers_asked`."""

    papers_asked = Signal()
    register_asked = Signal()  # the plan is to be put on the register

    def __init__(self, plan: Plan, house: House, folder: Path, window: QWidget, *, may_put: bool = False) -> None:
        """A plan as it was issued.

        Args:
            plan: the issued plan.
            house: the settings of today.
            folder: in which this computer keeps issued plans.
            window: over which it stands.
            may_put: whether the role puts plans on the register.
        """
        super().__init__(window)
        self.plan = plan
        self._may_put = may_put
        self._house = house
        self._folder = folder
        self.asked = ""  # key of the paper that was asked for
        assert plan.issue is not None
        assert plan.order is not None
        title = _("Revision {number} of case {case}").format(number=plan.issue.revision, case=plan.order.case)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12))
        outer.setSpacing(theme.px(8))
        head = QLabel(title)
        head.setFont(theme.font(theme.HEADING, bold=True))
        outer.addWidget(head)
        facts = QLabel("     ".join([*figures.case_strip(plan), figures.dose(plan)]))
        facts.setFont(theme.font(theme.FIELD, bold=True))
        facts.setWordWrap(True)
        outer.addWidget(facts)
        people = QLabel("\n".join(people_words(standing_of(plan, 1), house.site.zone)))
        people.setWordWrap(True)
        theme.tone(people, "quiet")
        outer.addWidget(people)
        self.says: list[str] = []
        for words in self._warnings():
            outer.addLayout(self._warning(words))
        self.bags = FigureTable(_("Bags"), choosable=True)
        self.bags.show_table(figures.bag_table(plan), _("At connection"))
        outer.addWidget(self.bags, 1)
        outer.addLayout(self._foot())
        self.resize(theme.px(_WIDTH), theme.px(_HEIGHT))

    def _warning(self, words: str) -> QHBoxLayout:
        self.says.append(words)
        line = QHBoxLayout()
        line.setSpacing(theme.px(6))
        label = QLabel(words)
        label.setWordWrap(True)
        theme.tone(label, "justify")
        line.addWidget(Mark("justify"), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(label, 1)
        return line

    def _warnings(self) -> list[str]:
        """What a person must know before using it."""
        found = list(self.sheaf().refused)
        assert self.plan.order is not None
        history = issued.history(self.plan.order.case, self._folder)
        if not any(_digest(each.plan) == _digest(self.plan) for each in history.revisions):
            found.append(
                _("This computer does not keep this plan: whether a later revision supersedes it is not known here.")
            )
        found += [
            _("{file} should hold a revision of this case and cannot be read.").format(file=path)
            for path in history.unreadable
        ]
        try:
            reference = reference_of(self.plan, self._house)
        except BadFile as error:
            return [*found, bad_file_sentence(error)]
        if finding := differs(self.plan, reference):
            found.append(sentence(finding))
        return found

    def sheaf(self) -> Sheaf:
        """Its papers as they may be printed now."""
        assert self.plan.order is not None
        try:
            reference = reference_of(self.plan, self._house)
        except BadFile as error:
            return nothing(bad_file_sentence(error))
        history = issued.history(self.plan.order.case, self._folder)
        number = self.plan.issue.revision if self.plan.issue else 0
        if any(each.number == number and _digest(each.plan) != _digest(self.plan) for each in history.revisions):
            return nothing(
                _(
                    "This computer keeps another plan as revision {number} of this case: papers are made of that one."
                ).format(number=number)
            )
        return final_sheaf(self.plan, history.later(self.plan), reference)

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(theme.px(8))
        foot.addStretch(1)
        sheaf = self.sheaf()
        self.buttons = {}
        for key, text in (
            ("worksheet", _("&Worksheet …")),
            ("labels", _("&Labels …")),
            ("vial-order", _("&Vial order …")),
            ("recall", _("&Recall …")),
        ):
            if sheaf.paper(key) is not None:
                self.buttons[key] = Button(text, partial(self._ask, key))
                foot.addWidget(self.buttons[key])
        if self._may_put:
            self.buttons["register"] = Button(_("&Put on the register …"), self.register_asked.emit)
            foot.addWidget(self.buttons["register"])
        foot.addWidget(Button(_("&Close"), self.close))
        return foot

    def _ask(self, key: str) -> None:
        self.asked = key
        self.papers_asked.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Not larger than the screen."""
        super().showEvent(event)
        self.resize(self.size().boundedTo(self.screen().availableSize()))


def _digest(plan: Plan) -> str:
    return plan.issue.digest if plan.issue else ""
