"""scrapy view: shows what a URL answers in a browser, guarded as a crawl is and without a run."""

from scrapy.commands import view

from crawler.operations.without_run import WithoutRun


class Command(WithoutRun, view.Command):
    """Scrapy's `view`."""
