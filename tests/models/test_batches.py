"""Long sequences in parts of bounded size."""

from collections.abc import Sequence

import pytest

from models.batches import batched


@pytest.mark.parametrize(
    ("items", "parts"),
    [
        ([], []),
        ([1], [[1]]),
        ([1, 2, 3], [[1, 2, 3]]),
        ([1, 2, 3, 4], [[1, 2, 3], [4]]),
        (range(6), [range(3), range(3, 6)]),
        ("abcd", ["abc", "d"]),
    ],
)
def test_parts_are_full_but_for_the_last(
    items: Sequence[object], parts: list[Sequence[object]]
) -> None:
    assert list(batched(items, 3)) == parts
