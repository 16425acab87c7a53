"""`dosing-app backup` and `dosing-app restore`: the register into one file, and back."""

import sys
from collections.abc import Callable
from pathlib import Path

from dosing_app.cli import OK, REFUSED, UNREADABLE
from dosing_app.reference.bundle import House, load_house
from dosing_app.reference.source import BadFile
from dosing_app.store.backup import BadBackup, backup, restore
from dosing_app.store.folders import config_folder, register_file
from dosing_app.store.register import RegisterError, Tampered, open_register
from dosing_app.wording import register_text as words
from dosing_app.wording.sentences import bad_file_sentence


def backup_file(file: Path, site: Path | None) -> int:
    """Write the register into a file; 0 if it is whole."""

    def work() -> None:
        house, where = _register(site)
        if isinstance(where, Path) and not where.exists():
            raise RegisterError("no-register", where=where)
        with open_register(where, house) as register:
            header = backup(register, file)
            print(words.backed_up(register.where, str(file), header.seal.count))

    return _said(work)


def restore_file(file: Path, site: Path | None) -> int:
    """Make the register what a backup holds; the old one is kept."""

    def work() -> None:
        house, where = _register(site)
        done = restore(file, where, house)
        print(words.restored(str(file), done.where, done.header.seal.count, done.kept, done.missing))

    return _said(work)


def _register(site: Path | None) -> tuple[House, Path | str]:
    """The site's settings and where its register is; without a site file those of the window."""
    own = config_folder() / "site.toml"
    house = load_house(site if site is not None else own if own.exists() else None)
    return house, house.site.register_url or register_file()


def _said(work: Callable[[], None]) -> int:
    """Do it, or say why not."""
    try:
        work()
    except BadFile as error:
        return _say(bad_file_sentence(error), UNREADABLE)
    except BadBackup as error:
        return _say(words.backup_refused(str(error.path), error.reason, error.values), UNREADABLE)
    except RegisterError as error:
        return _say(words.refused(error.reason, error.values), REFUSED)
    except Tampered as error:
        for each in error.faults:
            _say(words.fault(each.reason, each.course, each.place), REFUSED)
        return REFUSED
    except OSError as error:
        return _say(f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror), UNREADABLE)
    return OK


def _say(sentence: str, status: int) -> int:
    print(sentence, file=sys.stderr)
    return status
