"""Stored JSON of templates: what is refused, and that little is read of what is too much."""

import json
import tracemalloc
import zlib
from typing import Any

import pytest

from models.template_form import (
    FORM,
    boxes,
    by_head,
    compressed,
    count,
    decoded,
    encoded,
    fields_of,
    lengths,
    text,
    texts,
    uses,
)
from models.templates import ClosedBox, LearnedBox, LearnedUse, PlaceUse

MOST = 1000
GOOD = compressed(encoded(name="ä"))


def packed(words: bytes | str) -> bytes:
    return zlib.compress(words.encode() if isinstance(words, str) else words)


def test_what_is_written_is_read() -> None:
    assert decoded(GOOD, MOST) == {"form": FORM, "name": "ä"}


@pytest.mark.parametrize(
    ("stored", "why"),
    [
        (None, "bytes: None"),
        ("text", "bytes: 'text'"),
        (b"", "cut short"),
        (GOOD[:-1], "cut short"),
        (GOOD + b"x", "something follows"),
        (b"nonsense", "zlib"),
        (packed(b"\xff"), "utf-8"),
        (packed("{"), "Expecting"),
        (packed("[1]"), r"JSON: \[1\]"),
        (packed("{}"), "form None, where 1 is the one known"),
        (packed('{"form": 2}'), "form 2, where 1 is the one known"),
        (packed('{"form": 1, "x": NaN}'), "JSON: 'NaN'"),
        (packed("[" * 999 + "]" * 999), r"more than 1,000 bytes"),
        (packed(f'{{"form": 1, "x": {"9" * 5000}}}'), r"more than 1,000 bytes"),
    ],
)
def test_what_was_not_written_is_refused(stored: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        decoded(stored, MOST)


def test_json_of_too_many_levels_is_refused() -> None:
    with pytest.raises(ValueError, match="too many levels"):
        decoded(packed("[" * 200_000), 1 << 20)


def test_a_small_row_of_much_json_takes_little_memory() -> None:
    bomb = packed(b"[" + b"1," * 10_000_000 + b"1]")
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="more than 65,536 bytes"):
            decoded(bomb, 1 << 16)
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


USE, BOX = [3, 2, 1, -1.5, 0, 20], ["nav", 90, "navigation"]
LEARNED, SHUT = [3, 2, 9, 4, -1.5, 0, 200, 30], ["nav", 8, 90, "navigation"]


def test_rows_become_what_they_are_of() -> None:
    assert uses([["p", USE], ["li"]], PlaceUse) == {"p": {3: PlaceUse(*USE[1:])}, "li": {}}
    assert uses([["p", LEARNED]], LearnedUse) == {"p": {3: LearnedUse(*LEARNED[1:])}}
    assert boxes([BOX], ClosedBox) == {"nav": ClosedBox(90, "navigation")}
    assert boxes([SHUT], LearnedBox) == {"nav": LearnedBox(8, 90, "navigation")}


WRONG = (None, True, "x", [], {}, -1, 1.5, 10**19)


@pytest.mark.parametrize(("good", "make"), [(USE, PlaceUse), (LEARNED, LearnedUse)])
def test_each_number_of_a_use_is_checked(good: list[Any], make: Any) -> None:
    odds = {len(good) - 3 - ("most" in make._fields), len(good) - 2 - ("most" in make._fields)}
    for at in range(len(good)):
        for wrong in WRONG if at not in odds else (None, True, "x", [], {}, 1e10, float("inf")):
            row = [*good[:at], wrong, *good[at + 1 :]]
            with pytest.raises(ValueError, match="uses"):
                uses([["p", row]], make)
    for row in (good[:-1], [*good, 1], [], "x" * len(good), {}):
        with pytest.raises(ValueError, match="uses"):
            uses([["p", row]], make)


@pytest.mark.parametrize(
    ("row", "make"),
    [
        ([3, 0, 0, 0.0, 0.0, 1], PlaceUse),  # no text
        ([3, 2, 3, 0.0, 0.0, 1], PlaceUse),  # more kept than there are
        ([3, 0, 9, 4, 0.0, 0.0, 9, 9], LearnedUse),  # no page
        ([3, 9, 2, 2, 0.0, 0.0, 9, 9], LearnedUse),  # more pages than texts
        ([3, 2, 9, 10, 0.0, 0.0, 9, 9], LearnedUse),
        ([3, 2, 9, 4, 0.0, 0.0, 9, 10], LearnedUse),  # more words on one page than on all
    ],
)
def test_numbers_that_cannot_be_together_are_refused(row: list[Any], make: Any) -> None:
    with pytest.raises(ValueError, match="uses"):
        uses([["p", row]], make)


@pytest.mark.parametrize(("good", "make"), [(BOX, ClosedBox), (SHUT, LearnedBox)])
def test_each_value_of_a_box_is_checked(good: list[Any], make: Any) -> None:
    for at in range(len(good)):
        for wrong in WRONG if 0 < at < len(good) - 1 else (None, True, 1, [], {}, "\ud800"):
            with pytest.raises(ValueError, match=r"closed|surrogates"):
                boxes([[*good[:at], wrong, *good[at + 1 :]]], make)
    for row in (good[:-1], [*good, 1], "xyz", [*good[:-1], "no such reason"]):
        with pytest.raises(ValueError, match="closed"):
            boxes([row], make)


@pytest.mark.parametrize(
    ("read", "wrong"),
    [
        (fields_of, (None, [], "x", 1)),
        (by_head, (None, [], {"title": "h1"})),
        (text, (None, 1, [], "\udfff")),
        (texts, (None, "x", {}, [1], [None])),
        (count, (None, True, -1, 1.0, "1", 10**10)),
        (lengths, (None, [], {}, [0], [2, 1], ["a", 2], ["a", None], [True])),
    ],
)
def test_other_values_are_refused_by_name(read: Any, wrong: tuple[Any, ...]) -> None:
    for value in wrong:
        with pytest.raises(ValueError, match=r"^the field: |surrogates"):
            read(value, "the field")


def test_a_reason_is_short_however_long_the_value() -> None:
    for value in ("x" * 10**6, list(range(10**6)), json.loads('{"a": ' * 50 + "1" + "}" * 50)):
        with pytest.raises(ValueError, match="the field: ") as refused:
            count(value, "the field")
        assert len(str(refused.value)) < 120


def test_values_in_their_bounds_are_kept() -> None:
    assert lengths([1, 1, 9], "words") == (1, 1, 9)
    assert by_head({"date": "p"}, "heads") == {"date": "p"}
    assert (count(0, ""), count(9, "", 9, 9), texts([], ""), text("é", "")) == (0, 9, [], "é")
