"""A long sitemap that is read again: only what changed is stored, and nothing is lost."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from scrapy.utils.test import get_crawler

from crawler.sources import ingest as ingesting
from crawler.sources.fetch import FetchedSource
from crawler.sources.ingest import Ingest, SourceResult
from crawler.sources.parsers.links import SourceLink
from crawler.sources.store import SqlSourceStore
from models.clock import utc_now
from models.crawl.url_rows import DEAD, URLS, WHILE
from models.db.database import Database
from models.db.writer import Writer
from models.items import Link
from models.scheduling.run_lifecycle import begin
from models.sites.config import Scope
from tests.factories import NOW, make_site

URL = "https://example.test/sitemap.xml"
SCOPE = make_site().scope


def body(*numbers: int, day: int = 1, remark: str = "") -> bytes:
    entries = "".join(
        f"<url><loc>https://example.test/a-story-of-some-length-{n}</loc>"
        f"<lastmod>2026-01-{day:02}</lastmod></url>\n"
        for n in numbers
    )
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<urlset xmlns="{space}">{entries}</urlset>{remark}'.encode()


@dataclass
class Site:
    """A site's one sitemap, and what each reading of it wrote."""

    store: SqlSourceStore
    database: Database
    written: list[list[int]] = field(default_factory=list)
    fault: Exception | None = None

    async def add_links(self, links: Sequence[Link], now: datetime) -> int:
        if self.fault is not None:
            raise self.fault
        self.written[-1] += [int(link.url.rpartition("-")[2]) for link in links]
        return await self.store.add_links(links, now)

    def read(self, said: bytes, scope: Scope = SCOPE, cut: str | None = None) -> SourceResult:
        self.written.append([])

        async def work() -> SourceResult:
            crawler = get_crawler(settings_dict={"WINNOW_WORKERS": 0})
            ingest = Ingest(crawler, scope, self.add_links)
            source, fetched = SourceLink(URL, "sitemap"), FetchedSource(URL, said, None, None, None)
            try:
                number = await self.store.register(source, "site")
                result = await ingest.read(source, fetched, said, await self.store.seen(number))
                if result.error or cut:
                    await self.store.record_failure(number, result.error or str(cut))
                else:
                    await self.store.record_success(number, result, fetched)
            finally:
                await ingest.close()
            return result

        return asyncio.run(work())


@pytest.fixture
def site(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(ingesting, "LONG", 1)
    opened = Database.open(database_url)
    writer = Writer(opened)
    run = writer.write_now(lambda conn: begin(conn, make_site(), "discover", "x:1:ab", NOW))
    yield Site(SqlSourceStore(run, writer), opened)
    writer.close()


def test_what_did_not_change_writes_no_link_and_counts_as_before(site: Site) -> None:
    said = body(*range(600))
    results = [site.read(said), site.read(said), site.read(body(*range(600), remark="<!-- 2 -->"))]
    assert [len(written) for written in site.written] == [600, 0, 0]
    assert [(r.links, r.error) for r in results] == [(600, None)] * 3


def test_what_is_new_or_modified_is_written_alone(site: Site) -> None:
    site.read(body(*range(50)))
    assert site.read(body(*range(53))).new == 3
    site.read(body(*range(20))[:-9] + body(7, day=3).partition(b">")[2])
    assert site.written[1:] == [[50, 51, 52], [7]]
    with site.database.reading() as conn:
        modified = conn.scalars(URLS.select().with_only_columns(URLS.c.hint_modified_at).where(
            URLS.c.url.like("%-7"))).one()  # fmt: skip
    assert modified is not None and modified.day == 3


def test_a_reading_that_broke_off_is_made_anew(site: Site) -> None:
    site.fault = RuntimeError("killed")
    with pytest.raises(RuntimeError, match="killed"):
        site.read(body(*range(5)))
    site.fault = None
    site.read(body(*range(5)), cut="the connection ended")
    site.read(body(*range(5))[:-9])
    site.read(body(*range(5)))
    assert [len(written) for written in site.written] == [0, 5, 5, 5]


def test_other_rules_of_scope_have_it_read_in_full(site: Site) -> None:
    only = Scope(hosts=SCOPE.hosts, exclude=(__import__("re").compile("-3$"),))
    site.read(body(*range(5)), only)
    site.read(body(*range(5)), only)
    assert site.read(body(*range(5))).links == 5
    assert site.written == [[0, 1, 2, 4], [], [0, 1, 2, 3, 4]]


def test_a_date_that_is_not_believed_yet_is_looked_at_again(site: Site) -> None:
    later = utc_now() + timedelta(days=30)
    said = body(1, 2).replace(b"2026-01-01", f"{later:%Y-%m-%d}".encode(), 1)
    site.read(said)
    site.read(said + b"<!-- -->")
    assert site.written == [[1, 2], [1]]


def test_a_page_that_was_given_up_is_tried_once_more_where_the_sitemap_names_it(site: Site) -> None:
    site.read(body(1, 2, 3))
    with site.database.transaction() as conn:
        given_up = {"state": DEAD, "not_before": utc_now() - WHILE, "attempts": 6}
        conn.execute(URLS.update().where(URLS.c.url.like("%-2")).values(**given_up))
        conn.execute(URLS.update().where(URLS.c.url.like("%-3")).values(**given_up))
    site.read(body(1, 2))
    with site.database.reading() as conn:
        found = dict(conn.execute(URLS.select().with_only_columns(URLS.c.url, URLS.c.state)).all())
    states = {url[-1]: state for url, state in found.items()}
    assert states == {"1": "found", "2": "found", "3": DEAD} and site.written[-1] == [2]
