"""What is known of a site's sources and what they name: in the database, or for once in memory."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from sqlalchemy import Connection

from crawler.sources.fetch import FetchedSource
from crawler.sources.ingest import SourceResult
from crawler.sources.parsers.links import SourceLink
from models.crawl import frontier
from models.crawl.run import Run
from models.db.writer import Writer
from models.items import Link
from models.sites import sources
from models.sites.sources import Source
from models.urls import url_key


class SourceStore(Protocol):
    """Keeps how each source did, and the links that they named."""

    async def known(self) -> Mapping[bytes, Source]:
        """Sources by the key of their URL."""

    async def add_links(self, links: Sequence[Link], now: datetime) -> int:
        """Keeps links to pages; returns how many are new."""

    async def register(self, source: SourceLink, named_by: str) -> int:
        """A source is about to be asked; returns its number."""

    async def record_success(
        self, number: int, taken: SourceResult, fetched: FetchedSource
    ) -> None:
        """It was read whole."""

    async def record_not_modified(self, number: int) -> None:
        """It said 304."""

    async def record_failure(self, number: int, error: str) -> None:
        """It could not be read, or not to its end."""


class SqlSourceStore:
    """The book of a run, in the database."""

    def __init__(self, run: Run, writer: Writer) -> None:
        self._run, self._writer = run, writer

    async def known(self) -> Mapping[bytes, Source]:
        """What earlier runs noted."""
        rows = await self._writer.read(partial(_list_sources, site_id=self._run.site_id))
        return {url_key(row.url): row for row in rows}

    async def add_links(self, links: Sequence[Link], now: datetime) -> int:
        """A row of the frontier each."""
        return await self._writer.write(
            lambda conn: frontier.add_links(conn, self._run.site_id, links, now)
        )

    async def register(self, source: SourceLink, named_by: str) -> int:
        """A row of the sources."""
        return await self._writer.write(
            lambda conn: sources.register(
                conn, self._run.site_id, source.url, source.kind, named_by
            )
        )

    async def record_success(
        self, number: int, taken: SourceResult, fetched: FetchedSource
    ) -> None:
        """Its links are rows by now; its validators are kept if it named pages alone."""
        keep = not taken.sources  # an unchanged index says nothing of what its sitemaps hold
        await self._note(
            lambda conn, now: sources.record_success(
                conn, number, now, links=taken.links, kind=taken.kind, ttl=taken.ttl,
                etag=fetched.etag if keep else None,
                last_modified=fetched.last_modified if keep else None,
            )
        )  # fmt: skip

    async def record_not_modified(self, number: int) -> None:
        """It is well, and names what it named before."""
        await self._note(lambda conn, now: sources.record_not_modified(conn, number, now))

    async def record_failure(self, number: int, error: str) -> None:
        """One more failure in a row."""
        await self._note(lambda conn, now: sources.record_failure(conn, number, error, now))

    async def _note(self, note: Callable[[Connection, datetime], None]) -> None:
        await self._writer.write(lambda conn: note(conn, datetime.now(UTC)))


class InMemorySourceStore:
    """A book for one look at a site that nobody has added yet: nothing is known, nothing kept."""

    async def known(self) -> Mapping[bytes, Source]:
        """Nothing."""
        return {}

    async def add_links(self, links: Sequence[Link], now: datetime) -> int:  # noqa: ARG002 - as Book has it
        """All are new."""
        return len(links)

    async def register(self, source: SourceLink, named_by: str) -> int:  # noqa: ARG002 - as Book has it
        """No number is needed."""
        return 0

    async def record_success(
        self, number: int, taken: SourceResult, fetched: FetchedSource
    ) -> None:
        """The reader remembers it."""

    async def record_not_modified(self, number: int) -> None:
        """Never: no validator is known."""

    async def record_failure(self, number: int, error: str) -> None:
        """The reader remembers it."""


def _list_sources(conn: Connection, site_id: int) -> list[Source]:
    return sources.list_sources(conn, site_id)
