"""A site's health is its last state, and its figures."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from models.db.database import Database
from models.monitoring import health
from models.monitoring.health import SITE_HEALTH, Health
from tests.factories import NOW, known_site, open_run

WELL = Health("ok", None, 12.5, 0.0, 0.1, 400.0, 380.0)


def test_a_state_takes_the_place_of_the_one_before(database: Database) -> None:
    red = replace(WELL, state="red", reason="no articles", median_words=None)
    red = replace(red, details={"alarms": []})
    with database.transaction() as conn:
        site_id, other = known_site(conn), known_site(conn, "other")
        run_id = open_run(conn, site_id)
        health.keep(conn, site_id, run_id, WELL, NOW)
        health.keep(conn, other, None, WELL, NOW)
        health.keep(conn, site_id, None, red, NOW + timedelta(hours=1))
        rows = {row.site_id: row._asdict() for row in conn.execute(select(SITE_HEALTH))}
    assert rows[site_id] == {
        "site_id": site_id, "checked_at": NOW + timedelta(hours=1), "run_id": None,
        "usual_per_day": 12.5, "empty_share": 0.0, "usual_empty_share": 0.1, "median_words": None,
        "usual_median_words": 380.0, "state": "red", "reason": "no articles",
        "details": {"alarms": []},
    }  # fmt: skip
    assert (rows[other]["state"], rows[other]["reason"]) == ("ok", None)


def test_the_state_before_is_ok_until_the_first_check(database: Database) -> None:
    with database.transaction() as conn:
        site_id = known_site(conn)
        assert health.lock_state(conn, site_id, NOW) == "ok"
        health.keep(conn, site_id, None, replace(WELL, state="warn"), NOW)
        assert health.lock_state(conn, site_id, NOW) == "warn"
