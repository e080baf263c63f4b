"""What duplicate search reads of articles: the text and what speaks for being the original."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, func, select

from models.articles.former_urls import FORMER_URLS
from models.articles.revisions import REVISIONS
from models.articles.rows import ARTICLES, is_current
from models.db.keys import among
from models.duplicates import index
from models.duplicates.index import TextKeys
from models.duplicates.tables import CLUSTER_MEMBERS
from models.items import DATED_BY_PAGE, SameText
from models.sites.registry import SITES


@dataclass(frozen=True, slots=True)
class Document:
    """An article at its current revision."""

    article_id: int
    revision: int
    site: str
    url: str
    canonical_url: str | None  # or where its address leads now
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


def with_text(
    conn: Connection,
    site_id: int,
    keys: TextKeys,
    url_id: int,
    hashes: Collection[str],
    limit: int,
) -> list[SameText]:
    """The site's articles at other URLs with this text, the oldest `limit`; then those near it.

    Without those that once said what one of `hashes` (content_hash) says: they are the same page
    at another URL, and were edited too.
    """
    found: dict[int, SameText] = {}
    for name, key in keys._asdict().items():
        if key is None:
            continue
        these = [key, index.refused_key(key)]
        given = {"site": site_id, "keys": these, "url": url_id, "most": limit}
        query = _with_text(name, apart=bool(hashes))
        for row in conn.execute(query, {**given, "hashes": sorted(hashes)} if hashes else given):
            own = (row.field_sources or {}).get("published_at") in DATED_BY_PAGE
            same = SameText(
                row.url,
                row.title or "",
                row.refused_at is not None,
                near=name == "near_key",
                published_at=row.published_at if own else None,
            )
            found.setdefault(row.article_id, same)
    return list(found.values())


@lru_cache(maxsize=4)  # making it takes longer than SQLite takes to answer it
def _with_text(name: str, *, apart: bool) -> Select[Any]:
    key = CLUSTER_MEMBERS.c[name]
    query = (
        select(
            ARTICLES.c.article_id,
            REVISIONS.c.url,
            REVISIONS.c.title,
            ARTICLES.c.refused_at,
            REVISIONS.c.published_at,
            REVISIONS.c.field_sources,
        )
        .select_from(CLUSTER_MEMBERS)
        .join(ARTICLES, ARTICLES.c.article_id == CLUSTER_MEMBERS.c.article_id)
        .join(REVISIONS, is_current())
        .where(key.in_(bindparam("keys", expanding=True)))
        # an expression, and the order of the index of texts: else SQLite reads all articles of
        # the site
        .where(ARTICLES.c.site_id + 0 == bindparam("site"), ARTICLES.c.url_id != bindparam("url"))
        .order_by(key, CLUSTER_MEMBERS.c.article_id)
        .limit(bindparam("most"))
    )
    if not apart:
        return query
    once = REVISIONS.alias("once")
    hashes = once.c.content_hash.in_(bindparam("hashes", expanding=True))
    return query.where(~exists().where(once.c.article_id == ARTICLES.c.article_id, hashes))


def titles(conn: Connection, url_ids: Collection[int]) -> list[tuple[str, str]]:
    """Address and title of the articles of these URLs, without those that were refused."""
    query = (
        select(REVISIONS.c.url, REVISIONS.c.title)
        .select_from(ARTICLES)
        .join(REVISIONS, is_current())
        .where(ARTICLES.c.url_id.in_(sorted(url_ids)), ARTICLES.c.refused_at.is_(None))
    )
    return [(url, title or "") for url, title in conn.execute(query)]


def revisions(conn: Connection, article_ids: Collection[int]) -> dict[int, int]:
    """The current revision of each article."""
    query = select(ARTICLES.c.article_id, ARTICLES.c.revision)
    chosen = query.where(ARTICLES.c.article_id.in_(sorted(set(article_ids))))
    return {row.article_id: row.revision for row in conn.execute(chosen)}


def ids_after(conn: Connection, after: int, limit: int) -> list[int]:
    """Articles > `after`, in their order, without those that were refused."""
    query = select(ARTICLES.c.article_id).where(
        ARTICLES.c.article_id > after, ARTICLES.c.refused_at.is_(None)
    )
    return list(conn.scalars(query.order_by(ARTICLES.c.article_id).limit(limit)))


@lru_cache(maxsize=1)  # making it takes longer than SQLite takes to answer it
def _documents() -> Select[Any]:
    led_to = REVISIONS.alias("led_to")  # what the article at its redirect's end is called
    there = ARTICLES.alias("there")
    return (
        select(
            ARTICLES.c.article_id,
            REVISIONS.c.revision,
            SITES.c.name,
            REVISIONS.c.url,
            func.coalesce(led_to.c.url, REVISIONS.c.canonical_url).label("canonical_url"),
            REVISIONS.c.title,
            REVISIONS.c.text,
            REVISIONS.c.authors,
            REVISIONS.c.published_at,
            REVISIONS.c.published_precision,
            ARTICLES.c.first_seen_at,
        )
        .join(SITES, SITES.c.site_id == ARTICLES.c.site_id)
        .join(
            REVISIONS,
            (REVISIONS.c.article_id == ARTICLES.c.article_id)
            & (REVISIONS.c.revision == ARTICLES.c.revision),
        )
        .join(FORMER_URLS, FORMER_URLS.c.url_id == ARTICLES.c.url_id, isouter=True)
        .join(there, there.c.article_id == FORMER_URLS.c.article_id, isouter=True)
        .join(
            led_to,
            (led_to.c.article_id == there.c.article_id) & (led_to.c.revision == there.c.revision),
            isouter=True,
        )
        .where(among(ARTICLES.c.article_id, "ids"))
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
