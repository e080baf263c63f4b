"""Stage 8: a stored article joins the cluster of its story; nothing is deleted, all is labelled."""

from scrapy.crawler import Crawler

from models.duplicates.index import IndexEntry
from models.items import Article
from models.outcomes import Outcome
from pipelines.duplicates.linker import Linker
from pipelines.duplicates.sketch import sketch
from pipelines.stage import Stage


class DedupPipeline(Stage):
    """Article -> Article: what is new or changed is looked up, compared, linked."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._linker = Linker(self.writer, self.count)

    async def process_item(self, item: Article) -> Article:
        """The same article; what it is a duplicate of stands in SQL."""
        if item.article_id is not None and item.outcome in (Outcome.STORED, Outcome.REVISED):
            made = item.sketch or sketch(item.text or "")
            await self._linker.link(IndexEntry(item.article_id, item.revision or 0, *made))
        return item
