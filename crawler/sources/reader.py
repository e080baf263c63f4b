"""Which of a site's sources are read, in which order, and with what result."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from protego import Protego
from scrapy import Request, signals
from scrapy.crawler import Crawler

from crawler.sources.fetch import FetchedSource, NotThere, fetch
from crawler.sources.ingest import Ingest, SourceResult
from crawler.sources.parsers.links import SourceBroken, SourceLink, joined, newest_first
from crawler.sources.parsers.well_known import well_known
from crawler.sources.store import SourceStore
from models.clock import utc_now
from models.sites.config import Site
from models.sites.sources import Source
from models.urls import url_key

MAX_DEPTH: Final = 3  # indexes above a sitemap
MAX_FETCHES: Final = 100  # sources a run; the next runs read the rest
GUESS_AGAIN: Final = timedelta(days=7)


class SourceReader:
    """Reads the sources that the site's TOML names, or else those that it can find."""

    def __init__(
        self, crawler: Crawler, site: Site, store: SourceStore, most: int = MAX_FETCHES
    ) -> None:
        """`most`: sources that are fetched."""
        self._crawler, self._site, self._store = crawler, site, store
        self._most = most
        self._fetched: dict[str, FetchedSource] = {}  # a moment ago, by the URL asked for
        self._ingest = Ingest(crawler, site.scope, store.add_links)
        self._queue: list[tuple[SourceLink, str]] = []  # each with what named it
        self._seen: set[tuple[bytes, bool]] = set()
        self._known: Mapping[bytes, Source] = {}
        self._fetches = 0
        self.home = site.start  # the start, after redirects
        self.doing = ""  # for progress messages
        self.read: list[tuple[SourceLink, SourceResult]] = []  # sources read, wholly or in part
        self.faults: list[str] = []  # one line each

    def give(self, asked: str, fetched: FetchedSource) -> None:
        """What was fetched a moment ago is not fetched again."""
        self._fetched[asked] = fetched

    def add(self, sources: Sequence[SourceLink], named_by: str) -> None:
        """Further sources, for the next reading."""
        for source in sources:
            self._add(source, named_by)

    async def read_sections(self, named: Sequence[SourceLink]) -> None:
        """Reads pages that may list articles: after `read_all`, whose links are known by then."""
        self.add(named, "site")
        await self._read_queue()

    def allow(self, more: int) -> None:
        """So many sources may be fetched from now on, whatever was read before."""
        self._most = self._fetches + more

    async def close(self) -> None:
        """Ends the process that reads, where `read_all` was told to leave it."""
        await self._ingest.close()

    async def read_all(self, *, close: bool = True) -> None:
        """Adds every page that a source names to the frontier; faults are noted, not raised."""
        self._known = await self._store.known()
        listen = self._crawler.signals
        listen.connect(self._robots_parsed, signals.robots_parsed)
        try:
            if self._site.sources:
                self._add_named()
                await self._read_queue()
            else:
                await self._probe()
        finally:
            listen.disconnect(self._robots_parsed, signals.robots_parsed)
            if close:
                await self._ingest.close()

    def _add_named(self) -> None:
        named = self._site.sources
        lists = {"feed": named.feeds, "section": named.sections, "sitemap": named.sitemaps}
        for kind, urls in lists.items():
            for url in urls:
                self._add(SourceLink(url, kind), "site")

    async def _probe(self) -> None:
        """Reads the front page first: it names feeds, and some sites have nothing else."""
        self._add(SourceLink(self._site.start, "section"), "site")
        await self._read_queue()
        for kind in ("sitemap", "feed"):
            for guess in well_known(kind, self.home):
                if kind not in self._kinds_read() and self._worth_guessing(guess):
                    self._add(guess, "well_known")
                    await self._read_queue()
        if self._kinds_read() == {"section"}:
            await self._require_links()

    async def _require_links(self) -> None:
        """A front page that is the only source has failed if none of its links was taken."""
        for source, result in list(self.read):
            why = _untaken(result)
            if why is not None and not any(found.links for _, found in self.read):
                number = await self._store.register(source, "site")
                await self._store.record_failure(number, why)
                self._fault(source, why)
                self.read.remove((source, result))

    def _kinds_read(self) -> set[str]:
        return {result.kind for _, result in self.read}

    def _robots_parsed(self, robotparser: Protego, request: Request) -> None:
        """The robots.txt middleware parses it; the sitemaps that it names are added here."""
        self.add_robots(robotparser, request)

    def add_robots(self, robotparser: Protego, request: Request) -> None:
        """Adds the sitemaps that a robots.txt names, if it is the site's."""
        if not self._site.sources and self._site.scope.owns(request.url):
            for url in robotparser.sitemaps:
                if found := joined(request.url, url):
                    self._add(SourceLink(found, "sitemap"), "robots")

    def _add(self, source: SourceLink, named_by: str) -> None:
        try:
            key = (url_key(source.url), source.kind == "section")
        except ValueError as wrong:
            self._fault(source, str(wrong))
            return
        if key not in self._seen:
            self._seen.add(key)
            self._queue.append((source, named_by))

    def _worth_guessing(self, guess: SourceLink) -> bool:
        known = self._known.get(url_key(guess.url))
        if known is None or known.read_at or known.tried_at is None:
            return True
        return utc_now() - known.tried_at > GUESS_AGAIN

    async def _read_queue(self) -> None:
        while self._queue and self._fetches < self._most:
            source, named_by = self._queue.pop(0)
            self._fetches += 1
            self.doing = f"reading {source.url}"
            number = await self._store.register(source, named_by)
            result = await self._read(source, number, asked_for=named_by == "site")
            if result is not None:
                self.read.append((source, result))
                self._add_further(source, result)

    async def _read(
        self, source: SourceLink, number: int, *, asked_for: bool
    ) -> SourceResult | None:
        """Fetches and reads one source, and records the result; None if nothing could be read.

        `asked_for`: the site's file names it, so that it must be of use.
        """
        try:
            known = self._known.get(url_key(source.url))
            given = self._fetched.pop(source.url, None)
            fetched = given or await fetch(self._crawler, source, known)
            if fetched.body is None:
                await self._store.record_not_modified(number)
                return SourceResult(known.kind if known else source.kind)
            if source.kind == "section" and source.url == self._site.start:
                self.home = fetched.url
            before = await self._store.seen(number)
            result = await self._ingest.read(source, fetched, fetched.body, before)
        except SourceBroken as broken:
            result = SourceResult(source.kind, error=str(broken))
            expected = isinstance(broken, NotThere)
        else:
            expected = False
            result.error = fetched.cut or result.error  # it has the links that came
            if asked_for and result.error is None and self._site.sources:
                result.error = _useless(result)
        if result.error is None:
            await self._store.record_success(number, result, fetched)
            return result
        await self._store.record_failure(number, result.error)
        if not expected:
            self._fault(source, result.error)
        return result if result.links or result.sources else None

    def _add_further(self, source: SourceLink, result: SourceResult) -> None:
        if self._site.sources and result.kind == "section":
            return  # the TOML names the feeds
        if source.depth >= MAX_DEPTH:
            self._fault(source, f"more than {MAX_DEPTH} indexes deep")
            return
        for child in newest_first(result.sources):
            known = self._known.get(url_key(child.url)) if child.modified_at else None
            read_at = known.read_at if known and not known.error else None
            if child.modified_at is None or read_at is None or child.modified_at >= read_at:
                self._add(child, "alternate" if child.kind == "feed" else "index")

    def _fault(self, source: SourceLink, reason: str) -> None:
        if not source.guessed:  # nothing names a guessed URL
            self.faults.append(f"{source.url}: {reason}")


def _useless(result: SourceResult) -> str | None:
    """Why a source that names pages names none of the site's; None if it names any."""
    if result.kind == "section":
        return _untaken(result)
    if result.sources or not 0 < result.named == result.foreign:
        return None
    where = f"such as {result.foreign_host}" if result.foreign_host else "which are none"
    return f"{result.named} addresses, all on hosts that are not in [scope] hosts, {where}"


def _untaken(result: SourceResult) -> str | None:
    """Why none of a section page's links was taken, and what to do; None if any was."""
    if result.links or not result.passed:
        return None
    return (
        f"{result.passed} links seen, none taken: none looks like an article's;"
        " say which are in [scope] include"
    )
