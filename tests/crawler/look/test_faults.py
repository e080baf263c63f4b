"""A page that cannot be made: what is said of it, and what is logged."""

import logging
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError, ProgrammingError

from crawler.look import sites_page
from crawler.look.faults import explained
from models.db.database import Database
from models.errors import ArchiveError
from tests.databases import AtHead, server
from tests.support.look_server import LookServer, look_server
from tests.support.tcp_proxy import TcpProxy


def test_a_database_that_goes_away_is_one_clear_page(empty: LookServer) -> None:
    file = Path(empty.look.settings["WINNOW_DATABASE_URL"].removeprefix("sqlite:///"))
    assert empty.get("/").status == 200
    moved = file.rename(file.with_suffix(".away"))
    answer = empty.get("/")
    assert answer.status == 503
    assert "does not exist; type: scrapy db upgrade" in answer.text
    moved.rename(file)
    assert empty.get("/").status == 200


def test_a_database_that_is_upgraded_meanwhile_is_one_clear_page(
    empty: LookServer, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database.open(empty.look.settings["WINNOW_DATABASE_URL"])
    with database.transaction() as conn:
        conn.exec_driver_sql("update alembic_version set version_num = '9999'")
    database.close()
    answer = empty.get("/live")
    assert answer.status == 503
    assert "is at revision 9999, which this version does not know" in answer.text
    assert caplog.records == []


def test_a_fault_of_ours_is_logged_once_with_its_traceback(
    empty: LookServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a fault of the test")

    monkeypatch.setattr(sites_page, "totals", broken)
    with caplog.at_level(logging.WARNING):
        answer = empty.get("/")
    assert answer.status == 500
    assert "could not be made" in answer.text
    assert "ZeroDivisionError" not in answer.text
    (record,) = caplog.records
    assert record.exc_info is not None
    assert record.getMessage() == "the page / could not be made"
    assert empty.get("/live").status == 200


def test_what_a_driver_says_is_explained(sqlite: Database) -> None:
    gone = OperationalError("select 1", {}, Exception("server closed the connection unexpectedly"))
    said = explained(sqlite, gone)
    assert said is not None
    assert said.endswith(
        "server closed the connection unexpectedly; reload the page once it is there"
    )
    table = OperationalError("select 1", {}, Exception("no such table: v1_articles"))
    assert "scrapy db upgrade" in (explained(sqlite, table) or "")
    assert explained(sqlite, ArchiveError("it is cut")) == "it is cut"


def test_a_wrong_statement_of_ours_is_no_fault_of_the_database(sqlite: Database) -> None:
    assert explained(sqlite, ProgrammingError("selekt", {}, Exception("syntax error"))) is None
    assert explained(sqlite, KeyError("x")) is None


def test_a_server_that_goes_away_is_one_clear_page_until_it_is_back(
    at_head: AtHead, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        server("postgresql"),
        at_head.database("postgresql", tmp_path) as url,
        TcpProxy(url) as way,
        look_server(way.url, tmp_path) as served,
    ):
        assert served.get("/").status == 200
        way.refuse()
        for path in ("/", "/live/runs", "/search?q=harbour"):
            answer = served.get(path)
            assert answer.status == 503, path
            assert "reload the page once it is there" in answer.text
        way.admit()
        assert served.get("/").status == 200
    assert caplog.records == []
