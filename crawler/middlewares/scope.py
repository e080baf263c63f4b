"""The hosts that a site's crawl may request, at every hop.

Scrapy's own off-site filter is switched off by `dont_filter`, which its retry sets and its
redirects copy: a 503 and then a redirect led anywhere. This one has no such switch.
"""

from typing import Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler

from crawler.middlewares.refusals import OutOfScope
from models.crawl.run import Run
from models.urls import netloc_of

ANY_HOST = "winnow_any_host"  # Request.meta: of robots.txt (RFC 9309) and of sources


class ScopeMiddleware:
    """Refuses requests to hosts outside the site's scope and its named sources."""

    def __init__(self) -> None:
        # 'host:port' for a port that is not the scheme's own; None without a run: any host.
        # Not None at first: a spider that failed to open would switch the filter off.
        self._hosts: frozenset[str] | None = frozenset()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy; learns the site when the spider opens."""
        scope = cls()
        crawler.signals.connect(scope.spider_opened, signal=signals.spider_opened)
        return scope

    def spider_opened(self, spider: Spider) -> None:
        """Takes the hosts from the site's file; Scrapy's own commands have no site."""
        run: Run | None = getattr(spider, "run", None)
        if run is None:
            self._hosts = None
            return
        site = run.site
        named = (site.start, *site.sources.sitemaps, *site.sources.feeds, *site.sources.sections)
        self._hosts = site.scope.hosts | frozenset(map(netloc_of, named))

    def process_request(self, request: Request) -> None:
        """Raises OutOfScope for a host outside the site's scope and sources."""
        if self._hosts is None or request.meta.get(ANY_HOST):
            return
        host = _netloc(request.url)
        if host not in self._hosts:
            raise OutOfScope(f"host {host} is not in [scope] hosts")


def _netloc(url: str) -> str:
    try:
        return netloc_of(url)
    except ValueError as wrong:
        raise OutOfScope(f"{url[:200]!r} is no web address: {wrong}") from wrong
