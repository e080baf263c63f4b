"""Pages that failed on our side, from their archived copies: the site is not asked again."""

from collections.abc import Sequence

from sqlalchemy import Connection

from models.archive import captures
from models.archive.reader import unread
from models.crawl.run import Run
from models.crawl.url_rows import UrlLease
from models.items import Page


def archived_copies(conn: Connection, run: Run, leases: Sequence[UrlLease]) -> dict[int, Page]:
    """The page of each lease whose last fetch was archived, but not read or not stored, by url_id.

    A copy of an earlier fetch is left alone: what is missing then has to be fetched.
    """
    wanted = {lease.url_id: lease for lease in leases if lease.unread_copy_at is not None}
    if not wanted:
        return {}
    newest = captures.latest(conn, list(wanted))
    refs = captures.refs(conn, list(newest.values()))
    pages = {}
    for url_id, capture_id in newest.items():
        ref, lease = refs[capture_id], wanted[url_id]
        if ref.fetched_at == lease.unread_copy_at:
            pages[url_id] = unread(ref, run.site.name, lease.url, lease.hint, run.run_id)
    return pages
