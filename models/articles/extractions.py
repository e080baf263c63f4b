"""Extractions kept with their articles, so that a page can be judged again unfetched."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import Connection, ForeignKey, String, false, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.articles.extraction_codec import digest, pack, unpack
from models.articles.rows import ArticleRow
from models.db.statements import upsert
from models.db.types import TABLE_OPTIONS, Base, Bytes, Key
from models.items import Extraction


class ExtractionRow(Base):
    """The extraction of an article's current revision."""

    __tablename__ = "extractions"
    __table_args__ = (
        {
            **TABLE_OPTIONS,
            "comment": "Extractions of current revisions, one an article.",
        },
    )

    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.article_id"), primary_key=True, comment="article it is of"
    )
    template_key: Mapped[int] = mapped_column(Key, comment="the template the page was made with")
    blocks: Mapped[bytes] = mapped_column(Bytes, comment="the extraction, JSON, zlib")
    basis: Mapped[str] = mapped_column(
        String(120), server_default="", comment="by which extractor and rules it was read"
    )
    taught: Mapped[bool] = mapped_column(
        server_default=false(),
        comment="the site's memory took it in, and has not been told to forget since",
    )


EXTRACTIONS: Final = Base.metadata.tables["extractions"]
_LOADED_AT_ONCE: Final = 500
_LONGEST_BASIS: Final = 120


def keep(conn: Connection, article_id: int, extraction: Extraction) -> None:
    """Keeps the extraction of an article's current revision in the place of the one before."""
    row = {
        "article_id": article_id,
        "template_key": extraction.template_key,
        "blocks": pack(extraction),
        "basis": extraction.basis[:_LONGEST_BASIS],
        "taught": True,
    }
    upsert(conn, EXTRACTIONS, [row], ["template_key", "blocks", "basis", "taught"])


def load(conn: Connection, article_ids: Iterable[int]) -> dict[int, Extraction]:
    """Extractions by article_id; articles that have none are left out."""
    wanted, loaded = sorted(set(article_ids)), {}
    for start in range(0, len(wanted), _LOADED_AT_ONCE):
        some = wanted[start : start + _LOADED_AT_ONCE]
        rows = conn.execute(
            select(ExtractionRow.article_id, ExtractionRow.blocks).where(
                ExtractionRow.article_id.in_(some)
            )
        )
        loaded.update({row.article_id: unpack(row.blocks) for row in rows})
    return loaded


def basis(conn: Connection, article_id: int) -> str:
    """By which extractor and rules an article's stored extraction was read; '' if unknown."""
    query = select(ExtractionRow.basis).where(ExtractionRow.article_id == article_id)
    return conn.execute(query).scalar() or ""


def digests(conn: Connection, url_ids: Sequence[int]) -> dict[int, bytes]:
    """By url_id, the digests of the readings that are stored and that their site remembers.

    They are made of what is stored, so that a damaged row is never taken for a good one.
    """
    query = (
        select(ArticleRow.url_id, ExtractionRow.blocks)
        .join_from(ArticleRow, ExtractionRow, ExtractionRow.article_id == ArticleRow.article_id)
        .where(ArticleRow.url_id.in_(sorted(url_ids)), ExtractionRow.taught)
    )
    return {url_id: digest(blocks) for url_id, blocks in conn.execute(query)}


def mark_unlearned(conn: Connection, site_id: int) -> None:
    """Notes that a site's memory holds none of its pages any more: they are to teach again."""
    ours = select(ArticleRow.article_id).where(ArticleRow.site_id == site_id)
    row = update(ExtractionRow).where(ExtractionRow.article_id.in_(ours))
    conn.execute(row.values(taught=False))
