"""The growth tables as shipped, and every way in which a changed file is refused."""

import hashlib
import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from dosing_app.core.growth import SEXES, Index, Row
from dosing_app.reference.folder import resources_folder
from dosing_app.reference.growth_tables import CHECKSUMS, load_growth_tables, read_growth_tables, read_table
from dosing_app.reference.source import BadFile

SHIPPED = resources_folder() / "who"
FILES = {
    Index.WEIGHT_FOR_AGE: "wfa_daily.csv",
    Index.LENGTH_FOR_AGE: "lfa_daily.csv",
    Index.WEIGHT_FOR_LENGTH: "wfl.csv",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped folder."""
    copied = tmp_path / "who"
    shutil.copytree(SHIPPED, copied)
    return copied


def refused(index: Index, change: Callable[[list[str]], object]) -> BadFile:
    """What is said of a file whose lines were changed."""
    lines = (SHIPPED / FILES[index]).read_text(encoding="ascii").splitlines()
    replaced = change(lines)
    text = "\n".join(replaced if isinstance(replaced, list) else lines) + "\n"
    with pytest.raises(BadFile) as caught:
        read_table(Path(FILES[index]), text.encode(), index)
    assert caught.value.file == FILES[index]
    return caught.value


def test_every_row_is_what_the_file_says() -> None:
    tables = load_growth_tables()
    assert set(tables) == {(index, sex) for index in Index for sex in SEXES}
    for index, file in FILES.items():
        for line in (SHIPPED / file).read_text(encoding="ascii").splitlines()[1:]:
            sex, key, *numbers = line.split(",")
            position = int(Decimal(key) * (10 if index is Index.WEIGHT_FOR_LENGTH else 1))
            assert tables[index, sex].row(position) == Row(*map(Decimal, numbers))  # type: ignore[index]


def test_tables_have_no_other_rows() -> None:
    tables = load_growth_tables()
    for sex in SEXES:
        for index, first, last in ((Index.WEIGHT_FOR_AGE, 0, 730), (Index.WEIGHT_FOR_LENGTH, 450, 1100)):
            table = tables[index, sex]
            assert len(table.medians) == last - first + 1
            assert table.row(first - 1) is None
            assert table.row(last + 1) is None


def test_tables_cannot_be_changed() -> None:
    tables = load_growth_tables()
    table = tables[Index.WEIGHT_FOR_AGE, "male"]
    with pytest.raises(TypeError):
        table.medians[0] = 1
    with pytest.raises(TypeError):
        tables[Index.WEIGHT_FOR_AGE, "male"] = table  # type: ignore[index]
    with pytest.raises(AttributeError):
        table.first = 1  # type: ignore[misc]


def test_loaded_once() -> None:
    assert load_growth_tables() is load_growth_tables()


def test_checksums_as_another_program_computes_them() -> None:
    if not shutil.which("sha256sum"):
        pytest.skip("no sha256sum here")
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", CHECKSUMS], cwd=SHIPPED, check=True)


def test_licence_and_attribution_stand_beside_the_tables() -> None:
    text = (SHIPPED / "LICENCE.txt").read_text(encoding="utf-8")
    for wanted in ("CC BY-NC-SA 3.0 IGO", "World Health Organization", *FILES.values()):
        assert wanted in text


@pytest.mark.parametrize("file", FILES.values())
@pytest.mark.parametrize("change", [b"\n", b" ", b"0"])
def test_a_file_changed_by_one_byte_is_refused(folder: Path, file: str, change: bytes) -> None:
    path = folder / file
    path.write_bytes(path.read_bytes() + change)
    with pytest.raises(BadFile) as caught:
        read_growth_tables(folder)
    assert (caught.value.reason, caught.value.file) == ("checksum", str(path))
    assert caught.value.values["expected"] != caught.value.values["found"]


def test_other_ends_of_line_are_another_file(folder: Path) -> None:
    path = folder / "wfl.csv"
    path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n"))
    with pytest.raises(BadFile) as caught:
        read_growth_tables(folder)
    assert caught.value.reason == "checksum"


@pytest.mark.parametrize("file", [*FILES.values(), CHECKSUMS])
def test_a_file_that_is_not_there(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(BadFile) as caught:
        read_growth_tables(folder)
    assert (caught.value.reason, caught.value.file) == ("no-file", str(folder / file))


def test_a_checksum_that_is_not_there(folder: Path) -> None:
    path = folder / CHECKSUMS
    path.write_text(
        "".join(line for line in path.read_text(encoding="ascii").splitlines(keepends=True) if "wfl" not in line),
        encoding="ascii",
    )
    with pytest.raises(BadFile) as caught:
        read_growth_tables(folder)
    assert (caught.value.reason, caught.value.key, caught.value.file) == ("missing-key", "wfl.csv", str(path))


def test_a_line_of_checksums_that_cannot_be_read(folder: Path) -> None:
    path = folder / CHECKSUMS
    path.write_text("not a checksum\n", encoding="ascii")
    with pytest.raises(BadFile) as caught:
        read_growth_tables(folder)
    assert (caught.value.reason, caught.value.table) == ("wrong-value", "line 1")


def test_a_wrong_table_with_its_own_checksum_is_still_refused(folder: Path) -> None:
    path = folder / "wfl.csv"
    path.write_bytes(path.read_bytes().replace(b"male,45.1,", b"male,45.3,", 1))
    sums = "".join(f"{hashlib.sha256((folder / file).read_bytes()).hexdigest()}  {file}\n" for file in FILES.values())
    (folder / CHECKSUMS).write_text(sums, encoding="ascii")
    with pytest.raises(BadFile) as caught:
        read_growth_tables(folder)
    assert (caught.value.reason, caught.value.table, caught.value.key) == ("missing-key", "line 3", "male 45.1")


@pytest.mark.parametrize("index", FILES)
@pytest.mark.parametrize("header", ["", "sex,age,L,M,S", "sex,age_days,L,S,M", "age_days,sex,L,M,S", "sex,month,L,M,S"])
def test_wrong_header(index: Index, header: str) -> None:
    error = refused(index, lambda lines: [header, *lines[1:]])
    assert (error.reason, error.table, error.key) == ("wrong-value", "line 1", "row")


def test_the_header_of_another_table() -> None:
    raw = (SHIPPED / "wfa_daily.csv").read_bytes()
    with pytest.raises(BadFile) as caught:
        read_table(Path("wfl.csv"), raw, Index.WEIGHT_FOR_LENGTH)
    assert caught.value.table == "line 1"


@pytest.mark.parametrize("raw", [b"", b"\n", b"sex,age_days,L,M,S\n"])
def test_an_empty_file(raw: bytes) -> None:
    with pytest.raises(BadFile):
        read_table(Path("wfa_daily.csv"), raw, Index.WEIGHT_FOR_AGE)


@pytest.mark.parametrize("index", FILES)
@pytest.mark.parametrize("line", [1, 2, 400, 700])
def test_a_missing_row(index: Index, line: int) -> None:
    error = refused(index, lambda lines: lines[:line] + lines[line + 1 :])
    assert (error.reason, error.table) == ("missing-key", f"line {line + 1}")
    assert error.key.startswith(("male ", "female "))


@pytest.mark.parametrize("index", FILES)
def test_missing_rows_at_the_end(index: Index) -> None:
    error = refused(index, lambda lines: lines[:-2])
    assert (error.reason, error.key) == (
        "missing-key",
        f"female {'109.9' if index is Index.WEIGHT_FOR_LENGTH else 729}",
    )


@pytest.mark.parametrize("index", FILES)
def test_one_sex_alone(index: Index) -> None:
    error = refused(index, lambda lines: [line for line in lines if not line.startswith("female")])
    assert error.reason == "missing-key"
    assert error.key.startswith("female ")


@pytest.mark.parametrize("index", FILES)
def test_a_row_twice(index: Index) -> None:
    error = refused(index, lambda lines: [*lines[:6], lines[5], *lines[6:]])
    assert (error.reason, error.table) == ("twice", "line 7")


@pytest.mark.parametrize("index", FILES)
def test_rows_out_of_order(index: Index) -> None:
    error = refused(index, lambda lines: [*lines[:5], lines[6], lines[5], *lines[7:]])
    assert (error.reason, error.table) == ("missing-key", "line 6")


@pytest.mark.parametrize(
    ("index", "row"),
    [(Index.WEIGHT_FOR_AGE, "female,731,-0.2,11.4,0.12"), (Index.WEIGHT_FOR_LENGTH, "female,110.1,-0.3833,18.3,0.09")],
)
def test_a_row_too_many(index: Index, row: str) -> None:
    error = refused(index, lambda lines: [*lines, row])
    assert error.reason == "unknown-key"
    assert error.table == f"line {len((SHIPPED / FILES[index]).read_text(encoding='ascii').splitlines()) + 1}"


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ("male,3,0.2959,0,0.14711", "M"),
        ("male,3,0.2959,-3.3627,0.14711", "M"),
        ("male,3,0.2959,3.3627,0", "S"),
        ("male,3,0.2959,3.3627,-0.14711", "S"),
        ("male,3,0.2959,3.3627,0.00000", "S"),
    ],
)
def test_m_and_s_are_above_zero(row: str, key: str) -> None:
    error = refused(Index.WEIGHT_FOR_AGE, lambda lines: [*lines[:4], row, *lines[5:]])
    assert (error.reason, error.table, error.key) == ("out-of-range", "line 5", key)


@pytest.mark.parametrize(
    "row",
    [
        "",
        "male,3,0.2959,3.3627",
        "male,3,0.2959,3.3627,0.14711,1",
        "Male,3,0.2959,3.3627,0.14711",
        "boy,3,0.2959,3.3627,0.14711",
        "male,3.0,0.2959,3.3627,0.14711",
        "male,3,0.29591,3.3627,0.14711",  # a decimal more than is kept
        "male,3,0.2959,3.36271,0.14711",
        "male,3,0.2959,3.3627,0.147111",
        "male,3,0.2959,3,3627,0.14711",
        "male,3,0.2959,3.3627e0,0.14711",
        "male,3,nan,3.3627,0.14711",
        "male,3,0.2959,inf,0.14711",
        "male,3,0.2959,33627.,0.14711",
        "male,3, 0.2959,3.3627,0.14711",
        "male,3,0.2959,99999.0,0.14711",
        "male,\u0663,0.2959,3.3627,0.14711",
    ],
)
def test_a_row_that_is_no_row(row: str) -> None:
    error = refused(Index.WEIGHT_FOR_AGE, lambda lines: [*lines[:4], row, *lines[5:]])
    assert (error.reason, error.table) in {("wrong-value", "line 5"), ("not-utf8", "")}
