"""The near-duplicate index: each article's keys, its state, and the look-up by shared keys."""

from collections.abc import Collection, Mapping, Sequence
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
    exists,
    or_,
    select,
    text,
    update,
)

from models.db.keys import among
from models.db.statements import insert_numbers, upsert
from models.duplicates.tables import CLUSTER_MEMBERS, DONE, DUPLICATE_PAIRS, PENDING, SKETCH_KEYS

POSTINGS: Final = 64  # the newest articles of each key that are read, so a common phrase is cheap
SHARED: Final = 2  # keys in common; three would find the same copies, and fewer excerpts
MOST_FOUND: Final = 1_000  # rows of a look-up: all pairs, and the best of the rest
_IS_PAIR: Final = 2
CANDIDATES: Final = 20  # texts compared at most
_POSTING: Final = (
    "select article_id, 0 as same from (select article_id from sketch_keys where sketch_key = :k{n}"
    " and article_id <> :me order by article_id desc limit {limit}) as p{n}"
)
_PAIRED: Final = (
    "select b as article_id, 2 as same from duplicate_pairs where a = :me",
    "select a as article_id, 2 as same from duplicate_pairs where b = :me",
)
_SAME: Final = (
    "select article_id, 1 as same from (select article_id from cluster_members"
    " where body_key = :body and article_id <> :me order by article_id limit 1) as same_text"
)


class IndexEntry(NamedTuple):
    """One article's text as the index keeps it."""

    article_id: int
    revision: int  # whose text it is
    body_key: int | None
    tokens: int
    keys: Sequence[int]
    near_key: int | None = None


class TextKeys(NamedTuple):
    """The keys of a text."""

    body_key: int | None
    near_key: int | None


class TextVersion(NamedTuple):
    """Which text was compared: a revision's text may be replaced in place."""

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
    def version(self) -> TextVersion:
        """Which text the row is of."""
        return TextVersion(self.revision, self.body_key)

    @property
    def root(self) -> int:
        """The article whose row is locked for all changes of this one's cluster."""
        return self.article_id if self.cluster_id is None else self.cluster_id


# made once: building a statement takes longer than SQLite takes to run it
_MEMBERS_OF: Final = select(*(CLUSTER_MEMBERS.c[name] for name in Member._fields)).where(
    among(CLUSTER_MEMBERS.c.article_id, "ids")
)
_STALE: Final = delete(SKETCH_KEYS).where(
    SKETCH_KEYS.c.article_id == bindparam("me"), among(SKETCH_KEYS.c.sketch_key, "keys")
)


def add(conn: Connection, entry: IndexEntry, stale: Collection[int]) -> None:
    """Writes an article's keys and deletes its `stale` ones, in the transaction that stores it.

    The article is pending until it is linked. It must be committed before anybody looks it up:
    of two articles that are stored at once, the later then sees the other. A run that is killed
    in between leaves the article to the next run.
    """
    row = {
        "article_id": entry.article_id,
        "cluster_id": None,
        "state": PENDING,
        "revision": entry.revision,
        "body_key": entry.body_key,
        "tokens": entry.tokens,
        "near_key": entry.near_key,
    }
    upsert(conn, CLUSTER_MEMBERS, [row], ["state", "revision", "body_key", "tokens", "near_key"])
    if stale:
        conn.execute(_STALE, {"me": entry.article_id, "keys": sorted(stale)})
    insert_numbers(conn, SKETCH_KEYS, [(key, entry.article_id) for key in sorted(entry.keys)])


def candidates(conn: Connection, entry: IndexEntry) -> list[Member]:
    """Articles that may be one story with this: equal texts first, then most keys shared.

    Of articles with one and the same text a single one is offered. Those that form a pair with
    this one come first, whatever their texts.
    """
    given = {f"k{n}": key for n, key in enumerate(entry.keys)}
    query = _sharing(len(entry.keys), entry.body_key is not None)
    rows = conn.execute(query, {"me": entry.article_id, "body": entry.body_key, **given})
    bodies: set[int | None] = {None}
    paired, offered = [], []
    for same, _, _, *columns in sorted(map(tuple, rows), reverse=True):
        member = Member(*columns)
        if same == _IS_PAIR:
            paired.append(member)
        elif member.body_key not in bodies:
            offered.append(member)
        bodies.add(member.body_key)
    return paired + offered[:CANDIDATES]


def members(conn: Connection, article_ids: Collection[int]) -> dict[int, Member]:
    """The rows of these articles, by article."""
    if not article_ids:
        return {}
    rows = conn.execute(_MEMBERS_OF, {"ids": sorted(set(article_ids))})
    return {row[0]: Member(*row) for row in rows}


