"""scrapy fetch: prints what a URL answers, guarded as a crawl is and without a run."""

from scrapy.commands import fetch

from crawler.operations.without_run import WithoutRun


class Command(WithoutRun, fetch.Command):
    """Scrapy's `fetch`."""
