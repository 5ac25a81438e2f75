"""What leaves as CSV is text and numbers, never a formula."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.store.export import as_csv, escape_formula


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])
def test_formula_is_shown_not_run(text):
    """Whatever a spreadsheet would run gets an apostrophe."""
    assert escape_formula(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-3.5", "+49", "-1e-5", "12", "-7%", "a = b", "", "2026-11-22"])
def test_numbers_and_plain_text_stay(text):
    """Negative numbers are numbers."""
    assert escape_formula(text) == text


@given(st.lists(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])), min_size=1, max_size=4))
def test_every_text_comes_back(texts):
    """What was written is read back, up to the guarding apostrophe."""
    written = as_csv(("text", "n"), [{"text": text, "n": -1.5} for text in texts])
    rows = list(csv.DictReader(io.StringIO(written, newline="")))
    assert [row["text"].removeprefix("'") for row in rows] == [text.removeprefix("'") for text in texts]
    assert {row["n"] for row in rows} == {"-1.5"}
