"""Revisions: what an article said at one time; written once, its facts mended in place."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    Connection,
    Float,
    ForeignKey,
    Index,
    RowMapping,
    SmallInteger,
    String,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.articles.change_kind import content_hash
from models.db.types import TABLE_OPTIONS, UTC, Base, CleanText, JsonText
from models.items import Article, Metadata
from models.text import words


class RevisionRow(Base):
    """What an article said at one time."""

    __tablename__ = "revisions"
    __table_args__ = (
        Index("ix_revisions_content_hash", "content_hash"),
        Index("ix_revisions_capture_id", "capture_id"),  # a capture goes when none needs it
        {**TABLE_OPTIONS, "comment": "Revisions of articles: title, text and facts at one time."},
    )

    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.article_id"), primary_key=True, comment="article it is of"
    )
    revision: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="counts from 1 in each article"
    )
    url: Mapped[str] = mapped_column(CleanText, comment="URL of the page, after redirects")
    canonical_url: Mapped[str | None] = mapped_column(CleanText, comment="the page's own claim")
    title: Mapped[str | None] = mapped_column(CleanText, comment="headline; null: none found")
    authors: Mapped[Any] = mapped_column(JsonText, comment="JSON list of names")
    published_at: Mapped[datetime | None] = mapped_column(
        UTC, comment="as the page says; midnight UTC where the precision is day"
    )
    published_precision: Mapped[str | None] = mapped_column(
        String(4), comment="of published_at: time | day"
    )
    modified_at: Mapped[datetime | None] = mapped_column(UTC, comment="as the page says")
    language: Mapped[str | None] = mapped_column(String(20), comment="BCP 47 tag")
    description: Mapped[str | None] = mapped_column(CleanText, comment="the page's summary")
    image_url: Mapped[str | None] = mapped_column(CleanText, comment="URL of the lead image")
    tags: Mapped[Any] = mapped_column(JsonText, comment="JSON list of words")
    paywalled: Mapped[int | None] = mapped_column(
        SmallInteger, comment="1: text is behind a paywall; 0: not; null: unknown"
    )
    field_sources: Mapped[Any] = mapped_column(JsonText, comment="JSON: each field, its source")
    text: Mapped[str] = mapped_column(CleanText, comment="paragraphs, a blank line between two")
    word_count: Mapped[int] = mapped_column(comment="words of the text")
    content_hash: Mapped[str] = mapped_column(String(64), comment="hex SHA-256 of title and text")
    certainty: Mapped[float | None] = mapped_column(
        Float, comment="0 to 1: how sure the classification is"
    )
    extractor: Mapped[str] = mapped_column(String(100), comment="name and version of the extractor")
    change: Mapped[str] = mapped_column(
        String(10), comment="first | typo | update | rewrite | headline | reextract"
    )
    capture_id: Mapped[int | None] = mapped_column(
        ForeignKey("captures.capture_id"), comment="copy it was read from; null: not kept"
    )
    fetched_at: Mapped[datetime] = mapped_column(UTC, comment="when the page was fetched")
    extracted_at: Mapped[datetime] = mapped_column(UTC, comment="when the text was extracted")


class Facts(NamedTuple):
    """What readers select articles by, besides their words; TOLD of it."""

    authors: tuple[str, ...]
    published_at: datetime | None  # aware, UTC
    published_precision: str | None  # 'time' | 'day'

    @classmethod
    def of(cls, metadata: Metadata) -> "Facts":
        """Those that a page gives of itself."""
        return cls(metadata.authors, metadata.published_at, metadata.published_precision)


# What a reader selects by: where one of these was wrong, the reader hears of it.
REPORTED: Final = frozenset(Facts._fields)
_NEW: Final = insert(RevisionRow)  # made once, for speed
_PUBLISHED: Final = ("published_at", "published_precision")
_LONGEST_LANGUAGE: Final = 20
_LONGEST_EXTRACTOR: Final = 100


def write(
    conn: Connection, article_id: int, revision: int, article: Article, text: str,
    change: str, now: datetime,
) -> None:  # fmt: skip
    """Writes a new revision."""
    row = {
        "article_id": article_id,
        "revision": revision,
        "url": article.page.final_url,
        "title": article.metadata.title,
        **facts(article.metadata),
        **wording(article.metadata.title, text),
        "certainty": article.classification.certainty if article.classification else None,
        "extractor": article.extraction.extractor[:_LONGEST_EXTRACTOR],
        "change": change,
        "capture_id": article.page.capture_id,
        "fetched_at": article.page.fetched_at,
        "extracted_at": now,
    }
    conn.execute(_NEW, row)


def amend(conn: Connection, article_id: int, revision: int, values: Mapping[str, Any]) -> None:
    """Changes columns of a revision in place."""
    conn.execute(
        update(RevisionRow)
        .where(RevisionRow.article_id == article_id, RevisionRow.revision == revision)
        .values(dict(values))
    )


def highest(conn: Connection, article_id: int) -> int:
    """The largest number given out for the article."""
    found = select(func.max(RevisionRow.revision)).where(RevisionRow.article_id == article_id)
    return int(conn.execute(found).scalar_one())


def saying(conn: Connection, article_id: int, digest: str) -> RowMapping | None:
    """The article's first revision with this content_hash, or None."""
    found = select(RevisionRow.__table__).where(
        RevisionRow.article_id == article_id, RevisionRow.content_hash == digest
    )
    return conn.execute(found.order_by(RevisionRow.revision).limit(1)).mappings().first()


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
        "modified_at": metadata.modified_at,
        "language": metadata.language and metadata.language[:_LONGEST_LANGUAGE],
        "description": metadata.description,
        "image_url": metadata.image_url,
        "tags": list(metadata.tags),
        "paywalled": None if metadata.paywalled is None else int(metadata.paywalled),
        "field_sources": dict(metadata.sources),
    }


def corrections(
    stored: Mapping[str, Any], fresh: Mapping[str, Any], seen_at: datetime, *, wholly: bool
) -> dict[str, Any]:
    """Which stored facts the fresh ones replace, where the wording is the same.

    `wholly`: the same page was read by a better extractor, so its word counts. Otherwise the
    page was fetched again: a gap is filled, authors and a date as exact are taken over, and
    nothing known is lost to a page that says less, or that dates itself anew at each visit: no
    article came out after it was first seen (`seen_at`).
    """
    differing = {name: value for name, value in fresh.items() if stored[name] != value}
    if wholly:
        return differing
    taken = {
        name: value
        for name, value in differing.items()
        if value not in (None, [], {}) and (name in REPORTED or stored[name] in (None, []))
    }
    if sorted(fresh["authors"]) == sorted(stored["authors"]):
        taken.pop("authors", None)  # some pages name them in another order each time
    poorer = fresh["published_precision"] == "day" and stored["published_precision"] == "time"
    anew = stored["published_at"] is not None and (fresh["published_at"] or seen_at) > seen_at
    if poorer or anew:
        for name in _PUBLISHED:
            taken.pop(name, None)
    if taken:
        taken["field_sources"] = {**stored["field_sources"], **_sources(fresh, taken)}
    return taken


def _sources(fresh: Mapping[str, Any], taken: Mapping[str, Any]) -> dict[str, str]:
    return {name: source for name, source in fresh["field_sources"].items() if name in taken}
