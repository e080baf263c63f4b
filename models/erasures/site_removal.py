"""All rows of a site that is removed with its articles: in batches, each of them whole.

A row goes after all that refer to it, and the row of the site is the last. Until then a removal
that was killed finds by it what is left. URLs, runs and articles of a site refer to no other site.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Table, delete, func, select

from models.archive.captures import CAPTURES
from models.articles import search_index
from models.articles.former_urls import FORMER_URLS
from models.articles.rows import ARTICLES
from models.crawl.queues import QUEUES
from models.crawl.run_rows import OUTCOMES, RUN_COUNTS, RUNS, SITE_EVENTS
from models.crawl.url_rows import URLS
from models.db import changes
from models.db.changes import Change
from models.erasures.removal import overwrite_deleted, remove_articles, remove_captures
from models.fleet.handouts import HANDOUTS
from models.memory.entries import ENTRIES
from models.memory.learned_templates import LEARNED_TEMPLATES
from models.memory.pages import CHANGED_ENTRIES, MEMORY_PAGES
from models.memory.reclassify_queue import MEMORY_LOCKS, RECLASSIFY_QUEUE
from models.memory.samples import OCCURRENCES
from models.memory.template_samples import TEMPLATE_SAMPLES
from models.memory.templates import RECENT_PAGES, TEMPLATES
from models.monitoring.alerts import ALERT_DELIVERIES, ALERTS
from models.monitoring.health import SITE_HEALTH
from models.sites.leases import LEASES
from models.sites.readings import READINGS
from models.sites.registry import SITES
from models.sites.sources import SOURCES
from models.sites.tdm_readings import TDM_FILES

BATCH: Final = 500  # articles, URLs or runs of one transaction


@dataclass(frozen=True, slots=True)
class SiteRows:
    """How much the database holds of a site."""

    articles: int
    urls: int
    captures: int
    runs: int


def count(conn: Connection, site_id: int) -> SiteRows:
    """What there is to remove of a site now."""

    def of(table: Table) -> int:
        query = select(func.count()).select_from(table).where(table.c.site_id == site_id)
        return int(conn.execute(query).scalar_one())

    captures = select(func.count()).select_from(CAPTURES).join(RUNS)
    mine = captures.where(RUNS.c.site_id == site_id)
    return SiteRows(of(ARTICLES), of(URLS), int(conn.execute(mine).scalar_one()), of(RUNS))


def some_articles(conn: Connection, site_id: int) -> dict[int, int]:
    """The next articles to remove, at most BATCH: current revision by article_id."""
    query = select(ARTICLES.c.article_id, ARTICLES.c.revision)
    mine = query.where(ARTICLES.c.site_id == site_id).order_by(ARTICLES.c.article_id)
    return {row[0]: row[1] for row in conn.execute(mine.limit(BATCH))}


def remove_some(conn: Connection, articles: Mapping[int, int], now: datetime) -> None:
    """Removes articles that are in no cluster any more, and tells readers. No tombstones."""
    overwrite_deleted(conn)
    remove_articles(conn, articles)
    gone = [Change(article, revision, "erased") for article, revision in sorted(articles.items())]
    changes.enqueue(conn, gone, now)


def remove_urls(conn: Connection, site_id: int) -> int:
    """Removes the next URLs with their copies and outcomes; returns how many, 0 at the end.

    The articles are gone, and so are the WARC files that the copies are in.
    """
    mine = select(URLS.c.url_id).where(URLS.c.site_id == site_id).order_by(URLS.c.url_id)
    ids = list(conn.scalars(mine.limit(BATCH)))
    if ids:
        overwrite_deleted(conn)
        copies = select(CAPTURES.c.capture_id).where(CAPTURES.c.url_id.in_(ids))
        remove_captures(conn, conn.scalars(copies).all())
        conn.execute(delete(OUTCOMES).where(OUTCOMES.c.url_id.in_(ids)))
        conn.execute(delete(FORMER_URLS).where(FORMER_URLS.c.url_id.in_(ids)))
        of_site = MEMORY_PAGES.c.site_id == site_id
        conn.execute(delete(MEMORY_PAGES).where(of_site, MEMORY_PAGES.c.page.in_(ids)))
        conn.execute(delete(URLS).where(URLS.c.url_id.in_(ids)))
    return len(ids)


def remove_runs(conn: Connection, site_id: int) -> int:
    """Removes the next runs and what they noticed; returns how many, 0 at the end.

    The URLs are gone.
    """
    mine = select(RUNS.c.run_id).where(RUNS.c.site_id == site_id).order_by(RUNS.c.run_id)
    ids = list(conn.scalars(mine.limit(BATCH)))
    if ids:
        alerts = select(ALERTS.c.alert_id).where(ALERTS.c.run_id.in_(ids))
        conn.execute(delete(ALERT_DELIVERIES).where(ALERT_DELIVERIES.c.alert_id.in_(alerts)))
        conn.execute(delete(ALERTS).where(ALERTS.c.run_id.in_(ids)))
        conn.execute(delete(SITE_EVENTS).where(SITE_EVENTS.c.run_id.in_(ids)))
        conn.execute(delete(SITE_HEALTH).where(SITE_HEALTH.c.run_id.in_(ids)))
        conn.execute(delete(TEMPLATES).where(TEMPLATES.c.first_run.in_(ids)))
        conn.execute(delete(RUN_COUNTS).where(RUN_COUNTS.c.run_id.in_(ids)))
        conn.execute(delete(RUNS).where(RUNS.c.run_id.in_(ids)))
    return len(ids)


def remove_site(conn: Connection, site_id: int) -> None:
    """Removes what the site taught, what is known of its sources and state, and its own row.

    Its articles, URLs and runs are gone. All of this has a bound, so it is one transaction.
    """
    overwrite_deleted(conn)
    _forget_memory(conn, site_id)
    sources = select(SOURCES.c.source_id).where(SOURCES.c.site_id == site_id)
    conn.execute(delete(READINGS).where(READINGS.c.source_id.in_(sources)))
    conn.execute(delete(SOURCES).where(SOURCES.c.site_id == site_id))
    alerts = select(ALERTS.c.alert_id).where(ALERTS.c.site_id == site_id)
    conn.execute(delete(ALERT_DELIVERIES).where(ALERT_DELIVERIES.c.alert_id.in_(alerts)))
    conn.execute(delete(ALERTS).where(ALERTS.c.site_id == site_id))
    conn.execute(delete(SITE_EVENTS).where(SITE_EVENTS.c.site_id == site_id))
    conn.execute(delete(SITE_HEALTH).where(SITE_HEALTH.c.site_id == site_id))
    conn.execute(delete(QUEUES).where(QUEUES.c.site_id == site_id))
    conn.execute(delete(LEASES).where(LEASES.c.site_id == site_id))
    conn.execute(delete(TDM_FILES).where(TDM_FILES.c.site_id == site_id))
    name = select(SITES.c.name).where(SITES.c.site_id == site_id).scalar_subquery()
    conn.execute(delete(HANDOUTS).where(HANDOUTS.c.site == name))
    conn.execute(delete(SITES).where(SITES.c.site_id == site_id))
    search_index.rewrite(conn)


def _forget_memory(conn: Connection, site_id: int) -> None:
    conn.execute(delete(RECLASSIFY_QUEUE).where(RECLASSIFY_QUEUE.c.site_id == site_id))
    conn.execute(delete(CHANGED_ENTRIES).where(CHANGED_ENTRIES.c.site_id == site_id))
    conn.execute(delete(OCCURRENCES).where(OCCURRENCES.c.site_id == site_id))
    conn.execute(delete(ENTRIES).where(ENTRIES.c.site_id == site_id))
    conn.execute(delete(MEMORY_PAGES).where(MEMORY_PAGES.c.site_id == site_id))
    conn.execute(delete(RECENT_PAGES).where(RECENT_PAGES.c.site_id == site_id))
    conn.execute(delete(TEMPLATES).where(TEMPLATES.c.site_id == site_id))
    conn.execute(delete(TEMPLATE_SAMPLES).where(TEMPLATE_SAMPLES.c.site_id == site_id))
    conn.execute(delete(LEARNED_TEMPLATES).where(LEARNED_TEMPLATES.c.site_id == site_id))
    conn.execute(delete(MEMORY_LOCKS).where(MEMORY_LOCKS.c.site_id == site_id))
