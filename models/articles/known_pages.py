"""What is stored of pages, read in one statement: article, current revision, extraction, copy."""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, select

from models.archive.captures import CAPTURES, WHERE, in_file, to_ref
from models.archive.files import WARC_FILES
from models.articles.extractions import EXTRACTIONS
from models.articles.revisions import REVISIONS
from models.articles.rows import ARTICLES, is_current
from models.items import CaptureRef, KnownPage

_OWN: Final = ("article_id", "site_id", "url_id", "version", "revision", "first_seen_at")
_ENDS: Final = ("seen_at", "withdrawn_at", "refused_at")
_SAID: Final = ("url", "title", "text", "content_hash", "fetched_at")
FACTS: Final = (
    "canonical_url", "authors", "published_at", "published_precision", "published_offset",
    "modified_at", "language", "description", "image_url", "tags", "paywalled", "partial",
    "robots_directives", "tdm_reservation", "tdm_policy", "tdm_source", "field_sources",
    "capture_id",
)  # fmt: skip
_OF_COPY: Final = (*CAPTURES.c, *WHERE)


def _query() -> Select[Any]:
    return (
        select(
            *(ARTICLES.c[name] for name in _OWN),
            ARTICLES.c.fetched_at.label("seen_at"),
            ARTICLES.c.withdrawn_at,
            ARTICLES.c.refused_at,
            *(REVISIONS.c[name] for name in (*_SAID, *FACTS)),
            EXTRACTIONS.c.blocks.label("packed"),
            EXTRACTIONS.c.template_key,
            EXTRACTIONS.c.basis,
            EXTRACTIONS.c.observed,
            *(one.label(f"copy_{one.name}") for one in _OF_COPY),
        )
        .select_from(ARTICLES)
        .join(REVISIONS, is_current())
        .join(EXTRACTIONS, EXTRACTIONS.c.article_id == ARTICLES.c.article_id, isouter=True)
        .join(CAPTURES, CAPTURES.c.capture_id == REVISIONS.c.capture_id, isouter=True)
        .join(WARC_FILES, in_file(), isouter=True)
    )


# made once: building the statement takes longer than running it
_ALL: Final = _query()
_OF_URL: Final = _ALL.where(ARTICLES.c.url_id == bindparam("url"))


def of_url(conn: Connection, url_id: int) -> KnownPage | None:
    """What is stored of a URL's page; None where no article of it is."""
    row = conn.execute(_OF_URL, {"url": url_id}).first()
    return None if row is None else _known(row)


def of_urls(conn: Connection, url_ids: Collection[int]) -> list[KnownPage]:
    """What is stored of these URLs' pages, by article_id; URLs without an article are left out."""
    return _read(conn, ARTICLES.c.url_id.in_(sorted(url_ids)))


def get(conn: Connection, article_id: int) -> KnownPage | None:
    """What is stored of an article's page."""
    return next(iter(_read(conn, ARTICLES.c.article_id == article_id)), None)


def of_site(conn: Connection, site_id: int, after_id: int = 0, limit: int = 500) -> list[KnownPage]:
    """A site's pages by article_id, from the first after `after_id`; at most `limit`."""
    ours = (ARTICLES.c.site_id == site_id) & (ARTICLES.c.article_id > after_id)
    return _read(conn, ours, limit)


def _read(
    conn: Connection, condition: ColumnElement[bool], limit: int | None = None
) -> list[KnownPage]:
    query = _ALL.where(condition).order_by(ARTICLES.c.article_id).limit(limit)
    return [_known(row) for row in conn.execute(query)]


def _known(row: Row[Any]) -> KnownPage:
    return KnownPage(
        **{name: getattr(row, name) for name in (*_OWN, *_ENDS, *_SAID)},
        facts={name: getattr(row, name) for name in FACTS},
        capture_id=row.capture_id,
        packed=row.packed,
        template_key=row.template_key,
        basis=row.basis or "",
        observed=row.observed,
        copy=None if row.copy_capture_id is None else _copy(row),
    )


def _copy(row: Row[Any]) -> CaptureRef:
    return to_ref({one.name: getattr(row, f"copy_{one.name}") for one in _OF_COPY})
