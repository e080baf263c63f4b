"""What the database knows of a worker, also where it was away meanwhile."""

import logging
from pathlib import Path

import pytest

from crawler.fleet.worker_row import WorkerRow
from models.clock import utc_now
from models.db.database import Database
from models.fleet import handouts, workers
from models.fleet.workers import NO_LABEL
from tests.databases import AtHead
from tests.support.tcp_proxy import TcpProxy


def rows(database: Database) -> list[workers.FleetWorker]:
    with database.reading() as conn:
        return workers.known(conn)


def test_a_worker_lives_and_leaves(database: Database) -> None:
    row = WorkerRow(database, "host:1:ab", [NO_LABEL, "de"], 8)
    row.register()
    (first,) = rows(database)
    assert (first.owner, first.labels, first.jobs, first.under_way) == (
        "host:1:ab", (NO_LABEL, "de"), 8, 0,
    )  # fmt: skip
    row.under_way = 3
    row._try(row._beat)
    (later,) = rows(database)
    assert later.under_way == 3 and later.alive_at >= first.alive_at
    row.leave()
    assert rows(database) == []
    row._try(row._beat)
    assert len(rows(database)) == 1, "it was forgotten, and says again who it is"


def test_why_it_refuses_stays(sqlite: Database) -> None:
    row = WorkerRow(sqlite, "host:1:ab", [NO_LABEL], 8)
    row.register()
    row.refuse("another version")
    assert [worker.refused for worker in rows(sqlite)] == ["another version"]


def test_what_is_done_while_the_database_is_away_is_noted_later(
    tmp_path: Path,
    at_head: AtHead,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(Database, "patience", 0.1)
    with at_head.database("postgresql", tmp_path) as url, TcpProxy(url) as proxy:
        database = Database.open(proxy.url)
        row = WorkerRow(database, "host:1:ab", [NO_LABEL], 8)
        row.register()
        with database.transaction() as conn:
            handouts.hand_out(conn, "b1", "", ["a", "b"], utc_now())
        proxy.refuse()
        row.done("b1", "a")
        with caplog.at_level(logging.INFO, "crawler.fleet"):
            row.note_done()
            row.note_done()
            proxy.admit()
            row.note_done()
        assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
        with database.reading() as conn:
            assert handouts.outstanding(conn, utc_now()) == {"b"}
        database.close()
