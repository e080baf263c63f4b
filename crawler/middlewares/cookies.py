"""Cookies, only where a site gives no page without them: of one host, for one run.

Some sites answer with a redirect to the same page and a cookie, until the cookie comes back. Such
a host gets its cookies from then on; `[fetch] cookies = true` has the hosts of a site get theirs
from the first answer on. Scrapy's own middleware loads a list of suffixes for each crawl, and
sends what one host sets to others of its domain.
"""

import logging
from typing import Final, Self
from urllib.parse import urldefrag, urljoin

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.http.cookies import CookieJar

from crawler.middlewares.guard import Origin, origin_of
from models.crawl.run import Run

MOST: Final = 50  # cookies of a host; of more, none is kept: no page needs them
_LONGEST: Final = 4096  # bytes of one; browsers keep no longer ones either

_log = logging.getLogger(__name__)


class CookiesMiddleware:
    """Keeps a jar for each host and port, as long as the run lasts, and sends it to that one."""

    def __init__(self) -> None:
        self._always = False  # by the site's file
        self._noticed: set[Origin] = set()  # hosts that redirect in a loop without their cookies
        self._jars: dict[Origin, CookieJar] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy; learns the site when the spider opens. COOKIES_ENABLED: off if false."""
        if not crawler.settings.getbool("COOKIES_ENABLED"):
            raise NotConfigured
        cookies = cls()
        crawler.signals.connect(cookies.spider_opened, signal=signals.spider_opened)
        return cookies

    def spider_opened(self, spider: Spider) -> None:
        """Takes what the site's file says; Scrapy's own commands have no site."""
        run: Run | None = getattr(spider, "run", None)
        self._always = run is not None and run.site.fetch.cookies

    def process_request(self, request: Request) -> None:
        """Adds the host's own cookies, in the place of those that a redirect brought along."""
        origin = origin_of(request.url)
        jar = self._jars.get(origin)
        if jar is not None and (self._always or origin in self._noticed):
            request.headers.pop("Cookie", None)
            jar.add_cookie_header(request)

    def process_response(self, request: Request, response: Response) -> Response:
        """Keeps what the answer sets, and notices a redirect that only a cookie can end."""
        sets = response.headers.getlist("Set-Cookie")
        origin = origin_of(request.url)
        leads = 300 <= response.status < 400 and "Location" in response.headers
        if sets and (leads or self._always or origin in self._noticed):
            self._keep(origin, request, response)
        if leads and origin in self._jars and self._returns(request, response):
            if origin not in self._noticed:
                _log.debug("%s:%d is sent its cookies: it redirects in a loop", *origin)
            self._noticed.add(origin)
        return response

    def _keep(self, origin: Origin, request: Request, response: Response) -> None:
        short = [c for c in response.headers.getlist("Set-Cookie") if len(c) <= _LONGEST]
        headers = response.headers.copy()
        headers.setlist("Set-Cookie", short)
        jar = self._jars.setdefault(origin, CookieJar())
        jar.extract_cookies(Response(response.url, headers=headers), request)
        if len(jar) > MOST:
            jar.clear()

    def _returns(self, request: Request, response: Response) -> bool:
        """Whether it redirects to a page that was asked for already, on the way here."""
        location = response.headers["Location"] or b""
        before = [request.url, *request.meta.get("redirect_urls", ())]
        try:
            target = urljoin(request.url, location.decode("utf-8", "replace").strip())
        except ValueError:  # no address at all: what comes of it is said elsewhere
            return False
        return urldefrag(target).url in {urldefrag(url).url for url in before}
