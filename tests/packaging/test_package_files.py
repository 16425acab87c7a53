"""What packages are made from is well formed and says the same; the packages themselves are for `make package`."""

import ast
import configparser
import re
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from dosing_app.cli import COMMANDS

ROOT = Path(__file__).parents[2]
HERE = ROOT / "packaging"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
DOCUMENT = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
LOCKS = ["requirements.txt", "requirements-dev.txt", "requirements-package.txt"]
SPEC = (HERE / "dosing-app.spec").read_text(encoding="utf-8")


def pins(lock: str) -> dict[str, str]:
    text = (HERE / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", text, re.MULTILINE))


def test_the_menu_entry_is_whole() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read(HERE / "dosing-app.desktop", encoding="utf-8")
    found = dict(entry["Desktop Entry"])
    assert found["Exec"].split()[0] in PROJECT["project"]["scripts"]
    assert (found["Type"], found["Icon"], found["Terminal"]) == ("Application", "dosing-app", "false")
    for language in ("de", "nl"):
        assert found[f"Name[{language}]"]
        assert found[f"Comment[{language}]"]


def test_the_metainfo_says_what_the_program_is() -> None:
    component = ET.parse(HERE / "dosing-app.metainfo.xml").getroot()  # noqa: S314 - our own file
    assert component.findtext("launchable") == "dosing-app.desktop"
    assert component.findtext("project_license") == PROJECT["project"]["license"]
    release = component.find("releases/release")
    assert release is not None
    assert release.get("version") == PROJECT["project"]["version"]
    said = " ".join("".join(component.itertext()).split())
    assert "not a registered medical device" in said


def test_the_spec_is_python_and_keeps_qt_apart() -> None:
    calls = {
        node.func.id
        for node in ast.walk(ast.parse(SPEC))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert {"Analysis", "PYZ", "EXE", "COLLECT", "BUNDLE"} <= calls, "one folder, and a bundle for macOS"
    assert "exclude_binaries=True" in SPEC, "libraries stay files that may be replaced"
    assert '"frozen.py"' in SPEC
    for platform in ("qxcb", "qwayland", "qoffscreen"):
        assert platform in SPEC


def test_every_folder_of_resources_goes_into_the_wheel() -> None:
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["only-include"] == ["dosing_app", "resources"]
    assert wheel["sources"] == {"resources": "dosing_app/resources"}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_checksums_and_no_addresses(lock: str) -> None:
    text = (HERE / lock).read_text(encoding="utf-8")
    entries = [each for each in re.split(r"\n(?=\S)", text) if each and not each.startswith(("#", " "))]
    assert entries
    for entry in entries:
        assert "--hash=sha256:" in entry, entry.splitlines()[0]
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


def test_the_locks_agree() -> None:
    runtime = pins("requirements.txt")
    for lock in LOCKS[1:]:
        shared = runtime.keys() & pins(lock).keys()
        assert {name: runtime[name] for name in shared} == {name: pins(lock)[name] for name in shared}
    assert runtime.keys() <= pins("requirements-dev.txt").keys()


def test_what_is_locked_is_installed_as_it_is_locked() -> None:
    """Pip would look for releases newer than the lock, and stop at the first one whose checksum it lacks."""
    calls = 0
    for path in (
        HERE / "setup.sh",
        HERE / "workshop.py",
        ROOT / "tests" / "bench" / "peers.py",
        ROOT / "docs" / "install.md",
    ):
        for line in path.read_text(encoding="utf-8").splitlines():
            if "--require-hashes" in line:
                calls += 1
                assert "--no-deps" in line, f"{path.name}: {line.strip()}"
    assert calls >= 6


def test_every_tool_that_is_named_is_locked() -> None:
    for wanted in PROJECT["dependency-groups"]["package"]:
        assert re.split(r"[^A-Za-z0-9._-]", wanted)[0] in pins("requirements-package.txt")


@pytest.mark.parametrize("word", ["wheel", "frozen", "deb", "sbom", "source", "package"])
def test_each_package_has_its_word(word: str) -> None:
    recipe = re.search(rf"^{word}: setup ## .+\n\t\$\(BIN\)/python (packaging/\w+\.py)$", MAKEFILE, re.MULTILINE)
    assert recipe, word
    assert (ROOT / recipe[1]).is_file()
    assert f"make {word}" in DOCUMENT


def test_packages_are_not_built_by_the_tests() -> None:
    """They take minutes."""
    assert re.search(r"^test: lint ##", MAKEFILE, re.MULTILINE)
    assert not re.search(r"^(test|lint|setup):.*\b(package|frozen|deb|wheel)\b", MAKEFILE, re.MULTILINE)


def test_the_manual_page_and_the_document_name_no_command_that_is_not_there() -> None:
    text = DOCUMENT + (HERE / "dosing-app.1").read_text(encoding="utf-8")
    named = set(re.findall(r"^\.?\S*dosing-app ([a-z][a-z-]+)", text, re.MULTILINE))
    named |= set(re.findall(r"^\.B dosing-app ([a-z][a-z-]+)", text, re.MULTILINE))
    assert "self-test" in named
    assert named <= set(COMMANDS)
