"""What a re-extraction has to read, and the sites after it."""

import asyncio
import re
from datetime import timedelta

from scrapy.settings import Settings

from crawler.runs.selection import Selection
from crawler.runs.workload import LATER_SITES, Workload, workload
from models.archive import captures
from models.archive.captures import WarcLocation
from models.crawl.run import Run
from models.db.database import Database
from models.db.writer import Writer
from tests.factories import NOW, known_site, known_url, make_page, make_site, open_run


def filled(database: Database, site: str, pages: int) -> Run:
    """A site with so many archived pages."""
    with database.transaction() as conn:
        number = known_site(conn, site)
        run = open_run(conn, number)
        for n in range(pages):
            url = known_url(conn, number, f"https://{site}.test/{n}")
            place = WarcLocation(f"{site}/2026/a.warc.gz", n, 10)
            captures.keep(conn, make_page(url_id=url, run_id=run), place)
    return Run(run, "reextract", make_site(site), number, "me", NOW)


def asked(database: Database, run: Run, selection: Selection, limit: int = 100) -> Workload:
    settings = Settings({LATER_SITES: ["b", "c", "unknown"]})
    writer = Writer(database)
    try:
        return asyncio.run(workload(writer, settings, run, selection, before=[], limit=limit))
    finally:
        writer.close()


def test_own_captures_and_those_of_the_sites_whose_turn_comes_later(database: Database) -> None:
    run = filled(database, "a", 3)
    for site, pages in (("b", 4), ("c", 1), ("d", 9)):
        filled(database, site, pages)
    assert asked(database, run, Selection()) == Workload(3, 5, 2)
    assert asked(database, run, Selection(), limit=2) == Workload(2, 3, 2)
    assert asked(database, run, Selection(since=NOW + timedelta(1))) == Workload(0, 0, 0)
    assert asked(database, run, Selection(match=re.compile("/1$"))) == Workload(1, 0, 0)
