"""Every bad product, protocol and site file is refused by file, table, key and reason, and never half used."""

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dosing_app.core.quantities import magnitude
from dosing_app.reference.bundle import load_house
from dosing_app.reference.folder import resources_folder
from dosing_app.reference.product import load_product
from dosing_app.reference.protocol import load_protocol
from dosing_app.reference.site import load_site
from dosing_app.reference.source import BadFile

LOADERS: dict[str, Callable[[Path], object]] = {
    "product": lambda path: load_product(str(path)),
    "protocol": lambda path: load_protocol(str(path)),
    "site": lambda path: load_site(path, load_house().limits),
}
GOOD = {
    "product": (resources_folder() / "products" / "us.toml").read_text(encoding="utf-8"),
    "protocol": (resources_folder() / "protocols" / "infant-course.toml").read_text(encoding="utf-8"),
    "site": (Path(__file__).parent / "site_of_the_contract.toml").read_text(encoding="utf-8"),
}


def bad(kind: str, content: str | bytes | None, folder: Path) -> BadFile:
    path = folder / "file.toml"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    with pytest.raises(BadFile) as caught:
        LOADERS[kind](path)
    assert caught.value.file == str(path)
    return caught.value


@pytest.mark.parametrize("kind", LOADERS)
def test_the_good_files_are_good(kind: str, tmp_path: Path) -> None:
    """A guard of the other tests: each bad file differs from a good one in one point."""
    path = tmp_path / "good.toml"
    path.write_text(GOOD[kind], encoding="utf-8")
    assert LOADERS[kind](path)


@pytest.mark.parametrize("kind", LOADERS)
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "no-file"),
        ("", "empty"),
        (" \n\t\n", "empty"),
        (b"\xff\xfes\x00c\x00h\x00", "not-utf8"),
        ('schema = 1\nname = "caf\u00e9"\n'.encode("latin-1"), "not-utf8"),
        (b"\x00\x01\x02\x03", "syntax"),
        ('schema = 1\nname = "x', "syntax"),
        ("schema = 1\nname = ", "syntax"),
        ("schema = 1\nschema = 1\n", "syntax"),
        ("{}", "syntax"),
        ("schema = 1\na = " + "9" * 10_000, "too-many-digits"),
        ("schema = 1\na = " + "[" * 100_000, "too-deep"),
        ("schema = 1\na = " + "[" * 100_000 + "]" * 100_000, "too-deep"),
        ("schema = 1\na = " + "{a=" * 100_000 + "1" + "}" * 100_000, "too-deep"),
        ("schema = 1\n" + ".".join("a" * 102) + " = 1", "too-deep"),
        ('name = "x"\n', "no-schema"),
        ('schema = "1"\n', "no-schema"),
        ("schema = true\n", "no-schema"),
        ("schema = 1.0\n", "no-schema"),
        ("schema = nan\n", "no-schema"),
        ("schema = 2\n", "newer"),
        ("schema = 999999999999999999999\nunheard_of = 1\n", "newer"),
        ("schema = 0\n", "wrong-value"),
        ("schema = -1\n", "wrong-value"),
        ("schema = 1\nunheard_of = 1\n", None),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_no_file_may_be(kind: str, content: str | bytes | None, reason: str | None, tmp_path: Path) -> None:
    error = bad(kind, content, tmp_path)
    if reason is None:
        assert (error.reason, error.key) in {
            ("unknown-key", "unheard_of"),
            ("missing-key", "name"),
            ("missing-key", "title"),
        }
    else:
        assert error.reason == reason
    if reason in {"no-schema", "newer"}:
        assert error.key == "schema"
    if reason == "syntax" and isinstance(content, str):
        assert re.search(r"line \d+", str(error.values["problem"])), "the line of a syntax error is named"


@pytest.mark.parametrize("kind", LOADERS)
def test_a_folder_is_no_file(kind: str, tmp_path: Path) -> None:
    (tmp_path / "file.toml").mkdir()
    assert bad(kind, None, tmp_path).reason == "not-a-file"


