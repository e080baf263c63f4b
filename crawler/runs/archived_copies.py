"""Pages that were fetched and archived, and not read: the site is not asked again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from models.archive import captures
from models.archive.reader import unread
from models.crawl.run import Run
from models.crawl.url_rows import UrlLease
from models.items import Page

FRESH: Final = timedelta(days=1)  # what a killed run fetched before is fetched anew


def archived_copies(
    conn: Connection, run: Run, leases: Sequence[UrlLease], now: datetime
) -> dict[int, Page]:
    """The page of each lease whose newest copy was not read to its end, by url_id.

    A run was killed before it came to it, or its last outcome was our fault. A copy that has
    another outcome is left alone: what is missing then has to be fetched.
    """
    newest = captures.latest(conn, [lease.url_id for lease in leases])
    if not newest:
        return {}
    refs = captures.refs(conn, list(newest.values()))
    pages = {}
    for lease in leases:
        ref = refs.get(newest.get(lease.url_id, 0))
        if ref is not None and _is_unread(lease, ref.fetched_at, now):
            pages[lease.url_id] = unread(ref, run.site.name, lease.url, lease.hint, run.run_id)
    return pages


def _is_unread(lease: UrlLease, fetched_at: datetime, now: datetime) -> bool:
    if lease.failed_here:
        return fetched_at == lease.answered_at
    later = lease.answered_at is None or fetched_at > lease.answered_at
    return later and now - fetched_at < FRESH
