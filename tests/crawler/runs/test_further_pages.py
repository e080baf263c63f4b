"""A further page passes all that every request passes; what is none says why."""

import asyncio
import re
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, Response

from crawler.runs.further_pages import further_page
from models.errors import OwnFault
from models.items import Page
from models.sites.config import Scope
from tests.factories import make_site

URL = "https://example.test/news/port?page=2"
SCOPE = Scope(
    hosts=frozenset({"example.test"}),
    include=(re.compile("port$"),),
    exclude=(re.compile("page=9"),),
)


def ask(answer: Response | Exception, url: str = URL) -> tuple[Page | str, list[Request]]:
    asked = []

    async def download(request: Request) -> Response:
        asked.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    crawler: Any = SimpleNamespace(engine=SimpleNamespace(download_async=download))
    run: Any = SimpleNamespace(run_id=1, site=make_site(scope=SCOPE))
    return asyncio.run(further_page(crawler, run, url)), asked


def html(url: str = URL, status: int = 200) -> Response:
    headers = {"Content-Type": "text/html; charset=utf-8"}
    return HtmlResponse(url, status, headers, b"<html><p>The ice came.</p></html>")


def test_a_page_comes_as_bytes_without_a_row_of_its_own() -> None:
    found, asked = ask(html())
    assert isinstance(found, Page)
    assert (found.url, found.url_id, found.charset) == (URL, 0, "utf-8")
    assert [request.url for request in asked] == [URL]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (URL.replace("=2", "=9"), "exclude"),
        ("https://other.test/news/port?page=2", "hosts"),
        ("mailto:news@example.test", "web address|URL"),
    ],
)
def test_what_is_out_of_scope_is_not_asked_for(url: str, why: str) -> None:
    said, asked = ask(html(), url)
    assert isinstance(said, str) and re.search(why, said)
    assert asked == []


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (html(status=404), "HTTP 404"),
        (html(status=503), "HTTP 503"),
        (html("https://example.test/elsewhere"), "redirects to"),
        (Response(URL, 200, {"Content-Type": "application/pdf"}, b"%PDF-1.7"), "PDF"),
        (IgnoreRequest("Forbidden by robots.txt"), "robots"),
        (TimeoutError("slow"), "slow"),
    ],
)
def test_what_is_no_page_says_why(answer: Response | Exception, why: str) -> None:
    said, _ = ask(answer)
    assert isinstance(said, str) and why in said


def test_a_fault_of_this_machine_is_no_fault_of_the_page() -> None:
    with pytest.raises(OwnFault):
        ask(OwnFault("no file descriptors are left"))
