"""`dosing-app teach set`: a class set of exercises as papers and a table, marked TRAINING on every page."""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from dosing_app.cli import OK, UNREADABLE
from dosing_app.papers.class_set import papers_of_set, training_word
from dosing_app.papers.files import write
from dosing_app.reference.source import BadFile
from dosing_app.teaching.exercise import class_set
from dosing_app.wording.language import _
from dosing_app.wording.sentences import bad_file_sentence

_MOST_EXERCISES = 100
_SEED, _COUNT = re.compile(r"[0-9]{1,12}"), re.compile(r"[1-9][0-9]{0,2}")


def teach(given: Sequence[str], parser: argparse.ArgumentParser) -> int:
    """The set of a call, written into its folder.

    Args:
        given: what stands after `teach`.
        parser: an empty one, whose `error` refuses the call.
    """
    parser.add_argument("what", choices=["set"], help=_("a class set"))
    parser.add_argument("--seed", required=True, metavar="N", help=_("the same number gives the same set"))
    parser.add_argument("--n", required=True, metavar="N", help=_("how many exercises"))
    parser.add_argument("--to", type=Path, required=True, metavar="DIR", help=_("the folder, made where it is missing"))
    options = parser.parse_args(list(given))
    if not _SEED.fullmatch(options.seed):
        parser.error(
            _("--seed is a whole number from 0 on, of at most 12 digits, not “{seen}”").format(seen=options.seed[:40])
        )
    if not _COUNT.fullmatch(options.n) or int(options.n) > _MOST_EXERCISES:
        parser.error(
            _("--n is a whole number from 1 to {most}, not “{seen}”").format(most=_MOST_EXERCISES, seen=options.n[:40])
        )
    if str(options.to).strip() in {"", "."} and "." not in given:
        parser.error(_("--to is given without a folder"))
    return _write_set(int(options.seed), int(options.n), options.to)


def _write_set(seed: int, count: int, folder: Path) -> int:
    try:
        files = write(papers_of_set(class_set(seed, count), seed), folder)
    except BadFile as error:
        return _refused(bad_file_sentence(error))
    except OSError as error:
        return _refused(_("{file}: {why}. No paper was written.").format(file=error.filename, why=error.strerror))
    names = ", ".join(file.name for file in files)
    print(
        _("{training}: class set {seed} in {folder}: {files}").format(
            training=training_word(), seed=seed, folder=folder, files=names
        )
    )
    return OK


def _refused(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return UNREADABLE
