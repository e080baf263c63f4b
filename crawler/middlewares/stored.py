"""Pages that are here already: their requests are answered without the network."""

from typing import Final

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

PAGE: Final = "page"  # the name under which a request hands a stored Page to its callback


class StoredMiddleware:
    """Answers requests that bring their page along, and refuses all others.

    Scrapy's engine waits at its end for what came by a response, and not for what `start` gave
    it as an item: a run that is stopped would wait for ever.
    """

    def process_request(self, request: Request) -> Response:
        """An empty answer; raises IgnoreRequest where a request would go out."""
        if PAGE not in request.cb_kwargs:
            raise IgnoreRequest(f"{request.url}: nothing is fetched by this run")
        return Response(request.url)