def mark_indexed(
    conn: Connection, article_id: int, version: TextVersion, *, alone: bool = False
) -> bool:
    """Marks an article as looked up, if its text is still the one that was compared.

    `alone`: only if it is in no cluster and no pair either.
    """
    mark, look = _marking(alone)
    given = {"me": article_id, "of_revision": version.revision, "body": version.body_key}
    if conn.execute(mark, given).rowcount:
        return True
    return conn.execute(look, given).first() is not None


def requeue(conn: Connection, article_ids: Collection[int]) -> None:
    """Has articles looked up again: their facts changed, or a pair that linked them is gone."""
    if article_ids:
        chosen = CLUSTER_MEMBERS.c.article_id.in_(sorted(article_ids))
        conn.execute(update(CLUSTER_MEMBERS).where(chosen).values(state=PENDING))


def pending(conn: Connection, after: int, limit: int) -> list[int]:
    """Articles > `after` that have not been looked up, in their order."""
    query = select(CLUSTER_MEMBERS.c.article_id).where(
        # as a literal: a partial index is not chosen by a parameter
        text("state = 0"),
        CLUSTER_MEMBERS.c.article_id > after,
    )
    return list(conn.scalars(query.order_by(CLUSTER_MEMBERS.c.article_id).limit(limit)))


def take_out(conn: Connection, article_ids: Collection[int]) -> dict[int, TextKeys]:
    """Takes articles out of the index, but for their rows; returns the keys of their texts.

    Their pairs are to be deleted and clusters computed anew; `mark_refused` then keeps the texts.
    """
    ids = sorted(article_ids)
    mine = CLUSTER_MEMBERS.c.article_id.in_(ids)
    names = ("article_id", *TextKeys._fields)
    found = conn.execute(select(*(CLUSTER_MEMBERS.c[name] for name in names)).where(mine))
    keys = {article_id: TextKeys(body, near) for article_id, body, near in found}
    conn.execute(delete(SKETCH_KEYS).where(SKETCH_KEYS.c.article_id.in_(ids)))
    left_out = update(CLUSTER_MEMBERS).where(mine)
    conn.execute(left_out.values(state=DONE, body_key=None, near_key=None))
    return keys


def refused_key(key: int) -> int:
    """The key under which a refused article's text is known: negative, so no look-up meets it."""
    return -1 - key


def mark_refused(conn: Connection, keys: Mapping[int, TextKeys]) -> None:
    """Keeps the texts of articles that were taken out, by article, as refused ones."""
    for article_id, of_text in keys.items():
        mine = CLUSTER_MEMBERS.c.article_id == article_id
        kept = {
            name: key if key is None or key < 0 else refused_key(key)
            for name, key in of_text._asdict().items()
        }
        conn.execute(update(CLUSTER_MEMBERS).where(mine).values(kept))


def clear_keys(conn: Connection) -> None:
    """Deletes all keys, for a rebuild; rows and clusters stay as they are."""
    conn.execute(delete(SKETCH_KEYS))


@lru_cache(maxsize=2)
def _marking(alone: bool) -> tuple[Update, Select[int]]:
    """Marks a pending article as looked up; and asks if it is, when there was nothing to mark."""
    wanted = and_(
        CLUSTER_MEMBERS.c.article_id == bindparam("me"),
        CLUSTER_MEMBERS.c.revision == bindparam("of_revision"),
        CLUSTER_MEMBERS.c.body_key.is_not_distinct_from(
            bindparam("body", type_=CLUSTER_MEMBERS.c.body_key.type)
        ),
    )
    if alone:
        paired = or_(DUPLICATE_PAIRS.c.a == bindparam("me"), DUPLICATE_PAIRS.c.b == bindparam("me"))
        wanted = and_(wanted, CLUSTER_MEMBERS.c.cluster_id.is_(None), ~exists().where(paired))
    mark = (
        update(CLUSTER_MEMBERS).where(wanted, CLUSTER_MEMBERS.c.state == PENDING).values(state=DONE)
    )
    return mark, select(CLUSTER_MEMBERS.c.state).where(wanted)


@lru_cache(maxsize=64)
def _sharing(keys: int, body: bool) -> TextClause:
    """Pairs, then one article with the same text, then those that share most keys."""
    parts = [_POSTING.format(n=n, limit=POSTINGS) for n in range(keys)]
    union = " union all ".join([*parts, *[_SAME] * body, *_PAIRED])
    columns = ", ".join(f"m.{name}" for name in Member._fields)
    return text(
        f"select p.same, p.shared, p.article_id, {columns}"  # noqa: S608 - no input
        " from (select article_id, max(same) as same, count(*) as shared"
        f" from ({union}) as postings"
        f" group by article_id having max(same) > 0 or count(*) >= {SHARED}"
        f" order by max(same) desc, count(*) desc, article_id desc limit {MOST_FOUND}) as p"
        " join cluster_members m on m.article_id = p.article_id"
    )
