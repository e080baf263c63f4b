"""What people and programs are told of a fleet: workers, what waits, and what to do."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from crawler.reports import fleet, text_tables
from crawler.reports.fleet import Fleet
from models.clock import utc_now
from models.db import server_clock
from models.db.database import Database
from models.db.owners import new_owner
from models.fleet import handouts, workers
from models.fleet.workers import GONE, NO_LABEL, SILENT, FleetWorker
from tests.factories import NOW, known_site, open_run

MINUTE = timedelta(minutes=1)
WORKER = FleetWorker("web1:7:ab", "web1", "0.1.0", "0118", (NO_LABEL,), 16, NOW, NOW, 3)
GERMAN = replace(WORKER, owner="web2:8:cd", host="web2", labels=("de",), jobs=4, under_way=0)
OLD = replace(WORKER, owner="web3:9:ef", host="web3", version="0.0.9", revision="0117")


def registered(conn: Connection, *there: FleetWorker) -> None:
    for worker in there:
        workers.register(conn, worker)


def handed(conn: Connection, label: str, *sites: str, ago: timedelta = MINUTE) -> None:
    handouts.hand_out(conn, f"batch {label}", label, sites, NOW - ago)


def told(conn: Connection) -> list[str]:
    return list(fleet.warnings(fleet.read(conn, NOW)))


def test_without_a_fleet_there_is_nothing_to_say(database: Database) -> None:
    with database.transaction() as conn:
        registered(conn, replace(WORKER, alive_at=NOW - GONE - MINUTE))  # of last week
        found = fleet.read(conn, NOW)
    assert not found.is_used
    assert fleet.document(found) == {"workers": [], "queue": [], "warnings": []}


def test_a_fleet_that_is_well_is_a_table_and_a_line(database: Database) -> None:
    with database.transaction() as conn:
        registered(conn, WORKER, replace(GERMAN, under_way=4))
        handed(conn, NO_LABEL, "a", "b")
        handed(conn, "de", "c", ago=70 * MINUTE)
        found = fleet.read(conn, NOW)
    assert found.is_used
    assert list(fleet.lines(found)) == [
        "worker  state  version  labels  sites    last sign of life (UTC)\n"
        "web1:7  ok     0.1.0    (none)  3 of 16  2026-11-22 05:30:00\n"
        "web2:8  ok     0.1.0    de      4 of 4   2026-11-22 05:30:00",
        "handed out, not begun: 2 sites without a label, for 1 min; 1 site with the label 'de',"
        " for 1 h 10 min",
    ]
    assert list(fleet.warnings(found)) == []


def test_programs_get_the_same_as_data(database: Database) -> None:
    with database.transaction() as conn:
        registered(conn, WORKER, replace(GERMAN, alive_at=NOW - 3 * MINUTE))
        handed(conn, "de", "c")
        found = fleet.read(conn, NOW)
    document = json.loads(text_tables.as_json(fleet.document(found)))
    assert document["workers"][0] == {
        "worker": "web1:7:ab", "host": "web1", "state": "works", "version": "0.1.0",
        "database_revision": "0118", "labels": [""], "jobs": 16, "under_way": 3,
        "started_at": "2026-11-22T05:30:00Z", "alive_at": "2026-11-22T05:30:00Z", "refused": None,
    }  # fmt: skip
    assert document["workers"][1]["state"] == "silent"
    assert document["workers"][1]["under_way"] == 0, "nobody knows what it is at"
    assert document["queue"] == [
        {"label": "de", "sites": 1, "oldest_at": "2026-11-22T05:29:00Z", "workers": 0}
    ]
    assert document["warnings"] == list(fleet.warnings(found))


def test_a_site_whose_visit_began_is_not_in_the_queue(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        registered(conn, WORKER)
        open_run(conn, known_site(conn, "a"), "visit")
        handed(conn, NO_LABEL, "a")
        found = fleet.read(conn, NOW)
    assert found.is_used
    assert list(fleet.lines(found))[1:] == ["handed out: nothing waits for a worker"]


def test_a_worker_that_is_silent_or_refuses_is_told_with_what_to_do(sqlite: Database) -> None:
    why = "it is 0.1.0, the batch is of 0.2.0; install that here"
    with sqlite.transaction() as conn:
        registered(conn, WORKER, replace(GERMAN, alive_at=NOW - 7 * MINUTE))
        workers.refuse(conn, WORKER.owner, why, NOW)
        assert told(conn) == [
            f"worker web1:7 refuses to work: {why}",
            "worker web2:8 gave no sign of life for 7 min: it hangs, was killed, or lost the"
            " database; start it again on web2; its sites are handed out again",
        ]
        found = fleet.read(conn, NOW)
        states = [line.split()[1] for line in next(iter(fleet.lines(found))).splitlines()[1:]]
        assert states == ["warn", "warn"]
    assert "\x1b[33mwarn\x1b[0m: worker web1:7" in "\n".join(fleet.lines(found, colours=True))


def test_sites_that_wait_beside_an_idle_worker_are_told_after_a_while(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        registered(conn, replace(WORKER, under_way=0))
        handed(conn, NO_LABEL, "a", ago=2 * MINUTE)
        assert told(conn) == []
        handed(conn, NO_LABEL, "b", ago=3 * MINUTE)
        [said] = told(conn)
        assert said == (
            "2 sites without a label wait for 3 min, though worker web1:7 has nothing to do: do all"
            " machines have the same WINNOW_BROKER_URL, and its machine the sites' files?"
        )
        registered(conn, WORKER)
        assert told(conn) == [], "a worker at work takes them later"


def test_one_that_was_killed_on_this_machine_is_told_at_once(sqlite: Database) -> None:
    host = new_owner().split(":")[0]
    with sqlite.transaction() as conn:
        registered(conn, replace(WORKER, owner=f"{host}:4194304:ab", host=host))
        handed(conn, NO_LABEL, "a")
        first, second = told(conn)
    assert first == (
        f"worker {host}:4194304 was killed; start it again; its sites are handed out again"
    )
    assert second.startswith("1 site without a label: no worker takes it")


def test_a_clock_that_is_wrong_here_makes_nobody_silent(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.dialect == "sqlite":
        pytest.skip("its clock is this machine's")
    now, wrong = utc_now(), utc_now() + timedelta(hours=5)
    with database.transaction() as conn:
        registered(conn, replace(WORKER, started_at=now, alive_at=now))
        monkeypatch.setattr(server_clock, "utc_now", lambda: utc_now() + timedelta(hours=5))
        assert list(fleet.warnings(fleet.read(conn, wrong))) == []


@pytest.mark.parametrize(("ago", "warned"), [(SILENT, False), (SILENT + MINUTE, True)])
def test_two_minutes_without_a_sign_of_life_are_too_long(
    sqlite: Database, ago: timedelta, warned: bool
) -> None:
    with sqlite.transaction() as conn:
        registered(conn, replace(WORKER, alive_at=NOW - ago))
        assert bool(told(conn)) == warned


def test_different_versions_are_told_with_their_hosts(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        registered(conn, WORKER, GERMAN, OLD)
        assert told(conn) == [
            "workers are of different versions: 0.0.9 with database revision 0117 on web3; 0.1.0"
            " with database revision 0118 on web1, web2; install the newest on all machines, and"
            " start their workers again"
        ]
        registered(conn, replace(OLD, alive_at=NOW - 3 * MINUTE))  # silent: maybe gone
        assert [line[:13] for line in told(conn)] == ["worker web3:9"]


@pytest.mark.parametrize("amiss", ["none", "silent", "refused"])
def test_a_label_that_no_worker_takes_is_told_with_the_command(
    sqlite: Database, amiss: str
) -> None:
    with sqlite.transaction() as conn:
        registered(conn, WORKER)
        if amiss != "none":
            ago = 3 * MINUTE if amiss == "silent" else timedelta(0)
            registered(conn, replace(GERMAN, alive_at=NOW - ago))
        if amiss == "refused":
            workers.refuse(conn, GERMAN.owner, "why", NOW)
        handed(conn, "de", "e", "d", "c", "b", "a", ago=2 * MINUTE)
        handed(conn, NO_LABEL, "z")
        assert told(conn)[-1] == (
            "5 sites with the label 'de': no worker takes them, for 2 min (a, b, c and 2 more);"
            " type: scrapy worker --label de"
        )
        registered(conn, replace(GERMAN, owner="web2:9:ff"))
        assert "no worker takes" not in "".join(told(conn))


def test_a_fleet_without_a_worker_is_told_too(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        handed(conn, NO_LABEL, "a")
        found = fleet.read(conn, NOW)
        assert found.is_used
        assert list(fleet.lines(found)) == [
            "handed out, not begun: 1 site without a label, for 1 min",
            "warn: 1 site without a label: no worker takes it, for 1 min (a); type: scrapy worker",
        ]
        registered(conn, GERMAN)  # leaves to others what has no label
        assert told(conn)[0].endswith("type: scrapy worker")


def test_another_machine_s_clock_makes_no_negative_wait(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        handed(conn, NO_LABEL, "a", ago=-MINUTE / 6)
        assert "for 0 s" in next(iter(fleet.lines(fleet.read(conn, NOW))))


def test_a_queue_of_nothing_known_is_no_fleet() -> None:
    assert not Fleet(NOW, unread="permission denied").is_used
    assert list(fleet.lines(Fleet(NOW, [WORKER], unread="permission denied")))[1] == (
        "handed out: cannot be read: permission denied"
    )
