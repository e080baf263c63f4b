"""recrawl: known pages fetched again, with the validators of the copy that we hold."""

from collections.abc import AsyncIterator, Mapping
from functools import partial
from pathlib import Path
from typing import ClassVar

from scrapy import Request, signals
from scrapy.settings import BaseSettings
from sqlalchemy import Connection

from crawler.runs.arguments import RecrawlArguments, SpiderArguments, parse_arguments
from crawler.runs.selection import BATCH, selection
from crawler.runs.start import require_archive
from crawler.runs.url_list import UrlList, read_url_list
from crawler.spiders.base import ArticleSpider
from models.batches import batched
from models.clock import utc_now
from models.crawl import frontier
from models.crawl.url_rows import UrlLease
from models.errors import UsageError
from models.items import Hint, Link
from models.scheduling.run_lifecycle import LEASE
from models.sites.config import load_all


class RecrawlSpider(ArticleSpider):
    """A site's stored articles, or the URLs of a file, asked for again."""

    name = "recrawl"
    kind = "recrawl"
    takes: ClassVar[type[SpiderArguments]] = RecrawlArguments
    arguments: RecrawlArguments

    def __init__(self, arguments: RecrawlArguments) -> None:
        super().__init__(arguments)
        self.selection = selection(arguments)
        self.listed = None if arguments.urls is None else read_url_list(arguments.urls)

    @classmethod
    def checked(cls, words: Mapping[str, str], settings: BaseSettings) -> SpiderArguments:
        """As all spiders; a file of URLs names its site itself if all are of one."""
        arguments = parse_arguments(RecrawlArguments, words)
        if arguments.urls is not None and not arguments.site:
            listed = read_url_list(arguments.urls)
            words = {**words, "site": _site_of(listed, Path(settings["WINNOW_SITES_DIR"]))}
        return super().checked(words, settings)

    async def start(self) -> AsyncIterator[Request]:
        """Leases in batches, as the engine has room."""
        await require_archive(self.crawler.settings)
        left = self.limit
        async for batch in self._batches():
            leases = await self.writer.write(partial(self._lease, url_ids=batch[:left]))
            for lease in leases:
                yield self.conditional_request(lease)
            if len(leases) < len(batch[:left]):
                held = len(batch[:left]) - len(leases)
                self.logger.warning("%d of the URLs are held by another run; left out", held)
            left -= len(batch)
            if left <= 0:
                return
            await self.crawler.signals.wait_for(signals.scheduler_empty)

    async def _batches(self) -> AsyncIterator[list[int]]:
        """Numbers of the URLs that are asked for, BATCH at a time."""
        if self.listed is not None:
            for fault in self.listed.faults:
                self.logger.warning(fault)
            ids = await self.writer.write(partial(self._ids, urls=self._in_scope(self.listed)))
            for batch in batched(ids, BATCH):
                yield batch
            return
        async for batch in self.selection.batches(self.writer, self.run.site_id):
            yield batch

    def _in_scope(self, listed: UrlList) -> list[str]:
        """The file's URLs in the site's scope; each other URL is logged with its line."""
        urls = []
        for number, url in listed.urls:
            why = self.run.site.scope.admits(url, None, utc_now())
            if why is None:
                urls.append(url)
            else:
                self.logger.warning("%s:%d: %s: %s", listed.name, number, url, why)
        return urls

    def _ids(self, conn: Connection, urls: list[str]) -> list[int]:
        """Rows of the URLs, in their order; what is not known yet becomes one."""
        now, run = utc_now(), self.run
        links = [Link(url, "urls_file", hint=Hint(source="urls_file")) for url in urls]
        frontier.add_links(conn, run.site_id, links, now)
        rows = (frontier.find(conn, url) for url in urls)
        ids = (row.url_id for row in rows if row and row.site_id == run.site_id)
        return list(dict.fromkeys(ids))  # a page under two spellings is one

    def _lease(self, conn: Connection, url_ids: list[int]) -> list[UrlLease]:
        now = utc_now()
        return frontier.claim_these(conn, url_ids, self.run.owner, now + LEASE, now)


def _site_of(listed: UrlList, folder: Path) -> str:
    """The one site that owns the URLs; raises UsageError where that is not clear."""
    sites, _ = load_all(folder)
    owners = {site.name for _, url in listed.urls for site in sites if site.scope.owns(url)}
    if len(owners) != 1:
        whose = f"several sites: {', '.join(sorted(owners))}" if owners else "no site here"
        raise UsageError(f"the URLs are of {whose}; say which with -a site=NAME")
    return owners.pop()
