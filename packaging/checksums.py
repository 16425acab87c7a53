"""Write resources/CHECKSUMS.sha256, by which the program knows its data: `make strings` calls it.

`--check` changes nothing and fails if the list is not that of the files. Whoever changes a figure writes the list anew
with it, so that a change that nobody meant is seen in a review, and one that was made behind the program's back is
refused when the file is read.
"""

import hashlib
import sys
from pathlib import Path

from dosing_app.reference.folder import resources_folder
from dosing_app.reference.source import CHECKSUMS

_LEFT_OUT = {".png", ".svg", ".po", ".pot"}  # pictures, and what the catalogues are made from


def listed(folder: Path) -> str:
    """A line for each file that the program calculates, prints or tells with, as `sha256sum` writes them."""
    files = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != CHECKSUMS and not path.name.startswith(".")
    )
    wanted = [name for name in files if Path(name).suffix not in _LEFT_OUT]
    return "".join(f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in wanted)


def main() -> int:
    """Check, or write."""
    path = resources_folder() / CHECKSUMS
    found = listed(path.parent)
    if "--check" in sys.argv:
        if not path.exists() or path.read_text(encoding="ascii") != found:
            print("resources/CHECKSUMS.sha256 is not up to date: look at what was changed, then run `make strings`.")
            return 1
        return 0
    path.write_text(found, encoding="ascii", newline="\n")
    print(f"{found.count(chr(10))} data files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
