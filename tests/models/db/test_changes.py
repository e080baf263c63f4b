"""The reader's cursor: with many writers, a reader of change_id > N never misses a change."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import create_engine, event, select, text

from models.db import changes
from models.db.changes import CHANGES, Change
from models.db.database import Database
from tests.factories import NOW, known_site, known_url, make_article, store_article

WRITERS, READERS, EACH = 4, 2, 12


@pytest.fixture
def article_id(database: Database) -> int:
    with database.transaction() as conn:
        site_id = known_site(conn)
        article = make_article(url_id=known_url(conn, site_id))
        return store_article(conn, site_id, article, NOW).article_id


def seen(database: Database) -> list[tuple[int, int]]:
    with database.reading() as conn:
        query = select(CHANGES.c.change_id, CHANGES.c.revision).order_by(CHANGES.c.change_id)
        return [tuple(row) for row in conn.execute(query)]


def test_changes_are_numbered_one_by_one(database: Database, article_id: int) -> None:
    with database.transaction() as conn:
        changes.enqueue(conn, [Change(article_id, n, "revised") for n in (2, 3)], NOW)
        changes.flush(conn, NOW)
        changes.enqueue(conn, [Change(article_id, 4, "revised")], NOW)
    assert seen(database) == [(1, 1), (2, 2), (3, 3), (4, 4)]


def test_the_changes_of_a_transaction_cost_two_statements(
    database: Database, article_id: int
) -> None:
    said: list[str] = []
    with database.transaction() as conn:
        event.listen(conn, "before_cursor_execute", lambda *given: said.append(given[2]))
        changes.enqueue(conn, [Change(article_id, n, "revised") for n in (2, 3)], NOW)
    assert [words.split()[0] for words in said] == ["UPDATE", "INSERT"]
    assert seen(database)[1:] == [(2, 2), (3, 3)]


def test_an_engine_that_is_not_ours_numbers_nothing() -> None:
    with create_engine("sqlite://").begin() as conn:
        changes.enqueue(conn, [Change(1, 1, "new")], NOW)  # there is no table to write it to


def test_a_transaction_that_is_rolled_back_leaves_no_change(
    database: Database, article_id: int
) -> None:
    with pytest.raises(ZeroDivisionError), database.transaction() as conn:
        changes.enqueue(conn, [Change(article_id, 2, "revised")], NOW)
        raise ZeroDivisionError
    with database.transaction() as conn:
        conn.execute(text("select 1"))
    assert seen(database) == [(1, 1)]


def test_a_savepoint_that_is_rolled_back_takes_its_changes_along(
    database: Database, article_id: int
) -> None:
    with database.transaction() as conn:
        changes.enqueue(conn, [Change(article_id, 2, "revised")], NOW)
        with pytest.raises(ZeroDivisionError), conn.begin_nested():
            changes.enqueue(conn, [Change(article_id, 3, "revised")], NOW)
            raise ZeroDivisionError
        with conn.begin_nested():
            changes.enqueue(conn, [Change(article_id, 4, "revised")], NOW)
    assert seen(database) == [(1, 1), (2, 2), (3, 4)]


@pytest.mark.slow
def test_slow_commits_of_many_writers_are_read_once_in_order_and_none_is_missed(
    database: Database, article_id: int
) -> None:
    """A number given out before the commit, as a sequence does, fails this."""
    ended = Event()

    def write(writer: int) -> None:
        chance = random.Random(writer)
        for n in range(EACH):
            database.patiently(lambda conn, n=n: slowly(conn, 100 * writer + n, chance.random()))

    def slowly(c: object, revision: int, wait: float) -> None:
        changes.enqueue(c, [Change(article_id, revision, "revised")], NOW)
        time.sleep(wait / 200)
        if revision % 3 == 0:  # numbered early, committed late
            changes.flush(c, NOW)
            time.sleep(wait / 100)

    def follow() -> list[int]:
        read, cursor = [], 1
        while True:
            over = ended.is_set()
            with database.reading() as conn:
                query = select(CHANGES.c.change_id, CHANGES.c.revision).where(
                    CHANGES.c.change_id > cursor
                )
                rows = conn.execute(query.order_by(CHANGES.c.change_id)).all()
            read += [row.revision for row in rows]
            cursor = rows[-1].change_id if rows else cursor
            if over:
                return read

    with ThreadPoolExecutor(WRITERS + READERS) as pool:
        readers = [pool.submit(follow) for _ in range(READERS)]
        writers = [pool.submit(write, n) for n in range(1, WRITERS + 1)]
        for writer in writers:
            writer.result()
        ended.set()
        reports = [reader.result() for reader in readers]

    written = [revision for _, revision in seen(database)][1:]
    assert sorted(written) == sorted(
        100 * w + n for w in range(1, WRITERS + 1) for n in range(EACH)
    )
    assert all(report == written for report in reports)
