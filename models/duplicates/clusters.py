"""Clusters as sets: the connected components of duplicate_pairs, united, parted, locked.

Every change of a cluster holds the lock on its root's row, roots in the order of their ids;
a root that moved meanwhile is locked in its turn. So two writers never part a group, and of
two that wait for one another the database ends one, which is tried again.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, select, update

from models.db.statements import upsert
from models.duplicates.index import Member, members
from models.duplicates.pairs import within
from models.duplicates.tables import CLUSTER_MEMBERS, CLUSTERS


class Cluster(NamedTuple):
    """A cluster after a change of it."""

    cluster_id: int
    size: int
    original_id: int | None  # before the change; None where it is no member any more
    joined: frozenset[int]  # members whose cluster_id is another now


class ClusterChange(NamedTuple):
    """What became of the clusters that were changed."""

    clusters: tuple[Cluster, ...]
    alone: frozenset[int]  # articles that stood in a cluster and do not now


def lock(conn: Connection, article_ids: Collection[int]) -> dict[int, Member]:
    """The rows of these articles, whose clusters nobody else changes until the commit."""
    held: set[int] = set()
    while True:
        rows = members(conn, article_ids)
        wanted = {row.root for row in rows.values()} - held
        if not wanted:
            return rows
        roots = select(CLUSTER_MEMBERS.c.article_id).where(
            CLUSTER_MEMBERS.c.article_id.in_(sorted(wanted))
        )
        conn.execute(roots.order_by(CLUSTER_MEMBERS.c.article_id).with_for_update()).all()
        held |= wanted


def merge(conn: Connection, rows: Iterable[Member], now: datetime) -> ClusterChange:
    """Makes one cluster of all clusters that these (locked) articles stand in."""
    rows = list(rows)
    roots = sorted({row.root for row in rows})
    target, others = roots[0], roots[1:]
    before = _rows(conn, roots)
    joining = {row.article_id for row in rows if row.cluster_id is None}
    if others or joining:
        moved = select(CLUSTER_MEMBERS.c.article_id).where(CLUSTER_MEMBERS.c.cluster_id.in_(others))
        joining |= set(conn.scalars(moved)) if others else set()
        _move(conn, dict.fromkeys(joining, target))
    size = sum(cluster.size for cluster in before.values())
    size += sum(row.cluster_id is None for row in rows)
    original = before[target].original_id if target in before else None
    _write(conn, {target: size}, {target: original or target}, set(before) - {target}, now)
    return ClusterChange((Cluster(target, size, original, frozenset(joining)),), frozenset())


def recompute_components(conn: Connection, rows: Iterable[Member], now: datetime) -> ClusterChange:
    """Makes the clusters of these (locked) articles again, from their duplicate_pairs alone."""
    nodes = {row.article_id: row for row in rows}
    clusters = {row.cluster_id for row in nodes.values() if row.cluster_id is not None}
    for cluster_id in clusters:
        nodes |= {row.article_id: row for row in members_of(conn, cluster_id)}
    target = _components(conn, nodes, clusters)
    before = _rows(conn, clusters)
    changed = {a: target.get(a) for a, row in nodes.items() if row.cluster_id != target.get(a)}
    _move(conn, changed)
    sizes = Counter(target.values())
    sitting = {
        k: cluster.original_id
        for k, cluster in before.items()
        if target.get(cluster.original_id) == k
    }
    _write(conn, sizes, {k: sitting.get(k, k) for k in sizes}, set(before) - set(sizes), now)
    groups = tuple(
        Cluster(k, size, sitting.get(k), frozenset(a for a, new in changed.items() if new == k))
        for k, size in sorted(sizes.items())
    )
    return ClusterChange(groups, frozenset(a for a, new in changed.items() if new is None))


def find(conn: Connection, cluster_id: int) -> Cluster | None:
    """The cluster of this number, without its changes; None if there is none."""
    row = _rows(conn, [cluster_id]).get(cluster_id)
    if row is None:
        return None
    return Cluster(cluster_id, row.size, row.original_id, frozenset())


def due(conn: Connection, after: int, limit: int) -> list[int]:
    """Clusters > `after` whose original is to be named by a sweep, in their order."""
    query = select(CLUSTERS.c.cluster_id).where(CLUSTERS.c.due == 1, CLUSTERS.c.cluster_id > after)
    return list(conn.scalars(query.order_by(CLUSTERS.c.cluster_id).limit(limit)))


def count(conn: Connection) -> int:
    """How many clusters there are."""
    return int(conn.execute(select(func.count()).select_from(CLUSTERS)).scalar_one())


def members_of(conn: Connection, cluster_id: int) -> list[Member]:
    """All members of a cluster, in the order of their ids."""
    columns = [CLUSTER_MEMBERS.c[name] for name in Member._fields]
    query = select(*columns).where(CLUSTER_MEMBERS.c.cluster_id == cluster_id)
    return [Member(*row) for row in conn.execute(query.order_by(CLUSTER_MEMBERS.c.article_id))]


def set_original(
    conn: Connection, cluster_id: int, original_id: int, reason: str, now: datetime
) -> None:
    """Keeps which member is the original, and by what that is known."""
    said = {"original_id": original_id, "reason": reason, "due": 0, "updated_at": now}
    conn.execute(update(CLUSTERS).where(CLUSTERS.c.cluster_id == cluster_id).values(**said))
    original = update(CLUSTER_MEMBERS).where(CLUSTER_MEMBERS.c.article_id == original_id)
    conn.execute(original.values(similarity=None, reason=None))


def set_similarities(conn: Connection, rows: Iterable[tuple[int, float, str]]) -> None:
    """Keeps how like its cluster's original each article is (0 to 1), and why it is a member."""
    one = update(CLUSTER_MEMBERS).where(CLUSTER_MEMBERS.c.article_id == bindparam("of_article"))
    said = one.values(similarity=bindparam("is_like"), reason=bindparam("for_reason"))
    given = [{"of_article": a, "is_like": s, "for_reason": r} for a, s, r in sorted(rows)]
    if given:
        conn.execute(said, given)


