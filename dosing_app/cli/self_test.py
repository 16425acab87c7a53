"""`dosing-app self-test`: is this installation whole and right? In the checkout, the wheel and the frozen program."""

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dosing_app.cli.commands import plan_of_texts
from dosing_app.course.order import read_order
from dosing_app.reference.bundle import load_house
from dosing_app.reference.folder import resources_folder
from dosing_app.reference.product import load_product
from dosing_app.reference.protocol import load_protocol
from dosing_app.reference.source import BadFile, shipped
from dosing_app.store.order_file import load
from dosing_app.wording.language import _
from dosing_app.wording.sentences import bad_file_sentence

_DOTS_PER_INCH = 300


class _Wrong(Exception):
    """What is not as it should be."""


def run_all() -> int:
    """Every check with its result; 0 if all hold, else 1."""
    failed = 0
    checks: dict[str, Callable[[], str]] = {
        _("data files"): _data,
        _("fixed cases, to the last digit"): _fixed_cases,
        _("window, offscreen"): _window,
        _("a paper, printed and read back"): _paper,
        _("register"): _register,
    }
    for name, check in checks.items():
        try:
            print(f"{name}: {check()}")
        except Exception as error:  # noqa: BLE001 - whatever is wrong, the other checks still run and the person is told
            failed += 1
            why = bad_file_sentence(error) if isinstance(error, BadFile) else error
            print(f"{name}: {_('WRONG')}: {type(error).__name__}: {why}")
    print(_("This installation is whole.") if not failed else _("This installation must not be used."))
    return 1 if failed else 0


def _data() -> str:
    """Every file is the one that was shipped, and all data is read, strictly."""
    load_house()  # which compares every file with its checksum
    names = [load_product(name).name for name in shipped("products")]
    names += [load_protocol(name).name for name in shipped("protocols")]
    orders = [load(path) for path in shipped("orders").values()]
    return _("{names} and {count} example orders are read").format(names=", ".join(names), count=len(orders))


def _fixed_cases() -> str:
    """The cases of resources/self-test.json: worked outside this program, every given figure to its last digit."""
    cases = json.loads((resources_folder() / "self-test.json").read_text(encoding="utf-8"))["cases"]
    house = load_house()
    figures = 0
    for case in cases:
        content = plan_of_texts(case["order"], house).as_json()
        for path, expected in case["figures"].items():
            found = _at(content, path)
            if not _agrees(found, expected):
                message = f"{case['name']}: {path} is {found}, expected {expected}"
                raise _Wrong(message)
            figures += 1
    return _("{figures} figures of {cases} cases agree").format(figures=figures, cases=len(cases))


def _at(content: Any, path: str) -> Any:
    """The figure at a path such as "bags.0.drug_ml"."""
    for step in path.split("."):
        content = content[int(step)] if isinstance(content, list) else content[step]
    return content


def _agrees(found: Any, expected: Any) -> bool:
    """Equal; a figure that ends in "…" agrees in all the digits before."""
    if isinstance(expected, str) and expected.endswith("…"):
        digits = expected[:-1]
        return isinstance(found, str) and found.startswith(digits)
    return bool(found == expected)


def _window() -> str:
    """The window opens with the example order and paints itself."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from dosing_app.ui.application import quiet, save_pictures  # Qt only here

    quiet()

    with tempfile.TemporaryDirectory() as folder:
        pictures = save_pictures(resources_folder() / "orders" / "example.json", Path(folder))
        if not pictures or any(picture.stat().st_size == 0 for picture in pictures):
            message = _("no picture")
            raise _Wrong(message)
        return _("{count} workspaces were painted").format(count=len(pictures))


def _paper() -> str:
    """Labels are drawn, and the code of each is read back from the picture of its page."""
    from PySide6.QtGui import QImage

    from dosing_app.course.document import plan_of
    from dosing_app.papers.code import code_text, read_codes
    from dosing_app.papers.label import labels
    from dosing_app.papers.pdf import pictures
    from dosing_app.papers.standing import Standing

    reading = read_order(load(resources_folder() / "orders" / "example.json"), load_house(), typed=True)
    assert reading.reference is not None
    plan = plan_of(reading)
    assert plan.course is not None
    standing = Standing(revision=1, issued_at=plan.course.start)
    expected = [code_text(bag, plan, standing) for bag in plan.bags or ()]
    found = []
    for page in pictures(labels(plan, standing, reading.reference), _DOTS_PER_INCH):
        image = QImage.fromData(page).convertToFormat(QImage.Format.Format_Grayscale8)
        found += read_codes(bytes(image.constBits()), image.bytesPerLine(), image.height())
    if sorted(found) != sorted(expected) or not found:
        message = f"{found} was read, {expected} was printed"
        raise _Wrong(message)
    return _("{count} labels").format(count=len(found))


def _register() -> str:
    """A new register is made in a folder of its own, and its chain holds."""
    from dosing_app.store.register import open_register  # the database is heavy

    with (
        tempfile.TemporaryDirectory() as folder,
        open_register(Path(folder) / "register.sqlite3", load_house()) as made,
    ):
        if faults := made.verify():
            raise _Wrong(", ".join(each.reason for each in faults))
        return _("a new one can be made")
