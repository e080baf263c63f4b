"""All that is known of one URL, gathered from everything that touched it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from models.archive import captures
from models.articles import extractions, former_urls, rows
from models.crawl import frontier, runs, waiting
from models.crawl.fair_share import MOST_TRIES, TRIES
from models.erasures import tombstones
from models.memory import learned_templates
from models.monitoring import wrong_templates
from models.sites import registry
from models.sites.config import Site
from models.views.article_views import (
    ARTICLES,
    CHANGES,
    CLUSTERS,
    REMOVED_BLOCKS,
    RESTORED_BLOCKS,
    REVISIONS,
)
from models.views.view import View

_KNOWN: Final = (
    "url_id", "url", "state", "found_at", "found_by", "found_in", "hint_title", "hint_published_at",
    "hint_precision", "hint_modified_at", "fetched_at", "outcome", "attempts", "not_before",
    "owner", "leased_until", "canonical_url", "etag", "last_modified", "gone_times",
)  # fmt: skip
_LARGEST: Final = (1 << 63) - 1  # number that a database can hold
_CAPTURE: Final = (
    "capture_id", "run_id", "final_url", "http_status", "fetched_at", "body_size", "warc_file",
    "warc_offset", "warc_store", "warc_host", "truncated",
)  # fmt: skip
_OUTCOME: Final = ("run_id", "kind", "outcome", "reason", "http_status", "at")


def known(conn: Connection, url: str) -> dict[str, Any] | None:
    """What the database holds of the URL in any of its spellings; None if it is unknown.

    Raises ValueError for what is no URL.
    """
    row = frontier.find(conn, url) or _by_another_name(conn, url)
    return None if row is None else _history(conn, row)


def of_page(conn: Connection, url_id: int) -> dict[str, Any] | None:
    """As `known`, by the number of a URL."""
    row = frontier.get(conn, url_id)
    return None if row is None else _history(conn, row)


def of_article(conn: Connection, article_id: int) -> dict[str, Any] | None:
    """As `known`, by the number of an article."""
    if article_id > _LARGEST:
        return None
    stored = rows.find(conn, rows.ARTICLES.c.article_id == article_id)
    if stored is None:
        erased = tombstones.named(conn, str(article_id))
        return None if erased is None else known(conn, erased.url)
    return of_page(conn, stored.url_id)


def named(conn: Connection, name: str) -> dict[str, Any] | None:
    """As `known`, by a URL in any spelling or by an article's number. Raises ValueError."""
    return of_article(conn, int(name)) if name.isdecimal() else known(conn, name)


def _history(conn: Connection, row: Row[Any]) -> dict[str, Any]:
    url_id = row.url_id
    stored = rows.find(conn, rows.ARTICLES.c.url_id == url_id)
    number = former_urls.article_of(conn, url_id) if stored is None else stored.article_id
    article = None if number is None else _article(conn, row.site_id, number)
    return {
        "site": registry.names(conn)[row.site_id],
        **_only(_KNOWN, row),
        "queue": _queue(conn, row),
        "captures": [_only(_CAPTURE, row) for row in captures.of_url(conn, url_id)],
        "outcomes": [_only(_OUTCOME, row) for row in runs.outcomes_of(conn, url_id)],
        "erased": _erased(conn, row.url),
        "refused_at": None if stored is None else stored.refused_at,
        "article": article,
        "moved_to": article["url"] if article is not None and stored is None else None,
    }


def unknown(url: str, sites: Iterable[Site], now: datetime) -> list[dict[str, str | None]]:
    """Of each site: `site`, and `refusal`: why its scope would leave the URL out, or None."""
    refusals = [{"site": site.name, "refusal": site.scope.admits(url, None, now)} for site in sites]
    return sorted(refusals, key=lambda found: found["refusal"] is not None)


def _erased(conn: Connection, url: str) -> dict[str, Any] | None:
    """When and why the page was taken out on request."""
    erasure = tombstones.named(conn, url)
    if erasure is None:
        return None
    return {"at": erasure.erased_at, "why": erasure.why, "done": erasure.done_at is not None}


def _by_another_name(conn: Connection, url: str) -> Row[Any] | None:
    """The row of the page that was found at this URL after redirects, or claims it."""
    stored = rows.named(conn, url)
    return None if stored is None else frontier.get(conn, stored)


def _article(conn: Connection, site_id: int, article_id: int) -> dict[str, Any] | None:
    row = next(iter(_rows(conn, ARTICLES, article_id)), None)
    if row is None:  # it was refused
        return None
    template = extractions.template_of(conn, article_id)
    revisions = _rows(conn, REVISIONS, article_id, "revision")
    read_at = next(r["extracted_at"] for r in revisions if r["revision"] == row["revision"])
    return {
        **row,
        "template": template,
        "template_forgotten": _is_forgotten(conn, site_id, template, read_at),
        "revisions": revisions,
        "changes": _rows(conn, CHANGES, article_id, "change_id"),
        "removed": _rows(conn, REMOVED_BLOCKS, article_id, "position"),
        "restored": _rows(conn, RESTORED_BLOCKS, article_id, "position"),
        "cluster": _cluster(conn, row["cluster_id"]),
    }


def _is_forgotten(conn: Connection, site_id: int, template: int | None, read_at: datetime) -> bool:
    """Whether a template that is known of a page is not what it was when the page was read."""
    if template is None:
        return False
    known = learned_templates.is_known(conn, site_id, template)
    return not known or wrong_templates.proved_wrong_since(conn, site_id, template, read_at)


def _queue(conn: Connection, row: Row[Any]) -> dict[str, Any] | None:
    """Why a waiting URL may wait for long: what the pages like it brought."""
    shape, tries = waiting.fruitless_tries_before(conn, row) or ("", 0)
    if tries < TRIES:
        return None
    return {"shape": shape, "tries": tries, "rarely": tries >= MOST_TRIES}


def _rows(
    conn: Connection, view: View, article_id: int, order: str = "article_id"
) -> list[dict[str, Any]]:
    table = view.table()
    query = select(table).where(table.c.article_id == article_id).order_by(table.c[order])
    return [row._asdict() for row in conn.execute(query)]


def _cluster(conn: Connection, cluster_id: int) -> list[dict[str, Any]]:
    members, said = CLUSTERS.table(), ARTICLES.table()
    query = (
        select(members, said.c.url, said.c.title)
        .join_from(members, said, said.c.article_id == members.c.article_id)
        .where(members.c.cluster_id == cluster_id)
        .order_by(members.c.is_original.desc(), members.c.article_id)
    )
    return [row._asdict() for row in conn.execute(query)]


def _only(names: Iterable[str], row: Row[Any]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
