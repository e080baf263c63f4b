"""Answers requests for archived pages without the network."""

from typing import Final

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

PAGE: Final = "page"  # the name under which a request hands a stored Page to its callback


class StoredMiddleware:
    """Answers requests that carry their page, and refuses all others.

    When Scrapy's engine stops, it waits for items that came from responses, but not for items
    that `start` yielded: a stopped run would wait for ever.
    """

    def process_request(self, request: Request) -> Response:
        """An empty response; raises IgnoreRequest for a request that would use the network."""
        if PAGE not in request.cb_kwargs:
            raise IgnoreRequest(f"{request.url}: this run fetches nothing")
        return Response(request.url)
