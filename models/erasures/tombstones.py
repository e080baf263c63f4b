"""Tombstones: the addresses of pages that were taken out on request, and why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    ForeignKey,
    Row,
    String,
    delete,
    exists,
    insert,
    select,
    update,
)

from models.db.statements import upsert
from models.db.types import UTC, CleanText, Hash, JsonText, Key, column, table
from models.items import WarcLocation
from models.urls import url_key

LARGEST: Final = (1 << 63) - 1  # number that a database can hold

ERASURES: Final = table(
    "erasures",
    column(
        "erasure_id", Key, primary_key=True, autoincrement=True, comment="number of the request"
    ),
    # no foreign keys: a site that is removed and set up again must not bring the page back
    column("site", String(100), comment="name of the site; it may be no more"),
    column("url", CleanText, comment="address of the page"),
    column(
        "article_id",
        Key,
        nullable=True,
        index=True,
        comment="article that went; null: there was none",
    ),
    column("why", CleanText, comment="why, as it was typed"),
    column("erased_at", UTC, comment="when the rows went"),
    column(
        "done_at",
        UTC,
        nullable=True,
        comment="when the archive had it no more; null: that is not done",
    ),
    column("records", JsonText, comment="JSON: file, offset and length of each record that goes"),
    comment="What was taken out on request; nothing of what it said is kept.",
)

ERASED_URLS: Final = table(
    "erased_urls",
    column(
        "url_key",
        Hash,
        primary_key=True,
        comment="SHA-256 of the URL's key: the same for all its spellings",
    ),
    column(
        "erasure_id",
        ForeignKey("erasures.erasure_id"),
        index=True,
        comment="request that it is of",
    ),
    column("url", CleanText, comment="URL, in one of its spellings"),
    comment="Addresses that are not asked for any more: what was there was taken out.",
)


@dataclass(frozen=True, slots=True)
class Erasure:
    """A request to take a page out, as far as it was carried out."""

    erasure_id: int
    site: str
    url: str
    article_id: int | None  # None: the page was no article
    why: str
    erased_at: datetime  # aware, UTC: when its rows went
    done_at: datetime | None  # aware, UTC; None: the archive may still have its records
    records: tuple[WarcLocation, ...] = field(repr=False)


class NewErasure(NamedTuple):
    """What a tombstone says."""

    site: str
    url: str
    article_id: int | None
    why: str


def add(
    conn: Connection,
    new: NewErasure,
    urls: Mapping[bytes, str],
    records: Collection[WarcLocation],
    now: datetime,
) -> int:
    """Puts a tombstone on all addresses of a page, by url_key; returns its number."""
    places = [[one.file, one.offset, one.length] for one in records]
    values = {**new._asdict(), "erased_at": now, "done_at": None, "records": places}
    key = conn.execute(insert(ERASURES).values(values)).inserted_primary_key
    if key is None:
        raise RuntimeError("the database gave the erasure no number")
    erasure_id = int(key[0])
    rows = [{"url_key": k, "erasure_id": erasure_id, "url": urls[k]} for k in sorted(urls)]
    upsert(conn, ERASED_URLS, rows, ["erasure_id", "url"])
    held = exists().where(ERASED_URLS.c.erasure_id == ERASURES.c.erasure_id)
    conn.execute(delete(ERASURES).where(~held))  # of the same page, which came back
    return erasure_id


def finish(conn: Connection, erasure_id: int, now: datetime) -> None:
    """Notes that nothing is left of what was erased: where its records were need not be known."""
    mine = update(ERASURES).where(ERASURES.c.erasure_id == erasure_id)
    conn.execute(mine.values(done_at=now, records=[]))


def lift(conn: Connection, erasure_id: int) -> None:
    """Takes a tombstone away: its addresses may be fetched again."""
    conn.execute(delete(ERASED_URLS).where(ERASED_URLS.c.erasure_id == erasure_id))
    conn.execute(delete(ERASURES).where(ERASURES.c.erasure_id == erasure_id))


def rename_site(conn: Connection, old: str, new: str) -> None:
    """A site has another name: its tombstones are found by that."""
    conn.execute(update(ERASURES).where(ERASURES.c.site == old).values(site=new))


def keys(conn: Connection) -> frozenset[bytes]:
    """The keys of all addresses that are not asked for."""
    return frozenset(bytes(key) for key in conn.scalars(select(ERASED_URLS.c.url_key)))


def addresses(conn: Connection, erasure_id: int) -> dict[bytes, str]:
    """The addresses that a tombstone is on, by url_key."""
    mine = ERASED_URLS.c.erasure_id == erasure_id
    query = select(ERASED_URLS.c.url_key, ERASED_URLS.c.url).where(mine)
    return {bytes(row.url_key): row.url for row in conn.execute(query)}


def named(conn: Connection, name: str) -> Erasure | None:
    """The newest tombstone of an article's number, or on a URL in any of its spellings.

    Raises ValueError for what is no URL.
    """
    if name.isdecimal():
        if int(name) > LARGEST:
            return None
        return _last(conn, ERASURES.c.article_id == int(name))
    on_it = select(ERASED_URLS.c.erasure_id).where(ERASED_URLS.c.url_key == url_key(name))
    return _last(conn, ERASURES.c.erasure_id.in_(on_it))


def listed(conn: Connection) -> list[Erasure]:
    """All tombstones, the oldest first."""
    return [_erasure(row) for row in conn.execute(select(ERASURES).order_by(ERASURES.c.erasure_id))]


def _last(conn: Connection, which: ColumnElement[bool]) -> Erasure | None:
    query = select(ERASURES).where(which).order_by(ERASURES.c.erasure_id.desc()).limit(1)
    row = conn.execute(query).first()
    return None if row is None else _erasure(row)


def _erasure(row: Row[Any]) -> Erasure:
    said: Sequence[Sequence[Any]] = row.records
    records = tuple(WarcLocation(file, offset, length) for file, offset, length in said)
    return Erasure(**{**row._asdict(), "records": records})
