"""Memory entries: a site's DOM paths and repeated texts, listed, revoked, pruned.

A text that one page alone shows has no entry, only its row in that page's samples: most texts are
of one article, and nobody reads a list of them.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC as UTC_ZONE
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import (
    Connection,
    ForeignKey,
    String,
    bindparam,
    delete,
    select,
    update,
)

from models.batches import batched
from models.db.keys import among
from models.db.statements import insert_ignore
from models.db.types import UTC, CleanText, Key, column, one_of, table
from models.memory import pages, samples
from models.memory.samples import CHUNK

BLOCK: Final = "block"
DOM_PATH: Final = "dom_path"
ONE_OFF_AGE: Final = timedelta(days=30)  # a text that returns later than this counts as new
FADE: Final = timedelta(days=90)  # a DOM path that no page has used for a season is gone
ONE_OFFS: Final = 20_000  # texts seen once: the paragraphs of some 400 pages, about 8 MB
REPEATED: Final = 20_000  # texts seen more often: a site's boilerplate is some hundreds
MAX_PATHS: Final = 4_000  # the richest site measured has some hundreds, in several templates
OFTEN: Final = 2  # pages that show a text which has an entry
_NEVER: Final = datetime.min.replace(tzinfo=UTC_ZONE)
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
    comment="Texts and DOM paths that the pages of a site show.",
    rowid=False,
)


_SOME: Final = (ENTRIES.c.site_id == bindparam("site"), among(ENTRIES.c.entry_key, "keys"))
# made once: building a statement takes as long as running it
_REFRESH: Final = (
    update(ENTRIES)
    .where(*_SOME, ENTRIES.c.last_seen_at < bindparam("before"))
    .values(last_seen_at=bindparam("now"))
)
_REVOKE: Final = update(ENTRIES).where(*_SOME).values(revoked_at=bindparam("now"))
_TEXTS: Final = select(ENTRIES.c.entry_key, ENTRIES.c.text)
_DELETE: Final = delete(ENTRIES).where(*_SOME)


class NewEntry(NamedTuple):
    """A DOM path, or a text that a second page shows."""

    key: int
    kind: str  # 'block' | 'dom_path'
    text: str
    first_seen_at: datetime  # by the page that showed it first


class Revoked(NamedTuple):
    """Texts of which a person says that they are not boilerplate."""

    keys: frozenset[int]
    texts: Sequence[str]  # their first 200 characters


def add(conn: Connection, site_id: int, new: Iterable[NewEntry], now: datetime) -> None:
    """Adds entries that are not there yet."""
    shared = {"site_id": site_id, "last_seen_at": now, "revoked_at": None}
    rows = [
        {
            **shared,
            "entry_key": one.key,
            "kind": one.kind,
            "text": one.text,
            "first_seen_at": one.first_seen_at,
        }
        for one in sorted(new)
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


def texts(conn: Connection, site_id: int, least: int) -> frozenset[int]:
    """The keys of texts that at least so many pages show and nobody revoked."""
    counts = samples.counts(conn, site_id)
    return frozenset(key for key in _newest(conn, site_id, BLOCK) if counts.get(key, 0) >= least)


def revoke(conn: Connection, site_id: int, keys: Iterable[int], now: datetime) -> Revoked:
    """Notes that texts are not boilerplate; empty if none of them is known.

    A text has two keys: its own and that of its near-identical variants. Both are revoked.
    """
    wanted = frozenset(keys)
    blocks = (ENTRIES.c.site_id == site_id, ENTRIES.c.kind == BLOCK)
    known = {row.entry_key: row.text for row in conn.execute(_TEXTS.where(*blocks))}
    excerpts = {known[key] for key in wanted & known.keys()}
    found = sorted(key for key, text in known.items() if text in excerpts)
    for part in batched(found, CHUNK):
        conn.execute(_REVOKE, {"site": site_id, "keys": part, "now": now})
    return Revoked(frozenset(found), sorted(excerpts))


def reset(conn: Connection, site_id: int) -> None:
    """Deletes all entries of a site with their occurrences; revoked texts stay revoked."""
    samples.delete_keys(conn, site_id)
    mine = (ENTRIES.c.site_id == site_id, ENTRIES.c.revoked_at.is_(None))
    conn.execute(delete(ENTRIES).where(*mine))


def forget_texts(conn: Connection, site_id: int, keys: Iterable[int], said: str) -> None:
    """Deletes those of these texts that stand in `said`, and those that one page alone shows now.

    What a person revoked goes too if it stands there. White space and case make no difference.
    """
    shown, solid = sorted(keys), "".join(said.casefold().split())
    pages_of = samples.read(conn, site_id, shown)
    stands: set[int] = set()
    alone: list[int] = []
    for part in batched(shown, CHUNK):
        blocks = (ENTRIES.c.site_id == site_id, ENTRIES.c.kind == BLOCK)
        for row in conn.execute(select(ENTRIES).where(*blocks, ENTRIES.c.entry_key.in_(part))):
            if "".join(row.text.casefold().split()) in solid:
                stands.add(row.entry_key)
            elif row.revoked_at is None and len(pages_of.get(row.entry_key, ())) < OFTEN:
                alone.append(row.entry_key)
    _delete(conn, site_id, stands)
    for part in batched(alone, CHUNK):
        conn.execute(_DELETE, {"site": site_id, "keys": part})


def prune_blocks(
    conn: Connection,
    site_id: int,
    now: datetime,
    one_offs: int = ONE_OFFS,
    repeated: int = REPEATED,
) -> int:
    """Deletes texts seen once and long ago, and the oldest past the limits; returns how many.

    A text that one page shows was last seen when that page was.
    """
    counts, once = samples.counts(conn, site_id), samples.shown_once(conn, site_id)
    listed = _newest(conn, site_id, BLOCK)
    faded = [key for key in listed if not counts.get(key)]
    often = [key for key in listed if counts.get(key, 0) >= 2]
    kept = revoked(conn, site_id)
    seen = pages.last_seen(conn, site_id)
    newest = sorted(
        ((seen.get(page, _NEVER), key) for key, page in once.items() if key not in kept),
        reverse=True,
    )
    old = [key for at, key in newest if at < now - ONE_OFF_AGE]
    return _delete(
        conn,
        site_id,
        {*faded, *old, *(key for _, key in newest[one_offs:]), *often[repeated:]},
    )


def prune_paths(conn: Connection, site_id: int, now: datetime, most: int = MAX_PATHS) -> int:
    """Deletes DOM paths unused for long, and the oldest past `most`; returns how many."""
    faded = _newest(conn, site_id, DOM_PATH, before=now - FADE)
    return _delete(conn, site_id, {*faded, *_newest(conn, site_id, DOM_PATH)[most:]})


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
        conn.execute(_DELETE, {"site": site_id, "keys": part})
    return len(gone)
