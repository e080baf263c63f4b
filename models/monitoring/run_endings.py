"""How the runs of a site ended, whether they brought pages or not, and whose end nobody checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, select

from models.articles.rows import ARTICLES
from models.crawl.run_rows import RUN_COUNTS, RUNS
from models.monitoring.health import SITE_HEALTH

MOST: Final = 50  # runs that are looked back on
LOOKING: Final = ("discover", "visit")  # kinds of runs that read a site's sources


@dataclass(frozen=True, slots=True)
class EndedRun:
    """How one run ended."""

    run_id: int
    status: str  # done | failed | aborted
    reason: str | None  # why it failed or was stopped
    urls: int  # that it touched

    @property
    def failed(self) -> bool:
        """Whether it failed or was killed."""
        return self.status != "done"


def endings(conn: Connection, site_id: int) -> list[EndedRun]:
    """How the site's last runs that read its sources ended, the newest first; at most `MOST`."""
    urls = (
        select(func.coalesce(func.sum(RUN_COUNTS.c.urls), 0))
        .where(RUN_COUNTS.c.run_id == RUNS.c.run_id)
        .scalar_subquery()
    )
    ours = (RUNS.c.site_id == site_id, RUNS.c.kind.in_(LOOKING), RUNS.c.status != "running")
    query = (
        select(RUNS.c.run_id, RUNS.c.status, RUNS.c.reason, urls)
        .where(*ours)
        .order_by(RUNS.c.run_id.desc())
        .limit(MOST)
    )
    return [EndedRun(row[0], row[1], row[2], int(row[3])) for row in conn.execute(query)]


def has_articles(conn: Connection, site_id: int) -> bool:
    """Whether an article of the site was ever stored."""
    query = select(ARTICLES.c.article_id).where(ARTICLES.c.site_id == site_id)
    return conn.execute(query.limit(1)).first() is not None


def unchecked(conn: Connection) -> Sequence[int]:
    """Numbers of sites of which a run was killed, so that it could not check their health."""
    query = (
        select(RUNS.c.site_id)
        .join_from(RUNS, SITE_HEALTH, SITE_HEALTH.c.site_id == RUNS.c.site_id, isouter=True)
        .where(RUNS.c.status == "aborted", RUNS.c.kind.in_(LOOKING), RUNS.c.site_id.is_not(None))
        .where(RUNS.c.run_id > func.coalesce(SITE_HEALTH.c.run_id, 0))
        .distinct()
    )
    return conn.execute(query.order_by(RUNS.c.site_id)).scalars().all()
