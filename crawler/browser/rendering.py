"""One page in the browser: from the document that was fetched to the DOM that its scripts made.

Like `driver`, it imports Playwright, an extra, and is loaded when the first browser starts.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final

from playwright.async_api import Browser, BrowserContext, Error, Page, Request, Route

from crawler.browser.documents import Document, Rendered
from crawler.browser.faults import asks_again, broken_off, too_large, too_slow
from crawler.browser.requests import Answer, Wanted, answer, is_waited_for
from crawler.browser.traffic import USER, Traffic

LIMIT: Final = 30.0  # seconds for a page, in all
READY: Final = 15.0  # seconds after which a page that still loads is read as it is
QUIET: Final = 1.0  # seconds without a request under way: the page is ready
_CLOSING: Final = 5.0  # seconds for the end of a page's scripts
_PAUSE: Final = 0.05  # seconds between two looks
# a picture's absence would set off what a page does about broken ones
_PIXEL: Final = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)
# what of an answer's headers the browser goes by; others may be unfit to be handed on
_PASSED_ON: Final = frozenset(
    {
        "content-type", "content-language", "content-security-policy", "link", "permissions-policy",
        "referrer-policy", "refresh", "set-cookie", "x-content-type-options",
    }
)  # fmt: skip
# The DOM as HTML with its open shadow roots, or its length where that is more than `most`. Runs in
# a world of its own, where the page's scripts have changed nothing.
_DOM: Final = """(() => {
  const roots = [];
  const walk = (node) => {
    for (const element of node.querySelectorAll('*')) {
      if (element.shadowRoot) { roots.push(element.shadowRoot); walk(element.shadowRoot); }
    }
  };
  walk(document);
  const root = document.documentElement;
  if (!root) return '';
  const kind = document.doctype ? new XMLSerializer().serializeToString(document.doctype) : '';
  const shell = root.cloneNode(false).outerHTML;
  const end = shell.lastIndexOf('</');
  const html = kind + (end < 0 ? shell : shell.slice(0, end)
    + root.getHTML({shadowRoots: roots}) + shell.slice(end));
  return html.length > MOST ? html.length : html;
})()"""


async def render(
    browser: Browser, proxy: str, document: Document, traffic: Traffic, most: int
) -> Rendered:
    """The page as its scripts left it, at most `most` bytes of UTF-8.

    Raises NotRendered: it took too long, is too large, or the browser could not show it.
    """
    page = _Page(document, traffic, most)
    try:
        html = await asyncio.wait_for(while_it_runs(browser, page.read(browser, proxy)), LIMIT)
    except TimeoutError as late:
        raise too_slow(LIMIT) from late
    except Error as fault:
        if traffic.is_over:
            raise too_large("what the page loads") from fault
        if page.is_lost:
            raise asks_again() from fault
        if page.moved_to is None:
            raise broken_off(" ".join(fault.message.split())[:300]) from fault
        html = ""
    finally:
        await _end(page.context, browser)
    return Rendered(f"Chromium {browser.version}", html, page.moved_to)


async def while_it_runs(browser: Browser, reading: Coroutine[Any, Any, str]) -> str:
    """What `reading` returns. Playwright's `goto` would wait for a browser that has ended."""
    ended = asyncio.Event()

    def tell(_browser: Browser) -> None:
        ended.set()

    browser.on("disconnected", tell)
    tasks = asyncio.create_task(reading), asyncio.create_task(ended.wait())
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if tasks[0].done():
            return tasks[0].result()
        raise broken_off("its process ended, as for want of memory")
    finally:
        browser.remove_listener("disconnected", tell)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _end(context: BrowserContext | None, browser: Browser) -> None:
    """Closes the page; where its scripts do not stop, the browser with it."""
    try:
        await asyncio.wait_for((context or browser).close(), _CLOSING)
    except (TimeoutError, Error):
        with suppress(TimeoutError, Error):  # then it ends as its pipe does
            await asyncio.wait_for(browser.close(), _CLOSING)


