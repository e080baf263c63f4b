"""Extractions, kept with their articles so that a page can be classified again unfetched."""

from typing import Final

from sqlalchemy import Connection, ForeignKey, String, select, update

from models.articles.extraction_codec import pack
from models.articles.rows import ARTICLES
from models.db.statements import upsert
from models.db.types import Bytes, Key, column, table
from models.items import Extraction

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


def mark_unlearned(conn: Connection, site_id: int) -> None:
    """Notes that a site's memory holds none of its pages any more: they teach it again."""
    ours = select(ARTICLES.c.article_id).where(ARTICLES.c.site_id == site_id)
    row = update(EXTRACTIONS).where(EXTRACTIONS.c.article_id.in_(ours))
    conn.execute(row.values(observed=None))
