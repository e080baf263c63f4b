"""What a page costs the database: statements and loads of stored text, over fifty pages."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.exceptions import DropItem
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.misc import load_object
from scrapy.utils.test import get_crawler
from sqlalchemy import Connection, Engine, event

from crawler import settings
from models.crawl import frontier
from models.crawl.run import Run
from models.db.database import Database
from models.items import Link, Page
from models.scheduling import run_lifecycle
from pipelines.stage import Stage
from tests.factories import make_site
from tests.support.small_site import SUBJECTS, html, name, url_of

PAGES = range(50)
LEASE = timedelta(minutes=10)


@dataclass
class Counted:
    """Statements of all connections; an executemany counts once."""

    statements: list[str] = field(default_factory=list)
    for_pages: int = 0  # of these, before the end of the run, which reads pages fifty at a time

    @property
    def text_loads(self) -> int:
        """Statements that read the text of a stored revision for a page."""
        return sum(
            s.lower().startswith("select") and re.search(r"revisions\.text\b", s) is not None
            for s in self.statements[: self.for_pages]
        )

    def a_page(self) -> float:
        return len(self.statements) / len(PAGES)


@contextmanager
def counting() -> Iterator[Counted]:
    counted = Counted()

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith("BEGIN"):
            counted.statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield counted
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def edited(number: int) -> bytes:
    """The page after an edit of its first paragraph."""
    more = f"<p>The {SUBJECTS[number % len(SUBJECTS)]} of {name(number + 900)} stays shut.</p><p>"
    return html(number).replace(b"<p>", more.encode(), 1)


async def crawl(url: str, folder: str, bodies: dict[int, bytes]) -> Counted:
    """One run over the pages through the stages of the settings; its cost but for the opening."""
    crawler = get_crawler(
        settings_dict={
            "WINNOW_DATABASE_URL": url,
            "WINNOW_ARCHIVE_DIR": folder,
            "WINNOW_WORKERS": 0,
        }
    )
    crawler.stats = MemoryStatsCollector(crawler)
    order = sorted(settings.ITEM_PIPELINES, key=settings.ITEM_PIPELINES.__getitem__)
    stages: list[Stage] = [load_object(path).from_crawler(crawler) for path in order]
    writer, now = stages[0].writer, datetime.now(UTC)
    begin = partial(run_lifecycle.begin, site=make_site(), kind="recrawl", owner="test", now=now)
    run: Run = await writer.write(begin)
    crawler.spider = SimpleNamespace(run=run, accepts=False, unarchived=set())
    for stage in stages:
        opened = getattr(stage, "open_spider", None)
        if opened is not None and asyncio.iscoroutine(waiting := opened()):
            await waiting
    pages = await writer.write(partial(_pages, run=run, bodies=bodies))
    with counting() as counted:
        for page in pages:
            item: Any = page
            try:
                for stage in stages:
                    done = stage.process_item(item)  # type: ignore[attr-defined]
                    item = await done if asyncio.iscoroutine(done) else done
            except DropItem as dropped:
                raise AssertionError(f"{page.url}: {dropped}") from dropped
        counted.for_pages = len(counted.statements)
        for stage in stages:
            closed = getattr(stage, "close_spider", None)
            if closed is not None and asyncio.iscoroutine(waiting := closed()):
                await waiting
    end = partial(run_lifecycle.end, run=run, status="done", reason=None, now=datetime.now(UTC))
    await writer.write(end)
    await asyncio.to_thread(writer.close)
    return counted


def _pages(conn: Connection, run: Run, bodies: dict[int, bytes]) -> list[Page]:
    now = datetime.now(UTC)
    links = [Link(url_of(number), "feed") for number in bodies]
    frontier.add_links(conn, run.site_id, links, now)
    rows = {n: frontier.find(conn, url_of(n)) for n in bodies}
    numbers = {row.url_id: n for n, row in rows.items() if row is not None}
    frontier.claim_these(conn, sorted(numbers), run.owner, now + LEASE, now)
    return [
        Page(
            run_id=run.run_id,
            url_id=url_id,
            site=run.site.name,
            url=url_of(number),
            final_url=url_of(number),
            status=200,
            headers=(("Content-Type", "text/html; charset=utf-8"),),
            body=bodies[number],
            fetched_at=now,
        )
        for url_id, number in numbers.items()
    ]


@pytest.fixture
def crawled(database: Database, tmp_path: Any) -> dict[str, Counted]:
    """Three runs over the same fifty pages: new, unchanged, edited."""
    url = database.engine.url.render_as_string(hide_password=False)
    folder = str(tmp_path / "archive")

    async def runs() -> dict[str, Counted]:
        same = {number: html(number) for number in PAGES}
        return {
            "new": await crawl(url, folder, same),
            "unchanged": await crawl(url, folder, same),
            "changed": await crawl(url, folder, {n: edited(n) for n in PAGES}),
        }

    return asyncio.run(runs())


def test_a_page_costs_few_statements_and_its_stored_text_is_read_once(
    crawled: dict[str, Counted],
) -> None:
    cost = {kind: round(counted.a_page(), 1) for kind, counted in crawled.items()}
    loads = {kind: counted.text_loads / len(PAGES) for kind, counted in crawled.items()}
    assert cost["unchanged"] <= 14, cost
    assert cost["changed"] <= 28, cost
    assert cost["new"] <= 32, cost
    assert loads["unchanged"] <= 1, loads
    assert loads["changed"] <= 2, loads
