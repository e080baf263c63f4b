"""The rows of a page that is taken out on request: in one transaction all of them, or none.

Cluster and index are left before (`take_out` of the caller), since naming another original is for
those who compare texts.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from models.archive.capture_parts import CAPTURE_PARTS
from models.archive.captures import CAPTURES
from models.articles import search_index
from models.articles.classifications import BLOCK_CLASSIFICATIONS
from models.articles.extractions import EXTRACTIONS
from models.articles.former_urls import FORMER_URLS
from models.articles.revisions import REVISIONS
from models.articles.rows import ARTICLES
from models.crawl import erased
from models.crawl.run_rows import OUTCOMES
from models.db import changes
from models.db.changes import Change
from models.duplicates.tables import CLUSTER_MEMBERS
from models.erasures import tombstones
from models.erasures.targets import Target
from models.erasures.tombstones import NewErasure
from models.memory import site_memory


def remove(conn: Connection, target: Target, why: str, now: datetime) -> int:
    """Removes all rows of a page and puts a tombstone on its addresses; returns its number.

    Its articles are in no cluster. The records in the archive are to follow.
    """
    overwrite_deleted(conn)
    new = NewErasure(target.site, target.url, target.article_id, why)
    erasure_id = tombstones.add(conn, new, target.urls, target.captures.values(), now)
    said = _said(conn, target.articles)
    for url_id in sorted(target.url_ids):
        site_memory.forget_page(conn, target.site_id, url_id, said, now)
    led = FORMER_URLS.c.url_id.in_(sorted(target.url_ids))
    conn.execute(delete(FORMER_URLS).where(led))
    remove_articles(conn, target.articles)
    search_index.rewrite(conn)
    remove_captures(conn, target.captures)
    _leave_urls(conn, target.url_ids)
    gone = [Change(article, revision, "erased") for article, revision in target.articles.items()]
    changes.enqueue(conn, gone, now)
    return erasure_id


def _said(conn: Connection, articles: Collection[int]) -> str:
    """Titles and texts of all revisions."""
    query = select(REVISIONS.c.title, REVISIONS.c.description, REVISIONS.c.text)
    rows = conn.execute(query.where(REVISIONS.c.article_id.in_(sorted(articles))))
    return "\n".join(part for row in rows for part in row if part)


def overwrite_deleted(conn: Connection) -> None:
    """Has SQLite overwrite what this connection deletes: else it stays in the file's free pages."""
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("PRAGMA secure_delete = ON")


def remove_articles(conn: Connection, articles: Collection[int]) -> None:
    """The articles and all that is about them; other indexes of articles belong here too.

    They are in no cluster. Words of the search index are to be written anew (`rewrite`).
    """
    ids = sorted(articles)
    conn.execute(delete(FORMER_URLS).where(FORMER_URLS.c.article_id.in_(ids)))
    blocks, read = BLOCK_CLASSIFICATIONS.c.article_id, EXTRACTIONS.c.article_id
    conn.execute(delete(BLOCK_CLASSIFICATIONS).where(blocks.in_(ids)))
    conn.execute(delete(EXTRACTIONS).where(read.in_(ids)))
    conn.execute(delete(CLUSTER_MEMBERS).where(CLUSTER_MEMBERS.c.article_id.in_(ids)))
    search_index.remove(conn, ids)
    conn.execute(delete(REVISIONS).where(REVISIONS.c.article_id.in_(ids)))
    conn.execute(delete(ARTICLES).where(ARTICLES.c.article_id.in_(ids)))


def remove_captures(conn: Connection, capture_ids: Collection[int]) -> None:
    """The rows of copies; what the archive holds of them is the caller's to remove."""
    ids = sorted(capture_ids)
    unread = update(REVISIONS).where(REVISIONS.c.capture_id.in_(ids))
    conn.execute(unread.values(capture_id=None))  # of another page, read from a copy of this one
    parts = CAPTURE_PARTS.c
    conn.execute(delete(CAPTURE_PARTS).where(parts.capture_id.in_(ids) | parts.part_id.in_(ids)))
    conn.execute(delete(CAPTURES).where(CAPTURES.c.capture_id.in_(ids)))


def _leave_urls(conn: Connection, url_ids: Collection[int]) -> None:
    """Addresses and outcomes stay, without what was said of the page."""
    ids = sorted(url_ids)
    conn.execute(update(OUTCOMES).where(OUTCOMES.c.url_id.in_(ids)).values(reason=None))
    for url_id in ids:
        erased.leave(conn, url_id)
