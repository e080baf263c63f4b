"""The metrics of a fleet: by host and by label, and none without one."""

from dataclasses import replace
from datetime import timedelta

from crawler.operations import metrics
from models.db.database import Database
from models.fleet import handouts, workers
from models.fleet.workers import FleetWorker
from tests.crawler.operations.test_metrics import every, samples, series
from tests.factories import NOW

MINUTE = timedelta(minutes=1)
WORKER = FleetWorker("web1:7:ab", "web1", "0.1.0", "0118", ("", "de"), 16, NOW, NOW, 3)


def test_without_a_fleet_there_are_none(sqlite: Database) -> None:
    text = metrics.text_of(sqlite, every, NOW).decode()
    assert "winnow_worker" not in text and "winnow_handed_out" not in text


def test_workers_are_counted_by_host_and_what_waits_by_label(database: Database) -> None:
    with database.transaction() as conn:
        workers.register(conn, WORKER)
        workers.register(conn, replace(WORKER, owner="web1:8:cd", labels=("",), under_way=5))
        silent = replace(WORKER, owner="web2:9:ef", host="web2", alive_at=NOW - 3 * MINUTE)
        workers.register(conn, silent)
        handouts.hand_out(conn, "b1", "", ["a", "b"], NOW - MINUTE)
        handouts.hand_out(conn, "b2", "fr", ["c"], NOW)
    found = samples(metrics.text_of(database, every, NOW).decode())
    states = {
        (host, state): series(found, "workers", host=host, version="0.1.0", state=state)
        for host in ("web1", "web2")
        for state in ("works", "silent", "refused")
    }
    assert {key for key, number in states.items() if number} == {
        ("web1", "works"), ("web2", "silent"),
    }  # fmt: skip
    assert states["web1", "works"] == 2
    for host, under_way, most in (("web1", 8, 32), ("web2", 0, 0)):
        assert series(found, "worker_sites_under_way", host=host) == under_way
        assert series(found, "worker_sites_at_most", host=host) == most
    for label, sites, serving in (("", 2, 2), ("de", 0, 1), ("fr", 1, 0)):
        assert series(found, "handed_out_sites", label=label) == sites
        assert series(found, "handed_out_workers", label=label) == serving
    oldest = "handed_out_oldest_timestamp_seconds"
    assert series(found, oldest, label="") == (NOW - MINUTE).timestamp()
    assert (f"winnow_{oldest}", frozenset({("label", "de")})) not in found
