"""What is undone at the end of a run of pages that many URLs were redirected to."""

from datetime import datetime

from sqlalchemy import Connection

from models.articles import refusals
from models.crawl import frontier, runs
from models.crawl.run import Run
from models.outcomes import Outcome
from models.scheduling.record_outcome import record_outcome
from models.scheduling.run_lifecycle import LEASE
from models.urls import url_key
from pipelines.late_refusals import has_its_headline, take_back


def refuse_shared_targets(conn: Connection, run: Run, now: datetime) -> int:
    """Refuses what was stored of such pages, and blocks what led there before it was known.

    Returns how many articles were refused. A page with the headline that its source gave stays.
    """
    refused = 0
    for shared in run.shared_targets.found():
        keys = [url_key(url) for url in shared.urls]
        rows = refusals.reached_by_redirect(conn, run.site_id, keys)
        if any(map(has_its_headline, rows)):
            continue
        take_back(conn, rows, now)
        why = f"{shared.pages} pages of the site redirect to it"
        came = [(row.url_id, None, now, Outcome.BLOCKED, why) for row in rows]
        runs.record_all(conn, run.run_id, came)
        refused += len(rows)
        for lease in frontier.claim_these(conn, shared.early, run.owner, now + LEASE, now):
            record_outcome(
                conn, run, lease.url_id, Outcome.BLOCKED, now,
                reason=shared.reason, http_status=200, attempts=lease.attempts,
            )  # fmt: skip
    return refused
