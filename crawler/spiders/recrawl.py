"""recrawl: known pages fetched again, with the validators of the copy that we hold."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import ClassVar

from scrapy import Request, signals
from scrapy.settings import BaseSettings
from sqlalchemy import Connection

from crawler.spiders.again import selection
from crawler.spiders.base import BATCH, ArticleSpider
from models import frontier
from models.errors import UsageError
from models.frontier import Claim
from models.items import Hint, Link
from models.lifetime import LEASE
from models.sites import load_all
from models.urls import is_web


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
        self.listed = _listed(given["urls"]) if "urls" in given else None

    @classmethod
    def checked(cls, given: dict[str, str], settings: BaseSettings) -> dict[str, str]:
        """A file of URLs says itself which site it is of, where they are all of one."""
        selection(given)
        if "urls" in given and not given.get("site"):
            site = _site_of(_listed(given["urls"]), Path(settings["WINNOW_SITES_DIR"]))
            given = {**given, "site": site}
        return super().checked(given, settings)

    async def start(self) -> AsyncIterator[Request]:
        """Claims in batches, as the engine has room."""
        left = self.limit
        async for batch in self._batches():
            for claim in await self.writer.write(partial(self._claim, url_ids=batch[:left])):
                yield self.again(claim)
            left -= len(batch)
            if left <= 0:
                return
            await self.crawler.signals.wait_for(signals.scheduler_empty)

    async def _batches(self) -> AsyncIterator[list[int]]:
        """Numbers of the URLs that are asked for, BATCH at a time."""
        if self.listed is not None:
            ids = await self.writer.write(self._listed_ids)
            for start in range(0, len(ids), BATCH):
                yield ids[start : start + BATCH]
            return
        async for batch in self.selection.batches(self.writer, self.run.site_id):
            yield batch

    def _listed_ids(self, connection: Connection) -> list[int]:
        """Rows of the file's URLs, in its order; what is not known yet becomes one."""
        now, run = datetime.now(UTC), self.run
        urls = [url for url in self.listed or () if not run.site.scope.admits(url, None, now)]
        links = [Link(url, "urls_file", hint=Hint(source="urls_file")) for url in urls]
        frontier.found(connection, run.site_id, links, now)
        rows = (frontier.find(connection, url) for url in urls)
        return [row["url_id"] for row in rows if row and row["site_id"] == run.site_id]

    def _claim(self, connection: Connection, url_ids: list[int]) -> list[Claim]:
        now = datetime.now(UTC)
        return frontier.claim_these(connection, url_ids, self.run.holder, now + LEASE, now)


def _site_of(urls: list[str], folder: Path) -> str:
    """The one site that owns the URLs; raises UsageError where that is not clear."""
    sites, _ = load_all(folder)
    owners = {site.name for url in urls if is_web(url) for site in sites if site.scope.owns(url)}
    if len(owners) != 1:
        whose = f"several sites: {', '.join(sorted(owners))}" if owners else "no site here"
        raise UsageError(f"the URLs are of {whose}; say which with -a site=NAME")
    return owners.pop()


def _listed(name: str) -> list[str]:
    try:
        return list(_lines(Path(name)))
    except (OSError, UnicodeDecodeError) as wrong:
        raise UsageError(f"-a urls={name}: {wrong}") from wrong


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8-sig") as file:
        for line in file:
            url = line.strip()
            if url and not url.startswith("#"):
                yield url
