"""How a run begins, gives signs of life, ends, and is reaped when it died."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from models.crawl import frontier, runs
from models.crawl.run import Run
from models.db.database import Database
from models.db.owners import new_owner
from models.errors import SiteBusy
from models.scheduling import run_lifecycle
from models.scheduling.run_lifecycle import HEARTBEAT_TIMEOUT, LEASE, begin, lease_of
from tests.factories import NOW, known_site, known_url, make_site

SECOND = timedelta(seconds=1)


def started(database: Database, kind: str = "discover", owner: str | None = None) -> Run:
    with database.transaction() as conn:
        return begin(conn, make_site(), kind, owner or new_owner(), NOW)


def ask(database: Database, query: str) -> list[Any]:
    with database.reading() as conn:
        return [tuple(row) for row in conn.execute(text(query))]


def test_a_run_begins_with_its_row_and_the_site_s_lease(sqlite: Database) -> None:
    run = started(sqlite)
    assert (run.kind, run.site.name) == ("discover", "example")
    assert ask(sqlite, "select run_id, status from runs") == [(run.run_id, "running")]
    assert ask(sqlite, "select kind, owner, run_id from leases") == [
        ("fetch", run.owner, run.run_id)
    ]


@pytest.mark.parametrize("kind", ["discover", "recrawl", "visit"])
def test_all_runs_that_fetch_share_one_lease(sqlite: Database, kind: str) -> None:
    started(sqlite)
    with pytest.raises(SiteBusy, match="example is held by"):
        started(sqlite, kind)
    assert ask(sqlite, "select count(*) from runs") == [(1,)]
    assert (lease_of(kind), lease_of("reextract")) == ("fetch", "reextract")


def test_a_re_extraction_goes_on_beside_a_crawl(sqlite: Database) -> None:
    started(sqlite)
    started(sqlite, "reextract")
    assert ask(sqlite, "select count(*) from leases") == [(2,)]


def test_a_heartbeat_prolongs_the_lease_and_all_claims(sqlite: Database) -> None:
    run, later = started(sqlite), NOW + LEASE - SECOND
    with sqlite.transaction() as conn:
        url_id = known_url(conn, run.site_id)
        frontier.claim(conn, run.site_id, run.owner, 9, NOW + LEASE, NOW)
        assert run_lifecycle.heartbeat(conn, run, later)
        row = frontier.get(conn, url_id)
        assert row is not None and row.leased_until == later + LEASE
        assert not frontier.claim(conn, run.site_id, "other:1:ab", 9, NOW, NOW + LEASE + SECOND)
    with sqlite.transaction() as conn:
        conn.execute(text("delete from leases"))
        assert not run_lifecycle.heartbeat(conn, run, later)


def test_a_run_that_ends_gives_back_what_it_held(sqlite: Database) -> None:
    run = started(sqlite)
    with sqlite.transaction() as conn:
        known_url(conn, run.site_id)
        frontier.claim(conn, run.site_id, run.owner, 9, NOW + LEASE, NOW)
        run_lifecycle.end(conn, run, "failed", "no source", NOW)
    assert ask(sqlite, "select status, reason from runs") == [("failed", "no source")]
    assert ask(sqlite, "select count(*) from leases") == [(0,)]
    assert ask(sqlite, "select count(*) from urls where owner is not null") == [(0,)]
    started(sqlite)


@pytest.mark.parametrize(
    ("after", "dead"), [(HEARTBEAT_TIMEOUT, False), (HEARTBEAT_TIMEOUT + SECOND, True)]
)
def test_a_run_of_another_host_is_dead_without_a_beat_for_two_minutes(
    sqlite: Database, after: timedelta, dead: bool
) -> None:
    run = started(sqlite, owner="elsewhere:1:ab")
    with sqlite.transaction() as conn:
        known_url(conn, run.site_id)
        frontier.claim(conn, run.site_id, run.owner, 9, NOW + 9 * LEASE, NOW)
        assert run_lifecycle.reap_dead_runs(conn, NOW + after) == ([run.run_id] if dead else [])
    left = 0 if dead else 1
    assert ask(sqlite, "select count(*) from leases") == [(left,)]
    assert ask(sqlite, "select count(*) from urls where owner is not null") == [(left,)]


def test_a_living_process_of_this_host_is_not_reaped_however_silent(sqlite: Database) -> None:
    started(sqlite)
    with sqlite.transaction() as conn:
        assert run_lifecycle.reap_dead_runs(conn, NOW + 9 * HEARTBEAT_TIMEOUT) == []


def test_whoever_takes_over_a_site_may_claim_at_once_what_a_process_had_that_died_just_now(
    sqlite: Database,
) -> None:
    host = new_owner().split(":")[0]
    dead = started(sqlite, owner=f"{host}:4194304:ab")  # beyond the largest number of a process
    with sqlite.transaction() as conn:
        known_url(conn, dead.site_id)
        assert frontier.claim(conn, dead.site_id, dead.owner, 9, NOW + LEASE, NOW)
    run = started(sqlite)  # nobody looked for dead runs meanwhile
    with sqlite.transaction() as conn:
        assert frontier.claim(conn, run.site_id, run.owner, 9, NOW + LEASE, NOW)
    assert ask(sqlite, "select tries from url_queues") == [(1,)]


def test_whoever_works_on_a_site_is_known_by_a_sign_of_life_of_late(sqlite: Database) -> None:
    run = started(sqlite)
    with sqlite.reading() as conn:
        for after, owner in ((0 * SECOND, run.owner), (HEARTBEAT_TIMEOUT, None)):
            now = NOW + after + SECOND
            found = run_lifecycle.working_owner(conn, run.site_id, "visit", now)
            assert found == owner, after
        assert run_lifecycle.working_owner(conn, run.site_id, "reextract", NOW) is None


def test_an_owner_whose_process_is_gone_works_on_nothing(sqlite: Database) -> None:
    host = new_owner().split(":")[0]
    run = started(sqlite, owner=f"{host}:4194304:ab")  # beyond the largest number of a process
    with sqlite.reading() as conn:
        assert run_lifecycle.working_owner(conn, run.site_id, "visit", NOW) is None
        assert runs.owners_of(conn, [run.run_id]) == [run.owner]
        assert runs.owners_of(conn, []) == []
    with sqlite.transaction() as conn:
        known_site(conn)


def test_a_run_that_is_aborted_gives_back_what_it_holds_unless_it_ended(sqlite: Database) -> None:
    run = started(sqlite)
    with sqlite.transaction() as conn:
        known_url(conn, run.site_id)
        assert frontier.claim(conn, run.site_id, run.owner, 5, NOW + LEASE, NOW)
        run_lifecycle.abort(conn, run, "stopped at once", NOW + SECOND)
    assert ask(sqlite, "select status, reason from runs") == [("aborted", "stopped at once")]
    assert ask(sqlite, "select count(*) from leases") == [(0,)]
    assert ask(sqlite, "select count(*) from urls where owner is not null") == [(0,)]
    with sqlite.transaction() as conn:
        run_lifecycle.end(conn, run, "done", None, NOW + SECOND)
        run_lifecycle.abort(conn, run, "stopped at once", NOW + SECOND)
    assert ask(sqlite, "select status, reason from runs") == [("done", None)]
