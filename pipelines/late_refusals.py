"""Stored articles refused at the end of a run, which found their text under many addresses.

The first pages of a text that a site shows in place of its articles look like articles. When the
run knows better, they leave what readers see, their clusters and the index; they are read again as
any page, and come back with a text of their own.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from models.addresses import is_one_page, other_pages
from models.articles import refusals
from models.articles.refusals import Repeating
from models.crawl import runs
from models.crawl.run import Run
from models.duplicates import index
from models.duplicates.index import TextKeys
from models.outcomes import Outcome
from models.text import folded_words
from pipelines.acceptance import UNSAID, dated_apart
from pipelines.drops import RepeatedText
from pipelines.duplicates.label_clusters import leave_clusters

MOST_TEXTS: Final = 1_000  # repeated texts that a run remembers; a site has a few
_ALIKE: Final = 0.5  # share of the words of its source's headline that an article's title has


class LateRefusals:
    """The repeated texts that a run refused, and where they stood."""

    def __init__(self) -> None:
        self._texts: dict[TextKeys, list[RepeatedText]] = defaultdict(list)

    def note(self, found: RepeatedText) -> None:
        """A page was refused for this text."""
        if found.keys in self._texts or len(self._texts) < MOST_TEXTS:
            self._texts[found.keys].append(found)

    @property
    def texts(self) -> list[TextKeys]:
        """The texts by their keys, in the order in which they were found."""
        return list(self._texts)

    def refuse(self, conn: Connection, run: Run, keys: TextKeys, now: datetime) -> list[Repeating]:
        """Refuses the stored articles with one of these texts; returns them."""
        found = self._texts[keys]
        rows = [
            row
            for row in refusals.repeating(conn, run.site_id, keys)
            if not (
                row.near and all(dated_apart(row.published_at, text.published_at) for text in found)
            )
        ]
        urls = [*(row.url for row in rows), *(text.url for text in found)]
        titled = any(text.titled for text in found)
        replaced = all(text.replaced for text in found)
        ours = [
            row
            for row in rows
            if other_pages(row.url, urls) >= (UNSAID if replaced else 1)
            and (titled or not has_its_headline(row))
            and (not replaced or row.revision > 1)  # an article of which others became copies stays
        ]
        if ours:
            take_back(conn, ours, now)
            _record(conn, run, ours, urls, now)
        return ours


def has_its_headline(row: Repeating) -> bool:
    """Whether an article's title is what its source called it."""
    named, title = set(folded_words(row.hint_title or "")), set(folded_words(row.title or ""))
    return bool(named) and len(named & title) >= _ALIKE * len(named)


def take_back(conn: Connection, ours: Sequence[Repeating], now: datetime) -> None:
    """The articles leave what readers see, index and clusters.

    What was linked through them is looked up anew.
    """
    if not ours:
        return
    keys = leave_clusters(conn, [row.article_id for row in ours], now)
    index.mark_refused(conn, keys)
    refusals.refuse(conn, ours, now)


def _record(
    conn: Connection, run: Run, ours: Sequence[Repeating], urls: Sequence[str], now: datetime
) -> None:
    """The outcome of each page in this run, whatever it was before."""
    came = []
    for row in ours:
        others = sum(not is_one_page(row.url, url) for url in dict.fromkeys(urls))
        said = "the same title with nearly the same text" if row.near else "the same text"
        reason = f"{said} stands under {others} other addresses of the site"
        came.append((row.url_id, None, now, Outcome.BLOCKED, reason))
    runs.record_all(conn, run.run_id, came)
