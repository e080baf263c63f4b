"""The pages that taught a site, and all that each of them shows, in one row a page.

Samples name at most 16 pages of an entry. Here are all of them, so that the pages which show an
entry are found without their blocks, and what a page was known to show without its samples.
"""

from array import array
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from sys import byteorder
from typing import Final

from sqlalchemy import (
    Connection,
    ForeignKey,
    bindparam,
    delete,
    select,
    update,
)

from models.batches import batched
from models.db.keys import among
from models.db.statements import insert_numbers, upsert
from models.db.types import UTC, Bytes, Key, column, table
from models.evidence import Shown

FRESH: Final = timedelta(days=1)  # `last_seen_at` follows by the day: to spare writes
_SOME: Final = 500  # pages a statement

MEMORY_PAGES: Final = table(
    "memory_pages",
    column("site_id", ForeignKey("sites.site_id"), primary_key=True, comment="site of the page"),
    column("page", Key, primary_key=True, autoincrement=False, comment="url_id of the page"),
    column("first_seen_at", UTC, comment="when it first taught the site"),
    column("last_seen_at", UTC, comment="when it was last found to show this, to the day"),
    column("entry_keys", Bytes, comment="the entries that it shows: 8 bytes each, little-endian"),
    comment="The pages that taught a site's memory, and the entries that each shows.",
    rowid=False,
)
CHANGED_ENTRIES: Final = table(
    "changed_entries",
    column("site_id", ForeignKey("sites.site_id"), primary_key=True, comment="site of the entry"),
    column(
        "entry_key",
        Key,
        primary_key=True,
        autoincrement=False,
        comment="entry of memory_entries, with more pages than its sample holds",
    ),
    comment="Entries of which another sample stands: the pages that show them are to be queued.",
    rowid=False,
)

# made once: building a statement takes as long as running it
_MINE: Final = (
    MEMORY_PAGES.c.site_id == bindparam("site"),
    MEMORY_PAGES.c.page == bindparam("of_page"),
)
_SHOWN: Final = select(MEMORY_PAGES.c.entry_keys, MEMORY_PAGES.c.last_seen_at).where(*_MINE)
_SEEN: Final = update(MEMORY_PAGES).where(*_MINE).values(last_seen_at=bindparam("now"))
_THESE: Final = (
    MEMORY_PAGES.c.site_id == bindparam("site"),
    among(MEMORY_PAGES.c.page, "pages"),
)
_FIRST: Final = select(MEMORY_PAGES.c.page, MEMORY_PAGES.c.first_seen_at).where(*_THESE)
_SHOWN_BY: Final = select(MEMORY_PAGES.c.entry_keys).where(*_THESE)


def shown_by(conn: Connection, site_id: int, page: int) -> Shown:
    """What a page was known to show; nothing where it never taught."""
    row = conn.execute(_SHOWN, {"site": site_id, "of_page": page}).first()
    return Shown() if row is None else Shown(tuple(_unpacked(row.entry_keys)), row.last_seen_at)


def shown_by_any(conn: Connection, site_id: int, pages: Collection[int]) -> set[int]:
    """The entries that one or more of the pages were known to show."""
    shown: set[int] = set()
    for part in batched(sorted(pages), _SOME):
        for packed in conn.scalars(_SHOWN_BY, {"site": site_id, "pages": part}):
            shown.update(_unpacked(packed))
    return shown


def put(
    conn: Connection,
    site_id: int,
    page: int,
    keys: Iterable[int],
    now: datetime,
    former: Shown,
) -> None:
    """Notes all that a page shows, in place of what it showed before."""
    row = {
        "site_id": site_id,
        "page": page,
        "first_seen_at": now,
        "last_seen_at": now,
        "entry_keys": _packed(keys),
    }
    # where its entries are not noted as seen anew, it is not either
    seen = [] if is_fresh(former, now) else ["last_seen_at"]
    upsert(conn, MEMORY_PAGES, [row], [*seen, "entry_keys"])


def is_fresh(shown: Shown, now: datetime) -> bool:
    """Whether what a page shows was noted within a day, which is as exact as the memory is."""
    return shown.seen_at is not None and now - shown.seen_at < FRESH


def touch(conn: Connection, site_id: int, page: int, now: datetime) -> None:
    """Notes that a page still shows what it showed."""
    conn.execute(_SEEN, {"site": site_id, "of_page": page, "now": now})


def first_seen(conn: Connection, site_id: int, pages: Collection[int]) -> dict[int, datetime]:
    """When each of the pages first taught the site."""
    found: dict[int, datetime] = {}
    for part in batched(sorted(pages), _SOME):
        found |= dict(conn.execute(_FIRST, {"site": site_id, "pages": part}).all())
    return found


def last_seen(conn: Connection, site_id: int) -> dict[int, datetime]:
    """When each page of a site was last found to show what it shows."""
    query = select(MEMORY_PAGES.c.page, MEMORY_PAGES.c.last_seen_at).where(
        MEMORY_PAGES.c.site_id == site_id
    )
    return dict(conn.execute(query).all())


def note_changed(conn: Connection, site_id: int, keys: Iterable[int]) -> None:
    """Has the pages that show these entries queued when the run ends.

    The caller holds the site's lock.
    """
    insert_numbers(conn, CHANGED_ENTRIES, [(site_id, key) for key in sorted(keys)])


def take_changed(conn: Connection, site_id: int) -> set[int]:
    """The pages that show an entry of which another sample stands; the entries are forgotten."""
    mine = CHANGED_ENTRIES.c.site_id == site_id
    keys = set(conn.scalars(select(CHANGED_ENTRIES.c.entry_key).where(mine)))
    if not keys:
        return set()
    conn.execute(delete(CHANGED_ENTRIES).where(mine))
    return set(_showing(conn, site_id, keys))


def forget(conn: Connection, site_id: int, page: int) -> None:
    """Forgets one page; its samples are its caller's."""
    mine = (MEMORY_PAGES.c.site_id == site_id, MEMORY_PAGES.c.page == page)
    conn.execute(delete(MEMORY_PAGES).where(*mine))


def reset(conn: Connection, site_id: int) -> None:
    """Forgets the pages of a site."""
    conn.execute(delete(MEMORY_PAGES).where(MEMORY_PAGES.c.site_id == site_id))
    conn.execute(delete(CHANGED_ENTRIES).where(CHANGED_ENTRIES.c.site_id == site_id))


def _showing(conn: Connection, site_id: int, keys: set[int]) -> Iterator[int]:
    query = select(MEMORY_PAGES.c.page, MEMORY_PAGES.c.entry_keys)
    for page, packed in conn.execute(query.where(MEMORY_PAGES.c.site_id == site_id)):
        if not keys.isdisjoint(_unpacked(packed)):
            yield page


def _packed(keys: Iterable[int]) -> bytes:
    packed = array("q", sorted(keys))
    if byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def _unpacked(packed: bytes) -> "array[int]":
    keys = array("q", packed)
    if byteorder == "big":
        keys.byteswap()
    return keys
