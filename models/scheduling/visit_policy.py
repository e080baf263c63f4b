"""When a site is visited again: learned from how often it publishes, unless its TOML says."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, case, func, or_, select

from models.articles.revisions import REVISIONS
from models.articles.rows import ARTICLES, is_current
from models.crawl.run import Run
from models.crawl.schedule import Bounds, next_visit, share_of, usual_interval
from models.crawl.waiting import has_waiting
from models.sites import registry, sources

OVER: Final = timedelta(days=14)  # a site's pace is that of its last fortnight
LEAST: Final = timedelta(days=1)  # less says nothing of a pace: news has hours of its own


@dataclass(frozen=True, slots=True)
class Pace:
    """How many articles the site published in which time; `over` is 0 where nothing is known."""

    articles: int
    over: timedelta

    @property
    def per_day(self) -> float | None:
        """Articles a day."""
        return self.articles / (self.over / timedelta(days=1)) if self.over else None


def pace(conn: Connection, site_id: int, added_at: datetime, now: datetime) -> Pace:
    """How often the site published of late.

    A first crawl finds years of articles within the hour, so their own dates count, and an
    article without one only if it came after the site's first day.
    """
    since, dated = now - OVER, REVISIONS.c.published_at
    seen = ARTICLES.c.first_seen_at
    published_at = case((dated < seen, dated), else_=seen)
    query = (
        select(func.count(), func.min(published_at))
        .join_from(ARTICLES, REVISIONS, is_current())
        .where(ARTICLES.c.site_id == site_id, seen > since)
        .where(or_(dated > since, dated.is_(None) & (seen > added_at + LEAST)))
    )
    articles, oldest = conn.execute(query).one()
    if articles:
        watched = min(now - added_at, OVER)
        return Pace(articles, max(now - oldest, watched, LEAST))
    return Pace(0, min(now - added_at, OVER) if now - added_at > LEAST else timedelta(0))


def schedule(
    conn: Connection,
    run: Run,
    now: datetime,
    *,
    failed: bool,
    bounds: Bounds,
    asked_to_wait: timedelta | None = None,
) -> datetime:
    """Notes when the site of a visit that ends `now` is due again, and returns it.

    `asked_to_wait` is the longest Retry-After of the visit. Where pages are left that wait to
    be fetched, the next visit comes as soon as the bounds let it.
    """
    known = next(site for site in registry.known_sites(conn) if site.site_id == run.site_id)
    every = run.site.schedule.every
    asked = [asked_to_wait or timedelta(0)]
    if every is not None:
        interval = every
    elif not failed and has_waiting(conn, run.site_id, now):
        interval = bounds.shortest
    else:
        learned = pace(conn, run.site_id, known.added_at, now)
        interval = usual_interval(learned.articles, learned.over, bounds)
        asked.append(min(_ttl(conn, run.site_id), bounds.longest))
    due = next_visit(
        now,
        interval,
        failures=known.failures + 1 if failed else 0,
        asked_to_wait=max(asked),
        share=share_of(run.site.name),
        first=known.next_due_at is None,
    )
    registry.schedule(conn, run.site_id, due, failed=failed)
    return due


def _ttl(conn: Connection, site_id: int) -> timedelta:
    """How long the site's feeds ask to be left alone."""
    seconds = (source.ttl for source in sources.list_sources(conn, site_id) if not source.failures)
    return timedelta(seconds=max((ttl for ttl in seconds if ttl), default=0))
