"""Revisions: what an article said at one time; written once, its facts corrected in place."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    SmallInteger,
    String,
    bindparam,
    func,
    insert,
    select,
    text,
)

from models.articles.change_kind import KINDS, content_hash
from models.db.statements import update_row
from models.db.types import UTC, CleanText, JsonText, column, one_of, table
from models.items import Metadata
from models.text import words

OTHER_NAME: Final = text("canonical_url <> url")  # most pages claim their own address

REVISIONS: Final = table(
    "revisions",
    column("article_id", ForeignKey("articles.article_id"), primary_key=True, comment="whose"),
    column(
        "revision",
        Integer,
        primary_key=True,
        autoincrement=False,
        comment="counts from 1 in each article",
    ),
    column("url", CleanText, comment="URL of the page, after redirects"),
    column("canonical_url", CleanText, nullable=True, comment="the page's own claim"),
    column("title", CleanText, nullable=True, comment="headline; null: none found"),
    column("authors", JsonText, comment="JSON list of names"),
    column(
        "published_at",
        UTC,
        nullable=True,
        comment="as the page says; midnight UTC where the precision is day",
    ),
    column("published_precision", String(4), nullable=True, comment="of published_at: time | day"),
    column(
        "published_offset",
        SmallInteger,
        nullable=True,
        comment="minutes east of UTC, as the page wrote published_at; null: it did not say",
    ),
    column("modified_at", UTC, nullable=True, comment="as the page says"),
    column("language", String(20), nullable=True, comment="BCP 47 tag"),
    column("description", CleanText, nullable=True, comment="the page's summary"),
    column("image_url", CleanText, nullable=True, comment="URL of the lead image"),
    column("tags", JsonText, comment="JSON list of words"),
    column(
        "paywalled",
        SmallInteger,
        nullable=True,
        comment="1: the text is behind a paywall; 0: not; null: unknown",
    ),
    column(
        "partial",
        SmallInteger,
        nullable=True,
        comment="1: pages of a long article are missing; null: it is whole",
    ),
    column("robots_directives", CleanText, nullable=True, comment="robots' rules of the page"),
    column(
        "tdm_reservation", SmallInteger, nullable=True, comment="1: TDM rights reserved; 0: not"
    ),
    column("tdm_policy", CleanText, nullable=True, comment="URL of its TDM policy"),
    column("tdm_source", String(10), nullable=True, comment="who says so: meta | header | file"),
    column("field_sources", JsonText, comment="JSON: where each field was found"),
    column("text", CleanText, comment="paragraphs, a blank line between two"),
    column("word_count", Integer, comment="words of the text"),
    column("content_hash", String(64), comment="hex SHA-256 of title and text"),
    column("certainty", Float, nullable=True, comment="0 to 1: how sure the classification is"),
    column("extractor", String(100), comment="name and version of the extractor"),
    column("change", String(10), comment=" | ".join(KINDS)),
    column(
        "capture_id",
        ForeignKey("captures.capture_id"),
        nullable=True,
        comment="copy it was read from; null: not kept",
    ),
    column("fetched_at", UTC, comment="when the page was fetched"),
    column("extracted_at", UTC, comment="when the text was extracted"),
    one_of("change", KINDS),
    one_of("published_precision", ("time", "day")),
    one_of("paywalled", (0, 1)),
    Index("ix_revisions_content_hash", "content_hash"),
    Index("ix_revisions_capture_id", "capture_id"),  # a capture goes when none needs it
    # an article by its address; on PostgreSQL by hash, as a B-tree takes no long values
    Index("ix_revisions_url", "url", postgresql_using="hash", mysql_length=190),
    Index(
        "ix_revisions_canonical_url",
        "canonical_url",
        sqlite_where=OTHER_NAME,
        postgresql_where=OTHER_NAME,
        postgresql_using="hash",
        mysql_length=190,
    ),
    comment="Revisions of articles: title, text and facts at one time.",
)


class Facts(NamedTuple):
    """What readers select articles by, besides their words."""

    authors: tuple[str, ...]
    published_at: datetime | None  # aware, UTC
    published_precision: str | None  # 'time' | 'day'

    @classmethod
    def of(cls, columns: Mapping[str, Any]) -> "Facts":
        """Those of a revision's columns."""
        return cls(
            tuple(columns["authors"] or ()),
            columns["published_at"],
            columns["published_precision"],
        )


