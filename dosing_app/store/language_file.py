"""The language that a person chose for this program. Light to import: it is read before the first paint."""

from pathlib import Path

from dosing_app.store.folders import config_folder


def language_file() -> Path:
    """One word, the code of a language; where the file is missing, the computer's language holds."""
    return config_folder() / "language"


def kept_language() -> str | None:
    """The code that was chosen; None without one, or where it cannot be read."""
    try:
        return language_file().read_text(encoding="ascii").strip() or None
    except (OSError, ValueError):  # never a reason not to start
        return None


def keep_language(code: str | None) -> None:
    """Choose a language for the next start.

    Args:
        code: of the language; None: as the computer has it.

    Raises:
        OSError: it could not be written; the choice is as it was.
    """
    path = language_file()
    if code is None:
        path.unlink(missing_ok=True)
        return
    from dosing_app.store.order_file import write_whole  # heavy, and only needed here

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, f"{code}\n".encode("ascii"))
