"""Stage 4: what may become the current revision; a good copy is never replaced by a worse one."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from sqlalchemy import Connection

from models import articles, members, revisions, stories
from models.article_rows import Stored
from models.items import Article
from models.stories import Story
from models.text import words
from models.wording import change_between
from pipelines.drops import Blocked, Worse
from pipelines.sketch import sketch
from pipelines.stage import Stage

# An edit leaves more than this share of a text; below it, what came is a broken page far more
# often than an article cut to a third.
LEAST_SHARE: Final = 0.4
SHORT: Final = 60  # words; of a shorter text, a share says nothing
MANY: Final = 3  # other titles over the same text: it is the site's, a wall that nobody knew
LOOKED_AT: Final = 100  # articles with the same text; more say nothing more


class GatePipeline(Stage):
    """Article -> Article, unless what is stored is better; `--accept` lets all pass."""

    async def process_item(self, item: Article) -> Article:
        """Raises Worse, or Blocked where the text is the site's and not the article's."""
        if getattr(self.crawler.spider, "accepts", False):
            return item
        known, others = await self.writer.read(partial(self._stored, item=item))
        text = item.text or ""
        reason = worse_than(known.text, text) if known else None
        if reason is not None:
            raise Worse(reason)
        reason = said_of_the_site(item.metadata.title, others) or replaced(known, item, others)
        if reason is not None:
            raise Blocked(reason)
        return item

    def _stored(self, connection: Connection, item: Article) -> tuple[Stored | None, list[Story]]:
        """The stored copy of the page, and the site's other articles that have the new text.

        Those that once said just what the stored copy says are the same page at another URL,
        which has been edited too.
        """
        known = articles.current(connection, item.page.url_id)
        if known is not None and known.text == item.text:
            return known, []  # it says what it said
        body_key = sketch(item.text or "").body_key
        equal = members.with_body(connection, body_key, limit=LOOKED_AT) if body_key else []
        others = [
            story
            for story in stories.stories(connection, equal).values()
            if story.site == item.page.site
            and (known is None or story.article_id != known.article_id)
        ]
        if known is not None:
            others = [
                story
                for story in others
                if revisions.saying(connection, story.article_id, known.content_hash) is None
            ]
        return known, others


def worse_than(known: str, text: str) -> str | None:
    """Why `text` does not replace what is known of a page; None where it may."""
    before, after = len(words(known)), len(words(text))
    if before >= SHORT and after < before * LEAST_SHARE:
        return f"{after} words, where the stored copy has {before}; --accept takes it"
    return None


def said_of_the_site(title: str | None, others: Sequence[Story]) -> str | None:
    """Why a text is no article's: many articles of the site, of other titles, have it too."""
    titles = {story.title for story in others if story.title != (title or "")}
    if len(titles) < MANY:
        return None
    return f"the same text stands under {len(titles)} other titles of the site; --accept takes it"


def replaced(known: Stored | None, new: Article, others: Sequence[Story]) -> str | None:
    """Why an edit is none: title and text gave way to what another article says by now."""
    title, text = new.metadata.title, new.text or ""
    if known is None or not others or (known.title or "") == (title or ""):
        return None
    if change_between(known.title, known.text, title, text) != "rewrite":
        return None
    return f"another text altogether, which {others[0].url} has too; --accept takes it"
