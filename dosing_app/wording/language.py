"""The language of everything that people read. Light to import: the window needs it first."""

import gettext

from dosing_app.reference.folder import resources_folder

_catalogue = gettext.translation("dosing_app", resources_folder() / "locale", fallback=True)


def _(text: str) -> str:
    """A sentence in the language of the person."""
    return _catalogue.gettext(text)


def n_(one: str, many: str, number: int) -> str:
    """A sentence in the form that a number asks for."""
    return _catalogue.ngettext(one, many, number)
