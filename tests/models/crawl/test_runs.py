"""The run log: one outcome a URL, runs that add up, runs that died."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from models.crawl import runs
from models.db.database import Database
from models.db.owners import new_holder
from models.outcomes import Outcome
from tests.factories import NOW, known_site, known_url, open_run

HOUR = timedelta(hours=1)


@pytest.fixture
def run_id(database: Database) -> int:
    with database.transaction() as c:
        return open_run(c, known_site(c))


def status_of(database: Database, run_id: int) -> tuple[object, ...]:
    with database.reading() as c:
        query = text("select status, urls, stored from v1_runs where run_id = :run")
        return tuple(c.execute(query, {"run": run_id}).one())


def test_a_url_asked_for_twice_in_a_run_has_the_later_outcome(
    database: Database, run_id: int
) -> None:
    with database.transaction() as c:
        url_id = known_url(c, known_site(c))
        runs.record(c, run_id, url_id, Outcome.TIMEOUT, "30 s", None, NOW)
        runs.record(c, run_id, url_id, Outcome.STORED, None, 200, NOW + HOUR)
    with database.reading() as c:
        assert runs.counts(c, run_id) == {Outcome.STORED: 1}
        [told] = runs.outcomes_of(c, url_id)
    assert (told["kind"], told["outcome"], told["reason"], told["at"]) == (
        "discover", "stored", None, NOW + HOUR,
    )  # fmt: skip


def test_an_outcome_that_is_not_in_the_contract_is_refused(database: Database, run_id: int) -> None:
    with pytest.raises(ValueError, match="lost"), database.transaction() as c:
        runs.record(c, run_id, 1, "lost", None, None, NOW)  # type: ignore[arg-type]


def test_a_run_that_gave_no_sign_of_life_is_aborted_with_its_counts(
    database: Database, run_id: int
) -> None:
    with database.transaction() as c:
        site_id = known_site(c)
        alive = open_run(c, site_id)
        runs.record(c, run_id, known_url(c, site_id), Outcome.STORED, None, 200, NOW)
        runs.beat(c, run_id, NOW + HOUR)
        runs.beat(c, alive, NOW + 3 * HOUR)
        assert runs.sweep(c, NOW + 3 * HOUR, HOUR) == [run_id]
        assert runs.sweep(c, NOW + 3 * HOUR, HOUR) == []
    assert status_of(database, run_id) == ("aborted", 1, 1)
    assert status_of(database, alive)[0] == "running"
    with database.reading() as c:
        ended = c.execute(text("select finished_at from v1_runs where run_id = :r"), {"r": run_id})
        assert str(ended.scalar_one()).startswith("2026-11-22 06:30")


def test_closing_a_run_twice_counts_once(database: Database, run_id: int) -> None:
    with database.transaction() as c:
        site_id = known_site(c)
        runs.record(c, run_id, known_url(c, site_id), Outcome.STORED, None, 200, NOW)
        runs.close_run(c, run_id, "aborted", "swept", NOW)
        runs.close_run(c, run_id, "done", None, NOW + HOUR)
    assert status_of(database, run_id) == ("done", 1, 1)
    with database.reading() as c:
        assert runs.counts(c, run_id) == {Outcome.STORED: 1}


def test_what_a_run_notices_of_a_site_is_kept(database: Database, run_id: int) -> None:
    with database.transaction() as c:
        runs.event(c, known_site(c), run_id, "layout changed", {"pages": 3}, NOW)
    with database.reading() as c:
        [row] = c.execute(text("select kind, detail from site_events")).all()
    assert tuple(row) == ("layout changed", '{"pages": 3}')


def test_a_process_that_is_seen_to_run_is_not_buried_for_its_silence(sqlite: Database) -> None:
    """The database was away, or the machine slept."""
    with sqlite.transaction() as c:
        site = known_site(c)
        ours = runs.open_run(c, "discover", site, new_holder(), NOW)
        theirs = runs.open_run(c, "recrawl", site, "elsewhere:1:ab", NOW)
        late = NOW + timedelta(minutes=10)
        assert runs.sweep(c, late, timedelta(minutes=2)) == [theirs]
        assert ours not in runs.sweep(c, late, timedelta(minutes=2))
