"""Collect the sentences that people read into resources/locale and compile the catalogues.

`--check` changes nothing and fails if the collected sentences are not those of the code.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "resources" / "locale"
TEMPLATE = LOCALE / "dosing_app.pot"
KEYWORDS = {"_": None, "n_": (1, 2)}


def collect() -> Catalog:
    """Every literal sentence below dosing_app, sorted; places are left out, so that moving code changes nothing."""
    catalogue = Catalog(project="Blinatumomab Infusion Planner", charset="utf-8")
    found = extract_from_dir(
        ROOT / "dosing_app", method_map=[("**.py", "python")], keywords=KEYWORDS, strip_comment_tags=True
    )
    for _file, _line, message, _comments, context in found:
        catalogue.add(message, context=context)
    return catalogue


def sentences(catalogue: Catalog) -> set[object]:
    """The sentences alone, without dates and header."""
    return {message.id for message in catalogue if message.id}


def main() -> int:
    """Check, or write."""
    collected = collect()
    if "--check" in sys.argv:
        with TEMPLATE.open("rb") as file:
            kept = sentences(read_po(file))
        if kept != sentences(collected):
            print("resources/locale is not up to date: run `make strings`.")
            return 1
        return 0
    with TEMPLATE.open("wb") as file:
        write_po(file, collected, sort_output=True, omit_header=True, no_location=True, width=120)
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/dosing_app.po")):
        with path.open("rb") as file:
            catalogue = read_po(file)
        catalogue.update(collected, no_fuzzy_matching=True)
        with path.open("wb") as file:
            write_po(file, catalogue, sort_output=True, no_location=True, width=120)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)
    print(f"{len(sentences(collected))} sentences")
    return 0


if __name__ == "__main__":
    sys.exit(main())
