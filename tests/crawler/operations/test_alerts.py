"""A state changes, and every receiver hears of it once, however long that takes."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crawler.operations import alerts as operation
from crawler.operations.alerts import Alerts, deliver_now, failing
from models.db.database import Database
from models.monitoring.alert_receivers import ALERT_RECEIVERS
from models.monitoring.alerts import ALERT_DELIVERIES
from tests.factories import NOW
from tests.support.alert_world import ONE, TWO, World, change

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def world() -> World:
    return World()


def test_a_receiver_hears_of_what_changes_once_it_is_named_and_of_that_once(
    database: Database, world: World
) -> None:
    change(database, "ok", "red", NOW, "before")
    assert world.visit(database) == [] and world.heard == []
    change(database, "ok", "red", NOW)
    assert world.visit(database) == []
    assert [message.title for _, message in world.heard] == ["Winnow: town is red"]
    for _ in range(3):
        assert world.visit(database) == []
    assert len(world.heard) == 1


@pytest.mark.slow
def test_a_receiver_that_is_down_for_an_hour_loses_nothing_and_hears_nothing_twice(
    database: Database, world: World
) -> None:
    world.visit(database, f"{ONE} {TWO}")
    world.down = {ONE}
    states = ["red", "ok", "warn", "red"] * 3
    said, was = [], "ok"
    for visit in range(12):  # every 5 minutes, each with a change
        change(database, was, states[visit], world.now)
        was = states[visit]
        said += world.visit(database, f"{ONE} {TWO}")
        world.now += 5 * MINUTE
    assert said == [
        "alerts: 1 not delivered to json://one: connection refused; tried again until delivered"
    ], "a failure is said once, not at each visit"
    assert len(world.heard) == 12 and {address for address, _ in world.heard} == {TWO}
    assert failing(database, world.now) == [
        "alerts: 12 not delivered to json://one since 2026-11-22 05:30 UTC: connection refused"
    ]
    world.down = set()
    world.now += 15 * MINUTE  # the longest pause between two tries
    assert world.visit(database, f"{ONE} {TWO}") == []
    address, message = world.heard[-1]
    assert address == ONE
    steps = message.body.partition("then ")[2]
    told = [step.split()[0] for step in steps.split(", then ")]
    assert told == states[-10:], "the truth in its order; of 12 changes the last 10 are told"
    world.now += HOUR
    assert world.visit(database, f"{ONE} {TWO}") == [] and len(world.heard) == 13
    assert failing(database, world.now) == []
    with database.reading() as conn:
        assert conn.execute(select(ALERT_DELIVERIES)).all() == []


@pytest.mark.slow
def test_tries_become_rare_and_are_said_again_once_a_day(sqlite: Database, world: World) -> None:
    prepared = world.prepare(sqlite)
    change(sqlite, "ok", "red", NOW)
    world.down = {ONE}
    said = []
    for _ in range(2 * 24 * 60):  # a visit a minute, for two days
        said += prepared.deliver(sqlite)
        world.now += MINUTE
    assert 190 < world.tries < 200, "4 an hour"
    assert len(said) == 2
    assert world.heard == []


def test_an_address_that_is_none_costs_a_line_and_no_other_receiver(
    sqlite: Database, world: World
) -> None:
    prepared = world.prepare(sqlite, f"bogus://hunter2 {ONE}")
    assert prepared.mistakes == (
        "WINNOW_NOTIFY: address 1 (bogus://…): Apprise knows no service bogus://",
    )
    change(sqlite, "ok", "red", NOW)
    assert prepared.deliver(sqlite) == []
    assert [address for address, _ in world.heard] == [ONE]
    assert "no scheme" in world.prepare(sqlite, "hunter2").mistakes[0]
    assert world.prepare(sqlite, "") == Alerts()


def test_a_missing_extra_costs_a_line(
    sqlite: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.prepare(sqlite)
    monkeypatch.setattr("crawler.operations.alert_sending.find_spec", lambda name: None)
    prepared = world.prepare(sqlite)
    assert "uv sync --extra notify" in prepared.mistakes[0]
    change(sqlite, "ok", "red", NOW)
    assert prepared.deliver(sqlite) == [] and world.heard == []


def test_no_secret_is_in_the_database(sqlite: Database, world: World) -> None:
    world.visit(sqlite)
    world.down = {ONE}
    change(sqlite, "ok", "red", NOW)
    world.visit(sqlite)
    with sqlite.reading() as conn:
        rows = str([*conn.execute(select(ALERT_RECEIVERS)), *conn.execute(select(ALERT_RECEIVERS))])
    assert "json://one" in rows and "hunter2" not in rows and "t0ken" not in rows


def test_a_receiver_that_nobody_names_any_more_is_not_reported(
    sqlite: Database, world: World
) -> None:
    world.visit(sqlite)
    world.down = {ONE}
    change(sqlite, "ok", "red", NOW)
    world.visit(sqlite)
    assert failing(sqlite, NOW + 23 * HOUR) != []
    assert failing(sqlite, NOW + 25 * HOUR) == []
    world.now += 25 * HOUR
    world.visit(sqlite)
    assert failing(sqlite, world.now) != [], "named again"


def test_a_database_that_cannot_be_written_costs_a_line(
    sqlite_url: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database.open(sqlite_url)
    monkeypatch.setattr(operation, "send", world.send)
    world.visit(database)
    change(database, "ok", "red", NOW)
    with database.transaction() as conn:
        conn.execute(update(ALERT_RECEIVERS).values(named_at=NOW - DAY))
        conn.exec_driver_sql("PRAGMA query_only = ON")
        conn.commit()
    mistakes, fault = deliver_now(database, ONE)
    assert mistakes == ()
    assert fault is not None
    assert fault.startswith("alerts: what waits is delivered next time: ")
    assert "readonly" in fault
    (line,) = world.prepare(Database.open(sqlite_url)).deliver_if_there(database)
    assert line == fault
    database.close()


def test_an_account_that_sees_no_alerts_gets_a_line(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        conn.exec_driver_sql("alter table alert_deliveries rename to hidden")
    (line,) = failing(sqlite, NOW)
    assert line == "alerts: how deliveries do cannot be read: no such table: alert_deliveries"
