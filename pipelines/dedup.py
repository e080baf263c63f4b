"""Stage 6: an article joins the cluster of its story; nothing is deleted, all is labelled."""

import asyncio
from collections import deque
from datetime import UTC, datetime
from functools import partial
from typing import Final

from models.duplicates import clusters, index, index_version
from models.items import Article
from models.outcomes import Outcome
from pipelines.duplicates import label_clusters, matching
from pipelines.duplicates.matching import LinkResult
from pipelines.stage import Stage
from pipelines.strip import StripPipeline

TRIES: Final = 6  # looks at an article whose candidates change under it; a sweep tries again
_BATCH: Final = 100  # pending articles that a sweep reads at once


class DedupPipeline(Stage):
    """Article -> Article: what is new or changed is looked up, compared, united."""

    async def open_spider(self) -> None:
        """Raises DatabaseNotReady where keys are made otherwise; takes up what a kill left."""
        await self.writer.write(index_version.require)
        await self._sweep()

    async def close_spider(self) -> None:
        """Takes up texts that were mended at the end, and names originals of large clusters."""
        strip = self.crawler.get_item_pipeline(StripPipeline)  # Scrapy closes all stages at once
        if isinstance(strip, StripPipeline):
            await strip.closed.wait()
        await self._sweep()

    async def process_item(self, item: Article) -> Article:
        """The same article; what it is a duplicate of stands in SQL."""
        if item.article_id is not None and item.outcome in (Outcome.STORED, Outcome.REVISED):
            await self._place(item.article_id)
        return item

    async def _place(self, article_id: int) -> None:
        """Settles an article, and then those that stood on what it said before."""
        waiting = deque([article_id])
        met = {article_id}
        while waiting:
            settled = await self._settle(waiting.popleft())
            waiting.extend(sorted(settled.requeued - met))
            met |= settled.requeued

    async def _settle(self, article_id: int) -> LinkResult:
        for _ in range(TRIES):
            told = await self.writer.read(partial(matching.load, article_id=article_id))
            if told is None:
                return LinkResult(done=True)
            prepared = await asyncio.to_thread(matching.prepare, *told)
            await self.writer.write(partial(matching.add_to_index, prepared=prepared))
            found = await self.writer.read(partial(matching.find_candidates, prepared=prepared))
            if found is None:
                continue
            verdicts = await asyncio.to_thread(matching.compare_all, found)
            now = datetime.now(UTC)
            settled = await self.writer.write(partial(matching.link, verdicts=verdicts, now=now))
            if settled.done:
                self.count("dedup/alike" if verdicts.similar else "dedup/alone")
                return settled
        self.count("dedup/left_for_the_sweep")
        return LinkResult(done=False)

    async def _sweep(self) -> None:
        after = 0
        while batch := await self.writer.read(partial(index.pending, after=after, limit=_BATCH)):
            for article_id in batch:
                await self._place(article_id)
            after = batch[-1]
        after = 0
        while batch := await self.writer.read(partial(clusters.due, after=after, limit=_BATCH)):
            for cluster_id in batch:
                name = partial(
                    label_clusters.label_due_cluster, cluster_id=cluster_id, now=datetime.now(UTC)
                )
                await self.writer.write(name)
            after = batch[-1]
