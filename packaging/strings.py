"""Collect the sentences that people read into resources/locale and compile the catalogues (docs/languages.md).

`--check` changes nothing and fails if the collected sentences are not those of the code, or if a catalogue is not
complete: a sentence without a translation, another placeholder, a lost or repeated key of a menu, an old compilation.
"""

import ast
import io
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from dosing_app.wording.language import DATA

ROOT = Path(__file__).resolve().parents[1]
RESOURCES = ROOT / "resources"
LOCALE = RESOURCES / "locale"
TEMPLATE = LOCALE / "dosing_app.pot"
KEYWORDS = {"_": 1, "n_": 2}  # how many forms of a sentence each takes
# Which texts of the data files people read, by table and key; None is every key. Figures and names of files are none.
DATA_TEXTS = (
    *(("", key) for key in ("title", "source")),
    ("sources", None),
    ("saline", "name"),
    ("kind", "why_unavailable"),
    ("filter_pore", "value"),
)
_PLACEHOLDER = re.compile(r"\{\w*\}|%(?:\(\w+\))?[rs]")
_KEY = re.compile(r"&(?! )")  # before a letter that is underlined in a menu or on a button
_ENDS = re.compile(r"^ |[.:?!…]?\s*\Z")


def collect() -> Catalog:
    """Every literal sentence below dosing_app, and the texts of the data files in a context of their own.

    Places are left out, so that moving code changes nothing.
    """
    catalogue = Catalog(project="Blinatumomab Infusion Planner", charset="utf-8")
    for path in sorted((ROOT / "dosing_app").rglob("*.py")):
        for message in literals(ast.parse(path.read_bytes())):
            catalogue.add(message)
    for path in sorted(RESOURCES.rglob("*.toml")):
        with path.open("rb") as file:
            for text in data_texts("", tomllib.load(file)):
                catalogue.add(text, context=DATA)
    return catalogue


def literals(tree: ast.AST) -> Iterator[str | tuple[str, ...]]:
    """What is given to the functions of gettext; babel's own reader passes over calls inside an f-string."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
            given = tuple(each.value for each in node.args[: KEYWORDS[node.func.id]] if isinstance(each, ast.Constant))
            if len(given) != KEYWORDS[node.func.id]:
                msg = f"line {node.lineno}: a sentence that is not written out cannot be collected"
                raise ValueError(msg)
            yield given if len(given) > 1 else given[0]


def data_texts(table: str, given: dict[str, Any]) -> Iterator[str]:
    """The texts of a data file that people read."""
    for key, value in given.items():
        if isinstance(value, dict):
            yield from data_texts(key, value)
        elif isinstance(value, list):
            for each in value:
                if isinstance(each, dict):
                    yield from data_texts(key, each)
        elif isinstance(value, str) and ((table, key) in DATA_TEXTS or (table, None) in DATA_TEXTS):
            yield value


def sentences(catalogue: Catalog) -> set[tuple[str, Any]]:
    """The sentences alone, each with its context, without dates and header."""
    return {(message.context or "", message.id) for message in catalogue if message.id}


def catalogues() -> list[Path]:
    """The translations that there are."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/dosing_app.po"))


def language(path: Path) -> str:
    """Of a catalogue."""
    return path.parents[1].name


def read(path: Path, locale: str | None = None) -> Catalog:
    """A catalogue as it was written."""
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def texts(given: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """One sentence, or its forms by number."""
    return (given,) if isinstance(given, str) else tuple(given)


def faults(message: Message) -> Iterator[str]:
    """What is wrong with one translation, in words."""
    wanted, found = texts(message.id), texts(message.string)
    if message.fuzzy:
        yield "is marked as not certain"
    if len(found) != len(wanted) or not all(found):
        yield "has no translation"
        return
    for source, text in zip(wanted, found, strict=True):
        if sorted(set(_PLACEHOLDER.findall(text))) != sorted(set(_PLACEHOLDER.findall(source))):
            yield f"has other placeholders in “{text}”"
        if len(_KEY.findall(text)) != len(_KEY.findall(source)):
            yield f"has another number of & in “{text}”"
        if _ENDS.findall(text) != _ENDS.findall(source):
            yield f"begins or ends otherwise in “{text}”"
        if "  " in text and "  " not in source:
            yield f"has two blanks in “{text}”"


def compiled(catalogue: Catalog) -> bytes:
    """The form that the program reads; the same bytes for the same catalogue."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def check(path: Path, wanted: set[tuple[str, Any]]) -> list[str]:
    """What is wrong with one catalogue."""
    catalogue = read(path, language(path))
    name = path.relative_to(ROOT)
    found = [f"{name}: “{texts(each)[0]}” is missing" for _context, each in wanted - sentences(catalogue)]
    found += [f"{name}: “{texts(each)[0]}” is not in the code" for _context, each in sentences(catalogue) - wanted]
    found += [
        f"{name}: “{texts(message.id)[0]}” {fault}" for message in catalogue if message.id for fault in faults(message)
    ]
    binary = path.with_suffix(".mo")
    if not binary.exists() or binary.read_bytes() != compiled(catalogue):
        found.append(f"{binary.relative_to(ROOT)} is not compiled from its catalogue")
    return sorted(found)


def renew(path: Path, collected: Catalog) -> None:
    """Bring a catalogue up to date: new sentences without a translation, gone ones left out; and compile it."""
    catalogue = read(path, language(path))
    made = catalogue.creation_date
    catalogue.update(collected, no_fuzzy_matching=True)
    catalogue.creation_date = made  # or every call would change the file
    with path.open("wb") as file:
        write_po(file, catalogue, sort_output=True, no_location=True, ignore_obsolete=True, width=120)
    path.with_suffix(".mo").write_bytes(compiled(read(path, language(path))))


def main() -> int:
    """Check, or write."""
    collected = collect()
    wanted = sentences(collected)
    if "--check" in sys.argv:
        found = [fault for path in catalogues() for fault in check(path, wanted)]
        if sentences(read(TEMPLATE)) != wanted:
            found.insert(0, "resources/locale/dosing_app.pot is not that of the code")
        if found:
            print("\n".join([*found, "Run `make strings`, then translate what has no translation: docs/languages.md."]))
        return 1 if found else 0
    with TEMPLATE.open("wb") as file:
        write_po(file, collected, sort_output=True, omit_header=True, no_location=True, width=120)
    for path in catalogues():
        renew(path, collected)
    print(f"{len(wanted)} sentences")
    return 0


if __name__ == "__main__":
    sys.exit(main())
