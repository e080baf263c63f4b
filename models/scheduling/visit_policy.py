"""When a site is visited again: learned from how often it publishes, unless its TOML says."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, case, func, or_, select

from models.articles.rows import ARTICLES
from models.crawl.run import Run
from models.crawl.schedule import (
    SLOWEST_BACK_OFF,
    Bounds,
    is_due,
    next_due,
    next_visit,
    share_of,
    usual_interval,
)
from models.crawl.waiting import has_waiting
from models.scheduling import revisit_policy
from models.sites import registry, sources
from models.sites.registry import KnownSite

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
    since, dated = now - OVER, ARTICLES.c.published_at
    seen = ARTICLES.c.first_seen_at
    published_at = case((dated < seen, dated), else_=seen)
    query = (
        select(func.count(), func.min(published_at))
        .where(ARTICLES.c.site_id == site_id, seen > since)
        .where(or_(dated > since, dated.is_(None) & (seen > added_at + LEAST)))
    )
    articles, oldest = conn.execute(query).one()
    if articles:
        watched = min(now - added_at, OVER)
        return Pace(articles, max(now - oldest, watched, LEAST))
    return Pace(0, min(now - added_at, OVER) if now - added_at > LEAST else timedelta(0))


def sources_are_due(conn: Connection, run: Run, bounds: Bounds, now: datetime) -> bool:
    """Whether a visit that begins `now` reads the site's sources, or comes for revisits alone."""
    longest = max(bounds.longest, run.site.schedule.every or bounds.longest)
    return is_due(registry.known_site(conn, run.site_id).sources_due_at, now, longest)


def schedule(
    conn: Connection,
    run: Run,
    now: datetime,
    *,
    failed: bool,
    bounds: Bounds,
    asked_to_wait: timedelta | None = None,
    sources_read: bool = True,
) -> datetime:
    """Notes when the site of a visit that ends `now` is due again, and returns it.

    That is when its sources are due, or sooner for revisits, or, where pages are left that wait
    to be fetched, as soon as the bounds let it. `sources_read`: the visit read them to the end,
    so that they are due anew. `asked_to_wait` is the longest Retry-After of the visit. After a
    visit that failed, nothing comes before the sources' turn.
    """
    known = registry.known_site(conn, run.site_id)
    asked = asked_to_wait or timedelta(0)
    sources_due = known.sources_due_at or now
    if sources_read or (failed and sources_due <= now):
        sources_due = _sources_due(conn, run, known, now, failed=failed, bounds=bounds, asked=asked)
    shortest = min(bounds.shortest, run.site.schedule.every or bounds.shortest)
    earliest = now + max(shortest, min(asked, SLOWEST_BACK_OFF))
    if failed:
        due = max(sources_due, earliest)
    elif has_waiting(conn, run.site_id, now):
        due = earliest
    else:
        revisits = revisit_policy.next_revisits(conn, run.site_id)
        due = next_due(sources_due, revisits, earliest)
    registry.schedule(conn, run.site_id, due, failed=failed, sources_due_at=sources_due)
    return due


def _sources_due(
    conn: Connection,
    run: Run,
    known: KnownSite,
    now: datetime,
    *,
    failed: bool,
    bounds: Bounds,
    asked: timedelta,
) -> datetime:
    interval = run.site.schedule.every
    if interval is None:
        learned = pace(conn, run.site_id, known.added_at, now)
        interval = usual_interval(learned.articles, learned.over, bounds)
        asked = max(asked, min(_ttl(conn, run.site_id), bounds.longest))
    return next_visit(
        now,
        interval,
        failures=known.failures + 1 if failed else 0,
        asked_to_wait=asked,
        share=share_of(run.site.name),
        first=known.next_due_at is None,
    )


def _ttl(conn: Connection, site_id: int) -> timedelta:
    """How long the site's feeds ask to be left alone."""
    seconds = (source.ttl for source in sources.list_sources(conn, site_id) if not source.failures)
    return timedelta(seconds=max((ttl for ttl in seconds if ttl), default=0))
