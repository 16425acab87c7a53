"""Site files: only what was changed is written, comments stay, a refused value or a failing disk changes nothing."""

import errno
import os
import tempfile
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whenever import Date

from dosing_app.reference.folder import resources_folder
from dosing_app.reference.limits import load_limits
from dosing_app.reference.product import load_product
from dosing_app.reference.site import approval_of, load_site
from dosing_app.reference.source import BadFile
from dosing_app.store import site_file
from dosing_app.store.site_file import approve, export_to, import_from, open_site, problems, save
from dosing_app.store.site_texts import FIELDS, default_texts, starts_later

LIMITS = load_limits()[0]
CONTRACT = (Path(__file__).parents[1] / "reference" / "site_of_the_contract.toml").read_text(encoding="utf-8")
GOOD = {
    "phone": "+31 20 555 0100",
    "wards": "Ward 1\nWard 3, West",
    "start_within_h": "48",
    "start_within_basis": "validated, report 7",
    "start_within_by.1": "A. Jansen",
    "start_within_by.2": "B. Smit",
    "session_h": "1,25",
    "preparation_hours.sat": "08:00-12:00",
    "preparation_hours.mon": "",
    "closed": "24-Dec-2026, 2027-01-01",
    "thresholds": "vial_slack_note_ml = 0,2",
    "syringes": "1: 0.01\n5: 0.1",
    "pump.name": "Pump",
    "share_vials": "false",
    "band": "eu 96h 0.3 0.35 1.9\neu 96h 0.35 0.4 2.2",
    "band.by.1": "A. Jansen",
    "band.by.2": "B. Smit",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "site.toml"
    found.write_text(CONTRACT, encoding="utf-8")
    return found


def saved(path: Path, **texts: str) -> site_file.SiteFile:
    file = open_site(path)
    return save(file, {**file.texts, **texts}, LIMITS)


# ---- reading and writing ----


def test_every_key_of_a_site_has_a_field() -> None:
    """Whatever a site may set can be set in the window."""
    from dosing_app.reference.site import Pump, Site

    ours = {"digest", "start_within_names_missing", "approval"}
    named = {field.alias or name for name, field in Site.model_fields.items()}
    keys = named - ours - {"pump", "preparation_hours", "start_within_by"}
    assert keys - {"thresholds"} <= set(FIELDS)
    assert {f"pump.{key}" for key in Pump.model_fields} <= set(FIELDS)
    assert len(FIELDS) == len(set(FIELDS))


def test_the_defaults_as_texts_are_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    file = open_site(path)  # no file yet
    assert file.content == ""
    set_all = {name: text for name, text in default_texts().items() if text}
    assert not problems(file, {**file.texts, **set_all}, LIMITS)
    save(file, {**file.texts, **set_all}, LIMITS)
    assert load_site(path, LIMITS).digest == load_site(None, LIMITS).digest
    assert load_site(path, LIMITS) == load_site(None, LIMITS)


def test_nothing_changed_is_nothing_written(path: Path) -> None:
    assert saved(path).content == CONTRACT
    assert path.read_text(encoding="utf-8") == CONTRACT


def test_what_was_saved_is_what_was_typed(path: Path) -> None:
    file = saved(path, **GOOD)
    assert file.content == path.read_text(encoding="utf-8")
    site = load_site(path, LIMITS)
    assert (site.phone, site.wards) == ("+31 20 555 0100", ("Ward 1", "Ward 3, West"))
    assert (site.start_within_h, site.start_within_by) == (48, ("A. Jansen", "B. Smit"))
    assert not site.start_within_names_missing
    assert site.session_h == Decimal("1.25")
    assert sorted(site.preparation_hours) == [2, 3, 4, 5, 6]
    assert [day.format_iso() for day in site.closed] == ["2026-12-24", "2027-01-01"]
    assert site.syringes == {1: Decimal("0.01"), 5: Decimal("0.1")}
    assert site.thresholds["vial_slack_note_ml"].number == Decimal("0.2")
    assert site.thresholds["measurement_age_days"].number == 7  # its neighbours stay
    assert (site.pump.name, site.pump.step_ml_per_h) == ("Pump", Decimal("0.1"))
    assert site.share_vials is False
    assert [(each.kind, each.drug_ml, each.by) for each in site.band] == [
        ("96h", Decimal("1.9"), ("A. Jansen", "B. Smit")),
        ("96h", Decimal("2.2"), ("A. Jansen", "B. Smit")),
    ]


def test_comments_and_order_stay(path: Path) -> None:
    saved(path, phone="+31 20 555 0100", session_h="1.25")
    before, after = CONTRACT.splitlines(), path.read_text(encoding="utf-8").splitlines()
    changed = [line for line in after if line not in before]
    assert len(changed) == 2
    assert any(line.startswith("session_h = 1.25") and "# a session starts" in line for line in changed)
    assert 'phone = "+31 20 555 0100"' in changed
    assert [line for line in after if line in before] == [line for line in before if not line.startswith("session_h")]


def test_an_empty_text_takes_the_key_out(path: Path) -> None:
    saved(path, formula="", country="", lead_time_h="")
    content = path.read_text(encoding="utf-8")
    assert not any(line.startswith(("formula", "country", "lead_time_h")) for line in content.splitlines())
    assert load_site(path, LIMITS).formula == ""


def test_a_first_saturday_does_not_close_the_week(tmp_path: Path) -> None:
    """A table of hours replaces the default's: all that was shown is written."""
    path = tmp_path / "site.toml"
    saved(path, **{"preparation_hours.sat": "08:00-12:00"})
    assert sorted(load_site(path, LIMITS).preparation_hours) == [1, 2, 3, 4, 5, 6]


def test_bands_keep_the_names_of_those_who_entered_them(path: Path) -> None:
    saved(path, **GOOD)
    file = open_site(path)
    more = {
        **file.texts,
        "band": f"{file.texts['band']}\neu 48h 0.3 0.35 0.95",
        "band.by.1": "C. Bakker",
        "band.by.2": "D. Visser",
    }
    save(file, more, LIMITS)
    assert [each.by[0] for each in load_site(path, LIMITS).band] == ["A. Jansen", "A. Jansen", "C. Bakker"]
    file = open_site(path)
    save(file, {**file.texts, "band": ""}, LIMITS)
    assert load_site(path, LIMITS).band == ()


def test_what_somebody_else_saved_meanwhile_stays(path: Path) -> None:
    mine = open_site(path)
    saved(path, phone="+31 20 555 0100")
    save(mine, {**mine.texts, "lead_time_h": "3"}, LIMITS)
    site = load_site(path, LIMITS)
    assert (site.phone, site.lead_time_h) == ("+31 20 555 0100", 3)


@pytest.mark.parametrize(
    "content",
    [
        'schema = 1\npump = { name = "x" }\n',
        'schema = 1\npump.name = "x"\nthresholds.measurement_age_days = 5\n',
        '# first\nschema = 1\r\nname = "x" # last\r\n',
        "\ufeffschema = 1\n",
        'schema = 1\npump.name = "x"\nphone = "2"\npump.step_ml_per_h = "0.1"\n',
        'schema = 1\n[thresholds]\nmeasurement_age_days = 5\n\n[pump]\nname = "x" # kept',
    ],
    ids=["inline", "dotted", "crlf", "mark", "parted", "no-last-line-end"],
)
def test_any_way_of_writing_is_kept(content: str, tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_bytes(content.encode())
    load_site(path, LIMITS)
    texts = {"lead_time_h": "3", "pump.name": "y", "phone": "1", "thresholds.measurement_age_days": "6"}
    saved(path, **texts)
    site = load_site(path, LIMITS)
    assert (site.lead_time_h, site.pump.name, site.phone) == (3, "y", "1")
    assert site.thresholds["measurement_age_days"].number == 6


def test_what_cannot_be_changed_safely_is_left_alone(tmp_path: Path) -> None:
    """A number that equals nothing, not even itself, could not be seen to stay."""
    path = tmp_path / "site.toml"
    path.write_text("schema = 1\nlead_time_h = nan\n", encoding="utf-8")
    with pytest.raises(BadFile) as caught:
        saved(path, phone="1")
    assert caught.value.reason == "not-kept"
    assert path.read_text(encoding="utf-8") == "schema = 1\nlead_time_h = nan\n"


ROW = '{product = "eu", kind = "96h", from_m2 = 0.3, to_m2 = 0.35, drug_ml = 1.9, by = ["A. Jansen", "B. Smit"]}'


def test_rows_that_are_written_in_one_line_are_read_and_left_as_they_are(tmp_path: Path) -> None:
    """What would have to be written in another way is not changed here, and said."""
    path = tmp_path / "site.toml"
    content = f"schema = 1\nband = [{ROW}]\nlead_time_h = 2\n"
    path.write_text(content, encoding="utf-8")
    file = open_site(path)
    assert file.texts["band"] == "eu 96h 0.3 0.35 1.9"
    more = {"band": f"{file.texts['band']}\n\neu 48h 0.3 0.35 0.95", "band.by.1": "A. Jansen", "band.by.2": "B. Smit"}
    with pytest.raises(BadFile) as caught:
        saved(path, **more)
    assert caught.value.reason == "not-kept"
    assert path.read_text(encoding="utf-8") == content
    saved(path, lead_time_h="3")
    assert path.read_text(encoding="utf-8") == content.replace("lead_time_h = 2", "lead_time_h = 3")


def test_an_empty_line_between_bands_is_passed_over(path: Path) -> None:
    saved(path, **{**GOOD, "band": "\neu 96h 0.3 0.35 1.9\n \neu 96h 0.35 0.4 2.2\n"})
    assert [each.drug_ml for each in load_site(path, LIMITS).band] == [Decimal("1.9"), Decimal("2.2")]


def test_a_threshold_that_is_not_named_any_more_is_the_shipped_one_again(path: Path) -> None:
    """Those with a field of their own stay."""
    saved(path, thresholds="vial_slack_note_ml = 0.2\ndeviation_note_percent = 0.5")
    assert load_site(path, LIMITS).thresholds["vial_slack_note_ml"].number == Decimal("0.2")
    saved(path, thresholds="deviation_note_percent = 0.5")
    thresholds = load_site(path, LIMITS).thresholds
    assert "vial_slack_note_ml" not in thresholds
    assert thresholds["deviation_note_percent"].number == Decimal("0.5")
    assert thresholds["measurement_age_days"].number == 7


typed = st.text(max_size=20) | st.sampled_from(
    [
        "",
        "2",
        "1,5",
        "0.25",
        "product",
        "08:00-17:30",
        "2026-12-24",
        "a: 1\na: 2",
        "eu 96h 0.3 0.4 2",
        '"""',
        "\n",
        "'",
        "9" * 30,
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), typed, max_size=6))
def test_any_text_is_saved_as_typed_or_refused_whole(texts: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "site.toml"
        path.write_text(CONTRACT, encoding="utf-8")
        file = open_site(path)
        now = {**file.texts, **texts}
        refused = problems(file, now, LIMITS)
        try:
            after = save(file, now, LIMITS)
        except BadFile:
            assert path.read_text(encoding="utf-8") == CONTRACT
            assert refused
            return
        assert not refused
        load_site(path, LIMITS)
        untouched = {name for name in FIELDS if now[name].strip() == file.texts[name].strip()}
        assert {name: after.texts[name] for name in untouched} == {name: file.texts[name] for name in untouched} or {
            "thresholds"
        } & set(texts)
        assert tomllib.loads(after.content)["schema"] == 1


# ---- what is refused ----


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("lead_time_h", "two", "wrong-value"),
        ("lead_time_h", "25", "out-of-range"),
        ("lead_time_h", "-1", "wrong-value"),
        ("lead_time_h", "1.", "wrong-value"),
        ("lead_time_h", "\uff12", "wrong-value"),
        ("lead_time_h", "1e1", "wrong-value"),
        ("lead_time_h", "nan", "wrong-value"),
        ("max_bags_per_session", "4.5", "wrong-value"),
        ("max_bags_per_session", "0", "out-of-range"),
        ("zone", "Mars", "wrong-value"),
        ("preparation_hours.tue", "9-5", "wrong-value"),
        ("preparation_hours.tue", "17:30-08:00", "wrong-value"),
        ("closed", "24.13.2026", "wrong-value"),
        ("wards", "A\nA", "twice"),
        ("phone", "a\u0000b", "wrong-value"),
        ("syringes", "1: 0.01\n1: 0.02", "wrong-value"),
        ("syringes", "one", "wrong-value"),
        ("syringes", "", "wrong-value"),
        ("thresholds", "foo = 1", "unknown-key"),
        ("thresholds", "vial_slack_note_ml = 0.2\nvial_slack_note_ml = 0.3", "unknown-key"),
        ("thresholds.measurement_age_days", "0", "out-of-range"),
        ("start_within_h", "48", "missing-basis"),
        ("start_within_by.1", "A. Jansen", "two-names"),
        ("label_width_mm", "50", "out-of-range"),
        ("band", "eu 96h 0.3 0.35", "missing-key"),
        ("band", "eu 96h 0.3 0.35 1.9", "two-names"),
        ("session_h", "3", "contradiction"),
    ],
)
def test_a_refused_value_is_said_at_its_field_and_never_written(name: str, text: str, reason: str, path: Path) -> None:
    file = open_site(path)
    texts = {**file.texts, name: text}
    found = problems(file, texts, LIMITS)
    at = {"missing-basis": "start_within_basis"}.get(reason, name)
    at = "band.by.1" if (name, reason) == ("band", "two-names") else at
    assert found[at].reason == reason
    assert set(found) <= {at, "lead_time_h"}  # a contradiction stands at both of its keys
    with pytest.raises(BadFile):
        save(file, texts, LIMITS)
    assert path.read_text(encoding="utf-8") == CONTRACT


