"""Duplicate pairs: articles that were compared and found similar."""

from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, delete, or_, select

from models.db.statements import upsert
from models.duplicates.tables import CLUSTER_MEMBERS, DUPLICATE_PAIRS


class Pair(NamedTuple):
    """Two similar articles, a < b."""

    a: int
    b: int
    kind: str  # near | excerpt
    jaccard: float
    containment: float

    @property
    def merges(self) -> bool:
        """Whether the two belong in one cluster."""
        return self.kind == "near"

    def other(self, article_id: int) -> int:
        """The one that is not `article_id`."""
        return self.b if self.a == article_id else self.a


_ALL: Final = select(*(DUPLICATE_PAIRS.c[name] for name in Pair._fields))
_OF: Final = or_(DUPLICATE_PAIRS.c.a == bindparam("me"), DUPLICATE_PAIRS.c.b == bindparam("me"))
_PAIRS_OF: Final = _ALL.where(_OF)


def pairs_of(conn: Connection, article_id: int) -> list[Pair]:
    """All pairs of one article."""
    return [Pair(*row) for row in conn.execute(_PAIRS_OF, {"me": article_id})]


def within(conn: Connection, clusters: Collection[int], singles: Collection[int]) -> list[Pair]:
    """All pairs whose `a` is in one of these clusters, or is one of these articles."""
    inside = select(CLUSTER_MEMBERS.c.article_id).where(
        CLUSTER_MEMBERS.c.cluster_id.in_(sorted(clusters))
    )
    chosen = or_(DUPLICATE_PAIRS.c.a.in_(inside), DUPLICATE_PAIRS.c.a.in_(sorted(singles)))
    return [Pair(*row) for row in conn.execute(_ALL.where(chosen))]


def replace(conn: Connection, old: Iterable[Pair], new: Iterable[Pair]) -> None:
    """Deletes the `old` pairs and stores the `new` ones."""
    kept = {(pair.a, pair.b): pair for pair in new}
    gone = sorted({(pair.a, pair.b) for pair in old} - kept.keys())
    if gone:
        one = delete(DUPLICATE_PAIRS).where(
            DUPLICATE_PAIRS.c.a == bindparam("of_a"), DUPLICATE_PAIRS.c.b == bindparam("of_b")
        )
        conn.execute(one, [{"of_a": a, "of_b": b} for a, b in gone])
    rows = [kept[key]._asdict() for key in sorted(kept)]
    upsert(conn, DUPLICATE_PAIRS, rows, ["kind", "jaccard", "containment"])
