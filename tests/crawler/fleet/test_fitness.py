"""A worker is fit where its version, the database's revision and its clock are those of all."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.fleet import fitness
from crawler.fleet.batch import Batch
from crawler.fleet.fitness import VERSION, Fitness
from models.archive import store_check
from models.clock import utc_now
from models.db import server_clock
from models.db.database import Database
from models.errors import ArchiveUnwritable

BATCH = Batch("b", (), VERSION, utc_now())


def test_a_worker_like_all_is_fit(database: Database) -> None:
    assert Fitness(database).why_not() is None
    assert Fitness(database).why_not(BATCH) is None


def test_another_version_is_one_line(sqlite: Database) -> None:
    said = Fitness(sqlite).why_not(replace(BATCH, version="9.9"))
    assert said == (
        f"this worker is Winnow {VERSION}, and the batch was handed out by Winnow 9.9:"
        " install one version on all machines, then start again"
    )


def test_an_archive_that_refuses_is_one_line(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(address: str) -> None:
        raise ArchiveUnwritable(f"the archive {address}: there is no bucket news")

    monkeypatch.setattr(store_check, "fault_of", refuses)
    said = Fitness(sqlite, "s3://news/pages").why_not()
    assert said == "the archive s3://news/pages: there is no bucket news"
    assert Fitness(sqlite).why_not() is None


def test_another_revision_is_one_line(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        conn.exec_driver_sql("update alembic_version set version_num = '9999'")
    said = Fitness(sqlite).why_not()
    assert said is not None and "is at revision 9999, which this version does not know" in said


def test_a_clock_that_differs_is_one_line(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = timedelta(minutes=3, seconds=30)
    monkeypatch.setattr(server_clock, "utc_now", lambda: utc_now() + ahead)
    said = Fitness(database).why_not()
    if database.dialect == "sqlite":
        assert said is None, "its clock is this machine's"
    else:
        assert said is not None and "this machine's clock is 3 min 2" in said


def test_the_database_is_looked_at_now_and_then(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = Fitness(sqlite)
    assert worker.why_not(BATCH) is None
    with sqlite.transaction() as conn:
        conn.exec_driver_sql("update alembic_version set version_num = '9999'")
    assert worker.why_not(BATCH) is None
    monkeypatch.setattr(fitness, "LOOKS", 0.0)
    assert "is at revision 9999" in (worker.why_not(BATCH) or "")
