"""Looks at sites that have no file yet: many at once in one process, one request a host at a time.

A look that fails or takes too long costs the others nothing. Two looks never ask one host at once.
"""

import asyncio
import signal
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, cast

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler.operations.probe_spider import Claim, Look, Probed, ProbeSpider
from crawler.sources.ingest import SECONDS
from crawler.sources.parsers.read import read_whole
from models.errors import OwnFault
from models.process_memory import keep_what_is_loaded, return_large_blocks
from models.urls import bare_host, netloc_of
from pipelines.pool import Pool

_SETTINGS: Final[dict[str, Any]] = {
    "ITEM_PIPELINES": {},
    "EXTENSIONS": {},
    "EXTENSIONS_BASE": {},  # each would be made for each site
    "DOWNLOAD_TIMEOUT": 20.0,
    "RETRY_TIMES": 1,
}

Known = Callable[[str], str | None]  # a start -> the name of the site that has a file for it
Ended = Callable[[int, Probed], None]  # which look, and what it found


def probe_many(
    settings: Settings, looks: Sequence[Look], known: Known, ended: Ended, jobs: int
) -> bool:
    """Looks at each site, `jobs` at once; `ended` is called with its place in `looks` as it ends.

    `known` is asked when it shows where a site starts; a site with a file is not read further.
    Returns False if a signal stopped it: then `ended` was not called for all. What `ended`
    raises, and faults of the machine, end all and are raised here. Runs a reactor: once a process.
    """
    return_large_blocks()
    keep_what_is_loaded()
    settings = settings.copy()
    settings.setdict(_SETTINGS, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    pool = Pool(min(1, settings.getint("WINNOW_WORKERS")), SECONDS, read_whole.__module__)
    probing = _Probing(process, pool, known, ended, jobs)
    loop = asyncio.get_event_loop()
    task = loop.create_task(probing.run(looks))
    task.add_done_callback(lambda _: _stop_reactor())
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, partial(probing.stop, task))
    try:
        process.start(stop_after_crawl=False, install_signal_handlers=False)
    finally:
        pool.close()
    if task.cancelled():
        return False
    task.result()
    return True


def probe(settings: Settings, look: Look, known: Known) -> Probed | None:
    """One look; None if a signal stopped it. Runs a reactor: once a process."""
    found: list[Probed] = []
    probe_many(settings, [look], known, lambda _, probed: found.append(probed), jobs=1)
    return found[0] if found else None


def _stop_reactor() -> None:
    from twisted.internet import reactor

    if cast(Any, reactor).running:
        cast(Any, reactor).stop()


class _Probing:
    """The looks under way, and whose turn it is at which host."""

    def __init__(
        self, process: AsyncCrawlerProcess, pool: Pool, known: Known, ended: Ended, jobs: int
    ) -> None:
        self._process, self._pool, self._known, self._ended = process, pool, known, ended
        self._turns = asyncio.Semaphore(jobs)
        self._hosts: dict[str, asyncio.Lock] = {}
        self._stopped = False
        self._delay = process.settings.getfloat("DOWNLOAD_DELAY")

    def stop(self, task: "asyncio.Task[None]") -> None:
        """Ends `run`, which is that task."""
        self._stopped = True
        task.cancel()

    async def run(self, looks: Sequence[Look]) -> None:
        """Raises the first fault that is no site's."""
        tasks = [asyncio.ensure_future(self._look(n, look)) for n, look in enumerate(looks)]
        try:
            await asyncio.gather(*tasks)
        except BaseException:
            self._stopped = True
            for task in tasks:
                task.cancel()
            raise

    async def _look(self, number: int, look: Look) -> None:
        found, held = Probed(look.address), list[str]()
        async with self._turns:  # before the host: who holds a host never waits for his turn
            held.append(await self._take(_host(look.address)))
            try:
                await self._crawl(look, found, partial(self._claim, held))
                self._ended(number, found)  # while its host is held: who waits finds it known
            finally:
                self._release(held)

    async def _crawl(self, look: Look, found: Probed, claim: Claim) -> None:
        crawler = self._process.create_crawler(ProbeSpider)
        share = self._pool.lend(crawler, "probe")
        await self._process.crawl(crawler, look=look, found=found, pool=share, claim=claim)
        if self._stopped:  # Scrapy ends a crawl that is cancelled as if it had come to its end
            raise asyncio.CancelledError
        if isinstance(found.broken, OwnFault):
            raise found.broken
        if found.broken is not None:
            found.faults.append(f"{look.address}: {found.broken!r}")

    async def _claim(self, held: list[str], start: str) -> str | None:
        """The site that has this start; None for a new one, whose host is then this look's."""
        host = _host(start)
        if held != [host]:
            self._release(held)
            held.append(await self._take(host))
        return self._known(start)

    async def _take(self, host: str) -> str:
        await self._hosts.setdefault(host, asyncio.Lock()).acquire()
        return host

    def _release(self, held: list[str]) -> None:
        """The next look at the host begins a delay later, as another request would."""
        while held:
            asyncio.get_running_loop().call_later(self._delay, self._hosts[held.pop()].release)


def _host(url: str) -> str:
    return bare_host(netloc_of(url))
