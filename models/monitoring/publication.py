"""When a site was seen to publish, by what its visits found."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from sqlalchemy import Connection, func, select

from models.articles.rows import ARTICLES
from models.crawl.run_rows import RUNS
from models.monitoring.run_endings import LOOKING

MOST_FINDS: Final = 2000  # articles that are looked back on
LIVE_DAY: Final = timedelta(days=1)  # what was found on a site's first day is its archive
ONE_BATCH: Final = timedelta(hours=1)  # articles found closer together came together


@dataclass(frozen=True, slots=True)
class Visits:
    """When a site was seen to publish, while somebody looked."""

    last_look: datetime | None  # start of the last run that read the sources
    last_article: datetime | None  # found since the site's first day
    gaps: tuple[timedelta, ...]  # between two finds


def visits(conn: Connection, site_id: int, added_at: datetime) -> Visits:
    """How the site was seen to publish; pages found on its first day do not count."""
    kinds = RUNS.c.kind.in_(LOOKING)
    last = select(func.max(RUNS.c.started_at)).where(RUNS.c.site_id == site_id, kinds)
    seen = ARTICLES.c.first_seen_at
    live = select(seen).where(ARTICLES.c.site_id == site_id, seen > added_at + LIVE_DAY)
    found = conn.execute(live.order_by(seen.desc()).limit(MOST_FINDS)).scalars().all()
    gaps = [newer - older for newer, older in pairwise(found)]
    return Visits(
        conn.execute(last).scalar(),
        found[0] if found else None,
        tuple(gap for gap in gaps if gap > ONE_BATCH),
    )
