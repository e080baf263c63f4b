"""`scrapy health` with a fleet, as typed: workers and queue below the sites, or alone."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from models.clock import utc_now
from models.db.database import Database
from models.fleet import handouts, workers
from models.fleet.workers import FleetWorker
from tests.databases import AtHead, server
from tests.factories import NOW
from tests.support.desk import Desk, scrapy
from tests.test_reading_accounts import reader

WORKER = FleetWorker("web1:7:ab", "web1", "0.1.0", "0118", ("",), 16, NOW, NOW)


def put(desk: Desk, *labels: str) -> None:
    """A worker that lives, and a site handed out for each label."""
    database, now = Database.open(desk.url), utc_now()
    with database.transaction() as conn:
        workers.register(conn, replace(WORKER, started_at=now, alive_at=now))
        for label in labels:
            handouts.hand_out(conn, f"batch {label}", label, [f"of-{label or 'none'}"], now)
    database.close()


def test_without_a_fleet_nothing_is_said_of_it(desk: Desk) -> None:
    said = desk.here("health")
    assert said.out == "no site was visited yet; type: scrapy visit, or scrapy sites add URL\n"
    assert desk.here("health", "--json").printed == "[]\n"
    alone = desk.here("health", "--fleet")
    assert (alone.code, alone.out) == (
        0, "no worker runs, and nothing is handed out; type: scrapy worker\n",
    )  # fmt: skip
    assert json.loads(desk.here("health", "--fleet", "--json").out)["workers"] == []


def test_the_fleet_stands_below_the_sites_and_changes_no_exit_code(desk: Desk) -> None:
    put(desk, "", "de")
    said = desk.here("health")
    assert (said.code, said.err) == (0, "")
    first, head, worker, queue, warning = said.out.splitlines()
    assert first.startswith("no site was visited yet")
    assert head.split()[:2] == ["worker", "state"] and worker.split()[:2] == ["web1:7", "ok"]
    assert queue.startswith("handed out, not begun: 1 site without a label, for ")
    assert warning.startswith("warn: 1 site with the label 'de': no worker takes it, for ")
    assert warning.endswith(" (of-de); type: scrapy worker --label de")
    alone = desk.here("health", "--fleet")
    assert alone.out.splitlines()[:2] == [head, worker] and alone.code == 0


def test_the_json_of_sites_stays_an_array_and_warnings_are_beside_it(desk: Desk) -> None:
    put(desk, "de")
    said = desk.here("health", "--json")
    assert json.loads(said.out) == []
    assert said.err.startswith("warn: 1 site with the label 'de'") and said.err.count("\n") == 1
    document = json.loads(desk.here("health", "--fleet", "--json").out)
    assert [worker["worker"] for worker in document["workers"]] == ["web1:7:ab"]
    assert [one["label"] for one in document["queue"]] == ["de"]
    assert len(document["warnings"]) == 1


@pytest.mark.parametrize(
    "words", [("example",), ("--accept",), ("--prometheus",), ("--notify-test",)]
)
def test_the_fleet_is_no_site_s_and_no_metric_s(desk: Desk, words: tuple[str, ...]) -> None:
    said = desk.here("health", "--fleet", *words)
    assert (said.code, said.out) == (2, "")
    assert "type: scrapy health [NAME]" in said.err


def test_an_account_that_sees_views_alone_sees_the_workers(tmp_path: Path, at_head: AtHead) -> None:
    with server("postgresql"):
        pass
    with at_head.database("postgresql", tmp_path) as url, reader("postgresql", url) as theirs:
        put(Desk(tmp_path, url), "de")
        owner = Database.open(url)
        with owner.transaction() as conn:
            conn.execute(text(f"revoke select on handouts from {make_url(theirs).username}"))
        owner.close()
        lines = scrapy(theirs, "health", "--fleet").out.splitlines()
    assert lines[1].split()[:2] == ["web1:7", "ok"]
    assert lines[2:] == ["handed out: cannot be read: permission denied for table handouts"]


def test_pruning_forgets_workers_and_handouts_of_a_fleet_that_ended(desk: Desk) -> None:
    database, before = Database.open(desk.url), utc_now() - timedelta(days=2)
    with database.transaction() as conn:
        workers.register(conn, replace(WORKER, started_at=before, alive_at=before))
        handouts.hand_out(conn, "batch", "", ["a"], before)
    database.close()
    assert desk.here("db", "prune", "--dry-run").code == 0
    assert desk.tuples("select count(*) from fleet_workers") == [(1,)]
    assert desk.here("db", "prune").code == 0
    for table in ("fleet_workers", "handouts"):
        assert desk.tuples(f"select count(*) from {table}") == [(0,)], table
