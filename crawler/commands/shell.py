"""scrapy shell: an interactive look at a page, guarded as a crawl is and without a run."""

import argparse
from collections.abc import Callable
from pathlib import Path
from urllib.request import url2pathname

from scrapy import Request, Spider
from scrapy.commands import shell
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, Response
from scrapy.shell import Shell
from scrapy.utils.spider import DefaultSpider
from scrapy.utils.url import guess_scheme

from crawler.operations.without_run import WithoutRun, reason_of
from models.errors import UsageError


class Command(WithoutRun, shell.Command):
    """Scrapy's `shell`; a file is read, never fetched."""

    def look(self, args: list[str], opts: argparse.Namespace) -> None:
        """Opens the shell on the URL or file, if there is one and it can be had."""
        url = guess_scheme(args[0]) if args else None
        spider = self.spiders.load(opts.spider) if opts.spider else DefaultSpider
        crawler = self.process.create_crawler(spider)
        crawler._apply_settings()  # as Scrapy's own shell does
        self._init_with_reactor(crawler)
        console = _Shell(crawler, self.update_vars, opts.code)
        console.report = self.report
        if url is None:
            console.start()
        elif url.startswith("file://"):
            console.start(response=_file(url))
        else:
            console.fetch(url, redirect=not opts.no_redirect)
            response = console.vars["response"]
            if response is not None:
                console.start(response=response, spider=console.spider)
            elif opts.code is None:
                console.start()


class _Shell(Shell):
    """Scrapy's shell, which prints in one line why a page was not fetched."""

    report: Callable[[str], None]

    async def _schedule(self, request: Request, spider: Spider | None) -> Response:
        try:
            return await super()._schedule(request, spider)
        except Exception as fault:
            self.report(reason_of(request.url, fault))
            raise IgnoreRequest from fault  # which the shell passes over


def _file(url: str) -> Response:
    path = Path(url2pathname(url.removeprefix("file://")))
    try:
        body = path.read_bytes()
    except OSError as fault:
        raise UsageError(f"{path}: {fault.strerror}") from fault
    return HtmlResponse(url, body=body, request=Request(url))
