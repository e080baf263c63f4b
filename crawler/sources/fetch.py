"""One source fetched: its body, or why there is none."""

from dataclasses import dataclass
from typing import Final

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.runs.response_outcomes import charset, header, outcome_of_error
from crawler.sources.parsers.links import SourceBroken, SourceLink
from crawler.sources.parsers.sitemap import MAX_BYTES
from models.sites.sources import Source

ANY_HOST: Final = "winnow_any_host"  # Request.meta: robots.txt may name a sitemap on another host
PRIORITY: Final = 100  # sources go before pages


@dataclass(frozen=True, slots=True)
class FetchedSource:
    """The answer to the request for a source."""

    url: str  # after redirects
    body: bytes | None  # None: not modified
    charset: str | None
    etag: str | None
    last_modified: str | None


class NotThere(SourceBroken):
    """A guessed URL has no source: no fault of the site."""


async def fetch(crawler: Crawler, source: SourceLink, known: Source | None) -> FetchedSource:
    """The source's body; raises SourceBroken with the reason if there is none."""
    request = Request(
        source.url,
        callback=NO_CALLBACK,
        headers=_validators(source, known),
        meta={ANY_HOST: True, "download_maxsize": MAX_BYTES},
        priority=PRIORITY,
        dont_filter=True,
    )
    try:
        response = await crawler.engine.download_async(request)
    except Exception as fault:
        failed = outcome_of_error(fault)
        raise SourceBroken(f"{failed.outcome}: {failed.reason}") from fault
    return _answer(source, response)


def _answer(source: SourceLink, response: Response) -> FetchedSource:
    status = response.status
    if status not in (200, 304):
        if source.guessed and 400 <= status < 500 and status != 429:
            raise NotThere(f"HTTP {status}")
        raise SourceBroken(f"HTTP {status}")
    return FetchedSource(
        url=response.url,
        body=response.body if status == 200 else None,
        charset=charset(response),
        etag=header(response, "ETag") or None,
        last_modified=header(response, "Last-Modified") or None,
    )


def _validators(source: SourceLink, known: Source | None) -> dict[str, str]:
    """Only for sources that name pages: an unchanged index may name changed sitemaps."""
    if known is None or known.error or source.kind == "section":
        return {}
    headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in headers.items() if value}
