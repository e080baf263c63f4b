"""What people write without Winnow, each as a command of its own.

    python -m benchmarks.throughput.rivals spider SITEMAP DATABASE_URL   (b) and (d)
    python -m benchmarks.throughput.rivals extract FOLDER                 (c)

- `spider`: Scrapy, trafilatura in the callback, SQLAlchemy Core, a commit an item. With `none`
  as the database, pages are dropped: Scrapy alone.
- `extract`: trafilatura with metadata in two processes, over files.
"""

import json
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Self

import trafilatura
from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.http import Response
from scrapy.spiders import SitemapSpider
from sqlalchemy import Column, Engine, Integer, MetaData, Table, Text, create_engine

from benchmarks.throughput.counts import FOLDER

PROCESSES: Final = 2
_METADATA: Final = MetaData()
_ARTICLES: Final = Table(
    "articles",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("url", Text, unique=True),
    *(Column(name, Text) for name in ("title", "author", "date", "description", "text")),
)


class NewsSpider(SitemapSpider):
    """Follows a sitemap and yields what trafilatura finds."""

    name = "news"

    def parse(self, response: Response, **_more: Any) -> Iterator[dict[str, str | None]]:
        """One article a page."""
        yield article(response.text, response.url)


class DroppingSpider(SitemapSpider):
    """Follows a sitemap and does nothing with its pages."""

    name = "drop"

    def parse(self, _response: Response, **_more: Any) -> None:
        """Nothing."""


class SqlPipeline:
    """Inserts each article and commits."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        _METADATA.create_all(engine)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """For the database of the settings."""
        return cls(create_engine(crawler.settings["DATABASE_URL"]))

    def process_item(self, item: dict[str, str | None]) -> dict[str, str | None]:
        """One transaction."""
        with self._engine.begin() as conn:
            conn.execute(_ARTICLES.insert(), item)
        return item


def article(html: str | bytes, url: str) -> dict[str, str | None]:
    """What trafilatura makes of a page, with metadata; all None but the URL where it finds none."""
    found = trafilatura.bare_extraction(html, url=url, with_metadata=True)
    names = ("title", "author", "date", "description", "text")
    return {"url": url, **{name: getattr(found, name, None) for name in names}}


def crawl(sitemap: str, database_url: str) -> None:
    """Crawls the sitemap's pages; writes nothing where the database is `none`."""
    settings: dict[str, Any] = {
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
        "DOWNLOAD_DELAY": 0,
        "ROBOTSTXT_OBEY": True,
        "LOG_LEVEL": "WARNING",
        "EXTENSIONS": {"benchmarks.throughput.counts.Counts": 10},
    }
    spider: type[SitemapSpider] = DroppingSpider
    if database_url != "none":
        settings["ITEM_PIPELINES"] = {"benchmarks.throughput.rivals.SqlPipeline": 100}
        settings["DATABASE_URL"] = database_url
        spider = NewsSpider
    process = CrawlerProcess(settings)
    process.crawl(spider, sitemap_urls=[sitemap])
    process.start()


def extract(folder: Path) -> None:
    """Reads every file of the folder; writes counts like those of a crawl."""
    paths = sorted(folder.glob("*.html"))
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        found = pool.map(_read, paths, chunksize=4)
        pool.close()
        pool.join()
    texts = sum(has_text for _, has_text in found)
    counts = {
        "first_response": min(began for began, _ in found),
        "counts": {"responses": len(found), "texts": texts},
    }
    Path(os.environ[FOLDER], f"{os.getpid()}.json").write_text(json.dumps(counts), "utf-8")


def _read(path: Path) -> tuple[float, bool]:
    began = time.monotonic()
    return began, bool(article(path.read_bytes(), f"https://example.com/{path.stem}")["text"])


if __name__ == "__main__":
    what, *words = sys.argv[1:]
    if what == "spider":
        crawl(*words)
    else:
        extract(Path(words[0]))
