"""Every paper: what it must say and must never say, its fonts and form, and the same bytes for the same plan."""

import io
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pypdf
import pytest
from paper_cases import CASES, DRAFT, FINAL, RECALL, case, changed, named, pages, places, printable, text
from whenever import Instant

from dosing_app.core.quantities import print_quantity
from dosing_app.course.plan import Plan
from dosing_app.papers import pdf
from dosing_app.papers.downtime import downtime
from dosing_app.papers.files import papers_of
from dosing_app.papers.label import labels
from dosing_app.papers.pdf import Document, NotDrawn, draw, pictures
from dosing_app.papers.recall import recall
from dosing_app.papers.schedule import schedule
from dosing_app.papers.standing import LACKS, NotPrintable, Standing, lack_words, people_words
from dosing_app.papers.vial_order import vial_order
from dosing_app.papers.worksheet import worksheet
from dosing_app.reference.bundle import Reference
from dosing_app.wording.figures import spelled_code

BELOW_PAGE = 0.5  # points; a sign's box may be wider than its ink


def documents(plan: Plan, standing: Standing, reference: Reference) -> list[Document]:
    """One paper of each sort; worksheets of the first and last session, which differ in what primes the line."""
    assert plan.sessions is not None
    made = [worksheet(session, plan, standing, reference) for session in (plan.sessions[0], plan.sessions[-1])]
    made += [labels(plan, standing, reference, (1, 2, 4)), vial_order(plan, standing, reference)]
    made += [schedule(plan, standing, reference), downtime(plan, standing, reference)]
    return made + ([recall(plan, standing, reference)] if standing.superseded else [])


@cache
def drawn(name: str) -> tuple[Plan, Reference, list[bytes]]:
    """The papers of a case, drawn once for all tests."""
    plan, reference = case(name)
    return plan, reference, [draw(each) for each in documents(plan, RECALL, reference)]


@pytest.fixture(params=CASES)
def printed(request: pytest.FixtureRequest) -> tuple[Plan, Reference, list[bytes]]:
    return drawn(str(request.param))


def bare(paper: bytes, plan: Plan, reference: Reference) -> str:
    """The text without what is a name and no number: version, checksum, title of the product data, phone."""
    assert plan.versions is not None
    found = text(paper)
    for name in (plan.versions.product_data, f"Program {plan.versions.program}", reference.product.title):
        assert name in found or name == reference.product.title
        found = found.replace(name, "")
    return found.replace(reference.site.phone, "").replace(spelled_code(plan), "")


def test_numbers_are_printed_by_the_rules(printed: tuple[Plan, Reference, list[bytes]]) -> None:
    plan, reference, papers = printed
    for paper in papers:
        found = bare(paper, plan, reference)
        assert not re.findall(r"(?<![\d.])\d+\.\d*0(?![\d.])", found), "trailing zero"
        assert not re.findall(r"(?<!\d)\.\d", found), "bare decimal point"
        assert not re.findall(r"(?<![-.\d])\d{4,}", found), "thousands not grouped"
        assert not re.findall(r"\d(?:mL|mcg|micrograms|h|kg|cm)\b", found), "no blank before a unit"
        assert not re.findall("µg|μg|\\bug\\b|\\bcc\\b|\\bml\\b", found)
        assert set(re.findall(r"[\w.]*/[\w.]*", found)) <= {"mL/hour"}, "per is a word"
        assert not re.findall(r"mL (?:per|a|in a) (?:day|24)|mL per kg", found), "a volume per day"
        assert "nan" not in found.lower().split()
        assert "None" not in found


def test_micrograms_are_written_as_the_site_writes_them(printed: tuple[Plan, Reference, list[bytes]]) -> None:
    plan, reference, papers = printed
    wrong = "mcg" if reference.site.micrograms == "micrograms" else "microgram"
    for paper in papers:
        assert wrong not in bare(paper, plan, reference)
    assert reference.site.micrograms in bare(papers[0], plan, reference)


