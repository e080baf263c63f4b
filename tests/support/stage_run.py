"""A run whose pages go through the stages of the settings in one process, without a spider."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any, Self

from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.misc import load_object
from scrapy.utils.test import get_crawler
from sqlalchemy import Connection

from crawler import settings
from models.crawl import frontier
from models.crawl.run import Run
from models.db.writer import Writer
from models.items import Link, Page
from models.scheduling import run_lifecycle
from pipelines.stage import Stage
from tests.factories import make_site

LEASE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class StageRun:
    """A run that is open, with its stages in their order."""

    run: Run
    writer: Writer
    stages: list[Stage]

    @classmethod
    async def begin(
        cls, url: str, folder: str, kind: str, workers: int = 0, site: str = "example"
    ) -> Self:
        """`folder`: of the archive; `kind`: of the run; `workers`: 0 reads pages here."""
        crawler = get_crawler(
            settings_dict={
                "WINNOW_DATABASE_URL": url,
                "WINNOW_ARCHIVE_DIR": folder,
                "WINNOW_WORKERS": workers,
            }
        )
        crawler.stats = MemoryStatsCollector(crawler)
        order = sorted(settings.ITEM_PIPELINES, key=settings.ITEM_PIPELINES.__getitem__)
        stages: list[Stage] = [load_object(path).from_crawler(crawler) for path in order]
        writer = stages[0].writer
        run: Run = await writer.write(
            partial(run_lifecycle.begin, site=make_site(site), kind=kind, owner="test", now=_now())
        )
        spider: Any = SimpleNamespace(run=run, accepts=False, unarchived=set())
        crawler.spider = spider
        for stage in stages:
            await _done(getattr(stage, "open_spider", lambda: None)())
        return cls(run, writer, stages)

    async def claim(self, bodies: Mapping[str, bytes]) -> list[Page]:
        """The pages of these bodies by URL: named by a source, leased to the run, and fetched."""
        return await self.writer.write(partial(_claimed, run=self.run, bodies=bodies))

    async def take(self, page: Page) -> None:
        """Has a page go through all stages; raises DropItem as they do."""
        item: Any = page
        for stage in self.stages:
            item = await _done(stage.process_item(item))

    async def close_stages(self) -> None:
        """What stages do at a run's end."""
        for stage in self.stages:
            await _done(getattr(stage, "close_spider", lambda: None)())

    async def end(self) -> None:
        """Ends the run, and closes its writer."""
        ended = partial(run_lifecycle.end, run=self.run, status="done", reason=None, now=_now())
        await self.writer.write(ended)
        await asyncio.to_thread(self.writer.close)


def _claimed(conn: Connection, run: Run, bodies: Mapping[str, bytes]) -> list[Page]:
    now = _now()
    frontier.add_links(conn, run.site_id, [Link(url, "feed") for url in bodies], now)
    rows = [(url, frontier.find(conn, url)) for url in bodies]
    numbers = {row.url_id: url for url, row in rows if row is not None}
    frontier.claim_these(conn, sorted(numbers), run.owner, now + LEASE, now)
    return [
        Page(
            run_id=run.run_id, url_id=url_id, site=run.site.name, url=url, final_url=url,
            status=200, headers=(("Content-Type", "text/html; charset=utf-8"),),
            body=bodies[url], fetched_at=now,
        )
        for url_id, url in numbers.items()
    ]  # fmt: skip


async def _done(result: Any) -> Any:
    return await result if asyncio.iscoroutine(result) else result


def _now() -> datetime:
    return datetime.now(UTC)
