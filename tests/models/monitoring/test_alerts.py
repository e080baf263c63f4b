"""The outbox of alerts: what is written with a change of state, and until when it waits."""

from datetime import timedelta

from sqlalchemy import Connection, select

from models.db.database import Database
from models.monitoring import alert_receivers, alerts
from models.monitoring.alerts import ALERT_DELIVERIES, ALERTS, Alert
from tests.factories import NOW, known_site, open_run

HOUR = timedelta(hours=1)


def receiver(conn: Connection, key: int = 1) -> int:
    """A receiver of alerts; its number."""
    address_hash = bytes([key]) * 32
    alert_receivers.add(conn, address_hash, f"json://host-{key}", NOW)
    return alert_receivers.of_hashes(conn, [address_hash])[address_hash].receiver_id


def test_a_change_waits_for_every_receiver_known_and_for_none_that_comes_later(
    database: Database,
) -> None:
    with database.transaction() as conn:
        first, second = receiver(conn, 1), receiver(conn, 2)
        site_id = known_site(conn)
        run_id = open_run(conn, site_id)
        alerts.record(conn, site_id, run_id, "ok", "red", "no articles", NOW)
        late = receiver(conn, 3)
        found = alerts.waiting(conn, first)
        assert found == alerts.waiting(conn, second) != []
        assert alerts.waiting(conn, late) == []
        number = conn.execute(select(ALERTS.c.alert_id)).scalar_one()
    assert found == [Alert(number, "example", "ok", "red", "no articles", NOW)]


def test_a_change_is_noted_where_nobody_hears_of_it(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        alerts.record(conn, known_site(conn), None, "warn", "ok", None, NOW)
        assert len(conn.execute(select(ALERTS)).all()) == 1
        assert conn.execute(select(ALERT_DELIVERIES)).all() == []


def test_what_is_delivered_waits_no_more_and_what_came_meanwhile_does(database: Database) -> None:
    with database.transaction() as conn:
        first, second = receiver(conn, 1), receiver(conn, 2)
        one, other = known_site(conn), known_site(conn, "other")
        alerts.record(conn, one, None, "ok", "red", "x", NOW)
        alerts.record(conn, other, None, "ok", "warn", "y", NOW + HOUR)
        sent = alerts.waiting(conn, first)
        alerts.record(conn, one, None, "red", "ok", None, NOW + 2 * HOUR)
        alerts.mark_delivered(conn, first, [alert.alert_id for alert in sent])
        left = alerts.waiting(conn, first)
        assert [(a.site, a.state) for a in sent] == [("example", "red"), ("other", "warn")]
        assert [(a.site, a.was, a.state) for a in left] == [("example", "red", "ok")]
        assert len(alerts.waiting(conn, second)) == 3, "each has its own"


def test_what_is_more_than_one_message_holds_comes_in_the_next(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        number, site_id = receiver(conn), known_site(conn)
        for n in range(5):
            alerts.record(conn, site_id, None, "ok", "red", str(n), NOW)
        first = alerts.waiting(conn, number, limit=3)
        alerts.mark_delivered(conn, number, [alert.alert_id for alert in first])
        rest = alerts.waiting(conn, number, limit=3)
    assert [alert.reason for alert in [*first, *rest]] == ["0", "1", "2", "3", "4"]


def test_deliveries_are_reported_of_receivers_in_use(database: Database) -> None:
    with database.transaction() as conn:
        first, second = receiver(conn, 1), receiver(conn, 2)
        alert_receivers.name_again(conn, [second], NOW + HOUR)
        alerts.record(conn, known_site(conn), None, "ok", "red", "x", NOW)
        alerts.mark_delivered(conn, second, [a.alert_id for a in alerts.waiting(conn, second)])
        found = alerts.deliveries(conn, NOW)
        (used,) = alerts.deliveries(conn, NOW + HOUR)
    assert [(d.receiver_id, d.shown, d.waiting) for d in found] == [
        (first, "json://host-1", 1),
        (second, "json://host-2", 0),
    ]
    assert (used.receiver_id, used.failures, used.failing_since) == (second, 0, None)