def test_every_paper_says_whose_it_is_and_what_made_it(printed: tuple[Plan, Reference, list[bytes]]) -> None:
    plan, _reference, papers = printed
    assert plan.order is not None
    assert plan.versions is not None
    assert plan.check_code is not None
    for paper in papers:
        for page in pages(paper):
            found = " ".join(page.split())
            assert plan.versions.program in found
            assert plan.versions.product_data in found
            assert f"{plan.check_code[:4]} {plan.check_code[4:]}" in found
            assert found.lower().count("not a registered medical device") == 1
            assert "pharmacist's own calculation stays primary" in found
            assert found.count("Papers use the decimal point") == 1
            assert plan.order.case in found or "Patient label" in found
            assert "Revision 2, print 1" in found
        found = text(paper)
        assert (f"{plan.order.case}, born" if plan.order.case else "Patient label") in found
        assert "Revision 2, print 1" in found


def test_findings_that_every_paper_states(printed: tuple[Plan, Reference, list[bytes]]) -> None:
    plan, _reference, papers = printed
    codes = {each.code for each in plan.findings}
    for code in ("formula-not-chosen", "product-not-approved", "prescription-not-compared"):
        for paper in papers:
            assert (lack_words(code) in text(paper)) is (code in codes)


def test_the_cases_cover_what_is_stated() -> None:
    codes = [{each.code for each in case(name)[0].findings} for name in CASES]
    for code in ("formula-not-chosen", "prescription-not-compared"):
        assert any(code in found for found in codes)
        assert any(code not in found for found in codes)


