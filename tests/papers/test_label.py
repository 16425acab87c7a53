"""Labels: their lines in the order of the pump, their code as a reader reads it back, and that each fits its size."""

import io
import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pypdf
import pytest
import zxingcpp
from course_papers import revised
from paper_cases import (
    CASES,
    DRAFT,
    FINAL,
    POINTS_PER_MM,
    case,
    changed,
    named,
    pages,
    places,
    printable,
    rendered,
    text,
)
from PIL import Image

from dosing_app.core.quantities import magnitude, print_number, print_quantity
from dosing_app.course.plan import Plan
from dosing_app.papers.code import code_text, read_codes
from dosing_app.papers.label import Label, label_of, labels
from dosing_app.papers.pdf import draw
from dosing_app.papers.standing import NotPrintable, draft_standing
from dosing_app.papers.worksheet import worksheet
from dosing_app.reference.bundle import Reference
from dosing_app.teaching.derivation import derivation
from dosing_app.wording.language import LANGUAGES, speak

ORDER = [
    *("patient", "patient-box", "ward", "drug", "route", "content", "rate", "rate-change", "runs", "volume"),
    *("discarded", "dose", "dose-more", "bag", "state", "time", "handling", "confirmed", "lacks", "by-hand", "fine"),
]


def codes(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.DataMatrix)]


def sized(reference: Reference, **settings: object) -> Reference:
    return replace(reference, site=reference.site.model_copy(update=settings))


def all_labels(plan: Plan, reference: Reference) -> list[Label]:
    return [label_of(bag, plan, FINAL, reference) for bag in plan.bags or ()]


@pytest.mark.parametrize("name", CASES)
def test_the_code_of_each_label_is_read_back_from_the_page(name: str) -> None:
    plan, reference = case(name)
    images = rendered(draw(labels(plan, FINAL, reference)))
    assert len(images) == len(plan.bags or ())
    for bag, image in zip(plan.bags or (), images, strict=True):
        assert plan.order is not None
        wanted = f"BIP1;{bag.number}/{bag.of};2;{plan.check_code};{plan.order.case}"
        assert codes(image) == [wanted] == [code_text(bag, plan, FINAL)]


@pytest.mark.parametrize("name", ["W" * 60, "a;b;c", "Łódź é", "#x 1/2 \\", "x"])
def test_the_code_holds_any_case(name: str) -> None:
    plan, reference = case("eu-96h")
    (image,) = rendered(draw(labels(named(plan, name), FINAL, reference, [3])))
    (found,) = codes(image)
    assert found.split(";", 4)[4] == name


def test_all_codes_of_a_sheet_are_read() -> None:
    plan, reference = case("eu-early")
    (image,) = rendered(draw(labels(plan, FINAL, sized(reference, label_sheet="a4"))))
    assert len(set(codes(image))) == 8
    grey = image.convert("L")  # as the program's own test of itself reads what it drew
    assert sorted(read_codes(grey.tobytes(), *grey.size)) == sorted(codes(image))


def test_a_draft_has_no_code_and_is_on_a4() -> None:
    plan, reference = case("eu-early")
    paper = draw(labels(plan, DRAFT, reference))
    for image in rendered(paper):
        assert codes(image) == []
    for (width, height), _boxes in places(paper):
        assert (round(width / POINTS_PER_MM), round(height / POINTS_PER_MM)) == (210, 297)
    found = text(paper)
    assert found.count("DRAFT") >= 2 * 8 + 2  # the mark and the state of each label, the head of each sheet
    assert "No second check" in found
    for bag in plan.bags or ():
        assert label_of(bag, plan, DRAFT, reference).code is None
        with pytest.raises(NotPrintable, match="no code"):
            code_text(bag, plan, DRAFT)


@pytest.mark.parametrize("name", CASES)
def test_lines_stand_in_the_order_of_the_pump(name: str) -> None:
    for label in all_labels(*case(name)):
        roles = [line.role for line in label.lines]
        assert roles == sorted(roles, key=ORDER.index)


@pytest.mark.parametrize("name", CASES)
def test_the_paper_shows_exactly_the_lines(name: str) -> None:
    """And the preview shows the same: there is no other source of text."""
    plan, reference = case(name)
    for label, page in zip(all_labels(plan, reference), pages(draw(labels(plan, FINAL, reference))), strict=True):
        left = "".join(page.split())
        for line in sorted(label.lines, key=lambda each: -len(each.whole)):
            for part in filter(None, (line.name, line.text)):
                bare = "".join(part.split())
                assert bare in left, line
                left = left.replace(bare, "", 1)
        assert left == ""


