"""A page that a stage asks for while another one is under way, through all the middlewares."""

from dataclasses import replace

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http.request import NO_CALLBACK

from crawler.middlewares.tdm_file import PAGE_OF_STORY
from crawler.runs.response_outcomes import outcome_of_error, outcome_of_response, page_of
from models.clock import utc_now
from models.crawl.run import Run
from models.crawl.url_rows import UrlLease
from models.items import Hint, Page
from models.urls import same_page


async def further_page(crawler: Crawler, run: Run, url: str) -> Page | str:
    """The page at `url`, with no row yet (`url_id` is 0); or why there is none, in words.

    [scope] include is about articles, so the address of a further page need not match it.
    Raises OwnFault where this machine is at fault.
    """
    scope = replace(run.site.scope, include=())
    refused = scope.admits(url, None, utc_now())
    if refused:
        return refused
    meta = {PAGE_OF_STORY: True}
    request = Request(url, callback=NO_CALLBACK, dont_filter=True, meta=meta)
    try:
        response = await crawler.engine.download_async(request)
    except Exception as fault:  # noqa: BLE001 - every fault is an outcome, or is raised again there
        outcome = outcome_of_error(fault)
        return outcome.reason or str(outcome.outcome)
    if (other := outcome_of_response(response)) is not None:
        return other.reason or str(other.outcome)
    if not same_page(response.url, url):
        return f"redirects to {response.url}"
    page = page_of(response, UrlLease(0, url, Hint(), 0, None, None, False), run)
    return page if page.truncation is None else page.truncation.reason
