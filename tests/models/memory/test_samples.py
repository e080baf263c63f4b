"""Bottom-k samples: the same pages give the same rows, in any order."""

from itertools import permutations

import pytest

from models.db.database import Database
from models.memory.samples import CHUNK, SAMPLE, chunks
from tests.support.observations import Taught, teaches


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (CHUNK, [CHUNK]), (CHUNK + 1, [CHUNK, 1])])
def test_keys_are_asked_for_in_parts(count: int, sizes: list[int]) -> None:
    assert [len(part) for part in chunks(list(range(count)))] == sizes


def test_a_sample_is_the_smallest_hashes_whatever_came_first(sqlite: Database) -> None:
    pages = [teaches(n, {1: "x"}) for n in range(1, SAMPLE + 5)]
    smallest = sorted(page.page for page in sorted(pages, key=lambda p: p.page_hash)[: SAMPLE - 1])
    for name, order in (("one", pages), ("two", pages[::-1])):
        taught = Taught(sqlite, name)
        taught.remember(*order)
        assert taught.pages(1) == smallest  # whoever asks stands first in it


def test_a_page_that_shows_a_text_no_more_is_out_of_its_sample(sqlite: Database) -> None:
    taught = Taught(sqlite)
    taught.remember(teaches(1, {1: "x", 2: "y"}), teaches(2, {1: "x"}))
    taught.remember(teaches(1, {2: "y"}))
    assert (taught.pages(1), taught.pages(2)) == ([2], [1])


def test_three_pages_in_any_order_are_one_memory(sqlite: Database) -> None:
    pages = [teaches(n, {1: "x", n: "own"}, {7: (n, 9)}) for n in (11, 12, 13)]
    found = []
    for order in permutations(pages):
        taught = Taught(sqlite)
        taught.forget()
        taught.remember(*order)
        found.append(taught.rows())
    assert all(rows == found[0] for rows in found)
