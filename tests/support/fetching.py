"""A bare crawl behind our middlewares, in a process of its own: the outcome of each URL.

Only the middlewares and Scrapy's engine are at work, without stages or a database; the settings
are the project's own.
"""

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from models.crawl.run import Run
from models.sites.config import Scope, Site, Sources
from models.urls import netloc_of

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a URL: 'fetched', or the outcome of the refusal or failure."""

    outcome: str
    reason: str
    status: int | None = None


def fetch(start: str, urls: Sequence[str], **options: Any) -> dict[str, Came]:
    """Fetches `urls` for a site that starts at `start`; see `_crawl` for the options."""
    task = json.dumps({"start": start, "urls": list(urls), **options})
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.fetching"],
        input=task,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    return {url: Came(**came) for url, came in json.loads(done.stdout).items()}


class _Fetcher(Spider):
    name = "fetcher"

    def __init__(self, start_url: str, urls: list[str], private: bool, any_host: bool) -> None:
        super().__init__()
        self.urls = urls
        self.came: dict[str, dict[str, Any]] = {}
        hosts = map(netloc_of, urls) if any_host else (netloc_of(start_url),)
        scope = Scope(hosts=frozenset(hosts), private=private)
        site = Site("test", Path("test.toml"), start_url, Sources(), scope)
        self.run = Run(run_id=1, kind="discover", site=site, site_id=1, owner="test")

    async def start(self) -> AsyncIterator[Request]:
        for url in self.urls:
            yield Request(url, self.parse, errback=self.failed, cb_kwargs={"asked": url})

    def parse(self, response: Response, asked: str) -> None:
        self.came[asked] = {"outcome": "fetched", "reason": "", "status": response.status}

    def failed(self, failure: Failure) -> None:
        fault: Any = failure.value
        outcome = getattr(fault, "outcome", None) or _outcome(fault)
        asked = failure.request.cb_kwargs["asked"]
        self.came[asked] = {"outcome": outcome, "reason": str(fault)}


def _outcome(fault: BaseException) -> str:
    kinds = {
        HttpError: "http_error",
        CannotResolveHostError: "dns_error",
        DownloadConnectionRefusedError: "connection_error",
    }
    return kinds.get(type(fault), type(fault).__name__)


def _crawl(
    start: str,
    urls: list[str],
    private: bool = False,  # [scope] private
    any_host: bool = False,  # every URL's host is one of the site's
    delay: float = 0.0,
    retries: int = 2,
    step: float | None = None,  # of the slowdown, where a test has no time to wait
) -> dict[str, dict[str, Any]]:
    from crawler.middlewares import slowdown

    if step is not None:
        slowdown.FIRST_STEP = step
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.setdict(
        {"SPIDER_MODULES": [], "ITEM_PIPELINES": {}, "EXTENSIONS": {}, "LOG_LEVEL": "ERROR"},
        "cmdline",
    )
    settings.setdict({"DOWNLOAD_DELAY": delay, "RETRY_TIMES": retries}, "cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(_Fetcher)
    process.crawl(crawler, start_url=start, urls=urls, private=private, any_host=any_host)
    process.start()
    spider = crawler.spider
    assert isinstance(spider, _Fetcher)
    return spider.came


if __name__ == "__main__":
    json.dump(_crawl(**json.load(sys.stdin)), sys.stdout)
