"""A worker is fit where its version, the database's revision and its clock are those of all."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.fleet.batch import Batch
from crawler.fleet.fitness import VERSION, why_not_fit
from models.clock import utc_now
from models.db import server_clock
from models.db.database import Database

BATCH = Batch("b", (), VERSION, utc_now())


def test_a_worker_like_all_is_fit(database: Database) -> None:
    assert why_not_fit(database) is None
    assert why_not_fit(database, BATCH) is None


def test_another_version_is_one_line(sqlite: Database) -> None:
    said = why_not_fit(sqlite, replace(BATCH, version="9.9"))
    assert said == (
        f"this worker is Winnow {VERSION}, and the batch was handed out by Winnow 9.9:"
        " install one version on all machines, then start again"
    )


def test_another_revision_is_one_line(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        conn.exec_driver_sql("update alembic_version set version_num = '9999'")
    said = why_not_fit(sqlite)
    assert said is not None and "is at revision 9999, which this version does not know" in said


def test_a_clock_that_differs_is_one_line(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = timedelta(minutes=3, seconds=30)
    monkeypatch.setattr(server_clock, "utc_now", lambda: utc_now() + ahead)
    said = why_not_fit(database)
    if database.dialect == "sqlite":
        assert said is None, "its clock is this machine's"
    else:
        assert said is not None and "this machine's clock is 3 min 2" in said
