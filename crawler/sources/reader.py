"""Which of a site's sources are read, in which order, and how each of them did."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urljoin

from protego import Protego
from scrapy import Request, signals
from scrapy.crawler import Crawler

from crawler.sources.fetch import NotThere, fetch
from crawler.sources.ingest import Ingest, SourceResult
from crawler.sources.parsers.links import SourceBroken, SourceLink, newest_first
from crawler.sources.parsers.well_known import well_known
from crawler.sources.store import SourceStore
from models.sites.config import Site
from models.sites.sources import Source
from models.urls import url_key

MAX_DEPTH: Final = 3  # indexes above a sitemap
MAX_FETCHES: Final = 100  # sources a run; what is left comes with the next runs
GUESS_AGAIN: Final = timedelta(days=7)


class SourceReader:
    """Reads the sources that the site's TOML names, or else those that it can find."""

    def __init__(self, crawler: Crawler, site: Site, book: SourceStore) -> None:
        self._crawler, self._site, self._book = crawler, site, book
        self._intake = Ingest(crawler, site.scope, book)
        self._queue: list[tuple[SourceLink, str]] = []  # with who named it
        self._met: set[tuple[bytes, bool]] = set()
        self._known: Mapping[bytes, Source] = {}
        self._fetches = 0
        self.home = site.start  # where the start leads, after redirects
        self.doing = ""  # for people who wait
        self.read: list[tuple[SourceLink, SourceResult]] = []  # those that were read, also in part
        self.faults: list[str] = []  # one line each

    async def read_all(self) -> None:
        """Every page that a source names is kept afterwards; faults are noted, none is raised."""
        self._known = await self._book.known()
        listen = self._crawler.signals
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
            for place in well_known(kind, self.home):
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
            self.doing = f"reading {source.url}"
            taken = await self._read(source, await self._book.register(source, named_by))
            if taken is not None:
                self.read.append((source, taken))
                self._add_further(source, taken)

    async def _read(self, source: SourceLink, number: int) -> SourceResult | None:
        """Fetches and reads one source, and notes how it did; None where nothing could be read."""
        try:
            known = self._known.get(url_key(source.url))
            fetched = await fetch(self._crawler, source, known)
            if fetched.body is None:
                await self._book.record_not_modified(number)
                return SourceResult(known.kind if known else source.kind)
            if source.kind == "section" and source.url == self._site.start:
                self.home = fetched.url
            taken = await self._intake.read(source, fetched, fetched.body)
        except SourceBroken as broken:
            taken = SourceResult(source.kind, error=str(broken))
            expected = isinstance(broken, NotThere)
        else:
            expected = False
        if taken.error is None:
            await self._book.record_success(number, taken, fetched)
            return taken
        await self._book.record_failure(number, taken.error)
        if not expected:
            self._fault(source, taken.error)
        return taken if taken.links or taken.sources else None

    def _add_further(self, source: SourceLink, taken: SourceResult) -> None:
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

    def _fault(self, source: SourceLink, reason: str) -> None:
        if not source.guessed:  # nobody said that a guessed place would be there
            self.faults.append(f"{source.url}: {reason}")
