"""Articles and their revisions."""

from datetime import datetime
from typing import Any

from sqlalchemy import Float, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.database import TABLE_OPTIONS, UTC, Base, Bytes, CleanText, JsonText, Key


class ArticleRow(Base):
    """One article page; what it says stands in its revisions."""

    __tablename__ = "articles"
    __table_args__ = (
        UniqueConstraint("url_id"),
        Index("ix_articles_site_id_article_id", "site_id", "article_id"),
        TABLE_OPTIONS,
    )

    article_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.site_id"))
    url_id: Mapped[int] = mapped_column(ForeignKey("urls.url_id"))
    revision: Mapped[int] = mapped_column(comment="the current one")
    first_seen_at: Mapped[datetime] = mapped_column(UTC)
    fetched_at: Mapped[datetime] = mapped_column(UTC, comment="last found as it is stored")
    updated_at: Mapped[datetime] = mapped_column(UTC, comment="last time this row's view changed")
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTC)


class RevisionRow(Base):
    """What an article said at one time."""

    __tablename__ = "revisions"
    __table_args__ = (Index("ix_revisions_content_hash", "content_hash"), TABLE_OPTIONS)

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.article_id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    url: Mapped[str] = mapped_column(CleanText, comment="after redirects")
    canonical_url: Mapped[str | None] = mapped_column(CleanText)
    title: Mapped[str | None] = mapped_column(CleanText)
    authors: Mapped[Any] = mapped_column(JsonText, comment="JSON list of names")
    published_at: Mapped[datetime | None] = mapped_column(UTC)
    published_precision: Mapped[str | None] = mapped_column(String(4), comment="time | day")
    modified_at: Mapped[datetime | None] = mapped_column(UTC)
    language: Mapped[str | None] = mapped_column(String(20))
    description: Mapped[str | None] = mapped_column(CleanText)
    image_url: Mapped[str | None] = mapped_column(CleanText)
    tags: Mapped[Any] = mapped_column(JsonText, comment="JSON list")
    paywalled: Mapped[int | None] = mapped_column(SmallInteger, comment="1 | 0 | null: unknown")
    field_sources: Mapped[Any] = mapped_column(JsonText, comment="JSON: each field, its source")
    text: Mapped[str] = mapped_column(CleanText)
    word_count: Mapped[int] = mapped_column()
    content_hash: Mapped[str] = mapped_column(String(64), comment="hex SHA-256 of title and text")
    certainty: Mapped[float | None] = mapped_column(
        Float, comment="0 to 1: how sure the verdict is"
    )
    extractor: Mapped[str] = mapped_column(String(100), comment="name and version")
    change: Mapped[str] = mapped_column(
        String(10), comment="first | typo | update | rewrite | headline | reextract"
    )
    capture_id: Mapped[int | None] = mapped_column(ForeignKey("captures.capture_id"))
    fetched_at: Mapped[datetime] = mapped_column(UTC)
    extracted_at: Mapped[datetime] = mapped_column(UTC)


class ExtractionRow(Base):
    """The blocks of an article's current revision, so that it can be judged again unfetched."""

    __tablename__ = "extractions"

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.article_id"), primary_key=True)
    layout_key: Mapped[int] = mapped_column(Key, comment="the template the page was made with")
    witness: Mapped[int] = mapped_column(Key, comment="63-bit hash of the page's own text")
    blocks: Mapped[bytes] = mapped_column(Bytes, comment="the extraction, JSON, zlib")


class BlockVerdictRow(Base):
    """A run of neighbouring blocks that was removed or restored, and why."""

    __tablename__ = "block_verdicts"

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.article_id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    action: Mapped[str] = mapped_column(String(10), comment="removed | restored")
    excerpt: Mapped[str] = mapped_column(CleanText, comment="first 200 characters")
    reason: Mapped[str] = mapped_column(String(20))
    evidence: Mapped[Any] = mapped_column(JsonText)
