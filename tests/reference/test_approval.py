"""What two people of a site stand for: names, approvals of product data, the label's bands, a longer limit."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosing_app.reference.approval import same_person
from dosing_app.reference.limits import load_limits
from dosing_app.reference.product import load_product
from dosing_app.reference.product_entries import entries
from dosing_app.reference.site import Site, approval_of, band_of, has_bands, load_site
from dosing_app.reference.source import BadFile

LIMITS = load_limits()[0]
CHECKSUM = "0" * 64
BY = 'by = ["A. Jansen", "B. Smit"]'
APPROVAL = f'[[approval]]\nproduct = "eu"\nchecksum = "{CHECKSUM}"\n{BY}\non = "2026-11-23"\n'


def band(first: str = "0.3", last: str = "0.35", kind: str = "96h", volume: str = "1.9", by: str = BY) -> str:
    return f'[[band]]\nproduct = "eu"\nkind = "{kind}"\nfrom_m2 = {first}\nto_m2 = {last}\ndrug_ml = {volume}\n{by}\n'


@pytest.fixture
def site(tmp_path: Path):
    """Reads a site file of some lines."""

    def read(text: str) -> Site:
        path = tmp_path / "site.toml"
        path.write_text(f"schema = 1\n{text}\n", encoding="utf-8")
        return load_site(path, LIMITS)

    return read


# ---- names ----


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("A. Jansen", "a. jansen ", True),
        ("A.  Jansen", "A. Jansen", True),
        ("Jos\u00e9", "Jose\u0301", True),
        ("Strauß", "STRAUSS", True),
        ("A. Jansen", "B. Jansen", False),
        ("Jose", "José", False),
    ],
)
def test_who_is_the_same_person(first: str, second: str, same: bool) -> None:
    assert same_person(first, second) is same


@given(st.text(min_size=1))
def test_everybody_is_the_same_as_oneself(name: str) -> None:
    assert same_person(name, f" {name.upper()} ") == same_person(f" {name.upper()} ", name)
    assert same_person(name, f"  {name}")


WRONG_NAMES = [
    '["A. Jansen"]',
    '["A. Jansen", ""]',
    '["A. Jansen", " "]',
    '["A. Jansen", "a. JANSEN"]',
    '["A", "B", "C"]',
    "[]",
]


@pytest.mark.parametrize("names", WRONG_NAMES)
@pytest.mark.parametrize("table", ["approval", "band", "start_within_by"])
def test_one_person_never_signs_twice(names: str, table: str, site) -> None:
    text = {
        "approval": APPROVAL.replace('["A. Jansen", "B. Smit"]', names),
        "band": band(by=f"by = {names}"),
        "start_within_by": f"start_within_by = {names}",
    }[table]
    if (table, names) == ("start_within_by", "[]"):
        assert site(text).start_within_by == ()
        return
    with pytest.raises(BadFile) as caught:
        site(text)
    assert (caught.value.reason, caught.value.key) == (
        "two-names",
        "start_within_by" if table == "start_within_by" else "by",
    )


@pytest.mark.parametrize("names", ["1", '"A and B"', "[1, 2]", '["A", "\\u0000"]'])
def test_names_are_texts_that_can_be_printed(names: str, site) -> None:
    with pytest.raises(BadFile) as caught:
        site(f"start_within_by = {names}")
    assert caught.value.reason == "wrong-value"


# ---- a longer limit ----


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("", False),
        ("start_within_h = 24", False),
        ('start_within_h = 25\nstart_within_basis = "validated"', True),
        ('start_within_h = "product"\nstart_within_basis = "validated"', True),
        ('start_within_h = 25\nstart_within_basis = "validated"\nstart_within_by = ["A. Jansen", "B. Smit"]', False),
        ('start_within_by = ["A. Jansen", "B. Smit"]', False),
    ],
)
def test_a_longer_limit_without_names_is_read_and_marked(text: str, missing: bool, site) -> None:
    assert site(text).start_within_names_missing is missing


def test_a_file_cannot_say_that_its_names_are_there(site) -> None:
    with pytest.raises(BadFile) as caught:
        site("start_within_names_missing = false")
    assert (caught.value.reason, caught.value.key) == ("unknown-key", "start_within_names_missing")


# ---- approvals ----


@pytest.mark.parametrize(
    ("before", "after", "reason", "key"),
    [
        (CHECKSUM, CHECKSUM[1:], "wrong-value", "checksum"),
        (CHECKSUM, CHECKSUM.replace("0", "G"), "wrong-value", "checksum"),
        ('on = "2026-11-23"', 'on = "23.11.2026"', "wrong-value", "on"),
        ('on = "2026-11-23"', "on = 20261123", "wrong-value", "on"),
        ('on = "2026-11-23"', "on = 2026-11-23T10:00:00", "wrong-value", "on"),
        ('on = "2026-11-23"\n', "", "missing-key", "on"),
        (f"{BY}\n", "", "missing-key", "by"),
        ('product = "eu"', 'product = " "', "wrong-value", "product"),
        ('product = "eu"', 'product = "eu"\nrole = "pharmacist"', "unknown-key", "role"),
    ],
)
def test_a_wrong_approval_is_refused_by_table_and_key(before: str, after: str, reason: str, key: str, site) -> None:
    assert before in APPROVAL
    with pytest.raises(BadFile) as caught:
        site(APPROVAL.replace(before, after, 1))
    assert (caught.value.reason, caught.value.table, caught.value.key) == (reason, "approval.1", key)


def test_only_the_very_file_is_approved(site, tmp_path: Path) -> None:
    product = load_product("eu")
    right = APPROVAL.replace(CHECKSUM, product.checksum)
    assert approval_of(site(""), product) is None
    assert approval_of(site(APPROVAL), product) is None
    found = approval_of(site(APPROVAL + right), product)
    assert found is not None
    assert found.by == ("A. Jansen", "B. Smit")
    assert found.on.format_iso() == "2026-11-23"
    from dosing_app.reference.source import shipped

    other = tmp_path / "eu.toml"
    other.write_bytes(shipped("products")["eu"].read_bytes() + b"\n")  # one sign more
    assert approval_of(site(right), load_product(str(other))) is None


def test_the_latest_approval_stands(site) -> None:
    product = load_product("eu")
    one = APPROVAL.replace(CHECKSUM, product.checksum)
    later = one.replace("2026-11-23", "2026-12-01").replace("B. Smit", "C. Bakker")
    for text in (one + later, later + one):
        found = approval_of(site(text), product)
        assert found is not None
        assert found.by[1] == "C. Bakker"


# ---- bands ----


@pytest.mark.parametrize(
    ("m2", "volume"), [("0.29999", None), ("0.3", "1.9"), ("0.34999", "1.9"), ("0.35", "2.2"), ("0.4", None)]
)
def test_the_upper_end_of_a_band_belongs_to_the_next(m2: str, volume: str | None, site) -> None:
    found = band_of(site(band() + band("0.35", "0.4", volume="2.2")), "eu", "96h", Decimal(m2))
    assert (found and str(found.drug_ml)) == volume


def test_a_band_is_of_one_product_and_kind(site) -> None:
    settings = site(band())
    assert has_bands(settings, "eu")
    assert not has_bands(settings, "us")
    assert band_of(settings, "us", "96h", Decimal("0.32")) is None
    assert band_of(settings, "eu", "72h", Decimal("0.32")) is None
    assert not has_bands(site(""), "eu")


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        (("0.3", "0.35"), ("0.35", "0.4"), False),
        (("0.3", "0.35"), ("0.34", "0.4"), True),
        (("0.3", "0.4"), ("0.32", "0.35"), True),
        (("0.3", "0.35"), ("0.3", "0.35"), True),
    ],
)
def test_bands_of_one_kind_never_overlap(first: tuple[str, str], second: tuple[str, str], overlap: bool, site) -> None:
    assert len(site(band(*first) + band(*second, kind="72h")).band) == 2
    for text in (band(*first) + band(*second), band(*second) + band(*first)):
        if not overlap:
            assert len(site(text).band) == 2
            continue
        with pytest.raises(BadFile) as caught:
            site(text)
        error = caught.value
        assert error.reason == "overlap"
        for ends in (first, second):  # both are named
            assert f"{ends[0]}-{ends[1]} m²" in f"{error.values['found']} {error.values['other']}"


@pytest.mark.parametrize(
    ("text", "reason", "key"),
    [
        (band("0.4", "0.3"), "contradiction", "from_m2"),
        (band("0.3", "0.3"), "contradiction", "from_m2"),
        (band("0", "0.3"), "out-of-range", "from_m2"),
        (band(volume="0"), "out-of-range", "drug_ml"),
        (band(volume="nan"), "wrong-value", "drug_ml"),
        (band(volume='"1,9"'), "wrong-value", "drug_ml"),
        (band(kind=" "), "wrong-value", "kind"),
    ],
)
def test_a_wrong_band_is_refused_by_table_and_key(text: str, reason: str, key: str, site) -> None:
    with pytest.raises(BadFile) as caught:
        site(text)
    assert (caught.value.reason, caught.value.table, caught.value.key) == (reason, "band.1", key)


# ---- labels, wards, telephone ----


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('phone = "a\\nb"', "wrong-value"),
        ("phone = 31", "wrong-value"),
        ('wards = "Ward 1"', "wrong-value"),
        ('wards = ["Ward 1", " "]', "wrong-value"),
        ('wards = ["Ward 1", "Ward 1 "]', "twice"),
        ("wards = [1]", "wrong-value"),
        ("label_width_mm = 99.9", "out-of-range"),
        ("label_height_mm = 69.9", "out-of-range"),
        ("label_width_mm = 211", "out-of-range"),
        ('label_sheet = "letter"', "wrong-value"),
        ('[pump]\nname = "a\\nb"', "wrong-value"),
    ],
)
def test_what_papers_could_not_hold_is_refused(text: str, reason: str, site) -> None:
    with pytest.raises(BadFile) as caught:
        site(text)
    assert caught.value.reason == reason


def test_labels_have_a_size_without_a_site(site) -> None:
    found = site("")
    assert (found.label_width_mm, found.label_height_mm, found.label_sheet) == (100, 70, "single")
    assert (found.phone, found.wards, found.approval, found.band) == ("", (), (), ())


@pytest.mark.parametrize(
    "text",
    [
        'phone = "+31 20 555 0100"',
        'wards = ["Ward 1"]',
        "label_width_mm = 120\nlabel_height_mm = 80",
        'label_sheet = "a4"',
        'start_within_by = ["A. Jansen", "B. Smit"]',
        APPROVAL,
        band(),
    ],
)
def test_a_telephone_number_undoes_no_second_check(text: str, site) -> None:
    assert site(text).digest == site("").digest
    assert site(text) != site("")


# ---- what is looked at before approving ----


@pytest.mark.parametrize("name", ["eu", "us"])
def test_every_figure_of_a_product_file_is_among_the_entries(name: str) -> None:
    """Outside truth: the lines of the file itself."""
    import re

    from dosing_app.reference.source import shipped

    text = shipped("products")[name].read_text(encoding="utf-8")
    figures = re.findall(r'\{ value = "[^"]*", source = "[^"]*", grade = "[^"]*" \}', text)
    found = entries(load_product(name))
    assert len([each for each in found if each.grade]) == len(figures) > 30
    assert all(each.source for each in found if each.grade)
    graded = sorted(each.grade for each in found if each.grade)
    assert graded == sorted(re.findall(r'grade = "([^"]*)"', text))
    for key in ("composition", "infusion_included"):
        assert sum(each.key == key for each in found) == len(re.findall(rf"^{key} = ", text, re.MULTILINE))
