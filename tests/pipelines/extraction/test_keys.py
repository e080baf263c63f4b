"""Keys by which two pages show the same: numbers, dates and names are folded."""

import pytest

from models.text import words
from pipelines.extraction.keys import keys


def keys_of(text: str) -> tuple[int, int]:
    return keys(text, words(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Read 13 comments", "Read 4711 comments"),
        ("READ 13 COMMENTS!", "read 13 comments"),
        ("Updated 24 May 2026 at 8:15", "Updated 3 August 2025 at 17:02"),
        ("Am 24. Mai 2026 um 8 Uhr", "Am 3. Dezember 2025 um 17 Uhr"),
        ("Le 24 février 2026", "Le 3 août 2025"),
    ],
)
def test_the_same_but_for_numbers_and_dates_has_one_key(one: str, other: str) -> None:
    assert keys_of(one)[0] == keys_of(other)[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Read the comments", "Read a comment"),
        ("The march in May", "The march in June"),  # without a number these are words
        ("Nothing", ""),
    ],
)
def test_other_words_have_another_key(one: str, other: str) -> None:
    assert keys_of(one)[0] != keys_of(other)[0]


def test_a_sentence_with_another_name_in_it_has_the_same_loose_key() -> None:
    one, other = (
        keys_of(f"Get the best stories from {name} in your inbox")
        for name in ("Ada Lind", ["Bo Ek-Sjö", " Lund"][0])
    )
    assert one[0] != other[0]
    assert one[1] == other[1] != 0


@pytest.mark.parametrize(
    ("text", "loose"),
    [
        ("one two three", False),
        ("one two three four", True),
        (" ".join(["word"] * 60), True),
        (" ".join(["word"] * 61), False),
        ("Read more from Ada Lind", False),  # four words and a name that is folded: three are left
        ("1 2 3 4 5 6", False),
    ],
)
def test_a_loose_key_needs_words_that_are_fixed(text: str, loose: bool) -> None:
    assert bool(keys_of(text)[1]) is loose


def test_the_two_keys_of_a_text_are_two() -> None:
    key, loose = keys_of("nothing to fold in this one")
    assert key != loose
    assert 0 < key < 2**63 and 0 < loose < 2**63


@pytest.mark.parametrize(
    "row", ["Quill {} votes", "Квилл {} голосов", "كويل {} صوتا", "奎尔 {} 票"]
)
def test_rows_of_an_article_with_other_numbers_have_other_keys(row: str) -> None:
    one, other = row.format(640), row.format(12)
    assert keys_of(one)[0] == keys_of(other)[0]
    assert keys(one, words(one), row=True) != keys(other, words(other), row=True)
    assert keys(one, words(one), row=True) == (keys(one, words(one), row=True)[0], 0)


def test_a_row_without_numbers_has_the_keys_of_any_text() -> None:
    row = "Salt, pepper and a little butter from Ostwick"
    assert keys(row, words(row), row=True) == keys_of(row)


def test_the_white_space_of_code_changes_no_key() -> None:
    code = "The Function returns Five;\n\n    Then it Ends with a Word"
    assert keys_of(code) == keys_of("The Function returns Five;\nThen it Ends with a Word")