@pytest.mark.parametrize("name", CASES)
def test_a_label_fits_its_size(name: str) -> None:
    plan, reference = case(name)
    for width, height in ((100, 70), (120, 80), (148, 105), (210, 70)):
        small = sized(reference, label_width_mm=Decimal(width), label_height_mm=Decimal(height))
        found = places(draw(labels(plan, FINAL, small, (1, 2, 4))))
        assert len(found) == 3
        for (wide, high), boxes in found:
            assert wide == pytest.approx(width * POINTS_PER_MM, abs=0.01)
            assert high == pytest.approx(height * POINTS_PER_MM, abs=0.01)
            margin = 2 * POINTS_PER_MM
            assert min(box[0] for box in boxes) >= margin
            assert max(box[2] for box in boxes) <= wide - margin
            assert min(box[1] for box in boxes) >= margin / 2
            assert max(box[3] for box in boxes) <= high - margin / 2


def test_the_longest_plausible_texts_fit_the_smallest_label() -> None:
    """Long names, a changed rate and a changed clock, every lack, a long phone and ward."""
    plan, reference = case("eu-clock")
    long_name = "Maria-Magdalena van der Westhuijsen"
    found = {
        "code": "who-limits",
        "tier": "justify",
        "about": "order",
        "reason": f"{'W' * 30}; confirmed by {long_name} and {long_name}",
    }
    worst = changed(named(plan, "W" * 60), lambda content: content["findings"].insert(0, found))
    standing = replace(FINAL, print_number=12)
    long = sized(reference, phone="+31 (0)20 000 000 000, ext. 12345", wards=("Paediatric haematology and oncology",))
    paper = draw(labels(worst, standing, long))
    assert len(pages(paper)) == 8
    assert all(f"confirmed by {long_name} and {long_name}" in " ".join(page.split()) for page in pages(paper))


def test_the_rate_is_the_largest_and_its_change_is_in_words() -> None:
    plan, reference = case("eu-rates")
    made = all_labels(plan, reference)
    changes = [[line.text for line in label.lines if line.role == "rate-change"] for label in made]
    assert changes[:3] == [[], ["RATE CHANGES: was 3.3, now 2.5"], ["RATE CHANGES: was 2.5, now 3.3"]]
    paper = draw(labels(plan, FINAL, reference))
    for (_size, boxes), page in zip(places(paper), pages(paper), strict=True):
        tallest = max(box[3] - box[1] for box in boxes)
        high = [box for box in boxes if box[3] - box[1] > tallest * 0.9]
        assert len(high) <= len("RATE 3.3 mL/hour")
        assert re.search(r"RATE\s[23]\.[35]\smL/hour", page)


def test_the_label_says_one_rate_and_its_figures_agree() -> None:
    """An outside reckoning: rate × hours is the volume, concentration × rate × 24 h is the dose given."""
    for name in CASES:
        for label in all_labels(*case(name)):
            lines = {line.role: line.text.replace("\u00a0", " ") for line in label.lines}
            rate = Decimal(lines["rate"].removesuffix(" mL/hour"))
            hours = Decimal(lines["runs"].removesuffix(" h"))
            assert rate * hours == Decimal(lines["volume"].removesuffix(" mL"))
            (concentration,) = re.findall(r"· ([\d.]+) m\w+ per mL ·", lines["content"])
            (given,) = re.findall(r"gives ([\d.]+)", lines["dose-more"])
            half = Decimal("0.00005") * rate * 24 + Decimal("0.005")
            assert abs(Decimal(concentration) * rate * 24 - Decimal(given)) <= half
            others = " ".join(line.whole for line in label.lines if line.role != "rate")
            assert "mL/hour" not in others


def test_both_clocks_stand_where_the_clock_changes_within_a_bag() -> None:
    plan, reference = case("eu-clock")
    with_old = [
        label.number for label in all_labels(plan, reference) for line in label.lines if line.name == "by the old clock"
    ]
    assert with_old == [4]  # it hangs from Thu 25-Mar to Mon 29-Mar-2027; the clock goes forward on the 28th
    times = [line.whole for line in all_labels(plan, reference)[3].lines if line.role == "time"]
    assert "Take down Mon 29-Mar-2027 15:00 (UTC+02:00)" in times
    assert "by the old clock Mon 29-Mar-2027 14:00 (UTC+01:00)" in times


def test_take_down_by_holds_for_the_planned_connection_and_so_many_hours_for_an_earlier_one() -> None:
    """The kind's hours at room temperature, infusion included; not the hours that the bag runs."""
    for name, hours in (("eu-96h", "96 h"), ("eu-early", "96 h"), ("us-48h", "48 h"), ("us-made-up", "168 h")):
        for label in all_labels(*case(name)):
            times = [line.whole.replace("\u00a0", " ") for line in label.lines if line.role == "time"]
            assert times[-1] == f"or, if earlier, {hours} after connection"
            assert any(line.startswith("Take down by ") for line in times)


