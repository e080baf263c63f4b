"""Memory entries: the texts and DOM paths that a site's pages show, listed, revoked, pruned."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    String,
    bindparam,
    delete,
    func,
    select,
    update,
)

from models.batches import batched
from models.db.statements import insert_ignore
from models.db.types import UTC, CleanText, Key, column, one_of, table
from models.memory import samples
from models.memory.samples import CHUNK, OCCURRENCES

BLOCK: Final = "block"
DOM_PATH: Final = "dom_path"
ONE_OFF_AGE: Final = timedelta(days=30)  # a text that returns later than this counts as new
FADE: Final = timedelta(days=90)  # a DOM path that no page has used for a season is gone
ONE_OFFS: Final = 20_000  # texts seen once: the paragraphs of some 400 pages, about 8 MB
REPEATED: Final = 20_000  # texts seen more often: a site's boilerplate is some hundreds
MAX_PATHS: Final = 4_000  # the richest site measured has some hundreds, in several templates
# `last_seen_at` follows by the day: to the second, each page would rewrite all of its rows.
FRESH: Final = timedelta(days=1)


KINDS: Final = (BLOCK, DOM_PATH)

ENTRIES: Final = table(
    "memory_entries",
    column("site_id", ForeignKey("sites.site_id"), primary_key=True, comment="the site"),
    column(
        "entry_key",
        Key,
        primary_key=True,
        autoincrement=False,
        comment="63-bit hash of the text or path",
    ),
    column("kind", String(10), comment="block | dom_path"),
    column("text", CleanText, comment="first 200 characters of a block, or the DOM path"),
    column("first_seen_at", UTC, comment="when a page first showed it"),
    column("last_seen_at", UTC, comment="when a page last showed it, to the day"),
    column(
        "revoked_at",
        UTC,
        nullable=True,
        comment="when a person said that the text is not boilerplate; null: never",
    ),
    one_of("kind", KINDS),
    Index("ix_memory_entries_site_id_last_seen_at", "site_id", "last_seen_at"),
    comment="Texts and DOM paths that the pages of a site show.",
    rowid=False,
)


class LearnedBlock(NamedTuple):
    """One text that a site repeats, as people read it."""

    block_id: int
    excerpt: str
    pages: int  # at most SAMPLE, which means that many or more
    fingerprints: int  # of them, counting copies of one article once
    first_seen_at: datetime
    last_seen_at: datetime
    revoked_at: datetime | None


class LearnedPath(NamedTuple):
    """One DOM path and how pages use it, as people read it."""

    path: str
    pages: int  # at most SAMPLE, which means that many or more
    share: float  # of the words there, how many the pages' own classification kept
    first_seen_at: datetime
    last_seen_at: datetime


_REFRESH: Final = (
    update(ENTRIES)
    .where(
        ENTRIES.c.site_id == bindparam("site"),
        ENTRIES.c.entry_key.in_(bindparam("keys", expanding=True)),
        ENTRIES.c.last_seen_at < bindparam("before"),
    )
    .values(last_seen_at=bindparam("now"))
)


def add(conn: Connection, site_id: int, new: Mapping[int, tuple[str, str]], now: datetime) -> None:
    """Adds entries (key -> kind and text) that are not there yet."""
    shared = {"site_id": site_id, "first_seen_at": now, "last_seen_at": now, "revoked_at": None}
    rows = [
        {**shared, "entry_key": key, "kind": kind, "text": text}
        for key, (kind, text) in sorted(new.items())
    ]
    insert_ignore(conn, ENTRIES, rows)


def refresh(conn: Connection, site_id: int, keys: Iterable[int], now: datetime) -> None:
    """Notes that entries were seen now, once a day."""
    for part in batched(sorted(keys), CHUNK):
        given = {"site": site_id, "keys": part, "now": now, "before": now - FRESH}
        conn.execute(_REFRESH, given)


def revoked(conn: Connection, site_id: int) -> frozenset[int]:
    """Keys of the texts of which a person said that they are not boilerplate."""
    query = select(ENTRIES.c.entry_key).where(
        ENTRIES.c.site_id == site_id, ENTRIES.c.revoked_at.is_not(None)
    )
    return frozenset(conn.execute(query).scalars())


def revoke(conn: Connection, site_id: int, key: int, now: datetime) -> frozenset[int]:
    """Notes that a text is not boilerplate; returns its keys, empty if the text is not known.

    A text has two keys: its own and that of its near-identical variants.
    """
    texts = (ENTRIES.c.site_id == site_id, ENTRIES.c.kind == BLOCK)
    excerpt = conn.scalar(select(ENTRIES.c.text).where(*texts, ENTRIES.c.entry_key == key))
    if excerpt is None:
        return frozenset()
    same = select(ENTRIES.c.entry_key).where(*texts, ENTRIES.c.text == excerpt)
    keys = frozenset(conn.scalars(same))
    conn.execute(_among(update(ENTRIES), site_id, sorted(keys)).values(revoked_at=now))
    return keys


def reset(conn: Connection, site_id: int) -> None:
    """Deletes all entries of a site with their occurrences; revoked texts stay revoked."""
    samples.delete_keys(conn, site_id)
    mine = (ENTRIES.c.site_id == site_id, ENTRIES.c.revoked_at.is_(None))
    conn.execute(delete(ENTRIES).where(*mine))


def prune_blocks(
    conn: Connection,
    site_id: int,
    now: datetime,
    one_offs: int = ONE_OFFS,
    repeated: int = REPEATED,
) -> int:
    """Deletes texts seen once and long ago, and the oldest past the limits; returns how many."""
    counts = samples.counts(conn, site_id)
    newest = _newest(conn, site_id, BLOCK)
    old = set(_newest(conn, site_id, BLOCK, before=now - ONE_OFF_AGE))
    once = [key for key in newest if counts.get(key, 0) < 2]
    often = [key for key in newest if counts.get(key, 0) >= 2]
    return _delete(conn, site_id, {*old.intersection(once), *once[one_offs:], *often[repeated:]})


def prune_paths(conn: Connection, site_id: int, now: datetime, most: int = MAX_PATHS) -> int:
    """Deletes DOM paths unused for long, and the oldest past `most`; returns how many."""
    faded = _newest(conn, site_id, DOM_PATH, before=now - FADE)
    return _delete(conn, site_id, {*faded, *_newest(conn, site_id, DOM_PATH)[most:]})


def learned_blocks(conn: Connection, site_id: int, limit: int) -> Sequence[LearnedBlock]:
    """The texts that a site repeats or that were revoked, most frequent first."""
    seen = _occurrences(site_id, func.count(OCCURRENCES.c.fingerprint.distinct()).label("prints"))
    pages, prints = func.coalesce(seen.c.pages, 0), func.coalesce(seen.c.prints, 0)
    query = (
        select(
            ENTRIES.c.entry_key, ENTRIES.c.text, pages, prints,
            ENTRIES.c.first_seen_at, ENTRIES.c.last_seen_at, ENTRIES.c.revoked_at,
        )
        .join_from(ENTRIES, seen, seen.c.entry_key == ENTRIES.c.entry_key, isouter=True)
        .where(ENTRIES.c.site_id == site_id, ENTRIES.c.kind == BLOCK)
        .where((prints >= 2) | ENTRIES.c.revoked_at.is_not(None))
        .order_by(prints.desc(), ENTRIES.c.first_seen_at, ENTRIES.c.entry_key)
        .limit(limit)
    )  # fmt: skip
    return [LearnedBlock(*row) for row in conn.execute(query)]


def learned_paths(conn: Connection, site_id: int, limit: int) -> Sequence[LearnedPath]:
    """The DOM paths of a site, those with the most words first."""
    kept, words = (func.sum(OCCURRENCES.c[name]).label(name) for name in ("kept_words", "words"))
    seen = _occurrences(site_id, kept, words)
    query = (
        select(
            ENTRIES.c.text, seen.c.pages, seen.c.kept_words, seen.c.words,
            ENTRIES.c.first_seen_at, ENTRIES.c.last_seen_at,
        )
        .join(seen, seen.c.entry_key == ENTRIES.c.entry_key)
        .where(ENTRIES.c.site_id == site_id, ENTRIES.c.kind == DOM_PATH)
        .order_by(seen.c.words.desc(), ENTRIES.c.entry_key)
        .limit(limit)
    )  # fmt: skip
    return [
        LearnedPath(path, pages, int(kept) / max(int(words), 1), first, last)
        for path, pages, kept, words, first, last in conn.execute(query)
    ]


def _occurrences(site_id: int, *sums: Any) -> Any:
    counted = select(OCCURRENCES.c.entry_key, func.count().label("pages"), *sums)
    ours = counted.where(OCCURRENCES.c.site_id == site_id)
    return ours.group_by(OCCURRENCES.c.entry_key).subquery()


def _newest(
    conn: Connection, site_id: int, kind: str, *, before: datetime | None = None
) -> Sequence[int]:
    """Keys that are not revoked, last seen first; with `before`, those last seen before it."""
    mine = (ENTRIES.c.site_id == site_id, ENTRIES.c.kind == kind, ENTRIES.c.revoked_at.is_(None))
    query = select(ENTRIES.c.entry_key).where(*mine)
    if before is not None:
        query = query.where(ENTRIES.c.last_seen_at < before)
    return conn.scalars(query.order_by(ENTRIES.c.last_seen_at.desc(), ENTRIES.c.entry_key)).all()


def _delete(conn: Connection, site_id: int, keys: Iterable[int]) -> int:
    gone = sorted(keys)
    samples.delete_keys(conn, site_id, gone)
    for part in batched(gone, CHUNK):
        conn.execute(_among(delete(ENTRIES), site_id, part))
    return len(gone)


def _among(statement: Any, site_id: int, keys: Sequence[int]) -> Any:
    return statement.where(ENTRIES.c.site_id == site_id, ENTRIES.c.entry_key.in_(keys))
