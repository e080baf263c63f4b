"""Stage 3: a page's blocks are classified with what its site has taught, and become its text."""

from models.items import Article, Extraction
from pipelines.decider import Decider
from pipelines.drops import Blocked, NoContent, NotArticle, Paywalled
from pipelines.stage import Stage


class StripPipeline(Stage):
    """Article -> Article with its text, its classification, and what it teaches its site."""

    def open_spider(self) -> None:
        """Starts with an empty cache of the site's memory."""
        self._decider = Decider(self.writer, self.run)

    async def process_item(self, item: Article) -> Article:
        """Raises Blocked, Paywalled, NotArticle, and NoContent where nothing is left."""
        try:
            require_article(item.extraction, interstitials=not self.accepts)
            stripped = await self._decider.strip(item)
        except (Blocked, Paywalled, NotArticle, NoContent) as refused:
            refused.known = item.known
            raise
        self._count(stripped)
        return stripped

    def _count(self, item: Article) -> None:
        classified = item.classification
        if classified is None:
            return
        self.count("strip/classified")
        removed = sum(not block.keep for block in classified.blocks)
        removed += sum(run.blocks for run in item.extraction.removed)
        self.count("strip/removed_blocks", removed)
        restored = sum(block.keep and block.changed for block in classified.blocks)
        self.count("strip/restored_blocks", restored)
        self.count("strip/refused", int(classified.refused is not None))
        self.count("strip/refreshed", int(item.refresh is not None))


def require_article(extraction: Extraction, *, interstitials: bool = True) -> None:
    """Raises NoContent, Blocked, Paywalled or NotArticle if extraction found no article.

    Without `interstitials`, what looks like one passes: a person has said that it is an article.
    """
    if extraction.interstitial == "empty":
        raise NoContent("the page has no text that could be an article's")
    if interstitials and extraction.interstitial == "paywall":
        raise Paywalled("the page is only a call to subscribe")
    if interstitials and extraction.interstitial is not None:
        raise Blocked(f"the page is a {extraction.interstitial} page, not the article")
    if not extraction.is_article:
        raise NotArticle("the page lists other pages")
