"""A stored page judged again: from its stored blocks, by what its site teaches now."""

import logging
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from models.articles import articles, classifications, extractions
from models.articles.rows import StoredArticle
from models.duplicates import index
from models.items import Classification, Extraction, Observation
from models.memory.cache import EvidenceCache
from models.sites.config import ExtractionRules
from models.text import clean
from pipelines.boilerplate.classify import classify
from pipelines.boilerplate.observation import observation_of
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
        wanted: Callable[[Observation], bool] | None = None,
    ) -> None:
        self._site_id, self._rules, self._wanted = site_id, rules, wanted
        self._memory = EvidenceCache(site_id)
        self.unreadable = 0

    def otherwise(self, conn: Connection, stored: Sequence[StoredArticle]) -> list[int]:
        """Those of the articles that would be judged otherwise now, by article_id."""
        article_ids = [article.article_id for article in stored]
        loaded, told = self._load(conn, article_ids), classifications.load(conn, article_ids)
        return [
            article.article_id
            for article in stored
            if article.article_id in loaded
            and self._anew(conn, self._memory, article, loaded[article.article_id], told)
            is not None
        ]

    def apply(self, conn: Connection, article_ids: Iterable[int], now: datetime) -> int:
        """Judges once more, with each article locked, and keeps what comes of it; how many.

        The lock keeps a newer copy, which another crawler stores meanwhile, from being
        overwritten with the text of the older one.
        """
        changed, fresh = 0, EvidenceCache(self._site_id)
        for article_id in sorted(article_ids):
            stored = articles.get(conn, article_id, lock=True)
            extraction = self._load(conn, [article_id]).get(article_id)
            if stored is None or extraction is None:
                continue
            told = classifications.load(conn, [article_id])
            anew = self._anew(conn, fresh, stored, extraction, told)
            if anew is not None:
                changed += 1
                retext(conn, article_id, *anew, now)
        return changed

    def _anew(
        self,
        conn: Connection,
        site: EvidenceCache,
        stored: StoredArticle,
        extraction: Extraction,
        told: Told,
    ) -> tuple[str, Classification] | None:
        """The text and classification of today, or None where they are as they are stored."""
        page = page_of(stored, extraction)
        if not (self._wanted(page) if self._wanted else site.still_knows(conn, page)):
            return None
        text, classification = judged(conn, site, stored, extraction, self._rules)
        summary = classifications.summary(extraction.blocks, classification.blocks)
        said = [(row["position"], row["action"], row["reason"]) for row in summary]
        before = list(told.get(stored.article_id, ()))
        if not text or (text == stored.text and said == before):
            return None
        return text, classification

    def _load(self, conn: Connection, article_ids: Sequence[int]) -> dict[int, Extraction]:
        """What is stored of the pages; one that cannot be read is told of once, and left."""
        try:
            return extractions.load(conn, article_ids)
        except UNREADABLE as fault:
            if len(article_ids) == 1:
                self._tell(article_ids[0], fault)
                return {}
        loaded: dict[int, Extraction] = {}
        for article_id in article_ids:
            loaded.update(self._load(conn, [article_id]))
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
    conn: Connection,
    site: EvidenceCache,
    stored: StoredArticle,
    extraction: Extraction,
    rules: ExtractionRules,
) -> tuple[str, Classification]:
    """A stored page's text and classification by what the site teaches now."""
    evidence = site.evidence(conn, page_of(stored, extraction))
    classification = classify(extraction, evidence, stored.url_id, rules)
    return clean(text_of(extraction, classification)), classification


def page_of(stored: StoredArticle, extraction: Extraction) -> Observation:
    """What a stored page teaches; its evidence is looked up by it."""
    return observation_of(stored.url, stored.url_id, stored.fetched_at, extraction)


def retext(
    conn: Connection, article_id: int, text: str, classification: Classification, now: datetime
) -> None:
    """Gives an article's current revision another text; duplicates are looked for again."""
    if articles.retext(conn, article_id, text, classification, now):
        index.mark_pending(conn, article_id)
