"""Where the program keeps what is its own, without Qt; the same folders as the window's."""

import os
import sys
from pathlib import Path

_ORGANISATION = "blinatumomab-infusion-planner"


def data_folder() -> Path:
    """The user's folder for what this program keeps by itself."""
    return _base("XDG_DATA_HOME", ".local/share", "Application Support") / _ORGANISATION


def config_folder() -> Path:
    """The user's folder for this program's settings."""
    return _base("XDG_CONFIG_HOME", ".config", "Preferences") / _ORGANISATION


def register_file() -> Path:
    """The register where no server is named."""
    return data_folder() / "register.sqlite3"


def _base(variable: str, linux: str, mac: str) -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / mac
    given = os.environ.get(variable, "")
    return Path(given) if given.startswith("/") else Path.home() / linux  # a relative path is to be ignored
