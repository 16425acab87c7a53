"""English that is left in a text of another language: its words, and whole sentences of the catalogue."""

import importlib.util
import re
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_spec = importlib.util.spec_from_file_location("strings_to_look_for", _ROOT / "packaging" / "strings.py")
assert _spec is not None
assert _spec.loader is not None
strings = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(strings)

# Words that are English and neither Dutch nor German; each language adds what only the other one of the two has.
_WORDS = (
    *("the", "and", "with", "from", "this", "that", "these", "which", "each", "only", "without", "then", "than", "it"),
    *("are", "has", "have", "been", "be", "should", "must", "not", "no", "yes", "by", "for", "to", "after", "before"),
    *("of the", "per day", "per hour", "micrograms", "hour", "hours", "day", "days", "weeks", "month"),
    *("months", "bag", "bags", "vial", "vials", "rate", "drug", "dose", "daily", "weight", "length", "given", "taken"),
    *("until", "above", "below", "within", "judgement", "label", "pharmacy", "prepared", "connected", "volume ledger"),
)
_ALSO = {"nl": ("is not", "vials", "start-by"), "de": ("per", "microgram", "is", "was not", "saline", "stabiliser")}
# What is the same in every language, and may stand in a text of it (docs/languages.md).
KEPT = (
    "van der Sluis 2023, NEJM 388:1572, PMID 37099340",
    "professional monograph",  # of the product, as it calls itself
    "WHO Child Growth Standards",
    "5.05 microgram/day",  # an example of what is typed
    "Schrijf als 2.5 mL/hour.",
)
_PLACEHOLDER = re.compile(r"\{\w*\}")
_LEAST = 12  # signs of a piece of a sentence that tell it from a name


def left(text: str, language: str) -> list[str]:
    """Every English word and sentence in a text, with what stands around it.

    Args:
        text: as it is read.
        language: in which it ought to be.
    """
    for each in KEPT:
        text = text.replace(each, "")
    text = " ".join(text.replace("&", "").split())
    words = re.compile(rf"(?<![\w-])(?:{'|'.join((*_WORDS, *_ALSO[language]))})(?![\w-])")
    found = [text[max(0, match.start() - 30) : match.end() + 30] for match in words.finditer(text)]
    return found + [piece for piece in pieces(language) if piece in text]


@cache
def pieces(language: str) -> tuple[str, ...]:
    """What English sentences have between their placeholders, where their translation has something else."""
    found = set()
    for message in strings.read(strings.LOCALE / language / "LC_MESSAGES" / "dosing_app.po", language):
        for source, said in zip(strings.texts(message.id), strings.texts(message.string), strict=True):
            for piece in _PLACEHOLDER.split(source.replace("&", "")):
                whole = " ".join(piece.split())
                if len(whole) >= _LEAST and " " in whole and whole not in said.replace("&", ""):
                    found.add(whole)
    return tuple(sorted(found))
