"""The page that a redirect leads to: a row of its own, leased to the run that was led there."""

from sqlalchemy import Connection

from models.articles import former_urls
from models.clock import utc_now
from models.crawl import frontier
from models.crawl.earlier_redirects import earlier_redirects
from models.crawl.run import Run
from models.crawl.url_rows import FOUND, UrlLease
from models.items import Link
from models.outcomes import Outcome
from models.scheduling.run_lifecycle import LEASE
from models.urls import url_key


def take_over(conn: Connection, run: Run, asked: UrlLease, url: str) -> UrlLease | str | None:
    """A lease on the page that a URL redirects to; None where it is known or being fetched.

    Or the reason why it is not that URL's article: other URLs redirected to it, now or recently.
    """
    if not run.shared_targets.knows_before:
        run.shared_targets.know_before(earlier_redirects(conn, run.site_id, run.run_id))
    if shared := run.shared_targets.add(asked, url):
        return shared
    now = utc_now()
    frontier.add_links(conn, run.site_id, [Link(url, "redirect", asked.url, asked.hint)], now)
    row = frontier.find(conn, url)
    if row is None or row.site_id != run.site_id:
        return None
    if asked.article and row.article:
        former_urls.lead_on(conn, asked.url_id, row.url_id, now)
    came_back = not row.article and former_urls.article_of(conn, row.url_id) is not None
    if row.state != FOUND and not came_back:
        return None
    taken = frontier.claim_these(conn, [row.url_id], run.owner, now + LEASE, now)
    return taken[0] if taken else None


def is_elsewhere(url: str, asked: UrlLease) -> bool:
    """Whether an answer's URL is another page than was asked for: redirects led there."""
    return url_key(url) != url_key(asked.url)


def is_doubtful(outcome: Outcome, url: str, asked: UrlLease) -> bool:
    """Whether a stored article is asked for once more, unconditionally, before this counts.

    One wrong answer withdraws no article; and a 304 after a redirect is of the page's new address,
    of which no copy is held.
    """
    unmodified = outcome is Outcome.NOT_MODIFIED and is_elsewhere(url, asked)
    return asked.article and (outcome is Outcome.GONE or unmodified)
