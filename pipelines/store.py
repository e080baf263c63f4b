"""Stage 5: an article is kept as a revision, its URL acknowledged, its blocks remembered."""

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection

from models.articles import articles
from models.items import Article
from models.memory import site_memory
from models.outcomes import Outcome
from models.scheduling import record_outcome
from models.urls import same_page
from pipelines.drops import DuplicateUrl, LostClaim
from pipelines.stage import Stage


class StorePipeline(Stage):
    """Article -> Article with its number and revision: one transaction, all of it or nothing."""

    async def process_item(self, item: Article) -> Article:
        """Raises DuplicateUrl for another URL of a page that is stored already."""
        stored = await self.writer.write(lambda conn: self._store(conn, item))
        if isinstance(stored, str):
            raise DuplicateUrl(stored)
        self.count(f"store/{stored.outcome}")
        return stored

    def _store(self, conn: Connection, item: Article) -> Article | str:
        """The article as it is stored, or why it is the same page as another."""
        now, run, page = datetime.now(UTC), self.run, item.page
        if articles.current(conn, page.url_id) is None:
            twin = _twin(conn, run.site_id, item)
            if twin is not None:
                return twin
        reextracted = run.kind == "reextract"
        kept = articles.keep(conn, run.site_id, item, now, reextracted=reextracted)
        if item.observation is not None:
            site_memory.update(
                conn,
                run.site_id,
                page.url_id,
                item.observation,
                run.run_id,
                now,
                new_code=reextracted,
            )
        headers = {name.lower(): value for name, value in page.headers}
        ours = record_outcome.record_outcome(
            conn,
            run,
            page.url_id,
            Outcome(kept.outcome),
            now,
            http_status=page.status,
            fetched_at=page.fetched_at,
            canonical_url=item.metadata.canonical_url,
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
        )
        if not ours:
            raise LostClaim(f"{page.url}: another run has taken it over and will store it")
        return replace(
            item, article_id=kept.article_id, revision=kept.revision, outcome=kept.outcome
        )


def _twin(conn: Connection, site_id: int, item: Article) -> str | None:
    """Why the page is another URL of one that is stored: same text, and one names the other."""
    claim, url = item.metadata.canonical_url, item.page.final_url
    for other in articles.same_text(conn, site_id, item.metadata.title, item.text or ""):
        pairs = ((claim, other.url), (other.canonical_url, url), (claim, other.canonical_url))
        if any(a and b and same_page(a, b) for a, b in pairs):
            return f"the same page as {other.url} (article {other.article_id})"
    return None
