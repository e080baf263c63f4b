"""The browser of a process: started when a page needs it, replaced now and then, ended with it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler

from crawler.browser.chromium import arguments, has_sandbox
from crawler.browser.faults import BrowserBroken
from crawler.browser.proxy import GuardingProxy, Resolve
from crawler.browser.rendering import Document, Rendered, render
from crawler.browser.traffic import Traffic

if TYPE_CHECKING:
    from playwright.async_api import Browser, Playwright

PAGES: Final = 100  # that a browser shows before it is replaced: its caches grow
AT_ONCE: Final = 8  # pages of all sites of a process
_STARTING: Final = 30.0  # seconds
_ENDING: Final = 10.0  # seconds


class Browsers:
    """Shows pages, of one site or of all sites of a process. Nothing is started before the first.

    Each page has a context of its own, without cookies, storage or cache of another.
    """

    _lent: ClassVar["WeakKeyDictionary[Crawler, Browsers]"] = WeakKeyDictionary()

    def __init__(self, pages: int = PAGES) -> None:
        self._pages = pages
        self._users = 0  # crawls
        self._starting = asyncio.Lock()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._proxy: GuardingProxy | None = None
        self._playwright: Playwright | None = None
        self._current: _Shown | None = None

    def lend(self, crawler: Crawler) -> None:
        """Makes this the browser of a crawl, beside others that share it."""
        self._lent[crawler] = self

    @classmethod
    def shared(cls, crawler: Crawler) -> "Browsers":
        """What was lent to the crawl, or one of its own."""
        return cls._lent.get(crawler) or cls()

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
        async with self._room, self._shown(program) as shown:
            proxy = shown.proxy
            proxy.let_in(traffic, resolve)
            try:
                address = f"http://127.0.0.1:{proxy.port}"
                return await render(shown.browser, address, document, traffic, most)
            finally:
                proxy.shut_out(traffic)

    async def close(self) -> None:
        """Ends the browser and what serves it."""
        async with self._starting:
            await self._end()

    async def _end(self) -> None:
        shown, self._current = self._current, None
        if shown is not None:
            await shown.end()
        if self._playwright is not None:
            await self._stop()
        proxy, self._proxy = self._proxy, None
        if proxy is not None:
            await proxy.close()

    async def _stop(self) -> None:
        """Ends what drives the browser; with its pipe, a browser that did not end."""
        from playwright.async_api import Error  # noqa: PLC0415 - an extra

        playwright, self._playwright = self._playwright, None
        if playwright is not None:
            with suppress(Error, TimeoutError):
                await asyncio.wait_for(playwright.stop(), _ENDING)

    @asynccontextmanager
    async def _shown(self, program: str) -> AsyncIterator["_Shown"]:
        async with self._starting:
            shown = self._current
            if shown is None or not shown.browser.is_connected() or shown.begun >= self._pages:
                if shown is not None:
                    shown.is_last = True
                    await shown.end_if_unused()
                shown = self._current = await self._start(program)
            shown.begun += 1
            shown.under_way += 1
        try:
            yield shown
        finally:
            shown.under_way -= 1
            await shown.end_if_unused()

    async def _start(self, program: str) -> "_Shown":
        from playwright.async_api import Error, async_playwright  # noqa: PLC0415 - an extra

        if self._proxy is None:
            self._proxy = GuardingProxy()
            await self._proxy.start()
        try:
            if self._playwright is None:
                self._playwright = await async_playwright().start()
            browser = await self._playwright.chromium.launch(
                executable_path=program,
                headless=True,
                chromium_sandbox=has_sandbox(),
                args=arguments(self._proxy.port),
                timeout=_STARTING * 1000,
                handle_sigint=False,  # the crawl ends it, once its pages are done
                handle_sigterm=False,
                handle_sighup=False,
            )
        except (Error, OSError) as fault:
            await self._stop()  # a later run begins anew
            said = " ".join(str(fault).split())[:300]
            raise BrowserBroken(f"{program} does not start, try it by hand: {said}") from fault
        return _Shown(browser, self._proxy)


@dataclass(slots=True)
class _Shown:
    """A browser that runs, and the pages in it."""

    browser: "Browser"
    proxy: GuardingProxy
    begun: int = 0
    under_way: int = 0
    is_last: bool = False  # it gets no further page

    async def end_if_unused(self) -> None:
        """Ends one that is replaced, after its last page."""
        if self.is_last and not self.under_way:
            await self.end()

    async def end(self) -> None:
        """Ends it; one that does not answer ends with Playwright's pipe."""
        from playwright.async_api import Error  # noqa: PLC0415 - an extra

        with suppress(Error, TimeoutError):
            await asyncio.wait_for(self.browser.close(), _ENDING)
