"""Stories for tests of duplicates: told by sites, matched as a crawl matches them."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple
from zlib import crc32

from sqlalchemy import text

from benchmarks.newsroom import place
from models.db.database import Database
from tests.factories import (
    NOW,
    known_site,
    known_url,
    make_article,
    make_metadata,
    make_page,
    store_article,
)

DAY = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def wire_copy(seed: int, words: int = 300) -> str:
    """A text of its own for each seed: sentences of made-up words, in paragraphs of 40 words."""
    chance = random.Random(seed)
    letters = "abcdefghiklmnoprstuvw"
    told = ["".join(chance.choices(letters, k=chance.randint(3, 9))) for _ in range(words)]
    return "\n\n".join(" ".join(told[at : at + 40]) + "." for at in range(0, words, 40))


def edited(copy: str, seed: int) -> str:
    """The copy with its last paragraph lost and a line of the site's own added."""
    return copy.rsplit("\n\n", 1)[0] + f"\n\nEdited for our readers, number {seed}."


def tell(
    database: Database,
    copy: str,
    *,
    site: str = "example",
    path: str | None = None,
    title: str = "A story",
    at: datetime | None = DAY,
    canonical_url: str | None = None,
    authors: Sequence[str] = (),
) -> int:
    """Stores an article (or, of a known path, its next revision); its article_id."""
    url = f"https://{site}.test/{path or crc32(copy.encode())}"
    metadata = make_metadata(published_at=at, canonical_url=canonical_url, authors=tuple(authors))
    with database.transaction() as conn:
        site_id = known_site(conn, site)
        url_id = known_url(conn, site_id, url)
        article = make_article(copy, title=title, url_id=url_id, metadata=metadata)
        article = replace(article, page=make_page(url=url, url_id=url_id, site=site))
        return store_article(conn, site_id, article, NOW).article_id


def tell_and_place(database: Database, copy: str, **parts: object) -> int:
    """`tell`, and its place among the clusters."""
    article_id = tell(database, copy, **parts)
    place(database, [article_id])
    return article_id


class Row(NamedTuple):
    """A row of v1_clusters."""

    cluster_id: int
    article_id: int
    is_original: int
    similarity: float
    reason: str


def clusters(database: Database) -> set[frozenset[int]]:
    """The clusters of two and more, as sets of articles."""
    sets: dict[int, set[int]] = {}
    for row in rows(database):
        sets.setdefault(row.cluster_id, set()).add(row.article_id)
    assert all(min(members) == cluster_id for cluster_id, members in sets.items())
    return {frozenset(members) for members in sets.values()}


def rows(database: Database) -> list[Row]:
    """v1_clusters, by article."""
    with database.reading() as conn:
        found = conn.execute(
            text(f"select {', '.join(Row._fields)} from v1_clusters order by article_id")
        )
        return [Row(*row) for row in found]


def clustered(database: Database) -> list[int]:
    """Articles that readers were told of as clustered, in the order of the changes."""
    with database.reading() as conn:
        found = conn.execute(
            text("select article_id from v1_changes where kind = 'clustered' order by change_id")
        )
        return list(found.scalars())
