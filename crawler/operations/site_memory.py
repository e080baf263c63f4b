"""`scrapy sites memory` and `scrapy sites forget`: a site's memory, shown and revoked."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from crawler.operations.command import EXIT_OK
from crawler.reports.site_memory import memory_lines
from models.clock import utc_now
from models.crawl import runs
from models.db.database import Database
from models.db.writer import Writer
from models.errors import UsageError
from models.evidence import PageKeys
from models.memory import entries, reclassify_queue, site_memory
from models.sites import registry
from models.sites.config import Site

if TYPE_CHECKING:
    from pipelines.reclassify import Reclassified


def show(database: Database, site: Site, limit: int) -> int:
    """Prints the `limit` most frequent texts and the `limit` richest DOM paths."""
    with database.reading() as conn:
        for line in memory_lines(conn, number_of(conn, site), limit):
            print(line)
    return EXIT_OK


def forget(database: Database, site: Site, block: str | None) -> int:
    """Revokes one text or resets all, and reclassifies the affected articles from what is stored.

    Raises UsageError if the site has no such block.
    """
    key = None if block is None else _key(site, block)
    writer = Writer(database)
    try:
        done = asyncio.run(_forget(writer, site, key))
    finally:
        writer.close()
    what = "all it had learned" if key is None else f"block {key}"
    print(f"{site.name}: forgot {what}; {done.changed} of {done.classified} articles corrected")
    return EXIT_OK


def number_of(conn: Connection, site: Site) -> int:
    """The site's number. Raises UsageError if it was never crawled."""
    for number, name in registry.names(conn).items():
        if name == site.name:
            return number
    raise UsageError(
        f"{site.name} was never crawled, so it taught nothing;"
        f" type: scrapy crawl discover -a site={site.name}"
    )


def _key(site: Site, block: str) -> int:
    if not block.isdecimal():
        raise UsageError(f"--block takes an id as shown by: scrapy sites memory {site.name}")
    return int(block)


async def _forget(writer: Writer, site: Site, key: int | None) -> "Reclassified":
    from pipelines.reclassify import reclassify_all

    site_id, now = await writer.read(lambda conn: number_of(conn, site)), utc_now()
    if key is None:
        await writer.write(lambda conn: _reset(conn, site_id))
        return await reclassify_all(writer, site_id, site.extraction, now, lambda _: True)
    keys = await writer.write(lambda conn: _revoke(conn, site_id, key, now))
    if not keys:
        raise UsageError(
            f"{site.name} has no block {key}; its blocks are listed by:"
            f" scrapy sites memory {site.name}"
        )

    def shows_it(page: PageKeys) -> bool:
        return not keys.isdisjoint(page.blocks)

    return await reclassify_all(writer, site_id, site.extraction, now, shows_it)


def _reset(conn: Connection, site_id: int) -> None:
    site_memory.reset(conn, site_id)
    runs.forbid_resume(conn, site_id)  # a re-extraction must observe all pages again


def _revoke(conn: Connection, site_id: int, key: int, now: datetime) -> frozenset[int]:
    reclassify_queue.lock_site(conn, site_id)
    return entries.revoke(conn, site_id, key, now)
