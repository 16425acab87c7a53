"""A table of orders: columns by name, each line an order or its trouble, and nothing guessed."""

import io

import pytest

from dosing_app.course.order_table import LONGEST_LINE, BadTable, OrderTable, Row


def rows(content: str | bytes, **common: str) -> list[Row]:
    raw = content if isinstance(content, bytes) else content.encode()
    return list(OrderTable(io.BytesIO(raw), common))


def test_each_line_is_an_order_and_empty_lines_and_cells_are_none() -> None:
    found = rows("\ufeffcase, weight,length,site\r\nA-1,6.42 kg,63.5 cm,a.toml\r\n\r\nA-2,,\u00a0,\n", sex="male")
    assert found == [
        Row(1, "A-1", {"case": "A-1", "weight": "6.42 kg", "length": "63.5 cm", "sex": "male"}, "a.toml"),
        Row(2, "A-2", {"case": "A-2", "sex": "male"}, ""),
    ]


def test_a_quoted_cell_holds_commas_and_a_reason_stands_under_its_code() -> None:
    found = rows('weight,reason:age,reason\n"6,42 kg",seen,"sodium= by A, ""B"""\n')
    assert found[0].texts == {"weight": "6,42 kg", "reason:age": "seen", "reason:sodium": ' by A, "B"'}
    assert found[0].case is None


@pytest.mark.parametrize(
    ("line", "trouble", "values"),
    [
        (b"A-1,6.42 kg", "columns", {"found": "2", "wanted": "4"}),
        (b"A-1,6,42 kg,,", "columns", {"found": "5", "wanted": "4"}),
        (b"A-1,6.42 kg,,sodium", "reason-form", {"seen": "sodium"}),
        (b"A-1,6.42 kg,,=why", "reason-form", {"seen": "=why"}),
        (b"A-1,6.42 kg,seen,age=again", "reason-twice", {"code": "age"}),
        (b'A-1,"6.42 kg,,', "quotes", {}),
        (b'A-1,"6.42" kg,,', "quotes", {}),
        (b"A-1,6.42 kg\r,,", "line-ends", {}),
        (b"A-1,6.42 \xb5,,", "not-utf8", {"position": "9"}),
        (b"x" * (LONGEST_LINE + 1), "too-long", {"longest": str(LONGEST_LINE)}),
        (b"x" * (3 * LONGEST_LINE), "too-long", {"longest": str(LONGEST_LINE)}),
    ],
    ids=lambda value: str(value)[:25],
)
def test_a_line_with_trouble_is_told_and_the_next_is_read(line: bytes, trouble: str, values: dict[str, str]) -> None:
    table = OrderTable(io.BytesIO(content := b"case,weight,reason:age,reason\n" + line + b"\nA-2,5 kg,,\n"))
    bad, good = list(table)
    assert (bad.number, bad.trouble, dict(bad.values)) == (1, trouble, values)
    assert not bad.texts
    assert (good.number, good.case, good.texts["weight"]) == (2, "A-2", "5 kg")
    assert table.read == len(content)


@pytest.mark.parametrize(
    ("first", "reason", "values"),
    [
        ("", "empty", {}),
        (" \n", "empty", {}),
        ("case;weight\n", "separator", {"mark": ";"}),
        ("case\tweight\n", "separator", {"mark": "Tab"}),
        ("case,,weight\n", "no-name", {"place": "2"}),
        ("case,wieght,Weight\n", "unknown", {"names": "wieght, Weight"}),
        ("case,weight,weight\n", "twice", {"names": "weight"}),
        ("case,sex\n", "also-option", {"names": "sex"}),
        ("case,reason\n", "also-option", {"names": "reason"}),
        ('"case,weight\n', "quotes", {}),
    ],
)
def test_a_first_line_that_names_no_columns(first: str, reason: str, values: dict[str, str]) -> None:
    with pytest.raises(BadTable) as caught:
        OrderTable(io.BytesIO(first.encode()), {"sex": "male", "reason:age": "seen", "site": ""})
    assert (caught.value.reason, caught.value.values) == (reason, values)


def test_a_column_of_the_site_may_stand_where_none_is_given_for_all() -> None:
    assert rows("site,weight\na.toml,5 kg\n", site="")[0].site == "a.toml"
    with pytest.raises(BadTable, match="also-option"):
        rows("site,weight\na.toml,5 kg\n", site="b.toml")
