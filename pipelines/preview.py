"""What a re-extraction would change: archived captures read again, and nothing written."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from heapq import nlargest
from pathlib import Path
from typing import Final

from models import articles, captures
from models.article_rows import Stored
from models.captures import Capture
from models.errors import ArchiveError, ExtractionFailed
from models.frontier import Claim
from models.items import Extraction
from models.recall import SiteMemory
from models.sites import Site
from models.text import words
from models.writer import Writer
from pipelines.contribution import contribution_of
from pipelines.drops import Refused
from pipelines.extractors.chain import extract, text_of
from pipelines.extractors.verdict import judge
from pipelines.pool import Pool, PoolCrash, PoolTimeout
from pipelines.strip import refuse_what_is_none

LARGEST: Final = 5  # differences that are kept whole, to be shown


@dataclass(frozen=True, slots=True)
class Difference:
    """One article that would read otherwise."""

    url: str
    before: str = field(repr=False)
    after: str = field(repr=False)
    kind: str  # grown | shrunk | emptied | changed | new
    why: str | None = None  # where nothing would be left

    @property
    def size(self) -> int:
        """Words that only one of the two texts has."""
        old, new = Counter(words(self.before)), Counter(words(self.after))
        return (old - new).total() + (new - old).total()


@dataclass(slots=True)
class Preview:
    """What would come of one site's articles."""

    site: str
    read: int = 0
    same: int = 0
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
        self.largest = nlargest(LARGEST, [*self.largest, difference], key=lambda d: d.size)


class Previewer:
    """Reads a site's captures again, with the memory as it is now."""

    def __init__(self, writer: Writer, pool: Pool, site: Site, site_id: int, archive: Path) -> None:
        self._writer, self._pool, self._site = writer, pool, site
        self._archive = archive
        self._memory = SiteMemory(site_id)
        self.preview = Preview(site.name)

    async def look_at(self, pages: Sequence[Claim]) -> None:
        """Adds what would come of these pages; those without a capture are passed over."""
        url_ids = [page.url_id for page in pages]
        chosen = await self._writer.read(partial(captures.latest, url_ids=url_ids))
        chosen |= await self._writer.read(partial(articles.captures_of, url_ids=url_ids))
        stored = await self._writer.read(partial(articles.of_urls, url_ids=url_ids))
        known = {article.url_id: article for article in stored}
        await asyncio.gather(
            *(
                self._look(page, chosen[page.url_id], known)
                for page in pages
                if page.url_id in chosen
            )
        )

    async def _look(self, page: Claim, capture_id: int, known: Mapping[int, Stored]) -> None:
        read = partial(captures.read, folder=self._archive, capture_id=capture_id)
        try:
            capture = await self._writer.read(read)
        except ArchiveError as gone:
            self.preview.unreadable.append(f"capture {capture_id} of {page.url}: {gone}")
            return
        before = known.get(page.url_id)
        text, why = await self._text(page, capture)
        self.preview.add(difference(page.url, before.text if before else None, text, why))

    async def _text(self, page: Claim, capture: Capture) -> tuple[str, str | None]:
        """The text of today's extraction, or why there is none."""
        try:
            extraction: Extraction = await self._pool.run(
                extract,
                capture.body,
                capture.charset,
                capture.final_url,
                page.hint,
                self._site.extraction,
                capture.fetched_at,
            )
            refuse_what_is_none(extraction)
        except (PoolTimeout, PoolCrash, ExtractionFailed, Refused) as nothing:
            return "", str(nothing)
        learned = contribution_of(page.url, page.url_id, capture.fetched_at, extraction)
        evidence = await self._writer.read(partial(self._memory.evidence, of=learned))
        judgement = judge(extraction, evidence, page.url_id, self._site.extraction)
        return text_of(extraction, judgement), "nothing is left of its text"


def difference(url: str, before: str | None, after: str, why: str | None) -> Difference | None:
    """How an article would read otherwise; None where it would not."""
    if before == after or (before is None and not after):
        return None
    if before is None:
        return Difference(url, "", after, "new")
    if not after:
        return Difference(url, before, "", "emptied", why)
    old, new = len(words(before)), len(words(after))
    kind = "grown" if new > old else "shrunk" if new < old else "changed"
    return Difference(url, before, after, kind)
