"""Places of a site's templates: how often what stands there is article."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, ForeignKey, Index, bindparam, delete, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.db.statements import insert_ignore
from models.db.types import TABLE_OPTIONS, UTC, Base, CleanText, Key
from models.items import DomPathOccurrence, DomPathUse
from models.memory.samples import SampledPage, Samples, chunks

FADE: Final = timedelta(days=90)  # a template that no page has used for a season is gone
MAX_PATHS: Final = 4_000  # of a site; the richest measured has some hundreds, in several templates
FRESH: Final = timedelta(days=1)  # `seen_at` follows by the day, to spare writes


class DomPathRow(Base):
    """One place: a path of tags and stable classes."""

    __tablename__ = "dom_paths"
    __table_args__ = (
        {
            **TABLE_OPTIONS,
            "sqlite_with_rowid": False,
            "comment": "DOM paths that a site's pages use.",
        },
    )

    site_id: Mapped[int] = mapped_column(
        ForeignKey("sites.site_id"), primary_key=True, comment="site it is on"
    )
    dom_path_key: Mapped[int] = mapped_column(
        Key, primary_key=True, autoincrement=False, comment="63-bit hash of the path"
    )
    path: Mapped[str] = mapped_column(CleanText, comment="tags and stable classes, by >")
    since: Mapped[datetime] = mapped_column(UTC, comment="first seen")
    seen_at: Mapped[datetime] = mapped_column(UTC, comment="last seen, to the day")


class DomPathOccurrenceRow(Base):
    """How one page used a place, by that page's own verdict; a sample of the pages."""

    __tablename__ = "dom_path_occurrences"
    __table_args__ = (
        Index("ix_dom_path_occurrences_site_id_page", "site_id", "page"),
        {
            **TABLE_OPTIONS,
            "sqlite_with_rowid": False,
            "comment": "How one page used a DOM path: a sample of the pages where there are many.",
        },
    )

    site_id: Mapped[int] = mapped_column(
        ForeignKey("sites.site_id"), primary_key=True, comment="site of the page"
    )
    dom_path_key: Mapped[int] = mapped_column(
        Key, primary_key=True, autoincrement=False, comment="63-bit hash of the path"
    )
    page_hash: Mapped[int] = mapped_column(
        Key,
        primary_key=True,
        autoincrement=False,
        comment="63-bit hash of its URL's key: the sample holds the smallest",
    )
    page: Mapped[int] = mapped_column(Key, comment="url_id of the page")
    fingerprint: Mapped[int] = mapped_column(Key, comment="63-bit hash of the page's own text")
    kept_words: Mapped[int] = mapped_column(comment="words that the page alone kept there")
    words: Mapped[int] = mapped_column(comment="all words there")


class LearnedDomPath(NamedTuple):
    """One place and how its pages used it, as people read it."""

    path: str
    pages: int  # at most SAMPLE: 'so many or more'
    share: float  # of the words there, how many the pages' own verdicts kept
    since: datetime
    seen_at: datetime


TABLE: Final = Base.metadata.tables["dom_paths"]
OCCURRENCES: Final = Base.metadata.tables["dom_path_occurrences"]
SAMPLES: Final = Samples(OCCURRENCES, "dom_path_key", ("kept_words", "words"))
_HERE: Final = (
    TABLE.c.site_id == bindparam("site"),
    TABLE.c.dom_path_key.in_(bindparam("keys", expanding=True)),
)
_KNOWN: Final = select(TABLE.c.dom_path_key).where(*_HERE)
_SEEN: Final = (
    update(TABLE)
    .where(*_HERE, TABLE.c.seen_at < bindparam("before"))
    .values(seen_at=bindparam("now"))
)


def observe(
    conn: Connection,
    site_id: int,
    seer: SampledPage,
    places: Mapping[int, DomPathUse],
    classified_on: Mapping[int, int],
    now: datetime,
) -> set[int]:
    """Makes `places` all that the page is known to use; pages that gained evidence."""
    uses = {key: (use.kept_words, use.words) for key, use in places.items()}
    pages = SAMPLES.update(conn, site_id, seer, uses, classified_on)
    keys = sorted(places)
    known: set[int] = set()
    for part in chunks(keys):
        some = {"site": site_id, "keys": part, "now": now, "before": now - FRESH}
        known.update(conn.execute(_KNOWN, some).scalars())
        conn.execute(_SEEN, some)
    shared = {"site_id": site_id, "since": now, "seen_at": now}
    news = [{**shared, "dom_path_key": k, "path": places[k].path} for k in keys if k not in known]
    insert_ignore(conn, TABLE, news)
    return pages


def read(conn: Connection, site_id: int, keys: Iterable[int]) -> dict[int, list[DomPathOccurrence]]:
    """The occurrences of each key that has any, in sample order."""
    return {
        key: [
            DomPathOccurrence(page, fingerprint, kept, words, order)
            for _, order, page, fingerprint, kept, words in rows
        ]
        for key, rows in SAMPLES.read(conn, site_id, keys).items()
    }


def reset(conn: Connection, site_id: int) -> None:
    """Forgets all places of a site."""
    SAMPLES.forget(conn, site_id)
    conn.execute(delete(TABLE).where(TABLE.c.site_id == site_id))


def prune(conn: Connection, site_id: int, now: datetime, most: int = MAX_PATHS) -> int:
    """Forgets places that no page has used for long, and the oldest past `most`; how many."""
    kept = select(TABLE.c.dom_path_key).where(TABLE.c.site_id == site_id)
    newest = conn.scalars(kept.order_by(TABLE.c.seen_at.desc(), TABLE.c.dom_path_key)).all()
    keys = sorted({*conn.scalars(kept.where(TABLE.c.seen_at < now - FADE)), *newest[most:]})
    SAMPLES.forget(conn, site_id, keys)
    for part in chunks(keys):
        conn.execute(_among(delete(TABLE), site_id, part))
    return len(keys)


def learned(conn: Connection, site_id: int, limit: int) -> Sequence[LearnedDomPath]:
    """The places of a site, those with the most words first."""
    seen = (
        select(
            OCCURRENCES.c.dom_path_key,
            func.count().label("pages"),
            func.sum(OCCURRENCES.c.kept_words).label("kept"),
            func.sum(OCCURRENCES.c.words).label("words"),
        )
        .where(OCCURRENCES.c.site_id == site_id)
        .group_by(OCCURRENCES.c.dom_path_key)
        .subquery()
    )
    query = (
        select(
            TABLE.c.path,
            seen.c.pages,
            seen.c.kept,
            seen.c.words,
            TABLE.c.since,
            TABLE.c.seen_at,
        )
        .join(seen, seen.c.dom_path_key == TABLE.c.dom_path_key)
        .where(TABLE.c.site_id == site_id)
        .order_by(seen.c.words.desc(), TABLE.c.dom_path_key)
        .limit(limit)
    )
    return [
        LearnedDomPath(path, pages, int(kept) / max(int(words), 1), since, seen_at)
        for path, pages, kept, words, since, seen_at in conn.execute(query)
    ]


def _among(statement: Any, site_id: int, keys: Sequence[int]) -> Any:
    return statement.where(TABLE.c.site_id == site_id, TABLE.c.dom_path_key.in_(keys))
