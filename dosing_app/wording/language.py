"""The language of everything that people read. Light to import: the window needs it first."""

import gettext
import os
import sys
from collections.abc import Mapping

from dosing_app.reference.folder import resources_folder

# Every language of the program, by its code, as its speakers call it.
LANGUAGES = {"en": "English", "nl": "Nederlands", "de": "Deutsch"}
_DOMAIN = "dosing_app"
DATA = "data"  # in what context the texts of the data files stand in the catalogues
_SOURCE = "en"  # the language of the code: it needs no catalogue
_AT_START = dict(os.environ)  # as the computer set them: `speak` sets one
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
# as Windows names what has no code
_BY_NAME = {"english": "en", "dutch": "nl", "german": "de"}


def of_system(variables: Mapping[str, str] = _AT_START, platform: str = sys.platform) -> str:
    """The language that the computer asks for; English where it asks for none of the program's.

    The first variable that is set decides, as in other programs: LANGUAGE, which may be a list, LC_ALL, LC_MESSAGES,
    LANG. Windows and macOS set none for a program started from their desktop: there the locale is asked.
    """
    wanted = next((variables[name] for name in _VARIABLES if variables.get(name)), "")
    if not wanted and platform in {"win32", "darwin"}:
        import locale

        wanted = locale.getlocale()[0] or ""
    for each in wanted.split(":"):
        name = each.replace("-", "_").partition("_")[0].partition(".")[0].lower()
        code = _BY_NAME.get(name, name)
        if code in LANGUAGES:
            return code
    return _SOURCE


class _Spoken:
    """The one language that is spoken at the moment."""

    code = _SOURCE
    catalogue = gettext.NullTranslations()


def speak(code: str) -> None:
    """Use a language from now on: sentences that were made before stay as they are.

    Args:
        code: one of `LANGUAGES`.
    """
    if code == _Spoken.code:
        return
    folder = resources_folder() / "locale"
    _Spoken.code = code
    _Spoken.catalogue = gettext.NullTranslations()
    if code != _SOURCE:
        _Spoken.catalogue = gettext.translation(_DOMAIN, folder, [code], fallback=True)
    # the parser of the command line has no catalogue of its own: it asks this domain, in the language of the variable
    os.environ["LANGUAGE"] = code
    gettext.bindtextdomain(_DOMAIN, str(folder))
    gettext.textdomain(_DOMAIN)


def spoken() -> str:
    """The code of the language that is used."""
    return _Spoken.code


def _(text: str) -> str:
    """A sentence in the language of the person."""
    return _Spoken.catalogue.gettext(text)


def data_words(text: str) -> str:
    """A text of the shipped data files in the language of the person; what a site wrote stays as it is."""
    return _Spoken.catalogue.pgettext(DATA, text)


def n_(one: str, many: str, number: int) -> str:
    """A sentence in the form that a number asks for."""
    return _Spoken.catalogue.ngettext(one, many, number)


speak(of_system())
