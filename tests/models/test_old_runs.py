"""Old runs go with their counts, but for a site's newest and what something refers to."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, func, insert, select

from models import old_runs
from models.crawl import runs
from models.crawl.run_rows import OUTCOMES, RUN_COUNTS, RUNS
from models.db.database import Database
from models.monitoring.health import SITE_HEALTH
from models.outcomes import Outcome
from models.sites import leases
from tests.factories import NOW, known_site, known_url

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(old_runs, "NEWEST", 2)
    monkeypatch.setattr(old_runs, "_BATCH", 3)


def run(conn: Connection, site: int | None, day: int, *, end: bool = True) -> int:
    at = NOW - day * DAY
    number = runs.open_run(conn, "visit", site, "x:1:ab", at)
    if end:
        runs.close_run(conn, number, "done", None, at)
        row = {"run_id": number, "outcome": Outcome.HTTP_ERROR.value, "urls": 1}
        conn.execute(insert(RUN_COUNTS), row)
    return number


def left(conn: Connection, table: object = RUNS) -> set[int]:
    return set(conn.scalars(select(table.c.run_id)))


def test_old_runs_go_with_their_counts_and_the_newest_of_each_site_stay(database: Database) -> None:
    with database.transaction() as conn:
        site, other = known_site(conn), known_site(conn, "other")
        old = [run(conn, site, 100 - n) for n in range(8)]
        quiet = [run(conn, other, 90), run(conn, other, 89)]
        young = [run(conn, site, 5)]
        nobody = [run(conn, None, 80), run(conn, None, 79), run(conn, None, 78)]
    with database.reading() as conn:
        assert old_runs.count(conn, NOW - 30 * DAY, None) == 8
    assert old_runs.remove(database, NOW - 30 * DAY) == 8
    with database.reading() as conn:
        assert left(conn) == {old[-1], *young, *quiet, *nobody[1:]}
        assert left(conn, RUN_COUNTS) == left(conn)
    assert old_runs.remove(database, NOW - 30 * DAY) == 0


def test_a_run_that_something_refers_to_stays(database: Database) -> None:
    with database.transaction() as conn:
        site = known_site(conn)
        held, healthy, noticed, fetched, running, free = (
            run(conn, site, 50 - n, end=n != 4) for n in range(6)
        )
        run(conn, site, 2)
        run(conn, site, 1)
        leases.acquire(conn, site, "fetch", "x:1:ab", held, NOW + DAY, NOW)
        health = {"site_id": site, "checked_at": NOW, "run_id": healthy, "state": "ok"}
        conn.execute(insert(SITE_HEALTH), health)
        runs.event(conn, site, noticed, "template changed", {}, NOW)
        runs.record(conn, fetched, known_url(conn, site), Outcome.STORED, None, 200, NOW)
    with database.reading() as conn:
        assert old_runs.count(conn, NOW - 10 * DAY, None) == 1
        assert old_runs.count(conn, NOW - 10 * DAY, NOW - 10 * DAY) == 2  # its outcome goes first
    assert old_runs.remove(database, NOW - 10 * DAY) == 1
    with database.reading() as conn:
        assert {held, healthy, noticed, fetched, running} < left(conn)
        assert free not in left(conn)


def test_outcomes_go_in_batches_and_their_counts_stay(database: Database) -> None:
    def outcomes(at: datetime) -> int:
        removed = old_runs.remove_outcomes(database, at)
        with database.reading() as conn:
            rest = conn.execute(select(func.count()).select_from(OUTCOMES)).scalar_one()
        assert removed + rest == 8
        return removed

    with database.transaction() as conn:
        site = known_site(conn)
        urls = [known_url(conn, site, f"https://example.test/{n}") for n in range(7)]
        for day, some in ((40, urls), (3, urls[:1])):
            number = runs.open_run(conn, "visit", site, "x:1:ab", NOW - day * DAY)
            for url in some:
                runs.record(conn, number, url, Outcome.STORED, None, 200, NOW)
            runs.close_run(conn, number, "done", None, NOW - day * DAY)
    assert outcomes(NOW - 10 * DAY) == 7
    with database.reading() as conn:
        assert set(conn.scalars(select(RUN_COUNTS.c.urls))) == {7, 1}
