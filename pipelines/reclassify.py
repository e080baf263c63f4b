"""A stored page judged again: from its stored blocks, by what its site teaches now."""

import logging
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from models.articles import articles, classifications, extractions
from models.articles.rows import Stored
from models.duplicates import index
from models.items import Contribution, Extraction, Judgement
from models.memory.cache import SiteMemory
from models.sites.config import ExtractionRules
from models.text import clean
from pipelines.boilerplate.classify import judge
from pipelines.boilerplate.observation import contribution_of
from pipelines.page_reader import text_of

# What unpacking a corrupt row can raise; it is reported and the page left as it is.
UNREADABLE: Final = (ValueError, KeyError, TypeError, IndexError, zlib.error)

Told = Mapping[int, Sequence[tuple[int, str, str]]]  # position, action, reason, by article_id

logger = logging.getLogger(__name__)


class SecondLook:
    """Stored pages of one site, as its memory would have them judged now.

    `wanted` says which pages; without it, those whose template the memory still knows: a page
    that it has forgotten keeps what was said while it knew.
    """

    def __init__(
        self,
        site_id: int,
        rules: ExtractionRules,
        wanted: Callable[[Contribution], bool] | None = None,
    ) -> None:
        self._site_id, self._rules, self._wanted = site_id, rules, wanted
        self._memory = SiteMemory(site_id)
        self.unreadable = 0

    def otherwise(self, c: Connection, stored: Sequence[Stored]) -> list[int]:
        """Those of the articles that would be judged otherwise now, by article_id."""
        article_ids = [article.article_id for article in stored]
        loaded, told = self._load(c, article_ids), classifications.told(c, article_ids)
        return [
            article.article_id
            for article in stored
            if article.article_id in loaded
            and self._anew(c, self._memory, article, loaded[article.article_id], told) is not None
        ]

    def apply(self, c: Connection, article_ids: Iterable[int], now: datetime) -> int:
        """Judges once more, with each article locked, and keeps what comes of it; how many.

        The lock keeps a newer copy, which another crawler stores meanwhile, from being
        overwritten with the text of the older one.
        """
        changed, fresh = 0, SiteMemory(self._site_id)
        for article_id in sorted(article_ids):
            stored = articles.get(c, article_id, lock=True)
            extraction = self._load(c, [article_id]).get(article_id)
            if stored is None or extraction is None:
                continue
            told = classifications.told(c, [article_id])
            anew = self._anew(c, fresh, stored, extraction, told)
            if anew is not None:
                changed += 1
                retext(c, article_id, *anew, now)
        return changed

    def _anew(
        self, c: Connection, site: SiteMemory, stored: Stored, extraction: Extraction, told: Told
    ) -> tuple[str, Judgement] | None:
        """The text and judgement of today, or None where they are as they are stored."""
        page = page_of(stored, extraction)
        if not (self._wanted(page) if self._wanted else site.still_knows(c, page)):
            return None
        text, judgement = judged(c, site, stored, extraction, self._rules)
        summary = classifications.summary(extraction.blocks, judgement.verdicts)
        said = [(row["position"], row["action"], row["reason"]) for row in summary]
        before = list(told.get(stored.article_id, ()))
        if not text or (text == stored.text and said == before):
            return None
        return text, judgement

    def _load(self, c: Connection, article_ids: Sequence[int]) -> dict[int, Extraction]:
        """What is stored of the pages; one that cannot be read is told of once, and left."""
        try:
            return extractions.load(c, article_ids)
        except UNREADABLE as fault:
            if len(article_ids) == 1:
                self._tell(article_ids[0], fault)
                return {}
        loaded: dict[int, Extraction] = {}
        for article_id in article_ids:
            loaded.update(self._load(c, [article_id]))
        return loaded

    def _tell(self, article_id: int, fault: Exception) -> None:
        if not self.unreadable:
            logger.warning(
                "article %d: its stored blocks cannot be read (%s: %s); its text stays as it is."
                " To mend it: scrapy crawl reextract",
                article_id,
                type(fault).__name__,
                fault,
            )
        self.unreadable += 1


def judged(
    c: Connection, site: SiteMemory, stored: Stored, extraction: Extraction, rules: ExtractionRules
) -> tuple[str, Judgement]:
    """A stored page's text and judgement by what the site teaches now."""
    evidence = site.evidence(c, page_of(stored, extraction))
    judgement = judge(extraction, evidence, stored.url_id, rules)
    return clean(text_of(extraction, judgement)), judgement


def page_of(stored: Stored, extraction: Extraction) -> Contribution:
    """What a stored page teaches; its evidence is looked up by it."""
    return contribution_of(stored.url, stored.url_id, stored.fetched_at, extraction)


def retext(c: Connection, article_id: int, text: str, judgement: Judgement, now: datetime) -> None:
    """Gives an article's current revision another text; duplicates are looked for again."""
    if articles.retext(c, article_id, text, judgement, now):
        index.expect(c, article_id)
