"""The row of an article, and an article as it is read with its current revision."""

from collections.abc import Collection
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    RowMapping,
    Select,
    UniqueConstraint,
    and_,
    bindparam,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.articles.revisions import Facts, RevisionRow
from models.db.types import TABLE_OPTIONS, UTC, Base, Key


class ArticleRow(Base):
    """One article page; what it says stands in its revisions."""

    __tablename__ = "articles"
    __table_args__ = (
        UniqueConstraint("url_id"),
        Index("ix_articles_site_id_article_id", "site_id", "article_id"),
        Index("ix_articles_site_id_first_seen_at", "site_id", "first_seen_at"),
        {**TABLE_OPTIONS, "comment": "Article pages, one row each; what one says is in revisions."},
    )

    article_id: Mapped[int] = mapped_column(
        Key, primary_key=True, autoincrement=True, comment="number of the article"
    )
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.site_id"), comment="site it is on")
    url_id: Mapped[int] = mapped_column(ForeignKey("urls.url_id"), comment="URL of its page")
    revision: Mapped[int] = mapped_column(comment="number of the current revision")
    first_seen_at: Mapped[datetime] = mapped_column(UTC, comment="when it was first stored")
    fetched_at: Mapped[datetime] = mapped_column(UTC, comment="last found as it is stored")
    updated_at: Mapped[datetime] = mapped_column(UTC, comment="last time this row's view changed")
    withdrawn_at: Mapped[datetime | None] = mapped_column(
        UTC, comment="when its page was found gone; null: it is there"
    )


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article at its current revision."""

    article_id: int
    site_id: int
    url_id: int
    revision: int
    url: str  # after redirects
    canonical_url: str | None
    title: str | None
    text: str = field(repr=False)
    word_count: int
    content_hash: str
    first_seen_at: datetime
    fetched_at: datetime
    withdrawn_at: datetime | None


def stored_query() -> Select[Any]:
    """The query for `Stored`; callers say which."""
    own, said = ArticleRow.__table__.c, RevisionRow.__table__.c
    names = [f.name for f in fields(StoredArticle)]
    wanted = [own[name] if name in own else said[name] for name in names]
    return select(*wanted).select_from(ArticleRow).join(RevisionRow, is_current())


def read(conn: Connection, query: Select[Any]) -> list[StoredArticle]:
    """What a query made from `stored` finds."""
    return [StoredArticle(**row) for row in conn.execute(query).mappings()]


def locked(
    conn: Connection, *, url_id: int | None = None, article_id: int | None = None
) -> RowMapping | None:
    """The article of that URL or number with all its revision says, locked until the commit.

    Its own fetched_at is `seen_at`: the revision has one too.
    """
    lock, query = (_LOCK_ARTICLE, _BY_ARTICLE) if url_id is None else (_LOCK_URL, _BY_URL)
    number = {"number": article_id if url_id is None else url_id}
    # By itself, and first: PostgreSQL drops a joined row that is another once it is ours.
    # SQLite has one writer at a time anyway.
    if conn.dialect.name != "sqlite" and conn.execute(lock, number).first() is None:
        return None
    return conn.execute(query, number).mappings().first()


def captures_of(conn: Connection, url_ids: Collection[int]) -> dict[int, int]:
    """The capture that each URL's current revision was read from, where it is still kept."""
    query = (
        select(ArticleRow.url_id, RevisionRow.capture_id)
        .join(RevisionRow, is_current())
        .where(ArticleRow.url_id.in_(sorted(url_ids)), RevisionRow.capture_id.is_not(None))
    )
    return {url_id: capture_id for url_id, capture_id in conn.execute(query) if capture_id}


def facts_of(conn: Connection, url_ids: Collection[int]) -> dict[int, Facts]:
    """What readers select the articles of these URLs by, at their current revisions."""
    said = (RevisionRow.authors, RevisionRow.published_at, RevisionRow.published_precision)
    query = (
        select(ArticleRow.url_id, *said)
        .join(RevisionRow, is_current())
        .where(ArticleRow.url_id.in_(sorted(url_ids)))
    )
    return {
        url_id: Facts(tuple(authors or ()), at, precision)
        for url_id, authors, at, precision in conn.execute(query)
    }


def is_current() -> Any:
    """The condition that a revision is its article's current one."""
    return and_(
        RevisionRow.article_id == ArticleRow.article_id,
        RevisionRow.revision == ArticleRow.revision,
    )


def _whole() -> Select[Any]:
    own = ArticleRow.__table__.c
    return (
        select(
            own.withdrawn_at,
            own.first_seen_at,
            own.fetched_at.label("seen_at"),
            RevisionRow.__table__,
        )
        .select_from(ArticleRow)
        .join(RevisionRow, is_current())
    )


# Made once: every article that is kept asks one of them, and making it costs more than asking.
_LOCK_URL: Final = (
    select(ArticleRow.article_id).where(ArticleRow.url_id == bindparam("number")).with_for_update()
)
_LOCK_ARTICLE: Final = (
    select(ArticleRow.article_id)
    .where(ArticleRow.article_id == bindparam("number"))
    .with_for_update()
)
_BY_URL: Final = _whole().where(ArticleRow.url_id == bindparam("number"))
_BY_ARTICLE: Final = _whole().where(ArticleRow.article_id == bindparam("number"))
