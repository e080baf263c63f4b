"""Stage 4: what may become the current revision; a good copy is never replaced by a worse one."""

from functools import partial
from typing import Final

from sqlalchemy import Connection

from models import articles, members, stories
from models.items import Article
from models.text import words
from pipelines.drops import Blocked, Worse
from pipelines.sketch import sketch
from pipelines.stage import Stage

# An edit leaves more than this share of a text; below it, what came is a broken page far more
# often than an article cut to a third.
LEAST_SHARE: Final = 0.4
SHORT: Final = 60  # words; of a shorter text, a share says nothing
MANY: Final = 3  # other titles over the same text: it is the site's, a wall that nobody knew


class GatePipeline(Stage):
    """Article -> Article, unless what is stored is better; `-a accept=1` lets all pass."""

    async def process_item(self, item: Article) -> Article:
        """Raises Worse, or Blocked where the text is the site's and not the article's."""
        if getattr(self.crawler.spider, "accepts", False):
            return item
        text = item.text or ""
        known, titles = await self.writer.read(partial(self._stored, item=item))
        if known is not None and known != text:
            reason = worse_than(known, text)
            if reason is not None:
                raise Worse(reason)
        if len(titles) >= MANY and known != text:
            raise Blocked(f"the same text stands under {len(titles)} other titles of the site")
        return item

    def _stored(self, connection: Connection, item: Article) -> tuple[str | None, set[str]]:
        """The text that is stored of the page, and other titles that have the new text."""
        known = articles.current(connection, item.page.url_id)
        body_key = sketch(item.text or "").body_key
        equal = members.with_body(connection, body_key, limit=100) if body_key else []
        titles = {
            story.title
            for story in stories.stories(connection, equal).values()
            if story.site == item.page.site and story.title != item.metadata.title
        }
        return known.text if known else None, titles


def worse_than(known: str, text: str) -> str | None:
    """Why `text` does not replace what is known of a page; None where it may."""
    before, after = len(words(known)), len(words(text))
    if before >= SHORT and after < before * LEAST_SHARE:
        return f"{after} words, where the stored copy has {before}; -a accept=1 takes it"
    return None
