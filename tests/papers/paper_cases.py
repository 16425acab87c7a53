"""Plans to print, and papers as other programs read them: their text, their signs' places, their pictures."""

import io
import json
from dataclasses import replace
from functools import cache
from typing import Any

import pypdf
import pypdfium2
from course_cases import plan_and_reference
from PIL import Image
from whenever import Instant

from dosing_app.course.plan import Plan
from dosing_app.papers.standing import Standing, SupersededBag
from dosing_app.reference.bundle import Reference

FINAL = Standing(
    revision=2,
    entered_by="First Person",
    checked_by="Second Person",
    issued_by="Third Person",
    checked_at=Instant.from_utc(2026, 11, 22, 9, 30),
    issued_at=Instant.from_utc(2026, 11, 22, 10, 0),
    approved_by=("Third Person", "Fourth Person"),
)
DRAFT = Standing(missing=("not-checked", "not-issued"), entered_by="First Person")
RECALL = replace(FINAL, superseded=(SupersededBag(1, 4, Instant.from_utc(2026, 12, 5, 13)),))
ONE_BAG = 'max_bags_per_session = 1\nphone = "020 111 22 33"'  # so that a session of a case holds one bag
MCG = f'micrograms = "mcg"\n{ONE_BAG}'
POINTS_PER_MM = 72 / 25.4

# One of each way to print: both product data, additive and made up, early take-down, alternating rates, clock change.
CASES: dict[str, tuple[str, dict[str, str]]] = {
    "eu-96h": (ONE_BAG, {"case": "A-17", "prescribed": "5.05 microgram/day"}),
    "eu-24h": (ONE_BAG, {"pattern": "24h", "weight": "8.6 kg", "length": "71 cm", "formula": "haycock"}),
    "eu-early": (f'formula = "mosteller"\n{ONE_BAG}', {"case": "B", "pattern": "96h@72,96h"}),
    "eu-rates": (MCG, {"case": "C", "pattern": "72h,96h", "weight": "8.9 kg", "length": "72 cm"}),
    "eu-clock": (ONE_BAG, {"start": "2027-03-15T14:00", "measured": "2027-03-15", "pattern": "72h,96h"}),
    "us-48h": (MCG, {"case": "D", "product": "us", "pattern": "48h", "zone": "America/New_York"}),
    "us-made-up": (f"preserved_bags = true\n{MCG}", {"case": "E", "product": "us", "pattern": "168h"}),
}


def printable(site: str = ONE_BAG, **changes: str) -> tuple[Plan, Reference]:
    """A complete plan, every question answered, with what it was calculated with."""
    texts = dict(changes)
    for _round in range(3):
        plan, reference = plan_and_reference(site, **texts)
        asked = [each.code for each in plan.findings if each.holds_back]
        if not asked:
            break
        texts |= {f"reason-{code}": "Talked over with the ward" for code in asked}
    assert plan.complete, asked
    assert reference is not None
    return plan, reference


_made: dict[str, tuple[Plan, Reference]] = {}


def case(name: str) -> tuple[Plan, Reference]:
    """The plan of a case, calculated once."""
    if name not in _made:
        site, changes = CASES[name]
        _made[name] = printable(site, **changes)
    return _made[name]


def changed(plan: Plan, change: Any) -> Plan:
    """The plan with its JSON changed, read back."""
    content = plan.as_json()
    change(content)
    return Plan.model_validate_json(json.dumps(content))


def grouped(plan: Plan, count: int) -> Plan:
    """The plan with its first bags in one session."""

    def group(content: dict[str, Any]) -> None:
        first = content["bags"][0]
        for bag in content["bags"][:count]:
            bag |= {key: first[key] for key in ("session", "prepared_utc", "prepared_local")}
        session = content["sessions"][0]
        session |= {"bags": list(range(1, count + 1)), "vials": 4}
        content["sessions"] = [session, *content["sessions"][count:]]

    return changed(plan, group)


def named(plan: Plan, name: str) -> Plan:
    """The plan of another case."""
    return changed(plan, lambda content: content["order"].update({"case": name}))


@cache
def pages(paper: bytes) -> tuple[str, ...]:
    """The text of each page, as a reader of the file gets it."""
    return tuple(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper)).pages)


def text(paper: bytes) -> str:
    """All text in one line: blanks of any kind and line ends as one blank."""
    return " ".join(" ".join(pages(paper)).split())


def rendered(paper: bytes, ppi: int = 300) -> list[Image.Image]:
    """The pages as another program draws them."""
    document = pypdfium2.PdfDocument(paper)
    return [page.render(scale=ppi / 72).to_pil() for page in document]


def places(paper: bytes) -> list[tuple[tuple[float, float], list[tuple[float, float, float, float]]]]:
    """Of each page: its size, and left, bottom, right and top of every sign that is drawn. [points]"""
    found = []
    for page in pypdfium2.PdfDocument(paper):
        reader = page.get_textpage()
        boxes = [reader.get_charbox(index) for index in range(reader.count_chars())]
        found.append((page.get_size(), [box for box in boxes if box[2] > box[0]]))
    return found
