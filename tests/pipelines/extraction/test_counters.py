"""`3 of 8` under a picture is no text; figures of a story are."""

import pytest

from models.text import words
from pipelines.extraction.blocks import Piece
from pipelines.extraction.counters import counters


def found(texts: list[str]) -> list[bool]:
    return counters([Piece(text, words(text), 0, 0, 0) for text in texts])


@pytest.mark.parametrize(
    "form",
    [
        "{} of 4",
        "{}/4",
        "Bild {} von 4",
        "Фото {} из 4",
        "4 枚中 {} 枚目",
        "صورة {} من 4",
        "4 में से {}",
    ],
)
def test_what_counts_a_series_is_a_counter(form: str) -> None:
    texts = [form.format(number) for number in range(1, 5)]
    assert found([texts[0], "A caption.", *texts[1:]]) == [True, False, True, True, True]


def test_counters_in_other_digits_are_known() -> None:
    assert found(["१ / ३", "२ / ३", "३ / ३"]) == [True] * 3


@pytest.mark.parametrize(
    "texts",
    [
        ["1 of 8", "2 of 8"],  # too few to tell
        ["2 : 1", "3 : 1", "0 : 1"],  # results
        ["1 of 3", "2 of 4", "3 of 5"],
        ["2 of 8", "3 of 8", "4 of 8"],  # does not begin
        ["1 of 2", "2 of 2", "3 of 2"],  # more than there are
        ["In 1 of 4 years", "In 2 of 5 years"],
        [f"{n} of 4 councillors voted for the ferry" for n in range(1, 5)],
        ["1", "2", "3"],
    ],
)
def test_other_numbers_are_text(texts: list[str]) -> None:
    assert not any(found(texts))
