"""Text is stored as every database takes it, and its words are counted as readers would."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text import clean, content_hash, count_words, one_line, paragraphs, words


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("a\x00b", "ab"),
        ("a\x08\x0b\x0c\x0e\x1f\x7fb", "ab"),
        ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb", "a\nb"),
        ("a\rb", "a\rb"),
        ("\ud800x\udfff", "x"),
        ("\ufffe\uffff\ufffd", "\ufffd"),
        ("e\u0301", "é"),
        ("🦉", "🦉"),
    ],
)
def test_what_no_database_takes_is_left_out(raw: str, kept: str) -> None:
    assert clean(raw) == kept


def test_one_line_has_single_spaces() -> None:
    assert one_line("  a \n\t b\u00a0c\x00 ") == "a b c"


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("a\n\n\n\nb", "a\n\nb"),
        ("a\n \n\t\nb", "a\n\nb"),
        ("  a   b \nc  ", "a b\nc"),
        ("\n\na\n\n", "a"),
        ("", ""),
    ],
)
def test_paragraphs_are_parted_by_one_blank_line(raw: str, kept: str) -> None:
    assert paragraphs(raw) == kept


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The HARBOUR froze.", ["the", "harbour", "froze"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("don't 1,000", ["don", "t", "1", "000"]),
        ("東京で", ["東", "京", "で"]),
        ("Tokyo東京", ["tokyo", "東", "京"]),
        ("กข", ["ก", "ข"]),
        ("", []),
        ("… —", []),
    ],
)
def test_words_are_folded_and_scripts_without_spaces_count_by_character(
    text: str, found: list[str]
) -> None:
    assert words(text) == found
    assert count_words(text) == len(found)


def test_a_hash_is_of_the_whole_text() -> None:
    assert content_hash("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert content_hash("a") != content_hash("a ")


@given(st.text())
def test_clean_text_is_nfc_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert clean(cleaned) == cleaned
    cleaned.encode()  # no lone surrogate is left


@given(st.text())
def test_paragraphs_are_never_further_apart_than_one_blank_line(text: str) -> None:
    assert "\n\n\n" not in paragraphs(text)
    assert paragraphs(text) == paragraphs(text).strip()
