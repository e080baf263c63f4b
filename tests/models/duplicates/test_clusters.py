"""Clusters are the connected components of duplicate pairs, whatever order they come in."""

from collections.abc import Iterable

import pytest
from sqlalchemy import Connection, select

from models.db.database import Database
from models.duplicates import clusters, index, pairs
from models.duplicates.clusters import CLUSTERS, Cluster, ClusterChange
from models.duplicates.index import IndexEntry
from models.duplicates.pairs import Pair
from models.duplicates.tables import CLUSTER_MEMBERS as MEMBERS
from tests.factories import NOW
from tests.support.stories import tell, wire_copy


@pytest.fixture
def ids(sqlite: Database) -> list[int]:
    """Six articles in the index, each alone."""
    found = [tell(sqlite, wire_copy(n, 30), path=str(n)) for n in range(6)]
    with sqlite.transaction() as conn:
        for article_id in found:
            index.add(conn, IndexEntry(article_id, 1, 1_000 + article_id, 300, ()), ())
    return found


def near(conn: Connection, *couples: tuple[int, int], kind: str = "near") -> None:
    pairs.replace(conn, (), [Pair(min(c), max(c), kind, 0.9, 0.9) for c in couples])


def merge(conn: Connection, *article_ids: int) -> ClusterChange:
    return clusters.merge(conn, clusters.lock(conn, article_ids).values(), NOW)


def recompute(conn: Connection, *article_ids: int) -> ClusterChange:
    return clusters.recompute_components(conn, clusters.lock(conn, article_ids).values(), NOW)


def cluster_of(conn: Connection, article_ids: Iterable[int]) -> list[int | None]:
    rows = index.members(conn, list(article_ids))
    return [rows[article_id].cluster_id for article_id in article_ids]


def test_two_that_stood_alone_are_a_cluster_of_the_smaller_number(
    sqlite: Database, ids: list[int]
) -> None:
    a, b = ids[:2]
    with sqlite.transaction() as conn:
        change = merge(conn, b, a)
        assert change == ClusterChange((Cluster(a, 2, None, frozenset({a, b})),), frozenset())
        assert cluster_of(conn, [a, b, ids[2]]) == [a, a, None]
        assert clusters.find(conn, a) == Cluster(a, 2, a, frozenset())
        assert clusters.find(conn, b) is None
        assert clusters.count(conn) == 1


def test_two_clusters_and_a_single_become_one_and_the_others_are_gone(
    sqlite: Database, ids: list[int]
) -> None:
    a, b, c, d, e, _ = ids
    with sqlite.transaction() as conn:
        merge(conn, c, d)
        clusters.set_original(conn, c, d, "published first", NOW)
        merge(conn, a, b)
        clusters.set_original(conn, a, b, "published first", NOW)
        change = merge(conn, d, e, b)
        assert change.clusters == (Cluster(a, 5, b, frozenset({c, d, e})),)
        assert cluster_of(conn, [a, b, c, d, e]) == [a] * 5
        assert clusters.find(conn, c) is None
        assert clusters.find(conn, a) == Cluster(a, 5, b, frozenset())
        assert [m.article_id for m in clusters.members_of(conn, a)] == [a, b, c, d, e]


def test_a_merge_of_one_cluster_with_itself_moves_nobody(sqlite: Database, ids: list[int]) -> None:
    a, b = ids[:2]
    with sqlite.transaction() as conn:
        merge(conn, a, b)
        clusters.set_similarities(conn, [(b, 0.8, "near-duplicate")])
        assert merge(conn, a, b).clusters == (Cluster(a, 2, a, frozenset()),)
        kept = conn.execute(select(MEMBERS.c.similarity).where(MEMBERS.c.article_id == b))
        assert kept.scalar() == 0.8


def test_an_article_that_moves_loses_its_similarity(sqlite: Database, ids: list[int]) -> None:
    a, b, c, d = ids[:4]
    with sqlite.transaction() as conn:
        merge(conn, c, d)
        clusters.set_similarities(conn, [(c, 0.7, "x"), (d, 0.8, "near-duplicate")])
        merge(conn, a, b)
        merge(conn, b, d)
        said = select(MEMBERS.c.similarity, MEMBERS.c.reason).where(MEMBERS.c.article_id == d)
        assert tuple(conn.execute(said).one()) == (None, None)


