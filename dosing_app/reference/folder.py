"""Where the shipped data lies. Light to import: the window needs it before anything is computed."""

import errno
import os
from functools import lru_cache
from pathlib import Path


@lru_cache(1)
def resources_folder() -> Path:
    """The folder of the shipped data.

    Beside the package in a checkout or an editable install; inside it in a wheel or a frozen program.

    Raises:
        FileNotFoundError: it is in neither place, so the installation is not whole.
    """
    package = Path(__file__).resolve().parents[1]
    for candidate in (package / "resources", package.parent / "resources"):
        if (candidate / "products").is_dir():
            return candidate
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(package / "resources"))