def test_the_file_is_tagged_archived_and_carries_its_fonts(printed: tuple[Plan, Reference, list[bytes]]) -> None:
    for paper in printed[2]:
        reader = pypdf.PdfReader(io.BytesIO(paper))
        assert reader.metadata is not None
        assert reader.metadata.title
        metadata = reader.xmp_metadata
        assert metadata is not None
        raw = metadata.stream.get_data().decode()
        for part in ("<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
            assert part in raw
        assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
        assert reader.trailer["/Root"]["/Lang"] == "en"
        fonts = {}
        for page in reader.pages:
            for font in page["/Resources"]["/Font"].values():
                inner = font.get_object()["/DescendantFonts"][0].get_object()
                fonts[str(inner["/BaseFont"])] = inner["/FontDescriptor"].get_object()
        assert fonts
        for name, descriptor in fonts.items():
            assert "AtkinsonHyperlegible" in name.replace(" ", "")
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_nothing_is_drawn_beyond_its_page(printed: tuple[Plan, Reference, list[bytes]]) -> None:
    for paper in printed[2]:
        check_places(paper)


def check_places(paper: bytes) -> None:
    for (width, height), boxes in places(paper):
        assert boxes
        for left, bottom, right, top in boxes:
            assert left >= -BELOW_PAGE
            assert bottom >= -BELOW_PAGE
            assert right <= width + BELOW_PAGE
            assert top <= height + BELOW_PAGE


def test_the_same_plan_gives_the_same_bytes() -> None:
    plan, reference = case("eu-clock")
    first = papers_of(plan, RECALL, reference)
    pdf._compiler.cache_clear()
    pdf._fonts.cache_clear()
    assert papers_of(Plan.model_validate_json(plan.model_dump_json()), RECALL, reference) == first
    assert set(first) == {
        *(f"worksheet-session-{number}.pdf" for number in range(1, 9)),
        "labels.pdf",
        "vial-order.pdf",
        "schedule.pdf",
        "downtime.pdf",
        "recall.pdf",
        "plan.json",
        "bags.csv",
        "sessions.csv",
        "bags-and-sessions.xlsx",
    }
    assert Plan.model_validate_json(first["plan.json"]) == plan


def test_pictures_show_the_pages_of_the_file() -> None:
    plan, reference = case("eu-96h")
    document = labels(plan, FINAL, reference)
    shown = pictures(document, 72)
    assert len(shown) == len(pages(draw(document))) == 7
    assert all(picture.startswith(b"\x89PNG") for picture in shown)


# ---- names and texts that are no language ----

HOSTILE = [
    '#read("/etc/passwd") *x* _y_',
    "$z$ `r` <label> @ref // -- ~ \\ #",
    'it\'s "quoted" \\" \\u{41}',
    "#import \"@preview/x:0.1.0\" = [b] {c} 1/2 'q'",
    "W" * 200,
    " ".join(["Wilhelmina"] * 18),
    "Łukasz Żółć-Åström d'Òc",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_printed_as_it_is_typed(name: str) -> None:
    plan, reference = case("eu-rates")
    standing = replace(FINAL, entered_by=name, checked_by=name)
    for document in documents(named(plan, name), standing, reference):
        paper = draw(document)
        check_places(paper)
        assert "".join(name.split()) in "".join(text(paper).split())
        assert "root:" not in text(paper)


def test_long_names_stay_off_other_words() -> None:
    """Signs of two words in one place would make both unreadable."""
    plan, reference = case("eu-rates")
    standing = replace(FINAL, entered_by="M" * 200)
    for document in documents(named(plan, "W" * 200), standing, reference):
        for _size, boxes in places(draw(document)):
            ordered = sorted(boxes)
            for place, (left, bottom, right, top) in enumerate(ordered):
                for other in ordered[place + 1 :]:
                    if other[0] >= right:
                        break
                    wide, high = min(right, other[2]) - max(left, other[0]), min(top, other[3]) - max(bottom, other[1])
                    assert wide < 1.5 or high < 2.5, (left, bottom, other)


@pytest.mark.parametrize("sign", ["李", "☃", "👶", "ش"])
def test_a_sign_that_the_font_lacks_is_an_error_that_names_it(sign: str) -> None:
    plan, reference = case("eu-96h")
    document = labels(named(plan, f"A {sign}"), FINAL, reference)
    for how in (draw, lambda given: pictures(given, 50)):
        with pytest.raises(NotDrawn) as caught:
            how(document)
        assert caught.value.reason == "character"
        assert sign in caught.value.sentence


def test_texts_that_cannot_fit_a_label_are_refused_not_cut() -> None:
    plan, reference = case("eu-rates")
    with pytest.raises(NotDrawn) as caught:
        draw(labels(named(plan, "W" * 1500), FINAL, reference))
    assert caught.value.reason == "does-not-fit"
    assert "larger label" in caught.value.sentence


def test_a_paper_that_the_drawing_stumbles_over_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip of our own: a template with a font that is not bundled, and one that wants what nobody composed."""
    (tmp_path / "papers").mkdir()
    font = (
        '#set document(title: "A paper")\n#set text(lang: "en", font: ("No Such Font", "Atkinson Hyperlegible"))\nText'
    )
    (tmp_path / "papers" / "font.typ").write_text(font)
    (tmp_path / "papers" / "wants.typ").write_text("#json(bytes(sys.inputs.data)).weight\n")
    pdf._fonts()  # read before, and kept: they are the bundled ones
    monkeypatch.setattr(pdf, "resources_folder", lambda: tmp_path)
    for template, said in (("font", "no such font"), ("wants", "weight")):
        with pytest.raises(NotDrawn) as caught:
            draw(Document(template, "A paper", Instant.from_utc(2026, 11, 23), {}))
        assert caught.value.reason == "drawing"
        assert said in caught.value.seen
        assert caught.value.sentence.startswith("The paper cannot be drawn: ")
        assert caught.value.sentence.endswith("Report this.")


# ---- drafts and revisions ----


@pytest.mark.parametrize("lack", LACKS)
def test_a_draft_says_what_it_lacks_and_bears_the_mark(lack: str) -> None:
    plan, reference = case("eu-early")
    for document in documents(plan, Standing(missing=(lack,)), reference):
        paper = draw(document)
        assert lack_words(lack) in text(paper)
        assert all("DRAFT" in page for page in pages(paper))
        assert "Revision" not in text(paper)


def test_a_draft_without_a_lack_is_not_issued_and_an_incomplete_plan_says_so() -> None:
    plan, reference = case("eu-early")
    assert lack_words("not-issued") in text(draw(vial_order(plan, Standing(), reference)))
    open_ = changed(plan, lambda content: content.update(complete=False))
    assert lack_words("incomplete") in text(draw(vial_order(open_, Standing(), reference)))
    with pytest.raises(NotPrintable, match="not complete"):
        vial_order(open_, FINAL, reference)


def test_what_contradicts_itself_is_not_printed() -> None:
    plan, reference = case("eu-early")
    with pytest.raises(NotPrintable, match="lacks nothing"):
        Standing(revision=1, missing=("not-checked",))
    with pytest.raises(NotPrintable, match="not known"):
        Standing(missing=("not-signed",))
    with pytest.raises(NotPrintable, match="from 1 on"):
        Standing(print_number=0)
    with pytest.raises(NotPrintable, match="without bags"):
        labels(Plan(complete=False), DRAFT, reference)
    with pytest.raises(NotPrintable, match="other product data"):
        labels(plan, FINAL, case("us-48h")[1])
    with pytest.raises(NotPrintable, match="no bag is superseded"):
        recall(plan, FINAL, reference)


def test_a_reprint_says_so_with_its_number() -> None:
    plan, reference = case("eu-early")
    for document in documents(plan, replace(RECALL, print_number=3), reference):
        assert all("REPRINT 3" in page for page in pages(draw(document)))
        assert "REPRINT 3" in text(draw(document))
        assert "print 1" not in text(draw(document))


def test_who_stands_for_a_revision() -> None:
    plan, reference = case("eu-early")
    found = text(draw(vial_order(plan, FINAL, reference)))
    assert "Entered by First Person" in found
    assert "Second check by Second Person, Sun 22-Nov-2026 10:30 (UTC+01:00)" in found
    assert "Product data approved by Third Person and Fourth Person" in found
    assert "Issued by Third Person, Sun 22-Nov-2026 11:00 (UTC+01:00)" in found


def test_a_measurement_outside_the_who_limits_names_who_confirmed_it() -> None:
    """As the window writes the reason, the names at its end: of a long one only that end stands on a label."""
    plan, reference = case("eu-early")

    def beyond(reason: str) -> Plan:
        found = {"code": "who-limits", "tier": "justify", "about": "order", "reason": reason}
        return changed(plan, lambda content: content["findings"].insert(0, found))

    names = "confirmed by Fifth Person and Sixth Person"
    for document in documents(beyond(f"measured again on the scale of the ward; {names}"), RECALL, reference):
        words = f"MEASUREMENT OUTSIDE WHO LIMITS: measured again on the scale of the ward; {names}"
        assert words in text(draw(document))
    for document in documents(beyond(f"{'a long story. ' * 100}; {names}"), RECALL, reference):
        found = text(draw(document))
        assert "MEASUREMENT OUTSIDE WHO LIMITS: … " in found
        assert names in found
    for document in documents(plan, RECALL, reference):
        assert "WHO LIMITS" not in text(draw(document))


def test_the_recall_lists_each_bag_with_room_for_who_destroyed_it() -> None:
    plan, reference = case("eu-early")
    found = text(draw(recall(plan, RECALL, reference)))
    assert "Destroyed by" in found
    assert "1 4 Sat 05-Dec-2026 14:00 (UTC+01:00)" in found


# ---- the vial order ----


def test_the_vial_order_lists_every_session(printed: tuple[Plan, Reference, list[bytes]]) -> None:
    plan, reference, papers = printed
    found = text(papers[3])
    assert plan.totals is not None
    for session in plan.sessions or ():
        row = f"{', '.join(map(str, session.bags))} {session.vials} {print_quantity(session.drawn, 'mL')[:-3]} "
        assert row in found
    assert f"{plan.totals.bags} {plan.totals.vials} {print_quantity(plan.totals.drug_drawn, 'mL')[:-3]}" in found
    assert print_quantity(reference.product.vial.usable.quantity, "mL").replace("\u00a0", " ") in found


def test_every_written_reason_is_printed() -> None:
    plan, reference = printable(weight="3 kg", length="48 cm", reason_weight_for_age="Born early; seen twice")
    assert any(each.reason for each in plan.findings)
    found = text(draw(vial_order(plan, FINAL, reference)))
    for each in plan.findings:
        assert each.reason in found


@pytest.mark.parametrize(
    ("names", "said"),
    [(("A. One",), "by A. One"), (("A. One", "B. Two"), "by A. One and B. Two"), (("A", "B", "C"), "by A, B and C")],
)
def test_however_many_approved_the_product_data_they_are_named(names: tuple[str, ...], said: str) -> None:
    assert f"Product data approved {said}" in people_words(replace(FINAL, approved_by=names), "Europe/Amsterdam")
