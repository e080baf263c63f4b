"""Errors of pages whose last answer was one too: they count in the run where they began.

A site with a few dead pages and no news would else seem to fail whenever these are tried again.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, Connection, FromClause, func, select

from models.articles import rows
from models.crawl.run_rows import OUTCOMES
from models.outcomes import ERRORS, Outcome

FAILED: Final = ERRORS - {Outcome.DATABASE_ERROR} | {Outcome.GONE}  # our own faults are not its


def is_repeated(outcomes: FromClause) -> ColumnElement[bool]:
    """Whether a row of `outcomes` is an error, and the page's outcome before it was one."""
    earlier, before = OUTCOMES.alias(), OUTCOMES.alias()
    last = select(func.max(earlier.c.run_id)).where(
        earlier.c.url_id == outcomes.c.url_id, earlier.c.run_id < outcomes.c.run_id
    )
    failed = select(before.c.run_id).where(
        before.c.url_id == outcomes.c.url_id,
        before.c.run_id == last.correlate(outcomes).scalar_subquery(),
        before.c.outcome.in_(sorted(FAILED)),
    )
    return outcomes.c.outcome.in_(sorted(FAILED)) & failed.correlate(outcomes).exists()


def of_runs(conn: Connection, run_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """The repeated errors of each run, by outcome."""
    query = select(OUTCOMES.c.run_id, OUTCOMES.c.outcome, func.count()).where(
        OUTCOMES.c.run_id.in_(run_ids), is_repeated(OUTCOMES)
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    grouped = query.group_by(OUTCOMES.c.run_id, OUTCOMES.c.outcome)
    for run_id, outcome, urls in conn.execute(grouped):
        found[run_id][outcome] = urls
    return found


def forgiven(conn: Connection, run_id: int, site_id: int) -> int:
    """How many of a run's errors are repeated, on a site that has more articles than those."""
    found = of_runs(conn, [run_id])[run_id]
    repeated = sum(urls for outcome, urls in found.items() if outcome in ERRORS)
    return repeated if rows.count(conn, site_id, repeated + 1) > repeated else 0
