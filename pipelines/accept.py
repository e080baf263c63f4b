"""Stage 4: what may become the current revision; a good copy is never replaced by a worse one."""

from collections import OrderedDict
from functools import partial
from typing import Final, NamedTuple

from scrapy.crawler import Crawler
from sqlalchemy import Connection

from models.articles import articles, documents, revisions
from models.articles.rows import StoredArticle
from models.duplicates import index
from models.items import Article
from pipelines.acceptance import Other, refusal
from pipelines.duplicates.sketch import sketch
from pipelines.stage import Stage

LOOKED_AT: Final = 100  # articles with the same text; more say nothing more
RECENT: Final = 2_000  # texts of this run that are kept at hand: longer than any takes to be stored


class Compared(NamedTuple):
    """What a new copy is held against."""

    known: StoredArticle | None  # the stored copy of its page
    body_key: int | None  # of the new text; None where it is the stored one
    others: list[Other]  # other pages of the site that are stored with the new text


class _Passed(NamedTuple):
    """A copy that this run let through, and may not be stored yet."""

    url_id: int
    other: Other
    before: str | None  # content_hash of what was stored of it


class AcceptPipeline(Stage):
    """Article -> Article, unless what is stored is better; `--accept` lets all pass."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._passed: OrderedDict[int, list[_Passed]] = OrderedDict()  # by body_key

    async def process_item(self, item: Article) -> Article:
        """Raises Worse, Paywalled, or Blocked where the text is the site's, not the article's."""
        if getattr(self.crawler.spider, "accepts", False):
            return item
        found = await self.writer.read(partial(compared, item=item))
        if found.body_key is None:
            return item
        # nothing is awaited from here on: of two walls at a time, the later sees the earlier
        passed = self._passed.get(found.body_key, [])
        refused = refusal(found.known, item, found.others + _others(passed, item, found.known))
        if refused is not None:
            raise refused
        self._remember(found.body_key, item, found.known)
        return item

    def _remember(self, body_key: int, item: Article, known: StoredArticle | None) -> None:
        other = Other(item.page.final_url, item.metadata.title or "")
        before = known.content_hash if known else None
        passed = self._passed.setdefault(body_key, [])
        if len(passed) < LOOKED_AT:
            passed.append(_Passed(item.page.url_id, other, before))
        if len(self._passed) > RECENT:
            self._passed.popitem(last=False)


def _others(passed: list[_Passed], item: Article, known: StoredArticle | None) -> list[Other]:
    """Other pages of this run with the same text, but for what was one page before the edit."""
    mine = item.page.url_id
    return [
        one.other
        for one in passed
        if one.url_id != mine and (known is None or one.before != known.content_hash)
    ]


def compared(conn: Connection, item: Article) -> Compared:
    """The stored copy of the page, and the site's other articles that have the new text.

    Those that once said just what the stored copy says are the same page at another URL, which
    has been edited too.
    """
    known = articles.current(conn, item.page.url_id)
    if known is not None and known.text == item.text:
        return Compared(known, None, [])
    body_key = sketch(item.text or "").body_key
    equal = index.with_body_key(conn, body_key, limit=LOOKED_AT) if body_key else []
    others = [
        story
        for story in documents.load(conn, equal).values()
        if story.site == item.page.site and (known is None or story.article_id != known.article_id)
    ]
    if known is not None:
        others = [
            story
            for story in others
            if revisions.saying(conn, story.article_id, known.content_hash) is None
        ]
    return Compared(known, body_key, [Other(story.url, story.title) for story in others])
