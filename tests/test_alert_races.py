"""Alerts where several work at once, or one is killed: each change is told, and told once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Connection, func, select

from crawler.operations.alert_addresses import Address
from crawler.operations.alert_message import Message
from crawler.operations.alert_sending import Answer
from crawler.operations.alerts import Alerts
from crawler.operations.health_check import CHANGED, accept, check_site
from models.crawl import runs
from models.crawl.run_rows import SITE_EVENTS
from models.db.database import Database
from models.monitoring import alert_receivers, alerts, health
from models.monitoring.alerts import ALERTS
from models.monitoring.health import Health
from tests.factories import NOW, known_site, open_run
from tests.support.alert_world import World, change

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def world() -> World:
    return World()


def failing_site(database: Database, *, checked: bool = True) -> int:
    """A site whose runs all failed, and whom nobody checked since it was well, or ever."""
    with database.transaction() as conn:
        site_id = known_site(conn)
        if checked:
            health.keep(conn, site_id, None, Health("ok", None, None, None, None, None, None), NOW)
        for _ in range(3):
            runs.close_run(conn, open_run(conn, site_id), "failed", "no source", NOW)
    return site_id


def changes(database: Database) -> list[tuple[str, str]]:
    with database.reading() as conn:
        query = select(ALERTS.c.was, ALERTS.c.state).order_by(ALERTS.c.alert_id)
        return [(row.was, row.state) for row in conn.execute(query)]


def at_once(work: Callable[[], object], threads: int = 4) -> None:
    start = Barrier(threads)

    def one() -> None:
        start.wait()
        work()

    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(one) for _ in range(threads)]:
            done.result()


def test_a_state_that_changes_is_one_alert_and_one_that_stays_is_none(database: Database) -> None:
    site_id = failing_site(database)
    for _ in range(2):
        with database.transaction() as conn:
            assert check_site(conn, site_id, NOW).state == "red"
    assert changes(database) == [("ok", "red")]
    with database.transaction() as conn:
        accept(conn, site_id, NOW)
        runs.close_run(conn, open_run(conn, site_id), "done", None, NOW)
        state = check_site(conn, site_id, NOW).state
    found = changes(database)
    assert found[0] == ("ok", "red")
    assert [was for was, _ in found[1:]] == [state for _, state in found[:-1]]
    assert found[-1][1] == state


def test_an_alert_is_written_with_its_state_or_not_at_all(sqlite: Database) -> None:
    site_id = failing_site(sqlite)
    with pytest.raises(ZeroDivisionError), sqlite.transaction() as conn:
        check_site(conn, site_id, NOW)
        raise ZeroDivisionError
    assert changes(sqlite) == []


@pytest.mark.slow
@pytest.mark.parametrize("checked", [True, False])
def test_checks_at_once_see_one_change(database: Database, checked: bool) -> None:
    site_id = failing_site(database, checked=checked)
    at_once(lambda: database.patiently(lambda conn: check_site(conn, site_id, NOW)))
    assert changes(database) == [("ok", "red")]
    with database.reading() as conn:
        events = select(func.count()).where(SITE_EVENTS.c.kind == CHANGED)
        assert conn.execute(events).scalar() == 1


@pytest.mark.slow
def test_visits_that_end_at_once_send_each_alert_once(database: Database) -> None:
    world = World()
    prepared = world.prepare(database)
    for n in range(5):
        change(database, "ok", "red", NOW, f"s{n}")
        at_once(lambda: prepared.deliver(database))
    bodies = [message.body for _, message in world.heard]
    assert sorted(body.split()[0] for body in bodies) == [f"s{n}" for n in range(5)]


def test_what_is_sent_while_more_changes_is_not_lost(sqlite: Database) -> None:
    world = World()
    prepared = world.prepare(sqlite)
    change(sqlite, "ok", "red", NOW)

    def send(messages: Sequence[tuple[Address, Message | None]]) -> list[Answer]:
        change(sqlite, "red", "ok", NOW)
        return world.send(messages)

    type(prepared)(prepared.addresses, prepared.hashes, (), world.clock, send).deliver(sqlite)
    prepared.deliver(sqlite)
    assert [message.title for _, message in world.heard] == [
        "Winnow: town is red",
        "Winnow: town is well again",
    ]


def test_two_visits_that_end_at_once_send_once(database: Database, world: World) -> None:
    first = world.prepare(database)
    change(database, "ok", "red", NOW)

    def send(messages: Sequence[tuple[Address, Message | None]]) -> list[Answer]:
        assert world.visit(database) == [], "the second finds the receiver held"
        return world.send(messages)

    Alerts(first.addresses, first.hashes, (), world.clock, send).deliver(database)
    assert len(world.heard) == 1
    assert world.visit(database) == [] and len(world.heard) == 1


def test_a_delivery_that_another_made_meanwhile_is_not_made_again(
    database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second has seen what waits, and takes the lease when the first is done."""
    second = world.prepare(database)
    change(database, "ok", "red", NOW)
    acquire = alert_receivers.acquire

    def late(*args: object) -> bool:
        monkeypatch.setattr(alert_receivers, "acquire", acquire)
        with database.transaction() as conn:
            (waiting,) = alerts.waiting(conn, args[1])
            alerts.mark_delivered(conn, args[1], [waiting.alert_id])
        return acquire(*args)

    if database.dialect != "sqlite":  # whose writers take turns before they read
        monkeypatch.setattr(alert_receivers, "acquire", late)
        assert second.deliver(database) == [] and world.heard == []
    change(database, "red", "ok", NOW)
    assert second.deliver(database) == [] and len(world.heard) == 1


def test_a_receiver_that_failed_for_another_meanwhile_is_not_tried_before_its_time(
    database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = world.prepare(database)
    change(database, "ok", "red", NOW)
    acquire = alert_receivers.acquire

    def late(conn: Connection, number: int, owner: str, now: datetime) -> bool:
        (receiver,) = alert_receivers.of_hashes(conn, second.hashes).values()
        assert acquire(conn, number, "first", now)
        alert_receivers.failed(conn, receiver, "first", "HTTP 500", now)
        return acquire(conn, number, owner, now)

    monkeypatch.setattr(alert_receivers, "acquire", late)
    assert second.deliver(database) == [] and world.tries == 0
    monkeypatch.undo()
    world.now += MINUTE
    assert second.deliver(database) == [] and world.tries == 1, "its lease was given back"


def test_a_kill_between_the_sending_and_its_note_sends_again_and_loses_nothing(
    database: Database, world: World
) -> None:
    prepared = world.prepare(database)
    change(database, "ok", "red", NOW)

    class Killed(BaseException):
        """As a process ends that is killed."""

    def send(messages: Sequence[tuple[Address, Message | None]]) -> list[Answer]:
        world.send(messages)
        raise Killed

    with pytest.raises(Killed):
        Alerts(prepared.addresses, prepared.hashes, (), world.clock, send).deliver(database)
    assert len(world.heard) == 1
    assert world.visit(database) == [] and len(world.heard) == 1, "its lease still runs"
    world.now += MINUTE
    world.visit(database)
    assert [message.title for _, message in world.heard] == ["Winnow: town is red"] * 2
    world.now += HOUR
    world.visit(database)
    assert len(world.heard) == 2
