"""Before and after a change of product data, the label's bands beside the plan, and when a plan says "not approved"."""

from decimal import Decimal
from pathlib import Path

import pytest

from dosing_app.core.quantities import magnitude
from dosing_app.course.document import Document, State
from dosing_app.course.product_change import DOWN_BY, REFUSED, START_BY, compare
from dosing_app.reference.bundle import load_house
from dosing_app.reference.product import load_product
from dosing_app.reference.source import shipped
from dosing_app.store import order_file
from dosing_app.wording.figures import kind_table
from dosing_app.wording.product_text import infant_changes

HOUSE = load_house()
EXAMPLE = order_file.load(shipped("orders")["example"])
BY = 'by = ["A. Jansen", "B. Smit"]'


@pytest.fixture
def changed(tmp_path: Path):
    """Product data with one piece of a shipped file replaced."""

    def make(before: str, after: str, name: str = "eu"):
        text = shipped("products")[name].read_text(encoding="utf-8")
        assert before in text
        path = tmp_path / "changed.toml"
        path.write_text(text.replace(before, after), encoding="utf-8")
        return load_product(str(path))

    return make


@pytest.fixture
def house(tmp_path: Path):
    def make(text: str):
        path = tmp_path / "site.toml"
        path.write_text(f"schema = 1\n{text}", encoding="utf-8")
        return load_house(path)

    return make


# ---- before and after ----


@pytest.mark.parametrize("name", ["eu", "us"])
def test_the_same_data_changes_nothing(name: str) -> None:
    found = compare(load_product(name), load_product(name), HOUSE)
    assert (found.figures, found.infants) == ((), ())


def test_a_source_or_title_changes_no_figure(changed) -> None:
    found = compare(load_product("eu"), changed('title = "European', 'title = "Another European'), HOUSE)
    assert (found.figures, found.infants) == ((), ())


def test_a_rate_changes_its_kind_for_all_three_infants_and_no_other(changed) -> None:
    found = compare(load_product("eu"), changed('"3.3 mL/h"', '"3.2 mL/h"'), HOUSE)
    assert [(each.part, each.of, each.key, each.before, each.after) for each in found.figures] == [
        ("kind", "72h", "rate", "3.3", "3.2")
    ]
    assert {each.kind for each in found.infants} == {"72h"}
    rates = [each for each in found.infants if each.key == "rate_ml_per_h"]
    assert [(each.weight, each.before, each.after) for each in rates] == [
        (weight, "3.3", "3.2") for weight in ("3.3 kg", "6.4 kg", "9.4 kg")
    ]
    # V = D (S + I) / (C v - D): less delivered volume, more drug
    for each in found.infants:
        if each.key == "drug_ml_exact":
            assert Decimal(each.before) < Decimal(each.after)


def test_a_limit_changes_hours_and_no_volume(changed, house) -> None:
    own = house('start_within_h = "product"\nstart_within_basis = "validated"\n')
    shorter = changed('refrigerated = { value = "240 h"', 'refrigerated = { value = "200 h"')
    found = compare(load_product("eu"), shorter, own)
    assert {each.key for each in found.infants} <= {START_BY, "vials", "sessions"}
    assert {(each.before, each.after) for each in found.infants if each.key == START_BY} == {("240", "200")}
    found = compare(load_product("eu"), changed('at_room = { value = "96 h"', 'at_room = { value = "100 h"'), own)
    assert {(each.key, each.before, each.after) for each in found.infants} == {(DOWN_BY, "96", "100")}


def test_a_kind_that_can_no_longer_be_made_is_one_line(changed) -> None:
    found = compare(load_product("eu"), changed('"2.5 mL/h"', '"2.55 mL/h"'), HOUSE)
    assert {(each.kind, each.key, each.before, each.after) for each in found.infants} == {
        ("96h", REFUSED, "", "rate-not-a-step")
    }


def test_another_region_is_compared_kind_by_kind() -> None:
    found = compare(load_product("eu"), load_product("us"), HOUSE)
    assert any(each.part == "kind" and each.of == "168h" and not each.before for each in found.figures)
    assert all(each.kind for each in found.infants)  # the dose itself is the protocol's


