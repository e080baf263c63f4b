"""What is measured of all sites at once, for a monitoring system: few statements, whatever many."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, Select, func, select

from models.articles.rows import ARTICLES
from models.crawl.run_rows import RUN_COUNTS, RUNS
from models.crawl.url_rows import FOUND, URLS
from models.monitoring.health import SITE_HEALTH
from models.monitoring.run_endings import LOOKING
from models.sites.registry import SITES

RECENT: Final = timedelta(days=1)  # what counts as new


@dataclass(frozen=True, slots=True)
class LastRun:
    """The last run of a site that read its sources and is over."""

    run_id: int
    started_at: datetime
    finished_at: datetime
    done: bool  # else it failed or was killed
    urls: dict[str, int] = field(default_factory=dict)  # by outcome


@dataclass(frozen=True, slots=True)
class SiteMetrics:
    """One site; counts of rows unless said otherwise."""

    site: str
    state: str  # ok | warn | red
    next_due_at: datetime | None  # None: never visited
    usual_per_day: float | None  # new articles; None: not known yet
    articles: int
    recent: int  # of these, first seen in the last `RECENT`
    waiting: int  # URLs that are known and not fetched yet
    last_run: LastRun | None


def of_sites(conn: Connection, now: datetime) -> list[SiteMetrics]:
    """All sites, by name, in three statements."""
    articles = _count(ARTICLES.c.site_id)
    health = SITE_HEALTH.c
    query = (
        select(
            SITES.c.site_id,
            SITES.c.name,
            func.coalesce(health.state, "ok"),
            SITES.c.next_due_at,
            health.usual_per_day,
            articles.scalar_subquery(),
            articles.where(ARTICLES.c.first_seen_at > now - RECENT).scalar_subquery(),
            _count(URLS.c.site_id).where(URLS.c.state == FOUND).scalar_subquery(),
        )
        .join_from(SITES, SITE_HEALTH, health.site_id == SITES.c.site_id, isouter=True)
        .order_by(SITES.c.name)
    )
    last = last_runs(conn)
    return [SiteMetrics(*row[1:], last_run=last.get(row[0])) for row in conn.execute(query)]


def _count(site_id: ColumnElement[int]) -> Select[int]:
    return select(func.count()).where(site_id == SITES.c.site_id)


def last_runs(conn: Connection) -> dict[int, LastRun]:
    """The last run of each site, with its outcomes: each is found from the newest backwards."""
    newest = (
        select(RUNS.c.run_id)
        .where(RUNS.c.site_id == SITES.c.site_id)
        .where(RUNS.c.kind.in_(LOOKING), RUNS.c.finished_at.is_not(None))
        .order_by(RUNS.c.run_id.desc())
        .limit(1)
        .scalar_subquery()
    )
    of_site = select(SITES.c.site_id, newest.label("run_id")).subquery()
    runs = select(
        RUNS.c.site_id, RUNS.c.run_id, RUNS.c.started_at, RUNS.c.finished_at, RUNS.c.status
    ).join_from(of_site, RUNS, RUNS.c.run_id == of_site.c.run_id)
    counts = select(RUN_COUNTS.c.run_id, RUN_COUNTS.c.outcome, RUN_COUNTS.c.urls).join_from(
        of_site, RUN_COUNTS, RUN_COUNTS.c.run_id == of_site.c.run_id
    )
    urls: dict[int, dict[str, int]] = defaultdict(dict)
    for run_id, outcome, number in conn.execute(counts):
        urls[run_id][outcome] = number
    return {
        row.site_id: LastRun(
            row.run_id, row.started_at, row.finished_at, row.status == "done",
            urls.get(row.run_id, {}),
        )
        for row in conn.execute(runs)
    }  # fmt: skip
