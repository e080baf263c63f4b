"""One look at a site that has no file yet: what names its pages, and where it leads."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final

from protego import Protego
from scrapy import Request, Spider, signals

from crawler.sources.fetch import FetchedSource, fetch
from crawler.sources.ingest import SourceResult
from crawler.sources.parsers.links import SourceBroken, SourceLink
from crawler.sources.parsers.read import looks_like, read_whole
from crawler.sources.parsers.section_links import MOST
from crawler.sources.parsers.sitemap import read_sitemap
from crawler.sources.reader import SourceReader
from crawler.sources.site_start import start_of_page, start_of_source
from crawler.sources.store import InMemorySourceStore
from models.crawl.run import Run
from models.errors import OwnFault, WinnowError
from models.sites.config import Scope, Site, default_hosts
from pipelines.pool import PoolShare

MOST_SOURCES: Final = 25  # that one look reads, section pages apart: an index needs no more
ENOUGH_LINKS: Final = 10  # of sitemaps and feeds: with fewer, section pages are looked at


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked at, and for how long."""

    address: str  # of a page of the site, a feed or a sitemap; as it is requested
    feeds: tuple[str, ...] = ()  # known beside it
    private: bool = False  # the address's own host and port may be a private address
    seconds: float = 300.0


@dataclass(frozen=True, slots=True)
class FoundSource:
    """A source that could be read."""

    kind: str
    url: str
    links: int  # to pages in scope
    newest: datetime | None  # of the dates that it gives them


@dataclass(slots=True)
class Probed:
    """What one look found."""

    start: str  # of the site
    sources: list[FoundSource] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)  # one line each
    known: str | None = None  # the site that has a file already; then nothing else was read
    broken: Exception | None = None  # a fault of ours or of the machine's

    def urls(self, kind: str) -> list[str]:
        """The sources of a kind that name pages."""
        return [source.url for source in self.sources if source.kind == kind and source.links]


Claim = Callable[[str], Awaitable[str | None]]  # a start -> the name of the site that has it


class ProbeSpider(Spider):
    """Asks the site for its sources, as any crawl would: guarded, slowly, obeying robots.txt."""

    name = "probe"
    handle_httpstatus_list = (304, *range(400, 600))

    def __init__(self, look: Look, found: Probed, pool: PoolShare, claim: Claim) -> None:
        super().__init__()
        site = _site(look.address, look.private)
        self.run = Run(run_id=0, kind="probe", site=site, site_id=0, owner="")
        self._look, self._found, self._pool, self._claim = look, found, pool, claim
        self._robots: list[tuple[Protego, Request]] = []

    async def start(self) -> AsyncIterator[Request]:
        """Reads the sources; no page is asked for."""
        self.crawler.signals.connect(self._parsed, signals.robots_parsed)
        try:
            async with asyncio.timeout(self._look.seconds):
                await self._read()
        except TimeoutError:
            self._found.faults.append(
                f"{self._look.address}: not done after {self._look.seconds:g} s"
            )
        except Exception as fault:  # noqa: BLE001 - it is raised where all looks are awaited
            self._found.broken = fault
        pages: tuple[Request, ...] = ()
        for page in pages:
            yield page

    def _parsed(self, robotparser: Protego, request: Request) -> None:
        self._robots.append((robotparser, request))

    async def _read(self) -> None:
        look, found = self._look, self._found
        first: FetchedSource | None = None
        source: SourceLink | None = None
        try:
            first = await fetch(self.crawler, SourceLink(look.address, "section"), None)
            source = await self._as_source(first)
        except OwnFault:
            raise
        except (SourceBroken, WinnowError) as broken:
            found.faults.append(f"{look.address}: {broken}")
            if first is not None or not str(broken).startswith("HTTP 4"):
                return  # nothing else of it will answer either
        if source is None and first is not None:
            found.start = start_of_page(look.address, first.url)
        found.known = await self._claim(found.start)
        if found.known is not None:
            return
        given = [SourceLink(feed, "feed") for feed in look.feeds]
        await self._read_site(found.start, first, [source, *given] if source else given)

    async def _as_source(self, first: FetchedSource) -> SourceLink | None:
        """The feed or sitemap that the address is, with the site's start noted; None for a page."""
        body, address = first.body or b"", self._look.address
        kind = await asyncio.to_thread(looks_like, body)
        if kind not in ("feed", "sitemap"):
            return None
        if kind == "feed":
            parsed = await self._pool.run(read_whole, kind, body, first.url, first.charset)
            start = start_of_source(parsed.home, (link.url for link in parsed.links))
        else:
            links = await asyncio.to_thread(_some_links, body, first.url)
            start = start_of_source(None, links or [first.url])
        if start is None:
            raise SourceBroken("a feed that names neither its site nor any page")
        self._found.start = start
        return SourceLink(address, kind)

    async def _read_site(
        self, start: str, first: FetchedSource | None, given: list[SourceLink]
    ) -> None:
        site, found = _site(start, self._look.private), self._found
        reader = SourceReader(self.crawler, site, InMemorySourceStore(), MOST_SOURCES)
        own = [source for source in given if source.url == self._look.address]
        if first is not None:
            reader.give(own[0].url if own else start, first)
        for parser, request in self._robots:
            reader.add_robots(parser, request)
        reader.add(given, "site")
        by_itself: list[tuple[SourceLink, SourceResult]] | None = None
        try:
            await reader.read_all(close=False)
            by_itself = list(reader.read)
            if named := _sections_worth_a_look(by_itself):
                reader.allow(MOST)
                await reader.read_sections(named)
        finally:  # what was read until its time was over counts
            await reader.close()
            found.faults += (one for one in reader.faults if one not in found.faults)
            of_use = reader.read if by_itself is None else [
                pair for pair in reader.read if pair in by_itself or pair[1].new
            ]  # fmt: skip
            found.sources += _found(of_use)


def _some_links(body: bytes, url: str) -> list[str]:
    try:
        return [item.url for item in islice(read_sitemap(body, url, 0), 50)]
    except SourceBroken:  # the reader says so
        return []


def _sections_worth_a_look(
    read: list[tuple[SourceLink, SourceResult]],
) -> list[SourceLink]:
    """Section pages that the front page names, if sitemaps and feeds name too few pages."""
    pages = [result for _, result in read if result.kind == "section"]
    named = sum(result.links for _, result in read if result.kind != "section")
    if named >= max(ENOUGH_LINKS, *(page.links for page in pages), 0):
        return []
    return [section for page in pages for section in page.sections][:MOST]


def _found(read: list[tuple[SourceLink, SourceResult]]) -> list[FoundSource]:
    """The sources; an index has the links of its sitemaps, which change while it stays."""
    above = {
        child.url: source.url
        for source, result in read
        for child in result.sources
        if result.kind == "sitemap" and child.url != source.url
    }
    found: dict[str, FoundSource] = {}
    for source, result in read:
        top, seen = source.url, set[str]()
        while result.kind == "sitemap" and top in above and top not in seen:
            seen.add(top)
            top = above[top]
        was = found.get(top, FoundSource(result.kind, top, 0, None))
        newest = max(filter(None, (was.newest, result.newest)), default=None)
        found[top] = replace(was, links=was.links + result.links, newest=newest)
    return [source for source in found.values() if source.links or source.url not in above.values()]


def _site(start: str, private: bool) -> Site:
    scope = Scope(hosts=default_hosts(start), private=private)
    return Site(name="probe", path=Path(), start=start, scope=scope)