def test_an_infant_that_the_site_refuses_is_said_and_the_others_are_compared(changed, house) -> None:
    """A site may refuse below 5 kg: what the change does to an infant of 3.3 kg is not known then."""
    heavier = house("[thresholds]\nweight_lowest_kg = 5\n")
    found = compare(load_product("eu"), changed('"3.3 mL/h"', '"3.2 mL/h"'), heavier)
    assert [each[1:] for each in found.infants if each.weight == "3.3 kg"] == [("", REFUSED, "envelope", "envelope")]
    assert {each.weight for each in found.infants if each.kind == "72h"} == {"6.4 kg", "9.4 kg"}
    table = infant_changes(found)
    assert table.headers[2] == "3.3\u00a0kg infant"
    assert table.rows[0][:2] == ["every bag", "can be planned"]
    assert table.rows[0][3:] == ["–", "–"]


# ---- bands ----


def band(kind: str, first: str, last: str, volume: str) -> str:
    return f'[[band]]\nproduct = "eu"\nkind = "{kind}"\nfrom_m2 = {first}\nto_m2 = {last}\ndrug_ml = {volume}\n{BY}\n'


def test_label_and_computed_volume_stand_side_by_side(house) -> None:
    """1.9 mL of the label against 1.8668 mL computed is 1.8 % more."""
    plan = State(EXAMPLE, house(band("96h", "0.3", "0.35", "1.9") + band("24h", "0.5", "0.6", "0.8"))).plan
    rows = {row.kind: row for row in plan.kinds or ()}
    assert {kind: row.label_row for kind, row in rows.items()} == dict.fromkeys(("24h", "48h", "72h"), False) | {
        "96h": True
    }
    assert magnitude(rows["96h"].label_drug, "mL") == Decimal("1.9")
    assert rows["24h"].label_drug is None
    table = kind_table(plan)
    column = table.headers.index("Label, mL")
    assert {row[0]: row[column] for row in table.rows} == {
        **dict.fromkeys(("24h", "48h", "72h"), "no row for this BSA"),
        "96h": "1.9 (+1.8\u00a0%)",
    }


def test_without_bands_there_is_nothing_beside_the_plan() -> None:
    plan = State(EXAMPLE, HOUSE).plan
    assert {row.label_row for row in plan.kinds or ()} == {None}
    assert "Label, mL" not in kind_table(plan).headers


def test_bands_change_no_volume_and_are_missed_by_name(house) -> None:
    texts = {**EXAMPLE, "pattern": "96h"}
    plain = State(texts, HOUSE).plan
    inside = State(texts, house(band("96h", "0.3", "0.35", "5"))).plan
    outside = State(texts, house(band("96h", "0.5", "0.55", "5"))).plan
    assert plain.bags == inside.bags == outside.bags

    def notes(plan) -> list[str]:
        return [each.values["kinds"] for each in plan.findings if each.code == "outside-label-table"]

    assert (notes(plain), notes(inside), notes(outside)) == ([], [], ["96h"])


# ---- approval ----


def test_a_plan_says_not_approved_until_just_this_file_is(house) -> None:
    def said(own) -> bool:
        return any(each.code == "product-not-approved" for each in State(EXAMPLE, own).plan.findings)

    entry = f'[[approval]]\nproduct = "eu"\nchecksum = "{{}}"\n{BY}\non = "2026-11-23"\n'
    assert said(HOUSE)
    assert said(house(entry.format("0" * 64)))
    assert said(house(entry.format(load_product("us").checksum)))
    assert not said(house(entry.format(load_product("eu").checksum)))


# ---- other settings for an open document ----


def test_other_settings_are_used_at_once_and_nothing_typed_is_lost(house) -> None:
    document = Document(HOUSE, EXAMPLE)
    document.change({"weight": "6.5 kg"})
    document.settle()
    document.change({"weight": "6.6 kg"})
    heard: list[str] = []
    document.listen(lambda: heard.append(document.plan.bsa.formula))
    before = document.plan
    document.use(house('formula = "haycock"\n'))
    assert heard == ["haycock"]
    assert document.plan.versions.site != before.versions.site
    assert document.texts["weight"] == "6.6 kg"
    assert document.changed
    document.undo()
    assert (document.texts["weight"], document.plan.bsa.formula) == ("6.5 kg", "haycock")
    document.redo()
    document.use(HOUSE)
    assert document.plan == before
