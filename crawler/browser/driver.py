"""Chromium as it runs, driven by Playwright: an extra, loaded when the first browser starts."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Self

from playwright.async_api import Browser, Error, Playwright, async_playwright

from crawler.browser.chromium import arguments, has_sandbox
from crawler.browser.documents import Document, Rendered
from crawler.browser.faults import does_not_start
from crawler.browser.proxy import GuardingProxy
from crawler.browser.rendering import render
from crawler.browser.traffic import Traffic

_STARTING: Final = 30.0  # seconds
_ENDING: Final = 10.0  # seconds


class Driver:
    """Playwright's own process, which starts browsers."""

    def __init__(self, playwright: Playwright) -> None:
        self._playwright = playwright

    @classmethod
    async def start(cls, program: str) -> Self:
        """Raises BrowserBroken, which names the `program` that it was to start."""
        try:
            return cls(await async_playwright().start())
        except (Error, OSError) as fault:
            raise does_not_start(program, fault) from fault

    async def launch(self, program: str, proxy: GuardingProxy) -> "RunningBrowser":
        """A browser whose requests go through the proxy. Raises BrowserBroken."""
        try:
            browser = await self._playwright.chromium.launch(
                executable_path=program,
                headless=True,
                chromium_sandbox=has_sandbox(),
                args=arguments(proxy.port),
                timeout=_STARTING * 1000,
                handle_sigint=False,  # the crawl ends it, once its pages are done
                handle_sigterm=False,
                handle_sighup=False,
            )
        except (Error, OSError) as fault:
            raise does_not_start(program, fault) from fault
        return RunningBrowser(browser, proxy)

    async def stop(self) -> None:
        """Ends it, and what it started that runs still."""
        with suppress(Error, TimeoutError):
            await asyncio.wait_for(self._playwright.stop(), _ENDING)


@dataclass(slots=True)
class RunningBrowser:
    """A browser that runs, and the pages in it."""

    browser: Browser
    proxy: GuardingProxy
    begun: int = 0  # pages
    under_way: int = 0
    is_last: bool = False  # it gets no further page

    @property
    def is_connected(self) -> bool:
        """Whether it still runs."""
        return self.browser.is_connected()

    async def show(self, document: Document, traffic: Traffic, most: int) -> Rendered:
        """The document as its scripts leave it. Raises NotRendered."""
        address = f"http://127.0.0.1:{self.proxy.port}"
        return await render(self.browser, address, document, traffic, most)

    async def end_if_unused(self) -> None:
        """Ends one that is replaced, after its last page."""
        if self.is_last and not self.under_way:
            await self.end()

    async def end(self) -> None:
        """Ends it; one that does not answer ends with Playwright's pipe."""
        with suppress(Error, TimeoutError):
            await asyncio.wait_for(self.browser.close(), _ENDING)
