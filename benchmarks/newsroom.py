"""Articles for the benchmarks of duplicates, stored as the crawl stores them."""

import asyncio
import os
import random
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, make_url, text

from migrations.upgrade import upgrade
from models.crawl import frontier
from models.db.database import Database
from models.db.types import METADATA
from models.db.writer import Writer
from models.items import Article, Extraction, Link, Metadata, Page
from models.sites import registry
from models.sites.config import Scope, Site, Sources
from pipelines.duplicates.linker import Linker
from tests.factories import store_article

NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
SERVERS: Final = {
    "postgresql": "postgresql+psycopg://postgres@127.0.0.1/postgres",
    "mariadb": "mysql+pymysql://root@127.0.0.1/test",
}
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


def servers() -> dict[str, str]:
    """Where database servers answer, by default or as WINNOW_TEST_POSTGRESQL_URL says."""
    url = os.environ.get("WINNOW_TEST_POSTGRESQL_URL")
    return {**SERVERS, **({"postgresql": url} if url else {})}


class Told(NamedTuple):
    """One article that is to be stored."""

    site: str
    url: str
    title: str
    text: str
    published_at: datetime | None
    day_only: bool = False


@contextmanager
def database(kind: str, folder: Path, servers: dict[str, str]) -> Iterator[str]:
    """The URL of a new database at head, which goes afterwards."""
    name = f"winnow_bench_{uuid4().hex[:12]}"
    if kind == "sqlite":
        url = f"sqlite:///{folder / name}.db"
        _to_head(url)
        yield url
        return
    admin = Database.open(servers[kind])
    outside = admin.engine.execution_options(isolation_level="AUTOCOMMIT")
    with outside.connect() as conn:
        conn.execute(text(f"create database {name}"))
    try:
        url = make_url(servers[kind]).set(database=name).render_as_string(hide_password=False)
        _to_head(url)
        yield url
    finally:
        force = " with (force)" if kind == "postgresql" else ""
        with outside.connect() as conn:
            conn.execute(text(f"drop database {name}{force}"))
        admin.close()


def _to_head(url: str) -> None:
    opened = Database.open(url)
    try:
        upgrade(opened)
    finally:
        opened.close()


def store(conn: Connection, told: Told) -> int:
    """Stores one article through the store; its article_id."""
    site = Site(
        name=told.site,
        path=Path(f"{told.site}.toml"),
        start=f"https://{told.site}/",
        sources=Sources(),
        scope=Scope(hosts=frozenset({told.site})),
    )
    site_id = registry.ensure_site(conn, site, NOW)
    frontier.add_links(conn, site_id, [Link(told.url, "sitemap")], NOW)
    row = frontier.find(conn, told.url)
    if row is None:
        raise RuntimeError(f"{told.url} was not taken into the frontier")
    metadata = Metadata(
        title=told.title,
        published_at=told.published_at,
        published_precision="day" if told.day_only else "time",
    )
    page = Page(
        run_id=1,
        url_id=int(row.url_id),
        site=told.site,
        url=told.url,
        final_url=told.url,
        status=200,
        headers=(),
        body=b"",
        fetched_at=NOW,
    )
    extraction = Extraction(blocks=(), metadata=metadata, extractor="benchmark", template_key=0)
    article = Article(page=page, extraction=extraction, metadata=metadata, text=told.text)
    return store_article(conn, site_id, article, NOW).article_id


def made_up(seed: int, words: int = 300) -> str:
    """A text of its own for each seed: made-up words, in paragraphs of 50."""
    chance = random.Random(seed)
    told = ["".join(chance.choices(_LETTERS, k=chance.randint(2, 9))) for _ in range(words)]
    return "\n\n".join(" ".join(told[at : at + 50]) + "." for at in range(0, words, 50))


def bulk(conn: Connection, first: int, texts: Sequence[str]) -> None:
    """Stores many articles with ids from `first` on, past the store: rows, no words to readers."""
    tables = METADATA.tables
    row: dict[str, Any] = {"site_id": 1, "name": "bulk.test", "start_url": "https://bulk.test/"}
    if first == 1:
        conn.execute(tables["sites"].insert(), [{**row, "added_at": NOW, "failures": 0}])
    urls = [f"https://bulk.test/{first + n}" for n in range(len(texts))]
    conn.execute(tables["urls"].insert(), [_url(first + n, url) for n, url in enumerate(urls)])
    conn.execute(tables["articles"].insert(), [_article(first + n) for n in range(len(texts))])
    said = [_revision(first + n, urls[n], told) for n, told in enumerate(texts)]
    conn.execute(tables["revisions"].insert(), said)


def _url(number: int, url: str) -> dict[str, Any]:
    return {
        "url_id": number,
        "site_id": 1,
        "url_key": sha256(url.encode()).digest(),
        "url": url,
        "state": "done",
        "found_at": NOW,
        "found_by": "sitemap",
        "newest_at": NOW,
        "attempts": 0,
        "article": True,
        "gone_times": 0,
    }


def _article(number: int) -> dict[str, Any]:
    times = {"first_seen_at": NOW, "fetched_at": NOW, "updated_at": NOW}
    return {"article_id": number, "site_id": 1, "url_id": number, "revision": 1, **times}


def _revision(number: int, url: str, told: str) -> dict[str, Any]:
    return {
        "article_id": number,
        "revision": 1,
        "url": url,
        "title": f"Story {number}",
        "authors": [],
        "published_at": NOW,
        "published_precision": "time",
        "tags": [],
        "field_sources": {},
        "text": told,
        "word_count": 0,
        "content_hash": sha256(told.encode()).hexdigest(),
        "extractor": "benchmark",
        "change": "first",
        "fetched_at": NOW,
        "extracted_at": NOW,
    }


def place(database: Database, article_ids: Sequence[int]) -> None:
    """Writes the keys of these articles, and links each."""

    async def work(linker: Linker) -> None:
        for entry in await linker.add(article_ids):
            if not await linker.link(entry):
                raise RuntimeError(f"article {entry.article_id} changes all the time")

    _drive(database, work)


def sweep(database: Database) -> None:
    """Links what is pending, as the next run does."""
    _drive(database, lambda linker: linker.sweep())


def _drive(database: Database, work: Callable[[Linker], Coroutine[Any, Any, None]]) -> None:
    writer = Writer(database)
    try:
        asyncio.run(work(Linker(writer)))
    finally:
        writer.close()
