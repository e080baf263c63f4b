"""What a re-extraction would change: archived captures read again, and nothing written."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from heapq import nlargest
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from models.archive import captures
from models.archive.reader import unread
from models.articles import articles, extractions, rows
from models.articles.revisions import Facts
from models.articles.rows import StoredArticle
from models.crawl.url_rows import UrlLease
from models.db.writer import Writer
from models.errors import ArchiveError, ExtractionFailed
from models.items import Article, CaptureRef, Extraction
from models.memory.cache import EvidenceCache
from models.sites.config import Site
from models.text import clean, words
from pipelines.accept import compared
from pipelines.acceptance import refusal
from pipelines.boilerplate.classify import classify
from pipelines.boilerplate.observation import observation_of
from pipelines.drops import Refused
from pipelines.page_reader import text_of
from pipelines.pool import Pool, PoolCrash, PoolTimeout
from pipelines.reread import reread
from pipelines.strip import refuse_what_is_none

LARGEST: Final = 5  # differences that are kept whole, to be shown


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page says, or why it says nothing."""

    title: str | None
    text: str = field(repr=False)
    why: str | None = None  # the stored copy would stay
    facts: tuple[str, ...] = ()  # what readers select by: authors and the time, a line each


NOTHING: Final = Reading(None, "")


@dataclass(frozen=True, slots=True)
class Difference:
    """One article that would read otherwise."""

    url: str
    kind: str  # new | changed | grown | shrunk | emptied
    before: Reading
    after: Reading

    @property
    def size(self) -> int:
        """Words that only one of the two readings has."""
        old, new = (
            Counter(words(" ".join([reading.title or "", *reading.facts, reading.text])))
            for reading in (self.before, self.after)
        )
        return (old - new).total() + (new - old).total()


@dataclass(slots=True)
class Preview:
    """What would come of one site's articles."""

    site: str
    read: int = 0
    same: int = 0
    refused: int = 0  # differences that the gate would not let through
    kinds: Counter[str] = field(default_factory=Counter)
    unreadable: list[str] = field(default_factory=list)  # captures, one line each
    largest: list[Difference] = field(default_factory=list)

    def add(self, difference: Difference | None) -> None:
        """Takes one page in; None: it reads as it does now, or is no article as before."""
        self.read += 1
        if difference is None:
            self.same += 1
            return
        self.kinds[difference.kind] += 1
        self.refused += difference.after.why is not None
        self.largest = nlargest(LARGEST, [*self.largest, difference], key=lambda d: d.size)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is stored of some pages, by url_id."""

    articles: Mapping[int, StoredArticle]
    facts: Mapping[int, Facts]
    copies: Mapping[int, CaptureRef]
    digests: Mapping[int, bytes]


class Previewer:
    """Reads a site's captures again, with the memory as it is now."""

    def __init__(
        self,
        writer: Writer,
        pool: Pool,
        site: Site,
        site_id: int,
        archive: Path,
        *,
        accepts: bool = False,
    ) -> None:
        self._writer, self._pool, self._site, self._accepts = writer, pool, site, accepts
        self._archive = archive
        self._memory = EvidenceCache(site_id)
        self.preview = Preview(site.name)

    async def look_at(self, pages: Sequence[UrlLease]) -> None:
        """Adds what would come of these pages; those without a capture are passed over."""
        url_ids = [page.url_id for page in pages]
        known = await self._writer.read(partial(_known, url_ids=url_ids))
        await asyncio.gather(
            *(self._look(page, known) for page in pages if page.url_id in known.copies)
        )

    async def _look(self, page: UrlLease, known: "_Known") -> None:
        copy, digest = known.copies[page.url_id], known.digests.get(page.url_id)
        try:
            then = await self._read(page, copy, digest)
        except ArchiveError as gone:
            self.preview.unreadable.append(f"capture {copy.capture_id} of {page.url}: {gone}")
            return
        now = known.articles.get(page.url_id)
        before = None
        if now is not None:
            before = Reading(now.title, now.text, facts=_lines(known.facts[page.url_id]))
        self.preview.add(difference(page.url, before, then) if then else None)

    async def _read(self, page: UrlLease, copy: CaptureRef, digest: bytes | None) -> Reading | None:
        """What today's extraction and memory make of a copy; None: what is stored."""
        rules = self._site.extraction
        try:
            extraction: Extraction | None = await self._pool.run(
                reread, self._archive, copy, page.hint, rules, digest
            )
            if extraction is None:
                return None
            refuse_what_is_none(extraction, walls=not self._accepts)
        except (PoolTimeout, PoolCrash, ExtractionFailed, Refused) as nothing:
            return Reading(None, "", str(nothing))
        learned = observation_of(page.url, page.url_id, copy.fetched_at, extraction)
        evidence = await self._writer.read(partial(self._memory.evidence, of=learned))
        classification = classify(extraction, evidence, page.url_id, rules)
        text = clean(text_of(extraction, classification))
        title = extraction.metadata.title and clean(extraction.metadata.title)
        if not text:
            return Reading(title, "", "nothing is left of its text")
        whole = unread(copy, self._site.name, page.url, page.hint, run_id=0)
        item = Article(whole, extraction, extraction.metadata, text, classification)
        facts = _lines(Facts.of(extraction.metadata))
        return Reading(title, text, await self._gate(item), facts)

    async def _gate(self, item: Article) -> str | None:
        """Why the gate would not let it through."""
        if self._accepts:
            return None
        found = await self._writer.read(partial(compared, item=item))
        refused = refusal(found.known, item, found.others) if found.body_key else None
        return refused.reason if refused else None


def _known(conn: Connection, url_ids: Sequence[int]) -> _Known:
    chosen = captures.latest(conn, url_ids) | rows.captures_of(conn, url_ids)
    refs = captures.refs(conn, list(chosen.values()))
    return _Known(
        facts=rows.facts_of(conn, url_ids),
        articles={article.url_id: article for article in articles.of_urls(conn, url_ids)},
        copies={url_id: refs[capture_id] for url_id, capture_id in chosen.items()},
        digests=extractions.digests(conn, url_ids),
    )


def _lines(facts: Facts) -> tuple[str, ...]:
    """As people read them."""
    lines = [f"by {', '.join(facts.authors)}"] if facts.authors else []
    if facts.published_at is not None:
        form = "%Y-%m-%d" if facts.published_precision == "day" else "%Y-%m-%d %H:%M UTC"
        lines.append(f"published {facts.published_at.strftime(form)}")
    return tuple(lines)


def difference(url: str, before: Reading | None, after: Reading) -> Difference | None:
    """How an article would read otherwise; None where it would not, or is none as before."""
    if before is None:
        return Difference(url, "new", NOTHING, after) if after.text else None
    if not after.text:
        return Difference(url, "emptied", before, after)
    if replace(after, why=None) == before:
        return None
    old, new = len(words(before.text)), len(words(after.text))
    kind = "grown" if new > old else "shrunk" if new < old else "changed"
    return Difference(url, kind, before, after)
