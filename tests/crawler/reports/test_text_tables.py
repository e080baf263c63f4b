"""Rows as people read them in a terminal, and as programs read them."""

import json
from decimal import Decimal

import pytest

from crawler.reports.text_tables import as_json, as_json_line, format_time, rows_as_text
from tests.factories import NOW


def test_columns_are_aligned_and_numbers_stand_to_the_right() -> None:
    rows = [{"name": "a", "n": "1", "note": ""}, {"name": "long", "n": "10.5", "note": "x"}]
    assert rows_as_text(rows).splitlines() == ["name     n  note", "a        1", "long  10.5  x"]


def test_one_word_makes_a_column_of_words() -> None:
    assert rows_as_text([{"n": "1"}, {"n": "1.2.3"}]).splitlines() == ["n", "1", "1.2.3"]


def test_a_time_is_shown_to_the_second() -> None:
    assert format_time(NOW) == "2026-11-22 05:30:00"
    assert format_time(None) == ""


def test_json_has_times_with_their_zone_and_numbers_as_numbers() -> None:
    value = {"at": NOW, "whole": Decimal(3), "part": Decimal("0.5"), "word": "ä"}
    told = as_json(value)
    assert json.loads(told) == {
        "at": "2026-11-22T05:30:00Z", "whole": 3, "part": 0.5, "word": "ä",
    }  # fmt: skip
    assert json.loads(as_json_line(value)) == json.loads(told)
    assert "\n" not in as_json_line(value)
    assert "ä" in told and '"whole": 3,' in told
    with pytest.raises(TypeError, match="bytes is no JSON"):
        as_json({"x": b""})
