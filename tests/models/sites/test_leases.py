"""One run holds a site for one kind of work; a lease runs out by itself."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from models.db.database import Database
from models.db.owners import new_owner
from models.db.statements import insert_ignore
from models.errors import SiteBusy
from models.sites import leases
from models.sites.leases import LONGEST_LEASE
from tests.databases import AtHead
from tests.factories import NOW, known_site, open_run

UNTIL, SECOND = NOW + timedelta(minutes=10), timedelta(seconds=1)
OURS, THEIRS = "host-a:1:ab", "host-b:1:cd"


def acquire(conn: Connection, owner: str, after: timedelta = timedelta(0)) -> int:
    site_id = known_site(conn)
    leases.acquire(conn, site_id, "fetch", owner, None, UNTIL + after, NOW + after)
    return site_id


def test_a_lease_keeps_others_out_until_it_runs_out(database: Database) -> None:
    with database.transaction() as conn:
        site_id = acquire(conn, OURS)
        run_id = open_run(conn, site_id)
        leases.acquire(conn, site_id, "fetch", OURS, run_id, UNTIL, NOW)
        with pytest.raises(SiteBusy) as busy:
            acquire(conn, THEIRS, UNTIL - NOW - SECOND)
        assert str(busy.value) == f"example is held by {OURS} (run {run_id}) until 05:40 UTC"
        acquire(conn, THEIRS, UNTIL - NOW)
        assert leases.owner_of(conn, site_id, "fetch", UNTIL) == THEIRS


def test_another_kind_of_work_and_another_site_have_leases_of_their_own(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        site_id, other = acquire(conn, OURS), known_site(conn, "other")
        leases.acquire(conn, site_id, "reextract", THEIRS, None, UNTIL, NOW)
        leases.acquire(conn, other, "fetch", THEIRS, None, UNTIL, NOW)
        assert leases.release_all(conn, THEIRS) == 2
        assert leases.owner_of(conn, site_id, "fetch", NOW) == OURS


def test_a_dead_owner_s_lease_is_taken_over(sqlite: Database) -> None:
    host = new_owner().split(":")[0]
    with sqlite.transaction() as conn:
        dead = f"{host}:4194304:ab"  # beyond the largest number of a process
        site_id = acquire(conn, dead)
        assert leases.acquire(conn, site_id, "fetch", THEIRS, None, UNTIL, NOW) == dead
        assert leases.acquire(conn, site_id, "fetch", THEIRS, None, UNTIL, NOW) is None


def test_a_lease_that_is_given_back_while_another_asks_for_it_is_taken(
    tmp_path: Path, at_head: AtHead, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at_head.database("postgresql", tmp_path) as url, closing(Database.open(url)) as database:
        with database.transaction() as conn:
            site_id = acquire(conn, OURS)
        tries = []

        def insert_and_give_back(*words: Any) -> None:
            insert_ignore(*words)
            if not tries:
                with database.transaction() as other:
                    leases.release(other, site_id, "fetch", OURS)
            tries.append(words)

        monkeypatch.setattr(leases, "insert_ignore", insert_and_give_back)
        with database.transaction() as conn:
            leases.acquire(conn, site_id, "fetch", THEIRS, None, UNTIL, NOW)
            assert leases.owner_of(conn, site_id, "fetch", NOW) == THEIRS
        assert len(tries) == 2


@pytest.mark.parametrize(("length", "held"), [(LONGEST_LEASE, True),
                                              (LONGEST_LEASE + SECOND, False)])  # fmt: skip
def test_a_lease_that_only_a_wrong_clock_can_have_set_holds_nothing(
    sqlite: Database, length: timedelta, held: bool
) -> None:
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        leases.acquire(conn, site_id, "fetch", OURS, None, NOW + length, NOW)
        assert leases.owner_of(conn, site_id, "fetch", NOW) == (OURS if held else None)
        if held:
            with pytest.raises(SiteBusy):
                acquire(conn, THEIRS)
        else:
            acquire(conn, THEIRS)


def test_only_its_owner_renews_and_gives_back_a_lease(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        site_id = acquire(conn, OURS)
        assert not leases.renew(conn, site_id, "fetch", THEIRS, UNTIL)
        assert not leases.release(conn, site_id, "fetch", THEIRS)
        assert leases.renew(conn, site_id, "fetch", OURS, UNTIL + SECOND)
        assert leases.owner_of(conn, site_id, "fetch", UNTIL + SECOND) == OURS
        assert leases.owner_of(conn, site_id, "fetch", UNTIL + 2 * SECOND) is None
        assert leases.release(conn, site_id, "fetch", OURS)
        assert leases.owner_of(conn, site_id, "fetch", NOW) is None
