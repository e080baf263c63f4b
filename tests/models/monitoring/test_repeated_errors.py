"""Errors of pages that had failed before count in the run where they began, and in no other."""

from collections.abc import Mapping

import pytest
from sqlalchemy import Connection

from models.crawl import runs
from models.db.database import Database
from models.monitoring import repeated_errors, run_metrics
from models.outcomes import Outcome
from tests.factories import NOW, known_site, known_url, make_article, open_run, store_article

STORED, GONE, TIMEOUT = Outcome.STORED, Outcome.GONE, Outcome.TIMEOUT


def run_over(conn: Connection, site_id: int, outcomes: Mapping[int, Outcome]) -> int:
    """A run that is over, in which each page came to one of these."""
    run_id = open_run(conn, site_id)
    for page, outcome in outcomes.items():
        url_id = known_url(conn, site_id, f"https://example.test/{page}")
        runs.record(conn, run_id, url_id, outcome, None, 200, NOW)
    runs.close_run(conn, run_id, "done", None, NOW)
    return run_id


def test_a_page_that_fails_again_is_repeated_until_it_comes(database: Database) -> None:
    came = (STORED, TIMEOUT, GONE, STORED, TIMEOUT)
    with database.transaction() as conn:
        site_id = known_site(conn)
        ids = [run_over(conn, site_id, {1: outcome}) for outcome in came]
        assert repeated_errors.of_runs(conn, ids) == {ids[2]: {GONE: 1}}


def test_retries_of_dead_pages_are_no_failing_site(database: Database) -> None:
    good, dead = dict.fromkeys(range(20), STORED), dict.fromkeys(range(20, 25), TIMEOUT)
    with database.transaction() as conn:
        site_id = known_site(conn)
        run_over(conn, site_id, {**good, **dead})
        for _ in range(2):
            run_over(conn, site_id, dead)
        found = run_metrics.of_runs(conn, site_id)
        assert [run.errors for run in found] == [0, 0, 5]
        # the error stays where it began, however often it is met again
        assert run_metrics.without_later(conn, found[:2], found[2]).errors == 5
        run_over(conn, site_id, {20: STORED})
        later = run_metrics.of_runs(conn, site_id)
        assert run_metrics.without_later(conn, later[:3], later[3]).errors == 4, "it came"
        assert run_metrics.without_later(conn, later[:1], later[1]).errors == 0


@pytest.mark.parametrize(("articles", "forgiven"), [(0, 0), (2, 0), (3, 2)])
def test_a_run_is_forgiven_them_on_a_site_that_works_otherwise(
    sqlite: Database, articles: int, forgiven: int
) -> None:
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        for n in range(articles):
            url_id = known_url(conn, site_id, f"https://example.test/good/{n}")
            store_article(conn, site_id, make_article(f"Story {n} of the day.", url_id=url_id))
        run_over(conn, site_id, {1: TIMEOUT, 2: TIMEOUT, 3: GONE})
        again = run_over(conn, site_id, {1: TIMEOUT, 2: TIMEOUT, 3: GONE})  # gone is no error
        assert repeated_errors.forgiven(conn, again, site_id) == forgiven
