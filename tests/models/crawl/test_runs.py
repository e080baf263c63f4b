"""The run log: one outcome a URL, runs that add up, runs that died."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from models.crawl import runs
from models.db.database import Database
from models.db.owners import new_owner
from models.outcomes import Outcome
from tests.factories import NOW, known_site, known_url, open_run

HOUR = timedelta(hours=1)


@pytest.fixture
def run_id(database: Database) -> int:
    with database.transaction() as conn:
        return open_run(conn, known_site(conn))


def status_of(database: Database, run_id: int) -> tuple[object, ...]:
    with database.reading() as conn:
        query = text("select status, urls, stored from v1_runs where run_id = :run")
        return tuple(conn.execute(query, {"run": run_id}).one())


def test_a_url_asked_for_twice_in_a_run_has_the_later_outcome(
    database: Database, run_id: int
) -> None:
    with database.transaction() as conn:
        url_id = known_url(conn, known_site(conn))
        runs.record(conn, run_id, url_id, Outcome.TIMEOUT, "30 s", None, NOW)
        runs.record(conn, run_id, url_id, Outcome.STORED, None, 200, NOW + HOUR)
    with database.reading() as conn:
        assert runs.counts(conn, run_id) == {Outcome.STORED: 1}
        [told] = runs.outcomes_of(conn, url_id)
    assert (told.kind, told.outcome, told.reason, told.at) == (
        "discover", "stored", None, NOW + HOUR,
    )  # fmt: skip


def test_an_outcome_that_is_not_in_the_contract_is_refused(database: Database, run_id: int) -> None:
    with pytest.raises(ValueError, match="lost"), database.transaction() as conn:
        runs.record(conn, run_id, 1, "lost", None, None, NOW)


def test_a_run_that_gave_no_sign_of_life_is_aborted_with_its_counts(
    database: Database, run_id: int
) -> None:
    with database.transaction() as conn:
        site_id = known_site(conn)
        alive = open_run(conn, site_id)
        runs.record(conn, run_id, known_url(conn, site_id), Outcome.STORED, None, 200, NOW)
        runs.heartbeat(conn, run_id, NOW + HOUR)
        runs.heartbeat(conn, alive, NOW + 3 * HOUR)
        assert runs.abort_dead(conn, NOW + 3 * HOUR, HOUR) == [run_id]
        assert runs.abort_dead(conn, NOW + 3 * HOUR, HOUR) == []
    assert status_of(database, run_id) == ("aborted", 1, 1)
    assert status_of(database, alive)[0] == "running"
    with database.reading() as conn:
        ended = conn.execute(
            text("select finished_at from v1_runs where run_id = :r"), {"r": run_id}
        )
        assert str(ended.scalar_one()).startswith("2026-11-22 06:30")


def test_closing_a_run_twice_counts_once(database: Database, run_id: int) -> None:
    with database.transaction() as conn:
        site_id = known_site(conn)
        runs.record(conn, run_id, known_url(conn, site_id), Outcome.STORED, None, 200, NOW)
        runs.close_run(conn, run_id, "aborted", "swept", NOW)
        runs.close_run(conn, run_id, "done", None, NOW + HOUR)
    assert status_of(database, run_id) == ("done", 1, 1)
    with database.reading() as conn:
        assert runs.counts(conn, run_id) == {Outcome.STORED: 1}


def test_what_a_run_notices_of_a_site_is_kept(database: Database, run_id: int) -> None:
    with database.transaction() as conn:
        runs.event(conn, known_site(conn), run_id, "template changed", {"pages": 3}, NOW)
    with database.reading() as conn:
        [row] = conn.execute(text("select kind, detail from site_events")).all()
    assert tuple(row) == ("template changed", '{"pages": 3}')


def test_a_process_that_is_seen_to_run_is_not_buried_for_its_silence(sqlite: Database) -> None:
    """The database was away, or the machine slept."""
    with sqlite.transaction() as conn:
        site = known_site(conn)
        ours = runs.open_run(conn, "discover", site, new_owner(), NOW)
        theirs = runs.open_run(conn, "recrawl", site, "elsewhere:1:ab", NOW)
        late = NOW + timedelta(minutes=10)
        assert runs.abort_dead(conn, late, timedelta(minutes=2)) == [theirs]
        assert ours not in runs.abort_dead(conn, late, timedelta(minutes=2))


def test_a_page_that_ended_in_an_error_is_not_finished(database: Database, run_id: int) -> None:
    """A re-extraction that failed for most of its pages reads these again, and no others."""
    came = (Outcome.UNCHANGED, Outcome.EXTRACT_CRASH, Outcome.DATABASE_ERROR, Outcome.NO_CONTENT)
    with database.transaction() as conn:
        site_id = known_site(conn)
        urls = [known_url(conn, site_id, f"https://example.test/{n}") for n in range(5)]
        for url_id, outcome in zip(urls, came, strict=False):
            runs.record(conn, run_id, url_id, outcome, None, 200, NOW)
        assert runs.finished_urls(conn, [run_id], urls) == {urls[0], urls[3]}
