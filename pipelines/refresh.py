"""What is stored of a page, brought up to date before a new copy is compared with it.

What the memory has learned since, an edited rule and a better extractor all change how a page
reads, and none of it is an edit by the publisher.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from sqlalchemy import Connection

from models.archive import captures
from models.archive.reader import unread
from models.articles import articles, extractions, rows
from models.articles.rows import StoredArticle
from models.crawl.run import Run
from models.db.writer import Writer
from models.errors import ArchiveError, ExtractionFailed
from models.items import Article, CaptureRef, Classification, Extraction, Hint
from models.memory.cache import EvidenceCache
from models.text import clean
from pipelines.acceptance import worse_than
from pipelines.reclassify import UNREADABLE, judged, retext

Reread = Callable[[CaptureRef, Hint], Awaitable[Extraction]]

_log = logging.getLogger(__name__)


class _Known(NamedTuple):
    """What is stored of a page that says another thing now."""

    stored: StoredArticle
    extraction: Extraction
    copy: CaptureRef | None  # that it was read from, where it was read in another way than today


async def catch_up(
    writer: Writer, site: EvidenceCache, run: Run, item: Article, text: str, reread: Reread
) -> bool:
    """Has the stored copy of the page say what it would say today; True where that is another.

    `text` is what the new copy says; where the stored one says the same, nothing is done.
    A copy that is read otherwise by now becomes a revision marked `reextract`.
    """
    known = await writer.read(partial(_known, item=item, text=text))
    if known is None:
        return False
    extraction, copy = known.extraction, known.copy
    if copy is not None:
        try:
            extraction = await reread(copy, item.page.hint)
        except (ArchiveError, ExtractionFailed) as fault:
            copy = None
            _log.warning(
                "%s: how its stored copy reads by today's rules cannot be said (%s); a change of"
                " them may count as the publisher's",
                item.page.url,
                fault,
            )
    rules = run.site.extraction
    anew, classification = await writer.read(
        lambda conn: judged(conn, site, known.stored, extraction, rules)
    )
    if not anew or anew == known.stored.text:
        return False
    if copy is None:
        now = datetime.now(UTC)
        await writer.write(
            lambda conn: _retext_if_same(conn, known.stored, anew, classification, now)
        )
        return True
    if worse_than(known.stored.text, anew):
        return False
    page = unread(copy, run.site.name, item.page.url, item.page.hint, run.run_id)
    then = Article(page, extraction, extraction.metadata, anew, classification)
    await writer.write(lambda conn: _keep_if_same(conn, known.stored, then, datetime.now(UTC)))
    return True


def _known(conn: Connection, item: Article, text: str) -> _Known | None:
    """What is stored of the page, where it says something else than `text`."""
    stored = articles.current(conn, item.page.url_id)
    if stored is None or stored.text == clean(text):
        return None
    try:
        found = extractions.load(conn, [stored.article_id]).get(stored.article_id)
    except UNREADABLE as fault:
        _log.warning("article %d: its stored blocks cannot be read: %s", stored.article_id, fault)
        return None
    if found is None:
        return None
    basis = extractions.basis(conn, stored.article_id)
    if basis == item.extraction.basis:
        return _Known(stored, found, None)
    url_id = item.page.url_id
    of_it = rows.captures_of(conn, [url_id])
    return _Known(
        stored, found, captures.refs(conn, list(of_it.values())).get(of_it.get(url_id, 0))
    )


def _retext_if_same(
    conn: Connection, known: StoredArticle, text: str, classification: Classification, now: datetime
) -> None:
    if _is_as_read(conn, known):
        retext(conn, known.article_id, text, classification, now)


def _keep_if_same(conn: Connection, known: StoredArticle, then: Article, now: datetime) -> None:
    if _is_as_read(conn, known):
        articles.keep(conn, known.site_id, then, now, reextracted=True)


def _is_as_read(conn: Connection, known: StoredArticle) -> bool:
    """Whether the article, locked now, is still what was read of it."""
    stored = articles.get(conn, known.article_id, lock=True)
    return stored is not None and stored.content_hash == known.content_hash
