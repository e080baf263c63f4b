"""Extractions, kept with their articles so that a page can be classified again unfetched."""

from typing import Final

from sqlalchemy import Connection, ForeignKey, String, func, select, update

from models.articles.extraction_codec import pack
from models.articles.revisions import REVISIONS
from models.articles.rows import ARTICLES, is_current
from models.db.statements import upsert
from models.db.types import Bytes, Key, column, table
from models.items import Extraction
from models.templates import OFF_TEMPLATE

EXTRACTIONS: Final = table(
    "extractions",
    column("article_id", ForeignKey("articles.article_id"), primary_key=True, comment="whose"),
    column("template_key", Key, comment="63-bit hash of the DOM path of its article text"),
    column("blocks", Bytes, comment="the extraction: JSON, compressed by zlib"),
    column("basis", String(120), comment="by which extractor and rules the page was read"),
    column(
        "observed",
        String(32),
        nullable=True,
        comment="digest of what the site's memory holds of the page; null: nothing",
    ),
    comment="Extractions of current revisions, one an article.",
)
_LONGEST_BASIS: Final = 120


def store(
    conn: Connection,
    article_id: int,
    extraction: Extraction,
    observed: str | None,
    packed: bytes | None = None,
) -> None:
    """Stores the extraction of an article's current revision in place of the one before.

    `packed`: the same by `pack`, where that is known.
    """
    row = {
        "article_id": article_id,
        "template_key": extraction.template_key,
        "blocks": pack(extraction) if packed is None else packed,
        "basis": extraction.basis[:_LONGEST_BASIS],
        "observed": observed,
    }
    upsert(conn, EXTRACTIONS, [row], ["template_key", "blocks", "basis", "observed"])


def template_of(conn: Connection, article_id: int) -> int | None:
    """The key of the template of an article's current revision; None if nothing is kept of it."""
    query = select(EXTRACTIONS.c.template_key).where(EXTRACTIONS.c.article_id == article_id)
    key = conn.execute(query).scalar()
    return None if key is None else int(key)


def newest_bases(conn: Connection, site_id: int, limit: int) -> list[str]:
    """By which extractor and rules a site's newest articles were read; the newest first."""
    query = (
        select(EXTRACTIONS.c.basis)
        .join(ARTICLES, ARTICLES.c.article_id == EXTRACTIONS.c.article_id)
        .where(ARTICLES.c.site_id == site_id, ARTICLES.c.refused_at.is_(None))
        .order_by(ARTICLES.c.article_id.desc())
    )
    return list(conn.scalars(query.limit(limit)))


def read_off(conn: Connection, site_id: int, template_key: int) -> int:
    """How many articles of a site have a current revision that was read off this template."""
    query = (
        select(func.count())
        .select_from(ARTICLES)
        .join(EXTRACTIONS, EXTRACTIONS.c.article_id == ARTICLES.c.article_id)
        .join(REVISIONS, is_current())
        .where(ARTICLES.c.site_id == site_id, ARTICLES.c.refused_at.is_(None))
        .where(EXTRACTIONS.c.template_key == template_key)
        .where(REVISIONS.c.extractor.like(f"% {OFF_TEMPLATE}"))
    )
    return int(conn.execute(query).scalar_one())


def mark_unlearned(conn: Connection, site_id: int) -> None:
    """Notes that a site's memory holds none of its pages any more: they teach it again."""
    ours = select(ARTICLES.c.article_id).where(ARTICLES.c.site_id == site_id)
    row = update(EXTRACTIONS).where(EXTRACTIONS.c.article_id.in_(ours))
    conn.execute(row.values(observed=None))
