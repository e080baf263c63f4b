"""Stage 7: an article is stored as a revision, in one transaction with all that follows from it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection

from models.articles import articles, known_pages
from models.articles.articles import Stored, Twin
from models.clock import utc_now
from models.items import Article, KnownPage, Sketch
from models.memory import pages, site_memory
from models.outcomes import Outcome
from models.scheduling.record_outcome import ArticleDates, record_outcome
from models.urls import same_page
from pipelines.decider import Decider
from pipelines.drops import DuplicateUrl, LostLease
from pipelines.duplicates.sketch import sketch
from pipelines.stage import Stage

TRIES: Final = 5  # decisions on a page that other writers change at the same time
MOST_SEEN: Final = 50_000  # entries that a run remembers to have seen: some MB


class ChangedMeanwhile(RuntimeError):
    """Other writers changed the stored page before every attempt to store it."""


class StorePipeline(Stage):
    """Article -> Article with its number and revision: all of it is stored, or nothing."""

    def open_spider(self) -> None:
        """Nothing of the site was seen yet."""
        self._templates: set[int] = set()
        self._seen: set[int] = set()  # entries of the memory that this run has seen

    async def process_item(self, item: Article) -> Article:
        """Raises DuplicateUrl for another URL of a page that is stored already.

        If another writer changed the stored copy first, the page is decided again on that.
        """
        for _ in range(TRIES):
            found = await self.writer.write(partial(self._store, item=item, sketches=_old(item)))
            if isinstance(found, str):
                raise DuplicateUrl(found, item.known)
            if found is not None:
                break
            self.count("store/decided_again")
            item = await self._decide(item)
        else:
            raise ChangedMeanwhile(
                f"{item.page.url}: other runs changed it before each of {TRIES} attempts"
            )
        self._note_seen(item)
        self.count(f"store/{found.outcome}")
        return replace(
            item, article_id=found.article_id, revision=found.revision, outcome=found.outcome
        )

    async def _decide(self, item: Article) -> Article:
        """The page, decided on what is stored of it now; raises what strip and accept raise."""
        read = partial(_stored, item=item)
        decider, known = Decider(self.writer, self.run), await self.writer.read(read)
        anew = await decider.strip(replace(item, known=known))
        return anew if self.accepts else await decider.accept(anew)

    def _note_seen(self, item: Article) -> None:
        self._templates.add(item.extraction.template_key)
        shown = item.observation
        if shown is not None and len(self._seen) < MOST_SEEN:
            self._seen |= shown.blocks.keys() | shown.dom_paths.keys()

    def _store(
        self, conn: Connection, item: Article, sketches: list[Sketch]
    ) -> Stored | str | None:
        """What was stored; why the page is another URL of a stored one; None: decide again."""
        now, run, page = utc_now(), self.run, item.page
        if item.known is not None and item.known.url_id != page.url_id:
            if known_pages.of_url(conn, page.url_id) is not None:
                return None  # it moved, and another writer stored it at its new address
        elif item.known is None:
            twins = articles.twins(conn, run.site_id, item)
            if any(twin.url_id == page.url_id for twin in twins):
                return None  # another writer stored the page meanwhile
            if (why := _same_page(item, twins)) is not None:
                return why
        reextracted = run.kind == "reextract"
        stored = articles.store(conn, run.site_id, item, sketches, now, reextracted=reextracted)
        if stored is None:
            return None
        self._observe(conn, item, now, new_code=reextracted)
        headers = {name.lower(): value for name, value in page.headers}
        alone = not item.metadata.partial and not item.parts  # else a 304 hides the other pages
        ours = record_outcome(
            conn,
            run,
            page.url_id,
            Outcome(stored.outcome),
            now,
            http_status=page.status,
            fetched_at=page.fetched_at,
            canonical_url=item.metadata.canonical_url,
            etag=headers.get("etag") if alone else None,
            last_modified=headers.get("last-modified") if alone else None,
            dates=ArticleDates(stored.published_at, stored.first_seen_at),
        )
        if not ours:
            raise LostLease(f"{page.url}: another run has taken it over and will store it")
        return stored

    def _observe(self, conn: Connection, item: Article, now: datetime, *, new_code: bool) -> None:
        """The site's memory takes in what the page shows, if that is not what it holds."""
        known, shown, run = item.known, item.observation, self.run
        if shown is None:
            return
        moved = known is not None and known.url_id != item.page.url_id
        if known is None or moved or known.observed != shown.digest:
            site_memory.update(
                conn,
                run.site_id,
                shown,
                run.run_id,
                now,
                first=known is None or moved,
                fresh=self._seen,
                template=known.template_key if known else None,
                new_template=shown.template_key not in self._templates,
                new_code=new_code,
            )
        elif shown.former is None or not pages.is_fresh(shown.former, now):
            site_memory.touch(conn, run.site_id, shown, now)


def _stored(conn: Connection, item: Article) -> KnownPage | None:
    """What is stored of the page now, or of the article that moves to it."""
    known = known_pages.of_url(conn, item.page.url_id)
    if known is None and item.known is not None:
        known = known_pages.get(conn, item.known.article_id)
    return known


def _old(item: Article) -> list[Sketch]:
    """Sketches of the texts that the new one replaces: their keys leave the index."""
    known, refresh = item.known, item.refresh
    if known is None or (item.sketch is None and refresh is None):
        return []
    return [sketch(known.text), *([refresh.sketch] if refresh else [])]


def _same_page(item: Article, twins: Sequence[Twin]) -> str | None:
    """Why the page is another URL of a stored one: the same text, and one names the other."""
    claim, url = item.metadata.canonical_url, item.page.final_url
    for other in twins:
        pairs = ((claim, other.url), (other.canonical_url, url), (claim, other.canonical_url))
        if any(a and b and same_page(a, b) for a, b in pairs):
            return f"the same page as {other.url} (article {other.article_id})"
    return None
