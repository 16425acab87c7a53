"""Write the bill of materials (CycloneDX) of what is shipped, checked against its schema, and a table to read."""

import json
import os
import re
from pathlib import Path

import make_wheel
from licences import Part, others, table
from workshop import DIST, HERE, NAME, ROOT, VERSION, epoch, run, runtime, said, tools

SBOM = DIST / f"{NAME}-{VERSION}.cdx.json"
TABLE = DIST / f"{NAME}-{VERSION}-dependencies.md"
SCHEMA = "1.6"
_CHECK = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
with open(sys.argv[1], encoding="utf-8") as file:
    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(file.read())
sys.exit(str(error) if error else 0)
"""


def build() -> list[Path]:
    """Both files, from the environment in which the program runs."""
    if not make_wheel.WHEEL.exists():
        make_wheel.build()
    make_wheel.installed()
    run(
        *(tools(), "-m", "cyclonedx_py", "environment", "--output-reproducible", "--short-PURLs", "--sv", SCHEMA),
        *("--pyproject", ROOT / "pyproject.toml", "--mc-type", "application", "-o", SBOM, runtime()),
        env={**os.environ, "SOURCE_DATE_EPOCH": epoch()},
    )
    bill = json.loads(SBOM.read_text(encoding="utf-8"))
    hashes = locked()
    for component in bill["components"]:
        name = re.sub(r"[-_.]+", "-", component["name"]).lower()
        component["hashes"] = [{"alg": "SHA-256", "content": digest} for digest in hashes[name]]
    bill["components"] += [_component(part) for part in others()]
    SBOM.write_text(json.dumps(bill, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    run(tools(), "-c", _CHECK, SBOM)
    TABLE.write_text(table(), encoding="utf-8")
    return [SBOM, TABLE]


def locked() -> dict[str, list[str]]:
    """The checksums by package that the lock allows, one for each file of the package."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in (HERE / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([A-Za-z0-9._-]+)==", line):
            name = re.sub(r"[-_.]+", "-", match[1]).lower()
        if match := re.search(r"--hash=sha256:([0-9a-f]{64})", line):
            found.setdefault(name, []).append(match[1])
    return found


def _component(part: Part) -> dict[str, object]:
    licence = {"id": part.licence} if part.licence != "CC-BY-NC-SA-3.0-IGO" else {"name": part.licence}
    return {
        "type": part.kind,
        "bom-ref": f"{part.name}=={part.version}",
        "name": part.name,
        "version": part.version,
        "licenses": [{"license": {**licence, "acknowledgement": "declared"}}],
    }


def main() -> None:
    """Write and say."""
    for path in build():
        said(path)


if __name__ == "__main__":
    main()
