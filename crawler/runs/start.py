"""How a run starts: the site's file is read, the database checked, the site's lease taken."""

from pathlib import Path

from scrapy.crawler import Crawler
from sqlalchemy.exc import DBAPIError

from migrations.revision import require_current
from models.archive import captures
from models.clock import utc_now
from models.crawl.run import Run
from models.db.owners import new_owner
from models.db.writer import Writer
from models.duplicates import index_version
from models.errors import DatabaseNotReady
from models.scheduling.run_lifecycle import begin, reap_dead_runs
from models.sites.config import load_site
from models.sites.registry import known_sites


def open_run(crawler: Crawler, name: str, kind: str) -> Run:
    """A new run of `kind` on the site of that name; dead runs are closed first.

    What a dead run left unfinished at the end of its archive files is cut off.

    Raises UnknownSite, SiteConfigError, DatabaseNotReady, SiteBusy.
    """
    site = load_site(Path(crawler.settings["WINNOW_SITES_DIR"]), name)
    writer = Writer.shared(crawler, crawler.settings["WINNOW_DATABASE_URL"])
    now, owner = utc_now(), new_owner()
    try:
        require_current(writer.database)
        dead = writer.write_now(lambda conn: reap_dead_runs(conn, now))
        captures.mend(Path(crawler.settings["WINNOW_ARCHIVE_DIR"]), dead)
        writer.write_now(index_version.require)
        return writer.write_now(lambda conn: begin(conn, site, kind, owner, now))
    except DBAPIError as away:
        writer.close()
        address = writer.database.engine.url.render_as_string(hide_password=True)
        why = (str(away.orig).strip() or type(away.orig).__name__).splitlines()[0]
        raise DatabaseNotReady(f"{address} cannot be reached: {why}") from away
    except Exception:  # re-raised; the writer's thread must not outlive it
        writer.close()
        raise


def preview_run(crawler: Crawler, name: str, kind: str) -> Run:
    """A run of `kind` that is not in the database: nothing is leased, nothing recorded."""
    site = load_site(Path(crawler.settings["WINNOW_SITES_DIR"]), name)
    writer = Writer.shared(crawler, crawler.settings["WINNOW_DATABASE_URL"])
    known = writer.read_now(lambda conn: known_sites(conn, site.name))
    return Run(0, kind, site, known[0].site_id if known else 0, owner="")
