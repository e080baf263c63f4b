"""Which of a site's sources are read, in which order, and how each of them did."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from protego import Protego
from scrapy import Request, signals
from sqlalchemy import Connection

from crawler.discovery.links import SourceBroken, SourceLink, newest_first
from crawler.discovery.places import well_known
from crawler.spiders.fetching import NotThere, fetch
from crawler.spiders.intake import Intake, Taken
from models import sources
from models.sources import Source
from models.urls import url_key

if TYPE_CHECKING:
    from crawler.spiders.base import ArticleSpider

MAX_DEPTH: Final = 3  # indexes above a sitemap
MAX_FETCHES: Final = 100  # sources a run; what is left comes with the next runs
GUESS_AGAIN: Final = timedelta(days=7)


class SourceReader:
    """Reads the sources that the site's TOML names, or else those that it can find."""

    def __init__(self, spider: "ArticleSpider") -> None:
        self._spider, self._run, self._writer = spider, spider.run, spider.writer
        self._site, self._home = spider.run.site, spider.run.site.start
        self._intake = Intake(spider.crawler, spider.run, spider.writer)
        self._queue: list[tuple[SourceLink, str]] = []  # with who named it
        self._met: set[tuple[bytes, bool]] = set()
        self._known: dict[bytes, Source] = {}
        self._fetches = 0
        self.read: list[tuple[SourceLink, Taken]] = []  # those that were read, also in part
        self.faults: list[str] = []  # one line each

    async def read_all(self) -> None:
        """Every page that a source names is a row afterwards; faults are noted, none is raised."""
        rows = await self._writer.read(partial(_list_sources, site_id=self._run.site_id))
        self._known = {url_key(row.url): row for row in rows}
        listen = self._spider.crawler.signals
        listen.connect(self._robots_parsed, signals.robots_parsed)
        try:
            if self._site.sources:
                self._add_named()
                await self._work_off()
            else:
                await self._probe()
        finally:
            listen.disconnect(self._robots_parsed, signals.robots_parsed)
            await self._intake.close()

    def _add_named(self) -> None:
        named = self._site.sources
        lists = {"feed": named.feeds, "section": named.sections, "sitemap": named.sitemaps}
        for kind, urls in lists.items():
            for url in urls:
                self._add(SourceLink(url, kind), "site")

    async def _probe(self) -> None:
        """The front page always: it names feeds, and some sites have nothing else."""
        self._add(SourceLink(self._site.start, "section"), "site")
        await self._work_off()
        for kind in ("sitemap", "feed"):
            for place in well_known(kind, self._home):
                if kind not in self._kinds_read() and self._worth_guessing(place):
                    self._add(place, "well_known")
                    await self._work_off()

    def _kinds_read(self) -> set[str]:
        return {taken.kind for _, taken in self.read}

    def _robots_parsed(self, robotparser: Protego, request: Request) -> None:
        """robots.txt is read by its middleware; the sitemaps that it names come here."""
        if not self._site.sources and self._site.scope.owns(request.url):
            for url in robotparser.sitemaps:
                place = urljoin(request.url, url)
                self._add(SourceLink(place, "sitemap", named_in=request.url), "robots")

    def _add(self, source: SourceLink, named_by: str) -> None:
        try:
            key = (url_key(source.url), source.kind == "section")
        except ValueError as wrong:
            self._fault(source, str(wrong))
            return
        if key not in self._met:
            self._met.add(key)
            self._queue.append((source, named_by))

    def _worth_guessing(self, place: SourceLink) -> bool:
        known = self._known.get(url_key(place.url))
        if known is None or known.read_at or known.tried_at is None:
            return True
        return datetime.now(UTC) - known.tried_at > GUESS_AGAIN

    async def _work_off(self) -> None:
        while self._queue and self._fetches < MAX_FETCHES:
            source, named_by = self._queue.pop(0)
            self._fetches += 1
            number = await self._writer.write(
                partial(_noted, site_id=self._run.site_id, source=source, named_by=named_by)
            )
            taken = await self._read(source, number)
            if taken is not None:
                self.read.append((source, taken))
                self._add_further(source, taken)

    async def _read(self, source: SourceLink, number: int) -> Taken | None:
        """Fetches and reads one source, and notes how it did; None where nothing could be read."""
        try:
            known = self._known.get(url_key(source.url))
            fetched = await fetch(self._spider.crawler, source, known)
            if fetched.body is None:
                await self._note(number, sources.not_modified)
                return Taken(known.kind if known else source.kind)
            if source.kind == "section" and source.url == self._site.start:
                self._home = fetched.url
            taken = await self._intake.take_in(source, fetched, fetched.body)
        except SourceBroken as broken:
            await self._note(number, sources.failed, error=str(broken))
            if not isinstance(broken, NotThere):
                self._fault(source, str(broken))
            return None
        if taken.error is not None:
            await self._note(number, sources.failed, error=taken.error)
            self._fault(source, taken.error)
            return taken if taken.links or taken.sources else None
        # an index that did not change says nothing of what its sitemaps hold
        keep = not taken.sources
        await self._note(
            number, sources.read_well, links=taken.links, kind=taken.kind, ttl=taken.ttl,
            etag=fetched.etag if keep else None,
            last_modified=fetched.last_modified if keep else None,
        )  # fmt: skip
        return taken

    def _add_further(self, source: SourceLink, taken: Taken) -> None:
        if self._site.sources and taken.kind == "section":
            return  # the TOML names the feeds
        if source.depth >= MAX_DEPTH:
            self._fault(source, f"more than {MAX_DEPTH} indexes deep")
            return
        for child in newest_first(taken.sources):
            known = self._known.get(url_key(child.url)) if child.modified_at else None
            read_at = known.read_at if known and not known.error else None
            if child.modified_at is None or read_at is None or child.modified_at >= read_at:
                self._add(child, "alternate" if child.kind == "feed" else "index")

    async def _note(self, number: int, how: object, **said: object) -> None:
        def note(connection: Connection) -> None:
            how(connection, number, now=datetime.now(UTC), **said)  # type: ignore[operator]

        await self._writer.write(note)

    def _fault(self, source: SourceLink, reason: str) -> None:
        if not source.guessed:  # nobody said that a guessed place would be there
            self.faults.append(f"{source.url}: {reason}")


def _list_sources(connection: Connection, site_id: int) -> list[Source]:
    return sources.list_sources(connection, site_id)


def _noted(connection: Connection, site_id: int, source: SourceLink, named_by: str) -> int:
    return sources.noted(connection, site_id, source.url, source.kind, named_by)
