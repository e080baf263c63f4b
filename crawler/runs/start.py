"""How a run starts: the site's file is read, the database checked, the site's lease taken."""

import asyncio
import logging
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings
from sqlalchemy import Connection

from migrations.revision import require_current
from models.archive import files, local_folder, store_check
from models.archive.places import ArchivePlaces
from models.clock import utc_now
from models.crawl.run import Run
from models.db.database import Database
from models.db.owners import new_owner
from models.db.writer import Writer
from models.duplicates import index_version
from models.erasures import tombstones
from models.errors import SiteBusy
from models.scheduling.run_lifecycle import begin, reap_dead_runs
from models.sites import registry, tdm_readings
from models.sites.config import Site, load_site
from models.sites.registry import known_sites

_log = logging.getLogger(__name__)


def open_run(crawler: Crawler, name: str, kind: str) -> Run:
    """A new run of `kind` on the site of that name; dead runs are closed first.

    What a dead run left unfinished at the end of its archive files is cut off.

    Raises what `site_of_run` raises, DatabaseNotReady, DatabaseAway, SiteBusy.
    """
    site = site_of_run(crawler.settings, name)
    writer = Writer.shared(crawler, crawler.settings)
    database, owner = writer.database, new_owner()
    try:  # not by the writer, which waits for as long as it takes: a run's start does not
        prepare(database, ArchivePlaces.of(crawler.settings))
        return database.write_when_there(lambda conn: begin_run(conn, site, kind, owner))
    except Exception:  # re-raised; the writer's thread must not outlive it
        writer.close()
        raise


def site_of_run(settings: BaseSettings, name: str) -> Site:
    """The site as its file has it, with what is obeyed filled in.

    Raises UnknownSite, SiteConfigError, and UsageError for WINNOW_OBEY_RIGHTS.
    """
    site = load_site(Path(settings["WINNOW_SITES_DIR"]), name)
    return site.obeying(settings.get("WINNOW_OBEY_RIGHTS", ""))


def begin_run(conn: Connection, site: Site, kind: str, owner: str) -> Run:
    """The run, and what it must not ask for: nobody erases pages of a site that a run holds.

    Raises SiteBusy.
    """
    run = begin(conn, site, kind, owner, utc_now())
    files = tdm_readings.of_site(conn, run.site_id)
    return replace(run, erased=tombstones.keys(conn), tdm_files=files)


def begin_visit(conn: Connection, site: Site, owner: str, due_at: datetime | None) -> Run:
    """The run of a visit, as `begin_run`; `due_at`: the site's due time when it was last checked.

    Raises SiteBusy, also if that time has changed: another process visited the site since.
    """
    run = begin_run(conn, site, "visit", owner)
    if registry.known_site(conn, run.site_id).next_due_at != due_at:
        raise SiteBusy(f"{site.name} was visited by another just now")
    return run


def prepare(database: Database, archive: ArchivePlaces) -> None:
    """Looks after the database before a run: it must be at head, and dead runs are closed.

    Raises DatabaseNotReady, DatabaseAway.
    """
    database.when_there(lambda: require_current(database))
    close_dead_runs(database, archive)
    database.write_when_there(index_version.require)


def close_dead_runs(database: Database, archive: ArchivePlaces) -> None:
    """Frees what runs of ended processes held, and repairs the ends of their archive files.

    Those of a spool are repaired by whoever uploads them.
    """
    dead = database.write_when_there(lambda conn: reap_dead_runs(conn, utc_now()))
    if not dead:
        return
    found = local_folder.files_of(archive.local, dead)
    with database.reading() as conn:
        spooled = files.stores(conn, found)
    local_folder.mend(archive.local, dead, spooled)


async def require_archive(settings: BaseSettings) -> None:
    """Raises ArchiveUnwritable, before a site is asked for what could not be kept.

    Object storage that is away is only warned of: the spool takes the pages.
    """
    places = ArchivePlaces.of(settings)
    await asyncio.to_thread(local_folder.require_writable, places.local)
    if places.store is not None:
        away = await asyncio.to_thread(store_check.fault_of, places.store)
        if away is not None:
            _log.warning("%s; pages are kept in the spool %s until it does", away, places.local)


def preview_run(crawler: Crawler, name: str, kind: str) -> Run:
    """A run of `kind` that is not in the database: nothing is leased, nothing recorded."""
    site = load_site(Path(crawler.settings["WINNOW_SITES_DIR"]), name)
    writer = Writer.shared(crawler, crawler.settings)
    known = writer.read_now(lambda conn: known_sites(conn, site.name))
    site_id = known[0].site_id if known else 0
    files = writer.read_now(lambda conn: tdm_readings.of_site(conn, site_id))
    return Run(0, kind, site, site_id, owner="", tdm_files=files)
