"""What the window offers to each role (domain.md section 10). A role is chosen, not proved."""

from dataclasses import dataclass

from dosing_app.ui.recovery import settings
from dosing_app.wording.language import _

STANDARD = "pharmacist"


@dataclass(frozen=True, slots=True)
class Role:
    """What a role may do.

    Attributes:
        name: under which it is remembered.
        workspaces: those that are offered.
        enters: orders, reasons, plans, settings and product data.
        checks: may make the blind second check.
        issues: issues revisions and prints final papers.
        papers: looks at papers.
        register: sees issued plans of real infants.
    """

    name: str
    workspaces: tuple[str, ...] = ()
    enters: bool = False
    checks: bool = False
    issues: bool = False
    papers: bool = False
    register: bool = False


_ALL = ("order", "prepare", "administer", "teach")
_ROLES = (
    Role(STANDARD, _ALL, enters=True, checks=True, issues=True, papers=True, register=True),
    Role("second-checker", checks=True),  # sees nothing of the first entry
    Role("technician", ("prepare", "administer"), papers=True, register=True),
    Role("nurse", ("administer",), register=True),  # labels and schedule are seen there, and never printed
    Role("trainer", ("teach",)),  # has no register, and no order of a real infant
)
ROLES = {role.name: role for role in _ROLES}


def role_words(name: str) -> str:
    """A role in the menu, with its key."""
    return {
        "pharmacist": _("&Pharmacist"),
        "second-checker": _("&Second checker"),
        "technician": _("&Technician"),
        "nurse": _("&Nurse"),
        "trainer": _("T&rainer"),
    }[name]


def plain_words() -> str:
    """What a role is worth: said in the menu where it is chosen."""
    return _("Typed names and roles prove nothing.")


def remembered() -> Role:
    """The role that was last chosen here."""
    return ROLES.get(str(settings().value("role", STANDARD)), ROLES[STANDARD])


def remember(name: str) -> Role:
    """Choose a role."""
    settings().setValue("role", name)
    return ROLES[name]
