"""Likenesses: pairs of articles that were compared and found alike."""

from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, delete, or_, select

from models.db.statements import upsert
from models.db.types import Base
from models.duplicates.index import MEMBERS

LIKENESSES: Final = Base.metadata.tables["duplicate_pairs"]


class Pair(NamedTuple):
    """One likeness, a < b."""

    a: int
    b: int
    kind: str  # near | excerpt
    jaccard: float
    containment: float

    @property
    def merges(self) -> bool:
        """Whether the two belong in one cluster."""
        return self.kind == "near"


_ALL_PAIRS: Final = select(*(LIKENESSES.c[name] for name in Pair._fields))
_TOUCHING: Final = _ALL_PAIRS.where(
    or_(LIKENESSES.c.a == bindparam("me"), LIKENESSES.c.b == bindparam("me"))
)


def pairs_of(conn: Connection, article_id: int) -> list[Pair]:
    """All duplicate_pairs of one article."""
    return [Pair(*row) for row in conn.execute(_TOUCHING, {"me": article_id})]


def within(conn: Connection, clusters: Collection[int], singles: Collection[int]) -> list[Pair]:
    """All pairs whose `a` is in one of these clusters, or is one of these articles."""
    inside = select(MEMBERS.c.article_id).where(MEMBERS.c.cluster_id.in_(sorted(clusters)))
    chosen = or_(LIKENESSES.c.a.in_(inside), LIKENESSES.c.a.in_(sorted(singles)))
    return [Pair(*row) for row in conn.execute(_ALL_PAIRS.where(chosen))]


def replace(conn: Connection, old: Iterable[Pair], new: Iterable[Pair]) -> None:
    """Takes `old` duplicate_pairs away and keeps `new` ones."""
    kept = {(edge.a, edge.b): edge for edge in new}
    gone = [{"of_a": e.a, "of_b": e.b} for e in old if (e.a, e.b) not in kept]
    if gone:
        pair = (LIKENESSES.c.a == bindparam("of_a"), LIKENESSES.c.b == bindparam("of_b"))
        conn.execute(
            delete(LIKENESSES).where(*pair), sorted(gone, key=lambda row: tuple(row.values()))
        )
    rows = [kept[pair]._asdict() for pair in sorted(kept)]
    upsert(conn, LIKENESSES, rows, ["kind", "jaccard", "containment"])
