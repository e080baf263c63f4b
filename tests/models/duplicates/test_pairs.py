"""Pairs of articles that were compared and found alike."""

import pytest

from models.db.database import Database
from models.duplicates import clusters, index, pairs
from models.duplicates.index import IndexEntry
from models.duplicates.pairs import Pair
from tests.factories import NOW
from tests.support.stories import tell, wire_copy


@pytest.fixture
def ids(sqlite: Database) -> list[int]:
    found = [tell(sqlite, wire_copy(n, 30), path=str(n)) for n in range(4)]
    with sqlite.transaction() as conn:
        for article_id in found:
            index.add(conn, IndexEntry(article_id, 1, 1_000 + article_id, 300, ()), ())
    return found


def test_new_pairs_take_the_place_of_old_ones(sqlite: Database, ids: list[int]) -> None:
    a, b, c, d = ids
    old = [Pair(a, b, "near", 0.5, 0.5), Pair(a, c, "near", 0.9, 0.9)]
    new = [Pair(a, b, "excerpt", 0.25, 1.0), Pair(a, d, "near", 0.75, 0.8)]
    with sqlite.transaction() as conn:
        pairs.replace(conn, (), old)
        pairs.replace(conn, old, new)
        assert sorted(pairs.pairs_of(conn, a)) == new
        assert pairs.pairs_of(conn, b) == new[:1]
        assert pairs.pairs_of(conn, c) == []


def test_pairs_within_are_those_whose_first_is_in_a_cluster_or_named(
    sqlite: Database, ids: list[int]
) -> None:
    a, b, c, d = ids
    all_pairs = [Pair(a, b, "near", 1.0, 1.0), Pair(c, d, "near", 1.0, 1.0)]
    with sqlite.transaction() as conn:
        pairs.replace(conn, (), all_pairs)
        clusters.merge(conn, clusters.lock(conn, [a, b]).values(), NOW)
        assert pairs.within(conn, [a], []) == all_pairs[:1]
        assert pairs.within(conn, [], [c]) == all_pairs[1:]
        assert pairs.within(conn, [], [b, d]) == []


@pytest.mark.parametrize(("kind", "merges"), [("near", True), ("excerpt", False)])
def test_only_near_duplicates_are_one_story(kind: str, merges: bool) -> None:
    assert Pair(1, 2, kind, 0.9, 0.9).merges is merges
