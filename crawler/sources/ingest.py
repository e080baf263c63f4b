"""The links of a source, ingested into the frontier."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from itertools import islice
from typing import Final

from scrapy.crawler import Crawler

from crawler.sources.fetch import FetchedSource
from crawler.sources.parsers.entries import LEFT_OUT, Unseen, unseen, wanted
from crawler.sources.parsers.link_shape import is_home, is_listing
from crawler.sources.parsers.links import (
    ParsedSource,
    SourceBroken,
    SourceLink,
    plausible,
)
from crawler.sources.parsers.read import looks_like, read_whole
from crawler.sources.parsers.sitemap import read_sitemap
from models.batches import batched
from models.clock import utc_now
from models.dates import date_in_url
from models.errors import WinnowError
from models.items import Link
from models.sites.config import Scope
from models.sites.readings import SeenSource
from models.urls import netloc_of, url_key
from pipelines.pool import Pool

BATCH: Final = 500  # links a write
LONG: Final = 64 * 1024  # bytes of a sitemap of which it is noted what was seen
RULES: Final = 2  # raised when links are chosen or stored by other rules: all is read again then
SECONDS: Final = 30.0  # to read one page or feed


AddLinks = Callable[[Sequence[Link], datetime], Awaitable[int]]  # returns how many are new


@dataclass(slots=True)
class SourceResult:
    """The result of reading one source."""

    kind: str  # what it turned out to be
    links: int = 0  # in scope
    new: int = 0  # of these, not known before
    newest: datetime | None = None  # of the links' dates
    sources: list[SourceLink] = field(default_factory=list)
    ttl: int | None = None  # seconds
    error: str | None = None  # where reading broke off
    named: int = 0  # links, in scope or not
    passed: int = 0  # links of a section page, whether they look like articles' or not
    sections: list[SourceLink] = field(default_factory=list)  # that a section page may name
    foreign: int = 0  # of these, on hosts that are none of the site's
    foreign_host: str | None = None  # one of those
    seen: SeenSource | None = None  # its entries, where they are to be noted


@dataclass(frozen=True, slots=True)
class SeenBefore:
    """What was read of a source before, and which of its pages are looked at all the same."""

    source: SeenSource | None = None
    again: frozenset[bytes] = frozenset()  # beginnings of the keys of their URLs


NOTHING_SEEN: Final = SeenBefore()


class Ingest:
    """Reads bodies of sources; untrusted markup only in a process that can be killed."""

    def __init__(self, crawler: Crawler, scope: Scope, add_links: AddLinks) -> None:
        self._scope, self._add_links = scope, add_links
        self._every_link = bool(scope.include)  # then the patterns select articles
        workers = min(1, crawler.settings.getint("WINNOW_WORKERS"))
        self._pool = Pool.shared(crawler, workers, SECONDS, read_whole.__module__)

    async def read(
        self,
        source: SourceLink,
        fetched: FetchedSource,
        body: bytes,
        before: SeenBefore = NOTHING_SEEN,
    ) -> SourceResult:
        """Adds every page that the body names to the frontier; what was seen before is there."""
        kind = source.kind
        if kind != "section":
            found = await asyncio.to_thread(looks_like, body)
            if found == "html" and source.page is not None:
                result = SourceResult(kind)
                await self._keep([source.page], result)
                return result
            if found == "html":
                raise SourceBroken(f"an HTML page, not a {kind}")
            kind = found or kind
        if kind == "sitemap":
            return await self._sitemap(source, fetched, body, before)
        return await self._whole(kind, fetched, body)

    async def close(self) -> None:
        """Ends the reading process."""
        await asyncio.to_thread(self._pool.close)

    async def _whole(self, kind: str, fetched: FetchedSource, body: bytes) -> SourceResult:
        try:
            parsed: ParsedSource = await self._pool.run(
                read_whole, kind, body, fetched.url, fetched.charset, self._every_link
            )
        except (SourceBroken, WinnowError) as broken:
            return SourceResult(kind, error=str(broken))
        result = SourceResult(
            kind, sources=list(parsed.sources), ttl=parsed.ttl, error=parsed.error,
            passed=parsed.seen, sections=list(parsed.sections),
        )  # fmt: skip
        for links in batched(parsed.links, BATCH):
            await self._keep(links, result)
        return result

    async def _sitemap(
        self, source: SourceLink, fetched: FetchedSource, body: bytes, before: SeenBefore
    ) -> SourceResult:
        seen = SeenSource(self._basis(fetched.url), sha256(body).digest(), b"")
        known = before.source
        if known is None or known.basis != seen.basis:
            known = None
        elif known.body_hash == seen.body_hash and not before.again:
            return SourceResult("sitemap", links=wanted(known.entries))
        unread = None
        if len(body) >= LONG:
            packed = known.entries if known else b""
            unread = await asyncio.to_thread(unseen, body, fetched.url, packed, before.again)
        links = 0 if unread is None else wanted(unread.packed())
        rest, part = (unread.body, True) if unread else (body, False)
        items = read_sitemap(rest, fetched.url, source.depth, part=part)
        result = await self._stream(items, unread)
        result.links += links
        if unread is not None and result.error is None:
            packed = await asyncio.to_thread(unread.packed)
            result.seen = replace(seen, entries=packed)
        return result

    def _basis(self, url: str) -> bytes:
        """What decides which entries are wanted, and how they are stored."""
        scope = self._scope
        patterns = [[p.pattern for p in chosen] for chosen in (scope.include, scope.exclude)]
        told = (RULES, url, sorted(scope.hosts), patterns, scope.max_age, self._every_link)
        return sha256(repr(told).encode(errors="replace")).digest()

    async def _stream(
        self, items: Iterator[Link | SourceLink], unread: Unseen | None = None
    ) -> SourceResult:
        result = SourceResult("sitemap")
        more = True
        while more:
            batch, more, result.error = await asyncio.to_thread(_next_batch, items)
            result.sources += [item for item in batch if isinstance(item, SourceLink)]
            links = [item for item in batch if isinstance(item, Link)]
            await self._keep(links, result, unread)
        return result

    async def _keep(
        self, links: Sequence[Link], result: SourceResult, unread: Unseen | None = None
    ) -> None:
        now = utc_now()
        believed = [plausible(link, now) for link in links]
        kept = [link for link in believed if self._wants(link, now)]
        self._count_hosts(links, result)
        if kept:
            dates = (link.hint.published_at or link.hint.modified_at for link in kept)
            result.newest = max(filter(None, [result.newest, *dates]), default=None)
            result.links += len(kept)
            result.new += await self._add_links(kept, now)
        if unread is not None:
            stored = {link.url for link in kept}
            for said, link in zip(links, believed, strict=True):
                if said is link:  # a date that is not believed today may be one day
                    unread.record(link.url, _key(link.url) if link.url in stored else LEFT_OUT)

    def _count_hosts(self, links: Sequence[Link], result: SourceResult) -> None:
        result.named += len(links)
        for link in links:
            try:
                if not self._scope.owns(link.url):
                    result.foreign += 1
                    result.foreign_host = result.foreign_host or netloc_of(link.url)
            except ValueError:  # no address at all
                result.foreign += 1

    def _wants(self, link: Link, now: datetime) -> bool:
        dated = link.hint.published_at or link.hint.modified_at
        if dated is None and (named := date_in_url(link.url)):
            dated = named.at
        if self._scope.admits(link.url, dated, now) or is_home(link.url):
            return False
        return self._every_link or link.found_by != "sitemap" or not is_listing(link.url)


def _key(url: str) -> bytes:
    try:
        return url_key(url)
    except ValueError:  # it names no page, so none was stored
        return LEFT_OUT


def _next_batch(
    items: Iterator[Link | SourceLink],
) -> tuple[list[Link | SourceLink], bool, str | None]:
    """The next items, whether more may come, and why not where reading broke off."""
    batch: list[Link | SourceLink] = []
    try:
        batch.extend(islice(items, BATCH))  # list() would lose the items before a break
    except SourceBroken as broken:
        return batch, False, str(broken)
    return batch, len(batch) == BATCH, None
