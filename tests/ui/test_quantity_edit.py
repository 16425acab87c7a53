"""The text of a field and the text of the document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosing_app.ui.quantity_edit import compose, decompose


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("6.42", "6.42 kg"),
        ("6,42", "6,42 kg"),
        ("6.42 kg", "6.42 kg"),
        ("6420 g", "6420 g"),
        ("6.42kg", "6.42kg"),
        ("6.42 kg\n", "6.42 kg"),
        ("\t6.42\r\n", "6.42 kg"),
        ("", ""),
        ("   ", ""),
        ("14 lb", "14 lb"),
        ('14"', '14"'),
        ("-6", "-6 kg"),
    ],
)
def test_the_unit_is_added_where_none_was_typed(typed, text):
    assert compose(typed, "kg") == text


@given(st.text(max_size=30))
def test_what_a_field_shows_gives_back_the_document_s_text(text):
    kept = compose(text, "kg")
    assert compose(decompose(kept, "kg"), "kg") == kept


@given(st.text(max_size=30))
def test_no_text_of_a_file_is_altered_by_showing_it(text):
    shown = decompose(text, "kg")
    assert shown in {text, text.removesuffix(" kg")}
