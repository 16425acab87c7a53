"""What is shipped: every figure with source and grade; figures and defaults as fact sheet and contract have them."""

import errno
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from whenever import Date

from dosing_app.core.clock import read_instant
from dosing_app.core.quantities import Field, magnitude, read_quantity
from dosing_app.reference import folder
from dosing_app.reference.bundle import load_house
from dosing_app.reference.folder import resources_folder
from dosing_app.reference.limits import Limits
from dosing_app.reference.product import load_product
from dosing_app.reference.protocol import load_protocol
from dosing_app.reference.site import Site, load_site
from dosing_app.reference.source import Figure, Grade, shipped
from dosing_app.reference.teaching_data import load_beginning, load_kinetics, load_slips

HERE = Path(__file__).parent
LIMITS: Limits = load_house().limits
# What a kind of file says that is not a figure.
TEXTS = {
    "schema",
    "name",
    "title",
    "version",
    "sources",
    "composition",
    "why_unavailable",
    "storage",
}
FLAGS = {"preservative", "infusion_included"}


def leaves(tables: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of a file that is a figure or looks like one, with its path."""
    if isinstance(tables, dict) and "value" not in tables:
        for key, value in tables.items():
            if (key in TEXTS and isinstance(value, (str, int))) or key in FLAGS or key == "sources":
                continue
            yield from leaves(value, f"{path}.{key}".strip("."))
    elif isinstance(tables, list):
        for number, value in enumerate(tables):
            yield from leaves(value, f"{path}[{number}]")
    else:
        yield path, tables


@pytest.mark.parametrize(
    "path", [*shipped("products").values(), resources_folder() / "limits.toml"], ids=lambda p: p.stem
)
def test_every_figure_has_its_source_and_grade(path: Path) -> None:
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    found = list(leaves(tables))
    assert len(found) >= 20
    for where, figure in found:
        assert isinstance(figure, dict), f"{where} is a bare value"
        assert set(figure) == {"value", "source", "grade"}, where
        assert tables["sources"][figure["source"]].strip(), where
        assert figure["grade"] in get_args(Grade), where


def test_judgements_are_marked_as_such() -> None:
    """A limit without a source is grade J, never a fact. Six of them have one (domain.md section 2)."""
    sourced = {"long_gap_h", "new_cycle_after_days", "pump_error_percent"}
    sourced |= {"restart_dose_micrograms_per_m2_per_day", "restart_step_after_days"}
    sourced |= {"restart_step_micrograms_per_m2_per_day"}
    for name, figure in LIMITS:
        assert figure.grade == ("B" if name in sourced else "J"), name
        assert figure.source, name


# domain.md section 3, with its grades: path, eu, us.
FIGURES = [
    ("vial.labelled", "microgram", ("38.5", "B"), ("35", "B")),
    ("vial.water", "mL", ("3", "B"), ("3", "B")),
    ("vial.strength", "microgram/mL", ("12.5", "B"), ("12.5", "B")),
    ("vial.reconstituted", "mL", ("3.08", "B"), ("3.08", "B")),
    ("vial.usable", "mL", ("2.8", "D"), ("2.8", "D")),
    ("vial.keeps_refrigerated", "h", ("24", "R"), ("24", "B")),
    ("vial.keeps_at_room", "h", ("4", "R"), ("4", "B")),
    ("saline.calculate_with", "mL", ("270", "B"), ("270", "B")),
    ("saline.fill_from", "mL", ("265", "R"), ("265", "R")),
    ("saline.fill_to", "mL", ("275", "R"), ("275", "R")),
    ("saline.sodium", "mmol/mL", ("0.154", "D"), ("0.154", "D")),
    ("stabiliser.citric_acid", "mg/mL", ("5.25", "B"), ("5.25", "B")),
    ("stabiliser.lysine", "mg/mL", ("228.38", "B"), ("228.38", "B")),
    ("stabiliser.polysorbate", "mg/mL", ("1", "B"), ("1", "B")),
    ("storage.preservative-free.refrigerated", "h", ("240", "R"), ("192", "B")),
    ("storage.preservative-free.at_room", "h", ("96", "R"), ("48", "B")),
    ("storage.preserved.refrigerated", "h", None, ("336", "R")),
    ("storage.preserved.at_room", "h", None, ("168", "R")),
    ("24h.rate", "mL/h", ("10", "R"), ("10", "B")),
    ("48h.rate", "mL/h", ("5", "R"), ("5", "B")),
    ("72h.rate", "mL/h", ("3.3", "R"), ("1.8", "B")),
    ("96h.rate", "mL/h", ("2.5", "R"), ("1.8", "B")),
    ("168h.rate", "mL/h", None, ("0.6", "B")),
    ("24h.diluent", "mL", ("270", "B"), ("270", "B")),
    ("96h.diluent", "mL", ("270", "B"), None),
    ("24h.stabiliser", "mL", ("5.5", "R"), ("5.5", "R")),
    ("72h.stabiliser", "mL", ("5.5", "R"), None),
    ("168h.diluent", "mL", None, ("90", "R")),
    ("168h.stabiliser", "mL", None, ("2.2", "R")),
    ("168h.final", "mL", None, ("110", "R")),
    ("168h.minimum_weight", "kg", None, ("5.4", "B")),
    ("72h.minimum_weight", "kg", None, ("5.4", "B")),
    ("96h.minimum_weight", "kg", None, ("5.4", "B")),
]


@pytest.mark.parametrize(("path", "unit", "eu", "us"), FIGURES, ids=[row[0] for row in FIGURES])
def test_figures_of_the_fact_sheet(path: str, unit: str, eu: tuple | None, us: tuple | None) -> None:
    for name, expected in (("eu", eu), ("us", us)):
        product = load_product(name)
        found: Any = product
        for part in path.split("."):
            if found is product and part in product.kinds:
                found = product.kinds[part]
            elif isinstance(found, dict):
                found = found.get(part)
            else:
                found = getattr(found, part, None)
        if expected is None:
            assert found is None, f"{name} {path}"
            continue
        assert isinstance(found, Figure), f"{name} {path}"
        assert (magnitude(found.quantity, unit), found.grade) == (Decimal(expected[0]), expected[1]), f"{name} {path}"


def test_kinds_of_each_product() -> None:
    eu, us = load_product("eu"), load_product("us")
    assert list(eu.kinds) == ["24h", "48h", "72h", "96h"]
    assert not any(kind.preservative for kind in eu.kind)
    assert {kind.name for kind in us.kind if kind.plannable} == {"24h", "48h", "168h"}
    assert {kind.name for kind in us.kind if kind.preservative} == {"72h", "96h", "168h"}
    assert all(kind.why_unavailable for kind in us.kind if not kind.plannable)
    assert not eu.storage["preservative-free"].infusion_included
    assert us.storage["preservative-free"].infusion_included
    assert us.storage["preserved"].infusion_included
    for product in (eu, us):
        assert all(f"{kind.hours}h" == kind.name for kind in product.kind)


def test_benzyl_alcohol_of_the_seven_day_bag() -> None:
    """90 × 9 / 110 = 7.36 mg/mL."""
    content = magnitude(load_product("us").kinds["168h"].benzyl_alcohol_in_bag, "mg/mL")
    assert round(content, 2) == Decimal("7.36")
    assert magnitude(load_product("us").kinds["24h"].benzyl_alcohol_in_bag, "mg/mL") == 0


def test_an_installation_without_its_data_says_where_they_were_sought(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "__file__", str(tmp_path / "dosing_app" / "reference" / "folder.py"))
    (tmp_path / "resources").mkdir()  # somebody else's: there are no products in it
    resources_folder.cache_clear()
    try:
        with pytest.raises(FileNotFoundError) as caught:
            resources_folder()
    finally:
        monkeypatch.undo()
        resources_folder.cache_clear()
    sought = str(tmp_path / "dosing_app" / "resources")
    assert (caught.value.filename, caught.value.errno) == (sought, errno.ENOENT)  # said in the system's own words
    assert caught.value.strerror
    assert (resources_folder() / "products").is_dir()


def test_the_infant_of_a_lesson_can_be_read() -> None:
    infant = load_beginning()
    weight, length = Field("weight", "kg", Decimal(1), Decimal(20)), Field("length", "cm", Decimal(35), Decimal(100))
    assert magnitude(read_quantity(infant.weight, weight), "kg") == Decimal("6.42")
    assert magnitude(read_quantity(infant.length, length), "cm") == Decimal("63.5")
    assert infant.product in shipped("products")
    assert set(infant.pattern.split(",")) <= set(load_product(infant.product).kinds)
    read_instant(infant.start, load_site(None, LIMITS).zone, typed=True)  # or it is refused


def test_figures_for_teaching_are_those_of_the_fact_sheet() -> None:
    """domain.md, sections 2 and 8: 1 microgram per litre is 1000 pg per mL."""
    kinetics, slips = load_kinetics(), load_slips()
    infants, children = kinetics.infants, kinetics.children
    found = [
        (infants.clearance, "L/h/m^2", "0.89", "A"),
        (infants.clearance_lowest, "L/h/m^2", "0.57", "A"),
        (infants.clearance_highest, "L/h/m^2", "2.66", "A"),
        (infants.measured_steady_state, "microgram/L", "0.706", "A"),
        (infants.measured_spread, "microgram/L", "0.194", "A"),
        (children.half_life, "h", "2.04", "B"),
        (children.half_life_spread, "h", "1.35", "B"),
        (children.printed_volume, "L/m^2", "3.14", "B"),
        (slips.volume_of_a_day, "mL", "28.8", "C"),
    ]
    for figure, unit, value, grade in found:
        assert (magnitude(figure.quantity, unit), figure.grade) == (Decimal(value), grade)
        assert figure.source


@pytest.mark.parametrize("where", ["shipped", "contract"])
def test_the_protocol(where: str) -> None:
    name = "infant-course" if where == "shipped" else str(HERE / "protocol_of_the_contract.toml")
    protocol = load_protocol(name)
    assert protocol.name == "infant-course"
    assert magnitude(protocol.phases[0].dose_rate, "microgram/m^2/day") == 15
    assert magnitude(protocol.daily_cap, "microgram/day") == 28
    assert protocol.course_hours == 672
    assert protocol.grade == "A"
    assert protocol.source.startswith("van der Sluis 2023, NEJM 388:1572, PMID 37099340")


# ---- site ----

NOT_BY_DEFAULT = {"name", "country", "closed", "formula"}  # "the file below less name, country, closed and formula"


def test_the_site_file_of_the_contract_shows_the_defaults() -> None:
    shown = load_site(HERE / "site_of_the_contract.toml", LIMITS)
    default = load_site(None, LIMITS)
    for key in set(Site.model_fields) - NOT_BY_DEFAULT - {"thresholds", "digest"}:
        assert getattr(shown, key) == getattr(default, key), key
    assert [getattr(default, key) for key in ("name", "country", "closed", "formula")] == ["", "", (), ""]
    assert (shown.name, shown.country, shown.formula) == ("Example hospital", "NL", "mosteller")
    assert [day.format_iso() for day in shown.closed] == ["2026-12-24"]
    limits = LIMITS
    assert set(shown.thresholds) == {
        "measurement_age_days",
        "measurement_age_days_below_90_days",
        "sodium_note_mmol_per_kg_per_day",
        "sodium_justify_mmol_per_kg_per_day",
    }
    for key, number in shown.thresholds.items():
        assert number.number == limits.value(key), key


def test_defaults_by_value() -> None:
    """The block of the contract once more, by hand, so that a slip in reading both alike is seen."""
    site = load_site(None, LIMITS)
    assert (site.zone, site.product, site.micrograms) == ("Europe/Amsterdam", "eu", "micrograms")
    assert (site.start_within_h, site.start_within_basis, site.preserved_bags) == (24, "", False)
    assert (site.share_vials, site.two_small_syringes) == (True, False)
    assert (site.lead_time_h, site.session_h, site.max_bags_per_session) == (2, Decimal("1.5"), 4)
    assert [f"{at:%H:%M}" if hasattr(at, "strftime") else at.format_iso()[:5] for at in site.change_hours] == [
        "07:00",
        "19:00",
    ]
    assert (site.weekend_changes, site.make_up_from_h, site.prime_ml, site.vial_price) == ("off-hours", 4, None, "")
    assert sorted(site.preparation_hours) == [1, 2, 3, 4, 5]
    assert {(o.format_iso()[:5], c.format_iso()[:5]) for o, c in site.preparation_hours.values()} == {
        ("08:00", "17:30")
    }
    assert site.syringes == {1: Decimal("0.01"), 3: Decimal("0.1"), 10: Decimal("0.2"), 60: 1}
    assert (site.pump.name, site.pump.step_ml_per_h, site.pump.tested_from_ml_per_h) == ("", Decimal("0.1"), None)


def test_a_site_without_any_key_is_the_default(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text("schema = 1\n")
    assert load_site(path, LIMITS) == load_site(None, LIMITS)


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ('formula = "haycock"', "formula", "haycock"),
        ('start_within_h = "product"\nstart_within_basis = "validated, A. Pharmacist"', "start_within_h", None),
        ('start_within_h = 96\nstart_within_basis = "validated, A. Pharmacist"', "start_within_h", 96),
        ("start_within_h = 12", "start_within_h", 12),
        ('country = ""', "country", ""),
        ('prime_ml = "7.5"', "prime_ml", Decimal("7.5")),
        ("prime_ml = 7.5", "prime_ml", Decimal("7.5")),
        ('micrograms = "mcg"', "micrograms", "mcg"),
        ('weekend_changes = "wanted"', "weekend_changes", "wanted"),
        ('vial_price = "2017 GBP"', "vial_price", "2017 GBP"),
    ],
)
def test_settings_are_taken(tmp_path: Path, text: str, key: str, expected: object) -> None:
    path = tmp_path / "site.toml"
    path.write_text(f"schema = 1\n{text}\n")
    assert getattr(load_site(path, LIMITS), key) == expected


def test_thresholds_of_a_site_replace_the_shipped_ones(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text("schema = 1\n[thresholds]\nmeasurement_age_days = 5\nsodium_justify_mmol_per_kg_per_day = 4.5\n")
    limits = load_house(path).limits
    assert limits.value("measurement_age_days") == 5
    assert limits.value("sodium_justify_mmol_per_kg_per_day") == Decimal("4.5")
    assert limits.value("sodium_note_mmol_per_kg_per_day") == 3
    assert LIMITS.value("measurement_age_days") == 7


def test_public_holidays_are_closed(tmp_path: Path) -> None:
    site = load_site(HERE / "site_of_the_contract.toml", LIMITS)
    closed = site.closed_days(Date(2026, 12, 20), Date(2027, 1, 5))
    assert {Date(2026, 12, 24), Date(2026, 12, 25), Date(2026, 12, 26), Date(2027, 1, 1)} <= closed
    assert Date(2026, 12, 23) not in closed
    assert not load_site(None, LIMITS).closed_days(Date(2026, 12, 20), Date(2027, 1, 5))


def test_the_digest_follows_what_touches_a_plan_and_nothing_else(tmp_path: Path) -> None:
    def digest(text: str) -> str:
        path = tmp_path / "site.toml"
        path.write_text(f"schema = 1\n{text}\n")
        return load_site(path, LIMITS).digest

    default = digest("")
    for text in (
        'name = "A"',
        'vial_price = "2017 GBP"',
        '[pump]\nname = "Pump"',
        "session_h = 1.50",
        "lead_time_h = 2.0",
    ):
        assert digest(text) == default, text
    changing = [
        'formula = "mosteller"', 'zone = "Europe/Paris"', "session_h = 1.25", "lead_time_h = 3", "prime_ml = 5",
        "share_vials = false", "preserved_bags = true", "two_small_syringes = true", 'closed = ["2026-12-24"]',
        'country = "NL"', "start_within_h = 20", 'change_hours = "07:00-18:00"', 'weekend_changes = "wanted"',
        '[pump]\nstep_ml_per_h = "0.5"', '[syringes]\n"1" = "0.01"\n"60" = "1"',
        "[thresholds]\nmeasurement_age_days = 6",
        '[preparation_hours]\nmon = "08:00-17:30"',
    ]  # fmt: skip
    digests = [digest(text) for text in changing]
    assert len({*digests, default}) == len(changing) + 1