class _Page:
    """A page's requests, answered, and what is under way of them."""

    def __init__(self, document: Document, traffic: Traffic, most: int) -> None:
        self.context: BrowserContext | None = None
        self.moved_to: str | None = None
        self.is_lost = False  # it asked for itself again, which ends the parsing of it
        self._page: Page | None = None
        self._document = document
        self._traffic = traffic
        self._most = most
        self._has_begun = False
        self._is_parsed = False
        self._crashed = False
        self._under_way: set[Request] = set()
        self._last = 0.0  # when a request began or ended, by the loop's clock

    async def read(self, browser: Browser, proxy: str) -> str:
        """The DOM; '' of a page that leads elsewhere. Raises Playwright's Error, NotRendered."""
        context = self.context = await browser.new_context(
            user_agent=self._document.user_agent,
            proxy={"server": proxy, "username": USER, "password": self._traffic.secret},
            accept_downloads=False,
            service_workers="block",
            permissions=[],
        )
        context.set_default_timeout(2 * LIMIT * 1000)  # ours ends it
        await context.route("**/*", self._route)
        page = self._page = await context.new_page()
        page.on("request", self._began)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._ended)
        page.on("crash", self._fell)
        page.on("domcontentloaded", self._parsed)
        session = await context.new_cdp_session(page)
        await page.goto(self._document.url, wait_until="commit")
        await self._wait()
        if self.is_lost:
            raise asks_again()
        if self._crashed:
            raise broken_off("its process ended, as for want of memory")
        if self._traffic.is_over:
            raise too_large("what the page loads")
        return "" if self.moved_to is not None else await self._dom(session)

    async def _wait(self) -> None:
        loop = asyncio.get_running_loop()
        begun = self._last = loop.time()
        while not self._is_parsed or loop.time() - begun < READY:
            if self._crashed or self._traffic.is_over or self.is_lost or self.moved_to is not None:
                return
            if self._is_parsed and not self._under_way and loop.time() - self._last >= QUIET:
                return
            await asyncio.sleep(_PAUSE)

    async def _dom(self, session: Any) -> str:
        tree = await session.send("Page.getFrameTree")
        frame = tree["frameTree"]["frame"]
        if "unreachableUrl" in frame:  # the browser shows a page of its own
            raise broken_off(f"it lost {frame['unreachableUrl'][:200]}")
        world = await session.send("Page.createIsolatedWorld", {"frameId": frame["id"]})
        read = await session.send(
            "Runtime.evaluate",
            {
                "expression": _DOM.replace("MOST", str(self._most)),
                "contextId": world["executionContextId"],
                "returnByValue": True,
            },
        )
        html = read["result"].get("value")
        if isinstance(html, int) or (html and len(html.encode("utf-8", "replace")) > self._most):
            raise too_large("the page")
        if html is None:
            raise broken_off("its DOM cannot be read")
        return str(html)

    async def _route(self, route: Route, request: Request) -> None:
        with suppress(Error):  # the page was closed meanwhile
            await self._answer(route, request)

    async def _answer(self, route: Route, request: Request) -> None:
        wanted = self._wanted(request)
        given = answer(wanted, self._document.url, has_begun=self._has_begun)
        if given is Answer.DOCUMENT:
            self._has_begun = True
            headers = {n: v for n, v in self._document.headers.items() if n in _PASSED_ON}
            await route.fulfill(status=200, headers=headers, body=self._document.body)
        elif given is Answer.NETWORK:
            await route.continue_()
        elif wanted.kind == "image":
            await route.fulfill(status=200, content_type="image/gif", body=_PIXEL)
        else:
            if given is Answer.MOVED and self.moved_to is None:
                self.moved_to = wanted.url
            self.is_lost |= given is Answer.AGAIN and not self._is_parsed
            await route.abort("aborted")  # the page stays; else there would be an error's page

    def _wanted(self, request: Request) -> Wanted:
        is_navigation = request.is_navigation_request()
        is_top = is_navigation and self._is_top(request)
        return Wanted(request.url, request.method, request.resource_type, is_navigation, is_top)

    def _is_top(self, request: Request) -> bool:
        try:
            return self._page is not None and request.frame == self._page.main_frame
        except Error:  # a window that the page opens has no frame yet
            return False

    def _parsed(self, _page: Page) -> None:
        self._is_parsed = True

    def _fell(self, _page: Page) -> None:
        self._crashed = True

    def _began(self, request: Request) -> None:
        self._last = asyncio.get_running_loop().time()
        if is_waited_for(request.resource_type):
            self._under_way.add(request)

    def _ended(self, request: Request) -> None:
        self._last = asyncio.get_running_loop().time()
        self._under_way.discard(request)
