"""A body that was cut is asked for again, and then says that it was cut."""

import gzip
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from crawler.middlewares.whole_bodies import (
    FIRST,
    WholeBodiesMiddleware,
    cut_of,
    lost_connection,
    unread_coding,
)

URL = "https://news.test/a"
PACKED = gzip.compress(b"<p>Text of the page</p>" * 40)
LAST: dict[str, Any] = {"retry_times": 2}  # as often as it is asked for again


def middleware() -> WholeBodiesMiddleware:
    crawler: Any = get_crawler(settings_dict={"DOWNLOAD_MAXSIZE": 10_000, "RETRY_TIMES": 2})
    crawler.spider = SimpleNamespace(crawler=crawler)
    return WholeBodiesMiddleware.from_crawler(crawler)


def came(body: bytes, status: int = 200, coding: str = "gzip", **more: Any) -> Response:
    return Response(URL, status, {"Content-Encoding": coding}, body, **more)


def test_a_whole_body_comes_decoded() -> None:
    found = middleware().process_response(Request(URL), came(PACKED))
    assert isinstance(found, Response)
    assert found.body == gzip.decompress(PACKED) and "Content-Encoding" not in found.headers
    assert cut_of(found) is None and unread_coding(found) is None


def test_a_cut_body_is_asked_for_again_and_then_marked() -> None:
    whole = middleware()
    again = whole.process_response(Request(URL), came(PACKED[:-1]))
    assert isinstance(again, Request) and again.meta["retry_times"] == 1
    for flags, why in (([], "the gzip stream"), (["dataloss"], "the connection was cut")):
        found = whole.process_response(Request(URL, meta=LAST), came(PACKED[:-1], flags=flags))
        assert isinstance(found, Response) and str(cut_of(found)).startswith(why)
        assert lost_connection(found) is bool(flags)


def test_an_error_page_that_was_cut_is_an_error_page() -> None:
    found = middleware().process_response(Request(URL), came(PACKED[:-1], status=404))
    assert isinstance(found, Response) and cut_of(found) is None


def test_a_coding_that_nobody_knows_stays_and_is_told() -> None:
    found = middleware().process_response(Request(URL), came(b"x", coding="lzma"))
    assert isinstance(found, Response) and unread_coding(found) == "lzma"
    assert found.headers["Content-Encoding"] == b"lzma"


def test_a_bomb_is_refused() -> None:
    with pytest.raises(IgnoreRequest, match="larger than"):
        middleware().process_response(Request(URL), came(gzip.compress(b"\0" * 20_000)))


def test_where_the_first_bytes_will_do_the_rest_is_not_missed() -> None:
    whole, request = middleware(), Request(URL, meta={FIRST: 100, "download_maxsize": 0})
    whole.received(b"x" * 100, request)
    with pytest.raises(StopDownload):
        whole.received(b"x" * 100, request)
    whole.received(b"x" * 900, Request(URL))
    stopped = came(gzip.compress(b"\0" * 200_000)[:150], flags=["download_stopped"])
    found = whole.process_response(request, stopped)
    assert isinstance(found, Response)
    assert found.body == b"\0" * 100 and cut_of(found) is None
