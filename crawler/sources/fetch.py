"""One source fetched: its body, or why there is none."""

from dataclasses import dataclass
from typing import Any, Final

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.browser.rendering_middleware import IN_BROWSER
from crawler.middlewares.scope import ANY_HOST
from crawler.middlewares.whole_bodies import cut_of, unread_coding
from crawler.runs.response_outcomes import (
    MOST_NOISE,
    UNASKED,
    charset,
    header,
    outcome_of_error,
)
from crawler.sources.parsers.links import SourceBroken, SourceLink
from crawler.sources.parsers.sitemap import MAX_BYTES
from models.charset import noise
from models.sites.sources import Source

PRIORITY: Final = 100  # sources go before pages


@dataclass(frozen=True, slots=True)
class FetchedSource:
    """The answer to the request for a source."""

    url: str  # after redirects
    body: bytes | None  # None: not modified
    charset: str | None
    etag: str | None
    last_modified: str | None
    cut: str | None = None  # why it did not come whole


class NotThere(SourceBroken):
    """A guessed URL has no source: no fault of the site."""


async def fetch(crawler: Crawler, source: SourceLink, known: Source | None) -> FetchedSource:
    """The source's body; raises SourceBroken with the reason if there is none.

    It may be on any host: robots.txt, an index or the site's file names it there.
    """
    validators = _validators(source, known)
    request = Request(
        source.url,
        callback=NO_CALLBACK,
        headers=validators,
        meta=_meta(source),
        priority=PRIORITY,
        dont_filter=True,
    )
    try:
        response = await crawler.engine.download_async(request)
    except Exception as fault:
        failed = outcome_of_error(fault)
        raise SourceBroken(f"{failed.outcome}: {failed.reason}") from fault
    return _answer(source, response, bool(validators))


def _meta(source: SourceLink) -> dict[str, Any]:
    meta: dict[str, Any] = {ANY_HOST: True, "download_maxsize": MAX_BYTES}
    return {**meta, IN_BROWSER: True} if source.kind == "section" else meta


def _answer(source: SourceLink, response: Response, conditional: bool) -> FetchedSource:
    status = response.status
    if status not in (200, 304):
        if source.guessed and 400 <= status < 500 and status != 429:
            raise NotThere(f"HTTP {status}")
        raise SourceBroken(f"HTTP {status}")
    if status == 304 and not conditional:
        raise SourceBroken(UNASKED)
    unread = unread_coding(response)
    if unread and noise(response.body, charset(response)) > MOST_NOISE:
        raise SourceBroken(f"the body is in the coding {unread!r}, which cannot be decoded")
    return FetchedSource(
        url=response.url,
        body=response.body if status == 200 else None,
        charset=charset(response),
        etag=header(response, "ETag") or None,
        last_modified=header(response, "Last-Modified") or None,
        cut=cut_of(response),
    )


def _validators(source: SourceLink, known: Source | None) -> dict[str, str]:
    """Only for sources that name pages: an unchanged index may name changed sitemaps."""
    if known is None or known.error or source.kind == "section":
        return {}
    headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in headers.items() if value}
