"""Calls of the program that are made in every language."""

from dosing_app.cli import main
from dosing_app.wording.language import LANGUAGES

FOREIGN = sorted(set(LANGUAGES) - {"en"})
ORDER = {
    "weight": "6.42 kg",
    "length": "63.5 cm",
    "born": "2026-06-20",
    "gestation": "term",
    "measured": "2026-11-22",
    "start": "2026-11-23T14:00",
    "zone": "Europe/Amsterdam",
    "pattern": "72h,96h",
}


def run(capsys, *call: str) -> str:
    """What a call prints."""
    main(call)
    return capsys.readouterr().out


def options(**changes: str) -> list[str]:
    """The order, or one like it, as options of a call."""
    return [f"--{name}={text}" for name, text in (ORDER | changes).items()]
