"""A site's sources and their links: stored in the database, or for one probe in memory."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final, Protocol
from urllib.parse import urlsplit

from sqlalchemy import Connection

from crawler.sources.fetch import FetchedSource
from crawler.sources.ingest import NOTHING_SEEN, SeenBefore, SourceResult
from crawler.sources.parsers.entries import WIDTH
from crawler.sources.parsers.links import SourceLink
from models.clock import utc_now
from models.crawl import frontier, waiting
from models.crawl.run import Run
from models.db.writer import Writer
from models.folding import folded
from models.items import Link
from models.sites import readings, sources
from models.sites.sources import Source
from models.urls import url_key

MANY: Final = 5_000  # new URLs of one source: PostgreSQL's plans are of the table before


class SourceStore(Protocol):
    """Stores the result of each source, and the links that it names."""

    async def known(self) -> Mapping[bytes, Source]:
        """Sources by the key of their URL."""

    async def add_links(self, links: Sequence[Link], now: datetime, /) -> int:
        """Stores links to pages; returns how many are new."""

    async def register(self, source: SourceLink, named_by: str, /) -> int:
        """Records that a source is about to be read; returns its number."""

    async def seen(self, number: int, /) -> SeenBefore:
        """What was read of a source before."""

    async def record_success(
        self, number: int, result: SourceResult, fetched: FetchedSource
    ) -> None:
        """Records that it was read whole."""

    async def record_not_modified(self, number: int) -> None:
        """Records an answer 304."""

    async def record_failure(self, number: int, error: str) -> None:
        """Records that it could not be read, or not to its end."""


class SqlSourceStore:
    """The store of a run, in the database."""

    def __init__(self, run: Run, writer: Writer) -> None:
        self._run, self._writer = run, writer

    async def known(self) -> Mapping[bytes, Source]:
        """The sources that earlier runs recorded."""
        rows = await self._writer.read(partial(sources.list_sources, site_id=self._run.site_id))
        return {url_key(row.url): row for row in rows}

    async def add_links(self, links: Sequence[Link], now: datetime) -> int:
        """Adds each to the frontier."""
        return await self._writer.write(
            lambda conn: frontier.add_links(conn, self._run.site_id, links, now)
        )

    async def register(self, source: SourceLink, named_by: str) -> int:
        """Adds it to the sources."""
        return await self._writer.write(
            lambda conn: sources.register(
                conn, self._run.site_id, source.url, source.kind, named_by
            )
        )

    async def seen(self, number: int) -> SeenBefore:
        """Its entries, and the site's pages that were given up so long ago that they are due."""

        def read(conn: Connection) -> SeenBefore:
            found = readings.find(conn, number)
            if found is None:
                return NOTHING_SEEN
            given_up = waiting.given_up(conn, self._run.site_id, utc_now())
            return SeenBefore(found, frozenset(key[:WIDTH] for key in given_up))

        return await self._writer.read(read)

    async def record_success(
        self, number: int, result: SourceResult, fetched: FetchedSource
    ) -> None:
        """Stores its validators if it named pages only, and no further sources.

        And what was seen of it: all its links are in the database by now.
        """
        keep = not result.sources  # an unchanged index may name changed sitemaps

        def record(conn: Connection, now: datetime) -> None:
            sources.record_success(
                conn, number, now, links=result.links, kind=result.kind, ttl=result.ttl,
                etag=fetched.etag if keep else None,
                last_modified=fetched.last_modified if keep else None,
            )  # fmt: skip
            if result.new >= MANY:
                waiting.refresh_statistics(conn)
            if result.seen is not None and keep:
                readings.keep(conn, number, result.seen, now)

        await self._record(record)

    async def record_not_modified(self, number: int) -> None:
        """Counts it as read, with the links of before."""
        await self._record(lambda conn, now: sources.record_not_modified(conn, number, now))

    async def record_failure(self, number: int, error: str) -> None:
        """Counts one more failure in a row."""
        await self._record(lambda conn, now: sources.record_failure(conn, number, error, now))

    async def _record(self, record: Callable[[Connection, datetime], None]) -> None:
        await self._writer.write(lambda conn: record(conn, utc_now()))


class InMemorySourceStore:
    """A store for one probe of a site that is not added yet: nothing was known before."""

    def __init__(self) -> None:
        self._pages: set[bytes] = set()
        self._stories: set[tuple[str, str]] = set()

    async def known(self) -> Mapping[bytes, Source]:
        """No sources."""
        return {}

    async def add_links(self, links: Sequence[Link], _now: datetime) -> int:
        """Those are new that no source named so far, at this or another address.

        A section page may name what the front page names by links that miss their base, or that
        go by the section: `/sport/story-17` for `/story-17`.
        """
        keys = {url_key(link.url): _story(link) for link in links}
        new = {
            key: story
            for key, story in keys.items()
            if key not in self._pages and story not in self._stories
        }
        self._pages |= keys.keys()
        self._stories |= {story for story in keys.values() if story is not None}
        return len(new)

    async def register(self, _source: SourceLink, _named_by: str) -> int:
        """Returns 0: numbers are not needed."""
        return 0

    async def seen(self, _number: int) -> SeenBefore:
        """Nothing."""
        return NOTHING_SEEN

    async def record_success(
        self, number: int, result: SourceResult, fetched: FetchedSource
    ) -> None:
        """The reader keeps the result."""

    async def record_not_modified(self, number: int) -> None:
        """Never called: no validator is known."""

    async def record_failure(self, number: int, error: str) -> None:
        """The reader keeps the result."""


def _story(link: Link) -> tuple[str, str] | None:
    """Headline and end of the address; None for a link without a headline."""
    if not link.hint.title:
        return None
    parts = urlsplit(link.url)
    return folded(link.hint.title), f"{parts.path.rstrip('/').rpartition('/')[2]}?{parts.query}"
