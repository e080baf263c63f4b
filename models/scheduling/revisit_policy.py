"""When a stored article is fetched again: by its age, and by the revisit yield of its site."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select

from models.articles.revisions import REVISIONS
from models.articles.rows import ARTICLES, is_current
from models.crawl.run import Run
from models.crawl.run_rows import RUN_COUNTS, RUNS
from models.crawl.schedule import GATHER, RevisitYield, next_revisit
from models.crawl.url_rows import DONE, URLS
from models.outcomes import Outcome

LOOKED_BACK: Final = timedelta(days=90)
MOST_VISITS: Final = 1000  # more say no more
CONFIRM: Final = timedelta(hours=6)  # longer than most slips of an editor's hand
_LOOKED_AT: Final = (Outcome.REVISED, Outcome.UNCHANGED, Outcome.NOT_MODIFIED)


def revisit_yield(conn: Connection, site_id: int, now: datetime) -> RevisitYield:
    """How many revisits the site's visits of late made, and how many of them found other text.

    Of late: in the last `LOOKED_BACK`, and of these the newest `MOST_VISITS`.
    """
    visits = (
        select(RUNS.c.run_id)
        .where(
            RUNS.c.site_id == site_id,
            RUNS.c.kind == "visit",
            RUNS.c.started_at > now - LOOKED_BACK,
        )
        .order_by(RUNS.c.started_at.desc())
        .limit(MOST_VISITS)
        .subquery()
    )
    query = (
        select(RUN_COUNTS.c.outcome, func.sum(RUN_COUNTS.c.urls))
        .join_from(visits, RUN_COUNTS, visits.c.run_id == RUN_COUNTS.c.run_id)
        .where(RUN_COUNTS.c.outcome.in_(_LOOKED_AT))
        .group_by(RUN_COUNTS.c.outcome)
    )
    counts = {outcome: int(urls) for outcome, urls in conn.execute(query)}
    return RevisitYield(sum(counts.values()), counts.get(Outcome.REVISED, 0))


def next_revisit_after(
    run: Run,
    published_at: datetime | None,
    first_seen_at: datetime,
    now: datetime,
    *,
    revised: bool = False,
) -> datetime | None:
    """When an article is due after it was fetched now; None: not again. `revised`: just now.

    A date that the page gives itself is believed only if it is before we first saw the page:
    some pages date themselves anew at each visit.
    """
    published = min(published_at or first_seen_at, first_seen_at)
    return next_revisit(now, published, run.revisit_yield, revised=revised)


def next_revisit_of(
    conn: Connection, run: Run, url_id: int, outcome: Outcome, now: datetime
) -> datetime | None:
    """When the URL's article is due after what the run just found; None where it has none.

    A page that was there and is gone is asked for once more: some come back.
    """
    query = (
        select(
            URLS.c.not_before, URLS.c.gone_times, ARTICLES.c.first_seen_at, REVISIONS.c.published_at
        )
        .join_from(URLS, ARTICLES, ARTICLES.c.url_id == URLS.c.url_id)
        .join(REVISIONS, is_current())
        .where(URLS.c.url_id == url_id)
    )
    row = conn.execute(query).first()
    if row is None:
        return None
    if outcome is Outcome.GONE and not row.gone_times:
        return now + CONFIRM
    revised = outcome is Outcome.REVISED
    return next_revisit_after(run, row.published_at, row.first_seen_at, now, revised=revised)


def next_revisits(conn: Connection, site_id: int) -> list[datetime]:
    """When the site's next revisits are due that may share a visit, soonest first.

    A page that failed last time is left out: it comes again with others, and by itself would
    only make a visit that fails.
    """
    due = URLS.c.not_before
    waits = (URLS.c.site_id == site_id, URLS.c.state == DONE, due.is_not(None))
    query = select(due).where(*waits, URLS.c.article, URLS.c.attempts == 0).order_by(due)
    first = conn.scalars(query.limit(1)).first()
    if first is None:
        return []
    last = conn.scalars(
        select(func.max(due))
        .where(*waits, URLS.c.article, URLS.c.attempts == 0)
        .where(due <= first + GATHER)
    ).one()
    return [first, last]
