"""Likenesses: pairs of articles that were compared and found alike."""

from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, delete, or_, select

from models.db.statements import upsert
from models.db.types import Base
from models.duplicates.index import MEMBERS

LIKENESSES: Final = Base.metadata.tables["likenesses"]


class Edge(NamedTuple):
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


_EDGES: Final = select(*(LIKENESSES.c[name] for name in Edge._fields))
_TOUCHING: Final = _EDGES.where(
    or_(LIKENESSES.c.a == bindparam("me"), LIKENESSES.c.b == bindparam("me"))
)


def touching(c: Connection, article_id: int) -> list[Edge]:
    """All likenesses of one article."""
    return [Edge(*row) for row in c.execute(_TOUCHING, {"me": article_id})]


def within(c: Connection, clusters: Collection[int], singles: Collection[int]) -> list[Edge]:
    """All likenesses whose `a` stands in one of these clusters, or is one of these articles."""
    inside = select(MEMBERS.c.article_id).where(MEMBERS.c.cluster_id.in_(sorted(clusters)))
    chosen = or_(LIKENESSES.c.a.in_(inside), LIKENESSES.c.a.in_(sorted(singles)))
    return [Edge(*row) for row in c.execute(_EDGES.where(chosen))]


def replace(c: Connection, old: Iterable[Edge], new: Iterable[Edge]) -> None:
    """Takes `old` likenesses away and keeps `new` ones."""
    kept = {(edge.a, edge.b): edge for edge in new}
    gone = [{"of_a": e.a, "of_b": e.b} for e in old if (e.a, e.b) not in kept]
    if gone:
        pair = (LIKENESSES.c.a == bindparam("of_a"), LIKENESSES.c.b == bindparam("of_b"))
        c.execute(
            delete(LIKENESSES).where(*pair), sorted(gone, key=lambda row: tuple(row.values()))
        )
    rows = [kept[pair]._asdict() for pair in sorted(kept)]
    upsert(c, LIKENESSES, rows, ["kind", "jaccard", "containment"])
