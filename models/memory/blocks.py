"""Blocks of a site: texts that its pages repeat, and on which pages."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, ForeignKey, Index, bindparam, delete, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.db.statements import insert_ignore
from models.db.types import TABLE_OPTIONS, UTC, Base, CleanText, Key
from models.items import Occurrence
from models.memory.samples import SampledPage, Samples, chunks

ONE_OFF_DAYS: Final = timedelta(days=30)  # a box that comes back later than this is news again
ONE_OFFS: Final = 20_000  # texts seen once: the paragraphs of some 400 pages, about 8 MB
REPEATED: Final = 20_000  # texts seen more often: a site's boilerplate is some hundreds
# `seen_at` follows by the day: to the second, each page would rewrite a row for each of its blocks.
FRESH: Final = timedelta(days=1)


class BlockRow(Base):
    """One text (or, by its loose key, one near-identical text) of a site."""

    __tablename__ = "blocks"
    __table_args__ = (
        Index("ix_blocks_site_id_seen_at", "site_id", "seen_at"),
        {
            **TABLE_OPTIONS,
            "sqlite_with_rowid": False,
            "comment": "Texts that a site's pages hold, by a hash of the text.",
        },
    )

    site_id: Mapped[int] = mapped_column(
        ForeignKey("sites.site_id"), primary_key=True, comment="site it is on"
    )
    block_key: Mapped[int] = mapped_column(
        Key, primary_key=True, autoincrement=False, comment="63-bit hash of the normalised text"
    )
    excerpt: Mapped[str] = mapped_column(CleanText, comment="first 200 characters")
    since: Mapped[datetime] = mapped_column(UTC, comment="first seen")
    seen_at: Mapped[datetime] = mapped_column(UTC, comment="last seen, to the day")
    revoked_at: Mapped[datetime | None] = mapped_column(
        UTC, comment="when a person said: not boilerplate; null: nobody did"
    )


class BlockOccurrenceRow(Base):
    """One page on which a block stood; a sample of the pages where there are many."""

    __tablename__ = "block_occurrences"
    __table_args__ = (
        Index("ix_block_occurrences_site_id_page", "site_id", "page"),
        {
            **TABLE_OPTIONS,
            "sqlite_with_rowid": False,
            "comment": "Pages on which a block was seen: a sample where there are many.",
        },
    )

    site_id: Mapped[int] = mapped_column(
        ForeignKey("sites.site_id"), primary_key=True, comment="site of the page"
    )
    block_key: Mapped[int] = mapped_column(
        Key, primary_key=True, autoincrement=False, comment="63-bit hash of the normalised text"
    )
    page_hash: Mapped[int] = mapped_column(
        Key,
        primary_key=True,
        autoincrement=False,
        comment="63-bit hash of its URL's key: the sample holds the smallest",
    )
    page: Mapped[int] = mapped_column(Key, comment="url_id of the page")
    fingerprint: Mapped[int] = mapped_column(Key, comment="63-bit hash of the page's own text")


class LearnedBlock(NamedTuple):
    """One text that a site repeats, as people read it."""

    block_id: int
    excerpt: str
    pages: int  # at most SAMPLE: 'so many or more'
    fingerprints: int  # of them, other than copies of one article
    since: datetime
    seen_at: datetime
    revoked_at: datetime | None


BLOCKS: Final = Base.metadata.tables["blocks"]
OCCURRENCES: Final = Base.metadata.tables["block_occurrences"]
SAMPLES: Final = Samples(OCCURRENCES, "block_key")
_HERE: Final = (
    BLOCKS.c.site_id == bindparam("site"),
    BLOCKS.c.block_key.in_(bindparam("keys", expanding=True)),
)
_KNOWN: Final = select(BLOCKS.c.block_key).where(*_HERE)
_SEEN: Final = (
    update(BLOCKS)
    .where(*_HERE, BLOCKS.c.seen_at < bindparam("before"))
    .values(seen_at=bindparam("now"))
)


def observe(
    conn: Connection,
    site_id: int,
    seer: SampledPage,
    blocks: Mapping[int, str],
    classified_on: Mapping[int, int],
    now: datetime,
) -> set[int]:
    """Makes `blocks` (key -> excerpt) what the page shows; pages that gained evidence."""
    pages = SAMPLES.update(conn, site_id, seer, dict.fromkeys(blocks, ()), classified_on)
    keys = sorted(blocks)
    known: set[int] = set()
    for part in chunks(keys):
        some = {"site": site_id, "keys": part, "now": now, "before": now - FRESH}
        known.update(conn.execute(_KNOWN, some).scalars())
        conn.execute(_SEEN, some)
    shared = {"site_id": site_id, "since": now, "seen_at": now, "revoked_at": None}
    news = [{**shared, "block_key": k, "excerpt": blocks[k]} for k in keys if k not in known]
    insert_ignore(conn, BLOCKS, news)
    return pages


def read(conn: Connection, site_id: int, keys: Iterable[int]) -> dict[int, list[Occurrence]]:
    """The occurrences of each key that has any, in sample order."""
    found = SAMPLES.read(conn, site_id, keys)
    return {
        key: [Occurrence(page, fingerprint, order) for _, order, page, fingerprint in rows]
        for key, rows in found.items()
    }


def revoked(conn: Connection, site_id: int) -> frozenset[int]:
    """Keys of the texts of which a person said that they are not boilerplate."""
    query = select(BLOCKS.c.block_key).where(
        BLOCKS.c.site_id == site_id, BLOCKS.c.revoked_at.is_not(None)
    )
    return frozenset(conn.execute(query).scalars())


def revoke(conn: Connection, site_id: int, key: int, now: datetime) -> frozenset[int]:
    """Notes that a text is no boilerplate, under each of its keys; none if it is not known.

    A text has two keys, its own and that of its near-identical variants.
    """
    excerpt = conn.scalar(_among(select(BLOCKS.c.excerpt), site_id, [key]))
    if excerpt is None:
        return frozenset()
    same = BLOCKS.c.site_id == site_id, BLOCKS.c.excerpt == excerpt
    keys = frozenset(conn.scalars(select(BLOCKS.c.block_key).where(*same)))
    conn.execute(_among(update(BLOCKS), site_id, sorted(keys)).values(revoked_at=now))
    return keys


def reset(conn: Connection, site_id: int) -> None:
    """Forgets all texts of a site; what a person revoked stays revoked."""
    SAMPLES.forget(conn, site_id)
    conn.execute(delete(BLOCKS).where(BLOCKS.c.site_id == site_id, BLOCKS.c.revoked_at.is_(None)))


def prune(
    conn: Connection,
    site_id: int,
    now: datetime,
    one_offs: int = ONE_OFFS,
    repeated: int = REPEATED,
) -> int:
    """Forgets texts seen once and long ago, and the oldest past the limits; how many."""
    counts = SAMPLES.counts(conn, site_id)
    kept = select(BLOCKS.c.block_key).where(
        BLOCKS.c.site_id == site_id, BLOCKS.c.revoked_at.is_(None)
    )
    newest = conn.scalars(kept.order_by(BLOCKS.c.seen_at.desc(), BLOCKS.c.block_key)).all()
    old = set(conn.scalars(kept.where(BLOCKS.c.seen_at < now - ONE_OFF_DAYS)))
    once = [key for key in newest if counts.get(key, 0) < 2]
    often = [key for key in newest if counts.get(key, 0) >= 2]
    beyond = {*old.intersection(once), *once[one_offs:], *often[repeated:]}
    keys = sorted(beyond | (counts.keys() - set(newest)))
    keys = _but_revoked(conn, site_id, keys)
    SAMPLES.forget(conn, site_id, keys)
    for part in chunks(keys):
        conn.execute(_among(delete(BLOCKS), site_id, part))
    return len(keys)


def learned(conn: Connection, site_id: int, limit: int) -> Sequence[LearnedBlock]:
    """What the site repeats or had revoked, most frequent first."""
    seen = (
        select(
            OCCURRENCES.c.block_key,
            func.count().label("pages"),
            func.count(OCCURRENCES.c.fingerprint.distinct()).label("fingerprints"),
        )
        .where(OCCURRENCES.c.site_id == site_id)
        .group_by(OCCURRENCES.c.block_key)
        .subquery()
    )
    pages, fingerprints = func.coalesce(seen.c.pages, 0), func.coalesce(seen.c.fingerprints, 0)
    query = (
        select(
            BLOCKS.c.block_key, BLOCKS.c.excerpt, pages, fingerprints,
            BLOCKS.c.since, BLOCKS.c.seen_at, BLOCKS.c.revoked_at,
        )
        .join_from(BLOCKS, seen, seen.c.block_key == BLOCKS.c.block_key, isouter=True)
        .where(BLOCKS.c.site_id == site_id)
        .where((fingerprints >= 2) | BLOCKS.c.revoked_at.is_not(None))
        .order_by(fingerprints.desc(), BLOCKS.c.since, BLOCKS.c.block_key)
        .limit(limit)
    )  # fmt: skip
    return [LearnedBlock(*row) for row in conn.execute(query)]


def _among(statement: Any, site_id: int, keys: Sequence[int]) -> Any:
    return statement.where(BLOCKS.c.site_id == site_id, BLOCKS.c.block_key.in_(keys))


def _but_revoked(conn: Connection, site_id: int, keys: list[int]) -> list[int]:
    kept = revoked(conn, site_id)
    return [key for key in keys if key not in kept]