def test_all_that_is_wrong_is_said_at_once(path: Path) -> None:
    file = open_site(path)
    wrong = {
        "zone": "Mars",
        "phone": "\u0000",
        "thresholds": "foo = 1",
        "preparation_hours.fri": "9-5",
        "session_h": "9",
        "start_within_h": "product",
        "thresholds.sodium_note_mmol_per_kg_per_day": "9",
    }
    found = problems(file, {**file.texts, **wrong}, LIMITS)
    assert set(found) == {
        *(set(wrong) - {"start_within_h"}),
        "lead_time_h",
        "start_within_basis",
        "thresholds.sodium_justify_mmol_per_kg_per_day",
    }


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("preparation_hours = 3", "preparation_hours.mon"),
        ("thresholds = 5", "thresholds"),
        ("syringes = 5", "syringes"),
        ('pump = "fast"', ""),
        ("band = 2", "band"),
        ("start_within_by = 2", "start_within_by.1"),
    ],
)
def test_a_value_where_a_table_belongs_is_shown_empty_and_said_at_its_field(
    line: str, field: str, tmp_path: Path
) -> None:
    path = tmp_path / "site.toml"
    path.write_text(f"schema = 1\n{line}\nzone = 'Mars'\n", encoding="utf-8")
    file = open_site(path)
    table = line.partition(" ")[0]
    assert {text for name, text in file.texts.items() if name.partition(".")[0] == table} == {""}
    assert set(problems(file, file.texts, LIMITS)) == {field, "zone"}