def test_preparation_is_by_the_clock_of_the_unit() -> None:
    plan, reference = case("us-48h")  # the bed in New York, the unit in Amsterdam
    assert plan.bags is not None
    times = {line.name: line.text for line in all_labels(plan, reference)[0].lines if line.role == "time"}
    assert times["Prepared"].endswith("(UTC+01:00)")
    assert times["Connect"] == "Mon 23-Nov-2026 14:00 (UTC-05:00)"


def test_what_is_and_is_not_said_of_preserved_bags() -> None:
    plain_, preserved = (text(draw(labels(*_one(name)))) for name in ("eu-96h", "us-made-up"))
    assert "preservative-free" in plain_
    assert "BENZYL ALCOHOL" not in plain_
    assert "In-line filter 0.2 micrometre" in plain_
    assert "PRESERVED WITH BENZYL ALCOHOL" in preserved
    assert "preservative-free" not in preserved
    assert "In-line filter" not in preserved


def _one(name: str) -> tuple[Plan, object, Reference, list[int]]:
    plan, reference = case(name)
    return plan, FINAL, reference, [1]


@pytest.mark.parametrize("words", ["FOR INTRAVENOUS USE ONLY", "the rest is discarded", "Do not flush", "Do not shake"])
def test_every_label_warns(words: str) -> None:
    plan, reference = case("us-48h")
    assert all(words in " ".join(page.split()) for page in pages(draw(labels(plan, FINAL, reference))))


def test_without_a_case_there_is_a_box_for_the_patient_label() -> None:
    plan, reference = printable()
    roles = [line.role for line in label_of((plan.bags or ())[0], plan, FINAL, reference).lines]
    assert roles[0] == "patient-box"
    assert "patient" not in roles


def main_size(paper: bytes) -> float:
    """The size in which most of a paper's signs are set. [points]"""
    sizes: Counter[float] = Counter()
    for page in pypdf.PdfReader(io.BytesIO(paper)).pages:
        page.extract_text(
            visitor_text=lambda words, at, within, _font, size: sizes.update(
                {round(abs(size * (within[3] or 1) * (at[3] or 1)), 2): len(words.strip())}
            )
        )
    return sizes.most_common(1)[0][0]


@pytest.mark.parametrize("name", ["eu-clock", "us-made-up"])
def test_a_label_is_nearly_as_large_in_every_language(name: str) -> None:
    """Long words make it smaller, by a tenth at most, on drafts with all that they lack as well."""
    plan, reference = case(name)
    for standing in (FINAL, draft_standing(plan, None, reference)):
        english = main_size(draw(labels(plan, standing, reference)))
        assert english > 5
        try:
            for code in LANGUAGES:
                speak(code)
                assert main_size(draw(labels(plan, standing, reference))) >= Decimal("0.9") * Decimal(english), code
        finally:
            speak("en")


@pytest.mark.parametrize("name", ["eu-96h", "us-made-up"])
def test_the_code_of_a_label_is_the_same_in_every_language(name: str) -> None:
    plan, reference = case(name)
    english = [each.code for each in all_labels(plan, reference)]
    assert all(english)
    try:
        for code in LANGUAGES:
            speak(code)
            assert [each.code for each in all_labels(plan, reference)] == english
    finally:
        speak("en")


def test_one_ward_is_printed_and_several_are_left_open() -> None:
    plan, reference = case("eu-96h")
    for wards, wanted in (((), ""), (("Four",), "Four"), (("Four", "Five"), "")):
        label = label_of((plan.bags or ())[0], plan, FINAL, sized(reference, wards=wards))
        assert [line.text for line in label.lines if line.role == "ward"] == [wanted]


@pytest.mark.parametrize("pattern", ["72h,96h", "24h,96h,72h"])
@pytest.mark.parametrize("lost", [1, 2])
def test_the_rate_before_is_that_of_the_bag_that_hangs_before(pattern: str, lost: int) -> None:
    """A lost bag leaves its number out, and the one in its place has a later number."""
    plan, reference = revised(pattern, lost)
    bags = plan.bags or ()
    numbers = [bag.number for bag in bags]
    assert lost == 1 or numbers[1] > numbers[2]
    for before, bag in pairwise(bags):
        said = [line.text for line in label_of(bag, plan, FINAL, reference).lines if line.role == "rate-change"]
        was, now = (print_number(magnitude(each.rate, "mL/h")) for each in (before, bag))
        assert said == ([f"RATE CHANGES: was {was}, now {now}"] if was != now else [])
        derived = {step.name: step for step in derivation(plan, reference, bag.number)}
        assert derived["rate"].result == print_quantity(bag.rate, "mL/h")


def test_the_papers_of_a_course_with_a_lost_bag_are_drawn() -> None:
    plan, reference = revised("72h,96h", 2)
    assert "was 3.3, now 2.5" in text(draw(labels(plan, FINAL, reference)))
    sheets = "".join(text(draw(worksheet(each, plan, FINAL, reference))) for each in plan.sessions or ())
    assert "was 3.3, now 2.5" in sheets