class _Row(NamedTuple):
    cluster_id: int
    original_id: int
    size: int


def _rows(conn: Connection, cluster_ids: Collection[int]) -> dict[int, _Row]:
    columns = [CLUSTERS.c[name] for name in _Row._fields]
    query = select(*columns).where(CLUSTERS.c.cluster_id.in_(sorted(cluster_ids)))
    return {row[0]: _Row(*row) for row in conn.execute(query)}


def _move(conn: Connection, targets: Mapping[int, int | None]) -> None:
    if targets:
        one = update(CLUSTER_MEMBERS).where(CLUSTER_MEMBERS.c.article_id == bindparam("of_article"))
        values = one.values(cluster_id=bindparam("to_cluster"), similarity=None, reason=None)
        conn.execute(values, [{"of_article": a, "to_cluster": targets[a]} for a in sorted(targets)])


def _write(
    conn: Connection,
    sizes: Mapping[int, int],
    originals: Mapping[int, int],
    gone: Collection[int],
    now: datetime,
) -> None:
    if gone:
        conn.execute(delete(CLUSTERS).where(CLUSTERS.c.cluster_id.in_(sorted(gone))))
    rows = [
        {
            "cluster_id": cluster_id,
            "original_id": originals[cluster_id],
            "reason": "",
            "size": size,
            "due": 1,
            "updated_at": now,
        }
        for cluster_id, size in sorted(sizes.items())
    ]
    upsert(conn, CLUSTERS, rows, ["original_id", "size", "due", "updated_at"])


def _components(
    conn: Connection, nodes: Mapping[int, Member], clusters: Collection[int]
) -> dict[int, int]:
    """Each node that is not alone, with the smallest id of its component."""
    parent = {article_id: article_id for article_id in nodes}

    def root(article_id: int) -> int:
        while parent[article_id] != article_id:
            parent[article_id] = parent[parent[article_id]]
            article_id = parent[article_id]
        return article_id

    def join(one: int, other: int) -> None:
        first, second = sorted((root(one), root(other)))
        parent[second] = first

    singles = [article_id for article_id, row in nodes.items() if row.cluster_id is None]
    for edge in within(conn, clusters, singles):
        if edge.merges and edge.a in nodes and edge.b in nodes:
            join(edge.a, edge.b)
    bodies: dict[int, int] = {}
    for article_id, row in nodes.items():
        if row.body_key is not None:  # equal texts are linked through one of them only
            join(bodies.setdefault(row.body_key, article_id), article_id)
    roots = {article_id: root(article_id) for article_id in nodes}
    shared = {found for article_id, found in roots.items() if found != article_id}
    return {article_id: found for article_id, found in roots.items() if found in shared}
