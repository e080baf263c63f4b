"""Pages that were fetched, shown in the browser: what goes on is the DOM that their scripts made.

The page's own request is the crawl's, so robots.txt, delays, redirects, limits and the guard hold
for it as for any other. The browser gets its bytes, and loads what they ask for by the proxy.
"""

import asyncio
import re
from functools import partial
from typing import Any, Final, Self, TypeVar, cast

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import NotConfigured
from scrapy.http import HtmlResponse, Response

from crawler.browser.browsers import Browsers
from crawler.browser.chromium import require_browser
from crawler.browser.documents import Document
from crawler.browser.faults import BrowserBroken
from crawler.browser.proxy import Resolve
from crawler.browser.traffic import Traffic
from crawler.middlewares.guard import GuardMiddleware
from crawler.middlewares.proxy import proxy_of
from crawler.middlewares.proxy_names import ProxiedNames
from crawler.middlewares.resolving import addresses_of
from crawler.middlewares.scope import ANY_HOST
from crawler.middlewares.stored import PAGE
from crawler.middlewares.whole_bodies import cut_of
from crawler.runs.response_outcomes import RENDERED, charset, outcome_of_response
from models.crawl.run import Run
from models.crawl.run_spider import spider_of

IN_BROWSER: Final = "winnow_browser"  # Request.meta: of a section page; pages need no such word
_UTF8: Final = "text/html; charset=utf-8"
_CONTROL: Final = re.compile("[\x00-\x1f\x7f]+")
_Part = TypeVar("_Part")


class RenderingMiddleware:
    """Shows the pages of a site with `[fetch] browser = true`; off for all others."""

    def __init__(self, crawler: Crawler, program: str) -> None:
        fetch = spider_of(crawler).run.site.fetch
        self._crawler = crawler
        self._program = program
        self._most = fetch.max_bytes
        self._room = asyncio.Semaphore(fetch.concurrency)
        self._browsers = Browsers.shared(crawler)
        proxy = proxy_of(crawler.settings["WINNOW_PROXY"])
        self._names = ProxiedNames(crawler, proxy) if proxy else None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy. Raises BrowserMissing, which commands look for before."""
        run: Run | None = getattr(crawler.spider, "run", None)
        if run is None or not run.site.fetch.browser:
            raise NotConfigured
        middleware = cls(crawler, require_browser(crawler.settings))
        crawler.signals.connect(middleware.opened, signals.spider_opened)
        crawler.signals.connect(middleware.closed, signals.spider_closed)
        return middleware

    def opened(self) -> None:
        """The browser is kept until this crawl ends."""
        self._browsers.enter()

    async def closed(self) -> None:
        """It ends with the last crawl that uses it."""
        await self._browsers.leave()

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """The response with the DOM as its body, or the request for where its scripts led.

        Raises NotRendered, and BrowserBroken.
        """
        if not _is_shown(request, response):
            return response
        traffic = Traffic(self._most)
        document = _document(response, str(self._crawler.settings["USER_AGENT"]))
        async with self._room:
            rendered = await self._browsers.render(
                self._program, document, traffic, self._resolve(), self._most
            )
        self._count(traffic)
        if rendered.moved_to is not None:
            moved = Response(response.url, 302, {"Location": rendered.moved_to})
            return self._part(RedirectMiddleware).process_response(request, moved)
        headers = response.headers.copy()
        headers["Content-Type"] = _UTF8
        return response.replace(
            cls=HtmlResponse,
            body=rendered.html.encode("utf-8", "replace"),
            headers=headers,
            encoding="utf-8",
            flags=[*response.flags, RENDERED + rendered.browser],
        )

    def _resolve(self) -> Resolve:
        """The guard of this crawl, with the resolver that its connections use.

        With WINNOW_PROXY, it refuses what the guard refuses, and names no address.
        """
        if self._names is not None:
            return self._names.none_needed
        from twisted.internet import reactor  # noqa: PLC0415 - importing it installs one

        resolver = cast(Any, reactor).nameResolver
        return partial(addresses_of, self._part(GuardMiddleware), resolver)

    def _part(self, kind: type[_Part]) -> _Part:
        found = self._crawler.get_downloader_middleware(kind)
        if found is None:
            raise BrowserBroken(f"{kind.__name__} is switched off, and the browser needs it")
        return found

    def _count(self, traffic: Traffic) -> None:
        stats = self._crawler.stats
        if stats is not None:
            stats.inc_value("browser/pages")
            stats.inc_value("browser/bytes", traffic.passed)
            stats.inc_value("browser/refused", len(traffic.refused))


def _is_shown(request: Request, response: Response) -> bool:
    """Whether the answer is a page that came whole, and not robots.txt, a feed or a sitemap."""
    if PAGE in request.cb_kwargs or (ANY_HOST in request.meta and IN_BROWSER not in request.meta):
        return False
    return outcome_of_response(response) is None and cut_of(response) is None


def _document(response: Response, user_agent: str) -> Document:
    """The answer as the browser gets it: HTML, of each header one line, or lines of Set-Cookie."""
    headers = {}
    for name, values in response.headers.items():
        lower = name.decode("latin-1").lower()
        clean = (_CONTROL.sub(" ", value.decode("latin-1")) for value in values)
        headers[lower] = ("\n" if lower == "set-cookie" else ", ").join(clean)
    named = charset(response)  # XHTML as XML would have no DOM of HTML, plain text would be quoted
    headers["content-type"] = f"text/html; charset={named}" if named else "text/html"
    return Document(response.url, headers, response.body, user_agent)
