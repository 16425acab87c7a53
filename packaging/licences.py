"""What is shipped beside the program's own code: each part with its version, its licence, and the licence's text."""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

from workshop import NAME, ROOT, VERSION, runtime, site_packages

_COMMON = Path("/usr/share/common-licenses")  # Debian keeps the long ones here
_LONGEST = 60  # characters; a longer "licence" of the metadata is its text, not its name
QT_NOTE = """\
The libraries of Qt in this program are used under the GNU Lesser General Public License, version 3. Each is a file of
its own (PySide6/Qt/lib) and may be replaced by one that you built from its sources: put yours in its place under the
same name. Nothing in this program hinders that. Their sources are those of Qt {version}, published by The Qt Company.
"""


@dataclass(frozen=True, slots=True)
class Part:
    """Something that is shipped: `kind` as CycloneDX calls it."""

    name: str
    version: str
    licence: str
    kind: str = "library"


def libraries() -> list[Part]:
    """The packages that the program runs with, by name."""
    parts = [Part(each.name, each.version, _licence(each)) for each in _installed()]
    return sorted(parts, key=lambda part: part.name.casefold())


def others() -> list[Part]:
    """What is shipped and no package of Python."""
    qt = next(part.version for part in libraries() if part.name.startswith("PySide6"))
    python = ".".join(map(str, sys.version_info[:3]))
    return [
        Part("CPython", python, "PSF-2.0", "platform"),
        Part("Qt", qt, "LGPL-3.0-only", "framework"),
        Part("Atkinson Hyperlegible", "2020", "OFL-1.1", "data"),
        Part("WHO Child Growth Standards", "2006", "CC-BY-NC-SA-3.0-IGO", "data"),
    ]


def gather(folder: Path) -> None:
    """Put the text of every licence into a folder, a folder each."""
    for each in _installed():
        for path in each.files or ():
            if ".dist-info" in path.parts[0] and path.name.upper().startswith(("LICEN", "COPYING", "NOTICE")):
                target = folder / each.name / path.name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(Path(str(each.locate_file(path))), target)
    data = ROOT / "resources"
    for source, target in {
        ROOT / "LICENSE": folder / "LICENSE",
        data / "who" / "LICENCE.txt": folder / "WHO Child Growth Standards" / "LICENCE.txt",
        data / "fonts" / "LICENSE-AtkinsonHyperlegible.txt": folder / "Atkinson Hyperlegible" / "LICENSE.txt",
        **{_COMMON / name: folder / name for name in ("LGPL-3", "GPL-3") if (_COMMON / name).exists()},
    }.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    (folder / "Qt.txt").write_text(QT_NOTE.format(version=others()[1].version), encoding="utf-8")


def table() -> str:
    """The parts as a table that a person reads."""
    rows = [f"| {part.name} | {part.version} | {part.licence} |" for part in [*libraries(), *others()]]
    head = f"# What {NAME} {VERSION} is shipped with\n\n| part | version | licence |\n|---|---|---|\n"
    return head + "\n".join(rows) + "\n"


def copyright_text() -> str:
    """The file `copyright` of the Debian package, readable by programs."""
    inside = f"opt/{NAME}/_internal"
    each_part = "".join(f"\n {part.name} {part.version}: {part.licence}" for part in libraries())
    qt = QT_NOTE.format(version=others()[1].version).rstrip("\n").replace("\n", "\n ")
    return f"""\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Blinatumomab Infusion Planner
Comment: The texts of all licences lie in /opt/{NAME}/licences.

Files: *
Copyright: The authors of the Blinatumomab Infusion Planner
License: Apache-2.0

Files: {inside}/*
Copyright: their authors, named in /opt/{NAME}/licences
License: of-each-part{each_part}

Files: {inside}/PySide6/*
Copyright: The Qt Company Ltd. and others
License: LGPL-3

Files: {inside}/dosing_app/*
Copyright: The authors of the Blinatumomab Infusion Planner
License: Apache-2.0

Files: {inside}/dosing_app/resources/who/*
Copyright: 2006 World Health Organization
License: CC-BY-NC-SA-3.0-IGO

Files: {inside}/dosing_app/resources/fonts/*
Copyright: 2020 Braille Institute of America, Inc.
License: OFL-1.1

License: Apache-2.0
 On Debian the text is in /usr/share/common-licenses/Apache-2.0.

License: LGPL-3
 On Debian the text is in /usr/share/common-licenses/LGPL-3.
 .
 {qt}

License: CC-BY-NC-SA-3.0-IGO
 It is named in /opt/{NAME}/licences/WHO Child Growth Standards.

License: OFL-1.1
 The text is in /opt/{NAME}/licences/Atkinson Hyperlegible.
"""


def _installed() -> Iterator[Distribution]:
    """The packages of the environment that the program runs in, without the program itself."""
    return (each for each in distributions(path=[str(site_packages(runtime()))]) if each.name.replace("_", "-") != NAME)


def _licence(package: Distribution) -> str:
    """The licence that a package declares, in a few words."""
    fields = package.metadata
    if expression := fields.get("License-Expression"):
        return expression
    kinds = [
        each.rpartition(":: ")[2] for each in fields.get_all("Classifier") or () if each.startswith("License :: OSI")
    ]
    text = (fields.get("License") or "").strip()
    found = ", ".join(sorted(kinds)) or text
    if not found or "\n" in found or len(found) > _LONGEST:
        sys.exit(f"{package.name} declares no licence that is one line")
    return found