# What a reader selects by: where one of these was wrong, the reader hears of it.
REPORTED: Final = frozenset(Facts._fields)
# made once, for speed
_NEW: Final = insert(REVISIONS)
_OURS: Final = REVISIONS.c.article_id == bindparam("article")
_GET: Final = select(REVISIONS).where(_OURS, REVISIONS.c.revision == bindparam("revision"))
_FIRST_SAYING: Final = select(func.min(REVISIONS.c.revision)).where(
    _OURS, REVISIONS.c.content_hash == bindparam("hash")
)
_LONGEST_LANGUAGE: Final = 20
_LONGEST_EXTRACTOR: Final = 100


class Source(NamedTuple):
    """The copy that a revision is read from, and by what."""

    url: str  # after redirects
    capture_id: int | None
    fetched_at: datetime
    extractor: str
    metadata: Metadata


def add(
    conn: Connection,
    article_id: int,
    revision: int,
    source: Source,
    values: Mapping[str, Any],
    now: datetime,
) -> None:
    """Adds a revision; `values`: its wording, certainty and change."""
    row = {
        "article_id": article_id,
        "revision": revision,
        "url": source.url,
        "title": source.metadata.title,
        **facts(source.metadata),
        "extractor": source.extractor[:_LONGEST_EXTRACTOR],
        "capture_id": source.capture_id,
        "fetched_at": source.fetched_at,
        "extracted_at": now,
        **values,
    }
    conn.execute(_NEW, row)


def amend(conn: Connection, article_id: int, revision: int, values: Mapping[str, Any]) -> None:
    """Changes columns of a revision in place."""
    update_row(conn, REVISIONS, {"article_id": article_id, "revision": revision}, values)


def get(conn: Connection, article_id: int, revision: int) -> RowMapping:
    """All columns of a revision."""
    return conn.execute(_GET, {"article": article_id, "revision": revision}).mappings().one()


def first_saying(conn: Connection, article_id: int, digest: str) -> int | None:
    """The article's first revision with this content_hash."""
    return conn.execute(_FIRST_SAYING, {"article": article_id, "hash": digest}).scalar()


def wording(title: str | None, text: str) -> dict[str, Any]:
    """The columns that follow from title and text."""
    return {
        "text": text,
        "word_count": len(words(text)),
        "content_hash": content_hash(title, text),
    }


def facts(metadata: Metadata) -> dict[str, Any]:
    """The columns that say what the page says of itself, its title aside."""
    return {
        "canonical_url": metadata.canonical_url,
        "authors": list(metadata.authors),
        "published_at": metadata.published_at,
        "published_precision": metadata.published_precision,
        "published_offset": metadata.published_offset,
        "modified_at": metadata.modified_at,
        "language": metadata.language and metadata.language[:_LONGEST_LANGUAGE],
        "description": metadata.description,
        "image_url": metadata.image_url,
        "tags": list(metadata.tags),
        "paywalled": None if metadata.paywalled is None else int(metadata.paywalled),
        "partial": 1 if metadata.partial else None,
        "robots_directives": metadata.robots_directives,
        "tdm_reservation": None
        if metadata.tdm_reservation is None
        else int(metadata.tdm_reservation),
        "tdm_policy": metadata.tdm_policy,
        "tdm_source": metadata.sources.get("tdm_reservation"),
        "field_sources": dict(metadata.sources),
    }
