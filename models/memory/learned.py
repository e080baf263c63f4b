"""What a site has taught, listed for people: repeated texts and DOM paths."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from models.memory.entries import BLOCK, DOM_PATH, ENTRIES
from models.memory.samples import OCCURRENCES


class LearnedBlock(NamedTuple):
    """One text that a site repeats, as people read it."""

    block_id: int
    excerpt: str
    pages: int  # at most SAMPLE, which means that many or more
    fingerprints: int  # of them, counting copies of one article once
    first_seen_at: datetime
    last_seen_at: datetime
    revoked_at: datetime | None


class LearnedPath(NamedTuple):
    """One DOM path and how pages use it, as people read it."""

    path: str
    pages: int  # at most SAMPLE, which means that many or more
    share: float  # of the words there, how many the pages' own classification kept
    first_seen_at: datetime
    last_seen_at: datetime


def learned_blocks(conn: Connection, site_id: int, limit: int) -> Sequence[LearnedBlock]:
    """The texts that a site repeats or that were revoked, most frequent first."""
    seen = _occurrences(site_id, func.count(OCCURRENCES.c.fingerprint.distinct()).label("prints"))
    pages, prints = func.coalesce(seen.c.pages, 0), func.coalesce(seen.c.prints, 0)
    query = (
        select(
            ENTRIES.c.entry_key, ENTRIES.c.text, pages, prints,
            ENTRIES.c.first_seen_at, ENTRIES.c.last_seen_at, ENTRIES.c.revoked_at,
        )
        .join_from(ENTRIES, seen, seen.c.entry_key == ENTRIES.c.entry_key, isouter=True)
        .where(ENTRIES.c.site_id == site_id, ENTRIES.c.kind == BLOCK)
        .where((prints >= 2) | ENTRIES.c.revoked_at.is_not(None))
        .order_by(prints.desc(), ENTRIES.c.first_seen_at, ENTRIES.c.entry_key)
        .limit(limit)
    )  # fmt: skip
    return [LearnedBlock(*row) for row in conn.execute(query)]


def learned_paths(conn: Connection, site_id: int, limit: int) -> Sequence[LearnedPath]:
    """The DOM paths of a site, those with the most words first."""
    kept, words = (func.sum(OCCURRENCES.c[name]).label(name) for name in ("kept_words", "words"))
    seen = _occurrences(site_id, kept, words)
    query = (
        select(
            ENTRIES.c.text, seen.c.pages, seen.c.kept_words, seen.c.words,
            ENTRIES.c.first_seen_at, ENTRIES.c.last_seen_at,
        )
        .join(seen, seen.c.entry_key == ENTRIES.c.entry_key)
        .where(ENTRIES.c.site_id == site_id, ENTRIES.c.kind == DOM_PATH)
        .order_by(seen.c.words.desc(), ENTRIES.c.entry_key)
        .limit(limit)
    )  # fmt: skip
    return [
        LearnedPath(path, pages, int(kept) / max(int(words), 1), first, last)
        for path, pages, kept, words, first, last in conn.execute(query)
    ]


def _occurrences(site_id: int, *sums: Any) -> Any:
    counted = select(OCCURRENCES.c.entry_key, func.count().label("pages"), *sums)
    ours = counted.where(OCCURRENCES.c.site_id == site_id)
    return ours.group_by(OCCURRENCES.c.entry_key).subquery()
