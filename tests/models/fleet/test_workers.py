"""Workers say who they are and that they live; those that do not are silent, then forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.clock import utc_now
from models.db import server_clock
from models.db.database import Database
from models.db.owners import new_owner
from models.fleet import workers
from models.fleet.workers import GONE, NO_LABEL, SILENT, FleetWorker
from tests.factories import NOW

SECOND = timedelta(seconds=1)
WORKER = FleetWorker("host-a:1:ab", "host-a", "0.1.0", "0118", (NO_LABEL, "de"), 16, NOW, NOW)
OTHER = replace(WORKER, owner="host-b:1:cd", host="host-b", labels=("de",))


def test_a_worker_is_known_from_its_start_to_its_end(database: Database) -> None:
    with database.transaction() as conn:
        workers.register(conn, OTHER)
        workers.register(conn, WORKER)
        assert workers.known(conn) == [WORKER, OTHER]
        assert workers.heartbeat(conn, WORKER.owner, 3, NOW + SECOND)
        assert workers.known(conn)[0] == replace(WORKER, under_way=3, alive_at=NOW + SECOND)
        workers.leave(conn, WORKER.owner)
        assert workers.known(conn) == [OTHER]


def test_a_worker_that_refuses_stays_known_with_its_reason(database: Database) -> None:
    later = NOW + SECOND
    with database.transaction() as conn:
        for worker in (WORKER, OTHER):
            workers.register(conn, replace(worker, under_way=2))
        workers.refuse(conn, WORKER.owner, "it is 0.1.0, the batch of 0.2.0", later)
        refused, works = workers.known(conn)
        assert (refused.refused, refused.alive_at) == ("it is 0.1.0, the batch of 0.2.0", later)
        assert (refused.under_way, works.under_way, works.refused) == (0, 2, None)


def test_a_worker_is_silent_after_two_minutes_without_a_sign_of_life() -> None:
    assert not WORKER.is_silent(NOW + SILENT)
    assert WORKER.is_silent(NOW + SILENT + SECOND)


def test_those_that_live_gave_a_sign_of_life_and_were_not_killed_here(sqlite: Database) -> None:
    here, now = new_owner(), utc_now()
    killed = f"{here.rsplit(':', 2)[0]}:{2**22 + 1}:ab"  # no process has this number
    with sqlite.transaction() as conn:
        for owner, at in ((here, now), ("host-b:1:cd", now), ("host-c:1:ef", now - SILENT)):
            row = replace(WORKER, owner=owner, started_at=at, alive_at=at)
            workers.register(conn, row)
        assert set(workers.alive(conn, now + SECOND)) == {here, "host-b:1:cd"}
        workers.register(conn, replace(WORKER, owner=killed, started_at=now, alive_at=now))
        assert killed not in workers.alive(conn, now)


@pytest.mark.parametrize("ahead", [timedelta(days=3), timedelta(days=-3)])
def test_a_wrong_clock_hides_no_worker_and_forgets_none(
    database: Database, monkeypatch: pytest.MonkeyPatch, ahead: timedelta
) -> None:
    if database.dialect == "sqlite":
        pytest.skip("its clock is this machine's")
    now = utc_now()
    with database.transaction() as conn:
        workers.register(conn, replace(WORKER, started_at=now, alive_at=now))
        monkeypatch.setattr(server_clock, "utc_now", lambda: utc_now() + ahead)
        wrong = now + ahead
        workers.register(conn, replace(OTHER, started_at=wrong, alive_at=wrong))
        workers.refuse(conn, OTHER.owner, "its clock is wrong", wrong + SECOND)
        assert workers.heartbeat(conn, WORKER.owner, 0, wrong + SECOND)
        for worker in workers.known(conn):
            assert abs(worker.alive_at - now - SECOND) < SECOND
            assert abs(worker.started_at - now) < SECOND


def test_a_worker_without_a_sign_of_life_is_forgotten_and_can_come_back(
    database: Database,
) -> None:
    late = NOW + GONE + SECOND
    with database.transaction() as conn:
        workers.register(conn, WORKER)
        workers.register(conn, replace(OTHER, alive_at=NOW + SECOND))
        assert workers.forget(conn, NOW + GONE) == 0
        assert workers.forget(conn, late) == 1
        assert not workers.heartbeat(conn, WORKER.owner, 0, late)
        again = replace(WORKER, started_at=late, alive_at=late)
        workers.register(conn, again)
        assert [worker.owner for worker in workers.known(conn)] == [again.owner, OTHER.owner]
        workers.register(conn, replace(again, started_at=late + SECOND))
        assert len(workers.known(conn)) == 1, "one that starts forgets those that are gone"


def test_one_that_was_killed_is_forgotten_when_the_next_starts_there(database: Database) -> None:
    mine = new_owner()
    host = mine.split(":")[0]
    with database.transaction() as conn:
        for owner in (f"{host}:4194304:ab", mine, "elsewhere:4194304:cd"):
            workers.register(conn, replace(WORKER, owner=owner))
        left = {worker.owner for worker in workers.known(conn)}
        assert left == {mine, "elsewhere:4194304:cd"}
