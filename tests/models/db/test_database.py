"""The database: text and times come back as they were, and keys keep what differs apart."""

import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from unittest.mock import Mock, patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, make_url, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from models.crawl import runs
from models.db.database import ATTEMPTS, Database
from models.errors import DatabaseAway
from models.sites.registry import SITES
from models.text import clean
from tests.databases import AtHead
from tests.factories import NOW, known_site, known_url
from tests.support.desk import wait_for
from tests.support.tcp_proxy import TcpProxy

ONE = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def put_and_got(database: Database, start_url: str, added_at: datetime) -> tuple[object, ...]:
    row = {"name": "x", "start_url": start_url, "added_at": added_at, "failures": 0}
    with database.transaction() as conn:
        conn.execute(SITES.delete())
        conn.execute(insert(SITES), [row])
    with database.reading() as conn:
        return tuple(conn.execute(select(SITES.c.start_url, SITES.c.added_at)).one())


@ONE
@given(words=st.text(st.characters(exclude_categories=()), max_size=200))
def test_any_text_comes_back_clean_and_whole(database: Database, words: str) -> None:
    assert put_and_got(database, words, NOW)[0] == clean(words)


@ONE
@given(
    at=st.datetimes(
        datetime(1990, 1, 2), datetime(2100, 1, 1), timezones=st.sampled_from(
            [UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-11))]
        )
    )
)  # fmt: skip
def test_any_time_comes_back_as_utc_to_the_microsecond(database: Database, at: datetime) -> None:
    got = put_and_got(database, "x", at)[1]
    assert got == at
    assert isinstance(got, datetime)
    assert got.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="naive datetime"):
        put_and_got(database, "x", datetime(2026, 1, 1))


def test_names_that_differ_in_case_accent_or_space_are_apart(database: Database) -> None:
    names = ("a", "A", "á", "a ", "🧊", "🔥")
    with database.transaction() as conn:
        rows = [{"name": n, "start_url": n, "added_at": NOW, "failures": 0} for n in names]
        conn.execute(insert(SITES), rows)
    with database.reading() as conn:
        found = conn.execute(select(SITES.c.name).where(SITES.c.name == "a")).scalars().all()
        assert found == ["a"]
        assert conn.execute(text("select count(*) from sites")).scalar() == len(names)


def test_urls_of_8000_characters_are_apart(database: Database) -> None:
    long = "https://example.test/" + "a" * 7_978
    with database.transaction() as conn:
        site_id = known_site(conn)
        assert known_url(conn, site_id, long + "1") != known_url(conn, site_id, long + "2")


def test_a_group_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.transaction() as conn:
        runs.open_run(conn, "discover", known_site(conn), "h", NOW)
        raise ZeroDivisionError
    with database.reading() as conn:
        assert conn.execute(text("select count(*) from runs")).scalar() == 0


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_a_server_that_is_away_is_asked_again_and_one_that_refuses_is_not(
    tmp_path: Path, at_head: AtHead, kind: str
) -> None:
    with at_head.database(kind, tmp_path) as url, TcpProxy(url, refusing=True) as proxy:
        database = Database.open(proxy.url)
        with ThreadPoolExecutor(1) as thread:
            waiting = thread.submit(database.write_when_there, known_site)
            wait_for(lambda: proxy.refused >= 3)
            assert not waiting.done()
            proxy.admit()
            assert waiting.result(60) > 0
        database.close()
        elsewhere = Database.open(
            make_url(proxy.url).set(database="nowhere").render_as_string(hide_password=False)
        )
        with patch("time.sleep") as slept, pytest.raises(DatabaseAway, match="nowhere"):
            elsewhere.when_there(elsewhere.tables)
        assert not slept.called
        elsewhere.close()


@pytest.mark.slow
def test_a_server_that_stays_away_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Database, "patience", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]  # nobody listens there once it is closed
    for scheme in ("postgresql+psycopg", "mysql+pymysql"):
        database = Database.open(f"{scheme}://winnow:secret@127.0.0.1:{port}/winnow")
        with pytest.raises(DatabaseAway, match="cannot be reached: ") as told:
            database.when_there(database.tables)
        said = str(told.value)
        assert "secret" not in said and len(said.splitlines()) == 1


def test_a_file_that_is_not_there_is_not_waited_for(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/missing/folder.db")
    with patch("time.sleep") as slept, pytest.raises(DatabaseAway, match="unable to open"):
        database.when_there(database.tables)
    assert not slept.called


def test_a_fault_of_ours_is_not_taken_for_a_database_that_is_away(database: Database) -> None:
    with pytest.raises(DBAPIError):
        database.write_when_there(lambda conn: conn.execute(text("insert into runs values (1)")))


def test_a_conflict_is_tried_again_and_not_for_ever(sqlite: Database) -> None:
    locked = OperationalError("select", {}, Exception("database is locked"))
    soon, never = Mock(side_effect=[locked, locked, "there"]), Mock(side_effect=locked)
    with patch("time.sleep"):
        assert sqlite.when_there(soon) == "there"
        with pytest.raises(OperationalError, match="locked"):
            sqlite.when_there(never)
    assert never.call_count == ATTEMPTS


def test_a_read_of_postgresql_opens_no_transaction_and_the_next_write_does(
    database: Database,
) -> None:
    with database.reading() as conn:
        conn.execute(text("select 1"))
        server: Any = conn.connection.driver_connection
        if database.dialect == "postgresql":
            assert server.info.transaction_status.name == "IDLE"
    with pytest.raises(RuntimeError), database.transaction() as conn:
        assert conn.connection.driver_connection is server
        conn.execute(text("update change_counter set value = 7"))
        raise RuntimeError
    with database.reading() as conn:
        assert conn.scalar(text("select value from change_counter")) == 0
