"""What the loaders say of a file in a few English words, as people read it: what a key accepts, why one is not read."""

import re
from collections.abc import Callable

from dosing_app.wording.language import _


def accepted_words(text: str) -> str:
    """Words of a loader in the language of the person; a list of codes, or another text, as it is."""
    for pattern, words in _WITH_FIGURES:
        if match := re.fullmatch(pattern, text):
            return words().format(**{name: found or "" for name, found in match.groupdict().items()})
    return {
        "hours as 08:00-17:30": _("hours as 08:00-17:30"),
        "opening before closing": _("opening before closing"),
        "a zone such as Europe/Amsterdam": _("a zone such as Europe/Amsterdam"),
        'a list of days such as ["2026-12-24"]': _('a list of days such as ["2026-12-24"]'),
        "days as 2026-12-24": _("days as 2026-12-24"),
        "a country code such as NL": _("a country code such as NL"),
        "postgresql://user@server/database, without a password": _(
            "postgresql://user@server/database, without a password"
        ),
        'a price such as "2017 GBP"': _('a price such as "2017 GBP"'),
        '[preparation_hours] with mon = "08:00-17:30" and so on': _(
            '[preparation_hours] with mon = "08:00-17:30" and so on'
        ),
        '[syringes] with "1" = "0.01" and so on': _('[syringes] with "1" = "0.01" and so on'),
        "[thresholds] with numbers": _("[thresholds] with numbers"),
        "a number": _("a number"),
        "a text": _("a text"),
        "a text that says something": _("a text that says something"),
        "true or false": _("true or false"),
        "a whole number": _("a whole number"),
        "a list": _("a list"),
        "a list of entries": _("a list of entries"),
        "a table": _("a table"),
        "a table of texts": _("a table of texts"),
        "at least one": _("at least one"),
        "above 0": _("above 0"),
        "whole hours": _("whole hours"),
        "a day as 2026-11-23": _("a day as 2026-11-23"),
        'the names of two people, as ["A. Name", "B. Name"]': _('the names of two people, as ["A. Name", "B. Name"]'),
        'a list of lines such as ["Ward 1", "Ward 2"]': _('a list of lines such as ["Ward 1", "Ward 2"]'),
        "the checksum of a product file, 64 signs 0 to 9 and a to f": _(
            "the checksum of a product file, 64 signs 0 to 9 and a to f"
        ),
        "a checksum (SHA-256), two blanks and the name of a file": _(
            "a checksum (SHA-256), two blanks and the name of a file"
        ),
        "an entry is a table": _("an entry is a table"),
        "at: the year": _("at: the year"),
        "at: whole minutes": _("at: whole minutes"),
        "session or bag": _("session or bag"),
        "from and to": _("from and to"),
    }.get(text, text)


_WITH_FIGURES: tuple[tuple[str, Callable[[], str]], ...] = (
    (
        r"one line of at most (?P<most>[0-9]+) characters that can be printed",
        lambda: _("one line of at most {most} characters that can be printed"),
    ),
    (
        r"a text with its unit, (?P<lowest>\S+) to (?P<highest>\S+) (?P<unit>\S+)",
        lambda: _("a text with its unit, {lowest} to {highest} {unit}"),
    ),
    (r"(?P<lowest>[0-9.]+) to (?P<highest>\S+) (?P<unit>\S+)", lambda: _("{lowest} to {highest} {unit}")),
    (r"(?P<lowest>[0-9.]+) to (?P<highest>\S+)", lambda: _("{lowest} to {highest}")),
    (r"less than (?P<bound>\S+)", lambda: _("less than {bound}")),
    (r"(?P<name>[0-9]+h), its duration", lambda: _("{name}, its duration")),
    (r"more than (?P<most>[0-9]+) entries", lambda: _("more than {most} entries")),
)
