"""The browser of a process: started when a page needs it, replaced now and then, ended with it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, ClassVar, Final
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler

from crawler.browser.documents import Document, Rendered
from crawler.browser.faults import BrowserBroken
from crawler.browser.proxy import GuardingProxy, Resolve
from crawler.browser.traffic import Traffic
from crawler.middlewares.proxy import Proxy, proxy_of

if TYPE_CHECKING:
    from crawler.browser.driver import Driver, RunningBrowser

PAGES: Final = 100  # that a browser shows before it is replaced: its caches grow
AT_ONCE: Final = 8  # pages of all sites of a process


class Browsers:
    """Shows pages, of one site or of all sites of a process. Nothing is started before the first.

    Each page has a context of its own, without cookies, storage or cache of another.
    """

    _lent: ClassVar["WeakKeyDictionary[Crawler, Browsers]"] = WeakKeyDictionary()

    def __init__(self, pages: int = PAGES, upstream: Proxy | None = None) -> None:
        self._pages = pages
        self._upstream = upstream  # the proxy of WINNOW_PROXY
        self._users = 0  # crawls
        self._starting = asyncio.Lock()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._proxy: GuardingProxy | None = None
        self._driver: Driver | None = None
        self._current: RunningBrowser | None = None

    def lend(self, crawler: Crawler) -> None:
        """Makes this the browser of a crawl, beside others that share it."""
        self._lent[crawler] = self

    @classmethod
    def shared(cls, crawler: Crawler) -> "Browsers":
        """What was lent to the crawl, or one of its own."""
        own = cls._lent.get(crawler)
        return own or cls(upstream=proxy_of(crawler.settings["WINNOW_PROXY"]))

    def enter(self) -> None:
        """A crawl begins that may show pages."""
        self._users += 1

    async def leave(self) -> None:
        """It ends; with the last, the browser."""
        self._users -= 1
        async with self._starting:
            if not self._users:  # nor has another begun meanwhile
                await self._end()

    async def render(
        self, program: str, document: Document, traffic: Traffic, resolve: Resolve, most: int
    ) -> Rendered:
        """The document as its scripts leave it, in a browser whose requests `resolve` allows.

        Raises NotRendered, and BrowserBroken if Chromium does not start.
        """
        async with self._room, self._running(program) as browser:
            proxy = browser.proxy
            proxy.let_in(traffic, resolve)
            try:
                return await browser.show(document, traffic, most)
            finally:
                proxy.shut_out(traffic)

    async def close(self) -> None:
        """Ends the browser and what serves it."""
        async with self._starting:
            await self._end()

    async def _end(self) -> None:
        browser, self._current = self._current, None
        if browser is not None:
            await browser.end()
        await self._stop()
        proxy, self._proxy = self._proxy, None
        if proxy is not None:
            await proxy.close()

    async def _stop(self) -> None:
        """Ends what drives the browser; with its pipe, a browser that did not end."""
        driver, self._driver = self._driver, None
        if driver is not None:
            await driver.stop()

    @asynccontextmanager
    async def _running(self, program: str) -> AsyncIterator["RunningBrowser"]:
        async with self._starting:
            browser = self._current
            if browser is None or not browser.is_connected or browser.begun >= self._pages:
                if browser is not None:
                    browser.is_last = True
                    await browser.end_if_unused()
                browser = self._current = await self._start(program)
            browser.begun += 1
            browser.under_way += 1
        try:
            yield browser
        finally:
            browser.under_way -= 1
            await browser.end_if_unused()

    async def _start(self, program: str) -> "RunningBrowser":
        from crawler.browser.driver import Driver  # noqa: PLC0415 - Playwright is an extra

        if self._proxy is None:
            self._proxy = GuardingProxy(self._upstream)
            await self._proxy.start()
        try:
            if self._driver is None:
                self._driver = await Driver.start(program)
            return await self._driver.launch(program, self._proxy)
        except BrowserBroken:
            await self._stop()  # a later run begins anew
            raise
