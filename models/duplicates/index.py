"""What duplicate search knows of each article, and the look-up by shared keys."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from sqlalchemy import (
    Connection,
    Select,
    TextClause,
    Update,
    and_,
    bindparam,
    delete,
    select,
    text,
    update,
)

from models.db.statements import insert_ignore, upsert
from models.db.types import Base
from models.duplicates.tables import DONE, PENDING

KEYS: Final = Base.metadata.tables["sketch_keys"]
MEMBERS: Final = Base.metadata.tables["cluster_members"]

POSTINGS: Final = 64  # the newest of each key that are read: a template's phrase costs no more
SHARED: Final = 2  # keys in common; three would find the same copies, and fewer excerpts
CANDIDATES: Final = 20  # texts compared at most
_POSTING: Final = (
    "select article_id from (select article_id from sketch_keys where sketch_key = :k{n}"
    " and article_id <> :me order by article_id desc limit {limit}) as p{n}"
)
_EQUAL: Final = (
    select(MEMBERS.c.article_id)
    .where(MEMBERS.c.body_key == bindparam("body"), MEMBERS.c.article_id != bindparam("me"))
    .order_by(MEMBERS.c.article_id)
    .limit(1)
)


class IndexEntry(NamedTuple):
    """One article's text as the index keeps it."""

    article_id: int
    revision: int  # whose text it is
    body_key: int | None
    tokens: int
    keys: Sequence[int]


class TextVersion(NamedTuple):
    """Which text was compared: a revision's text may be mended in place."""

    revision: int
    body_key: int | None


class Member(NamedTuple):
    """One article's row."""

    article_id: int
    cluster_id: int | None
    revision: int
    body_key: int | None
    tokens: int

    @property
    def version(self) -> "TextVersion":
        """Which text the row is of."""
        return TextVersion(self.revision, self.body_key)

    @property
    def root(self) -> int:
        """The article whose row is locked for all changes of this one's cluster."""
        return self.article_id if self.cluster_id is None else self.cluster_id


# made once: making a statement takes longer than SQLite takes to run it
_MEMBERS_OF: Final = select(*(MEMBERS.c[name] for name in Member._fields)).where(
    MEMBERS.c.article_id.in_(bindparam("ids", expanding=True))
)


def mark_pending(conn: Connection, article_id: int) -> None:
    """Notes that an article's text is new, in the transaction that stores it.

    A run that is killed before it looks for duplicates leaves that to the next one's sweep.
    """
    upsert(conn, MEMBERS, [_row(IndexEntry(article_id, 0, None, 0, ()))], ["state"])


def add(conn: Connection, entry: IndexEntry, stale: Collection[int]) -> None:
    """Keeps an article's keys, and takes its `stale` ones away; it is pending until settled.

    To be committed before anybody looks: of two that write at once, the later sees the other.
    """
    upsert(conn, MEMBERS, [_row(entry)], ["state", "revision", "body_key", "tokens"])
    if stale:
        of_article = KEYS.c.article_id == entry.article_id
        conn.execute(delete(KEYS).where(of_article, KEYS.c.sketch_key.in_(sorted(stale))))
    rows = [{"sketch_key": key, "article_id": entry.article_id} for key in sorted(entry.keys)]
    insert_ignore(conn, KEYS, rows)


def candidates(conn: Connection, entry: IndexEntry) -> list[int]:
    """Articles that may be one story with this: equal texts first, then most keys shared.

    Of articles with one and the same text a single one is offered.
    """
    found = [] if entry.body_key is None else _equal(conn, entry)
    if entry.keys:
        given = {f"k{n}": key for n, key in enumerate(entry.keys)}
        rows = conn.execute(_sharing(len(entry.keys)), {"me": entry.article_id, **given})
        found += [row[0] for row in rows]
    known, bodies, offered = members(conn, found), set(), []
    for article_id in found:
        body = known[article_id].body_key if article_id in known else None
        if body is not None and body not in bodies:
            bodies.add(body)
            offered.append(article_id)
    return offered[:CANDIDATES]


def members(conn: Connection, article_ids: Collection[int]) -> dict[int, Member]:
    """The rows of these articles, by article."""
    if not article_ids:
        return {}
    rows = conn.execute(_MEMBERS_OF, {"ids": sorted(set(article_ids))})
    return {row[0]: Member(*row) for row in rows}


def with_body_key(conn: Connection, body_key: int, limit: int) -> list[int]:
    """Articles that have this very text, the oldest `limit`."""
    query = select(MEMBERS.c.article_id).where(MEMBERS.c.body_key == body_key)
    return list(conn.scalars(query.order_by(MEMBERS.c.article_id).limit(limit)))


def mark_indexed(
    conn: Connection, article_id: int, stamp: TextVersion, *, alone: bool = False
) -> bool:
    """Marks an article as looked up, if its text is still that which was compared.

    `alone`: only where it stands in no cluster either.
    """
    mark, look = _marking(alone)
    given = {"me": article_id, "of_revision": stamp.revision, "body": stamp.body_key}
    return bool(conn.execute(mark, given).rowcount) or conn.execute(look, given).first() is not None


def requeue(conn: Connection, article_ids: Collection[int]) -> None:
    """Has articles looked up again: a likeness that they stood on is gone."""
    if article_ids:
        chosen = MEMBERS.c.article_id.in_(sorted(article_ids))
        conn.execute(update(MEMBERS).where(chosen).values(state=PENDING))


def pending(conn: Connection, after: int, limit: int) -> list[int]:
    """Articles > `after` that have not been looked up, in their order."""
    query = select(MEMBERS.c.article_id).where(
        # as a literal: a partial index is not chosen by a parameter
        text("state = 0"),
        MEMBERS.c.article_id > after,
    )
    return list(conn.scalars(query.order_by(MEMBERS.c.article_id).limit(limit)))


def clear_keys(conn: Connection) -> None:
    """Takes all keys away, for a rebuild; rows and clusters stay as they are."""
    conn.execute(delete(KEYS))


def _row(entry: IndexEntry) -> dict[str, int | None]:
    return {
        "article_id": entry.article_id,
        "cluster_id": None,
        "state": PENDING,
        "revision": entry.revision,
        "body_key": entry.body_key,
        "tokens": entry.tokens,
    }


@lru_cache(maxsize=2)
def _marking(alone: bool) -> tuple[Update, Select[int]]:
    """Marks a pending article as looked up; and whether it is, where there was nothing to mark."""
    wanted = and_(
        MEMBERS.c.article_id == bindparam("me"),
        MEMBERS.c.revision == bindparam("of_revision"),
        MEMBERS.c.body_key.is_not_distinct_from(bindparam("body", type_=MEMBERS.c.body_key.type)),
    )
    if alone:
        wanted = and_(wanted, MEMBERS.c.cluster_id.is_(None))
    mark = update(MEMBERS).where(wanted, MEMBERS.c.state == PENDING).values(state=DONE)
    return mark, select(MEMBERS.c.state).where(wanted)


def _equal(conn: Connection, entry: IndexEntry) -> list[int]:
    return list(conn.scalars(_EQUAL, {"body": entry.body_key, "me": entry.article_id}))


@lru_cache(maxsize=64)
def _sharing(keys: int) -> TextClause:
    """Articles that share keys, most shared first: the newest postings of each, off the index."""
    union = " union all ".join(_POSTING.format(n=n, limit=POSTINGS) for n in range(keys))
    return text(
        f"select article_id from ({union}) as postings group by article_id"  # noqa: S608 - no input
        f" having count(*) >= {SHARED} order by count(*) desc, article_id desc limit {POSTINGS}"
    )