@pytest.mark.parametrize("kind", LOADERS)
def test_a_file_of_100_mb_is_refused_unread(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file.toml"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda each: pytest.fail("it is read") if each == path else read(each))
    assert bad(kind, None, tmp_path).reason == "too-large"


@pytest.mark.parametrize("kind", LOADERS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_file_cut_anywhere_is_refused_or_whole_in_itself(kind: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(GOOD[kind]) - 1))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cut.toml"
        path.write_text(GOOD[kind][:cut], encoding="utf-8")
        try:
            LOADERS[kind](path)
        except BadFile as error:
            reason = error.reason
        else:
            reason = "whole"
        plain = {"empty", "syntax", "no-schema", "missing-key", "wrong-value", "no-source", "out-of-range"}
        assert reason in plain | {"whole"}


@pytest.mark.parametrize("kind", LOADERS)
@settings(max_examples=100, deadline=None)
@given(content=st.text(max_size=300) | st.binary(max_size=300).map(lambda raw: raw.decode("latin-1")))
def test_any_content_is_refused_by_name(kind: str, content: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bad(kind, content, Path(folder))


# ---- one wrong value in a good file: what stands there, what is put there, then reason, table and key ----

# ruff: noqa: E501 - a row is one line
PRODUCT = [
    ('strength = { value = "12.5 microgram/mL"', 'strength = { value = "12.5 mL"', "wrong-value", "vial.strength", "value"),
    ('strength = { value = "12.5 microgram/mL"', 'strength = { value = "12.5 mg/mL"', "out-of-range", "vial.strength", "value"),
    ('strength = { value = "12.5 microgram/mL"', 'strength = { value = "12.5"', "wrong-value", "vial.strength", "value"),
    ('strength = { value = "12.5 microgram/mL"', 'strength = { value = "nan microgram/mL"', "wrong-value", "vial.strength", "value"),
    ('strength = { value = "12.5 microgram/mL"', "strength = { value = 12.5", "wrong-value", "vial.strength", "value"),
    ('strength = { value = "12.5 microgram/mL"', "strength = { value = nan", "wrong-value", "vial.strength", "value"),
    ('strength = { value = "12.5 microgram/mL", source = "monograph", grade = "B" }', 'strength = "12.5 microgram/mL"', "no-source", "vial.strength", "source"),
    ('strength = { value = "12.5 microgram/mL", source = "monograph", ', 'strength = { value = "12.5 microgram/mL", ', "no-source", "vial.strength", "source"),
    ('strength = { value = "12.5 microgram/mL", source = "monograph"', 'strength = { value = "12.5 microgram/mL", source = " "', "no-source", "vial.strength", "source"),
    ('strength = { value = "12.5 microgram/mL", source = "monograph"', 'strength = { value = "12.5 microgram/mL", source = "hearsay"', "no-source", "vial.strength", "source"),
    ('strength = { value = "12.5 microgram/mL", source = "monograph", grade = "B"', 'strength = { value = "12.5 microgram/mL", source = "monograph"', "no-source", "vial.strength", "grade"),
    ('strength = { value = "12.5 microgram/mL", source = "monograph", grade = "B"', 'strength = { value = "12.5 microgram/mL", source = "monograph", grade = "Z"', "wrong-value", "vial.strength", "grade"),
    ('strength = { value = "12.5 microgram/mL"', 'strength = { page = 3, value = "12.5 microgram/mL"', "unknown-key", "vial.strength", "page"),
    ("[vial]", "[vial]\nwidth = 3", "unknown-key", "vial", "width"),
    ('usable = { value = "2.8 mL"', 'usable = { value = "3.1 mL"', "contradiction", "", "strength"),
    ('usable = { value = "2.8 mL"', 'usable = { value = "1.5 mL"', "contradiction", "", "usable"),
    ('water = { value = "3 mL"', 'water = { value = "3.1 mL"', "contradiction", "", "water"),
    ('title = "United States, 35 microgram vial"', 'title = " "', "wrong-value", "", "title"),
    ('title = "United States, 35 microgram vial"', 'title = "a\\nb"', "wrong-value", "", "title"),
    ('title = "United States, 35 microgram vial"', f'title = "{"x" * 81}"', "wrong-value", "", "title"),
    ('sodium = { value = "0.154 mmol/mL"', 'sodium = { value = "154 mmol/L"', None, "", ""),
    ('rate = { value = "10 mL/h"', 'rate = { value = "1000 mL/h"', "out-of-range", "kind.1.rate", "value"),
    ('rate = { value = "0.6 mL/h"', 'rate = { value = "0 mL/h"', "out-of-range", "kind.5.rate", "value"),
    ('duration = { value = "24 h"', 'duration = { value = "24 mL"', "wrong-value", "kind.1.duration", "value"),
    ('name = "24h"\ncomposition = "additive"\nduration = { value = "24 h"', 'name = "48h"\ncomposition = "additive"\nduration = { value = "48 h"', "twice", "", "name"),
    ('name = "48h"', 'name = "48 h"', "wrong-value", "kind.2", "name"),
    ('name = "48h"', 'name = "48h@24"', "wrong-value", "kind.2", "name"),
    ('final = { value = "110 mL", source = "label", grade = "R" }\n', "", "missing-key", "kind.5", "final"),
    ('benzyl_alcohol = { value = "9 mg/mL", source = "label", grade = "R" }\n', "", "contradiction", "kind.5", "preservative"),
    ('storage = "preserved"', 'storage = "freezer"', "wrong-value", "", "storage"),
    ('composition = "made-up"', 'composition = "poured"', "wrong-value", "kind.5", "composition"),
    ("infusion_included = true", 'infusion_included = "yes"', "wrong-value", "storage.preservative-free", "infusion_included"),
    ("infusion_included = true", "infusion_included = 1", "wrong-value", "storage.preservative-free", "infusion_included"),
    ('name = "us"\n', "", "missing-key", "", "name"),
    ('name = "us"\n', 'name = "us"\nchecksum = "00"\n', "unknown-key", "", "checksum"),
]  # fmt: skip
PROTOCOL = [
    ('dose_rate = "15 microgram / m^2 / day"', 'dose_rate = "15 microgram / day"', "wrong-value", "", "dose_rate"),
    ('dose_rate = "15 microgram / m^2 / day"', 'dose_rate = "15 mg / m^2 / day"', "out-of-range", "", "dose_rate"),
    ('dose_rate = "15 microgram / m^2 / day"', "dose_rate = 15", "wrong-value", "", "dose_rate"),
    ('dose_rate = "15 microgram / m^2 / day"', "dose_rate = nan", "wrong-value", "", "dose_rate"),
    ('dose_rate = "15 microgram / m^2 / day"\n', "", "missing-key", "", "dose_rate"),
    ("course_days = 28\n", "", "missing-key", "", "course_days"),
    ("course_days = 28", "course_days = 0", "out-of-range", "", "course_days"),
    ("course_days = 28", "course_days = 57", "out-of-range", "", "course_days"),
    ("course_days = 28", "course_days = 28.0", "wrong-value", "", "course_days"),
    ("course_days = 28", 'course_days = "28"', "wrong-value", "", "course_days"),
    ("course_days = 28", "course_days = true", "wrong-value", "", "course_days"),
    ('daily_cap = "28 microgram / day"\n', "", "missing-key", "", "daily_cap"),
    ('daily_cap = "28 microgram / day"', 'daily_cap = "28 mg / day"', "out-of-range", "", "daily_cap"),
    ('grade = "A"', 'grade = "S"', "wrong-value", "", "grade"),
    ('grade = "A"\n', "", "missing-key", "", "grade"),
    ('grade = "A"', 'grade = "A"\n[[phase]]\ndays = 7\ndose_rate = "5 microgram/m^2/day"', "contradiction", "", "dose_rate"),
    ('dose_rate = "15 microgram / m^2 / day"\n', 'phase = [{ days = 7, dose_rate = "5 microgram/m^2/day" }]\n', "contradiction", "", "course_days"),
    ('grade = "A"', 'grade = "A"\nroute = "iv"', "unknown-key", "", "route"),
]  # fmt: skip
SITE = [
    ("lead_time_h = 2 ", "lead_time_h = 1 ", "contradiction", "", "session_h"),
    ("lead_time_h = 2 ", "lead_time_h = 25 ", "out-of-range", "", "lead_time_h"),
    ("lead_time_h = 2 ", "lead_time_h = nan ", "wrong-value", "", "lead_time_h"),
    ("lead_time_h = 2 ", "lead_time_h = inf ", "wrong-value", "", "lead_time_h"),
    ("lead_time_h = 2 ", 'lead_time_h = "2 h" ', "wrong-value", "", "lead_time_h"),
    ("lead_time_h = 2 ", "lead_time_h = true ", "wrong-value", "", "lead_time_h"),
    ("lead_time_h = 2 ", 'lead_time_h = "２" ', "wrong-value", "", "lead_time_h"),
    ("session_h = 1.5 ", "session_h = -1 ", None, "", "session_h"),
    ("max_bags_per_session = 4", "max_bags_per_session = 0", "out-of-range", "", "max_bags_per_session"),
    ("max_bags_per_session = 4", "max_bags_per_session = 4.5", "wrong-value", "", "max_bags_per_session"),
    ("max_bags_per_session = 4", "max_bags_per_session = true", "wrong-value", "", "max_bags_per_session"),
    ("start_within_h = 24 ", "start_within_h = 25 ", "missing-basis", "", "start_within_basis"),
    ("start_within_h = 24 ", 'start_within_h = "product" ', "missing-basis", "", "start_within_basis"),
    ("start_within_h = 24 ", 'start_within_h = "label" ', "wrong-value", "", "start_within_h"),
    ('zone = "Europe/Amsterdam"', 'zone = "Europe/Atlantis"', "wrong-value", "", "zone"),
    ('zone = "Europe/Amsterdam"', "zone = 1", "wrong-value", "", "zone"),
    ('product = "eu"', 'product = "uk"', "wrong-value", "", "product"),
    ('formula = "mosteller"', 'formula = "du-bois"', "wrong-value", "", "formula"),
    ('formula = "mosteller"', 'formula = "Mosteller"', "wrong-value", "", "formula"),
    ('country = "NL"', 'country = "Atlantis"', "wrong-value", "", "country"),
    ('closed = ["2026-12-24"]', 'closed = ["24.12.2026"]', "wrong-value", "", "closed"),
    ('closed = ["2026-12-24"]', 'closed = "2026-12-24"', "wrong-value", "", "closed"),
    ('closed = ["2026-12-24"]', "closed = [nan]", "wrong-value", "", "closed"),
    ('vial_price = ""', 'vial_price = "2017 pounds"', "wrong-value", "", "vial_price"),
    ('vial_price = ""', 'register = "postgresql://user:secret@server/courses"', "wrong-value", "", "register"),
    ('micrograms = "micrograms"', 'micrograms = "µg"', "wrong-value", "", "micrograms"),
    ("preserved_bags = false", 'preserved_bags = "false"', "wrong-value", "", "preserved_bags"),
    ("preserved_bags = false", "preserved_bags = 0", "wrong-value", "", "preserved_bags"),
    ("preserved_bags = false", "preserved_bag = true", "unknown-key", "", "preserved_bag"),
    ('change_hours = "07:00-19:00"', 'change_hours = "19:00-07:00"', "wrong-value", "", "change_hours"),
    ('change_hours = "07:00-19:00"', 'change_hours = "7-19"', "wrong-value", "", "change_hours"),
    ('weekend_changes = "off-hours"', 'weekend_changes = "off"', "wrong-value", "", "weekend_changes"),
    ('prime_ml = ""', 'prime_ml = "5 mL"', "wrong-value", "", "prime_ml"),
    ('prime_ml = ""', "prime_ml = 31", "out-of-range", "", "prime_ml"),
    ('mon = "08:00-17:30"', 'monday = "08:00-17:30"', "unknown-key", "preparation_hours", "monday"),
    ('mon = "08:00-17:30"', 'mon = "08:00-25:00"', "wrong-value", "preparation_hours", "mon"),
    ('mon = "08:00-17:30"', "mon = 8", "wrong-value", "preparation_hours", "mon"),
    ('mon = "08:00-17:30"', 'mon = "08:00-09:29"', "contradiction", "", "preparation_hours.mon"),
    ('"3" = "0.1"', '"1.0" = "0.1"', "twice", "syringes", "1.0"),
    ('"1" = "0.01"', '"1" = "1"', "out-of-range", "syringes", "1"),
    ('"1" = "0.01"', '"1" = "nan"', "wrong-value", "syringes", "1"),
    ('"1" = "0.01"', '"one" = "0.01"', "wrong-value", "syringes", "one"),
    ("[pump]", '[pump]\ncolour = "blue"', "unknown-key", "pump", "colour"),
    ('step_ml_per_h = "0.1"', 'step_ml_per_h = "0"', "out-of-range", "pump", "step_ml_per_h"),
    ("measurement_age_days = 7", "measurement_age_day = 7", "unknown-key", "thresholds", "measurement_age_day"),
    ("measurement_age_days = 7", "measurement_age_days = 0", "out-of-range", "thresholds", "measurement_age_days"),
    ("measurement_age_days = 7", "measurement_age_days = nan", "wrong-value", "thresholds", "measurement_age_days"),
    ("measurement_age_days = 7", "measurement_age_days = true", "wrong-value", "thresholds", "measurement_age_days"),
    ("schema = 1\n", 'schema = 1\ndigest = "00"\n', "unknown-key", "", "digest"),
]  # fmt: skip
ROWS = [(kind, *row) for kind, rows in (("product", PRODUCT), ("protocol", PROTOCOL), ("site", SITE)) for row in rows]


@pytest.mark.parametrize(
    ("kind", "before", "after", "reason", "table", "key"), ROWS, ids=[f"{row[0]}: {row[2][:50]}" for row in ROWS]
)
def test_one_wrong_value(
    kind: str, before: str, after: str, reason: str | None, table: str, key: str, tmp_path: Path
) -> None:
    assert before in GOOD[kind]
    content = GOOD[kind].replace(before, after, 1)
    if kind == "product" and reason is None:  # a value in another unit of the same kind is converted, not refused
        path = tmp_path / "file.toml"
        path.write_text(content, encoding="utf-8")
        assert load_product(str(path)).saline.sodium == load_product("us").saline.sodium
        return
    error = bad(kind, content, tmp_path)
    assert reason is None or error.reason == reason
    assert (error.table, error.key) == (table, key)


@pytest.mark.parametrize(
    ("text", "reason", "table", "key"),
    [
        ('preparation_hours = "always"', "wrong-value", "", "preparation_hours"),
        ("preparation_hours = {}", "missing-key", "", "preparation_hours"),
        ("syringes = 1", "wrong-value", "", "syringes"),
        ("syringes = {}", "wrong-value", "", "syringes"),
        ("thresholds = 3", "wrong-value", "", "thresholds"),
        ("pump = 3", "wrong-value", "", "pump"),
        ("thresholds.thresholds = 3", "unknown-key", "thresholds", "thresholds"),
        # fifteen thousandths of a millilitre are more than a hundredth, and the smallest syringe holds no 2 mL
        ('two_small_syringes = true\nsyringes = { 1 = "0.015" }', "contradiction", "", "two_small_syringes"),
        ('two_small_syringes = true\nsyringes = { 2 = "0.01" }', "contradiction", "", "two_small_syringes"),
        # a note at 6 would come after a reason at 5
        (
            "thresholds.sodium_note_mmol_per_kg_per_day = 6",
            "contradiction",
            "thresholds",
            "sodium_note_mmol_per_kg_per_day",
        ),
        ("thresholds.measurement_age_days = [7]", "wrong-value", "thresholds", "measurement_age_days"),
        (f"phone = 0x{'f' * 5000}", "wrong-value", "", "phone"),
        (f"prime_ml = 0x{'f' * 5000}", "out-of-range", "", "prime_ml"),
    ],
    ids=lambda value: value[:60],
)
def test_a_site_file_with_a_wrong_table(text: str, reason: str, table: str, key: str, tmp_path: Path) -> None:
    error = bad("site", f"schema = 1\n{text}\n", tmp_path)
    assert (error.reason, error.table, error.key) == (reason, table, key)


def test_a_password_is_not_repeated(tmp_path: Path) -> None:
    error = bad("site", 'schema = 1\nregister = "postgresql://user:secret@server/courses"\n', tmp_path)
    assert "secret" not in str(error)


def test_a_number_of_thousands_of_digits_is_not_written_out(tmp_path: Path) -> None:
    """Sixteen to a digit there are no limits to what the reader of TOML takes."""
    error = bad("site", f"schema = 0x{'f' * 5000}\n", tmp_path)
    assert (error.reason, error.values["found"]) == ("newer", "a number of thousands of digits")


def test_a_value_nested_by_dots_over_many_lines_is_too_deep(tmp_path: Path) -> None:
    """A hundred dots in each line are read; a text of so many tables within tables cannot be made."""
    level = "{" + ".".join(["a"] * 100) + " = ["
    error = bad("site", "schema = 1\nclosed = [\n" + f"{level}\n" * 100 + "]}\n" * 100 + "]\n", tmp_path)
    assert error.reason == "too-deep"


def phased(*days: int) -> str:
    phases = "".join(f'[[phase]]\ndays = {each}\ndose_rate = "{5 + each} microgram/m^2/day"\n' for each in days)
    head = GOOD["protocol"].replace("course_days = 28\n", "").replace('dose_rate = "15 microgram / m^2 / day"\n', "")
    return head + phases


def test_a_course_in_phases(tmp_path: Path) -> None:
    path = tmp_path / "file.toml"
    path.write_text(phased(7, 49), encoding="utf-8")
    protocol = load_protocol(str(path))
    assert [phase.days for phase in protocol.phases] == [7, 49]
    assert [str(magnitude(phase.dose_rate, "microgram/m^2/day")) for phase in protocol.phases] == ["12", "54"]
    assert protocol.course_hours == 56 * 24


@pytest.mark.parametrize(
    ("days", "table", "key", "found"),
    [((7, 50), "", "phase", "57 days"), ((7, 0), "phase.2", "days", "0"), ((57,), "phase.1", "days", "57")],
)
def test_phases_that_are_too_long_are_refused_with_their_days(
    days: tuple[int, ...], table: str, key: str, found: str, tmp_path: Path
) -> None:
    error = bad("protocol", phased(*days), tmp_path)
    assert (error.reason, error.table, error.key) == ("out-of-range", table, key)
    assert (error.values["found"], error.values["accepted"]) == (found, "1 to 56")


def test_every_reason_of_a_file_is_reached() -> None:
    reached = {row[3] for row in ROWS} - {None}
    assert {
        "unknown-key",
        "missing-key",
        "missing-basis",
        "no-source",
        "out-of-range",
        "wrong-value",
        "contradiction",
        "twice",
    } == reached


# ---- files that contradict themselves ----


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('early_take_down = [{ value = "24 h"', 'early_take_down = [{ value = "72 h"'),
        ('final = { value = "110 mL"', 'final = { value = "80 mL"'),
        ('duration = { value = "24 h"', 'duration = { value = "24.5 h"'),
        ('fill_from = { value = "265 mL"', 'fill_from = { value = "285 mL"'),
    ],
    ids=[
        "early-after-end",
        "more-in-than-final",
        "half-hours",
        "fill",
    ],
)
def test_a_product_that_contradicts_itself(before: str, after: str, tmp_path: Path) -> None:
    """Issue: a contradiction is a clear error, and the program refuses to compute with the file."""
    assert before in GOOD["product"]
    bad("product", GOOD["product"].replace(before, after, 1), tmp_path)


@pytest.mark.parametrize("name", ["uk", "", "EU", "eu ", "eu\n"])
def test_a_name_that_is_not_shipped(name: str) -> None:
    for load in (load_product, load_protocol):
        with pytest.raises(BadFile) as caught:
            load(name)
        assert caught.value.reason == "no-such-name"


@pytest.mark.parametrize(
    "name",
    ["a/\x00b", "./" + "x" * 5000, "/dev/null", "/dev/zero", "/proc/self/mem", "./\ud800"],
    ids=lambda name: f"{name[:12]!a}",
)
def test_a_path_that_cannot_be_a_file(name: str) -> None:
    for load in (load_product, load_protocol):
        with pytest.raises(BadFile):
            load(name)
