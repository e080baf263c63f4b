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
from models.duplicates import clusters, index, pairs
from models.outcomes import Outcome
from models.text import words
from pipelines.drops import RepeatedText
from pipelines.duplicates.label_clusters import label_clusters

MOST_TEXTS: Final = 1_000  # repeated texts that a run remembers; a site has a few
_ALIKE: Final = 0.5  # share of the words of its source's headline that an article's title has


class LateRefusals:
    """The repeated texts that a run refused, and where they stood."""

    def __init__(self) -> None:
        self._texts: dict[int, list[RepeatedText]] = defaultdict(list)

    def note(self, found: RepeatedText) -> None:
        """A page was refused for this text."""
        if found.body_key in self._texts or len(self._texts) < MOST_TEXTS:
            self._texts[found.body_key].append(found)

    @property
    def body_keys(self) -> list[int]:
        """The texts, in the order in which they were found."""
        return list(self._texts)

    def refuse(self, conn: Connection, run: Run, body_key: int, now: datetime) -> list[Repeating]:
        """Refuses the stored articles with one of these texts; returns them."""
        rows = refusals.repeating(conn, run.site_id, body_key)
        found = self._texts[body_key]
        urls = [*(row.url for row in rows), *(text.url for text in found)]
        titled = any(text.titled for text in found)
        ours = [
            row
            for row in rows
            if other_pages(row.url, urls) and (titled or not has_its_headline(row))
        ]
        if ours:
            take_back(conn, ours, now)
            _record(conn, run, ours, urls, now)
        return ours


def has_its_headline(row: Repeating) -> bool:
    """Whether an article's title is what its source called it."""
    named, title = set(words(row.hint_title or "")), set(words(row.title or ""))
    return bool(named) and len(named & title) >= _ALIKE * len(named)


def take_back(conn: Connection, ours: Sequence[Repeating], now: datetime) -> None:
    """The articles leave what readers see, index and clusters.

    What was linked through them is looked up anew.
    """
    if not ours:
        return
    ids = [row.article_id for row in ours]
    found = [(one, pair) for one in ids for pair in pairs.pairs_of(conn, one)]
    near = {pair.other(one) for one, pair in found} - set(ids)
    clusters.lock(conn, [*ids, *near])
    keys = index.take_out(conn, ids)
    pairs.replace(conn, [pair for _, pair in found], [])
    change = clusters.recompute_components(conn, list(index.members(conn, ids).values()), now)
    label_clusters(conn, change._replace(alone=change.alone - set(ids)), now)
    index.requeue(conn, near)
    index.mark_refused(conn, keys)
    refusals.refuse(conn, ours, now)


def _record(
    conn: Connection, run: Run, ours: Sequence[Repeating], urls: Sequence[str], now: datetime
) -> None:
    """The outcome of each page in this run, whatever it was before."""
    came = []
    for row in ours:
        others = sum(not is_one_page(row.url, url) for url in dict.fromkeys(urls))
        reason = f"the same text stands under {others} other addresses of the site"
        came.append((row.url_id, None, now, Outcome.BLOCKED, reason))
    runs.record_all(conn, run.run_id, came)
