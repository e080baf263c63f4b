"""A day whose month is a word is found in any language, and in no other text."""

from datetime import date

import pytest
from babel import Locale
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.month_names import LANGUAGES
from models.dates import parse_date
from models.folding import folded
from models.word_dates import day_of, find_word_date, year_of

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
# "18 01 2026"; "2026 ဧ 18": one letter is no month
WITHOUT_WORDS = {("yo", "medium"), ("my", "medium")}


@pytest.mark.slow
@given(DAYS, st.sampled_from(LANGUAGES), st.sampled_from(["full", "long", "medium"]))
def test_every_day_that_the_cldr_writes_is_read(day: date, language: str, width: str) -> None:
    if (language, width) in WITHOUT_WORDS:
        return
    text = format_date(day, width, locale=Locale.parse(language))
    moment = parse_date(text, language.partition("_")[0])
    assert moment is not None and moment.wall.date() == day, text


@pytest.mark.parametrize(
    "text",
    [
        "Wednesday, 18th November 2026",
        "November 18th, 2026",
        "18 d’octubre de 2026",
        "2026(e)ko azaroaren 18a",
        "2026. november 18-án",
        "2026. gada 18. novembris",
        "2026 m. lapkričio 18 d.",
        "2026-жыл 18-ноябрь",
        "2026 оны 11-р сарын 18",
        "18 בנובמבר 2026",
        "ngày 18 tháng 11 năm 2026",
        "Tháng Mười Một 18, 2026",
        "Miércoles, 18 de Noviembre del 2026",
        "18 KASIM 2026",
        "10:15 18 нояб. 2026",
        "18Nov2026",
    ],
)
def test_the_parts_may_stand_in_any_order_that_a_language_has(text: str) -> None:
    found = find_word_date(folded(text), None)
    month = 10 if "octubre" in text else 11
    assert found is not None and found.day == date(2026, month, 18)


@pytest.mark.parametrize(
    "text",
    [
        "10 things for May 2024",
        "10:15 March 2024",
        "May 2024",
        "18 May",
        "18 May 24",
        "31 novembre 2026",
        "123 May 2024",
        "18 آبان 2026",
        "18 May 2569",
        "18 May 0000",
        "18 May 0024",
        "18. listopada 2026.",
        "",
    ],
)
def test_what_is_not_whole_or_not_certain_is_no_day(text: str) -> None:
    assert find_word_date(folded(text), "en") is None


def test_where_a_day_stands_is_told() -> None:
    assert find_word_date("on 3 may 2024 at 8", None) == (date(2024, 5, 3), 3, 13)


def test_years_of_two_digits_begin_in_1969() -> None:
    assert [year_of(digits) for digits in ("69", "68", "2026")] == [1969, 2068, 2026]
    assert day_of(1899, 1, 1) is day_of(2200, 1, 1) is day_of(2026, 2, 30) is None


@given(st.text(max_size=200))
def test_any_text_has_a_day_or_none(text: str) -> None:
    found = find_word_date(folded(text), None)
    assert found is None or 0 <= found.start < found.end
