"""What is known of a site's sources and what they name: in the database, or for once in memory."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from crawler.sources import store as storing
from crawler.sources.fetch import FetchedSource
from crawler.sources.ingest import SourceResult
from crawler.sources.parsers.links import SourceLink
from crawler.sources.store import InMemorySourceStore, SqlSourceStore
from models.db.database import Database
from models.db.writer import Writer
from models.items import Hint, Link
from models.scheduling.run_lifecycle import begin
from models.urls import url_key
from tests.factories import NOW, make_site

URL = "https://example.test/rss"
FETCHED = FetchedSource(URL, b"", None, '"1"', "Sun")


@pytest.fixture
def store(sqlite_url: str) -> Iterator[SqlSourceStore]:
    writer = Writer(Database.open(sqlite_url))
    run = writer.write_now(lambda conn: begin(conn, make_site(), "discover", "x:1:ab", NOW))
    yield SqlSourceStore(run, writer)
    writer.close()


def known(store: SqlSourceStore, *work: Callable[[int], Awaitable[None]]) -> Any:
    """The source, after it was registered and this was noted of it."""

    async def note() -> Any:
        number = await store.register(SourceLink(URL, "feed"), "robots")
        for one in work:
            await one(number)
        return (await store.known())[url_key(URL)]

    return asyncio.run(note())


def test_a_source_that_was_read_keeps_its_validators(store: SqlSourceStore) -> None:
    taken = SourceResult("feed", links=3, ttl=600)
    found = known(store, lambda number: store.record_success(number, taken, FETCHED))
    assert (found.kind, found.etag, found.last_modified) == ("feed", '"1"', "Sun")
    assert (found.ttl, found.error, found.failures) == (600, None, 0)
    assert found.read_at is not None


def test_an_index_keeps_none(store: SqlSourceStore) -> None:
    taken = SourceResult("sitemap", sources=[SourceLink(f"{URL}/2", "sitemap")])
    found = known(store, lambda number: store.record_success(number, taken, FETCHED))
    assert (found.kind, found.etag, found.last_modified) == ("sitemap", None, None)


def test_failures_add_up_until_it_is_well_again(store: SqlSourceStore) -> None:
    def fail(number: int) -> Awaitable[None]:
        return store.record_failure(number, "HTTP 500")

    found = known(store, fail, fail)
    assert (found.failures, found.error) == (2, "HTTP 500")
    assert known(store, store.record_not_modified).failures == 0


def test_links_are_rows_of_the_frontier_once(store: SqlSourceStore) -> None:
    links = [Link(f"https://example.test/{n}", "feed") for n in range(3)]
    assert asyncio.run(store.add_links(links, NOW)) == 3
    assert asyncio.run(store.add_links(links, NOW)) == 0


def test_in_memory_nothing_is_known_before_and_each_page_is_new_once() -> None:
    memory = InMemorySourceStore()

    async def use() -> tuple[object, int, int]:
        number = await memory.register(SourceLink(URL, "feed"), "robots")
        await memory.record_success(number, SourceResult("feed"), FETCHED)
        await memory.record_not_modified(number)
        await memory.record_failure(number, "x")
        return await memory.known(), await memory.add_links([Link(URL, "feed")] * 2, NOW), number

    assert asyncio.run(use()) == ({}, 1, 0)


def test_in_memory_a_story_at_another_address_is_not_new() -> None:
    def links(prefix: str, *ends: str, title: str | None = "The ferry sails") -> list[Link]:
        return [Link(f"https://a.test{prefix}{end}", "section", None, Hint(title)) for end in ends]

    async def new(*batches: list[Link]) -> list[int]:
        memory = InMemorySourceStore()
        return [await memory.add_links(batch, NOW) for batch in batches]

    first = links("/", "a-1", "b-2")
    assert asyncio.run(new(first, links("/sport/", "a-1", "b-2/"))) == [2, 0]
    assert asyncio.run(new(first, links("/sport/", "a-1", title="the FERRY sails"))) == [2, 0]
    assert asyncio.run(new(first, links("/sport/", "a-1", title="Another ferry"))) == [2, 1]
    assert asyncio.run(new(first, links("/sport/", "a-1?id=7"))) == [2, 1]
    assert asyncio.run(new(links("/a/", "1", title=None), links("/b/", "1", title=None))) == [1, 1]


def test_many_new_pages_have_postgresql_count_the_known_urls(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "MANY", 40)
    database = Database.open(database_url)
    writer = Writer(database)
    run = writer.write_now(lambda conn: begin(conn, make_site(), "discover", "x:1:ab", NOW))
    store = SqlSourceStore(run, writer)
    links = [Link(f"https://example.test/{n}", "sitemap") for n in range(50)]
    asyncio.run(store.add_links(links, NOW))
    known(
        store, lambda number: store.record_success(number, SourceResult("sitemap", new=50), FETCHED)
    )
    if database.dialect == "postgresql":
        with database.reading() as conn:
            counted = "select reltuples from pg_class where relname = 'urls'"
            assert conn.exec_driver_sql(counted).scalar_one() == 50
    writer.close()
