"""One source fetched: its body, or why there is none."""

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Response

from crawler.browser.rendering_middleware import IN_BROWSER
from crawler.sources.fetch import FetchedSource, NotThere, fetch
from crawler.sources.parsers.links import SourceBroken, SourceLink

URL = "https://example.test/rss"
FEED = SourceLink(URL, "feed")


def known(**parts: Any) -> Any:
    values = {"error": None, "etag": '"1"', "last_modified": "Sun", "read_at": datetime.now(UTC)}
    return SimpleNamespace(**values | parts)


def fetched(
    source: SourceLink = FEED, before: Any = None, status: int = 200, fault: Exception | None = None
) -> tuple[FetchedSource, Request]:
    asked: list[Request] = []

    async def download(request: Request) -> Response:
        asked.append(request)
        if fault is not None:
            raise fault
        headers = {"Content-Type": "text/xml; charset=UTF-8", "ETag": '"2"'}
        return Response(f"{URL}/to", status=status, headers=headers, body=b"<rss>")

    crawler: Any = SimpleNamespace(engine=SimpleNamespace(download_async=download))
    return asyncio.run(fetch(crawler, source, before)), asked[0]


def test_a_body_comes_with_its_charset_and_validators() -> None:
    found, asked = fetched()
    assert found == FetchedSource(f"{URL}/to", b"<rss>", "utf-8", '"2"', None)
    assert asked.dont_filter and asked.priority > 0
    assert "If-None-Match" not in asked.headers


def test_what_was_read_before_is_asked_for_conditionally() -> None:
    found, asked = fetched(before=known(), status=304)
    assert found.body is None
    assert asked.headers["If-None-Match"] == b'"1"'
    assert asked.headers["If-Modified-Since"] == b"Sun"


@pytest.mark.parametrize(
    ("source", "before"),
    [(SourceLink(URL, "section"), known()), (FEED, known(error="HTTP 500")), (FEED, None)],
)
def test_a_section_and_a_source_that_failed_are_asked_for_anew(
    source: SourceLink, before: Any
) -> None:
    _, asked = fetched(source, before)
    assert "If-None-Match" not in asked.headers


def test_a_section_may_be_shown_in_a_browser_and_nothing_else() -> None:
    for kind in ("section", "feed", "sitemap", "news_sitemap"):
        _, asked = fetched(SourceLink(URL, kind))
        assert (IN_BROWSER in asked.meta) == (kind == "section")


@pytest.mark.parametrize(
    ("guessed", "status", "kind"),
    [
        (False, 404, SourceBroken),
        (True, 404, NotThere),
        (True, 400, NotThere),
        (True, 499, NotThere),
        (True, 429, SourceBroken),
        (True, 500, SourceBroken),
        (True, 302, SourceBroken),
    ],
)
def test_a_guess_that_is_not_there_is_no_fault(
    guessed: bool, status: int, kind: type[SourceBroken]
) -> None:
    with pytest.raises(SourceBroken, match=f"HTTP {status}") as broken:
        fetched(SourceLink(URL, "feed", guessed=guessed), status=status)
    assert type(broken.value) is kind


def test_an_unasked_304_is_a_fault() -> None:
    with pytest.raises(SourceBroken, match="HTTP 304 to a request that had no validators"):
        fetched(status=304)


def test_no_answer_is_told_as_its_outcome() -> None:
    with pytest.raises(SourceBroken, match="timeout: slow"):
        fetched(fault=DownloadTimeoutError("slow"))
