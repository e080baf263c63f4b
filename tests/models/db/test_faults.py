"""Which faults are ours, and which pass: told by what each database says of them."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from models.db.database import Database
from models.db.faults import is_away, is_conflict, is_refusal, own_fault, reason_of
from models.errors import OwnFault


def of_sqlite(words: str) -> DBAPIError:
    return OperationalError("insert", {}, sqlite3.OperationalError(words))


class Numbered(Exception):
    """A fault as MariaDB's driver raises it."""


class Coded(Exception):
    """A fault as PostgreSQL's driver raises it."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__("in words")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("fault", "to_do"),
    [
        (of_sqlite("database or disk is full"), "free some space"),
        (of_sqlite("attempt to write a readonly database"), "cannot be written"),
        (of_sqlite("disk I/O error"), "cannot be written"),
        (OperationalError("i", {}, Coded("53100")), "free some space"),
        (OperationalError("i", {}, Coded("53200")), "too little memory"),
        (OperationalError("i", {}, Coded("42501")), "grant it"),
        (OperationalError("i", {}, Numbered(1114, "The table is full")), "free some space"),
        (OperationalError("i", {}, Numbered(1290, "read-only")), "cannot be written"),
        (OperationalError("i", {}, Numbered(1142, "denied")), "grant it"),
        (MemoryError(), "WINNOW_WORKERS"),
        (OwnFault("the archive is full"), "the archive is full"),
    ],
)
def test_a_fault_of_ours_says_what_to_do(fault: Exception, to_do: str) -> None:
    assert to_do in (own_fault(fault) or "")


@pytest.mark.parametrize(
    "fault",
    [
        of_sqlite("database is locked"),
        OperationalError("i", {}, Coded("40P01")),
        OperationalError("i", {}, Coded("23505")),
        OperationalError("i", {}, Numbered(1213, "Deadlock, 1142 rows")),
        ValueError("database or disk is full"),
        RuntimeError("odd"),
        None,
    ],
)
def test_any_other_is_of_the_page(fault: Exception | None) -> None:
    assert own_fault(fault) is None


def test_a_table_that_is_not_there_is_ours_on_every_database(database: Database) -> None:
    for query in ("select 1 from no_such_table", "select no_such_column from articles"):
        with pytest.raises(DBAPIError) as failed, database.reading() as conn:
            conn.execute(text(query))
        assert "scrapy db upgrade" in (own_fault(failed.value) or "")


def test_a_file_that_may_only_be_read_is_ours(sqlite_url: str, tmp_path: Path) -> None:
    file = sqlite_url.removeprefix("sqlite:///")
    engine = create_engine(f"sqlite:///file:{file}?mode=ro&uri=true")
    with pytest.raises(DBAPIError) as failed, engine.begin() as conn:
        conn.execute(text("delete from changes"))
    assert "cannot be written" in (own_fault(failed.value) or "")
    engine.dispose()


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ('connection failed: FATAL:  password authentication failed for user "x"', True),
        ('connection failed: FATAL:  database "x" does not exist', True),
        ("connection failed: FATAL:  the database system is starting up", False),
        ("connection failed: FATAL:  sorry, too many clients already", False),
        ("connection failed: FATAL:  remaining connection slots are reserved", False),
        ("connection failed: Connection refused", False),
    ],
)
def test_a_refusal_is_told_from_a_server_that_is_away(said: str, refused: bool) -> None:
    assert is_refusal(OperationalError("", {}, Exception(said))) is refused


@pytest.mark.parametrize(
    "said",
    [
        'connection failed: connection to server at "127.0.0.1", port 5 failed: Connection refused',
        "server closed the connection unexpectedly",
        "terminating connection due to administrator command",
        "MySQL server has gone away",
        "Can't connect to MySQL server on '127.0.0.1'",
        "unable to open database file",
    ],
)
def test_a_database_that_is_away_is_told_from_one_that_answers(said: str) -> None:
    assert is_away(OperationalError("select", {}, Exception(said)))
    assert not is_away(of_sqlite("no such table: articles"))
    lost = OperationalError("select", {}, Exception("x"), connection_invalidated=True)
    assert is_away(lost)


@pytest.mark.parametrize(
    "fault",
    [
        Coded("40001"), Coded("40P01"), Numbered(1213, "Deadlock found"),
        Numbered(1205, "Lock wait timeout exceeded"),
        sqlite3.OperationalError("database is locked"),
    ],
)  # fmt: skip
def test_a_lost_race_may_be_won_the_next_time(fault: Exception) -> None:
    assert is_conflict(OperationalError("update", {}, fault))


@pytest.mark.parametrize("fault", [Coded("42P01"), Numbered(1146, "no table"), Exception()])
def test_what_stays_wrong_is_no_lost_race(fault: Exception) -> None:
    assert not is_conflict(OperationalError("update", {}, fault))


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Numbered(1146, "no such table\nmore of it"), "no such table"),
        (Coded("42P01"), "in words"),
        (Numbered(), "Numbered"),
    ],
)
def test_a_reason_is_the_drivers_first_line(fault: Exception, reason: str) -> None:
    assert reason_of(OperationalError("select", {}, fault)) == reason