def test_a_chain_that_breaks_in_the_middle_is_two_clusters(
    sqlite: Database, ids: list[int]
) -> None:
    a, b, c, d = ids[:4]
    with sqlite.transaction() as conn:
        near(conn, (a, b), (b, c), (c, d))
        assert recompute(conn, a, b, c, d).clusters == (
            Cluster(a, 4, None, frozenset({a, b, c, d})),
        )
        clusters.set_original(conn, a, d, "longest", NOW)
        pairs.replace(conn, [Pair(b, c, "near", 0.9, 0.9)], ())
        change = recompute(conn, b)
        assert change.clusters == (
            Cluster(a, 2, None, frozenset()),
            Cluster(c, 2, None, frozenset({c, d})),
        )
        assert cluster_of(conn, [a, b, c, d]) == [a, a, c, c]
        assert clusters.find(conn, a) == Cluster(a, 2, a, frozenset())


def test_an_original_that_stays_keeps_its_seat(sqlite: Database, ids: list[int]) -> None:
    a, b, c = ids[:3]
    with sqlite.transaction() as conn:
        near(conn, (a, b), (b, c))
        recompute(conn, a, b, c)
        clusters.set_original(conn, a, b, "published first", NOW)
        pairs.replace(conn, [Pair(b, c, "near", 0.9, 0.9)], ())
        change = recompute(conn, a)
        assert change.clusters == (Cluster(a, 2, b, frozenset()),)
        assert change.alone == {c}
        assert cluster_of(conn, [c]) == [None]
        assert clusters.find(conn, a) == Cluster(a, 2, b, frozenset())


def test_a_cluster_that_falls_apart_is_gone(sqlite: Database, ids: list[int]) -> None:
    a, b = ids[:2]
    with sqlite.transaction() as conn:
        near(conn, (a, b))
        recompute(conn, a, b)
        pairs.replace(conn, [Pair(a, b, "near", 0.9, 0.9)], ())
        assert recompute(conn, a) == ClusterChange((), frozenset({a, b}))
        assert clusters.count(conn) == 0


def test_an_excerpt_joins_no_cluster(sqlite: Database, ids: list[int]) -> None:
    a, b = ids[:2]
    with sqlite.transaction() as conn:
        near(conn, (a, b), kind="excerpt")
        assert recompute(conn, a, b) == ClusterChange((), frozenset())


def test_a_pair_with_somebody_outside_joins_nobody(sqlite: Database, ids: list[int]) -> None:
    a, b, c = ids[:3]
    with sqlite.transaction() as conn:
        near(conn, (a, b), (b, c))
        assert recompute(conn, a, b).clusters == (Cluster(a, 2, None, frozenset({a, b})),)
        assert cluster_of(conn, [c]) == [None]


def test_equal_texts_are_one_cluster_without_a_pair(sqlite: Database, ids: list[int]) -> None:
    a, b, c, d = ids[:4]
    with sqlite.transaction() as conn:
        for article_id, body in ((a, 7), (b, None), (c, 7), (d, None)):
            index.add(conn, IndexEntry(article_id, 1, body, 300, ()), ())
        change = recompute(conn, a, b, c, d)
        assert change.clusters == (Cluster(a, 2, None, frozenset({a, c})),)


def test_a_changed_cluster_is_due_until_its_original_is_named(
    sqlite: Database, ids: list[int]
) -> None:
    a, b, c, d, e, f = ids
    with sqlite.transaction() as conn:
        for one, other in ((a, b), (c, d), (e, f)):
            merge(conn, one, other)
        assert clusters.due(conn, 0, 9) == [a, c, e]
        assert clusters.due(conn, a, 1) == [c]
        clusters.set_similarities(conn, [(c, 0.5, "x")])
        clusters.set_original(conn, c, c, "seen first", NOW)
        assert clusters.due(conn, 0, 9) == [a, e]
        row = conn.execute(select(CLUSTERS).where(CLUSTERS.c.cluster_id == c)).one()
        assert (row.original_id, row.reason, row.updated_at) == (c, "seen first", NOW)
        said = select(MEMBERS.c.similarity).where(MEMBERS.c.article_id == c)
        assert conn.execute(said).scalar() is None  # an original is like no other
        merge(conn, c, d)
        assert clusters.due(conn, 0, 9) == [a, c, e]


def test_nothing_to_lock_is_locked_at_once(sqlite: Database, ids: list[int]) -> None:
    with sqlite.transaction() as conn:
        assert clusters.lock(conn, []) == {}
        assert set(clusters.lock(conn, ids[:2])) == set(ids[:2])
