"""A run on stored pages sends nothing out."""

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from crawler.middlewares.stored import PAGE, NoNetworkMiddleware, StoredMiddleware


def test_a_request_that_brings_its_page_is_answered_at_once() -> None:
    request = Request("https://example.test/a", cb_kwargs={PAGE: None})
    response = StoredMiddleware().process_request(request)
    assert response is not None
    assert (response.url, response.status, response.body) == (request.url, 200, b"")


def test_any_other_request_goes_on_or_is_refused() -> None:
    request = Request("https://example.test/a")
    assert StoredMiddleware().process_request(request) is None
    with pytest.raises(IgnoreRequest, match="this run fetches nothing"):
        NoNetworkMiddleware().process_request(request)
