"""Many items in lists of bounded length."""

from collections.abc import Iterable

import pytest

from models.batches import batched


@pytest.mark.parametrize(
    ("items", "parts"),
    [
        ([], []),
        ([1], [[1]]),
        ([1, 2, 3], [[1, 2, 3]]),
        ([1, 2, 3, 4], [[1, 2, 3], [4]]),
        (range(6), [[0, 1, 2], [3, 4, 5]]),
        (iter("abcd"), [["a", "b", "c"], ["d"]]),
    ],
)
def test_parts_are_full_but_for_the_last(
    items: Iterable[object], parts: list[list[object]]
) -> None:
    assert list(batched(items, 3)) == parts
