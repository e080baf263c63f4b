"""Alerts that are old and delivered go; what somebody still waits for stays."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, select

from models import retention
from models.archive.places import ArchivePlaces
from models.crawl import runs
from models.crawl.run_rows import RUNS
from models.db.database import Database
from models.monitoring import alert_receivers, alerts, old_alerts
from models.monitoring.alert_receivers import ALERT_RECEIVERS
from models.monitoring.alerts import ALERT_DELIVERIES, ALERTS
from models.retention import Keep
from tests.factories import NOW, known_site, open_run

DAY = timedelta(days=1)


def receiver(conn: Connection, key: int, named: timedelta) -> int:
    address_hash = bytes([key]) * 32
    alert_receivers.add(conn, address_hash, f"json://host-{key}", NOW - named)
    return alert_receivers.of_hashes(conn, [address_hash])[address_hash].receiver_id


def reasons(conn: Connection) -> set[str]:
    return set(conn.scalars(select(ALERTS.c.reason)))


def test_delivered_ones_go_and_receivers_that_nobody_names_with_what_waits_for_them(
    database: Database,
) -> None:
    with database.transaction() as conn:
        site_id = known_site(conn)
        alerts.record(conn, site_id, None, "ok", "red", "before anybody heard", NOW - 40 * DAY)
        used, forgotten = receiver(conn, 1, 1 * DAY), receiver(conn, 2, 35 * DAY)
        alerts.record(conn, site_id, None, "red", "ok", "for the forgotten", NOW - 34 * DAY)
        (one,) = alerts.waiting(conn, used)
        alerts.mark_delivered(conn, used, [one.alert_id])
        alerts.record(conn, site_id, None, "ok", "red", "still waits", NOW - 33 * DAY)
        alerts.record(conn, site_id, None, "red", "ok", "young", NOW - 2 * DAY)
        assert old_alerts.count(conn, NOW - 30 * DAY) == 2
    assert old_alerts.remove(database, NOW - 30 * DAY) == 2
    assert old_alerts.remove(database, NOW - 30 * DAY) == 0
    with database.reading() as conn:
        assert reasons(conn) == {"still waits", "young"}
        assert list(conn.scalars(select(ALERT_RECEIVERS.c.receiver_id))) == [used]
        assert forgotten not in set(conn.scalars(select(ALERT_DELIVERIES.c.receiver_id)))
        assert len(alerts.waiting(conn, used)) == 2


def test_a_prune_removes_them_with_the_runs_that_they_name(
    sqlite: Database, tmp_path: Path
) -> None:
    keep = Keep(runs=NOW)
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        for _ in range(501):  # the newest 500 stay in any case
            run_id = open_run(conn, site_id)
            runs.close_run(conn, run_id, "done", None, NOW - DAY)
        first = conn.execute(select(RUNS.c.run_id).order_by(RUNS.c.run_id)).scalars().first()
        alerts.record(conn, site_id, first, "ok", "red", "x", NOW - DAY)
        assert retention.count(conn, keep, ArchivePlaces(tmp_path)).runs == 0, "an alert names it"
        said = retention.count(conn, keep, ArchivePlaces(tmp_path))
    assert (said.alerts, bool(said)) == (1, True)
    done = retention.prune(sqlite, keep, ArchivePlaces(tmp_path))
    assert (done.alerts, done.runs) == (1, 1)
    assert not retention.prune(sqlite, keep, ArchivePlaces(tmp_path))
