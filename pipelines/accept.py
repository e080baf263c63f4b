"""Stage 6: what may become the current revision; a good copy is never replaced by a worse one."""

from models.items import Article
from pipelines.decider import Decider
from pipelines.drops import Blocked, Paywalled, Worse
from pipelines.stage import Stage


class AcceptPipeline(Stage):
    """Article -> Article, unless what is stored is better; `--accept` lets all pass."""

    def open_spider(self) -> None:
        """Nothing was accepted yet."""
        self._decider = Decider(self.writer, self.run)

    async def process_item(self, item: Article) -> Article:
        """Raises Worse, Paywalled, or Blocked if the text is the site's, not the article's."""
        if self.accepts:
            return item
        try:
            return await self._decider.accept(item)
        except (Worse, Paywalled, Blocked) as refused:
            refused.known = item.known
            raise
