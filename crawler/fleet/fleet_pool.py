"""The pool of a re-extraction whose copies are read by workers of a fleet.

The process that asks stays the only one that writes: pages come back in the order in which they
were asked for, and as few of them are in the stages that follow as without a fleet.
"""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.fleet.chunk_post import ChunkPost
from crawler.fleet.chunk_sender import CHUNK, ChunkSender, Work
from crawler.fleet.chunk_times import MOST
from crawler.fleet.read_task import TASK, message_of
from crawler.spiders.reextract import ROOM, ROOM_SETTING
from models.items import CaptureRef, Page, StoryPart
from models.sites.config import ExtractionRules
from pipelines import page_pool
from pipelines.page_pool import SECONDS_A_PAGE
from pipelines.pool import Pool
from pipelines.reading import WARM, Members, TdmRules, reread
from pipelines.reading_codec import AskedCopy, decode_answer
from pipelines.templates.reading_off import SiteTemplates

T = TypeVar("T")

COMMAND: Final = "scrapy crawl reextract --fleet"
FLEET_ROOM: Final = ROOM + CHUNK * MOST  # pages under way: what workers may have, and the stages
_WATCH: Final = 0.5  # seconds between two looks whether the run is ending

_log = logging.getLogger(__name__)


def lend_fleet(crawler: Crawler) -> None:
    """Has a crawl's archived copies read by workers."""
    crawler.settings.set(ROOM_SETTING, FLEET_ROOM, priority="cmdline")
    page_pool.lend(crawler, FleetPool(crawler))


class FleetPool:
    """The pool of one crawl; what is no reading of an archived copy is run on this machine."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._local = Pool(settings.getint("WINNOW_WORKERS"), SECONDS_A_PAGE, WARM)
        work = Work(TASK, message_of, "archived copies")
        self._sender = ChunkSender(work, partial(ChunkPost.opened, settings, COMMAND), _log.warning)
        self._room = asyncio.Semaphore(ROOM)  # pages in the stages after extraction
        self._inside: set[int] = set()  # url_ids of those pages
        self._last: asyncio.Future[None] | None = None  # done once that page went on
        self._watch: asyncio.Task[None] | None = None
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(self.left, signal)

    async def run(self, function: Callable[..., T], *args: object) -> T:
        """As Pool.run; raises RunIsOver for what has no answer when the run ends."""
        if function is not reread:
            return await self._local.run(function, *args)
        self._watch = self._watch or asyncio.ensure_future(self._watch_end())
        _folder, copy, page, rules, known, parts, templates, reserved, members = cast(
            tuple[
                Path, CaptureRef, Page, ExtractionRules | None, bytes | None,
                tuple[StoryPart, ...], SiteTemplates, TdmRules, Members,
            ],
            args,
        )  # fmt: skip
        asked = AskedCopy(copy, page, rules, known, parts, templates, reserved, members)
        before, mine = self._last, asyncio.get_running_loop().create_future()
        self._last = mine
        try:
            answer = await asyncio.wrap_future(self._sender.ask(asked))
            if before is not None:
                await before
            await self._room.acquire()
            self._inside.add(page.url_id)
        finally:
            mine.set_result(None)
        return cast(T, decode_answer(answer, asked))

    def left(self, item: Any) -> None:
        """A page has left the pipeline."""
        url_id = getattr(item, "page", item).url_id
        if url_id in self._inside:
            self._inside.remove(url_id)
            self._room.release()

    def close(self) -> None:
        """What has no answer yet ends as RunIsOver."""
        if self._watch is not None:
            self._watch.cancel()
        self._sender.close()
        self._local.close()

    async def _watch_end(self) -> None:
        """A run that is told to end does not wait for workers."""
        while self._crawler.crawling and not getattr(self._crawler.spider, "is_ending", False):
            await asyncio.sleep(_WATCH)
        self._sender.close()
