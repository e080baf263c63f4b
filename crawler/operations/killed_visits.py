"""After visits that were killed, which could not look after themselves: their parent does."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from scrapy.settings import BaseSettings
from sqlalchemy import Connection

from crawler.operations.command import EXIT_RED
from crawler.operations.due_visit import known
from crawler.operations.health_check import check_killed, red_line
from crawler.operations.visits import WORST, VisitResult
from crawler.runs.start import close_dead_runs
from models.archive.places import ArchivePlaces
from models.clock import utc_now
from models.crawl.schedule import Bounds, next_visit, share_of
from models.db.database import Database
from models.errors import DatabaseAway
from models.sites import registry


def free_the_dead(database: Database, settings: BaseSettings) -> None:
    """Frees what a crashed process held; where the database is away, the visits say so."""
    with suppress(DatabaseAway):
        close_dead_runs(database, ArchivePlaces.of(settings))


def after_kills(
    database: Database, settings: BaseSettings, results: Sequence[VisitResult], limits: Bounds
) -> list[VisitResult]:
    """Backs off from sites whose visit was killed, and checks them; a result for each red one.

    Raises DatabaseAway.
    """
    killed = [result.site for result in results if result.code not in WORST]
    if not killed:
        return []
    _back_off(database, killed, limits)
    return look_after_the_dead(database, settings)


def look_after_the_dead(database: Database, settings: BaseSettings) -> list[VisitResult]:
    """Closes the runs of ended processes, and checks their sites; a result for each red one.

    Raises DatabaseAway.
    """
    close_dead_runs(database, ArchivePlaces.of(settings))
    sites_dir = Path(settings["WINNOW_SITES_DIR"])
    checked = database.write_when_there(lambda conn: check_killed(conn, utc_now(), sites_dir))
    return [
        VisitResult(name, EXIT_RED, red_line(name, health))
        for name, health in checked.items()
        if health.state == "red"
    ]


def _back_off(database: Database, killed: Sequence[str], limits: Bounds) -> None:
    """A visit that was killed could not say when its site is due again."""
    sites, now = known(database), utc_now()
    for site in filter(None, map(sites.get, killed)):
        again = next_visit(
            now, limits.shortest, failures=site.failures + 1, share=share_of(site.name)
        )
        database.write_when_there(partial(_schedule, site_id=site.site_id, due_at=again))


def _schedule(conn: Connection, site_id: int, due_at: datetime) -> None:
    registry.schedule(conn, site_id, due_at, failed=True)
