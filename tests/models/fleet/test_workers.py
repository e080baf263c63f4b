"""Workers say who they are and that they live; those that do not are silent, then forgotten."""

from dataclasses import replace
from datetime import timedelta

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
        assert [w.serves("de", later) for w in (refused, works)] == [False, True]


def test_a_worker_serves_its_labels_while_it_gives_signs_of_life() -> None:
    assert WORKER.serves(NO_LABEL, NOW)
    assert not OTHER.serves(NO_LABEL, NOW)
    assert not WORKER.serves("fr", NOW)
    assert WORKER.serves("de", NOW + SILENT)
    assert not WORKER.serves("de", NOW + SILENT + SECOND)
    assert WORKER.is_silent(NOW + SILENT + SECOND)


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
