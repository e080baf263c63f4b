"""The writer: group commit, one bad write that costs no other anything, a database away."""

import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError, OperationalError

from migrations.schema import metadata
from models.db.database import Database
from models.db.writer import Writer, WriterClosed


@pytest.fixture
def url(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path / 'w.db'}"
    database = Database.open(address)
    metadata.create_all(database.engine)
    with database.transaction() as conn:
        conn.execute(text("INSERT INTO change_counter (one, value) VALUES (1, 0)"))
        conn.execute(text("CREATE TABLE t (n INTEGER PRIMARY KEY)"))
    database.close()
    return address


def insert(number: int):
    def work(conn: Connection) -> int:
        conn.execute(text("INSERT INTO t VALUES (:n)"), {"n": number})
        return number

    return work


def count(conn: Connection) -> int:
    return conn.execute(text("SELECT count(*) FROM t")).scalar_one()


def test_writes_that_come_together_share_transactions(url: str) -> None:
    writer = Writer(Database.open(url))
    commits = 0
    original = writer.database.transaction

    def counted():
        nonlocal commits
        commits += 1
        return original()

    writer.database.transaction = counted

    async def crawl() -> list[int]:
        return await asyncio.gather(*(writer.write(insert(n)) for n in range(300)))

    assert asyncio.run(crawl()) == list(range(300))
    assert writer.read_now(count) == 300
    assert commits < 100
    writer.close()


def test_one_bad_write_in_a_group_costs_no_other_anything(url: str) -> None:
    writer = Writer(Database.open(url))

    async def crawl() -> list[object]:
        jobs = [writer.write(insert(n)) for n in (1, 2, 2, 3)]
        return await asyncio.gather(*jobs, return_exceptions=True)

    answers = asyncio.run(crawl())
    assert [a for a in answers if isinstance(a, int)] == [1, 2, 3]
    assert len([a for a in answers if isinstance(a, IntegrityError)]) == 1
    assert writer.read_now(count) == 3
    writer.close()


def test_a_read_that_meets_a_lock_is_tried_again(url: str) -> None:
    writer, met = Writer(Database.open(url)), []

    def read(conn: Connection) -> int:
        met.append(1)
        if len(met) == 1:
            raise OperationalError("select", {}, Exception("database is locked"))
        return count(conn)

    assert writer.read_now(read) == 0
    assert len(met) == 2
    writer.close()


@pytest.mark.slow
def test_while_the_database_is_away_a_write_waits_and_is_stored_when_it_is_back(url: str) -> None:
    writer = Writer(Database.open(url))
    original, away = writer.database.transaction, threading.Event()

    def transaction():
        if away.is_set():
            raise OperationalError("BEGIN", {}, Exception("connection refused"))
        return original()

    writer.database.transaction = transaction
    away.set()
    threading.Timer(0.5, away.clear).start()
    assert writer.write_now(insert(7)) == 7
    assert writer.read_now(count) == 1
    writer.close()


def test_a_run_that_ends_while_the_database_is_away_says_that_nothing_was_stored(url: str) -> None:
    writer = Writer(Database.open(url))

    def transaction():
        raise OperationalError("BEGIN", {}, Exception("connection refused"))

    writer.database.transaction = transaction
    closing = threading.Timer(0.2, lambda: writer.close(wait_seconds=0.1))
    closing.start()
    with pytest.raises(WriterClosed, match="stayed away"):
        writer.write_now(insert(7))
    closing.join()


def test_closing_stores_what_was_asked_before(url: str) -> None:
    writer = Writer(Database.open(url))
    pending = [writer.ask(insert(n)) for n in range(100)]
    writer.close()
    assert all(p.done() for p in pending)
    assert Writer(Database.open(url)).read_now(count) == 100


def test_a_write_that_nobody_waits_for_any_more_stops_no_other(url: str) -> None:
    writer = Writer(Database.open(url))

    async def crawl() -> int:
        given_up = [asyncio.ensure_future(writer.write(insert(n))) for n in range(50)]
        await asyncio.sleep(0)
        for task in given_up:
            task.cancel()
        return await writer.write(insert(99))

    assert asyncio.run(crawl()) == 99
    writer.close()


def test_the_last_write_comes_after_all_others_or_not_at_all(url: str) -> None:
    writer = Writer(Database.open(url))
    for number in range(100):
        writer.ask(insert(number))
    assert writer.last_write(count, seconds=60) == 100
    with pytest.raises(WriterClosed):
        writer.write_now(insert(100))


def test_the_last_write_is_not_waited_for_without_end(url: str) -> None:
    writer = Writer(Database.open(url))

    def transaction():
        raise OperationalError("BEGIN", {}, Exception("connection refused"))

    writer.database.transaction = transaction
    with pytest.raises(WriterClosed, match=r"did not answer for 0\.2 s"):
        writer.last_write(insert(7), seconds=0.2)
