"""What the runs of each day brought."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from crawler.reports.daily_counts import DayCounts, daily_counts
from models.crawl import runs
from models.db.database import Database
from models.outcomes import Outcome
from tests.factories import NOW, known_site, known_url


def run(conn: Connection, site_id: int, at: datetime, *outcomes: Outcome) -> None:
    run_id = runs.open_run(conn, "visit", site_id, "test:1:ab", at)
    for n, outcome in enumerate(outcomes):
        url_id = known_url(conn, site_id, f"https://example.test/{site_id}/{n}")
        runs.record(conn, run_id, url_id, outcome, None, 200, at)
    runs.close_run(conn, run_id, "done", None, at)


def test_days_add_up_their_runs_and_none_is_left_out(database: Database) -> None:
    midnight = NOW.replace(hour=0, minute=0)
    with database.transaction() as conn:
        one, other = known_site(conn, "one"), known_site(conn, "other")
        run(conn, one, NOW, Outcome.STORED, Outcome.STORED, Outcome.GONE, Outcome.TIMEOUT)
        run(conn, one, midnight, Outcome.STORED, Outcome.REVISED, Outcome.UNCHANGED)
        run(conn, one, midnight - timedelta(seconds=1), Outcome.STORED)
        run(conn, one, NOW - timedelta(days=9), Outcome.STORED)
        run(conn, other, NOW, Outcome.NOT_ARTICLE)
    with database.reading() as conn:
        found = daily_counts(conn, ["one", "other", "nobody"], 3, NOW)
    day = NOW.date()
    assert found["one"] == [
        DayCounts(day - timedelta(days=2)),
        DayCounts(day - timedelta(days=1), stored=1),
        DayCounts(day, stored=3, revised=1, unchanged=1, refused=1, errors=1),
    ]
    assert found["other"][-1] == DayCounts(day, refused=1)
    assert found["nobody"] == [DayCounts(day - timedelta(days=ago)) for ago in (2, 1, 0)]
