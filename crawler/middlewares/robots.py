"""robots.txt as RFC 9309 defines it: 4xx allows all, 5xx and no answer forbid all.

More than five redirects count as a 4xx (2.3.1.2). Of a longer file the first 500 KiB hold (2.5).
Crawl-delay is applied too. Scrapy's own middleware reads an error page as rules, allows
everything if robots.txt cannot be fetched, and does not apply Crawl-delay.
"""

import asyncio
import logging
from time import monotonic
from typing import Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http.request import NO_CALLBACK

from crawler.middlewares.refusals import (
    HostUnreachable,
    HostUnresolved,
    Refusal,
    RefusedByRobots,
)
from crawler.middlewares.scope import ANY_HOST
from crawler.middlewares.slots import Pace
from crawler.middlewares.whole_bodies import FIRST, cut_of
from models.errors import OwnFault

MAX_BYTES = 500 << 10  # read of a robots.txt; RFC 9309 requires at least as many
MOST_REDIRECTS = 5  # one after another; with more, the file counts as unavailable
FRESH = 24 * 3600.0  # seconds for which rules may be used, by the same RFC
PRIORITY = 1000  # robots.txt goes before the requests that wait for it
FREE = Protego.parse("")  # no rules
ROBOTS = "winnow_robots"  # Request.meta: the request is for robots.txt itself
_META = {
    ROBOTS: True,
    ANY_HOST: True,
    "redirect_ttl": MOST_REDIRECTS,
    "download_maxsize": 0,  # whatever its length: one byte more than is read shows the cut
    FIRST: MAX_BYTES + 1,
}

_log = logging.getLogger(__name__)


class RobotsMiddleware:
    """Obeys the robots.txt of each origin, which is fetched once a day."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._pace = Pace(crawler)
        self._asked: dict[str, tuple[float, asyncio.Future[Protego]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises RefusedByRobots, or the Refusal or OwnFault that kept robots.txt unread."""
        if request.meta.get(ROBOTS):
            return
        rules = await self._rules(request)
        delay = rules.crawl_delay(self._agent)
        if delay:
            self._pace.promise(request, delay)
        if not rules.can_fetch(request.url, self._agent):
            raise RefusedByRobots(f"{_robots_url(request.url)} forbids it")

    async def _rules(self, request: Request) -> Protego:
        url = _robots_url(request.url)
        asked_at, asked = self._asked.get(url, (0.0, None))
        if asked is None or monotonic() - asked_at > FRESH:
            asked = asyncio.ensure_future(self._read(url))
            self._asked[url] = (monotonic(), asked)
        try:
            # Many requests wait for one answer: cancelling one must not cancel the others.
            return await asyncio.shield(asked)
        except Refusal as refusal:
            raise type(refusal)(refusal.reason) from None  # its own, not the shared traceback
        except OwnFault as fault:
            raise type(fault)(str(fault)) from None

    async def _read(self, url: str) -> Protego:
        request = Request(url, priority=PRIORITY, meta=_META, callback=NO_CALLBACK)
        try:
            response = await self._crawler.engine.download_async(request)
        except OwnFault:
            self._asked.pop(url, None)  # it says nothing of the host
            raise
        except Exception as fault:
            if _leads_on(fault):
                _log.warning("%s: more than %d redirects: no rules", url, MOST_REDIRECTS)
                return FREE
            raise _refusal(url, fault) from fault
        rules = parse(url, response.status, response.body, cut_of(response))
        await self._crawler.signals.send_catch_log_async(
            signals.robots_parsed, robotparser=rules, request=request
        )
        return rules


def parse(url: str, status: int, body: bytes, cut: str | None = None) -> Protego:
    """The rules in a robots.txt that came with `status`; `cut`: why it did not come whole.

    Of more than MAX_BYTES, the whole lines among the first count. Raises RefusedByRobots for what
    was cut, for 5xx and 429, and for an unasked 304: the site does not say what it allows.
    """
    if status >= 500 or status in (304, 429):
        raise RefusedByRobots(f"{url} answered {status}: nothing is fetched until it can be read")
    if not 200 <= status < 300:
        return FREE  # 4xx, or a redirect without a target: there are no rules
    if cut:
        raise RefusedByRobots(f"{url}: {cut}: nothing is fetched until it can be read")
    if len(body) > MAX_BYTES:
        body = b"".join(body[:MAX_BYTES].splitlines(keepends=True)[:-1])
    return Protego.parse(body.decode("utf-8-sig", errors="ignore"))


def _leads_on(fault: Exception) -> bool:
    """Whether it is Scrapy's end of a chain of redirects, which its words alone tell."""
    return type(fault) is IgnoreRequest and "redirection" in str(fault)


def _robots_url(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/robots.txt"


def _refusal(url: str, fault: Exception) -> Refusal:
    if isinstance(fault, Refusal):
        return fault
    if isinstance(fault, CannotResolveHostError):
        return HostUnresolved(f"{urlsplit(url).hostname} does not resolve")
    if isinstance(fault, DownloadConnectionRefusedError):
        return HostUnreachable(f"{urlsplit(url).netloc} accepts no connection: {fault}")
    kind = "no answer in time" if isinstance(fault, DownloadTimeoutError) else str(fault)
    return RefusedByRobots(f"{url} cannot be read ({kind or type(fault).__name__})")
