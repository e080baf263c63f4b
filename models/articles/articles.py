"""Articles stored: found the same, revised, reclassified, given back, withdrawn.

A page that goes back to what it said before goes back to that revision's number, so that one
which alternates between two texts has two revisions for ever, and readers still hear of it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    bindparam,
    func,
    select,
    true,
    union,
)

from models.articles import classifications, extractions, revisions, rows, search_index
from models.articles.article_columns import entry_of, observed_digest, said_columns, source_of
from models.articles.article_update import ArticleUpdate
from models.articles.change_kind import content_hash
from models.articles.revisions import REVISIONS
from models.articles.rows import ARTICLES
from models.blocks import Classification
from models.db import changes
from models.db.changes import Change
from models.duplicates import index
from models.duplicates.index import IndexEntry
from models.items import Article, Extraction, KnownPage, Sketch

# The lock, and what a new revision must know, in one statement: the version that others changed,
# the largest revision, and the first revision that said the same.
_MINE: Final = REVISIONS.c.article_id == ARTICLES.c.article_id
_HIGHEST: Final = select(func.max(REVISIONS.c.revision)).where(_MINE).scalar_subquery()
_EARLIER: Final = (
    select(func.min(REVISIONS.c.revision))
    .where(_MINE, REVISIONS.c.content_hash == bindparam("hash"))
    .scalar_subquery()
)
_LOCK: Final = (
    select(ARTICLES.c.version, _HIGHEST.label("highest"), _EARLIER.label("earlier"))
    .where(ARTICLES.c.url_id == bindparam("url"))
    .with_for_update()
)


class Stored(NamedTuple):
    """What became of an article that was to be stored."""

    article_id: int
    revision: int
    outcome: str  # stored | revised | unchanged
    published_at: datetime | None  # of the current revision; aware, UTC
    first_seen_at: datetime  # aware, UTC


class Twin(NamedTuple):
    """A stored article by which another URL of the same page may be known."""

    article_id: int
    url_id: int
    url: str  # after redirects
    canonical_url: str | None


# PostgreSQL, before it has statistics, would look for the text anew for each article of the site.
_SAYING: Final = (
    select(*(REVISIONS.c[name] for name in ("article_id", "revision", "url", "canonical_url")))
    .where(REVISIONS.c.content_hash == bindparam("hash"))
    .cte("saying")
    .prefix_with("MATERIALIZED", dialect="postgresql")
)


def _twins(said: FromClause, which: ColumnElement[bool]) -> Select[Any]:
    """Articles of the site of which `said` has the current revision."""
    current = (said.c.article_id == ARTICLES.c.article_id) & (
        said.c.revision == ARTICLES.c.revision
    )
    return (
        select(ARTICLES.c.article_id, ARTICLES.c.url_id, said.c.url, said.c.canonical_url)
        .join_from(ARTICLES, said, current)
        .where(ARTICLES.c.site_id == bindparam("site"), which)
    )


# two seeks: an OR over columns of two tables has every article of the site read
_TWINS: Final = union(
    _twins(REVISIONS, ARTICLES.c.url_id == bindparam("url")), _twins(_SAYING, true())
)


def store(
    conn: Connection,
    site_id: int,
    article: Article,
    sketches: Sequence[Sketch],
    now: datetime,
    *,
    reextracted: bool = False,
) -> Stored | None:
    """Stores an article: row, revision, extraction, classification, index entry, changes.

    None, and nothing written, if what is stored is no longer what the article was decided on
    (`article.known`): then it has to be decided again. A page of which nothing was stored is added;
    the caller has looked for it in this transaction (`twins`). `sketches`: of the stored text and,
    where there is a refresh, of that, so that their keys leave the index. `reextracted`: an
    archived copy was read again, so another text is a revision marked so, and its facts count
    wholly.
    Raises ValueError without a text.
    """
    if article.text is None:
        raise ValueError(f"{article.page.url}: an article without text; strip fills it in")
    if (known := article.known) is None:
        return _add(conn, site_id, article, now)
    digest = content_hash(article.metadata.title, article.text)
    found = conn.execute(_LOCK, {"url": known.url_id, "hash": digest}).first()
    if found is None or found.version != known.version:
        return None
    update = ArticleUpdate(conn, known, found.highest, now, reextracted=reextracted)
    if article.refresh is not None:
        update.refresh(article.refresh)
    if update.known.content_hash == digest or update.reread(article, digest, found.earlier):
        revised = update.confirm(article)
    else:
        update.revise(article, digest, found.earlier)
        revised = True
    if known.url_id != article.page.url_id:
        update.move(article)
    update.finish(article, sketches, revised=revised)
    if known.refused_at or update.known.content_hash != known.content_hash:
        search_index.put(conn, known.article_id, update.known.title, update.known.text)
    return Stored(
        known.article_id,
        update.known.revision,
        "revised" if revised else "unchanged",
        update.known.facts["published_at"],
        known.first_seen_at,
    )


def reclassify(
    conn: Connection,
    known: KnownPage,
    text: str,
    classification: Classification,
    extraction: Extraction,
    entry: IndexEntry,
    stale: Collection[int],
    now: datetime,
) -> bool:
    """Gives the article the text of a new classification; False if it is outdated.

    The text is an earlier revision's if one says the same, and else replaces the current one's.
    `entry`: of the new text; `stale`: keys of the stored one, some of which leave the index.
    """
    digest = content_hash(known.title, text)
    found = conn.execute(_LOCK, {"url": known.url_id, "hash": digest}).first()
    if found is None or found.version != known.version:
        return False
    update = ArticleUpdate(conn, known, found.highest, now, reextracted=False)
    update.reclassify(text, extraction, classification, found.earlier, entry, stale)
    if digest != known.content_hash:
        search_index.put(conn, known.article_id, known.title, text)
    return True


def withdraw(conn: Connection, url_id: int, now: datetime) -> bool:
    """Notes that the site no longer has the page; its text stays. False where that is known."""
    row = rows.lock(conn, ARTICLES.c.url_id == url_id)
    if row is None or row.withdrawn_at is not None:
        return False
    rows.change(conn, row.article_id, {"withdrawn_at": now, "updated_at": now})
    changes.enqueue(conn, [Change(row.article_id, row.revision, "withdrawn")], now)
    return True


def found_again(conn: Connection, url_id: int, now: datetime) -> bool:
    """Notes that the site still has the page as it is stored; True where it was withdrawn."""
    row = rows.lock(conn, ARTICLES.c.url_id == url_id)
    if row is None:
        return False
    back = row.withdrawn_at is not None
    restored = {"withdrawn_at": None, "updated_at": now} if back else {}
    rows.change(conn, row.article_id, {"fetched_at": now, **restored})
    if back:
        changes.enqueue(conn, [Change(row.article_id, row.revision, "restored")], now)
    return back


def twins(conn: Connection, site_id: int, article: Article) -> list[Twin]:
    """The site's articles that now have this very title and text, oldest first.

    And the article of the page itself, whatever it says.
    """
    given = {
        "site": site_id,
        "url": article.page.url_id,
        "hash": content_hash(article.metadata.title, article.text or ""),
    }
    found = {row.article_id: Twin(*row) for row in conn.execute(_TWINS, given)}
    return [found[article_id] for article_id in sorted(found)]


def _add(conn: Connection, site_id: int, article: Article, now: datetime) -> Stored:
    page, text, published_at = article.page, article.text or "", article.metadata.published_at
    article_id = rows.add(conn, site_id, page.url_id, page.fetched_at, published_at, now)
    values = {
        **said_columns(article.metadata.title, text, article.classification),
        "change": "first",
    }
    revisions.add(conn, article_id, 1, source_of(article), values, now)
    observed = observed_digest(article)
    extractions.store(conn, article_id, article.extraction, observed, article.packed)
    classifications.add(conn, article_id, article.extraction, article.classification)
    if article.sketch is not None:
        index.add(conn, entry_of(article_id, 1, article.sketch), ())
    search_index.add(conn, article_id, article.metadata.title, text)
    changes.enqueue(conn, [Change(article_id, 1, "new")], now)
    return Stored(article_id, 1, "stored", published_at, now)