def test_a_week_of_one_wrong_day_hides_nothing_else_that_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text("schema = 1\nzone = 'Mars'\n[preparation_hours]\nmon = '9-5'\n", encoding="utf-8")
    file = open_site(path)
    assert set(problems(file, file.texts, LIMITS)) == {"preparation_hours.mon", "zone"}


def test_a_file_with_more_wrong_keys_than_anybody_types_is_answered(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    keys = "".join(f"wrong_{number} = 1\n" for number in range(200))
    path.write_text(f"schema = 1\n[thresholds]\n{keys}", encoding="utf-8")
    file = open_site(path)
    assert set(problems(file, file.texts, LIMITS)) == {"thresholds"}


@pytest.mark.parametrize(
    ("text", "later"),
    [("", False), ("24", False), ("24,5", True), ("48", True), ("product", True), ("soon", False), ("4 8", False)],
)
def test_a_longer_time_to_the_start_asks_for_its_basis_as_it_is_typed(text: str, later: bool) -> None:
    assert starts_later({"start_within_h": text}, LIMITS.value("start_within_free_h")) is later


def test_opening_hours_shorter_than_a_session_name_both(path: Path) -> None:
    file = open_site(path)
    found = problems(file, {**file.texts, "preparation_hours.mon": "08:00-09:00"}, LIMITS)
    assert set(found) == {"preparation_hours.mon", "session_h"}


def test_a_key_of_no_field_is_said_for_the_file(path: Path) -> None:
    path.write_text(CONTRACT.replace("schema = 1\n", "schema = 1\ncolour = 3\n", 1), encoding="utf-8")
    file = open_site(path)
    assert problems(file, file.texts, LIMITS)[""].key == "colour"


@pytest.mark.parametrize("content", ["schema = 1\nname = ", "schema = 2\n", "\xff", "name = 1"])
def test_a_file_that_is_none_is_refused_and_left_alone(content: str, tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(BadFile):
        open_site(path)
    with pytest.raises(BadFile):
        approve(path, load_product("eu"), ("A. Jansen", "B. Smit"), Date(2026, 11, 23), LIMITS)
    assert path.read_bytes() == content.encode("latin-1")


# ---- a disk that fails ----


@pytest.mark.parametrize("step", ["tempfile.mkstemp", "os.fdopen", "os.fsync", "pathlib.Path.replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_full_disk_leaves_the_old_file_and_is_said_with_the_file(
    step: str, number: int, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = open_site(path)

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(step, fail)
    with pytest.raises(OSError, match=os.strerror(number)) as caught:
        save(file, {**file.texts, "phone": "1"}, LIMITS)
    assert caught.value.filename == str(path)
    monkeypatch.undo()
    assert path.read_text(encoding="utf-8") == CONTRACT
    assert [each.name for each in path.parent.iterdir()] == ["site.toml"]


@pytest.mark.skipif(os.name != "posix", reason="modes of files are of these systems")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o664])
def test_who_may_read_the_file_stays(mode: int, path: Path) -> None:
    path.chmod(mode)
    saved(path, phone="1")
    assert path.stat().st_mode & 0o777 == mode


@pytest.mark.parametrize("step", ["tempfile.mkstemp", "os.fsync"])
def test_an_import_for_which_the_old_file_cannot_be_kept_changes_nothing(
    step: str, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source.toml"
    source.write_text("schema = 1\n", encoding="utf-8")

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(step, fail)
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)) as caught:
        import_from(source, path, LIMITS)
    assert caught.value.filename == str(tmp_path / "site.before-import.toml")
    monkeypatch.undo()
    assert path.read_text(encoding="utf-8") == CONTRACT
    assert {each.name for each in tmp_path.iterdir()} == {"site.toml", "source.toml"}


# ---- import and export ----


def test_what_is_exported_can_be_imported(path: Path, tmp_path: Path) -> None:
    file = open_site(path)
    out, other = tmp_path / "out.toml", tmp_path / "other" / "site.toml"
    export_to(out, file, {**file.texts, **GOOD}, LIMITS)
    assert path.read_text(encoding="utf-8") == CONTRACT
    import_from(out, other, LIMITS)
    assert other.read_bytes() == out.read_bytes()
    assert load_site(other, LIMITS).phone == GOOD["phone"]
    import_from(path, other, LIMITS)
    assert other.read_text(encoding="utf-8") == CONTRACT
    assert (tmp_path / "other" / "site.before-import.toml").read_bytes() == out.read_bytes()


@pytest.mark.parametrize("content", [None, "", "schema = 1\nzone = 1\n", "schema = 1\nx = "])
def test_a_bad_import_changes_nothing(content: str | None, path: Path, tmp_path: Path) -> None:
    source = tmp_path / "source.toml"
    if content is not None:
        source.write_text(content, encoding="utf-8")
    with pytest.raises(BadFile) as caught:
        import_from(source, path, LIMITS)
    assert caught.value.file == str(source)
    assert path.read_text(encoding="utf-8") == CONTRACT
    assert not (tmp_path / "site.before-import.toml").exists()


def test_a_bad_export_writes_nothing(path: Path, tmp_path: Path) -> None:
    file = open_site(path)
    with pytest.raises(BadFile):
        export_to(tmp_path / "out.toml", file, {**file.texts, "zone": "Mars"}, LIMITS)
    assert not (tmp_path / "out.toml").exists()


# ---- approval ----


def test_an_approval_is_added_and_changes_nothing_else(path: Path) -> None:
    product = load_product("eu")
    before = load_site(path, LIMITS)
    assert approval_of(before, product) is None
    approve(path, product, (" A. Jansen", "B. Smit"), Date(2026, 11, 23), LIMITS)
    content = path.read_text(encoding="utf-8")
    assert content.startswith(CONTRACT)
    site = load_site(path, LIMITS)
    found = approval_of(site, product)
    assert found is not None
    assert (found.by, found.on) == (("A. Jansen", "B. Smit"), Date(2026, 11, 23))
    assert site.digest == before.digest
    approve(path, load_product("us"), ("A. Jansen", "B. Smit"), Date(2026, 11, 24), LIMITS)
    assert len(load_site(path, LIMITS).approval) == 2
    assert path.read_text(encoding="utf-8").startswith(content.rstrip("\n"))


@pytest.mark.parametrize("names", [("A. Jansen", "a. jansen"), ("A. Jansen", " "), ("", "")])
def test_one_name_approves_nothing(names: tuple[str, str], path: Path) -> None:
    with pytest.raises(BadFile) as caught:
        approve(path, load_product("eu"), names, Date(2026, 11, 23), LIMITS)
    assert caught.value.reason == "two-names"
    assert path.read_text(encoding="utf-8") == CONTRACT


@pytest.mark.parametrize("given", ["1.5", "true", '"eu"', "[1]", "{}"])
def test_to_what_is_no_list_of_approvals_none_is_added(given: str, tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text(f"schema = 1\napproval = {given}\n", encoding="utf-8")
    with pytest.raises(BadFile) as caught:
        approve(path, load_product("eu"), ("A. Jansen", "B. Smit"), Date(2026, 11, 23), LIMITS)
    assert (caught.value.file, caught.value.reason) == (str(path), "wrong-value")
    assert path.read_text(encoding="utf-8") == f"schema = 1\napproval = {given}\n"


def test_a_site_without_a_file_gets_one_with_its_first_approval(tmp_path: Path) -> None:
    path = tmp_path / "new" / "site.toml"
    approve(path, load_product("eu"), ("A. Jansen", "B. Smit"), Date(2026, 11, 23), LIMITS)
    assert approval_of(load_site(path, LIMITS), load_product("eu"))


def test_the_shipped_site_file_is_no_site_of_anybody() -> None:
    """A guard: nothing here writes to what is shipped."""
    assert "approval" not in (resources_folder() / "site.toml").read_text(encoding="utf-8")
