"""Stage 4: a page's blocks are classified with what its site has taught, and become its text."""

from collections import Counter
from typing import Final

from models.items import Article
from models.text import words
from pipelines.boilerplate.interstitials import instead
from pipelines.decider import Decider
from pipelines.drops import Blocked, Gone, NoContent, NotArticle, Paywalled, Refused
from pipelines.stage import Stage

_PART: Final = 0.8  # share of a copy's words that the stored text has, if it is a part of that


class StripPipeline(Stage):
    """Article -> Article with its text, its classification, and what it teaches its site."""

    def open_spider(self) -> None:
        """Starts with an empty cache of the site's memory."""
        self._decider = Decider(self.writer, self.run)

    async def process_item(self, item: Article) -> Article:
        """Raises Blocked, Paywalled, Gone, NotArticle, and NoContent where nothing is left."""
        try:
            require_article(item)
            stripped = await self._strip(item)
        except (Blocked, Paywalled, Gone, NotArticle, NoContent) as refused:
            refused.known = item.known
            raise
        self._count(stripped)
        return stripped

    async def _strip(self, item: Article) -> Article:
        """The stripped article; what else the page shows is known by what would be kept of it."""
        shown = item.extraction.interstitial
        try:
            stripped = await self._decider.strip(item)
        except NoContent:
            if shown is not None and not self.accepts:
                raise refusal(shown, item) from None
            raise
        shown = None if self.accepts else shown_by(stripped)
        if shown is not None and not (shown == "other" and says_what_is_stored(stripped)):
            raise refusal(shown, item)
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


def require_article(item: Article) -> None:
    """Raises NoContent, Blocked, Paywalled, Gone or NotArticle if extraction found no article."""
    shown = item.extraction.interstitial
    if shown == "empty":
        raise NoContent("the page has no text that could be an article's")
    if item.extraction.is_article:
        return
    raise NotArticle("the page lists other pages") if shown is None else refusal(shown, item)


def shown_by(item: Article) -> str | None:
    """What a stripped page shows in an article's place, by what its site's memory leaves of it."""
    page, classified = item.extraction, item.classification
    if classified is None or not any(block.changed for block in classified.blocks):
        return page.interstitial
    return instead(page, [block.keep for block in classified.blocks])


def says_what_is_stored(item: Article) -> bool:
    """Whether the copy is a part of the stored article, if under another title: no other page."""
    stored = item.stored
    if stored is None or (item.known is not None and item.known.refused_at is not None):
        return False
    said = Counter(words(item.text or ""))
    return (said & Counter(words(stored.text))).total() >= _PART * said.total()


def refusal(shown: str, item: Article) -> Refused:
    """Why such a page is not stored. One that was an article before is asked for again first."""
    if shown == "paywall":
        return Paywalled("the page is only a call to subscribe")
    if shown == "missing" and item.known is None:
        return Gone("the page says that it is not there, with status 200")
    if shown == "other":
        return Blocked("the page is not the one that its source names, nor says it is an article")
    return Blocked(f"the page is a {shown} page, not the article")
