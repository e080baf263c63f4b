"""recrawl: known pages fetched again, with the validators of the copy that we hold."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import ClassVar

from scrapy import Request, signals
from scrapy.settings import BaseSettings
from sqlalchemy import Connection

from crawler.runs.selection import BATCH, selection
from crawler.runs.url_list import UrlList, read_url_list
from crawler.spiders.base import ArticleSpider
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
    arguments: ClassVar[tuple[str, ...]] = (
        "site", "limit", "accept", "since", "until", "match", "urls",
    )  # fmt: skip

    def __init__(self, **given: str) -> None:
        super().__init__(**given)
        self.selection = selection(given)
        self.listed = read_url_list(given["urls"]) if "urls" in given else None

    @classmethod
    def checked(cls, given: dict[str, str], settings: BaseSettings) -> dict[str, str]:
        """A file of URLs says itself which site it is of, where they are all of one."""
        selection(given)
        for other in ("since", "until", "match"):
            if "urls" in given and other in given:
                raise UsageError(f"-a urls names the pages itself; leave out -a {other}=…")
        if "urls" in given and not given.get("site"):
            site = _site_of(read_url_list(given["urls"]), Path(settings["WINNOW_SITES_DIR"]))
            given = {**given, "site": site}
        return super().checked(given, settings)

    async def start(self) -> AsyncIterator[Request]:
        """Claims in batches, as the engine has room."""
        left = self.limit
        async for batch in self._batches():
            claims = await self.writer.write(partial(self._claim, url_ids=batch[:left]))
            for claim in claims:
                yield self.conditional_request(claim)
            if len(claims) < len(batch[:left]):
                held = len(batch[:left]) - len(claims)
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
            for start in range(0, len(ids), BATCH):
                yield ids[start : start + BATCH]
            return
        async for batch in self.selection.batches(self.writer, self.run.site_id):
            yield batch

    def _in_scope(self, listed: UrlList) -> list[str]:
        """The file's URLs that the site's scope admits; of each other its line is told."""
        urls = []
        for number, url in listed.urls:
            why = self.run.site.scope.admits(url, None, datetime.now(UTC))
            if why is None:
                urls.append(url)
            else:
                self.logger.warning("%s:%d: %s: %s", listed.name, number, url, why)
        return urls

    def _ids(self, conn: Connection, urls: list[str]) -> list[int]:
        """Rows of the URLs, in their order; what is not known yet becomes one."""
        now, run = datetime.now(UTC), self.run
        links = [Link(url, "urls_file", hint=Hint(source="urls_file")) for url in urls]
        frontier.add_links(conn, run.site_id, links, now)
        rows = (frontier.find(conn, url) for url in urls)
        ids = (row.url_id for row in rows if row and row.site_id == run.site_id)
        return list(dict.fromkeys(ids))  # a page under two spellings is one

    def _claim(self, conn: Connection, url_ids: list[int]) -> list[UrlLease]:
        now = datetime.now(UTC)
        return frontier.claim_these(conn, url_ids, self.run.owner, now + LEASE, now)


def _site_of(listed: UrlList, folder: Path) -> str:
    """The one site that owns the URLs; raises UsageError where that is not clear."""
    sites, _ = load_all(folder)
    owners = {site.name for _, url in listed.urls for site in sites if site.scope.owns(url)}
    if len(owners) != 1:
        whose = f"several sites: {', '.join(sorted(owners))}" if owners else "no site here"
        raise UsageError(f"the URLs are of {whose}; say which with -a site=NAME")
    return owners.pop()
