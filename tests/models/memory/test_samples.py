"""Bottom-k samples: the same pages give the same rows, in any order."""

from itertools import permutations

import pytest
from sqlalchemy import event

from models.db.database import Database
from models.evidence import SAMPLE
from models.memory import samples
from models.memory.samples import CHUNK
from tests.support.observations import Taught, teaches


@pytest.mark.parametrize(
    ("count", "statements"), [(0, 0), (1, 1), (CHUNK, 1), (CHUNK + 1, 2), (2 * CHUNK + 1, 3)]
)
def test_keys_are_deleted_in_parts_and_no_others(
    sqlite: Database, count: int, statements: int
) -> None:
    taught = Taught(sqlite)
    taught.remember(teaches(1, dict.fromkeys(range(3 * CHUNK), "x")))
    with sqlite.transaction() as conn:
        seen: list[str] = []
        event.listen(conn, "before_cursor_execute", lambda _c, _cur, sql, *_: seen.append(sql))
        samples.delete_keys(conn, taught.site_id, range(count))
        assert len(seen) == statements
        assert samples.counts(conn, taught.site_id) == dict.fromkeys(range(count, 3 * CHUNK), 1)
        assert len(samples.read(conn, taught.site_id, range(3 * CHUNK))) == 3 * CHUNK - count


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
