"""Answers requests for archived pages without the network."""

from typing import Final

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

PAGE: Final = "page"  # the name under which a request hands a stored Page to its callback


class StoredMiddleware:
    """Answers requests that carry their page; all others go on.

    When Scrapy's engine stops, it waits for items that came from responses, but not for items
    that `start` yielded: a stopped run would wait for ever.
    """

    def process_request(self, request: Request) -> Response | None:
        """An empty response, or None for a request without a page."""
        return Response(request.url) if PAGE in request.cb_kwargs else None


class NoNetworkMiddleware:
    """Refuses all that comes to it: of a run that fetches nothing."""

    def process_request(self, request: Request) -> None:
        """Raises IgnoreRequest."""
        raise IgnoreRequest(f"{request.url}: this run fetches nothing")
