"""Runs under way and lately ended, on each database."""

from datetime import timedelta

from crawler.reports.live_runs import live_runs
from models.crawl import runs
from models.db.database import Database
from models.db.owners import new_owner
from models.outcomes import Outcome
from tests.factories import NOW, known_site, known_url


def test_what_runs_is_counted_and_what_ended_last_comes_first(database: Database) -> None:
    with database.transaction() as conn:
        site_id = known_site(conn)
        ids = [runs.open_run(conn, "visit", site_id, new_owner(), NOW) for _ in range(4)]
        for n, run_id in enumerate(ids[:3]):  # the first began first, and ended last
            runs.close_run(conn, run_id, "done", None, NOW + timedelta(minutes=9 - n))
        runs.record(conn, ids[3], known_url(conn, site_id), Outcome.STORED, None, 200, NOW)
    with database.reading() as conn:
        found = live_runs(conn, 2, NOW)
    assert [(run["run_id"], run["urls"], run["stored"]) for run in found.running] == [
        (ids[3], 1, 1)
    ]
    assert [run["run_id"] for run in found.ended] == ids[:2]
    assert (found.signs[ids[3]].at, found.signs[ids[3]].dead) == (NOW, False)


def test_nothing_runs(database: Database) -> None:
    with database.reading() as conn:
        found = live_runs(conn, 2, NOW)
    assert (found.running, found.ended, found.signs) == ([], [], {})
