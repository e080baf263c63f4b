"""What a site has taught, listed for people: templates, repeated texts and DOM paths."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, func, select

from models.memory.entries import BLOCK, DOM_PATH, ENTRIES
from models.memory.learned_templates import LEARNED_TEMPLATES
from models.memory.samples import OCCURRENCES
from models.memory.template_samples import TEMPLATE_SAMPLES
from models.memory.templates import RECENT_PAGES, TEMPLATES
from models.templates import TemplateState


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
    path_id: int


class TaughtTemplate(NamedTuple):
    """One template that pages taught, as it is stored."""

    key: int
    basis: str  # extractor and rules by which its pages were read
    agreed: int  # comparisons in a row in which both ways of reading agreed
    learned: bytes | None  # the Template, packed; None: too few pages have taught it
    pages: int  # at most SAMPLE, which means that many or more
    recent: int  # of the site's newest pages, those that have it
    of_recent: int  # how many the newest pages are
    since: datetime | None
    seen_at: datetime | None  # to the day
    last_hash: int | None = None  # of a full sample

    @property
    def state(self) -> TemplateState:
        """It as a run holds it."""
        return TemplateState(self.key, self.agreed, self.last_hash, self.learned)


def learned_templates(conn: Connection, site_id: int) -> list[TaughtTemplate]:
    """The templates that pages of a site taught, those with most pages first."""
    rows, known = LEARNED_TEMPLATES.c, TEMPLATES.c
    sampled = _by_template(conn, TEMPLATE_SAMPLES, site_id)
    recent = _by_template(conn, RECENT_PAGES, site_id)
    query = (
        select(
            rows.template_key,
            rows.basis,
            rows.agreed,
            rows.learned,
            known.since,
            known.seen_at,
            rows.last_hash,
        )
        .join(
            TEMPLATES,
            (known.site_id == rows.site_id) & (known.template_key == rows.template_key),
            isouter=True,
        )
        .where(rows.site_id == site_id)
        .order_by(known.seen_at.desc(), rows.template_key)
    )
    found = [
        TaughtTemplate(
            row.template_key, row.basis, row.agreed, row.learned,
            sampled.get(row.template_key, 0), recent.get(row.template_key, 0),
            sum(recent.values()), row.since, row.seen_at,
            row.last_hash,
        )
        for row in conn.execute(query)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.learned is None, -one.pages, -one.recent))


def _by_template(conn: Connection, pages: Table, site_id: int) -> dict[int, int]:
    """How many of a site's pages in a table have each template."""
    counted = select(pages.c.template_key, func.count()).where(pages.c.site_id == site_id)
    return {key: int(n) for key, n in conn.execute(counted.group_by(pages.c.template_key))}


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
            ENTRIES.c.first_seen_at, ENTRIES.c.last_seen_at, ENTRIES.c.entry_key,
        )
        .join(seen, seen.c.entry_key == ENTRIES.c.entry_key)
        .where(ENTRIES.c.site_id == site_id, ENTRIES.c.kind == DOM_PATH)
        .order_by(seen.c.words.desc(), ENTRIES.c.entry_key)
        .limit(limit)
    )  # fmt: skip
    return [
        LearnedPath(path, pages, int(kept) / max(int(words), 1), first, last, key)
        for path, pages, kept, words, first, last, key in conn.execute(query)
    ]


def example_pages(
    conn: Connection, site_id: int, keys: Collection[int], most: int
) -> dict[int, list[int]]:
    """url_ids of pages that show each of these texts or DOM paths, `most` of each at most."""
    pages = select(OCCURRENCES.c.entry_key, OCCURRENCES.c.page).where(
        OCCURRENCES.c.site_id == site_id, OCCURRENCES.c.entry_key.in_(sorted(keys))
    )
    found: dict[int, list[int]] = defaultdict(list)
    for key, page in conn.execute(pages.order_by(OCCURRENCES.c.entry_key, OCCURRENCES.c.page_hash)):
        if len(found[key]) < most:
            found[key].append(page)
    return dict(found)


def _occurrences(site_id: int, *sums: Any) -> Any:
    counted = select(OCCURRENCES.c.entry_key, func.count().label("pages"), *sums)
    ours = counted.where(OCCURRENCES.c.site_id == site_id)
    return ours.group_by(OCCURRENCES.c.entry_key).subquery()
