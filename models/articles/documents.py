"""What duplicate search reads of articles: the text and what speaks for being the original."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from models.articles.revisions import RevisionRow
from models.articles.rows import ArticleRow
from models.sites.registry import SITES


@dataclass(frozen=True, slots=True)
class Document:
    """An article at its current revision."""

    article_id: int
    revision: int
    site: str
    url: str
    canonical_url: str | None
    title: str
    text: str = field(repr=False)
    authors: tuple[str, ...]
    published_at: datetime | None  # aware, UTC
    day_only: bool
    first_seen_at: datetime  # aware, UTC


def load(conn: Connection, article_ids: Collection[int]) -> dict[int, Document]:
    """The articles, by id; those that are not stored are left out."""
    if not article_ids:
        return {}
    rows = conn.execute(_documents(), {"ids": sorted(set(article_ids))})
    return {row.article_id: _document(row) for row in rows}


def text_of(conn: Connection, article_id: int, revision: int) -> str | None:
    """The text of one revision; None where it is not kept any more."""
    query = select(RevisionRow.text).where(
        RevisionRow.article_id == article_id, RevisionRow.revision == revision
    )
    return conn.scalars(query).first()


def revisions(conn: Connection, article_ids: Collection[int]) -> dict[int, int]:
    """The current revision of each article."""
    query = select(ArticleRow.article_id, ArticleRow.revision)
    chosen = query.where(ArticleRow.article_id.in_(sorted(set(article_ids))))
    return {row.article_id: row.revision for row in conn.execute(chosen)}


def ids_after(conn: Connection, after: int, limit: int) -> list[int]:
    """Articles > `after`, in their order."""
    query = select(ArticleRow.article_id).where(ArticleRow.article_id > after)
    return list(conn.scalars(query.order_by(ArticleRow.article_id).limit(limit)))


@lru_cache(maxsize=1)  # making it takes longer than SQLite takes to answer it
def _documents() -> Select[Any]:
    return (
        select(
            ArticleRow.article_id,
            RevisionRow.revision,
            SITES.c.name,
            RevisionRow.url,
            RevisionRow.canonical_url,
            RevisionRow.title,
            RevisionRow.text,
            RevisionRow.authors,
            RevisionRow.published_at,
            RevisionRow.published_precision,
            ArticleRow.first_seen_at,
        )
        .join(SITES, SITES.c.site_id == ArticleRow.site_id)
        .join(
            RevisionRow,
            (RevisionRow.article_id == ArticleRow.article_id)
            & (RevisionRow.revision == ArticleRow.revision),
        )
        .where(ArticleRow.article_id.in_(bindparam("ids", expanding=True)))
    )


def _document(row: Any) -> Document:
    return Document(
        row.article_id,
        row.revision,
        row.name,
        row.url,
        row.canonical_url,
        row.title or "",
        row.text,
        tuple(row.authors or ()),
        row.published_at,
        row.published_precision == "day",
        row.first_seen_at,
    )
