"""Stored articles that were found to be none: a text that the site shows in the place of many."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, bindparam, exists, select

from models.articles import rows, search_index
from models.articles.former_urls import FORMER_URLS
from models.articles.revisions import REVISIONS
from models.articles.rows import ARTICLES, is_current
from models.crawl.url_rows import URLS
from models.db import changes
from models.db.changes import Change
from models.duplicates.index import TextKeys
from models.duplicates.tables import CLUSTER_MEMBERS
from models.items import DATED_BY_PAGE

MOST: Final = 1_000  # articles of one text that are looked at; the next page that has it, the rest


class Repeating(NamedTuple):
    """A stored article whose text other pages of its site have."""

    article_id: int
    url_id: int
    revision: int
    url: str  # after redirects
    title: str | None
    hint_title: str | None  # as a source gave it
    published_at: datetime | None = None  # as the page itself says in its markup
    near: bool = False  # its text is near one that was refused, and not the same


_COLUMNS: Final = (
    ARTICLES.c.article_id,
    ARTICLES.c.url_id,
    ARTICLES.c.revision,
    REVISIONS.c.url,
    REVISIONS.c.title,
    URLS.c.hint_title,
    REVISIONS.c.published_at,
    REVISIONS.c.field_sources,
)


def _saying(name: str) -> Select[Any]:
    return (
        select(*_COLUMNS)
        .select_from(CLUSTER_MEMBERS)
        .join(ARTICLES, ARTICLES.c.article_id == CLUSTER_MEMBERS.c.article_id)
        .join(REVISIONS, is_current())
        .join(URLS, URLS.c.url_id == ARTICLES.c.url_id)
        .where(CLUSTER_MEMBERS.c[name] == bindparam("key"))
        .where(ARTICLES.c.site_id == bindparam("site"), ARTICLES.c.refused_at.is_(None))
        .order_by(CLUSTER_MEMBERS.c.article_id)
        .limit(MOST)
    )


_SAYING: Final = {name: _saying(name) for name in TextKeys._fields}
_REACHED: Final = (
    select(*_COLUMNS)
    .select_from(URLS)
    .join(ARTICLES, ARTICLES.c.url_id == URLS.c.url_id)
    .join(REVISIONS, is_current())
    .where(URLS.c.url_key.in_(bindparam("keys", expanding=True)))
    .where(URLS.c.site_id == bindparam("site"), URLS.c.found_by == "redirect")
    .where(ARTICLES.c.refused_at.is_(None))
    .where(~exists().where(FORMER_URLS.c.article_id == ARTICLES.c.article_id))
    .order_by(ARTICLES.c.article_id)
)


def repeating(conn: Connection, site_id: int, keys: TextKeys) -> list[Repeating]:
    """The site's articles with this text or one near it, those left out that were refused."""
    found: dict[int, Repeating] = {}
    for name, key in keys._asdict().items():
        if key is not None:
            saying: Any = conn.execute(_SAYING[name], {"key": key, "site": site_id})
            for row in saying:
                found.setdefault(row.article_id, _repeating(row, near=name == "near_key"))
    return [found[article_id] for article_id in sorted(found)]


def reached_by_redirect(
    conn: Connection, site_id: int, url_keys: Collection[bytes]
) -> list[Repeating]:
    """The articles at these addresses, if only redirects name them; without those that moved."""
    found: Any = conn.execute(_REACHED, {"keys": list(url_keys), "site": site_id})
    return [_repeating(row) for row in found]


def _repeating(row: Any, *, near: bool = False) -> Repeating:
    is_own = (row.field_sources or {}).get("published_at") in DATED_BY_PAGE
    published_at = row.published_at if is_own else None
    of = (row.article_id, row.url_id, row.revision, row.url, row.title, row.hint_title)
    return Repeating(*of, published_at, near)


def refuse(conn: Connection, these: Collection[Repeating], now: datetime) -> None:
    """Takes articles out of what readers see; their text and history stay.

    Their clusters have been computed anew (`index.take_out`).
    """
    for one in these:
        rows.change(conn, one.article_id, {"refused_at": now, "updated_at": now})
    search_index.remove(conn, [one.article_id for one in these])
    changes.enqueue(conn, [Change(a.article_id, a.revision, "refused") for a in these], now)
