"""The page that a redirect leads to: a row of its own, leased to the run that was led there."""

from sqlalchemy import Connection

from models.clock import utc_now
from models.crawl import frontier
from models.crawl.run import Run
from models.crawl.url_rows import UrlLease
from models.items import Link
from models.scheduling.run_lifecycle import LEASE


def take_over(conn: Connection, run: Run, asked: UrlLease, url: str) -> UrlLease | None:
    """A lease on the page that a URL redirects to; None where it is known or being fetched."""
    now = utc_now()
    frontier.add_links(conn, run.site_id, [Link(url, "redirect", asked.url, asked.hint)], now)
    row = frontier.find(conn, url)
    if row is None or row.site_id != run.site_id or row.state != "found":
        return None
    taken = frontier.claim_these(conn, [row.url_id], run.owner, now + LEASE, now)
    return taken[0] if taken else None
