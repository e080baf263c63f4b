"""Bodies decoded, and those that did not come whole known as such.

In the place of Scrapy's HttpCompressionMiddleware, which takes a stream cut anywhere for a whole
body. A response that was cut is asked for again, as Scrapy does after lost data; then it comes
with its fault in its flags, and each reader decides: no page becomes an article, no source is
whole, no robots.txt counts as read.
"""

from typing import Any, Final, Self
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

from crawler.middlewares.content_codings import ACCEPTED, Decoded, TooLong, decode

FIRST: Final = "winnow_first_bytes"  # Request.meta: only so many bytes of the body are wanted
_CUT: Final = "cut: "  # begins the flag of a response that did not come whole
_UNREAD: Final = "unread: "  # begins the flag of one whose coding nobody here knows
_STOPPED: Final = "download_stopped"  # Scrapy's own flags
_LOST: Final = "dataloss"


def cut_of(response: Response) -> str | None:
    """Why a response did not come whole, in words; None if it did."""
    return _flag(response, _CUT)


def unread_coding(response: Response) -> str | None:
    """The content coding in which the body still is; None where it is decoded."""
    return _flag(response, _UNREAD)


def lost_connection(response: Response) -> bool:
    """Whether the connection ended before the body did."""
    return _LOST in response.flags


def was_stopped(response: Response) -> bool:
    """Whether the download was ended because the wanted first bytes of the body were there."""
    return _STOPPED in response.flags


class WholeBodiesMiddleware:
    """Decodes each body, and says of each that was cut that it was."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        # bytes that came so far of bodies of which only the first are wanted
        self._came: WeakKeyDictionary[Request, int] = WeakKeyDictionary()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy; stops the downloads of which only the first bytes are wanted."""
        whole = cls(crawler)
        crawler.signals.connect(whole.received, signal=signals.bytes_received)
        return whole

    def received(self, data: bytes, request: Request) -> None:
        """Raises StopDownload once enough came; a body that cannot be packed grows a little."""
        first = request.meta.get(FIRST)
        if first is None:
            return
        self._came[request] = self._came.get(request, 0) + len(data)
        if self._came[request] > first + (first >> 6):
            raise StopDownload(fail=False)

    def process_request(self, request: Request) -> None:
        """Says which codings are understood."""
        request.headers.setdefault("Accept-Encoding", ", ".join(ACCEPTED))

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """The decoded response, or the request once more.

        Raises IgnoreRequest for a body that is too large when decoded.
        """
        if request.method == "HEAD":
            return response
        decoded = self._decoded(request, response)
        fault = decoded.fault
        if lost_connection(response):
            fault = "the connection was cut before the body's end"
        elif was_stopped(response) or not 200 <= response.status < 300:
            fault = None
        if fault and (again := self._again(request)):
            return again
        flags = list(response.flags)
        flags += [_CUT + fault] if fault else []
        flags += [_UNREAD + decoded.unread] if decoded.unread else []
        headers = response.headers.copy()
        if not decoded.unread:
            headers.pop("Content-Encoding", None)
        kind = responsetypes.from_args(headers=headers, url=response.url, body=decoded.body)
        return response.replace(cls=kind, body=decoded.body, headers=headers, flags=flags)

    def _decoded(self, request: Request, response: Response) -> Decoded:
        codings = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        default = self._crawler.settings.getint("DOWNLOAD_MAXSIZE")
        most = request.meta.get("download_maxsize", default)
        try:
            return decode(response.body, codings, most, request.meta.get(FIRST))
        except TooLong as large:
            # the words by which Scrapy's own refusal of a bomb is known
            raise IgnoreRequest(f"the body is larger than [fetch] max_bytes: {large}") from large

    def _again(self, request: Request) -> Request | None:
        if request.meta.get("dont_retry"):
            return None
        spider: Any = self._crawler.spider
        return get_retry_request(request, spider=spider, reason="cut body")


def _flag(response: Response, begin: str) -> str | None:
    found = (flag for flag in response.flags if flag.startswith(begin))
    return next((flag.removeprefix(begin) for flag in found), None)
