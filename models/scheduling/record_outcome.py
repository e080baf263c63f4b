"""The one outcome of a URL in a run: written, and its lease released, in one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from models.crawl import frontier, runs
from models.crawl.run import Run
from models.outcomes import MAX_ATTEMPTS, PASSING, Outcome, retry_after
from models.scheduling import revisit_policy


class ArticleDates(NamedTuple):
    """What decides when an article is fetched again."""

    published_at: datetime | None  # aware, UTC
    first_seen_at: datetime  # aware, UTC


def record_outcome(
    conn: Connection,
    run: Run,
    url_id: int,
    outcome: Outcome,
    now: datetime,
    *,
    reason: str | None = None,
    http_status: int | None = None,
    attempts: int = 0,
    fetched_at: datetime | None = None,
    canonical_url: str | None = None,
    etag: str | None = None,
    last_modified: str | None = None,
    asked: bool = True,
    at_once: bool = False,
    dates: ArticleDates | None = None,
) -> bool:
    """Writes the outcome and releases the lease; False, and nothing done, if another run has it.

    `attempts` is how often in a row the URL failed before; a passing failure is asked for
    again after a while, at most `MAX_ATTEMPTS` times in a row. A stored article is asked for
    again when a revisit of it is worth the request. What the site was not `asked` for, because
    its host was left alone, costs no attempt; nor does what this machine could not do: that is
    due `at_once`, in the next run. `dates`: of the article that was just stored; they
    are read where they are not given.
    """
    live = run.kind != "reextract"  # what was archived says nothing of when to ask again
    not_before: datetime | None = None
    if live and at_once:
        asked, not_before = False, now
    elif live and asked:
        if dates is None:
            not_before = _next_try(conn, run, url_id, outcome, attempts, now)
        else:
            revised = outcome is Outcome.REVISED
            not_before = revisit_policy.next_revisit_after(run, *dates, now, revised=revised)
    elif live:
        not_before = now + retry_after(0)
    ours = frontier.acknowledge(
        conn,
        url_id,
        run.owner,
        outcome,
        now,
        not_before=not_before,
        fetched_at=fetched_at,
        canonical_url=canonical_url,
        etag=etag,
        last_modified=last_modified,
        fetched=live,
        asked=asked,
    )
    if ours:
        runs.record(conn, run.run_id, url_id, outcome, reason, http_status, now)
    return ours


class UnchangedPage(NamedTuple):
    """An archived page that reads as it did."""

    url_id: int
    http_status: int
    at: datetime
    reason: str


def record_unchanged(conn: Connection, run: Run, pages: Sequence[UnchangedPage]) -> None:
    """`record_outcome` for archived pages that read as they did, many at once.

    Pages that another run has taken over are left to it.
    """
    ours = frontier.release_urls(conn, [page.url_id for page in pages], run.owner)
    came = [
        (page.url_id, page.http_status, page.at, Outcome.UNCHANGED, page.reason)
        for page in pages
        if page.url_id in ours
    ]
    runs.record_all(conn, run.run_id, came)


def _next_try(
    conn: Connection, run: Run, url_id: int, outcome: Outcome, attempts: int, now: datetime
) -> datetime | None:
    if outcome in PASSING and attempts + 1 < MAX_ATTEMPTS:
        return now + retry_after(attempts)
    return revisit_policy.next_revisit_of(conn, run, url_id, outcome, now)
