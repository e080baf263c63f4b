"""A run's cached reader of its site's statistics asks for each key once."""

from collections.abc import Mapping, Sequence

from models.db.database import Database
from models.evidence import Occurrence
from models.memory.cache import EvidenceCache, SampleCache, other_pages
from models.memory.samples import SAMPLE
from tests.support.observations import Taught, teaches


class Table:
    """Samples by key, and what was asked for."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    def read(self, keys: Sequence[int]) -> Mapping[int, Sequence[Occurrence]]:
        self.asked.append(list(keys))
        return {key: [Occurrence(key, key)] for key in keys if key > 0}


def test_a_key_is_asked_for_once_even_if_it_has_no_sample() -> None:
    cache, table = SampleCache[Occurrence](9), Table()
    assert cache.look_up([1, 2, 1, -3], table.read) == {
        1: (Occurrence(1, 1),), 2: (Occurrence(2, 2),), -3: (),
    }  # fmt: skip
    cache.look_up([2, -3, 4], table.read)
    assert table.asked == [[1, 2, -3], [4]]


def test_what_was_looked_up_longest_ago_goes_first() -> None:
    cache, table = SampleCache[Occurrence](2), Table()
    for keys in ([1], [2], [1], [3], [1], [2]):
        cache.look_up(keys, table.read)
    assert table.asked == [[1], [2], [3], [2]]


def test_a_page_on_its_way_is_counted_once_and_up_to_a_full_sample() -> None:
    cache, table = SampleCache[Occurrence](9), Table()
    cache.look_up([1], table.read)
    for page in [5, 5, *range(100, 200)]:
        cache.add(1, Occurrence(page, page))
    cache.add(2, Occurrence(5, 5))  # a key that nobody asked for is read when somebody does
    found = cache.look_up([1, 2], table.read)
    assert [one.page for one in found[1]][:2] == [1, 5]
    assert len(found[1]) == SAMPLE
    assert found[2] == (Occurrence(2, 2),)


def test_evidence_has_the_page_itself_first_and_counts_the_others(sqlite: Database) -> None:
    taught = Taught(sqlite)
    taught.remember(*(teaches(n, {1: "x"}, {7: (1, 2)}) for n in range(1, 4)))
    page = teaches(2, {1: "x", 9: "own"}, {7: (1, 2)})
    with sqlite.reading() as conn:
        cache = EvidenceCache(taught.site_id)
        found = cache.evidence(conn, page)
        assert cache.still_knows(conn, page)
        assert not cache.still_knows(conn, teaches(5, {}, {98: (1, 1)}))
        cache.add_page(teaches(8, {1: "x"}, {7: (1, 2)}))
        later = cache.evidence(conn, page)
    assert next(one.page for one in found.blocks[1]) == 2
    assert {one.page for one in found.blocks[1]} == {1, 2, 3}
    assert [one.page for one in found.blocks[9]] == [2]
    assert other_pages(found) == {1: 2, 7: 2}
    assert other_pages(later) == {1: 3, 7: 3}
