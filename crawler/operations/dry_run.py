"""What a re-extraction would change, said to a person; nothing is written."""

import asyncio
import difflib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Final

from scrapy.settings import Settings
from sqlalchemy import Connection

from crawler.operations.command import EXIT_FAILED, EXIT_OK
from crawler.reports.diff_colors import colored, wants_color
from crawler.runs.arguments import ReextractArguments
from crawler.runs.selection import selection
from migrations.revision import require_current
from models.crawl import frontier
from models.crawl.url_rows import UrlLease, hint_of
from models.db.database import Database
from models.db.writer import Writer
from models.sites import registry
from models.sites.config import Site, load_site
from pipelines.extract import SECONDS_A_PAGE
from pipelines.page_reader import extract
from pipelines.pool import Pool
from pipelines.preview import Difference, Preview, Previewer, Reading

_WORDS: Final = ("new", "changed", "grown", "shrunk", "emptied")


def dry_run(
    settings: Settings,
    runs: Sequence[ReextractArguments],
    tell: Callable[[str], None],
    say: Callable[[str, int], int],
) -> list[int]:
    """Previews each run's site and tells what would come of it; an exit code each."""
    database = Database.open(settings["WINNOW_DATABASE_URL"])
    try:
        require_current(database)
        return asyncio.run(_previews(Writer(database), settings, runs, tell, say))
    except KeyboardInterrupt:
        return [say("stopped; nothing was written", EXIT_FAILED)]
    finally:
        database.close()


async def _previews(
    writer: Writer,
    settings: Settings,
    runs: Sequence[ReextractArguments],
    tell: Callable[[str], None],
    say: Callable[[str, int], int],
) -> list[int]:
    codes = []
    async with _pool(settings) as pool:
        for given in runs:
            site = load_site(Path(settings["WINNOW_SITES_DIR"]), given.site)
            preview = await _preview(writer, pool, site, given, settings["WINNOW_ARCHIVE_DIR"])
            tell("\n".join(lines(preview, colours=wants_color())))
            codes.append(EXIT_OK if preview.read or not preview.unreadable else EXIT_FAILED)
            for fault in preview.unreadable:
                say(fault, EXIT_FAILED)
    await asyncio.to_thread(writer.close)
    return codes


@asynccontextmanager
async def _pool(settings: Settings) -> AsyncIterator[Pool]:
    pool = Pool(settings.getint("WINNOW_WORKERS"), SECONDS_A_PAGE, warm=extract.__module__)
    try:
        yield pool
    finally:
        pool.close()


async def _preview(
    writer: Writer, pool: Pool, site: Site, given: ReextractArguments, archive: str
) -> Preview:
    known = {known.name: known.site_id for known in await writer.read(registry.known_sites)}
    if site.name not in known:
        return Preview(site.name)
    look = Previewer(writer, pool, site, known[site.name], Path(archive), accepts=given.accept)
    left = given.limit
    async for batch in selection(given).batches(writer, known[site.name], articles=False):
        await look.look_at(await writer.read(partial(_pages, url_ids=batch[:left])))
        left -= len(batch)
        if left <= 0:
            break
    return look.preview


def _pages(conn: Connection, url_ids: Sequence[int]) -> list[UrlLease]:
    rows = (frontier.get(conn, url_id) for url_id in url_ids)
    same = ("url_id", "url", "attempts", "etag", "last_modified", "article")
    return [
        UrlLease(hint=hint_of(row), **{name: row[name] for name in same}) for row in rows if row
    ]


def lines(preview: Preview, *, colours: bool) -> Iterator[str]:
    """The summary of one site, and its largest differences as diffs."""
    counts = ", ".join(f"{preview.kinds[word]} {word}" for word in _WORDS)
    refused = f" ({preview.refused} refused by the gate)" if preview.refused else ""
    unreadable = f"; {len(preview.unreadable)} cannot be read" if preview.unreadable else ""
    yield (
        f"reextract {preview.site}, dry run: {preview.read} captures:"
        f" {preview.same} the same, {counts}{refused}{unreadable}"
    )
    for difference in preview.largest:
        yield ""
        yield from _diff(difference, colours=colours)


def _diff(difference: Difference, *, colours: bool) -> Iterator[str]:
    why = f": {difference.after.why}" if difference.after.why else ""
    yield f"{difference.url}  {difference.kind}, {difference.size} words{why}"
    before, after = (_paragraphs(reading) for reading in (difference.before, difference.after))
    diff = difflib.unified_diff(before, after, "as stored", "read again", n=1, lineterm="")
    yield from colored(diff, colours=colours)


def _paragraphs(reading: Reading) -> list[str]:
    title = [f"# {reading.title}"] if reading.title else []
    return title + list(reading.facts) + (reading.text.split("\n\n") if reading.text else [])
