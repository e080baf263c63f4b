"""Receivers of alerts: one process at a time delivers to each, and a failure makes it wait."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from models.db.database import Database
from models.db.owners import new_owner
from models.monitoring import alert_receivers
from models.monitoring.alert_receivers import ALERT_RECEIVERS, LEASE, LONGEST_PAUSE, Receiver
from tests.factories import NOW

KEY = b"k" * 32
MINUTE = timedelta(minutes=1)
OTHER = "elsewhere:1:abcdef"  # a host of which nothing can be said


def known(conn: Connection) -> Receiver:
    return alert_receivers.of_hashes(conn, [KEY])[KEY]


def row(conn: Connection) -> Any:
    return conn.execute(select(ALERT_RECEIVERS)).one()


def add(conn: Connection) -> int:
    alert_receivers.add(conn, KEY, "json://host", NOW)
    return known(conn).receiver_id


def test_a_receiver_is_added_once_and_named_again(database: Database) -> None:
    with database.transaction() as conn:
        number = add(conn)
        alert_receivers.add(conn, KEY, "json://other", NOW + MINUTE)
        assert alert_receivers.of_hashes(conn, [KEY, b"x" * 32]) == {
            KEY: Receiver(number, "json://host", NOW, 0, None, None, None)
        }
        alert_receivers.name_again(conn, [number], NOW + MINUTE)
        assert (row(conn).added_at, row(conn).named_at) == (NOW, NOW + MINUTE)


def test_one_process_has_it_until_it_gives_it_back_or_its_time_is_over(database: Database) -> None:
    with database.transaction() as conn:
        number = add(conn)
        assert alert_receivers.acquire(conn, number, OTHER, NOW)
        assert not alert_receivers.acquire(conn, number, "second", NOW + MINUTE / 2)
        assert alert_receivers.acquire(conn, number, "second", NOW + LEASE)
        alert_receivers.release(conn, number, OTHER)  # its time was over: not its own any more
        assert not alert_receivers.acquire(conn, number, "third", NOW + LEASE)
        alert_receivers.release(conn, number, "second")
        assert alert_receivers.acquire(conn, number, "third", NOW + LEASE)


def test_a_lease_of_a_dead_process_or_a_wrong_clock_is_free(database: Database) -> None:
    dead = f"{new_owner().split(':')[0]}:999999999:ab"
    with database.transaction() as conn:
        number = add(conn)
        assert alert_receivers.acquire(conn, number, dead, NOW)
        assert alert_receivers.acquire(conn, number, OTHER, NOW)
        conn.execute(update(ALERT_RECEIVERS).values(leased_until=NOW + timedelta(days=9)))
        assert alert_receivers.acquire(conn, number, "next", NOW)


def test_a_failure_waits_longer_each_time_and_a_delivery_ends_it(database: Database) -> None:
    with database.transaction() as conn:
        number, now, pauses = add(conn), NOW, []
        for _ in range(6):
            assert alert_receivers.acquire(conn, number, OTHER, now)
            alert_receivers.failed(conn, known(conn), OTHER, "HTTP 500", now)
            receiver = known(conn)
            assert receiver.next_try_at is not None
            assert not alert_receivers.is_due(receiver, now)
            assert alert_receivers.is_due(receiver, receiver.next_try_at)
            pauses.append((receiver.next_try_at - now) / MINUTE)
            now = receiver.next_try_at
        assert pauses == [1, 2, 4, 8, 15, 15]
        assert (known(conn).failures, known(conn).failing_since) == (6, NOW)
        assert row(conn).last_error == "HTTP 500"
        assert alert_receivers.acquire(conn, number, OTHER, now)
        alert_receivers.succeeded(conn, number, OTHER, now)
        assert known(conn) == Receiver(number, "json://host", NOW, 0, None, None, None)
        assert (row(conn).delivered_at, row(conn).last_error, row(conn).owner) == (now, None, None)


def test_a_time_that_no_failure_sets_is_not_waited_for() -> None:
    wrong = Receiver(1, "x", NOW, 3, NOW, NOW, NOW + 3 * LONGEST_PAUSE)
    assert alert_receivers.is_due(wrong, NOW)
    assert alert_receivers.pause(10_000) == LONGEST_PAUSE
